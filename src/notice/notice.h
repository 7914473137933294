/* notice.h - who is told what about cases: mails when they move, one mail a day, and cases that
 * pass to another person when somebody leaves.
 *
 * A notice stands in the transaction of the move (outbox), so there is none without the other.
 * The daily work runs on one server at a time under the lease "daily"; each step is done once a day
 * (daily_run), each person's mail is written once a day (dedupe key), however often the server
 * stops in between.  After a down-time it is made up for as soon as a server runs, once, for the
 * present day.  Weekends and holidays are days like others.
 */
#pragma once
#include "case/case.h"
#include "case/task.h"

/* How to reach a person of the staff; mail NULL: no address, left, or gone. */
struct tk_addressee { int64_t staff_id, division_id; const char *name, *mail; enum tk_lang lang;
	bool digest_only; };
enum tk_rc tk_addressee(const struct tk_op *op, int64_t staff_id,
			struct tk_addressee *ret) TK_MUST_USE;
/* For tk_case_told: the requester of a request that somebody else moved, and a new owner.  Nothing
 * when the setting notice.off.TYPE stands. */
enum tk_rc tk_notice_case(const struct tk_op *op, const struct tk_case *before,
			  const struct tk_case *after, const char *action,
			  const char *comment) TK_MUST_USE;
enum tk_rc tk_notice_is_on(const struct tk_op *op, const char *case_type, bool *ret) TK_MUST_USE;
enum tk_rc tk_notice_set(const struct tk_op *op, const char *case_type, bool on) TK_MUST_USE;

/* -- one mail a day (digest.c) ----------------------------------------------------------------- */
/* The mail of everybody who has something to do that falls due, is late, is new or was escalated,
 * unless it was written that day.  One transaction a person; keep (may be NULL) is asked between
 * two whether to go on. */
struct tk_digest_count { int64_t people, mails; };
enum tk_rc tk_digest_all(struct tk_db *db, const char *today, bool (*go_on)(void *ctx), void *ctx,
			 struct tk_digest_count *ret, struct tk_err *e) TK_MUST_USE;

/* -- handing over (hand_over.c) ---------------------------------------------------------------- */
/* Open cases of people who are not in office any more: to the deputy, else to the head of the
 * division, else they stay.  In the caller's transaction. */
enum tk_rc tk_hand_over_left(const struct tk_op *op, const char *today, int64_t *ret_n) TK_MUST_USE;
/* What a person owns and deputises for, to somebody (0: by the rule above).  year.write. */
enum tk_rc tk_hand_over(const struct tk_op *op, int64_t from, int64_t to,
			int64_t *ret_n) TK_MUST_USE;
struct tk_left_case { int64_t staff_id, division_id; const char *who, *left_on, *title, *receipt_no,
	*type_label, *state_label, *division, *href, *due_on; };
typedef void (*tk_left_fn)(void *ctx, const struct tk_left_case *c);
/* Open cases whose owner has left. */
enum tk_rc tk_left_cases(const struct tk_op *op, tk_left_fn fn, void *ctx) TK_MUST_USE;
/* Source of src/case/task.h: the office's task of looking at them. */
enum tk_rc tk_left_tasks(const struct tk_op *op, tk_task_fn add, void *ctx) TK_MUST_USE;

/* -- once a day (daily.c) ---------------------------------------------------------------------- */
struct tk_daily;
/* mails: write the daily mail, too (a mail server is set up).  The thread has its own handle. */
enum tk_rc tk_daily_start(struct tk_daily **ret, const char *db_url, bool mails,
			  struct tk_err *e) TK_MUST_USE;
void       tk_daily_stop(struct tk_daily *d);                   /* NULL is fine */
/* What is not done today yet, now; what else holds the lease "daily" is let do it (*ret_ran false).
 */
enum tk_rc tk_daily_run(struct tk_db *db, bool mails, bool (*go_on)(void *ctx), void *ctx,
			bool *ret_ran, struct tk_err *e) TK_MUST_USE;
/* "07:30": from when on, Japanese time (setting daily.at). */
enum tk_rc tk_daily_at(const struct tk_op *op, const char **ret) TK_MUST_USE;
enum tk_rc tk_daily_at_set(const struct tk_op *op, const char *at) TK_MUST_USE;
