/* roster_apply.c - writes a plan: units, posts, then people, with trail and search, in the caller's
 * transaction. */
#include <string.h>
#include "base/hash.h"
#include "org/roster_in.h"
#include "record/search.h"
#include "record/trail.h"

static enum tk_rc insert_units(const struct tk_op *op, const struct tk_roster *r)
{
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; rc == TK_OK && i < r->nbureau; i++) {
		struct tk_bureau b = { .rec.id = r->bureau[i].id };

		if (!r->bureau[i].is_new)
			continue;
		tk_set_by(&tk_bureau, &b, "code", TK_S(r->bureau[i].code));
		tk_set_by(&tk_bureau, &b, "name", TK_S(r->bureau[i].name));
		rc = tk_rec_insert(op, &tk_bureau, &b);
	}
	for (size_t i = 0; rc == TK_OK && i < r->ndivision; i++) {
		struct tk_division d = { .rec.id = r->division[i].id };

		if (!r->division[i].is_new)
			continue;
		tk_set_by(&tk_division, &d, "bureau_id", TK_I(r->bureau[r->division[i].bureau].id));
		tk_set_by(&tk_division, &d, "code", TK_S(r->division[i].code));
		tk_set_by(&tk_division, &d, "name", TK_S(r->division[i].name));
		rc = tk_rec_insert(op, &tk_division, &d);
	}
	for (size_t i = 0; rc == TK_OK && i < r->npost; i++) {
		struct tk_post p = { .rec.id = r->post[i].id };

		if (!r->post[i].is_new)
			continue;
		tk_set_by(&tk_post, &p, "code", TK_S(r->post[i].code));
		tk_set_by(&tk_post, &p, "name", TK_S(r->post[i].name));
		tk_set_by(&tk_post, &p, "is_head", TK_I(r->post[i].is_head));
		rc = tk_rec_insert(op, &tk_post, &p);
	}
	return rc;
}

/* The statements are written out: the record mechanism asks several questions a row (references,
 * uniqueness) that the plan has answered for all rows at once. */
static enum tk_rc write_staff(const struct tk_op *op, const struct tk_staff *was,
			      struct tk_staff *now)
{
	enum tk_rc rc;

	if (was)
		rc = tk_db_exec(op->db, op->e,
				"UPDATE staff SET version = $2 + 1, name = $3, kana = $4, mail = "
				"$5, division_id = $6,"
				" post_id = $7, joined_on = $8, left_on = $9 WHERE id = $1 AND "
				"version = $2 AND deleted_at IS NULL",
				TK_I(was->rec.id), TK_I(was->rec.version), TK_S(now->name),
				TK_S(now->kana), TK_S(now->mail), TK_I(now->division_id),
				TK_I0(now->post_id), TK_S(now->joined_on), TK_S(now->left_on));
	else
		rc = tk_db_exec(op->db, op->e,
				"INSERT INTO staff(id, version, staff_number, name, kana, mail, "
				"division_id, post_id, joined_on,"
				" left_on) VALUES($1, 1, $2, $3, $4, $5, $6, $7, $8, $9)",
				TK_I(now->rec.id), TK_S(now->staff_number), TK_S(now->name),
				TK_S(now->kana), TK_S(now->mail), TK_I(now->division_id),
				TK_I0(now->post_id), TK_S(now->joined_on), TK_S(now->left_on));
	if (rc == TK_OK && was && tk_db_changes(op->db) != 1)
		rc = tk_fail(op->e, TK_EVERSION, NULL,
			     N_("Somebody changed the staff while the file was being imported. "
				"Import it again."));
	if (rc == TK_OK)
		rc = tk_trail_change(op, &tk_staff, was, now);
	if (rc == TK_OK)
		rc = tk_search_put(op, &tk_staff, now->rec.id, now);
	return rc;
}

static enum tk_rc write_row(const struct tk_op *op, const struct tk_roster *r, const struct rrow *x)
{
	struct tk_staff now = { 0 };

