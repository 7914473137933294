/* ledger_api.h - routes of the ledger. */
#pragma once
#include "http/http.h"
extern const struct tk_route tk_ledger_routes[];
