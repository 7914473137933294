#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "db/impl.h"

enum { NCACHE = 128, NHINT = 256 };
_Static_assert(NCACHE <= UCHAR_MAX + 1, "a place in the cache fits a hint");

struct stmt {
	char         *sql;
	size_t        len;
	sqlite3_stmt *st;
	unsigned char map[TK_DB_MAX_ARGS];      /* bind index - 1 -> argument index */
	int           nbind;
	bool          busy;
	uint64_t      used;
};

struct lite {
	sqlite3    *h;
	uint64_t    tick;
	int64_t     changes;
	struct stmt cache[NCACHE];
	unsigned char hint[NHINT];      /* by the address of the text: where it was found last */
};

static enum tk_rc lite_fail(struct lite *l, struct tk_err *e, const char *sql)
{
	int x = sqlite3_extended_errcode(l->h);

	switch (x) {
	case SQLITE_CONSTRAINT_UNIQUE:
	case SQLITE_CONSTRAINT_PRIMARYKEY:
	case SQLITE_CONSTRAINT_ROWID:
		return tk_db_conflict(e);
	case SQLITE_CONSTRAINT_FOREIGNKEY:
		return tk_db_in_use(e);
	case SQLITE_FULL:
		return tk_db_full(e);
	default:
		break;
	}
	if ((x & 0xFF) == SQLITE_BUSY || (x & 0xFF) == SQLITE_LOCKED)
		return tk_db_busy(e);
	if ((x & 0xFF) == SQLITE_IOERR && sqlite3_system_errno(l->h) == ENOSPC)
		return tk_db_full(e);
	return tk_db_fault(e, sqlite3_errmsg(l->h), sql);
}

static void lite_close(void *h)
{
	struct lite *l = h;

	for (size_t i = 0; i < NCACHE; i++) {
		sqlite3_finalize(l->cache[i].st);
		free(l->cache[i].sql);
	}
	sqlite3_close(l->h);
	free(l);
}

/* PostgreSQL's collation of bytes, so that one ORDER BY text serves both. */
static int collate_bytes(void *ctx, int na, const void *a, int nb, const void *b)
{
	int r = memcmp(a, b, (size_t)(na < nb ? na : nb));

	(void)ctx;
	return r ? r : na - nb;
}

/* SQLite's count of its memory is one lock for all threads; nobody asks for the count. */
static void configure(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/* What a savepoint needs to go back goes into an unnamed file beside the database, whose folder can
 * be written to for certain.  In memory SQLite keeps it as a list of single kilobytes, which every
 * release of an inner savepoint walks from its beginning: 2,000 rows of an import took 10 s. */
static void temp_beside(const char *file)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	const char *slash = strrchr(file, '/');

	pthread_mutex_lock(&lock);
	if (!sqlite3_temp_directory && slash && slash > file)
		sqlite3_temp_directory = sqlite3_mprintf("%.*s", (int)(slash - file), file);
	pthread_mutex_unlock(&lock);
}

enum tk_rc tk_sqlite_open(void **ret, const char *file, unsigned flags, struct tk_err *e)
{
	struct lite *l = tk_xcalloc(1, sizeof(*l));
	int f = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	const char *set =
		"PRAGMA busy_timeout=10000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
		"PRAGMA wal_autocheckpoint=8000; PRAGMA foreign_keys=ON; PRAGMA "
		"trusted_schema=OFF; PRAGMA cache_size=-8000;"
		"PRAGMA recursive_triggers=ON;";
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	enum tk_rc rc;
	int s;

	pthread_once(&once, configure);
	temp_beside(file);
	if (flags & TK_DB_CREATE)
		f |= SQLITE_OPEN_CREATE;
	s = sqlite3_open_v2(file, &l->h, f, NULL);
	if (s == SQLITE_OK)
		s = sqlite3_exec(l->h, set, NULL, NULL, NULL);
	if (s == SQLITE_OK)
		s = sqlite3_create_collation(l->h, "C", SQLITE_UTF8, NULL, collate_bytes);
	if (s == SQLITE_OK && flags & TK_DB_READ)
		/* several readers: the system's cache holds the file once for all of them */
		s = sqlite3_exec(l->h, "PRAGMA query_only=ON; PRAGMA cache_size=-2000;"
				 " PRAGMA temp_store=MEMORY", NULL, NULL, NULL);
	if (s == SQLITE_OK) {
		*ret = l;
		return TK_OK;
	}
	if ((s & 0xFF) == SQLITE_NOTADB)
		rc = tk_fail(e, TK_EDB, "db", N_("%s is not a Tenken database."), file);
	else if ((s & 0xFF) == SQLITE_CANTOPEN)
		rc = tk_fail(e, TK_ENOTFOUND, "db",
			     N_("The database %s cannot be opened. Check the name and the folder's "
				"permissions."),
			     file);
	else
		rc = lite_fail(l, e, file);
	lite_close(l);
	return rc;
}

