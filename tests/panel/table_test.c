/* Tables of a survey against plain loops over the same answers (SRV-03 to SRV-06, CHT-01, CHT-04). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/hash.h"
#include "base/text.h"
#include "survey_world.h"
/* -- loops ------------------------------------------------------------------------------------- */
/* The state of an item, as it counts: who has not submitted has answered nothing. */
static int code_of(const struct inst *x, int item)
{
	if (!x->counts)
		return item == BEFORE ? NOT_ASKED : NO_ANSWER;
	return item == USE ? x->use : item == Q0 || item == Q1 ? x->q[item - Q0] : x->state[item - BEFORE];
}

static bool chosen(const struct inst *x, int item, int k)
{
	int code = code_of(x, item);

	return item == BEFORE || item == AFTER ? code == VALUE && x->bits[item - BEFORE] >> k & 1 : code == VALUE + k;
}

typedef bool (*want_fn)(const struct inst *x, const void *arg);
/* Figure against loop: people, missing, base and every choice. */
static void check(struct world *w, const struct tk_figure *f, const struct tk_table *t, int item, int noption,
		  const char *const *name, want_fn who, const void *arg, want_fn base, const void *base_arg)
{
	int64_t people = 0, n = 0, miss[VALUE] = { 0 }, count[NOPT] = { 0 };

	for (int i = 0; i < ALL; i++) {
		const struct inst *x = &w->v[i];
		int code = code_of(x, item);
		bool in;

		if (who && !who(x, arg))
			continue;
		people++;
		if (code < VALUE)
			miss[code]++;
		in = base ? base(x, base_arg) : code == DK || code >= VALUE;
		n += in;
		for (int k = 0; in && k < noption; k++)
			count[k] += chosen(x, item, k);
	}
	assert_int_equal(f->people, people);
	assert_int_equal(f->n, n);
	assert_int_equal(f->not_asked, miss[NOT_ASKED]);
	assert_int_equal(f->no_answer, miss[NO_ANSWER]);
	assert_int_equal(f->not_applicable, miss[NA]);
	assert_int_equal(f->dont_know, miss[DK]);
	for (int k = 0; k < noption; k++) {
		size_t at = option(t, name[k]);

		assert_int_equal(f->count[at], count[k]);
		if (!t->whole) /* several answers, or not all shown: never adjusted (CHT-04) */
			assert_int_equal(f->share[at], n ? (count[k] * 2000 + n) / (2 * n) : TK_SHARE_NONE);
	}
}

static const char *const yn_code[] = { "yes", "no" };
static bool in_sector(const struct inst *x, const void *arg) { return !strcmp(x->sector, arg); }
static bool in_size(const struct inst *x, const void *arg)
{
	return arg ? x->size && !strcmp(x->size, arg) : !x->size;
}
static bool in_prefecture(const struct inst *x, const void *arg) { return !strcmp(x->prefecture, arg); }
static bool named(const struct inst *x, const void *arg)
{
	static const char *const list[] = { "01", "13", "27", "40" };
	bool is = false;

	for (size_t i = 0; i < TK_LEN(list); i++)
		is = is || !strcmp(list[i], x->prefecture);
	return is == *(const bool *)arg;
}
static bool over(const struct inst *x, const void *arg) { return x->counts && x->has_n && x->n > *(const int *)arg; }
static bool two(const struct inst *x, const void *arg)
{
	(void)arg;
	return code_of(x, AFTER) == VALUE && (x->bits[1] & (x->bits[1] - 1));
}
static bool answered_use(const struct inst *x, const void *arg)
{
	(void)arg;
	return code_of(x, USE) >= VALUE;
}

