/* fact_test.c - facts over a small table of people: arithmetic, digest, storing, explaining. */
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/hash.h"
#include "fact/fact.h"
#include "record/org_types.h"
#include "testdb.h"

/* How many of `of` people count; each person's amount is its number. */
static int64_t hits, of, offset;
static bool twice, zero;
static const char *why;

static enum tk_rc people(const struct tk_op *op, const struct tk_fact_year *y, struct tk_fact_rows *to)
{
	(void)y;
	if (why)
		tk_fact_missing(to, why);
	if (zero)
		tk_fact_zero(to);
	return tk_fact_select(op, to, &tk_staff, twice ?
		"SELECT s.id, 1, s.id FROM staff s JOIN staff t ON t.id <= $1 WHERE s.id <= $2" :
		"SELECT id, CASE WHEN id <= $1 THEN 1 ELSE 0 END, id + $3 FROM staff WHERE id <= $2 ORDER BY id DESC",
		twice ? (const struct tk_value[]){ TK_I(2), TK_I(1) } :
			(const struct tk_value[]){ TK_I(hits), TK_I(of), TK_I(offset) }, twice ? 2 : 3);
}

static const struct tk_fact rate = { "test.rate", "Rate", "%", "a / b", TK_FACT_RATE, 1, NULL, .rows = people },
	count = { "test.count", "Count", "people", "a", TK_FACT_COUNT, 0, NULL, .rows = people },
	sum = { "test.sum", "Sum", "days", "a", TK_FACT_SUM, 0, NULL, .rows = people },
	mean = { "test.mean", "Mean", "days", "a", TK_FACT_MEAN, 0, NULL, .rows = people };
static const struct tk_fact *const facts[] = { &rate, &count, &sum, &mean };

static struct tk_op op_of(struct testdb *t)
{
	static struct tk_who sys;

	sys = tk_who_system("system", "test", TK_EN);
	return (struct tk_op){ t->db, t->mem, &sys, &t->e };
}

static void setup(struct testdb *t, int n)
{
	char sql[200];

	OK(t, tk_db_script(t->db, "INSERT INTO bureau(id, version, code, name, sort) VALUES(11,1,'B1','局',1);"
			   "INSERT INTO division(id, version, bureau_id, code, name, sort, owns_system)"
			   " VALUES(21,1,11,'D1','総務課',1,0)", &t->e));
	snprintf(sql, sizeof(sql), "INSERT INTO staff(id, version, staff_number, name, division_id) WITH RECURSIVE k(i) AS "
		 "(SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < %d) SELECT i, 1, 'S' || i, '見本' || i, 21 FROM k", n);
	OK(t, tk_db_script(t->db, sql, &t->e));
	tk_facts_set(facts, TK_LEN(facts));
	twice = zero = false;
	why = NULL;
	hits = of = offset = 0;
}

static const char *printed(struct testdb *t, const struct tk_fact *f, int64_t h, int64_t n)
{
	struct tk_op op = op_of(t);
	struct tk_fact_value v;

	hits = h;
	of = n;
	OK(t, tk_fact_now(&op, f, 2011, &v));
	return tk_fact_print(&op, &v);
}

