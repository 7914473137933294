/* panel_api.h - the routes of src/panel, for src/main; and what its API files share. */
#pragma once
#include "http/http.h"
#include "survey/response.h"

extern const struct tk_route tk_colleague_routes[];     /* colleagues (colleague_api.c) */
extern const struct tk_route tk_panel_routes[];         /* the review (panel_api.c) */

/* The campaign in the path, which must ask institutions. */
enum tk_rc tk_panel_campaign(struct tk_req *rq, struct campaign *c) TK_MUST_USE;
void       tk_panel_campaign_json(struct tk_json *j, const struct campaign *c, enum tk_lang lang);
/* The respondent in the path. */
enum tk_rc tk_panel_respondent(struct tk_req *rq, struct tk_response *r) TK_MUST_USE;
enum tk_rc tk_panel_detail_get(struct tk_req *rq) TK_MUST_USE;
enum tk_rc tk_panel_changes_get(struct tk_req *rq) TK_MUST_USE;
