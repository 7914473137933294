#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/hash.h"
#include "record/impl.h"
#include "record/trail.h"

enum { ROW_PRINT = 16, SEAL_MAX = 20000 };      /* bytes of id + digest a seal keeps of each row */

struct row {
	int64_t id, at_ms, account_id, record_id;
	const char *who, *source, *action, *rtype, *detail;
};

static void put_id(unsigned char *p, int64_t id)
{
	for (int i = 7; i >= 0; i--, id >>= 8)
		p[i] = (unsigned char)(id & 0xFF);
}

static int64_t get_id(const unsigned char *p)
{
	int64_t id = 0;

	for (int i = 0; i < 8; i++)
		id = id << 8 | p[i];
	return id;
}

/* Numbers go in with the highest byte first: a database may move to another kind of machine. */
static void add_int(struct tk_hasher *h, int64_t v)
{
	unsigned char p[8];

	put_id(p, v);
	tk_hasher_add(h, p, sizeof(p));
}

static void add_text(struct tk_hasher *h, const char *s)
{
	add_int(h, (int64_t)strlen(s));         /* the length keeps neighbours apart */
	tk_hasher_add(h, s, strlen(s));
}

static void row_digest(const struct row *r, unsigned char out[TK_SHA256_LEN])
{
	struct tk_hasher *h = tk_hasher_new();

	add_int(h, r->id);
	add_int(h, r->at_ms);
	add_int(h, r->account_id);
	add_int(h, r->record_id);
	add_text(h, r->who);
	add_text(h, r->source);
	add_text(h, r->action);
	add_text(h, r->rtype);
	add_text(h, r->detail);
	tk_hasher_end(h, out);
}

enum tk_rc tk_trail_add(const struct tk_op *op, const char *action, const char *rtype,
			int64_t record_id, const char *detail)
{
	unsigned char d[TK_SHA256_LEN];
	struct row r = {
		.id = tk_id_new(),
		.at_ms = tk_now_ms(),
		.account_id = op->who->account_id,
		.record_id = record_id,
		.who = op->who->name ? op->who->name : "",
		.action = action,
		.source = op->who->source ? op->who->source : "",
		.rtype = rtype,
		.detail = detail ? detail : "{}",
	};

	row_digest(&r, d);
	return tk_db_exec(op->db, op->e,
			  "INSERT INTO trail(id, at_ms, account_id, who, source, action, rtype, "
			  "record_id, detail, digest)"
			  " VALUES($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)",
			  TK_I(r.id), TK_I(r.at_ms), TK_I0(r.account_id), TK_S(r.who),
			  TK_S(r.source), TK_S(r.action), TK_S(r.rtype), TK_I(r.record_id),
			  TK_S(r.detail), TK_B(d, sizeof(d)));
}

static void json_value(struct tk_json *j, const struct tk_field *f, struct tk_value v)
{
	if (v.type == TK_V_NULL)
		tk_json_null(j);
	else if (f->flags & TK_SECRET)
		tk_json_str(j, "***");
	else if (v.type == TK_V_TEXT)
		tk_json_str(j, v.s);
	else if (f->type == TK_F_REF || f->flags & TK_ID)
		tk_json_id(j, v.i);
	else
		tk_json_int(j, v.i);
}

enum tk_rc tk_trail_change(const struct tk_op *op, const struct tk_rtype *t, const void *was,
			   const void *now)
{
	struct tk_buf b = TK_BUF(8 << 20);
	struct tk_json j = TK_JSON(&b);
	enum tk_rc rc;
	size_t n = 0;

	tk_json_obj(&j);
	for (size_t i = 0; i < t->nfield; i++) {
		struct tk_value x = was ? tk_get(t, was, i) : TK_NULL,
				y = now ? tk_get(t, now, i) : TK_NULL;

		if (tk_same(x, y) || t->field[i].flags & TK_NOAUDIT)
			continue;
		n++;
		tk_json_key(&j, t->field[i].name);
		tk_json_arr(&j);
		json_value(&j, &t->field[i], x);
		json_value(&j, &t->field[i], y);
		tk_json_end_arr(&j);
	}
	tk_json_end_obj(&j);
	if (b.bad)
		rc = tk_fail(op->e, TK_ETOOBIG, NULL, N_("The record is too large."));
	else if (n == 0 && was && now)
		rc = TK_OK;
	else
		rc = tk_trail_add(op, !was ? "create" : now ? "update" : "delete", t->name,
				  ((const struct tk_rec *)(now ? now : was))->id, b.p);
	tk_buf_drop(&b);
	return rc;
}

