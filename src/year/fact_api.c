/* fact_api.c - the numbers of a year over HTTP. */
#include <inttypes.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "chart/chart.h"
#include "fact/fact.h"
#include "year/year_api.h"

enum { ROWS_SHOWN = 2000, YEARS = 64 };

enum tk_rc tk_year_query(struct tk_req *rq, int *ret)
{
	const char *s = tk_req_query(rq, "year");
	int64_t y = tk_fiscal_year(tk_today());

	if (s && (!tk_parse_int(s, &y) || y < 1950 || y > 2200))
		return tk_fail(&rq->err, TK_EINVAL, "year",
			       N_("Write the fiscal year as a number, such as 2026."));
	*ret = (int)y;
	return TK_OK;
}

/* -- one number -------------------------------------------------------------------------------- */
struct stored { struct tk_fact_value v[YEARS]; size_t n; };

static enum tk_rc keep(void *ctx, const struct tk_fact_value *v)
{
	struct stored *s = ctx;

	if (s->n < YEARS)
		s->v[s->n++] = *v;
	return TK_OK;
}

static void x10(struct tk_json *j, const char *key, int64_t v)
{
	tk_json_key(j, key);
	if (v == TK_SHARE_NONE)
		tk_json_null(j);
	else
		tk_json_int(j, v);
}

static void value(struct tk_req *rq, struct tk_json *j, const struct tk_fact_value *v)
{
	tk_json_kint(j, "year", v->year);
	x10(j, "value_x10", v->value_x10);
	tk_json_kstr(j, "text", tk_fact_print(&rq->op, v));
}

static void head(struct tk_req *rq, struct tk_json *j, const struct tk_fact *f, int year)
{
	static const char *const kind[] = { "count", "rate", "sum", "mean" };
	const char *at = f->href ? strstr(f->href, "{year}") : NULL;

	tk_json_kstr(j, "id", f->id);
	tk_json_kstr(j, "label", tk_tr(rq->who.lang, f->label));
	tk_json_kstr(j, "unit", tk_tr(rq->who.lang, f->unit));
	tk_json_kstr(j, "base", tk_tr(rq->who.lang, f->base));
	tk_json_kstr(j, "kind", kind[f->kind]);
	tk_json_kint(j, "better", f->better);
	tk_json_kstr(j, "href",
		     at ? tk_sprintf(rq->mem, "%.*s%d%s", (int)(at - f->href), f->href, year,
				     at + strlen("{year}"))
			: f->href);
}

static void now(struct tk_req *rq, struct tk_json *j, const struct tk_fact_value *v, bool stored)
{
	value(rq, j, v);
	tk_json_kbool(j, "missing", v->missing);
	tk_json_kstr(j, "why", v->why);
	tk_json_key(j, "numerator");
	if (v->missing)
		tk_json_null(j);
	else
		tk_json_int(j, v->numerator);
	tk_json_key(j, "denominator");
	if (v->missing || !v->denominator)
		tk_json_null(j);
	else
		tk_json_int(j, v->denominator);
	tk_json_kstr(j, "base_date", v->base_date);
	tk_json_kstr(j, "digest", v->digest);
	tk_json_kbool(j, "stored", stored);
	tk_json_ktime(j, "computed_at", v->computed_at);
}

static const struct tk_fact_value *of_year(const struct stored *s, int year)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i].year == year)
			return &s->v[i];
	return NULL;
}

/* Stored, and a year that never was, from its rows as they are. */
static enum tk_rc take(struct tk_req *rq, const struct tk_fact *f, int year, struct stored **ret,
		       struct tk_fact_value *ret_now, bool *ret_stored)
{
	struct stored *s = *ret = tk_alloc(rq->mem, sizeof(*s));
	enum tk_rc rc = tk_fact_trend(&rq->op, f, keep, s);
	const struct tk_fact_value *v = of_year(s, year);

	*ret_stored = v != NULL;
	if (v)
		*ret_now = *v;
	return rc != TK_OK || v ? rc : tk_fact_now(&rq->op, f, year, ret_now);
}

