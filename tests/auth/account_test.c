#include <string.h>
#include "auth/demo.h"
#include "auth/user.h"
#include "fixture.h"

struct tk_server;

/* A person who manages accounts but is no administrator. */
static struct tk_op as_account(struct fix *f, int64_t id, struct tk_person *p)
{
	OK(f->t, tk_person_load(&f->op, id, p));
	return (struct tk_op){ f->t->db, f->t->mem, &p->who, &f->t->e };
}

static void administrators_are_out_of_reach(void **state)
{
	struct fix f;
	struct tk_person office;
	struct tk_op op;
	struct tk_account a = { 0 };
	struct tk_account_role x = { 0 };
	int64_t root, other, expires, role;
	char *token;

	fix_up(&f, testdb_of(state));
	root = fix_account(&f, "root", 0, "admin");
	other = fix_account(&f, "other", 0, NULL);
	op = as_account(&f, fix_account(&f, "office", 0, "office"), &office);
	OK(f.t, tk_rec_load(&op, &tk_account, root, &a));
	tk_set_by(&tk_account, &a, "state", TK_S("locked"));
	FAILS(f.t, TK_EPERM, tk_rec_update(&op, &tk_account, &a, -1));
	FAILS(f.t, TK_EPERM, tk_rec_delete(&op, &tk_account, root, -1));
	FAILS(f.t, TK_EPERM, tk_link_new(&op, root, "reset", &token, &expires));
	OK(f.t, tk_link_new(&op, other, "reset", &token, &expires));
	/* nor may the office make administrators, itself first of all */
	tk_set_by(&tk_account_role, &x, "account_id", TK_I(office.who.account_id));
	tk_set_by(&tk_account_role, &x, "role", TK_S("admin"));
	FAILS(f.t, TK_EPERM, tk_rec_insert(&op, &tk_account_role, &x));
	x.r.id = 0;
	tk_set_by(&tk_account_role, &x, "role", TK_S("auditor"));
	OK(f.t, tk_rec_insert(&op, &tk_account_role, &x));
	role = testdb_int(f.t, "SELECT id FROM account_role WHERE role = 'admin'");
	FAILS(f.t, TK_EPERM, tk_rec_delete(&op, &tk_account_role, role, -1));
	/* the last administrator stays, for administrators too */
	op = as_account(&f, root, &office);
	FAILS(f.t, TK_ECONFLICT, tk_rec_delete(&op, &tk_account_role, role, -1));
	FAILS(f.t, TK_ECONFLICT, tk_rec_delete(&op, &tk_account, root, -1));
	OK(f.t, tk_user_roles(&f.op, "other", "admin"));
	OK(f.t, tk_rec_delete(&op, &tk_account_role, role, -1));
}

static void account_records(void **state)
{
	struct fix f;
	struct tk_account a = { 0 };
	struct tk_buf b = TK_BUF(1 << 16);
	struct tk_json j = TK_JSON(&b);

	fix_up(&f, testdb_of(state));
	OK(f.t, tk_rtype_check_table(f.t->db, &tk_account, &f.t->e));
	OK(f.t, tk_rtype_check_table(f.t->db, &tk_account_role, &f.t->e));
	tk_set_by(&tk_account, &a, "login", TK_S(" Ｘ１ "));
	tk_set_by(&tk_account, &a, "name", TK_S("Somebody"));
	OK(f.t, tk_rec_insert(&f.op, &tk_account, &a));
	assert_string_equal(a.login, "x1");
	assert_string_equal(a.state, "invited");
	tk_set_by(&tk_account, &a, "state", TK_S("active"));    /* without a password */
	FAILS(f.t, TK_EINVAL, tk_rec_update(&f.op, &tk_account, &a, -1));
	fix_exec(&f, "UPDATE account SET password = '$argon2id$secret'");
	OK(f.t, tk_rec_load(&f.op, &tk_account, a.r.id, &a));
	tk_rec_json(&j, &tk_account, &a, NULL, TK_EN);
	assert_null(strstr(b.p, "argon2"));
	tk_buf_drop(&b);
	a = (struct tk_account){ 0 };
	tk_set_by(&tk_account, &a, "login", TK_S("X1"));
	tk_set_by(&tk_account, &a, "name", TK_S("Another"));
	FAILS(f.t, TK_ECONFLICT, tk_rec_insert(&f.op, &tk_account, &a));
	tk_set_by(&tk_account, &a, "login", TK_S("x 2"));
	FAILS(f.t, TK_EINVAL, tk_rec_insert(&f.op, &tk_account, &a));
}

