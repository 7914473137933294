/* workbook_out.h - what the files that write a workbook share.  Private to src/workbook. */
#pragma once
#include "sheet/sheet.h"
#include "workbook/workbook_in.h"

struct tk_wb_writer {
	const struct tk_workbook *w;
	struct tk_arena          *mem;
	struct tk_wb_plan         plan;
	struct tk_out            *o;
	/* looks */
	int title, lead, head, band, code, text, how, answer, number, day, choice, mark, between,
		status, shut, open_status, link, key, step, done_status;
};
/* The first sheet: whose it is, how it is filled in, what is still open (workbook_intro.c). */
void tk_wb_intro(struct tk_wb_writer *x);
/* The sheets that nobody sees (workbook_hidden.c). */
void tk_wb_hidden(struct tk_wb_writer *x);
/* What the last column says of an item as things stand; the three words that are counted. */
extern const char *const tk_wb_done, *const tk_wb_open, *const tk_wb_shut;      /* msgids */
const char *tk_wb_status(const struct tk_wb_writer *x, size_t item);
#define TK_WB_TR(x, s) tk_tr((x)->w->lang, (s))
