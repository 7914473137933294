/* course.c - courses and their sessions (EDU-01 ... EDU-04, EDU-07). */
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/hash.h"
#include "base/text.h"
#include "training/training_in.h"

enum { CODE_LETTERS = 6 };

const struct tk_choice tk_course_kind[] = {
	{ "security_training", N_("Information security course") },
	{ "it_basics", N_("IT basics course") },
	{ "system_staff", N_("Course for staff in charge of systems") },
	{ "external", N_("Course held by another ministry") },
	{ 0 },
};
static const struct tk_choice course_state[] = {
	{ "planned", N_("Scheduled") },
	{ "open", N_("Open for enrolment") },
	{ "finished", N_("Finished") },
	{ 0 },
};
static const struct tk_choice audience[] = {
	{ "all_staff", N_("All staff") },
	{ "newcomers", N_("Newcomers since a day") },
	{ "system_divisions", N_("Staff of divisions that own a system") },
	{ "volunteers", N_("Volunteers") },
	{ 0 },
};

enum tk_rc tk_check_clock(struct tk_err *e, const struct tk_field *f, struct tk_value v)
{
	int h, m, n = 0;

	if (strlen(v.s) == 5 && sscanf(v.s, "%2d:%2d%n", &h, &m, &n) == 2 && n == 5 && h >= 0 &&
	    h < 24 && m >= 0 && m < 60)
		return TK_OK;
	return tk_fail(e, TK_EINVAL, f->name,
		       N_("\"%.40s\" is no time of day; write it like 09:30."), v.s);
}

struct tk_who tk_who_by_rule(const struct tk_who *w)
{
	struct tk_who as = *w;

	as.system = true;
	return as;
}

static void otherwise(const struct tk_rtype *t, void *rec, const char *field, struct tk_value v)
{
	if (tk_get_by(t, rec, field).type == TK_V_NULL)
		tk_set_by(t, rec, field, v);
}

static const char *usual_audience(const char *kind)
{
	return !kind || !strcmp(kind, "security_training") ? "all_staff"
	       : !strcmp(kind, "it_basics")                ? "newcomers"
	       : !strcmp(kind, "system_staff")             ? "system_divisions"
							   : "volunteers";
}

static enum tk_rc free_code(const struct tk_op *op, struct course *c)
{
	static const struct {
		const char *kind, *code;
	} word[] = { { "security_training", "SEC" },
		     { "it_basics", "IT" },
		     { "system_staff", "SYS" } };
	const char *w = "EXT";
	int64_t n = 0;
	enum tk_rc rc = tk_db_int(
		op->db, op->e, "SELECT COUNT(*) FROM course WHERE fiscal_year = $1 AND kind = $2",
		TK_ARGS(TK_I(c->fiscal_year), TK_S(c->kind)), 0, &n);

	for (size_t i = 0; i < TK_LEN(word); i++)
		if (!strcmp(word[i].kind, c->kind))
			w = word[i].code;
	tk_set_by(&tk_course_type, c, "code",
		  TK_S(tk_sprintf(op->mem, "%s%d-%d", w, (int)c->fiscal_year, (int)n + 1)));
	return rc;
}

static enum tk_rc course_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct course *c = now;
	const struct tk_rtype *t = &tk_course_type;
	int64_t n = 0;
	enum tk_rc rc;

	if (deleted) {
		rc = tk_db_int(op->db, op->e,
			       "SELECT COUNT(*) FROM course_session WHERE course_id = $1 AND "
			       "deleted_at IS NULL",
			       TK_ARGS(TK_I(c->rec.id)), 0, &n);
		if (rc == TK_OK && n)
			rc = tk_fail(op->e, TK_ECONFLICT, NULL,
				     N_("This course still has sessions. Delete them first."));
		return rc;
	}
	(void)was;
	otherwise(t, c, "fiscal_year", TK_I(tk_fiscal_year(tk_today())));
	otherwise(t, c, "state", TK_S("planned"));
	otherwise(t, c, "audience", TK_S(usual_audience(c->kind)));
	if (!strcmp(c->audience, "newcomers") && !c->audience_since && c->fiscal_year > 1950)
		tk_set_by(t, c, "audience_since",
			  TK_S(tk_sprintf(op->mem, "%d-04-01", (int)c->fiscal_year)));
	return c->kind && tk_get_by(t, c, "code").type == TK_V_NULL ? free_code(op, c) : TK_OK;
}

