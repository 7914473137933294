/* incident_part.c - time line, notices with their deadlines, lessons, CSIRT (INC-01, INC-04). */
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "incident/incident_in.h"

/* -- time line --------------------------------------------------------------------------------- */
static const struct tk_choice event_kind[] = {
	{ "sign", N_("Sign of the incident") },
	{ "detection", N_("Detection") },
	{ "report", N_("Report") },
	{ "measure", N_("Measure") },
	{ "finding", N_("Finding of the investigation") },
	{ "recovery", N_("Recovery") },
	{ "other", N_("Other") },
	{ 0 },
};

static enum tk_rc event_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct incident_event *v = now;

	(void)was;
	if (deleted)
		return TK_OK;
	if (!v->happened_at)
		tk_set_by(&tk_incident_event_type, v, "happened_at", TK_I(tk_now()));
	if (!v->kind)
		tk_set_by(&tk_incident_event_type, v, "kind", TK_S("other"));
	if (!v->who)
		tk_set_by(&tk_incident_event_type, v, "who", TK_S(op->who->name));
	return TK_OK;
}

#define OF_INCIDENT(S)                                                                             \
	TK_REF(S, incident_id, .label = N_("Incident"), .flags = TK_REQUIRED | TK_LIST | TK_FIXED, \
	       .ref = &tk_incident_type)
#define ITS_DIVISION(S)                                                                            \
	TK_REF(S, division_id, .label = N_("Division"), .flags = TK_READONLY, .ref = &tk_division)

#define S struct incident_event
static const struct tk_field event_field[] = {
	OF_INCIDENT(S),
	TK_TIME(S, happened_at, .label = N_("Time"), .flags = TK_LIST,
		.help = N_("Left empty: now.")),
	TK_ENUM(S, kind, .label = N_("Kind"), .flags = TK_LIST, .choice = event_kind),
	TK_TEXT(S, who, .label = N_("Who"), .flags = TK_LIST, .max = 200),
	TK_TEXT(S, what, .label = N_("What happened"), .flags = TK_REQUIRED | TK_LIST | TK_SEARCH,
		.max = 2000),
	ITS_DIVISION(S),
};
#undef S

#define PART(S, n, p, l, lp, f)                                                                    \
	.name = n, .path = p, .table = n, .label = l, .label_plural = lp, .group = "incident",     \
	.size = sizeof(struct S), .field = f, .nfield = TK_LEN(f), .grade = 3

const struct tk_rtype tk_incident_event_type = {
	PART(incident_event, "incident_event", "incident-events",
	     N_("Entry in the time line of an incident"), N_("Time lines of incidents"),
	     event_field),
	.title = "what",
	.order = "happened_at",
	.read = TK_P_INCIDENT_READ,
	.write = TK_P_INCIDENT_MANAGE,
	.scope_division = "division_id",
	.division_of = "incident_id",
	.check = event_check,
};

/* -- whom to tell by when ---------------------------------------------------------------------- */
const struct tk_choice tk_notice_recipient[] = {
	{ "ciso", N_("CISO") },
	{ "nco", N_("NCO (formerly NISC)") },
	{ "ppc", N_("Personal Information Protection Commission (first report)") },
	{ "ppc_final", N_("Personal Information Protection Commission (final report)") },
	{ "police", N_("Police") },
	{ "ministry", N_("Supervising ministry") },
	{ "persons", N_("The persons themselves") },
	{ "other", N_("Other") },
	{ 0 },
};
static const struct tk_choice notice_state[] = {
	{ "open", N_("To be told") },
	{ "late", N_("Overdue") },
	{ "told", N_("Told") },
	{ 0 },
};

