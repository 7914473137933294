/* panel_list.h - a campaign among institutions at a glance: where each stands. */
#pragma once
#include "survey/campaign.h"

struct tk_panel_item {
	int64_t     id, institution_id, sector_id, submitted_at, reminded_at;
	int64_t     submission, missing, warnings, comments; /* comments: not returned yet */
	const char *code, *name, *kana, *sector, *prefecture, *state, *review, *receipt_no, *mail,
		*partial_reason;
	size_t      asked, answered;    /* both 0: not begun */
	bool        late, left;         /* late: of the last submission */
};
typedef void (*tk_panel_item_fn)(void *ctx, const struct tk_panel_item *i);
/* By sector and code, everybody who is asked or has submitted.  Needs the permission to read the
 * panel.  What fn gets lives in op->mem. */
enum tk_rc tk_panel_list(const struct tk_op *op, const struct campaign *c, tk_panel_item_fn fn,
			 void *ctx) TK_MUST_USE;

struct tk_panel_counts {
	int64_t total, not_started, draft, submitted, sent_back, accepted;
	int64_t late, partial, warnings;        /* of what is submitted or accepted */
};
void tk_panel_count(struct tk_panel_counts *n, const struct tk_panel_item *i);
