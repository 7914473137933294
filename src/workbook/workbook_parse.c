/* workbook_parse.c - a filled-in workbook as rows by item code.
 *
 * Nothing depends on where things stand: the hidden sheet is told by its first cell, columns by
 * their headings, rows by the code in them. */
#include <string.h>
#include "base/text.h"
#include "workbook/workbook_read.h"

enum { ROWS_MAX = 200000, KNOWN_MAX = 20000, TEXT_KEPT = 64 << 10,
       HEADER_ROWS = 1000 /* looked at for the headings */,
       LOOK_ROWS = 200, LOOK_COLS = 20 /* for codes on a sheet without headings */ };

struct reader {
	struct tk_arena   *mem;
	struct tk_sheet   *sheet;
	struct tk_wb_file *file;
	struct tk_err     *e;
	const char        *name;                /* of the sheet being read */
	const char        *heading[TK_WB_NCOL][2];      /* as they are compared, by language */
	struct tk_arena   *tmp;                 /* a row */
	int32_t            col[TK_WB_NCOL];     /* by heading; -1 not found */
	bool               headed, codes;       /* codes: some cell of it is a code of ours */
};

/* -- the hidden sheet -------------------------------------------------------------------------- */
static void take_field(struct reader *rd, const struct tk_row *row)
{
	const char *name = tk_row_text(row, 0);

	for (size_t k = 0; k < tk_wb_nfield; k++)
		if (!strcmp(name, tk_wb_field[k].name))
			*(const char **)(void *)((char *)&rd->file->ident + tk_wb_field[k].at) =
				tk_strdup(rd->mem, tk_row_text(row, 1));
}

static enum tk_rc take_known(struct reader *rd, const struct tk_row *row, size_t *cap)
{
	struct tk_wb_ident *id = &rd->file->ident;

	if (id->nknown == KNOWN_MAX)
		return tk_fail(rd->e, TK_ETOOBIG, "file",
			       N_("The sheet %.60s has more rows than any questionnaire."),
			       rd->name);
	if (id->nknown == *cap) {
		size_t more = *cap ? *cap * 2 : 256;
		struct tk_wb_known *v = tk_alloc_n(rd->mem, more, sizeof(*v));

		if (id->nknown)
			memcpy(v, id->known, id->nknown * sizeof(*v));
		id->known = v;
		*cap = more;
	}
	id->known[id->nknown++] = (struct tk_wb_known){
		tk_strdup(rd->mem, tk_row_text(row, 0)), tk_strdup(rd->mem, tk_row_text(row, 1)),
		tk_strdup(rd->mem, tk_row_text(row, 2)), tk_strdup(rd->mem, tk_row_text(row, 3)),
	};
	return TK_OK;
}

static void add_sealed(struct reader *rd, const struct tk_row *row)
{
	const char *cell[TK_WB_IDENT_COLS + 1];
	size_t n = row->n < TK_LEN(cell) ? row->n : TK_LEN(cell);

	for (size_t i = 0; i < n; i++)  /* one more cell than we write breaks the seal too */
		cell[i] = row->cell[i].text;
	tk_wb_seal_row(&rd->file->ident.sealed, cell, n);
}

static enum tk_rc read_identity(struct reader *rd, struct tk_row *row)
{
	bool items = false;
	size_t cap = 0;
	enum tk_rc rc = TK_OK;

	rd->file->identity = rd->name;
	for (; rc == TK_OK && row->number; rc = rc == TK_OK ? tk_sheet_next(rd->sheet, row, rd->e)
							    : rc) {
		const char *first = tk_row_text(row, 0);

		if (!strcmp(first, "seal")) {
			rd->file->ident.seal = tk_strdup(rd->mem, tk_row_text(row, 1));
			continue;
		}
		add_sealed(rd, row);
		if (!strcmp(first, "items"))
			items = true;
		else if (items)
			rc = take_known(rd, row, &cap);
		else
			take_field(rd, row);
	}
	return rc;
}

/* -- sheets of questions ----------------------------------------------------------------------- */
static void know_headings(struct reader *rd)
{
	struct tk_arena *a = rd->mem;

	for (int c = 0; c < TK_WB_NCOL; c++)
		for (enum tk_lang l = TK_JA; l <= TK_EN; l++)
			rd->heading[c][l] =
				tk_fold(a, tk_unblank(a, tk_tr(l, tk_wb_heading[c])));
}

