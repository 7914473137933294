/* table_write.c - a table as CSV, workbook, JSON in two shapes, and as text for a terminal. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "stat/symbol.h"
#include "table/table_int.h"

enum { TEXT_LIMIT = 256 << 20 };

static bool is_page(const struct tk_col *c)
{
	return c->where == TK_COL_BOTH || c->where == TK_COL_PAGE;
}
static bool is_machine(const struct tk_col *c)
{
	return c->where == TK_COL_BOTH || c->where == TK_COL_MACHINE;
}
static const char *shown(const struct tk_table_cell *c) { return c->label ? c->label : c->text; }

/* The symbol that stands in place of the value; NULL: the value itself, or with * behind it. */
static const char *symbol(const struct tk_col *col, const struct tk_table_cell *c)
{
	if (c->symbol == TK_SYM_VALUE || c->symbol == TK_SYM_CAUTION)
		return NULL;
	return tk_symbol_text((enum tk_symbol)c->symbol, col->kind == TK_COL_INT ? 0 : 1);
}

static const char *caution(const struct tk_table_cell *c)
{
	return c->symbol == TK_SYM_CAUTION ? tk_symbol_text(TK_SYM_CAUTION, 0) : "";
}

/* -- files ------------------------------------------------------------------------------------- */
static void out_cell(
	struct tk_out *o, const struct tk_col *col, const struct tk_table_cell *c, bool label)
{
	char print[TK_X10_LEN], text[TK_X10_LEN + 8];

	if (symbol(col, c))
		tk_out_text(o, symbol(col, c));
	else if (c->symbol == TK_SYM_CAUTION && col->kind == TK_COL_RATE) {
		snprintf(text, sizeof(text), "%s%s", tk_x10_print(c->n, print), caution(c));
		tk_out_text(o, text);
	} else if (c->none)
		tk_out_blank(o);
	else if (col->kind == TK_COL_TEXT)
		tk_out_text(o, label ? shown(c) : c->text);
	else if (col->kind == TK_COL_INT)
		tk_out_int(o, c->n);
	else if (col->kind == TK_COL_DECIMAL)
		tk_out_number(o, c->text);
	else
		tk_out_x10(o, c->n);
}

static void out_rows(struct tk_out *o, const struct tk_table *t, bool page, const char *sheet)
{
	struct tk_out_col *col = tk_xcalloc(t->ncol, sizeof(*col));
	size_t n = 0;

	for (size_t i = 0; i < t->ncol; i++)
		if (page ? is_page(&t->col[i]) : is_machine(&t->col[i]))
			col[n++] = (struct tk_out_col){
				.title = page ? t->col[i].label : t->col[i].name};
	tk_out_sheet(o, sheet, col, n);
	for (size_t r = 0; r < t->nrow && tk_out_ok(o); r++) {
		tk_out_row(o);
		for (size_t i = 0; i < t->ncol; i++)
			if (page ? is_page(&t->col[i]) : is_machine(&t->col[i]))
				out_cell(o, &t->col[i], &t->cell[r * t->ncol + i], page);
	}
	free(col);
}

/* What stands around the table in print: on a sheet of its own, so that the first stays a table, or
 * below it where each table has one sheet. */
static void out_words(struct tk_out *o, const struct tk_table *t)
{
	tk_out_row(o);
	tk_out_text(o, t->title);
	if (!tk_is_blank(t->subtitle)) {
		tk_out_row(o);
		tk_out_text(o, t->subtitle);
	}
	tk_out_row(o);
	tk_out_text(o, t->base);
	for (size_t i = 0; i < t->nnote; i++) {
		tk_out_row(o);
		tk_out_text(o, t->note[i]);
	}
}

static void out_notes(struct tk_out *o, const struct tk_table *t)
{
	const struct tk_out_col col[] = {{tk_tr(t->lang, N_("Notes")), 100}};

	tk_out_sheet(o, tk_tr(t->lang, N_("Notes")), col, 1);
	out_words(o, t);
}

