/* year_test.c - the year over the demonstration: facts, problems carried over, opening a year, the
 * calendar and its feed, on both databases and through the whole path of a request. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../http/world.h"
#include "base/clock.h"
#include "base/hash.h"
#include "year/year.h"

#define ID(x) ((long long)(x))

/* -- facts ------------------------------------------------------------------------------------- */
static cJSON *fact_of(cJSON *o, const char *id)
{
	cJSON *i;

	cJSON_ArrayForEach(i, cJSON_GetObjectItem(o, "items"))
		if (!strcmp(cJSON_GetStringValue(cJSON_GetObjectItem(i, "id")), id))
			return i;
	fail_msg("there is no fact %s", id);
	return NULL;
}

static const char *text_of(cJSON *o, const char *key)
{
	const char *s = cJSON_GetStringValue(cJSON_GetObjectItem(o, key));

	return s ? s : "";
}

/* SELF-02, SELF-05, SELF-08, SELF-09 */
static void numbers_of_the_founding_year(void **s)
{
	static const struct { const char *id, *text; } want[] = {
		{ "self_inspection.response_rate", "100.0%" }, { "self_inspection.items", "81" },
		{ "self_inspection.items_all_staff", "6" }, { "self_inspection.items_division_head", "51" },
		{ "self_inspection.items_system_admin", "24" }, { "year.problems_solved", "100.0%" },
		{ "year.committee_meetings", "2" }, { "year.activities_done", "100.0%" },
	};
	struct world *w = world_of(s);
	struct reply r = get(w, A_CISO, "/api/v1/facts?year=2011");
	cJSON *o = cJSON_Parse(r.body), *f;
	double n = 0;

	STATUS(r, 200);
	for (size_t i = 0; i < TK_LEN(want); i++)
		assert_string_equal(text_of(fact_of(o, want[i].id), "text"), want[i].text);
	for (size_t i = 0; i < 4; i++) {        /* the four classes make up all items */
		static const char *const class[] = { "items_100", "items_95", "items_90", "items_lt90" };

		f = fact_of(o, fmt(w, "self_inspection.%s", class[i]));
		n += cJSON_GetNumberValue(cJSON_GetObjectItem(f, "numerator"));
	}
	assert_int_equal((int)n, 81);
	f = fact_of(o, "self_inspection.response_rate");
	assert_int_equal(cJSON_GetObjectItem(cJSON_GetObjectItem(f, "last"), "year")->valueint, 2010);
	/* the points are those of the printed rates */
	assert_int_equal(cJSON_GetObjectItem(f, "change_x10")->valueint,
			 1000 - cJSON_GetObjectItem(cJSON_GetObjectItem(f, "last"), "value_x10")->valueint);
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(f, "trend")), 3);
	f = fact_of(o, "survey.return_rate");   /* missing is not 0 and says why */
	assert_string_equal(text_of(f, "text"), "－");
	assert_string_equal(text_of(f, "why"), "No survey of institutions was begun in this year.");
	assert_true(cJSON_IsNull(cJSON_GetObjectItem(f, "value_x10")));
	assert_true(cJSON_IsNull(cJSON_GetObjectItem(f, "change_x10")));
	cJSON_Delete(o);
}

static void from_the_number_to_its_rows(void **s)
{
	struct world *w = world_of(s);
	struct reply r;
	cJSON *o, *rows, *i;
	int counts = 0;

	/* one of 400 takes back the answer: 399/400 is 99.75 */
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "UPDATE response SET state = 'draft' WHERE id = (SELECT MIN(r.id) FROM "
			    "response r JOIN campaign c ON c.id = r.campaign_id WHERE c.fiscal_year = $1)", TK_I(2010)));
	r = get(w, A_OFFICE, "/api/v1/facts/self_inspection.response_rate/rows?year=2010");
	o = cJSON_Parse(r.body);
	rows = cJSON_GetObjectItem(o, "rows");
	STATUS(r, 200);
	cJSON_ArrayForEach(i, rows)
		counts += cJSON_IsTrue(cJSON_GetObjectItem(i, "counts"));
	assert_int_equal(counts, cJSON_GetArraySize(rows) - 1);         /* one did not answer */
	assert_int_equal(cJSON_GetArraySize(rows), 400);
	assert_string_equal(text_of(o, "text"), "99.8%");
	/* what was stored stands, and that its rows have changed is seen */
	assert_string_equal(text_of(cJSON_GetObjectItem(o, "fact"), "text"), "100.0%");
	assert_string_not_equal(text_of(o, "digest"), text_of(cJSON_GetObjectItem(o, "fact"), "digest"));
	cJSON_Delete(o);
	r = get(w, A_OFFICE, "/api/v1/facts/year.problems_found/rows?year=2010");
	HAS(r, "\"href\":\"#/records/problems/");
	STATUS(get(w, A_OFFICE, "/api/v1/facts/no.such/rows"), 404);
	STATUS(get(w, A_OFFICE, "/api/v1/facts?year=12x"), 422);
	STATUS(get(w, A_STAFF, "/api/v1/facts"), 403);
	STATUS(get(w, A_COORDINATOR, "/api/v1/facts"), 403);
	r = get(w, A_CISO, "/api/v1/facts/self_inspection.response_rate/trend.svg?year=2011");
	STATUS(r, 200);
	HAS(r, "<svg");
	HAS(r, "100.0%");
}

