#include <string.h>
#include "base/clock.h"
#include "base/hash.h"
#include "base/text.h"
#include "job/lease.h"
#include "job/outbox.h"
#include "record/org_types.h"
#include "record/trail.h"

#define M struct tk_mail

static const struct tk_choice mail_state[] = {
	{ "queued", N_("Waiting") }, { "sending", N_("Being sent") }, { "sent", N_("Sent") },
	{ "failed", N_("Failed") }, { 0 },
};

static const struct tk_field mail_field[] = {
	TK_MAIL(M, recipient,   .label = N_("To"), .flags = TK_REQUIRED | TK_READONLY | TK_LIST),
	TK_REF(M, staff_id,     .label = N_("Staff member"), .flags = TK_READONLY | TK_LIST,
	       .ref = &tk_staff),
	TK_REF(M, division_id,  .label = N_("Division"), .flags = TK_READONLY | TK_LIST,
	       .ref = &tk_division),
	TK_TEXT(M, subject,     .label = N_("Subject"),
		.flags = TK_REQUIRED | TK_READONLY | TK_LIST,
		.min = 1, .max = 200),
	TK_LONG(M, body,        .label = N_("Body"),
		.flags = TK_REQUIRED | TK_READONLY | TK_NOAUDIT,
		.min = 1, .max = 20000),
	TK_ENUM(M, state,       .label = N_("State"), .flags = TK_REQUIRED | TK_READONLY | TK_LIST,
		.choice = mail_state),
	TK_INT(M, tries,        .label = N_("Attempts"), .flags = TK_READONLY, .max = 1000),
	TK_TIME(M, next_try_at, .label = N_("Next attempt"), .flags = TK_READONLY),
	TK_LONG(M, last_error,  .label = N_("What the mail server said"),
		.flags = TK_READONLY | TK_LIST, .max = 500),
	TK_TIME(M, queued_at,   .label = N_("Queued at"), .flags = TK_READONLY | TK_LIST),
	TK_TIME(M, sent_at,     .label = N_("Sent at"), .flags = TK_READONLY | TK_LIST),
};

const struct tk_rtype tk_mail_type = {
	.name = "mail",
	.path = "mails",
	.table = "mail",
	.label = N_("Mail"),
	.label_plural = N_("Mails"),
	.group = "system",
	.size = sizeof(M),
	.field = mail_field,
	.nfield = TK_LEN(mail_field),
	.title = "subject",
	.order = "-queued_at",
	.flags = TK_T_READONLY,
	.read = TK_P_MAIL_READ,
	.write = TK_P_NOBODY,
	.scope_own = "staff_id",
	.scope_division = "division_id",
	.grade = 2,
};

/* A line break or control character in a header line is how mails are forged. */
static bool one_line(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < ' ' || *s == 127)
			return false;
	return true;
}

static void fill(struct tk_mail *r, const struct tk_mail_new *m)
{
	const struct tk_rtype *t = &tk_mail_type;

	*r = (struct tk_mail){ .rec = { .id = tk_id_new(), .version = 1 } };
	tk_set_by(t, r, "recipient", TK_S(m->to));
	tk_set_by(t, r, "staff_id", TK_I0(m->staff_id));
	tk_set_by(t, r, "division_id", TK_I0(m->division_id));
	tk_set_by(t, r, "subject", TK_S(m->subject));
	tk_set_by(t, r, "body", TK_S(m->body));
	tk_set_by(t, r, "state", TK_S("queued"));
	tk_set_by(t, r, "tries", TK_I(0));
	tk_set_by(t, r, "next_try_at", TK_I(tk_now()));
	tk_set_by(t, r, "queued_at", TK_I(tk_now()));
}

enum tk_rc tk_mail_queue_new(const struct tk_op *op, const struct tk_mail_new *m, bool *ret_new)
{
	struct tk_mail r;
	enum tk_rc rc;

