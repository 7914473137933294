#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/hash.h"
#include "base/json.h"
#include "counted.h"
#include "table/table_int.h"

static struct tk_table *make_as(struct counted *w, const struct tk_who *who, const char *name,
	const char *by, const char *filter, const char *round)
{
	struct tk_table_ask ask = {
		.name = name, .by = by, .filter = filter, .round = round, .lang = TK_EN};
	struct tk_op op = w->op;
	struct tk_table *t = NULL;

	op.who = who;
	OK(w->t, tk_table_make(&op, &w->campaign, &ask, &t));
	return t;
}

static struct tk_table *make(
	struct counted *w, const char *name, const char *by, const char *filter, const char *round)
{
	return make_as(w, &w->who, name, by, filter, round);
}

static void refused(struct counted *w, const char *name, const char *by, const char *filter,
	const char *round, const char *field)
{
	struct tk_table_ask ask = {
		.name = name, .by = by, .filter = filter, .round = round, .lang = TK_EN};
	struct tk_table *t;

	FAILS(w->t, TK_EINVAL, tk_table_make(&w->op, &w->campaign, &ask, &t));
	assert_string_equal(w->t->e.field, field);
}

static char *written(
	struct counted *w, const struct tk_table *t, enum tk_table_format format, size_t *ret_n)
{
	size_t n;
	char *p = NULL, *own;
	FILE *f = open_memstream(&p, &n);

	assert_non_null(f);
	OK(w->t, tk_table_write(f, t, format, &w->t->e));
	fclose(f);
	own = tk_strndup(w->t->mem, p, n);
	if (ret_n)
		*ret_n = n;
	free(p);
	return own;
}

static int col_of(const struct tk_table *t, const char *name)
{
	for (size_t i = 0; i < t->ncol; i++)
		if (!strcmp(t->col[i].name, name))
			return (int)i;
	fail_msg("no column %s", name);
	return -1;
}

static const struct tk_table_cell *at(const struct tk_table *t, size_t row, const char *col)
{
	return &t->cell[row * t->ncol + (size_t)col_of(t, col)];
}

/* -- items against loops ---------------------------------------------------------------------- */
typedef bool (*want_fn)(const struct counted *w, const struct counted_person *p, const void *ctx);

static bool wants_all(const struct counted *w, const struct counted_person *p, const void *ctx)
{
	(void)w;
	(void)p;
	(void)ctx;
	return true;
}

static const char *const label[] = {"総務企画局 総務課", "検査課", "企画課", "監督局 総務課",
	"監理課", "情報課", "総務企画局", "監督局", "課長", "係長", "係員", "－"};

static bool in_group(const struct counted_person *p, const char *by, const char *group)
{
	const char *own = !by			    ? "total"
			  : !strcmp(by, "division") ? label[p->div]
			  : !strcmp(by, "bureau")   ? label[6 + p->div / 3]
						    : label[8 + p->post];

	return !strcmp(own, group);
}

static void check_number(const struct tk_table *t, size_t row, const char *col, int64_t want)
{
	if (at(t, row, col)->n != want)
		fail_msg("row %zu %s %s %s: %" PRId64 ", not %" PRId64, row,
			at(t, row, "item")->text, at(t, row, "group")->text, col,
			at(t, row, col)->n, want);
}

