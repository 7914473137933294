/* Out to files and back: nothing lost, nothing changed by coming back, faults named by cell. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>
#include "record/transfer.h"
#include "sheet/sheet.h"
#include "thing.h"

#define T &thing_type

static void set(struct thing *x, const char *field, struct tk_value v)
{
	tk_set_by(T, x, field, v);
}

static void some_things(struct world *w)
{
	struct thing *x = thing_new(w, "A1", "=1+1"), *y = thing_new(w, "0012", "髙島、𠮷野"), *z = thing_new(w, "A3", "'quoted\"");

	set(x, "kana", TK_S("ア"));
	set(x, "note", TK_S("一行目\n二行目,\"三\""));
	set(x, "day", TK_S("2012-03-31"));
	set(x, "colour", TK_S("blue"));
	set(x, "size", TK_I(-5));
	set(x, "ok", TK_I(1));
	set(x, "unit_id", TK_I(11));
	set(x, "password", TK_S("hunter2"));
	set(x, "seen_at", TK_I(1332000000));
	set(y, "kana", TK_S("イ"));
	set(y, "mail", TK_S("a@example.go.jp"));
	set(z, "kana", TK_S("ウ"));
	OK(w->t, tk_rec_insert(&w->op, T, x));
	OK(w->t, tk_rec_insert(&w->op, T, y));
	OK(w->t, tk_rec_insert(&w->op, T, z));
}

static struct tk_export_done export(struct world *w, const struct tk_out_opt *opt, struct tk_buf *b)
{
	struct tk_query q = { 0 };
	struct tk_export_done done;

	*b = TK_BUF(16 << 20);
	OK(w->t, tk_rec_export(&w->op, T, &q, opt, TK_EN, tk_out_to_buf, b, &done));
	return done;
}

static struct tk_report *import_n(struct world *w, const char *file, size_t n, bool dry)
{
	struct tk_report *r;

	OK(w->t, tk_rec_import(&w->op, T, file, n, "things.csv", dry, &r));
	return r;
}

static struct tk_report *import(struct world *w, const char *file, bool dry)
{
	return import_n(w, file, strlen(file), dry);
}

/* "A3:name A5: ..." cells and fields of the problems */
static const char *problems(struct world *w, const struct tk_report *r)
{
	struct tk_buf b = TK_BUF(10000);
	const char *s;

	for (size_t i = 0; i < r->nproblem; i++)
		tk_buf_fmt(&b, "%s%s:%s", i ? " " : "", r->problem[i].cell ? r->problem[i].cell : "-",
			   r->problem[i].field ? r->problem[i].field : "");
	s = tk_strdup(w->t->mem, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return s;
}

static void csv_out(void **state)
{
	WORLD(state);
	struct tk_out_opt opt = { 0 };
	struct tk_export_done done;
	struct tk_buf b;

	some_things(&w);
	done = export(&w, &opt, &b);
	assert_int_equal(done.rows, 3);
	assert_string_equal(b.p,
		"Code,Name of the thing,Reading,Note,Mail,Day,Colour,Size,In order,Last seen,Unit,Owner\n"
		"A1,'=1+1,ア,\"一行目\n二行目,\"\"三\"\"\",,2012-03-31,Blue,-5,yes,2012-03-17T16:00:00Z,総務課,\n"
		"0012,髙島、𠮷野,イ,,a@example.go.jp,,,,no,,,\n"
		"A3,\"'quoted\"\"\",ウ,,,,,,no,,,\n");
	tk_buf_drop(&b);
	opt = TK_OUT_DOWNLOAD;
	export(&w, &opt, &b);
	assert_memory_equal(b.p, "\xEF\xBB\xBF" "Code,", 8);
	tk_buf_drop(&b);
	opt.enc = TK_OUT_CP932;
	done = export(&w, &opt, &b);
	assert_int_equal(done.total_lost, 1);                   /* 髙 is in CP932, 𠮷 is not */
	assert_int_equal(done.nlost, 1);
	assert_int_equal(done.lost[0].row, 3);
	assert_int_equal(done.lost[0].cp, 0x20BB7);
	assert_string_equal(done.lost[0].column, "Name of the thing");
	tk_buf_drop(&b);
	assert_non_null(strstr(tk_rec_export_name(t->mem, T, TK_EN, "csv"), "Things_Confidentiality_2_20"));
}

static void json_out(void **state)
{
	WORLD(state);
	struct tk_buf b = TK_BUF(1 << 20);
	struct tk_query q = { .nfilter = 0 };
	int64_t n;
	cJSON *o;

	some_things(&w);
	OK(t, tk_rec_export_json(&w.op, T, &q, TK_EN, tk_out_to_buf, &b, &n));
	OK(t, tk_json_parse(t->mem, b.p, b.len, &o, &t->e));
	assert_int_equal(cJSON_GetArraySize(o), 3);
	assert_int_equal(n, 3);
	assert_null(strstr(b.p, "hunter2"));
	tk_buf_drop(&b);
}

/* Each format out and in again: nothing to do. */
static void what_goes_out_comes_back(void **state)
{
	static const struct tk_out_opt opt[] = {
		{ .enc = TK_OUT_UTF8 }, { .enc = TK_OUT_UTF8_BOM, .crlf = true }, { .format = TK_OUT_XLSX },
	};
	WORLD(state);
	struct tk_report *r;
	int64_t trail;

	some_things(&w);
	/* two units of one name: the file's word still means the one that stands there */
	OK(t, tk_db_exec0(t->db, &t->e, "UPDATE unit SET name = '総務課'"));
	trail = testdb_int(t, "SELECT COUNT(*) FROM trail");
	for (size_t i = 0; i < TK_LEN(opt); i++) {
		struct tk_buf b;

		export(&w, &opt[i], &b);
		r = import_n(&w, b.p, b.len, false);
		assert_string_equal(problems(&w, r), "");
		assert_int_equal(r->count[TK_REP_UNCHANGED], 3);
		assert_int_equal(r->count[TK_REP_CHANGED] + r->count[TK_REP_ADDED], 0);
		assert_true(r->accepted && r->written);
		tk_buf_drop(&b);
	}
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM trail"), trail);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM thing WHERE password = 'hunter2'"), 1);
	assert_int_equal(testdb_int(t, "SELECT MAX(version) FROM thing"), 1);
}