static void computing(void **s)
{
	struct world *w = world_of(s);
	int now = tk_fiscal_year(tk_today());
	struct reply r = ask(w, A_OFFICE, "POST", "/api/v1/facts/compute", .body = fmt(w, "{\"year\":%d}", now), .keep = true);

	STATUS(r, 200);
	STATUS(ask(w, A_CISO, "POST", "/api/v1/facts/compute", .body = fmt(w, "{\"year\":%d}", now)), 403);
	STATUS(ask(w, A_OFFICE, "POST", "/api/v1/facts/compute", .body = "{\"year\":12}"), 422);
	STATUS(ask(w, A_OFFICE, "POST", "/api/v1/facts/compute", .body = "{\"year\":2011}"), 409);      /* CORE-08 */
	assert_true(world_int(w, "SELECT COUNT(*) FROM fact_value WHERE year = $1", now) > 10);
}

static void dashboards(void **s)
{
	struct world *w = world_of(s);
	struct reply office = get(w, A_OFFICE, "/api/v1/dashboard"), ciso = get(w, A_CISO, "/api/v1/dashboard");

	STATUS(office, 200);
	STATUS(ciso, 200);
	HAS(office, "\"view\":\"office\"");
	HAS(ciso, "\"view\":\"ciso\"");
	HAS(ciso, "self_inspection.response_rate");
	HAS_NOT(ciso, "self_inspection.items_100");
	HAS(office, "self_inspection.items_100");
	HAS(ciso, "\"label\":\"Plan of the year\",\"count\":");
	STATUS(get(w, A_CISO, "/api/v1/dashboard?view=all"), 422);
	STATUS(get(w, A_HEAD, "/api/v1/dashboard"), 403);
}

/* -- problems: CORE-04 ------------------------------------------------------------------------- */
static void problems_of_last_year_with_measure_and_result(void **s)
{
	struct world *w = world_of(s);
	struct reply r = get(w, A_CISO, "/api/v1/problems?fiscal_year=2011&found_year=2010");

	STATUS(r, 200);
	assert_string_equal(reply_member(w, &r, "total"), "3");
	HAS(r, "99.9%");
	HAS(r, "課室ごとに");
	HAS(r, "100.0%");
	HAS(r, "92.0%");
	HAS(r, "97.9%");
	HAS(r, "\"state\":\"solved\"");
	r = get(w, A_CISO, "/api/v1/problems?fiscal_year=2010&state=carried");
	assert_string_equal(reply_member(w, &r, "total"), "3");
}

static int64_t made(struct world *w, const struct reply *r)
{
	return strtoll(reply_member(w, r, "id"), NULL, 10);
}

static struct reply move(struct world *w, enum actor_id who, const char *path, int64_t id, const char *action)
{
	return ask(w, who, "POST", fmt(w, "/api/v1/%s/%lld/case/move", path, ID(id)),
		   .body = fmt(w, "{\"action\":\"%s\"}", action), .keep = true);
}

