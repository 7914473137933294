/* panel_list.c - where each institution of a campaign stands. */
#include <string.h>
#include "panel/panel_list.h"
#include "survey/response.h"

struct list {
	const struct tk_op *op;
	const struct tk_form *f;
	struct tk_panel_item *v;
	size_t n, cap;
};

/* From the packed bytes alone: a list of hundreds is made without finding out each again. */
static void count(const struct tk_form *f, const struct tk_value *blob, struct tk_panel_item *x)
{
	if (blob->type != TK_V_BLOB || blob->n != f->layout->size)
		return;
	for (size_t i = 0; i < f->nitem; i++) {
		enum tk_answer s = tk_pack_state(f->layout, (const uint8_t *)blob->s, i);

		if (f->item[i].silent)
			continue;
		x->asked += s != TK_ANSWER_NOT_ASKED;
		x->answered += s > TK_ANSWER_NO_ANSWER;
	}
}

static enum tk_rc row(void *ctx, const struct tk_value *col, size_t n)
{
	struct list *l = ctx;
	struct tk_arena *a = l->op->mem;
	struct tk_panel_item *x;

	(void)n;
	if (l->n == l->cap) {
		size_t cap = l->cap ? l->cap * 2 : 128;
		struct tk_panel_item *v = tk_alloc_n(a, cap, sizeof(*v));
		if (l->n)
			memcpy(v, l->v, l->n * sizeof(*v));
		l->v = v;
		l->cap = cap;
	}
	x = &l->v[l->n++];
	*x = (struct tk_panel_item){
		.id = col[0].i,
		.institution_id = col[1].i,
		.code = tk_strdup(a, col[2].s),
		.name = tk_strdup(a, col[3].s),
		.kana = tk_strdup(a, col[4].s),
		.sector_id = col[5].i,
		.sector = tk_strdup(a, tk_in(l->op->who->lang, col[6].s, col[7].s)),
		.prefecture = tk_strdup(a, col[8].s),
		.left = strcmp(col[9].s, "in") != 0,
		.state = tk_strdup(a, col[10].s ? col[10].s : "not_started"),
		.receipt_no = tk_strdup(a, col[11].s),
		.submitted_at = col[12].i,
		.reminded_at = col[14].i,
		.review = tk_strdup(a, col[15].s),
		.mail = tk_strdup(a, col[16].s),
		.submission = col[17].i,
		.late = col[18].i != 0,
		.missing = col[19].i,
		.partial_reason = tk_strdup(a, col[20].s),
		.warnings = col[21].i,
		.comments = col[22].i,
	};
	count(l->f, &col[13], x);
	return TK_OK;
}

enum tk_rc tk_panel_list(const struct tk_op *op, const struct campaign *c, tk_panel_item_fn fn,
			 void *ctx)
{
	struct list l = { .op = op };
	enum tk_rc rc = tk_who_scope(op->who, TK_P_PANEL_READ) == TK_SCOPE_ALL ? TK_OK
									       : tk_denied(op->e);

	if (rc == TK_OK)
		rc = tk_form_get(op, c->form_version_id, &l.f);
	if (rc == TK_OK)
		rc = tk_db_run(
			op->db, op->e,
			"SELECT r.id, r.institution_id, r.institution_code, r.name, r.kana, z.id, "
			"z.name, z.name_en, r.prefecture, r.state, s.state, s.receipt_no, "
			"s.submitted_at, s.answers, r.reminded_at, k.state,"
			" COALESCE((SELECT x.mail FROM contact x WHERE x.institution_id = "
			"r.institution_id AND x.coordinator = 1 AND x.mail IS NOT NULL AND "
			"x.deleted_at IS NULL ORDER BY x.id LIMIT 1), r.mail),"
			" b.number, b.late, b.missing, b.partial_reason,"
			" (SELECT COUNT(*) FROM plausibility_warning w WHERE w.response_id = r.id "
			"AND w.state = 'open'),"
			" (SELECT COUNT(*) FROM review_comment m WHERE m.response_id = r.id AND "
			"m.sent_at IS NULL)"
			" FROM respondent r JOIN sector z ON z.id = r.sector_id LEFT JOIN response "
			"s ON s.id = r.id LEFT JOIN tk_case k ON k.subject_type = 'respondent' AND "
			"k.subject_id = r.id AND k.type = 'panel_review' AND k.deleted_at IS NULL"
			" LEFT JOIN submission b ON b.response_id = r.id AND b.number = (SELECT "
			"MAX(y.number) FROM submission y WHERE y.response_id = r.id)"
			" WHERE r.campaign_id = $1 AND r.deleted_at IS NULL AND (r.state = 'in' OR "
			"s.state IN ('submitted', 'accepted'))"
			" ORDER BY z.sort, r.institution_code COLLATE \"C\"",
			TK_ARGS(TK_I(c->rec.id)), row, &l);
	for (size_t i = 0; i < l.n && rc == TK_OK; i++)
		fn(ctx, &l.v[i]);
	return rc;
}

void tk_panel_count(struct tk_panel_counts *n, const struct tk_panel_item *i)
{
	bool counts = tk_response_counts(i->state);

	n->total++;
	n->not_started += !strcmp(i->state, "not_started");
	n->draft += !strcmp(i->state, "draft");
	n->submitted += !strcmp(i->state, "submitted");
	n->sent_back += !strcmp(i->state, "sent_back");
	n->accepted += !strcmp(i->state, "accepted");
	n->late += counts && i->late;
	n->partial += counts && i->missing > 0;
	n->warnings += counts && i->warnings > 0;
}
