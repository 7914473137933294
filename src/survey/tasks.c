/* tasks.c - "my tasks": the first page of every user. */
#include <inttypes.h>
#include <string.h>
#include "base/clock.h"
#include "survey/survey_api.h"

struct tasks { struct tk_req *rq; struct tk_json j; bool done; char today[11]; };

static void task(struct tasks *t, const char *kind, int64_t campaign, const char *title,
		 const char *detail, const char *due, int64_t done, int64_t total, const char *href)
{
	struct tk_json *j = &t->j;

	tk_json_obj(j);
	tk_json_kstr(j, "kind", kind);
	tk_json_kid(j, "campaign_id", campaign);
	tk_json_kstr(j, "title", title);
	tk_json_kstr(j, "detail", detail);
	tk_json_kstr(j, "due", due);
	tk_json_kbool(j, "overdue", due && strcmp(due, t->today) < 0);
	tk_json_kint(j, "done", done);
	tk_json_kint(j, "total", total);
	tk_json_kstr(j, "href", href);
	tk_json_end_obj(j);
}

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

static const char *own_detail(struct tk_req *rq, const struct own *w)
{
	if (tk_response_counts(w->state))
		return tk_sprintf(rq->mem, "%s %s",
				  tk_tr(rq->who.lang, N_("Submitted. Receipt number:")),
				  w->receipt ? w->receipt : "");
	if (w->state && !strcmp(w->state, "sent_back"))
		return tk_tr(rq->who.lang,
			     N_("Your answers were sent back. Please look at them again."));
	return tk_tr(rq->who.lang, N_("Please answer and submit."));
}

/* What is to be done with one response: by a whole person, or by a colleague of an institution, to
 * whom sections are given (none: nothing is to be done). */
struct todo { const char *detail; size_t asked, answered; bool done, none; };

static enum tk_rc section_todo(struct tk_req *rq, const struct tk_response *r, const struct own *w,
			       struct todo *ret)
{
	bool all = true, submitted = tk_response_counts(w->state);
	const char *list = NULL, *between = rq->who.lang == TK_JA ? "、" : ", ";
	struct tk_section *s;
	size_t n;
	enum tk_rc rc = tk_sections(&rq->op, r, &s, &n);

	if (rc != TK_OK)
		return rc;
	*ret = (struct todo){ .none = !n };
	for (size_t i = 0; i < n; i++) {
		ret->asked += s[i].asked;
		ret->answered += s[i].answered;
		all &= s[i].done;
		list = tk_sprintf(rq->mem, "%s%s%s", list ? list : "", list ? between : "",
				  s[i].label);
	}
	ret->done = submitted || all;
	ret->detail = submitted ? tk_tr(rq->who.lang, N_("Submitted by your coordinator."))
		      : all     ? tk_tr(rq->who.lang, N_("You have marked your sections as done."))
				: tk_sprintf(rq->mem, "%s %s",
					     tk_tr(rq->who.lang, N_("Please answer:")),
					     list ? list : "");
	return TK_OK;
}

static enum tk_rc todo_of(struct tk_req *rq, const struct own *w, struct todo *ret)
{
	struct tk_response r;
	enum tk_rc rc = tk_response_mine(&rq->op, w->id, &r);

	if (rc != TK_OK)
		return rc;
	if (rq->who.institution_id && !rq->who.coordinator)
		return section_todo(rq, &r, w, ret);
	*ret = (struct todo){ .detail = own_detail(rq, w), .done = tk_response_counts(w->state) };
	tk_response_count(&r, &ret->asked, &ret->answered);
	return TK_OK;
}

static enum tk_rc own_tasks(struct tasks *t, const struct owns *o, bool done)
{
	struct tk_req *rq = t->rq;
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < o->n && rc == TK_OK; i++) {
		const struct own *w = &o->v[i];
		struct todo x;

		rc = todo_of(rq, w, &x);
		if (rc == TK_OK && !x.none && x.done == done)
			task(t, "answer", w->id, tk_in(rq->who.lang, w->title_ja, w->title_en),
			     x.detail, w->due, (int64_t)x.answered, (int64_t)x.asked,
			     tk_sprintf(rq->mem, "#/answer/%" PRId64, w->id));
	}
	return rc;
}

