/* roster_test FOLDER FIXED - FOLDER holds the two reference files, FIXED is the workbook without its
 * planted faults. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>
#include "base/text.h"
#include "world.h"

static const char *folder, *fixed;

static struct tk_roster *import_csv(struct world *w, bool dry)
{
	struct file f = slurp(w, folder, "personnel_export_cp932.csv");

	return import_bytes(w, f.data, f.n, "personnel_export_cp932.csv", NULL, dry);
}

static struct tk_roster *import_xlsx(struct world *w, bool dry)
{
	struct file f = slurp(w, folder, "office_workbook.xlsx");

	return import_bytes(w, f.data, f.n, "office_workbook.xlsx", NULL, dry);
}

static struct tk_roster *import_fixed(struct world *w, bool dry)
{
	struct file f = slurp(w, NULL, fixed);

	return import_bytes(w, f.data, f.n, "office_workbook.xlsx", NULL, dry);
}

static void planted(const struct tk_roster *r)
{
	static const char *const cell[] = { "G12", "C20", "I30", "H33", "E36", "G40" };

	for (size_t i = 0; i < TK_LEN(cell); i++)
		assert_true(has_error(r, cell[i]));
	assert_int_equal(tk_roster_report(r)->errors, TK_LEN(cell));
}

static void csv_into_nothing(void **state)
{
	WORLD(state);
	const struct tk_report *p = tk_roster_report(import_csv(&w, true));

	assert_true(p->accepted && !p->written);
	assert_int_equal(p->count[TK_REP_ADDED], 178);
	assert_int_equal(p->header_row, 2);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM staff"), 0);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM bureau"), 0);
	COUNTS(import_csv(&w, false), 178, 0, 0, 0, 0);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM bureau"), 5);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM division"), 15);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM division WHERE code = '0248'"), 1);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM post WHERE is_head = 1"), 1);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM staff WHERE staff_number = '10004' AND name = '園部 司'"
				    " AND joined_on = '2005-07-01' AND kana = 'ソノベ ツカサ'"), 1);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM trail WHERE rtype = 'staff' AND action = 'create'"), 178);
}

static void twice_changes_nothing(void **state)
{
	WORLD(state);
	int64_t rows;

	import_csv(&w, false);
	rows = testdb_int(t, "SELECT COUNT(*) FROM trail");
	COUNTS(import_csv(&w, false), 0, 0, 0, 178, 0);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM trail"), rows);
	assert_int_equal(testdb_int(t, "SELECT MAX(version) FROM staff"), 1);
}

static void faults_into_nothing(void **state)
{
	WORLD(state);
	struct tk_roster *r = import_xlsx(&w, false);

	planted(r);
	assert_non_null(strstr(message_of(r, "G12"), "row 11"));
	assert_non_null(strstr(message_of(r, "C20"), "政策課"));
	assert_false(tk_roster_report(r)->written);
	assert_int_equal(tk_roster_report(r)->header_row, 4);
	assert_int_equal(tk_roster_report(r)->rows, 178);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM staff"), 0);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM division"), 0);
}

static void faults_into_the_csv_people(void **state)
{
	WORLD(state);
	struct tk_roster *r;

	import_csv(&w, false);
	r = import_xlsx(&w, true);
	planted(r);
	assert_non_null(strstr(message_of(r, "C20"), "情報化・業務企画室"));
	/* 10008 is hidden by the double number; 10021 has another given name */
	COUNTS(r, 0, 1, 1, 171, 6);
	assert_string_equal(tk_roster_report(r)->entry[TK_REP_CHANGED][0].pair[0].value, "10021");
	assert_int_equal(tk_roster_report(r)->entry[TK_REP_CHANGED][0].nchange, 2);
}

static void the_other_format(void **state)
{
	WORLD(state);

	import_csv(&w, false);
	COUNTS(import_fixed(&w, false), 0, 1, 0, 177, 0);
	COUNTS(import_fixed(&w, false), 0, 0, 0, 178, 0);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM staff WHERE name = '小早川 𩸽'"), 1);
	COUNTS(import_csv(&w, false), 0, 1, 0, 177, 0);
}

static void workbook_first(void **state)
{
	WORLD(state);

	COUNTS(import_fixed(&w, false), 178, 0, 0, 0, 0);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM division"), 15);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM staff WHERE mail <> LOWER(mail)"), 0);
	COUNTS(import_csv(&w, false), 0, 1, 0, 177, 0);
}

