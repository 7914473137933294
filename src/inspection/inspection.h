/* inspection.h - technical inspection of servers (TECH). */
#pragma once
#include "fact/module.h"

extern const struct tk_module tk_inspection_module;
