/* spec.c - the procurement specification and its way: written, checked by experts, with the
 * opinion of the CIO aide on what is missing, accepted, contracted, confirmed (OUT-02). */
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "outsourcing/outsourcing.h"

typedef struct tk_procurement_spec S;
#define T (&tk_procurement_spec_type)

const struct tk_choice tk_importance_choice[] = {
	{ "high", N_("High") },
	{ "middle", N_("Middle") },
	{ "low", N_("Low") },
	{ 0 },
};

/* -- life -------------------------------------------------------------------------------------- */
static const struct tk_choice state[] = {
	{ "drafting", N_("Being written") },
	{ "in_check", N_("In check") },
	{ "checked", N_("Checked") },
	{ "opined", N_("Opinion given") },
	{ "returned", N_("Returned") },
	{ "accepted", N_("Accepted") },
	{ "contracted", N_("Contracted") },
	{ "in_progress", N_("Project running") },
	{ "finished", N_("Finished") },
	{ "withdrawn", N_("Withdrawn") },
	{ 0 },
};
enum { MINE = TK_CASE_OWNER | TK_CASE_REQUESTER, CHECK = TK_CASE_NOT_REQUESTER };
static const struct tk_case_transition transition[] = {
	{ "drafting", "submit", "in_check", TK_P_OUT_WRITE, MINE, N_("Submit for the check") },
	{ "drafting", "withdraw", "withdrawn", TK_P_OUT_WRITE, MINE | TK_CASE_COMMENT,
		N_("Withdraw") },
	{ "returned", "submit", "in_check", TK_P_OUT_WRITE, MINE, N_("Submit for the check") },
	{ "returned", "withdraw", "withdrawn", TK_P_OUT_WRITE, MINE | TK_CASE_COMMENT,
		N_("Withdraw") },
	{ "in_check", "check", "checked", TK_P_OUT_REVIEW, CHECK, N_("Finish the check") },
	{ "in_check", "return", "returned", TK_P_OUT_REVIEW, CHECK | TK_CASE_COMMENT,
		N_("Return") },
	{ "in_check", "advise", "in_check", TK_P_ADVISE, TK_CASE_COMMENT, N_("Give advice") },
	{ "checked", "advise", "checked", TK_P_ADVISE, TK_CASE_COMMENT, N_("Give advice") },
	{ "checked", "demand", "opined", TK_P_OUT_OPINION, CHECK | TK_CASE_COMMENT,
		N_("Opinion: to be added") },
	{ "checked", "tolerate", "opined", TK_P_OUT_OPINION, CHECK | TK_CASE_COMMENT,
		N_("Opinion: may stay as it is") },
	{ "checked", "accept", "accepted", TK_P_OUT_REVIEW, CHECK, N_("Accept") },
	{ "checked", "return", "returned", TK_P_OUT_REVIEW, CHECK | TK_CASE_COMMENT,
		N_("Return") },
	{ "opined", "accept", "accepted", TK_P_OUT_REVIEW, CHECK, N_("Accept") },
	{ "opined", "return", "returned", TK_P_OUT_REVIEW, CHECK | TK_CASE_COMMENT,
		N_("Return") },
	{ "accepted", "contract", "contracted", TK_P_OUT_WRITE, MINE, N_("Contract signed") },
	{ "accepted", "withdraw", "withdrawn", TK_P_OUT_WRITE, MINE | TK_CASE_COMMENT,
		N_("Withdraw") },
	{ "contracted", "start", "in_progress", TK_P_OUT_WRITE, MINE, N_("Start the project") },
	{ "in_progress", "finish", "finished", TK_P_OUT_WRITE, MINE, N_("Finish the project") },
	{ 0 },
};

/* -- rules before a move ----------------------------------------------------------------------- */
static enum tk_rc submitting(const struct tk_op *op, const S *s)
{
	if (!s->guide_id)
		return tk_fail(op->e, TK_ECONFLICT, "guide_id",
			       N_("No edition of the guide is in force. Choose the edition that "
				  "the specification was written by."));
	return TK_OK;
}

/* Every item has its verdict: coverage is n of N, never a guess. */
static enum tk_rc checking(const struct tk_op *op, const S *s)
{
	struct tk_coverage c;
	enum tk_rc rc = tk_spec_coverage(op, s->rec.id, &c);

	if (rc == TK_OK && c.unchecked)
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("%lld of %lld items of the guide have no verdict yet."),
			       (long long)c.unchecked, (long long)c.n);
	return rc;
}

static enum tk_rc accepting(const struct tk_op *op, const S *s)
{
	struct tk_coverage c;
	enum tk_rc rc = tk_spec_coverage(op, s->rec.id, &c);

