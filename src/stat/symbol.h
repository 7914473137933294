/* symbol.h - what stands in a cell that has no plain figure, as Japanese statistics print it, and
 * the SDMX codes for it.  Pure functions, any thread.
 *
 * A public file never tells a primary from a complementary suppression: "this one is small" is
 * what the suppression keeps back.  Only the office's own preview does.
 */
#pragma once
#include "base/err.h"
#include "stat/suppress.h"

enum tk_symbol {
	TK_SYM_VALUE,	   /* a figure: no symbol */
	TK_SYM_CAUTION,	   /* a figure with * : its base is 1 to 9, use with caution */
	TK_SYM_SUPPRESSED, /* x */
	TK_SYM_NONE,	   /* - : nobody; a true zero */
	TK_SYM_LESS,	   /* 0 or 0.0: less than half the unit, but not nobody */
	TK_SYM_UNKNOWN,	   /* … : unknown, not surveyed, nobody was asked */
	TK_SYM_MAX
};

/* "x", "-", "…", "*"; "" for a value; "0", "0.0", "0.00" by decimals (0 to 6) for LESS. */
const char *tk_symbol_text(enum tk_symbol s, int decimals);
const char *tk_symbol_note(enum tk_symbol s); /* the sentence under the table, a msgid; "" */
/* SDMX CL_OBS_STATUS: A normal, U low reliability, Q missing and suppressed, L missing and not
 * collected. */
const char *tk_symbol_obs_status(enum tk_symbol s);
/* SDMX CL_CONF_STATUS: F free, C confidential (both kinds of suppression in a public file); with
 * internal also D, secondary confidentiality, and N for a cell that was never to be printed. */
const char *tk_conf_status(enum tk_cell_status s, bool internal);
/* The symbol of num of den at that many decimals of a percentage: den 0 or unknown (below 0)
 * is UNKNOWN, num 0 is NONE, what would print as 0.0 is LESS, den 1 to 9 is CAUTION. */
enum tk_symbol tk_symbol_of_share(int64_t num, int64_t den, int decimals,
				  enum tk_cell_status status);
