/* fact_value.c - facts as stored, printed and compared. */
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/json.h"
#include "fact/fact_in.h"
#include "record/trail.h"

/* -- the year ---------------------------------------------------------------------------------- */
enum tk_rc tk_fact_year_of(const struct tk_op *op, int year, struct tk_fact_year *ret)
{
	struct tk_value col[3];
	bool found = false;
	enum tk_rc rc = tk_db_first(op->db, op->mem, op->e,
				    "SELECT starts_on, ends_on, base_date FROM fiscal_year "
				    "WHERE year = $1 AND deleted_at IS NULL",
				    TK_ARGS(TK_I(year)), col, 3, &found);

	if (rc != TK_OK)
		return rc;
	*ret = (struct tk_fact_year){
		.year = year,
		.from = found && col[0].s ? col[0].s : tk_sprintf(op->mem, "%04d-04-01", year),
		.to = found && col[1].s ? col[1].s : tk_sprintf(op->mem, "%04d-03-31", year + 1),
	};
	ret->base_date = found && col[2].s ? col[2].s : ret->to;
	return TK_OK;
}

static enum tk_rc may_store(const struct tk_op *op, const struct tk_fact *f, int year)
{
	int64_t n = 0;
	enum tk_rc rc = tk_db_int(op->db, op->e,
				  "SELECT COUNT(*) FROM fact_value v JOIN fiscal_year y "
				  "ON y.year = v.year AND y.deleted_at IS NULL "
				  "WHERE v.fact = $1 AND v.year = $2 AND y.state = 'published'",
				  TK_ARGS(TK_S(f->id), TK_I(year)), 0, &n);

	if (rc == TK_OK && n)
		rc = tk_fail(op->e, TK_ECONFLICT, "year",
			     N_("The fiscal year is published; its numbers stand."));
	return rc;
}

/* -- stored values ----------------------------------------------------------------------------- */
#define VALUE_COLUMNS \
	"year, missing, why, numerator, denominator, value_x10, base_date, digest, computed_at"
enum { VALUE_N = 9 };

/* why stays a msgid here. */
static struct tk_fact_value from_columns(const struct tk_op *op, const struct tk_fact *f,
					 const struct tk_value *col)
{
	return (struct tk_fact_value){
		.fact = f,
		.year = (int)col[0].i,
		.missing = col[1].i != 0,
		.why = col[2].s ? tk_strdup(op->mem, col[2].s) : NULL,
		.numerator = col[3].i,
		.denominator = col[4].i,
		.value_x10 = col[1].i ? TK_SHARE_NONE : col[5].i,
		.base_date = tk_strdup(op->mem, col[6].s),
		.digest = tk_strdup(op->mem, col[7].s),
		.computed_at = col[8].i,
	};
}

static enum tk_rc load(const struct tk_op *op, const struct tk_fact *f, int year,
		       struct tk_fact_value *ret, bool *found)
{
	struct tk_value col[VALUE_N];
	enum tk_rc rc = tk_db_first(op->db, op->mem, op->e,
				    "SELECT " VALUE_COLUMNS
				    " FROM fact_value WHERE fact = $1 AND year = $2",
				    TK_ARGS(TK_S(f->id), TK_I(year)), col, VALUE_N, found);

	if (rc == TK_OK && *found)
		*ret = from_columns(op, f, col);
	return rc;
}

static void in_language(const struct tk_op *op, struct tk_fact_value *v)
{
	v->why = v->why ? tk_tr(op->who->lang, v->why) : NULL;
}

enum tk_rc tk_fact_stored(const struct tk_op *op, const struct tk_fact *f, int year,
			  struct tk_fact_value *ret)
{
	bool found = false;
	enum tk_rc rc = load(op, f, year, ret, &found);

	if (rc == TK_OK && !found)
		return tk_fail(op->e, TK_ENOTFOUND, f->id,
			       N_("This number has not been computed for that year."));
	if (rc == TK_OK)
		in_language(op, ret);
	return rc;
}

enum tk_rc tk_fact_now(const struct tk_op *op, const struct tk_fact *f, int year,
		       struct tk_fact_value *ret)
{
	struct tk_fact_rows r;
	enum tk_rc rc = tk_fact_run(op, f, year, &r, ret);

	if (rc == TK_OK)
		in_language(op, ret);
	return rc;
}

static bool same(const struct tk_fact_value *a, const struct tk_fact_value *b)
{
	return a->missing == b->missing && a->numerator == b->numerator &&
	       a->denominator == b->denominator && a->value_x10 == b->value_x10 &&
	       !strcmp(a->why ? a->why : "", b->why ? b->why : "") &&
	       !strcmp(a->base_date, b->base_date) && !strcmp(a->digest, b->digest);
}

static void json_value(struct tk_json *j, const char *key, const struct tk_fact_value *v)
{
	tk_json_key(j, key);
	if (!v) {
		tk_json_null(j);
		return;
	}
	tk_json_obj(j);
	if (v->missing) {
		tk_json_key(j, "missing");
		tk_json_str(j, v->why);
	} else {
		tk_json_key(j, "numerator");
		tk_json_int(j, v->numerator);
		tk_json_key(j, "denominator");
		tk_json_int(j, v->denominator);
	}
	tk_json_key(j, "digest");
	tk_json_str(j, v->digest);
	tk_json_end_obj(j);
}

