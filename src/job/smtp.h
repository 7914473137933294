/* smtp.h - one mail over SMTP by libcurl; private to src/job.
 *
 * A struct tk_smtp keeps its connection open between mails; one thread at a time uses it. */
#pragma once
#include <stdatomic.h>
#include "job/sender.h"

struct tk_smtp;
/* What became of a mail. */
enum tk_smtp_end {
	TK_SMTP_SENT,
	TK_SMTP_LATER,                  /* the server puts this mail off */
	TK_SMTP_REFUSED,                /* the server will never take this mail */
	TK_SMTP_DOWN,                   /* no mail can be sent now */
	TK_SMTP_STOPPED                 /* *stop was set before the server had it */
};
struct tk_smtp_reply { enum tk_smtp_end end; int code; char text[400]; };

/* The strings of c must outlive it; *stop set ends a wait for the server. */
struct tk_smtp *tk_smtp_new(const struct tk_sender_config *c, const atomic_bool *stop);
void tk_smtp_free(struct tk_smtp *s);
void tk_smtp_send(struct tk_smtp *s, const char *to, const char *message, size_t n,
		  struct tk_smtp_reply *ret);