/* -- sealing ----------------------------------------------------------------------------------- */
struct gather { struct tk_buf b; struct tk_hasher *h; int64_t n; };

/* One row of a seal: its id and the first half of its digest are kept, all of it goes into the
 * chain. */
static enum tk_rc gather_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct gather *g = ctx;
	unsigned char p[ROW_PRINT] = { 0 };

	(void)n;
	put_id(p, col[0].i);
	if (col[1].type == TK_V_BLOB && col[1].n == TK_SHA256_LEN)
		memcpy(p + 8, col[1].s, ROW_PRINT - 8);
	tk_buf_add(&g->b, (const char *)p, sizeof(p));
	tk_hasher_add(g->h, p, 8);
	tk_hasher_add(g->h, col[1].s, col[1].n);
	g->n++;
	return TK_OK;
}

static struct tk_hasher *chain_start(int64_t seal, const unsigned char prev[TK_SHA256_LEN])
{
	struct tk_hasher *h = tk_hasher_new();

	add_int(h, seal);
	tk_hasher_add(h, prev, TK_SHA256_LEN);
	return h;
}

static enum tk_rc write_seal(struct tk_db *db, int64_t seal, struct gather *g, int64_t total,
			     const unsigned char digest[TK_SHA256_LEN], struct tk_err *e)
{
	enum tk_rc rc = tk_db_exec(
		db, e,
		"INSERT INTO trail_seal(seal, at_ms, nrow, rows, digest) VALUES($1,$2,$3,$4,$5)",
		TK_I(seal), TK_I(tk_now_ms()), TK_I(g->n), TK_B(g->b.p, g->b.len),
		TK_B(digest, TK_SHA256_LEN));
	if (rc == TK_OK)
		rc = tk_db_exec(db, e,
				"INSERT INTO trail_head(id, seal, nrow, digest) VALUES(1,$1,$2,$3)"
				" ON CONFLICT(id) DO UPDATE SET seal=$1, nrow=$2, digest=$3",
				TK_I(seal), TK_I(total), TK_B(digest, TK_SHA256_LEN));
	return rc;
}

static enum tk_rc seal_inside(struct tk_db *db, struct tk_arena *a, int64_t *ret, struct tk_err *e)
{
	unsigned char prev[TK_SHA256_LEN] = { 0 }, digest[TK_SHA256_LEN];
	struct tk_value head[3];
	struct gather g = { TK_BUF(ROW_PRINT * SEAL_MAX * 2), NULL, 0 };
	int64_t seal = 1, total = 0;
	bool found;
	enum tk_rc rc;

	rc = tk_db_first(db, a, e, "SELECT seal, nrow, digest FROM trail_head WHERE id = 1", NULL,
			 0, head, 3, &found);
	if (rc != TK_OK)
		return rc;
	if (found) {
		seal = head[0].i + 1;
		total = head[1].i;
		if (head[2].n == sizeof(prev))
			memcpy(prev, head[2].s, sizeof(prev));
	}
	rc = tk_db_exec(db, e,
			"UPDATE trail SET seal = $1 WHERE id IN (SELECT id FROM trail WHERE seal "
			"IS NULL ORDER BY id LIMIT $2)",
			TK_I(seal), TK_I(SEAL_MAX));
	if (rc != TK_OK || tk_db_changes(db) == 0)
		return rc;
	g.h = chain_start(seal, prev);
	rc = tk_db_run(db, e, "SELECT id, digest FROM trail WHERE seal = $1 ORDER BY id",
		       TK_ARGS(TK_I(seal)), gather_row, &g);
	tk_hasher_end(g.h, digest);
	if (rc == TK_OK)
		rc = write_seal(db, seal, &g, total + g.n, digest, e);
	*ret = g.n;
	tk_buf_drop(&g.b);
	return rc;
}

enum tk_rc tk_trail_seal(struct tk_db *db, int64_t *ret_rows, struct tk_err *e)
{
	struct tk_arena *a = tk_arena_new(1 << 16);
	enum tk_rc rc = tk_db_begin(db, e);

