/* The planes against plain counting: random people, answers, moves, removals and filters. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "survey/plane.h"

enum { PEOPLE = 3000, SIZE = 17, WIDTH = 108, DIVISIONS = 23, BUREAUS = 5, POSTS = 40 };

static const struct tk_layout_item item[] = {
	{ .name = "q1", .kind = TK_Q_SINGLE, .noption = 3 },
	{ .name = "q2", .kind = TK_Q_MULTI, .noption = 9 },
	{ .name = "q3", .kind = TK_Q_NUMBER },
	{ .name = "q4", .kind = TK_Q_SINGLE, .noption = 2 },
	{ .name = "q5", .kind = TK_Q_MULTI, .noption = 60 },
	{ .name = "q6", .kind = TK_Q_TEXT },
	{ .name = "q7", .kind = TK_Q_SINGLE, .noption = 4 },
};
enum { ITEMS = TK_LEN(item) };

/* What the plane must agree with. */
struct model {
	bool                has;
	struct tk_plane_key key;
	uint8_t             blob[SIZE];
	bool                in;         /* in the filter under test */
};
struct world {
	struct tk_arena  *a;
	struct tk_layout *l;
	struct tk_plane  *p;
	struct model     *m;
	uint64_t          seed;
};

static uint32_t rnd(struct world *w, uint32_t n)
{
	w->seed = w->seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(w->seed >> 33) % n;
}

static int setup(void **state)
{
	struct world *w = tk_xcalloc(1, sizeof(*w));

	w->a = tk_arena_new(64 << 20);
	assert_int_equal(tk_layout_new(w->a, item, ITEMS, &w->l, NULL), TK_OK);
	assert_int_equal(w->l->size, SIZE);
	w->p = tk_plane_new(w->l);
	assert_int_equal(tk_plane_width(w->p), WIDTH);
	w->m = tk_xcalloc(PEOPLE, sizeof(*w->m));
	w->seed = 81;
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	tk_plane_free(w->p);
	tk_arena_free(w->a);
	free(w->m);
	free(w);
	return 0;
}

static void random_blob(struct world *w, uint8_t *blob)
{
	memset(blob, 0, SIZE);
	for (size_t i = 0; i < ITEMS; i++) {
		uint32_t s = rnd(w, 9);
		enum tk_rc rc;

		if (s < TK_ANSWER_VALUE) {
			rc = tk_pack_set_state(w->l, blob, i, (enum tk_answer)s, NULL);
		} else if (item[i].kind == TK_Q_SINGLE) {
			rc = tk_pack_set_option(w->l, blob, i, rnd(w, item[i].noption), NULL);
		} else if (item[i].kind == TK_Q_MULTI) {
			uint64_t bits = (uint64_t)rnd(w, 1u << 30) << 31 | rnd(w, 1u << 30);
			rc = tk_pack_set_bits(w->l, blob, i, bits & ((UINT64_C(1) << item[i].noption) - 1), NULL);
		} else {
			rc = tk_pack_set_state(w->l, blob, i, TK_ANSWER_VALUE, NULL);
		}
		assert_int_equal(rc, TK_OK);
	}
}

/* One random change, to both. */
static void change(struct world *w)
{
	uint32_t i = rnd(w, PEOPLE);
	struct model *m = &w->m[i];

	if (rnd(w, 6) == 0) {
		assert_int_equal(tk_plane_remove(w->p, i), m->has);
		m->has = false;
		return;
	}
	/* some stay where they are, some move; division 3 is large, some stay empty */
	if (!m->has || rnd(w, 3) == 0)
		m->key = (struct tk_plane_key){ .division = rnd(w, 2) ? 3 : rnd(w, DIVISIONS) / 2 * 2,
			.bureau = rnd(w, BUREAUS), .post = rnd(w, POSTS) };
	random_blob(w, m->blob);
	m->has = true;
	assert_int_equal(tk_plane_set(w->p, i, m->key, m->blob, SIZE, NULL), TK_OK);
}

/* How often one person counts in each column. */
static void add_person(const struct world *w, const struct model *m, uint32_t *out)
{
	for (size_t i = 0; i < ITEMS; i++) {
		uint32_t *o = out + tk_plane_col(w->p, i);
		uint64_t bits = tk_pack_bits(w->l, m->blob, i);
		enum tk_answer s = tk_pack_state(w->l, m->blob, i);

		if (item[i].kind == TK_Q_MULTI && s == TK_ANSWER_VALUE) {
			for (unsigned k = 0; k < item[i].noption; k++)
				o[4 + k] += (uint32_t)(bits >> k & 1);
		} else if (item[i].kind == TK_Q_SINGLE && s == TK_ANSWER_VALUE) {
			o[4 + tk_pack_option(w->l, m->blob, i)]++;
		} else {
			o[s]++;
		}
	}
}

