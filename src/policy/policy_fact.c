/* policy_fact.c - what the documents state of a year. */
#include "policy/policy_in.h"

/* Editions in force on the last day of the year ($1): to_on is the first day they are not. */
#define ON_LAST_DAY \
	" e.deleted_at IS NULL AND e.state IN ('in_force', 'superseded', 'abolished')" \
	" AND e.from_on <= $1 AND (e.to_on IS NULL OR e.to_on > $1)"

static enum tk_rc procedures(const struct tk_op *op, const struct tk_fact_year *y,
			     struct tk_fact_rows *to)
{
	return tk_fact_select(op, to, &tk_policy_document,
		"SELECT d.id, 1 FROM policy_document d WHERE d.level = 'procedure' AND d.deleted_at"
		" IS NULL AND EXISTS(SELECT 1 FROM document_edition e WHERE e.policy_document_id ="
		" d.id AND" ON_LAST_DAY ")", TK_ARGS(TK_S(y->to)));
}

static enum tk_rc editions(const struct tk_op *op, const struct tk_fact_year *y,
			   struct tk_fact_rows *to)
{
	return tk_fact_select(op, to, &tk_document_edition,
		"SELECT e.id, 1 FROM document_edition e WHERE" ON_LAST_DAY, TK_ARGS(TK_S(y->to)));
}

/* AUD-06, DOC-06: none revised is 0, not missing, while there is a policy. */
static enum tk_rc revised(const struct tk_op *op, const struct tk_fact_year *y,
			  struct tk_fact_rows *to)
{
	int64_t any = 0;
	enum tk_rc rc = tk_db_int(op->db, op->e,
		"SELECT COUNT(*) FROM document_edition e JOIN policy_document d ON d.id ="
		" e.policy_document_id WHERE d.level IN ('policy', 'basic_policy',"
		" 'measure_standard') AND e.deleted_at IS NULL AND e.from_on <= $1 AND e.state IN"
		" ('in_force', 'superseded', 'abolished')", TK_ARGS(TK_S(y->to)), 0, &any);

	if (rc == TK_OK && any)
		tk_fact_zero(to);
	return rc != TK_OK ? rc : tk_fact_select(op, to, &tk_document_edition,
		"SELECT e.id, 1 FROM document_edition e JOIN policy_document d ON d.id ="
		" e.policy_document_id WHERE d.level IN ('policy', 'basic_policy',"
		" 'measure_standard') AND e.deleted_at IS NULL AND e.decided_on BETWEEN $1 AND $2"
		" AND e.state IN ('decided', 'in_force', 'superseded', 'abolished')",
		TK_ARGS(TK_S(y->from), TK_S(y->to)));
}

/* People in office on the last day: counted is who has read every edition that was to be read and
 * in force on it. */
static enum tk_rc read(const struct tk_op *op, const struct tk_fact_year *y,
		       struct tk_fact_rows *to)
{
	int64_t any = 0;
	enum tk_rc rc = tk_db_int(op->db, op->e,
		"SELECT COUNT(*) FROM document_edition e WHERE e.must_read = 1 AND" ON_LAST_DAY,
		TK_ARGS(TK_S(y->to)), 0, &any);

	if (rc == TK_OK && !any) {
		tk_fact_missing(to, N_("No edition in force was to be confirmed as read."));
		return TK_OK;
	}
	return rc != TK_OK ? rc : tk_fact_select(op, to, &tk_staff,
		"SELECT s.id, CASE WHEN (SELECT COUNT(*) FROM document_edition e JOIN document_read"
		" r ON r.document_edition_id = e.id AND r.deleted_at IS NULL WHERE r.staff_id ="
		" s.id AND e.must_read = 1 AND" ON_LAST_DAY ") = $2 THEN 1 ELSE 0 END FROM staff s"
		" WHERE s.deleted_at IS NULL AND (s.joined_on IS NULL OR s.joined_on <= $1) AND"
		" (s.left_on IS NULL OR s.left_on > $1)", TK_ARGS(TK_S(y->to), TK_I(any)));
}

/* DOC-04: systems in operation on the last day with a rule in force. */
static enum tk_rc operation_rules(const struct tk_op *op, const struct tk_fact_year *y,
				  struct tk_fact_rows *to)
{
	return tk_fact_select(op, to, &tk_info_system,
		"SELECT s.id, CASE WHEN EXISTS(SELECT 1 FROM policy_document d JOIN"
		" document_edition e ON e.policy_document_id = d.id WHERE d.info_system_id = s.id"
		" AND d.deleted_at IS NULL AND" ON_LAST_DAY ") THEN 1 ELSE 0 END FROM info_system"
		" s WHERE s.deleted_at IS NULL AND (s.from_on IS NULL OR s.from_on <= $1) AND"
		" (s.to_on IS NULL OR s.to_on >= $1)", TK_ARGS(TK_S(y->to)));
}

static enum tk_rc clauses(const struct tk_op *op, const struct tk_fact_year *y,
			  struct tk_fact_rows *to)
{
	return tk_fact_select(op, to, &tk_conformance,
		"SELECT c.id, CASE WHEN c.degree IN ('full', 'stricter') THEN 1 ELSE 0 END"
		" FROM conformance c JOIN document_edition e ON e.id = c.from_edition_id WHERE"
		" c.deleted_at IS NULL AND c.degree <> 'not_applicable' AND" ON_LAST_DAY,
		TK_ARGS(TK_S(y->to)));
}

const struct tk_fact tk_policy_facts[] = {
	{ .id = "policy.procedures", .label = N_("Implementation procedures"),
	  .unit = N_("documents"), .base = N_("Procedures in force on the last day of the year"),
	  .kind = TK_FACT_COUNT, .href = "#/records/documents?level=procedure",
	  .rows = procedures },
	{ .id = "policy.editions_in_force", .label = N_("Editions in force"),
	  .unit = N_("documents"), .base = N_("Editions in force on the last day of the year"),
	  .kind = TK_FACT_COUNT, .href = "#/records/document-editions?state=in_force",
	  .rows = editions },
	{ .id = "policy.revised", .label = N_("Revisions of the policy"), .unit = N_("revisions"),
	  .base = N_("Editions of the policy decided in the year"), .kind = TK_FACT_COUNT,
	  .href = "#/records/document-editions", .rows = revised },
	{ .id = "policy.read_rate", .label = N_("Documents confirmed as read"),
	  .unit = N_("people"),
	  .base = N_("Staff on the last day of the year; counted are those who confirmed every "
		     "document to be read"), .kind = TK_FACT_RATE, .better = 1,
	  .href = "#/portal", .rows = read },
	{ .id = "policy.operation_rules", .label = N_("Systems with an operation rule"),
	  .unit = N_("systems"), .base = N_("Systems in operation on the last day of the year"),
	  .kind = TK_FACT_RATE, .better = 1,
	  .href = "#/records/documents?level=operation_rule", .rows = operation_rules },
	{ .id = "policy.conformance", .label = N_("Clauses that conform"), .unit = N_("clauses"),
	  .base = N_("Clauses compared, of editions in force on the last day of the year"),
	  .kind = TK_FACT_RATE, .better = 1, .href = "#/records/conformances",
	  .rows = clauses },
	{ 0 },
};
