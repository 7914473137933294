#include <assert.h>
#include <malloc.h>
#include <string.h>
#include "auth/account.h"
#include "auth/auth_api.h"
#include "auth/session.h"
#include "base/clock.h"
#include "case/case.h"
#include "db/migrate.h"
#include "http/case_api.h"
#include "http/openapi.h"
#include "http/task_api.h"
#include "http/trail_api.h"
#include "job/outbox.h"
#include "main/wiring.h"
#include "policy/policy.h"
#include "request/request.h"
#include "training/training.h"
#include "ledger/ledger.h"
#include "continuity/continuity.h"
#include "inspection/inspection.h"
#include "outsourcing/outsourcing.h"
#include "audit/audit.h"
#include "roadmap/roadmap.h"
#include "incident/incident.h"
#include "year/year.h"
#include "notice/notice.h"
#include "notice/notice_api.h"
#include "org/org.h"
#include "org/org_api.h"
#include "org/roster.h"
#include "panel/panel_api.h"
#include "panel/plausibility.h"
#include "panel/review.h"
#include "publish/publication.h"
#include "publish/publish_api.h"
#include "record/trail.h"
#include "survey/rollup.h"
#include "survey/survey_api.h"
#include "survey/tasks.h"
#include "table/table_api.h"
#include "workbook/workbook_api.h"
#include "form/form_api.h"
#include "table/coding.h"
#include "table/follow_up.h"
#include "table/item_map.h"
#include "table/published.h"
#include "table/survey_table.h"
#include "table/table_fact.h"

enum { MAX_TYPES = 160, MAX_CASES = 64, MAX_FACTS = 256 };

static const struct tk_rtype *types[MAX_TYPES];
static const struct tk_case_type *cases[MAX_CASES];
static const struct tk_fact *facts[MAX_FACTS];
static size_t ntypes, ncases, nfacts;

/* In the order of the year. */
static const struct tk_module *const modules[] = {
	&tk_year_module,
	&tk_policy_module,
	&tk_request_module,
	&tk_training_module,
	&tk_ledger_module,
	&tk_continuity_module,
	&tk_inspection_module,
	&tk_outsourcing_module,
	&tk_audit_module,
	&tk_roadmap_module,
	&tk_incident_module,
};

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
	&tk_item_map_type,
	&tk_code_group_type,
	&tk_answer_code_type,
	&tk_coding_type,
	&tk_published_figure_type,
	&tk_survey_series_type,
	&tk_plausibility_rule,
};
static const struct tk_case_type *const other_cases[] = { &tk_sign_off_case, &tk_send_back_case,
							  &tk_review_case };

/* Of the mechanisms below the modules, in the order of the report. */
static const struct tk_fact *const other_facts[] = { tk_self_inspection_facts };

static enum tk_rc after_roster(const struct tk_op *op)
{
	tk_auth_forget_all();           /* roles come from the roster */
	return tk_population_follow(op);
}

/* A route that names more of its path stands before the generic ones. */
static const struct tk_route *const own_routes[] = {
	tk_auth_routes,
	tk_task_routes,
	tk_notice_routes,
	tk_org_routes,
	tk_my_routes,
	tk_workbook_routes,
	tk_colleague_routes,
	tk_panel_routes,
	tk_campaign_routes,
	tk_table_routes,
	tk_coding_routes,
	tk_form_routes,
	tk_xlsform_routes,
	tk_preview_routes,
	tk_publish_routes,
	tk_position_routes,
	tk_case_routes,
	tk_trail_routes,
	tk_system_routes,
};
const struct tk_route *tk_all_routes[TK_LEN(own_routes) + TK_LEN(modules) + 2];

static void wire_routes(void)
{
	size_t n = 0;

	for (size_t i = 0; i < TK_LEN(own_routes); i++)
		tk_all_routes[n++] = own_routes[i];
	for (size_t i = 0; i < TK_LEN(modules); i++)
		if (modules[i]->route)
			tk_all_routes[n++] = modules[i]->route;
	tk_all_routes[n++] = tk_generic_routes;
	tk_all_routes[n] = NULL;
}

static void wire_tasks(void)
{
	static tk_task_source source[TK_LEN(modules) + 3];
	size_t n = 0;

	source[n++] = tk_survey_tasks;
	source[n++] = tk_case_tasks;
	source[n++] = tk_left_tasks;
	for (size_t i = 0; i < TK_LEN(modules); i++)
		if (modules[i]->tasks)
			source[n++] = modules[i]->tasks;
	tk_task_sources_set(source, n);
}

/* A table that is too small is a mistake of the program, found at its first start. */
static void add_type(const struct tk_rtype *t)
{
	assert(ntypes < MAX_TYPES);
	types[ntypes++] = t;
}

static void add_case(const struct tk_case_type *t)
{
	assert(ncases < MAX_CASES);
	cases[ncases++] = t;
}

static void add_facts(const struct tk_fact *f)
{
	for (; f && f->id; f++) {
		assert(nfacts < MAX_FACTS);
		facts[nfacts++] = f;
	}
}

void tk_wire_types(void)
{
	ntypes = ncases = nfacts = 0;
	for (size_t i = 0; i < TK_LEN(other_facts); i++)
		add_facts(other_facts[i]);
	for (size_t i = 0; i < tk_org_ntypes; i++)
		add_type(tk_org_types[i]);
	for (size_t i = 0; i < TK_LEN(other_types); i++)
		add_type(other_types[i]);
	for (size_t i = 0; i < TK_LEN(other_cases); i++)
		add_case(other_cases[i]);
	for (size_t i = 0; i < TK_LEN(modules); i++) {
		for (size_t k = 0; modules[i]->type && modules[i]->type[k]; k++)
			add_type(modules[i]->type[k]);
		for (size_t k = 0; modules[i]->case_type && modules[i]->case_type[k]; k++)
			add_case(modules[i]->case_type[k]);
		add_facts(modules[i]->fact);
	}
	tk_rtypes_set(types, ntypes);
	tk_case_types_set(cases, ncases);
	tk_modules_set(modules, TK_LEN(modules));
	tk_facts_set(facts, nfacts);
	wire_routes();
	wire_tasks();
	tk_improvement_add = tk_roadmap_add;
	tk_roster_after = after_roster;
	tk_submission_after = tk_review_submitted;
	tk_case_told = tk_notice_case;
}
enum tk_rc tk_migrate_all(struct tk_db *db, int *ret_applied, struct tk_err *e)
{
	return tk_migrate(db, ret_applied, e);
}

enum tk_rc tk_migrate_ready(struct tk_db *db, struct tk_err *e)
{
	return tk_migrate_check(db, e);
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
