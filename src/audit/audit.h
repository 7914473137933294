/* audit.h - audits and findings (AUD). */
#pragma once
#include "fact/module.h"

extern const struct tk_module tk_audit_module;
