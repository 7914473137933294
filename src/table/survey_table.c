/* survey_table.c - the record types of declared tables, their checks, and finding them. */
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "form/form_in.h"
#include "table/survey_table.h"

static const struct tk_choice table_kind[] = {
	{"options", N_("Choices of one question, by series")},
	{"bands", N_("Parts of a whole, by series")},
	{"groups", N_("One question, by groups")},
	{"grid", N_("Several questions with the same choices")},
	{"numbers", N_("Numbers: sum, mean and quartiles")},
	{"coded", N_("Free text put into codes")},
	{"panel", N_("Institutions by sector")},
	{0},
};
static const struct tk_choice table_round[] = {
	{"plain", N_("Each value by itself")},
	{"largest", N_("Adjusted to 100.0 at the largest part")},
	{0},
};

/* Names stand in addresses, codes in column names and in ids of drawings. */
enum tk_rc tk_check_slug(struct tk_err *e, const struct tk_field *f, struct tk_value v)
{
	if (*v.s < 'a' || *v.s > 'z' ||
		v.s[strspn(v.s, "abcdefghijklmnopqrstuvwxyz0123456789_-")])
		return tk_fail(e, TK_EINVAL, f->name,
			N_("%s: \"%.60s\" must begin with a small letter and hold only small "
			   "letters, digits, _ and -."),
			tk_tr(e->lang, f->label), v.s);
	return TK_OK;
}

static enum tk_rc check_expr(struct tk_err *e, const struct tk_field *f, struct tk_value v)
{
	struct tk_arena *a = tk_arena_new(8 << 20);
	struct tk_expr *x;
	enum tk_rc rc = tk_expr_parse(a, v.s, &x, e);

	if (rc != TK_OK)
		snprintf(e->field, sizeof(e->field), "%s", f->name);
	tk_arena_free(a);
	return rc;
}

static enum tk_rc check_by(struct tk_err *e, const struct tk_field *f, struct tk_value v)
{
	static const char *const known[] = {"sector", "prefecture", "bureau", "division", "post"};

	for (size_t i = 0; i < TK_LEN(known); i++)
		if (!strcmp(v.s, known[i]))
			return TK_OK;
	if (!strncmp(v.s, "attribute:", 10) && v.s[10] && !strchr(v.s, ' '))
		return TK_OK;
	return tk_fail(e, TK_EINVAL, f->name,
		N_("A table is divided by sector, prefecture, attribute:NAME, bureau, division or "
		   "post, not by \"%.40s\"."),
		v.s);
}

/* -- tables ------------------------------------------------------------------------------------ */
static const char *const reserved[] = {
	"items", "rate-classes", "response-rate", "compare", "problem-items", "question"};

/* Every code must stand in some version of the form. */
static enum tk_rc items_exist(
	const struct tk_op *op, int64_t form_id, const char *field, const char *items)
{
	const char *p = items ? items : "";

	while (*(p += strspn(p, " "))) {
		size_t n = strcspn(p, " ");
		const char *code = tk_strndup(op->mem, p, n);
		int64_t there = 0;
		enum tk_rc rc = tk_db_int(op->db, op->e,
			"SELECT 1 FROM form_item i JOIN form_version v ON v.id = i.form_version_id"
			" WHERE v.form_id = $1 AND i.code = $2 AND i.deleted_at IS NULL"
			" AND v.deleted_at IS NULL LIMIT 1",
			TK_ARGS(TK_I(form_id), TK_S(code)), 0, &there);

		if (rc != TK_OK)
			return rc;
		if (!there)
			return tk_fail(op->e, TK_EINVAL, field,
				N_("No version of this questionnaire has an item \"%.60s\"."),
				code);
		p += n;
	}
	return TK_OK;
}

/* Names in an expression: an item of some version, or a word about the respondent. */
static enum tk_rc names_exist(
	const struct tk_op *op, int64_t form_id, const char *field, const char *text)
{
	struct tk_expr *x;
	const char *const *name;
	size_t n;
	enum tk_rc rc;

	if (tk_is_blank(text))
		return TK_OK;
	if ((rc = tk_expr_parse(op->mem, text, &x, op->e)) != TK_OK)
		return rc;
	name = tk_expr_names(x, &n);
	for (size_t i = 0; i < n && rc == TK_OK; i++)
		if (!tk_person_word(name[i]))
			rc = items_exist(op, form_id, field, name[i]);
	return rc;
}

