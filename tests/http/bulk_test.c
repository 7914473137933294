/* The same change to many records: previewed, all or nothing, as if each were changed alone.  Files
 * whose columns are matched by hand (AST-05: CSV in CP932 and UTF-8). */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "register.h"

static struct reply bulk(struct world *w, enum actor_id who, const char *body)
{
	return ask(w, who, "POST", "/api/v1/permits/bulk", .body = body, .keep = true);
}

static int64_t amount(struct world *w, const char *id)
{
	return world_int(w, "SELECT COALESCE(amount, -1) FROM permit WHERE id = $1", strtoll(id, NULL, 10));
}

static int64_t version(struct world *w, const char *id)
{
	return world_int(w, "SELECT version FROM permit WHERE id = $1", strtoll(id, NULL, 10));
}

static void many_change_together(void **state)
{
	struct world *w = world_of(state);
	const char *a = permit_new(w, A_STAFF, "一括一", ",\"amount\":5"), *b = permit_new(w, A_STAFF, "一括二", NULL),
		   *c = permit_new(w, A_STAFF, "一括三", ",\"amount\":9");
	struct reply r = bulk(w, A_STAFF, fmt(w, "{\"ids\":[\"%s\",\"%s\",\"%s\",\"%s\"],\"set\":{\"amount\":9,"
		"\"kind\":\"device\"},\"dry_run\":true}", a, b, c, a));

	STATUS(r, 200);
	assert_string_equal(reply_member(w, &r, "total"), "3");
	assert_string_equal(reply_member(w, &r, "changed"), "3");
	assert_string_equal(reply_member(w, &r, "applied"), "false");
	HAS(r, fmt(w, "{\"id\":\"%s\",\"label\":\"一括一\",\"field\":\"amount\",\"field_label\":\"Amount\",\"from\":\"5\",\"to\":\"9\"}", a));
	HAS(r, "\"field\":\"kind\",\"field_label\":\"Kind\",\"from\":\"\",\"to\":\"Own device\"");
	assert_int_equal(amount(w, a), 5);
	assert_int_equal(version(w, a), 1);
	r = bulk(w, A_STAFF, fmt(w, "{\"ids\":[\"%s\",\"%s\",\"%s\"],\"set\":{\"amount\":9}}", a, b, c));
	STATUS(r, 200);
	assert_string_equal(reply_member(w, &r, "applied"), "true");
	assert_string_equal(reply_member(w, &r, "changed"), "2");       /* the third says so already */
	assert_int_equal(amount(w, b), 9);
	assert_int_equal(version(w, a), 2);
	assert_int_equal(version(w, c), 1);
	r = get(w, A_STAFF, fmt(w, "/api/v1/permits/%s/history", a));
	HAS(r, "\"field\":\"amount\",\"label\":\"Amount\",\"from\":5,\"to\":9");
	r = bulk(w, A_STAFF, fmt(w, "{\"ids\":[\"%s\"],\"set\":{\"amount\":null}}", a));
	assert_string_equal(reply_member(w, &r, "applied"), "true");
	assert_int_equal(amount(w, a), -1);
}

