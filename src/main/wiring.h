/* wiring.h - what belongs together in this program: record types, routes, case types, migrations,
 * shipped questionnaires, the regular work of a server. */
#pragma once
#include "http/http.h"

void       tk_wire_types(void);                         /* once, before anything else */
extern const struct tk_route *tk_all_routes[];  /* NULL-terminated; set by tk_wire_types() */
enum tk_rc tk_migrate_all(struct tk_db *db, int *ret_applied, struct tk_err *e) TK_MUST_USE;
enum tk_rc tk_migrate_ready(struct tk_db *db, struct tk_err *e) TK_MUST_USE;
/* Loads the questionnaires compiled in, in a transaction of its own; those already there stay. */
enum tk_rc tk_ship_forms(const struct tk_op *op) TK_MUST_USE;
enum tk_rc tk_server_tick(struct tk_db *db, struct tk_err *e) TK_MUST_USE;
