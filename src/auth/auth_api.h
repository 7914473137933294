/* auth_api.h - the routes about sessions, links, invitations and the demonstration's sign-in. */
#pragma once
#include "http/http.h"

extern const struct tk_route tk_auth_routes[];
