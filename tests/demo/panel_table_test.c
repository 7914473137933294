/* The tables of the demonstration's survey, on both engines: the printed ones come out to the last
 * character, and one changed answer of one institution changes the cells and bases that it must,
 * and no others (SRV-01, SRV-04, SRV-05, CHT-04). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "demo/demo.h"
#include "main/wiring.h"
#include "survey/live.h"
#include "survey/response.h"
#include "table/survey_table.h"
#include "table/table.h"
#include "testdb.h"

struct world {
	struct testdb *t;
	struct tk_who who;
	struct tk_op op;
	struct campaign c;
	const struct survey_table *def;
	size_t n;
};

static struct world *filled(void **state)
{
	struct tk_demo_opt opt = { .staff = 200 };
	struct testdb *t = testdb_of(state);
	struct world *w = tk_alloc(t->mem, sizeof(*w));
	int64_t form;

	tk_wire_types();
	tk_arena_raise(t->mem, (size_t)1 << 30);
	w->t = t;
	w->who = tk_who_system("test", "test", TK_EN);
	w->op = (struct tk_op){ t->db, t->mem, &w->who, &t->e };
	OK(t, tk_ship_forms(&w->op));
	OK(t, tk_demo_fill(&w->op, &opt));
	OK(t, tk_campaign_find(&w->op, "telework-2020", &w->c));
	form = testdb_int(t, "SELECT id FROM form WHERE code = 'telework'");
	OK(t, tk_survey_tables(&w->op, form, &w->def, &w->n));
	assert_true(w->n >= 25);
	return w;
}

static struct tk_table *table(struct world *w, const char *name)
{
	struct tk_table_ask ask = { .name = name, .lang = TK_JA };
	struct tk_table *t = NULL;

	OK(w->t, tk_table_make(&w->op, &w->c, &ask, &t));
	return t;
}

static void is_printed(struct world *w, const char *name, const char *file)
{
	char want[2000], *got = NULL;
	size_t n, m;
	FILE *f = open_memstream(&got, &n), *r = fopen(file, "r");

	assert_non_null(r);
	m = fread(want, 1, sizeof(want), r);
	fclose(r);
	OK(w->t, tk_table_write(f, table(w, name), TK_TABLE_CSV, &w->t->e));
	fclose(f);
	assert_int_equal(n, m);
	assert_memory_equal(got, want, n);
	free(got);
}

static void printed_tables(void **state)
{
	struct world *w = filled(state);

	is_printed(w, "web-meeting", TEST_DATA "/reference/web_meeting_2020.csv");
	is_printed(w, "panel", TEST_DATA "/reference/panel_2020.csv");
}

/* What a table prints under a column, in the row of that code. */
static const struct tk_table_cell *cell(const struct tk_table *t, const char *row, const char *col)
{
	for (size_t c = 0; c < t->ncol; c++)
		for (size_t r = 0; r < t->nrow; r++)
			if (!strcmp(t->col[c].name, col) &&
			    !strcmp(t->cell[r * t->ncol].text, row))
				return &t->cell[r * t->ncol + c];
	fail_msg("%s has no %s of %s", t->name, col, row);
	return NULL;
}

static void press_figures(void **state)
{
	static const struct { const char *table, *row, *col; int64_t tenths; } want[] = {
		{ "practice", "practised", "after_share", 979 },
		{ "scheme", "yes", "share", 695 },
		{ "scheme-by-group", "regional_bank", "yes_share", 539 },
		{ "scheme-by-group", "other", "yes_share", 458 },
		{ "business", "biz_lending", "realised_share", 779 },
		{ "business", "biz_account_services", "realised_share", 434 },
		{ "plan-outcome", "effective", "share", 320 },
		{ "device-own", "used", "after_share", 416 },
		{ "device-company", "used", "after_share", 928 },
		{ "device-measures", "malware_software", "company_share", 818 },
		{ "device-measures", "malware_software", "own_share", 565 },
		{ "device-measures", "latest_patches", "company_share", 669 },
		{ "device-measures", "latest_patches", "own_share", 551 },
		{ "device-measures", "no_file_download", "own_share", 797 },
	};
	struct world *w = filled(state);

	for (size_t i = 0; i < TK_LEN(want); i++)
		assert_int_equal(cell(table(w, want[i].table), want[i].row, want[i].col)->n,
				 want[i].tenths);
}

/* -- one changed answer ------------------------------------------------------------------------ */
static bool same(const struct tk_col *col, const struct tk_table_cell *a, const struct tk_table_cell *b)
{
	if (a->none != b->none || a->none)
		return a->none == b->none;
	if (col->kind == TK_COL_TEXT || col->kind == TK_COL_DECIMAL)
		return !strcmp(a->text, b->text);
	return a->n == b->n && (col->kind != TK_COL_RATE || (a->num == b->num && a->den == b->den));
}

static struct tk_table **all(struct world *w)
{
	struct tk_table **t = tk_alloc_n(w->t->mem, w->n, sizeof(struct tk_table *));

