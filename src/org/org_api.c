#include <string.h>
#include "org/org_api.h"
#include "org/roster.h"

/* Reading the file is slow and needs no lock, so it is done before the transaction; so is the whole
 * of a dry run. */
static enum tk_rc roster_before(struct tk_req *rq)
{
	const char *name = tk_req_query(rq, "name");
	struct tk_roster_opt opt = {
		.new_divisions = tk_req_flag(rq, "new_divisions"),
		.partial = tk_req_flag(rq, "partial"),
		.allow_many_ends = tk_req_flag(rq, "allow_many_ends"),
		.base_date = tk_req_query(rq, "base_date"),
	};
	struct tk_roster *r = NULL;
	enum tk_rc rc = tk_roster_read(&r, rq->mem, rq->body, rq->nbody, name ? name : "roster",
				       &opt, &rq->err);

	if (rc == TK_OK && tk_req_flag(rq, "dry_run"))
		rc = tk_roster_plan(&rq->op, r);
	rq->state = r;
	return rc;
}

static enum tk_rc roster_run(struct tk_req *rq)
{
	struct tk_roster *r = rq->state;
	struct tk_json j = TK_JSON(&rq->out);
	bool dry = tk_req_flag(rq, "dry_run");
	enum tk_rc rc = dry ? TK_OK : tk_roster_plan(&rq->op, r);

	if (rc == TK_OK && !dry && tk_roster_report(r)->accepted)
		rc = tk_roster_apply(&rq->op, r);
	if (rc != TK_OK)
		return rc;
	tk_roster_json(&j, r);
	if (dry || tk_roster_report(r)->written)
		return TK_OK;
	rq->keep_body_on_error = true;
	return tk_fail(&rq->err, TK_EINVAL, NULL, N_("The file has errors; nothing was written."));
}

struct heads { struct tk_json j; enum tk_head_by by; };

static enum tk_rc head_json(void *ctx, const struct tk_head *h)
{
	struct heads *c = ctx;

	if (c->by == TK_HEAD_TOTAL)
		return TK_OK;
	tk_json_obj(&c->j);
	tk_json_kid(&c->j, "bureau_id", h->bureau_id);
	tk_json_kstr(&c->j, "bureau", h->bureau);
	if (c->by == TK_HEAD_DIVISION)
		tk_json_kid(&c->j, "division_id", h->division_id);
	tk_json_kstr(&c->j, "code", h->code);
	tk_json_kstr(&c->j, "name", h->name);
	tk_json_kint(&c->j, "count", h->count);
	tk_json_end_obj(&c->j);
	return TK_OK;
}

static enum tk_rc head_count(struct tk_req *rq)
{
	const char *date = tk_req_query(rq, "date"), *by = tk_req_query(rq, "by");
	struct heads c = { TK_JSON(&rq->out), TK_HEAD_TOTAL };
	char today[11];
	int64_t total = 0;
	enum tk_rc rc;

	if (tk_who_scope(&rq->who, TK_P_ORG_READ) != TK_SCOPE_ALL)
		return tk_denied(&rq->err);
	if (by && !strcmp(by, "bureau"))
		c.by = TK_HEAD_BUREAU;
	else if (by && !strcmp(by, "division"))
		c.by = TK_HEAD_DIVISION;
	else if (by && strcmp(by, "total") != 0)
		return tk_fail(&rq->err, TK_EINVAL, "by",
			       N_("by must be total, bureau or division."));
	tk_date_iso(tk_today(), today);
	if (!date)
		date = today;
	tk_json_obj(&c.j);
	tk_json_kstr(&c.j, "date", date);
	tk_json_key(&c.j, "items");
	tk_json_arr(&c.j);
	rc = tk_head_count(&rq->op, date, c.by, head_json, &c, &total);
	tk_json_end_arr(&c.j);
	tk_json_kint(&c.j, "total", total);
	tk_json_end_obj(&c.j);
	if (rc != TK_OK)
		tk_buf_clear(&rq->out);         /* the problem takes the place of half a list */
	return rc;
}

const struct tk_route tk_org_routes[] = {
	{ "POST", "/api/v1/roster/import", roster_run, roster_before, TK_P_ROSTER_IMPORT,
	  TK_R_RAW | TK_R_TX, 32 << 20, 1 << 30,
	  "name dry_run new_divisions partial allow_many_ends base_date",
	  "Import a staff roster (CSV or XLSX), or show what it would change" },
	{ "GET", "/api/v1/head-count", head_count, NULL, TK_P_ORG_READ, 0, 0, 0, "date by",
	  "Count the staff in office on a day, in all, by bureau or by division" },
	{ 0 },
};
