/* survey_api.h - the routes of src/survey, for src/main; and what its API files share. */
#pragma once
#include "http/http.h"
#include "survey/section.h"

extern const struct tk_route tk_my_routes[];            /* answering (my_api.c) */
extern const struct tk_route
	tk_campaign_routes[];                  /* campaigns, roll-up, reminders (campaign_api.c) */
extern const struct tk_route tk_preview_routes[]; /* faults, trying out (form_preview.c) */

/* The caller's own response of the campaign in the path, and what of it is the caller's by item. */
struct tk_mine { struct tk_response r; bool *see, *write; };
enum tk_rc tk_mine(struct tk_req *rq, struct tk_mine *m) TK_MUST_USE;
/* Saving, submitting, taking back (my_save_api.c). */
enum tk_rc tk_my_patch(struct tk_req *rq) TK_MUST_USE;
enum tk_rc tk_my_submit(struct tk_req *rq) TK_MUST_USE;
enum tk_rc tk_my_withdraw(struct tk_req *rq) TK_MUST_USE;
/* What an institution sees besides: members "coordinator", "sections", ... (my_section_api.c). */
enum tk_rc tk_my_panel_json(struct tk_req *rq, const struct tk_mine *m,
			    struct tk_json *j) TK_MUST_USE;
enum tk_rc tk_my_section_put(struct tk_req *rq) TK_MUST_USE;
/* What was counted is counted anew once the transaction is committed (my_save_api.c). */
void       tk_my_saved(struct tk_req *rq, const struct tk_response *r);
