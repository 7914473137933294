#include <inttypes.h>
#include <string.h>
#include "record/report.h"
#include "sheet/sheet.h"
#include "sheet/sheet_write.h"

enum { VALUE_HEAD = 200 };      /* bytes of a cell that are worth repeating */

struct tk_report *tk_report_new(struct tk_arena *mem)
{
	struct tk_report *r = tk_alloc(mem, sizeof(*r));

	r->mem = mem;
	r->accepted = true;
	return r;
}

void tk_report_column(struct tk_report *r, uint32_t col, const char *heading, const char *field,
		      const char *label)
{
	if (r->ncolumn == r->capcolumn) {
		size_t cap = r->capcolumn ? 2 * r->capcolumn : 16;
		struct tk_report_column *more = tk_alloc_n(r->mem, cap, sizeof(*more));

		if (r->ncolumn)
			memcpy(more, r->column, r->ncolumn * sizeof(*more));
		r->column = more;
		r->capcolumn = cap;
	}
	r->column[r->ncolumn++] = (struct tk_report_column){ col, tk_strdup(r->mem, heading),
		tk_strdup(r->mem, field), tk_strdup(r->mem, label) };
}

/* The beginning of a value, cut between characters. */
static const char *head(struct tk_arena *mem, const char *s)
{
	size_t n = s ? strlen(s) : 0;

	if (n <= VALUE_HEAD)
		return tk_strdup(mem, s);
	for (n = VALUE_HEAD; n > 0 && ((unsigned char)s[n] & 0xC0) == 0x80; n--)
		;
	return tk_sprintf(mem, "%.*s…", (int)n, s);
}

void tk_report_problem(struct tk_report *r, const struct tk_problem *p)
{
	struct tk_problem *q;
	char cell[TK_CELL_NAME];

	if (p->severity == TK_SEV_ERROR) {
		r->errors++;
		r->accepted = false;
	} else {
		r->warnings++;
	}
	if (r->nproblem == TK_REPORT_LIST)
		return;
	if (!r->problem)
		r->problem = tk_alloc_n(r->mem, TK_REPORT_LIST, sizeof(*r->problem));
	q = &r->problem[r->nproblem++];
	*q = *p;
	q->sheet = tk_strdup(r->mem, p->sheet ? p->sheet : r->sheet);
	q->cell = tk_strdup(r->mem, p->cell ? p->cell : p->row && p->col >= 0 ?
			    tk_cell_name((uint32_t)p->col, p->row, cell) : NULL);
	q->field = tk_strdup(r->mem, p->field);
	q->value = head(r->mem, p->value);
	q->message = tk_strdup(r->mem, p->message);
}

void tk_report_err(struct tk_report *r, uint32_t row, int32_t col, const char *value,
		   const struct tk_err *e)
{
	struct tk_problem p = { .row = row, .col = col, .value = value, .message = e->msg,
				.field = e->field[0] ? e->field : NULL };

	tk_report_problem(r, &p);
}

void tk_report_entry(struct tk_report *r, enum tk_report_kind kind,
		     const struct tk_report_pair *pair, size_t npair,
		     const struct tk_report_change *change, size_t nchange)
{
	struct tk_report_entry *x;

	r->count[kind]++;
	if (kind == TK_REP_UNCHANGED || r->nentry[kind] == TK_REPORT_LIST)
		return;
	if (!r->entry[kind])
		r->entry[kind] = tk_alloc_n(r->mem, TK_REPORT_LIST, sizeof(*x));
	x = &r->entry[kind][r->nentry[kind]++];
	x->npair = npair;
	x->pair = tk_alloc_n(r->mem, npair + 1, sizeof(*x->pair));
	for (size_t i = 0; i < npair; i++)
		x->pair[i] = (struct tk_report_pair){ tk_strdup(r->mem, pair[i].name),
						      head(r->mem, pair[i].value) };
	x->nchange = nchange;
	x->change = tk_alloc_n(r->mem, nchange + 1, sizeof(*x->change));
	for (size_t i = 0; i < nchange; i++)
		x->change[i] = (struct tk_report_change){ tk_strdup(r->mem, change[i].field),
							  tk_strdup(r->mem, change[i].label),
							  head(r->mem, change[i].from),
							  head(r->mem, change[i].to) };
}

