/* merge.h - answers saved from a page that may be behind: a three-way comparison, item by item.
 *
 * was: what the page had been given.  Where the server still has that, or has what the page wants,
 * the answer is taken.  Else both sides changed it, and nothing at all is taken: the page shows
 * both and asks.  Value and comment of an item are one.  No state; any thread with its own tk_op.
 */
#pragma once
#include "survey/response.h"

struct tk_conflict {
	size_t        item;
	struct tk_ans mine, theirs;
	const char   *by;               /* who changed it; NULL: not known */
	int64_t       at;
};
/* As tk_response_apply().  An item that was does not name had no answer.  *n > 0: r is as it was.
 */
enum tk_rc tk_response_merge(const struct tk_op *op, struct tk_response *r,
			     const struct cJSON *answers, const struct cJSON *was,
			     struct tk_conflict **ret, size_t *n) TK_MUST_USE;
/* In a transaction, before loading the caller's own response to merge into it: whoever else saves
 * it waits. */
enum tk_rc tk_response_lock(const struct tk_op *op, int64_t campaign_id) TK_MUST_USE;
