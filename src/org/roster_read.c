/* roster_read.c - from bytes to rows: every cell in the form it will be kept in, every fault of a
 * cell by itself.  Nothing here knows the organisation. */
#include <stdio.h>
#include <string.h>
#include "base/hash.h"
#include "base/text.h"
#include "org/roster_in.h"

enum { LONG_NAME = 40 };        /* characters; more is taken, with a remark */

struct reader {
	struct tk_roster *r;
	struct tk_sheet  *s;
	struct tk_row     row;
	struct rrow      *x, ignored;
	struct { const char *text; uint32_t row; } last[C_MAX];         /* last value of a column */
};

void *roster_grow(struct tk_arena *a, void *old, size_t n, size_t *cap, size_t size)
{
	void *p;

	if (n < *cap)
		return old;
	*cap = *cap ? 2 * *cap : 64;
	p = tk_alloc_n(a, *cap, size);
	if (n)
		memcpy(p, old, n * size);
	return p;
}

void roster_note(struct tk_roster *r, uint32_t row, enum col_kind kind, const char *value,
		 enum tk_severity s)
{
	struct tk_problem p = {
		.row = row,
		.col = kind < C_MAX ? r->col[kind] : -1,
		.field = kind < C_MAX ? roster_col_name[kind] : NULL,
		.value = value,
		.message = r->err.msg,
		.severity = s,
	};

	tk_report_problem(r->report, &p);
}

char *roster_number_key(struct tk_arena *a, const char *s)
{
	char *k = tk_fold(a, tk_staff_number_form(a, s));

	while (*k == '0' && k[1])
		k++;
	return k;
}

static void bad(struct reader *d, enum col_kind k, const char *value)
{
	roster_note(d->r, d->row.number, k, value, TK_SEV_ERROR);
	d->x->bad = true;
}
#define BAD(d, kind, value, ...) \
	((void)tk_fail(&(d)->r->err, TK_EINVAL, "", __VA_ARGS__), bad((d), (kind), (value)))
#define WARN(d, kind, value, ...) \
	ROSTER_SAY((d)->r, (d)->row.number, kind, value, TK_SEV_WARNING, __VA_ARGS__)

/* -- cells ------------------------------------------------------------------------------------- */
static const struct tk_cell *cell_of(const struct reader *d, enum col_kind k)
{
	static const struct tk_cell blank = { .kind = TK_CELL_BLANK, .text = "" };
	int32_t col = d->r->col[k];

	return col >= 0 && (size_t)col < d->row.n ? &d->row.cell[col] : &blank;
}

static bool has_control(const char *s)
{
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F ||
		    (c == 0xC2 && (unsigned char)s[1] >= 0x80 && (unsigned char)s[1] < 0xA0 &&
		     (unsigned char)s[1] != 0x85))
			return true;
	}
	return false;
}

/* The text of a cell, squeezed, in r->tmp; NULL when it is blank or has a fault of its own. */
static const char *text_of(struct reader *d, enum col_kind k)
{
	const struct tk_cell *c = cell_of(d, k);
	const char *t;

	if (c->kind == TK_CELL_FORMULA_EMPTY)
		return BAD(d, k, NULL,
			   N_("The cell holds a formula whose result is not stored in the file. "
			      "Open and save the"
			      " file in the spreadsheet program, or write the value itself.")),
		       NULL;
	if (c->kind == TK_CELL_ERROR)
		return BAD(d, k, c->text,
			   N_("The cell holds the error value %.20s. Write the value itself."),
			   c->text),
		       NULL;
	t = tk_cell_restore(d->s, c->text);
	if (has_control(t))
		return BAD(d, k, NULL,
			   N_("The cell holds a control character that cannot be seen. Write the "
			      "value again.")),
		       NULL;
	t = tk_squeeze(d->r->tmp, t);
	return *t ? t : NULL;
}

/* Was there a fault in the cell, so that "it is missing" would be a second one? */
static bool faulty(const struct reader *d, enum col_kind k)
{
	const struct tk_cell *c = cell_of(d, k);

	return c->kind == TK_CELL_FORMULA_EMPTY || c->kind == TK_CELL_ERROR || has_control(c->text);
}

