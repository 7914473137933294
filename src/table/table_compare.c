/* table_compare.c - last year beside this year (compare), and the items that fell short
 * (problem-items), with which the follow-up survey begins (SELF-12, SELF-13). */
#include <string.h>
#include "table/table_int.h"

enum tk_rc tk_table_previous(const struct tk_op *op, const struct campaign *c, int64_t *ret)
{
	*ret = c->follow_up_of;
	if (*ret)
		return TK_OK;
	return tk_db_int(op->db, op->e,
		"SELECT p.id FROM campaign p JOIN form_version v ON v.id = p.form_version_id"
		" JOIN form_version w ON w.form_id = v.form_id WHERE w.id = $1 AND p.fiscal_year = "
		"$2 AND p.id <> $3"
		" AND p.deleted_at IS NULL AND p.follow_up_of IS NULL AND p.state <> 'planned' "
		"ORDER BY p.id DESC LIMIT 1",
		TK_ARGS(TK_I(c->form_version_id), TK_I(c->fiscal_year - 1), TK_I(c->rec.id)), 0,
		ret);
}

enum tk_rc tk_grid_previous(
	struct tk_table_job *j, enum tk_plane_by by, bool response, struct tk_grid **ret)
{
	int64_t id = 0;
	enum tk_rc rc = tk_table_previous(j->op, j->c, &id);

	*ret = NULL;
	if (rc != TK_OK)
		return rc;
	if (!id) {
		tk_table_note(j, tk_tr(j->ask->lang, N_("There is no campaign of the year before "
							"with this questionnaire.")));
		return TK_OK;
	}
	rc = tk_grid_take(j, id, by, response, ret);
	if (rc == TK_OK && j->c->follow_up_of)
		tk_table_note(j, tk_tr(j->ask->lang, N_("This campaign asks only those who fell "
							"short in the one it is compared with.")));
	if (rc != TK_EINVAL)
		return rc;
	/* the filter names something that the questionnaire of that time did not have */
	*ret = NULL;
	tk_table_note(j, tk_tr(j->ask->lang, N_("The filter does not fit last year's "
						"questionnaire, so nothing is compared.")));
	return TK_OK;
}

size_t tk_grid_group_of(const struct tk_grid *g, int64_t id)
{
	for (size_t i = 0; g && i < g->ngroup; i++)
		if (g->by == TK_BY_ALL || g->group[i].id == id)
			return i;
	return SIZE_MAX;
}

struct years {
	struct tk_grid *now, *was;
	size_t *was_group;
};

static enum tk_rc take_years(struct tk_table_job *j, struct years *y)
{
	enum tk_rc rc = tk_grid_previous(j, j->by, false, &y->was);

	if (rc != TK_OK || (rc = tk_grid_take(j, j->c->rec.id, j->by, false, &y->now)) != TK_OK)
		return rc;
	y->was_group = tk_alloc_n(j->op->mem, y->now->ngroup + 1, sizeof(*y->was_group));
	for (size_t u = 0; u < y->now->ngroup; u++)
		y->was_group[u] = tk_grid_group_of(y->was, y->now->group[u].id);
	return TK_OK;
}

/* The same item, by its code, in the same unit a year ago; den 0 when there was none. */
static struct tk_count before(const struct years *y, size_t item, size_t group)
{
	int was = y->was ? tk_form_item_index(y->was->form, y->now->form->item[item].code) : -1;

	if (was < 0 || y->was_group[group] == SIZE_MAX)
		return (struct tk_count){0};
	return tk_grid_count(y->was, (size_t)was, y->was_group[group]);
}

static void head_cells(struct tk_table_job *j, const struct tk_grid *g, size_t item, size_t group)
{
	const struct tk_item *it = &g->form->item[item];
	const char *audience = g->form->audience[it->audience].code;

	tk_cell_text(j, it->code, NULL);
	tk_cell_text(j, tk_table_item_label(j, it), NULL);
	tk_cell_text(j, audience, tk_audience_label(j->ask->lang, audience));
	if (j->by != TK_BY_ALL)
		tk_cell_text(j, g->group[group].label, g->group[group].shown);
}

static void rate_cell(struct tk_table_job *j, const struct tk_count *c)
{
	tk_cell_rate(j, tk_rate_x10(c->num, c->den), c->num, c->den);
}

static void points_cell(
	struct tk_table_job *j, const struct tk_count *now, const struct tk_count *was)
{
	tk_cell_points(
		j, tk_points_x10(tk_rate_x10(now->num, now->den), tk_rate_x10(was->num, was->den)));
}

