/* xlsform_survey.c - the sheet survey. */
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "base/text.h"
#include "form/xlsform_in.h"

static bool flag(struct tk_xls_reading *r, const struct tk_row *row, const char *column)
{
	const char *s = tk_xls_cell(&r->head, r->a, row, column);

	if (!tk_xls_yes(s) && !tk_xls_no(s))
		TK_XLS_PROBLEM(r, column, N_("Column %s: \"%.60s\" is neither yes nor no."), column,
			       s);
	return tk_xls_yes(s);
}

static void limit(struct tk_xls_reading *r, struct form_item *it, const char *field,
		  const char *column, const char *s)
{
	int64_t v;

	if (!s || !*s)
		return;
	if (tk_parse_int(s, &v) && v >= -1000000000000 && v <= 1000000000000)
		tk_set_by(&tk_form_item_type, it, field, TK_I(v));
	else
		TK_XLS_PROBLEM(r, column,
			       N_("Column %s: the limit \"%.40s\" must be a whole number."), column,
			       s);
}

static void limits(struct tk_xls_reading *r, const struct tk_row *row, struct form_item *it,
		   const char *type, int max)
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
			TK_XLS_PROBLEM(r, "parameters", N_("A range can only go in steps of 1."));
	} else if (max) {
		from = "0";
		to = tk_sprintf(r->a, "%d", max);
	}
	limit(r, it, "min_value", "parameters", from);
	limit(r, it, "max_value", "parameters", to);
}

/* Texts, as they stand under their headings. */
static void cells(struct tk_xls_reading *r, const struct tk_row *row, struct form_item *it)
{
	static const char *const code[] = {
		"relevant",      "constraint_expr", "calculation",
		"default_value", "choice_filter",   "parameters",
		"repeat_count",  "required_expr",   NULL,
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
		tk_xls_put(r, &tk_form_item_type, it, c->field, c->name, s);
	}
}

/* Every row has a text to be known by. */
static void labels(struct tk_xls_reading *r, struct form_item *it)
{
	const char *any = !tk_is_blank(it->label_en) ? it->label_en : it->code;

	if (tk_is_blank(it->label_ja))
		tk_set_by(&tk_form_item_type, it, "label_ja", TK_S(tk_strdup(r->a, any)));
}

static void extras(struct tk_xls_reading *r, const struct tk_row *row, struct form_item *it)
{
	tk_xls_put(r, &tk_form_item_type, it, "extra", "extra", tk_xls_extra(&r->head, r->a, row));
	if (!it->extra)
		return;
	for (size_t i = 0; i < r->head.n; i++) {
		const struct tk_xls_column *c = &r->head.col[i];
		bool media = !strncasecmp(c->raw, "media", 5) || !strncasecmp(c->raw, "image", 5) ||
			     !strncasecmp(c->raw, "audio", 5) || !strncasecmp(c->raw, "video", 5) ||
			     !strncasecmp(c->raw, "big-image", 9);

		if (!c->name && media && !tk_is_blank(tk_row_text(row, i)))
			TK_XLS_PROBLEM(r, "media",
				       N_("Pictures, sounds and films cannot be shown."));
	}
}

static const char *name_of(struct tk_xls_reading *r, const struct tk_row *row, const char *kind,
			   const char *type)
{
	const char *name = tk_xls_cell(&r->head, r->a, row, "name");

	if (!strcmp(name, "meta"))
		TK_XLS_PROBLEM(r, "name",
			       N_("The name \"meta\" is reserved for programs; choose another."));
	if (*name)
		return name;
	if (!strcmp(kind, "note"))
		return tk_sprintf(r->a, "generated_note_name_%u", row->number);
	if (!strcmp(kind, "meta"))
		return tk_xls_as_code(r, type, false);
	if (strcmp(kind, "end") != 0)
		TK_XLS_PROBLEM(r, "name", N_("The row has no name."));
	return tk_sprintf(r->a, "row_%u", row->number);
}

/* -- one row */
static struct form_item *new_item(struct tk_xls_reading *r, const char *kind, const char *code,
				  const char *type)
{
	static const char *const flags[] = { "required", "not_applicable", "dont_know",
					     "evidence" };
	struct form_item *it = tk_xls_more(r, &r->item);
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
		tk_xls_put(r, &tk_form_item_type, it, "xls_type", "type", type);
	return it;
}

