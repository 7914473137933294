/* The server itself over sockets, with hostile and clumsy clients, and with routes of our own that
 * are slow, fail, or need too much memory. */
#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include "../support/testdb.h"
#include "base/clock.h"
#include "http/work.h"

/* -- routes of the test ------------------------------------------------------------------------- */
static atomic_int running;

static enum tk_rc quick(struct tk_req *rq)
{
	tk_buf_str(&rq->out, "{\"quick\":true}");
	return TK_OK;
}

static enum tk_rc slow(struct tk_req *rq)
{
	atomic_fetch_add(&running, 1);
	usleep(700000);
	atomic_fetch_sub(&running, 1);
	return quick(rq);
}

static enum tk_rc hungry(struct tk_req *rq)
{
	for (int i = 0; i < 1 << 20; i++)       /* far beyond every ceiling */
		tk_alloc(rq->mem, 1 << 16);
	return TK_EINTERNAL;
}

static enum tk_rc put(struct tk_req *rq)
{
	enum tk_rc rc = tk_db_exec(rq->db, &rq->err, "INSERT INTO setting(name, value) VALUES($1, 'x')", TK_S(rq->param[0]));

	if (rc != TK_OK)
		return rc;
	if (!strncmp(rq->param[0], "bad", 3))
		return tk_fail(&rq->err, TK_ECONFLICT, "name", "This one is refused.");
	if (!strncmp(rq->param[0], "fat", 3))
		return hungry(rq);
	return quick(rq);
}

static enum tk_rc echo(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);

	tk_json_obj(&j);
	tk_json_kint(&j, "bytes", (int64_t)rq->nbody);
	tk_json_kstr(&j, "peer", rq->peer);
	tk_json_kbool(&j, "forwarded", rq->forwarded);
	tk_json_end_obj(&j);
	return TK_OK;
}

static const struct tk_route routes[] = {
	{ "GET", "/api/v1/quick", quick, .flags = TK_R_PUBLIC, .query = "a b" },
	{ "GET", "/api/v1/slow", slow, .flags = TK_R_PUBLIC, .max_mem = 256 << 20 },
	{ "GET", "/api/v1/hungry", hungry, .flags = TK_R_PUBLIC },
	{ "POST", "/api/v1/put/{name}", put, .perm = TK_P_SIGNED_IN, .flags = TK_R_TX },
	{ "POST", "/api/v1/echo", echo, .flags = TK_R_PUBLIC | TK_R_NOCSRF },
	{ "POST", "/api/v1/file", echo, .perm = TK_P_SIGNED_IN, .flags = TK_R_RAW, .max_body = 8 << 20 },
	{ "POST", "/api/v1/here", echo, .flags = TK_R_PUBLIC | TK_R_NOCSRF | TK_R_LOOPBACK },
	{ 0 },
};
static enum tk_rc somebody(struct tk_req *rq)
{
	rq->who.account_id = 1;
	return TK_OK;
}

static const struct tk_route *const tables[] = { routes, NULL };
static struct tk_server *server;

static void up(struct testdb *t)
{
	struct tk_server_config c = { .db_url = t->url, .host = "127.0.0.1", .routes = tables, .readers = 3, .rate_per_minute = 100000,
					.auth = somebody };

	OK(t, tk_server_start(&server, &c, &t->e));
}

static void down(void)
{
	tk_server_stop(server);
	server = NULL;
}

/* -- a client that sends what it likes ---------------------------------------------------------- */
static int dial(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(tk_server_port(server)) };
	struct timeval limit = { .tv_sec = 15 };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	inet_pton(AF_INET, "127.0.0.1", &a.sin_addr);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

static void say(int fd, const char *s, size_t n)
{
	while (n) {
		ssize_t k = send(fd, s, n, MSG_NOSIGNAL);

		if (k <= 0)
			return;         /* hung up: the answer says why */
		s += k;
		n -= (size_t)k;
	}
}

/* Everything until the server hangs up (ask for "Connection: close"), or n complete texts `until`. */
static char *hear(int fd, const char *until, int n)
{
	struct tk_buf b = TK_BUF(64 << 20);
	char part[65536];
	ssize_t k;

	while ((k = recv(fd, part, sizeof(part), 0)) > 0) {
		int seen = 0;

		tk_buf_add(&b, part, (size_t)k);
		for (const char *p = b.p; until && (p = strstr(p, until)); p++)
			seen++;
		if (until && seen >= n)
			break;
	}
	close(fd);
	return b.p ? b.p : strdup("");
}

