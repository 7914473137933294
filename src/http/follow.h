/* follow.h - the routes of the two mechanisms below that have more than generic ones: the log of a
 * case, and the state of the outbox.  Part of the tables that src/main concatenates. */
#pragma once
#include "http/http.h"

extern const struct tk_route tk_follow_routes[];
