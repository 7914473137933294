/* portal_api.h - the routes of the staff portal. */
#pragma once
#include "http/http.h"

extern const struct tk_route tk_portal_routes[];
