/* What every register has besides its records: lists that hang on a record, files, filters
 * kept under a name, search over all lists.  Through the whole path of a request. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/hash.h"
#include "register.h"

#define FILES(id) fmt(w, "/api/v1/permits/%s/files", id)

static const char pdf[] = "%PDF-1.4 sample", other[] = "%PDF-1.4 another";

static size_t items(const struct reply *r, const char *list)
{
	cJSON *o = cJSON_Parse(r->body);
	size_t n = (size_t)cJSON_GetArraySize(cJSON_GetObjectItem(o, list));

	cJSON_Delete(o);
	return n;
}

/* -- children ----------------------------------------------------------------------------------- */
static cJSON *type_of(cJSON *types, const char *path)
{
	cJSON *t;

	cJSON_ArrayForEach(t, cJSON_GetObjectItem(types, "types"))
		if (!strcmp(cJSON_GetStringValue(cJSON_GetObjectItem(t, "path")), path))
			return t;
	fail_msg("no type %s", path);
	return NULL;
}

static bool has_child(cJSON *type, const char *path, const char *field)
{
	cJSON *c;

	cJSON_ArrayForEach(c, cJSON_GetObjectItem(type, "children"))
		if (!strcmp(cJSON_GetStringValue(cJSON_GetObjectItem(c, "path")), path) &&
		    !strcmp(cJSON_GetStringValue(cJSON_GetObjectItem(c, "field")), field))
			return true;
	return false;
}

static void lists_that_hang_on_a_record_are_named(void **state)
{
	struct world *w = world_of(state);
	struct reply r = get(w, A_OFFICE, "/api/v1/types");
	cJSON *o = cJSON_Parse(r.body);

	assert_true(has_child(type_of(o, "divisions"), "staff", "division_id"));
	assert_true(has_child(type_of(o, "staff"), "permits", "owner_staff_id"));
	assert_true(has_child(type_of(o, "staff"), "permits", "deputy_staff_id"));
	assert_false(has_child(type_of(o, "staff"), "divisions", "division_id"));
	assert_true(cJSON_IsTrue(cJSON_GetObjectItem(type_of(o, "permits"), "life")));
	cJSON_Delete(o);
	r = get(w, A_ADMIN, "/api/v1/types");   /* reads the organisation, no permits */
	o = cJSON_Parse(r.body);
	assert_true(has_child(type_of(o, "divisions"), "staff", "division_id"));
	assert_false(has_child(type_of(o, "staff"), "permits", "owner_staff_id"));
	HAS_NOT(r, "permits");
	cJSON_Delete(o);
}

/* -- files -------------------------------------------------------------------------------------- */
static struct reply put(struct world *w, enum actor_id who, const char *id, const char *name, const char *data)
{
	return ask(w, who, "POST", fmt(w, "%s?name=%s", FILES(id), name), .body = data, .keep = true);
}

static void a_file_comes_back_as_it_was(void **state)
{
	struct world *w = world_of(state);
	const char *id = permit_new(w, A_STAFF, "持出しの許可", NULL), *file;
	char hex[TK_SHA256_HEX];
	struct reply r = put(w, A_STAFF, id, "許可.pdf", pdf);

	STATUS(r, 201);
	file = reply_member(w, &r, "id");
	tk_sha256_hex(pdf, strlen(pdf), hex);
	assert_string_equal(reply_member(w, &r, "sha256"), hex);
	assert_string_equal(reply_member(w, &r, "media_type"), "application/pdf");
	assert_string_equal(reply_member(w, &r, "size"), fmt(w, "%zu", strlen(pdf)));
	r = get(w, A_STAFF, FILES(id));
	STATUS(r, 200);
	assert_int_equal(items(&r, "items"), 1);
	HAS(r, "許可.pdf");
	HAS(r, "\"can\":{\"add\":true,\"delete\":true}");
	r = get(w, A_OFFICE, fmt(w, "%s/%s", FILES(id), file));
	STATUS(r, 200);
	assert_string_equal(r.body, pdf);
	assert_string_equal(r.type, "application/pdf");
	assert_non_null(strstr(reply_header(&r, "Content-Disposition"), "attachment"));
	r = get(w, A_STAFF, fmt(w, "/api/v1/permits/%s/history", id));
	HAS(r, "\"action\":\"file_add\",\"note\":\"許可.pdf\"");
	STATUS(ask(w, A_STAFF, "DELETE", fmt(w, "%s/%s", FILES(id), file), .keep = true), 204);
	STATUS(get(w, A_STAFF, fmt(w, "%s/%s", FILES(id), file)), 404);
	assert_string_equal(world_text(w, "SELECT sha256 FROM record_file WHERE id = $1", strtoll(file, NULL, 10)), hex);
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM record_file WHERE id = $1 AND deleted_at IS NOT NULL AND"
				   " LENGTH(content) = 0", strtoll(file, NULL, 10)), 1);
	r = get(w, A_STAFF, fmt(w, "/api/v1/permits/%s/history", id));
	HAS(r, "file_delete");
	STATUS(ask(w, A_STAFF, "DELETE", fmt(w, "%s/%s", FILES(id), file), .mem = 0), 404);
}