static const char *shared(struct tk_roster *r, const char *text)
{
	uint32_t at = 0;

	if (!text)
		return NULL;
	if (tk_strmap_get(&r->shared, text, &at))
		return r->shared_text[at];
	r->shared_text = roster_grow(r->mem, r->shared_text, r->nshared, &r->capshared,
				     sizeof(*r->shared_text));
	r->shared_text[r->nshared] = tk_strdup(r->mem, text);
	tk_strmap_add(&r->shared, r->shared_text[r->nshared], (uint32_t)r->nshared);
	return r->shared_text[r->nshared++];
}

static const char *kept(struct reader *d, const char *text,
			char *(*form)(struct tk_arena *, const char *))
{
	return text ? tk_strdup(d->r->mem, form(d->r->tmp, text)) : NULL;
}

/* -- is it a person? --------------------------------------------------------------------------- */
static bool total_word(const char *s)
{
	static const char *const word[] = { "計",   "合計", "小計",  "総計", "累計",
					    "総数", "人数", "total", "sum",  "subtotal" };

	for (size_t i = 0; i < TK_LEN(word); i++)
		if (!strcmp(s, word[i]))
			return true;
	return false;
}

static bool plain_number(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s >= 0x80)
			return false;
	return true;
}

/* Totals, notes and repeated headers are no persons; everything with a staff number, name, kana or
 * mail is one, unless the row is a single remark or says that it is a total. */
static bool is_person(const struct reader *d, size_t *nfilled)
{
	static const enum col_kind key[] = { C_NUMBER, C_NAME,        C_FAMILY,
					     C_KANA,   C_FAMILY_KANA, C_MAIL };
	struct tk_roster *r = d->r;
	size_t filled = 0, keys = 0;
	bool total = false;

	for (size_t i = 0; i < d->row.n; i++) {
		const struct tk_cell *c = &d->row.cell[i];

		if (c->kind == TK_CELL_BLANK ||
		    (c->kind != TK_CELL_FORMULA_EMPTY && tk_is_blank(c->text)))
			continue;
		filled++;
		if (c->len < 32)
			total |= total_word(tk_unblank(r->tmp, tk_fold(r->tmp, c->text)));
	}
	*nfilled = filled;
	for (size_t i = 0; i < TK_LEN(key); i++) {
		const struct tk_cell *c = cell_of(d, key[i]);

		keys += c->kind == TK_CELL_FORMULA_EMPTY || !tk_is_blank(c->text);
	}
	if (!keys || roster_is_header(r, &d->row))
		return false;
	if (filled == 1 && !plain_number(tk_narrow(r->tmp, cell_of(d, C_NUMBER)->text)))
		return false;           /* ※併任者を含む。 below the numbers */
	if (!total || !tk_is_blank(cell_of(d, C_MAIL)->text) ||
	    !tk_is_blank(cell_of(d, C_KANA)->text))
		return true;
	return !tk_is_blank(cell_of(d, C_DIVISION)->text) &&
	       !total_word(tk_unblank(r->tmp, tk_fold(r->tmp, cell_of(d, C_NUMBER)->text)));
}

/* -- fields ------------------------------------------------------------------------------------ */
static void take_number(struct reader *d)
{
	struct tk_roster *r = d->r;
	const char *t = text_of(d, C_NUMBER), *key;
	uint32_t at = 0;

	if (!t) {
		if (!faulty(d, C_NUMBER))
			BAD(d, C_NUMBER, NULL,
			    N_("The staff number is missing. Write it here; it is what a person is "
			       "known by."));
		return;
	}
	d->x->number = kept(d, t, tk_staff_number_form);
	if (tk_utf8_count(d->x->number) > 40) {
		BAD(d, C_NUMBER, t, N_("A staff number has at most 40 characters."));
		d->x->number = NULL;
		return;
	}
	key = tk_strdup(r->mem, roster_number_key(r->tmp, t));
	if (tk_strmap_add(&r->by_number, key, (uint32_t)r->nrow))
		return;
	tk_strmap_get(&r->by_number, key, &at);
	BAD(d, C_NUMBER, t,
	    N_("The staff number %.40s already stands in row %u. Each person needs a number of "
	       "their own."),
	    d->x->number, r->row[at].row);
}

