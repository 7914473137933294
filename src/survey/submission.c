/* submission.c - submissions of institutions as they were. */
#include <inttypes.h>
#include <string.h>
#include "base/clock.h"
#include "base/hash.h"
#include "base/text.h"
#include "record/trail.h"
#include "survey/answer.h"
#include "survey/submission.h"

enum { SIDE_MAX = 4 << 20 };

tk_submission_fn tk_submission_after;

static enum tk_rc insert(const struct tk_op *op, const struct tk_response *r,
			 const struct tk_submission *s)
{
	struct tk_buf side = TK_BUF(SIDE_MAX);
	const char *text = tk_answer_side(r, &side) ? side.p : NULL;
	enum tk_rc rc = tk_db_exec(
		op->db, op->e,
		"INSERT INTO submission(id, response_id, campaign_id, number, receipt_no, "
		"account_id, who, at, late, missing, partial_reason, answers, side)"
		" VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
		TK_I(s->id), TK_I(r->id), TK_I(r->campaign_id), TK_I(s->number),
		TK_S(s->receipt_no), TK_I0(s->account_id), TK_S(s->who), TK_I(s->at),
		TK_I(s->late), TK_I(s->missing), TK_S(s->partial_reason),
		TK_B(tk_response_pack(r, op->mem), r->form->layout->size), TK_S(text));

	tk_buf_drop(&side);
	return rc;
}

/* An import tells what was gathered elsewhere, not when: it is never late. */
static bool is_late(const struct tk_op *op, const struct tk_response *r)
{
	return op->who->institution_id == r->institution_id && tk_response_over(r);
}

enum tk_rc tk_submission_keep(const struct tk_op *op, const struct tk_response *r,
			      const char *partial_reason)
{
	struct tk_submission s = {
		.id = tk_id_new(),
		.at = tk_now(),
		.account_id = op->who->account_id,
		.who = op->who->name ? op->who->name : "",
		.receipt_no = r->receipt_no,
		.missing = (int64_t)tk_response_missing(r, NULL, 0),
		.late = is_late(op, r),
	};
	enum tk_rc rc = tk_db_int(op->db, op->e,
				  "SELECT MAX(number) FROM submission WHERE response_id = $1",
				  TK_ARGS(TK_I(r->id)), 0, &s.number);

	s.number++;
	if (s.missing && !tk_is_blank(partial_reason))
		s.partial_reason = partial_reason;
	if (rc == TK_OK)
		rc = insert(op, r, &s);
	if (rc == TK_OK)
		rc = tk_trail_add(op, "submission", "response", r->id,
				  tk_sprintf(op->mem,
					     "{\"number\":%" PRId64 ",\"receipt_no\":\"%s\",\"late"
					     "\":%s,\"missing\":%" PRId64 "}",
					     s.number, s.receipt_no, s.late ? "true" : "false",
					     s.missing));
	return rc == TK_OK && tk_submission_after ? tk_submission_after(op, r, &s) : rc;
}

struct list { struct tk_arena *a; struct tk_submission *v; size_t n, cap; };

static enum tk_rc row(void *ctx, const struct tk_value *col, size_t n)
{
	struct list *l = ctx;

	(void)n;
	if (l->n == l->cap) {
		size_t cap = l->cap ? l->cap * 2 : 8;
		struct tk_submission *v = tk_alloc_n(l->a, cap, sizeof(*v));
		if (l->n)
			memcpy(v, l->v, l->n * sizeof(*v));
		l->v = v;
		l->cap = cap;
	}
	l->v[l->n++] = (struct tk_submission){ .id = col[0].i,
					       .number = col[1].i,
					       .receipt_no = tk_strdup(l->a, col[2].s),
					       .account_id = col[3].i,
					       .who = tk_strdup(l->a, col[4].s),
					       .at = col[5].i,
					       .late = col[6].i != 0,
					       .missing = col[7].i,
					       .partial_reason = tk_strdup(l->a, col[8].s) };
	return TK_OK;
}

enum tk_rc tk_submission_list(const struct tk_op *op, int64_t respondent_id,
			      struct tk_submission **ret, size_t *n)
{
	struct list l = { .a = op->mem };
	enum tk_rc rc = tk_db_run(op->db, op->e,
				  "SELECT id, number, receipt_no, account_id, who, at, late, "
				  "missing, partial_reason FROM submission WHERE response_id = $1"
				  " ORDER BY number",
				  TK_ARGS(TK_I(respondent_id)), row, &l);

	*ret = l.v;
	*n = l.n;
	return rc;
}

enum tk_rc tk_submission_load(const struct tk_op *op, int64_t respondent_id, int64_t number,
			      struct tk_response *ret)
{
	struct tk_value col[2];
	bool found;
	enum tk_rc rc = tk_response_of(op, respondent_id, ret);

	if (rc != TK_OK)
		return rc;
	rc = tk_db_first(op->db, op->mem, op->e,
			 "SELECT answers, side FROM submission WHERE response_id = $1 AND ($2 = 0 "
			 "OR number = $2) ORDER BY number DESC LIMIT 1",
			 TK_ARGS(TK_I(respondent_id), TK_I(number)), col, 2, &found);
	if (rc == TK_OK && !found)
		return tk_fail(op->e, TK_ENOTFOUND, NULL, N_("There is no such submission."));
	if (rc != TK_OK)
		return rc;
	for (size_t i = 0; i < ret->form->nitem; i++)
		ret->answer[i] = ret->kept[i] = (struct tk_ans){ 0 };
	return tk_answer_unpack(op, ret, (const uint8_t *)col[0].s, col[0].n, col[1].s);
}
