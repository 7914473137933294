/* attempt.h - counting failed sign-ins by login and by address, with waits that grow.
 *
 * The count of a login starts to cost after 5 failures: 2, 4, 8 ... 900 seconds; that of an address
 * after 50, at most 60 seconds, and each success takes 10 back, because a whole office may stand
 * behind one address.  An hour without a failure forgets the count.  Logins are kept as digests:
 * people type passwords into that field.
 */
#pragma once
#include "record/record.h"

struct tk_attempt { const char *key; bool address; };
struct tk_attempt tk_attempt_login(struct tk_arena *a, const char *login);
struct tk_attempt tk_attempt_peer(struct tk_arena *a, const char *peer);
/* TK_ERATE, with the seconds in the text, while one must wait. */
enum tk_rc tk_attempt_check(const struct tk_op *op, struct tk_attempt t) TK_MUST_USE;
/* *until = end of the wait this failure caused, 0 when there is none. */
enum tk_rc tk_attempt_failed(const struct tk_op *op, struct tk_attempt t,
			     int64_t *until) TK_MUST_USE;
enum tk_rc tk_attempt_good(const struct tk_op *op, struct tk_attempt t) TK_MUST_USE;