/* Institutions find their finished surveys again: results and position sheet come after closing. */
static enum tk_rc answer_tasks(struct tasks *t, struct owns *o)
{
	struct tk_req *rq = t->rq;

	o->a = rq->mem;
	if ((!rq->who.staff_id && !rq->who.institution_id) ||
	    tk_who_scope(&rq->who, TK_P_ANSWER_OWN) == TK_SCOPE_NONE)
		return TK_OK;
	return tk_db_run(
		rq->db, &rq->err,
		"SELECT c.id, c.title_ja, c.title_en, c.closes_on, s.state, s.receipt_no FROM "
		"respondent r"
		" JOIN campaign c ON c.id = r.campaign_id LEFT JOIN response s ON s.id = r.id"
		" WHERE (r.staff_id = $1 OR r.institution_id = $2) AND r.state = 'in' AND "
		"r.deleted_at IS NULL AND c.deleted_at IS NULL AND (c.state = 'open'"
		" OR (c.state = 'closed' AND r.institution_id = $2 AND s.state IN ('submitted', "
		"'accepted')))"
		" ORDER BY c.closes_on, c.id",
		TK_ARGS(TK_I0(rq->who.staff_id), TK_I0(rq->who.institution_id)), own_row, o);
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
	struct tk_req *rq = t->rq;
	enum tk_rc rc = TK_OK;
	enum tk_scope scope = tk_who_scope(&rq->who, TK_P_ROLLUP_SIGN);

	o->a = rq->mem;
	o->lang = rq->who.lang;
	/* who heads a bureau signs for the divisions named besides; the bureau's heads sign for
	 * theirs */
	if (scope != TK_SCOPE_DIVISION && scope != TK_SCOPE_BUREAU)
		return TK_OK;
	for (size_t i = 0; i < rq->who.ndivision && rc == TK_OK; i++)
		rc = tk_db_run(
			rq->db, &rq->err,
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
			TK_ARGS(TK_I(rq->who.division[i])), roll_row, o);
	return rc;
}

static void rollup_items(struct tasks *t, const struct rolls *o, bool done)
{
	struct tk_req *rq = t->rq;

	for (size_t i = 0; i < o->n; i++) {
		const struct roll *r = &o->v[i];
		bool is_signed = r->state && !strcmp(r->state, "signed");
		const char *detail =
			is_signed ? tk_tr(rq->who.lang, N_("Signed off."))
			: r->done == r->total
				? tk_tr(rq->who.lang,
					N_("Everybody has answered. Please sign the division off."))
				: tk_tr(rq->who.lang, N_("Please see to it that everybody answers, "
							 "then sign the division off."));

		if (is_signed == done)
			task(t, "rollup", r->campaign,
			     tk_sprintf(rq->mem, "%s: %s", r->name,
					tk_in(rq->who.lang, r->title_ja, r->title_en)),
			     detail, r->due, r->done, r->total,
			     tk_sprintf(rq->mem, "#/rollup/%" PRId64 "/%" PRId64, r->campaign,
					r->division));
	}
}

/* The office: campaigns to open, to follow, to close. */
struct office { struct tasks *t; };

static enum tk_rc office_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct tasks *t = ((struct office *)ctx)->t;
	struct tk_req *rq = t->rq;
	bool planned = !strcmp(col[4].s, "planned"),
	     over = col[3].s && strcmp(col[3].s, t->today) < 0;
	const char *detail = planned ? N_("This campaign is prepared. Check it, then open it.") :
		over ? N_("The last day is over. Close the campaign, or extend it.") :
		N_("The campaign is open. See who has not answered yet.");

	(void)n;
	task(t,
	     planned ? "publish"
	     : over  ? "close"
		     : "remind",
	     col[0].i, tk_in(rq->who.lang, col[1].s, col[2].s), tk_tr(rq->who.lang, detail),
	     col[3].s, col[6].i, col[5].i, tk_sprintf(rq->mem, "#/campaigns/%" PRId64, col[0].i));
	return TK_OK;
}

