/* Documents and the portal as the page asks for them: the hierarchy, one edition in force at a time,
 * drafts that staff do not see, who has read what, questions and notices, facts, the drawing. */
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>
#include "../http/world.h"
#include "base/clock.h"
#include "base/hash.h"
#include "fact/fact.h"
#include "policy/policy.h"

#define ID(x) ((long long)(x))
#define POST(w, who, path, ...) ask((w), (who), "POST", (path), .body = fmt((w), __VA_ARGS__), .keep = true)

static const char *day(struct world *w, int plus)
{
	char iso[11];

	tk_date_iso(tk_date_of_days(tk_date_days(tk_today()) + plus), iso);
	return tk_strdup(w->t->mem, iso);
}

static int64_t made(struct world *w, struct reply r)
{
	STATUS(r, 201);
	return strtoll(reply_member(w, &r, "id"), NULL, 10);
}

static struct reply move(struct world *w, enum actor_id who, const char *path, int64_t id, const char *action,
			 const char *comment)
{
	return POST(w, who, fmt(w, "/api/v1/%s/%lld/case/move", path, ID(id)), "{\"action\":\"%s\",\"comment\":\"%s\"}",
		    action, comment);
}

static int64_t document(struct world *w, const char *level, const char *title, int64_t parent)
{
	return made(w, POST(w, A_OFFICE, "/api/v1/documents", "{\"level\":\"%s\",\"title\":\"%s\"%s}", level, title,
			    parent ? fmt(w, ",\"parent_id\":\"%lld\"", ID(parent)) : ""));
}

static int64_t edition(struct world *w, int64_t doc, const char *decided, const char *from, bool must_read)
{
	return made(w, POST(w, A_OFFICE, "/api/v1/document-editions", "{\"policy_document_id\":\"%lld\",\"decided_by\":\"推進会議\","
			    "\"decided_on\":\"%s\",\"from_on\":\"%s\",\"body\":\"本文の秘密の語\",\"must_read\":%s}",
			    ID(doc), decided, from, must_read ? "true" : "false"));
}

static void in_force(struct world *w, int64_t id)
{
	STATUS(move(w, A_OFFICE, "document-editions", id, "decide", ""), 200);
	STATUS(move(w, A_OFFICE, "document-editions", id, "put_in_force", ""), 200);
}

static const char *state_of(struct world *w, int64_t id)
{
	return world_text(w, "SELECT state FROM document_edition WHERE id = $1", id);
}

/* -- the hierarchy: DOC-01, DOC-03, DOC-04 -------------------------------------------------------- */
static void hierarchy(void **s)
{
	struct world *w = world_of(s);
	int64_t policy = world_int(w, "SELECT id FROM policy_document WHERE level = 'policy' AND id > $1", 0);
	int64_t rule = world_int(w, "SELECT id FROM policy_document WHERE level = 'operation_rule' AND id > $1", 0);
	int64_t procedure = document(w, "procedure", "試験の手順", policy);
	struct reply r = POST(w, A_OFFICE, "/api/v1/documents", "{\"level\":\"measure_standard\",\"title\":\"x\",\"parent_id\":\"%lld\"}",
			      ID(rule));

	STATUS(r, 422);
	HAS(r, "\"parent_id\"");
	r = POST(w, A_OFFICE, "/api/v1/documents", "{\"level\":\"procedure\",\"title\":\"x\",\"parent_id\":\"%lld\"}", ID(procedure));
	STATUS(r, 422);
	document(w, "operation_rule", "試験の規程", procedure);
	r = ask(w, A_OFFICE, "PATCH", fmt(w, "/api/v1/documents/%lld", ID(procedure)), .body = "{\"level\":\"operation_rule\"}",
		.if_match = "\"1\"");
	STATUS(r, 422);                                 /* what stands under it would not be lower any more */
	HAS(r, "\"level\"");
	STATUS(POST(w, A_STAFF, "/api/v1/documents", "{\"level\":\"procedure\",\"title\":\"x\"}"), 403);
	STATUS(POST(w, A_HEAD, "/api/v1/documents", "{\"level\":\"procedure\",\"title\":\"x\"}"), 403);
	STATUS(POST(w, A_AUDITOR, "/api/v1/documents", "{\"level\":\"procedure\",\"title\":\"x\"}"), 403);
	HAS(get(w, A_STAFF, "/api/v1/documents?limit=100"), "例外措置実施手順");
}

