/* A respondent's workbook (issue 3, part 4): the round trip, files as people and programs change them,
 * both sides changed, an older questionnaire, whose it is, and the routes. */
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>
#include "base/hash.h"
#include "book.h"
#include "sheet/sheet.h"
#include "survey/answer.h"
#include "workbook/workbook.h"

static const char *const form[] = {
	"choice yn yes|label_ja=はい|label_en=Yes", "choice yn no|label_ja=いいえ|label_en=No",
	"choice dev pc|label_ja=会社貸与端末|label_en=Company device", "choice dev own|label_ja=私用端末|label_en=Own device",
	"choice twin a|label_ja=その他|label_en=Other", "choice twin b|label_ja=その他|label_en=Other",
	"group one|label_ja=体制: [1]/2|label_en=Organisation",
	"single tele|list=yn|required=1|group_code=one", "int staff|group_code=one|min_value=0|dont_know=1|constraint_expr=. != 13|constraint_en=Not thirteen.",
	"date since|group_code=one|relevant=${tele} = 'yes'",
	"group two|label_ja=対策|label_en=Measures|relevant=${tele} = 'yes'",
	"multi dev|list=dev|group_code=two|not_applicable=1", "text rule|group_code=two|relevant=selected(${dev}, 'own')",
	"decimal share|group_code=two|relevant=regex(${rule}, 'x')", "single twin|list=twin|group_code=two",
	"text heads|audience=division_head|group_code=one", NULL,
};

static const unsigned char key[TK_MAC_KEY] = { 1, 2, 3 };

static struct tk_workbook book_of(const struct tk_response *r, enum tk_lang lang)
{
	return (struct tk_workbook){ .r = r, .campaign = "調査 & <試験>", .name = r->name, .place = r->division, .lang = lang,
				     .made = 1800000000, .key = key };
}

static struct file write_book(struct office *o, const struct tk_workbook *w)
{
	struct tk_buf b = TK_BUF(16 << 20);
	struct file f;

	OK(o->t, tk_workbook_write(w, o->t->mem, tk_out_to_buf, &b, &o->t->e));
	f = (struct file){ tk_strndup(o->t->mem, b.p, b.len), b.len };
	tk_buf_drop(&b);
	return f;
}

static struct file export(struct office *o, const struct tk_response *r, enum tk_lang lang)
{
	struct tk_workbook w = book_of(r, lang);

	return write_book(o, &w);
}


static struct tk_wb_result merge_as(struct office *o, struct file f, struct tk_response *r, struct tk_workbook w,
				    struct tk_wb_decision d)
{
	struct tk_wb_file *file;
	struct tk_wb_result res;

	w.r = r;
	OK(o->t, tk_workbook_parse(o->t->mem, f.p, f.n, "x.xlsx", &file, &o->t->e));
	OK(o->t, tk_workbook_merge(&o->op, &w, file, &d, r, &res));
	return res;
}

static struct tk_wb_result merge(struct office *o, struct file f, struct tk_response *r)
{
	return merge_as(o, f, r, book_of(r, TK_EN), (struct tk_wb_decision){ 0 });
}

/* "SHEET!CELL message" of every problem, a line each. */
static const char *problems(struct office *o, const struct tk_wb_result *res)
{
	const char *all = "";

	for (size_t i = 0; i < res->rep->nproblem; i++) {
		const struct tk_problem *p = &res->rep->problem[i];
		char cell[TK_CELL_NAME] = "";

		if (p->row && p->col >= 0)
			tk_cell_name((uint32_t)p->col, p->row, cell);
		all = tk_sprintf(o->t->mem, "%s%s!%s %s\n", all, p->sheet ? p->sheet : "", p->cell ? p->cell : cell, p->message);
	}
	return all;
}
#define SAID(res, s) do { const char *x_ = problems(&o, &(res)); if (!strstr(x_, (s))) fail_msg("%s is not in %s", (s), x_); } while (0)
#define QUIET(x) do { struct tk_wb_result q_ = (x); assert_string_equal(problems(&o, &q_), ""); } while (0)

