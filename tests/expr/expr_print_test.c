/* Expressions in other languages: XLSForm's text means the same again, SQL gives what evaluation gives
 * on both databases, formulas are as written here. */
#include <string.h>
#include "expr/expr_print.h"
#include "testdb.h"

static const char *const value[][2] = { { "n", "3" }, { "m", "-7.5" }, { "empty", "" }, { "tools", "mail web" }, { "name", "監督局" }, { "q", "it's" } };

static bool get(void *ctx, const char *name, struct tk_xval *ret)
{
	(void)ctx;
	for (size_t i = 0; i < TK_LEN(value); i++)
		if (!strcmp(value[i][0], name)) {
			*ret = tk_xstr(value[i][1]);
			return true;
		}
	return false;
}

static const char *sql_ref(void *ctx, const char *name)
{
	struct tk_xval v = { 0 };
	struct tk_arena *a = ctx;

	if (!get(NULL, name, &v))
		return NULL;
	return !strcmp(name, "q") ? "'it''s'" : tk_sprintf(a, "'%s'", v.s);
}

static const char *cell_ref(void *ctx, const char *name)
{
	(void)ctx;
	return !strcmp(name, "n") ? "$B$2" : !strcmp(name, "tools") ? "$C$3" : NULL;
}

static const char *const same[] = {
	"${n} = 3", "${n} = '3'", "${n} = '3.0'", "${n} != 3", "${empty} = ''", "${empty} != 1", "${empty} = 0", "${empty} < 1", "${m} < ${n}",
	"${n} + 1 > 3 and ${m} <= -7.5", "not(${n} > 2) or ${q} = \"it's\"", "selected(${tools}, 'web')", "selected(${tools}, 'we')",
	"selected(${tools}, '')", "selected(${tools}, 'mail web')", "count-selected(${tools}) = 2", "count-selected(${empty}) = 0",
	"contains(${name}, '督')", "contains(${name}, '')", "contains('ABC', 'b')", "starts-with(${name}, '監督')", "starts-with(${name}, '局')",
	"string-length(${name}) = 3", "if(${n} > 2, 'a', 'b') = 'a'", "if(${empty}, 1, 2) = 2", "boolean(${empty})", "boolean(0)", "${tools} and ${n}",
	"concat(${n}, '-', ${name}) = '3-監督局'", "true() = ${empty}", "string(true()) = 'true'", "number('x') = 1", "number('x') != 1", "-(${m}) * 2 = 15",
	"(${n} + 1) div 2 = 2", "1 - 2 - 3 = -4", "abs(${m}) = 7.5", "number(true()) + 1 = 2", "(1 = 1) and (2 < 1 or 3 > 2)",
};

static void sql_means_the_same(void **state)
{
	struct testdb *t = testdb_of(state);
	struct tk_xenv values = { .get = get };
	struct tk_xprint_env env = { .ref = sql_ref, .ctx = t->mem };

	for (size_t i = 0; i < TK_LEN(same); i++) {
		struct tk_buf b = TK_BUF(1 << 16);
		struct tk_expr *x;
		int64_t got;

		OK(t, tk_expr_parse(t->mem, same[i], &x, &t->e));
		tk_buf_str(&b, "SELECT CASE WHEN ");
		OK(t, tk_expr_print(x, TK_XP_SQL, TK_XV_BOOL, &env, &b, &t->e));
		tk_buf_str(&b, " THEN 1 ELSE 0 END");
		got = testdb_int(t, tk_buf_cstr(&b));
		if (got != tk_expr_true(x, &values, t->mem))
			fail_msg("%s\n  as %s\n  gives %d", same[i], tk_buf_cstr(&b), (int)got);
		tk_buf_drop(&b);
	}
}

static void own_text(void **state)
{
	struct tk_arena *a = tk_arena_new(16 << 20);
	struct tk_err e = { .lang = TK_EN };
	struct tk_xenv values = { .get = get, .self = tk_xstr("own") };

	(void)state;
	for (size_t i = 0; i < TK_LEN(same); i++) {
		struct tk_buf b = TK_BUF(1 << 16), c = TK_BUF(1 << 16);
		struct tk_expr *x, *y;

		assert_int_equal(tk_expr_parse(a, same[i], &x, &e), TK_OK);
		assert_int_equal(tk_expr_print(x, TK_XP_XLSFORM, TK_XV_BOOL, NULL, &b, &e), TK_OK);
		if (tk_expr_parse(a, tk_buf_cstr(&b), &y, &e) != TK_OK)
			fail_msg("%s became %s: %s", same[i], tk_buf_cstr(&b), e.msg);
		assert_int_equal(tk_expr_true(x, &values, a), tk_expr_true(y, &values, a));
		assert_int_equal(tk_expr_print(y, TK_XP_XLSFORM, TK_XV_BOOL, NULL, &c, &e), TK_OK);
		assert_string_equal(tk_buf_cstr(&b), tk_buf_cstr(&c));
		tk_buf_drop(&b);
		tk_buf_drop(&c);
	}
	tk_arena_free(a);
}

static void formulas(void **state)
{
	static const struct { const char *text, *want; } row[] = {
		{ "${n} = 3", "IFERROR(VALUE(($B$2&\"\"))=3,FALSE)" },
		{ "${n} = 'yes'", "EXACT(($B$2&\"\"),\"yes\")" },
		{ "selected(${tools}, 'web')", "ISNUMBER(FIND(\" \"&\"web\"&\" \",\" \"&($C$3&\"\")&\" \"))" },
		{ "not(${n}) or ${n} > 1 + 1", "OR(NOT((($B$2&\"\")<>\"\")),IFERROR(VALUE(($B$2&\"\"))>(1 + 1),FALSE))" },
		{ "if(${n} = '', 1, 2)", "IFERROR(IF(EXACT(($B$2&\"\"),\"\"),1,2)<>0,FALSE)" },
		{ ". != \"a\"", NULL }, { "${nobody} = 1", NULL }, { "regex(${n}, 'a')", NULL }, { "7 mod 2 = 1", NULL }, { "1 = 1 = 1", NULL },
	};
	struct tk_arena *a = tk_arena_new(16 << 20);
	struct tk_err e = { .lang = TK_EN };
	struct tk_xprint_env env = { .ref = cell_ref };

	(void)state;
	for (size_t i = 0; i < TK_LEN(row); i++) {
		struct tk_buf b = TK_BUF(1 << 16);
		struct tk_expr *x;
		enum tk_rc rc;

		assert_int_equal(tk_expr_parse(a, row[i].text, &x, &e), TK_OK);
		rc = tk_expr_print(x, TK_XP_EXCEL, TK_XV_BOOL, &env, &b, &e);
		assert_int_equal(rc, row[i].want ? TK_OK : TK_EINVAL);
		if (row[i].want)
			assert_string_equal(tk_buf_cstr(&b), row[i].want);
		tk_buf_drop(&b);
	}
	tk_arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { TESTDB_BOTH(sql_means_the_same), cmocka_unit_test(own_text), cmocka_unit_test(formulas) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
