/* Both engines behind one interface: what is true of one must be true of the other. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "db/migrate.h"
#include "testdb.h"

static void make_table(struct testdb *t)
{
	OK(t, tk_db_script(t->db, t->kind == TK_DB_SQLITE ?
		"CREATE TABLE kinds(id BIGINT PRIMARY KEY, i BIGINT, r DOUBLE PRECISION, s TEXT UNIQUE, b BLOB, f SMALLINT)" :
		"CREATE TABLE kinds(id BIGINT PRIMARY KEY, i BIGINT, r DOUBLE PRECISION, s TEXT UNIQUE, b BYTEA, f SMALLINT)",
		&t->e));
	OK(t, tk_db_script(t->db, "CREATE TABLE child(id BIGINT PRIMARY KEY, kinds_id BIGINT NOT NULL REFERENCES kinds(id))",
			   &t->e));
}

static void put(struct testdb *t, int64_t id, const char *s)
{
	OK(t, tk_db_exec(t->db, &t->e, "INSERT INTO kinds(id, s) VALUES($1,$2)", TK_I(id), TK_S(s)));
}

static void values_of_every_kind(void **state)
{
	static const char all[] = { 0, 1, 2, (char)0xff, 0, '\'' };
	struct testdb *t = testdb_of(state);
	struct tk_value c[6];
	bool found;

	make_table(t);
	OK(t, tk_db_exec(t->db, &t->e, "INSERT INTO kinds(id, i, r, s, b, f) VALUES($1,$2,$3,$4,$5,$6)",
			 TK_I(INT64_MAX), TK_I(INT64_MIN), ((struct tk_value){ .type = TK_V_REAL, .d = 0.1 }),
			 TK_S("監査'\"\\$1%_\n𠮷"), TK_B(all, sizeof(all)), TK_I(1)));
	assert_int_equal(tk_db_changes(t->db), 1);
	OK(t, tk_db_exec(t->db, &t->e, "INSERT INTO kinds(id, i, r, s, b, f) VALUES($1,$2,$3,$4,$5,$6)",
			 TK_I(-1), TK_NULL, TK_NULL, TK_NULL, TK_NULL, TK_NULL));
	OK(t, tk_db_exec(t->db, &t->e, "INSERT INTO kinds(id, s, b) VALUES($1,$2,$3)", TK_I(0), TK_S(""), TK_B("", 0)));

	OK(t, tk_db_first(t->db, t->mem, &t->e, "SELECT id, i, r, s, b, f FROM kinds WHERE id = $1",
			  TK_ARGS(TK_I(INT64_MAX)), c, 6, &found));
	assert_true(found);
	assert_true(c[0].i == INT64_MAX && c[1].i == INT64_MIN && c[5].i == 1);
	assert_int_equal(c[2].type, TK_V_REAL);
	assert_true(c[2].d > 0.0999999 && c[2].d < 0.1000001);
	assert_string_equal(c[3].s, "監査'\"\\$1%_\n𠮷");
	assert_int_equal(c[3].n, strlen(c[3].s));
	assert_int_equal(c[4].type, TK_V_BLOB);
	assert_int_equal(c[4].n, sizeof(all));
	assert_memory_equal(c[4].s, all, sizeof(all));

	OK(t, tk_db_first(t->db, t->mem, &t->e, "SELECT i, r, s, b, f FROM kinds WHERE id = $1",
			  TK_ARGS(TK_I(-1)), c, 5, &found));
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(c[i].type, TK_V_NULL);
	OK(t, tk_db_first(t->db, t->mem, &t->e, "SELECT s, b FROM kinds WHERE id = $1", TK_ARGS(TK_I(0)), c, 2, &found));
	assert_int_equal(c[0].type, TK_V_TEXT);
	assert_int_equal(c[0].n, 0);
	assert_int_equal(c[1].type, TK_V_BLOB);
	assert_int_equal(c[1].n, 0);
	OK(t, tk_db_first(t->db, t->mem, &t->e, "SELECT s FROM kinds WHERE id = $1", TK_ARGS(TK_I(7)), c, 1, &found));
	assert_false(found);
}

static void sums_are_whole_numbers(void **state)
{
	struct testdb *t = testdb_of(state);

	make_table(t);
	assert_int_equal(testdb_int(t, "SELECT SUM(i) FROM kinds"), -1);        /* NULL: the default */
	OK(t, tk_db_exec(t->db, &t->e, "INSERT INTO kinds(id, i) VALUES(1, $1), (2, $2), (3, $3)",
			 TK_I(1234567890123), TK_I(10000), TK_I(7)));
	assert_int_equal(tk_db_changes(t->db), 3);
	assert_int_equal(testdb_int(t, "SELECT SUM(i) FROM kinds"), 1234567900130);
	assert_int_equal(testdb_int(t, "SELECT SUM(i) FROM kinds WHERE id = 2"), 10000);
	assert_int_equal(testdb_int(t, "SELECT -SUM(i) FROM kinds WHERE id > 1"), -10007);
	assert_int_equal(testdb_int(t, "SELECT SUM(i) - SUM(i) FROM kinds"), 0);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM kinds"), 3);
	assert_int_equal(tk_db_changes(t->db), 3);                              /* a SELECT changes nothing */
}

