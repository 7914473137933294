/* table.h - the tables of a campaign as data: counted, rounded, named, ready to be written.
 *
 * A table is made for one person (op->who): somebody who may see tables of a division or bureau
 * only gets the people of those units counted, in every table, and neither filters nor posts (they
 * could show one person's answers).  The numbers come from memory
 * (live.h); making a table of 81 items over 300,000 people takes milliseconds.
 *
 * Implementation rate of an item (SELF-07): numerator = those who answered `done`; denominator =
 * asked - not applicable - no answer ("don't know" stays in).  Only a single choice whose list has
 * the choice `done` has a rate; other items have counts, and empty cells for the rate.
 *
 * Tables: items, rate-classes, response-rate, compare, problem-items; the columns of each stand in
 * docs/TABLES.md and never change their names.  Everything lives in op->mem; one thread at a time.
 */
#pragma once
#include <stdio.h>
#include "sheet/sheet_write.h"
#include "survey/campaign.h"
#include "survey/round.h"

struct tk_table_ask {
	const char *name;
	const char *by;	    /* NULL, "", "none": undivided; bureau, division, post */
	const char *filter; /* NULL or "": everybody */
	const char *round;  /* NULL or "": largest for rate-classes, else plain */
	enum tk_lang lang;
};

enum tk_col_kind { TK_COL_TEXT, TK_COL_INT, TK_COL_RATE, TK_COL_POINTS };
/* A machine column stands in CSV and in JSON of the command line, a page column in the page, the
 * workbook and on the terminal. */
enum tk_col_where { TK_COL_BOTH, TK_COL_MACHINE, TK_COL_PAGE };
struct tk_col {
	const char *name, *label;
	enum tk_col_kind kind;
	enum tk_col_where where;
};

struct tk_cell {
	bool none; /* empty */
	int64_t n; /* a number; tenths of rate and points */
	union {
		/* of a text: for machines; for people, NULL = text */
		struct {
			const char *text, *label;
		};
		/* of a rate */
		struct {
			int64_t num, den;
		};
	};
};

struct tk_table {
	const char *name, *by, *title, *base;
	const char *const *note;
	size_t nnote;
	enum tk_round round;
	enum tk_lang lang;
	const struct tk_col *col;
	size_t ncol, nrow;
	const struct tk_cell *cell; /* [row * ncol + col] */
};

/* code and msgid of every table, ends with { 0 } */
extern const struct tk_choice tk_table_names[];
/* TK_EINVAL names the field at fault: table, by, filter or round. */
enum tk_rc tk_table_make(const struct tk_op *op, const struct campaign *c,
	const struct tk_table_ask *ask, struct tk_table **ret) TK_MUST_USE;
/* The campaign that `compare` and `problem-items` take as last year's: the one this follows up,
 * else the newest of the fiscal year before with the same questionnaire.  0: there is none. */
enum tk_rc tk_table_previous(
	const struct tk_op *op, const struct campaign *c, int64_t *ret) TK_MUST_USE;

/* -- writing ----------------------------------------------------------------------------------- */
enum tk_table_format { TK_TABLE_TEXT, TK_TABLE_CSV, TK_TABLE_JSON, TK_TABLE_XLSX };
/* "table" or "text", "csv", "json", "xlsx" */
bool tk_table_format_of(const char *name, enum tk_table_format *ret);
/* For the command line: CSV is plain UTF-8 with LF; JSON an array of objects named like the
 * columns. */
enum tk_rc tk_table_write(FILE *f, const struct tk_table *t, enum tk_table_format format,
	struct tk_err *e) TK_MUST_USE;
/* A file with the names (CSV) or labels (workbook) of the columns. */
enum tk_rc tk_table_out(const struct tk_table *t, const struct tk_out_opt *opt, tk_out_fn fn,
	void *ctx, struct tk_err *e) TK_MUST_USE;
/* For the page: {title, base, note, columns, rows, by, round}. */
void tk_table_json(struct tk_json *j, const struct tk_table *t);
void tk_table_objects(struct tk_json *j, const struct tk_table *t);
void tk_table_text(struct tk_buf *b, const struct tk_table *t);

/* rate-classes and response-rate as SVG; TK_ENOTFOUND for others and where nobody counts yet. */
enum tk_rc tk_table_chart(const struct tk_table *t, struct tk_arena *a, struct tk_buf *out,
	struct tk_err *e) TK_MUST_USE;
