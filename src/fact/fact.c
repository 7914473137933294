/* fact.c - from rows to a number: selecting, digest, arithmetic, and the way back. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/hash.h"
#include "fact/fact_in.h"
#include "stat/wide.h"

static const struct tk_fact *const *all;
static size_t nall;

void tk_facts_set(const struct tk_fact *const *facts, size_t n)
{
	all = facts;
	nall = n;
}

size_t tk_facts(const struct tk_fact *const **ret)
{
	*ret = all;
	return nall;
}

const struct tk_fact *tk_fact_by_id(const char *id)
{
	for (size_t i = 0; i < nall; i++)
		if (!strcmp(all[i]->id, id))
			return all[i];
	return NULL;
}

/* -- what a fact's function calls -------------------------------------------------------------- */
void tk_fact_add(struct tk_fact_rows *to, const struct tk_rtype *t, int64_t id, bool hit,
		 int64_t amount, const char *what)
{
	if (to->n == to->cap) {
		size_t cap = to->cap ? to->cap * 2 : 64;
		struct tk_fact_raw *p = tk_alloc_n(to->op->mem, cap, sizeof(*p));

		if (to->n)
			memcpy(p, to->row, to->n * sizeof(*p));
		to->row = p;
		to->cap = cap;
	}
	to->row[to->n++] = (struct tk_fact_raw){ .t = t,
						 .id = id,
						 .hit = hit,
						 .amount = amount,
						 .what = tk_strdup(to->op->mem, what) };
}

void tk_fact_missing(struct tk_fact_rows *to, const char *why) { to->why = why; }
void tk_fact_none(struct tk_fact_rows *to, const char *why) { to->none = why; }
void tk_fact_zero(struct tk_fact_rows *to) { to->zero = true; }

struct select_ctx { struct tk_fact_rows *to; const struct tk_rtype *t; };

static enum tk_rc select_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct select_ctx *s = ctx;

	tk_fact_add(s->to, s->t, col[0].i, n > 1 && col[1].i != 0, n > 2 ? col[2].i : 0, NULL);
	return TK_OK;
}

enum tk_rc tk_fact_select(const struct tk_op *op, struct tk_fact_rows *to, const struct tk_rtype *t,
			  const char *sql, const struct tk_value *arg, size_t narg)
{
	struct select_ctx s = { to, t };

	return tk_db_run(op->db, op->e, sql, arg, narg, select_row, &s);
}

/* -- the number -------------------------------------------------------------------------------- */
static int by_row(const void *pa, const void *pb)
{
	const struct tk_fact_raw *a = pa, *b = pb;
	int c = strcmp(a->t ? a->t->name : "", b->t ? b->t->name : "");

	if (c == 0)
		c = a->id < b->id ? -1 : a->id > b->id;
	if (c == 0)
		c = strcmp(a->what ? a->what : "", b->what ? b->what : "");
	if (c == 0)
		c = (int)a->hit - (int)b->hit;
	return c ? c : a->amount < b->amount ? -1 : a->amount > b->amount;
}

/* Over "type id hit amount what" of the sorted rows, one a line: whoever has the rows can repeat
 * it, and any row more, less or other changes it. */
static const char *digest(const struct tk_op *op, const struct tk_fact_rows *r)
{
	unsigned char raw[TK_SHA256_LEN];
	char *hex = tk_alloc(op->mem, TK_SHA256_HEX);
	struct tk_buf b = TK_BUF(1 << 16);
	struct tk_hasher *h = tk_hasher_new();

	for (size_t i = 0; i < r->n; i++) {
		const struct tk_fact_raw *x = &r->row[i];

		tk_buf_clear(&b);
		tk_buf_fmt(&b, "%s %" PRId64 " %d %" PRId64 " ", x->t ? x->t->name : "-", x->id,
			   x->hit ? 1 : 0, x->amount);
		tk_hasher_add(h, b.p, b.len);
		if (x->what)
			tk_hasher_add(h, x->what, strlen(x->what));
		tk_hasher_add(h, "\n", 1);
	}
	tk_hasher_end(h, raw);
	tk_hex(raw, sizeof(raw), hex);
	tk_buf_drop(&b);
	return hex;
}

static enum tk_rc no_row_twice(const struct tk_op *op, const struct tk_fact *f,
			       const struct tk_fact_rows *r)
{
	if (f->kind != TK_FACT_COUNT && f->kind != TK_FACT_RATE)
		return TK_OK;
	for (size_t i = 1; i < r->n; i++)
		if (r->row[i].t && r->row[i].t == r->row[i - 1].t &&
		    r->row[i].id == r->row[i - 1].id)
			return tk_fail(op->e, TK_EINTERNAL, f->id,
				       N_("The number would count %s %lld twice."),
				       r->row[i].t->name, (long long)r->row[i].id);
	return TK_OK;
}

/* Half up, also below zero: -0.05 is -0.0, that is 0. */
static int64_t mean_x10(tk_i128 sum, int64_t n)
{
	tk_i128 twice = 20 * sum + n, d = 2 * (tk_i128)n;
	tk_i128 q = twice / d;

	return (int64_t)(twice % d < 0 ? q - 1 : q);
}

static enum tk_rc value_of(const struct tk_op *op, const struct tk_fact_rows *r,
			   struct tk_fact_value *v)
{
	int64_t hits = 0;
	tk_i128 sum = 0;

