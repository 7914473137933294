/* Questionnaire workbooks: any file is refused with a sentence or becomes rows whose faults can be told,
 * and which written out and read again are the same.  One without faults is begun, answered and seen as
 * a respondent would. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/hash.h"
#include "fuzz.h"
#include "form/xlsform.h"
#include "survey/form_view.h"

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

static void look(const struct tk_response *r, struct tk_arena *a)
{
	struct tk_buf b = TK_BUF(16u << 20);
	struct tk_json j = TK_JSON(&b);

	tk_json_obj(&j);
	tk_view_form(&j, r, NULL, TK_EN, a);
	tk_view_now(&j, r, NULL, TK_EN, a);
	tk_json_end_obj(&j);
	tk_buf_drop(&b);
}

/* Every question gets its first choice or a number; what is found out one by one is what is found out anew. */
static void answer(struct tk_arena *a, const struct tk_form *f)
{
	struct tk_err e = { .lang = TK_EN };
	struct tk_who who = tk_who_system("fuzz", "fuzz", TK_EN);
	struct tk_op op = { NULL, a, &who, &e };
	struct tk_response r = { .form = f, .state = "not_started", .audiences = ~UINT64_C(0) };
	struct tk_seen seen;

	r.answer = tk_alloc_n(a, f->nitem + 1, sizeof(*r.answer));
	r.kept = tk_alloc_n(a, f->nitem + 1, sizeof(*r.kept));
	tk_response_settle(&r, a);
	tk_answer_begin(&op, &r);
	look(&r, a);
	tk_seen_open(&seen, &r, a);
	for (size_t i = 0; i < f->nitem && i < 50; i++) {
		const struct tk_item *it = &f->item[i];
		const char *all = "";

		for (unsigned k = it->noption; it->rank && k-- > 0;)
			all = tk_sprintf(a, "%s%s%s", all, *all ? " " : "", it->option[k].code);
		if (tk_response_set_text(&op, &r, i, it->rank ? all : it->noption ? it->option[0].code : "12") != TK_OK &&
		    !e.msg[0])
			abort();
		tk_seen_change(&seen, &r, i, a);
		tk_seen_settle(&seen, &r, a);
	}
	look(&r, a);
	if (tk_response_accept(&op, &r, NULL) != TK_OK && !e.msg[0])
		abort();
	(void)tk_response_missing(&r, NULL, 0);
	for (size_t i = 0; i < f->nitem; i++) {
		enum tk_answer was = r.answer[i].state;

		tk_response_look(&r, i, seen.slot, a);
		if (was != r.answer[i].state && !f->item[i].calculation)
			abort();
	}
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
	if (tk_form_faults(a, &rows, heard, NULL, &faults, &e) != TK_OK) {
		if (!e.msg[0])
			abort();
	} else if (!faults && rows.nitem < 2000) {
		struct tk_form *f;

		if (tk_form_compile(a, &rows, &f, NULL, &e) != TK_OK)
			abort();
		answer(a, f);
	}
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
