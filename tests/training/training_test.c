/* Courses, sessions, attendance, recommendations, tests and drills, through the whole path of a request on
 * both databases. */
#include <cjson/cJSON.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../http/world.h"
#include "base/clock.h"
#include "training/training_in.h"

#define ID(x) ((long long)(x))

static const char *day(struct world *w, int64_t away)
{
	char iso[11];

	tk_date_iso(tk_date_of_days(tk_date_days(tk_today()) + away), iso);
	return tk_strdup(w->t->mem, iso);
}

static int this_year(void) { return tk_fiscal_year(tk_today()); }

/* A record of the office; it stays. */
static int64_t made(struct world *w, enum actor_id who, const char *path, const char *body)
{
	struct reply r = ask(w, who, "POST", path, .body = body, .keep = true);

	STATUS(r, 201);
	return strtoll(reply_member(w, &r, "id"), NULL, 10);
}

static int64_t course(struct world *w, const char *title, const char *more)
{
	return made(w, A_OFFICE, "/api/v1/courses",
		    fmt(w, "{\"title\":\"%s\",\"kind\":\"security_training\",\"state\":\"open\",\"fiscal_year\":%d%s}", title,
			this_year(), more));
}

/* The day may fall into another fiscal year in the first or last days of one; then the course goes with it. */
static int64_t session(struct world *w, int64_t c, const char *on, int capacity)
{
	return made(w, A_OFFICE, "/api/v1/sessions",
		    fmt(w, "{\"course_id\":\"%lld\",\"held_on\":\"%s\",\"from_time\":\"10:00\",\"to_time\":\"11:00\"%s}", ID(c), on,
			capacity ? fmt(w, ",\"capacity\":%d", capacity) : ""));
}

/* Computed now: what is stored of a published year stands. */
static struct tk_fact_value value_of(struct world *w, int year, const char *id)
{
	struct tk_fact_value v;

	OK(w->t, tk_fact_now(&w->op, tk_fact_by_id(id), year, &v));
	return v;
}

static const char *printed(struct world *w, int year, const char *id)
{
	struct tk_fact_value v = value_of(w, year, id);

	return tk_fact_print(&w->op, &v);
}

static int64_t over(struct world *w, int year, const char *id) { return value_of(w, year, id).denominator; }
static int64_t num(struct world *w, int year, const char *id) { return value_of(w, year, id).numerator; }

static const char *state_of(struct world *w, int64_t s, enum actor_id who)
{
	return world_text(w, fmt(w, "SELECT state FROM attendance WHERE deleted_at IS NULL AND session_id = %lld AND staff_id = $1", ID(s)),
			  w->actor[who].staff);
}

/* EDU-01 EDU-02 EDU-03: twelve sessions, 92.0 and 97.9 of a hundred (as near as 400 people allow), four kinds. */
static void the_demonstration_computes_its_figures(void **state)
{
	struct world *w = world_of(state);

	assert_int_equal(num(w, 2011, "education.sessions"), 12);
	assert_int_equal(over(w, 2010, "education.attendance_rate"), 400);
	assert_int_equal(num(w, 2010, "education.attendance_rate"), 368);
	assert_string_equal(printed(w, 2010, "education.attendance_rate"), "92.0%");
	assert_int_equal(over(w, 2011, "education.attendance_rate"), 400);
	assert_int_equal(num(w, 2011, "education.attendance_rate"), 392);
	assert_string_equal(printed(w, 2011, "education.attendance_rate"), "98.0%");
	assert_int_equal(num(w, 2011, "education.non_attendees"), 8);
	assert_int_equal(num(w, 2011, "education.course_kinds"), 4);
	/* more attendances than people: some came twice */
	assert_true(world_int(w, "SELECT COUNT(*) FROM attendance a JOIN course c ON c.id = a.course_id WHERE c.kind = 'security_training'"
			      " AND c.fiscal_year = $1 AND a.state = 'attended'", 2011) > 392);
	/* EDU-05: what followed a recommendation is a number of its own */
	assert_int_equal(num(w, 2011, "education.recommendations_followed"), 8);
	assert_int_equal(over(w, 2011, "education.recommendations_followed"), 16);
	/* EDU-04 */
	HAS(get(w, A_OFFICE, "/api/v1/courses?fiscal_year=2011"), "標的型攻撃");
	assert_string_equal(printed(w, 2009, "education.attendance_rate"), "－");
}

