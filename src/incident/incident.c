/* incident.c - what the module brings. */
#include "incident/incident.h"

const struct tk_module tk_incident_module = { .name = "incident" };
