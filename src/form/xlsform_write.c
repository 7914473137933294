/* xlsform_write.c - the rows of a questionnaire version as an XLSForm workbook.
 *
 * What is written is read back as the same (same digest), and keeps to what pyxform asks: a column
 * that is translated at all has a heading in each language of the workbook, else pyxform warns of a
 * language that lacks it; the other columns are there only where something stands in them. */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/text.h"
#include "form/xlsform_in.h"

enum { MAX_EXTRA = 200 };

static const struct { const char *head, *field;
} survey_column[] = {
	{ "type", NULL },
	{ "name", "code" },
	{ "label::Japanese (ja)", "label_ja" },
	{ "label::English (en)", "label_en" },
	{ "hint::Japanese (ja)", "hint_ja" },
	{ "hint::English (en)", "hint_en" },
	{ "guidance_hint::Japanese (ja)", "guidance_ja" },
	{ "guidance_hint::English (en)", "guidance_en" },
	{ "required", "required" },
	{ "required_message::Japanese (ja)", "required_ja" },
	{ "required_message::English (en)", "required_en" },
	{ "relevant", "relevant" },
	{ "constraint", "constraint_expr" },
	{ "constraint_message::Japanese (ja)", "constraint_ja" },
	{ "constraint_message::English (en)", "constraint_en" },
	{ "calculation", "calculation" },
	{ "default", "default_value" },
	{ "appearance", "appearance" },
	{ "parameters", "parameters" },
	{ "choice_filter", "choice_filter" },
	{ "repeat_count", "repeat_count" },
	{ "trigger", "trigger_on" },
	{ "audience", "audience" },
	{ "clause", "clause" },
	{ "evidence", "evidence" },
	{ "not_applicable", "not_applicable" },
	{ "dont_know", "dont_know" },
	{ "min_value", "min_value" },
	{ "max_value", "max_value" },
};
enum {
	NSURVEY = TK_LEN(survey_column),
	REQUIRED = 8,
	MIN_VALUE = NSURVEY - 2,
	MAX_VALUE = NSURVEY - 1
};

/* Headings of the other columns, in order. */
struct extra { char *key[MAX_EXTRA]; size_t n; };

struct writing {
	struct tk_arena           *a;
	const struct tk_form_rows *rows;
	struct tk_out             *o;
	struct tk_err             *e;
	bool                       used[NSURVEY];
	struct extra               extra;
	size_t *child, *next, *parent; /* of each row, index + 1; of the last: the top */
};

static int by_key(const void *x, const void *y)
{
	return strcmp(*(char *const *)x, *(char *const *)y);
}

static cJSON *parsed(struct writing *w, const char *json)
{
	struct tk_err quiet = { 0 };
	cJSON *o = NULL;

	return json && tk_json_parse(w->a, json, strlen(json), &o, &quiet) == TK_OK &&
			       cJSON_IsObject(o)
		       ? o
		       : NULL;
}

static void add_key(struct writing *w, struct extra *x, const char *key)
{
	for (size_t i = 0; i < x->n; i++)
		if (!strcmp(x->key[i], key))
			return;
	if (x->n < MAX_EXTRA)
		x->key[x->n++] = tk_strdup(w->a, key);
}

static void add_keys(struct writing *w, struct extra *x, const char *json)
{
	const cJSON *v;

	cJSON_ArrayForEach(v, parsed(w, json))
		add_key(w, x, v->string);
}

/* -- languages --------------------------------------------------------------------------------- */
static const char *const translated[] = { "label",              "hint",   "guidance_hint",
					  "required_message", "constraint_message" };

static bool is_base(const char *heading, const char *base)
{
	size_t n = strlen(base);

	return !strncmp(heading, base, n) && !strncmp(heading + n, "::", 2);
}

static bool column_used(const struct writing *w, const char *base)
{
	for (size_t i = 0; i < NSURVEY; i++)
		if (w->used[i] && is_base(survey_column[i].head, base))
			return true;
	for (size_t i = 0; i < w->extra.n; i++)
		if (is_base(w->extra.key[i], base))
			return true;
	return false;
}

