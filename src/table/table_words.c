/* table_words.c - the base of a figure as a sentence, made from its condition (SRV-04).
 *
 * A condition becomes a clause about respondents: 「…」に「…」と答えた先, "institutions that
 * answered ... to ...".  What has no clause of its own is printed as it is written. */
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "expr/expr_print.h"
#include "expr/expr_tree.h"
#include "form/form_in.h"
#include "org/institution.h"
#include "table/table_figure.h"

enum { WORDS = 8192 };
struct words {
	struct tk_survey_job *s;
	const struct tk_expr *x;
	struct tk_buf *b;
	enum tk_lang lang;
};

static void say(struct words *w, const struct tk_xnode *n, bool in_and);
#define SAY(w, ...) tk_buf_str((w)->b, tk_say((w)->s->op->mem, (w)->lang, __VA_ARGS__))

/* A question's text as a name: one line, without its full stop. */
static const char *question(const struct words *w, const struct tk_item *it)
{
	char *s = tk_squeeze(w->s->op->mem, tk_in(w->lang, it->label_ja, it->label_en));
	size_t n = strlen(s);

	if (n >= 3 && !memcmp(s + n - 3, "。", 3))
		s[n - 3] = 0;
	else if (n && s[n - 1] == '.')
		s[n - 1] = 0;
	return s;
}

static const struct tk_item *item_of(const struct words *w, const struct tk_xnode *var)
{
	int i = tk_form_item_index(w->s->l->form, w->x->name[var->name]);

	return i < 0 ? NULL : &w->s->l->form->item[i];
}

static const char *literal(const struct words *w, const struct tk_xnode *n)
{
	return n->kind == TK_X_STR || n->kind == TK_X_NUM ? tk_xval_str(w->s->op->mem, n->val)
							  : NULL;
}

static const char *choice(const struct words *w, const struct tk_item *it, const char *code)
{
	int o = tk_item_option(it, code);

	if (o >= 0)
		return tk_in(w->lang, it->option[o].label_ja, it->option[o].label_en);
	if (!strcmp(code, "na"))
		return tk_tr(w->lang, N_("Not applicable"));
	return !strcmp(code, "dk") ? tk_tr(w->lang, N_("Don't know")) : code;
}

/* The condition itself. */
static void as_written(struct words *w, const struct tk_xnode *n)
{
	struct tk_buf text = TK_BUF(WORDS);
	struct tk_expr x = *w->x;
	struct tk_err e = {.lang = w->lang};
	union {
		const struct tk_xnode *c;
		struct tk_xnode *u;
	} root = {.c = n}; /* only read */

	x.root = root.u;
	if (tk_expr_print(&x, TK_XP_XLSFORM, TK_XV_BOOL, NULL, &text, &e) == TK_OK)
		SAY(w, N_("meet the condition %s"), tk_buf_cstr(&text));
	tk_buf_drop(&text);
}

/* -- clauses ----------------------------------------------------------------------------------- */
/* What a respondent is: sector, prefecture, attribute ... */
static bool of_person(struct words *w, const char *name, const char *value, bool is)
{
	const struct tk_live *l = w->s->l;
	const char *shown = NULL;

	if (!strcmp(name, "prefecture"))
		shown = tk_prefecture_name(w->lang, value);
	for (size_t i = 0; !strcmp(name, "sector") && i < l->nbureau && l->panel; i++)
		if (!strcmp(l->bureau[i].code, value))
			shown = l->bureau[i].label;
	if (!shown && (!strcmp(name, "attribute") || !strcmp(name, "bureau") ||
			      !strcmp(name, "division") || !strcmp(name, "post")))
		shown = value;
	if (!shown)
		return false;
	SAY(w, is ? N_("belong to \"%s\"") : N_("do not belong to \"%s\""), shown);
	return true;
}

static bool equal(struct words *w, const struct tk_xnode *l, const struct tk_xnode *r, bool is)
{
	const struct tk_xnode *var = l->kind == TK_X_VAR ? l : r;
	const char *value = literal(w, l->kind == TK_X_VAR ? r : l);
	const struct tk_item *it;

	if (var->kind != TK_X_VAR || !value)
		return false;
	if (!(it = item_of(w, var)))
		return of_person(w, w->x->name[var->name], value, is);
	if (!*value)
		SAY(w, is ? N_("did not answer \"%s\"") : N_("answered \"%s\""),
			question(w, it));
	else
		SAY(w,
			is ? N_("answered \"%s\" to \"%s\"")
			   : N_("did not answer \"%s\" to \"%s\""),
			choice(w, it, value), question(w, it));
	return true;
}

