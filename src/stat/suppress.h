/* suppress.h - disclosure control: which cells of published tables must not be printed, so that no
 * figure about fewer than k institutions can be found out from all that is printed.
 * docs/DISCLOSURE.md has the rules in words.
 *
 * A publication is a list of cells (whole counts) and of sums over them: margins, linked tables
 * that share cells, the base of a conditional question.  Percentage, count and base of one cell are
 * one thing: the caller prints all or none.
 *
 *	s = tk_sdc_new(a);
 *	c = tk_sdc_cell(s, "row 1, column 2", 12, TK_CELL_PRINTED | TK_CELL_MAY_SUPPRESS, 0);
 *	tk_sdc_sum(s, total, part, npart);
 *	tk_sdc_part(s, c, total);
 *	rc = tk_suppress(s, &rule, a, &out, &e);
 *
 * Everything lives in the arena.  Pure functions, any thread, one thread a system; the same input
 * gives the same output on every machine.
 */
#pragma once
#include "base/mem.h"

enum tk_cell_flag {
	TK_CELL_PRINTED = 1,      /* it will be printed; without it the cell is known to nobody */
	TK_CELL_MAY_SUPPRESS = 2, /* it may be left out; without it the cell is printed anyway */
	TK_CELL_SAFE = 4,	  /* may be small: not an answer (the frame, who did not answer) */
	TK_CELL_SECRET = 8,	  /* of any size; left out elsewhere and not to be found out here */
};

/* A cell that is PRINTED and SAFE and may not be left out is a public fact, known without the
 * publication: where only two institutions of a kind exist, "0 to 2" is all that can be kept. */
struct tk_sdc_cell {
	const char *name; /* for messages, in the reader's language */
	int64_t count;
	int64_t cost; /* what the reader loses without it; at least 1 */
	unsigned flags;
};

/* The cells added up are the total. */
struct tk_cell_sum {
	uint32_t total;
	uint32_t *addend;
	size_t n;
};

/* The cell is printed as a share of that base, so the rest of the base is known too. */
struct tk_cell_part {
	uint32_t cell, base;
};

struct tk_sdc {
	struct tk_arena *a;
	struct tk_sdc_cell *cell;
	struct tk_cell_sum *sum;
	struct tk_cell_part *part;
	size_t ncell, nsum, npart;
	size_t cap_cell, cap_sum, cap_part;
};

struct tk_sdc *tk_sdc_new(struct tk_arena *a);
/* Returns the cell's number.  cost 0 counts as 1.  name is kept, not copied. */
uint32_t tk_sdc_cell(struct tk_sdc *s, const char *name, int64_t count, unsigned flags,
		     int64_t cost);
void tk_sdc_sum(struct tk_sdc *s, uint32_t total, const uint32_t *addend, size_t n);
void tk_sdc_part(struct tk_sdc *s, uint32_t cell, uint32_t base);

struct tk_sdc_rule {
	int k;		   /* 3, 5 or 10: counts from 1 to k - 1 are not printed */
	bool protect_zero; /* a count of 0 is not printed either */
	bool protect_full; /* nor what says that all or none of a base did it (100 % and 0 %);
			    * false: such figures are exempt, as for compliance rates */
	long budget;	   /* nodes of the exact search, 0: 20,000; below 0: heuristic only */
};

enum tk_cell_status {
	TK_CELL_ST_PRINTED,
	TK_CELL_ST_PRIMARY,	  /* small itself, or the rest of a base is */
	TK_CELL_ST_COMPLEMENTARY, /* left out because another one could be computed from it */
	TK_CELL_ST_HIDDEN,	  /* was never to be printed */
	TK_CELL_ST_MAX
};
const char *tk_cell_status_name(enum tk_cell_status s); /* "printed" "primary" ... */

/* A figure that is not protected, and why. */
struct tk_sdc_leak {
	uint32_t cell;
	uint32_t base;	 /* the rest of this base is meant; UINT32_MAX: the cell itself */
	bool recomputed; /* elimination gives its exact value */
	int64_t lo, hi;	 /* else it is known to lie here; lo == hi is possible too */
};

struct tk_suppressed {
	uint8_t *status;     /* enum tk_cell_status, one a cell */
	size_t count[TK_CELL_ST_MAX];
	int64_t cost;	     /* of the complementary cells */
	int64_t primary_cost;
	bool optimal;	     /* no cheaper pattern exists: the exact search ended */
	long nodes;	     /* that it looked at */
	bool hurried;	     /* very large linked tables: more is left out than may be needed */
	size_t nleak;	     /* figures that cannot be protected even with all left out that may */
	struct tk_sdc_leak *leak; /* be; > 0: the tables may not be published as they are */
};

/* TK_EINVAL: a sum or a base does not fit the counts (names the cell), k is not 3, 5 or 10. */
enum tk_rc tk_suppress(const struct tk_sdc *s, const struct tk_sdc_rule *rule, struct tk_arena *a,
		       struct tk_suppressed *ret, struct tk_err *e) TK_MUST_USE;

/* Proves a pattern anew, from nothing but the figures: by elimination no cell that is left out can
 * be computed, and for each small one two solutions in whole numbers are as far apart as the
 * rule asks.  To be called right before publication.  TK_ECONFLICT names the first leak; *ret_leak
 * (may be NULL) lists all of them. */
enum tk_rc tk_suppress_audit(const struct tk_sdc *s, const struct tk_sdc_rule *rule,
			     const uint8_t *status, struct tk_arena *a,
			     struct tk_sdc_leak **ret_leak, size_t *ret_n,
			     struct tk_err *e) TK_MUST_USE;
