/* form_rows.c - the rows of a version out of the database. */
#include <string.h>
#include "form/form_in.h"

struct gather { struct tk_arena *mem; const struct tk_rtype *t; char *rec; size_t n, cap; };

/* Records are copied shallowly: their texts live in the arena of the load already. */
static void *gather_slot(struct gather *g)
{
	if (g->n == g->cap) {
		size_t cap = g->cap ? g->cap * 2 : 128;
		char *p = tk_alloc_n(g->mem, cap, g->t->size);
		if (g->n)
			memcpy(p, g->rec, g->n * g->t->size);
		g->rec = p;
		g->cap = cap;
	}
	return g->rec + g->n++ * g->t->size;
}

static enum tk_rc gather_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct gather *g = ctx;
	struct tk_rec *r = gather_slot(g);

	r->id = col[0].i;
	r->version = col[1].i;
	for (size_t i = 0; i < g->t->nfield && i + 2 < n; i++)
		tk_set(g->t, r, i,
		       col[i + 2].type == TK_V_TEXT ? TK_S(tk_strdup(g->mem, col[i + 2].s))
						    : col[i + 2]);
	return TK_OK;
}

enum tk_rc tk_form_rows(const struct tk_op *op, struct tk_arena *mem, int64_t id,
			struct tk_form_rows *ret)
{
	struct gather v = { mem, &tk_form_version_type, NULL, 0, 0 },
		      f = { mem, &tk_form_type, NULL, 0, 0 };
	struct gather it = { mem, &tk_form_item_type, NULL, 0, 0 },
		      ch = { mem, &tk_choice_type, NULL, 0, 0 };
	enum tk_rc rc;

	memset(ret, 0, sizeof(*ret));
	rc = tk_db_run(op->db, op->e,
		       "SELECT id, version, form_id, number, state, published_at, digest, settings "
		       "FROM form_version"
		       " WHERE id = $1 AND deleted_at IS NULL",
		       TK_ARGS(TK_I(id)), gather_row, &v);
	if (rc == TK_OK && v.n == 0)
		return tk_fail(op->e, TK_ENOTFOUND, NULL,
			       N_("There is no such questionnaire version."));
	if (rc == TK_OK) {
		ret->version = *(struct form_version *)(void *)v.rec;
		rc = tk_db_run(
			op->db, op->e,
			"SELECT id, version, code, title_ja, title_en FROM form WHERE id = $1",
			TK_ARGS(TK_I(ret->version.form_id)), gather_row, &f);
	}
	if (rc == TK_OK && f.n == 0)
		return tk_fail(op->e, TK_ENOTFOUND, NULL, N_("There is no such questionnaire."));
	if (rc == TK_OK) {
		ret->form = *(struct form *)(void *)f.rec;
		rc = tk_db_run(op->db, op->e,
			       "SELECT id, version, form_version_id, sort, kind, code, group_code, "
			       "label_ja, label_en,"
			       " hint_ja, hint_en, audience, clause, required, relevant, list, "
			       "not_applicable, dont_know, evidence,"
			       " min_value, max_value, constraint_expr, constraint_ja, "
			       "constraint_en, required_ja, required_en, required_expr, "
			       "calculation,"
			       " default_value, appearance, parameters, choice_filter, "
			       "repeat_count, trigger_on, guidance_ja, guidance_en, xls_type, "
			       "extra, problem,"
			       " sheet_row FROM form_item WHERE form_version_id = $1 AND "
			       "deleted_at IS NULL ORDER BY sort, id",
			       TK_ARGS(TK_I(id)), gather_row, &it);
	}
	if (rc == TK_OK)
		rc = tk_db_run(
			op->db, op->e,
			"SELECT id, version, form_version_id, list, code, label_ja, label_en, "
			"sort, extra, problem, sheet_row FROM choice"
			" WHERE form_version_id = $1 AND deleted_at IS NULL ORDER BY sort, id",
			TK_ARGS(TK_I(id)), gather_row, &ch);
	ret->item = (struct form_item *)(void *)it.rec;
	ret->nitem = it.n;
	ret->choice = (struct choice *)(void *)ch.rec;
	ret->nchoice = ch.n;
	return rc;
}
