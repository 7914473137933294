/* request_fact.c - the counts of a year. */
#include "request/request_in.h"

/* None in a year is 0 when the register was kept by then: something stands in it. */
#define REGISTER(type, table) \
	.of = &(type), .zero = true, \
	.when = "SELECT COUNT(*) FROM " table " WHERE fiscal_year <= $1"
#define EXCEPTIONS REGISTER(tk_exception_request, "exception_request"), \
	.unit = N_("exceptions"), .kind = TK_FACT_COUNT, \
	.href = "#/records/exceptions?fiscal_year={year}"
#define TAKEOUTS REGISTER(tk_takeout, "takeout"), .args = "ft", \
	.unit = N_("take-outs"), .href = "#/records/takeouts?fiscal_year={year}"
#define ENTRIES REGISTER(tk_area_entry, "area_entry"), .args = "ft", \
	.unit = N_("entries"), .href = "#/records/area-entries?fiscal_year={year}"
const struct tk_fact tk_request_facts[] = {
	{ .id = "request.exceptions_requested", .label = N_("Exceptions requested"), EXCEPTIONS,
	  .base = N_("Exceptions requested in the year"),
	  .args = "ft",
	  .sql = "SELECT id, 1 FROM exception_request WHERE requested_on BETWEEN $1 AND $2"
		 " AND deleted_at IS NULL" },
	{ .id = "request.exceptions_approved", .label = N_("Exceptions approved"), EXCEPTIONS,
	  .base = N_("Exceptions approved in the year"),
	  .args = "ft",
	  .sql = "SELECT id, 1 FROM exception_request WHERE decided_on BETWEEN $1 AND $2"
		 " AND state IN ('approved', 'ended', 'extended') AND deleted_at IS NULL" },
	{ .id = "request.exceptions_rejected", .label = N_("Exceptions rejected"), EXCEPTIONS,
	  .base = N_("Exceptions rejected in the year"),
	  .args = "ft",
	  .sql = "SELECT id, 1 FROM exception_request WHERE decided_on BETWEEN $1 AND $2"
		 " AND state = 'rejected' AND deleted_at IS NULL" },
	{ .id = "request.exceptions_ended", .label = N_("Exceptions ended"), EXCEPTIONS,
	  .base = N_("Exceptions whose end was reported in the year"),
	  .args = "ft",
	  .sql = "SELECT id, 1 FROM exception_request WHERE ended_on BETWEEN $1 AND $2"
		 " AND state = 'ended' AND deleted_at IS NULL" },
	{ .id = "request.exceptions_continuing", .label = N_("Exceptions continuing"), EXCEPTIONS,
	  .base = N_("Approved exceptions not ended on the last day of the year"), .better = -1,
	  .args = "t",
	  .sql = "SELECT id, 1 FROM exception_request WHERE decided_on <= $1"
		 " AND state IN ('approved', 'ended', 'extended')"
		 " AND (ended_on IS NULL OR ended_on > $1) AND deleted_at IS NULL" },
	{ .id = "request.takeouts_requested", .label = N_("Take-outs requested"), TAKEOUTS,
	  .kind = TK_FACT_COUNT, .base = N_("Take-outs requested in the year"),
	  .sql = "SELECT id, 1 FROM takeout WHERE requested_on BETWEEN $1 AND $2"
		 " AND deleted_at IS NULL" },
	{ .id = "request.takeouts_approved", .label = N_("Take-outs approved"), TAKEOUTS,
	  .kind = TK_FACT_COUNT, .base = N_("Take-outs approved in the year"),
	  .sql = "SELECT id, 1 FROM takeout WHERE decided_on BETWEEN $1 AND $2"
		 " AND state NOT IN ('rejected', 'requested', 'requested_above', 'sent_back',"
		 " 'withdrawn') AND deleted_at IS NULL" },
	{ .id = "request.takeouts_in_time", .label = N_("Take-outs brought back in time"),
	  TAKEOUTS, .kind = TK_FACT_RATE, .better = 1,
	  .base = N_("Take-outs that were due in the year"),
	  .sql = "SELECT id, CASE WHEN back_on <= to_on THEN 1 ELSE 0 END FROM takeout"
		 " WHERE to_on BETWEEN $1 AND $2 AND state IN ('out', 'brought_back', 'disposed')"
		 " AND deleted_at IS NULL" },
	{ .id = "request.area_entries", .label = N_("Entries of secure areas"), ENTRIES,
	  .kind = TK_FACT_COUNT, .base = N_("Entries of the year"),
	  .sql = "SELECT id, 1 FROM area_entry WHERE planned_on BETWEEN $1 AND $2"
		 " AND state IN ('entered', 'left') AND deleted_at IS NULL" },
	{ .id = "request.area_confirmed", .label = N_("Entries confirmed beforehand"), ENTRIES,
	  .kind = TK_FACT_RATE, .better = 1,
	  .base = N_("Entries of the year; counted are those whose purpose and companion were "
		     "confirmed"),
	  .sql = "SELECT id, CASE WHEN confirmed_by IS NOT NULL THEN 1 ELSE 0 END FROM area_entry"
		 " WHERE planned_on BETWEEN $1 AND $2 AND state IN ('entered', 'left')"
		 " AND deleted_at IS NULL" },
	{ 0 },
};
