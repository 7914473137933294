/* sql.c - one record in and out of the database, with permission, version and trail. */
#include <inttypes.h>
#include <string.h>
#include "base/clock.h"
#include "base/hash.h"
#include "record/impl.h"
#include "record/search.h"
#include "record/trail.h"

_Static_assert(TK_MAX_FIELDS == 64, "struct tk_rec.has is 64 bits wide");

void tk_sql_columns(const struct tk_rtype *t, struct tk_buf *b)
{
	tk_buf_str(b, "t.id, t.version");
	for (size_t i = 0; i < t->nfield; i++)
		tk_buf_fmt(b, ", t.%s", t->field[i].name);
}

void tk_sql_to_rec(const struct tk_rtype *t, struct tk_arena *mem, const struct tk_value *col,
		   size_t n, void *rec)
{
	struct tk_rec *r = rec;

	r->has = 0;
	r->id = col[0].i;
	r->version = col[1].i;
	for (size_t i = 0; i < t->nfield && i + 2 < n; i++)
		tk_set(t, rec, i,
		       col[i + 2].type == TK_V_TEXT ? TK_S(tk_strdup(mem, col[i + 2].s))
						    : col[i + 2]);
}

static void in_list(struct tk_buf *b, const int64_t *id, const uint64_t *not_for, size_t n,
		    enum tk_perm p, struct tk_value *arg, size_t *narg)
{
	tk_buf_str(b, " IN (0");
	for (size_t i = 0; i < n; i++) {
		if (not_for[i] >> p & 1)
			continue;
		arg[*narg] = TK_I(id[i]);
		tk_buf_fmt(b, ",$%zu", ++*narg);
	}
	tk_buf_str(b, ")");
}

static void in_divisions(struct tk_buf *b, const struct tk_who *w, enum tk_perm p,
			 struct tk_value *arg, size_t *narg)
{
	in_list(b, w->division, w->division_not, w->ndivision, p, arg, narg);
}

static void in_bureaus(struct tk_buf *b, const struct tk_who *w, enum tk_perm p,
		       struct tk_value *arg, size_t *narg)
{
	in_list(b, w->bureau, w->bureau_not, w->nbureau, p, arg, narg);
}

/* The columns of scope_own, blank-separated: the person stands in one of them. */
static void own_scope(const char *columns, int64_t staff, struct tk_buf *b, struct tk_value *arg,
		      size_t *narg)
{
	arg[*narg] = TK_I(staff);
	tk_buf_fmt(b, " AND $%zu IN (t.", ++*narg);
	for (const char *s = columns; *s; s++) {
		if (*s == ' ')
			tk_buf_str(b, ", t.");
		else
			tk_buf_add(b, s, 1);
	}
	tk_buf_str(b, ")");
}

/* The units of a bureau, and single divisions that the person holds besides. */
static bool bureau_scope(const struct tk_rtype *t, const struct tk_who *w, enum tk_perm p,
			 struct tk_buf *b, struct tk_value *arg, size_t *narg)
{
	if (!t->scope_division && !t->scope_bureau)
		return false;
	tk_buf_str(b, " AND (");
	if (t->scope_division) {
		tk_buf_fmt(b, "t.%s", t->scope_division);
		in_divisions(b, w, p, arg, narg);
		tk_buf_str(b, " OR ");
	}
	if (t->scope_bureau) {
		tk_buf_fmt(b, "t.%s", t->scope_bureau);
		in_bureaus(b, w, p, arg, narg);
	} else {
		tk_buf_fmt(b, "t.%s IN (SELECT id FROM division WHERE bureau_id",
			   t->scope_division);
		in_bureaus(b, w, p, arg, narg);
		tk_buf_str(b, ")");
	}
	tk_buf_str(b, ")");
	return true;
}

