/* The routes of table_api.c without a network: who sees what, formats, refusals, follow-ups. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/hash.h"
#include "counted.h"
#include "http/work.h"
#include "table/table_api.h"
#include "survey/survey_api.h"

static struct tk_who caller;

static enum tk_rc somebody(struct tk_req *rq)
{
	enum tk_lang lang = rq->who.lang;

	rq->who = caller;
	rq->who.lang = lang;
	rq->session_csrf = "token";
	return TK_OK;
}

struct reply {
	int status;
	const char *body, *type, *disposition;
	size_t n;
};

static struct reply call(
	struct counted *w, const char *method, const char *tail, const char *q1, const char *q2)
{
	const struct tk_route *const tables[] = {tk_table_routes, NULL};
	struct tk_req rq = {
		.mem = w->t->mem,
		.db = w->t->db,
		.method = method,
		.peer = "127.0.0.1",
		.host = "localhost",
		.csrf = "token",
		.path = tk_sprintf(
			w->t->mem, "/api/v1/campaigns/%" PRId64 "/%s", w->campaign_id, tail),
		.who = {.lang = TK_EN},
		.err = {.lang = TK_EN},
		.out = TK_BUF(8 << 20),
	};
	const char *q[] = {q1, q2};
	struct reply r;

	for (size_t i = 0; i < 2; i++) {
		size_t n = q[i] ? strcspn(q[i], "=") : 0;

		if (q[i])
			rq.query[rq.nquery++] =
				(struct tk_pair){tk_strndup(w->t->mem, q[i], n), q[i] + n + 1};
	}
	tk_req_handle(&rq, tables, somebody);
	r = (struct reply){.status = rq.status,
		.body = tk_strndup(w->t->mem, rq.out.p ? rq.out.p : "", rq.out.len),
		.n = rq.out.len,
		.type = rq.content_type};
	for (size_t i = 0; i < rq.nheader; i++)
		if (!strcmp(rq.header[i].name, "Content-Disposition"))
			r.disposition = rq.header[i].value;
	tk_req_drop(&rq);
	return r;
}

#define HAS(r, s)                                                                                  \
	do {                                                                                       \
		if (!strstr((r).body, (s)))                                                        \
			fail_msg("%s is not in %.3000s", (s), (r).body);                           \
	} while (0)
#define HASNT(r, s)                                                                                \
	do {                                                                                       \
		if (strstr((r).body, (s)))                                                         \
			fail_msg("%s is in %.3000s", (s), (r).body);                               \
	} while (0)

static void office(void)
{
	caller = (struct tk_who){.account_id = 1, .name = "Office", .source = "test"};
	caller.scope[TK_P_TABLE_READ] = caller.scope[TK_P_ROLLUP_READ] =
		caller.scope[TK_P_FOLLOW_UP_MANAGE] = TK_SCOPE_ALL;
}

static void head_of(struct counted *w, unsigned div)
{
	caller = (struct tk_who){.account_id = 2,
		.name = "Head",
		.source = "test",
		.ndivision = 1,
		.division = {w->division[div]}};
	caller.scope[TK_P_TABLE_READ] = caller.scope[TK_P_ROLLUP_READ] = TK_SCOPE_DIVISION;
}

/* Six divisions of ten; everybody but the first of each has done a1, the last of each is missing.
 */
static void made(struct counted *w, void **state)
{
	counted_up(w, testdb_of(state));
	counted_campaign(w, "api", 2011);
	for (unsigned k = 0; k < 60; k++) {
		struct counted_person *p = counted_add(w, k / 10, 0, 0);

		p->state = k % 10 == 9 ? TK_LIVE_DRAFT : TK_LIVE_SUBMITTED;
		memset(p->code, TK_ANSWER_VALUE, NITEM);
		p->code[H1] = p->code[S1] = TK_ANSWER_NOT_ASKED;
		p->bits = 1;
		if (k % 10 == 0)
			p->code[A1] = TK_ANSWER_VALUE + 1;
		counted_write(w, p, false);
	}
}

static void test_status(void **state)
{
	struct counted w;
	struct reply r;
	int64_t kase = tk_id_new();

	made(&w, state);
	OK(w.t, tk_db_exec(w.t->db, &w.t->e,
			"INSERT INTO tk_case(id, version, type, receipt_no, subject_type, "
			"subject_id, parent_id, division_id,"
			" state, title, opened_at, closed_at) VALUES($1, 1, 'division_sign_off', "
			"'D1', 'division', $2, $3, $2, 'signed', 't', 1, 2)",
			TK_I(kase), TK_I(w.division[1]), TK_I(w.campaign_id)));
	OK(w.t, tk_db_exec(w.t->db, &w.t->e,
			"INSERT INTO case_log(id, case_id, at, who, action, from_state, to_state) "
			"VALUES"
			"($1, $2, 1322700000, '課長', 'sign', 'open', 'signed')",
			TK_I(tk_id_new()), TK_I(kase)));
	office();
	r = call(&w, "GET", "status", NULL, NULL);
	assert_int_equal(r.status, 200);
	HAS(r, "\"name\":\"api\",\"title\":\"Inspection\",\"state\":\"open\",\"asks\":\"staff\",\"closes_on\":null}");
	HAS(r, "\"total\":{\"population\":60,\"submitted\":54,\"draft\":6,\"not_started\":0,\"sent_"
	       "back\":0,"
	       "\"rate\":{\"numerator\":54,\"denominator\":60,\"print\":\"90.0\"}}");
	HAS(r, "\"name\":\"監督局\",\"population\":30,\"submitted\":27,");
	HAS(r, "\"bureau\":\"総務企画局\",\"name\":\"検査課\",\"population\":10,");
	HAS(r, "\"sign_off\":{\"state\":\"signed\",\"at\":\"2011-12-01T00:40:00Z\",\"by\":"
	       "\"課長\"}");
	HAS(r, "\"sign_off\":null");
	head_of(&w, 4);
	r = call(&w, "GET", "status", NULL, NULL);
	HAS(r, "\"total\":{\"population\":10,\"submitted\":9,");
	HAS(r, "監理課");
	HASNT(r, "検査課");
	HASNT(r, "総務企画局");
	caller.scope[TK_P_ROLLUP_READ] = TK_SCOPE_NONE;
	assert_int_equal(call(&w, "GET", "status", NULL, NULL).status, 403);
}

