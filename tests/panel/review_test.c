/* The supervisor reviews: list, comments, return, resubmission, acceptance, what changed, and what
 * plausibility rules find (SYS-01, SYS-05). */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/hash.h"
#include "fixture.h"
#include "org/institution.h"
#include "panel/plausibility.h"
#include "survey/live.h"

struct case_of { struct campaign c; int64_t head; struct tk_who who; };

static struct case_of open_case(struct panel *p)
{
	struct case_of x;

	office_form(&p->o, "s", panel_form);
	x.c = panel_open(p, "c", NULL);
	x.head = panel_account(p, B001, "head", true);
	x.who = as_account(p, x.head);
	return x;
}

static const char *version(struct panel *p, struct case_of *x, struct tk_who who)
{
	return tk_sprintf(p->o.t->mem, "\"%s\"", member(p, CALL(&p->o, who, "GET", my(p, &x->c, "")), "version"));
}

/* Saves and submits as that person; json: {"code":{...}} */
static struct reply send(struct panel *p, struct case_of *x, struct tk_who who, const char *json, const char *reason)
{
	struct testdb *t = p->o.t;
	const char *body = reason ? tk_sprintf(t->mem, "{\"answers\":%s,\"partial_reason\":\"%s\"}", json, reason)
				  : tk_sprintf(t->mem, "{\"answers\":%s}", json);

	return CALL(&p->o, who, "POST", my(p, &x->c, "/submit"), body, version(p, x, who), tk_sprintf(t->mem, "k%" PRId64, tk_id_new()));
}

static struct reply act(struct panel *p, struct case_of *x, const char *what, const char *body)
{
	return CALL(&p->o, as_office(), "POST", panel_path(p, &x->c, B001, what), body);
}

static struct reply detail(struct panel *p, struct case_of *x)
{
	return CALL(&p->o, as_office(), "GET", panel_path(p, &x->c, B001, ""));
}

static const char *list_path(struct panel *p, struct case_of *x)
{
	return tk_sprintf(p->o.t->mem, "campaigns/%" PRId64 "/panel", x->c.rec.id);
}