static bool by_scope(const struct tk_rtype *t, const struct tk_who *w, enum tk_perm p,
		     struct tk_buf *b, struct tk_value *arg, size_t *narg)
{
	switch (tk_who_scope(w, p)) {
	case TK_SCOPE_ALL:
		return true;
	case TK_SCOPE_OWN:
		if (!t->scope_own || !w->staff_id)
			return false;
		own_scope(t->scope_own, w->staff_id, b, arg, narg);
		return true;
	case TK_SCOPE_DIVISION:
		if (!t->scope_division)
			return false;
		tk_buf_fmt(b, " AND t.%s", t->scope_division);
		in_divisions(b, w, p, arg, narg);
		return true;
	case TK_SCOPE_BUREAU:
		return bureau_scope(t, w, p, b, arg, narg);
	default:
		return false;
	}
}

/* What is published, or in the person's own scope. */
static bool published_or(const struct tk_rtype *t, const struct tk_who *w, enum tk_perm p,
			 struct tk_buf *b, struct tk_value *arg, size_t *narg)
{
	struct tk_buf own = TK_BUF(8192);

	tk_buf_fmt(b, " AND (t.%s = 1", t->published);
	if (by_scope(t, w, p, &own, arg, narg) && own.len)
		tk_buf_fmt(b, " OR (1 = 1%s)", tk_buf_cstr(&own));
	tk_buf_str(b, ")");
	tk_buf_drop(&own);
	return true;
}

bool tk_sql_scope(const struct tk_rtype *t, const struct tk_who *w, enum tk_perm p,
		  struct tk_buf *b, struct tk_value *arg, size_t *narg)
{
	enum tk_scope s = tk_who_scope(w, p);

	if (t->flags & TK_T_COMMON && p == t->read && s > TK_SCOPE_NONE)
		return true;
	if (t->published && p == t->read && s > TK_SCOPE_NONE && s < TK_SCOPE_ALL)
		return published_or(t, w, p, b, arg, narg);
	return by_scope(t, w, p, b, arg, narg);
}

enum tk_rc tk_rtype_check_table(struct tk_db *db, const struct tk_rtype *t, struct tk_err *e)
{
	struct tk_buf b = TK_BUF(8192);
	enum tk_rc rc;

	tk_buf_str(&b, "SELECT ");
	tk_sql_columns(t, &b);
	tk_buf_fmt(&b, ", t.deleted_at FROM %s t WHERE 1=0", t->table);
	rc = tk_db_run(db, e, b.p, NULL, 0, NULL, NULL);
	tk_buf_drop(&b);
	return rc;
}

struct load { const struct tk_op *op; const struct tk_rtype *t; void *rec; bool found; };

static enum tk_rc load_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct load *l = ctx;

	tk_sql_to_rec(l->t, l->op->mem, col, n, l->rec);
	l->found = true;
	return TK_OK;
}

static enum tk_rc not_there(const struct tk_rtype *t, struct tk_err *e)
{
	return tk_fail(e, TK_ENOTFOUND, NULL,
		       N_("%s: there is no such record, or you may not see it."),
		       tk_tr(e ? e->lang : TK_JA, t->label));
}

static enum tk_rc load_where(const struct tk_op *op, const struct tk_rtype *t, const char *field,
			     struct tk_value v, enum tk_perm perm, void *rec)
{
	struct tk_buf b = TK_BUF(8192);
	struct tk_value arg[4 * TK_WHO_MAX_UNITS] = { v };
	struct load l = { op, t, rec, false };
	size_t narg = 1;
	enum tk_rc rc;

	tk_buf_str(&b, "SELECT ");
	tk_sql_columns(t, &b);
	tk_buf_fmt(&b, " FROM %s t WHERE t.deleted_at IS NULL AND t.%s = $1", t->table, field);
	if (!tk_sql_scope(t, op->who, perm, &b, arg, &narg))
		rc = not_there(t, op->e);
	else
		rc = tk_db_run(op->db, op->e, b.p, arg, narg, load_row, &l);
	tk_buf_drop(&b);
	if (rc == TK_OK && !l.found)
		rc = not_there(t, op->e);
	return rc;
}

enum tk_rc tk_rec_load(const struct tk_op *op, const struct tk_rtype *t, int64_t id, void *rec)
{
	return load_where(op, t, "id", TK_I(id), t->read, rec);
}

