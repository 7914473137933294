/* table.c - what is asked for, the counts it needs, and the table `items`. */
#include <string.h>
#include "base/text.h"
#include "table/table_int.h"

const struct tk_choice tk_table_names[] = {
	{"items", N_("Answers by item")},
	{"rate-classes", N_("Items by class of implementation rate")},
	{"response-rate", N_("Response rate")},
	{"compare", N_("Compared with last year")},
	{"problem-items", N_("Items below 100%")},
	{0},
};

const char *tk_audience_label(enum tk_lang lang, const char *code)
{
	static const struct tk_choice known[] = {
		{"all_staff", N_("All staff")},
		{"division_head", N_("Division heads")},
		{"system_admin", N_("System administrators")},
	};

	for (size_t i = 0; i < TK_LEN(known); i++)
		if (!strcmp(known[i].id, code))
			return tk_tr(lang, known[i].label);
	return code;
}

const char *tk_table_item_label(const struct tk_table_job *j, const struct tk_item *it)
{
	return tk_in(j->ask->lang, it->label_ja, it->label_en);
}

/* -- filling ----------------------------------------------------------------------------------- */
void tk_table_cols(struct tk_table_job *j, const struct tk_col *col, size_t n)
{
	struct tk_col *own = tk_alloc_n(j->op->mem, n, sizeof(*own));

	for (size_t i = 0; i < n; i++) {
		own[i] = col[i];
		own[i].label = tk_tr(j->ask->lang, col[i].label);
	}
	j->t->col = own;
	j->t->ncol = n;
}

void tk_table_reserve(struct tk_table_job *j, size_t nrow)
{
	j->cap = nrow * j->t->ncol;
	j->cell = tk_alloc_n(j->op->mem, j->cap + 1, sizeof(*j->cell));
}

static struct tk_table_cell *next_cell(struct tk_table_job *j)
{
	if (j->ncell == j->cap) {
		size_t cap = j->cap ? j->cap * 2 : 1024;
		struct tk_table_cell *c = tk_alloc_n(j->op->mem, cap, sizeof(*c));

		if (j->ncell)
			memcpy(c, j->cell, j->ncell * sizeof(*c));
		j->cell = c;
		j->cap = cap;
	}
	return &j->cell[j->ncell++];
}

void tk_cell_text(struct tk_table_job *j, const char *text, const char *label)
{
	struct tk_table_cell *c = next_cell(j);

	c->text = text;
	c->label = label;
}

void tk_cell_int(struct tk_table_job *j, int64_t n) { next_cell(j)->n = n; }

void tk_cell_rate(struct tk_table_job *j, int64_t tenths, int64_t num, int64_t den)
{
	*next_cell(j) = (struct tk_table_cell){
		.none = tenths == TK_SHARE_NONE, .n = tenths, .num = num, .den = den};
}

void tk_cell_points(struct tk_table_job *j, int64_t tenths)
{
	*next_cell(j) = (struct tk_table_cell){.none = tenths == TK_SHARE_NONE, .n = tenths};
}

void tk_cell_none(struct tk_table_job *j) { next_cell(j)->none = true; }

void tk_table_note(struct tk_table_job *j, const char *text)
{
	if (text && j->t->nnote < TK_TABLE_NOTES)
		j->note[j->t->nnote++] = text;
}

/* -- counting ---------------------------------------------------------------------------------- */
static bool is_submitted(void *ctx, uint32_t index)
{
	return ((const struct tk_live *)ctx)->person[index].state == TK_LIVE_SUBMITTED;
}

static void groups(
	struct tk_grid *g, const struct tk_op *op, const struct tk_live *l, enum tk_lang lang)
{
	const struct tk_unit *u = g->by == TK_BY_BUREAU	    ? l->bureau
				  : g->by == TK_BY_DIVISION ? l->division
							    : l->post;

	g->nbureau = l->nbureau;
	g->bureau = tk_alloc_n(op->mem, l->nbureau + 1, sizeof(*g->bureau));
	for (size_t i = 0; i < l->nbureau; i++)
		g->bureau[i] = (struct tk_grid_group){
			.id = l->bureau[i].id,
			.label = tk_strdup(op->mem, l->bureau[i].label),
			.shown = tk_strdup(op->mem, tk_unit_label(&l->bureau[i], lang))};
	g->group = tk_alloc_n(op->mem, g->ngroup + 1, sizeof(*g->group));
	if (g->by == TK_BY_ALL) {
		g->group[0].label = tk_tr(lang, N_("Total"));
		return;
	}
	for (size_t i = 0; i < g->ngroup; i++)
		g->group[i] = (struct tk_grid_group){.id = u[i].id,
			.parent_id = u[i].parent_id,
			.label = tk_strdup(op->mem, u[i].label),
			.shown = tk_strdup(op->mem, tk_unit_label(&u[i], lang))};
}

