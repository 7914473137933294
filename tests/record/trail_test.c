/* The audit trail: whatever is done to sealed rows is found and named. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "record/trail.h"
#include "thing.h"

enum { NROW = 12 };

struct heard { char text[16000]; };

static void hear(void *ctx, const char *line)
{
	struct heard *h = ctx;
	size_t n = strlen(h->text);

	snprintf(h->text + n, sizeof(h->text) - n, "%s\n", line);
}

static struct tk_trail_report verify(struct world *w, struct heard *h)
{
	struct tk_trail_report r;

	*h = (struct heard){ "" };
	OK(w->t, tk_trail_verify(w->t->db, hear, h, &r, &w->t->e));
	return r;
}

/* Three seals of four rows each. */
static void fill(struct world *w, int64_t id[NROW])
{
	int64_t n;

	for (int i = 0; i < NROW; i++) {
		OK(w->t, tk_trail_add(&w->op, "test", "thing", i + 1, "{\"a\":1}"));
		id[i] = testdb_int(w->t, "SELECT MAX(id) FROM trail");
		if (i % 4 == 3) {
			OK(w->t, tk_trail_seal(w->t->db, &n, &w->t->e));
			assert_int_equal(n, 4);
		}
	}
}

static void an_untouched_trail_is_in_order(void **state)
{
	WORLD(state);
	int64_t id[NROW], n;
	struct tk_trail_report r;
	struct heard h;

	r = verify(&w, &h);
	assert_int_equal(r.faults, 0);
	fill(&w, id);
	OK(t, tk_trail_seal(t->db, &n, &t->e));                 /* nothing to seal */
	assert_int_equal(n, 0);
	r = verify(&w, &h);
	assert_int_equal(r.faults, 0);
	assert_int_equal(r.rows, NROW);
	assert_int_equal(r.seals, 3);
	assert_int_equal(r.unsealed, 0);
	OK(t, tk_trail_add(&w.op, "test", "thing", 99, NULL));  /* not sealed yet: no fault */
	r = verify(&w, &h);
	assert_int_equal(r.faults, 0);
	assert_int_equal(r.unsealed, 1);
	assert_string_equal(h.text, "");
}

static void change(struct world *w, const char *sql, const struct tk_value *arg, size_t narg)
{
	OK(w->t, tk_db_run(w->t->db, &w->t->e, sql, arg, narg, NULL, NULL));
	assert_true(tk_db_changes(w->t->db) > 0);
}

/* Runs one forgery in a transaction, verifies, and takes it back. */
static int64_t forge(struct world *w, struct heard *h, const char *sql, const struct tk_value *arg, size_t narg)
{
	struct tk_trail_report r;

	OK(w->t, tk_db_begin(w->t->db, &w->t->e));
	change(w, sql, arg, narg);
	r = verify(w, h);
	tk_db_rollback(w->t->db);
	return r.faults;
}
#define FORGE(sql, ...) forge(&w, &h, sql, TK_ARGS(__VA_ARGS__))

static void says(const struct heard *h, const char *what, int64_t id)
{
	char want[80];

	snprintf(want, sizeof(want), "Row %" PRId64 " ", id);
	if (id && !strstr(h->text, want))
		fail_msg("row %" PRId64 " is not named: %s", id, h->text);
	if (!strstr(h->text, what))
		fail_msg("\"%s\" is not said: %s", what, h->text);
}

static void every_altered_column_is_found(void **state)
{
	static const char *const text[] = {
		"UPDATE trail SET who = 'else' WHERE id = $1", "UPDATE trail SET source = 'else' WHERE id = $1",
		"UPDATE trail SET action = 'else' WHERE id = $1", "UPDATE trail SET rtype = 'else' WHERE id = $1",
		"UPDATE trail SET detail = '{\"a\":2}' WHERE id = $1", "UPDATE trail SET at_ms = at_ms + 1 WHERE id = $1",
		"UPDATE trail SET account_id = 77 WHERE id = $1", "UPDATE trail SET record_id = 77 WHERE id = $1",
		"UPDATE trail SET digest = (SELECT digest FROM trail_head) WHERE id = $1",
	};
	WORLD(state);
	int64_t id[NROW];
	struct heard h;

	fill(&w, id);
	for (size_t i = 0; i < TK_LEN(text); i++) {
		assert_int_equal(forge(&w, &h, text[i], TK_ARGS(TK_I(id[5]))), 1);
		says(&h, "altered", id[5]);
	}
	/* moving text from one column to the next does not fool the digest */
	assert_int_equal(FORGE("UPDATE trail SET who = 'testh', source = 'ere' WHERE id = $1", TK_I(id[0])), 1);
	says(&h, "altered", id[0]);
}

