#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/text.h"
#include "job/lease.h"
#include "job/message.h"
#include "job/outbox.h"
#include "job/smtp.h"
#include "record/trail.h"

enum {
	LEASE_MS = 180000, RENEW_PART = 3,      /* renewed when a third of it is over */
	POLL_MS = 2000, OTHER_MS = 10000, FAULT_MS = 5000,
	MESSAGE_MAX = 1 << 20, TRIES_MAX = 8,
};

struct tk_sender {
	struct tk_sender_config c;              /* strings of our own */
	char             owner[TK_LEASE_OWNER];
	pthread_t        thread;
	pthread_mutex_t  lock;
	pthread_cond_t   cond;
	bool             woken;                 /* under lock */
	atomic_bool      stop;
	/* of the thread */
	struct tk_db    *db;
	struct tk_smtp  *smtp;
	struct tk_arena *mem;
	struct tk_err    err;
	struct tk_who    who;
	bool             holder;
	int64_t          renewed_us, paused_until_us;
	unsigned         downs;                 /* times in a row that the server was not there */
	/* the mail on its way; id 0: none */
	struct { int64_t id; int tries; bool done; struct tk_smtp_reply reply; } mail;
};

static bool fault(struct tk_sender *s, const char *what, enum tk_rc rc)
{
	if (rc == TK_OK)
		return false;
	tk_log_err(rc == TK_EBUSY ? TK_LOG_WARN : TK_LOG_ERROR, what, &s->err);
	if (tk_db_in_tx(s->db))
		tk_db_rollback(s->db);
	return true;
}

/* -- claim ------------------------------------------------------------------------------------- */

/* Words of our own in the place of the server's; the office reads Japanese. */
static const char *own_words(const char *msgid)
{
	return tk_tr(TK_JA, msgid);
}

/* What was being sent when the holder before us died waits again, behind the others; its attempt
 * stays counted, so that a mail which kills the sender does not do it for ever. */
static enum tk_rc requeue_abandoned(struct tk_sender *s)
{
	enum tk_rc rc = tk_db_exec(
		s->db, &s->err,
		"UPDATE mail SET state = 'failed', next_try_at = NULL, secret = NULL,"
		" last_error = $2, version = version + 1 WHERE state = 'sending' AND tries >= $1",
		TK_I(TRIES_MAX), TK_S(own_words(N_("Sending was interrupted every time."))));

	if (rc == TK_OK)
		rc = tk_db_exec(s->db, &s->err,
				"UPDATE mail SET state = 'queued', next_try_at = $1,"
				" version = version + 1 WHERE state = 'sending'", TK_I(tk_now()));
	return rc;
}

/* True when the lease is ours. */
static bool hold(struct tk_sender *s)
{
	int64_t now = tk_mono_us();
	bool mine = false;
	enum tk_rc rc;

	if (s->holder && now - s->renewed_us < s->c.lease_ms * 1000 / RENEW_PART)
		return true;
	if (s->holder) {
		rc = tk_lease_renew(s->db, "mail", s->owner, s->c.lease_ms, &mine, &s->err);
		if (fault(s, "mail lease", rc))
			return false;
		s->holder = mine;
	}
	if (!s->holder) {
		rc = tk_lease_take(s->db, "mail", s->owner, s->c.lease_ms, &mine, &s->err);
		if (rc == TK_OK && mine)
			rc = requeue_abandoned(s);
		if (fault(s, "mail lease", rc))
			return false;
		s->holder = mine;
	}
	s->renewed_us = now;
	return mine;
}

struct due { int64_t id, queued_at; int tries; const char *to, *subject, *body, *secret; };

static enum tk_rc find_due(struct tk_sender *s, struct due *d, bool *found)
{
	struct tk_value v[7];
	enum tk_rc rc = tk_db_first(
		s->db, s->mem, &s->err,
		"SELECT id, queued_at, tries, recipient, subject, body, secret FROM mail"
		" WHERE state = 'queued' AND next_try_at <= $1 AND deleted_at IS NULL"
		" ORDER BY next_try_at, id LIMIT 1",
		TK_ARGS(TK_I(tk_now())), v, 7, found);

