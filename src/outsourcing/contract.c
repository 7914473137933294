/* contract.c - contracts with what was agreed in them, subcontracts in a chain, and the check
 * before a contractor is connected (OUT-02, OUT-05, OUT-06). */
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "outsourcing/outsourcing.h"

enum { CONFIRM_MONTHS = 6, CHAIN_MAX = 20 };
static const char *const note_alias[] = { "備考", NULL };
static const char *const contractor_alias[] = { "委託先", "契約相手方", "事業者名", NULL };
static const char *const contract_alias[] = { "契約", "契約件名", NULL };

/* -- contract ---------------------------------------------------------------------------------- */
#define F struct tk_contract
static const char *const spec_alias[] = { "調達仕様書", "調達件名", NULL };
static const char *const number_alias[] = { "契約番号", NULL };
static const char *const title_alias[] = { "契約件名", "件名", NULL };
static const char *const signed_alias[] = { "契約日", "締結日", NULL };
static const char *const from_alias[] = { "契約期間（自）", "契約開始日", "開始日", NULL };
static const char *const to_alias[] = { "契約期間（至）", "契約終了日", "終了日", NULL };
static const char *const amount_alias[] = { "契約金額", "金額", NULL };
static const char *const obligations_alias[] = { "遵守事項", NULL };
static const char *const level_alias[] = { "対策水準", NULL };
static const char *const months_alias[] = { "確認間隔（月）", "確認間隔", NULL };
static const struct tk_field contract_field[] = {
	TK_REF(F, spec_id, .label = N_("Procurement specification"), .alias = spec_alias,
		.ref = &tk_procurement_spec_type, .flags = TK_REQUIRED | TK_FIXED),
	TK_TEXT(F, number, .label = N_("Contract number"), .alias = number_alias, .max = 60,
		.flags = TK_SEARCH | TK_PLAIN),
	TK_TEXT(F, title, .label = N_("Contract"), .alias = title_alias, .max = 200,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH),
	TK_REF(F, contractor_id, .label = N_("Contractor"), .alias = contractor_alias,
		.ref = &tk_contractor, .flags = TK_REQUIRED | TK_LIST),
	TK_DATE(F, signed_on, .label = N_("Signed on"), .alias = signed_alias,
		.flags = TK_REQUIRED),
	TK_DATE(F, from_on, .label = N_("From"), .alias = from_alias,
		.flags = TK_REQUIRED | TK_LIST),
	TK_DATE(F, to_on, .label = N_("Until"), .alias = to_alias,
		.flags = TK_REQUIRED | TK_LIST),
	TK_INT(F, amount, .label = N_("Amount (yen)"), .alias = amount_alias, .min = 0,
		.max = INT64_C(10000000000000)),
	TK_LONG(F, obligations, .label = N_("Obligations agreed on"), .alias = obligations_alias,
		.max = 8000, .flags = TK_REQUIRED | TK_SEARCH,
		.help = N_("What the contractor has to keep, as agreed at signing.")),
	TK_LONG(F, level, .label = N_("Level of measures agreed on"), .alias = level_alias,
		.max = 4000, .flags = TK_REQUIRED | TK_SEARCH),
	TK_INT(F, confirm_months, .label = N_("Confirmation every (months)"),
		.alias = months_alias, .min = 1, .max = 12,
		.help = N_("Due dates are made from it; empty: every 6 months.")),
	TK_LONG(F, note, .label = N_("Note"), .alias = note_alias, .max = 4000),
	TK_REF(F, division_id, .label = N_("Division"), .flags = TK_READONLY | TK_LIST,
		.ref = &tk_division),
};
#undef F

static enum tk_rc contract_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	static const char ready[] = "accepted contracted in_progress";
	struct tk_value state = TK_NULL;
	struct tk_contract *c = now;
	bool found;
	enum tk_rc rc;

	if (deleted)
		return TK_OK;
	if (!c->confirm_months)
		tk_set_by(&tk_contract_type, c, "confirm_months", TK_I(CONFIRM_MONTHS));
	if (c->from_on && c->to_on && strcmp(c->to_on, c->from_on) < 0)
		return tk_fail(op->e, TK_EINVAL, "to_on",
			       N_("The last day must not be before the first day."));
	if (was || !c->spec_id)
		return TK_OK;
	rc = tk_db_first(op->db, op->mem, op->e, "SELECT state FROM procurement_spec WHERE id = $1",
			 TK_ARGS(TK_I(c->spec_id)), &state, 1, &found);
	if (rc == TK_OK && found && !strstr(ready, state.s))
		return tk_fail(op->e, TK_ECONFLICT, "spec_id",
			       N_("A contract follows an accepted specification; this one is "
				  "\"%s\"."),
			       tk_case_state_label(&tk_spec_case, state.s, op->e->lang));
	return rc;
}

