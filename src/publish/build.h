/* build.h - inside src/publish: the system of cells and sums under construction. */
#pragma once
#include "publish/disclose.h"

struct tk_seen {
	struct tk_mark mark;
	uint32_t cell;
};
struct tk_build {
	const struct tk_op *op;
	struct tk_disclosure *d;
	const struct tk_form *form;
	enum tk_lang lang;
	struct tk_seen *seen; /* open addressing, by mark */
	size_t nseen, cap;
	uint32_t **base, **option; /* cells by table; [figure * noption + option] */
};
enum { TK_NO_CELL = UINT32_MAX };

/* The cell of these respondents, TK_NO_CELL: no table counts them. */
uint32_t tk_build_find(const struct tk_build *b, struct tk_mark mark);
void tk_build_sum(struct tk_build *b, uint32_t total, const uint32_t *part, size_t n);
/* Was one answer all that was possible to this figure's question? */
bool tk_build_one_answer(const struct tk_build *b, const struct tk_figure *f);
/* What follows from one table for another (link.c): groups that make up a larger one, and answers
 * that open a question. */
void tk_build_link(struct tk_build *b);
