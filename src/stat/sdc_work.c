#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "stat/sdc.h"

enum { MOVE_MAX = 1024, PATIENCE = 300 };

static void forget(void *arg)
{
	struct sdc_work *w = arg;

	sdc_work_reset(w);
	sdc_lp_free(&w->lp);
}

struct sdc_work *sdc_work_new(const struct sdc_net *net, struct tk_arena *a)
{
	struct sdc_work *w = tk_alloc(a, sizeof(*w));
	size_t nv = net->nvar + 1, nr = net->nrow + 1;

	w->net = net;
	w->patience = PATIENCE;
	w->unknown = tk_alloc_n(a, nv, 1);
	w->need = tk_alloc_n(a, nv, sizeof(*w->need));
	memcpy(w->need, net->need, net->nvar * sizeof(*w->need));
	w->lo = tk_alloc_n(a, nv, sizeof(*w->lo));
	w->hi = tk_alloc_n(a, nv, sizeof(*w->hi));
	w->by = tk_alloc_n(a, nv, sizeof(*w->by));
	w->move = tk_alloc_n(a, MOVE_MAX, sizeof(*w->move));
	w->var = tk_alloc_n(a, nv, sizeof(*w->var));
	w->cut = tk_alloc_n(a, nv, sizeof(*w->cut));
	w->col_of = tk_alloc_n(a, nv, sizeof(*w->col_of));
	w->mark = tk_alloc_n(a, nv, 1);
	w->row = tk_alloc_n(a, nr, sizeof(*w->row));
	w->line_of = tk_alloc_n(a, nr, sizeof(*w->line_of));
	for (size_t v = 0; v < nv; v++)
		w->col_of[v] = -1;
	for (size_t r = 0; r < nr; r++)
		w->line_of[r] = -1;
	tk_on_free(a, forget, w);
	return w;
}

void sdc_work_reset(struct sdc_work *w)
{
	for (size_t i = 0; i < w->nmove; i++) {
		free(w->move[i].var);
		free(w->move[i].by);
		w->move[i] = (struct sdc_move){ 0 };
	}
	w->nmove = w->next = 0;
}

static void see(struct sdc_work *w, const struct sdc_move *m)
{
	for (size_t i = 0; i < m->n; i++) {
		uint32_t v = m->var[i];
		int64_t x = w->net->value[v] + m->by[i];

		w->lo[v] = x < w->lo[v] ? x : w->lo[v];
		w->hi[v] = x > w->hi[v] ? x : w->hi[v];
	}
}

void sdc_recall(struct sdc_work *w, const uint32_t *var, size_t n)
{
	for (size_t i = 0; i < n; i++)
		w->lo[var[i]] = w->hi[var[i]] = w->net->value[var[i]];
	for (size_t i = 0; i < w->nmove; i++) {
		const struct sdc_move *m = &w->move[i];
		size_t k = 0;

		while (k < m->n && w->unknown[m->var[k]])
			k++;
		if (k == m->n)
			see(w, m);
	}
}

/* The proof, in whole numbers: every equation still holds, and no figure is below 0. */
static bool proven(struct sdc_work *w, const struct sdc_move *m)
{
	const struct sdc_net *net = w->net;
	bool ok = true;

	for (size_t i = 0; i < m->n; i++)
		w->by[m->var[i]] = m->by[i];
	for (size_t i = 0; i < m->n && ok; i++) {
		uint32_t v = m->var[i];

		ok = w->unknown[v] && net->value[v] + m->by[i] >= 0;
		for (uint32_t k = net->var_at[v]; k < net->var_at[v + 1] && ok; k++) {
			uint32_t r = net->var_row[k];
			int64_t sum = 0;

			for (uint32_t q = net->row_at[r]; q < net->row_at[r + 1]; q++)
				sum += net->row_sign[q] * w->by[net->row_var[q]];
			ok = sum == 0;
		}
	}
	for (size_t i = 0; i < m->n; i++)
		w->by[m->var[i]] = 0;
	return ok;
}

