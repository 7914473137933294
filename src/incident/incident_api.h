/* incident_api.h - reporting in a minute, the clock, the common forms over HTTP. */
#pragma once
#include "http/http.h"

extern const struct tk_route tk_incident_routes[];
/* common_form.c: an incident in the fields of the common forms (INC-04). */
enum tk_rc tk_common_form(struct tk_req *rq) TK_MUST_USE;