/* Which heading a cell holds; TK_WB_NCOL: none. */
static enum tk_wb_col heading_of(const struct reader *rd, const struct tk_cell *cell)
{
	const char *key;
	enum tk_wb_col c = 0;

	if (!cell->len || cell->len > 100)
		return TK_WB_NCOL;
	key = tk_fold(rd->tmp, tk_unblank(rd->tmp, cell->text));
	while (c < TK_WB_NCOL && strcmp(key, rd->heading[c][TK_JA]) != 0 &&
	       strcmp(key, rd->heading[c][TK_EN]) != 0)
		c++;
	return c;
}

/* A row with the headings of code and answer; they may stand anywhere, and come again. */
static bool take_header(struct reader *rd, const struct tk_row *row)
{
	int32_t col[TK_WB_NCOL];

	if (rd->headed && ((size_t)rd->col[TK_WB_CODE] >= row->n ||
			   heading_of(rd, &row->cell[rd->col[TK_WB_CODE]]) == TK_WB_NCOL))
		return false;
	memset(col, -1, sizeof(col));
	for (size_t i = 0; i < row->n; i++) {
		enum tk_wb_col c = heading_of(rd, &row->cell[i]);

		if (c < TK_WB_NCOL && col[c] < 0)
			col[c] = (int32_t)i;
	}
	if (col[TK_WB_CODE] < 0 || col[TK_WB_ANSWER] < 0)
		return false;
	memcpy(rd->col, col, sizeof(col));
	rd->headed = true;
	return true;
}

static bool is_known(const struct tk_wb_ident *id, const char *code)
{
	for (size_t i = 0; i < id->nknown; i++)
		if (!strcmp(id->known[i].code, code))
			return true;
	return false;
}

static struct tk_cell keep(struct reader *rd, const struct tk_row *row, int32_t col)
{
	struct tk_cell c = { .kind = TK_CELL_BLANK, .text = "" };

	if (col < 0 || (size_t)col >= row->n)
		return c;
	c = row->cell[col];
	c.text = tk_strndup(rd->mem, c.text, c.len < TEXT_KEPT ? c.len : TEXT_KEPT);
	return c;
}

static enum tk_rc take_row(struct reader *rd, const struct tk_row *row)
{
	struct tk_wb_file *f = rd->file;
	char *code = tk_narrow(rd->mem, tk_squeeze(rd->mem,
						   tk_row_text(row, (size_t)rd->col[TK_WB_CODE])));
	char *slash = strchr(code, '/');

	if (!*code)
		return TK_OK;
	if (f->nrow == ROWS_MAX)
		return tk_fail(rd->e, TK_ETOOBIG, "file",
			       N_("The sheet %.60s has more rows than any questionnaire."),
			       rd->name);
	if (f->nrow == f->cap) {
		size_t more = f->cap ? f->cap * 2 : 256;
		struct tk_wb_row *v = tk_alloc_n(rd->mem, more, sizeof(*v));

		if (f->nrow)
			memcpy(v, f->row, f->nrow * sizeof(*v));
		f->row = v;
		f->cap = more;
	}
	if (slash)
		*slash++ = '\0';
	f->row[f->nrow++] = (struct tk_wb_row){
		.item = code,
		.option = slash,
		.sheet = rd->name,
		.row = row->number,
		.answer_col = rd->col[TK_WB_ANSWER],
		.comment_col = rd->col[TK_WB_COMMENT],
		.answer = keep(rd, row, rd->col[TK_WB_ANSWER]),
		.comment = keep(rd, row, rd->col[TK_WB_COMMENT]),
	};
	return TK_OK;
}

static enum tk_rc read_sheet(struct reader *rd)
{
	uint32_t seen = 0;
	struct tk_row row;
	enum tk_rc rc;

	rd->headed = rd->codes = false;
	while ((rc = tk_sheet_next(rd->sheet, &row, rd->e)) == TK_OK && row.number) {
		if ((!rd->headed && ++seen > HEADER_ROWS) ||
		    (seen == 1 && !strcmp(tk_row_text(&row, 0), TK_WB_HELPER)))
			break;
		if (!take_header(rd, &row) && rd->headed)
			rc = take_row(rd, &row);
		for (size_t i = 0; i < row.n && i < LOOK_COLS && seen <= LOOK_ROWS && !rd->codes;
		     i++)
			rd->codes = is_known(&rd->file->ident, row.cell[i].text);
		tk_arena_reset(rd->tmp);
		if (rc != TK_OK)
			break;
	}
	if (!rd->headed && rd->codes)
		rd->file->headless[rd->file->nheadless++] = rd->name;
	return rc;
}