/* "G12" without the row: the letters of a column */
static const char *letters(uint32_t col, char buf[TK_CELL_NAME])
{
	char *p = tk_cell_name(col, 1, buf);

	p[strlen(p) - 1] = '\0';
	return p;
}

static void columns_json(struct tk_json *j, const struct tk_report *r, bool used)
{
	char buf[TK_CELL_NAME];

	tk_json_key(j, used ? "columns" : "ignored_columns");
	tk_json_arr(j);
	for (size_t i = 0; i < r->ncolumn; i++) {
		const struct tk_report_column *c = &r->column[i];

		if (used != (c->field != NULL))
			continue;
		tk_json_obj(j);
		tk_json_kstr(j, "column", letters(c->col, buf));
		tk_json_kstr(j, "heading", c->heading);
		if (used) {
			tk_json_kstr(j, "field", c->field);
			tk_json_kstr(j, "label", c->label);
		}
		tk_json_end_obj(j);
	}
	tk_json_end_arr(j);
}

static void entry_json(struct tk_json *j, const struct tk_report_entry *x)
{
	tk_json_obj(j);
	for (size_t i = 0; i < x->npair; i++)
		tk_json_kstr(j, x->pair[i].name, x->pair[i].value);
	if (x->nchange) {
		tk_json_key(j, "changes");
		tk_json_arr(j);
		for (size_t i = 0; i < x->nchange; i++) {
			tk_json_obj(j);
			tk_json_kstr(j, "field", x->change[i].field);
			tk_json_kstr(j, "label", x->change[i].label);
			tk_json_kstr(j, "from", x->change[i].from);
			tk_json_kstr(j, "to", x->change[i].to);
			tk_json_end_obj(j);
		}
		tk_json_end_arr(j);
	}
	tk_json_end_obj(j);
}

static const char *const severity[] = { [TK_SEV_ERROR] = "error", [TK_SEV_WARNING] = "warning" };
static const char *const kind_key[] = { [TK_REP_ADDED] = "added",
					[TK_REP_CHANGED] = "changed",
					[TK_REP_ENDED] = "ended",
					[TK_REP_UNCHANGED] = "unchanged" };

static void problem_json(struct tk_json *j, const struct tk_problem *p)
{
	char buf[TK_CELL_NAME];

	tk_json_obj(j);
	tk_json_kstr(j, "sheet", p->sheet);
	tk_json_key(j, "row");
	if (p->row)
		tk_json_int(j, p->row);
	else
		tk_json_null(j);
	tk_json_kstr(j, "column", p->col >= 0 ? letters((uint32_t)p->col, buf) : NULL);
	tk_json_kstr(j, "cell", p->cell);
	tk_json_kstr(j, "field", p->field);
	tk_json_kstr(j, "value", p->value);
	tk_json_kstr(j, "message", p->message);
	tk_json_kstr(j, "severity", severity[p->severity]);
	tk_json_end_obj(j);
}

void tk_report_members(struct tk_json *j, const struct tk_report *r)
{
	tk_json_kbool(j, "accepted", r->accepted);
	tk_json_kbool(j, "written", r->written);
	tk_json_kstr(j, "sheet", r->sheet);
	tk_json_kint(j, "header_row", r->header_row);
	columns_json(j, r, true);
	columns_json(j, r, false);
	tk_json_kint(j, "rows", r->rows);
	tk_json_key(j, "counts");
	tk_json_obj(j);
	for (size_t k = 0; k < TK_REP_KINDS; k++)
		tk_json_kint(j, kind_key[k], r->count[k]);
	tk_json_kint(j, "problems", r->errors + r->warnings);
	tk_json_end_obj(j);
	for (size_t k = 0; k < TK_REP_UNCHANGED; k++) {
		tk_json_key(j, kind_key[k]);
		tk_json_arr(j);
		for (size_t i = 0; i < r->nentry[k]; i++)
			entry_json(j, &r->entry[k][i]);
		tk_json_end_arr(j);
	}
	tk_json_key(j, "problems");
	tk_json_arr(j);
	for (size_t i = 0; i < r->nproblem; i++)
		problem_json(j, &r->problem[i]);
	tk_json_end_arr(j);
}

