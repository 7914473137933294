/* sheet_in.h - what the parts of the reader share.  Private to src/sheet; threads as in sheet.h. */
#pragma once
#include <expat.h>
#include <zip.h>
#include "sheet/sheet.h"

enum { TK_RAW_TEXT_MAX = 262144, TK_ROW_TEXT_MAX = 16 * 1024 * 1024 };

/* Collects one row.  Cells may come in any order; a cell's text lies either in `text` at off[] or
 * outside (shared strings), then cell[].text is set at once. */
struct tk_rowbuf {
	struct tk_buf   text;
	struct tk_cell *cell;
	size_t         *off;
	size_t          n, cap;
	uint64_t        total;          /* cells of the sheet so far */
};

enum tk_csv_enc { TK_CSV_UTF8, TK_CSV_CP932, TK_CSV_UTF16LE, TK_CSV_UTF16BE };
struct tk_csv {
	enum tk_csv_enc enc;
	int      delim;
	size_t   start, pos;
	uint32_t row, line;
	unsigned char pend[4];          /* rest of a character on its way from UTF-16 to UTF-8 */
	unsigned npend, ipend;
};

struct tk_book;                         /* an open workbook, book.c */
struct tk_sheet {
	struct tk_sheet_opt  opt;
	const unsigned char *data;
	size_t               n;
	void                *map;       /* munmap(map, n) */
	struct tk_buf        own;       /* or the bytes of a pipe */
	char                *filename;
	struct tk_arena     *mem, *tmp; /* life of the sheet; life of a row */
	struct tk_sheet_name *name;
	size_t               nname, current;
	bool                 selected, is_csv;
	struct tk_rowbuf     row;
	struct tk_csv        csv;
	struct tk_book      *book;
};

/* sheet.c */
/* "職員名簿!G12" in a workbook, "G12" in a CSV file. */
const char *tk_place(struct tk_sheet *s, uint32_t col, uint32_t row);
void        tk_rowbuf_clear(struct tk_rowbuf *b);
enum tk_rc  tk_rowbuf_put(struct tk_sheet *s, uint32_t col, uint32_t row, struct tk_cell c,
			  size_t off, struct tk_err *e) TK_MUST_USE;
void        tk_rowbuf_end(struct tk_rowbuf *b, struct tk_row *row);

/* csv.c */
enum tk_rc tk_csv_open(struct tk_sheet *s, struct tk_err *e) TK_MUST_USE;
void       tk_csv_rewind(struct tk_sheet *s);
enum tk_rc tk_csv_next(struct tk_sheet *s, struct tk_row *row, struct tk_err *e) TK_MUST_USE;

/* value.c */
enum { TK_NUM_TEXT = 64 };
bool   tk_num_text(const char *v, char out[TK_NUM_TEXT]);       /* false: no finite number */
bool   tk_serial_text(const char *v, bool date1904, char out[TK_NUM_TEXT]);
bool   tk_format_is_date(const char *code);
bool   tk_format_id_is_date(int64_t id);
void   tk_iso_text(const char *v, char out[TK_NUM_TEXT]);
/* Decodes _xHHHH_ in place; returns the new length. */
size_t tk_unescape(char *s, size_t n);

/* xml.c: a part of a workbook, streamed through expat */
struct tk_xml;
struct tk_xml_fn {
	void (*start)(struct tk_xml *x, const char *name, const char **att);
	void (*end)(struct tk_xml *x, const char *name);
	void (*text)(struct tk_xml *x, const char *s, size_t n);
};
struct tk_xml {
	struct tk_sheet  *s;
	XML_Parser        parser;
	zip_file_t       *file;
	struct tk_xml_fn  fn;
	void             *ctx;
	struct tk_err    *e;            /* of the call that runs */
	enum tk_rc        rc;
	uint64_t          got, size, packed;
	uint64_t          event_at;     /* `got` when expat last reported something */
	bool              last, paused, done;
	const char       *part;
};
/* Elements and attributes come without their namespace prefix.  *found may be NULL: then a missing
 * part is an error. */
enum tk_rc  tk_xml_open(struct tk_xml *x, struct tk_sheet *s, const char *part, struct tk_xml_fn fn,
			void *ctx, bool *found, struct tk_err *e) TK_MUST_USE;
/* Runs to the end of the part (x->done) or to the next tk_xml_pause(). */
enum tk_rc  tk_xml_run(struct tk_xml *x, struct tk_err *e) TK_MUST_USE;
void        tk_xml_pause(struct tk_xml *x);
/* Ends the run with rc, which tk_fail() gave. */
void        tk_xml_stop(struct tk_xml *x, enum tk_rc rc);
void        tk_xml_close(struct tk_xml *x);
const char *tk_xml_att(const char **att, const char *name);     /* NULL if missing */
bool        tk_xml_flag(const char **att, const char *name);    /* "1" or "true" */
const char *tk_xml_local(const char *name);

/* book.c: the parts of a workbook that are not sheets */
struct tk_strings { struct tk_buf text; size_t *off; size_t n, cap; bool loaded; };
struct tk_rel { const char *id, *type, *target; struct tk_rel *next; };
struct tk_wsheet;                       /* the worksheet being read, xlsx.c */
struct tk_book {
	zip_t            *zip;
	const char      **part;         /* of each sheet, beside tk_sheet.name */
	const char       *styles, *shared;
	bool              date1904;
	bool             *xf_date;      /* of each cell style: is it a date? */
	size_t            nxf;
	struct tk_strings str;
	struct tk_wsheet *ws;
};
enum tk_rc tk_book_open(struct tk_sheet *s, struct tk_err *e) TK_MUST_USE;
void       tk_book_close(struct tk_sheet *s);
unsigned   tk_book_brings(const struct tk_sheet *s);
/* Shared strings and styles, once, before the first sheet. */
enum tk_rc tk_book_load(struct tk_sheet *s, struct tk_err *e) TK_MUST_USE;

/* xlsx.c */
enum tk_rc tk_xlsx_select(struct tk_sheet *s, struct tk_err *e) TK_MUST_USE;
enum tk_rc tk_xlsx_next(struct tk_sheet *s, struct tk_row *row, struct tk_err *e) TK_MUST_USE;
bool       tk_xlsx_col_hidden(const struct tk_sheet *s, uint32_t col);
enum tk_rc tk_xlsx_merged(struct tk_sheet *s, uint32_t row, uint32_t col, bool *ret,
			  struct tk_range *r, struct tk_err *e) TK_MUST_USE;
void       tk_xlsx_close(struct tk_wsheet *w);
