/* review.h - the supervisor reviews what institutions submit: comments to questions, return,
 * acceptance (SYS-01, SYS-05).
 *
 * One case for each respondent carries the states (submitted, returned, submitted again, taken
 * back, accepted) and the log; the response's own state follows.  A reviewer sees what was
 * submitted, never a draft.  Comments are the office's until the answers are returned with them.
 * Every call asks for the permission; no state, any thread with its own tk_op.
 */
#pragma once
#include "case/case.h"
#include "survey/submission.h"

extern const struct tk_case_type tk_review_case;

/* Set as tk_submission_after: opens or moves the case, then looks at the plausibility rules. */
enum tk_rc tk_review_submitted(const struct tk_op *op, const struct tk_response *r,
			       const struct tk_submission *s) TK_MUST_USE;
/* The respondent of that campaign, for somebody who may read the panel.  TK_ENOTFOUND when it is of
 * another campaign or no institution. */
enum tk_rc tk_review_of(const struct tk_op *op, int64_t campaign_id, int64_t respondent_id,
			struct tk_response *ret) TK_MUST_USE;
/* The case; *found is false while nothing was submitted. */
enum tk_rc tk_review_case_of(const struct tk_op *op, const struct tk_response *r,
			     struct tk_case *ret, bool *found) TK_MUST_USE;

/* -- comments ---------------------------------------------------------------------------------- */
enum { TK_REVIEW_COMMENT_MAX = 2000 };  /* characters */
/* item NULL: about the whole. */
enum tk_rc tk_review_comment(const struct tk_op *op, const struct tk_response *r, const char *item,
			     const char *text, int64_t *ret_id) TK_MUST_USE;
/* Only while it was not returned. */
enum tk_rc tk_review_comment_drop(const struct tk_op *op, const struct tk_response *r,
				  int64_t id) TK_MUST_USE;
struct tk_review_note {
	int64_t     id, at, sent_at, submission;
	const char *item, *text, *who;  /* item NULL: about the whole */
};
typedef void (*tk_review_note_fn)(void *ctx, const struct tk_review_note *n);
enum tk_rc tk_review_comments(const struct tk_op *op, const struct tk_response *r,
			      tk_review_note_fn fn, void *ctx) TK_MUST_USE;

/* -- moves ------------------------------------------------------------------------------------- */
/* With a reason or at least one comment; url: of the institution's answer page. */
enum tk_rc tk_review_return(const struct tk_op *op, struct tk_response *r, const char *reason,
			    const char *url) TK_MUST_USE;
/* TK_ECONFLICT while a warning is open. */
enum tk_rc tk_review_accept(const struct tk_op *op, struct tk_response *r, const char *comment,
			    const char *url) TK_MUST_USE;
