#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <cjson/cJSON.h>
#include "base/json.h"

static struct tk_arena *a;

static int setup(void **state)
{
	(void)state;
	a = tk_arena_new(64 << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	tk_arena_free(a);
	return 0;
}

static cJSON *good(const char *s)
{
	struct tk_err e = { .lang = TK_EN };
	cJSON *v = NULL;

	if (tk_json_parse(a, s, strlen(s), &v, &e))
		fail_msg("%s: %s", s, e.msg);
	assert_non_null(v);
	return v;
}

static void writer_puts_commas_and_escapes(void **state)
{
	struct tk_buf b = TK_BUF(4096);
	struct tk_json j = TK_JSON(&b);

	(void)state;
	tk_json_obj(&j);
	tk_json_kstr(&j, "名前", "a\"b\\c\n\r\t\x01\x1F<é𠮷");
	tk_json_kint(&j, "n", INT64_MIN);
	tk_json_kid(&j, "id", INT64_MAX);
	tk_json_kid(&j, "none", 0);
	tk_json_kbool(&j, "yes", true);
	tk_json_kstr(&j, "null", NULL);
	tk_json_ktime(&j, "at", 1333119600);
	tk_json_ktime(&j, "never", 0);
	tk_json_key(&j, "list");
	tk_json_arr(&j);
	tk_json_x10(&j, 902);
	tk_json_x10(&j, -5);
	tk_json_x10(&j, 1000);
	tk_json_obj(&j);
	tk_json_end_obj(&j);
	tk_json_arr(&j);
	tk_json_end_arr(&j);
	tk_json_raw(&j, "[1]");
	tk_json_end_arr(&j);
	tk_json_key(&j, "cut");
	tk_json_strn(&j, "abcd", 2);
	tk_json_end_obj(&j);
	assert_false(b.bad);
	assert_string_equal(tk_buf_cstr(&b),
		"{\"名前\":\"a\\\"b\\\\c\\n\\r\\t\\u0001\\u001f<é𠮷\",\"n\":-9223372036854775808,"
		"\"id\":\"9223372036854775807\",\"none\":null,\"yes\":true,\"null\":null,"
		"\"at\":\"2012-03-30T15:00:00Z\",\"never\":null,"
		"\"list\":[90.2,-0.5,100.0,{},[],[1]],\"cut\":\"ab\"}");
	good(tk_buf_cstr(&b));
	tk_buf_drop(&b);
}

static void writer_never_makes_bad_text(void **state)
{
	struct tk_buf b = TK_BUF(256);
	struct tk_json j = TK_JSON(&b);

	(void)state;
	tk_json_str(&j, "a\xFFz\xE3\x81");
	assert_string_equal(tk_buf_cstr(&b), "\"a\xEF\xBF\xBDz\xEF\xBF\xBD\xEF\xBF\xBD\"");
	good(tk_buf_cstr(&b));
	tk_buf_clear(&b);
	j = TK_JSON(&b);
	for (int i = 0; i < 63; i++)
		tk_json_arr(&j);
	assert_false(b.bad);
	tk_json_arr(&j);
	assert_true(b.bad);
	tk_buf_drop(&b);
}

static void reader_refuses_what_is_not_json(void **state)
{
	static const struct { const char *s; enum tk_rc rc; } row[] = {
		{ "", TK_ESYNTAX }, { " ", TK_ESYNTAX }, { "{", TK_ESYNTAX }, { "{\"a\":}", TK_ESYNTAX },
		{ "{} {}", TK_ESYNTAX }, { "{}x", TK_ESYNTAX }, { "[1,]", TK_ESYNTAX }, { "'a'", TK_ESYNTAX },
		{ "\"\xFF\"", TK_ESYNTAX }, { "\"a\nb\"", TK_ESYNTAX }, { "\"\\ud800\"", TK_ESYNTAX },
		{ "\"\\q\"", TK_ESYNTAX }, { "\"a", TK_ESYNTAX }, { "\"a\\", TK_ESYNTAX },
		{ "\"a\\u00", TK_ESYNTAX }, { "[1]\x01", TK_ESYNTAX }, { "nul", TK_ESYNTAX },
		{ "\"a\\u0000b\"", TK_EINVAL }, { "{\"\\u0000\":1}", TK_EINVAL },
	};

	(void)state;
	for (size_t i = 0; i < TK_LEN(row); i++) {
		struct tk_err e = { .lang = TK_EN };
		cJSON *v;
		enum tk_rc rc = tk_json_parse(a, row[i].s, strlen(row[i].s), &v, &e);
		if (rc != row[i].rc || v || !e.msg[0])
			fail_msg("%s gave %d (%s)", row[i].s, rc, e.msg);
	}
	assert_string_equal(good("\"\\\\u0000\"")->valuestring, "\\u0000");
	assert_string_equal(good(" \"\\u3042\\ud842\\udfb7\" \n")->valuestring, "あ𠮷");
}

static void reader_refuses_bytes_after_a_nul(void **state)
{
	cJSON *v;

	(void)state;
	assert_int_equal(tk_json_parse(a, "[1]\0[2]", 7, &v, NULL), TK_ESYNTAX);
	assert_int_equal(tk_json_parse(a, "[1]\0", 4, &v, NULL), TK_ESYNTAX);
	assert_int_equal(tk_json_parse(a, "[1]xx", 3, &v, NULL), TK_OK);        /* n is the end */
}

static void reader_limits_depth_and_number(void **state)
{
	const size_t many = 500001;
	char deep[131], *wide = tk_alloc(a, 2 * many + 2);
	struct tk_err e = { .lang = TK_EN };
	cJSON *v;

	(void)state;
	memset(deep, '[', 65);
	memset(deep + 65, ']', 65);
	assert_int_equal(tk_json_parse(a, deep, 130, &v, &e), TK_EINVAL);
	assert_int_equal(tk_json_parse(a, deep + 1, 128, &v, &e), TK_OK);
	good("\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"");
	for (size_t i = 0; i < many; i++)
		memcpy(wide + 2 * i, "1,", 2);
	wide[0] = '[';
	wide[2 * many - 1] = ']';
	assert_int_equal(tk_json_parse(a, wide, 2 * many, &v, &e), TK_ETOOBIG);
}

static void reader_refuses_repeated_names(void **state)
{
	static const char *const bad[] = {
		"{\"a\":1,\"b\":2,\"a\":3}", "[{\"x\":{\"b\":1,\"a\":1,\"\\u0061\":2}}]",
	};
	cJSON *v;

	(void)state;
	for (size_t i = 0; i < TK_LEN(bad); i++) {
		struct tk_err e = { .lang = TK_EN };
		assert_int_equal(tk_json_parse(a, bad[i], strlen(bad[i]), &v, &e), TK_EINVAL);
		assert_string_equal(e.field, "a");
	}
	good("{\"a\":{\"a\":1},\"A\":[{\"a\":1},{\"a\":1}]}");
}

static void members_are_read_by_type(void **state)
{
	static const char *const known[] = { "s", "i", "b", "id", "z", NULL };
	static const char *const fewer[] = { "s", "i", NULL };
	struct tk_err e = { .lang = TK_EN };
	cJSON *o = good("{\"s\":\"x\",\"i\":-7,\"b\":true,\"id\":\"9007199254740993\",\"z\":null}");
	const char *s = "default";
	int64_t i = 5, id = 6;
	bool b = false;

	(void)state;
	assert_int_equal(tk_json_get_str(o, "none", &s, &e), TK_OK);
	assert_int_equal(tk_json_get_int(o, "z", &i, &e), TK_OK);
	assert_int_equal(tk_json_get_id(NULL, "id", &id, &e), TK_OK);
	assert_string_equal(s, "default");
	assert_true(i == 5 && id == 6);
	assert_int_equal(tk_json_get_str(o, "s", &s, &e), TK_OK);
	assert_int_equal(tk_json_get_int(o, "i", &i, &e), TK_OK);
	assert_int_equal(tk_json_get_bool(o, "b", &b, &e), TK_OK);
	assert_int_equal(tk_json_get_id(o, "id", &id, &e), TK_OK);
	assert_string_equal(s, "x");
	assert_true(i == -7 && b && id == INT64_C(9007199254740993));
	assert_int_equal(tk_json_get_str(o, "i", &s, &e), TK_EINVAL);
	assert_string_equal(e.field, "i");
	assert_int_equal(tk_json_get_bool(o, "i", &b, &e), TK_EINVAL);
	assert_int_equal(tk_json_get_int(o, "s", &i, &e), TK_EINVAL);
	assert_int_equal(tk_json_get_id(o, "i", &id, &e), TK_EINVAL);
	assert_int_equal(tk_json_only(o, known, &e), TK_OK);
	assert_int_equal(tk_json_only(o, fewer, &e), TK_EINVAL);
	assert_string_equal(e.field, "b");
	assert_int_equal(tk_json_only(good("[]"), known, &e), TK_EINVAL);
	assert_int_equal(tk_json_get_str(good("[]"), "s", &s, &e), TK_EINVAL);
}

static void numbers_and_ids_are_strict(void **state)
{
	static const char *const num[] = { "1.5", "1e300", "1e999", "-1e999", "9007199254740992", "\"1\"", "true" };
	static const char *const id[] = { "\"\"", "\"0\"", "\"-1\"", "\"１\"", "\" 1\"", "\"99999999999999999999\"", "1" };
	int64_t v = 42;

	(void)state;
	for (size_t i = 0; i < TK_LEN(num); i++)
		if (tk_json_get_int(good(tk_sprintf(a, "{\"n\":%s}", num[i])), "n", &v, NULL) != TK_EINVAL)
			fail_msg("%s", num[i]);
	for (size_t i = 0; i < TK_LEN(id); i++)
		if (tk_json_get_id(good(tk_sprintf(a, "{\"n\":%s}", id[i])), "n", &v, NULL) != TK_EINVAL)
			fail_msg("%s", id[i]);
	assert_int_equal(v, 42);
	assert_int_equal(tk_json_get_int(good("{\"n\":9007199254740991}"), "n", &v, NULL), TK_OK);
	assert_true(v == INT64_C(9007199254740991));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writer_puts_commas_and_escapes),
		cmocka_unit_test(writer_never_makes_bad_text),
		cmocka_unit_test(reader_refuses_what_is_not_json),
		cmocka_unit_test(reader_refuses_bytes_after_a_nul),
		cmocka_unit_test(reader_limits_depth_and_number),
		cmocka_unit_test(reader_refuses_repeated_names),
		cmocka_unit_test(members_are_read_by_type),
		cmocka_unit_test(numbers_and_ids_are_strict),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
