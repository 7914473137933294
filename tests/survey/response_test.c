/* Answers: every kind of item with what it refuses, conditions, saving, submitting, taking back. */
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>
#include "office.h"
#include "survey/answer.h"
#include "survey/rollup.h"

static const char *const kinds[] = {
	"choice impl done|label_ja=実施", "choice impl not_done|label_ja=未実施",
	"choice abc x|label_ja=甲", "choice abc y|label_ja=乙", "choice abc z|label_ja=丙",
	"single s|list=impl|not_applicable=1", "single k|list=impl|dont_know=1", "multi m|list=abc", "int n|min_value=-5|max_value=120",
	"decimal d|max_value=10", "text t", "date y", "int free", NULL,
};

#define TAKES(json, want) do { \
	OK(t, apply(&o, &r, json)); \
	if (!strstr(answers(&o, &r), want)) fail_msg("%s: %s is not in %s", json, want, answers(&o, &r)); } while (0)
#define REFUSES(json, why) do { FAILS(t, TK_EINVAL, apply(&o, &r, json)); SAYS(t, why); } while (0)

static void test_kinds(void **state)
{
	OFFICE(state);
	struct campaign c;
	struct tk_response r;

	office_form(&o, "kinds", kinds);
	c = office_open(&o, "kinds");
	r = response_of(&o, &c, "102");
	TAKES("{\"s\":{\"value\":\"done\"}}", "\"s\":{\"state\":\"value\",\"value\":\"done\",\"comment\":null}");
	TAKES("{\"s\":{\"value\":\"\"}}", "\"s\":{\"state\":\"no_answer\",\"value\":null");
	TAKES("{\"s\":{\"value\":\"done\"}}", "\"value\":\"done\"");
	TAKES("{\"s\":{\"value\":null}}", "\"s\":{\"state\":\"no_answer\"");
	TAKES("{\"s\":{\"state\":\"not_applicable\"}}", "\"s\":{\"state\":\"not_applicable\"");
	TAKES("{\"k\":{\"state\":\"dont_know\"}}", "\"k\":{\"state\":\"dont_know\"");
	REFUSES("{\"s\":{\"state\":\"dont_know\"}}", "cannot be answered here");
	REFUSES("{\"k\":{\"state\":\"not_applicable\"}}", "cannot be answered here");
	REFUSES("{\"s\":{\"state\":\"shrug\"}}", "shrug");
	REFUSES("{\"s\":{\"value\":\"maybe\"}}", "Choices: done, not_done.");
	REFUSES("{\"s\":{\"value\":\"実施\"}}", "Choices: done, not_done.");
	REFUSES("{\"s\":{\"value\":\"done not_done\"}}", "one choice only");
	REFUSES("{\"s\":{\"value\":[\"done\"]}}", "must be text");
	REFUSES("{\"s\":{\"value\":1}}", "must be text");
	REFUSES("{\"s\":{\"value\":\"done\",\"state\":\"not_applicable\"}}", "contradict");
	REFUSES("{\"s\":{\"state\":\"value\"}}", "contradict");
	REFUSES("{\"s\":{\"valeu\":\"done\"}}", "valeu");
	REFUSES("{\"s\":\"done\"}", "an answer is an object");
	REFUSES("{\"zz\":{\"value\":\"done\"}}", "There is no item \"zz\"");
	REFUSES("[]", "must be an object");

	TAKES("{\"m\":{\"value\":[\"z\",\"x\",\"x\"]}}", "\"m\":{\"state\":\"value\",\"value\":[\"x\",\"z\"]");
	TAKES("{\"m\":{\"value\":[]}}", "\"m\":{\"state\":\"no_answer\"");
	REFUSES("{\"m\":{\"value\":\"x\"}}", "list of choice codes");
	REFUSES("{\"m\":{\"value\":[\"x y\"]}}", "list of choice codes");
	REFUSES("{\"m\":{\"value\":[\"\"]}}", "list of choice codes");
	REFUSES("{\"m\":{\"value\":[3]}}", "list of choice codes");
	REFUSES("{\"m\":{\"value\":[\"w\"]}}", "no choice \"w\"");

	TAKES("{\"n\":{\"value\":\"１２\"}}", "\"value\":\"12\"");
	TAKES("{\"n\":{\"value\":\" -5 \"}}", "\"value\":\"-5\"");
	REFUSES("{\"n\":{\"value\":\"-6\"}}", "too small. The smallest possible value is -5.");
	REFUSES("{\"n\":{\"value\":\"121\"}}", "too large. The largest possible value is 120.");
	REFUSES("{\"n\":{\"value\":\"1.5\"}}", "not a whole number");
	REFUSES("{\"n\":{\"value\":\"99999999999999999999\"}}", "not a whole number");
	TAKES("{\"free\":{\"value\":\"-9223372036854775808\"}}", "-9223372036854775808");
	TAKES("{\"d\":{\"value\":\"３．１４\"}}", "\"value\":\"3.14\"");
	for (size_t i = 0; i < 8; i++) {
		static const char *const bad[] = { "nan", "inf", "0x10", "1,5", "3.1.4", "ten", "1e999", "--1" };

		REFUSES(tk_sprintf(t->mem, "{\"d\":{\"value\":\"%s\"}}", bad[i]), "not a number");
	}
	REFUSES("{\"d\":{\"value\":\"10.01\"}}", "too large");
	TAKES("{\"y\":{\"value\":\"平成24年3月31日\"}}", "\"value\":\"2012-03-31\"");
	TAKES("{\"y\":{\"value\":\"2024-02-29\"}}", "\"value\":\"2024-02-29\"");
	REFUSES("{\"y\":{\"value\":\"2023-02-29\"}}", "not a day that exists");
	REFUSES("{\"y\":{\"value\":\"soon\"}}", "not a day that exists");
}

