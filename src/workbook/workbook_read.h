/* workbook_read.h - a workbook between reading and merging it.  Private to src/workbook. */
#pragma once
#include "sheet/sheet.h"
#include "workbook/workbook_in.h"

/* A row with a code in the column of codes. */
struct tk_wb_row {
	const char *item, *option;      /* "q5" and "a" of "q5/a"; NULL: the question */
	const char *sheet;
	uint32_t    row;
	int32_t     answer_col, comment_col;    /* -1: the sheet has no such column */
	struct tk_cell answer, comment;
};
struct tk_wb_file {
	struct tk_wb_ident ident;
	const char        *identity;    /* name of the hidden sheet; NULL: there is none */
	struct tk_wb_row  *row;
	size_t             nrow, cap;
	const char       **headless;    /* sheets with codes but without the row of headings */
	size_t             nheadless;
};
