/* xlsform_read.c - a workbook's sheets into the rows of a questionnaire version. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "base/text.h"
#include "survey/xlsform_in.h"

enum { MAX_DEPTH = 64, MAX_FORM_ROWS = 20000 };

struct vec { char *p; size_t n, cap, size; };

/* Which codes are taken: open addressing, grown by half full. */
struct names { const char **slot; size_t n, cap; };

struct open { size_t item; bool repeat; };

struct reading {
	struct tk_arena     *a;
	struct tk_sheet     *s;
	struct tk_form_rows *ret;
	struct tk_err       *e;
	struct tk_err        said;      /* scratch of problem() */
	struct vec           item, choice;
	struct names         item_code, choice_code;
	struct tk_xls_head   head;
	enum tk_xls_lang     plain;     /* language of headings without one */
	bool                 keep_blanks;
	struct open          open[MAX_DEPTH];
	size_t               depth;
	const char          *problem;   /* of the row being read */
	uint32_t             row;
};

static void *more(struct reading *r, struct vec *v)
{
	if (v->n == v->cap) {
		size_t cap = v->cap ? v->cap * 2 : 64;
		char *p = tk_alloc_n(r->a, cap, v->size);

		if (v->n)
			memcpy(p, v->p, v->n * v->size);
		v->p = p;
		v->cap = cap;
	}
	return v->p + v->n++ * v->size;
}

static size_t place(const struct names *s, const char *name)
{
	uint32_t h = 2166136261u;       /* FNV-1a */
	size_t at;

	for (const char *p = name; *p; p++)
		h = (h ^ (unsigned char)*p) * 16777619u;
	for (at = h & (s->cap - 1); s->slot[at] && strcmp(s->slot[at], name) != 0;
	     at = (at + 1) & (s->cap - 1))
		;
	return at;
}

/* false: it was there already */
static bool take(struct tk_arena *a, struct names *s, const char *name)
{
	size_t at;

	if (s->n * 2 >= s->cap) {
		struct names big = { .cap = s->cap ? s->cap * 2 : 256, .n = s->n };

		big.slot = tk_alloc_n(a, big.cap, sizeof(*big.slot));
		for (size_t i = 0; i < s->cap; i++)
			if (s->slot[i])
				big.slot[place(&big, s->slot[i])] = s->slot[i];
		*s = big;
	}
	at = place(s, name);
	if (s->slot[at])
		return false;
	s->slot[at] = name;
	s->n++;
	return true;
}

/* Adds what was said to the problems of the row. */
static void said(struct reading *r)
{
	if (!r->problem || strlen(r->problem) < 16000)
		r->problem = tk_sprintf(r->a, "%s%s\t%s\n", r->problem ? r->problem : "",
					r->said.field, r->said.msg);
}
#define PROBLEM(r, column, ...) \
	((void)!tk_fail(&(r)->said, TK_EINVAL, (column), __VA_ARGS__), said(r))

/* Into a field, cut where the field cannot hold it. */
static void put(struct reading *r, const struct tk_rtype *t, void *rec, const char *field,
		const char *column, const char *s)
{
	const struct tk_field *f = &t->field[tk_field_index(t, field)];
	size_t max = (size_t)(f->max ? f->max : 20000);

	if (tk_is_blank(s))
		return;
	if (!tk_utf8_valid(s, strlen(s))) {
		PROBLEM(r, column, N_("Column %s: the text is not valid UTF-8."), column);
		return;
	}
	if (tk_utf8_count(s) > max) {
		PROBLEM(r, column,
			N_("Column %s: the text is longer than %zu characters and was cut."),
			column, max);
		s = tk_utf8_head(r->a, s, max);
	}
	tk_set_by(t, rec, field, TK_S(tk_strdup(r->a, s)));
}

