/* tree.h - a hierarchy drawn top-down: bands of levels with boxes in them, each joined to what it
 * stands under (CHT-03: documents, organisation).
 *
 * The same scene serves the page (SVG), a PNG and a report's cairo surface, as for charts.  The
 * caller owns every text.  Pure functions, any thread; what they allocate is in the arena.
 */
#pragma once
#include "chart/chart.h"

struct tk_tree_node {
	const char *text;       /* on the box */
	const char *sub;        /* a second, smaller text, or NULL */
	size_t      level;      /* band */
	int         parent;     /* index of a node of a higher band (a smaller number); -1: none */
};
struct tk_tree {
	enum tk_lang lang;
	int         width;      /* px; 0: 720 */
	const char *id;         /* prefix of ids in the SVG */
	const char *title;      /* required */
	const char *const *level; /* names of the bands, from the top */
	size_t      nlevel;
	const char *join;       /* on the arrow between bands ("conforms to"); NULL: none */
	const struct tk_tree_node *node;
	size_t      nnode;
};
enum { TK_TREE_LEVEL_MAX = 8, TK_TREE_NODE_MAX = 500 };

/* One <svg> element with title and a description that says the hierarchy in words. */
enum tk_rc tk_tree_svg(const struct tk_tree *t, struct tk_arena *a, struct tk_buf *out,
		       struct tk_err *e) TK_MUST_USE;
enum tk_rc tk_tree_size(const struct tk_tree *t, struct tk_arena *a, int *ret_w, int *ret_h,
			struct tk_err *e) TK_MUST_USE;
enum tk_rc tk_tree_draw(const struct tk_tree *t, struct tk_arena *a, struct _cairo *cr, double x,
			double y, double scale, struct tk_err *e) TK_MUST_USE;
