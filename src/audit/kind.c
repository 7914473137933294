/* kind.c - the audits of a plan: three kinds, done or skipped with the reason (AUD-03 to AUD-06).
 */
#include <string.h>
#include "audit/audit.h"
#include "base/text.h"
#include "record/org_types.h"

typedef struct tk_audit A;
#define T (&tk_audit_type)

const struct tk_choice tk_audit_kind_choice[] = {
	{ "vuln", N_("Vulnerability audit of systems") },
	{ "procedure", N_("Conformance of procedures to the policy") },
	{ "policy", N_("Conformance of the policy to the common standards") },
	{ 0 },
};
/* What a new plan begins with, in the words of the office's documents. */
static const struct { const char *title, *basis; } standard[] = {
	{ "（ア）情報システムの脆弱性に関する監査", "情報セキュリティポリシー" },
	{ "（イ）実施手順書等のポリシーへの準拠性の監査", "情報セキュリティポリシー" },
	{ "（ウ）ポリシーの政府統一基準への準拠性の監査",
	  "政府機関の情報セキュリティ対策のための統一基準" },
};

/* -- life -------------------------------------------------------------------------------------- */
static const struct tk_choice state[] = {
	{ "planned", N_("To be done") },
	{ "done", N_("Completed") },
	{ "skipped", N_("Skipped") },
	{ 0 },
};
static const struct tk_case_transition transition[] = {
	{ "planned", "finish", "done", TK_P_AUDIT_WRITE, 0, N_("Finish") },
	{ "planned", "skip", "skipped", TK_P_AUDIT_WRITE, 0, N_("Skip") },
	{ "done", "reopen", "planned", TK_P_AUDIT_WRITE, TK_CASE_COMMENT, N_("Take up again") },
	{ "skipped", "reopen", "planned", TK_P_AUDIT_WRITE, TK_CASE_COMMENT, N_("Take up again") },
	{ 0 },
};

enum tk_rc tk_audit_policy_revised(const struct tk_op *op, int year, bool *known, bool *revised)
{
	const struct tk_fact *f = tk_fact_by_id("policy.revised");
	struct tk_fact_value v = { 0 };
	enum tk_rc rc = TK_OK;

	*known = *revised = false;
	if (f)
		rc = tk_fact_now(op, f, year, &v);
	if (f && rc == TK_OK && !v.missing) {
		*known = true;
		*revised = v.numerator > 0;
	}
	return rc;
}

static enum tk_rc year_of(const struct tk_op *op, const A *a, int64_t *ret)
{
	*ret = 0;
	return tk_db_int(op->db, op->e, "SELECT fiscal_year FROM audit_plan WHERE id = $1",
			 TK_ARGS(TK_I(a->plan_id)), 0, ret);
}

/* AUD-06.  by_rule: the policy was not revised, which is reason enough. */
static enum tk_rc skipping(const struct tk_op *op, const A *a, bool *by_rule)
{
	bool known = false, revised = false;
	int64_t year;
	enum tk_rc rc = year_of(op, a, &year);

	if (rc == TK_OK && !strcmp(a->kind, "policy"))
		rc = tk_audit_policy_revised(op, (int)year, &known, &revised);
	if (rc != TK_OK)
		return rc;
	if (known && revised)
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("The policy was revised in the year, so this audit is due."));
	*by_rule = known;
	if (!known && tk_is_blank(a->skip_reason))
		return tk_fail(op->e, TK_EINVAL, "skip_reason",
			       N_("Write first why the audit is skipped; the reason is printed."));
	return TK_OK;
}

static enum tk_rc moving(const struct tk_op *op, const struct tk_case *before,
			 const struct tk_case *after, const char *action)
{
	bool by_rule;
	A a = { 0 };
	enum tk_rc rc = tk_audit_load(op, T, after->subject_id, &a);

	(void)before;
	if (rc != TK_OK)
		return rc;
	if (!strcmp(action, "skip"))
		return skipping(op, &a, &by_rule);
	if (strcmp(action, "finish") != 0)
		return TK_OK;
	if (!a.from_on)
		return tk_fail(op->e, TK_EINVAL, "from_on", N_("Write first when it was done."));
	if (tk_is_blank(a.evaluation))
		return tk_fail(op->e, TK_EINVAL, "evaluation",
			       N_("Write the evaluation first; it is printed without details."));
	return TK_OK;
}

static enum tk_rc moved(const struct tk_op *op, const struct tk_case *before,
			const struct tk_case *after, const char *action)
{
	struct tk_who w = *op->who;
	struct tk_op as = { op->db, op->mem, &w, op->e };
	bool by_rule = false;
	A a = { 0 };
	enum tk_rc rc;

	(void)before;
	if (strcmp(action, "skip") != 0)
		return TK_OK;
	if ((rc = tk_audit_load(op, T, after->subject_id, &a)) != TK_OK ||
	    (rc = skipping(op, &a, &by_rule)) != TK_OK || !by_rule ||
	    !tk_is_blank(a.skip_reason))
		return rc;
	w.system = true;
	tk_set_by(T, &a, "skip_reason",
		  TK_S(tk_tr(TK_JA, N_("The policy was not revised in this fiscal year."))));
	return tk_rec_update(&as, T, &a, -1);
}

const struct tk_case_type tk_audit_case = {
	.name = "audit",
	.label = N_("Audit"),
	.prefix = "D",
	.state = state,
	.closed = "done skipped",
	.transition = transition,
	.remind_before = 14,
	.moving = moving,
	.moved = moved,
};