/* SELF-06: half up to one decimal, 100.0 only when nobody is missing, 0.0 only when nobody is there. */
static void arithmetic(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_op op = op_of(t);
	struct tk_fact_value v;

	setup(t, 3000);
	assert_string_equal(printed(t, &rate, 1500, 1500), "100.0%");
	assert_string_equal(printed(t, &rate, 1499, 1500), "99.9%");
	assert_string_equal(printed(t, &rate, 2999, 3000), "99.9%");    /* 99.967 would round up */
	assert_string_equal(printed(t, &rate, 1, 3000), "0.1%");        /* 0.033 would round down */
	assert_string_equal(printed(t, &rate, 0, 3000), "0.0%");
	assert_string_equal(printed(t, &rate, 1, 2000), "0.1%");        /* 0.05: half up */
	assert_string_equal(printed(t, &rate, 73, 81), "90.1%");        /* 90.123 */
	assert_string_equal(printed(t, &count, 73, 81), "73");
	assert_string_equal(printed(t, &sum, 3, 9), "6");
	assert_string_equal(printed(t, &mean, 4, 9), "2.5");
	assert_string_equal(printed(t, &rate, 0, 0), "－");
	assert_string_equal(printed(t, &count, 0, 0), "－");
	offset = -3;
	assert_string_equal(printed(t, &mean, 4, 9), "-0.5");
	offset = 0;
	zero = true;
	assert_string_equal(printed(t, &count, 0, 0), "0");
	OK(t, tk_fact_now(&op, &count, 2011, &v));
	assert_false(v.missing);
	OK(t, tk_fact_now(&op, &rate, 2011, &v));                       /* nothing to count over stays missing */
	assert_true(v.missing);
	assert_string_equal(v.why, "There is nothing to count over.");
	assert_int_equal(v.value_x10, TK_SHARE_NONE);
	twice = true;
	FAILS(t, TK_EINTERNAL, tk_fact_now(&op, &count, 2011, &v));
	assert_non_null(strstr(t->e.msg, "staff 1 twice"));
}

static void change(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_op op = op_of(t);
	struct tk_fact_value a = { .fact = &rate, .value_x10 = 979 }, b = { .fact = &rate, .value_x10 = 920 };

	assert_int_equal(tk_fact_change_x10(&a, &b), 59);
	assert_string_equal(tk_fact_print_change(&op, &rate, 59), "+5.9 points");
	assert_string_equal(tk_fact_print_change(&op, &count, -20), "-2");
	assert_string_equal(tk_fact_print_change(&op, &count, 0), "0");
	assert_string_equal(tk_fact_print_change(&op, &mean, -5), "-0.5");
	b.missing = true;
	assert_int_equal(tk_fact_change_x10(&a, &b), TK_SHARE_NONE);
	assert_string_equal(tk_fact_print_change(&op, &rate, TK_SHARE_NONE), "－");
	assert_int_equal(tk_fact_change_x10(&a, NULL), TK_SHARE_NONE);
}

/* The digest is what anybody can repeat from the rows, in whatever order they were found. */
static void digest(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_op op = op_of(t);
	struct tk_fact_value v, w;
	char hex[TK_SHA256_HEX];
	static const char rows[] = "staff 1 1 1 \nstaff 2 1 2 \nstaff 3 0 3 \n";

	setup(t, 10);
	hits = 2;
	of = 3;
	OK(t, tk_fact_now(&op, &rate, 2011, &v));
	tk_sha256_hex(rows, strlen(rows), hex);
	assert_string_equal(v.digest, hex);
	offset = 1;
	OK(t, tk_fact_now(&op, &rate, 2011, &w));                       /* the same rate of other rows */
	assert_int_equal(v.value_x10, w.value_x10);
	assert_string_not_equal(v.digest, w.digest);
}

static enum tk_rc collect(void *ctx, const struct tk_fact_row *r)
{
	struct tk_buf *b = ctx;

	tk_buf_fmt(b, "%s %lld %d %s;", r->type->name, (long long)r->id, r->hit, r->title);
	return TK_OK;
}

static void explain(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_op op = op_of(t);
	struct tk_buf b = TK_BUF(1 << 16);
	struct tk_fact_value v;
	const struct tk_fact *near[4];

	setup(t, 10);
	hits = 2;
	of = 3;
	OK(t, tk_fact_explain(&op, &rate, 2011, collect, &b, &v));
	assert_string_equal(b.p, "staff 1 1 見本1;staff 2 1 見本2;staff 3 0 見本3;");
	assert_int_equal(v.numerator, 2);
	assert_int_equal(v.denominator, 3);
	assert_string_equal(v.base_date, "2012-03-31");
	tk_buf_drop(&b);
	assert_true(tk_fact_near(&op, "test.raet", near, 4) > 0);
	assert_ptr_equal(near[0], &rate);
	assert_int_equal(tk_fact_near(&op, "count", near, 4), 1);
	assert_ptr_equal(near[0], &count);
	assert_int_equal(tk_fact_near(&op, "xyzzy", near, 4), 0);
	assert_null(tk_fact_by_id("test.raet"));
}

