/* drill.c - drills, their time line and their lessons (DRL-01 ... DRL-03); tests of courses. */
#include <string.h>
#include "base/clock.h"
#include "training/training_in.h"

static const struct tk_choice drill_kind[] = {
	{ "cyber_attack", N_("Cyber attack, information sharing") },
	{ "suspicious_mail", N_("Receiving a suspicious mail") },
	{ "system_failure", N_("System failure and recovery") },
	{ "table_top", N_("Table-top exercise") },
	{ 0 },
};
static const struct tk_choice drill_host[] = {
	{ "own", N_("Own office") },
	{ "nisc", N_("NISC / NCO") },
	{ "other", N_("Other office") },
	{ 0 },
};
static const struct tk_choice drill_state[] = {
	{ "planned", N_("Scheduled") },
	{ "held", N_("Held") },
	{ "cancelled", N_("Cancelled") },
	{ 0 },
};

static enum tk_rc drill_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct drill *d = now;
	const struct tk_rtype *t = &tk_drill_type;
	struct tk_date day;
	char today[11];

	(void)was;
	if (deleted)
		return TK_OK;
	if (!d->state)
		tk_set_by(t, d, "state", TK_S("planned"));
	if (!d->held_on || !tk_date_from_iso(d->held_on, &day))
		return TK_OK;
	if (!d->fiscal_year)
		tk_set_by(t, d, "fiscal_year", TK_I(tk_fiscal_year(day)));
	tk_date_iso(tk_today(), today);
	if (!strcmp(d->state, "held") && strcmp(d->held_on, today) > 0)
		return tk_fail(op->e, TK_EINVAL, "state",
			       N_("A drill on %s cannot have been held yet."), d->held_on);
	if (tk_fiscal_year(day) != d->fiscal_year)
		return tk_fail(op->e, TK_EINVAL, "held_on", N_("%s is not in the fiscal year %d."),
			       d->held_on, (int)d->fiscal_year);
	if (d->mails_opened > d->mails_sent)
		return tk_fail(op->e, TK_EINVAL, "mails_opened",
			       N_("More mails were opened than sent."));
	if (d->mails_reported > d->mails_sent)
		return tk_fail(op->e, TK_EINVAL, "mails_reported",
			       N_("More mails were reported than sent."));
	return TK_OK;
}

#define S struct drill
static const char *const drill_alias[] = { "訓練名", "名称", NULL };
static const char *const drill_day_alias[] = { "実施日", NULL };
static const char *const people_alias[] = { "参加人数", NULL };
static const struct tk_field drill_field[] = {
	TK_INT(S, fiscal_year, .label = N_("Fiscal year"), .flags = TK_LIST, .min = 1950,
	       .max = 2200, .help = N_("Left empty: that of the day.")),
	TK_TEXT(S, title, .label = N_("Drill"), .flags = TK_REQUIRED | TK_LIST | TK_SEARCH,
		.max = 200, .alias = drill_alias),
	TK_ENUM(S, kind, .label = N_("Kind"), .flags = TK_REQUIRED | TK_LIST, .choice = drill_kind),
	TK_ENUM(S, host, .label = N_("Host"), .flags = TK_REQUIRED | TK_LIST, .choice = drill_host),
	TK_TEXT(S, host_name, .label = N_("Name of the host"), .flags = TK_SEARCH, .max = 200),
	TK_ENUM(S, state, .label = N_("State"), .flags = TK_LIST, .choice = drill_state),
	TK_DATE(S, held_on, .label = N_("Held on"), .flags = TK_REQUIRED | TK_LIST,
		.alias = drill_day_alias),
	TK_LONG(S, purpose, .label = N_("Purpose"), .flags = TK_SEARCH, .max = 4000),
	TK_LONG(S, scenario, .label = N_("Scenario"), .flags = TK_SEARCH, .max = 8000),
	TK_INT(S, participants, .label = N_("Participants"), .flags = TK_LIST, .min = 0,
	       .max = 1000000, .alias = people_alias),
	TK_LONG(S, participants_text, .label = N_("Who took part"), .max = 2000),
	TK_INT(S, mails_sent, .label = N_("Mails sent"), .min = 0, .max = 1000000,
	       .help = N_("Of a drill with suspicious mail.")),
	TK_INT(S, mails_opened, .label = N_("Mails opened"), .min = 0, .max = 1000000,
	       .help = N_("How many opened the link or the file.")),
	TK_INT(S, mails_reported, .label = N_("Mails reported"), .min = 0, .max = 1000000,
	       .help = N_("How many reported the mail as suspicious.")),
	TK_LONG(S, result, .label = N_("Result"), .flags = TK_SEARCH, .max = 8000),
};
#undef S

