/* inspection_fact.c - what can be stated about technical inspection in a year. */
#include "inspection/inspection_in.h"

/* A server or system counts when that holds of all its cells in the inspections of the year. */
#define ALL_CELLS(type, id, cells) \
	.of = &(type), .args = "y", \
	.sql = "SELECT " id ", CASE WHEN " cells " = COUNT(*) THEN 1 ELSE 0 END" CELLS \
	       " WHERE r.fiscal_year = $1 AND r.deleted_at IS NULL GROUP BY " id
#define RESULTS(hit, which) \
	.of = &tk_tech_result, .args = "y", \
	.sql = "SELECT x.id, CASE WHEN " hit " THEN 1 ELSE 0 END FROM tech_result x JOIN" \
	       " tech_round r ON r.id = x.tech_round_id WHERE x.deleted_at IS NULL AND" \
	       " r.deleted_at IS NULL AND r.fiscal_year = $1 AND " which

struct words { struct tk_fact_rows *to; size_t n; };

static enum tk_rc on_category(void *ctx, const struct tk_value *col, size_t n)
{
	struct words *w = ctx;

	(void)n;
	tk_fact_add(w->to, NULL, 0, true, 0,
		    tk_choice_label(tk_tech_category, col[0].s, TK_JA));
	w->n++;
	return TK_OK;
}

static enum tk_rc categories(const struct tk_op *op, const struct tk_fact_year *y,
			     struct tk_fact_rows *to, const char *kind)
{
	struct words w = { to, 0 };
	enum tk_rc rc = tk_db_run(op->db, op->e,
				  "SELECT category FROM tech_check WHERE fiscal_year = $1 AND"
				  " server_kind = $2 AND deleted_at IS NULL GROUP BY category"
				  " ORDER BY MIN(sort)",
				  TK_ARGS(TK_I(y->year), TK_S(kind)), on_category, &w);

	if (rc == TK_OK && !w.n)
		tk_fact_missing(to, N_("The year has no items for this kind of server."));
	return rc;
}

static enum tk_rc categories_web(const struct tk_op *op, const struct tk_fact_year *y,
				 struct tk_fact_rows *to)
{
	return categories(op, y, to, "web");
}

static enum tk_rc categories_mail(const struct tk_op *op, const struct tk_fact_year *y,
				  struct tk_fact_rows *to)
{
	return categories(op, y, to, "mail");
}

const struct tk_fact tk_inspection_facts[] = {
	{ "inspection.servers", N_("Servers inspected"), "%",
	  N_("Servers with all items inspected / servers of the year's inspections"),
	  TK_FACT_RATE, 1, "#/inspection", ALL_CELLS(tk_server_type, "v.id", "COUNT(x.id)") },
	{ "inspection.systems", N_("Systems inspected"), "%",
	  N_("Systems with all servers inspected / systems of the year's inspections"),
	  TK_FACT_RATE, 1, "#/inspection", ALL_CELLS(tk_info_system, "s.id", "COUNT(x.id)") },
	{ "inspection.categories_web", N_("Categories of checks for web servers"),
	  N_("categories"), N_("Categories with items in the year"), TK_FACT_COUNT, 0,
	  "#/records/tech-checks?fiscal_year={year}&server_kind=web", .rows = categories_web },
	{ "inspection.categories_mail", N_("Categories of checks for mail servers"),
	  N_("categories"), N_("Categories with items in the year"), TK_FACT_COUNT, 0,
	  "#/records/tech-checks?fiscal_year={year}&server_kind=mail", .rows = categories_mail },
	{ "inspection.conforming", N_("Results that conform"), "%",
	  N_("Results that conform / results of items that apply"), TK_FACT_RATE, 1,
	  "#/records/tech-results",
	  RESULTS("x.result = 'conforming'", "x.result <> 'not_applicable'") },
	{ "inspection.all_conforming", N_("Servers on which everything conforms"), "%",
	  N_("Servers on which every item was inspected and conforms / servers of the year's "
	     "inspections"),
	  TK_FACT_RATE, 1, "#/inspection",
	  ALL_CELLS(tk_server_type, "v.id",
		    "SUM(CASE WHEN x.result IN ('conforming', 'not_applicable') THEN 1"
		    " ELSE 0 END)") },
	{ "inspection.improved", N_("Results improved in time"), "%",
	  N_("Non-conforming results improved by their due date / non-conforming results"),
	  TK_FACT_RATE, 1, "#/records/tech-results?result=non_conforming",
	  RESULTS("x.done_on <= x.due_on", "x.result = 'non_conforming'") },
	{ "inspection.measures", N_("Technical measures in full operation"), "%",
	  N_("Measures in full operation / measures of the year or not finished before"),
	  TK_FACT_RATE, 1, "#/records/tech-measures",
	  .of = &tk_tech_measure,
	  .args = "yft",        /* of the year, or not in full operation when it began */
	  .sql = "SELECT id, CASE WHEN operation_on <= $3 THEN 1 ELSE 0 END FROM tech_measure"
		 " WHERE deleted_at IS NULL AND state <> 'dropped' AND (fiscal_year = $1 OR"
		 " (fiscal_year < $1 AND (operation_on IS NULL OR operation_on >= $2)))" },
	{ 0 },
};
