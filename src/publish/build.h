/* build.h - inside src/publish: the system of cells and sums under construction. */
#pragma once
#include "publish/cells.h"
#include "publish/disclose.h"

struct tk_build {
	const struct tk_op *op;
	struct tk_disclosure *d;
	const struct tk_form *form;
	enum tk_lang lang;
	struct tk_cells cells; /* of d->system */
	uint32_t **base, **option; /* cells by table; [figure * noption + option] */
};

/* Was one answer all that was possible to this figure's question? */
bool tk_build_one_answer(const struct tk_build *b, const struct tk_figure *f);
/* What follows from one table for another (link.c): groups that make up a larger one, and answers
 * that open a question. */
void tk_build_link(struct tk_build *b);