void tk_report_json(struct tk_json *j, const struct tk_report *r)
{
	tk_json_obj(j);
	tk_report_members(j, r);
	tk_json_end_obj(j);
}

/* -- for the terminal -------------------------------------------------------------------------- */
static void print_table(const struct tk_report *r, FILE *f, enum tk_lang lang)
{
	static const char *const name[] = { N_("added"), N_("changed"), N_("ended"),
					    N_("unchanged") };

	fprintf(f, "%s: %" PRId64 "\n", tk_tr(lang, N_("rows")), r->rows);
	for (size_t k = 0; k < TK_REP_KINDS; k++)
		fprintf(f, "%s: %" PRId64 "\n", tk_tr(lang, name[k]), r->count[k]);
	fprintf(f, "%s: %" PRId64 "\n", tk_tr(lang, N_("problems")), r->errors + r->warnings);
	for (size_t i = 0; i < r->nproblem; i++) {
		const struct tk_problem *p = &r->problem[i];

		fprintf(f, "  %s  ",
			tk_tr(lang, p->severity == TK_SEV_ERROR ? N_("error") : N_("warning")));
		if (p->sheet)
			fprintf(f, "%s!", p->sheet);
		if (p->cell)
			fprintf(f, "%s  ", p->cell);
		else if (p->row)
			fprintf(f, "%" PRIu32 "  ", p->row);
		fprintf(f, "%s\n", p->message);
	}
	if ((int64_t)r->nproblem < r->errors + r->warnings)
		fprintf(f, "  ...\n");
	fprintf(f, "%s\n", tk_tr(lang, r->written ? N_("The file was imported.") : r->accepted ?
				 N_("The file has no errors. Nothing was written.") :
				 N_("The file has errors. Nothing was written.")));
}

static enum tk_rc print_csv(const struct tk_report *r, FILE *f, struct tk_err *e)
{
	static const struct tk_out_col col[] = { { "sheet", 0 },   { "row", 0 },   { "cell", 0 },
						 { "field", 0 },   { "value", 0 }, { "message", 0 },
						 { "severity", 0 } };
	struct tk_out_opt opt = { 0 };
	struct tk_out *o = NULL;
	enum tk_rc rc = tk_out_open(&o, &opt, tk_out_to_file, f, e);

	if (rc != TK_OK)
		return rc;
	tk_out_sheet(o, "problems", col, TK_LEN(col));
	for (size_t i = 0; i < r->nproblem; i++) {
		const struct tk_problem *p = &r->problem[i];

		tk_out_row(o);
		tk_out_text(o, p->sheet);
		if (p->row)
			tk_out_int(o, p->row);
		else
			tk_out_blank(o);
		tk_out_text(o, p->cell);
		tk_out_text(o, p->field);
		tk_out_text(o, p->value);
		tk_out_text(o, p->message);
		tk_out_text(o, severity[p->severity]);
	}
	rc = tk_out_close(o, e);
	tk_out_free(o);
	return rc;
}

enum tk_rc tk_report_print(const struct tk_report *r, FILE *f, enum tk_print_format format,
			   enum tk_lang lang, struct tk_err *e)
{
	struct tk_buf b = TK_BUF(16 << 20);
	struct tk_json j = TK_JSON(&b);
	enum tk_rc rc = TK_OK;

	if (format == TK_PRINT_CSV)
		return print_csv(r, f, e);
	if (format == TK_PRINT_TABLE) {
		print_table(r, f, lang);
		return TK_OK;
	}
	tk_report_json(&j, r);
	if (b.bad)
		rc = tk_fail(e, TK_ETOOBIG, NULL, N_("The report is too large."));
	else
		fprintf(f, "%s\n", tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return rc;
}
