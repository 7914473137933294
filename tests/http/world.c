#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "auth/account.h"
#include "auth/session.h"
#include "base/clock.h"
#include "base/hash.h"
#include "demo/demo.h"
#include "http/conn.h"
#include "main/wiring.h"
#include "world.h"

/* Stands for the running server: only its configuration is asked. */
static struct tk_server server = { .c = { .host = "127.0.0.1", .demo = true, .routes = tk_all_routes } };

int64_t world_int(struct world *w, const char *sql, int64_t arg)
{
	int64_t n = 0;

	OK(w->t, tk_db_int(w->t->db, &w->t->e, sql, TK_ARGS(TK_I(arg)), 0, &n));
	return n;
}

const char *world_text(struct world *w, const char *sql, int64_t arg)
{
	struct tk_value v = TK_NULL;
	bool found;

	OK(w->t, tk_db_first(w->t->db, w->t->mem, &w->t->e, sql, TK_ARGS(TK_I(arg)), &v, 1, &found));
	return found && v.s ? v.s : "";
}

char *fmt(struct world *w, const char *format, ...)
{
	char text[2000];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	return tk_strdup(w->t->mem, text);
}

/* -- people ------------------------------------------------------------------------------------- */
static void sign_in(struct world *w, struct actor *a)
{
	struct tk_session s;
	struct tk_person p;

	OK(w->t, tk_session_new(&w->op, a->account, &s));
	OK(w->t, tk_person_load(&w->op, a->account, &p));
	assert_true(p.may_sign_in);
	a->cookie = tk_sprintf(w->t->mem, "tk_session=%s", s.token);
	a->csrf = s.csrf;
	a->digest = s.digest;
	a->who = p.who;
	a->staff = p.staff_id;
	a->login = p.login;
	if (a->staff)
		a->division = p.division_id;
	a->respondent = world_int(w, "SELECT id FROM respondent WHERE staff_id = $1 AND campaign_id = (SELECT MAX(id) FROM campaign WHERE asks = 'staff')",
				  a->staff);
}

/* An account of no staff member: the role and nothing else. */
static void plain(struct world *w, enum actor_id i, const char *role, int64_t division)
{
	struct actor *a = &w->actor[i];

	*a = (struct actor){ .name = role, .account = tk_id_new(), .division = division };
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "INSERT INTO account(id, version, login, name, state, failed_count)"
			    " VALUES($1, 1, $2, $2, 'active', 0)", TK_I(a->account), TK_S(fmt(w, "only.%s.%d", role, (int)i))));
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "INSERT INTO account_role(id, version, account_id, role, division_id)"
			    " VALUES($1, 1, $2, $3, $4)", TK_I(tk_id_new()), TK_I(a->account), TK_S(role), TK_I0(division)));
	sign_in(w, a);
}

static void outside(struct world *w, enum actor_id i, const char *role, int64_t institution)
{
	struct actor *a = &w->actor[i];

	*a = (struct actor){ .name = role, .account = tk_id_new() };
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "INSERT INTO account(id, version, login, name, state, failed_count, institution_id)"
			    " VALUES($1, 1, $2, $2, 'active', 0, $3)", TK_I(a->account), TK_S(fmt(w, "outside.%s", role)), TK_I(institution)));
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "INSERT INTO account_role(id, version, account_id, role) VALUES($1, 1, $2, $3)",
			    TK_I(tk_id_new()), TK_I(a->account), TK_S(role)));
	sign_in(w, a);
}

static void institution(struct world *w)
{
	int64_t sector = tk_id_new(), id = tk_id_new();

	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "INSERT INTO sector(id, version, code, name, sort) VALUES($1, 1, 'loop', '見本業態', 999)",
			    TK_I(sector)));
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "INSERT INTO institution(id, version, code, name, sector_id) VALUES($1, 1, 'LOOP', '見本機関', $2)",
			    TK_I(id), TK_I(sector)));
	outside(w, A_COORDINATOR, "coordinator", id);
	outside(w, A_RESPONDENT, "respondent", id);
}

static void member(struct world *w, enum actor_id i, const char *name, int64_t staff)
{
	struct actor *a = &w->actor[i];
	bool made;

	*a = (struct actor){ .name = name };
	assert_int_not_equal(staff, 0);
	OK(w->t, tk_account_for_staff(&w->op, staff, &a->account, &made));
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "UPDATE account SET state = 'active' WHERE id = $1", TK_I(a->account)));
	sign_in(w, a);
}