/* EDU-06: the audience is who is in office on the base date; a joiner and a leaver are in neither number. */
static void the_denominator_is_the_base_date(void **state)
{
	struct world *w = world_of(state);
	const char *absent = "SELECT s.id FROM staff s WHERE s.id > $1 AND NOT EXISTS(SELECT 1 FROM attendance a JOIN course c ON c.id ="
			     " a.course_id WHERE c.fiscal_year = 2011 AND c.kind = 'security_training' AND a.state = 'attended' AND"
			     " a.staff_id = s.id) ORDER BY s.id LIMIT 1";
	int64_t one = world_int(w, absent, 0), two = world_int(w, absent, one);

	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "UPDATE staff SET joined_on = '2012-04-01' WHERE id = $1", TK_I(one)));
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "UPDATE staff SET left_on = '2012-03-31' WHERE id = $1", TK_I(two)));
	assert_int_equal(over(w, 2011, "education.attendance_rate"), 398);
	assert_int_equal(num(w, 2011, "education.attendance_rate"), 392);
	assert_int_equal(num(w, 2011, "education.non_attendees"), 6);
	HAS(get(w, A_OFFICE, "/api/v1/facts?year=2011"), "who joined later or has left by then is in neither number");
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "UPDATE staff SET joined_on = '1990-04-01' WHERE id = $1", TK_I(one)));
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "UPDATE staff SET left_on = NULL WHERE id = $1", TK_I(two)));
	assert_int_equal(over(w, 2011, "education.attendance_rate"), 400);
}

static void wrong_input_names_its_field(void **state)
{
	struct world *w = world_of(state);
	int64_t c = course(w, "記入の検査", "");
	const char *s = fmt(w, "{\"course_id\":\"%lld\",\"held_on\":\"%d-03-31\"}", ID(c), this_year());
	struct reply r = ask(w, A_OFFICE, "POST", "/api/v1/sessions", .body = s);

	STATUS(r, 422);
	HAS(r, "\"held_on\"");
	r = ask(w, A_OFFICE, "POST", "/api/v1/sessions",
		.body = fmt(w, "{\"course_id\":\"%lld\",\"held_on\":\"%s\",\"from_time\":\"9時\"}", ID(c), day(w, 0)));
	STATUS(r, 422);
	HAS(r, "\"from_time\"");
	r = ask(w, A_OFFICE, "POST", "/api/v1/drills",
		.body = "{\"title\":\"x\",\"kind\":\"suspicious_mail\",\"host\":\"nisc\",\"held_on\":\"2011-06-01\",\"state\":\"held\","
			"\"mails_sent\":10,\"mails_opened\":11}");
	STATUS(r, 422);
	HAS(r, "\"mails_opened\"");
	STATUS(ask(w, A_STAFF, "POST", "/api/v1/courses", .body = "{}"), 403);
	STATUS(ask(w, A_HEAD, "POST", "/api/v1/sessions", .body = "{}"), 403);
	/* EDU-07: the session of tomorrow cannot have been attended */
	r = ask(w, A_OFFICE, "POST", "/api/v1/attendances",
		.body = fmt(w, "{\"session_id\":\"%lld\",\"staff_id\":\"%lld\",\"state\":\"attended\"}", ID(session(w, c, day(w, 1), 0)),
			    ID(w->actor[A_STAFF].staff)));
	STATUS(r, 422);
	HAS(r, "\"state\"");
}