static void rows_make_and_change_records(void **state)
{
	static const char file[] =
		"things as of today,,\n"
		"\n"
		"番号,NAME OF THE THING,ｓｉｚｅ,Day,Colour,In order,Unit,Remark,Last seen\n"
		"A1,changed,6,平成24年4月1日,red,はい,u12,ignored,x\n"
		"B1,new,１２,,,,監査課,,\n"
		",,,,,,,,\n"
		"A3,'quoted\",,,,,,,\n";
	WORLD(state);
	struct tk_report *r;
	struct thing x = { 0 };
	struct tk_buf b = TK_BUF(100000);
	struct tk_json j = TK_JSON(&b);
	cJSON *o;

	some_things(&w);
	r = import(&w, file, true);
	assert_string_equal(problems(&w, r), "");
	assert_true(r->accepted);
	assert_false(r->written);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM thing"), 3);
	r = import(&w, file, false);
	assert_true(r->accepted && r->written);
	assert_int_equal(r->header_row, 3);
	assert_int_equal(r->rows, 3);
	assert_int_equal(r->count[TK_REP_ADDED], 1);
	assert_int_equal(r->count[TK_REP_CHANGED], 1);
	assert_int_equal(r->count[TK_REP_UNCHANGED], 1);
	OK(t, tk_rec_find(&w.op, T, "code", TK_S("A1"), &x));
	assert_string_equal(x.name, "changed");
	assert_string_equal(x.day, "2012-04-01");
	assert_int_equal(x.unit_id, 12);
	assert_string_equal(x.note, "一行目\n二行目,\"三\"");   /* a column that is not there */
	assert_int_equal(x.seen_at, 1332000000);
	OK(t, tk_rec_find(&w.op, T, "code", TK_S("B1"), &x));
	assert_int_equal(x.size, 12);
	assert_int_equal(x.unit_id, 21);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM trail WHERE action = 'import'"), 1);

	tk_report_json(&j, r);
	OK(t, tk_json_parse(t->mem, b.p, b.len, &o, &t->e));
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(o, "ignored_columns")), 2);
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(o, "columns")), 7);
	assert_non_null(strstr(b.p, "{\"field\":\"unit_id\",\"label\":\"Unit\",\"from\":\"総務課\",\"to\":\"企画課\"}"));
	assert_non_null(strstr(b.p, "\"column\":\"C\",\"heading\":\"ｓｉｚｅ\",\"field\":\"size\",\"label\":\"Size\""));
	assert_non_null(strstr(b.p, "\"counts\":{\"added\":1,\"changed\":1,\"ended\":0,\"unchanged\":1,\"problems\":0}"));
	tk_buf_drop(&b);
	r = import(&w, file, false);                            /* the same file twice changes nothing */
	assert_int_equal(r->count[TK_REP_UNCHANGED], 3);
}

