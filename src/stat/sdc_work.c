#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "stat/sdc.h"

enum { MOVE_MAX = 1024, PATIENCE = 300, STRAYS = 6, AGE_MAX = 2000 };

static void drop(struct sdc_move *m)
{
	free(m->var);
	free(m->by);
	*m = (struct sdc_move){ 0 };
}

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
	w->stop = LONG_MAX;
	w->unknown = tk_alloc_n(a, nv, 1);
	w->held = tk_alloc_n(a, nv, 1);
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
		drop(&w->move[i]);
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

bool sdc_keep(struct sdc_work *w, struct sdc_move m)
{
	struct sdc_move *old = &w->move[w->next];

	if (!m.n || !proven(w, &m)) {
		drop(&m);
		return false;
	}
	see(w, &m);
	drop(old);
	*old = m;
	w->next = (w->next + 1) % MOVE_MAX;
	w->nmove = w->nmove < MOVE_MAX ? w->nmove + 1 : w->nmove;
	return true;
}

struct sdc_move sdc_move_of(size_t n)
{
	return (struct sdc_move){ .var = tk_xcalloc(n + 1, sizeof(uint32_t)),
				  .by = tk_xcalloc(n + 1, sizeof(int64_t)) };
}

/* What the columns have moved, `times` over; no move (n 0) where a figure is not whole or below 0.
 * A fraction is most often a half: the same way twice as far is whole, if there is room. */
static struct sdc_move moved(const struct sdc_work *w, int times)
{
	struct sdc_move m = sdc_move_of(w->nvar);
	bool good = true;

	for (size_t j = 0; j < w->nvar && good; j++) {
		double d = times * (w->lp.x[j] - w->lp.x0[j]);

		good = fabs(d - round(d)) < 1e-6 && w->lp.x0[j] + d > -0.5;
		if (!good || llround(d) == 0)
			continue;
		m.var[m.n] = w->var[j];
		m.by[m.n++] = llround(d);
	}
	m.n = good ? m.n : 0;
	return m;
}

void sdc_let_go(struct sdc_work *w)
{
	for (size_t j = 0; j < w->nvar; j++)
		w->col_of[w->var[j]] = -1;
	for (size_t i = 0; i < w->nrow; i++)
		w->line_of[w->row[i]] = -1;
	w->nvar = w->nrow = 0;
	w->holds = false;
}

void sdc_take_row(struct sdc_work *w, uint32_t r)
{
	if (w->line_of[r] >= 0)
		return;
	w->line_of[r] = (int32_t)w->nrow;
	w->row[w->nrow++] = r;
}

void sdc_take_var(struct sdc_work *w, uint32_t v)
{
	if (w->col_of[v] >= 0)
		return;
	w->col_of[v] = (int32_t)w->nvar;
	w->var[w->nvar++] = v;
}

void sdc_put(struct sdc_work *w, uint32_t v, int sign)
{
	const struct sdc_net *net = w->net;

	for (uint32_t k = net->var_at[v]; k < net->var_at[v + 1]; k++)
		sdc_lp_put(&w->lp, (size_t)w->line_of[net->var_row[k]], sign * net->var_sign[k]);
}