static enum tk_rc table_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct survey_table *t = now;
	int64_t other = 0;
	enum tk_rc rc;

	(void)was;
	if (deleted || !t->name || !t->kind)
		return TK_OK; /* what is missing the fields themselves say */
	for (size_t i = 0; i < TK_LEN(reserved); i++)
		if (!strcmp(reserved[i], t->name))
			return tk_fail(op->e, TK_EINVAL, "name",
				N_("\"%s\" is the name of a standing table; take another."),
				t->name);
	/* the database keeps them without NULL, also when somebody empties them */
	tk_set_by(&tk_survey_table_type, t, "sort", TK_I(t->sort));
	tk_set_by(&tk_survey_table_type, t, "weighted", TK_I(t->weighted));
	tk_set_by(&tk_survey_table_type, t, "intervals", TK_I(t->intervals));
	rc = tk_db_int(op->db, op->e,
		"SELECT id FROM survey_table WHERE form_id = $1 AND name = $2 AND id <> $3 AND "
		"deleted_at IS NULL",
		TK_ARGS(TK_I(t->form_id), TK_S(t->name), TK_I(t->rec.id)), 0, &other);
	if (rc == TK_OK && other)
		return tk_fail(op->e, TK_ECONFLICT, "name",
			N_("This questionnaire has a table \"%s\" already."), t->name);
	if (rc == TK_OK && strcmp(t->kind, "panel") != 0 && tk_is_blank(t->items))
		return tk_fail(op->e, TK_EINVAL, "items",
			N_("Name the question that the table is about."));
	if (rc == TK_OK)
		rc = items_exist(op, t->form_id, "items", t->items);
	if (rc == TK_OK)
		rc = names_exist(op, t->form_id, "filter", t->filter);
	return rc == TK_OK ? names_exist(op, t->form_id, "base", t->base) : rc;
}

#define F struct survey_table
static const struct tk_field table_field[] = {
	TK_REF(F, form_id, .label = N_("Questionnaire"), .flags = TK_REQUIRED | TK_LIST | TK_FIXED,
		.ref = &tk_form_type),
	TK_TEXT(F, name, .label = N_("Name of the table"),
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH,
		.max = 60, .check = tk_check_slug,
		.help = N_("Stands in addresses and file names, such as web-meeting.")),
	TK_INT(F, sort, .label = N_("Order"), .flags = TK_LIST, .min = 0, .max = 1000000),
	TK_ENUM(F, kind, .label = N_("Kind"), .flags = TK_REQUIRED | TK_LIST, .choice = table_kind),
	TK_TEXT(F, title_ja, .label = N_("Heading (Japanese)"),
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH, .max = 200),
	TK_TEXT(F, title_en, .label = N_("Heading (English)"), .flags = TK_SEARCH, .max = 200),
	TK_TEXT(F, subtitle_ja, .label = N_("Panel title (Japanese)"), .flags = TK_LIST,
		.max = 200),
	TK_TEXT(F, subtitle_en, .label = N_("Panel title (English)"), .max = 200),
	TK_TEXT(F, items, .label = N_("Question codes"), .flags = TK_LIST, .max = 4000,
		.help = N_("Codes of questions, with blanks between.")),
	TK_TEXT(F, options, .label = N_("Only these choices"), .max = 4000,
		.help = N_("Codes of choices, with blanks between; empty: all.")),
	TK_TEXT(F, by_group, .label = N_("Divided by"), .max = 80, .check = check_by,
		.help = N_("sector, prefecture or attribute:NAME; empty: by the series.")),
	TK_TEXT(F, filter, .label = N_("Only those for whom"), .max = 4000, .check = check_expr,
		.help = N_("A condition over answers, ${sector}, ${prefecture} and ${attribute}.")),
	TK_TEXT(F, base, .label = N_("Base"), .max = 4000, .check = check_expr,
		.help = N_("A condition; empty: everybody who was asked and answered.")),
	TK_TEXT(F, base_ja, .label = N_("Base in words (Japanese)"), .max = 400),
	TK_TEXT(F, base_en, .label = N_("Base in words (English)"), .max = 400),
	TK_ENUM(F, round, .label = N_("Rounding"), .choice = table_round),
	TK_TEXT(F, bracket, .label = N_("Choices that belong together"), .max = 2000),
	TK_TEXT(F, bracket_ja, .label = N_("What they have in common (Japanese)"), .max = 200),
	TK_TEXT(F, bracket_en, .label = N_("What they have in common (English)"), .max = 200),
	TK_LONG(F, note_ja, .label = N_("Note (Japanese)"), .max = 1000),
	TK_LONG(F, note_en, .label = N_("Note (English)"), .max = 1000),
	TK_BOOL(F, weighted, .label = N_("Weighted by sector"),
		.help = N_("Each answer stands for the institutions of its sector that did not "
			   "answer (post-stratification).")),
	TK_BOOL(F, intervals, .label = N_("With confidence intervals"),
		.help = N_("95%, Wilson, for a finite population; none where everybody "
			   "answered.")),
};
#undef F
const struct tk_rtype tk_survey_table_type = {
	.name = "survey_table",
	.path = "survey-tables",
	.table = "survey_table",
	.label = N_("Table of a questionnaire"),
	.label_plural = N_("Tables of questionnaires"),
	.group = "survey",
	.size = sizeof(struct survey_table),
	.field = table_field,
	.nfield = TK_LEN(table_field),
	.title = "name",
	.order = "sort",
	.read = TK_P_FORM_READ,
	.write = TK_P_FORM_WRITE,
	.grade = 1,
	.check = table_check,
};

