/* Institutions answer together: sections given to colleagues, what each sees and writes, two who
 * save at once, and submissions as they were (SRV-01, SYS-05). */
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/hash.h"
#include "fixture.h"
#include "survey/merge.h"
#include "survey/section.h"
#include "survey/submission.h"

struct team { struct campaign c; int64_t head, one, two; struct tk_who whead, wone, wtwo; };

static struct team team_of(struct panel *p)
{
	struct team m;

	office_form(&p->o, "s", panel_form);
	m.c = panel_open(p, "c", NULL);
	m.head = panel_account(p, B001, "head", true);
	m.one = panel_account(p, B001, "one", false);
	m.two = panel_account(p, B001, "two", false);
	m.whead = as_account(p, m.head);
	m.wone = as_account(p, m.one);
	m.wtwo = as_account(p, m.two);
	return m;
}

static struct reply give(struct panel *p, struct team *m, struct tk_who who, const char *section, const char *json)
{
	return CALL(&p->o, who, "PUT", my(p, &m->c, tk_sprintf(p->o.t->mem, "/sections/%s", section)), json);
}

static const char *ids(struct panel *p, int64_t a, int64_t b)
{
	return b ? tk_sprintf(p->o.t->mem, "{\"account_ids\":[\"%" PRId64 "\",\"%" PRId64 "\"]}", a, b)
		 : tk_sprintf(p->o.t->mem, "{\"account_ids\":[\"%" PRId64 "\"]}", a);
}

static struct reply save(struct panel *p, struct team *m, struct tk_who who, const char *answers, const char *was)
{
	return CALL(&p->o, who, "PATCH", my(p, &m->c, ""), tk_sprintf(p->o.t->mem, "{\"answers\":%s,\"was\":%s}", answers, was));
}

static void a_colleague_sees_and_writes_the_sections_given(void **state)
{
	PANEL(state);
	struct team m = team_of(&p);
	struct reply r;

	/* a coordinator sees all, a colleague nothing yet */
	r = CALL(&p.o, m.whead, "GET", my(&p, &m.c, ""));
	STATUS(r, 200);
	MEMBER(&p, r, "coordinator", "true");
	MEMBER(&p, r, "sections.0.code", "general");
	MEMBER(&p, r, "sections.1.code", "g1");
	MEMBER(&p, r, "sections.2.code", "g2");
	MEMBER(&p, r, "sections.1.asked", "2");
	MEMBER(&p, r, "sections.1.missing", "1");
	MEMBER(&p, r, "sections.1.state", "open");
	r = CALL(&p.o, m.wone, "GET", my(&p, &m.c, ""));
	STATUS(r, 200);
	MEMBER(&p, r, "coordinator", "false");
	MEMBER(&p, r, "sections", "[]");
	MEMBER(&p, r, "form.sections", "[]");
	MEMBER(&p, r, "asked", "[]");
	MEMBER(&p, r, "answers", "{}");
	/* only a coordinator gives, and only to accounts of the own institution */
	STATUS(give(&p, &m, m.wone, "g1", ids(&p, m.one, 0)), 404);
	STATUS(give(&p, &m, m.whead, "g1", ids(&p, panel_account(&p, B002, "b2", false), 0)), 422);
	STATUS(give(&p, &m, m.whead, "nope", ids(&p, m.one, 0)), 404);
	r = give(&p, &m, m.whead, "g1", ids(&p, m.one, 0));
	STATUS(r, 200);
	MEMBER(&p, r, "assigned.0.name", "one");
	STATUS(give(&p, &m, m.wone, "g1", ids(&p, m.two, 0)), 403);
	STATUS(give(&p, &m, m.whead, "g2", ids(&p, m.one, m.two)), 200);
	STATUS(save(&p, &m, m.whead, "{\"rest\":{\"value\":\"秘\"}}", "{}"), 200);
	r = CALL(&p.o, m.wtwo, "GET", my(&p, &m.c, ""));
	MEMBER(&p, r, "sections.0.code", "g2");
	MEMBER(&p, r, "sections.0.mine", "true");
	MEMBER(&p, r, "sections.1", "");
	MEMBER(&p, r, "form.sections.0.code", "g2");
	MEMBER(&p, r, "form.sections.1", "");
	HASNT(r, "秘");
	HASNT(r, "\"rest\"");
	HASNT(r, "\"a\"");
	/* what is not given is refused, all of it */
	r = save(&p, &m, m.wtwo, "{\"b\":{\"value\":\"done\"},\"a\":{\"value\":\"done\"}}", "{}");
	STATUS(r, 403);
	HAS(r, "not given to you");
	r = save(&p, &m, m.wtwo, "{\"b\":{\"value\":\"done\"}}", "{}");
	STATUS(r, 200);
	MEMBER(&p, r, "answered", "1");
	HASNT(r, "\"rest\"");
	STATUS(CALL(&p.o, m.wtwo, "POST", my(&p, &m.c, "/submit"), "{}", "\"2\"", "k"), 403);
	STATUS(CALL(&p.o, m.wtwo, "POST", my(&p, &m.c, "/withdraw")), 403);
	/* files stand under the same rule */
	STATUS(call_raw(&p.o, m.wtwo, "PUT", my(&p, &m.c, "/evidence/a"), "x", 1, "name=x.txt"), 404);
	STATUS(call_raw(&p.o, m.wtwo, "PUT", my(&p, &m.c, "/evidence/b"), "x", 1, "name=x.txt"), 201);
	STATUS(call_raw(&p.o, m.whead, "PUT", my(&p, &m.c, "/evidence/a"), "x", 1, "name=x.txt"), 201);
	r = CALL(&p.o, m.whead, "GET", my(&p, &m.c, ""));
	STATUS(CALL(&p.o, m.wtwo, "GET", my(&p, &m.c, tk_sprintf(t->mem, "/evidence/a/%s", member(&p, r, "answers.a.evidence.0.id")))), 404);
	STATUS(CALL(&p.o, m.whead, "GET", my(&p, &m.c, tk_sprintf(t->mem, "/evidence/b/%s", member(&p, r, "answers.b.evidence.0.id")))), 200);
	/* taken away again */
	STATUS(give(&p, &m, m.whead, "g2", ids(&p, m.one, 0)), 200);
	STATUS(save(&p, &m, m.wtwo, "{\"b\":{\"value\":\"partly\"}}", "{\"b\":{\"value\":\"done\"}}"), 403);
}

