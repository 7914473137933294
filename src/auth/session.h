/* session.h - sessions in the database, and the hook of src/http that finds out who is asking.
 *
 * The browser holds 32 random bytes in the cookie tk_session; the table holds only their SHA-256.
 * A session ends TK_SESSION_LIFE after sign-in, or TK_SESSION_IDLE after the last request.
 *
 * tk_auth() writes nothing.  What it read it keeps for 5 seconds in a table of this process, so
 * most requests cost no query at all; sign-out and changes of accounts and roles made by this
 * process take effect at once, those made by another node, and changes of the organisation, within
 * 5 seconds.  "Last seen" is noted in memory and written by tk_auth_tick(), at most once a minute
 * for each session.  All functions may be called from any thread with that thread's handle.
 */
#pragma once
#include "auth/person.h"
#include "http/http.h"

enum { TK_SESSION_IDLE = 60 * 60, TK_SESSION_LIFE = 12 * 60 * 60 };

struct tk_session { const char *token, *csrf, *digest; };       /* in the operation's arena */

enum tk_rc tk_auth(struct tk_req *rq) TK_MUST_USE; /* the hook: tk_server_config.auth */
/* For tk_server_config.tick: writes what was seen, sweeps what has expired.  Outside a transaction.
 * */
enum tk_rc tk_auth_tick(struct tk_db *db, struct tk_err *e) TK_MUST_USE;

/* In the caller's transaction. */
enum tk_rc tk_session_new(const struct tk_op *op, int64_t account_id,
			  struct tk_session *ret) TK_MUST_USE;
enum tk_rc tk_session_end(const struct tk_op *op, const char *digest) TK_MUST_USE;
/* Ends all sessions of the account but one (NULL: all). */
enum tk_rc tk_sessions_end(const struct tk_op *op, int64_t account_id,
			   const char *but_digest) TK_MUST_USE;
/* The cookie of a new session (NULL: of none) as reply header. */
void       tk_session_cookie(struct tk_req *rq, const struct tk_session *s);
/* Drops what is kept about one session, or about all. */
void       tk_auth_forget(const char *digest);
void       tk_auth_forget_all(void);
