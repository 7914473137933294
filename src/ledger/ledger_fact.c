/* ledger_fact.c - what the ledger can state of a year. */
#include "ledger/ledger_in.h"

#define IN_YEAR(x) \
	x ".deleted_at IS NULL AND (" x ".from_on IS NULL OR " x ".from_on <= $2) AND (" x \
	".to_on IS NULL OR " x ".to_on >= $1)"

static enum tk_rc from_to(const struct tk_op *op, const struct tk_fact_year *y,
			  struct tk_fact_rows *to, const struct tk_rtype *t, const char *sql)
{
	return tk_fact_select(op, to, t, sql, TK_ARGS(TK_S(y->from), TK_S(y->to)));
}

static enum tk_rc by_year(const struct tk_op *op, const struct tk_fact_year *y,
			  struct tk_fact_rows *to, const struct tk_rtype *t, const char *sql)
{
	return tk_fact_select(op, to, t, sql, TK_ARGS(TK_I(y->year)));
}

static enum tk_rc systems(const struct tk_op *op, const struct tk_fact_year *y,
			  struct tk_fact_rows *to)
{
	return from_to(op, y, to, &tk_info_system,
		       "SELECT s.id, 1 FROM info_system s WHERE " IN_YEAR("s"));
}

/* Systems in operation of which the owner confirmed the entry for the year. */
static enum tk_rc updated(const struct tk_op *op, const struct tk_fact_year *y,
			  struct tk_fact_rows *to)
{
	return tk_fact_select(
		op, to, &tk_info_system,
		"SELECT s.id, CASE WHEN EXISTS(SELECT 1 FROM system_update u WHERE"
		" u.info_system_id = s.id AND u.fiscal_year = $3 AND u.state = 'confirmed' AND"
		" u.deleted_at IS NULL) THEN 1 ELSE 0 END FROM info_system s WHERE " IN_YEAR("s"),
		TK_ARGS(TK_S(y->from), TK_S(y->to), TK_I(y->year)));
}

#define SERVERS(name, which) \
	static enum tk_rc name(const struct tk_op *op, const struct tk_fact_year *y, \
			       struct tk_fact_rows *to) \
	{ \
		return from_to(op, y, to, &tk_server_type, \
			       "SELECT v.id, 1 FROM server v JOIN info_system s ON s.id =" \
			       " v.info_system_id WHERE " IN_YEAR("s") " AND " IN_YEAR("v") \
			       which); \
	}
SERVERS(servers, "")
SERVERS(servers_web, " AND v.kind = 'web'")
SERVERS(servers_mail, " AND v.kind = 'mail'")

#define COSTS(name, which) \
	static enum tk_rc name(const struct tk_op *op, const struct tk_fact_year *y, \
			       struct tk_fact_rows *to) \
	{ \
		return by_year(op, y, to, &tk_system_cost, \
			       "SELECT id, 1, yen FROM system_cost WHERE fiscal_year = $1 AND" \
			       " deleted_at IS NULL" which); \
	}
COSTS(cost_development, " AND kind = 'development'")
COSTS(cost_operation, " AND kind = 'operation'")

static enum tk_rc out_of_support(const struct tk_op *op, const struct tk_fact_year *y,
				 struct tk_fact_rows *to)
{
	tk_fact_zero(to);
	return from_to(op, y, to, &tk_software,
		       "SELECT w.id, 1 FROM software w JOIN info_system s ON s.id ="
		       " w.info_system_id WHERE w.deleted_at IS NULL AND w.support_until <= $2"
		       " AND " IN_YEAR("s"));
}

static enum tk_rc notices(const struct tk_op *op, const struct tk_fact_year *y,
			  struct tk_fact_rows *to)
{
	tk_fact_zero(to);
	return from_to(op, y, to, &tk_vuln_notice,
		       "SELECT id, 1 FROM vuln_notice WHERE deleted_at IS NULL AND received_on"
		       " >= $1 AND received_on <= $2");
}

/* Answers that fall due in the year; a late or missing one does not count. */
static enum tk_rc in_time(const struct tk_op *op, const struct tk_fact_year *y,
			  struct tk_fact_rows *to)
{
	return from_to(op, y, to, &tk_vuln_response,
		       "SELECT id, CASE WHEN closed_on <= due_on THEN 1 ELSE 0 END FROM"
		       " vuln_response WHERE deleted_at IS NULL AND due_on >= $1 AND due_on <="
		       " $2");
}

const struct tk_fact tk_ledger_facts[] = {
	{ "ledger.systems", N_("Information systems in the ledger"), N_("systems"),
	  N_("Systems in operation in the year"), TK_FACT_COUNT, 0, "#/records/info-systems",
	  systems },
	{ "ledger.updated", N_("Ledger entries confirmed by their owners"), "%",
	  N_("Systems in operation confirmed for the year / systems in operation"), TK_FACT_RATE,
	  1, "#/records/system-updates?fiscal_year={year}", updated },
	{ "ledger.servers", N_("Servers"), N_("servers"),
	  N_("Servers in operation in the year"), TK_FACT_COUNT, 0, "#/records/servers", servers },
	{ "ledger.servers_web", N_("Web servers"), N_("servers"),
	  N_("Web servers in operation in the year"), TK_FACT_COUNT, 0,
	  "#/records/servers?kind=web", servers_web },
	{ "ledger.servers_mail", N_("Mail servers"), N_("servers"),
	  N_("Mail servers in operation in the year"), TK_FACT_COUNT, 0,
	  "#/records/servers?kind=mail", servers_mail },
	{ "ledger.cost_development", N_("Development costs"), N_("yen"),
	  N_("Sum of the development costs of all systems in the year"), TK_FACT_SUM, 0,
	  "#/records/system-costs?fiscal_year={year}&kind=development", cost_development },
	{ "ledger.cost_operation", N_("Operation costs"), N_("yen"),
	  N_("Sum of the operation costs of all systems in the year"), TK_FACT_SUM, 0,
	  "#/records/system-costs?fiscal_year={year}&kind=operation", cost_operation },
	{ "ledger.out_of_support", N_("Software without support"), N_("products"),
	  N_("Software of systems in operation whose support ended by the end of the year"),
	  TK_FACT_COUNT, -1, "#/records/software", out_of_support },
	{ "ledger.vuln_notices", N_("Vulnerability notices"), N_("notices"),
	  N_("Notices received in the year"), TK_FACT_COUNT, 0, "#/records/vuln-notices",
	  notices },
	{ "ledger.vuln_in_time", N_("Vulnerability notices answered in time"), "%",
	  N_("Answers of systems given by their due date / answers due in the year"),
	  TK_FACT_RATE, 1, "#/records/vuln-responses", in_time },
	{ 0 },
};
