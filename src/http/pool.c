/* pool.c - the reader pool and the writer with its group commit. */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/log.h"
#include "http/conn.h"

/* Ticks come often so that each is short: answers wait while the trail is sealed. */
enum { SLOW_MEM = 64 << 20, GROUP = 64, QUEUE_MAX = 8192, TICK_MS = 200, CHECKPOINT_MS = 250 };

static void queue_init(struct queue *q)
{
	pthread_condattr_t a;

	*q = (struct queue){ .max = QUEUE_MAX };
	q->tail = &q->head;
	pthread_mutex_init(&q->lock, NULL);
	pthread_condattr_init(&a);
	pthread_condattr_setclock(&a, CLOCK_MONOTONIC);
	pthread_cond_init(&q->ready, &a);
	pthread_condattr_destroy(&a);
}

static bool queue_push(struct queue *q, struct conn *n)
{
	bool ok;

	pthread_mutex_lock(&q->lock);
	ok = q->n < q->max && !q->closed;
	if (ok) {
		n->next = NULL;
		*q->tail = n;
		q->tail = &n->next;
		q->n++;
	}
	pthread_mutex_unlock(&q->lock);
	if (ok) /* not under the lock: who wakes up would wait for it */
		pthread_cond_signal(&q->ready);
	return ok;
}

/* The first request that may go out now. */
static struct conn *take(struct queue *q)
{
	struct conn **p = &q->head, *n;

	while (*p && (*p)->slow && q->max_slow && q->nslow >= q->max_slow)
		p = &(*p)->next;
	n = *p;
	if (!n)
		return NULL;
	*p = n->next;
	if (!*p)
		q->tail = p;
	q->n--;
	q->nslow += n->slow && q->max_slow;
	return n;
}

/* A slow request is through: the next one may go. */
static void queue_done(struct queue *q)
{
	pthread_mutex_lock(&q->lock);
	q->nslow--;
	pthread_cond_broadcast(&q->ready);
	pthread_mutex_unlock(&q->lock);
}

/* Up to max requests at once; waits at most wait_ms for the first.  *open is false when the queue
 * was closed and is empty. */
static size_t queue_pop(struct queue *q, struct conn **ret, size_t max, long wait_ms, bool *open)
{
	struct timespec until;
	size_t n = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += wait_ms / 1000;
	until.tv_nsec += wait_ms % 1000 * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&q->lock);
	while (!(ret[0] = take(q)) && (q->head || !q->closed))
		if (pthread_cond_timedwait(&q->ready, &q->lock, &until) != 0)
			break;
	while (n < max && (n ? (ret[n] = take(q)) : ret[0]))
		n++;
	*open = !q->closed || q->head;
	pthread_mutex_unlock(&q->lock);
	return n;
}

static void queue_close(struct queue *q)
{
	pthread_mutex_lock(&q->lock);
	q->closed = true;
	pthread_cond_broadcast(&q->ready);
	pthread_mutex_unlock(&q->lock);
}

/* The arena's ceiling jumps here and ends this request only. */
static enum tk_rc guarded(struct conn *n, struct tk_db *db, bool write)
{
	struct tk_req *rq = &n->rq;

	rq->db = db;
	if (tk_arena_guard(rq->mem)) {
		tk_db_recover(db);
		return tk_fail(&rq->err, TK_ETOOBIG, NULL,
			       N_("This request needs more memory than one request may take."));
	}
	n->rc = write ? tk_req_run(rq) : tk_req_prepare(rq, n->server->c.auth);
	tk_arena_unguard(rq->mem);
	return n->rc;
}

static void finish(struct conn *n, enum tk_rc rc)
{
	tk_req_finish(&n->rq, rc);
	tk_arena_settle(
		n->rq.mem); /* here: what is locked is let go by the thread that locked it */
	tk_log(TK_LOG_DEBUG, "%s %s %d %lld us", n->rq.method, n->rq.path, n->rq.status,
	       (long long)(tk_mono_us() - n->start_us));
	tk_conn_ready(n);
}

struct start { struct tk_server *s; unsigned i; };

