#include <cairo.h>
#include <pango/pangocairo.h>
#include "chart/scene.h"

static const char font[] = "IPAexGothic, Noto Sans CJK JP, sans-serif";

static double px(int v) { return (double)v / PX; }

static void colour(cairo_t *cr, int32_t c)
{
	cairo_set_source_rgb(cr, (double)(c >> 16 & 255) / 255, (double)(c >> 8 & 255) / 255,
		(double)(c & 255) / 255);
}

static void stroke(cairo_t *cr, const struct tk_prim *p)
{
	static const double dash[2] = {7, 4}, dots[2] = {2, 4};

	if (p->stroke == TK_NOCOLOR) {
		cairo_new_path(cr);
		return;
	}
	colour(cr, p->stroke);
	cairo_set_line_width(cr, px(p->stroke_w));
	cairo_set_dash(
		cr, p->dash == TK_LINE_DOT ? dots : dash, p->dash == TK_LINE_SOLID ? 0 : 2, 0);
	cairo_stroke(cr);
}

static void hatch_line(cairo_t *cr, double x, double y, double dx, double dy)
{
	cairo_move_to(cr, x, y);
	cairo_rel_line_to(cr, dx, dy);
}

static void hatch_dots(cairo_t *cr, double x, double y, double w, double h)
{
	for (double v = y; v < y + h; v += TK_TILE)
		for (double u = x; u < x + w; u += TK_TILE) {
			cairo_new_sub_path(cr);
			cairo_arc(cr, u + 3, v + 3, 1.5, 0, 6.2832);
		}
	cairo_fill(cr);
}

/* Vector lines, not a raster tile, so that a PDF stays sharp; aligned to the tiles of the SVG. */
static void hatch(cairo_t *cr, const struct tk_prim *p)
{
	enum tk_pattern k = tk_style[p->style].pattern;
	double x = p->x / (TK_TILE * PX) * TK_TILE, y = p->y / (TK_TILE * PX) * TK_TILE;
	double w = px(p->w) + TK_TILE, h = px(p->h) + TK_TILE;

	colour(cr, tk_style[p->style].ink);
	if (k == TK_PAT_DOT) {
		hatch_dots(cr, x, y, w, h);
		return;
	}
	if (k == TK_PAT_DIAG || k == TK_PAT_CROSS)
		for (double u = x; u < x + w + h; u += TK_TILE)
			hatch_line(cr, u, y, -(h + TK_TILE), h + TK_TILE);
	if (k == TK_PAT_BACK || k == TK_PAT_CROSS)
		for (double u = x - (int)(h / TK_TILE + 1) * TK_TILE; u < x + w; u += TK_TILE)
			hatch_line(cr, u, y, h + TK_TILE, h + TK_TILE);
	for (double v = y + 3; k == TK_PAT_HORZ && v < y + h; v += TK_TILE)
		hatch_line(cr, x, v, w, 0);
	for (double u = x + 3; k == TK_PAT_VERT && u < x + w; u += TK_TILE)
		hatch_line(cr, u, y, 0, h);
	cairo_set_line_width(cr, 1.5);
	cairo_set_dash(cr, NULL, 0, 0);
	cairo_stroke(cr);
}

static void draw_rect(cairo_t *cr, const struct tk_prim *p)
{
	cairo_rectangle(cr, px(p->x), px(p->y), px(p->w), px(p->h));
	if (p->fill != TK_NOCOLOR) {
		colour(cr, p->fill);
		cairo_fill_preserve(cr);
	}
	if (p->style != TK_NOSTYLE && tk_style[p->style].pattern != TK_PAT_SOLID) {
		cairo_save(cr);
		cairo_clip(cr);
		hatch(cr, p);
		cairo_restore(cr);
		cairo_rectangle(cr, px(p->x), px(p->y), px(p->w), px(p->h));
	}
	stroke(cr, p);
}

static void draw_poly(cairo_t *cr, const struct tk_prim *p)
{
	for (size_t i = 0; i < p->npt; i++)
		cairo_line_to(cr, px(p->pt[i].x), px(p->pt[i].y));
	if (p->closed)
		cairo_close_path(cr);
	if (p->fill != TK_NOCOLOR) {
		colour(cr, p->fill);
		cairo_fill_preserve(cr);
	}
	stroke(cr, p);
}

