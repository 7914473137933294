#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "sheet/sheet_in.h"

enum { MERGE_MAX = 262144 };

enum ctype { T_NUMBER, T_SHARED, T_TEXT, T_FORMULA_TEXT, T_BOOL, T_ERROR, T_DATE };

/* A worksheet on its way through expat. */
struct tk_wsheet {
	struct tk_xml  x;
	bool           in_data, in_cell, collect, has_value, has_formula, row_hidden, over;
	int            phonetic;
	uint32_t       row, col, next_col;      /* next_col: for a cell without a name */
	size_t         style;
	enum ctype     type;
	struct tk_buf  raw;                     /* text of the cell so far */
	unsigned char  hidden[TK_SHEET_MAX_COL / 8];
	/* merged ranges in the order of their first rows; paint[col]: 1 + index of the last range
	 * that came to cover the column up to row `painted` */
	struct tk_range *merge;
	size_t         nmerge, cap, next_merge;
	uint32_t      *paint, painted;
	bool           merges_known;
};

/* One error about one cell. */
#define CELL_FAIL(x, rc, ...) \
	tk_xml_stop((x), tk_fail((x)->e, (rc), cell_field(x), __VA_ARGS__, cell_place(x)))

static const char *cell_place(struct tk_xml *x)
{
	struct tk_wsheet *w = x->ctx;

	return tk_place(x->s, w->col, w->row);
}

static const char *cell_field(struct tk_xml *x)
{
	struct tk_wsheet *w = x->ctx;
	char buf[TK_CELL_NAME];

	return tk_strdup(x->s->tmp, tk_cell_name(w->col, w->row, buf));
}

static void start_row(struct tk_xml *x, struct tk_wsheet *w, const char **att)
{
	const char *r = tk_xml_att(att, "r");
	uint32_t before = w->row;
	unsigned long n;

	n = r ? strtoul(r, NULL, 10) : (unsigned long)before + 1;
	w->next_col = 0;
	w->row_hidden = tk_xml_flag(att, "hidden");
	if (n == 0 || n > TK_SHEET_MAX_ROW) {
		w->row = TK_SHEET_MAX_ROW;
		tk_xml_stop(x, tk_fail(x->e, TK_ETOOBIG, "",
				       N_("The sheet %.100s has a row number outside "
					  "1 to 1,048,576 (after row %u)."),
				       x->s->name[x->s->current].name, before));
	} else if (n <= before) {
		tk_xml_stop(x, tk_fail(x->e, TK_ETYPE, "",
				       N_("The rows of the sheet %.100s are out of "
					  "order (row %lu follows row %u). Open the file in Excel "
					  "and save it again."),
				       x->s->name[x->s->current].name, n, before));
	} else {
		w->row = (uint32_t)n;
	}
}

static enum ctype type_of(const char *t)
{
	static const struct { const char *name; enum ctype type;
	} map[] = {
		{ "s", T_SHARED }, { "inlineStr", T_TEXT }, { "str", T_FORMULA_TEXT },
		{ "b", T_BOOL },   { "e", T_ERROR },        { "d", T_DATE },
	};

	for (size_t i = 0; t && i < TK_LEN(map); i++)
		if (!strcmp(t, map[i].name))
			return map[i].type;
	return T_NUMBER;
}

static void start_cell(struct tk_xml *x, struct tk_wsheet *w, const char **att)
{
	const char *ref = NULL, *type = NULL, *style = NULL;
	uint32_t row;

	for (; att[0]; att += 2) {
		if (!strcmp(att[0], "r"))
			ref = att[1];
		else if (!strcmp(att[0], "t"))
			type = att[1];
		else if (!strcmp(att[0], "s"))
			style = att[1];
	}
	w->col = w->next_col;
	w->in_cell = true;
	w->collect = w->has_value = w->has_formula = false;
	w->phonetic = 0;
	w->style = style ? strtoul(style, NULL, 10) : 0;
	w->type = type_of(type);
	tk_buf_clear(&w->raw);
	if (ref && (!tk_cell_parse(ref, &w->col, &row) || row != w->row))
		CELL_FAIL(x, TK_ETYPE,
			  N_("A cell of row %u of the workbook calls itself %s (read up to "
			     "%s). Open the file in Excel and save it again."),
			  w->row, tk_utf8_head(x->s->tmp, ref, 12));
	w->next_col = w->col + 1;
}

