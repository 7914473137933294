/* role_conflict.c - roles that nobody may hold together: data that the office can add to (ORG-15).
 */
#include <string.h>
#include "org/role.h"

enum { BUILT_IN = 9 };  /* rows of the migration: the auditor is never the audited */
struct role_conflict {
	struct tk_rec rec;
	const char *role, *other, *reason;
};
#define F struct role_conflict
static const struct tk_field field[] = {
	TK_ENUM(F, role, .label = N_("Role"), .flags = TK_REQUIRED | TK_LIST,
		.choice = tk_role_choice),
	TK_ENUM(F, other, .label = N_("Not together with"), .flags = TK_REQUIRED | TK_LIST,
		.choice = tk_role_choice),
	TK_TEXT(F, reason, .label = N_("Reason"), .flags = TK_LIST, .max = 500),
};

static enum tk_rc check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	const struct role_conflict *c = now;
	int64_t other = 0;
	enum tk_rc rc;

	if (c->rec.id <= BUILT_IN && (deleted || was))
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("That who audits is not audited belongs to the rules of the "
				  "program and stays."));
	if (deleted || !c->role || !c->other)
		return TK_OK;
	if (!strcmp(c->role, c->other))
		return tk_fail(op->e, TK_EINVAL, "other", N_("Choose another role."));
	rc = tk_db_int(op->db, op->e,
		       "SELECT id FROM role_conflict WHERE ((role = $1 AND other = $2) OR (role = "
		       "$2 AND other = $1)) AND id <> $3 AND deleted_at IS NULL",
		       TK_ARGS(TK_S(c->role), TK_S(c->other), TK_I(c->rec.id)), 0, &other);
	if (rc == TK_OK && other)
		return tk_fail(op->e, TK_ECONFLICT, "other",
			       N_("These two exclude each other already."));
	return rc;
}

const struct tk_rtype tk_role_conflict_type = {
	.name = "role_conflict",
	.path = "role-conflicts",
	.table = "role_conflict",
	.label = N_("Roles that exclude each other"),
	.label_plural = N_("Roles that exclude each other"),
	.group = "organisation",
	.size = sizeof(F),
	.field = field,
	.nfield = TK_LEN(field),
	.order = "role",
	.flags = TK_T_COMMON,
	.read = TK_P_ORG_READ,
	.write = TK_P_ORG_WRITE,
	.grade = 1,
	.check = check,
};
