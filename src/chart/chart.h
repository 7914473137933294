/* chart.h - one chart description, drawn as SVG text, as a PNG, or on any cairo surface (CHT-01,
 * CHT-04, CHT-05).
 *
 * The caller owns the description and every text it points to; nothing is kept after a call.
 * Bars, segments and points are drawn from the exact counts (numerator / denominator); the printed
 * value is the caller's own text, so that figure, table and sentence follow one rounding rule.
 * All writers draw the same scene (scene.h), therefore page, PNG and PDF agree.
 * Pure functions, any thread; what they allocate is in the arena.
 */
#pragma once
#include "base/mem.h"

enum tk_chart_kind {
	TK_CHART_HBAR_GROUPED, /* one bar a series, side by side in each category */
	TK_CHART_STACKED,      /* part to whole: the series of a category share one bar */
	TK_CHART_TREND,	       /* one line a series over the categories (years) */
};

enum tk_chart_axis {
	TK_AXIS_RATE, /* 0 to 100 in steps of 20 */
	TK_AXIS_AUTO, /* round steps; bars start at 0, a trend may start higher and says so */
};

enum { TK_CHART_SERIES_MAX = 8, TK_CHART_CATEGORY_MAX = 200 };

struct tk_chart_value {
	int64_t num, den;  /* den 0: there is no value */
	const char *label; /* printed as it is; required unless den is 0, where NULL prints － */
};

struct tk_chart {
	enum tk_chart_kind kind;
	enum tk_chart_axis axis;
	enum tk_lang lang;
	bool count;	   /* the value is num / den itself, not 100 * num / den */
	bool untitled;	   /* the title is printed elsewhere (a report's caption) */
	int width;	   /* px; 0: 720 */
	const char *id;	   /* prefix of the ids in the SVG: a letter, then letters, digits, - _ */
	const char *title; /* required */
	const char *desc;  /* NULL: written from the values */
	const char *unit;  /* "％", "件"; NULL: none */
	const char *const *series;
	size_t nseries;
	const char *const *category; /* a line feed forces a line break */
	size_t ncategory;
	const struct tk_chart_value *value; /* [category * nseries + series] */
	const char *const *note;	    /* lines under the chart: the base, the source */
	size_t nnote;
};

struct _cairo; /* cairo_t */

/* Size in px at scale 1, rounded up. */
enum tk_rc tk_chart_size(const struct tk_chart *c, struct tk_arena *a, int *ret_w, int *ret_h,
	struct tk_err *e) TK_MUST_USE;
/* One <svg> element without XML declaration: a file of its own, or a part of an HTML page under a
 * Content-Security-Policy that forbids inline style. */
enum tk_rc tk_chart_svg(const struct tk_chart *c, struct tk_arena *a, struct tk_buf *out,
	struct tk_err *e) TK_MUST_USE;
/* The same values as an HTML table, for those who do not see the picture. */
enum tk_rc tk_chart_table(
	const struct tk_chart *c, struct tk_buf *out, struct tk_err *e) TK_MUST_USE;
/* Draws with the upper left corner at x, y of the surface's user space. */
enum tk_rc tk_chart_draw(const struct tk_chart *c, struct tk_arena *a, struct _cairo *cr, double x,
	double y, double scale, struct tk_err *e) TK_MUST_USE;
enum tk_rc tk_chart_png(const struct tk_chart *c, struct tk_arena *a, double scale,
	struct tk_buf *out, struct tk_err *e) TK_MUST_USE;