/* Keeps the move if it is one.  Takes over its memory. */
static bool keep(struct sdc_work *w, struct sdc_move m)
{
	struct sdc_move *old = &w->move[w->next];

	if (!m.n || !proven(w, &m)) {
		free(m.var);
		free(m.by);
		return false;
	}
	see(w, &m);
	free(old->var);
	free(old->by);
	*old = m;
	w->next = (w->next + 1) % MOVE_MAX;
	w->nmove = w->nmove < MOVE_MAX ? w->nmove + 1 : w->nmove;
	return true;
}

static struct sdc_move move_of(size_t n)
{
	return (struct sdc_move){ .var = tk_xcalloc(n + 1, sizeof(uint32_t)),
				  .by = tk_xcalloc(n + 1, sizeof(int64_t)) };
}

/* What the tableau's columns have moved; no move (n 0) where a figure is not whole. */
static struct sdc_move moved(const struct sdc_work *w)
{
	struct sdc_move m = move_of(w->nvar);
	bool whole = true;

	for (size_t j = 0; j < w->nvar && whole; j++) {
		double d = w->lp.x[j] - w->lp.x0[j];

		whole = fabs(d - round(d)) < 1e-6;
		if (!whole || llround(d) == 0)
			continue;
		m.var[m.n] = w->var[j];
		m.by[m.n++] = llround(d);
	}
	m.n = whole ? m.n : 0;
	return m;
}

static void release(struct sdc_work *w)
{
	for (size_t j = 0; j < w->nvar; j++)
		w->col_of[w->var[j]] = -1;
	for (size_t i = 0; i < w->nrow; i++)
		w->line_of[w->row[i]] = -1;
	w->nvar = w->nrow = 0;
}

static void take_row(struct sdc_work *w, uint32_t r)
{
	if (w->line_of[r] >= 0)
		return;
	w->line_of[r] = (int32_t)w->nrow;
	w->row[w->nrow++] = r;
}

static void take_var(struct sdc_work *w, uint32_t v)
{
	if (w->col_of[v] >= 0)
		return;
	w->col_of[v] = (int32_t)w->nvar;
	w->var[w->nvar++] = v;
}

/* The unknowns that hang together with v, as a tableau. */
static bool gather(struct sdc_work *w, uint32_t v)
{
	const struct sdc_net *net = w->net;

	take_var(w, v);
	for (size_t j = 0; j < w->nvar; j++) {
		for (uint32_t k = net->var_at[w->var[j]]; k < net->var_at[w->var[j] + 1]; k++) {
			uint32_t r = net->var_row[k];

			if (w->line_of[r] >= 0)
				continue;
			take_row(w, r);
			for (uint32_t q = net->row_at[r]; q < net->row_at[r + 1]; q++) {
				if (w->unknown[net->row_var[q]])
					take_var(w, net->row_var[q]);
			}
		}
	}
	if (!sdc_lp_size(&w->lp, w->nrow, w->nvar, true))
		return false;
	for (size_t j = 0; j < w->nvar; j++) {
		uint32_t u = w->var[j];

		w->lp.x0[j] = (double)net->value[u];
		for (uint32_t k = net->var_at[u]; k < net->var_at[u + 1]; k++)
			w->lp.t[(size_t)w->line_of[net->var_row[k]] * w->lp.stride + j] =
				net->var_sign[k];
	}
	sdc_lp_basis(&w->lp);
	return true;
}

static void cut_add(struct sdc_work *w, uint32_t v)
{
	if (w->mark[v])
		return;
	w->mark[v] = 1;
	w->cut[w->ncut++] = v;
}

static void cut_close(struct sdc_work *w)
{
	for (size_t i = 0; i < w->ncut; i++)
		w->mark[w->cut[i]] = 0;
}

