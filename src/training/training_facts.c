/* training_facts.c - what education and drills can state about a year (EDU-01, EDU-02, EDU-05,
 * EDU-06, DRL-01, DRL-02). */
#include <string.h>
#include "training/training_in.h"

/* The staff in office on the base date: who joins later or has left by then is in neither number.
 */
#define IN_OFFICE                                                                                  \
	"s.deleted_at IS NULL AND (s.joined_on IS NULL OR s.joined_on <= $1) AND "                 \
	"(s.left_on IS NULL OR s.left_on > $1)"
#define ATTENDED(kind)                                                                             \
	"EXISTS(SELECT 1 FROM attendance a JOIN course c ON c.id = a.course_id WHERE a.staff_id "  \
	"= "                                                                                       \
	"s.id AND a.state = 'attended' AND a.deleted_at IS NULL AND c.deleted_at IS NULL AND "     \
	"c.fiscal_year = $2 AND c.kind = '" kind "')"
#define HELD_NONE N_("No session of this course has been held in the year.")

/* Was there any session of that kind (or, without sessions, a test passed)? */
static enum tk_rc held(const struct tk_op *op, const struct tk_fact_year *y, const char *kind,
		       bool *ret)
{
	int64_t n = 0;
	enum tk_rc rc = tk_db_int(
		op->db, op->e,
		"SELECT (SELECT COUNT(*) FROM course_session x JOIN course c ON c.id = x.course_id "
		"WHERE c.fiscal_year = $1 AND c.kind = $2 AND x.state = 'held' AND x.deleted_at IS "
		"NULL AND c.deleted_at IS NULL) + (SELECT COUNT(*) FROM attendance a JOIN course c "
		"ON c.id = a.course_id WHERE c.fiscal_year = $1 AND c.kind = $2 AND a.session_id "
		"IS NULL AND a.state = 'attended' AND a.deleted_at IS NULL AND c.deleted_at IS "
		"NULL)",
		TK_ARGS(TK_I(y->year), TK_S(kind)), 0, &n);

	*ret = n > 0;
	return rc;
}

static enum tk_rc per_person(const struct tk_op *op, const struct tk_fact_year *y,
			     struct tk_fact_rows *to, const char *kind, const char *sql)
{
	bool any = false;
	enum tk_rc rc = held(op, y, kind, &any);

	if (rc != TK_OK)
		return rc;
	if (!any) {
		tk_fact_missing(to, HELD_NONE);
		return TK_OK;
	}
	return tk_fact_select(op, to, &tk_staff, sql, TK_ARGS(TK_S(y->base_date), TK_I(y->year)));
}

static enum tk_rc attendance_rate(const struct tk_op *op, const struct tk_fact_year *y,
				  struct tk_fact_rows *to)
{
	return per_person(op, y, to, "security_training",
			  "SELECT s.id, CASE WHEN " ATTENDED(
				  "security_training") " THEN 1 ELSE 0 "
						       "END FROM staff s WHERE " IN_OFFICE
						       " ORDER BY s.id");
}

static enum tk_rc non_attendees(const struct tk_op *op, const struct tk_fact_year *y,
				struct tk_fact_rows *to)
{
	return per_person(op, y, to, "security_training",
			  "SELECT s.id, CASE WHEN " ATTENDED(
				  "security_training") " THEN 0 ELSE 1 "
						       "END FROM staff s WHERE " IN_OFFICE
						       " ORDER BY s.id");
}

/* Of the other courses: whoever attended, in office on the base date or not. */
#define ATTENDEES(fn, kind)                                                                        \
	static enum tk_rc fn(const struct tk_op *op, const struct tk_fact_year *y,                 \
			     struct tk_fact_rows *to)                                              \
	{                                                                                          \
		return per_person(                                                                 \
			op, y, to, kind,                                                           \
			"SELECT s.id, CASE WHEN s.deleted_at IS NULL OR $1 <> '' THEN 1 "          \
			"ELSE 0 END FROM staff s WHERE " ATTENDED(kind) " ORDER BY s.id");         \
	}
ATTENDEES(attendees_security, "security_training")
ATTENDEES(attendees_basics, "it_basics")
ATTENDEES(attendees_system, "system_staff")
ATTENDEES(attendees_external, "external")

/* The register is kept for the year when it has a course: then no rows are a zero. */
static enum tk_rc kept(const struct tk_op *op, const struct tk_fact_year *y,
		       struct tk_fact_rows *to)
{
	int64_t n = 0;
	enum tk_rc rc = tk_db_int(
		op->db, op->e,
		"SELECT COUNT(*) FROM course WHERE fiscal_year = $1 AND deleted_at IS NULL",
		TK_ARGS(TK_I(y->year)), 0, &n);

	if (rc == TK_OK && n)
		tk_fact_zero(to);
	return rc;
}

