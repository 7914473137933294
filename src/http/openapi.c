/* openapi.c - the OpenAPI 3.1 document, printed from the route and record tables. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "http/http.h"
#include "http/openapi.h"

void tk_routes_each(const struct tk_route *const *tables, tk_route_fn fn, void *ctx)
{
	const struct tk_rtype *const *t;
	size_t n = tk_rtypes(&t);

	for (; *tables; tables++) {
		for (const struct tk_route *r = *tables; r->path; r++) {
			if (strncmp(r->path, "/api/v1/{type}", 14) != 0) {
				fn(ctx, r, NULL);
				continue;
			}
			for (size_t i = 0; i < n; i++)
				if (!(t[i]->flags & TK_T_HIDDEN))
					fn(ctx, r, t[i]);
		}
	}
}

enum tk_perm tk_route_perm(const struct tk_route *r, const struct tk_rtype *t)
{
	if (!t)
		return r->perm;
	return r->flags & TK_R_READER || !strcmp(r->method, "GET") ? t->read : t->write;
}

bool tk_route_offered(const struct tk_route *r, const struct tk_rtype *t)
{
	if (!t)
		return true;
	if (strstr(r->path, "/{id}/case"))
		return t->life != NULL;
	if (!strcmp(r->method, "PATCH") || strstr(r->path, "/bulk"))
		return !(t->flags & TK_T_NO_UPDATE);
	if (strstr(r->path, "/import"))
		return !(t->flags & TK_T_NO_IMPORT);
	if (r->flags & TK_R_READER)
		return true;
	if (!strcmp(r->method, "DELETE"))
		return !(t->flags & TK_T_NO_DELETE);
	return strcmp(r->method, "POST") || !(t->flags & TK_T_NO_CREATE);
}

static void parameters(struct tk_json *j, const struct tk_route *r, const char *path)
{
	char name[64];

	tk_json_key(j, "parameters");
	tk_json_arr(j);
	for (const char *p = path; (p = strchr(p, '{')); p++) {
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(p + 1, "}"), p + 1);
		tk_json_obj(j);
		tk_json_kstr(j, "name", name);
		tk_json_kstr(j, "in", "path");
		tk_json_kbool(j, "required", true);
		tk_json_key(j, "schema");
		tk_json_raw(j, "{\"type\":\"string\"}");
		tk_json_end_obj(j);
	}
	for (const char *p = r->query; p && *p && *p != '*'; p += strspn(p, " ")) {
		size_t n = strcspn(p, " ");
		snprintf(name, sizeof(name), "%.*s", (int)n, p);
		p += n;
		tk_json_obj(j);
		tk_json_kstr(j, "name", name);
		tk_json_kstr(j, "in", "query");
		tk_json_key(j, "schema");
		tk_json_raw(j, "{\"type\":\"string\"}");
		tk_json_end_obj(j);
	}
	tk_json_end_arr(j);
}

/* A route whose body or reply is the record itself. */
static bool is_record(const struct tk_route *r, const struct tk_rtype *t)
{
	return t && (!strcmp(r->path, "/api/v1/{type}") || !strcmp(r->path, "/api/v1/{type}/{id}"));
}

static void body(struct tk_json *j, const struct tk_route *r, const struct tk_rtype *t)
{
	char ref[120];

	if (!strcmp(r->method, "GET") || !strcmp(r->method, "DELETE"))
		return;
	tk_json_key(j, "requestBody");
	tk_json_obj(j);
	tk_json_key(j, "content");
	tk_json_obj(j);
	tk_json_key(j, r->flags & TK_R_RAW ? "application/octet-stream" : "application/json");
	tk_json_obj(j);
	if (is_record(r, t)) {
		snprintf(ref, sizeof(ref), "{\"$ref\":\"#/components/schemas/%s\"}", t->name);
		tk_json_key(j, "schema");
		tk_json_raw(j, ref);
	}
	tk_json_end_obj(j);
	tk_json_end_obj(j);
	tk_json_end_obj(j);
}

static void replies(struct tk_json *j, const struct tk_route *r, const struct tk_rtype *t)
{
	char ref[300];
	bool one = is_record(r, t) && (strstr(r->path, "{id}") || !strcmp(r->method, "POST"));

	tk_json_key(j, "responses");
	tk_json_obj(j);
	tk_json_key(j, !strcmp(r->method, "DELETE")             ? "204"
		       : t && !strcmp(r->method, "POST") && one ? "201"
								: "200");
	if (one && strcmp(r->method, "DELETE"))
		snprintf(ref, sizeof(ref),
			 "{\"description\":\"done\",\"content\":{\"application/"
			 "json\":{\"schema\":{\"$ref\":"
			 "\"#/components/schemas/%s\"}}}}",
			 t->name);
	else
		snprintf(ref, sizeof(ref), "{\"description\":\"done\"}");
	tk_json_raw(j, ref);
	tk_json_key(j, "default");
	tk_json_raw(j, "{\"description\":\"problem\",\"content\":{\"application/"
		       "problem+json\":{\"schema\":{\"$ref\":"
		       "\"#/components/schemas/problem\"}}}}");
	tk_json_end_obj(j);
}

