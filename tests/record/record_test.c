/* One record in and out: versions, keys, references, permission, history. */
#include <stdio.h>
#include <string.h>
#include <cjson/cJSON.h>
#include "thing.h"

#define T &thing_type

static void set(struct thing *x, const char *field, struct tk_value v)
{
	tk_set_by(T, x, field, v);
}

static const char *last_trail(struct world *w)
{
	struct tk_value c[1];
	bool found;

	OK(w->t, tk_db_first(w->t->db, w->t->mem, &w->t->e, "SELECT action || ' ' || detail FROM trail ORDER BY id DESC LIMIT 1",
			     NULL, 0, c, 1, &found));
	return found ? c[0].s : "";
}

static void every_kind_of_field(void **state)
{
	WORLD(state);
	struct thing *x = thing_new(&w, "A1", "監査ログ"), y = { 0 };

	OK(t, tk_rtype_check_table(t->db, T, &t->e));
	set(x, "kana", TK_S("カンサログ"));
	set(x, "note", TK_S("一行目\n二行目 'quoted' $1"));
	set(x, "mail", TK_S("a@example.go.jp"));
	set(x, "day", TK_S("2012-03-31"));
	set(x, "colour", TK_S("red"));
	set(x, "size", TK_I(-10));
	set(x, "ok", TK_I(1));
	set(x, "seen_at", TK_I(1700000000));
	set(x, "unit_id", TK_I(11));
	set(x, "password", TK_S("hunter2"));
	OK(t, tk_rec_insert(&w.op, T, x));
	assert_true(x->rec.id > 0);
	assert_int_equal(x->rec.version, 1);
	OK(t, tk_rec_load(&w.op, T, x->rec.id, &y));
	assert_string_equal(y.note, x->note);
	assert_string_equal(y.day, "2012-03-31");
	assert_string_equal(y.password, "hunter2");
	assert_int_equal(y.size, -10);
	assert_true(y.ok);
	assert_int_equal(y.unit_id, 11);
	assert_int_equal(tk_get_by(T, &y, "staff_id").type, TK_V_NULL);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM trail"), 1);
	assert_null(strstr(last_trail(&w), "hunter2"));
	assert_non_null(strstr(last_trail(&w), "create {"));
	assert_null(strstr(last_trail(&w), "seen_at"));         /* NOAUDIT */
	OK(t, tk_rec_find(&w.op, T, "code", TK_S("A1"), &y));
	FAILS(t, TK_ENOTFOUND, tk_rec_find(&w.op, T, "code", TK_S("A2"), &y));
	FAILS(t, TK_ENOTFOUND, tk_rec_load(&w.op, T, 5, &y));
	assert_false(tk_db_in_tx(t->db));
}

static void versions_protect_changes(void **state)
{
	WORLD(state);
	struct thing *x = thing_new(&w, "A1", "one"), y = { 0 };

	OK(t, tk_rec_insert(&w.op, T, x));
	OK(t, tk_rec_load(&w.op, T, x->rec.id, &y));
	set(x, "size", TK_I(5));
	OK(t, tk_rec_update(&w.op, T, x, 1));
	assert_int_equal(x->rec.version, 2);
	assert_string_equal(last_trail(&w), "update {\"size\":[null,5]}");
	set(&y, "size", TK_I(6));
	FAILS(t, TK_EVERSION, tk_rec_update(&w.op, T, &y, 1));
	assert_int_equal(y.rec.version, 1);
	OK(t, tk_rec_update(&w.op, T, &y, -1));
	assert_int_equal(y.rec.version, 3);
	assert_int_equal(testdb_int(t, "SELECT size FROM thing"), 6);
	OK(t, tk_rec_update(&w.op, T, &y, 3));                  /* nothing changed: no version, no history */
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM trail"), 3);
	FAILS(t, TK_EVERSION, tk_rec_delete(&w.op, T, x->rec.id, 2));
	OK(t, tk_rec_delete(&w.op, T, x->rec.id, 3));
	FAILS(t, TK_ENOTFOUND, tk_rec_delete(&w.op, T, x->rec.id, -1));
	FAILS(t, TK_ENOTFOUND, tk_rec_load(&w.op, T, x->rec.id, &y));
	FAILS(t, TK_ENOTFOUND, tk_rec_update(&w.op, T, x, -1));
	assert_non_null(strstr(last_trail(&w), "delete {\"code\":[\"A1\",null]"));
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM thing"), 1);       /* kept, marked */
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM search_text"), 0);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM search_gram"), 0);
	OK(t, tk_rec_insert(&w.op, T, thing_new(&w, "A1", "again")));           /* the code is free again */
}