static void every_problem_is_named(void **state)
{
	static const char file[] =
		"Code,Name of the thing,Size,Day,Colour,Unit,Mail\n"
		"A1,ok,6,,,,\n"                                 /* good, but not written */
		"B1,,12a,2012-02-30,green,nowhere,nobody\n"     /* six cells at fault */
		"B2,,5,,,,\n"                                   /* the name is missing */
		"B3,three,5,,,,\n"
		"B3,again,5,,,,\n"                              /* the same record twice */
		",nameless,5,,,,\n"
		"B4,four,7,,,,\n"                               /* the field's own check */
		"B5,five,666,,,,\n"                             /* the hook after saving */
		"B6,six,,2012-03-31,,,\n"
		"B7,six,,2012-03-31,,,\n"                       /* a key over two columns */
		"1234567890123,long,,,,,\n";
	WORLD(state);
	struct tk_report *r;
	struct tk_buf b = TK_BUF(1 << 20);
	struct tk_json j = TK_JSON(&b);
	cJSON *o, *p;

	some_things(&w);
	for (int dry = 1; dry >= 0; dry--) {
		r = import(&w, file, dry);
		assert_string_equal(problems(&w, r), "B3:name C3:size D3:day E3:colour F3:unit_id G3:mail B4:name A6:code A7:code C8:size C9:size"
				    " -: A12:code");
		assert_false(r->accepted || r->written);
		assert_int_equal(r->errors, 13);
		assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM thing"), 3);
		assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM trail"), 3);
		assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM thing WHERE name = 'ok'"), 0);
		assert_false(tk_db_in_tx(t->db));
	}
	tk_report_json(&j, r);
	OK(t, tk_json_parse(t->mem, b.p, b.len, &o, &t->e));
	p = cJSON_GetArrayItem(cJSON_GetObjectItem(o, "problems"), 1);
	assert_string_equal(cJSON_GetObjectItem(p, "cell")->valuestring, "C3");
	assert_string_equal(cJSON_GetObjectItem(p, "column")->valuestring, "C");
	assert_int_equal(cJSON_GetObjectItem(p, "row")->valueint, 3);
	assert_string_equal(cJSON_GetObjectItem(p, "value")->valuestring, "12a");
	assert_string_equal(cJSON_GetObjectItem(p, "sheet")->valuestring, "things");
	assert_string_equal(cJSON_GetObjectItem(p, "severity")->valuestring, "error");
	assert_string_equal(cJSON_GetObjectItem(p, "message")->valuestring, "Size: \"12a\" is not a whole number.");
	tk_buf_drop(&b);
}

static void files_that_are_none(void **state)
{
	WORLD(state);
	struct tk_report *r;
	struct tk_who nobody = { .account_id = 5 };

	r = import(&w, "a,b,c\n1,2,3\n", true);
	assert_string_equal(problems(&w, r), "-:");
	r = import(&w, "Name of the thing,Size\nx,1\n", true);  /* nothing to know a record by */
	assert_string_equal(problems(&w, r), "-:code");
	r = import(&w, "Code,name,Code\nA1,x,A2\n", true);
	assert_string_equal(problems(&w, r), "C1:code");
	r = import(&w, "Code,name\n", false);                   /* only headings: nothing to do */
	assert_true(r->accepted);
	FAILS(t, TK_ETYPE, tk_rec_import(&w.op, T, "PK\3\4 broken", 11, "x.xlsx", true, &r));
	w.who = nobody;
	FAILS(t, TK_EPERM, tk_rec_import(&w.op, T, "Code\n", 5, "x.csv", true, &r));
}