/* -- names ------------------------------------------------------------------------------------- */
/* A name that can be a code: what cannot stand in one becomes _. */
static const char *as_code(struct reading *r, const char *s, bool word)
{
	char *t = tk_alloc(r->a, strlen(s) * 2 + 8), *to = t;
	uint32_t cp;

	for (size_t n; (n = tk_utf8_get(s, &cp)) != 0; s += n) {
		char one[8] = "x";

		memcpy(one + 1, s, n);
		if (word ? tk_xword_valid(one + 1) : tk_xname_valid(one)) {
			memcpy(to, s, n);
			to += n;
		} else {
			*to++ = '_';
		}
	}
	*to = '\0';
	if (!*t || !(word ? tk_xword_valid(t) : tk_xname_valid(t))) {
		memmove(t + 1, t, strlen(t) + 1);
		*t = '_';
	}
	return tk_utf8_head(r->a, t, 60);
}

static const char *free_code(struct reading *r, struct names *taken, const char *before,
			     const char *code)
{
	const char *first = tk_utf8_head(r->a, code, 52);

	for (unsigned k = 2; !take(r->a, taken, tk_sprintf(r->a, "%s%s", before, code)); k++)
		code = tk_sprintf(r->a, "%s_%u", first, k);
	return code;
}

/* The code of a row; what had to be changed is a problem of the row. */
static const char *code_for(struct reading *r, struct names *taken, const char *list,
			    const char *name, bool word)
{
	const char *code = as_code(r, name, word),
		   *before = list ? tk_sprintf(r->a, "%s ", list) : "", *final;

	if (strcmp(code, name) != 0)
		PROBLEM(r, "name",
			word ? N_("The name \"%.60s\" must hold no blanks and at most 60 "
				  "characters.")
			     : N_("The name \"%.60s\" must begin with a letter and hold only "
				  "letters, digits, _, - and full stops, at most 60."),
			name);
	final = free_code(r, taken, before, code);
	if (strcmp(final, code) != 0)
		PROBLEM(r, "name", N_("The name \"%.60s\" is used twice; here it was made %.60s."),
			name, final);
	return final;
}

/* -- survey ------------------------------------------------------------------------------------ */
static bool yes(const char *s)
{
	return !strcasecmp(s, "yes") || !strcasecmp(s, "true") || !strcasecmp(s, "true()") ||
	       !strcmp(s, "1");
}

static bool no(const char *s)
{
	return !*s || !strcasecmp(s, "no") || !strcasecmp(s, "false") ||
	       !strcasecmp(s, "false()") || !strcmp(s, "0");
}

static bool flag(struct reading *r, const struct tk_row *row, const char *column)
{
	const char *s = tk_xls_cell(&r->head, r->a, row, column);

	if (!yes(s) && !no(s))
		PROBLEM(r, column, N_("Column %s: \"%.60s\" is neither yes nor no."), column, s);
	return yes(s);
}

static void limit(struct reading *r, struct form_item *it, const char *field, const char *column,
		  const char *s)
{
	int64_t v;

	if (!s || !*s)
		return;
	if (tk_parse_int(s, &v) && v >= -1000000000000 && v <= 1000000000000)
		tk_set_by(&tk_form_item_type, it, field, TK_I(v));
	else
		PROBLEM(r, column, N_("Column %s: the limit \"%.40s\" must be a whole number."),
			column, s);
}

static void limits(struct reading *r, const struct tk_row *row, struct form_item *it,
		   const char *type, bool percent)
{
	const char *from = tk_xls_cell(&r->head, r->a, row, "min_value"),
		   *to = tk_xls_cell(&r->head, r->a, row, "max_value");
	const char *step;

	if (!strcasecmp(type, "range")) {
		from = tk_xls_parameter(r->a, it->parameters, "start");
		to = tk_xls_parameter(r->a, it->parameters, "end");
		step = tk_xls_parameter(r->a, it->parameters, "step");
		from = from ? from : "1";
		to = to ? to : "10";
		if (step && strcmp(step, "1") != 0)
			PROBLEM(r, "parameters", N_("A range can only go in steps of 1."));
	} else if (percent) {
		from = "0";
		to = "100";
	}
	limit(r, it, "min_value", "parameters", from);
	limit(r, it, "max_value", "parameters", to);
}

