/* Answering over its routes: what the page gets, versions, several faults at once, keys, last year. */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "office.h"

static const char *mine(struct office *o, const struct campaign *c, const char *tail)
{
	return tk_sprintf(o->t->mem, "my/responses/%" PRId64 "%s", c->rec.id, tail);
}

static const char *const rich[] = {
	"choice impl done|label_ja=実施|label_en=Done", "choice impl partly|label_ja=一部実施|label_en=Partly done",
	"choice abc x|label_ja=甲", "choice abc y|label_ja=乙|label_en=Second",
	"group one|label_ja=第一|label_en=First|hint_en=Read this", "single a|group_code=one|list=impl|required=1|evidence=1|clause=2.2.3|not_applicable=1",
	"text shut|group_code=one|relevant=${a} = 'partly'|required=1", "multi m|list=abc|label_en=Which", "int n|min_value=1|max_value=9",
	"text heads|audience=division_head", NULL,
};

static void test_get(void **state)
{
	OFFICE(state);
	struct campaign c;
	struct tk_who ja;
	struct reply r;
	cJSON *j = NULL;

	office_form(&o, "get", rich);
	c = office_open(&o, "get");
	r = CALL(&o, as_staff(&o, "102"), "GET", mine(&o, &c, ""));
	STATUS(r, 200);
	assert_string_equal(r.etag, "\"0\"");
	OK(t, tk_json_parse(t->mem, r.body, r.n, &j, &t->e));
	HAS(r, tk_sprintf(t->mem, "{\"campaign\":{\"id\":\"%" PRId64 "\",\"name\":\"get\",\"title\":\"Self-inspection\",", c.rec.id));
	HAS(r, tk_sprintf(t->mem, "\"state\":\"open\",\"closes_on\":\"%s\",\"open\":true}", day(&o, 10)));
	HAS(r, tk_sprintf(t->mem, "\"respondent\":{\"id\":\"%" PRId64 "\",\"division_id\":\"%" PRId64 "\",\"division\":\"総務課\",",
			  respondent(&o, &c, "102"), o.division[0]));
	HAS(r, "\"state\":\"not_started\",\"version\":0,\"receipt_no\":null,\"submitted_at\":null,\"signed_off\":false,\"send_back\":null");
	HAS(r, "{\"code\":\"one\",\"label\":\"First\",\"hint\":\"Read this\",\"appearance\":null,\"groups\":[],\"items\":[{\"code\":\"a\",\"kind\":\"single\",");
	HAS(r, "\"required\":true,\"clause\":\"2.2.3\",\"evidence\":true,\"relevant\":null,\"not_applicable\":true,\"dont_know\":false");
	HAS(r, "\"choices\":[{\"code\":\"done\",\"label\":\"Done\"},{\"code\":\"partly\",\"label\":\"Partly done\"}]");
	HAS(r, "\"code\":\"shut\"");
	HAS(r, "\"relevant\":\"${a} = 'partly'\"");
	HAS(r, "\"min\":1,\"max\":9");
	HAS(r, "\"asked\":[\"a\",\"m\",\"n\"]");
	HAS(r, "\"answers\":{\"a\":{\"state\":\"no_answer\",\"value\":null,\"comment\":null,\"evidence\":[]},");
	HAS(r, "\"last_year\":{}");
	HAS(r, "\"limits\":{\"evidence_max_bytes\":5242880,\"comment_max\":2000,\"evidence_types\":[\".pdf\",");
	HASNT(r, "\"heads\"");
	HAS(CALL(&o, as_staff(&o, "101"), "GET", mine(&o, &c, "")), "\"heads\"");
	ja = as_staff(&o, "102");
	ja.lang = TK_JA;
	r = CALL(&o, ja, "GET", mine(&o, &c, ""));
	HAS(r, "\"label\":\"第一\"");
	HAS(r, "\"title\":\"自己点検\"");
	STATUS(CALL(&o, as_office(), "GET", mine(&o, &c, "")), 403);
	STATUS(CALL(&o, as_staff(&o, "102"), "GET", "my/responses/77"), 404);
	STATUS(CALL(&o, as_staff(&o, "102"), "GET", "my/responses/x"), 404);
}