static void files_belong_to_their_record(void **state)
{
	struct world *w = world_of(state);
	const char *one = permit_new(w, A_STAFF, "一つ目", NULL), *two = permit_new(w, A_STAFF, "二つ目", NULL);
	struct reply r = put(w, A_STAFF, one, "a.pdf", pdf);
	const char *file = reply_member(w, &r, "id");

	STATUS(get(w, A_STAFF, fmt(w, "%s/%s", FILES(two), file)), 404);
	STATUS(ask(w, A_STAFF, "DELETE", fmt(w, "%s/%s", FILES(two), file), .mem = 0), 404);
	STATUS(get(w, A_STAFF, fmt(w, "/api/v1/divisions/%lld/files/%s", (long long)w->actor[A_STAFF].division, file)), 404);
	/* a colleague sees neither the permit nor its files; the head of the division reads, another does not */
	STATUS(get(w, A_STAFF2, FILES(one)), 404);
	STATUS(get(w, A_STAFF2, fmt(w, "%s/%s", FILES(one), file)), 404);
	STATUS(put(w, A_STAFF2, one, "b.pdf", other), 404);
	STATUS(get(w, A_HEAD, fmt(w, "%s/%s", FILES(one), file)), 200);
	STATUS(get(w, A_HEAD2, fmt(w, "%s/%s", FILES(one), file)), 404);
	/* who only reads adds and removes nothing */
	STATUS(put(w, A_HEAD, one, "b.pdf", other), 403);
	STATUS(put(w, A_AUDITOR, one, "b.pdf", other), 403);
	STATUS(ask(w, A_HEAD, "DELETE", fmt(w, "%s/%s", FILES(one), file), .mem = 0), 403);
	r = get(w, A_HEAD, FILES(one));
	HAS(r, "\"can\":{\"add\":false,\"delete\":false}");
	STATUS(put(w, A_ADMIN, one, "b.pdf", other), 403);
}

static void a_file_is_what_its_name_says(void **state)
{
	struct world *w = world_of(state);
	const char *id = permit_new(w, A_STAFF, "ファイルの種類", NULL);
	static const struct { const char *name, *data; int status; const char *field; } bad[] = {
		{ "a.exe", "MZ", 415, "file" }, { "a.pdf", "no pdf", 415, "file" }, { "a.png", pdf, 415, "file" },
		{ "a.xlsx", "PK\3\4 nothing", 415, "file" }, { "", pdf, 422, "name" }, { "a/b.pdf", pdf, 422, "name" },
		{ "a.pdf", "", 422, "file" }, { "pdf", pdf, 415, "file" },
		{ "a\u202efdp.txt", "x", 422, "name" },         /* reads as a.pdf */
	};
	static char big[(5 << 20) + 2];
	struct reply r;

	for (size_t i = 0; i < TK_LEN(bad); i++) {
		r = put(w, A_STAFF, id, bad[i].name, bad[i].data);
		STATUS(r, bad[i].status);
		assert_string_equal(reply_member(w, &r, "field"), bad[i].field);
	}
	memset(big, 'x', sizeof(big));
	r = ask(w, A_STAFF, "POST", fmt(w, "%s?name=a.txt", FILES(id)), .body = big, .n = 5 << 20, .keep = true);
	STATUS(r, 201);
	STATUS(ask(w, A_STAFF, "POST", fmt(w, "%s?name=a.txt", FILES(id)), .body = big, .n = (5 << 20) + 1), 413);
	for (int i = 1; i < 20; i++)
		STATUS(put(w, A_STAFF, id, "b.pdf", pdf), 201);
	STATUS(put(w, A_STAFF, id, "b.pdf", pdf), 409);         /* 20 a record */
}

