#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <cairo-pdf.h>
#include <expat.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "chart/scene.h"
#include "chart_sample.h"

static struct tk_arena *arena;

static int setup(void **state)
{
	(void)state;
	arena = tk_arena_new(64 << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	tk_arena_free(arena);
	return 0;
}

/* What a parser sees of an SVG. */
struct seen {
	int elements, style, ids, title;
	char text[4096];
	size_t len;
	bool in_title;
};

static void on_start(void *ctx, const XML_Char *name, const XML_Char **at)
{
	struct seen *s = ctx;

	s->elements++;
	s->style += strcmp(name, "style") == 0 || strcmp(name, "script") == 0;
	s->in_title = strcmp(name, "title") == 0;
	s->title += s->in_title;
	for (; *at; at += 2) {
		s->style += strcmp(at[0], "style") == 0 || strncmp(at[0], "on", 2) == 0;
		s->ids += strcmp(at[0], "id") == 0;
	}
}

static void on_end(void *ctx, const XML_Char *name)
{
	(void)name;
	((struct seen *)ctx)->in_title = false;
}

static void on_text(void *ctx, const XML_Char *t, int n)
{
	struct seen *s = ctx;

	if (s->in_title && s->len + (size_t)n < sizeof(s->text)) {
		memcpy(s->text + s->len, t, (size_t)n);
		s->len += (size_t)n;
	}
}

static struct seen parse(const struct tk_buf *b)
{
	XML_Parser p = XML_ParserCreate("UTF-8");
	struct seen s = {.elements = 0};

	XML_SetUserData(p, &s);
	XML_SetElementHandler(p, on_start, on_end);
	XML_SetCharacterDataHandler(p, on_text);
	if (XML_Parse(p, b->p, (int)b->len, 1) != XML_STATUS_OK)
		fail_msg("not well-formed: %s", XML_ErrorString(XML_GetErrorCode(p)));
	XML_ParserFree(p);
	return s;
}

static struct tk_scene *scene_of(const struct tk_chart *c)
{
	struct tk_err e = {.lang = TK_EN};
	struct tk_scene *s = NULL;

	if (tk_scene_build(c, arena, &s, &e))
		fail_msg("%s", e.msg);
	return s;
}

/* The n-th filled bar of the group "bars", NULL past the end. */
static const struct tk_prim *bar_at(const struct tk_scene *s, size_t n)
{
	bool inside = false;

	for (size_t i = 0; i < s->n; i++) {
		const struct tk_prim *p = &s->p[i];
		if (p->kind == TK_P_GROUP)
			inside = strcmp(p->text, "bars") == 0;
		else if (p->kind == TK_P_END)
			inside = false;
		else if (inside && p->kind == TK_P_RECT && p->style != TK_NOSTYLE && !n--)
			return p;
	}
	return NULL;
}

static size_t count_text(const struct tk_scene *s, const char *text)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += s->p[i].kind == TK_P_TEXT && strcmp(s->p[i].text, text) == 0;
	return n;
}

/* No text leaves the picture and no two texts cover each other. */
static void check_texts(const struct tk_scene *s)
{
	struct {
		int l, r, t, b;
	} box[2048];
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++) {
		const struct tk_prim *p = &s->p[i];
		int w;
		if (p->kind != TK_P_TEXT)
			continue;
		w = tk_text_width(p->text, p->size);
		assert_true(n < TK_LEN(box));
		box[n].l = p->x - w * (int)p->anchor / 2;
		box[n].r = box[n].l + w;
		box[n].t = p->y - p->size * 80 / 100;
		box[n].b = p->y + p->size * 10 / 100;
		if (box[n].l < 0 || box[n].r > s->w || box[n].t < 0 || box[n].b > s->h)
			fail_msg("\"%s\" leaves the picture", p->text);
		for (size_t k = 0; k < n; k++)
			if (box[k].l < box[n].r && box[n].l < box[k].r && box[k].t < box[n].b &&
				box[n].t < box[k].b)
				fail_msg("\"%s\" covers another text", p->text);
		n++;
	}
}

