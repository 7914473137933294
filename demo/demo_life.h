/* demo_life.h - records and moves of the registers for the demonstration.  Private to demo/. */
#pragma once
#include "case/life.h"
#include "demo/demo_in.h"

/* A new record from name and text in turns, ended by NULL; references by id stand in text with a #
 * before it. */
enum tk_rc demo_record(const struct tk_op *op, const struct tk_rtype *t, int64_t *ret_id,
		    ...) TK_MUST_USE;
enum tk_rc demo_set(const struct tk_op *op, const struct tk_rtype *t, int64_t id,
		    ...) TK_MUST_USE;
/* Moves in the name of somebody, who stands in the log and in the record. */
enum tk_rc demo_move(const struct tk_op *op, const struct tk_rtype *t, int64_t id,
		     const char *action, const char *comment, const char *name) TK_MUST_USE;
/* When it was closed, in the record and its case. */
enum tk_rc demo_closed(const struct tk_op *op, const struct tk_rtype *t, int64_t id,
		       const char *day) TK_MUST_USE;
/* Id of the row whose column has that text; 0: none.  sql: "... = $1". */
int64_t demo_id(const struct tk_op *op, const char *sql, const char *text);
/* A system that the division owns; 0: it owns none. */
int64_t demo_system_of(const struct tk_op *op, const char *division);
const char *demo_ref(const struct tk_op *op, int64_t id);       /* "#4711"; NULL for 0 */
/* Today and so many days before (after: negative), ISO. */
const char *demo_ago(const struct tk_op *op, int days);
enum tk_rc demo_outsourcing(struct demo *d) TK_MUST_USE;
enum tk_rc demo_audit(struct demo *d) TK_MUST_USE;
enum tk_rc demo_roadmap(struct demo *d) TK_MUST_USE;
