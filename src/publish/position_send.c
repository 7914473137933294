/* position_send.c - who has a position sheet, and telling them by mail. */
#include <inttypes.h>
#include "base/text.h"
#include "form/form.h"
#include "job/outbox.h"
#include "job/template.h"
#include "publish/position.h"

struct rows { struct tk_arena *a; struct tk_position_row *v; size_t n, cap; };

static enum tk_rc row(void *ctx, const struct tk_value *col, size_t n)
{
	struct rows *l = ctx;
	struct tk_arena *a = l->a;

	(void)n;
	if (l->n == l->cap) {
		size_t cap = l->cap ? l->cap * 2 : 256;
		struct tk_position_row *v = tk_alloc_n(a, cap, sizeof(*v));

		for (size_t i = 0; i < l->n; i++)
			v[i] = l->v[i];
		l->v = v;
		l->cap = cap;
	}
	l->v[l->n++] = (struct tk_position_row){ col[0].i, tk_strdup(a, col[1].s),
						 tk_strdup(a, col[2].s), tk_strdup(a, col[3].s) };
	return TK_OK;
}

/* The contact as the panel has it now; several coordinators: the first. */
static enum tk_rc load(const struct tk_op *op, int64_t campaign_id, struct rows *l)
{
	l->a = op->mem;
	return tk_db_run(op->db, op->e,
			 "SELECT r.id, r.institution_code, r.name, (SELECT c.mail FROM contact c"
			 " WHERE c.institution_id = r.institution_id AND c.coordinator = 1"
			 " AND c.mail IS NOT NULL AND c.deleted_at IS NULL ORDER BY c.id LIMIT 1)"
			 " FROM respondent r JOIN response s ON s.id = r.id"
			 " WHERE r.campaign_id = $1 AND r.deleted_at IS NULL"
			 " AND r.institution_id IS NOT NULL"
			 " AND s.state IN ('submitted', 'accepted')"
			 " ORDER BY r.institution_code, r.id",
			 TK_ARGS(TK_I(campaign_id)), row, l);
}

enum tk_rc tk_position_each(const struct tk_op *op, int64_t campaign_id, tk_position_fn fn,
			    void *ctx)
{
	struct rows l = { 0 };
	enum tk_rc rc = load(op, campaign_id, &l);

	for (size_t i = 0; i < l.n && rc == TK_OK; i++)
		rc = fn(ctx, &l.v[i]);
	return rc;
}

struct sending {
	const struct tk_op *op;
	struct campaign c;
	struct publication p;
	const char *base_url;
	struct tk_position_sent *sent;
};

static enum tk_rc send_one(void *ctx, const struct tk_position_row *r)
{
	struct sending *s = ctx;
	struct tk_arena *a = s->op->mem;
	struct tk_mail_new m = { .to = r->mail };
	bool fresh = false;
	enum tk_rc rc;

	if (tk_is_blank(r->mail)) {
		s->sent->without_mail++;
		return TK_OK;
	}
	m.dedupe = tk_sprintf(a, "position:%" PRId64 ":%" PRId64, s->p.rec.id, r->respondent_id);
	rc = tk_template_fill(
		s->op, "position", TK_JA,
		&(struct tk_template_values){
			.name = r->name,
			.title = s->c.title_ja,
			.url = tk_sprintf(a, "%s/#/answer/%" PRId64, s->base_url, s->c.rec.id) },
		&m.subject, &m.body);
	if (rc == TK_OK)
		rc = tk_mail_queue_new(s->op, &m, &fresh);
	s->sent->queued += fresh;
	s->sent->already += rc == TK_OK && !fresh;
	return rc;
}

enum tk_rc tk_positions_send(const struct tk_op *op, int64_t campaign_id, const char *base_url,
			     struct tk_position_sent *ret)
{
	struct sending s = { .op = op, .base_url = base_url, .sent = ret };
	enum tk_rc rc;

	*ret = (struct tk_position_sent){ 0 };
	if (tk_who_scope(op->who, TK_P_PANEL_MANAGE) != TK_SCOPE_ALL)
		return tk_denied(op->e);
	if ((rc = tk_position_ready(op, campaign_id, &s.c, &s.p)) != TK_OK)
		return rc;
	return tk_position_each(op, campaign_id, send_one, &s);
}
