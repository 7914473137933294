/* policy.h - documents and the staff portal (DOC). */
#pragma once
#include "fact/module.h"

extern const struct tk_module tk_policy_module;
