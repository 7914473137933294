/* answer.h - answers between people, packed bytes and side text. */
#pragma once
#include "survey/response.h"

/* A stored row into r->answer and r->kept. */
enum tk_rc tk_answer_unpack(const struct tk_op *op, struct tk_response *r, const uint8_t *blob,
			    size_t n, const char *side) TK_MUST_USE;
/* Where an answer to this item belongs: among the answers, or, while its condition shuts it, among
 * the kept ones.  NULL: it is never asked of this person. */
struct tk_ans *tk_answer_place(struct tk_response *r, size_t item);
/* A value into x, checked: choice codes, a number, a day, a text; a blank one is no answer. */
enum tk_rc tk_answer_set(const struct tk_op *op, const struct tk_item *it, struct tk_ans *x,
			 const char *value) TK_MUST_USE;
/* Room for what expressions see: a slot an item, behind them the answers of the time before. */
struct tk_xval *tk_answer_room(const struct tk_response *r, struct tk_arena *a);
struct tk_xval *tk_answer_slots(const struct tk_response *r, struct tk_arena *a); /* filled */
/* What is true of an asked item with these slots: must it be answered, is choice k offered? */
bool tk_answer_needed(const struct tk_response *r, size_t i, const struct tk_xval *slot,
		      struct tk_arena *a);
bool tk_answer_offered(const struct tk_response *r, size_t i, unsigned k,
		       const struct tk_xval *slot, struct tk_arena *a);
/* Is a note to be read? */
bool tk_answer_note(const struct tk_response *r, const struct tk_note *n,
		    const struct tk_xval *slot, struct tk_arena *a);
/* The text with ${name} as what was answered, choices by their text; as it is where there is none.
 */
const char *tk_answer_said(const struct tk_response *r, const char *text, enum tk_lang lang,
			   struct tk_arena *a);
/* r->last: what the same respondent answered the time before, for ${last-saved#...}. */
enum tk_rc tk_response_last(const struct tk_op *op, struct tk_response *r) TK_MUST_USE;
/* What conditions see of every answer, and which rows are to be looked at again. */
struct tk_seen { struct tk_xval *slot; uint64_t *due; size_t looked; };
/* From answers that are settled. */
void       tk_seen_open(struct tk_seen *s, const struct tk_response *r, struct tk_arena *a);
/* An answer was changed: tk_seen_settle() then looks only at what leans on it, and counts those. */
void tk_seen_change(struct tk_seen *s, const struct tk_response *r, size_t item,
		    struct tk_arena *a);
void       tk_seen_settle(struct tk_seen *s, struct tk_response *r, struct tk_arena *a);
/* Is this item asked, what does it calculate; slot NULL: the form has no conditions. */
void tk_response_look(struct tk_response *r, size_t i, struct tk_xval *slot, struct tk_arena *a);
/* Into x, what the item's calculation gives (answer_rule.c). */
void tk_answer_calculate(const struct tk_form *f, const struct tk_item *it, struct tk_ans *x,
			 const struct tk_xval *slot, struct tk_arena *a);
/* The answers that a form begins with, for somebody who has not begun. */
void       tk_answer_begin(const struct tk_op *op, struct tk_response *r);
/* The side text of r; false when there is nothing to keep. */
bool       tk_answer_side(const struct tk_response *r, struct tk_buf *b);
/* One answer {value, state, comment} into x.  stored: as we wrote it, so also a state that the page
 * does not offer. */
enum tk_rc tk_answer_json(const struct tk_op *op, const struct tk_item *it, struct tk_ans *x,
			  const struct cJSON *o, bool stored) TK_MUST_USE;
/* Writes what an import brought; in which state that leaves it. */
const char *tk_response_taken_state(const struct tk_response *r);
enum tk_rc tk_response_take(const struct tk_op *op, struct tk_response *r) TK_MUST_USE;
