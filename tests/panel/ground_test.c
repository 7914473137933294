/* The panel itself: files of institutions, attributes on a day, who is asked, tables by sector, and
 * what an institution's account may see (SRV-01, SYS-05). */
#include <inttypes.h>
#include <string.h>
#include "auth/account.h"
#include "base/hash.h"
#include "fixture.h"
#include "org/institution.h"
#include "record/transfer.h"
#include "table/table.h"

static struct tk_report *load(struct panel *p, const char *text, bool dry)
{
	struct tk_report *rep = NULL;

	OK(p->o.t, tk_rec_import(&p->o.op, &tk_institution, text, strlen(text), "panel.csv", dry, &rep));
	return rep;
}

static void problem_at(struct panel *p, const char *text, const char *cell, const char *says)
{
	struct tk_report *r = load(p, text, true);

	assert_false(r->accepted || r->written);
	for (size_t i = 0; i < r->nproblem; i++)
		if (!strcmp(r->problem[i].cell, cell) && strstr(r->problem[i].message, says))
			return;
	fail_msg("nothing at %s about \"%s\", but %s %s", cell, says, r->nproblem ? r->problem[0].cell : "",
		 r->nproblem ? r->problem[0].message : "nothing");
}

static void institutions_come_from_a_file_and_every_fault_has_its_cell(void **state)
{
	PANEL(state);
	struct tk_report *r;
	struct tk_query q = { .limit = -1 };
	struct tk_out_opt opt = { .format = TK_OUT_XLSX };
	struct tk_export_done done;
	struct tk_buf file = TK_BUF(8 << 20);

	problem_at(&p, "コード,名称,業態,法人番号\nB9,新銀行,銀行,5999900001234\n", "D2", "first digit does not fit");
	problem_at(&p, "コード,名称,業態,金融機関コード\nB9,新銀行,銀行,1\n", "D2", "leading zeros");
	problem_at(&p, "コード,名称,業態\nB9,新銀行,証券会社\n", "C2", "証券会社");
	problem_at(&p, "コード,名称,業態,都道府県\nB9,新銀行,銀行,東京国\n", "D2", "東京国");
	problem_at(&p, "コード,名称,業態,法人番号\nB9,新銀行,銀行,4999900001234\n", "D2", "");
	problem_at(&p, "コード,名称,業態,joined_on,left_on\nB9,新銀行,銀行,2020-04-01,2019-04-01\n", "E2", "before it joined");
	r = load(&p, "コード,名称,業態,都道府県,金融機関コード\nＢ００９,新銀行,銀行,東京都,０００９\nB001,見本銀行,銀行,東京都,0901\n", true);
	if (!r->accepted)
		fail_msg("%s %s", r->problem[0].cell, r->problem[0].message);
	assert_false(r->written);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM institution"), NINST);
	r = load(&p, "コード,名称,業態,都道府県,金融機関コード\nＢ００９,新銀行,銀行,東京都,０００９\nＢ００１,見本銀行,銀行,東京都,0901\n", false);
	assert_true(r->written);
	assert_int_equal(r->count[TK_REP_ADDED], 1);
	assert_int_equal(r->count[TK_REP_UNCHANGED], 1);
	assert_string_equal(text_sql(&p.o, "SELECT bank_code FROM institution WHERE code = 'B009' AND id > $1", 0), "0009");
	assert_string_equal(text_sql(&p.o, "SELECT prefecture FROM institution WHERE code = 'B009' AND id > $1", 0), "13");
	/* what goes out comes back and changes nothing */
	OK(t, tk_rec_export(&p.o.op, &tk_institution, &q, &opt, TK_JA, tk_out_to_buf, &file, &done));
	OK(t, tk_rec_import(&p.o.op, &tk_institution, file.p, file.len, "panel.xlsx", false, &r));
	assert_true(r->accepted);
	assert_int_equal(r->count[TK_REP_UNCHANGED], NINST + 1);
	tk_buf_drop(&file);
}

