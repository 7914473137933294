#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "sheet/sheet.h"
#include "sheet/write_in.h"

enum { FLUSH_AT = 65536, CSV_BUF_MAX = 16 * 1024 * 1024,
	TEXT_MAX = 4 * 1024 * 1024 };

enum tk_rc tk_out_to_buf(void *buf, const void *p, size_t n, struct tk_err *e)
{
	struct tk_buf *b = buf;

	tk_buf_add(b, p, n);
	return b->bad ? tk_fail(e, TK_ETOOBIG, "",
				N_("The file grows over %zu MB. Narrow the selection."),
				b->max >> 20)
		      : TK_OK;
}

enum tk_rc tk_out_to_file(void *file, const void *p, size_t n, struct tk_err *e)
{
	return fwrite(p, 1, n, file) == n ? TK_OK :
		tk_fail(e, TK_EFULL, "", N_("The file cannot be written to its end."));
}

bool tk_out_ok(const struct tk_out *o)
{
	return o->err.rc == TK_OK;
}

void tk_out_sink(struct tk_out *o, const void *p, size_t n)
{
	if (tk_out_ok(o))
		o->err.rc = o->fn(o->ctx, p, n, &o->err);
}

static void flush(struct tk_out *o)
{
	if (o->buf.len)
		tk_out_sink(o, o->buf.p, o->buf.len);
	tk_buf_clear(&o->buf);
}

enum tk_rc tk_out_open(struct tk_out **ret, const struct tk_out_opt *opt, tk_out_fn fn, void *ctx,
		       struct tk_err *e)
{
	struct tk_out *o = tk_xcalloc(1, sizeof(*o));
	enum tk_rc rc = TK_OK;

	o->opt = *opt;
	o->fn = fn;
	o->ctx = ctx;
	o->err.lang = e ? e->lang : TK_JA;
	o->mem = tk_arena_new(16u << 20);
	o->tmp = tk_arena_new(64u << 20);
	o->buf = TK_BUF(CSV_BUF_MAX);
	o->lost = tk_alloc_n(o->mem, TK_OUT_LOST_MAX, sizeof(*o->lost));
	if (opt->format == TK_OUT_XLSX)
		tk_wbook_open(o);
	else if (opt->enc == TK_OUT_UTF8_BOM)
		tk_buf_str(&o->buf, "\xEF\xBB\xBF");
	*ret = o;
	if (!tk_out_ok(o)) {
		rc = o->err.rc;
		if (e)
			*e = o->err;
		*ret = NULL;
		tk_out_free(o);
	}
	return rc;
}

static void end_row(struct tk_out *o)
{
	if (!o->in_row || o->opt.format != TK_OUT_CSV) {
		o->in_row = false;
		return;
	}
	/* a row of one empty cell would else be an empty line, which readers pass over */
	if (o->cell == 1 && !o->cell_filled)
		tk_buf_str(&o->buf, "\"\"");
	tk_buf_str(&o->buf, o->opt.crlf ? "\r\n" : "\n");
	o->in_row = false;
	if (o->buf.bad)
		tk_fail(&o->err, TK_ETOOBIG, "", N_("Row %u holds more than 16 MB of text."),
			o->row);
	if (o->buf.len >= FLUSH_AT)
		flush(o);
}

static const char *column_name(struct tk_out *o)
{
	char name[TK_CELL_NAME];

	if (o->cell < o->ncol)
		return o->col[o->cell].title;
	tk_cell_name(o->cell, 1, name);
	name[strlen(name) - 1] = '\0';
	return tk_strdup(o->mem, name);
}

