/* warning.c - what plausibility rules found, until a reviewer clears it; the wave before. */
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "panel/plausibility.h"
#include "record/trail.h"
#include "survey/submission.h"

enum { NOTE_MAX = 2000 };

enum tk_rc tk_last_wave(const struct tk_op *op, const struct tk_response *r,
			struct tk_response *ret, bool *found)
{
	int64_t id;
	enum tk_rc rc = tk_response_before(op, r, &id);

	*found = rc == TK_OK && id != 0;
	return *found ? tk_response_of(op, id, ret) : rc;
}

/* -- list -------------------------------------------------------------------------------------- */
struct list { struct tk_arena *a; struct tk_warning *v; size_t n, cap; enum tk_lang lang; };

static enum tk_rc row(void *ctx, const struct tk_value *col, size_t n)
{
	struct list *l = ctx;

	(void)n;
	if (l->n == l->cap) {
		size_t cap = l->cap ? l->cap * 2 : 16;
		struct tk_warning *v = tk_alloc_n(l->a, cap, sizeof(*v));
		if (l->n)
			memcpy(v, l->v, l->n * sizeof(*v));
		l->v = v;
		l->cap = cap;
	}
	l->v[l->n++] =
		(struct tk_warning){ .rule = tk_strdup(l->a, col[0].s),
				     .message = tk_strdup(l->a, tk_in(l->lang, col[1].s, col[2].s)),
				     .state = tk_strdup(l->a, col[3].s),
				     .seen = tk_strdup(l->a, col[4].s),
				     .submission = col[5].i,
				     .found_at = col[6].i,
				     .cleared_by = tk_strdup(l->a, col[7].s),
				     .cleared_at = col[8].i,
				     .note = tk_strdup(l->a, col[9].s) };
	return TK_OK;
}

enum tk_rc tk_warnings(const struct tk_op *op, const struct tk_response *r, tk_warning_fn fn,
		       void *ctx)
{
	struct list l = { .a = op->mem, .lang = op->who->lang };
	enum tk_rc rc = tk_db_run(op->db, op->e,
				  "SELECT rule_code, message_ja, message_en, state, seen, "
				  "submission, found_at, cleared_name, cleared_at, note FROM "
				  "plausibility_warning WHERE response_id = $1 AND state <> 'gone' "
				  "ORDER BY rule_code COLLATE \"C\"",
				  TK_ARGS(TK_I(r->id)), row, &l);

	for (size_t i = 0; i < l.n && rc == TK_OK; i++)
		fn(ctx, &l.v[i]);
	return rc;
}

/* -- clearing ---------------------------------------------------------------------------------- */
static enum tk_rc trail(const struct tk_op *op, const struct tk_response *r, const char *rule)
{
	struct tk_buf b = TK_BUF(1024);
	struct tk_json j = TK_JSON(&b);
	enum tk_rc rc;

	tk_json_obj(&j);
	tk_json_kstr(&j, "rule", rule);
	tk_json_end_obj(&j);
	rc = tk_trail_add(op, "warning_clear", "response", r->id, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return rc;
}

enum tk_rc tk_warning_clear(const struct tk_op *op, const struct tk_response *r, const char *rule,
			    const char *note)
{
	enum tk_rc rc;

	if (tk_who_scope(op->who, TK_P_REVIEW) != TK_SCOPE_ALL)
		return tk_denied(op->e);
	if (tk_is_blank(note))
		return tk_fail(op->e, TK_EINVAL, "note",
			       N_("Write why this is all right; the note is kept."));
	if (tk_utf8_count(note) > NOTE_MAX)
		return tk_fail(op->e, TK_EINVAL, "note",
			       N_("The comment may have %d characters at most."), NOTE_MAX);
	rc = tk_db_exec(op->db, op->e,
			"UPDATE plausibility_warning SET state = 'cleared', cleared_by = $3, "
			"cleared_name = $4, cleared_at = $5, note = $6 WHERE response_id = $1 AND "
			"rule_code = $2 AND state = 'open'",
			TK_I(r->id), TK_S(rule), TK_I0(op->who->account_id),
			TK_S(op->who->name ? op->who->name : ""), TK_I(tk_now()), TK_S(note));
	if (rc == TK_OK && tk_db_changes(op->db) != 1)
		return tk_fail(op->e, TK_ENOTFOUND, "rule",
			       N_("There is no open warning \"%.60s\" here."), rule);
	return rc == TK_OK ? trail(op, r, rule) : rc;
}

/* -- rules that came later --------------------------------------------------------------------- */
struct due { struct tk_arena *a; int64_t *id, *number; size_t n, cap; };

static enum tk_rc due_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct due *d = ctx;

	(void)n;
	if (d->n == d->cap) {
		size_t cap = d->cap ? d->cap * 2 : 256;
		int64_t *id = tk_alloc_n(d->a, cap, sizeof(*id)),
			*number = tk_alloc_n(d->a, cap, sizeof(*number));
		if (d->n) {
			memcpy(id, d->id, d->n * sizeof(*id));
			memcpy(number, d->number, d->n * sizeof(*number));
		}
		d->id = id;
		d->number = number;
		d->cap = cap;
	}
	d->id[d->n] = col[0].i;
	d->number[d->n++] = col[1].i;
	return TK_OK;
}

enum tk_rc tk_plausibility_again(const struct tk_op *op, int64_t campaign_id, int64_t *ret_looked)
{
	struct due d = { .a = op->mem };
	struct tk_arena *tmp;
	enum tk_rc rc;

	*ret_looked = 0;
	if (tk_who_scope(op->who, TK_P_REVIEW) != TK_SCOPE_ALL)
		return tk_denied(op->e);
	rc = tk_db_run(op->db, op->e,
		       "SELECT s.id, MAX(b.number) FROM response s JOIN submission b ON "
		       "b.response_id = s.id WHERE s.campaign_id = $1 AND s.state = 'submitted' "
		       "GROUP BY s.id ORDER BY s.id",
		       TK_ARGS(TK_I(campaign_id)), due_row, &d);
	tmp = tk_arena_new(64 << 20);
	for (size_t i = 0; i < d.n && rc == TK_OK; i++) {
		struct tk_op one = { op->db, tmp, op->who, op->e };
		struct tk_response r;

		rc = tk_submission_load(&one, d.id[i], d.number[i], &r);
		if (rc == TK_OK)
			rc = tk_plausibility_run(&one, &r, d.number[i]);
		*ret_looked += rc == TK_OK;
		tk_arena_reset(tmp);
	}
	tk_arena_free(tmp);
	return rc == TK_OK ? tk_trail_add(op, "plausibility", "campaign", campaign_id, NULL) : rc;
}
