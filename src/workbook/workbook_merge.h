/* workbook_merge.h - what the parts of merging a workbook share.  Private to src/workbook. */
#pragma once
#include "workbook/workbook_read.h"

/* What the file holds of one item. */
struct tk_wb_slot {
	const struct tk_wb_row  *question;      /* NULL: no row */
	const struct tk_wb_row **option;        /* rows of choices, then of the two states */
	const struct tk_wb_known *known;        /* as it was when the workbook was made */
	bool bad;                               /* something is wrong with it already */
};
struct tk_wb_merge {
	const struct tk_op       *op;
	const struct tk_workbook *w;
	const struct tk_wb_file  *file;
	const struct tk_wb_decision *decision;
	struct tk_response       *r;
	struct tk_wb_result      *res;
	struct tk_wb_slot        *slot;         /* by item */
	size_t                   *change_of;    /* by item: its change + 1; 0 none */
};

enum { TK_WB_STATES = 2 };              /* rows behind the choices: na, dk */

/* Into the report, at the cell of a row; row NULL: the file as a whole. */
void tk_wb_say(struct tk_wb_merge *m, enum tk_severity severity, const struct tk_wb_row *row,
	       int32_t col, const char *item, const char *message);
/* Is it our workbook, of this campaign and respondent?  What speaks against it is in the report. */
bool tk_wb_identify(struct tk_wb_merge *m);
/* Rows to their items; what is new, gone, missing or there twice is said. */
void tk_wb_assign(struct tk_wb_merge *m);

/* Something is wrong with item i at this cell; op->e says what.  Always false. */
bool tk_wb_wrong(struct tk_wb_merge *m, const struct tk_wb_row *row, int32_t col, size_t i);
/* Is it a value, not a formula or an error?  Else that is said. */
bool tk_wb_is_value(struct tk_wb_merge *m, const struct tk_wb_row *row, const struct tk_cell *c,
		    int32_t col, size_t i);
/* Choices by their rows: those marked, or all in their order (workbook_mark.c). */
bool tk_wb_read_marks(struct tk_wb_merge *m, size_t i, struct tk_ans *x);

/* The text of an answer cell into x. */
enum tk_rc tk_wb_read_cell(const struct tk_op *op, const struct tk_item *it, const char *text,
			   struct tk_ans *x) TK_MUST_USE;
enum tk_wb_marked { TK_WB_UNMARKED, TK_WB_MARKED, TK_WB_UNCLEAR };
enum tk_wb_marked tk_wb_mark(struct tk_arena *a, const char *text);
