/* attendance.c - who enrolled, waits, attended (EDU-06, EDU-07). */
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "case/receipt.h"
#include "job/outbox.h"
#include "training/training_in.h"

enum { FREE_TRIES = 5, TRY_AGAIN_AFTER = 15 * 60 };

const struct tk_choice tk_attendance_state[] = {
	{ "enrolled", N_("Enrolled") },   { "waiting", N_("On the waiting list") },
	{ "attended", N_("Attended") },   { "absent", N_("Absent") },
	{ "cancelled", N_("Cancelled") }, { 0 },
};
static const struct tk_choice how[] = {
	{ "own", N_("Own enrolment") }, { "list", N_("List of the session") },
	{ "csv", N_("File") },          { "code", N_("Session code") },
	{ "test", N_("Test passed") },  { 0 },
};

static bool is(const char *state, const char *what)
{
	return state && !strcmp(state, what);
}

/* What the rules of a row need to know of its session and course. */
struct about {
	int64_t course_id, capacity, taken, pass_mark, fiscal_year;
	const char *held_on, *session_state;
};

static enum tk_rc about(const struct tk_op *op, const struct attendance *a, struct about *r)
{
	static const char session[] =
		"SELECT s.course_id, COALESCE(s.capacity, 0), (SELECT COUNT(*) FROM attendance a "
		"WHERE a.session_id = s.id AND a.state IN ('enrolled', 'attended') AND a.id <> $2 "
		"AND a.deleted_at IS NULL), COALESCE(c.pass_mark, 0), c.fiscal_year, s.held_on, "
		"s.state FROM course_session s JOIN course c ON c.id = s.course_id WHERE s.id = $1 "
		"AND s.deleted_at IS NULL";
	static const char course[] =
		"SELECT c.id, 0, 0, COALESCE(c.pass_mark, 0), c.fiscal_year, NULL, NULL FROM "
		"course c WHERE c.id = $1 AND c.id <> $2 AND c.deleted_at IS NULL";
	struct tk_value col[7];
	bool found;
	enum tk_rc rc;

	*r = (struct about){ 0 };
	if (!a->session_id && !a->course_id)
		return tk_fail(op->e, TK_EINVAL, "session_id", N_("Say which session it was."));
	/* who enrols at the same moment waits here, so that both count the other */
	rc = !is(a->state, "enrolled")
		     ? TK_OK
		     : tk_db_exec(op->db, op->e,
				  "UPDATE course_session SET capacity = capacity WHERE "
				  "id = $1",
				  TK_I(a->session_id));
	if (rc == TK_OK)
		rc = tk_db_first(op->db, op->mem, op->e, a->session_id ? session : course,
				 TK_ARGS(TK_I(a->session_id ? a->session_id : a->course_id),
					 TK_I(a->rec.id)),
				 col, 7, &found);
	if (rc == TK_OK && !found)
		return tk_fail(op->e, TK_EINVAL, "session_id", N_("There is no such session."));
	if (rc == TK_OK)
		*r = (struct about){ col[0].i, col[1].i, col[2].i, col[3].i,
				     col[4].i, col[5].s, col[6].s };
	return rc;
}

static enum tk_rc only_once(const struct tk_op *op, const struct attendance *a)
{
	int64_t n = 0;
	enum tk_rc rc = tk_db_int(
		op->db, op->e,
		"SELECT COUNT(*) FROM attendance WHERE COALESCE(session_id, 0) = $1 AND course_id "
		"= $2 AND staff_id = $3 AND id <> $4 AND deleted_at IS NULL",
		TK_ARGS(TK_I(a->session_id), TK_I(a->course_id), TK_I(a->staff_id),
			TK_I(a->rec.id)),
		0, &n);

	if (rc == TK_OK && n)
		return tk_fail(op->e, TK_ECONFLICT, "staff_id",
			       N_("This person stands in the list of the session already."));
	return rc;
}

static enum tk_rc came(const struct tk_op *op, struct attendance *a, const struct about *ab)
{
	const struct tk_rtype *t = &tk_attendance_type;
	char today[11];

