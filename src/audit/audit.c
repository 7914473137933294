/* audit.c - what the module brings. */
#include "audit/audit.h"

const struct tk_module tk_audit_module = { .name = "audit" };