	*ret_rows = 0;
	if (rc == TK_OK) {
		if (tk_db_kind(db) == TK_DB_POSTGRES)
			rc = tk_db_script(db, "SELECT pg_advisory_xact_lock(7463657)", e);
		if (rc == TK_OK)
			rc = seal_inside(db, a, ret_rows, e);
		if (rc == TK_OK)
			rc = tk_db_commit(db, e);
		else
			tk_db_rollback(db);
	}
	tk_arena_free(a);
	return rc;
}

/* -- verifying --------------------------------------------------------------------------------- */
enum { NAMED_MAX = 100 };       /* rows named one by one of a seal; of more, only how many */

struct verify {
	struct tk_db  *db;
	struct tk_err *e;
	void         (*say)(void *ctx, const char *line);
	void          *ctx;
	struct tk_trail_report *rep;
	/* the seal being read */
	struct tk_hasher *h;
	const unsigned char *want;      /* ids and half digests kept by the seal */
	int64_t seal, nwant, at, named;
	bool row_bad, list_bad;
	/* the chain */
	unsigned char prev[TK_SHA256_LEN];
	int64_t last_seal, total;
};

static void fault(struct verify *v, const char *fmt, int64_t a, int64_t b) TK_PRINTF(2, 0);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static void fault(struct verify *v, const char *fmt, int64_t a, int64_t b)
{
	char line[300];

	v->rep->faults++;
	snprintf(line, sizeof(line), tk_tr(v->e->lang, fmt), a, b);
	v->say(v->ctx, line);
}

static void row_fault(struct verify *v, const char *fmt, int64_t id) TK_PRINTF(2, 0);
static void row_fault(struct verify *v, const char *fmt, int64_t id)
{
	if (v->named++ < NAMED_MAX)
		fault(v, fmt, id, v->seal);
	else
		v->rep->faults++;
}
#pragma GCC diagnostic pop

#define MISSING  N_("Row %" PRId64 " of seal %" PRId64 " is missing.")
#define ALTERED  N_("Row %" PRId64 " of seal %" PRId64 " was altered.")
#define ADDED    N_("Row %" PRId64 " was added to seal %" PRId64 " after sealing.")

static int64_t row_of(const struct tk_value *col, unsigned char d[TK_SHA256_LEN])
{
	struct row r = {
		.id = col[0].i,
		.at_ms = col[1].i,
		.account_id = col[2].i,
		.who = col[3].s ? col[3].s : "",
		.source = col[4].s ? col[4].s : "",
		.action = col[5].s ? col[5].s : "",
		.rtype = col[6].s ? col[6].s : "",
		.record_id = col[7].i,
		.detail = col[8].s ? col[8].s : "",
	};

	row_digest(&r, d);
	return r.id;
}

static bool same_digest(struct tk_value stored, const unsigned char d[TK_SHA256_LEN])
{
	return stored.n == TK_SHA256_LEN && !memcmp(stored.s, d, TK_SHA256_LEN);
}

/* First time through a seal: is it whole? */
static enum tk_rc check_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct verify *v = ctx;
	unsigned char d[TK_SHA256_LEN], p[8];
	int64_t id = row_of(col, d);
	const unsigned char *want = v->at < v->nwant ? v->want + v->at * ROW_PRINT : NULL;

	(void)n;
	v->row_bad = v->row_bad || !same_digest(col[9], d);
	v->list_bad = v->list_bad || !want || get_id(want) != id ||
		      memcmp(want + 8, d, ROW_PRINT - 8) != 0;
	put_id(p, id);
	tk_hasher_add(v->h, p, sizeof(p));
	tk_hasher_add(v->h, d, sizeof(d));
	v->at++;
	return TK_OK;
}

/* Second time, when it is not: which rows? */
static enum tk_rc name_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct verify *v = ctx;
	unsigned char d[TK_SHA256_LEN];
	int64_t id = row_of(col, d);

	(void)n;
	while (v->at < v->nwant && get_id(v->want + v->at * ROW_PRINT) < id)
		row_fault(v, MISSING, get_id(v->want + v->at++ * ROW_PRINT));
	if (v->at >= v->nwant || get_id(v->want + v->at * ROW_PRINT) != id) {
		row_fault(v, ADDED, id);
		return TK_OK;
	}
	if (!same_digest(col[9], d) ||
	    memcmp(v->want + v->at * ROW_PRINT + 8, d, ROW_PRINT - 8) != 0)
		row_fault(v, ALTERED, id);
	v->at++;
	v->rep->rows++;
	return TK_OK;
}