static void a_section_that_is_done_is_shut_until_it_is_opened(void **state)
{
	PANEL(state);
	struct team m = team_of(&p);
	struct reply r;

	STATUS(give(&p, &m, m.whead, "g1", ids(&p, m.one, 0)), 200);
	STATUS(save(&p, &m, m.wone, "{\"a\":{\"value\":\"done\"}}", "{}"), 200);
	STATUS(give(&p, &m, m.wone, "g1", "{\"state\":\"finished\"}"), 422);
	r = give(&p, &m, m.wone, "g1", "{\"state\":\"done\"}");
	STATUS(r, 200);
	MEMBER(&p, r, "state", "done");
	MEMBER(&p, r, "done_by", "one");
	STATUS(save(&p, &m, m.wone, "{\"n\":{\"value\":\"5\"}}", "{}"), 409);
	STATUS(call_raw(&p.o, m.wone, "PUT", my(&p, &m.c, "/evidence/a"), "x", 1, "name=x.txt"), 409);
	STATUS(save(&p, &m, m.whead, "{\"n\":{\"value\":\"5\"}}", "{}"), 200);
	STATUS(give(&p, &m, m.wone, "g1", "{\"state\":\"open\"}"), 200);
	STATUS(save(&p, &m, m.wone, "{\"n\":{\"value\":\"6\"}}", "{\"n\":{\"value\":\"5\"}}"), 200);
	STATUS(give(&p, &m, m.wtwo, "g1", "{\"state\":\"done\"}"), 404);
	assert_int_equal(int_sql(&p.o, "SELECT COUNT(*) FROM trail WHERE action = 'section' AND record_id = $1",
				 panel_respondent(&p, &m.c, B001)), 3);
}

/* The colleague hears of it once a day; who has no address is passed over. */
static void who_is_given_a_section_is_told_by_mail(void **state)
{
	PANEL(state);
	struct team m = team_of(&p);

	run_sql(&p.o, "INSERT INTO contact(id, version, institution_id, name, mail, coordinator) SELECT 5, 1, id, 'one', 'one@example.org', 0"
		" FROM institution WHERE code = 'B001'");
	run_sql(&p.o, "UPDATE account SET contact_id = 5 WHERE login = 'one'");
	STATUS(give(&p, &m, m.whead, "g1", ids(&p, m.one, m.two)), 200);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM mail"), 1);
	assert_non_null(strstr(text_sql(&p.o, "SELECT subject FROM mail WHERE id > $1", 0), "g1"));
	STATUS(give(&p, &m, m.whead, "g1", "{\"account_ids\":[]}"), 200);
	STATUS(give(&p, &m, m.whead, "g1", ids(&p, m.one, 0)), 200);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM mail"), 1);
}