/* One text from one column, or from a pair such as family name and given name. */
static const char *pair_text(struct reader *d, enum col_kind whole, enum col_kind first,
			     enum col_kind second)
{
	const char *a, *b;

	if (d->r->col[whole] >= 0)
		return text_of(d, whole);
	a = text_of(d, first);
	b = text_of(d, second);
	return a && b ? tk_sprintf(d->r->tmp, "%s %s", a, b) : a ? a : b;
}

static void take_name(struct reader *d)
{
	enum col_kind k = d->r->col[C_NAME] >= 0 ? C_NAME : C_FAMILY,
		      kk = d->r->col[C_KANA] >= 0 ? C_KANA : C_FAMILY_KANA;
	const char *t = pair_text(d, C_NAME, C_FAMILY, C_GIVEN),
		   *kana = pair_text(d, C_KANA, C_FAMILY_KANA, C_GIVEN_KANA);
	size_t n = t ? tk_utf8_count(t) : 0;

	if (!t && !faulty(d, k))
		BAD(d, k, NULL, N_("The name is missing. Write it here."));
	else if (n > 100)
		BAD(d, k, t, N_("A name has at most 100 characters."));
	else if (n > LONG_NAME)
		WARN(d, k, t,
		     N_("This name is very long. Check that nothing else stands in the cell."));
	d->x->name = kept(d, t, tk_staff_name_form);
	if (kana && tk_utf8_count(kana) > 200)
		BAD(d, kk, kana, N_("The kana of a name have at most 200 characters."));
	d->x->kana = kept(d, kana, tk_staff_kana_form);
}

static void take_mail(struct reader *d)
{
	const char *t = text_of(d, C_MAIL);

	if (d->r->col[C_MAIL] < 0)
		return;
	if (!t && !faulty(d, C_MAIL)) {
		WARN(d, C_MAIL, NULL,
		     N_("There is no mail address. This person gets no reminders by mail."));
	} else if (t) {
		t = tk_staff_mail_form(d->r->tmp, t);
		if (strlen(t) > 254 || !tk_is_mail(t))
			BAD(d, C_MAIL, cell_of(d, C_MAIL)->text,
			    N_("\"%.80s\" is not a mail address. It should look like "
			       "name@example.go.jp."),
			    t);
		d->x->mail = tk_strdup(d->r->mem, t);
	}
}

/* Dashes and the like stand for "none"; 9999-12-31 is how personnel systems write "not yet". */
static bool no_date(struct reader *d, const char *t, const char *iso)
{
	if (iso)
		return strcmp(iso, "2999") > 0;
	t = tk_narrow(d->r->tmp, t);
	return !strcmp(t, "-") || !strcmp(t, "−") || !strcmp(t, "―") || !strcmp(t, "ー") ||
	       !strcmp(t, "なし") || !strcmp(t, "99999999") || !strcmp(t, "00000000");
}

static const char *take_date(struct reader *d, enum col_kind k)
{
	const struct tk_cell *c = cell_of(d, k);
	const char *t = text_of(d, k);
	struct tk_date day;
	char iso[11];

	if (!t)
		return NULL;
	if (c->kind == TK_CELL_DATE && strlen(t) > 10)          /* with a time of day */
		t = tk_strndup(d->r->tmp, t, 10);
	if (!tk_date_parse(t, &day)) {
		if (!no_date(d, t, NULL))
			BAD(d, k, t,
			    N_("\"%.60s\" is not a day that exists. Write it like 2012-03-31 or "
			       "平成24年3月31日."),
			    t);
		return NULL;
	}
	tk_date_iso(day, iso);
	return no_date(d, t, iso) ? NULL : tk_strdup(d->r->mem, iso);
}

