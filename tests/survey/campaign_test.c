/* Campaigns: who is asked, frozen copies, the moves between states and what each refuses. */
#include <stdlib.h>
#include <string.h>
#include "office.h"
#include "form/form_in.h"

static int64_t asked(struct office *o, const struct campaign *c)
{
	return int_sql(o, "SELECT COUNT(*) FROM respondent WHERE campaign_id = $1 AND state = 'in' AND deleted_at IS NULL", c->rec.id);
}

static const char *path(struct office *o, const struct campaign *c, const char *tail)
{
	return tk_sprintf(o->t->mem, "campaigns/%lld%s", (long long)c->rec.id, tail);
}

static const char *version(struct office *o, const struct campaign *c)
{
	return tk_sprintf(o->t->mem, "\"%lld\"", (long long)int_sql(o, "SELECT version FROM campaign WHERE id = $1", c->rec.id));
}

static void test_create(void **state)
{
	OFFICE(state);
	struct tk_campaign_new n = { .name = "one", .form = "create", .fiscal_year = 2026, .base_date = "2026-10-01" };
	struct campaign c;
	struct reply r;

	office_form(&o, "create", office_basic);
	run_sql(&o, "UPDATE staff SET joined_on = '2026-10-02' WHERE staff_number = '202'; UPDATE staff SET left_on = '2026-10-01' WHERE staff_number = '302'");
	OK(t, tk_campaign_create(&o.op, &n, &c));
	assert_string_equal(c.state, "planned");
	assert_string_equal(c.title_en, "FY2026 Inspection");
	assert_int_equal(asked(&o, &c), STAFF - 2);
	assert_string_equal(text_sql(&o, "SELECT roles FROM respondent WHERE id = $1", respondent(&o, &c, "301")),
			    "all_staff division_head system_admin role_system_officer role_division_officer");
	assert_string_equal(text_sql(&o, "SELECT roles FROM respondent WHERE id = $1", respondent(&o, &c, "102")), "all_staff");
	FAILS(t, TK_ECONFLICT, tk_campaign_create(&o.op, &n, &c));
	n.name = "a b";
	FAILS(t, TK_EINVAL, tk_campaign_create(&o.op, &n, &c));
	n = (struct tk_campaign_new){ .name = "two", .form = "nothing", .fiscal_year = 2026 };
	FAILS(t, TK_ENOTFOUND, tk_campaign_create(&o.op, &n, &c));
	n = (struct tk_campaign_new){ .name = "two", .form = "create", .fiscal_year = 2026, .follow_up_of = "nothing" };
	FAILS(t, TK_ENOTFOUND, tk_campaign_create(&o.op, &n, &c));
	n = (struct tk_campaign_new){ .name = "two", .form = "create", .fiscal_year = 2026, .population = "${hat} = 'x'" };
	FAILS(t, TK_EINVAL, tk_campaign_create(&o.op, &n, &c));
	assert_string_equal(t->e.field, "population");
	n = (struct tk_campaign_new){ .name = "two", .form = "create", .fiscal_year = 2026, .opens_on = "2026-12-01", .closes_on = "2026-11-30" };
	FAILS(t, TK_EINVAL, tk_campaign_create(&o.op, &n, &c));
	SAYS(t, "The last day is before the first.");
	r = CALL(&o, as_office(), "POST", "campaigns", tk_sprintf(t->mem, "{\"name\":\"three\",\"title_ja\":\"三\",\"fiscal_year\":2026,"
		"\"form_version_id\":\"%lld\",\"population\":\"${bureau} = '監督局' and selected(${role}, 'all_staff')\"}", (long long)o.version));
	STATUS(r, 201);
	OK(t, tk_campaign_find(&o.op, "three", &c));
	assert_int_equal(asked(&o, &c), 2);
	STATUS(CALL(&o, as_staff(&o, "102"), "POST", "campaigns", "{}"), 403);
}

