/* xlsform_read.c - a workbook's sheets into the rows of a questionnaire version. */
#include <string.h>
#include <strings.h>
#include "base/text.h"
#include "form/xlsform_in.h"

static bool is_empty(const struct tk_row *row)
{
	for (size_t i = 0; i < row->n; i++)
		if (!tk_is_blank(row->cell[i].text))
			return false;
	return true;
}

static enum tk_rc too_many(struct tk_xls_reading *r)
{
	if (r->item.n + r->choice.n <= TK_XLS_ROWS * 2 && r->item.n <= TK_XLS_ROWS)
		return TK_OK;
	return tk_fail(r->e, TK_ETOOBIG, NULL, N_("A questionnaire can have at most %d rows."),
		       (int)TK_XLS_ROWS);
}

/* Columns that are kept and do nothing, with a name that looks like a slip. */
static void slips(struct tk_xls_reading *r)
{
	for (size_t i = 0; i < r->head.n; i++) {
		const char *meant = tk_xls_meant(&r->head, r->a, i);

		if (meant)
			TK_XLS_WARN(r, r->head.sheet_name, 1, meant,
				    N_("The heading \"%.60s\" is not known and its column does "
				       "nothing. Is \"%s\" meant?"),
				    r->head.col[i].raw, meant);
	}
}

static enum tk_rc read_survey(struct tk_xls_reading *r)
{
	struct tk_row row;
	enum tk_rc rc = tk_xls_head_read(&r->head, r->a, &r->rows, TK_XLS_SURVEY, r->plain, r->e);

	if (rc == TK_OK && !tk_xls_has(&r->head, "type"))
		return tk_fail(r->e, TK_EINVAL, "survey!type",
			       N_("The sheet survey has no column \"type\" in its first row."));
	if (rc == TK_OK)
		slips(r);
	while (rc == TK_OK && (rc = tk_xls_next(&r->rows, &row, r->e)) == TK_OK && row.number) {
		if (!is_empty(&row))
			tk_xls_survey_row(r, &row);
		rc = too_many(r);
	}
	if (rc == TK_OK)
		tk_xls_survey_end(r);
	return rc;
}

/* -- choices ----------------------------------------------------------------------------------- */
static void choice_row(struct tk_xls_reading *r, const struct tk_row *row)
{
	const char *list = tk_xls_cell(&r->head, r->a, row, "list_name"),
		   *name = tk_xls_cell(&r->head, r->a, row, "name");
	struct choice *c;

	r->row = row->number;
	if (!*list) /* XLSForm takes no notice of such rows */
		return;
	c = tk_xls_more(r, &r->choice);
	if (!*name)
		TK_XLS_PROBLEM(r, "name", N_("The choice has no name."));
	tk_xls_put(r, &tk_choice_type, c, "list", "list_name", tk_xls_as_code(r, list, true));
	tk_xls_put(r, &tk_choice_type, c, "code", "name",
		   tk_xls_code_for(r, &r->choice_code, c->list,
				   *name ? name : tk_sprintf(r->a, "row_%u", row->number), true));
	for (size_t i = 0; i < r->head.n; i++)
		if (r->head.col[i].field)
			tk_xls_put(r, &tk_choice_type, c, r->head.col[i].field, r->head.col[i].name,
				   tk_xls_text(r->a, tk_row_text(row, i), false));
	if (tk_is_blank(c->label_ja) && tk_is_blank(c->label_en) && *name)
		TK_XLS_WARN(r, "choices", row->number, "label",
			    N_("The choice %.60s has no label; its name is shown."), name);
	if (tk_is_blank(c->label_ja))
		tk_set_by(&tk_choice_type, c, "label_ja",
			  TK_S(tk_is_blank(c->label_en) ? c->code : c->label_en));
	tk_xls_put(r, &tk_choice_type, c, "extra", "extra", tk_xls_extra(&r->head, r->a, row));
	tk_set_by(&tk_choice_type, c, "sort", TK_I((int64_t)r->choice.n * 10));
	tk_set_by(&tk_choice_type, c, "sheet_row", TK_I(row->number));
	if (r->problem)
		tk_set_by(&tk_choice_type, c, "problem", TK_S(r->problem));
	r->problem = NULL;
}

static enum tk_rc read_choices(struct tk_xls_reading *r)
{
	struct tk_row row;
	enum tk_rc rc = tk_xls_head_read(&r->head, r->a, &r->rows, TK_XLS_CHOICES, r->plain, r->e);

	if (rc == TK_OK)
		slips(r);
	while (rc == TK_OK && (rc = tk_xls_next(&r->rows, &row, r->e)) == TK_OK && row.number) {
		choice_row(r, &row);
		rc = too_many(r);
	}
	return rc;
}

/* -- settings ---------------------------------------------------------------------------------- */
static const char *title_in(struct tk_xls_reading *r, const struct tk_row *row,
			    enum tk_xls_lang lang)
{
	for (size_t i = 0; i < r->head.n; i++)
		if (r->head.col[i].name && !strcmp(r->head.col[i].name, "form_title") &&
		    r->head.col[i].lang == lang)
			return tk_xls_text(r->a, tk_row_text(row, i), true);
	return "";
}

