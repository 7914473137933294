/* Questionnaires as workbooks: the dialect that is really written, what is kept though it cannot be
 * run, and the round trip. */
#include <stdlib.h>
#include <string.h>
#include "base/hash.h"
#include "form/xlsform.h"
#include "survey/answer.h"
#include "testdb.h"

struct book { struct tk_arena *a; struct tk_err e; struct tk_form_rows rows; struct tk_buf faults; size_t n; };

/* sheets: "survey\n" then lines of cells between |, sheets parted by a line "#name". */
static void write_cells(struct tk_out *o, struct tk_arena *a, char *text)
{
	char *save = NULL, *line = strtok_r(text, "\n", &save);

	for (; line; line = strtok_r(NULL, "\n", &save)) {
		struct tk_out_col col[40] = { { 0 } };
		char *cell = line;
		size_t n = 0;

		if (*line == '#') {
			char *name = line + 1, *head = strtok_r(NULL, "\n", &save);

			for (char *p = head; p && n < TK_LEN(col); n++) {
				char *bar = strchr(p, '|');

				col[n].title = bar ? tk_strndup(a, p, (size_t)(bar - p)) : tk_strdup(a, p);
				p = bar ? bar + 1 : NULL;
			}
			tk_out_sheet(o, name, col, n);
			continue;
		}
		tk_out_row(o);
		for (char *bar; cell; cell = bar ? bar + 1 : NULL) {
			bar = strchr(cell, '|');
			tk_out_text(o, bar ? tk_strndup(a, cell, (size_t)(bar - cell)) : cell);
		}
	}
}

static void say(void *ctx, const struct tk_form_fault *f)
{
	struct book *b = ctx;

	tk_buf_fmt(&b->faults, "%s %d %s %s: %s\n", f->sheet, (int)f->row, f->column ? f->column : "-", f->item, f->text);
}

static enum tk_rc take(struct book *b, const void *p, size_t n)
{
	enum tk_rc rc = tk_xlsform_read_bytes(b->a, p, n, "sample.xlsx", &b->rows, &b->e);

	return rc == TK_OK ? tk_form_faults(b->a, &b->rows, say, b, &b->n, &b->e) : rc;
}

static enum tk_rc read_text(struct book *b, const char *text)
{
	struct tk_out_opt opt = { .format = TK_OUT_XLSX };
	struct tk_buf file = TK_BUF(64 << 20);
	struct tk_out *o;
	enum tk_rc rc;

	*b = (struct book){ .a = tk_arena_new((size_t)1 << 30), .e = { .lang = TK_EN }, .faults = TK_BUF(8 << 20) };
	assert_int_equal(tk_out_open(&o, &opt, tk_out_to_buf, &file, &b->e), TK_OK);
	write_cells(o, b->a, tk_strdup(b->a, text));
	assert_int_equal(tk_out_close(o, &b->e), TK_OK);
	tk_out_free(o);
	rc = take(b, file.p, file.len);
	tk_buf_drop(&file);
	return rc;
}

static void drop(struct book *b)
{
	tk_buf_drop(&b->faults);
	tk_arena_free(b->a);
}

static const struct form_item *item(const struct book *b, const char *code)
{
	for (size_t i = 0; i < b->rows.nitem; i++)
		if (!strcmp(b->rows.item[i].code, code))
			return &b->rows.item[i];
	fail_msg("there is no row %s", code);
	return NULL;
}

static void has_fault(const struct book *b, const char *part)
{
	if (!strstr(tk_buf_cstr(&b->faults), part))
		fail_msg("wanted %s\ngot\n%s", part, tk_buf_cstr(&b->faults));
}

static void same(const char *got, const char *want)
{
	assert_string_equal(got ? got : "", want);
}

