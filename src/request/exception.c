/* exception.c - exceptions to the policy: asked for, decided by the chief officer, ended by a
 * report (EXC-01, EXC-02).  The register is the ledger. */
#include <string.h>
#include "base/clock.h"
#include "request/request_in.h"

#define F struct exception_request
static const struct tk_choice state[] = {
	{ "requested", N_("Requested") },
	{ "sent_back", N_("Sent back") },
	{ "approved", N_("Approved") },
	{ "rejected", N_("Rejected") },
	{ "withdrawn", N_("Withdrawn") },
	{ "ended", N_("Ended") },
	{ "extended", N_("Extended by another request") },
	{ 0 },
};

static const struct tk_case_transition transition[] = {
	{ "requested", "approve", "approved", TK_P_EXCEPTION_APPROVE, TK_CASE_NOT_REQUESTER,
	  N_("Approve") },
	{ "requested", "reject", "rejected", TK_P_EXCEPTION_APPROVE,
	  TK_CASE_NOT_REQUESTER | TK_CASE_COMMENT, N_("Reject") },
	{ "requested", "send_back", "sent_back", TK_P_EXCEPTION_APPROVE,
	  TK_CASE_NOT_REQUESTER | TK_CASE_COMMENT, N_("Send back") },
	{ "requested", "withdraw", "withdrawn", TK_P_NOBODY, TK_CASE_REQUESTER, N_("Withdraw") },
	{ "sent_back", "resubmit", "requested", TK_P_NOBODY, TK_CASE_REQUESTER,
	  N_("Request again") },
	{ "sent_back", "withdraw", "withdrawn", TK_P_NOBODY, TK_CASE_REQUESTER, N_("Withdraw") },
	{ "approved", "end", "ended", TK_P_NOBODY,
	  TK_CASE_REQUESTER | TK_CASE_OWNER | TK_CASE_COMMENT, N_("Report the end") },
	{ "approved", "extend", "extended", TK_P_NOBODY, 0, N_("Extended") },
	{ 0 },
};

/* What becomes of an exception that is extended: the new one takes its place. */
static enum tk_rc extend(const struct tk_op *op, int64_t id, int64_t by)
{
	struct tk_who w = tk_who_system("", "", op->e->lang);
	struct tk_op any = { op->db, op->mem, &w, op->e };
	F was = { 0 }, now = { 0 };
	enum tk_rc rc = tk_rec_load(&any, &tk_exception_request, id, &was);

	if (rc == TK_OK)
		rc = tk_rec_load(&any, &tk_exception_request, by, &now);
	if (rc == TK_OK && strcmp(was.life.state, "approved") != 0)
		return tk_fail(op->e, TK_ECONFLICT, "extends_id",
			       N_("The exception that this one extends is not running any more. "
				  "Send the request back."));
	return rc == TK_OK ? tk_request_push(op, &tk_exception_request, id, "extend",
					     now.life.receipt_no) : rc;
}

static enum tk_rc moved(const struct tk_op *op, const struct tk_case *before,
			const struct tk_case *after, const char *action)
{
	const struct tk_rtype *t = &tk_exception_request;
	bool decided = !strcmp(action, "approve") || !strcmp(action, "reject");
	struct tk_stamp s = { decided ? "decided_on" : "ended_on", TK_S(tk_today_iso(op->mem)) };
	int64_t extends = 0;
	enum tk_rc rc;

	(void)before;
	if (!decided && strcmp(after->state, "ended") != 0 && strcmp(after->state, "extended") != 0)
		return TK_OK;
	rc = tk_request_stamp(op, t, after->subject_id, &s, 1);
	if (rc != TK_OK || strcmp(action, "approve") != 0)
		return rc;
	rc = tk_db_int(op->db, op->e, "SELECT extends_id FROM exception_request WHERE id = $1",
		       TK_ARGS(TK_I(after->subject_id)), 0, &extends);
	return rc == TK_OK && extends ? extend(op, extends, after->subject_id) : rc;
}

const struct tk_case_type tk_exception_case = {
	.name = "exception",
	.label = N_("Exception"),
	.prefix = "E",
	.state = state,
	.closed = "rejected withdrawn ended extended",
	.editable = "requested sent_back",
	.transition = transition,
	.remind_before = 14,
	.escalate_after = 7,
	.escalate = TK_P_REQUEST_APPROVE,
	.moved = moved,
};

static const char *const title_alias[] = { "件名", "例外措置の件名", NULL };
static const char *const document_alias[] = { "文書", "対象文書", NULL };
static const char *const clause_alias[] = { "条項", "遵守事項", NULL };
static const char *const system_alias[] = { "情報システム", "対象システム", NULL };
static const char *const reason_alias[] = { "理由", "申請理由", NULL };
static const char *const alternative_alias[] = { "代替措置", "代替の措置", NULL };
static const char *const from_alias[] = { "期間（自）", "開始日", NULL };
static const char *const to_alias[] = { "期間（至）", "終了日", NULL };
static const char *const asked_alias[] = { "申請日", NULL };

