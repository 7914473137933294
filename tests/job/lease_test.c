#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "job/lease.h"
#include "testdb.h"

static void take_renew_release(void **s)
{
	struct testdb *t = testdb_of(s);
	bool mine, held;

	OK(t, tk_lease_held(t->db, "mail", &held, &t->e));
	assert_false(held);
	OK(t, tk_lease_take(t->db, "mail", "a", 60000, &mine, &t->e));
	assert_true(mine);
	OK(t, tk_lease_take(t->db, "mail", "a", 60000, &mine, &t->e));          /* again: still its own */
	assert_true(mine);
	OK(t, tk_lease_take(t->db, "mail", "b", 60000, &mine, &t->e));
	assert_false(mine);
	OK(t, tk_lease_renew(t->db, "mail", "b", 60000, &mine, &t->e));
	assert_false(mine);
	OK(t, tk_lease_take(t->db, "seal", "b", 60000, &mine, &t->e));          /* another name is another lease */
	assert_true(mine);
	OK(t, tk_lease_renew(t->db, "mail", "a", 60000, &mine, &t->e));
	assert_true(mine);
	OK(t, tk_lease_held(t->db, "mail", &held, &t->e));
	assert_true(held);
	OK(t, tk_lease_release(t->db, "mail", "b", &t->e));                     /* not b's: nothing happens */
	OK(t, tk_lease_held(t->db, "mail", &held, &t->e));
	assert_true(held);
	OK(t, tk_lease_release(t->db, "mail", "a", &t->e));
	OK(t, tk_lease_take(t->db, "mail", "b", 60000, &mine, &t->e));
	assert_true(mine);
}

static void runs_out(void **s)
{
	struct testdb *t = testdb_of(s);
	bool mine;

	OK(t, tk_lease_take(t->db, "mail", "a", 200, &mine, &t->e));
	assert_true(mine);
	OK(t, tk_lease_take(t->db, "mail", "b", 60000, &mine, &t->e));
	assert_false(mine);
	nanosleep(&(struct timespec){ 0, 300 * 1000000L }, NULL);
	OK(t, tk_lease_take(t->db, "mail", "b", 60000, &mine, &t->e));
	assert_true(mine);
	OK(t, tk_lease_renew(t->db, "mail", "a", 60000, &mine, &t->e));         /* a learns that it lost it */
	assert_false(mine);
}

/* Exit status 1: got it, 0: did not, 2: fault. */
static void contend(const struct testdb *t)
{
	struct tk_err e = { .lang = TK_EN };
	char owner[TK_LEASE_OWNER];
	struct tk_db *db;
	bool mine = false;

	tk_lease_owner(owner);
	if (tk_db_open(&db, t->url, 0, &e) != TK_OK || tk_lease_take(db, "mail", owner, 60000, &mine, &e) != TK_OK)
		_exit(2);
	tk_db_close(db);
	_exit(mine ? 1 : 0);
}

static void one_of_many_processes(void **s)
{
	struct testdb *t = testdb_of(s);

	for (int round = 0; round < 5; round++) {
		int got = 0, st;
		pid_t pid[6];

		OK(t, tk_db_exec0(t->db, &t->e, round % 2 ? "DELETE FROM lease" : "UPDATE lease SET until_ms = 0"));
		for (size_t i = 0; i < TK_LEN(pid); i++)
			if ((pid[i] = fork()) == 0)
				contend(t);
		for (size_t i = 0; i < TK_LEN(pid); i++) {
			assert_int_equal(waitpid(pid[i], &st, 0), pid[i]);
			assert_true(WIFEXITED(st) && WEXITSTATUS(st) < 2);
			got += WEXITSTATUS(st);
		}
		assert_int_equal(got, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TESTDB_BOTH(take_renew_release), TESTDB_BOTH(runs_out), TESTDB_BOTH(one_of_many_processes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
