/* outsourcing_fact.c - what can be stated of a year's outsourcing (OUT-02, OUT-05, OUT-06). */
#include "outsourcing/outsourcing.h"

/* Specifications of the year $1 that left the writer's desk. */
#define SPECS \
	" FROM procurement_spec s WHERE s.deleted_at IS NULL AND s.fiscal_year = $1" \
	" AND s.state NOT IN ('drafting', 'withdrawn')"
#define CHECKS \
	" FROM spec_check c JOIN procurement_spec s ON s.id = c.spec_id" \
	" WHERE c.deleted_at IS NULL AND s.deleted_at IS NULL AND s.fiscal_year = $1" \
	" AND s.state NOT IN ('drafting', 'withdrawn') AND c.verdict IS NOT NULL"
/* Confirmations whose day fell into the year, as far as it has gone ($3 is today). */
#define DUE \
	" FROM contract_confirmation f WHERE f.deleted_at IS NULL AND f.due_on >= $1 AND " \
	"f.due_on <= $2 AND (f.due_on < $3 OR f.closed_at IS NOT NULL)"
#define IF(condition) "CASE WHEN " condition " THEN 1 ELSE 0 END"

#define NO_SPEC .none = N_("No procurement specification of the year is recorded."), .args = "y"
#define OF_SPECS .of = &tk_procurement_spec_type, NO_SPEC
#define OF_CHECKS .of = &tk_spec_check_type, NO_SPEC
#define OF_CONFIRMATIONS \
	.of = &tk_confirmation_type, .args = "ftde", \
	.none = N_("No confirmation of a contract was due in the year.")
#define LIST "#/records/procurement-specs?fiscal_year={year}"
#define FOLLOW "#/records/contract-confirmations"
const struct tk_fact tk_outsourcing_facts[] = {
	{ "outsourcing.specs", N_("Procurement specifications"), N_("specifications"),
	  N_("Specifications of the year that were submitted for the check"), TK_FACT_COUNT, 0,
	  LIST,
	  OF_SPECS, .sql = "SELECT s.id, 1" SPECS },
	{ "outsourcing.checked_rate", N_("Specifications checked by experts"), "%",
	  N_("Checked / submitted for the check"), TK_FACT_RATE, 1, LIST,
	  OF_SPECS,
	  .sql = "SELECT s.id, " IF("s.checked_on IS NOT NULL") SPECS },
	{ "outsourcing.advised", N_("Specifications the adviser looked at"), N_("specifications"),
	  N_("Specifications of the year with the adviser's advice"), TK_FACT_COUNT, 0, LIST,
	  OF_SPECS, .sql = "SELECT s.id, " IF("s.advised_on IS NOT NULL") SPECS },
	{ "outsourcing.missing_items", N_("Missing items found in specifications"), N_("items"),
	  N_("Items of the guide that the check found missing"), TK_FACT_COUNT, -1,
	  "#/records/spec-checks?verdict=missing",
	  OF_CHECKS,
	  .sql = "SELECT c.id, " IF("c.verdict = 'missing'") CHECKS },
	{ "outsourcing.coverage", N_("Items of the guide written in specifications"), "%",
	  N_("Items written / items that apply and were checked"), TK_FACT_RATE, 1,
	  "#/spec-coverage",
	  OF_CHECKS,
	  .sql = "SELECT c.id, " IF("c.verdict = 'written'") CHECKS " AND c.verdict <> 'na'" },
	{ "outsourcing.opinions", N_("Opinions of the CIO aide"), N_("specifications"),
	  N_("Specifications of the year on which an opinion was given"), TK_FACT_COUNT, 0, LIST,
	  OF_SPECS, .sql = "SELECT s.id, " IF("s.opinion_on IS NOT NULL") SPECS },
	{ "outsourcing.connection_rate", N_("Contractors checked before connection"), "%",
	  N_("Contracts with a check before connection / contracts of the year that connect"),
	  TK_FACT_RATE, 1, "#/records/connection-checks",
	  .of = &tk_contract_type, .args = "y",
	  .none = N_("No contract of the year connects a contractor."),
	  .sql = "SELECT c.id, " IF("EXISTS(SELECT 1 FROM connection_check x WHERE x.contract_id ="
				    " c.id AND x.deleted_at IS NULL)")
		 " FROM contract c JOIN procurement_spec s ON s.id = c.spec_id WHERE c.deleted_at"
		 " IS NULL AND s.deleted_at IS NULL AND s.connects = 1 AND s.fiscal_year = $1" },
	{ "outsourcing.confirmed_rate", N_("Confirmations of contracts done"), "%",
	  N_("Confirmed by the end of the year / due in the year so far"), TK_FACT_RATE, 1, FOLLOW,
	  OF_CONFIRMATIONS, .sql = "SELECT f.id, " IF("f.closed_at < $4") DUE },
	{ "outsourcing.overdue", N_("Confirmations of contracts overdue"), N_("confirmations"),
	  N_("Due in the year so far and not done by its end"), TK_FACT_COUNT, -1, FOLLOW,
	  OF_CONFIRMATIONS,
	  .sql = "SELECT f.id, " IF("f.closed_at IS NULL OR f.closed_at >= $4") DUE },
	{ 0 },
};