static void every_figure_is_what_a_plain_loop_counts(void **state)
{
	static const bool yes = true, no = false;
	static const int limit = 100;
	WORLD(state, 4711);
	struct tk_table *x;
	size_t groups = 0;

	assert_int_equal(world_tables(&w), 8);
	x = TABLE(&w, .name = "pair");
	check(&w, figure(x, "before"), x, BEFORE, 3, opt_code, NULL, NULL, NULL, NULL);
	check(&w, figure(x, "after"), x, AFTER, 3, opt_code, NULL, NULL, NULL, NULL);
	assert_false(x->whole);
	x = TABLE(&w, .name = "east");
	check(&w, figure(x, "all"), x, USE, 2, yn_code, NULL, NULL, NULL, NULL);
	check(&w, figure(x, "named"), x, USE, 2, yn_code, named, &yes, NULL, NULL);
	check(&w, figure(x, "rest"), x, USE, 2, yn_code, named, &no, NULL, NULL);
	x = TABLE(&w, .name = "by-sector");
	check(&w, figure(x, "bank"), x, USE, 2, yn_code, in_sector, "bank", NULL, NULL);
	check(&w, figure(x, "shinkin"), x, USE, 2, yn_code, in_sector, "shinkin", NULL, NULL);
	check(&w, figure(x, "total"), x, USE, 2, yn_code, NULL, NULL, NULL, NULL);
	x = TABLE(&w, .name = "grid");
	check(&w, figure(x, "q0"), x, Q0, 3, lv_code, NULL, NULL, NULL, NULL);
	check(&w, figure(x, "q1"), x, Q1, 3, lv_code, NULL, NULL, NULL, NULL);
	x = TABLE(&w, .name = "big");
	assert_int_equal(x->noption, 2);
	check(&w, figure(x, ""), x, AFTER, 1, opt_code, in_size, "big", NULL, NULL);
	x = TABLE(&w, .name = "part-based");
	check(&w, figure(x, ""), x, Q0, 3, lv_code, NULL, NULL, answered_use, NULL);
	/* any question, any group, any base */
	x = TABLE(&w, .name = "question", .item = "use", .by = "attribute:size");
	check(&w, figure(x, "big"), x, USE, 2, yn_code, in_size, "big", NULL, NULL);
	check(&w, figure(x, "small"), x, USE, 2, yn_code, in_size, "small", NULL, NULL);
	check(&w, figure(x, "none"), x, USE, 2, yn_code, in_size, NULL, NULL, NULL);
	x = TABLE(&w, .name = "question", .item = "after", .by = "prefecture");
	for (; groups + 1 < x->nfigure; groups++)
		check(&w, &x->figure[groups], x, AFTER, 3, opt_code, in_prefecture, x->figure[groups].code, NULL, NULL);
	assert_true(groups > 3);
	/* numbers and several marks are not in the planes */
	x = TABLE(&w, .name = "question", .item = "after", .base = "${n} > 100");
	check(&w, figure(x, ""), x, AFTER, 3, opt_code, NULL, NULL, over, &limit);
	x = TABLE(&w, .name = "question", .item = "use", .filter = "count-selected(${after}) > 1 and ${n} != 'x'");
	check(&w, figure(x, ""), x, USE, 2, yn_code, two, NULL, NULL, NULL);
	x = TABLE(&w, .name = "question", .item = "use", .filter = "100 < ${n}");
	check(&w, figure(x, ""), x, USE, 2, yn_code, over, &limit, NULL, NULL);
}

/* whole: options add to the base.  parts: groups add to the total. */
static void relations(const struct tk_table *x)
{
	const struct tk_figure *total = x->nfigure ? &x->figure[x->nfigure - 1] : NULL;

	for (size_t f = 0; f < x->nfigure && x->whole; f++) {
		int64_t sum = 0, share = 0;

		for (size_t k = 0; k < x->noption; k++) {
			sum += x->figure[f].count[k];
			if (x->round == TK_ROUND_LARGEST)
				share += x->figure[f].share[k];
		}
		assert_int_equal(sum, x->figure[f].n);
		if (x->round == TK_ROUND_LARGEST && sum)
			assert_int_equal(share, 1000);
	}
	for (size_t k = 0; k <= x->noption && x->parts; k++) {
		int64_t sum = 0;

		for (size_t f = 0; f + 1 < x->nfigure; f++)
			sum += k < x->noption ? x->figure[f].count[k] : x->figure[f].n;
		assert_int_equal(sum, k < x->noption ? total->count[k] : total->n);
	}
}

