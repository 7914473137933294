/* Writes the sample charts as SVG and PNG into a folder, to be looked at. */
#include <stdio.h>
#include <stdlib.h>
#include "chart_sample.h"

static void put(const char *dir, const char *name, const char *ext, struct tk_buf *b)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s.%s", dir, name, ext);
	f = fopen(path, "wb");
	if (!f || fwrite(b->p, 1, b->len, f) != b->len || fclose(f)) {
		perror(path);
		exit(1);
	}
	tk_buf_drop(b);
}

static void draw(const char *dir, const char *name, struct tk_chart c)
{
	struct tk_arena *a = tk_arena_new(64 << 20);
	struct tk_buf svg = TK_BUF(8 << 20), png = TK_BUF(32 << 20);
	struct tk_err e = {.lang = TK_EN};

	c.id = name;
	if (tk_chart_svg(&c, a, &svg, &e) || tk_chart_png(&c, a, 1.5, &png, &e)) {
		fprintf(stderr, "%s: %s\n", name, e.msg);
		exit(1);
	}
	put(dir, name, "svg", &svg);
	put(dir, name, "png", &png);
	tk_arena_free(a);
}

int main(int argc, char **argv)
{
	struct tk_arena *a = tk_arena_new(64 << 20);
	struct tk_chart narrow = sample_web_meeting();

	if (argc != 2) {
		fputs("usage: chart_draw FOLDER\n", stderr);
		return 2;
	}
	narrow.width = 340;
	draw(argv[1], "bars", sample_web_meeting());
	draw(argv[1], "narrow", narrow);
	draw(argv[1], "stacked", sample_self_inspection());
	draw(argv[1], "trend", sample_trend());
	draw(argv[1], "wide-bars", sample_wide(a, TK_CHART_HBAR_GROUPED, 20, 8));
	draw(argv[1], "wide-stacked", sample_wide(a, TK_CHART_STACKED, 20, 8));
	draw(argv[1], "wide-trend", sample_wide(a, TK_CHART_TREND, 12, 4));
	tk_arena_free(a);
	return 0;
}
