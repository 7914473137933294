/* The expression language: what each construct means, what is refused and where, names and slots. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "expr/expr.h"

static const struct { const char *name; struct tk_xval v; } person[] = {
	{ "role", { .s = "division_head clerk" } },
	{ "bureau", { .s = "監督局" } },
	{ "局名", { .s = "総務" } },
	{ "yes", { .s = "yes" } },
	{ "empty", { .s = "" } },
	{ "three", { .s = "3" } },
	{ "dec", { .s = " 2.50 " } },
	{ "neg", { .s = "-7" } },
	{ "zero", { .s = "0" } },
	{ "list", { .s = "a b  c" } },
	{ "age", { .type = TK_XV_NUM, .n = 42 } },
	{ "half", { .type = TK_XV_NUM, .n = 0.5 } },
	{ "ok", { .type = TK_XV_BOOL, .b = true } },
	{ "no", { .type = TK_XV_BOOL, .b = false } },
	{ "a-b.c_1", { .s = "dashed" } },
};

static bool get(void *ctx, const char *name, struct tk_xval *ret)
{
	(void)ctx;
	for (size_t i = 0; i < TK_LEN(person); i++) {
		if (!strcmp(person[i].name, name)) {
			*ret = person[i].v;
			return true;
		}
	}
	return false;
}

static int slot_of(void *ctx, const char *name)
{
	(void)ctx;
	for (size_t i = 0; i < TK_LEN(person); i++)
		if (!strcmp(person[i].name, name))
			return (int)i;
	return -1;
}

static const struct { const char *text, *want; } row[] = {
	/* literals and casts to text */
	{ "'x'", "s x" }, { "\"it's\"", "s it's" }, { "'say \"hi\"'", "s say \"hi\"" }, { "''", "s " },
	{ "'監督局'", "s 監督局" }, { "12", "n 12" }, { "1.5", "n 1.5" }, { ".5", "n 0.5" }, { "3.", "n 3" },
	{ "0.1", "n 0.1" }, { "1000000000000000000000", "n 1000000000000000000000" },
	{ "0.00000001", "n 0.00000001" }, { "123456.789", "n 123456.789" }, { "-0", "n 0" },
	{ "007", "n 7" },
	{ "true()", "b true" }, { "false()", "b false" }, { "true( )", "b true" },
	/* names and the own value */
	{ "${yes}", "s yes" }, { "${ yes }", "s yes" }, { "${局名}", "s 総務" }, { "${a-b.c_1}", "s dashed" },
	{ "${nobody}", "s " }, { "${age}", "n 42" }, { "${ok}", "b true" }, { ".", "s own" },
	{ ". = 'own'", "b true" }, { "(.)", "s own" },
	/* arithmetic */
	{ "1 + 2 * 3", "n 7" }, { "(1 + 2) * 3", "n 9" }, { "10 - 4 - 3", "n 3" }, { "20 div 5 div 2", "n 2" },
	{ "7 mod 3", "n 1" }, { "-7 mod 3", "n -1" }, { "7 mod -3", "n 1" }, { "1.5 mod 0.5", "n 0" },
	{ "5 div 0", "n Infinity" }, { "-5 div 0", "n -Infinity" }, { "0 div 0", "n NaN" }, { "1 mod 0", "n NaN" },
	{ "1 div 3", "n 0.3333333333333333" }, { "0.1 + 0.2", "n 0.30000000000000004" },
	{ "--5", "n 5" }, { "-(2+3)", "n -5" }, { "2--3", "n 5" }, { "2 - -3", "n 5" }, { "2*-3", "n -6" },
	{ "${three}-1", "n 2" }, { "${three}+${age}", "n 45" }, { "-${three}", "n -3" }, { "'2' + '3'", "n 5" },
	{ "'x' + 1", "n NaN" }, { "${empty} + 1", "n NaN" }, { "true() + true()", "n 2" }, { "1and 2", "b true" },
	{ "6 div2", "!" }, { "2 * 3 mod 4", "n 2" }, { "${half} * 2", "n 1" },
	/* equality */
	{ "'a' = 'a'", "b true" }, { "'a' = 'A'", "b false" }, { "'a' != 'b'", "b true" }, { "'1' = '1.0'", "b false" },
	{ "'1.0' = 1", "b true" }, { "1 = '01'", "b true" }, { "${three} = 3", "b true" }, { "${three} = '3'", "b true" },
	{ "${three} = '3.0'", "b false" }, { "${age} = '42.0'", "b true" }, { "${empty} = ''", "b true" },
	{ "${nobody} = ''", "b true" }, { "${empty} = 0", "b false" }, { "${empty} != 0", "b true" },
	{ "number('') = number('')", "b false" }, { "number('') != number('')", "b true" },
	{ "true() = 'false'", "b true" }, { "true() = 1", "b true" }, { "true() = 2", "b true" },
	{ "false() = ''", "b true" }, { "false() != ${empty}", "b false" }, { "${ok} = true()", "b true" },
	{ "${ok} != ${no}", "b true" }, { "1 = 1 = 1", "b true" }, { "2 = 2 = 2", "b true" }, { "3 = 3 != 0", "b true" },
	{ "'a' = 'b' = false()", "b true" }, { "0 = -0", "b true" }, { "${bureau} = '監督局'", "b true" },
	/* order */
	{ "1 < 2", "b true" }, { "2 <= 2", "b true" }, { "3 > 2", "b true" }, { "2 >= 3", "b false" },
	{ "'10' > '9'", "b true" }, { "'a' < 'b'", "b false" }, { "'a' >= 'a'", "b false" }, { "${empty} < 1", "b false" },
	{ "${empty} >= 0", "b false" }, { "${neg} < 0", "b true" }, { "3 > 2 > 1", "b false" }, { "1 < 2 = 2 < 3", "b true" },
	{ "1 + 1 = 2 and 2 > 1", "b true" }, { "${age} >= 40", "b true" }, { "${dec} = 2.5", "b true" },
	{ "true() > false()", "b true" },
	/* and, or, precedence */
	{ "true() or false() and false()", "b true" }, { "(true() or false()) and false()", "b false" },
	{ "false() or false()", "b false" }, { "1 and 'x'", "b true" }, { "0 or ''", "b false" }, { "'false' and 1", "b true" },
	{ "'0' and 1", "b true" }, { "number('x') or false()", "b false" }, { "1 or 2 or 3", "b true" },
	{ "1 and 2 and 0", "b false" }, { "0 = 1 or 2 = 2", "b true" }, { "not(1 = 1) or 0", "b false" },
	/* functions */
	{ "selected(${list}, 'a')", "b true" }, { "selected(${list}, 'c')", "b true" }, { "selected(${list}, 'd')", "b false" },
	{ "selected('abc', 'b')", "b false" }, { "selected(${list}, ' b ')", "b true" }, { "selected(${list}, 'a b')", "b false" },
	{ "selected(${list}, '')", "b false" }, { "selected(${empty}, '')", "b false" }, { "selected(${empty}, 'a')", "b false" },
	{ "selected('1 2', 2)", "b true" }, { "selected(., 'own')", "b true" },
	{ "selected(${role}, 'division_head') and ${bureau} = '監督局'", "b true" },
	{ "selected(${role}, 'system_admin') or ${bureau} = '検査局'", "b false" },
	{ "count-selected(${list})", "n 3" }, { "count-selected(${empty})", "n 0" }, { "count-selected('  x  ')", "n 1" },
	{ "count-selected(.) >= 1", "b true" },
	{ "not(true())", "b false" }, { "not(${empty})", "b true" }, { "not('false')", "b false" }, { "not(0)", "b true" },
	{ "if(1, 'a', 'b')", "s a" }, { "if(0, 'a', 'b')", "s b" }, { "if(${empty} = '', 1, 2) + 1", "n 2" },
	{ "if(true(), if(false(), 1, 2), 3)", "n 2" },
	{ "coalesce(${empty}, 'x')", "s x" }, { "coalesce(${yes}, 'x')", "s yes" }, { "coalesce('', '')", "s " },
	{ "coalesce(0, 5)", "n 0" }, { "coalesce(${nobody}, ${age})", "n 42" },
	{ "string-length('監督局')", "n 3" }, { "string-length('')", "n 0" }, { "string-length()", "n 3" },
	{ "string-length(12.5)", "n 4" }, { "string-length(. ) <= 3", "b true" },
	{ "number('12')", "n 12" }, { "number(' 12 ')", "n 12" }, { "number('')", "n NaN" }, { "number('1e3')", "n NaN" },
	{ "number('+1')", "n NaN" }, { "number('-1.5')", "n -1.5" }, { "number('.5')", "n 0.5" }, { "number('5.')", "n 5" },
	{ "number('.')", "n NaN" }, { "number('-')", "n NaN" }, { "number('0x10')", "n NaN" }, { "number('1 2')", "n NaN" },
	{ "number('inf')", "n NaN" }, { "number(true())", "n 1" }, { "number()", "n NaN" }, { "number('- 1')", "n NaN" },
	{ "string(1.50)", "s 1.5" }, { "string(true())", "s true" }, { "string(1 div 0)", "s Infinity" },
	{ "string()", "s own" }, { "string(100)", "s 100" }, { "string(-0.25)", "s -0.25" }, { "string(${age})", "s 42" },
	{ "boolean('false')", "b true" }, { "boolean('')", "b false" }, { "boolean(0)", "b false" },
	{ "boolean(0 div 0)", "b false" }, { "boolean(-1)", "b true" }, { "boolean(${zero})", "b true" },
	{ "concat('a', 1, true())", "s a1true" }, { "concat('a')", "s a" }, { "concat(${bureau}, '・', ${局名})", "s 監督局・総務" },
	{ "concat('0123456789012345678901234567890123456789', '0123456789012345678901234567890123456789', 'end')",
	  "s 01234567890123456789012345678901234567890123456789012345678901234567890123456789end" },
	{ "contains('abc', 'b')", "b true" }, { "contains('abc', '')", "b true" }, { "contains('abc', 'd')", "b false" },
	{ "contains(${bureau}, '督')", "b true" }, { "contains(123, 2)", "b true" },
	{ "starts-with('abc', 'ab')", "b true" }, { "starts-with('abc', 'bc')", "b false" }, { "starts-with('', 'a')", "b false" },
	{ "starts-with('abc', '')", "b true" },
	/* layout does not matter */
	{ "\t1\n+\r\n1 ", "n 2" }, { "not( 1=1 )", "b false" }, { "${three}>2and${three}<4", "b true" },
	{ "${three} mod 2=1", "b true" }, { "((((1))))", "n 1" },
};