static void an_answer_goes_forth_and_back_until_it_is_accepted(void **state)
{
	PANEL(state);
	struct case_of x = open_case(&p);
	struct reply r;

	/* nothing yet: a draft is the institution's */
	STATUS(CALL(&p.o, x.who, "PATCH", my(&p, &x.c, ""), "{\"answers\":{\"rest\":{\"value\":\"下書き\"}},\"was\":{}}"), 200);
	r = detail(&p, &x);
	STATUS(r, 200);
	HASNT(r, "下書き");
	MEMBER(&p, r, "state", "draft");
	MEMBER(&p, r, "sections", "[]");
	MEMBER(&p, r, "actions", "[]");
	STATUS(act(&p, &x, "/comments", "{\"item\":\"a\",\"text\":\"早い\"}"), 409);
	STATUS(act(&p, &x, "/return", "{\"reason\":\"x\"}"), 409);
	STATUS(act(&p, &x, "/accept", "{}"), 409);
	STATUS(send(&p, &x, x.who, "{\"a\":{\"value\":\"done\"},\"b\":{\"value\":\"partly\"},\"n\":{\"value\":\"5\"}}", NULL), 200);
	r = detail(&p, &x);
	MEMBER(&p, r, "review_state", "submitted");
	MEMBER(&p, r, "actions.0.action", "return");
	MEMBER(&p, r, "actions.1.action", "accept");
	MEMBER(&p, r, "sections.1.items.0.code", "a");
	MEMBER(&p, r, "sections.1.items.0.value", "done");
	MEMBER(&p, r, "sections.1.items.0.label", "Done");
	MEMBER(&p, r, "sections.1.items.0.changed_by", "head");
	MEMBER(&p, r, "sections.1.items.0.last", "null");
	MEMBER(&p, r, "log.0.to", "submitted");
	MEMBER(&p, r, "log.0.who", "head");
	/* comments are the office's until they are returned */
	STATUS(act(&p, &x, "/comments", "{\"item\":\"zz\",\"text\":\"?\"}"), 422);
	STATUS(act(&p, &x, "/comments", "{\"item\":\"a\",\"text\":\" \"}"), 422);
	STATUS(act(&p, &x, "/comments", "{\"item\":\"a\",\"text\":\"根拠は\"}"), 201);
	r = act(&p, &x, "/comments", "{\"text\":\"消す\"}");
	STATUS(r, 201);
	STATUS(CALL(&p.o, as_office(), "DELETE", panel_path(&p, &x.c, B001, tk_sprintf(t->mem, "/comments/%s", member(&p, r, "id")))), 204);
	HASNT(CALL(&p.o, x.who, "GET", my(&p, &x.c, "")), "根拠は");
	STATUS(act(&p, &x, "/return", "{\"reason\":\"再確認\",\"comments\":[{\"item\":\"n\",\"text\":\"単位は\"}]}"), 200);
	r = CALL(&p.o, x.who, "GET", my(&p, &x.c, ""));
	MEMBER(&p, r, "state", "sent_back");
	MEMBER(&p, r, "send_back.reason", "再確認");
	MEMBER(&p, r, "comments.0.item", "a");
	MEMBER(&p, r, "comments.0.text", "根拠は");
	MEMBER(&p, r, "comments.1.text", "単位は");
	MEMBER(&p, r, "comments.2", "");
	HASNT(r, "消す");
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM mail WHERE recipient = 'c0@example.org'"), 1);
	STATUS(CALL(&p.o, as_office(), "DELETE", panel_path(&p, &x.c, B001, tk_sprintf(t->mem, "/comments/%" PRId64,
			int_sql(&p.o, "SELECT MAX(id) FROM review_comment WHERE id > $1", 0)))), 404);
	/* what is returned does not count and shows what was submitted, not what is being changed */
	STATUS(CALL(&p.o, x.who, "PATCH", my(&p, &x.c, ""), "{\"answers\":{\"a\":{\"value\":\"not_done\"}},\"was\":{\"a\":{\"value\":\"done\"}}}"), 200);
	MEMBER(&p, detail(&p, &x), "sections.1.items.0.value", "done");
	STATUS(send(&p, &x, x.who, "{\"m\":{\"value\":[\"pc\",\"tab\"]}}", NULL), 200);
	r = detail(&p, &x);
	MEMBER(&p, r, "review_state", "resubmitted");
	MEMBER(&p, r, "submissions.1.number", "2");
	/* what changed: an answer, a choice added, an item shut by another's answer */
	r = CALL(&p.o, as_office(), "GET", panel_path(&p, &x.c, B001, "/changes"), NULL, NULL, NULL, "from=1&to=2");
	STATUS(r, 200);
	MEMBER(&p, r, "items.0.item", "a");
	MEMBER(&p, r, "items.0.before.value", "done");
	MEMBER(&p, r, "items.0.after.label", "Not done");
	MEMBER(&p, r, "items.1.item", "m");
	MEMBER(&p, r, "items.1.after.label", "PC, Tablet");
	MEMBER(&p, r, "items.2.item", "x");
	MEMBER(&p, r, "items.2.before.state", "no_answer");
	MEMBER(&p, r, "items.2.after.state", "not_asked");
	MEMBER(&p, r, "items.3", "");
	STATUS(CALL(&p.o, as_office(), "GET", panel_path(&p, &x.c, B001, "/changes"), NULL, NULL, NULL, "from=2&to=3"), 404);
	STATUS(CALL(&p.o, as_office(), "GET", panel_path(&p, &x.c, B001, "/changes"), NULL, NULL, NULL, "from=x"), 422);
	STATUS(act(&p, &x, "/accept", "{\"comment\":\"可\"}"), 200);
	MEMBER(&p, detail(&p, &x), "review_state", "accepted");
	r = CALL(&p.o, x.who, "GET", my(&p, &x.c, ""));
	MEMBER(&p, r, "state", "accepted");
	STATUS(CALL(&p.o, x.who, "POST", my(&p, &x.c, "/withdraw")), 409);
	STATUS(CALL(&p.o, x.who, "PATCH", my(&p, &x.c, ""), "{\"answers\":{\"n\":{\"value\":\"1\"}},\"was\":{\"n\":{\"value\":\"5\"}}}"), 409);
	STATUS(act(&p, &x, "/accept", "{}"), 409);
	/* even then it can be returned, with a reason */
	STATUS(act(&p, &x, "/return", "{}"), 422);
	STATUS(act(&p, &x, "/return", "{\"reason\":\"誤り\"}"), 200);
	assert_int_equal(int_sql(&p.o, "SELECT COUNT(*) FROM mail WHERE recipient = 'c0@example.org' AND id > $1", 0), 3);
	/* the way of staff is not the institution's */
	STATUS(CALL(&p.o, as_office(), "POST", tk_sprintf(t->mem, "campaigns/%" PRId64 "/respondents/%" PRId64 "/send-back", x.c.rec.id,
							    panel_respondent(&p, &x.c, B001)), "{\"reason\":\"x\"}"), 409);
}

