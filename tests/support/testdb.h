/* testdb.h - a fresh database for each test, on both engines.
 *
 * Each test stands twice in its group: TESTDB_BOTH(f) runs f on SQLite (a file in a temporary
 * folder) and on PostgreSQL (a database of its own in the server of TK_TEST_PG, see
 * tools/test_pg.sh; skipped when that is not set).  In the test, testdb_of(state) gives it.
 * The PostgreSQL databases sort by Japanese rules of their own, so that a query which forgot to ask
 * for the order of bytes is found out.
 */
#pragma once
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "db/db.h"

struct testdb {
	struct tk_db    *db;
	enum tk_db_kind  kind;
	struct tk_arena *mem;           /* for the test, freed with it */
	struct tk_err    e;             /* English */
	char             url[300];      /* to open a second handle */
	char             dir[64];
};

/* cmocka set-up and tear-down; migrated, or empty */
int testdb_sqlite(void **state);
int testdb_postgres(void **state);
int testdb_sqlite_empty(void **state);
int testdb_postgres_empty(void **state);
int testdb_down(void **state);
/* Skips the test when there is no server. */
struct testdb *testdb_of(void **state);
/* A second handle to the same database. */
struct tk_db *testdb_again(struct testdb *t, unsigned flags);

#define TESTDB_BOTH(f) \
	{ #f " (SQLite)", f, testdb_sqlite, testdb_down, NULL }, \
	{ #f " (PostgreSQL)", f, testdb_postgres, testdb_down, NULL }
#define TESTDB_BOTH_EMPTY(f) \
	{ #f " (SQLite)", f, testdb_sqlite_empty, testdb_down, NULL }, \
	{ #f " (PostgreSQL)", f, testdb_postgres_empty, testdb_down, NULL }

/* Asserts on a result code and shows the sentence when it is another one. */
void testdb_expect(const struct tk_err *e, enum tk_rc got, enum tk_rc want, const char *what, const char *file, int line);
#define OK(t, x)         testdb_expect(&(t)->e, (x), TK_OK, #x, __FILE__, __LINE__)
#define FAILS(t, rc, x)  testdb_expect(&(t)->e, (x), (rc), #x, __FILE__, __LINE__)
/* First column of the first row as a number. */
int64_t testdb_int(struct testdb *t, const char *sql);
