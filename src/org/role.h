/* role.h - who holds which security role on a day (ORG-02 ... ORG-13, ORG-15, ORG-16).
 *
 * Most roles are held ex officio: rows of role_holder name a post, and without any row the heads of
 * divisions are found from post.is_head.  Some are nominated.  Audiences of the self-inspection are
 * derived from the roles.  Results live in op->mem; any thread with its own tk_op.
 */
#pragma once
#include "org/org.h"

/* id, label, how it may be held: P by post, N by nomination, O also by somebody from outside */
#define TK_ROLE_TABLE(X) \
	X(role_ciso, N_("Chief information security officer"), "PN") \
	X(role_general_officer, N_("General security officer"), "PN") \
	X(role_deputy_general_officer, N_("Deputy general security officer"), "PN") \
	X(role_bureau_officer, N_("Bureau security officer"), "PN") \
	X(role_system_officer, N_("System security officer"), "PN") \
	X(role_division_officer, N_("Division security officer"), "PN") \
	X(role_bureau_clerk, N_("Bureau security clerk"), "PN") \
	X(role_system_clerk, N_("System security clerk"), "PN") \
	X(role_division_clerk, N_("Division security clerk"), "PN") \
	X(role_audit_head, N_("Audit head"), "N") \
	X(role_adviser, N_("Security adviser"), "NO") \
	X(role_cio_aide, N_("CIO aide"), "PNO") \
	X(committee, N_("Security committee"), "PNO")

enum tk_role {
#define X(id, label, how) TK_ROLE_##id,
	TK_ROLE_TABLE(X)
#undef X
	TK_ROLE_MAX
};

extern const struct tk_rtype tk_role_conflict_type;
extern const struct tk_choice tk_role_choice[];         /* ends with { 0 } */
int  tk_role_index(const char *role);                   /* enum tk_role; -1: no such role */

struct tk_holder {
	int64_t      id;                /* of the row of role_holder; 0: by rule */
	enum tk_role role;
	int64_t      staff_id;          /* 0: from outside, or nobody */
	const char  *name;              /* NULL: nobody holds the post now */
	const char  *kind;              /* "post", "nominee", "outside" */
	int64_t      post_id;
	const char *post; /* of the holder, or through which it is held; may be NULL */
	int64_t      bureau_id, division_id;    /* for which unit; 0: the whole organisation */
	const char  *division;          /* its name, may be NULL */
};
typedef enum tk_rc (*tk_holder_fn)(void *ctx, const struct tk_holder *h);
/* Everybody who holds a role (NULL: any role) on that day. */
enum tk_rc tk_role_holders(const struct tk_op *op, const char *role, const char *date,
			   tk_holder_fn fn, void *ctx) TK_MUST_USE;

/* The audiences of ORG-13. */
enum { TK_AUD_ALL_STAFF = 1, TK_AUD_DIVISION_HEAD = 2, TK_AUD_SYSTEM_ADMIN = 4 };
struct tk_audience {
	int64_t     staff_id, division_id, bureau_id, post_id;
	const char *staff_number, *name;
	unsigned    flags;
	const char *roles;              /* identifiers, blank-separated, "" if none */
};
typedef enum tk_rc (*tk_audience_fn)(void *ctx, const struct tk_audience *a);
/* Once for each member of staff in office on that day, in order of division and staff number.  The
 * rows come from one streamed query: fn may not use op->db, and what it gets lives until it
 * returns. */
enum tk_rc tk_audiences(const struct tk_op *op, const char *date, tk_audience_fn fn,
			void *ctx) TK_MUST_USE;

/* The printed title of a role in the set that the setting title_set names ("founding" when unset);
 * the plain label where the set has none. */
enum tk_rc tk_role_title_of(const struct tk_op *op, const char *role, enum tk_lang lang,
			    const char **ret) TK_MUST_USE;

/* What a row of role_holder must hold before it is saved. */
enum tk_rc tk_role_check(const struct tk_op *op, struct tk_role_holder *h) TK_MUST_USE;