	if (rc != TK_OK || !c.required_missing ||
	    (s->opinion && !strcmp(s->opinion, "tolerate")))
		return rc;
	return tk_fail(op->e, TK_ECONFLICT, NULL,
		       N_("Required items are missing (%s). They must be written, or the CIO "
			  "aide's opinion must let them be missing."), c.missing_numbers);
}

static enum tk_rc must_have(const struct tk_op *op, const char *sql, int64_t id, bool any,
			    const char *msg)
{
	int64_t n = 0;
	enum tk_rc rc = tk_db_int(op->db, op->e, sql, TK_ARGS(TK_I(id)), 0, &n);

	if (rc == TK_OK && (n > 0) != any)
		return tk_fail(op->e, TK_ECONFLICT, NULL, "%s", tk_tr(op->e->lang, msg));
	return rc;
}

/* OUT-05: before a contractor is connected it is known how far it satisfies the policy. */
static enum tk_rc starting(const struct tk_op *op, const S *s)
{
	if (!s->connects)
		return TK_OK;
	return must_have(op, "SELECT COUNT(*) FROM contract c WHERE c.spec_id = $1 AND c.deleted_at"
			 " IS NULL AND NOT EXISTS(SELECT 1 FROM connection_check x WHERE "
			 "x.contract_id = c.id AND x.deleted_at IS NULL)", s->rec.id, false,
			 N_("The contractor is connected to internal systems. Check first how far "
			    "it satisfies the policy."));
}

static enum tk_rc moving(const struct tk_op *op, const struct tk_case *before,
			 const struct tk_case *after, const char *action)
{
	struct tk_who w = *op->who;
	struct tk_op as = { op->db, op->mem, &w, op->e };
	S s = { 0 };
	enum tk_rc rc;

	(void)before;
	w.system = true;
	if ((rc = tk_rec_load(&as, T, after->subject_id, &s)) != TK_OK)
		return rc;
	if (!strcmp(action, "submit"))
		return submitting(op, &s);
	if (!strcmp(action, "check"))
		return checking(op, &s);
	if (!strcmp(action, "accept"))
		return accepting(op, &s);
	if (!strcmp(action, "contract"))
		return must_have(op, "SELECT COUNT(*) FROM contract WHERE spec_id = $1 AND "
				 "deleted_at IS NULL", s.rec.id, true,
				 N_("Enter the contract first: the contractor, the obligations "
				    "and the level agreed on."));
	if (!strcmp(action, "start"))
		return starting(op, &s);
	if (!strcmp(action, "finish"))
		return must_have(op, "SELECT COUNT(*) FROM contract_confirmation f JOIN contract c "
				 "ON c.id = f.contract_id WHERE c.spec_id = $1 AND f.closed_at IS "
				 "NULL AND f.deleted_at IS NULL AND c.deleted_at IS NULL",
				 s.rec.id, false,
				 N_("Confirmations of the contract are still open."));
	return TK_OK;
}

/* -- what a move leaves behind ----------------------------------------------------------------- */
static void stamp(const struct tk_op *op, S *s, const char *what)
{
	char *today = tk_alloc(op->mem, 11);

	tk_date_iso(tk_today(), today);
	tk_set_by(T, s, tk_sprintf(op->mem, "%s_on", what), TK_S(today));
	tk_set_by(T, s, tk_sprintf(op->mem, "%s_by", what), TK_S(op->who->name));
}

static enum tk_rc moved(const struct tk_op *op, const struct tk_case *before,
			const struct tk_case *after, const char *action)
{
	struct tk_who w = *op->who;
	struct tk_op as = { op->db, op->mem, &w, op->e };
	bool opinion = !strcmp(action, "demand") || !strcmp(action, "tolerate");
	S s = { 0 };
	enum tk_rc rc;

	(void)before;
	w.system = true;                /* the move was permitted */
	if (!strcmp(action, "submit"))
		return tk_spec_checks_make(&as, after->subject_id);
	if ((rc = tk_rec_load(&as, T, after->subject_id, &s)) != TK_OK)
		return rc;
	if (!strcmp(action, "check"))
		stamp(op, &s, "checked");
	else if (!strcmp(action, "advise"))
		stamp(op, &s, "advised");
	else if (!strcmp(action, "accept"))
		stamp(op, &s, "accepted");
	else if (opinion)
		stamp(op, &s, "opinion");
	else
		return TK_OK;
	if (opinion)
		tk_set_by(T, &s, "opinion", TK_S(action));
	return tk_rec_update(&as, T, &s, -1);
}

const struct tk_case_type tk_spec_case = {
	.name = "procurement_spec",
	.label = N_("Procurement specification"),
	.prefix = "P",
	.state = state,
	.closed = "finished withdrawn",
	.editable = "drafting returned",
	.transition = transition,
	.remind_before = 7,
	.escalate_after = 7,
	.escalate = TK_P_OUT_REVIEW,
	.moving = moving,
	.moved = moved,
};