	if (x->state == ROW_UNCHANGED)
		return TK_OK;
	if (x->state == ROW_CHANGED)
		now = *x->was;
	roster_now(r, x, &now);
	if (x->state == ROW_ADDED)
		now.rec.id = tk_id_new();
	return write_staff(op, x->state == ROW_CHANGED ? x->was : NULL, &now);
}

static enum tk_rc write_people(const struct tk_op *op, const struct tk_roster *r)
{
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; rc == TK_OK && i < r->nrow; i++) {
		rc = write_row(op, r, &r->row[i]);
		tk_arena_reset(r->tmp);
	}
	for (size_t i = 0; rc == TK_OK && i < r->nleaver; i++) {
		struct tk_staff now = r->leaver[i].was;

		tk_set_by(&tk_staff, &now, "left_on", TK_S(r->base_date));
		rc = write_staff(op, &r->leaver[i].was, &now);
		tk_arena_reset(r->tmp);
	}
	return rc;
}

/* One entry says which file it was; the entries of the people say what it did. */
static enum tk_rc trail_file(const struct tk_op *op, const struct tk_roster *r)
{
	static const char *const key[] = { "added", "changed", "ended", "unchanged" };
	struct tk_buf b = TK_BUF(64 << 10);
	struct tk_json j = TK_JSON(&b);
	enum tk_rc rc;

	tk_json_obj(&j);
	tk_json_kstr(&j, "file", r->filename);
	tk_json_kstr(&j, "sha256", r->sha256);
	tk_json_kstr(&j, "base_date", r->base_date);
	for (size_t i = 0; i < TK_LEN(key); i++)
		tk_json_kint(&j, key[i], r->report->count[i]);
	tk_json_end_obj(&j);
	rc = tk_trail_add(op, "import", "staff", 0, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return rc;
}

static bool changes_something(const struct tk_roster *r)
{
	const int64_t *n = r->report->count;
	bool any = n[TK_REP_ADDED] || n[TK_REP_CHANGED] || n[TK_REP_ENDED];

	for (size_t i = 0; i < r->npost; i++)
		any |= r->post[i].is_new;
	return any;
}

enum tk_rc (*tk_roster_after)(const struct tk_op *op);

enum tk_rc tk_roster_apply(const struct tk_op *op, struct tk_roster *r)
{
	struct tk_who who = *op->who;
	struct tk_op inner = { op->db, r->tmp, &who, op->e };
	enum tk_rc rc = TK_OK;

	if (tk_who_scope(op->who, TK_P_ROSTER_IMPORT) != TK_SCOPE_ALL)
		return tk_denied(op->e);
	if (!r->planned || !r->report->accepted)
		return tk_fail(op->e, TK_EINVAL, NULL,
			       N_("The file has errors; nothing was written."));
	who.scope[TK_P_ORG_WRITE] =
		TK_SCOPE_ALL; /* the right to import includes what an import writes */
	who.scope[TK_P_ORG_READ] = TK_SCOPE_ALL;
	if (changes_something(r)) {
		rc = insert_units(&inner, r);
		tk_arena_reset(r->tmp);
		if (rc == TK_OK)
			rc = write_people(&inner, r);
		if (rc == TK_OK)
			rc = trail_file(&inner, r);
		tk_arena_reset(r->tmp);
		if (rc == TK_OK && tk_roster_after)
			rc = tk_roster_after(op);
	}
	r->report->written = rc == TK_OK;
	return rc;
}

enum tk_rc tk_roster_import(const struct tk_op *op, const void *data, size_t n,
			    const char *filename, const struct tk_roster_opt *opt, bool dry_run,
			    struct tk_roster **ret)
{
	enum tk_rc rc = tk_roster_read(ret, op->mem, data, n, filename, opt, op->e);

	if (rc != TK_OK)
		return rc;
	if (dry_run)
		return tk_roster_plan(op, *ret);
	if ((rc = tk_db_begin(op->db, op->e)) != TK_OK)
		return rc;
	rc = tk_roster_plan(op, *ret);
	if (rc == TK_OK && (*ret)->report->accepted)
		rc = tk_roster_apply(op, *ret);
	if (rc == TK_OK && (*ret)->report->written)
		return tk_db_commit(op->db, op->e);
	tk_db_rollback(op->db);
	return rc;
}