static void one_refusal_keeps_all_back(void **state)
{
	struct world *w = world_of(state);
	const char *a = permit_new(w, A_STAFF, "全部か無か一", ",\"amount\":1"), *b = permit_new(w, A_STAFF, "全部か無か二", ",\"amount\":1"),
		   *other = permit_new(w, A_STAFF3, "他人の申請", NULL);
	int64_t rows;
	struct reply r;

	STATUS(ask(w, A_HEAD, "POST", fmt(w, "/api/v1/permits/%s/case/move", b), .body = "{\"action\":\"approve\"}",
		   .keep = true), 200);
	rows = world_int(w, "SELECT COUNT(*) + $1 FROM trail", 0);
	/* the life of one forbids it */
	r = bulk(w, A_STAFF, fmt(w, "{\"ids\":[\"%s\",\"%s\"],\"set\":{\"amount\":7}}", a, b));
	STATUS(r, 200);
	assert_string_equal(reply_member(w, &r, "applied"), "false");
	HAS(r, fmt(w, "\"errors\":[{\"id\":\"%s\",\"label\":\"全部か無か二\",\"field\":\"amount\"", b));
	assert_int_equal(amount(w, a), 1);
	/* one of them is not theirs: it is not even named */
	r = bulk(w, A_STAFF, fmt(w, "{\"ids\":[\"%s\",\"%s\",\"4711\"],\"set\":{\"amount\":7}}", a, other));
	assert_string_equal(reply_member(w, &r, "refused"), "2");
	HAS_NOT(r, "他人の申請");
	assert_int_equal(amount(w, a), 1);
	assert_int_equal(world_int(w, "SELECT COUNT(*) + $1 FROM trail", 0), rows);
	/* a value that is out of range is refused for each of them */
	r = bulk(w, A_STAFF, fmt(w, "{\"ids\":[\"%s\"],\"set\":{\"amount\":1001}}", a));
	HAS(r, "\"field\":\"amount\"");
	assert_string_equal(reply_member(w, &r, "applied"), "false");
}

static void a_filter_says_which(void **state)
{
	struct world *w = world_of(state);
	const char *a = permit_new(w, A_STAFF2, "絞込み甲", ",\"amount\":3"), *b = permit_new(w, A_STAFF2, "絞込み乙", ",\"amount\":4");
	struct reply r = bulk(w, A_STAFF2, "{\"filter\":\"amount=3&q=%E7%B5%9E%E8%BE%BC\",\"set\":{\"urgent\":true}}");

	STATUS(r, 200);
	assert_string_equal(reply_member(w, &r, "total"), "1");
	assert_int_equal(world_int(w, "SELECT urgent FROM permit WHERE id = $1", strtoll(a, NULL, 10)), 1);
	assert_int_equal(world_int(w, "SELECT urgent FROM permit WHERE id = $1", strtoll(b, NULL, 10)), 0);
	/* who may read more than write is refused by record, and nothing is changed */
	r = ask(w, A_OFFICE, "POST", "/api/v1/staff/bulk", .body = "{\"filter\":\"q=%E8%A6%8B%E6%9C%AC\",\"set\":{\"kana\":\"ミホン\"},\"dry_run\":true}");
	STATUS(r, 200);
}

static void a_wrong_bulk_is_named(void **state)
{
	struct world *w = world_of(state);
	const char *a = permit_new(w, A_STAFF, "誤り", NULL);
	const struct { const char *body, *field; } bad[] = {
		{ "{\"set\":{\"amount\":1}}", "ids" }, { "{\"ids\":[],\"set\":{\"amount\":1}}", "ids" },
		{ "{\"ids\":[1],\"set\":{\"amount\":1}}", "ids" }, { "{\"ids\":[\"x\"],\"set\":{\"amount\":1}}", "ids" },
		{ fmt(w, "{\"ids\":[\"%s\"],\"filter\":\"\",\"set\":{\"amount\":1}}", a), "ids" },
		{ fmt(w, "{\"ids\":[\"%s\"]}", a), "set" }, { fmt(w, "{\"ids\":[\"%s\"],\"set\":{}}", a), "set" },
		{ fmt(w, "{\"ids\":[\"%s\"],\"set\":{\"colour\":1}}", a), "colour" },
		{ fmt(w, "{\"ids\":[\"%s\"],\"set\":{\"id\":\"1\"}}", a), "id" },
		{ fmt(w, "{\"ids\":[\"%s\"],\"set\":{\"state\":\"closed\"}}", a), "state" },
		{ fmt(w, "{\"ids\":[\"%s\"],\"set\":{\"receipt_no\":\"T1\"}}", a), "receipt_no" },
		{ fmt(w, "{\"ids\":[\"%s\"],\"set\":{\"amount\":\"x\"}}", a), "amount" },
		{ "{\"filter\":\"colour=1\",\"set\":{\"amount\":1}}", "colour" },
		{ "{\"ids\":[\"1\"],\"set\":{\"amount\":1},\"also\":1}", "also" },
	};

	for (size_t i = 0; i < TK_LEN(bad); i++) {
		struct reply r = bulk(w, A_STAFF, bad[i].body);

		STATUS(r, 422);
		assert_string_equal(reply_member(w, &r, "field"), bad[i].field);
	}
	STATUS(bulk(w, A_AUDITOR, "{}"), 403);
	STATUS(bulk(w, A_HEAD, fmt(w, "{\"ids\":[\"%s\"],\"set\":{\"amount\":1}}", a)), 403);
	STATUS(ask(w, A_OFFICE, "POST", "/api/v1/cases/bulk", .body = "{}"), 403);      /* the program's own */
}

