#include <string.h>
#include "auth/invite.h"
#include "auth/link.h"
#include "base/clock.h"
#include "base/hash.h"
#include "fixture.h"

static char *path_of(struct fix *f, const char *token)
{
	return tk_sprintf(f->t->mem, "/api/v1/links/%s", token);
}

static int64_t invited(struct fix *f, int64_t staff_id)
{
	int64_t id;
	bool made;

	OK(f->t, tk_account_for_staff(&f->op, staff_id, &id, &made));
	assert_true(made);
	return id;
}

static void a_link_activates_once(void **state)
{
	struct fix f;
	struct reply r;
	char *token;
	int64_t id, expires;
	const char *body = "{\"password\":\"" GOOD_PASSWORD "\"}";

	fix_up(&f, testdb_of(state));
	id = invited(&f, 100);
	OK(f.t, tk_link_new(&f.op, id, "activate", &token, &expires));
	assert_in_range(expires - tk_now(), TK_LINK_LIFE - 5, TK_LINK_LIFE);
	assert_int_equal(
		testdb_int(f.t, "SELECT COUNT(*) FROM one_time_link WHERE LENGTH(digest) = 64"), 1);
	r = fix_call(&f, "GET", path_of(&f, token), NULL, NULL, NULL);
	assert_int_equal(r.status, 200);
	assert_non_null(strstr(r.body, "\"login\":\"a100\""));
	assert_non_null(strstr(r.body, "\"purpose\":\"activate\""));
	/* a password that is refused does not use it up */
	r = fix_call(&f, "POST", path_of(&f, token), "{\"password\":\"short\"}", NULL, NULL);
	assert_int_equal(r.status, 422);
	assert_non_null(strstr(r.body, "\"field\":\"password\""));
	r = fix_call(&f, "POST", path_of(&f, token), body, NULL, NULL);
	assert_int_equal(r.status, 200);
	assert_int_equal(fix_call(&f, "GET", "/api/v1/session", NULL, r.cookie, NULL).status, 200);
	assert_int_equal(fix_sign_in(&f, "a100", GOOD_PASSWORD).status, 200);
	r = fix_call(&f, "POST", path_of(&f, token), body, NULL, NULL);
	assert_int_equal(r.status, 410);
	assert_non_null(strstr(r.body, "used"));
	assert_int_equal(fix_call(&f, "GET", path_of(&f, token), NULL, NULL, NULL).status, 410);
	assert_int_equal(
		testdb_int(f.t,
			   "SELECT COUNT(*) FROM trail WHERE action IN ('link_new', 'link_use')"),
		2);
	OK(f.t, tk_db_int(f.t->db, &f.t->e, "SELECT COUNT(*) FROM trail WHERE detail LIKE $1",
			  TK_ARGS(TK_S(tk_sprintf(f.t->mem, "%%%s%%", token))), -1, &id));
	assert_int_equal(id, 0);
}

static void links_expire_and_replace_each_other(void **state)
{
	struct fix f;
	struct reply before;
	char *first, *second;
	int64_t id, expires;

	fix_up(&f, testdb_of(state));
	id = fix_account(&f, "x1", 0, NULL);
	before = fix_sign_in(&f, "x1", GOOD_PASSWORD);
	OK(f.t, tk_link_new(&f.op, id, "reset", &first, &expires));
	OK(f.t, tk_link_new(&f.op, id, "reset", &second, &expires));
	assert_int_equal(fix_call(&f, "GET", path_of(&f, first), NULL, NULL, NULL).status, 410);
	assert_int_equal(fix_call(&f, "GET", path_of(&f, second), NULL, NULL, NULL).status, 200);
	assert_int_equal(fix_call(&f, "GET", path_of(&f, "unknown"), NULL, NULL, NULL).status, 410);
	/* a new password ends the sessions there are */
	assert_int_equal(fix_call(&f, "POST", path_of(&f, second),
				  "{\"password\":\"another good one 9\"}", NULL, NULL)
				 .status,
			 200);
	assert_int_equal(fix_call(&f, "GET", "/api/v1/session", NULL, before.cookie, NULL).status,
			 401);
	OK(f.t, tk_link_new(&f.op, id, "reset", &first, &expires));
	fix_exec(&f, "UPDATE one_time_link SET expires_at = expires_at - 7 * 86400");
	assert_int_equal(fix_call(&f, "POST", path_of(&f, first),
				  "{\"password\":\"another good one 9\"}", NULL, NULL)
				 .status,
			 410);
	/* a locked account is not opened by an old link */
	OK(f.t, tk_link_new(&f.op, id, "reset", &first, &expires));
	fix_exec(&f, "UPDATE account SET state = 'locked'");
	assert_int_equal(fix_call(&f, "POST", path_of(&f, first),
				  "{\"password\":\"another good one 9\"}", NULL, NULL)
				 .status,
			 410);
}

