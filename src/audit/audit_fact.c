/* audit_fact.c - what can be stated of a year's audit: counts only, never what was found (AUD-08,
 * AUD-09). */
#include "audit/audit.h"

#define NO_PLAN N_("There is no audit plan for the year.")
#define IF(condition) "CASE WHEN " condition " THEN 1 ELSE 0 END"

/* One row a kind: the audit of that kind that was done, else any. */
#define KINDS(hit) \
	"SELECT MIN(a.id), MAX(" hit ") FROM audit a JOIN audit_plan p ON p.id = a.plan_id" \
	" WHERE a.deleted_at IS NULL AND p.deleted_at IS NULL AND p.fiscal_year = $1" \
	" GROUP BY a.kind"

static enum tk_rc kinds(const struct tk_op *op, const struct tk_fact_year *y,
			struct tk_fact_rows *to, const char *sql)
{
	tk_fact_none(to, NO_PLAN);
	return tk_fact_select(op, to, &tk_audit_type, sql, TK_ARGS(TK_I(y->year)));
}

static enum tk_rc all_kinds(const struct tk_op *op, const struct tk_fact_year *y,
			    struct tk_fact_rows *to)
{
	return kinds(op, y, to, KINDS("1"));
}

static enum tk_rc done_kinds(const struct tk_op *op, const struct tk_fact_year *y,
			     struct tk_fact_rows *to)
{
	return kinds(op, y, to, KINDS(IF("a.state = 'done'")));
}

/* Skipped: no audit of the kind was done or is still to come. */
static enum tk_rc skipped_kinds(const struct tk_op *op, const struct tk_fact_year *y,
				struct tk_fact_rows *to)
{
	return kinds(op, y, to, "SELECT MIN(a.id), MIN(" IF("a.state = 'skipped'") ") FROM audit a "
		     "JOIN audit_plan p ON p.id = a.plan_id WHERE a.deleted_at IS NULL AND "
		     "p.deleted_at IS NULL AND p.fiscal_year = $1 GROUP BY a.kind");
}

/* -- findings ---------------------------------------------------------------------------------- */
/* Of the audits of year $1; $2 is its last day.  What was planned or done later was not so then. */
#define FINDINGS \
	" FROM finding f JOIN audit a ON a.id = f.audit_id JOIN audit_plan p ON p.id = a.plan_id" \
	" WHERE f.deleted_at IS NULL AND f.state <> 'withdrawn' AND p.fiscal_year = $1"
/* how many audits of the year were done */
#define AUDITS \
	"SELECT COUNT(*) FROM audit a JOIN audit_plan p ON p.id = a.plan_id WHERE " \
	"p.fiscal_year = $1 AND p.deleted_at IS NULL AND a.deleted_at IS NULL AND a.state = 'done'"
#define DONE "f.done_on <= $2"
#define STARTED "f.planned_on <= $2"

static enum tk_rc findings(const struct tk_op *op, const struct tk_fact_year *y,
			   struct tk_fact_rows *to, const char *audits, const char *sql)
{
	int64_t done = 0;
	enum tk_rc rc = tk_db_int(op->db, op->e, audits, TK_ARGS(TK_I(y->year)), 0, &done);

	if (done)
		tk_fact_zero(to);       /* audited, and nothing found */
	tk_fact_none(to, N_("No audit of the year was done."));
	return rc != TK_OK ? rc : tk_fact_select(op, to, &tk_finding_type, sql,
						 TK_ARGS(TK_I(y->year), TK_S(y->to)));
}

#define ROWS(name, hit, kind) \
	static enum tk_rc name(const struct tk_op *op, const struct tk_fact_year *y, \
			       struct tk_fact_rows *to) \
	{ \
		return findings(op, y, to, AUDITS kind, "SELECT f.id, " hit FINDINGS kind); \
	}
