#include <inttypes.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "db/impl.h"

enum { NCACHE = 128, OID_BOOL = 16, OID_BYTEA = 17, OID_INT8 = 20, OID_INT2 = 21, OID_INT4 = 23,
       OID_TEXT = 25, OID_FLOAT4 = 700, OID_FLOAT8 = 701, OID_NUMERIC = 1700 };

/* Prepared on the server under the name "tN"; the key is the text and the types of the arguments.
 */
struct stmt { char *key; unsigned name; uint64_t used; };

struct pg {
	PGconn     *c;
	unsigned    next;
	uint64_t    tick;
	int64_t     changes;
	bool        read_only;
	struct stmt cache[NCACHE];
};

static void quiet(void *arg, const char *message)
{
	(void)arg;
	(void)message;
}

static void forget_statements(struct pg *p)
{
	for (size_t i = 0; i < NCACHE; i++) {
		free(p->cache[i].key);
		p->cache[i] = (struct stmt){ 0 };
	}
}

static void pg_close(void *h)
{
	struct pg *p = h;

	forget_statements(p);
	PQfinish(p->c);
	free(p);
}

/* What a connection must be told, the first one and every one after a loss. */
static bool set_up(struct pg *p)
{
	PGresult *r;
	bool ok;

	if (PQstatus(p->c) != CONNECTION_OK)
		return false;
	PQsetNoticeProcessor(p->c, quiet, NULL);
	r = PQexec(p->c, p->read_only ?
		   "SET client_encoding TO 'UTF8'; SET default_transaction_read_only TO on" :
		   "SET client_encoding TO 'UTF8'");
	ok = PQresultStatus(r) == PGRES_COMMAND_OK;
	PQclear(r);
	return ok;
}

static bool reconnect(struct pg *p)
{
	forget_statements(p);
	PQreset(p->c);
	return set_up(p);
}

enum tk_rc tk_pg_open(void **ret, const char *url, unsigned flags, struct tk_err *e)
{
	struct pg *p = tk_xcalloc(1, sizeof(*p));

	p->read_only = flags & TK_DB_READ;
	p->c = PQconnectdb(url);
	if (!set_up(p)) {
		(void)!tk_db_fault(e, PQerrorMessage(p->c), "connect");
		pg_close(p);
		return tk_fail(e, TK_EBUSY, "db",
			       N_("The PostgreSQL database cannot be reached. Check the address, "
				  "the name and the password."));
	}
	*ret = p;
	return TK_OK;
}

static enum tk_rc pg_fail(struct pg *p, const PGresult *r, const char *sql, struct tk_err *e)
{
	const char *st = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;

	if (st && !strcmp(st, "23505"))
		return tk_db_conflict(e);
	if (st && !strcmp(st, "23503"))
		return tk_db_in_use(e);
	if (st && !strcmp(st, "53100"))
		return tk_db_full(e);
	if (st && (!strcmp(st, "26000") ||
		   (!strcmp(st, "0A000") && strstr(PQresultErrorMessage(r), "cached plan")))) {
		/* a table changed under a prepared statement, or a pooler gave us another session
		 */
		(void)!tk_db_fault(e, PQresultErrorMessage(r), sql);
		forget_statements(p);
		PQclear(PQexec(p->c, "DEALLOCATE ALL"));
		return tk_db_busy(e);
	}
	if (PQstatus(p->c) != CONNECTION_OK ||
	    (st && (!strncmp(st, "53", 2) || !strncmp(st, "57P", 3) || !strncmp(st, "40", 2) ||
		    !strncmp(st, "08", 2) || !strcmp(st, "55P03"))))
		return tk_db_busy(e);
	return tk_db_fault(e, r ? PQresultErrorMessage(r) : PQerrorMessage(p->c), sql);
}

struct args {
	const char *v[TK_DB_MAX_ARGS];
	int         len[TK_DB_MAX_ARGS], fmt[TK_DB_MAX_ARGS];
	Oid         type[TK_DB_MAX_ARGS];
	char        num[TK_DB_MAX_ARGS][32];
	char        sig[TK_DB_MAX_ARGS + 1];
};

