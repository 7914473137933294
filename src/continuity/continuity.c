/* continuity.c - what the module brings. */
#include "continuity/continuity.h"

const struct tk_module tk_continuity_module = { .name = "continuity" };