#define BEGIN(name) \
	OFFICE(state); \
	struct campaign c; \
	struct tk_response r; \
	struct tk_wb_result res = { 0 }; \
	office_form(&o, name, form); \
	c = office_open(&o, name); \
	r = response_of(&o, &c, "102"); \
	(void)res

#define ALL "{\"tele\":{\"value\":\"yes\",\"comment\":\"一部\"},\"staff\":{\"value\":\"1200\"},\"since\":{\"value\":\"2020-04-01\"}," \
	"\"dev\":{\"value\":[\"pc\",\"own\"]},\"rule\":{\"value\":\"=1+1\\n x\"},\"share\":{\"value\":\"1.50\"},\"twin\":{\"value\":\"b\"}}"

static void test_nothing_changed(void **state)
{
	BEGIN("same");
	for (int all = 0; all < 2; all++) {
		if (all)
			OK(t, apply(&o, &r, ALL));
		for (enum tk_lang l = TK_JA; l <= TK_EN; l++) {
			struct file f = export(&o, &r, l);

			res = merge(&o, f, &r);
			QUIET(res);
			assert_int_equal(res.nchange, 0);
			assert_int_equal(res.rep->count[TK_REP_UNCHANGED], 7);
			res = merge(&o, changed(&o, f, NULL, SHUFFLED), &r);
			QUIET(res);
			assert_int_equal(res.nchange, 0);
			assert_int_equal(res.rep->count[TK_REP_UNCHANGED], 7);
		}
	}
	/* what is kept apart stands in its cell and comes back as it was */
	OK(t, apply(&o, &r, "{\"tele\":{\"value\":\"no\"}}"));
	res = merge(&o, export(&o, &r, TK_JA), &r);
	QUIET(res);
	assert_int_equal(res.nchange, 0);
	OK(t, apply(&o, &r, "{\"tele\":{\"value\":\"yes\"},\"dev\":{\"state\":\"not_applicable\"}}"));
	res = merge(&o, export(&o, &r, TK_EN), &r);
	assert_int_equal(res.nchange, 0);
}

static void test_filled_in(void **state)
{
	BEGIN("filled");
	struct file f = export(&o, &r, TK_JA);
	const struct edit in[] = {
		{ "tele", "answer", " ＹＥＳ　" }, { "tele", "comment", "一部\r\nだけ " }, { "staff", "answer", "１，２００" },
		{ "since", "answer", "令和2年4月1日" }, { "dev/own", "answer", "レ" }, { "dev/pc", "answer", "-" },
		{ "rule", "answer", "該当なし" }, { "twin", "answer", "その他 [b]" }, { 0 },
	};
	const char *want = "\"tele\":{\"state\":\"value\",\"value\":\"yes\",\"comment\":\"一部\\nだけ\"},"
			   "\"staff\":{\"state\":\"value\",\"value\":\"1200\",\"comment\":null},"
			   "\"since\":{\"state\":\"value\",\"value\":\"2020-04-01\",\"comment\":null},"
			   "\"dev\":{\"state\":\"value\",\"value\":[\"own\"],\"comment\":null},"
			   "\"rule\":{\"state\":\"value\",\"value\":\"該当なし\",\"comment\":null},"
			   "\"twin\":{\"state\":\"value\",\"value\":\"b\",\"comment\":null}";

	for (unsigned flags = 0; flags <= SHUFFLED; flags++) {
		r = response_of(&o, &c, "102");
		res = merge(&o, changed(&o, f, in, flags), &r);
		QUIET(res);
		assert_int_equal(res.ntaken, 6);
		if (!strstr(answers(&o, &r), want))
			fail_msg("%s", answers(&o, &r));
	}
	/* empty cells take an answer back */
	f = export(&o, &r, TK_EN);
	res = merge(&o, CHANGED(f, { "staff", "answer", "" }, { "dev/own", "answer", "" }, { "tele", "comment", "  " }), &r);
	assert_int_equal(res.ntaken, 4 - 1);
	assert_non_null(strstr(answers(&o, &r), "\"staff\":{\"state\":\"no_answer\""));
	assert_non_null(strstr(answers(&o, &r), "\"tele\":{\"state\":\"value\",\"value\":\"yes\",\"comment\":null}"));
	f = export(&o, &r, TK_EN);
	/* states by their words, in either language, only where they are offered */
	res = merge(&o, CHANGED(f, { "staff", "answer", "わからない" }, { "dev/own", "answer", "" }, { "dev/#na", "answer", "○" }), &r);
	QUIET(res);
	assert_non_null(strstr(answers(&o, &r), "\"staff\":{\"state\":\"dont_know\""));
	assert_non_null(strstr(answers(&o, &r), "\"dev\":{\"state\":\"not_applicable\""));
	res = merge(&o, CHANGED(f, { "staff", "answer", "該当なし" }), &r);
	SAID(res, "staff: \"該当なし\" is not a whole number.");
	res = merge(&o, CHANGED(f, { "twin", "answer", "その他" }), &r);
	SAID(res, "twin: there is no choice \"その他\"");
}

