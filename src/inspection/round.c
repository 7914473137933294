/* round.c - a year's inspection, and the result of each item on each server. */
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "inspection/inspection_in.h"

#define ALIAS(name, ...) static const char *const name[] = { __VA_ARGS__, NULL }

/* -- the life of a round ----------------------------------------------------------------------- */
static const struct tk_choice state[] = { { "planned", N_("Scheduled") },
					  { "running", N_("Running") },
					  { "complete", N_("Complete") }, { 0 } };
static const struct tk_case_transition transition[] = {
	{ "planned", "start", "running", TK_P_TECH_WRITE, 0, N_("Start") },
	{ "running", "complete", "complete", TK_P_TECH_WRITE, 0, N_("Complete") },
	{ "complete", "reopen", "running", TK_P_TECH_WRITE, TK_CASE_COMMENT, N_("Open again") },
	{ 0 },
};

struct lack { int64_t empty, open; const char *server, *check; };

static enum tk_rc on_cell(void *ctx, const struct tk_cell_state *c)
{
	struct lack *l = ctx;
	bool empty = !c->result, bad = !empty && !strcmp(c->result, "non_conforming");

	if (!empty && !(bad && (!c->measure || !c->due_on)))
		return TK_OK;
	if (!l->empty && !l->open) {
		l->server = c->server_name;
		l->check = c->check_code;
	}
	l->empty += empty;
	l->open += bad;
	return TK_OK;
}

/* Complete is what has no empty cell, and a measure for whatever does not conform. */
static enum tk_rc moving(const struct tk_op *op, const struct tk_case *before,
			 const struct tk_case *after, const char *action)
{
	struct lack l = { 0 };
	int64_t n = 0;
	enum tk_rc rc;

	(void)before;
	if (!strcmp(action, "start")) {
		rc = tk_db_int(op->db, op->e,
			       "SELECT COUNT(*)" CELLS " WHERE r.id = $1",
			       TK_ARGS(TK_I(after->subject_id)), 0, &n);
		return rc != TK_OK || n ? rc
					: tk_fail(op->e, TK_ECONFLICT, "fiscal_year",
						  N_("There is nothing to inspect: the year has no "
						     "items for any server in operation."));
	}
	if (strcmp(action, "complete") != 0)
		return TK_OK;
	rc = tk_cells_each(op, after->subject_id, on_cell, &l);
	if (rc == TK_OK && l.empty)
		return tk_fail(op->e, TK_ECONFLICT, "state",
			       N_("%d cells are still empty, the first: %s, %s."), (int)l.empty,
			       l.server, l.check);
	if (rc == TK_OK && l.open)
		return tk_fail(op->e, TK_ECONFLICT, "state",
			       N_("%d results that do not conform have no measure with a due date, "
				  "the first: %s, %s."),
			       (int)l.open, l.server, l.check);
	return rc;
}

const struct tk_case_type tk_tech_round_case = {
	.name = "tech_round",
	.label = N_("Technical inspection"),
	.prefix = "T",
	.state = state,
	.closed = "complete",
	.transition = transition,
	.remind_before = 14,
	.escalate_after = 7,
	.escalate = TK_P_TECH_WRITE,
	.moving = moving,
};

ALIAS(title_alias, "名称", "件名", "検査名");
ALIAS(year_alias, "年度", "会計年度");
ALIAS(from_alias, "開始日", "実施期間（開始）");
ALIAS(to_alias, "終了日", "実施期間（終了）");
ALIAS(inspector_alias, "検査者", "検査担当者", "点検者", "実施者");
#define S struct tech_round
static const struct tk_field round_field[] = {
	TK_TEXT(S, title, .label = N_("Title"), .alias = title_alias, .max = 200,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH),
	TK_INT(S, fiscal_year, .label = N_("Fiscal year"), .alias = year_alias, .min = 1950,
	       .max = 2200, .flags = TK_REQUIRED | TK_LIST | TK_FIXED),
	TK_DATE(S, from_on, .label = N_("From"), .alias = from_alias,
		.flags = TK_REQUIRED | TK_LIST),
	TK_DATE(S, to_on, .label = N_("Until"), .alias = to_alias,
		.flags = TK_REQUIRED | TK_LIST,
		.help = N_("Servers in operation on this day are inspected.")),
	TK_TEXT(S, inspector, .label = N_("Inspector"), .alias = inspector_alias, .max = 200),
	TK_LONG(S, note, .label = N_("Note"), .max = 2000),
	TK_LIFE_FIELDS(S, state),
};
#undef S

static enum tk_rc round_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct tech_round *r = now;

	(void)was;
	if (deleted || !r->from_on || !r->to_on)
		return TK_OK;
	if (strcmp(r->to_on, r->from_on) < 0)
		return tk_fail(op->e, TK_EINVAL, "to_on",
			       N_("The last day must not be before the first day."));
	if (!r->life.due_on)
		tk_set_by(&tk_tech_round, r, "due_on", TK_S(r->to_on));
	return TK_OK;
}