static void limits_name_their_field(void **state)
{
	static const struct { const char *field; struct tk_value v; } bad[] = {
		{ "code", { .type = TK_V_NULL } },
		{ "code", { .type = TK_V_TEXT, .s = "1234567890123" } },
		{ "name", { .type = TK_V_TEXT, .s = "　 " } },
		{ "mail", { .type = TK_V_TEXT, .s = "nobody" } },
		{ "day", { .type = TK_V_TEXT, .s = "2012-02-30" } },
		{ "colour", { .type = TK_V_TEXT, .s = "green" } },
		{ "size", { .type = TK_V_INT, .i = 1001 } },
		{ "size", { .type = TK_V_INT, .i = -11 } },
		{ "size", { .type = TK_V_INT, .i = 7 } },
		{ "unit_id", { .type = TK_V_INT, .i = 99 } },
	};
	WORLD(state);

	for (size_t i = 0; i < TK_LEN(bad); i++) {
		struct thing *x = thing_new(&w, "A1", "one");

		set(x, bad[i].field, bad[i].v);
		FAILS(t, TK_EINVAL, tk_rec_insert(&w.op, T, x));
		assert_string_equal(t->e.field, bad[i].field);
		assert_true(t->e.msg[0]);
	}
	OK(t, tk_rec_insert(&w.op, T, thing_new(&w, "十二文字ちょうどですよよ", "code of twelve characters, not bytes")));
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM thing"), 1);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM trail"), 1);
}

static void unique_and_fixed(void **state)
{
	WORLD(state);
	struct thing *x = thing_new(&w, "A1", "one"), *y = thing_new(&w, "A2", "two"), *z = thing_new(&w, "A3", "one");

	set(x, "day", TK_S("2012-03-31"));
	OK(t, tk_rec_insert(&w.op, T, x));
	OK(t, tk_rec_insert(&w.op, T, y));
	FAILS(t, TK_ECONFLICT, tk_rec_insert(&w.op, T, thing_new(&w, "A1", "other")));
	assert_string_equal(t->e.field, "code");
	set(z, "day", TK_S("2012-03-31"));                      /* a key over two columns */
	FAILS(t, TK_ECONFLICT, tk_rec_insert(&w.op, T, z));
	assert_string_equal(t->e.field, "");
	assert_non_null(strstr(t->e.msg, "exists already"));
	set(y, "code", TK_S("A9"));
	FAILS(t, TK_EINVAL, tk_rec_update(&w.op, T, y, -1));
	assert_string_equal(t->e.field, "code");
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM thing"), 2);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM trail"), 2);
}

/* What the hook refuses leaves nothing behind, not even inside. */
static void hooks(void **state)
{
	WORLD(state);
	struct thing *x = thing_new(&w, "A1", "one");

	set(x, "size", TK_I(666));
	FAILS(t, TK_EINVAL, tk_rec_insert(&w.op, T, x));
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM thing"), 0);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM trail"), 0);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM search_text"), 0);
	set(x, "size", TK_I(100));
	x->rec.id = 0;
	OK(t, tk_rec_insert(&w.op, T, x));
	FAILS(t, TK_ECONFLICT, tk_rec_delete(&w.op, T, x->rec.id, -1));
	assert_int_equal(thing_checks, 3);
	assert_int_equal(thing_saves, 2);
}

