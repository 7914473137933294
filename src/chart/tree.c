/* tree.c - the lay-out of a hierarchy: one band a level, its boxes in one to three columns. */
#include <string.h>
#include "base/text.h"
#include "chart/scene.h"
#include "chart/tree.h"

enum { PAD = 8 * PX, GAP = 10 * PX, BAND_GAP = 30 * PX, LABEL = 128 * PX, LINE = 18 * PX };

/* Fill of a band's boxes and ink of their edge: light, so that text reads at 7 : 1. */
static const struct { int32_t fill, ink; } look[] = {
	{ 0xffffff, 0x595959 }, { 0xd9e6ff, 0x0017c1 }, { 0xe8f1fe, 0x264af4 },
	{ 0xe6f5ec, 0x197a4b }, { 0xfff4c2, 0x6e5600 },
};

struct box { int x, y, w, h; struct tk_lines text, sub; };

static enum tk_rc check(const struct tk_tree *t, struct tk_err *e)
{
	if (!t->title || !t->nlevel || t->nlevel > TK_TREE_LEVEL_MAX || !t->nnode ||
	    t->nnode > TK_TREE_NODE_MAX)
		return tk_fail(e, TK_EINVAL, "tree", N_("There is nothing to draw."));
	for (size_t i = 0; i < t->nnode; i++) {
		const struct tk_tree_node *n = &t->node[i];

		if (n->level >= t->nlevel || n->parent >= (int)t->nnode ||
		    (n->parent >= 0 && t->node[n->parent].level >= n->level))
			return tk_fail(e, TK_EINVAL, "tree",
				       N_("%s does not stand under something of a higher level."),
				       n->text);
	}
	return TK_OK;
}

static size_t count(const struct tk_tree *t, size_t level)
{
	size_t n = 0;

	for (size_t i = 0; i < t->nnode; i++)
		n += t->node[i].level == level;
	return n;
}

static void rect(struct tk_scene *s, const struct box *b, int32_t fill, int32_t ink, int line)
{
	struct tk_prim *p;

	tk_scene_box(s, b->x, b->y, b->w, b->h, TK_NOSTYLE);
	p = &s->p[s->n - 1];
	p->fill = fill;
	p->stroke = ink;
	p->stroke_w = line;
}

static void put_box(struct tk_scene *s, const struct tk_tree *t, size_t i, struct box *b)
{
	size_t level = t->node[i].level % TK_LEN(look);
	int y = b->y + PAD;

	rect(s, b, look[level].fill, look[level].ink, PX);
	for (size_t k = 0; k < b->text.n; k++, y += LINE)
		tk_scene_text(s, b->x + PAD, y + 13 * PX, SIZE_LABEL, TK_START, b->text.line[k]);
	for (size_t k = 0; k < b->sub.n; k++, y += LINE)
		tk_scene_text(s, b->x + PAD, y + 13 * PX, SIZE_NOTE, TK_START, b->sub.line[k])
			->fill = COL_MUTED;
}

/* The boxes of a band from y down, row by row; the y below. */
static int band(struct tk_scene *s, const struct tk_tree *t, size_t level, int y, struct box *b)
{
	size_t n = count(t, level), columns = n < 3 ? n : s->w < 600 * PX ? 1 : n == 4 ? 2 : 3;
	int left = MARGIN + LABEL, inner = s->w - left - MARGIN - PAD, w, row = 0;
	size_t at = 0;

	if (s->w < 600 * PX)
		columns = 1;
	w = (inner - (int)(columns - 1) * GAP) / (int)columns;
	for (size_t i = 0; i < t->nnode; i++) {
		const struct tk_tree_node *x = &t->node[i];

		if (x->level != level)
			continue;
		if (at && at % columns == 0) {
			y += row + GAP;
			row = 0;
		}
		b[i] = (struct box){ left + (int)(at % columns) * (w + GAP), y, w, 0,
				     tk_text_label(s->a, x->text, SIZE_LABEL, w - 2 * PAD),
				     { 0 } };
		if (x->sub && *x->sub)
			b[i].sub = tk_text_wrap(s->a, x->sub, SIZE_NOTE, w - 2 * PAD);
		b[i].h = 2 * PAD + (int)(b[i].text.n + b[i].sub.n) * LINE - 3 * PX;
		row = b[i].h > row ? b[i].h : row;
		at++;
	}
	return y + row;
}

/* All boxes of a row are as high as the highest. */
static void even(const struct tk_tree *t, struct box *b)
{
	for (size_t i = 0; i < t->nnode; i++)
		for (size_t k = 0; k < t->nnode; k++)
			if (b[i].y == b[k].y && b[k].h > b[i].h)
				b[i].h = b[k].h;
}