static char *send_all(const char *request, size_t n)
{
	int fd = dial();

	say(fd, request, n);
	return hear(fd, NULL, 0);
}

static int status(const char *reply)
{
	return !strncmp(reply, "HTTP/1.", 7) ? atoi(reply + 9) : 0;
}

static void expect(const char *request, int want)
{
	char *r = send_all(request, strlen(request));

	if (status(r) != want)
		fail_msg("%.200s\n-> %.600s\nwhere %d was wanted", request, r, want);
	free(r);
}

#define CLOSE "Host: localhost\r\nConnection: close\r\n\r\n"
#define GET(path) "GET " path " HTTP/1.1\r\n" CLOSE

static bool answers_within(int64_t us)
{
	int64_t began = tk_mono_us();
	char *r = send_all(GET("/api/v1/quick"), strlen(GET("/api/v1/quick")));
	bool ok = status(r) == 200 && tk_mono_us() - began < us;

	free(r);
	return ok;
}

/* -- tests -------------------------------------------------------------------------------------- */
static void shapes_of_requests(void **state)
{
	char *r;

	up(testdb_of(state));
	r = send_all("HEAD /api/v1/quick HTTP/1.1\r\n" CLOSE, strlen("HEAD /api/v1/quick HTTP/1.1\r\n" CLOSE));
	assert_int_equal(status(r), 200);
	assert_non_null(strstr(r, "Content-Length: 14"));
	assert_null(strstr(r, "quick\":true"));
	free(r);
	expect("GET /api/v1/quick HTTP/1.0\r\n\r\n", 200);
	expect("HEAD /nothing HTTP/1.1\r\n" CLOSE, 404);
	expect("GET /api/v1/quick HTTP/1.1\r\nConnection: close\r\n\r\n", 400);         /* 1.1 needs a Host */
	expect("OPTIONS /api/v1/quick HTTP/1.1\r\n" CLOSE, 405);
	expect("BREW /api/v1/quick HTTP/1.1\r\n" CLOSE, 405);
	expect(GET("/api/v1/quick?a=1&b=%E3%81%82"), 200);
	expect(GET("/api/v1/quick?a=1&c=2"), 422);
	expect(GET("/api/v1/quick?=1"), 422);
	expect(GET("/api/v1/quick?a&b&a"), 200);
	down();
}

static void many_requests_on_one_line(void **state)
{
	static const char line[] = "GET /api/v1/quick HTTP/1.1\r\nHost: x\r\n\r\n"
		"POST /api/v1/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n\r\n{\"a\":1}"
		"GET /api/v1/nothing HTTP/1.1\r\nHost: x\r\n\r\n" "GET /api/v1/quick HTTP/1.1\r\n" CLOSE;
	char *r;

	up(testdb_of(state));
	r = send_all(line, strlen(line));
	assert_non_null(strstr(r, "{\"quick\":true}"));
	assert_non_null(strstr(strstr(r, "{\"quick\":true}"), "\"bytes\":7"));
	assert_non_null(strstr(strstr(r, "\"bytes\":7"), "HTTP/1.1 404"));
	assert_non_null(strstr(strstr(r, "HTTP/1.1 404"), "{\"quick\":true}"));
	free(r);
	/* two lengths, or a length and chunks: nobody may see two requests where another sees one */
	r = send_all("POST /api/v1/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 60\r\n\r\n{}" GET("/api/v1/quick"), 130);
	assert_null(strstr(r, "quick"));
	free(r);
	r = send_all("POST /api/v1/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
		     GET("/api/v1/quick"), strlen("POST /api/v1/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
		     GET("/api/v1/quick")));
	assert_int_equal(status(r), 400);
	assert_null(strstr(r, "quick"));
	free(r);
	down();
}

