/* http.h - requests, routes and the server.  The only user of microhttpd.h is src/http/server.c.
 *
 * A route is a row of a const table: method, path, who may call it, limits, one line of
 * documentation.  The dispatcher does session, permission, CSRF, size, JSON, transaction, errors as
 * problem+json, idempotency and the arena; a handler contains only the use case.
 *
 * Threads (DESIGN.md section 9): libmicrohttpd's threads read and write sockets and never wait.
 * A request is handed to the reader pool, where the session is looked up, the body parsed and
 * `before` (slow, read-only: password hashes, parsing a workbook) or a read-only `run` executed on
 * a reader handle.  Routes with TK_R_TX then go to the writer: on SQLite one thread that commits
 * waiting requests as a group, each in a savepoint, and answers after the commit; on PostgreSQL a
 * few threads with a transaction each.  A struct tk_req is used by one thread at a time.
 */
#pragma once
#include "record/record.h"

struct tk_req;
struct tk_server;
typedef enum tk_rc (*tk_handler)(struct tk_req *rq);

enum {
	TK_R_TX     = 1 << 0,   /* run writes: in a transaction, committed when it returns TK_OK */
	TK_R_PUBLIC = 1 << 1,   /* needs no session */
	TK_R_RAW    = 1 << 2,   /* the body is a file, not JSON */
	TK_R_NOCSRF = 1 << 3,   /* makes the session, so there is no token yet */
	TK_R_IDEM   = 1 << 4,   /* honours Idempotency-Key */
	TK_R_LOOPBACK = 1 << 5, /* demonstration only: peer and Host loopback, not forwarded */
	/* {type} routes: who may read the type may come in, the handler asks for more */
	TK_R_READER = 1 << 6,
};

struct tk_route {
	/* "/api/v1/campaigns/{id}/open": {word} matches one segment, {word}.html what of it stands
	 * in front of that end */
	const char *method, *path;
	tk_handler    run;
	tk_handler    before;           /* NULL: nothing to do before the transaction */
	enum tk_perm  perm;             /* needed with any scope; finer checks are the rule's */
	unsigned      flags;
	size_t        max_body;         /* 0: 64 KiB; larger bodies get 413 */
	size_t        max_mem;          /* 0: 16 MiB arena */
	const char *query; /* blank-separated names of allowed query fields; "*" = any */
	const char   *doc;              /* one line; becomes the OpenAPI summary */
};

enum { TK_MAX_PARAM = 4, TK_MAX_QUERY = 32, TK_MAX_HEADER = 12 };

struct tk_pair { const char *name, *value; };

struct tk_req {
	struct tk_arena     *mem;
	struct tk_db        *db;                /* of the thread that runs this now */
	struct tk_err        err;
	struct tk_who        who;
	struct tk_op         op;                /* the four above, for rules and records */
	const struct tk_route *route;
	const struct tk_rtype *type;            /* generic routes: which type */
	const char          *method, *path, *peer, *host;
	const char          *param[TK_MAX_PARAM];
	struct tk_pair       query[TK_MAX_QUERY];
	size_t               nquery;
	bool                 query_cut;         /* there were more than TK_MAX_QUERY */
	const char          *body;              /* NUL-terminated */
	size_t               nbody;
	const struct cJSON *json; /* parsed body; NULL when there is none or TK_R_RAW */
	/* request headers that matter */
	const char          *origin, *fetch_site;
	const char *cookie, *csrf, *if_match, *idempotency_key, *user_agent, *authorization;
	bool                 forwarded, tls;
	const char          *session_csrf;      /* the session's token; NULL: no session */
	const char          *session_digest;
	void                *state;             /* from before() to run() */
	const struct tk_server *server;
	/* reply */
	int                  status;
	struct tk_buf        out;
	const char          *content_type;      /* NULL: application/json */
	const char          *policy; /* Content-Security-Policy; NULL: that of the page */
	struct tk_pair       header[TK_MAX_HEADER];
	size_t               nheader;
	void (*committed)(struct tk_req *rq); /* called after the commit, before the reply */
	bool keep_body_on_error;              /* the handler wrote its own error body into out */
	struct tk_buf faults;                 /* errors[] of the problem, as JSON; tk_req_fault() */
	char                 peer_text[64];
	bool                 replayed;          /* the reply came from the idempotency store */
};

