/* request_fact.c - the counts of a year. */
#include "request/request_in.h"

/* None in a year is 0 when the register was kept by then: something stands in it. */
static enum tk_rc kept(const struct tk_op *op, const struct tk_fact_year *y,
		       struct tk_fact_rows *to, const struct tk_rtype *t)
{
	const char *sql = t == &tk_exception_request ?
		"SELECT COUNT(*) FROM exception_request WHERE fiscal_year <= $1" :
		t == &tk_takeout ? "SELECT COUNT(*) FROM takeout WHERE fiscal_year <= $1" :
		"SELECT COUNT(*) FROM area_entry WHERE fiscal_year <= $1";
	int64_t n = 0;
	enum tk_rc rc = tk_db_int(op->db, op->e, sql, TK_ARGS(TK_I(y->year)), 0, &n);

	if (rc == TK_OK && n)
		tk_fact_zero(to);
	return rc;
}

/* Every row of sql counts; $1 and $2 are the first and the last day. */
static enum tk_rc rows(const struct tk_op *op, const struct tk_fact_year *y,
		       struct tk_fact_rows *to, const struct tk_rtype *t, const char *sql)
{
	enum tk_rc rc = kept(op, y, to, t);

	return rc != TK_OK ? rc : tk_fact_select(op, to, t, sql,
						 TK_ARGS(TK_S(y->from), TK_S(y->to)));
}

#define ROWS(name, type, sql) \
	static enum tk_rc name(const struct tk_op *op, const struct tk_fact_year *y, \
			       struct tk_fact_rows *to) \
	{ \
		return rows(op, y, to, &(type), (sql)); \
	}
ROWS(exception_requested, tk_exception_request,
	"SELECT id, 1 FROM exception_request WHERE requested_on BETWEEN $1 AND $2"
	" AND deleted_at IS NULL")
ROWS(exception_approved, tk_exception_request,
	"SELECT id, 1 FROM exception_request WHERE decided_on BETWEEN $1 AND $2"
	" AND state IN ('approved', 'ended', 'extended') AND deleted_at IS NULL")
ROWS(exception_rejected, tk_exception_request,
	"SELECT id, 1 FROM exception_request WHERE decided_on BETWEEN $1 AND $2"
	" AND state = 'rejected' AND deleted_at IS NULL")
ROWS(exception_ended, tk_exception_request,
	"SELECT id, 1 FROM exception_request WHERE ended_on BETWEEN $1 AND $2"
	" AND state = 'ended' AND deleted_at IS NULL")
ROWS(exception_continuing, tk_exception_request,
	"SELECT id, 1 FROM exception_request WHERE state IN ('approved', 'ended', 'extended')"
	" AND decided_on <= $2 AND $1 <= $2 AND (ended_on IS NULL OR ended_on > $2)"
	" AND deleted_at IS NULL")
ROWS(takeout_requested, tk_takeout,
	"SELECT id, 1 FROM takeout WHERE requested_on BETWEEN $1 AND $2 AND deleted_at IS NULL")
ROWS(takeout_approved, tk_takeout,
	"SELECT id, 1 FROM takeout WHERE decided_on BETWEEN $1 AND $2"
	" AND state NOT IN ('rejected', 'requested', 'requested_above', 'sent_back', 'withdrawn')"
	" AND deleted_at IS NULL")
/* of what was taken out and due in the year: what came back or was disposed of by the day said */
ROWS(takeout_in_time, tk_takeout,
	"SELECT id, CASE WHEN back_on <= to_on THEN 1 ELSE 0 END FROM takeout"
	" WHERE to_on BETWEEN $1 AND $2 AND state IN ('out', 'brought_back', 'disposed')"
	" AND deleted_at IS NULL")
ROWS(area_entries, tk_area_entry,
	"SELECT id, 1 FROM area_entry WHERE planned_on BETWEEN $1 AND $2"
	" AND state IN ('entered', 'left') AND deleted_at IS NULL")
/* of those who went in: with a confirmation of purpose and companion before */
ROWS(area_confirmed, tk_area_entry,
	"SELECT id, CASE WHEN confirmed_by IS NOT NULL THEN 1 ELSE 0 END FROM area_entry"
	" WHERE planned_on BETWEEN $1 AND $2 AND state IN ('entered', 'left')"
	" AND deleted_at IS NULL")

#define EXCEPTIONS .unit = N_("exceptions"), .kind = TK_FACT_COUNT, \
	.href = "#/records/exceptions?fiscal_year={year}"
#define TAKEOUTS .unit = N_("take-outs"), .href = "#/records/takeouts?fiscal_year={year}"
#define ENTRIES .unit = N_("entries"), .href = "#/records/area-entries?fiscal_year={year}"
const struct tk_fact tk_request_facts[] = {
	{ .id = "request.exceptions_requested", .label = N_("Exceptions requested"), EXCEPTIONS,
	  .base = N_("Exceptions requested in the year"), .rows = exception_requested },
	{ .id = "request.exceptions_approved", .label = N_("Exceptions approved"), EXCEPTIONS,
	  .base = N_("Exceptions approved in the year"), .rows = exception_approved },
	{ .id = "request.exceptions_rejected", .label = N_("Exceptions rejected"), EXCEPTIONS,
	  .base = N_("Exceptions rejected in the year"), .rows = exception_rejected },
	{ .id = "request.exceptions_ended", .label = N_("Exceptions ended"), EXCEPTIONS,
	  .base = N_("Exceptions whose end was reported in the year"), .rows = exception_ended },
	{ .id = "request.exceptions_continuing", .label = N_("Exceptions continuing"), EXCEPTIONS,
	  .better = -1, .base = N_("Approved exceptions not ended on the last day of the year"),
	  .rows = exception_continuing },
	{ .id = "request.takeouts_requested", .label = N_("Take-outs requested"), TAKEOUTS,
	  .kind = TK_FACT_COUNT, .base = N_("Take-outs requested in the year"),
	  .rows = takeout_requested },
	{ .id = "request.takeouts_approved", .label = N_("Take-outs approved"), TAKEOUTS,
	  .kind = TK_FACT_COUNT, .base = N_("Take-outs approved in the year"),
	  .rows = takeout_approved },
	{ .id = "request.takeouts_in_time", .label = N_("Take-outs brought back in time"),
	  TAKEOUTS, .kind = TK_FACT_RATE, .better = 1,
	  .base = N_("Take-outs that were due in the year"), .rows = takeout_in_time },
	{ .id = "request.area_entries", .label = N_("Entries of secure areas"), ENTRIES,
	  .kind = TK_FACT_COUNT, .base = N_("Entries of the year"), .rows = area_entries },
	{ .id = "request.area_confirmed", .label = N_("Entries confirmed beforehand"), ENTRIES,
	  .kind = TK_FACT_RATE, .better = 1,
	  .base = N_("Entries of the year; counted are those whose purpose and companion were "
		     "confirmed"), .rows = area_confirmed },
	{ 0 },
};