	tk_date_iso(tk_today(), today);
	if (ab->held_on && strcmp(ab->held_on, today) > 0)
		return tk_fail(op->e, TK_EINVAL, "state",
			       N_("The session on %s has not taken place yet."), ab->held_on);
	if (!a->attended_on)
		tk_set_by(t, a, "attended_on",
			  TK_S(tk_strdup(op->mem, ab->held_on ? ab->held_on : today)));
	/* a course with a test is passed by the test */
	if (!a->certificate_no && (!ab->pass_mark || is(a->how, "test")))
		tk_set_by(t, a, "certificate_no",
			  TK_S(tk_receipt_no(op->mem, "C", (int)ab->fiscal_year)));
	return TK_OK;
}

static enum tk_rc attendance_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct attendance *a = now;
	const struct attendance *before = was;
	const struct tk_rtype *t = &tk_attendance_type;
	struct about ab;
	int64_t division = 0;
	enum tk_rc rc;

	if (deleted)
		return TK_OK;
	if (!a->state)
		tk_set_by(t, a, "state", TK_S("attended"));
	if (!a->how)
		tk_set_by(t, a, "how", TK_S("list"));
	if (!a->entered_at)
		tk_set_by(t, a, "entered_at", TK_I(tk_now()));
	if ((rc = about(op, a, &ab)) != TK_OK)
		return rc;
	tk_set_by(t, a, "course_id", TK_I(ab.course_id));
	if (is(ab.session_state, "cancelled") &&
	    (is(a->state, "enrolled") || is(a->state, "attended")))
		return tk_fail(op->e, TK_ECONFLICT, "session_id",
			       N_("This session was cancelled."));
	if (is(a->state, "enrolled") && ab.capacity && ab.taken >= ab.capacity &&
	    !(before && (is(before->state, "enrolled") || is(before->state, "attended"))))
		return tk_fail(op->e, TK_ECONFLICT, "session_id",
			       N_("All %d places of this session are taken."), (int)ab.capacity);
	if (!before && !a->division_id) {
		rc = tk_db_int(op->db, op->e, "SELECT division_id FROM staff WHERE id = $1",
			       TK_ARGS(TK_I(a->staff_id)), 0, &division);
		tk_set_by(t, a, "division_id", TK_I0(division));
	}
	if (rc == TK_OK && !before)
		rc = only_once(op, a);
	if (rc == TK_OK && is(a->state, "attended"))
		return came(op, a, &ab);
	tk_set_by(t, a, "attended_on", TK_NULL);
	tk_set_by(t, a, "certificate_no", TK_NULL);
	return rc;
}

/* -- what follows ------------------------------------------------------------------------------ */

/* Recommendations of the course to that person: when was it attended afterwards (EDU-05)? */
static enum tk_rc follow_notices(const struct tk_op *op, const struct attendance *a)
{
	struct tk_who w = tk_who_by_rule(op->who);
	struct tk_op as = { op->db, op->mem, &w, op->e };
	const struct tk_rtype *t = &tk_attendance_notice_type;
	int64_t last = 0, id = 0;
	enum tk_rc rc = TK_OK;

	for (;;) {
		struct attendance_notice *n = tk_alloc(op->mem, sizeof(*n));
		struct tk_value day = TK_NULL;
		bool found;

		rc = tk_db_int(op->db, op->e,
			       "SELECT MIN(id) FROM attendance_notice WHERE course_id = $1 AND "
			       "staff_id = $2 AND id > $3 AND deleted_at IS NULL",
			       TK_ARGS(TK_I(a->course_id), TK_I(a->staff_id), TK_I(last)), 0, &id);
		if (rc != TK_OK || !id)
			return rc;
		last = id;
		if ((rc = tk_rec_load(&as, t, id, n)) != TK_OK)
			return rc;
		rc = tk_db_first(
			op->db, op->mem, op->e,
			"SELECT MIN(attended_on) FROM attendance WHERE course_id = $1 AND "
			"staff_id = $2 AND state = 'attended' AND attended_on >= $3 AND "
			"deleted_at IS NULL",
			TK_ARGS(TK_I(a->course_id), TK_I(a->staff_id), TK_S(n->recommended_on)),
			&day, 1, &found);
		if (rc != TK_OK)
			return rc;
		tk_set_by(t, n, "attended_on", day);
		if ((rc = tk_rec_update(&as, t, n, -1)) != TK_OK)
			return rc;
	}
}

static enum tk_rc tell_place(const struct tk_op *op, const struct attendance *a)
{
	struct tk_value col[6];
	bool found;
	struct tk_mail_new m = { 0 };
	enum tk_rc rc = tk_db_first(
		op->db, op->mem, op->e,
		"SELECT p.mail, p.name, s.title, s.held_on, s.from_time, p.division_id FROM staff "
		"p, course_session s WHERE p.id = $1 AND s.id = $2",
		TK_ARGS(TK_I(a->staff_id), TK_I(a->session_id)), col, 6, &found);

