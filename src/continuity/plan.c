/* plan.c - continuity plans with their editions, priority work, exercises, activations. */
#include <string.h>
#include "continuity/continuity_in.h"

#define ALIAS(name, ...) static const char *const name[] = { __VA_ARGS__, NULL }
#define FLD(S, a) .size = sizeof(struct S), .field = a, .nfield = TK_LEN(a)
ALIAS(plan_alias, "計画名", "業務継続計画", "BCP", "計画");
ALIAS(division_alias, "課室", "課室名", "担当課室", "所管課室");
ALIAS(system_alias, "システム名", "情報システム", "利用システム");
ALIAS(note_alias, "備考");

/* -- plans ------------------------------------------------------------------------------------- */
static const struct tk_choice scenario[] = {
	{ "earthquake", N_("Earthquake directly under the capital") },
	{ "pandemic", N_("Infectious disease") },
	{ "power", N_("Power failure or shortage") },
	{ "failure", N_("Failure of systems") },
	{ "other", N_("Other") },
	{ 0 },
};
ALIAS(scenario_alias, "想定", "想定する危機", "シナリオ");
#define S struct bcp_plan
static const struct tk_field plan_field[] = {
	TK_TEXT(S, name, .label = N_("Business continuity plan"), .alias = plan_alias, .max = 200,
		.flags = TK_REQUIRED | TK_UNIQUE | TK_LIST | TK_SEARCH),
	TK_ENUM(S, scenario, .label = N_("Scenario"), .alias = scenario_alias, .choice = scenario,
		.flags = TK_REQUIRED | TK_LIST),
	TK_LONG(S, scenario_text, .label = N_("Assumptions"), .max = 4000, .flags = TK_SEARCH),
	TK_REF(S, division_id, .label = N_("Division"), .alias = division_alias,
	       .ref = &tk_division, .help = N_("Empty: the whole organisation.")),
	TK_DATE(S, made_on, .label = N_("Made on"), .flags = TK_READONLY | TK_LIST),
	TK_DATE(S, revised_on, .label = N_("Last revised on"), .flags = TK_READONLY | TK_LIST),
	TK_INT(S, edition, .label = N_("Edition in force"), .flags = TK_READONLY | TK_LIST),
	TK_LONG(S, note, .label = N_("Note"), .alias = note_alias, .max = 2000),
};
#undef S
const struct tk_rtype tk_bcp_plan = {
	.name = "bcp_plan",
	.path = "bcp-plans",
	.table = "bcp_plan",
	.label = N_("Business continuity plan"),
	.label_plural = N_("Business continuity plans"),
	.group = "systems",
	FLD(bcp_plan, plan_field),
	.title = "name",
	.order = "name",
	.flags = TK_T_COMMON,           /* what the agency does in a crisis, all have to know */
	.read = TK_P_BCP_READ,
	.write = TK_P_BCP_WRITE,
	.scope_division = "division_id",
	.grade = 2,
};

/* -- editions ---------------------------------------------------------------------------------- */
#define S struct bcp_edition
ALIAS(edition_alias, "版", "版数");
ALIAS(decided_alias, "決定日", "改定日", "策定日");
ALIAS(changes_alias, "改定内容", "変更点");
static const struct tk_field edition_field[] = {
	TK_REF(S, bcp_plan_id, .label = N_("Business continuity plan"), .alias = plan_alias,
	       .ref = &tk_bcp_plan, .flags = TK_REQUIRED | TK_LIST | TK_FIXED),
	TK_INT(S, edition, .label = N_("Edition"), .alias = edition_alias, .min = 1, .max = 999,
	       .flags = TK_REQUIRED | TK_LIST),
	TK_DATE(S, decided_on, .label = N_("Decided on"), .alias = decided_alias,
		.flags = TK_REQUIRED | TK_LIST),
	TK_LONG(S, changes, .label = N_("What changed"), .alias = changes_alias, .max = 4000,
		.flags = TK_LIST | TK_SEARCH),
	TK_REF(S, division_id, .label = N_("Division"), .ref = &tk_division, .flags = TK_READONLY),
};
#undef S

