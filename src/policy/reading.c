/* reading.c - who has read an edition, and who still has to (DOC-08). */
#include <string.h>
#include "base/clock.h"
#include "base/hash.h"
#include "policy/policy_in.h"

#define F struct document_read
static const struct tk_field field[] = {
	TK_REF(F, document_edition_id, .label = N_("Edition"), .ref = &tk_document_edition,
	       .flags = TK_REQUIRED | TK_LIST),
	TK_REF(F, staff_id, .label = N_("Staff member"), .ref = &tk_staff,
	       .flags = TK_REQUIRED | TK_LIST),
	TK_REF(F, division_id, .label = N_("Division"), .ref = &tk_division,
	       .flags = TK_REQUIRED | TK_LIST),
	TK_TIME(F, read_at, .label = N_("Read at"), .flags = TK_REQUIRED | TK_LIST),
};
const struct tk_rtype tk_document_read = {
	.name = "document_read",
	.path = "document-reads",
	.table = "document_read",
	.label = N_("Confirmation of reading"),
	.label_plural = N_("Confirmations of reading"),
	.group = "documents",
	.size = sizeof(F),
	.field = field,
	.nfield = TK_LEN(field),
	.order = "-read_at",
	.flags = TK_T_READONLY,
	.read = TK_P_DOC_READ,
	.write = TK_P_NOBODY,
	.scope_own = "staff_id",
	.scope_division = "division_id",
	.grade = 2,
};
#undef F

static enum tk_rc division_of(const struct tk_op *op, int64_t staff, int64_t *ret)
{
	return tk_db_int(op->db, op->e, "SELECT division_id FROM staff WHERE id = $1",
			 TK_ARGS(TK_I(staff)), 0, ret);
}

enum tk_rc tk_document_read_mark(const struct tk_op *op, int64_t edition_id)
{
	struct tk_who w = *op->who;
	struct tk_op as = { op->db, op->mem, &w, op->e };
	const struct tk_rtype *t = &tk_document_read;
	struct document_edition e = { 0 };
	struct document_read r = { 0 };
	int64_t there = 0, division = 0;
	enum tk_rc rc;

	if (!op->who->staff_id)
		return tk_denied(op->e);
	if ((rc = tk_rec_load(op, &tk_document_edition, edition_id, &e)) != TK_OK)
		return rc;
	if (strcmp(e.life.state, "in_force") != 0)
		return tk_fail(op->e, TK_ECONFLICT, "state",
			       N_("Only an edition in force is confirmed as read."));
	rc = tk_db_int(op->db, op->e, "SELECT 1 FROM document_read WHERE document_edition_id = $1"
		       " AND staff_id = $2 AND deleted_at IS NULL",
		       TK_ARGS(TK_I(edition_id), TK_I(op->who->staff_id)), 0, &there);
	if (rc != TK_OK || there ||
	    (rc = division_of(op, op->who->staff_id, &division)) != TK_OK)
		return rc;
	tk_set_by(t, &r, "document_edition_id", TK_I(edition_id));
	tk_set_by(t, &r, "staff_id", TK_I(op->who->staff_id));
	tk_set_by(t, &r, "division_id", TK_I(division));
	tk_set_by(t, &r, "read_at", TK_I(tk_now()));
	w.system = true;                /* nobody writes this by hand */
	return tk_rec_insert(&as, t, &r);
}

/* -- who has, who has not ---------------------------------------------------------------------- */
struct readers { const struct tk_op *op; tk_reader_fn fn; void *ctx; };

static enum tk_rc reader_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct readers *x = ctx;
	struct tk_reader r = { .division_id = col[0].i, .division = col[1].s,
			       .staff_id = col[3].i, .number = col[4].s, .name = col[5].s,
			       .read = col[6].i != 0 };

	(void)n;
	if (!tk_who_may(x->op->who, TK_P_DOC_READ, r.division_id, col[2].i))
		return TK_OK;
	return x->fn(x->ctx, &r);
}

enum tk_rc tk_document_readers(const struct tk_op *op, int64_t edition_id, tk_reader_fn fn,
			       void *ctx)
{
	struct readers x = { op, fn, ctx };
	struct document_edition e = { 0 };
	const char *day = tk_today_iso(op->mem);
	enum tk_rc rc = tk_rec_load(op, &tk_document_edition, edition_id, &e);

	if (rc != TK_OK)
		return rc;
	if (tk_who_scope(op->who, TK_P_DOC_READ) < TK_SCOPE_DIVISION)
		return tk_denied(op->e);
	if (e.to_on)
		day = e.to_on;
	return tk_db_run(op->db, op->e,
		"SELECT d.id, d.name, d.bureau_id, s.id, s.staff_number, s.name,"
		" CASE WHEN r.id IS NULL THEN 0 ELSE 1 END FROM staff s JOIN division d ON"
		" d.id = s.division_id LEFT JOIN document_read r ON r.staff_id = s.id AND"
		" r.document_edition_id = $1 AND r.deleted_at IS NULL"
		" WHERE s.deleted_at IS NULL AND (s.joined_on IS NULL OR s.joined_on <= $2)"
		" AND (s.left_on IS NULL OR s.left_on > $2) ORDER BY d.code, s.staff_number",
		TK_ARGS(TK_I(edition_id), TK_S(day)), reader_row, &x);
}

/* -- my tasks ---------------------------------------------------------------------------------- */
struct tasks { const struct tk_op *op; tk_task_fn add; void *ctx; };

static enum tk_rc task_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct tasks *x = ctx;
	struct tk_task t = {
		.kind = "read",
		.title = tk_strdup(x->op->mem, col[1].s),
		.detail = tk_tr(x->op->who->lang, col[2].i ?
				N_("You have confirmed that you read it.") :
				N_("Please read it and confirm.")),
		.href = tk_sprintf(x->op->mem, "#/portal/%lld", (long long)col[0].i),
		.finished = col[2].i != 0,
	};

	(void)n;
	x->add(x->ctx, &t);
	return TK_OK;
}

enum tk_rc tk_document_tasks(const struct tk_op *op, tk_task_fn add, void *ctx)
{
	struct tasks x = { op, add, ctx };

	if (!op->who->staff_id || tk_who_scope(op->who, TK_P_DOC_READ) == TK_SCOPE_NONE)
		return TK_OK;
	return tk_db_run(op->db, op->e,
		"SELECT e.id, e.title, CASE WHEN r.id IS NULL THEN 0 ELSE 1 END"
		" FROM document_edition e LEFT JOIN document_read r ON r.document_edition_id = e.id"
		" AND r.staff_id = $1 AND r.deleted_at IS NULL WHERE e.state = 'in_force' AND"
		" e.must_read = 1 AND e.deleted_at IS NULL ORDER BY e.from_on, e.id",
		TK_ARGS(TK_I(op->who->staff_id)), task_row, &x);
}