static enum tk_rc due_by_rule(const struct tk_op *op, struct incident_notice *n)
{
	int64_t due = 0;
	enum tk_rc rc = tk_db_int(op->db, op->e,
				  "SELECT i.detected_at + (SELECT MIN(r.hours) FROM notice_rule r "
				  "WHERE r.recipient = $2 AND r.deleted_at IS NULL) * 3600 FROM "
				  "incident i WHERE i.id = $1",
				  TK_ARGS(TK_I(n->incident_id), TK_S(n->recipient)), 0, &due);

	tk_set_by(&tk_incident_notice_type, n, "due_at", TK_I0(due));
	return rc;
}

static enum tk_rc notice_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct incident_notice *n = now;
	const struct tk_rtype *t = &tk_incident_notice_type;
	enum tk_rc rc = TK_OK;

	if (deleted)
		return TK_OK;
	if (!was && !n->due_at && n->recipient)
		rc = due_by_rule(op, n);
	if (n->told_at > tk_now() + 300)
		return tk_fail(op->e, TK_EINVAL, "told_at", N_("This time lies in the future."));
	if (n->told_at && !n->told_by)
		tk_set_by(t, n, "told_by", TK_S(op->who->name));
	if (n->told_at && tk_is_blank(n->what))
		return tk_fail(op->e, TK_EINVAL, "what", N_("Write what was told."));
	tk_set_by(t, n, "state",
		  TK_S(n->told_at                          ? "told"
		       : n->due_at && n->due_at < tk_now() ? "late"
							   : "open"));
	return rc;
}

#define S struct incident_notice
static const struct tk_field notice_field[] = {
	OF_INCIDENT(S),
	TK_ENUM(S, recipient, .label = N_("Recipient"), .flags = TK_REQUIRED | TK_LIST | TK_FIXED,
		.choice = tk_notice_recipient),
	TK_TEXT(S, recipient_name, .label = N_("Name of the recipient"), .flags = TK_LIST,
		.max = 200),
	TK_TIME(S, due_at, .label = N_("To be told by"), .flags = TK_LIST,
		.help = N_("Left empty: by the rules for deadlines, from the detection.")),
	TK_ENUM(S, state, .label = N_("State"), .flags = TK_READONLY | TK_LIST,
		.choice = notice_state),
	TK_TIME(S, told_at, .label = N_("Told at"), .flags = TK_LIST),
	TK_TEXT(S, told_by, .label = N_("Told by"), .max = 100,
		.help = N_("Left empty: who records it.")),
	TK_LONG(S, what, .label = N_("What was told"), .max = 4000),
	ITS_DIVISION(S),
};
#undef S

const struct tk_rtype tk_incident_notice_type = {
	PART(incident_notice, "incident_notice", "incident-notices", N_("Notice of an incident"),
	     N_("Notices of incidents"), notice_field),
	.title = "recipient",
	.order = "due_at",
	.read = TK_P_INCIDENT_READ,
	.write = TK_P_INCIDENT_MANAGE,
	.scope_division = "division_id",
	.division_of = "incident_id",
	.check = notice_check,
};

#define S struct notice_rule
static const struct tk_field rule_field[] = {
	TK_ENUM(S, recipient, .label = N_("Recipient"), .flags = TK_REQUIRED | TK_LIST,
		.choice = tk_notice_recipient),
	TK_INT(S, hours, .label = N_("Hours after detection"), .flags = TK_REQUIRED | TK_LIST,
	       .min = 1, .max = 8784),
	TK_INT(S, severity, .label = N_("Up to severity"), .flags = TK_LIST, .min = 1, .max = 4,
	       .help = N_("2: incidents of severity 1 and 2. Left empty: all.")),
	TK_BOOL(S, personal_data_only, .label = N_("Only with personal data"), .flags = TK_LIST),
	TK_TEXT(S, note, .label = N_("Note"), .flags = TK_LIST, .max = 500),
};
#undef S

const struct tk_rtype tk_notice_rule_type = {
	PART(notice_rule, "notice_rule", "notice-rules", N_("Deadline of notices"),
	     N_("Deadlines of notices"), rule_field),
	.title = "recipient",
	.order = "hours",
	.flags = TK_T_COMMON,
	.read = TK_P_INCIDENT_READ,
	.write = TK_P_INCIDENT_MANAGE,
};

