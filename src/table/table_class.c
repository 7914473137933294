/* table_class.c - rate-classes (the table of the annual report, SELF-08 and SELF-09) and
 * response-rate (SELF-05, SELF-06). */
#include <string.h>
#include "table/table_int.h"

/* -- rate-classes ------------------------------------------------------------------------------ */
enum { NCLASS = TK_RATE_MAX - 1 }; /* without "no rate" */

static enum tk_rc class_cells(
	struct tk_table_job *j, const int64_t *count, const int64_t *share, int64_t items)
{
	for (size_t k = 0; k < NCLASS; k++) {
		tk_cell_int(j, count[k]);
		tk_cell_rate(j, share[k], count[k], items);
	}
	j->t->nrow++;
	return TK_OK;
}

static void class_head(struct tk_table_job *j, const struct tk_grid_group *group,
	const char *code, const char *label)
{
	if (j->by != TK_BY_ALL)
		tk_cell_text(j, group->label, group->shown);
	tk_cell_text(j, code, label);
}

static enum tk_rc class_row(struct tk_table_job *j, const struct tk_grid_group *group,
	const char *code, const char *label, const int64_t *count, int64_t *cum)
{
	int64_t items = 0, share[NCLASS];
	enum tk_rc rc;

	for (size_t k = 0; k < NCLASS; k++)
		items += count[k];
	if ((rc = tk_share_row(j->round, count, NCLASS, items, share, cum, j->op->e)) != TK_OK)
		return rc;
	class_head(j, group, code, label);
	tk_cell_int(j, items);
	return class_cells(j, count, share, items);
}

static enum tk_rc class_cumulative(struct tk_table_job *j, const struct tk_grid_group *group,
	const int64_t *count, const int64_t *cum)
{
	int64_t sum[NCLASS], items = 0;

	for (size_t k = 0; k < NCLASS; k++)
		sum[k] = items += count[k];
	class_head(j, group, "cumulative", tk_tr(j->ask->lang, N_("Cumulative")));
	tk_cell_none(j);
	return class_cells(j, sum, cum, items);
}

static void class_columns(struct tk_table_job *j)
{
	static const char *const share[NCLASS] = {
		"rc_100_share", "rc_95_share", "rc_90_share", "rc_lt90_share"};
	struct tk_col col[3 + 2 * NCLASS];
	size_t n = 0;

	if (j->by != TK_BY_ALL)
		col[n++] = (struct tk_col){"group", N_("Unit"), TK_COL_TEXT, TK_COL_BOTH};
	col[n++] = (struct tk_col){"audience", N_("Audience"), TK_COL_TEXT, TK_COL_BOTH};
	col[n++] = (struct tk_col){"items", N_("Items"), TK_COL_INT, TK_COL_BOTH};
	for (size_t k = 0; k < NCLASS; k++) {
		enum tk_rate_class c = (enum tk_rate_class)(k + 1);

		col[n++] = (struct tk_col){
			tk_rate_class_column(c), tk_rate_class_label(c), TK_COL_INT, TK_COL_BOTH};
		col[n++] = (struct tk_col){share[k], N_("Share"), TK_COL_RATE, TK_COL_BOTH};
	}
	tk_table_cols(j, col, n);
}

/* Counts the items of one group by audience and class; returns how many have no rate. */
static int64_t classify(const struct tk_grid *g, size_t group, int64_t (*count)[NCLASS])
{
	int64_t none = 0;

	for (size_t i = 0; i < g->form->nitem; i++) {
		struct tk_count c = tk_grid_count(g, i, group);
		enum tk_rate_class rc = c.rated ? tk_rate_class(c.num, c.den) : TK_RATE_NONE;

		if (rc != TK_RATE_NONE)
			count[g->form->item[i].audience][rc - 1]++;
		else
			none += c.rated;
	}
	return none;
}

static bool has_rated(const struct tk_grid *g, unsigned audience)
{
	for (size_t i = 0; i < g->form->nitem; i++)
		if (g->form->item[i].audience == audience && g->done[i] >= 0)
			return true;
	return false;
}

static enum tk_rc class_group(struct tk_table_job *j, const struct tk_grid *g, size_t group)
{
	const struct tk_grid_group *own = &g->group[group];
	int64_t(*count)[NCLASS] = tk_alloc_n(j->op->mem, g->form->naudience + 1, sizeof(*count));
	int64_t total[NCLASS] = {0}, cum[NCLASS], none = classify(g, group, count), all = 0;
	enum tk_rc rc = TK_OK;

	for (size_t a = 0; a < g->form->naudience; a++)
		for (size_t k = 0; k < NCLASS; k++) {
			total[k] += count[a][k];
			all += count[a][k];
		}
	if (all == 0 && j->by != TK_BY_ALL)
		return TK_OK;
	for (unsigned a = 0; a < g->form->naudience && rc == TK_OK; a++) {
		const char *code = g->form->audience[a].code;

		if (has_rated(g, a))
			rc = class_row(j, own, code, tk_audience_label(j->ask->lang, code),
				count[a], NULL);
	}
	if (rc == TK_OK)
		rc = class_row(j, own, "total", tk_tr(j->ask->lang, N_("Total")), total, cum);
	if (rc == TK_OK)
		rc = class_cumulative(j, own, total, cum);
	if (none && j->by == TK_BY_ALL)
		tk_table_note(j, tk_sprintf(j->op->mem, "%s %lld",
					 tk_tr(j->ask->lang, N_("Items left out because nobody was "
								"obliged to take the measure:")),
					 (long long)none));
	return rc;
}

