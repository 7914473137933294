/* Every route against every role: whoever is not permitted is refused, whoever is may pass, nothing
 * changes without the token, and every reply is well formed.  What is expected comes from the
 * permission matrix (src/auth/access.c) alone, so that a new route is tested by being there. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>
#include "main/wiring.h"
#include "world.h"

struct each { struct world *w; enum actor_id who; size_t n; };

static bool is_get(const struct tk_route *r)
{
	return !strcmp(r->method, "GET");
}

/* One of the existing rows, and of those the one that most surely belongs to somebody else. */
static int64_t foreign_row(struct world *w, const struct tk_rtype *t, const struct actor *a)
{
	const char *sql = t->scope_division ?
		tk_sprintf(w->t->mem, "SELECT id FROM %s WHERE deleted_at IS NULL AND COALESCE(%s, 0) <> $1 ORDER BY id DESC LIMIT 1",
			   t->table, t->scope_division) :
		tk_sprintf(w->t->mem, "SELECT id FROM %s WHERE deleted_at IS NULL AND id > $1 - $1 ORDER BY id DESC LIMIT 1", t->table);
	int64_t id = world_int(w, sql, a ? a->division : 0);

	return id ? id : 4711;
}

static int64_t row_of_path(struct world *w, const char *path)
{
	if (strstr(path, "/campaigns/"))
		return w->open;
	if (strstr(path, "/cases/"))
		return world_int(w, "SELECT MAX(id) FROM tk_case WHERE id > $1", 0);
	if (strstr(path, "/form-versions/"))
		return world_int(w, "SELECT MAX(id) FROM form_version WHERE id > $1", 0);
	return 4711;
}

