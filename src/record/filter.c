/* filter.c - filters of lists kept under a name. */
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "record/query.h"
#include "record/trail.h"

enum { MAX_NAME = 80, MAX_TEXT = 2000, MAX_KEPT = 100 };

bool tk_filter_may_share(const struct tk_op *op, const struct tk_rtype *t)
{
	return tk_who_scope(op->who, t->write) > TK_SCOPE_OWN;
}

struct listing { tk_saved_filter_fn fn; void *ctx; };

static enum tk_rc list_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct listing *l = ctx;
	struct tk_saved_filter f = { col[0].i, col[1].i, col[2].s, col[3].s, col[4].s,
				     col[5].i != 0 };

	(void)n;
	l->fn(l->ctx, &f);
	return TK_OK;
}

enum tk_rc tk_filter_list(const struct tk_op *op, const struct tk_rtype *t, tk_saved_filter_fn fn,
			  void *ctx)
{
	struct listing l = { fn, ctx };

	if (tk_who_scope(op->who, t->read) == TK_SCOPE_NONE)
		return tk_denied(op->e);
	return tk_db_run(op->db, op->e,
			 "SELECT id, account_id, name, query, who, shared FROM saved_filter"
			 " WHERE rtype = $1 AND (shared = 1 OR account_id = $2) ORDER BY name, id",
			 TK_ARGS(TK_S(t->name), TK_I(op->who->account_id)), list_row, &l);
}

static enum tk_rc one_row(void *ctx, const void *rec, const char *const *ref_label)
{
	(void)ctx;
	(void)rec;
	(void)ref_label;
	return TK_OK;
}

static enum tk_rc check(const struct tk_op *op, const struct tk_rtype *t,
			const struct tk_saved_filter *f)
{
	struct tk_query q;
	enum tk_rc rc;

	if (tk_who_scope(op->who, t->read) == TK_SCOPE_NONE)
		return tk_denied(op->e);
	if (tk_is_blank(f->name) || tk_utf8_count(f->name) > MAX_NAME)
		return tk_fail(op->e, TK_EINVAL, "name",
			       N_("A filter needs a name of at most %d characters."), MAX_NAME);
	if (!f->query || tk_utf8_count(f->query) > MAX_TEXT)
		return tk_fail(op->e, TK_EINVAL, "query", N_("The filter is too long."));
	if (f->shared && !tk_filter_may_share(op, t))
		return tk_denied(op->e);
	if ((rc = tk_query_parse(&q, t, op->mem, f->query, op->e)) != TK_OK)
		return rc;
	q.limit = 1;                    /* what the list itself would refuse is refused here */
	q.cursor = NULL;
	return tk_rec_list(op, t, &q, one_row, NULL, NULL, NULL);
}

static enum tk_rc note(const struct tk_op *op, const struct tk_rtype *t, const char *action,
		       const char *name)
{
	struct tk_buf b = TK_BUF(4096);
	struct tk_json j = TK_JSON(&b);
	enum tk_rc rc;

	tk_json_obj(&j);
	tk_json_kstr(&j, "filter", name);
	tk_json_end_obj(&j);
	rc = tk_trail_add(op, action, t->name, 0, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return rc;
}

enum tk_rc tk_filter_save(const struct tk_op *op, const struct tk_rtype *t,
			  struct tk_saved_filter *f)
{
	int64_t have = 0;
	enum tk_rc rc = check(op, t, f);

	if (rc != TK_OK)
		return rc;
	f->id = tk_id_new();
	f->account_id = op->who->account_id;
	f->who = op->who->name ? op->who->name : "";
	f->name = tk_squeeze(op->mem, f->name);
	if ((rc = tk_db_exec(op->db, op->e,
			     "DELETE FROM saved_filter WHERE rtype = $1 AND account_id = $2"
			     " AND name = $3",
			     TK_S(t->name), TK_I(f->account_id), TK_S(f->name))) != TK_OK ||
	    (rc = tk_db_int(op->db, op->e,
			    "SELECT COUNT(*) FROM saved_filter WHERE rtype = $1"
			    " AND account_id = $2",
			    TK_ARGS(TK_S(t->name), TK_I(f->account_id)), 0, &have)) != TK_OK)
		return rc;
	if (have >= MAX_KEPT)
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("At most %d filters of a list can be kept. Remove one first."),
			       MAX_KEPT);
	rc = tk_db_exec(op->db, op->e,
			"INSERT INTO saved_filter(id, rtype, account_id, who, name, query, shared,"
			" created_at) VALUES($1,$2,$3,$4,$5,$6,$7,$8)",
			TK_I(f->id), TK_S(t->name), TK_I(f->account_id), TK_S(f->who),
			TK_S(f->name), TK_S(f->query), TK_I(f->shared), TK_I(tk_now()));
	return rc == TK_OK && f->shared ? note(op, t, "filter_share", f->name) : rc;
}

enum tk_rc tk_filter_delete(const struct tk_op *op, const struct tk_rtype *t, int64_t id)
{
	struct tk_value col[3];
	bool found, own;
	enum tk_rc rc = tk_db_first(op->db, op->mem, op->e,
				    "SELECT account_id, shared, name FROM saved_filter"
				    " WHERE id = $1 AND rtype = $2",
				    TK_ARGS(TK_I(id), TK_S(t->name)), col, 3, &found);

	if (rc != TK_OK)
		return rc;
	own = found && col[0].i == op->who->account_id;
	if (!found || (!own && !col[1].i))
		return tk_fail(op->e, TK_ENOTFOUND, NULL, N_("There is no such filter."));
	if (!own && !tk_filter_may_share(op, t))
		return tk_denied(op->e);
	rc = tk_db_exec(op->db, op->e, "DELETE FROM saved_filter WHERE id = $1", TK_I(id));
	return rc == TK_OK && col[1].i ? note(op, t, "filter_delete", col[2].s) : rc;
}
