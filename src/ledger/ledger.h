/* ledger.h - information systems and what belongs to them (AST). */
#pragma once
#include "fact/module.h"

extern const struct tk_module tk_ledger_module;