/* EDU-07: a full session has a waiting list, and a place that becomes free goes to the first of it. */
static void enrolment_and_the_waiting_list(void **state)
{
	struct world *w = world_of(state);
	int64_t s = session(w, course(w, "定員の検査", ""), day(w, 2), 1);
	const char *enrol = fmt(w, "/api/v1/my/sessions/%lld/enrol", ID(s)), *cancel = fmt(w, "/api/v1/my/sessions/%lld/cancel", ID(s));
	struct reply r = ask(w, A_STAFF, "POST", enrol, .body = "{}", .keep = true);

	STATUS(r, 200);
	assert_string_equal(state_of(w, s, A_STAFF), "enrolled");
	HAS(get(w, A_STAFF2, "/api/v1/my/courses"), "\"can\":\"wait\"");
	STATUS(ask(w, A_STAFF2, "POST", enrol, .body = "{}", .keep = true), 200);
	STATUS(ask(w, A_STAFF3, "POST", enrol, .body = "{}", .keep = true), 200);
	assert_string_equal(state_of(w, s, A_STAFF2), "waiting");
	/* the office is told as well that there is no place */
	r = ask(w, A_OFFICE, "POST", "/api/v1/attendances",
		.body = fmt(w, "{\"session_id\":\"%lld\",\"staff_id\":\"%lld\",\"state\":\"enrolled\"}", ID(s),
			    ID(world_int(w, "SELECT MAX(id) FROM staff WHERE id > $1", 0))));
	STATUS(r, 409);
	HAS(r, "All 1 places");
	STATUS(ask(w, A_STAFF, "POST", enrol, .body = "{}", .keep = true), 200);        /* twice is once */
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM attendance WHERE session_id = $1", s), 3);
	STATUS(ask(w, A_STAFF, "POST", cancel, .body = "{}", .keep = true), 200);
	assert_string_equal(state_of(w, s, A_STAFF), "cancelled");
	assert_string_equal(state_of(w, s, A_STAFF2), "enrolled");
	assert_string_equal(state_of(w, s, A_STAFF3), "waiting");
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM mail WHERE staff_id = $1 AND subject LIKE '%定員の検査%'",
				   w->actor[A_STAFF2].staff), 1);
	STATUS(ask(w, A_STAFF, "POST", cancel, .body = "{}"), 409);
	STATUS(ask(w, A_OFFICE, "POST", enrol, .body = "{}"), 409);     /* no member of the staff */
	STATUS(ask(w, A_RESPONDENT, "POST", enrol, .body = "{}"), 403);
	/* one's own list shows nobody else */
	HAS_NOT(get(w, A_STAFF, "/api/v1/attendances?limit=500"), world_text(w, "SELECT name FROM staff WHERE id = $1",
									     w->actor[A_STAFF3].staff));
}

struct racer { const char *url; const struct tk_who *who; int64_t session, staff; enum tk_db_kind kind; enum tk_rc rc; };

static void *race(void *p)
{
	struct racer *r = p;
	struct tk_arena *a = tk_arena_new(32 << 20);
	struct tk_err e = { .lang = TK_EN };
	struct tk_db *db = NULL;
	struct tk_op op = { .mem = a, .who = r->who, .e = &e };

	r->rc = tk_db_open(&db, r->url, 0, &e);
	op.db = db;
	if (r->rc == TK_OK)
		r->rc = tk_db_begin(db, &e);
	if (r->rc == TK_OK)
		r->rc = tk_session_enrol(&op, r->session, r->staff);
	if (r->rc == TK_OK)
		r->rc = tk_db_commit(db, &e);
	tk_db_close(db);
	tk_arena_free(a);
	return NULL;
}

/* EDU-07: eight people at the same moment for three places. */
static void the_last_places_are_given_once(void **state)
{
	enum { N = 8, PLACES = 3 };
	struct world *w = world_of(state);
	int64_t s = session(w, course(w, "同時の申込み", ""), day(w, 3), PLACES), last = 0;
	struct racer r[N];
	pthread_t thread[N];

	for (int i = 0; i < N; i++) {
		last = world_int(w, "SELECT MIN(id) FROM staff WHERE id > $1 AND left_on IS NULL", last);
		r[i] = (struct racer){ w->t->url, &w->system, s, last, w->t->kind, TK_OK };
	}
	for (int i = 0; i < N; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, race, &r[i]), 0);
	for (int i = 0; i < N; i++) {
		pthread_join(thread[i], NULL);
		assert_int_equal(r[i].rc, TK_OK);
	}
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM attendance WHERE session_id = $1 AND state = 'enrolled'", s), PLACES);
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM attendance WHERE session_id = $1 AND state = 'waiting'", s), N - PLACES);
}