static void references(void **state)
{
	WORLD(state);
	struct thing *x = thing_new(&w, "A1", "one");
	struct unit u = { 0 };

	set(x, "unit_id", TK_I(12));
	OK(t, tk_rec_insert(&w.op, T, x));
	FAILS(t, TK_ECONFLICT, tk_rec_delete(&w.op, &unit_type, 12, -1));
	assert_non_null(strstr(t->e.msg, "Things"));
	OK(t, tk_rec_delete(&w.op, &unit_type, 11, -1));
	set(x, "unit_id", TK_I(11));                            /* deleted: not to be referred to any more */
	FAILS(t, TK_EINVAL, tk_rec_update(&w.op, T, x, -1));
	OK(t, tk_rec_delete(&w.op, T, x->rec.id, -1));
	OK(t, tk_rec_delete(&w.op, &unit_type, 12, -1));
	FAILS(t, TK_ENOTFOUND, tk_rec_load(&w.op, &unit_type, 12, &u));
}

/* -- permission ------------------------------------------------------------------------------- */
static struct tk_who person(enum tk_scope read, enum tk_scope write)
{
	struct tk_who who = { .account_id = 500, .staff_id = 7, .name = "person", .source = "here", .lang = TK_EN,
			      .division = { 11 }, .ndivision = 1, .bureau = { 1 }, .nbureau = 1 };

	who.scope[TK_P_ORG_READ] = read;
	who.scope[TK_P_ORG_WRITE] = write;
	return who;
}

static enum tk_rc count_row(void *ctx, const void *rec, const char *const *label)
{
	(void)rec;
	(void)label;
	++*(int *)ctx;
	return TK_OK;
}

/* code -> which scopes reach it: own (staff 7), division (11), bureau (11, 12), all */
static void scopes(void **state)
{
	static const struct { const char *code; int64_t unit, staff; bool reach[5]; } row[] = {
		{ "mine", 21, 7, { false, true, false, false, true } },
		{ "div", 11, 8, { false, false, true, true, true } },
		{ "bur", 12, 8, { false, false, false, true, true } },
		{ "far", 21, 8, { false, false, false, false, true } },
		{ "none", 0, 0, { false, false, false, false, true } },
	};
	WORLD(state);
	struct thing *x[TK_LEN(row)];

	for (size_t i = 0; i < TK_LEN(row); i++) {
		x[i] = thing_new(&w, row[i].code, row[i].code);
		if (row[i].unit)
			set(x[i], "unit_id", TK_I(row[i].unit));
		set(x[i], "staff_id", row[i].staff ? TK_I(row[i].staff) : TK_NULL);
		OK(t, tk_rec_insert(&w.op, T, x[i]));
	}
	for (int s = TK_SCOPE_NONE; s <= TK_SCOPE_ALL; s++) {
		int listed = 0, reached = 0;
		int64_t total = -1;
		struct tk_query q = { .limit = 50, .count = true };
		enum tk_rc rc;

		w.who = person((enum tk_scope)s, (enum tk_scope)s);
		for (size_t i = 0; i < TK_LEN(row); i++) {
			struct thing y = { 0 };
			bool can = row[i].reach[s];

			reached += can;
			FAILS(t, can ? TK_OK : TK_ENOTFOUND, tk_rec_load(&w.op, T, x[i]->rec.id, &y));
			if (!can)
				y = *x[i];
			set(&y, "size", TK_I(s));
			FAILS(t, can ? TK_OK : TK_ENOTFOUND, tk_rec_update(&w.op, T, &y, -1));
		}
		rc = tk_rec_list(&w.op, T, &q, count_row, &listed, NULL, &total);
		assert_int_equal(rc, s == TK_SCOPE_NONE ? TK_EPERM : TK_OK);
		assert_int_equal(listed, reached);
		if (rc == TK_OK)
			assert_int_equal(total, reached);
	}
	assert_int_equal(testdb_int(t, "SELECT size FROM thing WHERE code = 'far'"), TK_SCOPE_ALL);
}