static enum tk_rc prepare(struct lite *l, struct stmt *s, const char *sql, struct tk_err *e)
{
	const char *rest;

	if (sqlite3_prepare_v3(l->h, sql, -1, SQLITE_PREPARE_PERSISTENT, &s->st, &rest) !=
	    SQLITE_OK)
		return lite_fail(l, e, sql);
	if (!s->st || rest[strspn(rest, "; \t\n")])
		return tk_db_fault(e, "not exactly one statement", sql);
	s->nbind = sqlite3_bind_parameter_count(s->st);
	for (int i = 1; i <= s->nbind; i++) {
		const char *name = sqlite3_bind_parameter_name(s->st, i);
		long k = name && *name == '$' ? strtol(name + 1, NULL, 10) : 0;
		if (k < 1 || k > TK_DB_MAX_ARGS)
			return tk_db_fault(e, "a parameter that is not $1 .. $96", sql);
		s->map[i - 1] = (unsigned char)(k - 1);
	}
	return TK_OK;
}

/* Nearly all texts are literals, so the address tells where to look first; what counts is the text.
 */
static unsigned char *hint_of(struct lite *l, const char *sql)
{
	return &l->hint[((uintptr_t)sql >> 3 ^ (uintptr_t)sql >> 11) % NHINT];
}

static bool is_it(const struct stmt *s, const char *sql, size_t len)
{
	return !s->busy && s->sql && s->len == len && !memcmp(s->sql, sql, len);
}

/* A prepared statement from the cache, or into it in place of the one used longest ago. */
static struct stmt *cached(struct lite *l, const char *sql, struct tk_err *e)
{
	unsigned char *hint = hint_of(l, sql);
	struct stmt *old = &l->cache[*hint];
	size_t len = strlen(sql);

	if (is_it(old, sql, len)) {
		old->used = ++l->tick;
		return old;
	}
	old = NULL;
	for (size_t i = 0; i < NCACHE; i++) {
		struct stmt *s = &l->cache[i];
		if (s->busy)
			continue;
		if (is_it(s, sql, len)) {
			*hint = (unsigned char)i;
			s->used = ++l->tick;
			return s;
		}
		if (!old || s->used < old->used)
			old = s;
	}
	if (!old) {
		(void)!tk_db_fault(e, "statements nested too deep", sql);
		return NULL;
	}
	sqlite3_finalize(old->st);
	free(old->sql);
	*old = (struct stmt){ .used = ++l->tick };
	if (prepare(l, old, sql, e) != TK_OK) {
		sqlite3_finalize(old->st);
		*old = (struct stmt){ 0 };
		return NULL;
	}
	old->sql = tk_xstrdup(sql);
	old->len = len;
	*hint = (unsigned char)(old - l->cache);
	return old;
}

static int bind_one(sqlite3_stmt *st, int at, const struct tk_value *v)
{
	switch (v->type) {
	case TK_V_NULL: return sqlite3_bind_null(st, at);
	case TK_V_INT:  return sqlite3_bind_int64(st, at, v->i);
	case TK_V_REAL: return sqlite3_bind_double(st, at, v->d);
	case TK_V_TEXT: return sqlite3_bind_text(st, at, v->s, -1, SQLITE_STATIC);
	case TK_V_BLOB: return sqlite3_bind_blob64(st, at, v->n ? v->s : "", v->n, SQLITE_STATIC);
	}
	return SQLITE_MISUSE;
}

static struct tk_value column(sqlite3_stmt *st, int i)
{
	struct tk_value v = TK_NULL;

	switch (sqlite3_column_type(st, i)) {
	case SQLITE_INTEGER:
		return TK_I(sqlite3_column_int64(st, i));
	case SQLITE_FLOAT:
		v.type = TK_V_REAL;
		v.d = sqlite3_column_double(st, i);
		break;
	case SQLITE_TEXT:
		v = TK_S((const char *)sqlite3_column_text(st, i));
		v.n = (size_t)sqlite3_column_bytes(st, i);
		break;
	case SQLITE_BLOB:
		v = TK_B(sqlite3_column_blob(st, i), (size_t)sqlite3_column_bytes(st, i));
		break;
	default:
		break;
	}
	return v;
}

