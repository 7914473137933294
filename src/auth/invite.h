/* invite.h - accounts and one-time links for the staff of a division, of a list, or all; and for
 * the coordinators of institutions.
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

/* A mail with the link, in the person's language (lang NULL: Japanese).  kind: of the template. */
struct tk_invite_mail {
	const char *kind, *to, *name, *lang, *base_url, *token;
	int64_t     staff_id, division_id, expires_at;
};
enum tk_rc tk_invite_mail(const struct tk_op *op, const struct tk_invite_mail *m) TK_MUST_USE;
/* A new link for an account, told in *i and, with send and an address, mailed.  m: kind, to, name,
 * lang, base_url and whose it is; token and expires_at are filled in.  active: the account has a
 * password already, so the link is for setting a new one. */
enum tk_rc tk_invite_account(const struct tk_op *op, int64_t account, bool active, bool send,
			     struct tk_invite_mail *m, struct tk_invited *i) TK_MUST_USE;

/* The coordinating contact persons of institutions (invite_panel.c).  Those named get a link in any
 * case; of `all` those without an account, or whose link has run out. */
struct tk_invite_panel {
	const int64_t *institution;
	size_t         ninstitution;
	bool           all, send_mail;
	const char    *base_url;
};
/* staff_number of struct tk_invited is the code of the institution, name the person's. */
enum tk_rc tk_invite_panel_run(const struct tk_op *op, const struct tk_invite_panel *v,
			       tk_invited_fn fn, void *ctx, int64_t *ret_made) TK_MUST_USE;
/* Institutions of the panel in which nobody can be invited: no contact person coordinates. */
struct tk_uncoordinated { int64_t id; const char *code, *name; };
typedef void (*tk_uncoordinated_fn)(void *ctx, const struct tk_uncoordinated *i);
enum tk_rc tk_invite_panel_without(const struct tk_op *op, tk_uncoordinated_fn fn,
				   void *ctx) TK_MUST_USE;

enum tk_rc tk_invite_run(const struct tk_op *op, const struct tk_invite *v, tk_invited_fn fn,
			 void *ctx, int64_t *ret_made, int64_t *ret_remaining) TK_MUST_USE;
