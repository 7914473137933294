/* form_rule.c - compiling what a row says besides its condition: calculation, constraint, default,
 * when it is required, which choices it offers; and what its texts name. */
#include <cjson/cJSON.h>
#include <string.h>
#include "base/text.h"
#include "form/form_in.h"

/* -- filters of choices ------------------------------------------------------------------------ */
static const cJSON *extra_of(struct tk_compile *c, size_t choice)
{
	const char *text = c->rows->choice[choice].extra;
	struct tk_err quiet = { 0 };
	cJSON *o = NULL;

	if (!text)
		return NULL;
	if (!c->extra)
		c->extra = tk_alloc_n(c->a, c->rows->nchoice, sizeof(struct cJSON *));
	if (!c->extra[choice] && tk_json_parse(c->a, text, strlen(text), &o, &quiet) == TK_OK)
		c->extra[choice] = o;
	return c->extra[choice];
}

/* NULL: the choice has nothing in that column. */
static const char *cell_of(struct tk_compile *c, size_t choice, const char *column)
{
	const struct choice *ch = &c->rows->choice[choice];
	const cJSON *v;

	if (!strcmp(column, "name"))
		return ch->code;
	if (!strcmp(column, "label"))
		return ch->label_ja;
	if (!strcmp(column, "list_name"))
		return ch->list;
	v = cJSON_GetObjectItemCaseSensitive(extra_of(c, choice), column);
	return cJSON_IsString(v) ? v->valuestring : NULL;
}

/* The options anew, each with its cells of these columns. */
static enum tk_rc with_cells(struct tk_compile *c, struct tk_item *it)
{
	struct tk_option *o = tk_alloc_n(c->a, it->noption + 1, sizeof(*o));
	unsigned k = 0;

	for (size_t i = 0; i < c->rows->nchoice && k < it->noption; i++) {
		const char **cell;

		if (strcmp(c->rows->choice[i].list, it->list) != 0)
			continue;
		cell = tk_alloc_n(c->a, it->ncolumn + 1, sizeof(*cell));
		for (unsigned n = 0; n < it->ncolumn; n++)
			cell[n] = cell_of(c, i, it->column[n]);
		o[k] = it->option[k];
		o[k++].cell = cell;
	}
	it->option = o;
	for (unsigned n = 0; n < it->ncolumn; n++) {
		bool any = false;

		for (k = 0; k < it->noption && !any; k++)
			any = o[k].cell[n] != NULL;
		if (!any)
			return tk_fail(c->e, TK_EINVAL, NULL,
				       N_("Item %s: no choice of the list \"%s\" has anything in a "
					  "column \"%.60s\". A question is written ${%.60s}, a "
					  "text '%.60s'."),
				       it->code, it->list, it->column[n], it->column[n],
				       it->column[n]);
	}
	return TK_OK;
}

static enum tk_rc filter(struct tk_compile *c, const struct form_item *row, struct tk_item *it)
{
	const char *const *name, **column;
	struct tk_expr *x = NULL;
	size_t n;
	enum tk_rc rc;

	if (tk_is_blank(row->choice_filter) || !it->noption || !it->list)
		return TK_OK;
	if ((rc = tk_expr_parse_filter(c->a, row->choice_filter, &x, c->e)) != TK_OK)
		return rc;
	if (tk_expr_uses_self(x))
		return tk_fail(c->e, TK_EINVAL, NULL,
			       N_("A filter of choices cannot use \".\". Name a column of the "
				  "choices, such as name, or an item, such as ${c01}."));
	name = tk_expr_names(x, &n);
	it->column = column = tk_alloc_n(c->a, n + 1, sizeof(*column));
	for (size_t i = 0; i < n; i++)
		if (*name[i] == ':')
			column[it->ncolumn++] = name[i] + 1;
	it->filter = x;
	return with_cells(c, it);
}

