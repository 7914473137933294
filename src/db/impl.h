/* impl.h - what a database engine gives to db.c.  Private to src/db. */
#pragma once
#include "db/db.h"

enum { TK_DB_MAX_ARGS = 96, TK_DB_MAX_COLS = 128 };

struct tk_db_ops {
	void       (*close)(void *h);
	enum tk_rc (*run)(void *h, struct tk_err *e, const char *sql, const struct tk_value *arg,
			  size_t narg, tk_row_fn row, void *ctx, bool stream);
	enum tk_rc (*script)(void *h, const char *sql, struct tk_err *e);
	enum tk_rc (*copy)(void *h, const char *file, struct tk_err *e);
	enum tk_rc (*checkpoint)(void *h, struct tk_err *e);    /* NULL: not needed */
	int64_t    (*changes)(void *h);
	bool       (*in_tx)(void *h);
	void       (*recover)(void *h);
};

enum tk_rc tk_sqlite_open(void **ret, const char *file, unsigned flags,
			  struct tk_err *e) TK_MUST_USE;
enum tk_rc tk_pg_open(void **ret, const char *url, unsigned flags, struct tk_err *e) TK_MUST_USE;
extern const struct tk_db_ops tk_sqlite_ops, tk_pg_ops;

/* One wording for the faults that both engines have. */
enum tk_rc tk_db_conflict(struct tk_err *e) TK_MUST_USE;
enum tk_rc tk_db_in_use(struct tk_err *e) TK_MUST_USE;
enum tk_rc tk_db_full(struct tk_err *e) TK_MUST_USE;
enum tk_rc tk_db_busy(struct tk_err *e) TK_MUST_USE;
enum tk_rc tk_db_fault(struct tk_err *e, const char *engine_text, const char *sql) TK_MUST_USE;
