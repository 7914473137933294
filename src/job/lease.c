#include <stdio.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/hash.h"
#include "job/lease.h"

void tk_lease_owner(char dst[TK_LEASE_OWNER])
{
	char host[65] = "", hex[17];
	unsigned char r[8];

	if (gethostname(host, sizeof(host) - 1) != 0)
		host[0] = '\0';
	tk_random(r, sizeof(r));
	tk_hex(r, sizeof(r), hex);
	snprintf(dst, TK_LEASE_OWNER, "%s:%ld:%s", host, (long)getpid(), hex);
}

/* The one place where the two databases are asked differently: nodes' clocks may differ. */
static enum tk_rc lease_now(struct tk_db *db, int64_t *ret, struct tk_err *e)
{
	if (tk_db_kind(db) == TK_DB_SQLITE) {
		*ret = tk_now_ms();
		return TK_OK;
	}
	return tk_db_int(db, e,
			 "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)",
			 NULL, 0, 0, ret);
}

enum tk_rc tk_lease_take(struct tk_db *db, const char *name, const char *owner, int64_t ms,
			 bool *ret_mine, struct tk_err *e)
{
	int64_t now = 0, other = 0;
	enum tk_rc rc = lease_now(db, &now, e);

	*ret_mine = false;
	/* read first: waiting for somebody else's lease must cost no write lock */
	if (rc == TK_OK)
		rc = tk_db_int(
			db, e,
			"SELECT 1 FROM lease WHERE name = $1 AND owner <> $2 AND until_ms >= $3",
			TK_ARGS(TK_S(name), TK_S(owner), TK_I(now)), 0, &other);
	if (rc != TK_OK || other)
		return rc;
	rc = tk_db_exec(db, e,
			"INSERT INTO lease(name, owner, until_ms) VALUES($1, $2, $3)"
			" ON CONFLICT(name) DO UPDATE SET owner = excluded.owner, until_ms = "
			"excluded.until_ms"
			" WHERE lease.owner = excluded.owner OR lease.until_ms < $4",
			TK_S(name), TK_S(owner), TK_I(now + ms), TK_I(now));
	if (rc == TK_OK)
		*ret_mine = tk_db_changes(db) == 1;
	return rc;
}

enum tk_rc tk_lease_renew(struct tk_db *db, const char *name, const char *owner, int64_t ms,
			  bool *ret_mine, struct tk_err *e)
{
	int64_t now = 0;
	enum tk_rc rc = lease_now(db, &now, e);

	*ret_mine = false;
	if (rc == TK_OK)
		rc = tk_db_exec(db, e,
				"UPDATE lease SET until_ms = $3 WHERE name = $1 AND owner = $2",
				TK_S(name), TK_S(owner), TK_I(now + ms));
	if (rc == TK_OK)
		*ret_mine = tk_db_changes(db) == 1;
	return rc;
}

enum tk_rc tk_lease_release(struct tk_db *db, const char *name, const char *owner, struct tk_err *e)
{
	return tk_db_exec(db, e, "DELETE FROM lease WHERE name = $1 AND owner = $2", TK_S(name),
			  TK_S(owner));
}

enum tk_rc tk_lease_held(struct tk_db *db, const char *name, bool *ret, struct tk_err *e)
{
	int64_t now = 0, held = 0;
	enum tk_rc rc = lease_now(db, &now, e);

	if (rc == TK_OK)
		rc = tk_db_int(db, e, "SELECT 1 FROM lease WHERE name = $1 AND until_ms >= $2",
			       TK_ARGS(TK_S(name), TK_I(now)), 0, &held);
	*ret = held != 0;
	return rc;
}
