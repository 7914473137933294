/* build.h - inside src/publish: the system of cells and sums under construction.
 *
 * A cell is told by whom it counts, in one of three spaces:
 *   answers  those who gave an answer, or were asked because of one;
 *   known    those of whom everybody knows that they were asked and answered (all of a sector):
 *            how many they are is no secret, how they answered is;
 *   asked    those of people everybody knows who answered what all were asked: no answer either;
 *   numbers  the sum of what these entered for one question: it can be computed where their number
 *            could.
 * Nobody is a cell of its own for each base and option.
 */
#pragma once
#include "publish/disclose.h"

enum tk_space { TK_SPACE_ANSWERS, TK_SPACE_KNOWN, TK_SPACE_ASKED, TK_SPACE_NUMBERS };
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

/* cell.c */
/* What a cell is found by; item: of numbers. */
struct tk_mark tk_build_key(enum tk_space space, struct tk_mark whom, const char *item);
/* Those of a base who chose that, found by base, question and code: that two answers were given by
 * just the same is known to no reader.  Only where another question is asked of them for it, its
 * base and they are one. */
struct tk_mark tk_build_chosen(const struct tk_build *b, struct tk_mark base, const char *item,
			       const char *code, struct tk_mark whom);
/* Nobody of these. */
struct tk_mark tk_build_nobody(struct tk_mark base, const char *item, const char *code);
/* The cell of that key, TK_NO_CELL: there is none yet. */
uint32_t tk_build_find(const struct tk_build *b, struct tk_mark key);
/* Made at its first appearance; printed anywhere is printed. */
uint32_t tk_build_cell(struct tk_build *b, struct tk_mark key, const char *name, int64_t count,
		       unsigned flags, int64_t cost);
void tk_build_sum(struct tk_build *b, uint32_t total, const uint32_t *part, size_t n);
/* What a cell is called in messages; option SIZE_MAX: the base. */
const char *tk_build_name(const struct tk_build *b, const struct tk_table *t, size_t figure,
			  size_t option);
enum tk_space tk_build_space(const struct tk_table *t, const struct tk_figure *f);
/* Was one answer all that was possible to this figure's question? */
bool tk_build_one_answer(const struct tk_build *b, const struct tk_figure *f);

/* link.c: what follows from one table for another. */
void tk_build_link(struct tk_build *b);