static uint32_t group_of(const struct model *m, enum tk_plane_by by)
{
	switch (by) {
	case TK_BY_DIVISION: return m->key.division;
	case TK_BY_BUREAU: return m->key.bureau;
	case TK_BY_POST: return m->key.post;
	case TK_BY_ALL: break;
	}
	return 0;
}

static void compare_by(struct world *w, enum tk_plane_by by, const struct tk_filter *f)
{
	static uint32_t want[POSTS][WIDTH], people[POSTS];
	struct tk_arena *a = tk_arena_new(16 << 20);
	struct tk_tally t;
	size_t first = rnd(w, ITEMS), n = 1 + rnd(w, (uint32_t)(ITEMS - first)), col;

	memset(want, 0, sizeof(want));
	memset(people, 0, sizeof(people));
	for (size_t i = 0; i < PEOPLE; i++) {
		if (!w->m[i].has || (f && !w->m[i].in))
			continue;
		add_person(w, &w->m[i], want[group_of(&w->m[i], by)]);
		people[group_of(&w->m[i], by)]++;
	}
	assert_int_equal(tk_plane_tally(w->p, &(struct tk_plane_ask){ .item = 0, .nitem = ITEMS, .by = by, .filter = f },
					a, &t, NULL), TK_OK);
	assert_int_equal(t.width, WIDTH);
	assert_true(t.ngroup <= POSTS);
	for (size_t g = 0; g < t.ngroup; g++) {
		assert_memory_equal(t.n + g * WIDTH, want[g], sizeof(want[g]));
		assert_int_equal(t.people[g], people[g]);
	}
	for (size_t g = t.ngroup; g < POSTS; g++)
		assert_int_equal(people[g], 0);
	/* some of the items only */
	assert_int_equal(tk_plane_tally(w->p, &(struct tk_plane_ask){ .item = first, .nitem = n, .by = by, .filter = f },
					a, &t, NULL), TK_OK);
	col = tk_plane_col(w->p, first);
	for (size_t g = 0; g < t.ngroup; g++)
		assert_memory_equal(t.n + g * t.width, want[g] + col, t.width * sizeof(uint32_t));
	tk_arena_free(a);
}

static void compare(struct world *w, const struct tk_filter *f)
{
	uint32_t want[WIDTH] = { 0 }, got[64];
	size_t size = 0;

	for (size_t i = 0; i < PEOPLE; i++) {
		if (!w->m[i].has || (f && !w->m[i].in))
			continue;
		add_person(w, &w->m[i], want);
		size++;
	}
	assert_int_equal(f ? tk_filter_size(f) : tk_plane_rows(w->p), size);
	for (size_t i = 0; i < ITEMS; i++) {
		assert_int_equal(tk_plane_count(w->p, i, f, got, NULL), TK_OK);
		assert_memory_equal(got, want + tk_plane_col(w->p, i), tk_plane_ncode(w->p, i) * sizeof(uint32_t));
	}
	for (int by = TK_BY_ALL; by <= TK_BY_POST; by++)
		compare_by(w, (enum tk_plane_by)by, f);
}

static bool third(void *ctx, uint32_t index)
{
	(void)ctx;
	return index % 3 == 0;
}

static bool has_code(const struct world *w, const struct model *m, size_t i, unsigned code)
{
	uint32_t out[WIDTH] = { 0 };

	add_person(w, m, out);
	return out[tk_plane_col(w->p, i) + code] != 0;
}

/* One random elementary filter; test[] says who must be in it. */
static struct tk_filter *simple_filter(struct world *w, struct tk_arena *a, bool *test)
{
	uint32_t kind = rnd(w, 6), slot = rnd(w, DIVISIONS), q = rnd(w, ITEMS);
	unsigned code = rnd(w, tk_plane_ncode(w->p, q));

