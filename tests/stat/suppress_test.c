/* Disclosure control against a judge that computes by other means what a reader can find out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "sdc_judge.h"

enum { MAY = TK_CELL_PRINTED | TK_CELL_MAY_SUPPRESS, FACT = TK_CELL_PRINTED | TK_CELL_SAFE };

static struct tk_arena *arena;
static struct tk_err err = { .lang = TK_EN };

static int setup(void **state)
{
	(void)state;
	arena = tk_arena_new((size_t)1 << 30);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	tk_arena_free(arena);
	return 0;
}

static struct tk_suppressed run(const struct tk_sdc *s, struct tk_sdc_rule rule)
{
	struct tk_suppressed r;

	if (tk_suppress(s, &rule, arena, &r, &err) != TK_OK)
		fail_msg("%s", err.msg);
	return r;
}

static enum tk_rc audit(const struct tk_sdc *s, struct tk_sdc_rule rule, const uint8_t *status)
{
	return tk_suppress_audit(s, &rule, status, arena, NULL, NULL, &err);
}

/* How far apart the judge must find the ends of a small cell. */
static int64_t wanted(const struct sample_table *t, int i, int j, int k)
{
	const int64_t all[3] = { k, t->sdc->cell[sample_at(t, i, t->d[1], 0)].count,
				 t->sdc->cell[sample_at(t, t->d[0], j, 0)].count };
	int64_t grand = t->sdc->cell[sample_at(t, t->d[0], t->d[1], 0)].count, want = k;
	bool facts = !(t->sdc->cell[sample_at(t, 0, t->d[1], 0)].flags & TK_CELL_MAY_SUPPRESS);

	for (int q = 0; q < 3 && facts; q++)
		want = all[q] < want ? all[q] : want;
	return grand < want ? grand : want;
}

/* Is every cell of a two-way table as safe as the rule asks?  Leaks that were reported are let
 * through where even an empty table would tell as much. */
static bool judged_safe(const struct sample_table *t, int k, const uint8_t *status)
{
	struct judge_range r[17 * 17];

	judge_flow(t, status, r);
	for (int i = 0; i <= t->d[0]; i++) {
		for (int j = 0; j <= t->d[1]; j++) {
			const struct tk_sdc_cell *c = &t->sdc->cell[sample_at(t, i, j, 0)];
			struct judge_range x = r[i * (t->d[1] + 1) + j];
			bool out = status[sample_at(t, i, j, 0)] != TK_CELL_ST_PRINTED;
			bool small = !(c->flags & TK_CELL_SAFE) && c->count > 0 && c->count < k;

			if (x.hi != INT64_MAX &&
			    x.hi - x.lo < (small ? wanted(t, i, j, k) : out ? 1 : 0))
				return false;
		}
	}
	return true;
}

/* All that may be left out is left out, and it is not enough. */
static bool hopeless(const struct sample_table *t, int k)
{
	uint8_t all[17 * 17] = { 0 };

	for (size_t c = 0; c < t->sdc->ncell; c++) {
		if (t->sdc->cell[c].flags & TK_CELL_MAY_SUPPRESS)
			all[c] = TK_CELL_ST_PRIMARY;
	}
	return !judged_safe(t, k, all);
}

static void no_cell_of_a_random_table_can_be_recomputed(void **state)
{
	static const int ks[] = { 3, 5, 10 };
	int unsafe = 0, tables = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 300; seed++) {
		struct sample_rng r = { seed };
		int rows = 2 + (int)sample_next(&r, 7), cols = 2 + (int)sample_next(&r, 7);
		int k = ks[sample_next(&r, 3)], max = 4 + (int)sample_next(&r, 30);
		int zero = (int)sample_next(&r, 5);
		bool margins = sample_next(&r, 2);
		struct sample_table t =
			sample_random(arena, &r, rows, cols, 1, max, zero, margins);
		/* the exact search has its own test below */
		struct tk_sdc_rule rule = { .k = k, .budget = seed % 3 ? -1 : 200 };
		struct tk_suppressed out = run(t.sdc, rule);

		tables++;
		if (out.nleak) {
			unsafe++;
			assert_true(hopeless(&t, k));
			assert_int_equal(audit(t.sdc, rule, out.status), TK_ECONFLICT);
			continue;
		}
		if (!judged_safe(&t, k, out.status))
			fail_msg("seed %d: %d x %d, k %d is not safe", (int)seed, rows, cols, k);
		assert_int_equal(audit(t.sdc, rule, out.status), TK_OK);
	}
	print_message("%d tables, %d of them cannot be protected with their margins\n", tables,
		      unsafe);
	assert_true(unsafe < tables / 4);
}