/* First and last edition say when the plan was made and revised. */
static enum tk_rc edition_saved(const struct tk_op *op, const void *was, const void *now,
				bool deleted)
{
	const struct bcp_edition *e = now;
	struct tk_who w = *op->who;
	struct tk_op as = { op->db, op->mem, &w, op->e };
	struct bcp_plan p = { 0 };
	struct tk_value col[3];
	bool found;
	enum tk_rc rc = tk_rec_load(op, &tk_bcp_plan, e->bcp_plan_id, &p);

	(void)was;
	(void)deleted;
	w.system = true;                /* dates that the program keeps */
	if (rc == TK_OK)
		rc = tk_db_first(op->db, op->mem, op->e,
				 "SELECT MIN(decided_on), MAX(decided_on), MAX(edition) FROM"
				 " bcp_edition WHERE bcp_plan_id = $1 AND deleted_at IS NULL",
				 TK_ARGS(TK_I(e->bcp_plan_id)), col, 3, &found);
	if (rc != TK_OK)
		return rc;
	tk_set_by(&tk_bcp_plan, &p, "made_on", col[0]);
	tk_set_by(&tk_bcp_plan, &p, "revised_on",
		  col[0].s && col[1].s && strcmp(col[0].s, col[1].s) != 0 ? col[1] : TK_NULL);
	tk_set_by(&tk_bcp_plan, &p, "edition", col[2]);
	return tk_rec_update(&as, &tk_bcp_plan, &p, -1);
}

const struct tk_rtype tk_bcp_edition = {
	.name = "bcp_edition",
	.path = "bcp-editions",
	.table = "bcp_edition",
	.label = N_("Edition of a continuity plan"),
	.label_plural = N_("Editions of continuity plans"),
	.group = "systems",
	FLD(bcp_edition, edition_field),
	.order = "-decided_on",
	.flags = TK_T_COMMON,
	.read = TK_P_BCP_READ,
	.write = TK_P_BCP_WRITE,
	.scope_division = "division_id",
	.division_of = "bcp_plan_id",
	.grade = 2,
	.saved = edition_saved,
};

/* -- priority work ----------------------------------------------------------------------------- */
ALIAS(work_alias, "業務名", "非常時優先業務", "業務");
ALIAS(hours_alias, "目標復旧時間", "目標時間", "開始目標時間");
#define S struct priority_work
static const struct tk_field work_field[] = {
	TK_TEXT(S, name, .label = N_("Emergency priority work"), .alias = work_alias, .max = 200,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH),
	TK_REF(S, division_id, .label = N_("Division"), .alias = division_alias,
	       .ref = &tk_division, .flags = TK_REQUIRED | TK_LIST),
	TK_INT(S, target_hours, .label = N_("Taken up again within (hours)"), .alias = hours_alias,
	       .min = 0, .max = 8760, .flags = TK_LIST),
	TK_REF(S, info_system_id, .label = N_("Needs the system"), .alias = system_alias,
	       .ref = &tk_info_system, .flags = TK_LIST),
	TK_REF(S, bcp_plan_id, .label = N_("Business continuity plan"), .alias = plan_alias,
	       .ref = &tk_bcp_plan, .flags = TK_LIST),
	TK_LONG(S, note, .label = N_("Note"), .alias = note_alias, .max = 2000),
};
#undef S
const struct tk_rtype tk_priority_work = {
	.name = "priority_work",
	.path = "priority-works",
	.table = "priority_work",
	.label = N_("Emergency priority work"),
	.label_plural = N_("Emergency priority work"),
	.group = "systems",
	FLD(priority_work, work_field),
	.title = "name",
	.order = "target_hours",
	.read = TK_P_BCP_READ,
	.write = TK_P_BCP_WRITE,
	.scope_division = "division_id",
	.grade = 2,
};

/* -- exercises --------------------------------------------------------------------------------- */
static const struct tk_choice result[] = {
	{ "as_planned", N_("As planned") },
	{ "with_problems", N_("With problems") },
	{ "failed", N_("Not carried through") },
	{ 0 },
};
ALIAS(exercise_alias, "訓練名", "件名", "訓練");
ALIAS(held_alias, "実施日", "訓練日");
ALIAS(participants_alias, "参加者数", "参加人数");
ALIAS(result_alias, "結果");
ALIAS(problems_alias, "課題", "問題点");
ALIAS(lessons_alias, "教訓", "改善点");
#define S struct bcp_exercise
static const struct tk_field exercise_field[] = {
	TK_TEXT(S, title, .label = N_("Exercise"), .alias = exercise_alias, .max = 200,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH),
	TK_DATE(S, held_on, .label = N_("Held on"), .alias = held_alias,
		.flags = TK_REQUIRED | TK_LIST),
	TK_REF(S, bcp_plan_id, .label = N_("Business continuity plan"), .alias = plan_alias,
	       .ref = &tk_bcp_plan, .flags = TK_LIST),
	TK_REF(S, info_system_id, .label = N_("Information system"), .alias = system_alias,
	       .ref = &tk_info_system, .flags = TK_LIST),
	TK_REF(S, division_id, .label = N_("Division"), .alias = division_alias,
	       .ref = &tk_division),
	TK_INT(S, participants, .label = N_("Participants"), .alias = participants_alias, .min = 0,
	       .max = 1000000, .flags = TK_LIST),
	TK_ENUM(S, result, .label = N_("Result"), .alias = result_alias, .choice = result,
		.flags = TK_REQUIRED | TK_LIST),
	TK_LONG(S, problems, .label = N_("Problems"), .alias = problems_alias, .max = 4000,
		.flags = TK_SEARCH),
	TK_LONG(S, lessons, .label = N_("Lessons"), .alias = lessons_alias, .max = 4000,
		.flags = TK_SEARCH),
};
#undef S
const struct tk_rtype tk_bcp_exercise = {
	.name = "bcp_exercise",
	.path = "bcp-exercises",
	.table = "bcp_exercise",
	.label = N_("Continuity exercise"),
	.label_plural = N_("Continuity exercises"),
	.group = "systems",
	FLD(bcp_exercise, exercise_field),
	.title = "title",
	.order = "-held_on",
	.read = TK_P_BCP_READ,
	.write = TK_P_BCP_WRITE,
	.scope_division = "division_id",
	.grade = 2,
};