/* DOC-04: one rule a system, and only rules belong to one. */
static void one_rule_a_system(void **s)
{
	struct world *w = world_of(s);
	int64_t division = w->actor[A_HEAD].division;
	int64_t sys = made(w, POST(w, A_OFFICE, "/api/v1/info-systems", "{\"code\":\"T-RULE\",\"name\":\"試験システム\","
				   "\"owner_division_id\":\"%lld\"}", ID(division)));
	const char *of = fmt(w, "\"info_system_id\":\"%lld\"", ID(sys));
	struct reply r = POST(w, A_OFFICE, "/api/v1/documents", "{\"level\":\"procedure\",\"title\":\"x\",%s}", of);

	STATUS(r, 422);
	HAS(r, "\"info_system_id\"");
	made(w, POST(w, A_OFFICE, "/api/v1/documents", "{\"level\":\"operation_rule\",\"title\":\"試験システム規程\",%s}", of));
	STATUS(POST(w, A_OFFICE, "/api/v1/documents", "{\"level\":\"operation_rule\",\"title\":\"二つ目\",%s}", of), 409);
}

/* -- editions: DOC-02, DOC-05, DOC-06, DOC-07 ----------------------------------------------------- */
static void editions(void **s)
{
	struct world *w = world_of(s);
	int64_t doc = document(w, "procedure", "版の試験", 0), one, two, three;
	const char *path;
	struct reply r;

	r = POST(w, A_OFFICE, "/api/v1/document-editions", "{\"policy_document_id\":\"%lld\",\"decided_on\":\"2010-05-01\","
		 "\"from_on\":\"2010-04-01\"}", ID(doc));
	STATUS(r, 422);                                 /* in force before it was decided */
	HAS(r, "\"from_on\"");
	one = made(w, POST(w, A_OFFICE, "/api/v1/document-editions", "{\"policy_document_id\":\"%lld\"}", ID(doc)));
	path = fmt(w, "/api/v1/document-editions/%lld", ID(one));
	assert_string_equal(world_text(w, "SELECT title FROM document_edition WHERE id = $1", one), "版の試験 第1版");
	r = move(w, A_OFFICE, "document-editions", one, "decide", "");
	STATUS(r, 422);                                 /* by whom, and when */
	HAS(r, "\"decided_by\"");
	STATUS(get(w, A_STAFF, path), 404);             /* a draft is not for everybody */
	STATUS(get(w, A_HEAD, path), 404);
	STATUS(get(w, A_AUDITOR, path), 200);
	STATUS(ask(w, A_OFFICE, "PATCH", path, .body = "{\"decided_by\":\"第10回推進会議\",\"decided_on\":\"2010-04-01\","
		   "\"from_on\":\"2010-04-15\"}", .if_match = "\"1\"", .keep = true), 200);
	STATUS(move(w, A_OFFICE, "document-editions", one, "put_in_force", ""), 409);
	STATUS(move(w, A_STAFF, "document-editions", one, "decide", ""), 404);
	in_force(w, one);
	STATUS(get(w, A_STAFF, path), 200);
	STATUS(get(w, A_HEAD, path), 200);
	r = ask(w, A_OFFICE, "PATCH", path, .body = "{\"from_on\":\"2010-04-20\"}",
		.if_match = fmt(w, "\"%lld\"", ID(world_int(w, "SELECT version FROM document_edition WHERE id = $1", one))));
	STATUS(r, 409);                                 /* what is in force is not rewritten */

	two = edition(w, doc, "2010-04-10", "2010-04-15", false);
	STATUS(move(w, A_OFFICE, "document-editions", two, "decide", ""), 200);
	r = move(w, A_OFFICE, "document-editions", two, "put_in_force", "");
	STATUS(r, 409);                                 /* begins no later than the one in force */
	assert_string_equal(state_of(w, one), "in_force");
	STATUS(move(w, A_OFFICE, "document-editions", two, "reopen", "日付の誤り"), 200);
	STATUS(ask(w, A_OFFICE, "PATCH", fmt(w, "/api/v1/document-editions/%lld", ID(two)), .body = "{\"from_on\":\"2012-04-01\"}",
		   .if_match = fmt(w, "\"%lld\"", ID(world_int(w, "SELECT version FROM document_edition WHERE id = $1", two))),
		   .keep = true), 200);
	in_force(w, two);
	assert_string_equal(state_of(w, one), "superseded");
	assert_string_equal(world_text(w, "SELECT to_on FROM document_edition WHERE id = $1", one), "2012-04-01");
	assert_int_equal(world_int(w, "SELECT supersedes_id FROM document_edition WHERE id = $1", two), one);
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM document_edition WHERE policy_document_id = $1 AND state = 'in_force'", doc), 1);
	STATUS(get(w, A_STAFF, path), 200);             /* what was in force is still read */

	/* decided for a day that comes: by itself on that day, not before */
	three = edition(w, doc, day(w, 0), day(w, 2), false);
	STATUS(move(w, A_OFFICE, "document-editions", three, "decide", ""), 200);
	STATUS(move(w, A_OFFICE, "document-editions", three, "put_in_force", ""), 409);
	STATUS(get(w, A_STAFF, fmt(w, "/api/v1/document-editions/%lld", ID(three))), 404);
	OK(w->t, tk_policy_module.daily(&w->op, day(w, 1)));
	assert_string_equal(state_of(w, three), "decided");
	r = POST(w, A_OFFICE, "/api/v1/document-editions", "{\"policy_document_id\":\"%lld\",\"edition\":3}", ID(doc));
	STATUS(r, 409);
}

