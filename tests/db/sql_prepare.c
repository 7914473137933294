/* Reads statements from standard input as tools/check_sql.py --run writes them (place TAB engines
 * TAB arguments TAB text) and prepares each on the engines it is for.  Fails when one does not. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "testdb.h"

enum { MAX_ARG = 96 };
struct statement { char *place, *engines, *text; long narg; };
static struct statement *all;
static size_t nall;

static void read_all(void)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	while ((n = getline(&line, &cap, stdin)) > 0) {
		char *save = NULL, *narg;
		struct statement s = { 0 };

		line[n - 1] = '\0';
		s.place = strtok_r(line, "\t", &save);
		s.engines = strtok_r(NULL, "\t", &save);
		narg = strtok_r(NULL, "\t", &save);
		s.text = strtok_r(NULL, "\t", &save);
		if (!s.text)
			continue;
		s.narg = strtol(narg, NULL, 10);
		all = realloc(all, (nall + 1) * sizeof(*all));
		all[nall++] = s;
		line = NULL;
		cap = 0;
	}
	free(line);
}

/* EXPLAIN parses and plans without doing anything; PREPARE also tells what type each $n has. */
static enum tk_rc prepare(struct testdb *t, const struct statement *s)
{
	static const struct tk_value none[MAX_ARG];
	char *sql = tk_sprintf(t->mem, t->kind == TK_DB_SQLITE ? "EXPLAIN %s" : "PREPARE tried AS %s", s->text);
	enum tk_rc rc;

	if (t->kind == TK_DB_SQLITE)
		return tk_db_run(t->db, &t->e, sql, none, (size_t)s->narg, NULL, NULL);
	rc = tk_db_script(t->db, sql, &t->e);
	return rc == TK_OK ? tk_db_script(t->db, "DEALLOCATE tried", &t->e) : rc;
}

static void every_statement_is_understood(void **state)
{
	struct testdb *t = testdb_of(state);
	int bad = 0, done = 0;

	for (size_t i = 0; i < nall; i++) {
		if (!strchr(all[i].engines, t->kind == TK_DB_SQLITE ? 's' : 'p'))
			continue;
		done++;
		if (all[i].narg > MAX_ARG || prepare(t, &all[i]) != TK_OK) {
			bad++;
			print_error("%s: not understood: %s\n", all[i].place, all[i].text);
		}
	}
	print_message("%d statements, %d not understood\n", done, bad);
	assert_true(done > 0);
	assert_int_equal(bad, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { TESTDB_BOTH(every_statement_is_understood) };

	read_all();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