/* every statement names $2 */
#define ANY IF("f.code <> $2")
#define DOING IF(STARTED " AND (f.done_on IS NULL OR f.done_on > $2)")
#define IDLE IF("(f.planned_on IS NULL OR f.planned_on > $2) AND (f.done_on IS NULL OR " \
		"f.done_on > $2)")
#define OF_KIND(kind) \
	ROWS(kind##_all, ANY, " AND a.kind = '" #kind "'") \
	ROWS(kind##_done, IF(DONE), " AND a.kind = '" #kind "'") \
	ROWS(kind##_doing, DOING, " AND a.kind = '" #kind "'") \
	ROWS(kind##_idle, IDLE, " AND a.kind = '" #kind "'")
ROWS(all, ANY, "")
ROWS(done, IF(DONE), "")
ROWS(doing, DOING, "")
ROWS(idle, IDLE, "")
OF_KIND(vuln)
OF_KIND(procedure)
OF_KIND(policy)

#define PLANS "#/records/audits"
#define LIST "#/records/findings"
#define FOUND N_("Findings of the audits of the year that were not withdrawn")
#define BY_END N_("Findings of the year, by how they stood on its last day")
#define KIND_FACTS(k, all_, done_, doing_, idle_) \
	{ "audit.findings." #k, all_, N_("findings"), FOUND, TK_FACT_COUNT, -1, LIST, k##_all }, \
	{ "audit.findings." #k ".done", done_, N_("findings"), BY_END, TK_FACT_COUNT, 1, LIST, \
	  k##_done }, \
	{ "audit.findings." #k ".in_progress", doing_, N_("findings"), BY_END, TK_FACT_COUNT, 0, \
	  LIST, k##_doing }, \
	{ "audit.findings." #k ".not_started", idle_, N_("findings"), BY_END, TK_FACT_COUNT, -1, \
	  LIST, k##_idle }
const struct tk_fact tk_audit_facts[] = {
	{ "audit.kinds", N_("Kinds of audit"), N_("kinds"), N_("Kinds of audit in the year's plan"),
	  TK_FACT_COUNT, 0, PLANS, all_kinds },
	{ "audit.kinds_done", N_("Kinds of audit done"), N_("kinds"),
	  N_("Kinds of which an audit was done"), TK_FACT_COUNT, 1, PLANS, done_kinds },
	{ "audit.kinds_skipped", N_("Kinds of audit skipped"), N_("kinds"),
	  N_("Kinds of which no audit was done, with the reason"), TK_FACT_COUNT, 0, PLANS,
	  skipped_kinds },
	{ "audit.findings", N_("Audit findings"), N_("findings"), FOUND, TK_FACT_COUNT, -1, LIST,
	  all },
	{ "audit.improvement_rate", N_("Audit findings improved"), "%",
	  N_("Improved by the last day of the year / findings of the year"), TK_FACT_RATE, 1, LIST,
	  done },
	{ "audit.findings.done", N_("Audit findings: improved"), N_("findings"), BY_END,
	  TK_FACT_COUNT, 1, LIST, done },
	{ "audit.findings.in_progress", N_("Audit findings: in progress"), N_("findings"), BY_END,
	  TK_FACT_COUNT, 0, LIST, doing },
	{ "audit.findings.not_started", N_("Audit findings: not started"), N_("findings"), BY_END,
	  TK_FACT_COUNT, -1, LIST, idle },
	KIND_FACTS(vuln, N_("Findings of the vulnerability audit"),
		   N_("Vulnerability audit: improved"), N_("Vulnerability audit: in progress"),
		   N_("Vulnerability audit: not started")),
	KIND_FACTS(procedure, N_("Findings on procedures"), N_("Procedures: improved"),
		   N_("Procedures: in progress"), N_("Procedures: not started")),
	KIND_FACTS(policy, N_("Findings on the policy"), N_("Policy: improved"),
		   N_("Policy: in progress"), N_("Policy: not started")),
	{ 0 },
};