/* -- columns ------------------------------------------------------------------------------------ */
static struct reply file(struct world *w, const char *what, const char *data, size_t n)
{
	return ask(w, A_STAFF, "POST", fmt(w, "/api/v1/permits/import%s", what), .body = data, .n = n, .keep = true);
}

static const char sheet[] = "申請一覧,,,\n何を,いくつ,備考,Urgent\n媒体の持出し,3,なし,yes\n端末の持出し,4,,no\n";

static void columns_are_matched_by_hand_and_remembered(void **state)
{
	struct world *w = world_of(state);
	struct reply r = file(w, "/columns?name=a.csv", sheet, 0);

	STATUS(r, 200);
	assert_string_equal(reply_member(w, &r, "header_row"), "2");
	HAS(r, "{\"column\":\"A\",\"heading\":\"何を\",\"field\":null,\"remembered\":false,\"samples\":[\"媒体の持出し\",\"端末の持出し\"]}");
	HAS(r, "{\"column\":\"D\",\"heading\":\"Urgent\",\"field\":\"urgent\",\"remembered\":false,\"samples\":[\"yes\",\"no\"]}");
	HAS(r, "{\"name\":\"title\",\"label\":\"Title\",\"required\":true}");
	HAS_NOT(r, "\"name\":\"receipt_no\"");
	/* by the headings alone it does not come in: the title is missing */
	r = file(w, "?name=a.csv", sheet, 0);
	STATUS(r, 422);
	r = file(w, "?name=a.csv&map=A:title,B:amount,C:,D:urgent&dry_run=1", sheet, 0);
	STATUS(r, 200);
	HAS(r, "\"written\":false");
	r = file(w, "/columns?name=a.csv", sheet, 0);   /* a trial teaches nothing */
	HAS(r, "\"heading\":\"何を\",\"field\":null,\"remembered\":false");
	r = file(w, "?name=a.csv&map=A:title,B:amount,C:,D:urgent", sheet, 0);
	STATUS(r, 200);
	HAS(r, "\"written\":true");
	assert_int_equal(world_int(w, "SELECT COUNT(*) + $1 FROM permit WHERE title = '媒体の持出し' AND amount = 3 AND urgent = 1"
				   " AND state = 'requested'", 0), 1);
	r = file(w, "/columns?name=a.csv", sheet, 0);
	HAS(r, "\"heading\":\"何を\",\"field\":\"title\",\"remembered\":true");
	HAS(r, "\"heading\":\"備考\",\"field\":null,\"remembered\":true");
	HAS(r, "\"heading\":\"Urgent\",\"field\":\"urgent\",\"remembered\":false");
	/* next year's file comes in by itself, in the encoding of a spreadsheet too */
	{
		static const char next[] = "何を,いくつ,備考,Urgent\n印刷物の持出し,8,あり,no\n";
		size_t n, lost;
		uint32_t cp;
		const char *cp932 = tk_to_cp932(w->t->mem, next, &n, &lost, &cp);

		r = file(w, "?name=b.csv", cp932, n);
		STATUS(r, 200);
		assert_int_equal(world_int(w, "SELECT COUNT(*) + $1 FROM permit WHERE title = '印刷物の持出し' AND amount = 8", 0), 1);
	}
	/* another match of the same heading replaces it */
	r = file(w, "?name=c.csv&map=A:title,B:", "何を,いくつ\n別の持出し,9\n", 0);
	STATUS(r, 200);
	r = file(w, "/columns?name=c.csv", "何を,いくつ\n別の持出し,9\n", 0);
	HAS(r, "\"heading\":\"いくつ\",\"field\":null,\"remembered\":true");
}

