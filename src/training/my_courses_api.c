/* my_courses_api.c - what is open to a person, what the person has attended, the test, the
 * certificate (EDU-05, EDU-07). */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "training/training_api.h"
#include "training/training_in.h"

static enum tk_rc person_of(struct tk_req *rq)
{
	if (rq->who.staff_id)
		return TK_OK;
	return tk_fail(&rq->err, TK_ECONFLICT, NULL,
		       N_("This account belongs to no member of the staff."));
}

static const char *choice_label(const struct tk_choice *c, const char *id, enum tk_lang lang)
{
	for (; c->id; c++)
		if (id && !strcmp(c->id, id))
			return tk_tr(lang, c->label);
	return "";
}

/* -- open to me -------------------------------------------------------------------------------- */
struct open_session {
	int64_t id, course_id, capacity, taken;
	const char *title, *held_on, *from, *to, *place, *mine;
	bool online;
};
struct mine {
	struct tk_req *rq;
	struct tk_json j;
	struct open_session *v;
	size_t n, cap;
};

static enum tk_rc session_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct mine *m = ctx;
	struct tk_arena *a = m->rq->mem;

	(void)n;
	if (m->n == m->cap) {
		struct open_session *more = tk_alloc_n(a, m->cap * 2 + 32, sizeof(*more));

		if (m->n)
			memcpy(more, m->v, m->n * sizeof(*more));
		m->v = more;
		m->cap = m->cap * 2 + 32;
	}
	m->v[m->n++] = (struct open_session){
		.id = col[0].i,
		.course_id = col[1].i,
		.capacity = col[2].i,
		.taken = col[3].i,
		.title = tk_strdup(a, col[4].s),
		.held_on = tk_strdup(a, col[5].s),
		.from = tk_strdup(a, col[6].s),
		.to = tk_strdup(a, col[7].s),
		.place = tk_strdup(a, col[8].s),
		.mine = tk_strdup(a, col[9].s),
		.online = col[10].i != 0,
	};
	return TK_OK;
}

static enum tk_rc load_sessions(struct mine *m)
{
	char today[11];

	tk_date_iso(tk_today(), today);
	return tk_db_run(
		m->rq->db, &m->rq->err,
		"SELECT s.id, s.course_id, COALESCE(s.capacity, 0), (SELECT COUNT(*) FROM "
		"attendance a WHERE a.session_id = s.id AND a.state IN ('enrolled', 'attended') "
		"AND a.deleted_at IS NULL), s.title, s.held_on, s.from_time, s.to_time, s.place, "
		"(SELECT a.state FROM attendance a WHERE a.session_id = s.id AND a.staff_id = $1 "
		"AND a.deleted_at IS NULL), s.online FROM course_session s JOIN course c ON c.id = "
		"s.course_id WHERE s.state = 'planned' AND s.held_on >= $2 AND c.state = 'open' "
		"AND s.deleted_at IS NULL AND c.deleted_at IS NULL ORDER BY s.held_on, "
		"s.from_time, s.id",
		TK_ARGS(TK_I(m->rq->who.staff_id), TK_S(today)), session_row, m);
}

static void session_json(struct mine *m, const struct open_session *s)
{
	struct tk_json *j = &m->j;
	bool in = s->mine && (!strcmp(s->mine, "enrolled") || !strcmp(s->mine, "waiting"));
	bool full = s->capacity && s->taken >= s->capacity;

	tk_json_obj(j);
	tk_json_kid(j, "id", s->id);
	tk_json_kstr(j, "title", s->title);
	tk_json_kstr(j, "held_on", s->held_on);
	tk_json_kstr(j, "from", s->from);
	tk_json_kstr(j, "to", s->to);
	tk_json_kstr(j, "place", s->place);
	tk_json_kbool(j, "online", s->online);
	tk_json_key(j, "capacity");
	s->capacity ? tk_json_int(j, s->capacity) : tk_json_null(j);
	tk_json_kint(j, "taken", s->taken);
	tk_json_kstr(j, "mine", s->mine);
	tk_json_kstr(j, "mine_label",
		     s->mine ? choice_label(tk_attendance_state, s->mine, m->rq->who.lang) : NULL);
	tk_json_kstr(j, "can", in ? "cancel" : full ? "wait" : "enrol");
	tk_json_end_obj(j);
}