/* The audit and the judge must agree on patterns that nobody chose well, too. */
static void the_audit_agrees_with_the_judge(void **state)
{
	int safe = 0, leaky = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 1500; seed++) {
		struct sample_rng r = { seed };
		int rows = 2 + (int)sample_next(&r, 4), cols = 2 + (int)sample_next(&r, 4);
		struct sample_table t = sample_random(arena, &r, rows, cols, 1, 12, 1, true);
		struct tk_sdc_rule rule = { .k = 3, .budget = -1 };
		uint8_t status[36] = { 0 };
		bool ok;

		/* every other one is a good pattern, perhaps with a hole */
		if (seed % 2) {
			memcpy(status, run(t.sdc, rule).status, t.sdc->ncell);
			for (size_t c = 0; c < t.sdc->ncell; c++) {
				if (status[c] == TK_CELL_ST_COMPLEMENTARY &&
				    sample_next(&r, 8) == 0)
					status[c] = TK_CELL_ST_PRINTED;
			}
		}
		for (size_t c = 0; seed % 2 == 0 && c < t.sdc->ncell; c++) {
			const struct tk_sdc_cell *x = &t.sdc->cell[c];

			if (!(x->flags & TK_CELL_MAY_SUPPRESS))
				continue;
			if (x->count > 0 && x->count < 3)
				status[c] = TK_CELL_ST_PRIMARY;
			else if (sample_next(&r, 3) == 0)
				status[c] = TK_CELL_ST_COMPLEMENTARY;
		}
		ok = judged_safe(&t, 3, status);
		safe += ok;
		leaky += !ok;
		if ((audit(t.sdc, rule, status) == TK_OK) != ok)
			fail_msg("seed %d: the judge says %s", (int)seed, ok ? "safe" : "leak");
	}
	print_message("%d patterns were safe, %d were not\n", safe, leaky);
	assert_true(safe > 100 && leaky > 100);
}

/* The cost of the best pattern there is, by trying all that are cheaper than `than`. */
struct trial {
	const struct sample_table *t;
	int k;
	uint8_t status[36];
	uint32_t may[36];
	size_t n;
	int64_t best;
};

static void try_from(struct trial *x, size_t at, int64_t cost)
{
	if (cost >= x->best)
		return;
	if (judged_safe(x->t, x->k, x->status)) {
		x->best = cost;
		return;
	}
	for (size_t i = at; i < x->n; i++) {
		uint32_t c = x->may[i];

		x->status[c] = TK_CELL_ST_COMPLEMENTARY;
		try_from(x, i + 1, cost + x->t->sdc->cell[c].cost);
		x->status[c] = TK_CELL_ST_PRINTED;
	}
}

static int64_t best_of_all(const struct sample_table *t, int k, int64_t than)
{
	struct trial x = { .t = t, .k = k, .best = than };

	for (uint32_t c = 0; c < t->sdc->ncell; c++) {
		const struct tk_sdc_cell *cell = &t->sdc->cell[c];

		if (!(cell->flags & TK_CELL_MAY_SUPPRESS))
			continue;
		if (cell->count > 0 && cell->count < k && !(cell->flags & TK_CELL_SAFE))
			x.status[c] = TK_CELL_ST_PRIMARY;
		else
			x.may[x.n++] = c;
	}
	try_from(&x, 0, 0);
	return x.best;
}

