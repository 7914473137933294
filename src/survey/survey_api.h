/* survey_api.h - the routes of src/survey, for src/main; and what its API files share. */
#pragma once
#include "http/http.h"
#include "survey/response.h"

extern const struct tk_route tk_my_routes[];            /* answering (my_api.c) */
extern const struct tk_route
	tk_campaign_routes[];                  /* campaigns, roll-up, reminders (campaign_api.c) */
extern const struct tk_route tk_form_routes[]; /* questionnaire tree, publish, copy (form_api.c) */
extern const struct tk_route tk_xlsform_routes[]; /* questionnaire workbooks (xlsform_api.c) */
extern const struct tk_route tk_preview_routes[]; /* faults, trying out (form_preview.c) */
extern const struct tk_route tk_table_routes[];         /* status, tables, charts (table_api.c) */

enum tk_rc tk_my_tasks(struct tk_req *rq) TK_MUST_USE;  /* tasks.c */