/* Files follow the life of the record: the owner adds while it lives, evidence that was decided on stays. */
static void files_follow_the_life(void **state)
{
	struct world *w = world_of(state);
	const char *id = permit_new(w, A_STAFF, "ファイルと状態", NULL), *file;
	struct reply r = put(w, A_STAFF, id, "a.pdf", pdf);

	file = reply_member(w, &r, "id");
	STATUS(ask(w, A_HEAD, "POST", fmt(w, "/api/v1/permits/%s/case/move", id), .body = "{\"action\":\"approve\"}",
		   .keep = true), 200);
	STATUS(put(w, A_STAFF, id, "report.pdf", other), 201);
	STATUS(ask(w, A_STAFF, "DELETE", fmt(w, "%s/%s", FILES(id), file), .keep = true), 409);
	STATUS(ask(w, A_STAFF, "POST", fmt(w, "/api/v1/permits/%s/case/move", id), .body = "{\"action\":\"report\"}",
		   .keep = true), 200);
	STATUS(ask(w, A_HEAD, "POST", fmt(w, "/api/v1/permits/%s/case/move", id),
		   .body = "{\"action\":\"close\",\"comment\":\"ok\"}", .keep = true), 200);
	STATUS(put(w, A_STAFF, id, "late.pdf", other), 409);
	r = get(w, A_STAFF, FILES(id));
	assert_int_equal(items(&r, "items"), 2);
	HAS(r, "\"can\":{\"add\":false,\"delete\":false}");
}

/* The deputy may read and add although only the requester made it. */
static void the_deputy_adds_files(void **state)
{
	struct world *w = world_of(state);
	const char *id = permit_new(w, A_STAFF, "代理のファイル", NULL);

	/* handed over: the requester does not choose who sees to it */
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "UPDATE permit SET deputy_staff_id = $1 WHERE id = $2",
			    TK_I(w->actor[A_STAFF2].staff), TK_I(strtoll(id, NULL, 10))));
	STATUS(put(w, A_STAFF2, id, "a.pdf", pdf), 201);
	STATUS(put(w, A_STAFF3, id, "a.pdf", pdf), 404);
}

/* -- filters ------------------------------------------------------------------------------------ */
static struct reply keep_filter(struct world *w, enum actor_id who, const char *path, const char *name, const char *query,
				bool shared)
{
	return ask(w, who, "POST", fmt(w, "/api/v1/%s/filters", path), .keep = true,
		   .body = fmt(w, "{\"name\":\"%s\",\"query\":\"%s\",\"shared\":%s}", name, query, shared ? "true" : "false"));
}

static void filters_are_kept_and_shared(void **state)
{
	struct world *w = world_of(state);
	struct reply r = keep_filter(w, A_STAFF, "permits", "私の申請", "state=requested&sort=-due_on", false);
	const char *own, *shared;

	STATUS(r, 201);
	own = reply_member(w, &r, "id");
	STATUS(keep_filter(w, A_STAFF, "permits", "みんな", "q=%E6%8C%81%E5%87%BA", true), 403);
	r = keep_filter(w, A_OFFICE, "staff", "課長", "q=%E8%AA%B2%E9%95%B7", true);
	STATUS(r, 201);
	shared = reply_member(w, &r, "id");
	r = get(w, A_STAFF, "/api/v1/permits/filters");
	STATUS(r, 200);
	HAS(r, "私の申請");
	HAS(r, "\"can_share\":false");
	r = get(w, A_STAFF2, "/api/v1/permits/filters");
	HAS_NOT(r, "私の申請");
	r = get(w, A_HEAD, "/api/v1/staff/filters");
	HAS(r, "課長");
	HAS(r, "\"own\":false,\"can_delete\":false");
	STATUS(ask(w, A_HEAD, "DELETE", fmt(w, "/api/v1/staff/filters/%s", shared), .mem = 0), 403);
	STATUS(ask(w, A_STAFF2, "DELETE", fmt(w, "/api/v1/permits/filters/%s", own), .mem = 0), 404);
	STATUS(ask(w, A_STAFF, "DELETE", fmt(w, "/api/v1/staff/filters/%s", own), .mem = 0), 404);
	/* the same name again replaces it */
	r = keep_filter(w, A_STAFF, "permits", "私の申請", "state=approved", false);
	STATUS(r, 201);
	own = reply_member(w, &r, "id");
	r = get(w, A_STAFF, "/api/v1/permits/filters");
	assert_int_equal(items(&r, "items"), 1);
	HAS(r, "state=approved");
	STATUS(ask(w, A_STAFF, "DELETE", fmt(w, "/api/v1/permits/filters/%s", own), .keep = true), 204);
	r = get(w, A_STAFF, "/api/v1/permits/filters");
	assert_int_equal(items(&r, "items"), 0);
	STATUS(ask(w, A_OFFICE, "DELETE", fmt(w, "/api/v1/staff/filters/%s", shared), .keep = true), 204);
	STATUS(get(w, A_ADMIN, "/api/v1/permits/filters"), 403);
}

