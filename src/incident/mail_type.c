/* mail_type.c - suspicious mail, in as a report or as information, and mis-sent mail (MAIL-01 ...
 * MAIL-04).  No attachment is kept, opened or shown: what is kept of it is its digest. */
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "incident/incident_in.h"

enum { DIGEST = 64 };

/* -- suspicious mail --------------------------------------------------------------------------- */
static const struct tk_choice mail_state[] = {
	{ "reported", N_("Reported") },
	{ "triaged", N_("Triaged") },
	{ "measured", N_("Measure taken") },
	{ "told", N_("Told to both recipients") },
	{ "closed", N_("Case closed") },
	{ "harmless", N_("Harmless") },
	{ 0 },
};
static const struct tk_case_transition mail_transition[] = {
	{ "reported", "triage", "triaged", TK_P_INCIDENT_MANAGE, 0, N_("Triage done") },
	{ "reported", "harmless", "harmless", TK_P_INCIDENT_MANAGE, TK_CASE_COMMENT,
	  N_("Harmless") },
	{ "triaged", "measure", "measured", TK_P_INCIDENT_MANAGE, 0, N_("Measure taken") },
	{ "triaged", "harmless", "harmless", TK_P_INCIDENT_MANAGE, TK_CASE_COMMENT,
	  N_("Harmless") },
	{ "measured", "tell_centre", "measured", TK_P_INCIDENT_MANAGE, 0,
	  N_("Told the Cabinet Intelligence Center") },
	{ "measured", "tell_nisc", "measured", TK_P_INCIDENT_MANAGE, 0, N_("Told NISC / NCO") },
	{ "measured", "finish_telling", "told", TK_P_INCIDENT_MANAGE, 0,
	  N_("Both recipients told") },
	{ "measured", "close", "closed", TK_P_INCIDENT_MANAGE, 0, N_("Close") },
	{ "told", "close", "closed", TK_P_INCIDENT_MANAGE, 0, N_("Close") },
	{ 0 },
};

static enum tk_rc load(const struct tk_op *op, const struct tk_rtype *t, int64_t id, void *rec)
{
	struct tk_who w = tk_incident_by_rule(op->who);
	struct tk_op as = { op->db, op->mem, &w, op->e };

	return tk_rec_load(&as, t, id, rec);
}

static enum tk_rc mail_moving(const struct tk_op *op, const struct tk_case *before,
			      const struct tk_case *after, const char *action)
{
	struct suspicious_mail m = { 0 };
	enum tk_rc rc = load(op, &tk_suspicious_mail_type, before->subject_id, &m);

	(void)after;
	if (rc != TK_OK)
		return rc;
	if (!strcmp(action, "measure") && tk_is_blank(m.measure))
		return tk_fail(op->e, TK_EINVAL, "measure",
			       N_("Write which technical measure was taken."));
	if (!strcmp(action, "finish_telling") && !m.told_centre_at)
		return tk_fail(op->e, TK_EINVAL, "told_centre_at",
			       N_("The Cabinet Intelligence Center has not been told yet."));
	if (!strcmp(action, "finish_telling") && !m.told_nisc_at)
		return tk_fail(op->e, TK_EINVAL, "told_nisc_at",
			       N_("NISC / NCO has not been told yet."));
	/* what came from there need not go back there */
	if (!strcmp(action, "close") && !strcmp(before->state, "measured") &&
	    strcmp(m.source, "centre") != 0)
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("A mail that staff received is first told to both recipients."));
	return TK_OK;
}

static enum tk_rc mail_moved(const struct tk_op *op, const struct tk_case *before,
			     const struct tk_case *after, const char *action)
{
	const struct tk_rtype *t = &tk_suspicious_mail_type;
	static const struct {
		const char *action, *field;
	} stamp[] = {
		{ "measure", "measured_at" },
		{ "tell_centre", "told_centre_at" },
		{ "tell_nisc", "told_nisc_at" },
	};
	struct tk_who w = tk_incident_by_rule(op->who);
	struct tk_op as = { op->db, op->mem, &w, op->e };
	struct suspicious_mail m = { 0 };
	enum tk_rc rc = TK_OK;

	(void)before;
	for (size_t i = 0; i < TK_LEN(stamp) && rc == TK_OK; i++) {
		if (strcmp(stamp[i].action, action) != 0)
			continue;
		rc = load(op, t, after->subject_id, &m);
		if (rc != TK_OK || tk_get_by(t, &m, stamp[i].field).type != TK_V_NULL)
			return rc;
		tk_set_by(t, &m, stamp[i].field, TK_I(tk_now()));
		rc = tk_rec_update(&as, t, &m, -1);
	}
	return rc;
}

const struct tk_case_type tk_suspicious_mail_case = {
	.name = "suspicious_mail",
	.label = N_("Suspicious mail"),
	.prefix = "F",
	.state = mail_state,
	.closed = "closed harmless",
	.transition = mail_transition,
	.remind_before = 1,
	.escalate_after = 1,
	.escalate = TK_P_INCIDENT_MANAGE,
	.moving = mail_moving,
	.moved = mail_moved,
};

