/* disclose.h - the tables of a publication with their small cells left out (docs/DISCLOSURE.md).
 *
 * All tables are looked at together.  Cells that count the same respondents are one cell wherever
 * they stand: that links tables to each other and the base of a conditional question to the answer
 * that opens it.  Count, share and base of a cell are printed together or not at all.
 *
 * What is asked of src/stat/suppress.h, for each figure of a table (table.h):
 *   - its options are parts of its base; where one answer was possible, options and rest add up;
 *   - groups that are parts add up to their total, in base and in every option;
 *   - numbers (sums, medians) are left out where their base is.
 * How many institutions a group has is known to everybody and is never left out.
 *
 * Everything lives in op->mem; one thread.
 */
#pragma once
#include "publish/publication.h"
#include "stat/suppress.h"
#include "table/table.h"

/* One table with what may not be printed. */
struct tk_disclosed {
	struct tk_table *table; /* masked: its cells carry symbols */
	const uint8_t *base;    /* enum tk_cell_status of each figure's base */
	const uint8_t *option;  /* [figure * noption + option] */
};
struct tk_disclosure {
	struct tk_disclosed *table;
	size_t ntable;
	size_t cells, primary, complementary; /* figures that are printed or left out */
	bool optimal;                         /* no pattern leaves out less */
	/* what cannot be protected, in words; such tables cannot be published */
	const char **leak;
	size_t nleak;
	/* whom the figures left out count, in ascending order: equal marks, the same respondents */
	struct tk_mark *out;
	size_t nout;
	/* figures that are printed, and how many editions were out before (earlier.c) */
	struct tk_mark *shown;
	size_t nshown;
	int64_t editions;
	/* for the proof right before publishing */
	struct tk_sdc *system;
	struct tk_sdc_rule rule;
	const uint8_t *status;
};
enum tk_rc tk_disclose(const struct tk_op *op, const struct publication *p,
		       const struct campaign *c, enum tk_lang lang,
		       struct tk_disclosure *ret) TK_MUST_USE;
/* Is a figure about exactly these respondents left out of the publication? */
bool tk_disclosure_leaves_out(const struct tk_disclosure *d, struct tk_mark whom);
/* Proves the pattern anew; TK_ECONFLICT names the first figure that could be found out. */
enum tk_rc tk_disclosure_prove(const struct tk_op *op, const struct tk_disclosure *d) TK_MUST_USE;