static void test_problems(void **state)
{
	BEGIN("problems");
	struct file f = export(&o, &r, TK_EN);

	res = merge(&o, CHANGED(f, { "tele", "answer", "perhaps" }, { "staff", "formula", "" }, { "dev/own", "answer", "x" },
				{ "since", "answer", "2021-02-30" }), &r);
	assert_false(res.rep->accepted);
	SAID(res, "1 Organisation!D4 tele: there is no choice \"perhaps\"");
	SAID(res, "1 Organisation!D5 staff: the cell holds a formula");
	SAID(res, "1 Organisation!D6 since: \"2021-02-30\" is not a day that exists");
	SAID(res, "2 Measures!D6 dev: \"x\" is no mark");
	res = merge(&o, CHANGED(f, { "dev/own", "answer", "○" }, { "dev/#na", "answer", "○" }), &r);
	SAID(res, "2 Measures!D7 dev: a choice and \"Not applicable\" cannot both be marked.");
	r = response_of(&o, &c, "102");
	QUIET(merge(&o, f, &r));
	res = merge(&o, CHANGED(f, { "staff", "answer", "13" }, { "tele", "answer", "Yes" }), &r);
	assert_false(res.rep->accepted);
	SAID(res, "1 Organisation!D5 staff: Not thirteen.");
	/* answered although it is not asked: kept apart, and said */
	r = response_of(&o, &c, "102");
	res = merge(&o, CHANGED(f, { "rule", "answer", "何か" }), &r);
	SAID(res, "2 Measures!D8 rule is not asked after the other answers.");
	assert_true(res.rep->accepted);
	assert_true(res.change[0].shut);
	assert_int_equal(r.answer[tk_form_item_index(r.form, "rule")].state, TK_ANSWER_NOT_ASKED);
	assert_string_equal(r.kept[tk_form_item_index(r.form, "rule")].text, "何か");
	/* rows */
	r = response_of(&o, &c, "102");
	OK(t, apply(&o, &r, ALL));
	f = export(&o, &r, TK_EN);
	res = merge(&o, CHANGED(f, { "staff", "drop", "" }, { "dev/pc", "drop", "" }, { "since", "twice", "2020-04-01" },
				{ "rule", "code", "rulle" }), &r);
	assert_true(res.rep->accepted);
	assert_int_equal(res.nchange, 0);
	SAID(res, "The row of staff is missing; what is on the server stays.");
	SAID(res, "The row of rule is missing");
	SAID(res, "There is no question \"rulle\"; the row is not taken.");
	SAID(res, "The code since stands in 1 Organisation!D5 already, with the same answer.");
	res = merge(&o, CHANGED(f, { "since", "twice", "2020-04-02" }), &r);
	assert_false(res.rep->accepted);
	SAID(res, "1 Organisation!D7 The code since stands in 1 Organisation!D6 already, with another answer.");
	res = merge(&o, changed(&o, f, NULL, NO_HEADINGS), &r);
	assert_false(res.rep->accepted);
	SAID(res, "1 Organisation! The sheet 1 Organisation has lost its row of headings.");
}

