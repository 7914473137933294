#include <string.h>
#include "base/text.h"
#include "sheet/sheet_in.h"

enum { END = -1, BAD = -2, SNIFF_BYTES = 65536, SNIFF_LINES = 50, BROKEN_UTF8 = 10 };

static int get16(struct tk_sheet *s)
{
	struct tk_csv *c = &s->csv;
	uint32_t u[2] = { 0 };
	char out[4];
	unsigned need = 1;

	for (unsigned i = 0; i < need; i++) {
		size_t at = c->pos + i * 2;
		if (s->n - c->pos < (i + 1) * 2)
			return c->pos == s->n ? END : BAD;
		u[i] = c->enc == TK_CSV_UTF16LE ? (uint32_t)(s->data[at] | s->data[at + 1] << 8) :
			(uint32_t)(s->data[at] << 8 | s->data[at + 1]);
		if (i == 0 && u[0] >= 0xD800 && u[0] < 0xDC00)
			need = 2;
	}
	if ((u[0] >= 0xDC00 && u[0] < 0xE000) || (need == 2 && (u[1] < 0xDC00 || u[1] >= 0xE000)))
		return BAD;
	if (need == 2)
		u[0] = 0x10000 + ((u[0] - 0xD800) << 10) + (u[1] - 0xDC00);
	c->pos += (size_t)need * 2;
	c->npend = (unsigned)tk_utf8_put(u[0], out);
	memcpy(c->pend, out, 4);
	c->ipend = 1;
	return c->pend[0];
}

/* The next byte of the text, in UTF-8 or as it is in CP932 (whose second bytes are never one of the
 * characters CSV cares for). */
static int get(struct tk_sheet *s)
{
	struct tk_csv *c = &s->csv;

	if (c->ipend < c->npend)
		return c->pend[c->ipend++];
	if (c->enc == TK_CSV_UTF16LE || c->enc == TK_CSV_UTF16BE)
		return get16(s);
	return c->pos < s->n ? s->data[c->pos++] : END;
}

static int peek(struct tk_sheet *s)
{
	struct tk_csv was = s->csv;
	int ch = get(s);

	s->csv = was;
	return ch;
}

void tk_csv_rewind(struct tk_sheet *s)
{
	s->csv.pos = s->csv.start;
	s->csv.row = 0;
	s->csv.line = 1;
	s->csv.npend = s->csv.ipend = 0;
}

/* For each candidate, in how many lines its commonest count (not 0) occurs; the best wins. */
static int sniff_delim(struct tk_sheet *s)
{
	static const char cand[] = { ',', '\t', ';' };
	uint32_t count[3][SNIFF_LINES] = { { 0 } }, best_lines = 0, best_count = 0;
	size_t line = 0;
	bool quoted = false;
	int c, best = ',';

	tk_csv_rewind(s);
	while (line < SNIFF_LINES && s->csv.pos < s->csv.start + SNIFF_BYTES && (c = get(s)) >= 0) {
		if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == '\n' || c == '\r'))
			line++;
		for (size_t k = 0; k < TK_LEN(cand) && !quoted && line < SNIFF_LINES; k++)
			count[k][line] += c == cand[k];
	}
	for (size_t k = 0; k < TK_LEN(cand); k++) {
		for (size_t i = 0; i < SNIFF_LINES; i++) {
			uint32_t same = 0, n = count[k][i];
			for (size_t j = 0; j < SNIFF_LINES; j++)
				same += count[k][j] == n;
			if (n > 0 &&
			    (same > best_lines || (same == best_lines && n > best_count))) {
				best_lines = same;
				best_count = n;
				best = cand[k];
			}
		}
	}
	return best;
}

/* Bytes that are no UTF-8: the line they stand in, and how many kana or kanji came before. */
static size_t first_bad_line(const struct tk_sheet *s, size_t from, size_t *wide)
{
	const char *p = (const char *)s->data + from, *end = (const char *)s->data + s->n, *nl;
	size_t line = 1;

	*wide = 0;
	for (; p < end; p = nl + 1, line++) {
		nl = memchr(p, '\n', (size_t)(end - p));
		if (!nl)
			nl = end;
		if (!tk_utf8_valid(p, (size_t)(nl - p)))
			return line;
		for (; p < nl; p++)
			*wide += (unsigned char)*p >= 0xE3 && (unsigned char)*p < 0xF0;
	}
	return line;
}

