/* section.h - the sections of an institution's questionnaire: which account answers which, and who
 * said that it is done.
 *
 * A section is an outermost group of the form with the questions in it, as the page shows it, named
 * by its code; "general" is what stands in no group.  A coordinator sees and writes everything.
 * Another account of the institution sees the sections given to it and writes them until they are
 * marked as done; of the rest it learns nothing.  A member of staff is alone with the answers and
 * has no sections.
 *
 * Results live in op->mem; no state, any thread with its own tk_op.
 */
#pragma once
#include "survey/response.h"

struct tk_section_account { int64_t id; const char *name; };
struct tk_section {
	const char *code, *label;       /* label in the language of op->who */
	int         group;              /* index in the form, -1: what stands in no group */
	size_t      asked, answered, missing;   /* missing: needed and without an answer */
	struct tk_section_account *account;
	size_t      naccount;
	bool        mine, done;
	const char *done_by;
	int64_t     done_at;
};
/* The outermost group around g, which is its section; -1 stays -1. */
int         tk_view_section(const struct tk_form *f, int g);
const char *tk_section_code(const struct tk_form *f, int group);
/* Those that may have something to ask of this respondent, in the order of the form; of an account
 * that is no coordinator its own only. */
enum tk_rc tk_sections(const struct tk_op *op, const struct tk_response *r,
		       struct tk_section **ret, size_t *n) TK_MUST_USE;
/* What op->who may see and write of r, by item (either may be NULL).  All of it for the program, a
 * member of staff and a coordinator; nothing of another respondent's. */
enum tk_rc tk_panel_mask(const struct tk_op *op, const struct tk_response *r, bool *may_see,
			 bool *may_write) TK_MUST_USE;
/* Makes what may not be seen as if it were not asked.  r may then be shown, never saved. */
void       tk_panel_hide(struct tk_response *r, const bool *may_see);
/* TK_EPERM or TK_ECONFLICT with the reason for the first of these items that may not be written. */
enum tk_rc tk_panel_may_write(const struct tk_op *op, const struct tk_response *r,
			      const struct cJSON *answers) TK_MUST_USE;
/* A coordinator gives the section to exactly these accounts (account NULL: as it was); who has it
 * says whether it is done (state NULL: as it was). */
struct tk_section_set {
	const char    *code, *state;    /* open | done */
	const int64_t *account;
	size_t         naccount;
	const char    *url;             /* of the answer page, for the mail to who gets it */
};
enum tk_rc tk_section_change(const struct tk_op *op, const struct tk_response *r,
			     const struct tk_section_set *s, struct tk_section *ret) TK_MUST_USE;