/* Nothing of a draft reaches staff by another way: list, export, search. */
static void drafts_stay_inside(void **s)
{
	struct world *w = world_of(s);
	int64_t doc = document(w, "procedure", "未公開文書", 0);

	edition(w, doc, "2011-04-01", "2011-05-01", false);
	HAS(get(w, A_OFFICE, "/api/v1/document-editions?q=未公開文書"), "未公開文書 第1版");
	HAS_NOT(get(w, A_STAFF, "/api/v1/document-editions?limit=500"), "未公開文書 第1版");
	HAS_NOT(get(w, A_STAFF, "/api/v1/document-editions?q=未公開文書"), "未公開文書 第1版");
	HAS_NOT(get(w, A_HEAD, "/api/v1/document-editions.csv"), "未公開文書 第1版");
	HAS_NOT(get(w, A_STAFF, "/api/v1/portal"), "未公開文書 第1版");
	HAS(get(w, A_STAFF, "/api/v1/document-editions?limit=500"), "見本庁情報セキュリティポリシー 第3版");
	STATUS(get(w, A_COORDINATOR, "/api/v1/portal"), 403);
}

/* DOC-02: clauses conform to documents that stand higher. */
static void conformance(void **s)
{
	struct world *w = world_of(s);
	int64_t low = world_int(w, "SELECT MIN(e.id) FROM document_edition e JOIN policy_document d ON d.id = e.policy_document_id"
				" WHERE d.level = 'procedure' AND e.id > $1", 0);
	int64_t high = world_int(w, "SELECT MIN(e.id) FROM document_edition e JOIN policy_document d ON d.id = e.policy_document_id"
				 " WHERE d.level = 'common_standard' AND e.id > $1", 0);
	const char *link = "/api/v1/conformances";
	struct reply r = POST(w, A_OFFICE, link, "{\"from_edition_id\":\"%lld\",\"from_clause\":\"1\",\"to_edition_id\":\"%lld\","
			      "\"to_clause\":\"2\",\"degree\":\"full\"}", ID(high), ID(low));

	STATUS(r, 422);
	HAS(r, "\"to_edition_id\"");
	made(w, POST(w, A_OFFICE, link, "{\"from_edition_id\":\"%lld\",\"from_clause\":\"1\",\"to_edition_id\":\"%lld\","
		     "\"to_clause\":\"2\",\"degree\":\"full\"}", ID(low), ID(high)));
	STATUS(POST(w, A_OFFICE, link, "{\"from_edition_id\":\"%lld\",\"from_clause\":\"1\",\"to_edition_id\":\"%lld\","
		    "\"to_clause\":\"2\",\"degree\":\"part\"}", ID(low), ID(high)), 409);
}