	if (rc == TK_OK && *found)
		*d = (struct due){ v[0].i, v[1].i, (int)v[2].i, v[3].s, v[4].s, v[5].s, v[6].s };
	return rc;
}

/* The lease is made longer in the same transaction: who claims has all the time a mail may take. */
static enum tk_rc claim(struct tk_sender *s, const struct due *d, bool *ret_mine)
{
	enum tk_rc rc = tk_db_begin(s->db, &s->err);

	*ret_mine = false;
	if (rc == TK_OK)
		rc = tk_lease_renew(s->db, "mail", s->owner, s->c.lease_ms, &s->holder, &s->err);
	s->renewed_us = tk_mono_us();
	if (rc == TK_OK && s->holder) {
		rc = tk_db_exec(s->db, &s->err,
				"UPDATE mail SET state = 'sending', tries = tries + 1,"
				" version = version + 1 WHERE id = $1 AND state = 'queued'",
				TK_I(d->id));
		*ret_mine = rc == TK_OK && tk_db_changes(s->db) == 1;
	}
	if (rc == TK_OK)
		rc = tk_db_commit(s->db, &s->err);
	return rc;
}

/* -- send -------------------------------------------------------------------------------------- */

/* The body with the secret in its place. */
static const char *reveal(struct tk_arena *a, const struct due *d)
{
	const char *at = d->secret ? strstr(d->body, "{secret}") : NULL;

	return at ? tk_sprintf(a, "%.*s%s%s", (int)(at - d->body), d->body, d->secret,
			       at + strlen("{secret}")) :
	       d->body;
}

static void send_one(struct tk_sender *s, const struct due *d)
{
	struct tk_buf b = TK_BUF(MESSAGE_MAX);
	struct tk_message m = {
		.id = d->id, .from = s->c.from, .from_name = s->c.from_name, .to = d->to,
		.subject = d->subject, .body = reveal(s->mem, d), .date = d->queued_at,
	};
	enum tk_rc rc = tk_message_write(&m, &b, &s->err);

	s->mail.id = d->id;
	s->mail.tries = d->tries + 1;
	s->mail.reply = (struct tk_smtp_reply){ .end = TK_SMTP_REFUSED };
	if (rc == TK_OK && !b.bad)
		tk_smtp_send(s->smtp, d->to, b.p, b.len, &s->mail.reply);
	else
		snprintf(s->mail.reply.text, sizeof(s->mail.reply.text), "%s",
			 own_words(rc != TK_OK ?
				   N_("The address or the sender is no mail address.") :
				   N_("The mail is too large.")));
	tk_buf_drop(&b);
}

/* -- mark -------------------------------------------------------------------------------------- */

/* Seconds until the next attempt of a mail that was put off; 0: no more. */
static int64_t put_off(int tries)
{
	static const int64_t wait[TRIES_MAX - 1] = { 60, 300, 1800, 7200, 21600, 43200, 86400 };

	return tries >= 1 && (size_t)tries <= TK_LEN(wait) ? wait[tries - 1] : 0;
}

static enum tk_rc trail(struct tk_sender *s, const char *action, const char *state)
{
	struct tk_buf b = TK_BUF(4096);
	struct tk_json j = TK_JSON(&b);
	struct tk_op op = { s->db, s->mem, &s->who, &s->err };
	enum tk_rc rc;

	tk_json_obj(&j);
	tk_json_key(&j, "state");
	tk_json_arr(&j);
	tk_json_str(&j, "queued");
	tk_json_str(&j, state);
	tk_json_end_arr(&j);
	tk_json_end_obj(&j);
	rc = tk_trail_add(&op, action, tk_mail_type.name, s->mail.id, b.p);
	tk_buf_drop(&b);
	return rc;
}

static enum tk_rc write_mark(struct tk_sender *s)
{
	const struct tk_smtp_reply *r = &s->mail.reply;
	int64_t now = tk_now(), wait = r->end == TK_SMTP_LATER ? put_off(s->mail.tries) : 0;
	enum tk_rc rc;

