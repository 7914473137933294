/* answer_rule.c - what a form finds out from answers: calculations, constraints, answers to begin
 * with. */
#include <math.h>
#include <string.h>
#include "base/text.h"
#include "form/form_in.h"
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

/* -- what is seen of all answers --------------------------------------------------------------- */
struct tk_xval *tk_answer_room(const struct tk_response *r, struct tk_arena *a)
{
	size_t n = r->form->nitem;
	struct tk_xval *slot = tk_alloc_n(a, (r->form->last ? n * 2 : n) + 1, sizeof(*slot));

	if (r->form->last && r->last)
		memcpy(slot + n, r->last, n * sizeof(*slot));
	return slot;
}

struct tk_xval *tk_answer_slots(const struct tk_response *r, struct tk_arena *a)
{
	struct tk_xval *slot = tk_answer_room(r, a);

	for (size_t i = 0; i < r->form->nitem; i++)
		slot[i] = tk_xstr(tk_answer_text(&r->form->item[i], &r->answer[i], a));
	return slot;
}

bool tk_answer_needed(const struct tk_response *r, size_t i, const struct tk_xval *slot,
		      struct tk_arena *a)
{
	const struct tk_item *it = &r->form->item[i];
	struct tk_xenv env = { .slot = slot,
			       .ctx = (void *)(uintptr_t)&r->form,
			       .label = label_of };

	return it->required || (it->required_if && tk_expr_true(it->required_if, &env, a));
}

struct offering {
	const struct tk_form *form; /* first: label_of() reads it */
	const struct tk_item *it;
	const struct tk_option *option;
	const struct tk_xval *slot;
};

/* A name of a filter: a column of the choice, or an item. */
static bool filter_value(void *ctx, const char *name, struct tk_xval *ret)
{
	const struct offering *o = ctx;
	bool last = !strncmp(name, TK_EXPR_LAST, strlen(TK_EXPR_LAST));
	int i;

	for (unsigned n = 0; *name == ':' && n < o->it->ncolumn; n++)
		if (!strcmp(o->it->column[n], name + 1)) {
			*ret = tk_xstr(o->option->cell[n]);
			return true;
		}
	i = tk_form_item_index(o->form, last ? name + strlen(TK_EXPR_LAST) : name);
	if (i < 0)
		return false;
	*ret = o->slot[last ? (size_t)i + o->form->nitem : (size_t)i];
	return true;
}

bool tk_answer_offered(const struct tk_response *r, size_t i, unsigned k,
		       const struct tk_xval *slot, struct tk_arena *a)
{
	const struct tk_item *it = &r->form->item[i];
	struct offering o = { r->form, it, &it->option[k], slot };
	struct tk_xenv env = { .get = filter_value, .ctx = &o, .label = label_of };

	return !it->filter || tk_expr_true(it->filter, &env, a);
}

bool tk_answer_note(const struct tk_response *r, const struct tk_note *n,
		    const struct tk_xval *slot, struct tk_arena *a)
{
	const struct tk_form *f = r->form;
	struct tk_xenv env = { .slot = slot,
			       .ctx = (void *)(uintptr_t)&r->form,
			       .label = label_of };

	if (n->relevant && !tk_expr_true(n->relevant, &env, a))
		return false;
	for (int g = n->group; g >= 0; g = f->group[g].parent)
		if (f->group[g].relevant && !tk_expr_true(f->group[g].relevant, &env, a))
			return false;
	return true;
}

static const char *words_of(const struct tk_item *it, const struct tk_ans *x, enum tk_lang lang,
			    struct tk_arena *a)
{
	const char *all = "", *between = lang == TK_JA ? "、" : ", ";

	if (x->state != TK_ANSWER_VALUE)
		return "";
	if (it->q == TK_Q_SINGLE)
		return tk_in(lang, it->option[x->option].label_ja, it->option[x->option].label_en);
	if (it->q != TK_Q_MULTI)
		return x->text;
	for (unsigned k = 0; k < it->noption; k++)
		if (x->bits >> k & 1)
			all = tk_sprintf(
				a, "%s%s%s", all, *all ? between : "",
				tk_in(lang, it->option[k].label_ja, it->option[k].label_en));
	return all;
}

static const char *named_answer(const struct tk_response *r, const char *name, enum tk_lang lang,
				struct tk_arena *a)
{
	bool last = !strncmp(name, TK_EXPR_LAST, strlen(TK_EXPR_LAST));
	int i = tk_form_item_index(r->form, last ? name + strlen(TK_EXPR_LAST) : name);

	if (i < 0)
		return "";
	if (last)
		return r->last ? tk_xval_str(a, r->last[i]) : "";
	return words_of(&r->form->item[i], &r->answer[i], lang, a);
}

const char *tk_answer_said(const struct tk_response *r, const char *text, enum tk_lang lang,
			   struct tk_arena *a)
{
	struct tk_buf b = TK_BUF(65536);
	const char *at = text ? strstr(text, "${") : NULL, *end, *s;