/* The unknowns that hang together with v.  They stay for the next question about them. */
static bool gather(struct sdc_work *w, uint32_t v)
{
	const struct sdc_net *net = w->net;
	size_t nnz = 0;

	if (w->holds && w->col_of[v] >= 0 && !memcmp(w->held, w->unknown, net->nvar)) {
		if (w->lp.age > AGE_MAX)
			sdc_lp_basis(&w->lp);
		return true;
	}
	sdc_let_go(w);

	sdc_take_var(w, v);
	for (size_t j = 0; j < w->nvar; j++) {
		for (uint32_t k = net->var_at[w->var[j]]; k < net->var_at[w->var[j] + 1]; k++) {
			uint32_t r = net->var_row[k];

			if (w->line_of[r] >= 0)
				continue;
			sdc_take_row(w, r);
			for (uint32_t q = net->row_at[r]; q < net->row_at[r + 1]; q++) {
				if (w->unknown[net->row_var[q]])
					sdc_take_var(w, net->row_var[q]);
			}
		}
	}
	for (size_t j = 0; j < w->nvar; j++)
		nnz += net->var_at[w->var[j] + 1] - net->var_at[w->var[j]];
	if (!sdc_lp_size(&w->lp, w->nrow, w->nvar, nnz))
		return false;
	for (size_t j = 0; j < w->nvar; j++) {
		sdc_lp_col(&w->lp, (double)net->value[w->var[j]]);
		sdc_put(w, w->var[j], 1);
	}
	sdc_lp_basis(&w->lp);
	memcpy(w->held, w->unknown, net->nvar);
	w->holds = true;
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
	const double *y = &w->lp.t[w->lp.m * w->lp.m];

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

/* Do the doubles still solve the equations? */
static bool exact_enough(const struct sdc_work *w)
{
	const struct sdc_net *net = w->net;

	for (size_t i = 0; i < w->nrow; i++) {
		double sum = 0;

		for (uint32_t q = net->row_at[w->row[i]]; q < net->row_at[w->row[i] + 1]; q++) {
			int32_t j = w->col_of[net->row_var[q]];

			sum += j >= 0 ? net->row_sign[q] * (w->lp.x[j] - w->lp.x0[j]) : 0;
		}
		if (fabs(sum) > 1e-5)
			return false;
	}
	return true;
}

/* Climbs in direction sign; keeps the farthest whole solution.  stray: 0, or makes the climb go
 * another way, to another corner. */
static enum sdc_step climb(struct sdc_work *w, uint32_t v, double sign, double rise, uint32_t stray,
			   double *c)
{
	size_t col = (size_t)w->col_of[v];
	struct sdc_move best = { 0 };
	double far = 0;
	enum sdc_step s;

	for (size_t j = 0; j < w->nvar; j++) {
		stray = stray * 1664525 + (stray ? 1013904223 : 0);
		c[j] = stray ? ((double)(stray >> 8) / (1 << 24) - 0.5) * 1e-3 : 0;
	}
	c[col] = sign;
	sdc_lp_aim(&w->lp, c);
	do {
		s = sdc_lp_step(&w->lp, rise);
		for (int times = 1; times <= (s == SDC_MORE ? 1 : 6); times++) {
			double gone = times * sign * (w->lp.x[col] - w->lp.x0[col]);
			struct sdc_move m;

			if (gone <= far + 0.5)
				continue;
			m = moved(w, times);
			if (m.n) {
				drop(&best);
				best = m;
				far = gone;
				break;
			}
			drop(&m);
		}
	} while (s == SDC_MORE);
	sdc_keep(w, best);
	return s;
}

static enum sdc_step climb_well(struct sdc_work *w, uint32_t v, double sign, double rise, double *c)
{
	enum sdc_step s = climb(w, v, sign, rise, 0, c);

	if (exact_enough(w))
		return s;
	sdc_lp_basis(&w->lp);
	s = climb(w, v, sign, rise, 0, c);
	return exact_enough(w) ? s : SDC_STUCK;
}

/* The climb ended below what it promises in whole figures: looks for them, first at other corners.
 * True: the figures fall short of the promise. */
static bool short_of(struct sdc_work *w, uint32_t v, enum sdc_step s, bool up, double rise,
		     double *c)
{
	double end = (double)w->net->value[v] + (up ? w->lp.gain : -w->lp.gain);
	int64_t goal = (int64_t)(up ? floor(end + 1e-6) : ceil(end - 1e-6)), first = goal;

	if (s == SDC_STUCK)
		w->gap = true;
	for (uint32_t i = 1; i <= STRAYS && (up ? w->hi[v] < goal : w->lo[v] > goal); i++)
		climb(w, v, up ? 1 : -1, rise, i, c);
	for (; up ? w->hi[v] < goal : w->lo[v] > goal; goal += up ? -1 : 1) {
		struct sdc_move m = sdc_move_of(w->nvar);
		enum sdc_whole r = sdc_whole(w, v, up ? goal : 0,
					     up ? 2 * TK_SDC_COUNT_MAX : goal, &m);

		sdc_keep(w, m);
		w->gap = w->gap || r == SDC_GAVE_UP;
		if (r == SDC_GAVE_UP)
			break;
	}
	return s == SDC_STUCK || (up ? w->hi[v] < first : w->lo[v] > first);
}

bool sdc_wide(struct sdc_work *w, uint32_t v, int64_t need)
{
	int64_t value = w->net->value[v], low;
	double rise = (double)(w->lo[v] + need - value);
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
		return false;
	}
	c = tk_xcalloc(w->nvar + 1, sizeof(*c));
	s = climb_well(w, v, 1, rise, c);
	if (s == SDC_TOP)
		cut_of_bound(w);
	all = short_of(w, v, s, true, rise, c);
	if (w->hi[v] - w->lo[v] < need && value > 0) {
		low = w->hi[v] - need;
		rise = (double)(value - (low < 0 ? 0 : low));
		s = climb_well(w, v, -1, rise, c);
		if (s == SDC_TOP)
			cut_of_bound(w);
		all = short_of(w, v, s, false, rise, c) || all;
	}
	if (w->hi[v] - w->lo[v] < need && all)
		cut_of_all(w);
	free(c);
	cut_close(w);
	if (w->hi[v] - w->lo[v] >= need)
		w->ncut = 0;
	return w->hi[v] - w->lo[v] >= need;
}