/* Does any text stand in English? */
static bool has_english(const struct writing *w)
{
	for (size_t i = 0; i < NSURVEY; i++)
		if (w->used[i] && strstr(survey_column[i].head, "::English"))
			return true;
	for (size_t i = 0; i < w->rows->nchoice; i++)
		if (!tk_is_blank(w->rows->choice[i].label_en))
			return true;
	return false;
}

/* Headings for all languages of what is translated. */
static void complete(struct writing *w)
{
	bool english = has_english(w);
	size_t n = w->extra.n;

	for (size_t t = 0; t < TK_LEN(translated); t++) {
		if (!column_used(w, translated[t]))
			continue;
		for (size_t i = 0; i < NSURVEY; i++)
			if (is_base(survey_column[i].head, translated[t]))
				w->used[i] = english || strstr(survey_column[i].head, "::Japanese");
		for (size_t i = 0; i < n; i++)
			for (size_t k = 0; k < TK_LEN(translated); k++)
				if (is_base(w->extra.key[i], translated[k]))
					add_key(w, &w->extra,
						tk_sprintf(w->a, "%s%s", translated[t],
							   strstr(w->extra.key[i], "::")));
	}
}

static void put_extra(struct writing *w, const struct extra *x, const char *json)
{
	cJSON *o = x->n ? parsed(w, json) : NULL;

	for (size_t i = 0; i < x->n; i++) {
		const cJSON *v = o ? cJSON_GetObjectItemCaseSensitive(o, x->key[i]) : NULL;

		tk_out_text(w->o, cJSON_IsString(v) ? v->valuestring : NULL);
	}
}

/* A whole-number range as XLSForm has it says its limits itself. */
static bool is_range(struct writing *w, const struct form_item *it)
{
	const char *from = tk_xls_parameter(w->a, it->parameters, "start"),
		   *to = tk_xls_parameter(w->a, it->parameters, "end");
	struct tk_value lo = tk_get_by(&tk_form_item_type, it, "min_value"),
			hi = tk_get_by(&tk_form_item_type, it, "max_value");
	int64_t n;

	return !strcmp(it->kind, "int") && from && to && lo.type == TK_V_INT &&
	       hi.type == TK_V_INT && tk_parse_int(from, &n) && n == lo.i && tk_parse_int(to, &n) &&
	       n == hi.i;
}

static const char *cell_of(struct writing *w, const struct form_item *it, size_t column)
{
	struct tk_value v = tk_get_by(&tk_form_item_type, it, survey_column[column].field);

	if (column == REQUIRED && !it->required && !tk_is_blank(it->required_expr))
		return it->required_expr;
	if (v.type == TK_V_TEXT)
		return v.s;
	if ((column == MIN_VALUE || column == MAX_VALUE) && v.type == TK_V_INT)
		return is_range(w, it) ? NULL : tk_sprintf(w->a, "%" PRId64, v.i);
	return v.type != TK_V_NULL && v.i ? "yes" : NULL;
}

static const char *type_of(struct writing *w, const struct form_item *it)
{
	static const char *const plain[][2] = {
		{ "int", "integer" },       { "decimal", "decimal" }, { "text", "text" },
		{ "date", "date" },         { "note", "note" },       { "calculate", "calculate" },
		{ "group", "begin_group" }, { "time", "time" },       { "hidden", "hidden" },
		{ "acknowledge", "acknowledge" },
	};

	if (it->xls_type)
		return it->xls_type;
	if (!strcmp(it->kind, "single") || !strcmp(it->kind, "multi") || !strcmp(it->kind, "rank"))
		return tk_sprintf(w->a, "%s %s",
				  *it->kind == 's'   ? "select_one"
				  : *it->kind == 'm' ? "select_multiple"
						     : "rank",
				  it->list ? it->list : "");
	if (!strcmp(it->kind, "repeat"))
		return "begin_repeat";
	if (is_range(w, it))
		return "range";
	for (size_t i = 0; i < TK_LEN(plain); i++)
		if (!strcmp(plain[i][0], it->kind))
			return plain[i][1];
	return "";
}

