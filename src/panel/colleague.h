/* colleague.h - the accounts of one institution, in the hands of its coordinators (SRV-01).
 *
 * A coordinator invites colleagues of the own institution only, by mail address: whoever is a
 * contact person there already gets a new link instead of a second account.  Everything is done as
 * the program, after the rule has asked; nothing here keeps state, any thread with its own tk_op.
 */
#pragma once
#include "record/record.h"

struct tk_colleague {
	int64_t     account_id, last_sign_in_at;
	const char *name, *login, *mail, *state;        /* state: invited, active, locked */
	bool        coordinator, you;
};
typedef void (*tk_colleague_fn)(void *ctx, const struct tk_colleague *c);
/* All of them, or (account_id) the one; TK_ENOTFOUND when it is of another institution. */
enum tk_rc tk_colleagues(const struct tk_op *op, int64_t account_id, tk_colleague_fn fn,
			 void *ctx) TK_MUST_USE;

struct tk_colleague_new {
	const char *name, *mail, *base_url;
	bool        coordinator, send_mail;
};
/* *ret_url: the link, for who gets no mail; else NULL. */
enum tk_rc tk_colleague_invite(const struct tk_op *op, const struct tk_colleague_new *n,
			       int64_t *ret_account, const char **ret_url) TK_MUST_USE;
/* NULL: as it is.  Nobody locks or demotes the own account, so one coordinator is always left. */
enum tk_rc tk_colleague_change(const struct tk_op *op, int64_t account_id, const bool *locked,
			       const bool *coordinator) TK_MUST_USE;