static void small_tables_lose_as_little_as_possible(void **state)
{
	int64_t best = 0, exact = 0, quick = 0, worst = 0;
	int tables = 0, optimal = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 400 && tables < 120; seed++) {
		struct sample_rng r = { seed };
		int rows = 2 + (int)sample_next(&r, 3), cols = 2 + (int)sample_next(&r, 3);
		int k = sample_next(&r, 2) ? 3 : 5;
		bool margins = rows * cols <= 9 && sample_next(&r, 2);
		struct sample_table t = sample_random(arena, &r, rows, cols, 1, 14, 1, margins);
		struct tk_suppressed a = run(t.sdc, (struct tk_sdc_rule){ .k = k });
		struct tk_suppressed b = run(t.sdc, (struct tk_sdc_rule){ .k = k, .budget = -1 });
		int64_t c;

		if (a.nleak || !a.count[TK_CELL_ST_PRIMARY] || a.cost > 9)
			continue;
		c = best_of_all(&t, k, a.cost + 1);
		tables++;
		optimal += a.optimal;
		if (a.optimal && a.cost != c)
			fail_msg("seed %d: cost %d is called the best, but %d is", (int)seed,
				 (int)a.cost, (int)c);
		best += c;
		exact += a.cost;
		quick += b.cost;
		worst = b.cost - c > worst ? b.cost - c : worst;
	}
	print_message("%d tables up to 4 x 4: best possible %lld, exact search %lld (%d proven), "
		      "heuristic %lld (at worst %lld more in a table)\n",
		      tables, (long long)best, (long long)exact, optimal, (long long)quick,
		      (long long)worst);
	assert_true(tables >= 100);
	assert_int_equal(optimal, tables);
	assert_int_equal(exact, best);
	assert_true(quick * 100 <= best * 105);
}

static void two_in_every_row_and_column_are_not_enough(void **state)
{
	/* rows 1 and 2 less columns 1 and 3 leave exactly the cell in row 2, column 2 */
	static const int64_t count[16] = { 6, 20, 4, 30, 7, 2, 8, 31, 21, 9, 22, 5, 23, 1, 24, 2 };
	static const char pattern[] = "x.x.xxx..x.x.x.x";
	struct sample_table t = sample_given(arena, count, 4, 4, true);
	struct tk_sdc_rule rule = { .k = 3 };
	uint8_t status[25] = { 0 };
	struct tk_sdc_leak *leak;
	struct tk_suppressed r;
	size_t n;

	(void)state;
	for (int i = 0; i < 16; i++)
		status[sample_at(&t, i / 4, i % 4, 0)] = pattern[i] == 'x' ? TK_CELL_ST_PRIMARY : 0;
	assert_int_equal(tk_suppress_audit(t.sdc, &rule, status, arena, &leak, &n, &err),
			 TK_ECONFLICT);
	assert_int_equal(n, 1);
	assert_int_equal(leak[0].cell, sample_at(&t, 1, 1, 0));
	assert_true(leak[0].recomputed);
	assert_int_equal(leak[0].lo, 2);
	assert_int_equal(leak[0].hi, 2);
	assert_string_equal(err.field, "cell 1,1,0");
	assert_non_null(strstr(err.msg, "can be computed"));
	r = run(t.sdc, rule);
	assert_int_equal(audit(t.sdc, rule, r.status), TK_OK);
	assert_true(judged_safe(&t, 3, r.status));
}

/* 1 + 1 printed as a sum of 2: nobody can compute either, but both are known to be small. */
static void a_range_that_is_too_narrow_is_a_leak(void **state)
{
	struct tk_sdc *s = tk_sdc_new(arena);
	uint32_t part[2] = { tk_sdc_cell(s, "one", 1, MAY, 0), tk_sdc_cell(s, "other", 1, MAY, 0) };
	uint32_t sum = tk_sdc_cell(s, "both", 2, MAY, 0);
	uint32_t rest = tk_sdc_cell(s, "rest", 20, MAY, 0), more = tk_sdc_cell(s, "more", 30, MAY, 0);
	uint32_t outer[3] = { sum, rest, more };
	struct tk_sdc_rule rule = { .k = 3 };
	uint8_t status[6] = { TK_CELL_ST_PRIMARY, TK_CELL_ST_PRIMARY };
	struct tk_sdc_leak *leak;
	struct tk_suppressed r;
	size_t n;

	(void)state;
	tk_sdc_sum(s, sum, part, 2);
	tk_sdc_sum(s, tk_sdc_cell(s, "all", 52, FACT, 0), outer, 3);
	assert_int_equal(tk_suppress_audit(s, &rule, status, arena, &leak, &n, &err), TK_ECONFLICT);
	assert_int_equal(n, 3);
	assert_false(leak[0].recomputed);
	assert_int_equal(leak[0].lo, 0);
	assert_int_equal(leak[0].hi, 2);
	assert_non_null(strstr(err.msg, "only be 0 to 2"));
	r = run(s, rule);
	/* the sum is small as well, and one of its neighbours goes with it */
	assert_int_equal(r.status[sum], TK_CELL_ST_PRIMARY);
	assert_int_equal(r.count[TK_CELL_ST_COMPLEMENTARY], 1);
	assert_int_equal(r.nleak, 0);
	assert_true(r.optimal);
}

