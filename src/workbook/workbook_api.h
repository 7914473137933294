/* workbook_api.h - the routes of src/workbook, for src/main. */
#pragma once
#include "http/http.h"

extern const struct tk_route tk_workbook_routes[]; /* a respondent's workbook (workbook_api.c) */