static enum tk_rc count(struct tk_grid *g, const struct tk_op *op, const struct tk_live *l,
	struct tk_filter *f, bool response)
{
	struct tk_plane_ask ask = {
		.nitem = response ? 1 : l->form->nitem, .by = g->by, .filter = f};
	union {
		const struct tk_live *c;
		struct tk_live *l;
	} ctx = {.c = l}; /* only read */
	struct tk_filter *submitted;
	struct tk_tally t;
	enum tk_rc rc = tk_plane_tally(l->plane, &ask, op->mem, &t, op->e);

	for (size_t i = 0; i < g->ngroup && i < t.ngroup && rc == TK_OK; i++)
		g->group[i].people = t.people[i];
	g->n = t.n;
	g->width = t.width;
	if (rc != TK_OK || !response)
		return rc;
	submitted = tk_filter_when(op->mem, l->plane, is_submitted, ctx.l);
	if (f && (rc = tk_filter_and(submitted, f, op->e)) != TK_OK)
		return rc;
	ask.filter = submitted;
	if ((rc = tk_plane_tally(l->plane, &ask, op->mem, &t, op->e)) != TK_OK)
		return rc;
	for (size_t i = 0; i < g->ngroup && i < t.ngroup; i++)
		g->group[i].submitted = t.people[i];
	return TK_OK;
}

static void columns(struct tk_grid *g, const struct tk_op *op, const struct tk_live *l)
{
	const struct tk_form *f = l->form;
	int *done = tk_alloc_n(op->mem, f->nitem, sizeof(*done));

	g->form = f;
	g->done = done;
	g->col = tk_alloc_n(op->mem, f->nitem, sizeof(*g->col));
	for (size_t i = 0; i < f->nitem; i++) {
		g->col[i] = tk_plane_col(l->plane, i);
		done[i] = f->item[i].q == TK_Q_SINGLE ? tk_item_option(&f->item[i], "done") : -1;
	}
}

enum tk_rc tk_grid_take(struct tk_table_job *j, int64_t campaign_id, enum tk_plane_by by,
	bool response, struct tk_grid **ret)
{
	const struct tk_op *op = j->op;
	struct tk_grid *g = tk_alloc(op->mem, sizeof(*g));
	struct tk_filter *f = NULL;
	struct tk_live *l;
	enum tk_rc rc = tk_live_get(op, campaign_id, &l);

	if (rc != TK_OK)
		return rc;
	g->by = by;
	g->ngroup = by == TK_BY_BUREAU	   ? l->nbureau
		    : by == TK_BY_DIVISION ? l->ndivision
		    : by == TK_BY_POST	   ? l->npost
					   : 1;
	groups(g, op, l, j->ask->lang);
	columns(g, op, l);
	rc = tk_table_filter(op, l, j->ask->filter, &f);
	if (rc == TK_OK && tk_plane_rows(l->plane) > 0)
		rc = count(g, op, l, f, response);
	else if (rc == TK_OK) {
		g->width = tk_plane_width(l->plane);
		g->n = tk_alloc_n(op->mem, (g->ngroup + 1) * g->width, sizeof(*g->n));
	}
	tk_live_put(l);
	*ret = g;
	return rc;
}

struct tk_count tk_grid_count(const struct tk_grid *g, size_t item, size_t group)
{
	const uint32_t *n = g->n + group * g->width + g->col[item];
	struct tk_count c = {.no_answer = n[TK_ANSWER_NO_ANSWER],
		.not_applicable = n[TK_ANSWER_NOT_APPLICABLE],
		.dont_know = n[TK_ANSWER_DONT_KNOW],
		.rated = g->done[item] >= 0};

	c.asked = (int64_t)g->group[group].people - n[TK_ANSWER_NOT_ASKED];
	if (c.rated) {
		c.num = n[TK_ANSWER_VALUE + g->done[item]];
		c.den = c.asked - c.not_applicable - c.no_answer;
	}
	return c;
}

/* -- items ------------------------------------------------------------------------------------- */
/* The choices of all items, each code once, in the order in which they are met. */
static size_t choice_codes(
	const struct tk_form *f, struct tk_arena *a, const struct tk_option ***ret)
{
	size_t n = 0, cap = 16;
	const struct tk_option **o = tk_alloc_n(a, cap, sizeof(*o));

	for (size_t i = 0; i < f->nitem; i++) {
		for (unsigned k = 0; k < f->item[i].noption; k++) {
			size_t had = 0;

			while (had < n && strcmp(o[had]->code, f->item[i].option[k].code) != 0)
				had++;
			if (had < n)
				continue;
			if (n == cap) {
				const struct tk_option **more = tk_alloc_n(a, cap *= 2, sizeof(*o));
				memcpy(more, o, n * sizeof(*o));
				o = more;
			}
			o[n++] = &f->item[i].option[k];
		}
	}
	*ret = o;
	return n;
}