	for (size_t i = 0; i < r->n; i++) {
		hits += r->row[i].hit ? 1 : 0;
		sum += r->row[i].hit ? r->row[i].amount : 0;
	}
	if (sum > INT64_MAX / 20 || sum < INT64_MIN / 20)
		return tk_fail(op->e, TK_EINTERNAL, v->fact->id, N_("The sum is too large."));
	v->numerator = v->fact->kind >= TK_FACT_SUM ? (int64_t)sum : hits;
	v->denominator = v->fact->kind == TK_FACT_RATE   ? (int64_t)r->n
			 : v->fact->kind == TK_FACT_MEAN ? hits
							 : 0;
	v->value_x10 = 10 * v->numerator;
	if (v->fact->kind == TK_FACT_MEAN && hits)
		v->value_x10 = mean_x10(sum, hits);
	if (v->fact->kind == TK_FACT_RATE && r->n) {
		v->value_x10 = tk_rate_x10(hits, v->denominator);
		if (hits && v->value_x10 == 0)
			v->value_x10 = 1;
	}
	return TK_OK;
}

/* Why there is nothing to print, as a msgid; NULL: there is. */
static const char *why_missing(const struct tk_fact *f, const struct tk_fact_rows *r,
			       const struct tk_fact_value *v)
{
	bool ratio = f->kind == TK_FACT_RATE || f->kind == TK_FACT_MEAN;

	if (r->why)
		return r->why;
	if (r->none && r->n == 0 && !r->zero)
		return r->none;
	if (ratio && v->denominator == 0)
		return N_("There is nothing to count over.");
	return r->n == 0 && !r->zero ? N_("Nothing is recorded for this year.") : NULL;
}

enum { MAX_ARGS = 8 };

static struct tk_value argument(const struct tk_op *op, const struct tk_fact_year *y, char letter)
{
	switch (letter) {
	case 'f': return TK_S(y->from);
	case 't': return TK_S(y->to);
	case 'b': return TK_S(y->base_date);
	case 'y': return TK_I(y->year);
	case 's': return TK_I(tk_date_time((struct tk_date){ y->year, 4, 1 }));
	case 'e': return TK_I(tk_date_time((struct tk_date){ y->year + 1, 4, 1 }));
	case 'd':
		return TK_S(tk_today_iso(op->mem));
	default:
		abort();                /* a fact that is declared wrongly */
	}
}

static size_t arguments(const struct tk_op *op, const struct tk_fact_year *y, const char *letter,
			struct tk_value arg[MAX_ARGS])
{
	size_t n = 0;

	for (; letter && *letter; letter++) {
		if (n == MAX_ARGS)
			abort();
		arg[n++] = argument(op, y, *letter);
	}
	return n;
}

/* A fact that is its queries. */
static enum tk_rc declared(const struct tk_op *op, const struct tk_fact *f,
			   const struct tk_fact_year *y, struct tk_fact_rows *r)
{
	struct tk_value arg[MAX_ARGS];
	int64_t any = 1;
	size_t n;
	enum tk_rc rc = TK_OK;

	if (f->when) {
		n = arguments(op, y, f->when_args ? f->when_args : "y", arg);
		rc = tk_db_int(op->db, op->e, f->when, arg, n, 0, &any);
	}
	r->none = f->none;
	r->zero = f->zero && any;
	if (rc == TK_OK && !any && !f->zero) {
		r->why = f->none;
		return TK_OK;
	}
	n = arguments(op, y, f->args, arg);
	return rc != TK_OK ? rc : tk_fact_select(op, r, f->of, f->sql, arg, n);
}

enum tk_rc tk_fact_run(const struct tk_op *op, const struct tk_fact *f, int year,
		       struct tk_fact_rows *r, struct tk_fact_value *ret)
{
	/* a number is the same whoever asks for it */
	struct tk_who program = tk_who_system("facts", "fact", op->who->lang);
	struct tk_op as = { op->db, op->mem, &program, op->e };
	struct tk_fact_year y;
	enum tk_rc rc;

	*r = (struct tk_fact_rows){ .op = op };
	*ret = (struct tk_fact_value){ .fact = f, .year = year, .computed_at = tk_now() };
	if ((rc = tk_fact_year_of(op, year, &y)) != TK_OK)
		return rc;
	ret->base_date = y.base_date;
	rc = f->rows ? f->rows(&as, &y, r) : declared(&as, f, &y, r);
	if (rc != TK_OK) {
		if (op->e && !op->e->field[0])
			strncpy(op->e->field, f->id, sizeof(op->e->field) - 1);
		return rc;
	}
	if (r->n)
		qsort(r->row, r->n, sizeof(*r->row), by_row);
	if ((rc = no_row_twice(op, f, r)) != TK_OK || (rc = value_of(op, r, ret)) != TK_OK)
		return rc;
	ret->digest = digest(op, r);
	ret->why = why_missing(f, r, ret);
	ret->missing = ret->why != NULL;
	if (ret->missing)
		ret->value_x10 = TK_SHARE_NONE;
	return TK_OK;
}

/* -- the way back ------------------------------------------------------------------------------ */
static enum tk_rc title_of(const struct tk_op *op, const struct tk_fact_raw *x, const char **ret)
{
	*ret = x->what ? x->what : "";
	return x->t && !x->what ? tk_rec_label(op, x->t, x->id, ret) : TK_OK;
}

enum tk_rc tk_fact_explain(const struct tk_op *op, const struct tk_fact *f, int year,
			   tk_fact_row_fn fn, void *ctx, struct tk_fact_value *ret)
{
	struct tk_fact_rows r;
	enum tk_rc rc = tk_fact_run(op, f, year, &r, ret);

	if (rc == TK_OK && ret->why)
		ret->why = tk_tr(op->who->lang, ret->why);
	for (size_t i = 0; i < r.n && rc == TK_OK; i++) {
		struct tk_fact_row row = { r.row[i].t, r.row[i].id, r.row[i].amount, r.row[i].hit,
					   "" };

		rc = title_of(op, &r.row[i], &row.title);
		if (rc == TK_OK)
			rc = fn(ctx, &row);
	}
	return rc;
}
