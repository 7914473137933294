/* training_api.h - what a person, a division head and who holds a session do over HTTP. */
#pragma once
#include "http/http.h"

extern const struct tk_route tk_training_routes[];
