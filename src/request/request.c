/* request.c - what the module brings. */
#include "request/request.h"

const struct tk_module tk_request_module = { .name = "request" };
