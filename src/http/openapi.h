/* openapi.h - the description of the API, printed from the same tables that run it. */
#pragma once
#include "http/http.h"
void tk_openapi(struct tk_buf *out, struct tk_arena *a, const struct tk_route *const *tables);
extern const struct tk_route tk_system_routes[];
