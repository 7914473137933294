/* review.c - the case of a submission: submitted, returned, submitted again, accepted. */
#include <inttypes.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "job/outbox.h"
#include "job/template.h"
#include "panel/plausibility.h"
#include "panel/review.h"
#include "record/trail.h"
#include "survey/section.h"

static const struct tk_choice state[] = {
	{ "submitted", N_("Submitted") },
	{ "returned", N_("Returned") },
	{ "resubmitted", N_("Submitted again") },
	{ "withdrawn", N_("Taken back by the institution") },
	{ "accepted", N_("Accepted") },
	{ 0 },
};
/* resubmit and withdraw are the institution's own acts, carried out by the program. */
static const struct tk_case_transition move[] = {
	{ "submitted", "return", "returned", TK_P_REVIEW, 0, N_("Return") },
	{ "submitted", "accept", "accepted", TK_P_REVIEW, 0, N_("Accept") },
	{ "submitted", "withdraw", "withdrawn", TK_P_NOBODY, 0, N_("Take back") },
	{ "submitted", "resubmit", "resubmitted", TK_P_NOBODY, 0, N_("Submit again") },
	{ "resubmitted", "return", "returned", TK_P_REVIEW, 0, N_("Return") },
	{ "resubmitted", "accept", "accepted", TK_P_REVIEW, 0, N_("Accept") },
	{ "resubmitted", "withdraw", "withdrawn", TK_P_NOBODY, 0, N_("Take back") },
	{ "resubmitted", "resubmit", "resubmitted", TK_P_NOBODY, 0, N_("Submit again") },
	{ "returned", "resubmit", "resubmitted", TK_P_NOBODY, 0, N_("Submit again") },
	{ "withdrawn", "resubmit", "resubmitted", TK_P_NOBODY, 0, N_("Submit again") },
	{ "accepted", "return", "returned", TK_P_REVIEW, 0, N_("Return") },
	{ 0 },
};
const struct tk_case_type tk_review_case = {
	.name = "panel_review",
	.label = N_("Review of an institution's answers"),
	.prefix = "R",
	.state = state,
	.closed = "accepted",
	.by_rule = true,
	.transition = move,
};

static enum tk_rc may(const struct tk_op *op, enum tk_perm p)
{
	return tk_who_scope(op->who, p) == TK_SCOPE_ALL ? TK_OK : tk_denied(op->e);
}

enum tk_rc tk_review_of(const struct tk_op *op, int64_t campaign_id, int64_t respondent_id,
			struct tk_response *ret)
{
	enum tk_rc rc = may(op, TK_P_PANEL_READ);

	if (rc == TK_OK)
		rc = tk_response_of(op, respondent_id, ret);
	if (rc == TK_OK && (ret->campaign_id != campaign_id || !ret->institution_id))
		return tk_fail(op->e, TK_ENOTFOUND, NULL, N_("There is no such respondent."));
	return rc;
}

enum tk_rc tk_review_case_of(const struct tk_op *op, const struct tk_response *r,
			     struct tk_case *ret, bool *found)
{
	enum tk_rc rc = tk_case_find(op, &tk_review_case, r->campaign_id, 0, r->id, ret);

	*found = rc == TK_OK;
	return rc == TK_ENOTFOUND ? TK_OK : rc;
}

enum { CASE_TITLE = 200 };

enum tk_rc tk_review_submitted(const struct tk_op *op, const struct tk_response *r,
			       const struct tk_submission *s)
{
	struct tk_who self = *op->who; /* the institution's own act, carried out by the program */
	struct tk_op as = { op->db, op->mem, &self, op->e };
	struct tk_case c = { 0 };
	bool found = false;
	enum tk_rc rc = tk_review_case_of(op, r, &c, &found);

	self.system = true;
	if (rc != TK_OK)
		return rc;
	if (!s)
		return found ? tk_case_move(&as, &c, "withdraw", NULL) : TK_OK;
	if (found)
		rc = tk_case_move(&as, &c, "resubmit", s->partial_reason);
	else
		rc = tk_case_open(&as, &tk_review_case, "respondent", r->id, r->campaign_id, 0, 0,
				  tk_utf8_head(op->mem, r->name, CASE_TITLE), NULL, &c);
	return rc == TK_OK ? tk_plausibility_run(&as, r, s->number) : rc;
}

/* -- mail to the coordinators ------------------------------------------------------------------ */
struct reader { const char *mail, *name; };
struct readers { struct tk_arena *a; struct reader v[20]; size_t n; };

static enum tk_rc reader_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct readers *l = ctx;

	(void)n;
	if (l->n < TK_LEN(l->v))
		l->v[l->n++] = (struct reader){ tk_strdup(l->a, col[0].s),
						tk_strdup(l->a, col[1].s) };
	return TK_OK;
}

static enum tk_rc tell_one(const struct tk_op *op, const struct tk_response *r, const char *kind,
			   const struct reader *to, struct tk_template_values v)
{
	struct tk_mail_new m = { .to = to->mail };
	enum tk_rc rc;

	v.name = to->name;
	m.dedupe = tk_sprintf(op->mem, "%s:%" PRId64 ":%" PRId64 ":%s", kind, r->id, r->version,
			      to->mail);
	rc = tk_template_fill(op, kind, TK_JA, &v, &m.subject, &m.body);
	return rc == TK_OK ? tk_mail_queue(op, &m) : rc;
}

