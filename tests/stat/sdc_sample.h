/* sdc_sample.h - publications for the tests and the benchmark: random tables with fixed seeds. */
#pragma once
#include "stat/suppress.h"

struct sample_rng {
	uint64_t s;
};
uint32_t sample_next(struct sample_rng *r, uint32_t below);

/* Rows, columns and layers with all margins; unused dimensions have size 1 and no margin. */
struct sample_table {
	struct tk_sdc *sdc;
	int d[3];	/* sizes without the margin */
	uint32_t *cell; /* by sample_at() */
};
/* Index 0 to d - 1; d itself is the margin. */
uint32_t sample_at(const struct sample_table *t, int i, int j, int k);

/* Counts are small: none with a chance of zero in 8, else up to max with many near 0.  may_margin:
 * margins may be left out too (the grand total never); else they are public facts. */
struct sample_table sample_random(struct tk_arena *a, struct sample_rng *r, int rows, int cols,
				  int layers, int max, int zero, bool may_margin);
/* The same with counts[i * cols + j] given. */
struct sample_table sample_given(struct tk_arena *a, const int64_t *count, int rows, int cols,
				 bool may_margin);
/* A questionnaire: `questions` questions of 3 to 6 choices, each by `strata` of a panel whose
 * frame is public; every third one is only asked of those who chose 1 in the question before. */
struct tk_sdc *sample_pack(struct tk_arena *a, struct sample_rng *r, int strata, int questions,
			   int panel);