static void two_who_save_are_merged_item_by_item(void **state)
{
	PANEL(state);
	struct team m = team_of(&p);
	struct reply r;

	STATUS(give(&p, &m, m.whead, "g1", ids(&p, m.one, 0)), 200);
	STATUS(give(&p, &m, m.whead, "g2", ids(&p, m.two, 0)), 200);
	/* both loaded version 0; both succeed */
	STATUS(save(&p, &m, m.wone, "{\"a\":{\"value\":\"done\"}}", "{}"), 200);
	STATUS(save(&p, &m, m.wtwo, "{\"b\":{\"value\":\"partly\"}}", "{\"b\":{\"state\":\"no_answer\"}}"), 200);
	/* without was the old rule stays */
	STATUS(CALL(&p.o, m.wone, "PATCH", my(&p, &m.c, ""), "{\"answers\":{\"n\":{\"value\":\"1\"}}}", "\"0\""), 412);
	STATUS(CALL(&p.o, m.wone, "PATCH", my(&p, &m.c, ""), "{\"answers\":{\"n\":{\"value\":\"1\"}}}"), 428);
	/* a real conflict: both sides, who and when, and nothing at all is written */
	r = save(&p, &m, m.whead, "{\"a\":{\"value\":\"not_done\"},\"rest\":{\"value\":\"x\"}}", "{\"a\":{\"state\":\"no_answer\"}}");
	STATUS(r, 409);
	HAS(r, "urn:tenken:problem:answers-conflict");
	MEMBER(&p, r, "conflicts.0.item", "a");
	MEMBER(&p, r, "conflicts.0.mine.value", "not_done");
	MEMBER(&p, r, "conflicts.0.theirs.value", "done");
	MEMBER(&p, r, "conflicts.0.by", "one");
	assert_true(*member(&p, r, "conflicts.0.at") == '2');
	MEMBER(&p, r, "conflicts.1", "");
	r = CALL(&p.o, m.whead, "GET", my(&p, &m.c, ""));
	MEMBER(&p, r, "answers.rest.state", "no_answer");
	MEMBER(&p, r, "answers.a.value", "done");
	/* the same on both sides is none; neither is a was that holds */
	STATUS(save(&p, &m, m.whead, "{\"a\":{\"value\":\"done\"}}", "{\"a\":{\"value\":\"partly\"}}"), 200);
	STATUS(save(&p, &m, m.whead, "{\"a\":{\"value\":\"not_done\"}}", "{\"a\":{\"value\":\"done\",\"state\":\"value\",\"comment\":null}}"), 200);
	/* a comment is part of the answer */
	r = save(&p, &m, m.wone, "{\"a\":{\"comment\":\"説明\"}}", "{\"a\":{\"value\":\"done\"}}");
	STATUS(r, 409);
	MEMBER(&p, r, "conflicts.0.by", "head");
	MEMBER(&p, r, "conflicts.0.mine.comment", "説明");
	STATUS(save(&p, &m, m.wone, "{\"a\":{\"comment\":\"説明\"}}", "{\"a\":{\"value\":\"not_done\"}}"), 200);
	/* several and none: a list, a number as typed, an item shut in between */
	STATUS(save(&p, &m, m.wtwo, "{\"m\":{\"value\":[\"pc\",\"tab\"]}}", "{}"), 200);
	STATUS(save(&p, &m, m.wtwo, "{\"m\":{\"value\":[\"tab\"]}}", "{\"m\":{\"value\":[\"tab\",\"pc\"]}}"), 200);
	STATUS(save(&p, &m, m.wone, "{\"n\":{\"value\":\"１２\"}}", "{\"n\":{\"value\":null}}"), 200);
	STATUS(save(&p, &m, m.wone, "{\"n\":{\"value\":\"13\"}}", "{\"n\":{\"value\":\"12\"}}"), 200);
	STATUS(save(&p, &m, m.wtwo, "{\"x\":{\"value\":\"kept\"}}", "{\"x\":{\"state\":\"not_asked\"}}"), 200);
	STATUS(save(&p, &m, m.wone, "{\"a\":{\"value\":\"done\"}}", "{\"a\":{\"value\":\"not_done\",\"comment\":\"説明\"}}"), 200);
	r = CALL(&p.o, m.wtwo, "GET", my(&p, &m.c, ""));
	MEMBER(&p, r, "answers.x.value", "kept");
	/* nonsense */
	STATUS(save(&p, &m, m.whead, "{\"a\":{\"value\":\"done\"}}", "[]"), 422);
	STATUS(save(&p, &m, m.whead, "{\"zz\":{\"value\":\"done\"}}", "{}"), 422);
	STATUS(save(&p, &m, m.whead, "{\"a\":{\"value\":\"done\"}}", "{\"a\":{\"value\":\"zz\"}}"), 422);
}