const struct tk_rtype tk_tech_round = {
	.name = "tech_round",
	.path = "tech-rounds",
	.table = "tech_round",
	.label = N_("Technical inspection"),
	.label_plural = N_("Technical inspections"),
	.group = "inspection",
	.size = sizeof(struct tech_round),
	.field = round_field,
	.nfield = TK_LEN(round_field),
	.title = "title",
	.order = "-from_on",
	/* whose servers are inspected knows of the inspection */
	.flags = TK_T_COMMON | TK_T_DUE_BY_RULE,
	.read = TK_P_TECH_READ,
	.write = TK_P_TECH_WRITE,
	.scope_own = TK_LIFE_OWN,
	.scope_division = "division_id",
	.grade = 2,
	.check = round_check,
	.life = &tk_tech_round_case,
};

/* -- results ----------------------------------------------------------------------------------- */
const struct tk_choice tk_tech_result_choice[] = {
	{ "conforming", N_("Conforming") },
	{ "non_conforming", N_("Non-conforming") },
	{ "not_applicable", N_("Not applicable") },
	{ 0 },
};
ALIAS(server_alias, "サーバ名", "サーバー名", "ホスト名", "機器名", "サーバ");
ALIAS(check_alias, "項目番号", "検査項目番号", "検査項目", "点検項目", "番号");
ALIAS(round_alias, "検査", "検査名");
ALIAS(result_alias, "結果", "判定", "適否", "検査結果");
ALIAS(evidence_alias, "根拠", "確認内容", "証跡", "備考");
ALIAS(day_alias, "検査日", "点検日", "実施日", "確認日");
ALIAS(measure_alias, "対策", "改善策", "改善内容");
ALIAS(due_alias, "期限", "改善期限");
ALIAS(done_alias, "改善日", "完了日");
#define S struct tech_result
static const struct tk_field result_field[] = {
	TK_REF(S, tech_round_id, .label = N_("Technical inspection"), .alias = round_alias,
	       .ref = &tk_tech_round, .flags = TK_REQUIRED | TK_LIST | TK_FIXED),
	TK_REF(S, server_id, .label = N_("Server"), .alias = server_alias, .ref = &tk_server_type,
	       .flags = TK_REQUIRED | TK_LIST | TK_FIXED),
	TK_REF(S, tech_check_id, .label = N_("Inspection check"), .alias = check_alias,
	       .ref = &tk_tech_check, .flags = TK_REQUIRED | TK_LIST | TK_FIXED),
	TK_ENUM(S, result, .label = N_("Result"), .alias = result_alias,
		.choice = tk_tech_result_choice, .flags = TK_REQUIRED | TK_LIST),
	TK_LONG(S, evidence, .label = N_("Evidence"), .alias = evidence_alias, .max = 4000,
		.flags = TK_SEARCH, .help = N_("Where it does not apply: why not.")),
	TK_TEXT(S, inspector, .label = N_("Inspector"), .alias = inspector_alias, .max = 200),
	TK_DATE(S, inspected_on, .label = N_("Inspected on"), .alias = day_alias,
		.flags = TK_LIST),
	TK_LONG(S, measure, .label = N_("Measure"), .alias = measure_alias, .max = 4000),
	TK_DATE(S, due_on, .label = N_("Due on"), .alias = due_alias, .flags = TK_LIST),
	TK_DATE(S, done_on, .label = N_("Improved on"), .alias = done_alias, .flags = TK_LIST),
	TK_INT(S, improvement_id, .label = N_("Item of the roadmap"),
	       .flags = TK_READONLY | TK_ID),
	TK_REF(S, division_id, .label = N_("Owning division"), .ref = &tk_division,
	       .flags = TK_READONLY),
};
#undef S

struct fit { const char *state, *server, *check, *category; };

/* Round, server and item belong together: kind and year. */
static enum tk_rc fits(const struct tk_op *op, const struct tech_result *x, struct fit *ret)
{
	struct tk_value col[7];
	bool found;
	enum tk_rc rc = tk_db_first(op->db, op->mem, op->e,
				    "SELECT r.state, v.name, c.code, c.text, CASE WHEN"
				    " c.server_kind = v.kind THEN 1 ELSE 0 END, CASE WHEN"
				    " c.fiscal_year = r.fiscal_year THEN 1 ELSE 0 END, c.category"
				    " FROM tech_round r, server v, tech_check c WHERE r.id = $1 AND"
				    " v.id = $2 AND c.id = $3",
				    TK_ARGS(TK_I(x->tech_round_id), TK_I(x->server_id),
					    TK_I(x->tech_check_id)),
				    col, 7, &found);