static void a_problem_needs_measure_and_result(void **s)
{
	struct world *w = world_of(s);
	struct reply r = ask(w, A_OFFICE, "POST", "/api/v1/problems", .keep = true,
			     .body = "{\"fiscal_year\":2031,\"source\":\"audit\",\"title\":\"T\"}");
	int64_t id = made(w, &r), next;

	STATUS(r, 201);
	STATUS(ask(w, A_CISO, "POST", "/api/v1/problems", .body = "{\"fiscal_year\":2031,\"source\":\"audit\",\"title\":\"T\"}"), 403);
	STATUS(ask(w, A_STAFF, "POST", "/api/v1/problems", .body = "{\"fiscal_year\":2031,\"source\":\"audit\",\"title\":\"T\"}"), 403);
	r = ask(w, A_OFFICE, "POST", "/api/v1/problems", .body = "{\"fiscal_year\":1900,\"source\":\"audit\",\"title\":\"T\"}");
	STATUS(r, 422);
	HAS(r, "fiscal_year");
	r = move(w, A_OFFICE, "problems", id, "start");
	STATUS(r, 422);
	HAS(r, "measure");
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "UPDATE problem SET measure = 'm' WHERE id = $1", TK_I(id)));
	STATUS(move(w, A_CISO, "problems", id, "start"), 403);
	STATUS(move(w, A_OFFICE, "problems", id, "start"), 200);
	r = move(w, A_OFFICE, "problems", id, "solve");
	STATUS(r, 422);
	HAS(r, "result");
	STATUS(move(w, A_OFFICE, "problems", id, "carry"), 200);
	next = world_int(w, "SELECT id FROM problem WHERE carried_from_id = $1", id);
	assert_true(next > 0);
	assert_int_equal(world_int(w, "SELECT fiscal_year FROM problem WHERE id = $1", next), 2032);
	assert_int_equal(world_int(w, "SELECT found_year FROM problem WHERE id = $1", next), 2031);
	assert_string_equal(world_text(w, "SELECT measure FROM problem WHERE id = $1", next), "m");
	assert_string_equal(world_text(w, "SELECT state FROM problem WHERE id = $1", next), "open");
	STATUS(move(w, A_OFFICE, "problems", id, "carry"), 409);        /* it is carried over already */
}

/* -- opening a year ---------------------------------------------------------------------------- */
static void days_a_year_later(void **s)
{
	struct world *w = world_of(s);

	assert_string_equal(tk_shift_years(w->t->mem, "2024-02-29", 1), "2025-02-28");
	assert_string_equal(tk_shift_years(w->t->mem, "2023-02-28", 1), "2024-02-28");
	assert_string_equal(tk_shift_years(w->t->mem, "2024-02-29", 4), "2028-02-29");
	assert_string_equal(tk_shift_years(w->t->mem, "2026-12-31", 1), "2027-12-31");
	assert_null(tk_shift_years(w->t->mem, "2026-02-30", 1));
}

static int64_t count(struct world *w, const char *table, int year)
{
	return world_int(w, fmt(w, "SELECT COUNT(*) FROM %s WHERE deleted_at IS NULL AND fiscal_year = $1", table), year);
}

/* "Open the new year from the last" brings everything once, however often it is asked. */
static void a_year_is_opened_from_the_last(void **s)
{
	struct world *w = world_of(s);
	int now = tk_fiscal_year(tk_today());
	struct reply r = ask(w, A_OFFICE, "POST", "/api/v1/fiscal-years", .body = fmt(w, "{\"year\":%d}", now + 1), .keep = true);
	int64_t year = made(w, &r), plans, problems, open;
	const char *path = fmt(w, "/api/v1/fiscal-years/%lld/open", ID(year));

	STATUS(r, 201);
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "UPDATE activity SET state = 'cancelled' WHERE id = (SELECT MIN(id) FROM "
			    "activity WHERE fiscal_year = $1)", TK_I(now)));
	plans = count(w, "activity", now);
	open = world_int(w, "SELECT COUNT(*) FROM problem WHERE state IN('open', 'treated') AND fiscal_year = $1", now);
	assert_true(plans > 5 && open > 0);
	STATUS(ask(w, A_CISO, "POST", path, .n = 0), 403);
	STATUS(ask(w, A_HEAD, "POST", path, .n = 0), 403);
	STATUS(ask(w, A_OFFICE, "POST", "/api/v1/fiscal-years/17/open", .n = 0), 404);
	r = ask(w, A_OFFICE, "POST", path, .keep = true);
	STATUS(r, 200);
	HAS(r, fmt(w, "{\"what\":\"Activities planned again\",\"count\":%lld}", ID(plans - 1)));
	HAS(r, fmt(w, "{\"what\":\"Problems carried over\",\"count\":%lld}", ID(open)));
	assert_int_equal(count(w, "activity", now + 1), plans - 1);
	problems = count(w, "problem", now + 1);
	assert_int_equal(problems, open);
	assert_string_equal(world_text(w, "SELECT state FROM fiscal_year WHERE id = $1", year), "running");
	r = ask(w, A_OFFICE, "POST", path, .keep = true);               /* again: nothing is there twice */
	STATUS(r, 200);
	HAS(r, "{\"what\":\"Activities planned again\",\"count\":0}");
	HAS(r, "{\"what\":\"Problems carried over\",\"count\":0}");
	assert_int_equal(count(w, "activity", now + 1), plans - 1);
	assert_int_equal(count(w, "problem", now + 1), problems);
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM activity a JOIN activity b ON b.id = a.carried_from_id WHERE "
				   "a.fiscal_year = $1 AND a.from_on <= b.from_on", now + 1), 0);
	r = ask(w, A_OFFICE, "POST", "/api/v1/fiscal-years", .body = "{\"year\":2150}", .keep = true);
	STATUS(ask(w, A_OFFICE, "POST", fmt(w, "/api/v1/fiscal-years/%lld/open", ID(made(w, &r))), .n = 0), 409);       /* none before it */
}

