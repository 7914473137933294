#include "chart/scene.h"

/* What the two kinds of horizontal bars share: where the plot stands and its scale. */
struct plot {
	int x, y, h;
	struct tk_scale k;
};

enum { TICK_GAP = 18 * PX, ROW_GAP = 14 * PX, LABEL_LINE = 17 * PX };

static int widest_value(const struct tk_chart *c)
{
	int w, max = 0;

	for (size_t i = 0; i < c->ncategory * c->nseries; i++) {
		w = tk_text_width(tk_chart_text(&c->value[i]), SIZE_VALUE);
		max = w > max ? w : max;
	}
	return max;
}

static char *unit_text(struct tk_scene *s)
{
	if (!s->c->unit || !*s->c->unit)
		return NULL;
	return tk_sprintf(s->a, s->c->lang == TK_JA ? "（%s）" : "(%s)", s->c->unit);
}

/* Label column at the left, room for a value after the longest bar and for the unit at the right.
 */
static struct plot place(struct tk_scene *s, struct tk_lines **labels, int y)
{
	struct plot p = {.y = y, .k = tk_scale_of(s->c)};
	int col, right, steps = (int)((p.k.max - p.k.min) / p.k.step), grain = steps * PX;
	int tick = tk_text_width(tk_tick_text(s->a, p.k.max), SIZE_VALUE) / 2;
	char *unit = unit_text(s);

	col = tk_text_column(s->a, s->c->category, s->c->ncategory, SIZE_LABEL, 5 * SIZE_LABEL,
		(s->w - 2 * MARGIN) * 42 / 100);
	*labels = tk_alloc_n(s->a, s->c->ncategory, sizeof(**labels));
	for (size_t i = 0; i < s->c->ncategory; i++)
		(*labels)[i] = tk_text_label(s->a, s->c->category[i], SIZE_LABEL, col);
	right = unit ? tick + 2 * PX + tk_text_width(unit, SIZE_VALUE) : tick;
	if (right < widest_value(s->c) + 8 * PX)
		right = widest_value(s->c) + 8 * PX;
	p.x = (MARGIN + col + 10 * PX) / PX * PX + PX / 2; /* half pixels keep thin lines sharp */
	p.k.px = (s->w - MARGIN / 2 - right - p.x) / grain * grain;
	return p;
}

static void draw_axis(struct tk_scene *s, const struct plot *p)
{
	char *unit = unit_text(s);
	int x = 0, wide = tk_text_width(tk_tick_text(s->a, p->k.max), SIZE_VALUE) + 6 * PX;
	int64_t every = wide / tk_scale_px(&p->k, p->k.step, p->k.count ? 1 : 100) + 1;

	tk_scene_group(s, "axis");
	for (int64_t v = p->k.min; v <= p->k.max; v += p->k.step) {
		x = p->x + tk_scale_px(&p->k, v, p->k.count ? 1 : 100);
		if (v > p->k.min)
			tk_scene_line(s, x, p->y, 0, p->h, COL_GRID);
		if (v / p->k.step % every == 0) /* large numbers do not fit under every line */
			tk_scene_text(s, x, p->y + p->h + 16 * PX, SIZE_VALUE, TK_MIDDLE,
				tk_tick_text(s->a, v))
				->fill = COL_MUTED;
	}
	if (unit) {
		x += tk_text_width(tk_tick_text(s->a, p->k.max), SIZE_VALUE) / 2 + 2 * PX;
		tk_scene_text(s, x, p->y + p->h + 16 * PX, SIZE_VALUE, TK_START, unit)->fill =
			COL_MUTED;
	}
	tk_scene_end(s);
}

static void draw_base_line(struct tk_scene *s, const struct plot *p)
{
	tk_scene_line(s, p->x, p->y, 0, p->h, COL_MUTED);
}

static void draw_label(
	struct tk_scene *s, const struct plot *p, const struct tk_lines *l, int centre)
{
	int y = centre - (int)l->n * LABEL_LINE / 2 + LABEL_LINE / 2 + SIZE_LABEL * 36 / 100;

	for (size_t i = 0; i < l->n; i++, y += LABEL_LINE)
		tk_scene_text(s, p->x - 8 * PX, y, SIZE_LABEL, TK_END, l->line[i]);
}

static int row_height(const struct tk_lines *l, int bars)
{
	int h = (int)l->n * LABEL_LINE;

	return (h > bars ? h : bars) + ROW_GAP;
}

static int plot_height(const struct tk_lines *l, size_t n, int bars)
{
	int h = 0;

	for (size_t i = 0; i < n; i++)
		h += row_height(&l[i], bars);
	return h;
}

static void draw_bar(
	struct tk_scene *s, const struct plot *p, int y, int h, size_t category, size_t series)
{
	const struct tk_chart_value *v = tk_chart_at(s->c, category, series);
	int w = v->den ? tk_scale_px(&p->k, v->num, v->den) : 0;
	struct tk_prim *t;

	if (w)
		tk_scene_box(s, p->x, y, w, h, (int)series);
	t = tk_scene_plate(s, p->x + w + 5 * PX, y + h / 2 + SIZE_VALUE * 36 / 100, SIZE_VALUE,
		TK_START, tk_chart_text(v));
	if (!v->den)
		t->fill = COL_MUTED;
}