static enum tk_rc rows_of_seal(struct verify *v, tk_row_fn fn)
{
	v->at = 0;
	return tk_db_run(v->db, v->e,
			 "SELECT id, at_ms, account_id, who, source, action, rtype, record_id, "
			 "detail, digest"
			 " FROM trail WHERE seal = $1 ORDER BY id",
			 TK_ARGS(TK_I(v->seal)), fn, v);
}

static enum tk_rc name_rows(struct verify *v, int64_t nrow)
{
	int64_t before = v->rep->faults;
	enum tk_rc rc = rows_of_seal(v, name_row);

	while (v->at < v->nwant)
		row_fault(v, MISSING, get_id(v->want + v->at++ * ROW_PRINT));
	if (v->named > NAMED_MAX)
		fault(v,
		      N_("Of %" PRId64 " more rows of seal %" PRId64 " the same kind is true."),
		      v->named - NAMED_MAX, v->seal);
	if (rc == TK_OK && v->rep->faults == before)
		fault(v, N_("Seal %" PRId64 " does not fit the chain (it holds %" PRId64 " rows)."),
		      v->seal, nrow);
	return rc;
}

static enum tk_rc verify_seal(struct verify *v, int64_t seal, struct tk_value rows,
			      struct tk_value digest, int64_t nrow)
{
	unsigned char d[TK_SHA256_LEN];
	enum tk_rc rc;

	while (++v->last_seal < seal)
		fault(v, N_("Seal %" PRId64 " is missing (the next one is %" PRId64 ")."),
		      v->last_seal, seal);
	v->seal = seal;
	v->want = (const unsigned char *)rows.s;
	v->nwant = (int64_t)rows.n / ROW_PRINT;
	v->named = 0;
	v->row_bad = v->list_bad = false;
	v->h = chain_start(seal, v->prev);
	rc = rows_of_seal(v, check_row);
	tk_hasher_end(v->h, d);
	if (rc == TK_OK && (v->row_bad || v->at != nrow || !same_digest(digest, d)))
		rc = name_rows(v, nrow);
	else if (rc == TK_OK)
		v->rep->rows += v->at;
	if (rc == TK_OK && v->named == 0 && (v->list_bad || v->nwant != nrow))
		fault(v,
		      N_("The list that seal %" PRId64 " keeps of its %" PRId64
			 " rows was altered."),
		      seal, nrow);
	if (digest.n == sizeof(v->prev))
		memcpy(v->prev, digest.s, sizeof(v->prev));
	v->total += v->nwant;
	v->rep->seals++;
	return rc;
}

/* Rows on their way to a seal have nothing behind them yet but the digest of their own content. */
static enum tk_rc unsealed_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct verify *v = ctx;
	unsigned char d[TK_SHA256_LEN];
	int64_t id = row_of(col, d);

	(void)n;
	v->rep->unsealed++;
	if (!same_digest(col[9], d))
		fault(v,
		      N_("Row %" PRId64 ", not sealed yet (after seal %" PRId64 "), was altered."),
		      id, v->last_seal);
	return TK_OK;
}

/* Seals are read one by one: a row function may not hold one query open while it runs the next. */
static enum tk_rc verify_all(struct verify *v, struct tk_arena *a, int64_t last)
{
	struct tk_value col[4];
	int64_t seal = 0;
	bool found = true;
	enum tk_rc rc = TK_OK;

	while (rc == TK_OK) {
		rc = tk_db_first(v->db, a, v->e,
				 "SELECT seal, rows, digest, nrow FROM trail_seal WHERE seal > $1 "
				 "ORDER BY seal LIMIT 1",
				 TK_ARGS(TK_I(seal)), col, 4, &found);
		if (rc != TK_OK || !found)
			break;
		seal = col[0].i;
		rc = verify_seal(v, seal, col[1], col[2], col[3].i);
		tk_arena_reset(a);
	}
	for (int64_t s = v->last_seal + 1; rc == TK_OK && s <= last; s++)
		fault(v, N_("Seal %" PRId64 " is missing (the last one is %" PRId64 ")."), s, last);
	return rc;
}

