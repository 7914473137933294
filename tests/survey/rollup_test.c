/* The divisional roll-up: who is missing, sign-off, sending back, reminders, tasks, and who may what. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "office.h"
#include "survey/rollup.h"

static const char *const both = "{\"a\":{\"value\":\"done\"},\"b\":{\"value\":\"done\"}}";

static const char *at(struct office *o, const struct campaign *c, int division, const char *tail)
{
	return tk_sprintf(o->t->mem, "campaigns/%" PRId64 "/divisions/%" PRId64 "%s", c->rec.id, o->division[division], tail);
}

static const char *to(struct office *o, const struct campaign *c, const char *number)
{
	return tk_sprintf(o->t->mem, "campaigns/%" PRId64 "/respondents/%" PRId64 "/send-back", c->rec.id, respondent(o, c, number));
}

static const char *of(struct office *o, const struct campaign *c, const char *tail)
{
	return tk_sprintf(o->t->mem, "campaigns/%" PRId64 "/%s", c->rec.id, tail);
}

static void test_who_is_missing(void **state)
{
	OFFICE(state);
	struct campaign c;
	struct tk_response half;
	struct reply r;

	office_form(&o, "missing", office_basic);
	c = office_open(&o, "missing");
	submit(&o, &c, "101", "{\"a\":{\"value\":\"done\"},\"b\":{\"value\":\"done\"},\"c\":{\"value\":\"very private\"}}");
	half = response_of(&o, &c, "102");
	OK(t, apply(&o, &half, "{\"a\":{\"value\":\"done\"}}"));
	OK(t, tk_response_save(&o.op, &half));
	r = CALL(&o, as_head(&o, "101", 0), "GET", at(&o, &c, 0, ""));
	STATUS(r, 200);
	HAS(r, "\"division\":\"総務課\",\"bureau\":\"総務企画局\",\"sign_off\":null,\"can_sign\":true");
	HAS(r, "\"staff_number\":\"101\",\"name\":\"標本 一号\",\"post\":\"課長\",\"state\":\"submitted\",\"asked\":3,\"answered\":3,");
	HAS(r, "\"staff_number\":\"102\",\"name\":\"標本 二号\",\"post\":\"係員\",\"state\":\"draft\",\"asked\":3,\"answered\":1,\"submitted_at\":null");
	HAS(r, "\"state\":\"not_started\",\"asked\":3,\"answered\":0,\"submitted_at\":null,\"receipt_no\":null,\"mail\":false");
	HASNT(r, "very private");
	HASNT(r, "done");
	/* who may look */
	STATUS(CALL(&o, as_head(&o, "101", 0), "GET", at(&o, &c, 1, "")), 403);
	STATUS(CALL(&o, as_bureau(&o, 0), "GET", at(&o, &c, 1, "")), 200);
	STATUS(CALL(&o, as_bureau(&o, 1), "GET", at(&o, &c, 1, "")), 403);
	STATUS(CALL(&o, as_staff(&o, "102"), "GET", at(&o, &c, 0, "")), 403);
	STATUS(CALL(&o, as_office(), "GET", tk_sprintf(t->mem, "campaigns/%" PRId64 "/divisions/5", c.rec.id)), 404);
	STATUS(CALL(&o, as_office(), "GET", tk_sprintf(t->mem, "campaigns/5/divisions/%" PRId64, o.division[0])), 404);
}