/* or_other: one more choice, and a question for what it is. */
static void other(struct tk_xls_reading *r, const char *code, const char *list)
{
	struct form_item *it;
	struct choice *c;

	if (tk_xls_take(r->a, &r->choice_code, tk_sprintf(r->a, "%s other", list))) {
		c = tk_xls_more(r, &r->choice);
		tk_set_by(&tk_choice_type, c, "list", TK_S(list));
		tk_set_by(&tk_choice_type, c, "code", TK_S("other"));
		tk_set_by(&tk_choice_type, c, "label_ja", TK_S("その他"));
		tk_set_by(&tk_choice_type, c, "label_en", TK_S("Other"));
		tk_set_by(&tk_choice_type, c, "sort", TK_I((int64_t)r->choice.n * 10));
	}
	it = new_item(r, "text",
		      tk_xls_free_code(r, &r->item_code, "",
				       tk_utf8_head(r->a, tk_sprintf(r->a, "%s_other", code), 60)),
		      NULL);
	tk_set_by(&tk_form_item_type, it, "label_ja", TK_S("その他の内容"));
	tk_set_by(&tk_form_item_type, it, "label_en", TK_S("Specify other."));
	tk_set_by(&tk_form_item_type, it, "relevant",
		  TK_S(tk_sprintf(r->a, "selected(${%s}, 'other')", code)));
}

static void keep_problem(struct tk_xls_reading *r, struct form_item *it)
{
	if (r->problem)
		tk_set_by(&tk_form_item_type, it, "problem", TK_S(r->problem));
	r->problem = NULL;
}

/* Yes, no, or when. */
static void required(struct tk_xls_reading *r, const struct tk_row *row, struct form_item *it)
{
	const char *s = tk_xls_cell(&r->head, r->a, row, "required");

	tk_set_by(&tk_form_item_type, it, "required", TK_I(tk_xls_yes(s)));
	if (!tk_xls_yes(s) && !tk_xls_no(s))
		tk_xls_put(r, &tk_form_item_type, it, "required_expr", "required",
			   tk_xls_plain_quotes(r->a, s));
}

/* A cell that would change how the question is asked, and cannot. */
static void read_only(struct tk_xls_reading *r, const struct tk_row *row, const char *kind)
{
	const char *s = tk_xls_cell(&r->head, r->a, row, "read_only");

	if (!tk_xls_no(s) && strcmp(kind, "note") != 0 && strcmp(kind, "calculate") != 0 &&
	    strcmp(kind, "hidden") != 0)
		TK_XLS_PROBLEM(r, "read_only",
			       N_("A question that cannot be changed is not asked here. Write a "
				  "row of type calculate, and a note with ${...} to show it."));
}

static int what_of(struct tk_xls_reading *r, const char *type)
{
	const char *s = tk_fold(r->a, type);

	return strstr(s, "group")    ? TK_XLS_GROUP
	       : strstr(s, "matrix") ? TK_XLS_MATRIX
				     : TK_XLS_REPEAT;
}

/* A matrix that cannot be taken apart: its rows stay as they stand in the file, the beginning (and
 * the end, if any) as rows that are named, so that it goes out again as it came in. */
static void give_up(struct tk_xls_reading *r, const struct tk_xls_open *open)
{
	const struct tk_rtype *t = &tk_form_item_type;
	struct form_item *all = (void *)r->item.p, *begin = &all[open->item];

	tk_set_by(t, begin, "kind", TK_S("other"));
	tk_set_by(t, begin, "xls_type", TK_S(open->type));
	for (size_t i = open->item + 1; i < r->item.n; i++)
		if (all[i].group_code && !strcmp(all[i].group_code, begin->code))
			tk_set_by(t, &all[i], "group_code", TK_S(begin->group_code));
	if (begin->problem)
		r->problem = tk_sprintf(r->a, "%s%s", begin->problem, r->problem);
	keep_problem(r, begin);
}

static void no_list(struct tk_xls_reading *r)
{
	TK_XLS_PROBLEM(r, "type",
		       N_("The list in the column kobo--matrix_list is empty or missing."));
}

