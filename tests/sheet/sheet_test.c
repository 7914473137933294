/* Reading and writing of CSV and XLSX.  argv: the folder of made files, the folder of rosters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <cmocka.h>
#include "base/text.h"
#include "sheet/sheet.h"
#include "sheet/sheet_write.h"

static const char *made, *roster;
static struct tk_err err = { .lang = TK_EN };

static char *path_of(const char *folder, const char *name)
{
	static char buf[2][512];
	static int k;

	k = !k;
	snprintf(buf[k], sizeof(buf[k]), "%s/%s", folder, name);
	return buf[k];
}

static struct tk_sheet *must_open(const char *folder, const char *name)
{
	struct tk_sheet *s;

	err = (struct tk_err){ .lang = TK_EN };
	if (tk_sheet_open_file(&s, path_of(folder, name), &err) != TK_OK)
		fail_msg("%s: %s", name, err.msg);
	return s;
}

static struct tk_row must_next(struct tk_sheet *s)
{
	struct tk_row row;

	if (tk_sheet_next(s, &row, &err) != TK_OK)
		fail_msg("%s", err.msg);
	return row;
}

/* Opens and reads to the end; the first error. */
static enum tk_rc read_all(const char *folder, const char *name)
{
	struct tk_sheet *s;
	struct tk_row row;
	enum tk_rc rc;

	err = (struct tk_err){ .lang = TK_EN };
	rc = tk_sheet_open_file(&s, path_of(folder, name), &err);
	while (rc == TK_OK && (rc = tk_sheet_next(s, &row, &err)) == TK_OK && row.number)
		;
	tk_sheet_close(s);
	return rc;
}

static void cell_names(void **state)
{
	char b[TK_CELL_NAME];
	uint32_t c, r;

	(void)state;
	assert_string_equal(tk_cell_name(6, 12, b), "G12");
	assert_string_equal(tk_cell_name(0, 1, b), "A1");
	assert_string_equal(tk_cell_name(25, 1, b), "Z1");
	assert_string_equal(tk_cell_name(26, 1, b), "AA1");
	assert_string_equal(tk_cell_name(16383, 1048576, b), "XFD1048576");
	for (uint32_t i = 0; i < TK_SHEET_MAX_COL; i++) {
		assert_true(tk_cell_parse(tk_cell_name(i, 7, b), &c, &r));
		assert_true(c == i && r == 7);
	}
	assert_false(tk_cell_parse("12", &c, &r));
	assert_false(tk_cell_parse("G", &c, &r));
	assert_false(tk_cell_parse("G0", &c, &r));
	assert_false(tk_cell_parse("G1x", &c, &r));
	assert_false(tk_cell_parse("ZZZZZZZZZZZ1", &c, &r));
}

static void office_workbook(void **state)
{
	static const char *const fault[][2] = {
		{ "G12", "10007" }, { "C20", "存在しない課" }, { "E25", "小早川　𩸽" }, { "F25", "コバヤカワ　ホッケ" },
		{ "I30", "平成23年2月30日" }, { "H33", "s10029agency.example.jp" }, { "E36", "" }, { "G40", "" },
		{ "A1", "職員名簿（平成24年1月1日現在）" }, { "G4", "職員\n番号" }, { "I5", "2000-07-01" },
		{ "G8", "１０００４" }, { "G9", "10005" }, { "B185", "" }, { "A185", "※併任者を含む。" },
	};
	struct tk_sheet *s = must_open(roster, "office_workbook.xlsx");
	const struct tk_sheet_name *name;
	struct tk_row row;
	struct tk_range r;
	uint32_t c, n, last = 0;
	size_t rows = 0, hit = 0, merged = 0;
	bool in;

	(void)state;
	assert_int_equal(tk_sheet_names(s, &name), 2);
	assert_string_equal(name[0].name, "職員名簿");
	assert_string_equal(name[1].name, "併任");
	assert_false(name[0].hidden || name[1].hidden || tk_sheet_is_csv(s));
	while ((row = must_next(s)).number) {
		rows++;
		last = row.number;
		for (size_t i = 0; i < TK_LEN(fault); i++) {
			assert_true(tk_cell_parse(fault[i][0], &c, &n));
			if (n != row.number)
				continue;
			hit++;
			assert_string_equal(tk_row_text(&row, c), fault[i][1]);
		}
		if (row.number == 40)
			assert_int_equal(row.cell[6].kind, TK_CELL_FORMULA_EMPTY);
		if (row.number == 5) {
			assert_int_equal(row.cell[8].kind, TK_CELL_DATE);
			assert_int_equal(row.cell[0].kind, TK_CELL_NUMBER);
		}
		assert_int_equal(tk_sheet_merged(s, row.number, 1, &in, &r, &err), TK_OK);
		if (in && r.row1 > 4) {
			merged++;
			assert_int_equal(r.col1, 1);
			assert_int_equal(tk_row_text(&row, 1)[0] != '\0', r.row1 == row.number);
		}
	}
	assert_int_equal(rows, 183);
	assert_int_equal(last, 185);
	assert_int_equal(hit, TK_LEN(fault));
	assert_int_equal(merged, 178);
	assert_true(tk_sheet_col_hidden(s, 0));
	assert_false(tk_sheet_col_hidden(s, 1));
	assert_int_equal(must_next(s).number, 0);
	assert_int_equal(tk_sheet_select_name(s, "併任", &err), TK_OK);
	assert_string_equal(tk_row_text((row = must_next(s), &row), 2), "併任先");
	assert_string_equal(tk_row_text((row = must_next(s), &row), 0), "10004");
	assert_int_equal(must_next(s).number, 0);
	assert_int_equal(tk_sheet_select_name(s, "名簿", &err), TK_ENOTFOUND);
	tk_sheet_close(s);
}

