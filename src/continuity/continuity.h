/* continuity.h - continuity plans (BCP). */
#pragma once
#include "fact/module.h"

extern const struct tk_module tk_continuity_module;
