/* year.c - what the module brings: types, facts of the year, and opening a year from the last. */
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "org/org.h"
#include "year/year_api.h"
#include "year/year_in.h"

/* -- facts ------------------------------------------------------------------------------------- */
#define FROM(table) " FROM " table " WHERE fiscal_year = $1 AND deleted_at IS NULL"
#define IF(condition) "CASE WHEN " condition " THEN 1 ELSE 0 END"
const struct tk_fact tk_year_facts[] = {
	{ "year.activities_done", N_("Activities of the year finished"), "%",
	  N_("Activities finished / activities planned"), TK_FACT_RATE, 1,
	  "#/records/activities?fiscal_year={year}",
	  .of = &tk_activity_type, .args = "y",
	  .sql = "SELECT id, " IF("state = 'done'") FROM("activity") },
	{ "year.problems_found", N_("Problems found"), N_("problems"),
	  N_("Problems found in the year"), TK_FACT_COUNT, 0,
	  "#/records/problems?fiscal_year={year}",
	  .of = &tk_problem_type, .args = "y",
	  .sql = "SELECT id, " IF("found_year = fiscal_year") FROM("problem") },
	{ "year.problems_solved", N_("Problems solved"), "%",
	  N_("Problems solved / problems found or carried over"), TK_FACT_RATE, 1,
	  "#/records/problems?fiscal_year={year}",
	  .of = &tk_problem_type, .args = "y",
	  .sql = "SELECT id, " IF("state = 'solved'") FROM("problem") },
	{ "year.committee_meetings", N_("Committee meetings"), N_("meetings"),
	  N_("Meetings held in the year"), TK_FACT_COUNT, 0,
	  "#/records/committee-meetings?fiscal_year={year}",
	  .of = &tk_committee_meeting_type, .args = "y",
	  .sql = "SELECT id, 1" FROM("committee_meeting") },
	{ 0 },
};

/* -- opening a year ---------------------------------------------------------------------------- */
const char *tk_shift_years(struct tk_arena *a, const char *iso, int n)
{
	struct tk_date d;
	char *s = tk_alloc(a, 11);

	if (!iso || !tk_date_from_iso(iso, &d))
		return NULL;
	d.y += n;
	if (!tk_date_valid(d))
		d.d = 28;
	tk_date_iso(d, s);
	return s;
}

struct ids { int64_t *id; size_t n, cap; struct tk_arena *mem; };

static enum tk_rc id_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct ids *l = ctx;

	(void)n;
	if (l->n == l->cap) {
		size_t cap = l->cap ? 2 * l->cap : 64;
		int64_t *p = tk_alloc_n(l->mem, cap, sizeof(*p));

		if (l->n)
			memcpy(p, l->id, l->n * sizeof(*p));
		l->id = p;
		l->cap = cap;
	}
	l->id[l->n++] = col[0].i;
	return TK_OK;
}

static enum tk_rc carry_activity(const struct tk_op *op, int64_t id, int years)
{
	const struct tk_rtype *t = &tk_activity_type;
	struct tk_activity old = { 0 }, next = { 0 };
	enum tk_rc rc = tk_rec_load(op, t, id, &old);

	if (rc != TK_OK)
		return rc;
	tk_set_by(t, &next, "fiscal_year", TK_I(old.fiscal_year + years));
	tk_set_by(t, &next, "phase", TK_S(old.phase));
	tk_set_by(t, &next, "title", TK_S(old.title));
	tk_set_by(t, &next, "from_on", TK_S(tk_shift_years(op->mem, old.from_on, years)));
	tk_set_by(t, &next, "to_on", TK_S(tk_shift_years(op->mem, old.to_on, years)));
	tk_set_by(t, &next, "note", TK_S(old.note));
	tk_set_by(t, &next, "carried_from_id", TK_I(id));
	tk_set_by(t, &next, "owner_staff_id", TK_I0(old.life.owner_staff_id));
	tk_set_by(t, &next, "deputy_staff_id", TK_I0(old.life.deputy_staff_id));
	tk_set_by(t, &next, "division_id", TK_I0(old.life.division_id));
	return tk_rec_insert(op, t, &next);
}

