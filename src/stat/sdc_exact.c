#include <stdlib.h>
#include <string.h>
#include "stat/sdc.h"

/* Branch and bound over which printed cells to leave out.
 *
 * Every node has cuts: sets of cells of which at least one must be left out, because without one
 * of them a small figure stays known, or a cell left out already could be computed from one
 * equation (such a pattern is never the cheapest).  Cuts give the bound (each cut takes what its
 * cheapest cell still has to give) and the branches (the cells of the smallest cut; a later branch
 * does without the cells of the earlier ones).
 */
struct search {
	struct sdc_work *w;
	const struct sdc_block *b;
	const uint8_t *start;
	uint8_t *forbid, *best, *seen_row;
	uint32_t *row;
	size_t nrow;
	int64_t best_cost;
	int64_t *left; /* of each cell's cost, not yet given to a cut */
	uint32_t *branch;
	size_t nbranch;
	long nodes, budget;
	bool ended;
};

static void list_rows(struct search *s)
{
	const struct sdc_net *net = s->w->net;

	for (size_t i = 0; i < s->b->nvar; i++) {
		uint32_t v = s->b->var[i];

		for (uint32_t k = net->var_at[v]; k < net->var_at[v + 1]; k++) {
			uint32_t r = net->var_row[k];

			if (!s->seen_row[r])
				s->row[s->nrow++] = r;
			s->seen_row[r] = 1;
		}
	}
}

/* Takes the cut into the bound; false: nobody is left to hit it. */
static bool count_cut(struct search *s, uint32_t *cut, size_t n, int64_t *bound)
{
	int64_t least = INT64_MAX;
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		if (s->forbid[cut[i]])
			continue;
		cut[k++] = cut[i];
		least = s->left[cut[i]] < least ? s->left[cut[i]] : least;
	}
	if (!k)
		return false;
	for (size_t i = 0; i < k; i++)
		s->left[cut[i]] -= least;
	*bound += least;
	if (!s->nbranch || k < s->nbranch) {
		memcpy(s->branch, cut, k * sizeof(*cut));
		s->nbranch = k;
	}
	return true;
}

/* The one unknown of an equation is known after all. */
static bool cut_of_row(struct search *s, uint32_t r, int64_t *bound)
{
	const struct sdc_net *net = s->w->net;
	uint32_t only = UINT32_MAX;
	size_t n = 0;

	for (uint32_t q = net->row_at[r]; q < net->row_at[r + 1]; q++) {
		uint32_t v = net->row_var[q];

		if (s->w->unknown[v]) {
			if (only != UINT32_MAX)
				return true;
			only = v;
		} else if (net->may[v]) {
			s->w->cut[n++] = v;
		}
	}
	if (only == UINT32_MAX || !(s->w->need[only] || (net->may[only] && !s->start[only])))
		return true;
	return count_cut(s, s->w->cut, n, bound);
}

/* All cuts of this node.  1: something is open; 0: all is protected; -1: a dead end. */
static int look(struct search *s, int64_t cost)
{
	int64_t bound = cost;
	bool open = false;

	s->nbranch = 0;
	for (size_t i = 0; i < s->b->nmay; i++)
		s->left[s->b->may[i]] = s->w->net->cost[s->b->may[i]];
	for (size_t i = 0; i < s->nrow; i++) {
		if (!cut_of_row(s, s->row[i], &bound))
			return -1;
	}
	if (bound >= s->best_cost)
		return -1;
	sdc_recall(s->w, s->b->var, s->b->nvar);
	for (size_t i = 0; i < s->b->nsmall; i++) {
		uint32_t v = s->b->small[i];

		if (sdc_wide(s->w, v, s->w->need[v]))
			continue;
		open = true;
		if (!count_cut(s, s->w->cut, s->w->ncut, &bound) || bound >= s->best_cost)
			return -1;
	}
	return open ? 1 : 0;
}

static void visit(struct search *s, int64_t cost)
{
	uint32_t *branch;
	size_t n;
	int state;

	if (s->nodes++ >= s->budget) {
		s->ended = false;
		return;
	}
	state = look(s, cost);
	if (state == 0 && cost < s->best_cost) {
		s->best_cost = cost;
		for (size_t i = 0; i < s->b->nmay; i++)
			s->best[s->b->may[i]] = s->w->unknown[s->b->may[i]];
	}
	if (state <= 0)
		return;
	n = s->nbranch;
	branch = tk_xcalloc(n, sizeof(*branch));
	memcpy(branch, s->branch, n * sizeof(*branch));
	for (size_t i = 0; i < n; i++) {
		uint32_t c = branch[i];

		s->w->unknown[c] = 1;
		if (cost + s->w->net->cost[c] < s->best_cost)
			visit(s, cost + s->w->net->cost[c]);
		s->w->unknown[c] = 0;
		s->forbid[c] = 1;
	}
	for (size_t i = 0; i < n; i++)
		s->forbid[branch[i]] = 0;
	free(branch);
}

bool sdc_exact(struct sdc_work *w, const struct sdc_block *b, const uint8_t *start, long budget,
	       long *nodes, struct tk_arena *a)
{
	size_t nv = w->net->nvar + 1, nr = w->net->nrow + 1;
	struct search s = { .w = w,
			    .b = b,
			    .start = start,
			    .forbid = tk_alloc_n(a, nv, 1),
			    .best = tk_alloc_n(a, nv, 1),
			    .seen_row = tk_alloc_n(a, nr, 1),
			    .row = tk_alloc_n(a, nr, sizeof(uint32_t)),
			    .left = tk_alloc_n(a, nv, sizeof(int64_t)),
			    .branch = tk_alloc_n(a, nv, sizeof(uint32_t)),
			    .best_cost = sdc_block_cost(w, b),
			    .budget = budget,
			    .ended = true };

	for (size_t i = 0; i < b->nmay; i++) {
		s.best[b->may[i]] = w->unknown[b->may[i]];
		w->unknown[b->may[i]] = 0;
	}
	list_rows(&s);
	w->gap = false;
	visit(&s, 0);
	for (size_t i = 0; i < b->nmay; i++)
		w->unknown[b->may[i]] = s.best[b->may[i]];
	*nodes += s.nodes;
	return s.ended && !w->gap;
}
