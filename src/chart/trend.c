#include <limits.h>
#include "chart/scene.h"

struct trend {
	int x, y, w, h, slot;
	struct tk_scale k;
};

enum { PLOT_H = 240 * PX, LINE = 16 * PX, MARK = 6 * PX, HEAD = 22 * PX, LABELLED_SERIES = 4 };

static int point_x(const struct trend *t, size_t category)
{
	return t->x + t->slot * (int)category + t->slot / 2;
}

static int point_y(const struct trend *t, const struct tk_chart_value *v)
{
	return t->y + t->h - tk_scale_px(&t->k, v->num, v->den);
}

static void draw_axis(struct tk_scene *s, const struct trend *t)
{
	tk_scene_group(s, "axis");
	for (int64_t v = t->k.min; v <= t->k.max; v += t->k.step) {
		int y = t->y + t->h - tk_scale_px(&t->k, v, t->k.count ? 1 : 100);
		tk_scene_line(s, t->x, y, t->w, 0, v == t->k.min ? COL_MUTED : COL_GRID);
		tk_scene_text(s, t->x - 6 * PX, y + SIZE_VALUE * 36 / 100, SIZE_VALUE, TK_END,
			tk_tick_text(s->a, v))
			->fill = COL_MUTED;
	}
	tk_scene_end(s);
}

/* Returns the height that the labels take.  Every step-th category is labelled, the last always. */
static int draw_categories(struct tk_scene *s, const struct trend *t, size_t step)
{
	int most = 0;

	for (size_t i = 0; i < s->c->ncategory; i++) {
		struct tk_lines l;
		if ((s->c->ncategory - 1 - i) % step)
			continue;
		l = tk_text_label(
			s->a, s->c->category[i], SIZE_VALUE, t->slot * (int)step - 4 * PX);
		for (size_t k = 0; k < l.n; k++)
			tk_scene_text(s, point_x(t, i), t->y + t->h + ((int)k + 1) * LINE + 2 * PX,
				SIZE_VALUE, TK_MIDDLE, l.line[k]);
		most = (int)l.n > most ? (int)l.n : most;
	}
	return most * LINE + 6 * PX;
}

static void draw_line(struct tk_scene *s, const struct trend *t, size_t series)
{
	struct tk_pt *pt = tk_alloc_n(s->a, s->c->ncategory, sizeof(*pt));
	size_t n = 0;

	for (size_t i = 0; i <= s->c->ncategory; i++) {
		const struct tk_chart_value *v =
			i < s->c->ncategory ? tk_chart_at(s->c, i, series) : NULL;
		struct tk_prim *p;
		if (v && v->den) {
			pt[n++] = (struct tk_pt){point_x(t, i), point_y(t, v)};
			continue;
		}
		if (n > 1) { /* a missing year breaks the line */
			p = tk_scene_add(s, TK_P_POLY);
			p->pt = pt;
			p->npt = n;
			p->stroke = tk_style[series].ink;
			p->stroke_w = 2 * PX;
			p->dash = (enum tk_dash)(series % 3);
		}
		pt += n;
		n = 0;
	}
}

/* Vertical extents already taken in one category's column. */
struct taken {
	int from[3 * TK_CHART_SERIES_MAX], to[3 * TK_CHART_SERIES_MAX];
	size_t n;
};

static void take(struct taken *k, int from, int to)
{
	k->from[k->n] = from;
	k->to[k->n++] = to;
}

static bool is_free(const struct taken *k, int from, int to)
{
	for (size_t i = 0; i < k->n; i++)
		if (from < k->to[i] && to > k->from[i])
			return false;
	return true;
}

/* The free baseline nearest to the usual place above the point, inside the plot and between two
 * others; -1 if there is none. */
static int label_y(const struct trend *t, const struct taken *k, int point, int over, int under)
{
	const int above = point - MARK - 3 * PX, up = SIZE_VALUE * 88 / 100,
		  down = SIZE_VALUE * 18 / 100;

	for (int d = 0; d < PLOT_H; d += PX)
		for (int sign = -1; sign <= 1; sign += 2) {
			int y = above + sign * d;
			if (y > over && y < under && y - up >= t->y - HEAD &&
				y + down <= t->y + t->h && is_free(k, y - up, y + down))
				return y;
		}
	return -1;
}

static int value_y(const struct trend *t, const struct tk_chart_value *v)
{
	return v->den ? point_y(t, v) : t->y + t->h;
}

