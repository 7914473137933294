/* manual.c - what stands ready for a system: its manual, its spare power, its backups. */
#include <string.h>
#include "base/clock.h"
#include "continuity/continuity_in.h"

#define ALIAS(name, ...) static const char *const name[] = { __VA_ARGS__, NULL }
#define FLD(S, a) .size = sizeof(struct S), .field = a, .nfield = TK_LEN(a)
ALIAS(system_alias, "システム名", "情報システム", "対象システム");
ALIAS(note_alias, "備考");

/* -- manuals ----------------------------------------------------------------------------------- */
ALIAS(title_alias, "名称", "マニュアル名", "個別マニュアル");
ALIAS(edition_alias, "版", "版数");
ALIAS(made_alias, "策定日", "作成日");
ALIAS(revised_alias, "改定日", "最終改定日");
ALIAS(place_alias, "保管場所", "所在");
#define S struct bcp_manual
static const struct tk_field manual_field[] = {
	TK_TEXT(S, title, .label = N_("Title"), .alias = title_alias, .max = 200,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH),
	TK_REF(S, info_system_id, .label = N_("Information system"), .alias = system_alias,
	       .ref = &tk_info_system, .flags = TK_REQUIRED | TK_LIST | TK_UNIQUE,
	       .help = N_("Each system has one manual.")),
	TK_INT(S, edition, .label = N_("Edition"), .alias = edition_alias, .min = 1, .max = 999,
	       .flags = TK_LIST),
	TK_DATE(S, made_on, .label = N_("Made on"), .alias = made_alias,
		.flags = TK_REQUIRED | TK_LIST),
	TK_DATE(S, revised_on, .label = N_("Last revised on"), .alias = revised_alias,
		.flags = TK_LIST),
	TK_TEXT(S, place, .label = N_("Kept at"), .alias = place_alias, .max = 200),
	TK_LONG(S, note, .label = N_("Note"), .alias = note_alias, .max = 2000),
	TK_REF(S, division_id, .label = N_("Owning division"), .ref = &tk_division,
	       .flags = TK_READONLY | TK_LIST),
};
#undef S

static enum tk_rc manual_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	const struct bcp_manual *m = now;

	(void)was;
	if (!deleted && m->made_on && m->revised_on && strcmp(m->revised_on, m->made_on) < 0)
		return tk_fail(op->e, TK_EINVAL, "revised_on",
			       N_("It cannot have been revised before it was made."));
	return TK_OK;
}

const struct tk_rtype tk_bcp_manual = {
	.name = "bcp_manual",
	.path = "bcp-manuals",
	.table = "bcp_manual",
	.label = N_("System continuity manual"),
	.label_plural = N_("System continuity manuals"),
	.group = "systems",
	FLD(bcp_manual, manual_field),
	.title = "title",
	.order = "title",
	.read = TK_P_BCP_READ,
	.write = TK_P_BCP_WRITE,
	.scope_division = "division_id",
	.division_of = "info_system_id",
	.grade = 2,
	.check = manual_check,
};

