/* plan.c - the plan of a year's audit and its report (AUD-01, AUD-02, AUD-07). */
#include <string.h>
#include "audit/audit.h"
#include "base/clock.h"
#include "base/text.h"

static const char *const title_alias[] = { "件名", "名称", NULL };
static const char *const year_alias[] = { "年度", NULL };

enum tk_rc tk_audit_load(const struct tk_op *op, const struct tk_rtype *t, int64_t id, void *rec)
{
	struct tk_who w = *op->who;
	struct tk_op as = { op->db, op->mem, &w, op->e };

	w.system = true;
	return tk_rec_load(&as, t, id, rec);
}

enum tk_rc tk_audit_stamp(const struct tk_op *op, const struct tk_rtype *t, int64_t id,
			  const char *what)
{
	struct tk_who w = *op->who;
	struct tk_op as = { op->db, op->mem, &w, op->e };
	const char *by = tk_sprintf(op->mem, "%s_by", what);
	void *rec = tk_alloc(op->mem, t->size);
	char today[11];
	enum tk_rc rc;

	w.system = true;
	if ((rc = tk_rec_load(&as, t, id, rec)) != TK_OK)
		return rc;
	tk_date_iso(tk_today(), today);
	tk_set_by(t, rec, tk_sprintf(op->mem, "%s_on", what), TK_S(today));
	if (tk_field_index(t, by) >= 0)
		tk_set_by(t, rec, by, TK_S(op->who->name));
	return tk_rec_update(&as, t, rec, -1);
}

static enum tk_rc count(const struct tk_op *op, const char *sql, int64_t id, int64_t *ret)
{
	*ret = 0;
	return tk_db_int(op->db, op->e, sql, TK_ARGS(TK_I(id)), 0, ret);
}

/* -- plan: life -------------------------------------------------------------------------------- */
static const struct tk_choice plan_state[] = {
	{ "draft", N_("Draft") },
	{ "submitted", N_("Submitted") },
	{ "approved", N_("Approved") },
	{ "running", N_("Audit running") },
	{ "reported", N_("Reported to the officer") },
	{ "closed", N_("Concluded") },
	{ 0 },
};
static const struct tk_case_transition plan_move[] = {
	{ "draft", "advise", "draft", TK_P_ADVISE, TK_CASE_COMMENT, N_("Give advice") },
	{ "submitted", "advise", "submitted", TK_P_ADVISE, TK_CASE_COMMENT, N_("Give advice") },
	{ "draft", "submit", "submitted", TK_P_AUDIT_WRITE, 0, N_("Submit for approval") },
	{ "submitted", "approve", "approved", TK_P_AUDIT_APPROVE, TK_CASE_NOT_REQUESTER,
		N_("Approve") },
	{ "submitted", "return", "draft", TK_P_AUDIT_APPROVE, TK_CASE_COMMENT, N_("Return") },
	{ "approved", "start", "running", TK_P_AUDIT_WRITE, 0, N_("Start the audit") },
	{ "running", "report", "reported", TK_P_AUDIT_WRITE, 0, N_("Close the audits") },
	{ "reported", "close", "closed", TK_P_AUDIT_WRITE, 0, N_("Close the year's audit") },
	{ 0 },
};

/* Not the author, even with another account's permission and without being staff. */
static enum tk_rc approving(const struct tk_op *op, const struct tk_case *c)
{
	if (c->opened_by && c->opened_by == op->who->account_id)
		return tk_fail(op->e, TK_EPERM, NULL,
			       N_("Nobody approves the plan that they wrote themselves."));
	return TK_OK;
}

static enum tk_rc reporting(const struct tk_op *op, int64_t id)
{
	int64_t open, report;
	enum tk_rc rc = count(op, "SELECT COUNT(*) FROM audit WHERE plan_id = $1 AND deleted_at IS "
			      "NULL AND closed_at IS NULL", id, &open);

	if (rc == TK_OK && open)
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("%lld audits of the plan are neither done nor skipped."),
			       (long long)open);
	if (rc == TK_OK)
		rc = count(op, "SELECT COUNT(*) FROM audit_report WHERE plan_id = $1 AND deleted_at"
			   " IS NULL AND reported_on IS NOT NULL", id, &report);
	if (rc == TK_OK && !report)
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("The audit report has not gone to the general officer yet."));
	return rc;
}

static enum tk_rc closing(const struct tk_op *op, int64_t id)
{
	int64_t n;
	enum tk_rc rc = count(op, "SELECT COUNT(*) FROM finding f JOIN audit a ON a.id = f.audit_id"
			      " WHERE a.plan_id = $1 AND f.deleted_at IS NULL AND f.state = "
			      "'found'", id, &n);

	if (rc == TK_OK && n)
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("%lld findings have no plan of improvement yet."), (long long)n);
	return rc;
}

static enum tk_rc plan_moving(const struct tk_op *op, const struct tk_case *before,
			      const struct tk_case *after, const char *action)
{
	if (!strcmp(action, "approve"))
		return approving(op, before);
	if (!strcmp(action, "report"))
		return reporting(op, after->subject_id);
	return strcmp(action, "close") ? TK_OK : closing(op, after->subject_id);
}

static enum tk_rc plan_moved(const struct tk_op *op, const struct tk_case *before,
			     const struct tk_case *after, const char *action)
{
	(void)before;
	if (!strcmp(action, "advise"))
		return tk_audit_stamp(op, &tk_audit_plan_type, after->subject_id, "advised");
	if (!strcmp(action, "approve"))
		return tk_audit_stamp(op, &tk_audit_plan_type, after->subject_id, "approved");
	return TK_OK;
}