static char *long_text(struct testdb *t, size_t n)
{
	char *s = tk_alloc(t->mem, 3 * n + 1);

	for (size_t i = 0; i < n; i++)
		memcpy(s + 3 * i, "あ", 3);
	return s;
}

static void test_texts(void **state)
{
	OFFICE(state);
	static const char *const odd[] = { "=1+1", "+81", "-x", "@cmd", "'=a", "\xf0\x9f\x98\x80\xf0\xa0\xae\xb7", "<b>&\\\"", "a\\tb\\nc" };
	struct campaign c;
	struct tk_response r;
	cJSON *x;

	office_form(&o, "texts", kinds);
	c = office_open(&o, "texts");
	r = response_of(&o, &c, "102");
	for (size_t i = 0; i < TK_LEN(odd); i++) {
		OK(t, apply(&o, &r, tk_sprintf(t->mem, "{\"t\":{\"value\":\"%s\",\"comment\":\"%s\"}}", odd[i], odd[i])));
		OK(t, tk_response_save(&o.op, &r));
		r = response_of(&o, &c, "102");
		if (!strstr(answers(&o, &r), tk_sprintf(t->mem, "\"value\":\"%s\",\"comment\":\"%s\"", odd[i], odd[i])))
			fail_msg("%s became %s", odd[i], answers(&o, &r));
	}
	FAILS(t, TK_EINVAL, tk_json_parse(t->mem, "{\"t\":{\"value\":\"a\\u0000b\"}}", 26, &x, &t->e));
	TAKES(tk_sprintf(t->mem, "{\"t\":{\"value\":\"%s\"}}", long_text(t, TK_TEXT_MAX)), "あ");
	REFUSES(tk_sprintf(t->mem, "{\"t\":{\"value\":\"%s\"}}", long_text(t, TK_TEXT_MAX + 1)), "at most 4000 characters");
	TAKES(tk_sprintf(t->mem, "{\"s\":{\"comment\":\"%s\"}}", long_text(t, TK_COMMENT_MAX)), "\"s\":{\"state\":\"no_answer\",\"value\":null,\"comment\":\"あ");
	REFUSES(tk_sprintf(t->mem, "{\"s\":{\"comment\":\"%s\"}}", long_text(t, TK_COMMENT_MAX + 1)), "at most 2000 characters");
	TAKES("{\"s\":{\"comment\":\"  \"}}", "\"s\":{\"state\":\"no_answer\",\"value\":null,\"comment\":null}");
	TAKES("{\"s\":{\"comment\":\"c\",\"value\":\"done\"}}", "\"value\":\"done\",\"comment\":\"c\"");
	TAKES("{\"s\":{\"value\":\"not_done\"}}", "\"value\":\"not_done\",\"comment\":\"c\"");
	TAKES("{\"s\":{\"comment\":null}}", "\"value\":\"not_done\",\"comment\":null");
}

static const char *const chain[] = {
	"choice yn yes|label_ja=はい", "choice yn no|label_ja=いいえ",
	/* c leans on b, b on a, written before them; g shuts d and, inside it, e */
	"single c|list=yn|relevant=${b} = 'yes'", "single b|list=yn|relevant=${a} = 'yes'", "single a|list=yn|required=1",
	"group g|relevant=${a} != 'no'", "text d|group_code=g|required=1", "group gg|group_code=g|relevant=${d} != ''",
	"text e|group_code=gg", "text h|audience=division_head|relevant=${a} = 'yes'", NULL,
};