static void on_start(struct tk_xml *x, const char *name, const char **att)
{
	struct tk_wsheet *w = x->ctx;

	if (!w->in_data) {
		const char *from = tk_xml_att(att, "min"), *to = tk_xml_att(att, "max");
		if (!strcmp(name, "sheetData") && !w->over) {
			w->in_data = true;
			tk_xml_pause(x);
		} else if (!strcmp(name, "col") && from && to && tk_xml_flag(att, "hidden")) {
			unsigned long a = strtoul(from, NULL, 10), b = strtoul(to, NULL, 10);
			for (; a >= 1 && a <= b && a <= TK_SHEET_MAX_COL; a++)
				w->hidden[(a - 1) / 8] |= (unsigned char)(1u << (a - 1) % 8);
		}
	} else if (!strcmp(name, "row")) {
		start_row(x, w, att);
	} else if (!strcmp(name, "c")) {
		start_cell(x, w, att);
	} else if (!w->in_cell) {
		return;
	} else if (!strcmp(name, "v")) {
		w->collect = w->has_value = true;
	} else if (!strcmp(name, "t")) {
		w->collect = w->phonetic == 0;
	} else if (!strcmp(name, "f")) {
		w->has_formula = true;
	} else if (!strcmp(name, "rPh")) {
		w->phonetic++;
	}
}

static void on_text(struct tk_xml *x, const char *s, size_t n)
{
	struct tk_wsheet *w = x->ctx;

	if (!w->collect)
		return;
	tk_buf_add(&w->raw, s, n);
	if (w->raw.bad)
		CELL_FAIL(x, TK_ETOOBIG, N_("Cell %s holds more than 32,767 characters."));
}

/* Puts text into the row; the row buffer copies it. */
static void put(struct tk_xml *x, enum tk_cell_kind kind, const char *text, size_t n)
{
	struct tk_wsheet *w = x->ctx;
	struct tk_buf *b = &x->s->row.text;
	size_t off = b->len;
	enum tk_rc rc;

	if (n > TK_SHEET_MAX_TEXT && tk_utf8_count(text) > TK_SHEET_MAX_TEXT) {
		CELL_FAIL(x, TK_ETOOBIG, N_("Cell %s holds more than 32,767 characters."));
		return;
	}
	tk_buf_add(b, text, n);
	tk_buf_chr(b, '\0');
	rc = tk_rowbuf_put(x->s, w->col, w->row,
			   (struct tk_cell){ kind, NULL, n, w->has_formula }, off, x->e);
	if (rc != TK_OK)
		tk_xml_stop(x, rc);
}

static void put_shared(struct tk_xml *x, const char *index)
{
	struct tk_strings *t = &x->s->book->str;
	struct tk_wsheet *w = x->ctx;
	char *end;
	unsigned long i = strtoul(index, &end, 10);
	const char *text;
	size_t n;
	enum tk_rc rc = TK_OK;

	if (!*index || *end || *index == '-' || i >= t->n) {
		CELL_FAIL(x, TK_ETYPE,
			  N_("The workbook is damaged: cell %s points to a text that the "
			     "workbook does not hold. Open it in Excel and save it again."));
		return;
	}
	text = t->text.p + t->off[i];
	n = (i + 1 < t->n ? t->off[i + 1] : t->text.len) - t->off[i] - 1;
	if (n > TK_SHEET_MAX_TEXT && tk_utf8_count(text) > TK_SHEET_MAX_TEXT)
		CELL_FAIL(x, TK_ETOOBIG, N_("Cell %s holds more than 32,767 characters."));
	else if (n > 0)
		rc = tk_rowbuf_put(x->s, w->col, w->row,
				   (struct tk_cell){ TK_CELL_TEXT, text, n, w->has_formula }, 0,
				   x->e);
	if (rc != TK_OK)
		tk_xml_stop(x, rc);
}