static void parts_add_to_wholes_and_groups_to_the_total(void **state)
{
	WORLD(state, 99);

	world_tables(&w);
	for (int round = 0; round < 5; round++) {
		static const char *const item[] = { "use", "before", "q0" };

		for (int i = 0; i < 3; i++) {
			struct inst *x = &w.v[world_random(ALL)];

			world_invent(x);
			world_answer(&w, x);
		}
		relations(TABLE(&w, .name = "part"));
		assert_true(TABLE(&w, .name = "part")->whole);
		relations(TABLE(&w, .name = "part-based"));
		relations(TABLE(&w, .name = "grid", .round = "largest"));
		for (size_t i = 0; i < TK_LEN(item); i++) {
			struct tk_table *x = TABLE(&w, .name = "question", .item = item[i], .by = "sector");

			assert_true(x->parts);
			relations(x);
			relations(TABLE(&w, .name = "question", .item = item[i], .by = "attribute:size"));
			relations(TABLE(&w, .name = "question", .item = item[i], .by = "prefecture"));
		}
	}
	/* under a base of its own everybody in it has a row, also who did not answer */
	assert_int_equal(option(TABLE(&w, .name = "part-based"), "not_applicable"), 3);
}

/* -- one changed answer ------------------------------------------------------------------------ */
static int changed(const struct tk_table *a, const struct tk_table *b, const char *const *want)
{
	int n = 0;

	assert_int_equal(a->nrow, b->nrow);
	assert_int_equal(a->ncol, b->ncol);
	for (size_t i = 0; i < a->nrow * a->ncol; i++) {
		const struct tk_table_cell *x = &a->cell[i], *y = &b->cell[i];
		enum tk_col_kind kind = a->col[i % a->ncol].kind;
		char name[80];
		int k = 0;

		snprintf(name, sizeof(name), "%s.%s", a->cell[i / a->ncol * a->ncol].text, a->col[i % a->ncol].name);
		if (kind == TK_COL_TEXT ? !strcmp(x->text, y->text)
					: x->none == y->none && (x->none || (x->n == y->n && (kind != TK_COL_RATE ||
					  (x->num == y->num && x->den == y->den)))))
			continue;
		while (want[k] && strcmp(want[k], name) != 0)
			k++;
		if (!want[k])
			fail_msg("%s changed, too", name);
		n++;
	}
	return n;
}

static void one_changed_answer_changes_its_cells_and_bases_and_no_others(void **state)
{
	WORLD(state, 5);
	struct inst *x = w.v;
	struct tk_table *pair, *grid, *sector, *part;

	world_tables(&w);
	while (!(x->counts && x->use == VALUE && x->bits[0] == 1 && x->state[1] == VALUE && !strcmp(x->sector, "bank")))
		x++;
	x->bits[1] = 1;
	world_settle(x);
	world_answer(&w, x);
	pair = TABLE(&w, .name = "pair");
	grid = TABLE(&w, .name = "grid");
	sector = TABLE(&w, .name = "question", .item = "after", .by = "sector");
	part = TABLE(&w, .name = "part");
	/* another choice: two cells and their shares */
	x->bits[1] = 4;
	world_answer(&w, x);
	assert_int_equal(changed(pair, TABLE(&w, .name = "pair"), (const char *const[]){ "a.after_count", "a.after_share",
				 "c.after_count", "c.after_share", NULL }), 4);
	assert_int_equal(changed(sector, TABLE(&w, .name = "question", .item = "after", .by = "sector"), (const char *const[]){
				 "bank.a_count", "bank.a_share", "bank.c_count", "bank.c_share", "total.a_count", "total.a_share",
				 "total.c_count", "total.c_share", NULL }), 8);
	assert_int_equal(changed(grid, TABLE(&w, .name = "grid"), (const char *const[]){ NULL }), 0);
	assert_int_equal(changed(part, TABLE(&w, .name = "part"), (const char *const[]){ NULL }), 0);
	/* the question before is shut: the base of `before`, in every row, and who was not asked */
	pair = TABLE(&w, .name = "pair");
	x->use = VALUE + 1;
	world_settle(x);
	world_answer(&w, x);
	assert_true(changed(pair, TABLE(&w, .name = "pair"), (const char *const[]){ "a.before_count", "a.before_base", "a.before_share",
			    "b.before_base", "b.before_share", "c.before_base", "c.before_share", "a.before_not_asked",
			    "b.before_not_asked", "c.before_not_asked", NULL }) >= 10);
	check(&w, figure(TABLE(&w, .name = "pair"), "before"), pair, BEFORE, 3, opt_code, NULL, NULL, NULL, NULL);
}

/* -- print ------------------------------------------------------------------------------------- */
static bool starts(const char *s, const char *with) { return !strncmp(s, with, strlen(with)); }