static enum tk_rc find_encoding(struct tk_sheet *s, struct tk_err *e)
{
	const unsigned char *d = s->data;
	struct tk_csv *c = &s->csv;
	size_t wide, line;

	if (s->n >= 2 && ((d[0] == 0xFF && d[1] == 0xFE) || (d[0] == 0xFE && d[1] == 0xFF))) {
		c->enc = d[0] == 0xFF ? TK_CSV_UTF16LE : TK_CSV_UTF16BE;
		c->start = 2;
		return TK_OK;
	}
	if (s->n >= 3 && !memcmp(d, "\xEF\xBB\xBF", 3))
		c->start = 3;
	c->enc = TK_CSV_UTF8;
	if (tk_utf8_valid((const char *)d + c->start, s->n - c->start))
		return TK_OK;
	line = first_bad_line(s, c->start, &wide);
	/* so much good UTF-8 is no accident: reading the rest as CP932 would only garble it */
	if (c->start || wide >= BROKEN_UTF8)
		return tk_fail(e, TK_ETYPE, "",
			       N_("The file %s is UTF-8, but line %zu holds bytes that "
				  "are not. Save it again as UTF-8."),
			       s->filename, line);
	c->enc = TK_CSV_CP932;
	return TK_OK;
}

enum tk_rc tk_csv_open(struct tk_sheet *s, struct tk_err *e)
{
	char *dot;
	enum tk_rc rc = find_encoding(s, e);

	if (rc != TK_OK)
		return rc;
	s->is_csv = true;
	s->name = tk_alloc(s->mem, sizeof(*s->name));
	s->nname = 1;
	s->name[0].name = tk_strdup(s->mem, s->filename);
	dot = strrchr(s->name[0].name, '.');
	if (dot && dot != s->name[0].name)
		s->name[0].name =
			tk_strndup(s->mem, s->name[0].name, (size_t)(dot - s->name[0].name));
	s->csv.delim = sniff_delim(s);
	tk_csv_rewind(s);
	return TK_OK;
}

static enum tk_rc bad_cell(struct tk_sheet *s, uint32_t open_line, struct tk_err *e)
{
	if (open_line)
		return tk_fail(
			e, TK_ETYPE, "",
			N_("The quotation mark opened in line %u of the file %s "
			   "is never closed. Close it, or double it if it belongs to the text."),
			open_line, s->filename);
	return tk_fail(e, TK_ETYPE, "",
		       N_("Line %u of the file %s holds bytes that are no text. Send "
			  "a CSV file (UTF-8 or Shift_JIS) or an .xlsx workbook."),
		       s->csv.line, s->filename);
}

/* One cell's text goes to the end of the row buffer; returns the character that ended it. */
static int read_cell(struct tk_sheet *s, enum tk_rc *rc, struct tk_err *e)
{
	struct tk_csv *c = &s->csv;
	struct tk_buf *b = &s->row.text;
	size_t from = b->len;
	uint32_t open_line = 0;         /* of the quote we are in, 0: none */
	int ch;

	for (bool fresh = true;; fresh = false) {
		ch = get(s);
		if (ch == '\r' && !open_line && peek(s) == '\n')
			ch = get(s);
		if (ch == 0 || ch == BAD || (ch == END && open_line)) {
			*rc = bad_cell(s, ch == END ? open_line : 0, e);
			return BAD;
		}
		c->line += ch == '\n' || (ch == '\r' && peek(s) != '\n');
		if (!open_line && (ch == END || ch == '\n' || ch == '\r' || ch == c->delim))
			return ch;
		if (ch == '"' && fresh) {
			open_line = c->line;
			continue;
		}
		if (ch == '"' && open_line && peek(s) != '"') {
			open_line = 0;
			continue;
		}
		if (ch == '"' && open_line)
			ch = get(s);    /* the second of a doubled one */
		if (b->len - from < TK_RAW_TEXT_MAX)
			tk_buf_chr(b, (char)ch);
	}
}

