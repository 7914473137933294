/* audit.h - the audit of a fiscal year (AUD).
 *
 * The audit head writes the plan with the adviser's guidance, the general officer approves it.  A
 * plan has audits of three kinds; what they find is answered by the audited division and confirmed
 * by the audit side.  What was found in detail stands in findings only: titles, references, tasks,
 * mails and the roadmap carry a code.  A struct tk_op belongs to one thread.
 */
#pragma once
#include "case/life.h"
#include "fact/module.h"

struct tk_audit_plan {
	struct tk_rec rec;
	const char *title, *basis, *content;
	int64_t     fiscal_year;
	const char *advised_on, *advised_by, *approved_on, *approved_by;        /* set by moves */
	struct tk_life life;
};
struct tk_audit {
	struct tk_rec rec;
	const char *title, *kind, *basis, *targets;
	const char *auditor;                    /* "internal" or "external" */
	int64_t     plan_id, auditor_staff_id, contractor_id;
	const char *from_on, *to_on, *evaluation, *skip_reason;
	struct tk_life life;
};
struct tk_audit_target {
	struct tk_rec rec;
	int64_t     audit_id, info_system_id;
	const char *note;
};
struct tk_finding {
	struct tk_rec rec;
	const char *code;                       /* "2011-V-1" */
	int64_t     audit_id, info_system_id;
	const char *severity, *clause, *detail, *recommendation;
	const char *plan, *result;              /* the audited division's */
	const char *planned_on, *done_on, *confirmed_on, *confirmed_by;         /* set by moves */
	struct tk_life life;                    /* division: the audited one */
};
struct tk_audit_report {
	struct tk_rec rec;
	const char *title, *content, *reported_on, *received_on, *received_by;
	int64_t     plan_id;
	struct tk_life life;
};
extern const struct tk_rtype tk_audit_plan_type, tk_audit_type, tk_audit_target_type,
	tk_finding_type, tk_audit_report_type;
extern const struct tk_case_type tk_audit_plan_case, tk_audit_case, tk_finding_case,
	tk_audit_report_case;
extern const struct tk_choice tk_audit_kind_choice[];   /* vuln, procedure, policy */
extern const struct tk_fact tk_audit_facts[];
extern const struct tk_module tk_audit_module;

/* AUD-06: was the policy revised in the year?  *known false when nobody can tell. */
enum tk_rc tk_audit_policy_revised(const struct tk_op *op, int year, bool *known,
				   bool *revised) TK_MUST_USE;
/* The three audits of a new plan, as far as they are not there. */
enum tk_rc tk_audits_make(const struct tk_op *op, const struct tk_audit_plan *p) TK_MUST_USE;
/* A record by the program itself, whoever acts: moves and their rules have asked for permission. */
enum tk_rc tk_audit_load(const struct tk_op *op, const struct tk_rtype *t, int64_t id,
			 void *rec) TK_MUST_USE;
/* Writes "<what>_on" = today and, if the type has it, "<what>_by" = who acts. */
enum tk_rc tk_audit_stamp(const struct tk_op *op, const struct tk_rtype *t, int64_t id,
			  const char *what) TK_MUST_USE;
