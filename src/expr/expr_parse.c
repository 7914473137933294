#include <string.h>
#include "base/text.h"
#include "expr/expr_tree.h"

/* After a fault rc is set, the token is TK_XT_BAD and every function returns NULL. */
struct parser {
	struct tk_xlex   lx;
	struct tk_arena *a;
	struct tk_expr  *x;
	struct tk_err   *e;
	enum tk_rc       rc;
	int              depth, nnode;
	bool             filter;        /* a bare word is a column of the choice */
};

enum { LEVELS = 6 };

static struct tk_xnode *expr(struct parser *ps);

static int column(const struct parser *ps) { return tk_xlex_column(ps->x->text, ps->lx.at); }

static void advance(struct parser *ps)
{
	if (ps->rc == TK_OK)
		ps->rc = tk_xlex_next(&ps->lx, ps->e);
}

/* Stops the parse; the first fault stays. */
#define STOP(ps, ...) \
	do { \
		if ((ps)->rc == TK_OK) \
			(ps)->rc = tk_fail((ps)->e, TK_EINVAL, "expression", __VA_ARGS__); \
		(ps)->lx.tok = TK_XT_BAD; \
	} while (0)

static struct tk_xnode *node(struct parser *ps, enum tk_xkind kind)
{
	struct tk_xnode *n;

	if (++ps->nnode > TK_EXPR_NODES) {
		STOP(ps, N_("The expression has more than %d parts; make it shorter."),
			TK_EXPR_NODES);
		return NULL;
	}
	n = tk_alloc(ps->a, sizeof(*n));
	n->kind = kind;
	n->at = ps->lx.at;
	return n;
}

static bool deeper(struct parser *ps)
{
	if (++ps->depth <= TK_EXPR_DEPTH)
		return true;
	STOP(ps, N_("Column %d: the expression is nested more than %d deep; simplify it."),
		column(ps), TK_EXPR_DEPTH);
	return false;
}

static bool word_is(const struct parser *ps, const char *w)
{
	return ps->lx.tok == TK_XT_NAME && ps->lx.len == strlen(w) &&
	       !memcmp(ps->lx.body, w, ps->lx.len);
}

/* The operator at the current token, where an operator may stand.  Words are operators only here,
 * as XPath has it, so a later name test could still be called "div". */
static enum tk_xop operator_here(const struct parser *ps)
{
	static const struct { const char *word; enum tk_xop op; } word[] = {
		{ "or", TK_XO_OR },
		{ "and", TK_XO_AND },
		{ "div", TK_XO_DIV },
		{ "mod", TK_XO_MOD },
	};

	if (ps->lx.tok == TK_XT_OP)
		return ps->lx.op;
	for (size_t i = 0; i < TK_LEN(word); i++)
		if (word_is(ps, word[i].word))
			return word[i].op;
	return TK_XO_NONE;
}

static int level_of(enum tk_xop op)
{
	static const int level[] = {
		[TK_XO_NONE] = -1, [TK_XO_OR] = 0, [TK_XO_AND] = 1, [TK_XO_EQ] = 2, [TK_XO_NE] = 2,
		[TK_XO_LT] = 3, [TK_XO_LE] = 3, [TK_XO_GT] = 3, [TK_XO_GE] = 3, [TK_XO_ADD] = 4,
		[TK_XO_SUB] = 4, [TK_XO_MUL] = 5, [TK_XO_DIV] = 5, [TK_XO_MOD] = 5,
	};

	return level[op];
}

/* Makes n the value of that name, first seen at that byte. */
static struct tk_xnode *named(struct parser *ps, struct tk_xnode *n, const char *name)
{
	struct tk_expr *x = ps->x;
	size_t i = 0;

	while (i < x->nname && strcmp(x->name[i], name) != 0)
		i++;
	if (i == x->nname) {
		x->name[i] = name;
		x->name_at[i] = n->at;
		x->nname++;
	}
	n->kind = TK_X_VAR;
	n->name = i;
	return n;
}

static struct tk_xnode *variable(struct parser *ps)
{
	struct tk_xnode *n = node(ps, TK_X_VAR);

	if (!n)
		return NULL;
	n = named(ps, n, tk_strndup(ps->a, ps->lx.body, ps->lx.len));
	advance(ps);
	return n;
}

static void wrong_count(struct parser *ps, const struct tk_xnode *call, int given)
{
	const struct tk_xfn *fn = call->fn;
	int col = tk_xlex_column(ps->x->text, call->at);

	if (fn->max == fn->min)
		STOP(ps, N_("Column %d: %s() takes exactly %d values, but %d are given."), col,
			fn->name, fn->min, given);
	else if (fn->max < 0)
		STOP(ps, N_("Column %d: %s() takes at least %d values, but %d are given."), col,
		     fn->name, fn->min, given);
	else
		STOP(ps, N_("Column %d: %s() takes %d to %d values, but %d are given."), col,
			fn->name, fn->min, fn->max, given);
}