static int64_t trail(struct testdb *t)
{
	return testdb_int(t, "SELECT COUNT(*) FROM trail WHERE rtype = 'fact_value'");
}

static enum tk_rc trend_row(void *ctx, const struct tk_fact_value *v)
{
	int *years = ctx;

	*years = *years * 10000 + v->year;
	return TK_OK;
}

static void stored(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_op op = op_of(t);
	struct tk_fact_value v;
	size_t n = 0;
	int years = 0;

	setup(t, 10);
	hits = 2;
	of = 3;
	FAILS(t, TK_ENOTFOUND, tk_fact_stored(&op, &rate, 2011, &v));
	OK(t, tk_fact_compute_year(&op, 2011, &n));
	assert_int_equal(n, 4);
	assert_int_equal(trail(t), 4);
	OK(t, tk_fact_compute_year(&op, 2011, NULL));                   /* nothing new, nothing said */
	assert_int_equal(trail(t), 4);
	hits = 3;
	OK(t, tk_fact_stored(&op, &rate, 2011, &v));
	assert_int_equal(v.value_x10, 667);
	OK(t, tk_fact_compute_year(&op, 2011, NULL));
	assert_int_equal(trail(t), 8);
	OK(t, tk_fact_stored(&op, &rate, 2011, &v));
	assert_int_equal(v.value_x10, 1000);
	why = "There is nothing to count over.";
	OK(t, tk_fact_compute(&op, &rate, 2010, &v));
	why = NULL;
	OK(t, tk_fact_stored(&op, &rate, 2010, &v));
	assert_true(v.missing);
	assert_string_equal(v.why, "There is nothing to count over.");
	OK(t, tk_fact_trend(&op, &rate, trend_row, &years));
	assert_int_equal(years, 20102011);
	twice = true;                                                   /* one bad fact: nothing is stored */
	hits = 1;
	FAILS(t, TK_EINTERNAL, tk_fact_compute_year(&op, 2009, NULL));
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM fact_value WHERE year = 2009"), 0);
}

/* CORE-08: what was published stands. */
static void published(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_op op = op_of(t);
	struct tk_fact_value v;

	setup(t, 10);
	of = hits = 3;
	OK(t, tk_db_script(t->db, "INSERT INTO fiscal_year(id, version, year, name, starts_on, ends_on, state, base_date)"
			   " VALUES(1,1,2011,'平成23年度','2011-04-01','2012-03-31','published','2012-01-01')", &t->e));
	OK(t, tk_fact_compute(&op, &rate, 2011, &v));
	assert_string_equal(v.base_date, "2012-01-01");
	FAILS(t, TK_ECONFLICT, tk_fact_compute(&op, &rate, 2011, &v));
	OK(t, tk_fact_now(&op, &rate, 2011, &v));
}

/* -- facts that are their queries -------------------------------------------------------------- */
static void says(struct testdb *t, const struct tk_fact *f, const char *text, const char *missing)
{
	struct tk_op op = op_of(t);
	struct tk_fact_value v;

	OK(t, tk_fact_now(&op, f, 2011, &v));
	assert_string_equal(tk_fact_print(&op, &v), text);
	assert_int_equal(v.missing, missing != NULL);
	if (missing)
		assert_string_equal(v.why, missing);
}

