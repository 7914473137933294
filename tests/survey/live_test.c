#include <inttypes.h>
#include <pthread.h>
#include <string.h>
#include "counted.h"

/* Every counter of memory against loops over what was written. */
static void check(struct counted *w)
{
	const struct tk_layout_item *li = w->form->layout->item;
	struct tk_progress total = {0};
	struct tk_live *l;
	size_t rows = 0;

	OK(w->t, tk_live_get(&w->op, w->campaign_id, &l));
	for (unsigned i = 0; i < NITEM; i++) {
		const uint32_t *got = tk_plane_total(l->plane) + tk_plane_col(l->plane, i);
		uint32_t want[80] = {0};

		for (size_t k = 0; k < w->n; k++) {
			const struct counted_person *p = &w->p[k];

			if (!counted_in(p))
				continue;
			if (i != M1 || counted_code(p, i) != TK_ANSWER_VALUE)
				want[counted_code(p, i)]++;
			else
				for (unsigned b = 0; b < 3; b++)
					want[TK_ANSWER_VALUE + b] += (uint32_t)(p->bits >> b & 1);
		}
		assert_memory_equal(got, want, tk_layout_ncode(&li[i]) * sizeof(*want));
	}
	for (size_t k = 0; k < w->n; k++) {
		const struct counted_person *p = &w->p[k];

		if (!counted_in(p))
			continue;
		rows++;
		total.population++;
		total.submitted += p->state == TK_LIVE_SUBMITTED;
		total.draft += p->state == TK_LIVE_DRAFT;
		total.sent_back += p->state == TK_LIVE_SENT_BACK;
	}
	assert_int_equal(tk_plane_rows(l->plane), rows);
	assert_memory_equal(&l->total, &total, sizeof(total));
	for (size_t d = 0; d < l->ndivision; d++) {
		total.population -= l->progress[d].population;
		total.submitted -= l->progress[d].submitted;
		total.draft -= l->progress[d].draft;
		total.sent_back -= l->progress[d].sent_back;
	}
	assert_true(!total.population && !total.submitted && !total.draft && !total.sent_back);
	tk_live_put(l);
	tk_live_put(l); /* a second time is fine */
}

static void made(struct counted *w, void **state, size_t n)
{
	counted_up(w, testdb_of(state));
	counted_campaign(w, "live", 2011);
	counted_fill(w, n);
}

static void test_load(void **state)
{
	struct counted w;
	struct tk_live *l;

	made(&w, state, 500);
	check(&w);
	OK(w.t, tk_live_get(&w.op, w.campaign_id, &l));
	assert_int_equal(l->nbureau, 2);
	assert_int_equal(l->ndivision, NDIV);
	assert_string_equal(
		l->division[0].label, "総務企画局 総務課"); /* two divisions have that name */
	assert_string_equal(l->division[1].label, "検査課");
	assert_string_equal(l->division[3].label, "監督局 総務課");
	assert_int_equal(l->division[3].parent_id, w.bureau[1]);
	assert_int_equal(l->npost, NPOST + 1);
	assert_int_equal(l->post[NPOST].id, 0);
	tk_live_put(l);
	assert_true(tk_live_bytes() > 0);
	tk_live_forget_all();
	assert_int_equal(tk_live_bytes(), 0);
	check(&w);
	FAILS(w.t, TK_ENOTFOUND, tk_live_get(&w.op, 12345, &l));
}

static void test_note(void **state)
{
	struct counted w;

	made(&w, state, 300);
	check(&w);
	for (int round = 0; round < 20; round++) {
		for (int i = 0; i < 25; i++) {
			struct counted_person *p = &w.p[counted_random((unsigned)w.n)];

			counted_answer(&w, p);
			if (p->state == TK_LIVE_NOT_STARTED)
				p->state = TK_LIVE_DRAFT;
			counted_write(&w, p, true);
		}
		check(&w); /* kept current by the notes ... */
		if (round % 5 == 0) {
			tk_live_forget(w.campaign_id);
			check(&w); /* ... and the same when loaded anew */
		}
	}
}

static void test_many_notes(void **state)
{
	struct counted w;

	made(&w, state, 50);
	check(&w);
	for (int i = 0; i < 20500; i++) {
		struct counted_person *p = &w.p[i % 50];

		counted_answer(&w, p);
		if (p->state == TK_LIVE_NOT_STARTED)
			p->state = TK_LIVE_DRAFT;
		if (i >= 20450)
			counted_write(&w, p, true);
		else
			tk_live_note(w.campaign_id, p->id, "draft", NULL, 0);
	}
	check(&w);
	tk_live_note(
		w.campaign_id, 4711, "submitted", (const uint8_t *)"", 0); /* nobody: loads anew */
	tk_live_note(99, 1, "submitted", (const uint8_t *)"", 0); /* no such campaign: nothing */
	check(&w);
}