static void print(struct tk_arena *a, struct tk_xval v, char *dst, size_t n)
{
	static const char letter[] = { [TK_XV_STR] = 's', [TK_XV_NUM] = 'n', [TK_XV_BOOL] = 'b' };

	snprintf(dst, n, "%c %s", letter[v.type], tk_xval_str(a, v));
}

static void meaning(void **state)
{
	struct tk_arena *a = tk_arena_new(16 << 20);
	struct tk_xenv env = { .get = get, .self = tk_xstr("own") }, fast = { .self = tk_xstr("own") };
	struct tk_xval slot[TK_LEN(person)];
	int bad = 0;

	(void)state;
	assert_true(TK_LEN(row) >= 120);
	for (size_t i = 0; i < TK_LEN(person); i++)
		slot[i] = person[i].v;
	fast.slot = slot;
	for (size_t i = 0; i < TK_LEN(row); i++) {
		struct tk_err e = { .lang = TK_EN };
		struct tk_expr *x;
		char got[256] = "!";

		if (tk_expr_parse(a, row[i].text, &x, &e) == TK_OK)
			print(a, tk_expr_eval(x, &env, a), got, sizeof(got));
		if (strcmp(got, row[i].want) != 0) {
			print_error("%s\n  wanted %s\n  got    %s %s\n", row[i].text, row[i].want, got, e.msg);
			bad++;
		} else if (*got != '!' && tk_expr_resolve(x, slot_of, NULL, &e) == TK_OK) {
			print(a, tk_expr_eval(x, &fast, a), got, sizeof(got));
			assert_string_equal(got, row[i].want);
		}
	}
	assert_int_equal(bad, 0);
	tk_arena_free(a);
}