struct wanted {
	struct tk_arena *a;
	const char *recipient[16];
	int64_t hours[16];
	size_t n;
};

static enum tk_rc wanted_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct wanted *w = ctx;

	(void)n;
	if (w->n < TK_LEN(w->recipient)) {
		w->recipient[w->n] = tk_strdup(w->a, col[0].s);
		w->hours[w->n++] = col[1].i;
	}
	return TK_OK;
}

enum tk_rc tk_notices_make(const struct tk_op *op, const struct incident *i)
{
	const struct tk_rtype *t = &tk_incident_notice_type;
	struct tk_who w = tk_incident_by_rule(op->who);
	struct tk_op as = { op->db, op->mem, &w, op->e };
	struct wanted v = { .a = op->mem };
	enum tk_rc rc = tk_db_run(
		op->db, op->e,
		"SELECT r.recipient, MIN(r.hours) FROM notice_rule r WHERE r.deleted_at IS NULL "
		"AND (r.severity IS NULL OR r.severity >= $1) AND (r.personal_data_only = 0 OR "
		"CAST($2 AS BIGINT) = 1) AND NOT EXISTS(SELECT 1 FROM incident_notice n WHERE "
		"n.incident_id = $3 AND n.recipient = r.recipient) GROUP BY r.recipient ORDER BY "
		"2, 1",
		TK_ARGS(TK_I(i->severity), TK_I(i->personal_data), TK_I(i->rec.id)), wanted_row,
		&v);

	for (size_t k = 0; k < v.n && rc == TK_OK; k++) {
		struct incident_notice n = { 0 };

		tk_set_by(t, &n, "incident_id", TK_I(i->rec.id));
		tk_set_by(t, &n, "recipient", TK_S(v.recipient[k]));
		tk_set_by(t, &n, "due_at", TK_I(i->detected_at + v.hours[k] * 3600));
		rc = tk_rec_insert(&as, t, &n);
	}
	return rc;
}

enum tk_rc tk_notices_late(const struct tk_op *op)
{
	const struct tk_rtype *t = &tk_incident_notice_type;
	int64_t id = 0;
	enum tk_rc rc = TK_OK;

	while (rc == TK_OK) {
		struct incident_notice *n = tk_alloc(op->mem, sizeof(*n));

		rc = tk_db_int(op->db, op->e,
			       "SELECT MIN(id) FROM incident_notice WHERE state = 'open' AND "
			       "due_at < $1 AND deleted_at IS NULL",
			       TK_ARGS(TK_I(tk_now())), 0, &id);
		if (rc != TK_OK || !id)
			return rc;
		rc = tk_rec_load(op, t, id, n);
		if (rc == TK_OK) /* its check says that it is late */
			rc = tk_rec_update(op, t, n, -1);
	}
	return rc;
}

/* -- lessons ----------------------------------------------------------------------------------- */
static enum tk_rc lesson_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct incident_lesson *l = now;
	int64_t id = 0;
	enum tk_rc rc;

	if (was || deleted || !tk_improvement_add || !l->title || !l->incident_id)
		return TK_OK;
	rc = tk_improvement_add(op,
				&(struct tk_improvement){ .source_type = "incident",
							  .source_id = l->incident_id,
							  .title = l->title,
							  .division_id = l->division_id,
							  .due_on = l->due_on },
				&id);
	tk_set_by(&tk_incident_lesson_type, l, "roadmap_item_id", TK_I0(id));
	return rc;
}

#define S struct incident_lesson
static const struct tk_field lesson_field[] = {
	OF_INCIDENT(S),
	TK_TEXT(S, title, .label = N_("Lesson"), .max = 200,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH,
		.help = N_("What is to be improved; it becomes an item of the roadmap.")),
	TK_DATE(S, due_on, .label = N_("Due on"), .flags = TK_LIST),
	TK_INT(S, roadmap_item_id, .label = N_("Item of the roadmap"),
	       .flags = TK_READONLY | TK_ID),
	ITS_DIVISION(S),
};
#undef S

