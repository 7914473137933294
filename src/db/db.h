/* db.h - one small interface to SQLite and PostgreSQL, the same SQL text for both.
 *
 * A handle belongs to one thread.  SQL is a string literal with $1 ... (or a tk_buf that
 * src/record filled from const tables); values are only ever bound.  Times are BIGINT UTC seconds,
 * booleans SMALLINT 0/1, dates TEXT "YYYY-MM-DD", bytes BYTEA (the runner of migrations writes BLOB
 * for SQLite).  A database's own error text goes to the log, never to a client: unique violations
 * are TK_ECONFLICT, a full disk TK_EFULL, a busy or lost database TK_EBUSY, the rest TK_EDB.
 */
#pragma once
#include "base/mem.h"

enum tk_vtype { TK_V_NULL, TK_V_INT, TK_V_REAL, TK_V_TEXT, TK_V_BLOB };
struct tk_value { enum tk_vtype type; int64_t i; double d; const char *s; size_t n; };
#define TK_NULL    ((struct tk_value){ .type = TK_V_NULL })
#define TK_I(x)    ((struct tk_value){ .type = TK_V_INT, .i = (x) })
#define TK_B(p, l) ((struct tk_value){ .type = TK_V_BLOB, .s = (const char *)(p), .n = (l) })
static inline struct tk_value TK_S(const char *s)
{
	return (struct tk_value){ .type = s ? TK_V_TEXT : TK_V_NULL, .s = s };
}
/* 0 is stored as NULL: for optional references and times. */
static inline struct tk_value TK_I0(int64_t i)
{
	return (struct tk_value){ .type = i ? TK_V_INT : TK_V_NULL, .i = i };
}
#define TK_ARGS(...) (const struct tk_value[]){ __VA_ARGS__ }, \
	TK_LEN(((const struct tk_value[]){ __VA_ARGS__ }))

enum tk_db_kind { TK_DB_SQLITE, TK_DB_POSTGRES };
enum { TK_DB_READ = 1, TK_DB_CREATE = 2 };                      /* flags of tk_db_open */

struct tk_db;
/* Values in col[] live until the next row; text is NUL-terminated.  A row function that returns
 * anything but TK_OK ends the query, and that code is tk_db_run's. */
typedef enum tk_rc (*tk_row_fn)(void *ctx, const struct tk_value *col, size_t n);

/* url: "postgres://...", "postgresql://..." or a SQLite file name. */
enum tk_rc tk_db_open(struct tk_db **ret, const char *url, unsigned flags,
		      struct tk_err *e) TK_MUST_USE;
void       tk_db_close(struct tk_db *db);                       /* NULL is fine */
/* After a jump out of a row function (an arena's ceiling): frees what the query held. */
void       tk_db_recover(struct tk_db *db);
enum tk_db_kind tk_db_kind(const struct tk_db *db);
enum tk_rc tk_db_run(struct tk_db *db, struct tk_err *e, const char *sql,
		     const struct tk_value *arg, size_t narg, tk_row_fn row, void *ctx) TK_MUST_USE;
#define tk_db_exec(db, e, sql, ...) tk_db_run(db, e, sql, TK_ARGS(__VA_ARGS__), NULL, NULL)
#define tk_db_exec0(db, e, sql)     tk_db_run(db, e, sql, NULL, 0, NULL, NULL)
/* Rows changed by the last INSERT, UPDATE or DELETE of this handle. */
int64_t    tk_db_changes(const struct tk_db *db);

/* First row of a query.  Columns are copied into the arena; *found says whether there was one. */
enum tk_rc tk_db_first(struct tk_db *db, struct tk_arena *a, struct tk_err *e, const char *sql,
		       const struct tk_value *arg, size_t narg, struct tk_value *col, size_t ncol,
		       bool *found) TK_MUST_USE;
/* First column of the first row as a number; def when there is no row or it is NULL. */
enum tk_rc tk_db_int(struct tk_db *db, struct tk_err *e, const char *sql,
		     const struct tk_value *arg, size_t narg, int64_t def,
		     int64_t *ret) TK_MUST_USE;

/* Transactions.  begin: BEGIN IMMEDIATE on SQLite, BEGIN on PostgreSQL.  A savepoint nests inside
 * and is how one request of a group fails alone.  After an error roll back, or undo to a savepoint:
 * PostgreSQL does nothing more before that.  When the database itself gave the transaction up (full
 * disk, lost connection), every call answers TK_EBUSY until tk_db_rollback(), so that the rest of
 * the work cannot be saved without its beginning. */
enum tk_rc tk_db_begin(struct tk_db *db, struct tk_err *e) TK_MUST_USE;
enum tk_rc tk_db_commit(struct tk_db *db, struct tk_err *e) TK_MUST_USE;
void       tk_db_rollback(struct tk_db *db);
enum tk_rc tk_db_save(struct tk_db *db, struct tk_err *e) TK_MUST_USE;      /* SAVEPOINT */
enum tk_rc tk_db_release(struct tk_db *db, struct tk_err *e) TK_MUST_USE;
enum tk_rc tk_db_undo(struct tk_db *db, struct tk_err *e) TK_MUST_USE; /* ROLLBACK TO + RELEASE */
bool       tk_db_in_tx(const struct tk_db *db);
/* Several statements at once, without arguments: for migrations only. */
enum tk_rc tk_db_script(struct tk_db *db, const char *sql, struct tk_err *e) TK_MUST_USE;
/* Like tk_db_run, but rows are fetched one by one from PostgreSQL too, so that memory stays
 * constant however many there are.  The row function may not use the same handle. */
enum tk_rc tk_db_stream(struct tk_db *db, struct tk_err *e, const char *sql,
			const struct tk_value *arg, size_t narg, tk_row_fn row,
			void *ctx) TK_MUST_USE;
/* Copies the whole SQLite database to a file, page by page, while others write.
 * TK_EINVAL on PostgreSQL (its own tools do that). */
enum tk_rc tk_db_copy(struct tk_db *db, const char *file, struct tk_err *e) TK_MUST_USE;
/* SQLite: brings what was committed from the log into the file, beside a writer, so that the writer
 * need not stop for it.  PostgreSQL does that by itself: nothing. */
enum tk_rc tk_db_checkpoint(struct tk_db *db, struct tk_err *e) TK_MUST_USE;
/* For PostgreSQL's own tools: puts host, port, user, password and the rest of a postgres:// address
 * into the environment, where no process list shows it; *ret_name is the database's name. */
enum tk_rc tk_pg_environment(struct tk_arena *a, const char *url, const char **ret_name,
			     struct tk_err *e) TK_MUST_USE;
