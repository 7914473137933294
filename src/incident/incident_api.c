/* incident_api.c - a report in one minute, one's own reports, the clock of an incident. */
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "incident/incident_api.h"
#include "incident/incident_in.h"

/* What a person taps: the kind of the report and, of an incident, its cause. */
static const struct tile {
	const char *kind;
	const struct tk_rtype *type;
	const char *cause;
} tiles[] = {
	{ "suspicious_mail", &tk_suspicious_mail_type, NULL },
	{ "missent_mail", &tk_missent_mail_type, NULL },
	{ "malware", &tk_incident_type, "malware" },
	{ "loss", &tk_incident_type, "loss" },
	{ "unauthorised_access", &tk_incident_type, "unauthorised_access" },
	{ "web_meeting", &tk_incident_type, "web_meeting" },
	{ "misconfiguration", &tk_incident_type, "misconfiguration" },
	{ "other", &tk_incident_type, "other" },
};

struct report {
	const char *kind, *text, *sender, *note;
	int64_t at;
	bool opened, outside;
};

static enum tk_rc read_when(struct tk_req *rq, int64_t *ret)
{
	const char *s = NULL;
	struct tk_date d;
	int h = 0, m = 0, sec = 0;
	enum tk_rc rc = tk_json_get_str(rq->json, "at", &s, &rq->err);

	*ret = tk_now();
	if (rc != TK_OK || !s)
		return rc;
	if (strlen(s) != 20 || s[4] != '-' || s[10] != 'T' || s[19] != 'Z' ||
	    !tk_date_from_iso(tk_strndup(rq->mem, s, 10), &d) ||
	    sscanf(s + 11, "%2d:%2d:%2dZ", &h, &m, &sec) != 3 || h > 23 || m > 59 || sec > 59 ||
	    h < 0 || m < 0 || sec < 0)
		return tk_fail(&rq->err, TK_EINVAL, "at",
			       N_("\"%.40s\" is no time; write it like 2012-03-31T09:00:00Z."), s);
	*ret = tk_date_days(d) * 86400 + h * 3600 + m * 60 + sec;
	if (*ret > tk_now() + 300)
		return tk_fail(&rq->err, TK_EINVAL, "at", N_("This time lies in the future."));
	return TK_OK;
}

static const char *const report_keys[] = { "kind",   "at",      "text", "sender",
					   "opened", "outside", "note", NULL };

static enum tk_rc read_report(struct tk_req *rq, struct report *r, const struct tile **ret)
{
	struct tk_err *e = &rq->err;
	enum tk_rc rc;

	*ret = NULL;
	if ((rc = tk_json_only(rq->json, report_keys, e)) != TK_OK ||
	    (rc = tk_json_get_str(rq->json, "kind", &r->kind, e)) != TK_OK ||
	    (rc = tk_json_get_str(rq->json, "text", &r->text, e)) != TK_OK ||
	    (rc = tk_json_get_str(rq->json, "sender", &r->sender, e)) != TK_OK ||
	    (rc = tk_json_get_str(rq->json, "note", &r->note, e)) != TK_OK ||
	    (rc = tk_json_get_bool(rq->json, "opened", &r->opened, e)) != TK_OK ||
	    (rc = tk_json_get_bool(rq->json, "outside", &r->outside, e)) != TK_OK ||
	    (rc = read_when(rq, &r->at)) != TK_OK)
		return rc;
	for (size_t i = 0; i < TK_LEN(tiles); i++)
		if (r->kind && !strcmp(tiles[i].kind, r->kind))
			*ret = &tiles[i];
	if (!*ret)
		return tk_fail(e, TK_EINVAL, "kind", N_("Choose what happened."));
	if (tk_is_blank(r->text))
		return tk_fail(e, TK_EINVAL, "text", N_("Write one line on what happened."));
	return TK_OK;
}

