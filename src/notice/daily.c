/* daily.c - what is done once a day, on one server. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "fact/module.h"
#include "job/lease.h"
#include "notice/notice.h"
#include "record/trail.h"

enum { LEASE_MS = 30000, LOOK_MS = 15000, STEP_MEM = 128 << 20, JST = 9 * 3600 };

/* -- when -------------------------------------------------------------------------------------- */

enum tk_rc tk_daily_at(const struct tk_op *op, const char **ret)
{
	struct tk_value v;
	bool found = false;
	enum tk_rc rc = tk_db_first(op->db, op->mem, op->e,
				    "SELECT value FROM setting WHERE name = 'daily.at'", NULL, 0,
				    &v, 1, &found);

	*ret = found && v.s && strlen(v.s) == 5 ? v.s : "07:30";
	return rc;
}

static bool is_time(const char *s)
{
	return s && strlen(s) == 5 && s[2] == ':' && s[0] >= '0' && s[0] <= '2' && s[1] >= '0' &&
	       s[1] <= '9' && (s[0] < '2' || s[1] <= '3') && s[3] >= '0' && s[3] <= '5' &&
	       s[4] >= '0' && s[4] <= '9';
}

enum tk_rc tk_daily_at_set(const struct tk_op *op, const char *at)
{
	const char *was;
	enum tk_rc rc = tk_daily_at(op, &was);

	if (!is_time(at))
		return tk_fail(op->e, TK_EINVAL, "daily_at",
			       N_("Write the time of day like 07:30."));
	if (rc != TK_OK || !strcmp(was, at))
		return rc;
	rc = tk_db_exec(op->db, op->e,
			"INSERT INTO setting(name, value) VALUES('daily.at', $1)"
			" ON CONFLICT(name) DO UPDATE SET value = excluded.value", TK_S(at));
	return rc == TK_OK ? tk_trail_add(op, "update", "setting", 0,
					  tk_sprintf(op->mem, "{\"daily.at\":[\"%s\",\"%s\"]}",
						     was, at)) : rc;
}

/* -- the steps --------------------------------------------------------------------------------- */

struct run {
	struct tk_db  *db;
	struct tk_err *e;
	struct tk_arena *mem;
	struct tk_who  who;
	char           today[11], owner[TK_LEASE_OWNER];
	int64_t        renewed_us;
	bool         (*go_on)(void *ctx);
	void          *ctx;
};

static struct tk_op op_of(struct run *r)
{
	return (struct tk_op){ r->db, r->mem, &r->who, r->e };
}

static enum tk_rc is_done(struct run *r, const char *name, bool *ret)
{
	int64_t n = 0;
	enum tk_rc rc = tk_db_int(r->db, r->e,
				  "SELECT 1 FROM daily_run WHERE name = $1 AND day = $2",
				  TK_ARGS(TK_S(name), TK_S(r->today)), 0, &n);

	*ret = n != 0;
	return rc;
}

/* PostgreSQL lets two do this at once only to tell one of them. */
static enum tk_rc mark(struct run *r, const char *name)
{
	return tk_db_exec(r->db, r->e,
			  "INSERT INTO daily_run(name, day, done_at) VALUES($1,$2,$3)",
			  TK_S(name), TK_S(r->today), TK_I(tk_now()));
}

static bool still_mine(void *ctx)
{
	struct run *r = ctx;
	bool mine = true;

	if (r->go_on && !r->go_on(r->ctx))
		return false;
	if (tk_mono_us() - r->renewed_us < INT64_C(1000) * LEASE_MS / 4)
		return true;
	r->renewed_us = tk_mono_us();
	return tk_lease_renew(r->db, "daily", r->owner, LEASE_MS, &mine, r->e) == TK_OK && mine;
}

static enum tk_rc hand_over(const struct tk_op *op, const char *today)
{
	int64_t n = 0;

	return tk_hand_over_left(op, today, &n);
}

