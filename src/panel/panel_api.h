/* panel_api.h - the routes of src/panel, for src/main; and what its API files share. */
#pragma once
#include "http/http.h"

extern const struct tk_route tk_colleague_routes[];     /* colleagues (colleague_api.c) */
