#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "base/text.h"

static struct tk_arena *a;

static int setup(void **state)
{
	(void)state;
	a = tk_arena_new(1 << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	tk_arena_free(a);
	return 0;
}

static void utf8_is_checked(void **state)
{
	static const char *const bad[] = {
		"\x80", "\xC0\x80", "\xC1\xBF", "\xC3", "\xE3\x81", "\xE0\x80\x80", "\xED\xA0\x80",
		"\xF4\x90\x80\x80", "\xF0\x80\x80\x80", "\xF5\x80\x80\x80", "a\xFFz", "\xE3\x81z",
	};
	uint32_t cp;

	(void)state;
	for (size_t i = 0; i < TK_LEN(bad); i++)
		assert_false(tk_utf8_valid(bad[i], strlen(bad[i])));
	assert_true(tk_utf8_valid("", 0));
	assert_true(tk_utf8_valid("aéあ𠮷\xF4\x8F\xBF\xBF", 14));
	assert_int_equal(tk_utf8_get("", &cp), 0);
	assert_int_equal(tk_utf8_get("\xE3\x81", &cp), 1);      /* cut off: never past the NUL */
	assert_int_equal(cp, 0xFFFD);
	assert_int_equal(tk_utf8_get("𠮷野", &cp), 4);
	assert_int_equal(cp, 0x20BB7);
	assert_int_equal(tk_utf8_count("𠮷野家a"), 4);
	assert_string_equal(tk_utf8_head(a, "𠮷野家a", 2), "𠮷野");
	assert_string_equal(tk_utf8_head(a, "ab", 9), "ab");
	assert_string_equal(tk_utf8_head(a, "ab", 0), "");
}

static void every_code_point_survives(void **state)
{
	char s[5];
	uint32_t back;

	(void)state;
	for (uint32_t cp = 1; cp <= 0x10FFFF; cp++) {
		size_t n;
		if (cp == 0xD800)
			cp = 0xE000;
		n = tk_utf8_put(cp, s);
		s[n] = '\0';
		if (tk_utf8_get(s, &back) != n || back != cp)
			fail_msg("U+%04X", (unsigned)cp);
	}
}

static void round_trip(const char *utf8, const char *sjis, const char *back)
{
	size_t n, lost, len, bad;
	uint32_t which;
	char *s = tk_to_cp932(a, utf8, &n, &lost, &which);

	assert_string_equal(s, sjis);
	assert_int_equal(n, strlen(sjis));
	assert_int_equal(lost, 0);
	assert_int_equal(which, 0);
	s = tk_from_cp932(a, sjis, n, &len, &bad);
	assert_non_null(s);
	assert_string_equal(s, back);
	assert_int_equal(len, strlen(back));
}

static void cp932_goes_there_and_back(void **state)
{
	(void)state;
	round_trip("", "", "");
	round_trip("abc,\"\\~\r\n", "abc,\"\\~\r\n", "abc,\"\\~\r\n");
	round_trip("髙", "\xFB\xFC", "髙");
	round_trip("①㍻", "\x87\x40\x87\x7E", "①㍻");
	round_trip("表示", "\x95\x5C\x8E\xA6", "表示");             /* 表 ends in 5C */
	round_trip("ｱﾊﾟ", "\xB1\xCA\xDF", "ｱﾊﾟ");
	round_trip("～", "\x81\x60", "～");
	round_trip("〜", "\x81\x60", "～");
	round_trip("－", "\x81\x7C", "－");
	round_trip("−", "\x81\x7C", "－");
	round_trip("―", "\x81\x5C", "―");
	round_trip("—", "\x81\x5C", "―");
	round_trip("∥‖", "\x81\x61\x81\x61", "∥∥");
	round_trip("¢£¬", "\x81\x91\x81\x92\x81\xCA", "￠￡￢");
	round_trip("¥\xC2\xA0", "\\ ", "\\ ");
}

static void cp932_takes_duplicate_codes(void **state)
{
	/* NEC selected (ED..EE), IBM (FA..FC) and NEC row 13 codes for characters that have two */
	static const char *const twice[][3] = {
		{ "\xEE\xE0", "\xFB\xFC", "髙" }, { "\x87\x90", "\x81\xE0", "≒" },
		{ "\x87\x54", "\xFA\x4A", "Ⅰ" }, { "\xEE\xF9", "\x81\xCA", "￢" },
	};

	(void)state;
	for (size_t i = 0; i < TK_LEN(twice); i++) {
		assert_string_equal(tk_from_cp932(a, twice[i][0], 2, NULL, NULL), twice[i][2]);
		assert_string_equal(tk_from_cp932(a, twice[i][1], 2, NULL, NULL), twice[i][2]);
	}
}

static void cp932_names_what_is_lost(void **state)
{
	size_t n, lost;
	uint32_t which;
	char *s = tk_to_cp932(a, "𠮷野㋿é家", &n, &lost, &which);

	(void)state;
	assert_int_equal(lost, 3);
	assert_int_equal(which, 0x20BB7);
	assert_string_equal(tk_from_cp932(a, s, n, NULL, NULL), "〓野〓〓家");
	/* a run of nothing but lost characters stays within its room */
	s = tk_to_cp932(a, "éééé", &n, &lost, &which);
	assert_int_equal(n, 8);
	assert_int_equal(lost, 4);
	assert_int_equal(which, 0xE9);
	tk_to_cp932(a, "\xC2\x80", &n, &lost, NULL);
	assert_int_equal(lost, 1);
	assert_string_equal(tk_to_cp932(a, "é", NULL, NULL, NULL), "\x81\xAC");
}

static void cp932_says_where_it_is_bad(void **state)
{
	static const struct { const char *s; size_t at; } row[] = {
		{ "ab\x80", 2 }, { "\x88\x9F\xA0", 2 }, { "a\x88", 1 }, { "\x88\x9F\xFF", 2 },
		{ "\x88 x", 0 }, { "\x85\x40", 0 },
	};
	size_t bad;

	(void)state;
	for (size_t i = 0; i < TK_LEN(row); i++) {
		bad = 99;
		if (tk_from_cp932(a, row[i].s, strlen(row[i].s), NULL, &bad) || bad != row[i].at)
			fail_msg("row %zu: bad at %zu", i, bad);
	}
}

static void columns_of_a_screen(void **state)
{
	(void)state;
	assert_int_equal(tk_utf8_columns(""), 0);
	assert_int_equal(tk_utf8_columns("--db"), 4);
	assert_int_equal(tk_utf8_columns("課室"), 4);
	assert_int_equal(tk_utf8_columns("ｶﾅ カナ"), 7);
	assert_int_equal(tk_utf8_columns("か\xE3\x82\x99"), 2);
	assert_int_equal(tk_utf8_columns("𠮷"), 2);
}

static void widths_and_blanks(void **state)
{
	(void)state;
	assert_string_equal(tk_narrow(a, "ＡＢ１２！～　\xC2\xA0ア｡"), "AB12!~  ア｡");
	assert_string_equal(tk_squeeze(a, "　 氏 　\t名\r\n"), "氏 名");
	assert_string_equal(tk_squeeze(a, " 　"), "");
	assert_string_equal(tk_unblank(a, "　対 策\n実　施 "), "対策実施");
	assert_true(tk_is_blank(NULL));
	assert_true(tk_is_blank(" 　\n"));
	assert_false(tk_is_blank(" .　"));
}

static void fold_makes_one_key(void **state)
{
	(void)state;
	assert_string_equal(tk_fold(a, "ｶﾞｷﾞﾊﾟﾋﾞｳﾞｱｰ｡"), "ガギパビヴアー。");
	assert_string_equal(tk_fold(a, "がぎぱびゔあー。"), "ガギパビヴアー。");
	assert_string_equal(tk_fold(a, "か\xE3\x82\x99は\xE3\x82\x9A"), "ガパ");      /* NFD file names */
	assert_string_equal(tk_fold(a, "ﾁﾞﾂﾞﾄﾞﾎﾟ"), "ヂヅドポ");
	assert_string_equal(tk_fold(a, "ｱﾞﾅﾞｶﾟ"), "ア゛ナ゛カ゜");
	assert_string_equal(tk_fold(a, "ＳＥＲＶＥＲ　Ｎｏ．１"), "server no.1");
	assert_string_equal(tk_fold(a, "髙高漢字"), "髙高漢字");
	assert_string_equal(tk_fold(a, "\xFF\xE3\x81"), "???");
}

static void whole_numbers(void **state)
{
	static const char *const bad[] = {
		"", "12a", " 12", "-", "１．５", "9223372036854775808", "-9223372036854775809", "+1", "1,000",
	};
	int64_t v = 0;

	(void)state;
	assert_true(tk_parse_int("１２", &v) && v == 12);
	assert_true(tk_parse_int("12", &v) && v == 12);
	assert_true(tk_parse_int("－３", &v) && v == -3);
	assert_true(tk_parse_int("9223372036854775807", &v) && v == INT64_MAX);
	assert_true(tk_parse_int("-9223372036854775808", &v) && v == INT64_MIN);
	for (size_t i = 0; i < TK_LEN(bad); i++)
		if (tk_parse_int(bad[i], &v))
			fail_msg("%s", bad[i]);
	assert_false(tk_parse_int(NULL, &v));
}

static void mail_addresses(void **state)
{
	static const char *const good[] = { "a@example.jp", "taro.tenken+x@mail.example.co.jp", "a'b@e-x.org" };
	static const char *const bad[] = {
		"", "a", "@example.jp", "a@", "a@example", "a@@example.jp", "a@b@example.jp", "a b@example.jp",
		"a@example..jp", "a@.jp", "a@example.jp.", "a@-x.jp", "a@x-.jp", ".a@example.jp", "a.@example.jp",
		"a..b@example.jp", "ａ@example.jp", "a@例え.jp", "a@example.jp\n", "a\n@example.jp", "<a@example.jp>",
	};

	(void)state;
	for (size_t i = 0; i < TK_LEN(good); i++)
		assert_true(tk_is_mail(good[i]));
	for (size_t i = 0; i < TK_LEN(bad); i++)
		if (tk_is_mail(bad[i]))
			fail_msg("%s", bad[i]);
	assert_false(tk_is_mail(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(utf8_is_checked),
		cmocka_unit_test(every_code_point_survives),
		cmocka_unit_test(cp932_goes_there_and_back),
		cmocka_unit_test(cp932_takes_duplicate_codes),
		cmocka_unit_test(cp932_names_what_is_lost),
		cmocka_unit_test(cp932_says_where_it_is_bad),
		cmocka_unit_test(columns_of_a_screen),
		cmocka_unit_test(widths_and_blanks),
		cmocka_unit_test(fold_makes_one_key),
		cmocka_unit_test(whole_numbers),
		cmocka_unit_test(mail_addresses),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
