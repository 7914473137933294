/* live.c - which campaigns are in memory, and what keeps them current.
 *
 * Locks, outermost first: the slot of a campaign (who loads or changes its state), the plane's lock
 * (readers against changes), the slot's queue.  The registry's lock is never held while another is
 * waited for. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/log.h"
#include "survey/live_int.h"

enum { MAX_QUEUE = 20000, REFRESH_SHARE = 10 };
#define MAX_BYTES ((size_t)384 << 20)

struct note {
	struct note *next;
	int64_t id;
	enum tk_live_state state;
	size_t n;
	uint8_t answers[];
};

struct slot {
	struct slot *next;
	int64_t campaign_id;
	pthread_mutex_t lock;
	struct tk_live_shared *cur; /* one reference; NULL: not loaded */
	int64_t refresh_us, refresh_cost;
	atomic_bool stale; /* load anew */
	atomic_int_fast64_t used_us;
	atomic_size_t bytes;
	pthread_mutex_t qlock;
	bool taking; /* is loaded or being loaded: notes are kept */
	struct note *first, **tail;
	size_t nnote;
};

/* Slots are few (one a campaign) and stay for the life of the process. */
static pthread_mutex_t registry_lock = PTHREAD_MUTEX_INITIALIZER;
static struct slot *registry;

static struct slot *slot_of(int64_t campaign_id, bool make)
{
	struct slot *s;

	pthread_mutex_lock(&registry_lock);
	for (s = registry; s && s->campaign_id != campaign_id; s = s->next)
		;
	if (!s && make) {
		s = tk_xcalloc(1, sizeof(*s));
		s->campaign_id = campaign_id;
		s->tail = &s->first;
		pthread_mutex_init(&s->lock, NULL);
		pthread_mutex_init(&s->qlock, NULL);
		s->next = registry;
		registry = s;
	}
	pthread_mutex_unlock(&registry_lock);
	return s;
}

static struct slot *first_slot(void)
{
	struct slot *s;

	pthread_mutex_lock(&registry_lock);
	s = registry; /* new ones go in front, and none is ever taken out */
	pthread_mutex_unlock(&registry_lock);
	return s;
}

/* -- notes ------------------------------------------------------------------------------------- */
static struct note *take_notes(struct slot *s, bool taking)
{
	struct note *n;

	pthread_mutex_lock(&s->qlock);
	n = s->first;
	s->first = NULL;
	s->tail = &s->first;
	s->nnote = 0;
	s->taking = taking;
	pthread_mutex_unlock(&s->qlock);
	return n;
}

static void free_notes(struct note *n)
{
	while (n) {
		struct note *next = n->next;
		free(n);
		n = next;
	}
}

/* Under the slot's lock.  A note that does not fit means that memory and database differ in a way
 * that only loading mends. */
static void apply_notes(struct slot *s)
{
	struct note *first = take_notes(s, true);
	struct tk_err e = {.lang = TK_EN};

	if (!first)
		return;
	tk_plane_wrlock(s->cur->pub.plane);
	for (struct note *n = first; n; n = n->next) {
		if (tk_live_apply(s->cur, n->id, n->state, n->answers, n->n, &e) == TK_OK)
			continue;
		if (e.rc != TK_ENOTFOUND)
			tk_log_err(TK_LOG_ERROR, "counting an answer", &e);
		atomic_store(&s->stale, true);
	}
	tk_plane_unlock(s->cur->pub.plane);
	free_notes(first);
}

void tk_live_note(int64_t campaign_id, int64_t respondent_id, const char *state,
	const uint8_t *answers, size_t n)
{
	struct slot *s = slot_of(campaign_id, false);
	struct note *note;
	size_t waiting = 0;

	if (!s)
		return;
	if (tk_live_state_of(state) != TK_LIVE_SUBMITTED)
		n = 0; /* only the state counts */
	note = tk_xmalloc(sizeof(*note) + n);
	*note = (struct note){NULL, respondent_id, tk_live_state_of(state), n};
	if (n)
		memcpy(note->answers, answers, n);
	pthread_mutex_lock(&s->qlock);
	if (s->taking) {
		*s->tail = note;
		s->tail = &note->next;
		waiting = ++s->nnote;
		note = NULL;
	}
	pthread_mutex_unlock(&s->qlock);
	free(note);
	if (waiting < MAX_QUEUE || pthread_mutex_trylock(&s->lock) != 0)
		return; /* a reader, or who loads, will apply them */
	if (s->cur)
		apply_notes(s);
	pthread_mutex_unlock(&s->lock);
}

void tk_live_forget(int64_t campaign_id)
{
	struct slot *s = slot_of(campaign_id, false);

	if (s)
		atomic_store(&s->stale, true);
}

/* -- loading ----------------------------------------------------------------------------------- */
/* Under the slot's lock; readers that still hold it keep it until they put it back. */
static void drop(struct slot *s)
{
	free_notes(take_notes(s, false));
	tk_live_unref(s->cur);
	s->cur = NULL;
	atomic_store(&s->bytes, 0);
}

void tk_live_forget_all(void)
{
	for (struct slot *s = first_slot(); s; s = s->next) {
		pthread_mutex_lock(&s->lock);
		drop(s);
		pthread_mutex_unlock(&s->lock);
	}
}

