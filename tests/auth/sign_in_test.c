#include <string.h>
#include "auth/password.h"
#include "auth/sign_in.h"
#include "base/clock.h"
#include "fixture.h"

static void password_rules(void **state)
{
	struct tk_err e = { .lang = TK_EN };

	(void)state;
	assert_int_equal(tk_password_check("short pass1", "x", "password", &e), TK_EINVAL);
	assert_string_equal(e.field, "password");
	assert_int_equal(tk_password_check("みじかいことば", "x", "password", &e),
			 TK_EINVAL); /* characters, not bytes */
	assert_int_equal(tk_password_check("とてもながいあいことばです", "x", "password", &e),
			 TK_OK);
	assert_int_equal(tk_password_check("Yamada.Hanako", "yamada.hanako", "password", &e),
			 TK_EINVAL);
	assert_int_equal(tk_password_check("Password1234", "x", "password", &e), TK_EINVAL);
	assert_int_equal(tk_password_check("ｐａｓｓｗｏｒｄ１２３４", "x", "password", &e),
			 TK_EINVAL);
	assert_int_equal(tk_password_check("aaaaaaaaaaaaaa", "x", "password", &e), TK_EINVAL);
	assert_int_equal(tk_password_check(NULL, "x", "password", &e), TK_EINVAL);
	assert_int_equal(tk_password_check(GOOD_PASSWORD, "x", "password", &e), TK_OK);
}

static void signing_in_and_out(void **state)
{
	struct fix f;
	struct reply in, r;

	fix_up(&f, testdb_of(state));
	fix_account(&f, "A100", 100, NULL);
	in = fix_sign_in(&f, " ａ１００", GOOD_PASSWORD); /* as an input method may leave it */
	assert_int_equal(in.status, 200);
	assert_non_null(in.csrf);
	assert_non_null(strstr(in.set_cookie, "HttpOnly"));
	assert_non_null(strstr(in.set_cookie, "SameSite=Strict"));
	assert_null(strstr(in.set_cookie, "Secure"));
	assert_non_null(strstr(in.body, "\"code\":\"division_head\""));
	assert_non_null(strstr(in.body, "\"rollup.sign\":\"division\""));
	assert_non_null(strstr(in.body, "\"kana\":\"モギ イチロウ\""));
	assert_null(strstr(in.body, "argon2"));
	/* the table holds neither the token nor anything that leads to it */
	assert_int_equal(testdb_int(f.t, "SELECT COUNT(*) FROM session WHERE LENGTH(digest) = 64"),
			 1);
	r = fix_call(&f, "GET", "/api/v1/session", NULL, in.cookie, NULL);
	assert_int_equal(r.status, 200);
	assert_string_equal(r.csrf, in.csrf);
	/* changes need the token of the session */
	r = fix_call(&f, "POST", "/api/v1/session/lang", "{\"lang\":\"en\"}", in.cookie, NULL);
	assert_int_equal(r.status, 403);
	r = fix_call(&f, "POST", "/api/v1/session/lang", "{\"lang\":\"en\"}", in.cookie, "wrong");
	assert_int_equal(r.status, 403);
	r = fix_call(&f, "POST", "/api/v1/session/lang", "{\"lang\":\"xx\"}", in.cookie, in.csrf);
	assert_int_equal(r.status, 422);
	r = fix_call(&f, "POST", "/api/v1/session/lang", "{\"lang\":\"en\"}", in.cookie, in.csrf);
	assert_int_equal(r.status, 204);
	r = fix_call(&f, "DELETE", "/api/v1/session", NULL, in.cookie, in.csrf);
	assert_int_equal(r.status, 204);
	assert_non_null(strstr(r.set_cookie, "tk_session=; "));
	r = fix_call(&f, "GET", "/api/v1/session", NULL, in.cookie, NULL);
	assert_int_equal(r.status, 401);
	assert_int_equal(testdb_int(f.t, "SELECT COUNT(*) FROM trail WHERE action IN ('sign_in', "
					 "'sign_out') AND who = 'Account of a test'"
					 " AND source = '127.0.0.1' AND account_id IS NOT NULL"),
			 2);
	assert_int_equal(testdb_int(f.t, "SELECT COUNT(*) FROM trail WHERE detail LIKE '%horse%' "
					 "OR detail LIKE '%argon2%'"),
			 0);
}