static const struct { const char *text, *msg; } wrong[] = {
	{ "", "is empty" }, { "  \n ", "is empty" },
	{ "1 +", "Column 4: a value was expected" }, { "or 1", "Column 1: a value was expected" },
	{ "1 2", "Column 3: an operator or the end" }, { "(1", "Column 3: an operator or the ) for the ( of column 1" },
	{ "1)", "Column 2: an operator or the end" }, { "()", "Column 2: a value" }, { "'abc", "Column 1: the quotation mark" },
	{ "${", "Column 1: ${ must be followed" }, { "${}", "Column 1: ${ must" }, { "${1a}", "Column 1: ${ must" },
	{ "${a b}", "Column 1: ${ must" }, { "${a", "Column 1: ${ must" }, { "${last-saved#}", "Column 1: ${ must" },
	{ "${saved#a}", "Column 1: ${ must" },
	{ "role = 1", "Column 1: role has no meaning by itself; a question is written ${role}, a text 'role'" },
	{ "1 = true", "Column 5: true is a function; write true( )" },
	{ "foo(1)", "Column 1: there is no function foo()" }, { "jr:choose(1)", "no function jr:choose()" },
	{ "position(1)", "Column 1: position() cannot be used: it works on repeats" },
	{ "not()", "Column 1: not() takes exactly 1 values, but 0" }, { "1 + if(1,2)", "Column 5: if() takes exactly 3 values, but 2" },
	{ "concat()", "takes at least 1 values, but 0" }, { "string(1,2)", "takes 0 to 1 values, but 2" },
	{ "selected(${a} 'x')", "Column 15: a comma or the closing ) of selected(" },
	{ "not(1", "Column 6: a comma or the closing ) of not(" }, { "not(1,)", "Column 7: a value" },
	{ "../a", "Column 1: paths" }, { "1 = /a", "Column 5: paths" }, { "${a}[1]", "Column 5: paths" },
	{ "1 == 2", "Column 4: a value" }, { "1 ! 2", "Column 3: the character \"!\"" }, { "a & b", "Column 3: the character \"&\"" },
	{ "1 & 2", "Column 3: the character \"&\"" }, { "$a", "Column 1: the character \"$\"" },
	{ "'監督局' ＝ 1", "Column 7: \"＝\" is a full-width character" }, { "not（1）", "Column 4: \"（\" is a full-width" },
	{ "1　+ 1", "Column 2: \"　\" is a full-width" }, { "監督局 = 1", "Column 1: 監督局 has no meaning" },
	{ "1 + ‘a’", "Column 5: the character \"‘\"" }, { "\xff", "not valid UTF-8" }, { "1 < > 2", "Column 5: a value" },
	{ "1 <", "Column 4: a value" }, { "* 2", "Column 1: a value" }, { "1.2.3", "Column 4: an operator" },
	{ "if(1,2,3", "Column 9: a comma or the closing" }, { "1, 2", "Column 2: an operator" },
};

