/* year_api.c - calendar and opening a year over HTTP; the table of all routes of the module. */
#include <string.h>
#include "auth/person.h"
#include "base/clock.h"
#include "org/org.h"
#include "year/year_api.h"
#include "year/year_in.h"

enum { MOST_DAYS = 400 };

/* -- calendar ---------------------------------------------------------------------------------- */
static const struct { const char *kind, *label; } kind_label[] = {
	{ "activity", N_("Activity") },   { "event", N_("Event of the year") },
	{ "meeting", N_("Meeting") },     { "case", N_("Due") },
	{ "campaign", N_("Campaign") },   { "session", N_("Course") },
	{ "support", N_("Support ends") },
};

static const char *label_of(const struct tk_req *rq, const char *kind)
{
	const struct tk_rtype *t;

	for (size_t i = 0; i < TK_LEN(kind_label); i++)
		if (!strcmp(kind_label[i].kind, kind))
			return tk_tr(rq->who.lang, kind_label[i].label);
	t = tk_rtype_by_name(kind);
	return t ? tk_tr(rq->who.lang, t->label) : kind;
}

struct out { struct tk_req *rq; struct tk_json *j; };

static void item(void *ctx, const struct tk_date_item *d)
{
	struct out *o = ctx;
	struct tk_json *j = o->j;

	tk_json_obj(j);
	tk_json_kstr(j, "from", d->from);
	tk_json_kstr(j, "to", d->to ? d->to : d->from);
	tk_json_kstr(j, "kind", d->kind);
	tk_json_kstr(j, "kind_label", label_of(o->rq, d->kind));
	tk_json_kstr(j, "title", d->title);
	tk_json_kstr(j, "href", d->href);
	tk_json_kstr(j, "phase", d->phase);
	tk_json_kbool(j, "done", d->done);
	tk_json_end_obj(j);
}

static enum tk_rc days_of(struct tk_req *rq, const char **from, const char **to)
{
	struct tk_date a, b;

	*from = tk_req_query(rq, "from");
	*to = tk_req_query(rq, "to");
	if (!*from || !tk_date_from_iso(*from, &a))
		return tk_fail(&rq->err, TK_EINVAL, "from", N_("Write a day as 2026-04-01."));
	if (!*to || !tk_date_from_iso(*to, &b))
		return tk_fail(&rq->err, TK_EINVAL, "to", N_("Write a day as 2026-04-01."));
	if (strcmp(*from, *to) > 0 || tk_date_days(b) - tk_date_days(a) > MOST_DAYS)
		return tk_fail(&rq->err, TK_EINVAL, "to",
			       N_("The last day must not be before the first, nor more than %d "
				  "days after it."),
			       (int)MOST_DAYS);
	return TK_OK;
}

static enum tk_rc calendar_get(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct out o = { rq, &j };
	const char *from, *to;
	enum tk_rc rc = days_of(rq, &from, &to);

	if (rc != TK_OK)
		return rc;
	tk_json_obj(&j);
	tk_json_key(&j, "items");
	tk_json_arr(&j);
	rc = tk_calendar_each(&rq->op, from, to, item, &o);
	tk_json_end_arr(&j);
	tk_json_end_obj(&j);
	if (rc != TK_OK)
		tk_buf_clear(&rq->out);
	return rc;
}

/* The person's own calendar from three months back to a year ahead; nobody is signed in here, who
 * knows the address reads it.  One who may not sign in any more has none. */
static enum tk_rc calendar_ics(struct tk_req *rq)
{
	struct tk_who program = tk_who_system("calendar", rq->peer, TK_JA);
	struct tk_op as = { rq->db, rq->mem, &program, &rq->err };
	struct tk_person p = { 0 };
	int64_t account = 0, today = tk_date_days(tk_today());
	char from[11], to[11];
	enum tk_rc rc = tk_calendar_link_who(&as, rq->param[0], &account);

	if (rc == TK_OK)
		rc = tk_person_load(&as, account, &p);
	if (rc == TK_OK && !p.may_sign_in)
		rc = tk_fail(&rq->err, TK_ENOTFOUND, NULL, N_("There is no such calendar."));
	if (rc != TK_OK)
		return rc;
	p.who.source = rq->peer;
	p.who.lang = p.lang && !strcmp(p.lang, "en") ? TK_EN : TK_JA;
	as.who = &p.who;
	tk_date_iso(tk_date_of_days(today - 92), from);
	tk_date_iso(tk_date_of_days(today + 366), to);
	rq->content_type = "text/calendar; charset=utf-8";
	tk_req_header(rq, "Cache-Control", "private, max-age=900");
	rc = tk_calendar_ics(&as, from, to, tk_req_base_url(rq), &rq->out);
	if (rc != TK_OK)
		tk_buf_clear(&rq->out);
	return rc;
}