/* The time that was entered is when it happened or came; detected and reported is now. */
static void fill(const struct report *r, const struct tile *k, void *rec)
{
	const struct tk_rtype *t = k->type;

	tk_set_by(t, rec, "title", TK_S(r->text));
	if (t == &tk_incident_type) {
		tk_set_by(t, rec, "cause", TK_S(k->cause));
		tk_set_by(t, rec, "detected_at", TK_I(r->at));
		if (!tk_is_blank(r->note))
			tk_set_by(t, rec, "affected", TK_S(r->note));
	} else if (t == &tk_suspicious_mail_type) {
		tk_set_by(t, rec, "source", TK_S("staff"));
		tk_set_by(t, rec, "received_at", TK_I(r->at));
		tk_set_by(t, rec, "opened", TK_I(r->opened));
		if (!tk_is_blank(r->sender))
			tk_set_by(t, rec, "sender", TK_S(r->sender));
		if (!tk_is_blank(r->note))
			tk_set_by(t, rec, "note", TK_S(r->note));
	} else {
		tk_set_by(t, rec, "sent_at", TK_I(r->at));
		tk_set_by(t, rec, "outside", TK_I(r->outside));
		if (!tk_is_blank(r->note))
			tk_set_by(t, rec, "measure", TK_S(r->note));
	}
}

static enum tk_rc report(struct tk_req *rq)
{
	struct tk_who w = tk_incident_by_rule(&rq->who);
	struct tk_op as = { rq->db, rq->mem, &w, &rq->err };
	struct tk_json j = TK_JSON(&rq->out);
	struct report r = { 0 };
	const struct tile *k;
	void *rec;
	enum tk_rc rc = read_report(rq, &r, &k);

	if (rc != TK_OK)
		return rc;
	rec = tk_alloc(rq->mem, k->type->size);
	fill(&r, k, rec);
	if ((rc = tk_rec_insert(&as, k->type, rec)) != TK_OK)
		return rc;
	rq->status = 201;
	tk_json_obj(&j);
	tk_json_kstr(&j, "path", k->type->path);
	tk_json_kid(&j, "id", ((struct tk_rec *)rec)->id);
	tk_json_kstr(&j, "receipt_no", tk_get_by(k->type, rec, "receipt_no").s);
	tk_json_ktime(&j, "at", tk_now());
	tk_json_end_obj(&j);
	return TK_OK;
}

/* -- one's own reports ------------------------------------------------------------------------- */
struct own {
	struct tk_req *rq;
	struct tk_json j;
};

static enum tk_rc own_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct own *o = ctx;
	const struct tk_rtype *t = tk_rtype_by_name(col[0].s);

	(void)n;
	tk_json_obj(&o->j);
	tk_json_kstr(&o->j, "path", t->path);
	tk_json_kstr(&o->j, "kind_label", tk_tr(o->rq->who.lang, t->label));
	tk_json_kid(&o->j, "id", col[1].i);
	tk_json_kstr(&o->j, "receipt_no", col[2].s);
	tk_json_kstr(&o->j, "title", col[3].s);
	tk_json_kstr(&o->j, "state", col[4].s);
	tk_json_kstr(&o->j, "state_label", tk_case_state_label(t->life, col[4].s, o->rq->who.lang));
	tk_json_end_obj(&o->j);
	return TK_OK;
}

static enum tk_rc own_reports(struct tk_req *rq)
{
	struct own o = { rq, TK_JSON(&rq->out) };
	enum tk_rc rc;

	tk_json_obj(&o.j);
	tk_json_key(&o.j, "items");
	tk_json_arr(&o.j);
	rc = tk_db_run(rq->db, &rq->err,
		       "SELECT 'incident', id, receipt_no, title, state FROM incident WHERE "
		       "requester_staff_id = $1 AND deleted_at IS NULL UNION ALL SELECT "
		       "'suspicious_mail', id, receipt_no, title, state FROM suspicious_mail WHERE "
		       "requester_staff_id = $1 AND deleted_at IS NULL UNION ALL SELECT "
		       "'missent_mail', id, receipt_no, title, state FROM missent_mail WHERE "
		       "requester_staff_id = $1 AND deleted_at IS NULL ORDER BY 2 DESC LIMIT 50",
		       TK_ARGS(TK_I(rq->who.staff_id)), own_row, &o);
	tk_json_end_arr(&o.j);
	tk_json_end_obj(&o.j);
	if (rc != TK_OK)
		tk_buf_clear(&rq->out);
	return rc;
}

