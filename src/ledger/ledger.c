/* ledger.c - what the module brings. */
#include "ledger/ledger.h"

const struct tk_module tk_ledger_module = { .name = "ledger" };