/* -- small files -------------------------------------------------------------------------------- */
#define HEAD "職員番号,氏名,局等,課室,役職,メール,採用日\n"
#define BASE HEAD "1,模擬 一,総務局,総務課,課長,a1@example.jp,H12.4.1\n2,模擬 二,総務局,総務課,係員,a2@example.jp,2001/4/1\n" \
	"3,模擬 三,総務局,会計課,課長,a3@example.jp,令和元年5月1日\n4,模擬 四,調査局,調査課,課長,a4@example.jp,20100401\n"

static void encodings(void **state)
{
	WORLD(state);
	char *bom = tk_sprintf(t->mem, "\xEF\xBB\xBF%s", BASE);

	COUNTS(import_text(&w, BASE, NULL), 4, 0, 0, 0, 0);
	COUNTS(import_text(&w, bom, NULL), 0, 0, 0, 4, 0);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM staff WHERE joined_on IN ('2000-04-01', '2001-04-01',"
				    " '2019-05-01', '2010-04-01')"), 4);
}

static void each_fault(void **state)
{
	static const struct { const char *row, *cell; } fault[] = {
		{ ",模擬 五,総務局,総務課,係員,a5@example.jp,", "A6" }, { "5,,総務局,総務課,係員,a5@example.jp,", "B6" },
		{ "０２,模擬 五,総務局,総務課,係員,a5@example.jp,", "A6" }, { "5,模擬 五,無い局,総務課,係員,a5@example.jp,", "C6" },
		{ "5,模擬 五,総務局,無い課,係員,a5@example.jp,", "D6" }, { "5,模擬 五,総務局,,係員,a5@example.jp,", "D6" },
		{ "5,模擬 五,総務局,総務課,係員,a5.example.jp,", "F6" }, { "5,模擬 五,総務局,総務課,係員,a5@example.jp,H23.2.30", "G6" },
		{ "5,模擬\x01 五,総務局,総務課,係員,a5@example.jp,", "B6" }, { "5,模擬 五,総務局,総務課,係員,a5@example.jp,1.4.2010x", "G6" },
	};
	WORLD(state);

	import_text(&w, BASE, NULL);
	for (size_t i = 0; i < TK_LEN(fault); i++) {
		struct tk_roster *r = import_text(&w, tk_sprintf(t->mem, "%s%s\n", BASE, fault[i].row), NULL);

		COUNTS(r, 0, 0, 0, 4, 1);
		if (!has_error(r, fault[i].cell))
			fail_msg("%s: no error at %s", fault[i].row, fault[i].cell);
		assert_false(tk_roster_report(r)->written);
	}
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM staff"), 4);
}

static void new_divisions(void **state)
{
	static const struct tk_roster_opt opt = { .new_divisions = true };
	WORLD(state);

	import_text(&w, BASE, NULL);
	COUNTS(import_text(&w, BASE "5,模擬 五,新局,新課,課長,a5@example.jp,\n", &opt), 1, 0, 0, 4, 0);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM division d JOIN bureau b ON b.id = d.bureau_id"
				    " WHERE b.name = '新局' AND d.name = '新課'"), 1);
}

static void changes_and_ends(void **state)
{
	static const struct tk_roster_opt part = { .partial = true }, day = { .base_date = "2012-01-10" };
	static const char *const without =
		HEAD "1,模擬 一,総務局,総務課,課長,A1@EXAMPLE.JP,H12.4.1\n2,模擬 二,調査局,調査課,係員,a2@example.jp,2001/4/1\n"
		"3,模擬 三,総務局,会計課,課長,a3@example.jp,\n";
	WORLD(state);
	struct tk_roster *r;
	const struct tk_report *p;

	import_text(&w, BASE, NULL);
	COUNTS(import_text(&w, without, &part), 0, 2, 0, 1, 0);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM staff WHERE left_on IS NULL"), 4);
	r = import_text(&w, HEAD "1,模擬 一,総務局,総務課,課長,a1@example.jp,H12.4.1\n", &day);
	/* 3 joined in 2019: not there on the base date, so not ended either, nor by the blank day above */
	p = tk_roster_report(r);
	assert_int_equal(p->errors, 0);
	assert_true(p->count[TK_REP_ENDED] >= 2);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM staff WHERE left_on = '2012-01-10' AND staff_number IN ('2','4')"), 2);
	/* back again */
	r = import_text(&w, BASE, NULL);
	assert_int_equal(tk_roster_report(r)->errors, 0);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM staff WHERE left_on IS NULL"), 4);
	COUNTS(import_text(&w, BASE, NULL), 0, 0, 0, 4, 0);
}