static void item_row(struct writing *w, const struct form_item *it)
{
	tk_out_row(w->o);
	tk_out_text(w->o, type_of(w, it));
	for (size_t i = 1; i < NSURVEY; i++)
		if (w->used[i])
			tk_out_text(w->o, cell_of(w, it, i));
	put_extra(w, &w->extra, it->extra);
}

/* "begin_repeat" -> "end_repeat" */
static void end_row(struct writing *w, const struct form_item *it)
{
	const char *type = type_of(w, it), *what = type + strcspn(type, " _");

	what += *what != '\0';
	tk_out_row(w->o);
	tk_out_text(w->o, tk_sprintf(w->a, "end_%.*s", (int)strcspn(what, " "), what));
}

/* -- sections and what stands in them ---------------------------------------------------------- */
static size_t find_section(const struct writing *w, size_t row, size_t last)
{
	const struct form_item *it = w->rows->item;
	const char *code = it[row].group_code;

	if (tk_is_blank(code))
		return w->rows->nitem;
	if (last < row && tk_form_is_section(&it[last]) && !strcmp(it[last].code, code))
		return last;
	for (size_t i = row; i-- > 0;)
		if (tk_form_is_section(&it[i]) && !strcmp(it[i].code, code))
			return i;
	return w->rows->nitem;
}

static void make_tree(struct writing *w)
{
	size_t n = w->rows->nitem, section = n;
	size_t *tail = tk_alloc_n(w->a, n + 1, sizeof(*tail));

	w->child = tk_alloc_n(w->a, n + 1, sizeof(*w->child));
	w->next = tk_alloc_n(w->a, n + 1, sizeof(*w->next));
	w->parent = tk_alloc_n(w->a, n + 1, sizeof(*w->parent));
	for (size_t i = 0; i < n; i++) {
		section = find_section(w, i, section);
		w->parent[i] = section + 1;
		if (tail[section])
			w->next[tail[section] - 1] = i + 1;
		else
			w->child[section] = i + 1;
		tail[section] = i + 1;
	}
}

static void write_rows(struct writing *w)
{
	size_t n = w->rows->nitem, at = w->child[n];

	while (at) {
		size_t i = at - 1;
		bool section = tk_form_is_section(&w->rows->item[i]);

		item_row(w, &w->rows->item[i]);
		if (section && w->child[i]) {
			at = w->child[i];
			continue;
		}
		if (section)
			end_row(w, &w->rows->item[i]);
		while (!w->next[i] && w->parent[i] - 1 != n) {
			i = w->parent[i] - 1;
			end_row(w, &w->rows->item[i]);
		}
		at = w->next[i];
	}
}

static void write_survey(struct writing *w)
{
	struct tk_out_col *col = tk_alloc_n(w->a, NSURVEY + MAX_EXTRA, sizeof(*col));
	size_t n = 0;

	for (size_t k = 0; k < w->rows->nitem; k++) {
		for (size_t i = 1; i < NSURVEY; i++)
			w->used[i] = w->used[i] || i <= 2 ||
				     !tk_is_blank(cell_of(w, &w->rows->item[k], i));
		add_keys(w, &w->extra, w->rows->item[k].extra);
	}
	w->used[0] = w->used[1] = w->used[2] = true;
	complete(w);
	qsort(w->extra.key, w->extra.n, sizeof(w->extra.key[0]), by_key);
	for (size_t i = 0; i < NSURVEY; i++)
		if (w->used[i])
			col[n++].title = survey_column[i].head;
	for (size_t i = 0; i < w->extra.n; i++)
		col[n++].title = w->extra.key[i];
	tk_out_sheet(w->o, "survey", col, n);
	make_tree(w);
	write_rows(w);
}