/* -- the rules of a row ------------------------------------------------------------------------ */
static enum tk_rc begins_with(struct tk_compile *c, const struct form_item *row, struct tk_item *it)
{
	if (tk_is_blank(row->default_value) || !tk_form_is_dynamic(row->default_value))
		return TK_OK;
	return tk_compile_condition(c, row->default_value, &it->initial);
}

/* A calculation is found out and so never has to be answered. */
static enum tk_rc calculated(struct tk_compile *c, const struct form_item *row, struct tk_item *it)
{
	if (!it->silent)
		return TK_OK;
	if (!strcmp(row->kind, "calculate") && tk_is_blank(row->calculation))
		return tk_fail(c->e, TK_EINVAL, NULL,
			       N_("Item %s: write what is to be calculated."), row->code);
	return tk_compile_condition(c, row->calculation, &it->calculation);
}

static enum tk_rc constrained(struct tk_compile *c, const struct form_item *row, struct tk_item *it)
{
	return it->silent || tk_is_blank(row->constraint_expr)
		       ? TK_OK
		       : tk_expr_parse(c->a, row->constraint_expr, &it->constraint, c->e);
}

static enum tk_rc needed(struct tk_compile *c, const struct form_item *row, struct tk_item *it)
{
	return it->silent ? TK_OK : tk_compile_condition(c, row->required_expr, &it->required_if);
}

/* key=value between blanks, commas or semicolons; only the keys that the type knows. */
static enum tk_rc parameters(struct tk_compile *c, const struct form_item *row, struct tk_item *it)
{
	const char *known = it->option && it->list ? "randomize seed"
			    : !strcmp(row->kind, "text") ? "rows"
							 : NULL;
	const char *p = row->parameters ? row->parameters : "";

	for (p += strspn(p, " ,;"); *p; p += strspn(p, " ,;")) {
		size_t n = strcspn(p, " ,;"), key = strcspn(p, "= ,;");
		char *name = tk_strndup(c->a, p, key);

		if (p[key] != '=' || key == 0 || n < key + 2)
			return tk_fail(c->e, TK_EINVAL, NULL,
				       N_("Item %s: parameters are written key=value, such as "
					  "rows=5, not \"%.60s\"."),
				       row->code, p);
		if (known && !tk_has_word(known, name))
			return tk_fail(c->e, TK_EINVAL, NULL,
				       N_("Item %s: the parameter \"%.40s\" is not known here. "
					  "Known are: %s."),
				       row->code, name, known);
		p += n;
	}
	return TK_OK;
}

enum tk_rc tk_compile_rules(struct tk_compile *c, const struct form_item *row, struct tk_item *it)
{
	static const struct {
		const char *column;
		enum tk_rc (*run)(struct tk_compile *c, const struct form_item *row,
				  struct tk_item *it);
	} rule[] = {
		{ "calculation", calculated }, { "constraint", constrained },
		{ "required", needed },        { "default", begins_with },
		{ "choice_filter", filter },   { "parameters", parameters },
	};
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < TK_LEN(rule) && rc == TK_OK; i++) {
		c->column = rule[i].column;
		if (rule[i].run(c, row, it) != TK_OK)
			rc = tk_compile_fault(c, row->code);
	}
	c->column = NULL;
	return rc;
}

/* -- names ------------------------------------------------------------------------------------- */
/* Slots: the answers, then those of the time before. */
static int slot_of(void *ctx, const char *name)
{
	struct tk_form *f = ctx;
	bool last = !strncmp(name, TK_EXPR_LAST, strlen(TK_EXPR_LAST));
	int i = tk_form_item_index(f, last ? name + strlen(TK_EXPR_LAST) : name);

	if (*name == ':') /* a column of the choices, looked at already */
		return 0;
	f->last = f->last || (last && i >= 0);
	return i >= 0 && last ? i + (int)f->nitem : i;
}

static enum tk_rc bind(struct tk_compile *c, struct tk_expr *x, const char *code,
		       const char *column)
{
	if (!x || tk_expr_resolve(x, slot_of, c->f, c->e) == TK_OK)
		return TK_OK;
	c->column = column;
	return tk_compile_fault(c, code);
}