/* 30 people; then a file of only 20 of them */
static const char *people(struct world *w, int n)
{
	struct tk_buf b = TK_BUF(64 << 20);
	const char *s;

	tk_buf_str(&b, HEAD);
	for (int i = 0; i < n; i++)
		tk_buf_fmt(&b, "%05d,模擬 %d,局%d,課%d,%s,p%d@example.jp,2000/4/1\n", i + 1, i + 1, i % 5, i % 50,
			   i < 50 ? "課長" : "係員", i + 1);
	s = tk_strdup(w->t->mem, b.p);
	tk_buf_drop(&b);
	return s;
}

static void many_ends(void **state)
{
	static const struct tk_roster_opt sure = { .allow_many_ends = true }, part = { .partial = true };
	WORLD(state);
	struct tk_roster *r;

	import_text(&w, people(&w, 30), NULL);
	r = import_text(&w, people(&w, 20), NULL);
	COUNTS(r, 0, 0, 10, 20, 1);
	assert_false(tk_roster_report(r)->written);
	COUNTS(import_text(&w, people(&w, 20), &part), 0, 0, 0, 20, 0);
	COUNTS(import_text(&w, people(&w, 20), &sure), 0, 0, 10, 20, 0);
	COUNTS(import_text(&w, people(&w, 20), &sure), 0, 0, 0, 20, 0);
	COUNTS(import_text(&w, people(&w, 30), NULL), 0, 10, 0, 20, 0);
}

static void other_shapes(void **state)
{
	WORLD(state);
	struct tk_roster *r;

	/* title, notes, English words, family and given name apart, totals below, header in the middle */
	r = import_text(&w,
		"List of staff,,,,,,\n,,,as of 2012-01-10,,,\n\n"
		"Staff No.,Last name,First name,Department,Job title,E-mail,Remarks\n"
		"e001,Sample,One,Bureau A/Division 1,Division head,E001@example.org,\n"
		"e002,Sample,Two,Bureau A/Division 1,Staff,e002@example.org,\n"
		"Staff No.,Last name,First name,Department,Job title,E-mail,Remarks\n"
		"e003,Sample,Three,Bureau A/Division 2,Division head,e003@example.org,9\n"
		"Total,,,3,,,\n,,,,,,\n※ end of list,,,,,,\n", NULL);
	COUNTS(r, 3, 0, 0, 0, 0);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM division d JOIN bureau b ON b.id = d.bureau_id WHERE b.name = 'Bureau A'"), 2);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM staff WHERE name = 'Sample One' AND mail = 'e001@example.org'"), 1);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM post WHERE is_head = 1"), 1);
	/* a header of two lines, bureau written once */
	r = import_text(&w,
		"社員番号,氏名,所属,,退職日\n,,局,課,\nE001,Sample One,Bureau A,Division 1,9999/12/31\n"
		"E002,Sample Two,,Division 1,-\nE003,Sample Three,,Division 2,\n", NULL);
	COUNTS(r, 0, 0, 0, 3, 0);
}

static void headings_of_other_offices(void **state)
{
	static const struct { const char *head, *row; } file[] = {
		{ "番号,氏名,所属,課室,職名", "7,模擬 七,総務局,総務課,課長" },
		{ "No.,職員番号(7桁),氏名（漢字）,氏名(ｶﾅ),氏名（ローマ字）,所属", "1,7,模擬 七,モギ ナナ,Mogi Nana,総務局 総務課" },
		{ "※社員Ｎｏ．,姓,名,セイ,メイ,部署", "7,模擬,七,もぎ,なな,総務局総務課" },
		{ "Employee_ID,Name,Bureau,Division", "7,模擬 七,総務局,総務課" },
		{ "職　員 番　号,氏　　　名,部　局,課　名", "７,模擬　七,総務局,総務課" },
	};
	WORLD(state);

	import_text(&w, "職員番号,氏名,局,課\n7,模擬 七,総務局,総務課\n", NULL);
	for (size_t i = 0; i < TK_LEN(file); i++) {
		struct tk_roster *r = import_text(&w, tk_sprintf(t->mem, "名簿\n%s\n%s\n合計,,1名\n", file[i].head, file[i].row), NULL);
		const struct tk_report *p = tk_roster_report(r);

		if (p->errors || p->rows != 1 || p->count[TK_REP_ADDED])
			fail_msg("%s: %d rows, %s", file[i].head, (int)p->rows, p->nproblem ? p->problem[0].message : "");
	}
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM division"), 1);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM staff WHERE name = '模擬 七' AND kana = 'モギ ナナ'"), 1);
}