void tk_table_sheet(struct tk_out *o, const struct tk_table *t)
{
	out_rows(o, t, true, t->name);
	tk_out_row(o);
	tk_out_blank(o);
	out_words(o, t);
}

enum tk_rc tk_table_out(const struct tk_table *t, const struct tk_out_opt *opt, tk_out_fn fn,
	void *ctx, struct tk_err *e)
{
	struct tk_out_opt own = *opt;
	struct tk_out *o = NULL;
	enum tk_rc rc;

	own.title = own.title ? own.title : t->title;
	if ((rc = tk_out_open(&o, &own, fn, ctx, e)) != TK_OK)
		return rc;
	out_rows(o, t, opt->format == TK_OUT_XLSX, tk_tr(t->lang, N_("Table")));
	if (opt->format == TK_OUT_XLSX)
		out_notes(o, t);
	rc = tk_out_close(o, e);
	tk_out_free(o);
	return rc;
}

/* -- JSON -------------------------------------------------------------------------------------- */
void tk_table_objects(struct tk_json *j, const struct tk_table *t)
{
	tk_json_arr(j);
	for (size_t r = 0; r < t->nrow; r++) {
		tk_json_obj(j);
		for (size_t i = 0; i < t->ncol; i++) {
			const struct tk_table_cell *c = &t->cell[r * t->ncol + i];

			if (!is_machine(&t->col[i]) && t->col[i].where != TK_COL_JSON)
				continue;
			tk_json_key(j, t->col[i].name);
			if (symbol(&t->col[i], c))
				tk_json_str(j, symbol(&t->col[i], c));
			else if (c->none)
				tk_json_null(j);
			else if (t->col[i].kind == TK_COL_TEXT)
				tk_json_str(j, c->text);
			else if (t->col[i].kind == TK_COL_INT)
				tk_json_int(j, c->n);
			else if (t->col[i].kind == TK_COL_DECIMAL)
				tk_json_raw(j, c->text);
			else
				tk_json_x10(j, c->n);
		}
		tk_json_end_obj(j);
	}
	tk_json_end_arr(j);
}

static void page_cell(struct tk_json *j, const struct tk_col *col, const struct tk_table_cell *c)
{
	char print[TK_X10_LEN], text[TK_X10_LEN + 8];

	if (symbol(col, c)) {
		tk_json_str(j, symbol(col, c));
		return;
	}
	if (c->none) {
		tk_json_null(j);
		return;
	}
	switch (col->kind) {
	case TK_COL_TEXT:
		tk_json_str(j, shown(c));
		return;
	case TK_COL_DECIMAL:
		tk_json_str(j, c->text);
		return;
	case TK_COL_INT:
		tk_json_int(j, c->n);
		return;
	case TK_COL_POINTS:
		tk_json_str(j, tk_points_print(c->n, print));
		return;
	case TK_COL_RATE:
		break;
	}
	tk_json_obj(j);
	tk_json_kint(j, "numerator", c->num);
	tk_json_kint(j, "denominator", c->den);
	snprintf(text, sizeof(text), "%s%s", tk_x10_print(c->n, print), caution(c));
	tk_json_kstr(j, "print", text);
	tk_json_end_obj(j);
}

static void page_columns(struct tk_json *j, const struct tk_table *t)
{
	static const char *const kind[] = {[TK_COL_TEXT] = "text",
		[TK_COL_INT] = "int",
		[TK_COL_RATE] = "rate",
		[TK_COL_POINTS] = "points",
		[TK_COL_DECIMAL] = "decimal"};

	tk_json_key(j, "columns");
	tk_json_arr(j);
	for (size_t i = 0; i < t->ncol; i++) {
		if (!is_page(&t->col[i]))
			continue;
		tk_json_obj(j);
		tk_json_kstr(j, "name", t->col[i].name);
		tk_json_kstr(j, "label", t->col[i].label);
		tk_json_kstr(j, "kind", kind[t->col[i].kind]);
		tk_json_end_obj(j);
	}
	tk_json_end_arr(j);
}