void        tk_req_header(struct tk_req *rq, const char *name, const char *value);
void        tk_req_etag(struct tk_req *rq, int64_t version);
const char *tk_req_query(const struct tk_req *rq, const char *name); /* NULL: not given */
bool tk_req_flag(const struct tk_req *rq, const char *name);         /* "1", "true" or "" */
/* The n-th {word} of the path as an id; TK_ENOTFOUND when it is none. */
enum tk_rc  tk_req_id(struct tk_req *rq, size_t n, int64_t *ret) TK_MUST_USE;
/* If-Match as a version: TK_ENEEDVERSION when missing. */
enum tk_rc  tk_req_version(struct tk_req *rq, int64_t *ret) TK_MUST_USE;
const char *tk_req_cookie(struct tk_req *rq, const char *name);
/* Where people reach the server, for links in mails: never from the Host header, which anybody can
 * write into.  Empty without a server. */
const char *tk_req_base_url(struct tk_req *rq);
/* A download: Content-Disposition with a UTF-8 name, content type, grade header. */
void        tk_req_download(struct tk_req *rq, const char *filename, const char *type, int grade);
/* A page of its own, without script, pictures or anything from elsewhere: HTML with one <style>
 * element of exactly this text, which is all that its Content-Security-Policy allows. */
void        tk_req_page(struct tk_req *rq, const char *style, int grade);
/* Makes rq->err the reply and returns TK_OK, so that what the handler wrote is committed all the
 * same (a failed sign-in is counted although it is refused). */
enum tk_rc  tk_req_refuse(struct tk_req *rq) TK_MUST_USE;
/* Adds an entry of the problem's errors[] (several faults at once). */
void        tk_req_fault(struct tk_req *rq, const char *field, const char *detail);

/* The hook that src/auth fills: reads cookie or token, fills rq->who and rq->session_*.  Returns
 * TK_OK with account_id 0 when nobody is signed in. */
typedef enum tk_rc (*tk_auth_fn)(struct tk_req *rq);

struct tk_server_config {
	const char *db_url;
	const char *host;               /* "127.0.0.1" */
	uint16_t    port;
	const char *static_dir;         /* the built page; NULL: compiled-in minimum */
	unsigned readers, writers; /* 0: from the number of processors; writers is 1 on SQLite */
	const char *tls_cert, *tls_key; /* PEM files; NULL: plain HTTP */
	const char *base_url;           /* for links in mails; NULL: http://host:port */
	bool        demo;
	unsigned    trust_proxy;        /* X-Forwarded-For is believed from loopback when 1 */
	unsigned    rate_per_minute;    /* writes a client address may send in a minute; 0 = 6000 */
	tk_auth_fn  auth;
	const struct tk_route *const
		*routes; /* NULL-terminated list of tables, each ends with { 0 } */
	/* called on the writer's thread, with its handle, about every second; seals, sweeps */
	enum tk_rc (*tick)(struct tk_db *db, struct tk_err *e);
};
/* Starts threads and listens; returns when it is ready to answer. */
enum tk_rc tk_server_start(struct tk_server **ret, const struct tk_server_config *c,
			   struct tk_err *e) TK_MUST_USE;
void       tk_server_stop(struct tk_server *s);         /* answers what was accepted, then frees */
uint16_t   tk_server_port(const struct tk_server *s);
const struct tk_server_config *tk_server_config(const struct tk_server *s);
/* Rights of a route for the permission matrix and the loop test. */
typedef void (*tk_route_fn)(void *ctx, const struct tk_route *r, const struct tk_rtype *t);
/* What a route asks for before its handler: of a {type} route, reading or writing that type. */
enum tk_perm tk_route_perm(const struct tk_route *r, const struct tk_rtype *t);
/* Does the type offer this at all (its TK_T_NO_... flags; a case only where there is a life)? */
bool       tk_route_offered(const struct tk_route *r, const struct tk_rtype *t);
void       tk_routes_each(const struct tk_route *const *tables, tk_route_fn fn, void *ctx);

/* Generic routes of every record type; part of the tables that src/main concatenates. */
extern const struct tk_route tk_generic_routes[];
