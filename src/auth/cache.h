/* cache.h - what tk_auth() read, kept for a few seconds; and the sessions seen since the last tick.
 * Private to src/auth.  Fixed memory, one lock, any thread; nothing is allocated under the lock. */
#pragma once
#include "base/hash.h"
#include "record/perm.h"

struct tk_known {
	char          digest[TK_SHA256_HEX], csrf[48], name[404];
	struct tk_who who;              /* name and source are not kept in here */
	int64_t ends_at; /* the session's end, idle or absolute, whichever is first */
	int8_t        lang;             /* enum tk_lang, -1: not chosen */
};

bool tk_known_get(const char *digest, struct tk_known *ret);
void tk_known_put(const struct tk_known *k);
/* Notes that the session was used at that time; when there are too many the note is lost, and made
 * again at the session's next look-up. */
void tk_seen_add(const char *digest, int64_t at);
/* Hands out one note; false when there is none. */
bool tk_seen_take(char digest[TK_SHA256_HEX], int64_t *at);
bool tk_seen_any(void);