static enum tk_rc course_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct mine *m = ctx;
	struct tk_json *j = &m->j;
	enum tk_lang lang = m->rq->who.lang;

	(void)n;
	tk_json_obj(j);
	tk_json_kid(j, "id", col[0].i);
	tk_json_kstr(j, "title", lang == TK_EN && col[2].s && *col[2].s ? col[2].s : col[1].s);
	tk_json_kstr(j, "kind", col[3].s);
	tk_json_kstr(j, "kind_label", choice_label(tk_course_kind, col[3].s, lang));
	tk_json_kstr(j, "topics", col[4].s);
	tk_json_kbool(j, "yearly", col[5].i != 0);
	tk_json_kint(j, "questions", col[6].i);
	tk_json_kint(j, "pass_mark", col[7].i);
	tk_json_kstr(j, "attended_on", col[8].s);
	tk_json_kstr(j, "recommended_on", col[9].s);
	tk_json_key(j, "sessions");
	tk_json_arr(j);
	for (size_t i = 0; i < m->n; i++)
		if (m->v[i].course_id == col[0].i)
			session_json(m, &m->v[i]);
	tk_json_end_arr(j);
	tk_json_end_obj(j);
	return TK_OK;
}

static enum tk_rc open_courses(struct mine *m)
{
	return tk_db_run(
		m->rq->db, &m->rq->err,
		"SELECT c.id, c.title, c.title_en, c.kind, c.topics, c.yearly, (SELECT COUNT(*) "
		"FROM course_question q WHERE q.course_id = c.id AND q.deleted_at IS NULL), "
		"COALESCE(c.pass_mark, 0), (SELECT MIN(a.attended_on) FROM attendance a WHERE "
		"a.course_id = c.id AND a.staff_id = s.id AND a.state = 'attended' AND "
		"a.deleted_at IS NULL), (SELECT MAX(n.recommended_on) FROM attendance_notice n "
		"WHERE n.course_id = c.id AND n.staff_id = s.id AND n.deleted_at IS NULL) FROM "
		"course c CROSS JOIN staff s JOIN division d ON d.id = s.division_id WHERE s.id = "
		"$1 AND c.state = 'open' AND c.fiscal_year = $2 AND c.deleted_at IS NULL AND "
		"(c.audience IN ('all_staff', 'volunteers') OR (c.audience = 'newcomers' AND "
		"s.joined_on >= c.audience_since) OR (c.audience = 'system_divisions' AND "
		"d.owns_system = 1)) ORDER BY c.yearly DESC, c.code",
		TK_ARGS(TK_I(m->rq->who.staff_id), TK_I(tk_fiscal_year(tk_today()))), course_row,
		m);
}

/* Everything of the past, sessions and tests. */
static enum tk_rc past_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct mine *m = ctx;
	struct tk_json *j = &m->j;

	(void)n;
	tk_json_obj(j);
	tk_json_kid(j, "id", col[0].i);
	tk_json_kint(j, "year", col[1].i);
	tk_json_kstr(j, "course", col[2].s);
	tk_json_kstr(j, "session", col[3].s);
	tk_json_kstr(j, "state", col[4].s);
	tk_json_kstr(j, "state_label",
		     choice_label(tk_attendance_state, col[4].s, m->rq->who.lang));
	tk_json_kstr(j, "on", col[5].s);
	tk_json_kstr(j, "certificate_no", col[6].s);
	tk_json_end_obj(j);
	return TK_OK;
}

static enum tk_rc past(struct mine *m)
{
	return tk_db_run(m->rq->db, &m->rq->err,
			 "SELECT a.id, c.fiscal_year, c.title, s.title, a.state, "
			 "COALESCE(a.attended_on, s.held_on), a.certificate_no FROM attendance a "
			 "JOIN course c ON c.id = a.course_id LEFT JOIN course_session s ON s.id = "
			 "a.session_id WHERE a.staff_id = $1 AND a.deleted_at IS NULL AND a.state "
			 "IN ('attended', 'absent') ORDER BY COALESCE(a.attended_on, s.held_on) "
			 "DESC, a.id",
			 TK_ARGS(TK_I(m->rq->who.staff_id)), past_row, m);
}