	if (rc != TK_OK || !found || !col[0].s)
		return rc;
	m = (struct tk_mail_new){
		.to = col[0].s,
		.staff_id = a->staff_id,
		.division_id = col[5].i,
		.subject = tk_say(op->mem, TK_JA, N_("A place is free: %s"), col[2].s),
		.body = tk_say(op->mem, TK_JA,
			       N_("Dear %s,\n\nyou were on the waiting list and now have a place "
				  "at this session:\n\n%s\n%s %s\n\nIf you cannot come, please "
				  "cancel on the page \"My courses\".\n"),
			       col[1].s, col[2].s, col[3].s, col[4].s ? col[4].s : ""),
		.dedupe = tk_sprintf(op->mem, "place-%lld", (long long)a->rec.id),
	};
	return tk_mail_queue(op, &m);
}

/* A place became free: the first of the waiting list gets it. */
static enum tk_rc next_waiting(const struct tk_op *op, int64_t session_id)
{
	struct tk_who w = tk_who_by_rule(op->who);
	struct tk_op as = { op->db, op->mem, &w, op->e };
	struct attendance a = { 0 };
	char today[11];
	int64_t id = 0;
	enum tk_rc rc;

	tk_date_iso(tk_today(), today);
	rc = tk_db_int(op->db, op->e,
		       "SELECT a.id FROM attendance a JOIN course_session s ON s.id = a.session_id "
		       "WHERE a.session_id = $1 AND a.state = 'waiting' AND a.deleted_at IS NULL "
		       "AND s.held_on >= $2 AND s.state = 'planned' AND (s.capacity IS NULL OR "
		       "s.capacity > (SELECT COUNT(*) FROM attendance x WHERE x.session_id = s.id "
		       "AND x.state IN ('enrolled', 'attended') AND x.deleted_at IS NULL)) "
		       "ORDER BY a.entered_at, a.id LIMIT 1",
		       TK_ARGS(TK_I(session_id), TK_S(today)), 0, &id);
	if (rc != TK_OK || !id)
		return rc;
	if ((rc = tk_rec_load(&as, &tk_attendance_type, id, &a)) != TK_OK)
		return rc;
	tk_set_by(&tk_attendance_type, &a, "state", TK_S("enrolled"));
	rc = tk_rec_update(&as, &tk_attendance_type, &a, -1);
	return rc == TK_OK ? tell_place(op, &a) : rc;
}

static enum tk_rc attendance_saved(const struct tk_op *op, const void *was, const void *now,
				   bool deleted)
{
	const struct attendance *before = was, *a = now;
	bool had = before && is(before->state, "attended");
	enum tk_rc rc = TK_OK;

	if (had || (!deleted && is(a->state, "attended")))
		rc = follow_notices(op, a);
	if (rc == TK_OK && before && is(before->state, "enrolled") &&
	    (deleted || is(a->state, "cancelled")))
		rc = next_waiting(op, a->session_id);
	return rc;
}

#define S struct attendance
static const char *const staff_alias[] = { "職員番号", "職員", "受講者", NULL };
static const char *const session_alias[] = { "開催回", "回コード", NULL };
static const char *const state_alias[] = { "受講状況", "出欠", NULL };
static const struct tk_field attendance_field[] = {
	TK_REF(S, session_id, .label = N_("Session"), .flags = TK_LIST | TK_FIXED,
	       .ref = &tk_session_type, .alias = session_alias),
	TK_REF(S, course_id, .label = N_("Course"), .flags = TK_READONLY | TK_LIST,
	       .ref = &tk_course_type),
	TK_REF(S, staff_id, .label = N_("Staff member"), .ref = &tk_staff,
	       .flags = TK_REQUIRED | TK_LIST | TK_FIXED, .alias = staff_alias),
	TK_REF(S, division_id, .label = N_("Division"), .flags = TK_READONLY | TK_LIST,
	       .ref = &tk_division),
	TK_ENUM(S, state, .label = N_("State"), .flags = TK_LIST, .choice = tk_attendance_state,
		.alias = state_alias, .help = N_("Left empty: attended.")),
	TK_ENUM(S, how, .label = N_("Known by"), .flags = TK_LIST, .choice = how),
	TK_TIME(S, entered_at, .label = N_("Recorded at"), .flags = TK_READONLY),
	TK_DATE(S, attended_on, .label = N_("Attended on"), .flags = TK_READONLY | TK_LIST),
	TK_TEXT(S, certificate_no, .label = N_("Certificate"), .max = 32,
		.flags = TK_READONLY | TK_UNIQUE | TK_SEARCH),
};
#undef S