static void put_number(struct tk_xml *x, const char *raw)
{
	struct tk_wsheet *w = x->ctx;
	struct tk_book *b = x->s->book;
	char text[TK_NUM_TEXT];

	if (w->style < b->nxf && b->xf_date[w->style] && tk_serial_text(raw, b->date1904, text))
		put(x, TK_CELL_DATE, text, strlen(text));
	else if (tk_num_text(raw, text))
		put(x, TK_CELL_NUMBER, text, strlen(text));
	else
		put(x, TK_CELL_ERROR, raw, strlen(raw));
}

static void end_cell(struct tk_xml *x, struct tk_wsheet *w)
{
	char *raw = w->raw.p, text[TK_NUM_TEXT];

	w->in_cell = w->collect = false;
	if (w->raw.len == 0) {
		/* the empty text is a value too, but only formulas of type str can have it */
		if (w->has_formula && !(w->type == T_FORMULA_TEXT && w->has_value))
			put(x, TK_CELL_FORMULA_EMPTY, "", 0);
		return;
	}
	switch (w->type) {
	case T_SHARED:
		put_shared(x, raw);
		break;
	case T_TEXT:
	case T_FORMULA_TEXT:
		put(x, TK_CELL_TEXT, raw, tk_unescape(raw, w->raw.len));
		break;
	case T_BOOL:
		put(x, TK_CELL_BOOL, raw[0] == '1' || raw[0] == 't' ? "TRUE" : "FALSE",
			raw[0] == '1' || raw[0] == 't' ? 4 : 5);
		break;
	case T_ERROR:
		put(x, TK_CELL_ERROR, raw, w->raw.len);
		break;
	case T_DATE:
		tk_iso_text(raw, text);
		put(x, TK_CELL_DATE, text, strlen(text));
		break;
	case T_NUMBER:
		put_number(x, raw);
		break;
	}
}

static void on_end(struct tk_xml *x, const char *name)
{
	struct tk_wsheet *w = x->ctx;

	if (!w->in_data)
		return;
	if (!strcmp(name, "v") || !strcmp(name, "t")) {
		w->collect = false;
	} else if (!strcmp(name, "rPh")) {
		w->phonetic--;
	} else if (!strcmp(name, "c")) {
		if (w->in_cell)
			end_cell(x, w);
	} else if (!strcmp(name, "row")) {
		if (x->s->row.n > 0)
			tk_xml_pause(x);
	} else if (!strcmp(name, "sheetData")) {
		w->in_data = false;
		w->over = true;
	}
}

enum tk_rc tk_xlsx_select(struct tk_sheet *s, struct tk_err *e)
{
	struct tk_wsheet *w;
	enum tk_rc rc = tk_book_load(s, e);

	tk_xlsx_close(s->book->ws);
	s->book->ws = w = tk_xcalloc(1, sizeof(*w));
	w->raw = TK_BUF(TK_RAW_TEXT_MAX);
	if (rc == TK_OK)
		rc = tk_xml_open(&w->x, s, s->book->part[s->current],
			(struct tk_xml_fn){ on_start, on_end, on_text }, w, NULL, e);
	/* up to the first row, so that the columns are known */
	if (rc == TK_OK)
		rc = tk_xml_run(&w->x, e);
	if (rc != TK_OK)
		s->selected = false;
	return rc;
}

enum tk_rc tk_xlsx_next(struct tk_sheet *s, struct tk_row *row, struct tk_err *e)
{
	struct tk_wsheet *w = s->book->ws;
	enum tk_rc rc = w->x.rc;

	if (w->x.done && rc == TK_OK)
		return TK_OK;
	rc = rc == TK_OK ? tk_xml_run(&w->x, e) :
		tk_fail(e, rc, "", N_("The file %s could not be read to its end."), s->filename);
	if (rc != TK_OK || !w->x.paused)
		return rc;
	row->number = w->row;
	row->hidden = w->row_hidden;
	tk_rowbuf_end(&s->row, row);
	return TK_OK;
}

