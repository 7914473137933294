/* Publications of the demonstration's survey, on both engines: no small figure is printed or can be
 * computed, the same figure is left out wherever it stands, what was published stays as it is
 * (SRV-04, SRV-08, SRV-09). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "demo/demo.h"
#include "main/wiring.h"
#include "publish/disclose.h"
#include "testdb.h"

struct world {
	struct testdb *t;
	struct tk_who who;
	struct tk_op op;
	struct campaign c;
};

static struct world *filled(void **state)
{
	struct tk_demo_opt opt = { .staff = 200 };
	struct testdb *t = testdb_of(state);
	struct world *w = tk_alloc(t->mem, sizeof(*w));

	tk_wire_types();
	tk_arena_raise(t->mem, (size_t)2 << 30);
	w->t = t;
	w->who = tk_who_system("test", "test", TK_EN);
	w->op = (struct tk_op){ t->db, t->mem, &w->who, &t->e };
	OK(t, tk_ship_forms(&w->op));
	OK(t, tk_demo_fill(&w->op, &opt));
	OK(t, tk_campaign_find(&w->op, "telework-2020", &w->c));
	return w;
}

static struct publication draft(struct world *w, const char *tables, const char *min)
{
	struct publication p;

	OK(w->t, tk_publication_new(&w->op, &w->c, tables, min, "Corrected", &p));
	return p;
}

static struct tk_disclosure disclosed(struct world *w, const char *tables, const char *min)
{
	struct publication p = draft(w, tables, min);
	struct tk_disclosure d;

	OK(w->t, tk_disclose(&w->op, &p, &w->c, TK_EN, &d));
	OK(w->t, tk_disclosure_prove(&w->op, &d));
	return d;
}

/* Every figure that is left to be printed, and every rest of a base, is nobody or at least min. */
static void none_is_small(const struct tk_disclosure *d, int64_t min)
{
	for (size_t k = 0; k < d->ntable; k++) {
		const struct tk_table *t = d->table[k].table;

		for (size_t f = 0; f < t->nfigure; f++) {
			const struct tk_figure *g = &t->figure[f];

			assert_true(g->n == TK_COUNT_HIDDEN || g->n == 0 || g->n >= min);
			for (size_t o = 0; o < t->noption; o++) {
				int64_t n = g->count[o], rest = g->n - n;

				if (n < 0)
					continue;
				assert_true(n == 0 || n >= min);
				if (g->n >= 0)
					assert_true(rest == 0 || rest >= min);
			}
		}
	}
}

/* In a column of parts with its total, and among options with their base, one alone is never
 * missing: it would be the difference. */
static void none_stands_alone(const struct tk_disclosure *d)
{
	for (size_t k = 0; k < d->ntable; k++) {
		const struct tk_table *t = d->table[k].table;

		for (size_t o = 0; t->parts && o < t->noption; o++) {
			size_t gone = 0;

			for (size_t f = 0; f < t->nfigure; f++)
				gone += t->figure[f].count[o] == TK_COUNT_HIDDEN;
			assert_int_not_equal(gone, 1);
		}
		for (size_t f = 0; t->whole && f < t->nfigure; f++) {
			size_t gone = t->figure[f].n == TK_COUNT_HIDDEN;

			for (size_t o = 0; o < t->noption; o++)
				gone += t->figure[f].count[o] == TK_COUNT_HIDDEN;
			assert_int_not_equal(gone, 1);
		}
	}
}

static void small_figures_are_left_out(void **state)
{
	static const char *const min[] = { "3", "5", "10" };
	struct world *w = filled(state);
	size_t last = 0;

	for (size_t i = 0; i < TK_LEN(min); i++) {
		struct tk_disclosure d = disclosed(w, NULL, min[i]);

		none_is_small(&d, atoi(min[i]));
		none_stands_alone(&d);
		assert_true(d.primary > 0 && d.primary + d.complementary > last);
		assert_true(d.cells > 150);
		last = d.primary + d.complementary;
	}
}

