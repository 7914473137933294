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
/* What the base of a figure, or a part of it, is found by.  Bases that follow from answers are one
 * only where the same questions decide them: that two happen to be the same is known to no reader.
 */
struct tk_mark tk_build_key(enum tk_space space, struct tk_mark whom, const struct tk_figure *f);
/* Those of a base who chose that, found by base, question and code for the same reason. */
struct tk_mark tk_build_chosen(struct tk_mark base, const char *item, const char *code);
/* Nobody of these. */
struct tk_mark tk_build_nobody(struct tk_mark base, const char *item, const char *code);
/* What the answers to a figure's question are found by: its base, or if that is nobody, its people.
 */
struct tk_mark tk_build_base(struct tk_mark base, struct tk_mark people, const char *item);
/* The cell of that key, TK_NO_CELL: there is none. */
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

/* earlier.c: other editions that were published. */
struct tk_earlier {
	const char *tables; /* names with blanks between */
	bool all;
	int64_t editions;
};
enum tk_rc tk_earlier_tables(const struct tk_op *op, const struct publication *p,
			     struct tk_earlier *ret) TK_MUST_USE;
bool tk_earlier_has(const struct tk_earlier *e, const char *table);
/* Makes facts of the cells they printed.  known: bits by cell; own: this edition has been
 * published.
 */
enum { TK_FACT_OTHER = 1, TK_FACT_OWN = 2, TK_FACT_SAFE = 4 /* never was a secret */ };
enum tk_rc tk_earlier_facts(struct tk_build *b, const struct publication *p, uint8_t **ret_known,
			    bool *ret_own) TK_MUST_USE;
