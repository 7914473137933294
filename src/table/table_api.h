/* table_api.h - the routes of src/table, for src/main. */
#pragma once
#include "http/http.h"

extern const struct tk_route tk_table_routes[];         /* status, tables, charts (table_api.c) */
extern const struct tk_route tk_coding_routes[];  /* free text put into codes (coding_api.c) */