/* ${name} in a text that people read. */
static enum tk_rc names_in_text(struct tk_compile *c, const char *s, const char *code,
				const char *column)
{
	enum tk_rc rc = TK_OK;

	for (s = s ? strstr(s, "${") : NULL; s && rc == TK_OK; s = strstr(s + 2, "${")) {
		size_t n = strcspn(s + 2, "}");
		char *name = tk_squeeze(c->a, tk_strndup(c->a, s + 2, n));

		if (s[2 + n] && slot_of(c->f, name) >= 0 && *name != ':')
			continue;
		(void)!tk_fail(c->e, TK_EINVAL, NULL,
			       N_("%s: the text names ${%.60s}, but there is no such question."),
			       code, name);
		c->column = column;
		rc = tk_compile_fault(c, code);
	}
	return rc;
}

static enum tk_rc texts(struct tk_compile *c, const struct form_item *row)
{
	const struct {
		const char *column, *text;
	} t[] = {
		{ "label", row->label_ja },
		{ "label", row->label_en },
		{ "hint", row->hint_ja },
		{ "hint", row->hint_en },
		{ "guidance_hint", row->guidance_ja },
		{ "guidance_hint", row->guidance_en },
		{ "constraint_message", row->constraint_ja },
		{ "constraint_message", row->constraint_en },
		{ "required_message", row->required_ja },
		{ "required_message", row->required_en },
	};
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < TK_LEN(t) && rc == TK_OK; i++)
		rc = names_in_text(c, t[i].text, row->code, t[i].column);
	return rc;
}

/* Conditions may name any item of the form, later ones too. */
enum tk_rc tk_compile_resolve(struct tk_compile *c)
{
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < c->f->nitem; i++) {
		const struct tk_item *it = &c->item[i];

		if ((rc = bind(c, it->relevant, it->code, "relevant")) != TK_OK ||
		    (rc = bind(c, it->constraint, it->code, "constraint")) != TK_OK ||
		    (rc = bind(c, it->calculation, it->code, "calculation")) != TK_OK ||
		    (rc = bind(c, it->required_if, it->code, "required")) != TK_OK ||
		    (rc = bind(c, it->initial, it->code, "default")) != TK_OK ||
		    (rc = bind(c, it->filter, it->code, "choice_filter")) != TK_OK)
			return rc;
	}
	for (size_t i = 0; i < c->f->ngroup; i++)
		if ((rc = bind(c, c->group[i].relevant, c->group[i].code, "relevant")) != TK_OK)
			return rc;
	for (size_t i = 0; i < c->f->nnote; i++)
		if ((rc = bind(c, c->note[i].relevant, c->note[i].code, "relevant")) != TK_OK)
			return rc;
	for (size_t i = 0; i < c->rows->nitem && rc == TK_OK; i++)
		rc = texts(c, &c->rows->item[i]);
	return rc;
}

/* -- grids ------------------------------------------------------------------------------------- */
enum tk_rc tk_compile_grids(struct tk_compile *c)
{
	for (size_t g = 0; g < c->f->ngroup; g++) {
		const struct tk_item *first = NULL;

		if (!tk_has_word(c->group[g].appearance, "table-list"))
			continue;
		for (size_t i = 0; i < c->f->nitem; i++) {
			const struct tk_item *it = &c->item[i];
			bool choice = it->group == (int)g && it->list && !it->rank;
			bool wrong = choice && first && strcmp(first->list, it->list) != 0;

			if (choice && !first)
				first = it;
			if (!wrong && !(choice && it->filter))
				continue;
			(void)!tk_fail(c->e, TK_EINVAL, NULL,
				       wrong ? N_("Item %s: all questions of the grid \"%s\" must "
						  "have the same list of choices.")
					     : N_("Item %s: in the grid \"%s\" choices cannot be "
						  "filtered."),
				       it->code, c->group[g].code);
			c->column = wrong ? "type" : "choice_filter";
			if (tk_compile_fault(c, it->code) != TK_OK)
				return TK_EINVAL;
		}
	}
	return TK_OK;
}