/* Texts, as they stand under their headings. */
static void cells(struct reading *r, const struct tk_row *row, struct form_item *it)
{
	static const char *const code[] = {
		"relevant",      "constraint_expr", "calculation",  "default_value",
		"choice_filter", "parameters",      "repeat_count", NULL,
	};

	for (size_t i = 0; i < r->head.n; i++) {
		const struct tk_xls_column *c = &r->head.col[i];
		const char *s;

		if (!c->field)
			continue;
		s = tk_xls_text(r->a, tk_row_text(row, i), !r->keep_blanks);
		for (size_t k = 0; code[k]; k++)
			if (!strcmp(code[k], c->field))
				s = tk_xls_plain_quotes(r->a, s);
		put(r, &tk_form_item_type, it, c->field, c->name, s);
	}
}

/* Every row has a text to be known by. */
static void labels(struct reading *r, struct form_item *it)
{
	const char *any = !tk_is_blank(it->label_en) ? it->label_en : it->code;

	if (tk_is_blank(it->label_ja))
		tk_set_by(&tk_form_item_type, it, "label_ja", TK_S(tk_strdup(r->a, any)));
}

static void extras(struct reading *r, const struct tk_row *row, struct form_item *it)
{
	put(r, &tk_form_item_type, it, "extra", "extra", tk_xls_extra(&r->head, r->a, row));
	if (!it->extra)
		return;
	for (size_t i = 0; i < r->head.n; i++) {
		const struct tk_xls_column *c = &r->head.col[i];
		bool media = !strncasecmp(c->raw, "media", 5) || !strncasecmp(c->raw, "image", 5) ||
			     !strncasecmp(c->raw, "audio", 5) || !strncasecmp(c->raw, "video", 5) ||
			     !strncasecmp(c->raw, "big-image", 9);

		if (!c->name && media && !tk_is_blank(tk_row_text(row, i)))
			PROBLEM(r, "media", N_("Pictures, sounds and films cannot be shown."));
	}
}

static const char *name_of(struct reading *r, const struct tk_row *row, const char *kind,
			   const char *type)
{
	const char *name = tk_xls_cell(&r->head, r->a, row, "name");

	if (*name)
		return name;
	if (!strcmp(kind, "note"))
		return tk_sprintf(r->a, "generated_note_name_%u", row->number);
	if (!strcmp(kind, "meta"))
		return as_code(r, type, false);
	if (strcmp(kind, "end") != 0)
		PROBLEM(r, "name", N_("The row has no name."));
	return tk_sprintf(r->a, "row_%u", row->number);
}

/* -- one row */
static struct form_item *new_item(struct reading *r, const char *kind, const char *code,
				  const char *type)
{
	static const char *const flags[] = { "required", "not_applicable", "dont_know",
					     "evidence" };
	struct form_item *it = more(r, &r->item);
	const char *group =
		r->depth ? ((struct form_item *)(void *)r->item.p)[r->open[r->depth - 1].item].code
			 : NULL;

	tk_set_by(&tk_form_item_type, it, "sort", TK_I((int64_t)r->item.n * 10));
	tk_set_by(&tk_form_item_type, it, "kind", TK_S(kind));
	tk_set_by(&tk_form_item_type, it, "code", TK_S(code));
	tk_set_by(&tk_form_item_type, it, "sheet_row", TK_I(r->row));
	for (size_t i = 0; i < TK_LEN(flags); i++)
		tk_set_by(&tk_form_item_type, it, flags[i], TK_I(0));
	if (group)
		tk_set_by(&tk_form_item_type, it, "group_code", TK_S(group));
	if (!strcmp(kind, "other") || !strcmp(kind, "repeat") || !strcmp(kind, "meta"))
		put(r, &tk_form_item_type, it, "xls_type", "type", type);
	return it;
}

static bool has_choice(const struct reading *r, const char *list, const char *code)
{
	const struct choice *c = (const void *)r->choice.p;

	for (size_t i = 0; i < r->choice.n; i++)
		if (!strcmp(c[i].list, list) && !strcmp(c[i].code, code))
			return true;
	return false;
}