static void draw_text(cairo_t *cr, PangoLayout *l, PangoFontDescription *d, const struct tk_prim *p)
{
	PangoRectangle r;
	double w, base, shift;

	pango_font_description_set_absolute_size(d, px(p->size) * PANGO_SCALE);
	pango_font_description_set_weight(d, p->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_layout_set_font_description(l, d);
	pango_layout_set_text(l, p->text, -1);
	pango_layout_get_extents(l, NULL, &r);
	w = (double)r.width / PANGO_SCALE;
	base = (double)pango_layout_get_baseline(l) / PANGO_SCALE;
	shift = w * (double)p->anchor / 2; /* TK_START 0, TK_MIDDLE 1, TK_END 2 halves */
	colour(cr, p->fill);
	cairo_move_to(cr, px(p->x) - shift, px(p->y) - base);
	pango_cairo_show_layout(cr, l);
}

static void draw_prim(cairo_t *cr, PangoLayout *l, PangoFontDescription *d, const struct tk_prim *p)
{
	cairo_new_path(cr);
	switch (p->kind) {
	case TK_P_RECT:
		draw_rect(cr, p);
		break;
	case TK_P_LINE:
		cairo_move_to(cr, px(p->x), px(p->y));
		cairo_rel_line_to(cr, px(p->w), px(p->h));
		stroke(cr, p);
		break;
	case TK_P_POLY:
		draw_poly(cr, p);
		break;
	case TK_P_TEXT:
		draw_text(cr, l, d, p);
		break;
	case TK_P_GROUP:
	case TK_P_END:
		break;
	}
}

/* Allocates nothing from the arena, whose ceiling would jump over the clean-up. */
static void draw_scene(const struct tk_scene *s, cairo_t *cr)
{
	PangoLayout *l = pango_cairo_create_layout(cr);
	PangoFontDescription *d = pango_font_description_from_string(font);
	cairo_font_options_t *o = cairo_font_options_create();

	/* the same advance widths at every scale */
	cairo_font_options_set_hint_metrics(o, CAIRO_HINT_METRICS_OFF);
	cairo_font_options_set_hint_style(o, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_antialias(o, CAIRO_ANTIALIAS_GRAY);
	pango_cairo_context_set_font_options(pango_layout_get_context(l), o);
	pango_context_set_language(pango_layout_get_context(l),
		pango_language_from_string(s->c->lang == TK_JA ? "ja" : "en"));
	pango_layout_context_changed(l);
	for (size_t i = 0; i < s->n; i++)
		draw_prim(cr, l, d, &s->p[i]);
	cairo_font_options_destroy(o);
	pango_font_description_free(d);
	g_object_unref(l);
}

enum tk_rc tk_scene_draw(const struct tk_scene *s, cairo_t *cr, double x, double y, double scale,
	struct tk_err *e)
{
	cairo_save(cr);
	cairo_translate(cr, x, y);
	cairo_scale(cr, scale, scale);
	draw_scene(s, cr);
	cairo_restore(cr);
	if (cairo_status(cr))
		return tk_fail(e, TK_EINTERNAL, "", N_("The chart could not be drawn: %s."),
			cairo_status_to_string(cairo_status(cr)));
	return TK_OK;
}

enum tk_rc tk_chart_draw(const struct tk_chart *c, struct tk_arena *a, cairo_t *cr, double x,
	double y, double scale, struct tk_err *e)
{
	struct tk_scene *s;
	enum tk_rc rc = tk_scene_build(c, a, &s, e);

	return rc ? rc : tk_scene_draw(s, cr, x, y, scale, e);
}

static cairo_status_t write_png(void *ctx, const unsigned char *data, unsigned n)
{
	struct tk_buf *b = ctx;

	tk_buf_add(b, (const char *)data, n);
	return b->bad ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

enum tk_rc tk_chart_png(const struct tk_chart *c, struct tk_arena *a, double scale,
	struct tk_buf *out, struct tk_err *e)
{
	cairo_surface_t *surface;
	cairo_status_t st;
	struct tk_scene *s;
	enum tk_rc rc = tk_scene_build(c, a, &s, e);
	double w, h;
	cairo_t *cr;

	if (rc)
		return rc;
	w = px(s->w) * scale;
	h = px(s->h) * scale;
	if (!(scale >= 0.1 && w * h <= 64e6 && w <= 30000 && h <= 30000))
		return tk_fail(e, TK_ETOOBIG, "scale",
			N_("The picture would be too large or too small; choose another scale or "
			   "fewer categories."));
	surface =
		cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(w + 0.999), (int)(h + 0.999));
	cr = cairo_create(surface);
	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_paint(cr);
	cairo_scale(cr, scale, scale);
	draw_scene(s, cr);
	st = cairo_status(cr);
	cairo_destroy(cr);
	if (!st)
		st = cairo_surface_write_to_png_stream(surface, write_png, out);
	cairo_surface_destroy(surface);
	if (out->bad)
		return tk_fail(
			e, TK_ETOOBIG, "", N_("The chart is larger than the space kept for it."));
	if (st)
		return tk_fail(e, TK_EINTERNAL, "", N_("The chart could not be drawn: %s."),
			cairo_status_to_string(st));
	return TK_OK;
}
