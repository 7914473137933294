/* form_kept.c - what a workbook can say and Tenken keeps without being able to run it. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "base/hash.h"
#include "base/text.h"
#include "form/form_in.h"

bool tk_form_is_section(const struct form_item *row)
{
	return !strcmp(row->kind, "group") || !strcmp(row->kind, "repeat");
}

/* XLSForm writes a grid by hand as a select with the appearance "label", which is only the line of
 * its headings, and selects with "list-nolabel". */
bool tk_form_is_header(const struct form_item *row)
{
	return (!strcmp(row->kind, "single") || !strcmp(row->kind, "multi")) &&
	       tk_has_word(row->appearance, "label");
}

bool tk_form_is_asked(const struct form_item *row)
{
	return !tk_form_is_section(row) && strcmp(row->kind, "note") != 0 &&
	       strcmp(row->kind, "meta") != 0 && strcmp(row->kind, "other") != 0 &&
	       !tk_form_is_header(row);
}

/* As pyxform decides it: a question named, a function called, or numbers reckoned with. */
bool tk_form_is_dynamic(const char *s)
{
	bool sum = strspn(s, "0123456789.+-*() ") == strlen(s);

	if (strstr(s, "${"))
		return true;
	for (const char *p = strchr(s, '('); p; p = strchr(p + 1, '('))
		if (p > s && (isalnum((unsigned char)p[-1]) || p[-1] == '-'))
			return true;
	return sum && (strstr(s, " + ") || strstr(s, " - ") || strchr(s, '*'));
}

static bool takes_choices(const struct form_item *row)
{
	return !strcmp(row->kind, "single") || !strcmp(row->kind, "multi") ||
	       !strcmp(row->kind, "rank");
}

/* What to do in place of a type that cannot be run. */
static const char *instead(const char *type)
{
	static const struct { const char *begin, *text;
	} t[] = {
		{ "select_one_from_file", N_("Put the choices on the sheet choices.") },
		{ "select_multiple_from_file", N_("Put the choices on the sheet choices.") },
		{ "select_one_external", N_("Put the choices on the sheet choices.") },
		{ "select", N_("Write select_one LIST or select_multiple LIST, with a list of the "
			       "sheet choices.") },
		{ "datetime", N_("Ask for a date and for a time in two questions.") },
		{ "date time", N_("Ask for a date and for a time in two questions.") },
		{ "image", N_("Write yes in the column evidence of a question: a file can then be "
			      "added to its answer.") },
		{ "photo", N_("Write yes in the column evidence of a question: a file can then be "
			      "added to its answer.") },
		{ "file", N_("Write yes in the column evidence of a question: a file can then be "
			     "added to its answer.") },
		{ "audio", N_("Write yes in the column evidence of a question: a file can then be "
			      "added to its answer.") },
		{ "video", N_("Write yes in the column evidence of a question: a file can then be "
			      "added to its answer.") },
		{ "geo", N_("Places cannot be asked; ask for an address as text.") },
		{ "gps", N_("Places cannot be asked; ask for an address as text.") },
		{ "location", N_("Places cannot be asked; ask for an address as text.") },
		{ "barcode", N_("Ask for it as text.") },
		{ "end", N_("Remove the row, or begin the section that it ends.") },
	};

	for (size_t i = 0; i < TK_LEN(t); i++)
		if (!strncasecmp(type, t[i].begin, strlen(t[i].begin)))
			return t[i].text;
	return N_("Types that can be run: text, integer, decimal, date, time, note, select_one, "
		  "select_multiple, rank, range, percentage, acknowledge, calculate, hidden, "
		  "begin_group.");
}

static bool fault_of_kind(const struct form_item *row, struct tk_err *e)
{
	if (!strcmp(row->kind, "repeat"))
		return tk_fail(e, TK_EINVAL, NULL,
			       N_("%s: repeated sections cannot be run. Write the section once for "
				  "each (such as site_1, site_2) with a condition on how many "
				  "there are, or ask for a number."),
			       row->code) != TK_OK;
	if (strcmp(row->kind, "other") != 0 ||
	    (row->problem && !strncmp(row->problem, "type\t", 5)))     /* said already */
		return false;
	if (tk_is_blank(row->xls_type))
		return tk_fail(e, TK_EINVAL, NULL, N_("%s: the row has no type."), row->code) !=
		       TK_OK;
	return tk_fail(e, TK_EINVAL, NULL, N_("%s: the type \"%.60s\" cannot be run. %s"),
		       row->code, row->xls_type, tk_tr(e->lang, instead(row->xls_type))) != TK_OK;
}

/* Cells that would change how the questionnaire runs, and cannot. */
static bool fault_of_cell(const struct form_item *row, size_t at, struct tk_err *e,
			  const char **column)
{
	bool silent = !strcmp(row->kind, "calculate") || !strcmp(row->kind, "hidden");
	const struct { const char *column; bool is;
	} cell[] = {
		{ "choice_filter", !tk_is_blank(row->choice_filter) && !takes_choices(row) },
		{ "trigger", !tk_is_blank(row->trigger_on) },
		{ "calculation", !tk_is_blank(row->calculation) && !silent },
		{ "constraint",
		  !tk_is_blank(row->constraint_expr) && (!tk_form_is_asked(row) || silent) },
	};
	static const char *const text[] = {
		N_("a filter of choices can only stand at a question with choices."),
		N_("a trigger cannot be run. A calculation is always found out again when an "
		   "answer that it names changes."),
		N_("a calculation can only stand in a row of type calculate. A note with ${...} "
		   "shows its result."),
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
		"read_only",
		"guidance_hint",
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