static const struct tk_option **item_columns(
	struct tk_table_job *j, const struct tk_form *f, size_t *ret)
{
	static const struct tk_col fixed[] = {
		{"item", N_("Item"), TK_COL_TEXT, TK_COL_BOTH},
		{"label", N_("Question"), TK_COL_TEXT, TK_COL_PAGE},
		{"group", N_("Unit"), TK_COL_TEXT, TK_COL_MACHINE},
		{"asked", N_("Asked"), TK_COL_INT, TK_COL_BOTH},
		{"no_answer", N_("No answer"), TK_COL_INT, TK_COL_BOTH},
		{"not_applicable", N_("Not applicable"), TK_COL_INT, TK_COL_BOTH},
		{"dont_know", N_("Don't know"), TK_COL_INT, TK_COL_BOTH},
		{"numerator", N_("Done"), TK_COL_INT, TK_COL_BOTH},
		{"denominator", N_("Obliged people"), TK_COL_INT, TK_COL_BOTH},
		{"rate", N_("Implementation rate"), TK_COL_RATE, TK_COL_BOTH},
	};
	const struct tk_option **o;
	size_t n = choice_codes(f, j->op->mem, &o);
	struct tk_col *col = tk_alloc_n(j->op->mem, TK_LEN(fixed) + n, sizeof(*col));

	memcpy(col, fixed, sizeof(fixed));
	if (j->by != TK_BY_ALL)
		col[2].where = TK_COL_BOTH;
	for (size_t i = 0; i < n; i++)
		col[TK_LEN(fixed) + i] = (struct tk_col){o[i]->code,
			tk_in(j->ask->lang, o[i]->label_ja, o[i]->label_en), TK_COL_INT,
			TK_COL_BOTH};
	tk_table_cols(j, col, TK_LEN(fixed) + n);
	*ret = n;
	return o;
}

/* choice[k]: the item's option in column k, -1 where it has none of that code. */
static void item_row(struct tk_table_job *j, const struct tk_grid *g, size_t item, size_t group,
	const int *choice, size_t n)
{
	const struct tk_item *it = &g->form->item[item];
	struct tk_count c = tk_grid_count(g, item, group);
	const uint32_t *code = g->n + group * g->width + g->col[item] + TK_ANSWER_VALUE;

	tk_cell_text(j, it->code, NULL);
	tk_cell_text(j, tk_table_item_label(j, it), NULL);
	if (g->by == TK_BY_ALL)
		tk_cell_text(j, "total", g->group[group].label);
	else
		tk_cell_text(j, g->group[group].label, g->group[group].shown);
	tk_cell_int(j, c.asked);
	tk_cell_int(j, c.no_answer);
	tk_cell_int(j, c.not_applicable);
	tk_cell_int(j, c.dont_know);
	if (c.rated) {
		tk_cell_int(j, c.num);
		tk_cell_int(j, c.den);
		tk_cell_rate(j, tk_rate_x10(c.num, c.den), c.num, c.den);
	} else {
		for (int i = 0; i < 3; i++)
			tk_cell_none(j);
	}
	for (size_t k = 0; k < n; k++) {
		if (choice[k] >= 0)
			tk_cell_int(j, code[choice[k]]);
		else
			tk_cell_none(j);
	}
	j->t->nrow++;
}

enum tk_rc tk_table_items(struct tk_table_job *j)
{
	struct tk_grid *g;
	const struct tk_option **o;
	size_t n;
	int *choice;
	enum tk_rc rc = tk_grid_take(j, j->c->rec.id, j->by, false, &g);

	if (rc != TK_OK)
		return rc;
	o = item_columns(j, g->form, &n);
	choice = tk_alloc_n(j->op->mem, n + 1, sizeof(*choice));
	tk_table_reserve(j, g->form->nitem * g->ngroup);
	for (size_t i = 0; i < g->form->nitem; i++) {
		for (size_t k = 0; k < n; k++)
			choice[k] = tk_item_option(&g->form->item[i], o[k]->code);
		for (size_t u = 0; u < g->ngroup; u++)
			if (j->by == TK_BY_ALL || tk_grid_count(g, i, u).asked > 0)
				item_row(j, g, i, u, choice, n);
	}
	return TK_OK;
}

/* -- making ------------------------------------------------------------------------------------ */
static const struct {
	const char *name;
	enum tk_rc (*make)(struct tk_table_job *j);
	enum tk_round round;
	bool rates; /* counted over those who should do what the item asks */
} kind[] = {
	{"items", tk_table_items, TK_ROUND_PLAIN, true},
	{"rate-classes", tk_table_rate_classes, TK_ROUND_LARGEST, true},
	{"response-rate", tk_table_response_rate, TK_ROUND_PLAIN, false},
	{"compare", tk_table_compare, TK_ROUND_PLAIN, true},
	{"problem-items", tk_table_problem_items, TK_ROUND_PLAIN, true},
};

