/* Surveys over years: compared where they may be, beside what was published, weighted, coded (SRV-03). */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "survey/live.h"
#include "table/coding.h"
#include "table/item_map.h"
#include "table/published.h"
#include "survey_world.h"

static int column(const struct tk_table *t, const char *name)
{
	for (size_t i = 0; i < t->ncol; i++)
		if (!strcmp(t->col[i].name, name))
			return (int)i;
	fail_msg("no column %s", name);
	return -1;
}

static const struct tk_table_cell *at(const struct tk_table *t, const char *row, const char *col)
{
	for (size_t r = 0; r < t->nrow; r++)
		if (!strcmp(t->cell[r * t->ncol].text, row))
			return &t->cell[r * t->ncol + (size_t)column(t, col)];
	fail_msg("no row %s", row);
	return NULL;
}

static void noted(const struct tk_table *t, const char *says, bool is)
{
	bool found = false;

	for (size_t i = 0; i < t->nnote; i++)
		found = found || strstr(t->note[i], says);
	if (found != is)
		fail_msg("%s: %s", is ? "not noted" : "noted", says);
}

/* -- another year ------------------------------------------------------------------------------ */
/* The next year's questionnaire: q0 has other words, q1 has other choices, n is called count. */
static const char *const next_form[] = {
	"choice yn yes|label_ja=はい|label_en=Yes", "choice yn no|label_ja=いいえ|label_en=No",
	"choice opt a|label_ja=甲|label_en=A", "choice opt b|label_ja=乙|label_en=B", "choice opt c|label_ja=丙|label_en=C",
	"choice lv low|label_ja=低|label_en=Low", "choice lv mid|label_ja=中|label_en=Mid", "choice lv high|label_ja=高|label_en=High",
	"choice l2 low|label_ja=低|label_en=Low", "choice l2 top|label_ja=頂|label_en=Top",
	"single use|list=yn|dont_know=1|label_ja=使っていますか。|label_en=Do you use it?",
	"multi before|list=opt|relevant=${use} = 'yes'", "multi after|list=opt",
	"single q0|list=lv|not_applicable=1|label_ja=別の言い方", "single q1|list=l2|not_applicable=1", "int n", "text t",
	"multi later|list=opt", NULL,
};

struct both {
	struct world *w;
	struct campaign before, now;
	int64_t v1, v2;
};

static int64_t respondent_in(struct world *w, const struct campaign *c, int64_t inst)
{
	int64_t id = 0;

	OK(w->t, tk_db_int(w->t->db, &w->t->e, "SELECT id FROM respondent WHERE campaign_id = $1 AND institution_id = $2",
			   TK_ARGS(TK_I(c->rec.id), TK_I(inst)), 0, &id));
	return id;
}

/* In the new year everybody of the first `n` submits: after = a, use = yes, q0 = low. */
static void next_year(struct both *b, struct world *w, int n)
{
	struct office *o = &w->p.o;
	int64_t form = o->form;

	*b = (struct both){ .w = w, .before = w->c };
	b->v1 = o->version;
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "UPDATE campaign SET fiscal_year = fiscal_year - 1 WHERE id = $1", TK_I(w->c.rec.id)));
	office_draft(o, "sv-next", next_form);
	b->v2 = o->version;
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "UPDATE form_version SET form_id = $1, number = 2 WHERE id = $2", TK_I(form), TK_I(b->v2)));
	o->form = form;
	OK(w->t, tk_form_publish(&o->op, b->v2));
	assert_int_not_equal(b->v1, b->v2);
	b->now = panel_open(&w->p, "sv-next", NULL);
	for (int i = 0; i < n; i++) {
		struct tk_response r = { 0 };

		OK(w->t, tk_response_of(&o->op, respondent_in(w, &b->now, w->v[i].id), &r));
		OK(w->t, tk_response_set_text(&o->op, &r, USE, "yes"));
		OK(w->t, tk_response_set_text(&o->op, &r, AFTER, "a"));
		OK(w->t, tk_response_set_text(&o->op, &r, Q0, "low"));
		OK(w->t, tk_response_set_text(&o->op, &r, Q1, "low"));
		OK(w->t, tk_response_set_text(&o->op, &r, 7, "b"));
		tk_response_settle(&r, w->t->mem);
		OK(w->t, tk_response_submit(&o->op, &r));
	}
	tk_live_forget_all();
	w->c = b->now;
}