static void arguments_in_any_order(void **state)
{
	struct testdb *t = testdb_of(state);
	int64_t n;

	OK(t, tk_db_int(t->db, &t->e, "SELECT $2 - $1 * 10 + $2", TK_ARGS(TK_I(3), TK_I(100)), 0, &n));
	assert_int_equal(n, 170);
	for (int64_t i = 0; i < 5; i++) {                                       /* the statement is used again */
		OK(t, tk_db_int(t->db, &t->e, "SELECT $2 - $1 * 10 + $2", TK_ARGS(TK_I(i), TK_I(1)), 0, &n));
		assert_int_equal(n, 2 - 10 * i);
	}
}

/* More statements than either cache holds, each twice. */
static void many_statements(void **state)
{
	struct testdb *t = testdb_of(state);

	for (int round = 0; round < 2; round++) {
		for (int64_t i = 0; i < 300; i++) {
			char *sql = tk_sprintf(t->mem, "SELECT %d + $1", (int)i);
			int64_t n;

			OK(t, tk_db_int(t->db, &t->e, sql, TK_ARGS(TK_I(1)), 0, &n));
			assert_int_equal(n, i + 1);
		}
	}
}

struct nest { struct testdb *t; int depth, seen; };

static enum tk_rc nest_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct nest *x = ctx;
	int64_t before = col[0].i;

	(void)n;
	x->seen++;
	if (x->depth < 3) {
		struct nest in = { x->t, x->depth + 1, 0 };

		OK(x->t, tk_db_run(x->t->db, &x->t->e, "SELECT id FROM kinds WHERE id > $1 ORDER BY id",
				   TK_ARGS(TK_I(before)), nest_row, &in));
		OK(x->t, tk_db_exec(x->t->db, &x->t->e, "UPDATE kinds SET i = COALESCE(i, 0) + 1 WHERE id = $1", TK_I(before)));
		assert_int_equal(in.seen, 4 - before);
		assert_int_equal(col[0].i, before);                             /* the outer row is still there */
	}
	return TK_OK;
}

static void queries_inside_row_functions(void **state)
{
	struct testdb *t = testdb_of(state);
	struct nest x = { t, 0, 0 };

	make_table(t);
	for (int64_t i = 1; i <= 4; i++)
		put(t, i, NULL);
	OK(t, tk_db_run(t->db, &t->e, "SELECT id FROM kinds WHERE id > $1 ORDER BY id", TK_ARGS(TK_I(0)), nest_row, &x));
	assert_int_equal(x.seen, 4);
}