const struct tk_rtype tk_incident_lesson_type = {
	PART(incident_lesson, "incident_lesson", "incident-lessons", N_("Lesson of an incident"),
	     N_("Lessons of incidents"), lesson_field),
	.title = "title",
	.order = "-id",
	.read = TK_P_INCIDENT_READ,
	.write = TK_P_INCIDENT_MANAGE,
	.scope_division = "division_id",
	.division_of = "incident_id",
	.check = lesson_check,
};

/* -- CSIRT ------------------------------------------------------------------------------------- */
static const struct tk_choice csirt_role[] = {
	{ "head", N_("Head of the CSIRT") },
	{ "deputy", N_("Deputy head") },
	{ "handler", N_("Incident handler") },
	{ "technical", N_("Technical investigation") },
	{ "liaison", N_("Liaison with NCO and police") },
	{ "legal", N_("Legal affairs") },
	{ "public_relations", N_("Public relations") },
	{ "outside", N_("Outside expert") },
	{ 0 },
};

static enum tk_rc csirt_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct csirt_member *m = now;
	struct tk_value col[2];
	bool found = false;
	enum tk_rc rc;

	(void)was;
	if (deleted)
		return TK_OK;
	if (m->from_on && m->to_on && strcmp(m->from_on, m->to_on) > 0)
		return tk_fail(op->e, TK_EINVAL, "to_on", N_("The last day is before the first."));
	if (!m->staff_id && tk_is_blank(m->name))
		return tk_fail(op->e, TK_EINVAL, "name",
			       N_("Choose a member of the staff or write a name."));
	if (!m->staff_id || (m->name && m->mail))
		return TK_OK;
	rc = tk_db_first(op->db, op->mem, op->e, "SELECT name, mail FROM staff WHERE id = $1",
			 TK_ARGS(TK_I(m->staff_id)), col, 2, &found);
	if (rc != TK_OK || !found)
		return rc;
	if (!m->name)
		tk_set_by(&tk_csirt_member_type, m, "name", col[0]);
	if (!m->mail)
		tk_set_by(&tk_csirt_member_type, m, "mail", col[1]);
	return TK_OK;
}

#define S struct csirt_member
static const struct tk_field csirt_field[] = {
	TK_ENUM(S, role, .label = N_("Role"), .flags = TK_REQUIRED | TK_LIST, .choice = csirt_role),
	TK_REF(S, staff_id, .label = N_("Staff member"), .flags = TK_LIST, .ref = &tk_staff),
	TK_TEXT(S, name, .label = N_("Name"), .flags = TK_LIST | TK_SEARCH, .max = 100,
		.help = N_("Left empty: that of the staff member.")),
	TK_TEXT(S, phone, .label = N_("Telephone"), .flags = TK_LIST, .max = 60),
	TK_MAIL(S, mail, .label = N_("Mail address"), .flags = TK_LIST, .max = 200),
	TK_TEXT(S, at_night, .label = N_("At night and on holidays"), .max = 200),
	TK_DATE(S, from_on, .label = N_("From")),
	TK_DATE(S, to_on, .label = N_("Until"), .help = N_("Last day.")),
	TK_INT(S, sort, .label = N_("Order"), .min = 0, .max = 1000000),
};
#undef S

const struct tk_rtype tk_csirt_member_type = {
	PART(csirt_member, "csirt_member", "csirt-members", N_("Member of the CSIRT"), N_("CSIRT"),
	     csirt_field),
	.title = "name",
	.order = "sort",
	.flags = TK_T_COMMON,
	.read = TK_P_INCIDENT_READ,
	.write = TK_P_INCIDENT_MANAGE,
	.check = csirt_check,
};
