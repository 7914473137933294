#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/text.h"
#include "sheet/sheet_in.h"

enum { PIPE_MAX = 256 * 1024 * 1024 };

char *tk_cell_name(uint32_t col, uint32_t row, char buf[TK_CELL_NAME])
{
	char letter[4];
	int n = 0;

	for (uint32_t c = col % TK_SHEET_MAX_COL + 1; c > 0; c = (c - 1) / 26)
		letter[n++] = (char)('A' + (c - 1) % 26);
	for (int i = 0; i < n; i++)
		buf[i] = letter[n - 1 - i];
	snprintf(buf + n, (size_t)(TK_CELL_NAME - n), "%u", row % 10000000);
	return buf;
}

bool tk_cell_parse(const char *name, uint32_t *col, uint32_t *row)
{
	uint32_t c = 0, r = 0;

	for (; (*name >= 'A' && *name <= 'Z') || (*name >= 'a' && *name <= 'z'); name++) {
		c = c * 26 + (uint32_t)((*name | 0x20) - 'a') + 1;
		if (c > 1u << 20)
			return false;
	}
	if (c == 0 || *name < '1' || *name > '9')
		return false;
	for (; *name >= '0' && *name <= '9'; name++) {
		r = r * 10 + (uint32_t)(*name - '0');
		if (r > 1u << 24)
			return false;
	}
	*col = c - 1;
	*row = r;
	return !*name;
}

bool tk_cell_risky(const char *text)
{
	text += strspn(text, "'");
	return *text && strchr("=+-@\t\r", *text);
}

const char *tk_cell_restore(const struct tk_sheet *s, const char *text)
{
	return s->is_csv && *text == '\'' && tk_cell_risky(text) ? text + 1 : text;
}

const char *tk_row_text(const struct tk_row *row, size_t col)
{
	return col < row->n ? row->cell[col].text : "";
}

const char *tk_place(struct tk_sheet *s, uint32_t col, uint32_t row)
{
	char cell[TK_CELL_NAME];

	/* a message is the last thing a row is used for, so its arena will do */
	if (col >= TK_SHEET_MAX_COL)
		snprintf(cell, sizeof(cell), "%u", row);
	else
		tk_cell_name(col, row, cell);
	return s->is_csv ? tk_strdup(s->tmp, cell) :
		tk_sprintf(s->tmp, "%.120s!%s", s->name[s->current].name, cell);
}

void tk_rowbuf_clear(struct tk_rowbuf *b)
{
	tk_buf_clear(&b->text);
	b->n = 0;
}

static enum tk_rc grow(struct tk_sheet *s, uint32_t col, uint32_t row, struct tk_err *e)
{
	struct tk_rowbuf *b = &s->row;

	if (col >= TK_SHEET_MAX_COL)
		return tk_fail(e, TK_ETOOBIG, "", N_("Row %s has more than 16,384 columns; a sheet "
			"can have no more than that."), tk_place(s, TK_SHEET_MAX_COL, row));
	b->total += col + 1 - b->n;
	if (b->total > s->opt.max_cells)
		return tk_fail(e, TK_ETOOBIG, "",
			       N_("The sheet has too many cells (stopped at %s). "
				  "Delete what is not needed, or split it into several files."),
			       tk_place(s, col, row));
	if (col >= b->cap) {
		b->cap = col < 64 ? 64 : col < 1024 ? 1024 : TK_SHEET_MAX_COL;
		b->cell = tk_xrealloc(b->cell, b->cap * sizeof(*b->cell));
		b->off = tk_xrealloc(b->off, b->cap * sizeof(*b->off));
	}
	for (; b->n <= col; b->n++)
		b->cell[b->n] = (struct tk_cell){ .kind = TK_CELL_BLANK, .text = "" };
	return TK_OK;
}

