/* bulk.c - the same change to many records. */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <string.h>
#include "record/bulk.h"
#include "record/impl.h"
#include "record/trail.h"

enum { ROW_MEM = 64 << 20 };

struct run {
	const struct tk_op    *op;      /* of the caller: what is shown lives there */
	struct tk_op           row;     /* of one record: mem is emptied after it */
	struct tk_err          err;
	const struct tk_rtype *t;
	const cJSON           *set;
	struct tk_bulk        *ret;
};

/* -- which records ----------------------------------------------------------------------------- */
struct ids { struct tk_arena *mem; int64_t *v; size_t n, cap; };

static enum tk_rc take_id(void *ctx, const void *rec, const char *const *ref_label)
{
	struct ids *l = ctx;

	(void)ref_label;
	if (l->n < TK_BULK_MAX + 1)
		l->v[l->n++] = ((const struct tk_rec *)rec)->id;
	return TK_OK;
}

static enum tk_rc too_many(const struct tk_op *op)
{
	return tk_fail(op->e, TK_EINVAL, "ids",
		       N_("At most %d records can be changed at once. Narrow the list down."),
		       (int)TK_BULK_MAX);
}

enum tk_rc tk_bulk_ids(const struct tk_op *op, const struct tk_rtype *t, const struct tk_query *q,
		       int64_t **ret, size_t *ret_n)
{
	struct ids l = { .mem = op->mem };
	struct tk_query all = *q;
	enum tk_rc rc;

	all.limit = -1;
	all.cursor = NULL;
	l.v = tk_alloc_n(op->mem, TK_BULK_MAX + 1, sizeof(*l.v));
	rc = tk_rec_list(op, t, &all, take_id, &l, NULL, NULL);
	*ret = l.v;
	*ret_n = l.n;
	return rc == TK_OK && l.n > TK_BULK_MAX ? too_many(op) : rc;
}

/* -- one record -------------------------------------------------------------------------------- */
static const char *label_of(struct run *r, const void *rec)
{
	int i = r->t->title ? tk_field_index(r->t, r->t->title) : -1;
	int64_t id = ((const struct tk_rec *)rec)->id;
	struct tk_value v = i >= 0 ? tk_get(r->t, rec, (size_t)i) : TK_NULL;

	if (v.type == TK_V_TEXT || (v.type == TK_V_INT && r->t->field[i].type != TK_F_REF))
		return tk_strdup(r->op->mem,
				 tk_print(r->row.mem, r->err.lang, &r->t->field[i], v));
	return tk_sprintf(r->op->mem, "%" PRId64, id);
}

static enum tk_rc shown(struct run *r, const struct tk_field *f, struct tk_value v,
			const char **ret)
{
	*ret = "";
	if (f->type == TK_F_REF && v.type != TK_V_NULL) {
		enum tk_rc rc = tk_rec_label(&r->row, f->ref, v.i, ret);

		*ret = tk_strdup(r->op->mem, *ret);
		return rc;
	}
	*ret = tk_strdup(r->op->mem, tk_print(r->row.mem, r->err.lang, f, v));
	return TK_OK;
}

static enum tk_rc tell(struct run *r, const void *was, const void *now)
{
	const struct tk_rtype *t = r->t;
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < t->nfield && rc == TK_OK; i++) {
		struct tk_value x = tk_get(t, was, i), y = tk_get(t, now, i);
		struct tk_bulk_change *c;

		if (tk_same(x, y) || t->field[i].flags & (TK_SECRET | TK_READONLY) ||
		    r->ret->nchange == TK_BULK_LIST)
			continue;
		c = &r->ret->change[r->ret->nchange++];
		*c = (struct tk_bulk_change){
			.id = ((const struct tk_rec *)now)->id,
			.label = label_of(r, was),
			.field = t->field[i].name,
			.field_label = tk_tr(r->err.lang, t->field[i].label),
		};
		rc = shown(r, &t->field[i], x, &c->from);
		if (rc == TK_OK)
			rc = shown(r, &t->field[i], y, &c->to);
	}
	return rc;
}

static void refused(struct run *r, int64_t id, const void *was)
{
	bool loaded = ((const struct tk_rec *)was)->version > 0;

	r->ret->nerror++;
	if (r->ret->nerror_kept == TK_BULK_LIST)
		return;
	r->ret->error[r->ret->nerror_kept++] = (struct tk_bulk_error){
		id,
		loaded ? label_of(r, was) : tk_sprintf(r->op->mem, "%" PRId64, id),
		*r->err.field ? tk_strdup(r->op->mem, r->err.field) : NULL,
		tk_strdup(r->op->mem, r->err.msg),
	};
}

/* What one record refuses is its error; the rest ends the whole. */
static enum tk_rc change(struct run *r, int64_t id, void *was, void *now)
{
	const struct tk_rtype *t = r->t;
	bool same = true;
	enum tk_rc rc;