/* Of the first n (ALL: of all) those who counted last year and chose option k; *base: who answered. */
static int64_t chose(const struct world *w, int n, int k, int64_t *base)
{
	int64_t count = 0;

	*base = 0;
	for (int i = 0; i < n; i++) {
		const struct inst *x = &w->v[i];

		if (!x->counts || x->state[1] != VALUE)
			continue;
		++*base;
		count += x->bits[1] >> k & 1;
	}
	return count;
}

static void two_years_are_compared_where_they_may_be(void **state)
{
	WORLD(state, 11);
	struct both b;
	struct tk_table *x;
	int64_t base, count;

	world_tables(&w);
	next_year(&b, &w, 20);
	x = TABLE(&w, .name = "pair", .with = "sv");
	count = chose(&w, ALL, 0, &base);
	assert_int_equal(at(x, "a", "after_count")->n, 20);
	assert_int_equal(at(x, "a", "after_base")->n, 20);
	assert_int_equal(at(x, "a", "after_previous_count")->n, count);
	assert_int_equal(at(x, "a", "after_previous_base")->n, base);
	assert_int_equal(at(x, "a", "after_previous_share")->n, (count * 2000 + base) / (2 * base));
	assert_int_equal(at(x, "a", "after_points")->n, 1000 - at(x, "a", "after_previous_share")->n);
	noted(x, "Base: Before: Those who used it (n=", true);
	/* only those who submitted in both */
	x = TABLE(&w, .name = "pair", .with = "sv", .matched = true);
	count = chose(&w, 20, 0, &base);
	assert_int_equal(at(x, "a", "after_previous_count")->n, count);
	assert_int_equal(at(x, "a", "after_previous_base")->n, base);
	base = 0;
	for (int i = 0; i < 20; i++)
		base += w.v[i].counts;
	assert_int_equal(at(x, "a", "after_count")->n, base);
	noted(x, "submitted in both", true);
	/* reworded is compared and said so; other choices are not compared, and that is said */
	x = TABLE(&w, .name = "grid", .with = "sv");
	noted(x, "q0: reworded", true);
	noted(x, "q1: not compared (Other choices)", true);
	assert_false(at(x, "q0", "low_previous_count")->none);
	assert_true(at(x, "q1", "low_previous_count")->none);
	assert_true(at(x, "q1", "low_points")->none);
	/* nor is what a condition about such a question chooses */
	x = TABLE(&w, .name = "question", .item = "use", .filter = "${q1} = 'low'", .with = "sv");
	noted(x, "q1: not compared", true);
	assert_true(at(x, "yes", "previous_count")->none);
	x = TABLE(&w, .name = "question", .item = "use", .by = "sector", .with = "sv");
	assert_false(at(x, "total", "yes_previous_count")->none);
	x = TABLE(&w, .name = "question", .item = "later", .with = "sv");
	noted(x, "later: not compared (New)", true);
	REFUSE(&w, "with", "There is no campaign", .name = "pair", .with = "nix");
	REFUSE(&w, "with", "Name another campaign", .name = "pair", .with = "sv-next");
	REFUSE(&w, "with", "Only tables of choices", .name = "num", .with = "sv");
	REFUSE(&w, "matched", "Name the campaign", .name = "pair", .matched = true);
}

