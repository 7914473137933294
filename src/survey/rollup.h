/* rollup.h - the divisional roll-up (SELF-04, SELF-15, SELF-16): who has not answered, sign-off,
 * send back, reminders.  Rules only; no state; any thread with its own tk_op. */
#pragma once
#include "case/case.h"
#include "survey/response.h"

extern const struct tk_case_type tk_sign_off_case, tk_send_back_case;

struct tk_rollup_person {
	int64_t     id, submitted_at, reminded_at;
	const char *staff_number, *name, *post, *state, *receipt_no, *mail;
	size_t      asked, answered;
};
typedef enum tk_rc (*tk_rollup_fn)(void *ctx, const struct tk_rollup_person *p);
/* Everybody of a division who is asked, with how far they are; never what they answered. */
enum tk_rc tk_rollup_people(const struct tk_op *op, int64_t campaign_id, int64_t division_id,
			    tk_rollup_fn fn, void *ctx) TK_MUST_USE;

/* found = false: no sign-off was begun yet */
enum tk_rc tk_rollup_case(const struct tk_op *op, int64_t campaign_id, int64_t division_id,
			  struct tk_case *ret, bool *found) TK_MUST_USE;
/* incomplete_reason: needed when somebody has not submitted. */
enum tk_rc tk_rollup_sign(const struct tk_op *op, int64_t campaign_id, int64_t division_id,
			  const char *comment, const char *incomplete_reason,
			  struct tk_case *ret) TK_MUST_USE;
enum tk_rc tk_rollup_withdraw(const struct tk_op *op, int64_t campaign_id, int64_t division_id,
			      const char *reason) TK_MUST_USE;
enum tk_rc tk_rollup_send_back(const struct tk_op *op, int64_t campaign_id, int64_t respondent_id,
			       const char *reason, const char *url,
			       struct tk_response *ret) TK_MUST_USE;

/* A person has submitted: what was sent back to them is settled with that. */
enum tk_rc tk_rollup_submitted(const struct tk_op *op, const struct tk_response *r) TK_MUST_USE;

/* Those who have not submitted; division_id 0: all that the caller may see.  Of an institution
 * staff_number is its code, bureau and division its sector. */
struct tk_remind_row {
	int64_t id, staff_id, division_id, bureau_id, reminded_at, institution_id;
	const char *staff_number, *name, *bureau, *division, *mail;
	const char *bureau_en, *division_en;    /* NULL: none */
};
typedef enum tk_rc (*tk_remind_fn)(void *ctx, const struct tk_remind_row *r);
enum tk_rc tk_remind_list(const struct tk_op *op, int64_t campaign_id, int64_t division_id,
			  tk_remind_fn fn, void *ctx) TK_MUST_USE;
/* Queues a mail to each of them (only: NULL = all of the list) at most once a day. */
struct tk_remind_result { int64_t queued, without_mail, already; };
enum tk_rc tk_remind_send(const struct tk_op *op, const struct campaign *c, const int64_t *only,
			  size_t nonly, const char *base_url,
			  struct tk_remind_result *ret) TK_MUST_USE;