static enum tk_rc read_settings(struct tk_xls_reading *r)
{
	struct form *f = &r->ret->form;
	struct tk_row row;
	const char *id, *en, *plain;
	enum tk_rc rc =
		tk_xls_head_read(&r->head, r->a, &r->rows, TK_XLS_SETTINGS, TK_XLS_PLAIN, r->e);

	if (rc == TK_OK)
		rc = tk_xls_next(&r->rows, &row, r->e);
	if (rc != TK_OK || row.number == 0)
		return rc;
	r->plain = tk_xls_lang_of(tk_xls_cell(&r->head, r->a, &row, "default_language"));
	r->keep_blanks = !strcasecmp(tk_xls_cell(&r->head, r->a, &row, "clean_text_values"), "no");
	id = tk_xls_cell(&r->head, r->a, &row, "form_id");
	plain = title_in(r, &row, TK_XLS_PLAIN);
	tk_xls_put(r, &tk_form_type, f, "title_ja", "form_title",
		   *plain ? plain : title_in(r, &row, TK_XLS_JA));
	en = title_in(r, &row, TK_XLS_EN);
	tk_xls_put(r, &tk_form_type, f, "title_en", "form_title",
		   *en ? en : tk_xls_cell(&r->head, r->a, &row, "form_title_en"));
	tk_xls_put(r, &tk_form_type, f, "code", "form_id", id);
	tk_xls_put(r, &tk_form_version_type, &r->ret->version, "settings", "settings",
		   tk_xls_extra(&r->head, r->a, &row));
	r->problem = NULL;
	return TK_OK;
}

/* A code of plain letters: it stands in file names and commands. */
static void name_form(struct tk_xls_reading *r, const char *name)
{
	struct form *f = &r->ret->form;
	char *code = tk_strdup(r->a, !tk_is_blank(f->code) ? f->code
				     : !tk_is_blank(name)  ? name
							   : "form"),
	     *p;

	for (p = code; *p; p++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.",
			    *p))
			*p = '_';
	if (strchr("0123456789-.", *code))
		code = tk_sprintf(r->a, "f_%s", code);
	code[strnlen(code, 60)] = '\0';
	tk_set_by(&tk_form_type, f, "code", TK_S(code));
	if (tk_is_blank(f->title_ja))
		tk_set_by(&tk_form_type, f, "title_ja",
			  TK_S(tk_is_blank(f->title_en) ? code : f->title_en));
}

/* -- workbook ---------------------------------------------------------------------------------- */
static const char *const sheet_name[] = { "settings", "choices", "survey", NULL };

/* The sheet of that name in any case, blanks at the ends aside; -1: none. */
static int sheet_of(const struct tk_xls_reading *r, const char *name)
{
	const struct tk_sheet_name *s;
	size_t n = tk_sheet_names(r->rows.s, &s);

	for (size_t i = 0; i < n; i++)
		if (!strcasecmp(tk_xls_text(r->a, s[i].name, true), name))
			return (int)i;
	return -1;
}

/* A sheet whose name may be meant, NULL: none.  _name says that it is not. */
static const char *near_sheet(const struct tk_xls_reading *r, const char *name)
{
	const struct tk_sheet_name *s;
	size_t n = tk_sheet_names(r->rows.s, &s);

	for (size_t i = 0; i < n; i++) {
		const char *is = tk_fold(r->a, tk_xls_text(r->a, s[i].name, true));
		bool known = false;

		for (size_t k = 0; sheet_name[k]; k++)
			known = known || !strcmp(is, sheet_name[k]);
		if (!known && *is != '_' && tk_xls_near(is, name))
			return s[i].name;
	}
	return NULL;
}

static enum tk_rc no_survey(struct tk_xls_reading *r)
{
	const struct tk_sheet_name *s;
	const char *near = near_sheet(r, "survey");
	size_t n = tk_sheet_names(r->rows.s, &s);
	struct tk_buf b = TK_BUF(200);
	enum tk_rc rc;

	for (size_t i = 0; i < n; i++)
		tk_buf_fmt(&b, "%s%.30s", i ? ", " : "", s[i].name);
	rc = near ? tk_fail(r->e, TK_EINVAL, "survey",
			    N_("The workbook has no sheet \"survey\". Is \"%.40s\" meant? Rename "
			       "it."),
			    near)
		  : tk_fail(r->e, TK_EINVAL, "survey",
			    N_("The workbook has no sheet \"survey\". Its sheets: %s."),
			    tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return rc;
}

/* -- sheets under each other in CSV ------------------------------------------------------------ */
static bool names_sheet(const struct tk_xls_reading *r, const struct tk_row *row, const char *name)
{
	return row->n && !strcasecmp(tk_xls_text(r->a, row->cell[0].text, true), name);
}

static enum tk_rc is_stacked(struct tk_xls_reading *r, bool *ret)
{
	struct tk_row row;
	enum tk_rc rc;