const struct tk_rtype tk_attendance_type = {
	.name = "attendance",
	.path = "attendances",
	.table = "attendance",
	.label = N_("Attendance"),
	.label_plural = N_("Attendances"),
	.group = "education",
	.size = sizeof(struct attendance),
	.field = attendance_field,
	.nfield = TK_LEN(attendance_field),
	.order = "-attended_on",
	.read = TK_P_EDU_READ,
	.write = TK_P_EDU_WRITE,
	.scope_own = "staff_id",
	.scope_division = "division_id",
	.grade = 2,
	.check = attendance_check,
	.saved = attendance_saved,
};

/* -- what a person does ------------------------------------------------------------------------ */
static enum tk_rc row_of(const struct tk_op *op, int64_t session_id, int64_t course_id,
			 int64_t staff_id, struct attendance *a)
{
	int64_t id = 0;
	enum tk_rc rc = tk_db_int(
		op->db, op->e,
		"SELECT id FROM attendance WHERE COALESCE(session_id, 0) = $1 AND ($1 > 0 OR "
		"course_id = $2) AND staff_id = $3 AND deleted_at IS NULL",
		TK_ARGS(TK_I(session_id), TK_I(course_id), TK_I(staff_id)), 0, &id);

	*a = (struct attendance){ 0 };
	return rc == TK_OK && id ? tk_rec_load(op, &tk_attendance_type, id, a) : rc;
}

enum tk_rc tk_attendance_set(const struct tk_op *op, int64_t session_id, int64_t course_id,
			     int64_t staff_id, const char *state, const char *by)
{
	const struct tk_rtype *t = &tk_attendance_type;
	struct attendance a;
	enum tk_rc rc = row_of(op, session_id, course_id, staff_id, &a);

	if (rc != TK_OK || (a.rec.id && is(a.state, state) && is(state, "attended")))
		return rc;
	tk_set_by(t, &a, "state", TK_S(state));
	tk_set_by(t, &a, "how", TK_S(by));
	if (a.rec.id) {
		if (is(state, "waiting") || is(state, "enrolled"))
			tk_set_by(t, &a, "entered_at", TK_I(tk_now()));
		return tk_rec_update(op, t, &a, -1);
	}
	tk_set_by(t, &a, "session_id", TK_I0(session_id));
	tk_set_by(t, &a, "course_id", TK_I0(course_id));
	tk_set_by(t, &a, "staff_id", TK_I(staff_id));
	return tk_rec_insert(op, t, &a);
}

/* May this person still enrol in that session? */
static enum tk_rc enrolment_open(const struct tk_op *op, int64_t session_id, int64_t staff_id,
				 bool *full)
{
	struct session s = { 0 };
	struct course c = { 0 };
	char today[11];
	int64_t taken = 0;
	bool meant = false;
	enum tk_rc rc = tk_rec_load(op, &tk_session_type, session_id, &s);

	if (rc == TK_OK)
		rc = tk_rec_load(op, &tk_course_type, s.course_id, &c);
	if (rc == TK_OK)
		rc = tk_course_is_for(op, &c, staff_id, &meant);
	if (rc != TK_OK)
		return rc;
	tk_date_iso(tk_today(), today);
	if (!is(c.state, "open") || !is(s.state, "planned") || strcmp(s.held_on, today) < 0)
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("This session is not open for enrolment."));
	if (!meant)
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("This course is not meant for you. Ask the information security "
				  "office if you would like to attend."));
	rc = tk_db_int(op->db, op->e,
		       "SELECT COUNT(*) FROM attendance WHERE session_id = $1 AND state IN "
		       "('enrolled', 'attended') AND deleted_at IS NULL AND staff_id <> $2",
		       TK_ARGS(TK_I(session_id), TK_I(staff_id)), 0, &taken);
	*full = s.capacity && taken >= s.capacity;
	return rc;
}