/* A unit more than a person can count is refused, not forgotten. */
static void units_are_counted(void **state)
{
	struct fix f;
	struct tk_account a = { 0 };
	struct tk_account_role r = { 0 };

	fix_up(&f, testdb_of(state));
	tk_set_by(&tk_account, &a, "login", TK_S("many"));
	tk_set_by(&tk_account, &a, "name", TK_S("Many units"));
	OK(f.t, tk_rec_insert(&f.op, &tk_account, &a));
	fix_exec(&f, "INSERT INTO bureau(id, version, code, name, sort) VALUES(700, 1, 'BX', 'X', 9)");
	for (int i = 0; i < TK_WHO_MAX_UNITS; i++) {
		enum tk_rc rc;

		OK(f.t, tk_db_exec(f.t->db, &f.t->e, "INSERT INTO division(id, version, bureau_id, code, name, sort, owns_system)"
				   " VALUES($1, 1, 700, $2, $2, 1, 0)", TK_I(701 + i), TK_S(tk_sprintf(f.t->mem, "DX%d", i))));
		r = (struct tk_account_role){ 0 };
		tk_set_by(&tk_account_role, &r, "account_id", TK_I(a.r.id));
		tk_set_by(&tk_account_role, &r, "role", TK_S("division_head"));
		tk_set_by(&tk_account_role, &r, "division_id", TK_I(701 + i));
		rc = tk_rec_insert(&f.op, &tk_account_role, &r);
		assert_int_equal(rc, i < TK_WHO_MAX_UNITS - 1 ? TK_OK : TK_ECONFLICT);
	}
	assert_string_equal(f.t->e.field, "division_id");
}

static enum tk_rc count_user(void *ctx, const struct tk_user *u)
{
	if (!strcmp(u->login, "x1"))
		assert_string_equal(u->roles, "admin office");
	++*(int *)ctx;
	return TK_OK;
}

static void users_of_the_command_line(void **state)
{
	struct fix f;
	struct reply in;
	char *token = NULL;
	int n = 0;

	fix_up(&f, testdb_of(state));
	FAILS(f.t, TK_EINVAL,
	      tk_user_add(&f.op, "x1", "Somebody", GOOD_PASSWORD, "admin, boss", NULL));
	OK(f.t, tk_db_begin(f.t->db, &f.t->e));
	FAILS(f.t, TK_EINVAL, tk_user_add(&f.op, "x0", "Somebody", "short", "admin", NULL));
	tk_db_rollback(f.t->db);
	OK(f.t, tk_user_add(&f.op, "x1", "Somebody", GOOD_PASSWORD, "admin,office", NULL));
	OK(f.t, tk_user_add(&f.op, "x2", "Somebody else", NULL, NULL, &token));
	assert_non_null(token);
	OK(f.t, tk_user_list(&f.op, count_user, &n));
	assert_int_equal(n, 2);
	in = fix_sign_in(&f, "x1", GOOD_PASSWORD);
	assert_int_equal(in.status, 200);
	OK(f.t, tk_user_reset(&f.op, "x1", NULL, &token));
	assert_int_equal(fix_call(&f, "GET", "/api/v1/session", NULL, in.cookie, NULL).status, 401);
	assert_int_equal(fix_sign_in(&f, "x1", GOOD_PASSWORD).status, 401);
	OK(f.t, tk_user_reset(&f.op, "x1", "another good one 9", NULL));
	assert_int_equal(fix_sign_in(&f, "x1", "another good one 9").status, 200);
	OK(f.t, tk_user_roles(&f.op, "x2", "admin ciso"));
	OK(f.t, tk_db_begin(f.t->db, &f.t->e));
	FAILS(f.t, TK_ECONFLICT,
	      tk_user_roles(&f.op, "x1", "ciso")); /* the other one is only invited */
	tk_db_rollback(f.t->db);
	OK(f.t, tk_user_reset(&f.op, "x2", "another good one 9", NULL));
	OK(f.t, tk_user_roles(&f.op, "x1", "ciso"));
	assert_int_equal(
		testdb_int(f.t, "SELECT COUNT(*) FROM account_role WHERE deleted_at IS NULL"),
		3); /* admin ciso; ciso */
	FAILS(f.t, TK_ECONFLICT, tk_user_roles(&f.op, "x2", "ciso"));
	FAILS(f.t, TK_ENOTFOUND, tk_user_roles(&f.op, "x9", "ciso"));
}