/* -- equipment for failures -------------------------------------------------------------------- */
static const struct tk_choice kind[] = {
	{ "ups", N_("Uninterruptible power supply (UPS)") },
	{ "remote_backup", N_("Remote storage of backups") },
	{ "generator", N_("Emergency generator") },
	{ "spare_line", N_("Spare line") },
	{ "spare_equipment", N_("Spare equipment") },
	{ "other", N_("Other") },
	{ 0 },
};
static const struct tk_choice state[] = {
	{ "missing", N_("Missing") },
	{ "planned", N_("Scheduled") },
	{ "in_place", N_("In place") },
	{ "not_needed", N_("Not needed") },
	{ 0 },
};
ALIAS(kind_alias, "種類", "種別", "対策の種類", "設備");
ALIAS(what_alias, "件名", "内容", "対策");
ALIAS(state_alias, "状況", "状態", "整備状況");
ALIAS(checked_alias, "点検日", "確認日");
ALIAS(cause_alias, "契機", "きっかけ");
ALIAS(due_alias, "期限", "予定日", "整備予定");
ALIAS(done_alias, "整備日", "完了日");
#define S struct bcp_measure
static const struct tk_field measure_field[] = {
	TK_TEXT(S, title, .label = N_("Title"), .alias = what_alias, .max = 300,
		.flags = TK_LIST | TK_SEARCH, .help = N_("Empty: the kind.")),
	TK_REF(S, info_system_id, .label = N_("Information system"), .alias = system_alias,
	       .ref = &tk_info_system, .flags = TK_REQUIRED | TK_LIST),
	TK_ENUM(S, kind, .label = N_("Kind"), .alias = kind_alias, .choice = kind,
		.flags = TK_REQUIRED | TK_LIST),
	TK_ENUM(S, state, .label = N_("State"), .alias = state_alias, .choice = state,
		.flags = TK_REQUIRED | TK_LIST,
		.help = N_("What is missing or planned becomes an item of the roadmap.")),
	TK_DATE(S, checked_on, .label = N_("Checked on"), .alias = checked_alias),
	TK_TEXT(S, cause, .label = N_("Occasion"), .alias = cause_alias, .max = 200,
		.flags = TK_SEARCH, .help = N_("Such as an earthquake or announced power cuts.")),
	TK_DATE(S, due_on, .label = N_("Due on"), .alias = due_alias, .flags = TK_LIST),
	TK_DATE(S, done_on, .label = N_("In place since"), .alias = done_alias, .flags = TK_LIST),
	TK_LONG(S, note, .label = N_("Note"), .alias = note_alias, .max = 2000),
	TK_INT(S, improvement_id, .label = N_("Item of the roadmap"),
	       .flags = TK_READONLY | TK_ID),
	TK_REF(S, division_id, .label = N_("Owning division"), .ref = &tk_division,
	       .flags = TK_READONLY),
};
#undef S

static const char *kind_label(const char *id)
{
	for (const struct tk_choice *c = kind; c->id; c++)
		if (!strcmp(c->id, id))
			return tk_tr(TK_JA, c->label);
	return id;
}

static enum tk_rc improve(const struct tk_op *op, struct bcp_measure *m)
{
	struct tk_improvement i = { .source_type = "bcp_measure", .source_id = m->rec.id,
				    .division_id = m->division_id, .due_on = m->due_on };
	const char *system = "";
	int64_t id = 0;
	enum tk_rc rc = tk_rec_label(op, &tk_info_system, m->info_system_id, &system);

	i.title = tk_sprintf(op->mem, "%.100s: %.100s", system, kind_label(m->kind));
	if (rc == TK_OK)
		rc = tk_improvement_add(op, &i, &id);
	tk_set_by(&tk_bcp_measure, m, "improvement_id", TK_I0(id));
	return rc;
}

/* What is in place has its day; what is missing has its place on the roadmap (BCP-04). */
static enum tk_rc measure_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	const struct tk_rtype *t = &tk_bcp_measure;
	struct bcp_measure *m = now;
	bool wanted, there;
	char day[11];

	(void)was;
	if (deleted || !m->kind || !m->state || !m->info_system_id)
		return TK_OK;
	if (!m->title)
		tk_set_by(t, m, "title", TK_S(kind_label(m->kind)));
	wanted = !strcmp(m->state, "missing") || !strcmp(m->state, "planned");
	there = !strcmp(m->state, "in_place");
	tk_date_iso(tk_today(), day);
	if (there && !m->done_on)
		tk_set_by(t, m, "done_on", TK_S(tk_strdup(op->mem, day)));
	if (!there && m->done_on)
		return tk_fail(op->e, TK_EINVAL, "done_on",
			       N_("A day stands here only when it is in place."));
	return wanted && !m->improvement_id && tk_improvement_add ? improve(op, m) : TK_OK;
}

const struct tk_rtype tk_bcp_measure = {
	.name = "bcp_measure",
	.path = "bcp-measures",
	.table = "bcp_measure",
	.label = N_("Equipment for failures"),
	.label_plural = N_("Equipment for failures"),
	.group = "systems",
	FLD(bcp_measure, measure_field),
	.title = "title",
	.order = "due_on",
	.read = TK_P_BCP_READ,
	.write = TK_P_BCP_WRITE,
	.scope_division = "division_id",
	.division_of = "info_system_id",
	.grade = 3,
	.check = measure_check,
};