/* The end of a group; one that ends nothing is kept as a row to be named. */
static void end_row(struct tk_xls_reading *r, const struct tk_row *row, const char *type)
{
	struct tk_xls_open open = r->depth ? r->open[r->depth - 1] : (struct tk_xls_open){ 0 };
	struct form_item *it;

	/* a matrix holds no sections: whatever ends here, it was not ended as one */
	while (r->depth && open.what == TK_XLS_MATRIX && what_of(r, type) != TK_XLS_MATRIX) {
		TK_XLS_PROBLEM(r, "type", N_("This section is not ended."));
		give_up(r, &open);
		open = --r->depth ? r->open[r->depth - 1] : (struct tk_xls_open){ 0 };
	}
	if (r->depth && (int)open.what == what_of(r, type)) {
		r->depth--;
		if (open.what != TK_XLS_MATRIX || tk_xls_matrix(r, open.item))
			return;
		no_list(r);
		give_up(r, &open);
		no_list(r);
	} else if (r->depth) {
		const struct form_item *all = (const void *)r->item.p;

		TK_XLS_PROBLEM(r, "type",
			       N_("\"%.40s\" does not end what is open here: \"%.60s\", begun in "
				  "row %d."),
			       type, all[open.item].code, (int)all[open.item].sheet_row);
	} else {
		TK_XLS_PROBLEM(r, "type", N_("\"%.40s\" ends nothing that is open here."), type);
	}
	it = new_item(r, "other",
		      tk_xls_free_code(r, &r->item_code, "", name_of(r, row, "end", type)), type);
	labels(r, it);
	keep_problem(r, it);
}

static void begin(struct tk_xls_reading *r, size_t item, const char *type)
{
	if (r->depth == TK_XLS_DEPTH) {
		TK_XLS_PROBLEM(r, "type", N_("Sections can stand %d deep at most."),
			       (int)TK_XLS_DEPTH);
		return;
	}
	r->open[r->depth].item = item;
	r->open[r->depth].type = type;
	switch (what_of(r, type)) {
	case TK_XLS_GROUP:
		r->open[r->depth++].what = TK_XLS_GROUP;
		break;
	case TK_XLS_MATRIX:
		r->open[r->depth++].what = TK_XLS_MATRIX;
		break;
	default:
		r->open[r->depth++].what = TK_XLS_REPEAT;
	}
}

/* Programs that read names without case cannot tell these apart. */
static void look_alike(struct tk_xls_reading *r, const char *code)
{
	char *lower = tk_strdup(r->a, code);

	for (char *p = lower; *p; p++)
		*p = *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
	if (!tk_xls_take(r->a, &r->folded, lower))
		TK_XLS_WARN(r, "survey", r->row, "name",
			    N_("The name %.60s differs from another one only in capital letters."),
			    code);
}

void tk_xls_survey_row(struct tk_xls_reading *r, const struct tk_row *row)
{
	const char *type = tk_squeeze(r->a,
				      tk_narrow(r->a, tk_xls_cell(&r->head, r->a, row, "type"))),
		   *code;
	struct tk_xls_type t = tk_xls_type_of(r->a, type);
	struct form_item *it;
	bool section = !strcmp(t.kind, "group") || !strcmp(t.kind, "repeat");

	r->row = row->number;
	if (tk_xls_yes(tk_xls_cell(&r->head, r->a, row, "disabled")))
		return;
	if (!strcmp(t.kind, "end")) {
		end_row(r, row, type);
		return;
	}
	code = tk_xls_code_for(r, &r->item_code, NULL, name_of(r, row, t.kind, type), false);
	look_alike(r, code);
	it = new_item(r, t.kind, code, type);
	cells(r, row, it);
	tk_xls_put(r, &tk_form_item_type, it, "list", "type",
		   t.list ? tk_xls_as_code(r, t.list, true) : NULL);
	required(r, row, it);
	read_only(r, row, t.kind);
	tk_set_by(&tk_form_item_type, it, "not_applicable", TK_I(flag(r, row, "not_applicable")));
	tk_set_by(&tk_form_item_type, it, "dont_know", TK_I(flag(r, row, "dont_know")));
	tk_set_by(&tk_form_item_type, it, "evidence", TK_I(flag(r, row, "evidence")));
	limits(r, row, it, type, t.max);
	extras(r, row, it);
	labels(r, it);
	if (section)
		begin(r, r->item.n - 1, type);
	keep_problem(r, it);
	if (t.other)
		other(r, code, it->list);
}

/* At the end of the sheet: sections that are still open. */
void tk_xls_survey_end(struct tk_xls_reading *r)
{
	for (; r->depth; r->depth--) {
		const struct tk_xls_open *open = &r->open[r->depth - 1];
		struct form_item *it = (struct form_item *)(void *)r->item.p + open->item;

		r->problem = it->problem;
		TK_XLS_PROBLEM(r, "type", N_("This section is not ended."));
		if (open->what == TK_XLS_MATRIX)
			give_up(r, open);
		else
			keep_problem(r, it);
	}
}