static void take_dates(struct reader *d)
{
	struct rrow *x = d->x;

	x->joined = take_date(d, C_JOINED);
	x->left = take_date(d, C_LEFT);
	if (x->joined && x->left && strcmp(x->left, x->joined) < 0)
		BAD(d, C_LEFT, x->left,
		    N_("The person left on %s, before joining on %s. Correct one of the two days."),
		    x->left, x->joined);
}

/* A blank cell inside a merged range has the value of the range's first cell. */
static enum tk_rc unit_text(struct reader *d, enum col_kind k, const char **ret, struct tk_err *e)
{
	const char *t = d->r->col[k] < 0 ? NULL : text_of(d, k);
	struct tk_range g;
	bool merged = false;
	enum tk_rc rc = TK_OK;

	*ret = shared(d->r, t);
	if (t) {
		d->last[k].text = *ret;
		d->last[k].row = d->row.number;
	} else if (d->r->col[k] >= 0 && !faulty(d, k)) {
		rc = tk_sheet_merged(d->s, d->row.number, (uint32_t)d->r->col[k], &merged, &g, e);
		if (rc == TK_OK && merged && g.col1 == (uint32_t)d->r->col[k] &&
		    d->last[k].row == g.row1)
			*ret = d->last[k].text;
	}
	return rc;
}

static enum tk_rc take_units(struct reader *d, struct tk_err *e)
{
	struct rrow *x = d->x;
	const char *bureau_before = d->last[C_BUREAU].text;
	enum tk_rc rc = unit_text(d, C_BUREAU, &x->bureau, e);

	x->above_bureau = d->last[C_BUREAU].text;
	if (d->last[C_BUREAU].text != bureau_before)
		d->last[C_DIVISION].text = NULL; /* a new bureau begins with a new division */
	if (rc == TK_OK)
		rc = unit_text(d, C_DIVISION, &x->division, e);
	x->above_division = d->last[C_DIVISION].text;
	if (rc == TK_OK)
		rc = unit_text(d, C_CODE, &x->code, e);
	return rc;
}

static enum tk_rc take_row(struct reader *d, struct tk_err *e)
{
	struct tk_roster *r = d->r;
	size_t filled;
	bool person = is_person(d, &filled);
	enum tk_rc rc;

	if (!person) {
		/* a bureau's name alone in its column heads the rows below it */
		d->x = &d->ignored;
		if (filled == 1 && r->col[C_BUREAU] >= 0 &&
		    !tk_is_blank(cell_of(d, C_BUREAU)->text) &&
		    cell_of(d, C_BUREAU)->kind == TK_CELL_TEXT)
			return take_units(d, e);
		return TK_OK;
	}
	r->row = roster_grow(r->mem, r->row, r->nrow, &r->caprow, sizeof(*r->row));
	d->x = &r->row[r->nrow];
	*d->x = (struct rrow){ .row = d->row.number, .unit = -1, .post_at = -1 };
	take_number(d);
	take_name(d);
	take_mail(d);
	take_dates(d);
	if (r->col[C_POST] >= 0) {
		const char *t = text_of(d, C_POST);

		if (t && tk_utf8_count(t) > 200)
			BAD(d, C_POST, t, N_("The name of a post has at most 200 characters."));
		else if (!t && !faulty(d, C_POST))
			WARN(d, C_POST, NULL,
			     N_("There is no post. The person is taken as one without a post."));
		d->x->post = shared(r, t);
	}
	rc = take_units(d, e);
	/* whose number cannot be read is not to be taken for somebody who left */
	if (!d->x->number && (d->x->mail || d->x->name))
		tk_strmap_add(&r->numberless, d->x->mail ? d->x->mail : d->x->name,
			      (uint32_t)r->nrow);
	d->x->read_bad = d->x->bad;
	r->nrow++;
	return rc;
}

/* A column that is mostly blank is written once and holds for the rows below. */
static void fill_down(struct tk_roster *r)
{
	size_t nb = 0, nd = 0;

	for (size_t i = 0; i < r->nrow; i++) {
		nb += !r->row[i].bureau;
		nd += !r->row[i].division;
	}
	for (size_t i = 0; i < r->nrow; i++) {
		if (nb * 2 > r->nrow && !r->row[i].bureau)
			r->row[i].bureau = r->row[i].above_bureau;
		if (nd * 2 > r->nrow && !r->row[i].division)
			r->row[i].division = r->row[i].above_division;
	}
}

