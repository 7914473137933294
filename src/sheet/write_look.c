/* write_look.c - sheets laid out by hand: looks, locks, formulas, what may be typed where. */
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "sheet/sheet.h"
#include "sheet/write_xlsx.h"

/* What Excel allows in a message about a cell. */
enum { TITLE_CHARS = 32, MESSAGE_CHARS = 255, DAY_FIRST = 61, DAY_LAST = 2958465 };

static bool book_open(const struct tk_out *o)
{
	return tk_out_ok(o) && o->opt.format == TK_OUT_XLSX;
}

lxw_format *tk_wbook_look(const struct tk_out *o, lxw_format *otherwise)
{
	return o->look ? o->book->look[o->look - 1] : otherwise;
}

int tk_out_look(struct tk_out *o, const struct tk_out_look *look)
{
	static const uint8_t align[] = { LXW_ALIGN_NONE, LXW_ALIGN_LEFT, LXW_ALIGN_CENTER,
					 LXW_ALIGN_RIGHT };
	lxw_format *f;

	if (!book_open(o))
		return 0;
	if (o->book->nlook == TK_WBOOK_LOOKS) {
		tk_wbook_failed(o, "more than 64 looks");
		return 0;
	}
	f = tk_wbook_format(o, look->number);
	format_set_align(f, LXW_ALIGN_VERTICAL_TOP);
	if (look->align)
		format_set_align(f, align[look->align]);
	if (look->bold)
		format_set_bold(f);
	if (look->wrap)
		format_set_text_wrap(f);
	if (look->border) {
		format_set_border(f, LXW_BORDER_THIN);
		format_set_border_color(f, 0xB4B4B4);
	}
	if (look->open)
		format_set_unlocked(f);
	if (look->fill)
		format_set_bg_color(f, look->fill);
	if (look->ink)
		format_set_font_color(f, look->ink);
	if (look->size)
		format_set_font_size(f, look->size);
	o->book->look[o->book->nlook++] = f;
	return o->book->nlook;
}

void tk_out_use(struct tk_out *o, int look)
{
	o->look = look;
}

void tk_out_page(struct tk_out *o, const char *name, const struct tk_out_page *page)
{
	lxw_protection lock = { .format_columns = 1, .format_rows = 1 };
	lxw_worksheet *ws;

	tk_out_sheet(o, name, NULL, 0);
	if (!book_open(o))
		return;
	ws = o->book->ws;
	for (size_t i = 0; i < page->ncol; i++)
		worksheet_set_column(ws, (lxw_col_t)i, (lxw_col_t)i, page->width[i], NULL);
	worksheet_gridlines(ws, LXW_HIDE_ALL_GRIDLINES);
	if (page->frozen) {
		worksheet_freeze_panes(ws, page->frozen, 0);
		worksheet_repeat_rows(ws, page->frozen - 1, page->frozen - 1);
	}
	if (page->locked)
		worksheet_protect(ws, NULL, &lock);
	if (page->hidden)
		worksheet_hide(ws);
}

char *tk_out_ref(struct tk_arena *a, const char *sheet, uint32_t col, uint32_t row)
{
	char *s = tk_alloc(a, strlen(sheet) * 2 + TK_CELL_NAME + 6), *p = s;
	char cell[TK_CELL_NAME];

	*p++ = '\'';
	for (; *sheet; sheet++) {
		if (*sheet == '\'')
			*p++ = '\'';
		*p++ = *sheet;
	}
	*p++ = '\'';
	*p++ = '!';
	*p++ = '$';
	tk_cell_name(col, row, cell);
	for (const char *c = cell; *c; c++) {
		if (*c >= '0' && *c <= '9' && c[-1] >= 'A')
			*p++ = '$';
		*p++ = *c;
	}
	*p = '\0';
	return s;
}

void tk_out_height(struct tk_out *o, unsigned points)
{
	if (book_open(o) && o->in_row)
		tk_wbook_check(o, worksheet_set_row(o->book->ws, o->row - 1, points, NULL));
}

void tk_out_span(struct tk_out *o, const char *text, unsigned ncol)
{
	uint32_t col = o->cell;
	bool merge = ncol > 1 && book_open(o) && o->in_row;

	if (merge)
		tk_wbook_check(o, worksheet_merge_range(o->book->ws, o->row - 1, (lxw_col_t)col,
							o->row - 1, (lxw_col_t)(col + ncol - 1), "",
							tk_wbook_look(o, o->book->plain)));
	tk_out_text(o, text);
	if (merge)
		o->cell = col + ncol;
}

void tk_out_formula(struct tk_out *o, const char *formula, const char *text, double number)
{
	lxw_format *f;

	if (o->opt.format != TK_OUT_XLSX) {
		if (text)
			tk_out_text(o, text);
		else
			tk_out_int(o, (int64_t)number);
		return;
	}
	if (!tk_out_cell(o))
		return;
	f = tk_wbook_look(o, o->book->plain);
	if (text)
		tk_wbook_check(o, worksheet_write_formula_str(o->book->ws, o->row - 1,
							      (lxw_col_t)o->cell, formula, f,
							      tk_wbook_escape(o, text)));
	else
		tk_wbook_check(o, worksheet_write_formula_num(o->book->ws, o->row - 1,
							      (lxw_col_t)o->cell, formula, f,
							      number));
	o->cell++;
}