/* Series of a category from the highest point to the lowest. */
static void sort_series(
	const struct tk_scene *s, const struct trend *t, size_t category, size_t *order)
{
	for (size_t i = 0; i < s->c->nseries; i++) {
		size_t k = i;
		int y = value_y(t, tk_chart_at(s->c, category, i));
		for (; k && value_y(t, tk_chart_at(s->c, category, order[k - 1])) > y; k--)
			order[k] = order[k - 1];
		order[k] = i;
	}
}

/* Places the labels of a column in the order of their points, beginning at the top or, where there
 * is no room below the points, at the bottom.  false: one found no place (its y is -1). */
static bool place_labels(const struct tk_scene *s, const struct trend *t, size_t category,
	const size_t *order, bool upwards, int *y)
{
	int over = -1, under = INT_MAX;
	struct taken k = {.n = 0};
	bool ok = true;

	for (size_t i = 0; i < s->c->nseries; i++) {
		const struct tk_chart_value *v = tk_chart_at(s->c, category, i);
		if (v->den)
			take(&k, point_y(t, v) - MARK, point_y(t, v) + MARK);
	}
	for (size_t n = 0; n < s->c->nseries; n++) {
		size_t i = order[upwards ? s->c->nseries - 1 - n : n];
		y[i] = label_y(t, &k, value_y(t, tk_chart_at(s->c, category, i)), over, under);
		if (y[i] < 0) {
			ok = false;
			continue;
		}
		take(&k, y[i] - SIZE_VALUE * 88 / 100, y[i] + SIZE_VALUE * 18 / 100);
		if (upwards)
			under = y[i];
		else
			over = y[i];
	}
	return ok;
}

static void draw_values(struct tk_scene *s, const struct trend *t, size_t category)
{
	size_t order[TK_CHART_SERIES_MAX];
	int y[TK_CHART_SERIES_MAX];
	struct tk_prim *p;

	sort_series(s, t, category, order);
	if (!place_labels(s, t, category, order, false, y))
		(void)place_labels(s, t, category, order, true, y);
	for (size_t i = 0; i < s->c->nseries; i++) {
		if (y[i] < 0)
			continue;
		p = tk_scene_plate(s, point_x(t, category), y[i], SIZE_VALUE, TK_MIDDLE,
			tk_chart_text(tk_chart_at(s->c, category, i)));
		p->fill = s->c->nseries > 1 ? tk_style[i].ink : COL_TEXT;
	}
}

static struct trend place(struct tk_scene *s, int y)
{
	struct trend t = {.y = y + 42 * PX + PX / 2, .h = PLOT_H, .k = tk_scale_of(s->c)};
	int tick = tk_text_width(tk_tick_text(s->a, t.k.max), SIZE_VALUE);

	t.x = MARGIN + tick + 8 * PX;
	t.slot = (s->w - MARGIN - t.x) / (int)s->c->ncategory;
	t.w = t.slot * (int)s->c->ncategory;
	t.k.px = t.h;
	return t;
}

static size_t step_for(const struct trend *t, int width)
{
	return width <= t->slot ? 1 : (size_t)((width + t->slot - 1) / t->slot);
}

int tk_plot_trend(struct tk_scene *s, int y)
{
	struct trend t = place(s, y);
	size_t n = s->c->ncategory, step;
	int below, wide = 0;

	if (s->c->unit && *s->c->unit)
		tk_scene_text(s, MARGIN, t.y - 27 * PX, SIZE_VALUE, TK_START,
			tk_sprintf(s->a, s->c->lang == TK_JA ? "（%s）" : "(%s)", s->c->unit))
			->fill = COL_MUTED;
	draw_axis(s, &t);
	tk_scene_group(s, "categories");
	below = draw_categories(s, &t, step_for(&t, 3 * SIZE_VALUE + 4 * PX));
	tk_scene_end(s);
	tk_scene_group(s, "lines");
	for (size_t k = 0; k < s->c->nseries; k++)
		draw_line(s, &t, k);
	for (size_t i = 0; i < n * s->c->nseries; i++) {
		int w = tk_text_width(tk_chart_text(&s->c->value[i]), SIZE_VALUE) + 4 * PX;
		wide = w > wide ? w : wide;
	}
	step = step_for(&t, wide);
	/* the numbers of more lines than four would bury the lines; the table has them all */
	for (size_t i = 0; i < n && s->c->nseries <= LABELLED_SERIES; i++)
		if ((n - 1 - i) % step == 0)
			draw_values(s, &t, i);
	for (size_t i = 0; i < n * s->c->nseries; i++)
		if (s->c->value[i].den)
			tk_scene_mark(s, point_x(&t, i / s->c->nseries),
				point_y(&t, &s->c->value[i]), i % s->c->nseries);
	tk_scene_end(s);
	return t.y + t.h + below;
}
