/* position_spread.c - numbers, and how many measures are taken, against their quartiles. */
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "publish/position_int.h"

enum { QUARTERS = 4, DIGITS_MAX = 100 /* two of them: below this */ };

struct values {
	const struct tk_positions *ps;
	size_t item;
	struct tk_decimal *v;
	size_t n;
	int scale;
};

/* -- measures ---------------------------------------------------------------------------------- */
/* A choice that goes with no other ("none of these") is no measure. */
static bool alone(const struct tk_item *it, unsigned k, const struct tk_xval *slot,
		  struct tk_arena *a)
{
	for (unsigned o = 0; o < it->noption; o++) {
		struct tk_xenv env = { .slot = slot };

		if (o == k)
			continue;
		env.self = tk_xstr(tk_sprintf(a, "%s %s", it->option[k].code, it->option[o].code));
		if (tk_expr_true(it->constraint, &env, a))
			return false;
	}
	return it->noption > 1;
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = s ? strlen(s) : 0, m = strlen(end);

	return n >= m && !strcmp(s + n - m, end);
}

/* A list of measures is called that: measure, conn_measure. */
static bool of_measures(const struct tk_item *it)
{
	return it->q == TK_Q_MULTI && it->noption && it->noption <= TK_PACK_MULTI &&
	       (ends_with(it->list, "measure") || ends_with(it->list, "measures"));
}

const uint64_t *tk_position_measures(const struct tk_form *f, struct tk_arena *a)
{
	uint64_t *ret = tk_alloc_n(a, f->nitem + 1, sizeof(*ret));
	struct tk_xval *slot = tk_alloc_n(a, 2 * f->nitem + 1, sizeof(*slot));

	for (size_t i = 0; i < f->nitem; i++) {
		const struct tk_item *it = &f->item[i];

		for (unsigned k = 0; of_measures(it) && k < it->noption; k++)
			if (!it->constraint || !alone(it, k, slot, a))
				ret[i] |= UINT64_C(1) << k;
	}
	return ret;
}

static int64_t bits(uint64_t x)
{
	int64_t n = 0;

	for (; x; x &= x - 1)
		n++;
	return n;
}

/* -- values ------------------------------------------------------------------------------------ */
static void on_measure(void *ctx, uint32_t index)
{
	struct values *x = ctx;
	struct tk_plane_key key;
	const uint8_t *answers;

	if (tk_plane_get(x->ps->l->plane, index, &key, &answers))
		x->v[x->n++].value = bits(tk_pack_bits(x->ps->l->form->layout, answers, x->item) &
					  x->ps->measure[x->item]);
}

static void on_number(void *ctx, uint32_t index)
{
	struct values *x = ctx;

	if (!tk_decimal_parse(tk_side_text(x->ps->side, index, x->item), &x->v[x->n]))
		return;
	if (x->v[x->n].decimals > x->scale)
		x->scale = x->v[x->n].decimals;
	x->n++;
}

static enum tk_rc gather(const struct tk_op *op, const struct tk_position *s,
			 const struct tk_position_item *it, int stratum, struct values *ret)
{
	const struct tk_positions *ps = s->ps;
	struct tk_filter *f, *part = NULL;
	enum tk_rc rc;

	if (stratum == SECTOR)
		part = tk_filter_bureau(op->mem, ps->l->plane, s->sector);
	if ((rc = tk_position_base(op, ps, it->at, &f)) == TK_OK && part)
		rc = tk_filter_and(f, part, op->e);
	*ret = (struct values){ .ps = ps, .item = it->at };
	if (rc != TK_OK)
		return rc;
	ret->v = tk_alloc_n(op->mem, tk_filter_size(f) + 1, sizeof(*ret->v));
	return tk_filter_each(f, ps->l->plane, it->item->noption ? on_measure : on_number, ret,
			      op->e);
}

