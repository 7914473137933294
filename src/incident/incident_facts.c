/* incident_facts.c - incidents by cause, times, notices, suspicious and mis-sent mail of a year
 * (INC-03, INC-04, MAIL-01 ... MAIL-03). */
#include "incident/incident_in.h"

/* Once the register is kept, a year without rows is a year without incidents. */
static enum tk_rc kept(const struct tk_op *op, const struct tk_fact_year *y,
		       struct tk_fact_rows *to)
{
	int64_t n = 0;
	enum tk_rc rc = tk_db_int(
		op->db, op->e,
		"SELECT (SELECT COUNT(*) FROM incident WHERE fiscal_year <= $1) + (SELECT COUNT(*) "
		"FROM suspicious_mail WHERE fiscal_year <= $1) + (SELECT COUNT(*) FROM "
		"missent_mail WHERE fiscal_year <= $1)",
		TK_ARGS(TK_I(y->year)), 0, &n);

	if (rc == TK_OK && n)
		tk_fact_zero(to);
	return rc;
}

/* sql: id, counts or not [, amount]; $1 is the year */
static enum tk_rc rows(const struct tk_op *op, const struct tk_fact_year *y,
		       struct tk_fact_rows *to, const struct tk_rtype *t, const char *sql)
{
	enum tk_rc rc = kept(op, y, to);

	return rc == TK_OK ? tk_fact_select(op, to, t, sql, TK_ARGS(TK_I(y->year))) : rc;
}

/* A false alarm was no incident. */
#define REAL                                                                                       \
	"FROM incident WHERE fiscal_year = $1 AND state <> 'false_alarm' AND deleted_at IS NULL"
#define OF_YEAR(table) "FROM " table " WHERE fiscal_year = $1 AND deleted_at IS NULL"

#define FACT(fn, t, sql)                                                                           \
	static enum tk_rc fn(const struct tk_op *op, const struct tk_fact_year *y,                 \
			     struct tk_fact_rows *to)                                              \
	{                                                                                          \
		return rows(op, y, to, t, sql);                                                    \
	}
#define INCIDENTS(fn, hit)                                                                         \
	FACT(fn, &tk_incident_type,                                                                \
	     "SELECT id, CASE WHEN " hit " THEN 1 ELSE 0 END " REAL " ORDER BY id")
INCIDENTS(all, "1 = 1")
INCIDENTS(serious, "severity <= 2")
INCIDENTS(with_data, "personal_data = 1")
INCIDENTS(still_open, "state <> 'closed'")
INCIDENTS(unauthorised, "cause = 'unauthorised_access'")
INCIDENTS(eavesdropping, "cause = 'eavesdropping'")
INCIDENTS(malware, "cause = 'malware'")
INCIDENTS(stepping_stone, "cause = 'stepping_stone'")
INCIDENTS(loss, "cause = 'loss'")
INCIDENTS(web_meeting, "cause = 'web_meeting'")
INCIDENTS(misconfiguration, "cause = 'misconfiguration'")
INCIDENTS(missent, "cause = 'missent_mail'")
INCIDENTS(other, "cause = 'other'")

#define MEAN(fn, t, from, to_field, where)                                                         \
	static enum tk_rc fn(const struct tk_op *op, const struct tk_fact_year *y,                 \
			     struct tk_fact_rows *to)                                              \
	{                                                                                          \
		return tk_fact_select(op, to, t,                                                   \
				      "SELECT id, 1, (" to_field " - " from ") / 60 " where        \
				      " AND " from " IS NOT NULL AND " to_field                    \
				      " IS NOT NULL ORDER BY id",                                  \
				      TK_ARGS(TK_I(y->year)));                                     \
	}
MEAN(to_detect, &tk_incident_type, "began_at", "detected_at", REAL)
MEAN(to_contain, &tk_incident_type, "detected_at", "contained_at", REAL)
MEAN(handling, &tk_suspicious_mail_type, "reported_at", "measured_at",
     OF_YEAR("suspicious_mail") " AND state <> 'harmless'")

FACT(notices, &tk_incident_notice_type,
     "SELECT n.id, CASE WHEN n.told_at IS NOT NULL THEN 1 ELSE 0 END FROM incident_notice n JOIN "
     "incident i ON i.id = n.incident_id WHERE i.fiscal_year = $1 AND i.state <> 'false_alarm' AND "
     "n.deleted_at IS NULL AND i.deleted_at IS NULL ORDER BY n.id")
FACT(notices_late, &tk_incident_notice_type,
     "SELECT n.id, CASE WHEN n.state = 'late' OR n.told_at > n.due_at THEN 1 ELSE 0 END FROM "
     "incident_notice n JOIN incident i ON i.id = n.incident_id WHERE i.fiscal_year = $1 AND "
     "i.state <> 'false_alarm' AND n.deleted_at IS NULL AND i.deleted_at IS NULL ORDER BY n.id")

#define MAILS(fn, hit)                                                                             \
	FACT(fn, &tk_suspicious_mail_type,                                                         \
	     "SELECT id, CASE WHEN " hit                                                           \
	     " THEN 1 ELSE 0 END " OF_YEAR("suspicious_mail") " ORDER BY id")
