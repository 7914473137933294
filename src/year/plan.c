/* plan.c - the plan of a year: activities, events, meetings of the committee. */
#include <string.h>
#include "base/clock.h"
#include "year/year_in.h"

#define FISCAL_YEAR(S) \
	TK_INT(S, fiscal_year, .label = N_("Fiscal year"), .min = 1950, .max = 2200, \
	       .flags = TK_REQUIRED | TK_LIST, .alias = year_alias)
#define FLD(a) .field = (a), .nfield = TK_LEN(a)
static const char *const year_alias[] = { "年度", "会計年度", NULL };
static const char *const title_alias[] = { "件名", "名称", "項目", NULL };

const struct tk_choice tk_year_phase[] = {
	{ "plan", N_("Plan") },
	{ "do", N_("Do") },
	{ "check", N_("Check") },
	{ "improve", N_("Improve") },
	{ 0 },
};

/* -- activity ---------------------------------------------------------------------------------- */
static const struct tk_choice activity_state[] = {
	{ "planned", N_("Not started") },
	{ "running", N_("In progress") },
	{ "done", N_("Finished") },
	{ "cancelled", N_("Called off") },
	{ 0 },
};
static const struct tk_case_transition activity_move[] = {
	{ "planned", "start", "running", TK_P_YEAR_WRITE, TK_CASE_OWNER, N_("Start") },
	{ "planned", "finish", "done", TK_P_YEAR_WRITE, TK_CASE_OWNER, N_("Finish") },
	{ "running", "finish", "done", TK_P_YEAR_WRITE, TK_CASE_OWNER, N_("Finish") },
	{ "planned", "cancel", "cancelled", TK_P_YEAR_WRITE, TK_CASE_COMMENT, N_("Call off") },
	{ "running", "cancel", "cancelled", TK_P_YEAR_WRITE, TK_CASE_COMMENT, N_("Call off") },
	{ "done", "reopen", "running", TK_P_YEAR_WRITE, TK_CASE_COMMENT, N_("Take up again") },
	{ "cancelled", "reopen", "planned", TK_P_YEAR_WRITE, TK_CASE_COMMENT, N_("Take up again") },
	{ 0 },
};
const struct tk_case_type tk_activity_case = {
	.name = "activity", .label = N_("Activity of the year"), .prefix = "Y",
	.state = activity_state, .closed = "done cancelled", .transition = activity_move,
	.remind_before = 7, .escalate_after = 14, .escalate = TK_P_YEAR_WRITE,
};

static const char *const from_alias[] = { "開始日", "開始", NULL };
static const char *const to_alias[] = { "終了日", "終了", "期限", NULL };
static const char *const phase_alias[] = { "段階", "局面", "区分", NULL };
static const struct tk_field activity_field[] = {
	FISCAL_YEAR(struct tk_activity),
	TK_ENUM(struct tk_activity, phase, .label = N_("Phase"), .flags = TK_REQUIRED | TK_LIST,
		.choice = tk_year_phase, .alias = phase_alias,
		.help = N_("The part of the yearly cycle that it belongs to.")),
	TK_TEXT(struct tk_activity, title, .label = N_("Activity"), .max = 200,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH, .alias = title_alias),
	TK_DATE(struct tk_activity, from_on, .label = N_("From"), .flags = TK_REQUIRED | TK_LIST,
		.alias = from_alias),
	TK_DATE(struct tk_activity, to_on, .label = N_("Until"), .flags = TK_REQUIRED | TK_LIST,
		.alias = to_alias),
	TK_LONG(struct tk_activity, note, .label = N_("Note"), .max = 4000, .flags = TK_SEARCH),
	TK_REF(struct tk_activity, carried_from_id, .label = N_("Last year's"),
	       .flags = TK_READONLY, .ref = &tk_activity_type),
	TK_LIFE_FIELDS(struct tk_activity, activity_state),
};

static enum tk_rc in_order(const struct tk_op *op, const char *from, const char *to)
{
	if (from && to && strcmp(from, to) > 0)
		return tk_fail(op->e, TK_EINVAL, "to_on",
			       N_("The last day must not be before the first day."));
	return TK_OK;
}

/* Unless somebody sets another one, it is due on its last day. */
static enum tk_rc activity_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	const struct tk_activity *old = was;
	struct tk_activity *x = now;
	bool follows = !x->life.due_on ||
		       (old && old->to_on && x->to_on && !strcmp(x->life.due_on, old->to_on) &&
			strcmp(old->to_on, x->to_on) != 0);

	if (deleted)
		return TK_OK;
	if (follows && x->to_on)
		tk_set_by(&tk_activity_type, x, "due_on", TK_S(x->to_on));
	return in_order(op, x->from_on, x->to_on);
}

const struct tk_rtype tk_activity_type = {
	.name = "activity", .path = "activities", .table = "activity",
	.label = N_("Activity of the year"), .label_plural = N_("Plan of the year"),
	.group = "year", .size = sizeof(struct tk_activity), FLD(activity_field),
	.title = "title", .order = "from_on", .read = TK_P_YEAR_READ, .write = TK_P_YEAR_WRITE,
	.scope_own = TK_LIFE_OWN, .scope_division = "division_id", .grade = 1,
	.check = activity_check, .life = &tk_activity_case,
};

