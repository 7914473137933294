/* roster.h - the roster import: a file of a personnel system -> what it would change -> done.
 *
 * tk_roster_read() turns bytes into rows and needs no database; tk_roster_plan() compares them with
 * the organisation and only reads; tk_roster_apply() writes, inside the caller's transaction, and
 * only when there is no error.  All three belong to one thread and live in the arena given to
 * tk_roster_read(), which must not be reset between them.  A plan may be made again (on another
 * database handle), for instance first for a dry run and then inside the transaction.
 *
 * Persons who are in the organisation but not in the file have left (left_on = the base date),
 * unless the file is only a part.  What a file has no column for stays as it is.
 */
#pragma once
#include "org/org.h"
#include "record/report.h"

struct tk_roster_opt {
	bool        new_divisions;      /* make bureaus and divisions that are not there yet */
	bool        partial;            /* the file is a part of the roster: nobody ends */
	bool        allow_many_ends;    /* more than a fifth of the staff may end */
	const char *base_date;          /* NULL: today */
};

struct tk_roster;
enum tk_rc tk_roster_read(struct tk_roster **ret, struct tk_arena *mem, const void *data, size_t n,
			  const char *filename, const struct tk_roster_opt *opt,
			  struct tk_err *e) TK_MUST_USE;
enum tk_rc tk_roster_plan(const struct tk_op *op, struct tk_roster *r) TK_MUST_USE;
/* TK_EINVAL when the plan has errors; nothing is written then. */
enum tk_rc tk_roster_apply(const struct tk_op *op, struct tk_roster *r) TK_MUST_USE;
/* Called at the end of an apply that changed something, in its transaction: what else must follow
 * the roster (the populations of open campaigns).  Set once at start, may be NULL. */
extern enum tk_rc (*tk_roster_after)(const struct tk_op *op);
const struct tk_report *tk_roster_report(const struct tk_roster *r);
/* Read, plan and (without dry_run, in a transaction of its own) apply: the command line.  TK_OK
 * also when the file has errors; the report says so. */
enum tk_rc tk_roster_import(const struct tk_op *op, const void *data, size_t n,
			    const char *filename, const struct tk_roster_opt *opt, bool dry_run,
			    struct tk_roster **ret) TK_MUST_USE;

/* The report of docs/API, with the bureaus, divisions and posts that are new. */
void tk_roster_json(struct tk_json *j, const struct tk_roster *r);
enum tk_rc tk_roster_print(const struct tk_roster *r, FILE *f, enum tk_print_format format,
			   enum tk_lang lang, struct tk_err *e) TK_MUST_USE;