static bool order(struct words *w, const struct tk_xnode *l, const struct tk_xnode *r)
{
	static const enum tk_xop mirror[] = {[TK_XO_LT] = TK_XO_GT,
		[TK_XO_LE] = TK_XO_GE,
		[TK_XO_GT] = TK_XO_LT,
		[TK_XO_GE] = TK_XO_LE};
	bool swap = l->kind != TK_X_VAR;
	const struct tk_xnode *var = swap ? r : l;
	const char *value = literal(w, swap ? l : r), *q;
	const struct tk_item *it = var->kind == TK_X_VAR ? item_of(w, var) : NULL;
	enum tk_xop op = r->op;

	if (!it || !value || op < TK_XO_LT || op > TK_XO_GE)
		return false;
	op = swap ? mirror[op] : op;
	q = question(w, it);
	if (op == TK_XO_LT)
		SAY(w, N_("gave less than %s to \"%s\""), value, q);
	else if (op == TK_XO_LE)
		SAY(w, N_("gave at most %s to \"%s\""), value, q);
	else if (op == TK_XO_GT)
		SAY(w, N_("gave more than %s to \"%s\""), value, q);
	else
		SAY(w, N_("gave at least %s to \"%s\""), value, q);
	return true;
}

/* selected() over a question, a list of prefectures, or what a respondent is */
static bool selected(struct words *w, const struct tk_xnode *a, const struct tk_xnode *b, bool is)
{
	const struct tk_item *it = a->kind == TK_X_VAR ? item_of(w, a) : NULL;
	const char *value = literal(w, b), *list = literal(w, a);
	size_t n = 0;

	if (it && value) {
		SAY(w,
			is ? N_("chose \"%s\" in \"%s\"")
			   : N_("did not choose \"%s\" in \"%s\""),
			choice(w, it, value), question(w, it));
		return true;
	}
	if (a->kind == TK_X_VAR && value)
		return of_person(w, w->x->name[a->name], value, is);
	if (!list || b->kind != TK_X_VAR || strcmp(w->x->name[b->name], "prefecture") != 0)
		return false;
	for (const char *p = list; *(p += strspn(p, " ")); p += strcspn(p, " "))
		n++;
	SAY(w, is ? N_("are in %zu named prefectures") : N_("are outside %zu named prefectures"),
		n);
	return true;
}

/* -- the tree ---------------------------------------------------------------------------------- */
static bool negated(struct words *w, const struct tk_xnode *n)
{
	const struct tk_xnode *a = n->child;

	if (a->kind == TK_X_CALL && !strcmp(a->fn->name, "selected"))
		return selected(w, a->child, a->child->next, false);
	if (a->kind == TK_X_CHAIN && !a->child->next->next && a->child->next->op == TK_XO_EQ)
		return equal(w, a->child, a->child->next, false);
	return false;
}

/* The question of which n says that a choice was made, and that choice; NULL: it says else. */
static const struct tk_item *chosen(
	const struct words *w, const struct tk_xnode *n, const char **value)
{
	const struct tk_xnode *c = n->child;
	bool one = n->kind == TK_X_CHAIN && !c->next->next && c->next->op == TK_XO_EQ;
	bool several = n->kind == TK_X_CALL && !strcmp(n->fn->name, "selected");

	if ((!one && !several) || c->kind != TK_X_VAR)
		return NULL;
	*value = literal(w, c->next);
	return *value && **value ? item_of(w, c) : NULL;
}

/* Alternatives that are choices of one question are said in one clause. */
static bool any_of(struct words *w, const struct tk_xnode *n)
{
	struct tk_buf list = TK_BUF(WORDS);
	const char *value;
	const struct tk_item *it = chosen(w, n->child, &value);
	bool same = it != NULL;

	for (const struct tk_xnode *c = n->child; c && same; c = c->next) {
		same = chosen(w, c, &value) == it;
		if (same)
			tk_buf_fmt(&list, w->lang == TK_JA ? "%s「%s」" : "%s\"%s\"",
				w->lang == TK_JA || !list.len ? "" : ", ", choice(w, it, value));
	}
	if (same)
		SAY(w, N_("chose one of %s in \"%s\""), tk_buf_cstr(&list), question(w, it));
	tk_buf_drop(&list);
	return same;
}