/* A planned campaign follows its rule; an open one keeps what it asks. */
static void test_edit(void **state)
{
	OFFICE(state);
	struct campaign c;

	office_form(&o, "edit", office_basic);
	c = office_campaign(&o, "edit", NULL);
	assert_int_equal(asked(&o, &c), STAFF);
	STATUS(CALL(&o, as_office(), "PATCH", path(&o, &c, ""), "{\"population\":\"${post} = '課長'\"}", version(&o, &c)), 200);
	assert_int_equal(asked(&o, &c), 3);
	/* somebody moves, is renamed and comes back under the rule: the copy is of now */
	run_sql(&o, tk_sprintf(t->mem, "UPDATE staff SET name = '新名', division_id = %lld WHERE staff_number = '102'", (long long)o.division[2]));
	STATUS(CALL(&o, as_office(), "PATCH", path(&o, &c, ""), "{\"population\":null}", version(&o, &c)), 200);
	assert_int_equal(asked(&o, &c), STAFF);
	assert_string_equal(text_sql(&o, "SELECT name FROM respondent WHERE id = $1", respondent(&o, &c, "102")), "新名");
	assert_true(int_sql(&o, "SELECT division_id FROM respondent WHERE id = $1", respondent(&o, &c, "102")) == o.division[2]);
	STATUS(CALL(&o, as_office(), "PATCH", path(&o, &c, ""), "{\"state\":\"open\"}", version(&o, &c)), 422);
	STATUS(CALL(&o, as_office(), "POST", path(&o, &c, "/open")), 200);
	STATUS(CALL(&o, as_office(), "PATCH", path(&o, &c, ""), "{\"population\":\"${post} = '課長'\"}", version(&o, &c)), 409);
	STATUS(CALL(&o, as_office(), "PATCH", path(&o, &c, ""), "{\"base_date\":\"2020-01-01\"}", version(&o, &c)), 409);
	STATUS(CALL(&o, as_office(), "PATCH", path(&o, &c, ""), tk_sprintf(t->mem, "{\"closes_on\":\"%s\"}", day(&o, 30)), version(&o, &c)), 409);
	STATUS(CALL(&o, as_office(), "PATCH", path(&o, &c, ""), "{\"fiscal_year\":2020}", version(&o, &c)), 409);
	STATUS(CALL(&o, as_office(), "PATCH", path(&o, &c, ""), "{\"title_en\":\"A better title\"}", version(&o, &c)), 200);
	STATUS(CALL(&o, as_office(), "PATCH", path(&o, &c, ""), "{\"title_en\":\"x\"}", "\"1\""), 412);
	STATUS(CALL(&o, as_office(), "DELETE", path(&o, &c, ""), NULL, version(&o, &c)), 409);
}

static void test_moves(void **state)
{
	OFFICE(state);
	struct campaign c;
	const char *close, *reopen, *extend, *reason;

	office_form(&o, "moves", office_basic);
	c = office_campaign(&o, "moves", NULL);
	close = path(&o, &c, "/close");
	reopen = path(&o, &c, "/reopen");
	extend = path(&o, &c, "/extend");
	STATUS(CALL(&o, as_office(), "POST", close), 409);
	STATUS(CALL(&o, as_office(), "POST", extend, "{}"), 409);
	STATUS(CALL(&o, as_office(), "POST", reopen, "{}"), 409);
	STATUS(CALL(&o, as_head(&o, "101", 0), "POST", path(&o, &c, "/open")), 403);
	OK(t, tk_db_exec(t->db, &t->e, "UPDATE campaign SET closes_on = $1 WHERE id = $2", TK_S(day(&o, -1)), TK_I(c.rec.id)));
	STATUS(CALL(&o, as_office(), "POST", path(&o, &c, "/open")), 422);
	OK(t, tk_db_exec(t->db, &t->e, "UPDATE campaign SET closes_on = $1 WHERE id = $2", TK_S(day(&o, 3)), TK_I(c.rec.id)));
	STATUS(CALL(&o, as_office(), "POST", path(&o, &c, "/open")), 200);
	STATUS(CALL(&o, as_office(), "POST", path(&o, &c, "/open")), 409);
	STATUS(CALL(&o, as_office(), "POST", extend, tk_sprintf(t->mem, "{\"closes_on\":\"%s\"}", day(&o, 9))), 422);
	STATUS(CALL(&o, as_office(), "POST", extend, "{\"reason\":\"r\"}"), 422);
	STATUS(CALL(&o, as_office(), "POST", extend, "{\"reason\":\"r\",\"closes_on\":\"never\"}"), 422);
	STATUS(CALL(&o, as_office(), "POST", extend, tk_sprintf(t->mem, "{\"reason\":\"r\",\"closes_on\":\"%s\"}", day(&o, -9))), 422);
	STATUS(CALL(&o, as_office(), "POST", extend, tk_sprintf(t->mem, "{\"reason\":\"r\",\"closes_on\":\"%s\"}", day(&o, 2))), 422);
	HAS(CALL(&o, as_office(), "POST", extend, tk_sprintf(t->mem, "{\"reason\":\"r\",\"closes_on\":\"%s\"}", day(&o, 3))), "must be after");
	STATUS(CALL(&o, as_office(), "POST", extend, tk_sprintf(t->mem, "{\"reason\":\"many were ill\",\"closes_on\":\"%s\"}", day(&o, 9))), 200);
	reason = text_sql(&o, "SELECT detail FROM trail WHERE action = 'extend' AND record_id = $1", c.rec.id);
	assert_non_null(strstr(reason, "many were ill"));
	STATUS(CALL(&o, as_office(), "POST", close), 200);
	assert_true(int_sql(&o, "SELECT closed_at FROM campaign WHERE id = $1", c.rec.id) > 0);
	STATUS(CALL(&o, as_office(), "POST", path(&o, &c, "/sync")), 409);
	STATUS(CALL(&o, as_office(), "POST", reopen, "{}"), 422);
	OK(t, tk_db_exec(t->db, &t->e, "UPDATE campaign SET closes_on = $1 WHERE id = $2", TK_S(day(&o, -1)), TK_I(c.rec.id)));
	STATUS(CALL(&o, as_office(), "POST", reopen, "{\"reason\":\"r\"}"), 422);
	STATUS(CALL(&o, as_office(), "POST", reopen, tk_sprintf(t->mem, "{\"reason\":\"r\",\"closes_on\":\"%s\"}", day(&o, 1))), 200);
	assert_string_equal(text_sql(&o, "SELECT state FROM campaign WHERE id = $1", c.rec.id), "open");
	assert_null(text_sql(&o, "SELECT CAST(closed_at AS TEXT) FROM campaign WHERE id = $1", c.rec.id));
}

