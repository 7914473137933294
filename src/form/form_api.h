/* form_api.h - the routes of src/form, for src/main. */
#pragma once
#include "http/http.h"

extern const struct tk_route tk_form_routes[]; /* questionnaire tree, publish, copy (form_api.c) */
extern const struct tk_route tk_xlsform_routes[]; /* questionnaire workbooks (xlsform_api.c) */