	if (rc != TK_OK)
		return rc;
	if (!found)
		return TK_OK;           /* what is required says so later */
	*ret = (struct fit){ col[0].s, col[1].s,
			     tk_sprintf(op->mem, "%s %s", col[2].s, col[3].s), col[6].s };
	if (!col[4].i)
		return tk_fail(op->e, TK_EINVAL, "tech_check_id",
			       N_("The item %s is not for a server of the kind of %s."), col[2].s,
			       col[1].s);
	if (!col[5].i)
		return tk_fail(op->e, TK_EINVAL, "tech_check_id",
			       N_("The item %s is of another fiscal year than the inspection."),
			       col[2].s);
	return TK_OK;
}

/* Where an improvement stands on the roadmap until somebody moves it. */
static void place(struct tk_improvement *i, const char *category)
{
	bool admin = !strcmp(category, "server_admin"), info = !strcmp(category, "info_protect");

	i->threat = admin ? "insider" : info ? "error" : "external";
	i->property = admin ? "integrity" : "confidentiality";
}

/* Until the end of the year, unless somebody says another day. */
static enum tk_rc improve(const struct tk_op *op, struct tech_result *x, const char *server,
			  const char *check, const char *category)
{
	const struct tk_rtype *t = &tk_tech_result;
	struct tk_improvement i = { .source_type = "tech_result", .source_id = x->rec.id,
				    .division_id = x->division_id };
	int64_t year = 0, id = 0;
	enum tk_rc rc = tk_db_int(op->db, op->e, "SELECT fiscal_year FROM tech_round WHERE id = $1",
				  TK_ARGS(TK_I(x->tech_round_id)), 0, &year);

	if (!x->due_on)
		tk_set_by(t, x, "due_on",
			  TK_S(tk_sprintf(op->mem, "%d-03-31", (int)year + 1)));
	/* what was improved before it was entered needs no place on the roadmap */
	if (rc != TK_OK || x->improvement_id || x->done_on || !tk_improvement_add)
		return rc;
	i.due_on = x->due_on;
	place(&i, category);
	i.title = tk_utf8_head(op->mem, tk_sprintf(op->mem, "%s: %s", server, check), 200);
	rc = tk_improvement_add(op, &i, &id);
	tk_set_by(t, x, "improvement_id", TK_I0(id));
	return rc;
}

static enum tk_rc result_fields(const struct tk_op *op, struct tech_result *x)
{
	const struct tk_rtype *t = &tk_tech_result;
	bool bad = !strcmp(x->result, "non_conforming");
	char day[11];

	tk_date_iso(tk_today(), day);
	if (!x->inspected_on)
		tk_set_by(t, x, "inspected_on", TK_S(tk_strdup(op->mem, day)));
	if (!x->inspector && op->who->name)
		tk_set_by(t, x, "inspector", TK_S(op->who->name));
	if (!strcmp(x->result, "not_applicable") && tk_is_blank(x->evidence))
		return tk_fail(op->e, TK_EINVAL, "evidence",
			       N_("Say why the item does not apply to this server."));
	if (!bad && (x->done_on || x->due_on || x->measure))
		return tk_fail(op->e, TK_EINVAL,
			       x->done_on  ? "done_on"
			       : x->due_on ? "due_on"
					   : "measure",
			       N_("Only a result that does not conform has a measure."));
	return TK_OK;
}

static enum tk_rc result_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct tech_result *x = now;
	const struct tech_result *old = was;
	struct fit f = { 0 };
	bool follow_up;
	enum tk_rc rc = fits(op, x, &f);

	if (rc != TK_OK || !f.state)
		return rc;
	/* a finished inspection stays as it is; what was to be improved is still followed */
	follow_up = old && !deleted && old->result && x->result &&
		    !strcmp(old->result, x->result) && !strcmp(x->result, "non_conforming");
	if (strcmp(f.state, "running") != 0 && !follow_up && !op->who->system)
		return tk_fail(op->e, TK_ECONFLICT, "tech_round_id",
			       N_("Results are entered while the inspection is running; it is "
				  "\"%s\"."),
			       tk_case_state_label(&tk_tech_round_case, f.state, op->e->lang));
	if (deleted || !x->result)
		return TK_OK;
	if ((rc = result_fields(op, x)) != TK_OK || strcmp(x->result, "non_conforming") != 0)
		return rc;
	return improve(op, x, f.server, f.check, f.category);
}

const struct tk_rtype tk_tech_result = {
	.name = "tech_result",
	.path = "tech-results",
	.table = "tech_result",
	.label = N_("Result of technical inspection"),
	.label_plural = N_("Results of technical inspection"),
	.group = "inspection",
	.size = sizeof(struct tech_result),
	.field = result_field,
	.nfield = TK_LEN(result_field),
	.order = "-inspected_on",
	.read = TK_P_TECH_READ,
	.write = TK_P_TECH_WRITE,
	.scope_division = "division_id",
	.division_of = "server_id",
	.grade = 3,
	.check = result_check,
};
