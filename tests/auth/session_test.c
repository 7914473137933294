#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "auth/password.h"
#include "base/clock.h"
#include "base/hash.h"
#include "fixture.h"

static int session_status(struct fix *f, struct reply in)
{
	return fix_call(f, "GET", "/api/v1/session", NULL, in.cookie, NULL).status;
}

static void sessions_end(void **state)
{
	struct fix f;
	struct reply a, b, c;

	fix_up(&f, testdb_of(state));
	fix_account(&f, "x1", 101, "office");
	a = fix_sign_in(&f, "x1", GOOD_PASSWORD);
	assert_int_equal(session_status(&f, a), 200);
	/* idle */
	fix_exec(&f, "UPDATE session SET seen_at = seen_at - 3599");
	tk_auth_forget_all();
	assert_int_equal(session_status(&f, a), 200);
	fix_exec(&f, "UPDATE session SET seen_at = seen_at - 2");
	tk_auth_forget_all();
	assert_int_equal(session_status(&f, a), 401);
	/* absolute */
	b = fix_sign_in(&f, "x1", GOOD_PASSWORD);
	assert_int_equal(testdb_int(f.t, "SELECT MAX(expires_at - created_at) FROM session"),
			 12 * 3600);
	fix_exec(&f, "UPDATE session SET expires_at = expires_at - 12 * 3600");
	tk_auth_forget_all();
	assert_int_equal(session_status(&f, b), 401);
	/* leaving the organisation, being locked */
	c = fix_sign_in(&f, "x1", GOOD_PASSWORD);
	assert_int_equal(session_status(&f, c), 200);
	fix_exec(&f, "UPDATE staff SET left_on = '2020-01-01' WHERE id = 101");
	tk_auth_forget_all();
	assert_int_equal(session_status(&f, c), 401);
	fix_exec(&f, "UPDATE staff SET left_on = NULL WHERE id = 101");
	fix_exec(&f, "UPDATE account SET state = 'locked'");
	tk_auth_forget_all();
	assert_int_equal(session_status(&f, c), 401);
	/* forged and broken cookies */
	c.cookie = "tk_session=";
	assert_int_equal(session_status(&f, c), 401);
	c.cookie = "tk_session=' OR 1=1 --";
	assert_int_equal(session_status(&f, c), 401);
	c.cookie = "a=b; tk_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA; c";
	assert_int_equal(session_status(&f, c), 401);
}

static void last_seen_is_written_by_the_tick(void **state)
{
	struct fix f;
	struct reply a;

	fix_up(&f, testdb_of(state));
	fix_account(&f, "x1", 0, NULL);
	a = fix_sign_in(&f, "x1", GOOD_PASSWORD);
	fix_exec(&f, "UPDATE session SET seen_at = seen_at - 600");
	tk_auth_forget_all();
	assert_int_equal(session_status(&f, a), 200);
	assert_in_range(testdb_int(f.t, "SELECT created_at - seen_at FROM session"), 600, 600);
	OK(f.t, tk_auth_tick(f.t->db, &f.t->e));
	assert_in_range(testdb_int(f.t, "SELECT seen_at - created_at FROM session"), 0, 60);
	assert_false(tk_db_in_tx(f.t->db));
}

/* What is kept is dropped when this process changes it, and never brought back by a late reader. */
static void changes_take_effect_at_once(void **state)
{
	struct fix f;
	struct reply a;
	int64_t id;
	struct tk_account acc = { 0 };

	fix_up(&f, testdb_of(state));
	id = fix_account(&f, "x1", 0, "auditor");
	fix_account(&f, "root", 0, "admin");
	a = fix_sign_in(&f, "x1", GOOD_PASSWORD);
	assert_int_equal(session_status(&f, a), 200);
	OK(f.t, tk_rec_load(&f.op, &tk_account, id, &acc));
	tk_set_by(&tk_account, &acc, "state", TK_S("locked"));
	OK(f.t, tk_rec_update(&f.op, &tk_account, &acc, -1));
	assert_int_equal(session_status(&f, a), 401);
	assert_int_equal(testdb_int(f.t, "SELECT COUNT(*) FROM session"), 0);
}

/* The hook on a session that was seen a moment ago costs no query; printed for the reader of the
 * log. */
static void the_hook_is_fast(void **state)
{
	struct fix f;
	struct reply a;
	struct tk_req rq = { 0 };
	int64_t t0, took[2];
	enum { N = 2000 };

	fix_up(&f, testdb_of(state));
	for (int i = 0; i < 300; i++)           /* a nominee for each of 300 other divisions */
		OK(f.t, tk_db_exec(f.t->db, &f.t->e,
				   "INSERT INTO role_holder(id, version, role, holder_kind, staff_id,"
				   " division_id, from_on) VALUES($1,1,'role_division_officer','nominee',"
				   "111,11,'2020-04-01')", TK_I(100 + i)));
	fix_account(&f, "x1", 100, "office");
	a = fix_sign_in(&f, "x1", GOOD_PASSWORD);
	for (int pass = 0; pass < 2; pass++) { /* the first pass keeps nothing: see HOLD_US */
		if (pass == 0)
			tk_auth_forget_all();
		else
			sleep(3);
		t0 = tk_mono_us();
		for (int i = 0; i < N; i++) {
			rq = (struct tk_req){
				.mem = f.t->mem, .db = f.t->db, .cookie = a.cookie, .peer = "p"
			};
			OK(f.t, tk_auth(&rq));
			assert_true(rq.who.account_id != 0);
		}
		took[pass] = tk_mono_us() - t0;
	}
	print_message("tk_auth: %.1f us from the database, %.2f us kept\n", (double)took[0] / N,
		      (double)took[1] / N);
	assert_true(took[1] < took[0]);
	assert_string_equal(rq.who.name, "Account of a test");
	assert_int_equal(tk_who_scope(&rq.who, TK_P_CAMPAIGN_MANAGE), TK_SCOPE_ALL);
	assert_int_equal(strlen(rq.session_csrf), 43);
}

struct flood { int ok, busy; pthread_mutex_t lock; };

static void *one_verify(void *arg)
{
	struct flood *f = arg;
	bool match;
	enum tk_rc rc = tk_password_verify(NULL, "some password 123", &match, NULL);

	pthread_mutex_lock(&f->lock);
	f->ok += rc == TK_OK && !match;
	f->busy += rc == TK_EBUSY;
	pthread_mutex_unlock(&f->lock);
	return NULL;
}

/* Two at once and eight waiting: of thirty that come together the rest is sent away. */
static void a_flood_is_turned_away(void **state)
{
	struct flood f = { 0, 0, PTHREAD_MUTEX_INITIALIZER };
	pthread_t t[30];

	(void)state;
	tk_hash_init();
	for (size_t i = 0; i < TK_LEN(t); i++)
		assert_int_equal(pthread_create(&t[i], NULL, one_verify, &f), 0);
	for (size_t i = 0; i < TK_LEN(t); i++)
		pthread_join(t[i], NULL);
	assert_int_equal(f.ok + f.busy, (int)TK_LEN(t));
	assert_true(f.ok >= 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TESTDB_BOTH(sessions_end),
		TESTDB_BOTH(last_seen_is_written_by_the_tick),
		TESTDB_BOTH(changes_take_effect_at_once),
		TESTDB_BOTH(the_hook_is_fast),
		cmocka_unit_test(a_flood_is_turned_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
