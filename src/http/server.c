/* server.c - libmicrohttpd around the work queues. */
#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/log.h"
#include "http/conn.h"
#include "http/static.h"

enum {
	HEADER_SECONDS = 20,
	BODY_SECONDS = 60,
	BODY_BYTES_PER_SECOND = 20000,
	MAX_CONNECTIONS = 4096,
	SMALL_BODY = 1 << 20,
	HELD_MAX = 512 << 20,
	PER_ADDRESS = 1024,
	ARENA_DEFAULT = 16 << 20,
	OUT_MAX = 512 << 20
};

/* One TCP connection, for the deadline of headers and bodies: the library's timeout restarts with
 * every byte, so a trickling client would hold its place for ever. */
struct peer {
	struct peer *next, *prev;
	int          fd;
	int64_t since_us; /* waiting for a whole request since; 0: we are working on it */
	int64_t      allowed_us;
};

static void peer_cb(void *cls, struct MHD_Connection *c, void **socket_ctx,
		    enum MHD_ConnectionNotificationCode code)
{
	struct tk_server *s = cls;
	struct peer *p = *socket_ctx;

	pthread_mutex_lock(&s->peer_lock);
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		const union MHD_ConnectionInfo *i =
			MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
		p = tk_xcalloc(1, sizeof(*p));
		p->fd = i ? i->connect_fd : -1;
		p->since_us = tk_mono_us();
		p->allowed_us = HEADER_SECONDS * INT64_C(1000000);
		p->next = s->peers;
		if (p->next)
			p->next->prev = p;
		s->peers = p;
		*socket_ctx = p;
	} else if (p) {
		if (p->next)
			p->next->prev = p->prev;
		if (p->prev)
			p->prev->next = p->next;
		else
			s->peers = p->next;
		free(p);
		*socket_ctx = NULL;
	}
	pthread_mutex_unlock(&s->peer_lock);
}

static struct peer *peer_of(struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *i =
		MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return i ? i->socket_context : NULL;
}

static void peer_wait(struct tk_server *s, struct MHD_Connection *c, int64_t seconds)
{
	struct peer *p = peer_of(c);

	if (!p)
		return;
	pthread_mutex_lock(&s->peer_lock);
	p->since_us = seconds ? tk_mono_us() : 0;
	p->allowed_us = seconds * INT64_C(1000000);
	pthread_mutex_unlock(&s->peer_lock);
}

static void *watchdog(void *arg)
{
	struct tk_server *s = arg;

	while (!atomic_load(&s->stopping)) {
		int64_t now = tk_mono_us();

		pthread_mutex_lock(&s->peer_lock);
		for (struct peer *p = s->peers; p; p = p->next)
			if (p->since_us && now - p->since_us > p->allowed_us && p->fd >= 0)
				shutdown(p->fd, SHUT_RDWR);
		pthread_mutex_unlock(&s->peer_lock);
		usleep(200000);
	}
	return NULL;
}

/* -- request ----------------------------------------------------------------------------------- */
static enum MHD_Result query_cb(void *cls, enum MHD_ValueKind kind, const char *key,
				const char *value)
{
	struct tk_req *rq = cls;

	(void)kind;
	if (rq->nquery < TK_MAX_QUERY)
		rq->query[rq->nquery++] =
			(struct tk_pair){ tk_strdup(rq->mem, key),
					  tk_strdup(rq->mem, value ? value : "") };
	else
		rq->query_cut = true;   /* refused when the route is known */
	return MHD_YES;
}

static const char *header(struct MHD_Connection *c, const char *name)
{
	return MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);
}

static void set_peer(struct tk_req *rq, struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *i =
		MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr *sa = i ? i->client_addr : NULL;
	const char *fwd = header(c, "X-Forwarded-For"), *last;

	if (sa && sa->sa_family == AF_INET)
		inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)sa)->sin_addr,
			  rq->peer_text, sizeof(rq->peer_text));
	else if (sa && sa->sa_family == AF_INET6)
		inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr,
			  rq->peer_text, sizeof(rq->peer_text));
	rq->forwarded = fwd || header(c, "Forwarded") || header(c, "X-Forwarded-Host") ||
			header(c, "X-Real-IP") || header(c, "Via");
	if (fwd && rq->server->c.trust_proxy && !strncmp(rq->peer_text, "127.", 4)) {
		last = strrchr(fwd, ',');
		last = last ? last + 1 : fwd;
		while (*last == ' ')
			last++;
		snprintf(rq->peer_text, sizeof(rq->peer_text), "%.60s", last);
	}
	rq->peer = rq->peer_text;
}

