/* life.h - registers whose every record has a life: it is a case.
 *
 * The record's struct holds a struct tk_life, its table of fields ends with TK_LIFE_FIELDS, and its
 * descriptor names the case type and the scope columns:
 *
 *	.scope_own = TK_LIFE_OWN, .scope_division = "division_id", .life = &thing_case
 *
 * From that come receipt number, requester, owner, deputy, due date, the state in the list and its
 * filters, the log, and the rule that a record is only changed in the states that the case type
 * calls editable.  The state lives in the case; the record carries a copy that tk_case_move() keeps
 * in the same transaction.  The hooks `check` and `saved` stay free for rules of the module; they
 * run after the ones here.  Any thread with its own tk_op.
 *
 * Columns: receipt_no TEXT NOT NULL, state TEXT NOT NULL, due_on TEXT, requester_staff_id BIGINT,
 * owner_staff_id BIGINT, deputy_staff_id BIGINT, division_id BIGINT, closed_at BIGINT.
 */
#pragma once
#include "case/case.h"
#include "record/org_types.h"

struct tk_life {
	const char *receipt_no, *state, *due_on;
	int64_t     requester_staff_id, owner_staff_id, deputy_staff_id, division_id;
	int64_t     closed_at;
};
#define TK_LIFE_OWN "requester_staff_id owner_staff_id deputy_staff_id"

#define TK_LIFE_FIELD(S, m, T, ft, ...) \
	{ .name = #m, .type = (ft), .offset = TK_OFF(S, life.m, T), __VA_ARGS__ }
/* S has a member `struct tk_life life`; states: the array of the case type. */
#define TK_LIFE_FIELDS(S, states) \
	TK_LIFE_FIELD(S, receipt_no, const char *, TK_F_TEXT, .label = N_("Receipt number"), \
		      .max = 32, .flags = TK_READONLY | TK_LIST | TK_UNIQUE | TK_SEARCH), \
	TK_LIFE_FIELD(S, state, const char *, TK_F_ENUM, .label = N_("State"), \
		      .flags = TK_READONLY | TK_LIST, .choice = (states)), \
	TK_LIFE_FIELD(S, due_on, const char *, TK_F_DATE, .label = N_("Due on"), \
		      .flags = TK_LIST), \
	TK_LIFE_FIELD(S, requester_staff_id, int64_t, TK_F_REF, .label = N_("Requested by"), \
		      .flags = TK_READONLY, .ref = &tk_staff), \
	TK_LIFE_FIELD(S, owner_staff_id, int64_t, TK_F_REF, .label = N_("Owner"), \
		      .flags = TK_LIST, .ref = &tk_staff), \
	TK_LIFE_FIELD(S, deputy_staff_id, int64_t, TK_F_REF, .label = N_("Deputy"), \
		      .ref = &tk_staff), \
	TK_LIFE_FIELD(S, division_id, int64_t, TK_F_REF, .label = N_("Division"), \
		      .flags = TK_LIST, .ref = &tk_division), \
	TK_LIFE_FIELD(S, closed_at, int64_t, TK_F_TIME, .label = N_("Closed at"), \
		      .flags = TK_READONLY)

/* Set into tk_life_hooks by tk_case_types_set().
 * check: new: first state, receipt number, requester and (unless given) the requester's division.
 * Changed: refused unless the state is editable; owner, deputy and due date may change while the
 * case is not closed.
 * saved: opens the case, keeps it in step, deletes it with its record. */
enum tk_rc tk_life_check(const struct tk_op *op, const struct tk_rtype *t, const void *was,
			 void *now, bool deleted) TK_MUST_USE;
enum tk_rc tk_life_saved(const struct tk_op *op, const struct tk_rtype *t, const void *was,
			 const void *now, bool deleted) TK_MUST_USE;
/* Files are added while the case is not closed; removed where the record may be changed, or by who
 * sees to more than their own. */
enum tk_rc tk_life_attach(const struct tk_op *op, const struct tk_rtype *t, const void *rec,
			  bool remove) TK_MUST_USE;
/* Called when a case changes: state, closing time, owner and deputy into its record. */
enum tk_rc tk_life_follow(const struct tk_op *op, const struct tk_case *c) TK_MUST_USE;
/* Moves the case of a record: permission, rules and log as by tk_case_move(). */
enum tk_rc tk_life_move(const struct tk_op *op, const struct tk_rtype *t, int64_t id,
			const char *action, const char *comment) TK_MUST_USE;
/* The case of a record that the person may read. */
enum tk_rc tk_life_case(const struct tk_op *op, const struct tk_rtype *t, int64_t id,
			struct tk_case *ret) TK_MUST_USE;