static void check_item_row(struct counted *w, const struct tk_table *t, size_t row, const char *by,
	want_fn want, const void *ctx)
{
	int item = tk_form_item_index(w->form, at(t, row, "item")->text);
	int64_t asked = 0, none = 0, na = 0, dk = 0, done = 0, x = 0, y = 0;

	for (size_t k = 0; k < w->n; k++) {
		const struct counted_person *p = &w->p[k];
		unsigned code = counted_code(p, (unsigned)item);

		if (!counted_in(p) || !in_group(p, by, at(t, row, "group")->text) ||
			!want(w, p, ctx))
			continue;
		asked += code != TK_ANSWER_NOT_ASKED;
		none += code == TK_ANSWER_NO_ANSWER;
		na += code == TK_ANSWER_NOT_APPLICABLE;
		dk += code == TK_ANSWER_DONT_KNOW;
		done += code == TK_ANSWER_VALUE;
		x += code == TK_ANSWER_VALUE && p->bits & 1;
		y += code == TK_ANSWER_VALUE && p->bits & 2;
	}
	check_number(t, row, "asked", asked);
	check_number(t, row, "no_answer", none);
	check_number(t, row, "not_applicable", na);
	check_number(t, row, "dont_know", dk);
	if (item == M1) {
		check_number(t, row, "x", x);
		check_number(t, row, "y", y);
	}
	if (item == M1 || item == N1 || item == K1) {
		assert_true(at(t, row, "numerator")->none && at(t, row, "denominator")->none &&
			    at(t, row, "rate")->none);
		assert_true(at(t, row, "done")->none);
		return;
	}
	check_number(t, row, "numerator", done);
	check_number(t, row, "done", done);
	check_number(t, row, "denominator", asked - na - none);
	assert_int_equal(at(t, row, "rate")->none, asked - na - none == 0);
	if (asked - na - none > 0)
		check_number(t, row, "rate", tk_rate_x10(done, asked - na - none));
}

/* Every cell of the table, and that no group is missing. */
static void check_items_as(struct counted *w, const struct tk_who *who, const char *by,
	const char *filter, want_fn want, const void *ctx)
{
	struct tk_table *t = make_as(w, who, "items", by, filter, NULL);
	int64_t sum[NITEM] = {0}, all[NITEM] = {0};

	for (size_t r = 0; r < t->nrow; r++) {
		check_item_row(w, t, r, by, want, ctx);
		sum[tk_form_item_index(w->form, at(t, r, "item")->text)] += at(t, r, "asked")->n;
	}
	for (size_t k = 0; k < w->n; k++)
		for (unsigned i = 0; i < NITEM; i++)
			all[i] += counted_in(&w->p[k]) && want(w, &w->p[k], ctx) &&
				  counted_code(&w->p[k], i) != TK_ANSWER_NOT_ASKED;
	assert_memory_equal(sum, all, sizeof(sum));
}

static void check_items(
	struct counted *w, const char *by, const char *filter, want_fn want, const void *ctx)
{
	check_items_as(w, &w->who, by, filter, want, ctx);
}

static void made(struct counted *w, void **state, size_t n)
{
	counted_up(w, testdb_of(state));
	counted_campaign(w, "table", 2011);
	counted_fill(w, n);
}

static void test_items(void **state)
{
	static const char *const by[] = {NULL, "bureau", "division", "post"};
	struct counted w;
	struct tk_table *t;
	const char *csv;

	made(&w, state, 400);
	for (size_t i = 0; i < TK_LEN(by); i++)
		check_items(&w, by[i], NULL, wants_all, NULL);
	t = make(&w, "items", NULL, NULL, NULL);
	assert_int_equal(t->nrow, NITEM);
	assert_string_equal(t->by, "none");
	csv = written(&w, t, TK_TABLE_CSV, NULL);
	assert_ptr_equal(strstr(csv, "item,group,asked,no_answer,not_applicable,dont_know,"
				     "numerator,denominator,rate,"
				     "done,partly,not_done,x,y,z,yes,no\na1,total,"),
		csv);
}

/* -- filters and scope ------------------------------------------------------------------------ */
static bool wants_bureau1(const struct counted *w, const struct counted_person *p, const void *ctx)
{
	(void)w;
	(void)ctx;
	return p->div >= 3;
}

static bool wants_mixed(const struct counted *w, const struct counted_person *p, const void *ctx)
{
	(void)w;
	(void)ctx;
	return (counted_code(p, A1) == TK_ANSWER_VALUE && p->role & HEAD) ||
	       !(counted_code(p, K1) == TK_ANSWER_VALUE + 1 && p->div < 3);
}

