/* Answers from files: every fault by its cell, twice the same, replacing, conditions, many rows. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/hash.h"
#include "office.h"
#include "record/report.h"
#include "sheet/sheet_write.h"
#include "survey/rollup.h"

static const char *const rows[] = {
	"choice impl done|label_ja=実施|label_en=Done", "choice impl partly|label_ja=一部 実施", "choice impl not_done|label_ja=未実施",
	"choice abc x|label_ja=ＩＴ", "choice abc y|label_ja=乙", "choice abc z|label_ja=丙 丁",
	"single a|list=impl|required=1", "multi m|list=abc", "int n|max_value=9", "date d", "text t",
	"single q2|list=impl|relevant=${q1} = 'done'", "single q1|list=impl", "text h|audience=division_head", NULL,
};

static enum tk_rc load_bytes(struct office *o, const struct campaign *c, const void *p, size_t n, bool dry, struct tk_report **rep)
{
	enum tk_rc rc;

	*rep = tk_report_new(o->t->mem);
	OK(o->t, tk_db_begin(o->t->db, &o->t->e));
	rc = tk_response_import(&o->op, c, p, n, "answers.csv", dry, *rep);
	if (rc == TK_OK && (*rep)->written)
		OK(o->t, tk_db_commit(o->t->db, &o->t->e));
	else
		tk_db_rollback(o->t->db);
	return rc;
}

static struct tk_report *load(struct office *o, const struct campaign *c, const char *text)
{
	struct tk_report *rep;

	OK(o->t, load_bytes(o, c, text, strlen(text), false, &rep));
	return rep;
}

static void counts(const struct tk_report *r, int added, int changed, int same, int errors, int line)
{
	if (r->count[TK_REP_ADDED] == added && r->count[TK_REP_CHANGED] == changed && r->count[TK_REP_UNCHANGED] == same && r->errors == errors)
		return;
	print_error("added %d changed %d same %d errors %d: %s\n", (int)r->count[TK_REP_ADDED], (int)r->count[TK_REP_CHANGED],
		    (int)r->count[TK_REP_UNCHANGED], (int)r->errors, r->nproblem ? r->problem[0].message : "");
	_fail(__FILE__, line);
}
#define COUNTS(r, a, c, s, e) counts((r), (a), (c), (s), (e), __LINE__)

static void problem_at(struct office *o, const struct campaign *c, const char *text, const char *cell, const char *says)
{
	struct tk_report *r = load(o, c, text);

	assert_false(r->accepted || r->written);
	for (size_t i = 0; i < r->nproblem; i++)
		if (!strcmp(r->problem[i].cell, cell) && strstr(r->problem[i].message, says))
			return;
	fail_msg("%s: nothing at %s about \"%s\", but %s %s", text, cell, says, r->nproblem ? r->problem[0].cell : "",
		 r->nproblem ? r->problem[0].message : "nothing");
}

static void up(struct office *o, const char *name, struct campaign *c)
{
	office_form(o, name, rows);
	*c = office_open(o, name);
}

static const char *told(struct office *o, const struct campaign *c, const char *number)
{
	struct tk_response r = response_of(o, c, number);

	return tk_sprintf(o->t->mem, "%s %s", r.state, answers(o, &r));
}

static void test_cells(void **state)
{
	OFFICE(state);
	struct campaign c;
	struct reply r = { 0 };

	up(&o, "cells", &c);
	COUNTS(load(&o, &c, "staff_number,氏名,a,m,n,d,t,q1,q2\n"
		    "102,二号,done,x z,７,H24.3.31,'=1+1,done,not_done\n"
		    "103,三号,na,乙,dk,,\"two\nlines\",partly,\n"
		    "１０１,,一部 実施,IT,,2012/4/1,,,\n"
		    "202,,わからない,丙 丁,,,,,\n"), 4, 0, 0, 0);
	r.body = told(&o, &c, "102");
	HAS(r, "submitted ");
	HAS(r, "\"m\":{\"state\":\"value\",\"value\":[\"x\",\"z\"]");
	HAS(r, "\"n\":{\"state\":\"value\",\"value\":\"7\"");
	HAS(r, "\"d\":{\"state\":\"value\",\"value\":\"2012-03-31\"");
	HAS(r, "\"t\":{\"state\":\"value\",\"value\":\"=1+1\"");
	HAS(r, "\"q2\":{\"state\":\"value\",\"value\":\"not_done\"");
	r.body = told(&o, &c, "103");
	HAS(r, "\"a\":{\"state\":\"not_applicable\"");
	HAS(r, "\"m\":{\"state\":\"value\",\"value\":[\"y\"]");
	HAS(r, "\"n\":{\"state\":\"dont_know\"");
	HAS(r, "\"d\":{\"state\":\"no_answer\"");
	HAS(r, "\"two\\nlines\"");
	HASNT(r, "\"q2\"");
	r.body = told(&o, &c, "101");
	HAS(r, "\"a\":{\"state\":\"value\",\"value\":\"partly\"");
	HAS(r, "\"m\":{\"state\":\"value\",\"value\":[\"x\"]");
	r.body = told(&o, &c, "202");
	HAS(r, "\"m\":{\"state\":\"value\",\"value\":[\"z\"]");
}

static void test_faults(void **state)
{
	OFFICE(state);
	struct campaign c;

	up(&o, "faults", &c);
	office_staff(&o, "950", "標本 十号", 0, 1);
	problem_at(&o, &c, "staff_number,a\n102,done\n999,done\n", "A3", "not in the roster");
	problem_at(&o, &c, "staff_number,a\n950,done\n", "A2", "not among those asked");
	problem_at(&o, &c, "staff_number,a\n,done\n", "A2", "staff number is missing");
	problem_at(&o, &c, "staff_number,a\n102,done\n102,done\n", "A3", "stands in row 2 already");
	problem_at(&o, &c, "staff_number,a,zz\n102,done,1\n", "C1", "no item \"zz\"");
	problem_at(&o, &c, "staff_number,a,a\n102,done,done\n", "C1", "stands twice");
	problem_at(&o, &c, "staff_number,a\n102,perhaps\n", "B2", "no choice \"perhaps\"");
	problem_at(&o, &c, "staff_number,a\n102,done partly\n", "B2", "one choice only");
	problem_at(&o, &c, "staff_number,m\n102,x w\n", "B2", "no choice \"w\"");
	problem_at(&o, &c, "staff_number,n\n102,10\n", "B2", "too large");
	problem_at(&o, &c, "staff_number,n\n102,ten\n", "B2", "not a whole number");
	problem_at(&o, &c, "staff_number,d\n102,2023-02-30\n", "B2", "not a day");
	problem_at(&o, &c, "staff_number,h\n102,x\n", "B2", "not asked of this person");
	problem_at(&o, &c, "staff_number,q2,q1\n102,done,partly\n", "B2", "not asked of this person");
	problem_at(&o, &c, "staff_number,a\n103,done\n102,x\n101,y\n", "B4", "no choice \"y\"");
	assert_int_equal(int_sql(&o, "SELECT COUNT(*) FROM response WHERE campaign_id = $1", c.rec.id), 0);
	{
		struct tk_report *rep;

		FAILS(t, TK_EINVAL, load_bytes(&o, &c, "name,a\nx,done\n", 14, false, &rep));
		SAYS(t, "There is no column \"staff_number\"");
		OK(t, load_bytes(&o, &c, "staff_number,a\n102,done\n", 24, true, &rep));
		assert_true(rep->accepted && !rep->written);
		assert_int_equal(int_sql(&o, "SELECT COUNT(*) FROM response WHERE campaign_id = $1", c.rec.id), 0);
		OK(t, tk_campaign_close(&o.op, c.rec.id, NULL));
		OK(t, tk_rec_load(&o.op, &tk_campaign_type, c.rec.id, &c));
		FAILS(t, TK_ECONFLICT, load_bytes(&o, &c, "staff_number,a\n102,done\n", 24, false, &rep));
		SAYS(t, "Reopen it");
	}
}

static void test_again(void **state)
{
	OFFICE(state);
	struct campaign c;
	struct tk_case k = { 0 };
	struct tk_response back;
	struct reply r = { 0 };
	const char *file = "staff_number,a,q1,q2\n102,done,done,partly\n103,partly,,\n101,,,\n";

	up(&o, "again", &c);
	COUNTS(load(&o, &c, file), 2, 0, 1, 0);         /* 101 has no answer and stays not started */
	HAS(((struct reply){ .body = told(&o, &c, "101") }), "not_started");
	COUNTS(load(&o, &c, file), 0, 0, 3, 0);
	assert_int_equal(int_sql(&o, "SELECT MAX(version) FROM response WHERE campaign_id = $1", c.rec.id), 1);
	/* replaces: what is not in the file is gone, also comments and what waits behind a condition */
	back = response_of(&o, &c, "102");
	OK(t, tk_response_withdraw(&o.op, &back));
	OK(t, apply(&o, &back, "{\"q1\":{\"value\":\"partly\"},\"t\":{\"value\":\"mine\",\"comment\":\"c\"}}"));
	OK(t, tk_response_save(&o.op, &back));
	COUNTS(load(&o, &c, "staff_number,a,q1\n102,not_done,done\n"), 0, 1, 0, 0);
	r.body = told(&o, &c, "102");
	HAS(r, "submitted");
	HAS(r, "\"q2\":{\"state\":\"no_answer\",\"value\":null");
	HASNT(r, "mine");
	COUNTS(load(&o, &c, "staff_number,a\n102,\n"), 0, 1, 0, 0);
	HAS(((struct reply){ .body = told(&o, &c, "102") }), "draft");
	COUNTS(load(&o, &c, "staff_number,a\n102,\n"), 0, 0, 1, 0);
	COUNTS(load(&o, &c, "staff_number,a\n102,done\n"), 0, 1, 0, 0);
	/* signed off: only what was sent back, and that settles it */
	OK(t, tk_rollup_sign(&o.op, c.rec.id, o.division[0], NULL, "one is away", &k));
	problem_at(&o, &c, "staff_number,a\n202,done\n102,partly\n", "A3", "signed off");
	OK(t, tk_rollup_send_back(&o.op, c.rec.id, respondent(&o, &c, "102"), "look again", "u", &back));
	COUNTS(load(&o, &c, "staff_number,a\n102,partly\n"), 0, 1, 0, 0);
	assert_string_equal(text_sql(&o, "SELECT state FROM tk_case WHERE type = 'answer_send_back' AND subject_id = $1", respondent(&o, &c, "102")),
			    "resubmitted");
	assert_int_equal(int_sql(&o, "SELECT COUNT(*) FROM trail WHERE action = 'import' AND rtype = 'campaign' AND record_id = $1", c.rec.id), 7);
}

