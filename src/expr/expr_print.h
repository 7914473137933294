/* expr_print.h - an expression written in another language, from its tree.
 *
 * XLSForm's own text always; a condition of SQL (SQLite and PostgreSQL) or a formula of a workbook
 * where the same meaning can be had.  Not a number is NULL in SQL and an error value in a formula,
 * and every comparison takes it for false (!= for true), as here; only division by zero differs: it
 * is not a number there, infinite here.  Pure, any thread.
 */
#pragma once
#include "expr/expr.h"

enum tk_xprint { TK_XP_XLSFORM, TK_XP_SQL, TK_XP_EXCEL };
/* What stands for ${name}: in SQL a text that is never NULL, in a formula a cell.  NULL: there is
 * none. */
struct tk_xprint_env {
	const char *(*ref)(void *ctx, const char *name);
	void       *ctx;
	const char *self;               /* for `.`, NULL: there is none */
};
/* The result is a truth value (want TK_XV_BOOL), a number or a text.  TK_EINVAL with the column of
 * what cannot be written so; out then holds nothing of use.  env may be NULL for XLSForm. */
enum tk_rc tk_expr_print(const struct tk_expr *x, enum tk_xprint as, enum tk_xtype want,
			 const struct tk_xprint_env *env, struct tk_buf *out,
			 struct tk_err *e) TK_MUST_USE;