static enum tk_rc office_tasks(struct tasks *t)
{
	struct office o = { t };
	struct tk_req *rq = t->rq;

	if (tk_who_scope(&rq->who, TK_P_CAMPAIGN_MANAGE) != TK_SCOPE_ALL)
		return TK_OK;
	return tk_db_run(rq->db, &rq->err,
			 "SELECT c.id, c.title_ja, c.title_en, c.closes_on, c.state, COUNT(r.id),"
			 " CAST(COALESCE(SUM(CASE WHEN s.state IN ('submitted', 'accepted') THEN 1 "
			 "ELSE 0 END), 0) AS BIGINT) FROM campaign c"
			 " LEFT JOIN respondent r ON r.campaign_id = c.id AND r.state = 'in' AND "
			 "r.deleted_at IS NULL LEFT JOIN response s ON s.id = r.id"
			 " WHERE c.state <> 'closed' AND c.deleted_at IS NULL GROUP BY c.id, "
			 "c.title_ja, c.title_en, c.closes_on, c.state"
			 " ORDER BY c.closes_on, c.id",
			 NULL, 0, office_row, &o);
}

/* The reviewer: what institutions have submitted and nobody has looked at yet. */
static enum tk_rc review_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct tasks *t = ctx;
	struct tk_req *rq = t->rq;

	(void)n;
	task(t, "review", col[0].i, tk_in(rq->who.lang, col[1].s, col[2].s),
	     tk_tr(rq->who.lang, N_("Institutions have submitted. Please review their answers.")),
	     NULL, col[4].i, col[3].i + col[4].i,
	     tk_sprintf(rq->mem, "#/campaigns/%" PRId64 "/panel?state=submitted", col[0].i));
	return TK_OK;
}

static enum tk_rc review_tasks(struct tasks *t)
{
	if (tk_who_scope(&t->rq->who, TK_P_REVIEW) != TK_SCOPE_ALL)
		return TK_OK;
	return tk_db_run(
		t->rq->db, &t->rq->err,
		"SELECT c.id, c.title_ja, c.title_en,"
		" CAST(SUM(CASE WHEN s.state = 'submitted' THEN 1 ELSE 0 END) AS BIGINT),"
		" CAST(SUM(CASE WHEN s.state = 'accepted' THEN 1 ELSE 0 END) AS BIGINT)"
		" FROM campaign c JOIN response s ON s.campaign_id = c.id WHERE c.asks = "
		"'institution' AND c.state = 'open' AND c.deleted_at IS NULL"
		" GROUP BY c.id, c.title_ja, c.title_en HAVING SUM(CASE WHEN s.state = "
		"'submitted' THEN 1 ELSE 0 END) > 0 ORDER BY c.id",
		NULL, 0, review_row, t);
}

static void begin_list(struct tasks *t, const char *name)
{
	tk_json_key(&t->j, name);
	tk_json_arr(&t->j);
}

enum tk_rc tk_my_tasks(struct tk_req *rq)
{
	struct tasks t = { .rq = rq, .j = TK_JSON(&rq->out) };
	struct owns *own = tk_alloc(rq->mem, sizeof(*own));
	struct rolls *roll = tk_alloc(rq->mem, sizeof(*roll));
	enum tk_rc rc;

	tk_date_iso(tk_today(), t.today);
	rc = answer_tasks(&t, own);
	if (rc == TK_OK)
		rc = rollup_tasks(&t, roll);
	tk_json_obj(&t.j);
	begin_list(&t, "tasks");
	if (rc == TK_OK)
		rc = own_tasks(&t, own, false);
	rollup_items(&t, roll, false);
	if (rc == TK_OK)
		rc = office_tasks(&t);
	if (rc == TK_OK)
		rc = review_tasks(&t);
	tk_json_end_arr(&t.j);
	begin_list(&t, "done");
	if (rc == TK_OK)
		rc = own_tasks(&t, own, true);
	rollup_items(&t, roll, true);
	tk_json_end_arr(&t.j);
	tk_json_end_obj(&t.j);
	return rc;
}