/* A step and its mark stand in one transaction: done once, or not at all. */
static enum tk_rc step(struct run *r, const char *name,
		       enum tk_rc (*fn)(const struct tk_op *op, const char *today))
{
	struct tk_op op = op_of(r);
	bool done = true;
	enum tk_rc rc = is_done(r, name, &done);

	if (rc != TK_OK || done)
		return rc;
	if (!still_mine(r))
		return TK_EBUSY;
	tk_arena_reset(r->mem);
	if ((rc = tk_db_begin(r->db, r->e)) != TK_OK)
		return rc;
	rc = mark(r, name);
	if (rc == TK_OK)
		rc = fn(&op, r->today);
	if (rc == TK_OK)
		rc = tk_db_commit(r->db, r->e);
	else
		tk_db_rollback(r->db);
	return rc;
}

/* One that fails keeps nobody else's from being done; it is tried again. */
static enum tk_rc modules(struct run *r, bool *ret_failed)
{
	const struct tk_module *const *m;
	size_t n = tk_modules(&m);
	enum tk_rc rc;

	for (size_t i = 0; i < n; i++) {
		if (!m[i]->daily)
			continue;
		rc = step(r, m[i]->name, m[i]->daily);
		if (rc == TK_EBUSY)
			return rc;
		if (rc != TK_OK) {
			tk_log(TK_LOG_ERROR, "daily work of %s", m[i]->name);
			tk_log_err(TK_LOG_ERROR, "daily work", r->e);
			*ret_failed = true;
		}
	}
	return TK_OK;
}

static enum tk_rc digest(struct run *r)
{
	struct tk_digest_count n = { 0 };
	int64_t from = tk_mono_us();
	bool done = true;
	enum tk_rc rc = is_done(r, "digest", &done);

	if (rc != TK_OK || done)
		return rc;
	rc = tk_digest_all(r->db, r->today, still_mine, r, &n, r->e);
	if (rc == TK_OK)
		rc = mark(r, "digest");
	if (rc == TK_OK)
		tk_log(TK_LOG_INFO, "daily mail: %lld people, %lld mails, %lld ms",
		       (long long)n.people, (long long)n.mails,
		       (long long)(tk_mono_us() - from) / 1000);
	return rc;
}

static enum tk_rc steps(struct run *r, bool mails, bool *ret_failed)
{
	enum tk_rc rc = step(r, "hand_over", hand_over);

	if (rc == TK_OK)
		rc = modules(r, ret_failed);
	if (rc == TK_OK && mails)
		rc = digest(r);         /* last: it tells what the others brought */
	if (rc == TK_OK)                /* nobody asks for more than a few weeks back */
		rc = tk_db_exec(r->db, r->e, "DELETE FROM daily_run WHERE done_at < $1",
				TK_I(tk_now() - INT64_C(60) * 86400));
	return rc;
}

enum tk_rc tk_daily_run(struct tk_db *db, bool mails, bool (*go_on)(void *ctx), void *ctx,
			bool *ret_ran, struct tk_err *e)
{
	struct run r = { .db = db, .e = e, .go_on = go_on, .ctx = ctx,
		.who = tk_who_system("Tenken", "daily", TK_JA) };
	bool failed = false;
	enum tk_rc rc, end;

	tk_date_iso(tk_today(), r.today);
	tk_lease_owner(r.owner);
	*ret_ran = false;
	rc = tk_lease_take(db, "daily", r.owner, LEASE_MS, ret_ran, e);
	if (rc != TK_OK || !*ret_ran)
		return rc;
	r.renewed_us = tk_mono_us();
	r.mem = tk_arena_new(STEP_MEM);
	rc = steps(&r, mails, &failed);
	tk_arena_free(r.mem);
	end = tk_lease_release(db, "daily", r.owner, e);
	if (rc == TK_OK && failed)
		rc = tk_fail(e, TK_EINTERNAL, NULL,
			     N_("A part of the daily work failed; see the log."));
	return rc == TK_OK ? end : rc;
}

/* -- the thread -------------------------------------------------------------------------------- */