/* The n-th ordinary member of a division who has answered nothing yet. */
static int64_t clerk_of(struct world *w, int64_t division, int n)
{
	int64_t id = 0;

	OK(w->t, tk_db_int(w->t->db, &w->t->e, "SELECT s.id FROM staff s JOIN post p ON p.id = s.post_id JOIN respondent r ON"
			   " r.staff_id = s.id AND r.campaign_id = (SELECT MAX(id) FROM campaign WHERE asks = 'staff') AND r.state = 'in'"
			   " LEFT JOIN response x ON x.id = r.id WHERE s.division_id = $1"
			   " AND p.is_head = 0 AND x.id IS NULL AND NOT EXISTS(SELECT 1 FROM account a WHERE a.staff_id = s.id)"
			   " ORDER BY s.id LIMIT 1 OFFSET $2", TK_ARGS(TK_I(division), TK_I(n)), 0, &id));
	return id;
}

static void people(struct world *w)
{
	/* divisions with at least three people who have not answered */
	static const char some[] = "SELECT s.division_id FROM staff s JOIN post p ON p.id = s.post_id JOIN respondent r ON r.staff_id = s.id"
		" AND r.campaign_id = (SELECT MAX(id) FROM campaign WHERE asks = 'staff') AND r.state = 'in' LEFT JOIN response x ON x.id = r.id"
		" WHERE p.is_head = 0 AND x.id IS NULL AND s.division_id <> $1 AND NOT EXISTS(SELECT 1 FROM account a WHERE a.staff_id = s.id)"
		" GROUP BY s.division_id HAVING COUNT(*) >= 3 ORDER BY s.division_id LIMIT 1";
	int64_t one = world_int(w, some, 0), two = world_int(w, some, one);

	assert_true(one && two && one != two);
	plain(w, A_ADMIN, "admin", 0);
	plain(w, A_OFFICE, "office", 0);
	plain(w, A_CISO, "ciso", 0);
	plain(w, A_HEAD, "division_head", one);
	plain(w, A_HEAD2, "division_head", two);
	plain(w, A_AUDITOR, "auditor", 0);
	member(w, A_STAFF, "staff", clerk_of(w, one, 0));
	member(w, A_STAFF2, "staff of the same division", clerk_of(w, one, 0));
	member(w, A_STAFF3, "staff of another division", clerk_of(w, two, 0));
	plain(w, A_SYSTEM, "system_admin", two);
	plain(w, A_AUDIT_HEAD, "audit_head", 0);
	plain(w, A_ADVISER, "adviser", 0);
	plain(w, A_CIO_AIDE, "cio_aide", 0);
	institution(w);
}

static int up(void **state, int (*database)(void **))
{
	struct tk_demo_opt opt = { .staff = 400 };
	struct world *w = calloc(1, sizeof(*w));

	if (!w || database(state) != 0)
		return -1;
	tk_wire_types();
	w->t = *state;
	*state = w;
	tk_arena_raise(w->t->mem, (size_t)4 << 30);
	w->system = tk_who_system("test", "test", TK_EN);
	w->op = (struct tk_op){ w->t->db, w->t->mem, &w->system, &w->t->e };
	OK(w->t, tk_ship_forms(&w->op));
	OK(w->t, tk_demo_fill(&w->op, &opt));
	w->open = world_int(w, "SELECT id FROM campaign WHERE state = 'open' AND asks = 'staff' AND id > $1", 0);
	w->closed = world_int(w, "SELECT MAX(id) FROM campaign WHERE state = 'closed' AND asks = 'staff' AND id > $1", 0);
	people(w);
	return 0;
}

int world_sqlite(void **state)
{
	return up(state, testdb_sqlite);
}

int world_postgres(void **state)
{
	*state = NULL;
	return getenv("TK_TEST_PG") ? up(state, testdb_postgres) : 0;
}

int world_down(void **state)
{
	struct world *w = *state;
	void *t;

	if (!w)
		return 0;
	t = w->t;
	free(w);
	return testdb_down(&t);
}

struct world *world_of(void **state)
{
	if (!*state)
		skip();
	return *state;
}

