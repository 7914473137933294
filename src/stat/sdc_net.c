#include <string.h>
#include "stat/sdc.h"
#include "stat/wide.h"

static void *grow(struct tk_arena *a, void *old, size_t n, size_t *cap, size_t size)
{
	void *p;

	if (n < *cap)
		return old;
	*cap = *cap ? *cap * 2 : 64;
	p = tk_alloc_n(a, *cap, size);
	if (n)
		memcpy(p, old, n * size);
	return p;
}

struct tk_sdc *tk_sdc_new(struct tk_arena *a)
{
	struct tk_sdc *s = tk_alloc(a, sizeof(*s));

	s->a = a;
	return s;
}

uint32_t tk_sdc_cell(struct tk_sdc *s, const char *name, int64_t count, unsigned flags,
		     int64_t cost)
{
	s->cell = grow(s->a, s->cell, s->ncell, &s->cap_cell, sizeof(*s->cell));
	s->cell[s->ncell] =
		(struct tk_sdc_cell){ name ? name : "", count, cost > 0 ? cost : 1, flags };
	return (uint32_t)s->ncell++;
}

void tk_sdc_sum(struct tk_sdc *s, uint32_t total, const uint32_t *addend, size_t n)
{
	struct tk_cell_sum *sum;

	s->sum = grow(s->a, s->sum, s->nsum, &s->cap_sum, sizeof(*s->sum));
	sum = &s->sum[s->nsum++];
	*sum = (struct tk_cell_sum){ total, tk_alloc_n(s->a, n + 1, sizeof(*addend)), n };
	if (n)
		memcpy(sum->addend, addend, n * sizeof(*addend));
}

void tk_sdc_part(struct tk_sdc *s, uint32_t cell, uint32_t base)
{
	s->part = grow(s->a, s->part, s->npart, &s->cap_part, sizeof(*s->part));
	s->part[s->npart++] = (struct tk_cell_part){ cell, base };
}

static enum tk_rc check_sum(const struct tk_sdc *s, const struct tk_cell_sum *sum, uint8_t *seen,
			    struct tk_err *e)
{
	const struct tk_sdc_cell *total = &s->cell[sum->total];
	tk_i128 v = 0;
	bool twice = false;

	seen[sum->total] = 1;
	for (size_t i = 0; i < sum->n; i++) {
		twice = twice || seen[sum->addend[i]];
		seen[sum->addend[i]] = 1;
		v += s->cell[sum->addend[i]].count;
	}
	seen[sum->total] = 0;
	for (size_t i = 0; i < sum->n; i++)
		seen[sum->addend[i]] = 0;
	if (twice)
		return tk_fail(e, TK_EINVAL, total->name,
			       N_("The sum of %s has a cell twice, or itself as a part."),
			       total->name);
	if (v != total->count)
		return tk_fail(e, TK_EINVAL, total->name,
			       N_("The cells of %s add up to %lld and not to %lld; the tables do "
				  "not fit together."),
			       total->name, (long long)v, (long long)total->count);
	return TK_OK;
}

static enum tk_rc check(const struct tk_sdc *s, const struct tk_sdc_rule *rule, struct tk_arena *a,
			struct tk_err *e)
{
	uint8_t *seen = tk_alloc_n(a, s->ncell + 1, 1);
	enum tk_rc rc = TK_OK;

	if (rule->k != 3 && rule->k != 5 && rule->k != 10)
		return tk_fail(e, TK_EINVAL, "k", N_("The smallest count that is published is 3, "
						     "5 or 10, not %d."), rule->k);
	if (s->ncell > TK_SDC_CELL_MAX)
		return tk_fail(e, TK_ETOOBIG, "cells",
			       N_("One publication has at most %d cells; this one has %zu. Publish "
				  "tables that share no cells apart."),
			       TK_SDC_CELL_MAX, s->ncell);
	for (size_t i = 0; i < s->ncell; i++) {
		if (s->cell[i].count < 0 || s->cell[i].count > TK_SDC_COUNT_MAX)
			return tk_fail(e, TK_EINVAL, s->cell[i].name,
				       N_("The count of %s is %lld; it must be from 0 to "
					  "1,000,000,000,000."),
				       s->cell[i].name, (long long)s->cell[i].count);
	}
	for (size_t i = 0; i < s->nsum && !rc; i++)
		rc = check_sum(s, &s->sum[i], seen, e);
	for (size_t i = 0; i < s->npart && !rc; i++) {
		const struct tk_sdc_cell *c = &s->cell[s->part[i].cell];
		const struct tk_sdc_cell *b = &s->cell[s->part[i].base];

		if (c == b || c->count > b->count)
			rc = tk_fail(e, TK_EINVAL, c->name,
				     N_("%s counts %lld, which is more than its base %s of %lld, "
					"or is its own base."),
				     c->name, (long long)c->count, b->name, (long long)b->count);
	}
	return rc;
}

