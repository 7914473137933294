/* answer_seen.c - a changed answer, and only what leans on it (struct tk_flow of the form). */
#include <string.h>
#include "survey/answer.h"

void tk_seen_open(struct tk_seen *s, const struct tk_response *r, struct tk_arena *a)
{
	const struct tk_form *f = r->form;

	*s = (struct tk_seen){ 0 };
	if (!f->conditions)
		return;
	s->slot = tk_answer_slots(r, a);
	s->due = tk_alloc_n(a, f->flow.n / 64 + 1, sizeof(*s->due));
}

static void mark(struct tk_seen *s, uint32_t rank)
{
	s->due[rank / 64] |= UINT64_C(1) << rank % 64;
}

static void mark_leaning(struct tk_seen *s, const struct tk_flow *w, size_t row)
{
	for (uint32_t e = w->from[row]; e < w->from[row + 1]; e++)
		mark(s, w->rank[w->to[e]]);
}

/* The item itself too: what was given to a shut item belongs among the kept. */
void tk_seen_change(struct tk_seen *s, const struct tk_response *r, size_t item, struct tk_arena *a)
{
	if (!s->slot)
		return;
	s->slot[item] = tk_xstr(tk_answer_text(&r->form->item[item], &r->answer[item], a));
	mark(s, r->form->flow.rank[item]);
	mark_leaning(s, &r->form->flow, item);
}

/* Rows that lean on a row stand behind it, so one way through the marks is enough. */
void tk_seen_settle(struct tk_seen *s, struct tk_response *r, struct tk_arena *a)
{
	const struct tk_form *f = r->form;
	size_t words = s->slot ? f->flow.n / 64 + 1 : 0;

	if (!s->slot)
		tk_response_settle(r, a);
	for (size_t w = 0; w < words; w++)
		while (s->due[w]) {
			unsigned bit = (unsigned)__builtin_ctzll(s->due[w]);
			size_t row = f->flow.at[w * 64 + bit];
			const char *was;

			s->due[w] &= s->due[w] - 1;
			if (row >= f->nitem) {
				mark_leaning(s, &f->flow, row);
				continue;
			}
			was = s->slot[row].s;
			tk_response_look(r, row, s->slot, a);
			s->looked++;
			if (strcmp(was ? was : "", s->slot[row].s ? s->slot[row].s : "") != 0)
				mark_leaning(s, &f->flow, row);
		}
}
