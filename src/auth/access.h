/* access.h - the roles of accounts and the permission matrix: role x permission -> scope.
 *
 * Roles are about using the program; the offices of the security organisation (CISO, officers,
 * clerks) are role holders of src/org and lead to roles here (person.h).  A person may hold
 * several: the widest scope wins for each permission.  Const data, any thread.
 */
#pragma once
#include "record/record.h"

enum tk_access {
	TK_ACCESS_ADMIN,          /* runs Tenken: accounts, trail, mail; no answers, no tables */
	TK_ACCESS_OFFICE,         /* the responsible department */
	TK_ACCESS_CISO, TK_ACCESS_DIVISION_HEAD, TK_ACCESS_SYSTEM_ADMIN, TK_ACCESS_STAFF,
	TK_ACCESS_AUDITOR,        /* reads everything, changes nothing */
	TK_ACCESS_COORDINATOR,    /* of an institution: all its answers, its colleagues, submits */
	TK_ACCESS_RESPONDENT,     /* of an institution: the sections given to the account */
	TK_ACCESS_AUDIT_HEAD,     /* plans and carries out the audit (ORG-08) */
	TK_ACCESS_ADVISER,        /* the security adviser (ORG-09) */
	TK_ACCESS_CIO_AIDE,       /* gives the opinion on specifications (OUT-02) */
	TK_ACCESS_MAX
};

/* Code (JSON, database) and label, in the order of enum tk_access; ends with { 0 }. */
extern const struct tk_choice tk_access_choice[];
/* TK_ACCESS_MAX: no such role. */
enum tk_access  tk_access_by_code(const char *code);
enum tk_scope tk_access_scope(enum tk_access r, enum tk_perm p);
/* Is it a role of an institution's account, which can have no other? */
bool          tk_access_is_panel(enum tk_access r);
/* May the role be limited to bureaus or divisions?  The others are for the whole organisation. */
bool          tk_access_has_unit(enum tk_access r);
/* Adds what the role grants.  division and bureau (0: none) are the units it is held for; a bureau
 * without a division raises the scope "division" to "bureau". */
void          tk_access_grant(struct tk_who *w, enum tk_access r, int64_t division, int64_t bureau);