static void test_open_refused(void **state)
{
	OFFICE(state);
	struct campaign c;

	office_draft(&o, "draft", office_basic);
	c = office_campaign(&o, "draft", NULL);
	FAILS(t, TK_ECONFLICT, tk_campaign_open(&o.op, c.rec.id));
	assert_string_equal(t->e.field, "form_version_id");
	OK(t, tk_form_publish(&o.op, o.version));
	OK(t, tk_campaign_open(&o.op, c.rec.id));
	c = office_campaign(&o, "nobody", "${post} = 'astronaut'");
	assert_int_equal(asked(&o, &c), 0);
	FAILS(t, TK_ECONFLICT, tk_campaign_open(&o.op, c.rec.id));
	SAYS(t, "Nobody would be asked.");
	FAILS(t, TK_ENOTFOUND, tk_campaign_open(&o.op, 77));
}

static void test_delete(void **state)
{
	OFFICE(state);
	struct campaign c;

	office_form(&o, "del", office_basic);
	c = office_campaign(&o, "del", NULL);
	STATUS(CALL(&o, as_office(), "DELETE", path(&o, &c, ""), NULL, version(&o, &c)), 204);
	FAILS(t, TK_ENOTFOUND, tk_campaign_find(&o.op, "del", &c));
	STATUS(CALL(&o, as_staff(&o, "102"), "GET", tk_sprintf(t->mem, "my/responses/%lld", (long long)c.rec.id)), 404);
	c = office_campaign(&o, "del", NULL);                   /* the name is free again */
	submit(&o, &c, "102", "{\"a\":{\"value\":\"done\"},\"b\":{\"value\":\"done\"}}");
	STATUS(CALL(&o, as_office(), "DELETE", path(&o, &c, ""), NULL, version(&o, &c)), 409);
	assert_int_equal(asked(&o, &c), STAFF);
}

static const char *const both = "{\"a\":{\"value\":\"done\"},\"b\":{\"value\":\"done\"}}";