/* The least of k and the public facts that hold the cell: more than 0 to that is not asked for. */
static int64_t fact_over(const struct sample_table *t, uint32_t cell, int64_t k)
{
	const int *d = t->d;

	for (int n = 0; n < (d[0] + 1) * (d[1] + 1) * (d[2] + 1); n++) {
		int at[3] = { n / (d[2] + 1) / (d[1] + 1), n / (d[2] + 1) % (d[1] + 1),
			      n % (d[2] + 1) };

		if (sample_at(t, at[0], at[1], at[2]) != cell)
			continue;
		for (int over = 0; over < 8; over++) {
			uint32_t c = sample_at(t, over & 1 ? d[0] : at[0], over & 2 ? d[1] : at[1],
					       over & 4 ? d[2] : at[2]);

			if ((t->sdc->cell[c].flags & TK_CELL_SAFE) && t->sdc->cell[c].count < k)
				k = t->sdc->cell[c].count;
		}
	}
	return k;
}

static void three_way_tables(void **state)
{
	int tables = 0, cells = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 80; seed++) {
		struct sample_rng r = { seed };
		struct sample_table t = sample_random(arena, &r, 2, 2 + (int)(seed % 2), 2, 4,
						      3, false);
		struct tk_sdc_rule rule = { .k = 3 };
		struct tk_suppressed out;
		struct judge_range range[64];

		/* two-way margins may go, the outer ones are facts */
		for (int i = 0; i <= t.d[0]; i++) {
			for (int j = 0; j <= t.d[1]; j++) {
				for (int k = 0; k <= t.d[2]; k++) {
					if ((i == t.d[0]) + (j == t.d[1]) + (k == t.d[2]) == 1)
						t.sdc->cell[sample_at(&t, i, j, k)].flags = MAY;
				}
			}
		}
		out = run(t.sdc, rule);
		if (out.nleak || !judge_enumerate(t.sdc, out.status, 12, range))
			continue;
		assert_int_equal(audit(t.sdc, rule, out.status), TK_OK);
		for (size_t c = 0; c < t.sdc->ncell; c++) {
			const struct tk_sdc_cell *x = &t.sdc->cell[c];
			int64_t wide = range[c].hi - range[c].lo;

			if (out.status[c] == TK_CELL_ST_PRINTED)
				continue;
			cells++;
			assert_true(wide >= 1);
			if (x->count > 0 && x->count < 3)
				assert_true(wide >= fact_over(&t, (uint32_t)c, 3));
		}
		tables++;
	}
	print_message("%d three-way tables, %d cells left out\n", tables, cells);
	assert_true(tables >= 30 && cells >= 200);
}

/* SRV-04: those who answered yes are the base of the next question. */
static void the_base_of_a_conditional_question_is_linked(void **state)
{
	struct tk_sdc *s = tk_sdc_new(arena);
	uint32_t all = tk_sdc_cell(s, "all", 60, FACT, 0);
	uint32_t q1[2] = { tk_sdc_cell(s, "has it", 32, MAY, 2),
			   tk_sdc_cell(s, "has not", 28, MAY, 2) };
	uint32_t q2[3] = { tk_sdc_cell(s, "often", 2, MAY, 0),
			   tk_sdc_cell(s, "rarely", 12, MAY, 0),
			   tk_sdc_cell(s, "never", 18, MAY, 0) };
	/* a second printing of the same question, summed up another way */
	uint32_t ever = tk_sdc_cell(s, "often or rarely", 14, MAY, 0);
	struct tk_sdc_rule rule = { .k = 3 };
	struct tk_suppressed r;
	struct judge_range range[8];
	uint8_t only[8] = { 0 };

	(void)state;
	tk_sdc_sum(s, all, q1, 2);
	tk_sdc_sum(s, q1[0], q2, 3);
	tk_sdc_sum(s, ever, q2, 2);
	for (int i = 0; i < 3; i++)
		tk_sdc_part(s, q2[i], q1[0]);
	/* without a look at the second table, "often" and "never" seem enough */
	only[q2[0]] = TK_CELL_ST_PRIMARY;
	only[q2[2]] = TK_CELL_ST_COMPLEMENTARY;
	assert_int_equal(audit(s, rule, only), TK_ECONFLICT);
	r = run(s, rule);
	assert_int_equal(audit(s, rule, r.status), TK_OK);
	assert_int_equal(r.status[q2[0]], TK_CELL_ST_PRIMARY);
	assert_int_equal(r.cost, 1);
	assert_int_equal(r.status[q2[1]], TK_CELL_ST_COMPLEMENTARY);
	assert_true(judge_enumerate(s, r.status, 60, range));
	assert_true(range[q2[0]].hi - range[q2[0]].lo >= 3);
}