static void personnel_csv(void **state)
{
	struct tk_sheet *s = must_open(roster, "personnel_export_cp932.csv");
	const struct tk_sheet_name *name;
	struct tk_row row;
	size_t rows = 0;

	(void)state;
	assert_int_equal(tk_sheet_names(s, &name), 1);
	assert_string_equal(name[0].name, "personnel_export_cp932");
	while ((row = must_next(s)).number) {
		rows++;
		assert_int_equal(row.number, rows);
		if (row.number == 1)
			assert_string_equal(tk_row_text(&row, 3), "人事課");
		if (row.number == 2)
			assert_int_equal(row.n, 10);
		if (row.number == 3) {
			assert_string_equal(tk_row_text(&row, 2), "萩原　あかり");
			assert_string_equal(tk_row_text(&row, 3), "0100");
		}
	}
	assert_int_equal(rows, 180);
	tk_sheet_close(s);
}

static void cell_kinds(void **state)
{
	static const struct { const char *text; enum tk_cell_kind kind; } two[] = {
		{ "総務課", TK_CELL_TEXT }, { "監督課", TK_CELL_TEXT }, { "a\rb_x0041_😀", TK_CELL_TEXT },
		{ "", TK_CELL_BLANK }, { "10001", TK_CELL_NUMBER }, { "0.1", TK_CELL_NUMBER },
		{ "TRUE", TK_CELL_BOOL }, { "#N/A", TK_CELL_ERROR }, { "x", TK_CELL_TEXT },
		{ "", TK_CELL_FORMULA_EMPTY }, { "2", TK_CELL_NUMBER }, { "2012-03-31", TK_CELL_DATE },
		{ "", TK_CELL_BLANK }, { "-0.5", TK_CELL_NUMBER }, { "1e21", TK_CELL_NUMBER },
		{ "1234567890123456800", TK_CELL_NUMBER },
	}, four[] = {
		{ "2012-01-10", TK_CELL_DATE }, { "2012-01-10", TK_CELL_DATE }, { "2012-01-10", TK_CELL_DATE },
		{ "40918", TK_CELL_NUMBER }, { "40918", TK_CELL_NUMBER }, { "40918", TK_CELL_NUMBER },
		{ "2012-01-10", TK_CELL_DATE }, { "2012-01-10 12:00:00", TK_CELL_DATE },
		{ "18:00:00", TK_CELL_DATE }, { "1900-02-28", TK_CELL_DATE }, { "1900-02-29", TK_CELL_DATE },
		{ "1900-03-01", TK_CELL_DATE }, { "-1", TK_CELL_NUMBER }, { "00:00:01", TK_CELL_DATE },
		{ "5", TK_CELL_NUMBER },
	};
	struct tk_sheet *s = must_open(made, "kinds.xlsx");
	struct tk_row row = must_next(s);
	struct tk_range r;
	bool in;

	(void)state;
	assert_int_equal(row.number, 2);
	assert_int_equal(row.n, TK_LEN(two));
	for (size_t i = 0; i < row.n; i++) {
		assert_string_equal(row.cell[i].text, two[i].text);
		assert_int_equal(row.cell[i].kind, two[i].kind);
		assert_int_equal(row.cell[i].len, strlen(two[i].text));
	}
	row = must_next(s);
	assert_int_equal(row.number, 4);
	assert_int_equal(row.n, TK_LEN(four));
	for (size_t i = 0; i < row.n; i++) {
		assert_string_equal(row.cell[i].text, four[i].text);
		assert_int_equal(row.cell[i].kind, four[i].kind);
	}
	assert_true(!tk_sheet_col_hidden(s, 0) && tk_sheet_col_hidden(s, 1) && tk_sheet_col_hidden(s, 2));
	assert_int_equal(tk_sheet_merged(s, 6, 1, &in, &r, &err), TK_OK);
	assert_true(in && r.row1 == 4 && r.col1 == 0 && r.row2 == 6);
	assert_int_equal(tk_sheet_merged(s, 2, 3, &in, &r, &err), TK_OK);
	assert_true(in && r.row1 == 1);
	assert_int_equal(tk_sheet_merged(s, 7, 1, &in, &r, &err), TK_OK);
	assert_false(in);
	tk_sheet_close(s);
	s = must_open(made, "date1904.xlsx");
	assert_string_equal(tk_row_text((row = must_next(s), &row), 0), "2012-01-10");
	tk_sheet_close(s);
}

