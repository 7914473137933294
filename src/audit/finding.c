/* finding.c - what an audit found, answered by the audited division and confirmed by the audit side
 * (AUD-08, AUD-09, ORG-15). */
#include <string.h>
#include "audit/audit.h"
#include "base/text.h"

typedef struct tk_finding F;
#define T (&tk_finding_type)

/* -- life -------------------------------------------------------------------------------------- */
static const struct tk_choice state[] = {
	{ "found", N_("Found") },
	{ "planned", N_("Improvement planned") },
	{ "improving", N_("In progress") },
	{ "done", N_("Completed") },
	{ "confirmed", N_("Confirmed") },
	{ "withdrawn", N_("Withdrawn") },
	{ 0 },
};
static const struct tk_case_transition transition[] = {
	{ "found", "plan", "planned", TK_P_FINDING_ANSWER, TK_CASE_OWNER, N_("Submit the plan") },
	{ "found", "withdraw", "withdrawn", TK_P_AUDIT_WRITE, TK_CASE_COMMENT, N_("Withdraw") },
	{ "planned", "start", "improving", TK_P_FINDING_ANSWER, TK_CASE_OWNER, N_("Start") },
	{ "planned", "finish", "done", TK_P_FINDING_ANSWER, TK_CASE_OWNER, N_("Finish") },
	{ "planned", "return", "found", TK_P_AUDIT_WRITE, TK_CASE_COMMENT, N_("Return") },
	{ "improving", "finish", "done", TK_P_FINDING_ANSWER, TK_CASE_OWNER, N_("Finish") },
	{ "done", "confirm", "confirmed", TK_P_AUDIT_WRITE, 0, N_("Confirm") },
	{ "done", "return", "improving", TK_P_AUDIT_WRITE, TK_CASE_COMMENT, N_("Return") },
	{ 0 },
};

/* ORG-15: who audits does not belong to what is audited. */
static enum tk_rc independent(const struct tk_op *op, int64_t staff_id, int64_t division_id,
			      const char *field)
{
	int64_t own = 0;
	enum tk_rc rc = TK_OK;

	if (staff_id && division_id)
		rc = tk_db_int(op->db, op->e, "SELECT division_id FROM staff WHERE id = $1",
			       TK_ARGS(TK_I(staff_id)), 0, &own);
	if (rc == TK_OK && own && own == division_id)
		return tk_fail(op->e, field ? TK_EINVAL : TK_EPERM, field,
			       N_("Nobody audits their own division. Somebody else of the audit "
				  "side has to do this."));
	return rc;
}

static enum tk_rc moving(const struct tk_op *op, const struct tk_case *before,
			 const struct tk_case *after, const char *action)
{
	F f = { 0 };
	enum tk_rc rc = tk_audit_load(op, T, after->subject_id, &f);

	if (rc != TK_OK)
		return rc;
	if (!strcmp(action, "confirm") || !strcmp(action, "withdraw"))
		return independent(op, op->who->staff_id, before->division_id, NULL);
	if (!strcmp(action, "plan") && tk_is_blank(f.plan))
		return tk_fail(op->e, TK_EINVAL, "plan",
			       N_("Write first how the finding is to be improved."));
	if (!strcmp(action, "plan") && !f.life.due_on)
		return tk_fail(op->e, TK_EINVAL, "due_on",
			       N_("Write first until when it is to be improved."));
	if (!strcmp(action, "finish") && tk_is_blank(f.result))
		return tk_fail(op->e, TK_EINVAL, "result", N_("Write first what was done."));
	return TK_OK;
}

/* RMP-04: an improvement that is planned stands on the roadmap, by its code alone. */
static enum tk_rc to_roadmap(const struct tk_op *op, const F *f)
{
	struct tk_improvement i = {
		.source_type = T->name, .source_id = f->rec.id,
		.title = tk_say(op->mem, TK_JA, N_("Improvement of audit finding %s"), f->code),
		.division_id = f->life.division_id, .owner_staff_id = f->life.owner_staff_id,
		.due_on = f->life.due_on,
	};

