/* suppress_bench - disclosure control on tables of growing size: time, cells left out, and beside it
 * the plain rule "at least two in every sum", with what it leaves open.
 *
 *   ninja -C build bench/suppress_bench && build/bench/suppress_bench
 *
 * Fixed seeds; k = 3.  Every pattern of ours is audited; the plain rule's too, and its leaks counted.
 */
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "sdc_sample.h"

struct total {
	int tables, optimal, leaky;
	size_t cells, primary, ours, plain, leaks;
	double ms, audit_ms, worst_ms;
};

static bool may_go(const struct tk_sdc *s, const uint8_t *status, uint32_t c)
{
	return status[c] == TK_CELL_ST_PRINTED && (s->cell[c].flags & TK_CELL_MAY_SUPPRESS);
}

/* Where a sum has a single unknown, the cheapest of the others goes too; until nothing changes. */
static size_t plain_rule(const struct tk_sdc *s, uint8_t *status)
{
	size_t added = 0;
	bool changed = true;

	while (changed) {
		changed = false;
		for (size_t i = 0; i < s->nsum; i++) {
			const struct tk_cell_sum *m = &s->sum[i];
			uint32_t best = UINT32_MAX;
			int unknown = 0;

			for (size_t j = 0; j <= m->n; j++) {
				uint32_t c = j < m->n ? m->addend[j] : m->total;

				unknown += status[c] != TK_CELL_ST_PRINTED;
				if (may_go(s, status, c) && s->cell[c].count &&
				    (best == UINT32_MAX || s->cell[c].cost < s->cell[best].cost ||
				     (s->cell[c].cost == s->cell[best].cost &&
				      s->cell[c].count < s->cell[best].count)))
					best = c;
			}
			if (unknown != 1 || best == UINT32_MAX)
				continue;
			status[best] = TK_CELL_ST_COMPLEMENTARY;
			added++;
			changed = true;
		}
	}
	return added;
}

static void measure(const struct tk_sdc *s, struct total *t, struct tk_arena *a)
{
	const struct tk_sdc_rule rule = { .k = 3 };
	struct tk_err e = { .lang = TK_EN };
	struct tk_suppressed r;
	struct tk_sdc_leak *leak;
	int64_t from = tk_mono_us(), mid, end;
	size_t n;

	if (tk_suppress(s, &rule, a, &r, &e) != TK_OK || r.nleak) {
		fprintf(stderr, "%s\n", r.nleak ? "not to be protected" : e.msg);
		return;
	}
	mid = tk_mono_us();
	if (tk_suppress_audit(s, &rule, r.status, a, NULL, NULL, &e) != TK_OK)
		fprintf(stderr, "our own pattern leaks: %s\n", e.msg);
	end = tk_mono_us();
	t->tables++;
	t->optimal += r.optimal;
	t->cells += s->ncell;
	t->primary += r.count[TK_CELL_ST_PRIMARY];
	t->ours += r.count[TK_CELL_ST_COMPLEMENTARY];
	t->ms += (double)(mid - from) / 1e3;
	t->worst_ms = (double)(mid - from) / 1e3 > t->worst_ms ? (double)(mid - from) / 1e3 :
								  t->worst_ms;
	t->audit_ms += (double)(end - mid) / 1e3;
	for (size_t c = 0; c < s->ncell; c++) {
		if (r.status[c] == TK_CELL_ST_COMPLEMENTARY)
			r.status[c] = TK_CELL_ST_PRINTED;
	}
	t->plain += plain_rule(s, r.status);
	t->leaky += tk_suppress_audit(s, &rule, r.status, a, &leak, &n, &e) != TK_OK;
	t->leaks += n;
}

static void print(const char *name, const struct total *t)
{
	double n = t->tables ? t->tables : 1;

	printf("%-34s %6.0f %6.1f %7.1f %4d/%-4d %8.1f %8.1f %7.1f %8.1f %4d/%d: %.1f\n", name,
	       (double)t->cells / n, (double)t->primary / n, (double)t->ours / n, t->optimal,
	       t->tables, t->ms / n, t->worst_ms, t->audit_ms / n, (double)t->plain / n, t->leaky,
	       t->tables, (double)t->leaks / n);
}

static void table(const char *name, int rows, int cols, int layers, int times)
{
	struct tk_arena *a = tk_arena_new((size_t)1 << 30);
	struct total t = { 0 };

	for (int i = 1; i <= times; i++) {
		struct sample_rng r = { (uint64_t)i };

		measure(sample_random(a, &r, rows, cols, layers, 24, 1, true).sdc, &t, a);
		tk_arena_reset(a);
	}
	print(name, &t);
	tk_arena_free(a);
}

static void pack(const char *name, int questions)
{
	struct tk_arena *a = tk_arena_new((size_t)1 << 30);
	struct total t = { 0 };

	for (int i = 1; i <= 3; i++) {
		struct sample_rng r = { (uint64_t)i };

		measure(sample_pack(a, &r, 9, questions, 239), &t, a);
		tk_arena_reset(a);
	}
	print(name, &t);
	tk_arena_free(a);
}

int main(void)
{
	printf("%-34s %6s %6s %7s %9s %8s %8s %7s %8s %s\n", "average of the tables", "cells",
	       "small", "others", "proven", "ms", "worst", "audit", "plain", "leaky: leaks each");
	table("4 x 4", 4, 4, 1, 50);
	table("6 x 6", 6, 6, 1, 50);
	table("8 x 8", 8, 8, 1, 50);
	table("12 x 12", 12, 12, 1, 10);
	table("8 x 8 x 3", 8, 8, 3, 3);
	pack("239 by 9 strata, 10 questions", 10);
	pack("239 by 9 strata, 60 questions", 60);
	pack("239 by 9 strata, 400 questions", 400);
	return 0;
}
