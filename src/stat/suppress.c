#include <string.h>
#include "stat/sdc.h"

/* WORK_OPS: about ten seconds of one core. */
enum { EXACT_MAY_MAX = 64, EXACT_NODES = 20000, AUDIT_PATIENCE = 50000,
       SCRATCH = 64 << 20 };
#define WORK_OPS INT64_C(10000000000)

const char *tk_cell_status_name(enum tk_cell_status s)
{
	static const char *const name[TK_CELL_ST_MAX] = { "printed", "primary", "complementary",
							  "hidden" };

	return name[s];
}

static struct tk_sdc_leak leak_of(const struct sdc_work *w, const struct tk_sdc *s, uint32_t v,
				  bool recomputed)
{
	uint32_t part = w->net->part[v];

	return (struct tk_sdc_leak){ .cell = part == UINT32_MAX ? v : s->part[part].cell,
				     .base = part == UINT32_MAX ? part : s->part[part].base,
				     .recomputed = recomputed || w->lo[v] == w->hi[v],
				     .lo = w->lo[v],
				     .hi = w->hi[v] };
}

/* A heuristic may leave out a cell that can be computed all the same: then printing it tells
 * nothing new. */
static enum tk_rc print_the_known(struct sdc_work *w, struct tk_arena *a, struct tk_err *e)
{
	const struct sdc_net *net = w->net;
	uint8_t *fixed = tk_alloc_n(a, net->nvar + 1, 1);
	enum tk_rc rc = sdc_determined(net, w->unknown, a, fixed, e);

	for (size_t v = 0; v < net->nvar && !rc; v++) {
		if (fixed[v] && net->may[v] && !net->primary[v])
			w->unknown[v] = 0;
	}
	return rc;
}

static void search_block(struct sdc_work *w, const struct sdc_block *b,
			 const struct tk_sdc_rule *rule, struct tk_arena *a,
			 struct tk_suppressed *ret)
{
	uint8_t *start = tk_alloc_n(a, w->net->nvar + 1, 1);
	bool best = false;

	memcpy(start, w->unknown, w->net->nvar);
	sdc_work_reset(w);
	sdc_choose(w, b, a);
	if (sdc_block_cost(w, b) == 0)
		return;
	if (rule->budget >= 0 && b->nmay <= EXACT_MAY_MAX && w->lp.ops < w->stop)
		best = sdc_exact(w, b, start, rule->budget ? rule->budget : EXACT_NODES,
				 &ret->nodes, a);
	ret->optimal = ret->optimal && best;
}

static void free_arena(void *a)
{
	tk_arena_free(a);
}

/* Each block in memory of its own, so that hundreds of them cost no more than one. */
static void search_all(struct sdc_work *w, const struct tk_sdc_rule *rule, struct tk_arena *a,
		       struct tk_suppressed *ret)
{
	struct tk_arena *scratch = tk_arena_new(SCRATCH);
	size_t n;
	struct sdc_block *b;

	tk_on_free(a, free_arena, scratch);
	b = sdc_blocks(w, a, &n);
	for (size_t i = 0; i < n; i++) {
		search_block(w, &b[i], rule, scratch, ret);
		tk_arena_reset(scratch);
	}
}

static void list_leaks(struct sdc_work *w, const struct tk_sdc *s, struct tk_arena *a,
		       struct tk_suppressed *ret)
{
	const struct sdc_net *net = w->net;

	ret->leak = tk_alloc_n(a, net->nvar + 1, sizeof(*ret->leak));
	for (uint32_t v = 0; v < net->nvar; v++) {
		if (w->need[v] >= net->need[v])
			continue;
		w->lo[v] = w->hi[v] = net->value[v];
		if (!sdc_wide(w, v, net->need[v]))
			ret->leak[ret->nleak++] = leak_of(w, s, v, false);
	}
}

enum tk_rc tk_suppress(const struct tk_sdc *s, const struct tk_sdc_rule *rule, struct tk_arena *a,
		       struct tk_suppressed *ret, struct tk_err *e)
{
	struct sdc_net *net;
	struct sdc_work *w;
	enum tk_rc rc = sdc_net_make(s, rule, a, &net, e);