/* EDU-07: one's own phone, with the code that stands on the screen. */
static void attending_with_the_code(void **state)
{
	struct world *w = world_of(state);
	int64_t c = course(w, "受付コード", ""), s = session(w, c, day(w, 0), 0), other = session(w, c, day(w, 1), 0);
	const char *code = world_text(w, "SELECT attend_code FROM course_session WHERE id = $1", s);
	const char *later = world_text(w, "SELECT attend_code FROM course_session WHERE id = $1", other);
	struct reply r = get(w, A_OFFICE, fmt(w, "/api/v1/sessions/%lld/attendance", ID(s)));

	assert_int_equal(strlen(code), 6);
	HAS(r, code);
	STATUS(get(w, A_STAFF, fmt(w, "/api/v1/sessions/%lld/attendance", ID(s))), 403);
	HAS_NOT(get(w, A_STAFF, fmt(w, "/api/v1/sessions/%lld", ID(s))), code);
	HAS_NOT(get(w, A_OFFICE, "/api/v1/sessions.csv"), code);
	r = ask(w, A_STAFF, "POST", "/api/v1/my/attend", .body = "{\"code\":\" \"}");
	STATUS(r, 422);
	HAS(r, "\"code\"");
	STATUS(ask(w, A_STAFF, "POST", "/api/v1/my/attend", .body = fmt(w, "{\"code\":\"%s\"}", later), .keep = true), 422);
	/* as people type it: small, with a blank */
	r = ask(w, A_STAFF, "POST", "/api/v1/my/attend", .body = fmt(w, "{\"code\":\"%.3s %c%c%c\"}", code, code[3] | 0x20, code[4], code[5]),
		.keep = true);
	STATUS(r, 200);
	assert_string_equal(state_of(w, s, A_STAFF), "attended");
	assert_string_equal(world_text(w, "SELECT how FROM attendance WHERE session_id = $1", s), "code");
	for (int i = 0; i < 5; i++)
		STATUS(ask(w, A_STAFF2, "POST", "/api/v1/my/attend", .body = "{\"code\":\"ZZZZZZ\"}", .keep = true), 422);
	STATUS(ask(w, A_STAFF2, "POST", "/api/v1/my/attend", .body = fmt(w, "{\"code\":\"%s\"}", code), .keep = true), 429);
	assert_string_equal(state_of(w, s, A_STAFF2), "");
}