static void compared(struct tk_req *rq, struct tk_json *j, const struct stored *s,
		     const struct tk_fact_value *v)
{
	const struct tk_fact_value *last = of_year(s, v->year - 1);
	int64_t change = tk_fact_change_x10(v, last);

	tk_json_key(j, "last");
	if (last) {
		tk_json_obj(j);
		value(rq, j, last);
		tk_json_end_obj(j);
	} else {
		tk_json_null(j);
	}
	x10(j, "change_x10", change);
	tk_json_kstr(j, "change_text", tk_fact_print_change(&rq->op, v->fact, change));
	tk_json_key(j, "trend");
	tk_json_arr(j);
	for (size_t i = 0; i < s->n; i++) {
		tk_json_obj(j);
		value(rq, j, &s->v[i]);
		tk_json_end_obj(j);
	}
	tk_json_end_arr(j);
}

enum tk_rc tk_fact_json(struct tk_req *rq, struct tk_json *j, const struct tk_fact *f, int year)
{
	struct tk_fact_value v;
	struct stored *s;
	bool stored;
	enum tk_rc rc = take(rq, f, year, &s, &v, &stored);

	if (rc != TK_OK)
		return rc;
	tk_json_obj(j);
	head(rq, j, f, year);
	now(rq, j, &v, stored);
	compared(rq, j, s, &v);
	tk_json_end_obj(j);
	return TK_OK;
}

/* -- a year ------------------------------------------------------------------------------------ */
struct years { struct tk_json *j; };

static enum tk_rc year_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct years *y = ctx;

	(void)n;
	tk_json_int(y->j, col[0].i);
	return TK_OK;
}

enum tk_rc tk_facts_get(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct years y = { &j };
	const struct tk_fact *const *f;
	size_t n = tk_facts(&f);
	int year;
	enum tk_rc rc = tk_year_query(rq, &year);

	if (rc != TK_OK)
		return rc;
	tk_json_obj(&j);
	tk_json_kint(&j, "year", year);
	tk_json_key(&j, "years");
	tk_json_arr(&j);
	rc = tk_db_run(rq->db, &rq->err,
		       "SELECT year FROM fiscal_year WHERE deleted_at IS NULL ORDER BY year DESC",
		       NULL, 0, year_row, &y);
	tk_json_end_arr(&j);
	tk_json_key(&j, "items");
	tk_json_arr(&j);
	for (size_t i = 0; i < n && rc == TK_OK; i++)
		rc = tk_fact_json(rq, &j, f[i], year);
	tk_json_end_arr(&j);
	tk_json_end_obj(&j);
	if (rc != TK_OK)
		tk_buf_clear(&rq->out);
	return rc;
}

static const char *const compute_keys[] = { "year", NULL };

enum tk_rc tk_facts_post(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	int64_t year = 0;
	size_t n = 0;
	enum tk_rc rc;

	if (tk_who_scope(&rq->who, TK_P_YEAR_WRITE) != TK_SCOPE_ALL)
		return tk_denied(&rq->err);
	if ((rc = tk_json_only(rq->json, compute_keys, &rq->err)) != TK_OK ||
	    (rc = tk_json_get_int(rq->json, "year", &year, &rq->err)) != TK_OK)
		return rc;
	if (year < 1950 || year > 2200)
		return tk_fail(&rq->err, TK_EINVAL, "year",
			       N_("Write the fiscal year as a number, such as 2026."));
	if ((rc = tk_fact_compute_year(&rq->op, (int)year, &n)) != TK_OK)
		return rc;
	tk_json_obj(&j);
	tk_json_kint(&j, "year", year);
	tk_json_kint(&j, "count", (int64_t)n);
	tk_json_end_obj(&j);
	return TK_OK;
}

/* -- rows -------------------------------------------------------------------------------------- */
static enum tk_rc fact_of(struct tk_req *rq, const struct tk_fact **f, int *year)
{
	enum tk_rc rc = tk_year_query(rq, year);

	if (rc == TK_OK && !(*f = tk_fact_by_id(rq->param[0])))
		rc = tk_fail(&rq->err, TK_ENOTFOUND, NULL, N_("There is no such number."));
	return rc;
}

struct rows { struct tk_req *rq; struct tk_json j; int64_t n; };

/* A number is for all who may see numbers; whose row it is, only for those who may read all rows of
 * that kind. */
static bool may_read(const struct tk_who *w, const struct tk_rtype *t)
{
	enum tk_scope s = t ? tk_who_scope(w, t->read) : TK_SCOPE_ALL;

	return s == TK_SCOPE_ALL || (t->flags & TK_T_COMMON && s != TK_SCOPE_NONE);
}

