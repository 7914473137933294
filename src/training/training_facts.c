/* training_facts.c - what education and drills can state about a year (EDU-01, EDU-02, EDU-05,
 * EDU-06, DRL-01, DRL-02). */
#include "training/training_in.h"

#define ATTENDED(kind) \
	"EXISTS(SELECT 1 FROM attendance a JOIN course c ON c.id = a.course_id WHERE a.staff_id =" \
	" s.id AND a.state = 'attended' AND a.deleted_at IS NULL AND c.deleted_at IS NULL AND" \
	" c.fiscal_year = $1 AND c.kind = '" kind "')"
/* Was there any session of that kind (or, without sessions, a test passed)? */
#define PER_PERSON(kind_) \
	.of = &tk_staff, .none = N_("No session of this course has been held in the year."), \
	.when = "SELECT (SELECT COUNT(*) FROM course_session x JOIN course c ON c.id =" \
		" x.course_id WHERE c.fiscal_year = $1 AND c.kind = '" kind_ "' AND x.state =" \
		" 'held' AND x.deleted_at IS NULL AND c.deleted_at IS NULL) + (SELECT COUNT(*)" \
		" FROM attendance a JOIN course c ON c.id = a.course_id WHERE c.fiscal_year = $1" \
		" AND c.kind = '" kind_ "' AND a.session_id IS NULL AND a.state = 'attended' AND" \
		" a.deleted_at IS NULL AND c.deleted_at IS NULL)"
/* The staff in office on the base date: who joins later or has left by then is in neither number.
 */
#define IN_OFFICE(attended, not) \
	PER_PERSON("security_training"), .args = "yb", \
	.sql = "SELECT s.id, CASE WHEN " ATTENDED("security_training") " THEN " attended \
	       " ELSE " not " END FROM staff s WHERE s.deleted_at IS NULL AND (s.joined_on IS" \
	       " NULL OR s.joined_on <= $2) AND (s.left_on IS NULL OR s.left_on > $2)"
/* Whoever attended, in office on the base date or not. */
#define ATTENDEES(kind_) \
	PER_PERSON(kind_), .args = "y", .sql = "SELECT s.id, 1 FROM staff s WHERE " ATTENDED(kind_)

/* The register is kept for the year when it has a course: then no rows are a zero. */
#define KEPT \
	.zero = true, \
	.when = "SELECT COUNT(*) FROM course WHERE fiscal_year = $1 AND deleted_at IS NULL"
#define SESSIONS(kind_) \
	.of = &tk_session_type, KEPT, .args = "y", \
	.sql = "SELECT x.id, CASE WHEN x.state = 'held' THEN 1 ELSE 0 END FROM course_session x" \
	       " JOIN course c ON c.id = x.course_id WHERE c.fiscal_year = $1 AND c.kind = '" \
	       kind_ "' AND x.deleted_at IS NULL AND c.deleted_at IS NULL"
#define NOTICES(hit) \
	.of = &tk_attendance_notice_type, .args = "y", \
	.sql = "SELECT n.id, " hit " FROM attendance_notice n JOIN course c ON c.id =" \
	       " n.course_id WHERE c.fiscal_year = $1 AND n.deleted_at IS NULL"
#define DRILL_SUM(column) \
	.of = &tk_drill_type, .args = "y", \
	.sql = "SELECT id, 1, " column " FROM drill WHERE fiscal_year = $1 AND state = 'held'" \
	       " AND " column " IS NOT NULL AND deleted_at IS NULL"
#define NO_MAIL_DRILL .none = N_("There was no drill with suspicious mail.")

#define SESSION_BASE N_("sessions held; planned and cancelled ones are not counted")
#define PEOPLE_BASE N_("persons who attended at least one session; each counts once")
#define SESSIONS_HREF "#/records/sessions"
#define DRILL_HREF "#/records/drills?fiscal_year={year}"
#define NOTICE_HREF "#/records/attendance-notices"