static const char dialect[] =
	"#SURVEY \n"
	" Type |Name|Label : Japanese (ja)|label:English|HINT|Relevance|constraining_message|constraint|Calculate|command \n"
	"start|start\n"
	"begin group|g1|総務|General\n"
	"select one from yn|q1|研修を受けましたか|Did you attend?|よく読んで\n"
	"select all that apply from tools or_other|q2|使うもの|Tools||${q1} = \xE2\x80\x98yes\xE2\x80\x99\n"
	"q int|q3|何\xC2\xA0\xC2\xA0人|How   many|||0 以上|. >= 0\n"
	"end group\n"
	"note||説明\n"
	"percentage|q4|割合\n"
	"calculate|total|||||||${q3} * 2\n"
	"SELECT_ONE yn|q5|５番\n"
	"#Choices\n"
	"List Name|Value|caption:Japanese (ja)|label:English|order\n"
	"yn|yes|はい|Yes|1\n"
	"yn|no|いいえ|No|2\n"
	"tools|1|電子メール|Mail\n"
	"tools|2|ウェブ|Web\n"
	"#settings\n"
	"Form Title|id_string|default_language|style\n"
	"見本|sample form|Japanese (ja)|pages\n";

static void reads_the_dialect(void **state)
{
	struct book b;
	/* two headings say "type": the second is taken away first */
	char *text = strdup(dialect), *twice = strstr(text, "|command");

	(void)state;
	assert_int_equal(read_text(&b, dialect), TK_EINVAL);
	assert_string_equal(b.e.field, "survey!J1");
	drop(&b);
	memset(twice, ' ', strlen("|command"));
	assert_int_equal(read_text(&b, text), TK_OK);
	free(text);
	same(tk_buf_cstr(&b.faults), "");
	assert_int_equal(b.rows.nitem, 10);
	same(b.rows.form.code, "sample_form");
	same(b.rows.form.title_ja, "見本");
	same(b.rows.version.settings, "{\"style\":\"pages\"}");
	same(item(&b, "q1")->kind, "single");
	same(item(&b, "q1")->list, "yn");
	same(item(&b, "q1")->group_code, "g1");
	same(item(&b, "q1")->label_en, "Did you attend?");
	same(item(&b, "q1")->hint_ja, "よく読んで");
	same(item(&b, "q2")->kind, "multi");
	same(item(&b, "q2")->relevant, "${q1} = 'yes'");
	same(item(&b, "q2_other")->relevant, "selected(${q2}, 'other')");
	same(item(&b, "q3")->label_ja, "何 人");
	same(item(&b, "q3")->constraint_expr, ". >= 0");
	same(item(&b, "q3")->constraint_ja, "0 以上");
	assert_int_equal(item(&b, "q4")->max_value, 100);
	same(item(&b, "total")->calculation, "${q3} * 2");
	same(item(&b, "generated_note_name_8")->label_ja, "説明");
	same(item(&b, "start")->kind, "meta");
	same(item(&b, "q5")->list, "yn");
	assert_int_equal(b.rows.nchoice, 5);
	same(b.rows.choice[0].extra, "{\"order\":\"1\"}");
	same(b.rows.choice[4].code, "other");
	drop(&b);
}

static const char troubled[] =
	"#survey\n"
	"type|name|label|relevant|constraint|calculation|default|choice_filter|required|media::image|trigger\n"
	"geopoint|where|どこ\n"
	"begin repeat|r|人\n"
	"text|who|だれ\n"
	"end repeat\n"
	"text|who|また\n"
	"text|9a|数字で始まる\n"
	"integer|n|数|${nobody} > 1|. > ${n} and\n"
	"select_one missing|m|一覧がない\n"
	"select_one yn|f|選ぶ|||||size = ${n}\n"
	"text|d|日||||concat('a', nobody())\n"
	"text|c|計算|||1 + 1\n"
	"text|q|必須||||||${n} = \n"
	"text|p|絵|||||||a.png\n"
	"text|t|引き金||||||||${n}\n"
	"text|x|輪|${y} = 'a'\n"
	"text|y|輪|${x} = 'a'\n"
	"calculate|k|再帰||| ${k} + 1\n"
	"calculate|e|空\n"
	"|untyped|型なし\n"
	"text|fn|関数|position(..) > 1\n"
	"end group\n"
	"begin group|open|開いたまま\n"
	"text|last|終わり\n"
	"#choices\n"
	"list_name|name|label\n"
	"yn|yes|はい\n"
	"yn|yes|また\n"
	"yn|a b|空白\n"
	"yn||名前なし\n";