static bool wants_y(const struct counted *w, const struct counted_person *p, const void *ctx)
{
	(void)w;
	(void)ctx;
	return counted_code(p, M1) == TK_ANSWER_VALUE && p->bits & 2;
}

static bool wants_not_done(const struct counted *w, const struct counted_person *p, const void *ctx)
{
	(void)w;
	(void)ctx;
	return counted_code(p, A2) != TK_ANSWER_VALUE && counted_code(p, N1) < TK_ANSWER_VALUE;
}

static bool wants_na(const struct counted *w, const struct counted_person *p, const void *ctx)
{
	(void)w;
	(void)ctx;
	return counted_code(p, A1) == TK_ANSWER_NOT_APPLICABLE ||
	       counted_code(p, A2) == TK_ANSWER_DONT_KNOW;
}

/* a1 and a2 have the same list; no value is the empty text on both sides */
static bool wants_equal(const struct counted *w, const struct counted_person *p, const void *ctx)
{
	unsigned a = counted_code(p, A1), b = counted_code(p, A2);

	(void)w;
	(void)ctx;
	return a == b || (a < TK_ANSWER_VALUE && b < TK_ANSWER_VALUE);
}

static bool wants_any_no(const struct counted *w, const struct counted_person *p, const void *ctx)
{
	(void)w;
	(void)ctx;
	return counted_code(p, A1) == TK_ANSWER_VALUE + 2 || counted_code(p, K1) == TK_ANSWER_VALUE + 1;
}

/* What planes cannot say is looked at respondent by respondent. */
static bool wants_neither(const struct counted *w, const struct counted_person *p, const void *ctx)
{
	(void)w;
	(void)ctx;
	return counted_code(p, A1) < TK_ANSWER_VALUE && counted_code(p, M1) < TK_ANSWER_VALUE;
}

static bool wants_long(const struct counted *w, const struct counted_person *p, const void *ctx)
{
	(void)w;
	(void)ctx;
	return counted_code(p, A1) >= TK_ANSWER_VALUE || counted_code(p, A2) >= TK_ANSWER_VALUE ||
	       counted_code(p, H1) >= TK_ANSWER_VALUE;
}

static bool wants_two(const struct counted *w, const struct counted_person *p, const void *ctx)
{
	return wants_bureau1(w, p, ctx) && counted_code(p, M1) == TK_ANSWER_VALUE &&
	       (p->bits & (p->bits - 1));
}

static bool wants_none(const struct counted *w, const struct counted_person *p, const void *ctx)
{
	(void)w;
	(void)p;
	(void)ctx;
	return false;
}

static void too_many(struct counted *w)
{
	struct tk_live *l, many;
	struct tk_side *side = NULL;

	OK(w->t, tk_live_get(&w->op, w->campaign_id, &l));
	many = *l;
	many.nperson = TK_SIDE_PEOPLE + 1;
	FAILS(w->t, TK_ETOOBIG, tk_side_get(&w->op, &many, &side));
	assert_non_null(strstr(w->t->e.msg, "at most 20000 respondents"));
	tk_live_put(l);
}