static void set_args(struct args *a, const struct tk_value *arg, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		a->v[i] = NULL;
		a->len[i] = a->fmt[i] = 0;
		switch (arg[i].type) {
		case TK_V_NULL:
			a->type[i] = 0;
			break;
		case TK_V_INT:
			a->type[i] = OID_INT8;
			snprintf(a->num[i], sizeof(a->num[i]), "%" PRId64, arg[i].i);
			a->v[i] = a->num[i];
			break;
		case TK_V_REAL:
			a->type[i] = OID_FLOAT8;
			snprintf(a->num[i], sizeof(a->num[i]), "%.17g", arg[i].d);
			a->v[i] = a->num[i];
			break;
		case TK_V_TEXT:
			a->type[i] = OID_TEXT;
			a->v[i] = arg[i].s;
			break;
		case TK_V_BLOB:
			a->type[i] = OID_BYTEA;
			a->v[i] = arg[i].n ? arg[i].s : "";
			a->len[i] = (int)arg[i].n;
			a->fmt[i] = 1;
			break;
		}
		a->sig[i] = "nirtb"[arg[i].type];
	}
	a->sig[n] = '\0';
}

/* Finds the prepared statement or makes it on the server; *ret: the number in its name. */
static enum tk_rc prepared(struct pg *p, const char *sql, const struct args *a, size_t narg,
			   unsigned *ret, struct tk_err *e)
{
	size_t len = strlen(sql) + strlen(a->sig) + 2;
	char *key = tk_xmalloc(len), name[24];
	struct stmt *old = &p->cache[0];
	enum tk_rc rc = TK_OK;
	PGresult *r;

	snprintf(key, len, "%s|%s", a->sig, sql);
	for (size_t i = 0; i < NCACHE; i++) {
		struct stmt *s = &p->cache[i];
		if (s->key && !strcmp(s->key, key)) {
			free(key);
			s->used = ++p->tick;
			*ret = s->name;
			return TK_OK;
		}
		if (s->used < old->used)
			old = s;
	}
	if (old->key) {
		char drop[40];
		snprintf(drop, sizeof(drop), "DEALLOCATE t%u", old->name);
		PQclear(PQexec(p->c, drop));
		free(old->key);
		*old = (struct stmt){ 0 };
	}
	snprintf(name, sizeof(name), "t%u", ++p->next);
	r = PQprepare(p->c, name, sql, (int)narg, a->type);
	if (PQresultStatus(r) != PGRES_COMMAND_OK) {
		rc = pg_fail(p, r, sql, e);
		free(key);
	} else {
		*old = (struct stmt){ key, p->next, ++p->tick };
		*ret = p->next;
	}
	PQclear(r);
	return rc;
}

static uint64_t be(const char *s, int n)
{
	uint64_t v = 0;

	for (int i = 0; i < n; i++)
		v = v << 8 | (unsigned char)s[i];
	return v;
}

/* SUM() of BIGINT is NUMERIC there and an integer in SQLite: digits to the base of 10,000. */
static struct tk_value numeric(const char *s)
{
	int n = (int16_t)be(s, 2), weight = (int16_t)be(s + 2, 2),
	    last = n - 1 > weight ? n - 1 : weight;
	unsigned sign = (unsigned)be(s + 4, 2);
	struct tk_value v = TK_NULL;
	int64_t i = 0;
	double d = 0;

	if (sign != 0 && sign != 0x4000)                /* NaN, infinity */
		return v;
	for (int k = 0; k <= last; k++) {
		int64_t digit = k < n ? (int64_t)be(s + 8 + 2 * k, 2) : 0;

		if (k < 4)
			i = i * 10000 + digit;
		d = d * 10000 + (double)digit;
	}
	if (be(s + 6, 2) == 0 && last < 4)              /* no decimals, below 10^16 */
		return TK_I(sign ? -i : i);
	for (; last > weight; last--)
		d /= 10000;
	v.type = TK_V_REAL;
	v.d = sign ? -d : d;
	return v;
}

static struct tk_value column(const PGresult *r, int y, int x)
{
	const char *s = PQgetvalue(r, y, x);
	struct tk_value v = TK_NULL;
	uint64_t bits;
	uint32_t bits4;
	float f;