static void map(struct both *b, const char *from, const char *to, const char *kind, enum tk_rc want)
{
	struct item_map m = { 0 };
	const struct tk_rtype *t = &tk_item_map_type;

	tk_set_by(t, &m, "from_version_id", TK_I(b->v1));
	tk_set_by(t, &m, "from_item", from ? TK_S(from) : TK_NULL);
	tk_set_by(t, &m, "to_version_id", TK_I(b->v2));
	tk_set_by(t, &m, "to_item", to ? TK_S(to) : TK_NULL);
	tk_set_by(t, &m, "kind", TK_S(kind));
	FAILS(b->w->t, want, tk_rec_insert(&b->w->p.o.op, t, &m));
}

static void a_record_says_which_question_is_which(void **state)
{
	WORLD(state, 12);
	struct both b;
	struct tk_table *x;
	int64_t base, count;

	world_tables(&w);
	next_year(&b, &w, 20);
	map(&b, "after", "later", "reworded", TK_OK);
	map(&b, "use", "use", "split", TK_OK);
	map(&b, NULL, "q1", "new", TK_OK);
	map(&b, "after", "q1", "new", TK_EINVAL);
	map(&b, "nix", "q1", "same", TK_EINVAL);
	map(&b, "q1", NULL, "same", TK_EINVAL);
	x = TABLE(&w, .name = "question", .item = "later", .with = "sv");
	count = chose(&w, ALL, 1, &base);
	assert_int_equal(at(x, "b", "count")->n, 20);
	assert_int_equal(at(x, "b", "previous_count")->n, count);
	assert_int_equal(at(x, "b", "previous_base")->n, base);
	noted(x, "later: reworded", true);
	x = TABLE(&w, .name = "question", .item = "use", .with = "sv");
	noted(x, "use: not compared (Split)", true);
	assert_true(at(x, "yes", "previous_share")->none);
}

/* -- what was published ------------------------------------------------------------------------ */
static void publish(struct world *w, const char *wave, const char *series, const char *option, const char *percent, int64_t base,
		    enum tk_rc want)
{
	struct published_figure f = { 0 };
	const struct tk_rtype *t = &tk_published_figure_type;

	tk_set_by(t, &f, "survey_table_id", TK_I(testdb_int(w->t, "SELECT id FROM survey_table WHERE name = 'pair'")));
	tk_set_by(t, &f, "wave", TK_S(wave));
	tk_set_by(t, &f, "series", TK_S(series));
	tk_set_by(t, &f, "option_code", TK_S(option));
	tk_set_by(t, &f, "percent", TK_S(percent));
	tk_set_by(t, &f, "base", TK_I(base));
	FAILS(w->t, want, tk_rec_insert(&w->p.o.op, t, &f));
}

static void published_percentages_stand_beside_with_their_counts(void **state)
{
	WORLD(state, 13);
	struct tk_table *x;
	const struct tk_table_cell *c;

	world_tables(&w);
	REFUSE(&w, "with", "No published figures", .name = "pair", .with = "published");
	publish(&w, "2017", "after", "a", "85.4", 411, TK_OK);
	publish(&w, "2019", "after", "a", "76.9", 498, TK_OK);
	publish(&w, "2019", "after", "b", "2", 4980, TK_OK);        /* 75 to 124 fit */
	publish(&w, "2019", "after", "c", "50.1", 10, TK_EINVAL);   /* nothing does */
	publish(&w, "2019", "after", "c", "half", 10, TK_EINVAL);
	x = TABLE(&w, .name = "pair", .with = "published");
	c = at(x, "a", "after_previous_share");
	assert_int_equal(c->n, 769);
	assert_int_equal(c->num, 383);
	assert_int_equal(c->den, 498);
	assert_int_equal(at(x, "a", "after_previous_count")->n, 383);
	assert_int_equal(at(x, "a", "after_points")->n, at(x, "a", "after_share")->n - 769);
	assert_true(at(x, "b", "after_previous_count")->none);
	assert_int_equal(at(x, "b", "after_previous_share")->n, 20);
	assert_true(at(x, "a", "before_previous_share")->none);
	noted(x, "as published in 2019", true);
	x = TABLE(&w, .name = "pair", .with = "published:2017");
	assert_int_equal(at(x, "a", "after_previous_count")->n, 351);
	REFUSE(&w, "with", "No published figures", .name = "pair", .with = "published:2001");
}