static void test_filter(void **state)
{
	struct counted w;

	made(&w, state, 300);
	check_items(&w, NULL, "${bureau} = '監督局'", wants_bureau1, NULL);
	check_items(&w, "division", "${bureau_code} = 'B1'", wants_bureau1, NULL);
	check_items(&w, "post",
		"${a1} = 'done' and selected(${role}, 'division_head') or not('no' = ${k1} and "
		"${bureau_code} != 'B1')",
		wants_mixed, NULL);
	check_items(&w, "bureau", "selected(${m1}, 'y')", wants_y, NULL);
	check_items(&w, "bureau", "${a2} != 'done' and ${n1} = ''", wants_not_done, NULL);
	check_items(&w, NULL, "${a1} = 'na' or ${a2} = 'dk'", wants_na, NULL);
	assert_int_equal(make(&w, "items", "division", "${bureau} = 'ない局'", NULL)->nrow, 0);
	refused(&w, "items", NULL, "${zz} = 1", NULL, "filter");
	refused(&w, "items", NULL, "${a1} = 'dune'", NULL, "filter");
	refused(&w, "items", NULL, "${m1} = 'y'", NULL, "filter");
	check_items(&w, "bureau", "${a1} = ${a2}", wants_equal, NULL);
	check_items(&w, NULL, "count-non-empty(if(${a1} = 'not_done', 1, ''), if(starts-with(${k1}, 'n'), 1, '')) > 0", wants_any_no, NULL);
	check_items(&w, "bureau", "${a1} = ${m1}", wants_neither, NULL);
	check_items(&w, NULL, "string-length(concat(${a1}, ${a2}, ${k1}, ${h1})) > 3", wants_long, NULL);
	check_items(&w, "post", "count-selected(${m1}) > 1 and ${bureau} = '監督局'", wants_two, NULL);
	check_items(&w, NULL, "${n1} > 3", wants_none, NULL); /* no number is written here */
	too_many(&w);
	refused(&w, "items", NULL, ". = 1", NULL, "filter");
	refused(&w, "items", NULL, "${a1} = 'done' and", NULL, "filter");
	refused(&w, "items", "room", NULL, NULL, "by");
	refused(&w, "items", NULL, NULL, "banker", "round");
	refused(&w, "itemz", NULL, NULL, NULL, "table");
}

static bool wants_division(const struct counted *w, const struct counted_person *p, const void *ctx)
{
	(void)w;
	return p->div == *(const unsigned *)ctx;
}

static void test_scope(void **state)
{
	struct counted w;
	struct tk_table_ask ask = {.name = "items", .lang = TK_EN};
	struct tk_who head = {.account_id = 1, .staff_id = 1, .lang = TK_EN, .ndivision = 1},
		      nobody = {.account_id = 2};
	struct tk_op op;
	struct tk_table *t;
	unsigned div = 4;

	made(&w, state, 300);
	head.scope[TK_P_TABLE_READ] = TK_SCOPE_DIVISION;
	head.division[0] = w.division[div];
	check_items_as(&w, &head, NULL, NULL, wants_division, &div);
	check_items_as(&w, &head, "division", NULL, wants_division, &div);
	/* by a filter or a post one person could be singled out */
	op = w.op;
	op.who = &head;
	ask.filter = "${bureau} = '監督局'";
	FAILS(w.t, TK_EPERM, tk_table_make(&op, &w.campaign, &ask, &t));
	ask.filter = NULL;
	ask.by = "post";
	FAILS(w.t, TK_EPERM, tk_table_make(&op, &w.campaign, &ask, &t));
	ask.by = NULL;
	assert_int_equal(make_as(&w, &head, "response-rate", NULL, NULL, NULL)->nrow, 3);
	head.scope[TK_P_TABLE_READ] = TK_SCOPE_BUREAU;
	head.ndivision = 0;
	head.nbureau = 1;
	head.bureau[0] = w.bureau[1];
	check_items_as(&w, &head, "division", NULL, wants_bureau1, NULL);
	op = w.op;
	op.who = &nobody;
	FAILS(w.t, TK_EPERM, tk_table_make(&op, &w.campaign, &ask, &t));
}