static enum tk_rc tell(const struct tk_op *op, const struct tk_response *r, const char *kind,
		       const char *reason, const char *url)
{
	struct readers l = { .a = op->mem };
	struct tk_value title;
	bool found;
	enum tk_rc rc = tk_db_first(op->db, op->mem, op->e,
				    "SELECT title_ja FROM campaign WHERE id = $1",
				    TK_ARGS(TK_I(r->campaign_id)), &title, 1, &found);

	if (rc == TK_OK)
		rc = tk_db_run(op->db, op->e,
			       "SELECT mail, name FROM contact WHERE institution_id = $1 AND "
			       "coordinator = 1 AND mail IS NOT NULL AND deleted_at IS NULL "
			       "ORDER BY id",
			       TK_ARGS(TK_I(r->institution_id)), reader_row, &l);
	for (size_t i = 0; i < l.n && rc == TK_OK; i++)
		rc = tell_one(op, r, kind, &l.v[i],
			      (struct tk_template_values){ .title = title.s,
							   .closes_on = r->closes_on,
							   .url = url,
							   .reason = reason });
	return rc;
}

/* -- returning --------------------------------------------------------------------------------- */
struct items { const struct tk_form *f; bool *item; size_t n; };

static void mark_item(void *ctx, const struct tk_review_note *n)
{
	struct items *l = ctx;
	int i = n->item ? tk_form_item_index(l->f, n->item) : -1;

	if (n->sent_at)
		return;
	l->n++;
	if (i >= 0)
		l->item[i] = true;
}

static const char *section_of(const struct tk_form *f, size_t item)
{
	return tk_section_code(f, tk_view_section(f, f->item[item].group));
}

/* Where something is to be looked at again, the section is open again; without a question named,
 * all are. */
static enum tk_rc reopen(const struct tk_op *op, const struct tk_response *r,
			 const struct items *l)
{
	bool any = false;
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < r->form->nitem && rc == TK_OK; i++) {
		if (!l->item[i])
			continue;
		any = true;
		rc = tk_db_exec(op->db, op->e,
				"UPDATE section_state SET state = 'open', done_by = NULL, "
				"done_name = NULL, done_at = NULL WHERE response_id = $1 AND "
				"section = $2",
				TK_I(r->id),
				TK_S(section_of(r->form, i)));
	}
	return rc != TK_OK || any
		       ? rc
		       : tk_db_exec(op->db, op->e,
				    "UPDATE section_state SET state = 'open', done_by = NULL, "
				    "done_name = NULL, done_at = NULL WHERE response_id = $1",
				    TK_I(r->id));
}

static enum tk_rc can_return(const struct tk_op *op, const struct tk_response *r)
{
	if (!strcmp(r->campaign_state, "closed"))
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("Answers can be sent back only while they can be given. Extend "
				  "or reopen the campaign first."));
	if (!tk_response_counts(r->state))
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("Only submitted answers can be sent back."));
	return TK_OK;
}

enum tk_rc tk_review_return(const struct tk_op *op, struct tk_response *r, const char *reason,
			    const char *url)
{
	struct items l = { r->form, tk_alloc_n(op->mem, r->form->nitem + 1, sizeof(*l.item)), 0 };
	struct tk_case c = { 0 };
	bool found = false;
	enum tk_rc rc = may(op, TK_P_REVIEW);

	if (rc == TK_OK)
		rc = can_return(op, r);
	if (rc == TK_OK)
		rc = tk_review_comments(op, r, mark_item, &l);
	if (rc == TK_OK && !l.n && tk_is_blank(reason))
		return tk_fail(op->e, TK_EINVAL, "reason",
			       N_("Write a reason, or a comment to at least one question."));
	if (rc == TK_OK)
		rc = tk_review_case_of(op, r, &c, &found);
	if (rc == TK_OK && !found)
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("Only submitted answers can be sent back."));
	if (rc == TK_OK)
		rc = tk_case_move(op, &c, "return", reason);
	if (rc == TK_OK)
		rc = tk_db_exec(op->db, op->e,
				"UPDATE review_comment SET sent_at = $2 WHERE response_id = $1 AND "
				"sent_at IS NULL",
				TK_I(r->id), TK_I(tk_now()));
	if (rc == TK_OK)
		rc = tk_response_send_back(op, r, reason ? reason : "");
	if (rc == TK_OK)
		rc = reopen(op, r, &l);
	if (rc == TK_OK)
		rc = tell(op, r, "send_back",
			  !tk_is_blank(reason)
				  ? reason
				  : tk_tr(TK_JA, N_("See the comments to the questions.")),
			  url);
	return rc;
}

enum tk_rc tk_review_accept(const struct tk_op *op, struct tk_response *r, const char *comment,
			    const char *url)
{
	struct tk_case c = { 0 };
	int64_t open = 0;
	bool found = false;
	enum tk_rc rc = may(op, TK_P_REVIEW);

	if (rc == TK_OK)
		rc = tk_review_case_of(op, r, &c, &found);
	if (rc == TK_OK && (!found || strcmp(r->state, "submitted") != 0))
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("Only submitted answers can be accepted."));
	if (rc == TK_OK)
		rc = tk_db_int(op->db, op->e,
			       "SELECT COUNT(*) FROM plausibility_warning WHERE response_id = $1 "
			       "AND state = 'open'",
			       TK_ARGS(TK_I(r->id)), 0, &open);
	if (rc == TK_OK && open)
		return tk_fail(op->e, TK_ECONFLICT, "warnings",
			       N_("%lld warnings are open. Clear each with a note, or return the "
				  "answers."),
			       (long long)open);
	if (rc == TK_OK)
		rc = tk_case_move(op, &c, "accept", comment);
	if (rc == TK_OK)
		rc = tk_response_approve(op, r);
	return rc == TK_OK ? tell(op, r, "accepted", NULL, url) : rc;
}