#define S struct course
static const char *const course_title_alias[] = { "研修名", "講座名", NULL };
static const char *const year_alias[] = { "年度", NULL };
static const char *const kind_alias[] = { "研修の種類", "区分", "種別", NULL };
static const struct tk_field course_field[] = {
	TK_INT(S, fiscal_year, .label = N_("Fiscal year"), .flags = TK_LIST, .min = 1950,
	       .max = 2200, .alias = year_alias),
	TK_TEXT(S, code, .label = N_("Code"), .max = 40,
		.flags = TK_UNIQUE | TK_LIST | TK_SEARCH | TK_PLAIN,
		.help = N_("Left empty: made from kind and year.")),
	TK_ENUM(S, kind, .label = N_("Kind"), .flags = TK_REQUIRED | TK_LIST,
		.choice = tk_course_kind, .alias = kind_alias),
	TK_TEXT(S, title, .label = N_("Course"), .flags = TK_REQUIRED | TK_LIST | TK_SEARCH,
		.max = 200, .alias = course_title_alias),
	TK_TEXT(S, title_en, .label = N_("English name"), .flags = TK_SEARCH, .max = 200),
	TK_ENUM(S, state, .label = N_("State"), .flags = TK_LIST, .choice = course_state),
	TK_ENUM(S, audience, .label = N_("Audience"), .flags = TK_LIST, .choice = audience,
		.help = N_("Who is counted in the attendance rate: those in office on the base "
			   "date of the year. Left empty: the usual one of the kind.")),
	TK_DATE(S, audience_since, .label = N_("Newcomers since"),
		.help = N_("Whoever joined on that day or later. Left empty: the first day of the "
			   "fiscal year.")),
	TK_BOOL(S, yearly, .label = N_("At least once a year"),
		.help = N_("Everybody of the audience attends once in every fiscal year.")),
	TK_TEXT(S, host, .label = N_("Host"), .flags = TK_SEARCH, .max = 200,
		.help = N_("Of a course held elsewhere: which ministry or office holds it.")),
	TK_LONG(S, topics, .label = N_("Topics"), .flags = TK_SEARCH, .max = 4000,
		.help = N_("One a line, such as policy, encryption software, targeted attacks.")),
	TK_LONG(S, materials, .label = N_("Materials"), .max = 4000,
		.help = N_("Documents that the course uses, by title.")),
	TK_INT(S, pass_mark, .label = N_("Pass mark (%)"), .min = 1, .max = 100,
	       .help = N_("Share of right answers that passes the test. Left empty: no test.")),
	TK_BOOL(S, carry, .label = N_("Copied to the next year"),
		.help = N_("Opening the next fiscal year makes this course again, as planned.")),
	TK_REF(S, carried_from, .label = N_("Copied from"), .flags = TK_READONLY,
	       .ref = &tk_course_type),
};
#undef S

const struct tk_rtype tk_course_type = {
	.name = "course",
	.path = "courses",
	.table = "course",
	.label = N_("Course"),
	.label_plural = N_("Courses"),
	.group = "education",
	.size = sizeof(struct course),
	.field = course_field,
	.nfield = TK_LEN(course_field),
	.title = "title",
	.order = "-fiscal_year",
	.flags = TK_T_COMMON,
	.read = TK_P_EDU_READ,
	.write = TK_P_EDU_WRITE,
	.grade = 1,
	.check = course_check,
};

/* -- session ----------------------------------------------------------------------------------- */
static const struct tk_choice session_state[] = {
	{ "planned", N_("Scheduled") },
	{ "held", N_("Held") },
	{ "cancelled", N_("Cancelled") },
	{ 0 },
};

/* Letters and digits that nobody takes for one another when they stand on a screen. */
static char *new_code(struct tk_arena *a)
{
	static const char letter[] = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
	unsigned char r[CODE_LETTERS];
	char *s = tk_alloc(a, CODE_LETTERS + 1);

	tk_random(r, sizeof(r));
	for (size_t i = 0; i < CODE_LETTERS; i++)
		s[i] = letter[r[i] % (sizeof(letter) - 1)];
	return s;
}

static enum tk_rc number_session(const struct tk_op *op, struct session *s)
{
	struct tk_value col[3];
	bool found;
	enum tk_rc rc = tk_db_first(
		op->db, op->mem, op->e,
		"SELECT c.title, c.code, (SELECT COALESCE(MAX(s.number), 0) + 1 FROM "
		"course_session s WHERE s.course_id = c.id AND s.deleted_at IS NULL) FROM course c "
		"WHERE c.id = $1",
		TK_ARGS(TK_I(s->course_id)), col, 3, &found);

	if (rc != TK_OK || !found)
		return rc;
	otherwise(&tk_session_type, s, "number", TK_I(col[2].i));
	otherwise(&tk_session_type, s, "code",
		  TK_S(tk_sprintf(op->mem, "%s-%02d", col[1].s, (int)s->number)));
	tk_set_by(&tk_session_type, s, "title",
		  TK_S(tk_sprintf(op->mem, "%s 第%d回", col[0].s, (int)s->number)));
	return TK_OK;
}

static enum tk_rc in_the_year(const struct tk_op *op, const struct session *s)
{
	struct tk_date d;
	int64_t year = 0;
	enum tk_rc rc = tk_db_int(op->db, op->e, "SELECT fiscal_year FROM course WHERE id = $1",
				  TK_ARGS(TK_I(s->course_id)), 0, &year);