/* -- series ------------------------------------------------------------------------------------ */
static enum tk_rc series_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct survey_series *s = now;
	int64_t form = 0, other = 0;
	enum tk_rc rc;

	(void)was;
	if (deleted || !s->code)
		return TK_OK;
	tk_set_by(&tk_survey_series_type, s, "sort", TK_I(s->sort));
	rc = tk_db_int(op->db, op->e, "SELECT form_id FROM survey_table WHERE id = $1",
		TK_ARGS(TK_I(s->survey_table_id)), 0, &form);
	if (rc == TK_OK)
		rc = tk_db_int(op->db, op->e,
			"SELECT id FROM survey_series WHERE survey_table_id = $1 AND code = $2 AND "
			"id <> $3 AND deleted_at IS NULL",
			TK_ARGS(TK_I(s->survey_table_id), TK_S(s->code), TK_I(s->rec.id)), 0,
			&other);
	if (rc == TK_OK && other)
		return tk_fail(op->e, TK_ECONFLICT, "code",
			N_("This table has a series \"%s\" already."), s->code);
	if (rc == TK_OK)
		rc = items_exist(op, form, "item", s->item);
	if (rc == TK_OK)
		rc = names_exist(op, form, "filter", s->filter);
	return rc == TK_OK ? names_exist(op, form, "base", s->base) : rc;
}

#define F struct survey_series
static const struct tk_field series_field[] = {
	TK_REF(F, survey_table_id, .label = N_("Table of a questionnaire"),
		.flags = TK_REQUIRED | TK_LIST | TK_FIXED, .ref = &tk_survey_table_type),
	TK_INT(F, sort, .label = N_("Order"), .flags = TK_LIST, .min = 0, .max = 1000000),
	TK_TEXT(F, code, .label = N_("Code"), .flags = TK_REQUIRED | TK_LIST, .max = 40,
		.check = tk_check_slug,
		.help = N_("Begins the names of its columns, before_count.")),
	TK_TEXT(F, label_ja, .label = N_("Text (Japanese)"), .flags = TK_REQUIRED | TK_LIST,
		.max = 200),
	TK_TEXT(F, label_en, .label = N_("Text (English)"), .max = 200),
	TK_TEXT(F, item, .label = N_("Question"), .flags = TK_LIST, .max = 60,
		.help = N_("Where it is another one than the table's.")),
	TK_TEXT(F, filter, .label = N_("Only those for whom"), .flags = TK_LIST, .max = 4000,
		.check = check_expr),
	TK_TEXT(F, base, .label = N_("Base"), .max = 4000, .check = check_expr,
		.help = N_("A condition; empty: everybody who was asked and answered.")),
	TK_TEXT(F, base_ja, .label = N_("Base in words (Japanese)"), .max = 400),
	TK_TEXT(F, base_en, .label = N_("Base in words (English)"), .max = 400),
};
#undef F
const struct tk_rtype tk_survey_series_type = {
	.name = "survey_series",
	.path = "survey-series",
	.table = "survey_series",
	.label = N_("Series of a table"),
	.label_plural = N_("Series of tables"),
	.group = "survey",
	.size = sizeof(struct survey_series),
	.field = series_field,
	.nfield = TK_LEN(series_field),
	.title = "code",
	.order = "sort",
	.read = TK_P_FORM_READ,
	.write = TK_P_FORM_WRITE,
	.grade = 1,
	.check = series_check,
};

