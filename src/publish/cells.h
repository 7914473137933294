/* cells.h - inside src/publish: cells of a system told apart by whom they count, so that the same
 * respondents are one cell wherever they stand.  Lives in its arena; one thread. */
#pragma once
#include "stat/suppress.h"
#include "survey/plane.h"

enum { TK_NO_CELL = UINT32_MAX };
struct tk_seen {
	struct tk_mark mark;
	uint32_t cell;
};
struct tk_cells {
	struct tk_arena *a;
	struct tk_sdc *system;
	struct tk_seen *seen; /* open addressing, by mark */
	size_t nseen, cap;
};
/* The cell of these respondents, made at its first appearance; then flags and costs add up.  Nobody
 * is a cell of its own each time: that two answers were given by nobody says nothing of a link
 * between them. */
uint32_t tk_cells_add(struct tk_cells *c, struct tk_mark whom, const char *name, int64_t count,
		      unsigned flags, int64_t cost);
/* TK_NO_CELL: none counts them. */
uint32_t tk_cells_find(const struct tk_cells *c, struct tk_mark whom);
void tk_cells_sum(struct tk_cells *c, uint32_t total, const uint32_t *part, size_t n);
/* Two answers or more to a question with one answer each: is another cell, such as the base of a
 * question that they open, just those?  Call it when all cells are there. */
void tk_cells_opened(struct tk_cells *c, const struct tk_mark *whom, const uint32_t *answer,
		     size_t n, uint32_t base);
