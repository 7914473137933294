/* fixture.h - a small organisation with accounts, and requests made by hand.
 *
 * Bureau 1 has division 10 (owns a system) and 11, bureau 2 has division 20.  Staff: 100 head of
 * division 10, 101 of division 10, 110 head of 11, 111 of 11, 200 of 20, 109 of 10 who has left.
 */
#pragma once
#include "testdb.h"
#include "auth/account.h"
#include "auth/auth_api.h"
#include "auth/session.h"
#include "http/work.h"

#define GOOD_PASSWORD "correct horse battery 7"

struct fix {
	struct testdb *t;
	struct tk_who  who;             /* the system */
	struct tk_op   op;
	const struct tk_server *server; /* for requests; NULL */
};

void fix_up(struct fix *f, struct testdb *t);
void fix_exec(struct fix *f, const char *sql);
/* An active account with GOOD_PASSWORD; roles as for tk_user_add. */
int64_t fix_account(struct fix *f, const char *login, int64_t staff_id, const char *roles);

/* One request over the routes of src/auth.  cookie and csrf may be NULL. */
struct reply { int status; const char *body, *cookie, *set_cookie, *csrf; };
struct reply fix_call(struct fix *f, const char *method, const char *path, const char *body,
		      const char *cookie, const char *csrf);
/* Signs in; the reply's cookie is ready to be sent back. */
struct reply fix_sign_in(struct fix *f, const char *login, const char *password);
