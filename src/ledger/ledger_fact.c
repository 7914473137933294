/* ledger_fact.c - what the ledger can state of a year. */
#include "ledger/ledger_in.h"

#define IN_YEAR(x) \
	x ".deleted_at IS NULL AND (" x ".from_on IS NULL OR " x ".from_on <= $2) AND (" x \
	".to_on IS NULL OR " x ".to_on >= $1)"

#define SERVERS(which) \
	.of = &tk_server_type, .args = "ft", \
	.sql = "SELECT v.id, 1 FROM server v JOIN info_system s ON s.id = v.info_system_id" \
	       " WHERE " IN_YEAR("s") " AND " IN_YEAR("v") which
#define COSTS(which) \
	.of = &tk_system_cost, .args = "y", \
	.sql = "SELECT id, 1, yen FROM system_cost WHERE fiscal_year = $1 AND deleted_at IS NULL" \
	       " AND kind = '" which "'"

const struct tk_fact tk_ledger_facts[] = {
	{ "ledger.systems", N_("Information systems in the ledger"), N_("systems"),
	  N_("Systems in operation in the year"), TK_FACT_COUNT, 0, "#/records/info-systems",
	  .of = &tk_info_system, .args = "ft",
	  .sql = "SELECT s.id, 1 FROM info_system s WHERE " IN_YEAR("s") },
	{ "ledger.updated", N_("Ledger entries confirmed by their owners"), "%",
	  N_("Systems in operation confirmed for the year / systems in operation"), TK_FACT_RATE,
	  1, "#/records/system-updates?fiscal_year={year}",
	  .of = &tk_info_system, .args = "fty",
	  .sql = "SELECT s.id, CASE WHEN EXISTS(SELECT 1 FROM system_update u WHERE"
		 " u.info_system_id = s.id AND u.fiscal_year = $3 AND u.state = 'confirmed' AND"
		 " u.deleted_at IS NULL) THEN 1 ELSE 0 END FROM info_system s"
		 " WHERE " IN_YEAR("s") },
	{ "ledger.servers", N_("Servers"), N_("servers"),
	  N_("Servers in operation in the year"), TK_FACT_COUNT, 0, "#/records/servers",
	  SERVERS("") },
	{ "ledger.servers_web", N_("Web servers"), N_("servers"),
	  N_("Web servers in operation in the year"), TK_FACT_COUNT, 0,
	  "#/records/servers?kind=web", SERVERS(" AND v.kind = 'web'") },
	{ "ledger.servers_mail", N_("Mail servers"), N_("servers"),
	  N_("Mail servers in operation in the year"), TK_FACT_COUNT, 0,
	  "#/records/servers?kind=mail", SERVERS(" AND v.kind = 'mail'") },
	{ "ledger.cost_development", N_("Development costs"), N_("yen"),
	  N_("Sum of the development costs of all systems in the year"), TK_FACT_SUM, 0,
	  "#/records/system-costs?fiscal_year={year}&kind=development", COSTS("development") },
	{ "ledger.cost_operation", N_("Operation costs"), N_("yen"),
	  N_("Sum of the operation costs of all systems in the year"), TK_FACT_SUM, 0,
	  "#/records/system-costs?fiscal_year={year}&kind=operation", COSTS("operation") },
	{ "ledger.out_of_support", N_("Software without support"), N_("products"),
	  N_("Software of systems in operation whose support ended by the end of the year"),
	  TK_FACT_COUNT, -1, "#/records/software",
	  .of = &tk_software, .args = "ft", .zero = true,
	  .sql = "SELECT w.id, 1 FROM software w JOIN info_system s ON s.id = w.info_system_id"
		 " WHERE w.deleted_at IS NULL AND w.support_until <= $2 AND " IN_YEAR("s") },
	{ "ledger.vuln_notices", N_("Vulnerability notices"), N_("notices"),
	  N_("Notices received in the year"), TK_FACT_COUNT, 0, "#/records/vuln-notices",
	  .of = &tk_vuln_notice, .args = "ft", .zero = true,
	  .sql = "SELECT id, 1 FROM vuln_notice WHERE deleted_at IS NULL AND received_on >= $1"
		 " AND received_on <= $2" },
	{ "ledger.vuln_in_time", N_("Vulnerability notices answered in time"), "%",
	  N_("Answers of systems given by their due date / answers due in the year"),
	  TK_FACT_RATE, 1, "#/records/vuln-responses",
	  .of = &tk_vuln_response,
	  .args = "ft",         /* that fall due in the year; a late or missing one is no hit */
	  .sql = "SELECT id, CASE WHEN closed_on <= due_on THEN 1 ELSE 0 END FROM vuln_response"
		 " WHERE deleted_at IS NULL AND due_on >= $1 AND due_on <= $2" },
	{ 0 },
};
