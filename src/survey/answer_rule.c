/* answer_rule.c - what a form finds out from answers: calculations, constraints, answers to begin
 * with. */
#include <math.h>
#include <string.h>
#include "base/text.h"
#include "survey/answer.h"

/* What people read for a choice; the Japanese text, because a calculation is kept and must not
 * depend on who looks. */
static const char *label_of(void *ctx, const char *name, const char *code)
{
	const struct tk_form *const *f = ctx;
	int i = tk_form_item_index(*f, name), k = i < 0 ? -1 : tk_item_option(&(*f)->item[i], code);

	return k < 0 ? NULL : (*f)->item[i].option[k].label_ja;
}

void tk_answer_calculate(const struct tk_form *f, const struct tk_item *it, struct tk_ans *x,
			 const struct tk_xval *slot, struct tk_arena *a)
{
	struct tk_xenv env = { .slot = slot,
			       .ctx = &f,
			       .label = label_of,
			       .self = tk_xstr(x->state == TK_ANSWER_VALUE ? x->text : "") };
	struct tk_xval v = tk_expr_eval(it->calculation, &env, a);
	bool none = (v.type == TK_XV_NUM && isnan(v.n)) || (v.type == TK_XV_STR && (!v.s || !*v.s));

	*x = (struct tk_ans){ .state = none ? TK_ANSWER_NO_ANSWER : TK_ANSWER_VALUE };
	if (!none)
		x->text = tk_utf8_head(a, tk_xval_str(a, v), TK_TEXT_MAX);
}

static enum tk_rc refused(const struct tk_op *op, const struct tk_item *it)
{
	const char *said = tk_in(op->e->lang, it->constraint_ja, it->constraint_en);

	if (tk_is_blank(said))
		said = it->constraint_en;
	if (tk_is_blank(said))
		return tk_fail(op->e, TK_EINVAL, it->code, N_("%s: this answer is not accepted."),
			       it->code);
	return tk_fail(op->e, TK_EINVAL, it->code, "%s: %s", it->code, said);
}

/* A blank answer is never refused: whether one is needed is what "required" says. */
enum tk_rc tk_response_refusals(const struct tk_op *op, const struct tk_response *r,
				const bool *only, void (*say)(void *ctx, size_t item), void *ctx)
{
	const struct tk_form *f = r->form;
	struct tk_xval *slot = NULL;
	struct tk_xenv env = { .ctx = &f, .label = label_of };
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < f->nitem; i++) {
		const struct tk_item *it = &f->item[i];

		if (!it->constraint || (only && !only[i]) || r->answer[i].state != TK_ANSWER_VALUE)
			continue;
		if (!slot) {
			slot = tk_alloc_n(op->mem, f->nitem + 1, sizeof(*slot));
			for (size_t k = 0; k < f->nitem; k++)
				slot[k] = tk_xstr(
					tk_answer_text(&f->item[k], &r->answer[k], op->mem));
			env.slot = slot;
		}
		env.self = slot[i];
		if (tk_expr_true(it->constraint, &env, op->mem))
			continue;
		rc = refused(op, it);
		if (!say)
			break;
		say(ctx, i);
	}
	return rc;
}

enum tk_rc tk_response_accept(const struct tk_op *op, const struct tk_response *r, const bool *only)
{
	return tk_response_refusals(op, r, only, NULL, NULL);
}

void tk_answer_begin(const struct tk_op *op, struct tk_response *r)
{
	struct tk_err e = { .lang = op->e->lang };
	struct tk_op quiet = { op->db, op->mem, op->who, &e };
	bool any = false;

	for (size_t i = 0; i < r->form->nitem; i++)
		if (!tk_is_blank(r->form->item[i].default_value) && tk_response_possible(r, i)) {
			(void)!tk_response_set_text(&quiet, r, i, r->form->item[i].default_value);
			any = true;
		}
	if (any)
		tk_response_settle(r, op->mem);
}
