/* pack.h - one person's answers as a small run of bytes, laid out by the list of items.
 *
 * Every item has one of five states from day one: not asked (its condition was false), no answer,
 * not applicable, don't know, value.
 *   single           1 byte: a state 0..3, or 4 + k for option k
 *   multi            1 state byte 0..4, then one bit an option (k is bit k % 8 of byte k / 8);
 *                    at least one bit is set if and only if the state is TK_ANSWER_VALUE
 *   others           1 state byte 0..4; the value itself stands in the response's side part
 * A blob belongs to its caller.  A layout belongs to its arena and is never changed, any thread.
 */
#pragma once
#include "base/mem.h"

enum tk_answer {
	TK_ANSWER_NOT_ASKED, TK_ANSWER_NO_ANSWER, TK_ANSWER_NOT_APPLICABLE, TK_ANSWER_DONT_KNOW,
	TK_ANSWER_VALUE         /* of a single choice: 4 + k */
};
enum tk_q_kind {
	TK_Q_SINGLE, TK_Q_MULTI, TK_Q_NUMBER, TK_Q_DECIMAL, TK_Q_TEXT, TK_Q_DATE, TK_Q_KIND_MAX
};
enum {
	TK_PACK_ITEMS = 10000,          /* in one questionnaire */
	TK_PACK_OPTIONS = 246,          /* of a single choice: with the four states 250 codes */
	TK_PACK_MULTI = 60              /* of a multiple choice */
};

struct tk_layout_item {
	const char    *name;            /* for messages; may be NULL */
	enum tk_q_kind kind;
	unsigned       noption;         /* single and multi */
	uint32_t       off, len;        /* set by tk_layout_new */
};
struct tk_layout {
	size_t                 nitem, size;     /* size: bytes of a blob */
	struct tk_layout_item *item;
};
/* Copies the items (off and len are ignored) and lays them out in their order. */
enum tk_rc tk_layout_new(struct tk_arena *a, const struct tk_layout_item *item, size_t n,
			 struct tk_layout **ret, struct tk_err *e) TK_MUST_USE;
/* Number of codes that counting tells apart: the four states, then one for each option, or one for
 * "value" where the item has no options. */
unsigned tk_layout_ncode(const struct tk_layout_item *it);

/* All zero is the blob of somebody who was asked nothing.  Refuses a wrong length, a code or bit
 * beyond the options, and bits that disagree with their state; e->field is the item's name. */
enum tk_rc tk_pack_check(const struct tk_layout *l, const uint8_t *blob, size_t n,
			 struct tk_err *e) TK_MUST_USE;

/* Readers of a checked blob. */
enum tk_answer tk_pack_state(const struct tk_layout *l, const uint8_t *blob, size_t item);
/* of a single choice; -1: none */
int tk_pack_option(const struct tk_layout *l, const uint8_t *blob, size_t item);
/* of a multiple choice, else 0 */
uint64_t tk_pack_bits(const struct tk_layout *l, const uint8_t *blob, size_t item);

/* Writers.  TK_EINVAL if the item or option does not exist or the kind does not fit.  A choice gets
 * TK_ANSWER_VALUE only through its option or its bits (no bits: TK_ANSWER_NO_ANSWER). */
enum tk_rc tk_pack_set_state(const struct tk_layout *l, uint8_t *blob, size_t item,
			     enum tk_answer state, struct tk_err *e) TK_MUST_USE;
enum tk_rc tk_pack_set_option(const struct tk_layout *l, uint8_t *blob, size_t item,
			      unsigned option, struct tk_err *e) TK_MUST_USE;
enum tk_rc tk_pack_set_bits(const struct tk_layout *l, uint8_t *blob, size_t item, uint64_t bits,
			    struct tk_err *e) TK_MUST_USE;
