#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "stat/sdc.h"

/* Where the tableau ends at fractions: is there a solution in whole numbers?
 *
 * Every unknown has a range; equations narrow the ranges; the narrowest open one is halved, the
 * half with the tableau's own figure first.  Only whole numbers take part, and when the search
 * ends within its budget, its "no" is a proof as well as its "yes".
 */
enum { PASSES = 200 };

struct box {
	int64_t lo, hi;
};

struct hunt {
	struct sdc_work *w;
	int64_t *sum; /* what the unknowns of each line add up to */
	long left;    /* of the budget */
	struct box *found;
};

/* Narrows x so that sign * x = rest can hold with rest in [lo, hi]; false: it cannot. */
static bool narrow(struct box *x, int sign, int64_t lo, int64_t hi, bool *changed)
{
	int64_t from = sign > 0 ? lo : -hi, to = sign > 0 ? hi : -lo;

	if (from > x->lo) {
		x->lo = from;
		*changed = true;
	}
	if (to < x->hi) {
		x->hi = to;
		*changed = true;
	}
	return x->lo <= x->hi;
}

static bool narrow_line(const struct hunt *h, size_t line, struct box *b, bool *changed)
{
	const struct sdc_work *w = h->w;
	const struct sdc_net *net = w->net;
	uint32_t from = net->row_at[w->row[line]], to = net->row_at[w->row[line] + 1];
	int64_t min = 0, max = 0;

	for (uint32_t q = from; q < to; q++) {
		int32_t col = w->col_of[net->row_var[q]];

		if (col < 0)
			continue;
		min += net->row_sign[q] > 0 ? b[col].lo : -b[col].hi;
		max += net->row_sign[q] > 0 ? b[col].hi : -b[col].lo;
	}
	for (uint32_t q = from; q < to; q++) {
		int32_t col = w->col_of[net->row_var[q]];
		int sign = net->row_sign[q];
		int64_t low, high;

		if (col < 0)
			continue;
		low = sign > 0 ? b[col].lo : -b[col].hi;
		high = sign > 0 ? b[col].hi : -b[col].lo;
		if (!narrow(&b[col], sign, h->sum[line] - (max - high), h->sum[line] - (min - low),
			    changed))
			return false;
		min += (sign > 0 ? b[col].lo : -b[col].hi) - low;
		max += (sign > 0 ? b[col].hi : -b[col].lo) - high;
	}
	return true;
}

static bool narrow_all(const struct hunt *h, struct box *b)
{
	bool changed = true;

	for (int pass = 0; changed && pass < PASSES; pass++) {
		changed = false;
		for (size_t i = 0; i < h->w->nrow; i++) {
			if (!narrow_line(h, i, b, &changed))
				return false;
		}
	}
	return true;
}

/* True: found, in h->found.  False with h->left > 0: there is none. */
static bool hunt(struct hunt *h, struct box *b)
{
	size_t n = h->w->nvar, pick = n;
	struct box *half;
	int64_t mid;
	bool ok = false;

	if (--h->left <= 0 || !narrow_all(h, b))
		return false;
	for (size_t j = 0; j < n; j++) {
		if (b[j].lo < b[j].hi &&
		    (pick == n || b[j].hi - b[j].lo < b[pick].hi - b[pick].lo))
			pick = j;
	}
	if (pick == n) {
		memcpy(h->found, b, n * sizeof(*b));
		return true;
	}
	half = tk_xcalloc(n, sizeof(*half));
	mid = b[pick].lo + (b[pick].hi - b[pick].lo) / 2;
	for (int side = 0; side < 2 && !ok && h->left > 0; side++) {
		bool low = (h->w->lp.x[pick] <= (double)mid) == (side == 0);

		memcpy(half, b, n * sizeof(*half));
		if (low)
			half[pick].hi = mid;
		else
			half[pick].lo = mid + 1;
		ok = hunt(h, half);
	}
	free(half);
	return ok;
}

enum sdc_whole sdc_whole(struct sdc_work *w, uint32_t v, int64_t least, int64_t most,
			 struct sdc_move *ret)
{
	const struct sdc_net *net = w->net;
	/* a large system gets fewer nodes, as each of them costs more */
	long patience = w->nvar > 100 ? 1 + w->patience * 100 / (long)w->nvar : w->patience;
	struct hunt h = { .w = w, .left = patience };
	struct box *b = tk_xcalloc(w->nvar + 1, sizeof(*b));
	bool ok;

	h.sum = tk_xcalloc(w->nrow + 1, sizeof(*h.sum));
	h.found = tk_xcalloc(w->nvar + 1, sizeof(*h.found));
	for (size_t j = 0; j < w->nvar; j++) {
		b[j] = (struct box){ 0, 2 * TK_SDC_COUNT_MAX };
		for (uint32_t k = net->var_at[w->var[j]]; k < net->var_at[w->var[j] + 1]; k++)
			h.sum[w->line_of[net->var_row[k]]] +=
				net->var_sign[k] * net->value[w->var[j]];
	}
	b[w->col_of[v]] = (struct box){ least, most };
	ok = hunt(&h, b);
	for (size_t j = 0; j < w->nvar && ok; j++) {
		int64_t by = h.found[j].lo - net->value[w->var[j]];

		if (!by)
			continue;
		ret->var[ret->n] = w->var[j];
		ret->by[ret->n++] = by;
	}
	w->lp.ops += (patience - h.left) * (long)(w->nrow * 8 + w->nvar);
	free(b);
	free(h.sum);
	free(h.found);
	return ok ? SDC_FOUND : h.left > 0 ? SDC_NONE : SDC_GAVE_UP;
}
