/* message.h - one mail as the text that goes over the wire (RFC 5322, 2045, 2047).
 *
 * Plain text, UTF-8, base64.  Headers are ASCII; whatever else a name or subject holds becomes
 * encoded words, and control characters become blanks, so that no text can add a header line.  The
 * message is a function of the mail alone: sent twice, it is the same to the byte, with the same
 * Message-ID, by which a receiver drops the second one.  Pure, any thread.
 */
#pragma once
#include "base/mem.h"

struct tk_message {
	int64_t     id;                 /* the mail's; makes the Message-ID */
	const char *from, *from_name;   /* address; name may be NULL */
	const char *to;
	const char *subject, *body;
	int64_t     date;               /* UTC seconds */
};
/* TK_EINVAL when an address is none.  A full buffer is b->bad. */
enum tk_rc tk_message_write(const struct tk_message *m, struct tk_buf *b,
			    struct tk_err *e) TK_MUST_USE;
