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
 * Standing tables: items, rate-classes, response-rate, compare, problem-items.  Declared tables are
 * found by name with the campaign's questionnaire (survey_table.h), and `question` makes one of any
 * item.  The columns of each stand in docs/TABLES.md and never change their names.  Everything
 * lives in op->mem; one thread at a time.
 *
 * Declared tables besides carry their figures, so that a program can reason about them (disclosure
 * control, comparison).  A figure is one question counted over one set of respondents:
 *   - count[k] of n chose option k of the table; -1: the figure's question has no such option;
 *   - whole: the counts of every figure add up to its n (one answer each; "don't know" and, under a
 *     base of one's own, the other kinds of missing are options of their own then);
 *   - parts: the figures but the last are disjoint and add up to the last, the total, in people, n,
 *     missing and every count;
 *   - otherwise figures may overlap, and nothing follows from one for another but through the
 *     campaign's answers.
 * long: figure f has the columns c with of[c].figure = f + 1, option k is row k.  wide: figure f is
 * row f, option k has the columns c with of[c].option = k + 1.
 */
#pragma once
#include <stdio.h>
#include "sheet/sheet_write.h"
#include "survey/campaign.h"
#include "survey/plane.h"
#include "stat/round.h"

struct tk_table_ask {
	const char *name;
	/* NULL, "", "none": undivided; bureau, division, post; of declared tables and `question`
	 * also sector, prefecture, attribute:NAME */
	const char *by;
	const char *filter; /* NULL or "": everybody */
	const char *round;  /* NULL or "": largest for rate-classes, else plain */
	enum tk_lang lang;
	/* of `question`: the code of its item, and a base of one's own (NULL or "": computed) */
	const char *item, *base;
	/* beside an earlier survey: a campaign, "published" or "published:WAVE" */
	const char *with;
	bool matched;		  /* with a campaign: only those who submitted in both */
	bool weighted, intervals; /* also where the table does not say so itself */
	bool missing; /* the kinds of missing in CSV too, of declared tables and `question` */
};

enum tk_col_kind { TK_COL_TEXT, TK_COL_INT, TK_COL_RATE, TK_COL_POINTS, TK_COL_DECIMAL };
/* A machine column stands in CSV and in JSON of the command line, a page column in the page, the
 * workbook and on the terminal; a JSON column in JSON of the command line only. */
enum tk_col_where { TK_COL_BOTH, TK_COL_MACHINE, TK_COL_PAGE, TK_COL_JSON };
struct tk_col {
	const char *name, *label;
	enum tk_col_kind kind;
	enum tk_col_where where;
};
/* Which figure or option a column is about, from 1; 0: none in particular. */
struct tk_col_of {
	size_t figure, option;
};

struct tk_table_cell {
	bool none; /* empty */
	uint8_t symbol; /* enum tk_symbol: printed in place of the value, or * behind it */
	int64_t n; /* a number; tenths of rate and points */
	union {
		/* of a text: for machines; for people, NULL = text.  Of a decimal: text, "12.5" */
		struct {
			const char *text, *label;
		};
		/* of a rate */
		struct {
			int64_t num, den;
		};
	};
};

struct tk_figure {
	const char *code; /* of its series, group or question; "" where there is only one */
	const char *label;
	const char *item; /* NULL: counts institutions, not answers */
	const char *base; /* in words, without n */
	int64_t people;	  /* it is about so many respondents, */
	int64_t n;	  /* of them so many are its base */
	/* of people, told apart by why they have no value */
	int64_t not_asked, no_answer, not_applicable, dont_know;
	const int64_t *count, *share; /* by option; share in tenths, as printed */
	/* who they are: equal marks, the same respondents (plane.h); NULL: not counted by option */
	struct tk_mark base_mark, people_mark;
	const struct tk_mark *mark; /* by option */
	struct tk_members members, everybody; /* of the base, and all it is about */
	const struct tk_members *chosen; /* by option */
	/* by option, of weighted shares: the smallest count of a sector, or rest of its base, that
	 * is not 0; with the unweighted count a reader may compute it.  NULL: not weighted */
	const int64_t *thin;
	/* of institutions: whom it is about follows from what everybody knows of them (sector,
	 * prefecture, attribute) and not from answers; and so does its base, if everybody answered
	 */
	bool known_people, known_base;
	bool all_asked; /* no condition stands before its question */
	bool declared;	/* its base is a condition of its own */
	const char *leans; /* what its conditions name, with blanks between */
};
enum tk_table_shape { TK_TABLE_FREE, TK_TABLE_LONG, TK_TABLE_WIDE };

struct tk_table {
	const char *name, *by, *title, *subtitle, *base;
	const char *const *note;
	size_t nnote;
	enum tk_round round;
	enum tk_lang lang;
	const struct tk_col *col;
	size_t ncol, nrow;
	const struct tk_table_cell *cell; /* [row * ncol + col] */
	/* Of declared tables and `question` only; kind NULL: a standing table.  Figures of
	 * TK_TABLE_FREE (numbers) have no options. */
	const char *kind;
	enum tk_table_shape shape;
	const struct tk_figure *figure;
	const struct tk_option *option; /* choices, then kinds of missing that belong to the base */
	size_t nfigure, noption;
	const struct tk_col_of *of; /* by column */
	bool whole, parts;
	bool panel; /* the people are institutions */
};

/* What of a declared table may not be printed: enum tk_cell_status of the base of each figure, and
 * of each option ([figure * noption + option]). */
struct tk_table_mask {
	int64_t min; /* smaller counts are left out */
	const uint8_t *base, *option;
};
enum { TK_COUNT_NO_OPTION = -1, TK_COUNT_HIDDEN = -2 };
/* The table as it is published: x for what the mask leaves out, - for nobody, … where nobody was
 * asked, * behind a share of a base below ten; kinds of missing are not told apart.  What is left
 * out is gone from the figures too, so that no writer of any kind can print it. */
void tk_table_mask(struct tk_table *t, const struct tk_table_mask *m, struct tk_arena *a);

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
enum tk_table_format {
	TK_TABLE_TEXT, TK_TABLE_CSV, TK_TABLE_JSON, TK_TABLE_XLSX, TK_TABLE_SVG, TK_TABLE_PNG
};
/* "table" or "text", "csv", "json", "xlsx", "svg", "png" */
bool tk_table_format_of(const char *name, enum tk_table_format *ret);
/* For the command line: CSV is plain UTF-8 with LF; JSON an array of objects named like the
 * columns. */
enum tk_rc tk_table_write(FILE *f, const struct tk_table *t, enum tk_table_format format,
	struct tk_err *e) TK_MUST_USE;
/* A file with the names (CSV) or labels (workbook) of the columns. */
enum tk_rc tk_table_out(const struct tk_table *t, const struct tk_out_opt *opt, tk_out_fn fn,
	void *ctx, struct tk_err *e) TK_MUST_USE;
/* One sheet of a workbook with many tables, named like the table. */
void tk_table_sheet(struct tk_out *o, const struct tk_table *t);
/* For the page: {title, base, note, columns, rows, by, round}; of declared tables also kind,
 * subtitle, figures. */
void tk_table_json(struct tk_json *j, const struct tk_table *t);
void tk_table_objects(struct tk_json *j, const struct tk_table *t);
void tk_table_text(struct tk_buf *b, const struct tk_table *t);

/* Declared tables, rate-classes and response-rate as SVG and PNG; TK_ENOTFOUND for others and where
 * nobody counts yet. */
enum tk_rc tk_table_chart(const struct tk_table *t, struct tk_arena *a, struct tk_buf *out,
	struct tk_err *e) TK_MUST_USE;
enum tk_rc tk_table_chart_png(const struct tk_table *t, struct tk_arena *a, struct tk_buf *out,
	struct tk_err *e) TK_MUST_USE;
