/* inspection.c - what the module brings. */
#include "inspection/inspection.h"

const struct tk_module tk_inspection_module = { .name = "inspection" };