	if (r->end == TK_SMTP_SENT) {
		/* whatever its state: it has left */
		rc = tk_db_exec(s->db, &s->err,
				"UPDATE mail SET state = 'sent', sent_at = $2, next_try_at = NULL,"
				" last_error = NULL, secret = NULL, version = version + 1"
				" WHERE id = $1 AND state <> 'sent'", TK_I(s->mail.id), TK_I(now));
		return rc == TK_OK ? trail(s, "send", "sent") : rc;
	}
	if (r->end == TK_SMTP_DOWN || r->end == TK_SMTP_STOPPED)        /* not this mail's fault */
		return tk_db_exec(
			s->db, &s->err,
			"UPDATE mail SET state = 'queued', tries = tries - 1, next_try_at = $2,"
			" last_error = $3, version = version + 1 WHERE id = $1 AND state = "
			"'sending'",
			TK_I(s->mail.id), TK_I(now),
			r->end == TK_SMTP_DOWN ? TK_S(r->text) : TK_NULL);
	if (wait)
		return tk_db_exec(
			s->db, &s->err,
			"UPDATE mail SET state = 'queued', next_try_at = $2, last_error = $3,"
			" version = version + 1 WHERE id = $1 AND state = 'sending'",
			TK_I(s->mail.id), TK_I(now + wait), TK_S(r->text));
	rc = tk_db_exec(s->db, &s->err,
			"UPDATE mail SET state = 'failed', next_try_at = NULL, last_error = $2,"
			" secret = NULL, version = version + 1 WHERE id = $1 AND state = 'sending'",
			TK_I(s->mail.id), TK_S(r->text));
	return rc == TK_OK ? trail(s, "fail", "failed") : rc;
}

/* Until this succeeds nothing else is sent: a mail that left must not leave again. */
static bool mark(struct tk_sender *s)
{
	enum tk_rc rc = tk_db_begin(s->db, &s->err);

	if (rc == TK_OK)
		rc = write_mark(s);
	if (rc == TK_OK)
		rc = tk_db_commit(s->db, &s->err);
	if (fault(s, "mail mark", rc))
		return false;
	if (s->mail.reply.end == TK_SMTP_DOWN) {
		tk_log(TK_LOG_WARN, "mail server: %s", s->mail.reply.text);
		s->paused_until_us = tk_mono_us() + (s->downs++ == 0 ? 60 : 300) * INT64_C(1000000);
	} else {
		s->downs = 0;
	}
	s->mail.id = 0;
	return true;
}

/* -- the thread -------------------------------------------------------------------------------- */

/* One thing to do; milliseconds to wait before the next. */
static int64_t step(struct tk_sender *s)
{
	int64_t pause_ms = (s->paused_until_us - tk_mono_us()) / 1000;
	struct due d;
	bool found = false, mine = false;

	tk_arena_reset(s->mem);
	s->err = (struct tk_err){ .lang = TK_EN };
	if (s->mail.id)
		return mark(s) ? 0 : FAULT_MS;
	if (!hold(s))
		return OTHER_MS;
	if (pause_ms > 0)
		return pause_ms < OTHER_MS ? pause_ms + 1 : OTHER_MS;
	if (fault(s, "mail outbox", find_due(s, &d, &found)))
		return FAULT_MS;
	if (!found)
		return POLL_MS;
	if (fault(s, "mail claim", claim(s, &d, &mine)))
		return FAULT_MS;
	if (mine)
		send_one(s, &d);
	return 0;
}

static void nap(struct tk_sender *s, int64_t ms)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += (time_t)(ms / 1000);
	t.tv_nsec += (long)(ms % 1000) * 1000000;
	if (t.tv_nsec >= 1000000000) {
		t.tv_sec++;
		t.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&s->lock);
	while (!s->woken && !atomic_load(&s->stop))
		if (pthread_cond_timedwait(&s->cond, &s->lock, &t) == ETIMEDOUT)
			break;
	if (s->woken)
		s->paused_until_us = 0;
	s->woken = false;
	pthread_mutex_unlock(&s->lock);
}