	if ((rc = tk_rec_load(&r->row, t, id, was)) != TK_OK)
		return rc;
	memcpy(now, was, t->size);
	if ((rc = tk_rec_from_json(&r->row, t, r->set, now)) != TK_OK)
		return rc;
	for (size_t i = 0; i < t->nfield && same; i++)
		same = tk_same(tk_get(t, was, i), tk_get(t, now, i));
	/* what changes nothing is asked all the same: the person must be allowed to */
	rc = tk_rec_update(&r->row, t, now, -1);
	if (rc == TK_ENOTFOUND)         /* it was there to be read */
		return tk_denied(&r->err);
	if (rc != TK_OK || same)
		return rc;
	r->ret->changed++;
	return tell(r, was, now);
}

static enum tk_rc one(struct run *r, int64_t id)
{
	void *was = tk_alloc(r->row.mem, r->t->size), *now = tk_alloc(r->row.mem, r->t->size);
	struct tk_err kept;
	enum tk_rc rc, undone;

	if ((rc = tk_db_save(r->op->db, &r->err)) != TK_OK)
		return rc;
	rc = change(r, id, was, now);
	if (rc == TK_OK)
		return tk_db_release(r->op->db, &r->err);
	if (!tk_is_of_record(rc))
		return rc;
	kept = r->err;
	if ((undone = tk_db_undo(r->op->db, &r->err)) != TK_OK)
		return undone;
	r->err = kept;
	refused(r, id, was);
	return TK_OK;
}

/* -- all --------------------------------------------------------------------------------------- */
static enum tk_rc note(struct run *r)
{
	struct tk_buf b = TK_BUF(16 << 10);
	struct tk_json j = TK_JSON(&b);
	const cJSON *v;
	enum tk_rc rc;

	tk_json_obj(&j);
	tk_json_kint(&j, "changed", r->ret->changed);
	tk_json_key(&j, "fields");
	tk_json_arr(&j);
	cJSON_ArrayForEach(v, r->set)
		tk_json_str(&j, v->string);
	tk_json_end_arr(&j);
	tk_json_end_obj(&j);
	rc = tk_trail_add(r->op, "bulk", r->t->name, 0, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return rc;
}

static enum tk_rc all(struct run *r, const int64_t *id, size_t n)
{
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < n && rc == TK_OK; i++) {
		bool again = false;

		for (size_t k = 0; k < i && !again; k++)
			again = id[k] == id[i];
		if (again)
			continue;
		r->ret->total++;
		rc = one(r, id[i]);
		tk_arena_reset(r->row.mem);
	}
	return rc;
}

static enum tk_rc inside(struct run *r, const int64_t *id, size_t n, bool dry_run)
{
	const struct tk_op *op = r->op;
	bool nested = tk_db_in_tx(op->db), keep;
	enum tk_rc rc = nested ? tk_db_save(op->db, op->e) : tk_db_begin(op->db, op->e), ended;

	if (rc != TK_OK)
		return rc;
	rc = all(r, id, n);
	if (rc != TK_OK)
		*op->e = r->err;
	keep = rc == TK_OK && !r->ret->nerror && !dry_run;
	if (keep && r->ret->changed)
		rc = note(r);
	if (keep && rc == TK_OK) {
		rc = nested ? tk_db_release(op->db, op->e) : tk_db_commit(op->db, op->e);
		r->ret->applied = rc == TK_OK;
		return rc;
	}
	if (!nested) {
		tk_db_rollback(op->db);
		return rc;
	}
	ended = tk_db_undo(op->db, rc == TK_OK ? op->e : NULL);
	return rc == TK_OK ? ended : rc;
}

/* A field that no record could take is said at once, not for each of them. */
static enum tk_rc check_set(const struct tk_op *op, const struct tk_rtype *t, const cJSON *set)
{
	struct tk_rec *probe = tk_alloc(op->mem, t->size);
	const cJSON *v;

	if (!cJSON_IsObject(set) || !set->child)
		return tk_fail(op->e, TK_EINVAL, "set", N_("Say which field is to be set."));
	cJSON_ArrayForEach(v, set)
		if (tk_field_index(t, v->string) < 0)
			return tk_fail(op->e, TK_EINVAL, v->string,
				       N_("There is no field \"%.60s\"."), v->string);
	probe->version = 1;
	return tk_rec_from_json(op, t, set, probe);
}

enum tk_rc tk_rec_bulk(const struct tk_op *op, const struct tk_rtype *t, const int64_t *id,
		       size_t n, const cJSON *set, bool dry_run, struct tk_bulk *ret)
{
	struct run r = { .op = op, .err = { .lang = op->e->lang }, .t = t, .set = set, .ret = ret };
	enum tk_rc rc;

	*ret = (struct tk_bulk){ 0 };
	if (tk_who_scope(op->who, t->write) == TK_SCOPE_NONE)
		return tk_denied(op->e);
	if (t->flags & TK_T_NO_UPDATE)
		return tk_fail(op->e, TK_EMETHOD, NULL,
			       N_("Records of this list cannot be changed here."));
	if (n > TK_BULK_MAX)
		return too_many(op);
	if ((rc = check_set(op, t, set)) != TK_OK)
		return rc;
	r.row = *op;
	r.row.mem = tk_arena_new(ROW_MEM);
	r.row.e = &r.err;
	rc = inside(&r, id, n, dry_run);
	tk_arena_free(r.row.mem);
	return rc;
}