static void operation(struct tk_json *j, const struct tk_route *r, const struct tk_rtype *t,
		      const char *path)
{
	enum tk_perm perm = tk_route_perm(r, t);
	char lower[12] = { 0 };

	for (size_t i = 0; r->method[i] && i < sizeof(lower) - 1; i++)
		lower[i] = (char)(r->method[i] | 0x20);
	tk_json_key(j, lower);
	tk_json_obj(j);
	tk_json_kstr(j, "summary", r->doc);
	tk_json_kstr(j, "x-permission", r->flags & TK_R_PUBLIC ? "public" : tk_perm_code(perm));
	if (t) {
		tk_json_key(j, "tags");
		tk_json_arr(j);
		tk_json_str(j, t->path);
		tk_json_end_arr(j);
	}
	parameters(j, r, path);
	body(j, r, t);
	replies(j, r, t);
	tk_json_end_obj(j);
}

/* Several methods of one path stand in one object: all of them, by path. */
struct entry { const char *path; const struct tk_route *r; const struct tk_rtype *t; size_t i; };
struct paths { struct entry *v; size_t n, cap; struct tk_arena *a; };

static void collect(void *ctx, const struct tk_route *r, const struct tk_rtype *t)
{
	struct paths *p = ctx;

	if (!tk_route_offered(r, t))
		return;
	if (p->n == p->cap) {
		struct entry *old = p->v;

		p->cap = p->cap ? 2 * p->cap : 1024;
		p->v = tk_alloc_n(p->a, p->cap, sizeof(*p->v));
		if (p->n)
			memcpy(p->v, old, p->n * sizeof(*old));
	}
	p->v[p->n] = (struct entry){
		t ? tk_sprintf(p->a, "/api/v1/%s%s", t->path, r->path + 14) : r->path, r, t, p->n
	};
	p->n++;
}

static int by_path(const void *x, const void *y)
{
	const struct entry *a = x, *b = y;
	int d = strcmp(a->path, b->path);

	return d ? d : a->i < b->i ? -1 : a->i > b->i;
}

void tk_openapi(struct tk_buf *out, struct tk_arena *a, const struct tk_route *const *tables)
{
	struct tk_json j = TK_JSON(out);
	struct paths p = { .a = a };
	const struct tk_rtype *const *t;
	size_t n = tk_rtypes(&t);

	tk_routes_each(tables, collect, &p);
	tk_json_obj(&j);
	tk_json_kstr(&j, "openapi", "3.1.0");
	tk_json_key(&j, "info");
	tk_json_raw(&j, "{\"title\":\"Tenken\",\"version\":\"1\",\"license\":{\"name\":\"Apache-2."
			"0\",\"identifier\":\"Apache-2.0\"}}");
	tk_json_key(&j, "paths");
	tk_json_obj(&j);
	qsort(p.v, p.n, sizeof(*p.v), by_path);
	for (size_t i = 0; i < p.n; i++) {
		if (i == 0 || strcmp(p.v[i - 1].path, p.v[i].path) != 0) {
			tk_json_key(&j, p.v[i].path);
			tk_json_obj(&j);
		}
		operation(&j, p.v[i].r, p.v[i].t, p.v[i].path);
		if (i + 1 == p.n || strcmp(p.v[i + 1].path, p.v[i].path) != 0)
			tk_json_end_obj(&j);
	}
	tk_json_end_obj(&j);
	tk_json_key(&j, "components");
	tk_json_obj(&j);
	tk_json_key(&j, "schemas");
	tk_json_obj(&j);
	tk_json_key(&j, "problem");
	tk_json_raw(&j, "{\"type\":\"object\",\"description\":\"RFC "
			"9457\",\"properties\":{\"type\":{\"type\":\"string\"},\"title\":{\"type\":"
			"\"string\"},"
			"\"status\":{\"type\":\"integer\"},\"detail\":{\"type\":\"string\"},"
			"\"field\":{\"type\":\"string\"},"
			"\"errors\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}}}}");
	for (size_t i = 0; i < n; i++) {
		if (t[i]->flags & TK_T_HIDDEN)
			continue;
		tk_json_key(&j, t[i]->name);
		tk_rtype_schema(&j, t[i]);
	}
	tk_json_end_obj(&j);
	tk_json_end_obj(&j);
	tk_json_end_obj(&j);
}

static enum tk_rc openapi(struct tk_req *rq)
{
	tk_openapi(&rq->out, rq->mem, tk_server_config(rq->server)->routes);
	return TK_OK;
}

static enum tk_rc healthz(struct tk_req *rq)
{
	int64_t one = 0;
	enum tk_rc rc = tk_db_int(rq->db, &rq->err, "SELECT 1", NULL, 0, 0, &one);

	if (rc == TK_OK)
		tk_buf_str(&rq->out, "{\"status\":\"ok\"}");
	return rc;
}

const struct tk_route tk_system_routes[] = {
	{ "GET", "/api/v1/openapi.json", openapi, .perm = TK_P_SIGNED_IN,
	  .doc = "This description" },
	{ "GET", "/healthz", healthz, .flags = TK_R_PUBLIC,
	  .doc = "Is the server ready, and its database?" },
	{ 0 },
};
