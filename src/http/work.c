#include <cjson/cJSON.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/text.h"
#include "http/work.h"

enum { BODY_DEFAULT = 64 << 10, REFUSAL_ROOM = 16 << 10 };

static bool match(const char *pat, const char *path, struct tk_req *rq)
{
	size_t n = 0;

	memset(rq->param, 0, sizeof(rq->param));
	while (*pat && *path) {
		if (*pat == '{') {
			size_t len = strcspn(path, "/"), tail;

			pat = strchr(pat, '}') + 1;
			tail = strcspn(pat, "/");       /* {word}.html */
			if (len <= tail || n == TK_MAX_PARAM ||
			    strncmp(path + len - tail, pat, tail) != 0)
				return false;
			rq->param[n++] = tk_strndup(rq->mem, path, len - tail);
			path += len - tail;
		} else if (*pat++ != *path++) {
			return false;
		}
	}
	return !*pat && !*path;
}

/* "staff.csv" names the type staff; the suffix stays in the parameter for the handler. */
static const struct tk_rtype *generic_type(const struct tk_route *r, const char *param)
{
	char name[64];
	const struct tk_rtype *t;

	if (strncmp(r->path, "/api/v1/{type}", 14) != 0 || !param)
		return NULL;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(param, "."), param);
	t = tk_rtype_by_path(name);
	return t && !(t->flags & TK_T_HIDDEN) ? t : NULL;
}

enum tk_rc tk_route_find(struct tk_req *rq, const struct tk_route *const *tables)
{
	struct tk_buf allow = TK_BUF(100);
	bool other_method;

	for (; *tables; tables++) {
		for (const struct tk_route *r = *tables; r->path; r++) {
			if (r->path[8] != '{' && r->path[8] != rq->path[8]) /* after "/api/v1/" */
				continue;
			if (!match(r->path, rq->path, rq))
				continue;
			if (!strncmp(r->path, "/api/v1/{type}", 14)) {
				rq->type = generic_type(r, rq->param[0]);
				if (!rq->type)
					continue;
			}
			if (!strcmp(r->method, rq->method)) {
				rq->route = r;
				tk_buf_drop(&allow);
				return TK_OK;
			}
			tk_buf_fmt(&allow, "%s%s", allow.len ? ", " : "", r->method);
		}
	}
	other_method = allow.len > 0;
	if (other_method)
		tk_req_header(rq, "Allow", tk_strdup(rq->mem, tk_buf_cstr(&allow)));
	tk_buf_drop(&allow);
	if (other_method)
		return tk_fail(&rq->err, TK_EMETHOD, NULL, N_("This address does not take %s."),
			       rq->method);
	return tk_fail(&rq->err, TK_ENOTFOUND, NULL, N_("There is nothing at this address."));
}

static bool loopback(const char *s)
{
	return s && (!strncmp(s, "127.", 4) || !strcmp(s, "::1") || !strncmp(s, "[::1]", 5) ||
		     !strncmp(s, "localhost", 9));
}

/* A host name is loopback only as a whole: "localhost.example" is not. */
static bool loopback_host(const char *h)
{
	size_t n = h ? strcspn(h, *h == '[' ? "]" : ":") : 0;

	if (!h)
		return false;
	if (*h == '[')
		return !strncmp(h, "[::1]", 5);
	return (n == 9 && !strncmp(h, "localhost", 9)) ||
	       (!strncmp(h, "127.", 4) && strspn(h, "0123456789.") == n);
}

static enum tk_rc check_caller(struct tk_req *rq, tk_auth_fn auth)
{
	const struct tk_route *r = rq->route;
	enum tk_perm perm;
	enum tk_rc rc;

	if (r->flags & TK_R_LOOPBACK &&
	    (!loopback(rq->peer) || !loopback_host(rq->host) || rq->forwarded))
		return tk_denied(&rq->err);
	if (auth && (rc = auth(rq)) != TK_OK)
		return rc;
	rq->err.lang = rq->who.lang;
	if (r->flags & TK_R_PUBLIC)
		return TK_OK;
	if (!rq->who.account_id && !rq->who.system)
		return tk_fail(&rq->err, TK_EAUTH, NULL, N_("Please sign in."));
	perm = tk_route_perm(r, rq->type);
	if (tk_who_scope(&rq->who, perm) == TK_SCOPE_NONE)
		return tk_denied(&rq->err);
	return TK_OK;
}