static const struct tk_field field[] = {
	TK_TEXT(F, title, .label = N_("Title"), .alias = title_alias, .max = 200,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH),
	TK_REF(F, policy_document_id, .label = N_("Document"), .alias = document_alias,
	       .ref = &tk_policy_document, .help = N_("The document that is not followed.")),
	TK_TEXT(F, clause, .label = N_("Clause of the rule"), .alias = clause_alias, .max = 200,
		.flags = TK_SEARCH, .help = N_("What is not followed, such as 7.2(3).")),
	TK_REF(F, info_system_id, .label = N_("Information system"), .ref = &tk_info_system,
	       .flags = TK_LIST),
	TK_TEXT(F, system_name, .label = N_("System or device (in words)"), .alias = system_alias,
		.max = 200, .flags = TK_SEARCH),
	TK_LONG(F, reason, .label = N_("Reason"), .alias = reason_alias, .flags = TK_REQUIRED,
		.max = 4000, .help = N_("Why the rule cannot be followed.")),
	TK_LONG(F, alternative, .label = N_("Alternative measure"), .alias = alternative_alias,
		.flags = TK_REQUIRED, .max = 4000,
		.help = N_("What protects the information instead.")),
	TK_DATE(F, from_on, .label = N_("From"), .alias = from_alias,
		.flags = TK_REQUIRED | TK_LIST),
	TK_DATE(F, to_on, .label = N_("Until"), .alias = to_alias, .flags = TK_REQUIRED | TK_LIST,
		.help = N_("The last day. By then the end is reported or an extension asked "
			   "for.")),
	TK_ENUM(F, conf_grade, .label = N_("Confidentiality"), .choice = tk_conf_grades,
		.alias = tk_alias_conf,
		.help = N_("The highest grade of the information concerned.")),
	TK_REF(F, extends_id, .label = N_("Extends"), .ref = &tk_exception_request,
	       .help = N_("The running exception that this one extends. It ends when this one "
			  "is approved.")),
	TK_DATE(F, requested_on, .label = N_("Requested on"), .alias = asked_alias,
		.flags = TK_READONLY),
	TK_DATE(F, decided_on, .label = N_("Decided on"), .flags = TK_READONLY),
	TK_DATE(F, ended_on, .label = N_("Ended on"), .flags = TK_READONLY),
	TK_INT(F, fiscal_year, .label = N_("Fiscal year"), .min = 1950, .max = 2200,
	       .flags = TK_READONLY),
	TK_LIFE_FIELDS(F, state),
};

/* One may extend what runs and is the own division's. */
static enum tk_rc extension(const struct tk_op *op, const F *x)
{
	struct tk_who w = tk_who_system("", "", op->e->lang);
	struct tk_op any = { op->db, op->mem, &w, op->e };
	F old = { 0 };
	enum tk_rc rc;

	if (!x->extends_id || !x->to_on || op->who->system)
		return TK_OK;
	if (x->extends_id == x->rec.id)
		return tk_fail(op->e, TK_EINVAL, "extends_id",
			       N_("An exception does not extend itself."));
	if ((rc = tk_rec_load(&any, &tk_exception_request, x->extends_id, &old)) != TK_OK)
		return rc;
	if (old.life.division_id != x->life.division_id || strcmp(old.life.state, "approved") != 0)
		return tk_fail(op->e, TK_EINVAL, "extends_id",
			       N_("Choose an approved exception of the own division that has not "
				  "ended."));
	if (strcmp(x->to_on, old.to_on) <= 0)
		return tk_fail(op->e, TK_EINVAL, "to_on",
			       N_("The exception that is extended runs until %s. Choose a later "
				  "day."), old.to_on);
	return TK_OK;
}

static enum tk_rc check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	const struct tk_rtype *t = &tk_exception_request;
	enum tk_rc rc;

	(void)was;
	if (deleted)
		return TK_OK;
	tk_request_day(op, t, now);
	if ((rc = tk_request_own(op, t, now)) != TK_OK ||
	    (rc = tk_request_period(op, t, now)) != TK_OK)
		return rc;
	return extension(op, now);
}

const struct tk_rtype tk_exception_request = {
	.name = "exception_request",
	.path = "exceptions",
	.table = "exception_request",
	.label = N_("Exception"),
	.label_plural = N_("Exceptions"),
	.group = "requests",
	.size = sizeof(F),
	.field = field,
	.nfield = TK_LEN(field),
	.title = "title",
	.order = "-requested_on",
	.read = TK_P_REQUEST_READ,
	.write = TK_P_REQUEST_MAKE,
	.scope_own = TK_LIFE_OWN,
	.scope_division = "division_id",
	.grade = 2,
	.check = check,
	.life = &tk_exception_case,
	.flags = TK_T_DUE_BY_RULE,
};
