/* sender.h - the thread that carries queued mails to the mail server.
 *
 * Several processes may run one; the lease "mail" lets one of them work.  A mail is claimed (state
 * sending) and marked (sent, queued again, failed) in two short transactions with nothing held in
 * between, so nobody waits for a mail server.  What is never twice and what may be: a mail marked
 * sent never leaves again.  When the process dies between the server's "accepted" and the mark (or
 * that answer is lost on the way), that one mail is sent again, the same to the byte, with the same
 * Message-ID.
 *
 * A mail that the server puts off (4xx) is tried again after 1, 5, 30 minutes, 2, 6, 12, 24 hours
 * and then failed; one whose recipient or content it refuses (5xx) is failed at once, with the
 * server's words.  A server that cannot be reached, refuses the sign-in or says that it closes
 * costs no mail an attempt: the sender waits 1, then 5 minutes and tries on.
 *
 * Credentials go only over TLS (or to this very machine): smtps:// is TLS from the start, smtp://
 * to another machine uses STARTTLS where offered and always when a password is given.
 *
 * A struct tk_sender belongs to who started it; wake may be called by any thread.
 */
#pragma once
#include "base/err.h"

struct tk_sender;
struct tk_sender_config {
	const char *db_url;
	const char *smtp_url; /* "smtp://127.0.0.1:25", "smtps://mail.example.jp"; NULL: none */
	const char *user, *password;    /* NULL: no sign-in */
	const char *ca_file;            /* PEM file of the server's CA; NULL: the system's */
	const char *from, *from_name;
	int64_t     lease_ms;           /* 0: 180,000; more than a mail may take */
};
/* Without smtp_url there is nothing to start: *ret is NULL, mails stay queued. */
enum tk_rc tk_sender_start(struct tk_sender **ret, const struct tk_sender_config *c,
			   struct tk_err *e) TK_MUST_USE;
/* Looks for due mails now, also while waiting for a server that could not be reached. */
void       tk_sender_wake(struct tk_sender *s);
/* Lets a mail that is being handed over finish, gives the lease back, frees.  NULL is fine. */
void       tk_sender_stop(struct tk_sender *s);