/* The printed cells that the proof of the bound uses: as long as all of them are printed, the
 * bound stands, whatever else is left out. */
static void cut_of_bound(struct sdc_work *w)
{
	const struct sdc_net *net = w->net;
	const double *y = &w->lp.t[w->lp.m * w->lp.stride + w->lp.n];

	for (size_t i = 0; i < w->nrow; i++) {
		uint32_t r = w->row[i];

		if (fabs(y[i]) < 1e-7)
			continue;
		for (uint32_t q = net->row_at[r]; q < net->row_at[r + 1]; q++) {
			uint32_t c = net->row_var[q];
			double use = 0;

			if (w->unknown[c] || !net->may[c] || w->mark[c])
				continue;
			for (uint32_t k = net->var_at[c]; k < net->var_at[c + 1]; k++) {
				int32_t line = w->line_of[net->var_row[k]];

				use += line >= 0 ? net->var_sign[k] * y[line] : 0;
			}
			if (fabs(use) > 1e-7)
				cut_add(w, c);
		}
	}
}

/* The bound has no proof by equations: any printed cell that stands in one with these unknowns. */
static void cut_of_all(struct sdc_work *w)
{
	const struct sdc_net *net = w->net;

	for (size_t i = 0; i < w->nrow; i++) {
		for (uint32_t q = net->row_at[w->row[i]]; q < net->row_at[w->row[i] + 1]; q++) {
			uint32_t c = net->row_var[q];

			if (!w->unknown[c] && net->may[c])
				cut_add(w, c);
		}
	}
}

/* Climbs in direction sign; keeps the farthest whole solution. */
static enum sdc_step climb(struct sdc_work *w, uint32_t v, double sign, double rise, double *c)
{
	size_t col = (size_t)w->col_of[v];
	struct sdc_move best = { 0 };
	double far = 0;
	enum sdc_step s;

	memset(c, 0, w->nvar * sizeof(*c));
	c[col] = sign;
	sdc_lp_aim(&w->lp, c);
	do {
		s = sdc_lp_step(&w->lp, rise);
		if (sign * (w->lp.x[col] - w->lp.x0[col]) > far + 0.5) {
			struct sdc_move m = moved(w);

			if (m.n) {
				free(best.var);
				free(best.by);
				best = m;
				far = sign * (w->lp.x[col] - w->lp.x0[col]);
			} else {
				free(m.var);
				free(m.by);
			}
		}
	} while (s == SDC_MORE);
	keep(w, best);
	return s;
}

/* The climb ended below what it promises in whole figures: looks for them.  True: the figures fall
 * short of the promise. */
static bool short_of(struct sdc_work *w, uint32_t v, enum sdc_step s, bool up)
{
	double end = (double)w->net->value[v] + (up ? w->lp.gain : -w->lp.gain);
	int64_t goal = (int64_t)(up ? floor(end + 1e-6) : ceil(end - 1e-6)), first = goal;

	if (s == SDC_STUCK)
		w->gap = true;
	for (; up ? w->hi[v] < goal : w->lo[v] > goal; goal += up ? -1 : 1) {
		struct sdc_move m = move_of(w->nvar);
		enum sdc_whole r = sdc_whole(w, v, up ? goal : 0,
					     up ? 2 * TK_SDC_COUNT_MAX : goal, &m);

		keep(w, m);
		w->gap = w->gap || r == SDC_GAVE_UP;
		if (r == SDC_GAVE_UP)
			break;
	}
	return s == SDC_STUCK || (up ? w->hi[v] < first : w->lo[v] > first);
}

