#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include "base/text.h"
#include "sheet/sheet.h"
#include "sheet/write_xlsx.h"

enum { NAME_MAX_CHARS = 31, WIDTH_MAX = 60 };

void tk_wbook_failed(struct tk_out *o, const char *why)
{
	if (tk_out_ok(o))
		tk_fail(&o->err, TK_EFULL, "", N_("The workbook cannot be written: %s."), why);
}

lxw_format *tk_wbook_format(struct tk_out *o, const char *num)
{
	lxw_format *f = workbook_add_format(o->book->wb);

	format_set_font_name(f, o->opt.font ? o->opt.font : "Yu Gothic");
	if (num)
		format_set_num_format(f, num);
	return f;
}

static void properties(struct tk_out *o)
{
	lxw_doc_properties p = { 0 };
	char *mark = o->opt.mark ? tk_strdup(o->tmp, o->opt.mark) : NULL;

	p.title = o->opt.title ? tk_strdup(o->tmp, o->opt.title) : NULL;
	p.status = mark;
	workbook_set_properties(o->book->wb, &p);
	if (mark && *mark)
		workbook_set_custom_property_string(o->book->wb, "Classification", mark);
	tk_arena_reset(o->tmp);
}

void tk_wbook_open(struct tk_out *o)
{
	const char *dir = getenv("TMPDIR");
	struct tk_wbook *b = o->book = tk_xcalloc(1, sizeof(*b));
	char *tmpdir = tk_strdup(o->mem, dir && *dir ? dir : "/tmp");
	lxw_workbook_options opt = { .constant_memory = LXW_TRUE,
				     .tmpdir = tmpdir,
				     .use_zip64 = LXW_FALSE };
	int fd;

	b->path = tk_sprintf(o->mem, "%s/tenken-out-XXXXXX", tmpdir);
	fd = mkstemp(b->path);
	if (fd < 0) {
		b->path = NULL;
		tk_wbook_failed(o, strerror(errno));
		return;
	}
	close(fd);
	b->wb = workbook_new_opt(b->path, &opt);
	if (!b->wb) {
		tk_wbook_failed(o, "workbook_new");
		return;
	}
	/* the first format is the one of cells without any */
	format_set_font_name(STAILQ_FIRST(b->wb->formats), o->opt.font ? o->opt.font : "Yu Gothic");
	b->bold = tk_wbook_format(o, NULL);
	format_set_bold(b->bold);
	format_set_text_wrap(b->bold);
	b->wrapped = tk_wbook_format(o, NULL);
	format_set_text_wrap(b->wrapped);
	b->tenths = tk_wbook_format(o, "0.0");
	b->day = tk_wbook_format(o, "yyyy-mm-dd");
	properties(o);
}

char *tk_out_fit_name(struct tk_arena *a, const char *want, size_t spare)
{
	char *base = tk_strdup(a, *want ? want : "Sheet");
	size_t room = NAME_MAX_CHARS - spare;

	for (char *p = base; *p; p++)
		if (strchr("[]:*?/\\", *p) || (unsigned char)*p < 0x20 ||
		    (*p == '\'' && (p == base || !p[1])))
			*p = '_';
	/* 31 UTF-16 units; half of it is safe for characters that take two */
	for (const unsigned char *p = (const unsigned char *)base; *p; p++)
		if (*p >= 0xF0)
			room = NAME_MAX_CHARS / 2 - spare;
	return tk_utf8_head(a, base, room);
}

/* The first name of this sheet that Excel allows and the workbook does not yet have. */
static const char *free_name(struct tk_out *o, const char *want)
{
	char tail[16] = "";
	const char *name = NULL;

	for (unsigned i = 2; i < 10000; i++) {
		name = tk_sprintf(o->tmp, "%s%s", tk_out_fit_name(o->tmp, want, strlen(tail)),
				  tail);
		if (!workbook_get_worksheet_by_name(o->book->wb, name) &&
		    strcasecmp(name, "history"))
			break;
		snprintf(tail, sizeof(tail), " (%u)", i);
	}
	return name;
}

static void page_marks(struct tk_out *o)
{
	struct tk_buf b = TK_BUF(1024);

	tk_buf_str(&b, "&R");
	/* in a header one & is a command and two are the character; 255 characters in all */
	for (const char *p = o->opt.mark ? tk_utf8_head(o->tmp, o->opt.mark, 100) : ""; *p; p++)
		tk_buf_add(&b, *p == '&' ? "&&" : p, *p == '&' ? 2 : 1);
	if (b.len > 2)
		worksheet_set_header(o->book->ws, tk_buf_cstr(&b));
	worksheet_set_footer(o->book->ws, "&C&P / &N");
	tk_buf_drop(&b);
}

static double width_of(const struct tk_out_col *c)
{
	size_t n = c->width;

	if (!n && c->title)
		for (const unsigned char *p = (const unsigned char *)c->title; *p; p++)
			n += *p < 0x80 ? 1 : *p >= 0xC0 ? 2 : 0;
	return n + 2 < 9 ? 9.0 : n + 2 > WIDTH_MAX ? (double)WIDTH_MAX : (double)(n + 2);
}

