/* template.h - the texts of mails, Japanese and English, which an office may replace.
 *
 * A template is text: the first line is the subject, an empty line follows, the rest is the body.
 * Placeholders: {name} {title} {closes_on} {url} {reason} {list}, of which each kind knows some.
 * The setting mail.template.KIND.LANG replaces the built-in text (template_text.c).  Values are put
 * in once and never searched again; line breaks in them become blanks, but for {list}.  Results
 * live in op->mem; no state, any thread with its own tk_op.
 */
#pragma once
#include "record/record.h"

enum {                                  /* what a kind knows */
	TK_TV_NAME = 1 << 0, TK_TV_TITLE = 1 << 1, TK_TV_CLOSES_ON = 1 << 2, TK_TV_URL = 1 << 3,
	TK_TV_REASON = 1 << 4, TK_TV_LIST = 1 << 5,
	TK_TV_ALL = TK_TV_NAME | TK_TV_TITLE | TK_TV_CLOSES_ON | TK_TV_URL | TK_TV_REASON,
};
struct tk_template_kind {
	const char *kind, *label;       /* identifier; English msgid */
	unsigned    values;
	const char *text[2];            /* by enum tk_lang */
};
extern const struct tk_template_kind tk_template_kinds[];       /* ends with { 0 } */
extern const char *const tk_template_value_name[];      /* bit i of values; NULL-terminated */
const struct tk_template_kind *tk_template_kind(const char *kind);      /* NULL: none */

struct tk_template_values {
	const char *name;               /* whom it goes to */
	const char *title;              /* the campaign; of an invite, the organisation */
	const char *closes_on; /* ISO date, printed in the language; of an invite, until when */
	const char *url;
	const char *reason;             /* of a send_back; of a section, which one */
	const char *list;               /* lines, put in as they are */
};
/* TK_ENOTFOUND: no such kind. */
enum tk_rc tk_template_fill(const struct tk_op *op, const char *kind, enum tk_lang lang,
			    const struct tk_template_values *v, const char **ret_subject,
			    const char **ret_body) TK_MUST_USE;
/* The same of a text that was checked: for a preview. */
enum tk_rc tk_template_print(const struct tk_op *op, const char *text, enum tk_lang lang,
			     const struct tk_template_values *v, const char **ret_subject,
			     const char **ret_body) TK_MUST_USE;
/* May this text replace the template?  Says what is wrong: no subject, no body, a placeholder that
 * the kind does not know. */
enum tk_rc tk_template_check(const char *kind, const char *text, struct tk_err *e) TK_MUST_USE;
/* What is used now; *ret_own: the office's own. */
enum tk_rc tk_template_text(const struct tk_op *op, const char *kind, enum tk_lang lang,
			    const char **ret, bool *ret_own) TK_MUST_USE;
/* Replaces it (NULL: back to the built-in text), checked, with its row in the trail. */
enum tk_rc tk_template_set(const struct tk_op *op, const char *kind, enum tk_lang lang,
			   const char *text) TK_MUST_USE;
/* The built-in text; NULL: no such kind. */
const char *tk_template_builtin(const char *kind, enum tk_lang lang);
