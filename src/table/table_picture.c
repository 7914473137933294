/* table_picture.c - declared tables as charts (CHT-01, CHT-02, CHT-04).
 *
 * Parts of a whole are one bar each, all else stands side by side: bars are drawn from the counts,
 * their labels are the printed shares. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "stat/symbol.h"
#include "table/table_picture.h"

enum { PNG_SCALE = 2, FEW = 4 };
struct picture {
	const struct tk_table *t;
	struct tk_arena *a;
	struct tk_chart c;
	const char **series, **category, **note;
	struct tk_chart_value *value;
};

enum tk_rc tk_picture_write(const struct tk_chart *c, struct tk_arena *a, bool png,
	struct tk_buf *out, struct tk_err *e)
{
	return png ? tk_chart_png(c, a, PNG_SCALE, out, e) : tk_chart_svg(c, a, out, e);
}

static void room(struct picture *p, size_t ncategory, size_t nseries)
{
	p->series = tk_alloc_n(p->a, nseries + 1, sizeof(*p->series));
	p->category = tk_alloc_n(p->a, ncategory + 1, sizeof(*p->category));
	p->value = tk_alloc_n(p->a, ncategory * nseries + 1, sizeof(*p->value));
	p->c.ncategory = ncategory;
	p->c.nseries = nseries;
}

static const char *option_label(const struct tk_table *t, size_t k)
{
	return tk_in(t->lang, t->option[k].label_ja, t->option[k].label_en);
}

/* A table that is about one thing names it in its title.  Where figures are rows, the base in words
 * is the same for all, and each needs its own n. */
static const char *figure_label(struct picture *p, size_t f)
{
	const struct tk_table *t = p->t;
	const struct tk_figure *fig = &t->figure[f];
	const char *label = *fig->label ? fig->label : tk_tr(t->lang, N_("Share"));

	if (t->shape != TK_TABLE_LONG && fig->n < 0)
		return tk_say(p->a, t->lang, N_("%s (n=%s)"), label,
			tk_symbol_text(TK_SYM_SUPPRESSED, 0));
	return t->shape == TK_TABLE_LONG ? label
					 : tk_say(p->a, t->lang, N_("%s (n=%lld)"), label,
						   (long long)fig->n);
}

static struct tk_chart_value share(struct picture *p, size_t f, size_t k)
{
	const struct tk_figure *fig = &p->t->figure[f];
	char print[TK_X10_LEN];

	if (fig->count[k] == TK_COUNT_HIDDEN || fig->n == TK_COUNT_HIDDEN)
		return (struct tk_chart_value){.label = tk_symbol_text(TK_SYM_SUPPRESSED, 0)};
	if (fig->count[k] < 0 || fig->n <= 0)
		return (struct tk_chart_value){0};
	return (struct tk_chart_value){fig->count[k], fig->n,
		tk_strdup(p->a, tk_x10_print(fig->share[k], print))};
}

/* Options down the side, or figures. */
static void shares(struct picture *p, bool by_option)
{
	const struct tk_table *t = p->t;
	size_t nc = by_option ? t->noption : t->nfigure, ns = by_option ? t->nfigure : t->noption;

	room(p, nc, ns);
	for (size_t i = 0; i < ns; i++)
		p->series[i] = by_option ? figure_label(p, i) : option_label(t, i);
	for (size_t c = 0; c < nc; c++) {
		p->category[c] = by_option ? option_label(t, c) : figure_label(p, c);
		for (size_t i = 0; i < ns; i++)
			p->value[c * ns + i] =
				by_option ? share(p, i, c) : share(p, c, i);
	}
	p->c.axis = TK_AXIS_RATE;
	p->c.unit = t->lang == TK_JA ? "％" : "%";
}

static void choices(struct picture *p)
{
	const struct tk_table *t = p->t;
	bool stacked = t->whole && t->noption <= TK_CHART_SERIES_MAX &&
		       (t->shape == TK_TABLE_WIDE || !strcmp(t->kind, "bands"));

	p->c.kind = stacked ? TK_CHART_STACKED : TK_CHART_HBAR_GROUPED;
	if (stacked)
		shares(p, false);
	else
		shares(p, t->shape == TK_TABLE_LONG || t->nfigure <= FEW ||
				  t->noption > TK_CHART_SERIES_MAX);
}