static enum tk_rc stop_at_two(void *ctx, const struct tk_value *col, size_t n)
{
	(void)n;
	++*(int *)ctx;
	return col[0].i == 2 ? TK_EGONE : TK_OK;
}

static void a_row_function_ends_the_query(void **state)
{
	struct testdb *t = testdb_of(state);
	int n = 0;

	make_table(t);
	for (int64_t i = 1; i <= 5; i++)
		put(t, i, NULL);
	FAILS(t, TK_EGONE, tk_db_run(t->db, &t->e, "SELECT id FROM kinds ORDER BY id", NULL, 0, stop_at_two, &n));
	assert_int_equal(n, 2);
	FAILS(t, TK_EGONE, tk_db_stream(t->db, &t->e, "SELECT id FROM kinds ORDER BY id", NULL, 0, stop_at_two, &n));
	assert_int_equal(n, 4);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM kinds"), 5);
}

static enum tk_rc add_up(void *ctx, const struct tk_value *col, size_t n)
{
	(void)n;
	*(int64_t *)ctx += col[0].i;
	return TK_OK;
}

static void rows_one_by_one(void **state)
{
	struct testdb *t = testdb_of(state);
	int64_t sum = 0;

	make_table(t);
	OK(t, tk_db_begin(t->db, &t->e));
	for (int64_t i = 1; i <= 2000; i++)
		put(t, i, NULL);
	OK(t, tk_db_commit(t->db, &t->e));
	OK(t, tk_db_stream(t->db, &t->e, "SELECT id FROM kinds WHERE id > $1", TK_ARGS(TK_I(1000)), add_up, &sum));
	assert_int_equal(sum, 1500500);
}

static void transactions(void **state)
{
	struct testdb *t = testdb_of(state);

	make_table(t);
	assert_false(tk_db_in_tx(t->db));
	OK(t, tk_db_begin(t->db, &t->e));
	assert_true(tk_db_in_tx(t->db));
	put(t, 1, "a");
	tk_db_rollback(t->db);
	assert_false(tk_db_in_tx(t->db));
	tk_db_rollback(t->db);                                                  /* harmless */
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM kinds"), 0);
	OK(t, tk_db_begin(t->db, &t->e));
	FAILS(t, TK_EDB, tk_db_begin(t->db, &t->e));                            /* not twice */
	put(t, 1, "a");
	OK(t, tk_db_commit(t->db, &t->e));
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM kinds"), 1);
}

/* One request of a group fails, the others are saved. */
static void savepoints(void **state)
{
	struct testdb *t = testdb_of(state);

	make_table(t);
	OK(t, tk_db_begin(t->db, &t->e));
	for (int64_t i = 0; i < 6; i++) {
		enum tk_rc rc;

		OK(t, tk_db_save(t->db, &t->e));
		rc = tk_db_exec(t->db, &t->e, "INSERT INTO kinds(id, s) VALUES($1,$2)", TK_I(i), TK_S(i % 2 ? "odd" : NULL));
		if (i == 3 || i == 5) {
			assert_int_equal(rc, TK_ECONFLICT);
			OK(t, tk_db_undo(t->db, &t->e));
		} else {
			assert_int_equal(rc, TK_OK);
			OK(t, tk_db_release(t->db, &t->e));
		}
	}
	OK(t, tk_db_save(t->db, &t->e));
	OK(t, tk_db_save(t->db, &t->e));                                        /* nested */
	put(t, 10, "inner");
	OK(t, tk_db_undo(t->db, &t->e));
	put(t, 11, "outer");
	OK(t, tk_db_release(t->db, &t->e));
	OK(t, tk_db_commit(t->db, &t->e));
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM kinds"), 5);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM kinds WHERE id = 10"), 0);
}

