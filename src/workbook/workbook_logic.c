/* workbook_logic.c - conditions as formulas of a respondent's workbook.
 *
 * Each question that has a condition, or that one leans on, gets a row on a hidden sheet: its
 * answer as the code that conditions know (nothing while it is not asked), and whether it is asked.
 * What cannot be written as a formula, or leans on what cannot, has none; its row says so. */
#include <string.h>
#include "expr/expr_print.h"
#include "workbook/workbook_in.h"

enum { FORMULA_MAX = 8000 };            /* characters; Excel takes 8,192 */

struct logic { struct tk_wb_plan *p; bool *need; };

static void need_names(struct logic *g, const struct tk_expr *x)
{
	const char *const *name;
	size_t n = 0;

	if (!x)
		return;
	name = tk_expr_names(x, &n);
	for (size_t i = 0; i < n; i++) {
		int item = tk_form_item_index(g->p->w->r->form, name[i]);

		if (item >= 0)
			g->need[item] = true;
	}
}

/* Also of what is not in the workbook: a calculation, an answer that somebody else gives. */
static void find_needs(struct logic *g)
{
	const struct tk_form *f = g->p->w->r->form;

	for (size_t i = 0; i < f->nitem; i++) {
		need_names(g, f->item[i].calculation);
		if (!g->p->line[i].conditional)
			continue;
		g->need[i] = true;
		need_names(g, f->item[i].relevant);
		for (int k = f->item[i].group; k >= 0; k = f->group[k].parent)
			need_names(g, f->group[k].relevant);
	}
}

/* What stands for ${name}.  A day would have to be a number and a text at once: none. */
static const char *ref(void *ctx, const char *name)
{
	const struct logic *g = ctx;
	int i = tk_form_item_index(g->p->w->r->form, name);
	const struct tk_wb_line *l = i < 0 ? NULL : &g->p->line[i];

	if (!l || g->p->w->r->form->item[i].q == TK_Q_DATE || g->p->w->r->form->item[i].rank)
		return NULL;
	if (!tk_response_possible(g->p->w->r, (size_t)i))
		return "\"\"";          /* never asked of this respondent */
	return l->value ? tk_sprintf(g->p->mem, "$B$%u", l->logic) : NULL;
}

static const char *print(struct logic *g, const struct tk_expr *x, enum tk_xtype want)
{
	struct tk_xprint_env env = { .ref = ref, .ctx = g };
	struct tk_buf b = TK_BUF(FORMULA_MAX);
	struct tk_err quiet = { .lang = TK_EN };
	const char *s = NULL;

	if (tk_expr_print(x, TK_XP_EXCEL, want, &env, &b, &quiet) == TK_OK)
		s = tk_strdup(g->p->mem, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return s;
}

/* Is the item asked: all conditions of its sections and its own. NULL: it cannot be written. */
static const char *asked_of(struct logic *g, size_t i)
{
	const struct tk_form *f = g->p->w->r->form;
	const struct tk_item *it = &f->item[i];
	struct tk_buf b = TK_BUF(FORMULA_MAX);
	const char *s = NULL, *one = "";

	tk_buf_str(&b, "=IF(AND(TRUE");
	for (int k = it->group; k >= 0 && one; k = f->group[k].parent)
		if (f->group[k].relevant && (one = print(g, f->group[k].relevant, TK_XV_BOOL)))
			tk_buf_fmt(&b, ",%s", one);
	if (it->relevant && one && (one = print(g, it->relevant, TK_XV_BOOL)))
		tk_buf_fmt(&b, ",%s", one);
	tk_buf_str(&b, "),1,0)");
	if (one && !b.bad)
		s = tk_strdup(g->p->mem, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return s;
}

static const char *code_of_list(const struct tk_wb_plan *p, size_t i)
{
	const struct tk_wb_list *l = &p->list[p->line[i].list];

	return tk_sprintf(p->mem,
			  "IFERROR(INDEX(" TK_WB_LISTS "!$B$%u:$B$%u,MATCH(TRIM(%s)," TK_WB_LISTS
			  "!$A$%u:$A$%u,0))&\"\",\"\")",
			  l->from, l->to, tk_wb_place(p, i, TK_WB_ANSWER, 0), l->from, l->to);
}

static const char *codes_of_marks(const struct tk_wb_plan *p, size_t i)
{
	const struct tk_item *it = &p->w->r->form->item[i];
	struct tk_buf b = TK_BUF(FORMULA_MAX);
	const char *s = NULL;

	tk_buf_str(&b, "TRIM(\"\"");
	for (unsigned k = 0; k < it->noption; k++)
		tk_buf_fmt(&b, "&IF(%s<>\"\",\"%s \",\"\")", tk_wb_place(p, i, TK_WB_ANSWER, k + 1),
			   it->option[k].code);
	tk_buf_chr(&b, ')');
	if (!b.bad)
		s = tk_strdup(p->mem, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return s;
}

/* A number or text that stands for one of the two states counts for nothing. */
static const char *text_of_cell(const struct tk_wb_plan *p, size_t i)
{
	const struct tk_item *it = &p->w->r->form->item[i];
	const char *cell = tk_wb_place(p, i, TK_WB_ANSWER, 0);

	if (!it->not_applicable && !it->dont_know)
		return tk_sprintf(p->mem, "(%s&\"\")", cell);
	return tk_sprintf(p->mem, "IF(OR(%s=\"%s\",%s=\"%s\"),\"\",%s&\"\")", cell,
			  tk_tr(p->w->lang, tk_wb_na), cell, tk_tr(p->w->lang, tk_wb_dk), cell);
}

static const char *value_of(struct logic *g, size_t i)
{
	const struct tk_wb_plan *p = g->p;
	const struct tk_item *it = &p->w->r->form->item[i];
	const struct tk_wb_line *l = &p->line[i];
	const char *s;

	if (it->calculation)
		s = print(g, it->calculation, TK_XV_STR);
	else if (!l->in || it->rank)
		s = NULL;
	else if (it->q == TK_Q_SINGLE)
		s = code_of_list(p, i);
	else if (it->q == TK_Q_MULTI)
		s = codes_of_marks(p, i);
	else
		s = text_of_cell(p, i);
	if (!s || (l->conditional && !l->asked))
		return NULL;
	if (l->conditional)
		s = tk_sprintf(p->mem, "IF($C$%u=1,%s,\"\")", l->logic, s);
	return strlen(s) < FORMULA_MAX ? tk_sprintf(p->mem, "=%s", s) : NULL;
}

void tk_wb_logic(struct tk_wb_plan *p)
{
	const struct tk_form *f = p->w->r->form;
	struct logic g = { p, tk_alloc_n(p->mem, f->nitem + 1, sizeof(bool)) };

	find_needs(&g);
	p->logic_rows = 1;
	for (size_t i = 0; i < f->nitem; i++)
		if (g.need[i])
			p->line[i].logic = ++p->logic_rows;
	for (size_t k = 0; k < f->nitem; k++) {
		size_t i = f->order[k];         /* what it leans on comes before it */

		if (!g.need[i])
			continue;
		if (p->line[i].conditional)
			p->line[i].asked = asked_of(&g, i);
		p->line[i].value = value_of(&g, i);
	}
}