/* -- finding ----------------------------------------------------------------------------------- */
struct ids {
	struct tk_arena *a;
	int64_t *v;
	size_t n, cap;
};

static enum tk_rc on_id(void *ctx, const struct tk_value *col, size_t n)
{
	struct ids *l = ctx;

	(void)n;
	if (l->n == l->cap) {
		size_t cap = l->cap ? l->cap * 2 : 32;
		int64_t *v = tk_alloc_n(l->a, cap, sizeof(*v));

		if (l->n)
			memcpy(v, l->v, l->n * sizeof(*v));
		l->v = v;
		l->cap = cap;
	}
	l->v[l->n++] = col[0].i;
	return TK_OK;
}

/* The definitions are no secret to who may see tables. */
static enum tk_rc load(
	const struct tk_op *op, const struct tk_rtype *t, const struct ids *l, void **ret)
{
	struct tk_who system = tk_who_system("tenken", op->who->source, op->who->lang);
	struct tk_op own = *op;
	char *v = tk_alloc(op->mem, (l->n + 1) * t->size);
	enum tk_rc rc = TK_OK;

	own.who = &system;
	for (size_t i = 0; i < l->n && rc == TK_OK; i++)
		rc = tk_rec_load(&own, t, l->v[i], v + i * t->size);
	*ret = v;
	return rc;
}

enum tk_rc tk_survey_tables(
	const struct tk_op *op, int64_t form_id, const struct survey_table **ret, size_t *ret_n)
{
	struct ids l = {.a = op->mem};
	void *v = NULL;
	enum tk_rc rc = tk_db_run(op->db, op->e,
		"SELECT id FROM survey_table WHERE form_id = $1 AND deleted_at IS NULL"
		" ORDER BY sort, name, id",
		TK_ARGS(TK_I(form_id)), on_id, &l);

	if (rc == TK_OK)
		rc = load(op, &tk_survey_table_type, &l, &v);
	*ret = v;
	*ret_n = l.n;
	return rc;
}

enum tk_rc tk_survey_series(
	const struct tk_op *op, int64_t table_id, const struct survey_series **ret, size_t *ret_n)
{
	struct ids l = {.a = op->mem};
	void *v = NULL;
	enum tk_rc rc = tk_db_run(op->db, op->e,
		"SELECT id FROM survey_series WHERE survey_table_id = $1 AND deleted_at IS NULL"
		" ORDER BY sort, code, id",
		TK_ARGS(TK_I(table_id)), on_id, &l);

	if (rc == TK_OK)
		rc = load(op, &tk_survey_series_type, &l, &v);
	*ret = v;
	*ret_n = l.n;
	return rc;
}

enum tk_rc tk_survey_table_find(
	const struct tk_op *op, int64_t form_id, const char *name, struct survey_table *ret)
{
	struct ids l = {.a = op->mem};
	void *v = NULL;
	enum tk_rc rc = tk_db_run(op->db, op->e,
		"SELECT id FROM survey_table WHERE form_id = $1 AND name = $2 AND "
		"deleted_at IS NULL",
		TK_ARGS(TK_I(form_id), TK_S(name)), on_id, &l);

	if (rc == TK_OK && !l.n)
		return tk_fail(op->e, TK_ENOTFOUND, "table", N_("There is no table \"%.40s\"."),
			name);
	if (rc == TK_OK && (rc = load(op, &tk_survey_table_type, &l, &v)) == TK_OK)
		*ret = *(struct survey_table *)v;
	return rc;
}