static void refused(void **state)
{
	struct tk_arena *a = tk_arena_new(16 << 20);

	(void)state;
	for (size_t i = 0; i < TK_LEN(wrong); i++) {
		struct tk_err e = { .lang = TK_EN };
		struct tk_expr *x;

		assert_int_equal(tk_expr_parse(a, wrong[i].text, &x, &e), TK_EINVAL);
		if (!strstr(e.msg, wrong[i].msg))
			fail_msg("%s\n  wanted %s\n  got    %s", wrong[i].text, wrong[i].msg, e.msg);
		assert_int_equal(tk_expr_parse(a, wrong[i].text, &x, NULL), TK_EINVAL);
	}
	tk_arena_free(a);
}

static enum tk_rc parse_repeated(struct tk_arena *a, const char *head, const char *part, int n,
				 const char *middle, const char *tail, struct tk_err *e)
{
	struct tk_buf b = TK_BUF(1 << 20);
	struct tk_expr *x;
	struct tk_xenv env = { .get = get };
	enum tk_rc rc;

	tk_buf_str(&b, head);
	for (int i = 0; i < n; i++)
		tk_buf_str(&b, part);
	tk_buf_str(&b, middle);
	for (int i = 0; i < n && tail; i++)
		tk_buf_str(&b, tail);
	rc = tk_expr_parse(a, tk_buf_cstr(&b), &x, e);
	if (rc == TK_OK)
		tk_expr_eval(x, &env, a);
	tk_buf_drop(&b);
	return rc;
}