enum tk_rc tk_rec_find(const struct tk_op *op, const struct tk_rtype *t, const char *field,
		       struct tk_value v, void *rec)
{
	return load_where(op, t, t->field[tk_field_index(t, field)].name, v, t->read, rec);
}

enum tk_rc tk_rec_label(const struct tk_op *op, const struct tk_rtype *t, int64_t id,
			const char **ret)
{
	struct tk_buf b = TK_BUF(256);
	struct tk_value col[1];
	bool found;
	enum tk_rc rc;

	tk_buf_fmt(&b, "SELECT %s FROM %s WHERE id = $1", t->title ? t->title : "id", t->table);
	rc = tk_db_first(op->db, op->mem, op->e, b.p, TK_ARGS(TK_I(id)), col, 1, &found);
	tk_buf_drop(&b);
	*ret = "";
	if (rc == TK_OK && found)
		*ret = col[0].type == TK_V_INT ? tk_sprintf(op->mem, "%" PRId64, col[0].i)
		       : col[0].s              ? col[0].s
					       : "";
	return rc;
}

/* -- saving ------------------------------------------------------------------------------------ */

/* Value of a scope column: a field, or "id". */
static int64_t column_id(const struct tk_rtype *t, const void *rec, const char *name)
{
	int i = name ? tk_field_index(t, name) : -1;

	if (name && !strcmp(name, "id"))
		return ((const struct tk_rec *)rec)->id;
	return i >= 0 ? tk_get(t, rec, (size_t)i).i : 0;
}

/* Does one of the columns of scope_own name the person? */
static bool is_own(const struct tk_op *op, const struct tk_rtype *t, const void *rec)
{
	char *list = tk_strdup(op->mem, t->scope_own), *rest = NULL;

	for (char *c = list ? strtok_r(list, " ", &rest) : NULL; c; c = strtok_r(NULL, " ", &rest))
		if (op->who->staff_id && column_id(t, rec, c) == op->who->staff_id)
			return true;
	return false;
}

/* May this person write this row?  By the columns of the descriptor, as for reading. */
enum tk_rc tk_rec_may_write(const struct tk_op *op, const struct tk_rtype *t, const void *rec)
{
	enum tk_scope scope = tk_who_scope(op->who, t->write);
	int64_t division = column_id(t, rec, t->scope_division),
		bureau = column_id(t, rec, t->scope_bureau);
	enum tk_rc rc;

	if (scope == TK_SCOPE_ALL)
		return TK_OK;
	if (scope == TK_SCOPE_OWN)
		return is_own(op, t, rec) ? TK_OK : tk_denied(op->e);
	if (scope == TK_SCOPE_BUREAU && !t->scope_bureau && division) {
		rc = tk_db_int(op->db, op->e, "SELECT bureau_id FROM division WHERE id = $1",
			       TK_ARGS(TK_I(division)), 0, &bureau);
		if (rc != TK_OK)
			return rc;
	}
	return tk_who_may(op->who, t->write, division, bureau) ? TK_OK : tk_denied(op->e);
}

/* References must point to living rows; the database's own keys do not know about deleted_at. */
static enum tk_rc check_refs(const struct tk_op *op, const struct tk_rtype *t, const void *was,
			     const void *now)
{
	for (size_t i = 0; i < t->nfield; i++) {
		const struct tk_field *f = &t->field[i];
		struct tk_value v = tk_get(t, now, i);
		struct tk_buf b = TK_BUF(256);
		int64_t there = 0;
		enum tk_rc rc;

		if (f->type != TK_F_REF || v.type == TK_V_NULL)
			continue;
		if (was && tk_get(t, was, i).i == v.i)
			continue;
		tk_buf_fmt(&b, "SELECT 1 FROM %s WHERE id = $1 AND deleted_at IS NULL",
			   f->ref->table);
		rc = tk_db_int(op->db, op->e, b.p, TK_ARGS(v), 0, &there);
		tk_buf_drop(&b);
		if (rc != TK_OK)
			return rc;
		if (!there)
			return tk_fail(op->e, TK_EINVAL, f->name,
				       N_("%s: the record referred to does not exist."),
				       tk_tr(op->e->lang, f->label));
	}
	return TK_OK;
}

