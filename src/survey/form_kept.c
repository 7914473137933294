/* form_kept.c - what a workbook can say and Tenken keeps without being able to run it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "base/hash.h"
#include "base/text.h"
#include "survey/form_in.h"

bool tk_form_is_section(const struct form_item *row)
{
	return !strcmp(row->kind, "group") || !strcmp(row->kind, "repeat");
}

bool tk_form_is_asked(const struct form_item *row)
{
	return !tk_form_is_section(row) && strcmp(row->kind, "note") != 0 &&
	       strcmp(row->kind, "meta") != 0 && strcmp(row->kind, "other") != 0;
}

/* A default that is an expression and no plain value (pyxform: any operator, function or ${}). */
static bool is_dynamic(const char *s)
{
	return strstr(s, "${") || strchr(s, '(');
}

static bool fault_of_kind(const struct form_item *row, struct tk_err *e)
{
	if (!strcmp(row->kind, "repeat"))
		return tk_fail(e, TK_EINVAL, NULL,
			       N_("%s: repeated sections cannot be run. Ask once for each, or for "
				  "a number."),
			       row->code) != TK_OK;
	if (strcmp(row->kind, "other") != 0)
		return false;
	if (tk_is_blank(row->xls_type))
		return tk_fail(e, TK_EINVAL, NULL, N_("%s: the row has no type."), row->code) !=
		       TK_OK;
	return tk_fail(e, TK_EINVAL, NULL, N_("%s: the type \"%.60s\" cannot be run."), row->code,
		       row->xls_type) != TK_OK;
}

/* Cells that would change how the questionnaire runs, and cannot. */
static bool fault_of_cell(const struct form_item *row, size_t at, struct tk_err *e,
			  const char **column)
{
	const struct { const char *column; bool is;
	} cell[] = {
		{ "choice_filter", !tk_is_blank(row->choice_filter) },
		{ "trigger", !tk_is_blank(row->trigger_on) },
		{ "default", !tk_is_blank(row->default_value) && is_dynamic(row->default_value) },
		{ "calculation",
		  !tk_is_blank(row->calculation) && strcmp(row->kind, "calculate") != 0 },
		{ "constraint",
		  !tk_is_blank(row->constraint_expr) &&
			  (!tk_form_is_asked(row) || !strcmp(row->kind, "calculate")) },
	};
	static const char *const text[] = {
		N_("a filter of choices cannot be run. Ask a question for each list, with "
		   "conditions."),
		N_("a trigger cannot be run."),
		N_("an answer to begin with must be a plain value. Use a row of type calculate for "
		   "an expression."),
		N_("a calculation can only stand in a row of type calculate."),
		N_("a constraint can only stand at a question."),
	};

	_Static_assert(TK_LEN(cell) == TK_LEN(text), "a text for each cell");
	for (size_t i = 0; i < TK_LEN(cell); i++) {
		if (!cell[i].is || at-- > 0)
			continue;
		*column = cell[i].column;
		return tk_fail(e, TK_EINVAL, NULL, "%s: %s", row->code, tk_tr(e->lang, text[i])) !=
		       TK_OK;
	}
	return false;
}

/* One line of `problem`: column, TAB, text. */
static bool fault_of_file(const struct form_item *row, size_t at, struct tk_err *e,
			  const char **column)
{
	static const char *const known[] = {
		"type",
		"name",
		"label",
		"hint",
		"required",
		"relevant",
		"constraint",
		"calculation",
		"default",
		"appearance",
		"parameters",
		"choice_filter",
		"media",
		"required_message",
		"constraint_message",
		"audience",
		"clause",
		NULL,
	};
	const char *s = row->problem ? row->problem : "", *tab;
	int n;

	for (; *s && at > 0; at--)
		s += strcspn(s, "\n") + (s[strcspn(s, "\n")] == '\n');
	tab = strchr(s, '\t');
	if (!*s || !tab)
		return false;
	n = (int)strcspn(tab + 1, "\n");
	*column = NULL;
	for (size_t i = 0; known[i]; i++)
		if (strlen(known[i]) == (size_t)(tab - s) &&
		    !memcmp(known[i], s, (size_t)(tab - s)))
			*column = known[i];
	return tk_fail(e, TK_EINVAL, NULL, "%.*s", n, tab + 1) != TK_OK;
}

bool tk_form_row_fault(const struct form_item *row, size_t at, struct tk_err *e,
		       const char **column)
{
	size_t n = 0;
	struct tk_err quiet = { 0 };
	const char *c;

	if (at == 0 && fault_of_kind(row, e)) {
		*column = "type";
		return true;
	}
	at -= fault_of_kind(row, &quiet);
	if (fault_of_cell(row, at, e, column))
		return true;
	while (fault_of_cell(row, n, &quiet, &c))
		n++;
	return fault_of_file(row, at - n, e, column);
}

static void add(struct tk_hasher *h, const char *name, const char *s)
{
	tk_hasher_add(h, name, strlen(name) + 1);
	tk_hasher_add(h, s, strlen(s) + 1);
}

/* By name and only where there is something, so that rows without have the digest they always had.
 * Where a row stood and what was wrong with the file is no content. */
void tk_form_digest_kept(struct tk_hasher *h, const struct tk_rtype *t, const void *rec)
{
	int first = tk_field_index(t, t == &tk_choice_type ? "extra" : "constraint_expr");

	for (size_t i = (size_t)first; i < t->nfield; i++) {
		struct tk_value v = tk_get(t, rec, i);

		if (v.type == TK_V_TEXT && v.s && *v.s && strcmp(t->field[i].name, "problem") != 0)
			add(h, t->field[i].name, v.s);
	}
}