/* What was called off is not planned again; what was brought over and deleted stays deleted. */
static enum tk_rc carry_activities(const struct tk_op *op, int from, int to, int64_t *ret)
{
	struct ids l = { .mem = op->mem };
	enum tk_rc rc = tk_db_run(op->db, op->e,
				  "SELECT id FROM activity a WHERE fiscal_year = $1 "
				  "AND deleted_at IS NULL AND state <> 'cancelled' AND NOT EXISTS("
				  "SELECT 1 FROM activity n WHERE n.carried_from_id = a.id) "
				  "ORDER BY from_on, id",
				  TK_ARGS(TK_I(from)), id_row, &l);

	for (size_t i = 0; i < l.n && rc == TK_OK; i++)
		rc = carry_activity(op, l.id[i], to - from);
	*ret = (int64_t)l.n;
	return rc;
}

static enum tk_rc carry_problems(const struct tk_op *op, int from, int64_t *ret)
{
	struct ids l = { .mem = op->mem };
	enum tk_rc rc = tk_db_run(op->db, op->e,
				  "SELECT id FROM problem WHERE fiscal_year = $1 "
				  "AND deleted_at IS NULL AND state IN('open', 'treated') "
				  "ORDER BY id",
				  TK_ARGS(TK_I(from)), id_row, &l);

	for (size_t i = 0; i < l.n && rc == TK_OK; i++)
		rc = tk_life_move(op, &tk_problem_type, l.id[i], "carry", NULL);
	*ret = (int64_t)l.n;
	return rc;
}

enum tk_rc tk_year_carry(const struct tk_op *op, int from, int to, tk_carry_fn said, void *ctx)
{
	int64_t activities = 0, problems = 0;
	enum tk_rc rc = carry_activities(op, from, to, &activities);

	if (rc == TK_OK)
		rc = carry_problems(op, from, &problems);
	if (rc != TK_OK)
		return rc;
	said(ctx, tk_tr(op->who->lang, N_("Activities planned again")), activities);
	said(ctx, tk_tr(op->who->lang, N_("Problems carried over")), problems);
	return TK_OK;
}

/* The record of the year; one that is only planned begins now (CORE-08). */
static enum tk_rc begin_year(const struct tk_op *op, int year, int64_t *ret_begun)
{
	struct tk_who w = *op->who;
	struct tk_op as = { op->db, op->mem, &w, op->e };
	struct tk_fiscal_year y = { 0 };
	int64_t id = 0;
	enum tk_rc rc;

	w.system = true;                /* year.write covers it, org.write is not asked for */
	*ret_begun = 0;
	if ((rc = tk_fiscal_year_ensure(&as, year, &id)) != TK_OK ||
	    (rc = tk_rec_load(&as, &tk_fiscal_year_type, id, &y)) != TK_OK)
		return rc;
	if (strcmp(y.state, "planned") != 0)
		return TK_OK;
	tk_set_by(&tk_fiscal_year_type, &y, "state", TK_S("running"));
	*ret_begun = 1;
	return tk_rec_update(&as, &tk_fiscal_year_type, &y, -1);
}

enum tk_rc tk_year_open(const struct tk_op *op, int year, tk_carry_fn said, void *ctx)
{
	const struct tk_module *const *m;
	size_t n = tk_modules(&m);
	int64_t begun = 0, before = 0;
	enum tk_rc rc;

	if (tk_who_scope(op->who, TK_P_YEAR_WRITE) != TK_SCOPE_ALL)
		return tk_denied(op->e);
	rc = tk_db_int(op->db, op->e,
		       "SELECT id FROM fiscal_year WHERE year = $1 AND deleted_at IS NULL",
		       TK_ARGS(TK_I(year - 1)), 0, &before);
	if (rc == TK_OK && !before)
		rc = tk_fail(op->e, TK_ECONFLICT, "year",
			     N_("There is no fiscal year %d to open this one from."), year - 1);
	if (rc == TK_OK)
		rc = begin_year(op, year, &begun);
	if (rc == TK_OK)
		said(ctx, tk_tr(op->who->lang, N_("Fiscal years begun")), begun);
	for (size_t i = 0; i < n && rc == TK_OK; i++)
		if (m[i]->open_year)
			rc = m[i]->open_year(op, year - 1, year, said, ctx);
	return rc;
}

static const struct tk_rtype *const types[] = { &tk_activity_type, &tk_problem_type,
	&tk_year_event_type, &tk_committee_meeting_type, NULL };
static const struct tk_case_type *const cases[] = { &tk_activity_case, &tk_problem_case, NULL };

const struct tk_module tk_year_module = {
	.name = "year", .type = types, .case_type = cases, .fact = tk_year_facts,
	.route = tk_year_routes, .dates = tk_year_dates, .open_year = tk_year_carry,
};