/* A division's clerk can bring only what the clerk could write by hand. */
static void files_respect_permission(void **state)
{
	WORLD(state);
	struct tk_report *r;

	some_things(&w);
	w.who = (struct tk_who){ .account_id = 5, .staff_id = 6, .division = { 11 }, .ndivision = 1, .lang = TK_EN };
	w.who.scope[TK_P_ORG_READ] = w.who.scope[TK_P_ORG_WRITE] = TK_SCOPE_DIVISION;
	r = import(&w, "Code,name,unit_id\nC1,mine,u11\nC2,theirs,u12\nA3,not mine,u11\n", false);
	assert_int_equal(r->errors, 2);
	assert_int_equal(r->problem[0].row, 3);
	assert_int_equal(r->problem[1].row, 4);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM thing"), 3);
	r = import(&w, "Code,name,unit_id\nA1,mine,u11\n", false);
	assert_true(r->written);
}

static void inside_an_open_transaction(void **state)
{
	WORLD(state);
	struct tk_report *r;

	OK(t, tk_db_begin(t->db, &t->e));
	OK(t, tk_rec_insert(&w.op, T, thing_new(&w, "Z1", "before")));
	r = import(&w, "Code,name\nZ2,x\nZ3,\n", false);
	assert_false(r->written);
	r = import(&w, "Code,name\nZ2,x\n", true);
	assert_true(r->accepted);
	r = import(&w, "Code,name\nZ4,x\n", false);
	assert_true(r->written);
	OK(t, tk_db_commit(t->db, &t->e));
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM thing"), 2);
}

static void many_rows(void **state)
{
	WORLD(state);
	struct tk_buf b = TK_BUF(1 << 20);
	struct tk_report *r;

	tk_buf_str(&b, "Code,name,size\n");
	for (int i = 0; i < 2000; i++)
		tk_buf_fmt(&b, "N%d,name %d,%s\n", i, i, i % 2 ? "bad" : "1");
	r = import_n(&w, b.p, b.len, false);
	assert_int_equal(r->errors, 1000);                      /* counted all, listed some */
	assert_int_equal(r->nproblem, TK_REPORT_LIST);
	assert_int_equal(r->count[TK_REP_ADDED], 1000);
	assert_int_equal(r->nentry[TK_REP_ADDED], TK_REPORT_LIST);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM thing"), 0);
	tk_buf_drop(&b);
}

static void printed_reports(void **state)
{
	WORLD(state);
	struct tk_report *r = import(&w, "Code,name,size\nA1,x,y\n", true);
	char *p = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&p, &n);

	OK(t, tk_report_print(r, f, TK_PRINT_TABLE, TK_EN, &t->e));
	OK(t, tk_report_print(r, f, TK_PRINT_CSV, TK_EN, &t->e));
	OK(t, tk_report_print(r, f, TK_PRINT_JSON, TK_EN, &t->e));
	fclose(f);
	assert_non_null(strstr(p, "error  things!C2  Size: \"y\" is not a whole number."));
	assert_non_null(strstr(p, "things,2,C2,size,y,"));
	assert_non_null(strstr(p, "\"accepted\":false"));
	free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TESTDB_BOTH(csv_out),
		TESTDB_BOTH(json_out),
		TESTDB_BOTH(what_goes_out_comes_back),
		TESTDB_BOTH(rows_make_and_change_records),
		TESTDB_BOTH(every_problem_is_named),
		TESTDB_BOTH(files_that_are_none),
		TESTDB_BOTH(files_respect_permission),
		TESTDB_BOTH(inside_an_open_transaction),
		TESTDB_BOTH(many_rows),
		TESTDB_BOTH(printed_reports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