struct tk_daily {
	struct tk_db   *db;
	struct tk_err   e;
	struct tk_arena *mem;
	bool            mails;
	atomic_bool     stop;
	pthread_t       thread;
	pthread_mutex_t lock;
	pthread_cond_t  cond;
	char            done[11];       /* the day whose work this thread knows to be done */
	int             faults;         /* in a row: waits longer each time */
};

static bool goes_on(void *ctx)
{
	return !atomic_load(&((struct tk_daily *)ctx)->stop);
}

/* Is it time, and not known to be done? */
static bool is_time_now(struct tk_daily *d, char today[11])
{
	struct tk_who sys = tk_who_system("Tenken", "daily", TK_JA);
	struct tk_op op = { d->db, d->mem, &sys, &d->e };
	int64_t minute = (tk_now() + JST) % 86400 / 60;
	const char *at = NULL;

	tk_date_iso(tk_today(), today);
	if (!strcmp(today, d->done) || tk_daily_at(&op, &at) != TK_OK)
		return false;
	return minute >= ((at[0] - '0') * 10 + at[1] - '0') * 60 + (at[3] - '0') * 10 + at[4] - '0';
}

static int64_t look(struct tk_daily *d)
{
	char today[11];
	bool ran = false;
	enum tk_rc rc;

	tk_arena_reset(d->mem);
	d->e = (struct tk_err){ .lang = TK_JA };
	if (!is_time_now(d, today))
		return LOOK_MS;
	rc = tk_daily_run(d->db, d->mails, goes_on, d, &ran, &d->e);
	if (tk_db_in_tx(d->db))
		tk_db_rollback(d->db);
	if (rc == TK_OK) {
		d->faults = 0;
		if (ran)
			memcpy(d->done, today, sizeof(d->done));
		return LOOK_MS;
	}
	if (goes_on(d))
		tk_log_err(rc == TK_EBUSY ? TK_LOG_WARN : TK_LOG_ERROR, "daily work", &d->e);
	d->faults += d->faults < 40;
	return (int64_t)LOOK_MS * (d->faults + 1);
}

static void nap(struct tk_daily *d, int64_t ms)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += (time_t)(ms / 1000);
	pthread_mutex_lock(&d->lock);
	while (!atomic_load(&d->stop))
		if (pthread_cond_timedwait(&d->cond, &d->lock, &t) == ETIMEDOUT)
			break;
	pthread_mutex_unlock(&d->lock);
}

static void *run(void *arg)
{
	struct tk_daily *d = arg;

	while (goes_on(d))
		nap(d, look(d));
	return NULL;
}

static void discard(struct tk_daily *d)
{
	tk_db_close(d->db);
	tk_arena_free(d->mem);
	pthread_cond_destroy(&d->cond);
	pthread_mutex_destroy(&d->lock);
	free(d);
}

enum tk_rc tk_daily_start(struct tk_daily **ret, const char *db_url, bool mails, struct tk_err *e)
{
	struct tk_daily *d = tk_xcalloc(1, sizeof(*d));
	pthread_condattr_t attr;
	enum tk_rc rc;

	*ret = NULL;
	d->mails = mails;
	d->mem = tk_arena_new(1 << 20);
	pthread_mutex_init(&d->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&d->cond, &attr);
	pthread_condattr_destroy(&attr);
	rc = tk_db_open(&d->db, db_url, 0, e);
	if (rc == TK_OK && pthread_create(&d->thread, NULL, run, d) != 0)
		rc = tk_fail(e, TK_EINTERNAL, NULL,
			     N_("The thread of the daily work cannot be started."));
	if (rc != TK_OK) {
		discard(d);
		return rc;
	}
	*ret = d;
	return TK_OK;
}

void tk_daily_stop(struct tk_daily *d)
{
	if (!d)
		return;
	pthread_mutex_lock(&d->lock);
	atomic_store(&d->stop, true);
	pthread_cond_signal(&d->cond);
	pthread_mutex_unlock(&d->lock);
	pthread_join(d->thread, NULL);
	discard(d);
}