/* -- one answer ------------------------------------------------------------------------------- */
/* One person's change of one answer from done to partly moves exactly four cells of that item. */
static void test_one_answer(void **state)
{
	struct counted w;
	struct counted_person *p;
	struct tk_table *was, *now;
	size_t changed = 0;

	made(&w, state, 200);
	p = &w.p[7];
	counted_answer(&w, p);
	p->state = TK_LIVE_SUBMITTED;
	p->code[A1] = TK_ANSWER_VALUE;
	counted_write(&w, p, true);
	was = make(&w, "items", "division", NULL, NULL);
	p->code[A1] = TK_ANSWER_VALUE + 1;
	counted_write(&w, p, true);
	now = make(&w, "items", "division", NULL, NULL);
	assert_int_equal(was->nrow, now->nrow);
	for (size_t i = 0; i < was->nrow * was->ncol; i++) {
		const char *col = was->col[i % was->ncol].name;
		size_t row = i / was->ncol;

		if (was->col[i % was->ncol].kind == TK_COL_TEXT || was->cell[i].n == now->cell[i].n)
			continue;
		changed++;
		assert_string_equal(at(was, row, "item")->text, "a1");
		assert_string_equal(at(was, row, "group")->text, label[p->div]);
		assert_int_equal(now->cell[i].n - was->cell[i].n,
			!strcmp(col, "partly") ? 1
			: strcmp(col, "rate")  ? -1
					       : now->cell[i].n - was->cell[i].n);
	}
	assert_in_range(changed, 3,
		4); /* numerator, done, partly, and the rate unless it rounds the same */
}

/* -- the reference table ---------------------------------------------------------------------- */
static const char *reference(struct counted *w)
{
	FILE *f = fopen(TEST_DATA "/reference/self_inspection_2011.csv", "r");
	char *text = tk_alloc(w->t->mem, 4096);

	assert_non_null(f);
	assert_true(fread(text, 1, 4095, f) > 0);
	fclose(f);
	return text;
}

/* 81 items and 200 people, of whom 20 are division heads and 10 system administrators; so many of
 * those asked do not implement item i that its class is the one of the founding report. */
static unsigned short_by(unsigned i) { return i < 6 ? 4 : i == 30 ? 2 : i == 70 ? 3 : 0; }

static void reference_form(struct counted *w)
{
	int64_t form = tk_id_new();
	struct tk_value v[] = {TK_I(form), TK_I(w->version_id = tk_id_new())};

	OK(w->t, tk_db_run(w->t->db, &w->t->e,
			 "INSERT INTO form(id, version, code, title_ja) VALUES($1, 1, 'reference', "
			 "'点検')",
			 v, 1, NULL, NULL));
	OK(w->t, tk_db_run(w->t->db, &w->t->e,
			 "INSERT INTO form_version(id, version, form_id, number, state) VALUES($2, "
			 "1, $1, 1, 'published')",
			 v, 2, NULL, NULL));
	for (int i = 0; i < 81; i++)
		OK(w->t, tk_db_exec(w->t->db, &w->t->e,
				 "INSERT INTO form_item(id, version, form_version_id, sort, kind, "
				 "code, label_ja, audience, required,"
				 " list, not_applicable, dont_know, evidence) VALUES($1, 1, $2, "
				 "$3, 'single', $4, '問', $5, 0, 'impl', 1, 1, 0)",
				 TK_I(tk_id_new()), TK_I(w->version_id), TK_I(i),
				 TK_S(tk_sprintf(w->t->mem, "q%02d", i)),
				 TK_S(i < 6	  ? "all_staff"
					 : i < 57 ? "division_head"
						  : "system_admin")));
	for (int k = 0; k < 2; k++)
		OK(w->t, tk_db_exec(w->t->db, &w->t->e,
				 "INSERT INTO choice(id, version, form_version_id, list, code, "
				 "label_ja, sort)"
				 " VALUES($1, 1, $2, 'impl', $3, $3, $4)",
				 TK_I(tk_id_new()), TK_I(w->version_id),
				 TK_S(k ? "not_done" : "done"), TK_I(k)));
	OK(w->t, tk_form_get(&w->op, w->version_id, &w->form));
}

