/* audit_fact.c - what can be stated of a year's audit: counts only, never what was found (AUD-08,
 * AUD-09). */
#include "audit/audit.h"

#define IF(condition) "CASE WHEN " condition " THEN 1 ELSE 0 END"

#define OF_PLAN \
	" JOIN audit_plan p ON p.id = a.plan_id WHERE a.deleted_at IS NULL AND p.deleted_at IS" \
	" NULL AND p.fiscal_year = $1 GROUP BY a.kind"
/* One row a kind: the audit of that kind that was done, else any. */
#define KINDS(hit) \
	.of = &tk_audit_type, .none = N_("There is no audit plan for the year."), .args = "y", \
	.sql = "SELECT MIN(a.id), " hit " FROM audit a" OF_PLAN

/* -- findings ---------------------------------------------------------------------------------- */
/* Of the audits of year $1; $2 is its last day.  What was planned or done later was not so then. */
#define FINDINGS \
	" FROM finding f JOIN audit a ON a.id = f.audit_id JOIN audit_plan p ON p.id = a.plan_id" \
	" WHERE f.deleted_at IS NULL AND f.state <> 'withdrawn' AND p.fiscal_year = $1"
/* how many audits of the year were done */
#define AUDITS \
	"SELECT COUNT(*) FROM audit a JOIN audit_plan p ON p.id = a.plan_id WHERE " \
	"p.fiscal_year = $1 AND p.deleted_at IS NULL AND a.deleted_at IS NULL AND a.state = 'done'"
#define DONE IF("f.done_on <= $2")
#define DOING IF("f.planned_on <= $2 AND (f.done_on IS NULL OR f.done_on > $2)")
#define IDLE \
	IF("(f.planned_on IS NULL OR f.planned_on > $2) AND (f.done_on IS NULL OR f.done_on > $2)")
/* audited, and nothing found, is 0 */
#define ROWS(kind) \
	.of = &tk_finding_type, .none = N_("No audit of the year was done."), .zero = true, \
	.when = AUDITS kind
#define ALL(kind) ROWS(kind), .args = "y", .sql = "SELECT f.id, 1" FINDINGS kind
#define BY(hit, kind) ROWS(kind), .args = "yt", .sql = "SELECT f.id, " hit FINDINGS kind

#define PLANS "#/records/audits"
#define LIST "#/records/findings"
#define FOUND N_("Findings of the audits of the year that were not withdrawn")
#define BY_END N_("Findings of the year, by how they stood on its last day")
#define KIND_FACTS(k, all_, done_, doing_, idle_) \
	{ "audit.findings." #k, all_, N_("findings"), FOUND, TK_FACT_COUNT, -1, LIST, \
	  ALL(" AND a.kind = '" #k "'") }, \
	{ "audit.findings." #k ".done", done_, N_("findings"), BY_END, TK_FACT_COUNT, 1, LIST, \
	  BY(DONE, " AND a.kind = '" #k "'") }, \
	{ "audit.findings." #k ".in_progress", doing_, N_("findings"), BY_END, TK_FACT_COUNT, 0, \
	  LIST, BY(DOING, " AND a.kind = '" #k "'") }, \
	{ "audit.findings." #k ".not_started", idle_, N_("findings"), BY_END, TK_FACT_COUNT, -1, \
	  LIST, BY(IDLE, " AND a.kind = '" #k "'") }
const struct tk_fact tk_audit_facts[] = {
	{ "audit.kinds", N_("Kinds of audit"), N_("kinds"), N_("Kinds of audit in the year's plan"),
	  TK_FACT_COUNT, 0, PLANS, KINDS("1") },
	{ "audit.kinds_done", N_("Kinds of audit done"), N_("kinds"),
	  N_("Kinds of which an audit was done"), TK_FACT_COUNT, 1, PLANS,
	  KINDS("MAX(" IF("a.state = 'done'") ")") },
	{ "audit.kinds_skipped", N_("Kinds of audit skipped"), N_("kinds"),
	  N_("Kinds of which no audit was done, with the reason"), TK_FACT_COUNT, 0, PLANS,
	  /* none of the kind was done or is still to come */
	  KINDS("MIN(" IF("a.state = 'skipped'") ")") },
	{ "audit.findings", N_("Audit findings"), N_("findings"), FOUND, TK_FACT_COUNT, -1, LIST,
	  ALL("") },
	{ "audit.improvement_rate", N_("Audit findings improved"), "%",
	  N_("Improved by the last day of the year / findings of the year"), TK_FACT_RATE, 1, LIST,
	  BY(DONE, "") },
	{ "audit.findings.done", N_("Audit findings: improved"), N_("findings"), BY_END,
	  TK_FACT_COUNT, 1, LIST, BY(DONE, "") },
	{ "audit.findings.in_progress", N_("Audit findings: in progress"), N_("findings"), BY_END,
	  TK_FACT_COUNT, 0, LIST, BY(DOING, "") },
	{ "audit.findings.not_started", N_("Audit findings: not started"), N_("findings"), BY_END,
	  TK_FACT_COUNT, -1, LIST, BY(IDLE, "") },
	KIND_FACTS(vuln, N_("Findings of the vulnerability audit"),
		   N_("Vulnerability audit: improved"), N_("Vulnerability audit: in progress"),
		   N_("Vulnerability audit: not started")),
	KIND_FACTS(procedure, N_("Findings on procedures"), N_("Procedures: improved"),
		   N_("Procedures: in progress"), N_("Procedures: not started")),
	KIND_FACTS(policy, N_("Findings on the policy"), N_("Policy: improved"),
		   N_("Policy: in progress"), N_("Policy: not started")),
	{ 0 },
};