static void missing_and_added_rows_are_found(void **state)
{
	WORLD(state);
	int64_t id[NROW];
	struct heard h;

	fill(&w, id);
	assert_int_equal(FORGE("DELETE FROM trail WHERE id = $1", TK_I(id[0])), 1);
	says(&h, "missing", id[0]);
	assert_int_equal(FORGE("DELETE FROM trail WHERE id = $1", TK_I(id[6])), 1);
	says(&h, "missing", id[6]);
	assert_int_equal(FORGE("DELETE FROM trail WHERE id >= $1", TK_I(id[NROW - 2])), 2);     /* the last ones */
	says(&h, "missing", id[NROW - 2]);
	says(&h, "missing", id[NROW - 1]);
	assert_int_equal(FORGE("UPDATE trail SET seal = NULL WHERE id = $1", TK_I(id[3])), 1);
	says(&h, "missing", id[3]);
	assert_true(FORGE("UPDATE trail SET seal = 2 WHERE id = $1", TK_I(id[3])) >= 2);
	says(&h, "added", id[3]);
	assert_int_equal(FORGE("INSERT INTO trail SELECT id + 1000, at_ms, account_id, who, source, action, rtype, record_id, detail,"
			       " digest, seal FROM trail WHERE id = $1", TK_I(id[4])), 1);
	says(&h, "added", id[4] + 1000);
	assert_int_equal(FORGE("UPDATE trail SET id = 5 WHERE id = $1", TK_I(id[4])), 2);
	says(&h, "missing", id[4]);
	assert_true(FORGE("UPDATE trail SET seal = 9 WHERE id = $1", TK_I(id[11])) >= 2);
	says(&h, "claim a seal", 0);
}

static void swapped_rows_are_found(void **state)
{
	WORLD(state);
	int64_t id[NROW];
	struct tk_trail_report r;
	struct heard h;

	fill(&w, id);
	change(&w, "UPDATE trail SET id = -1 WHERE id = $1", TK_ARGS(TK_I(id[5])));
	change(&w, "UPDATE trail SET id = $1 WHERE id = $2", TK_ARGS(TK_I(id[5]), TK_I(id[6])));
	change(&w, "UPDATE trail SET id = $1 WHERE id = -1", TK_ARGS(TK_I(id[6])));
	r = verify(&w, &h);
	assert_int_equal(r.faults, 2);
	says(&h, "altered", id[5]);
	says(&h, "altered", id[6]);
}

static void seals_and_head_are_found(void **state)
{
	WORLD(state);
	int64_t id[NROW];
	struct tk_trail_report r;
	struct heard h;

	fill(&w, id);
	assert_true(FORGE("DELETE FROM trail_seal WHERE seal = $1", TK_I(2)) >= 1);
	says(&h, "Seal 2 is missing", 0);
	assert_true(FORGE("DELETE FROM trail_seal WHERE seal = $1", TK_I(3)) >= 1);
	says(&h, "Seal 3 is missing", 0);
	assert_true(FORGE("DELETE FROM trail_seal WHERE seal <= $1", TK_I(3)) >= 3);
	says(&h, "Seal 1 is missing", 0);
	assert_true(FORGE("UPDATE trail_seal SET digest = (SELECT digest FROM trail_seal WHERE seal = 1) WHERE seal = $1", TK_I(2)) >= 1);
	says(&h, "Seal 2 does not fit", 0);
	assert_true(FORGE("UPDATE trail_seal SET nrow = 5 WHERE seal = $1", TK_I(2)) >= 1);
	assert_true(FORGE("DELETE FROM trail_head WHERE id = $1", TK_I(1)) >= 1);
	says(&h, "head of the chain is missing", 0);
	assert_true(FORGE("UPDATE trail_head SET nrow = nrow - $1", TK_I(1)) >= 1);
	says(&h, "head of the chain says", 0);
	assert_true(FORGE("UPDATE trail_head SET seal = $1", TK_I(2)) >= 1);
	/* the last seal goes and the head is written to fit: its rows give it away */
	OK(t, tk_db_begin(t->db, &t->e));
	change(&w, "DELETE FROM trail_seal WHERE seal = 3", NULL, 0);
	change(&w, "UPDATE trail_head SET seal = 2, nrow = 8, digest = (SELECT digest FROM trail_seal WHERE seal = 2)", NULL, 0);
	r = verify(&w, &h);
	assert_true(r.faults >= 1);
	says(&h, "claim a seal after the head", 0);
	tk_db_rollback(t->db);
	r = verify(&w, &h);
	assert_int_equal(r.faults, 0);
}

