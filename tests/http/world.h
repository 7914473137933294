/* world.h - the demonstration agency in a fresh database, one person for each role, and requests
 * that go through the whole path of src/http but for the network.
 *
 * One world serves a whole group of tests: what a test changes it rolls back (the default) or means
 * to leave (call.keep).  Results live in the arena of the world.  One thread.
 */
#pragma once
#include "../support/testdb.h"
#include "auth/access.h"
#include "http/work.h"

enum actor_id {
	A_ADMIN, A_OFFICE, A_CISO, A_HEAD, A_SYSTEM, A_STAFF, A_AUDITOR,        /* as enum tk_access */
	A_COORDINATOR, A_RESPONDENT,    /* of one institution, which is asked in no campaign of the agency */
	A_HEAD2, A_STAFF2, A_STAFF3,    /* head of another division; a colleague of A_STAFF; one of A_HEAD2's */
	A_AUDIT_HEAD, A_ADVISER, A_CIO_AIDE,
	A_MAX, A_NOBODY = A_MAX
};

struct actor {
	const char *name, *login, *cookie, *csrf, *digest;
	int64_t     account, staff, division, bureau, respondent;       /* 0: none; respondent: of the open campaign */
	struct tk_who who;
};

struct world {
	struct testdb *t;
	struct tk_who  system;
	struct tk_op   op;
	struct actor   actor[A_MAX];
	int64_t        open, closed;    /* campaigns */
};

struct call {
	const char *body, *if_match, *key, *csrf, *host, *peer;
	size_t      n;                  /* 0: the length of body */
	bool        no_csrf, keep, forwarded, ja;
	size_t      mem;                /* ceiling of the arena; 0: 256 MiB */
};
struct reply { int status; const char *body, *type; size_t n; struct tk_pair header[TK_MAX_HEADER]; size_t nheader; };

/* cmocka's group set-up and tear-down; *state becomes the world (NULL without a PostgreSQL). */
int world_sqlite(void **state);
int world_postgres(void **state);
int world_down(void **state);
struct world *world_of(void **state);   /* skips when there is none */

/* path may carry a query ("?a=b&c=d", not percent-encoded). */
struct reply ask_with(struct world *w, enum actor_id who, const char *method, const char *path, struct call c);
struct reply get(struct world *w, enum actor_id who, const char *path);
#define ask(w, who, method, path, ...) ask_with((w), (who), (method), (path), (struct call){ __VA_ARGS__ })
const char *reply_header(const struct reply *r, const char *name);
int64_t world_int(struct world *w, const char *sql, int64_t arg);
const char *world_text(struct world *w, const char *sql, int64_t arg);  /* "" when there is none */
/* A member of the reply's object as text; numbers are printed. */
const char *reply_member(struct world *w, const struct reply *r, const char *name);
char *fmt(struct world *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define STATUS(r, want) do { struct reply r_ = (r); if (r_.status != (want)) \
	fail_msg("%s:%d: status %d, not %d: %.600s", __FILE__, __LINE__, r_.status, (want), r_.body); } while (0)
#define HAS(r, s) do { if (!strstr((r).body, (s))) fail_msg("%s is not in %.900s", (s), (r).body); } while (0)
#define HAS_NOT(r, s) do { if (strstr((r).body, (s))) fail_msg("%s is in %.900s", (s), (r).body); } while (0)