/* The text in CP932; characters that do not fit are listed. */
static const char *to_cp932(struct tk_out *o, const char *s, size_t *len)
{
	size_t lost = 0;
	uint32_t cp = 0;

	for (*len = 0; s[*len] && (unsigned char)s[*len] < 0x80;)
		++*len;
	if (!s[*len])
		return s;
	s = tk_to_cp932(o->tmp, s, len, &lost, &cp);
	if (lost && o->nlost < TK_OUT_LOST_MAX)
		o->lost[o->nlost++] = (struct tk_out_lost){ o->row, column_name(o), cp };
	o->total_lost += lost;
	return s;
}

static void csv_cell(struct tk_out *o, const char *s)
{
	size_t n = strlen(s);
	bool quote = s[strcspn(s, ",\"\r\n")] || (n && (strchr(" \t;", s[0]) || s[n - 1] == ' '));
	const char *p, *q;

	if (o->cell)
		tk_buf_chr(&o->buf, ',');
	if (o->opt.enc == TK_OUT_CP932)
		s = to_cp932(o, s, &n);
	if (!quote) {
		tk_buf_add(&o->buf, s, n);
	} else {
		tk_buf_chr(&o->buf, '"');
		for (p = s; (q = memchr(p, '"', n - (size_t)(p - s))); p = q + 1) {
			tk_buf_add(&o->buf, p, (size_t)(q - p));
			tk_buf_str(&o->buf, "\"\"");
		}
		tk_buf_add(&o->buf, p, n - (size_t)(p - s));
		tk_buf_chr(&o->buf, '"');
	}
	o->cell_filled = n > 0;
	if (tk_arena_used(o->tmp))
		tk_arena_reset(o->tmp);
}

/* Is there room for one more cell?  In a workbook there are 16,384 columns. */
bool tk_out_cell(struct tk_out *o)
{
	if (!tk_out_ok(o) || !o->in_row)
		return false;
	if (o->opt.format == TK_OUT_XLSX && o->cell >= TK_SHEET_MAX_COL)
		tk_fail(&o->err, TK_ETOOBIG, "",
			N_("The table has more than 16,384 columns, which no "
			   "workbook can hold. Take it out as CSV, or choose fewer columns."));
	return tk_out_ok(o);
}

static void header(struct tk_out *o)
{
	tk_out_row(o);
	for (size_t i = 0; i < o->ncol; i++)
		tk_out_text(o, o->col[i].title);
	end_row(o);
}

void tk_out_sheet(struct tk_out *o, const char *name, const struct tk_out_col *col, size_t ncol)
{
	if (!tk_out_ok(o))
		return;
	end_row(o);
	if (o->nsheet++ && o->opt.format == TK_OUT_CSV) {
		tk_fail(&o->err, TK_EINVAL, "format",
			N_("A CSV file holds one table. Choose .xlsx for "
			   "several."));
		return;
	}
	o->row = 0;
	o->ncol = ncol;
	o->col = tk_alloc_n(o->mem, ncol, sizeof(*o->col));
	for (size_t i = 0; i < ncol; i++)
		o->col[i] = (struct tk_out_col){ tk_strdup(o->mem, col[i].title), col[i].width };
	if (o->opt.format == TK_OUT_XLSX)
		tk_wbook_sheet(o, name);
	if (ncol)
		header(o);
}

void tk_out_row(struct tk_out *o)
{
	if (!tk_out_ok(o))
		return;
	end_row(o);
	if (o->opt.format == TK_OUT_XLSX && o->row == TK_SHEET_MAX_ROW) {
		o->row = 0;
		tk_wbook_sheet(o, NULL);
		if (o->ncol)
			header(o);
	}
	o->in_row = true;
	o->row++;
	o->cell = 0;
	o->look = 0;
	o->cell_filled = false;
	if (o->opt.format == TK_OUT_XLSX)
		tk_wbook_row(o);
}

