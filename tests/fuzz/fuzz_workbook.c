/* Uploaded workbooks of respondents: any file is refused with a sentence, or read and compared with a
 * response; the seal is made to fit, so that what stands behind it is reached.  What was taken is valid:
 * written again and read again nothing changes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/hash.h"
#include "fuzz.h"
#include "form/form_in.h"
#include "survey/answer.h"
#include "workbook/workbook_read.h"

static const unsigned char key[TK_MAC_KEY] = { 7 };

static void quiet(void *ctx, const char *item, const char *text) { (void)ctx, (void)item, (void)text; }

/* The questionnaire of the corpus: every kind, a condition, a constraint. */
static struct tk_form *questionnaire(struct tk_arena *a, struct tk_err *e)
{
	static const struct choice choice[] = {
		{ .list = "yn", .code = "yes", .label_ja = "はい", .label_en = "Yes" },
		{ .list = "yn", .code = "no", .label_ja = "いいえ", .label_en = "No" },
	};
	static const struct form_item item[] = {
		{ .kind = "group", .code = "g", .label_ja = "体制", .label_en = "Organisation" },
		{ .kind = "single", .code = "s", .label_ja = "単一", .list = "yn", .group_code = "g", .not_applicable = true },
		{ .kind = "multi", .code = "m", .label_ja = "複数", .list = "yn", .group_code = "g", .relevant = "${s} = 'yes'" },
		{ .kind = "int", .code = "n", .label_ja = "数", .group_code = "g", .constraint_expr = ". < 100", .dont_know = true },
		{ .kind = "decimal", .code = "d", .label_ja = "小数" }, { .kind = "text", .code = "t", .label_ja = "文" },
		{ .kind = "date", .code = "y", .label_ja = "日" }, { .kind = "time", .code = "h", .label_ja = "時" },
		{ .kind = "rank", .code = "r", .label_ja = "順", .list = "yn" },
	};
	const struct tk_form_rows rows = { .form = { .code = "fuzz", .title_ja = "試験" },
					   .version = { .state = "draft" }, .item = item, .nitem = TK_LEN(item),
					   .choice = choice, .nchoice = TK_LEN(choice) };
	struct tk_form_say say = { .say = quiet };
	struct tk_form *f;

	if (tk_form_compile(a, &rows, &f, &say, e) != TK_OK || say.n)
		abort();
	return f;
}

static struct tk_response begin(const struct tk_form *f, struct tk_arena *a)
{
	struct tk_response r = { .id = 2, .campaign_id = 1, .fiscal_year = 2026, .form = f, .audiences = ~UINT64_C(0), .state = "draft",
				 .name = "標本", .campaign_state = "open" };

	r.answer = tk_alloc_n(a, f->nitem + 1, sizeof(*r.answer));
	r.kept = tk_alloc_n(a, f->nitem + 1, sizeof(*r.kept));
	tk_response_settle(&r, a);
	return r;
}

static void merge(const struct tk_op *op, struct tk_wb_file *file, struct tk_response *r, struct tk_wb_result *res)
{
	struct tk_workbook w = { .r = r, .campaign = "試験", .name = "標本", .lang = TK_EN, .made = 1, .key = key };
	struct tk_wb_decision d = { .take = "s", .keep = "*" };

	if (tk_workbook_merge(op, &w, file, &d, r, res) != TK_OK)
		abort();
	for (size_t i = 0; i < res->rep->nproblem; i++)
		if (!*res->rep->problem[i].message)
			abort();
}

static void again(const struct tk_op *op, struct tk_response *r)
{
	struct tk_workbook w = { .r = r, .campaign = "試験", .name = "標本", .lang = TK_JA, .made = 1, .key = key };
	struct tk_buf b = TK_BUF(64 << 20);
	struct tk_wb_file *file;
	struct tk_wb_result res;

	if (tk_workbook_write(&w, op->mem, tk_out_to_buf, &b, op->e) != TK_OK ||
	    tk_workbook_parse(op->mem, b.p, b.len, "again", &file, op->e) != TK_OK) {
		fprintf(stderr, "not read again: %s\n", op->e->msg);
		abort();
	}
	merge(op, file, r, &res);
	if (res.nchange || res.rep->errors) {
		fprintf(stderr, "not the same again: %s %s\n", res.nchange ? res.change[0].item : "",
			res.rep->nproblem ? res.rep->problem[0].message : "");
		abort();
	}
	tk_buf_drop(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct tk_arena *a = tk_arena_new((size_t)1 << 30);
	struct tk_err e = { .lang = TK_EN };
	struct tk_who who = tk_who_system("fuzz", "fuzz", TK_EN);
	struct tk_op op = { NULL, a, &who, &e };
	char seal[TK_MAC_HEX];
	struct tk_wb_file *file;
	struct tk_wb_result res;
	struct tk_response r;

	tk_hash_init();
	if (n > 1 << 20 || tk_workbook_parse(a, data, n, "fuzz", &file, &e) != TK_OK) {
		tk_arena_free(a);
		return 0;
	}
	r = begin(questionnaire(a, &e), a);
	tk_mac_hex(key, file->ident.sealed.p, file->ident.sealed.len, seal);
	file->ident.seal = seal;
	merge(&op, file, &r, &res);
	if (res.rep->accepted)
		again(&op, &r);
	tk_arena_free(a);
	return 0;
}