enum tk_rc tk_session_enrol(const struct tk_op *op, int64_t session_id, int64_t staff_id)
{
	struct tk_who w = tk_who_by_rule(op->who);
	struct tk_op as = { op->db, op->mem, &w, op->e };
	struct attendance a;
	bool full = false;
	/* the lock that keeps two from the last place */
	enum tk_rc rc = tk_db_exec(op->db, op->e,
				   "UPDATE course_session SET capacity = capacity "
				   "WHERE id = $1",
				   TK_I(session_id));

	if (rc == TK_OK)
		rc = enrolment_open(&as, session_id, staff_id, &full);
	if (rc == TK_OK)
		rc = row_of(&as, session_id, 0, staff_id, &a);
	if (rc != TK_OK || is(a.state, "enrolled") || is(a.state, "attended") ||
	    (full && is(a.state, "waiting")))
		return rc;
	return tk_attendance_set(&as, session_id, 0, staff_id, full ? "waiting" : "enrolled",
				 "own");
}

enum tk_rc tk_session_cancel(const struct tk_op *op, int64_t session_id, int64_t staff_id)
{
	struct tk_who w = tk_who_by_rule(op->who);
	struct tk_op as = { op->db, op->mem, &w, op->e };
	struct attendance a;
	enum tk_rc rc = row_of(&as, session_id, 0, staff_id, &a);

	if (rc != TK_OK)
		return rc;
	if (!is(a.state, "enrolled") && !is(a.state, "waiting"))
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("You are not enrolled in this session."));
	return tk_attendance_set(&as, session_id, 0, staff_id, "cancelled", "own");
}

/* -- the code on the screen -------------------------------------------------------------------- */
static enum tk_rc may_try(const struct tk_op *op, int64_t staff_id)
{
	struct tk_value col[2];
	bool found;
	enum tk_rc rc = tk_db_first(op->db, op->mem, op->e,
				    "SELECT failed, last_at FROM attend_attempt WHERE staff_id = "
				    "$1",
				    TK_ARGS(TK_I(staff_id)), col, 2, &found);

	if (rc == TK_OK && found && col[0].i >= FREE_TRIES && tk_now() - col[1].i < TRY_AGAIN_AFTER)
		return tk_fail(op->e, TK_ERATE, "code",
			       N_("Too many wrong codes. Wait for 15 minutes, or ask to be ticked "
				  "in the list."));
	return rc;
}

static enum tk_rc wrong_code(const struct tk_op *op, int64_t staff_id)
{
	enum tk_rc rc = tk_db_exec(
		op->db, op->e,
		"INSERT INTO attend_attempt(staff_id, failed, last_at) VALUES($1, 1, $2) ON "
		"CONFLICT(staff_id) DO UPDATE SET failed = CASE WHEN attend_attempt.last_at < $3 "
		"THEN 1 ELSE attend_attempt.failed + 1 END, last_at = $2",
		TK_I(staff_id), TK_I(tk_now()), TK_I(tk_now() - TRY_AGAIN_AFTER));

	return rc == TK_OK
		       ? tk_fail(op->e, TK_EINVAL, "code", N_("No session of today has this code."))
		       : rc;
}

static char *upper(char *s)
{
	for (char *p = s; *p; p++)
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 'a' + 'A');
	return s;
}

enum tk_rc tk_attend_by_code(const struct tk_op *op, int64_t staff_id, const char *code,
			     int64_t *ret_session)
{
	struct tk_who w = tk_who_by_rule(op->who);
	struct tk_op as = { op->db, op->mem, &w, op->e };
	char today[11];
	char *plain = upper(tk_unblank(op->mem, tk_narrow(op->mem, code)));
	enum tk_rc rc = may_try(op, staff_id);

	*ret_session = 0;
	tk_date_iso(tk_today(), today);
	if (rc == TK_OK)
		rc = tk_db_int(op->db, op->e,
			       "SELECT id FROM course_session WHERE attend_code = $1 AND held_on = "
			       "$2 AND state <> 'cancelled' AND deleted_at IS NULL",
			       TK_ARGS(TK_S(plain), TK_S(today)), 0, ret_session);
	if (rc != TK_OK)
		return rc;
	if (!*ret_session)
		return wrong_code(op, staff_id);
	rc = tk_db_exec(op->db, op->e, "DELETE FROM attend_attempt WHERE staff_id = $1",
			TK_I(staff_id));
	return rc == TK_OK ? tk_attendance_set(&as, *ret_session, 0, staff_id, "attended", "code")
			   : rc;
}