bool sdc_wide(struct sdc_work *w, uint32_t v, int64_t need)
{
	int64_t value = w->net->value[v], low;
	bool all = false;
	enum sdc_step s;
	double *c;

	w->ncut = 0;
	if (w->hi[v] - w->lo[v] >= need)
		return true;
	if (!w->unknown[v]) {
		if (w->net->may[v])
			w->cut[w->ncut++] = v;
		return false;
	}
	if (!gather(w, v)) {
		w->gap = true;
		cut_of_all(w);
		cut_close(w);
		release(w);
		return false;
	}
	c = tk_xcalloc(w->nvar + 1, sizeof(*c));
	s = climb(w, v, 1, (double)(w->lo[v] + need - value), c);
	if (s == SDC_TOP)
		cut_of_bound(w);
	all = short_of(w, v, s, true);
	if (w->hi[v] - w->lo[v] < need && value > 0) {
		low = w->hi[v] - need;
		s = climb(w, v, -1, (double)(value - (low < 0 ? 0 : low)), c);
		if (s == SDC_TOP)
			cut_of_bound(w);
		all = short_of(w, v, s, false) || all;
	}
	if (w->hi[v] - w->lo[v] < need && all)
		cut_of_all(w);
	free(c);
	cut_close(w);
	release(w);
	if (w->hi[v] - w->lo[v] >= need)
		w->ncut = 0;
	return w->hi[v] - w->lo[v] >= need;
}

/* Rows up to `radius` steps from v (a step leads over a cell that is or may be left out), and the
 * variables that have no other rows. */
static void surround(struct sdc_work *w, uint32_t v, int radius, const uint8_t *forbid)
{
	const struct sdc_net *net = w->net;
	size_t end, from = 0;

	for (uint32_t k = net->var_at[v]; k < net->var_at[v + 1]; k++)
		take_row(w, net->var_row[k]);
	for (int step = 0; step < radius && from < w->nrow; step++) {
		for (end = w->nrow; from < end; from++) {
			uint32_t r = w->row[from];

			for (uint32_t q = net->row_at[r]; q < net->row_at[r + 1]; q++) {
				uint32_t u = net->row_var[q];

				if (!w->unknown[u] && (!net->may[u] || (forbid && forbid[u])))
					continue;
				for (uint32_t k = net->var_at[u]; k < net->var_at[u + 1]; k++)
					take_row(w, net->var_row[k]);
			}
		}
	}
	for (size_t i = 0; i < w->nrow; i++) {
		for (uint32_t q = net->row_at[w->row[i]]; q < net->row_at[w->row[i] + 1]; q++) {
			uint32_t u = net->row_var[q];
			bool in = w->unknown[u] || (net->may[u] && !(forbid && forbid[u]));

			for (uint32_t k = net->var_at[u]; k < net->var_at[u + 1] && in; k++)
				in = w->line_of[net->var_row[k]] >= 0;
			if (in)
				take_var(w, u);
		}
	}
}

/* Where a variable's columns stand: one for an unknown; for a printed cell one upwards and, where
 * it has room, one downwards, with a line of its own where the room is less than the amount. */
struct plan {
	size_t *up, *down; /* SIZE_MAX: none */
	size_t ncol, nline;
};

static struct plan plan_columns(const struct sdc_work *w, int64_t amount)
{
	struct plan p = { tk_xcalloc(w->nvar + 1, sizeof(size_t)),
			  tk_xcalloc(w->nvar + 1, sizeof(size_t)), 0, w->nrow };

	for (size_t j = 0; j < w->nvar; j++) {
		uint32_t u = w->var[j];
		int64_t room = w->net->value[u];

		p.up[j] = p.ncol++;
		p.down[j] = w->unknown[u] || !room ? SIZE_MAX : p.ncol++;
		if (p.down[j] != SIZE_MAX && room < amount) {
			p.ncol++;
			p.nline++;
		}
	}
	p.ncol++; /* slack of the amount */
	p.nline++;
	return p;
}