	if (PQgetisnull(r, y, x))
		return v;
	switch (PQftype(r, x)) {
	case OID_BOOL:
		return TK_I(*s != 0);
	case OID_INT2:
		return TK_I((int16_t)be(s, 2));
	case OID_INT4:
		return TK_I((int32_t)be(s, 4));
	case OID_INT8:
		return TK_I((int64_t)be(s, 8));
	case OID_FLOAT8:
		bits = be(s, 8);
		v.type = TK_V_REAL;
		memcpy(&v.d, &bits, sizeof(v.d));
		return v;
	case OID_FLOAT4:
		bits4 = (uint32_t)be(s, 4);
		memcpy(&f, &bits4, sizeof(f));
		v.type = TK_V_REAL;
		v.d = (double)f;
		return v;
	case OID_BYTEA:
		return TK_B(s, (size_t)PQgetlength(r, y, x));
	case OID_NUMERIC:
		return numeric(s);
	default:
		v = TK_S(s);
		v.n = (size_t)PQgetlength(r, y, x);
		return v;
	}
}

static enum tk_rc rows(const PGresult *r, tk_row_fn row, void *ctx)
{
	struct tk_value col[TK_DB_MAX_COLS];
	enum tk_rc rc = TK_OK;
	int n = PQnfields(r);

	if (n > TK_DB_MAX_COLS)
		n = TK_DB_MAX_COLS;
	for (int y = 0; y < PQntuples(r) && row && rc == TK_OK; y++) {
		for (int x = 0; x < n; x++)
			col[x] = column(r, y, x);
		rc = row(ctx, col, (size_t)n);
	}
	return rc;
}

/* Row by row: the rest of the result must be read to its end even after a refusal. */
static enum tk_rc run_stream(struct pg *p, struct tk_err *e, const char *name, const char *sql,
			     const struct args *a, size_t narg, tk_row_fn row, void *ctx)
{
	enum tk_rc rc = TK_OK;
	PGresult *r;

	if (!PQsendQueryPrepared(p->c, name, (int)narg, a->v, a->len, a->fmt, 1))
		return pg_fail(p, NULL, sql, e);
	PQsetSingleRowMode(p->c);
	while ((r = PQgetResult(p->c))) {
		ExecStatusType s = PQresultStatus(r);
		if (s != PGRES_SINGLE_TUPLE && s != PGRES_TUPLES_OK && s != PGRES_COMMAND_OK &&
		    rc == TK_OK)
			rc = pg_fail(p, r, sql, e);
		else if (rc == TK_OK)
			rc = rows(r, row, ctx);
		PQclear(r);
	}
	return rc;
}

/* One try; the whole result in *ret. */
static enum tk_rc fetch(struct pg *p, struct tk_err *e, const char *sql, const struct args *a,
			size_t narg, bool plain, PGresult **ret)
{
	char name[24];
	enum tk_rc rc;
	unsigned id;
	PGresult *r;

	if (PQstatus(p->c) != CONNECTION_OK && !reconnect(p))
		return tk_db_busy(e);
	if (plain) {                            /* BEGIN, COMMIT, SAVEPOINT: nothing to prepare */
		r = PQexec(p->c, sql);
	} else {
		if ((rc = prepared(p, sql, a, narg, &id, e)) != TK_OK)
			return rc;
		snprintf(name, sizeof(name), "t%u", id);
		r = PQexecPrepared(p->c, name, (int)narg, a->v, a->len, a->fmt, 1);
	}
	if (PQresultStatus(r) != PGRES_TUPLES_OK && PQresultStatus(r) != PGRES_COMMAND_OK) {
		rc = pg_fail(p, r, sql, e);
		PQclear(r);
		return rc;
	}
	*ret = r;
	return TK_OK;
}

static enum tk_rc start_stream(struct pg *p, struct tk_err *e, const char *sql,
			       const struct args *a, size_t narg, tk_row_fn row, void *ctx)
{
	char name[24];
	enum tk_rc rc;
	unsigned id;

	if (PQstatus(p->c) != CONNECTION_OK && !reconnect(p))
		return tk_db_busy(e);
	if ((rc = prepared(p, sql, a, narg, &id, e)) != TK_OK)
		return rc;
	snprintf(name, sizeof(name), "t%u", id);
	return run_stream(p, e, name, sql, a, narg, row, ctx);
}

