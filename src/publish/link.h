/* link.h - inside link.c and opened.c: the people of one question's figures, split into groups. */
#pragma once
#include <string.h>
#include "form/form_in.h"
#include "publish/build.h"

struct tk_link_ref {
	size_t table, figure;
};
struct tk_link_group {
	struct tk_members set, who; /* the people, and those of them in the base */
	struct tk_mark set_mark, mark;
	int64_t people, n;
	uint32_t base;
	uint32_t *option; /* by code of the question; TK_NO_CELL: not met yet */
};
struct tk_link_split {
	struct tk_build *b;
	const struct tk_link_ref *ref; /* figures of one question with different bases */
	size_t nref;
	struct tk_link_group *group;
	size_t n, cap;
	const char **code;
	size_t ncode;
	enum tk_space space; /* numbers, or answers */
	bool known;          /* all bases are about people that everybody knows */
	const char *tried;   /* openings that were looked at */
};

static inline const struct tk_table *tk_link_table(const struct tk_build *b, struct tk_link_ref r)
{
	return b->d->table[r.table].table;
}

static inline const struct tk_figure *tk_link_figure(const struct tk_build *b, struct tk_link_ref r)
{
	return &tk_link_table(b, r)->figure[r.figure];
}

static inline bool tk_link_meet(const struct tk_members *x, const struct tk_members *y)
{
	size_t n = x->nword < y->nword ? x->nword : y->nword;

	for (size_t w = 0; w < n; w++)
		if (x->bit[w] & y->bit[w])
			return true;
	return false;
}

/* Which code of the question it is; a new one is added. */
static inline size_t tk_link_code(struct tk_link_split *s, const char *code)
{
	size_t c = 0;

	while (c < s->ncode && strcmp(s->code[c], code) != 0)
		c++;
	if (c == s->ncode)
		s->code[s->ncode++] = code;
	return c;
}

/* opened.c: bases that are those who gave certain answers to this question. */
void tk_link_opened(struct tk_build *b, struct tk_link_split *s, const char *item);