/* Drops the column of units where the table is not divided. */
static void columns(struct tk_table_job *j, const struct tk_col *col, size_t n)
{
	struct tk_col own[16];
	size_t m = 0;

	for (size_t i = 0; i < n; i++)
		if (j->by != TK_BY_ALL || strcmp(col[i].name, "group") != 0)
			own[m++] = col[i];
	tk_table_cols(j, own, m);
}

enum tk_rc tk_table_compare(struct tk_table_job *j)
{
	static const struct tk_col col[] = {
		{"item", N_("Item"), TK_COL_TEXT, TK_COL_BOTH},
		{"label", N_("Question"), TK_COL_TEXT, TK_COL_PAGE},
		{"audience", N_("Audience"), TK_COL_TEXT, TK_COL_BOTH},
		{"group", N_("Unit"), TK_COL_TEXT, TK_COL_BOTH},
		{"numerator", N_("Done"), TK_COL_INT, TK_COL_BOTH},
		{"denominator", N_("Obliged people"), TK_COL_INT, TK_COL_BOTH},
		{"rate", N_("Implementation rate"), TK_COL_RATE, TK_COL_BOTH},
		{"previous_numerator", N_("Done last year"), TK_COL_INT, TK_COL_BOTH},
		{"previous_denominator", N_("Obliged people last year"), TK_COL_INT, TK_COL_BOTH},
		{"previous_rate", N_("Last year"), TK_COL_RATE, TK_COL_BOTH},
		{"points", N_("Change (points)"), TK_COL_POINTS, TK_COL_BOTH},
	};
	struct years y;
	enum tk_rc rc = take_years(j, &y);

	if (rc != TK_OK)
		return rc;
	columns(j, col, TK_LEN(col));
	tk_table_reserve(j, y.now->form->nitem * y.now->ngroup);
	for (size_t i = 0; i < y.now->form->nitem; i++) {
		for (size_t u = 0; u < y.now->ngroup; u++) {
			struct tk_count now = tk_grid_count(y.now, i, u), was = before(&y, i, u);

			if (!now.rated || (now.asked == 0 && j->by != TK_BY_ALL))
				continue;
			head_cells(j, y.now, i, u);
			tk_cell_int(j, now.num);
			tk_cell_int(j, now.den);
			rate_cell(j, &now);
			if (was.rated) {
				tk_cell_int(j, was.num);
				tk_cell_int(j, was.den);
			} else {
				tk_cell_none(j);
				tk_cell_none(j);
			}
			rate_cell(j, &was);
			points_cell(j, &now, &was);
			j->t->nrow++;
		}
	}
	tk_table_note(
		j, tk_tr(j->ask->lang,
			   N_("A change is the difference of the two printed rates, in points.")));
	return TK_OK;
}

enum tk_rc tk_table_problem_items(struct tk_table_job *j)
{
	static const struct tk_col col[] = {
		{"item", N_("Item"), TK_COL_TEXT, TK_COL_BOTH},
		{"label", N_("Question"), TK_COL_TEXT, TK_COL_BOTH},
		{"audience", N_("Audience"), TK_COL_TEXT, TK_COL_BOTH},
		{"group", N_("Unit"), TK_COL_TEXT, TK_COL_BOTH},
		{"numerator", N_("Done"), TK_COL_INT, TK_COL_BOTH},
		{"denominator", N_("Obliged people"), TK_COL_INT, TK_COL_BOTH},
		{"rate", N_("Implementation rate"), TK_COL_RATE, TK_COL_BOTH},
		{"rate_class", N_("Rate class"), TK_COL_TEXT, TK_COL_BOTH},
		{"previous_rate", N_("Last year"), TK_COL_RATE, TK_COL_BOTH},
		{"points", N_("Change (points)"), TK_COL_POINTS, TK_COL_BOTH},
	};
	struct years y;
	enum tk_rc rc = take_years(j, &y);

	if (rc != TK_OK)
		return rc;
	columns(j, col, TK_LEN(col));
	for (size_t i = 0; i < y.now->form->nitem; i++) {
		for (size_t u = 0; u < y.now->ngroup; u++) {
			struct tk_count now = tk_grid_count(y.now, i, u), was = before(&y, i, u);
			enum tk_rate_class rcl =
				now.rated ? tk_rate_class(now.num, now.den) : TK_RATE_NONE;

			if (rcl == TK_RATE_NONE || rcl == TK_RATE_100)
				continue;
			head_cells(j, y.now, i, u);
			tk_cell_int(j, now.num);
			tk_cell_int(j, now.den);
			rate_cell(j, &now);
			tk_cell_text(j, tk_rate_class_column(rcl),
				tk_tr(j->ask->lang, tk_rate_class_label(rcl)));
			rate_cell(j, &was);
			points_cell(j, &now, &was);
			j->t->nrow++;
		}
	}
	return TK_OK;
}