/* Every route that is not public refuses nobody, and staff where it needs more than a session. */
static void routes_refuse(void **state)
{
	struct fix f;
	struct reply staff;

	fix_up(&f, testdb_of(state));
	fix_account(&f, "101", 101, NULL);
	staff = fix_sign_in(&f, "101", GOOD_PASSWORD);
	for (const struct tk_route *r = tk_auth_routes; r->path; r++) {
		if (r->flags & TK_R_PUBLIC)
			continue;
		assert_int_equal(fix_call(&f, r->method, r->path, "{}", NULL, NULL).status, 401);
		if (strcmp(r->method, "GET") != 0) /* signed in, but without the session's token */
			assert_int_equal(
				fix_call(&f, r->method, r->path, "{}", staff.cookie, NULL).status,
				403);
		if (r->perm != TK_P_SIGNED_IN)
			assert_int_equal(
				fix_call(&f, r->method, r->path, "{}", staff.cookie, staff.csrf)
					.status,
				403);
	}
}

static enum tk_rc no_tick(struct tk_db *db, struct tk_err *e)
{
	(void)db;
	(void)e;
	return TK_OK;
}

static struct tk_server *demo_server(struct fix *f, bool demo)
{
	static const struct tk_route *const tables[] = { tk_auth_routes, NULL };
	struct tk_server_config c = { .db_url = f->t->url,
				      .host = "127.0.0.1",
				      .demo = demo,
				      .auth = tk_auth,
				      .routes = tables,
				      .tick = no_tick,
				      .readers = 1,
				      .base_url = "https://tenken.example.go.jp" };
	struct tk_server *s = NULL;

	OK(f->t, tk_server_start(&s, &c, &f->t->e));
	return s;
}

static void the_demonstration_signs_in_here_only(void **state)
{
	struct fix f;
	struct tk_server *s;
	struct reply r;

	fix_up(&f, testdb_of(state));
	fix_account(&f, "a100", 100, NULL);
	fix_exec(&f, "INSERT INTO setting(name, value) VALUES('demo.person.1', "
		     "'{\"key\":\"head\",\"login\":\"a100\",\"name\":\"模擬 一郎\","
		     "\"role_label_ja\":\"課室長\",\"role_label_en\":\"Division "
		     "head\",\"description_ja\":\"説明\",\"description_en\":\"Text\"}')");
	assert_int_equal(fix_call(&f, "GET", "/api/v1/demo/persons", NULL, NULL, NULL).status, 404);
	f.server = s = demo_server(&f, true);
	assert_int_equal(
		fix_call(&f, "POST", "/api/v1/demo/sign-in", "{\"key\":\"head\"}", NULL, NULL)
			.status,
		404);
	fix_exec(&f, "INSERT INTO setting(name, value) VALUES('demo', '1')");
	r = fix_call(&f, "GET", "/api/v1/demo/persons", NULL, NULL, NULL);
	assert_int_equal(r.status, 200);
	assert_non_null(strstr(r.body, "\"role_label\":\"Division head\""));
	assert_null(strstr(r.body, "a100"));
	assert_int_equal(
		fix_call(&f, "POST", "/api/v1/demo/sign-in", "{\"key\":\"x\"}", NULL, NULL).status,
		422);
	r = fix_call(&f, "POST", "/api/v1/demo/sign-in", "{\"key\":\"head\"}", NULL, NULL);
	assert_int_equal(r.status, 200);
	assert_non_null(strstr(r.body, "\"demo\":true"));
	assert_non_null(strstr(r.set_cookie, "; Secure"));      /* the address is https */
	assert_int_equal(fix_call(&f, "GET", "/api/v1/session", NULL, r.cookie, NULL).status, 200);
	tk_server_stop(s);
	f.server = s = demo_server(&f, false); /* an ordinary server on that database */
	assert_int_equal(
		fix_call(&f, "POST", "/api/v1/demo/sign-in", "{\"key\":\"head\"}", NULL, NULL)
			.status,
		404);
	tk_server_stop(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TESTDB_BOTH(administrators_are_out_of_reach),
		TESTDB_BOTH(account_records),
		TESTDB_BOTH(units_are_counted),
		TESTDB_BOTH(users_of_the_command_line),
		TESTDB_BOTH(routes_refuse),
		TESTDB_BOTH(the_demonstration_signs_in_here_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