	for (size_t i = 0; i < w->n; i++)
		t[i] = table(w, w->def[i].name);
	return t;
}

/* Cells that differ, as "table row column " in order. */
static const char *changed(struct world *w, struct tk_table **was, struct tk_table **is)
{
	struct tk_buf b = TK_BUF(1 << 20);
	const char *ret;

	for (size_t i = 0; i < w->n; i++) {
		assert_int_equal(was[i]->nrow, is[i]->nrow);
		for (size_t k = 0; k < was[i]->nrow * was[i]->ncol; k++)
			if (!same(&was[i]->col[k % was[i]->ncol], &was[i]->cell[k], &is[i]->cell[k]))
				tk_buf_fmt(&b, "%s %s %s\n", was[i]->name,
					   was[i]->cell[k / was[i]->ncol * was[i]->ncol].text,
					   was[i]->col[k % was[i]->ncol].name);
	}
	ret = tk_strdup(w->t->mem, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return ret;
}

/* The first institution (by code) that took both of these measures before. */
static void somebody(struct world *w, struct tk_response *r)
{
	char sql[200];

	for (int64_t i = 0; i < 239; i++) {
		int64_t id;
		int item, manual, pin;

		snprintf(sql, sizeof(sql), "SELECT id FROM respondent WHERE campaign_id = %lld "
			 "ORDER BY institution_code LIMIT 1 OFFSET %lld",
			 (long long)w->c.rec.id, (long long)i);
		id = testdb_int(w->t, sql);
		OK(w->t, tk_response_of(&w->op, id, r));
		item = tk_form_item_index(r->form, "wm_measures_before");
		manual = tk_item_option(&r->form->item[item], "rules_in_manual");
		pin = tk_item_option(&r->form->item[item], "passcode_or_pin");
		if (r->answer[item].state == TK_ANSWER_VALUE &&
		    r->answer[item].bits == (1u << manual | 1u << pin))
			return;
	}
	fail_msg("nobody took exactly these two measures before");
}

static void save(struct world *w, struct tk_response *r)
{
	tk_response_settle(r, w->t->mem);
	OK(w->t, tk_response_save(&w->op, r));
	tk_live_note(r->campaign_id, r->id, r->state, tk_response_pack(r, w->t->mem),
		     r->form->layout->size);
}

static void one_measure_changes_one_row(void **state)
{
	struct world *w = filled(state);
	struct tk_table **was = all(w), **is;
	struct tk_response r;
	size_t item;

	somebody(w, &r);
	item = (size_t)tk_form_item_index(r.form, "wm_measures_before");
	r.answer[item].bits &=
		~(1u << (unsigned)tk_item_option(&r.form->item[item], "passcode_or_pin"));
	save(w, &r);
	is = all(w);
	assert_string_equal(changed(w, was, is), "web-meeting passcode_or_pin before_count\n"
						 "web-meeting passcode_or_pin before_share\n");
	assert_int_equal(cell(table(w, "web-meeting"), "passcode_or_pin", "before_count")->n, 76);
	assert_int_equal(cell(table(w, "web-meeting"), "passcode_or_pin", "before_share")->n, 585);
}

/* Whoever did not use web meetings is not asked for measures, and in no base of theirs. */
static void a_filter_changes_its_bases(void **state)
{
	static const char *const option[] = { "rules_in_manual", "passcode_or_pin",
		"business_scope_fixed", "admin_password_rule", "restrictions_announced", "other" };
	struct world *w = filled(state);
	struct tk_table **was = all(w), **is;
	struct tk_buf want = TK_BUF(4000);
	struct tk_response r;
	size_t item;

	tk_buf_str(&want, "web-meeting-use yes before_count\nweb-meeting-use yes before_share\n"
			  "web-meeting-use no before_count\nweb-meeting-use no before_share\n");
	for (size_t i = 0; i < TK_LEN(option); i++)
		tk_buf_fmt(&want, "%s%s%sweb-meeting %s before_base\nweb-meeting %s before_share\n"
			   "web-meeting %s before_not_asked\n", i < 2 ? "web-meeting " : "",
			   i < 2 ? option[i] : "", i < 2 ? " before_count\n" : "", option[i],
			   option[i], option[i]);
	somebody(w, &r);
	item = (size_t)tk_form_item_index(r.form, "wm_used_before");
	r.answer[item].option = tk_item_option(&r.form->item[item], "no");
	save(w, &r);
	is = all(w);
	assert_string_equal(changed(w, was, is), want.p);
	tk_buf_drop(&want);
	assert_int_equal(cell(table(w, "web-meeting"), "other", "before_base")->n, 129);
	assert_int_equal(cell(table(w, "web-meeting"), "other", "after_base")->n, 207);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TESTDB_BOTH(printed_tables),
		TESTDB_BOTH(press_figures),
		TESTDB_BOTH(one_measure_changes_one_row),
		TESTDB_BOTH(a_filter_changes_its_bases),
	};

	return cmocka_run_group_tests_name("demo panel tables", tests, NULL, NULL);
}
