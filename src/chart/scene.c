#include <string.h>
#include "base/text.h"
#include "chart/scene.h"

/* Dark and light fills alternate and every pattern differs, so that the series stay apart in
 * grayscale and for every kind of colour vision. */
const struct tk_style tk_style[TK_CHART_SERIES_MAX] = {
	{0x0017c1, 0x0017c1, TK_PAT_SOLID},
	{0xffe3cc, 0xb34000, TK_PAT_DIAG},
	{0xffffff, 0x197a4b, TK_PAT_DOT},
	{0x6b6b6b, 0x6b6b6b, TK_PAT_SOLID},
	{0xd9e6ff, 0x264af4, TK_PAT_CROSS},
	{0xffffff, 0x8b1fa9, TK_PAT_HORZ},
	{0xfff4c2, 0x6e5600, TK_PAT_VERT},
	{0xfbd5d5, 0xba0000, TK_PAT_BACK},
};

const struct tk_chart_value *tk_chart_at(const struct tk_chart *c, size_t category, size_t series)
{
	return &c->value[category * c->nseries + series];
}

const char *tk_chart_text(const struct tk_chart_value *v) { return v->label ? v->label : "－"; }

struct tk_prim *tk_scene_add(struct tk_scene *s, enum tk_prim_kind kind)
{
	struct tk_prim *p;

	if (s->n == s->cap) {
		s->cap = s->cap ? s->cap * 2 : 64;
		p = tk_alloc_n(s->a, s->cap, sizeof(*p));
		if (s->n)
			memcpy(p, s->p, s->n * sizeof(*p));
		s->p = p;
	}
	p = &s->p[s->n++];
	*p = (struct tk_prim){
		.kind = kind, .style = TK_NOSTYLE, .fill = TK_NOCOLOR, .stroke = TK_NOCOLOR};
	return p;
}

void tk_scene_group(struct tk_scene *s, const char *name)
{
	tk_scene_add(s, TK_P_GROUP)->text = name;
}

void tk_scene_end(struct tk_scene *s) { tk_scene_add(s, TK_P_END); }

void tk_scene_box(struct tk_scene *s, int x, int y, int w, int h, int style)
{
	struct tk_prim *p = tk_scene_add(s, TK_P_RECT);

	p->x = x;
	p->y = y;
	p->w = w;
	p->h = h;
	p->style = style;
	p->fill = style == TK_NOSTYLE ? COL_WHITE : tk_style[style].fill;
	p->stroke = style == TK_NOSTYLE ? TK_NOCOLOR : tk_style[style].ink;
	p->stroke_w = PX;
}

void tk_scene_line(struct tk_scene *s, int x, int y, int w, int h, int32_t colour)
{
	struct tk_prim *p = tk_scene_add(s, TK_P_LINE);

	p->x = x;
	p->y = y;
	p->w = w;
	p->h = h;
	p->stroke = colour;
	p->stroke_w = PX;
}

struct tk_prim *tk_scene_text(
	struct tk_scene *s, int x, int y, int size, enum tk_anchor anchor, const char *text)
{
	struct tk_prim *p = tk_scene_add(s, TK_P_TEXT);

	p->x = x;
	p->y = y;
	p->size = size;
	p->anchor = anchor;
	p->text = text;
	p->fill = COL_TEXT;
	return p;
}

struct tk_prim *tk_scene_plate(
	struct tk_scene *s, int x, int y, int size, enum tk_anchor anchor, const char *text)
{
	int w = tk_text_width(text, size) + 2 * PX;
	int left = x - PX - (w - 2 * PX) * (int)anchor / 2;

	tk_scene_box(s, left, y - size * 88 / 100, w, size * 106 / 100, TK_NOSTYLE);
	return tk_scene_text(s, x, y, size, anchor, text);
}

/* Circle, square, triangle, diamond: shapes tell the series apart as well as colours. */
void tk_scene_mark(struct tk_scene *s, int x, int y, size_t series)
{
	static const struct tk_pt shape[4][12] = {
		{{500, 0}, {433, 250}, {250, 433}, {0, 500}, {-250, 433}, {-433, 250}, {-500, 0},
			{-433, -250}, {-250, -433}, {0, -500}, {250, -433}, {433, -250}},
		{{-430, -430}, {430, -430}, {430, 430}, {-430, 430}},
		{{0, -560}, {540, 420}, {-540, 420}},
		{{0, -600}, {600, 0}, {0, 600}, {-600, 0}},
	};
	static const size_t npt[4] = {12, 4, 3, 4};
	size_t k = series % 4, n = npt[k];
	struct tk_pt *pt = tk_alloc_n(s->a, n, sizeof(*pt));
	struct tk_prim *p = tk_scene_add(s, TK_P_POLY);

	for (size_t i = 0; i < n; i++)
		pt[i] = (struct tk_pt){x + shape[k][i].x, y + shape[k][i].y};
	p->pt = pt;
	p->npt = n;
	p->closed = true;
	/* the second round of shapes is hollow */
	p->fill = series < 4 ? tk_style[series].ink : COL_WHITE;
	p->stroke = tk_style[series].ink;
	p->stroke_w = 2 * PX;
}