static void test_conditions(void **state)
{
	OFFICE(state);
	struct campaign c;
	struct tk_response r;
	size_t asked, answered;

	office_form(&o, "chain", chain);
	c = office_open(&o, "chain");
	r = response_of(&o, &c, "102");
	tk_response_count(&r, &asked, &answered);
	assert_int_equal(asked, 2);                     /* a, d */
	/* in any order at once */
	OK(t, apply(&o, &r, "{\"c\":{\"value\":\"no\",\"comment\":\"why\"},\"e\":{\"value\":\"E\"},\"d\":{\"value\":\"D\"},"
	      "\"b\":{\"value\":\"yes\"},\"a\":{\"value\":\"yes\"}}"));
	tk_response_count(&r, &asked, &answered);
	assert_int_equal(asked, 5);
	assert_int_equal(answered, 5);
	OK(t, tk_response_save(&o.op, &r));
	/* shut: kept apart, not counted, not missing */
	OK(t, apply(&o, &r, "{\"a\":{\"value\":\"no\"}}"));
	OK(t, tk_response_save(&o.op, &r));
	r = response_of(&o, &c, "102");
	assert_string_equal(answers(&o, &r), "{\"a\":{\"state\":\"value\",\"value\":\"no\",\"comment\":null}}");
	assert_int_equal(r.kept[0].state, TK_ANSWER_VALUE);
	assert_int_equal(tk_response_missing(&r, NULL, 0), 0);
	assert_int_equal(tk_pack_state(r.form->layout, tk_response_pack(&r, t->mem), 0), TK_ANSWER_NOT_ASKED);
	OK(t, tk_response_submit(&o.op, &r));
	OK(t, tk_response_withdraw(&o.op, &r));
	/* asked again: everything is back, the chain too */
	OK(t, apply(&o, &r, "{\"a\":{\"value\":\"yes\"}}"));
	HAS(((struct reply){ .body = answers(&o, &r) }), "\"c\":{\"state\":\"value\",\"value\":\"no\",\"comment\":\"why\"}");
	HAS(((struct reply){ .body = answers(&o, &r) }), "\"e\":{\"state\":\"value\",\"value\":\"E\"");
	OK(t, tk_response_save(&o.op, &r));
	/* an answer may go to a shut item and waits there; what is taken back there is gone */
	OK(t, apply(&o, &r, "{\"b\":{\"value\":\"no\"}}"));
	OK(t, apply(&o, &r, "{\"c\":{\"value\":\"yes\"}}"));
	OK(t, apply(&o, &r, "{\"b\":{\"value\":\"yes\"}}"));
	HAS(((struct reply){ .body = answers(&o, &r) }), "\"c\":{\"state\":\"value\",\"value\":\"yes\"");
	OK(t, apply(&o, &r, "{\"b\":{\"value\":\"no\"}}"));
	OK(t, apply(&o, &r, "{\"c\":{\"state\":\"no_answer\",\"comment\":null}}"));
	assert_int_equal(r.kept[0].state, TK_ANSWER_NOT_ASKED);
	/* never asked of this person, whatever is answered */
	FAILS(t, TK_EINVAL, apply(&o, &r, "{\"h\":{\"value\":\"x\"}}"));
	SAYS(t, "not asked of you");
	r = response_of(&o, &c, "101");
	OK(t, apply(&o, &r, "{\"h\":{\"value\":\"x\"},\"a\":{\"value\":\"yes\"}}"));
	HAS(((struct reply){ .body = answers(&o, &r) }), "\"h\":{\"state\":\"value\"");
}

/* Conditions that lean on each other backwards, far more than any number of rounds. */
static void test_long_chain(void **state)
{
	enum { N = 60 };
	OFFICE(state);
	const char *rows[N + 1] = { NULL };
	struct campaign c;
	struct tk_response r;
	struct tk_buf b = TK_BUF(8192);
	size_t asked, answered;

	for (int i = 0; i < N; i++)
		rows[i] = i + 1 < N ? tk_sprintf(t->mem, "text q%d|relevant=${q%d} = 'x'", i, i + 1) : tk_sprintf(t->mem, "text q%d", i);
	office_form(&o, "long", rows);
	c = office_open(&o, "long");
	r = response_of(&o, &c, "102");
	for (int i = 0; i < N; i++)
		tk_buf_fmt(&b, "%s\"q%d\":{\"value\":\"x\"}", i ? "," : "{", i);
	tk_buf_str(&b, "}");
	OK(t, apply(&o, &r, b.p));
	tk_buf_drop(&b);
	tk_response_count(&r, &asked, &answered);
	assert_int_equal(answered, N);
	OK(t, apply(&o, &r, "{\"q59\":{\"value\":\"y\"}}"));
	tk_response_count(&r, &asked, &answered);
	assert_int_equal(asked, 1);
	OK(t, apply(&o, &r, "{\"q59\":{\"value\":\"x\"}}"));
	tk_response_count(&r, &asked, &answered);
	assert_int_equal(answered, N);
}