static void svg_is_well_formed_and_strict(void **state)
{
	struct tk_chart c[] = {sample_web_meeting(), sample_self_inspection(), sample_trend()};

	(void)state;
	for (size_t i = 0; i < TK_LEN(c); i++) {
		struct tk_buf b = TK_BUF(1 << 20);
		struct seen s;
		assert_int_equal(tk_chart_svg(&c[i], arena, &b, NULL), TK_OK);
		s = parse(&b);
		assert_int_equal(s.style, 0);
		assert_int_equal(s.title, 1);
		assert_true(s.ids >= 2);
		assert_non_null(strstr(b.p, "role=\"img\""));
		assert_non_null(
			strstr(b.p, tk_sprintf(arena, "aria-labelledby=\"%s-title %s-desc\"",
					    c[i].id, c[i].id)));
		tk_buf_drop(&b);
	}
}

static void texts_are_escaped(void **state)
{
	static const char nasty[] = "</title><script>alert('\"x\"&')</script>\x01";
	const char *series[] = {nasty}, *category[] = {nasty}, *note[] = {nasty};
	struct tk_chart_value v = {1, 2, nasty};
	struct tk_chart c = {.title = nasty,
		.desc = nasty,
		.unit = nasty,
		.series = series,
		.nseries = 1,
		.category = category,
		.ncategory = 1,
		.value = &v,
		.note = note,
		.nnote = 1};
	struct tk_buf b = TK_BUF(1 << 20), t = TK_BUF(1 << 20);
	struct seen s;

	(void)state;
	assert_int_equal(tk_chart_svg(&c, arena, &b, NULL), TK_OK);
	s = parse(&b);
	assert_int_equal(s.style, 0);
	assert_string_equal(s.text, "</title><script>alert('\"x\"&')</script>\xef\xbf\xbd");
	assert_int_equal(tk_chart_table(&c, &t, NULL), TK_OK);
	assert_int_equal(parse(&t).style, 0);
	assert_null(strstr(t.p, "<script"));
	tk_buf_drop(&b);
	tk_buf_drop(&t);
}

static void bars_follow_the_exact_counts(void **state)
{
	struct tk_chart c = sample_web_meeting();
	struct tk_scene *s = scene_of(&c);
	const struct tk_prim *first = bar_at(s, 0);
	double full = (double)first->w * 130 / 64; /* px of 100 % */

	(void)state;
	for (size_t i = 0; i < 12; i++) {
		const struct tk_prim *p = bar_at(s, i);
		assert_non_null(p);
		assert_true(
			fabs(p->w - full * (double)c.value[i].num / (double)c.value[i].den) < 2.5);
		assert_int_equal(p->x, first->x);
	}
	assert_null(bar_at(s, 12));
	/* 44/130 and 70/207 both print 33.8, but their bars differ: 33.846 and 33.816 % */
	assert_true(bar_at(s, 6)->w > bar_at(s, 7)->w);
	assert_int_equal(count_text(s, "33.8"), 3);
	assert_int_equal(count_text(s, "100"), 1);
	check_texts(s);
}

static void stacked_parts_fill_the_whole(void **state)
{
	struct tk_chart c = sample_self_inspection();
	struct tk_scene *s = scene_of(&c);
	const struct tk_prim *whole = bar_at(s, 0), *p;
	int sum = 0;

	(void)state;
	assert_int_equal(whole->style, 1); /* 0 parts are not drawn: the first is 95 to under 100 */
	for (size_t i = 5; i <= 8; i++) {  /* 2 + 2 parts before the four of the total */
		p = bar_at(s, i);
		assert_int_equal(p->x, whole->x + sum);
		sum += p->w;
	}
	assert_int_equal(sum, whole->w);
	assert_int_equal(count_text(s, "1.2"), 2);
	check_texts(s);
}