void tk_out_text(struct tk_out *o, const char *s)
{
	if (!tk_out_cell(o))
		return;
	if (!s)
		s = "";
	if (strnlen(s, TEXT_MAX) == TEXT_MAX)
		tk_fail(&o->err, TK_ETOOBIG, "",
			N_("A cell of row %u holds more than 4 MB of text."), o->row);
	else if (o->opt.format == TK_OUT_XLSX)
		tk_wbook_text(o, s);
	else if (tk_cell_risky(s))
		csv_cell(o, tk_sprintf(o->tmp, "'%s", s));
	else
		csv_cell(o, s);
	o->cell++;
}

void tk_out_int(struct tk_out *o, int64_t v)
{
	const int64_t exact = 999999999999999;  /* more digits than this Excel rounds */
	char text[32];

	if (!tk_out_cell(o))
		return;
	snprintf(text, sizeof(text), "%" PRId64, v);
	if (o->opt.format == TK_OUT_CSV)
		csv_cell(o, text);
	else if (v > exact || v < -exact)
		tk_wbook_text(o, text);
	else
		tk_wbook_number(o, (double)v, false);
	o->cell++;
}

void tk_out_x10(struct tk_out *o, int64_t tenths)
{
	uint64_t u = tenths < 0 ? 0 - (uint64_t)tenths : (uint64_t)tenths;
	char text[32];

	if (!tk_out_cell(o))
		return;
	snprintf(text, sizeof(text), "%s%" PRIu64 ".%d", tenths < 0 ? "-" : "", u / 10,
		 (int)(u % 10));
	if (o->opt.format == TK_OUT_CSV)
		csv_cell(o, text);
	else
		tk_wbook_number(o, (double)tenths / 10.0, true);
	o->cell++;
}

void tk_out_number(struct tk_out *o, const char *decimal)
{
	size_t digits = 0;
	char *end;
	double v;

	for (const char *p = decimal; *p; p++)
		digits += *p >= '0' && *p <= '9';
	v = strtod(decimal, &end);
	if (digits == 0 || digits > 15 || *end ||
	    decimal[strspn(decimal, "0123456789+-.eE")] != '\0') {
		tk_out_text(o, decimal);
		return;
	}
	if (!tk_out_cell(o))
		return;
	if (o->opt.format == TK_OUT_CSV)
		csv_cell(o, decimal);
	else
		tk_wbook_number(o, v, false);
	o->cell++;
}

void tk_out_date(struct tk_out *o, const char *iso)
{
	struct tk_date d;

	/* before March 1900 a workbook's day numbers are wrong by one */
	if (o->opt.format == TK_OUT_CSV || !iso || !tk_date_from_iso(iso, &d) ||
	    tk_date_days(d) < tk_date_days((struct tk_date){ 1900, 3, 1 })) {
		tk_out_text(o, iso);
		return;
	}
	if (!tk_out_cell(o))
		return;
	tk_wbook_date(o, d);
	o->cell++;
}

void tk_out_bool(struct tk_out *o, bool v)
{
	if (!tk_out_cell(o))
		return;
	if (o->opt.format == TK_OUT_CSV)
		csv_cell(o, v ? "TRUE" : "FALSE");
	else
		tk_wbook_bool(o, v);
	o->cell++;
}

void tk_out_blank(struct tk_out *o)
{
	tk_out_text(o, "");
}

enum tk_rc tk_out_close(struct tk_out *o, struct tk_err *e)
{
	if (tk_out_ok(o)) {
		end_row(o);
		if (o->opt.format == TK_OUT_XLSX)
			tk_wbook_close(o);
		else
			flush(o);
	}
	if (e && !tk_out_ok(o))
		*e = o->err;
	return o->err.rc;
}

size_t tk_out_lost(const struct tk_out *o, const struct tk_out_lost **ret, size_t *total)
{
	*ret = o->lost;
	*total = o->total_lost;
	return o->nlost;
}

void tk_out_free(struct tk_out *o)
{
	if (!o)
		return;
	tk_wbook_free(o);
	tk_buf_drop(&o->buf);
	tk_arena_free(o->tmp);
	tk_arena_free(o->mem);
	free(o);
}
