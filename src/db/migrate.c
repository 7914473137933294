#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/log.h"
#include "db/migrate.h"

struct migration { int version; const char *name, *digest, *sqlite, *postgres; };
static const struct migration migration[] = {
#include "migrations.inc"
};

int tk_migrate_newest(void)
{
	return migration[TK_LEN(migration) - 1].version;
}

struct applied { int newest; struct tk_err *e; };

static enum tk_rc applied_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct applied *a = ctx;

	(void)n;
	a->newest = (int)col[0].i;
	for (size_t i = 0; i < TK_LEN(migration); i++)
		if (migration[i].version == a->newest && strcmp(migration[i].digest, col[1].s) != 0)
			return tk_fail(a->e, TK_ECONFLICT, "db",
				       N_("Migration %d of this database is not the one this "
					  "program holds."),
				       a->newest);
	return TK_OK;
}

static enum tk_rc newest_applied(struct tk_db *db, int *ret, struct tk_err *e)
{
	struct applied a = { 0, e };
	enum tk_rc rc =
		tk_db_run(db, e, "SELECT version, digest FROM schema_migration ORDER BY version",
			  NULL, 0, applied_row, &a);

	*ret = a.newest;
	if (rc == TK_OK && a.newest > tk_migrate_newest())
		return tk_fail(e, TK_ECONFLICT, "db",
			       N_("This database is newer (version %d) than this program (version "
				  "%d). Install the newer program."),
			       a.newest, tk_migrate_newest());
	return rc;
}

static enum tk_rc apply(struct tk_db *db, const struct migration *m, struct tk_err *e)
{
	enum tk_rc rc =
		tk_db_script(db, tk_db_kind(db) == TK_DB_SQLITE ? m->sqlite : m->postgres, e);

	if (rc != TK_OK)
		return rc;
	tk_log(TK_LOG_INFO, "migration %d %s", m->version, m->name);
	return tk_db_exec(db, e,
			  "INSERT INTO schema_migration(version, name, digest, applied_at) "
			  "VALUES($1,$2,$3,$4)",
			  TK_I(m->version), TK_S(m->name), TK_S(m->digest), TK_I(tk_now()));
}

enum tk_rc tk_migrate(struct tk_db *db, int *ret_applied, struct tk_err *e)
{
	int have = 0, n = 0;
	enum tk_rc rc = tk_db_begin(db, e);

	if (rc != TK_OK)
		return rc;
	/* BEGIN IMMEDIATE is SQLite's lock; PostgreSQL gets an advisory one for the transaction */
	if (tk_db_kind(db) == TK_DB_POSTGRES)
		rc = tk_db_script(db, "SELECT pg_advisory_xact_lock(7463656)", e);
	if (rc == TK_OK)
		rc = tk_db_script(
			db,
			"CREATE TABLE IF NOT EXISTS schema_migration(version BIGINT PRIMARY KEY,"
			" name TEXT NOT NULL, digest TEXT NOT NULL, applied_at BIGINT NOT NULL)",
			e);
	if (rc == TK_OK)
		rc = newest_applied(db, &have, e);
	for (size_t i = 0; rc == TK_OK && i < TK_LEN(migration); i++) {
		if (migration[i].version <= have)
			continue;
		rc = apply(db, &migration[i], e);
		n++;
	}
	if (rc == TK_OK)
		rc = tk_db_commit(db, e);
	else
		tk_db_rollback(db);
	if (ret_applied)
		*ret_applied = n;
	return rc;
}

enum tk_rc tk_migrate_present(struct tk_db *db, bool *ret, struct tk_err *e)
{
	int64_t there = 0;
	enum tk_rc rc = tk_db_int(db, e, tk_db_kind(db) == TK_DB_SQLITE ?
		"SELECT COUNT(*) FROM sqlite_master WHERE name='schema_migration'" :
		"SELECT COUNT(*) FROM information_schema.tables WHERE table_name='schema_migration'"
		" AND table_schema=current_schema()", NULL, 0, 0, &there);

	*ret = there != 0;
	return rc;
}

enum tk_rc tk_migrate_check(struct tk_db *db, struct tk_err *e)
{
	bool there;
	int have = 0;
	enum tk_rc rc = tk_migrate_present(db, &there, e);

	if (rc == TK_OK && there)
		rc = newest_applied(db, &have, e);
	if (rc == TK_OK && have < tk_migrate_newest())
		return tk_fail(
			e, TK_ECONFLICT, "db",
			N_("The database is at version %d of %d. Run \"tenken migrate\" first."),
			have, tk_migrate_newest());
	return rc;
}
