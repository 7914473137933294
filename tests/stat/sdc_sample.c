#include <stdio.h>
#include "sdc_sample.h"

uint32_t sample_next(struct sample_rng *r, uint32_t below)
{
	uint64_t z = (r->s += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	z ^= z >> 31;
	return below ? (uint32_t)((z >> 32) * below >> 32) : 0;
}

uint32_t sample_at(const struct sample_table *t, int i, int j, int k)
{
	return t->cell[(i * (t->d[1] + 1) + j) * (t->d[2] + 1) + k];
}

/* Sums along one dimension, everywhere in the other two. */
static void sums(struct sample_table *t, int along)
{
	int at[3], n = t->d[along];
	uint32_t part[64];

	if (n < 2)
		return;
	for (at[0] = 0; at[0] <= t->d[0]; at[0]++) {
		for (at[1] = 0; at[1] <= t->d[1]; at[1]++) {
			for (at[2] = 0; at[2] <= t->d[2]; at[2]++) {
				int x[3] = { at[0], at[1], at[2] };
				bool unused = false;

				for (int d = 0; d < 3; d++)
					unused = unused || (t->d[d] == 1 && at[d] == 1);
				if (unused || at[along] != n)
					continue;
				for (int i = 0; i < n; i++) {
					x[along] = i;
					part[i] = sample_at(t, x[0], x[1], x[2]);
				}
				tk_sdc_sum(t->sdc, sample_at(t, at[0], at[1], at[2]), part,
					   (size_t)n);
			}
		}
	}
}

static int64_t margin(const int64_t *count, const int d[3], int i, int j, int k)
{
	int64_t v = 0;

	for (int a = i < d[0] ? i : 0; a < (i < d[0] ? i + 1 : d[0]); a++) {
		for (int b = j < d[1] ? j : 0; b < (j < d[1] ? j + 1 : d[1]); b++) {
			for (int c = k < d[2] ? k : 0; c < (k < d[2] ? k + 1 : d[2]); c++)
				v += count[(a * d[1] + b) * d[2] + c];
		}
	}
	return v;
}

static struct sample_table build(struct tk_arena *a, const int64_t *count, const int d[3],
				 bool may_margin)
{
	struct sample_table t = { tk_sdc_new(a), { d[0], d[1], d[2] }, NULL };
	size_t n = 0;

	t.cell = tk_alloc_n(a, (size_t)((d[0] + 1) * (d[1] + 1) * (d[2] + 1)), sizeof(uint32_t));
	for (int i = 0; i <= d[0]; i++) {
		for (int j = 0; j <= d[1]; j++) {
			for (int k = 0; k <= d[2]; k++, n++) {
				int out = (i == d[0] && d[0] > 1) + (j == d[1] && d[1] > 1) +
					  (k == d[2] && d[2] > 1);
				int used = (d[0] > 1) + (d[1] > 1) + (d[2] > 1);
				bool skip = (d[0] == 1 && i) || (d[1] == 1 && j) ||
					    (d[2] == 1 && k);
				unsigned may = out == 0 || (may_margin && out < used) ?
						       TK_CELL_MAY_SUPPRESS : 0;

				if (skip)
					continue;
				t.cell[n] = tk_sdc_cell(t.sdc,
							tk_sprintf(a, "cell %d,%d,%d", i, j, k),
							margin(count, d, i, j, k),
							TK_CELL_PRINTED | may,
							out ? 1 + 2 * out : 1);
				/* margins that are printed anyway are public facts */
				if (out && !may)
					t.sdc->cell[t.cell[n]].flags |= TK_CELL_SAFE;
			}
		}
	}
	for (int along = 0; along < 3; along++)
		sums(&t, along);
	return t;
}

struct sample_table sample_random(struct tk_arena *a, struct sample_rng *r, int rows, int cols,
				  int layers, int max, int zero, bool may_margin)
{
	int d[3] = { rows, cols, layers };
	size_t n = (size_t)(rows * cols * layers);
	int64_t *count = tk_alloc_n(a, n, sizeof(*count));

	for (size_t i = 0; i < n; i++) {
		uint32_t x = sample_next(r, (uint32_t)max + 1), y = sample_next(r, (uint32_t)max + 1);

		count[i] = (int)sample_next(r, 8) < zero ? 0 : x < y ? x : y;
	}
	return build(a, count, d, may_margin);
}

struct sample_table sample_given(struct tk_arena *a, const int64_t *count, int rows, int cols,
				 bool may_margin)
{
	int d[3] = { rows, cols, 1 };

	return build(a, count, d, may_margin);
}

/* Shares `whole` out over n choices. */
static void share_out(struct sample_rng *r, int64_t whole, int64_t *part, int n)
{
	for (int i = 0; i < n; i++)
		part[i] = 0;
	for (int64_t i = 0; i < whole; i++) {
		uint32_t x = sample_next(r, (uint32_t)n), y = sample_next(r, (uint32_t)n);

		part[x < y ? x : y]++;
	}
}

struct tk_sdc *sample_pack(struct tk_arena *a, struct sample_rng *r, int strata, int questions,
			   int panel)
{
	struct tk_sdc *s = tk_sdc_new(a);
	const unsigned may = TK_CELL_PRINTED | TK_CELL_MAY_SUPPRESS;
	uint32_t frame[64], base[64], one[64], part[64], total[8], column[8][64];
	int64_t size[64], count[8];

	share_out(r, panel, size, strata);
	for (int h = 0; h <= strata; h++)
		frame[h] = tk_sdc_cell(s, tk_sprintf(a, "frame %d", h),
				       h < strata ? size[h] : panel,
				       TK_CELL_PRINTED | TK_CELL_SAFE, 1);
	tk_sdc_sum(s, frame[strata], frame, (size_t)strata);
	for (int q = 0; q < questions; q++) {
		int n = 3 + (int)sample_next(r, 4);
		int64_t all[8] = { 0 };

		for (int h = 0; h <= strata; h++)
			base[h] = q % 3 == 2 ? one[h] : frame[h];
		for (int h = 0; h < strata; h++) {
			share_out(r, s->cell[base[h]].count, count, n);
			for (int c = 0; c < n; c++) {
				all[c] += count[c];
				part[c] = column[c][h] =
					tk_sdc_cell(s, tk_sprintf(a, "q%d h%d c%d", q, h, c),
						    count[c], may, 1);
				tk_sdc_part(s, part[c], base[h]);
			}
			tk_sdc_sum(s, base[h], part, (size_t)n);
			one[h] = part[0];
		}
		for (int c = 0; c < n; c++) {
			total[c] = tk_sdc_cell(s, tk_sprintf(a, "q%d all c%d", q, c), all[c], may, 5);
			tk_sdc_part(s, total[c], base[strata]);
			tk_sdc_sum(s, total[c], column[c], (size_t)strata);
		}
		tk_sdc_sum(s, base[strata], total, (size_t)n);
		one[strata] = total[0];
	}
	return s;
}
