/* role.h - the roles of Tenken and the permission matrix: role x permission -> scope.
 *
 * Roles are about using the program; the offices of the security organisation (CISO, officers,
 * clerks) are role holders of src/org and lead to roles here (person.h).  A person may hold several:
 * the widest scope wins for each permission.  Const data, any thread.
 */
#pragma once
#include "record/record.h"

enum tk_role {
	TK_ROLE_ADMIN,          /* runs Tenken: accounts, trail, mail; no answers, no tables */
	TK_ROLE_OFFICE,         /* the responsible department */
	TK_ROLE_CISO, TK_ROLE_DIVISION_HEAD, TK_ROLE_SYSTEM_ADMIN, TK_ROLE_STAFF,
	TK_ROLE_AUDITOR,        /* reads everything, changes nothing */
	TK_ROLE_MAX
};

/* Code (JSON, database) and label, in the order of enum tk_role; ends with { 0 }. */
extern const struct tk_choice tk_role_choice[];
/* TK_ROLE_MAX: no such role. */
enum tk_role  tk_role_by_code(const char *code);
enum tk_scope tk_role_scope(enum tk_role r, enum tk_perm p);
/* May the role be limited to bureaus or divisions?  The others are for the whole organisation. */
bool          tk_role_has_unit(enum tk_role r);
/* Adds what the role grants.  division and bureau (0: none) are the units it is held for; a bureau
 * without a division raises the scope "division" to "bureau". */
void          tk_role_grant(struct tk_who *w, enum tk_role r, int64_t division, int64_t bureau);