static void a_new_sign_in_replaces_the_session(void **state)
{
	struct fix f;
	struct reply a, b;

	fix_up(&f, testdb_of(state));
	fix_account(&f, "x1", 0, "ciso");
	a = fix_sign_in(&f, "x1", GOOD_PASSWORD);
	b = fix_call(&f, "POST", "/api/v1/session",
		     "{\"login\":\"x1\",\"password\":\"" GOOD_PASSWORD "\"}", a.cookie, NULL);
	assert_int_equal(b.status, 200);
	assert_string_not_equal(a.cookie, b.cookie);
	assert_int_equal(fix_call(&f, "GET", "/api/v1/session", NULL, a.cookie, NULL).status, 401);
	assert_int_equal(fix_call(&f, "GET", "/api/v1/session", NULL, b.cookie, NULL).status, 200);
	/* a token that the browser brings along is never taken over */
	b = fix_call(&f, "POST", "/api/v1/session",
		     "{\"login\":\"x1\",\"password\":\"" GOOD_PASSWORD "\"}",
		     "tk_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", NULL);
	assert_string_not_equal(b.cookie, "tk_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
}

/* Unknown, wrong, without password, locked, left: one and the same answer, all of it counted. */
static void refusals_tell_nothing(void **state)
{
	struct fix f;
	struct reply r[5];
	int64_t id;

	fix_up(&f, testdb_of(state));
	fix_account(&f, "known", 0, NULL);
	fix_account(&f, "gone", 109, NULL);
	id = fix_account(&f, "shut", 0, NULL);
	OK(f.t, tk_db_exec(f.t->db, &f.t->e, "UPDATE account SET state = 'locked' WHERE id = $1",
			   TK_I(id)));
	OK(f.t, tk_db_exec(f.t->db, &f.t->e,
			   "INSERT INTO account(id, version, login, name, state, failed_count) "
			   "VALUES($1,1,'new','N','invited',0)",
			   TK_I(5)));
	r[0] = fix_sign_in(&f, "nobody", GOOD_PASSWORD);
	r[1] = fix_sign_in(&f, "known", "wrong password 12");
	r[2] = fix_sign_in(&f, "new", GOOD_PASSWORD);
	r[3] = fix_sign_in(&f, "shut", GOOD_PASSWORD);
	r[4] = fix_sign_in(&f, "gone", GOOD_PASSWORD);
	for (size_t i = 0; i < TK_LEN(r); i++) {
		assert_int_equal(r[i].status, 401);
		assert_string_equal(r[i].body, r[0].body);
		assert_null(r[i].set_cookie);
	}
	assert_int_equal(
		testdb_int(f.t, "SELECT COUNT(*) FROM trail WHERE action = 'sign_in_failed'"), 5);
	assert_int_equal(testdb_int(f.t, "SELECT COUNT(*) FROM trail WHERE detail LIKE '%nobody%'"),
			 0);
	assert_int_equal(testdb_int(f.t, "SELECT failed_count FROM account WHERE login = 'known'"),
			 1);
	assert_int_equal(testdb_int(f.t, "SELECT COUNT(*) FROM session"), 0);
}

/* An unknown login costs an argon2 run as a known one does. */
static void timing_tells_nothing(void **state)
{
	struct fix f;
	struct tk_sign_in s;
	int64_t t0, unknown, known;

	fix_up(&f, testdb_of(state));
	fix_account(&f, "known", 0, NULL);
	OK(f.t, tk_sign_in_check(&f.op, "p", "nobody", "wrong password 12",
				 &s)); /* makes the stand-in */
	t0 = tk_mono_us();
	OK(f.t, tk_sign_in_check(&f.op, "p", "nobody", "wrong password 12", &s));
	unknown = tk_mono_us() - t0;
	t0 = tk_mono_us();
	OK(f.t, tk_sign_in_check(&f.op, "p", "known", "wrong password 12", &s));
	known = tk_mono_us() - t0;
	assert_true(unknown * 4 > known);
	assert_true(known > 2000);
}

static void waits_grow(void **state)
{
	struct fix f;
	struct tk_attempt t, peer;
	int64_t until, now;

	fix_up(&f, testdb_of(state));
	t = tk_attempt_login(f.t->mem, "x");
	for (int i = 1; i < 5; i++)
		OK(f.t, tk_attempt_failed(&f.op, t, &until));
	assert_int_equal(until, 0);
	OK(f.t, tk_attempt_check(&f.op, t));
	now = tk_now();
	OK(f.t, tk_attempt_failed(&f.op, t, &until));
	assert_in_range(until - now, 2, 3);
	FAILS(f.t, TK_ERATE, tk_attempt_check(&f.op, t));
	OK(f.t, tk_attempt_failed(&f.op, t, &until));
	assert_in_range(until - now, 4, 5);
	for (int i = 0; i < 30; i++)
		OK(f.t, tk_attempt_failed(&f.op, t, &until));
	assert_in_range(until - now, 900, 902);
	/* an hour later all is forgotten */
	fix_exec(&f, "UPDATE sign_in_attempt SET until_at = until_at - 4600");
	OK(f.t, tk_attempt_check(&f.op, t));
	OK(f.t, tk_attempt_failed(&f.op, t, &until));
	assert_int_equal(until, 0);
	/* an address: slower to lock, short waits, good sign-ins pay back */
	peer = tk_attempt_peer(f.t->mem, "192.0.2.1");
	for (int i = 0; i < 60; i++)
		OK(f.t, tk_attempt_failed(&f.op, peer, &until));
	assert_in_range(until - tk_now(), 58, 60);
	OK(f.t, tk_attempt_good(&f.op, peer));
	OK(f.t, tk_attempt_good(&f.op, peer));
	OK(f.t, tk_attempt_check(&f.op, peer));
	assert_int_equal(
		testdb_int(f.t, "SELECT failures FROM sign_in_attempt WHERE key LIKE 'peer%'"), 40);
}

static void the_right_password_waits_too(void **state)
{
	struct fix f;
	struct reply r;

	fix_up(&f, testdb_of(state));
	fix_account(&f, "x1", 0, NULL);
	for (int i = 0; i < 5; i++)
		assert_int_equal(fix_sign_in(&f, "x1", "wrong password 12").status, 401);
	r = fix_sign_in(&f, "x1", GOOD_PASSWORD);
	assert_int_equal(r.status, 429);
	assert_int_equal(
		testdb_int(f.t, "SELECT COUNT(*) FROM account WHERE locked_until IS NOT NULL"), 1);
	fix_exec(&f, "UPDATE sign_in_attempt SET until_at = until_at - 10");
	assert_int_equal(fix_sign_in(&f, "x1", GOOD_PASSWORD).status, 200);
	assert_int_equal(testdb_int(f.t, "SELECT COUNT(*) FROM sign_in_attempt"), 0);
	assert_int_equal(testdb_int(f.t, "SELECT failed_count FROM account WHERE login = 'x1'"), 0);
}

/* Between the two steps others may fail, or the password may change. */
static void the_second_step_looks_again(void **state)
{
	struct fix f;
	struct tk_sign_in s;
	int64_t until;

	fix_up(&f, testdb_of(state));
	fix_account(&f, "x1", 0, NULL);
	OK(f.t, tk_sign_in_check(&f.op, "p", "x1", GOOD_PASSWORD, &s));
	for (int i = 0; i < 5; i++)
		OK(f.t, tk_attempt_failed(&f.op, s.by_login, &until));
	FAILS(f.t, TK_ERATE, tk_sign_in_finish(&f.op, NULL, &s));
	fix_exec(&f, "DELETE FROM sign_in_attempt");
	fix_exec(&f, "UPDATE account SET password = '$argon2id$other'");
	OK(f.t, tk_sign_in_finish(&f.op, NULL, &s));
	assert_false(s.in);
	fix_exec(&f, "UPDATE account SET deleted_at = 1");
	s.reason = NULL;
	OK(f.t, tk_sign_in_finish(&f.op, NULL, &s));
	assert_false(s.in);
}

static void changing_the_password(void **state)
{
	struct fix f;
	struct reply here, there, r;

	fix_up(&f, testdb_of(state));
	fix_account(&f, "x1", 0, NULL);
	here = fix_sign_in(&f, "x1", GOOD_PASSWORD);
	there = fix_sign_in(&f, "x1", GOOD_PASSWORD);
	r = fix_call(&f, "POST", "/api/v1/session/password",
		     "{\"old\":\"wrong password 12\",\"new\":\"another good one 9\"}", here.cookie,
		     here.csrf);
	assert_int_equal(r.status, 422);
	assert_non_null(strstr(r.body, "\"field\":\"old\""));
	r = fix_call(&f, "POST", "/api/v1/session/password",
		     "{\"old\":\"" GOOD_PASSWORD "\",\"new\":\"short\"}", here.cookie, here.csrf);
	assert_int_equal(r.status, 422);
	assert_non_null(strstr(r.body, "\"field\":\"new\""));
	r = fix_call(&f, "POST", "/api/v1/session/password",
		     "{\"old\":\"" GOOD_PASSWORD "\",\"new\":\"another good one 9\"}", here.cookie,
		     here.csrf);
	assert_int_equal(r.status, 204);
	assert_int_equal(fix_call(&f, "GET", "/api/v1/session", NULL, here.cookie, NULL).status,
			 200);
	assert_int_equal(fix_call(&f, "GET", "/api/v1/session", NULL, there.cookie, NULL).status,
			 401);
	assert_int_equal(fix_sign_in(&f, "x1", GOOD_PASSWORD).status, 401);
	assert_int_equal(fix_sign_in(&f, "x1", "another good one 9").status, 200);
	assert_int_equal(testdb_int(f.t, "SELECT COUNT(*) FROM trail WHERE action IN "
					 "('password_change', 'password_change_failed')"),
			 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(password_rules),
		TESTDB_BOTH(signing_in_and_out),
		TESTDB_BOTH(a_new_sign_in_replaces_the_session),
		TESTDB_BOTH(refusals_tell_nothing),
		TESTDB_BOTH(timing_tells_nothing),
		TESTDB_BOTH(waits_grow),
		TESTDB_BOTH(the_right_password_waits_too),
		TESTDB_BOTH(the_second_step_looks_again),
		TESTDB_BOTH(changing_the_password),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