static void limits(void **state)
{
	struct tk_arena *a = tk_arena_new(64 << 20);
	struct tk_err e = { .lang = TK_EN };

	(void)state;
	assert_int_equal(parse_repeated(a, "", "(", 100, "1", ")", &e), TK_OK);
	assert_int_equal(parse_repeated(a, "", "(", 101, "1", ")", &e), TK_EINVAL);
	assert_non_null(strstr(e.msg, "Column 101: the expression is nested more than 100 deep"));
	assert_int_equal(parse_repeated(a, "", "-", 100, "1", NULL, &e), TK_OK);
	assert_int_equal(parse_repeated(a, "", "-", 101, "1", NULL, &e), TK_EINVAL);
	assert_int_equal(parse_repeated(a, "", "not(", 100, "1", ")", &e), TK_OK);
	assert_int_equal(parse_repeated(a, "", "not(", 101, "1", ")", &e), TK_EINVAL);
	/* long is fine where deep is not */
	assert_int_equal(parse_repeated(a, "1", "+1", 1998, "", NULL, &e), TK_OK);
	assert_int_equal(parse_repeated(a, "1", "+1", 1999, "", NULL, &e), TK_EINVAL);
	assert_non_null(strstr(e.msg, "more than 2000 parts"));
	assert_int_equal(parse_repeated(a, "'", "局", 4094, "'", NULL, &e), TK_OK);
	assert_int_equal(parse_repeated(a, "'", "局", 4095, "'", NULL, &e), TK_EINVAL);
	assert_non_null(strstr(e.msg, "longer than 4096 characters"));
	assert_int_equal(parse_repeated(a, "", "9", 4096, "", NULL, &e), TK_OK);
	tk_arena_free(a);
}

static void names(void **state)
{
	struct tk_arena *a = tk_arena_new(1 << 20);
	struct tk_err e = { .lang = TK_EN };
	struct tk_expr *x;
	const char *const *name;
	size_t n;

	(void)state;
	assert_int_equal(tk_expr_parse(a, "${role} = ${bureau} or ${role} = '${x}' and ${局名}", &x, &e), TK_OK);
	name = tk_expr_names(x, &n);
	assert_int_equal(n, 3);
	assert_string_equal(name[0], "role");
	assert_string_equal(name[1], "bureau");
	assert_string_equal(name[2], "局名");
	assert_false(tk_expr_uses_self(x));
	assert_int_equal(tk_expr_resolve(x, slot_of, NULL, &e), TK_OK);
	assert_int_equal(tk_expr_parse(a, "string-length() < 5", &x, &e), TK_OK);
	assert_true(tk_expr_uses_self(x));
	tk_expr_names(x, &n);
	assert_int_equal(n, 0);
	assert_int_equal(tk_expr_parse(a, "'あ' = ${yes} + ${missing}", &x, &e), TK_OK);
	assert_int_equal(tk_expr_resolve(x, slot_of, NULL, &e), TK_EINVAL);
	assert_string_equal(e.field, "missing");
	assert_non_null(strstr(e.msg, "Column 16: there is no question or attribute named ${missing}"));
	tk_arena_free(a);
}

/* The short cut of "and", "or" and if() must not ask for values it does not need. */
static int asked;

static bool count_get(void *ctx, const char *name, struct tk_xval *ret)
{
	(void)ctx, (void)name;
	*ret = tk_xstr("1");
	asked++;
	return true;
}

static void lazy(void **state)
{
	struct tk_arena *a = tk_arena_new(1 << 20);
	struct tk_xenv env = { .get = count_get };
	static const struct { const char *text; int asked; } l[] = {
		{ "${a} or ${b}", 1 }, { "${a} and ${b}", 2 }, { "not(${a}) and ${b}", 1 },
		{ "if(${a}, ${b}, ${c})", 2 }, { "coalesce(${a}, ${b})", 1 },
	};

	(void)state;
	for (size_t i = 0; i < TK_LEN(l); i++) {
		struct tk_expr *x;
		size_t used;

		assert_int_equal(tk_expr_parse(a, l[i].text, &x, NULL), TK_OK);
		used = tk_arena_used(a);
		asked = 0;
		assert_true(tk_expr_true(x, &env, a) == (i != 2));
		assert_int_equal(asked, l[i].asked);
		assert_int_equal(tk_arena_used(a), used);
	}
	tk_arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(meaning), cmocka_unit_test(refused), cmocka_unit_test(limits),
		cmocka_unit_test(names), cmocka_unit_test(lazy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
