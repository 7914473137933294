/* panel_csv.c - prints the demonstration panel: panel_csv institutions | answers [YEAR]. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/hash.h"
#include "demo/panel.h"

int main(int argc, char **argv)
{
	struct tk_arena *a = tk_arena_new(64 << 20);
	struct panel *p = tk_alloc(a, sizeof(*p));
	struct tk_buf b = TK_BUF(16 << 20);
	struct tk_err e = { 0 };
	int year = argc > 2 ? atoi(argv[2]) : 2020;

	if (argc < 2)
		return 2;
	tk_hash_init();
	if (panel_make(p, a, (struct tk_date){ year, 7, 6 }, 33, &e) != TK_OK) {
		fprintf(stderr, "%s: %s\n", e.field, e.msg);
		return 1;
	}
	if (!strcmp(argv[1], "institutions"))
		panel_write_institutions(p, &b);
	else
		panel_write_answers(p, "institution", NULL, &b);
	fwrite(b.p, 1, b.len, stdout);
	tk_buf_drop(&b);
	tk_arena_free(a);
	return 0;
}