static void test_sign(void **state)
{
	OFFICE(state);
	struct campaign c;
	struct tk_who two;
	struct reply r;

	office_form(&o, "sign", office_basic);
	c = office_campaign(&o, "sign", NULL);
	STATUS(CALL(&o, as_head(&o, "201", 1), "POST", at(&o, &c, 1, "/sign-off"), "{}"), 409);
	OK(t, tk_campaign_open(&o.op, c.rec.id));
	submit(&o, &c, "201", both);
	r = CALL(&o, as_head(&o, "201", 1), "POST", at(&o, &c, 1, "/sign-off"), "{\"comment\":\"ok\"}");
	STATUS(r, 422);
	HAS(r, "1 of 2 have not submitted yet");
	HAS(r, "\"field\":\"incomplete_reason\"");
	STATUS(CALL(&o, as_head(&o, "101", 0), "POST", at(&o, &c, 1, "/sign-off"), "{\"incomplete_reason\":\"x\"}"), 403);
	STATUS(CALL(&o, as_staff(&o, "202"), "POST", at(&o, &c, 1, "/sign-off"), "{}"), 403);
	r = CALL(&o, as_head(&o, "201", 1), "POST", at(&o, &c, 1, "/sign-off"), "{\"incomplete_reason\":\"on leave\"}");
	STATUS(r, 200);
	HAS(r, "\"state\":\"signed\",\"state_label\":\"Signed off\"");
	HAS(r, "\"by\":\"201\",\"comment\":\"on leave\"");
	STATUS(CALL(&o, as_head(&o, "201", 1), "POST", at(&o, &c, 1, "/sign-off"), "{\"incomplete_reason\":\"x\"}"), 409);
	/* who had not answered can no longer, until the office takes the sign-off back */
	HAS(CALL(&o, as_staff(&o, "202"), "PATCH", tk_sprintf(t->mem, "my/responses/%" PRId64, c.rec.id), "{\"answers\":{}}", "0"), "signed off");
	STATUS(CALL(&o, as_head(&o, "201", 1), "POST", at(&o, &c, 1, "/withdraw-sign-off"), "{\"reason\":\"x\"}"), 403);
	HAS(CALL(&o, as_office(), "POST", at(&o, &c, 1, "/withdraw-sign-off"), "{}"), "\"field\":\"reason\"");
	STATUS(CALL(&o, as_office(), "POST", at(&o, &c, 1, "/withdraw-sign-off"), "{\"reason\":\"too early\"}"), 200);
	STATUS(CALL(&o, as_office(), "POST", at(&o, &c, 0, "/withdraw-sign-off"), "{\"reason\":\"x\"}"), 409);
	submit(&o, &c, "202", both);
	r = CALL(&o, as_head(&o, "201", 1), "POST", at(&o, &c, 1, "/sign-off"), "{\"comment\":\"complete\"}");
	STATUS(r, 200);
	HAS(r, "\"comment\":\"complete\"");
	/* one head of two divisions, and a bureau */
	two = as_head(&o, "101", 0);
	two.division[two.ndivision++] = o.division[2];
	STATUS(CALL(&o, two, "POST", at(&o, &c, 0, "/sign-off"), "{\"incomplete_reason\":\"x\"}"), 200);
	STATUS(CALL(&o, two, "POST", at(&o, &c, 2, "/sign-off"), "{\"incomplete_reason\":\"x\"}"), 200);
	STATUS(CALL(&o, two, "POST", at(&o, &c, 1, "/sign-off"), "{\"incomplete_reason\":\"x\"}"), 403);
	assert_int_equal(int_sql(&o, "SELECT COUNT(*) FROM tk_case WHERE type = 'division_sign_off' AND state = 'signed' AND parent_id = $1", c.rec.id), 3);
	OK(t, tk_campaign_close(&o.op, c.rec.id, NULL));
	STATUS(CALL(&o, as_office(), "POST", at(&o, &c, 1, "/withdraw-sign-off"), "{\"reason\":\"x\"}"), 409);
}

