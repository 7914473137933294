/* sheet_write.h - the one writer of CSV and XLSX files.
 *
 * Cells go out as they come, in constant memory: tk_out_sheet(), then for each row tk_out_row() and
 * its cells from left to right.  The bytes go to a sink (buffer, file, socket); a workbook is
 * assembled in temporary files and reaches the sink in tk_out_close().  Errors are sticky: after
 * the first, everything is ignored, and tk_out_close() returns it.  One thread at a time uses a
 * writer.
 */
#pragma once
#include "base/clock.h"
#include "base/mem.h"

enum tk_out_format { TK_OUT_CSV, TK_OUT_XLSX };
enum tk_out_enc { TK_OUT_UTF8, TK_OUT_UTF8_BOM, TK_OUT_CP932 };
/* A zeroed one writes plain UTF-8 CSV with LF, for the command line. */
struct tk_out_opt {
	enum tk_out_format format;
	enum tk_out_enc    enc;         /* of CSV */
	bool               crlf;        /* of CSV */
	const char        *title;       /* of a workbook's properties, may be NULL */
	const char *mark; /* classification mark: printed on each page, in the properties */
	const char        *font;        /* NULL: Yu Gothic */
};
/* What a download is unless the person asks for something else. */
#define TK_OUT_DOWNLOAD ((struct tk_out_opt){ .enc = TK_OUT_UTF8_BOM, .crlf = true })

typedef enum tk_rc (*tk_out_fn)(void *ctx, const void *p, size_t n, struct tk_err *e);
enum tk_rc tk_out_to_buf(void *buf, const void *p, size_t n,
			 struct tk_err *e); /* struct tk_buf * */
enum tk_rc tk_out_to_file(void *file, const void *p, size_t n, struct tk_err *e);      /* FILE * */

struct tk_out;
/* e carries the language of later messages too; ctx must live until tk_out_close(). */
enum tk_rc tk_out_open(struct tk_out **ret, const struct tk_out_opt *opt, tk_out_fn fn, void *ctx,
		       struct tk_err *e) TK_MUST_USE;
/* width in characters of half width; 0: from the title */
struct tk_out_col { const char *title; unsigned width; };
/* Starts a sheet; with columns a header row (bold, frozen) is written.  A CSV file has one sheet
 * and no place for its name.  Titles and name are copied.  A sheet that is full continues on the
 * next one, with the same header. */
void tk_out_sheet(struct tk_out *o, const char *name, const struct tk_out_col *col, size_t ncol);
void tk_out_row(struct tk_out *o);
void tk_out_text(struct tk_out *o, const char *s);              /* NULL and "": an empty cell */
void tk_out_int(struct tk_out *o, int64_t v);
void tk_out_x10(struct tk_out *o, int64_t tenths);              /* 902 -> 90.2 */
/* "0.25"; what is no number, or has more than 15 digits, as text */
void tk_out_number(struct tk_out *o, const char *decimal);
void tk_out_date(struct tk_out *o, const char *iso); /* "2012-03-31"; what is no date, as text */
void tk_out_bool(struct tk_out *o, bool v);                     /* TRUE / FALSE */
void tk_out_blank(struct tk_out *o);
bool tk_out_ok(const struct tk_out *o);                         /* false: nothing more is written */
enum tk_rc tk_out_close(struct tk_out *o, struct tk_err *e) TK_MUST_USE;

/* Characters that CP932 cannot hold; 〓 stands in their place.  At most one a cell and
 * TK_OUT_LOST_MAX in all are listed (row as in the file, from 1); the total counts all.  Until
 * tk_out_free(). */
enum { TK_OUT_LOST_MAX = 100 };
struct tk_out_lost { uint32_t row; const char *column; uint32_t cp; };
size_t tk_out_lost(const struct tk_out *o, const struct tk_out_lost **ret, size_t *total);
void   tk_out_free(struct tk_out *o);                           /* NULL is fine */

/* -- sheets laid out by hand ------------------------------------------------------------------- */
/* For workbooks that people fill in.  In a CSV file the look falls away and a formula is its value.
 * Rows count from 1 and columns from 0, as in struct tk_range.  All texts are copied. */
struct tk_range;
enum tk_out_align { TK_OUT_AS_KIND, TK_OUT_LEFT, TK_OUT_CENTRE, TK_OUT_RIGHT };
/* Colours are 0xRRGGBB; 0: none, black. */
struct tk_out_look {
	bool              bold, wrap, border;
	bool              open;         /* may be typed into although the sheet is locked */
	uint32_t          fill, ink;
	unsigned          size;         /* points; 0: 11 */
	enum tk_out_align align;
	const char       *number;       /* "@" is text; NULL: as the kind */
};
/* At most 64 in a workbook.  Returns what tk_out_use() takes. */
int   tk_out_look(struct tk_out *o, const struct tk_out_look *look);
/* The look of the cells that follow in this row, the empty ones too; 0: what their kind brings. */
void  tk_out_use(struct tk_out *o, int look);

struct tk_out_page {
	const unsigned *width;          /* of the columns, in characters of half width */
	size_t          ncol;
	uint32_t        frozen;         /* rows that stay in sight and are printed on each page */
	bool            locked;         /* only open cells can be typed into */
	bool            hidden;
};
/* A sheet without header row.  The name must be one that tk_out_fit_name() gave. */
void  tk_out_page(struct tk_out *o, const char *name, const struct tk_out_page *page);
/* The nearest name that a workbook allows, with room for spare more characters. */
char *tk_out_fit_name(struct tk_arena *a, const char *want, size_t spare);
/* 'Kim''s sheet'!$D$12 */
char *tk_out_ref(struct tk_arena *a, const char *sheet, uint32_t col, uint32_t row);

void  tk_out_height(struct tk_out *o, unsigned points);         /* of the row just begun */
void  tk_out_span(struct tk_out *o, const char *text, unsigned ncol);   /* merged cells */
/* "=SUM(A1:A3)" and what it gives now: a text, or NULL and a number. */
void  tk_out_formula(struct tk_out *o, const char *formula, const char *text, double number);
void  tk_out_link(struct tk_out *o, const char *ref, const char *text); /* to a cell in the file */
void  tk_out_name(struct tk_out *o, const char *name, const char *formula);

/* What may be typed into cells of the current sheet, and what is said otherwise. */
enum tk_out_takes { TK_OUT_LIST, TK_OUT_WHOLE, TK_OUT_DECIMAL, TK_OUT_DAY, TK_OUT_LENGTH,
		    TK_OUT_RULE };
struct tk_out_valid {
	enum tk_out_takes takes;
	const char       *formula;      /* LIST: where it stands; RULE: must be true */
	double            min, max;     /* of the others, both allowed; DAY: from 1900-03-01 */
	const char       *title, *message;
};
/* At most TK_OUT_VALID_MAX on a sheet: the library counts them in a byte. */
enum { TK_OUT_VALID_MAX = 255 };
void  tk_out_valid(struct tk_out *o, const struct tk_range *r, const struct tk_out_valid *v);
/* Cells look otherwise while the formula is true. */
void  tk_out_when(struct tk_out *o, const struct tk_range *r, const char *formula, int look);
