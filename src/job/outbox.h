/* outbox.h - mails waiting to leave, as records.
 *
 * A mail is queued in the transaction of what it tells about, so neither is there without the
 * other; a dedupe key makes a second one impossible.  src/job/sender.h carries them to the mail
 * server. States: queued (also between two attempts), sending (handed to the server now), sent,
 * failed. No state here: any thread with its own tk_op.
 */
#pragma once
#include "record/record.h"

struct tk_mail {
	struct tk_rec rec;
	const char *recipient;
	int64_t     staff_id, division_id;
	const char *subject, *body, *state;
	int64_t     tries, next_try_at;
	const char *last_error;
	int64_t     queued_at, sent_at;
};
extern const struct tk_rtype tk_mail_type;

struct tk_mail_new {
	const char *to;                 /* a mail address */
	int64_t     staff_id;           /* whom it goes to; 0: nobody of the staff */
	int64_t     division_id;        /* decides who may read it; 0: the office only */
	const char *subject, *body;     /* plain text; the subject is one line */
	const char *dedupe;             /* NULL, or what there may be only one mail of */
	/* NULL, or what takes the place of {secret} in the body when it leaves (the token of a
	 * one-time link): never shown in the list or the trail, forgotten once the mail has left or
	 * failed */
	const char *secret;
};
/* In the caller's transaction; asks for no permission: that is the rule's.  A mail whose dedupe key
 * is taken is not queued again, which is no error; *ret_new (may be NULL) says whether it was new.
 */
enum tk_rc tk_mail_queue_new(const struct tk_op *op, const struct tk_mail_new *m,
			     bool *ret_new) TK_MUST_USE;
enum tk_rc tk_mail_queue(const struct tk_op *op, const struct tk_mail_new *m) TK_MUST_USE;
/* A failed mail once more, at once.  One that carried a secret is refused: its link is forgotten.
 */
enum tk_rc tk_mail_retry(const struct tk_op *op, int64_t id) TK_MUST_USE;

/* How the page is reached, for links in mails; set once at start, before threads. */
void        tk_mail_base_url(const char *url);
/* Link of a mail: "#/records/..." below that address. */
const char *tk_mail_link(const struct tk_op *op, const char *href);

struct tk_mail_status {
	bool sender; /* somebody carries mails now; false: no mail server is set up */
	int64_t queued, failed;
	int64_t last_sent_at;           /* 0: never */
};
enum tk_rc tk_mail_status(const struct tk_op *op, struct tk_mail_status *ret) TK_MUST_USE;