static void tricks_with_paths(void **state)
{
	static const char *const path[] = {
		"/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc/passwd", "/assets/../../etc/passwd", "//api/v1/quick", "/api//v1/quick",
		"/api/v1//quick", "/api/v1/quick/", "/api/v1/quick%2f", "/api/v1/./quick", "/api/v1/../v1/quick", "/api/v1/QUICK",
		"/api/v1/", "/api/", "/api", "/api/v1", "/%00", "/api/v1/%00quick", "/healthz/", "/.git/config", "/index.html%00.js",
		"/api/v1/put", "/api/v1/put/", "/api/v1/%ff%fe", "/\xe3\x81\x82", "/%", "/%zz",
	};
	char line[400];

	up(testdb_of(state));
	for (size_t i = 0; i < TK_LEN(path); i++) {
		snprintf(line, sizeof(line), "GET %s HTTP/1.1\r\n" CLOSE, path[i]);
		if (strncmp(path[i], "/api/v1/put/", 12) == 0)
			continue;
		char *r = send_all(line, strlen(line));
		if (status(r) != 404 && status(r) != 400)
			fail_msg("%s answers %.400s", path[i], r);
		free(r);
	}
	expect(GET("http://evil.example/api/v1/quick"), 404);
	assert_true(answers_within(2000000));
	down();
}

static void too_much(void **state)
{
	size_t n = 200 << 10;
	char *line = malloc(n + 200), *r;
	static const char *const head[] = { "GET /api/v1/quick?a=", "GET /", "GET /api/v1/quick HTTP/1.1\r\nCookie: tk_session=",
					    "GET /api/v1/quick HTTP/1.1\r\nIf-Match: \"", "GET /api/v1/quick HTTP/1.1\r\n" };

	up(testdb_of(state));
	for (size_t i = 0; i < TK_LEN(head); i++) {
		memset(line, 'a', n);
		memcpy(line, head[i], strlen(head[i]));
		strcpy(line + n, i < 2 ? " HTTP/1.1\r\n" CLOSE : "\r\n" CLOSE);
		r = send_all(line, strlen(line));
		if (*r && (status(r) < 400 || status(r) > 499))
			fail_msg("%.60s… answers %.300s", head[i], r);
		free(r);
	}
	strcpy(line, "GET /api/v1/quick?");
	for (int i = 0; i < 40; i++)
		strcat(line, "a=1&");
	strcat(line, "b=2 HTTP/1.1\r\n" CLOSE);
	expect(line, 422);
	strcpy(line, "GET /api/v1/quick HTTP/1.1\r\n");
	for (int i = 0; i < 1500; i++)
		strcat(line, "X-A: 1\r\n");
	strcat(line, CLOSE);
	r = send_all(line, strlen(line));
	assert_true(status(r) == 200 || status(r) == 431 || !*r);
	free(r);
	free(line);
	assert_true(answers_within(2000000));
	down();
}

