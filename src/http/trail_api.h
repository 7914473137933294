/* trail_api.h - reading the audit trail over HTTP. */
#pragma once
#include "http/http.h"
extern const struct tk_route tk_trail_routes[];