/* -- requests ----------------------------------------------------------------------------------- */
static void split_query(struct world *w, struct tk_req *rq, const char *path)
{
	char *copy = tk_strdup(w->t->mem, path), *q = strchr(copy, '?'), *save = NULL;

	rq->path = copy;
	if (!q)
		return;
	*q++ = '\0';
	for (char *p = strtok_r(q, "&", &save); p && rq->nquery < TK_MAX_QUERY; p = strtok_r(NULL, "&", &save)) {
		char *eq = strchr(p, '=');

		if (eq)
			*eq = '\0';
		rq->query[rq->nquery++] = (struct tk_pair){ p, eq ? eq + 1 : "" };
	}
}

/* As tk_req_handle, but nothing stays unless it is meant to; the arena's ceiling is guarded. */
static void handle(struct tk_req *rq, bool keep)
{
	enum tk_rc rc = tk_route_find(rq, tk_all_routes);

	if (tk_arena_guard(rq->mem)) {
		tk_db_recover(rq->db);
		if (tk_db_in_tx(rq->db))
			tk_db_rollback(rq->db);
		tk_req_finish(rq, tk_fail(&rq->err, TK_ETOOBIG, NULL, "ceiling"));
		return;
	}
	if (rc == TK_OK)
		rc = tk_req_prepare(rq, tk_auth);
	if (rc == TK_OK && rq->route->flags & TK_R_TX) {
		rc = tk_db_begin(rq->db, &rq->err);
		if (rc == TK_OK)
			rc = tk_req_run(rq);
		if (rc == TK_OK && keep)
			rc = tk_db_commit(rq->db, &rq->err);
		else
			tk_db_rollback(rq->db);
		if (rc == TK_OK && keep && rq->committed)
			rq->committed(rq);
	}
	tk_arena_unguard(rq->mem);
	tk_req_finish(rq, rc);
}

struct reply ask_with(struct world *w, enum actor_id who, const char *method, const char *path, struct call c)
{
	const struct actor *a = who == A_NOBODY ? NULL : &w->actor[who];
	struct reply r = { 0 };
	struct tk_req rq = {
		.mem = tk_arena_new(c.mem ? c.mem : 256 << 20), .db = w->t->db, .method = method, .server = &server,
		.peer = c.peer ? c.peer : "127.0.0.1", .host = c.host ? c.host : "localhost:8080", .body = c.body ? c.body : "",
		.nbody = c.n ? c.n : c.body ? strlen(c.body) : 0, .if_match = c.if_match, .idempotency_key = c.key,
		.cookie = a ? a->cookie : NULL, .csrf = c.csrf ? c.csrf : a && !c.no_csrf ? a->csrf : NULL, .status = 200,
		.forwarded = c.forwarded, .who = { .lang = c.ja ? TK_JA : TK_EN }, .err = { .lang = c.ja ? TK_JA : TK_EN },
		.out = TK_BUF(256 << 20),
	};

	split_query(w, &rq, path);
	handle(&rq, c.keep);
	r.status = rq.status;
	r.n = rq.out.len;
	r.body = memcpy(tk_alloc(w->t->mem, r.n + 1), tk_buf_cstr(&rq.out), r.n);
	r.type = rq.content_type ? tk_strdup(w->t->mem, rq.content_type) : "application/json";
	for (r.nheader = 0; r.nheader < rq.nheader; r.nheader++)
		r.header[r.nheader] = (struct tk_pair){ tk_strdup(w->t->mem, rq.header[r.nheader].name),
							tk_strdup(w->t->mem, rq.header[r.nheader].value) };
	tk_req_drop(&rq);
	tk_arena_free(rq.mem);
	return r;
}

struct reply get(struct world *w, enum actor_id who, const char *path)
{
	return ask_with(w, who, "GET", path, (struct call){ .mem = 0 });
}

const char *reply_header(const struct reply *r, const char *name)
{
	for (size_t i = 0; i < r->nheader; i++)
		if (!strcmp(r->header[i].name, name))
			return r->header[i].value;
	return NULL;
}

const char *reply_member(struct world *w, const struct reply *r, const char *name)
{
	cJSON *o = cJSON_Parse(r->body), *v = cJSON_GetObjectItemCaseSensitive(o, name);
	char *s = cJSON_IsString(v) ? NULL : v ? cJSON_PrintUnformatted(v) : NULL;
	const char *ret = tk_strdup(w->t->mem, cJSON_IsString(v) ? v->valuestring : s ? s : "");

	cJSON_free(s);
	cJSON_Delete(o);
	return ret;
}