static void columns_bases_and_kinds_of_missing_are_printed(void **state)
{
	WORLD(state, 31);
	struct tk_table *x;
	const char *text;

	world_tables(&w);
	text = world_csv(&w, TABLE(&w, .name = "pair"));
	assert_true(starts(text, "option,before_count,before_base,before_share,after_count,after_base,after_share\na,"));
	text = world_csv(&w, TABLE(&w, .name = "pair", .missing = true));
	assert_non_null(strstr(text, "before_share,before_not_asked,before_no_answer,before_not_applicable,before_dont_know,after_count"));
	text = world_csv(&w, TABLE(&w, .name = "panel"));
	assert_true(starts(text, "sector,institutions\nbank,"));
	text = world_csv(&w, TABLE(&w, .name = "question", .item = "q0"));
	assert_true(starts(text, "option,count,base,share\nlow,"));
	x = TABLE(&w, .name = "pair");
	assert_non_null(strstr(x->base, "Before: Those who used it (n="));
	assert_non_null(strstr(x->base, "; After: Institutions that answered the question (n="));
	x = TABLE(&w, .name = "question", .item = "before");
	assert_non_null(strstr(x->base, "Institutions that answered \"Yes\" to \"Do you use it?\" (without"));
	x = TABLE(&w, .name = "question", .item = "after",
		.base = "${n} >= 10 and (selected(${after}, 'a') or selected(${after}, 'b'))");
	assert_non_null(strstr(x->base, "Institutions that gave at least 10 to \"問 n\", and chose one of \"A\", \"B\" in \"問 after\" (n="));
}

static int by_number(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

static void numbers_are_summed_and_divided_exactly(void **state)
{
	WORLD(state, 77);
	int v[ALL], n = 0;
	int64_t sum = 0;
	char want[160];
	const char *text;

	world_tables(&w);
	for (int i = 0; i < ALL; i++)
		if (w.v[i].counts && w.v[i].has_n)
			sum += v[n++] = w.v[i].n;
	qsort(v, (size_t)n, sizeof(*v), by_number);
	snprintf(want, sizeof(want), "total,%d,%" PRId64 ",", n, sum);
	text = world_csv(&w, TABLE(&w, .name = "num"));
	assert_true(starts(text, "group,n,sum,mean,min,q1,median,q3,max\n"));
	assert_non_null(strstr(text, want));
	snprintf(want, sizeof(want), ",%d,", v[0]);
	assert_non_null(strstr(text, want));
	snprintf(want, sizeof(want), ",%.1f,", n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2.0);
	assert_non_null(strstr(text, want));
	text = world_csv(&w, TABLE(&w, .name = "num", .by = "sector"));
	assert_non_null(strstr(text, "\nshinkin,"));
	assert_non_null(strstr(text, "\ntotal,"));
}

/* -- what is refused --------------------------------------------------------------------------- */
static void what_cannot_be_is_named(void **state)
{
	WORLD(state, 1);
	struct tk_who head = as_head(&w.p.o, "101", 0);
	struct tk_op op = w.p.o.op;
	struct tk_table *x;
	struct tk_table_ask ask = { .name = "pair", .lang = TK_EN };

	world_tables(&w);
	REFUSE(&w, "table", "There is no table \"none\"", .name = "none");
	REFUSE(&w, "item", "needs the code of a question", .name = "question");
	REFUSE(&w, "item", "has no item \"zz\"", .name = "question", .item = "zz");
	REFUSE(&w, "items", "does not hold numbers", .name = "question", .item = "t");
	REFUSE(&w, "by", "sector, prefecture or attribute:NAME", .name = "pair", .by = "bureau");
	REFUSE(&w, "by", "has the attribute \"x\"", .name = "pair", .by = "attribute:x");
	REFUSE(&w, "round", "one answer each", .name = "pair", .round = "largest");
	REFUSE(&w, "round", "rounding rules", .name = "pair", .round = "up");
	REFUSE(&w, "base", "${zz} is neither", .name = "question", .item = "use", .base = "${zz} = '1'");
	REFUSE(&w, "filter", "Column 10", .name = "pair", .filter = "${use} = ");
	op.who = &head;
	FAILS(t, TK_EPERM, tk_table_make(&op, &w.c, &ask, &x));
}

static void load_fails(struct world *w, const char *tables, const char *series, const char *says)
{
	size_t n;
	enum tk_rc rc;

	OK(w->t, tk_db_begin(w->t->db, &w->t->e));
	rc = tk_survey_tables_load(&w->p.o.op, "sv", &(struct tk_survey_table_files){ tables, series, strlen(tables),
		series ? strlen(series) : 0 }, &n);
	tk_db_rollback(w->t->db);
	assert_int_not_equal(rc, TK_OK);
	SAYS(w->t, says);
}

static void tables_come_from_files_once_and_every_fault_has_its_row(void **state)
{
	WORLD(state, 2);
	int64_t trail;
	const char head[] = "name,kind,title_ja,items\n";

	assert_int_equal(world_tables(&w), 8);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM survey_series"), 5);
	trail = testdb_int(t, "SELECT COUNT(*) FROM trail");
	assert_int_equal(world_tables(&w), 8); /* the same again: nothing is written */
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM trail"), trail);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM survey_series"), 5);
	load_fails(&w, tk_sprintf(t->mem, "%sX,options,表,use\n", head), NULL, "row 2");
	load_fails(&w, tk_sprintf(t->mem, "%sx,options,表,nix\n", head), NULL, "No version");
	load_fails(&w, tk_sprintf(t->mem, "%sx,pie,表,use\n", head), NULL, "row 2");
	load_fails(&w, tk_sprintf(t->mem, "%sitems,options,表,use\n", head), NULL, "standing table");
	load_fails(&w, tk_sprintf(t->mem, "%sx,options,表,\n", head), NULL, "Name the question");
	load_fails(&w, "name,color\nx,red\n", NULL, "\"color\" is not known");
	load_fails(&w, tk_sprintf(t->mem, "%sx,options,表,use\n", head), "table,code,label_ja\ny,a,甲\n", "There is no table \"y\"");
}

