/* Request bodies: any bytes are refused with a sentence or become answers that pack, unpack and print
 * again as the same; and a record from JSON is refused or valid. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "fuzz.h"
#include "base/hash.h"
#include "form/form_in.h"
#include "org/org.h"
#include "survey/answer.h"

static struct form_item item[8];
static struct choice option[3];
static struct tk_form *form;

static void add_item(size_t i, const char *kind, const char *code, const char *relevant)
{
	const struct tk_rtype *t = &tk_form_item_type;

	tk_set_by(t, &item[i], "kind", TK_S(kind));
	tk_set_by(t, &item[i], "code", TK_S(code));
	tk_set_by(t, &item[i], "label_ja", TK_S(code));
	tk_set_by(t, &item[i], "list", TK_S("yn"));
	tk_set_by(t, &item[i], "relevant", TK_S(relevant));
	tk_set_by(t, &item[i], "not_applicable", TK_I(1));
	tk_set_by(t, &item[i], "dont_know", TK_I(i % 2));
}

/* One item of every kind, two of them behind conditions. */
static void make_form(void)
{
	static const char *const kind[] = { "single", "multi", "int", "decimal", "text", "date", "single", "text" };
	static const char *const code[] = { "a", "b", "c", "d", "e", "f", "g", "h" };
	static const char *const choice[] = { "done", "partly", "not_done" };
	static struct tk_arena *a;      /* of the process: static, so that it is no leak */
	struct tk_form_rows rows = { .item = item, .nitem = TK_LEN(item), .choice = option, .nchoice = TK_LEN(option) };
	struct tk_err e = { .lang = TK_EN };

	a = tk_arena_new(64 << 20);
	for (size_t i = 0; i < TK_LEN(item); i++)
		add_item(i, kind[i], code[i], i == 6 ? "${a} = 'done'" : i == 7 ? "selected(${b}, 'partly') and ${g} != ''" : NULL);
	for (size_t i = 0; i < TK_LEN(option); i++) {
		tk_set_by(&tk_choice_type, &option[i], "list", TK_S("yn"));
		tk_set_by(&tk_choice_type, &option[i], "code", TK_S(choice[i]));
		tk_set_by(&tk_choice_type, &option[i], "label_ja", TK_S(choice[i]));
	}
	rows.form.code = "fuzz";
	rows.form.title_ja = "fuzz";
	rows.version.state = "published";
	if (tk_form_compile(a, &rows, &form, NULL, &e) != TK_OK) {
		fprintf(stderr, "%s: %s\n", e.field, e.msg);
		abort();
	}
}

static struct tk_response blank(struct tk_arena *a)
{
	struct tk_response r = { .form = form, .state = "draft", .audiences = ~UINT64_C(0) };

	r.answer = tk_alloc_n(a, form->nitem + 1, sizeof(*r.answer));
	r.kept = tk_alloc_n(a, form->nitem + 1, sizeof(*r.kept));
	tk_response_settle(&r, a);
	return r;
}

static void print(const struct tk_response *r, struct tk_buf *b)
{
	struct tk_json j = TK_JSON(b);

	tk_response_json(&j, r, NULL, NULL);
}

/* What was accepted survives being stored. */
static void round_trip(const struct tk_op *op, const struct tk_response *r)
{
	struct tk_buf side = TK_BUF(8 << 20), x = TK_BUF(8 << 20), y = TK_BUF(8 << 20);
	const uint8_t *blob = tk_response_pack(r, op->mem);
	bool any = tk_answer_side(r, &side);
	struct tk_response again = blank(op->mem);

	if (tk_answer_unpack(op, &again, blob, form->layout->size, any ? side.p : NULL) != TK_OK)
		abort();
	tk_response_settle(&again, op->mem);
	print(r, &x);
	print(&again, &y);
	if (strcmp(tk_buf_cstr(&x), tk_buf_cstr(&y)) != 0)
		abort();
	tk_buf_drop(&side);
	tk_buf_drop(&x);
	tk_buf_drop(&y);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct tk_arena *a = tk_arena_new(512u << 20);
	struct tk_err e = { .lang = TK_EN };
	struct tk_who who = tk_who_system("fuzz", "fuzz", TK_EN);
	struct tk_op op = { NULL, a, &who, &e };
	struct tk_staff staff = { 0 };
	struct tk_response r;
	cJSON *o = NULL;

	if (!form) {
		tk_hash_init();
		make_form();
	}
	r = blank(a);
	if (n <= 1 << 20 && tk_json_parse(a, tk_strndup(a, (const char *)data, n), n, &o, &e) == TK_OK) {
		if (tk_response_apply(&op, &r, o) == TK_OK)
			round_trip(&op, &r);
		else if (!e.msg[0])
			abort();
		if (tk_rec_from_json(&op, &tk_staff, o, &staff) == TK_OK)
			(void)!tk_validate(&tk_staff, &staff, &e);
	} else if (n <= 1 << 20 && !e.msg[0]) {
		abort();
	}
	tk_arena_free(a);
	return 0;
}