static void test_submit_and_states(void **state)
{
	OFFICE(state);
	struct campaign c;
	struct tk_response r, stale;
	const char *missing[4], *receipt;

	office_form(&o, "states", office_basic);
	c = office_open(&o, "states");
	r = response_of(&o, &c, "102");
	assert_string_equal(r.state, "not_started");
	FAILS(t, TK_EINVAL, tk_response_submit(&o.op, &r));
	SAYS(t, "2 items still need an answer, the first is a.");
	assert_int_equal(tk_response_missing(&r, missing, 4), 2);
	assert_string_equal(missing[1], "b");
	stale = r;
	OK(t, apply(&o, &r, "{\"a\":{\"state\":\"not_applicable\"}}"));
	OK(t, tk_response_save(&o.op, &r));
	FAILS(t, TK_EVERSION, tk_response_save(&o.op, &stale));
	OK(t, apply(&o, &r, "{\"b\":{\"value\":\"done\"}}"));
	OK(t, tk_response_submit(&o.op, &r));
	receipt = r.receipt_no;
	assert_non_null(receipt);
	FAILS(t, TK_ECONFLICT, tk_response_submit(&o.op, &r));
	SAYS(t, receipt);
	OK(t, tk_response_withdraw(&o.op, &r));
	assert_string_equal(r.state, "draft");
	FAILS(t, TK_ECONFLICT, tk_response_withdraw(&o.op, &r));
	OK(t, tk_response_submit(&o.op, &r));
	assert_string_equal(r.receipt_no, receipt);
	submit(&o, &c, "101", "{\"a\":{\"value\":\"done\"},\"b\":{\"value\":\"done\"},\"c\":{\"value\":\"secret words\"}}");
	assert_int_equal(int_sql(&o, "SELECT COUNT(DISTINCT receipt_no) FROM response WHERE campaign_id = $1", c.rec.id), 2);
	/* the trail: version, state, digest, and nothing of the answers */
	assert_int_equal(int_sql(&o, "SELECT COUNT(*) FROM trail WHERE rtype = 'response' AND record_id = $1", r.id), 4);
	assert_int_equal(int_sql(&o, "SELECT COUNT(*) FROM trail WHERE detail LIKE '%secret words%' AND $1 = 0", 0), 0);
	assert_non_null(strstr(text_sql(&o, "SELECT detail FROM trail WHERE rtype = 'response' AND record_id = $1 ORDER BY id DESC LIMIT 1", r.id),
			       "{\"version\":4,\"state\":\"submitted\",\"digest\":\""));
}

static void test_when_closed(void **state)
{
	OFFICE(state);
	struct campaign c;
	struct tk_response r;

	office_form(&o, "closed", office_basic);
	c = office_campaign(&o, "closed", NULL);
	r = response_of(&o, &c, "102");
	FAILS(t, TK_ECONFLICT, tk_response_editable(&o.op, &r));
	SAYS(t, "not begun");
	OK(t, tk_campaign_open(&o.op, c.rec.id));
	r = response_of(&o, &c, "102");
	OK(t, tk_response_editable(&o.op, &r));
	OK(t, tk_db_exec(t->db, &t->e, "UPDATE campaign SET closes_on = $1 WHERE id = $2", TK_S(day(&o, -1)), TK_I(c.rec.id)));
	r = response_of(&o, &c, "102");
	FAILS(t, TK_ECONFLICT, tk_response_editable(&o.op, &r));
	SAYS(t, "Answering is closed");
	OK(t, tk_db_exec(t->db, &t->e, "UPDATE campaign SET closes_on = $1 WHERE id = $2", TK_S(day(&o, 0)), TK_I(c.rec.id)));
	r = response_of(&o, &c, "102");
	OK(t, tk_response_editable(&o.op, &r));
	OK(t, tk_campaign_close(&o.op, c.rec.id, NULL));
	r = response_of(&o, &c, "102");
	FAILS(t, TK_ECONFLICT, tk_response_editable(&o.op, &r));
	OK(t, tk_db_exec(t->db, &t->e, "UPDATE respondent SET state = 'left' WHERE id = $1", TK_I(r.id)));
	r = response_of(&o, &c, "102");
	FAILS(t, TK_ECONFLICT, tk_response_editable(&o.op, &r));
	SAYS(t, "no longer among");
	FAILS(t, TK_ENOTFOUND, tk_response_of(&o.op, 12345, &r));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TESTDB_BOTH(test_kinds), TESTDB_BOTH(test_texts), TESTDB_BOTH(test_conditions), TESTDB_BOTH(test_long_chain),
		TESTDB_BOTH(test_submit_and_states), TESTDB_BOTH(test_when_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