/* -- activations ------------------------------------------------------------------------------- */
static const struct tk_choice evaluation[] = {
	{ "worked", N_("Worked as planned") },
	{ "partly", N_("Worked in part") },
	{ "not", N_("Did not work") },
	{ 0 },
};
ALIAS(event_alias, "事象", "事案", "契機", "発動事由");
ALIAS(from_alias, "開始日", "発動日");
ALIAS(to_alias, "終了日", "解除日");
ALIAS(activated_alias, "発動", "発動状況", "発動の有無");
ALIAS(evaluation_alias, "評価", "有効性");
ALIAS(evaluation_text_alias, "評価の内容", "評価内容");
#define S struct bcp_activation
static const struct tk_field activation_field[] = {
	TK_TEXT(S, event, .label = N_("Event"), .alias = event_alias, .max = 200,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH),
	TK_REF(S, division_id, .label = N_("Division"), .alias = division_alias,
	       .ref = &tk_division, .flags = TK_REQUIRED | TK_LIST),
	TK_DATE(S, from_on, .label = N_("From"), .alias = from_alias,
		.flags = TK_REQUIRED | TK_LIST),
	TK_DATE(S, to_on, .label = N_("Until"), .alias = to_alias),
	TK_REF(S, bcp_plan_id, .label = N_("Business continuity plan"), .alias = plan_alias,
	       .ref = &tk_bcp_plan, .flags = TK_LIST),
	TK_BOOL(S, had_plan, .label = N_("There was a plan before"),
		.flags = TK_READONLY | TK_LIST),
	TK_BOOL(S, activated, .label = N_("The plan was activated"), .alias = activated_alias,
		.flags = TK_LIST),
	TK_ENUM(S, evaluation, .label = N_("Evaluation"), .alias = evaluation_alias,
		.choice = evaluation, .flags = TK_LIST),
	TK_LONG(S, evaluation_text, .label = N_("Evaluation in words"),
		.alias = evaluation_text_alias, .max = 4000, .flags = TK_SEARCH),
};
#undef S

/* Only a plan that was there before the event can have been activated and be evaluated (BCP-05). */
static enum tk_rc activation_check(const struct tk_op *op, const void *was, void *now,
				   bool deleted)
{
	struct bcp_activation *a = now;
	int64_t before = 0;
	enum tk_rc rc;

	(void)was;
	if (deleted || !a->from_on)
		return TK_OK;
	if (a->to_on && strcmp(a->to_on, a->from_on) < 0)
		return tk_fail(op->e, TK_EINVAL, "to_on",
			       N_("The last day must not be before the first day."));
	rc = tk_db_int(op->db, op->e,
		       "SELECT COUNT(*) FROM bcp_plan WHERE id = $1 AND made_on < $2",
		       TK_ARGS(TK_I(a->bcp_plan_id), TK_S(a->from_on)), 0, &before);
	tk_set_by(&tk_bcp_activation, a, "had_plan", TK_I(before > 0));
	if (rc != TK_OK || before)
		return rc;
	if (a->activated)
		return tk_fail(op->e, TK_EINVAL, "activated",
			       N_("No plan made before %s is named; none can have been activated."),
			       a->from_on);
	if (a->evaluation)
		return tk_fail(op->e, TK_EINVAL, "evaluation",
			       N_("Only a plan made before the event can be evaluated."));
	return TK_OK;
}

const struct tk_rtype tk_bcp_activation = {
	.name = "bcp_activation",
	.path = "bcp-activations",
	.table = "bcp_activation",
	.label = N_("Activation of a continuity plan"),
	.label_plural = N_("Activations of continuity plans"),
	.group = "systems",
	FLD(bcp_activation, activation_field),
	.title = "event",
	.order = "-from_on",
	.read = TK_P_BCP_READ,
	.write = TK_P_BCP_WRITE,
	.scope_division = "division_id",
	.grade = 2,
	.check = activation_check,
};