static void the_check_digit_finds_a_wrong_digit_and_two_exchanged(void **state)
{
	static const char good[] = "4999900001234";

	(void)state;
	assert_true(tk_corporate_number_ok(good));
	for (int i = 0; i < 13; i++)
		for (char d = '0'; d <= '9'; d++) {
			char s[14];

			memcpy(s, good, sizeof(s));
			s[i] = d;
			/* the sum is taken modulo 9, so 0 and 9 are the same to it in places of weight one */
			if (d != good[i] && (i == 0 || (d - good[i]) % 9 != 0))
				assert_false(tk_corporate_number_ok(s));
		}
	assert_false(tk_corporate_number_ok("499990000123"));
	assert_false(tk_corporate_number_ok("49999000012348"));
	assert_false(tk_corporate_number_ok(""));
}

struct seen { struct tk_arena *a; const char *text; size_t n; };

static enum tk_rc see(void *ctx, const struct tk_panel_row *r)
{
	struct seen *s = ctx;

	s->n++;
	if (!strcmp(r->code, "B001"))
		s->text = tk_sprintf(s->a, "%s %s %s %s %s", r->sector, r->prefecture, r->name, r->mail ? r->mail : "-",
				     r->attributes ? r->attributes : "-");
	return TK_OK;
}

static const char *on_day(struct panel *p, const char *d, size_t n)
{
	struct seen s = { .a = p->o.t->mem, .text = "" };

	OK(p->o.t, tk_panel_each(&p->o.op, d, see, &s));
	assert_int_equal(s.n, n);
	return s.text;
}

static void attributes_and_membership_are_those_of_the_day(void **state)
{
	PANEL(state);
	struct tk_institution_attribute x = { 0 };

	assert_string_equal(on_day(&p, "2019-01-01", NINST), "bank 13 見本銀行 c0@example.org -");
	assert_string_equal(on_day(&p, "2021-01-01", NINST), "bank 13 見本銀行 c0@example.org group=regional");
	tk_set_by(&tk_institution_attribute, &x, "institution_id", TK_I(p.inst[B001]));
	tk_set_by(&tk_institution_attribute, &x, "name", TK_S("group"));
	tk_set_by(&tk_institution_attribute, &x, "value", TK_S("city"));
	tk_set_by(&tk_institution_attribute, &x, "from_on", TK_S("2022-01-01"));
	FAILS(t, TK_ECONFLICT, tk_rec_insert(&p.o.op, &tk_institution_attribute, &x));
	run_sql(&p.o, "UPDATE institution_attribute SET to_on = '2021-12-31'");
	OK(t, tk_rec_insert(&p.o.op, &tk_institution_attribute, &x));
	assert_string_equal(on_day(&p, "2021-12-31", NINST), "bank 13 見本銀行 c0@example.org group=regional");
	assert_string_equal(on_day(&p, "2022-01-01", NINST), "bank 13 見本銀行 c0@example.org group=city");
	run_sql(&p.o, "UPDATE institution SET left_on = '2022-04-01' WHERE code = 'S001'");
	on_day(&p, "2022-03-31", NINST);
	on_day(&p, "2022-04-01", NINST - 1);
	run_sql(&p.o, "UPDATE institution SET joined_on = '2018-01-01' WHERE code = 'B002'");
	on_day(&p, "2017-12-31", NINST - 1);
}

static void a_rule_chooses_by_sector_prefecture_and_attribute(void **state)
{
	static const struct { const char *rule; int b001, b002, s001; } ask[] = {
		{ "${sector} = 'bank' and selected(${attribute}, 'group=regional')", 1, 0, 0 },
		{ "${sector} = 'bank'", 1, 1, 0 }, { "${prefecture} = '13'", 1, 0, 1 },
		{ "not(selected(${attribute}, 'group=regional'))", 0, 1, 1 }, { "${institution} = 'S001'", 0, 0, 1 },
	};
	PANEL(state);

	office_form(&p.o, "s", panel_form);
	for (size_t i = 0; i < TK_LEN(ask); i++) {
		struct campaign c = panel_open(&p, tk_sprintf(t->mem, "c%zu", i), ask[i].rule);

		assert_int_equal(panel_respondent(&p, &c, B001) != 0, ask[i].b001);
		assert_int_equal(panel_respondent(&p, &c, B002) != 0, ask[i].b002);
		assert_int_equal(panel_respondent(&p, &c, S001) != 0, ask[i].s001);
	}
}