static void test_epoch(void **state)
{
	struct counted w;
	struct counted_person *p;

	made(&w, state, 40);
	check(&w);
	p = counted_add(&w, 2, 1, HEAD);
	p->state = TK_LIVE_SUBMITTED;
	p->code[A1] = TK_ANSWER_VALUE;
	for (unsigned i = A2; i < NITEM; i++)
		p->code[i] = counted_asked(p, i) ? TK_ANSWER_DONT_KNOW : TK_ANSWER_NOT_ASKED;
	counted_write(&w, p, false);
	counted_epoch(&w);
	check(&w);
}

static void test_transaction(void **state)
{
	struct counted w;
	struct counted_person was, *p;

	made(&w, state, 40);
	check(&w);
	p = &w.p[3];
	was = *p;
	OK(w.t, tk_db_begin(w.t->db, &w.t->e));
	p->left = false;
	p->state = was.state == TK_LIVE_SUBMITTED ? TK_LIVE_DRAFT : TK_LIVE_SUBMITTED;
	counted_sql(&w, tk_sprintf(w.t->mem,
				"UPDATE respondent SET state = 'in' WHERE id = %" PRId64, p->id));
	counted_write(&w, p, false);
	check(&w); /* the transaction sees its own writes */
	tk_db_rollback(w.t->db);
	*p = was;
	check(&w); /* and nobody else ever did */
}

static void test_other_node(void **state)
{
	struct counted w;

	made(&w, state, 200);
	check(&w);
	if (w.t->kind != TK_DB_POSTGRES)
		return; /* a file of SQLite has one server */
	for (int round = 0; round < 5; round++) {
		for (int i = 0; i < 10; i++) {
			struct counted_person *p = &w.p[counted_random((unsigned)w.n)];

			counted_answer(&w, p);
			if (p->state == TK_LIVE_NOT_STARTED)
				p->state = TK_LIVE_SENT_BACK;
			counted_write(&w, p, false);
		}
		nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
		check(&w);
	}
}

/* -- threads ---------------------------------------------------------------------------------- */
struct reader {
	struct counted *w;
	struct tk_db *db;
	bool ok;
};

static void *read_many(void *arg)
{
	struct reader *r = arg;
	struct tk_err e = {.lang = TK_EN};
	struct tk_arena *mem = tk_arena_new(64 << 20);
	struct tk_op op = {r->db, mem, &r->w->who, &e};

	r->ok = true;
	for (int i = 0; i < 200 && r->ok; i++) {
		struct tk_live *l;
		const uint32_t *n;
		uint32_t sum = 0;

		if (tk_live_get(&op, r->w->campaign_id, &l) != TK_OK) {
			r->ok = false;
			break;
		}
		n = tk_plane_total(l->plane) + tk_plane_col(l->plane, A1);
		for (unsigned k = 0; k < tk_plane_ncode(l->plane, A1); k++)
			sum += n[k];
		r->ok = sum == tk_plane_rows(l->plane) && (int64_t)sum == l->total.population;
		tk_live_put(l);
		tk_arena_reset(mem);
	}
	tk_arena_free(mem);
	return NULL;
}

static void test_threads(void **state)
{
	struct counted w;
	struct reader r[3];
	pthread_t th[3];

	made(&w, state, 100);
	for (int i = 0; i < 3; i++) {
		r[i] = (struct reader){&w, testdb_again(w.t, TK_DB_READ), false};
		assert_int_equal(pthread_create(&th[i], NULL, read_many, &r[i]), 0);
	}
	for (int i = 0; i < 150; i++) {
		struct counted_person *p = &w.p[counted_random((unsigned)w.n)];

		counted_answer(&w, p);
		if (p->state == TK_LIVE_NOT_STARTED)
			p->state = TK_LIVE_DRAFT;
		counted_write(&w, p, true);
		if (i % 40 == 0)
			tk_live_forget(w.campaign_id);
	}
	for (int i = 0; i < 3; i++) {
		pthread_join(th[i], NULL);
		assert_true(r[i].ok);
		tk_db_close(r[i].db);
	}
	check(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TESTDB_BOTH(test_load),
		TESTDB_BOTH(test_note),
		TESTDB_BOTH(test_many_notes),
		TESTDB_BOTH(test_epoch),
		TESTDB_BOTH(test_transaction),
		TESTDB_BOTH(test_other_node),
		TESTDB_BOTH(test_threads),
	};

	return cmocka_run_group_tests_name("live", tests, NULL, NULL);
}