static bool joined(struct words *w, const struct tk_xnode *n, bool in_and)
{
	bool any = n->child->next->op == TK_XO_OR;

	if (any && any_of(w, n))
		return true;
	if (any && in_and)
		tk_buf_str(w->b, w->lang == TK_JA ? "（" : "(");
	say(w, n->child, !any);
	for (const struct tk_xnode *c = n->child->next; c; c = c->next) {
		tk_buf_str(w->b, tk_tr(w->lang, any ? N_(", or ") : N_(", and ")));
		say(w, c, !any);
	}
	if (any && in_and)
		tk_buf_str(w->b, w->lang == TK_JA ? "）" : ")");
	return true;
}

static bool clause(struct words *w, const struct tk_xnode *n, bool in_and)
{
	const struct tk_xnode *c = n->child;
	enum tk_xop op = n->kind == TK_X_CHAIN ? c->next->op : TK_XO_NONE;

	if (op == TK_XO_AND || op == TK_XO_OR)
		return joined(w, n, in_and);
	if (n->kind == TK_X_CHAIN && !c->next->next)
		return op == TK_XO_EQ || op == TK_XO_NE ? equal(w, c, c->next, op == TK_XO_EQ)
							: order(w, c, c->next);
	if (n->kind != TK_X_CALL)
		return false;
	if (!strcmp(n->fn->name, "not"))
		return negated(w, n);
	return !strcmp(n->fn->name, "selected") && selected(w, c, c->next, true);
}

static void say(struct words *w, const struct tk_xnode *n, bool in_and)
{
	size_t had = w->b->len;

	if (!clause(w, n, in_and) && w->b->len == had)
		as_written(w, n);
}

const char *tk_condition_words(struct tk_survey_job *s, const struct tk_expr *x)
{
	struct tk_buf b = TK_BUF(WORDS);
	struct words w = {s, x, &b, s->lang};
	const char *text;

	say(&w, x->root, false);
	text = b.bad ? x->text : tk_strdup(s->op->mem, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return text;
}

/* -- bases ------------------------------------------------------------------------------------- */
static const char *respondents(struct tk_survey_job *s, const char *clause)
{
	return s->l->panel ? tk_say(s->op->mem, s->lang, N_("Institutions that %s"), clause)
			   : tk_say(s->op->mem, s->lang, N_("People who %s"), clause);
}

/* The conditions of the question and of the sections around it, outermost first. */
static const char *asked(struct tk_survey_job *s, const struct tk_item *it)
{
	const struct tk_form *f = s->l->form;
	const struct tk_expr *part[TK_EXPR_DEPTH];
	size_t n = 0;
	const char *text = NULL;

	if (it->relevant)
		part[n++] = it->relevant;
	for (int g = it->group; g >= 0; g = f->group[g].parent)
		if (f->group[g].relevant && n < TK_LEN(part))
			part[n++] = f->group[g].relevant;
	while (n--) {
		const char *more = tk_condition_words(s, part[n]);

		text = text ? tk_sprintf(s->op->mem, "%s%s%s", text,
				      tk_tr(s->lang, N_(", and ")), more)
			    : more;
	}
	return text;
}

const char *tk_base_words(struct tk_survey_job *s, const struct tk_want *w)
{
	struct tk_arena *a = s->op->mem;
	const char *text;
	struct tk_expr *x;

	if (!tk_is_blank(w->words))
		return tk_strdup(a, w->words);
	if (!tk_is_blank(w->base) && tk_expr_parse(a, w->base, &x, NULL) == TK_OK)
		return respondents(s, tk_condition_words(s, x));
	text = asked(s, &s->l->form->item[w->item]);
	if (!text)
		return respondents(s, tk_tr(s->lang, N_("answered the question")));
	return tk_sprintf(a, "%s%s%s", respondents(s, text), s->lang == TK_JA ? "" : " ",
		tk_tr(s->lang, N_("(without \"no answer\" and \"not applicable\")")));
}