/* EDU-07: the ticked list and the file. */
static void the_list_and_its_file(void **state)
{
	struct world *w = world_of(state);
	int64_t s = session(w, course(w, "出席簿", ""), day(w, 0), 0);
	const char *url = fmt(w, "/api/v1/sessions/%lld/attendance", ID(s)), *file = fmt(w, "%s/import?name=a.csv", url);
	const char *one = world_text(w, "SELECT staff_number FROM staff WHERE id = $1", w->actor[A_STAFF].staff);
	const char *two = world_text(w, "SELECT staff_number FROM staff WHERE id = $1", w->actor[A_STAFF2].staff);
	struct reply r = ask(w, A_OFFICE, "POST", url,
			     .body = fmt(w, "{\"items\":[{\"staff_number\":\"%s\"},{\"staff_number\":\"99999999\"}]}", one), .keep = true);

	STATUS(r, 422);         /* all or none */
	HAS(r, "99999999");
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM attendance WHERE session_id = $1", s), 0);
	STATUS(ask(w, A_STAFF, "POST", url, .body = "{\"items\":[]}"), 403);
	STATUS(ask(w, A_OFFICE, "POST", url, .body = fmt(w, "{\"items\":[{\"staff_number\":\"%s\"}]}", one), .keep = true), 200);
	assert_string_equal(state_of(w, s, A_STAFF), "attended");
	assert_true(strlen(world_text(w, "SELECT certificate_no FROM attendance WHERE session_id = $1", s)) > 10);
	r = ask(w, A_OFFICE, "POST", file, .body = fmt(w, "職員番号,出欠\n%s,欠席\n88888888,出席\n", two), .keep = true);
	STATUS(r, 422);
	HAS(r, "\"row\":3");
	assert_string_equal(state_of(w, s, A_STAFF2), "");
	r = ask(w, A_OFFICE, "POST", fmt(w, "%s&dry_run=1", file), .body = fmt(w, "職員番号,出欠\n%s,欠席\n", two), .keep = true);
	STATUS(r, 200);
	assert_string_equal(state_of(w, s, A_STAFF2), "");
	r = ask(w, A_OFFICE, "POST", file, .body = fmt(w, "職員番号,出欠\n%s,欠席\n%s,出席\n", two, one), .keep = true);
	STATUS(r, 200);
	HAS(r, "\"added\":1");
	HAS(r, "\"unchanged\":1");
	assert_string_equal(state_of(w, s, A_STAFF2), "absent");
	r = ask(w, A_OFFICE, "POST", file, .body = "氏名\n見本\n");
	STATUS(r, 422);
	/* the generic file of many sessions, as an office brings the past */
	r = ask(w, A_OFFICE, "POST", "/api/v1/attendances/import?name=b.csv",
		.body = fmt(w, "開催回,職員番号\n%s,%s\n", world_text(w, "SELECT code FROM course_session WHERE id = $1", s),
			    world_text(w, "SELECT staff_number FROM staff WHERE id = $1", w->actor[A_STAFF3].staff)), .keep = true);
	STATUS(r, 200);
	assert_string_equal(state_of(w, s, A_STAFF3), "attended");
}

/* EDU-05: the head recommends with one click, and what followed is recorded. */
static void recommending_attendance(void **state)
{
	struct world *w = world_of(state);
	int64_t c = course(w, "勧告の検査", ",\"yearly\":true"), s = session(w, c, day(w, 0), 0);
	const char *due = fmt(w, "/api/v1/courses/%lld/non-attendees", ID(c)), *url = fmt(w, "/api/v1/courses/%lld/recommend", ID(c));
	const char *mine = fmt(w, "{\"staff_ids\":[\"%lld\"],\"note\":\"今月中に\"}", ID(w->actor[A_STAFF].staff));
	struct reply r = get(w, A_HEAD, due);

	STATUS(r, 200);
	HAS(r, fmt(w, "\"staff_id\":\"%lld\"", ID(w->actor[A_STAFF].staff)));
	HAS_NOT(r, fmt(w, "\"staff_id\":\"%lld\"", ID(w->actor[A_STAFF3].staff)));
	assert_int_equal(strtoll(reply_member(w, &r, "audience"), NULL, 10),
			 world_int(w, "SELECT COUNT(*) FROM staff WHERE division_id = $1 AND left_on IS NULL", w->actor[A_HEAD].division));
	STATUS(get(w, A_STAFF, due), 403);
	STATUS(ask(w, A_STAFF, "POST", url, .body = mine), 403);
	STATUS(ask(w, A_HEAD2, "POST", url, .body = mine, .keep = true), 403);
	STATUS(ask(w, A_CISO, "POST", url, .body = mine), 403);
	STATUS(ask(w, A_HEAD, "POST", url, .body = "{\"staff_ids\":[]}"), 422);
	STATUS(ask(w, A_HEAD, "POST", url, .body = mine, .keep = true), 200);
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM attendance_notice WHERE course_id = $1 AND attended_on IS NULL", c), 1);
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM mail WHERE staff_id = $1 AND body LIKE '%勧告の検査%' AND body LIKE '%今月中に%'",
				   w->actor[A_STAFF].staff), 1);
	HAS(get(w, A_STAFF, "/api/v1/my/tasks"), "勧告の検査");
	HAS(get(w, A_STAFF, "/api/v1/attendance-notices"), "今月中に");
	HAS_NOT(get(w, A_STAFF2, "/api/v1/attendance-notices"), "今月中に");
	STATUS(ask(w, A_OFFICE, "POST", fmt(w, "/api/v1/sessions/%lld/attendance", ID(s)),
		   .body = fmt(w, "{\"items\":[{\"staff_id\":\"%lld\"}]}", ID(w->actor[A_STAFF].staff)), .keep = true), 200);
	assert_string_equal(world_text(w, "SELECT attended_on FROM attendance_notice WHERE course_id = $1", c), day(w, 0));
	r = ask(w, A_HEAD, "POST", url, .body = mine, .keep = true);    /* who has attended needs none */
	STATUS(r, 409);
	HAS(r, "staff_id");
	HAS_NOT(get(w, A_HEAD, due), fmt(w, "\"staff_id\":\"%lld\"", ID(w->actor[A_STAFF].staff)));
	/* ticked by mistake: what followed is taken back */
	STATUS(ask(w, A_OFFICE, "POST", fmt(w, "/api/v1/sessions/%lld/attendance", ID(s)),
		   .body = fmt(w, "{\"items\":[{\"staff_id\":\"%lld\",\"state\":\"absent\"}]}", ID(w->actor[A_STAFF].staff)), .keep = true),
	       200);
	assert_string_equal(world_text(w, "SELECT attended_on FROM attendance_notice WHERE course_id = $1", c), "");
}