/* A section with a comment is open again; the others stay done. */
static void a_return_opens_the_sections_in_question(void **state)
{
	PANEL(state);
	struct case_of x = open_case(&p);
	struct reply r;

	STATUS(CALL(&p.o, x.who, "PUT", my(&p, &x.c, "/sections/g1"), "{\"state\":\"done\"}"), 200);
	STATUS(CALL(&p.o, x.who, "PUT", my(&p, &x.c, "/sections/g2"), "{\"state\":\"done\"}"), 200);
	STATUS(send(&p, &x, x.who, "{\"a\":{\"value\":\"done\"},\"b\":{\"value\":\"partly\"}}", NULL), 200);
	STATUS(act(&p, &x, "/return", "{\"comments\":[{\"item\":\"a\",\"text\":\"?\"}]}"), 200);
	r = CALL(&p.o, x.who, "GET", my(&p, &x.c, ""));
	MEMBER(&p, r, "sections.1.state", "open");
	MEMBER(&p, r, "sections.2.state", "done");
	/* a colleague reads the comments to the own sections only */
	r = CALL(&p.o, as_account(&p, panel_account(&p, B001, "one", false)), "GET", my(&p, &x.c, ""));
	MEMBER(&p, r, "comments", "[]");
}

static void the_list_counts_and_filters(void **state)
{
	PANEL(state);
	struct case_of x = open_case(&p);
	struct tk_who other = as_account(&p, panel_account(&p, S001, "s", true)), auditor = as_office();
	struct reply r;

	STATUS(send(&p, &x, x.who, "{\"a\":{\"value\":\"done\"}}", "一部未集計"), 200);
	run_sql(&p.o, tk_sprintf(t->mem, "UPDATE campaign SET closes_on = '%s'", day(&p.o, -1)));
	STATUS(send(&p, &x, other, "{\"a\":{\"value\":\"done\"},\"b\":{\"value\":\"done\"}}", NULL), 200);
	r = CALL(&p.o, as_office(), "GET", list_path(&p, &x));
	STATUS(r, 200);
	MEMBER(&p, r, "counts.total", "3");
	MEMBER(&p, r, "counts.submitted", "2");
	MEMBER(&p, r, "counts.not_started", "1");
	MEMBER(&p, r, "counts.late", "1");
	MEMBER(&p, r, "counts.partial", "1");
	MEMBER(&p, r, "items.0.code", "B001");
	MEMBER(&p, r, "items.0.partial", "true");
	MEMBER(&p, r, "items.0.late", "false");
	MEMBER(&p, r, "items.0.missing", "1");
	MEMBER(&p, r, "items.0.partial_reason", "一部未集計");
	MEMBER(&p, r, "items.0.asked", "7");
	MEMBER(&p, r, "items.0.answered", "1");
	MEMBER(&p, r, "items.1.state", "not_started");
	MEMBER(&p, r, "items.1.mail", "c1@example.org");
	MEMBER(&p, r, "items.2.late", "true");
	MEMBER(&p, r, "items.2.partial", "false");
	MEMBER(&p, r, "sectors.0.code", "bank");
	MEMBER(&p, r, "sectors.0.total", "2");
	MEMBER(&p, r, "sectors.0.submitted", "1");
#define FILTERED(query, code) do { r = CALL(&p.o, as_office(), "GET", list_path(&p, &x), NULL, NULL, NULL, query); \
	MEMBER(&p, r, "items.0.code", code); MEMBER(&p, r, "items.1", ""); MEMBER(&p, r, "counts.total", "3"); } while (0)
	FILTERED(tk_sprintf(t->mem, "sector=%" PRId64, p.sector[1]), "S001");
	FILTERED("state=not_started", "B002");
	FILTERED("state=late", "S001");
	FILTERED("state=partial", "B001");
	FILTERED("q=標本", "B002");
	FILTERED("q=ｓ００１", "S001");
	STATUS(CALL(&p.o, as_office(), "GET", list_path(&p, &x), NULL, NULL, NULL, "sector=x"), 422);
	/* who reads may not act; an institution sees none of it; a campaign of staff is none of this */
	auditor.scope[TK_P_REVIEW] = TK_SCOPE_NONE;
	STATUS(CALL(&p.o, auditor, "GET", panel_path(&p, &x.c, B001, "")), 200);
	STATUS(CALL(&p.o, auditor, "POST", panel_path(&p, &x.c, B001, "/accept"), "{}"), 403);
	STATUS(CALL(&p.o, x.who, "GET", list_path(&p, &x)), 403);
	STATUS(CALL(&p.o, x.who, "GET", panel_path(&p, &x.c, B001, "")), 403);
	STATUS(CALL(&p.o, x.who, "POST", panel_path(&p, &x.c, B001, "/accept"), "{}"), 403);
	{
		struct campaign staff = office_open(&p.o, "staff");

		STATUS(CALL(&p.o, as_office(), "GET", tk_sprintf(t->mem, "campaigns/%" PRId64 "/panel", staff.rec.id)), 404);
		STATUS(CALL(&p.o, as_office(), "GET", tk_sprintf(t->mem, "campaigns/%" PRId64 "/panel/%" PRId64, staff.rec.id,
								  panel_respondent(&p, &x.c, B001))), 404);
		STATUS(CALL(&p.o, as_office(), "GET", tk_sprintf(t->mem, "campaigns/%" PRId64 "/panel/%" PRId64, x.c.rec.id,
								  respondent(&p.o, &staff, "101"))), 404);
	}
}