static const struct tk_table *named(const struct tk_disclosure *d, const char *name)
{
	for (size_t k = 0; k < d->ntable; k++)
		if (!strcmp(d->table[k].table->name, name))
			return d->table[k].table;
	fail_msg("no table %s", name);
	return NULL;
}

static int64_t count_of(const struct tk_table *t, size_t figure, const char *option)
{
	for (size_t o = 0; o < t->noption; o++)
		if (!strcmp(t->option[o].code, option))
			return t->figure[figure].count[o];
	fail_msg("no option %s", option);
	return 0;
}

/* Three tables that nobody has declared to be linked: all, the thirteen prefectures, the rest.  One
 * figure alone must never be missing: it is the difference of the other two. */
static void a_group_and_the_rest_give_nothing_away(void **state)
{
	static const char *const min[] = { "3", "5", "10" };
	static const char *const name[] = { "staff-share-all", "staff-share-alert",
					    "staff-share-other" };
	struct world *w = filled(state);
	size_t seen = 0;

	for (size_t i = 0; i < TK_LEN(min); i++) {
		struct tk_disclosure d = disclosed(w, NULL, min[i]);
		const struct tk_table *all = named(&d, name[0]);

		for (size_t f = 0; f < all->nfigure; f++)
			for (size_t o = 0; o < all->noption; o++) {
				size_t gone = 0;

				for (size_t k = 0; k < TK_LEN(name); k++)
					gone += count_of(named(&d, name[k]), f,
							 all->option[o].code) == TK_COUNT_HIDDEN;
				assert_int_not_equal(gone, 1);
				seen += gone;
			}
	}
	assert_true(seen > 0);
}

