/* vuln.c - notices of vulnerabilities and what each system answers to them (AST-02). */
#include <string.h>
#include "base/clock.h"
#include "ledger/vuln.h"

/* -- notices ----------------------------------------------------------------------------------- */
static const struct tk_choice severity[] = {
	{ "critical", N_("Critical") }, { "high", N_("High") }, { "medium", N_("Medium") },
	{ "low", N_("Low") }, { 0 },
};
/* Days for the answer, unless the office says another day. */
static const int days_of[] = { 3, 14, 30, 90 };
_Static_assert(TK_LEN(days_of) + 1 == TK_LEN(severity), "each severity has its days");

#define ALIAS(name, ...) static const char *const name[] = { __VA_ARGS__, NULL }
ALIAS(title_alias, "件名", "タイトル", "脆弱性");
ALIAS(received_alias, "受領日", "受信日", "公表日");
ALIAS(source_alias, "情報源", "発信元", "提供元");
ALIAS(number_alias, "識別番号", "番号", "CVE", "JVN番号");
ALIAS(products_alias, "対象製品", "製品", "影響を受ける製品");
ALIAS(severity_alias, "深刻度", "重要度", "危険度");
#define S struct vuln_notice
static const struct tk_field notice_field[] = {
	TK_TEXT(S, title, .label = N_("Title"), .alias = title_alias, .max = 300,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH),
	TK_DATE(S, received_on, .label = N_("Received on"), .alias = received_alias,
		.flags = TK_REQUIRED | TK_LIST),
	TK_TEXT(S, source, .label = N_("Source of the notice"), .alias = source_alias, .max = 200,
		.flags = TK_LIST | TK_SEARCH),
	TK_TEXT(S, number, .label = N_("Number of the vulnerability"), .alias = number_alias,
		.max = 100, .flags = TK_LIST | TK_SEARCH,
		.help = N_("Such as a CVE or JVN number.")),
	TK_ENUM(S, severity, .label = N_("Severity"), .alias = severity_alias, .choice = severity,
		.flags = TK_REQUIRED | TK_LIST),
	TK_LONG(S, products, .label = N_("Products concerned"), .alias = products_alias,
		.max = 4000, .flags = TK_SEARCH,
		.help = N_("One product a line, or separated by commas. Systems with software of "
			   "such a name are proposed.")),
	TK_LONG(S, overview, .label = N_("Overview"), .max = 4000, .flags = TK_SEARCH),
	TK_LONG(S, measure, .label = N_("Measure"), .max = 4000),
};
#undef S

const struct tk_rtype tk_vuln_notice = {
	.name = "vuln_notice",
	.path = "vuln-notices",
	.table = "vuln_notice",
	.label = N_("Vulnerability notice"),
	.label_plural = N_("Vulnerability notices"),
	.group = "systems",
	.size = sizeof(struct vuln_notice),
	.field = notice_field,
	.nfield = TK_LEN(notice_field),
	.title = "title",
	.order = "-received_on",
	.flags = TK_T_COMMON,
	.read = TK_P_SYSTEM_READ,
	.write = TK_P_SYSTEM_WRITE,
	.grade = 2,
};

enum tk_rc tk_vuln_due(const struct tk_op *op, const struct vuln_notice *n, const char **ret)
{
	struct tk_date d;
	size_t i = 0;
	char day[11];

	while (severity[i].id && strcmp(severity[i].id, n->severity) != 0)
		i++;
	if (!severity[i].id || !tk_date_from_iso(n->received_on, &d))
		return tk_fail(op->e, TK_EINVAL, "due_on", N_("Say until when."));
	tk_date_iso(tk_date_of_days(tk_date_days(d) + days_of[i]), day);
	*ret = tk_strdup(op->mem, day);
	return TK_OK;
}

/* -- what a system answers --------------------------------------------------------------------- */
static const struct tk_choice state[] = {
	{ "open", N_("To be examined") },
	{ "affected", N_("Affected") },
	{ "not_affected", N_("Not affected") },
	{ "patched", N_("Patched") },
	{ "accepted", N_("Risk accepted") },
	{ 0 },
};
static const struct tk_case_transition transition[] = {
	{ "open", "affected", "affected", TK_P_SYSTEM_WRITE, TK_CASE_OWNER, N_("Affected") },
	{ "open", "not_affected", "not_affected", TK_P_SYSTEM_WRITE,
	  TK_CASE_OWNER | TK_CASE_COMMENT, N_("Not affected") },
	{ "open", "patched", "patched", TK_P_SYSTEM_WRITE, TK_CASE_OWNER, N_("Patched") },
	{ "affected", "patched", "patched", TK_P_SYSTEM_WRITE, TK_CASE_OWNER, N_("Patched") },
	/* who runs the system does not accept its risk */
	{ "affected", "accept", "accepted", TK_P_EXCEPTION_APPROVE,
	  TK_CASE_COMMENT | TK_CASE_NOT_REQUESTER, N_("Accept the risk") },
	{ "not_affected", "reopen", "open", TK_P_SYSTEM_WRITE, TK_CASE_COMMENT, N_("Open again") },
	{ "patched", "reopen", "open", TK_P_SYSTEM_WRITE, TK_CASE_COMMENT, N_("Open again") },
	{ "accepted", "reopen", "open", TK_P_SYSTEM_WRITE, TK_CASE_COMMENT, N_("Open again") },
	{ 0 },
};
const struct tk_case_type tk_vuln_response_case = {
	.name = "vuln_response",
	.label = N_("Answer to a vulnerability notice"),
	.prefix = "V",
	.state = state,
	.closed = "not_affected patched accepted",
	.transition = transition,
	.remind_before = 3,
	.escalate_after = 1,
	.escalate = TK_P_SYSTEM_WRITE,
};

