#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "stat/sdc.h"

/* The inverse of the basis is kept as it is; its entries are nearly always 0, 1 and -1, which
 * doubles hold exactly.  What comes out is checked with whole numbers anyway. */
#define EPS 1e-7
enum { LINES_MAX = 6000, BLAND_AFTER = 200 };

bool sdc_lp_size(struct sdc_lp *lp, size_t m, size_t n, size_t nnz)
{
	size_t size = (m + 1) * m;

	if (m > LINES_MAX)
		return false;
	if (size > lp->cap_t) {
		lp->cap_t = size;
		lp->t = tk_xrealloc(lp->t, size * sizeof(*lp->t));
	}
	if (nnz + 1 > lp->cap_nnz) {
		lp->cap_nnz = nnz + 1;
		lp->coef = tk_xrealloc(lp->coef, lp->cap_nnz * sizeof(*lp->coef));
		lp->at_line = tk_xrealloc(lp->at_line, lp->cap_nnz * sizeof(*lp->at_line));
	}
	if (n + 2 > lp->cap_n) {
		lp->cap_n = n + 2;
		lp->x = tk_xrealloc(lp->x, lp->cap_n * sizeof(*lp->x));
		lp->x0 = tk_xrealloc(lp->x0, lp->cap_n * sizeof(*lp->x0));
		lp->c = tk_xrealloc(lp->c, lp->cap_n * sizeof(*lp->c));
		lp->line = tk_xrealloc(lp->line, lp->cap_n * sizeof(*lp->line));
		lp->col_at = tk_xrealloc(lp->col_at, lp->cap_n * sizeof(*lp->col_at));
	}
	if (m + 1 > lp->cap_m) {
		lp->cap_m = m + 1;
		lp->basic = tk_xrealloc(lp->basic, lp->cap_m * sizeof(*lp->basic));
		lp->turn = tk_xrealloc(lp->turn, lp->cap_m * sizeof(*lp->turn));
		lp->nonzero = tk_xrealloc(lp->nonzero, lp->cap_m * sizeof(*lp->nonzero));
	}
	lp->m = m;
	lp->n = 0;
	lp->col_at[0] = 0;
	return true;
}

size_t sdc_lp_col(struct sdc_lp *lp, double x0)
{
	lp->x0[lp->n++] = x0;
	lp->col_at[lp->n] = lp->col_at[lp->n - 1];
	return lp->n - 1;
}

void sdc_lp_put(struct sdc_lp *lp, size_t line, int coef)
{
	uint32_t k = lp->col_at[lp->n]++;

	lp->at_line[k] = (uint32_t)line;
	lp->coef[k] = (int8_t)coef;
}

void sdc_lp_free(struct sdc_lp *lp)
{
	free(lp->t);
	free(lp->x);
	free(lp->x0);
	free(lp->c);
	free(lp->line);
	free(lp->col_at);
	free(lp->basic);
	free(lp->turn);
	free(lp->nonzero);
	free(lp->coef);
	free(lp->at_line);
	*lp = (struct sdc_lp){ 0 };
}

/* A line of the inverse (line m: the objective's) times a column. */
static double dot(const struct sdc_lp *lp, size_t line, size_t col)
{
	const double *row = &lp->t[line * lp->m];
	double v = 0;

	for (uint32_t k = lp->col_at[col]; k < lp->col_at[col + 1]; k++)
		v += lp->coef[k] * row[lp->at_line[k]];
	return v;
}

/* What the column promises: the objective's gain for one more of it. */
static double promise(const struct sdc_lp *lp, size_t col)
{
	return lp->c[col] + dot(lp, lp->m, col);
}

/* lp->turn = inverse times the column; at m its promise. */
static void turn(struct sdc_lp *lp, size_t col)
{
	for (size_t i = 0; i < lp->m; i++)
		lp->turn[i] = dot(lp, i, col);
	lp->turn[lp->m] = promise(lp, col);
	lp->ops += (long)(lp->m * (lp->col_at[col + 1] - lp->col_at[col]));
}

/* Takes the column into the basis at that line, for the one that stood there; turn() before. */
static void pivot(struct sdc_lp *lp, size_t line, size_t col)
{
	double *row = &lp->t[line * lp->m], by = lp->turn[line];
	size_t nz = 0;

	for (size_t j = 0; j < lp->m; j++) {
		if (row[j] == 0)
			continue;
		row[j] = by == 1 ? row[j] : row[j] / by;
		lp->nonzero[nz++] = (uint32_t)j;
	}
	for (size_t i = 0; i <= lp->m; i++) {
		double *other = &lp->t[i * lp->m], f = lp->turn[i];

		if (i == line || fabs(f) < 1e-11)
			continue;
		for (size_t k = 0; k < nz; k++) {
			size_t j = lp->nonzero[k];

			other[j] -= f * row[j];
			if (fabs(other[j]) < 1e-11)
				other[j] = 0;
		}
		lp->ops += (long)nz;
	}
	lp->ops += (long)(2 * lp->m);
	lp->age++;
	if (lp->basic[line] >= 0)
		lp->line[lp->basic[line]] = -1;
	lp->basic[line] = (int32_t)col;
	lp->line[col] = (int32_t)line;
}

