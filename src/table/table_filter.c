/* table_filter.c - which people a table is about: the person's scope and the text of the filter.
 *
 * What speaks of people only (${bureau} = '...', selected(${role}, '...')) is evaluated once for
 * each kind of people; what speaks of answers is put together from the planes of the codes. */
#include <stdio.h>
#include <string.h>
#include "expr/expr_tree.h"
#include "form/form_in.h"
#include "table/table_int.h"

struct make {
	const struct tk_op *op;
	const struct tk_live *l;
	const struct tk_expr *x;
	struct tk_side **side;
	const char *field; /* what an error is about */
};

struct among {
	const struct tk_live *l;
	const bool *kind;
};

static bool of_kind(void *ctx, uint32_t index)
{
	const struct among *m = ctx;

	return m->kind[m->l->person[index].kind];
}

static struct tk_filter *kinds(const struct make *m, const bool *kind)
{
	struct among in = {m->l, kind};

	return tk_filter_when(m->op->mem, m->l->plane, of_kind, &in);
}

/* -- names ------------------------------------------------------------------------------------- */
static enum tk_rc check_names(const struct make *m)
{
	size_t n;
	const char *const *name = tk_expr_names(m->x, &n);

	for (size_t i = 0; i < n; i++)
		if (!tk_person_word(name[i]) && tk_form_item_index(m->l->form, name[i]) < 0)
			return tk_fail(m->op->e, TK_EINVAL, m->field,
				N_("${%.40s} is neither an item of this questionnaire nor one of "
				   "${role}, ${bureau}, ${bureau_code}, ${division}, "
				   "${division_code}, ${post}, ${institution}, ${sector}, "
				   "${prefecture}, ${attribute}."),
				name[i]);
	if (tk_expr_uses_self(m->x))
		return tk_fail(m->op->e, TK_EINVAL, m->field,
			N_("A filter has no value of its own; write ${name} in place of the full "
			   "stop."));
	return TK_OK;
}

static bool has_item(const struct make *m, const struct tk_xnode *n)
{
	if (n->kind == TK_X_VAR)
		return !tk_person_word(m->x->name[n->name]);
	for (const struct tk_xnode *c = n->child; c; c = c->next)
		if (has_item(m, c))
			return true;
	return false;
}

/* The expression that n is the root of. */
static struct tk_expr part_of(const struct make *m, const struct tk_xnode *n)
{
	union {
		const struct tk_xnode *c;
		struct tk_xnode *u;
	} root = {.c = n}; /* only read */
	struct tk_expr x = *m->x;

	x.root = root.u;
	x.resolved = false;
	return x;
}

/* What planes cannot say: numbers, dates, texts, several marked choices. */
static enum tk_rc by_rows(const struct make *m, const struct tk_xnode *n, struct tk_filter **ret)
{
	struct tk_expr x = part_of(m, n);
	enum tk_rc rc = tk_side_filter(m->op, m->l, m->side, &x, ret);

	if (rc != TK_OK && !*m->op->e->field)
		snprintf(m->op->e->field, sizeof(m->op->e->field), "%s", m->field);
	return rc;
}

/* -- anything over choices --------------------------------------------------------------------- */
/* An expression over a few items with one choice each has few cases: it is evaluated for each
 * combination of their codes, and the combinations for which it holds are put together. */
enum { MAX_ITEMS = 3, MAX_CASES = 4096 };
struct cases {
	const struct make *m;
	size_t item[MAX_ITEMS];
	unsigned code[MAX_ITEMS], ncode[MAX_ITEMS];
	size_t n;
	bool fits;                      /* false: it cannot be done so */
};

static void gather_items(struct cases *c, const struct tk_xnode *n)
{
	const struct tk_form *f = c->m->l->form;
	const char *name = n->kind == TK_X_VAR ? c->m->x->name[n->name] : NULL;
	size_t item = name ? (size_t)tk_form_item_index(f, name) : 0, k = 0;

	for (const struct tk_xnode *child = n->child; child; child = child->next)
		gather_items(c, child);
	if (!name || !c->fits)
		return;
	while (k < c->n && c->item[k] != item)
		k++;
	if (k < c->n)
		return;
	c->fits = c->n < MAX_ITEMS && !tk_person_word(name) && f->item[item].q == TK_Q_SINGLE;
	if (c->fits) {
		c->ncode[c->n] = TK_ANSWER_VALUE + f->item[item].noption;
		c->item[c->n++] = item;
	}
}

/* Every state but a value is the empty text, as in a condition. */
static bool case_value(void *ctx, const char *name, struct tk_xval *ret)
{
	const struct cases *c = ctx;
	const struct tk_form *f = c->m->l->form;

	for (size_t k = 0; k < c->n; k++) {
		const struct tk_item *it = &f->item[c->item[k]];

		if (strcmp(it->code, name) != 0)
			continue;
		*ret = tk_xstr(c->code[k] < TK_ANSWER_VALUE
				       ? ""
				       : it->option[c->code[k] - TK_ANSWER_VALUE].code);
		return true;
	}
	return false;
}