static void conflicts_have_their_code(void **state)
{
	struct testdb *t = testdb_of(state);

	make_table(t);
	put(t, 1, "one");
	FAILS(t, TK_ECONFLICT, tk_db_exec(t->db, &t->e, "INSERT INTO kinds(id, s) VALUES(2, $1)", TK_S("one")));
	FAILS(t, TK_ECONFLICT, tk_db_exec0(t->db, &t->e, "INSERT INTO kinds(id) VALUES(1)"));
	FAILS(t, TK_ECONFLICT, tk_db_exec0(t->db, &t->e, "INSERT INTO child(id, kinds_id) VALUES(1, 99)"));
	OK(t, tk_db_exec0(t->db, &t->e, "INSERT INTO child(id, kinds_id) VALUES(1, 1)"));
	FAILS(t, TK_ECONFLICT, tk_db_exec0(t->db, &t->e, "DELETE FROM kinds WHERE id = 1"));
	FAILS(t, TK_EDB, tk_db_exec0(t->db, &t->e, "SELECT nothing FROM nowhere"));
	assert_null(strstr(t->e.msg, "nowhere"));                               /* the engine's text stays inside */
	FAILS(t, TK_EDB, tk_db_run(t->db, &t->e, "SELECT 1; SELECT 2", TK_ARGS(TK_I(1)), NULL, NULL));
}

/* An error that nobody looked at may not make a commit look good on one engine. */
static void commit_after_a_fault(void **state)
{
	struct testdb *t = testdb_of(state);
	enum tk_rc rc;

	make_table(t);
	put(t, 1, "one");
	OK(t, tk_db_begin(t->db, &t->e));
	put(t, 2, "two");
	FAILS(t, TK_ECONFLICT, tk_db_exec0(t->db, &t->e, "INSERT INTO kinds(id) VALUES(1)"));
	rc = tk_db_commit(t->db, &t->e);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM kinds"), rc == TK_OK ? 2 : 1);
	assert_false(tk_db_in_tx(t->db));
}

static void read_only_handles(void **state)
{
	struct testdb *t = testdb_of(state);
	struct tk_db *r;
	int64_t n;

	make_table(t);
	put(t, 1, "one");
	r = testdb_again(t, TK_DB_READ);
	OK(t, tk_db_int(r, &t->e, "SELECT COUNT(*) FROM kinds", NULL, 0, 0, &n));
	assert_int_equal(n, 1);
	FAILS(t, TK_EDB, tk_db_exec0(r, &t->e, "INSERT INTO kinds(id) VALUES(5)"));
	tk_db_close(r);
}

static void two_writers(void **state)
{
	struct testdb *t = testdb_of(state);
	struct tk_db *other = testdb_again(t, 0);

	make_table(t);
	OK(t, tk_db_script(other, t->kind == TK_DB_SQLITE ? "PRAGMA busy_timeout=50" : "SET lock_timeout='50ms'", &t->e));
	OK(t, tk_db_begin(t->db, &t->e));
	put(t, 1, "one");
	if (t->kind == TK_DB_SQLITE) {
		FAILS(t, TK_EBUSY, tk_db_begin(other, &t->e));
	} else {
		OK(t, tk_db_begin(other, &t->e));
		FAILS(t, TK_EBUSY, tk_db_exec0(other, &t->e, "INSERT INTO kinds(id) VALUES(1)"));
		tk_db_rollback(other);
	}
	OK(t, tk_db_commit(t->db, &t->e));
	OK(t, tk_db_begin(other, &t->e));
	OK(t, tk_db_exec0(other, &t->e, "INSERT INTO kinds(id) VALUES(2)"));
	OK(t, tk_db_commit(other, &t->e));
	tk_db_close(other);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM kinds"), 2);
}