/* or_other: one more choice, and a question for what it is. */
static void other(struct reading *r, const char *code, const char *list)
{
	struct form_item *it;
	struct choice *c;

	if (!has_choice(r, list, "other")) {
		c = more(r, &r->choice);
		tk_set_by(&tk_choice_type, c, "list", TK_S(list));
		tk_set_by(&tk_choice_type, c, "code", TK_S("other"));
		tk_set_by(&tk_choice_type, c, "label_ja", TK_S("その他"));
		tk_set_by(&tk_choice_type, c, "label_en", TK_S("Other"));
		tk_set_by(&tk_choice_type, c, "sort", TK_I((int64_t)r->choice.n * 10));
	}
	it = new_item(r, "text",
		      free_code(r, &r->item_code, "",
				tk_utf8_head(r->a, tk_sprintf(r->a, "%s_other", code), 60)),
		      NULL);
	tk_set_by(&tk_form_item_type, it, "label_ja", TK_S("その他の内容"));
	tk_set_by(&tk_form_item_type, it, "label_en", TK_S("Specify other."));
	tk_set_by(&tk_form_item_type, it, "relevant",
		  TK_S(tk_sprintf(r->a, "selected(${%s}, 'other')", code)));
}

static void keep_problem(struct reading *r, struct form_item *it)
{
	if (r->problem)
		tk_set_by(&tk_form_item_type, it, "problem", TK_S(r->problem));
	r->problem = NULL;
}

/* required may also be an expression; that is kept and said. */
static void required(struct reading *r, const struct tk_row *row, struct form_item *it)
{
	const char *s = tk_xls_cell(&r->head, r->a, row, "required");

	if (!yes(s) && !no(s))
		PROBLEM(r, "required",
			N_("Column required: \"%.60s\" is neither yes nor no; a condition cannot "
			   "be run here."),
			s);
	tk_set_by(&tk_form_item_type, it, "required", TK_I(yes(s)));
}

/* The end of a group; one that ends nothing is kept as a row to be named. */
static void end_row(struct reading *r, const struct tk_row *row, const char *type)
{
	bool group = strstr(tk_fold(r->a, type), tk_fold(r->a, "group")) != NULL;
	struct form_item *it;

	if (r->depth && r->open[r->depth - 1].repeat != group) {
		r->depth--;
		return;
	}
	it = new_item(r, "other", free_code(r, &r->item_code, "", name_of(r, row, "end", type)),
		      type);
	PROBLEM(r, "type", N_("\"%.40s\" ends nothing that is open here."), type);
	labels(r, it);
	keep_problem(r, it);
}

static void begin(struct reading *r, size_t item, bool repeat)
{
	if (r->depth == MAX_DEPTH) {
		PROBLEM(r, "type", N_("Sections can stand %d deep at most."), (int)MAX_DEPTH);
		return;
	}
	r->open[r->depth++] = (struct open){ item, repeat };
}

static void survey_row(struct reading *r, const struct tk_row *row)
{
	const char *type = tk_squeeze(r->a,
				      tk_narrow(r->a, tk_xls_cell(&r->head, r->a, row, "type"))),
		   *code;
	struct tk_xls_type t = tk_xls_type_of(r->a, type);
	struct form_item *it;
	bool section = !strcmp(t.kind, "group") || !strcmp(t.kind, "repeat");

	r->row = row->number;
	if (yes(tk_xls_cell(&r->head, r->a, row, "disabled")))
		return;
	if (!strcmp(t.kind, "end")) {
		end_row(r, row, type);
		return;
	}
	code = code_for(r, &r->item_code, NULL, name_of(r, row, t.kind, type), false);
	it = new_item(r, t.kind, code, type);
	cells(r, row, it);
	put(r, &tk_form_item_type, it, "list", "type", t.list ? as_code(r, t.list, true) : NULL);
	required(r, row, it);
	tk_set_by(&tk_form_item_type, it, "not_applicable", TK_I(flag(r, row, "not_applicable")));
	tk_set_by(&tk_form_item_type, it, "dont_know", TK_I(flag(r, row, "dont_know")));
	tk_set_by(&tk_form_item_type, it, "evidence", TK_I(flag(r, row, "evidence")));
	limits(r, row, it, type, t.percent);
	extras(r, row, it);
	labels(r, it);
	if (section)
		begin(r, r->item.n - 1, !strcmp(t.kind, "repeat"));
	keep_problem(r, it);
	if (t.other)
		other(r, code, it->list);
}