static void a_wrong_filter_is_named(void **state)
{
	struct world *w = world_of(state);
	static const struct { const char *name, *query, *field; } bad[] = {
		{ "", "state=requested", "name" }, { "x", "colour=red", "colour" }, { "x", "amount=many", "amount" },
		{ "x", "until.from=2012-02-30", "until" }, { "x", "sort=colour", "sort" }, { "x", "q=%zz", "query" },
		{ "x", "a=1&a=2&%", "a" },
	};

	for (size_t i = 0; i < TK_LEN(bad); i++) {
		struct reply r = keep_filter(w, A_STAFF, "permits", bad[i].name, bad[i].query, false);

		STATUS(r, 422);
		assert_string_equal(reply_member(w, &r, "field"), bad[i].field);
	}
}

/* -- search over all lists ---------------------------------------------------------------------- */
static void search_finds_in_all_lists(void **state)
{
	struct world *w = world_of(state);
	const char *id = permit_new(w, A_STAFF, "特例の申込み", ",\"reason\":\"会議の前日に庁舎の外で資料を確かめる必要があるため、暗号化した媒体で鯨飲図を持ち出す。\"");
	const char *name = world_text(w, "SELECT name FROM division WHERE id = $1", w->actor[A_STAFF].division);
	struct reply r = get(w, A_STAFF, "/api/v1/search?q=鯨飲");

	STATUS(r, 200);
	assert_int_equal(items(&r, "items"), 1);
	HAS(r, fmt(w, "\"href\":\"#/records/permits/%s\"", id));
	HAS(r, "\"title\":\"特例の申込み\"");
	HAS(r, "\"excerpt\":\"…");
	HAS(r, "鯨飲図を");
	HAS(r, "\"field_label\":\"Reason\"");
	/* permission and scope are those of the list */
	r = get(w, A_STAFF2, "/api/v1/search?q=鯨飲");
	assert_int_equal(items(&r, "items"), 0);
	r = get(w, A_HEAD, "/api/v1/search?q=鯨飲");
	assert_int_equal(items(&r, "items"), 1);
	r = get(w, A_HEAD2, "/api/v1/search?q=鯨飲");
	assert_int_equal(items(&r, "items"), 0);
	r = get(w, A_ADMIN, "/api/v1/search?q=鯨飲");
	assert_int_equal(items(&r, "items"), 0);
	/* several lists at once, the wanted number of each, and how many there are */
	r = get(w, A_OFFICE, fmt(w, "/api/v1/search?q=%s", name));
	HAS(r, "\"path\":\"divisions\"");
	r = get(w, A_OFFICE, "/api/v1/search?q=見本&limit=1");
	STATUS(r, 200);
	r = get(w, A_OFFICE, "/api/v1/search?q=D0&limit=2");
	assert_true(items(&r, "more") >= 1);
	HAS(r, fmt(w, "\"count\":%s", reply_member(w, &(struct reply[]){ get(w, A_OFFICE, "/api/v1/divisions?q=D0&limit=1") }[0],
						    "total")));
	/* a case is found by its record */
	r = get(w, A_OFFICE, "/api/v1/search?q=特例の申込み");
	HAS_NOT(r, "\"cases\"");
	HAS(r, "\"permits\"");
	/* half-width, other kana, two words */
	permit_new(w, A_STAFF, "ﾊﾟｿｺﾝの持込み", NULL);
	r = get(w, A_STAFF, "/api/v1/search?q=ぱそ");
	HAS(r, "ﾊﾟｿｺﾝの持込み");
	r = get(w, A_STAFF, "/api/v1/search?q=パソコン 持込");
	HAS(r, "ﾊﾟｿｺﾝの持込み");
}