	for (size_t i = 0; i < PEOPLE; i++) {
		const struct model *m = &w->m[i];
		bool is[] = { true, m->key.division == slot, m->key.bureau == slot, m->key.post == slot,
			has_code(w, m, q, code), i % 3 == 0 };
		test[i] = m->has && is[kind];
	}
	switch (kind) {
	case 0: return tk_filter_all(a, w->p);
	case 1: return tk_filter_division(a, w->p, slot);
	case 2: return tk_filter_bureau(a, w->p, slot);
	case 3: return tk_filter_post(a, w->p, slot);
	case 4: return tk_filter_code(a, w->p, q, code);
	default: return tk_filter_when(a, w->p, third, NULL);
	}
}

static void random_filters(struct world *w, int n)
{
	static bool t[PEOPLE], u[PEOPLE];
	struct tk_arena *a = tk_arena_new(16 << 20);

	while (n--) {
		struct tk_filter *f = simple_filter(w, a, t), *g = simple_filter(w, a, u);
		uint32_t op = rnd(w, 4);

		if (op & 1)
			assert_int_equal(tk_filter_not(f, w->p, NULL), TK_OK);
		assert_int_equal(op & 2 ? tk_filter_and(f, g, NULL) : tk_filter_or(f, g, NULL), TK_OK);
		for (size_t i = 0; i < PEOPLE; i++) {
			bool left = w->m[i].has && (op & 1 ? !t[i] : t[i]);
			w->m[i].in = op & 2 ? left && u[i] : left || u[i];
		}
		compare(w, f);
	}
	tk_arena_free(a);
}

static void equals_plain_counting(void **state)
{
	struct world *w = *state;

	compare(w, NULL);
	for (int round = 0; round < 25; round++) {
		for (int i = 0; i < 600; i++)
			change(w);
		compare(w, NULL);
		random_filters(w, 12);
	}
	assert_true(tk_plane_rows(w->p) > PEOPLE / 2);
	/* take everybody out: nothing may be left behind */
	for (uint32_t i = 0; i < PEOPLE; i++) {
		tk_plane_remove(w->p, i);
		w->m[i].has = false;
	}
	compare(w, NULL);
	random_filters(w, 3);
	assert_int_equal(tk_plane_rows(w->p), 0);
}

/* Filled in one go, with people replaced, moved and removed meanwhile, it is the same. */
static void filling_equals_plain_counting(void **state)
{
	struct world *w = *state;

	tk_plane_fill(w->p);
	for (int i = 0; i < 9000; i++)
		change(w);
	tk_plane_filled(w->p);
	assert_true(tk_plane_rows(w->p) > PEOPLE / 2);
	compare(w, NULL);
	random_filters(w, 12);
	for (int i = 0; i < 600; i++)
		change(w);
	compare(w, NULL);
	tk_plane_fill(w->p);    /* it is not empty: row by row, as always */
	change(w);
	compare(w, NULL);
	tk_plane_filled(w->p);
	compare(w, NULL);
}

static void reads_back(void **state)
{
	struct world *w = *state;
	const uint8_t *blob;
	struct tk_plane_key k;

	for (int i = 0; i < 5000; i++)
		change(w);
	for (uint32_t i = 0; i < PEOPLE + 5000; i++) {
		bool has = i < PEOPLE && w->m[i].has;
		assert_int_equal(tk_plane_get(w->p, i, &k, &blob), has);
		if (!has)
			continue;
		assert_memory_equal(blob, w->m[i].blob, SIZE);
		assert_memory_equal(&k, &w->m[i].key, sizeof(k));
	}
	for (uint32_t d = 0; d < DIVISIONS; d++) {
		uint32_t want[WIDTH] = { 0 };
		const uint32_t *got = tk_plane_division(w->p, d);

		for (size_t i = 0; i < PEOPLE; i++)
			if (w->m[i].has && w->m[i].key.division == d)
				add_person(w, &w->m[i], want);
		if (got)
			assert_memory_equal(got, want, sizeof(want));
	}
	assert_null(tk_plane_division(w->p, 99999));
}