static int column(const struct tk_table *t, const char *name)
{
	int i = 0;

	while ((size_t)i < t->ncol && strcmp(t->col[i].name, name) != 0)
		i++;
	return (size_t)i < t->ncol ? i : -1;
}

/* "71.94" as 7194 / 100 */
static struct tk_chart_value decimal(const struct tk_table_cell *c)
{
	struct tk_chart_value v = {.den = 1, .label = c->text};
	bool point = false;

	if (c->none)
		return (struct tk_chart_value){0};
	for (const char *s = c->text; *s; s++) {
		if (isdigit((unsigned char)*s)) {
			v.num = v.num * 10 + (*s - '0');
			v.den *= point ? 10 : 1;
		} else
			point = *s == '.';
	}
	v.num = *c->text == '-' ? -v.num : v.num;
	return v;
}

static void numbers(struct picture *p)
{
	static const char *const name[] = {"mean", "median"};
	const struct tk_table *t = p->t;

	room(p, t->nrow, TK_LEN(name));
	for (size_t k = 0; k < TK_LEN(name); k++) {
		int col = column(t, name[k]);

		p->series[k] = t->col[col].label;
		for (size_t r = 0; r < t->nrow; r++)
			p->value[r * TK_LEN(name) + k] =
				decimal(&t->cell[r * t->ncol + (size_t)col]);
	}
	for (size_t r = 0; r < t->nrow; r++)
		p->category[r] = figure_label(p, r);
	p->c.kind = TK_CHART_HBAR_GROUPED;
	p->c.axis = TK_AXIS_AUTO;
	p->c.count = true;
}

static void panel(struct picture *p)
{
	const struct tk_table *t = p->t;

	room(p, t->nrow, 1);
	p->series[0] = t->col[1].label;
	for (size_t r = 0; r < t->nrow; r++) {
		const struct tk_table_cell *c = &t->cell[r * t->ncol];

		p->category[r] = c->label;
		p->value[r] = (struct tk_chart_value){
			c[1].n, 1, tk_sprintf(p->a, "%lld", (long long)c[1].n)};
	}
	p->c.kind = TK_CHART_HBAR_GROUPED;
	p->c.axis = TK_AXIS_AUTO;
	p->c.count = true;
	p->c.unit = t->lang == TK_EN ? NULL : t->panel ? "先" : "人";
}

static void frame(struct picture *p)
{
	const struct tk_table *t = p->t;
	char *id = tk_sprintf(p->a, "table-%s", t->name);

	p->note = tk_alloc_n(p->a, t->nnote + 1, sizeof(*p->note));
	p->note[p->c.nnote++] = tk_sprintf(p->a, "%s %s", tk_tr(t->lang, N_("Base:")), t->base);
	for (size_t i = 0; i < t->nnote; i++)
		p->note[p->c.nnote++] = t->note[i];
	p->c.note = p->note;
	p->c.id = id;
	p->c.lang = t->lang;
	p->c.title = tk_is_blank(t->subtitle)
			     ? tk_sprintf(p->a, "■%s", t->title)
			     : tk_sprintf(p->a, "■%s\n▽%s", t->title, t->subtitle);
	p->c.series = p->series;
	p->c.category = p->category;
	p->c.value = p->value;
}

enum tk_rc tk_picture_declared(const struct tk_table *t, struct tk_arena *a, bool png,
	struct tk_buf *out, struct tk_err *e)
{
	struct picture p = {.t = t, .a = a};

	if (!t->nrow)
		return tk_fail(e, TK_ENOTFOUND, NULL, N_("There is nothing to draw yet."));
	if (!strcmp(t->kind, "panel"))
		panel(&p);
	else if (!strcmp(t->kind, "numbers"))
		numbers(&p);
	else
		choices(&p);
	frame(&p);
	return tk_picture_write(&p.c, a, png, out, e);
}