static enum tk_lang wanted_lang(const struct tk_req *rq, struct MHD_Connection *c)
{
	const char *q = tk_req_query(rq, "lang"), *h = header(c, "Accept-Language");

	if (q)
		return strcmp(q, "en") ? TK_JA : TK_EN;
	return h && !strncmp(h, "en", 2) ? TK_EN : TK_JA;
}

static struct conn *conn_new(struct tk_server *s, struct MHD_Connection *c, const char *url,
			     const char *method)
{
	struct conn *n = tk_xcalloc(1, sizeof(*n));
	struct tk_req *rq = &n->rq;

	n->server = s;
	n->mhd = c;
	n->start_us = tk_mono_us();
	rq->mem = tk_arena_new(ARENA_DEFAULT);
	rq->server = s;
	rq->out = TK_BUF(OUT_MAX);
	rq->status = 200;
	rq->method = tk_strdup(rq->mem, method);
	rq->path = tk_strdup(rq->mem, url);
	MHD_get_connection_values(c, MHD_GET_ARGUMENT_KIND, query_cb, rq);
	rq->cookie = tk_strdup(rq->mem, header(c, "Cookie"));
	rq->origin = tk_strdup(rq->mem, header(c, "Origin"));
	rq->fetch_site = tk_strdup(rq->mem, header(c, "Sec-Fetch-Site"));
	rq->csrf = tk_strdup(rq->mem, header(c, "X-CSRF-Token"));
	rq->if_match = tk_strdup(rq->mem, header(c, "If-Match"));
	rq->idempotency_key = tk_strdup(rq->mem, header(c, "Idempotency-Key"));
	rq->user_agent = tk_strdup(rq->mem, header(c, "User-Agent"));
	rq->authorization = tk_strdup(rq->mem, header(c, "Authorization"));
	rq->host = tk_strdup(rq->mem, header(c, "Host"));
	rq->tls = s->c.tls_cert != NULL;
	set_peer(rq, c);
	rq->who.lang = rq->err.lang = wanted_lang(rq, c);
	rq->who.source = rq->peer;
	n->body = TK_BUF(1);
	return n;
}

static void conn_free(struct conn *n)
{
	atomic_fetch_sub(&n->server->held, n->held);
	tk_buf_drop(&n->body);
	tk_req_drop(&n->rq);
	tk_arena_free(n->rq.mem);
	free(n);
}

static void completed(void *cls, struct MHD_Connection *c, void **req_cls,
		      enum MHD_RequestTerminationCode code)
{
	struct conn *n = *req_cls;

	(void)code;
	peer_wait(cls, c, HEADER_SECONDS);      /* the next request of this connection */
	if (n)
		conn_free(n);
	*req_cls = NULL;
}

/* -- reply ------------------------------------------------------------------------------------- */
static const char page_policy[] =
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
	"connect-src 'self'; font-src 'self'; manifest-src 'self'; form-action 'self'; "
	"base-uri 'none'; frame-ancestors 'none'";

static void common_headers(const struct tk_server *s, struct MHD_Response *r, const char *policy)
{
	MHD_add_response_header(r, "Content-Security-Policy", policy ? policy : page_policy);
	MHD_add_response_header(r, "X-Content-Type-Options", "nosniff");
	MHD_add_response_header(r, "X-Frame-Options", "DENY");
	MHD_add_response_header(r, "Referrer-Policy", "same-origin");
	MHD_add_response_header(r, "Cross-Origin-Opener-Policy", "same-origin");
	if (s->c.tls_cert)
		MHD_add_response_header(r, "Strict-Transport-Security", "max-age=31536000");
}

static enum MHD_Result reply(struct conn *n)
{
	struct tk_req *rq = &n->rq;
	struct MHD_Response *r;
	enum MHD_Result ok;

	r = MHD_create_response_from_buffer(rq->out.len, rq->out.p, MHD_RESPMEM_MUST_FREE);
	rq->out = TK_BUF(1);
	common_headers(n->server, r, rq->policy);
	MHD_add_response_header(r, "Cache-Control", "no-store");
	if (rq->status != 204)
		MHD_add_response_header(r, "Content-Type",
					rq->content_type ? rq->content_type : "application/json");
	for (size_t i = 0; i < rq->nheader; i++)
		MHD_add_response_header(r, rq->header[i].name, rq->header[i].value);
	if (n->close)
		MHD_add_response_header(r, "Connection", "close");
	ok = MHD_queue_response(n->mhd, (unsigned)rq->status, r);
	MHD_destroy_response(r);
	return ok;
}