static void quote(struct tk_buf *b, const char *s)
{
	for (; *s; s++)
		tk_buf_add(b, *s == '"' ? "\"\"" : s, *s == '"' ? 2 : 1);
}

/* As a formula: the library keeps what its own links say and never frees it. */
void tk_out_link(struct tk_out *o, const char *ref, const char *text)
{
	struct tk_buf b = TK_BUF(4096);

	tk_buf_str(&b, "=HYPERLINK(\"#");
	quote(&b, ref);
	tk_buf_str(&b, "\",\"");
	quote(&b, tk_utf8_head(o->tmp, text, MESSAGE_CHARS));
	tk_buf_str(&b, "\")");
	tk_out_formula(o, tk_buf_cstr(&b), text, 0);
	tk_buf_drop(&b);
}

void tk_out_name(struct tk_out *o, const char *name, const char *formula)
{
	lxw_error rc = LXW_NO_ERROR;

	if (book_open(o))
		rc = workbook_define_name(o->book->wb, name, formula);
	if (rc != LXW_NO_ERROR)
		tk_wbook_failed(o, lxw_strerror(rc));
}

/* A list that stands in cells.  Asked for by its own name the library copies the formula twice and
 * frees one of them, so it is given a list of words and their place is taken. */
static bool put_list(lxw_worksheet *ws, const struct tk_out_valid *v)
{
	lxw_data_val_obj *d, *last = NULL;

	STAILQ_FOREACH(d, ws->data_validations, list_pointers)
		last = d;
	if (!last)
		return false;
	free(last->value_formula);
	last->value_formula = strdup(v->formula + (*v->formula == '='));
	return last->value_formula != NULL;
}

static bool put_valid(struct tk_out *o, const struct tk_range *r, const struct tk_out_valid *v)
{
	static const uint8_t type[] = {
		[TK_OUT_LIST] = LXW_VALIDATION_TYPE_LIST,
		[TK_OUT_WHOLE] = LXW_VALIDATION_TYPE_INTEGER,
		[TK_OUT_DECIMAL] = LXW_VALIDATION_TYPE_DECIMAL,
		[TK_OUT_DAY] = LXW_VALIDATION_TYPE_DATE_NUMBER,
		[TK_OUT_LENGTH] = LXW_VALIDATION_TYPE_LENGTH,
		[TK_OUT_RULE] = LXW_VALIDATION_TYPE_CUSTOM_FORMULA,
	};
	char word[] = "x", *words[] = { word, NULL };
	bool day = v->takes == TK_OUT_DAY;
	lxw_data_validation d = { .validate = type[v->takes],
				  .criteria = LXW_VALIDATION_CRITERIA_BETWEEN,
				  .minimum_number = day ? DAY_FIRST : v->min,
				  .maximum_number = day ? DAY_LAST : v->max,
				  .error_type = LXW_VALIDATION_ERROR_TYPE_STOP };

	if (v->takes == TK_OUT_LIST)
		d.value_list = words;
	else if (v->formula)
		d.value_formula = tk_strdup(o->tmp, v->formula);
	if (v->title)
		d.error_title = tk_utf8_head(o->tmp, v->title, TITLE_CHARS);
	if (v->message)
		d.error_message = tk_utf8_head(o->tmp, v->message, MESSAGE_CHARS);
	return worksheet_data_validation_range(o->book->ws, r->row1 - 1, (lxw_col_t)r->col1,
					       r->row2 - 1, (lxw_col_t)r->col2,
					       &d) == LXW_NO_ERROR &&
	       (v->takes != TK_OUT_LIST || put_list(o->book->ws, v));
}

void tk_out_valid(struct tk_out *o, const struct tk_range *r, const struct tk_out_valid *v)
{
	if (!book_open(o))
		return;
	if (o->book->nvalid++ == TK_OUT_VALID_MAX)
		tk_wbook_failed(o, "more than 255 data validations on a sheet");
	else if (!put_valid(o, r, v))
		tk_wbook_failed(o, v->message ? v->message : "data validation");
	tk_arena_reset(o->tmp);
}

void tk_out_when(struct tk_out *o, const struct tk_range *r, const char *formula, int look)
{
	lxw_conditional_format c = { .type = LXW_CONDITIONAL_TYPE_FORMULA };

	if (!book_open(o) || !look)
		return;
	c.value_string = tk_strdup(o->tmp, formula);
	c.format = o->book->look[look - 1];
	if (worksheet_conditional_format_range(o->book->ws, r->row1 - 1, (lxw_col_t)r->col1,
					       r->row2 - 1, (lxw_col_t)r->col2,
					       &c) != LXW_NO_ERROR)
		tk_wbook_failed(o, formula);
	tk_arena_reset(o->tmp);
}
