/* incident.h - incidents, suspicious and mis-sent mail (INC, MAIL). */
#pragma once
#include "fact/module.h"

extern const struct tk_module tk_incident_module;