#define SESSIONS(fn, kind)                                                                         \
	static enum tk_rc fn(const struct tk_op *op, const struct tk_fact_year *y,                 \
			     struct tk_fact_rows *to)                                              \
	{                                                                                          \
		enum tk_rc rc = kept(op, y, to);                                                   \
		return rc != TK_OK ? rc                                                            \
				   : tk_fact_select(op, to, &tk_session_type,                      \
						    "SELECT x.id, CASE WHEN x.state = 'held' "     \
						    "THEN 1 ELSE 0 END FROM "                      \
						    "course_session x JOIN course c ON c.id = "    \
						    "x.course_id WHERE "                           \
						    "c.fiscal_year "                               \
						    "= $1 AND c.kind = '" kind                     \
						    "' AND x.deleted_at IS NULL AND c.deleted_at " \
						    "IS NULL ORDER BY x.held_on, x.id",            \
						    TK_ARGS(TK_I(y->year)));                       \
	}
SESSIONS(sessions_security, "security_training")
SESSIONS(sessions_basics, "it_basics")
SESSIONS(sessions_system, "system_staff")
SESSIONS(sessions_external, "external")

/* A kind counts once, however many courses of it there are: the first stands for it. */
static enum tk_rc course_kinds(const struct tk_op *op, const struct tk_fact_year *y,
			       struct tk_fact_rows *to)
{
	return tk_fact_select(
		op, to, &tk_course_type,
		"SELECT MIN(c.id), 1 FROM course c WHERE c.fiscal_year = $1 AND c.deleted_at IS "
		"NULL AND EXISTS(SELECT 1 FROM course_session x WHERE x.course_id = c.id AND "
		"x.state = 'held' AND x.deleted_at IS NULL) GROUP BY c.kind ORDER BY 1",
		TK_ARGS(TK_I(y->year)));
}

static enum tk_rc recommended(const struct tk_op *op, const struct tk_fact_year *y,
			      struct tk_fact_rows *to)
{
	enum tk_rc rc = kept(op, y, to);

	return rc != TK_OK
		       ? rc
		       : tk_fact_select(op, to, &tk_attendance_notice_type,
					"SELECT n.id, 1 FROM attendance_notice n JOIN course c ON "
					"c.id = n.course_id WHERE "
					"c.fiscal_year = $1 AND n.deleted_at IS NULL ORDER BY n.id",
					TK_ARGS(TK_I(y->year)));
}

static enum tk_rc followed(const struct tk_op *op, const struct tk_fact_year *y,
			   struct tk_fact_rows *to)
{
	int64_t n = 0;
	enum tk_rc rc = tk_db_int(
		op->db, op->e,
		"SELECT COUNT(*) FROM attendance_notice n JOIN course c ON c.id = n.course_id "
		"WHERE c.fiscal_year = $1 AND n.deleted_at IS NULL",
		TK_ARGS(TK_I(y->year)), 0, &n);

	if (rc == TK_OK && !n) {
		tk_fact_missing(to, N_("Nobody was recommended to attend."));
		return TK_OK;
	}
	return rc != TK_OK ? rc
			   : tk_fact_select(op, to, &tk_attendance_notice_type,
					    "SELECT n.id, CASE WHEN n.attended_on IS NULL THEN 0 "
					    "ELSE 1 END FROM "
					    "attendance_notice n JOIN course c ON c.id = "
					    "n.course_id WHERE c.fiscal_year = $1 "
					    "AND n.deleted_at IS NULL ORDER BY n.id",
					    TK_ARGS(TK_I(y->year)));
}

static enum tk_rc drills(const struct tk_op *op, const struct tk_fact_year *y,
			 struct tk_fact_rows *to)
{
	enum tk_rc rc = kept(op, y, to);

	return rc != TK_OK
		       ? rc
		       : tk_fact_select(
				 op, to, &tk_drill_type,
				 "SELECT id, CASE WHEN state = 'held' THEN 1 ELSE 0 END FROM drill "
				 "WHERE fiscal_year = $1 AND deleted_at IS NULL ORDER BY held_on, "
				 "id",
				 TK_ARGS(TK_I(y->year)));
}

#define DRILL_SUM(fn, column, why)                                                                 \
	static enum tk_rc fn(const struct tk_op *op, const struct tk_fact_year *y,                 \
			     struct tk_fact_rows *to)                                              \
	{                                                                                          \
		int64_t n = 0;                                                                     \
		enum tk_rc rc =                                                                    \
			tk_db_int(op->db, op->e,                                                   \
				  "SELECT COUNT(*) FROM drill WHERE fiscal_year = $1 AND state = " \
				  "'held' AND " column " IS NOT NULL AND deleted_at IS NULL",      \
				  TK_ARGS(TK_I(y->year)), 0, &n);                                  \
		if (rc == TK_OK && !n) {                                                           \
			tk_fact_missing(to, why);                                                  \
			return TK_OK;                                                              \
		}                                                                                  \
		return rc != TK_OK                                                                 \
			       ? rc                                                                \
			       : tk_fact_select(op, to, &tk_drill_type,                            \
						"SELECT id, 1, " column                            \
						" FROM drill WHERE fiscal_year = $1 AND state = "  \
						"'held' AND " column                               \
						" IS NOT NULL AND deleted_at IS NULL ORDER BY "    \
						"held_on, id",                                     \
						TK_ARGS(TK_I(y->year)));                           \
	}