static void nobody_moves_a_record_out_of_reach(void **state)
{
	WORLD(state);
	struct thing *x = thing_new(&w, "A1", "one"), *far = thing_new(&w, "A2", "two"), *near = thing_new(&w, "A3", "three");

	set(x, "unit_id", TK_I(11));
	OK(t, tk_rec_insert(&w.op, T, x));
	w.who = person(TK_SCOPE_ALL, TK_SCOPE_BUREAU);
	set(far, "unit_id", TK_I(21));
	FAILS(t, TK_EPERM, tk_rec_insert(&w.op, T, far));
	set(near, "unit_id", TK_I(12));
	OK(t, tk_rec_insert(&w.op, T, near));
	set(x, "unit_id", TK_I(21));
	FAILS(t, TK_EPERM, tk_rec_update(&w.op, T, x, -1));
	w.who = person(TK_SCOPE_ALL, TK_SCOPE_DIVISION);
	FAILS(t, TK_ENOTFOUND, tk_rec_delete(&w.op, T, near->rec.id, -1));
	OK(t, tk_rec_delete(&w.op, T, x->rec.id, -1));
	w.who = person(TK_SCOPE_ALL, TK_SCOPE_NONE);
	FAILS(t, TK_EPERM, tk_rec_insert(&w.op, T, thing_new(&w, "A4", "four")));
	w.who = person(TK_SCOPE_OWN, TK_SCOPE_OWN);
	set(x, "staff_id", TK_I(7));
	x->rec.id = 0;
	OK(t, tk_rec_insert(&w.op, T, x));
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM trail WHERE who = 'person' AND account_id = 500"), 3);
}

/* -- JSON ------------------------------------------------------------------------------------- */
static enum tk_rc from(struct world *w, const char *json, struct thing *x)
{
	cJSON *o = NULL;

	OK(w->t, tk_json_parse(w->t->mem, json, strlen(json), &o, &w->t->e));
	return tk_rec_from_json(&w->op, T, o, x);
}

static void json_in(void **state)
{
	static const struct { const char *json, *field; } bad[] = {
		{ "{\"unknown\":1}", "unknown" },
		{ "{\"password\":\"x\"}", "password" },
		{ "{\"seen_at\":\"2012-03-31T00:00:00Z\"}", "seen_at" },
		{ "{\"size\":\"5\"}", "size" },
		{ "{\"size\":1.5}", "size" },
		{ "{\"size\":1e30}", "size" },
		{ "{\"ok\":1}", "ok" },
		{ "{\"name\":5}", "name" },
		{ "{\"unit_id\":11}", "unit_id" },
		{ "{\"unit_id\":\"-1\"}", "unit_id" },
		{ "{\"unit_id\":\"1e2\"}", "unit_id" },
		{ "{\"unit_id\":\"99999999999999999999\"}", "unit_id" },
	};
	WORLD(state);
	struct thing x = { 0 };

	OK(t, from(&w, "{\"id\":\"5\",\"version\":3,\"code\":\"A1\",\"name\":\"監査\",\"size\":5,\"ok\":true,\"unit_id\":\"11\","
		   "\"day\":\"2012-03-31\",\"note\":\"\",\"mail\":null}", &x));
	assert_int_equal(x.rec.id, 0);
	assert_string_equal(x.name, "監査");
	assert_int_equal(x.unit_id, 11);
	assert_int_equal(tk_get_by(T, &x, "note").type, TK_V_NULL);
	for (size_t i = 0; i < TK_LEN(bad); i++) {
		struct thing y = { 0 };

		FAILS(t, TK_EINVAL, from(&w, bad[i].json, &y));
		assert_string_equal(t->e.field, bad[i].field);
	}
	OK(t, tk_rec_insert(&w.op, T, &x));
	FAILS(t, TK_EINVAL, from(&w, "{\"code\":\"A2\"}", &x));         /* fixed once made */
	OK(t, from(&w, "{\"size\":null}", &x));
	assert_string_equal(x.name, "監査");                            /* what is not named stays */
	FAILS(t, TK_ESYNTAX, from(&w, "[]", &x));
}