	*ret = (struct tk_suppressed){ .optimal = true };
	if (rc)
		return rc;
	for (size_t v = 0; v < net->nvar; v++) {
		/* what is left out must at least not be computed from the others */
		if (net->primary[v] && net->may[v] && !net->need[v])
			net->need[v] = 1;
	}
	w = sdc_work_new(net, a);
	w->stop = WORK_OPS;
	for (size_t v = 0; v < net->nvar; v++)
		w->unknown[v] = net->hidden[v] || (net->primary[v] && net->may[v]);
	search_all(w, rule, a, ret);
	ret->hurried = w->lp.ops > w->stop;
	rc = print_the_known(w, a, e);
	if (rc)
		return rc;
	ret->status = tk_alloc_n(a, s->ncell + 1, 1);
	for (size_t c = 0; c < s->ncell; c++) {
		enum tk_cell_status st = net->hidden[c]	    ? TK_CELL_ST_HIDDEN :
					 !w->unknown[c]	    ? TK_CELL_ST_PRINTED :
					 net->primary[c]    ? TK_CELL_ST_PRIMARY :
							      TK_CELL_ST_COMPLEMENTARY;

		ret->status[c] = (uint8_t)st;
		ret->count[st]++;
		ret->cost += st == TK_CELL_ST_COMPLEMENTARY ? net->cost[c] : 0;
		ret->primary_cost += st == TK_CELL_ST_PRIMARY ? net->cost[c] : 0;
	}
	list_leaks(w, s, a, ret);
	return TK_OK;
}

static enum tk_rc say_leak(const struct tk_sdc *s, const struct tk_sdc_leak *k, struct tk_err *e)
{
	const char *cell = s->cell[k->cell].name;

	if (k->base != UINT32_MAX && k->recomputed)
		return tk_fail(e, TK_ECONFLICT, cell,
			       N_("How many of %s are not among %s can be computed from what is "
				  "printed; leave out more cells."),
			       s->cell[k->base].name, cell);
	if (k->base != UINT32_MAX)
		return tk_fail(e, TK_ECONFLICT, cell,
			       N_("How many of %s are not among %s can only be %lld to %lld by "
				  "what is printed; leave out more cells."),
			       s->cell[k->base].name, cell, (long long)k->lo, (long long)k->hi);
	if (k->recomputed)
		return tk_fail(e, TK_ECONFLICT, cell,
			       N_("%s can be computed from what is printed; leave out more "
				  "cells."), cell);
	return tk_fail(e, TK_ECONFLICT, cell,
		       N_("%s can only be %lld to %lld by what is printed; leave out more "
			  "cells."), cell, (long long)k->lo, (long long)k->hi);
}

enum tk_rc tk_suppress_audit(const struct tk_sdc *s, const struct tk_sdc_rule *rule,
			     const uint8_t *status, struct tk_arena *a,
			     struct tk_sdc_leak **ret_leak, size_t *ret_n, struct tk_err *e)
{
	struct sdc_net *net;
	struct sdc_work *w;
	struct tk_sdc_leak *leak;
	uint8_t *fixed;
	size_t n = 0;
	enum tk_rc rc = sdc_net_make(s, rule, a, &net, e);

	if (rc)
		return rc;
	w = sdc_work_new(net, a);
	w->patience = AUDIT_PATIENCE;
	fixed = tk_alloc_n(a, net->nvar + 1, 1);
	leak = tk_alloc_n(a, net->nvar + 1, sizeof(*leak));
	for (size_t v = 0; v < net->nvar; v++) {
		bool out = v < s->ncell && status[v] != TK_CELL_ST_PRINTED && !net->hidden[v];

		w->unknown[v] = net->hidden[v] || out;
		w->lo[v] = w->hi[v] = net->value[v];
		if (out && !net->need[v])
			net->need[v] = 1;
	}
	rc = sdc_determined(net, w->unknown, a, fixed, e);
	for (uint32_t v = 0; v < net->nvar && !rc; v++) {
		if (net->need[v] && (fixed[v] || !sdc_wide(w, v, net->need[v])))
			leak[n++] = leak_of(w, s, v, fixed[v] || !w->unknown[v]);
	}
	if (ret_leak)
		*ret_leak = leak;
	if (ret_n)
		*ret_n = n;
	return rc || !n ? rc : say_leak(s, &leak[0], e);
}