static const char *csv_of(struct world *w, const struct tk_table *t)
{
	struct tk_buf b = TK_BUF(1 << 20);
	const char *s;

	OK(w->t, tk_table_out(t, &(struct tk_out_opt){ 0 }, tk_out_to_buf, &b, &w->t->e));
	s = tk_strdup(w->t->mem, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return s;
}

/* What has no small figure is printed as it was. */
static void a_large_table_stays(void **state)
{
	struct world *w = filled(state);
	struct tk_disclosure d = disclosed(w, "web-meeting", "5");
	const char *s = csv_of(w, named(&d, "web-meeting"));

	assert_int_equal(d.primary + d.complementary, 0);
	assert_non_null(strstr(s, "rules_in_manual,64,130,49.2,116,207,56.0\n"));
	assert_int_equal(d.ntable, 1);
}

/* Every writer gets the symbol, and none the number: text, CSV, JSON of page and programs, chart. */
static void nothing_of_it_is_written(void **state)
{
	struct world *w = filled(state);
	struct tk_disclosure d = disclosed(w, NULL, "10");
	size_t seen = 0;

	for (size_t k = 0; k < d.ntable; k++) {
		const struct tk_table *t = d.table[k].table;
		struct tk_buf b = TK_BUF(1 << 22);
		struct tk_json j = TK_JSON(&b);
		size_t gone = 0;

		for (size_t f = 0; f < t->nfigure; f++)
			for (size_t o = 0; o < t->noption; o++)
				gone += t->figure[f].count[o] == TK_COUNT_HIDDEN;
		if (!gone)
			continue;
		seen++;
		assert_non_null(strstr(csv_of(w, t), "x"));
		assert_null(strstr(csv_of(w, t), "-2"));
		tk_table_json(&j, t);
		assert_non_null(strstr(tk_buf_cstr(&b), "\"x\""));
		assert_null(strstr(tk_buf_cstr(&b), "-2"));
		tk_buf_clear(&b);
		tk_table_text(&b, t);
		assert_null(strstr(tk_buf_cstr(&b), "-2"));
		tk_buf_drop(&b);
	}
	assert_true(seen > 0);
}

static void what_was_published_stays(void **state)
{
	struct world *w = filled(state);
	struct publication p = draft(w, NULL, "3"), after;
	struct tk_buf one = TK_BUF(64 << 20), two = TK_BUF(64 << 20);
	struct tk_who office = { .account_id = 1, .name = "office", .source = "test" };
	struct tk_op as = { w->t->db, w->t->mem, &office, &w->t->e };
	struct tk_pack_file f;
	struct tk_pack pack;

	assert_int_equal(tk_publication_archive(&w->op, &p, &one), TK_ECONFLICT);
	OK(w->t, tk_pack_make(&w->op, &p, &pack));
	assert_string_equal(pack.file[pack.n - 1].name, "manifest.json");
	OK(w->t, tk_db_begin(w->t->db, &w->t->e));
	OK(w->t, tk_publication_publish(&w->op, p.rec.id, &pack, &after));
	OK(w->t, tk_db_commit(w->t->db, &w->t->e));
	assert_true(tk_publication_is(&after, "published") && after.digest);
	OK(w->t, tk_publication_file(&w->op, p.rec.id, "tables/web-meeting.csv", &f));
	assert_non_null(strstr(f.data, "rules_in_manual,64,130,49.2"));
	OK(w->t, tk_publication_file(&w->op, p.rec.id, "questionnaire.xlsx", &f));
	OK(w->t, tk_publication_file(&w->op, p.rec.id, "charts/web-meeting.svg", &f));
	assert_non_null(strstr(f.data, "<svg"));
	OK(w->t, tk_publication_archive(&w->op, &after, &one));
	OK(w->t, tk_publication_archive(&w->op, &after, &two));
	assert_int_equal(one.len, two.len);
	assert_memory_equal(one.p, two.p, one.len);
	/* neither the record nor a second publishing changes it */
	for (enum tk_perm q = 0; q < TK_P_MAX; q++)
		office.scope[q] = TK_SCOPE_ALL;
	tk_set_by(&tk_publication_type, &after, "min_cell", TK_S("10"));
	assert_int_equal(tk_rec_update(&as, &tk_publication_type, &after, -1), TK_ECONFLICT);
	assert_int_equal(tk_publication_publish(&w->op, p.rec.id, &pack, &after), TK_ECONFLICT);
	assert_int_equal(tk_publication_withdraw(&w->op, p.rec.id, " ", &after), TK_EINVAL);
	OK(w->t, tk_publication_withdraw(&w->op, p.rec.id, "A base was wrong.", &after));
	assert_int_equal(tk_publication_newest(&w->op, w->c.rec.id, &after), TK_ENOTFOUND);
	tk_buf_drop(&one);
	tk_buf_drop(&two);
}

static const char *open_panel(struct world *w)
{
	struct tk_value v;
	bool found;

	OK(w->t, tk_db_first(w->t->db, w->t->mem, &w->t->e,
			     "SELECT name FROM campaign WHERE state = 'open' AND asks = "
			     "'institution'", NULL, 0, &v, 1, &found));
	assert_true(found);
	return v.s;
}

static void faults_are_named(void **state)
{
	struct world *w = filled(state);
	struct publication p = draft(w, "web-meeting no-such-table", "3");
	struct tk_disclosure d;
	struct tk_pack pack = { 0 };
	struct campaign open;

	assert_int_equal(tk_disclose(&w->op, &p, &w->c, TK_EN, &d), TK_EINVAL);
	assert_non_null(strstr(w->t->e.msg, "no-such-table"));
	/* while a campaign is open its figures still change */
	OK(w->t, tk_campaign_find(&w->op, open_panel(w), &open));
	OK(w->t, tk_publication_new(&w->op, &open, NULL, NULL, NULL, &p));
	assert_int_equal(tk_publication_publish(&w->op, p.rec.id, &pack, &p), TK_ECONFLICT);
	/* a second edition says what it corrects */
	assert_int_equal(tk_publication_new(&w->op, &open, NULL, NULL, NULL, &p), TK_EINVAL);
	assert_string_equal(w->t->e.field, "remark_ja");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TESTDB_BOTH(small_figures_are_left_out),
		TESTDB_BOTH(a_group_and_the_rest_give_nothing_away),
		TESTDB_BOTH(a_large_table_stays),
		TESTDB_BOTH(nothing_of_it_is_written),
		TESTDB_BOTH(what_was_published_stays),
		TESTDB_BOTH(faults_are_named),
	};

	return cmocka_run_group_tests_name("publications", tests, NULL, NULL);
}