static enum MHD_Result static_reply(struct conn *n);

/* A reply given before the request was taken in ends the connection (the library must drop what may
 * follow), so where no body follows it waits for the second call. */
static enum MHD_Result send_early(struct conn *n)
{
	n->early = false;
	n->phase = CONN_DONE;
	if (n->file)
		return static_reply(n);
	tk_req_finish(&n->rq, n->early_rc);
	return reply(n);
}

static bool has_body(const struct conn *n)
{
	const char *len = header(n->mhd, "Content-Length");

	return header(n->mhd, "Transfer-Encoding") || (len && strcmp(len, "0") != 0);
}

static enum MHD_Result early(struct conn *n, enum tk_rc rc)
{
	n->early_rc = rc;
	n->early = !has_body(n);
	n->close = n->close || !n->early;
	return n->early ? MHD_YES : send_early(n);
}

static enum MHD_Result refuse(struct conn *n, enum tk_rc rc)
{
	n->phase = CONN_DONE;
	tk_req_finish(&n->rq, rc);
	return reply(n);
}

static enum MHD_Result static_reply(struct conn *n)
{
	const struct tk_static *f = n->file;
	const char *tag = header(n->mhd, "If-None-Match");
	bool same = tag && !strcmp(tag, f->etag);
	struct MHD_Response *r =
		MHD_create_response_from_buffer(same ? 0 : f->len, f->data, MHD_RESPMEM_PERSISTENT);
	enum MHD_Result ok;

	n->phase = CONN_DONE;
	common_headers(n->server, r, NULL);
	MHD_add_response_header(r, "Content-Type", f->type);
	MHD_add_response_header(r, "ETag", f->etag);
	/* names under /assets/ carry the digest of their content */
	MHD_add_response_header(r, "Cache-Control",
				f->immutable ? "public, max-age=31536000, immutable" : "no-cache");
	ok = MHD_queue_response(n->mhd, same ? 304 : 200, r);
	MHD_destroy_response(r);
	return ok;
}

/* -- the life of a request --------------------------------------------------------------------- */
static enum MHD_Result first_call(struct tk_server *s, struct conn *n)
{
	struct tk_req *rq = &n->rq;
	const char *len = header(n->mhd, "Content-Length");
	const struct tk_static *f;
	size_t max;
	enum tk_rc rc;

	if (len &&
	    header(n->mhd,
		   "Transfer-Encoding")) { /* a proxy in front may see other requests in it */
		n->close = true;
		return refuse(
			n,
			tk_fail(&rq->err, TK_ESYNTAX, NULL,
				N_("A request has either Content-Length or Transfer-Encoding.")));
	}
	if (strncmp(rq->path, "/api/", 5) != 0 && strcmp(rq->path, "/healthz") != 0) {
		f = strcmp(rq->method, "GET") && strcmp(rq->method, "HEAD")
			    ? NULL
			    : tk_static_find(s->files, rq->path);
		n->file = f;
		return early(n, f ? TK_OK
				  : tk_fail(&rq->err, TK_ENOTFOUND, NULL,
					    N_("There is nothing at this address.")));
	}
	if (strlen(rq->path) < 8 || strlen(rq->path) > 1000)
		return early(n, tk_fail(&rq->err, TK_ENOTFOUND, NULL,
					N_("There is nothing at this address.")));
	if (!strcmp(rq->method, "HEAD"))
		rq->method = "GET";
	if ((rc = tk_route_find(rq, s->c.routes)) != TK_OK)
		return early(n, rc);
	if (!tk_rate_ok(s, rq)) {
		n->close = true;
		return refuse(
			n, tk_fail(&rq->err, TK_ERATE, NULL,
				   N_("Too many requests in a short time. Please wait a moment.")));
	}
	max = rq->route->max_body ? rq->route->max_body : 64 << 10;
	if (len && strtoull(len, NULL, 10) > max) {
		n->close = true; /* the body is not read, so the connection cannot go on */
		return refuse(n,
			      tk_fail(&rq->err, TK_ETOOBIG, NULL,
				      N_("This is larger than the %zu KB that can be taken here."),
				      max >> 10));
	}
	if (max > SMALL_BODY && !(rq->route->flags & TK_R_PUBLIC) &&
	    !tk_req_cookie(rq, "tk_session")) {
		n->close =
			true; /* files are not taken from strangers, not even to throw them away */
		return refuse(n, tk_fail(&rq->err, TK_EAUTH, NULL, N_("Please sign in.")));
	}
	n->body = TK_BUF(max + 2);
	peer_wait(s, n->mhd,
		  BODY_SECONDS +
			  (len ? (int64_t)(strtoull(len, NULL, 10) / BODY_BYTES_PER_SECOND) : 0));
	return MHD_YES;
}

