/* The drawing of a hierarchy (CHT-03): what is refused, and that every box is there in every writer. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <cairo.h>
#include "chart/tree.h"

static const char *const level[] = { "統一基準", "ポリシー", "手順書" };
static struct tk_tree sample(struct tk_tree_node *v, size_t n)
{
	return (struct tk_tree){ .lang = TK_JA, .title = "文書の位置づけ", .level = level, .nlevel = 3, .node = v, .nnode = n,
				 .join = "準拠" };
}

static int count(const char *s, const char *what)
{
	int n = 0;

	for (; (s = strstr(s, what)); s += strlen(what))
		n++;
	return n;
}

static void every_box_is_drawn(void **state)
{
	struct tk_tree_node v[] = { { "基準", "第4版", 0, -1 }, { "方針 & <対策>", NULL, 1, 0 }, { "手順一", NULL, 2, 1 },
				    { "手順二", "第1版", 2, 1 } };
	struct tk_tree t = sample(v, 4);
	struct tk_arena *a = tk_arena_new(16 << 20);
	struct tk_buf b = TK_BUF(1 << 20);
	struct tk_err e = { .lang = TK_EN };
	const char *desc;
	int w = 0, h = 0, h2 = 0;

	(void)state;
	assert_int_equal(tk_tree_svg(&t, a, &b, &e), TK_OK);
	assert_int_equal(count(b.p, "<svg"), 1);
	assert_int_equal(count(b.p, ">手順一</text>"), 1);
	assert_int_equal(count(b.p, ">手順二</text>"), 1);
	assert_int_equal(count(b.p, ">第1版</text>"), 1);
	assert_int_equal(count(b.p, ">準拠</text>"), 2);                /* an arrow between each two bands */
	assert_int_equal(count(b.p, "<対策>"), 0);                      /* text is text */
	desc = strstr(b.p, "<desc");
	assert_non_null(desc);
	assert_non_null(strstr(desc, "手順書：手順一、手順二。"));
	assert_int_equal(tk_tree_size(&t, a, &w, &h, &e), TK_OK);
	assert_int_equal(w, 720);
	t.nnode = 3;                                                    /* in the same row: as high as before */
	assert_int_equal(tk_tree_size(&t, a, &w, &h2, &e), TK_OK);
	assert_true(h2 <= h && h2 > 100);
	tk_buf_drop(&b);
	tk_arena_free(a);
}

static void what_is_no_hierarchy_is_refused(void **state)
{
	struct tk_tree_node v[] = { { "基準", NULL, 0, -1 }, { "方針", NULL, 1, 0 } };
	struct tk_tree t = sample(v, 0);
	struct tk_arena *a = tk_arena_new(16 << 20);
	struct tk_err e = { .lang = TK_EN };
	int w, h;

	(void)state;
	assert_int_equal(tk_tree_size(&t, a, &w, &h, &e), TK_EINVAL);   /* nothing in it */
	t.nnode = 2;
	assert_int_equal(tk_tree_size(&t, a, &w, &h, &e), TK_OK);
	v[0].parent = 1;                                                /* under what is lower */
	assert_int_equal(tk_tree_size(&t, a, &w, &h, &e), TK_EINVAL);
	v[0].parent = 2;                                                /* under nothing there is */
	assert_int_equal(tk_tree_size(&t, a, &w, &h, &e), TK_EINVAL);
	v[0].parent = -1;
	v[1].level = 3;                                                 /* no such band */
	assert_int_equal(tk_tree_size(&t, a, &w, &h, &e), TK_EINVAL);
	tk_arena_free(a);
}

static void page_and_report_show_the_same(void **state)
{
	struct tk_tree_node v[] = { { "基準", NULL, 0, -1 }, { "方針", NULL, 1, 0 } };
	struct tk_tree t = sample(v, 2);
	struct tk_arena *a = tk_arena_new(16 << 20);
	struct tk_err e = { .lang = TK_EN };
	int w = 0, h = 0;
	cairo_surface_t *s;
	cairo_t *cr;
	const unsigned char *p;
	size_t dark = 0;

	(void)state;
	assert_int_equal(tk_tree_size(&t, a, &w, &h, &e), TK_OK);
	s = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, w, h);
	cr = cairo_create(s);
	assert_int_equal(tk_tree_draw(&t, a, cr, 0, 0, 1, &e), TK_OK);
	cairo_surface_flush(s);
	p = cairo_image_surface_get_data(s);
	for (int i = 0; i < w * h; i++)
		dark += p[i * 4] < 100 && p[i * 4 + 1] < 100;
	assert_true(dark > 200);                                        /* letters and edges */
	cairo_destroy(cr);
	cairo_surface_destroy(s);
	tk_arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_box_is_drawn), cmocka_unit_test(what_is_no_hierarchy_is_refused),
		cmocka_unit_test(page_and_report_show_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
