/* write_in.h - what the two halves of the writer share.  Private to src/sheet. */
#pragma once
#include "sheet/sheet_write.h"

struct tk_wbook;                        /* a workbook under construction, write_xlsx.h */
struct tk_out {
	struct tk_out_opt   opt;
	tk_out_fn           fn;
	void               *ctx;
	struct tk_err       err;        /* the first one */
	struct tk_arena    *mem, *tmp;  /* life of the writer; life of a cell */
	struct tk_buf       buf;        /* CSV on its way to the sink */
	struct tk_out_col  *col;
	size_t              ncol, nsheet;
	uint32_t            row, cell;  /* row: from 1; cell: how many the row has */
	bool                in_row, cell_filled;
	int                 look;       /* of the cells that follow; 0: what their kind brings */
	struct tk_out_lost *lost;
	size_t              nlost, total_lost;
	struct tk_wbook    *book;
};

bool       tk_out_cell(struct tk_out *o);       /* is there room for one more? write.c */
void       tk_out_sink(struct tk_out *o, const void *p, size_t n);    /* sticky, write.c */
void       tk_wbook_open(struct tk_out *o);
void       tk_wbook_sheet(struct tk_out *o, const char *name);
void       tk_wbook_row(struct tk_out *o);
void       tk_wbook_text(struct tk_out *o, const char *s);
void       tk_wbook_number(struct tk_out *o, double v, bool tenths);
void       tk_wbook_date(struct tk_out *o, struct tk_date d);
void       tk_wbook_bool(struct tk_out *o, bool v);
void       tk_wbook_close(struct tk_out *o);
void       tk_wbook_free(struct tk_out *o);