enum tk_rc tk_my_courses(struct tk_req *rq)
{
	struct mine m = { .rq = rq, .j = TK_JSON(&rq->out) };
	enum tk_rc rc = load_sessions(&m);

	tk_json_obj(&m.j);
	tk_json_kint(&m.j, "year", tk_fiscal_year(tk_today()));
	tk_json_key(&m.j, "courses");
	tk_json_arr(&m.j);
	if (rc == TK_OK)
		rc = open_courses(&m);
	tk_json_end_arr(&m.j);
	tk_json_key(&m.j, "past");
	tk_json_arr(&m.j);
	if (rc == TK_OK)
		rc = past(&m);
	tk_json_end_arr(&m.j);
	tk_json_end_obj(&m.j);
	if (rc != TK_OK)
		tk_buf_clear(&rq->out);
	return rc;
}

/* -- enrolling, the code on the screen --------------------------------------------------------- */
static enum tk_rc enrol_or_cancel(struct tk_req *rq, bool in)
{
	int64_t id;
	enum tk_rc rc = person_of(rq);

	if (rc == TK_OK)
		rc = tk_req_id(rq, 0, &id);
	if (rc == TK_OK)
		rc = in ? tk_session_enrol(&rq->op, id, rq->who.staff_id)
			: tk_session_cancel(&rq->op, id, rq->who.staff_id);
	return rc == TK_OK ? tk_my_courses(rq) : rc;
}

enum tk_rc tk_my_enrol(struct tk_req *rq)
{
	return enrol_or_cancel(rq, true);
}
enum tk_rc tk_my_cancel(struct tk_req *rq)
{
	return enrol_or_cancel(rq, false);
}

static const char *const code_keys[] = { "code", NULL };

enum tk_rc tk_my_attend(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	const char *code = NULL, *title = "";
	int64_t session = 0;
	enum tk_rc rc = person_of(rq);

	if (rc == TK_OK)
		rc = tk_json_only(rq->json, code_keys, &rq->err);
	if (rc == TK_OK)
		rc = tk_json_get_str(rq->json, "code", &code, &rq->err);
	if (rc == TK_OK && tk_is_blank(code))
		rc = tk_fail(&rq->err, TK_EINVAL, "code", N_("Enter the code of the session."));
	if (rc == TK_OK)
		rc = tk_attend_by_code(&rq->op, rq->who.staff_id, code, &session);
	if (rc == TK_EINVAL && code && !session)
		return tk_req_refuse(rq); /* so that the wrong try is counted */
	if (rc == TK_OK)
		rc = tk_rec_label(&rq->op, &tk_session_type, session, &title);
	if (rc != TK_OK)
		return rc;
	tk_json_obj(&j);
	tk_json_kid(&j, "session_id", session);
	tk_json_kstr(&j, "title", title);
	tk_json_end_obj(&j);
	return TK_OK;
}

/* -- the test ---------------------------------------------------------------------------------- */
struct test {
	struct tk_json j;
	const cJSON *answers;
	int64_t right, n;
};

static enum tk_rc question_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct test *t = ctx;

	(void)n;
	tk_json_obj(&t->j);
	tk_json_kid(&t->j, "id", col[0].i);
	tk_json_kstr(&t->j, "text", col[1].s);
	tk_json_key(&t->j, "options");
	tk_json_arr(&t->j);
	for (size_t i = 2; i < 6; i++)
		if (col[i].s && *col[i].s)
			tk_json_str(&t->j, col[i].s);
	tk_json_end_arr(&t->j);
	tk_json_end_obj(&t->j);
	return TK_OK;
}

/* A course with a test that is open and meant for this person. */
static enum tk_rc test_of(struct tk_req *rq, struct course *c)
{
	struct tk_op *op = &rq->op;
	int64_t id, n = 0;
	bool meant = false;
	enum tk_rc rc = person_of(rq);