static void zero_full_and_missing(void **state)
{
	const char *series[] = {"A"}, *category[] = {"零", "全", "無", "秘匿"};
	struct tk_chart_value v[] = {{0, 7, "0.0"}, {7, 7, "100.0"}, {0, 0, NULL}, {0, 0, "x"}};
	struct tk_chart c = {.title = "t",
		.unit = "％",
		.series = series,
		.nseries = 1,
		.category = category,
		.ncategory = 4,
		.value = v};

	(void)state;
	for (int kind = TK_CHART_HBAR_GROUPED; kind <= TK_CHART_TREND; kind++) {
		struct tk_scene *s;
		c.kind = (enum tk_chart_kind)kind;
		s = scene_of(&c);
		check_texts(s);
		assert_int_equal(count_text(s, "－"), 1);
		assert_int_equal(count_text(s, "x"), 1);
		assert_int_equal(count_text(s, "100.0"), 1);
		assert_int_equal(count_text(s, "0.0"), kind == TK_CHART_STACKED ? 0 : 1);
		if (kind == TK_CHART_TREND)
			continue;
		assert_non_null(bar_at(s, 0));
		assert_null(bar_at(s, 1)); /* only the full one is drawn */
	}
}

static void nothing_overlaps(void **state)
{
	static const size_t ncategory[] = {1, 4, 20}, nseries[] = {1, 2, 4, 8};

	(void)state;
	for (int kind = TK_CHART_HBAR_GROUPED; kind <= TK_CHART_TREND; kind++)
		for (size_t i = 0; i < TK_LEN(ncategory); i++)
			for (size_t k = 0; k < TK_LEN(nseries); k++) {
				struct tk_chart c = sample_wide(
					arena, (enum tk_chart_kind)kind, ncategory[i], nseries[k]);
				struct tk_buf b = TK_BUF(4 << 20);
				check_texts(scene_of(&c));
				c.axis = TK_AXIS_AUTO;
				check_texts(scene_of(&c));
				c.width = 480;
				check_texts(scene_of(&c));
				assert_int_equal(tk_chart_svg(&c, arena, &b, NULL), TK_OK);
				parse(&b);
				tk_buf_drop(&b);
			}
}

static void assert_lines(struct tk_lines l, size_t n, const char *const *want)
{
	assert_int_equal(l.n, n);
	for (size_t i = 0; i < n; i++)
		assert_string_equal(l.line[i], want[i]);
}

static void labels_break_where_a_phrase_ends(void **state)
{
	static const char *const a[] = {"会議ごとのパスコードや", "暗証番号の設定"};
	static const char *const b[] = {"課室長", "（51項目）"};
	static const char *const e[] = {"Security training", "for new staff"};
	static const char *const f[] = {"一行目", "", "二行目"};
	static const char *const g[] = {"確認。", "記録"};

	(void)state;
	assert_lines(
		tk_text_label(arena, "会議ごとのパスコードや暗証番号の設定", 1000, 12000), 2, a);
	assert_lines(tk_text_label(arena, "課室長（51項目）", 1000, 7000), 2, b);
	assert_lines(tk_text_label(arena, "Security training for new staff", 1000, 12000), 2, e);
	assert_lines(tk_text_label(arena, "一行目\n\n二行目", 1000, 9000), 3, f);
	assert_lines(tk_text_wrap(arena, "一行目\n\n二行目", 1000, 9000), 3, f);
	assert_lines(tk_text_wrap(arena, "確認。記録", 1000, 3000), 2, g);
	assert_int_equal(tk_text_label(arena, "", 1000, 9000).n, 1);
	assert_int_equal(tk_text_width("漢字ｶﾅ", 1000), 3000);
}

