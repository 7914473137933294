/* problem.c - problems of a year, their measures and results, what is carried over (CORE-04). */
#include <string.h>
#include "base/text.h"
#include "year/year_in.h"

typedef struct tk_year_problem P;

static const struct tk_choice problem_state[] = {
	{ "open", N_("Not treated yet") },
	{ "treated", N_("Measure under way") },
	{ "solved", N_("Solved") },
	{ "carried", N_("Carried over") },
	{ 0 },
};
static const struct tk_case_transition problem_move[] = {
	{ "open", "start", "treated", TK_P_YEAR_WRITE, TK_CASE_OWNER, N_("Start the measure") },
	{ "treated", "solve", "solved", TK_P_YEAR_WRITE, TK_CASE_OWNER, N_("Solved") },
	{ "open", "carry", "carried", TK_P_YEAR_WRITE, 0, N_("Carry over to the next year") },
	{ "treated", "carry", "carried", TK_P_YEAR_WRITE, 0, N_("Carry over to the next year") },
	{ "solved", "reopen", "treated", TK_P_YEAR_WRITE, TK_CASE_COMMENT, N_("Take up again") },
	{ 0 },
};

static enum tk_rc load(const struct tk_op *op, const struct tk_case *c, P *ret)
{
	struct tk_who w = *op->who;
	struct tk_op as = { op->db, op->mem, &w, op->e };

	w.system = true;                /* whether the move is permitted the case has asked */
	return tk_rec_load(&as, &tk_problem_type, c->subject_id, ret);
}

/* No measure starts without being written down, and none ends without its result. */
static enum tk_rc moving(const struct tk_op *op, const struct tk_case *before,
			 const struct tk_case *after, const char *action)
{
	P p = { 0 };
	enum tk_rc rc = load(op, after, &p);

	(void)before;
	if (rc != TK_OK)
		return rc;
	if (!strcmp(action, "start") && tk_is_blank(p.measure))
		return tk_fail(op->e, TK_EINVAL, "measure",
			       N_("Write the measure before it is started."));
	if (!strcmp(action, "solve") && tk_is_blank(p.result))
		return tk_fail(op->e, TK_EINVAL, "result",
			       N_("Write the result before the problem is solved."));
	return TK_OK;
}

enum tk_rc tk_problem_carry(const struct tk_op *op, const P *p)
{
	P next = { 0 };
	const struct tk_rtype *t = &tk_problem_type;
	int64_t there = 0;
	enum tk_rc rc = tk_db_int(
		op->db, op->e,
		"SELECT id FROM problem WHERE carried_from_id = $1 AND deleted_at IS NULL",
		TK_ARGS(TK_I(p->rec.id)), 0, &there);

	if (rc != TK_OK || there)
		return rc;
	tk_set_by(t, &next, "fiscal_year", TK_I(p->fiscal_year + 1));
	tk_set_by(t, &next, "found_year", TK_I(p->found_year));
	tk_set_by(t, &next, "source", TK_S(p->source));
	tk_set_by(t, &next, "title", TK_S(p->title));
	tk_set_by(t, &next, "description", TK_S(p->description));
	tk_set_by(t, &next, "measure", TK_S(p->measure));
	tk_set_by(t, &next, "carried_from_id", TK_I(p->rec.id));
	tk_set_by(t, &next, "owner_staff_id", TK_I0(p->life.owner_staff_id));
	tk_set_by(t, &next, "deputy_staff_id", TK_I0(p->life.deputy_staff_id));
	tk_set_by(t, &next, "division_id", TK_I0(p->life.division_id));
	return tk_rec_insert(op, t, &next);
}

static enum tk_rc moved(const struct tk_op *op, const struct tk_case *before,
			const struct tk_case *after, const char *action)
{
	P p = { 0 };
	enum tk_rc rc;

	(void)before;
	if (strcmp(action, "carry") != 0)
		return TK_OK;
	rc = load(op, after, &p);
	return rc == TK_OK ? tk_problem_carry(op, &p) : rc;
}

const struct tk_case_type tk_problem_case = {
	.name = "problem", .label = N_("Problem of the year"), .prefix = "Q",
	.state = problem_state, .closed = "solved carried", .transition = problem_move,
	.remind_before = 7, .escalate_after = 14, .escalate = TK_P_YEAR_WRITE,
	.moving = moving, .moved = moved,
};

static const struct tk_choice source[] = {
	{ "self_inspection", N_("Self-inspection") },
	{ "education", N_("Education") },
	{ "inspection", N_("Technical inspection") },
	{ "audit", N_("Audit") },
	{ "outsourcing", N_("Outsourcing") },
	{ "incident", N_("Incident") },
	{ "committee", N_("Committee") },
	{ "other", N_("Other") },
	{ 0 },
};

static const char *const year_alias[] = { "年度", "会計年度", NULL };
static const char *const title_alias[] = { "課題", "件名", NULL };
static const char *const measure_alias[] = { "対策", "対応", NULL };
static const char *const result_alias[] = { "結果", "実施結果", NULL };
static const struct tk_field problem_field[] = {
	TK_INT(P, fiscal_year, .label = N_("Fiscal year"), .min = 1950, .max = 2200,
	       .flags = TK_REQUIRED | TK_LIST, .alias = year_alias,
	       .help = N_("The year in which it is worked on.")),
	TK_INT(P, found_year, .label = N_("Found in fiscal year"), .min = 1950, .max = 2200,
	       .flags = TK_READONLY | TK_LIST),
	TK_ENUM(P, source, .label = N_("Found by"), .flags = TK_REQUIRED | TK_LIST,
		.choice = source),
	TK_TEXT(P, title, .label = N_("Problem"), .max = 200,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH, .alias = title_alias),
	TK_LONG(P, description, .label = N_("Description"), .max = 4000, .flags = TK_SEARCH),
	TK_LONG(P, measure, .label = N_("Measure"), .max = 4000, .flags = TK_LIST | TK_SEARCH,
		.alias = measure_alias),
	TK_LONG(P, result, .label = N_("Result"), .max = 4000, .flags = TK_LIST | TK_SEARCH,
		.alias = result_alias),
	TK_REF(P, carried_from_id, .label = N_("Carried over from"), .flags = TK_READONLY,
	       .ref = &tk_problem_type),
	TK_LIFE_FIELDS(P, problem_state),
};

static enum tk_rc problem_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	P *p = now;

	(void)op;
	(void)was;
	if (!deleted && !p->carried_from_id)
		tk_set_by(&tk_problem_type, p, "found_year", TK_I0(p->fiscal_year));
	return TK_OK;
}

const struct tk_rtype tk_problem_type = {
	.name = "problem", .path = "problems", .table = "problem",
	.label = N_("Problem of the year"), .label_plural = N_("Problems of the year"),
	.group = "year", .size = sizeof(P), .field = problem_field,
	.nfield = TK_LEN(problem_field), .title = "title", .order = "-fiscal_year",
	.read = TK_P_YEAR_READ, .write = TK_P_YEAR_WRITE, .scope_own = TK_LIFE_OWN,
	.scope_division = "division_id", .grade = 2, .check = problem_check,
	.life = &tk_problem_case,
};
