/* audit.c - what the module brings. */
#include "audit/audit.h"

struct show { tk_date_fn add; void *ctx; struct tk_arena *mem; };

static enum tk_rc date_row(void *ctx, const struct tk_value *c, size_t n)
{
	const struct show *s = ctx;

	(void)n;
	s->add(s->ctx, &(struct tk_date_item){ .from = c[1].s,
		.to = c[2].type == TK_V_TEXT ? c[2].s : NULL, .kind = "audit", .title = c[3].s,
		.href = tk_sprintf(s->mem, "#/records/audits/%lld", (long long)c[0].i),
		.phase = "check", .done = c[4].i != 0 });
	return TK_OK;
}

/* The weeks of the audits, for those who see audits. */
static enum tk_rc dates(const struct tk_op *op, const char *from, const char *to, tk_date_fn add,
			void *ctx)
{
	struct show s = { add, ctx, op->mem };

	if (tk_who_scope(op->who, TK_P_AUDIT_READ) != TK_SCOPE_ALL)
		return TK_OK;
	return tk_db_run(op->db, op->e,
			 "SELECT id, from_on, to_on, title, CASE WHEN closed_at IS NULL THEN 0 ELSE"
			 " 1 END FROM audit WHERE deleted_at IS NULL AND from_on <= $2 AND "
			 "COALESCE(to_on, from_on) >= $1 AND state <> 'skipped' ORDER BY from_on",
			 TK_ARGS(TK_S(from), TK_S(to)), date_row, &s);
}

static const struct tk_rtype *const types[] = { &tk_audit_plan_type, &tk_audit_type,
	&tk_audit_target_type, &tk_finding_type, &tk_audit_report_type, NULL };
static const struct tk_case_type *const cases[] = { &tk_audit_plan_case, &tk_audit_case,
	&tk_finding_case, &tk_audit_report_case, NULL };
const struct tk_module tk_audit_module = {
	.name = "audit",
	.type = types,
	.case_type = cases,
	.fact = tk_audit_facts,
	.dates = dates,
};
