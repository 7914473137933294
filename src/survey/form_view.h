/* form_view.h - a questionnaire as one respondent sees it, as JSON members.
 *
 * The form itself is sent once: sections (the outermost groups, in the order of the rows; what
 * stands in none is the section "general"), in each its items and notes in order, with the group
 * they stand in.  What depends on the answers is sent with every reply.
 */
#pragma once
#include "survey/answer.h"
#include "survey/section.h"

/* "form": {title, sections: [{code, label, hint, appearance, groups, items}]}.  see: which items
 * the person may see, NULL: all. */
void tk_view_form(struct tk_json *j, const struct tk_response *r, const bool *see,
		  enum tk_lang lang, struct tk_arena *a);
/* "asked": [code], and of asked items "needed": [code] where a condition says that an answer is
 * required, "offered": {code: [choice]} where choices are filtered, "texts": {code: {label, hint}}
 * where a text names answers; "notes": [code] of the notes that are to be read.  see as above:
 * conditions look at all answers, told is what the person sees. */
void tk_view_now(struct tk_json *j, const struct tk_response *r, const bool *see,
		 enum tk_lang lang, struct tk_arena *a);