static enum tk_rc by_of(struct tk_table_job *j)
{
	static const char *const name[] = {[TK_BY_ALL] = "none",
		[TK_BY_DIVISION] = "division",
		[TK_BY_BUREAU] = "bureau",
		[TK_BY_POST] = "post"};

	if (tk_is_blank(j->ask->by))
		j->by = TK_BY_ALL;
	else {
		size_t i = 0;

		while (i < TK_LEN(name) && strcmp(name[i], j->ask->by) != 0)
			i++;
		if (i == TK_LEN(name))
			return tk_fail(j->op->e, TK_EINVAL, "by",
				N_("A table can be divided by bureau, division or post, not by "
				   "\"%.40s\"."),
				j->ask->by);
		j->by = (enum tk_plane_by)i;
	}
	j->t->by = name[j->by];
	return TK_OK;
}

static enum tk_rc round_of(struct tk_table_job *j, enum tk_round usual)
{
	j->round = usual;
	if (!tk_is_blank(j->ask->round) && !tk_round_of_name(j->ask->round, &j->round))
		return tk_fail(j->op->e, TK_EINVAL, "round",
			N_("The rounding rules are plain, largest and strict, not \"%.40s\"."),
			j->ask->round);
	j->t->round = j->round;
	return TK_OK;
}

/* Who counts one division only could single a person out by post or by a filter: no one reads
 * another's answers (SELF-15). */
static enum tk_rc may_single_out(const struct tk_op *op, const struct tk_table_ask *ask)
{
	bool post = ask->by && !strcmp(ask->by, "post");

	if (tk_who_scope(op->who, TK_P_TABLE_READ) == TK_SCOPE_ALL ||
	    (!post && tk_is_blank(ask->filter)))
		return TK_OK;
	return tk_fail(op->e, TK_EPERM, post ? "by" : "filter",
		       N_("Tables by post and filters are for those who see the whole "
			  "organisation: within "
			  "one division they could show what a single person answered."));
}

static enum tk_rc standing(struct tk_table_job *j, size_t k)
{
	struct tk_table *t = j->t;
	enum tk_rc rc;

	t->name = kind[k].name;
	if ((rc = by_of(j)) != TK_OK || (rc = round_of(j, kind[k].round)) != TK_OK)
		return rc;
	t->title = tk_sprintf(j->op->mem, "%s: %s",
		tk_in(j->ask->lang, j->c->title_ja, j->c->title_en),
		tk_tr(j->ask->lang, tk_table_names[k].label));
	t->base = tk_tr(j->ask->lang,
		kind[k].rates ? N_("People who should take the measure (without "
				   "\"not applicable\" and \"no answer\")")
			      : N_("People in the population of the campaign"));
	return kind[k].make(j);
}

enum tk_rc tk_table_make(const struct tk_op *op, const struct campaign *c,
	const struct tk_table_ask *ask, struct tk_table **ret)
{
	struct tk_table *t = tk_alloc(op->mem, sizeof(*t));
	struct tk_table_job j = {.op = op, .c = c, .ask = ask, .t = t};
	size_t k = 0;
	enum tk_rc rc;

	if (tk_who_scope(op->who, TK_P_TABLE_READ) < TK_SCOPE_DIVISION)
		return tk_denied(op->e);
	if ((rc = may_single_out(op, ask)) != TK_OK)
		return rc;
	while (k < TK_LEN(kind) && (!ask->name || strcmp(kind[k].name, ask->name) != 0))
		k++;
	*t = (struct tk_table){.lang = ask->lang};
	t->note = j.note = tk_alloc_n(op->mem, TK_TABLE_NOTES, sizeof(*j.note));
	rc = k < TK_LEN(kind) ? standing(&j, k) : tk_table_declared(&j);
	if (rc == TK_ENOTFOUND && k == TK_LEN(kind))
		return tk_fail(op->e, TK_EINVAL, "table",
			N_("There is no table \"%.40s\"; the tables are items, rate-classes, "
			   "response-rate, compare, problem-items, question and those declared for "
			   "the questionnaire."),
			ask->name ? ask->name : "");
	if (rc != TK_OK)
		return rc;
	if (!tk_is_blank(ask->filter))
		tk_table_note(&j,
			tk_sprintf(op->mem, "%s %s", tk_tr(ask->lang, N_("Only:")), ask->filter));
	if (tk_who_scope(op->who, TK_P_TABLE_READ) != TK_SCOPE_ALL)
		tk_table_note(&j, tk_tr(ask->lang, N_("Only the units you may see are counted.")));
	t->cell = j.cell;
	*ret = t;
	return TK_OK;
}