const struct tk_case_type tk_audit_plan_case = {
	.name = "audit_plan",
	.label = N_("Audit plan"),
	.prefix = "A",
	.state = plan_state,
	.closed = "closed",
	.editable = "draft",
	.transition = plan_move,
	.remind_before = 14,
	.moving = plan_moving,
	.moved = plan_moved,
};

/* -- plan: record ------------------------------------------------------------------------------ */
#define F struct tk_audit_plan
static const char *const basis_alias[] = { "根拠", NULL };
static const struct tk_field plan_field[] = {
	TK_TEXT(F, title, .label = N_("Title"), .alias = title_alias, .max = 200,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH),
	TK_INT(F, fiscal_year, .label = N_("Fiscal year"), .alias = year_alias, .flags = TK_LIST,
		.min = 1950, .max = 2200, .help = N_("Empty: the current one.")),
	TK_LONG(F, basis, .label = N_("Basis"), .alias = basis_alias, .max = 2000,
		.help = N_("Such as the common standards of the government and the policy.")),
	TK_LONG(F, content, .label = N_("Content of the plan"), .max = 20000, .flags = TK_SEARCH),
	TK_DATE(F, advised_on, .label = N_("Last advice on"), .flags = TK_READONLY),
	TK_TEXT(F, advised_by, .label = N_("Advice by"), .flags = TK_READONLY, .max = 200),
	TK_DATE(F, approved_on, .label = N_("Approved on"), .flags = TK_READONLY | TK_LIST),
	TK_TEXT(F, approved_by, .label = N_("Approved by"), .flags = TK_READONLY, .max = 200),
	TK_LIFE_FIELDS(F, plan_state),
};
#undef F

static enum tk_rc plan_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct tk_audit_plan *p = now;

	(void)op;
	(void)was;
	if (!deleted && !p->fiscal_year)
		tk_set_by(&tk_audit_plan_type, p, "fiscal_year",
			  TK_I(tk_fiscal_year(tk_today())));
	return TK_OK;
}

static enum tk_rc plan_saved(const struct tk_op *op, const void *was, const void *now, bool deleted)
{
	return was || deleted ? TK_OK : tk_audits_make(op, now);
}

const struct tk_rtype tk_audit_plan_type = {
	.name = "audit_plan",
	.path = "audit-plans",
	.table = "audit_plan",
	.label = N_("Audit plan"),
	.label_plural = N_("Audit plans"),
	.group = "audit",
	.size = sizeof(struct tk_audit_plan),
	.field = plan_field,
	.nfield = TK_LEN(plan_field),
	.title = "title",
	.order = "-fiscal_year",
	.read = TK_P_AUDIT_READ,
	.write = TK_P_AUDIT_WRITE,
	.grade = 2,
	.check = plan_check,
	.saved = plan_saved,
	.life = &tk_audit_plan_case,
};

/* -- report ------------------------------------------------------------------------------------ */
static const struct tk_choice report_state[] = {
	{ "draft", N_("Draft") },
	{ "reported", N_("Reported to the officer") },
	{ "received", N_("Received") },
	{ 0 },
};
static const struct tk_case_transition report_move[] = {
	{ "draft", "report", "reported", TK_P_AUDIT_WRITE, 0,
		N_("Report to the general officer") },
	{ "reported", "take_back", "draft", TK_P_AUDIT_WRITE, TK_CASE_COMMENT, N_("Take back") },
	{ "reported", "receive", "received", TK_P_AUDIT_APPROVE, TK_CASE_NOT_REQUESTER,
		N_("Receive") },
	{ 0 },
};

static enum tk_rc report_moved(const struct tk_op *op, const struct tk_case *before,
			       const struct tk_case *after, const char *action)
{
	(void)before;
	if (!strcmp(action, "report"))
		return tk_audit_stamp(op, &tk_audit_report_type, after->subject_id, "reported");
	if (!strcmp(action, "receive"))
		return tk_audit_stamp(op, &tk_audit_report_type, after->subject_id, "received");
	return TK_OK;
}

const struct tk_case_type tk_audit_report_case = {
	.name = "audit_report",
	.label = N_("Audit report"),
	.prefix = "B",
	.state = report_state,
	.closed = "received",
	.editable = "draft",
	.transition = report_move,
	.moved = report_moved,
};

#define F struct tk_audit_report
static const struct tk_field report_field[] = {
	TK_TEXT(F, title, .label = N_("Title"), .alias = title_alias, .max = 200,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH),
	TK_REF(F, plan_id, .label = N_("Audit plan"), .ref = &tk_audit_plan_type,
		.flags = TK_REQUIRED | TK_LIST | TK_FIXED),
	TK_LONG(F, content, .label = N_("Report"), .max = 50000, .flags = TK_REQUIRED),
	TK_DATE(F, reported_on, .label = N_("Reported to the general officer on"),
		.flags = TK_READONLY | TK_LIST),
	TK_DATE(F, received_on, .label = N_("Received on"), .flags = TK_READONLY),
	TK_TEXT(F, received_by, .label = N_("Received by"), .flags = TK_READONLY, .max = 200),
	TK_LIFE_FIELDS(F, report_state),
};
#undef F
const struct tk_rtype tk_audit_report_type = {
	.name = "audit_report",
	.path = "audit-reports",
	.table = "audit_report",
	.label = N_("Audit report"),
	.label_plural = N_("Audit reports"),
	.group = "audit",
	.size = sizeof(struct tk_audit_report),
	.field = report_field,
	.nfield = TK_LEN(report_field),
	.title = "title",
	.order = "-receipt_no",
	.read = TK_P_AUDIT_READ,
	.write = TK_P_AUDIT_WRITE,
	.grade = 3,
	.life = &tk_audit_report_case,
};