struct cell { const char *at, *text; };

static void write_cells(lxw_worksheet *s, const struct cell *cell)
{
	for (; cell->at; cell++)
		worksheet_write_string(s, lxw_name_to_row(cell->at), lxw_name_to_col(cell->at), cell->text, NULL);
}

/* A hidden sheet, a cover, the roster with cells merged down and across, dates as dates, a second
 * roster. */
static void workbook_with_several_sheets(void **state)
{
	static const struct cell old[] = { { "A1", "職員番号" }, { "B1", "氏名" }, { "C1", "課" }, { "A2", "99" },
		{ "B2", "古い" }, { "C2", "昔の課" }, { 0 } };
	static const struct cell list[] = { { "A1", "名簿" }, { "A3", "局" }, { "B3", "課" }, { "C3", "氏名" }, { "D3", "職員番号" },
		{ "E3", "採用日" }, { "F3", "退職日" }, { "C4", "模擬 一" }, { "D4", "1" }, { "C5", "模擬 二" }, { "D5", "2" },
		{ "C6", "模擬 三" }, { "D6", "3" }, { "B7", "調査課" }, { "C7", "模擬 四" }, { "D7", "4" }, { 0 } };
	WORLD(state);
	const char *path = tk_sprintf(t->mem, "%s/several.xlsx", t->dir);
	lxw_workbook *b = workbook_new(path);
	lxw_worksheet *cover = workbook_add_worksheet(b, "表紙"), *hidden = workbook_add_worksheet(b, "旧"),
		      *s = workbook_add_worksheet(b, "名簿"), *more = workbook_add_worksheet(b, "別の局");
	lxw_format *day = workbook_add_format(b);
	struct file f;
	struct tk_roster *r;
	const struct tk_report *p;

	format_set_num_format(day, "yyyy/mm/dd");
	worksheet_write_string(cover, 0, 0, "職員名簿 一式", NULL);
	worksheet_hide(hidden);
	write_cells(hidden, old);
	write_cells(more, old);
	write_cells(s, list);
	worksheet_merge_range(s, RANGE("A4:A6"), "総務局", NULL);
	worksheet_merge_range(s, RANGE("B4:B5"), "総務課", NULL);
	worksheet_write_string(s, CELL("B6"), "会計課", NULL);
	worksheet_write_string(s, CELL("A7"), "調査局", NULL);
	worksheet_write_datetime(s, CELL("E4"), &(lxw_datetime){ 2001, 4, 1, 0, 0, 0 }, day);
	worksheet_write_datetime(s, CELL("F4"), &(lxw_datetime){ 9999, 12, 31, 0, 0, 0 }, day);
	assert_int_equal(workbook_close(b), LXW_NO_ERROR);
	f = slurp(&w, NULL, path);
	r = import_bytes(&w, f.data, f.n, "several.xlsx", NULL, false);
	p = tk_roster_report(r);
	COUNTS(r, 4, 0, 0, 0, 0);
	assert_string_equal(p->sheet, "名簿");
	assert_int_equal(p->header_row, 3);
	assert_int_equal(p->warnings, 2);       /* the other roster, and no column for mail */
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM staff s JOIN division d ON d.id = s.division_id JOIN bureau b"
				    " ON b.id = d.bureau_id WHERE b.name = '総務局' AND d.name = '総務課'"), 2);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM staff WHERE joined_on = '2001-04-01' AND left_on IS NULL"), 1);
}

/* Long names are cut in a message, never inside a character. */
static void long_names_in_messages(void **state)
{
	WORLD(state);
	struct tk_roster *r;

	import_text(&w, BASE, NULL);
	r = import_text(&w, BASE "5,模擬 五,総務局,aとても長くてどこにもない課の名前がまだまだ続いていく課,係員,a5@example.jp,\n", NULL);
	COUNTS(r, 0, 0, 0, 4, 1);
	assert_true(tk_utf8_valid(message_of(r, "D6"), strlen(message_of(r, "D6"))));
}

static void leading_zeros(void **state)
{
	WORLD(state);

	import_text(&w, people(&w, 60), NULL);
	COUNTS(import_text(&w, "職員番号,氏名,局,課\n1,模擬 1,局0,課0\n", &(struct tk_roster_opt){ .partial = true }), 0, 0, 0, 1, 0);
}