static void test_both_sides(void **state)
{
	BEGIN("both");
	struct file f = export(&o, &r, TK_EN), mine = CHANGED(f, { "tele", "answer", "No" }, { "staff", "answer", "5" });
	struct tk_wb_decision take = { .take = "staff,tele" }, keep = { .keep = "*" };

	/* changed there only: stays; the same on both sides: nothing to decide */
	OK(t, apply(&o, &r, "{\"twin\":{\"value\":\"a\"},\"staff\":{\"value\":\"5\"}}"));
	res = merge(&o, mine, &r);
	assert_int_equal(res.nchange, 0 + 1);
	assert_int_equal(res.nconflict, 0);
	assert_string_equal(res.change[0].item, "tele");
	r = response_of(&o, &c, "102");
	OK(t, apply(&o, &r, "{\"tele\":{\"value\":\"yes\",\"comment\":\"here\"},\"twin\":{\"value\":\"a\"}}"));
	res = merge(&o, mine, &r);
	assert_int_equal(res.nconflict, 1);
	assert_int_equal(res.nundecided, 1);
	assert_true(res.rep->accepted);
	assert_string_equal(res.change[0].server, "Yes");
	assert_string_equal(res.change[0].file, "No");
	assert_non_null(strstr(answers(&o, &r), "\"tele\":{\"state\":\"value\",\"value\":\"yes\",\"comment\":\"here\"}"));
	assert_non_null(strstr(answers(&o, &r), "\"staff\":{\"state\":\"value\",\"value\":\"5\""));
	res = merge_as(&o, mine, &r, book_of(&r, TK_EN), keep);
	assert_int_equal(res.nundecided, 0);
	assert_non_null(strstr(answers(&o, &r), "\"tele\":{\"state\":\"value\",\"value\":\"yes\""));
	res = merge_as(&o, mine, &r, book_of(&r, TK_EN), take);
	assert_int_equal(res.nundecided, 0);
	assert_true(res.change[0].taken);
	/* the comment that only the server has is not touched */
	assert_non_null(strstr(answers(&o, &r), "\"tele\":{\"state\":\"value\",\"value\":\"no\",\"comment\":\"here\"}"));
	assert_int_equal(r.answer[tk_form_item_index(r.form, "dev")].state, TK_ANSWER_NOT_ASKED);
}

static void test_whose(void **state)
{
	BEGIN("whose");
	struct tk_response other = response_of(&o, &c, "103"), next;
	const unsigned char other_key[TK_MAC_KEY] = { 1, 2, 4 };
	struct tk_workbook w = book_of(&r, TK_EN);
	struct file f = export(&o, &r, TK_EN);
	struct campaign d;

#define REFUSED(file, who, why) do { \
	res = merge(&o, (file), (who)); assert_false(res.rep->accepted); assert_int_equal(res.nchange, 0); SAID(res, (why)); } while (0)
	REFUSED(f, &other, "_tenken! This workbook was made for 標本 二号, not for 標本 三号.");
	d = office_open(&o, "whose-next");
	next = response_of(&o, &d, "102");
	REFUSED(f, &next, "This is the workbook of \"調査 & <試験>\" (FY");
	REFUSED(CHANGED(f, { "respondent", "ident", "標本 三号" }), &r, "was changed, or it was made by another installation");
	REFUSED(CHANGED(f, { "tele", "ident", "0123" }), &r, "was changed");
	REFUSED(CHANGED(f, { "layout", "lose", "" }), &r, "another version of the program");
	REFUSED(CHANGED(f, { "seal", "lose", "" }), &r, "was changed");
	REFUSED(changed(&o, f, NULL, NO_IDENTITY), &r, "is missing");
	w.key = other_key;
	res = merge_as(&o, f, &r, w, (struct tk_wb_decision){ 0 });
	SAID(res, "another installation");
	w.key = NULL;
	res = merge_as(&o, f, &r, w, (struct tk_wb_decision){ 0 });
	SAID(res, "another installation");
}

