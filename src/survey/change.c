/* change.c - who gave each answer its present value. */
#include <string.h>
#include "base/clock.h"
#include "survey/change.h"

const struct tk_ans *tk_answer_at(const struct tk_response *r, size_t i)
{
	return r->answer[i].state == TK_ANSWER_NOT_ASKED ? &r->kept[i] : &r->answer[i];
}

static bool same_text(const char *x, const char *y)
{
	return !strcmp(x ? x : "", y ? y : "");
}

/* Not asked and nothing kept is the same as no answer. */
static enum tk_answer state_of(const struct tk_ans *x)
{
	return x->state == TK_ANSWER_NOT_ASKED ? TK_ANSWER_NO_ANSWER : x->state;
}

bool tk_answer_same(const struct tk_item *it, const struct tk_ans *x, const struct tk_ans *y)
{
	if (state_of(x) != state_of(y) || !same_text(x->comment, y->comment))
		return false;
	if (x->state != TK_ANSWER_VALUE)
		return true;
	if (it->q == TK_Q_SINGLE)
		return x->option == y->option;
	return it->q == TK_Q_MULTI ? x->bits == y->bits : same_text(x->text, y->text);
}

void tk_change_begin(struct tk_response *r, struct tk_arena *a)
{
	if (!r->institution_id)
		return;
	r->loaded = tk_alloc_n(a, r->form->nitem + 1, sizeof(*r->loaded));
	for (size_t i = 0; i < r->form->nitem; i++)
		r->loaded[i] = *tk_answer_at(r, i);
}

enum tk_rc tk_change_note(const struct tk_op *op, struct tk_response *r)
{
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; r->loaded && i < r->form->nitem && rc == TK_OK; i++) {
		const struct tk_item *it = &r->form->item[i];

		if (it->silent || tk_answer_same(it, &r->loaded[i], tk_answer_at(r, i)))
			continue;
		r->loaded[i] = *tk_answer_at(r, i);
		rc = tk_db_exec(op->db, op->e,
				"INSERT INTO answer_change(response_id, item_code, account_id, "
				"who, at) VALUES($1, $2, $3, $4, $5)"
				" ON CONFLICT(response_id, item_code) DO UPDATE SET account_id = "
				"$3, who = $4, at = $5",
				TK_I(r->id), TK_S(it->code), TK_I0(op->who->account_id),
				TK_S(op->who->name ? op->who->name : ""), TK_I(tk_now()));
	}
	return rc;
}

struct all { const struct tk_form *f; struct tk_change *v; struct tk_arena *a; };

static enum tk_rc row(void *ctx, const struct tk_value *col, size_t n)
{
	struct all *l = ctx;
	int i = tk_form_item_index(l->f, col[0].s);

	(void)n;
	if (i >= 0)
		l->v[i] = (struct tk_change){ tk_strdup(l->a, col[2].s), col[1].i, col[3].i };
	return TK_OK;
}

enum tk_rc tk_change_all(const struct tk_op *op, const struct tk_response *r,
			 struct tk_change **ret)
{
	struct all l = { r->form, tk_alloc_n(op->mem, r->form->nitem + 1, sizeof(*l.v)), op->mem };

	*ret = l.v;
	return tk_db_run(op->db, op->e,
			 "SELECT item_code, account_id, who, at FROM answer_change WHERE "
			 "response_id = $1",
			 TK_ARGS(TK_I(r->id)), row, &l);
}