static enum tk_rc lite_run(void *h, struct tk_err *e, const char *sql, const struct tk_value *arg,
			   size_t narg, tk_row_fn row, void *ctx, bool stream)
{
	struct lite *l = h;
	struct tk_value col[TK_DB_MAX_COLS];
	struct stmt *s = cached(l, sql, e);
	enum tk_rc rc = TK_OK;
	int n, r = SQLITE_DONE;

	(void)stream;
	if (!s)
		return e ? e->rc : TK_EDB;
	for (int i = 0; i < s->nbind; i++)
		if (s->map[i] >= narg || bind_one(s->st, i + 1, &arg[s->map[i]]) != SQLITE_OK)
			return tk_db_fault(e, "an argument is missing or cannot be bound", sql);
	s->busy = true;
	n = sqlite3_column_count(s->st);
	if (n > TK_DB_MAX_COLS)
		n = TK_DB_MAX_COLS;
	while (rc == TK_OK && (r = sqlite3_step(s->st)) == SQLITE_ROW) {
		if (!row)
			continue;
		for (int i = 0; i < n; i++)
			col[i] = column(s->st, i);
		rc = row(ctx, col, (size_t)n);
	}
	if (rc == TK_OK && r != SQLITE_DONE)
		rc = lite_fail(l, e, sql);
	if (!sqlite3_stmt_readonly(s->st))
		l->changes = sqlite3_changes64(l->h);
	sqlite3_reset(s->st);
	sqlite3_clear_bindings(s->st);
	s->busy = false;
	return rc;
}

static enum tk_rc lite_script(void *h, const char *sql, struct tk_err *e)
{
	struct lite *l = h;

	return sqlite3_exec(l->h, sql, NULL, NULL, NULL) == SQLITE_OK ? TK_OK
								      : lite_fail(l, e, sql);
}

static enum tk_rc lite_copy(void *h, const char *file, struct tk_err *e)
{
	struct lite *l = h;
	sqlite3 *to = NULL;
	sqlite3_backup *b = NULL;
	enum tk_rc rc = TK_OK;
	int tries = 500,
	    s = sqlite3_open_v2(file, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);

	if (s == SQLITE_OK)
		b = sqlite3_backup_init(to, "main", l->h, "main");
	if (!b) {
		rc = tk_fail(e, TK_EINVAL, "file", N_("The file %s cannot be written."), file);
		goto out;
	}
	/* all pages in one step: a reader of a WAL database sees one moment and stops nobody */
	while (((s = sqlite3_backup_step(b, -1)) == SQLITE_BUSY || s == SQLITE_LOCKED) &&
	       tries-- > 0)
		sqlite3_sleep(20);
	sqlite3_backup_finish(b);
	if (s != SQLITE_DONE)
		rc = (s & 0xFF) == SQLITE_FULL ? tk_db_full(e)
					       : tk_db_fault(e, sqlite3_errstr(s), "backup");
	else if (sqlite3_exec(to, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL) != SQLITE_OK)
		rc = tk_db_fault(e, sqlite3_errmsg(to), "backup");
out:
	sqlite3_close(to);
	return rc;
}

/* Passive: as far as readers allow, and no writer waits for it. */
static enum tk_rc lite_checkpoint(void *h, struct tk_err *e)
{
	struct lite *l = h;
	int s = sqlite3_wal_checkpoint_v2(l->h, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);

	return s == SQLITE_OK || (s & 0xFF) == SQLITE_BUSY ? TK_OK : lite_fail(l, e, "checkpoint");
}

static int64_t lite_changes(void *h)
{
	return ((struct lite *)h)->changes;
}

static bool lite_in_tx(void *h)
{
	return !sqlite3_get_autocommit(((struct lite *)h)->h);
}

static void lite_recover(void *h)
{
	struct lite *l = h;

	for (size_t i = 0; i < NCACHE; i++) {
		if (l->cache[i].busy) {
			sqlite3_reset(l->cache[i].st);
			sqlite3_clear_bindings(l->cache[i].st);
			l->cache[i].busy = false;
		}
	}
}

const struct tk_db_ops tk_sqlite_ops = {
	.close = lite_close,
	.run = lite_run,
	.script = lite_script,
	.copy = lite_copy,
	.checkpoint = lite_checkpoint,
	.changes = lite_changes,
	.in_tx = lite_in_tx,
	.recover = lite_recover,
};
