/* outsourcing.h - procurement, contractors, confirmations (OUT). */
#pragma once
#include "fact/module.h"

extern const struct tk_module tk_outsourcing_module;