static enum tk_rc link_get(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	int64_t at = 0;
	enum tk_rc rc = tk_db_int(rq->db, &rq->err,
				  "SELECT created_at FROM calendar_link WHERE account_id = $1",
				  TK_ARGS(TK_I(rq->who.account_id)), 0, &at);

	tk_json_obj(&j);
	tk_json_ktime(&j, "created_at", at);
	tk_json_end_obj(&j);
	return rc;
}

static enum tk_rc link_post(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	const char *token;
	enum tk_rc rc = tk_calendar_link_new(&rq->op, &token);

	if (rc != TK_OK)
		return rc;
	rq->status = 201;
	tk_json_obj(&j);
	tk_json_kstr(&j, "url", tk_sprintf(rq->mem, "%s/api/v1/calendar/%s.ics",
					   tk_req_base_url(rq), token));
	tk_json_end_obj(&j);
	return TK_OK;
}

static enum tk_rc link_delete(struct tk_req *rq)
{
	enum tk_rc rc = tk_calendar_link_end(&rq->op);

	if (rc == TK_OK)
		rq->status = 204;
	return rc;
}

/* -- opening a year ---------------------------------------------------------------------------- */
static void said(void *ctx, const char *what, int64_t n)
{
	struct out *o = ctx;

	tk_json_obj(o->j);
	tk_json_kstr(o->j, "what", tk_tr(o->rq->who.lang, what));
	tk_json_kint(o->j, "count", n);
	tk_json_end_obj(o->j);
}

static enum tk_rc year_open(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct out o = { rq, &j };
	int64_t id, year = 0;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	if (rc == TK_OK)
		rc = tk_db_int(rq->db, &rq->err,
			       "SELECT year FROM fiscal_year WHERE id = $1 AND deleted_at IS NULL",
			       TK_ARGS(TK_I(id)), 0, &year);
	if (rc == TK_OK && !year)
		rc = tk_fail(&rq->err, TK_ENOTFOUND, NULL, N_("There is no such fiscal year."));
	if (rc != TK_OK)
		return rc;
	tk_json_obj(&j);
	tk_json_key(&j, "done");
	tk_json_arr(&j);
	rc = tk_year_open(&rq->op, (int)year, said, &o);
	tk_json_end_arr(&j);
	tk_json_end_obj(&j);
	if (rc != TK_OK)
		tk_buf_clear(&rq->out);
	return rc;
}

const struct tk_route tk_year_routes[] = {
	{ "GET", "/api/v1/facts", tk_facts_get, .perm = TK_P_FACT_READ, .query = "year",
	  .max_mem = 512 << 20, .doc = "The numbers of a fiscal year, with last year's and trend" },
	{ "POST", "/api/v1/facts/compute", tk_facts_post, .perm = TK_P_YEAR_WRITE,
	  .flags = TK_R_TX, .max_mem = 512 << 20,
	  .doc = "Compute and store the numbers of a fiscal year" },
	{ "GET", "/api/v1/facts/{id}/rows", tk_fact_rows_get, .perm = TK_P_FACT_READ,
	  .query = "year", .max_mem = 512 << 20,
	  .doc = "A number of a year and the rows it was counted from" },
	{ "GET", "/api/v1/facts/{id}/trend.svg", tk_fact_chart_get, .perm = TK_P_FACT_READ,
	  .query = "year small", .max_mem = 64 << 20,
	  .doc = "A number over the stored years, drawn" },
	{ "GET", "/api/v1/dashboard", tk_dashboard_get, .perm = TK_P_FACT_READ,
	  .query = "year view", .max_mem = 512 << 20,
	  .doc = "A few numbers of each part of the year, and what is open or late" },
	{ "GET", "/api/v1/calendar", calendar_get, .perm = TK_P_SIGNED_IN, .query = "from to",
	  .max_mem = 64 << 20, .doc = "Everything dated that the caller may see" },
	{ "GET", "/api/v1/calendar/{token}.ics", calendar_ics, .flags = TK_R_PUBLIC,
	  .max_mem = 64 << 20, .doc = "A person's calendar for a calendar program (RFC 5545)" },
	{ "GET", "/api/v1/my/calendar-link", link_get, .perm = TK_P_SIGNED_IN,
	  .doc = "Since when the caller's calendar address is good" },
	{ "POST", "/api/v1/my/calendar-link", link_post, .perm = TK_P_SIGNED_IN, .flags = TK_R_TX,
	  .doc = "A new secret address of the caller's calendar; the last one ends" },
	{ "DELETE", "/api/v1/my/calendar-link", link_delete, .perm = TK_P_SIGNED_IN,
	  .flags = TK_R_TX, .doc = "End the address of the caller's calendar" },
	{ "POST", "/api/v1/fiscal-years/{id}/open", year_open, .perm = TK_P_YEAR_WRITE,
	  .flags = TK_R_TX, .max_mem = 256 << 20,
	  .doc = "Open a fiscal year from the one before" },
	{ 0 },
};