/* -- plausibility ------------------------------------------------------------------------------- */
static enum tk_rc rule(struct panel *p, const char *code, const char *expression)
{
	struct tk_plausibility_rule x = { 0 };

	tk_set_by(&tk_plausibility_rule, &x, "form_id", TK_I(p->o.form));
	tk_set_by(&tk_plausibility_rule, &x, "code", TK_S(code));
	tk_set_by(&tk_plausibility_rule, &x, "expression", TK_S(expression));
	tk_set_by(&tk_plausibility_rule, &x, "message_ja", TK_S(tk_sprintf(p->o.t->mem, "%s を確認", code)));
	return tk_rec_insert(&p->o.op, &tk_plausibility_rule, &x);
}

static void a_rule_is_checked_when_it_is_written(void **state)
{
	PANEL(state);

	office_form(&p.o, "s", panel_form);
	OK(t, rule(&p, "ok", "${n} <= 2 * ${last-saved#n} and ${a} != 'done'"));
	FAILS(t, TK_EINVAL, rule(&p, "r1", "${n} <="));
	assert_string_equal(t->e.field, "expression");
	FAILS(t, TK_EINVAL, rule(&p, "r2", "${zz} > 1"));
	SAYS(t, "zz");
	FAILS(t, TK_EINVAL, rule(&p, "r3", "${last-saved#zz} > 1"));
	SAYS(t, "\"zz\"");
	FAILS(t, TK_EINVAL, rule(&p, "r4", ". > 1"));
	FAILS(t, TK_ECONFLICT, rule(&p, "ok", "${n} > 1"));
	STATUS(CALL(&p.o, as_office(), "GET", "plausibility-rules"), 200);
	STATUS(CALL(&p.o, as_account(&p, panel_account(&p, B001, "h", true)), "GET", "plausibility-rules"), 403);
}