/* A member of staff has the same comparison between two windows. */
static void one_persons_two_windows_are_merged_too(void **state)
{
	OFFICE(state);
	struct campaign c;
	struct tk_who who;
	struct reply r;
	const char *path;

	office_form(&o, "f", office_basic);
	c = office_open(&o, "c");
	who = as_staff(&o, "102");
	path = tk_sprintf(t->mem, "my/responses/%" PRId64, c.rec.id);
	STATUS(CALL(&o, who, "PATCH", path, "{\"answers\":{\"a\":{\"value\":\"done\"}},\"was\":{}}"), 200);
	STATUS(CALL(&o, who, "PATCH", path, "{\"answers\":{\"b\":{\"value\":\"done\"}},\"was\":{}}"), 200);
	r = CALL(&o, who, "PATCH", path, "{\"answers\":{\"a\":{\"value\":\"partly\"}},\"was\":{}}");
	STATUS(r, 409);
	HAS(r, "\"by\":\"102\"");
	HASNT(CALL(&o, who, "GET", path), "\"sections\":[{\"code\":\"general\",\"label\":\"Inspection\",\"asked\"");
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM answer_change"), 0);
}

static void who_saves_what_was_loaded_before_is_told(void **state)
{
	PANEL(state);
	struct team m = team_of(&p);
	struct tk_op one = { t->db, t->mem, &m.wone, &t->e };
	struct tk_response r1, r2;

	OK(t, tk_response_mine(&one, m.c.rec.id, &r1));
	OK(t, tk_response_mine(&one, m.c.rec.id, &r2));
	OK(t, apply(&p.o, &r1, "{\"a\":{\"value\":\"done\"}}"));
	OK(t, apply(&p.o, &r2, "{\"n\":{\"value\":\"1\"}}"));
	OK(t, tk_response_save(&one, &r1));
	FAILS(t, TK_EVERSION, tk_response_save(&one, &r2));
	assert_int_equal(int_sql(&p.o, "SELECT COUNT(*) FROM answer_change WHERE response_id = $1", r1.id), 1);
}

struct other { struct panel p; struct testdb t; struct team *m; struct reply r; atomic_bool ended; };

static void *other_window(void *arg)
{
	struct other *x = arg;

	x->r = save(&x->p, x->m, x->m->wtwo, "{\"b\":{\"value\":\"partly\"}}", "{}");
	atomic_store(&x->ended, true);
	return NULL;
}

/* Two handles at once: the second waits for the first and then sees what it saved. */
static void two_at_once_both_succeed(void **state)
{
	PANEL(state);
	struct team m = team_of(&p);
	struct tk_op one = { t->db, t->mem, &m.wone, &t->e };
	struct other x = { .p = p, .t = *t, .m = &m };
	struct tk_response r;
	pthread_t thread;

	STATUS(give(&p, &m, m.whead, "g2", ids(&p, m.two, 0)), 200);
	x.t.db = testdb_again(t, 0);
	x.t.mem = tk_arena_new(64 << 20);
	x.p.o.t = &x.t;
	OK(t, tk_db_begin(t->db, &t->e));
	OK(t, tk_response_lock(&one, m.c.rec.id));
	OK(t, tk_response_mine(&one, m.c.rec.id, &r));
	OK(t, apply(&p.o, &r, "{\"a\":{\"value\":\"done\"}}"));
	OK(t, tk_response_save(&one, &r));
	assert_int_equal(pthread_create(&thread, NULL, other_window, &x), 0);
	usleep(300000);
	assert_false(atomic_load(&x.ended));
	OK(t, tk_db_commit(t->db, &t->e));
	pthread_join(thread, NULL);
	STATUS(x.r, 200);
	x.r = CALL(&p.o, m.whead, "GET", my(&p, &m.c, ""));
	MEMBER(&p, x.r, "answers.a.value", "done");
	MEMBER(&p, x.r, "answers.b.value", "partly");
	MEMBER(&p, x.r, "version", "2");
	tk_db_close(x.t.db);
	tk_arena_free(x.t.mem);
}