static void lawful_oddities(void **state)
{
	struct tk_sheet *s = must_open(made, "no_refs.xlsx");
	const struct tk_sheet_name *name;
	struct tk_row row = must_next(s);

	(void)state;
	assert_int_equal(row.number, 1);
	assert_string_equal(tk_row_text(&row, 1), "2");
	row = must_next(s);
	assert_int_equal(row.number, 3);
	assert_string_equal(tk_row_text(&row, 2), "3");
	assert_string_equal(tk_row_text(&row, 3), "4");
	tk_sheet_close(s);
	s = must_open(made, "cells_out_of_order.xlsx");
	row = must_next(s);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(tk_row_text(&row, i), ((const char *[]){ "a", "b", "c" })[i]);
	tk_sheet_close(s);
	s = must_open(made, "two_sheets.xlsx");
	assert_int_equal(tk_sheet_names(s, &name), 2);
	assert_true(name[0].hidden && !name[1].hidden);
	assert_string_equal(tk_row_text((row = must_next(s), &row), 0), "shown");
	assert_int_equal(tk_sheet_select(s, 0, &err), TK_OK);
	assert_string_equal(tk_row_text((row = must_next(s), &row), 0), "hidden");
	assert_int_equal(tk_sheet_select_name(s, "LIST", &err), TK_OK);
	assert_string_equal(tk_row_text((row = must_next(s), &row), 0), "shown");
	tk_sheet_close(s);
	assert_int_equal(read_all(made, "no_rows.xlsx"), TK_OK);
}

