/* year.h - the calendar of the fiscal year, problems carried over, opening a year (CORE). */
#pragma once
#include "fact/module.h"

extern const struct tk_module tk_year_module;
