/* lease.h - named leases: which of several processes does a piece of background work now.
 *
 * A lease is one row: name, owner, until.  Whoever holds it renews it; when the holder dies, it
 * runs out and another takes it.  On PostgreSQL the clock is the database's own, so that nodes
 * whose clocks differ agree; on SQLite all processes share a machine.  Each call is one short
 * statement (or part of the caller's transaction).  No state here: any thread with its own handle.
 */
#pragma once
#include "db/db.h"

enum { TK_LEASE_OWNER = 128 };
/* A name that no other process or thread has: host, process, random part. */
void       tk_lease_owner(char dst[TK_LEASE_OWNER]);
/* Takes a lease that is free, has run out, or is already this owner's, for ms from now. */
enum tk_rc tk_lease_take(struct tk_db *db, const char *name, const char *owner, int64_t ms,
			 bool *ret_mine, struct tk_err *e) TK_MUST_USE;
/* ms more from now.  *ret_mine true says too that nobody else had it since it was taken. */
enum tk_rc tk_lease_renew(struct tk_db *db, const char *name, const char *owner, int64_t ms,
			  bool *ret_mine, struct tk_err *e) TK_MUST_USE;
/* Gives it back at once; nothing happens when it is not this owner's. */
enum tk_rc tk_lease_release(struct tk_db *db, const char *name, const char *owner,
			    struct tk_err *e) TK_MUST_USE;
/* Does anybody hold it now? */
enum tk_rc tk_lease_held(struct tk_db *db, const char *name, bool *ret,
			 struct tk_err *e) TK_MUST_USE;
