#include <malloc.h>
#include <string.h>
#include "auth/account.h"
#include "auth/auth_api.h"
#include "auth/session.h"
#include "base/clock.h"
#include "case/case.h"
#include "http/case_api.h"
#include "db/migrate.h"
#include "http/openapi.h"
#include "http/trail_api.h"
#include "job/outbox.h"
#include "main/wiring.h"
#include "org/org.h"
#include "org/org_api.h"
#include "org/roster.h"
#include "panel/panel_api.h"
#include "publish/publication.h"
#include "publish/publish_api.h"
#include "record/trail.h"
#include "survey/follow_up.h"
#include "survey/rollup.h"
#include "survey/survey_api.h"
#include "survey/survey_table.h"

/* forms/, compiled in */
#include "shipped.inc"

static const struct tk_rtype *types[64];

static const struct tk_rtype *const other_types[] = {
	&tk_form_type,
	&tk_form_version_type,
	&tk_form_item_type,
	&tk_choice_type,
	&tk_campaign_type,
	&tk_respondent_type,
	&tk_follow_up_type,
	&tk_publication_type,
	&tk_case_rtype,
	&tk_account,
	&tk_account_role,
	&tk_mail_type,
	&tk_survey_table_type,
	&tk_survey_series_type,
};
static const struct tk_case_type *const cases[] = { &tk_sign_off_case, &tk_send_back_case };

static enum tk_rc after_roster(const struct tk_op *op)
{
	tk_auth_forget_all();           /* roles come from the roster */
	return tk_population_follow(op);
}

void tk_wire_types(void)
{
	size_t n = 0;

	for (size_t i = 0; i < tk_org_ntypes; i++)
		types[n++] = tk_org_types[i];
	for (size_t i = 0; i < TK_LEN(other_types); i++)
		types[n++] = other_types[i];
	tk_rtypes_set(types, n);
	tk_case_types_set(cases, TK_LEN(cases));
	tk_roster_after = after_roster;
}

const struct tk_route *const tk_all_routes[] = {
	tk_auth_routes,
	tk_org_routes,
	tk_my_routes,
	tk_workbook_routes,
	tk_colleague_routes,
	tk_campaign_routes,
	tk_table_routes,
	tk_form_routes,
	tk_xlsform_routes,
	tk_preview_routes,
	tk_publish_routes,
	tk_position_routes,
	tk_case_routes,
	tk_trail_routes,
	tk_system_routes,
	tk_generic_routes,
	NULL,
};

enum tk_rc tk_migrate_all(struct tk_db *db, int *ret_applied, struct tk_err *e)
{
	return tk_migrate(db, ret_applied, e);
}

enum tk_rc tk_migrate_ready(struct tk_db *db, struct tk_err *e)
{
	return tk_migrate_check(db, e);
}

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
		{ "telework", FILES(telework), TABLES(telework) } };

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
static enum tk_rc ship_tables(
	const struct tk_op *op, const char *code, const struct tk_survey_table_files *files)
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
	return rc;
}

enum { IDEMPOTENCY_LIFE = 24 * 3600 };

enum tk_rc tk_server_tick(struct tk_db *db, struct tk_err *e)
{
	static int64_t swept, trimmed;  /* one writer thread calls this */
	int64_t rows = 0, now = tk_now();
	enum tk_rc rc = tk_trail_seal(db, &rows, e);

	if (now - trimmed >= 10) {      /* what loading a campaign and large replies have freed */
		trimmed = now;
		malloc_trim(0);
	}
	if (rc == TK_OK)
		rc = tk_auth_tick(db, e);
	if (rc == TK_OK && now - swept > 600) {
		swept = now;
		rc = tk_db_exec(db, e, "DELETE FROM idempotency WHERE created_at < $1",
				TK_I(now - IDEMPOTENCY_LIFE));
	}
	return rc;
}
