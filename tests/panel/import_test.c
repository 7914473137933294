/* Answers of institutions from a file: one row an institution, found by its code. */
#include <inttypes.h>
#include <string.h>
#include "fixture.h"
#include "record/report.h"
#include "survey/response.h"

static struct tk_report *load(struct panel *p, const struct campaign *c, const char *text)
{
	struct tk_report *rep = tk_report_new(p->o.t->mem);

	OK(p->o.t, tk_db_begin(p->o.t->db, &p->o.t->e));
	OK(p->o.t, tk_response_import(&p->o.op, c, text, strlen(text), "answers.csv", false, rep));
	if (rep->written)
		OK(p->o.t, tk_db_commit(p->o.t->db, &p->o.t->e));
	else
		tk_db_rollback(p->o.t->db);
	return rep;
}

static void problem_at(struct panel *p, const struct campaign *c, const char *text, const char *cell, const char *says)
{
	struct tk_report *r = load(p, c, text);

	assert_false(r->accepted || r->written);
	for (size_t i = 0; i < r->nproblem; i++)
		if (!strcmp(r->problem[i].cell, cell) && strstr(r->problem[i].message, says))
			return;
	fail_msg("nothing at %s about \"%s\", but %s %s", cell, says, r->nproblem ? r->problem[0].cell : "",
		 r->nproblem ? r->problem[0].message : "nothing");
}

static void a_file_brings_answers_by_the_code_of_the_institution(void **state)
{
	PANEL(state);
	struct campaign c;
	static const char staff[] = "staff_number,a\nB001,done\n";
	struct tk_report *r;
	struct reply x;

	office_form(&p.o, "s", panel_form);
	c = panel_open(&p, "c", "${sector} = 'bank'");
	FAILS(t, TK_EINVAL, tk_response_import(&p.o.op, &c, staff, strlen(staff), "a.csv", true, tk_report_new(t->mem)));
	SAYS(t, "\"institution\"");
	problem_at(&p, &c, "institution,a\nB009,done\n", "A2", "no institution with the code");
	problem_at(&p, &c, "institution,a\nS001,done\n", "A2", "not among those asked");
	problem_at(&p, &c, "institution,a\n,done\n", "A2", "missing");
	problem_at(&p, &c, "institution,a\nB001,done\nB001,done\n", "A3", "stands in row 2");
	problem_at(&p, &c, "institution,a,zz\nB001,done,1\n", "C1", "no item");
	problem_at(&p, &c, "institution,a\nB001,perhaps\n", "B2", "no choice");
	r = load(&p, &c, "機関コード,名称,業態,a,b,n\nＢ００１,見本銀行,銀行,done,partly,5\nB002,,,not_done,,\n");
	assert_true(r->written);
	assert_int_equal(r->count[TK_REP_ADDED], 2);
	/* submitted, kept as submissions, ready to be reviewed; a file says nothing of being late */
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM response WHERE state = 'submitted' AND receipt_no IS NOT NULL"), 2);
	x = CALL(&p.o, as_office(), "GET", panel_path(&p, &c, B002, ""));
	MEMBER(&p, x, "review_state", "submitted");
	MEMBER(&p, x, "submissions.0.missing", "1");
	MEMBER(&p, x, "submissions.0.late", "false");
	MEMBER(&p, x, "sections.1.items.0.value", "not_done");
	/* the same file again changes nothing; another value is another submission */
	r = load(&p, &c, "institution,a,b,n\nB001,done,partly,5\n");
	assert_int_equal(r->count[TK_REP_UNCHANGED], 1);
	r = load(&p, &c, "institution,a,b,n\nB001,done,partly,6\n");
	assert_int_equal(r->count[TK_REP_CHANGED], 1);
	x = CALL(&p.o, as_office(), "GET", panel_path(&p, &c, B001, ""));
	MEMBER(&p, x, "review_state", "resubmitted");
	MEMBER(&p, x, "submissions.1.number", "2");
	/* what was accepted stays */
	STATUS(CALL(&p.o, as_office(), "POST", panel_path(&p, &c, B001, "/accept"), "{}"), 200);
	problem_at(&p, &c, "institution,a,b,n\nB001,done,partly,7\n", "A2", "accepted");
}

int main(void)
{
	const struct CMUnitTest tests[] = { TESTDB_BOTH(a_file_brings_answers_by_the_code_of_the_institution) };

	return cmocka_run_group_tests_name("answers of institutions from files", tests, NULL, NULL);
}