static enum tk_rc contract_saved(const struct tk_op *op, const void *was, const void *now,
				 bool deleted)
{
	(void)was;
	return deleted ? TK_OK : tk_confirmations_plan(op, now);
}

const struct tk_rtype tk_contract_type = {
	.name = "contract",
	.path = "contracts",
	.table = "contract",
	.label = N_("Contract"),
	.label_plural = N_("Contracts"),
	.group = "outsourcing",
	.size = sizeof(struct tk_contract),
	.field = contract_field,
	.nfield = TK_LEN(contract_field),
	.title = "title",
	.order = "-from_on",
	.read = TK_P_OUT_READ,
	.write = TK_P_OUT_WRITE,
	.scope_division = "division_id",
	.division_of = "spec_id",
	.grade = 2,
	.check = contract_check,
	.saved = contract_saved,
};

/* -- subcontract ------------------------------------------------------------------------------- */
#define F struct tk_subcontract
static const char *const scope_alias[] = { "再委託の範囲", "業務範囲", NULL };
static const char *const approved_alias[] = { "承認日", NULL };
static const char *const parent_alias[] = { "上位の再委託", NULL };
static const struct tk_field sub_field[] = {
	TK_REF(F, contract_id, .label = N_("Contract"), .alias = contract_alias,
		.ref = &tk_contract_type, .flags = TK_REQUIRED | TK_LIST | TK_FIXED),
	TK_REF(F, parent_id, .label = N_("Under the subcontract"), .alias = parent_alias,
		.ref = &tk_subcontract_type, .flags = TK_LIST,
		.help = N_("Empty: directly under the contractor.")),
	TK_REF(F, contractor_id, .label = N_("Subcontractor"), .alias = contractor_alias,
		.ref = &tk_contractor, .flags = TK_REQUIRED | TK_LIST),
	TK_TEXT(F, scope, .label = N_("Scope"), .alias = scope_alias, .max = 300,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH),
	TK_DATE(F, approved_on, .label = N_("Approved on"), .alias = approved_alias,
		.flags = TK_LIST),
	TK_LONG(F, note, .label = N_("Note"), .alias = note_alias, .max = 2000),
	TK_REF(F, division_id, .label = N_("Division"), .flags = TK_READONLY, .ref = &tk_division),
};
#undef F

static enum tk_rc loop(const struct tk_op *op, const char *field)
{
	return tk_fail(op->e, TK_EINVAL, field,
		       N_("The chain of subcontracts would come back to where it began."));
}

/* Up the chain to the contractor: the same contract, no loop, no firm twice. */
static enum tk_rc sub_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	const struct tk_subcontract *s = now;
	int64_t at = s->parent_id, prime = 0;
	enum tk_rc rc;

	(void)was;
	if (deleted || !s->contract_id)
		return TK_OK;
	for (int depth = 0; at; depth++) {
		struct tk_value v[3];
		bool found;

		if (depth == CHAIN_MAX || at == s->rec.id)
			return loop(op, "parent_id");
		rc = tk_db_first(op->db, op->mem, op->e,
				 "SELECT parent_id, contract_id, contractor_id FROM subcontract "
				 "WHERE id = $1 AND deleted_at IS NULL", TK_ARGS(TK_I(at)), v, 3,
				 &found);
		if (rc != TK_OK || !found)
			return rc;      /* the reference itself is refused */
		if (v[1].i != s->contract_id)
			return tk_fail(op->e, TK_EINVAL, "parent_id",
				       N_("This subcontract belongs to another contract."));
		if (v[2].i == s->contractor_id)
			return loop(op, "contractor_id");
		at = v[0].type == TK_V_NULL ? 0 : v[0].i;
	}
	rc = tk_db_int(op->db, op->e, "SELECT contractor_id FROM contract WHERE id = $1",
		       TK_ARGS(TK_I(s->contract_id)), 0, &prime);
	return rc == TK_OK && prime == s->contractor_id ? loop(op, "contractor_id") : rc;
}