static bool is_ours(struct reader *rd, const struct tk_row *row)
{
	return !rd->file->identity && row->n && !strcmp(row->cell[0].text, TK_WB_MAGIC);
}

static enum tk_rc all_sheets(struct reader *rd, const struct tk_sheet_name *name, size_t n)
{
	size_t identity = n;
	struct tk_row row;
	enum tk_rc rc = TK_OK;

	for (size_t i = n; rc == TK_OK && i-- > 0 && identity == n;) {  /* it is the last one */
		rd->name = tk_strdup(rd->mem, name[i].name);
		rc = tk_sheet_select(rd->sheet, i, rd->e);
		if (rc == TK_OK)
			rc = tk_sheet_next(rd->sheet, &row, rd->e);
		if (rc == TK_OK && is_ours(rd, &row)) {
			identity = i;
			rc = read_identity(rd, &row);
		}
	}
	rd->file->headless = tk_alloc_n(rd->mem, n + 1, sizeof(*rd->file->headless));
	for (size_t i = 0; rc == TK_OK && i < n; i++) {
		if (i == identity)
			continue;
		rd->name = tk_strdup(rd->mem, name[i].name);
		rc = tk_sheet_select(rd->sheet, i, rd->e);
		if (rc == TK_OK)
			rc = read_sheet(rd);
	}
	return rc;
}

static enum tk_rc refuse_kind(const struct tk_sheet *s, const char *filename, struct tk_err *e)
{
	unsigned brings = tk_sheet_brings(s);

	if (tk_sheet_is_csv(s))
		return tk_fail(e, TK_ETYPE, "file",
			       N_("The file %.60s is no workbook. Upload the .xlsx workbook that "
				  "was made for you."),
			       filename);
	if (brings & TK_SHEET_MACROS)
		return tk_fail(e, TK_EINVAL, "file",
			       N_("The workbook %.60s contains macros and is refused. Save it as "
				  ".xlsx without macros."),
			       filename);
	if (brings & TK_SHEET_LINKS)
		return tk_fail(e, TK_EINVAL, "file",
			       N_("The workbook %.60s has links to other files and is refused. "
				  "Break the links (Data, Edit Links) and copy values in only."),
			       filename);
	return TK_OK;
}

/* Also when the arena is full and the request ends in the middle. */
static void let_go(void *ctx)
{
	struct reader *rd = ctx;

	tk_sheet_close(rd->sheet);
	tk_arena_free(rd->tmp);
	rd->sheet = NULL;
	rd->tmp = NULL;
}

static void drop_buf(void *b)
{
	tk_buf_drop(b);
}

enum tk_rc tk_workbook_parse(struct tk_arena *mem, const void *data, size_t n,
			     const char *filename, struct tk_wb_file **ret, struct tk_err *e)
{
	const struct tk_sheet_opt opt = { .max_unpacked = 128 << 20,
					  .max_strings = 32 << 20,
					  .max_cells = 5000000 };
	struct reader *rd = tk_alloc(mem, sizeof(*rd));
	const struct tk_sheet_name *name;
	size_t nname;
	enum tk_rc rc;

	rd->mem = mem;
	rd->e = e;
	*ret = rd->file = tk_alloc(mem, sizeof(*rd->file));
	rd->file->ident.sealed = TK_BUF(16 << 20);
	tk_on_free(mem, drop_buf, &rd->file->ident.sealed);
	tk_on_free(mem, let_go, rd);
	know_headings(rd);
	if ((rc = tk_sheet_open_opt(&rd->sheet, data, n, filename, &opt, e)) != TK_OK)
		return rc;
	rd->tmp = tk_arena_new(256 << 20);
	rc = refuse_kind(rd->sheet, filename ? filename : "", e);
	nname = tk_sheet_names(rd->sheet, &name);
	if (rc == TK_OK)
		rc = all_sheets(rd, name, nname);
	let_go(rd);
	return rc;
}
