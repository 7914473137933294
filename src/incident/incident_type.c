/* incident_type.c - the incident and its life (INC-01 ... INC-04). */
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "incident/incident_in.h"

/* Coded as the survey on telework codes its risks (INC-03), and mis-sent mail (MAIL-03). */
const struct tk_choice tk_incident_cause[] = {
	{ "unauthorised_access", N_("Connection: unauthorised access") },
	{ "eavesdropping", N_("Connection: eavesdropping") },
	{ "malware", N_("Terminal: malware") },
	{ "stepping_stone", N_("Terminal: stepping stone into the network") },
	{ "loss", N_("Terminal: loss or theft") },
	{ "web_meeting", N_("Web meeting: intrusion by a third party") },
	{ "misconfiguration", N_("Misconfiguration in haste") },
	{ "missent_mail", N_("Mis-sent mail") },
	{ "other", N_("Other") },
	{ 0 },
};
static const struct tk_choice attack[] = {
	{ "none", N_("Neither") },
	{ "ddos", N_("DDoS attack") },
	{ "ransomware", N_("Ransomware") },
	{ 0 },
};
static const struct tk_choice state[] = {
	{ "reported", N_("Reported") },
	{ "triaged", N_("Triaged") },
	{ "handling", N_("Being handled") },
	{ "contained", N_("Contained") },
	{ "closed", N_("Case closed") },
	{ "false_alarm", N_("False alarm") },
	{ 0 },
};
static const struct tk_case_transition transition[] = {
	{ "reported", "triage", "triaged", TK_P_INCIDENT_MANAGE, 0, N_("Triage done") },
	{ "reported", "false_alarm", "false_alarm", TK_P_INCIDENT_MANAGE, TK_CASE_COMMENT,
	  N_("False alarm") },
	{ "triaged", "handle", "handling", TK_P_INCIDENT_MANAGE, TK_CASE_OWNER,
	  N_("Begin handling") },
	{ "triaged", "false_alarm", "false_alarm", TK_P_INCIDENT_MANAGE, TK_CASE_COMMENT,
	  N_("False alarm") },
	{ "handling", "contain", "contained", TK_P_INCIDENT_MANAGE, TK_CASE_OWNER,
	  N_("Contained") },
	{ "contained", "close", "closed", TK_P_INCIDENT_MANAGE, 0, N_("Close") },
	{ "contained", "resume", "handling", TK_P_INCIDENT_MANAGE, TK_CASE_COMMENT,
	  N_("Handle again") },
	{ "closed", "reopen", "handling", TK_P_INCIDENT_MANAGE, TK_CASE_COMMENT, N_("Reopen") },
	{ 0 },
};

struct tk_who tk_incident_by_rule(const struct tk_who *w)
{
	struct tk_who as = *w;

	as.system = true;
	return as;
}

static enum tk_rc load(const struct tk_op *op, const struct tk_case *c, struct incident *i)
{
	struct tk_who w = tk_incident_by_rule(op->who);
	struct tk_op as = { op->db, op->mem, &w, op->e };

	*i = (struct incident){ 0 };
	return tk_rec_load(&as, &tk_incident_type, c->subject_id, i);
}

static enum tk_rc moving(const struct tk_op *op, const struct tk_case *before,
			 const struct tk_case *after, const char *action)
{
	struct incident i;
	int64_t n = 0;
	enum tk_rc rc = load(op, before, &i);

	(void)after;
	if (rc != TK_OK)
		return rc;
	if (!strcmp(action, "triage") && !i.severity)
		return tk_fail(op->e, TK_EINVAL, "severity",
			       N_("Judge the severity before the triage is done."));
	if (!strcmp(action, "close") && tk_is_blank(i.summary_internal))
		return tk_fail(op->e, TK_EINVAL, "summary_internal",
			       N_("Write the internal summary before closing."));
	if (strcmp(action, "close") != 0)
		return TK_OK;
	rc = tk_db_int(op->db, op->e,
		       "SELECT COUNT(*) FROM incident_notice WHERE incident_id = $1 AND state <> "
		       "'told' AND deleted_at IS NULL",
		       TK_ARGS(TK_I(i.rec.id)), 0, &n);
	if (rc == TK_OK && n)
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("%d recipients have not been told yet. Record when they were "
				  "told, or delete what was not needed."),
			       (int)n);
	return rc;
}

static enum tk_rc moved(const struct tk_op *op, const struct tk_case *before,
			const struct tk_case *after, const char *action)
{
	struct tk_who w = tk_incident_by_rule(op->who);
	struct tk_op as = { op->db, op->mem, &w, op->e };
	struct incident i;
	enum tk_rc rc = load(op, after, &i);

	(void)before;
	if (rc == TK_OK && !strcmp(action, "triage"))
		return tk_notices_make(op, &i);
	if (rc == TK_OK && !strcmp(action, "contain") && !i.contained_at) {
		tk_set_by(&tk_incident_type, &i, "contained_at", TK_I(tk_now()));
		return tk_rec_update(&as, &tk_incident_type, &i, -1);
	}
	return rc;
}

const struct tk_case_type tk_incident_case = {
	.name = "incident",
	.label = N_("Incident"),
	.prefix = "N",
	.state = state,
	.closed = "closed false_alarm",
	.transition = transition,
	.remind_before = 1,
	.escalate_after = 1,
	.escalate = TK_P_INCIDENT_MANAGE,
	.moving = moving,
	.moved = moved,
};

