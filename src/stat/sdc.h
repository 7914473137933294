/* sdc.h - the inside of disclosure control; suppress.h is the door.
 *
 * net   the publication as a linear system over whole numbers of at least 0: every printed sum,
 *       and for every share "cell + rest of the base = base".  Its variables are the cells and
 *       those rests; the true figures are one solution.  Never changes after it was made.
 * work  one search: a pattern (which variables a reader does not know) and the moves found so far.
 *       A move is a difference of two solutions, so it shows by itself, without any trust in how
 *       it was found, that the cells in it cannot be known: true figures + move is another
 *       publication that looks the same.  Whatever is found with doubles is rounded and checked
 *       with whole numbers before it becomes a move.
 *
 * More unknowns never protect less, so a search may only add and a clean-up only take back.
 * One thread a work; what it allocates dies with its arena.
 */
#pragma once
#include "stat/suppress.h"

enum { TK_SDC_CELL_MAX = 20000 };
#define TK_SDC_COUNT_MAX INT64_C(1000000000000)

struct sdc_net {
	size_t ncell, nvar, nrow;
	uint32_t *row_at, *row_var; /* row r: row_at[r] to row_at[r + 1] */
	int8_t *row_sign;
	uint32_t *var_at, *var_row; /* the same by variable */
	int8_t *var_sign;
	int64_t *value, *cost;
	int64_t *need; /* a reader may not know it closer than to this width; 0: no matter */
	uint8_t *may;	 /* printed, and may be left out */
	uint8_t *hidden; /* known to nobody from the beginning */
	uint8_t *primary; /* the rule forbids to print the cell */
	uint32_t *part;	 /* of a rest: its place in tk_sdc.part; UINT32_MAX for cells */
};

enum tk_rc sdc_net_make(const struct tk_sdc *s, const struct tk_sdc_rule *rule, struct tk_arena *a,
			struct sdc_net **ret, struct tk_err *e) TK_MUST_USE;

struct sdc_move {
	size_t n;
	uint32_t *var;
	int64_t *by;
};

/* Uphill from the true figures by the revised simplex method (sdc_lp.c): m lines, n columns,
 * x >= 0.  A column outside the basis may stand anywhere, so any basis fits the true figures. */
struct sdc_lp {
	size_t m, n;
	uint32_t *col_at, *at_line; /* column j: entries col_at[j] to col_at[j + 1] */
	int8_t *coef;
	double *t;	/* inverse of the basis, m by m, and the multipliers of the objective */
	double *c;	/* the objective */
	double *x, *x0; /* now, and the true figures */
	double *turn;	/* of the column that enters */
	int32_t *basic; /* column of each line, -1: the line says nothing */
	int32_t *line;	/* line of each column, -1: outside the basis */
	uint32_t *nonzero;
	size_t cap_t, cap_n, cap_m, cap_nnz;
	double gain;
	size_t still, steps; /* without gain, and all */
	size_t age;	     /* pivots since the basis was solved for */
	long ops;	     /* a clock that runs alike on every machine */
};

struct sdc_work {
	const struct sdc_net *net;
	int64_t *need; /* what is asked for: the net's, or less where that cannot be had */
	uint8_t *unknown; /* the pattern */
	int64_t *lo, *hi; /* seen in solutions that fit the pattern */
	struct sdc_move *move;
	size_t nmove, next;
	struct sdc_lp lp;
	uint32_t *var, *row; /* columns and lines of lp */
	int32_t *col_of, *line_of;
	size_t nvar, nrow;
	uint8_t *held; /* the pattern that lp was made for */
	bool holds;
	uint32_t *cut; /* see sdc_wide */
	size_t ncut;
	uint8_t *mark;
	int64_t *by;
	long patience; /* nodes for the question whether a solution in whole numbers exists */
	long stop;     /* of lp.ops: from there on, whatever may be left out is */
	bool gap;      /* some "not wide" was no proof: too big, or out of patience; sticky */
};