void tk_wbook_sheet(struct tk_out *o, const char *name)
{
	struct tk_wbook *b = o->book;

	if (name)
		snprintf(b->name, sizeof(b->name), "%s",
			 tk_utf8_head(o->tmp, name, NAME_MAX_CHARS));
	b->ws = workbook_add_worksheet(b->wb, free_name(o, b->name));
	if (!b->ws) {
		tk_wbook_failed(o, b->name);
		return;
	}
	b->nvalid = 0;
	page_marks(o);
	worksheet_set_landscape(b->ws);
	worksheet_set_paper(b->ws, 9);  /* A4 */
	worksheet_fit_to_pages(b->ws, 1, 0);
	for (size_t i = 0; i < o->ncol && i < TK_SHEET_MAX_COL; i++)
		worksheet_set_column(b->ws, (lxw_col_t)i, (lxw_col_t)i, width_of(&o->col[i]), NULL);
	if (o->ncol) {
		worksheet_freeze_panes(b->ws, 1, 0);
		worksheet_repeat_rows(b->ws, 0, 0);
	}
	tk_arena_reset(o->tmp);
}

void tk_wbook_row(struct tk_out *o)
{
	if (!o->book->ws)
		tk_wbook_sheet(o, "Sheet");
}

void tk_wbook_check(struct tk_out *o, lxw_error rc)
{
	char name[TK_CELL_NAME];

	if (rc == LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED)
		tk_fail(&o->err, TK_ETOOBIG, "",
			N_("Cell %s holds more than 32,767 characters, which no "
			   "workbook can hold. Take the table out as CSV."),
			tk_cell_name(o->cell, o->row, name));
	else if (rc != LXW_NO_ERROR)
		tk_wbook_failed(o, lxw_strerror(rc));
}

/* "_x0041_" as a text would be read back as "A": its first character is written as _x005F_.  The
 * library writes a control character as "_x001F_", whose first sign can close one, too. */
const char *tk_wbook_escape(struct tk_out *o, const char *s)
{
	struct tk_buf b = TK_BUF(1 << 20);
	const char *from = s, *p;

	for (p = strstr(s, "_x"); p; p = strstr(p + 1, "_x")) {
		if (strspn(p + 2, "0123456789abcdefABCDEF") < 4 ||
		    (p[6] != '_' && (p[6] == '\0' || (unsigned char)p[6] >= ' ')))
			continue;
		tk_buf_add(&b, from, (size_t)(p - from));
		tk_buf_str(&b, "_x005F");
		from = p;
	}
	if (b.len) {
		tk_buf_str(&b, from);
		s = tk_strdup(o->tmp, tk_buf_cstr(&b));
		tk_buf_drop(&b);
	}
	return s;
}

void tk_wbook_text(struct tk_out *o, const char *s)
{
	lxw_format *f = strchr(s, '\n') ? o->book->wrapped : o->book->plain;

	if (o->ncol && o->row == 1)
		f = o->book->bold;
	if (*s)
		tk_wbook_check(o, worksheet_write_string(o->book->ws, o->row - 1,
							 (lxw_col_t)o->cell, tk_wbook_escape(o, s),
							 tk_wbook_look(o, f)));
	else if (o->look)
		tk_wbook_check(o,
			       worksheet_write_blank(o->book->ws, o->row - 1, (lxw_col_t)o->cell,
						     tk_wbook_look(o, f)));
	if (tk_arena_used(o->tmp))
		tk_arena_reset(o->tmp);
}

void tk_wbook_number(struct tk_out *o, double v, bool tenths)
{
	tk_wbook_check(o, worksheet_write_number(o->book->ws, o->row - 1, (lxw_col_t)o->cell, v,
		tk_wbook_look(o, tenths ? o->book->tenths : o->book->plain)));
}

void tk_wbook_date(struct tk_out *o, struct tk_date d)
{
	tk_wbook_check(o, worksheet_write_number(o->book->ws, o->row - 1, (lxw_col_t)o->cell,
		(double)(tk_date_days(d) + 25569), tk_wbook_look(o, o->book->day)));
}

void tk_wbook_bool(struct tk_out *o, bool v)
{
	tk_wbook_check(o, worksheet_write_boolean(o->book->ws, o->row - 1, (lxw_col_t)o->cell, v,
		tk_wbook_look(o, o->book->plain)));
}

/* The library asks gmtime() for the day of making, which has one answer for all threads. */
static lxw_error close_one(lxw_workbook *wb)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	lxw_error rc;

	pthread_mutex_lock(&lock);
	rc = workbook_close(wb);
	pthread_mutex_unlock(&lock);
	return rc;
}

void tk_wbook_close(struct tk_out *o)
{
	struct tk_wbook *b = o->book;
	char buf[65536];
	lxw_error rc;
	size_t n;
	FILE *f;

	tk_wbook_row(o);                /* a workbook has at least one sheet */
	rc = close_one(b->wb);
	b->wb = NULL;
	if (rc != LXW_NO_ERROR) {
		tk_wbook_failed(o, lxw_strerror(rc));
		return;
	}
	f = fopen(b->path, "rb");
	while (f && tk_out_ok(o) && (n = fread(buf, 1, sizeof(buf), f)) > 0)
		tk_out_sink(o, buf, n);
	if (!f || ferror(f))
		tk_wbook_failed(o, strerror(errno));
	if (f)
		fclose(f);
}

void tk_wbook_free(struct tk_out *o)
{
	struct tk_wbook *b = o->book;

	if (!b)
		return;
	/* closing is the library's only way to free a workbook with its temporary files */
	if (b->wb && close_one(b->wb) != LXW_NO_ERROR)
		b->wb = NULL;
	if (b->path)
		unlink(b->path);
	free(b);
	o->book = NULL;
}
