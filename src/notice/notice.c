#include <inttypes.h>
#include <string.h>
#include "base/clock.h"
#include "base/hash.h"
#include "base/text.h"
#include "job/outbox.h"
#include "job/template.h"
#include "notice/notice.h"
#include "record/trail.h"

enum { LINE_MAX_CHARS = 600 };

enum tk_rc tk_addressee(const struct tk_op *op, int64_t staff_id, struct tk_addressee *ret)
{
	struct tk_value v[5];
	char today[11];
	bool found = false;
	enum tk_rc rc;

	*ret = (struct tk_addressee){ .staff_id = staff_id, .lang = TK_JA };
	tk_date_iso(tk_today(), today);
	rc = tk_db_first(op->db, op->mem, op->e,
			 "SELECT s.name, s.mail, s.division_id, a.lang, a.digest_only FROM staff s"
			 " LEFT JOIN account a ON a.staff_id = s.id AND a.deleted_at IS NULL"
			 " WHERE s.id = $1 AND s.deleted_at IS NULL"
			 " AND (s.left_on IS NULL OR s.left_on > $2)",
			 TK_ARGS(TK_I(staff_id), TK_S(today)), v, 5, &found);
	if (rc != TK_OK || !found)
		return rc;
	ret->name = v[0].s;
	ret->mail = tk_is_mail(v[1].s ? v[1].s : "") ? v[1].s : NULL;
	ret->division_id = v[2].i;
	ret->lang = v[3].s ? tk_lang_of(v[3].s) : TK_JA;
	ret->digest_only = v[4].i != 0;
	return TK_OK;
}

/* -- switched off by type ---------------------------------------------------------------------- */

static const char *off_key(const struct tk_op *op, const char *type)
{
	return tk_sprintf(op->mem, "notice.off.%s", type);
}

enum tk_rc tk_notice_is_on(const struct tk_op *op, const char *type, bool *ret)
{
	int64_t off = 0;
	enum tk_rc rc = tk_db_int(op->db, op->e, "SELECT 1 FROM setting WHERE name = $1",
				  TK_ARGS(TK_S(off_key(op, type))), 0, &off);

	*ret = !off;
	return rc;
}

enum tk_rc tk_notice_set(const struct tk_op *op, const char *type, bool on)
{
	const char *key = off_key(op, type);
	bool was;
	enum tk_rc rc = tk_notice_is_on(op, type, &was);

	if (rc != TK_OK || was == on)
		return rc;
	rc = on ? tk_db_exec(op->db, op->e, "DELETE FROM setting WHERE name = $1", TK_S(key)) :
		tk_db_exec(op->db, op->e, "INSERT INTO setting(name, value) VALUES($1, '1')",
			   TK_S(key));
	return rc == TK_OK ? tk_trail_add(op, on ? "notice_on" : "notice_off", "setting", 0,
					  tk_sprintf(op->mem, "{\"type\":[null,\"%s\"]}", type)) :
	       rc;
}

/* -- telling ----------------------------------------------------------------------------------- */

struct news {
	const struct tk_case *c;
	const char *action, *comment;
	bool        is_owner;           /* told as the new owner */
};

/* "承認（見本 一郎）：理由" */
static const char *line_of(const struct tk_op *op, const struct news *n, enum tk_lang lang)
{
	const struct tk_case_type *t = tk_case_type_by_name(n->c->type);
	const char *what = n->is_owner ? tk_tr(lang, N_("You are the owner from now on")) :
		tk_case_action_label(t, n->action, lang);
	const char *by = op->who->name && *op->who->name ? op->who->name : "Tenken";
	char *s = tk_sprintf(op->mem, lang == TK_JA ? "%s（%s）" : "%s (%s)", what, by);

	if (!n->is_owner)
		s = tk_sprintf(op->mem, "%s → %s", s, tk_case_state_label(t, n->c->state, lang));
	if (n->comment && !tk_is_blank(n->comment))
		s = tk_sprintf(op->mem, "%s%s%s", s, lang == TK_JA ? "：" : ": ",
			       tk_squeeze(op->mem, n->comment));
	return tk_utf8_head(op->mem, s, LINE_MAX_CHARS);
}

static const char *href_of(const struct tk_op *op, const struct tk_case *c)
{
	const struct tk_rtype *t = tk_rtype_by_name(c->subject_type);

	return t && t->life ? tk_sprintf(op->mem, "#/records/%s/%" PRId64, t->path,
					 c->subject_id) : "#/";
}

/* Kept for the daily mail. */
static enum tk_rc keep(const struct tk_op *op, const struct tk_addressee *to, const struct news *n)
{
	const char *line = tk_sprintf(op->mem, "%s %s", n->c->title, line_of(op, n, to->lang));

	return tk_db_exec(op->db, op->e,
			  "INSERT INTO notice(id, staff_id, at, line, href)"
			  " VALUES($1,$2,$3,$4,$5)", TK_I(tk_id_new()), TK_I(to->staff_id),
			  TK_I(tk_now()), TK_S(line), TK_S(href_of(op, n->c)));
}

static enum tk_rc tell(const struct tk_op *op, int64_t staff_id, const struct news *n)
{
	struct tk_mail_new m = { .staff_id = staff_id };
	struct tk_template_values v = { 0 };
	struct tk_addressee to;
	enum tk_rc rc = tk_addressee(op, staff_id, &to);

	if (rc != TK_OK || !to.mail)
		return rc;
	if (to.digest_only)
		return keep(op, &to, n);
	v.name = to.name;
	v.title = n->c->title;
	v.url = tk_mail_link(op, href_of(op, n->c));
	v.list = line_of(op, n, to.lang);
	v.reason = n->comment;
	m.to = to.mail;
	m.division_id = to.division_id;
	m.dedupe = tk_sprintf(op->mem, "notice.%" PRId64 ".%" PRId64 ".%" PRId64, n->c->rec.id,
			      n->c->rec.version, staff_id);
	rc = tk_template_fill(op, "notice", to.lang, &v, &m.subject, &m.body);
	return rc == TK_OK ? tk_mail_queue(op, &m) : rc;
}

enum tk_rc tk_notice_case(const struct tk_op *op, const struct tk_case *before,
			  const struct tk_case *after, const char *action, const char *comment)
{
	int64_t me = op->who->staff_id, owner = after->owner_staff_id;
	bool on = false, new_owner = owner && owner != before->owner_staff_id && owner != me;
	bool change = !strcmp(action, "change"), handed = !strcmp(action, "hand_over");
	enum tk_rc rc = handed ? TK_OK : tk_notice_is_on(op, after->type, &on);

	if (rc != TK_OK || !on)
		return rc;              /* what is handed over is told in one mail (hand_over.c) */
	if (new_owner)
		rc = tell(op, owner, &(struct news){ after, action, NULL, true });
	if (rc != TK_OK || change || !after->requester_staff_id ||
	    after->requester_staff_id == me)
		return rc;
	return tell(op, after->requester_staff_id, &(struct news){ after, action, comment, false });
}