/* What each figure was counted over: its base, and who is missing why. */
static void page_figures(struct tk_json *j, const struct tk_table *t)
{
	tk_json_key(j, "figures");
	tk_json_arr(j);
	for (size_t i = 0; i < t->nfigure; i++) {
		const struct tk_figure *f = &t->figure[i];

		tk_json_obj(j);
		tk_json_kstr(j, "code", f->code);
		tk_json_kstr(j, "label", f->label);
		tk_json_kstr(j, "item", f->item);
		tk_json_kstr(j, "base", f->base);
		tk_json_kint(j, "n", f->n);
		tk_json_kint(j, "people", f->people);
		tk_json_kint(j, "not_asked", f->not_asked);
		tk_json_kint(j, "no_answer", f->no_answer);
		tk_json_kint(j, "not_applicable", f->not_applicable);
		tk_json_kint(j, "dont_know", f->dont_know);
		tk_json_end_obj(j);
	}
	tk_json_end_arr(j);
}

void tk_table_json(struct tk_json *j, const struct tk_table *t)
{
	struct tk_buf note = TK_BUF(16384);

	for (size_t i = 0; i < t->nnote; i++) {
		if (i && t->lang == TK_EN)
			tk_buf_chr(&note, ' ');
		tk_buf_str(&note, t->note[i]);
	}
	tk_json_obj(j);
	tk_json_kstr(j, "title", t->title);
	tk_json_kstr(j, "base", t->base);
	tk_json_kstr(j, "note", tk_buf_cstr(&note));
	tk_buf_drop(&note);
	page_columns(j, t);
	tk_json_key(j, "rows");
	tk_json_arr(j);
	for (size_t r = 0; r < t->nrow; r++) {
		tk_json_arr(j);
		for (size_t i = 0; i < t->ncol; i++)
			if (is_page(&t->col[i]))
				page_cell(j, &t->col[i], &t->cell[r * t->ncol + i]);
		tk_json_end_arr(j);
	}
	tk_json_end_arr(j);
	tk_json_kstr(j, "by", t->by);
	tk_json_kstr(j, "round", tk_round_name(t->round));
	if (t->kind) {
		tk_json_kstr(j, "kind", t->kind);
		tk_json_kstr(j, "subtitle", t->subtitle);
		page_figures(j, t);
	}
	tk_json_end_obj(j);
}

/* -- terminal ---------------------------------------------------------------------------------- */
static const char *cell_text(
	const struct tk_col *col, const struct tk_table_cell *c, char print[TK_X10_LEN])
{
	if (symbol(col, c))
		return symbol(col, c);
	if (c->none)
		return "－";
	switch (col->kind) {
	case TK_COL_TEXT:
		return shown(c);
	case TK_COL_DECIMAL:
		return c->text;
	case TK_COL_INT:
		snprintf(print, TK_X10_LEN, "%lld", (long long)c->n);
		return print;
	case TK_COL_RATE:
		return tk_x10_print(c->n, print);
	case TK_COL_POINTS:
		break;
	}
	return tk_points_print(c->n, print);
}

static void pad(struct tk_buf *b, size_t n)
{
	while (n--)
		tk_buf_chr(b, ' ');
}

static void put(struct tk_buf *b, const char *s, size_t width, bool right, bool last)
{
	size_t fill = width - tk_utf8_columns(s);

	if (right)
		pad(b, fill);
	tk_buf_str(b, s);
	if (!right && !last)
		pad(b, fill);
	tk_buf_str(b, last ? "\n" : "  ");
}