static void reference_year(struct counted *w, const char *name, int year)
{
	counted_campaign(w, name, year);
	for (unsigned k = 0; k < 200; k++)
		counted_add(w, k % NDIV, k % NPOST, (k < 20 ? HEAD : 0) | (k >= 190 ? SYSTEM : 0));
	for (unsigned k = 0; k < 200; k++) {
		uint8_t *blob = tk_alloc(w->t->mem, 81);

		for (unsigned i = 0; i < 81; i++)
			if (i < 6 || (i < 57 ? k < 20 : k >= 190))
				blob[i] = (uint8_t)(TK_ANSWER_VALUE +
						    ((k < 20	      ? k
							     : i < 57 ? k
								      : k - 190) < short_by(i)));
		OK(w->t, tk_db_exec(w->t->db, &w->t->e,
				 "INSERT INTO response(id, campaign_id, division_id, state, "
				 "version, answers, changed_ms)"
				 " VALUES($1, $2, $3, 'submitted', 1, $4, 1)",
				 TK_I(w->p[k].id), TK_I(w->campaign_id),
				 TK_I(w->division[w->p[k].div]), TK_B(blob, 81)));
	}
}

static void test_reference(void **state)
{
	struct counted w;
	const char *csv;

	counted_up(&w, testdb_of(state));
	reference_form(&w);
	reference_year(&w, "reference", 2011);
	assert_string_equal(
		written(&w, make(&w, "rate-classes", NULL, NULL, NULL), TK_TABLE_CSV, NULL),
		reference(&w));
	csv = written(&w, make(&w, "rate-classes", NULL, NULL, "strict"), TK_TABLE_CSV, NULL);
	assert_non_null(strstr(csv, "\ntotal,81,73,90.1,6,7.4,1,1.2,1,1.2\n"));
	assert_non_null(strstr(csv, "\ncumulative,,73,90.1,79,97.5,80,98.8,81,100.0\n"));
	csv = written(&w, make(&w, "rate-classes", NULL, NULL, "plain"), TK_TABLE_CSV, NULL);
	assert_non_null(strstr(csv, "\ncumulative,,73,90.1,79,97.5,80,98.7,81,99.9\n"));
	csv = written(&w, make(&w, "rate-classes", "bureau", NULL, NULL), TK_TABLE_CSV, NULL);
	assert_non_null(strstr(csv, "group,audience,items,rc_100,"));
	assert_non_null(strstr(csv, "\n総務企画局,all_staff,6,"));
	assert_non_null(strstr(csv, "\n監督局,cumulative,,"));
	assert_int_equal(make(&w, "problem-items", NULL, NULL, NULL)->nrow, 8);
}

/* Items that nobody is obliged to carry out are in no class, and the note counts them. */
static void test_no_rate(void **state)
{
	struct counted w;
	struct counted_person *p;
	struct tk_table *t;

	counted_up(&w, testdb_of(state));
	counted_campaign(&w, "none", 2011);
	p = counted_add(&w, 0, 0, 0);
	p->state = TK_LIVE_SUBMITTED;
	memset(p->code, TK_ANSWER_NOT_APPLICABLE, NITEM);
	p->code[H1] = p->code[S1] = TK_ANSWER_NOT_ASKED;
	p->code[A1] = TK_ANSWER_VALUE;
	counted_write(&w, p, false);
	t = make(&w, "rate-classes", NULL, NULL, NULL);
	assert_string_equal(written(&w, t, TK_TABLE_CSV, NULL),
		"audience,items,rc_100,rc_100_share,rc_95,rc_95_share,rc_90,rc_90_share,rc_lt90,rc_"
		"lt90_share\n"
		"all_staff,1,1,100.0,0,0.0,0,0.0,0,0.0\ndivision_head,0,0,,0,,0,,0,\nsystem_admin,"
		"0,0,,0,,0,,0,\n"
		"total,1,1,100.0,0,0.0,0,0.0,0,0.0\ncumulative,,1,100.0,1,100.0,1,100.0,1,100.0\n");
	assert_int_equal(t->nnote, 2);
	assert_non_null(strstr(t->note[1], "3"));
}