static enum tk_rc add_case(const struct cases *c, struct tk_filter *all)
{
	const struct make *m = c->m;
	struct tk_filter *f = tk_filter_code(m->op->mem, m->l->plane, c->item[0], c->code[0]);
	enum tk_rc rc = TK_OK;

	for (size_t k = 1; k < c->n && rc == TK_OK; k++)
		rc = tk_filter_and(f,
				   tk_filter_code(m->op->mem, m->l->plane, c->item[k], c->code[k]),
				   m->op->e);
	return rc == TK_OK ? tk_filter_or(all, f, m->op->e) : rc;
}

/* The next combination; false: that was the last. */
static bool next_case(struct cases *c)
{
	for (size_t k = 0; k < c->n; k++) {
		if (++c->code[k] < c->ncode[k])
			return true;
		c->code[k] = 0;
	}
	return false;
}

static enum tk_rc by_cases(const struct make *m, const struct tk_xnode *n, struct tk_filter **ret)
{
	struct cases c = {.m = m, .fits = true};
	struct tk_xenv env = {.get = case_value, .ctx = &c};
	struct tk_expr x = part_of(m, n);
	size_t cases = 1;
	enum tk_rc rc = TK_OK;

	gather_items(&c, n);
	for (size_t k = 0; k < c.n; k++)
		cases *= c.ncode[k];
	if (!c.fits || !c.n || cases > MAX_CASES)
		return by_rows(m, n, ret);
	*ret = tk_filter_code(m->op->mem, m->l->plane, c.item[0], UINT32_MAX);
	do {
		if (tk_expr_true(&x, &env, m->op->mem))
			rc = add_case(&c, *ret);
	} while (rc == TK_OK && next_case(&c));
	return rc;
}

/* -- answers ----------------------------------------------------------------------------------- */
static enum tk_rc add_code(const struct make *m, struct tk_filter *f, size_t item, unsigned code)
{
	return tk_filter_or(f, tk_filter_code(m->op->mem, m->l->plane, item, code), m->op->e);
}

/* na and dk are what files write for "not applicable" and "don't know"; '' is no value at all. */
static enum tk_rc answer(const struct make *m, const struct tk_xnode *var, const char *value,
	bool word, struct tk_filter **ret)
{
	const char *name = m->x->name[var->name];
	size_t item = (size_t)tk_form_item_index(m->l->form, name);
	const struct tk_item *it = &m->l->form->item[item];
	int option = tk_item_option(it, value);
	struct tk_filter *f = tk_filter_code(m->op->mem, m->l->plane, item, UINT32_MAX);
	enum tk_rc rc = TK_OK;

	*ret = f;
	if (!*value && !word) {
		for (unsigned code = 0; code < TK_ANSWER_VALUE && rc == TK_OK; code++)
			rc = add_code(m, f, item, code);
		return rc;
	}
	if (option >= 0 && it->q == TK_Q_MULTI && !word)
		return tk_fail(m->op->e, TK_EINVAL, m->field,
			N_("Several choices can be marked in item %s; write selected(${%s}, "
			   "'%s')."),
			name, name, value);
	if (option >= 0)
		return add_code(m, f, item, TK_ANSWER_VALUE + (unsigned)option);
	if (!strcmp(value, "na"))
		return add_code(m, f, item, TK_ANSWER_NOT_APPLICABLE);
	if (!strcmp(value, "dk"))
		return add_code(m, f, item, TK_ANSWER_DONT_KNOW);
	return tk_fail(
		m->op->e, TK_EINVAL, m->field, N_("Item %s has no choice \"%.60s\"."), name, value);
}

/* Only the planes of choices have values; of others they know whether there is one, and why not. */
static bool in_planes(
	const struct make *m, const struct tk_xnode *var, const char *value, bool word)
{
	const struct tk_form *f = m->l->form;
	size_t item = (size_t)tk_form_item_index(f, m->x->name[var->name]);

	return f->item[item].noption || (!*value && !word) || !strcmp(value, "na") ||
	       !strcmp(value, "dk");
}

static const char *literal(const struct make *m, const struct tk_xnode *n)
{
	return n->kind == TK_X_STR || n->kind == TK_X_NUM ? tk_xval_str(m->op->mem, n->val) : NULL;
}

static enum tk_rc comparison(const struct make *m, const struct tk_xnode *n, struct tk_filter **ret)
{
	const struct tk_xnode *l = n->child, *r = l->next;
	enum tk_rc rc;