int tk_plot_bars(struct tk_scene *s, int y)
{
	const int bar = 15 * PX, pitch = bar + 3 * PX, bars = (int)s->c->nseries * pitch - 3 * PX;
	struct tk_lines *label;
	struct plot p = place(s, &label, y + 6 * PX);
	int row, top = p.y;

	p.h = plot_height(label, s->c->ncategory, bars);
	draw_axis(s, &p);
	tk_scene_group(s, "bars");
	for (size_t i = 0; i < s->c->ncategory; i++, top += row) {
		row = row_height(&label[i], bars);
		draw_label(s, &p, &label[i], top + row / 2);
		for (size_t k = 0; k < s->c->nseries; k++)
			draw_bar(s, &p, top + (row - bars) / 2 + (int)k * pitch, bar, i, k);
	}
	tk_scene_end(s);
	draw_base_line(s, &p);
	return p.y + p.h + TICK_GAP;
}

/* One label above a stacked bar: it wants to stand at `want`, may stand at `at`. */
struct tag {
	const struct tk_chart_value *v;
	int want, at, half;
	bool leader;
};

/* Moves labels apart, both ways alike, and keeps them in the picture. */
static void spread(struct tag *t, size_t n, int left, int right)
{
	const int gap = 5 * PX;
	int edge, over;

	for (size_t i = 0; i < n; i++)
		t[i].at = t[i].want;
	for (size_t round = 0; round < 4 * n; round++)
		for (size_t i = 1; i < n; i++) {
			over = t[i - 1].at + t[i - 1].half + gap - (t[i].at - t[i].half);
			if (over > 0) {
				t[i - 1].at -= over / 2;
				t[i].at += over - over / 2;
			}
		}
	edge = left;
	for (size_t i = 0; i < n; i++) {
		t[i].at = t[i].at - t[i].half < edge ? edge + t[i].half : t[i].at;
		edge = t[i].at + t[i].half + gap;
	}
	edge = right;
	for (size_t i = n; i-- > 0;) {
		t[i].at = t[i].at + t[i].half > edge ? edge - t[i].half : t[i].at;
		edge = t[i].at - t[i].half - gap;
	}
}

static void draw_inside(struct tk_scene *s, int x, int y, size_t series, const char *text)
{
	if (tk_style[series].pattern == TK_PAT_SOLID)
		tk_scene_text(s, x, y, SIZE_VALUE, TK_MIDDLE, text)->fill = COL_WHITE;
	else
		tk_scene_plate(s, x, y, SIZE_VALUE, TK_MIDDLE, text);
}

/* Draws the segments of one bar; labels that do not fit inside are returned as tags. */
static size_t draw_parts(
	struct tk_scene *s, const struct plot *p, int y, int h, size_t category, struct tag *tag)
{
	int64_t sum = 0;
	int from = 0, to;
	size_t n = 0;

	for (size_t k = 0; k < s->c->nseries; k++, from = to) {
		const struct tk_chart_value *v = tk_chart_at(s->c, category, k);
		int text = tk_text_width(tk_chart_text(v), SIZE_VALUE);
		sum += v->den ? v->num : 0;
		to = v->den ? tk_scale_px(&p->k, sum, v->den) : from;
		if (to > from)
			tk_scene_box(s, p->x + from, y, to - from, h, (int)k);
		if (v->den && (!v->num || text + 8 * PX <= to - from))
			continue;
		tag[n++] = (struct tag){.v = v,
			.want = p->x + (from + to) / 2,
			.half = text / 2,
			.leader = v->den != 0};
	}
	from = 0;
	sum = 0;
	for (size_t k = 0; k < s->c->nseries; k++, from = to) {
		const struct tk_chart_value *v = tk_chart_at(s->c, category, k);
		sum += v->den ? v->num : 0;
		to = v->den ? tk_scale_px(&p->k, sum, v->den) : from;
		if (v->den && v->num &&
			tk_text_width(tk_chart_text(v), SIZE_VALUE) + 8 * PX <= to - from)
			draw_inside(s, p->x + (from + to) / 2, y + h / 2 + SIZE_VALUE * 36 / 100, k,
				tk_chart_text(v));
	}
	return n;
}

static void draw_tags(struct tk_scene *s, struct tag *tag, size_t n, int left, int y)
{
	spread(tag, n, left, s->w - 4 * PX);
	for (size_t i = 0; i < n; i++) {
		struct tk_prim *t = tk_scene_plate(
			s, tag[i].at, y - 6 * PX, SIZE_VALUE, TK_MIDDLE, tk_chart_text(tag[i].v));
		if (!tag[i].v->den)
			t->fill = COL_MUTED;
		if (tag[i].leader)
			tk_scene_line(s, tag[i].at, y - 5 * PX, tag[i].want - tag[i].at, 5 * PX,
				COL_MUTED);
	}
}

int tk_plot_stack(struct tk_scene *s, int y)
{
	const int bar = 24 * PX, lane = 16 * PX;
	struct tag *tag = tk_alloc_n(s->a, s->c->nseries, sizeof(*tag));
	struct tk_lines *label;
	struct plot p = place(s, &label, y + 6 * PX);
	int row, bar_y, top = p.y;

	p.h = plot_height(label, s->c->ncategory, bar + lane);
	draw_axis(s, &p);
	tk_scene_group(s, "bars");
	for (size_t i = 0; i < s->c->ncategory; i++, top += row) {
		row = row_height(&label[i], bar + lane);
		bar_y = top + (row - bar - lane) / 2 + lane;
		draw_label(s, &p, &label[i], bar_y + bar / 2);
		draw_tags(s, tag, draw_parts(s, &p, bar_y, bar, i, tag), p.x + 2 * PX, bar_y);
	}
	tk_scene_end(s);
	draw_base_line(s, &p);
	return p.y + p.h + TICK_GAP;
}