static void json_out(void **state)
{
	WORLD(state);
	struct thing *x = thing_new(&w, "A1", "a \"b\"");
	const char *label[TK_MAX_FIELDS] = { NULL };
	struct tk_buf b = TK_BUF(100000);
	struct tk_json j = TK_JSON(&b);
	cJSON *o;

	set(x, "password", TK_S("hunter2"));
	set(x, "colour", TK_S("blue"));
	set(x, "unit_id", TK_I(9007199254740993));
	set(x, "seen_at", TK_I(0));
	x->rec.id = INT64_MAX;
	label[tk_field_index(T, "unit_id")] = "総務課";
	tk_rec_json(&j, T, x, label, TK_EN);
	assert_null(strstr(b.p, "hunter2"));
	assert_null(strstr(b.p, "password"));
	OK(t, tk_json_parse(t->mem, b.p, b.len, &o, &t->e));
	assert_string_equal(cJSON_GetObjectItem(o, "id")->valuestring, "9223372036854775807");
	assert_string_equal(cJSON_GetObjectItem(o, "unit_id")->valuestring, "9007199254740993");
	assert_string_equal(cJSON_GetObjectItem(o, "unit_id_label")->valuestring, "総務課");
	assert_string_equal(cJSON_GetObjectItem(o, "colour_label")->valuestring, "Blue");
	assert_true(cJSON_IsNull(cJSON_GetObjectItem(o, "size")));
	tk_buf_clear(&b);
	j = TK_JSON(&b);
	tk_rtype_json(&j, T, &w.who, TK_EN);
	OK(t, tk_json_parse(t->mem, b.p, b.len, &o, &t->e));
	assert_null(strstr(b.p, "password"));
	assert_true(cJSON_IsTrue(cJSON_GetObjectItem(o, "search")));
	tk_buf_clear(&b);
	j = TK_JSON(&b);
	tk_rtype_schema(&j, T);
	OK(t, tk_json_parse(t->mem, b.p, b.len, &o, &t->e));
	assert_null(strstr(b.p, "password"));
	tk_buf_drop(&b);
}

/* -- text of people --------------------------------------------------------------------------- */
static void text_in(void **state)
{
	static const struct { const char *field, *text, *want; } good[] = {
		{ "size", "１２", "12" }, { "ok", "はい", "yes" }, { "ok", "×", "no" }, { "ok", "", "no" },
		{ "day", "平成24年3月31日", "2012-03-31" }, { "day", "H24.3.31", "2012-03-31" },
		{ "colour", "Blue", "Blue" }, { "colour", "blue", "Blue" },
		{ "name", "  監査　ログ ", "監査 ログ" }, { "unit_id", "u12", "12" }, { "unit_id", "企画課", "12" },
		{ "mail", "ａ@example.go.jp", "a@example.go.jp" },
	};
	static const struct { const char *field, *text; } bad[] = {
		{ "size", "12a" }, { "ok", "perhaps" }, { "day", "2012-02-30" }, { "colour", "緑" }, { "unit_id", "nowhere" },
	};
	WORLD(state);
	struct thing x = { 0 };

	for (size_t i = 0; i < TK_LEN(good); i++) {
		size_t f = (size_t)tk_field_index(T, good[i].field);

		OK(t, tk_set_text(&w.op, T, &x, f, good[i].text));
		assert_string_equal(tk_print(t->mem, TK_EN, &thing_type.field[f], tk_get(T, &x, f)), good[i].want);
	}
	for (size_t i = 0; i < TK_LEN(bad); i++) {
		FAILS(t, TK_EINVAL, tk_set_text(&w.op, T, &x, (size_t)tk_field_index(T, bad[i].field), bad[i].text));
		assert_string_equal(t->e.field, bad[i].field);
	}
	OK(t, tk_db_exec0(t->db, &t->e, "UPDATE unit SET name = '総務課' WHERE id = 21"));
	FAILS(t, TK_EINVAL, tk_set_text(&w.op, T, &x, (size_t)tk_field_index(T, "unit_id"), "総務課"));
	assert_non_null(strstr(t->e.msg, "more than one"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TESTDB_BOTH(every_kind_of_field),
		TESTDB_BOTH(versions_protect_changes),
		TESTDB_BOTH(limits_name_their_field),
		TESTDB_BOTH(unique_and_fixed),
		TESTDB_BOTH(hooks),
		TESTDB_BOTH(references),
		TESTDB_BOTH(scopes),
		TESTDB_BOTH(nobody_moves_a_record_out_of_reach),
		TESTDB_BOTH(json_in),
		TESTDB_BOTH(json_out),
		TESTDB_BOTH(text_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