static const struct tk_choice mail_source[] = {
	{ "staff", N_("Report of the staff") },
	{ "centre", N_("Information from NISC / NCO") },
	{ "other", N_("Other") },
	{ 0 },
};
static const struct tk_choice tlp[] = {
	{ "red", "TLP:RED" },     { "amber_strict", "TLP:AMBER+STRICT" },
	{ "amber", "TLP:AMBER" }, { "green", "TLP:GREEN" },
	{ "clear", "TLP:CLEAR" }, { 0 },
};

static enum tk_rc check_digest(struct tk_err *e, const struct tk_field *f, struct tk_value v)
{
	if (strlen(v.s) == DIGEST && strspn(v.s, "0123456789abcdef") == DIGEST)
		return TK_OK;
	return tk_fail(e, TK_EINVAL, f->name,
		       N_("A SHA-256 digest has 64 characters 0-9 and a-f; \"%.20s\" has not."),
		       v.s);
}

static enum tk_rc mail_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct suspicious_mail *m = now;
	const struct tk_rtype *t = &tk_suspicious_mail_type;

	(void)was;
	if (deleted)
		return TK_OK;
	if (!m->reported_at)
		tk_set_by(t, m, "reported_at", TK_I(tk_now()));
	if (!m->source)
		tk_set_by(t, m, "source", TK_S("staff"));
	if (!m->tlp)
		tk_set_by(t, m, "tlp", TK_S("amber"));
	tk_set_by(t, m, "fiscal_year", TK_I(tk_fiscal_year(tk_date_of_time(m->reported_at))));
	if (m->received_at > m->reported_at)
		return tk_fail(op->e, TK_EINVAL, "received_at",
			       N_("It cannot have been received after it was reported."));
	if (m->measured_at && m->measured_at < m->reported_at)
		return tk_fail(op->e, TK_EINVAL, "measured_at",
			       N_("The measure cannot have been taken before the report."));
	return TK_OK;
}

#define S struct suspicious_mail
static const char *const subject_alias[] = { "件名", NULL };
static const char *const sender_alias[] = { "差出人", "送信元", NULL };
static const struct tk_field mail_field[] = {
	TK_INT(S, fiscal_year, .label = N_("Fiscal year"), .flags = TK_READONLY | TK_LIST),
	TK_TEXT(S, title, .label = N_("Subject"), .flags = TK_REQUIRED | TK_LIST | TK_SEARCH,
		.max = 300, .alias = subject_alias),
	TK_ENUM(S, source, .label = N_("Source of information"), .flags = TK_LIST,
		.choice = mail_source),
	TK_TEXT(S, source_name, .label = N_("Number of the information"), .max = 200,
		.help = N_("Of information from NISC / NCO: by which it is known there.")),
	TK_TEXT(S, sender, .label = N_("Sender"), .flags = TK_SEARCH, .max = 300,
		.alias = sender_alias),
	TK_TIME(S, received_at, .label = N_("Received at")),
	TK_TIME(S, reported_at, .label = N_("Reported at"), .flags = TK_LIST,
		.help = N_("Left empty: now.")),
	TK_BOOL(S, opened, .label = N_("Link or file was opened"), .flags = TK_LIST),
	TK_TEXT(S, header_sha256, .label = N_("SHA-256 of the header"), .flags = TK_PLAIN,
		.max = DIGEST, .check = check_digest),
	TK_TEXT(S, attachment_sha256, .label = N_("SHA-256 of the attachment"),
		.flags = TK_PLAIN | TK_SEARCH, .max = DIGEST, .check = check_digest,
		.help = N_("The attachment itself is not kept and not opened.")),
	TK_LONG(S, note, .label = N_("Note"), .flags = TK_SEARCH, .max = 4000),
	TK_ENUM(S, tlp, .label = N_("TLP"), .flags = TK_LIST, .choice = tlp,
		.help = N_("How far this may be passed on (Traffic Light Protocol).")),
	TK_LONG(S, measure, .label = N_("Measure taken"), .flags = TK_SEARCH, .max = 4000,
		.help = N_("Such as a sender that is refused, an address that is blocked.")),
	TK_TIME(S, measured_at, .label = N_("Measure taken at")),
	TK_TIME(S, told_centre_at, .label = N_("Cabinet Intelligence Center told at")),
	TK_TIME(S, told_nisc_at, .label = N_("NISC / NCO told at")),
	TK_REF(S, incident_id, .label = N_("Incident"), .ref = &tk_incident_type),
	TK_LIFE_FIELDS(S, mail_state),
};
#undef S

const struct tk_rtype tk_suspicious_mail_type = {
	.name = "suspicious_mail",
	.path = "suspicious-mails",
	.table = "suspicious_mail",
	.label = N_("Suspicious mail"),
	.label_plural = N_("Suspicious mails"),
	.group = "incident",
	.size = sizeof(struct suspicious_mail),
	.field = mail_field,
	.nfield = TK_LEN(mail_field),
	.title = "title",
	.order = "-reported_at",
	.read = TK_P_INCIDENT_READ,
	.write = TK_P_INCIDENT_MANAGE,
	.scope_own = TK_LIFE_OWN,
	.scope_division = "division_id",
	.grade = 3,
	.check = mail_check,
	.life = &tk_suspicious_mail_case,
};