static void test_older_questionnaire(void **state)
{
	BEGIN("older");
	static const char *const newer[] = {
		"choice yn yes|label_ja=はい|label_en=Yes", "choice yn no|label_ja=いいえ|label_en=No",
		"choice dev pc|label_ja=会社貸与端末|label_en=Company device", "choice dev tab|label_ja=タブレット|label_en=Tablet",
		"group one|label_ja=体制: [1]/2|label_en=Organisation",
		"text fresh|group_code=one", "single tele|list=yn|required=1|group_code=one",
		"int staff|group_code=one|min_value=0|dont_know=1", "multi dev|list=dev|group_code=one|not_applicable=1", NULL,
	};
	struct file f = export(&o, &r, TK_EN);

	f = CHANGED(f, { "tele", "answer", "Yes" }, { "staff", "answer", "7" }, { "dev/own", "answer", "○" }, { "rule", "answer", "x" });
	office_form(&o, "newer", newer);
	run_sql(&o, tk_sprintf(t->mem, "UPDATE campaign SET form_version_id = %lld WHERE id = %lld", (long long)o.version,
			       (long long)c.rec.id));
	r = response_of(&o, &c, "102");
	res = merge(&o, f, &r);
	assert_true(res.rep->accepted);
	SAID(res, "another version of the questionnaire");
	SAID(res, "New, answer them on the page or in a new workbook: fresh");
	SAID(res, "Changed, answers in the file are not taken: dev");
	SAID(res, "No longer asked: since, rule, share, twin");
	SAID(res, "2 Measures!D8 rule is no longer asked; it is not taken.");
	assert_int_equal(res.ntaken, 2);
	assert_non_null(strstr(answers(&o, &r), "\"staff\":{\"state\":\"value\",\"value\":\"7\""));
	assert_non_null(strstr(answers(&o, &r), "\"dev\":{\"state\":\"no_answer\""));
}

static void test_who_sees_what(void **state)
{
	BEGIN("sees");
	bool *may = tk_alloc_n(t->mem, r.form->nitem, sizeof(*may)), *write = tk_alloc_n(t->mem, r.form->nitem, sizeof(*write));
	struct tk_workbook w = book_of(&r, TK_EN);
	struct file whole, part;

	OK(t, apply(&o, &r, ALL));
	whole = export(&o, &r, TK_EN);
	may[tk_form_item_index(r.form, "dev")] = may[tk_form_item_index(r.form, "rule")] = true;
	w.may = may;
	part = write_book(&o, &w);
	assert_true(part.n < whole.n);
	res = merge_as(&o, part, &r, w, (struct tk_wb_decision){ 0 });
	QUIET(res);
	assert_int_equal(res.rep->count[TK_REP_UNCHANGED], 2);
	res = merge_as(&o, CHANGED(whole, { "staff", "answer", "1" }, { "rule", "answer", "new" }), &r, w, (struct tk_wb_decision){ 0 });
	assert_int_equal(res.ntaken, 1);
	SAID(res, "1 Organisation!D5 staff belongs to a section that somebody else answers; it is not taken.");
	w.may_write = write;
	res = merge_as(&o, CHANGED(part, { "rule", "answer", "newer" }), &r, w, (struct tk_wb_decision){ 0 });
	assert_false(res.rep->accepted);
	SAID(res, "rule: you cannot change this answer now");
}

