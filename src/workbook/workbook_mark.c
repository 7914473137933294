/* workbook_mark.c - choices that have a row each: those marked, or all of them in order. */
#include <string.h>
#include "base/text.h"
#include "workbook/workbook_merge.h"

/* Is the row of choice k marked?  A row that was deleted says what the server says. */
static bool marked(struct tk_wb_merge *m, size_t i, unsigned k, bool server)
{
	const struct tk_wb_row *row = m->slot[i].option[k];
	const char *code = m->r->form->item[i].code;
	enum tk_wb_marked mark;

	if (!row)
		return server;
	if (!tk_wb_is_value(m, row, &row->answer, row->answer_col, i))
		return false;
	mark = tk_wb_mark(m->op->mem, row->answer.text);
	if (mark == TK_WB_UNCLEAR) {
		(void)!tk_fail(m->op->e, TK_EINVAL, code,
			       N_("%.60s: \"%.20s\" is no mark. Write ○, or leave the cell empty."),
			       code, tk_utf8_head(m->op->mem, row->answer.text, 20));
		(void)!tk_wb_wrong(m, row, row->answer_col, i);
	}
	return mark == TK_WB_MARKED;
}

/* Which of the two states is marked beside the choices; *ret as it was: none.  any: a choice is. */
static bool read_states(struct tk_wb_merge *m, size_t i, bool any, enum tk_answer *ret)
{
	const struct tk_item *it = &m->r->form->item[i];
	const struct tk_ans *now = tk_answer_at(m->r, i);
	bool na = it->not_applicable &&
		  marked(m, i, it->noption, now->state == TK_ANSWER_NOT_APPLICABLE);
	bool dk = it->dont_know &&
		  marked(m, i, it->noption + 1, now->state == TK_ANSWER_DONT_KNOW);
	const struct tk_wb_row *row = m->slot[i].question;

	if (m->slot[i].bad)
		return false;
	if (na + dk + any > 1) {
		(void)!tk_fail(m->op->e, TK_EINVAL, it->code,
			       N_("%.60s: a choice and \"%s\" cannot both be marked."), it->code,
			       tk_tr(m->op->e->lang, na ? tk_wb_na : tk_wb_dk));
		if (m->slot[i].option[na ? it->noption : it->noption + 1])
			row = m->slot[i].option[na ? it->noption : it->noption + 1];
		return tk_wb_wrong(m, row, row ? row->answer_col : -1, i);
	}
	*ret = na ? TK_ANSWER_NOT_APPLICABLE
	       : dk ? TK_ANSWER_DONT_KNOW
		    : any ? TK_ANSWER_VALUE : TK_ANSWER_NO_ANSWER;
	return true;
}

/* -- all in order ------------------------------------------------------------------------------ */
/* Its place, 0: none is written, -1: not a place. */
static int place_of(struct tk_wb_merge *m, size_t i, unsigned k)
{
	const struct tk_item *it = &m->r->form->item[i];
	const struct tk_wb_row *row = m->slot[i].option[k];
	char *s = row ? tk_narrow(m->op->mem, tk_unblank(m->op->mem, row->answer.text)) : NULL;
	size_t n = s ? strspn(s, "0123456789") : 0;
	int64_t place = 0;

	if (!s || !*s)
		return 0;
	if (!tk_wb_is_value(m, row, &row->answer, row->answer_col, i))
		return -1;
	if (!strcmp(s + n, "位") || !strcmp(s + n, "."))
		s[n] = '\0';
	if (tk_parse_int(s, &place) && place >= 1 && place <= it->noption)
		return (int)place;
	(void)!tk_fail(m->op->e, TK_EINVAL, it->code,
		       N_("%.60s: \"%.20s\" is no place in the order. Write 1 to %u, each once."),
		       it->code, tk_utf8_head(m->op->mem, row->answer.text, 20), it->noption);
	(void)!tk_wb_wrong(m, row, row->answer_col, i);
	return -1;
}

static bool read_order(struct tk_wb_merge *m, size_t i, struct tk_ans *x)
{
	const struct tk_item *it = &m->r->form->item[i];
	int *at = tk_alloc_n(m->op->mem, it->noption + 1, sizeof(*at)); /* choice + 1 by place */
	char *codes = tk_strdup(m->op->mem, "");

	for (unsigned k = 0; k < it->noption; k++) {
		int place = place_of(m, i, k);

		if (place > 0 && at[place]) {
			(void)!tk_fail(m->op->e, TK_EINVAL, it->code,
				       N_("%.60s: the place %d is given twice."), it->code, place);
			(void)!tk_wb_wrong(m, m->slot[i].option[k],
					   m->slot[i].option[k]->answer_col, i);
		} else if (place > 0) {
			at[place] = (int)k + 1;
		}
	}
	for (unsigned p = 1; p <= it->noption; p++)
		if (at[p])
			codes = tk_sprintf(m->op->mem, "%s%s%s", codes, *codes ? " " : "",
					   it->option[at[p] - 1].code);
	x->text = codes;
	return read_states(m, i, *codes != '\0', &x->state);
}

bool tk_wb_read_marks(struct tk_wb_merge *m, size_t i, struct tk_ans *x)
{
	const struct tk_item *it = &m->r->form->item[i];
	const struct tk_ans *now = tk_answer_at(m->r, i);

	*x = (struct tk_ans){ .state = TK_ANSWER_NO_ANSWER };
	if (it->rank)
		return read_order(m, i, x);
	for (unsigned k = 0; k < it->noption; k++)
		if (marked(m, i, k, now->state == TK_ANSWER_VALUE && now->bits >> k & 1))
			x->bits |= UINT64_C(1) << k;
	return read_states(m, i, x->bits != 0, &x->state);
}