MAILS(received, "source <> 'centre'")
MAILS(informed, "source = 'centre'")
MAILS(measured, "measured_at IS NOT NULL")
MAILS(told, "told_centre_at IS NOT NULL AND told_nisc_at IS NOT NULL")
MAILS(opened, "opened = 1")

#define MISSENT(fn, hit)                                                                           \
	FACT(fn, &tk_missent_mail_type,                                                            \
	     "SELECT id, CASE WHEN " hit                                                           \
	     " THEN 1 ELSE 0 END " OF_YEAR("missent_mail") " ORDER BY id")
MISSENT(missent_all, "1 = 1")
MISSENT(missent_outside, "outside = 1")

#define INC_BASE N_("incidents detected in the year, false alarms left out")
#define INC "#/records/incidents?fiscal_year={year}"
#define MAIL_BASE N_("suspicious mails reported in the year")
#define SUS "#/records/suspicious-mails?fiscal_year={year}"
#define MIS "#/records/missent-mails?fiscal_year={year}"
#define CASES N_("cases")
#define MINUTES N_("minutes")
#define COUNT(id, label, base, better, href, fn)                                                   \
	{                                                                                          \
		id, label, CASES, base, TK_FACT_COUNT, better, href, fn                            \
	}

const struct tk_fact tk_incident_facts[] = {
	COUNT("incident.count", N_("Incidents"), INC_BASE, -1, INC, all),
	COUNT("incident.serious", N_("Grave incidents (severity 1 and 2)"), INC_BASE, -1, INC,
	      serious),
	COUNT("incident.personal_data", N_("Incidents with personal data"), INC_BASE, -1, INC,
	      with_data),
	COUNT("incident.open", N_("Incidents not closed yet"), INC_BASE, -1, INC, still_open),
	COUNT("incident.unauthorised_access", N_("Incidents: unauthorised access"), INC_BASE, -1,
	      INC "&cause=unauthorised_access", unauthorised),
	COUNT("incident.eavesdropping", N_("Incidents: eavesdropping"), INC_BASE, -1,
	      INC "&cause=eavesdropping", eavesdropping),
	COUNT("incident.malware", N_("Incidents: malware"), INC_BASE, -1, INC "&cause=malware",
	      malware),
	COUNT("incident.stepping_stone", N_("Incidents: stepping stone"), INC_BASE, -1,
	      INC "&cause=stepping_stone", stepping_stone),
	COUNT("incident.loss", N_("Incidents: loss or theft"), INC_BASE, -1, INC "&cause=loss",
	      loss),
	COUNT("incident.web_meeting", N_("Incidents: web meeting"), INC_BASE, -1,
	      INC "&cause=web_meeting", web_meeting),
	COUNT("incident.misconfiguration", N_("Incidents: misconfiguration"), INC_BASE, -1,
	      INC "&cause=misconfiguration", misconfiguration),
	COUNT("incident.missent_mail", N_("Incidents: mis-sent mail"), INC_BASE, -1,
	      INC "&cause=missent_mail", missent),
	COUNT("incident.other", N_("Incidents: other"), INC_BASE, -1, INC "&cause=other", other),
	{ "incident.minutes_to_detect", N_("Mean time to detect an incident"), MINUTES,
	  N_("from the beginning to the detection, of incidents where both are known"),
	  TK_FACT_MEAN, -1, INC, to_detect },
	{ "incident.minutes_to_contain", N_("Mean time to contain an incident"), MINUTES,
	  N_("from the detection to the containment, of contained incidents"), TK_FACT_MEAN, -1,
	  INC, to_contain },
	COUNT("incident.notices", N_("Notices of incidents told"),
	      N_("recipients told of incidents of the year"), 0, "#/records/incident-notices",
	      notices),
	COUNT("incident.notices_late", N_("Notices of incidents told late or overdue"),
	      N_("recipients told after the deadline or not yet"), -1, "#/records/incident-notices",
	      notices_late),
	COUNT("mail.suspicious", N_("Suspicious mails received"), MAIL_BASE, 0, SUS, received),
	COUNT("mail.informed", N_("Information on suspicious mail from NISC / NCO"), MAIL_BASE, 0,
	      SUS "&source=centre", informed),
	COUNT("mail.measured", N_("Suspicious mails with a measure taken"), MAIL_BASE, 1, SUS,
	      measured),
	COUNT("mail.told", N_("Suspicious mails told to both recipients"), MAIL_BASE, 1, SUS, told),
	COUNT("mail.opened", N_("Suspicious mails opened"), MAIL_BASE, -1, SUS "&opened=true",
	      opened),
	{ "mail.handling_minutes", N_("Mean handling time of suspicious mail"), MINUTES,
	  N_("from the report to the measure, of mails with a measure"), TK_FACT_MEAN, -1, SUS,
	  handling },
	COUNT("mail.missent", N_("Mis-sent mails"), N_("mails sent wrongly in the year"), -1, MIS,
	      missent_all),
	COUNT("mail.missent_outside", N_("Mis-sent mails that went outside"),
	      N_("mails sent wrongly in the year"), -1, MIS, missent_outside),
	{ 0 },
};