static bool is_empty(const struct tk_row *row)
{
	for (size_t i = 0; i < row->n; i++)
		if (!tk_is_blank(row->cell[i].text))
			return false;
	return true;
}

static enum tk_rc too_many(struct reading *r)
{
	if (r->item.n + r->choice.n <= MAX_FORM_ROWS * 2 && r->item.n <= MAX_FORM_ROWS)
		return TK_OK;
	return tk_fail(r->e, TK_ETOOBIG, NULL, N_("A questionnaire can have at most %d rows."),
		       (int)MAX_FORM_ROWS);
}

static enum tk_rc read_survey(struct reading *r)
{
	struct tk_row row;
	enum tk_rc rc = tk_xls_head_read(&r->head, r->a, r->s, TK_XLS_SURVEY, r->plain, r->e);

	if (rc == TK_OK && !tk_xls_has(&r->head, "type"))
		return tk_fail(r->e, TK_EINVAL, "type",
			       N_("The sheet survey has no column \"type\" in its first row."));
	while (rc == TK_OK && (rc = tk_sheet_next(r->s, &row, r->e)) == TK_OK && row.number) {
		if (!is_empty(&row))
			survey_row(r, &row);
		rc = too_many(r);
	}
	for (; rc == TK_OK && r->depth; r->depth--) {
		struct form_item *it =
			(struct form_item *)(void *)r->item.p + r->open[r->depth - 1].item;

		r->problem = it->problem;
		PROBLEM(r, "type", N_("This section is not ended."));
		keep_problem(r, it);
	}
	return rc;
}

/* -- choices ----------------------------------------------------------------------------------- */
static void choice_row(struct reading *r, const struct tk_row *row)
{
	const char *list = tk_xls_cell(&r->head, r->a, row, "list_name"),
		   *name = tk_xls_cell(&r->head, r->a, row, "name");
	struct choice *c;

	r->row = row->number;
	if (!*list)                             /* XLSForm takes no notice of such rows */
		return;
	c = more(r, &r->choice);
	if (!*name)
		PROBLEM(r, "name", N_("The choice has no name."));
	put(r, &tk_choice_type, c, "list", "list_name", as_code(r, list, true));
	put(r, &tk_choice_type, c, "code", "name",
	    code_for(r, &r->choice_code, c->list,
		     *name ? name : tk_sprintf(r->a, "row_%u", row->number), true));
	for (size_t i = 0; i < r->head.n; i++)
		if (r->head.col[i].field)
			put(r, &tk_choice_type, c, r->head.col[i].field, r->head.col[i].name,
			    tk_xls_text(r->a, tk_row_text(row, i), false));
	if (tk_is_blank(c->label_ja))
		tk_set_by(&tk_choice_type, c, "label_ja",
			  TK_S(tk_is_blank(c->label_en) ? c->code : c->label_en));
	put(r, &tk_choice_type, c, "extra", "extra", tk_xls_extra(&r->head, r->a, row));
	tk_set_by(&tk_choice_type, c, "sort", TK_I((int64_t)r->choice.n * 10));
	tk_set_by(&tk_choice_type, c, "sheet_row", TK_I(row->number));
	if (r->problem)
		tk_set_by(&tk_choice_type, c, "problem", TK_S(r->problem));
	r->problem = NULL;
}

static enum tk_rc read_choices(struct reading *r)
{
	struct tk_row row;
	enum tk_rc rc = tk_xls_head_read(&r->head, r->a, r->s, TK_XLS_CHOICES, r->plain, r->e);

	while (rc == TK_OK && (rc = tk_sheet_next(r->s, &row, r->e)) == TK_OK && row.number) {
		choice_row(r, &row);
		rc = too_many(r);
	}
	return rc;
}

