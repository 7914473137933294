/* dashboard_api.c - a few numbers of each part of the year, and what is open and late. */
#include <string.h>
#include "base/clock.h"
#include "case/case.h"
#include "fact/fact.h"
#include "year/year_api.h"

/* The office sees more of each part than the CISO, who sees one number of each.  Head-counts are
 * no result of the year and stand with the numbers only. */
enum { OFFICE_FACTS = 3, CISO_FACTS = 1 };

static const struct { const char *part, *label; } part_label[] = {
	{ "self_inspection", N_("Self-inspection") },
	{ "education", N_("Education") },
	{ "drill", N_("Drills") },
	{ "inspection", N_("Technical inspection") },
	{ "ledger", N_("Systems") },
	{ "outsourcing", N_("Outsourcing") },
	{ "audit", N_("Audit") },
	{ "incident", N_("Incidents") },
	{ "mail", N_("Suspicious and mis-sent mail") },
	{ "continuity", N_("Continuity") },
	{ "roadmap", N_("Roadmap") },
	{ "policy", N_("Documents") },
	{ "request", N_("Requests") },
	{ "survey", N_("Surveys") },
	{ "year", N_("Plan of the year") },
};

static size_t part_length(const struct tk_fact *f) { return strcspn(f->id, "."); }

static bool same_part(const struct tk_fact *a, const struct tk_fact *b)
{
	size_t n = part_length(a);

	return n == part_length(b) && !strncmp(a->id, b->id, n);
}

static const char *label_of(const struct tk_req *rq, const struct tk_fact *f)
{
	size_t n = part_length(f);

	for (size_t i = 0; i < TK_LEN(part_label); i++)
		if (strlen(part_label[i].part) == n && !strncmp(part_label[i].part, f->id, n))
			return tk_tr(rq->who.lang, part_label[i].label);
	return tk_sprintf(rq->mem, "%.*s", (int)n, f->id);
}

/* Rates first, as they compare best, then what is good or bad, then the rest; each in the order in
 * which its module names them. */
static int worth(const struct tk_fact *f)
{
	return f->kind == TK_FACT_RATE ? 0 : f->better ? 1 : 2;
}

static enum tk_rc group(struct tk_req *rq, struct tk_json *j, const struct tk_fact *const *f,
			size_t first, size_t n, int year, size_t most)
{
	size_t given = 0;
	enum tk_rc rc = TK_OK;

	tk_json_obj(j);
	tk_json_kstr(j, "label", label_of(rq, f[first]));
	tk_json_key(j, "facts");
	tk_json_arr(j);
	for (int w = 0; w <= 2; w++)
		for (size_t i = first; i < n && given < most && rc == TK_OK; i++)
			if (same_part(f[i], f[first]) && worth(f[i]) == w) {
				rc = tk_fact_json(rq, j, f[i], year);
				given++;
			}
	tk_json_end_arr(j);
	tk_json_end_obj(j);
	return rc;
}

static bool met_before(const struct tk_fact *const *f, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (same_part(f[k], f[i]))
			return true;
	return false;
}

struct counts { struct tk_req *rq; struct tk_json *j; };

static enum tk_rc count_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct counts *c = ctx;
	const struct tk_rtype *t = tk_rtype_by_name(col[0].s);

	(void)n;
	if (!t || !t->life || t->flags & TK_T_HIDDEN ||
	    tk_who_scope(&c->rq->who, t->read) != TK_SCOPE_ALL)
		return TK_OK;
	tk_json_obj(c->j);
	tk_json_kstr(c->j, "label", tk_tr(c->rq->who.lang, t->label_plural));
	tk_json_kint(c->j, "count", col[1].i);
	tk_json_kint(c->j, "late", col[2].i);
	tk_json_kstr(c->j, "href", tk_sprintf(c->rq->mem, "#/records/%s", t->path));
	tk_json_end_obj(c->j);
	return TK_OK;
}

static enum tk_rc counts(struct tk_req *rq, struct tk_json *j)
{
	struct counts c = { rq, j };
	char today[11];

	tk_date_iso(tk_today(), today);
	return tk_db_run(rq->db, &rq->err,
			 "SELECT subject_type, COUNT(*), "
			 "CAST(SUM(CASE WHEN due_on < $1 THEN 1 ELSE 0 END) AS BIGINT) "
			 "FROM tk_case WHERE closed_at IS NULL AND deleted_at IS NULL "
			 "GROUP BY subject_type ORDER BY subject_type",
			 TK_ARGS(TK_S(today)), count_row, &c);
}

enum tk_rc tk_dashboard_get(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	const char *view = tk_req_query(rq, "view");
	bool office = tk_who_scope(&rq->who, TK_P_YEAR_WRITE) == TK_SCOPE_ALL;
	const struct tk_fact *const *f;
	size_t n = tk_facts(&f);
	int year;
	enum tk_rc rc = tk_year_query(rq, &year);

	if (rc == TK_OK && view && strcmp(view, "office") != 0 && strcmp(view, "ciso") != 0)
		rc = tk_fail(&rq->err, TK_EINVAL, "view", N_("The views are office and ciso."));
	if (rc != TK_OK)
		return rc;
	if (view)
		office = !strcmp(view, "office");
	tk_json_obj(&j);
	tk_json_kint(&j, "year", year);
	tk_json_kstr(&j, "view", office ? "office" : "ciso");
	tk_json_key(&j, "groups");
	tk_json_arr(&j);
	for (size_t i = 0; i < n && rc == TK_OK; i++)
		if (!met_before(f, i) && strncmp(f[i]->id, "org.", 4) != 0)
			rc = group(rq, &j, f, i, n, year, office ? OFFICE_FACTS : CISO_FACTS);
	tk_json_end_arr(&j);
	tk_json_key(&j, "counts");
	tk_json_arr(&j);
	if (rc == TK_OK)
		rc = counts(rq, &j);
	tk_json_end_arr(&j);
	tk_json_end_obj(&j);
	if (rc != TK_OK)
		tk_buf_clear(&rq->out);
	return rc;
}
