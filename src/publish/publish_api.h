/* publish_api.h - the routes of src/publish, for src/main. */
#pragma once
#include "http/http.h"

extern const struct tk_route tk_publish_routes[];  /* publications (publish_api.c) */
extern const struct tk_route tk_position_routes[]; /* position sheets (position_api.c) */