static void test_newer_kinds(void **state)
{
	OFFICE(state);
	static const char *const rows[] = {
		"choice abc x|label_ja=甲|label_en=First", "choice abc y|label_ja=乙|label_en=Second", "choice abc z|label_ja=丙|label_en=Third",
		"note hello|label_ja=ようこそ|label_en=Welcome", "rank order|list=abc", "time at", "calculate twice|calculation=${n} * 2", "int n",
		"note last|label_ja=以上|label_en=That is all|relevant=${n} > 5", NULL,
	};
	struct campaign c;
	struct tk_response r;
	struct tk_wb_result res;
	struct file f;

	office_form(&o, "newer-kinds", rows);
	c = office_open(&o, "newer-kinds");
	r = response_of(&o, &c, "102");
	f = export(&o, &r, TK_EN);
	res = merge(&o, CHANGED(f, { "order/x", "answer", "２位" }, { "order/y", "answer", "3" }, { "order/z", "answer", "1" },
				{ "at", "answer", "9:05" }, { "n", "answer", "6" }), &r);
	QUIET(res);
	assert_int_equal(res.ntaken, 3);
	assert_string_equal(res.change[0].file, "1 Third, 2 First, 3 Second");
	HAS(((struct reply){ .body = answers(&o, &r) }), "\"order\":{\"state\":\"value\",\"value\":[\"z\",\"x\",\"y\"]");
	HAS(((struct reply){ .body = answers(&o, &r) }), "\"at\":{\"state\":\"value\",\"value\":\"09:05\"");
	res = merge(&o, export(&o, &r, TK_JA), &r);
	QUIET(res);
	assert_int_equal(res.nchange, 0);
	res = merge(&o, CHANGED(f, { "order/x", "answer", "1" }, { "order/y", "answer", "1" }, { "order/z", "answer", "9" }), &r);
	SAID(res, "1 General!D7 order: the place 1 is given twice.");
	SAID(res, "1 General!D8 order: \"9\" is no place in the order. Write 1 to 3, each once.");
	r = response_of(&o, &c, "102");
	res = merge(&o, CHANGED(f, { "order/x", "answer", "1" }), &r);
	SAID(res, "1 General!D5 order: put all choices in order; \"Second\" is missing.");
}

/* More questions than fit on a sheet. */
static void test_long_section(void **state)
{
	OFFICE(state);
	const char *rows[452] = { "choice yn yes|label_ja=はい", "choice yn no|label_ja=いいえ", "group g|label_ja=長い" };
	const struct tk_sheet_name *name;
	struct campaign c;
	struct tk_response r;
	struct tk_wb_result res;
	struct tk_sheet *s;
	struct file f;

	for (int i = 3; i < 451; i++)
		rows[i] = tk_sprintf(t->mem, "single q%d|list=yn|group_code=g", i);
	office_form(&o, "long", rows);
	c = office_open(&o, "long");
	r = response_of(&o, &c, "102");
	f = export(&o, &r, TK_JA);
	OK(t, tk_sheet_open(&s, f.p, f.n, "x", &t->e));
	assert_int_equal(tk_sheet_names(s, &name), 1 + 3 + 3);
	assert_string_equal(name[3].name, "3 長い");
	tk_sheet_close(s);
	res = merge(&o, CHANGED(f, { "q3", "answer", "はい" }, { "q450", "answer", "はい" }), &r);
	QUIET(res);
	assert_int_equal(res.ntaken, 2);
	assert_string_equal(res.change[1].sheet, "3 長い");
}

/* -- routes ------------------------------------------------------------------------------------ */
static const char *path(struct office *o, const struct campaign *c, const char *rest)
{
	return tk_sprintf(o->t->mem, "my/responses/%lld/workbook%s", (long long)c->rec.id, rest);
}