/* -- record ------------------------------------------------------------------------------------ */
static const struct tk_choice auditor_choice[] = {
	{ "internal", N_("Internal") },
	{ "external", N_("External third party") },
	{ 0 },
};
static const char *const title_alias[] = { "件名", "監査名", NULL };
static const char *const kind_alias[] = { "種別", "監査種別", NULL };
static const char *const basis_alias[] = { "根拠", "監査の基準", NULL };
static const char *const targets_alias[] = { "対象", "監査対象", NULL };
static const char *const auditor_alias[] = { "実施者", "内部・外部", NULL };
static const char *const from_alias[] = { "開始日", "実施時期", NULL };
static const char *const to_alias[] = { "終了日", NULL };
static const struct tk_field field[] = {
	TK_TEXT(A, title, .label = N_("Audit"), .alias = title_alias, .max = 200,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH),
	TK_REF(A, plan_id, .label = N_("Audit plan"), .ref = &tk_audit_plan_type,
		.flags = TK_REQUIRED | TK_FIXED),
	TK_ENUM(A, kind, .label = N_("Kind of audit"), .alias = kind_alias,
		.flags = TK_REQUIRED | TK_LIST | TK_FIXED, .choice = tk_audit_kind_choice),
	TK_TEXT(A, basis, .label = N_("Requirement audited against"), .alias = basis_alias,
		.flags = TK_REQUIRED, .max = 300),
	TK_LONG(A, targets, .label = N_("Targets"), .alias = targets_alias, .max = 4000,
		.flags = TK_SEARCH, .help = N_("In words; systems are listed below as targets.")),
	TK_ENUM(A, auditor, .label = N_("Carried out by"), .alias = auditor_alias,
		.flags = TK_REQUIRED | TK_LIST, .choice = auditor_choice),
	TK_REF(A, auditor_staff_id, .label = N_("Auditor (staff)"), .ref = &tk_staff),
	TK_REF(A, contractor_id, .label = N_("External auditor"), .ref = &tk_contractor),
	TK_DATE(A, from_on, .label = N_("From"), .alias = from_alias, .flags = TK_LIST),
	TK_DATE(A, to_on, .label = N_("Until"), .alias = to_alias),
	TK_TEXT(A, evaluation, .label = N_("Evaluation"), .max = 1000,
		.help = N_("One or two sentences that may be published; no details.")),
	TK_TEXT(A, skip_reason, .label = N_("Reason for skipping"), .max = 500, .flags = TK_LIST),
	TK_LIFE_FIELDS(A, state),
};

static enum tk_rc check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	A *a = now;

	(void)was;
	if (deleted)
		return TK_OK;
	if (!a->auditor)
		tk_set_by(T, a, "auditor", TK_S("external"));
	if (a->from_on && a->to_on && strcmp(a->to_on, a->from_on) < 0)
		return tk_fail(op->e, TK_EINVAL, "to_on",
			       N_("The last day must not be before the first day."));
	if (!strcmp(a->auditor, "internal") && a->contractor_id)
		return tk_fail(op->e, TK_EINVAL, "contractor_id",
			       N_("A firm carries out an external audit. Leave it empty, or choose "
				  "\"external\"."));
	return TK_OK;
}

const struct tk_rtype tk_audit_type = {
	.name = "audit",
	.path = "audits",
	.table = "audit",
	.label = N_("Audit"),
	.label_plural = N_("Audits"),
	.group = "audit",
	.size = sizeof(A),
	.field = field,
	.nfield = TK_LEN(field),
	.title = "title",
	.order = "-receipt_no",
	.read = TK_P_AUDIT_READ,
	.write = TK_P_AUDIT_WRITE,
	.grade = 2,
	.check = check,
	.life = &tk_audit_case,
};

/* AUD-03 to AUD-05: every year has the three kinds. */
enum tk_rc tk_audits_make(const struct tk_op *op, const struct tk_audit_plan *p)
{
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; rc == TK_OK && i < TK_LEN(standard); i++) {
		A a = { 0 };

		tk_set_by(T, &a, "plan_id", TK_I(p->rec.id));
		tk_set_by(T, &a, "kind", TK_S(tk_audit_kind_choice[i].id));
		tk_set_by(T, &a, "title", TK_S(standard[i].title));
		tk_set_by(T, &a, "basis", TK_S(standard[i].basis));
		tk_set_by(T, &a, "auditor", TK_S("external"));
		rc = tk_rec_insert(op, T, &a);
	}
	return rc;
}

/* -- systems that an audit is about ------------------------------------------------------------ */
#define F struct tk_audit_target
static const struct tk_field target_field[] = {
	TK_REF(F, audit_id, .label = N_("Audit"), .ref = &tk_audit_type,
		.flags = TK_REQUIRED | TK_LIST | TK_FIXED),
	TK_REF(F, info_system_id, .label = N_("Information system"), .ref = &tk_info_system,
		.flags = TK_REQUIRED | TK_LIST),
	TK_TEXT(F, note, .label = N_("Note"), .max = 500, .flags = TK_LIST),
};
#undef F
const struct tk_rtype tk_audit_target_type = {
	.name = "audit_target",
	.path = "audit-targets",
	.table = "audit_target",
	.label = N_("System audited"),
	.label_plural = N_("Systems audited"),
	.group = "audit",
	.size = sizeof(struct tk_audit_target),
	.field = target_field,
	.nfield = TK_LEN(target_field),
	.order = "audit_id",
	.read = TK_P_AUDIT_READ,
	.write = TK_P_AUDIT_WRITE,
	.grade = 2,
};
