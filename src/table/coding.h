/* coding.h - free text of institutions, put into codes at two levels by a reviewer (TEL-07).
 *
 * A group holds codes; an answer can be given several codes, which are written GROUP.CODE with
 * blanks between.  A coding belongs to the text it was given for: when the answer changes it is
 * no longer counted until somebody has looked at it again.  Answers of staff are not read by
 * anybody, and so not coded. */
#pragma once
#include "survey/campaign.h"

struct code_group {
	struct tk_rec rec;
	int64_t form_id;
	const char *item;
	int64_t sort;
	const char *code, *label_ja, *label_en;
};
struct answer_code {
	struct tk_rec rec;
	int64_t code_group_id, sort;
	const char *code, *label_ja, *label_en;
};
struct coding {
	struct tk_rec rec;
	int64_t campaign_id, respondent_id;
	const char *item, *codes, *text_digest;
};
extern const struct tk_rtype tk_code_group_type, tk_answer_code_type, tk_coding_type;

/* The codes of an item, groups first: a group's own row (code "g") and then its codes ("g.c"). */
struct tk_code {
	const char *code, *label_ja, *label_en;
	bool group;
};
enum tk_rc tk_codes(const struct tk_op *op, int64_t form_id, const char *item,
	const struct tk_code **ret, size_t *ret_n) TK_MUST_USE;
/* 64 hex digits of the text. */
const char *tk_coding_digest(struct tk_arena *a, const char *text);
/* Has the word list that code; of a group, any code in it? */
bool tk_coded_as(const char *codes, const struct tk_code *c);
/* Gives these codes to the answer as it stands.  version: of the coding the caller saw, 0 for none
 * (TK_EVERSION when somebody else was faster).  codes "" takes the coding back. */
enum tk_rc tk_coding_give(const struct tk_op *op, const struct campaign *c, int64_t respondent_id,
	const char *item, const char *codes, int64_t version) TK_MUST_USE;
