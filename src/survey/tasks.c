/* tasks.c - what surveys give people to do: answering, signing off, running campaigns, review. */
#include <inttypes.h>
#include <string.h>
#include "base/clock.h"
#include "case/task.h"
#include "survey/section.h"
#include "survey/tasks.h"

struct tasks { const struct tk_op *op; tk_task_fn add; void *ctx; char today[11]; };

/* id, title_ja, title_en, closes_on, response state, receipt_no */
struct own { int64_t id; const char *title_ja, *title_en, *due, *state, *receipt; };
struct owns { struct tk_arena *a; struct own v[64]; size_t n; };

static enum tk_rc own_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct owns *o = ctx;

	(void)n;
	if (o->n < TK_LEN(o->v))
		o->v[o->n++] = (struct own){ col[0].i,
					     tk_strdup(o->a, col[1].s),
					     tk_strdup(o->a, col[2].s),
					     tk_strdup(o->a, col[3].s),
					     tk_strdup(o->a, col[4].s),
					     tk_strdup(o->a, col[5].s) };
	return TK_OK;
}

static const char *own_detail(const struct tk_op *op, const struct own *w)
{
	if (tk_response_counts(w->state))
		return tk_sprintf(op->mem, "%s %s",
				  tk_tr(op->who->lang, N_("Submitted. Receipt number:")),
				  w->receipt ? w->receipt : "");
	if (w->state && !strcmp(w->state, "sent_back"))
		return tk_tr(op->who->lang,
			     N_("Your answers were sent back. Please look at them again."));
	return tk_tr(op->who->lang, N_("Please answer and submit."));
}

/* What is to be done with one response: by a whole person, or by a colleague of an institution, to
 * whom sections are given (none: nothing is to be done). */
struct todo { const char *detail; size_t asked, answered; bool done, none; };

static enum tk_rc section_todo(const struct tk_op *op, const struct tk_response *r,
			       const struct own *w, struct todo *ret)
{
	bool all = true, submitted = tk_response_counts(w->state);
	const char *list = NULL, *between = op->who->lang == TK_JA ? "、" : ", ";
	struct tk_section *s;
	size_t n;
	enum tk_rc rc = tk_sections(op, r, &s, &n);

	if (rc != TK_OK)
		return rc;
	*ret = (struct todo){ .none = !n };
	for (size_t i = 0; i < n; i++) {
		ret->asked += s[i].asked;
		ret->answered += s[i].answered;
		all &= s[i].done;
		list = tk_sprintf(op->mem, "%s%s%s", list ? list : "", list ? between : "",
				  s[i].label);
	}
	ret->done = submitted || all;
	ret->detail = submitted ? tk_tr(op->who->lang, N_("Submitted by your coordinator."))
		      : all     ? tk_tr(op->who->lang, N_("You have marked your sections as done."))
				: tk_sprintf(op->mem, "%s %s",
					     tk_tr(op->who->lang, N_("Please answer:")),
					     list ? list : "");
	return TK_OK;
}

static enum tk_rc todo_of(const struct tk_op *op, const struct own *w, struct todo *ret)
{
	struct tk_response r;
	enum tk_rc rc = tk_response_mine(op, w->id, &r);

	if (rc != TK_OK)
		return rc;
	if (op->who->institution_id && !op->who->coordinator)
		return section_todo(op, &r, w, ret);
	*ret = (struct todo){ .detail = own_detail(op, w), .done = tk_response_counts(w->state) };
	tk_response_count(&r, &ret->asked, &ret->answered);
	return TK_OK;
}

static enum tk_rc own_tasks(const struct tasks *t, const struct owns *o)
{
	const struct tk_op *op = t->op;
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < o->n && rc == TK_OK; i++) {
		const struct own *w = &o->v[i];
		struct todo x;

		rc = todo_of(op, w, &x);
		if (rc != TK_OK || x.none)
			continue;
		t->add(t->ctx, &(struct tk_task){
			.kind = "answer",
			.campaign_id = w->id,
			.title = tk_in(op->who->lang, w->title_ja, w->title_en),
			.detail = x.detail,
			.due = w->due,
			.done = (int64_t)x.answered,
			.total = (int64_t)x.asked,
			.href = tk_sprintf(op->mem, "#/answer/%" PRId64, w->id),
			.finished = x.done,
		});
	}
	return rc;
}

/* Institutions find their finished surveys again: results and position sheet come after closing. */
static enum tk_rc answer_tasks(struct tasks *t, struct owns *o)
{
	const struct tk_op *op = t->op;