static enum tk_rc say_in_trail(const struct tk_op *op, const struct tk_fact_value *was,
			       const struct tk_fact_value *now)
{
	struct tk_buf b = TK_BUF(1 << 14);
	struct tk_json j = TK_JSON(&b);
	enum tk_rc rc;

	tk_json_obj(&j);
	tk_json_key(&j, "fact");
	tk_json_str(&j, now->fact->id);
	tk_json_key(&j, "year");
	tk_json_int(&j, now->year);
	json_value(&j, "was", was);
	json_value(&j, "now", now);
	tk_json_end_obj(&j);
	rc = tk_trail_add(op, "compute", "fact_value", 0, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return rc;
}

static enum tk_rc write_value(const struct tk_op *op, const struct tk_fact_value *v)
{
	return tk_db_exec(
		op->db, op->e,
		"INSERT INTO fact_value(fact, year, missing, why, numerator, denominator, "
		"value_x10, base_date, digest, computed_at) "
		"VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
		"ON CONFLICT(fact, year) DO UPDATE SET missing = excluded.missing, "
		"why = excluded.why, numerator = excluded.numerator, "
		"denominator = excluded.denominator, value_x10 = excluded.value_x10, "
		"base_date = excluded.base_date, digest = excluded.digest, "
		"computed_at = excluded.computed_at",
		TK_S(v->fact->id), TK_I(v->year), TK_I(v->missing), TK_S(v->why),
		TK_I(v->numerator), TK_I(v->denominator), TK_I(v->missing ? 0 : v->value_x10),
		TK_S(v->base_date), TK_S(v->digest), TK_I(v->computed_at));
}

enum tk_rc tk_fact_compute(const struct tk_op *op, const struct tk_fact *f, int year,
			   struct tk_fact_value *ret)
{
	struct tk_fact_value was;
	struct tk_fact_rows r;
	bool found = false;
	enum tk_rc rc = may_store(op, f, year);

	if (rc != TK_OK || (rc = tk_fact_run(op, f, year, &r, ret)) != TK_OK ||
	    (rc = load(op, f, year, &was, &found)) != TK_OK)
		return rc;
	if ((rc = write_value(op, ret)) == TK_OK && !(found && same(&was, ret)))
		rc = say_in_trail(op, found ? &was : NULL, ret);
	in_language(op, ret);
	return rc;
}

enum tk_rc tk_fact_compute_year(const struct tk_op *op, int year, size_t *ret_n)
{
	const struct tk_fact *const *f;
	size_t n = tk_facts(&f);
	bool own = !tk_db_in_tx(op->db);
	enum tk_rc rc = own ? tk_db_begin(op->db, op->e) : TK_OK;

	if (rc != TK_OK)
		return rc;
	for (size_t i = 0; i < n && rc == TK_OK; i++) {
		struct tk_fact_value v;

		rc = tk_fact_compute(op, f[i], year, &v);
	}
	if (ret_n)
		*ret_n = n;
	if (own && rc == TK_OK)
		rc = tk_db_commit(op->db, op->e);
	else if (own)
		tk_db_rollback(op->db);
	return rc;
}

struct trend {
	const struct tk_op *op;
	const struct tk_fact *f;
	struct tk_fact_value *v;
	size_t n, cap;
};

static enum tk_rc trend_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct trend *t = ctx;

	(void)n;
	if (t->n < t->cap) {
		t->v[t->n] = from_columns(t->op, t->f, col);
		in_language(t->op, &t->v[t->n++]);
	}
	return TK_OK;
}

enum tk_rc tk_fact_trend(const struct tk_op *op, const struct tk_fact *f, tk_fact_value_fn fn,
			 void *ctx)
{
	enum { MAX_YEARS = 256 };
	struct trend t = { op, f, tk_alloc_n(op->mem, MAX_YEARS, sizeof(*t.v)), 0, MAX_YEARS };
	enum tk_rc rc = tk_db_run(op->db, op->e,
				  "SELECT " VALUE_COLUMNS " FROM fact_value WHERE fact = $1 "
				  "ORDER BY year",
				  TK_ARGS(TK_S(f->id)), trend_row, &t);

	for (size_t i = 0; i < t.n && rc == TK_OK; i++)
		rc = fn(ctx, &t.v[i]);
	return rc;
}

/* -- printing ---------------------------------------------------------------------------------- */
const char *tk_fact_print(const struct tk_op *op, const struct tk_fact_value *v)
{
	char s[TK_X10_LEN];

	if (v->missing)
		return tk_x10_print(TK_SHARE_NONE, tk_alloc(op->mem, TK_X10_LEN));
	switch (v->fact->kind) {
	case TK_FACT_RATE:
		return tk_sprintf(op->mem, "%s%%", tk_x10_print(v->value_x10, s));
	case TK_FACT_MEAN:
		return tk_strdup(op->mem, tk_x10_print(v->value_x10, s));
	case TK_FACT_COUNT:
	case TK_FACT_SUM:
		break;
	}
	return tk_sprintf(op->mem, "%lld", (long long)v->numerator);
}

int64_t tk_fact_change_x10(const struct tk_fact_value *now, const struct tk_fact_value *before)
{
	if (!now || !before || now->missing || before->missing)
		return TK_SHARE_NONE;
	return tk_points_x10(now->value_x10, before->value_x10);
}

const char *tk_fact_print_change(const struct tk_op *op, const struct tk_fact *f, int64_t x10)
{
	char s[TK_X10_LEN];

	if (x10 == TK_SHARE_NONE)
		return tk_x10_print(x10, tk_alloc(op->mem, TK_X10_LEN));
	if (f->kind == TK_FACT_RATE)
		return tk_say(op->mem, op->who->lang, N_("%s points"), tk_points_print(x10, s));
	if (f->kind == TK_FACT_MEAN)
		return tk_strdup(op->mem, tk_points_print(x10, s));
	return tk_sprintf(op->mem, x10 ? "%+lld" : "%lld", (long long)(x10 / 10));
}
