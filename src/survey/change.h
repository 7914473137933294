/* change.h - who gave each answer of an institution its present value, and when.
 *
 * Several people answer for an institution, from the page, a workbook or a file; whoever saves the
 * response, the answers that differ from what was loaded become theirs.  A member of staff is alone
 * with the answers, and nothing is kept.  No state; any thread with its own tk_op.
 */
#pragma once
#include "survey/response.h"

struct tk_change { const char *who; int64_t account_id, at; };  /* at 0: never answered */

/* The answer of an item wherever it is: asked now, or kept apart. */
const struct tk_ans *tk_answer_at(const struct tk_response *r, size_t item);
bool                 tk_answer_same(const struct tk_item *it, const struct tk_ans *x,
				    const struct tk_ans *y);
/* Remembers the answers as they are now, when r is loaded. */
void       tk_change_begin(struct tk_response *r, struct tk_arena *a);
/* Notes what differs since then as op->who's, in the transaction that saves r. */
enum tk_rc tk_change_note(const struct tk_op *op, struct tk_response *r) TK_MUST_USE;
/* By item, nitem of them. */
enum tk_rc tk_change_all(const struct tk_op *op, const struct tk_response *r,
			 struct tk_change **ret) TK_MUST_USE;
