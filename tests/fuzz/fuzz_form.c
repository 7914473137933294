/* Questionnaire workbooks: any file is refused with a sentence or becomes rows whose faults can be told,
 * and which written out and read again are the same. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/hash.h"
#include "fuzz.h"
#include "survey/xlsform.h"

static void heard(void *ctx, const struct tk_form_fault *f)
{
	(void)ctx;
	if (!f->text || !*f->text)
		abort();
}

static void quiet(void *ctx, const char *item, const char *text) { (void)ctx, (void)item, (void)text; }

static const char *digest(struct tk_arena *a, const struct tk_form_rows *rows, struct tk_err *e)
{
	struct tk_form_say say = { .say = quiet };
	struct tk_form *f;

	return tk_form_compile(a, rows, &f, &say, e) == TK_OK ? f->digest : "refused";
}

/* Names the first cell that came back as another one. */
static bool same_rows(const struct tk_rtype *t, const char *x, const char *y, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < t->nfield; k++) {
			struct tk_value a = tk_get(t, x + i * t->size, k), b = tk_get(t, y + i * t->size, k);
			bool place = !strcmp(t->field[k].name, "sheet_row") || !strcmp(t->field[k].name, "problem");

			if (place || (a.type == b.type && a.i == b.i && (a.type != TK_V_TEXT || !strcmp(a.s, b.s))))
				continue;
			fprintf(stderr, "row %zu, %s: \"%s\" came back as \"%s\"\n", i, t->field[k].name,
				a.type == TK_V_TEXT ? a.s : "-", b.type == TK_V_TEXT ? b.s : "-");
			return false;
		}
	return true;
}

static bool same_again(const struct tk_form_rows *x, const struct tk_form_rows *y)
{
	return x->nitem == y->nitem && x->nchoice == y->nchoice &&
	       same_rows(&tk_form_item_type, (const char *)x->item, (const char *)y->item, x->nitem) &&
	       same_rows(&tk_choice_type, (const char *)x->choice, (const char *)y->choice, x->nchoice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct tk_arena *a = tk_arena_new((size_t)1 << 30);
	struct tk_err e = { .lang = TK_EN };
	struct tk_buf out = TK_BUF(64u << 20);
	struct tk_form_rows rows, again;
	size_t faults;

	tk_hash_init();
	if (n > 1 << 20 || tk_xlsform_read_bytes(a, data, n, "fuzz", &rows, &e) != TK_OK) {
		tk_arena_free(a);
		return 0;
	}
	if (tk_form_faults(a, &rows, heard, NULL, &faults, &e) != TK_OK && !e.msg[0])
		abort();
	if (tk_xlsform_write(a, &rows, tk_out_to_buf, &out, &e) == TK_OK) {
		if (tk_xlsform_read_bytes(a, out.p, out.len, "fuzz", &again, &e) != TK_OK || !same_again(&rows, &again) ||
		    strcmp(digest(a, &rows, &e), digest(a, &again, &e)) != 0) {
			fprintf(stderr, "not the same again: %s\n", e.msg);
			abort();
		}
	}
	tk_buf_drop(&out);
	tk_arena_free(a);
	return 0;
}