/* A workbook of one or two rows, with numbers and dates as a spreadsheet keeps them. */
static void book(struct office *o, struct tk_buf *b, bool second)
{
	static const struct tk_out_col col[] = { { "職員番号", 10 }, { "a", 10 }, { "n", 10 }, { "d", 10 }, { "t", 10 } };
	struct tk_out_opt opt = { .format = TK_OUT_XLSX };
	struct tk_out *out;

	OK(o->t, tk_out_open(&out, &opt, tk_out_to_buf, b, &o->t->e));
	tk_out_sheet(out, "回答", col, TK_LEN(col));
	tk_out_row(out);
	tk_out_int(out, 102);
	tk_out_text(out, "未実施");
	tk_out_int(out, 8);
	tk_out_date(out, "2012-03-31");
	tk_out_text(out, "=1+1");
	if (second) {
		tk_out_row(out);
		tk_out_text(out, "103");
		tk_out_text(out, "done");
		tk_out_int(out, 10);
	}
	OK(o->t, tk_out_close(out, &o->t->e));
	tk_out_free(out);
}

static void test_workbook(void **state)
{
	OFFICE(state);
	struct tk_buf b = TK_BUF(4 << 20);
	struct tk_report *rep;
	struct campaign c;
	struct reply r = { 0 };

	up(&o, "book", &c);
	book(&o, &b, true);
	OK(t, load_bytes(&o, &c, b.p, b.len, false, &rep));
	COUNTS(rep, 1, 0, 0, 1);
	assert_string_equal(rep->problem[0].cell, "C3");
	assert_string_equal(rep->sheet, "回答");
	tk_buf_clear(&b);
	book(&o, &b, false);
	OK(t, load_bytes(&o, &c, b.p, b.len, false, &rep));
	COUNTS(rep, 1, 0, 0, 0);
	r.body = told(&o, &c, "102");
	HAS(r, "\"a\":{\"state\":\"value\",\"value\":\"not_done\"");
	HAS(r, "\"n\":{\"state\":\"value\",\"value\":\"8\"");
	HAS(r, "\"d\":{\"state\":\"value\",\"value\":\"2012-03-31\"");
	HAS(r, "\"t\":{\"state\":\"value\",\"value\":\"=1+1\"");
	tk_buf_drop(&b);
}