/* -- calendar ---------------------------------------------------------------------------------- */
static void what_is_dated(void **s)
{
	struct world *w = world_of(s);
	struct reply r = get(w, A_OFFICE, "/api/v1/calendar?from=2011-04-01&to=2012-03-31");

	STATUS(r, 200);
	HAS(r, "\"from\":\"2012-01-19\"");                              /* CORE-05 */
	HAS(r, "情報セキュリティ対策推進会議決定");
	HAS(r, "\"kind\":\"campaign\"");
	HAS(r, "\"phase\":\"plan\"");                                   /* CORE-02: all four */
	HAS(r, "\"phase\":\"do\"");
	HAS(r, "\"phase\":\"check\"");
	HAS(r, "\"phase\":\"improve\"");
	HAS(r, "\"kind\":\"meeting\"");                                 /* ORG-02 */
	HAS_NOT(r, "\"from\":\"2020-");
	r = get(w, A_OFFICE, "/api/v1/calendar?from=2020-02-25&to=2020-02-25");
	HAS(r, "方針発表");
	/* staff sees the campaigns it is asked in, and not other people's cases */
	r = get(w, A_STAFF, fmt(w, "/api/v1/calendar?from=%d-04-01&to=%d-03-31", tk_fiscal_year(tk_today()),
				tk_fiscal_year(tk_today()) + 1));
	STATUS(r, 200);
	HAS(r, "\"href\":\"#/answer/");
	HAS_NOT(r, "#/records/problems/");
	HAS_NOT(r, "#/records/activities/");
	r = get(w, A_COORDINATOR, "/api/v1/calendar?from=2011-04-01&to=2012-03-31");
	STATUS(r, 200);
	HAS(r, "{\"items\":[]}");
	STATUS(get(w, A_OFFICE, "/api/v1/calendar?from=2011-04-01"), 422);
	STATUS(get(w, A_OFFICE, "/api/v1/calendar?from=2011-04-01&to=2014-03-31"), 422);
	STATUS(get(w, A_OFFICE, "/api/v1/calendar?from=2011-02-30&to=2011-03-31"), 422);
	STATUS(get(w, A_NOBODY, "/api/v1/calendar?from=2011-04-01&to=2012-03-31"), 401);
}

/* Through a parser that is not ours; its lines are in ret. */
static void parsed(struct world *w, const char *ics, size_t n, char *ret, size_t cap)
{
	char file[200];
	FILE *f;
	size_t got;

	snprintf(file, sizeof(file), "%s/feed.ics", w->t->dir[0] ? w->t->dir : "/tmp");
	f = fopen(file, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(ics, 1, n, f), n);
	fclose(f);
	f = popen(fmt(w, "/usr/bin/python3 %s < %s", CHECK_ICS, file), "r");
	assert_non_null(f);
	got = fread(ret, 1, cap - 1, f);
	ret[got] = '\0';
	assert_int_equal(pclose(f), 0);         /* tools/setup.sh test installs python3-icalendar */
	remove(file);
}

