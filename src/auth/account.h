/* account.h - accounts and the roles given to them, as record types, and the rules about them.
 *
 * Whoever manages accounts may invite and lock people, but the accounts and the role of
 * administrators are in administrators' hands alone, and the last administrator stays.
 */
#pragma once
#include "auth/access.h"

struct tk_account {
	struct tk_rec r;
	const char *login, *name, *state, *lang, *password;
	int64_t staff_id, failed_count, locked_until, last_sign_in_at;
	int64_t institution_id, contact_id;     /* of an institution's account */
};
struct tk_account_role {
	struct tk_rec r;
	int64_t account_id, bureau_id, division_id;
	const char *role;
};
extern const struct tk_rtype tk_account, tk_account_role;

/* The form in which logins are stored and compared: plain width, lower case, no outer blanks. */
char *tk_login_plain(struct tk_arena *a, const char *login);
/* TK_EPERM when the account is an administrator's and the actor is neither one nor the system. */
enum tk_rc tk_account_guard(const struct tk_op *op, int64_t account_id) TK_MUST_USE;
/* Id of the account with that login; 0: none. */
enum tk_rc tk_account_by_login(const struct tk_op *op, const char *login, int64_t *ret) TK_MUST_USE;
/* The staff member's account, made in state "invited" (login = staff number) when there is none. */
enum tk_rc tk_account_for_staff(const struct tk_op *op, int64_t staff_id, int64_t *ret,
				bool *made) TK_MUST_USE;
/* The account of an institution's contact person, made in state "invited" when there is none: as a
 * coordinator or a respondent, with the institution's code or the mail address as its login. */
enum tk_rc tk_account_for_contact(const struct tk_op *op, int64_t contact_id, bool coordinator,
				  int64_t *ret, bool *made) TK_MUST_USE;
/* Stores a verifier made by tk_password_make(), makes the account active, forgets failures. */
enum tk_rc tk_account_set_password(const struct tk_op *op, int64_t account_id,
				   const char *verifier) TK_MUST_USE;