static void test_route(void **state)
{
	OFFICE(state);
	struct campaign c;
	const char *path, *bad = "staff_number,a\n102,done\n103,x\n";
	struct reply r;

	up(&o, "route", &c);
	path = tk_sprintf(t->mem, "campaigns/%" PRId64 "/import", c.rec.id);
	r = call_raw(&o, as_office(), "POST", path, bad, strlen(bad), "name=a.csv");
	STATUS(r, 422);
	HAS(r, "\"cell\":\"B3\"");
	assert_int_equal(int_sql(&o, "SELECT COUNT(*) FROM response WHERE campaign_id = $1", c.rec.id), 0);
	r = call_raw(&o, as_office(), "POST", path, bad, strlen(bad) - 6, "name=a.csv&dry_run=1");
	STATUS(r, 200);
	HAS(r, "\"written\":false");
	r = call_raw(&o, as_office(), "POST", path, bad, strlen(bad) - 6, "name=a.csv");
	STATUS(r, 200);
	HAS(r, "\"written\":true");
	STATUS(call_raw(&o, as_head(&o, "101", 0), "POST", path, bad, strlen(bad), "name=a.csv"), 403);
	STATUS(call_raw(&o, as_office(), "POST", path, "\x00\x01\x02", 3, "name=a.csv"), 415);
}