/* -- weights and intervals --------------------------------------------------------------------- */
static void weights_and_intervals_only_where_asked(void **state)
{
	WORLD(state, 14);
	static const char *const sector[] = { "bank", "shinkin" };
	double n[2] = { 0 }, r[2] = { 0 }, base[2] = { 0 }, k[2] = { 0 }, share, lo, hi;
	int64_t left = 0;
	struct tk_table *x = NULL;
	char want[32];

	world_tables(&w);
	assert_null(strstr(world_csv(&w, TABLE(&w, .name = "pair")), "weighted"));
	for (int i = 0; i < ALL; i++) {
		const struct inst *v = &w.v[i];
		int s = !strcmp(v->sector, sector[1]);

		n[s]++;
		r[s] += v->counts;
		base[s] += v->counts && v->state[1] == VALUE;
		k[s] += v->counts && v->state[1] == VALUE && (v->bits[1] & 1);
		left += v->counts && v->state[1] != VALUE;
	}
	x = TABLE(&w, .name = "pair", .weighted = true, .intervals = true);
	share = (n[0] / r[0] * k[0] + n[1] / r[1] * k[1]) / (n[0] / r[0] * base[0] + n[1] / r[1] * base[1]);
	snprintf(want, sizeof(want), "%.1f", floor(share * 1000 + 0.5) / 10);
	assert_string_equal(at(x, "a", "after_weighted_share")->text, want);
	/* the interval holds the share, and gets narrow when more of the panel answers */
	assert_int_equal(sscanf(at(x, "a", "after_low")->text, "%lf", &lo), 1);
	assert_int_equal(sscanf(at(x, "a", "after_high")->text, "%lf", &hi), 1);
	assert_true(lo < share * 100 && share * 100 < hi);
	assert_true(hi - lo < 40 && left > 0);
	noted(x, "after Wilson", true);
	/* a full census has none */
	for (int i = 0; i < ALL; i++) {
		w.v[i].counts = true;
		if (!w.v[i].bits[1])
			w.v[i].bits[1] = 1;
		world_settle(&w.v[i]);
		world_answer(&w, &w.v[i]);
	}
	x = TABLE(&w, .name = "pair", .intervals = true, .weighted = true);
	assert_true(at(x, "a", "after_low")->none);
	snprintf(want, sizeof(want), "%.1f", (double)at(x, "a", "after_share")->n / 10);
	assert_string_equal(at(x, "a", "after_weighted_share")->text, want);
}

/* -- coded text -------------------------------------------------------------------------------- */
static const char coded_csv[] = "name,kind,title_ja,title_en,items\nsaid,coded,方針,Said,t\n";

static void code(struct world *w, const char *group, const char *code)
{
	const struct tk_rtype *gt = &tk_code_group_type, *ct = &tk_answer_code_type;
	int64_t gid = 0;
	struct code_group g = { 0 };
	struct answer_code c = { 0 };

	OK(w->t, tk_db_int(w->t->db, &w->t->e, "SELECT id FROM code_group WHERE code = $1", TK_ARGS(TK_S(group)), 0, &gid));
	if (!gid) {
		tk_set_by(gt, &g, "form_id", TK_I(w->p.o.form));
		tk_set_by(gt, &g, "item", TK_S("t"));
		tk_set_by(gt, &g, "code", TK_S(group));
		tk_set_by(gt, &g, "label_ja", TK_S(group));
		OK(w->t, tk_rec_insert(&w->p.o.op, gt, &g));
		gid = g.rec.id;
	}
	tk_set_by(ct, &c, "code_group_id", TK_I(gid));
	tk_set_by(ct, &c, "code", TK_S(code));
	tk_set_by(ct, &c, "label_ja", TK_S(code));
	OK(w->t, tk_rec_insert(&w->p.o.op, ct, &c));
}