static void the_feed_is_of_one_person_and_can_be_ended(void **s)
{
	static char out[1 << 20];
	struct world *w = world_of(s);
	struct reply r = ask(w, A_HEAD, "POST", "/api/v1/my/calendar-link", .keep = true);
	const char *url = reply_member(w, &r, "url"), *path = strstr(url, "/api/v1/calendar/");
	char digest[TK_SHA256_HEX];
	struct reply again;

	STATUS(r, 201);
	assert_non_null(path);
	tk_sha256_hex(path + 17, strlen(path + 17) - 4, digest);        /* only the digest is kept */
	assert_int_equal(world_int(w, fmt(w, "SELECT COUNT(*) FROM calendar_link WHERE digest = '%s' AND account_id = $1",
					  digest), w->actor[A_HEAD].account), 1);
	r = get(w, A_NOBODY, path);
	STATUS(r, 200);
	assert_string_equal(r.type, "text/calendar; charset=utf-8");
	parsed(w, r.body, r.n, out, sizeof(out));
	assert_non_null(strstr(out, "自己点検"));
	again = get(w, A_NOBODY, path);
	assert_int_equal(again.n, r.n);                                 /* the same entries under the same UIDs */
	again = ask(w, A_HEAD, "POST", "/api/v1/my/calendar-link", .keep = true);
	STATUS(again, 201);
	STATUS(get(w, A_NOBODY, path), 404);                            /* the new one takes the place of the last */
	url = reply_member(w, &again, "url");
	path = strstr(url, "/api/v1/calendar/");
	STATUS(get(w, A_NOBODY, path), 200);
	STATUS(ask(w, A_HEAD, "DELETE", "/api/v1/my/calendar-link", .keep = true), 204);
	STATUS(get(w, A_NOBODY, path), 404);
	STATUS(get(w, A_NOBODY, "/api/v1/calendar/x.ics"), 404);
	STATUS(ask(w, A_NOBODY, "POST", "/api/v1/my/calendar-link", .n = 0), 401);
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM trail WHERE action = 'calendar_link_end' AND record_id = $1",
				   w->actor[A_HEAD].account), 1);
}

static void hard_texts_in_the_feed(void **s)
{
	static char out[1 << 20];
	struct world *w = world_of(s);
	struct tk_buf b = TK_BUF(1 << 20);
	struct tk_year_event e = { 0 };
	const char *title = "点検; a,b\\c \"q\" とても長い題名とても長い題名とても長い題名とても長い題名とても長い題名😀とても長い題名";

	OK(w->t, tk_db_begin(w->t->db, &w->t->e));
	tk_set_by(&tk_year_event_type, &e, "happened_on", TK_S("2044-02-29"));
	tk_set_by(&tk_year_event_type, &e, "kind", TK_S("other"));
	tk_set_by(&tk_year_event_type, &e, "title", TK_S(title));
	OK(w->t, tk_rec_insert(&w->op, &tk_year_event_type, &e));
	OK(w->t, tk_calendar_ics(&w->op, "2044-02-01", "2044-03-31", "https://tenken.example", &b));
	tk_db_rollback(w->t->db);
	parsed(w, b.p, b.len, out, sizeof(out));
	assert_non_null(strstr(out, fmt(w, "\t2044-02-29\t2044-02-29\t%s\n", title)));
	assert_non_null(strstr(b.p, "\\; a\\,b\\\\c"));
	tk_buf_clear(&b);
	tk_ics_line(&b, "X", "a\nb\x01", true);
	assert_string_equal(b.p, "X:a\\nb\r\n");
	tk_buf_drop(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_of_the_founding_year), cmocka_unit_test(from_the_number_to_its_rows),
		cmocka_unit_test(computing), cmocka_unit_test(dashboards),
		cmocka_unit_test(problems_of_last_year_with_measure_and_result),
		cmocka_unit_test(a_problem_needs_measure_and_result), cmocka_unit_test(days_a_year_later),
		cmocka_unit_test(a_year_is_opened_from_the_last), cmocka_unit_test(what_is_dated),
		cmocka_unit_test(the_feed_is_of_one_person_and_can_be_ended), cmocka_unit_test(hard_texts_in_the_feed),
	};
	int failed = cmocka_run_group_tests_name("year (SQLite)", tests, world_sqlite, world_down);

	return failed + cmocka_run_group_tests_name("year (PostgreSQL)", tests, world_postgres, world_down);
}