static void *run(void *arg)
{
	struct tk_sender *s = arg;
	enum tk_rc rc = TK_OK;

	while (!atomic_load(&s->stop)) {
		int64_t ms = step(s);

		if (ms > 0)
			nap(s, ms);
	}
	if (s->mail.id)
		(void)mark(s);
	if (s->holder)
		rc = tk_lease_release(s->db, "mail", s->owner, &s->err);
	(void)fault(s, "mail lease", rc);
	return NULL;
}

static void discard(struct tk_sender *s)
{
	const char *own[] = { s->c.db_url, s->c.smtp_url, s->c.user, s->c.password, s->c.ca_file,
		s->c.from, s->c.from_name };

	tk_db_close(s->db);
	tk_smtp_free(s->smtp);
	tk_arena_free(s->mem);
	pthread_cond_destroy(&s->cond);
	pthread_mutex_destroy(&s->lock);
	for (size_t i = 0; i < TK_LEN(own); i++)
		free((void *)(uintptr_t)own[i]);
	free(s);
}

static char *own(const char *s)
{
	return s ? tk_xstrdup(s) : NULL;
}

static struct tk_sender *make(const struct tk_sender_config *c)
{
	struct tk_sender *s = tk_xcalloc(1, sizeof(*s));
	pthread_condattr_t attr;

	s->c = (struct tk_sender_config){
		.db_url = own(c->db_url),
		.smtp_url = own(c->smtp_url),
		.user = own(c->user),
		.ca_file = own(c->ca_file),
		.password = own(c->password),
		.from = own(c->from),
		.from_name = own(c->from_name),
		.lease_ms = c->lease_ms ? c->lease_ms : LEASE_MS,
	};
	pthread_mutex_init(&s->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&s->cond, &attr);
	pthread_condattr_destroy(&attr);
	tk_lease_owner(s->owner);
	s->mem = tk_arena_new(8 << 20);
	s->who = tk_who_system("mail", "job", TK_EN);
	s->smtp = tk_smtp_new(&s->c, &s->stop);
	return s;
}

enum tk_rc tk_sender_start(struct tk_sender **ret, const struct tk_sender_config *c,
			   struct tk_err *e)
{
	struct tk_sender *s;
	enum tk_rc rc;

	*ret = NULL;
	if (!c->smtp_url || !*c->smtp_url)
		return TK_OK;
	if (strncmp(c->smtp_url, "smtp://", 7) != 0 && strncmp(c->smtp_url, "smtps://", 8) != 0)
		return tk_fail(e, TK_EINVAL, "smtp_url",
			       N_("The mail server must be given as smtp://host:port or "
				  "smtps://host:port."));
	if (!tk_is_mail(c->from))
		return tk_fail(
			e, TK_EINVAL, "from",
			N_("The sender of mails must be a mail address like tenken@example.jp."));
	s = make(c);
	rc = tk_db_open(&s->db, c->db_url, 0, e);
	if (rc == TK_OK && pthread_create(&s->thread, NULL, run, s) != 0)
		rc = tk_fail(e, TK_EINTERNAL, NULL,
			     N_("The thread that sends mails cannot be started."));
	if (rc != TK_OK) {
		discard(s);
		return rc;
	}
	*ret = s;
	return TK_OK;
}

void tk_sender_wake(struct tk_sender *s)
{
	pthread_mutex_lock(&s->lock);
	s->woken = true;
	pthread_cond_signal(&s->cond);
	pthread_mutex_unlock(&s->lock);
}

void tk_sender_stop(struct tk_sender *s)
{
	if (!s)
		return;
	pthread_mutex_lock(&s->lock);
	atomic_store(&s->stop, true);
	pthread_cond_signal(&s->cond);
	pthread_mutex_unlock(&s->lock);
	pthread_join(s->thread, NULL);
	discard(s);
}