static void test_joiners_and_leavers(void **state)
{
	OFFICE(state);
	struct tk_population_change ch;
	struct campaign c;
	struct tk_response r;

	office_form(&o, "sync", office_basic);
	c = office_campaign(&o, "sync", "${bureau} = '総務企画局'");
	OK(t, tk_campaign_open(&o.op, c.rec.id));
	OK(t, tk_rec_load(&o.op, &tk_campaign_type, c.rec.id, &c));
	assert_int_equal(asked(&o, &c), 5);
	submit(&o, &c, "102", both);
	r = response_of(&o, &c, "103");
	OK(t, apply(&o, &r, "{\"a\":{\"value\":\"done\"}}"));
	OK(t, tk_response_save(&o.op, &r));
	/* 102 and 103 leave, one with an answer, one with a draft; 101 moves away; somebody joins; 301 moves in */
	run_sql(&o, "UPDATE staff SET left_on = '2020-01-01' WHERE staff_number IN ('102', '103')");
	OK(t, tk_db_exec(t->db, &t->e, "UPDATE staff SET division_id = $1 WHERE staff_number = '101'", TK_I(o.division[2])));
	OK(t, tk_db_exec(t->db, &t->e, "UPDATE staff SET division_id = $1 WHERE staff_number = '301'", TK_I(o.division[1])));
	office_staff(&o, "901", "標本 九号", 0, 1);
	OK(t, tk_population_sync(&o.op, &c, &ch));
	assert_int_equal(ch.added, 2);
	assert_int_equal(ch.left, 1);
	assert_string_equal(text_sql(&o, "SELECT state FROM respondent WHERE id = $1", respondent(&o, &c, "102")), "in");
	assert_string_equal(text_sql(&o, "SELECT state FROM respondent WHERE id = $1", respondent(&o, &c, "103")), "left");
	assert_int_equal(int_sql(&o, "SELECT joined_late FROM respondent WHERE id = $1", respondent(&o, &c, "901")), 1);
	assert_int_equal(int_sql(&o, "SELECT joined_late FROM respondent WHERE id = $1", respondent(&o, &c, "101")), 0);
	assert_string_equal(text_sql(&o, "SELECT state FROM respondent WHERE id = $1", respondent(&o, &c, "101")), "in");
	assert_true(int_sql(&o, "SELECT division_id FROM respondent WHERE id = $1", respondent(&o, &c, "101")) == o.division[0]);
	/* back again, in another division: asked again, there */
	run_sql(&o, "UPDATE staff SET left_on = NULL WHERE staff_number = '103'");
	OK(t, tk_db_exec(t->db, &t->e, "UPDATE staff SET division_id = $1 WHERE staff_number = '103'", TK_I(o.division[1])));
	OK(t, tk_population_sync(&o.op, &c, &ch));
	assert_int_equal(ch.left + ch.added, 0);
	assert_string_equal(text_sql(&o, "SELECT state FROM respondent WHERE id = $1", respondent(&o, &c, "103")), "in");
	assert_true(int_sql(&o, "SELECT division_id FROM respondent WHERE id = $1", respondent(&o, &c, "103")) == o.division[1]);
	OK(t, tk_population_sync(&o.op, &c, &ch));
	assert_int_equal(ch.left + ch.added + ch.refreshed, 0);
	/* closed: nothing moves any more */
	OK(t, tk_campaign_close(&o.op, c.rec.id, NULL));
	OK(t, tk_rec_load(&o.op, &tk_campaign_type, c.rec.id, &c));
	FAILS(t, TK_ECONFLICT, tk_population_sync(&o.op, &c, &ch));
}

static void test_follow_up(void **state)
{
	OFFICE(state);
	struct tk_campaign_new n = { .name = "again", .form = "follow", .fiscal_year = 2026, .follow_up_of = "first" };
	struct campaign c, f;
	struct tk_response r;
	size_t asked_n, answered;

	office_form(&o, "follow", office_basic);
	c = office_open(&o, "first");
	submit(&o, &c, "101", both);
	submit(&o, &c, "102", "{\"a\":{\"value\":\"partly\"},\"b\":{\"value\":\"done\"}}");
	submit(&o, &c, "103", "{\"a\":{\"state\":\"not_applicable\"},\"b\":{\"value\":\"done\"}}");
	submit(&o, &c, "201", "{\"a\":{\"state\":\"dont_know\"},\"b\":{\"value\":\"done\"}}");
	OK(t, tk_campaign_close(&o.op, c.rec.id, NULL));
	OK(t, tk_campaign_create(&o.op, &n, &f));
	assert_int_equal(asked(&o, &f), 2);
	assert_string_equal(text_sql(&o, "SELECT asked_only FROM respondent WHERE id = $1", respondent(&o, &f, "102")), "a");
	assert_string_equal(text_sql(&o, "SELECT asked_only FROM respondent WHERE id = $1", respondent(&o, &f, "201")), "a");
	OK(t, tk_campaign_open(&o.op, f.rec.id));
	r = response_of(&o, &f, "102");
	tk_response_count(&r, &asked_n, &answered);
	assert_int_equal(asked_n, 1);
	FAILS(t, TK_EINVAL, apply(&o, &r, "{\"b\":{\"value\":\"done\"}}"));
	OK(t, apply(&o, &r, "{\"a\":{\"value\":\"done\"}}"));
	OK(t, tk_response_submit(&o.op, &r));
	/* taking the reference away makes the population anew */
	n.name = "third";
	OK(t, tk_campaign_create(&o.op, &n, &f));
	STATUS(CALL(&o, as_office(), "PATCH", path(&o, &f, ""), "{\"follow_up_of\":null}", version(&o, &f)), 200);
	assert_int_equal(asked(&o, &f), STAFF);
	assert_null(text_sql(&o, "SELECT asked_only FROM respondent WHERE id = $1", respondent(&o, &f, "102")));
	STATUS(CALL(&o, as_office(), "PATCH", path(&o, &f, ""), tk_sprintf(t->mem, "{\"follow_up_of\":\"%lld\"}", (long long)f.rec.id), version(&o, &f)), 422);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TESTDB_BOTH(test_create), TESTDB_BOTH(test_edit), TESTDB_BOTH(test_moves), TESTDB_BOTH(test_open_refused),
		TESTDB_BOTH(test_delete), TESTDB_BOTH(test_joiners_and_leavers), TESTDB_BOTH(test_follow_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
