/* What a questionnaire does with answers besides conditions: filters of choices, what is required
 * only under a condition, answers to begin with, orders, times, confirmations, hidden values, notes,
 * texts that name answers, the answers of the time before (SRV-02). */
#include <string.h>
#include "base/hash.h"
#include "form/xlsform.h"
#include "survey/form_view.h"
#include "testdb.h"

struct run {
	struct tk_arena *a;
	struct tk_err    e;
	struct tk_form  *f;
	struct tk_who    who;
	struct tk_op     op;
	struct tk_response r;
};

static void heard(void *ctx, const struct tk_form_fault *f)
{
	(void)ctx;
	fail_msg("%s %d %s: %s", f->sheet, (int)f->row, f->column ? f->column : "-", f->text);
}

/* A questionnaire as stacked CSV, and a response that has just been begun. */
static void begin(struct run *w, const char *csv, const struct tk_xval *last)
{
	struct tk_form_rows rows;
	size_t n;

	tk_hash_init();
	*w = (struct run){ .a = tk_arena_new((size_t)256 << 20), .e = { .lang = TK_EN } };
	if (tk_xlsform_read_bytes(w->a, csv, strlen(csv), "run.csv", &rows, &w->e) != TK_OK)
		fail_msg("%s", w->e.msg);
	assert_int_equal(tk_form_faults(w->a, &rows, heard, NULL, &n, &w->e), TK_OK);
	assert_int_equal(tk_form_compile(w->a, &rows, &w->f, NULL, &w->e), TK_OK);
	w->who = tk_who_system("test", "test", TK_EN);
	w->op = (struct tk_op){ NULL, w->a, &w->who, &w->e };
	w->r = (struct tk_response){ .form = w->f, .state = "not_started", .audiences = ~UINT64_C(0), .last = last };
	w->r.answer = tk_alloc_n(w->a, w->f->nitem + 1, sizeof(*w->r.answer));
	w->r.kept = tk_alloc_n(w->a, w->f->nitem + 1, sizeof(*w->r.kept));
	tk_response_settle(&w->r, w->a);
	tk_answer_begin(&w->op, &w->r);
}

static enum tk_rc give(struct run *w, const char *json)
{
	struct cJSON *o;

	w->e.msg[0] = '\0';
	assert_int_equal(tk_json_parse(w->a, json, strlen(json), &o, &w->e), TK_OK);
	return tk_response_apply(&w->op, &w->r, o);
}

static void stands(struct run *w, const char *code, const char *want)
{
	int i = tk_form_item_index(w->f, code);

	assert_true(i >= 0);
	assert_string_equal(tk_answer_text(&w->f->item[i], &w->r.answer[i], w->a), want);
}