ALIAS(system_alias, "システム名", "情報システム");
#define S struct vuln_response
static const struct tk_field response_field[] = {
	TK_TEXT(S, title, .label = N_("Title"), .max = 600,
		.flags = TK_READONLY | TK_LIST | TK_SEARCH),
	TK_REF(S, vuln_notice_id, .label = N_("Vulnerability notice"), .ref = &tk_vuln_notice,
	       .flags = TK_REQUIRED | TK_FIXED),
	TK_REF(S, info_system_id, .label = N_("Information system"), .alias = system_alias,
	       .ref = &tk_info_system, .flags = TK_REQUIRED | TK_FIXED | TK_LIST),
	TK_TEXT(S, software, .label = N_("Software found"), .max = 1000, .flags = TK_SEARCH),
	TK_LONG(S, result, .label = N_("What was found and done"), .max = 4000,
		.flags = TK_SEARCH),
	TK_DATE(S, closed_on, .label = N_("Answered on"), .flags = TK_READONLY | TK_LIST),
	TK_LIFE_FIELDS(S, state),
};
#undef S

static enum tk_rc title_of(const struct tk_op *op, struct vuln_response *r)
{
	const char *system = "", *notice = "";
	enum tk_rc rc = tk_rec_label(op, &tk_info_system, r->info_system_id, &system);

	if (rc == TK_OK)
		rc = tk_rec_label(op, &tk_vuln_notice, r->vuln_notice_id, &notice);
	tk_set_by(&tk_vuln_response, r, "title",
		  TK_S(tk_sprintf(op->mem, "%.200s: %.300s", system, notice)));
	return rc;
}

static enum tk_rc begin(const struct tk_op *op, struct vuln_response *r)
{
	const struct tk_rtype *t = &tk_vuln_response;
	struct vuln_notice n = { 0 };
	const char *due = NULL;
	int64_t head = 0;
	enum tk_rc rc = tk_rec_load(op, &tk_vuln_notice, r->vuln_notice_id, &n);

	if (rc == TK_OK && !r->life.owner_staff_id) {
		rc = tk_ledger_head_of(op, r->life.division_id, &head);
		tk_set_by(t, r, "owner_staff_id", TK_I0(head));
	}
	if (rc == TK_OK && !r->life.due_on) {
		rc = tk_vuln_due(op, &n, &due);
		tk_set_by(t, r, "due_on", TK_S(due));
	}
	return rc;
}

static enum tk_rc check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	const struct tk_rtype *t = &tk_vuln_response;
	struct vuln_response *r = now;
	bool closed = r->life.state && tk_case_is_closed(&tk_vuln_response_case, r->life.state);
	char day[11];
	enum tk_rc rc;

	if (deleted || !r->vuln_notice_id || !r->info_system_id)
		return TK_OK;           /* what is required says so */
	tk_date_iso(tk_today(), day);
	if (!closed || !r->closed_on)
		tk_set_by(t, r, "closed_on", closed ? TK_S(tk_strdup(op->mem, day)) : TK_NULL);
	rc = title_of(op, r);
	return rc == TK_OK && !was ? begin(op, r) : rc;
}

const struct tk_rtype tk_vuln_response = {
	.name = "vuln_response",
	.path = "vuln-responses",
	.table = "vuln_response",
	.label = N_("Answer to a vulnerability notice"),
	.label_plural = N_("Answers to vulnerability notices"),
	.group = "systems",
	.size = sizeof(struct vuln_response),
	.field = response_field,
	.nfield = TK_LEN(response_field),
	.title = "title",
	.order = "due_on",
	.read = TK_P_SYSTEM_READ,
	.write = TK_P_SYSTEM_WRITE,
	.scope_own = TK_LIFE_OWN,
	.scope_division = "division_id",
	.division_of = "info_system_id",
	.grade = 3,
	.check = check,
	.life = &tk_vuln_response_case,
};