static void test_many(void **state)
{
	enum { N = 20000 };
	OFFICE(state);
	struct tk_buf b = TK_BUF(16 << 20);
	struct tk_report *rep;
	struct campaign c;
	int64_t at;

	office_form(&o, "many", office_basic);
	c = office_open(&o, "many");
	OK(t, tk_db_begin(t->db, &t->e));
	tk_buf_str(&b, "staff_number,a,b,c\n");
	for (int i = 0; i < N; i++) {
		const char *number = tk_sprintf(t->mem, "Z%05d", i);
		int64_t staff = tk_id_new();

		OK(t, tk_db_exec(t->db, &t->e, "INSERT INTO staff(id, version, staff_number, name, division_id) VALUES($1, 1, $2, '模擬', $3)",
			TK_I(staff), TK_S(number), TK_I(o.division[1])));
		OK(t, tk_db_exec(t->db, &t->e, "INSERT INTO respondent(id, version, campaign_id, staff_id, staff_number, name, bureau_id, division_id,"
			" roles, state, joined_late) VALUES($1, 1, $2, $3, $4, '模擬', $5, $6, 'all_staff', 'in', 0)", TK_I(tk_id_new()),
			TK_I(c.rec.id), TK_I(staff), TK_S(number), TK_I(o.bureau[0]), TK_I(o.division[1])));
		tk_buf_fmt(&b, "%s,done,partly,text %d\n", number, i);
	}
	OK(t, tk_db_commit(t->db, &t->e));
	at = tk_mono_us();
	OK(t, load_bytes(&o, &c, b.p, b.len, false, &rep));
	print_message("%d rows in %.1f s\n", N, (double)(tk_mono_us() - at) / 1e6);
	COUNTS(rep, N, 0, 0, 0);
	assert_true(tk_mono_us() - at < 120000000);
	assert_int_equal(int_sql(&o, "SELECT COUNT(DISTINCT receipt_no) FROM response WHERE campaign_id = $1", c.rec.id), N);
	tk_buf_drop(&b);
}

/* What goes out comes in again and is the same; what was not asked and not answered is empty. */
static void test_out_and_in_again(void **state)
{
	static const char want[] =
		"staff_number,a,m,n,d,t,q2,q1,h\n"
		"101,done,x z,7,2012-03-31,\"a, b\",partly,done,text of a head\n"
		"102,na,,,,,,dk,\n";
	OFFICE(state);
	struct tk_buf csv = TK_BUF(1 << 20), book = TK_BUF(1 << 20);
	struct tk_out_opt plain = { 0 }, xlsx = { .format = TK_OUT_XLSX };
	struct campaign c;
	struct tk_report *rep;
	int64_t n;

	up(&o, "out", &c);
	COUNTS(load(&o, &c, want), 2, 0, 0, 0);
	OK(t, tk_response_export(&o.op, &c, &plain, tk_out_to_buf, &csv, &n));
	assert_int_equal(n, 2);
	assert_string_equal(tk_buf_cstr(&csv), want);
	COUNTS(load(&o, &c, tk_buf_cstr(&csv)), 0, 0, 2, 0);
	OK(t, tk_response_export(&o.op, &c, &xlsx, tk_out_to_buf, &book, &n));
	OK(t, load_bytes(&o, &c, book.p, book.len, false, &rep));
	COUNTS(rep, 0, 0, 2, 0);
	/* answers of staff are nobody's to read */
	STATUS(CALL(&o, as_office(), "GET", tk_sprintf(t->mem, "campaigns/%" PRId64 "/answers", c.rec.id)), 409);
	tk_buf_drop(&csv);
	tk_buf_drop(&book);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TESTDB_BOTH(test_cells), TESTDB_BOTH(test_faults), TESTDB_BOTH(test_again), TESTDB_BOTH(test_workbook), TESTDB_BOTH(test_route), TESTDB_BOTH(test_many),
		TESTDB_BOTH(test_out_and_in_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