static void bad_files(void **state)
{
	static const struct { const char *file; enum tk_rc rc; const char *says; } bad[] = {
		{ "truncated.xlsx", TK_ETYPE, "damaged or cut short" },
		{ "broken_xml.xlsx", TK_ETYPE, "xl/worksheets/sheet1.xml" },
		{ "zip_bomb.xlsx", TK_ETOOBIG, "512 MB" },
		{ "zip_bomb_lie.xlsx", TK_ETOOBIG, "unpacks to far more" },
		{ "zip_ratio.xlsx", TK_ETOOBIG, "unpacks to far more" },
		{ "columns_17000.xlsx", TK_ETOOBIG, "16,384 columns" },
		{ "row_too_far.xlsx", TK_ETOOBIG, "1,048,576" },
		{ "rows_out_of_order.xlsx", TK_ETYPE, "row 5 follows row 9" },
		{ "bad_ref.xlsx", TK_ETYPE, "G12" },
		{ "long_cell.xlsx", TK_ETOOBIG, "名簿!B3" },
		{ "string_out_of_range.xlsx", TK_ETYPE, "名簿!C7" },
		{ "entity.xlsx", TK_ETYPE, "DOCTYPE" },
		{ "old_excel.xls", TK_ETYPE, "97-2003" },
		{ "password.xlsx", TK_ETYPE, "password" },
		{ "page.xls", TK_ETYPE, "HTML" },
		{ "paper.csv", TK_ETYPE, "PDF" },
		{ "table.ods", TK_ETYPE, ".ods" },
		{ "document.docx", TK_ETYPE, "Word" },
		{ "no_workbook.zip", TK_ETYPE, "no workbook" },
		{ "no_such_file.csv", TK_ENOTFOUND, "no_such_file" },
	};
	struct rusage before, after;

	(void)state;
	getrusage(RUSAGE_SELF, &before);
	for (size_t i = 0; i < TK_LEN(bad); i++) {
		assert_int_equal(read_all(made, bad[i].file), bad[i].rc);
		if (!strstr(err.msg, bad[i].says))
			fail_msg("%s: %s", bad[i].file, err.msg);
	}
	assert_int_equal(read_all(made, "string_out_of_range.xlsx"), TK_ETYPE);
	assert_string_equal(err.field, "C7");
	getrusage(RUSAGE_SELF, &after);
	/* kilobytes: no bomb has gone off */
	assert_true(after.ru_maxrss - before.ru_maxrss < 32 * 1024);
}

static enum tk_rc read_bytes(const char *p, size_t n, const struct tk_sheet_opt *opt)
{
	struct tk_sheet *s;
	struct tk_row row;
	enum tk_rc rc;

	err = (struct tk_err){ .lang = TK_EN };
	rc = tk_sheet_open_opt(&s, p, n, "up.xlsx", opt, &err);
	while (rc == TK_OK && (rc = tk_sheet_next(s, &row, &err)) == TK_OK && row.number)
		;
	tk_sheet_close(s);
	return rc;
}

/* Ceilings, and every single byte of a workbook damaged: an answer each time, never a crash. */
static void ceilings_and_damage(void **state)
{
	char data[8192];
	FILE *f = fopen(path_of(made, "kinds.xlsx"), "rb");
	size_t n, refused = 0;

	(void)state;
	assert_non_null(f);
	n = fread(data, 1, sizeof(data), f);
	fclose(f);
	assert_int_equal(read_bytes(data, n, NULL), TK_OK);
	assert_int_equal(read_bytes(data, n, &(struct tk_sheet_opt){ .max_strings = 16 }), TK_ETOOBIG);
	assert_int_equal(read_bytes(data, n, &(struct tk_sheet_opt){ .max_cells = 20 }), TK_ETOOBIG);
	assert_int_equal(read_bytes(data, n, &(struct tk_sheet_opt){ .max_unpacked = 1000 }), TK_ETOOBIG);
	for (size_t i = 0; i < n; i++) {
		data[i] = (char)~data[i];
		if (read_bytes(data, n, NULL) != TK_OK) {
			refused++;
			assert_true(err.rc != TK_OK && err.msg[0]);
		}
		data[i] = (char)~data[i];
	}
	assert_true(refused > n / 2);
	for (size_t cut = 4; cut < n; cut++)
		assert_int_not_equal(read_bytes(data, cut, NULL), TK_OK);
}

static enum tk_rc open_text(struct tk_sheet **s, const char *text, size_t n)
{
	err = (struct tk_err){ .lang = TK_EN };
	return tk_sheet_open(s, text, n, "up.csv", &err);
}

/* The whole of a small CSV file as "a|b;c|d;", or the error. */
static const char *shape(const char *text, size_t n)
{
	static char out[512];
	struct tk_sheet *s;
	struct tk_row row;
	enum tk_rc rc = open_text(&s, text, n);
	size_t len = 0;

	out[0] = '\0';
	while (rc == TK_OK && (rc = tk_sheet_next(s, &row, &err)) == TK_OK && row.number) {
		len += (size_t)snprintf(out + len, sizeof(out) - len, "%u:", row.number);
		for (size_t i = 0; i < row.n; i++)
			len += (size_t)snprintf(out + len, sizeof(out) - len, "%s%s", i ? "|" : "", row.cell[i].text);
		len += (size_t)snprintf(out + len, sizeof(out) - len, ";");
	}
	tk_sheet_close(s);
	return rc == TK_OK ? out : err.msg;
}
#define SHAPE(s) shape(s, sizeof(s) - 1)