/* -- reading: DOC-08 ------------------------------------------------------------------------------ */
static void reading(void **s)
{
	struct world *w = world_of(s);
	int64_t doc = document(w, "procedure", "既読の試験", 0), draft = edition(w, doc, "2011-04-01", "2011-05-01", true);
	const char *mark = fmt(w, "/api/v1/my/documents/%lld/read", ID(draft));
	const char *readers = fmt(w, "/api/v1/document-editions/%lld/readers", ID(draft));
	const char *number = world_text(w, "SELECT staff_number FROM staff WHERE id = $1", w->actor[A_STAFF].staff);
	int64_t of = world_int(w, "SELECT COUNT(*) FROM staff WHERE division_id = $1 AND deleted_at IS NULL AND left_on IS NULL",
			       w->actor[A_HEAD].division);
	struct reply r;

	STATUS(ask(w, A_STAFF, "POST", mark, .body = NULL), 404);
	STATUS(ask(w, A_OFFICE, "POST", mark, .body = NULL), 403);    /* an account of no member of staff reads for nobody */
	in_force(w, draft);
	HAS(get(w, A_STAFF, "/api/v1/my/tasks"), "既読の試験 第1版");
	r = get(w, A_HEAD, readers);
	STATUS(r, 200);
	HAS(r, fmt(w, "\"n\":0,\"of\":%lld", ID(of)));
	HAS(r, fmt(w, "\"staff_number\":\"%s\"", number));
	STATUS(ask(w, A_STAFF, "POST", mark, .keep = true), 204);
	STATUS(ask(w, A_STAFF, "POST", mark, .keep = true), 204);
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM document_read WHERE document_edition_id = $1", draft), 1);
	r = get(w, A_HEAD, readers);
	HAS(r, fmt(w, "\"n\":1,\"of\":%lld", ID(of)));
	HAS_NOT(r, fmt(w, "\"staff_number\":\"%s\"", number));
	HAS_NOT(r, fmt(w, "\"division_id\":\"%lld\"", ID(w->actor[A_HEAD2].division)));
	HAS(get(w, A_HEAD2, readers), "\"n\":0");
	HAS(get(w, A_OFFICE, readers), fmt(w, "\"n\":1,\"of\":%lld}", ID(world_int(w,
		"SELECT COUNT(*) FROM staff WHERE deleted_at IS NULL AND left_on IS NULL AND id > $1", 0))));
	STATUS(get(w, A_STAFF, readers), 403);
	HAS_NOT(get(w, A_STAFF2, "/api/v1/document-reads?limit=500"), fmt(w, "\"%lld\"", ID(w->actor[A_STAFF].staff)));
	STATUS(POST(w, A_STAFF, "/api/v1/document-reads", "{}"), 403);
	STATUS(move(w, A_OFFICE, "document-editions", draft, "abolish", "試験の終わり"), 200);
	STATUS(ask(w, A_STAFF2, "POST", mark, .body = NULL), 409);    /* not in force any more */
	HAS_NOT(get(w, A_STAFF2, "/api/v1/my/tasks"), "既読の試験 第1版");
}

/* -- the portal: SYS-04, DOC-05 ------------------------------------------------------------------- */
static void questions_and_notices(void **s)
{
	struct world *w = world_of(s);
	int64_t q = made(w, POST(w, A_STAFF, "/api/v1/portal-questions", "{\"title\":\"試験の質問\",\"question\":\"どうしますか\"}"));
	const char *path = fmt(w, "/api/v1/portal-questions/%lld", ID(q));
	int64_t notice;

	assert_int_equal(world_int(w, "SELECT division_id FROM portal_question WHERE id = $1", q), w->actor[A_STAFF].division);
	STATUS(get(w, A_STAFF2, path), 404);
	STATUS(get(w, A_HEAD2, path), 404);
	STATUS(get(w, A_HEAD, path), 200);
	STATUS(move(w, A_STAFF, "portal-questions", q, "answer", "自分で"), 403);
	STATUS(move(w, A_OFFICE, "portal-questions", q, "answer", ""), 422);
	STATUS(move(w, A_OFFICE, "portal-questions", q, "publish", ""), 409);
	STATUS(move(w, A_OFFICE, "portal-questions", q, "answer", "このようにします"), 200);
	assert_string_equal(world_text(w, "SELECT answer FROM portal_question WHERE id = $1", q), "このようにします");
	HAS_NOT(get(w, A_STAFF3, "/api/v1/portal"), "試験の質問");
	STATUS(move(w, A_STAFF, "portal-questions", q, "publish", ""), 403);
	STATUS(move(w, A_OFFICE, "portal-questions", q, "publish", ""), 200);
	HAS(get(w, A_STAFF3, "/api/v1/portal"), "試験の質問");
	STATUS(get(w, A_STAFF2, path), 200);
	STATUS(move(w, A_OFFICE, "portal-questions", q, "take_down", "古い"), 200);
	HAS_NOT(get(w, A_STAFF3, "/api/v1/portal"), "試験の質問");

	notice = made(w, POST(w, A_OFFICE, "/api/v1/portal-notices", "{\"title\":\"来週のお知らせ\",\"body\":\"本文\",\"from_on\":\"%s\"}",
			      day(w, 7)));
	HAS_NOT(get(w, A_STAFF, "/api/v1/portal-notices?limit=500"), "来週のお知らせ");
	HAS_NOT(get(w, A_STAFF, "/api/v1/portal"), "来週のお知らせ");
	STATUS(POST(w, A_STAFF, "/api/v1/portal-notices", "{\"title\":\"x\",\"body\":\"x\",\"from_on\":\"%s\"}", day(w, 0)), 403);
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "UPDATE portal_notice SET from_on = $2 WHERE id = $1", TK_I(notice), TK_S(day(w, 0))));
	OK(w->t, tk_policy_module.daily(&w->op, day(w, 0)));
	HAS(get(w, A_STAFF, "/api/v1/portal-notices?limit=500"), "来週のお知らせ");
	HAS(get(w, A_STAFF, "/api/v1/portal"), "来週のお知らせ");
}