	if (rc == TK_OK)
		rc = tk_req_id(rq, 0, &id);
	if (rc == TK_OK)
		rc = tk_rec_load(op, &tk_course_type, id, c);
	if (rc == TK_OK)
		rc = tk_course_is_for(op, c, rq->who.staff_id, &meant);
	if (rc == TK_OK)
		rc = tk_db_int(op->db, op->e,
			       "SELECT COUNT(*) FROM course_question WHERE course_id = $1 AND "
			       "deleted_at IS NULL",
			       TK_ARGS(TK_I(id)), 0, &n);
	if (rc != TK_OK)
		return rc;
	if (!n || !c->pass_mark || !meant || strcmp(c->state, "open") != 0)
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("This course has no test that is open to you."));
	return TK_OK;
}

enum tk_rc tk_my_test(struct tk_req *rq)
{
	struct test t = { .j = TK_JSON(&rq->out) };
	struct course c = { 0 };
	enum tk_rc rc = test_of(rq, &c);

	if (rc != TK_OK)
		return rc;
	tk_json_obj(&t.j);
	tk_json_kid(&t.j, "id", c.rec.id);
	tk_json_kstr(&t.j, "title", c.title);
	tk_json_kint(&t.j, "pass_mark", c.pass_mark);
	tk_json_key(&t.j, "questions");
	tk_json_arr(&t.j);
	rc = tk_db_run(rq->db, &rq->err,
		       "SELECT id, text, option_1, option_2, option_3, option_4 FROM "
		       "course_question WHERE course_id = $1 AND deleted_at IS NULL ORDER BY sort, "
		       "id",
		       TK_ARGS(TK_I(c.rec.id)), question_row, &t);
	tk_json_end_arr(&t.j);
	tk_json_end_obj(&t.j);
	if (rc != TK_OK)
		tk_buf_clear(&rq->out);
	return rc;
}

static enum tk_rc mark_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct test *t = ctx;
	char id[24];
	const cJSON *a;

	(void)n;
	snprintf(id, sizeof(id), "%lld", (long long)col[0].i);
	a = cJSON_GetObjectItemCaseSensitive(t->answers, id);
	t->n++;
	t->right += cJSON_IsNumber(a) && (int64_t)a->valuedouble == col[1].i;
	return TK_OK;
}

static enum tk_rc keep_result(struct tk_req *rq, const struct course *c, const struct test *t,
			      bool passed)
{
	const struct tk_rtype *rt = &tk_course_result_type;
	struct tk_who w = tk_who_by_rule(&rq->who);
	struct tk_op as = { rq->db, rq->mem, &w, &rq->err };
	struct course_result r = { 0 };
	int64_t division = 0;
	enum tk_rc rc = tk_db_int(rq->db, &rq->err, "SELECT division_id FROM staff WHERE id = $1",
				  TK_ARGS(TK_I(rq->who.staff_id)), 0, &division);

	tk_set_by(rt, &r, "course_id", TK_I(c->rec.id));
	tk_set_by(rt, &r, "staff_id", TK_I(rq->who.staff_id));
	tk_set_by(rt, &r, "division_id", TK_I0(division));
	tk_set_by(rt, &r, "right_answers", TK_I(t->right));
	tk_set_by(rt, &r, "questions", TK_I(t->n));
	tk_set_by(rt, &r, "passed", TK_I(passed));
	tk_set_by(rt, &r, "answered_at", TK_I(tk_now()));
	if (rc == TK_OK)
		rc = tk_rec_insert(&as, rt, &r);
	if (rc == TK_OK && passed)
		rc = tk_attendance_set(&as, 0, c->rec.id, rq->who.staff_id, "attended", "test");
	return rc;
}

static const char *const test_keys[] = { "answers", NULL };