size_t tk_live_bytes(void)
{
	size_t sum = 0;

	for (struct slot *s = first_slot(); s; s = s->next)
		sum += atomic_load(&s->bytes);
	return sum;
}

/* Lets go of the campaigns nobody has looked at for longest, so that years of tables do not add up.
 */
static void make_room(const struct slot *keep)
{
	while (tk_live_bytes() > MAX_BYTES) {
		struct slot *oldest = NULL;

		for (struct slot *s = first_slot(); s; s = s->next)
			if (s != keep && atomic_load(&s->bytes) > 0 &&
				(!oldest ||
					atomic_load(&s->used_us) < atomic_load(&oldest->used_us)))
				oldest = s;
		if (!oldest || pthread_mutex_trylock(&oldest->lock) != 0)
			return;
		drop(oldest);
		pthread_mutex_unlock(&oldest->lock);
	}
}

/* Under the slot's lock.  What was noted before is committed, so the load sees it; what is noted
 * meanwhile is applied after it, and applying an answer twice changes nothing. */
static enum tk_rc load(const struct tk_op *op, struct slot *s, int64_t epoch)
{
	enum tk_rc rc;

	drop(s);
	free_notes(take_notes(s, true));
	atomic_store(&s->stale, false);
	if ((rc = tk_live_load(op, s->campaign_id, epoch, &s->cur)) != TK_OK) {
		drop(s);
		return rc;
	}
	atomic_store(&s->bytes, tk_live_size(s->cur));
	s->refresh_us = tk_mono_us();
	s->refresh_cost = 0;
	return TK_OK;
}

/* Other nodes write to the same PostgreSQL; an SQLite file has one server, and what the command
 * line writes to it counts the epoch up.  At most a tenth of the time goes into looking. */
static enum tk_rc refresh(const struct tk_op *op, struct slot *s)
{
	int64_t now = tk_mono_us();
	enum tk_rc rc;

	if (tk_db_kind(op->db) != TK_DB_POSTGRES ||
		now - s->refresh_us < s->refresh_cost * REFRESH_SHARE)
		return TK_OK;
	rc = tk_live_refresh(op, s->cur);
	s->refresh_us = tk_mono_us();
	s->refresh_cost = s->refresh_us - now;
	return rc;
}

static bool is_current(const struct slot *s, int64_t epoch, int64_t version_id)
{
	return s->cur && !atomic_load(&s->stale) && s->cur->epoch >= epoch &&
	       s->cur->pub.form->id == version_id;
}

/* Under the slot's lock. */
static enum tk_rc bring_up(
	const struct tk_op *op, struct slot *s, int64_t epoch, int64_t version_id)
{
	enum tk_rc rc;

	if (is_current(s, epoch, version_id)) {
		apply_notes(s);
		if ((rc = refresh(op, s)) != TK_OK)
			return rc;
	}
	if (!is_current(s, epoch, version_id)) {
		if ((rc = load(op, s, epoch)) != TK_OK)
			return rc;
		apply_notes(s);
	}
	return TK_OK;
}

static void hold(struct tk_live *l, struct tk_live_shared *s)
{
	tk_plane_rdlock(s->pub.plane);
	*l = s->pub;
	l->shared = s;
}

static void put_back(void *l) { tk_live_put(l); }

enum tk_rc tk_live_get(const struct tk_op *op, int64_t campaign_id, struct tk_live **ret)
{
	struct tk_live *l = tk_alloc(op->mem, sizeof(*l));
	struct tk_live_shared *own = NULL;
	struct slot *s;
	struct tk_value col[2] = {TK_NULL, TK_NULL};
	bool found = false;
	enum tk_rc rc;

	tk_on_free(op->mem, put_back, l); /* also when the arena's ceiling ends the request */
	rc = tk_db_first(op->db, op->mem, op->e,
		"SELECT epoch, form_version_id FROM campaign WHERE id = $1 AND deleted_at IS NULL",
		TK_ARGS(TK_I(campaign_id)), col, 2, &found);
	if (rc == TK_OK && !found)
		rc = tk_fail(op->e, TK_ENOTFOUND, NULL, N_("There is no such campaign."));
	if (rc != TK_OK)
		return rc;
	*ret = l;
	if (tk_db_in_tx(op->db)) {
		if ((rc = tk_live_load(op, campaign_id, col[0].i, &own)) == TK_OK)
			hold(l, own);
		return rc;
	}
	s = slot_of(campaign_id, true);
	pthread_mutex_lock(&s->lock);
	if ((rc = bring_up(op, s, col[0].i, col[1].i)) == TK_OK) {
		atomic_store(&s->used_us, tk_mono_us());
		atomic_fetch_add(&s->cur->refs, 1);
		hold(l, s->cur);
	}
	pthread_mutex_unlock(&s->lock);
	if (rc == TK_OK)
		make_room(s);
	return rc;
}

void tk_live_put(struct tk_live *l)
{
	struct tk_live_shared *s = l ? l->shared : NULL;

	if (!s)
		return;
	l->shared = NULL;
	tk_plane_unlock(s->pub.plane);
	tk_live_unref(s);
}