static void free_text_is_coded_at_two_levels(void **state)
{
	WORLD(state, 15);
	struct office *o = &w.p.o;
	struct tk_who office = as_office();
	const char *path = tk_sprintf(t->mem, "campaigns/%" PRId64 "/coding/t", w.c.rec.id);
	struct tk_table *x;
	size_t n;
	struct reply r;

	office.scope[TK_P_REVIEW] = TK_SCOPE_ALL;
	for (int i = 0; i < 5; i++) {
		w.v[i].counts = true;
		w.v[i].text = i < 4 ? "紙と押印が課題です。" : NULL;
		world_answer(&w, &w.v[i]);
	}
	OK(t, tk_survey_tables_load(&o->op, "sv", &(struct tk_survey_table_files){ coded_csv, NULL, sizeof(coded_csv) - 1, 0 }, &n));
	REFUSE(&w, "items", "There are no codes", .name = "said");
	code(&w, "paper", "seal");
	code(&w, "paper", "post");
	code(&w, "system", "lines");
	r = CALL(o, office, "GET", path);
	STATUS(r, 200);
	HAS(r, "{\"code\":\"paper.seal\"");
	HAS(r, "紙と押印");
	HAS(r, "\"uncoded\":4}");
#define PUT(i, body) CALL(o, office, "PUT", tk_sprintf(t->mem, "%s/%" PRId64, path, w.v[i].respondent), (body))
	STATUS(PUT(0, "{\"codes\":\"paper.post paper.seal\",\"version\":0}"), 200);
	STATUS(PUT(1, "{\"codes\":\"paper.seal system.lines\",\"version\":0}"), 200);
	STATUS(PUT(2, "{\"codes\":\"system.lines\",\"version\":0}"), 200);
	STATUS(PUT(2, "{\"codes\":\"paper.seal\",\"version\":0}"), 412); /* somebody was faster */
	STATUS(PUT(3, "{\"codes\":\"paper\",\"version\":0}"), 422);
	STATUS(PUT(4, "{\"codes\":\"paper.seal\",\"version\":0}"), 409);   /* nothing written there */
	STATUS(PUT(3, "{\"codes\":\"paper.seal\",\"version\":0,\"x\":1}"), 422);
	x = TABLE(&w, .name = "said");
	assert_int_equal(x->nrow, 5);
	assert_int_equal(at(x, "paper", "count")->n, 2); /* people, not codes */
	assert_int_equal(at(x, "paper.seal", "count")->n, 2);
	assert_int_equal(at(x, "paper.post", "count")->n, 1);
	assert_int_equal(at(x, "system", "count")->n, 2);
	assert_int_equal(at(x, "system.lines", "base")->n, 4);
	assert_int_equal(at(x, "paper", "share")->n, 500);
	assert_false(x->whole);
	noted(x, "Not coded yet: 1", true);
	/* an answer that has changed is looked at again */
	w.v[0].text = "もう課題はありません。";
	world_answer(&w, &w.v[0]);
	x = TABLE(&w, .name = "said");
	assert_int_equal(at(x, "paper", "count")->n, 1);
	noted(x, "Changed after they were coded, to be looked at again: 1", true);
	HAS(CALL(o, office, "GET", path), "\"stale\":true");
	STATUS(PUT(0, "{\"codes\":\"\",\"version\":1}"), 200);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM coding WHERE deleted_at IS NULL"), 2);
	assert_true(testdb_int(t, "SELECT COUNT(*) FROM trail WHERE rtype = 'coding'") >= 4);
	office.scope[TK_P_REVIEW] = TK_SCOPE_NONE;
	STATUS(CALL(o, office, "GET", path), 403);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TESTDB_BOTH(two_years_are_compared_where_they_may_be),
		TESTDB_BOTH(a_record_says_which_question_is_which),
		TESTDB_BOTH(published_percentages_stand_beside_with_their_counts),
		TESTDB_BOTH(weights_and_intervals_only_where_asked),
		TESTDB_BOTH(free_text_is_coded_at_two_levels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