/* Right answers are counted, not shown: the test may be taken again. */
enum tk_rc tk_my_test_answer(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct test t = { 0 };
	struct course c = { 0 };
	bool passed;
	enum tk_rc rc = test_of(rq, &c);

	if (rc == TK_OK)
		rc = tk_json_only(rq->json, test_keys, &rq->err);
	t.answers = cJSON_GetObjectItemCaseSensitive(rq->json, "answers");
	if (rc == TK_OK && !cJSON_IsObject(t.answers))
		rc = tk_fail(&rq->err, TK_EINVAL, "answers", N_("The answers are missing."));
	if (rc == TK_OK)
		rc = tk_db_run(rq->db, &rq->err,
			       "SELECT id, answer FROM course_question WHERE course_id = $1 AND "
			       "deleted_at IS NULL",
			       TK_ARGS(TK_I(c.rec.id)), mark_row, &t);
	passed = t.n && t.right * 100 >= c.pass_mark * t.n;
	if (rc == TK_OK)
		rc = keep_result(rq, &c, &t, passed);
	if (rc != TK_OK)
		return rc;
	tk_json_obj(&j);
	tk_json_kbool(&j, "passed", passed);
	tk_json_kint(&j, "right_answers", t.right);
	tk_json_kint(&j, "questions", t.n);
	tk_json_kint(&j, "pass_mark", c.pass_mark);
	tk_json_end_obj(&j);
	return TK_OK;
}

/* -- certificate ------------------------------------------------------------------------------- */
static const char style[] =
	"body{font-family:serif;max-width:40rem;margin:3rem auto;padding:2rem;border:3px double "
	"#333;text-align:center;line-height:2}h1{font-size:2rem;letter-spacing:.5em}.n{text-align:"
	"right;font-size:.9rem}@media print{body{margin:0 auto}}";

static void line(struct tk_buf *b, const char *tag, const char *text)
{
	tk_buf_fmt(b, "<%s>", tag);
	tk_buf_xml(b, text);
	tk_buf_fmt(b, "</%.*s>", (int)strcspn(tag, " "), tag);
}

enum tk_rc tk_my_certificate(struct tk_req *rq)
{
	struct tk_value col[5];
	struct tk_date d = { 0 };
	enum tk_lang lang = rq->who.lang;
	int64_t id;
	bool found = false;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	if (rc == TK_OK) /* one's own, or whoever may read all */
		rc = tk_db_first(
			rq->db, rq->mem, &rq->err,
			"SELECT p.name, c.title, a.attended_on, a.certificate_no, (SELECT value "
			"FROM setting WHERE name = 'organisation') FROM attendance a JOIN course c "
			"ON c.id = a.course_id JOIN staff p ON p.id = a.staff_id WHERE a.id = $1 "
			"AND a.certificate_no IS NOT NULL AND a.deleted_at IS NULL AND (a.staff_id "
			"= $2 OR CAST($3 AS BIGINT) = 1)",
			TK_ARGS(TK_I(id), TK_I(rq->who.staff_id),
				TK_I(tk_who_scope(&rq->who, TK_P_EDU_READ) == TK_SCOPE_ALL)),
			col, 5, &found);
	if (rc == TK_OK && !found)
		rc = tk_fail(&rq->err, TK_ENOTFOUND, NULL, N_("There is no such certificate."));
	if (rc != TK_OK)
		return rc;
	tk_req_page(rq, style, 2);
	tk_date_from_iso(col[2].s, &d);
	tk_buf_fmt(&rq->out,
		   "<!doctype html><html lang=\"%s\"><head><meta charset=\"utf-8\"><title>%s"
		   "</title><style>%s</style></head><body>",
		   lang == TK_EN ? "en" : "ja", tk_tr(lang, N_("Certificate of attendance")),
		   style);
	line(&rq->out, "p class=\"n\"", tk_say(rq->mem, lang, N_("No. %s"), col[3].s));
	line(&rq->out, "h1", tk_tr(lang, N_("Certificate of attendance")));
	line(&rq->out, "h2", tk_say(rq->mem, lang, N_("%s has attended:"), col[0].s));
	line(&rq->out, "p", col[1].s);
	line(&rq->out, "p", tk_date_print(rq->mem, lang, d));
	line(&rq->out, "p", col[4].s ? col[4].s : "");
	tk_buf_str(&rq->out, "</body></html>\n");
	return TK_OK;
}