enum tk_rc tk_trail_verify(struct tk_db *db, void (*say)(void *ctx, const char *line), void *ctx,
			   struct tk_trail_report *ret, struct tk_err *e)
{
	struct tk_arena *a = tk_arena_new(64 << 20);
	struct verify v = { .db = db, .e = e, .say = say, .ctx = ctx, .rep = ret };
	struct tk_value head[3] = { TK_I(0), TK_I(0), TK_NULL };
	bool found;
	int64_t stray = 0;
	enum tk_rc rc;

	*ret = (struct tk_trail_report){ 0 };
	rc = tk_db_first(db, a, e, "SELECT seal, nrow, digest FROM trail_head WHERE id = 1", NULL,
			 0, head, 3, &found);
	if (rc == TK_OK && found)
		head[2].s = memcpy(tk_xmalloc(head[2].n + 1), head[2].s, head[2].n);
	if (rc == TK_OK)
		rc = verify_all(&v, a, head[0].i);
	if (rc == TK_OK && found &&
	    (v.total != head[1].i || v.last_seal != head[0].i || head[2].n != sizeof(v.prev) ||
	     memcmp(head[2].s, v.prev, sizeof(v.prev)) != 0))
		fault(&v,
		      N_("The head of the chain says seal %" PRId64 " and %" PRId64
			 " rows, and the seals say otherwise."),
		      head[0].i, head[1].i);
	if (rc == TK_OK && !found && v.last_seal > 0)
		fault(&v,
		      N_("The head of the chain is missing (seal %" PRId64 ", %" PRId64 " rows)."),
		      v.last_seal, v.total);
	if (rc == TK_OK)
		rc = tk_db_int(db, e, "SELECT COUNT(*) FROM trail WHERE seal > $1",
			       TK_ARGS(TK_I(head[0].i)), 0, &stray);
	if (rc == TK_OK && stray)
		fault(&v, N_("%" PRId64 " rows claim a seal after the head (%" PRId64 ")."), stray,
		      head[0].i);
	if (rc == TK_OK)
		rc = tk_db_run(db, e,
			       "SELECT id, at_ms, account_id, who, source, action, rtype, "
			       "record_id, detail, digest"
			       " FROM trail WHERE seal IS NULL ORDER BY id",
			       NULL, 0, unsealed_row, &v);
	if (found)
		free((void *)(uintptr_t)head[2].s);
	tk_arena_free(a);
	return rc;
}

static enum tk_rc seal_digest(struct tk_db *db, int64_t seal, char hex[TK_SHA256_HEX],
			      struct tk_err *e)
{
	struct tk_arena *a = tk_arena_new(1 << 16);
	struct tk_value col[1];
	bool found;
	enum tk_rc rc = tk_db_first(db, a, e, "SELECT digest FROM trail_seal WHERE seal = $1",
				    TK_ARGS(TK_I(seal)), col, 1, &found);

	hex[0] = '\0';
	if (rc == TK_OK && found && col[0].n == TK_SHA256_LEN)
		tk_hex((const unsigned char *)col[0].s, TK_SHA256_LEN, hex);
	tk_arena_free(a);
	return rc;
}

enum tk_rc tk_trail_head(struct tk_db *db, struct tk_trail_head *ret, struct tk_err *e)
{
	enum tk_rc rc;

	*ret = (struct tk_trail_head){ 0 };
	rc = tk_db_int(db, e, "SELECT seal FROM trail_head WHERE id = 1", NULL, 0, 0, &ret->seal);
	if (rc == TK_OK)
		rc = tk_db_int(db, e, "SELECT nrow FROM trail_head WHERE id = 1", NULL, 0, 0,
			       &ret->rows);
	return rc == TK_OK ? seal_digest(db, ret->seal, ret->digest, e) : rc;
}

enum tk_rc tk_trail_holds(struct tk_db *db, const struct tk_trail_head *head, bool *ret,
			  struct tk_err *e)
{
	char hex[TK_SHA256_HEX];
	enum tk_rc rc = seal_digest(db, head->seal, hex, e);

	*ret = rc == TK_OK && !strcmp(hex, head->digest);
	return rc;
}
