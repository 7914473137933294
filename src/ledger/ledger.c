/* ledger.c - what the module brings. */
#include "ledger/ledger_api.h"
#include "ledger/ledger_in.h"

static const struct tk_rtype *const types[] = {
	&tk_info_system, &tk_server_type, &tk_software, &tk_system_cost, &tk_system_update,
	&tk_vuln_notice, &tk_vuln_response, NULL,
};
static const struct tk_case_type *const case_types[] = { &tk_system_update_case,
							 &tk_vuln_response_case, NULL };

static enum tk_rc open_year(const struct tk_op *op, int from, int to, tk_carry_fn said, void *ctx)
{
	int64_t n = 0;
	enum tk_rc rc = tk_system_updates_open(op, to, &n);

	(void)from;
	if (rc == TK_OK)
		said(ctx, N_("Systems to be confirmed by their owners"), n);
	return rc;
}

/* Ends of support are dates of the calendar; what falls due comes with the cases. */
struct dates { const struct tk_op *op; tk_date_fn add; void *ctx; };

static enum tk_rc on_support(void *ctx, const struct tk_value *col, size_t n)
{
	struct dates *d = ctx;
	struct tk_arena *a = d->op->mem;
	struct tk_date_item item = {
		.from = tk_strdup(a, col[1].s),
		.kind = "support",
		.title = tk_sprintf(a, "%s: %s", tk_tr(d->op->e->lang, N_("Support ends")),
				    col[2].s),
		.href = tk_sprintf(a, "#/records/software/%lld", (long long)col[0].i),
	};

	(void)n;
	d->add(d->ctx, &item);
	return TK_OK;
}

static enum tk_rc dates(const struct tk_op *op, const char *from, const char *to, tk_date_fn add,
			void *ctx)
{
	struct dates d = { op, add, ctx };

	if (tk_who_scope(op->who, TK_P_SYSTEM_READ) != TK_SCOPE_ALL)
		return TK_OK;
	return tk_db_run(op->db, op->e,
			 "SELECT id, support_until, product FROM software WHERE deleted_at IS NULL"
			 " AND support_until >= $1 AND support_until <= $2 ORDER BY support_until,"
			 " product, id",
			 TK_ARGS(TK_S(from), TK_S(to)), on_support, &d);
}

const struct tk_module tk_ledger_module = {
	.name = "ledger",
	.type = types,
	.case_type = case_types,
	.fact = tk_ledger_facts,
	.route = tk_ledger_routes,
	.dates = dates,
	.open_year = open_year,
};
