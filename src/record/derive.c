/* derive.c - records that belong to the division of another record (tk_rtype.division_of). */
#include <string.h>
#include "record/impl.h"

static const struct tk_field *field_of(const struct tk_rtype *t)
{
	return &t->field[tk_field_index(t, t->division_of)];
}

enum tk_rc tk_take_division(const struct tk_op *op, const struct tk_rtype *t, void *now)
{
	const struct tk_field *f;
	struct tk_value ref;
	struct tk_buf b = TK_BUF(256);
	int64_t division = 0;
	enum tk_rc rc;

	if (!t->division_of)
		return TK_OK;
	f = field_of(t);
	ref = tk_get_by(t, now, t->division_of);
	if (ref.type == TK_V_NULL)
		return TK_OK;           /* whatever is required says so later */
	tk_buf_fmt(&b, "SELECT %s FROM %s WHERE id = $1", f->ref->scope_division, f->ref->table);
	rc = tk_db_int(op->db, op->e, b.p, TK_ARGS(ref), 0, &division);
	tk_buf_drop(&b);
	tk_set_by(t, now, t->scope_division, TK_I0(division));
	return rc;
}

struct ids { struct tk_arena *a; int64_t *v; size_t n, cap; };

static enum tk_rc on_id(void *ctx, const struct tk_value *col, size_t n)
{
	struct ids *l = ctx;

	(void)n;
	if (l->n == l->cap) {
		int64_t *v = tk_alloc(l->a, (l->cap * 2 + 16) * sizeof(*v));

		if (l->n)
			memcpy(v, l->v, l->n * sizeof(*v));
		l->v = v;
		l->cap = l->cap * 2 + 16;
	}
	l->v[l->n++] = col[0].i;
	return TK_OK;
}

static enum tk_rc move_parts(const struct tk_op *op, const struct tk_rtype *part, int64_t id)
{
	struct tk_who w = *op->who;
	struct tk_op as = { op->db, op->mem, &w, op->e };
	struct tk_buf b = TK_BUF(256);
	struct ids l = { .a = op->mem };
	enum tk_rc rc;

	w.system = true;                /* the change was permitted; its parts follow by themselves
					 */
	tk_buf_fmt(&b, "SELECT id FROM %s WHERE %s = $1 AND deleted_at IS NULL ORDER BY id",
		   part->table, part->division_of);
	rc = tk_db_run(op->db, op->e, b.p, TK_ARGS(TK_I(id)), on_id, &l);
	tk_buf_drop(&b);
	for (size_t i = 0; i < l.n && rc == TK_OK; i++) {
		void *rec = tk_alloc(op->mem, part->size);

		rc = tk_rec_load(&as, part, l.v[i], rec);
		if (rc == TK_OK)
			rc = tk_rec_update(&as, part, rec, -1);
	}
	return rc;
}

enum tk_rc tk_division_moved(const struct tk_op *op, const struct tk_rtype *t, const void *was,
			     const void *now)
{
	const struct tk_rtype *const *all;
	size_t n = tk_rtypes(&all);
	int at = t->scope_division ? tk_field_index(t, t->scope_division) : -1;
	enum tk_rc rc = TK_OK;

	if (at < 0 || tk_same(tk_get(t, was, (size_t)at), tk_get(t, now, (size_t)at)))
		return TK_OK;
	for (size_t k = 0; k < n && rc == TK_OK; k++)
		if (all[k]->division_of && field_of(all[k])->ref == t)
			rc = move_parts(op, all[k], ((const struct tk_rec *)now)->id);
	return rc;
}