/* SQLite with a ceiling on its pages stands for a full disk. */
static void a_full_disk_loses_nothing(void **state)
{
	struct testdb *t = testdb_of(state);
	char *big = memset(tk_alloc(t->mem, 50001), 'x', 50000);
	char ceiling[80];
	enum tk_rc rc = TK_OK;
	int64_t i;

	make_table(t);
	put(t, 1, "before");
	snprintf(ceiling, sizeof(ceiling), "PRAGMA max_page_count=%d", (int)testdb_int(t, "PRAGMA page_count") + 40);
	OK(t, tk_db_run(t->db, &t->e, ceiling, NULL, 0, NULL, NULL));
	OK(t, tk_db_begin(t->db, &t->e));
	for (i = 2; i < 100 && rc == TK_OK; i++)
		rc = tk_db_exec(t->db, &t->e, "INSERT INTO kinds(id, b) VALUES($1,$2)", TK_I(i), TK_B(big, 50000));
	FAILS(t, TK_EFULL, rc);
	assert_non_null(strstr(t->e.msg, "disk is full"));
	/* whatever the engine did, nothing of this transaction may be saved any more */
	rc = tk_db_exec(t->db, &t->e, "INSERT INTO kinds(id, s) VALUES($1,$2)", TK_I(1000), TK_S("after"));
	if (rc == TK_OK)
		tk_db_rollback(t->db);
	else
		assert_int_not_equal(tk_db_commit(t->db, &t->e), TK_OK);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM kinds"), 1);
	put(t, 2, "small things still go in");
	OK(t, tk_db_exec0(t->db, &t->e, "PRAGMA max_page_count=1000000"));
	put(t, 3, big);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM kinds"), 3);
}

/* An open transaction that the engine gives up must not go on as single statements. */
static void a_lost_transaction_stays_lost(void **state)
{
	struct testdb *t = testdb_of(state);

	make_table(t);
	OK(t, tk_db_begin(t->db, &t->e));
	put(t, 1, "first half");
	OK(t, tk_db_exec0(t->db, &t->e, "ROLLBACK"));                           /* as a full disk does */
	FAILS(t, TK_EBUSY, tk_db_exec(t->db, &t->e, "INSERT INTO kinds(id) VALUES($1)", TK_I(2)));
	FAILS(t, TK_EBUSY, tk_db_undo(t->db, &t->e));
	FAILS(t, TK_EBUSY, tk_db_commit(t->db, &t->e));
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM kinds"), 0);
}

static void kill_connections(struct testdb *t)
{
	struct tk_db *other = testdb_again(t, 0);

	OK(t, tk_db_script(other, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
			   " WHERE datname = current_database() AND pid <> pg_backend_pid()", &t->e));
	tk_db_close(other);
	usleep(200000);
}

static void a_lost_connection_comes_back(void **state)
{
	struct testdb *t = testdb_of(state);
	struct tk_db *r;

	make_table(t);
	put(t, 1, "one");
	OK(t, tk_db_begin(t->db, &t->e));
	put(t, 2, "two");
	kill_connections(t);
	FAILS(t, TK_EBUSY, tk_db_exec(t->db, &t->e, "INSERT INTO kinds(id, s) VALUES($1,$2)", TK_I(3), TK_S("three")));
	FAILS(t, TK_EBUSY, tk_db_exec(t->db, &t->e, "INSERT INTO kinds(id, s) VALUES($1,$2)", TK_I(4), TK_S("four")));
	tk_db_rollback(t->db);
	put(t, 5, "five");                                                      /* connects again, prepares again */
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM kinds"), 2);
	kill_connections(t);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM kinds"), 2);       /* reading does not even notice */
	kill_connections(t);
	OK(t, tk_db_begin(t->db, &t->e));
	put(t, 6, "six");
	OK(t, tk_db_commit(t->db, &t->e));
	r = testdb_again(t, TK_DB_READ);                                        /* still read-only afterwards */
	kill_connections(t);
	(void)!tk_db_exec0(r, &t->e, "SELECT 1");
	FAILS(t, TK_EDB, tk_db_exec0(r, &t->e, "INSERT INTO kinds(id) VALUES(9)"));
	tk_db_close(r);
}

