/* policy.c - what the module brings. */
#include "policy/policy.h"

const struct tk_module tk_policy_module = { .name = "policy" };
