#include "base/text.h"
#include "chart/scene.h"

/* 1/100 px as the shortest decimal */
static void put_px(struct tk_buf *b, int v)
{
	int abs = v < 0 ? -v : v;

	tk_buf_fmt(b, "%s%d", v < 0 ? "-" : "", abs / PX);
	if (abs % 10)
		tk_buf_fmt(b, ".%02d", abs % PX);
	else if (abs % PX)
		tk_buf_fmt(b, ".%d", abs % PX / 10);
}

static void put_attr(struct tk_buf *b, const char *name, int v)
{
	tk_buf_fmt(b, " %s=\"", name);
	put_px(b, v);
	tk_buf_chr(b, '"');
}

static void put_colour(struct tk_buf *b, const char *name, int32_t c)
{
	if (c == TK_NOCOLOR)
		tk_buf_fmt(b, " %s=\"none\"", name);
	else
		tk_buf_fmt(b, " %s=\"#%06x\"", name, (unsigned)c);
}

static void put_stroke(struct tk_buf *b, const struct tk_prim *p)
{
	static const char *const dash[] = {NULL, "7 4", "2 4"};

	if (p->stroke == TK_NOCOLOR)
		return;
	put_colour(b, "stroke", p->stroke);
	if (p->stroke_w != PX)
		put_attr(b, "stroke-width", p->stroke_w);
	if (dash[p->dash])
		tk_buf_fmt(b, " stroke-dasharray=\"%s\"", dash[p->dash]);
}

static const char *id_of(const struct tk_chart *c) { return c->id ? c->id : "chart"; }

/* The tile is TK_TILE = 6 px wide; lines run past it so that the joints close. */
static const char *const tile_path[] = {
	[TK_PAT_DIAG] = "M-1 1L1-1M0 6L6 0M5 7L7 5",
	[TK_PAT_BACK] = "M-1 5L1 7M0 0L6 6M5-1L7 1",
	[TK_PAT_CROSS] = "M0 0L6 6M0 6L6 0",
	[TK_PAT_HORZ] = "M0 3H6",
	[TK_PAT_VERT] = "M3 0V6",
};

static void put_pattern(struct tk_buf *b, const char *id, int style)
{
	const struct tk_style *k = &tk_style[style];

	tk_buf_fmt(b,
		"<pattern id=\"%s-p%d\" patternUnits=\"userSpaceOnUse\" width=\"%d\" height=\"%d\">"
		"<rect width=\"%d\" height=\"%d\"",
		id, style, TK_TILE, TK_TILE, TK_TILE, TK_TILE);
	put_colour(b, "fill", k->fill);
	tk_buf_str(b, "/>");
	if (k->pattern == TK_PAT_DOT) {
		tk_buf_str(b, "<circle cx=\"3\" cy=\"3\" r=\"1.5\"");
		put_colour(b, "fill", k->ink);
	} else {
		tk_buf_fmt(b, "<path d=\"%s\" fill=\"none\" stroke-width=\"1.5\"",
			tile_path[k->pattern]);
		put_colour(b, "stroke", k->ink);
	}
	tk_buf_str(b, "/></pattern>");
}

static void put_patterns(struct tk_buf *b, const struct tk_chart *c)
{
	bool any = false;

	for (int i = 0; i < (int)c->nseries && c->kind != TK_CHART_TREND; i++) {
		if (tk_style[i].pattern == TK_PAT_SOLID)
			continue;
		if (!any)
			tk_buf_str(b, "<defs>");
		any = true;
		put_pattern(b, id_of(c), i);
	}
	if (any)
		tk_buf_str(b, "</defs>\n");
}

static void put_rect(struct tk_buf *b, const struct tk_chart *c, const struct tk_prim *p)
{
	tk_buf_str(b, "<rect");
	put_attr(b, "x", p->x);
	put_attr(b, "y", p->y);
	put_attr(b, "width", p->w);
	put_attr(b, "height", p->h);
	if (p->style != TK_NOSTYLE && tk_style[p->style].pattern != TK_PAT_SOLID)
		tk_buf_fmt(b, " fill=\"url(#%s-p%d)\"", id_of(c), p->style);
	else
		put_colour(b, "fill", p->fill);
	put_stroke(b, p);
	tk_buf_str(b, "/>\n");
}

static void put_line(struct tk_buf *b, const struct tk_prim *p)
{
	tk_buf_str(b, "<line");
	put_attr(b, "x1", p->x);
	put_attr(b, "y1", p->y);
	put_attr(b, "x2", p->x + p->w);
	put_attr(b, "y2", p->y + p->h);
	put_stroke(b, p);
	tk_buf_str(b, "/>\n");
}

static void put_poly(struct tk_buf *b, const struct tk_prim *p)
{
	tk_buf_fmt(b, "<%s points=\"", p->closed ? "polygon" : "polyline");
	for (size_t i = 0; i < p->npt; i++) {
		if (i)
			tk_buf_chr(b, ' ');
		put_px(b, p->pt[i].x);
		tk_buf_chr(b, ',');
		put_px(b, p->pt[i].y);
	}
	tk_buf_chr(b, '"');
	put_colour(b, "fill", p->fill);
	put_stroke(b, p);
	tk_buf_str(b, "/>\n");
}

static void put_label(struct tk_buf *b, const struct tk_prim *p)
{
	static const char *const anchor[] = {NULL, "middle", "end"};

	tk_buf_str(b, "<text");
	put_attr(b, "x", p->x);
	put_attr(b, "y", p->y);
	put_attr(b, "font-size", p->size);
	if (anchor[p->anchor])
		tk_buf_fmt(b, " text-anchor=\"%s\"", anchor[p->anchor]);
	if (p->bold)
		tk_buf_str(b, " font-weight=\"bold\"");
	put_colour(b, "fill", p->fill);
	tk_buf_chr(b, '>');
	tk_buf_xml(b, p->text);
	tk_buf_str(b, "</text>\n");
}

