/* password.h - rules for passwords, and the gate before argon2.
 *
 * At most two argon2 runs (19 MiB each) go on at once; a few more wait, the rest is told to try
 * again, so that a flood of sign-ins costs neither the memory nor the processors of the others.
 * Any thread; meant for tk_route.before, never for the writer.
 */
#pragma once
#include "base/mem.h"

enum { TK_PASSWORD_MIN = 12, TK_PASSWORD_MAX = 200 };

/* At least 12 characters, not the login, no common one. */
enum tk_rc tk_password_check(const char *password, const char *login, const char *field,
			     struct tk_err *e) TK_MUST_USE;
/* verifier NULL (no such account, no password yet): the same work is done and *ok is false. */
enum tk_rc tk_password_verify(const char *verifier, const char *password, bool *ok,
			      struct tk_err *e) TK_MUST_USE;
enum tk_rc tk_password_make(struct tk_arena *a, const char *password, const char **ret,
			    struct tk_err *e) TK_MUST_USE;
