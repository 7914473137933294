/* ship.c - the questionnaires of forms/, compiled in, into a database that does not have them yet,
 * with their tables, rules of plausibility and codes. */
#include "form/form.h"
#include "main/wiring.h"
#include "panel/plausibility.h"
#include "record/transfer.h"
#include "table/coding.h"
#include "table/survey_table.h"

#include "shipped.inc"

#define FILES(form)                                                                                \
	{ form##_survey,	      form##_choices,		    form##_settings,               \
	  sizeof(form##_survey) - 1, sizeof(form##_choices) - 1, sizeof(form##_settings) - 1 }
#define TABLES(form)                                                                               \
	{ form##_tables, form##_series, sizeof(form##_tables) - 1, sizeof(form##_series) - 1 }
static const struct {
	const char *code;
	struct tk_form_files files;
	struct tk_survey_table_files tables;
} shipped[] = { { "self_inspection", FILES(self_inspection), { 0 } },
		{ "telework", FILES(telework), TABLES(telework) },
		{ "spec_survey", FILES(spec_survey), { 0 } } };

/* Lists that come in like any file. */
static const struct {
	const struct tk_rtype *type;
	const char *file, *csv;
	size_t n;
} list[] = {
	{ &tk_plausibility_rule, "plausibility.csv", telework_rules, sizeof(telework_rules) - 1 },
	{ &tk_code_group_type, "code_groups.csv", telework_code_groups,
	  sizeof(telework_code_groups) - 1 },
	{ &tk_answer_code_type, "answer_codes.csv", telework_answer_codes,
	  sizeof(telework_answer_codes) - 1 },
};

static enum tk_rc end(const struct tk_op *op, enum tk_rc rc)
{
	if (rc == TK_OK)
		return tk_db_commit(op->db, op->e);
	tk_db_rollback(op->db);
	return rc;
}

static enum tk_rc ship(const struct tk_op *op, const struct tk_form_files *files)
{
	int64_t id = 0;
	bool fresh;
	enum tk_rc rc = tk_db_begin(op->db, op->e);

	return rc == TK_OK ? end(op, tk_form_load(op, files, true, &id, &fresh)) : rc;
}

/* Once any table of the form is there, or was, the office's own follow. */
static enum tk_rc ship_tables(const struct tk_op *op, const char *code,
			      const struct tk_survey_table_files *files)
{
	int64_t there = 0;
	size_t n;
	enum tk_rc rc = tk_db_int(op->db, op->e,
				  "SELECT COUNT(*) FROM survey_table t JOIN form f ON f.id = "
				  "t.form_id WHERE f.code = $1",
				  TK_ARGS(TK_S(code)), 0, &there);

	if (rc != TK_OK || there || !files->tables || (rc = tk_db_begin(op->db, op->e)) != TK_OK)
		return rc;
	return end(op, tk_survey_tables_load(op, code, files, &n));
}

static enum tk_rc ship_list(const struct tk_op *op, size_t i)
{
	/* does the database have any, or did it? */
	static const char *const there_sql[] = {
		"SELECT COUNT(*) FROM plausibility_rule",
		"SELECT COUNT(*) FROM code_group",
		"SELECT COUNT(*) FROM answer_code",
	};
	struct tk_report *rep = NULL;
	int64_t there = 0;
	enum tk_rc rc = tk_db_int(op->db, op->e, there_sql[i], NULL, 0, 0, &there);

	_Static_assert(TK_LEN(there_sql) == TK_LEN(list), "one for each list");
	if (rc != TK_OK || there)
		return rc;
	rc = tk_rec_import(op, list[i].type, list[i].csv, list[i].n, list[i].file, false, &rep);
	if (rc == TK_OK && !rep->written)
		return tk_fail(op->e, TK_EINTERNAL, NULL, "%s: %s", list[i].file,
			       rep->nproblem ? rep->problem[0].message : "");
	return rc;
}

/* Once a form is there, the office's own versions follow. */
enum tk_rc tk_ship_forms(const struct tk_op *op)
{
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < TK_LEN(shipped) && rc == TK_OK; i++) {
		int64_t id = 0;

		rc = tk_db_int(op->db, op->e, "SELECT id FROM form WHERE code = $1",
			       TK_ARGS(TK_S(shipped[i].code)), 0, &id);
		if (rc == TK_OK && !id)
			rc = ship(op, &shipped[i].files);
		if (rc == TK_OK)
			rc = ship_tables(op, shipped[i].code, &shipped[i].tables);
	}
	for (size_t i = 0; i < TK_LEN(list) && rc == TK_OK; i++)
		rc = ship_list(op, i);
	return rc;
}
