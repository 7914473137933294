/* calendar.c - everything dated that a person may see: plan, events, cases, campaigns, and what the
 * modules bring. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "survey/campaign.h"
#include "year/year_in.h"

enum { PER_TYPE = 500 };

static void list_from(struct tk_query *q, const char *from_field, const char *to_field,
		      const char *from, const char *to)
{
	*q = (struct tk_query){ .limit = PER_TYPE, .nfilter = 2 };
	q->filter[0] = (struct tk_rec_filter){ from_field, TK_TO, to };
	q->filter[1] = (struct tk_rec_filter){ to_field, TK_FROM, from };
}

struct sink { const struct tk_op *op; const struct tk_rtype *t; tk_date_fn add; void *ctx; };

static const char *page_of(const struct sink *s, int64_t id)
{
	return tk_sprintf(s->op->mem, "#/records/%s/%" PRId64, s->t->path, id);
}

/* -- the module's own -------------------------------------------------------------------------- */
static enum tk_rc activity_row(void *ctx, const void *rec, const char *const *label)
{
	const struct sink *s = ctx;
	const struct tk_activity *x = rec;
	struct tk_date_item d = {
		.from = tk_strdup(s->op->mem, x->from_on),
		.to = tk_strdup(s->op->mem, x->to_on),
		.kind = "activity",
		.title = tk_strdup(s->op->mem, x->title),
		.href = page_of(s, x->rec.id),
		.phase = tk_strdup(s->op->mem, x->phase),
		.done = tk_case_is_closed(&tk_activity_case, x->life.state),
	};

	(void)label;
	s->add(s->ctx, &d);
	return TK_OK;
}

static enum tk_rc event_row(void *ctx, const void *rec, const char *const *label)
{
	const struct sink *s = ctx;
	const struct tk_year_event *x = rec;
	struct tk_date_item d = {
		.from = tk_strdup(s->op->mem, x->happened_on),
		.kind = "event",
		.title = x->decided_by
				 ? tk_sprintf(s->op->mem, "%s (%s)", x->title, x->decided_by)
				 : tk_strdup(s->op->mem, x->title),
		.href = page_of(s, x->rec.id),
	};

	(void)label;
	s->add(s->ctx, &d);
	return TK_OK;
}

static enum tk_rc meeting_row(void *ctx, const void *rec, const char *const *label)
{
	const struct sink *s = ctx;
	const struct tk_committee_meeting *x = rec;
	struct tk_date_item d = {
		.from = tk_strdup(s->op->mem, x->held_on),
		.kind = "meeting",
		.title = tk_strdup(s->op->mem, x->title),
		.href = page_of(s, x->rec.id),
		.phase = x->approves_policy ? "plan" : NULL,
	};

	(void)label;
	s->add(s->ctx, &d);
	return TK_OK;
}

static enum tk_rc one_type(struct sink *s, const struct tk_rtype *t, const char *from_field,
			   const char *to_field, const char *from, const char *to, tk_rec_fn row)
{
	struct tk_query q;

	s->t = t;
	if (tk_who_scope(s->op->who, t->read) == TK_SCOPE_NONE)
		return TK_OK;
	list_from(&q, from_field, to_field, from, to);
	q.sort = from_field;
	return tk_rec_list(s->op, t, &q, row, s, NULL, NULL);
}

enum tk_rc tk_year_dates(const struct tk_op *op, const char *from, const char *to, tk_date_fn add,
			 void *ctx)
{
	struct sink s = { op, NULL, add, ctx };
	enum tk_rc rc = one_type(&s, &tk_activity_type, "from_on", "to_on", from, to, activity_row);

	if (rc == TK_OK)
		rc = one_type(&s, &tk_year_event_type, "happened_on", "happened_on", from, to,
			      event_row);
	if (rc == TK_OK)
		rc = one_type(&s, &tk_committee_meeting_type, "held_on", "held_on", from, to,
			      meeting_row);
	return rc;
}

/* -- due dates of cases ------------------------------------------------------------------------ */
static enum tk_rc case_row(void *ctx, const void *rec, const char *const *label)
{
	const struct sink *s = ctx;
	const struct tk_rec *r = rec;
	const char *title = s->t->title ? tk_get_by(s->t, rec, s->t->title).s : NULL;
	struct tk_date_item d = {
		.from = tk_strdup(s->op->mem, tk_get_by(s->t, rec, "due_on").s),
		.kind = "case",
		.href = page_of(s, r->id),
		.done = tk_case_is_closed(s->t->life, tk_get_by(s->t, rec, "state").s),
	};

	(void)label;
	if (!title)
		title = tk_get_by(s->t, rec, "receipt_no").s;
	d.title = tk_sprintf(s->op->mem, "%s: %s", tk_tr(s->op->who->lang, s->t->label),
			     title ? title : "");
	s->add(s->ctx, &d);
	return TK_OK;
}

