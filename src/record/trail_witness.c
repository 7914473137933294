/* trail_witness.c - the records as witnesses of the trail: what they hold must have been written
 * there. The chain alone cannot tell when its last seals, their rows and the head were all set back
 * together; the records that were made or changed since are still there and say so.
 */
#include <inttypes.h>
#include <stdio.h>
#include "record/trail.h"

/* Where fields change without the trail (TK_NOAUDIT), versions are more than its rows; that the
 * record is known at all must still hold. */
static bool every_version(const struct tk_rtype *t)
{
	for (size_t i = 0; i < t->nfield; i++)
		if (t->field[i].flags & TK_NOAUDIT)
			return false;
	return true;
}

struct witness {
	struct tk_db  *db;
	struct tk_err *e;
	void         (*say)(void *ctx, const char *line);
	void          *ctx;
	struct tk_trail_report *rep;
};

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static void tell(struct witness *w, int64_t n, const char *rtype, int64_t first)
{
	char line[300];

	w->rep->faults++;
	snprintf(line, sizeof(line),
		 tk_tr(w->e->lang,
		       N_("%" PRId64 " records of the type %s, the first of them %" PRId64
			  ", hold what the trail does not know: rows were removed or altered.")),
		 n, rtype, first);
	w->say(w->ctx, line);
}
#pragma GCC diagnostic pop

/* The time of a row and that of the change are read one after the other. */
enum { SLACK_SECONDS = 60 };

/* Tables and columns come from const tables, the name of the type is bound. */
static void write_sql(struct tk_buf *b, const char *table, const char *at, bool versions)
{
	tk_buf_fmt(b, "SELECT COUNT(*), MIN(r.id) FROM %s r WHERE ", table);
	if (at)
		tk_buf_fmt(b,
			   "r.%s - %d > (SELECT COALESCE(MAX(t.at_ms), 0) / 1000 FROM trail t"
			   " WHERE t.rtype = $1)",
			   at, (int)SLACK_SECONDS);
	else
		tk_buf_fmt(b,
			   "%s > (SELECT COUNT(*) FROM trail t WHERE t.rtype = $1"
			   " AND t.record_id = r.id)",
			   versions ? "r.version" : "1");
}

static enum tk_rc ask(struct witness *w, const char *rtype, const char *table, const char *at,
		      bool versions)
{
	struct tk_buf b = TK_BUF(600);
	struct tk_arena *a = tk_arena_new(1 << 16);
	struct tk_value col[2];
	bool found;
	enum tk_rc rc;

	write_sql(&b, table, at, versions);
	rc = tk_db_first(w->db, a, w->e, b.p, TK_ARGS(TK_S(rtype)), col, 2, &found);
	if (rc == TK_OK && found && col[0].i > 0)
		tell(w, col[0].i, rtype, col[1].i);
	tk_arena_free(a);
	tk_buf_drop(&b);
	return rc;
}

enum tk_rc tk_trail_witness(struct tk_db *db, const struct tk_trail_kept *also, size_t nalso,
			    void (*say)(void *ctx, const char *line), void *ctx,
			    struct tk_trail_report *ret, struct tk_err *e)
{
	struct witness w = { db, e, say, ctx, ret };
	const struct tk_rtype *const *type;
	size_t n = tk_rtypes(&type);
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < n && rc == TK_OK; i++)
		if (type[i]->flags & TK_T_TRAILED)
			rc = ask(&w, type[i]->name, type[i]->table, NULL, every_version(type[i]));
	for (size_t i = 0; i < nalso && rc == TK_OK; i++)
		rc = ask(&w, also[i].rtype, also[i].table, also[i].at, true);
	return rc;
}
