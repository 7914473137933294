#define _GNU_SOURCE
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/hash.h"
#include "db/migrate.h"
#include "testdb.h"

static int count;

void testdb_expect(const struct tk_err *e, enum tk_rc got, enum tk_rc want, const char *what, const char *file, int line)
{
	if (got == want)
		return;
	print_error("%s: %s, expected %s: %s [%s] at %s\n", what, tk_rc_slug(got), tk_rc_slug(want),
		    got == TK_OK ? "" : e->msg, e->field, e->where ? e->where : "");
	_fail(file, line);
}

static struct testdb *make(enum tk_db_kind kind)
{
	struct testdb *t = test_calloc(1, sizeof(*t));

	tk_hash_init();
	t->kind = kind;
	t->e.lang = TK_EN;
	t->mem = tk_arena_new(256 << 20);
	strcpy(t->dir, "/tmp/tenken-test.XXXXXX");
	assert_non_null(mkdtemp(t->dir));
	return t;
}

/* Runs one statement on the server's own database. */
static void on_server(struct testdb *t, const char *sql)
{
	struct tk_db *db = NULL;

	OK(t, tk_db_open(&db, getenv("TK_TEST_PG"), 0, &t->e));
	OK(t, tk_db_script(db, sql, &t->e));
	tk_db_close(db);
}

static int up(void **state, enum tk_db_kind kind, bool migrated)
{
	const char *server = getenv("TK_TEST_PG"), *slash;
	struct testdb *t;
	char sql[200];

	*state = NULL;
	if (kind == TK_DB_POSTGRES && (!server || !*server))
		return 0;
	t = make(kind);
	count++;
	if (kind == TK_DB_SQLITE) {
		snprintf(t->url, sizeof(t->url), "%s/test.db", t->dir);
	} else {
		slash = strrchr(server, '/');
		snprintf(t->url, sizeof(t->url), "%.*s/test_%ld_%d", (int)(slash - server), server, (long)getpid(), count);
		snprintf(sql, sizeof(sql), "CREATE DATABASE test_%ld_%d TEMPLATE template0 ENCODING 'UTF8'"
			 " LOCALE_PROVIDER icu ICU_LOCALE 'ja-JP' LOCALE 'C.UTF-8'", (long)getpid(), count);
		on_server(t, sql);
	}
	OK(t, tk_db_open(&t->db, t->url, TK_DB_CREATE, &t->e));
	if (migrated)
		OK(t, tk_migrate(t->db, NULL, &t->e));
	*state = t;
	return 0;
}

int testdb_sqlite(void **state)
{
	return up(state, TK_DB_SQLITE, true);
}

int testdb_postgres(void **state)
{
	return up(state, TK_DB_POSTGRES, true);
}

int testdb_sqlite_empty(void **state)
{
	return up(state, TK_DB_SQLITE, false);
}

int testdb_postgres_empty(void **state)
{
	return up(state, TK_DB_POSTGRES, false);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int testdb_down(void **state)
{
	struct testdb *t = *state;
	char sql[120];

	if (!t)
		return 0;
	tk_db_close(t->db);
	if (t->kind == TK_DB_POSTGRES) {
		snprintf(sql, sizeof(sql), "DROP DATABASE %s WITH (FORCE)", strrchr(t->url, '/') + 1);
		on_server(t, sql);
	}
	nftw(t->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	tk_arena_free(t->mem);
	test_free(t);
	return 0;
}

struct testdb *testdb_of(void **state)
{
	if (!*state)
		skip();
	return *state;
}

struct tk_db *testdb_again(struct testdb *t, unsigned flags)
{
	struct tk_db *db = NULL;

	OK(t, tk_db_open(&db, t->url, flags, &t->e));
	return db;
}

int64_t testdb_int(struct testdb *t, const char *sql)
{
	int64_t n = 0;

	OK(t, tk_db_int(t->db, &t->e, sql, NULL, 0, -1, &n));
	return n;
}