static void test_save(void **state)
{
	OFFICE(state);
	struct tk_who me;
	struct campaign c;
	struct reply r;

	office_form(&o, "save", rich);
	c = office_open(&o, "save");
	me = as_staff(&o, "102");
	STATUS(CALL(&o, me, "PATCH", mine(&o, &c, ""), "{\"answers\":{}}"), 428);
	STATUS(CALL(&o, me, "PATCH", mine(&o, &c, ""), "{\"answers\":[]}", "0"), 422);
	STATUS(CALL(&o, me, "PATCH", mine(&o, &c, ""), "{\"answer\":{}}", "0"), 422);
	STATUS(CALL(&o, me, "PATCH", mine(&o, &c, ""), "not json", "0"), 400);
	r = CALL(&o, me, "PATCH", mine(&o, &c, ""), "{\"answers\":{\"a\":{\"value\":\"partly\",\"comment\":\"soon\"}}}", "\"0\"");
	STATUS(r, 200);
	assert_string_equal(r.etag, "\"1\"");
	HAS(r, "{\"version\":1,\"state\":\"draft\",\"saved_at\":\"");
	HAS(r, "\"answered\":1,\"asked\":[\"a\",\"shut\",\"m\",\"n\"]");
	/* an old window is told what is there now */
	r = CALL(&o, me, "PATCH", mine(&o, &c, ""), "{\"answers\":{\"n\":{\"value\":\"3\"}}}", "0");
	STATUS(r, 412);
	assert_string_equal(r.type, "application/problem+json");
	HAS(r, "\"status\":412");
	HAS(r, "\"version\":1,\"state\":\"draft\",\"receipt_no\":null,\"answers\":{\"a\":{\"state\":\"value\",\"value\":\"partly\",\"comment\":\"soon\"}");
	HAS(r, "\"asked\":[\"a\",\"shut\",\"m\",\"n\"]");
	r = CALL(&o, me, "PATCH", mine(&o, &c, ""), "{\"answers\":{\"n\":{\"value\":\"10\"}}}", "1");
	STATUS(r, 422);
	HAS(r, "\"field\":\"n\"");
	/* an answer to a question that was shut in the same moment is not lost and does no harm */
	r = CALL(&o, me, "PATCH", mine(&o, &c, ""), "{\"answers\":{\"a\":{\"value\":\"done\"},\"shut\":{\"value\":\"typed\"}}}", "1");
	STATUS(r, 200);
	HAS(r, "\"asked\":[\"a\",\"m\",\"n\"]");
	HASNT(CALL(&o, me, "GET", mine(&o, &c, "")), "typed");
	STATUS(CALL(&o, me, "PATCH", mine(&o, &c, ""), "{\"answers\":{\"a\":{\"value\":\"partly\"}}}", "2"), 200);
	HAS(CALL(&o, me, "GET", mine(&o, &c, "")), "\"shut\":{\"state\":\"value\",\"value\":\"typed\"");
	STATUS(CALL(&o, me, "PATCH", mine(&o, &c, ""), "{\"answers\":{\"heads\":{\"value\":\"x\"}}}", "3"), 422);
}

static void test_submit(void **state)
{
	OFFICE(state);
	struct tk_who me;
	struct campaign c;
	struct reply r, again;
	const char *receipt;

	office_form(&o, "submit", rich);
	c = office_open(&o, "submit");
	me = as_staff(&o, "102");
	STATUS(CALL(&o, me, "POST", mine(&o, &c, "/submit"), "{}"), 428);
	STATUS(CALL(&o, me, "POST", mine(&o, &c, "/withdraw")), 409);
	r = CALL(&o, me, "POST", mine(&o, &c, "/submit"), "{\"answers\":{\"n\":{\"value\":\"2\"}}}", "0", "key-1");
	STATUS(r, 422);
	HAS(r, "\"field\":\"a\"");
	assert_int_equal(int_sql(&o, "SELECT COUNT(*) FROM response WHERE campaign_id = $1", c.rec.id), 0);
	r = CALL(&o, me, "POST", mine(&o, &c, "/submit"), "{\"answers\":{\"a\":{\"value\":\"partly\"}}}", "0", "key-2");
	STATUS(r, 422);
	HAS(r, "\"field\":\"shut\"");
	r = CALL(&o, me, "POST", mine(&o, &c, "/submit"), "{\"answers\":{\"a\":{\"value\":\"done\"}}}", "0", "key-3");
	STATUS(r, 200);
	HAS(r, "{\"receipt_no\":\"S");
	HAS(r, "\"version\":1,\"state\":\"submitted\"");
	/* the same once more, as after a lost reply; another content under the key; without a key */
	again = CALL(&o, me, "POST", mine(&o, &c, "/submit"), "{\"answers\":{\"a\":{\"value\":\"done\"}}}", "0", "key-3");
	STATUS(again, 200);
	assert_string_equal(again.body, r.body);
	STATUS(CALL(&o, me, "POST", mine(&o, &c, "/submit"), "{\"answers\":{\"a\":{\"value\":\"partly\"}}}", "0", "key-3"), 422);
	receipt = text_sql(&o, "SELECT receipt_no FROM response WHERE campaign_id = $1", c.rec.id);
	r = CALL(&o, me, "POST", mine(&o, &c, "/submit"), "{}", "1");
	STATUS(r, 409);
	HAS(r, receipt);
	HAS(CALL(&o, me, "POST", mine(&o, &c, "/submit"), "{}", "0"), receipt);         /* 412, with what is there */
	STATUS(CALL(&o, me, "PATCH", mine(&o, &c, ""), "{\"answers\":{\"n\":{\"value\":\"2\"}}}", "1"), 409);
	assert_int_equal(int_sql(&o, "SELECT version FROM response WHERE campaign_id = $1", c.rec.id), 1);
	r = CALL(&o, me, "POST", mine(&o, &c, "/withdraw"));
	STATUS(r, 200);
	HAS(r, "\"version\":2,\"state\":\"draft\"");
	STATUS(CALL(&o, me, "PATCH", mine(&o, &c, ""), "{\"answers\":{\"n\":{\"value\":\"2\"}}}", "2"), 200);
	r = CALL(&o, me, "POST", mine(&o, &c, "/submit"), "{}", "3", "key-4");
	STATUS(r, 200);
	HAS(r, receipt);
	/* closed by the day, then by hand: nothing changes any more, everything can be read */
	OK(t, tk_db_exec(t->db, &t->e, "UPDATE campaign SET closes_on = $1 WHERE id = $2", TK_S(day(&o, -1)), TK_I(c.rec.id)));
	STATUS(CALL(&o, me, "POST", mine(&o, &c, "/withdraw")), 409);
	OK(t, tk_campaign_close(&o.op, c.rec.id, NULL));
	STATUS(CALL(&o, as_staff(&o, "103"), "PATCH", mine(&o, &c, ""), "{\"answers\":{\"a\":{\"value\":\"done\"}}}", "0"), 409);
	STATUS(CALL(&o, as_staff(&o, "103"), "POST", mine(&o, &c, "/submit"), "{\"answers\":{\"a\":{\"value\":\"done\"}}}", "0"), 409);
	r = CALL(&o, me, "GET", mine(&o, &c, ""));
	STATUS(r, 200);
	HAS(r, "\"open\":false");
	HAS(r, "\"n\":{\"state\":\"value\",\"value\":\"2\"");
}

