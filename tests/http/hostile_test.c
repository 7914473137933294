/* What hostile and careless people send, through the whole path of a request: odd bodies and queries
 * at every address, versions, keys, sessions, and the order of things in a campaign. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "main/wiring.h"
#include "world.h"

#define ID(x) ((long long)(x))

static void sound(const struct reply *r, const char *method, const char *path, const char *what)
{
	cJSON *o = strstr(r->type, "json") && r->n ? cJSON_Parse(r->body) : NULL;

	if (r->status >= 500 || (strstr(r->type, "json") && r->n && !o))
		fail_msg("%s %s with %.200s: %d %.600s", method, path, what, r->status, r->body);
	cJSON_Delete(o);
}

/* -- odd bodies --------------------------------------------------------------------------------- */
static const char *const odd_value[] = {
	"null", "true", "0", "-1", "1e999", "9223372036854775807", "99999999999999999999", "0.5", "\"\"", "\"x\"", "\"-1\"", "\"0\"",
	"\"9223372036854775808\"", "[]", "[[]]", "{}", "{\"a\":{}}", "[null]", "[\"1\",2,{}]", "\"\\uD800\"", "\"\\u202e\"", "\"=1+1\"",
	"\"<script>alert(1)</script>\"", "\"2012-02-30\"", "\"' OR 1=1 --\"", "\"%s%n%x\"",
};

