#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "auth/cache.h"
#include "auth/session.h"
#include "base/clock.h"

enum { SLOTS = 1024, KEEP_US = 5000000, HOLD_US = 2000000, NSEEN = 4096 };

/* dead: forgotten a moment ago; a reader that still saw the old rows may not put it back. */
struct slot { struct tk_known k; int64_t until_us; bool dead; };
struct seen { char digest[TK_SHA256_HEX]; int64_t at; };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct slot slot[SLOTS];
static int64_t hold_until_us;
static struct seen seen[NSEEN];
static size_t nseen;

static struct slot *slot_of(const char *digest)
{
	char head[9] = { 0 };

	memcpy(head, digest, 8);        /* hexadecimal digits of a SHA-256: evenly spread */
	return &slot[strtoul(head, NULL, 16) % SLOTS];
}

bool tk_known_get(const char *digest, struct tk_known *ret)
{
	struct slot *s = slot_of(digest);
	bool hit;

	pthread_mutex_lock(&lock);
	hit = !s->dead && s->until_us > tk_mono_us() && !strcmp(s->k.digest, digest);
	if (hit)
		*ret = s->k;
	pthread_mutex_unlock(&lock);
	return hit;
}

void tk_known_put(const struct tk_known *k)
{
	struct slot *s = slot_of(k->digest);
	int64_t now = tk_mono_us();

	pthread_mutex_lock(&lock);
	if (now >= hold_until_us && !(s->dead && s->until_us > now)) {
		s->k = *k;
		s->until_us = now + KEEP_US;
		s->dead = false;
	}
	pthread_mutex_unlock(&lock);
}

void tk_auth_forget(const char *digest)
{
	struct slot *s = slot_of(digest);

	pthread_mutex_lock(&lock);
	s->dead = true;
	s->until_us = tk_mono_us() + HOLD_US;
	pthread_mutex_unlock(&lock);
}

/* The change is not committed yet when a record's hook calls this: nothing is kept until it surely
 * is. */
void tk_auth_forget_all(void)
{
	pthread_mutex_lock(&lock);
	for (size_t i = 0; i < SLOTS; i++)
		slot[i].until_us = 0;
	hold_until_us = tk_mono_us() + HOLD_US;
	pthread_mutex_unlock(&lock);
}

/* A session noted twice does no harm: it is looked up once in KEEP_US at most. */
void tk_seen_add(const char *digest, int64_t at)
{
	pthread_mutex_lock(&lock);
	if (nseen < NSEEN && strlen(digest) < TK_SHA256_HEX) {
		strcpy(seen[nseen].digest, digest);
		seen[nseen++].at = at;
	}
	pthread_mutex_unlock(&lock);
}

bool tk_seen_take(char digest[TK_SHA256_HEX], int64_t *at)
{
	bool got;

	pthread_mutex_lock(&lock);
	got = nseen > 0;
	if (got) {
		nseen--;
		memcpy(digest, seen[nseen].digest, TK_SHA256_HEX);
		*at = seen[nseen].at;
	}
	pthread_mutex_unlock(&lock);
	return got;
}

bool tk_seen_any(void)
{
	bool any;

	pthread_mutex_lock(&lock);
	any = nseen > 0;
	pthread_mutex_unlock(&lock);
	return any;
}