static void test_last_year(void **state)
{
	OFFICE(state);
	struct campaign was, now;
	struct reply r;
	int64_t next;

	office_form(&o, "years", rich);
	was = office_open(&o, "was");
	OK(t, tk_db_exec(t->db, &t->e, "UPDATE campaign SET fiscal_year = fiscal_year - 1 WHERE id = $1", TK_I(was.rec.id)));
	submit(&o, &was, "102", "{\"a\":{\"value\":\"partly\",\"comment\":\"next year\"},\"shut\":{\"value\":\"w\"},\"m\":{\"value\":[\"x\",\"y\"]},\"n\":{\"value\":\"4\"}}");
	/* the next version of the same questionnaire */
	OK(t, tk_form_copy(&o.op, o.version, &next));
	/* which begins with the number of last time, and asks why there is less of it (last-saved) */
	OK(t, tk_db_exec(t->db, &t->e, "UPDATE form_item SET default_value = '${last-saved#n}', constraint_expr = "
			 "'. >= ${last-saved#n} * 0.5' WHERE form_version_id = $1 AND code = 'n'", TK_I(next)));
	OK(t, tk_form_publish(&o.op, next));
	o.version = next;
	now = office_open(&o, "now");
	r = CALL(&o, as_staff(&o, "103"), "GET", mine(&o, &now, ""));
	HAS(r, "\"n\":{\"state\":\"no_answer\"");
	r = CALL(&o, as_staff(&o, "102"), "GET", mine(&o, &now, ""));
	HAS(r, "\"n\":{\"state\":\"value\",\"value\":\"4\",\"comment\":null,\"evidence\":[]");
	STATUS(CALL(&o, as_staff(&o, "102"), "PATCH", mine(&o, &now, ""), "{\"answers\":{\"n\":{\"value\":\"1\"}}}", "\"0\""), 422);
	STATUS(CALL(&o, as_staff(&o, "102"), "PATCH", mine(&o, &now, ""), "{\"answers\":{\"n\":{\"value\":\"2\"}}}", "\"0\""), 200);
	HAS(r, "\"last_year\":{\"a\":{\"state\":\"value\",\"value\":\"partly\",\"comment\":\"next year\",\"label\":\"Partly done\"}");
	HAS(r, "\"m\":{\"state\":\"value\",\"value\":[\"x\",\"y\"],\"comment\":null,\"label\":\"甲, Second\"}");
	HAS(r, "\"n\":{\"state\":\"value\",\"value\":\"4\",\"comment\":null,\"label\":null}");
	HAS(r, "\"answers\":{\"a\":{\"state\":\"no_answer\"");
	HAS(CALL(&o, as_staff(&o, "103"), "GET", mine(&o, &now, "")), "\"last_year\":{}");
	HAS(CALL(&o, as_staff(&o, "102"), "GET", mine(&o, &was, "")), "\"last_year\":{}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TESTDB_BOTH(test_get), TESTDB_BOTH(test_save), TESTDB_BOTH(test_submit), TESTDB_BOTH(test_last_year),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