const struct tk_fact tk_training_facts[] = {
	{ "education.sessions", N_("Sessions of the information security course"), N_("sessions"),
	  SESSION_BASE, TK_FACT_COUNT, 1, SESSIONS_HREF, SESSIONS("security_training") },
	{ "education.attendance_rate", N_("Attendance rate of the information security course"),
	  "%",
	  N_("persons who attended at least one session (each counts once) / all staff in office "
	     "on the base date; who joined later or has left by then is in neither number"),
	  TK_FACT_RATE, 1, "#/non-attendees", IN_OFFICE("1", "0") },
	{ "education.attendees", N_("Attendees of the information security course"), N_("people"),
	  PEOPLE_BASE, TK_FACT_COUNT, 1, "#/records/attendances", ATTENDEES("security_training") },
	{ "education.non_attendees", N_("Non-attendees of the information security course"),
	  N_("people"), N_("staff in office on the base date who attended no session"),
	  TK_FACT_COUNT, -1, "#/non-attendees", IN_OFFICE("0", "1") },
	{ "education.course_kinds", N_("Kinds of courses held"), N_("kinds"),
	  N_("kinds of which at least one session was held"), TK_FACT_COUNT, 1, "#/records/courses",
	  .of = &tk_course_type,
	  .args = "y",          /* the first course of a kind stands for it */
	  .sql = "SELECT MIN(c.id), 1 FROM course c WHERE c.fiscal_year = $1 AND c.deleted_at IS"
		 " NULL AND EXISTS(SELECT 1 FROM course_session x WHERE x.course_id = c.id AND"
		 " x.state = 'held' AND x.deleted_at IS NULL) GROUP BY c.kind" },
	{ "education.sessions_it_basics", N_("Sessions of the IT basics course"), N_("sessions"),
	  SESSION_BASE, TK_FACT_COUNT, 0, SESSIONS_HREF, SESSIONS("it_basics") },
	{ "education.attendees_it_basics", N_("Attendees of the IT basics course"), N_("people"),
	  PEOPLE_BASE, TK_FACT_COUNT, 0, "#/records/attendances", ATTENDEES("it_basics") },
	{ "education.sessions_system_staff",
	  N_("Sessions of the course for staff in charge of systems"), N_("sessions"), SESSION_BASE,
	  TK_FACT_COUNT, 0, SESSIONS_HREF, SESSIONS("system_staff") },
	{ "education.attendees_system_staff",
	  N_("Attendees of the course for staff in charge of systems"), N_("people"), PEOPLE_BASE,
	  TK_FACT_COUNT, 0, "#/records/attendances", ATTENDEES("system_staff") },
	{ "education.sessions_external", N_("Sessions of courses held by other ministries"),
	  N_("sessions"), SESSION_BASE, TK_FACT_COUNT, 0, SESSIONS_HREF, SESSIONS("external") },
	{ "education.attendees_external", N_("Attendees of courses held by other ministries"),
	  N_("people"), PEOPLE_BASE, TK_FACT_COUNT, 0, "#/records/attendances",
	  ATTENDEES("external") },
	{ "education.recommendations", N_("Attendance recommendations"), N_("cases"),
	  N_("recommendations of division heads and the office to non-attendees"), TK_FACT_COUNT, 0,
	  NOTICE_HREF,
	  KEPT, NOTICES("1") },
	{ "education.recommendations_followed", N_("Recommendations that were followed"), "%",
	  N_("recommendations after which the person attended / all recommendations"), TK_FACT_RATE,
	  1, NOTICE_HREF,
	  .none = N_("Nobody was recommended to attend."),
	  NOTICES("CASE WHEN n.attended_on IS NULL THEN 0 ELSE 1 END") },
	{ "drill.held", N_("Drills"), N_("drills"), N_("drills held, of the own office and others"),
	  TK_FACT_COUNT, 1, DRILL_HREF,
	  .of = &tk_drill_type, KEPT,
	  .args = "y", .sql = "SELECT id, CASE WHEN state = 'held' THEN 1 ELSE 0 END FROM drill"
			      " WHERE fiscal_year = $1 AND deleted_at IS NULL" },
	{ "drill.participants", N_("Participants of drills"), N_("people"),
	  N_("participants of each drill added up; who took part twice counts twice"), TK_FACT_SUM,
	  0, DRILL_HREF,
	  DRILL_SUM("participants"),
	  .none = N_("No drill of that year says how many took part.") },
	{ "drill.mails_sent", N_("Drill mails sent"), N_("mails"),
	  N_("mails of suspicious-mail drills"), TK_FACT_SUM, 0, DRILL_HREF,
	  DRILL_SUM("mails_sent"), NO_MAIL_DRILL },
	{ "drill.mails_opened", N_("Drill mails opened"), N_("mails"),
	  N_("mails of suspicious-mail drills whose link or file was opened"), TK_FACT_SUM, -1,
	  DRILL_HREF,
	  DRILL_SUM("mails_opened"), NO_MAIL_DRILL },
	{ "drill.mails_reported", N_("Drill mails reported"), N_("mails"),
	  N_("mails of suspicious-mail drills that staff reported"), TK_FACT_SUM, 1, DRILL_HREF,
	  DRILL_SUM("mails_reported"), NO_MAIL_DRILL },
	{ 0 },
};