static int times(const char *text, const char *what)
{
	int n = 0;

	for (const char *p = text; (p = strstr(p, what)); p += strlen(what))
		n++;
	return n;
}

/* DOC-01, CHT-03: the figure, in words too; DOC-03: eleven procedures, each once. */
static void drawing(void **s)
{
	struct world *w = world_of(s);
	struct reply r = ask(w, A_STAFF, "GET", "/api/v1/portal/tree.svg", .ja = true), portal;
	static const char *const kana[] = { "ア", "イ", "ウ", "エ", "オ", "カ", "キ", "ク", "ケ", "コ", "サ" };
	cJSON *o, *d;
	int n = 0;

	STATUS(r, 200);
	assert_non_null(strstr(r.type, "image/svg+xml"));
	HAS(r, "<title id=");
	HAS(r, "<desc id=");
	for (size_t i = 0; i < TK_LEN(kana); i++)
		assert_true(times(r.body, fmt(w, "（%s）", kana[i])) >= 2);     /* on a box and in the description */
	assert_int_equal(times(r.body, "<svg"), 1);
	assert_int_equal(times(r.body, "</svg>"), 1);
	portal = get(w, A_STAFF, "/api/v1/portal");
	o = cJSON_Parse(portal.body);
	cJSON_ArrayForEach(d, cJSON_GetObjectItem(o, "documents"))
		n += !strcmp(cJSON_GetStringValue(cJSON_GetObjectItem(d, "level")), "procedure") &&
		     strncmp(cJSON_GetStringValue(cJSON_GetObjectItem(d, "number")) ? cJSON_GetStringValue(cJSON_GetObjectItem(d, "number"))
			     : "", "（", strlen("（")) == 0;
	assert_int_equal(n, 11);
	cJSON_Delete(o);
}

/* -- facts ---------------------------------------------------------------------------------------- */
static struct tk_fact_value fact(struct world *w, const char *id, int year)
{
	struct tk_fact_value v = { 0 };

	assert_non_null(tk_fact_by_id(id));
	OK(w->t, tk_fact_now(&w->op, tk_fact_by_id(id), year, &v));
	return v;
}

static void facts(void **s)
{
	struct world *w = world_of(s);
	int now = tk_fiscal_year(tk_today());
	int64_t policy = world_int(w, "SELECT id FROM policy_document WHERE level = 'policy' AND id > $1", 0);
	struct tk_fact_value v = fact(w, "policy.procedures", 2011);

	assert_int_equal(v.numerator, 11);              /* DOC-03, SUM of the founding document */
	v = fact(w, "policy.revised", 2011);            /* DOC-06, AUD-06: 0 and not "missing" */
	assert_false(v.missing);
	assert_int_equal(v.numerator, 0);
	assert_int_equal(fact(w, "policy.revised", 2009).numerator, 3); /* the third edition and its two parts */
	assert_true(fact(w, "policy.revised", 1999).missing);
	assert_int_equal(fact(w, "policy.revised", now).numerator, 0);
	in_force(w, edition(w, policy, day(w, 0), day(w, 0), false));
	assert_int_equal(fact(w, "policy.revised", now).numerator, 1);
	v = fact(w, "policy.read_rate", 2011);
	assert_int_equal(v.denominator, world_int(w, "SELECT COUNT(*) FROM staff WHERE id > $1 AND (joined_on IS NULL OR joined_on <="
						  " '2012-03-31') AND (left_on IS NULL OR left_on > '2012-03-31')", 0));
	assert_int_equal(v.numerator, world_int(w, "SELECT COUNT(*) FROM document_read r JOIN document_edition e ON e.id ="
						" r.document_edition_id WHERE e.edition = 3 AND e.must_read = 1 AND e.id > $1", 0));
	assert_true(v.numerator < v.denominator);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(drawing), cmocka_unit_test(facts), cmocka_unit_test(hierarchy), cmocka_unit_test(one_rule_a_system),
		cmocka_unit_test(editions), cmocka_unit_test(drafts_stay_inside), cmocka_unit_test(conformance),
		cmocka_unit_test(reading), cmocka_unit_test(questions_and_notices),
	};
	int failed = cmocka_run_group_tests_name("documents on SQLite", tests, world_sqlite, world_down);

	return failed + cmocka_run_group_tests_name("documents on PostgreSQL", tests, world_postgres, world_down);
}
