/* module.h - what a domain module brings, in one const struct; src/main/wiring.c lists the modules
 * and asks each for its parts, so that a new register needs one line there.
 */
#pragma once
#include "case/case.h"
#include "case/task.h"
#include "fact/fact.h"

struct tk_route;        /* src/http */

/* One entry of the calendar of the year. */
struct tk_date_item {
	const char *from, *to;          /* ISO dates; to NULL: one day */
	const char *kind;               /* "session", "case", "campaign" ... */
	const char *title, *href;
	const char *phase;              /* plan, do, check, improve (CORE-02); NULL: none */
	bool        done;
};
typedef void (*tk_date_fn)(void *ctx, const struct tk_date_item *d);
/* Says what opening a year brought: "3 problems carried over" is ("problems carried over", 3). */
typedef void (*tk_carry_fn)(void *ctx, const char *what, int64_t n);

struct tk_module {
	const char *name;
	const struct tk_rtype *const *type; /* NULL-terminated lists, or NULL */
	const struct tk_case_type *const *case_type;
	const struct tk_fact *fact;     /* ends with { 0 } */
	const struct tk_route *route;   /* ends with { 0 } */
	tk_task_source tasks;
	/* What this person may see between two days (ISO, both included). */
	enum tk_rc (*dates)(const struct tk_op *op, const char *from, const char *to,
			    tk_date_fn add, void *ctx);
	/* The module's part of opening a fiscal year from the one before; may be called again. */
	enum tk_rc (*open_year)(const struct tk_op *op, int from, int to, tk_carry_fn said,
				void *ctx);
	/* Once a day, on one server: what falls due, runs out or is handed over. */
	enum tk_rc (*daily)(const struct tk_op *op, const char *today);
};

void tk_modules_set(const struct tk_module *const *module, size_t n);
size_t tk_modules(const struct tk_module *const **ret);

/* An improvement that some module asks for: it becomes an item of the roadmap (RMP-04).  Filled by
 * src/roadmap at start; asks for no permission, that is the rule's. */
struct tk_improvement {
	const char *source_type;        /* record type and id of what brought it up */
	int64_t     source_id;
	const char *title;
	const char *threat, *property;  /* cell of the grid (RMP-01) or NULL: not placed yet */
	int64_t     division_id, owner_staff_id;
	const char *due_on;
};
extern enum tk_rc (*tk_improvement_add)(const struct tk_op *op, const struct tk_improvement *i,
					int64_t *ret_id);