/* -- routes ------------------------------------------------------------------------------------ */
static void tables_and_charts_are_read_over_http(void **state)
{
	WORLD(state, 8);
	struct office *o = &w.p.o;
	struct tk_who office = as_office();
	const char *base = tk_sprintf(t->mem, "campaigns/%" PRId64 "/tables", w.c.rec.id);
	struct reply r;

	world_tables(&w);
	r = CALL(o, office, "GET", base);
	STATUS(r, 200);
	HAS(r, "{\"name\":\"pair\",\"label\":\"Pair\",\"kind\":\"options\"");
	HAS(r, "\"name\":\"items\"");
	r = CALL(o, office, "GET", tk_sprintf(t->mem, "%s/pair", base));
	STATUS(r, 200);
	HAS(r, "\"base\":\"Before: Those who used it (n=");
	HAS(r, "\"figures\":[{\"code\":\"before\"");
	r = CALL(o, office, "GET", tk_sprintf(t->mem, "%s/question", base), NULL, NULL, NULL, "item=use&by=sector&format=csv");
	STATUS(r, 200);
	HAS(r, "group,base,yes_count,yes_share");
	r = CALL(o, office, "GET", tk_sprintf(t->mem, "%s/pair/chart.svg", base));
	STATUS(r, 200);
	assert_string_equal(r.type, "image/svg+xml");
	HAS(r, "<svg");
	HAS(r, "Those who used it");
	r = CALL(o, office, "GET", tk_sprintf(t->mem, "%s/part/chart.png", base));
	STATUS(r, 200);
	assert_memory_equal(r.body, "\x89PNG", 4);
	STATUS(CALL(o, office, "GET", tk_sprintf(t->mem, "%s/nix/chart.svg", base)), 404);
	STATUS(CALL(o, as_staff(o, "101"), "GET", tk_sprintf(t->mem, "%s/pair", base)), 403);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TESTDB_BOTH(every_figure_is_what_a_plain_loop_counts),
		TESTDB_BOTH(parts_add_to_wholes_and_groups_to_the_total),
		TESTDB_BOTH(one_changed_answer_changes_its_cells_and_bases_and_no_others),
		TESTDB_BOTH(columns_bases_and_kinds_of_missing_are_printed),
		TESTDB_BOTH(numbers_are_summed_and_divided_exactly),
		TESTDB_BOTH(what_cannot_be_is_named),
		TESTDB_BOTH(tables_come_from_files_once_and_every_fault_has_its_row),
		TESTDB_BOTH(tables_and_charts_are_read_over_http),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