/* The single fields were asked before: a key over several columns refused, or somebody was faster.
 */
static enum tk_rc name_conflict(const struct tk_op *op)
{
	return tk_fail(op->e, TK_ECONFLICT, NULL, N_("Such a record exists already."));
}

static enum tk_rc keep_fixed(const struct tk_op *op, const struct tk_rtype *t, const void *was,
			     const void *now)
{
	for (size_t i = 0; i < t->nfield; i++)
		if (t->field[i].flags & TK_FIXED && !tk_same(tk_get(t, was, i), tk_get(t, now, i)))
			return tk_fail(op->e, TK_EINVAL, t->field[i].name,
				       N_("%s cannot be changed here."),
				       tk_tr(op->e->lang, t->field[i].label));
	return TK_OK;
}

static enum tk_rc unique_fields(const struct tk_op *op, const struct tk_rtype *t, const void *now)
{
	for (size_t i = 0; i < t->nfield; i++) {
		struct tk_value v = tk_get(t, now, i);
		struct tk_buf b = TK_BUF(256);
		int64_t there = 0;
		enum tk_rc rc;

		if (!(t->field[i].flags & TK_UNIQUE) || v.type == TK_V_NULL)
			continue;
		tk_buf_fmt(&b, "SELECT 1 FROM %s WHERE %s = $1 AND id <> $2 AND deleted_at IS NULL",
			   t->table, t->field[i].name);
		rc = tk_db_int(op->db, op->e, b.p,
			       TK_ARGS(v, TK_I(((const struct tk_rec *)now)->id)), 0, &there);
		tk_buf_drop(&b);
		if (rc != TK_OK)
			return rc;
		if (there)
			return tk_fail(op->e, TK_ECONFLICT, t->field[i].name,
				       N_("%s: this value is already in use by another record."),
				       tk_tr(op->e->lang, t->field[i].label));
	}
	return TK_OK;
}

static enum tk_rc before_save(const struct tk_op *op, const struct tk_rtype *t, const void *was,
			      void *now)
{
	/* first, because it says whose a new record is */
	enum tk_rc rc = t->life ? tk_life_hooks.check(op, t, was, now, false) : TK_OK;

	if (rc == TK_OK)
		rc = tk_take_division(op, t, now);
	if (rc == TK_OK)
		rc = tk_rec_may_write(op, t, now);
	if (rc == TK_OK && was)
		rc = tk_rec_may_write(op, t, was);
	if (rc == TK_OK && t->check)
		rc = t->check(op, was, now, false);
	if (rc == TK_OK && was)
		rc = keep_fixed(op, t, was, now);
	if (rc == TK_OK)
		rc = tk_validate(t, now, op->e);
	if (rc == TK_OK)
		rc = check_refs(op, t, was, now);
	if (rc == TK_OK)
		rc = unique_fields(op, t, now);
	return rc;
}

static enum tk_rc after_save(const struct tk_op *op, const struct tk_rtype *t, const void *was,
			     const void *now)
{
	enum tk_rc rc = tk_trail_change(op, t, was, now);
	int64_t id = ((const struct tk_rec *)(now ? now : was))->id;

	if (rc == TK_OK)
		rc = tk_search_put(op, t, id, now);
	if (rc == TK_OK && t->life)
		rc = tk_life_hooks.saved(op, t, was, now ? now : was, !now);
	if (rc == TK_OK && t->saved)
		rc = t->saved(op, was, now ? now : was, !now);
	return rc;
}

/* A change and its trail are one thing: outside a transaction it gets its own. */
static enum tk_rc own_begin(const struct tk_op *op, bool *own)
{
	*own = !tk_db_in_tx(op->db);
	return *own ? tk_db_begin(op->db, op->e) : TK_OK;
}

static enum tk_rc own_end(const struct tk_op *op, bool own, enum tk_rc rc)
{
	if (own && rc == TK_OK)
		return tk_db_commit(op->db, op->e);
	if (own)
		tk_db_rollback(op->db);
	return rc;
}