struct sdc_work *sdc_work_new(const struct sdc_net *net, struct tk_arena *a);
/* Forgets the moves: a new part of the publication is begun. */
void sdc_work_reset(struct sdc_work *w);
/* Sets lo and hi of these variables by the moves that fit the pattern. */
void sdc_recall(struct sdc_work *w, const uint32_t *var, size_t n);
/* True: two solutions that fit the pattern differ by `need` or more in v, and lo, hi hold them.
 * False: w->cut lists printed cells, at least one of which must be left out too before that can
 * become true (none: it never can). */
bool sdc_wide(struct sdc_work *w, uint32_t v, int64_t need);
/* Parts of it: what lp is made of, and moves. */
void sdc_let_go(struct sdc_work *w); /* empties var and row */
void sdc_take_row(struct sdc_work *w, uint32_t r);
void sdc_take_var(struct sdc_work *w, uint32_t v);
void sdc_put(struct sdc_work *w, uint32_t v, int sign); /* entries of v into the last column */
struct sdc_move sdc_move_of(size_t n);
/* Keeps the move if whole numbers prove that it is one; takes over its memory. */
bool sdc_keep(struct sdc_work *w, struct sdc_move m);

/* sdc_cheapest.c: leaves out more cells so that v can move up (or down) by amount, at the least
 * cost: their numbers go to w->cut.  forbid[v]: may not be left out.  False: nothing new found. */
bool sdc_cheapest(struct sdc_work *w, uint32_t v, int64_t amount, bool up, const uint8_t *forbid);

/* sdc_lp.c.  Size (false: too big), then column by column with its entries; solve for a basis, set
 * an objective (from x0 again), step until it says otherwise than MORE. */
enum sdc_step { SDC_MORE, SDC_THERE, SDC_TOP, SDC_STUCK };
bool sdc_lp_size(struct sdc_lp *lp, size_t m, size_t n, size_t nnz);
size_t sdc_lp_col(struct sdc_lp *lp, double x0);
void sdc_lp_put(struct sdc_lp *lp, size_t line, int coef); /* into the last column */
void sdc_lp_basis(struct sdc_lp *lp);
void sdc_lp_aim(struct sdc_lp *lp, const double *c);
enum sdc_step sdc_lp_step(struct sdc_lp *lp, double rise); /* THERE: gained so much or more */
void sdc_lp_free(struct sdc_lp *lp);

/* sdc_whole.c: a solution of what sdc_wide gathered in which v is from least to most; *ret has room
 * for all columns. */
enum sdc_whole { SDC_FOUND, SDC_NONE, SDC_GAVE_UP };
enum sdc_whole sdc_whole(struct sdc_work *w, uint32_t v, int64_t least, int64_t most,
			 struct sdc_move *ret);

/* sdc_elim.c: fixed[v] = 1 for each unknown that the equations alone determine. */
enum tk_rc sdc_determined(const struct sdc_net *net, const uint8_t *unknown, struct tk_arena *a,
			  uint8_t *fixed, struct tk_err *e) TK_MUST_USE;

/* One independent part of the publication: no equation leads out of it over cells that a reader
 * does not know or need not be told. */
struct sdc_block {
	uint32_t *small; /* variables with a need */
	uint32_t *may;	 /* cells that may be left out and are not primary, by cost, dear first */
	uint32_t *var;	 /* all, those two among them */
	size_t nsmall, nmay, nvar;
};

/* sdc_block.c.  The pattern in w->unknown says what is unknown already. */
struct sdc_block *sdc_blocks(const struct sdc_work *w, struct tk_arena *a, size_t *ret_n);
/* Are all small ones wide enough?  At the first that is not, w->cut is filled. */
bool sdc_block_safe(struct sdc_work *w, const struct sdc_block *b);
int64_t sdc_block_cost(const struct sdc_work *w, const struct sdc_block *b);

/* sdc_choose.c: leaves out more cells until all of the block is protected, and takes back what is
 * not needed.  Where even all cells do not protect a small one, w->need is lowered to what can be
 * had. */
void sdc_choose(struct sdc_work *w, const struct sdc_block *b, struct tk_arena *a);
/* sdc_exact.c: improves on the pattern in w->unknown, of which start was given; true: the result is
 * the best there is. */
bool sdc_exact(struct sdc_work *w, const struct sdc_block *b, const uint8_t *start, long budget,
	       long *nodes, struct tk_arena *a);