static void a_table_changed_under_a_statement(void **state)
{
	struct testdb *t = testdb_of(state);
	struct tk_db *other = testdb_again(t, 0);
	struct tk_value c[8];
	bool found;
	enum tk_rc rc;

	make_table(t);
	put(t, 1, "one");
	OK(t, tk_db_first(t->db, t->mem, &t->e, "SELECT * FROM kinds WHERE id = $1", TK_ARGS(TK_I(1)), c, 8, &found));
	OK(t, tk_db_script(other, "ALTER TABLE kinds ADD COLUMN extra BIGINT", &t->e));
	tk_db_close(other);
	rc = tk_db_first(t->db, t->mem, &t->e, "SELECT * FROM kinds WHERE id = $1", TK_ARGS(TK_I(1)), c, 8, &found);
	assert_true(rc == TK_OK || rc == TK_EBUSY);
	OK(t, tk_db_first(t->db, t->mem, &t->e, "SELECT * FROM kinds WHERE id = $1", TK_ARGS(TK_I(1)), c, 8, &found));
	assert_true(found);
}

static void copies_are_databases(void **state)
{
	struct testdb *t = testdb_of(state);
	char *file = tk_sprintf(t->mem, "%s/copy.db", t->dir);
	struct tk_db *copy = NULL;
	int64_t n;

	make_table(t);
	put(t, 1, "one");
	if (t->kind == TK_DB_POSTGRES) {
		FAILS(t, TK_EINVAL, tk_db_copy(t->db, file, &t->e));
		return;
	}
	OK(t, tk_db_copy(t->db, file, &t->e));
	OK(t, tk_db_open(&copy, file, TK_DB_READ, &t->e));
	OK(t, tk_db_int(copy, &t->e, "SELECT COUNT(*) FROM kinds", NULL, 0, 0, &n));
	assert_int_equal(n, 1);
	tk_db_close(copy);
	FAILS(t, TK_EINVAL, tk_db_copy(t->db, "/nonexistent/copy.db", &t->e));
}

static void databases_that_do_not_open(void **state)
{
	struct testdb *t = testdb_of(state);
	char *file = tk_sprintf(t->mem, "%s/text.db", t->dir);
	struct tk_db *db = NULL;
	FILE *f = fopen(file, "w");

	for (int i = 0; i < 2000; i++)
		fprintf(f, "this is no database\n");
	fclose(f);
	FAILS(t, TK_EDB, tk_db_open(&db, file, 0, &t->e));
	FAILS(t, TK_ENOTFOUND, tk_db_open(&db, "/nonexistent/folder/x.db", TK_DB_CREATE, &t->e));
	FAILS(t, TK_EBUSY, tk_db_open(&db, "postgres://nobody@127.0.0.1:1/none", 0, &t->e));
	assert_null(db);
}

/* A savepoint around many: what it keeps to go back is not walked for each that ends inside. */
static void savepoints_inside_are_cheap(void **state)
{
	struct testdb *t = testdb_of(state);
	int64_t n = -1;

	make_table(t);
	OK(t, tk_db_begin(t->db, &t->e));
	OK(t, tk_db_save(t->db, &t->e));
	for (int64_t i = 1; i <= 200; i++) {
		OK(t, tk_db_save(t->db, &t->e));
		put(t, i, NULL);
		OK(t, tk_db_release(t->db, &t->e));
	}
	OK(t, tk_db_undo(t->db, &t->e));
	OK(t, tk_db_commit(t->db, &t->e));
	if (tk_db_kind(t->db) != TK_DB_SQLITE)
		return;
	OK(t, tk_db_int(t->db, &t->e, "PRAGMA temp_store", NULL, 0, -1, &n));
	assert_int_not_equal(n, 2);                     /* in memory it is a list that is walked */
}