#define NO_DRILL N_("No drill of that year says how many took part.")
#define NO_MAIL_DRILL N_("There was no drill with suspicious mail.")
DRILL_SUM(drill_people, "participants", NO_DRILL)
DRILL_SUM(drill_sent, "mails_sent", NO_MAIL_DRILL)
DRILL_SUM(drill_opened, "mails_opened", NO_MAIL_DRILL)
DRILL_SUM(drill_reported, "mails_reported", NO_MAIL_DRILL)

#define SESSION_BASE N_("sessions held; planned and cancelled ones are not counted")
#define PEOPLE_BASE N_("persons who attended at least one session; each counts once")
#define SESSIONS_HREF "#/records/sessions"
#define DRILL_HREF "#/records/drills?fiscal_year={year}"
#define NOTICE_HREF "#/records/attendance-notices"

const struct tk_fact tk_training_facts[] = {
	{ "education.sessions", N_("Sessions of the information security course"), N_("sessions"),
	  SESSION_BASE, TK_FACT_COUNT, 1, SESSIONS_HREF, sessions_security },
	{ "education.attendance_rate", N_("Attendance rate of the information security course"),
	  "%",
	  N_("persons who attended at least one session (each counts once) / all staff in office "
	     "on the base date; who joined later or has left by then is in neither number"),
	  TK_FACT_RATE, 1, "#/non-attendees", attendance_rate },
	{ "education.attendees", N_("Attendees of the information security course"), N_("people"),
	  PEOPLE_BASE, TK_FACT_COUNT, 1, "#/records/attendances", attendees_security },
	{ "education.non_attendees", N_("Non-attendees of the information security course"),
	  N_("people"), N_("staff in office on the base date who attended no session"),
	  TK_FACT_COUNT, -1, "#/non-attendees", non_attendees },
	{ "education.course_kinds", N_("Kinds of courses held"), N_("kinds"),
	  N_("kinds of which at least one session was held"), TK_FACT_COUNT, 1, "#/records/courses",
	  course_kinds },
	{ "education.sessions_it_basics", N_("Sessions of the IT basics course"), N_("sessions"),
	  SESSION_BASE, TK_FACT_COUNT, 0, SESSIONS_HREF, sessions_basics },
	{ "education.attendees_it_basics", N_("Attendees of the IT basics course"), N_("people"),
	  PEOPLE_BASE, TK_FACT_COUNT, 0, "#/records/attendances", attendees_basics },
	{ "education.sessions_system_staff",
	  N_("Sessions of the course for staff in charge of systems"), N_("sessions"), SESSION_BASE,
	  TK_FACT_COUNT, 0, SESSIONS_HREF, sessions_system },
	{ "education.attendees_system_staff",
	  N_("Attendees of the course for staff in charge of systems"), N_("people"), PEOPLE_BASE,
	  TK_FACT_COUNT, 0, "#/records/attendances", attendees_system },
	{ "education.sessions_external", N_("Sessions of courses held by other ministries"),
	  N_("sessions"), SESSION_BASE, TK_FACT_COUNT, 0, SESSIONS_HREF, sessions_external },
	{ "education.attendees_external", N_("Attendees of courses held by other ministries"),
	  N_("people"), PEOPLE_BASE, TK_FACT_COUNT, 0, "#/records/attendances",
	  attendees_external },
	{ "education.recommendations", N_("Attendance recommendations"), N_("cases"),
	  N_("recommendations of division heads and the office to non-attendees"), TK_FACT_COUNT, 0,
	  NOTICE_HREF, recommended },
	{ "education.recommendations_followed", N_("Recommendations that were followed"), "%",
	  N_("recommendations after which the person attended / all recommendations"), TK_FACT_RATE,
	  1, NOTICE_HREF, followed },
	{ "drill.held", N_("Drills"), N_("drills"), N_("drills held, of the own office and others"),
	  TK_FACT_COUNT, 1, DRILL_HREF, drills },
	{ "drill.participants", N_("Participants of drills"), N_("people"),
	  N_("participants of each drill added up; who took part twice counts twice"), TK_FACT_SUM,
	  0, DRILL_HREF, drill_people },
	{ "drill.mails_sent", N_("Drill mails sent"), N_("mails"),
	  N_("mails of suspicious-mail drills"), TK_FACT_SUM, 0, DRILL_HREF, drill_sent },
	{ "drill.mails_opened", N_("Drill mails opened"), N_("mails"),
	  N_("mails of suspicious-mail drills whose link or file was opened"), TK_FACT_SUM, -1,
	  DRILL_HREF, drill_opened },
	{ "drill.mails_reported", N_("Drill mails reported"), N_("mails"),
	  N_("mails of suspicious-mail drills that staff reported"), TK_FACT_SUM, 1, DRILL_HREF,
	  drill_reported },
	{ 0 },
};
