/* sign_in.h - the rules of signing in with a password, with a link, and of changing the password.
 *
 * Each is two steps, as a request is (http.h): the first reads and runs argon2 on a reader's
 * thread, the second writes in a transaction.  A refusal is itself written (counted and in the
 * trail), so the second step says by `in` whether it let the person in; op->e then holds what to
 * tell, which is the same sentence for an unknown login, a wrong password and a locked account.
 */
#pragma once
#include "auth/attempt.h"
#include "auth/link.h"
#include "auth/session.h"

struct tk_sign_in {
	struct tk_attempt by_login, by_peer;
	struct tk_person  person;       /* who.account_id 0: no such account */
	const char *verifier; /* of the new password; when signing in: the one that matched */
	const char       *reason;       /* of the failure, for the trail */
	bool              in;
	struct tk_session session;
};

/* TK_ERATE while one must wait, TK_EBUSY when too many sign in at once. */
enum tk_rc tk_sign_in_check(const struct tk_op *op, const char *peer, const char *login,
			    const char *password, struct tk_sign_in *s) TK_MUST_USE;
/* old_digest: the session that the new one replaces, or NULL. */
enum tk_rc tk_sign_in_finish(const struct tk_op *op, const char *old_digest,
			     struct tk_sign_in *s) TK_MUST_USE;

/* A session for somebody whose right to it is settled; `action` and `detail` go to the trail. */
enum tk_rc tk_sign_in_as(const struct tk_op *op, const struct tk_person *p, const char *old_digest,
			 const char *action, const char *detail,
			 struct tk_session *ret) TK_MUST_USE;

enum tk_rc tk_change_check(const struct tk_op *op, const char *peer, const char *old,
			   const char *new_password, struct tk_sign_in *s) TK_MUST_USE;
/* Ends the account's other sessions. */
enum tk_rc tk_change_finish(const struct tk_op *op, const char *digest,
			    struct tk_sign_in *s) TK_MUST_USE;

enum tk_rc tk_sign_out(const struct tk_op *op, const char *digest) TK_MUST_USE;
