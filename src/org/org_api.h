/* org_api.h - the routes of this folder that are more than reading and writing a record. */
#pragma once
#include "http/http.h"

extern const struct tk_route tk_org_routes[];           /* ends with { 0 } */
