/* outsourcing.c - what the module brings. */
#include "outsourcing/outsourcing.h"

const struct tk_module tk_outsourcing_module = { .name = "outsourcing" };