static enum tk_rc insert_inside(const struct tk_op *op, const struct tk_rtype *t, void *rec)
{
	struct tk_buf b = TK_BUF(8192);
	struct tk_value v[TK_MAX_FIELDS + 2];
	struct tk_rec *r = rec;
	enum tk_rc rc;

	if (!r->id)
		r->id = tk_id_new();
	r->version = 1;
	for (size_t i = 0; i < t->nfield; i++)          /* a form leaves an unticked box out */
		if (t->field[i].type == TK_F_BOOL && !(r->has >> i & 1))
			tk_set(t, rec, i, TK_I(0));
		else if (t->field[i].flags & TK_SELF && !(r->has >> i & 1))
			tk_set(t, rec, i, TK_I0(op->who->staff_id));
	if ((rc = before_save(op, t, NULL, rec)) != TK_OK)
		return rc;
	tk_buf_fmt(&b, "INSERT INTO %s(id, version", t->table);
	for (size_t i = 0; i < t->nfield; i++)
		tk_buf_fmt(&b, ", %s", t->field[i].name);
	tk_buf_str(&b, ") VALUES($1, $2");
	v[0] = TK_I(r->id);
	v[1] = TK_I(1);
	for (size_t i = 0; i < t->nfield; i++) {
		tk_buf_fmt(&b, ", $%zu", i + 3);
		v[i + 2] = tk_get(t, rec, i);
	}
	tk_buf_str(&b, ")");
	rc = tk_db_run(op->db, op->e, b.p, v, t->nfield + 2, NULL, NULL);
	tk_buf_drop(&b);
	if (rc == TK_ECONFLICT)
		return name_conflict(op);
	return rc == TK_OK ? after_save(op, t, NULL, rec) : rc;
}

enum tk_rc tk_rec_insert(const struct tk_op *op, const struct tk_rtype *t, void *rec)
{
	bool own;
	enum tk_rc rc = own_begin(op, &own);

	return rc == TK_OK ? own_end(op, own, insert_inside(op, t, rec)) : rc;
}

/* The record as it is now, by the permission to write. */
static enum tk_rc load_for_write(const struct tk_op *op, const struct tk_rtype *t, int64_t id,
				 int64_t version, void *was)
{
	enum tk_rc rc = load_where(op, t, "id", TK_I(id), t->write, was);

	if (rc == TK_OK && version >= 0 && ((struct tk_rec *)was)->version != version)
		rc = tk_changed_meanwhile(op->e);
	return rc;
}

static bool unchanged(const struct tk_rtype *t, const void *was, const void *now)
{
	for (size_t i = 0; i < t->nfield; i++)
		if (!tk_same(tk_get(t, was, i), tk_get(t, now, i)))
			return false;
	return true;
}

/* What changes nothing makes no version: every version has its row in the trail. */
static enum tk_rc update_inside(const struct tk_op *op, const struct tk_rtype *t, void *rec,
				int64_t version)
{
	struct tk_buf b = TK_BUF(8192);
	struct tk_value v[TK_MAX_FIELDS + 3];
	struct tk_rec *r = rec;
	void *was = tk_alloc(op->mem, t->size);
	enum tk_rc rc;

	if ((rc = load_for_write(op, t, r->id, version, was)) != TK_OK ||
	    (rc = before_save(op, t, was, rec)) != TK_OK)
		return rc;
	r->version = ((struct tk_rec *)was)->version;
	if (unchanged(t, was, rec))
		return TK_OK;
	r->version++;
	tk_buf_fmt(&b, "UPDATE %s SET version = $1", t->table);
	v[0] = TK_I(r->version);
	for (size_t i = 0; i < t->nfield; i++) {
		tk_buf_fmt(&b, ", %s = $%zu", t->field[i].name, i + 2);
		v[i + 1] = tk_get(t, rec, i);
	}
	tk_buf_fmt(&b, " WHERE id = $%zu AND version = $%zu AND deleted_at IS NULL", t->nfield + 2,
		   t->nfield + 3);
	v[t->nfield + 1] = TK_I(r->id);
	v[t->nfield + 2] = TK_I(r->version - 1);
	rc = tk_db_run(op->db, op->e, b.p, v, t->nfield + 3, NULL, NULL);
	tk_buf_drop(&b);
	if (rc == TK_ECONFLICT)
		return name_conflict(op);
	if (rc == TK_OK && tk_db_changes(op->db) != 1)
		return tk_changed_meanwhile(op->e);
	if (rc == TK_OK)
		rc = after_save(op, t, was, rec);
	return rc == TK_OK ? tk_division_moved(op, t, was, rec) : rc;
}

