/* case_api.h - routes that the mechanisms below http need beyond the generic ones: the log of a
 * case, and the state of the outbox.  Part of the tables that src/main concatenates. */
#pragma once
#include "http/http.h"

extern const struct tk_route tk_case_routes[];