static enum tk_rc cases(struct sink *s, const char *from, const char *to)
{
	const struct tk_rtype *const *t;
	size_t n = tk_rtypes(&t);
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < n && rc == TK_OK; i++)
		if (t[i]->life && !(t[i]->flags & TK_T_HIDDEN) && t[i] != &tk_activity_type)
			rc = one_type(s, t[i], "due_on", "due_on", from, to, case_row);
	return rc;
}

/* -- campaigns: all for those who may see all, else those in which the person is asked --------- */
static enum tk_rc campaign_row(void *ctx, const struct tk_value *col, size_t n)
{
	const struct sink *s = ctx;
	struct tk_arena *a = s->op->mem;
	bool sees = tk_who_scope(s->op->who, TK_P_CAMPAIGN_READ) == TK_SCOPE_ALL;
	const char *title = s->op->who->lang == TK_EN && col[2].s ? col[2].s : col[1].s;
	struct tk_date_item d = {
		.from = tk_strdup(a, col[3].s),
		.to = tk_strdup(a, col[4].s ? col[4].s : col[3].s),
		.kind = "campaign",
		.title = tk_strdup(a, title),
		.href = tk_sprintf(a, sees ? "#/campaigns/%" PRId64 : "#/answer/%" PRId64,
				   col[0].i),
		.phase = "check",
		.done = !strcmp(col[5].s, "closed"),
	};

	(void)n;
	s->add(s->ctx, &d);
	return TK_OK;
}

static enum tk_rc campaigns(struct sink *s, const char *from, const char *to)
{
	const struct tk_who *w = s->op->who;
	bool all = tk_who_scope(w, TK_P_CAMPAIGN_READ) == TK_SCOPE_ALL;

	return tk_db_run(s->op->db, s->op->e,
			 "SELECT c.id, c.title_ja, c.title_en, c.opens_on, c.closes_on, c.state "
			 "FROM campaign c WHERE c.deleted_at IS NULL AND c.opens_on <= $2 "
			 "AND COALESCE(c.closes_on, c.opens_on) >= $1 AND (1 = $3 OR EXISTS("
			 "SELECT 1 FROM respondent r WHERE r.campaign_id = c.id "
			 "AND r.deleted_at IS NULL AND r.state = 'in' AND c.state <> 'planned' "
			 "AND (r.staff_id = $4 OR r.institution_id = $5))) "
			 "ORDER BY c.opens_on, c.id",
			 TK_ARGS(TK_S(from), TK_S(to), TK_I(all), TK_I(w->staff_id),
				 TK_I(w->institution_id)),
			 campaign_row, s);
}

/* -- together ---------------------------------------------------------------------------------- */
struct all { struct tk_arena *mem; struct tk_date_item *v; size_t n, cap; };

static void keep(void *ctx, const struct tk_date_item *d)
{
	struct all *a = ctx;

	if (!d->from)
		return;
	if (a->n == a->cap) {
		size_t cap = a->cap ? 2 * a->cap : 128;
		struct tk_date_item *v = tk_alloc_n(a->mem, cap, sizeof(*v));

		if (a->n)
			memcpy(v, a->v, a->n * sizeof(*v));
		a->v = v;
		a->cap = cap;
	}
	/* what a module gives lives until this returns */
	a->v[a->n++] = (struct tk_date_item){
		.from = tk_strdup(a->mem, d->from),
		.to = tk_strdup(a->mem, d->to),
		.kind = tk_strdup(a->mem, d->kind),
		.title = tk_strdup(a->mem, d->title ? d->title : ""),
		.href = tk_strdup(a->mem, d->href),
		.phase = tk_strdup(a->mem, d->phase),
		.done = d->done,
	};
}

static int by_day(const void *pa, const void *pb)
{
	const struct tk_date_item *a = pa, *b = pb;
	int c = strcmp(a->from, b->from);

	if (c == 0)
		c = strcmp(a->href ? a->href : "", b->href ? b->href : "");
	return c ? c : strcmp(a->title, b->title);
}

/* A module may bring the due date of a case by itself: once is enough. */
static bool again(const struct tk_date_item *a, const struct tk_date_item *b)
{
	return a->href && b->href && !strcmp(a->href, b->href) && !strcmp(a->from, b->from);
}

enum tk_rc tk_calendar_each(const struct tk_op *op, const char *from, const char *to,
			    tk_date_fn fn, void *ctx)
{
	const struct tk_module *const *m;
	size_t n = tk_modules(&m);
	struct all a = { .mem = op->mem };
	struct sink s = { op, NULL, keep, &a };
	enum tk_rc rc = cases(&s, from, to);

	if (rc == TK_OK)
		rc = campaigns(&s, from, to);
	for (size_t i = 0; i < n && rc == TK_OK; i++)
		if (m[i]->dates)
			rc = m[i]->dates(op, from, to, keep, &a);
	if (rc != TK_OK)
		return rc;
	if (a.n)
		qsort(a.v, a.n, sizeof(*a.v), by_day);
	for (size_t i = 0; i < a.n; i++)
		if (i == 0 || !again(&a.v[i], &a.v[i - 1]))
			fn(ctx, &a.v[i]);
	return TK_OK;
}