static void *reader(void *arg)
{
	struct start *st = arg;
	struct tk_server *s = st->s;
	struct tk_db *db = s->reader_db[st->i];
	bool open = true;
	struct conn *n;

	free(st);
	while (open) {
		enum tk_rc rc;
		bool slow;

		if (!queue_pop(&s->read_q, &n, 1, 60000, &open))
			continue;
		slow = n->slow && s->read_q.max_slow;
		rc = guarded(n, db, false);
		if (rc != TK_OK || !(n->rq.route->flags & TK_R_TX))
			finish(n, rc);
		else if (!queue_push(&s->write_q, n))
			finish(n, tk_fail(&n->rq.err, TK_EBUSY, NULL,
					  N_("The server is busy. Please try again in a moment.")));
		if (slow)
			queue_done(&s->read_q);
	}
	return NULL;
}

/* One request inside the group: its savepoint keeps its failure from the others. */
static enum tk_rc run_one(struct conn *n, struct tk_db *db, bool alone)
{
	struct tk_err *e = &n->rq.err;
	enum tk_rc rc;

	if (alone)
		return guarded(n, db, true);
	if ((rc = tk_db_save(db, e)) != TK_OK)
		return rc;
	rc = guarded(n, db, true);
	if (rc == TK_OK)
		return tk_db_release(db, e);
	if (tk_db_in_tx(db)) {
		struct tk_err ignored = { 0 };
		(void)!tk_db_undo(db, &ignored);
	}
	return rc;
}

/* Commits the group; only then is anybody told that it is done. */
static void run_group(struct conn **c, size_t n, struct tk_db *db)
{
	struct tk_err e = { .lang = TK_JA };
	enum tk_rc rc[GROUP], all = tk_db_begin(db, &e);
	size_t good = 0;

	for (size_t i = 0; i < n; i++) {
		if (all == TK_OK &&
		    !tk_db_in_tx(db)) /* a full disk took the whole transaction back */
			all = tk_fail(&e, TK_EFULL, NULL,
				      N_("The server's disk is full. Nothing was saved; what was "
					 "saved before is safe. "
					 "Please tell the person who runs the server."));
		rc[i] = all == TK_OK ? run_one(c[i], db, n == 1) : all;
		good += rc[i] == TK_OK;
	}
	if (all == TK_OK && good && tk_db_in_tx(db))
		all = tk_db_commit(db, &e);
	else
		tk_db_rollback(db);
	for (size_t i = 0; i < n; i++) {
		if (all != TK_OK && rc[i] == TK_OK) {
			e.lang = c[i]->rq.err.lang;
			c[i]->rq.err = e;
			rc[i] = tk_fail(
				&c[i]->rq.err, all, NULL, "%s",
				all == TK_EFULL
					? tk_tr(e.lang,
						N_("The server's disk is full. Nothing was saved; "
						   "what was saved before is safe. "
						   "Please tell the person who runs the server."))
					: tk_tr(e.lang,
						N_("The database is busy or cannot be reached. "
						   "Nothing was saved. Please try again.")));
		}
		if (rc[i] == TK_OK && c[i]->rq.committed)
			c[i]->rq.committed(&c[i]->rq);
		finish(c[i], rc[i]);
	}
}

static void *writer(void *arg)
{
	struct start *st = arg;
	struct tk_server *s = st->s;
	struct tk_db *db = s->writer_db[st->i];
	size_t group = tk_db_kind(db) == TK_DB_SQLITE ? GROUP : 1;
	struct conn *c[GROUP];
	int64_t ticked = tk_mono_us();
	bool open = true, clock = st->i == 0 && s->c.tick;

	free(st);
	while (open) {
		size_t n = queue_pop(&s->write_q, c, group, TICK_MS, &open);

		if (n)
			run_group(c, n, db);
		if (clock && (tk_mono_us() - ticked > TICK_MS * 1000 || !open)) {
			struct tk_err e = { .lang = TK_JA };
			if (s->c.tick(db, &e) != TK_OK && e.rc != TK_EBUSY)
				tk_log_err(TK_LOG_ERROR, "tick", &e);
			ticked = tk_mono_us();
		}
	}
	return NULL;
}

/* SQLite's log goes into the file on a thread of its own: the writer would stop for it many times a
 * second when many people submit. */
static void *keeper(void *arg)
{
	struct tk_server *s = arg;
	struct tk_err e = { .lang = TK_JA };

	while (!atomic_load(&s->work_done)) {
		usleep(CHECKPOINT_MS * 1000);
		if (tk_db_checkpoint(s->keeper_db, &e) != TK_OK)
			tk_log_err(TK_LOG_ERROR, "checkpoint", &e);
	}
	return NULL;
}

bool tk_work_push(struct tk_server *s, struct conn *n)
{
	n->slow = n->rq.route->max_mem > SLOW_MEM;      /* lists, files, tables */
	return queue_push(&s->read_q, n);
}

