/* scene.h - inside src/chart: the list of primitives that every writer draws.
 *
 * All geometry is in integer 1/100 px (unit "cpx"), x to the right, y down.  A scene lives in the
 * arena it was built in.  Text widths are estimated from East Asian width, on the wide side, so
 * that the layout depends on no font and is the same for every writer.
 */
#pragma once
#include "chart/chart.h"

enum { PX = 100 };
enum { TK_NOCOLOR = -1, TK_NOSTYLE = -1 };

enum tk_pattern {
	TK_PAT_SOLID,
	TK_PAT_DIAG,
	TK_PAT_BACK,
	TK_PAT_CROSS,
	TK_PAT_DOT,
	TK_PAT_HORZ,
	TK_PAT_VERT
};
enum { TK_TILE = 6 }; /* px: side of a pattern's tile, aligned to the scene's origin */

/* Look of a series.  ink: outline, pattern, line; over 4.5 : 1 on white.  */
struct tk_style {
	int32_t fill, ink;
	enum tk_pattern pattern;
};
extern const struct tk_style tk_style[TK_CHART_SERIES_MAX];

enum tk_anchor { TK_START, TK_MIDDLE, TK_END }; /* 0, 1, 2 halves of the width left of x */
enum tk_dash { TK_LINE_SOLID, TK_LINE_DASH, TK_LINE_DOT };
enum tk_prim_kind { TK_P_GROUP, TK_P_END, TK_P_RECT, TK_P_LINE, TK_P_POLY, TK_P_TEXT };

struct tk_pt {
	int x, y;
};

struct tk_prim {
	enum tk_prim_kind kind;
	int x, y, w, h;	      /* rect; line from x, y by w, h; text: baseline at x, y */
	int style;	      /* pattern fill of that series, or TK_NOSTYLE: plain `fill` */
	int32_t fill, stroke; /* 0xRRGGBB or TK_NOCOLOR */
	int stroke_w;
	enum tk_dash dash;
	const struct tk_pt *pt; /* poly */
	size_t npt;
	bool closed;
	const char *text; /* text; class name of a group */
	int size;	  /* font size */
	bool bold;
	enum tk_anchor anchor;
};

struct tk_scene {
	struct tk_arena *a;
	const struct tk_chart *c;
	int w, h;
	struct tk_prim *p;
	size_t n, cap;
};

enum {
	COL_TEXT = 0x1a1a1a,
	COL_MUTED = 0x595959,
	COL_GRID = 0xcccccc,
	COL_WHITE = 0xffffff,
	SIZE_TITLE = 16 * PX,
	SIZE_LABEL = 13 * PX,
	SIZE_VALUE = 12 * PX,
	SIZE_NOTE = 12 * PX,
	MARGIN = 16 * PX,
};

/* Checks the description and lays it out. */
enum tk_rc tk_scene_build(const struct tk_chart *c, struct tk_arena *a, struct tk_scene **ret,
	struct tk_err *e) TK_MUST_USE;
/* A laid-out scene, whatever made it. */
enum tk_rc tk_scene_svg(
	const struct tk_scene *s, struct tk_buf *out, struct tk_err *e) TK_MUST_USE;
enum tk_rc tk_scene_draw(const struct tk_scene *s, struct _cairo *cr, double x, double y,
	double scale, struct tk_err *e) TK_MUST_USE;
enum tk_rc tk_chart_check(const struct tk_chart *c, struct tk_err *e) TK_MUST_USE;

/* for the layout code */
struct tk_prim *tk_scene_add(struct tk_scene *s, enum tk_prim_kind kind);
void tk_scene_group(struct tk_scene *s, const char *name);
void tk_scene_end(struct tk_scene *s);
void tk_scene_box(struct tk_scene *s, int x, int y, int w, int h, int style);
void tk_scene_line(struct tk_scene *s, int x, int y, int w, int h, int32_t colour);
struct tk_prim *tk_scene_text(
	struct tk_scene *s, int x, int y, int size, enum tk_anchor anchor, const char *text);
/* Text on a white plate, so that grid and lines do not cross it. */
struct tk_prim *tk_scene_plate(
	struct tk_scene *s, int x, int y, int size, enum tk_anchor anchor, const char *text);
void tk_scene_mark(struct tk_scene *s, int x, int y, size_t series);
const struct tk_chart_value *tk_chart_at(const struct tk_chart *c, size_t category, size_t series);
const char *tk_chart_text(const struct tk_chart_value *v);

/* plot.c, trend.c: draw from y downwards, return the y below */
struct tk_scale {
	int64_t min, max, step;
	bool count;
	int px;
};
int tk_scale_px(const struct tk_scale *k, int64_t num, int64_t den);
struct tk_scale tk_scale_of(const struct tk_chart *c);
char *tk_tick_text(struct tk_arena *a, int64_t v);
int tk_plot_bars(struct tk_scene *s, int y);
int tk_plot_stack(struct tk_scene *s, int y);
int tk_plot_trend(struct tk_scene *s, int y);

/* wrap.c */
int tk_text_width(const char *s, int size);
struct tk_lines {
	const char **line;
	size_t n;
};
/* Running text: full lines.  A label: few lines, broken where a phrase ends, about evenly long. */
struct tk_lines tk_text_wrap(struct tk_arena *a, const char *s, int size, int width);
struct tk_lines tk_text_label(struct tk_arena *a, const char *s, int size, int width);
/* The narrowest column from min to max in which each label takes at most 2 lines broken well, else
 * the next best, else max. */
int tk_text_column(struct tk_arena *a, const char *const *s, size_t n, int size, int min, int max);
