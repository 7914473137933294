/* outsourcing_fact.c - what can be stated of a year's outsourcing (OUT-02, OUT-05, OUT-06). */
#include <string.h>
#include "base/clock.h"
#include "outsourcing/outsourcing.h"

/* Specifications of the year $1 that left the writer's desk. */
#define SPECS \
	" FROM procurement_spec s WHERE s.deleted_at IS NULL AND s.fiscal_year = $1" \
	" AND s.state NOT IN ('drafting', 'withdrawn')"
#define NO_SPEC N_("No procurement specification of the year is recorded.")
#define NO_CONFIRMATION N_("No confirmation of a contract was due in the year.")

static enum tk_rc of_year(const struct tk_op *op, const struct tk_fact_year *y,
			  struct tk_fact_rows *to, const struct tk_rtype *t, const char *sql,
			  const char *none)
{
	tk_fact_none(to, none);
	return tk_fact_select(op, to, t, sql, TK_ARGS(TK_I(y->year)));
}

#define ROWS(name, type, none, sql) \
	static enum tk_rc name(const struct tk_op *op, const struct tk_fact_year *y, \
			       struct tk_fact_rows *to) \
	{ \
		return of_year(op, y, to, &type, sql, none); \
	}
#define IF(condition) "CASE WHEN " condition " THEN 1 ELSE 0 END"
ROWS(specs, tk_procurement_spec_type, NO_SPEC, "SELECT s.id, 1" SPECS)
ROWS(checked, tk_procurement_spec_type, NO_SPEC,
     "SELECT s.id, " IF("s.checked_on IS NOT NULL") SPECS)
ROWS(opinions, tk_procurement_spec_type, NO_SPEC,
     "SELECT s.id, " IF("s.opinion_on IS NOT NULL") SPECS)
ROWS(advised, tk_procurement_spec_type, NO_SPEC,
     "SELECT s.id, " IF("s.advised_on IS NOT NULL") SPECS)
#define CHECKS \
	" FROM spec_check c JOIN procurement_spec s ON s.id = c.spec_id" \
	" WHERE c.deleted_at IS NULL AND s.deleted_at IS NULL AND s.fiscal_year = $1" \
	" AND s.state NOT IN ('drafting', 'withdrawn') AND c.verdict IS NOT NULL"
ROWS(missing, tk_spec_check_type, NO_SPEC,
     "SELECT c.id, " IF("c.verdict = 'missing'") CHECKS)
ROWS(coverage, tk_spec_check_type, NO_SPEC,
     "SELECT c.id, " IF("c.verdict = 'written'") CHECKS " AND c.verdict <> 'na'")
ROWS(connected, tk_contract_type, N_("No contract of the year connects a contractor."),
     "SELECT c.id, " IF("EXISTS(SELECT 1 FROM connection_check x WHERE x.contract_id = c.id AND "
			"x.deleted_at IS NULL)")
     " FROM contract c JOIN procurement_spec s ON s.id = c.spec_id WHERE c.deleted_at IS NULL"
     " AND s.deleted_at IS NULL AND s.connects = 1 AND s.fiscal_year = $1")

/* Confirmations whose day fell into the year, as far as it has gone. */
static enum tk_rc confirmations(const struct tk_op *op, const struct tk_fact_year *y,
				struct tk_fact_rows *to, const char *sql)
{
	char today[11];

	tk_date_iso(tk_today(), today);
	tk_fact_none(to, NO_CONFIRMATION);
	return tk_fact_select(op, to, &tk_confirmation_type, sql,
			      TK_ARGS(TK_S(y->from), TK_S(y->to), TK_S(today),
				      TK_I(tk_date_time((struct tk_date){ y->year + 1, 4, 1 }))));
}

#define DUE \
	" FROM contract_confirmation f WHERE f.deleted_at IS NULL AND f.due_on >= $1 AND " \
	"f.due_on <= $2 AND (f.due_on < $3 OR f.closed_at IS NOT NULL)"
static enum tk_rc confirmed(const struct tk_op *op, const struct tk_fact_year *y,
			    struct tk_fact_rows *to)
{
	return confirmations(op, y, to, "SELECT f.id, " IF("f.closed_at < $4") DUE);
}

static enum tk_rc overdue(const struct tk_op *op, const struct tk_fact_year *y,
			  struct tk_fact_rows *to)
{
	return confirmations(op, y, to,
			     "SELECT f.id, " IF("f.closed_at IS NULL OR f.closed_at >= $4") DUE);
}

#define LIST "#/records/procurement-specs?fiscal_year={year}"
#define FOLLOW "#/records/contract-confirmations"
const struct tk_fact tk_outsourcing_facts[] = {
	{ "outsourcing.specs", N_("Procurement specifications"), N_("specifications"),
	  N_("Specifications of the year that were submitted for the check"), TK_FACT_COUNT, 0,
	  LIST, specs },
	{ "outsourcing.checked_rate", N_("Specifications checked by experts"), "%",
	  N_("Checked / submitted for the check"), TK_FACT_RATE, 1, LIST, checked },
	{ "outsourcing.advised", N_("Specifications the adviser looked at"), N_("specifications"),
	  N_("Specifications of the year with the adviser's advice"), TK_FACT_COUNT, 0, LIST,
	  advised },
	{ "outsourcing.missing_items", N_("Missing items found in specifications"), N_("items"),
	  N_("Items of the guide that the check found missing"), TK_FACT_COUNT, -1,
	  "#/records/spec-checks?verdict=missing", missing },
	{ "outsourcing.coverage", N_("Items of the guide written in specifications"), "%",
	  N_("Items written / items that apply and were checked"), TK_FACT_RATE, 1,
	  "#/spec-coverage", coverage },
	{ "outsourcing.opinions", N_("Opinions of the CIO aide"), N_("specifications"),
	  N_("Specifications of the year on which an opinion was given"), TK_FACT_COUNT, 0, LIST,
	  opinions },
	{ "outsourcing.connection_rate", N_("Contractors checked before connection"), "%",
	  N_("Contracts with a check before connection / contracts of the year that connect"),
	  TK_FACT_RATE, 1, "#/records/connection-checks", connected },
	{ "outsourcing.confirmed_rate", N_("Confirmations of contracts done"), "%",
	  N_("Confirmed by the end of the year / due in the year so far"), TK_FACT_RATE, 1, FOLLOW,
	  confirmed },
	{ "outsourcing.overdue", N_("Confirmations of contracts overdue"), N_("confirmations"),
	  N_("Due in the year so far and not done by its end"), TK_FACT_COUNT, -1, FOLLOW,
	  overdue },
	{ 0 },
};
