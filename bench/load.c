/* load.c - HTTP load on one thread: as many kept-open connections as asked for, each waits for its
 * reply before it sends the next request.
 *
 *   load submit|save|get [options]
 *     --port N           on 127.0.0.1
 *     --tokens FILE      "TOKEN CSRF" lines, one a person; the office's first
 *     --campaign ID      submit, save: the campaign
 *     --path PATH        get: what to read; repeat it for several in turn
 *     --office           get: as the office, not as the people in turn
 *     --conns N          connections (64)
 *     --count N          requests (all people once)
 *     --skip N           people to leave out at the beginning
 *     --version N        save, submit: the version that is there (0)
 *
 * submit: the answers to all 81 items, with If-Match, Idempotency-Key, CSRF token and session
 * cookie; every person once, so that every session is new to the server.  save: three answers.
 * Prints requests a second, percentiles of the latency in milliseconds, and the replies that were
 * no 2xx.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ITEMS = 81, OUT = 16384, IN = 1 << 16, MAX_PATHS = 8, MAX_CONNS = 4096 };
enum mode { SUBMIT, SAVE, GET };

struct person { char token[44], csrf[44]; };
struct conn {
	int      fd;
	size_t   out, sent, got, need;  /* need: bytes of the whole reply, 0 = head not complete */
	int64_t  since;
	char     request[OUT], reply[IN];
};
struct load {
	enum mode     mode;
	int           port;
	const char   *campaign, *path[MAX_PATHS];
	unsigned      npath, conns, version;
	bool          office;
	size_t        skip, count, started, done, bad;
	struct person *person;
	size_t        nperson;
	uint32_t     *us;
	int           epoll;
	uint64_t      state;
	char          first_bad[400];
};

static void die(const char *what)
{
	fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static unsigned rnd(struct load *l, unsigned n)
{
	l->state = l->state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(((l->state >> 32) * n) >> 32);
}

static const char *answer(struct load *l)
{
	unsigned x = rnd(l, 100);

	return x < 90 ? "done" : x < 95 ? "partly" : "not_done";
}

static size_t body(struct load *l, char *p, size_t max)
{
	size_t n = (size_t)snprintf(p, max, "{\"answers\":{");
	int items = l->mode == SUBMIT ? ITEMS : 3;

	for (int i = 0; i < items; i++)
		n += (size_t)snprintf(p + n, max - n, "%s\"q%02d\":{\"value\":\"%s\"}",
				      i ? "," : "", i + 1, answer(l));
	return n + (size_t)snprintf(p + n, max - n, "}}");
}

static void request(struct load *l, struct conn *c)
{
	size_t k = l->started++, n;
	const struct person *p = &l->person[l->office ? 0 : 1 + (l->skip + k) % (l->nperson - 1)];
	char text[8192];

	if (l->mode == GET) {
		c->out = (size_t)snprintf(
			c->request, OUT,
			"GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: tk_session=%s\r\n\r\n",
			l->path[k % l->npath], p->token);
	} else {
		n = body(l, text, sizeof(text));
		c->out = (size_t)snprintf(
			c->request, OUT,
			"%s /api/v1/my/responses/%s%s HTTP/1.1\r\nHost: 127.0.0.1\r\n"
			"Cookie: tk_session=%s\r\nX-CSRF-Token: %s\r\nIf-Match: "
			"\"%u\"\r\nIdempotency-Key: k-%zu-%u\r\n"
			"Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
			l->mode == SUBMIT ? "POST" : "PATCH", l->campaign,
			l->mode == SUBMIT ? "/submit" : "", p->token, p->csrf, l->version, k,
			l->version, n, text);
	}
	c->sent = c->got = c->need = 0;
	c->since = now_us();
}

/* -- sockets ----------------------------------------------------------------------------------- */
static void push(struct conn *c)
{
	while (c->sent < c->out) {
		ssize_t n = send(c->fd, c->request + c->sent, c->out - c->sent, MSG_NOSIGNAL);

		if (n < 0 && errno == EAGAIN)
			return; /* small requests: the socket takes them at once but for a full
				   buffer */
		if (n <= 0)
			die("send");
		c->sent += (size_t)n;
	}
}

static void open_conn(struct load *l, struct conn *c)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)l->port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct epoll_event ev = { .events = EPOLLIN, .data.ptr = c };
	int one = 1;

	c->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&at, sizeof(at)) < 0)
		die("connect");
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	fcntl(c->fd, F_SETFL, O_NONBLOCK);
	epoll_ctl(l->epoll, EPOLL_CTL_ADD, c->fd, &ev);
}

static void finished(struct load *l, struct conn *c)
{
	l->us[l->done++] = (uint32_t)(now_us() - c->since);
	if (c->reply[9] != '2' && l->bad++ == 0)
		snprintf(l->first_bad, sizeof(l->first_bad), "%.390s", c->reply);
	if (l->started < l->count) {
		request(l, c);
		push(c);
	}
}