/* Large figures go into the basis: they are the last to stand in the way. */
void sdc_lp_basis(struct sdc_lp *lp)
{
	memset(lp->t, 0, (lp->m + 1) * lp->m * sizeof(*lp->t));
	for (size_t j = 0; j < lp->n; j++)
		lp->line[j] = -1;
	for (size_t i = 0; i < lp->m; i++) {
		lp->basic[i] = -1;
		lp->t[i * lp->m + i] = 1;
	}
	memset(lp->c, 0, lp->n * sizeof(*lp->c));
	for (size_t i = 0; i < lp->m; i++) {
		size_t best = lp->n;

		for (size_t j = 0; j < lp->n; j++) {
			if (lp->line[j] < 0 && (best == lp->n || lp->x0[j] > lp->x0[best]) &&
			    fabs(dot(lp, i, j)) > EPS)
				best = j;
		}
		lp->ops += (long)lp->n;
		if (best == lp->n)
			continue;
		turn(lp, best);
		pivot(lp, i, best);
	}
	lp->age = 0;
}

void sdc_lp_aim(struct sdc_lp *lp, const double *c)
{
	double *y = &lp->t[lp->m * lp->m];

	memcpy(lp->c, c, lp->n * sizeof(*c));
	memset(y, 0, lp->m * sizeof(*y));
	for (size_t i = 0; i < lp->m; i++) {
		const double *row = &lp->t[i * lp->m];
		double f = lp->basic[i] >= 0 ? c[lp->basic[i]] : 0;

		for (size_t j = 0; j < lp->m && f != 0; j++)
			y[j] -= f * row[j];
	}
	memcpy(lp->x, lp->x0, lp->n * sizeof(*lp->x));
	lp->gain = 0;
	lp->still = lp->steps = 0;
	lp->ops += (long)lp->n;
}

/* The column that promises most; the first one where the climb has stood still for long, which is
 * the rule that cannot run in circles. */
static size_t entering(const struct sdc_lp *lp)
{
	size_t best = lp->n;
	double most = EPS;

	for (size_t j = 0; j < lp->n; j++) {
		double z;

		if (lp->line[j] >= 0)
			continue;
		z = promise(lp, j);
		if (fabs(z) <= most || (z < 0 && lp->x[j] <= EPS))
			continue;
		if (lp->still > BLAND_AFTER)
			return j;
		best = j;
		most = fabs(z) + EPS;
	}
	return best;
}

/* How far column j can go in direction sign, and the line that stops it (m: itself, or nothing). */
static double leaving(const struct sdc_lp *lp, size_t j, double sign, size_t *ret)
{
	double far = sign < 0 ? lp->x[j] : INFINITY, size = 0;

	*ret = lp->m;
	for (size_t i = 0; i < lp->m; i++) {
		double f = sign * lp->turn[i], d;

		if (lp->basic[i] < 0 || f < EPS)
			continue;
		d = lp->x[lp->basic[i]] / f;
		d = d < 0 ? 0 : d;
		if (d < far - EPS || (d < far + EPS && *ret < lp->m && f > size + EPS)) {
			far = d < far ? d : far;
			size = f;
			*ret = i;
		}
	}
	return far;
}

static double settled(double v)
{
	double r = round(v);

	return fabs(v - r) < EPS ? r : v;
}

enum sdc_step sdc_lp_step(struct sdc_lp *lp, double rise)
{
	size_t j, out;
	double z, sign, far, want;

	if (lp->gain >= rise - EPS)
		return SDC_THERE;
	j = entering(lp);
	lp->ops += (long)(2 * lp->n);
	if (j == lp->n)
		return SDC_TOP;
	if (++lp->steps > 20 * (lp->m + lp->n) + 1000)
		return SDC_STUCK;
	turn(lp, j);
	z = lp->turn[lp->m];
	sign = z > 0 ? 1 : -1;
	far = leaving(lp, j, sign, &out);
	/* a whole step, so that whole figures stay whole */
	want = ceil((rise - lp->gain) / fabs(z) - EPS);
	if (want < far) {
		far = want;
		out = lp->m;
	}
	if (!isfinite(far))
		return SDC_STUCK;
	for (size_t i = 0; i < lp->m; i++) {
		if (lp->basic[i] >= 0 && lp->turn[i] != 0) {
			double *x = &lp->x[lp->basic[i]];

			*x = settled(*x - sign * far * lp->turn[i]);
		}
	}
	lp->x[j] = settled(lp->x[j] + sign * far);
	lp->gain += far * fabs(z);
	lp->still = far > EPS ? 0 : lp->still + 1;
	if (out < lp->m) {
		lp->x[lp->basic[out]] = 0;
		pivot(lp, out, j);
	}
	return lp->gain >= rise - EPS ? SDC_THERE : SDC_MORE;
}