/* The list after "name(" up to and with ")". */
static struct tk_xnode *arguments(struct parser *ps, struct tk_xnode *call)
{
	struct tk_xnode **tail = &call->child;
	int n = 0;

	while (ps->lx.tok != TK_XT_RPAR || n > 0) {
		*tail = expr(ps);
		if (!*tail)
			return NULL;
		tail = &(*tail)->next;
		n++;
		if (ps->lx.tok == TK_XT_RPAR)
			break;
		if (ps->lx.tok != TK_XT_COMMA) {
			STOP(ps,
				N_("Column %d: a comma or the closing ) of %s( was expected here."),
				column(ps), call->fn->name);
			return NULL;
		}
		advance(ps);
	}
	if (n == 0 && call->fn->self) {
		*tail = node(ps, TK_X_SELF);
		if (!*tail)
			return NULL;
		ps->x->self = true;
	} else if (n < call->fn->min || (call->fn->max >= 0 && n > call->fn->max)) {
		wrong_count(ps, call, n);
		return NULL;
	}
	advance(ps);
	return call;
}

static struct tk_xnode *call(struct parser *ps)
{
	struct tk_xnode *n = node(ps, TK_X_CALL);
	const char *name = ps->lx.body;
	int len = (int)ps->lx.len, col = column(ps);

	if (!n)
		return NULL;
	n->fn = tk_xfn_find(name, ps->lx.len);
	advance(ps);
	if (ps->lx.tok != TK_XT_LPAR && ps->filter)
		return named(ps, n, tk_sprintf(ps->a, ":%.*s", len, name));
	if (ps->lx.tok != TK_XT_LPAR) {
		if (n->fn)
			STOP(ps, N_("Column %d: %s is a function; write %s( )."), col, n->fn->name,
				n->fn->name);
		else
			STOP(ps,
				N_("Column %d: %.*s has no meaning by itself; a question is "
				   "written ${%.*s}, a text '%.*s'."),
				col, len, name, len, name, len, name);
		return NULL;
	}
	if (!n->fn) {
		const char *why = tk_xfn_refused(name, (size_t)len);

		if (why)
			STOP(ps, N_("Column %d: %.*s() cannot be used: %s."), col, len, name,
				tk_tr(ps->e ? ps->e->lang : TK_EN, why));
		else
			STOP(ps, N_("Column %d: there is no function %.*s()."), col, len, name);
		return NULL;
	}
	if (!deeper(ps))
		return NULL;
	advance(ps);
	n = arguments(ps, n);
	ps->depth--;
	if (n && !strcmp(n->fn->name, "regex"))
		ps->rc = tk_xregex_compile(ps->a, ps->x->text, n, ps->e);
	return ps->rc == TK_OK ? n : NULL;
}

static struct tk_xnode *parenthesis(struct parser *ps)
{
	int col = column(ps);
	struct tk_xnode *n;

	if (!deeper(ps))
		return NULL;
	advance(ps);
	n = expr(ps);
	if (!n)
		return NULL;
	if (ps->lx.tok != TK_XT_RPAR) {
		STOP(ps,
			N_("Column %d: an operator or the ) for the ( of column %d was expected "
			   "here."),
			column(ps), col);
		return NULL;
	}
	advance(ps);
	ps->depth--;
	return n;
}

static struct tk_xnode *literal(struct parser *ps)
{
	bool str = ps->lx.tok == TK_XT_STR;
	struct tk_xnode *n = node(ps, str ? TK_X_STR : TK_X_NUM);

	if (!n)
		return NULL;
	n->val = str ? tk_xstr(tk_strndup(ps->a, ps->lx.body, ps->lx.len)) : tk_xnum(ps->lx.num);
	advance(ps);
	return n;
}

static struct tk_xnode *primary(struct parser *ps)
{
	struct tk_xnode *n;

	switch (ps->lx.tok) {
	case TK_XT_STR:
	case TK_XT_NUM:
		return literal(ps);
	case TK_XT_VAR:
		return variable(ps);
	case TK_XT_SELF:
		n = node(ps, TK_X_SELF);
		ps->x->self = true;
		advance(ps);
		return n;
	case TK_XT_LPAR:
		return parenthesis(ps);
	case TK_XT_NAME:
		if (operator_here(ps) == TK_XO_NONE)
			return call(ps);
		break;
	case TK_XT_END:
	case TK_XT_BAD:
	case TK_XT_RPAR:
	case TK_XT_COMMA:
	case TK_XT_OP:
		break;
	}
	STOP(ps,
		N_("Column %d: a value was expected here: a number, a text in quotation marks, "
		   "${name}, a function or ("),
		column(ps));
	return NULL;
}

