/* The examples of docs/EXPRESSIONS.md: each table row `expression` | `value` | type is evaluated. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "expr/expr.h"

static bool get(void *ctx, const char *name, struct tk_xval *ret)
{
	static const char *const v[][2] = {
		{ "age", "42" }, { "tools", "mail web" }, { "empty", "" }, { "name", "監督局" },
		{ "day", "2012-03-31" }, { "flag", "false" },
	};

	(void)ctx;
	for (size_t i = 0; i < TK_LEN(v); i++)
		if (!strcmp(v[i][0], name)) {
			*ret = tk_xstr(v[i][1]);
			return true;
		}
	return false;
}

/* What stands between the next two backquotes of the line; NULL: there are none. */
static char *quoted(char **line)
{
	char *from = strchr(*line, '`'), *to = from ? strchr(from + 1, '`') : NULL;

	if (!to)
		return NULL;
	*to = '\0';
	*line = to + 1;
	return from + 1;
}

static int check(struct tk_arena *a, const char *text, const char *want, const char *type)
{
	static const char *const word[] = { "text", "number", "boolean" };
	struct tk_xenv env = { .get = get, .self = tk_xstr("own") };
	struct tk_err e = { .lang = TK_EN };
	struct tk_expr *x;
	struct tk_xval v;

	if (tk_expr_parse(a, text, &x, &e) != TK_OK) {
		print_error("%s\n  %s\n", text, e.msg);
		return 1;
	}
	v = tk_expr_eval(x, &env, a);
	if (!strcmp(tk_xval_str(a, v), want) && !strncmp(type, word[v.type], strlen(word[v.type])))
		return 0;
	print_error("%s\n  wanted %s (%.8s)\n  got    %s (%s)\n", text, want, type, tk_xval_str(a, v), word[v.type]);
	return 1;
}

static void examples(void **state)
{
	struct tk_arena *a = tk_arena_new(16 << 20);
	FILE *f = fopen(TEST_DOCS "/EXPRESSIONS.md", "r");
	char line[1000];
	int n = 0, bad = 0;

	(void)state;
	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		char *at = line, *text, *want;

		if (strncmp(line, "| `", 3) != 0)
			continue;
		text = quoted(&at);
		want = quoted(&at);
		assert_non_null(want);
		bad += check(a, text, want, at + strspn(at, " |"));
		n++;
	}
	fclose(f);
	assert_true(n > 80);
	assert_int_equal(bad, 0);
	tk_arena_free(a);
}

/* What would run away is cut or refused. */
static void explosion(void **state)
{
	static const char *const refused[] = {
		"regex(., '((a{1,100}){1,100}){1,100}')", "regex(., '(a|b){1,201}')", "regex(., 'a{1,20}b{1,20}')", "regex(., '.{1,1001}')", "regex(., '(a)\\1')", "regex(., ${p})", "regex(., '(?:a)')",
		"regex(., '[')", "instance('l')", "random()", "current()/../../a", "current()/./a",
	};
	struct tk_arena *a = tk_arena_new(64 << 20);
	struct tk_err e = { .lang = TK_EN };
	struct tk_xval v = tk_xstr("0123456789");
	struct tk_expr *x;

	(void)state;
	for (size_t i = 0; i < TK_LEN(refused); i++)
		if (tk_expr_parse(a, refused[i], &x, &e) != TK_EINVAL)
			fail_msg("%s was taken", refused[i]);
	assert_int_equal(tk_expr_parse(a, "concat(., ., ., ., ., ., ., .)", &x, &e), TK_OK);
	for (int i = 0; i < 8; i++) {
		struct tk_xenv env = { .self = v };

		v = tk_expr_eval(x, &env, a);
	}
	assert_int_equal(strlen(tk_xval_str(a, v)), TK_EXPR_TEXT);
	tk_arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(examples), cmocka_unit_test(explosion) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