/* What an export writes means itself, whatever was matched once. */
static void an_export_comes_back_whatever_is_remembered(void **state)
{
	struct world *w = world_of(state);
	struct reply r = file(w, "?name=d.csv&map=A:reason,B:title", "Title,件名\n理由,題名\n", 0);

	STATUS(r, 200);
	r = file(w, "/columns?name=d.csv", "Title,件名\n理由,題名\n", 0);
	HAS(r, "\"heading\":\"Title\",\"field\":\"title\",\"remembered\":false");
}

static void a_wrong_match_is_named(void **state)
{
	struct world *w = world_of(state);
	static const char *const bad[] = { "A", "1:title", "A:colour", "A:receipt_no", "A:title,B:title", ":", "A:title,B", "title" };

	for (size_t i = 0; i < TK_LEN(bad); i++) {
		struct reply r = file(w, fmt(w, "?name=e.csv&map=%s", bad[i]), "a,b\n題,名\n", 0);

		STATUS(r, 422);
		HAS(r, i == 4 ? "Two columns are matched" : i == 2 || i == 3 ? "that a file could bring" : "is not a column and a field");
		HAS(r, "\"written\":false");
	}
	STATUS(ask(w, A_AUDITOR, "POST", "/api/v1/permits/import/columns?name=a.csv", .body = "a,b\n"), 403);
	STATUS(file(w, "/columns?name=a.csv", "", 0), 422);
	STATUS(file(w, "/columns?name=a.xlsx", "PK\3\4 broken", 11), 415);
	STATUS(ask(w, A_OFFICE, "POST", "/api/v1/campaigns/import/columns?name=a.csv", .body = "a,b\n"), 405);
}

/* A file of one's own requests is short: it keeps everybody else from writing. */
static void own_files_are_short(void **state)
{
	struct world *w = world_of(state);
	struct tk_buf b = TK_BUF(64 << 10);
	const char *rows;
	struct reply r;

	tk_buf_str(&b, "title,reason\n");
	for (int i = 0; i < 501; i++)
		tk_buf_fmt(&b, "申請%d,理由\n", i);
	rows = tk_strdup(w->t->mem, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	r = ask(w, A_STAFF, "POST", "/api/v1/permits/import?name=a.csv&dry_run=1", .body = rows);
	STATUS(r, 200);
	HAS(r, "at most 500 rows");
	HAS(r, "\"problems\":1}");
	r = ask(w, A_STAFF, "POST", "/api/v1/permits/import?name=a.csv", .body = rows);
	STATUS(r, 422);
	assert_int_equal(world_int(w, "SELECT COUNT(*) + $1 FROM permit WHERE title = '申請1'", 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_change_together),
		cmocka_unit_test(one_refusal_keeps_all_back),
		cmocka_unit_test(a_filter_says_which),
		cmocka_unit_test(a_wrong_bulk_is_named),
		cmocka_unit_test(columns_are_matched_by_hand_and_remembered),
		cmocka_unit_test(an_export_comes_back_whatever_is_remembered),
		cmocka_unit_test(a_wrong_match_is_named),
		cmocka_unit_test(own_files_are_short),
	};
	int failed = cmocka_run_group_tests_name("many records at once (SQLite)", tests, permit_sqlite, world_down);

	return failed + cmocka_run_group_tests_name("many records at once (PostgreSQL)", tests, permit_postgres, world_down);
}