/* Everybody means everybody: who left without an answer is not waited for, one draft is. */
static void test_complete(void **state)
{
	OFFICE(state);
	struct tk_population_change ch;
	struct tk_case k = { 0 };
	struct tk_response draft;
	struct campaign c;

	office_form(&o, "complete", office_basic);
	c = office_open(&o, "complete");
	submit(&o, &c, "301", both);
	submit(&o, &c, "302", both);
	draft = response_of(&o, &c, "303");
	OK(t, apply(&o, &draft, both));
	OK(t, tk_response_save(&o.op, &draft));
	FAILS(t, TK_EINVAL, tk_rollup_sign(&o.op, c.rec.id, o.division[2], NULL, "  ", &k));
	SAYS(t, "1 of 3 have not submitted yet");
	run_sql(&o, "UPDATE staff SET left_on = '2020-01-01' WHERE staff_number IN ('302', '303')");
	OK(t, tk_population_sync(&o.op, &c, &ch));
	OK(t, tk_rollup_sign(&o.op, c.rec.id, o.division[2], NULL, NULL, &k));
	assert_string_equal(k.state, "signed");
	FAILS(t, TK_ENOTFOUND, tk_rollup_sign(&o.op, c.rec.id, 55, NULL, NULL, &k));
}

static void test_send_back(void **state)
{
	OFFICE(state);
	struct tk_who head;
	struct campaign c;
	const char *mine, *receipt;
	char *long_reason = tk_alloc(t->mem, 2002);
	struct reply r;

	office_form(&o, "back", office_basic);
	c = office_open(&o, "back");
	head = as_head(&o, "101", 0);
	mine = tk_sprintf(t->mem, "my/responses/%" PRId64, c.rec.id);
	for (int i = 0; i < 3; i++)
		submit(&o, &c, (const char *const[]){ "101", "102", "103" }[i], both);
	receipt = text_sql(&o, "SELECT receipt_no FROM response WHERE id = $1", respondent(&o, &c, "102"));
	STATUS(CALL(&o, head, "POST", at(&o, &c, 0, "/sign-off"), "{}"), 200);
	STATUS(CALL(&o, as_staff(&o, "102"), "POST", tk_sprintf(t->mem, "%s/withdraw", mine)), 409);
	STATUS(CALL(&o, head, "POST", to(&o, &c, "102"), "{\"reason\":\" \"}"), 422);
	STATUS(CALL(&o, head, "POST", to(&o, &c, "201"), "{\"reason\":\"x\"}"), 403);
	memset(long_reason, 'x', 2001);
	HAS(CALL(&o, head, "POST", to(&o, &c, "102"), tk_sprintf(t->mem, "{\"reason\":\"%s\"}", long_reason)), "at most 2000 characters");
	long_reason[1999] = '\0';
	long_reason[0] = 'R';
	r = CALL(&o, head, "POST", to(&o, &c, "102"), tk_sprintf(t->mem, "{\"reason\":\"%s\"}", long_reason));
	STATUS(r, 200);
	HAS(r, "\"state\":\"sent_back\"");
	STATUS(CALL(&o, head, "POST", to(&o, &c, "102"), "{\"reason\":\"again\"}"), 409);
	assert_int_equal(int_sql(&o, "SELECT COUNT(*) FROM mail WHERE recipient = 'm102@example.org' AND $1 = 0", 0), 1);
	/* only that person's answers are open again */
	r = CALL(&o, as_staff(&o, "102"), "GET", mine);
	HAS(r, "\"send_back\":{\"reason\":\"Rxx");
	HAS(r, "\"open\":true");
	HAS(CALL(&o, as_staff(&o, "103"), "GET", mine), "\"open\":false");
	STATUS(CALL(&o, as_staff(&o, "103"), "POST", tk_sprintf(t->mem, "%s/withdraw", mine)), 409);
	HAS(CALL(&o, head, "GET", at(&o, &c, 0, "")), "\"state\":\"returned\"");
	HAS(CALL(&o, head, "POST", at(&o, &c, 0, "/sign-off"), "{}"), "1 of 3 have not submitted yet");
	STATUS(CALL(&o, as_staff(&o, "102"), "PATCH", mine, "{\"answers\":{\"b\":{\"value\":\"partly\"}}}", "2"), 200);
	r = CALL(&o, as_staff(&o, "102"), "POST", tk_sprintf(t->mem, "%s/submit", mine), "{}", "3");
	STATUS(r, 200);
	HAS(r, receipt);
	HAS(CALL(&o, as_staff(&o, "102"), "GET", mine), "\"send_back\":null");
	assert_string_equal(text_sql(&o, "SELECT state FROM tk_case WHERE type = 'answer_send_back' AND parent_id = $1", c.rec.id), "resubmitted");
	STATUS(CALL(&o, head, "POST", at(&o, &c, 0, "/sign-off"), "{\"comment\":\"again\"}"), 200);
	/* nothing comes back once nobody could answer */
	OK(t, tk_db_exec(t->db, &t->e, "UPDATE campaign SET closes_on = $1 WHERE id = $2", TK_S(day(&o, -1)), TK_I(c.rec.id)));
	STATUS(CALL(&o, head, "POST", to(&o, &c, "102"), "{\"reason\":\"x\"}"), 409);
	OK(t, tk_campaign_close(&o.op, c.rec.id, NULL));
	STATUS(CALL(&o, head, "POST", to(&o, &c, "102"), "{\"reason\":\"x\"}"), 409);
}