/* Each letter is that value: in the order of the letters, and of the year that is asked for. */
static void letters(void **s)
{
	struct testdb *t = testdb_of(s);
	char today[11], sql[200];
	struct tk_fact f = { .id = "test.args", .unit = "people", .of = &tk_staff, .sql = sql };
	static const struct { const char *letter, *is; } arg[] = {
		{ "f", "$1 = '2011-04-01'" }, { "t", "$1 = '2012-03-31'" }, { "b", "$1 = '2012-01-01'" },
		{ "y", "CAST($1 AS BIGINT) = 2011" },
		{ "s", "CAST($1 AS BIGINT) = 1301583600" },             /* 2011-04-01 00:00 +09:00 */
		{ "e", "CAST($1 AS BIGINT) = 1333206000" },             /* 2012-04-01 00:00 +09:00 */
		{ "tyf", "$1 = '2012-03-31' AND CAST($2 AS BIGINT) = 2011 AND $3 = '2011-04-01'" },
	};

	setup(t, 10);
	OK(t, tk_db_script(t->db, "INSERT INTO fiscal_year(id, version, year, name, starts_on, ends_on, state, base_date)"
			   " VALUES(1,1,2011,'平成23年度','2011-04-01','2012-03-31','running','2012-01-01')", &t->e));
	for (size_t i = 0; i < TK_LEN(arg); i++) {
		snprintf(sql, sizeof(sql), "SELECT id, CASE WHEN %s THEN 1 ELSE 0 END FROM staff WHERE id <= 4", arg[i].is);
		f.args = arg[i].letter;
		says(t, &f, "4", NULL);
	}
	tk_date_iso(tk_today(), today);
	snprintf(sql, sizeof(sql), "SELECT id, CASE WHEN $1 = '%s' THEN 1 ELSE 0 END FROM staff WHERE id <= 4", today);
	f.args = "d";
	says(t, &f, "4", NULL);
	f.args = "t";                                                   /* another letter, another value */
	says(t, &f, "0", NULL);
}

#define NOBODY "SELECT id, 1 FROM staff WHERE id < 0"
#define THREE "SELECT id, 1 FROM staff WHERE id <= 3"
#define UNTIL "SELECT COUNT(*) FROM staff WHERE id <= $1 - "

/* What a year without rows says: that it is missing and why, or 0; and what has to be there first. */
static void empty_year(void **s)
{
	static const char nothing[] = "Nothing is recorded for this year.", none[] = "Nobody was asked.";
	struct testdb *t = testdb_of(s);
	struct tk_fact f = { .id = "test.empty", .unit = "people", .of = &tk_staff, .sql = NOBODY };

	setup(t, 10);
	says(t, &f, "－", nothing);
	f.none = none;
	says(t, &f, "－", none);
	f.zero = true;
	says(t, &f, "0", NULL);
	f.when = UNTIL "2010";                                          /* one: it is kept */
	says(t, &f, "0", NULL);
	f.when = UNTIL "2011";                                          /* none: the 0 is not said */
	says(t, &f, "－", none);
	f.none = NULL;
	says(t, &f, "－", nothing);
	f.sql = THREE;                                                  /* but rows that are there count */
	says(t, &f, "3", NULL);
	f.zero = false;                                                 /* without zero they do not */
	f.none = none;
	says(t, &f, "－", none);
	f.when = UNTIL "2010";
	says(t, &f, "3", NULL);
	f.when = "SELECT COUNT(*) FROM staff WHERE $1 = '2012-03-31'";
	f.when_args = "t";
	says(t, &f, "3", NULL);
	f.when_args = "f";
	says(t, &f, "－", none);
}

int main(void)
{
	const struct CMUnitTest tests[] = { TESTDB_BOTH(arithmetic), TESTDB_BOTH(change), TESTDB_BOTH(digest),
					    TESTDB_BOTH(explain), TESTDB_BOTH(stored), TESTDB_BOTH(published), TESTDB_BOTH(letters),
					    TESTDB_BOTH(empty_year) };

	tk_hash_init();
	return cmocka_run_group_tests_name("fact", tests, NULL, NULL);
}