static void csv_forms(void **state)
{
	(void)state;
	assert_string_equal(SHAPE("a,b\r\n1,2\r\n"), "1:a|b;2:1|2;");
	assert_string_equal(SHAPE("a,b\r1,2"), "1:a|b;2:1|2;");
	assert_string_equal(SHAPE("a\tb\n1,5\t2\n"), "1:a|b;2:1,5|2;");
	assert_string_equal(SHAPE("a;b\n1,5;2\n"), "1:a|b;2:1,5|2;");
	assert_string_equal(SHAPE("a,b\n\n,,\n\"x\ny\",\"q\"\"q\"\n"), "1:a|b;4:x\ny|q\"q;");
	assert_string_equal(SHAPE("a,\"b\r\nc\"\r\nd,e"), "1:a|b\r\nc;2:d|e;");
	assert_string_equal(SHAPE("a b\"c,\"d\"e,\"\"\n"), "1:a b\"c|de;");
	assert_string_equal(SHAPE("a"), "1:a;");
	assert_string_equal(SHAPE("\xEF\xBB\xBF" "あ,い\n"), "1:あ|い;");
	assert_string_equal(SHAPE("\x82\xA0,\x8B\xC7\n"), "1:あ|局;");
	assert_string_equal(SHAPE("\xFF\xFE" "\x42\x30\t\0\x40\xD8\x0B\xDC\n\0"), "1:あ|𠀋;");
	assert_string_equal(SHAPE("\xFE\xFF\x30\x42\0,\x30\x44"), "1:あ|い;");
}

static void csv_faults(void **state)
{
	char big[40000];
	struct tk_sheet *s;
	struct tk_row row;

	(void)state;
	assert_non_null(strstr(SHAPE("a,b\r\nc,\"d\r\ne,f\r\n"), "line 2"));
	assert_non_null(strstr(SHAPE("a\r\rb\r\"c"), "line 4"));
	assert_non_null(strstr(SHAPE("a,b\nc\0,d\n"), "Line 2"));
	assert_non_null(strstr(SHAPE("\xFF\xFE" "a\0b"), "no text"));
	assert_non_null(strstr(SHAPE("\xFF\xFE" "\x40\xD8" "b\0"), "no text"));
	assert_non_null(strstr(SHAPE(""), "empty"));
	assert_non_null(strstr(SHAPE("a,b\nc,\x82\xFF\n"), "Cell B2"));
	assert_non_null(strstr(SHAPE("あいうえおかきくけこ\nさ,\xFF\n"), "line 2"));
	memset(big, 'x', sizeof(big));
	assert_int_equal(open_text(&s, big, sizeof(big)), TK_OK);
	assert_int_equal(tk_sheet_next(s, &row, &err), TK_ETOOBIG);
	assert_string_equal(err.field, "A1");
	tk_sheet_close(s);
	memset(big, ',', 16384);
	assert_int_equal(open_text(&s, big, 16384), TK_OK);
	assert_int_equal(tk_sheet_next(s, &row, &err), TK_ETOOBIG);
	tk_sheet_close(s);
}

static const char *const tricky[] = {
	"=1+1", "'=1+1", "''=x", "'plain", "'", "+81-3", "-5", "@a", "\tx", "\rx", "a,b", "a\"b", "a\nb", " a ", "x;y",
	"あ　い", "髙﨑", "007", "_x0041_", "_x0041\x1f", "__x000D_", "1e5", "",
};

static struct tk_out *begin(const struct tk_out_opt *opt, struct tk_buf *b)
{
	struct tk_out *o;

	*b = TK_BUF(1 << 24);
	err = (struct tk_err){ .lang = TK_EN };
	assert_int_equal(tk_out_open(&o, opt, tk_out_to_buf, b, &err), TK_OK);
	return o;
}

