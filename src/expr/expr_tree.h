/* expr_tree.h - tokens and tree of an expression, for those that read them.
 *
 * A run of operators of one precedence level is one CHAIN node with any number of children, each
 * but the first carrying the operator that joins it to what stands left of it.  So a long
 * "a or b or c ..." is wide and not deep, and TK_EXPR_DEPTH bounds every recursion over a tree.
 * Everything belongs to the arena of the expression.
 */
#pragma once
#include "expr/expr.h"

enum tk_xop {
	TK_XO_NONE,
	TK_XO_OR, TK_XO_AND,
	TK_XO_EQ, TK_XO_NE,
	TK_XO_LT, TK_XO_LE, TK_XO_GT, TK_XO_GE,
	TK_XO_ADD, TK_XO_SUB,
	TK_XO_MUL, TK_XO_DIV, TK_XO_MOD
};

enum tk_xtok {
	TK_XT_END, TK_XT_BAD,
	TK_XT_NUM, TK_XT_STR, TK_XT_VAR, TK_XT_NAME, TK_XT_SELF,
	TK_XT_LPAR, TK_XT_RPAR, TK_XT_COMMA, TK_XT_OP
};
struct tk_xlex {
	const char   *text;     /* valid UTF-8 */
	size_t        pos;      /* where the next token is looked for */
	/* the token read last */
	enum tk_xtok  tok;
	enum tk_xop   op;       /* of TK_XT_OP */
	size_t        at;       /* its first byte */
	const char   *body;     /* of STR, VAR and NAME, without quotes or ${ } */
	size_t        len;
	double        num;
};
/* Reads the next token.  TK_EINVAL and TK_XT_BAD where there is none. */
enum tk_rc tk_xlex_next(struct tk_xlex *lx, struct tk_err *e) TK_MUST_USE;
/* Byte offset to character position from 1. */
int tk_xlex_column(const char *text, size_t at);

struct tk_xnode;
/* One evaluation. */
struct tk_xrun {
	const struct tk_expr *x;
	const struct tk_xenv *env;
	struct tk_arena      *a;
};
struct tk_xfn {
	const char *name;
	int         min, max;           /* number of arguments; max -1: any */
	bool        self;               /* called with none it takes `.` */
	struct tk_xval (*run)(const struct tk_xrun *r, const struct tk_xnode *arg);
};
const struct tk_xfn *tk_xfn_find(const char *name, size_t len);
/* Why a function of XLSForm cannot be run here; NULL: it is no function of XLSForm. */
const char *tk_xfn_refused(const char *name, size_t len);
struct tk_xval tk_xeval(const struct tk_xrun *r, const struct tk_xnode *n);

/* Days (expr_date.c).  "2012-03-31", also followed by T or a blank and a time of day, with or
 * without a zone: days since 1970-01-01 on the office's clock.  false: it is no such text. */
bool        tk_xdate_days(const char *s, double *ret);
const char *tk_xdate_text(struct tk_arena *a, double days, bool time);
struct tk_xval tk_xfn_today(const struct tk_xrun *r, const struct tk_xnode *arg);
struct tk_xval tk_xfn_now(const struct tk_xrun *r, const struct tk_xnode *arg);
struct tk_xval tk_xfn_date(const struct tk_xrun *r, const struct tk_xnode *arg);
struct tk_xval tk_xfn_date_time(const struct tk_xrun *r, const struct tk_xnode *arg);
struct tk_xval tk_xfn_format_date(const struct tk_xrun *r, const struct tk_xnode *arg);
struct tk_xval tk_xfn_decimal_time(const struct tk_xrun *r, const struct tk_xnode *arg);
struct tk_xval tk_xfn_decimal_date_time(const struct tk_xrun *r, const struct tk_xnode *arg);

/* Patterns (expr_regex.c): n is a call of regex(); its pattern is compiled once, with the tree. */
enum tk_rc  tk_xregex_compile(struct tk_arena *a, const char *text, struct tk_xnode *n,
			      struct tk_err *e) TK_MUST_USE;
/* arg: the first argument of the call, which carries the pattern. */
bool        tk_xregex_match(const struct tk_xnode *arg, const char *s);

enum tk_xkind { TK_X_STR, TK_X_NUM, TK_X_VAR, TK_X_SELF, TK_X_NEG, TK_X_CHAIN, TK_X_CALL };
struct tk_xnode {
	enum tk_xkind        kind;
	enum tk_xop          op;        /* joins it to its left neighbour in a chain */
	size_t               at;        /* byte offset in the text */
	struct tk_xnode     *child;     /* operand, first of a chain, first argument */
	struct tk_xnode     *next;
	const struct tk_xfn *fn;        /* of CALL */
	void                *pattern;   /* of the first argument of regex() */
	size_t               name;      /* of VAR: which of the names */
	struct tk_xval       val;       /* of STR and NUM */
};

struct tk_expr {
	const char      *text;
	struct tk_xnode *root;
	const char     **name;          /* distinct, in order of appearance */
	size_t          *name_at;
	int             *slot;
	size_t           nname;
	bool             self, resolved;
};