static enum tk_rc pg_run(void *h, struct tk_err *e, const char *sql, const struct tk_value *arg,
			 size_t narg, tk_row_fn row, void *ctx, bool stream)
{
	struct pg *p = h;
	struct args a;
	PGresult *r = NULL;
	enum tk_rc rc;
	/* a connection that died while idle is no reason to bother anybody where nothing can be
	 * lost */
	bool again = PQtransactionStatus(p->c) == PQTRANS_IDLE &&
		     (!strncmp(sql, "SELECT", 6) || !strncmp(sql, "BEGIN", 5));

	if (narg > TK_DB_MAX_ARGS)
		return tk_db_fault(e, "more than 96 arguments", sql);
	set_args(&a, arg, narg);
	if (stream)
		return start_stream(p, e, sql, &a, narg, row, ctx);
	rc = fetch(p, e, sql, &a, narg, narg == 0 && !row, &r);
	if (rc == TK_EBUSY && again && PQstatus(p->c) != CONNECTION_OK)
		rc = fetch(p, e, sql, &a, narg, narg == 0 && !row, &r);
	if (rc != TK_OK)
		return rc;
	if (!strcmp(sql, "COMMIT") && !strcmp(PQcmdStatus(r), "ROLLBACK"))
		rc = tk_db_fault(e, "commit after an error that nobody looked at", sql);
	else if (PQresultStatus(r) == PGRES_COMMAND_OK && *PQcmdTuples(r))
		p->changes = strtoll(PQcmdTuples(r), NULL, 10);
	else if (PQresultStatus(r) == PGRES_TUPLES_OK && strncmp(PQcmdStatus(r), "SELECT", 6) != 0)
		p->changes = strtoll(PQcmdTuples(r), NULL, 10);         /* ... RETURNING */
	if (rc == TK_OK)
		rc = rows(r, row, ctx);
	PQclear(r);
	return rc;
}

static enum tk_rc pg_script(void *h, const char *sql, struct tk_err *e)
{
	struct pg *p = h;
	ExecStatusType s;
	enum tk_rc rc;
	PGresult *r;

	if (PQstatus(p->c) != CONNECTION_OK && !reconnect(p))
		return tk_db_busy(e);
	r = PQexec(p->c, sql);
	s = PQresultStatus(r);
	rc = s == PGRES_COMMAND_OK || s == PGRES_TUPLES_OK ? TK_OK : pg_fail(p, r, sql, e);
	PQclear(r);
	return rc;
}

static int64_t pg_changes(void *h)
{
	return ((struct pg *)h)->changes;
}

static bool pg_in_tx(void *h)
{
	PGTransactionStatusType s = PQtransactionStatus(((struct pg *)h)->c);

	return s == PQTRANS_INTRANS || s == PQTRANS_INERROR;
}

/* A result that was left half-read must be read to its end before the next query. */
static void pg_recover(void *h)
{
	struct pg *p = h;
	PGresult *r;

	while ((r = PQgetResult(p->c)))
		PQclear(r);
}

const struct tk_db_ops tk_pg_ops = {
	.close = pg_close,
	.run = pg_run,
	.script = pg_script,
	.changes = pg_changes,
	.in_tx = pg_in_tx,
	.recover = pg_recover,
};

enum tk_rc tk_pg_environment(struct tk_arena *a, const char *url, const char **ret_name,
			     struct tk_err *e)
{
	PQconninfoOption *o = PQconninfoParse(url, NULL);

	*ret_name = "";
	if (!o)
		return tk_fail(e, TK_EINVAL, "db",
			       N_("This is not an address of a PostgreSQL database."));
	for (PQconninfoOption *x = o; x->keyword; x++) {
		if (x->val && x->envvar)
			setenv(x->envvar, x->val, 1);
		if (x->val && !strcmp(x->keyword, "dbname"))
			*ret_name = tk_strdup(a, x->val);
	}
	PQconninfoFree(o);
	return TK_OK;
}