static void test_routes(void **state)
{
	BEGIN("routes");
	struct tk_who me = as_staff(&o, "102"), head = as_staff(&o, "101");
	struct reply got, again;
	struct file f;

	STATUS(call_file(&o, me, path(&o, &c, ""), "x", 1, NULL, "dry_run=1"), 415);
	got = CALL(&o, me, "GET", path(&o, &c, ".xlsx"), NULL, NULL, NULL, "lang=en");
	STATUS(got, 200);
	again = CALL(&o, head, "GET", path(&o, &c, ".xlsx"));
	STATUS(again, 200);
	assert_int_equal(int_sql(&o, "SELECT COUNT(*) FROM setting WHERE name = 'workbook.key' AND LENGTH(value) > $1", 63), 1);
	assert_int_equal(int_sql(&o, "SELECT COUNT(*) FROM trail WHERE action = 'download' AND record_id = $1", r.id), 1);
	STATUS(CALL(&o, me, "GET", path(&o, &c, ".xlsx"), NULL, NULL, NULL, "lang=xx"), 422);
	f = CHANGED(((struct file){ got.body, got.n }), { "tele", "answer", "Yes" }, { "staff", "answer", "8" });
	got = call_file(&o, me, path(&o, &c, ""), again.body, again.n, NULL, "dry_run=1");
	STATUS(got, 200);
	HAS(got, "\"accepted\":false");
	HAS(got, "made for 標本 一号");
	got = call_file(&o, me, path(&o, &c, ""), f.p, f.n, NULL, "dry_run=1&name=a.xlsx");
	STATUS(got, 200);
	HAS(got, "\"accepted\":true,\"written\":false");
	HAS(got, "{\"item\":\"tele\",\"label\":\"問 tele\",\"sheet\":\"1 Organisation\",\"cell\":\"D4\",\"server\":\"\",\"file\":\"Yes\","
		 "\"conflict\":false,\"decided\":false,\"taken\":true,\"asked\":true}");
	HAS(got, "\"conflicts\":0,\"undecided\":0,\"base_version\":0,\"version\":0,\"state\":\"not_started\"");
	assert_int_equal(int_sql(&o, "SELECT COUNT(*) FROM response WHERE campaign_id = $1", c.rec.id), 0);
	STATUS(call_file(&o, me, path(&o, &c, ""), f.p, f.n, NULL, NULL), 428);
	STATUS(call_file(&o, me, path(&o, &c, ""), f.p, f.n, "3", NULL), 412);
	/* somebody else's window saves in between */
	STATUS(CALL(&o, me, "PATCH", tk_sprintf(t->mem, "my/responses/%lld", (long long)c.rec.id),
		    "{\"answers\":{\"tele\":{\"value\":\"no\"}}}", "0"), 200);
	got = call_file(&o, me, path(&o, &c, ""), f.p, f.n, "1", NULL);
	STATUS(got, 422);
	HAS(got, "\"conflict\":true,\"decided\":false,\"taken\":false");
	HAS(got, "\"undecided\":1");
	HAS(got, "\"changed\":{\"by\":\"102\"");
	got = call_file(&o, me, path(&o, &c, ""), f.p, f.n, "1", "take=tele");
	STATUS(got, 200);
	HAS(got, "\"written\":true");
	HAS(got, "\"version\":2,\"state\":\"draft\"");
	r = response_of(&o, &c, "102");
	assert_non_null(strstr(answers(&o, &r), "\"tele\":{\"state\":\"value\",\"value\":\"yes\""));
	assert_non_null(strstr(answers(&o, &r), "\"staff\":{\"state\":\"value\",\"value\":\"8\""));
	/* nothing to write: the version stays */
	got = call_file(&o, me, path(&o, &c, ""), f.p, f.n, "2", NULL);
	STATUS(got, 200);
	HAS(got, "\"written\":false");
	HAS(got, "\"version\":2");
	got = call_file(&o, me, path(&o, &c, ""), f.p, f.n, NULL, "dry_run=1");
	HAS(got, "\"changes\":[]");
	submit(&o, &c, "102", "{}");
	STATUS(call_file(&o, me, path(&o, &c, ""), f.p, f.n, "3", NULL), 409);
	STATUS(CALL(&o, as_office(), "GET", path(&o, &c, ".xlsx")), 403);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TESTDB_BOTH(test_nothing_changed), TESTDB_BOTH(test_filled_in), TESTDB_BOTH(test_problems), TESTDB_BOTH(test_both_sides),
		TESTDB_BOTH(test_whose), TESTDB_BOTH(test_older_questionnaire), TESTDB_BOTH(test_who_sees_what),
		TESTDB_BOTH(test_newer_kinds), TESTDB_BOTH(test_long_section), TESTDB_BOTH(test_routes),
	};

	tk_hash_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
