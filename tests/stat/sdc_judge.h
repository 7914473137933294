/* sdc_judge.h - what a reader can find out, computed by means that share nothing with src/stat:
 * greatest flows for tables of rows and columns, plain enumeration for small systems of any kind. */
#pragma once
#include "sdc_sample.h"

struct judge_range {
	int64_t lo, hi; /* hi INT64_MAX: without limit */
};

/* The exact range of every cell of a two-way table with all margins, [i * (cols + 1) + j]. */
void judge_flow(const struct sample_table *t, const uint8_t *status, struct judge_range *ret);
/* The same of any publication: tries all whole numbers from 0 to `most` in every cell that is not
 * printed.  False: too many. */
bool judge_enumerate(const struct tk_sdc *s, const uint8_t *status, int64_t most,
		     struct judge_range *ret);