static void what_is_submitted_stays_as_it_was(void **state)
{
	PANEL(state);
	struct team m = team_of(&p);
	struct tk_response r;
	struct reply x;
	int64_t id = panel_respondent(&p, &m.c, B001);

	STATUS(save(&p, &m, m.whead, "{\"a\":{\"value\":\"done\"},\"t\":{\"value\":\"一\"}}", "{}"), 200);
	x = CALL(&p.o, m.whead, "POST", my(&p, &m.c, "/submit"), "{}", "\"1\"", "k1");
	STATUS(x, 422);
	HAS(x, "\"b\"");
	x = CALL(&p.o, m.whead, "POST", my(&p, &m.c, "/submit"), "{\"partial_reason\":\"集計中\"}", "\"1\"", "k2");
	STATUS(x, 200);
	assert_true(strlen(member(&p, x, "receipt_no")) > 5);
	x = CALL(&p.o, m.whead, "GET", my(&p, &m.c, ""));
	MEMBER(&p, x, "submissions.0.number", "1");
	MEMBER(&p, x, "submissions.0.missing", "1");
	MEMBER(&p, x, "submissions.0.partial_reason", "集計中");
	MEMBER(&p, x, "submissions.0.late", "false");
	MEMBER(&p, x, "submissions.0.by", "head");
	STATUS(save(&p, &m, m.whead, "{\"a\":{\"value\":\"partly\"}}", "{\"a\":{\"value\":\"done\"}}"), 409);
	STATUS(give(&p, &m, m.whead, "g1", "{\"state\":\"done\"}"), 409);
	STATUS(CALL(&p.o, m.whead, "POST", my(&p, &m.c, "/withdraw")), 200);
	STATUS(save(&p, &m, m.whead, "{\"a\":{\"value\":\"partly\"},\"b\":{\"value\":\"done\"}}", "{\"a\":{\"value\":\"done\"}}"), 200);
	/* after the last day, until the campaign is closed */
	run_sql(&p.o, tk_sprintf(t->mem, "UPDATE campaign SET closes_on = '%s'", day(&p.o, -1)));
	x = CALL(&p.o, m.whead, "GET", my(&p, &m.c, ""));
	MEMBER(&p, x, "over", "true");
	MEMBER(&p, x, "campaign.open", "true");
	STATUS(CALL(&p.o, m.whead, "POST", my(&p, &m.c, "/submit"), "{}", tk_sprintf(t->mem, "\"%s\"", member(&p, x, "version")), "k3"), 200);
	x = CALL(&p.o, m.whead, "GET", my(&p, &m.c, ""));
	MEMBER(&p, x, "submissions.1.number", "2");
	MEMBER(&p, x, "submissions.1.late", "true");
	MEMBER(&p, x, "submissions.1.missing", "0");
	OK(t, tk_submission_load(&p.o.op, id, 1, &r));
	assert_non_null(strstr(answers(&p.o, &r), "\"a\":{\"state\":\"value\",\"value\":\"done\""));
	assert_non_null(strstr(answers(&p.o, &r), "\"x\":{\"state\":\"no_answer\""));
	assert_non_null(strstr(answers(&p.o, &r), "一"));
	OK(t, tk_submission_load(&p.o.op, id, 0, &r));
	assert_non_null(strstr(answers(&p.o, &r), "\"a\":{\"state\":\"value\",\"value\":\"partly\""));
	assert_null(strstr(answers(&p.o, &r), "\"x\""));
	FAILS(t, TK_ENOTFOUND, tk_submission_load(&p.o.op, id, 3, &r));
	run_sql(&p.o, "UPDATE campaign SET state = 'closed'");
	STATUS(CALL(&p.o, m.whead, "POST", my(&p, &m.c, "/withdraw")), 409);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TESTDB_BOTH(a_colleague_sees_and_writes_the_sections_given),
		TESTDB_BOTH(a_section_that_is_done_is_shut_until_it_is_opened),
		TESTDB_BOTH(who_is_given_a_section_is_told_by_mail),
		TESTDB_BOTH(two_who_save_are_merged_item_by_item),
		TESTDB_BOTH(one_persons_two_windows_are_merged_too),
		TESTDB_BOTH(who_saves_what_was_loaded_before_is_told),
		TESTDB_BOTH(two_at_once_both_succeed),
		TESTDB_BOTH(what_is_submitted_stays_as_it_was),
	};

	return cmocka_run_group_tests_name("institutions answer together", tests, NULL, NULL);
}
