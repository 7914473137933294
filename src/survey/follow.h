/* follow.h - who fell short in an earlier campaign, and in which items (SELF-12).
 *
 * An item whose implementation rate did not reach 100 % is a problem item; a person fell short in
 * it who was asked, to whom it applied, and who did not answer `done`.  Built in an arena,
 * read-only. */
#pragma once
#include "survey/campaign.h"

struct tk_follow;
enum tk_rc tk_follow_load(const struct tk_op *op, int64_t campaign_id, struct tk_arena *a,
			  struct tk_follow **ret) TK_MUST_USE;
/* Blank-separated item codes of that person, NULL when there is none. */
const char *tk_follow_items(const struct tk_follow *f, int64_t staff_id, struct tk_arena *a);