static void round_trip(const struct tk_out_opt *opt)
{
	static const struct tk_out_col col[] = { { "番号", 0 }, { "値", 0 }, { "率", 0 }, { "日", 0 }, { "可", 0 } };
	struct tk_buf b;
	struct tk_out *o = begin(opt, &b);
	struct tk_sheet *s;
	struct tk_row row;

	tk_out_sheet(o, "名簿/1", col, TK_LEN(col));
	for (size_t i = 0; i < TK_LEN(tricky); i++) {
		tk_out_row(o);
		tk_out_int(o, 10001 + (int64_t)i);
		tk_out_text(o, tricky[i]);
		tk_out_x10(o, 902);
		tk_out_date(o, "2012-03-31");
		tk_out_bool(o, true);
	}
	assert_int_equal(tk_out_close(o, &err), TK_OK);
	tk_out_free(o);
	assert_int_equal(tk_sheet_open(&s, b.p, b.len, "r", &err), TK_OK);
	assert_string_equal(tk_row_text((row = must_next(s), &row), 1), "値");
	for (size_t i = 0; i < TK_LEN(tricky); i++) {
		char num[16];
		row = must_next(s);
		snprintf(num, sizeof(num), "%zu", 10001 + i);
		assert_string_equal(tk_row_text(&row, 0), num);
		assert_string_equal(tk_cell_restore(s, tk_row_text(&row, 1)), tricky[i]);
		assert_string_equal(tk_row_text(&row, 2), "90.2");
		assert_string_equal(tk_row_text(&row, 3), "2012-03-31");
		assert_string_equal(tk_row_text(&row, 4), "TRUE");
		if (opt->format == TK_OUT_XLSX) {
			assert_int_equal(row.cell[3].kind, TK_CELL_DATE);
			assert_int_equal(row.cell[0].kind, TK_CELL_NUMBER);
			assert_int_equal(row.cell[1].kind, *tricky[i] ? TK_CELL_TEXT : TK_CELL_BLANK);
		}
	}
	assert_int_equal(must_next(s).number, 0);
	tk_sheet_close(s);
	tk_buf_drop(&b);
}

static void round_trips(void **state)
{
	(void)state;
	round_trip(&(struct tk_out_opt){ 0 });
	round_trip(&TK_OUT_DOWNLOAD);
	round_trip(&(struct tk_out_opt){ .enc = TK_OUT_CP932, .crlf = true });
	round_trip(&(struct tk_out_opt){ .format = TK_OUT_XLSX, .title = "名簿", .mark = "機密性2 & 取扱注意" });
}

static void csv_bytes(void **state)
{
	static const struct tk_out_col col[] = { { "番号", 0 }, { "氏名", 0 } };
	struct tk_buf b;
	struct tk_out *o = begin(&(struct tk_out_opt){ 0 }, &b);
	const struct tk_out_lost *lost;
	size_t total;

	(void)state;
	tk_out_sheet(o, "x", NULL, 0);
	tk_out_row(o);
	tk_out_text(o, "a b");
	tk_out_text(o, "=x");
	tk_out_x10(o, -5);
	tk_out_int(o, INT64_MIN);
	tk_out_row(o);
	tk_out_blank(o);
	assert_int_equal(tk_out_close(o, &err), TK_OK);
	tk_out_free(o);
	assert_string_equal(b.p, "a b,'=x,-0.5,-9223372036854775808\n\"\"\n");
	tk_buf_drop(&b);
	o = begin(&(struct tk_out_opt){ .enc = TK_OUT_CP932, .crlf = true }, &b);
	tk_out_sheet(o, "x", col, 2);
	for (int i = 0; i < 150; i++) {
		tk_out_row(o);
		tk_out_int(o, i);
		tk_out_text(o, "小早川　𩸽");
	}
	assert_int_equal(tk_out_close(o, &err), TK_OK);
	assert_int_equal(tk_out_lost(o, &lost, &total), TK_OUT_LOST_MAX);
	assert_int_equal(total, 150);
	assert_true(lost[0].row == 2 && lost[0].cp == 0x29E3D && !strcmp(lost[0].column, "氏名"));
	tk_out_free(o);
	assert_non_null(strstr(b.p, "\x81\xAC\r\n"));
	tk_buf_drop(&b);
	o = begin(&(struct tk_out_opt){ 0 }, &b);
	tk_out_sheet(o, "x", col, 2);
	tk_out_sheet(o, "y", col, 2);
	assert_int_equal(tk_out_close(o, &err), TK_EINVAL);
	tk_out_free(o);
	tk_buf_drop(&b);
}

static enum tk_rc broken_sink(void *ctx, const void *p, size_t n, struct tk_err *e)
{
	(void)ctx, (void)p, (void)n;
	return tk_fail(e, TK_EFULL, "", "full");
}

