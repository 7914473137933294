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
#include "http/trail_api.h"
#include "job/outbox.h"
#include "main/wiring.h"
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
#include "table/table_api.h"
#include "workbook/workbook_api.h"
#include "form/form_api.h"
#include "table/coding.h"
#include "table/follow_up.h"
#include "table/item_map.h"
#include "table/published.h"
#include "table/survey_table.h"

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
	&tk_item_map_type,
	&tk_code_group_type,
	&tk_answer_code_type,
	&tk_coding_type,
	&tk_published_figure_type,
	&tk_survey_series_type,
	&tk_plausibility_rule,
};
static const struct tk_case_type *const cases[] = { &tk_sign_off_case, &tk_send_back_case,
						   &tk_review_case };

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
	tk_submission_after = tk_review_submitted;
}

const struct tk_route *const tk_all_routes[] = {
	tk_auth_routes,
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
