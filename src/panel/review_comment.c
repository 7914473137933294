/* review_comment.c - a reviewer's comments to questions. */
#include <inttypes.h>
#include <string.h>
#include "base/clock.h"
#include "base/hash.h"
#include "base/text.h"
#include "panel/review.h"
#include "record/trail.h"

static enum tk_rc may(const struct tk_op *op)
{
	return tk_who_scope(op->who, TK_P_REVIEW) == TK_SCOPE_ALL ? TK_OK : tk_denied(op->e);
}

static enum tk_rc note(const struct tk_op *op, const struct tk_response *r, const char *action,
		       int64_t id)
{
	return tk_trail_add(op, action, "response", r->id,
			    tk_sprintf(op->mem, "{\"comment\":\"%" PRId64 "\"}", id));
}

enum tk_rc tk_review_comment(const struct tk_op *op, const struct tk_response *r, const char *item,
			     const char *text, int64_t *ret_id)
{
	int64_t number = 0;
	enum tk_rc rc = may(op);

	if (rc == TK_OK && item && tk_form_item_index(r->form, item) < 0)
		return tk_fail(op->e, TK_EINVAL, "item", N_("There is no item \"%.60s\"."), item);
	if (rc == TK_OK && tk_is_blank(text))
		return tk_fail(op->e, TK_EINVAL, "text", N_("Write the comment."));
	if (rc == TK_OK && tk_utf8_count(text) > TK_REVIEW_COMMENT_MAX)
		return tk_fail(op->e, TK_EINVAL, "text",
			       N_("A comment can have at most %d characters."),
			       (int)TK_REVIEW_COMMENT_MAX);
	if (rc == TK_OK)
		rc = tk_db_int(op->db, op->e,
			       "SELECT MAX(number) FROM submission WHERE response_id = $1",
			       TK_ARGS(TK_I(r->id)), 0, &number);
	if (rc == TK_OK && !number)
		return tk_fail(op->e, TK_ECONFLICT, NULL, N_("Nothing was submitted yet."));
	*ret_id = tk_id_new();
	if (rc == TK_OK)
		rc = tk_db_exec(op->db, op->e,
				"INSERT INTO review_comment(id, response_id, campaign_id, "
				"item_code, submission, text, account_id, who, at)"
				" VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9)",
				TK_I(*ret_id), TK_I(r->id), TK_I(r->campaign_id), TK_S(item),
				TK_I(number), TK_S(text), TK_I0(op->who->account_id),
				TK_S(op->who->name ? op->who->name : ""), TK_I(tk_now()));
	return rc == TK_OK ? note(op, r, "review_comment", *ret_id) : rc;
}

enum tk_rc tk_review_comment_drop(const struct tk_op *op, const struct tk_response *r, int64_t id)
{
	enum tk_rc rc = may(op);

	if (rc == TK_OK)
		rc = tk_db_exec(op->db, op->e,
				"DELETE FROM review_comment WHERE id = $1 AND response_id = $2 AND "
				"sent_at IS NULL",
				TK_I(id), TK_I(r->id));
	if (rc == TK_OK && tk_db_changes(op->db) != 1)
		return tk_fail(op->e, TK_ENOTFOUND, NULL,
			       N_("There is no such comment, or it was returned to the "
				  "institution already."));
	return rc == TK_OK ? note(op, r, "review_comment_drop", id) : rc;
}

struct notes { struct tk_arena *a; struct tk_review_note *v; size_t n, cap; };

static enum tk_rc row(void *ctx, const struct tk_value *col, size_t n)
{
	struct notes *l = ctx;

	(void)n;
	if (l->n == l->cap) {
		size_t cap = l->cap ? l->cap * 2 : 16;
		struct tk_review_note *v = tk_alloc_n(l->a, cap, sizeof(*v));
		if (l->n)
			memcpy(v, l->v, l->n * sizeof(*v));
		l->v = v;
		l->cap = cap;
	}
	l->v[l->n++] = (struct tk_review_note){ .id = col[0].i,
						.item = tk_strdup(l->a, col[1].s),
						.text = tk_strdup(l->a, col[2].s),
						.who = tk_strdup(l->a, col[3].s),
						.at = col[4].i,
						.sent_at = col[5].i,
						.submission = col[6].i };
	return TK_OK;
}

enum tk_rc tk_review_comments(const struct tk_op *op, const struct tk_response *r,
			      tk_review_note_fn fn, void *ctx)
{
	struct notes l = { .a = op->mem };
	enum tk_rc rc = tk_db_run(op->db, op->e,
				  "SELECT id, item_code, text, who, at, sent_at, submission FROM "
				  "review_comment WHERE response_id = $1 ORDER BY id",
				  TK_ARGS(TK_I(r->id)), row, &l);

	for (size_t i = 0; i < l.n && rc == TK_OK; i++)
		fn(ctx, &l.v[i]);
	return rc;
}