static void nearly_all_of_a_base_is_a_small_figure_too(void **state)
{
	struct tk_sdc *s = tk_sdc_new(arena);
	uint32_t base = tk_sdc_cell(s, "users", 130, MAY, 5);
	uint32_t rules = tk_sdc_cell(s, "has rules", 128, MAY, 0);
	uint32_t other = tk_sdc_cell(s, "has a passcode", 60, MAY, 0);
	struct tk_sdc_rule rule = { .k = 3 };
	struct tk_suppressed r;
	uint8_t none[3] = { 0 };

	(void)state;
	/* several answers were possible: no sum, only shares of one base */
	tk_sdc_part(s, rules, base);
	tk_sdc_part(s, other, base);
	r = run(s, rule);
	assert_int_equal(r.status[rules], TK_CELL_ST_PRIMARY);
	assert_int_equal(r.status[other], TK_CELL_ST_PRINTED);
	assert_int_equal(r.status[base], TK_CELL_ST_PRINTED);
	assert_int_equal(audit(s, rule, none), TK_ECONFLICT);
	assert_non_null(strstr(err.msg, "How many of users are not among has rules"));
	assert_int_equal(audit(s, rule, r.status), TK_OK);
	/* at 100 % nobody is left: exempt unless the rule says otherwise */
	s->cell[rules].count = 130;
	r = run(s, rule);
	assert_int_equal(r.count[TK_CELL_ST_PRIMARY], 0);
	rule.protect_full = true;
	r = run(s, rule);
	assert_int_equal(r.status[rules], TK_CELL_ST_PRIMARY);
	s->cell[rules].count = 0;
	r = run(s, rule);
	assert_int_equal(r.status[rules], TK_CELL_ST_PRIMARY);
	rule.protect_full = false;
	assert_int_equal(run(s, rule).count[TK_CELL_ST_PRIMARY], 0);
	rule.protect_zero = true;
	assert_int_equal(run(s, rule).status[rules], TK_CELL_ST_PRIMARY);
}

static void a_kind_of_which_two_exist_keeps_what_it_can(void **state)
{
	struct tk_sdc *s = tk_sdc_new(arena);
	uint32_t two = tk_sdc_cell(s, "frame", 2, FACT, 0), part[2], big[2], sum[2];
	uint32_t many = tk_sdc_cell(s, "other frame", 200, FACT, 0);
	struct tk_sdc_rule rule = { .k = 5 };
	struct tk_suppressed r;

	(void)state;
	for (int i = 0; i < 2; i++) {
		part[i] = tk_sdc_cell(s, "answer", i ? 0 : 2, MAY, 0);
		big[i] = tk_sdc_cell(s, "answer of others", 100, MAY, 0);
		sum[i] = tk_sdc_cell(s, "all", i ? 100 : 102, MAY, 5);
		tk_sdc_sum(s, sum[i], (uint32_t[]){ part[i], big[i] }, 2);
	}
	tk_sdc_sum(s, two, part, 2);
	tk_sdc_sum(s, many, big, 2);
	r = run(s, rule);
	assert_int_equal(r.nleak, 0);
	assert_int_equal(r.status[part[0]], TK_CELL_ST_PRIMARY);
	assert_int_equal(r.status[part[1]], TK_CELL_ST_COMPLEMENTARY);
	assert_int_equal(audit(s, rule, r.status), TK_OK);
}

static void what_must_be_printed_and_is_small_is_named(void **state)
{
	struct tk_sdc *s = tk_sdc_new(arena);
	uint32_t part[2] = { tk_sdc_cell(s, "known", 2, TK_CELL_PRINTED, 0),
			     tk_sdc_cell(s, "rest", 20, MAY, 0) };
	struct tk_sdc_rule rule = { .k = 3 };
	struct tk_suppressed r;

	(void)state;
	tk_sdc_sum(s, tk_sdc_cell(s, "all", 22, FACT, 0), part, 2);
	r = run(s, rule);
	assert_int_equal(r.nleak, 1);
	assert_int_equal(r.leak[0].cell, part[0]);
	assert_true(r.leak[0].recomputed);
	assert_int_equal(audit(s, rule, r.status), TK_ECONFLICT);
	assert_string_equal(err.field, "known");
	/* what is printed nowhere must not be computed either, unless it is no answer */
	s->cell[part[0]].flags = 0;
	r = run(s, rule);
	assert_int_equal(r.status[part[0]], TK_CELL_ST_HIDDEN);
	assert_int_equal(r.status[part[1]], TK_CELL_ST_COMPLEMENTARY);
	assert_int_equal(r.nleak, 0);
	s->cell[part[0]].flags = TK_CELL_SAFE;
	r = run(s, rule);
	assert_int_equal(r.count[TK_CELL_ST_COMPLEMENTARY], 0);
}