/* EDU-07: who passes the test has attended, with a certificate. */
static void test_and_certificate(void **state)
{
	struct world *w = world_of(state);
	int64_t c = course(w, "確認テスト", ",\"pass_mark\":60"), q[3], a;
	const char *url = fmt(w, "/api/v1/my/courses/%lld/test", ID(c)), *two, *three;
	struct reply r;

	for (int i = 0; i < 3; i++)
		q[i] = made(w, A_OFFICE, "/api/v1/course-questions",
			    fmt(w, "{\"course_id\":\"%lld\",\"text\":\"問%d\",\"option_1\":\"ア\",\"option_2\":\"イ\",\"answer\":%d}", ID(c), i + 1,
				1 + i % 2));
	r = ask(w, A_OFFICE, "POST", "/api/v1/course-questions",
		.body = fmt(w, "{\"course_id\":\"%lld\",\"text\":\"x\",\"option_1\":\"a\",\"option_2\":\"b\",\"answer\":3}", ID(c)));
	STATUS(r, 422);
	HAS(r, "\"answer\"");
	STATUS(get(w, A_STAFF, "/api/v1/course-questions"), 403);
	r = get(w, A_STAFF, url);
	STATUS(r, 200);
	HAS(r, "問3");
	HAS_NOT(r, "answer");
	STATUS(ask(w, A_STAFF, "POST", url, .body = "{}"), 422);
	/* one of three is 33 %, two are 66 % */
	r = ask(w, A_STAFF, "POST", url, .body = fmt(w, "{\"answers\":{\"%lld\":1,\"%lld\":1}}", ID(q[0]), ID(q[1])), .keep = true);
	STATUS(r, 200);
	HAS(r, "\"passed\":false");
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM attendance WHERE course_id = $1", c), 0);
	two = fmt(w, "{\"answers\":{\"%lld\":1,\"%lld\":2,\"%lld\":2}}", ID(q[0]), ID(q[1]), ID(q[2]));
	r = ask(w, A_STAFF, "POST", url, .body = two, .keep = true);
	HAS(r, "\"passed\":true");
	HAS(r, "\"right_answers\":2");
	three = world_text(w, "SELECT certificate_no FROM attendance WHERE course_id = $1 AND state = 'attended' AND how = 'test'", c);
	assert_true(strlen(three) > 10);
	STATUS(ask(w, A_STAFF, "POST", url, .body = two, .keep = true), 200);   /* again: still once */
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM attendance WHERE course_id = $1", c), 1);
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM course_result WHERE course_id = $1", c), 3);
	a = world_int(w, "SELECT id FROM attendance WHERE course_id = $1", c);
	r = get(w, A_STAFF, fmt(w, "/api/v1/my/certificates/%lld", ID(a)));
	STATUS(r, 200);
	HAS(r, three);
	HAS(r, world_text(w, "SELECT name FROM staff WHERE id = $1", w->actor[A_STAFF].staff));
	STATUS(get(w, A_STAFF2, fmt(w, "/api/v1/my/certificates/%lld", ID(a))), 404);
	HAS(get(w, A_STAFF, "/api/v1/my/courses"), three);
	STATUS(ask(w, A_OFFICE, "POST", url, .body = two), 409);
}