static enum MHD_Result hand_over(struct tk_server *s, struct conn *n)
{
	struct tk_req *rq = &n->rq;

	if (n->too_many)
		return refuse(n, tk_fail(&rq->err, TK_EBUSY, NULL,
					 N_("The server is busy. Please try again in a moment.")));
	if (n->body.bad)
		return refuse(n,
			      tk_fail(&rq->err, TK_ETOOBIG, NULL,
				      N_("This is larger than the %zu KB that can be taken here."),
				      n->body.max >> 10));
	rq->body = tk_buf_cstr(&n->body);
	rq->nbody = n->body.len;
	if (rq->route->max_mem > ARENA_DEFAULT)
		tk_arena_raise(rq->mem, rq->route->max_mem);
	n->phase = CONN_WORKING;
	peer_wait(s, n->mhd, 0);
	MHD_suspend_connection(n->mhd);
	if (!tk_work_push(s, n)) {
		n->phase = CONN_READY;
		tk_req_finish(rq, tk_fail(&rq->err, TK_EBUSY, NULL,
					  N_("The server is busy. Please try again in a moment.")));
		MHD_resume_connection(n->mhd);
	}
	return MHD_YES;
}

/* Over the limit the buffer turns bad and grows no more; so it does when all large bodies together
 * are more than the server will hold. */
static void take_body(struct tk_server *s, struct conn *n, const char *data, size_t len)
{
	if (!n->body.bad && n->body.len + len > SMALL_BODY) {
		n->held += len;
		if (atomic_fetch_add(&s->held, len) + len > HELD_MAX)
			n->too_many = n->body.bad = true;
	}
	tk_buf_add(&n->body, data, len);
	if (!n->body.bad)
		return;
	tk_buf_drop(&n->body);
	n->body.bad = true;
}

static enum MHD_Result access_cb(void *cls, struct MHD_Connection *c, const char *url,
				 const char *method, const char *version, const char *data,
				 size_t *len, void **req_cls)
{
	struct tk_server *s = cls;
	struct conn *n = *req_cls;

	(void)version;
	if (!n) {
		n = *req_cls = conn_new(s, c, url, method);
		return first_call(s, n);
	}
	if (n->early)
		return send_early(n);
	if (n->phase == CONN_READY) {
		n->phase = CONN_DONE;
		return reply(n);
	}
	if (n->phase != CONN_READING)
		return MHD_YES;
	if (*len) {
		take_body(s, n, data, *len);
		*len = 0;
		return MHD_YES;
	}
	return hand_over(s, n);
}

static int nibble(char c)
{
	return c >= '0' && c <= '9'                 ? c - '0'
	       : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
						    : -1;
}

/* %XX to bytes, but %00 stays as it is: a NUL would end the text, so that "/%00x" were "/". */
static size_t unescape(void *cls, struct MHD_Connection *c, char *s)
{
	char *to = s;

	(void)cls;
	(void)c;
	for (const char *p = s; *p; p++) {
		int hi = *p == '%' ? nibble(p[1]) : -1, lo = hi < 0 ? -1 : nibble(p[2]);

		if (lo >= 0 && hi + lo > 0) {
			*to++ = (char)(hi << 4 | lo);
			p += 2;
		} else {
			*to++ = *p;
		}
	}
	*to = '\0';
	return (size_t)(to - s);
}

static void quiet_log(void *cls, const char *fmt, va_list ap)
{
	(void)cls;
	(void)fmt;
	(void)ap;       /* clients that go away are not events of ours */
}

static enum tk_rc listen_on(struct tk_server *s, struct tk_err *e)
{
	struct sockaddr_storage at = { 0 };
	struct sockaddr_in *a4 = (struct sockaddr_in *)&at;
	struct sockaddr_in6 *a6 = (struct sockaddr_in6 *)&at;
	bool v6 = strchr(s->c.host, ':') != NULL;
	unsigned flags =
		MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
	struct MHD_OptionItem tls[] = {
		{ MHD_OPTION_HTTPS_MEM_KEY, 0, s->key_pem },
		{ MHD_OPTION_HTTPS_MEM_CERT, 0, s->cert_pem },
		{ MHD_OPTION_END, 0, NULL },
	};