	if (r->next || (r->op != TK_XO_EQ && r->op != TK_XO_NE))
		return by_cases(m, n, ret);
	if (l->kind != TK_X_VAR) {
		const struct tk_xnode *swap = l;
		enum tk_xop op = r->op;

		if (r->kind != TK_X_VAR || !literal(m, swap))
			return by_cases(m, n, ret);
		if (!in_planes(m, r, literal(m, swap), false))
			return by_rows(m, n, ret);
		rc = answer(m, r, literal(m, swap), false, ret);
		return rc == TK_OK && op == TK_XO_NE ? tk_filter_not(*ret, m->l->plane, m->op->e)
						     : rc;
	}
	if (!literal(m, r))
		return by_cases(m, n, ret);
	if (!in_planes(m, l, literal(m, r), false))
		return by_rows(m, n, ret);
	rc = answer(m, l, literal(m, r), false, ret);
	return rc == TK_OK && r->op == TK_XO_NE ? tk_filter_not(*ret, m->l->plane, m->op->e) : rc;
}

static enum tk_rc build(const struct make *m, const struct tk_xnode *n, struct tk_filter **ret);

static enum tk_rc call(const struct make *m, const struct tk_xnode *n, struct tk_filter **ret)
{
	const struct tk_xnode *a = n->child, *b = a ? a->next : NULL;
	enum tk_rc rc;

	if (!strcmp(n->fn->name, "not")) {
		rc = build(m, a, ret);
		return rc == TK_OK ? tk_filter_not(*ret, m->l->plane, m->op->e) : rc;
	}
	if (!strcmp(n->fn->name, "selected") && a->kind == TK_X_VAR && literal(m, b) &&
		in_planes(m, a, literal(m, b), true))
		return answer(m, a, literal(m, b), true, ret);
	return by_cases(m, n, ret);
}

/* The part of the expression that n is, for each kind of people. */
static struct tk_filter *people(const struct make *m, const struct tk_xnode *n)
{
	struct tk_expr x = part_of(m, n);
	bool *kind = tk_alloc_n(m->op->mem, m->l->nkind + 1, sizeof(*kind));

	for (size_t k = 0; k < m->l->nkind; k++)
		kind[k] = tk_person_matches(&x, &m->l->kind[k].who, m->op->mem);
	return kinds(m, kind);
}

static enum tk_rc build(const struct make *m, const struct tk_xnode *n, struct tk_filter **ret)
{
	enum tk_xop op = n->kind == TK_X_CHAIN ? n->child->next->op : TK_XO_NONE;
	enum tk_rc rc;

	if (!has_item(m, n)) {
		*ret = people(m, n);
		return TK_OK;
	}
	if (n->kind == TK_X_CALL)
		return call(m, n, ret);
	if (op == TK_XO_EQ || op == TK_XO_NE)
		return comparison(m, n, ret);
	if (op != TK_XO_AND && op != TK_XO_OR)
		return by_cases(m, n, ret);
	rc = build(m, n->child, ret);
	for (const struct tk_xnode *c = n->child->next; c && rc == TK_OK; c = c->next) {
		struct tk_filter *f = NULL;

		if ((rc = build(m, c, &f)) == TK_OK)
			rc = op == TK_XO_AND ? tk_filter_and(*ret, f, m->op->e)
					     : tk_filter_or(*ret, f, m->op->e);
	}
	return rc;
}

/* -- the person's own part --------------------------------------------------------------------- */
static struct tk_filter *scope(const struct make *m)
{
	const struct tk_live *l = m->l;
	bool *kind = tk_alloc_n(m->op->mem, l->nkind + 1, sizeof(*kind));

	for (size_t k = 0; k < l->nkind; k++)
		kind[k] = tk_who_may(m->op->who, TK_P_TABLE_READ,
			l->division[l->kind[k].key.division].id,
			l->bureau[l->kind[k].key.bureau].id);
	return kinds(m, kind);
}

enum tk_rc tk_table_condition(const struct tk_op *op, const struct tk_live *l,
	struct tk_side **side, const char *text, const char *field, struct tk_filter **ret)
{
	struct make m = {op, l, NULL, side, field};
	struct tk_expr *x = NULL;
	enum tk_rc rc = tk_expr_parse(op->mem, text, &x, op->e);

	if (rc != TK_OK) {
		snprintf(op->e->field, sizeof(op->e->field), "%s", field);
		return rc;
	}
	m.x = x;
	rc = check_names(&m);
	return rc == TK_OK ? build(&m, x->root, ret) : rc;
}

enum tk_rc tk_table_filter(
	const struct tk_op *op, const struct tk_live *l, const char *text, struct tk_filter **ret)
{
	struct make m = {.op = op, .l = l};
	struct tk_filter *f = NULL;
	struct tk_side *side = NULL;
	enum tk_rc rc;

	*ret = tk_who_scope(op->who, TK_P_TABLE_READ) == TK_SCOPE_ALL ? NULL : scope(&m);
	if (!text || !*text)
		return TK_OK;
	if ((rc = tk_table_condition(op, l, &side, text, "filter", &f)) != TK_OK)
		return rc;
	if (*ret)
		return tk_filter_and(*ret, f, op->e);
	*ret = f;
	return TK_OK;
}
