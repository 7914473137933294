/* outsourcing.c - what the module brings. */
#include "outsourcing/outsourcing.h"
#include "record/org_types.h"

static const struct tk_rtype *const types[] = { &tk_contractor, NULL };
const struct tk_module tk_outsourcing_module = { .name = "outsourcing", .type = types };