/* Rows, seal and head set back together: only a head kept elsewhere tells. */
static void a_head_kept_elsewhere(void **state)
{
	WORLD(state);
	struct tk_trail_head kept, none;
	int64_t id[NROW], n;
	struct heard h;
	bool holds;

	OK(t, tk_trail_head(t->db, &none, &t->e));
	assert_int_equal(none.seal, 0);
	OK(t, tk_trail_holds(t->db, &none, &holds, &t->e));
	assert_true(holds);
	fill(&w, id);
	OK(t, tk_trail_head(t->db, &kept, &t->e));
	assert_int_equal(kept.seal, 3);
	assert_int_equal(kept.rows, NROW);
	OK(t, tk_trail_holds(t->db, &kept, &holds, &t->e));
	assert_true(holds);
	change(&w, "DELETE FROM trail WHERE seal = 3", NULL, 0);
	change(&w, "DELETE FROM trail_seal WHERE seal = 3", NULL, 0);
	change(&w, "UPDATE trail_head SET seal = 2, nrow = 8, digest = (SELECT digest FROM trail_seal WHERE seal = 2)", NULL, 0);
	assert_int_equal(verify(&w, &h).faults, 0);
	OK(t, tk_trail_holds(t->db, &kept, &holds, &t->e));
	assert_false(holds);
	OK(t, tk_trail_add(&w.op, "test", "thing", 1, NULL));   /* a new third seal is another one */
	OK(t, tk_trail_seal(t->db, &n, &t->e));
	OK(t, tk_trail_holds(t->db, &kept, &holds, &t->e));
	assert_false(holds);
}

/* A row forged before sealing is sealed as found, and still named. */
static void forging_before_the_seal(void **state)
{
	WORLD(state);
	int64_t id[NROW], n;
	struct tk_trail_report r;
	struct heard h;

	fill(&w, id);
	OK(t, tk_trail_add(&w.op, "test", "thing", 50, NULL));
	change(&w, "UPDATE trail SET record_id = 51 WHERE record_id = 50", NULL, 0);
	r = verify(&w, &h);
	assert_int_equal(r.faults, 1);
	assert_int_equal(r.unsealed, 1);
	says(&h, "not sealed yet", 0);
	OK(t, tk_trail_seal(t->db, &n, &t->e));
	assert_int_equal(n, 1);
	r = verify(&w, &h);
	assert_int_equal(r.faults, 1);
	says(&h, "altered", 0);
}

/* The list that a seal keeps serves to name rows; where it alone was changed, it is what is named. */
static void a_rewritten_list_is_named(void **state)
{
	WORLD(state);
	int64_t id[NROW];
	struct heard h;

	fill(&w, id);
	assert_true(FORGE("UPDATE trail_seal SET rows = (SELECT rows FROM trail_seal WHERE seal = 1) WHERE seal = $1", TK_I(2)) >= 1);
	says(&h, "The list that seal 2 keeps", 0);
	assert_null(strstr(h.text, "Row "));
}