enum tk_rc tk_table_rate_classes(struct tk_table_job *j)
{
	struct tk_grid *g;
	enum tk_rc rc = tk_grid_take(j, j->c->rec.id, j->by, false, &g);

	if (rc != TK_OK)
		return rc;
	class_columns(j);
	tk_table_note(j, tk_tr(j->ask->lang, tk_round_note(j->round, false)));
	for (size_t u = 0; u < g->ngroup && rc == TK_OK; u++)
		rc = class_group(j, g, u);
	return rc;
}

/* -- response-rate ----------------------------------------------------------------------------- */
struct part {
	int64_t population, submitted;
};

static void add(struct part *p, const struct tk_grid_group *g)
{
	p->population += g->people;
	p->submitted += g->submitted;
}

static struct part part_of(const struct tk_grid *g, size_t group)
{
	struct part p = {0};

	if (g && group != SIZE_MAX)
		add(&p, &g->group[group]);
	return p;
}

/* bureau 0: everybody. */
static struct part part_of_bureau(const struct tk_grid *g, int64_t bureau)
{
	struct part p = {0};

	for (size_t i = 0; g && i < g->ngroup; i++)
		if (!bureau || g->group[i].parent_id == bureau)
			add(&p, &g->group[i]);
	return p;
}

static void part_cells(struct tk_table_job *j, struct part now, struct part before)
{
	tk_cell_int(j, now.population);
	tk_cell_int(j, now.submitted);
	tk_cell_rate(j, tk_rate_x10(now.submitted, now.population), now.submitted, now.population);
	tk_cell_rate(j, tk_rate_x10(before.submitted, before.population), before.submitted,
		before.population);
	j->t->nrow++;
}

static void response_columns(struct tk_table_job *j)
{
	static const struct tk_col unit[] = {
		{"bureau", N_("Bureau"), TK_COL_TEXT, TK_COL_BOTH},
		{"division", N_("Division"), TK_COL_TEXT, TK_COL_BOTH},
		{"post", N_("Post"), TK_COL_TEXT, TK_COL_BOTH},
	};
	static const struct tk_col number[] = {
		{"population", N_("Population"), TK_COL_INT, TK_COL_BOTH},
		{"submitted", N_("Submitted"), TK_COL_INT, TK_COL_BOTH},
		{"rate", N_("Response rate"), TK_COL_RATE, TK_COL_BOTH},
		{"previous_rate", N_("Last year"), TK_COL_RATE, TK_COL_BOTH},
	};
	struct tk_col col[TK_LEN(unit) + TK_LEN(number)];
	size_t n = 0;

	if (j->by == TK_BY_POST)
		col[n++] = unit[2];
	else
		col[n++] = unit[0];
	if (j->by == TK_BY_ALL || j->by == TK_BY_DIVISION)
		col[n++] = unit[1];
	memcpy(col + n, number, sizeof(number));
	tk_table_cols(j, col, n + TK_LEN(number));
}

static void response_divisions(struct tk_table_job *j, const struct tk_grid *g,
	const struct tk_grid *was, const struct tk_grid_group *bureau)
{
	for (size_t d = 0; d < g->ngroup; d++) {
		const struct tk_grid_group *u = &g->group[d];

		if (u->parent_id != bureau->id || u->people == 0)
			continue;
		tk_cell_text(j, bureau->label, bureau->shown);
		tk_cell_text(j, u->label, u->shown);
		part_cells(j, part_of(g, d), part_of(was, tk_grid_group_of(was, u->id)));
	}
}

/* Bureaus with their divisions below them, or divisions alone. */
static void response_nested(
	struct tk_table_job *j, const struct tk_grid *g, const struct tk_grid *was)
{
	for (size_t b = 0; b < g->nbureau; b++) {
		struct part p = part_of_bureau(g, g->bureau[b].id);

		if (p.population == 0)
			continue;
		if (j->by == TK_BY_ALL) {
			tk_cell_text(j, g->bureau[b].label, g->bureau[b].shown);
			tk_cell_none(j);
			part_cells(j, p, part_of_bureau(was, g->bureau[b].id));
		}
		response_divisions(j, g, was, &g->bureau[b]);
	}
}

static void response_flat(
	struct tk_table_job *j, const struct tk_grid *g, const struct tk_grid *was)
{
	for (size_t u = 0; u < g->ngroup; u++) {
		if (g->group[u].people == 0)
			continue;
		tk_cell_text(j, g->group[u].label, g->group[u].shown);
		part_cells(j, part_of(g, u), part_of(was, tk_grid_group_of(was, g->group[u].id)));
	}
}

enum tk_rc tk_table_response_rate(struct tk_table_job *j)
{
	bool nested = j->by == TK_BY_ALL || j->by == TK_BY_DIVISION;
	enum tk_plane_by by = nested ? TK_BY_DIVISION : j->by;
	struct tk_grid *g, *was = NULL;
	enum tk_rc rc = tk_grid_previous(j, by, true, &was);

	if (rc != TK_OK || (rc = tk_grid_take(j, j->c->rec.id, by, true, &g)) != TK_OK)
		return rc;
	response_columns(j);
	if (nested)
		response_nested(j, g, was);
	else
		response_flat(j, g, was);
	tk_cell_text(j, "total", tk_tr(j->ask->lang, N_("Total")));
	if (nested)
		tk_cell_none(j);
	part_cells(j, part_of_bureau(g, 0), part_of_bureau(was, 0));
	tk_table_note(
		j, tk_tr(j->ask->lang, N_("A rate is 100.0 only when everybody has submitted.")));
	return TK_OK;
}