static enum tk_rc check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct incident *i = now;
	const struct tk_rtype *t = &tk_incident_type;

	(void)was;
	if (deleted)
		return TK_OK;
	if (!i->detected_at)
		tk_set_by(t, i, "detected_at", TK_I(tk_now()));
	tk_set_by(t, i, "fiscal_year", TK_I(tk_fiscal_year(tk_date_of_time(i->detected_at))));
	if (!i->cause)
		tk_set_by(t, i, "cause", TK_S("other"));
	if (!i->procedure_title)
		tk_set_by(t, i, "procedure_title", TK_S("情報システム障害等対応手順"));
	if (i->detected_at > tk_now() + 300)
		return tk_fail(op->e, TK_EINVAL, "detected_at",
			       N_("The time of detection lies in the future."));
	if (i->began_at > i->detected_at)
		return tk_fail(op->e, TK_EINVAL, "began_at",
			       N_("It cannot have begun after it was detected."));
	if (i->contained_at && i->contained_at < i->detected_at)
		return tk_fail(op->e, TK_EINVAL, "contained_at",
			       N_("It cannot have been contained before it was detected."));
	return TK_OK;
}

/* What was judged anew may ask for more notices: personal data found out late. */
static enum tk_rc saved(const struct tk_op *op, const void *was, const void *now, bool deleted)
{
	const struct incident *before = was, *i = now;

	if (!before || deleted || !i->severity || !i->life.state ||
	    !strcmp(i->life.state, "reported") || !strcmp(i->life.state, "closed") ||
	    !strcmp(i->life.state, "false_alarm"))
		return TK_OK;
	if (before->severity == i->severity && before->personal_data == i->personal_data)
		return TK_OK;
	return tk_notices_make(op, i);
}

#define S struct incident
static const char *const title_alias[] = { "件名", "概要", NULL };
static const char *const cause_alias[] = { "種別", "原因", "区分", NULL };
static const char *const detected_alias[] = { "検知日時", "発覚日時", NULL };
static const struct tk_field field[] = {
	TK_INT(S, fiscal_year, .label = N_("Fiscal year"), .flags = TK_READONLY | TK_LIST,
	       .help = N_("Of the detection.")),
	TK_TEXT(S, title, .label = N_("Subject"), .flags = TK_REQUIRED | TK_LIST | TK_SEARCH,
		.max = 200, .alias = title_alias),
	TK_ENUM(S, cause, .label = N_("Cause"), .flags = TK_REQUIRED | TK_LIST,
		.choice = tk_incident_cause, .alias = cause_alias),
	TK_INT(S, severity, .label = N_("Severity (1 gravest to 4)"), .flags = TK_LIST, .min = 1,
	       .max = 4,
	       .help = N_("1: damage to many outside the office; 2: damage outside or to an "
			  "important system; 3: damage within the office; 4: no damage.")),
	TK_TIME(S, detected_at, .label = N_("Detected at"), .flags = TK_LIST,
		.alias = detected_alias, .help = N_("Left empty: now.")),
	TK_TIME(S, began_at, .label = N_("Began at")),
	TK_TIME(S, contained_at, .label = N_("Contained at"),
		.help = N_("Left empty: the time at which the incident is moved to contained.")),
	TK_REF(S, info_system_id, .label = N_("Information system"), .ref = &tk_info_system),
	TK_LONG(S, affected, .label = N_("What is affected"), .flags = TK_SEARCH, .max = 4000),
	TK_BOOL(S, personal_data, .label = N_("Personal data"),
		.help = N_("Personal data were leaked, or may have been.")),
	TK_INT(S, persons_affected, .label = N_("Number of persons whose data are affected"),
	       .min = 0, .max = 1000000000),
	TK_ENUM(S, attack, .label = N_("DDoS or ransomware"), .choice = attack,
		.help = N_("For the common incident forms.")),
	TK_TEXT(S, attack_source, .label = N_("Source of the attack"), .max = 1000),
	TK_LONG(S, intrusion_route, .label = N_("Route of intrusion"), .max = 2000),
	TK_LONG(S, ransom_note, .label = N_("Ransom note"), .max = 4000),
	TK_TEXT(S, encrypted_extension, .label = N_("Extension of encrypted files"), .max = 100),
	TK_TEXT(S, malware_family, .label = N_("Kind of malware"), .flags = TK_SEARCH, .max = 200),
	TK_LONG(S, indicators, .label = N_("Indicators of compromise"), .flags = TK_SEARCH,
		.max = 8000, .help = N_("Addresses, names, digests; one a line.")),
	TK_LONG(S, service_impact, .label = N_("Effect on services"), .max = 4000),
	TK_LONG(S, measures, .label = N_("Measures that were taken"), .flags = TK_SEARCH,
		.max = 8000),
	TK_LONG(S, summary_internal, .label = N_("Summary (internal)"), .flags = TK_SEARCH,
		.max = 8000),
	TK_LONG(S, summary_public, .label = N_("Summary (public)"), .max = 8000),
	TK_TEXT(S, procedure_title, .label = N_("Procedure followed"), .max = 200,
		.help = N_("By the title of the document.")),
	TK_LIFE_FIELDS(S, state),
};
#undef S

const struct tk_rtype tk_incident_type = {
	.name = "incident",
	.path = "incidents",
	.table = "incident",
	.label = N_("Incident"),
	.label_plural = N_("Incidents"),
	.group = "incident",
	.size = sizeof(struct incident),
	.field = field,
	.nfield = TK_LEN(field),
	.title = "title",
	.order = "-detected_at",
	.read = TK_P_INCIDENT_READ,
	.write = TK_P_INCIDENT_MANAGE,
	.scope_own = TK_LIFE_OWN,
	.scope_division = "division_id",
	.grade = 3,
	.check = check,
	.saved = saved,
	.life = &tk_incident_case,
};
