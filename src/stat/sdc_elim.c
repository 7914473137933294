#include <stdlib.h>
#include <string.h>
#include "stat/sdc.h"
#include "stat/wide.h"

/* Elimination in whole numbers, modulo two primes of 61 bits.
 *
 * A variable is determined by the equations exactly if its unit vector is a combination of them.
 * Over a prime field this can only come out differently where the prime divides a determinant of
 * the equations, whose entries are 0, 1 and -1.  Both primes would have to err to miss a
 * disclosed cell, because one that says "determined" is believed; and that a cell is free is shown
 * besides by a second solution (sdc_wide), which no arithmetic of fields takes part in.
 */
static const uint64_t prime[2] = { UINT64_C(2305843009213693951), UINT64_C(2305843009213693921) };

struct matrix {
	uint64_t p, *a;
	size_t m, n;
	uint32_t *var, *row;
	int32_t *col_of, *line_of;
};

static uint64_t mul(uint64_t a, uint64_t b, uint64_t p)
{
	return (uint64_t)((tk_u128)a * b % p);
}

static uint64_t inverse(uint64_t a, uint64_t p)
{
	uint64_t r = 1;

	for (uint64_t e = p - 2; e; e >>= 1) {
		if (e & 1)
			r = mul(r, a, p);
		a = mul(a, a, p);
	}
	return r;
}

/* Reduced row echelon form; pivot[i] is the column of row i, rows without one come last. */
static size_t reduce(struct matrix *x, uint32_t *pivot)
{
	size_t rank = 0;

	for (size_t c = 0; c < x->n && rank < x->m; c++) {
		size_t r = rank;
		uint64_t f;

		while (r < x->m && !x->a[r * x->n + c])
			r++;
		if (r == x->m)
			continue;
		f = inverse(x->a[r * x->n + c], x->p);
		for (size_t j = 0; j < x->n; j++) {
			uint64_t t = x->a[rank * x->n + j];

			x->a[rank * x->n + j] = mul(x->a[r * x->n + j], f, x->p);
			if (r != rank)
				x->a[r * x->n + j] = t;
		}
		for (size_t i = 0; i < x->m; i++) {
			f = x->a[i * x->n + c];
			if (i == rank || !f)
				continue;
			for (size_t j = 0; j < x->n; j++) {
				uint64_t y = x->a[rank * x->n + j], *z = &x->a[i * x->n + j];

				if (y)
					*z = (*z + x->p - mul(f, y, x->p)) % x->p;
			}
		}
		pivot[rank++] = (uint32_t)c;
	}
	return rank;
}

static void mark(const struct matrix *x, const uint32_t *pivot, size_t rank, uint8_t *fixed)
{
	for (size_t i = 0; i < rank; i++) {
		size_t n = 0;

		for (size_t j = 0; j < x->n; j++)
			n += x->a[i * x->n + j] != 0;
		if (n == 1)
			fixed[x->var[pivot[i]]] = 1;
	}
}

static void collect(struct matrix *x, const struct sdc_net *net, const uint8_t *unknown, uint32_t v)
{
	x->m = x->n = 0;
	x->col_of[v] = 0;
	x->var[x->n++] = v;
	for (size_t j = 0; j < x->n; j++) {
		for (uint32_t k = net->var_at[x->var[j]]; k < net->var_at[x->var[j] + 1]; k++) {
			uint32_t r = net->var_row[k];

			if (x->line_of[r] >= 0)
				continue;
			x->line_of[r] = (int32_t)x->m;
			x->row[x->m++] = r;
			for (uint32_t q = net->row_at[r]; q < net->row_at[r + 1]; q++) {
				uint32_t u = net->row_var[q];

				if (!unknown[u] || x->col_of[u] >= 0)
					continue;
				x->col_of[u] = (int32_t)x->n;
				x->var[x->n++] = u;
			}
		}
	}
}

static void fill(struct matrix *x, const struct sdc_net *net)
{
	memset(x->a, 0, x->m * x->n * sizeof(*x->a));
	for (size_t j = 0; j < x->n; j++) {
		uint32_t v = x->var[j];

		for (uint32_t k = net->var_at[v]; k < net->var_at[v + 1]; k++)
			x->a[(size_t)x->line_of[net->var_row[k]] * x->n + j] =
				net->var_sign[k] > 0 ? 1 : x->p - 1;
	}
}

enum tk_rc sdc_determined(const struct sdc_net *net, const uint8_t *unknown, struct tk_arena *a,
			  uint8_t *fixed, struct tk_err *e)
{
	size_t nv = net->nvar + 1, nr = net->nrow + 1, cap = 0;
	struct matrix x = { .var = tk_alloc_n(a, nv, sizeof(uint32_t)),
			    .row = tk_alloc_n(a, nr, sizeof(uint32_t)),
			    .col_of = tk_alloc_n(a, nv, sizeof(int32_t)),
			    .line_of = tk_alloc_n(a, nr, sizeof(int32_t)) };
	uint32_t *pivot = tk_alloc_n(a, nr, sizeof(*pivot));

	memset(x.col_of, 0xff, nv * sizeof(*x.col_of));
	memset(x.line_of, 0xff, nr * sizeof(*x.line_of));
	memset(fixed, 0, net->nvar);
	for (uint32_t v = 0; v < net->nvar; v++) {
		if (!unknown[v] || x.col_of[v] >= 0)
			continue;
		collect(&x, net, unknown, v);
		if (x.m * x.n > (size_t)32 << 20) {
			free(x.a);
			return tk_fail(e, TK_ETOOBIG, "cells",
				       N_("%zu cells that are not printed hang together; publish "
					  "fewer linked tables at once."), x.n);
		}
		if (x.m * x.n > cap) {
			cap = x.m * x.n;
			x.a = tk_xrealloc(x.a, cap * sizeof(*x.a));
		}
		for (size_t i = 0; i < TK_LEN(prime); i++) {
			x.p = prime[i];
			fill(&x, net);
			mark(&x, pivot, reduce(&x, pivot), fixed);
		}
	}
	free(x.a);
	return TK_OK;
}