	if (ret_new)
		*ret_new = false;
	fill(&r, m);
	if ((rc = tk_validate(&tk_mail_type, &r, op->e)) != TK_OK)
		return rc;
	if (!tk_is_mail(r.recipient))
		return tk_fail(op->e, TK_EINVAL, "recipient",
			       N_("This is no mail address. Give one like name@example.jp."));
	if (!one_line(r.subject))
		return tk_fail(
			op->e, TK_EINVAL, "subject",
			N_("The subject of a mail must be one line without control characters."));
	rc = tk_db_exec(
		op->db, op->e,
		"INSERT INTO mail(id, version, recipient, staff_id, division_id, subject, body,"
		" state, tries, next_try_at, dedupe, queued_at, secret)"
		" VALUES($1,1,$2,$3,$4,$5,$6,'queued',0,$7,$8,$9,$10) ON CONFLICT DO NOTHING",
		TK_I(r.rec.id), TK_S(r.recipient), TK_I0(r.staff_id), TK_I0(r.division_id),
		TK_S(r.subject), TK_S(r.body), TK_I(r.next_try_at), TK_S(m->dedupe),
		TK_I(r.queued_at), TK_S(m->secret));
	if (rc != TK_OK || tk_db_changes(op->db) == 0)
		return rc;
	if (ret_new)
		*ret_new = true;
	return tk_trail_change(op, &tk_mail_type, NULL, &r);
}

enum tk_rc tk_mail_queue(const struct tk_op *op, const struct tk_mail_new *m)
{
	return tk_mail_queue_new(op, m, NULL);
}

enum tk_rc tk_mail_retry(const struct tk_op *op, int64_t id)
{
	struct tk_mail was, now;
	enum tk_rc rc = tk_rec_load(op, &tk_mail_type, id, &was);

	if (rc != TK_OK)
		return rc;
	if (strcmp(was.state, "failed") != 0)
		return tk_fail(op->e, TK_ECONFLICT, "state",
			       N_("Only a mail that failed can be sent once more."));
	if (strstr(was.body, "{secret}"))
		return tk_fail(op->e, TK_ECONFLICT, "body",
			       N_("The one-time link of this mail is forgotten. Make a new "
				  "invitation instead."));
	now = was;
	tk_set_by(&tk_mail_type, &now, "state", TK_S("queued"));
	tk_set_by(&tk_mail_type, &now, "tries", TK_I(0));
	tk_set_by(&tk_mail_type, &now, "next_try_at", TK_I(tk_now()));
	rc = tk_db_exec(
		op->db, op->e,
		"UPDATE mail SET state = 'queued', tries = 0, next_try_at = $3,"
		" version = version + 1 WHERE id = $1 AND version = $2 AND state = 'failed'",
		TK_I(id), TK_I(was.rec.version), TK_I(now.next_try_at));
	if (rc == TK_OK && tk_db_changes(op->db) == 0)
		rc = tk_fail(op->e, TK_EVERSION, NULL,
			     N_("Somebody changed this record in the meantime. Load it again and "
				"repeat your change."));
	return rc == TK_OK ? tk_trail_change(op, &tk_mail_type, &was, &now) : rc;
}

enum tk_rc tk_mail_status(const struct tk_op *op, struct tk_mail_status *ret)
{
	enum tk_rc rc = tk_lease_held(op->db, "mail", &ret->sender, op->e);

	if (rc == TK_OK)
		rc = tk_db_int(op->db, op->e,
			       "SELECT COUNT(*) FROM mail WHERE state IN ('queued', 'sending')",
			       NULL, 0, 0, &ret->queued);
	if (rc == TK_OK)
		rc = tk_db_int(op->db, op->e, "SELECT COUNT(*) FROM mail WHERE state = 'failed'",
			       NULL, 0, 0, &ret->failed);
	if (rc == TK_OK)
		rc = tk_db_int(op->db, op->e, "SELECT MAX(sent_at) FROM mail", NULL, 0, 0,
			       &ret->last_sent_at);
	return rc;
}

static const char *base_url = "";

void tk_mail_base_url(const char *url)
{
	base_url = url;
}

const char *tk_mail_link(const struct tk_op *op, const char *href)
{
	return tk_sprintf(op->mem, "%s/%s", base_url, href ? href : "#/");
}