static void test_reminders(void **state)
{
	OFFICE(state);
	struct campaign c;
	struct reply r;

	office_form(&o, "remind", office_basic);
	c = office_campaign(&o, "remind", NULL);
	STATUS(CALL(&o, as_office(), "POST", of(&o, &c, "remind"), "{\"all\":true}"), 409);
	OK(t, tk_campaign_open(&o.op, c.rec.id));
	submit(&o, &c, "101", both);
	r = CALL(&o, as_office(), "GET", of(&o, &c, "reminders"));
	STATUS(r, 200);
	HASNT(r, "\"101\"");
	HAS(r, "\"with_mail\":5,\"without_mail\":2");
	HAS(CALL(&o, as_office(), "GET", of(&o, &c, "reminders"), NULL, NULL, NULL,
		 tk_sprintf(t->mem, "division_id=%" PRId64, o.division[0])), "\"with_mail\":1,\"without_mail\":1");
	STATUS(CALL(&o, as_office(), "GET", of(&o, &c, "reminders"), NULL, NULL, NULL, "division_id=1x"), 422);
	HAS(CALL(&o, as_head(&o, "101", 0), "GET", of(&o, &c, "reminders")), "\"with_mail\":1,\"without_mail\":1");
	HAS(CALL(&o, as_bureau(&o, 1), "GET", of(&o, &c, "reminders")), "\"with_mail\":2,\"without_mail\":1");
	STATUS(CALL(&o, as_head(&o, "101", 0), "POST", of(&o, &c, "remind"), "{\"all\":true}"), 403);
	STATUS(CALL(&o, as_office(), "POST", of(&o, &c, "remind"), "{}"), 422);
	STATUS(CALL(&o, as_office(), "POST", of(&o, &c, "remind"), "{\"respondent_ids\":[7]}"), 422);
	HAS(CALL(&o, as_office(), "POST", of(&o, &c, "remind"), "{\"respondent_ids\":[]}"), "\"queued\":0");
	HAS(CALL(&o, as_office(), "POST", of(&o, &c, "remind"), tk_sprintf(t->mem, "{\"respondent_ids\":[\"%" PRId64 "\",\"%" PRId64 "\",\"%" PRId64 "\"]}",
		respondent(&o, &c, "101"), respondent(&o, &c, "102"), respondent(&o, &c, "103"))), "{\"queued\":1,\"without_mail\":1,\"already\":0}");
	HAS(CALL(&o, as_office(), "POST", of(&o, &c, "remind"), "{\"all\":true}"), "{\"queued\":4,\"without_mail\":2,\"already\":1}");
	HAS(CALL(&o, as_office(), "POST", of(&o, &c, "remind"), "{\"all\":true}"), "{\"queued\":0,\"without_mail\":2,\"already\":5}");
	assert_int_equal(int_sql(&o, "SELECT COUNT(*) FROM mail WHERE $1 = 0", 0), 5);
	assert_true(int_sql(&o, "SELECT reminded_at FROM respondent WHERE id = $1", respondent(&o, &c, "102")) > 0);
	OK(t, tk_db_exec(t->db, &t->e, "UPDATE campaign SET closes_on = $1 WHERE id = $2", TK_S(day(&o, -1)), TK_I(c.rec.id)));
	STATUS(CALL(&o, as_office(), "POST", of(&o, &c, "remind"), "{\"all\":true}"), 409);
	OK(t, tk_campaign_close(&o.op, c.rec.id, NULL));
	STATUS(CALL(&o, as_office(), "POST", of(&o, &c, "remind"), "{\"all\":true}"), 409);
}