bool tk_xlsx_col_hidden(const struct tk_sheet *s, uint32_t col)
{
	return s->book->ws && col < TK_SHEET_MAX_COL &&
	       (s->book->ws->hidden[col / 8] >> col % 8 & 1);
}

static void merge_start(struct tk_xml *x, const char *name, const char **att)
{
	struct tk_wsheet *w = x->ctx;
	const char *ref, *colon;
	char first[24];
	struct tk_range r;

	if (strcmp(name, "mergeCell"))
		return;
	ref = tk_xml_att(att, "ref");
	colon = ref ? strchr(ref, ':') : NULL;
	if (!colon || (size_t)(colon - ref) >= sizeof(first))
		return;
	memcpy(first, ref, (size_t)(colon - ref));
	first[colon - ref] = '\0';
	if (!tk_cell_parse(first, &r.col1, &r.row1) ||
	    !tk_cell_parse(colon + 1, &r.col2, &r.row2) || r.col2 >= TK_SHEET_MAX_COL ||
	    r.col1 > r.col2 || r.row1 > r.row2)
		return;
	if (w->nmerge == MERGE_MAX) {
		tk_xml_stop(x, tk_fail(x->e, TK_ETOOBIG, "",
				       N_("The sheet %.100s has more than 262,144 "
					  "merged ranges."),
				       x->s->name[x->s->current].name));
		return;
	}
	if (w->nmerge == w->cap) {
		w->cap = w->cap ? w->cap * 2 : 64;
		w->merge = tk_xrealloc(w->merge, w->cap * sizeof(*w->merge));
	}
	w->merge[w->nmerge++] = r;
}

static int by_row(const void *a, const void *b)
{
	const struct tk_range *x = a, *y = b;

	return x->row1 != y->row1 ? (x->row1 < y->row1 ? -1 : 1) :
		(x->col1 > y->col1) - (x->col1 < y->col1);
}

static enum tk_rc load_merges(struct tk_sheet *s, struct tk_wsheet *w, struct tk_err *e)
{
	struct tk_xml x;
	enum tk_rc rc = tk_xml_open(&x, s, s->book->part[s->current],
		(struct tk_xml_fn){ .start = merge_start }, w, NULL, e);

	if (rc == TK_OK)
		rc = tk_xml_run(&x, e);
	tk_xml_close(&x);
	if (w->nmerge)
		qsort(w->merge, w->nmerge, sizeof(*w->merge), by_row);
	w->paint = tk_xcalloc(TK_SHEET_MAX_COL, sizeof(*w->paint));
	w->merges_known = true;
	return rc;
}

enum tk_rc tk_xlsx_merged(struct tk_sheet *s, uint32_t row, uint32_t col, bool *ret,
			  struct tk_range *r, struct tk_err *e)
{
	struct tk_wsheet *w = s->book->ws;
	enum tk_rc rc = w->merges_known ? TK_OK : load_merges(s, w, e);

	if (rc != TK_OK || col >= TK_SHEET_MAX_COL)
		return rc;
	if (row < w->painted) {
		memset(w->paint, 0, TK_SHEET_MAX_COL * sizeof(*w->paint));
		w->next_merge = 0;
	}
	w->painted = row;
	for (; w->next_merge < w->nmerge && w->merge[w->next_merge].row1 <= row; w->next_merge++)
		for (uint32_t c = w->merge[w->next_merge].col1; c <= w->merge[w->next_merge].col2;
		     c++)
			w->paint[c] = (uint32_t)w->next_merge + 1;
	*ret = w->paint[col] && w->merge[w->paint[col] - 1].row2 >= row;
	if (*ret)
		*r = w->merge[w->paint[col] - 1];
	return TK_OK;
}

void tk_xlsx_close(struct tk_wsheet *w)
{
	if (!w)
		return;
	tk_xml_close(&w->x);
	tk_buf_drop(&w->raw);
	free(w->merge);
	free(w->paint);
	free(w);
}