static void bodies(void **state)
{
	struct tk_buf b = TK_BUF(64 << 20);
	char *r;

	up(testdb_of(state));
	expect("POST /api/v1/echo HTTP/1.1\r\nContent-Length: 104857600\r\n" CLOSE, 413);
	expect("POST /api/v1/echo HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n" CLOSE, 413);
	expect("POST /api/v1/echo HTTP/1.1\r\nContent-Length: -1\r\n" CLOSE, 400);
	/* files of strangers are not even read */
	expect("POST /api/v1/file HTTP/1.1\r\nContent-Length: 5000000\r\n" CLOSE, 401);
	expect("POST /api/v1/file HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" CLOSE, 401);
	tk_buf_str(&b, "POST /api/v1/echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" CLOSE);
	for (int i = 0; i < 40; i++) {
		tk_buf_str(&b, "10000\r\n");
		for (int k = 0; k < 1024; k++)
			tk_buf_str(&b, "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
		tk_buf_str(&b, "\r\n");
	}
	tk_buf_str(&b, "0\r\n\r\n");
	r = send_all(b.p, b.len);
	assert_int_equal(status(r), 413);
	free(r);
	/* bombs: deep, wide, twice the same name, not UTF-8, cut off */
	tk_buf_clear(&b);
	tk_buf_str(&b, "POST /api/v1/echo HTTP/1.1\r\nContent-Length: 60000\r\n" CLOSE);
	for (int i = 0; i < 60000; i++)
		tk_buf_chr(&b, '[');
	r = send_all(b.p, b.len);
	assert_int_equal(status(r), 422);
	free(r);
	tk_buf_drop(&b);
	expect("POST /api/v1/echo HTTP/1.1\r\nContent-Length: 13\r\n" CLOSE "{\"a\":1,\"a\":2}", 422);
	expect("POST /api/v1/echo HTTP/1.1\r\nContent-Length: 7\r\n" CLOSE "{\"a\":\xff}", 400);
	expect("POST /api/v1/echo HTTP/1.1\r\nContent-Length: 4\r\n" CLOSE "nul1", 400);
	expect("POST /api/v1/echo HTTP/1.1\r\nContent-Length: 4\r\n" CLOSE "{}{}", 400);
	expect("POST /api/v1/echo HTTP/1.1\r\nContent-Length: 15\r\n" CLOSE "{\"a\":\"x\\u0000\"} ", 422);
	expect("POST /api/v1/echo HTTP/1.1\r\nContent-Length: 0\r\n" CLOSE, 200);
	assert_true(answers_within(2000000));
	down();
}

static void headers_that_protect(void **state)
{
	static const char *const request[] = {
		GET("/api/v1/quick"), GET("/"), GET("/nothing"), GET("/api/v1/nothing"), "DELETE /api/v1/quick HTTP/1.1\r\n" CLOSE,
		GET("/api/v1/quick?c=1"), "POST /api/v1/echo HTTP/1.1\r\nContent-Length: 104857600\r\n" CLOSE, GET("/api/v1/hungry"),
	};
	static const char *const want[] = { "Content-Security-Policy: default-src 'none'", "X-Content-Type-Options: nosniff",
					    "X-Frame-Options: DENY", "Referrer-Policy: same-origin", "frame-ancestors 'none'" };

	up(testdb_of(state));
	for (size_t i = 0; i < TK_LEN(request); i++) {
		char *r = send_all(request[i], strlen(request[i]));

		for (size_t k = 0; k < TK_LEN(want); k++)
			if (!strstr(r, want[k]))
				fail_msg("%.60s lacks %s: %.900s", request[i], want[k], r);
		if (strstr(r, "unsafe-") || strstr(r, "Access-Control-Allow"))
			fail_msg("%.60s: %.900s", request[i], r);
		if (strncmp(request[i], "GET / ", 6) != 0)
			assert_non_null(strstr(r, "Cache-Control: no-store"));
		free(r);
	}
	down();
}

static void only_from_this_machine(void **state)
{
	static const struct { const char *head; int status; } t[] = {
		{ "Host: localhost:8080\r\n", 200 }, { "Host: 127.0.0.1\r\n", 200 }, { "Host: [::1]:8080\r\n", 200 },
		{ "Host: localhost.evil.example\r\n", 403 }, { "Host: 127.0.0.1.evil.example\r\n", 403 }, { "Host: evil.example\r\n", 403 },
		{ "Host: localhost@evil.example\r\n", 403 }, { "Host: \r\n", 403 },
		{ "Host: localhost\r\nX-Forwarded-For: 127.0.0.1\r\n", 403 }, { "Host: localhost\r\nForwarded: for=127.0.0.1\r\n", 403 },
		{ "Host: localhost\r\nX-Forwarded-Host: localhost\r\n", 403 }, { "Host: localhost\r\nX-Real-IP: 127.0.0.1\r\n", 403 },
		{ "Host: localhost\r\nVia: 1.1 proxy\r\n", 403 },
		{ "Host: localhost:8080\r\nOrigin: http://localhost:8080\r\n", 200 },
		{ "Host: localhost:8080\r\nOrigin: http://evil.example\r\n", 403 }, { "Host: localhost:8080\r\nOrigin: null\r\n", 403 },
		{ "Host: localhost:8080\r\nOrigin: http://localhost:8080.evil.example\r\n", 403 },
		{ "Host: localhost:8080\r\nSec-Fetch-Site: cross-site\r\n", 403 },
		{ "Host: localhost:8080\r\nSec-Fetch-Site: same-origin\r\n", 200 },
	};
	char line[400];

	up(testdb_of(state));
	for (size_t i = 0; i < TK_LEN(t); i++) {
		snprintf(line, sizeof(line), "POST /api/v1/here HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n%s\r\n", t[i].head);
		expect(line, t[i].status);
	}
	down();
}

static void slow_clients_hold_nobody_up(void **state)
{
	int fd[60];

	up(testdb_of(state));
	for (size_t i = 0; i < TK_LEN(fd); i++) {
		static const char *const part[] = { "GET /api/v1/qu", "POST /api/v1/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{",
						    "" };
		fd[i] = dial();
		say(fd[i], part[i % 3], strlen(part[i % 3]));
	}
	assert_true(answers_within(1000000));
	for (size_t i = 0; i < TK_LEN(fd); i++)
		close(fd[i]);
	down();
}

static void long_requests_leave_a_reader_free(void **state)
{
	static const char line[] = GET("/api/v1/slow");
	int fd[12];

	up(testdb_of(state));
	for (size_t i = 0; i < TK_LEN(fd); i++) {
		fd[i] = dial();
		say(fd[i], line, strlen(line));
	}
	usleep(200000);
	assert_int_equal(atomic_load(&running), 2);     /* of three readers */
	for (int i = 0; i < 20; i++)
		assert_true(answers_within(300000));
	for (size_t i = 0; i < TK_LEN(fd); i++) {
		char *r = hear(fd[i], NULL, 0);

		assert_int_equal(status(r), 200);
		free(r);
	}
	down();
}

static void hunger_ends_one_request(void **state)
{
	up(testdb_of(state));
	for (int i = 0; i < 8; i++)
		expect(GET("/api/v1/hungry"), 413);
	assert_true(answers_within(2000000));
	down();
}

struct crowd { pthread_t thread; int i, good, bad, odd; };

static void *writes(void *arg)
{
	struct crowd *c = arg;
	static const char *const kind[] = { "good", "bad", "good", "fat" };

	for (int k = 0; k < 24; k++) {
		char line[200], *r;
		bool good = !(k % 2);

		snprintf(line, sizeof(line), "POST /api/v1/put/%s-%d-%d HTTP/1.1\r\nContent-Length: 0\r\n" CLOSE, kind[k % 4], c->i, k);
		r = send_all(line, strlen(line));
		c->good += good && status(r) == 200;
		c->bad += !good && status(r) == (k % 4 == 1 ? 409 : 413);
		c->odd += good ? status(r) != 200 : status(r) < 400 || status(r) > 499;
		free(r);
	}
	return NULL;
}

static void one_failure_in_a_group_harms_nobody(void **state)
{
	struct testdb *t = testdb_of(state);
	struct crowd c[8];
	int good = 0;

	up(t);
	for (int i = 0; i < (int)TK_LEN(c); i++) {
		c[i] = (struct crowd){ .i = i };
		pthread_create(&c[i].thread, NULL, writes, &c[i]);
	}
	for (size_t i = 0; i < TK_LEN(c); i++) {
		pthread_join(c[i].thread, NULL);
		assert_int_equal(c[i].odd, 0);
		assert_int_equal(c[i].bad, 12);
		good += c[i].good;
	}
	down();
	assert_int_equal(good, 8 * 12);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM setting WHERE name LIKE 'good-%'"), good);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM setting WHERE name LIKE 'bad-%' OR name LIKE 'fat-%'"), 0);
}