	return tk_improvement_add ? tk_improvement_add(op, &i, NULL) : TK_OK;
}

static enum tk_rc moved(const struct tk_op *op, const struct tk_case *before,
			const struct tk_case *after, const char *action)
{
	int64_t id = after->subject_id;
	F f = { 0 };
	enum tk_rc rc;

	(void)before;
	if (!strcmp(action, "finish"))
		return tk_audit_stamp(op, T, id, "done");
	if (!strcmp(action, "confirm"))
		return tk_audit_stamp(op, T, id, "confirmed");
	if (strcmp(action, "plan") != 0)
		return TK_OK;
	if ((rc = tk_audit_stamp(op, T, id, "planned")) != TK_OK ||
	    (rc = tk_audit_load(op, T, id, &f)) != TK_OK)
		return rc;
	return to_roadmap(op, &f);
}

const struct tk_case_type tk_finding_case = {
	.name = "finding",
	.label = N_("Audit finding"),
	.prefix = "F",
	.state = state,
	.closed = "confirmed withdrawn",
	.editable = "found planned improving",
	.transition = transition,
	.remind_before = 14,
	.escalate_after = 7,
	.escalate = TK_P_AUDIT_WRITE,
	.moving = moving,
	.moved = moved,
};

/* -- record ------------------------------------------------------------------------------------ */
static const struct tk_choice severity_choice[] = {
	{ "high", N_("High") },
	{ "middle", N_("Middle") },
	{ "low", N_("Low") },
	{ 0 },
};
static const char *const system_alias[] = { "情報システム", "対象システム", NULL };
static const char *const severity_alias[] = { "重要度", "深刻度", NULL };
static const char *const clause_alias[] = { "条項", "該当条項", NULL };
static const char *const detail_alias[] = { "指摘事項", "指摘内容", NULL };
static const char *const recommendation_alias[] = { "改善提案", "勧告", NULL };
static const struct tk_field field[] = {
	TK_TEXT(F, code, .label = N_("Finding no."), .flags = TK_READONLY | TK_LIST | TK_SEARCH,
		.max = 40),
	TK_REF(F, audit_id, .label = N_("Audit"), .ref = &tk_audit_type,
		.flags = TK_REQUIRED | TK_LIST | TK_FIXED),
	TK_REF(F, info_system_id, .label = N_("Information system"), .alias = system_alias,
		.ref = &tk_info_system),
	TK_ENUM(F, severity, .label = N_("Severity"), .alias = severity_alias,
		.flags = TK_REQUIRED | TK_LIST, .choice = severity_choice),
	TK_TEXT(F, clause, .label = N_("Clause of the rule"), .alias = clause_alias, .max = 200,
		.help = N_("Of the policy or standard that is not met.")),
	TK_LONG(F, detail, .label = N_("Finding"), .alias = detail_alias, .max = 8000,
		.flags = TK_REQUIRED | TK_SEARCH, .help = N_("Never leaves in a public report.")),
	TK_LONG(F, recommendation, .label = N_("Recommendation"), .alias = recommendation_alias,
		.max = 8000),
	TK_LONG(F, plan, .label = N_("Plan of improvement"), .max = 8000,
		.help = N_("Written by the audited division.")),
	TK_LONG(F, result, .label = N_("What was done"), .max = 8000,
		.help = N_("Written by the audited division.")),
	TK_DATE(F, planned_on, .label = N_("Planned on"), .flags = TK_READONLY),
	TK_DATE(F, done_on, .label = N_("Done on"), .flags = TK_READONLY),
	TK_DATE(F, confirmed_on, .label = N_("Confirmed on"), .flags = TK_READONLY),
	TK_TEXT(F, confirmed_by, .label = N_("Confirmed by"), .flags = TK_READONLY, .max = 200),
	TK_LIFE_FIELDS(F, state),
};

/* The audited division writes its answer, owner and due date; all else is the audit side's. */
static enum tk_rc only_the_answer(const struct tk_op *op, const F *was, const F *now)
{
	static const char *const theirs[] = { "plan", "result", "owner_staff_id",
		"deputy_staff_id", "due_on" };

