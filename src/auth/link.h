/* link.h - one-time links: how a person sets the first password, or a new one, without knowing one.
 *
 * 32 random bytes, of which the database keeps only the SHA-256; good for 7 days and for one use.
 * A newer link of an account ends the older ones.  Results live in the operation's arena; one
 * thread.
 */
#pragma once
#include "auth/person.h"

enum { TK_LINK_LIFE = 7 * 24 * 60 * 60 };

struct tk_link {
	int64_t          expires_at;
	const char      *purpose;       /* "activate", "reset" */
	struct tk_person person;
};

/* Needs account.manage; an administrator's link needs an administrator (account.h). */
enum tk_rc tk_link_new(const struct tk_op *op, int64_t account_id, const char *purpose,
		       char **ret_token, int64_t *ret_expires) TK_MUST_USE;
/* TK_EGONE when it was used, has expired, or the account may not be used any more. */
enum tk_rc tk_link_load(const struct tk_op *op, const char *token, struct tk_link *ret) TK_MUST_USE;
/* In a transaction: marks it used, sets the password, ends every session of the account. */
enum tk_rc tk_link_use(const struct tk_op *op, const char *token, const char *verifier,
		       struct tk_link *ret) TK_MUST_USE;