/* -- settings ---------------------------------------------------------------------------------- */
static const char *title_in(struct reading *r, const struct tk_row *row, enum tk_xls_lang lang)
{
	for (size_t i = 0; i < r->head.n; i++)
		if (r->head.col[i].name && !strcmp(r->head.col[i].name, "form_title") &&
		    r->head.col[i].lang == lang)
			return tk_xls_text(r->a, tk_row_text(row, i), true);
	return "";
}

static enum tk_rc read_settings(struct reading *r)
{
	struct form *f = &r->ret->form;
	struct tk_row row;
	const char *id, *en, *plain;
	enum tk_rc rc = tk_xls_head_read(&r->head, r->a, r->s, TK_XLS_SETTINGS, TK_XLS_PLAIN, r->e);

	if (rc == TK_OK)
		rc = tk_sheet_next(r->s, &row, r->e);
	if (rc != TK_OK || row.number == 0)
		return rc;
	r->plain = tk_xls_lang_of(tk_xls_cell(&r->head, r->a, &row, "default_language"));
	r->keep_blanks = !strcasecmp(tk_xls_cell(&r->head, r->a, &row, "clean_text_values"), "no");
	id = tk_xls_cell(&r->head, r->a, &row, "form_id");
	plain = title_in(r, &row, TK_XLS_PLAIN);
	put(r, &tk_form_type, f, "title_ja", "form_title",
	    *plain ? plain : title_in(r, &row, TK_XLS_JA));
	en = title_in(r, &row, TK_XLS_EN);
	put(r, &tk_form_type, f, "title_en", "form_title",
	    *en ? en : tk_xls_cell(&r->head, r->a, &row, "form_title_en"));
	put(r, &tk_form_type, f, "code", "form_id", id);
	put(r, &tk_form_version_type, &r->ret->version, "settings", "settings",
	    tk_xls_extra(&r->head, r->a, &row));
	r->problem = NULL;
	return TK_OK;
}

/* A code of plain letters: it stands in file names and commands. */
static void name_form(struct reading *r, const char *name)
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
/* The sheet of that name in any case, blanks at the ends aside; -1: none. */
static int sheet_of(const struct reading *r, const char *name)
{
	const struct tk_sheet_name *s;
	size_t n = tk_sheet_names(r->s, &s);

	for (size_t i = 0; i < n; i++)
		if (!strcasecmp(tk_xls_text(r->a, s[i].name, true), name))
			return (int)i;
	return -1;
}

static enum tk_rc no_survey(struct reading *r)
{
	const struct tk_sheet_name *s;
	size_t n = tk_sheet_names(r->s, &s);
	struct tk_buf b = TK_BUF(200);
	enum tk_rc rc;

	for (size_t i = 0; i < n; i++)
		tk_buf_fmt(&b, "%s%.30s", i ? ", " : "", s[i].name);
	rc = tk_fail(r->e, TK_EINVAL, "survey",
		     N_("The workbook has no sheet \"survey\". Its sheets: %s."), tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return rc;
}

static enum tk_rc part(struct reading *r, const char *name, enum tk_rc (*read)(struct reading *r))
{
	const struct tk_sheet_name *all;
	int at = sheet_of(r, name);
	enum tk_rc rc;

	if (at < 0 && read == read_survey && tk_sheet_names(r->s, &all) == 1)
		at = 0; /* a workbook of one sheet is the survey, whatever it is called */
	if (at < 0)
		return read == read_survey ? no_survey(r) : TK_OK;
	rc = tk_sheet_select(r->s, (size_t)at, r->e);
	return rc == TK_OK ? read(r) : rc;
}

enum tk_rc tk_xlsform_read(struct tk_arena *a, struct tk_sheet *s, const char *name,
			   struct tk_form_rows *ret, struct tk_err *e)
{
	struct reading *r = tk_alloc(a, sizeof(*r));
	enum tk_rc rc;

	*r = (struct reading){ .a = a,
			       .s = s,
			       .ret = ret,
			       .e = e,
			       .said = { .lang = e->lang },
			       .item = { .size = sizeof(struct form_item) },
			       .choice = { .size = sizeof(struct choice) } };
	*ret = (struct tk_form_rows){ .version = { .state = "draft" } };
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