static void refused(void **state)
{
	struct world *w = *state;
	struct tk_err e = { .lang = TK_EN };
	struct tk_plane_key k = { 0 };
	uint8_t blob[SIZE] = { 0 };
	uint32_t count[64];
	struct tk_filter *f, *g;
	struct tk_tally t;

	assert_int_equal(tk_plane_set(w->p, 0, k, blob, SIZE - 1, &e), TK_EINVAL);
	blob[0] = 7;
	assert_int_equal(tk_plane_set(w->p, 0, k, blob, SIZE, &e), TK_EINVAL);
	assert_string_equal(e.field, "q1");
	blob[0] = 0;
	assert_int_equal(tk_plane_set(w->p, TK_PLANE_INDEX, k, blob, SIZE, &e), TK_EINVAL);
	assert_int_equal(tk_plane_set(w->p, 0, (struct tk_plane_key){ .division = TK_PLANE_SLOT }, blob, SIZE, &e), TK_EINVAL);
	assert_int_equal(tk_plane_set(w->p, 0, (struct tk_plane_key){ .bureau = TK_PLANE_SLOT16 }, blob, SIZE, &e), TK_EINVAL);
	assert_int_equal(tk_plane_set(w->p, 0, (struct tk_plane_key){ .post = TK_PLANE_SLOT16 }, blob, SIZE, &e), TK_EINVAL);
	assert_int_equal(tk_plane_rows(w->p), 0);
	assert_int_equal(tk_plane_version(w->p), 0);
	assert_int_equal(tk_plane_set(w->p, 0, k, blob, SIZE, &e), TK_OK);
	/* a filter from before a change is refused, not silently wrong */
	f = tk_filter_all(w->a, w->p);
	assert_int_equal(tk_plane_count(w->p, 0, f, count, &e), TK_OK);
	assert_int_equal(tk_plane_set(w->p, 1, k, blob, SIZE, &e), TK_OK);
	assert_int_equal(tk_plane_count(w->p, 0, f, count, &e), TK_ECONFLICT);
	g = tk_filter_all(w->a, w->p);
	assert_int_equal(tk_filter_and(f, g, &e), TK_ECONFLICT);
	assert_int_equal(tk_filter_or(g, f, &e), TK_ECONFLICT);
	assert_int_equal(tk_filter_not(f, w->p, &e), TK_ECONFLICT);
	/* codes and items that do not exist */
	assert_int_equal(tk_filter_size(tk_filter_code(w->a, w->p, 0, 0)), 2);
	assert_int_equal(tk_filter_size(tk_filter_code(w->a, w->p, 0, 7)), 0);
	assert_int_equal(tk_filter_size(tk_filter_code(w->a, w->p, ITEMS, 0)), 0);
	assert_int_equal(tk_plane_count(w->p, ITEMS, NULL, count, &e), TK_EINVAL);
	assert_int_equal(tk_plane_tally(w->p, &(struct tk_plane_ask){ .item = 1, .nitem = ITEMS }, w->a, &t, &e), TK_EINVAL);
	assert_int_equal(tk_plane_tally(w->p, &(struct tk_plane_ask){ .item = 1, .nitem = 0 }, w->a, &t, &e), TK_EINVAL);
}

/* Readers and a writer at once: each reader sees a state in which all columns agree. */
struct reader { struct world *w; uint32_t bad; };

static void *read_on(void *arg)
{
	struct reader *r = arg;
	struct tk_arena *a = tk_arena_new(1 << 20);

	for (int i = 0; i < 300; i++) {
		uint32_t n[64], sum = 0, rows;

		tk_plane_rdlock(r->w->p);
		rows = (uint32_t)tk_plane_rows(r->w->p);
		if (tk_plane_count(r->w->p, 0, tk_filter_all(a, r->w->p), n, NULL) != TK_OK)
			r->bad++;
		tk_plane_unlock(r->w->p);
		for (unsigned c = 0; c < 7; c++)
			sum += n[c];
		r->bad += sum != rows;
		tk_arena_reset(a);
	}
	tk_arena_free(a);
	return NULL;
}

static void threads(void **state)
{
	struct world *w = *state;
	struct reader r[2] = { { .w = w }, { .w = w } };
	pthread_t t[2];

	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&t[i], NULL, read_on, &r[i]), 0);
	for (int i = 0; i < 3000; i++) {
		tk_plane_wrlock(w->p);
		change(w);
		tk_plane_unlock(w->p);
	}
	for (int i = 0; i < 2; i++) {
		pthread_join(t[i], NULL);
		assert_int_equal(r[i].bad, 0);
	}
	compare(w, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(equals_plain_counting, setup, teardown),
		cmocka_unit_test_setup_teardown(filling_equals_plain_counting, setup, teardown),
		cmocka_unit_test_setup_teardown(reads_back, setup, teardown),
		cmocka_unit_test_setup_teardown(refused, setup, teardown),
		cmocka_unit_test_setup_teardown(threads, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
