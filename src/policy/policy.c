/* policy.c - what the module brings. */
#include "policy/policy.h"
#include "policy/policy_in.h"
#include "policy/portal_api.h"

static const struct tk_rtype *const types[] = { &tk_policy_document, &tk_document_edition,
	&tk_conformance, &tk_document_read, &tk_portal_notice, &tk_portal_question, NULL };
static const struct tk_case_type *const cases[] = { &tk_edition_case, &tk_question_case, NULL };

struct dates { const struct tk_op *op; tk_date_fn add; void *ctx; };

static enum tk_rc date_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct dates *x = ctx;
	struct tk_date_item d = {
		.from = tk_strdup(x->op->mem, col[1].s),
		.kind = "document",
		.title = tk_sprintf(x->op->mem, "%s %s", tk_strdup(x->op->mem, col[2].s),
				    tk_tr(x->op->who->lang, N_("in force"))),
		.href = tk_sprintf(x->op->mem, "#/portal/%lld", (long long)col[0].i),
		.phase = "plan",
		.done = true,
	};

	(void)n;
	x->add(x->ctx, &d);
	return TK_OK;
}

static enum tk_rc dates(const struct tk_op *op, const char *from, const char *to, tk_date_fn add,
			void *ctx)
{
	struct dates x = { op, add, ctx };

	if (tk_who_scope(op->who, TK_P_DOC_READ) == TK_SCOPE_NONE)
		return TK_OK;
	return tk_db_run(op->db, op->e,
		"SELECT id, from_on, title FROM document_edition WHERE published = 1 AND from_on"
		" BETWEEN $1 AND $2 AND deleted_at IS NULL ORDER BY from_on, id",
		TK_ARGS(TK_S(from), TK_S(to)), date_row, &x);
}

const struct tk_module tk_policy_module = {
	.name = "policy",
	.type = types,
	.case_type = cases,
	.fact = tk_policy_facts,
	.route = tk_portal_routes,
	.tasks = tk_document_tasks,
	.dates = dates,
	.daily = tk_policy_daily,
};