/* Kinsoku, width and completeness at every width, for both ways of breaking. */
static void lines_keep_the_rules(void **state)
{
	static const char text[] = "（注）「Web会議」は、オンライン・ミーティング等をいう（パスコー"
				   "ド、ＰＩＮ等）。10,000件・95％を含む。 supercalifragilistic a";

	(void)state;
	for (int w = 2500; w < 40000; w += 700)
		for (int even = 0; even < 2; even++) {
			struct tk_lines l = even ? tk_text_label(arena, text, 1000, w)
						 : tk_text_wrap(arena, text, 1000, w);
			struct tk_buf all = TK_BUF(4096);
			for (size_t i = 0; i < l.n; i++) {
				uint32_t cp;
				assert_true(tk_utf8_get(l.line[i], &cp) > 0);
				if (w > 12000 &&
					strstr("、。）」・％ー", tk_utf8_head(arena, l.line[i], 1)))
					fail_msg("width %d, even %d: a line begins \"%s\"", w, even,
						l.line[i]);
				assert_true(tk_text_width(l.line[i], 1000) <= w);
				tk_buf_str(&all, l.line[i]);
			}
			assert_string_equal(
				tk_unblank(arena, tk_buf_cstr(&all)), tk_unblank(arena, text));
			tk_buf_drop(&all);
		}
}

static void expect_refusal(const struct tk_chart *c, const char *field, const char *part)
{
	struct tk_err e = {.lang = TK_EN};
	struct tk_buf b = TK_BUF(1 << 20);

	assert_int_equal(tk_chart_svg(c, arena, &b, &e), TK_EINVAL);
	assert_string_equal(e.field, field);
	if (!strstr(e.msg, part))
		fail_msg("unexpected: %s", e.msg);
	assert_int_equal(b.len, 0);
	tk_buf_drop(&b);
}

static void wrong_charts_are_refused(void **state)
{
	struct tk_chart ok = sample_web_meeting(), c = ok;
	struct tk_chart_value v[12];

	(void)state;
	c.nseries = 0;
	expect_refusal(&c, "series", "no series");
	c = ok;
	c.ncategory = 0;
	expect_refusal(&c, "category", "no categories");
	c = ok;
	c.title = " ";
	expect_refusal(&c, "title", "needs a title");
	c = ok;
	c.id = "a\"b";
	expect_refusal(&c, "id", "letter");
	c = ok;
	c.nseries = 9;
	expect_refusal(&c, "series", "at most 8");
	c = ok;
	c.title = "\xff";
	expect_refusal(&c, "title", "UTF-8");
	c = ok;
	memcpy(v, ok.value, sizeof(v));
	c.value = v;
	v[3].label = NULL;
	expect_refusal(&c, "value", "printed text");
	v[3] = (struct tk_chart_value){208, 207, "100.5"};
	expect_refusal(&c, "value", "over 100");
	v[3].num = -1;
	expect_refusal(&c, "value", "negative");
	c.kind = TK_CHART_STACKED;
	v[3].num = 1;
	expect_refusal(&c, "value", "different denominators");
}

static void axes(void **state)
{
	struct tk_chart c = sample_trend();
	struct tk_chart_value one = {123456, 1, "123,456"};
	struct tk_scale k = tk_scale_of(&c);

	(void)state;
	assert_int_equal(k.min, 85);
	assert_int_equal(k.max, 100);
	assert_int_equal(k.step, 5);
	assert_int_equal(count_text(scene_of(&c),
				 tk_tr(c.lang, "Note: the vertical axis does not start at 0.")),
		1);
	c.axis = TK_AXIS_RATE;
	assert_int_equal(tk_scale_of(&c).min, 0);
	c = sample_web_meeting();
	c.axis = TK_AXIS_AUTO;
	assert_int_equal(tk_scale_of(&c).min, 0); /* a bar begins at 0 */
	assert_int_equal(tk_scale_of(&c).max, 80);
	c.count = true;
	c.nseries = c.ncategory = 1;
	c.value = &one;
	assert_int_equal(tk_scale_of(&c).max, 150000);
	assert_string_equal(tk_tick_text(arena, 150000), "150,000");
	one.num = 1000000000000;
	check_texts(scene_of(&c));
	one = (struct tk_chart_value){0, 1, "0"};
	check_texts(scene_of(&c));
}