static void warnings_are_cleared_and_open_again_when_values_change(void **state)
{
	PANEL(state);
	struct case_of x = open_case(&p), last = x;
	struct reply r;

	/* the wave before: n = 10 */
	run_sql(&p.o, "UPDATE campaign SET fiscal_year = fiscal_year - 1, base_date = '2019-04-01'");
	STATUS(send(&p, &last, x.who, "{\"a\":{\"value\":\"done\"},\"b\":{\"value\":\"done\"},\"n\":{\"value\":\"10\"}}", NULL), 200);
	OK(t, rule(&p, "growth", "${n} <= 2 * ${last-saved#n}"));
	OK(t, rule(&p, "never", "${n} < 0"));
	x.c = panel_open(&p, "now", NULL);
	STATUS(send(&p, &x, x.who, "{\"a\":{\"value\":\"done\"},\"b\":{\"value\":\"done\"},\"n\":{\"value\":\"25\"}}", NULL), 200);
	r = detail(&p, &x);
	MEMBER(&p, r, "warnings.0.rule", "growth");
	MEMBER(&p, r, "warnings.0.state", "open");
	MEMBER(&p, r, "warnings.0.message", "growth を確認");
	MEMBER(&p, r, "warnings.0.seen.n", "25");
	HAS(r, "\"last-saved#n\":\"10\"");
	MEMBER(&p, r, "warnings.1.rule", "never");
	MEMBER(&p, r, "warnings.2", "");
	MEMBER(&p, r, "sections.1.items.1.last.value", "10");
	/* open warnings stop the acceptance, and each is cleared with a note */
	STATUS(act(&p, &x, "/accept", "{}"), 409);
	STATUS(act(&p, &x, "/warnings/growth/clear", "{}"), 422);
	STATUS(act(&p, &x, "/warnings/nope/clear", "{\"note\":\"x\"}"), 404);
	STATUS(act(&p, &x, "/warnings/growth/clear", "{\"note\":\"合併による\"}"), 204);
	STATUS(act(&p, &x, "/warnings/growth/clear", "{\"note\":\"again\"}"), 404);
	STATUS(act(&p, &x, "/warnings/never/clear", "{\"note\":\"規則の誤り\"}"), 204);
	r = detail(&p, &x);
	MEMBER(&p, r, "warnings.0.state", "cleared");
	MEMBER(&p, r, "warnings.0.note", "合併による");
	MEMBER(&p, r, "warnings.0.cleared_by", "Office");
	/* the same values submitted again: still cleared; other values: open again, the note gone */
	STATUS(act(&p, &x, "/return", "{\"reason\":\"x\"}"), 200);
	STATUS(send(&p, &x, x.who, "{\"t\":{\"value\":\"注\"}}", NULL), 200);
	MEMBER(&p, detail(&p, &x), "warnings.0.state", "cleared");
	STATUS(act(&p, &x, "/return", "{\"reason\":\"x\"}"), 200);
	STATUS(send(&p, &x, x.who, "{\"n\":{\"value\":\"26\"}}", NULL), 200);
	r = detail(&p, &x);
	MEMBER(&p, r, "warnings.0.state", "open");
	MEMBER(&p, r, "warnings.0.note", "null");
	/* put right: gone */
	STATUS(act(&p, &x, "/return", "{\"reason\":\"x\"}"), 200);
	STATUS(send(&p, &x, x.who, "{\"n\":{\"value\":\"20\"}}", NULL), 200);
	r = detail(&p, &x);
	MEMBER(&p, r, "warnings.0.rule", "never");
	STATUS(act(&p, &x, "/warnings/never/clear", "{\"note\":\"規則の誤り\"}"), 204);
	STATUS(act(&p, &x, "/accept", "{}"), 200);
}

/* What cannot be judged says nothing: no value, no wave before. */
static void a_rule_without_its_values_says_nothing(void **state)
{
	PANEL(state);
	struct case_of x = open_case(&p);
	struct reply r;

	OK(t, rule(&p, "growth", "${n} <= 2 * ${last-saved#n}"));
	OK(t, rule(&p, "size", "${n} < 10"));
	OK(t, rule(&p, "text", "${b} = 'done' or ${t} != ''"));
	STATUS(send(&p, &x, x.who, "{\"a\":{\"value\":\"done\"},\"b\":{\"value\":\"partly\"}}", NULL), 200);
	r = detail(&p, &x);
	MEMBER(&p, r, "warnings.0.rule", "text");
	MEMBER(&p, r, "warnings.1", "");
	/* rules written later are tried on what is there */
	OK(t, rule(&p, "later", "${a} = 'partly'"));
	MEMBER(&p, detail(&p, &x), "warnings.1", "");
	r = CALL(&p.o, as_office(), "POST", tk_sprintf(t->mem, "campaigns/%" PRId64 "/panel/check", x.c.rec.id), "{}");
	STATUS(r, 200);
	MEMBER(&p, r, "looked_at", "1");
	MEMBER(&p, detail(&p, &x), "warnings.0.rule", "later");
	r = CALL(&p.o, as_office(), "GET", list_path(&p, &x), NULL, NULL, NULL, "state=warnings");
	MEMBER(&p, r, "items.0.warnings_open", "2");
	MEMBER(&p, r, "counts.warnings", "1");
}