enum tk_rc tk_rowbuf_put(struct tk_sheet *s, uint32_t col, uint32_t row, struct tk_cell c,
			 size_t off, struct tk_err *e)
{
	struct tk_rowbuf *b = &s->row;
	enum tk_rc rc = TK_OK;

	if (col >= b->n)
		rc = grow(s, col, row, e);
	if (rc != TK_OK)
		return rc;
	if (b->text.bad)
		return tk_fail(e, TK_ETOOBIG, "", N_("Row %s holds more than 16 MB of text."),
			tk_place(s, TK_SHEET_MAX_COL, row));
	b->cell[col] = c;
	b->off[col] = off;
	return TK_OK;
}

void tk_rowbuf_end(struct tk_rowbuf *b, struct tk_row *row)
{
	for (size_t i = 0; i < b->n; i++)
		if (!b->cell[i].text)
			b->cell[i].text = b->text.p + b->off[i];
	row->n = b->n;
	row->cell = b->cell;
}

/* Files of other kinds that people send, told by their first bytes. */
static const struct { const char *magic; size_t n; const char *what;
} other_kind[] = {
	{ "%PDF", 4, N_("The file %s is a PDF. Send the table as .xlsx or CSV.") },
	{ "{\\rtf", 5,
	  N_("The file %s is a text document (RTF). Send the table as .xlsx or CSV.") },
	{ "\x89PNG", 4, N_("The file %s is a picture. Send the table as .xlsx or CSV.") },
	{ "\xFF\xD8\xFF", 3, N_("The file %s is a picture. Send the table as .xlsx or CSV.") },
	{ "\x1F\x8B", 2, N_("The file %s is compressed (gzip). Unpack it first.") },
	{ "7z\xBC\xAF", 4, N_("The file %s is an archive (7z). Unpack it first.") },
	{ "Rar!", 4, N_("The file %s is an archive (RAR). Unpack it first.") },
};

static bool holds(const struct tk_sheet *s, size_t upto, const char *ascii, bool utf16)
{
	char pat[64];
	size_t n = 0;

	for (; *ascii && n + 2 < sizeof(pat); ascii++) {
		pat[n++] = *ascii;
		if (utf16)
			pat[n++] = '\0';
	}
	if (upto > s->n)
		upto = s->n;
	for (size_t i = 0; n <= upto && i <= upto - n; i++)
		if (s->data[i] == (unsigned char)pat[0] && !memcmp(s->data + i, pat, n))
			return true;
	return false;
}

static enum tk_rc refuse_ole(struct tk_sheet *s, struct tk_err *e)
{
	if (holds(s, s->n, "EncryptedPackage", true))
		return tk_fail(e, TK_ETYPE, "",
			       N_("The workbook %s is protected by a password. Take "
				  "the password off in Excel, save it and send it again."),
			       s->filename);
	if (holds(s, s->n, "WordDocument", true))
		return tk_fail(e, TK_ETYPE, "", N_("The file %s is an old Word document. Send the "
			"table as .xlsx or CSV."), s->filename);
	return tk_fail(e, TK_ETYPE, "", N_("The file %s is an old Excel 97-2003 workbook (.xls), "
		"whatever its name says. Open it in Excel and save it as .xlsx."), s->filename);
}

static enum tk_rc refuse_markup(struct tk_sheet *s, struct tk_err *e)
{
	static const char *const html[] = { "<html", "<!doctype", "<table",
					    "<meta", "<head",     "<body" };
	size_t i = s->n >= 3 && !memcmp(s->data, "\xEF\xBB\xBF", 3) ? 3 : 0;
	const char *p;