static void said(void *ctx, const char *what, int64_t n)
{
	(void)what;
	*(int64_t *)ctx += n;
}

static void a_new_year_copies_what_is_to_be_carried(void **state)
{
	struct world *w = world_of(state);
	int to = this_year() + 1;
	int64_t n = 0, carried = world_int(w, "SELECT COUNT(*) FROM course WHERE carry = 1 AND deleted_at IS NULL AND fiscal_year = $1", to - 1);

	OK(w->t, tk_db_begin(w->t->db, &w->t->e));
	OK(w->t, tk_training_module.open_year(&w->op, to - 1, to, said, &n));
	assert_true(carried > 0);
	assert_int_equal(n, carried);
	OK(w->t, tk_training_module.open_year(&w->op, to - 1, to, said, &n));   /* again: nothing more */
	assert_int_equal(n, carried);
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM course WHERE state = 'planned' AND carried_from IS NOT NULL AND fiscal_year = $1", to),
			 carried);
	tk_db_rollback(w->t->db);
}

/* DRL-01 DRL-02 DRL-03: who held it, its time line, what was opened and reported, lessons that become improvements. */
static void drills(void **state)
{
	struct world *w = world_of(state);
	int64_t d = made(w, A_OFFICE, "/api/v1/drills",
			 "{\"title\":\"不審メール受付訓練（検査）\",\"kind\":\"suspicious_mail\",\"host\":\"nisc\",\"held_on\":\"2011-11-01\",\"state\":"
			 "\"held\",\"participants\":50,\"mails_sent\":50,\"mails_opened\":7,\"mails_reported\":31,\"purpose\":\"届出の体験\"}");
	int64_t lesson;

	STATUS(ask(w, A_OFFICE, "POST", "/api/v1/drill-events",
		   .body = fmt(w, "{\"drill_id\":\"%lld\",\"happened_at\":\"25:00\",\"what\":\"x\"}", ID(d))), 422);
	made(w, A_OFFICE, "/api/v1/drill-events", fmt(w, "{\"drill_id\":\"%lld\",\"happened_at\":\"10:05\",\"what\":\"送信\"}", ID(d)));
	assert_int_equal(num(w, 2011, "drill.held"), 2);
	assert_int_equal(num(w, 2011, "drill.participants"), 64);
	assert_int_equal(num(w, 2011, "drill.mails_opened"), 7);
	assert_int_equal(num(w, 2011, "drill.mails_reported"), 31);
	assert_string_equal(printed(w, 2010, "drill.mails_opened"), "－");
	lesson = made(w, A_OFFICE, "/api/v1/drill-lessons", fmt(w, "{\"drill_id\":\"%lld\",\"title\":\"届出先を端末に表示する\"}", ID(d)));
	if (tk_improvement_add)
		assert_int_not_equal(world_int(w, "SELECT roadmap_item_id FROM drill_lesson WHERE id = $1", lesson), 0);
	STATUS(ask(w, A_STAFF, "POST", "/api/v1/drills", .body = "{}"), 403);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_demonstration_computes_its_figures), cmocka_unit_test(the_denominator_is_the_base_date),
		cmocka_unit_test(wrong_input_names_its_field), cmocka_unit_test(enrolment_and_the_waiting_list),
		cmocka_unit_test(the_last_places_are_given_once), cmocka_unit_test(attending_with_the_code),
		cmocka_unit_test(the_list_and_its_file), cmocka_unit_test(recommending_attendance), cmocka_unit_test(test_and_certificate),
		cmocka_unit_test(a_new_year_copies_what_is_to_be_carried), cmocka_unit_test(drills),
	};
	int failed = cmocka_run_group_tests_name("training (SQLite)", tests, world_sqlite, world_down);

	return failed + cmocka_run_group_tests_name("training (PostgreSQL)", tests, world_postgres, world_down);
}
