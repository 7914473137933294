/* roadmap.c - what the module brings. */
#include "roadmap/roadmap.h"

const struct tk_module tk_roadmap_module = { .name = "roadmap" };
