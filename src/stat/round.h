/* round.h - exact percentages: every printed share and rate of Tenken comes from here.
 *
 * Percentages are whole tenths of a percent (902 is 90.2) made from two counts by integer
 * arithmetic; no double ever takes part.  The rule is named and printed under the table:
 *   plain    each value half up (四捨五入) by itself;
 *   largest  plain, then what is missing to 100.0 is added to the largest part (leftmost on a tie);
 *            for rows whose parts make up the whole.  This is the rule of the founding report;
 *   strict   plain, and cumulative columns are rounded from their own counts.
 * Under plain and largest a cumulative column is the running sum of the printed values.
 * Multiple-answer tables are never adjusted: they take plain or strict.
 * Pure functions, any thread.
 */
#pragma once
#include "base/mem.h"

/* What a share of nothing is (no base): prints as a dash, never as 0. */
#define TK_SHARE_NONE INT64_MIN

enum tk_round { TK_ROUND_PLAIN, TK_ROUND_LARGEST, TK_ROUND_STRICT, TK_ROUND_MAX };
const char *tk_round_name(enum tk_round rule);                  /* "plain" ... */
bool        tk_round_of_name(const char *name, enum tk_round *ret);
/* The sentence under a table, a msgid for tk_tr().  multi: several answers were possible. */
const char *tk_round_note(enum tk_round rule, bool multi);

/* 100 * num / den in tenths, half up.  den <= 0 or num < 0: TK_SHARE_NONE.  A share beyond the
 * range of int64 is INT64_MAX. */
int64_t tk_share_x10(int64_t num, int64_t den);
/* A row of n shares of den, and (cum not NULL) its cumulative columns.  TK_EINVAL if a count is
 * negative; under `largest` also if the counts do not add up to den, or if so many small parts were
 * rounded up that the largest could not pay for them. */
enum tk_rc tk_share_row(enum tk_round rule, const int64_t *count, size_t n, int64_t den,
			int64_t *share, int64_t *cum, struct tk_err *e) TK_MUST_USE;

/* A response, attendance or implementation rate: plain, but 1000 only when num = den (SELF-06: a
 * rate with somebody missing is at most 99.9).  The low end has no such guard: 1 of 9,999 prints
 * 0.0. */
int64_t tk_rate_x10(int64_t num, int64_t den);
/* Change in points: the difference of two printed values; TK_SHARE_NONE if either is. */
int64_t tk_points_x10(int64_t now, int64_t before);

/* Classes of a rate by whole numbers, never by a rounded percentage (SELF-08). */
enum tk_rate_class { TK_RATE_NONE, TK_RATE_100, TK_RATE_95, TK_RATE_90, TK_RATE_LT90, TK_RATE_MAX };
/* TK_RATE_NONE where there is no rate: den <= 0, num < 0 or num > den. */
enum tk_rate_class tk_rate_class(int64_t num, int64_t den);
const char *tk_rate_class_column(enum tk_rate_class c);         /* "rc_100"; "" for NONE */
const char *tk_rate_class_label(enum tk_rate_class c);          /* msgid */

enum { TK_X10_LEN = 24 };
/* 902 -> "90.2", -3 -> "-0.3", TK_SHARE_NONE -> "－"; returns dst */
char *tk_x10_print(int64_t tenths, char dst[TK_X10_LEN]);
/* the same with the sign always: "+5.9", "-0.3", "0.0" */
char *tk_points_print(int64_t tenths, char dst[TK_X10_LEN]);
char *tk_rate_print(int64_t num, int64_t den, char dst[TK_X10_LEN]);