/* Two characters are looked up without the text: what was said once and is gone is not found. */
static void what_was_changed_is_not_found_any_more(void **state)
{
	struct world *w = world_of(state);
	const char *id = permit_new(w, A_STAFF, "馬耳東風の件", ",\"reason\":\"念仏\"");

	HAS(get(w, A_STAFF, "/api/v1/permits?q=馬耳"), id);
	STATUS(ask(w, A_STAFF, "PATCH", fmt(w, "/api/v1/permits/%s", id), .body = "{\"title\":\"東風の便り\"}", .if_match = "\"1\"",
		   .keep = true), 200);
	HAS_NOT(get(w, A_STAFF, "/api/v1/permits?q=馬耳"), id);
	HAS_NOT(get(w, A_STAFF, "/api/v1/search?q=馬耳"), id);
	HAS(get(w, A_STAFF, "/api/v1/permits?q=便り"), id);
	HAS(get(w, A_STAFF, "/api/v1/permits?q=東風"), id);
	HAS_NOT(get(w, A_STAFF, "/api/v1/permits?q=り念"), id);         /* over the end of a field */
	STATUS(ask(w, A_STAFF, "DELETE", fmt(w, "/api/v1/permits/%s", id), .if_match = "\"2\"", .keep = true), 204);
	HAS_NOT(get(w, A_STAFF, "/api/v1/search?q=東風"), id);
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM search_gram WHERE rtype = 'permit' AND record_id = $1",
				   strtoll(id, NULL, 10)), 0);
}

static void wrong_searches_are_named(void **state)
{
	struct world *w = world_of(state);
	static const struct { const char *query, *field; } bad[] = {
		{ "", "q" }, { "?q=", "q" }, { "?q=　", "q" }, { "?q=課長&limit=0", "limit" }, { "?q=課長&limit=51", "limit" },
		{ "?q=課長&limit=x", "limit" }, { "?q=課長&colour=1", "colour" },
	};

	for (size_t i = 0; i < TK_LEN(bad); i++) {
		struct reply r = get(w, A_OFFICE, fmt(w, "/api/v1/search%s", bad[i].query));

		STATUS(r, 422);
		assert_string_equal(reply_member(w, &r, "field"), bad[i].field);
	}
}

/* The permission of a move is that of the transition, not that of writing the register. */
static void an_approver_needs_no_permission_to_write(void **state)
{
	struct world *w = world_of(state);
	const char *id = permit_new(w, A_STAFF, "許可する人", NULL);
	const char *move = fmt(w, "/api/v1/permits/%s/case/move", id);

	assert_int_equal(tk_who_scope(&w->actor[A_HEAD].who, permit_type.write), TK_SCOPE_NONE);
	STATUS(ask(w, A_STAFF, "POST", move, .body = "{\"action\":\"approve\"}"), 403);
	STATUS(ask(w, A_AUDITOR, "POST", move, .body = "{\"action\":\"approve\"}"), 403);
	STATUS(ask(w, A_HEAD2, "POST", move, .body = "{\"action\":\"approve\"}"), 404);
	STATUS(ask(w, A_HEAD, "POST", move, .body = "{\"action\":\"approve\"}"), 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_that_hang_on_a_record_are_named),
		cmocka_unit_test(a_file_comes_back_as_it_was),
		cmocka_unit_test(files_belong_to_their_record),
		cmocka_unit_test(a_file_is_what_its_name_says),
		cmocka_unit_test(files_follow_the_life),
		cmocka_unit_test(the_deputy_adds_files),
		cmocka_unit_test(filters_are_kept_and_shared),
		cmocka_unit_test(a_wrong_filter_is_named),
		cmocka_unit_test(search_finds_in_all_lists),
		cmocka_unit_test(what_was_changed_is_not_found_any_more),
		cmocka_unit_test(wrong_searches_are_named),
		cmocka_unit_test(an_approver_needs_no_permission_to_write),
	};
	int failed = cmocka_run_group_tests_name("what is kept with a register (SQLite)", tests, permit_sqlite, world_down);

	return failed + cmocka_run_group_tests_name("what is kept with a register (PostgreSQL)", tests, permit_postgres, world_down);
}