static void fill(struct sdc_work *w, const struct plan *p, size_t target, int64_t amount,
		 double sign, double *c)
{
	const struct sdc_net *net = w->net;
	struct sdc_lp *lp = &w->lp;
	size_t line = w->nrow;
	double most = 1;

	for (size_t j = 0; j < w->nvar; j++)
		most = fmax(most, (double)net->cost[w->var[j]]);
	for (size_t j = 0; j < w->nvar; j++) {
		uint32_t u = w->var[j];
		int64_t room = net->value[u];

		if (w->unknown[u])
			lp->x0[p->up[j]] = (double)room;
		else
			c[p->up[j]] = -(double)net->cost[u] / most;
		for (uint32_t k = net->var_at[u]; k < net->var_at[u + 1]; k++) {
			double *row = &lp->t[(size_t)w->line_of[net->var_row[k]] * lp->stride];

			row[p->up[j]] = net->var_sign[k];
			if (p->down[j] != SIZE_MAX)
				row[p->down[j]] = -net->var_sign[k];
		}
		if (p->down[j] == SIZE_MAX)
			continue;
		c[p->down[j]] = c[p->up[j]];
		if (room < amount) {
			lp->t[line * lp->stride + p->down[j]] = 1;
			lp->t[line++ * lp->stride + p->down[j] + 1] = 1;
			lp->x0[p->down[j] + 1] = (double)room;
		}
	}
	/* what the target moves is worth more than all that may be left out for it */
	c[p->up[target]] = sign * 1e5;
	lp->t[line * lp->stride + p->up[target]] = sign;
	lp->t[line * lp->stride + p->ncol - 1] = 1;
	lp->x0[p->ncol - 1] = (double)amount;
}

/* Reads the solution: cells newly left out, and the move itself. */
static void take_solution(struct sdc_work *w, const struct plan *p)
{
	struct sdc_move m = move_of(w->nvar);
	const double *x = w->lp.x, *x0 = w->lp.x0;
	bool whole = true;

	for (size_t j = 0; j < w->nvar; j++) {
		double d = x[p->up[j]] - x0[p->up[j]];

		d -= p->down[j] == SIZE_MAX ? 0 : x[p->down[j]];
		whole = whole && fabs(d - round(d)) < 1e-6;
		if (fabs(d) < 1e-6)
			continue;
		if (!w->unknown[w->var[j]])
			w->cut[w->ncut++] = w->var[j];
		m.var[m.n] = w->var[j];
		m.by[m.n++] = llround(d);
	}
	if (!whole)
		m.n = 0;
	for (size_t i = 0; i < w->ncut; i++)
		w->unknown[w->cut[i]] = 1;
	keep(w, m);
}

/* partly: what goes only a part of the way is taken too. */
static void solve_around(struct sdc_work *w, uint32_t v, int64_t amount, bool up, bool partly)
{
	struct plan p = plan_columns(w, amount);
	double *c = tk_xcalloc(p.ncol + 1, sizeof(*c)), went;
	size_t target = (size_t)w->col_of[v];

	if (w->col_of[v] >= 0 && sdc_lp_size(&w->lp, p.nline, p.ncol, false)) {
		fill(w, &p, target, amount, up ? 1 : -1, c);
		sdc_lp_basis(&w->lp);
		sdc_lp_aim(&w->lp, c);
		while (sdc_lp_step(&w->lp, INFINITY) == SDC_MORE)
			;
		went = fabs(w->lp.x[p.up[target]] - w->lp.x0[p.up[target]]);
		if (went > (partly ? 1e-6 : (double)amount - 1e-6))
			take_solution(w, &p);
	}
	free(c);
	free(p.up);
	free(p.down);
}

bool sdc_cheapest(struct sdc_work *w, uint32_t v, int64_t amount, bool up, const uint8_t *forbid)
{
	static const int radius[] = { 2, INT32_MAX };

	w->ncut = 0;
	for (size_t i = 0; i < TK_LEN(radius) && !w->ncut; i++) {
		surround(w, v, radius[i], forbid);
		solve_around(w, v, amount, up, i + 1 == TK_LEN(radius));
		release(w);
	}
	return w->ncut > 0;
}
