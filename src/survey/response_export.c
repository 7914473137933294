/* response_export.c - the answers of a campaign as a file, row by row. */
#include <string.h>
#include "sheet/sheet_write.h"
#include "survey/answer.h"

enum { ROW_MEM = 64 << 20 };

struct export
{
	struct tk_op op; /* its arena is emptied after each row */
	const struct tk_form *form;
	struct tk_response r;
	struct tk_out *o;
	int64_t rows;
};

static void cell(struct export *x, size_t i)
{
	const struct tk_item *it = &x->form->item[i];
	const struct tk_ans *a = &x->r.answer[i];

	if (a->state == TK_ANSWER_NOT_APPLICABLE)
		tk_out_text(x->o, "na");
	else if (a->state == TK_ANSWER_DONT_KNOW)
		tk_out_text(x->o, "dk");
	else if (a->state != TK_ANSWER_VALUE)
		tk_out_blank(x->o);
	else if (it->q == TK_Q_NUMBER || it->q == TK_Q_DECIMAL)
		tk_out_number(x->o, a->text);
	else
		tk_out_text(x->o, tk_answer_text(it, a, x->op.mem));
}

static enum tk_rc export_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct export *x = ctx;
	enum tk_rc rc;

	(void)n;
	memset(x->r.answer, 0, (x->form->nitem + 1) * sizeof(*x->r.answer));
	memset(x->r.kept, 0, (x->form->nitem + 1) * sizeof(*x->r.kept));
	rc = tk_answer_unpack(&x->op, &x->r, (const uint8_t *)col[1].s, col[1].n, col[2].s);
	if (rc != TK_OK)
		return rc;
	tk_out_row(x->o);
	tk_out_text(x->o, col[0].s);
	for (size_t i = 0; i < x->form->nitem; i++)
		if (!x->form->item[i].silent)
			cell(x, i);
	x->rows++;
	tk_arena_reset(x->op.mem);
	return tk_out_ok(x->o) ? TK_OK : TK_EINTERNAL; /* why says tk_out_close() */
}

static void header(struct export *x, struct tk_arena *a, const struct campaign *c)
{
	struct tk_out_col *col = tk_alloc_n(a, x->form->nitem + 1, sizeof(*col));
	size_t n = 0;

	col[n++].title = tk_campaign_asks_panel(c) ? "institution" : "staff_number";
	for (size_t i = 0; i < x->form->nitem; i++)
		if (!x->form->item[i].silent)
			col[n++].title = x->form->item[i].code;
	tk_out_sheet(x->o, c->name, col, n);
}

static enum tk_rc may_read(const struct tk_op *op, const struct campaign *c)
{
	if (op->who->system)
		return TK_OK;
	if (tk_who_scope(op->who, TK_P_REVIEW) != TK_SCOPE_ALL)
		return tk_denied(op->e);
	if (!tk_campaign_asks_panel(c))
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("Answers of staff are read by nobody; only those of institutions "
				  "can be exported here."));
	return TK_OK;
}

static enum tk_rc rows(struct export *x, const struct campaign *c)
{
	return tk_db_stream(
		x->op.db, x->op.e,
		tk_campaign_asks_panel(c)
			? "SELECT r.institution_code, s.answers, s.side FROM respondent "
			  "r JOIN response s ON s.id = r.id WHERE r.campaign_id = $1 AND "
			  "r.deleted_at IS NULL AND s.state IN ('submitted', 'accepted')"
			  " ORDER BY r.institution_code COLLATE \"C\""
			: "SELECT r.staff_number, s.answers, s.side FROM respondent r "
			  "JOIN response s ON s.id = r.id WHERE r.campaign_id = $1 AND "
			  "r.deleted_at IS NULL AND s.state IN ('submitted', 'accepted')"
			  " ORDER BY r.staff_number COLLATE \"C\"",
		TK_ARGS(TK_I(c->rec.id)), export_row, x);
}

enum tk_rc tk_response_export(const struct tk_op *op, const struct campaign *c,
			      const struct tk_out_opt *opt, tk_response_sink fn, void *ctx,
			      int64_t *ret_rows)
{
	struct export x = { .op = *op };
	struct tk_err own;
	enum tk_rc rc = may_read(op, c);

	*ret_rows = 0;
	if (rc == TK_OK)
		rc = tk_form_get(op, c->form_version_id, &x.form);
	if (rc == TK_OK)
		rc = tk_out_open(&x.o, opt, fn, ctx, op->e);
	if (rc != TK_OK)
		return rc;
	x.r.form = x.form;
	x.r.answer = tk_alloc_n(op->mem, x.form->nitem + 1, sizeof(*x.r.answer));
	x.r.kept = tk_alloc_n(op->mem, x.form->nitem + 1, sizeof(*x.r.kept));
	header(&x, op->mem, c);
	x.op.mem = tk_arena_new(ROW_MEM);
	rc = rows(&x, c);
	own = *op->e;
	if (tk_out_ok(x.o) && rc != TK_OK) {
		(void)!tk_out_close(x.o, &own);
	} else {
		rc = tk_out_close(x.o, op->e);
	}
	tk_out_free(x.o);
	tk_arena_free(x.op.mem);
	*ret_rows = x.rows;
	return rc;
}
