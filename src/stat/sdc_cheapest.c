#include <math.h>
#include <stdlib.h>
#include "stat/sdc.h"

/* Rows up to `radius` steps from v (a step leads over a cell that is or may be left out), and the
 * variables that have no other rows. */
static void surround(struct sdc_work *w, uint32_t v, int radius, const uint8_t *forbid)
{
	const struct sdc_net *net = w->net;
	size_t end, from = 0;

	for (uint32_t k = net->var_at[v]; k < net->var_at[v + 1]; k++)
		sdc_take_row(w, net->var_row[k]);
	for (int step = 0; step < radius && from < w->nrow; step++) {
		for (end = w->nrow; from < end; from++) {
			uint32_t r = w->row[from];

			for (uint32_t q = net->row_at[r]; q < net->row_at[r + 1]; q++) {
				uint32_t u = net->row_var[q];

				if (!w->unknown[u] && (!net->may[u] || (forbid && forbid[u])))
					continue;
				for (uint32_t k = net->var_at[u]; k < net->var_at[u + 1]; k++)
					sdc_take_row(w, net->var_row[k]);
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
				sdc_take_var(w, u);
		}
	}
}

/* Where a variable's columns stand: one for an unknown; for a printed cell one upwards and, where
 * it has room, one downwards, with a line of its own where the room is less than the amount. */
struct plan {
	size_t *up, *down; /* SIZE_MAX: none */
	size_t ncol, nline, nnz;
};

static struct plan plan_columns(const struct sdc_work *w, int64_t amount)
{
	struct plan p = { tk_xcalloc(w->nvar + 1, sizeof(size_t)),
			  tk_xcalloc(w->nvar + 1, sizeof(size_t)), 0, w->nrow, 2 };

	for (size_t j = 0; j < w->nvar; j++) {
		uint32_t u = w->var[j];
		int64_t room = w->net->value[u];

		p.up[j] = p.ncol++;
		p.nnz += 2 * (w->net->var_at[u + 1] - w->net->var_at[u] + 1);
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

static void fill(struct sdc_work *w, const struct plan *p, size_t target, int64_t amount, int sign,
		 double *c)
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

		if (!w->unknown[u])
			c[p->up[j]] = -(double)net->cost[u] / most;
		sdc_lp_col(lp, w->unknown[u] ? (double)room : 0);
		sdc_put(w, u, 1);
		if (j == target)
			sdc_lp_put(lp, p->nline - 1, sign);
		if (p->down[j] == SIZE_MAX)
			continue;
		c[p->down[j]] = c[p->up[j]];
		sdc_lp_col(lp, 0);
		sdc_put(w, u, -1);
		if (room < amount) {
			sdc_lp_put(lp, line, 1);
			sdc_lp_col(lp, (double)room);
			sdc_lp_put(lp, line++, 1);
		}
	}
	/* what the target moves is worth more than all that may be left out for it */
	c[p->up[target]] = sign * 1e5;
	sdc_lp_col(lp, (double)amount);
	sdc_lp_put(lp, p->nline - 1, 1);
}

static double went_by(const struct sdc_work *w, const struct plan *p, size_t j)
{
	double d = w->lp.x[p->up[j]] - w->lp.x0[p->up[j]];

	return d - (p->down[j] == SIZE_MAX ? 0 : w->lp.x[p->down[j]]);
}

/* Reads the solution: cells newly left out, and the move itself. */
static void take_solution(struct sdc_work *w, const struct plan *p)
{
	bool done = false;

	for (size_t j = 0; j < w->nvar; j++) {
		if (fabs(went_by(w, p, j)) > 1e-6 && !w->unknown[w->var[j]])
			w->cut[w->ncut++] = w->var[j];
	}
	for (size_t i = 0; i < w->ncut; i++)
		w->unknown[w->cut[i]] = 1;
	for (int times = 1; times <= 6 && !done; times++) {
		struct sdc_move m = sdc_move_of(w->nvar);
		bool whole = true;

		for (size_t j = 0; j < w->nvar && whole; j++) {
			double d = times * went_by(w, p, j);

			whole = fabs(d - round(d)) < 1e-6;
			if (!whole || llround(d) == 0)
				continue;
			m.var[m.n] = w->var[j];
			m.by[m.n++] = llround(d);
		}
		m.n = whole ? m.n : 0;
		done = sdc_keep(w, m);
	}
}

/* partly: what goes only a part of the way is taken too. */
static void solve_around(struct sdc_work *w, uint32_t v, int64_t amount, bool up, bool partly)
{
	struct plan p = plan_columns(w, amount);
	double *c = tk_xcalloc(p.ncol + 1, sizeof(*c)), went;
	size_t target = (size_t)w->col_of[v];

	if (w->col_of[v] >= 0 && sdc_lp_size(&w->lp, p.nline, p.ncol, p.nnz)) {
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
		sdc_let_go(w);
		surround(w, v, radius[i], forbid);
		solve_around(w, v, amount, up, i + 1 == TK_LEN(radius));
	}
	sdc_let_go(w);
	return w->ncut > 0;
}
