/* person.h - an account with its staff member and its effective roles: what a request acts as.
 *
 * Effective roles are the rows of account_role and those derived from the organisation:
 *   staff          the account belongs to a staff member who has not left
 *   division_head  the staff member holds role_division_officer, or is head of the own division by
 *                  post where no other holder is recorded for it
 *   system_admin   the staff member holds role_system_officer, or heads by post a division that
 *                  owns systems, where no other holder is recorded
 * coordinator and respondent are the roles of accounts of institutions (account.institution_id),
 * which can have no others.
 *
 * A staff member who has left (left_on before today) gets nothing and may not sign in.  The result
 * lives in the operation's arena; one thread.
 */
#pragma once
#include "auth/access.h"

struct tk_person {
	struct tk_who who;              /* source is NULL: the caller knows where from */
	const char *login, *name, *state, *lang;        /* lang NULL: not chosen */
	const char *password;           /* verifier; NULL: none yet */
	unsigned    roles;              /* bit per enum tk_access */
	bool        may_sign_in;        /* active and not left */
	bool        usable;             /* neither locked nor left: a link may still activate it */
	/* the staff member; 0 and NULL when there is none.  Names are in op->e->lang. */
	int64_t     staff_id, division_id, bureau_id;
	const char *staff_number, *kana, *division, *bureau, *post;
	const char *institution;        /* its name, of an institution's account */
};

/* TK_ENOTFOUND when there is no such account. */
enum tk_rc tk_person_load(const struct tk_op *op, int64_t account_id,
			  struct tk_person *ret) TK_MUST_USE;
/* The person of a session; *found is false when there is none.  expires_at and seen_at as stored.
 * */
struct tk_session_row { const char *csrf; int64_t seen_at, expires_at; };
enum tk_rc tk_person_of_session(const struct tk_op *op, const char *digest, struct tk_person *ret,
				struct tk_session_row *s, bool *found) TK_MUST_USE;
