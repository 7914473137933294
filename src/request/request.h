/* request.h - exceptions, take-out of information, secure areas (EXC, CLS). */
#pragma once
#include "fact/module.h"

extern const struct tk_module tk_request_module;
