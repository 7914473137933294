/* form_order.c - in which order the conditions of a form can be found out.
 *
 * A row (item or section) leans on the items its condition names and on its section.  Items come
 * out after what they lean on; what leans on itself can never be decided and is named. */
#include <string.h>
#include "form/form_in.h"

/* Rows are numbered items first, then sections. */
struct graph {
	const struct tk_form *f;
	size_t                n;
	uint32_t             *from;     /* edges of row k: to[from[k]] ... to[from[k + 1] - 1] */
	uint32_t             *to;       /* what row k leans on */
	bool                 *done;
};

static const struct tk_expr *condition_of(const struct tk_form *f, size_t row)
{
	return row < f->nitem ? f->item[row].relevant : f->group[row - f->nitem].relevant;
}

static const struct tk_expr *calculation_of(const struct tk_form *f, size_t row)
{
	return row < f->nitem ? f->item[row].calculation : NULL;
}

static int section_of(const struct tk_form *f, size_t row)
{
	return row < f->nitem ? f->item[row].group : f->group[row - f->nitem].parent;
}

static const char *code_of(const struct tk_form *f, size_t row)
{
	return row < f->nitem ? f->item[row].code : f->group[row - f->nitem].code;
}

/* Writes the items an expression names. */
static uint32_t leans_on(const struct tk_form *f, const struct tk_expr *x, uint32_t *out)
{
	const char *const *name = NULL;
	uint32_t n = 0;
	size_t nname = 0;

	if (x)
		name = tk_expr_names(x, &nname);
	for (size_t i = 0; i < nname; i++) {
		int item = tk_form_item_index(f, name[i]);

		if (item >= 0 && out)           /* an unknown name is a fault of its own */
			out[n] = (uint32_t)item;
		n += item >= 0;
	}
	return n;
}

/* Writes the edges of a row (out may be NULL: only counts). */
static uint32_t edges_of(const struct tk_form *f, size_t row, uint32_t *out)
{
	uint32_t n = leans_on(f, condition_of(f, row), out);

	n += leans_on(f, calculation_of(f, row), out ? out + n : NULL);
	if (section_of(f, row) >= 0) {
		if (out)
			out[n] = (uint32_t)(f->nitem + (size_t)section_of(f, row));
		n++;
	}
	return n;
}

static void make_edges(struct graph *g, struct tk_arena *mem)
{
	g->from = tk_alloc_n(mem, g->n + 1, sizeof(*g->from));
	g->done = tk_alloc_n(mem, g->n + 1, sizeof(*g->done));
	for (size_t k = 0; k < g->n; k++)
		g->from[k + 1] = g->from[k] + edges_of(g->f, k, NULL);
	g->to = tk_alloc_n(mem, (size_t)g->from[g->n] + 1, sizeof(*g->to));
	for (size_t k = 0; k < g->n; k++)
		(void)edges_of(g->f, k, g->to + g->from[k]);
}

/* The first row that k leans on and that has no place yet; -1: none. */
static int64_t waits_for(const struct graph *g, size_t k)
{
	for (uint32_t e = g->from[k]; e < g->from[k + 1]; e++)
		if (!g->done[g->to[e]])
			return g->to[e];
	return -1;
}

/* From a row that waits, along what it waits for: whoever is met twice stands in the circle. */
static void name_circle(const struct graph *g, size_t k, struct tk_arena *mem, const char **cycle,
			const char **through)
{
	bool *met = tk_alloc_n(mem, g->n + 1, sizeof(*met));

	while (!met[k]) {
		met[k] = true;
		k = (size_t)waits_for(g, k);
	}
	*cycle = code_of(g->f, k);
	*through = code_of(g->f, (size_t)waits_for(g, k));
}

/* The edges the other way round: who leans on row k. */
static void turn_round(struct graph *g, struct tk_arena *mem, struct tk_flow *flow)
{
	uint32_t *from = tk_alloc_n(mem, g->n + 2, sizeof(*from)),
		 *to = tk_alloc_n(mem, (size_t)g->from[g->n] + 1, sizeof(*to));

	for (uint32_t e = 0; e < g->from[g->n]; e++)
		from[g->to[e] + 2]++;
	for (size_t k = 2; k < g->n + 2; k++)
		from[k] += from[k - 1];
	for (size_t k = 0; k < g->n; k++)
		for (uint32_t e = g->from[k]; e < g->from[k + 1]; e++)
			to[from[g->to[e] + 1]++] = (uint32_t)k;
	flow->from = from;
	flow->to = to;
	flow->n = g->n;
}

void tk_form_order(struct tk_arena *mem, struct tk_form *f, const char **ret_cycle,
		   const char **ret_through)
{
	struct graph g = { .f = f, .n = f->nitem + f->ngroup };
	uint32_t *order = tk_alloc_n(mem, f->nitem + 1, sizeof(*order)), *stack;
	uint32_t *rank = tk_alloc_n(mem, g.n + 1, sizeof(*rank)),
		 *at = tk_alloc_n(mem, g.n + 1, sizeof(*at));
	size_t n = 0, all = 0, depth;

	*ret_cycle = *ret_through = NULL;
	f->order = order;
	if (!f->conditions) {
		for (size_t i = 0; i < f->nitem; i++)
			order[i] = (uint32_t)i;
		return;
	}
	make_edges(&g, mem);
	turn_round(&g, mem, &f->flow);
	f->flow.rank = rank;
	f->flow.at = at;
	stack = tk_alloc_n(mem, g.n + 1, sizeof(*stack));
	for (size_t start = 0; start < g.n; start++) {
		stack[0] = (uint32_t)start;
		for (depth = 1; depth;) {
			size_t k = stack[depth - 1];
			int64_t first = waits_for(&g, k);

			if (g.done[k]) {
				depth--;
				continue;
			}
			if (first >= 0 && depth <= g.n) {
				stack[depth++] = (uint32_t)first;
				continue;
			}
			if (first >= 0 &&
			    !*ret_cycle) /* deeper than there are rows: a circle, cut here */
				name_circle(&g, k, mem, ret_cycle, ret_through);
			g.done[k] = true;
			rank[k] = (uint32_t)all;
			at[all++] = (uint32_t)k;
			if (k < f->nitem)
				order[n++] = (uint32_t)k;
		}
	}
}