const struct tk_rtype tk_drill_type = {
	.name = "drill",
	.path = "drills",
	.table = "drill",
	.label = N_("Drill"),
	.label_plural = N_("Drills"),
	.group = "education",
	.size = sizeof(struct drill),
	.field = drill_field,
	.nfield = TK_LEN(drill_field),
	.title = "title",
	.order = "-held_on",
	.flags = TK_T_COMMON,
	.read = TK_P_EDU_READ,
	.write = TK_P_EDU_WRITE,
	.grade = 1,
	.check = drill_check,
};

#define S struct drill_event
static const struct tk_field event_field[] = {
	TK_REF(S, drill_id, .label = N_("Drill"), .flags = TK_REQUIRED | TK_LIST | TK_FIXED,
	       .ref = &tk_drill_type),
	TK_TEXT(S, happened_at, .label = N_("Time"), .flags = TK_REQUIRED | TK_LIST | TK_PLAIN,
		.max = 5, .check = tk_check_clock, .help = N_("Time of day, such as 09:30.")),
	TK_TEXT(S, who, .label = N_("Who"), .flags = TK_LIST, .max = 200),
	TK_TEXT(S, what, .label = N_("What happened"), .flags = TK_REQUIRED | TK_LIST | TK_SEARCH,
		.max = 1000),
};
#undef S

const struct tk_rtype tk_drill_event_type = {
	.name = "drill_event",
	.path = "drill-events",
	.table = "drill_event",
	.label = N_("Entry in the time line of a drill"),
	.label_plural = N_("Time lines of drills"),
	.group = "education",
	.size = sizeof(struct drill_event),
	.field = event_field,
	.nfield = TK_LEN(event_field),
	.title = "what",
	.order = "happened_at",
	.flags = TK_T_COMMON,
	.read = TK_P_EDU_READ,
	.write = TK_P_EDU_WRITE,
	.grade = 1,
};

/* A lesson is an improvement: it becomes an item of the roadmap when it is written down. */
static enum tk_rc lesson_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct drill_lesson *l = now;
	struct tk_improvement i = { 0 };
	int64_t id = 0;
	enum tk_rc rc;

	if (was || deleted || !tk_improvement_add || !l->title || !l->drill_id)
		return TK_OK;
	i = (struct tk_improvement){ .source_type = "drill",
				     .source_id = l->drill_id,
				     .title = l->title,
				     .division_id = l->division_id,
				     .due_on = l->due_on };
	rc = tk_improvement_add(op, &i, &id);
	tk_set_by(&tk_drill_lesson_type, l, "roadmap_item_id", TK_I0(id));
	return rc;
}

#define S struct drill_lesson
static const struct tk_field lesson_field[] = {
	TK_REF(S, drill_id, .label = N_("Drill"), .flags = TK_REQUIRED | TK_LIST | TK_FIXED,
	       .ref = &tk_drill_type),
	TK_TEXT(S, title, .label = N_("Lesson"), .max = 200,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH,
		.help = N_("What is to be improved; it becomes an item of the roadmap.")),
	TK_REF(S, division_id, .label = N_("Division"), .flags = TK_LIST, .ref = &tk_division),
	TK_DATE(S, due_on, .label = N_("Due on"), .flags = TK_LIST),
	TK_INT(S, roadmap_item_id, .label = N_("Item of the roadmap"),
	       .flags = TK_READONLY | TK_ID),
};
#undef S

const struct tk_rtype tk_drill_lesson_type = {
	.name = "drill_lesson",
	.path = "drill-lessons",
	.table = "drill_lesson",
	.label = N_("Lesson of a drill"),
	.label_plural = N_("Lessons of drills"),
	.group = "education",
	.size = sizeof(struct drill_lesson),
	.field = lesson_field,
	.nfield = TK_LEN(lesson_field),
	.title = "title",
	.order = "-id",
	.flags = TK_T_COMMON,
	.read = TK_P_EDU_READ,
	.write = TK_P_EDU_WRITE,
	.grade = 1,
	.check = lesson_check,
};
