/* table_filter.c - which people a table is about: the person's scope and the text of the filter.
 *
 * What speaks of people only (${bureau} = '...', selected(${role}, '...')) is evaluated once for
 * each kind of people; what speaks of answers is put together from the planes of the codes. */
#include <string.h>
#include "survey/expr_tree.h"
#include "survey/form_in.h"
#include "survey/table_int.h"

struct make {
	const struct tk_op *op;
	const struct tk_live *l;
	const struct tk_expr *x;
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

/* -- names ------------------------------------------------------------------------------------ */
static bool is_person_word(const char *name)
{
	static const char *const word[] = {
		"role", "roles", "bureau", "bureau_code", "division", "division_code", "post"};

	for (size_t i = 0; i < TK_LEN(word); i++)
		if (!strcmp(word[i], name))
			return true;
	return false;
}

static enum tk_rc check_names(const struct make *m)
{
	size_t n;
	const char *const *name = tk_expr_names(m->x, &n);

	for (size_t i = 0; i < n; i++)
		if (!is_person_word(name[i]) && tk_form_item_index(m->l->form, name[i]) < 0)
			return tk_fail(m->op->e, TK_EINVAL, "filter",
				N_("${%.40s} is neither an item of this questionnaire nor one of "
				   "${role}, ${bureau}, ${bureau_code}, "
				   "${division}, ${division_code}, ${post}."),
				name[i]);
	if (tk_expr_uses_self(m->x))
		return tk_fail(m->op->e, TK_EINVAL, "filter",
			N_("A filter has no value of its own; write ${name} in place of the full "
			   "stop."));
	return TK_OK;
}

static bool has_item(const struct make *m, const struct tk_xnode *n)
{
	if (n->kind == TK_X_VAR)
		return !is_person_word(m->x->name[n->name]);
	for (const struct tk_xnode *c = n->child; c; c = c->next)
		if (has_item(m, c))
			return true;
	return false;
}

static enum tk_rc unsupported(const struct make *m, const struct tk_xnode *n)
{
	return tk_fail(m->op->e, TK_EINVAL, "filter",
		N_("Column %d: a filter over answers can hold ${item} = 'choice', ${item} != "
		   "'choice' and selected(${item}, 'choice'), "
		   "joined by and, or, not( )."),
		tk_xlex_column(m->x->text, n->at));
}

/* -- answers ---------------------------------------------------------------------------------- */
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
		return tk_fail(m->op->e, TK_EINVAL, "filter",
			N_("Several choices can be marked in item %s; write selected(${%s}, "
			   "'%s')."),
			name, name, value);
	if (option >= 0)
		return add_code(m, f, item, TK_ANSWER_VALUE + (unsigned)option);
	if (!strcmp(value, "na"))
		return add_code(m, f, item, TK_ANSWER_NOT_APPLICABLE);
	if (!strcmp(value, "dk"))
		return add_code(m, f, item, TK_ANSWER_DONT_KNOW);
	if (!it->noption)
		return unsupported(m, var);
	return tk_fail(
		m->op->e, TK_EINVAL, "filter", N_("Item %s has no choice \"%.60s\"."), name, value);
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
		return unsupported(m, n);
	if (l->kind != TK_X_VAR) {
		const struct tk_xnode *swap = l;
		enum tk_xop op = r->op;

		if (r->kind != TK_X_VAR || !literal(m, swap))
			return unsupported(m, n);
		rc = answer(m, r, literal(m, swap), false, ret);
		return rc == TK_OK && op == TK_XO_NE ? tk_filter_not(*ret, m->l->plane, m->op->e)
						     : rc;
	}
	if (!literal(m, r))
		return unsupported(m, n);
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
	if (!strcmp(n->fn->name, "selected") && a->kind == TK_X_VAR && literal(m, b))
		return answer(m, a, literal(m, b), true, ret);
	return unsupported(m, n);
}

/* The part of the expression that n is, for each kind of people. */
static struct tk_filter *people(const struct make *m, const struct tk_xnode *n)
{
	union {
		const struct tk_xnode *c;
		struct tk_xnode *u;
	} root = {.c = n}; /* only read */
	struct tk_expr x = *m->x;
	bool *kind = tk_alloc_n(m->op->mem, m->l->nkind + 1, sizeof(*kind));

	x.root = root.u;
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
		return unsupported(m, n);
	rc = build(m, n->child, ret);
	for (const struct tk_xnode *c = n->child->next; c && rc == TK_OK; c = c->next) {
		struct tk_filter *f = NULL;

		if ((rc = build(m, c, &f)) == TK_OK)
			rc = op == TK_XO_AND ? tk_filter_and(*ret, f, m->op->e)
					     : tk_filter_or(*ret, f, m->op->e);
	}
	return rc;
}

/* -- the person's own part -------------------------------------------------------------------- */
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

enum tk_rc tk_table_filter(
	const struct tk_op *op, const struct tk_live *l, const char *text, struct tk_filter **ret)
{
	struct make m = {op, l, NULL};
	struct tk_filter *f = NULL;
	struct tk_expr *x = NULL;
	enum tk_rc rc;

	*ret = tk_who_scope(op->who, TK_P_TABLE_READ) == TK_SCOPE_ALL ? NULL : scope(&m);
	if (!text || !*text)
		return TK_OK;
	if ((rc = tk_expr_parse(op->mem, text, &x, op->e)) != TK_OK) {
		strcpy(op->e->field, "filter");
		return rc;
	}
	m.x = x;
	if ((rc = check_names(&m)) != TK_OK || (rc = build(&m, x->root, &f)) != TK_OK)
		return rc;
	if (*ret)
		return tk_filter_and(*ret, f, op->e);
	*ret = f;
	return TK_OK;
}