	if (rc != TK_OK || !year || !s->held_on || !tk_date_from_iso(s->held_on, &d))
		return rc;
	if (tk_fiscal_year(d) == year)
		return TK_OK;
	return tk_fail(op->e, TK_EINVAL, "held_on",
		       N_("%s is not in the fiscal year %d of the course."), s->held_on, (int)year);
}

static enum tk_rc session_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct session *s = now;
	const struct tk_rtype *t = &tk_session_type;
	int64_t n = 0;
	char today[11];
	enum tk_rc rc;

	(void)was;
	rc = tk_db_int(op->db, op->e,
		       "SELECT COUNT(*) FROM attendance WHERE session_id = $1 AND state = "
		       "'attended' AND deleted_at IS NULL",
		       TK_ARGS(TK_I(s->rec.id)), 0, &n);
	if (rc != TK_OK)
		return rc;
	if (deleted || (s->state && !strcmp(s->state, "cancelled") && n))
		return n ? tk_fail(op->e, TK_ECONFLICT, deleted ? NULL : "state",
				   N_("%d people have attended this session already."), (int)n)
			 : TK_OK;
	otherwise(t, s, "state", TK_S("planned"));
	otherwise(t, s, "attend_code", TK_S(new_code(op->mem)));
	tk_date_iso(tk_today(), today);
	if (s->held_on && !strcmp(s->state, "held") && strcmp(s->held_on, today) > 0)
		return tk_fail(op->e, TK_EINVAL, "state",
			       N_("A session on %s cannot have been held yet."), s->held_on);
	if (s->from_time && s->to_time && strcmp(s->from_time, s->to_time) >= 0)
		return tk_fail(op->e, TK_EINVAL, "to_time",
			       N_("The session ends before it begins."));
	rc = in_the_year(op, s);
	return rc == TK_OK ? number_session(op, s) : rc;
}

#define S struct session
static const char *const course_alias[] = { "研修", "研修名", NULL };
static const char *const day_alias[] = { "開催日", "実施日", NULL };
static const char *const place_alias[] = { "会場", "開催場所", NULL };
static const char *const number_alias[] = { "回", "回次", NULL };
static const char *const capacity_alias[] = { "定員数", NULL };
static const struct tk_field session_field[] = {
	TK_REF(S, course_id, .label = N_("Course"), .flags = TK_REQUIRED | TK_LIST | TK_FIXED,
	       .ref = &tk_course_type, .alias = course_alias),
	TK_INT(S, number, .label = N_("Session number"), .flags = TK_LIST, .min = 1, .max = 999,
	       .help = N_("Left empty: the next one of the course."), .alias = number_alias),
	TK_TEXT(S, title, .label = N_("Session"), .flags = TK_READONLY | TK_SEARCH, .max = 240),
	TK_TEXT(S, code, .label = N_("Code"), .max = 50,
		.flags = TK_UNIQUE | TK_LIST | TK_SEARCH | TK_PLAIN,
		.help = N_("By which files name the session. Left empty: made from the course.")),
	TK_ENUM(S, state, .label = N_("State"), .flags = TK_LIST, .choice = session_state),
	TK_DATE(S, held_on, .label = N_("Day of the session"), .flags = TK_REQUIRED | TK_LIST,
		.alias = day_alias),
	TK_TEXT(S, from_time, .label = N_("Begins at"), .flags = TK_LIST | TK_PLAIN, .max = 5,
		.check = tk_check_clock, .help = N_("Time of day, such as 09:30.")),
	TK_TEXT(S, to_time, .label = N_("Ends at"), .flags = TK_PLAIN, .max = 5,
		.check = tk_check_clock),
	TK_TEXT(S, place, .label = N_("Venue"), .flags = TK_LIST | TK_SEARCH, .max = 200,
		.alias = place_alias),
	TK_BOOL(S, online, .label = N_("Online")),
	TK_INT(S, capacity, .label = N_("Capacity"), .min = 1, .max = 100000,
	       .help = N_("Left empty: as many as want to."), .alias = capacity_alias),
	TK_TEXT(S, teacher, .label = N_("Teacher"), .flags = TK_SEARCH, .max = 200),
	TK_TEXT(S, attend_code, .label = N_("Session code"),
		.flags = TK_READONLY | TK_SECRET | TK_NOAUDIT, .max = 12),
};
#undef S

const struct tk_rtype tk_session_type = {
	.name = "session",
	.path = "sessions",
	.table = "course_session",
	.label = N_("Session"),
	.label_plural = N_("Sessions"),
	.group = "education",
	.size = sizeof(struct session),
	.field = session_field,
	.nfield = TK_LEN(session_field),
	.title = "title",
	.order = "-held_on",
	.flags = TK_T_COMMON,
	.read = TK_P_EDU_READ,
	.write = TK_P_EDU_WRITE,
	.grade = 1,
	.check = session_check,
};
