#include <stdlib.h>
#include <string.h>
#include "base/log.h"
#include "db/impl.h"

struct tk_db {
	const struct tk_db_ops *ops;
	void                   *h;
	enum tk_db_kind         kind;
	bool tx; /* between begin and commit or rollback, as the caller sees it */
};

enum tk_rc tk_db_conflict(struct tk_err *e)
{
	return tk_fail(e, TK_ECONFLICT, NULL,
		       N_("This value is already in use by another record."));
}

enum tk_rc tk_db_in_use(struct tk_err *e)
{
	return tk_fail(
		e, TK_ECONFLICT, NULL,
		N_("Other records refer to this one, or it refers to one that does not exist."));
}

enum tk_rc tk_db_full(struct tk_err *e)
{
	return tk_fail(
		e, TK_EFULL, NULL,
		N_("The server's disk is full. Nothing was saved; what was saved before is safe. "
		   "Please tell the person who runs the server."));
}

enum tk_rc tk_db_busy(struct tk_err *e)
{
	return tk_fail(e, TK_EBUSY, NULL,
		       N_("The database is busy or cannot be reached. Nothing was saved. Please "
			  "try again."));
}

enum tk_rc tk_db_fault(struct tk_err *e, const char *engine_text, const char *sql)
{
	/* the engine's text may hold values: it goes to the log of the server only */
	tk_log(TK_LOG_ERROR, "database: %s [%.200s]", engine_text, sql ? sql : "");
	return tk_fail(e, TK_EDB, NULL, N_("The database reported a fault. Nothing was saved."));
}

static bool is_pg(const char *url)
{
	return !strncmp(url, "postgres://", 11) || !strncmp(url, "postgresql://", 13);
}

enum tk_rc tk_db_open(struct tk_db **ret, const char *url, unsigned flags, struct tk_err *e)
{
	struct tk_db *db = tk_xcalloc(1, sizeof(*db));
	enum tk_rc rc;

	db->kind = is_pg(url) ? TK_DB_POSTGRES : TK_DB_SQLITE;
	db->ops = is_pg(url) ? &tk_pg_ops : &tk_sqlite_ops;
	rc = is_pg(url) ? tk_pg_open(&db->h, url, flags, e) : tk_sqlite_open(&db->h, url, flags, e);
	if (rc != TK_OK) {
		free(db);
		return rc;
	}
	*ret = db;
	return TK_OK;
}

void tk_db_close(struct tk_db *db)
{
	if (db) {
		db->ops->close(db->h);
		free(db);
	}
}

void tk_db_recover(struct tk_db *db)
{
	db->ops->recover(db->h);
}

enum tk_db_kind tk_db_kind(const struct tk_db *db)
{
	return db->kind;
}

/* The database has given up the transaction that the caller believes to be in. */
static bool tx_lost(const struct tk_db *db)
{
	return db->tx && !db->ops->in_tx(db->h);
}

enum tk_rc tk_db_run(struct tk_db *db, struct tk_err *e, const char *sql,
		     const struct tk_value *arg, size_t narg, tk_row_fn row, void *ctx)
{
	if (tx_lost(db))
		return tk_db_busy(e);
	return db->ops->run(db->h, e, sql, arg, narg, row, ctx, false);
}

enum tk_rc tk_db_stream(struct tk_db *db, struct tk_err *e, const char *sql,
			const struct tk_value *arg, size_t narg, tk_row_fn row, void *ctx)
{
	if (tx_lost(db))
		return tk_db_busy(e);
	return db->ops->run(db->h, e, sql, arg, narg, row, ctx, true);
}

enum tk_rc tk_db_script(struct tk_db *db, const char *sql, struct tk_err *e)
{
	if (tx_lost(db))
		return tk_db_busy(e);
	return db->ops->script(db->h, sql, e);
}

enum tk_rc tk_db_copy(struct tk_db *db, const char *file, struct tk_err *e)
{
	if (!db->ops->copy)
		return tk_fail(e, TK_EINVAL, NULL,
			       N_("Use PostgreSQL's own tools to copy this database."));
	return db->ops->copy(db->h, file, e);
}

enum tk_rc tk_db_checkpoint(struct tk_db *db, struct tk_err *e)
{
	return db->ops->checkpoint ? db->ops->checkpoint(db->h, e) : TK_OK;
}

int64_t tk_db_changes(const struct tk_db *db)
{
	return db->ops->changes(db->h);
}

bool tk_db_in_tx(const struct tk_db *db)
{
	return db->tx;
}

struct first { struct tk_arena *a; struct tk_value *col; size_t ncol; bool found; };

static enum tk_rc first_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct first *f = ctx;

	if (f->found)
		return TK_OK;
	f->found = true;
	for (size_t i = 0; i < f->ncol; i++) {
		f->col[i] = i < n ? col[i] : TK_NULL;
		if (f->col[i].type == TK_V_TEXT || f->col[i].type == TK_V_BLOB)
			f->col[i].s = tk_strndup(f->a, f->col[i].s, f->col[i].n);
	}
	return TK_OK;
}

enum tk_rc tk_db_first(struct tk_db *db, struct tk_arena *a, struct tk_err *e, const char *sql,
		       const struct tk_value *arg, size_t narg, struct tk_value *col, size_t ncol,
		       bool *found)
{
	struct first f = { a, col, ncol, false };
	enum tk_rc rc = tk_db_run(db, e, sql, arg, narg, first_row, &f);

	*found = f.found;
	return rc;
}

static enum tk_rc int_row(void *ctx, const struct tk_value *col, size_t n)
{
	if (n > 0 && col[0].type == TK_V_INT)
		*(int64_t *)ctx = col[0].i;
	return TK_OK;
}

enum tk_rc tk_db_int(struct tk_db *db, struct tk_err *e, const char *sql,
		     const struct tk_value *arg, size_t narg, int64_t def, int64_t *ret)
{
	*ret = def;
	return tk_db_run(db, e, sql, arg, narg, int_row, ret);
}

enum tk_rc tk_db_begin(struct tk_db *db, struct tk_err *e)
{
	enum tk_rc rc;

	if (db->tx) /* PostgreSQL would only warn, and the inner commit end both */
		return tk_db_fault(e, "a transaction is open already", "BEGIN");
	rc = tk_db_exec0(db, e, db->kind == TK_DB_SQLITE ? "BEGIN IMMEDIATE" : "BEGIN");
	db->tx = rc == TK_OK;
	return rc;
}

enum tk_rc tk_db_commit(struct tk_db *db, struct tk_err *e)
{
	enum tk_rc rc = tk_db_exec0(db, e, "COMMIT");

	if (rc != TK_OK)
		tk_db_rollback(db);
	db->tx = false;
	return rc;
}

void tk_db_rollback(struct tk_db *db)
{
	struct tk_err ignored = { 0 };

	if (db->ops->in_tx(db->h))
		(void)!tk_db_exec0(db, &ignored, "ROLLBACK");
	db->tx = false;
}

enum tk_rc tk_db_save(struct tk_db *db, struct tk_err *e)
{
	return tk_db_exec0(db, e, "SAVEPOINT one");
}

enum tk_rc tk_db_release(struct tk_db *db, struct tk_err *e)
{
	return tk_db_exec0(db, e, "RELEASE SAVEPOINT one");
}

enum tk_rc tk_db_undo(struct tk_db *db, struct tk_err *e)
{
	enum tk_rc rc = tk_db_exec0(db, e, "ROLLBACK TO SAVEPOINT one");

	return rc == TK_OK ? tk_db_release(db, e) : rc;
}