/* Reads a record into the row buffer, each cell followed by a NUL. */
static enum tk_rc read_record(struct tk_sheet *s, uint32_t *ncell, int *ended, struct tk_err *e)
{
	enum tk_rc rc = TK_OK;
	int ch;

	*ncell = 0;
	do {
		ch = read_cell(s, &rc, e);
		if (ch == BAD)
			return rc;
		tk_buf_chr(&s->row.text, '\0');
		if (++*ncell > TK_SHEET_MAX_COL)
			return tk_fail(e, TK_ETOOBIG, "",
				       N_("Row %s has more than 16,384 columns; a sheet "
					  "can have no more than that."),
				       tk_place(s, TK_SHEET_MAX_COL, s->csv.row));
	} while (ch == s->csv.delim);
	*ended = ch;
	if (s->row.text.bad)
		return tk_fail(e, TK_ETOOBIG, "", N_("Row %s holds more than 16 MB of text."),
			tk_place(s, TK_SHEET_MAX_COL, s->csv.row));
	return TK_OK;
}

static enum tk_rc from_cp932(struct tk_sheet *s, const char **text, struct tk_err *e)
{
	struct tk_buf *b = &s->row.text;
	size_t len, bad = 0;
	uint32_t col = 0;
	bool ascii = true;

	for (size_t i = 0; i < b->len; i++)
		ascii &= (unsigned char)b->p[i] < 0x80;
	*text = b->p;
	if (ascii)
		return TK_OK;
	*text = tk_from_cp932(s->tmp, b->p, b->len, &len, &bad);
	if (*text)
		return TK_OK;
	for (size_t i = 0; i < bad && i < b->len; i++)
		col += !b->p[i];
	return tk_fail(e, TK_ETYPE, "",
		       N_("Cell %s holds bytes that are neither UTF-8 nor Shift_JIS "
			  "(CP932). Save the file again in one of them."),
		       tk_place(s, col, s->csv.row));
}

static enum tk_rc put_cells(struct tk_sheet *s, uint32_t ncell, struct tk_err *e)
{
	const char *p;
	enum tk_rc rc = TK_OK;

	if (s->csv.enc == TK_CSV_CP932)
		rc = from_cp932(s, &p, e);
	else
		p = s->row.text.p;
	for (uint32_t i = 0; i < ncell && rc == TK_OK; i++) {
		size_t n = strlen(p);
		if (n > TK_SHEET_MAX_TEXT && tk_utf8_count(p) > TK_SHEET_MAX_TEXT)
			return tk_fail(e, TK_ETOOBIG, tk_place(s, i, s->csv.row),
				       N_("Cell %s holds more "
					  "than 32,767 characters."),
				       tk_place(s, i, s->csv.row));
		/* blanks at the end of a row are no cells */
		if (n > 0)
			rc = tk_rowbuf_put(s, i, s->csv.row,
					   (struct tk_cell){ TK_CELL_TEXT, p, n, false }, 0, e);
		p += n + 1;
	}
	return rc;
}

enum tk_rc tk_csv_next(struct tk_sheet *s, struct tk_row *row, struct tk_err *e)
{
	uint32_t ncell;
	int ended = 0;
	enum tk_rc rc;

	while (ended != END) {
		tk_rowbuf_clear(&s->row);
		s->csv.row++;
		rc = read_record(s, &ncell, &ended, e);
		if (rc == TK_OK)
			rc = put_cells(s, ncell, e);
		if (rc != TK_OK)
			return rc;
		if (s->row.n == 0)
			continue;
		if (s->csv.row > TK_SHEET_MAX_ROW)
			return tk_fail(e, TK_ETOOBIG, "",
				       N_("The file %s has more than 1,048,576 rows. "
					  "Split it into several files."),
				       s->filename);
		row->number = s->csv.row;
		tk_rowbuf_end(&s->row, row);
		return TK_OK;
	}
	return TK_OK;
}