/* -- committee --------------------------------------------------------------------------------- */
static int64_t year_of(const char *iso)
{
	struct tk_date d;

	return iso && tk_date_from_iso(iso, &d) ? tk_fiscal_year(d) : 0;
}

static enum tk_rc meeting_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct tk_committee_meeting *m = now;

	(void)op;
	(void)was;
	if (deleted)
		return TK_OK;
	tk_set_by(&tk_committee_meeting_type, m, "fiscal_year", TK_I0(year_of(m->held_on)));
	tk_set_by(&tk_committee_meeting_type, m, "approves_policy", TK_I(m->approves_policy));
	return TK_OK;
}

static const char *const held_alias[] = { "開催日", "日付", NULL };
static const char *const decisions_alias[] = { "決定事項", "議決", NULL };
static const struct tk_field meeting_field[] = {
	TK_INT(struct tk_committee_meeting, fiscal_year, .label = N_("Fiscal year"), .min = 1950,
	       .max = 2200, .flags = TK_READONLY | TK_LIST),
	TK_DATE(struct tk_committee_meeting, held_on, .label = N_("Held on"),
		.flags = TK_REQUIRED | TK_LIST, .alias = held_alias),
	TK_TEXT(struct tk_committee_meeting, title, .label = N_("Meeting"), .max = 200,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH, .alias = title_alias),
	TK_LONG(struct tk_committee_meeting, agenda, .label = N_("Agenda"), .max = 8000,
		.flags = TK_SEARCH),
	TK_LONG(struct tk_committee_meeting, decisions, .label = N_("Decisions"), .max = 8000,
		.flags = TK_LIST | TK_SEARCH, .alias = decisions_alias),
	TK_BOOL(struct tk_committee_meeting, approves_policy, .flags = TK_LIST,
		.label = N_("Approves the security policy"),
		.help = N_("The meeting approved the security policy or its revision.")),
	TK_TEXT(struct tk_committee_meeting, minutes, .label = N_("Minutes"), .max = 500,
		.help = N_("Where the minutes are kept: document number or address.")),
};
const struct tk_rtype tk_committee_meeting_type = {
	.name = "committee_meeting", .path = "committee-meetings", .table = "committee_meeting",
	.label = N_("Committee meeting"), .label_plural = N_("Committee meetings"),
	.group = "year", .size = sizeof(struct tk_committee_meeting), FLD(meeting_field),
	.title = "title", .order = "-held_on", .flags = TK_T_COMMON, .read = TK_P_YEAR_READ,
	.write = TK_P_YEAR_WRITE, .grade = 1, .check = meeting_check,
};

/* -- events ------------------------------------------------------------------------------------ */
static const struct tk_choice event_kind[] = {
	{ "decision", N_("Decision") },
	{ "announcement", N_("Announcement") },
	{ "incident", N_("Incident") },
	{ "disaster", N_("Disaster or epidemic") },
	{ "other", N_("Other") },
	{ 0 },
};

static enum tk_rc event_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct tk_year_event *x = now;

	(void)op;
	(void)was;
	if (deleted)
		return TK_OK;
	tk_set_by(&tk_year_event_type, x, "fiscal_year", TK_I0(year_of(x->happened_on)));
	tk_set_by(&tk_year_event_type, x, "is_pivot", TK_I(x->is_pivot));
	return TK_OK;
}

static const char *const day_alias[] = { "日付", "年月日", NULL };
static const char *const by_alias[] = { "決定主体", "会議名", NULL };
static const struct tk_field event_field[] = {
	TK_INT(struct tk_year_event, fiscal_year, .label = N_("Fiscal year"), .min = 1950,
	       .max = 2200, .flags = TK_READONLY | TK_LIST),
	TK_DATE(struct tk_year_event, happened_on, .label = N_("Day"),
		.flags = TK_REQUIRED | TK_LIST, .alias = day_alias),
	TK_ENUM(struct tk_year_event, kind, .label = N_("Kind"), .flags = TK_REQUIRED | TK_LIST,
		.choice = event_kind),
	TK_TEXT(struct tk_year_event, title, .label = N_("What happened"), .max = 300,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH, .alias = title_alias),
	TK_TEXT(struct tk_year_event, decided_by, .label = N_("Decided by"), .max = 200,
		.flags = TK_LIST | TK_SEARCH, .alias = by_alias,
		.help = N_("The body or meeting that decided it.")),
	TK_REF(struct tk_year_event, committee_meeting_id, .label = N_("Committee meeting"),
	       .ref = &tk_committee_meeting_type),
	TK_TEXT(struct tk_year_event, source, .label = N_("Source"), .max = 500,
		.help = N_("Document or address in which it can be read.")),
	TK_BOOL(struct tk_year_event, is_pivot, .label = N_("Turning point of analyses"),
		.flags = TK_LIST,
		.help = N_("Figures can be compared before and after this day.")),
	TK_LONG(struct tk_year_event, note, .label = N_("Note"), .max = 4000),
};
const struct tk_rtype tk_year_event_type = {
	.name = "year_event", .path = "year-events", .table = "year_event",
	.label = N_("Event of the year"), .label_plural = N_("Events of the year"),
	.group = "year", .size = sizeof(struct tk_year_event), FLD(event_field),
	.title = "title", .order = "-happened_on", .flags = TK_T_COMMON, .read = TK_P_YEAR_READ,
	.write = TK_P_YEAR_WRITE, .grade = 1, .check = event_check,
};
