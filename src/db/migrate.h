/* migrate.h - forward-only numbered migrations, run under a lock, each in one transaction.
 *
 * The files are sql/NNNN_name.sql, compiled in.  An applied migration whose text has changed since,
 * or a database newer than this program, is refused.  Call from one thread.
 */
#pragma once
#include "db/db.h"

/* Brings the database to the newest version; *ret_applied (may be NULL) = how many were applied. */
enum tk_rc tk_migrate(struct tk_db *db, int *ret_applied, struct tk_err *e) TK_MUST_USE;
/* TK_OK when the database is exactly at this program's version, else an error that says what to do.
 */
enum tk_rc tk_migrate_check(struct tk_db *db, struct tk_err *e) TK_MUST_USE;
/* Is there a Tenken database at all (of any version)? */
enum tk_rc tk_migrate_present(struct tk_db *db, bool *ret, struct tk_err *e) TK_MUST_USE;
/* Highest version compiled in. */
int        tk_migrate_newest(void);