static void inviting(void **state)
{
	struct fix f;
	struct reply office, r;
	const char *path = "/api/v1/accounts/invite";

	fix_up(&f, testdb_of(state));
	fix_account(&f, "office", 0, "office");
	fix_account(&f, "plain", 101, NULL);
	office = fix_sign_in(&f, "plain", GOOD_PASSWORD);
	assert_int_equal(
		fix_call(&f, "POST", path, "{\"all\":true}", office.cookie, office.csrf).status,
		403);
	office = fix_sign_in(&f, "office", GOOD_PASSWORD);
	assert_int_equal(fix_call(&f, "POST", path, "{}", office.cookie, office.csrf).status, 422);
	assert_int_equal(fix_call(&f, "POST", path, "{\"all\":true,\"division_id\":\"10\"}",
				  office.cookie, office.csrf)
				 .status,
			 422);
	/* division 10: 100; 101 has an account, 109 has left */
	r = fix_call(&f, "POST", path, "{\"division_id\":\"10\"}", office.cookie, office.csrf);
	assert_int_equal(r.status, 200);
	assert_non_null(strstr(r.body, "\"made\":1"));
	assert_non_null(strstr(r.body, "\"login\":\"a100\""));
	assert_non_null(strstr(r.body, "/#/activate/"));
	/* all others; those with a link that works are passed over */
	r = fix_call(&f, "POST", path, "{\"all\":true,\"send_mail\":true}", office.cookie,
		     office.csrf);
	assert_int_equal(r.status, 200);
	assert_non_null(strstr(r.body, "\"made\":3"));
	assert_non_null(strstr(r.body, "\"remaining\":0"));
	/* one has an address, and its mail does not show the token; the others' links come back */
	assert_int_equal(testdb_int(f.t, "SELECT COUNT(*) FROM mail"), 1);
	assert_int_equal(testdb_int(f.t,
				    "SELECT COUNT(*) FROM mail WHERE recipient = 'a111@example.jp'"
				    " AND staff_id = 111 AND division_id = 11 AND body LIKE "
				    "'%/#/activate/{secret}%'"),
			 1);
	assert_null(strstr(r.body, "\"staff_number\":\"111\""));
	assert_non_null(strstr(r.body, "\"staff_number\":\"200\""));
	r = fix_call(&f, "POST", path, "{\"all\":true}", office.cookie, office.csrf);
	assert_non_null(strstr(r.body, "\"made\":0"));
	/* named one by one: a link for a new password; nobody who has left */
	r = fix_call(&f, "POST", path, "{\"staff_ids\":[\"101\"]}", office.cookie, office.csrf);
	assert_non_null(strstr(r.body, "\"made\":1"));
	assert_int_equal(
		testdb_int(f.t, "SELECT COUNT(*) FROM one_time_link WHERE purpose = 'reset'"), 1);
	r = fix_call(&f, "POST", path, "{\"staff_ids\":[\"109\"]}", office.cookie, office.csrf);
	assert_int_equal(r.status, 422);
	r = fix_call(&f, "POST", path, "{\"staff_ids\":[5]}", office.cookie, office.csrf);
	assert_int_equal(r.status, 422);
}

static void many(void *ctx, const struct tk_invited *i)
{
	(void)i;
	++*(int *)ctx;
}

/* A whole organisation is invited in pieces that leave the writer free in between. */
static void inviting_thousands(void **state)
{
	struct fix f;
	struct tk_invite v = { .all = true, .base_url = "" };
	struct tk_arena *mem = tk_arena_new(64 << 20);
	int64_t made, remaining, t0;
	int n = 0;

	fix_up(&f, testdb_of(state));
	OK(f.t, tk_db_begin(f.t->db, &f.t->e));
	for (int i = 0; i < 2100; i++)
		OK(f.t, tk_db_exec(f.t->db, &f.t->e,
				   "INSERT INTO staff(id, version, staff_number, name, "
				   "division_id) VALUES($1,1,$2,'N',20)",
				   TK_I(1000 + i), TK_S(tk_sprintf(mem, "S%05d", i))));
	OK(f.t, tk_db_commit(f.t->db, &f.t->e));
	f.op.mem = mem;
	t0 = tk_mono_us();
	OK(f.t, tk_db_begin(f.t->db, &f.t->e));
	OK(f.t, tk_invite_run(&f.op, &v, many, &n, &made, &remaining));
	OK(f.t, tk_db_commit(f.t->db, &f.t->e));
	print_message("%d invitations in %.2f s\n", n, (double)(tk_mono_us() - t0) / 1e6);
	assert_int_equal(made, TK_INVITE_MAX);
	assert_int_equal(n, TK_INVITE_MAX);
	assert_int_equal(remaining, 105);
	OK(f.t, tk_invite_run(&f.op, &v, many, &n, &made, &remaining));
	assert_int_equal(made, 105);
	assert_int_equal(remaining, 0);
	tk_arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TESTDB_BOTH(a_link_activates_once),
		TESTDB_BOTH(links_expire_and_replace_each_other),
		TESTDB_BOTH(inviting),
		TESTDB_BOTH(inviting_thousands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