/* Is the base the total of a sum that the cell is part of?  Then the rest adds no equation. */
static bool told_by_sum(const struct tk_sdc *s, struct tk_cell_part p)
{
	for (size_t i = 0; i < s->nsum; i++) {
		if (s->sum[i].total != p.base)
			continue;
		for (size_t j = 0; j < s->sum[i].n; j++) {
			if (s->sum[i].addend[j] == p.cell)
				return true;
		}
	}
	return false;
}

static bool is_fact(unsigned flags)
{
	const unsigned all = TK_CELL_PRINTED | TK_CELL_SAFE | TK_CELL_MAY_SUPPRESS;

	return (flags & all) == (TK_CELL_PRINTED | TK_CELL_SAFE);
}

static int64_t rest_need(const struct tk_sdc *s, const struct tk_sdc_rule *rule,
			 struct tk_cell_part p)
{
	int64_t base = s->cell[p.base].count, rest = base - s->cell[p.cell].count;

	if (s->cell[p.cell].flags & TK_CELL_SAFE)
		return 0;
	if (rest == base && is_fact(s->cell[p.base].flags))
		return 0; /* that nobody did it is said by the figure; its base is known anyway */
	if (rest ? rest < rule->k : base && rule->protect_full)
		return rule->k;
	return 0;
}

static void add_cells(struct sdc_net *net, const struct tk_sdc *s, const struct tk_sdc_rule *rule)
{
	for (size_t i = 0; i < s->ncell; i++) {
		const struct tk_sdc_cell *c = &s->cell[i];

		net->value[i] = c->count;
		net->cost[i] = c->cost;
		net->part[i] = UINT32_MAX;
		net->hidden[i] = !(c->flags & TK_CELL_PRINTED);
		net->may[i] = (c->flags & (TK_CELL_PRINTED | TK_CELL_MAY_SUPPRESS)) ==
			      (TK_CELL_PRINTED | TK_CELL_MAY_SUPPRESS);
		if (!(c->flags & TK_CELL_SAFE) &&
		    (c->count ? c->count < rule->k : rule->protect_zero))
			net->need[i] = rule->k;
		if (c->flags & TK_CELL_SECRET)
			net->need[i] = rule->k;
	}
	for (size_t i = 0; i < s->npart; i++) {
		struct tk_cell_part p = s->part[i];

		if (rule->protect_full && !s->cell[p.cell].count && s->cell[p.base].count &&
		    !(s->cell[p.cell].flags & TK_CELL_SAFE))
			net->need[p.cell] = rule->k;
		if (rest_need(s, rule, p))
			net->primary[p.cell] = 1;
	}
	for (size_t i = 0; i < s->ncell; i++)
		net->primary[i] = net->primary[i] || net->need[i];
}

/* No figure exceeds the public frame it belongs to: where only two such institutions exist,
 * everybody knows "0 to 2", and no more than that range can be kept. */
static int64_t *public_caps(const struct tk_sdc *s, struct tk_arena *a)
{
	int64_t *cap = tk_alloc_n(a, s->ncell + 1, sizeof(*cap));
	bool changed = true;

	for (size_t i = 0; i < s->ncell; i++) {
		cap[i] = is_fact(s->cell[i].flags) ? s->cell[i].count : INT64_MAX;
	}
	while (changed) {
		changed = false;
		for (size_t i = 0; i < s->nsum + s->npart; i++) {
			const struct tk_cell_part *p = &s->part[i < s->nsum ? 0 : i - s->nsum];
			const uint32_t *cell = i < s->nsum ? s->sum[i].addend : &p->cell;
			size_t n = i < s->nsum ? s->sum[i].n : 1;
			int64_t top = cap[i < s->nsum ? s->sum[i].total : p->base];

			for (size_t j = 0; j < n; j++) {
				changed = changed || cap[cell[j]] > top;
				cap[cell[j]] = cap[cell[j]] > top ? top : cap[cell[j]];
			}
		}
	}
	return cap;
}