static void keeps_and_names(void **state)
{
	static const char *const want[] = {
		"survey 2 type where: where: the type \"geopoint\" cannot be run",
		"survey 3 type r: r: repeated sections cannot be run",
		"survey 6 name who_2: The name \"who\" is used twice; here it was made who_2",
		"survey 7 name _9a: The name \"9a\" must begin with a letter",
		"survey 8 relevant n: Column 1: there is no question or attribute named ${nobody}",
		"survey 8 constraint n: Column 13: a value was expected here",
		"survey 9 type m: Item m: the list of choices \"missing\" is empty or missing",
		"survey 10 choice_filter f: Item f: no choice of the list \"yn\" has anything in a column \"size\"",
		"survey 11 default d: Column 13: there is no function nobody()",
		"survey 12 calculation c: c: a calculation can only stand in a row of type calculate",
		"survey 13 required q: Column 7: a value was expected here",
		"survey 14 media p: Pictures, sounds and films cannot be shown",
		"survey 15 trigger t: t: a trigger cannot be run",
		"depends on itself", "survey 19 calculation e: Item e: write what is to be calculated",
		"survey 20 type untyped: untyped: the row has no type",
		"survey 21 relevant fn: Column 1: position() cannot be used: it works on repeats", "survey 22 type row_22: \"end group\" ends nothing that is open here", "survey 23 type open: This section is not ended",
		"choices 3 name yes_2: yes_2: The name \"yes\" is used twice", "choices 4 name a_b: a_b: The name \"a b\" must hold no blanks",
		"choices 5 name row_5: row_5: The choice has no name",
	};
	struct book b;

	(void)state;
	assert_int_equal(read_text(&b, troubled), TK_OK);
	for (size_t i = 0; i < TK_LEN(want); i++)
		has_fault(&b, want[i]);
	same(item(&b, "q")->required_expr, "${n} =");
	same(item(&b, "p")->extra, "{\"media::image\":\"a.png\"}");
	same(item(&b, "f")->choice_filter, "size = ${n}");
	drop(&b);
	assert_int_equal(read_text(&b, "#one\ntype|name|label\ntext|a|あ\n"), TK_OK);
	assert_int_equal(b.n, 0);
	drop(&b);
	assert_int_equal(read_text(&b, "#one\na|b\n1|2\n#two\na|b\n1|2\n"), TK_EINVAL);
	assert_non_null(strstr(b.e.msg, "Its sheets: one, two"));
	drop(&b);
	assert_int_equal(read_text(&b, "#survey\nname|label\na|b\n"), TK_EINVAL);
	drop(&b);
}

static const char *digest(struct book *b)
{
	struct tk_form *f;

	if (tk_form_compile(b->a, &b->rows, &f, NULL, &b->e) != TK_OK)
		fail_msg("%s: %s", b->e.field, b->e.msg);
	return f->digest;
}