static void no_roster(void **state)
{
	WORLD(state);
	struct tk_roster *r = import_text(&w, "a,b,c\n1,2,3\n", NULL);

	COUNTS(r, 0, 0, 0, 0, 1);
	r = import_text(&w, HEAD, NULL);
	COUNTS(r, 0, 0, 0, 0, 1);
	FAILS(t, TK_ETYPE, tk_roster_import(&w.op, "PK\3\4 not really", 16, "x.xlsx", NULL, false, &r));
	FAILS(t, TK_EINVAL, tk_roster_import(&w.op, BASE, strlen(BASE), "x.csv", &(struct tk_roster_opt){ .base_date = "soon" }, true, &r));
}

static void too_many_columns(void **state)
{
	WORLD(state);
	struct tk_buf b = TK_BUF(1 << 20);
	struct tk_roster *r = NULL;

	for (int i = 0; i < 17000; i++)
		tk_buf_fmt(&b, "c%d,", i);
	tk_buf_str(&b, "\n");
	assert_int_not_equal(tk_roster_import(&w.op, b.p, b.len, "wide.csv", NULL, true, &r), TK_OK);
	assert_true(strlen(t->e.msg) > 0);
	tk_buf_drop(&b);
}

static void only_who_may(void **state)
{
	WORLD(state);
	struct tk_roster *r = NULL;

	w.who.system = false;
	w.who.scope[TK_P_ORG_WRITE] = TK_SCOPE_ALL;
	FAILS(t, TK_EPERM, tk_roster_import(&w.op, BASE, strlen(BASE), "x.csv", NULL, false, &r));
	w.who.scope[TK_P_ORG_WRITE] = TK_SCOPE_NONE;
	w.who.scope[TK_P_ROSTER_IMPORT] = TK_SCOPE_ALL;
	OK(t, tk_roster_import(&w.op, BASE, strlen(BASE), "x.csv", NULL, false, &r));
	assert_true(tk_roster_report(r)->written);
}

static void report_as_json(void **state)
{
	WORLD(state);
	struct tk_buf b = TK_BUF(4 << 20);
	struct tk_json j = TK_JSON(&b);
	struct cJSON *tree;

	tk_roster_json(&j, import_xlsx(&w, true));
	OK(t, tk_json_parse(t->mem, b.p, b.len, &tree, &t->e));
	assert_non_null(strstr(b.p, "\"cell\":\"G40\""));
	assert_non_null(strstr(b.p, "\"new_bureaus\":[\"総務企画局\""));
	assert_null(strstr(b.p, "総務企画局 存在しない課"));
	assert_non_null(strstr(b.p, "\"unused_sheets\":[\"併任\"]"));
	assert_non_null(strstr(b.p, "{\"column\":\"G\",\"heading\":\"職員 番号\",\"field\":\"staff_number\""));
	assert_non_null(strstr(b.p, "\"ignored_columns\":[{\"column\":\"A\",\"heading\":\"No.\"}]"));
	tk_buf_drop(&b);
}

static void twenty_thousand(void **state)
{
	WORLD(state);
	const char *csv = people(&w, 20000);

	COUNTS(import_text(&w, csv, NULL), 20000, 0, 0, 0, 0);
	COUNTS(import_text(&w, csv, NULL), 0, 0, 0, 20000, 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TESTDB_BOTH(csv_into_nothing), TESTDB_BOTH(twice_changes_nothing), TESTDB_BOTH(faults_into_nothing),
		TESTDB_BOTH(faults_into_the_csv_people), TESTDB_BOTH(the_other_format), TESTDB_BOTH(workbook_first),
		TESTDB_BOTH(encodings), TESTDB_BOTH(each_fault), TESTDB_BOTH(new_divisions), TESTDB_BOTH(changes_and_ends),
		TESTDB_BOTH(many_ends), TESTDB_BOTH(other_shapes), TESTDB_BOTH(headings_of_other_offices), TESTDB_BOTH(workbook_with_several_sheets), TESTDB_BOTH(long_names_in_messages), TESTDB_BOTH(leading_zeros), TESTDB_BOTH(no_roster),
		TESTDB_BOTH(too_many_columns), TESTDB_BOTH(only_who_may), TESTDB_BOTH(report_as_json),
		TESTDB_BOTH(twenty_thousand),
	};

	if (argc < 3) {
		fputs("usage: roster_test FOLDER FIXED\n", stderr);
		return 2;
	}
	folder = argv[1];
	fixed = argv[2];
	return cmocka_run_group_tests_name("roster", tests, NULL, NULL);
}