static const char *some_row(struct world *w, const struct tk_route *r, const struct tk_rtype *t)
{
	int64_t id = t ? world_int(w, tk_sprintf(w->t->mem, "SELECT MAX(id) FROM %s WHERE id > $1", t->table), 0) :
		strstr(r->path, "/form-versions/") ? world_int(w, "SELECT MAX(id) FROM form_version WHERE id > $1", 0) : w->open;
	struct tk_buf b = TK_BUF(600);
	const char *s;

	for (const char *p = r->path; *p;) {
		if (*p != '{') {
			tk_buf_chr(&b, *p++);
			continue;
		}
		if (!strncmp(p, "{type}", 6))
			tk_buf_str(&b, t->path);
		else if (!strncmp(p, "{division}", 10))
			tk_buf_fmt(&b, "%lld", ID(w->actor[A_STAFF].division));
		else if (!strncmp(p, "{respondent}", 12))
			tk_buf_fmt(&b, "%lld", ID(w->actor[A_STAFF].respondent));
		else if (!strncmp(p, "{id}", 4) || !strncmp(p, "{campaign}", 10))
			tk_buf_fmt(&b, "%lld", ID(id));
		else
			tk_buf_str(&b, "c01");
		p = strchr(p, '}') + 1;
	}
	s = tk_strdup(w->t->mem, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return s;
}

static enum actor_id doer(struct world *w, const struct tk_route *r, const struct tk_rtype *t)
{
	static const enum actor_id try[] = { A_OFFICE, A_STAFF, A_ADMIN };
	enum tk_perm p = !t ? r->perm : strcmp(r->method, "GET") ? t->write : t->read;

	for (size_t i = 0; i < TK_LEN(try); i++)
		if (tk_who_scope(&w->actor[try[i]].who, p) != TK_SCOPE_NONE)
			return try[i];
	return A_NOBODY;
}

/* A server of its own takes its time for each: there every seventh is tried. */
static size_t steps(const struct world *w)
{
	return w->t->kind == TK_DB_POSTGRES ? 7 : 1;
}

static void odd_body(void *ctx, const struct tk_route *r, const struct tk_rtype *t)
{
	static const char *const member[] = { "answers", "reason", "closes_on", "comment", "respondent_ids", "staff_ids", "division_id",
					      "all", "send_mail", "login", "password", "old", "new", "lang", "key", "incomplete_reason" };
	struct world *w = ctx;
	size_t step = steps(w);
	enum actor_id who = doer(w, r, t);
	const char *path = some_row(w, r, t);
	struct reply got;

	/* a password is hashed slowly on purpose; the rate of sign-ins is another test's */
	if (!strcmp(r->method, "GET") || (who == A_NOBODY && !(r->flags & TK_R_PUBLIC)))
		return;
	for (size_t i = 0; i < TK_LEN(odd_value); i += step) {
		got = ask(w, who, r->method, path, .body = odd_value[i], .if_match = "1");
		sound(&got, r->method, path, odd_value[i]);
		for (size_t k = 0; k < (t ? t->nfield : TK_LEN(member)); k++) {
			const char *body = fmt(w, "{\"%s\":%s}", t ? t->field[k].name : member[k], odd_value[i]);

			if (r->flags & TK_R_PUBLIC && k > 0)
				break;
			got = ask(w, who, r->method, path, .body = body, .if_match = t ? fmt(w, "%lld", ID(world_int(w,
				  tk_sprintf(w->t->mem, "SELECT version FROM %s WHERE id > $1 ORDER BY id DESC LIMIT 1", t->table), 0))) : "1");
			sound(&got, r->method, path, body);
		}
	}
}

static void odd_bodies_never_break_anything(void **state)
{
	tk_routes_each(tk_all_routes, odd_body, world_of(state));
}

/* -- odd queries -------------------------------------------------------------------------------- */
static void odd_query(void *ctx, const struct tk_route *r, const struct tk_rtype *t)
{
	static const char *const value[] = { "", "x", "-1", "0", "1", "99999999999999999999", "9223372036854775807", "%", "_", "'", "\"", "\\",
					     "監査", "あ", "\xf0\x9f\x98\x80", "\xff", "$1", "a b", "null", "2012-02-30", "true()", "((((", "${c01}",
					     "selected(${c01}, 'x')", "1 div 0", "AAAA", "=1" };
	struct world *w = ctx;
	size_t step = steps(w);
	enum actor_id who = doer(w, r, t);
	const char *path = some_row(w, r, t), *const fixed[] = { "q", "sort", "limit", "cursor", "encoding", "by", "filter", "round", "format",
								  "date", "division_id", "type", "record_id", "from", "to", "who", "action" };
	struct reply got;

	if (strcmp(r->method, "GET") != 0 || r->flags & TK_R_PUBLIC || who == A_NOBODY)
		return;
	for (size_t i = 0; i < TK_LEN(value); i += step) {
		for (size_t k = 0; k < TK_LEN(fixed); k++) {
			const char *url = fmt(w, "%s?%s=%s", path, fixed[k], value[i]);

			got = get(w, who, url);
			sound(&got, "GET", url, "");
		}
		for (size_t k = 0; t && !strchr(r->path + 14, '/') && k < t->nfield; k++) {
			static const char *const how[] = { "", ".from", ".to", ".nope" };

			for (size_t m = 0; m < TK_LEN(how); m++) {
				const char *url = fmt(w, "%s?limit=1&%s%s=%s", path, t->field[k].name, how[m], value[i]);

				got = get(w, who, url);
				sound(&got, "GET", url, "");
				if (t->field[k].flags & TK_SECRET && got.status < 400)
					fail_msg("%s can be filtered by", url);
			}
		}
	}
}

static void odd_queries_never_break_anything(void **state)
{
	tk_routes_each(tk_all_routes, odd_query, world_of(state));
}

static void odd_ids_are_nothing(void **state)
{
	static const char *const id[] = { "0", "-1", "x", "1.5", "9223372036854775808", "99999999999999999999999", "%31", "１", "1;drop", "null" };
	static const char *const path[] = { "staff/%s", "staff/%s/history", "campaigns/%s/status", "campaigns/%s/tables/items", "cases/%s/log",
					    "form-versions/%s/tree", "campaigns/%s/divisions/1" };
	struct world *w = world_of(state);

	for (size_t i = 0; i < TK_LEN(id); i++) {
		for (size_t k = 0; k < TK_LEN(path); k++) {
			struct tk_buf b = TK_BUF(300);
			const char *at = strstr(path[k], "%s");

			tk_buf_str(&b, "/api/v1/");
			tk_buf_add(&b, path[k], (size_t)(at - path[k]));
			tk_buf_str(&b, id[i]);
			tk_buf_str(&b, at + 2);
			STATUS(get(w, A_OFFICE, b.p), 404);
			tk_buf_drop(&b);
		}
	}
}

/* -- versions and keys -------------------------------------------------------------------------- */
static void versions_are_read_strictly(void **state)
{
	struct world *w = world_of(state);
	const char *url = fmt(w, "/api/v1/divisions/%lld", ID(w->actor[A_HEAD].division));
	struct reply r = get(w, A_OFFICE, url);
	const char *now = reply_member(w, &r, "version");
	static const char *const bad[] = { "-1", "\"-1\"", "*", "", "\"\"", "1, 2", "\"1\", \"2\"", "W/", "0x1", "+1", " 1", "\"1", "1\"",
					   "99999999999999999999", "null", "W/W/1" };

	STATUS(ask(w, A_OFFICE, "PATCH", url, .body = "{\"name_en\":\"A\"}"), 428);
	for (size_t i = 0; i < TK_LEN(bad); i++)
		STATUS(ask(w, A_OFFICE, "PATCH", url, .body = "{\"name_en\":\"A\"}", .if_match = bad[i]), 422);
	STATUS(ask(w, A_OFFICE, "PATCH", url, .body = "{\"name_en\":\"A\"}", .if_match = "999"), 412);
	STATUS(ask(w, A_OFFICE, "PATCH", url, .body = "{\"name_en\":\"A\"}", .if_match = now), 200);
	STATUS(ask(w, A_OFFICE, "PATCH", url, .body = "{\"name_en\":\"A\"}", .if_match = fmt(w, "W/\"%s\"", now)), 200);
	assert_string_equal(reply_header(&r, "ETag"), fmt(w, "\"%s\"", now));
}

static const char *answer_all(struct world *w, enum actor_id who)
{
	struct reply r = get(w, who, fmt(w, "/api/v1/my/responses/%lld", ID(w->open)));
	cJSON *o = cJSON_Parse(r.body), *asked = cJSON_GetObjectItem(o, "asked"), *a;
	struct tk_buf b = TK_BUF(20000);
	const char *s;

	STATUS(r, 200);
	tk_buf_str(&b, "{\"answers\":{");
	cJSON_ArrayForEach(a, asked)
		tk_buf_fmt(&b, "%s\"%s\":{\"value\":\"done\"}", b.p[b.len - 1] == '{' ? "" : ",", a->valuestring);
	tk_buf_str(&b, "}}");
	cJSON_Delete(o);
	s = tk_strdup(w->t->mem, b.p);
	tk_buf_drop(&b);
	return s;
}

static const char *version_of(struct world *w, enum actor_id who)
{
	struct reply r = get(w, who, fmt(w, "/api/v1/my/responses/%lld", ID(w->open)));

	return reply_member(w, &r, "version");
}

static void a_key_belongs_to_one_request_of_one_person(void **state)
{
	struct world *w = world_of(state);
	const char *url = fmt(w, "/api/v1/my/responses/%lld/submit", ID(w->open)), *version = version_of(w, A_STAFF2);
	const char *body = answer_all(w, A_STAFF2), *receipt;
	struct reply one = ask(w, A_STAFF2, "POST", url, .body = body, .if_match = version, .key = "key-1", .keep = true), two;

	STATUS(one, 200);
	receipt = reply_member(w, &one, "receipt_no");
	assert_true(strlen(receipt) > 3);
	/* a lost reply, asked for once more: the same words, nothing twice */
	two = ask(w, A_STAFF2, "POST", url, .body = body, .if_match = version, .key = "key-1", .keep = true);
	STATUS(two, 200);
	assert_string_equal(one.body, two.body);
	/* another body, or another address, under the same key */
	STATUS(ask(w, A_STAFF2, "POST", url, .body = "{}", .if_match = version, .key = "key-1", .keep = true), 422);
	/* the same key of another person is that person's own */
	two = ask(w, A_STAFF3, "POST", url, .body = body, .if_match = version_of(w, A_STAFF3), .key = "key-1");
	HAS_NOT(two, receipt);
	/* without a key: submitted already, with the receipt number */
	two = ask(w, A_STAFF2, "POST", url, .body = body, .if_match = version_of(w, A_STAFF2), .keep = true);
	STATUS(two, 409);
	HAS(two, receipt);
	STATUS(ask(w, A_STAFF2, "POST", url, .body = body, .if_match = version, .key = ""), 422);
	STATUS(ask(w, A_STAFF2, "POST", url, .body = body, .if_match = version,
		   .key = fmt(w, "%0300d", 1)), 422);
}

/* -- the order of things ------------------------------------------------------------------------ */
static void the_life_of_an_answer(void **state)
{
	struct world *w = world_of(state);
	const struct actor *me = &w->actor[A_STAFF];
	const char *my = fmt(w, "/api/v1/my/responses/%lld", ID(w->open)), *c = fmt(w, "/api/v1/campaigns/%lld", ID(w->open));
	const char *division = fmt(w, "%s/divisions/%lld", c, ID(me->division)), *body = answer_all(w, A_STAFF), *old = version_of(w, A_STAFF);
	struct reply r;

	STATUS(ask(w, A_STAFF, "PATCH", my, .body = body, .if_match = old, .keep = true), 200);
	/* the second window still has the old version and is shown what is there now */
	r = ask(w, A_STAFF, "PATCH", my, .body = "{\"answers\":{\"c01\":{\"value\":\"not_done\"}}}", .if_match = old, .keep = true);
	STATUS(r, 412);
	HAS(r, "\"answers\"");
	/* items that are not asked, do not exist, or take no such value */
	STATUS(ask(w, A_STAFF, "PATCH", my, .body = "{\"answers\":{\"s01\":{\"value\":\"done\"}}}", .if_match = version_of(w, A_STAFF)), 422);
	STATUS(ask(w, A_STAFF, "PATCH", my, .body = "{\"answers\":{\"zz\":{\"value\":\"done\"}}}", .if_match = version_of(w, A_STAFF)), 422);
	STATUS(ask(w, A_STAFF, "PATCH", my, .body = "{\"answers\":{\"c01\":{\"value\":\"maybe\"}}}", .if_match = version_of(w, A_STAFF)), 422);
	STATUS(ask(w, A_STAFF, "POST", fmt(w, "%s/submit", my), .body = body, .if_match = version_of(w, A_STAFF), .keep = true), 200);
	STATUS(ask(w, A_STAFF, "PATCH", my, .body = body, .if_match = version_of(w, A_STAFF)), 409);
	/* sent back by the head, with a reason only */
	STATUS(ask(w, A_HEAD, "POST", fmt(w, "%s/respondents/%lld/send-back", c, ID(me->respondent)), .body = "{}"), 422);
	STATUS(ask(w, A_HEAD, "POST", fmt(w, "%s/respondents/%lld/send-back", c, ID(me->respondent)),
		   .body = "{\"reason\":\"<script>alert(1)</script> look again\"}", .keep = true), 200);
	r = get(w, A_STAFF, my);
	assert_string_equal(reply_member(w, &r, "state"), "sent_back");
	HAS(r, "look again");
	STATUS(ask(w, A_STAFF, "POST", fmt(w, "%s/submit", my), .body = body, .if_match = version_of(w, A_STAFF), .keep = true), 200);
	/* signed off: no change, no taking back */
	STATUS(ask(w, A_HEAD, "POST", fmt(w, "%s/sign-off", division), .body = "{}"), 422);
	STATUS(ask(w, A_HEAD, "POST", fmt(w, "%s/sign-off", division), .body = "{\"incomplete_reason\":\"ill\"}", .keep = true), 200);
	STATUS(ask(w, A_HEAD, "POST", fmt(w, "%s/sign-off", division), .body = "{\"incomplete_reason\":\"ill\"}", .keep = true), 409);
	STATUS(ask(w, A_STAFF, "POST", fmt(w, "%s/withdraw", my), .body = "{}"), 409);
	STATUS(ask(w, A_STAFF, "PATCH", my, .body = body, .if_match = version_of(w, A_STAFF)), 409);
	/* closed: nothing for anybody */
	STATUS(ask(w, A_HEAD, "POST", fmt(w, "%s/close", c), .body = "{}"), 403);
	STATUS(ask(w, A_OFFICE, "POST", fmt(w, "%s/close", c), .body = "{\"reason\":\"done\"}", .keep = true), 200);
	STATUS(ask(w, A_STAFF3, "PATCH", my, .body = body, .if_match = version_of(w, A_STAFF3)), 409);
	STATUS(ask(w, A_STAFF3, "POST", fmt(w, "%s/submit", my), .body = body, .if_match = version_of(w, A_STAFF3)), 409);
	STATUS(ask(w, A_HEAD, "POST", fmt(w, "%s/respondents/%lld/send-back", c, ID(me->respondent)), .body = "{\"reason\":\"x\"}"), 409);
	STATUS(ask(w, A_OFFICE, "POST", fmt(w, "%s/remind", c), .body = "{\"all\":true}"), 409);
	STATUS(get(w, A_STAFF, my), 200);
}

/* -- what people write comes out as text -------------------------------------------------------- */
static void payloads_stay_text(void **state)
{
	struct world *w = world_of(state);
	const char *url = fmt(w, "/api/v1/bureaus/%lld", ID(w->actor[A_HEAD2].who.division[0] ? world_int(w,
			      "SELECT bureau_id FROM division WHERE id = $1", w->actor[A_HEAD2].division) : 0));
	static const char *const charts[] = { "response-rate", "rate-classes" };
	struct reply r = get(w, A_OFFICE, url);

	STATUS(ask(w, A_OFFICE, "PATCH", url, .body = "{\"name\":\"=HYPERLINK(\\\"http://evil.example\\\")<script>alert('1')</script>&\"}",
		   .if_match = reply_member(w, &r, "version"), .keep = true), 200);
	r = get(w, A_OFFICE, "/api/v1/bureaus");
	HAS(r, "<script>");                     /* JSON is no page: the page shows it as text */
	assert_string_equal(r.type, "application/json");
	r = get(w, A_OFFICE, "/api/v1/bureaus.csv");
	HAS(r, "'=HYPERLINK");                  /* a formula is not run by who opens it */
	if (strstr(r.body, ",=HYPERLINK") || strstr(r.body, "\"=HYPERLINK"))
		fail_msg("a formula in %.900s", r.body);
	for (size_t i = 0; i < TK_LEN(charts); i++) {
		r = get(w, A_OFFICE, fmt(w, "/api/v1/campaigns/%lld/charts/%s.svg?by=bureau", ID(w->open), charts[i]));
		if (r.status == 422)
			continue;
		STATUS(r, 200);
		assert_string_equal(r.type, "image/svg+xml");
		HAS_NOT(r, "<script");
		HAS_NOT(r, "alert('1')</");
	}
	STATUS(get(w, A_OFFICE, fmt(w, "/api/v1/campaigns/%lld/tables/response-rate?by=bureau&format=xlsx", ID(w->open))), 200);
}

/* -- files -------------------------------------------------------------------------------------- */
static void files_that_are_something_else(void **state)
{
	struct world *w = world_of(state);
	static const struct { const char *name, *body; size_t n; } f[] = {
		{ "a.csv", "", 0 }, { "a.csv", "\xff\xfe\x00\x00", 4 }, { "a.xlsx", "PK\x03\x04garbage", 11 }, { "a.xlsx", "not a zip", 9 },
		{ "a.csv", "\"open quote", 11 }, { "a.csv", "code,code,code\n1,2,3\n", 21 }, { "a.csv", "nothing,known\n1,2\n", 18 },
		{ "a.csv", "\0\0\0\0\0\0", 6 }, { "../../etc/passwd", "code,name\nX,Y\n", 14 },
		{ "a.xlsx", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8 },
	};
	static const char *const to[] = { "bureaus/import", "divisions/import", "staff/import", "roster/import", "posts/import" };
	int64_t rows = world_int(w, "SELECT COUNT(*) + $1 FROM bureau", 0);

	for (size_t i = 0; i < TK_LEN(f); i++) {
		for (size_t k = 0; k < TK_LEN(to) + 1; k++) {
			const char *url = k < TK_LEN(to) ? fmt(w, "/api/v1/%s?name=%s", to[k], f[i].name) :
				fmt(w, "/api/v1/campaigns/%lld/import?name=%s", ID(w->open), f[i].name);
			struct reply r = ask(w, A_OFFICE, "POST", url, .body = f[i].body, .n = f[i].n);

			sound(&r, "POST", url, f[i].name);
			if (r.status < 400 && strcmp(f[i].name, "../../etc/passwd") != 0)
				fail_msg("%s takes %zu: %d %.400s", url, i, r.status, r.body);
			STATUS(ask(w, A_STAFF, "POST", url, .body = f[i].body, .n = f[i].n), 403);
			STATUS(ask(w, A_HEAD, "POST", url, .body = f[i].body, .n = f[i].n), 403);
		}
	}
	assert_int_equal(world_int(w, "SELECT COUNT(*) + $1 FROM bureau", 0), rows);
}

/* -- sessions ----------------------------------------------------------------------------------- */
static void sessions_are_made_by_the_server(void **state)
{
	struct world *w = world_of(state);
	struct actor *a = &w->actor[A_STAFF2];
	const char *mine = a->cookie, *cookie;
	struct reply r;

	/* a planted cookie is not taken over */
	a->cookie = "tk_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
	STATUS(get(w, A_STAFF2, "/api/v1/session"), 401);
	r = ask(w, A_STAFF2, "POST", "/api/v1/demo/sign-in", .body = "{\"key\":\"staff\"}", .keep = true);
	STATUS(r, 200);
	cookie = reply_header(&r, "Set-Cookie");
	assert_non_null(cookie);
	assert_null(strstr(cookie, "AAAAAAAAAA"));
	assert_non_null(strstr(cookie, "HttpOnly"));
	assert_non_null(strstr(cookie, "SameSite=Strict"));
	/* odd cookies are nobody */
	for (size_t i = 0; i < 6; i++) {
		static const char *const odd[] = { "tk_session=", "tk_session", "=; ;;;", "tk_session=a; tk_session=b", "TK_SESSION=x",
						   "xtk_session=x;tk_session =x" };
		a->cookie = odd[i];
		STATUS(get(w, A_STAFF2, "/api/v1/session"), 401);
	}
	a->cookie = fmt(w, "a=1;  b=2; %s; c=3", mine);
	STATUS(get(w, A_STAFF2, "/api/v1/session"), 200);
	/* the one-click sign-in is for this machine */
	a->cookie = NULL;
	STATUS(ask(w, A_STAFF2, "POST", "/api/v1/demo/sign-in", .body = "{\"key\":\"admin\"}", .host = "localhost.evil.example"), 403);
	STATUS(ask(w, A_STAFF2, "POST", "/api/v1/demo/sign-in", .body = "{\"key\":\"admin\"}", .peer = "192.0.2.1"), 403);
	STATUS(ask(w, A_STAFF2, "POST", "/api/v1/demo/sign-in", .body = "{\"key\":\"admin\"}", .forwarded = true), 403);
	STATUS(ask(w, A_STAFF2, "GET", "/api/v1/demo/persons", .forwarded = true), 403);
	/* signed out is signed out */
	a->cookie = mine;
	STATUS(ask(w, A_STAFF2, "DELETE", "/api/v1/session", .keep = true), 204);
	STATUS(get(w, A_STAFF2, "/api/v1/session"), 401);
	STATUS(get(w, A_STAFF2, "/api/v1/my/tasks"), 401);
}

static void a_big_table_needs_its_memory(void **state)
{
	struct world *w = world_of(state);
	const char *url = fmt(w, "/api/v1/campaigns/%lld/tables/items?by=division", ID(w->closed));

	/* at every point where the ceiling may be met: what was locked is free again for the next */
	for (size_t mem = 4000; mem < 2 << 20; mem += mem / 4) {
		struct reply r = ask(w, A_OFFICE, "GET", url, .mem = mem);

		if (r.status != 200)
			STATUS(r, 413);
		if (mem < 8000)
			HAS(r, "urn:tenken:problem:too-large");
	}
	STATUS(get(w, A_OFFICE, url), 200);
	STATUS(get(w, A_OFFICE, fmt(w, "/api/v1/campaigns/%lld/status", ID(w->closed))), 200);
}

int main(void)
{
#define TESTS { cmocka_unit_test(odd_bodies_never_break_anything), cmocka_unit_test(odd_queries_never_break_anything), \
		cmocka_unit_test(odd_ids_are_nothing), cmocka_unit_test(versions_are_read_strictly), \
		cmocka_unit_test(files_that_are_something_else), cmocka_unit_test(payloads_stay_text), \
		cmocka_unit_test(a_key_belongs_to_one_request_of_one_person), cmocka_unit_test(the_life_of_an_answer), \
		cmocka_unit_test(a_big_table_needs_its_memory), cmocka_unit_test(sessions_are_made_by_the_server) }
	const struct CMUnitTest tests[] = TESTS;
	int failed = cmocka_run_group_tests_name("hostile and careless (SQLite)", tests, world_sqlite, world_down);

	return failed + cmocka_run_group_tests_name("hostile and careless (PostgreSQL)", tests, world_postgres, world_down);
}