/* Out and in again, twice the same; the faults too. */
static void again(const char *text, bool compiles)
{
	struct tk_buf file = TK_BUF(64 << 20);
	struct book b, c = { .a = tk_arena_new((size_t)1 << 30), .e = { .lang = TK_EN }, .faults = TK_BUF(8 << 20) };

	assert_int_equal(read_text(&b, text), TK_OK);
	assert_int_equal(tk_xlsform_write(b.a, &b.rows, tk_out_to_buf, &file, &b.e), TK_OK);
	if (take(&c, file.p, file.len) != TK_OK)
		fail_msg("%s", c.e.msg);
	assert_int_equal(b.rows.nitem, c.rows.nitem);
	assert_int_equal(b.rows.nchoice, c.rows.nchoice);
	for (size_t i = 0; i < b.rows.nitem; i++)
		for (size_t k = 0; k < tk_form_item_type.nfield; k++) {
			struct tk_value x = tk_get(&tk_form_item_type, &b.rows.item[i], k), y = tk_get(&tk_form_item_type, &c.rows.item[i], k);
			const char *name = tk_form_item_type.field[k].name;

			if (!strcmp(name, "sheet_row") || !strcmp(name, "problem"))
				continue;
			if (x.type != y.type || x.i != y.i || (x.type == TK_V_TEXT && strcmp(x.s, y.s) != 0))
				fail_msg("row %zu (%s), %s: %s / %s", i, b.rows.item[i].code, name, x.type == TK_V_TEXT ? x.s : "-",
					 y.type == TK_V_TEXT ? y.s : "-");
		}
	if (compiles)
		assert_string_equal(digest(&b), digest(&c));
	tk_buf_drop(&file);
	drop(&b);
	drop(&c);
}

static void round_trip(void **state)
{
	char *text = strdup(dialect);

	(void)state;
	memset(strstr(text, "|command"), ' ', strlen("|command"));
	again(text, true);
	free(text);
	again(troubled, false);
	again("#survey\ntype|name|label|label::French (fr)|parameters|appearance|kobo--x\nrange|a|あ|un|start=1 end=5|likert|z\n"
	      "integer|b|い\nbegin_group|g|群||||\nbegin_group|h|中\ntext|c|う\nend_group\ntext|d|え\nend_group\nbegin_group|empty|空\nend_group\ntext|z|最後\n", true);
	again("#survey\ntype|name|label\ntext|a|二  つ\n#settings\nclean_text_values|form_id\nno|k\n", true);
}

static void ten_thousand(void **state)
{
	struct tk_buf text = TK_BUF(8 << 20);
	struct book b;

	(void)state;
	tk_buf_str(&text, "#survey\ntype|name|label|relevant|calculation\n");
	for (int i = 0; i < 10000; i++)
		tk_buf_fmt(&text, "text|q%d|問%d|${q%d} != ''\n", i, i, i ? i - 1 : 9999);
	assert_int_equal(read_text(&b, tk_buf_cstr(&text)), TK_OK);
	assert_int_equal(b.n, 1);
	has_fault(&b, "depends on itself");
	drop(&b);
	tk_buf_clear(&text);
	tk_buf_str(&text, "#survey\ntype|name|label|relevant|calculation\n");
	tk_buf_str(&text, "integer|q0|問\n");
	for (int i = 1; i < 10000; i++)
		tk_buf_fmt(&text, "integer|q%d|問%d|${q%d} > 1\n", i, i, i - 1);
	assert_int_equal(read_text(&b, tk_buf_cstr(&text)), TK_OK);
	assert_int_equal(b.n, 0);
	drop(&b);
	tk_buf_drop(&text);
}

static void stored(void **state)
{
	struct testdb *t = testdb_of(state);
	struct tk_who who = tk_who_system("test", "test", TK_EN);
	struct tk_op op = { t->db, t->mem, &who, &t->e };
	struct tk_form_rows rows;
	struct tk_buf file = TK_BUF(8 << 20);
	struct book b;
	int64_t id, twice;
	size_t n = 0;
	bool fresh;

	assert_int_equal(read_text(&b, troubled), TK_OK);
	OK(t, tk_form_import(&op, &b.rows, &id, &fresh));
	assert_true(fresh);
	OK(t, tk_form_import(&op, &b.rows, &twice, &fresh));
	assert_false(fresh);
	assert_int_equal(id, twice);
	FAILS(t, TK_EINVAL, tk_form_publish(&op, id));
	OK(t, tk_form_rows(&op, t->mem, id, &rows));
	b.faults.len = 0;
	OK(t, tk_form_faults(t->mem, &rows, say, &b, &n, &t->e));
	assert_int_equal(n, b.n);
	OK(t, tk_xlsform_write(t->mem, &rows, tk_out_to_buf, &file, &t->e));
	assert_int_equal(take(&b, file.p, file.len), TK_OK);
	OK(t, tk_form_import(&op, &b.rows, &twice, &fresh));
	assert_false(fresh);
	tk_buf_drop(&file);
	drop(&b);
	assert_int_equal(read_text(&b, "#survey\ntype|name|label|constraint\ninteger|部署|数|. < 5\n#settings\nform_id\ngood\n"), TK_OK);
	OK(t, tk_form_import(&op, &b.rows, &id, &fresh));
	OK(t, tk_form_publish(&op, id));
	OK(t, tk_form_find_any(&op, "good", &twice));
	assert_int_equal(id, twice);
	FAILS(t, TK_ENOTFOUND, tk_form_find_any(&op, "good@2", &twice));
	drop(&b);
}