static void put_prim(struct tk_buf *b, const struct tk_chart *c, const struct tk_prim *p)
{
	switch (p->kind) {
	case TK_P_GROUP:
		tk_buf_fmt(b, "<g class=\"tk-chart-%s\">\n", p->text);
		break;
	case TK_P_END:
		tk_buf_str(b, "</g>\n");
		break;
	case TK_P_RECT:
		put_rect(b, c, p);
		break;
	case TK_P_LINE:
		put_line(b, p);
		break;
	case TK_P_POLY:
		put_poly(b, p);
		break;
	case TK_P_TEXT:
		put_label(b, p);
		break;
	}
}

/* Without a description of the caller's: what the picture shows, value by value. */
static void put_desc(struct tk_buf *b, const struct tk_chart *c)
{
	bool ja = c->lang == TK_JA;

	if (c->desc) {
		tk_buf_xml(b, c->desc);
		return;
	}
	for (size_t i = 0; i < c->ncategory; i++) {
		tk_buf_str(b, i ? (ja ? "。" : ". ") : "");
		tk_buf_xml(b, c->category[i]);
		for (size_t k = 0; k < c->nseries; k++) {
			const struct tk_chart_value *v = tk_chart_at(c, i, k);
			tk_buf_str(b, k ? (ja ? "、" : ", ") : (ja ? "：" : ": "));
			tk_buf_xml(b, c->series[k]);
			tk_buf_chr(b, ' ');
			tk_buf_xml(b, tk_chart_text(v));
			if (v->den && c->unit)
				tk_buf_xml(b, c->unit);
		}
	}
	tk_buf_str(b, ja ? "。" : ".");
}

enum tk_rc tk_scene_svg(const struct tk_scene *s, struct tk_buf *out, struct tk_err *e)
{
	const struct tk_chart *c = s->c;
	const char *lang = c->lang == TK_JA ? "ja" : "en", *id = id_of(c);

	tk_buf_fmt(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"tk-chart\" width=\"%d\" "
		"height=\"%d\" "
		"viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"%s-title %s-desc\" "
		"lang=\"%s\" "
		"xml:lang=\"%s\" font-family=\"IPAexGothic, 'Noto Sans CJK JP', 'Noto Sans JP', "
		"'Hiragino Sans', 'Yu Gothic', Meiryo, sans-serif\">\n<title id=\"%s-title\">",
		s->w / PX, s->h / PX, s->w / PX, s->h / PX, id, id, lang, lang, id);
	tk_buf_xml(out, c->title);
	tk_buf_fmt(out, "</title>\n<desc id=\"%s-desc\">", id);
	put_desc(out, c);
	tk_buf_str(out, "</desc>\n");
	put_patterns(out, c);
	for (size_t i = 0; i < s->n; i++)
		put_prim(out, c, &s->p[i]);
	tk_buf_str(out, "</svg>\n");
	if (out->bad)
		return tk_fail(
			e, TK_ETOOBIG, "", N_("The chart is larger than the space kept for it."));
	return TK_OK;
}

enum tk_rc tk_chart_svg(
	const struct tk_chart *c, struct tk_arena *a, struct tk_buf *out, struct tk_err *e)
{
	struct tk_scene *s;
	enum tk_rc rc = tk_scene_build(c, a, &s, e);

	return rc ? rc : tk_scene_svg(s, out, e);
}

static void put_cell(struct tk_buf *b, const struct tk_chart *c, const struct tk_chart_value *v)
{
	tk_buf_str(b, "<td>");
	tk_buf_xml(b, tk_chart_text(v));
	if (v->den && !c->count)
		tk_buf_fmt(b, c->lang == TK_JA ? "（%lld/%lld）" : " (%lld/%lld)",
			(long long)v->num, (long long)v->den);
	tk_buf_str(b, "</td>");
}

enum tk_rc tk_chart_table(const struct tk_chart *c, struct tk_buf *out, struct tk_err *e)
{
	enum tk_rc rc = tk_chart_check(c, e);

	if (rc)
		return rc;
	tk_buf_str(out, "<table class=\"tk-chart-table\"><caption>");
	tk_buf_xml(out, c->title);
	if (c->unit && *c->unit) {
		tk_buf_str(out, c->lang == TK_JA ? "（" : " (");
		tk_buf_xml(out, c->unit);
		tk_buf_str(out, c->lang == TK_JA ? "）" : ")");
	}
	tk_buf_str(out, "</caption>\n<thead><tr><td></td>");
	for (size_t k = 0; k < c->nseries; k++) {
		tk_buf_str(out, "<th scope=\"col\">");
		tk_buf_xml(out, c->series[k]);
		tk_buf_str(out, "</th>");
	}
	tk_buf_str(out, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < c->ncategory; i++) {
		tk_buf_str(out, "<tr><th scope=\"row\">");
		tk_buf_xml(out, c->category[i]);
		tk_buf_str(out, "</th>");
		for (size_t k = 0; k < c->nseries; k++)
			put_cell(out, c, tk_chart_at(c, i, k));
		tk_buf_str(out, "</tr>\n");
	}
	tk_buf_str(out, "</tbody></table>\n");
	if (out->bad)
		return tk_fail(
			e, TK_ETOOBIG, "", N_("The chart is larger than the space kept for it."));
	return TK_OK;
}