static void arrow(struct tk_scene *s, const struct tk_tree *t, int x, int from, int to)
{
	struct tk_pt *pt = tk_alloc_n(s->a, 3, sizeof(*pt));
	struct tk_prim *p;

	tk_scene_line(s, x, from, 0, to - from, COL_MUTED);
	p = tk_scene_add(s, TK_P_POLY);
	pt[0] = (struct tk_pt){ x, to };
	pt[1] = (struct tk_pt){ x - 4 * PX, to + 8 * PX };
	pt[2] = (struct tk_pt){ x + 4 * PX, to + 8 * PX };
	p->pt = pt;
	p->npt = 3;
	p->closed = true;
	p->fill = COL_MUTED;
	if (t->join)
		tk_scene_text(s, x + 10 * PX, (from + to) / 2 + 5 * PX, SIZE_NOTE, TK_START,
			      t->join)->fill = COL_MUTED;
}

static int draw_band(struct tk_scene *s, const struct tk_tree *t, size_t level, int y,
		     struct box *b)
{
	size_t frame = s->n;
	struct tk_lines name = tk_text_label(s->a, t->level[level], SIZE_LABEL, LABEL - 2 * PAD);
	int end, least = 2 * PAD + (int)name.n * LINE;
	struct box all = { MARGIN, y, s->w - 2 * MARGIN, 0, { 0 }, { 0 } };

	rect(s, &all, 0xfafafa, COL_GRID, PX);
	end = band(s, t, level, y + PAD, b) + PAD;
	if (end - y < least)
		end = y + least;
	s->p[frame].h = end - y;
	for (size_t k = 0; k < name.n; k++)
		tk_scene_text(s, MARGIN + PAD, y + PAD + 13 * PX + (int)k * LINE, SIZE_LABEL,
			      TK_START, name.line[k])->bold = true;
	return end;
}

/* The chart only lends its head: language, id, title and description. */
static const struct tk_chart *head(const struct tk_tree *t, struct tk_arena *a)
{
	struct tk_chart *c = tk_alloc(a, sizeof(*c));
	struct tk_buf b = TK_BUF(1 << 16);
	bool ja = t->lang == TK_JA;

	for (size_t l = 0; l < t->nlevel; l++) {
		bool first = true;

		for (size_t i = 0; i < t->nnode; i++) {
			const struct tk_tree_node *n = &t->node[i];

			if (n->level != l)
				continue;
			if (first)
				tk_buf_fmt(&b, "%s%s", t->level[l], ja ? "：" : ": ");
			tk_buf_fmt(&b, "%s%s", first ? "" : ja ? "、" : ", ", n->text);
			first = false;
		}
		if (!first)
			tk_buf_str(&b, ja ? "。" : ". ");
	}
	c->kind = TK_CHART_TREND;       /* no patterns */
	c->lang = t->lang;
	c->id = t->id ? t->id : "tree";
	c->title = t->title;
	c->desc = tk_strdup(a, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return c;
}

static enum tk_rc build(const struct tk_tree *t, struct tk_arena *a, struct tk_scene **ret,
			struct tk_err *e)
{
	struct tk_scene *s = tk_alloc(a, sizeof(*s));
	struct box *b;
	int y = MARGIN, last = 0;
	enum tk_rc rc = check(t, e);

	if (rc)
		return rc;
	b = tk_alloc_n(a, t->nnode, sizeof(*b));
	s->a = a;
	s->c = head(t, a);
	s->w = (t->width ? t->width : 720) * PX;
	tk_scene_box(s, 0, 0, s->w, 0, TK_NOSTYLE);
	tk_scene_group(s, "tree");
	for (size_t l = 0; l < t->nlevel; l++) {
		if (!count(t, l))
			continue;
		if (last) {
			arrow(s, t, s->w / 2, y, last);
		}
		last = y = draw_band(s, t, l, y, b);
		y += BAND_GAP;
	}
	even(t, b);
	for (size_t i = 0; i < t->nnode; i++)
		put_box(s, t, i, &b[i]);
	tk_scene_end(s);
	s->h = (y - BAND_GAP + MARGIN + PX - 1) / PX * PX;
	s->p[0].h = s->h;
	*ret = s;
	return TK_OK;
}

enum tk_rc tk_tree_svg(const struct tk_tree *t, struct tk_arena *a, struct tk_buf *out,
		       struct tk_err *e)
{
	struct tk_scene *s;
	enum tk_rc rc = build(t, a, &s, e);

	return rc ? rc : tk_scene_svg(s, out, e);
}

enum tk_rc tk_tree_size(const struct tk_tree *t, struct tk_arena *a, int *ret_w, int *ret_h,
			struct tk_err *e)
{
	struct tk_scene *s;
	enum tk_rc rc = build(t, a, &s, e);

	if (rc)
		return rc;
	*ret_w = s->w / PX;
	*ret_h = s->h / PX;
	return TK_OK;
}

enum tk_rc tk_tree_draw(const struct tk_tree *t, struct tk_arena *a, struct _cairo *cr, double x,
			double y, double scale, struct tk_err *e)
{
	struct tk_scene *s;
	enum tk_rc rc = build(t, a, &s, e);

	return rc ? rc : tk_scene_draw(s, cr, x, y, scale, e);
}