/* "https://host:port" is this server, as the browser (Host) or the operator (base_url) calls it. */
static bool own_origin(struct tk_req *rq)
{
	const char *at = strstr(rq->origin, "://"), *base = tk_req_base_url(rq);
	size_t n = strlen(rq->origin);

	if (at && rq->host && !strcmp(at + 3, rq->host))
		return true;
	return n && !strncmp(base, rq->origin, n) && (!base[n] || base[n] == '/');
}

/* Signing in has no token yet: another site's page may not do it with this browser (it would sign
 * the person in as somebody else). */
static enum tk_rc check_site(struct tk_req *rq)
{
	if ((rq->fetch_site && strcmp(rq->fetch_site, "same-origin") != 0 &&
	     strcmp(rq->fetch_site, "none") != 0) ||
	    (rq->origin && !own_origin(rq)))
		return tk_denied(&rq->err);
	return TK_OK;
}

static enum tk_rc check_csrf(struct tk_req *rq)
{
	const char *want = rq->session_csrf;

	if (!strcmp(rq->method, "GET"))
		return TK_OK;
	if (rq->route->flags & TK_R_NOCSRF)
		return check_site(rq);
	if (!want)
		return TK_OK;
	if (!rq->csrf || strlen(rq->csrf) != strlen(want) ||
	    sodium_memcmp(rq->csrf, want, strlen(want)) != 0)
		return tk_fail(&rq->err, TK_EPERM, "X-CSRF-Token",
			       N_("This page is out of date. Load it again and repeat."));
	return TK_OK;
}

static bool listed(const char *words, const char *name)
{
	size_t n = strlen(name);

	for (const char *p = n ? words : NULL; p && (p = strstr(p, name)); p += n)
		if ((p == words || p[-1] == ' ') && (!p[n] || p[n] == ' '))
			return true;
	return false;
}

static enum tk_rc check_input(struct tk_req *rq)
{
	const struct tk_route *r = rq->route;
	size_t max = r->max_body ? r->max_body : BODY_DEFAULT;
	struct cJSON *o = NULL;
	enum tk_rc rc;

	if (rq->query_cut)
		return tk_fail(&rq->err, TK_EINVAL, NULL,
			       N_("A request can have at most %d query fields."),
			       (int)TK_MAX_QUERY);
	for (size_t i = 0; i < rq->nquery; i++)
		if (strcmp(rq->query[i].name, "lang") != 0 &&
		    !(r->query && !strcmp(r->query, "*")) && !listed(r->query, rq->query[i].name))
			return tk_fail(&rq->err, TK_EINVAL, rq->query[i].name,
				       N_("There is no query field \"%.40s\" here."),
				       rq->query[i].name);
	if (rq->nbody > max)
		return tk_fail(&rq->err, TK_ETOOBIG, NULL,
			       N_("This is larger than the %zu KB that can be taken here."),
			       max >> 10);
	if (r->flags & TK_R_RAW || rq->nbody == 0)
		return TK_OK;
	if ((rc = tk_json_parse(rq->mem, rq->body, rq->nbody, &o, &rq->err)) != TK_OK)
		return rc;
	rq->json = o;
	return TK_OK;
}

enum tk_rc tk_req_prepare(struct tk_req *rq, tk_auth_fn auth)
{
	enum tk_rc rc;

	rq->op = (struct tk_op){ rq->db, rq->mem, &rq->who, &rq->err };
	if ((rc = check_caller(rq, auth)) != TK_OK || (rc = check_csrf(rq)) != TK_OK ||
	    (rc = check_input(rq)) != TK_OK)
		return rc;
	if (rq->route->before && (rc = rq->route->before(rq)) != TK_OK)
		return rc;
	return rq->route->flags & TK_R_TX ? TK_OK : rq->route->run(rq);
}

/* -- idempotency: the same key and body get the same reply, another body is refused ------------ */
static char *idem_digest(struct tk_req *rq)
{
	char *hex = tk_alloc(rq->mem, TK_SHA256_HEX), body[TK_SHA256_HEX];
	struct tk_hasher *h = tk_hasher_new();
	unsigned char d[TK_SHA256_LEN];

	/* each part with its NUL, so that no two requests run together to one text */
	tk_hasher_add(h, rq->method, strlen(rq->method) + 1);
	tk_hasher_add(h, rq->path, strlen(rq->path) + 1);
	for (size_t i = 0; i < rq->nquery; i++) {
		tk_hasher_add(h, rq->query[i].name, strlen(rq->query[i].name) + 1);
		tk_hasher_add(h, rq->query[i].value, strlen(rq->query[i].value) + 1);
	}
	tk_fingerprint_hex(rq->body, rq->nbody, body);
	tk_hasher_add(h, body, sizeof(body));
	tk_hasher_end(h, d);
	tk_hex(d, sizeof(d), hex);
	return hex;
}

