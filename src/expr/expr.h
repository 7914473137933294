/* expr.h - conditions and rules in XLSForm's expression language (a subset of XPath 1.0).
 *
 *   selected(${role}, 'division_head') and ${bureau} = '監督局'
 *
 * Used for an item's `relevant`, for population rules and for filters of tables.  Text is parsed
 * once to a tree (expr_lex.c, expr_parse.c); expr_eval.c evaluates the tree for one row.  Other
 * uses of the tree (printing, columns) read expr_tree.h.
 *
 * Operators, loosest first:  or  |  and  |  = !=  |  < <= > >=  |  + -  |  * div mod  |  unary -
 * Values: '...' or "..." (no escapes), 12, 1.5, .5, ${name}, `.` (the item's own value; also
 * written current()/.), current()/../name (the same as ${name}), and functions (expr_fn.c; what
 * each gives is written, and tested, in docs/EXPRESSIONS.md).
 *
 * Types follow XPath: string, number (double), boolean, cast when needed: number('') is NaN,
 * boolean('false') is true, every comparison with NaN but != is false.  A day is its ISO text, and
 * as a number the days since 1970-01-01.  A question without a value
 * is the empty string.  selected() and count-selected() see a list as words between blanks;
 * selected(x, '') is false.
 *
 * Owner: the arena given to tk_expr_parse owns the tree.  Threads: a tree may be evaluated by many
 * threads at once, but tk_expr_resolve() changes it and must come before they start.
 * Numbers are read and printed with '.', so LC_NUMERIC must stay "C" (Tenken never changes it).
 */
#pragma once
#include "base/mem.h"

enum { TK_EXPR_CHARS = 4096, TK_EXPR_DEPTH = 100, TK_EXPR_NODES = 2000,
       TK_EXPR_TEXT = 32768 /* bytes of a text that an expression makes */ };

enum tk_xtype { TK_XV_STR, TK_XV_NUM, TK_XV_BOOL };
/* All zero is the empty string. */
struct tk_xval {
	enum tk_xtype type;
	bool          b;
	double        n;
	const char   *s;        /* NULL is '' */
};
struct tk_xval tk_xstr(const char *s);
struct tk_xval tk_xnum(double n);
struct tk_xval tk_xbool(bool b);
/* XPath casts.  The text lives in the value or in the arena. */
const char *tk_xval_str(struct tk_arena *a, struct tk_xval v);
double      tk_xval_num(struct tk_xval v);
bool        tk_xval_bool(struct tk_xval v);

/* Could it stand in ${ }?  An XML name without colon: letters of any script, then also digits _ - .
 */
bool tk_xname_valid(const char *s);
/* Could selected() find it?  Anything but blanks. */
bool tk_xword_valid(const char *s);

/* ${last-saved#name}: the answer to ${name} of the time before. */
#define TK_EXPR_LAST "last-saved#"

struct tk_expr;
/* TK_EINVAL with the column (in characters, from 1) and what would be right there. */
enum tk_rc tk_expr_parse(struct tk_arena *a, const char *text, struct tk_expr **ret,
			 struct tk_err *e) TK_MUST_USE;
/* The same for a filter of choices, where a bare word is a column of the choice: its name is kept
 * with a colon in front, ":state", which no question has. */
enum tk_rc tk_expr_parse_filter(struct tk_arena *a, const char *text, struct tk_expr **ret,
				struct tk_err *e) TK_MUST_USE;
/* The distinct ${names} in order of appearance: what the expression depends on. */
const char *const *tk_expr_names(const struct tk_expr *x, size_t *ret_n);
/* Whether `.` is used (it has a meaning in a constraint, none in a population rule). */
bool tk_expr_uses_self(const struct tk_expr *x);
/* Binds each name to a slot number, so that evaluation needs no look-up.  lookup returns the slot
 * or -1; an unknown name is TK_EINVAL with the name in e->field and nothing is bound. */
enum tk_rc tk_expr_resolve(struct tk_expr *x, int (*lookup)(void *ctx, const char *name), void *ctx,
			   struct tk_err *e) TK_MUST_USE;

/* Where values come from.  slot is used when the tree is resolved and slot is given, get else;
 * get returns false for "no value".  self is `.`. */
struct tk_xenv {
	const struct tk_xval *slot;
	bool (*get)(void *ctx, const char *name, struct tk_xval *ret);
	void          *ctx;
	struct tk_xval self;
	/* What people read for a choice of a question (jr:choice-name), NULL: the code itself. */
	const char *(*label)(void *ctx, const char *name, const char *code);
};
/* Evaluation cannot fail.  The arena holds intermediate texts only (concat, number to text); a
 * condition of comparisons and selected() takes nothing from it. */
struct tk_xval tk_expr_eval(const struct tk_expr *x, const struct tk_xenv *env, struct tk_arena *a);
bool tk_expr_true(const struct tk_expr *x, const struct tk_xenv *env, struct tk_arena *a);
