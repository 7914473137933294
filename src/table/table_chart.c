/* table_chart.c - charts of tables, drawn from the very cells of their tables; those of declared
 * tables are in table_picture.c. */
#include <string.h>
#include "table/table_picture.h"

static int column(const struct tk_table *t, const char *name)
{
	for (size_t i = 0; i < t->ncol; i++)
		if (!strcmp(t->col[i].name, name))
			return (int)i;
	return -1;
}

static const struct tk_table_cell *at(const struct tk_table *t, size_t row, int col)
{
	return &t->cell[row * t->ncol + (size_t)col];
}

static struct tk_chart_value value_of(struct tk_arena *a, const struct tk_table_cell *c)
{
	char print[TK_X10_LEN];

	if (c->none)
		return (struct tk_chart_value){0};
	return (struct tk_chart_value){c->num, c->den, tk_strdup(a, tk_x10_print(c->n, print))};
}

struct draw {
	const struct tk_table *t;
	struct tk_arena *a;
	bool png;
	const char **category;
	struct tk_chart_value *value;
	size_t n;
};

static void add(struct draw *d, size_t row, int name, const int *col, size_t ncol)
{
	const struct tk_table_cell *c = at(d->t, row, name);

	d->category[d->n] = c->label ? c->label : c->text;
	for (size_t k = 0; k < ncol; k++)
		d->value[d->n * ncol + k] = value_of(d->a, at(d->t, row, col[k]));
	d->n++;
}

static enum tk_rc finish(struct draw *d, struct tk_chart *c, struct tk_buf *out, struct tk_err *e)
{
	const char **note = tk_alloc_n(d->a, d->t->nnote + 1, sizeof(*note));

	if (d->n == 0)
		return tk_fail(e, TK_ENOTFOUND, NULL, N_("There is nothing to draw yet."));
	note[c->nnote++] = tk_sprintf(d->a, "%s %s", tk_tr(d->t->lang, N_("Base:")), d->t->base);
	for (size_t i = 0; i < d->t->nnote; i++)
		note[c->nnote++] = d->t->note[i];
	c->note = note;
	c->category = d->category;
	c->ncategory = d->n;
	c->value = d->value;
	c->lang = d->t->lang;
	c->title = d->t->title;
	c->axis = TK_AXIS_RATE;
	c->unit = d->t->lang == TK_JA ? "％" : "%";
	return tk_picture_write(c, d->a, d->png, out, e);
}

static enum tk_rc classes(struct draw *d, struct tk_buf *out, struct tk_err *e)
{
	static const char *const name[] = {
		"rc_100_share", "rc_95_share", "rc_90_share", "rc_lt90_share"};
	const char *series[TK_LEN(name)];
	int col[TK_LEN(name)], group = column(d->t, "group"), audience = column(d->t, "audience");
	struct tk_chart c = {.kind = TK_CHART_STACKED,
		.id = "rate-classes",
		.series = series,
		.nseries = TK_LEN(name)};

	for (size_t k = 0; k < TK_LEN(name); k++) {
		col[k] = column(d->t, name[k]);
		series[k] = tk_tr(d->t->lang, tk_rate_class_label((enum tk_rate_class)(k + 1)));
	}
	for (size_t r = 0; r < d->t->nrow && d->n < TK_CHART_CATEGORY_MAX; r++) {
		const char *code = at(d->t, r, audience)->text;

		/* by unit: one bar a unit, of all audiences together */
		if (group >= 0 ? !strcmp(code, "total") : strcmp(code, "cumulative") != 0)
			add(d, r, group >= 0 ? group : audience, col, TK_LEN(name));
	}
	return finish(d, &c, out, e);
}

static enum tk_rc response(struct draw *d, struct tk_buf *out, struct tk_err *e)
{
	const char *series[] = {tk_tr(d->t->lang, N_("Response rate"))};
	int rate = column(d->t, "rate"), division = column(d->t, "division");
	bool divisions = !strcmp(d->t->by, "division");
	struct tk_chart c = {.kind = TK_CHART_HBAR_GROUPED,
		.id = "response-rate",
		.series = series,
		.nseries = 1};

	for (size_t r = 0; r < d->t->nrow && d->n < TK_CHART_CATEGORY_MAX; r++) {
		bool unit = division >= 0 && !at(d->t, r, division)->none;
		bool total = !strcmp(at(d->t, r, 0)->text, "total") && r + 1 == d->t->nrow;

		if (total || unit == divisions)
			add(d, r, unit ? division : 0, &rate, 1);
	}
	return finish(d, &c, out, e);
}

static enum tk_rc make(const struct tk_table *t, struct tk_arena *a, bool png, struct tk_buf *out,
	struct tk_err *e)
{
	struct draw d = {.t = t, .a = a, .png = png};

	if (t->kind)
		return tk_picture_declared(t, a, png, out, e);
	d.category = tk_alloc_n(a, TK_CHART_CATEGORY_MAX, sizeof(*d.category));
	d.value = tk_alloc_n(a, TK_CHART_CATEGORY_MAX * 4, sizeof(*d.value));
	if (!strcmp(t->name, "rate-classes"))
		return classes(&d, out, e);
	if (!strcmp(t->name, "response-rate"))
		return response(&d, out, e);
	return tk_fail(e, TK_ENOTFOUND, "chart",
		N_("Of the standing tables, only rate-classes and response-rate have a chart."));
}

enum tk_rc tk_table_chart(
	const struct tk_table *t, struct tk_arena *a, struct tk_buf *out, struct tk_err *e)
{
	return make(t, a, false, out, e);
}

enum tk_rc tk_table_chart_png(
	const struct tk_table *t, struct tk_arena *a, struct tk_buf *out, struct tk_err *e)
{
	return make(t, a, true, out, e);
}