static const char *seen(struct run *w, bool form)
{
	struct tk_buf b = TK_BUF(1 << 20);
	struct tk_json j = TK_JSON(&b);
	const char *s;

	tk_json_obj(&j);
	if (form)
		tk_view_form(&j, &w->r, NULL, TK_EN, w->a);
	tk_view_now(&j, &w->r, NULL, TK_EN, w->a);
	tk_json_end_obj(&j);
	s = tk_strdup(w->a, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return s;
}

static void has(const char *s, const char *part)
{
	if (!s || !strstr(s, part))
		fail_msg("wanted %s\nin %s", part, s ? s : "nothing");
}

static const char filters[] =
	"survey,type,name,label,choice_filter,required\n"
	",select_one pref,p,Prefecture,,\n"
	",select_one city,c,City,\"pref=${p} and active = '1'\",${p} != ''\n"
	",select_multiple city,m,Cities,\"pref = ${p} or selected(${c}, name)\",\n"
	",rank pref,o,Order,name != ${p},\n"
	"choices,list_name,name,label,pref,active\n"
	",pref,a,A,,\n,pref,b,B,,\n,pref,x,X,,\n"
	",city,a1,A one,a,1\n,city,a2,A two,a,0\n,city,b1,B one,b,1\n";

/* A choice outside its filter is refused when it is given and again on submitting; what another
 * answer made wrong stays until the person chooses again. */
static void choices_are_filtered(void **state)
{
	const char *missing[4];
	struct run w;

	(void)state;
	begin(&w, filters, NULL);
	has(seen(&w, false), "\"needed\":[],\"offered\":{\"c\":[],\"m\":[],\"o\":[\"a\",\"b\",\"x\"]}");
	assert_int_equal(tk_response_missing(&w.r, missing, 4), 0);
	assert_int_equal(give(&w, "{\"p\":{\"value\":\"a\"}}"), TK_OK);
	assert_int_equal(tk_response_missing(&w.r, missing, 4), 1);
	assert_string_equal(missing[0], "c");
	has(seen(&w, false), "\"needed\":[\"c\"],\"offered\":{\"c\":[\"a1\"],\"m\":[\"a1\",\"a2\"],\"o\":[\"b\",\"x\"]}");
	assert_int_equal(give(&w, "{\"c\":{\"value\":\"a2\"}}"), TK_EINVAL);
	assert_string_equal(w.e.field, "c");
	has(w.e.msg, "\"A two\" cannot be chosen with the other answers");
	tk_arena_free(w.a);
	begin(&w, filters, NULL);
	/* in whatever order they come */
	assert_int_equal(give(&w, "{\"m\":{\"value\":[\"a1\",\"a2\"]},\"c\":{\"value\":\"a1\"},\"p\":{\"value\":\"a\"}}"), TK_OK);
	assert_int_equal(give(&w, "{\"p\":{\"value\":\"b\"}}"), TK_OK);
	stands(&w, "c", "a1");
	assert_int_equal(tk_response_accept(&w.op, &w.r, NULL), TK_EINVAL);
	assert_string_equal(w.e.field, "c");
	assert_int_equal(give(&w, "{\"c\":{\"value\":\"b1\"},\"m\":{\"value\":[\"b1\"]}}"), TK_OK);
	assert_int_equal(tk_response_accept(&w.op, &w.r, NULL), TK_OK);
	tk_arena_free(w.a);
}

static void orders(void **state)
{
	struct run w;
	struct tk_buf b = TK_BUF(1000);
	struct tk_json j = TK_JSON(&b);

	(void)state;
	begin(&w, filters, NULL);
	assert_int_equal(give(&w, "{\"o\":{\"value\":[\"b\",\"b\",\"a\"]}}"), TK_EINVAL);
	has(w.e.msg, "stands in the order twice");
	assert_int_equal(give(&w, "{\"o\":{\"value\":[\"b\",\"q\"]}}"), TK_EINVAL);
	assert_int_equal(give(&w, "{\"o\":{\"value\":[\"b\"]}}"), TK_EINVAL);
	has(w.e.msg, "\"A\" is missing");
	assert_int_equal(give(&w, "{\"o\":{\"value\":[\"x\",\"a\",\"b\"]}}"), TK_OK);
	stands(&w, "o", "x a b");
	tk_json_obj(&j);
	tk_answer_members(&j, &w.f->item[3], &w.r.answer[3]);
	tk_json_end_obj(&j);
	assert_string_equal(tk_buf_cstr(&b), "{\"state\":\"value\",\"value\":[\"x\",\"a\",\"b\"],\"comment\":null}");
	tk_buf_drop(&b);
	tk_arena_free(w.a);
}

static void kinds(void **state)
{
	static const struct { const char *given, *want;
	} time[] = {
		{ "9:05", "09:05" },   { "０９：３０", "09:30" }, { "23:59:30", "23:59:30" }, { "24:00", NULL },
		{ "9", NULL },         { "9:60", NULL },         { "09:05:00", "09:05" },	{ "1:2:3:4", NULL },
		{ "-1:30", NULL },     { "9:30x", NULL },
	};
	struct run w;

	(void)state;
	begin(&w, "survey,type,name,label,required,default,calculation,relevant\n"
		  ",time,t,When,,,,\n,acknowledge,ok,Read,yes,,,\n,hidden,h,,,v 1,,\n,hidden,k,,,,\"concat(${h}, '!')\",\n"
		  ",hidden,z,,,9,,${t} = '09:05'\n,note,n,All,,,,\n", NULL);
	for (size_t i = 0; i < TK_LEN(time); i++) {
		enum tk_rc rc = give(&w, tk_sprintf(w.a, "{\"t\":{\"value\":\"%s\"}}", time[i].given));

		assert_int_equal(rc, time[i].want ? TK_OK : TK_EINVAL);
		if (time[i].want)
			stands(&w, "t", time[i].want);
	}
	stands(&w, "h", "v 1");
	stands(&w, "k", "v 1!");
	stands(&w, "z", "9");
	assert_int_equal(give(&w, "{\"t\":{\"value\":\"10:00\"}}"), TK_OK);
	stands(&w, "z", "");
	assert_int_equal(give(&w, "{\"t\":{\"value\":\"9:05\"}}"), TK_OK);
	stands(&w, "z", "9");                   /* comes back with its condition */
	assert_int_equal(give(&w, "{\"h\":{\"value\":\"x\"}}"), TK_EINVAL);
	assert_int_equal(give(&w, "{\"ok\":{\"value\":\"yes\"}}"), TK_EINVAL);
	assert_int_equal(tk_response_missing(&w.r, NULL, 0), 1);
	assert_int_equal(give(&w, "{\"ok\":{\"value\":\"OK\"}}"), TK_OK);
	assert_int_equal(tk_response_missing(&w.r, NULL, 0), 0);
	has(seen(&w, false), "{\"asked\":[\"t\",\"ok\"],");
	tk_arena_free(w.a);
}

/* Defaults are found out once, in the order of the rows, and then belong to the person. */
static void answers_to_begin_with(void **state)
{
	static const char form[] =
		"survey,type,name,label,default,relevant\n"
		",integer,a,A,2 + 3,\n,integer,b,B,${a} * 2,\n,text,c,C,Yes (maybe),\n,date,d,D,date('2012-03-31'),\n"
		",integer,e,E,${last-saved#a},\n,text,f,F,\"concat('x', ${nobody})\",\n,integer,nobody,N,,\n"
		",integer,g,G,number(''),\n,integer,s,S,7,${a} = 6\n";
	struct tk_xval last[9] = { { .s = "41" } };
	struct run w;

	(void)state;
	begin(&w, form, last);
	stands(&w, "a", "5");
	stands(&w, "b", "10");
	stands(&w, "c", "Yes (maybe)");
	stands(&w, "d", "2012-03-31");
	stands(&w, "e", "41");
	stands(&w, "f", "x");
	stands(&w, "g", "");
	assert_int_equal(give(&w, "{\"a\":{\"value\":\"6\"}}"), TK_OK);
	stands(&w, "b", "10");
	stands(&w, "s", "7");
	tk_arena_free(w.a);
	begin(&w, form, NULL);
	stands(&w, "e", "");
	tk_arena_free(w.a);
}

/* ${last-saved#...} also stands in conditions and constraints. */
static void the_time_before(void **state)
{
	struct tk_xval last[2] = { { .s = "100" }, { 0 } };
	struct run w;

	(void)state;
	begin(&w, "survey,type,name,label,constraint,relevant\n"
		  ",integer,n,Staff,. >= ${last-saved#n} * 0.5,\n,text,why,Why,,${n} < ${last-saved#n}\n", last);
	assert_int_equal(give(&w, "{\"n\":{\"value\":\"40\"}}"), TK_EINVAL);
	assert_int_equal(give(&w, "{\"n\":{\"value\":\"60\"}}"), TK_OK);
	has(seen(&w, false), "\"asked\":[\"n\",\"why\"]");
	assert_int_equal(give(&w, "{\"n\":{\"value\":\"160\"}}"), TK_OK);
	has(seen(&w, false), "\"asked\":[\"n\"]");
	tk_arena_free(w.a);
}

static void texts_and_notes(void **state)
{
	struct run w;
	const char *s;

	(void)state;
	begin(&w, "survey,type,name,label,hint,relevant,constraint,constraint_message,appearance,calculation\n"
		  ",note,hello,Welcome\n,begin_group,g,Group\n,integer,n,How many,,,. < 10,\"${n} is too many, ${c}\"\n"
		  ",begin_group,in,Inner,,${n} > 1,,,table-list\n,select_one yn,c,Of ${n} all?,see ${ n }\n,select_one yn,c2,And\n,end_group\n"
		  ",note,said,You said ${c} to ${n}: ${sum},,${n} != ''\n,calculate,sum,Sum,,,,,,${n} + 1\n,end_group\n"
		  ",select_one yn,head,Head,,,,,label\n,text,z,Last\n,note,bye,Bye\n"
		  "choices,list_name,name,label\n,yn,y,Yes\n,yn,n,No\n", NULL);
	s = seen(&w, true);
	/* in the order of the rows: a page that is only read, the group with the one inside it, the rest */
	has(s, "\"sections\":[{\"code\":\"general\",");
	has(s, "{\"code\":\"g\",\"label\":\"Group\",\"hint\":null,\"appearance\":null,\"groups\":[{\"code\":\"in\",\"label\":\"Inner\",\"hint\":null,\"appearance\":\"table-list\"}]");
	has(s, "{\"code\":\"c2\",\"kind\":\"single\",\"label\":\"And\",\"hint\":null,\"guidance\":null,\"group\":\"in\",\"list\":\"yn\"");
	assert_null(strstr(s, "\"head\""));
	assert_null(strstr(s, "\"code\":\"sum\""));
	has(s, "\"asked\":[\"n\",\"z\"],");
	has(s, "\"notes\":[\"hello\",\"bye\"]");
	assert_int_equal(give(&w, "{\"n\":{\"value\":\"3\"},\"c\":{\"value\":\"y\"}}"), TK_OK);
	s = seen(&w, false);
	has(s, "\"texts\":{\"c\":{\"label\":\"Of 3 all?\",\"hint\":\"see 3\"},\"said\":{\"label\":\"You said Yes to 3: 4\",\"hint\":null}}");
	has(s, "\"notes\":[\"hello\",\"said\",\"bye\"]");
	assert_int_equal(give(&w, "{\"n\":{\"value\":\"12\"}}"), TK_EINVAL);
	has(w.e.msg, "n: 12 is too many, Yes");
	tk_arena_free(w.a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(choices_are_filtered), cmocka_unit_test(orders), cmocka_unit_test(kinds),
		cmocka_unit_test(answers_to_begin_with), cmocka_unit_test(the_time_before), cmocka_unit_test(texts_and_notes),
	};

	return cmocka_run_group_tests_name("survey form_run", tests, NULL, NULL);
}