	while (i < s->n && strchr(" \t\r\n", s->data[i]) && s->data[i])
		i++;
	p = (const char *)s->data + i;
	if (s->n - i >= 5 && !memcmp(p, "<?xml", 5))
		return holds(s, 4096, "schemas-microsoft-com:office:spreadsheet", false)
			       ? tk_fail(e, TK_ETYPE, "",
					 N_("The file %s is an Excel 2003 XML table. Open it in "
					    "Excel and save it as .xlsx."),
					 s->filename)
			       : tk_fail(e, TK_ETYPE, "",
					 N_("The file %s is XML and no table. Send the table as "
					    ".xlsx or CSV."),
					 s->filename);
	for (size_t k = 0; k < TK_LEN(html); k++)
		if (s->n - i >= strlen(html[k]) && !strncasecmp(p, html[k], strlen(html[k])))
			return tk_fail(e, TK_ETYPE, "",
				       N_("The file %s is a web page (HTML), whatever its "
					  "name says. Open it in Excel and save it as .xlsx."),
				       s->filename);
	return TK_OK;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static enum tk_rc open_bytes(struct tk_sheet *s, struct tk_err *e)
{
	enum tk_rc rc;

	if (s->n == 0)
		return tk_fail(e, TK_ETYPE, "", N_("The file %s is empty."), s->filename);
	if (s->n >= 4 && (!memcmp(s->data, "PK\3\4", 4) || !memcmp(s->data, "PK\5\6", 4)))
		return tk_book_open(s, e);
	if (s->n >= 4 && !memcmp(s->data, "\xD0\xCF\x11\xE0", 4))
		return refuse_ole(s, e);
	for (size_t i = 0; i < TK_LEN(other_kind); i++)
		if (s->n >= other_kind[i].n &&
		    !memcmp(s->data, other_kind[i].magic, other_kind[i].n))
			return tk_fail(e, TK_ETYPE, "", other_kind[i].what, s->filename);
	rc = refuse_markup(s, e);
	return rc == TK_OK ? tk_csv_open(s, e) : rc;
}
#pragma GCC diagnostic pop

/* As it goes into messages: UTF-8, and short enough to leave room for the sentence. */
static char *clean_name(struct tk_arena *a, const char *name)
{
	char *s = tk_strndup(a, name, strnlen(name, 1024));

	for (char *p = s; !tk_utf8_valid(s, strlen(s)) && *p; p++)
		if ((unsigned char)*p >= 0x80)
			*p = '?';
	return tk_utf8_head(a, s, 60);
}

static struct tk_sheet *sheet_new(const char *filename, const struct tk_sheet_opt *opt)
{
	struct tk_sheet *s = tk_xcalloc(1, sizeof(*s));
	const char *base = filename ? strrchr(filename, '/') : NULL;

	if (opt)
		s->opt = *opt;
	if (!s->opt.max_unpacked)
		s->opt.max_unpacked = 512u << 20;
	if (!s->opt.max_ratio)
		s->opt.max_ratio = 250;
	if (!s->opt.max_strings)
		s->opt.max_strings = 128u << 20;
	if (!s->opt.max_cells)
		s->opt.max_cells = 100000000;
	s->mem = tk_arena_new(64u << 20);
	s->tmp = tk_arena_new(128u << 20);
	s->row.text = TK_BUF(TK_ROW_TEXT_MAX);
	s->own = TK_BUF(PIPE_MAX);
	s->filename = clean_name(s->mem, base ? base + 1 : filename ? filename : "");
	return s;
}

void tk_sheet_close(struct tk_sheet *s)
{
	if (!s)
		return;
	tk_book_close(s);
	tk_buf_drop(&s->row.text);
	tk_buf_drop(&s->own);
	free(s->row.cell);
	free(s->row.off);
	if (s->map)
		munmap(s->map, s->n);
	tk_arena_free(s->tmp);
	tk_arena_free(s->mem);
	free(s);
}

enum tk_rc tk_sheet_open_opt(struct tk_sheet **ret, const void *data, size_t n,
			     const char *filename, const struct tk_sheet_opt *opt, struct tk_err *e)
{
	struct tk_sheet *s = sheet_new(filename, opt);
	enum tk_rc rc;

	*ret = NULL;
	s->data = data;
	s->n = n;
	rc = open_bytes(s, e);
	if (rc == TK_OK)
		*ret = s;
	else
		tk_sheet_close(s);
	return rc;
}

enum tk_rc tk_sheet_open(struct tk_sheet **ret, const void *data, size_t n, const char *filename,
			 struct tk_err *e)
{
	return tk_sheet_open_opt(ret, data, n, filename, NULL, e);
}

static enum tk_rc take_file(struct tk_sheet *s, int fd, const char *path, struct tk_err *e)
{
	struct stat st;
	char buf[65536];
	ssize_t got;

	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0) {
		void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (p != MAP_FAILED) {
			s->map = p;
			s->data = p;
			s->n = (size_t)st.st_size;
			return TK_OK;
		}
	}
	while ((got = read(fd, buf, sizeof(buf))) > 0)
		tk_buf_add(&s->own, buf, (size_t)got);
	if (got < 0)
		return tk_fail(e, TK_ENOTFOUND, "", N_("The file %s cannot be read: %s."), path,
			strerror(errno));
	if (s->own.bad)
		return tk_fail(e, TK_ETOOBIG, "", N_("The file %s is larger than 256 MB."), path);
	s->data = (const unsigned char *)tk_buf_cstr(&s->own);
	s->n = s->own.len;
	return TK_OK;
}

