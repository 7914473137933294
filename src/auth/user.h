/* user.h - accounts from the command line: tenken user add | list | reset | roles.
 *
 * The caller holds the transaction and acts as the system (tk_who_system).  One thread.
 */
#pragma once
#include "auth/link.h"

/* roles: codes with commas or blanks between, may be NULL.  password NULL: the account is invited,
 * and *ret_token (may be NULL otherwise) is a one-time link's token. */
enum tk_rc tk_user_add(const struct tk_op *op, const char *login, const char *name,
		       const char *password, const char *roles, char **ret_token) TK_MUST_USE;

struct tk_user {
	int64_t     id, last_sign_in_at;
	const char *login, *name, *state;
	const char *roles;              /* effective roles' codes, blanks between */
};
typedef enum tk_rc (*tk_user_fn)(void *ctx, const struct tk_user *u);
enum tk_rc tk_user_list(const struct tk_op *op, tk_user_fn fn, void *ctx) TK_MUST_USE;

/* A new password, or (password NULL) a one-time link.  Unlocks, and ends all sessions. */
enum tk_rc tk_user_reset(const struct tk_op *op, const char *login, const char *password,
			 char **ret_token) TK_MUST_USE;
/* The roles given to the account become exactly these (those from the roster stay as they are). */
enum tk_rc tk_user_roles(const struct tk_op *op, const char *login, const char *roles) TK_MUST_USE;