static void xlsx_limits(void **state)
{
	struct tk_out_opt opt = { .format = TK_OUT_XLSX };
	const struct tk_sheet_name *name;
	char *big = tk_xmalloc(32769);
	struct tk_buf b;
	struct tk_out *o = begin(&opt, &b);
	struct tk_sheet *s;

	(void)state;
	tk_out_sheet(o, "[a]:b*?/\\", NULL, 0);
	tk_out_sheet(o, "_a__b____", NULL, 0);
	tk_out_sheet(o, "長い名前長い名前長い名前長い名前長い名前長い名前長い名前長い名前", NULL, 0);
	tk_out_sheet(o, "長い名前長い名前長い名前長い名前長い名前長い名前長い名前長い名前", NULL, 0);
	assert_int_equal(tk_out_close(o, &err), TK_OK);
	tk_out_free(o);
	assert_int_equal(tk_sheet_open(&s, b.p, b.len, "r", &err), TK_OK);
	assert_int_equal(tk_sheet_names(s, &name), 4);
	assert_string_equal(name[0].name, "_a__b____");
	assert_string_equal(name[1].name, "_a__b____ (2)");
	assert_int_equal(tk_utf8_count(name[3].name), 31);
	tk_sheet_close(s);
	tk_buf_drop(&b);
	o = begin(&opt, &b);
	tk_out_row(o);
	for (int i = 0; i < 16385; i++)
		tk_out_int(o, i);
	assert_false(tk_out_ok(o));
	assert_int_equal(tk_out_close(o, &err), TK_ETOOBIG);
	tk_out_free(o);
	o = begin(&opt, &b);
	memset(big, 'x', 32768);
	big[32768] = '\0';
	tk_out_row(o);
	tk_out_text(o, big);
	assert_int_equal(tk_out_close(o, &err), TK_ETOOBIG);
	assert_non_null(strstr(err.msg, "A1"));
	tk_out_free(o);
	free(big);
	assert_int_equal(tk_out_open(&o, &opt, broken_sink, NULL, &err), TK_OK);
	assert_int_equal(tk_out_close(o, &err), TK_EFULL);
	tk_out_free(o);
	tk_buf_drop(&b);
}

/* A table one row too long for a sheet continues on a second one, under the same header. */
static void xlsx_split(void **state)
{
	static const struct tk_out_col col[] = { { "番号", 0 } };
	const struct tk_sheet_name *name;
	struct tk_buf b;
	struct tk_out *o = begin(&(struct tk_out_opt){ .format = TK_OUT_XLSX }, &b);
	struct tk_sheet *s;
	struct tk_row row;
	uint32_t n = 0;

	(void)state;
	tk_out_sheet(o, "名簿", col, 1);
	for (int i = 1; i <= TK_SHEET_MAX_ROW; i++) {
		tk_out_row(o);
		tk_out_int(o, i);
	}
	assert_int_equal(tk_out_close(o, &err), TK_OK);
	tk_out_free(o);
	assert_int_equal(tk_sheet_open(&s, b.p, b.len, "r", &err), TK_OK);
	assert_int_equal(tk_sheet_names(s, &name), 2);
	while ((row = must_next(s)).number)
		n = row.number;
	assert_int_equal(n, TK_SHEET_MAX_ROW);
	assert_int_equal(tk_sheet_select(s, 1, &err), TK_OK);
	assert_string_equal(tk_row_text((row = must_next(s), &row), 0), "番号");
	assert_string_equal(tk_row_text((row = must_next(s), &row), 0), "1048576");
	tk_sheet_close(s);
	tk_buf_drop(&b);
}

