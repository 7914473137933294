/* The register of docs/EXTENDING.md does what the page says, over the routes, on both databases.
 * HAS_FIELD: with the field that the page adds in two lines. */
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>
#include "fact/module.h"
#include "media_sql.h"
#include "world.h"

#define LOANS "/api/v1/media-loans"
extern const struct tk_module tk_media_module;

/* As the line in wiring.c does. */
static int add(void **state)
{
	static const struct tk_rtype *types[256];
	static const struct tk_case_type *cases[100];
	const struct tk_rtype *const *t;
	const struct tk_case_type *const *c;
	struct world *w = *state;
	size_t n, k;

	if (!w)
		return 0;
	n = tk_rtypes(&t);
	k = tk_case_types(&c);
	memcpy(types, t, n * sizeof(*types));
	memcpy(cases, c, k * sizeof(*cases));
	for (size_t i = 0; tk_media_module.type[i]; i++)
		types[n++] = tk_media_module.type[i];
	for (size_t i = 0; tk_media_module.case_type[i]; i++)
		cases[k++] = tk_media_module.case_type[i];
	tk_rtypes_set(types, n);
	tk_case_types_set(cases, k);
	OK(w->t, tk_case_type_check(cases[k - 1], &w->t->e));
	OK(w->t, tk_db_script(w->t->db, media_sql, &w->t->e));
	if (HAS_FIELD)
		OK(w->t, tk_db_script(w->t->db, field_sql, &w->t->e));
	OK(w->t, tk_rtype_check_table(w->t->db, types[n - 1], &w->t->e));
	return 0;
}

static int sqlite(void **state)
{
	return world_sqlite(state) || add(state);
}

static int postgres(void **state)
{
	return world_postgres(state) || add(state);
}

static struct reply post(struct world *w, const char *title, const char *more)
{
	return ask(w, A_STAFF, "POST", LOANS, .keep = true, .body = fmt(w, "{\"title\":\"%s\",\"kind\":\"usb\",\"label_no\":\"M-1\"%s}",
									 title, more));
}

static void it_is_made_listed_and_changed(void **state)
{
	struct world *w = world_of(state);
	struct reply r = post(w, "会場への貸出し", ",\"taken_on\":\"2012-01-10\",\"back_on\":\"2012-01-12\",\"pieces\":2");
	const char *id = reply_member(w, &r, "id");

	STATUS(r, 201);
	assert_string_equal(reply_member(w, &r, "state"), "requested");
	HAS(r, "\"receipt_no\":\"Y");
	r = get(w, A_STAFF, LOANS "?q=会場&kind=usb&sort=-back_on");
	assert_string_equal(reply_member(w, &r, "total"), "1");
	HAS(r, id);
	STATUS(ask(w, A_STAFF, "PATCH", fmt(w, LOANS "/%s", id), .body = "{\"pieces\":3}", .if_match = "\"1\"", .keep = true), 200);
	r = get(w, A_STAFF, fmt(w, LOANS "/%s/history", id));
	HAS(r, "\"field\":\"pieces\",\"label\":\"Pieces\",\"from\":2,\"to\":3");
	r = get(w, A_STAFF, "/api/v1/openapi.json");
	HAS(r, LOANS "/{id}");
	r = get(w, A_OFFICE, "/api/v1/types");
	HAS(r, "\"path\":\"media-loans\"");
	HAS(r, "{\"path\":\"media-loans\",\"field\":\"holder_id\"}");
	r = get(w, A_STAFF, "/api/v1/search?q=会場");
	HAS(r, fmt(w, "#/records/media-loans/%s", id));
	STATUS(get(w, A_STAFF2, fmt(w, LOANS "/%s", id)), 404);         /* not theirs */
	STATUS(get(w, A_HEAD2, fmt(w, LOANS "/%s", id)), 404);
	STATUS(get(w, A_ADMIN, LOANS), 403);
}

static void wrong_input_names_the_field(void **state)
{
	struct world *w = world_of(state);
	struct reply r = post(w, "逆の日付", ",\"taken_on\":\"2012-01-10\",\"back_on\":\"2012-01-09\"");

	STATUS(r, 422);
	assert_string_equal(reply_member(w, &r, "field"), "back_on");
	r = post(w, "多すぎる", ",\"pieces\":101");
	assert_string_equal(reply_member(w, &r, "field"), "pieces");
	r = ask(w, A_STAFF, "POST", LOANS, .body = "{\"title\":\"種類がない\",\"label_no\":\"M\"}");
	assert_string_equal(reply_member(w, &r, "field"), "kind");
}

static void its_year_has_a_number(void **state)
{
	struct world *w = world_of(state);
	struct tk_op *op = &w->op;
	struct tk_fact_value v;

	OK(w->t, tk_fact_now(op, tk_media_module.fact, 2011, &v));
	assert_string_equal(v.why, "No loan of the year is recorded.");
	STATUS(post(w, "暗号化あり", ",\"fiscal_year\":2011,\"encrypted\":true"), 201);
	STATUS(post(w, "暗号化なし", ",\"fiscal_year\":2011,\"encrypted\":false"), 201);
	STATUS(post(w, "分からない", ",\"fiscal_year\":2011"), 201);
	OK(w->t, tk_fact_now(op, tk_media_module.fact, 2011, &v));
	assert_string_equal(tk_fact_print(op, &v), "33.3%");
}