static enum tk_rc one_row(void *ctx, const struct tk_fact_row *r)
{
	struct rows *x = ctx;
	struct tk_json *j = &x->j;
	bool seen = may_read(&x->rq->who, r->type);
	bool page = seen && r->type && !(r->type->flags & TK_T_HIDDEN);

	if (x->n++ >= ROWS_SHOWN)
		return TK_OK;
	tk_json_obj(j);
	tk_json_kstr(j, "type", r->type ? tk_tr(x->rq->who.lang, r->type->label) : NULL);
	tk_json_key(j, "id");
	tk_json_id(j, seen ? r->id : 0);
	tk_json_kstr(j, "title", seen ? r->title : NULL);
	tk_json_kbool(j, "counts", r->hit);
	tk_json_kint(j, "amount", r->amount);
	tk_json_kstr(j, "href",
		     page ? tk_sprintf(x->rq->mem, "#/records/%s/%" PRId64, r->type->path, r->id)
			  : NULL);
	tk_json_end_obj(j);
	return TK_OK;
}

enum tk_rc tk_fact_rows_get(struct tk_req *rq)
{
	struct rows x = { rq, TK_JSON(&rq->out), 0 };
	const struct tk_fact *f = NULL;
	struct tk_fact_value v;
	int year;
	enum tk_rc rc = fact_of(rq, &f, &year);

	if (rc != TK_OK)
		return rc;
	tk_json_obj(&x.j);
	tk_json_key(&x.j, "fact");
	if ((rc = tk_fact_json(rq, &x.j, f, year)) == TK_OK) {
		tk_json_key(&x.j, "rows");
		tk_json_arr(&x.j);
		rc = tk_fact_explain(&rq->op, f, year, one_row, &x, &v);
		tk_json_end_arr(&x.j);
	}
	if (rc != TK_OK) {
		tk_buf_clear(&rq->out);
		return rc;
	}
	tk_json_kint(&x.j, "total", x.n);
	tk_json_kstr(&x.j, "digest", v.digest);
	tk_json_kstr(&x.j, "text", tk_fact_print(&rq->op, &v));
	tk_json_end_obj(&x.j);
	return TK_OK;
}

/* -- trend ------------------------------------------------------------------------------------- */
static void point(struct tk_req *rq, const struct tk_fact_value *v, struct tk_chart_value *to)
{
	bool whole = v->fact->kind == TK_FACT_COUNT || v->fact->kind == TK_FACT_SUM;

	*to = (struct tk_chart_value){ v->numerator, v->missing ? 0 : whole ? 1 : v->denominator,
				       tk_fact_print(&rq->op, v) };
}

enum tk_rc tk_fact_chart_get(struct tk_req *rq)
{
	const struct tk_fact *f = NULL;
	struct tk_fact_value v;
	struct stored *s;
	bool stored, rate;
	int year;
	const char *category[YEARS + 1], *series, *note, *small = tk_req_query(rq, "small");
	struct tk_chart_value val[YEARS + 1];
	struct tk_chart c = { .kind = TK_CHART_TREND, .lang = rq->who.lang, .id = "trend",
			      .untitled = true, .nseries = 1,
			      .width = small ? 320 : 560 };
	enum tk_rc rc = fact_of(rq, &f, &year);

	if (rc != TK_OK || (rc = take(rq, f, year, &s, &v, &stored)) != TK_OK)
		return rc;
	rate = f->kind == TK_FACT_RATE;
	if (!stored && s->n < YEARS)
		s->v[s->n++] = v;
	for (size_t i = 0; i < s->n; i++) {
		category[i] = tk_fiscal_year_print(rq->mem, rq->who.lang, s->v[i].year);
		point(rq, &s->v[i], &val[i]);
	}
	series = c.title = tk_tr(rq->who.lang, f->label);
	note = tk_tr(rq->who.lang, f->base);
	c.series = &series;
	c.category = category;
	c.ncategory = s->n;
	c.value = val;
	c.note = &note;
	c.nnote = 1;
	c.count = !rate;
	c.axis = TK_AXIS_AUTO;
	c.unit = rate ? "%" : tk_tr(rq->who.lang, f->unit);
	rq->content_type = "image/svg+xml";
	return tk_chart_svg(&c, rq->mem, &rq->out, &rq->err);
}
