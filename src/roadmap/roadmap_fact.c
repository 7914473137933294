/* roadmap_fact.c - what can be stated of the roadmap of a year (RMP-03, RMP-04). */
#include "roadmap/roadmap.h"

/* On the roadmap of the year $1 that begins at $3 and ends before $2: meant for it or an earlier
 * one, not closed before it, not dropped in it. */
#define ON_ROADMAP \
	" FROM roadmap_item WHERE deleted_at IS NULL AND fiscal_year <= $1" \
	" AND (closed_at IS NULL OR closed_at >= $3)" \
	" AND NOT (state = 'dropped' AND closed_at < $2)"

#define ITEMS .of = &tk_roadmap_item_type, .args = "yes"
#define DONE "CASE WHEN state = 'done' AND closed_at < $2 THEN 1 ELSE 0 END"

static enum tk_rc empty_cells(const struct tk_op *op, const struct tk_fact_year *y,
			      struct tk_fact_rows *to)
{
	struct tk_roadmap r;
	enum tk_rc rc = tk_roadmap_read(op, y->year, &r);

	for (int t = 0; rc == TK_OK && t < TK_ROADMAP_SIDE; t++)
		for (int p = 0; p < TK_ROADMAP_SIDE; p++) {
			const struct tk_roadmap_count *c = &r.cell[t][p];

			tk_fact_add(to, NULL, t * TK_ROADMAP_SIDE + p + 1,
				    !(c->planned + c->doing + c->done), 0,
				    tk_say(op->mem, op->e->lang, N_("%s / %s"),
					   tk_tr(op->e->lang, tk_roadmap_threat[t].label),
					   tk_tr(op->e->lang, tk_roadmap_property[p].label)));
		}
	return rc;
}

#define PAGE "#/roadmap/{year}"
/* One fact a cell: done of all that stand in it. */
#define CELL_FACT(t, p, words) \
	{ "roadmap.cell." #t "." #p, words, "%", \
	  N_("Improvements of the cell done by the end of the year / all of the cell"), \
	  TK_FACT_RATE, 1, PAGE, ITEMS, \
	  .none = N_("No measure stands in this cell of the roadmap."), \
	  .sql = "SELECT id, " DONE ON_ROADMAP " AND threat = '" #t "' AND property = '" #p "'" }
const struct tk_fact tk_roadmap_facts[] = {
	{ "roadmap.items", N_("Improvements on the roadmap"), N_("items"),
	  N_("Meant for the year or an earlier one, not closed before it and not dropped"),
	  TK_FACT_COUNT, 0, PAGE,
	  ITEMS, .sql = "SELECT id, 1" ON_ROADMAP },
	{ "roadmap.done_rate", N_("Improvements done"), "%",
	  N_("Done by the end of the year / on the roadmap of the year"), TK_FACT_RATE, 1, PAGE,
	  ITEMS, .sql = "SELECT id, " DONE ON_ROADMAP },
	{ "roadmap.open", N_("Improvements open"), N_("items"),
	  N_("Neither done nor dropped by the end of the year"), TK_FACT_COUNT, -1, PAGE,
	  ITEMS, .sql = "SELECT id, CASE WHEN closed_at IS NULL OR closed_at >= $2 THEN 1 ELSE 0"
			" END" ON_ROADMAP },
	{ "roadmap.empty_cells", N_("Empty cells of the roadmap"), N_("cells"),
	  N_("Of the nine cells of threat and property, those without a measure"), TK_FACT_COUNT,
	  -1, PAGE, .rows = empty_cells },
	{ "roadmap.unplaced", N_("Improvements without a place in the grid"), N_("items"),
	  N_("On the roadmap of the year, without threat and property"), TK_FACT_COUNT, -1, PAGE,
	  ITEMS, .sql = "SELECT id, CASE WHEN threat IS NULL THEN 1 ELSE 0 END" ON_ROADMAP },
	{ "roadmap.advised", N_("Improvements with the adviser's advice"), "%",
	  N_("Items that the adviser gave advice on / on the roadmap of the year"), TK_FACT_RATE,
	  1, PAGE,
	  ITEMS, .sql = "SELECT id, CASE WHEN advised_on IS NULL THEN 0 ELSE 1 END" ON_ROADMAP },
	CELL_FACT(external, confidentiality, N_("Attacks from outside, confidentiality")),
	CELL_FACT(external, integrity, N_("Attacks from outside, integrity")),
	CELL_FACT(external, availability, N_("Attacks from outside, availability")),
	CELL_FACT(error, confidentiality, N_("Human error, confidentiality")),
	CELL_FACT(error, integrity, N_("Human error, integrity")),
	CELL_FACT(error, availability, N_("Human error, availability")),
	CELL_FACT(insider, confidentiality, N_("Crime by an insider, confidentiality")),
	CELL_FACT(insider, integrity, N_("Crime by an insider, integrity")),
	CELL_FACT(insider, availability, N_("Crime by an insider, availability")),
	{ 0 },
};
