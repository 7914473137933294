/* ledger.c - what the module brings. */
#include "ledger/ledger_in.h"

static const struct tk_rtype *const types[] = {
	&tk_info_system, &tk_server_type, &tk_software, &tk_system_cost, NULL,
};

const struct tk_module tk_ledger_module = {
	.name = "ledger",
	.type = types,
};