/* The pattern with ids of real things: those of another division, or of another person. */
static const char *address(struct world *w, const struct tk_route *r, const struct tk_rtype *t, enum actor_id who)
{
	const struct actor *a = who < A_MAX ? &w->actor[who] : NULL, *other = &w->actor[who == A_HEAD2 ? A_STAFF : A_STAFF3];
	struct tk_buf b = TK_BUF(1000);
	const char *s;

	for (const char *p = r->path; *p;) {
		size_t n = strcspn(p, "}") + 1;

		if (*p != '{') {
			tk_buf_chr(&b, *p++);
			continue;
		}
		if (!strncmp(p, "{type}", n))
			tk_buf_str(&b, t->path);
		else if (!strncmp(p, "{id}", n) || !strncmp(p, "{campaign}", n))
			tk_buf_fmt(&b, "%lld", (long long)(t ? foreign_row(w, t, a) : *p && p[1] == 'c' ? w->open : row_of_path(w, r->path)));
		else if (!strncmp(p, "{division}", n))
			tk_buf_fmt(&b, "%lld", (long long)other->division);
		else if (!strncmp(p, "{respondent}", n))
			tk_buf_fmt(&b, "%lld", (long long)other->respondent);
		else
			tk_buf_str(&b, strstr(r->path, "/charts/") ? "rate-classes.svg" : strstr(r->path, "/tables/") ? "rate-classes" : "c01");
		p += n;
	}
	s = tk_strdup(w->t->mem, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return s;
}

static enum tk_perm needed(const struct tk_route *r, const struct tk_rtype *t)
{
	return tk_route_perm(r, t);
}

/* JSON where JSON is said, and an error is always a problem with a sentence. */
static void well_formed(const struct reply *r, const char *method, const char *path)
{
	cJSON *o = strstr(r->type, "json") && r->n ? cJSON_Parse(r->body) : NULL;
	const cJSON *detail = cJSON_GetObjectItemCaseSensitive(o, "detail");
	bool import_report = r->status == 422 && cJSON_GetObjectItemCaseSensitive(o, "accepted");

	if (strstr(r->type, "json") && r->n && !o)
		fail_msg("%s %s: not JSON: %.900s", method, path, r->body);
	if (r->status >= 400 && !import_report &&
	    (strcmp(r->type, "application/problem+json") != 0 || !cJSON_IsString(detail) || !*detail->valuestring ||
	     cJSON_GetObjectItemCaseSensitive(o, "status")->valueint != r->status))
		fail_msg("%s %s: %d is no problem: %.900s", method, path, r->status, r->body);
	if (r->status >= 500)
		fail_msg("%s %s: %d %.900s", method, path, r->status, r->body);
	if (r->status < 300 && !r->n && r->status != 204)
		fail_msg("%s %s: %d without a body", method, path, r->status);
	cJSON_Delete(o);
}

/* -- nobody ------------------------------------------------------------------------------------- */
static void nobody(void *ctx, const struct tk_route *r, const struct tk_rtype *t)
{
	struct each *e = ctx;
	const char *path = address(e->w, r, t, A_NOBODY);
	struct reply got = ask(e->w, A_NOBODY, r->method, path, .body = is_get(r) ? NULL : "{}");

	well_formed(&got, r->method, path);
	e->n++;
	if (!(r->flags & TK_R_PUBLIC) && got.status != 401)
		fail_msg("%s %s lets a stranger in: %d %.300s", r->method, path, got.status, got.body);
}

static void strangers_are_refused_everywhere(void **state)
{
	struct each e = { .w = world_of(state) };

	tk_routes_each(tk_all_routes, nobody, &e);
	assert_true(e.n > 100);
}

/* -- roles -------------------------------------------------------------------------------------- */
static void role(void *ctx, const struct tk_route *r, const struct tk_rtype *t)
{
	struct each *e = ctx;
	enum tk_scope scope = tk_who_scope(&e->w->actor[e->who].who, needed(r, t));
	const char *path = address(e->w, r, t, e->who), *who = e->w->actor[e->who].name;
	bool common = t && is_get(r) && (t->flags & TK_T_COMMON || t->published);       /* read by everybody */
	bool theirs = t ? strstr(r->path, "{id}") && t->scope_division && !common :
		strstr(r->path, "{division}") || strstr(r->path, "{respondent}");
	struct reply got;

	if (r->flags & TK_R_PUBLIC)
		return;
	got = ask(e->w, e->who, r->method, path, .body = is_get(r) ? NULL : "{}");
	well_formed(&got, r->method, path);
	e->n++;
	if (scope == TK_SCOPE_NONE && got.status != 403)
		fail_msg("%s: %s %s is not permitted but answers %d %.300s", who, r->method, path, got.status, got.body);
	/* a reader's way in asks for more inside: whose record it is, the permission of a transition */
	if (scope == TK_SCOPE_ALL && (got.status == 401 || (got.status == 403 && !(r->flags & TK_R_READER))))
		fail_msg("%s: %s %s is permitted but answers %d %.300s", who, r->method, path, got.status, got.body);
	if (scope != TK_SCOPE_NONE && scope != TK_SCOPE_ALL && theirs && got.status < 400)
		fail_msg("%s: %s %s is somebody else's but answers %d %.300s", who, r->method, path, got.status, got.body);
}

static void every_role_can_do_what_the_matrix_says(void **state)
{
	struct each e = { .w = world_of(state) };

	for (e.who = 0; e.who < A_MAX; e.who++)
		tk_routes_each(tk_all_routes, role, &e);
	assert_true(e.n > 1000);
}

/* -- the token against forged requests ---------------------------------------------------------- */
static void forged(void *ctx, const struct tk_route *r, const struct tk_rtype *t)
{
	struct each *e = ctx;
	const char *path = address(e->w, r, t, e->who), *csrf[] = { NULL, "", "x", e->w->actor[A_NOBODY - 1].csrf };

	if (is_get(r) || r->flags & TK_R_NOCSRF)
		return;
	for (size_t i = 0; i < TK_LEN(csrf); i++) {     /* none, empty, wrong, another person's */
		struct reply got = ask(e->w, e->who, r->method, path, .body = "{}", .no_csrf = true, .csrf = csrf[i]);

		well_formed(&got, r->method, path);
		e->n++;
		if (got.status != 403)
			fail_msg("%s %s works without its token: %d %.300s", r->method, path, got.status, got.body);
	}
}

static void nothing_changes_without_the_token(void **state)
{
	struct each e = { .w = world_of(state) };

	for (e.who = 0; e.who < A_MAX - 1; e.who++)
		tk_routes_each(tk_all_routes, forged, &e);
	assert_true(e.n > 500);
}

/* -- readers ------------------------------------------------------------------------------------ */
static void change(void *ctx, const struct tk_route *r, const struct tk_rtype *t)
{
	struct each *e = ctx;
	const char *path = address(e->w, r, t, e->who);
	struct reply got;

	/* the own session (language, password, end) and what is one's own are everybody's; what has no transaction runs on a
	 * handle that only reads (trying a questionnaire out) */
	if (is_get(r) || !(r->flags & TK_R_TX) || r->flags & TK_R_PUBLIC || !strncmp(r->path, "/api/v1/session", 15) ||
	    !strncmp(r->path, "/api/v1/my/", 11))
		return;
	got = ask(e->w, e->who, r->method, path, .body = "{\"reason\":\"x\",\"all\":true}", .if_match = "\"1\"", .keep = true);
	e->n++;
	/* who reads a register may come in; nothing is there to be moved, nothing of theirs to be removed */
	if (got.status != 403 && !(r->flags & TK_R_READER && got.status >= 400))
		fail_msg("%s: %s %s answers %d %.300s", e->w->actor[e->who].name, r->method, path, got.status, got.body);
}

static void the_auditor_and_the_ciso_change_nothing(void **state)
{
	struct each e = { .w = world_of(state) };
	int64_t rows = world_int(e.w, "SELECT COUNT(*) + $1 FROM trail", 0);

	e.who = A_AUDITOR;
	tk_routes_each(tk_all_routes, change, &e);
	e.who = A_CISO;
	tk_routes_each(tk_all_routes, change, &e);
	assert_true(e.n > 80);
	assert_int_equal(world_int(e.w, "SELECT COUNT(*) + $1 FROM trail", 0), rows);
}

/* -- query and method --------------------------------------------------------------------------- */
/* Somebody who may call it: a wrong query is answered after the permission. */
static enum actor_id permitted(struct world *w, const struct tk_route *r, const struct tk_rtype *t)
{
	enum tk_perm p = needed(r, t);

	if (r->flags & TK_R_PUBLIC)
		return A_NOBODY;
	for (enum actor_id i = 0; i < A_MAX; i++)
		if (tk_who_scope(&w->actor[i].who, p) != TK_SCOPE_NONE)
			return i;
	return A_MAX;
}

static void odd_query(void *ctx, const struct tk_route *r, const struct tk_rtype *t)
{
	struct each *e = ctx;
	enum actor_id who = permitted(e->w, r, t);
	const char *path = address(e->w, r, t, who), *list = r->query && *r->query == '*' ? "" : NULL;
	static const char *const add[] = { "?nonsense=1", "?=1", "?lang=en&id;--=1" };
	struct reply got;

	if (who == A_MAX && !(r->flags & TK_R_PUBLIC))
		return;         /* the system's own */
	for (size_t i = 0; i < TK_LEN(add); i++) {
		if (list && *add[i] && i == 2)
			continue;       /* a list takes lang as any route, and names the other field */
		got = ask(e->w, who, r->method, fmt(e->w, "%s%s", path, add[i]), .body = is_get(r) ? NULL : "{}");
		well_formed(&got, r->method, path);
		e->n++;
		if (got.status != 422)
			fail_msg("%s %s%s answers %d %.300s", r->method, path, add[i], got.status, got.body);
	}
}

static void unknown_query_fields_are_named(void **state)
{
	struct each e = { .w = world_of(state) };

	tk_routes_each(tk_all_routes, odd_query, &e);
	assert_true(e.n > 200);
}

/* All methods that a path has. */
struct methods { const char *path; bool get, post, put, patch, delete; };

static void collect(void *ctx, const struct tk_route *r, const struct tk_rtype *t)
{
	struct methods *m = ctx;
	struct tk_req rq = { .mem = tk_arena_new(1 << 20), .method = "GET", .path = m->path };
	const char *const all[] = { "GET", "POST", "PUT", "PATCH", "DELETE" };
	bool *const has[] = { &m->get, &m->post, &m->put, &m->patch, &m->delete };

	(void)r;
	(void)t;
	for (size_t i = 0; i < TK_LEN(all); i++) {
		rq.method = all[i];
		*has[i] = tk_route_find(&rq, tk_all_routes) == TK_OK;
	}
	tk_arena_free(rq.mem);
}

static void other_methods(void *ctx, const struct tk_route *r, const struct tk_rtype *t)
{
	struct each *e = ctx;
	struct methods m = { .path = address(e->w, r, t, A_OFFICE) };
	static const char *const wrong[] = { "TRACE", "OPTIONS", "get", "", "GETX" };
	struct reply got;

	collect(&m, r, t);
	for (size_t i = 0; i < TK_LEN(wrong); i++) {
		got = ask(e->w, A_OFFICE, wrong[i], m.path, .body = "{}");
		well_formed(&got, wrong[i], m.path);
		if (got.status != 405)
			fail_msg("%s %s answers %d", wrong[i], m.path, got.status);
	}
	got = ask(e->w, A_OFFICE, "PUT", m.path, .body = "{}");
	if (!m.put && got.status != 405)
		fail_msg("PUT %s answers %d", m.path, got.status);
	if (!m.put) {
		const char *allow = reply_header(&got, "Allow");

		if (!allow || !strstr(allow, r->method))
			fail_msg("PUT %s: Allow is %s", m.path, allow ? allow : "missing");
	}
	e->n++;
}

static void other_methods_are_405(void **state)
{
	struct each e = { .w = world_of(state) };

	tk_routes_each(tk_all_routes, other_methods, &e);
	assert_true(e.n > 100);
}

/* -- the description ---------------------------------------------------------------------------- */
static void described(void *ctx, const struct tk_route *r, const struct tk_rtype *t)
{
	cJSON *paths = ((void **)ctx)[0], *p, *op;
	struct world *w = ((void **)ctx)[1];
	char lower[12] = { 0 };

	if (!tk_route_offered(r, t))
		return;
	for (size_t i = 0; r->method[i]; i++)
		lower[i] = (char)(r->method[i] | 0x20);
	p = cJSON_GetObjectItemCaseSensitive(paths, t ? fmt(w, "/api/v1/%s%s", t->path, r->path + 14) : r->path);
	op = cJSON_GetObjectItemCaseSensitive(p, lower);
	if (!op)
		fail_msg("%s %s is not described", r->method, r->path);
	assert_true(strlen(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(op, "summary"))) > 5);
	assert_non_null(cJSON_GetObjectItemCaseSensitive(op, "x-permission"));
}