static void spawn(struct tk_server *s, pthread_t *t, void *(*fn)(void *), unsigned i)
{
	struct start *st = tk_xmalloc(sizeof(*st));

	*st = (struct start){ s, i };
	pthread_create(t, NULL, fn, st);
}

static void close_all(struct tk_server *s)
{
	for (unsigned i = 0; i < MAX_WORKERS; i++) {
		tk_db_close(s->reader_db[i]);
		tk_db_close(s->writer_db[i]);
	}
	tk_db_close(s->keeper_db);
}

enum tk_rc tk_work_start(struct tk_server *s, struct tk_err *e)
{
	bool pg = !strncmp(s->c.db_url, "postgres", 8);
	long cpu = sysconf(_SC_NPROCESSORS_ONLN);
	enum tk_rc rc = TK_OK;

	s->nreader = s->c.readers ? s->c.readers : cpu < 3 ? 3 : cpu > 16 ? 16 : (unsigned)cpu;
	s->nwriter = !pg ? 1 : s->c.writers ? s->c.writers : 8;
	if (s->nreader > MAX_WORKERS)
		s->nreader = MAX_WORKERS;
	if (s->nwriter > MAX_WORKERS)
		s->nwriter = MAX_WORKERS;
	queue_init(&s->read_q);
	s->read_q.max_slow = s->nreader > 1 ? s->nreader - 1 : 0;
	queue_init(&s->write_q);
	pthread_mutex_init(&s->rate_lock, NULL);
	for (unsigned i = 0; i < s->nwriter && rc == TK_OK; i++)
		rc = tk_db_open(&s->writer_db[i], s->c.db_url, 0, e);
	for (unsigned i = 0; i < s->nreader && rc == TK_OK; i++)
		rc = tk_db_open(&s->reader_db[i], s->c.db_url, TK_DB_READ, e);
	if (rc == TK_OK && !pg)
		rc = tk_db_open(&s->keeper_db, s->c.db_url, 0, e);
	if (rc != TK_OK) {
		close_all(s);
		return rc;
	}
	if (s->keeper_db)
		pthread_create(&s->keeper, NULL, keeper, s);
	for (unsigned i = 0; i < s->nwriter; i++)
		spawn(s, &s->writer[i], writer, i);
	for (unsigned i = 0; i < s->nreader; i++)
		spawn(s, &s->reader[i], reader, i);
	return TK_OK;
}

void tk_work_stop(struct tk_server *s)
{
	queue_close(&s->read_q);
	for (unsigned i = 0; i < s->nreader; i++)
		pthread_join(s->reader[i], NULL);
	queue_close(&s->write_q);
	for (unsigned i = 0; i < s->nwriter; i++)
		pthread_join(s->writer[i], NULL);
	if (s->keeper_db) {
		atomic_store(&s->work_done, true);
		pthread_join(s->keeper, NULL);
	}
	close_all(s);
}

/* -- rate limit: a token bucket for each session or address ------------------------------------ */
static uint64_t hash(const char *s)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * UINT64_C(1099511628211);
	return h | 1;
}

bool tk_rate_ok(struct tk_server *s, struct tk_req *rq)
{
	bool open = rq->route->flags & TK_R_PUBLIC && strcmp(rq->method, "GET");
	int64_t per_minute = s->c.rate_per_minute ? s->c.rate_per_minute : 6000, now = tk_mono_us(),
		full;
	const char *session =
		open ? NULL
		     : tk_req_cookie(rq, "tk_session"); /* the rest of the cookie is anybody's */
	uint64_t key = hash(session ? session : rq->peer);
	struct bucket *b;
	bool ok;

	if (!strcmp(rq->method, "GET"))
		return true;
	if (open && per_minute > 300)
		per_minute = 300;               /* signing in costs a password hash */
	full = per_minute * 1000 / 4;           /* a quarter of a minute at once */
	pthread_mutex_lock(&s->rate_lock);
	b = &s->bucket[(key >> 7) % NBUCKET];
	if (b->key != key) /* a collision starts the bucket anew: generous, never unfair */
		*b = (struct bucket){ key, now, full };
	b->tokens_x1000 += (now - b->at_us) * per_minute / 60000;
	if (b->tokens_x1000 > full)
		b->tokens_x1000 = full;
	b->at_us = now;
	ok = b->tokens_x1000 >= 1000;
	if (ok)
		b->tokens_x1000 -= 1000;
	pthread_mutex_unlock(&s->rate_lock);
	return ok;
}