const struct tk_rtype tk_subcontract_type = {
	.name = "subcontract",
	.path = "subcontracts",
	.table = "subcontract",
	.label = N_("Subcontract"),
	.label_plural = N_("Subcontracts"),
	.group = "outsourcing",
	.size = sizeof(struct tk_subcontract),
	.field = sub_field,
	.nfield = TK_LEN(sub_field),
	.title = "scope",
	.order = "contract_id",
	.read = TK_P_OUT_READ,
	.write = TK_P_OUT_WRITE,
	.scope_division = "division_id",
	.division_of = "contract_id",
	.grade = 2,
	.check = sub_check,
};

/* -- before a contractor is connected ---------------------------------------------------------- */
#define F struct tk_connection_check
static const char *const checked_alias[] = { "確認日", NULL };
static const char *const points_alias[] = { "確認項目数", NULL };
static const char *const satisfied_alias[] = { "満たす項目数", "適合数", NULL };
static const struct tk_field connection_field[] = {
	TK_REF(F, contract_id, .label = N_("Contract"), .alias = contract_alias,
		.ref = &tk_contract_type, .flags = TK_REQUIRED | TK_LIST | TK_FIXED),
	TK_DATE(F, checked_on, .label = N_("Confirmed on"), .alias = checked_alias,
		.flags = TK_REQUIRED | TK_LIST),
	TK_ENUM(F, importance, .label = N_("Importance of the business"),
		.flags = TK_READONLY | TK_LIST, .choice = tk_importance_choice),
	TK_INT(F, points, .label = N_("Points of the policy checked"), .alias = points_alias,
		.flags = TK_REQUIRED | TK_LIST, .min = 1, .max = 100000),
	TK_INT(F, satisfied, .label = N_("Points satisfied"), .alias = satisfied_alias,
		.flags = TK_REQUIRED | TK_LIST, .min = 0, .max = 100000),
	TK_LONG(F, shortfall, .label = N_("What is not satisfied"), .max = 4000,
		.flags = TK_SEARCH),
	TK_LONG(F, condition, .label = N_("Condition of the connection"), .max = 4000,
		.help = N_("What is done instead, for a business of high importance.")),
	TK_REF(F, division_id, .label = N_("Division"), .flags = TK_READONLY, .ref = &tk_division),
};
#undef F

static enum tk_rc connection_check(const struct tk_op *op, const void *was, void *now,
				   bool deleted)
{
	const struct tk_rtype *t = &tk_connection_check_type;
	struct tk_connection_check *x = now;
	struct tk_value v = TK_NULL;
	bool found = false, less;
	enum tk_rc rc = TK_OK;

	if (deleted)
		return TK_OK;
	if (!was && x->contract_id) {
		rc = tk_db_first(op->db, op->mem, op->e,
				 "SELECT s.importance FROM contract c JOIN procurement_spec s ON "
				 "s.id = c.spec_id WHERE c.id = $1", TK_ARGS(TK_I(x->contract_id)),
				 &v, 1, &found);
		tk_set_by(t, x, "importance", found ? v : TK_S("high"));
	}
	if (rc != TK_OK)
		return rc;
	if (x->satisfied > x->points)
		return tk_fail(op->e, TK_EINVAL, "satisfied",
			       N_("More points are satisfied than were checked."));
	less = x->satisfied < x->points;
	if (less && tk_is_blank(x->shortfall))
		return tk_fail(op->e, TK_EINVAL, "shortfall",
			       N_("%lld of %lld points are satisfied. Say what is not."),
			       (long long)x->satisfied, (long long)x->points);
	if (less && x->importance && !strcmp(x->importance, "high") && tk_is_blank(x->condition))
		return tk_fail(op->e, TK_EINVAL, "condition",
			       N_("The business is of high importance. Say under what condition "
				  "the contractor may be connected all the same."));
	return TK_OK;
}

const struct tk_rtype tk_connection_check_type = {
	.name = "connection_check",
	.path = "connection-checks",
	.table = "connection_check",
	.label = N_("Check before connection"),
	.label_plural = N_("Checks before connection"),
	.group = "outsourcing",
	.size = sizeof(struct tk_connection_check),
	.field = connection_field,
	.nfield = TK_LEN(connection_field),
	.title = "checked_on",
	.order = "-checked_on",
	.read = TK_P_OUT_READ,
	.write = TK_P_OUT_WRITE,
	.scope_division = "division_id",
	.division_of = "contract_id",
	.grade = 2,
	.check = connection_check,
};
