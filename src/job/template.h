/* template.h - the texts of mails, Japanese and English, which an office may replace.
 *
 * A template is text: the first line is the subject, an empty line follows, the rest is the body.
 * Placeholders: {name} {title} {closes_on} {url} {reason}.  The setting
 * mail.template.KIND.LANG (KIND: reminder, invite, invite_panel, send_back, section, accepted,
 * position; LANG: ja, en) replaces the built-in one.  Values are put in once and never searched
 * again; line breaks in them become blanks.  Results live in op->mem; no state, any thread with
 * its own tk_op.
 */
#pragma once
#include "record/record.h"

struct tk_template_values {
	const char *name;               /* whom it goes to */
	const char *title;              /* the campaign; of an invite, the organisation */
	const char *closes_on; /* ISO date, printed in the language; of an invite, until when */
	const char *url;
	const char *reason;             /* of a send_back; of a section, which one */
};
/* TK_ENOTFOUND: no such kind. */
enum tk_rc tk_template_fill(const struct tk_op *op, const char *kind, enum tk_lang lang,
			    const struct tk_template_values *v, const char **ret_subject,
			    const char **ret_body) TK_MUST_USE;
/* May this text replace a template?  Says what is wrong: no subject, no body, unknown placeholder.
 */
enum tk_rc tk_template_check(const char *text, struct tk_err *e) TK_MUST_USE;
/* The built-in text; NULL: no such kind. */
const char *tk_template_builtin(const char *kind, enum tk_lang lang);