	o->a = op->mem;
	if ((!op->who->staff_id && !op->who->institution_id) ||
	    tk_who_scope(op->who, TK_P_ANSWER_OWN) == TK_SCOPE_NONE)
		return TK_OK;
	return tk_db_run(
		op->db, op->e,
		"SELECT c.id, c.title_ja, c.title_en, c.closes_on, s.state, s.receipt_no FROM "
		"respondent r"
		" JOIN campaign c ON c.id = r.campaign_id LEFT JOIN response s ON s.id = r.id"
		" WHERE (r.staff_id = $1 OR r.institution_id = $2) AND r.state = 'in' AND "
		"r.deleted_at IS NULL AND c.deleted_at IS NULL AND (c.state = 'open'"
		" OR (c.state = 'closed' AND r.institution_id = $2 AND s.state IN ('submitted', "
		"'accepted')))"
		" ORDER BY c.closes_on, c.id",
		TK_ARGS(TK_I0(op->who->staff_id), TK_I0(op->who->institution_id)), own_row, o);
}

/* Divisions the caller signs off, in open campaigns. */
struct roll {
	int64_t campaign, division, total, done;
	const char *title_ja, *title_en, *due, *name, *state;
};
struct rolls { struct tk_arena *a; enum tk_lang lang; struct roll v[128]; size_t n; };

static enum tk_rc roll_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct rolls *o = ctx;

	(void)n;
	if (o->n < TK_LEN(o->v))
		o->v[o->n++] = (struct roll){ col[0].i,
					      col[1].i,
					      col[6].i,
					      col[7].i,
					      tk_strdup(o->a, col[2].s),
					      tk_strdup(o->a, col[3].s),
					      tk_strdup(o->a, col[4].s),
					      tk_strdup(o->a, tk_in(o->lang, col[5].s, col[9].s)),
					      tk_strdup(o->a, col[8].s) };
	return TK_OK;
}

static enum tk_rc rollup_tasks(struct tasks *t, struct rolls *o)
{
	const struct tk_op *op = t->op;
	enum tk_rc rc = TK_OK;
	enum tk_scope scope = tk_who_scope(op->who, TK_P_ROLLUP_SIGN);

	o->a = op->mem;
	o->lang = op->who->lang;
	/* who heads a bureau signs for the divisions named besides; the bureau's heads sign for
	 * theirs */
	if (scope != TK_SCOPE_DIVISION && scope != TK_SCOPE_BUREAU)
		return TK_OK;
	for (size_t i = 0; i < op->who->ndivision && rc == TK_OK; i++)
		rc = tk_db_run(
			op->db, op->e,
			"SELECT c.id, d.id, c.title_ja, c.title_en, c.closes_on, d.name, COUNT(*),"
			" CAST(SUM(CASE WHEN s.state = 'submitted' THEN 1 ELSE 0 END) AS BIGINT),"
			" (SELECT k.state FROM tk_case k WHERE k.parent_id = c.id AND k.type = "
			"'division_sign_off' AND k.division_id = d.id"
			" AND k.deleted_at IS NULL ORDER BY k.id DESC LIMIT 1), d.name_en"
			" FROM campaign c JOIN respondent r ON r.campaign_id = c.id JOIN division "
			"d ON d.id = r.division_id"
			" LEFT JOIN response s ON s.id = r.id WHERE c.state = 'open' AND "
			"c.deleted_at IS NULL AND r.state = 'in'"
			" AND r.deleted_at IS NULL AND r.division_id = $1 GROUP BY c.id, d.id, "
			"c.title_ja, c.title_en, c.closes_on, d.name, d.name_en",
			TK_ARGS(TK_I(op->who->division[i])), roll_row, o);
	return rc;
}

static const char *rollup_detail(const struct roll *r, bool is_signed)
{
	return is_signed ? N_("Signed off.")
	       : r->done == r->total
		       ? N_("Everybody has answered. Please sign the division off.")
		       : N_("Please see to it that everybody answers, then sign the division off.");
}

static void rollup_items(const struct tasks *t, const struct rolls *o)
{
	const struct tk_op *op = t->op;
	enum tk_lang lang = op->who->lang;

	for (size_t i = 0; i < o->n; i++) {
		const struct roll *r = &o->v[i];
		bool is_signed = r->state && !strcmp(r->state, "signed");

		t->add(t->ctx, &(struct tk_task){
			.kind = "rollup",
			.campaign_id = r->campaign,
			.title = tk_sprintf(op->mem, "%s: %s", r->name,
					    tk_in(lang, r->title_ja, r->title_en)),
			.detail = tk_tr(lang, rollup_detail(r, is_signed)),
			.due = r->due,
			.done = r->done,
			.total = r->total,
			.href = tk_sprintf(op->mem, "#/rollup/%" PRId64 "/%" PRId64, r->campaign,
					   r->division),
			.finished = is_signed,
		});
	}
}