/* -- answering --------------------------------------------------------------------------------- */
struct answering { struct book b; struct tk_form *f; struct tk_response r; struct tk_who who; struct tk_op op; };

static void open_form(struct answering *w, const char *text)
{
	assert_int_equal(read_text(&w->b, text), TK_OK);
	same(tk_buf_cstr(&w->b.faults), "");
	assert_int_equal(tk_form_compile(w->b.a, &w->b.rows, &w->f, NULL, &w->b.e), TK_OK);
	w->who = tk_who_system("test", "test", TK_EN);
	w->op = (struct tk_op){ NULL, w->b.a, &w->who, &w->b.e };
	w->r = (struct tk_response){ .form = w->f, .state = "not_started", .audiences = ~UINT64_C(0) };
	w->r.answer = tk_alloc_n(w->b.a, w->f->nitem + 1, sizeof(*w->r.answer));
	w->r.kept = tk_alloc_n(w->b.a, w->f->nitem + 1, sizeof(*w->r.kept));
	tk_response_settle(&w->r, w->b.a);
	tk_answer_begin(&w->op, &w->r);
}

static enum tk_rc answer(struct answering *w, const char *json)
{
	struct cJSON *o;

	assert_int_equal(tk_json_parse(w->b.a, json, strlen(json), &o, &w->b.e), TK_OK);
	return tk_response_apply(&w->op, &w->r, o);
}

static void stands(struct answering *w, const char *code, const char *want)
{
	int i = tk_form_item_index(w->f, code);

	assert_true(i >= 0);
	assert_string_equal(tk_answer_text(&w->f->item[i], &w->r.answer[i], w->b.a), want);
}

static void answers_follow(void **state)
{
	struct answering w;
	size_t asked, answered;

	(void)state;
	open_form(&w,
		"#survey\n"
		"type|name|label|relevant|constraint|constraint_message::Japanese (ja)|constraint_message::English (en)|calculation|default\n"
		"calculate|grand||||||round(${sum} * 1.1)\n"
		"calculate|sum||||||coalesce(${a}, 0) + coalesce(${b}, 0)\n"
		"integer|a|あ||. <= 10|10 以下|At most ten.\n"
		"integer|b|い|${a} > 5|. < ${a}\n"
		"select_one yn|c|う||||||yes\n"
		"calculate|word||||||jr:choice-name(${c}, '${c}')\n"
		"calculate|shut||${c} = 'no'||||1\n"
		"text|d|え|${grand} > 8\n"
		"#choices\nlist_name|name|label\nyn|yes|はい\nyn|no|いいえ\n");
	stands(&w, "c", "yes");
	stands(&w, "word", "はい");
	stands(&w, "sum", "0");
	stands(&w, "shut", "");
	tk_response_count(&w.r, &asked, &answered);
	assert_int_equal(asked, 2);
	assert_int_equal(answered, 1);
	assert_int_equal(answer(&w, "{\"a\":{\"value\":\"8\"},\"b\":{\"value\":\"3\"},\"d\":{\"value\":\"x\"}}"), TK_OK);
	stands(&w, "sum", "11");
	stands(&w, "grand", "12");
	stands(&w, "d", "x");
	assert_int_equal(answer(&w, "{\"a\":{\"value\":\"11\"}}"), TK_EINVAL);
	assert_string_equal(w.b.e.field, "a");
	assert_string_equal(w.b.e.msg, "a: At most ten.");
	assert_int_equal(answer(&w, "{\"a\":{\"value\":\"6\"},\"b\":{\"value\":\"6\"}}"), TK_EINVAL);
	assert_string_equal(w.b.e.msg, "b: this answer is not accepted.");
	assert_int_equal(answer(&w, "{\"sum\":{\"value\":\"99\"}}"), TK_EINVAL);
	/* what is no longer asked counts for nothing, and comes back */
	assert_int_equal(answer(&w, "{\"a\":{\"value\":\"2\"},\"c\":{\"value\":\"no\"}}"), TK_OK);
	stands(&w, "sum", "2");
	stands(&w, "b", "");
	stands(&w, "d", "");
	stands(&w, "shut", "1");
	assert_int_equal(answer(&w, "{\"a\":{\"value\":\"9\"}}"), TK_OK);
	stands(&w, "sum", "15");
	stands(&w, "d", "x");
	drop(&w.b);
}