static void too_many_in_a_short_time(void **state)
{
	struct testdb *t = testdb_of(state);
	struct tk_server_config c = { .db_url = t->url, .host = "127.0.0.1", .routes = tables, .readers = 3, .rate_per_minute = 40 };
	int refused = 0;
	char line[200];

	OK(t, tk_server_start(&server, &c, &t->e));
	for (int i = 0; i < 30; i++) {          /* another cookie each time is no way around it */
		char *r;

		snprintf(line, sizeof(line), "POST /api/v1/echo HTTP/1.1\r\nContent-Length: 0\r\nCookie: tk_session=%040d; x=%d\r\n" CLOSE, i, i);
		r = send_all(line, strlen(line));
		refused += status(r) == 429;
		if (status(r) == 429)
			assert_non_null(strstr(r, "Retry-After: "));
		free(r);
	}
	assert_in_range(refused, 15, 25);
	expect(GET("/api/v1/quick"), 200);      /* reading goes on */
	down();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TESTDB_BOTH(one_failure_in_a_group_harms_nobody), TESTDB_BOTH(hunger_ends_one_request),
#define ONE(f) cmocka_unit_test_setup_teardown(f, testdb_sqlite, testdb_down)
		ONE(shapes_of_requests), ONE(many_requests_on_one_line), ONE(tricks_with_paths), ONE(too_much), ONE(bodies),
		ONE(headers_that_protect), ONE(only_from_this_machine), ONE(slow_clients_hold_nobody_up),
		ONE(long_requests_leave_a_reader_free), ONE(too_many_in_a_short_time),
	};

	return cmocka_run_group_tests_name("server", tests, NULL, NULL);
}
