/* incident_facts.c - incidents by cause, times, notices, suspicious and mis-sent mail of a year
 * (INC-03, INC-04, MAIL-01 ... MAIL-03). */
#include "incident/incident_in.h"

/* Once the register is kept, a year without rows is a year without incidents. */
#define KEPT \
	.args = "y", .zero = true, \
	.when = "SELECT (SELECT COUNT(*) FROM incident WHERE fiscal_year <= $1) + (SELECT" \
		" COUNT(*) FROM suspicious_mail WHERE fiscal_year <= $1) + (SELECT COUNT(*) FROM" \
		" missent_mail WHERE fiscal_year <= $1)"
/* A false alarm was no incident. */
#define REAL \
	" FROM incident WHERE fiscal_year = $1 AND state <> 'false_alarm' AND deleted_at IS NULL"
#define OF_YEAR(table) " FROM " table " WHERE fiscal_year = $1 AND deleted_at IS NULL"
#define IF(condition) "SELECT id, CASE WHEN " condition " THEN 1 ELSE 0 END"
#define INCIDENTS(hit) .of = &tk_incident_type, KEPT, .sql = IF(hit) REAL
#define MAILS(hit) .of = &tk_suspicious_mail_type, KEPT, .sql = IF(hit) OF_YEAR("suspicious_mail")
#define MISSENT(hit) .of = &tk_missent_mail_type, KEPT, .sql = IF(hit) OF_YEAR("missent_mail")
#define NOTICES(hit) \
	.of = &tk_incident_notice_type, KEPT, \
	.sql = "SELECT n.id, CASE WHEN " hit " THEN 1 ELSE 0 END FROM incident_notice n JOIN" \
	       " incident i ON i.id = n.incident_id WHERE i.fiscal_year = $1 AND i.state <>" \
	       " 'false_alarm' AND n.deleted_at IS NULL AND i.deleted_at IS NULL"
#define MINUTES_FROM(from, until, where) \
	.args = "y", .sql = "SELECT id, 1, (" until " - " from ") / 60" where " AND " from \
			    " IS NOT NULL AND " until " IS NOT NULL"

#define INC_BASE N_("incidents detected in the year, false alarms left out")
#define INC "#/records/incidents?fiscal_year={year}"
#define MAIL_BASE N_("suspicious mails reported in the year")
#define SUS "#/records/suspicious-mails?fiscal_year={year}"
#define MIS "#/records/missent-mails?fiscal_year={year}"
#define CASES N_("cases")
#define MINUTES N_("minutes")
#define COUNT(id, label, base, better, href, ...) \
	{ id, label, CASES, base, TK_FACT_COUNT, better, href, __VA_ARGS__ }
