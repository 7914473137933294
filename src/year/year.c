/* year.c - what the module brings. */
#include "year/year.h"

const struct tk_module tk_year_module = { .name = "year" };
