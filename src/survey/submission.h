/* submission.h - what an institution submitted, each time as it was: numbered from 1, with who,
 * when, receipt number and the answers.
 *
 * Two facts stand apart: late (after the last day; an institution may submit until the campaign is
 * closed) and partial (needed questions without an answer, with the reason that the institution
 * gives).  A submission is never changed.  Results live in op->mem; the one global is set at start.
 */
#pragma once
#include "survey/response.h"

struct tk_submission {
	int64_t     id, number, at, account_id, missing;
	const char *who, *receipt_no, *partial_reason; /* the last NULL: nothing was missing */
	bool        late;
};
/* Keeps r, which has just become submitted, and tells tk_submission_after. */
enum tk_rc tk_submission_keep(const struct tk_op *op, const struct tk_response *r,
			      const char *partial_reason) TK_MUST_USE;
/* Oldest first. */
enum tk_rc tk_submission_list(const struct tk_op *op, int64_t respondent_id,
			      struct tk_submission **ret, size_t *n) TK_MUST_USE;
/* The respondent with the answers of that submission (number 0: the last).  TK_ENOTFOUND. */
enum tk_rc tk_submission_load(const struct tk_op *op, int64_t respondent_id, int64_t number,
			      struct tk_response *ret) TK_MUST_USE;

/* What else is to be done when an institution has submitted, or (s NULL) taken its answers back;
 * src/panel sets it once at start. */
typedef enum tk_rc (*tk_submission_fn)(const struct tk_op *op, const struct tk_response *r,
				       const struct tk_submission *s);
extern tk_submission_fn tk_submission_after;