/* The head must fit; of a long body only the bytes are counted. */
static void pull(struct load *l, struct conn *c)
{
	for (;;) {
		size_t at = c->need ? 0 : c->got, room = IN - 1 - at;
		ssize_t n = recv(c->fd, c->need ? c->reply + IN / 2 : c->reply + at,
				 c->need ? IN / 2 - 1 : room, 0);
		char *end;

		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0) {
			fprintf(stderr, "load: the server closed a connection: %.200s\n", c->reply);
			exit(1);
		}
		c->got += (size_t)n;
		if (!c->need) {
			c->reply[c->got] = '\0';
			end = strstr(c->reply, "\r\n\r\n");
			if (end) {
				char *len = strstr(c->reply, "Content-Length: ");
				c->need = (size_t)(end + 4 - c->reply) +
					  (len && len < end ? strtoul(len + 16, NULL, 10) : 0);
			}
		}
		if (c->need && c->got >= c->need) {
			finished(l, c);
			return;
		}
	}
}

static int by_us(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static double ms(const struct load *l, unsigned per_mille)
{
	return (double)l->us[(l->done - 1) * per_mille / 1000] / 1000.0;
}

static int run(struct load *l)
{
	struct conn *c = calloc(l->conns, sizeof(*c));
	struct epoll_event ev[256];
	int64_t start;
	double seconds;

	l->us = calloc(l->count, sizeof(*l->us));
	l->epoll = epoll_create1(0);
	if (!c || !l->us)
		die("memory");
	for (unsigned i = 0; i < l->conns; i++)
		open_conn(l, &c[i]);
	start = now_us();
	for (unsigned i = 0; i < l->conns && l->started < l->count; i++) {
		request(l, &c[i]);
		push(&c[i]);
	}
	while (l->done < l->count) {
		int n = epoll_wait(l->epoll, ev, 256, 30000);

		if (n == 0) {
			fprintf(stderr, "load: no reply for 30 seconds (%zu of %zu)\n", l->done,
				l->count);
			return 1;
		}
		for (int i = 0; i < n; i++)
			pull(l, ev[i].data.ptr);
	}
	seconds = (double)(now_us() - start) / 1e6;
	qsort(l->us, l->done, sizeof(*l->us), by_us);
	printf("%zu requests %.2f s %.0f /s p50 %.2f p90 %.2f p99 %.2f max %.2f ms, %zu refused\n",
	       l->done, seconds, (double)l->done / seconds, ms(l, 500), ms(l, 900), ms(l, 990),
	       ms(l, 1000), l->bad);
	if (l->bad)
		fprintf(stderr, "load: first refusal: %s\n", l->first_bad);
	return l->bad ? 1 : 0;
}

static void read_tokens(struct load *l, const char *file)
{
	FILE *f = fopen(file, "r");
	size_t cap = 1024;

	if (!f)
		die(file);
	l->person = malloc(cap * sizeof(*l->person));
	while (l->person &&
	       fscanf(f, "%43s %43s", l->person[l->nperson].token, l->person[l->nperson].csrf) == 2)
		if (++l->nperson == cap)
			l->person = realloc(l->person, (cap *= 2) * sizeof(*l->person));
	fclose(f);
	if (!l->person || l->nperson < 2)
		die("tokens");
}

int main(int argc, char **argv)
{
	struct load l = { .port = 8080, .conns = 64, .state = 7 };

	if (argc < 2)
		die("submit|save|get");
	l.mode = !strcmp(argv[1], "submit") ? SUBMIT : !strcmp(argv[1], "save") ? SAVE : GET;
	for (int i = 2; i < argc; i++) {
		const char *o = argv[i], *v = i + 1 < argc ? argv[i + 1] : "";

		if (!strcmp(o, "--office")) {
			l.office = true;
			continue;
		}
		i++;
		if (!strcmp(o, "--port"))          l.port = atoi(v);
		else if (!strcmp(o, "--tokens"))   read_tokens(&l, v);
		else if (!strcmp(o, "--campaign")) l.campaign = v;
		else if (!strcmp(o, "--path") && l.npath < MAX_PATHS) l.path[l.npath++] = v;
		else if (!strcmp(o, "--conns"))    l.conns = (unsigned)atoi(v);
		else if (!strcmp(o, "--count"))    l.count = (size_t)atol(v);
		else if (!strcmp(o, "--skip"))     l.skip = (size_t)atol(v);
		else if (!strcmp(o, "--version"))  l.version = (unsigned)atoi(v);
		else die(o);
	}
	if (!l.person || (l.mode == GET ? l.npath == 0 : !l.campaign) || l.conns == 0 ||
	    l.conns > MAX_CONNS)
		die("--tokens and --path or --campaign are needed");
	if (!l.count)
		l.count = l.nperson - 1;
	return run(&l);
}
