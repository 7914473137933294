/* fact.h - named numbers of a fiscal year, each with the rows it was counted from (SELF-06, EDU-06,
 * RPT-03).
 *
 * A module declares what it can state as a const table of struct tk_fact.  A fact is never typed
 * in: its query or function selects rows, and the mechanism counts them, keeps numerator,
 * denominator, base date and a digest of the rows (table fact_value), compares years, and walks
 * back from the number to the rows (tk_fact_explain, `tenken explain ID`).  No rows and nothing to
 * say is "missing" with a reason, never 0.  Results live in op->mem; any thread with its own tk_op.
 */
#pragma once
#include "record/record.h"
#include "stat/round.h"

enum tk_fact_kind {
	TK_FACT_COUNT,          /* rows that count; no denominator */
	TK_FACT_RATE,           /* rows that count / all rows, printed as a percentage */
	TK_FACT_SUM,            /* sum of the amounts of the rows that count */
	/* that sum / the rows that count (a duration, say), one decimal */
	TK_FACT_MEAN,
};
/* First and last day of the year, the base date of its head-count (never NULL; the last day when
 * none is set). */
struct tk_fact_year { int year; const char *from, *to, *base_date; };

struct tk_fact_rows;            /* what is counted */
/* Runs sql, whose columns are: id of the row, 1 if it counts in the numerator else 0 [, amount].
 * t: the record type of those ids.  A count or rate that gets the same record twice is refused
 * (TK_EINTERNAL): a join that multiplies rows is found, not counted. */
enum tk_rc tk_fact_select(const struct tk_op *op, struct tk_fact_rows *to, const struct tk_rtype *t,
			  const char *sql, const struct tk_value *arg, size_t narg) TK_MUST_USE;
/* One row that a program found itself.  what: its words where it is no record (t NULL). */
void tk_fact_add(struct tk_fact_rows *to, const struct tk_rtype *t, int64_t id, bool hit,
		 int64_t amount, const char *what);
/* Why there is nothing to state (an English msgid, translated when shown). */
void tk_fact_missing(struct tk_fact_rows *to, const char *why);
/* The reason should no row come at all (an English msgid). */
void tk_fact_none(struct tk_fact_rows *to, const char *why);
/* No row at all is what this fact says, its register being kept: a count or sum prints 0 then.
 * Without it no rows are "missing". */
void tk_fact_zero(struct tk_fact_rows *to);

struct tk_fact {
	const char *id;                 /* "education.attendance_rate": module.name */
	const char *label;              /* English msgid, as in a table of the report */
	const char *unit;               /* English msgid: N_("people"), N_("sessions"), "%" ... */
	const char *base;               /* English msgid: what is counted over what */
	enum tk_fact_kind kind;
	/* 1: more is better, -1: less is better, 0: neither; for the arrow of a trend */
	int         better;
	const char *href;               /* page with the rows, "#/records/sessions"; NULL: none */
	/* "{year}" in href is replaced */
	enum tk_rc (*rows)(const struct tk_op *op, const struct tk_fact_year *y,
			   struct tk_fact_rows *to);
	/* Or, where queries say it all, without a function (rows NULL): of and sql as for
	 * tk_fact_select(), and its arguments $1, $2 ... by a letter each: f first day, t last day,
	 * b base date, d today (texts); y the year, s and e the first moment of it and of the next
	 * one (whole numbers).  A query names each of its arguments. */
	const struct tk_rtype *of;
	const char *sql, *args;
	const char *none;               /* as tk_fact_none() */
	bool        zero;               /* as tk_fact_zero() */
	/* NULL, or a query for one number, asked first; its arguments as above, NULL: "y".  When
	 * it is 0, a fact with zero is without it, and any other is missing for none whatever rows
	 * there are. */
	const char *when, *when_args;
};

struct tk_fact_value {
	const struct tk_fact *fact;
	int         year;
	bool        missing;
	const char *why;                /* of a missing one, in the reader's language */
	int64_t     numerator, denominator;     /* of a count or sum: denominator 0 */
	/* value in tenths, rounded half up ("plain"): per cent of a rate, units of a mean; 10 * n
	 * of a count or sum.  A rate with somebody missing is at most 99.9 and one with somebody
	 * at least 0.1 (SELF-06): a number at both ends, so that points can be computed from what
	 * is printed.  TK_SHARE_NONE (stat/round.h) when it is missing. */
	int64_t     value_x10;
	const char *base_date;
	const char *digest;             /* SHA-256 of the rows, hex */
	int64_t     computed_at;
};

void tk_facts_set(const struct tk_fact *const *facts, size_t n);
size_t tk_facts(const struct tk_fact *const **ret);
const struct tk_fact *tk_fact_by_id(const char *id);
/* Those whose id or label comes nearest to a name that is no fact; at most max. */
size_t tk_fact_near(const struct tk_op *op, const char *name, const struct tk_fact **ret,
		    size_t max);
/* First, last and base day of a year, of its record or by the calendar. */
enum tk_rc tk_fact_year_of(const struct tk_op *op, int year,
			   struct tk_fact_year *ret) TK_MUST_USE;
/* Computes now and stores it (in the caller's transaction).  A row in the trail only when what is
 * stored changes.  A year that is published keeps what it has (TK_ECONFLICT, CORE-08). */
enum tk_rc tk_fact_compute(const struct tk_op *op, const struct tk_fact *f, int year,
			   struct tk_fact_value *ret) TK_MUST_USE;
/* All of them, in one transaction. */
enum tk_rc tk_fact_compute_year(const struct tk_op *op, int year, size_t *ret_n) TK_MUST_USE;
/* As stored; TK_ENOTFOUND when it was never computed. */
enum tk_rc tk_fact_stored(const struct tk_op *op, const struct tk_fact *f, int year,
			  struct tk_fact_value *ret) TK_MUST_USE;
/* Computed now, nothing stored. */
enum tk_rc tk_fact_now(const struct tk_op *op, const struct tk_fact *f, int year,
		       struct tk_fact_value *ret) TK_MUST_USE;
/* "97.9%", "12", "－": as printed, never NULL. */
const char *tk_fact_print(const struct tk_op *op, const struct tk_fact_value *v);
/* Difference of two printed values in tenths (points of a rate); TK_SHARE_NONE: there is none. */
int64_t tk_fact_change_x10(const struct tk_fact_value *now, const struct tk_fact_value *before);
/* "+5.9 points", "-2"; "－" */
const char *tk_fact_print_change(const struct tk_op *op, const struct tk_fact *f, int64_t x10);
/* Stored values of a fact, oldest year first. */
typedef enum tk_rc (*tk_fact_value_fn)(void *ctx, const struct tk_fact_value *v);
enum tk_rc tk_fact_trend(const struct tk_op *op, const struct tk_fact *f, tk_fact_value_fn fn,
			 void *ctx) TK_MUST_USE;
/* The rows behind a number: title as in lists, whether it counts, amount. */
struct tk_fact_row {
	const struct tk_rtype *type;    /* NULL: no record */
	int64_t     id, amount;
	bool        hit;
	const char *title;
};
typedef enum tk_rc (*tk_fact_row_fn)(void *ctx, const struct tk_fact_row *r);
enum tk_rc tk_fact_explain(const struct tk_op *op, const struct tk_fact *f, int year,
			   tk_fact_row_fn fn, void *ctx, struct tk_fact_value *ret) TK_MUST_USE;