static enum tk_rc read_rows(struct tk_roster *r, struct tk_sheet *s, struct tk_err *e)
{
	struct reader d = { .r = r, .s = s };
	enum tk_rc rc;

	while ((rc = tk_sheet_next(s, &d.row, e)) == TK_OK && d.row.number) {
		if ((rc = take_row(&d, e)) != TK_OK)
			break;
		tk_arena_reset(r->tmp);
	}
	fill_down(r);
	r->report->rows = (int64_t)r->nrow;
	if (rc == TK_OK && !r->nrow)
		ROSTER_SAY(r, r->report->header_row, C_MAX, NULL, TK_SEV_ERROR,
			   N_("There are no persons below the header row."));
	if (rc == TK_OK && r->col[C_DIVISION] < 0 && r->col[C_CODE] < 0)
		ROSTER_SAY(r, r->report->header_row, C_MAX, NULL, TK_SEV_ERROR,
			   N_("There is no column for the division. Name it 課室 or \"division\" "
			      "in the header row."));
	if (rc == TK_OK && r->col[C_MAIL] < 0)
		ROSTER_SAY(r, r->report->header_row, C_MAX, NULL, TK_SEV_WARNING,
			   N_("There is no column for the mail address. New persons get no "
			      "reminders by mail."));
	return rc;
}

static void close_sheet(void *s)
{
	tk_sheet_close(s);
}

static void free_tmp(void *a)
{
	tk_arena_free(a);
}

static enum tk_rc base_date(struct tk_roster *r, struct tk_err *e)
{
	char *today = tk_alloc(r->mem, 11);
	struct tk_date d;

	tk_date_iso(tk_today(), today);
	r->base_date =
		r->opt.base_date && *r->opt.base_date ? tk_strdup(r->mem, r->opt.base_date) : today;
	if (!tk_date_from_iso(r->base_date, &d))
		return tk_fail(e, TK_EINVAL, "base_date",
			       N_("The base date must be a day written like 2012-03-31."));
	return TK_OK;
}

enum tk_rc tk_roster_read(struct tk_roster **ret, struct tk_arena *mem, const void *data, size_t n,
			  const char *filename, const struct tk_roster_opt *opt, struct tk_err *e)
{
	struct tk_roster *r = tk_alloc(mem, sizeof(*r));
	struct tk_sheet *s = NULL;
	bool found = false;
	enum tk_rc rc;

	r->mem = mem;
	r->lang = r->err.lang = e ? e->lang : TK_JA;
	if (opt)
		r->opt = *opt;
	r->filename = tk_strdup(mem, filename ? filename : "");
	r->report = tk_report_new(mem);
	r->by_number.mem = r->numberless.mem = r->shared.mem = mem;
	if ((rc = base_date(r, e)) != TK_OK ||
	    (rc = tk_sheet_open(&s, data, n, filename, e)) != TK_OK)
		return rc;
	tk_on_free(mem, close_sheet, s);        /* also when the arena's ceiling ends the request */
	r->tmp = tk_arena_new(256 << 20);
	tk_on_free(mem, free_tmp, r->tmp);
	tk_sha256_hex(data, n, r->sha256);
	rc = roster_find_table(r, s, &found, e);
	if (rc == TK_OK && !found)
		ROSTER_SAY(r, 0, C_MAX, NULL, TK_SEV_ERROR,
			   N_("No row of the file looks like the header of a roster. One of the "
			      "first 30 rows must name at"
			      " least the columns 職員番号 (staff number) and 氏名 (name)."));
	else if (rc == TK_OK)
		rc = read_rows(r, s, e);
	r->read_report = r->report;
	*ret = r;
	return rc;
}

const struct tk_report *tk_roster_report(const struct tk_roster *r)
{
	return r->report;
}