static void write_choices(struct writing *w)
{
	struct tk_out_col *col = tk_alloc_n(w->a, 4 + MAX_EXTRA, sizeof(*col));
	struct extra *x = tk_alloc(w->a, sizeof(*x));
	bool en = has_english(w);
	size_t n = 3;

	for (size_t i = 0; i < w->rows->nchoice; i++)
		add_keys(w, x, w->rows->choice[i].extra);
	qsort(x->key, x->n, sizeof(x->key[0]), by_key);
	col[0].title = "list_name";
	col[1].title = "name";
	col[2].title = "label::Japanese (ja)";
	if (en)
		col[n++].title = "label::English (en)";
	for (size_t i = 0; i < x->n; i++)
		col[n++].title = x->key[i];
	tk_out_sheet(w->o, "choices", col, n);
	for (size_t i = 0; i < w->rows->nchoice; i++) {
		const struct choice *c = &w->rows->choice[i];

		tk_out_row(w->o);
		tk_out_text(w->o, c->list);
		tk_out_text(w->o, c->code);
		tk_out_text(w->o, c->label_ja);
		if (en)
			tk_out_text(w->o, c->label_en);
		put_extra(w, x, c->extra);
	}
}

/* Two blanks in a row would be read back as one. */
static bool has_double_blank(const struct tk_form_rows *rows)
{
	for (size_t i = 0; i < rows->nitem; i++)
		for (size_t k = 0; k < tk_form_item_type.nfield; k++) {
			struct tk_value v = tk_get(&tk_form_item_type, &rows->item[i], k);

			if (v.type == TK_V_TEXT && v.s && strstr(v.s, "  "))
				return true;
		}
	return false;
}

static void write_settings(struct writing *w)
{
	const struct tk_form_rows *rows = w->rows;
	struct tk_out_col *col = tk_alloc_n(w->a, 6 + MAX_EXTRA, sizeof(*col));
	struct extra *x = tk_alloc(w->a, sizeof(*x));
	bool blanks = has_double_blank(rows), en = !tk_is_blank(rows->form.title_en),
	     version = true;
	size_t n = 3;

	add_keys(w, x, rows->version.settings);
	qsort(x->key, x->n, sizeof(x->key[0]), by_key);
	for (size_t i = 0; i < x->n; i++)
		version = version && strcasecmp(x->key[i], "version") != 0;
	col[0].title = "form_title";
	col[1].title = "form_id";
	col[2].title = "default_language";
	if (version)
		col[n++].title = "version";
	if (en)
		col[n++].title = "form_title_en";
	if (blanks)
		col[n++].title = "clean_text_values";
	for (size_t i = 0; i < x->n; i++)
		col[n++].title = x->key[i];
	tk_out_sheet(w->o, "settings", col, n);
	tk_out_row(w->o);
	tk_out_text(w->o, rows->form.title_ja);
	tk_out_text(w->o, rows->form.code);
	tk_out_text(w->o, "Japanese (ja)");
	if (version)
		tk_out_text(w->o, tk_sprintf(w->a, "%" PRId64,
					     rows->version.number > 0 ? rows->version.number : 1));
	if (en)
		tk_out_text(w->o, rows->form.title_en);
	if (blanks)
		tk_out_text(w->o, "no");
	put_extra(w, x, rows->version.settings);
}

enum tk_rc tk_xlsform_write(struct tk_arena *a, const struct tk_form_rows *rows, tk_out_fn fn,
			    void *ctx, struct tk_err *e)
{
	struct tk_out_opt opt = { .format = TK_OUT_XLSX, .title = rows->form.title_ja };
	struct writing *w = tk_alloc(a, sizeof(*w));
	enum tk_rc rc;

	*w = (struct writing){ .a = a, .rows = rows, .e = e };
	rc = tk_out_open(&w->o, &opt, fn, ctx, e);
	if (rc != TK_OK)
		return rc;
	write_survey(w);
	write_choices(w);
	write_settings(w);
	rc = tk_out_close(w->o, e);
	tk_out_free(w->o);
	return rc;
}