	if (op->who->system || tk_who_scope(op->who, TK_P_AUDIT_WRITE) > TK_SCOPE_NONE)
		return TK_OK;
	if (!was)
		return tk_denied(op->e);
	for (size_t i = 0; i < TK_LEN(field); i++) {
		struct tk_value x = tk_get(T, was, i), y = tk_get(T, now, i);
		bool same = x.type == y.type && (x.type == TK_V_NULL || (x.type == TK_V_TEXT ?
						 !strcmp(x.s, y.s) : x.i == y.i)), ours = true;

		for (size_t k = 0; k < TK_LEN(theirs); k++)
			ours &= strcmp(field[i].name, theirs[k]) != 0;
		if (!same && ours)
			return tk_fail(op->e, TK_EPERM, field[i].name,
				       N_("%s is written by the audit side."),
				       tk_tr(op->e->lang, field[i].label));
	}
	return TK_OK;
}

static enum tk_rc number(const struct tk_op *op, F *f)
{
	static const char letter[][2] = { "V", "P", "S" };
	struct tk_value v[2];
	int64_t n = 0;
	size_t k = 0;
	bool found;
	enum tk_rc rc = tk_db_first(op->db, op->mem, op->e,
				    "SELECT a.kind, p.fiscal_year FROM audit a JOIN audit_plan p ON"
				    " p.id = a.plan_id WHERE a.id = $1",
				    TK_ARGS(TK_I(f->audit_id)), v, 2, &found);

	if (rc != TK_OK || !found)
		return rc;              /* the reference itself is refused */
	while (tk_audit_kind_choice[k].id && strcmp(tk_audit_kind_choice[k].id, v[0].s) != 0)
		k++;
	/* deleted ones keep their number */
	rc = tk_db_int(op->db, op->e,
		       "SELECT COUNT(*) FROM finding f JOIN audit a ON a.id = f.audit_id JOIN "
		       "audit_plan p ON p.id = a.plan_id WHERE p.fiscal_year = $1 AND a.kind = $2",
		       TK_ARGS(v[1], v[0]), 0, &n);
	tk_set_by(T, f, "code", TK_S(tk_sprintf(op->mem, "%lld-%s-%lld", (long long)v[1].i,
						 letter[k < 3 ? k : 0], (long long)n + 1)));
	return rc;
}

static enum tk_rc check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	int64_t auditor = 0;
	F *f = now;
	enum tk_rc rc;

	if (deleted)
		return only_the_answer(op, NULL, f);
	if ((rc = only_the_answer(op, was, f)) != TK_OK || !f->audit_id)
		return rc;
	if (!was && (rc = number(op, f)) != TK_OK)
		return rc;
	if (!f->life.division_id)
		return tk_fail(op->e, TK_EINVAL, "division_id",
			       N_("Choose the division that was audited."));
	rc = tk_db_int(op->db, op->e, "SELECT COALESCE(auditor_staff_id, 0) FROM audit WHERE id ="
		       " $1", TK_ARGS(TK_I(f->audit_id)), 0, &auditor);
	if (rc == TK_OK)
		rc = independent(op, auditor, f->life.division_id, "division_id");
	if (rc == TK_OK && !was)
		rc = independent(op, op->who->staff_id, f->life.division_id, "division_id");
	return rc;
}

const struct tk_rtype tk_finding_type = {
	.name = "finding",
	.path = "findings",
	.table = "finding",
	.label = N_("Audit finding"),
	.label_plural = N_("Audit findings"),
	.group = "audit",
	.size = sizeof(F),
	.field = field,
	.nfield = TK_LEN(field),
	.title = "code",
	.order = "-code",
	.read = TK_P_FINDING_READ,
	.write = TK_P_FINDING_WRITE,
	.scope_own = "owner_staff_id deputy_staff_id",
	.scope_division = "division_id",
	.grade = 3,
	.check = check,
	.life = &tk_finding_case,
};