static struct tk_xnode *unary(struct parser *ps)
{
	struct tk_xnode *n;

	if (ps->lx.tok != TK_XT_OP || ps->lx.op != TK_XO_SUB)
		return primary(ps);
	n = node(ps, TK_X_NEG);
	if (!n || !deeper(ps))
		return NULL;
	advance(ps);
	n->child = unary(ps);
	ps->depth--;
	return n->child ? n : NULL;
}

static struct tk_xnode *chain(struct parser *ps, int level)
{
	struct tk_xnode *first, *head, *tail, *right;
	enum tk_xop op;

	if (level == LEVELS)
		return unary(ps);
	first = chain(ps, level + 1);
	if (!first || level_of(operator_here(ps)) != level)
		return first;
	head = node(ps, TK_X_CHAIN);
	if (!head)
		return NULL;
	head->child = tail = first;
	while (op = operator_here(ps), level_of(op) == level) {
		advance(ps);
		right = chain(ps, level + 1);
		if (!right)
			return NULL;
		right->op = op;
		tail->next = right;
		tail = right;
	}
	return head;
}

static struct tk_xnode *expr(struct parser *ps) { return chain(ps, 0); }

/* An upper bound for the number of names, so that the lists need not grow. */
static size_t count_names(const char *s, bool filter)
{
	size_t n = 0;

	if (filter)
		return strlen(s) / 2 + 1;       /* a word and what parts it from the next */
	for (; *s; s++)
		n += *s == '$' || *s == '/'; /* current()/../name, too */
	return n;
}

static enum tk_rc check_text(const char *text, struct tk_err *e)
{
	size_t n = strlen(text);

	if (!tk_utf8_valid(text, n))
		return tk_fail(
			e, TK_EINVAL, "expression", N_("The expression is not valid UTF-8 text."));
	if (n > TK_EXPR_CHARS && tk_utf8_count(text) > TK_EXPR_CHARS)
		return tk_fail(e, TK_EINVAL, "expression",
			       N_("The expression is longer than %d characters; make it shorter."),
			       TK_EXPR_CHARS);
	return TK_OK;
}

static enum tk_rc parse(struct tk_arena *a, const char *text, bool filter, struct tk_expr **ret,
			struct tk_err *e)
{
	enum tk_rc rc = check_text(text, e);
	struct parser ps = { .a = a, .e = e, .filter = filter };
	struct tk_expr *x;
	size_t n;

	if (rc != TK_OK)
		return rc;
	n = count_names(text, filter);
	x = tk_alloc(a, sizeof(*x));
	x->text = tk_strdup(a, text);
	x->name = tk_alloc_n(a, n, sizeof(*x->name));
	x->name_at = tk_alloc_n(a, n, sizeof(*x->name_at));
	x->slot = tk_alloc_n(a, n, sizeof(*x->slot));
	ps.x = x;
	ps.lx.text = x->text;
	advance(&ps);
	if (ps.lx.tok == TK_XT_END)
		return tk_fail(e, TK_EINVAL, "expression", N_("The expression is empty."));
	x->root = expr(&ps);
	if (ps.rc == TK_OK && ps.lx.tok != TK_XT_END)
		STOP(&ps,
			N_("Column %d: an operator or the end of the expression was expected "
			   "here."),
			column(&ps));
	if (ps.rc == TK_OK)
		*ret = x;
	return ps.rc;
}

enum tk_rc tk_expr_parse(struct tk_arena *a, const char *text, struct tk_expr **ret,
			 struct tk_err *e)
{
	return parse(a, text, false, ret, e);
}

enum tk_rc tk_expr_parse_filter(struct tk_arena *a, const char *text, struct tk_expr **ret,
				struct tk_err *e)
{
	return parse(a, text, true, ret, e);
}

const char *const *tk_expr_names(const struct tk_expr *x, size_t *ret_n)
{
	*ret_n = x->nname;
	return x->name;
}

bool tk_expr_uses_self(const struct tk_expr *x) { return x->self; }

enum tk_rc tk_expr_resolve(struct tk_expr *x, int (*lookup)(void *ctx, const char *name), void *ctx,
			   struct tk_err *e)
{
	x->resolved = false;
	for (size_t i = 0; i < x->nname; i++) {
		x->slot[i] = lookup(ctx, x->name[i]);
		if (x->slot[i] < 0)
			return tk_fail(e, TK_EINVAL, x->name[i],
				N_("Column %d: there is no question or attribute named ${%s}."),
				tk_xlex_column(x->text, x->name_at[i]), x->name[i]);
	}
	x->resolved = true;
	return TK_OK;
}
