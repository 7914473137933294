#include <string.h>
#include "stat/sdc.h"

/* How much work (steps of tableaus) goes into looking for a better pattern than the first. */
enum { POLISH_OPS = 400000000 };

/* The cell of w->cut that costs least; UINT32_MAX: none. */
static uint32_t cheapest_of(const struct sdc_work *w, const uint32_t *cut, size_t n,
			    const uint8_t *forbid)
{
	uint32_t best = UINT32_MAX;

	for (size_t i = 0; i < n; i++) {
		uint32_t c = cut[i];

		if (forbid && forbid[c])
			continue;
		if (best == UINT32_MAX || w->net->cost[c] < w->net->cost[best] ||
		    (w->net->cost[c] == w->net->cost[best] &&
		     w->net->value[c] > w->net->value[best]))
			best = c;
	}
	return best;
}

/* Protects one small variable.  False: it cannot be done. */
static bool protect(struct sdc_work *w, uint32_t v, const uint8_t *forbid, uint32_t *save)
{
	while (!sdc_wide(w, v, w->need[v])) {
		int64_t value = w->net->value[v], need = w->need[v];
		size_t n = w->ncut;
		uint32_t c;

		memcpy(save, w->cut, n * sizeof(*save));
		c = cheapest_of(w, save, n, forbid);
		if (c == UINT32_MAX)
			return false;
		/* out of time: safe and wasteful */
		for (size_t i = 0; i < n && w->lp.ops > w->stop; i++)
			w->unknown[save[i]] = w->unknown[save[i]] || !(forbid && forbid[save[i]]);
		if (w->unknown[c])
			continue;
		if (w->unknown[v] && sdc_cheapest(w, v, w->lo[v] + need - value, true, forbid))
			continue;
		if (w->unknown[v] && value > 0 && w->lo[v] > 0 &&
		    sdc_cheapest(w, v, value < need ? value : need, false, forbid))
			continue;
		w->unknown[c] = 1;
	}
	return true;
}

/* Protects all, from the front or from the back.  Without forbid, what cannot be had lowers the
 * need; with it, false. */
static bool cover(struct sdc_work *w, const struct sdc_block *b, const uint8_t *forbid,
		  bool backwards, uint32_t *save)
{
	sdc_recall(w, b->var, b->nvar);
	for (size_t i = 0; i < b->nsmall; i++) {
		uint32_t v = b->small[backwards ? b->nsmall - 1 - i : i];

		if (protect(w, v, forbid, save))
			continue;
		if (forbid)
			return false;
		w->need[v] = w->hi[v] - w->lo[v];
	}
	return true;
}

/* Takes back what is not needed, dear cells first. */
static void take_back(struct sdc_work *w, const struct sdc_block *b, const uint8_t *start)
{
	for (size_t i = 0; i < b->nmay; i++) {
		uint32_t c = b->may[i];

		if (!w->unknown[c] || start[c] || w->lp.ops > w->stop)
			continue;
		w->unknown[c] = 0;
		if (!sdc_block_safe(w, b))
			w->unknown[c] = 1;
	}
}

static void copy(const struct sdc_block *b, uint8_t *to, const uint8_t *from)
{
	for (size_t i = 0; i < b->nmay; i++)
		to[b->may[i]] = from[b->may[i]];
}

/* Does without each chosen cell once, and keeps what comes out cheaper, as long as there is time
 * for one more try. */
static void polish(struct sdc_work *w, const struct sdc_block *b, const uint8_t *start, long stop,
		   struct tk_arena *a, uint32_t *save)
{
	uint8_t *best = tk_alloc_n(a, w->net->nvar + 1, 1);
	uint8_t *forbid = tk_alloc_n(a, w->net->nvar + 1, 1);
	int64_t cost = sdc_block_cost(w, b);
	long one = 0, before;
	bool better = true;

	copy(b, best, w->unknown);
	while (better) {
		better = false;
		for (size_t i = 0; i < b->nmay && w->lp.ops + one < stop; i++) {
			uint32_t c = b->may[i];

			if (!best[c] || start[c])
				continue;
			before = w->lp.ops;
			copy(b, w->unknown, best);
			w->unknown[c] = 0;
			forbid[c] = 1;
			if (cover(w, b, forbid, false, save)) {
				take_back(w, b, start);
				if (sdc_block_cost(w, b) < cost) {
					cost = sdc_block_cost(w, b);
					copy(b, best, w->unknown);
					better = true;
				}
			}
			forbid[c] = 0;
			one = w->lp.ops - before > one ? w->lp.ops - before : one;
		}
	}
	copy(b, w->unknown, best);
}

void sdc_choose(struct sdc_work *w, const struct sdc_block *b, struct tk_arena *a)
{
	size_t nv = w->net->nvar + 1;
	uint32_t *save = tk_alloc_n(a, nv, sizeof(*save));
	uint8_t *start = tk_alloc_n(a, nv, 1), *first = tk_alloc_n(a, nv, 1);
	long began = w->lp.ops, took;
	int64_t cost;

	memcpy(start, w->unknown, w->net->nvar);
	cover(w, b, NULL, false, save);
	take_back(w, b, start);
	took = w->lp.ops - began;
	polish(w, b, start, began + took + POLISH_OPS, a, save);
	if (took > POLISH_OPS || w->lp.ops > w->stop)
		return;
	cost = sdc_block_cost(w, b);
	copy(b, first, w->unknown);
	/* a second beginning, from the other end */
	copy(b, w->unknown, start);
	cover(w, b, NULL, true, save);
	take_back(w, b, start);
	polish(w, b, start, w->lp.ops + POLISH_OPS, a, save);
	if (sdc_block_cost(w, b) >= cost)
		copy(b, w->unknown, first);
}