/* -- record ------------------------------------------------------------------------------------ */
static const struct tk_choice opinion_choice[] = {
	{ "demand", N_("To be added") },
	{ "tolerate", N_("May stay as it is") },
	{ 0 },
};
static const char *const title_alias[] = { "件名", "調達件名", "調達仕様書", NULL };
static const char *const system_alias[] = { "情報システム", "対象システム", "システム名", NULL };
static const char *const guide_alias[] = { "記載要領", NULL };
static const char *const year_alias[] = { "年度", NULL };
static const char *const planned_alias[] = { "契約方式", "予定契約", NULL };
static const char *const planned_on_alias[] = { "契約予定日", NULL };
static const char *const value_alias[] = { "予定価格", "予算額", "金額", NULL };
static const char *const importance_alias[] = { "重要度", "業務の重要度", NULL };
static const char *const connects_alias[] = { "内部システムへの接続", "接続", NULL };
static const char *const note_alias[] = { "備考", NULL };
static const struct tk_field field[] = {
	TK_TEXT(S, title, .label = N_("Procurement"), .alias = title_alias, .max = 200,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH),
	TK_REF(S, info_system_id, .label = N_("Information system"), .alias = system_alias,
		.ref = &tk_info_system),
	TK_REF(S, guide_id, .label = N_("Edition of the guide"), .alias = guide_alias,
		.ref = &tk_spec_guide_type, .help = N_("Empty: the edition in force.")),
	TK_INT(S, fiscal_year, .label = N_("Fiscal year"), .alias = year_alias, .flags = TK_LIST,
		.min = 1950, .max = 2200, .help = N_("Empty: the current one.")),
	TK_TEXT(S, planned_contract, .label = N_("Planned contract"), .alias = planned_alias,
		.max = 200, .help = N_("Such as an open tender of one year.")),
	TK_DATE(S, planned_on, .label = N_("Contract planned for"), .alias = planned_on_alias),
	TK_INT(S, value, .label = N_("Planned value (yen)"), .alias = value_alias, .min = 0,
		.max = INT64_C(10000000000000)),
	TK_ENUM(S, importance, .label = N_("Importance of the business"),
		.alias = importance_alias, .flags = TK_REQUIRED | TK_LIST,
		.choice = tk_importance_choice),
	TK_BOOL(S, connects, .label = N_("Connects to internal systems"),
		.alias = connects_alias),
	TK_LONG(S, note, .label = N_("Note"), .alias = note_alias, .max = 4000,
		.flags = TK_SEARCH),
	TK_DATE(S, checked_on, .label = N_("Confirmed on"), .flags = TK_READONLY),
	TK_TEXT(S, checked_by, .label = N_("Checked by"), .flags = TK_READONLY, .max = 200),
	TK_DATE(S, advised_on, .label = N_("Last advice on"), .flags = TK_READONLY),
	TK_TEXT(S, advised_by, .label = N_("Advice by"), .flags = TK_READONLY, .max = 200),
	TK_ENUM(S, opinion, .label = N_("Opinion on missing items"), .flags = TK_READONLY,
		.choice = opinion_choice),
	TK_DATE(S, opinion_on, .label = N_("Opinion given on"), .flags = TK_READONLY),
	TK_TEXT(S, opinion_by, .label = N_("Opinion given by"), .flags = TK_READONLY, .max = 200),
	TK_DATE(S, accepted_on, .label = N_("Accepted on"), .flags = TK_READONLY),
	TK_TEXT(S, accepted_by, .label = N_("Accepted by"), .flags = TK_READONLY, .max = 200),
	TK_LIFE_FIELDS(S, state),
};

static enum tk_rc check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	S *s = now;
	char *today = tk_alloc(op->mem, 11);
	int64_t guide = 0;
	enum tk_rc rc;

	(void)was;
	if (deleted)
		return TK_OK;
	if (!s->fiscal_year)
		tk_set_by(T, s, "fiscal_year", TK_I(tk_fiscal_year(tk_today())));
	if (s->guide_id)
		return TK_OK;
	tk_date_iso(tk_today(), today);
	rc = tk_guide_in_force(op, today, &guide);
	tk_set_by(T, s, "guide_id", TK_I0(guide));
	return rc;
}

const struct tk_rtype tk_procurement_spec_type = {
	.name = "procurement_spec",
	.path = "procurement-specs",
	.table = "procurement_spec",
	.label = N_("Procurement specification"),
	.label_plural = N_("Procurement specifications"),
	.group = "outsourcing",
	.size = sizeof(S),
	.field = field,
	.nfield = TK_LEN(field),
	.title = "title",
	.order = "-receipt_no",
	.read = TK_P_OUT_READ,
	.write = TK_P_OUT_WRITE,
	.scope_own = TK_LIFE_OWN,
	.scope_division = "division_id",
	.grade = 2,
	.check = check,
	.life = &tk_spec_case,
};