/* -- migrations ------------------------------------------------------------------------------- */
static void migrations(void **state)
{
	struct testdb *t = testdb_of(state);
	int n = -1;

	FAILS(t, TK_ECONFLICT, tk_migrate_check(t->db, &t->e));
	assert_non_null(strstr(t->e.msg, "tenken migrate"));
	OK(t, tk_migrate(t->db, &n, &t->e));
	assert_true(n > 0);
	OK(t, tk_migrate_check(t->db, &t->e));
	OK(t, tk_migrate(t->db, &n, &t->e));                                    /* nothing left to do */
	assert_int_equal(n, 0);
	assert_int_equal(testdb_int(t, "SELECT MAX(version) FROM schema_migration"), tk_migrate_newest());
}

static void an_altered_migration_is_refused(void **state)
{
	struct testdb *t = testdb_of(state);

	OK(t, tk_migrate(t->db, NULL, &t->e));
	OK(t, tk_db_exec(t->db, &t->e, "UPDATE schema_migration SET digest = $1 WHERE version = 1", TK_S("00")));
	FAILS(t, TK_ECONFLICT, tk_migrate(t->db, NULL, &t->e));
	assert_non_null(strstr(t->e.msg, "Migration 1 "));
	FAILS(t, TK_ECONFLICT, tk_migrate_check(t->db, &t->e));
	assert_false(tk_db_in_tx(t->db));
}

static void a_newer_database_is_refused(void **state)
{
	struct testdb *t = testdb_of(state);

	OK(t, tk_migrate(t->db, NULL, &t->e));
	OK(t, tk_db_exec(t->db, &t->e, "INSERT INTO schema_migration(version, name, digest, applied_at) VALUES(9999,$1,$1,0)",
			 TK_S("later")));
	FAILS(t, TK_ECONFLICT, tk_migrate(t->db, NULL, &t->e));
	assert_non_null(strstr(t->e.msg, "newer"));
	FAILS(t, TK_ECONFLICT, tk_migrate_check(t->db, &t->e));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TESTDB_BOTH_EMPTY(values_of_every_kind),
		TESTDB_BOTH_EMPTY(sums_are_whole_numbers),
		TESTDB_BOTH_EMPTY(arguments_in_any_order),
		TESTDB_BOTH_EMPTY(many_statements),
		TESTDB_BOTH_EMPTY(queries_inside_row_functions),
		TESTDB_BOTH_EMPTY(a_row_function_ends_the_query),
		TESTDB_BOTH_EMPTY(rows_one_by_one),
		TESTDB_BOTH_EMPTY(transactions),
		TESTDB_BOTH_EMPTY(savepoints),
		TESTDB_BOTH_EMPTY(savepoints_inside_are_cheap),
		TESTDB_BOTH_EMPTY(conflicts_have_their_code),
		TESTDB_BOTH_EMPTY(commit_after_a_fault),
		TESTDB_BOTH_EMPTY(read_only_handles),
		TESTDB_BOTH_EMPTY(two_writers),
		TESTDB_BOTH_EMPTY(a_lost_transaction_stays_lost),
		TESTDB_BOTH_EMPTY(a_table_changed_under_a_statement),
		TESTDB_BOTH_EMPTY(copies_are_databases),
		TESTDB_BOTH_EMPTY(migrations),
		TESTDB_BOTH_EMPTY(an_altered_migration_is_refused),
		TESTDB_BOTH_EMPTY(a_newer_database_is_refused),
		{ "a_full_disk_loses_nothing", a_full_disk_loses_nothing, testdb_sqlite_empty, testdb_down, NULL },
		{ "a_lost_connection_comes_back", a_lost_connection_comes_back, testdb_postgres_empty, testdb_down, NULL },
		{ "databases_that_do_not_open", databases_that_do_not_open, testdb_sqlite_empty, testdb_down, NULL },
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