/* What is found by looking only at what leans on a change is what looking at everything finds. */
static void only_what_leans(void **state)
{
	struct tk_buf b = TK_BUF(1 << 20), rule = TK_BUF(200);
	struct answering w;
	unsigned seed = 1;

	(void)state;
	tk_buf_str(&b, "#survey\ntype|name|label|relevant|calculation\n");
	for (int i = 0; i < 200; i++) {
		int j = i ? (int)((seed = seed * 1664525u + 1013904223u) >> 8) % i : 0, k = i ? (int)(seed >> 16) % i : 0;

		tk_buf_clear(&rule);
		tk_buf_fmt(&rule, "${q%d} > ${q%d} or ${q%d} = ''", j, k, j);
		if (i % 7 == 6)
			tk_buf_fmt(&b, "begin_group|g%d|G|${q%d} != '3'\n", i, j);
		if (i % 5 == 4)
			tk_buf_fmt(&b, "calculate|q%d|Q||coalesce(${q%d}, 1) + count-non-empty(${q%d})\n", i, j, k);
		else
			tk_buf_fmt(&b, "integer|q%d|Q|%s\n", i, i ? tk_buf_cstr(&rule) : "");
		if (i % 7 == 6)
			tk_buf_str(&b, "end_group\n");
	}
	open_form(&w, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	tk_buf_drop(&rule);
	for (int n = 0; n < 2000; n++) {
		int i = (int)((seed = seed * 1664525u + 1013904223u) >> 8) % 200;
		struct tk_response all = w.r;

		if (w.f->item[i].calculation)
			continue;
		assert_int_equal(answer(&w, tk_sprintf(w.b.a, "{\"q%d\":{\"value\":\"%u\"}}", i, seed >> 28)), TK_OK);
		all.answer = memcpy(tk_alloc_n(w.b.a, w.f->nitem, sizeof(*all.answer)), w.r.answer, w.f->nitem * sizeof(*all.answer));
		all.kept = memcpy(tk_alloc_n(w.b.a, w.f->nitem, sizeof(*all.kept)), w.r.kept, w.f->nitem * sizeof(*all.kept));
		tk_response_settle(&all, w.b.a);
		for (size_t k = 0; k < w.f->nitem; k++) {
			assert_int_equal(all.answer[k].state, w.r.answer[k].state);
			assert_int_equal(all.kept[k].state, w.r.kept[k].state);
			assert_string_equal(tk_answer_text(&w.f->item[k], &all.answer[k], w.b.a), tk_answer_text(&w.f->item[k], &w.r.answer[k], w.b.a));
		}
	}
	drop(&w.b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_dialect), cmocka_unit_test(keeps_and_names), cmocka_unit_test(round_trip),
		cmocka_unit_test(ten_thousand), cmocka_unit_test(answers_follow),
		cmocka_unit_test(only_what_leans), TESTDB_BOTH(stored),
	};

	tk_hash_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