static void cap_needs(struct sdc_net *net, const struct tk_sdc *s, struct tk_arena *a)
{
	int64_t *cap = public_caps(s, a);

	for (size_t v = 0; v < net->nvar; v++) {
		int64_t top = cap[v < net->ncell ? v : s->part[net->part[v]].base];

		if (!(v < net->ncell && !net->may[v] && !net->hidden[v]))
			net->need[v] = net->need[v] > top ? top : net->need[v];
	}
}

static void add_row(struct sdc_net *net, size_t *nnz, const uint32_t *var, size_t n, uint32_t minus)
{
	for (size_t i = 0; i < n; i++) {
		net->row_var[*nnz] = var[i];
		net->row_sign[(*nnz)++] = 1;
	}
	net->row_var[*nnz] = minus;
	net->row_sign[(*nnz)++] = -1;
	net->row_at[++net->nrow] = (uint32_t)*nnz;
}

static void by_variable(struct sdc_net *net, size_t nnz, struct tk_arena *a)
{
	uint32_t *at = tk_alloc_n(a, net->nvar + 1, sizeof(*at));

	for (size_t i = 0; i < nnz; i++)
		net->var_at[net->row_var[i] + 1]++;
	for (size_t v = 0; v < net->nvar; v++)
		net->var_at[v + 1] += net->var_at[v];
	memcpy(at, net->var_at, (net->nvar + 1) * sizeof(*at));
	for (size_t r = 0; r < net->nrow; r++) {
		for (uint32_t i = net->row_at[r]; i < net->row_at[r + 1]; i++) {
			uint32_t k = at[net->row_var[i]]++;

			net->var_row[k] = (uint32_t)r;
			net->var_sign[k] = net->row_sign[i];
		}
	}
}

static void allocate(struct sdc_net *net, const struct tk_sdc *s, size_t nnz, struct tk_arena *a)
{
	size_t var = s->ncell + s->npart + 1, row = s->nsum + s->npart + 1;

	net->row_at = tk_alloc_n(a, row, sizeof(*net->row_at));
	net->row_var = tk_alloc_n(a, nnz + 1, sizeof(*net->row_var));
	net->row_sign = tk_alloc_n(a, nnz + 1, 1);
	net->var_at = tk_alloc_n(a, var + 1, sizeof(*net->var_at));
	net->var_row = tk_alloc_n(a, nnz + 1, sizeof(*net->var_row));
	net->var_sign = tk_alloc_n(a, nnz + 1, 1);
	net->value = tk_alloc_n(a, var, sizeof(*net->value));
	net->cost = tk_alloc_n(a, var, sizeof(*net->cost));
	net->need = tk_alloc_n(a, var, sizeof(*net->need));
	net->may = tk_alloc_n(a, var, 1);
	net->hidden = tk_alloc_n(a, var, 1);
	net->primary = tk_alloc_n(a, var, 1);
	net->part = tk_alloc_n(a, var, sizeof(*net->part));
}

enum tk_rc sdc_net_make(const struct tk_sdc *s, const struct tk_sdc_rule *rule, struct tk_arena *a,
			struct sdc_net **ret, struct tk_err *e)
{
	struct sdc_net *net = tk_alloc(a, sizeof(*net));
	size_t nnz = 3 * s->npart;
	enum tk_rc rc = check(s, rule, a, e);

	if (rc)
		return rc;
	for (size_t i = 0; i < s->nsum; i++)
		nnz += s->sum[i].n + 1;
	allocate(net, s, nnz, a);
	net->ncell = net->nvar = s->ncell;
	add_cells(net, s, rule);
	nnz = 0;
	for (size_t i = 0; i < s->nsum; i++)
		add_row(net, &nnz, s->sum[i].addend, s->sum[i].n, s->sum[i].total);
	for (size_t i = 0; i < s->npart; i++) {
		struct tk_cell_part p = s->part[i];
		uint32_t pair[2] = { p.cell, (uint32_t)net->nvar };

		if (!rest_need(s, rule, p) && told_by_sum(s, p))
			continue;
		net->value[net->nvar] = s->cell[p.base].count - s->cell[p.cell].count;
		net->need[net->nvar] = rest_need(s, rule, p);
		net->hidden[net->nvar] = 1;
		net->part[net->nvar] = (uint32_t)i;
		net->nvar++;
		add_row(net, &nnz, pair, 2, p.base);
	}
	cap_needs(net, s, a);
	by_variable(net, nnz, a);
	*ret = net;
	return TK_OK;
}
