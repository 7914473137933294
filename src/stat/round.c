#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "stat/round.h"

/* gcc and clang have 128 bits on every machine this runs on; standard C17 has no name for them. */
__extension__ typedef unsigned __int128 u128;

static const char *const rule_name[TK_ROUND_MAX] = { "plain", "largest", "strict" };
static const char *const rule_note[TK_ROUND_MAX] = {
	[TK_ROUND_PLAIN] = N_("Shares are rounded half up to one decimal place, so they may not "
			      "add up to 100.0."),
	[TK_ROUND_LARGEST] = N_("Shares are rounded half up to one decimal place, and the largest "
				"is adjusted so that they add up to 100.0."),
	[TK_ROUND_STRICT] = N_("Shares and cumulative shares are each rounded half up to one "
			       "decimal place, so they may not add up."),
};
static const char *const multi_note =
	N_("Several answers were possible, so the shares may add up to more than 100. Shares are "
	   "rounded half up to one decimal place.");

const char *tk_round_name(enum tk_round rule) { return rule_name[rule]; }

bool tk_round_of_name(const char *name, enum tk_round *ret)
{
	for (int i = 0; i < TK_ROUND_MAX; i++) {
		if (!strcmp(name, rule_name[i])) {
			*ret = (enum tk_round)i;
			return true;
		}
	}
	return false;
}

const char *tk_round_note(enum tk_round rule, bool multi)
{
	return multi ? multi_note : rule_note[rule];
}

int64_t tk_share_x10(int64_t num, int64_t den)
{
	u128 v;

	if (den <= 0 || num < 0)
		return TK_SHARE_NONE;
	v = ((u128)num * 2000 + (u128)den) / ((u128)den * 2);
	return v > INT64_MAX ? INT64_MAX : (int64_t)v;
}

/* Adds the residual to the largest part. */
static enum tk_rc adjust(const int64_t *count, size_t n, int64_t den, int64_t *share,
			 struct tk_err *e)
{
	int64_t printed = 0, whole = 0;
	size_t top = 0;

	for (size_t i = 0; i < n; i++) {
		/* each part is at most what is left, so neither sum can overflow */
		if (count[i] > den - whole)
			return tk_fail(e, TK_EINVAL, "count",
				N_("The parts add up to more than their base of %lld; only parts "
				   "of one whole can be adjusted to 100.0."),
				(long long)den);
		whole += count[i];
		printed += share[i];
		if (count[i] > count[top])
			top = i;
	}
	if (whole != den)
		return tk_fail(e, TK_EINVAL, "count",
			       N_("The parts add up to %lld and their base is %lld; only parts of "
				  "one whole can be adjusted to 100.0."), (long long)whole,
			       (long long)den);
	if (share[top] + 1000 - printed < 0)
		return tk_fail(e, TK_EINVAL, "count",
			N_("There are too many small parts to adjust the largest to a sum of "
			   "100.0; use the rule \"strict\"."));
	share[top] += 1000 - printed;
	return TK_OK;
}

static void cumulate(enum tk_round rule, const int64_t *count, size_t n, int64_t den,
		     const int64_t *share, int64_t *cum)
{
	int64_t printed = 0, sum = 0;

	for (size_t i = 0; i < n; i++) {
		sum = count[i] > INT64_MAX - sum ? INT64_MAX : sum + count[i];
		printed = share[i] > INT64_MAX - printed ? INT64_MAX : printed + share[i];
		cum[i] = rule == TK_ROUND_STRICT ? tk_share_x10(sum, den) : printed;
	}
}

enum tk_rc tk_share_row(enum tk_round rule, const int64_t *count, size_t n, int64_t den,
			int64_t *share, int64_t *cum, struct tk_err *e)
{
	enum tk_rc rc;

	for (size_t i = 0; i < n; i++) {
		if (count[i] < 0)
			return tk_fail(e, TK_EINVAL, "count",
				N_("A count of %lld is negative; counts start at 0."),
				(long long)count[i]);
		share[i] = tk_share_x10(count[i], den);
		if (den <= 0 && cum)
			cum[i] = TK_SHARE_NONE;
	}
	if (den <= 0)
		return TK_OK;
	if (rule == TK_ROUND_LARGEST && n > 0 && (rc = adjust(count, n, den, share, e)) != TK_OK)
		return rc;
	if (cum)
		cumulate(rule, count, n, den, share, cum);
	return TK_OK;
}

int64_t tk_rate_x10(int64_t num, int64_t den)
{
	int64_t v = tk_share_x10(num, den);

	return v == 1000 && num < den ? 999 : v;
}

int64_t tk_points_x10(int64_t now, int64_t before)
{
	return now == TK_SHARE_NONE || before == TK_SHARE_NONE ? TK_SHARE_NONE : now - before;
}

static const struct { const char *column, *label; } class_table[TK_RATE_MAX] = {
	[TK_RATE_NONE] = { "", N_("No rate") },
	[TK_RATE_100] = { "rc_100", N_("100%") },
	[TK_RATE_95] = { "rc_95", N_("95% or more, less than 100%") },
	[TK_RATE_90] = { "rc_90", N_("90% or more, less than 95%") },
	[TK_RATE_LT90] = { "rc_lt90", N_("Less than 90%") },
};

enum tk_rate_class tk_rate_class(int64_t num, int64_t den)
{
	u128 n, d;

	if (den <= 0 || num < 0 || num > den)
		return TK_RATE_NONE;
	n = (u128)num * 100;
	d = (u128)den;
	if (num == den)
		return TK_RATE_100;
	return n >= 95 * d ? TK_RATE_95 : n >= 90 * d ? TK_RATE_90 : TK_RATE_LT90;
}

const char *tk_rate_class_column(enum tk_rate_class c) { return class_table[c].column; }
const char *tk_rate_class_label(enum tk_rate_class c) { return class_table[c].label; }

static char *print(const char *sign, int64_t tenths, char *dst)
{
	uint64_t v = tenths < 0 ? 0 - (uint64_t)tenths : (uint64_t)tenths;

	if (tenths == TK_SHARE_NONE)
		snprintf(dst, TK_X10_LEN, "－");
	else
		snprintf(dst, TK_X10_LEN, "%s%" PRIu64 ".%" PRIu64, sign, v / 10, v % 10);
	return dst;
}

char *tk_x10_print(int64_t tenths, char dst[TK_X10_LEN])
{
	return print(tenths < 0 ? "-" : "", tenths, dst);
}

char *tk_points_print(int64_t tenths, char dst[TK_X10_LEN])
{
	return print(tenths < 0 ? "-" : tenths > 0 ? "+" : "", tenths, dst);
}

char *tk_rate_print(int64_t num, int64_t den, char dst[TK_X10_LEN])
{
	return tk_x10_print(tk_rate_x10(num, den), dst);
}