	if (v6) {
		a6->sin6_family = AF_INET6;
		a6->sin6_port = htons(s->c.port);
		flags |= MHD_USE_IPv6;
	} else {
		a4->sin_family = AF_INET;
		a4->sin_port = htons(s->c.port);
	}
	if (inet_pton(v6 ? AF_INET6 : AF_INET, s->c.host,
		      v6 ? (void *)&a6->sin6_addr : (void *)&a4->sin_addr) != 1)
		return tk_fail(e, TK_EINVAL, "listen",
			       N_("\"%s\" is not an IP address to listen on."), s->c.host);
	if (s->key_pem)
		flags |= MHD_USE_TLS;
	s->mhd = MHD_start_daemon(flags, s->c.port, NULL, NULL, access_cb, s,
				  MHD_OPTION_EXTERNAL_LOGGER, quiet_log, (void *)NULL,
				  MHD_OPTION_SOCK_ADDR, &at,
				  MHD_OPTION_STRICT_FOR_CLIENT, 1,
				  MHD_OPTION_UNESCAPE_CALLBACK, unescape, (void *)NULL,
				  MHD_OPTION_THREAD_POOL_SIZE, 2u,
				  MHD_OPTION_CONNECTION_LIMIT, (unsigned)MAX_CONNECTIONS,
				  MHD_OPTION_CONNECTION_TIMEOUT, 90u,
				  MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)PER_ADDRESS,
				  MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)(32 << 10),
				  MHD_OPTION_NOTIFY_CONNECTION, peer_cb, s,
				  MHD_OPTION_NOTIFY_COMPLETED, completed, s,
				  MHD_OPTION_ARRAY, s->key_pem ? tls : &tls[2],
				  MHD_OPTION_END);
	if (!s->mhd)
		return tk_fail(e, TK_EBUSY, "listen", N_("Cannot listen on %s port %u: %s"),
			       s->c.host, s->c.port, strerror(errno));
	return TK_OK;
}

static enum tk_rc read_pem(const char *file, char **ret, struct tk_err *e)
{
	FILE *f = fopen(file, "rb");
	char *p = tk_xcalloc(1, 64 << 10);

	if (!f || fread(p, 1, (64 << 10) - 1, f) == 0) {
		if (f)
			fclose(f);
		free(p);
		return tk_fail(e, TK_ENOTFOUND, "tls", N_("The file %s cannot be read."), file);
	}
	fclose(f);
	*ret = p;
	return TK_OK;
}

enum tk_rc tk_server_start(struct tk_server **ret, const struct tk_server_config *c,
			   struct tk_err *e)
{
	struct tk_server *s = tk_xcalloc(1, sizeof(*s));
	const union MHD_DaemonInfo *info;
	enum tk_rc rc = TK_OK;

	s->c = *c;
	pthread_mutex_init(&s->peer_lock, NULL);
	if (c->tls_cert && ((rc = read_pem(c->tls_cert, &s->cert_pem, e)) != TK_OK ||
			    (rc = read_pem(c->tls_key, &s->key_pem, e)) != TK_OK))
		goto fail;
	s->files = tk_static_load(c->static_dir);
	if ((rc = tk_work_start(s, e)) != TK_OK)
		goto fail;
	if ((rc = listen_on(s, e)) != TK_OK) {
		tk_work_stop(s);
		goto fail;
	}
	info = MHD_get_daemon_info(s->mhd, MHD_DAEMON_INFO_BIND_PORT);
	s->port = info ? info->port : c->port;
	pthread_create(&s->watchdog, NULL, watchdog, s);
	*ret = s;
	return TK_OK;
fail:
	tk_static_free(s->files);
	free(s->cert_pem);
	free(s->key_pem);
	free(s);
	return rc;
}

void tk_server_stop(struct tk_server *s)
{
	MHD_socket listening;

	if (!s)
		return;
	listening = MHD_quiesce_daemon(s->mhd);
	if (listening != MHD_INVALID_SOCKET)
		close(listening);
	tk_work_stop(s);                        /* finishes what was accepted; connections resume */
	usleep(100000);                         /* their replies leave */
	atomic_store(&s->stopping, true);
	pthread_join(s->watchdog, NULL);
	MHD_stop_daemon(s->mhd);
	tk_static_free(s->files);
	pthread_mutex_destroy(&s->peer_lock);
	free(s->cert_pem);
	free(s->key_pem);
	free(s);
}

uint16_t tk_server_port(const struct tk_server *s)
{
	return s->port;
}

const struct tk_server_config *tk_server_config(const struct tk_server *s)
{
	return &s->c;
}

void tk_conn_ready(struct conn *n)
{
	n->phase = CONN_READY;
	MHD_resume_connection(n->mhd);
}
