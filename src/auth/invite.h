/* invite.h - accounts and one-time links for the staff of a division, of a list, or all.
 *
 * Staff members who have left, and those who already set a password, are passed over unless they
 * are named one by one (they get a link for a new password).  Mails go to the outbox, without the
 * token itself (outbox.h); who has no address is not mailed.  One call makes at most TK_INVITE_MAX,
 * so that the writer is free again soon; `remaining` says how many are still to be invited.
 */
#pragma once
#include "auth/link.h"

enum { TK_INVITE_MAX = 2000 };

struct tk_invite {
	int64_t        division_id;     /* one of these three */
	const int64_t *staff;
	size_t         nstaff;
	bool           all;             /* those without an account, or whose link has run out */
	bool           send_mail;
	const char    *base_url;        /* "https://tenken.example.go.jp" */
};
struct tk_invited {
	const char *staff_number, *name, *mail, *login, *url;
	int64_t     expires_at;
	bool        mailed;
};
typedef void (*tk_invited_fn)(void *ctx, const struct tk_invited *i);

enum tk_rc tk_invite_run(const struct tk_op *op, const struct tk_invite *v, tk_invited_fn fn,
			 void *ctx, int64_t *ret_made, int64_t *ret_remaining) TK_MUST_USE;
