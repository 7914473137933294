/* sheet.h - the one reader of CSV and XLSX files.
 *
 * A sheet is opened from bytes in memory (an upload) or from a file and read row by row; memory is
 * constant in the number of rows (a workbook's shared strings are the exception: they are held, up
 * to a limit).  What the file is, is told from its content, never from its name.
 *
 * Ownership: the bytes given to tk_sheet_open() stay the caller's and must outlive the sheet. Names
 * live as long as the sheet; the cells of a row until the next call of tk_sheet_next() or
 * tk_sheet_select().  One thread at a time uses a sheet.
 *
 * Rows and cells: only rows that hold something are delivered, with the number the user sees (CSV:
 * the record's number, as a spreadsheet program would count it).  Columns count from 0; cells that
 * stand before the last filled one are there as TK_CELL_BLANK.
 */
#pragma once
#include "base/mem.h"

enum { TK_SHEET_MAX_COL = 16384, TK_SHEET_MAX_ROW = 1048576, TK_SHEET_MAX_TEXT = 32767 };
enum { TK_CELL_NAME = 12 };     /* "XFD1048576" and its NUL */

enum tk_cell_kind {
	TK_CELL_BLANK,
	TK_CELL_TEXT,
	TK_CELL_NUMBER, /* text: shortest exact decimal, "10001", "0.25" */
	TK_CELL_BOOL,   /* text: TRUE or FALSE */
	TK_CELL_DATE,   /* text: 2012-03-31, 2012-03-31 13:05:00, or 13:05:00 for a time of day */
	TK_CELL_FORMULA_EMPTY, /* a formula whose value the file does not hold; text: "" */
	TK_CELL_ERROR,         /* text: #N/A, #REF! ... */
};
/* text is never NULL and NUL-terminated.  In a CSV file every filled cell is TK_CELL_TEXT. */
struct tk_cell {
	enum tk_cell_kind kind;
	const char       *text;
	size_t            len;
	bool              formula;      /* the value is what a formula gave when it was saved */
};
struct tk_row {
	uint32_t number;        /* from 1; 0: there are no more rows */
	bool     hidden;
	size_t   n;
	const struct tk_cell *cell;
};
struct tk_sheet_name { const char *name; bool hidden; };
/* Both corners are inside; columns from 0, rows from 1. */
struct tk_range { uint32_t row1, row2, col1, col2; };

/* Ceilings; 0 means the default. */
struct tk_sheet_opt {
	uint64_t max_unpacked;  /* bytes of all parts of a workbook, unpacked: 512 MiB */
	uint64_t max_ratio;     /* unpacked : packed, of one part over 32 MiB: 250 */
	size_t   max_strings;   /* bytes of shared strings held in memory: 128 MiB */
	uint64_t max_cells;     /* cells of a sheet, blanks between included: 100,000,000 */
};

struct tk_sheet;
/* filename is only for messages (NULL is fine).  TK_ETYPE: no file of these kinds, or damaged;
 * TK_ETOOBIG: over a ceiling. */
enum tk_rc tk_sheet_open(struct tk_sheet **ret, const void *data, size_t n, const char *filename,
			 struct tk_err *e) TK_MUST_USE;
enum tk_rc tk_sheet_open_opt(struct tk_sheet **ret, const void *data, size_t n,
			     const char *filename, const struct tk_sheet_opt *opt,
			     struct tk_err *e) TK_MUST_USE;
/* A regular file is mapped: it must not be cut short while it is read. */
enum tk_rc tk_sheet_open_file(struct tk_sheet **ret, const char *path,
			      struct tk_err *e) TK_MUST_USE;
void       tk_sheet_close(struct tk_sheet *s);                  /* NULL is fine */

bool       tk_sheet_is_csv(const struct tk_sheet *s);
/* The sheets in the order of their tabs; a CSV file has one, named after the file. */
size_t     tk_sheet_names(const struct tk_sheet *s, const struct tk_sheet_name **ret);
/* Starts (again) at the first row of a sheet.  Without it the first visible sheet is read. */
enum tk_rc tk_sheet_select(struct tk_sheet *s, size_t index, struct tk_err *e) TK_MUST_USE;
/* The same by name, ASCII letters in either case; TK_ENOTFOUND when there is none. */
enum tk_rc tk_sheet_select_name(struct tk_sheet *s, const char *name, struct tk_err *e) TK_MUST_USE;
enum tk_rc tk_sheet_next(struct tk_sheet *s, struct tk_row *row, struct tk_err *e) TK_MUST_USE;
/* Text of a column of the row, "" where the row is shorter. */
const char *tk_row_text(const struct tk_row *row, size_t col);

/* What a workbook brings besides cells. */
enum { TK_SHEET_MACROS = 1, TK_SHEET_LINKS = 2 /* to other workbooks or sources of data */ };
unsigned   tk_sheet_brings(const struct tk_sheet *s);

/* Hidden columns of the selected sheet (none in CSV). */
bool       tk_sheet_col_hidden(const struct tk_sheet *s, uint32_t col);
/* Is this cell of the selected sheet inside a merged range?  Only the range's first cell holds its
 * value; a caller who wants to fill down takes it from there (r->row1, r->col1).  The list of
 * ranges stands behind the rows in the file, so that the first call costs one extra pass over the
 * packed sheet; call it for rising rows. */
enum tk_rc tk_sheet_merged(struct tk_sheet *s, uint32_t row, uint32_t col, bool *ret,
			   struct tk_range *r, struct tk_err *e) TK_MUST_USE;

/* (6, 12) -> "G12" */
char      *tk_cell_name(uint32_t col, uint32_t row, char buf[TK_CELL_NAME]);
/* "G12" -> (6, 12); false if it is none. */
bool       tk_cell_parse(const char *name, uint32_t *col, uint32_t *row);

/* Formula neutralisation.  A CSV text that is any number of apostrophes followed by = + - @ TAB or
 * CR goes out with one more apostrophe in front, so that no spreadsheet program runs it; coming in,
 * one apostrophe is taken off a text of that shape.  So every text makes the round trip unchanged,
 * also one that begins with an apostrophe itself.  Workbooks type their cells and need none of it:
 * there the text is returned as it is. */
bool        tk_cell_risky(const char *text);
const char *tk_cell_restore(const struct tk_sheet *s, const char *text);
