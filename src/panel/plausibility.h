/* plausibility.h - rules that look at what an institution submits: this year against last, parts
 * against the whole.
 *
 * A rule belongs to a questionnaire and says what should hold, in the language of conditions;
 * ${last-saved#item} is the institution's own answer in the wave before (submitted or accepted).  A
 * rule is passed over where it cannot be judged: there is no wave before that it asks for, or a
 * number that it names has no value.  Where it does not hold, a warning is kept for the reviewer,
 * who clears it with a note; it opens again when the values it looked at have changed.  Warnings
 * never stop an institution from submitting.  No state; any thread with its own tk_op.
 */
#pragma once
#include "record/record.h"
#include "survey/response.h"

struct tk_plausibility_rule {
	struct tk_rec rec;
	int64_t     form_id;
	const char *code, *expression, *message_ja, *message_en, *note;
};
extern const struct tk_rtype tk_plausibility_rule;

/* Looks at r as submission `number` has it. */
enum tk_rc tk_plausibility_run(const struct tk_op *op, const struct tk_response *r,
			       int64_t number) TK_MUST_USE;
/* The same for everything submitted in a campaign, for rules that were written later.  Needs the
 * permission to review. */
enum tk_rc tk_plausibility_again(const struct tk_op *op, int64_t campaign_id,
				 int64_t *ret_looked) TK_MUST_USE;

struct tk_warning {
	const char *rule, *message, *state;     /* open, cleared, gone */
	const char *seen;               /* JSON {name: value} */
	int64_t     submission, found_at, cleared_at;
	const char *cleared_by, *note;
};
typedef void (*tk_warning_fn)(void *ctx, const struct tk_warning *w);
enum tk_rc tk_warnings(const struct tk_op *op, const struct tk_response *r, tk_warning_fn fn,
		       void *ctx) TK_MUST_USE;
enum tk_rc tk_warning_clear(const struct tk_op *op, const struct tk_response *r, const char *rule,
			    const char *note) TK_MUST_USE;

/* The institution's answers in the wave before of the same questionnaire; *found false: none. */
enum tk_rc tk_last_wave(const struct tk_op *op, const struct tk_response *r,
			struct tk_response *ret, bool *found) TK_MUST_USE;