	*ret = false;
	if (!tk_sheet_is_csv(r->rows.s))
		return TK_OK;
	if ((rc = tk_sheet_select(r->rows.s, 0, r->e)) == TK_OK)
		rc = tk_sheet_next(r->rows.s, &row, r->e);
	for (size_t k = 0; rc == TK_OK && row.number && sheet_name[k]; k++)
		*ret = *ret || names_sheet(r, &row, sheet_name[k]);
	return rc;
}

/* Its rows begin behind the one that names it, or on it. */
static enum tk_rc find_stacked(struct tk_xls_reading *r, const char *name, bool *found)
{
	struct tk_row row;
	enum tk_rc rc = tk_sheet_select(r->rows.s, 0, r->e);

	*found = false;
	while (rc == TK_OK && (rc = tk_sheet_next(r->rows.s, &row, r->e)) == TK_OK && row.number)
		if (names_sheet(r, &row, name)) {
			struct tk_row rest = { row.number, row.hidden, row.n - 1, row.cell + 1 };

			*found = true;
			if (!is_empty(&rest))
				r->rows.held = rest;
			break;
		}
	return rc;
}

enum tk_rc tk_xls_next(struct tk_xls_rows *rows, struct tk_row *row, struct tk_err *e)
{
	enum tk_rc rc;

	if (rows->held.number) {
		*row = rows->held;
		rows->held.number = 0;
		return TK_OK;
	}
	rc = tk_sheet_next(rows->s, row, e);
	if (rc != TK_OK || !rows->shifted || !row->number || !row->n)
		return rc;
	if (!tk_is_blank(row->cell[0].text)) { /* the next sheet */
		row->number = 0;
		return TK_OK;
	}
	row->n--;
	row->cell++;
	return TK_OK;
}

/* -- the parts --------------------------------------------------------------------------------- */
static enum tk_rc find_part(struct tk_xls_reading *r, const char *name, bool *found)
{
	const struct tk_sheet_name *all;
	const char *near;
	int at = sheet_of(r, name);

	r->rows.held.number = 0;
	if (r->rows.shifted)
		return find_stacked(r, name, found);
	if (at < 0 && !strcmp(name, "survey") && tk_sheet_names(r->rows.s, &all) == 1)
		at = 0; /* a workbook of one sheet is the survey, whatever it is called */
	*found = at >= 0;
	if (*found)
		return tk_sheet_select(r->rows.s, (size_t)at, r->e);
	near = strcmp(name, "survey") != 0 ? near_sheet(r, name) : NULL;
	if (near)
		TK_XLS_WARN(
			r, tk_strdup(r->a, near), 0, NULL,
			N_("The sheet \"%.40s\" is not read. Is \"%s\" meant? (A name that begins "
			   "with _ says that it is not.)"),
			near, name);
	return TK_OK;
}

static enum tk_rc part(struct tk_xls_reading *r, const char *name,
		       enum tk_rc (*read)(struct tk_xls_reading *r))
{
	bool found = false;
	enum tk_rc rc = find_part(r, name, &found);

	if (rc == TK_OK && !found)
		return read == read_survey ? no_survey(r) : TK_OK;
	return rc == TK_OK ? read(r) : rc;
}

enum tk_rc tk_xlsform_read(struct tk_arena *a, struct tk_sheet *s, const char *name,
			   struct tk_form_rows *ret, struct tk_err *e)
{
	struct tk_xls_reading *r = tk_alloc(a, sizeof(*r));
	enum tk_rc rc;

	*r = (struct tk_xls_reading){ .a = a,
				      .rows = { .s = s },
				      .ret = ret,
				      .e = e,
				      .said = { .lang = e->lang },
				      .item = { .size = sizeof(struct form_item) },
				      .choice = { .size = sizeof(struct choice) },
				      .warning = { .size = sizeof(struct tk_form_fault) } };
	*ret = (struct tk_form_rows){ .version = { .state = "draft" } };
	rc = is_stacked(r, &r->rows.shifted);
	if (rc == TK_OK)
		rc = part(r, "settings", read_settings);
	if (rc == TK_OK)
		rc = part(r, "choices", read_choices);
	if (rc == TK_OK)
		rc = part(r, "survey", read_survey);
	if (rc != TK_OK)
		return rc;
	name_form(r, name);
	ret->item = (const void *)r->item.p;
	ret->nitem = r->item.n;
	ret->choice = (const void *)r->choice.p;
	ret->nchoice = r->choice.n;
	ret->warning = (const void *)r->warning.p;
	ret->nwarning = r->warning.n;
	return TK_OK;
}

enum tk_rc tk_xlsform_read_bytes(struct tk_arena *a, const void *data, size_t n,
				 const char *filename, struct tk_form_rows *ret, struct tk_err *e)
{
	const char *base = filename ? strrchr(filename, '/') : NULL,
		   *name = base ? base + 1 : filename;
	struct tk_sheet *s = NULL;
	enum tk_rc rc = tk_sheet_open(&s, data, n, filename, e);

	if (rc == TK_OK)
		rc = tk_xlsform_read(a, s, name ? tk_strndup(a, name, strcspn(name, ".")) : NULL,
				     ret, e);
	tk_sheet_close(s);
	return rc;
}
