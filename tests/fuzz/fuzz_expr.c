/* Expressions: whatever is typed is refused with a sentence or evaluated, equally by name and by
 * slot. */
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "fuzz.h"
#include "survey/expr.h"

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct tk_arena *a = tk_arena_new(256u << 20);
	struct tk_xenv	 by_name = { .get = get, .self = value[0] },
		       by_slot = { .slot = value, .self = value[0] };
	struct tk_err e = { .lang = TK_EN };
	struct tk_expr *x;
	const char	*s, *t,
		*text = tk_sprintf(a, "%.*s", (int)(n > 20000 ? 20000 : n), (const char *)data);

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
	tk_arena_free(a);
	return 0;
}