void tk_table_text(struct tk_buf *b, const struct tk_table *t)
{
	size_t *width = tk_xcalloc(t->ncol + 1, sizeof(*width)), last = 0;
	char print[TK_X10_LEN];

	for (size_t i = 0; i < t->ncol; i++) {
		if (!is_page(&t->col[i]))
			continue;
		last = i;
		width[i] = tk_utf8_columns(t->col[i].label);
		for (size_t r = 0; r < t->nrow; r++) {
			size_t w = tk_utf8_columns(
				cell_text(&t->col[i], &t->cell[r * t->ncol + i], print));
			width[i] = w > width[i] ? w : width[i];
		}
	}
	tk_buf_fmt(b, "%s\n", t->title);
	if (!tk_is_blank(t->subtitle))
		tk_buf_fmt(b, "▽%s\n", t->subtitle);
	tk_buf_chr(b, '\n');
	for (size_t i = 0; i < t->ncol; i++)
		if (is_page(&t->col[i]))
			put(b, t->col[i].label, width[i], t->col[i].kind != TK_COL_TEXT, i == last);
	for (size_t r = 0; r < t->nrow; r++)
		for (size_t i = 0; i < t->ncol; i++)
			if (is_page(&t->col[i]))
				put(b, cell_text(&t->col[i], &t->cell[r * t->ncol + i], print),
					width[i], t->col[i].kind != TK_COL_TEXT, i == last);
	free(width);
	tk_buf_fmt(b, "\n%s %s\n", tk_tr(t->lang, N_("Base:")), t->base);
	for (size_t i = 0; i < t->nnote; i++)
		tk_buf_fmt(b, "%s\n", t->note[i]);
}

/* -- the command line -------------------------------------------------------------------------- */
bool tk_table_format_of(const char *name, enum tk_table_format *ret)
{
	static const struct {
		const char *name;
		enum tk_table_format format;
	} known[] = {
		{"table", TK_TABLE_TEXT},
		{"text", TK_TABLE_TEXT},
		{"csv", TK_TABLE_CSV},
		{"json", TK_TABLE_JSON},
		{"xlsx", TK_TABLE_XLSX},
		{"svg", TK_TABLE_SVG},
		{"png", TK_TABLE_PNG},
	};

	for (size_t i = 0; i < TK_LEN(known); i++) {
		if (!strcmp(known[i].name, name)) {
			*ret = known[i].format;
			return true;
		}
	}
	return false;
}

static enum tk_rc picture(
	const struct tk_table *t, enum tk_table_format format, struct tk_buf *b, struct tk_err *e)
{
	struct tk_arena *a = tk_arena_new(TEXT_LIMIT);
	enum tk_rc rc = format == TK_TABLE_SVG ? tk_table_chart(t, a, b, e)
					       : tk_table_chart_png(t, a, b, e);

	tk_arena_free(a);
	return rc;
}

enum tk_rc tk_table_write(
	FILE *f, const struct tk_table *t, enum tk_table_format format, struct tk_err *e)
{
	struct tk_buf b = TK_BUF(TEXT_LIMIT);
	struct tk_json j = TK_JSON(&b);
	enum tk_rc rc = TK_OK;

	if (format == TK_TABLE_CSV || format == TK_TABLE_XLSX)
		return tk_table_out(t,
			&(struct tk_out_opt){
				.format = format == TK_TABLE_CSV ? TK_OUT_CSV : TK_OUT_XLSX},
			tk_out_to_file, f, e);
	if (format == TK_TABLE_SVG || format == TK_TABLE_PNG)
		rc = picture(t, format, &b, e);
	else if (format == TK_TABLE_JSON) {
		tk_table_objects(&j, t);
		tk_buf_chr(&b, '\n');
	} else {
		tk_table_text(&b, t);
	}
	if (rc == TK_OK && b.bad)
		rc = tk_fail(e, TK_ETOOBIG, NULL,
			N_("The table is too large to be written in one piece."));
	else if (rc == TK_OK && fwrite(b.p, 1, b.len, f) != b.len)
		rc = tk_fail(
			e, TK_EFULL, NULL, N_("The table could not be written; is the disk full?"));
	tk_buf_drop(&b);
	return rc;
}