/* The office: campaigns to open, to follow, to close. */
static enum tk_rc office_row(void *ctx, const struct tk_value *col, size_t n)
{
	const struct tasks *t = ctx;
	const struct tk_op *op = t->op;
	bool planned = !strcmp(col[4].s, "planned"),
	     over = col[3].s && strcmp(col[3].s, t->today) < 0;
	const char *detail = planned ? N_("This campaign is prepared. Check it, then open it.") :
		over ? N_("The last day is over. Close the campaign, or extend it.") :
		N_("The campaign is open. See who has not answered yet.");

	(void)n;
	t->add(t->ctx, &(struct tk_task){
		.kind = planned ? "publish" : over ? "close" : "remind",
		.campaign_id = col[0].i,
		.title = tk_strdup(op->mem, tk_in(op->who->lang, col[1].s, col[2].s)),
		.detail = tk_tr(op->who->lang, detail),
		.due = tk_strdup(op->mem, col[3].s),
		.done = col[6].i,
		.total = col[5].i,
		.href = tk_sprintf(op->mem, "#/campaigns/%" PRId64, col[0].i),
	});
	return TK_OK;
}

static enum tk_rc office_tasks(struct tasks *t)
{
	const struct tk_op *op = t->op;

	if (tk_who_scope(op->who, TK_P_CAMPAIGN_MANAGE) != TK_SCOPE_ALL)
		return TK_OK;
	return tk_db_run(op->db, op->e,
			 "SELECT c.id, c.title_ja, c.title_en, c.closes_on, c.state, COUNT(r.id),"
			 " CAST(COALESCE(SUM(CASE WHEN s.state IN ('submitted', 'accepted') THEN 1 "
			 "ELSE 0 END), 0) AS BIGINT) FROM campaign c"
			 " LEFT JOIN respondent r ON r.campaign_id = c.id AND r.state = 'in' AND "
			 "r.deleted_at IS NULL LEFT JOIN response s ON s.id = r.id"
			 " WHERE c.state <> 'closed' AND c.deleted_at IS NULL GROUP BY c.id, "
			 "c.title_ja, c.title_en, c.closes_on, c.state"
			 " ORDER BY c.closes_on, c.id",
			 NULL, 0, office_row, t);
}

/* The reviewer: what institutions have submitted and nobody has looked at yet. */
static enum tk_rc review_row(void *ctx, const struct tk_value *col, size_t n)
{
	const struct tasks *t = ctx;
	const struct tk_op *op = t->op;

	(void)n;
	t->add(t->ctx, &(struct tk_task){
		.kind = "review",
		.campaign_id = col[0].i,
		.title = tk_strdup(op->mem, tk_in(op->who->lang, col[1].s, col[2].s)),
		.detail = tk_tr(op->who->lang,
				N_("Institutions have submitted. Please review their answers.")),
		.done = col[4].i,
		.total = col[3].i + col[4].i,
		.href = tk_sprintf(op->mem, "#/campaigns/%" PRId64 "/panel?state=submitted",
				   col[0].i),
	});
	return TK_OK;
}

static enum tk_rc review_tasks(struct tasks *t)
{
	if (tk_who_scope(t->op->who, TK_P_REVIEW) != TK_SCOPE_ALL)
		return TK_OK;
	return tk_db_run(
		t->op->db, t->op->e,
		"SELECT c.id, c.title_ja, c.title_en,"
		" CAST(SUM(CASE WHEN s.state = 'submitted' THEN 1 ELSE 0 END) AS BIGINT),"
		" CAST(SUM(CASE WHEN s.state = 'accepted' THEN 1 ELSE 0 END) AS BIGINT)"
		" FROM campaign c JOIN response s ON s.campaign_id = c.id WHERE c.asks = "
		"'institution' AND c.state = 'open' AND c.deleted_at IS NULL"
		" GROUP BY c.id, c.title_ja, c.title_en HAVING SUM(CASE WHEN s.state = "
		"'submitted' THEN 1 ELSE 0 END) > 0 ORDER BY c.id",
		NULL, 0, review_row, t);
}

enum tk_rc tk_survey_tasks(const struct tk_op *op, tk_task_fn add, void *ctx)
{
	struct tasks t = { op, add, ctx, "" };
	struct owns *own = tk_alloc(op->mem, sizeof(*own));
	struct rolls *roll = tk_alloc(op->mem, sizeof(*roll));
	enum tk_rc rc;

	tk_date_iso(tk_today(), t.today);
	rc = answer_tasks(&t, own);
	if (rc == TK_OK)
		rc = rollup_tasks(&t, roll);
	if (rc == TK_OK)
		rc = own_tasks(&t, own);
	rollup_items(&t, roll);
	if (rc == TK_OK)
		rc = office_tasks(&t);
	return rc == TK_OK ? review_tasks(&t) : rc;
}
