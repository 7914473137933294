/* api_test FOLDER - the routes of src/org, driven without a network. */
#include <stdio.h>
#include <string.h>
#include "http/work.h"
#include "org/org_api.h"
#include "world.h"

static const char *folder;
static enum tk_scope may_import, may_read;

static enum tk_rc somebody(struct tk_req *rq)
{
	rq->who.account_id = 1;
	rq->who.name = "Tester";
	rq->who.scope[TK_P_ROSTER_IMPORT] = may_import;
	rq->who.scope[TK_P_ORG_READ] = may_read;
	rq->session_csrf = "token";
	return TK_OK;
}

struct reply { int status; const char *body; };

static struct reply call(struct world *w, const char *method, const char *path, struct file f, const char *q1, const char *q2)
{
	const struct tk_route *const tables[] = { tk_org_routes, NULL };
	struct tk_req rq = {
		.mem = w->t->mem, .db = w->t->db, .method = method, .path = path, .peer = "127.0.0.1", .host = "localhost",
		.body = f.data, .nbody = f.n, .csrf = "token", .who = { .lang = TK_EN }, .err = { .lang = TK_EN },
		.out = TK_BUF(8 << 20),
	};
	const char *q[] = { q1, q2 };
	struct reply r;

	for (size_t i = 0; i < 2; i++) {
		size_t n = q[i] ? strcspn(q[i], "=") : 0;

		if (q[i])
			rq.query[rq.nquery++] = (struct tk_pair){ tk_strndup(w->t->mem, q[i], n), q[i] + n + 1 };
	}
	tk_req_handle(&rq, tables, somebody);
	r = (struct reply){ rq.status, tk_strdup(w->t->mem, tk_buf_cstr(&rq.out)) };
	tk_req_drop(&rq);
	return r;
}

#define IMPORT "/api/v1/roster/import"
#define HAS(r, s) do { if (!strstr((r).body, (s))) fail_msg("%s is not in %.2000s", (s), (r).body); } while (0)

static void dry_run_then_real(void **state)
{
	WORLD(state);
	struct file f = slurp(&w, folder, "personnel_export_cp932.csv");
	struct reply r;

	may_import = may_read = TK_SCOPE_ALL;
	r = call(&w, "POST", IMPORT, f, "name=personnel.csv", "dry_run=1");
	assert_int_equal(r.status, 200);
	HAS(r, "\"accepted\":true,\"written\":false");
	HAS(r, "\"added\":178");
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM staff"), 0);
	r = call(&w, "POST", IMPORT, f, "name=personnel.csv", NULL);
	assert_int_equal(r.status, 200);
	HAS(r, "\"written\":true");
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM staff"), 178);
	r = call(&w, "GET", "/api/v1/head-count", (struct file){ 0 }, "date=2012-01-10", "by=bureau");
	assert_int_equal(r.status, 200);
	HAS(r, "\"name\":\"検査局\",\"count\":34");
	HAS(r, "\"total\":178");
	r = call(&w, "GET", "/api/v1/head-count", (struct file){ 0 }, "date=2012-01-32", NULL);
	assert_int_equal(r.status, 422);
}

static void faults_are_422_with_the_report(void **state)
{
	WORLD(state);
	struct file f = slurp(&w, folder, "office_workbook.xlsx");
	struct reply r;

	may_import = TK_SCOPE_ALL;
	r = call(&w, "POST", IMPORT, f, "name=office_workbook.xlsx", "dry_run=1");
	assert_int_equal(r.status, 200);
	HAS(r, "\"accepted\":false");
	r = call(&w, "POST", IMPORT, f, "name=office_workbook.xlsx", NULL);
	assert_int_equal(r.status, 422);
	HAS(r, "\"accepted\":false,\"written\":false");
	HAS(r, "\"cell\":\"I30\"");
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM bureau"), 0);
	r = call(&w, "POST", IMPORT, (struct file){ (char[]){ "\x89PNG\r\n\x1a\n\0\0\0" }, 11 }, "name=x.png", NULL);
	assert_true(r.status >= 400 && r.status < 500);
}

static void who_may_not(void **state)
{
	WORLD(state);
	struct file f = slurp(&w, folder, "personnel_export_cp932.csv");

	may_import = TK_SCOPE_NONE;
	may_read = TK_SCOPE_DIVISION;
	assert_int_equal(call(&w, "POST", IMPORT, f, "name=personnel.csv", NULL).status, 403);
	assert_int_equal(call(&w, "GET", "/api/v1/head-count", (struct file){ 0 }, NULL, NULL).status, 403);
	may_import = TK_SCOPE_DIVISION;
	assert_int_equal(call(&w, "POST", IMPORT, f, "name=personnel.csv", "dry_run=1").status, 403);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TESTDB_BOTH(dry_run_then_real), TESTDB_BOTH(faults_are_422_with_the_report), TESTDB_BOTH(who_may_not),
	};

	if (argc < 2) {
		fputs("usage: api_test FOLDER\n", stderr);
		return 2;
	}
	folder = argv[1];
	return cmocka_run_group_tests_name("org api", tests, NULL, NULL);
}