static enum tk_rc idem_replay(struct tk_req *rq, const char *digest)
{
	struct tk_value col[3];
	bool found;
	enum tk_rc rc = tk_db_first(
		rq->db, rq->mem, &rq->err,
		"SELECT digest, status, body FROM idempotency WHERE account_id = $1 AND key = $2",
		TK_ARGS(TK_I(rq->who.account_id), TK_S(rq->idempotency_key)), col, 3, &found);

	if (rc != TK_OK || !found)
		return rc;
	if (strcmp(col[0].s, digest) != 0)
		return tk_fail(&rq->err, TK_EINVAL, "Idempotency-Key",
			       N_("This key was used for another request. Make a new one."));
	rq->status = (int)col[1].i;
	tk_buf_str(&rq->out, col[2].s);
	rq->replayed = true;
	return TK_OK;
}

enum tk_rc tk_req_run(struct tk_req *rq)
{
	bool idem = rq->route->flags & TK_R_IDEM && rq->idempotency_key;
	char *digest = idem ? idem_digest(rq) : NULL;
	enum tk_rc rc = TK_OK;

	rq->op = (struct tk_op){ rq->db, rq->mem, &rq->who, &rq->err };
	if (idem && (!*rq->idempotency_key || strlen(rq->idempotency_key) > 200 ||
		     !tk_utf8_valid(rq->idempotency_key, strlen(rq->idempotency_key))))
		return tk_fail(&rq->err, TK_EINVAL, "Idempotency-Key",
			       N_("An Idempotency-Key has 1 to 200 characters."));
	if (idem)
		rc = idem_replay(rq, digest);
	if (rc != TK_OK || rq->replayed)
		return rc;
	rc = rq->route->run(rq);
	if (rc == TK_OK && idem && rq->status < 300)
		rc = tk_db_exec(rq->db, &rq->err,
				"INSERT INTO idempotency(account_id, key, digest, status, body, "
				"created_at) VALUES($1,$2,$3,$4,$5,$6)",
				TK_I(rq->who.account_id), TK_S(rq->idempotency_key), TK_S(digest),
				TK_I(rq->status), TK_S(tk_buf_cstr(&rq->out)), TK_I(tk_now()));
	return rc;
}

void tk_req_finish(struct tk_req *rq, enum tk_rc rc)
{
	if (rc == TK_OK && rq->out.bad)
		rc = tk_fail(&rq->err, TK_ETOOBIG, NULL,
			     N_("The answer is too large. Use a filter or an export."));
	if (rc == TK_OK)
		return;
	rq->err.rc = rc;
	if (rc == TK_ETOOBIG) /* the arena may be full to the last byte; the refusal needs a few */
		tk_arena_raise(rq->mem, tk_arena_used(rq->mem) + REFUSAL_ROOM);
	if (tk_rc_http(rc) >= 500)
		tk_log_err(TK_LOG_ERROR, rq->path, &rq->err);
	if (rq->keep_body_on_error)
		rq->status = tk_rc_http(rc);
	else
		(void)!tk_req_refuse(rq);
}

void tk_req_handle(struct tk_req *rq, const struct tk_route *const *tables, tk_auth_fn auth)
{
	enum tk_rc rc = tk_route_find(rq, tables);

	rq->status = rq->status ? rq->status : 200;
	if (rc == TK_OK)
		rc = tk_req_prepare(rq, auth);
	if (rc == TK_OK && rq->route->flags & TK_R_TX) {
		rc = tk_db_begin(rq->db, &rq->err);
		if (rc == TK_OK && (rc = tk_req_run(rq)) != TK_OK)
			tk_db_rollback(rq->db);
		else if (rc == TK_OK)
			rc = tk_db_commit(rq->db, &rq->err);
		if (rc == TK_OK && rq->committed)
			rq->committed(rq);
	}
	tk_req_finish(rq, rc);
}

void tk_req_drop(struct tk_req *rq)
{
	tk_buf_drop(&rq->out);
	tk_buf_drop(&rq->faults);
}
