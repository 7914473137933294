/* policy_fact.c - what the documents state of a year. */
#include "policy/policy_in.h"

/* Editions in force on the last day of the year ($1): to_on is the first day they are not. */
#define ON_LAST_DAY \
	" e.deleted_at IS NULL AND e.state IN ('in_force', 'superseded', 'abolished')" \
	" AND e.from_on <= $1 AND (e.to_on IS NULL OR e.to_on > $1)"

#define OF_POLICY \
	" FROM document_edition e JOIN policy_document d ON d.id = e.policy_document_id WHERE" \
	" d.level IN ('policy', 'basic_policy', 'measure_standard') AND e.deleted_at IS NULL"
#define TO_READ "e.must_read = 1 AND" ON_LAST_DAY

const struct tk_fact tk_policy_facts[] = {
	{ .id = "policy.procedures", .label = N_("Implementation procedures"),
	  .unit = N_("documents"), .base = N_("Procedures in force on the last day of the year"),
	  .kind = TK_FACT_COUNT, .href = "#/records/documents?level=procedure",
	  .of = &tk_policy_document, .args = "t",
	  .sql = "SELECT d.id, 1 FROM policy_document d WHERE d.level = 'procedure' AND"
		 " d.deleted_at IS NULL AND EXISTS(SELECT 1 FROM document_edition e WHERE"
		 " e.policy_document_id = d.id AND" ON_LAST_DAY ")" },
	{ .id = "policy.editions_in_force", .label = N_("Editions in force"),
	  .unit = N_("documents"), .base = N_("Editions in force on the last day of the year"),
	  .kind = TK_FACT_COUNT, .href = "#/records/document-editions?state=in_force",
	  .of = &tk_document_edition, .args = "t",
	  .sql = "SELECT e.id, 1 FROM document_edition e WHERE" ON_LAST_DAY },
	{ .id = "policy.revised", .label = N_("Revisions of the policy"), .unit = N_("revisions"),
	  .base = N_("Editions of the policy decided in the year"), .kind = TK_FACT_COUNT,
	  .href = "#/records/document-editions",
	  .of = &tk_document_edition, .args = "ft",
	  .sql = "SELECT e.id, 1" OF_POLICY " AND e.decided_on BETWEEN $1 AND $2 AND e.state IN"
		 " ('decided', 'in_force', 'superseded', 'abolished')",
	  /* AUD-06, DOC-06: none revised is 0, not missing, while there is a policy */
	  .zero = true, .when_args = "t",
	  .when = "SELECT COUNT(*)" OF_POLICY " AND e.from_on <= $1 AND e.state IN ('in_force',"
		  " 'superseded', 'abolished')" },
	{ .id = "policy.read_rate", .label = N_("Documents confirmed as read"),
	  .unit = N_("people"),
	  .base = N_("Staff on the last day of the year; counted are those who confirmed every "
		     "document to be read"), .kind = TK_FACT_RATE, .better = 1,
	  .href = "#/portal",
	  .of = &tk_staff, .args = "t",
	  .sql = "SELECT s.id, CASE WHEN (SELECT COUNT(*) FROM document_edition e JOIN"
		 " document_read r ON r.document_edition_id = e.id AND r.deleted_at IS NULL WHERE"
		 " r.staff_id = s.id AND " TO_READ ") = (SELECT COUNT(*) FROM document_edition e"
		 " WHERE " TO_READ ") THEN 1 ELSE 0 END FROM staff s WHERE s.deleted_at IS NULL"
		 " AND (s.joined_on IS NULL OR s.joined_on <= $1) AND (s.left_on IS NULL OR"
		 " s.left_on > $1)",
	  .none = N_("No edition in force was to be confirmed as read."), .when_args = "t",
	  .when = "SELECT COUNT(*) FROM document_edition e WHERE " TO_READ },
	{ .id = "policy.operation_rules", .label = N_("Systems with an operation rule"),
	  .unit = N_("systems"), .base = N_("Systems in operation on the last day of the year"),
	  .kind = TK_FACT_RATE, .better = 1,
	  .href = "#/records/documents?level=operation_rule",
	  .of = &tk_info_system, .args = "t",
	  .sql = "SELECT s.id, CASE WHEN EXISTS(SELECT 1 FROM policy_document d JOIN"
		 " document_edition e ON e.policy_document_id = d.id WHERE d.info_system_id = s.id"
		 " AND d.deleted_at IS NULL AND" ON_LAST_DAY ") THEN 1 ELSE 0 END FROM info_system"
		 " s WHERE s.deleted_at IS NULL AND (s.from_on IS NULL OR s.from_on <= $1) AND"
		 " (s.to_on IS NULL OR s.to_on >= $1)" },
	{ .id = "policy.conformance", .label = N_("Clauses that conform"), .unit = N_("clauses"),
	  .base = N_("Clauses compared, of editions in force on the last day of the year"),
	  .kind = TK_FACT_RATE, .better = 1, .href = "#/records/conformances",
	  .of = &tk_conformance, .args = "t",
	  .sql = "SELECT c.id, CASE WHEN c.degree IN ('full', 'stricter') THEN 1 ELSE 0 END FROM"
		 " conformance c JOIN document_edition e ON e.id = c.from_edition_id WHERE"
		 " c.deleted_at IS NULL AND c.degree <> 'not_applicable' AND" ON_LAST_DAY },
	{ 0 },
};