static void test_tables(void **state)
{
	struct counted w;
	struct reply r;

	made(&w, state);
	office();
	r = call(&w, "GET", "tables", NULL, NULL);
	HAS(r, "{\"name\":\"rate-classes\",\"label\":\"Items by class of implementation rate\",");
	r = call(&w, "GET", "tables/items", "by=bureau", "filter=${bureau} = '監督局'");
	assert_int_equal(r.status, 200);
	HAS(r, "[\"a1\",\"Question "
	       "a1\",\"監督局\",30,3,0,0,24,27,{\"numerator\":24,\"denominator\":27,\"print\":\"88."
	       "9\"},24,3,0,null,null,null,null,null]");
	HASNT(r, "\"総務企画局\"");
	head_of(&w, 2);
	r = call(&w, "GET", "tables/response-rate", NULL, NULL);
	HAS(r, "\"rows\":[[\"総務企画局\",null,10,9,{\"numerator\":9,\"denominator\":10,\"print\":"
	       "\"90.0\"},null],[\"総務企画局\",\"企画課\",10,9,");
	HAS(r, "[\"Total\",null,10,9,");
	office();
	r = call(&w, "GET", "tables/items", "format=csv", NULL);
	assert_string_equal(r.type, "text/csv; charset=utf-8");
	assert_non_null(strstr(r.disposition, "api-items.csv"));
	assert_ptr_equal(strstr(r.body, "\xef\xbb\xbfitem,group,asked,"), r.body);
	HAS(r, "\r\na1,total,60,6,0,0,48,54,88.9,48,6,0,,,,,\r\n");
	r = call(&w, "GET", "tables/items", "format=csv", "encoding=cp932");
	assert_string_equal(r.type, "text/csv; charset=Windows-31J");
	r = call(&w, "GET", "tables/rate-classes", "format=xlsx", NULL);
	assert_memory_equal(r.body, "PK", 2);
	assert_int_equal(call(&w, "GET", "tables/nothing", NULL, NULL).status, 404);
	assert_int_equal(call(&w, "GET", "tables/items", "by=room", NULL).status, 422);
	assert_int_equal(call(&w, "GET", "tables/items", "filter=${a1} =", NULL).status, 422);
	assert_int_equal(call(&w, "GET", "tables/items", "format=pdf", NULL).status, 422);
	assert_int_equal(
		call(&w, "GET", "tables/items", "format=csv", "encoding=ebcdic").status, 422);
	caller.scope[TK_P_TABLE_READ] = TK_SCOPE_NONE;
	assert_int_equal(call(&w, "GET", "tables/items", NULL, NULL).status, 403);
	caller.scope[TK_P_TABLE_READ] = TK_SCOPE_OWN;
	assert_int_equal(call(&w, "GET", "tables/items", NULL, NULL).status, 403);
	w.campaign_id = 77;
	office();
	assert_int_equal(call(&w, "GET", "tables/items", NULL, NULL).status, 404);
}

static void test_charts(void **state)
{
	struct counted w;
	struct reply r;

	made(&w, state);
	office();
	r = call(&w, "GET", "charts/rate-classes.svg", NULL, NULL);
	assert_int_equal(r.status, 200);
	assert_string_equal(r.type, "image/svg+xml");
	HAS(r, "</svg>");
	r = call(&w, "GET", "charts/response-rate.svg", "by=division", NULL);
	HAS(r, "監理課");
	r = call(&w, "GET", "charts/response-rate.png", NULL, NULL);
	assert_int_equal(r.status, 200);
	assert_memory_equal(r.body, "\x89PNG", 4);
	assert_int_equal(call(&w, "GET", "charts/response-rate.gif", NULL, NULL).status, 404);
	assert_int_equal(call(&w, "GET", "tables/response-rate/chart.svg", NULL, NULL).status, 200);
	assert_int_equal(call(&w, "GET", "charts/items.svg", NULL, NULL).status, 404);
}

static void test_follow_ups(void **state)
{
	struct counted w;
	struct reply r;

	made(&w, state);
	office();
	r = call(&w, "POST", "follow-ups", NULL, NULL);
	assert_int_equal(r.status, 200);
	assert_string_equal(r.body, "{\"created\":1}");
	r = call(&w, "POST", "follow-ups", NULL, NULL);
	assert_string_equal(r.body, "{\"created\":0}");
	assert_int_equal(testdb_int(w.t, "SELECT COUNT(*) FROM follow_up WHERE item_code = 'a1' "
					 "AND numerator = 48 AND denominator = 54"
					 " AND state = 'open' AND audience = 'all_staff'"),
		1);
	assert_int_equal(
		testdb_int(w.t, "SELECT COUNT(*) FROM trail WHERE rtype = 'follow_up'"), 1);
	head_of(&w, 1);
	assert_int_equal(call(&w, "POST", "follow-ups", NULL, NULL).status, 403);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TESTDB_BOTH(test_status),
		TESTDB_BOTH(test_tables),
		TESTDB_BOTH(test_charts),
		TESTDB_BOTH(test_follow_ups),
	};

	return cmocka_run_group_tests_name("table api", tests, NULL, NULL);
}