/* -- response rate, last year ----------------------------------------------------------------- */
static void test_response_rate(void **state)
{
	struct counted w;
	struct counted_person *p;
	const char *csv;

	counted_up(&w, testdb_of(state));
	counted_campaign(&w, "rate", 2011);
	OK(w.t, tk_db_begin(w.t->db, &w.t->e));
	for (unsigned k = 0; k < 1500; k++) {
		p = counted_add(&w, k % NDIV, 2, 0);
		counted_answer(&w, p);
		p->state = k == 1000 ? TK_LIVE_DRAFT : TK_LIVE_SUBMITTED;
		counted_write(&w, p, false);
	}
	OK(w.t, tk_db_commit(w.t->db, &w.t->e));
	csv = written(&w, make(&w, "response-rate", NULL, NULL, NULL), TK_TABLE_CSV, NULL);
	assert_string_equal(csv,
		"bureau,division,population,submitted,rate,previous_rate\n"
		"総務企画局,,750,750,100.0,\n総務企画局,総務企画局 "
		"総務課,250,250,100.0,\n総務企画局,検査課,250,250,100.0,\n総務企画局,企画課,250,"
		"250,100.0,\n"
		"監督局,,750,749,99.9,\n監督局,監督局 "
		"総務課,250,250,100.0,\n監督局,監理課,250,249,99.6,\n監督局,情報課,250,250,100.0,\n"
		"total,,1500,1499,99.9,\n");
	p = &w.p[1000];
	p->state = TK_LIVE_SUBMITTED;
	counted_write(&w, p, true);
	csv = written(&w, make(&w, "response-rate", "bureau", NULL, NULL), TK_TABLE_CSV, NULL);
	assert_string_equal(csv, "bureau,population,submitted,rate,previous_rate\n総務企画局,750,"
				 "750,100.0,\n監督局,750,750,100.0,\n"
				 "total,1500,1500,100.0,\n");
	csv = written(&w, make(&w, "response-rate", "post", "${bureau} = '監督局'", NULL),
		TK_TABLE_CSV, NULL);
	assert_string_equal(csv, "post,population,submitted,rate,previous_rate\n係員,750,750,100.0,"
				 "\ntotal,750,750,100.0,\n");
}

static void year_of(struct counted *w, const char *name, int year, unsigned done, unsigned of)
{
	counted_campaign(w, name, year);
	for (unsigned k = 0; k < of; k++) {
		struct counted_person *p = counted_add(w, 0, 0, 0);

		p->state = TK_LIVE_SUBMITTED;
		memset(p->code, TK_ANSWER_NO_ANSWER, NITEM);
		p->code[H1] = p->code[S1] = TK_ANSWER_NOT_ASKED;
		p->code[A1] = k < done ? TK_ANSWER_VALUE : TK_ANSWER_DONT_KNOW;
		p->code[A2] = TK_ANSWER_VALUE;
		counted_write(w, p, false);
	}
}

static void test_compare(void **state)
{
	struct counted w;
	struct tk_table *t;
	int64_t previous = 0, last;

	counted_up(&w, testdb_of(state));
	year_of(&w, "other", 2008, 1, 1);
	year_of(&w, "last", 2010, 26, 27); /* 96.3 */
	last = w.campaign_id;
	year_of(&w, "this", 2011, 11, 12); /* 91.7 */
	OK(w.t, tk_table_previous(&w.op, &w.campaign, &previous));
	assert_true(previous == last);
	t = make(&w, "compare", NULL, NULL, NULL);
	assert_string_equal(written(&w, t, TK_TABLE_CSV, NULL),
		"item,audience,numerator,denominator,rate,previous_numerator,previous_denominator,"
		"previous_rate,points\n"
		"a1,all_staff,11,12,91.7,26,27,96.3,-4.6\na2,all_staff,12,12,100.0,27,27,100.0,0."
		"0\n"
		"h1,division_head,0,0,,0,0,,\ns1,system_admin,0,0,,0,0,,\n");
	t = make(&w, "compare", "bureau", NULL, NULL);
	assert_string_equal(at(t, 0, "group")->text, "総務企画局");
	assert_int_equal(at(t, 0, "points")->n, -46);
	t = make(&w, "problem-items", NULL, NULL, NULL);
	assert_string_equal(written(&w, t, TK_TABLE_CSV, NULL),
		"item,label,audience,numerator,denominator,rate,rate_class,previous_rate,points\n"
		"a1,Question a1,all_staff,11,12,91.7,rc_90,96.3,-4.6\n");
	counted_sql(&w, "UPDATE campaign SET fiscal_year = 2007 WHERE name = 'last'");
	t = make(&w, "compare", NULL, NULL, NULL);
	assert_true(at(t, 0, "previous_rate")->none && at(t, 0, "points")->none &&
		    at(t, 0, "previous_numerator")->none);
}

