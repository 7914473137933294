/* follow_up.h - the list of items that fell short and what is done about them (SELF-12): made from
 * the problem items of a campaign, then completed by the office (measure, division, due day).
 * Records live in the arena they were loaded into; any thread with its own tk_op. */
#pragma once
#include "table/table.h"

struct follow_up {
	struct tk_rec rec;
	int64_t campaign_id;
	const char *item_code, *label_ja, *label_en, *audience;
	int64_t numerator, denominator; /* when the list was made */
	const char *measure;
	int64_t division_id;
	const char *due_on, *state;
};
extern const struct tk_rtype tk_follow_up_type;

/* The problem items as they stand, over everybody.  Reads only: call it before a transaction. */
struct tk_follow_up_plan {
	const struct follow_up *row;
	size_t n;
};
enum tk_rc tk_follow_up_find(const struct tk_op *op, const struct campaign *c,
	struct tk_follow_up_plan *ret) TK_MUST_USE;
/* Adds those that are not on the list yet; what is there stays as it is. */
enum tk_rc tk_follow_up_add(const struct tk_op *op, const struct tk_follow_up_plan *plan,
	int64_t *ret_created) TK_MUST_USE;