enum tk_rc tk_sheet_open_file(struct tk_sheet **ret, const char *path, struct tk_err *e)
{
	struct tk_sheet *s;
	enum tk_rc rc;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	*ret = NULL;
	if (fd < 0)
		return tk_fail(e, TK_ENOTFOUND, "", N_("The file %s cannot be opened: %s."), path,
			strerror(errno));
	s = sheet_new(path, NULL);
	rc = take_file(s, fd, path, e);
	close(fd);
	if (rc == TK_OK)
		rc = open_bytes(s, e);
	if (rc == TK_OK)
		*ret = s;
	else
		tk_sheet_close(s);
	return rc;
}

bool tk_sheet_is_csv(const struct tk_sheet *s)
{
	return s->is_csv;
}

size_t tk_sheet_names(const struct tk_sheet *s, const struct tk_sheet_name **ret)
{
	*ret = s->name;
	return s->nname;
}

enum tk_rc tk_sheet_select(struct tk_sheet *s, size_t index, struct tk_err *e)
{
	if (index >= s->nname)
		return tk_fail(e, TK_ENOTFOUND, "", N_("The file %s has no sheet %zu; it has %zu."),
			s->filename, index + 1, s->nname);
	s->current = index;
	s->selected = true;
	s->row.total = 0;
	tk_rowbuf_clear(&s->row);
	if (!s->is_csv)
		return tk_xlsx_select(s, e);
	tk_csv_rewind(s);
	return TK_OK;
}

enum tk_rc tk_sheet_select_name(struct tk_sheet *s, const char *name, struct tk_err *e)
{
	for (size_t i = 0; i < s->nname; i++)
		if (!strcasecmp(s->name[i].name, name))
			return tk_sheet_select(s, i, e);
	return tk_fail(e, TK_ENOTFOUND, "", N_("The file %s has no sheet named %.100s."),
		       s->filename, name);
}

static enum tk_rc select_first(struct tk_sheet *s, struct tk_err *e)
{
	size_t i = 0;

	while (i + 1 < s->nname && s->name[i].hidden)
		i++;
	return s->selected ? TK_OK : tk_sheet_select(s, s->name[i].hidden ? 0 : i, e);
}

enum tk_rc tk_sheet_next(struct tk_sheet *s, struct tk_row *row, struct tk_err *e)
{
	enum tk_rc rc = select_first(s, e);

	*row = (struct tk_row){ 0 };
	if (rc != TK_OK)
		return rc;
	tk_rowbuf_clear(&s->row);
	tk_arena_reset(s->tmp);
	return s->is_csv ? tk_csv_next(s, row, e) : tk_xlsx_next(s, row, e);
}

unsigned tk_sheet_brings(const struct tk_sheet *s)
{
	return s->is_csv ? 0 : tk_book_brings(s);
}

bool tk_sheet_col_hidden(const struct tk_sheet *s, uint32_t col)
{
	return !s->is_csv && tk_xlsx_col_hidden(s, col);
}

enum tk_rc tk_sheet_merged(struct tk_sheet *s, uint32_t row, uint32_t col, bool *ret,
			   struct tk_range *r, struct tk_err *e)
{
	enum tk_rc rc = select_first(s, e);

	*ret = false;
	return rc != TK_OK || s->is_csv ? rc : tk_xlsx_merged(s, row, col, ret, r, e);
}