/* -- the clock --------------------------------------------------------------------------------- */
struct clock_reply {
	struct tk_json j;
	enum tk_lang lang;
	int64_t now;
};

static enum tk_rc clock_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct clock_reply *c = ctx;
	const char *label = col[1].s;

	(void)n;
	for (const struct tk_choice *r = tk_notice_recipient; r->id; r++)
		if (!strcmp(r->id, col[1].s))
			label = tk_tr(c->lang, r->label);
	tk_json_obj(&c->j);
	tk_json_kid(&c->j, "id", col[0].i);
	tk_json_kstr(&c->j, "recipient", col[1].s);
	tk_json_kstr(&c->j, "recipient_label", label);
	tk_json_ktime(&c->j, "due_at", col[2].i);
	tk_json_ktime(&c->j, "told_at", col[3].i);
	tk_json_kbool(&c->j, "overdue", col[2].i && !col[3].i && col[2].i < c->now);
	tk_json_kbool(&c->j, "told_late", col[2].i && col[3].i > col[2].i);
	tk_json_end_obj(&c->j);
	return TK_OK;
}

static void minutes(struct tk_json *j, const char *key, int64_t from, int64_t to)
{
	tk_json_key(j, key);
	if (from && to)
		tk_json_int(j, (to - from) / 60);
	else
		tk_json_null(j);
}

static enum tk_rc clock_get(struct tk_req *rq)
{
	struct clock_reply c = { TK_JSON(&rq->out), rq->who.lang, tk_now() };
	struct incident i = { 0 };
	int64_t id;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	if (rc == TK_OK)
		rc = tk_rec_load(&rq->op, &tk_incident_type, id, &i);
	if (rc != TK_OK)
		return rc;
	tk_json_obj(&c.j);
	tk_json_kid(&c.j, "id", id);
	minutes(&c.j, "to_detect", i.began_at, i.detected_at);
	minutes(&c.j, "to_contain", i.detected_at, i.contained_at);
	minutes(&c.j, "since_detection", i.detected_at,
		i.life.closed_at ? i.life.closed_at : c.now);
	tk_json_key(&c.j, "notices");
	tk_json_arr(&c.j);
	rc = tk_db_run(rq->db, &rq->err,
		       "SELECT id, recipient, COALESCE(due_at, 0), COALESCE(told_at, 0) FROM "
		       "incident_notice WHERE incident_id = $1 AND deleted_at IS NULL ORDER BY "
		       "due_at, id",
		       TK_ARGS(TK_I(id)), clock_row, &c);
	tk_json_end_arr(&c.j);
	tk_json_end_obj(&c.j);
	if (rc != TK_OK)
		tk_buf_clear(&rq->out);
	return rc;
}

const struct tk_route tk_incident_routes[] = {
	{ "POST", "/api/v1/my/reports", report, .perm = TK_P_INCIDENT_REPORT,
	  .flags = TK_R_TX | TK_R_IDEM,
	  .doc = "Report an incident, a suspicious or a mis-sent mail in three answers" },
	{ "GET", "/api/v1/my/reports", own_reports, .perm = TK_P_INCIDENT_REPORT,
	  .doc = "What the caller has reported, and where it stands" },
	{ "GET", "/api/v1/incidents/{id}/clock", clock_get, .perm = TK_P_INCIDENT_READ,
	  .doc = "Times of an incident, and who is to be told by when" },
	{ "GET", "/api/v1/incidents/{id}/common-form", tk_common_form, .perm = TK_P_INCIDENT_READ,
	  .query = "form format", .max_mem = 64 << 20,
	  .doc = "An incident in the fields of the common forms (DDoS, ransomware)" },
	{ 0 },
};