/* -- mis-sent mail ----------------------------------------------------------------------------- */
static const struct tk_choice missent_state[] = {
	{ "reported", N_("Reported") },
	{ "measured", N_("Measure taken") },
	{ "closed", N_("Case closed") },
	{ 0 },
};
static const struct tk_case_transition missent_transition[] = {
	{ "reported", "measure", "measured", TK_P_INCIDENT_MANAGE, TK_CASE_OWNER,
	  N_("Measure taken") },
	{ "measured", "close", "closed", TK_P_INCIDENT_MANAGE, 0, N_("Close") },
	{ "closed", "reopen", "measured", TK_P_INCIDENT_MANAGE, TK_CASE_COMMENT, N_("Reopen") },
	{ 0 },
};

static enum tk_rc missent_moving(const struct tk_op *op, const struct tk_case *before,
				 const struct tk_case *after, const char *action)
{
	struct missent_mail m = { 0 };
	enum tk_rc rc = load(op, &tk_missent_mail_type, before->subject_id, &m);

	(void)after;
	if (rc == TK_OK && !strcmp(action, "measure") && tk_is_blank(m.measure))
		return tk_fail(op->e, TK_EINVAL, "measure",
			       N_("Write what was done, such as asking for deletion."));
	return rc;
}

const struct tk_case_type tk_missent_mail_case = {
	.name = "missent_mail",
	.label = N_("Mis-sent mail"),
	.prefix = "G",
	.state = missent_state,
	.closed = "closed",
	.transition = missent_transition,
	.remind_before = 1,
	.escalate_after = 3,
	.escalate = TK_P_INCIDENT_MANAGE,
	.moving = missent_moving,
};

static const struct tk_choice mistake[] = {
	{ "address", N_("Wrong address") },       { "visible", N_("Addresses visible to all") },
	{ "attachment", N_("Wrong attachment") }, { "content", N_("Wrong content") },
	{ "unencrypted", N_("Not encrypted") },   { 0 },
};

static enum tk_rc missent_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct missent_mail *m = now;
	const struct tk_rtype *t = &tk_missent_mail_type;

	(void)was;
	if (deleted)
		return TK_OK;
	if (!m->sent_at)
		tk_set_by(t, m, "sent_at", TK_I(tk_now()));
	if (!m->mistake)
		tk_set_by(t, m, "mistake", TK_S("address"));
	tk_set_by(t, m, "fiscal_year", TK_I(tk_fiscal_year(tk_date_of_time(m->sent_at))));
	if (m->sent_at > tk_now() + 300)
		return tk_fail(op->e, TK_EINVAL, "sent_at", N_("This time lies in the future."));
	return TK_OK;
}

#define S struct missent_mail
static const struct tk_field missent_field[] = {
	TK_INT(S, fiscal_year, .label = N_("Fiscal year"), .flags = TK_READONLY | TK_LIST),
	TK_TEXT(S, title, .label = N_("What happened"), .max = 300,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH),
	TK_TIME(S, sent_at, .label = N_("Sent at"), .flags = TK_LIST,
		.help = N_("Left empty: now.")),
	TK_ENUM(S, mistake, .label = N_("Mistake"), .flags = TK_REQUIRED | TK_LIST,
		.choice = mistake),
	TK_BOOL(S, outside, .label = N_("Went outside the office"), .flags = TK_LIST),
	TK_INT(S, recipients, .label = N_("Recipients"), .min = 1, .max = 1000000),
	TK_BOOL(S, personal_data, .label = N_("Personal data")),
	TK_INT(S, grade, .label = N_("Confidentiality of the information"), .min = 1, .max = 3),
	TK_LONG(S, measure, .label = N_("Measure taken"), .max = 4000),
	TK_LONG(S, prevention, .label = N_("Prevention"), .max = 4000),
	TK_REF(S, incident_id, .label = N_("Incident"), .ref = &tk_incident_type),
	TK_LIFE_FIELDS(S, missent_state),
};
#undef S

const struct tk_rtype tk_missent_mail_type = {
	.name = "missent_mail",
	.path = "missent-mails",
	.table = "missent_mail",
	.label = N_("Mis-sent mail"),
	.label_plural = N_("Mis-sent mails"),
	.group = "incident",
	.size = sizeof(struct missent_mail),
	.field = missent_field,
	.nfield = TK_LEN(missent_field),
	.title = "title",
	.order = "-sent_at",
	.read = TK_P_INCIDENT_READ,
	.write = TK_P_INCIDENT_MANAGE,
	.scope_own = TK_LIFE_OWN,
	.scope_division = "division_id",
	.grade = 3,
	.check = missent_check,
	.life = &tk_missent_mail_case,
};