/* A sheet laid out by hand: what is not cells is told by what the file holds. */
static void xlsx_laid_out(void **state)
{
	static const unsigned width[] = { 10, 30 };
	const struct tk_out_page page = { width, 2, 1, true, false }, hidden = { .hidden = true };
	const struct tk_out_valid list = { .takes = TK_OUT_LIST, .formula = "=words", .title = "t", .message = "m" };
	const struct tk_range cell = { 2, 2, 1, 1 };
	const struct tk_sheet_name *name;
	struct tk_arena *a = tk_arena_new(1 << 20);
	struct tk_buf b;
	struct tk_out *o = begin(&(struct tk_out_opt){ .format = TK_OUT_XLSX }, &b);
	int open = tk_out_look(o, &(struct tk_out_look){ .open = true, .fill = 0xFFFF00, .wrap = true });
	struct tk_sheet *s;
	struct tk_row row;

	(void)state;
	assert_string_equal(tk_out_ref(a, "Kim's", 27, 3), "'Kim''s'!$AB$3");
	assert_string_equal(tk_out_fit_name(a, "a/b: '一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十", 4),
			    "a_b_ '一二三四五六七八九十一二三四五六七八九十一");
	tk_out_page(o, "問", &page);
	tk_out_row(o);
	tk_out_height(o, 40);
	tk_out_span(o, "題", 2);
	tk_out_row(o);
	tk_out_number(o, "0.25");
	tk_out_use(o, open);
	tk_out_blank(o);
	tk_out_formula(o, "=A2*2", NULL, 0.5);
	tk_out_formula(o, "=\"x\"&1", "x1", 0);
	tk_out_number(o, "12345678901234567");
	tk_out_link(o, "'words'!$A$1", "there");
	tk_out_valid(o, &cell, &list);
	tk_out_when(o, &cell, "=$A$2>0", open);
	tk_out_page(o, "words", &hidden);
	tk_out_row(o);
	tk_out_text(o, "甲");
	tk_out_name(o, "words", "=words!$A$1");
	assert_int_equal(tk_out_close(o, &err), TK_OK);
	tk_out_free(o);
	assert_int_equal(tk_sheet_open(&s, b.p, b.len, "r", &err), TK_OK);
	assert_int_equal(tk_sheet_brings(s), 0);
	assert_int_equal(tk_sheet_names(s, &name), 2);
	assert_false(name[0].hidden);
	assert_true(name[1].hidden);
	assert_string_equal(tk_row_text((row = must_next(s), &row), 0), "題");
	row = must_next(s);
	assert_string_equal(tk_row_text(&row, 0), "0.25");
	assert_int_equal(row.cell[0].kind, TK_CELL_NUMBER);
	assert_false(row.cell[0].formula);
	assert_string_equal(tk_row_text(&row, 1), "");
	assert_true(row.cell[2].formula);
	assert_string_equal(tk_row_text(&row, 2), "0.5");
	assert_true(row.cell[3].formula);
	assert_string_equal(tk_row_text(&row, 3), "x1");
	assert_int_equal(row.cell[4].kind, TK_CELL_TEXT);
	assert_string_equal(tk_row_text(&row, 5), "there");
	tk_sheet_close(s);
	tk_buf_drop(&b);
	o = begin(&(struct tk_out_opt){ .format = TK_OUT_XLSX }, &b);
	tk_out_page(o, "a", &page);
	for (int i = 0; i < TK_OUT_VALID_MAX; i++)
		tk_out_valid(o, &cell, &list);
	assert_true(tk_out_ok(o));
	tk_out_page(o, "b", &page);
	for (int i = 0; i <= TK_OUT_VALID_MAX; i++)
		tk_out_valid(o, &cell, &list);
	assert_int_equal(tk_out_close(o, &err), TK_EFULL);
	tk_out_free(o);
	tk_buf_drop(&b);
	/* in CSV only what can be said there */
	o = begin(&(struct tk_out_opt){ 0 }, &b);
	tk_out_page(o, "問", &page);
	tk_out_row(o);
	tk_out_span(o, "題", 2);
	tk_out_formula(o, "=1+1", NULL, 2);
	tk_out_valid(o, &cell, &list);
	assert_int_equal(tk_out_close(o, &err), TK_OK);
	assert_string_equal(tk_buf_cstr(&b), "題,2\n");
	tk_out_free(o);
	tk_buf_drop(&b);
	tk_arena_free(a);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cell_names),
		cmocka_unit_test(office_workbook),
		cmocka_unit_test(personnel_csv),
		cmocka_unit_test(cell_kinds),
		cmocka_unit_test(lawful_oddities),
		cmocka_unit_test(bad_files),
		cmocka_unit_test(ceilings_and_damage),
		cmocka_unit_test(csv_forms),
		cmocka_unit_test(csv_faults),
		cmocka_unit_test(round_trips),
		cmocka_unit_test(csv_bytes),
		cmocka_unit_test(xlsx_limits),
		cmocka_unit_test(xlsx_split),
		cmocka_unit_test(xlsx_laid_out),
	};

	if (argc != 3)
		return 2;
	made = argv[1];
	roster = argv[2];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