/* With the reader among them; too few of the others in each quarter: none is told. */
static enum tk_rc quarter(const struct tk_op *op, const struct tk_position *s,
			  struct tk_position_item *it, const struct values *x, int stratum)
{
	struct tk_position_spread *q = &it->quarter[stratum];
	int64_t *v = tk_alloc_n(op->mem, x->n + 1, sizeof(*v));
	int64_t others = (int64_t)x->n - it->own_known;
	struct tk_quantile all;
	enum tk_rc rc;

	q->show = it->base[stratum].show;
	if (q->show != TK_POSITION_SHOWN || others < QUARTERS * s->ps->min_cell) {
		q->show = q->show == TK_POSITION_SHOWN ? TK_POSITION_FEW : q->show;
		return TK_OK;
	}
	for (size_t i = 0; i < x->n; i++)
		if (!tk_decimal_scale(x->v[i], it->scale, &v[i])) {
			q->show = TK_POSITION_FEW;
			return TK_OK;
		}
	if ((rc = tk_quantile(v, x->n, &all, op->e)) != TK_OK)
		return rc;
	q->q1 = all.q1;
	q->median = all.median;
	q->q3 = all.q3;
	return TK_OK;
}

static void own(const struct tk_position *s, struct tk_position_item *it)
{
	struct tk_decimal d;

	if (it->own->state != TK_ANSWER_VALUE)
		return;
	if (it->item->noption) {
		it->own_known = true;
		it->own_value = bits(it->own->bits & s->ps->measure[it->at]);
	} else if (it->own->text && tk_decimal_parse(it->own->text, &d)) {
		it->own_known = tk_decimal_scale(d, it->scale, &it->own_value);
	}
}

static enum tk_rc spread(const struct tk_op *op, struct tk_position *s,
			 struct tk_position_item *it)
{
	struct values x[NSTRATUM];
	enum tk_rc rc = TK_OK;

	for (int k = 0; k < NSTRATUM && rc == TK_OK; k++) {
		rc = gather(op, s, it, k, &x[k]);
		if (rc == TK_OK && x[k].scale > it->scale)
			it->scale = x[k].scale;
	}
	if (rc != TK_OK)
		return rc;
	it->scale = it->scale > TK_DECIMALS - 1 ? TK_DECIMALS - 1 : it->scale;
	own(s, it);
	for (int k = 0; k < NSTRATUM && rc == TK_OK; k++)
		rc = quarter(op, s, it, &x[k], k);
	return rc;
}

enum tk_rc tk_position_spreads(const struct tk_op *op, struct tk_position *s)
{
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < s->nitem && rc == TK_OK; i++) {
		struct tk_position_item *it = &s->item[i];

		it->spread = !it->item->noption || s->ps->measure[it->at];
		if (it->spread)
			rc = spread(op, s, it);
	}
	return rc;
}

/* -- printing ---------------------------------------------------------------------------------- */
/* 12345 is 12000, 0.0456 is 0.046: a quartile is somebody's answer, its neighbourhood is not. */
const char *tk_position_print(struct tk_arena *a, struct tk_frac v, int scale, bool count)
{
	char print[TK_FRAC_LEN];
	int64_t x, unit = 1;
	int decimals = scale + 1;
	char *end;

	if (count || v.den <= 0)
		return tk_strdup(a, tk_frac_print(v, scale, 1, print));
	if (v.num > INT64_MAX / 10 || v.num < INT64_MIN / 10) {
		x = v.num / v.den;
		decimals = scale;
	} else {
		x = v.num * 10 / v.den;
	}
	while (x >= DIGITS_MAX || x <= -DIGITS_MAX) {
		x = x / 10 + x % 10 / 5;
		unit *= 10;
	}
	tk_frac_print((struct tk_frac){ x * unit, 1 }, decimals, decimals, print);
	end = print + strlen(print);
	while (decimals && end[-1] == '0' && strchr(print, '.'))
		*--end = 0;
	if (end[-1] == '.')
		end[-1] = 0;
	return tk_strdup(a, print);
}
