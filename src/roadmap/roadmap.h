/* roadmap.h - the grid of threats and properties, and every improvement (RMP).
 *
 * An item belongs to a cell of the grid (3 threats x 3 properties), or to none yet.  Items come in
 * by hand and from every other register (tk_improvement_add).  What is open stays open into the
 * next year; nothing is copied.  A struct tk_op belongs to one thread.
 */
#pragma once
#include "case/life.h"
#include "fact/module.h"

enum { TK_ROADMAP_SIDE = 3 };

struct tk_roadmap_item {
	struct tk_rec rec;
	const char *title, *threat, *property, *measure;
	int64_t     cost, fiscal_year;
	const char *raised_on;
	const char *source_type, *source_label; /* what brought it up: type and title */
	int64_t     source_id;
	const char *advised_on, *advised_by;    /* the adviser's part in it (RMP-02) */
	struct tk_life life;
};
extern const struct tk_rtype tk_roadmap_item_type;
extern const struct tk_case_type tk_roadmap_life;
extern const struct tk_module tk_roadmap_module;
/* Both of TK_ROADMAP_SIDE entries and an end. */
extern const struct tk_choice tk_roadmap_threat[], tk_roadmap_property[];
extern const struct tk_fact tk_roadmap_facts[];

/* What tk_improvement_add is set to.  While an item of the same source and title is open, that one
 * is returned instead of another. */
enum tk_rc tk_roadmap_add(const struct tk_op *op, const struct tk_improvement *i,
			  int64_t *ret_id) TK_MUST_USE;

struct tk_roadmap_count { int64_t planned, doing, done, dropped; };
struct tk_roadmap_loose { int64_t id; const char *title, *state; };
struct tk_roadmap {
	struct tk_roadmap_count cell[TK_ROADMAP_SIDE][TK_ROADMAP_SIDE], total, unplaced;
	struct tk_roadmap_loose *loose;         /* items of no cell that are open */
	size_t      nloose;
	int         empty;                      /* cells without an item that is not dropped */
	/* open items at the end of each month of the year, up to this month */
	int64_t     open[12];
	int         nmonth;
};
/* What the person may see.  An item is on the roadmap of a year when it is meant for that year or
 * an earlier one and was not closed before it; its state is that of the year's end.  year 0: all
 * items as they are now, no months. */
enum tk_rc tk_roadmap_read(const struct tk_op *op, int year, struct tk_roadmap *ret) TK_MUST_USE;
/* tk_module.open_year: says how many stay open. */
enum tk_rc tk_roadmap_open_year(const struct tk_op *op, int from, int to, tk_carry_fn said,
				void *ctx) TK_MUST_USE;