static double luminance(int32_t c)
{
	double sum = 0, f, weight[3] = {0.0722, 0.7152, 0.2126};

	for (int i = 0; i < 3; i++, c >>= 8) {
		f = (double)(c & 255) / 255;
		sum += weight[i] * (f <= 0.03928 ? f / 12.92 : pow((f + 0.055) / 1.055, 2.4));
	}
	return sum;
}

static void colours_have_contrast(void **state)
{
	(void)state;
	for (size_t i = 0; i < TK_CHART_SERIES_MAX; i++) {
		assert_true(1.05 / (luminance(tk_style[i].ink) + 0.05) >= 4.5);
		if (tk_style[i].pattern != TK_PAT_SOLID) /* the pattern shows on its own ground */
			assert_true((luminance(tk_style[i].fill) + 0.05) /
					    (luminance(tk_style[i].ink) + 0.05) >=
				    3);
		for (size_t k = 0; k < i; k++) /* in grey: another pattern or another grey */
			assert_true(tk_style[i].pattern != tk_style[k].pattern ||
				    (luminance(tk_style[i].ink) + 0.05) /
						    (luminance(tk_style[k].ink) + 0.05) >=
					    1.8);
	}
}

static void table_has_every_value(void **state)
{
	struct tk_chart c = sample_web_meeting();
	struct tk_buf b = TK_BUF(1 << 20);

	(void)state;
	assert_int_equal(tk_chart_table(&c, &b, NULL), TK_OK);
	assert_null(strstr(b.p, "style="));
	assert_non_null(strstr(
		b.p, "<th scope=\"row\">その他</th><td>9.2（12/130）</td><td>17.4（36/207）</td>"));
	parse(&b);
	tk_buf_drop(&b);
}

static void png_and_pdf_are_drawn(void **state)
{
	struct tk_chart c = sample_web_meeting();
	struct tk_buf b = TK_BUF(8 << 20), small = TK_BUF(100);
	struct tk_err e = {.lang = TK_EN};
	cairo_surface_t *pdf = cairo_pdf_surface_create(NULL, 595, 842);
	cairo_t *cr = cairo_create(pdf);
	int w, h;

	(void)state;
	assert_int_equal(tk_chart_size(&c, arena, &w, &h, &e), TK_OK);
	assert_int_equal(tk_chart_png(&c, arena, 2, &b, &e), TK_OK);
	assert_true(b.len > 10000);
	assert_memory_equal(b.p, "\x89PNG\r\n\x1a\n", 8);
	assert_int_equal((unsigned char)b.p[18] << 8 | (unsigned char)b.p[19], 2 * w);
	assert_int_equal((unsigned char)b.p[22] << 8 | (unsigned char)b.p[23], 2 * h);
	assert_int_equal(tk_chart_png(&c, arena, 2, &small, &e), TK_ETOOBIG);
	assert_int_equal(tk_chart_png(&c, arena, 1000, &b, &e), TK_ETOOBIG);
	assert_int_equal(tk_chart_png(&c, arena, (double)NAN, &b, &e), TK_ETOOBIG);
	assert_int_equal(tk_chart_draw(&c, arena, cr, 50, 60, 0.66, &e), TK_OK);
	cairo_destroy(cr);
	cairo_surface_destroy(pdf);
	tk_buf_drop(&b);
	tk_buf_drop(&small);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest t[] = {
		T(svg_is_well_formed_and_strict),
		T(texts_are_escaped),
		T(bars_follow_the_exact_counts),
		T(stacked_parts_fill_the_whole),
		T(zero_full_and_missing),
		T(nothing_overlaps),
		T(labels_break_where_a_phrase_ends),
		T(lines_keep_the_rules),
		T(wrong_charts_are_refused),
		T(axes),
		T(colours_have_contrast),
		T(table_has_every_value),
		T(png_and_pdf_are_drawn),
	};

	return cmocka_run_group_tests(t, NULL, NULL);
}