/* Rows are named one by one up to a hundred, more are told by their number. */
static void thousands_of_missing_rows_are_counted(void **state)
{
	WORLD(state);
	struct tk_trail_report r;
	struct heard h;
	int64_t n;

	for (int i = 0; i < 130; i++)
		OK(t, tk_trail_add(&w.op, "test", "thing", i + 1, NULL));
	OK(t, tk_trail_seal(t->db, &n, &t->e));
	OK(t, tk_db_begin(t->db, &t->e));
	change(&w, "DELETE FROM trail WHERE record_id > 5", NULL, 0);
	r = verify(&w, &h);
	assert_int_equal(r.faults, 126);
	says(&h, "Of 25 more rows of seal 1", 0);
	tk_db_rollback(t->db);
}

static int64_t ask_witnesses(struct world *w, struct heard *h)
{
	static const struct tk_trail_kept also[] = { { "thing", "thing", NULL },
						     { "thing", "thing", "seen_at" } };
	struct tk_trail_report r = { 0 };

	*h = (struct heard){ "" };
	OK(w->t, tk_trail_witness(w->t->db, also, TK_LEN(also), hear, h, &r, &w->t->e));
	return r.faults;
}

/* NFR-02: the chain, its head and the rows set back to fit; the records still say what was done. */
static void records_are_witnesses(void **state)
{
	WORLD(state);
	struct thing *x = thing_new(&w, "A1", "one");
	struct heard h;
	int64_t n;

	OK(t, tk_rec_insert(&w.op, &thing_type, x));
	OK(t, tk_trail_seal(t->db, &n, &t->e));
	assert_int_equal(ask_witnesses(&w, &h), 0);
	tk_set_by(&thing_type, x, "size", TK_I(3));
	OK(t, tk_rec_update(&w.op, &thing_type, x, -1));
	OK(t, tk_rec_update(&w.op, &thing_type, x, -1));        /* no change: no version, no row */
	assert_int_equal(x->rec.version, 2);
	OK(t, tk_trail_seal(t->db, &n, &t->e));
	assert_int_equal(ask_witnesses(&w, &h), 0);
	OK(t, tk_db_begin(t->db, &t->e));
	change(&w, "DELETE FROM trail WHERE seal = 2", NULL, 0);
	change(&w, "DELETE FROM trail_seal WHERE seal = 2", NULL, 0);
	change(&w, "UPDATE trail_head SET seal = 1, nrow = 1, digest = (SELECT digest FROM trail_seal WHERE seal = 1)", NULL, 0);
	assert_int_equal(verify(&w, &h).faults, 0);
	assert_int_equal(ask_witnesses(&w, &h), 1);
	says(&h, "1 records of the type thing", 0);
	tk_db_rollback(t->db);
	/* a time at which something was written, later than anything in the trail */
	change(&w, "UPDATE thing SET seen_at = $1", TK_ARGS(TK_I(tk_now() + 3600)));
	assert_int_equal(ask_witnesses(&w, &h), 1);
}

static void a_change_and_its_trail_are_one(void **state)
{
	WORLD(state);
	struct thing *x = thing_new(&w, "A1", "one");
	struct tk_trail_report r;
	struct heard h;
	int64_t n;

	OK(t, tk_rec_insert(&w.op, &thing_type, x));
	OK(t, tk_db_begin(t->db, &t->e));
	tk_set_by(&thing_type, x, "size", TK_I(3));
	OK(t, tk_rec_update(&w.op, &thing_type, x, -1));
	tk_db_rollback(t->db);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM trail"), 1);
	OK(t, tk_trail_seal(t->db, &n, &t->e));
	r = verify(&w, &h);
	assert_int_equal(r.rows, 1);
	assert_int_equal(r.faults, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TESTDB_BOTH(an_untouched_trail_is_in_order),
		TESTDB_BOTH(every_altered_column_is_found),
		TESTDB_BOTH(missing_and_added_rows_are_found),
		TESTDB_BOTH(swapped_rows_are_found),
		TESTDB_BOTH(seals_and_head_are_found),
		TESTDB_BOTH(a_head_kept_elsewhere),
		TESTDB_BOTH(forging_before_the_seal),
		TESTDB_BOTH(a_rewritten_list_is_named),
		TESTDB_BOTH(thousands_of_missing_rows_are_counted),
		TESTDB_BOTH(records_are_witnesses),
		TESTDB_BOTH(a_change_and_its_trail_are_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
