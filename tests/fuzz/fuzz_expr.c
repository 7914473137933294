/* Expressions: whatever is typed is refused with a sentence or evaluated, equally by name and by
 * slot. */
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "fuzz.h"
#include "expr/expr_print.h"

static const struct tk_xval value[] = {
	{ .s = "division_head clerk" },
	{ .s = "" },
	{ .type = TK_XV_NUM, .n = -2.5 },
	{ .type = TK_XV_BOOL, .b = true },
	{ .s = "監督局" },
};

/* Any name has a value, chosen by its length. */
static int slot_of(void *ctx, const char *name)
{
	(void)ctx;
	return (int)(strlen(name) % TK_LEN(value));
}

static bool get(void *ctx, const char *name, struct tk_xval *ret)
{
	*ret = value[slot_of(ctx, name)];
	return true;
}

static const char *column(void *ctx, const char *name)
{
	(void)ctx, (void)name;
	return "x";
}

/* Written as XLSForm it means the same, unless it became too deep or too long with its parentheses. */
static void print(struct tk_arena *a, const struct tk_expr *x, const struct tk_xenv *env, const char *want)
{
	struct tk_xprint_env to = { .ref = column, .self = "y" };
	struct tk_buf own = TK_BUF(65536), sql = TK_BUF(65536), excel = TK_BUF(65536);
	struct tk_err e = { .lang = TK_EN };
	struct tk_expr *y;

	if (tk_expr_print(x, TK_XP_XLSFORM, TK_XV_STR, NULL, &own, &e) == TK_OK && tk_expr_parse(a, own.p, &y, &e) == TK_OK) {
		if (strcmp(tk_xval_str(a, tk_expr_eval(y, env, a)), want) != 0 && !strstr(own.p, "now()"))
			abort();
	} else if (!strstr(e.msg, "deep") && !strstr(e.msg, "long") && !strstr(e.msg, "parts")) {
		abort();
	}
	if (tk_expr_print(x, TK_XP_SQL, TK_XV_BOOL, &to, &sql, &e) != TK_OK && !e.msg[0])
		abort();
	if (tk_expr_print(x, TK_XP_EXCEL, TK_XV_BOOL, &to, &excel, &e) != TK_OK && !e.msg[0])
		abort();
	tk_buf_drop(&own);
	tk_buf_drop(&sql);
	tk_buf_drop(&excel);
}

/* As a filter of choices a bare word is a column; all else means the same. */
static void filter(struct tk_arena *a, const char *text, const struct tk_xenv *env)
{
	struct tk_err e = { .lang = TK_EN };
	struct tk_expr *x, *y;

	if (tk_expr_parse_filter(a, text, &x, &e) != TK_OK) {
		if (!*e.msg || tk_expr_parse(a, text, &y, &e) == TK_OK)
			abort();
		return;
	}
	(void)tk_expr_eval(x, env, a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct tk_arena *a = tk_arena_new(256u << 20);
	struct tk_xenv	 by_name = { .get = get, .self = value[0] },
		       by_slot = { .slot = value, .self = value[0] };
	struct tk_err e = { .lang = TK_EN };
	struct tk_expr *x;
	const char	*s, *t,
		*text = tk_sprintf(a, "%.*s", (int)(n > 20000 ? 20000 : n), (const char *)data);

	filter(a, text, &by_name);
	if (tk_expr_parse(a, text, &x, &e) != TK_OK) {
		if (!*e.msg)
			abort();
		tk_arena_free(a);
		return 0;
	}
	s = tk_xval_str(a, tk_expr_eval(x, &by_name, a));
	if (!tk_utf8_valid(s, strlen(s)) || tk_expr_resolve(x, slot_of, NULL, &e) != TK_OK)
		abort();
	t = tk_xval_str(a, tk_expr_eval(x, &by_slot, a));
	if (strcmp(s, t) != 0)
		abort();
	print(a, x, &by_name, s);
	tk_arena_free(a);
	return 0;
}