const struct tk_fact tk_incident_facts[] = {
	COUNT("incident.count", N_("Incidents"), INC_BASE, -1, INC, INCIDENTS("1 = 1")),
	COUNT("incident.serious", N_("Grave incidents (severity 1 and 2)"), INC_BASE, -1, INC,
	      INCIDENTS("severity <= 2")),
	COUNT("incident.personal_data", N_("Incidents with personal data"), INC_BASE, -1, INC,
	      INCIDENTS("personal_data = 1")),
	COUNT("incident.open", N_("Incidents not closed yet"), INC_BASE, -1, INC,
	      INCIDENTS("state <> 'closed'")),
	COUNT("incident.unauthorised_access", N_("Incidents: unauthorised access"), INC_BASE, -1,
	      INC "&cause=unauthorised_access", INCIDENTS("cause = 'unauthorised_access'")),
	COUNT("incident.eavesdropping", N_("Incidents: eavesdropping"), INC_BASE, -1,
	      INC "&cause=eavesdropping", INCIDENTS("cause = 'eavesdropping'")),
	COUNT("incident.malware", N_("Incidents: malware"), INC_BASE, -1, INC "&cause=malware",
	      INCIDENTS("cause = 'malware'")),
	COUNT("incident.stepping_stone", N_("Incidents: stepping stone"), INC_BASE, -1,
	      INC "&cause=stepping_stone", INCIDENTS("cause = 'stepping_stone'")),
	COUNT("incident.loss", N_("Incidents: loss or theft"), INC_BASE, -1, INC "&cause=loss",
	      INCIDENTS("cause = 'loss'")),
	COUNT("incident.web_meeting", N_("Incidents: web meeting"), INC_BASE, -1,
	      INC "&cause=web_meeting", INCIDENTS("cause = 'web_meeting'")),
	COUNT("incident.misconfiguration", N_("Incidents: misconfiguration"), INC_BASE, -1,
	      INC "&cause=misconfiguration", INCIDENTS("cause = 'misconfiguration'")),
	COUNT("incident.missent_mail", N_("Incidents: mis-sent mail"), INC_BASE, -1,
	      INC "&cause=missent_mail", INCIDENTS("cause = 'missent_mail'")),
	COUNT("incident.other", N_("Incidents: other"), INC_BASE, -1, INC "&cause=other",
	      INCIDENTS("cause = 'other'")),
	{ "incident.minutes_to_detect", N_("Mean time to detect an incident"), MINUTES,
	  N_("from the beginning to the detection, of incidents where both are known"),
	  TK_FACT_MEAN, -1, INC,
	  .of = &tk_incident_type, MINUTES_FROM("began_at", "detected_at", REAL) },
	{ "incident.minutes_to_contain", N_("Mean time to contain an incident"), MINUTES,
	  N_("from the detection to the containment, of contained incidents"), TK_FACT_MEAN, -1,
	  INC,
	  .of = &tk_incident_type, MINUTES_FROM("detected_at", "contained_at", REAL) },
	COUNT("incident.notices", N_("Notices of incidents told"),
	      N_("recipients told of incidents of the year"), 0, "#/records/incident-notices",
	      NOTICES("n.told_at IS NOT NULL")),
	COUNT("incident.notices_late", N_("Notices of incidents told late or overdue"),
	      N_("recipients told after the deadline or not yet"), -1, "#/records/incident-notices",
	      NOTICES("n.state = 'late' OR n.told_at > n.due_at")),
	COUNT("mail.suspicious", N_("Suspicious mails received"), MAIL_BASE, 0, SUS,
	      MAILS("source <> 'centre'")),
	COUNT("mail.informed", N_("Information on suspicious mail from NISC / NCO"), MAIL_BASE, 0,
	      SUS "&source=centre", MAILS("source = 'centre'")),
	COUNT("mail.measured", N_("Suspicious mails with a measure taken"), MAIL_BASE, 1, SUS,
	      MAILS("measured_at IS NOT NULL")),
	COUNT("mail.told", N_("Suspicious mails told to both recipients"), MAIL_BASE, 1, SUS,
	      MAILS("told_centre_at IS NOT NULL AND told_nisc_at IS NOT NULL")),
	COUNT("mail.opened", N_("Suspicious mails opened"), MAIL_BASE, -1, SUS "&opened=true",
	      MAILS("opened = 1")),
	{ "mail.handling_minutes", N_("Mean handling time of suspicious mail"), MINUTES,
	  N_("from the report to the measure, of mails with a measure"), TK_FACT_MEAN, -1, SUS,
	  .of = &tk_suspicious_mail_type,
	  MINUTES_FROM("reported_at", "measured_at",
		       OF_YEAR("suspicious_mail") " AND state <> 'harmless'") },
	COUNT("mail.missent", N_("Mis-sent mails"), N_("mails sent wrongly in the year"), -1, MIS,
	      MISSENT("1 = 1")),
	COUNT("mail.missent_outside", N_("Mis-sent mails that went outside"),
	      N_("mails sent wrongly in the year"), -1, MIS, MISSENT("outside = 1")),
	{ 0 },
};