static int draw_lines(struct tk_scene *s, const char *text, int y, int size, bool title)
{
	int w = s->w - 2 * MARGIN;
	struct tk_lines l =
		title ? tk_text_label(s->a, text, size, w) : tk_text_wrap(s->a, text, size, w);

	for (size_t i = 0; i < l.n; i++) {
		y += size * 140 / 100;
		tk_scene_text(s, MARGIN, y - size * 30 / 100, size, TK_START, l.line[i])->bold =
			title;
	}
	return y;
}

static void draw_key(struct tk_scene *s, int x, int y, size_t series)
{
	struct tk_prim *p;

	if (s->c->kind != TK_CHART_TREND) {
		tk_scene_box(s, x, y - 11 * PX, 26 * PX, 13 * PX, (int)series);
		return;
	}
	tk_scene_line(s, x, y - 450, 30 * PX, 0, tk_style[series].ink);
	p = &s->p[s->n - 1];
	p->stroke_w = 2 * PX;
	p->dash = (enum tk_dash)(series % 3);
	tk_scene_mark(s, x + 15 * PX, y - 450, series);
}

static int draw_legend(struct tk_scene *s, int y)
{
	const int key = 36 * PX, gap = 22 * PX, line = 20 * PX;
	int x = MARGIN, w;

	if (s->c->nseries < 2 && s->c->kind != TK_CHART_STACKED)
		return y;
	tk_scene_group(s, "legend");
	y += line;
	for (size_t i = 0; i < s->c->nseries; i++) {
		struct tk_lines l =
			tk_text_wrap(s->a, s->c->series[i], SIZE_LABEL, s->w - 2 * MARGIN - key);
		w = 0;
		for (size_t k = 0; k < l.n; k++) {
			int lw = tk_text_width(l.line[k], SIZE_LABEL);
			w = lw > w ? lw : w;
		}
		if (x > MARGIN && x + key + w > s->w - MARGIN) {
			x = MARGIN;
			y += line;
		}
		draw_key(s, x, y, i);
		for (size_t k = 0; k < l.n; k++) {
			y += k ? line : 0;
			tk_scene_text(s, x + key, y, SIZE_LABEL, TK_START, l.line[k]);
		}
		x += key + w + gap;
	}
	tk_scene_end(s);
	return y + 4 * PX;
}

static int draw_notes(struct tk_scene *s, int y)
{
	struct tk_scale k = tk_scale_of(s->c);

	if (s->c->nnote || k.min > 0)
		y += 6 * PX;
	tk_scene_group(s, "notes");
	for (size_t i = 0; i < s->c->nnote; i++)
		y = draw_lines(s, s->c->note[i], y, SIZE_NOTE, false);
	if (k.min > 0)
		y = draw_lines(s,
			tk_tr(s->c->lang, N_("Note: the vertical axis does not start at 0.")), y,
			SIZE_NOTE, false);
	tk_scene_end(s);
	return y;
}

enum tk_rc tk_scene_build(
	const struct tk_chart *c, struct tk_arena *a, struct tk_scene **ret, struct tk_err *e)
{
	enum tk_rc rc = tk_chart_check(c, e);
	struct tk_scene *s;
	int y = MARGIN / 2;

	if (rc)
		return rc;
	s = tk_alloc(a, sizeof(*s));
	s->a = a;
	s->c = c;
	s->w = (c->width ? c->width : 720) * PX;
	tk_scene_box(s, 0, 0, s->w, 0, TK_NOSTYLE); /* the ground; its height is known at the end */
	if (!c->untitled)
		y = draw_lines(s, c->title, y, SIZE_TITLE, true) + 2 * PX;
	y = draw_legend(s, y);
	if (c->kind == TK_CHART_HBAR_GROUPED)
		y = tk_plot_bars(s, y);
	else if (c->kind == TK_CHART_STACKED)
		y = tk_plot_stack(s, y);
	else
		y = tk_plot_trend(s, y);
	y = draw_notes(s, y);
	s->h = (y + MARGIN * 3 / 4 + PX - 1) / PX * PX;
	s->p[0].h = s->h;
	*ret = s;
	return TK_OK;
}

enum tk_rc tk_chart_size(
	const struct tk_chart *c, struct tk_arena *a, int *ret_w, int *ret_h, struct tk_err *e)
{
	struct tk_scene *s;
	enum tk_rc rc = tk_scene_build(c, a, &s, e);

	if (rc)
		return rc;
	*ret_w = s->w / PX;
	*ret_h = s->h / PX;
	return TK_OK;
}