/* -- tasks and reminders ------------------------------------------------------------------------ */
static void everybody_has_the_right_tasks(void **state)
{
	PANEL(state);
	struct case_of x = open_case(&p);
	int64_t one = panel_account(&p, B001, "one", false);
	struct tk_who who = as_account(&p, one);
	struct reply r;

	MEMBER(&p, CALL(&p.o, who, "GET", "my/tasks"), "tasks", "[]");
	MEMBER(&p, CALL(&p.o, x.who, "GET", "my/tasks"), "tasks.0.kind", "answer");
	STATUS(CALL(&p.o, x.who, "PUT", my(&p, &x.c, "/sections/g1"), tk_sprintf(t->mem, "{\"account_ids\":[\"%" PRId64 "\"]}", one)), 200);
	r = CALL(&p.o, who, "GET", "my/tasks");
	MEMBER(&p, r, "tasks.0.kind", "answer");
	MEMBER(&p, r, "tasks.0.total", "2");
	HAS(r, "g1");
	STATUS(CALL(&p.o, who, "PUT", my(&p, &x.c, "/sections/g1"), "{\"state\":\"done\"}"), 200);
	r = CALL(&p.o, who, "GET", "my/tasks");
	MEMBER(&p, r, "tasks", "[]");
	MEMBER(&p, r, "done.0.kind", "answer");
	HASNT(CALL(&p.o, as_office(), "GET", "my/tasks"), "\"review\"");
	STATUS(send(&p, &x, x.who, "{\"a\":{\"value\":\"done\"},\"b\":{\"value\":\"done\"}}", NULL), 200);
	HAS(CALL(&p.o, as_office(), "GET", "my/tasks"), "\"review\"");
	MEMBER(&p, CALL(&p.o, x.who, "GET", "my/tasks"), "done.0.kind", "answer");
}

static void who_has_not_submitted_is_reminded(void **state)
{
	PANEL(state);
	struct case_of x = open_case(&p);
	struct reply r;
	const char *path = tk_sprintf(t->mem, "campaigns/%" PRId64, x.c.rec.id);

	STATUS(send(&p, &x, x.who, "{\"a\":{\"value\":\"done\"},\"b\":{\"value\":\"done\"}}", NULL), 200);
	run_sql(&p.o, "UPDATE contact SET mail = 'new@example.org' WHERE mail = 'c1@example.org'");
	run_sql(&p.o, tk_sprintf(t->mem, "UPDATE campaign SET closes_on = '%s'", day(&p.o, -1)));
	r = CALL(&p.o, as_office(), "GET", tk_sprintf(t->mem, "%s/reminders", path));
	STATUS(r, 200);
	MEMBER(&p, r, "items.0.institution", "B002");
	MEMBER(&p, r, "items.0.sector", "銀行");
	MEMBER(&p, r, "items.0.mail", "new@example.org");
	MEMBER(&p, r, "items.1.institution", "S001");
	MEMBER(&p, r, "items.2", "");
	r = CALL(&p.o, as_office(), "POST", tk_sprintf(t->mem, "%s/remind", path), "{\"all\":true}");
	STATUS(r, 200);
	MEMBER(&p, r, "queued", "2");
	r = CALL(&p.o, as_office(), "POST", tk_sprintf(t->mem, "%s/remind", path), "{\"all\":true}");
	MEMBER(&p, r, "queued", "0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TESTDB_BOTH(an_answer_goes_forth_and_back_until_it_is_accepted),
		TESTDB_BOTH(a_return_opens_the_sections_in_question),
		TESTDB_BOTH(the_list_counts_and_filters),
		TESTDB_BOTH(a_rule_is_checked_when_it_is_written),
		TESTDB_BOTH(warnings_are_cleared_and_open_again_when_values_change),
		TESTDB_BOTH(a_rule_without_its_values_says_nothing),
		TESTDB_BOTH(everybody_has_the_right_tasks),
		TESTDB_BOTH(who_has_not_submitted_is_reminded),
	};

	return cmocka_run_group_tests_name("the review of the panel", tests, NULL, NULL);
}