static void the_description_lists_every_route(void **state)
{
	struct world *w = world_of(state);
	struct reply r = get(w, A_STAFF, "/api/v1/openapi.json");
	cJSON *o = cJSON_Parse(r.body);
	void *ctx[] = { cJSON_GetObjectItemCaseSensitive(o, "paths"), w };

	STATUS(r, 200);
	assert_non_null(o);
	assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, "openapi")), "3.1.0");
	tk_routes_each(tk_all_routes, described, ctx);
	cJSON_Delete(o);
}

int main(void)
{
#define TESTS { cmocka_unit_test(strangers_are_refused_everywhere), cmocka_unit_test(every_role_can_do_what_the_matrix_says), \
		cmocka_unit_test(nothing_changes_without_the_token), cmocka_unit_test(the_auditor_and_the_ciso_change_nothing), \
		cmocka_unit_test(unknown_query_fields_are_named), cmocka_unit_test(other_methods_are_405), \
		cmocka_unit_test(the_description_lists_every_route) }
	const struct CMUnitTest tests[] = TESTS;
	int failed = cmocka_run_group_tests_name("every route and role (SQLite)", tests, world_sqlite, world_down);

	return failed + cmocka_run_group_tests_name("every route and role (PostgreSQL)", tests, world_postgres, world_down);
}
