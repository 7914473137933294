#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "stat/sdc.h"

/* Entries of these tableaus are sums and differences of 0 and 1, nearly always 0, 1 and -1, so
 * doubles hold them exactly; what comes out is checked with whole numbers anyway. */
#define EPS 1e-7
enum { TABLEAU_MAX = 32 << 20, BLAND_AFTER = 200 };

bool sdc_lp_size(struct sdc_lp *lp, size_t m, size_t n, bool multipliers)
{
	size_t stride = n + (multipliers ? m : 0), size = (m + 1) * stride;

	if (m > TABLEAU_MAX || stride > TABLEAU_MAX || size > TABLEAU_MAX)
		return false;
	if (size > lp->cap_t) {
		lp->cap_t = size;
		lp->t = tk_xrealloc(lp->t, size * sizeof(*lp->t));
	}
	if (stride + 1 > lp->cap_n) {
		lp->cap_n = stride + 1;
		lp->x = tk_xrealloc(lp->x, lp->cap_n * sizeof(*lp->x));
		lp->x0 = tk_xrealloc(lp->x0, lp->cap_n * sizeof(*lp->x0));
		lp->line = tk_xrealloc(lp->line, lp->cap_n * sizeof(*lp->line));
		lp->nonzero = tk_xrealloc(lp->nonzero, lp->cap_n * sizeof(*lp->nonzero));
	}
	if (m + 1 > lp->cap_m) {
		lp->cap_m = m + 1;
		lp->basic = tk_xrealloc(lp->basic, lp->cap_m * sizeof(*lp->basic));
	}
	memset(lp->t, 0, size * sizeof(*lp->t));
	memset(lp->x0, 0, (stride + 1) * sizeof(*lp->x0));
	lp->m = m;
	lp->n = n;
	lp->stride = stride;
	for (size_t i = 0; i < m && multipliers; i++)
		lp->t[i * stride + n + i] = 1;
	return true;
}

void sdc_lp_free(struct sdc_lp *lp)
{
	free(lp->t);
	free(lp->x);
	free(lp->x0);
	free(lp->line);
	free(lp->nonzero);
	free(lp->basic);
	*lp = (struct sdc_lp){ 0 };
}

static void pivot(struct sdc_lp *lp, size_t line, size_t col)
{
	double *row = &lp->t[line * lp->stride], by = row[col];
	size_t nz = 0;

	for (size_t j = 0; j < lp->stride; j++) {
		if (row[j] == 0)
			continue;
		row[j] = by == 1 ? row[j] : row[j] / by;
		lp->nonzero[nz++] = (uint32_t)j;
	}
	for (size_t i = 0; i <= lp->m; i++) {
		double *other = &lp->t[i * lp->stride], f = other[col];

		if (i == line || f == 0)
			continue;
		for (size_t k = 0; k < nz; k++) {
			size_t j = lp->nonzero[k];

			other[j] -= f * row[j];
			if (fabs(other[j]) < 1e-11)
				other[j] = 0;
		}
		other[col] = 0;
		lp->ops += (long)nz;
	}
	lp->ops += (long)(lp->stride + lp->m);
	if (lp->basic[line] >= 0)
		lp->line[lp->basic[line]] = -1;
	lp->basic[line] = (int32_t)col;
	lp->line[col] = (int32_t)line;
}

/* Large figures go into the basis: they are the last to stand in the way. */
void sdc_lp_basis(struct sdc_lp *lp)
{
	for (size_t j = 0; j < lp->n; j++)
		lp->line[j] = -1;
	for (size_t i = 0; i < lp->m; i++)
		lp->basic[i] = -1;
	for (size_t i = 0; i < lp->m; i++) {
		const double *row = &lp->t[i * lp->stride];
		size_t best = lp->n;

		for (size_t j = 0; j < lp->n; j++) {
			if (fabs(row[j]) > EPS && (best == lp->n || lp->x0[j] > lp->x0[best]))
				best = j;
		}
		if (best < lp->n)
			pivot(lp, i, best);
	}
}

void sdc_lp_aim(struct sdc_lp *lp, const double *c)
{
	double *z = &lp->t[lp->m * lp->stride];

	memset(z, 0, lp->stride * sizeof(*z));
	memcpy(z, c, lp->n * sizeof(*z));
	for (size_t i = 0; i < lp->m; i++) {
		const double *row = &lp->t[i * lp->stride];
		double f = lp->basic[i] >= 0 ? c[lp->basic[i]] : 0;

		for (size_t j = 0; j < lp->stride && f != 0; j++)
			z[j] -= f * row[j];
	}
	for (size_t i = 0; i < lp->m; i++) {
		if (lp->basic[i] >= 0)
			z[lp->basic[i]] = 0;
	}
	memcpy(lp->x, lp->x0, lp->n * sizeof(*lp->x));
	lp->gain = 0;
	lp->still = lp->steps = 0;
	lp->ops += (long)lp->stride;
}

/* The column that promises most; the first one where the climb has stood still for long, which is
 * the rule that cannot run in circles. */
static size_t entering(const struct sdc_lp *lp)
{
	const double *z = &lp->t[lp->m * lp->stride];
	size_t best = lp->n;

	for (size_t j = 0; j < lp->n; j++) {
		if (lp->line[j] >= 0 || !(z[j] > EPS || (z[j] < -EPS && lp->x[j] > EPS)))
			continue;
		if (lp->still > BLAND_AFTER)
			return j;
		if (best == lp->n || fabs(z[j]) > fabs(z[best]) + EPS)
			best = j;
	}
	return best;
}

/* How far column j can go in direction sign, and the line that stops it (m: itself, or nothing). */
static double leaving(const struct sdc_lp *lp, size_t j, double sign, size_t *ret)
{
	double far = sign < 0 ? lp->x[j] : INFINITY, size = 0;

	*ret = lp->m;
	for (size_t i = 0; i < lp->m; i++) {
		double f = sign * lp->t[i * lp->stride + j], d;

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
	size_t j = entering(lp), out;
	double z, sign, far, want;

	lp->ops += (long)(lp->n + lp->m);
	if (lp->gain >= rise - EPS)
		return SDC_THERE;
	if (j == lp->n)
		return SDC_TOP;
	if (++lp->steps > 50 * (lp->m + lp->n) + 1000)
		return SDC_STUCK;
	z = lp->t[lp->m * lp->stride + j];
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
		if (lp->basic[i] >= 0) {
			double *x = &lp->x[lp->basic[i]];

			*x = settled(*x - sign * far * lp->t[i * lp->stride + j]);
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