static void its_case_moves(void **state)
{
	struct world *w = world_of(state);
	struct reply r = post(w, "承認の流れ", "");
	const char *id = reply_member(w, &r, "id"), *move = fmt(w, LOANS "/%s/case/move", id);

	STATUS(ask(w, A_STAFF, "POST", move, .body = "{\"action\":\"lend\"}"), 403);
	STATUS(ask(w, A_HEAD2, "POST", move, .body = "{\"action\":\"lend\"}"), 404);
	r = ask(w, A_HEAD, "POST", move, .body = "{\"action\":\"lend\"}", .keep = true);
	STATUS(r, 200);
	HAS(r, "\"state\":\"lent\"");
	STATUS(ask(w, A_STAFF, "PATCH", fmt(w, LOANS "/%s", id), .body = "{\"pieces\":3}", .if_match = "\"2\""), 409);
	STATUS(ask(w, A_HEAD, "POST", move, .body = "{\"action\":\"take_back\"}", .keep = true), 200);
	r = get(w, A_STAFF, fmt(w, LOANS "/%s", id));
	assert_string_equal(reply_member(w, &r, "state"), "returned");
	HAS_NOT(r, "\"closed_at\":null");
}

static void it_goes_out_and_comes_back(void **state)
{
	struct world *w = world_of(state);
	static const char file[] = "件名,Kind,管理番号,個数,Encrypted,Back on\n取込みの一,USB memory,Ｍ－２,2,yes,平成24年1月20日\n"
		"取込みの二,tape,M-3,1,no,2012/1/21\n";
	struct reply r = ask(w, A_STAFF, "POST", LOANS "/import?name=a.csv", .body = file, .keep = true);

	STATUS(r, 200);
	HAS(r, "\"written\":true");
	assert_int_equal(world_int(w, "SELECT COUNT(*) + $1 FROM media_loan WHERE label_no = 'M-2' AND back_on = '2012-01-20'"
				   " AND pieces = 2 AND encrypted = 1 AND state = 'requested'", 0), 1);
	assert_int_equal(world_int(w, "SELECT COUNT(*) + $1 FROM tk_case WHERE type = 'media_loan' AND title LIKE '取込みの%'", 0), 2);
	r = get(w, A_STAFF, LOANS ".csv?q=取込み");
	STATUS(r, 200);
	HAS(r, "取込みの一");
	HAS(r, "M-2");
	assert_string_equal(r.type, "text/csv; charset=utf-8");
	r = ask(w, A_STAFF, "POST", LOANS "/import?name=a.csv", .body = r.body, .n = r.n, .keep = true);
	STATUS(r, 200);                         /* what went out and was not changed changes nothing */
	HAS(r, "\"written\":true");
	assert_int_equal(world_int(w, "SELECT COUNT(*) + $1 FROM media_loan WHERE title LIKE '取込みの%'", 0), 2);
	STATUS(get(w, A_STAFF, LOANS ".xlsx"), 200);
	r = ask(w, A_STAFF, "POST", LOANS "/bulk", .keep = true,
		.body = "{\"filter\":\"q=%E5%8F%96%E8%BE%BC\",\"set\":{\"place\":\"庁舎\"}}");
	assert_string_equal(reply_member(w, &r, "changed"), "2");
}

static void the_added_field_is_everywhere(void **state)
{
	struct world *w = world_of(state);
	struct reply r = post(w, "項目の追加", ",\"returned_to\":\"鯨飲係\""), types = get(w, A_STAFF, "/api/v1/types");

	if (!HAS_FIELD) {
		STATUS(r, 422);
		assert_string_equal(reply_member(w, &r, "field"), "returned_to");
		return;
	}
	STATUS(r, 201);
	HAS(types, "\"name\":\"returned_to\",\"label\":\"Returned to\"");
	HAS(get(w, A_STAFF, LOANS "?q=鯨飲"), "項目の追加");
	HAS(get(w, A_STAFF, LOANS "?returned_to=鯨飲係"), "項目の追加");
	HAS(get(w, A_STAFF, LOANS ".csv"), "Returned to");
	r = ask(w, A_STAFF, "POST", LOANS "/import?name=a.csv", .keep = true,
		.body = "Subject,Kind,Label number,Returned to\n項目の取込み,disk,M-9,見本係\n");
	STATUS(r, 200);
	HAS(get(w, A_STAFF, LOANS "?returned_to=見本係"), "項目の取込み");
	HAS(get(w, A_STAFF, "/api/v1/openapi.json"), "returned_to");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_made_listed_and_changed),
		cmocka_unit_test(wrong_input_names_the_field),
		cmocka_unit_test(its_year_has_a_number),
		cmocka_unit_test(its_case_moves),
		cmocka_unit_test(it_goes_out_and_comes_back),
		cmocka_unit_test(the_added_field_is_everywhere),
	};
	int failed = cmocka_run_group_tests_name("the register of the page (SQLite)", tests, sqlite, world_down);

	return failed + cmocka_run_group_tests_name("the register of the page (PostgreSQL)", tests, postgres, world_down);
}