static void test_tasks(void **state)
{
	OFFICE(state);
	struct tk_who two;
	struct campaign c, p;
	struct reply r;

	office_form(&o, "tasks", office_basic);
	c = office_open(&o, "tasks");
	p = office_campaign(&o, "planned", NULL);
	r = CALL(&o, as_staff(&o, "102"), "GET", "my/tasks");
	STATUS(r, 200);
	HAS(r, tk_sprintf(t->mem, "{\"tasks\":[{\"kind\":\"answer\",\"campaign_id\":\"%" PRId64 "\",\"title\":\"Self-inspection\"", c.rec.id));
	HAS(r, "\"overdue\":false,\"done\":0,\"total\":3");
	HASNT(r, "rollup");
	HASNT(r, tk_sprintf(t->mem, "%" PRId64, p.rec.id));
	submit(&o, &c, "102", both);
	r = CALL(&o, as_staff(&o, "102"), "GET", "my/tasks");
	HAS(r, "{\"tasks\":[],\"done\":[{\"kind\":\"answer\"");
	HAS(r, "Receipt number: S");
	two = as_head(&o, "101", 0);
	two.division[two.ndivision++] = o.division[1];
	r = CALL(&o, two, "GET", "my/tasks");
	HAS(r, "総務課: Self-inspection");
	HAS(r, "検査課: Self-inspection");
	HAS(r, "\"done\":1,\"total\":3");
	HASNT(r, "監理課");
	STATUS(CALL(&o, two, "POST", at(&o, &c, 1, "/sign-off"), "{\"incomplete_reason\":\"x\"}"), 200);
	r = CALL(&o, two, "GET", "my/tasks");
	HAS(((struct reply){ .body = strstr(r.body, "\"done\":[") }), "検査課");
	r = CALL(&o, as_office(), "GET", "my/tasks");
	HAS(r, "\"kind\":\"publish\"");
	HAS(r, "\"kind\":\"remind\"");
	HAS(r, "\"done\":1,\"total\":8");
	OK(t, tk_db_exec(t->db, &t->e, "UPDATE campaign SET closes_on = $1 WHERE id = $2", TK_S(day(&o, -1)), TK_I(c.rec.id)));
	HAS(CALL(&o, as_office(), "GET", "my/tasks"), "\"kind\":\"close\"");
	HAS(CALL(&o, as_staff(&o, "103"), "GET", "my/tasks"), "\"overdue\":true");
	HAS(CALL(&o, as_bureau(&o, 0), "GET", "my/tasks"), "{\"tasks\":[],\"done\":[]}");
	two = as_bureau(&o, 0);
	two.division[two.ndivision++] = o.division[2];
	r = CALL(&o, two, "GET", "my/tasks");
	HAS(r, "監理課");
	HASNT(r, "総務課");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TESTDB_BOTH(test_who_is_missing), TESTDB_BOTH(test_sign), TESTDB_BOTH(test_complete), TESTDB_BOTH(test_send_back),
		TESTDB_BOTH(test_reminders), TESTDB_BOTH(test_tasks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