/* -- writers ---------------------------------------------------------------------------------- */
static void test_writers(void **state)
{
	struct counted w;
	struct tk_table *t;
	struct tk_buf b = TK_BUF(1 << 20);
	struct tk_json j = TK_JSON(&b);
	struct cJSON *o;
	const char *text;
	size_t n;

	counted_up(&w, testdb_of(state));
	reference_form(&w);
	reference_year(&w, "reference", 2011);
	t = make(&w, "rate-classes", NULL, NULL, NULL);
	text = written(&w, t, TK_TABLE_JSON, NULL);
	assert_ptr_equal(strstr(text, "[{\"audience\":\"all_staff\",\"items\":6,\"rc_100\":0,\"rc_"
				      "100_share\":0.0,"),
		text);
	assert_non_null(strstr(text, "{\"audience\":\"cumulative\",\"items\":null,\"rc_100\":73,"
				     "\"rc_100_share\":90.2,"));
	OK(w.t, tk_json_parse(w.t->mem, text, strlen(text), &o, &w.t->e));
	tk_table_json(&j, t);
	assert_non_null(strstr(b.p,
		"\"columns\":[{\"name\":\"audience\",\"label\":\"Audience\",\"kind\":\"text\"}"));
	assert_non_null(strstr(
		b.p, "[\"Total\",81,73,{\"numerator\":73,\"denominator\":81,\"print\":\"90.2\"},"));
	assert_non_null(strstr(b.p, "\"by\":\"none\",\"round\":\"largest\"}"));
	OK(w.t, tk_json_parse(w.t->mem, b.p, b.len, &o, &w.t->e));
	tk_buf_drop(&b);
	written(&w, t, TK_TABLE_XLSX, &n);
	assert_true(n > 2000);
	text = written(&w, t, TK_TABLE_TEXT, NULL);
	assert_non_null(strstr(text, "Inspection: Items by class of implementation rate\n"));
	assert_non_null(strstr(text, "\nTotal"));
	for (int lang = 0; lang < 2; lang++) {
		struct tk_table_ask ask = {.name = lang ? "rate-classes" : "response-rate",
			.lang = lang ? TK_JA : TK_EN};
		struct tk_buf svg = TK_BUF(1 << 20);

		OK(w.t, tk_table_make(&w.op, &w.campaign, &ask, &t));
		OK(w.t, tk_table_chart(t, w.t->mem, &svg, &w.t->e));
		assert_ptr_equal(strstr(svg.p, "<svg"), svg.p);
		tk_buf_drop(&svg);
	}
	FAILS(w.t, TK_ENOTFOUND,
		tk_table_chart(make(&w, "items", NULL, NULL, NULL), w.t->mem, &b, &w.t->e));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TESTDB_BOTH(test_items),
		TESTDB_BOTH(test_filter),
		TESTDB_BOTH(test_scope),
		TESTDB_BOTH(test_one_answer),
		TESTDB_BOTH(test_reference),
		TESTDB_BOTH(test_no_rate),
		TESTDB_BOTH(test_response_rate),
		TESTDB_BOTH(test_compare),
		TESTDB_BOTH(test_writers),
	};

	return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