enum tk_rc tk_rec_update(const struct tk_op *op, const struct tk_rtype *t, void *rec,
			 int64_t version)
{
	int64_t before = ((struct tk_rec *)rec)->version;
	bool own;
	enum tk_rc rc = own_begin(op, &own);

	if (rc == TK_OK)
		rc = own_end(op, own, update_inside(op, t, rec, version));
	if (rc != TK_OK)
		((struct tk_rec *)rec)->version = before;
	return rc;
}

/* The types of the program are known, so are all fields that can refer to this one. */
static enum tk_rc not_referred_to(const struct tk_op *op, const struct tk_rtype *t, int64_t id)
{
	const struct tk_rtype *const *all;
	size_t n = tk_rtypes(&all);
	enum tk_rc rc = TK_OK;

	for (size_t k = 0; k < n; k++) {
		for (size_t i = 0; i < all[k]->nfield && rc == TK_OK; i++) {
			struct tk_buf b = TK_BUF(512);
			int64_t there = 0;

			if (all[k]->field[i].type != TK_F_REF || all[k]->field[i].ref != t)
				continue;
			tk_buf_fmt(&b,
				   "SELECT 1 FROM %s WHERE %s = $1 AND deleted_at IS NULL LIMIT 1",
				   all[k]->table, all[k]->field[i].name);
			rc = tk_db_int(op->db, op->e, b.p, TK_ARGS(TK_I(id)), 0, &there);
			tk_buf_drop(&b);
			if (rc == TK_OK && there)
				rc = tk_fail(
					op->e, TK_ECONFLICT, NULL,
					N_("It cannot be deleted: other records (%s) refer to it."),
					tk_tr(op->e->lang, all[k]->label_plural));
		}
	}
	return rc;
}

static enum tk_rc delete_inside(const struct tk_op *op, const struct tk_rtype *t, int64_t id,
				int64_t version)
{
	struct tk_buf b = TK_BUF(512);
	void *was = tk_alloc(op->mem, t->size);
	enum tk_rc rc = load_for_write(op, t, id, version, was);

	if (rc == TK_OK)
		rc = tk_rec_may_write(op, t, was);
	if (rc == TK_OK && t->life)
		rc = tk_life_hooks.check(op, t, was, was, true);
	if (rc == TK_OK && t->check)
		rc = t->check(op, was, was, true);
	if (rc == TK_OK)
		rc = not_referred_to(op, t, id);
	if (rc != TK_OK)
		return rc;
	tk_buf_fmt(&b, "UPDATE %s SET deleted_at = $1, version = version + 1"
		   " WHERE id = $2 AND version = $3 AND deleted_at IS NULL", t->table);
	rc = tk_db_exec(op->db, op->e, b.p, TK_I(tk_now()), TK_I(id),
			TK_I(((struct tk_rec *)was)->version));
	tk_buf_drop(&b);
	if (rc == TK_OK && tk_db_changes(op->db) != 1)
		return tk_changed_meanwhile(op->e);
	return rc == TK_OK ? after_save(op, t, was, NULL) : rc;
}

enum tk_rc tk_rec_delete(const struct tk_op *op, const struct tk_rtype *t, int64_t id,
			 int64_t version)
{
	bool own;
	enum tk_rc rc = own_begin(op, &own);

	return rc == TK_OK ? own_end(op, own, delete_inside(op, t, id, version)) : rc;
}