static void tables_that_do_not_fit_are_refused(void **state)
{
	struct tk_sdc *s = tk_sdc_new(arena);
	uint32_t a = tk_sdc_cell(s, "a", 4, MAY, 0), b = tk_sdc_cell(s, "b", 5, MAY, 0);
	uint32_t sum = tk_sdc_cell(s, "sum", 10, MAY, 0);
	struct tk_sdc_rule rule = { .k = 3 };
	struct tk_suppressed r;

	(void)state;
	tk_sdc_sum(s, sum, (uint32_t[]){ a, b }, 2);
	assert_int_equal(tk_suppress(s, &rule, arena, &r, &err), TK_EINVAL);
	assert_string_equal(err.field, "sum");
	assert_non_null(strstr(err.msg, "9 and not to 10"));
	s->cell[sum].count = 9;
	rule.k = 4;
	assert_int_equal(tk_suppress(s, &rule, arena, &r, &err), TK_EINVAL);
	assert_string_equal(err.field, "k");
	rule.k = 5;
	tk_sdc_part(s, sum, a);
	assert_int_equal(tk_suppress(s, &rule, arena, &r, &err), TK_EINVAL);
	s->npart = 0;
	tk_sdc_sum(s, sum, (uint32_t[]){ a, a }, 2);
	assert_int_equal(tk_suppress(s, &rule, arena, &r, &err), TK_EINVAL);
	s->nsum = 1;
	s->cell[a].count = -4;
	assert_int_equal(tk_suppress(s, &rule, arena, &r, &err), TK_EINVAL);
	s->ncell = 0;
	s->nsum = 0;
	assert_int_equal(tk_suppress(s, &rule, arena, &r, &err), TK_OK);
	assert_true(r.optimal && !r.nleak);
}

static void a_questionnaire_of_linked_tables(void **state)
{
	struct sample_rng r = { 239 };
	struct tk_sdc *s = sample_pack(arena, &r, 9, 30, 239);
	struct tk_sdc_rule rule = { .k = 5 };
	struct tk_suppressed a = run(s, rule), b = run(s, rule);

	(void)state;
	assert_int_equal(a.nleak, 0);
	assert_int_equal(audit(s, rule, a.status), TK_OK);
	assert_true(a.count[TK_CELL_ST_COMPLEMENTARY] > 0);
	/* the same input, the same output */
	assert_memory_equal(a.status, b.status, s->ncell);
	/* no complementary cell is idle: printing any one of them would be a leak */
	for (size_t c = 0; c < s->ncell; c++) {
		if (a.status[c] != TK_CELL_ST_COMPLEMENTARY)
			continue;
		a.status[c] = TK_CELL_ST_PRINTED;
		assert_int_equal(audit(s, rule, a.status), TK_ECONFLICT);
		a.status[c] = TK_CELL_ST_COMPLEMENTARY;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_cell_of_a_random_table_can_be_recomputed),
		cmocka_unit_test(the_audit_agrees_with_the_judge),
		cmocka_unit_test(small_tables_lose_as_little_as_possible),
		cmocka_unit_test(two_in_every_row_and_column_are_not_enough),
		cmocka_unit_test(a_range_that_is_too_narrow_is_a_leak),
		cmocka_unit_test(three_way_tables),
		cmocka_unit_test(the_base_of_a_conditional_question_is_linked),
		cmocka_unit_test(nearly_all_of_a_base_is_a_small_figure_too),
		cmocka_unit_test(a_kind_of_which_two_exist_keeps_what_it_can),
		cmocka_unit_test(what_must_be_printed_and_is_small_is_named),
		cmocka_unit_test(tables_that_do_not_fit_are_refused),
		cmocka_unit_test(a_questionnaire_of_linked_tables),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
