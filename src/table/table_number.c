/* table_number.c - what respondents entered as numbers: sum, mean and quartiles, exactly. */
#include <string.h>
#include "base/text.h"
#include "stat/quantile.h"
#include "table/decimal.h"
#include "table/table_figure.h"

struct gathering {
	struct tk_survey_job *s;
	size_t item;
	struct tk_decimal *v;
	size_t n;
	int64_t other; /* values that are no numbers */
	struct tk_members who; /* whose numbers these are */
	int decimals;
};

static void on_person(void *ctx, uint32_t index)
{
	struct gathering *g = ctx;
	const char *text = tk_side_text(g->s->side, index, g->item);
	struct tk_plane_key key;
	const uint8_t *answers;

	if (!tk_plane_get(g->s->l->plane, index, &key, &answers) ||
		tk_pack_state(g->s->l->form->layout, answers, g->item) != TK_ANSWER_VALUE)
		return;
	if (!tk_decimal_parse(text, &g->v[g->n])) {
		g->other++;
		return;
	}
	tk_members_add(&g->who, index);
	if (g->v[g->n].decimals > g->decimals)
		g->decimals = g->v[g->n].decimals;
	g->n++;
}

/* The values of one figure at the scale of the table. */
static enum tk_rc scaled(struct gathering *g, int decimals, struct tk_quantile *ret)
{
	struct tk_err *e = g->s->op->e;
	int64_t *v = tk_alloc_n(g->s->op->mem, g->n + 1, sizeof(*v));

	for (size_t i = 0; i < g->n; i++)
		if (!tk_decimal_scale(g->v[i], decimals, &v[i]))
			return tk_fail(e, TK_EINVAL, NULL,
				N_("The numbers of item %s are too large to be added up."),
				g->s->l->form->item[g->item].code);
	return tk_quantile(v, g->n, ret, e);
}

static void decimal_cell(
	struct tk_survey_job *s, struct tk_frac v, size_t n, int scale, int decimals)
{
	char print[TK_FRAC_LEN];

	if (n == 0 || v.den == 0)
		tk_cell_none(s->j);
	else
		tk_cell_text(s->j,
			tk_strdup(s->op->mem, tk_frac_print(v, scale, decimals, print)), NULL);
}

static void columns(struct tk_survey_job *s)
{
	static const struct tk_col col[] = {
		{.name = "group", .label = N_("Group")},
		{.name = "n", .label = N_("Number of answers"), .kind = TK_COL_INT},
		{.name = "not_asked", .label = N_("Not asked"), .kind = TK_COL_INT},
		{.name = "no_answer", .label = N_("No answer"), .kind = TK_COL_INT},
		{.name = "not_applicable", .label = N_("Not applicable"), .kind = TK_COL_INT},
		{.name = "dont_know", .label = N_("Don't know"), .kind = TK_COL_INT},
		{.name = "sum", .label = N_("Sum"), .kind = TK_COL_DECIMAL},
		{.name = "mean", .label = N_("Mean"), .kind = TK_COL_DECIMAL},
		{.name = "min", .label = N_("Smallest"), .kind = TK_COL_DECIMAL},
		{.name = "q1", .label = N_("First quartile"), .kind = TK_COL_DECIMAL},
		{.name = "median", .label = N_("Median"), .kind = TK_COL_DECIMAL},
		{.name = "q3", .label = N_("Third quartile"), .kind = TK_COL_DECIMAL},
		{.name = "max", .label = N_("Largest"), .kind = TK_COL_DECIMAL},
	};
	struct tk_col own[TK_LEN(col)];

	memcpy(own, col, sizeof(col));
	for (size_t i = 2; i < 6; i++)
		own[i].where = s->j->ask->missing ? TK_COL_MACHINE : TK_COL_JSON;
	tk_table_cols(s->j, own, TK_LEN(col));
}

static void row(struct tk_survey_job *s, const struct tk_figure *f, const struct tk_quantile *q,
	int scale)
{
	tk_cell_text(s->j, *f->code ? f->code : "total",
		*f->label ? f->label : tk_tr(s->lang, N_("Total")));
	tk_cell_int(s->j, f->n);
	tk_cell_int(s->j, f->not_asked);
	tk_cell_int(s->j, f->no_answer);
	tk_cell_int(s->j, f->not_applicable);
	tk_cell_int(s->j, f->dont_know);
	decimal_cell(s, (struct tk_frac){q->sum, 1}, q->n, scale, scale);
	decimal_cell(s, q->mean, q->n, scale, scale + 1);
	decimal_cell(s, (struct tk_frac){q->min, 1}, q->n, scale, scale);
	decimal_cell(s, q->q1, q->n, scale, scale + 1);
	decimal_cell(s, q->median, q->n, scale, scale + 1);
	decimal_cell(s, q->q3, q->n, scale, scale + 1);
	decimal_cell(s, (struct tk_frac){q->max, 1}, q->n, scale, scale);
	s->j->t->nrow++;
}

enum tk_rc tk_table_numbers(struct tk_survey_job *s)
{
	struct gathering *g = tk_alloc_n(s->op->mem, s->nwant + 1, sizeof(*g));
	int scale = 0;
	int64_t other = 0;
	enum tk_rc rc = tk_side_get(s->op, s->l, &s->side);

	for (size_t w = 0; w < s->nwant && rc == TK_OK; w++) {
		g[w] = (struct gathering){.s = s,
			.item = (size_t)s->want[w].item,
			.v = tk_alloc_n(s->op->mem, (size_t)s->figure[w].n + 1, sizeof(*g->v)),
			.who = tk_members_new(s->op->mem, s->l->nperson)};
		rc = tk_filter_each(s->base[w], s->l->plane, on_person, &g[w], s->op->e);
		scale = g[w].decimals > scale ? g[w].decimals : scale;
		other += g[w].other;
		s->figure[w].n = (int64_t)g[w].n;
		s->figure[w].members = g[w].who;
		s->figure[w].base_mark = tk_members_mark(&g[w].who);
	}
	if (rc != TK_OK)
		return rc;
	scale = scale > TK_DECIMALS - 1 ? TK_DECIMALS - 1 : scale;
	columns(s);
	tk_table_reserve(s->j, s->nwant);
	for (size_t w = 0; w < s->nwant; w++) {
		struct tk_quantile q;

		if ((rc = scaled(&g[w], scale, &q)) != TK_OK)
			return rc;
		row(s, &s->figure[w], &q, scale);
	}
	tk_table_note(s->j, tk_tr(s->lang, tk_quantile_rule()));
	if (other)
		tk_table_note(s->j, tk_say(s->op->mem, s->lang,
					    N_("Answers that are no number are left out: %lld."),
					    (long long)other));
	return TK_OK;
}
