/* receipt.h - receipt numbers: "S2011-7K3M-9QXT-04DP".
 *
 * A letter for what was received, the fiscal year, eleven random characters and a check character,
 * all in Crockford's base 32 (no I, L, O, U).  Random, so that no number tells how many came before
 * it or lets another be guessed (55 bits: a year of a million has one chance in 70,000 of a repeat,
 * which the unique index turns into a conflict).  The check finds every wrong character and every
 * two swapped ones.  Any thread.
 */
#pragma once
#include "base/mem.h"

/* prefix: one letter of the alphabet (not I, L, O, U): S answers (submission), others by case type.
 */
char *tk_receipt_no(struct tk_arena *a, const char *prefix, int fiscal_year);
/* A number as somebody typed it (lower case, full-width, blanks, no hyphens, O for 0, I for 1) in
 * its one written form; NULL when it is none. */
char *tk_receipt_read(struct tk_arena *a, const char *text);