static const char *table(struct panel *p, const struct campaign *c, const char *name, const char *filter)
{
	struct tk_table_ask ask = { .name = name, .by = "division", .filter = filter, .lang = TK_JA };
	struct tk_buf b = TK_BUF(1 << 20);
	struct tk_table *tab;
	const char *s;

	OK(p->o.t, tk_table_make(&p->o.op, c, &ask, &tab));
	tk_table_text(&b, tab);
	s = tk_strdup(p->o.t->mem, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return s;
}

static void tables_count_by_sector(void **state)
{
	PANEL(state);
	struct campaign c;
	struct tk_response r;
	struct tk_who who;
	const char *s;

	office_form(&p.o, "s", panel_form);
	c = panel_open(&p, "c", NULL);
	for (int i = 0; i < 2; i++) {
		OK(t, tk_response_of(&p.o.op, panel_respondent(&p, &c, i ? S001 : B001), &r));
		assert_string_equal(r.division, i ? "信用金庫" : "銀行");
		OK(t, apply(&p.o, &r, i ? "{\"a\":{\"value\":\"partly\"},\"b\":{\"value\":\"done\"}}"
					: "{\"a\":{\"value\":\"done\"},\"b\":{\"value\":\"done\"}}"));
		OK(t, tk_response_submit(&p.o.op, &r));
	}
	s = table(&p, &c, "response-rate", NULL);
	assert_non_null(strstr(s, "銀行"));
	assert_non_null(strstr(s, "信用金庫"));
	assert_non_null(strstr(s, "50.0"));     /* one of two banks */
	assert_non_null(strstr(s, "66.7"));
	s = table(&p, &c, "items", "${prefecture} = '13'");
	assert_non_null(strstr(s, "100.0"));
	/* what a reviewer took counts as what was submitted */
	run_sql(&p.o, "UPDATE response SET state = 'accepted'");
	run_sql(&p.o, "UPDATE campaign SET epoch = epoch + 1");
	assert_non_null(strstr(table(&p, &c, "response-rate", NULL), "66.7"));
	who = as_account(&p, panel_account(&p, B001, "b001", true));
	STATUS(CALL(&p.o, who, "GET", tk_sprintf(t->mem, "campaigns/%" PRId64 "/tables/items", c.rec.id)), 403);
}

static void accounts_are_of_the_office_or_of_an_institution(void **state)
{
	PANEL(state);
	struct tk_account a = { 0 };
	struct tk_account_role x = { 0 };
	int64_t id = panel_account(&p, B001, "b001", true), clerk;
	const char *patch = tk_sprintf(t->mem, "{\"institution_id\":\"%" PRId64 "\"}", p.inst[B002]);

	tk_set_by(&tk_account, &a, "login", TK_S("x"));
	tk_set_by(&tk_account, &a, "name", TK_S("x"));
	tk_set_by(&tk_account, &a, "staff_id", TK_I(p.o.staff[0]));
	tk_set_by(&tk_account, &a, "institution_id", TK_I(p.inst[B001]));
	FAILS(t, TK_EINVAL, tk_rec_insert(&p.o.op, &tk_account, &a));
	tk_set_by(&tk_account, &a, "staff_id", TK_NULL);
	tk_set_by(&tk_account, &a, "contact_id", TK_I(p.contact[B002]));
	FAILS(t, TK_EINVAL, tk_rec_insert(&p.o.op, &tk_account, &a));
	STATUS(CALL(&p.o, as_office(), "PATCH", tk_sprintf(t->mem, "accounts/%" PRId64, id), patch, "\"1\""), 409);
	tk_set_by(&tk_account_role, &x, "account_id", TK_I(id));
	tk_set_by(&tk_account_role, &x, "role", TK_S("office"));
	FAILS(t, TK_EINVAL, tk_rec_insert(&p.o.op, &tk_account_role, &x));
	clerk = tk_id_new();
	OK(t, tk_db_exec(t->db, &t->e, "INSERT INTO account(id, version, login, name, state, failed_count) VALUES($1, 1, 'k', 'k', 'active', 0)",
			 TK_I(clerk)));
	tk_set_by(&tk_account_role, &x, "account_id", TK_I(clerk));
	tk_set_by(&tk_account_role, &x, "role", TK_S("coordinator"));
	FAILS(t, TK_EINVAL, tk_rec_insert(&p.o.op, &tk_account_role, &x));
	/* one made behind the program's back grants nothing */
	run_sql(&p.o, tk_sprintf(t->mem, "INSERT INTO account_role(id, version, account_id, role) VALUES(77, 1, %" PRId64 ", 'office')", id));
	assert_int_equal(as_account(&p, id).scope[TK_P_ORG_READ], TK_SCOPE_NONE);
	assert_true(as_account(&p, id).coordinator);
}

static void an_institution_sees_nothing_of_the_office(void **state)
{
	static const char *const path[] = { "staff", "divisions", "bureaus", "posts", "campaigns", "respondents", "institutions", "sectors",
					    "contacts", "institution-attributes", "accounts", "forms", "trail", "mails", "cases" };
	PANEL(state);
	struct campaign c;
	struct tk_who who[2];

	office_form(&p.o, "s", panel_form);
	c = panel_open(&p, "c", "${institution} = 'B001'");
	who[0] = as_account(&p, panel_account(&p, B001, "b001", true));
	who[1] = as_account(&p, panel_account(&p, B001, "b001b", false));
	for (size_t i = 0; i < TK_LEN(path); i++)
		for (int k = 0; k < 2; k++)
			STATUS(CALL(&p.o, who[k], "GET", path[i]), 403);
	STATUS(CALL(&p.o, who[0], "GET", my(&p, &c, "")), 200);
	/* one that is not asked */
	STATUS(CALL(&p.o, as_account(&p, panel_account(&p, B002, "b002", true)), "GET", my(&p, &c, "")), 404);
}

static void who_has_left_the_panel_has_no_rights(void **state)
{
	PANEL(state);
	int64_t id = panel_account(&p, B001, "b001", true);

	assert_int_equal(as_account(&p, id).scope[TK_P_ANSWER_OWN], TK_SCOPE_OWN);
	run_sql(&p.o, tk_sprintf(t->mem, "UPDATE institution SET left_on = '%s' WHERE code = 'B001'", day(&p.o, 1)));
	assert_int_equal(as_account(&p, id).scope[TK_P_ANSWER_OWN], TK_SCOPE_OWN);
	run_sql(&p.o, tk_sprintf(t->mem, "UPDATE institution SET left_on = '%s' WHERE code = 'B001'", day(&p.o, 0)));
	assert_int_equal(as_account(&p, id).scope[TK_P_ANSWER_OWN], TK_SCOPE_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_check_digit_finds_a_wrong_digit_and_two_exchanged),
		TESTDB_BOTH(institutions_come_from_a_file_and_every_fault_has_its_cell),
		TESTDB_BOTH(attributes_and_membership_are_those_of_the_day),
		TESTDB_BOTH(a_rule_chooses_by_sector_prefecture_and_attribute),
		TESTDB_BOTH(tables_count_by_sector),
		TESTDB_BOTH(accounts_are_of_the_office_or_of_an_institution),
		TESTDB_BOTH(an_institution_sees_nothing_of_the_office),
		TESTDB_BOTH(who_has_left_the_panel_has_no_rights),
	};

	return cmocka_run_group_tests_name("the panel", tests, NULL, NULL);
}
