#include <stdlib.h>
#include <string.h>
#include "stat/sdc.h"

static uint32_t root(uint32_t *up, uint32_t v)
{
	while (up[v] != v)
		v = up[v] = up[up[v]];
	return v;
}

static bool loose(const struct sdc_work *w, uint32_t v)
{
	return w->unknown[v] || w->net->may[v];
}

static uint32_t *connect(const struct sdc_work *w, struct tk_arena *a)
{
	const struct sdc_net *net = w->net;
	uint32_t *up = tk_alloc_n(a, net->nvar + 1, sizeof(*up));

	for (size_t v = 0; v < net->nvar; v++)
		up[v] = (uint32_t)v;
	for (size_t r = 0; r < net->nrow; r++) {
		uint32_t first = UINT32_MAX;

		for (uint32_t q = net->row_at[r]; q < net->row_at[r + 1]; q++) {
			uint32_t v = net->row_var[q], x, y;

			if (!loose(w, v))
				continue;
			if (first == UINT32_MAX)
				first = v;
			x = root(up, first);
			y = root(up, v);
			/* the smaller number is the root, so that blocks come in their order */
			up[x > y ? x : y] = x > y ? y : x;
		}
	}
	return up;
}

struct key {
	int64_t cost;
	uint32_t v;
};

static int dear_first(const void *a, const void *b)
{
	const struct key *x = a, *y = b;

	if (x->cost != y->cost)
		return x->cost > y->cost ? -1 : 1;
	return (x->v < y->v) - (x->v > y->v);
}

static void sort(const struct sdc_net *net, uint32_t *v, size_t n, struct tk_arena *a)
{
	struct key *k = tk_alloc_n(a, n + 1, sizeof(*k));

	for (size_t i = 0; i < n; i++)
		k[i] = (struct key){ net->cost[v[i]], v[i] };
	qsort(k, n, sizeof(*k), dear_first);
	for (size_t i = 0; i < n; i++)
		v[i] = k[i].v;
}

struct sdc_block *sdc_blocks(const struct sdc_work *w, struct tk_arena *a, size_t *ret_n)
{
	const struct sdc_net *net = w->net;
	uint32_t *up = connect(w, a), *number = tk_alloc_n(a, net->nvar + 1, sizeof(*number));
	struct sdc_block *b = tk_alloc_n(a, net->nvar + 1, sizeof(*b));
	size_t n = 0;

	/* only the roots of blocks with a small variable get a number, counted from 1 */
	for (size_t v = 0; v < net->nvar; v++) {
		if (w->need[v] && !number[root(up, (uint32_t)v)])
			number[root(up, (uint32_t)v)] = (uint32_t)++n;
	}
	for (int pass = 0; pass < 2; pass++) {
		for (size_t v = 0; v < net->nvar; v++) {
			uint32_t k = number[root(up, (uint32_t)v)];
			struct sdc_block *x = k ? &b[k - 1] : NULL;

			if (!x)
				continue;
			if (pass)
				x->var[x->nvar] = (uint32_t)v;
			x->nvar++;
			if (pass && w->need[v])
				x->small[x->nsmall] = (uint32_t)v;
			x->nsmall += w->need[v] > 0;
			if (pass && net->may[v] && !w->unknown[v])
				x->may[x->nmay] = (uint32_t)v;
			x->nmay += net->may[v] && !w->unknown[v];
		}
		for (size_t i = 0; i < n && !pass; i++) {
			b[i].var = tk_alloc_n(a, b[i].nvar + 1, sizeof(uint32_t));
			b[i].small = tk_alloc_n(a, b[i].nsmall + 1, sizeof(uint32_t));
			b[i].may = tk_alloc_n(a, b[i].nmay + 1, sizeof(uint32_t));
			b[i].nvar = b[i].nsmall = b[i].nmay = 0;
		}
	}
	for (size_t i = 0; i < n; i++)
		sort(net, b[i].may, b[i].nmay, a);
	*ret_n = n;
	return b;
}

bool sdc_block_safe(struct sdc_work *w, const struct sdc_block *b)
{
	sdc_recall(w, b->var, b->nvar);
	for (size_t i = 0; i < b->nsmall; i++) {
		if (!sdc_wide(w, b->small[i], w->need[b->small[i]]))
			return false;
	}
	return true;
}

int64_t sdc_block_cost(const struct sdc_work *w, const struct sdc_block *b)
{
	int64_t cost = 0;

	for (size_t i = 0; i < b->nmay; i++)
		cost += w->unknown[b->may[i]] ? w->net->cost[b->may[i]] : 0;
	return cost;
}