	if (!at)
		return text;
	for (; at && (end = strchr(at, '}')) != NULL; at = strstr(text, "${")) {
		char *name = tk_squeeze(a, tk_strndup(a, at + 2, (size_t)(end - at - 2)));

		tk_buf_add(&b, text, (size_t)(at - text));
		tk_buf_str(&b, named_answer(r, name, lang, a));
		text = end + 1;
	}
	tk_buf_str(&b, text);
	s = tk_strdup(a, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return s;
}

/* -- what is not accepted ---------------------------------------------------------------------- */
static enum tk_rc refused(const struct tk_op *op, const struct tk_response *r,
			  const struct tk_item *it)
{
	const char *said = tk_in(op->e->lang, it->constraint_ja, it->constraint_en);

	if (tk_is_blank(said))
		said = it->constraint_en;
	if (tk_is_blank(said))
		return tk_fail(op->e, TK_EINVAL, it->code, N_("%s: this answer is not accepted."),
			       it->code);
	return tk_fail(op->e, TK_EINVAL, it->code, "%s: %s", it->code,
		       tk_answer_said(r, said, op->e->lang, op->mem));
}

/* Is choice k part of the answer? */
static bool chosen(const struct tk_item *it, const struct tk_ans *x, unsigned k)
{
	if (it->rank)
		return tk_has_word(x->text, it->option[k].code);
	return it->q == TK_Q_SINGLE ? x->option == (int)k : x->bits >> k & 1;
}

/* Choices must be among those that are offered now; an order must hold them all.  What was chosen
 * before another answer changed stays until the person chooses again. */
static enum tk_rc offered(const struct tk_op *op, const struct tk_response *r, size_t i,
			  const struct tk_xval *slot)
{
	const struct tk_item *it = &r->form->item[i];

	for (unsigned k = 0; k < it->noption && (it->filter || it->rank); k++) {
		bool is = chosen(it, &r->answer[i], k);

		if (is && !tk_answer_offered(r, i, k, slot, op->mem))
			return tk_fail(
				op->e, TK_EINVAL, it->code,
				N_("%s: \"%.80s\" cannot be chosen with the other answers. "
				   "Choose again."),
				it->code,
				tk_in(op->e->lang, it->option[k].label_ja, it->option[k].label_en));
		if (!is && it->rank && tk_answer_offered(r, i, k, slot, op->mem))
			return tk_fail(
				op->e, TK_EINVAL, it->code,
				N_("%s: put all choices in order; \"%.80s\" is missing."), it->code,
				tk_in(op->e->lang, it->option[k].label_ja, it->option[k].label_en));
	}
	return TK_OK;
}

/* A blank answer is never refused: whether one is needed is what "required" says. */
enum tk_rc tk_response_refusals(const struct tk_op *op, const struct tk_response *r,
				const bool *only, void (*say)(void *ctx, size_t item), void *ctx)
{
	const struct tk_form *f = r->form;
	struct tk_xval *slot = NULL;
	struct tk_xenv env = { .ctx = &f, .label = label_of };
	enum tk_rc rc = TK_OK, one;

	for (size_t i = 0; i < f->nitem; i++) {
		const struct tk_item *it = &f->item[i];

		if ((only && !only[i]) || r->answer[i].state != TK_ANSWER_VALUE ||
		    !(it->constraint || it->filter || it->rank))
			continue;
		if (!slot)
			slot = tk_answer_slots(r, op->mem);
		env.slot = slot;
		env.self = slot[i];
		one = offered(op, r, i, slot);
		if (one == TK_OK && it->constraint && !tk_expr_true(it->constraint, &env, op->mem))
			one = refused(op, r, it);
		if (one == TK_OK)
			continue;
		rc = one;
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

size_t tk_response_missing(const struct tk_response *r, const char **code, size_t max)
{
	struct tk_arena *a = NULL;
	struct tk_xval *slot = NULL;
	size_t n = 0;

	for (size_t i = 0; i < r->form->nitem; i++) {
		const struct tk_item *it = &r->form->item[i];

		if (r->answer[i].state != TK_ANSWER_NO_ANSWER || !(it->required || it->required_if))
			continue;
		if (it->required_if && !slot) {
			a = tk_arena_new((size_t)256 << 20);
			slot = tk_answer_slots(r, a);
		}
		if (!tk_answer_needed(r, i, slot, a))
			continue;
		if (n < max)
			code[n] = it->code;
		n++;
	}
	tk_arena_free(a);
	return n;
}

/* -- what it begins with ----------------------------------------------------------------------- */
/* As a person would have given it; what does not fit the item is left out. */
static void begin_item(const struct tk_op *op, struct tk_response *r, size_t i,
		       struct tk_xval *slot)
{
	const struct tk_item *it = &r->form->item[i];
	struct tk_xenv env = { .slot = slot,
			       .ctx = (void *)(uintptr_t)&r->form,
			       .label = label_of };
	struct tk_ans *x = r->answer[i].state == TK_ANSWER_NOT_ASKED ? &r->kept[i] : &r->answer[i];
	const char *text = it->default_value;

	if (it->initial) {
		struct tk_xval v = tk_expr_eval(it->initial, &env, op->mem);

		text = v.type == TK_XV_NUM && isnan(v.n) ? "" : tk_xval_str(op->mem, v);
	}
	if (!it->silent)
		(void)!tk_response_set_text(op, r, i, text);
	else if (*text)
		*x = (struct tk_ans){ .state = TK_ANSWER_VALUE,
				      .text = tk_utf8_head(op->mem, text, TK_TEXT_MAX) };
	slot[i] = tk_xstr(tk_answer_text(it, &r->answer[i], op->mem));
}

/* In the order of the rows, so that one may build on those before it. */
void tk_answer_begin(const struct tk_op *op, struct tk_response *r)
{
	struct tk_err e = { .lang = op->e->lang };
	struct tk_op quiet = { op->db, op->mem, op->who, &e };
	struct tk_xval *slot = NULL;

	for (size_t i = 0; i < r->form->nitem; i++) {
		const struct tk_item *it = &r->form->item[i];

		if (tk_is_blank(it->default_value) || it->calculation ||
		    !tk_response_possible(r, i))
			continue;
		if (!slot)
			slot = tk_answer_slots(r, op->mem);
		begin_item(&quiet, r, i, slot);
	}
	if (slot)
		tk_response_settle(r, op->mem);
}
