/* response.h - one person's answers: loading, saving as typed, submitting (DESIGN.md section 4).
 *
 * Stored as one row: the packed blob of the form's layout and a side text (JSON) with what does not
 * fit it: {"v":{code:value},"c":{code:comment},"k":{code:answer kept while not asked}}.
 * States: not_started (no row yet), draft, submitted, sent_back, accepted (what an institution
 * submitted and a reviewer took).  Only submitted and accepted count; what was sent back counts
 * again when it is submitted again.
 * A struct tk_response lives in op->mem and belongs to one thread.
 */
#pragma once
#include "survey/campaign.h"

enum { TK_TEXT_MAX = 4000, TK_COMMENT_MAX = 2000, TK_REASON_MAX = 2000 };       /* characters */

struct tk_ans {
	enum tk_answer state;
	int            option;          /* single */
	uint64_t       bits;            /* multi */
	const char    *text;            /* int, decimal, text, date: as entered, normalised */
	const char    *comment;
};

struct tk_response {
	int64_t     id, campaign_id, staff_id, bureau_id, division_id, version;
	int64_t     institution_id, sector_id;          /* 0: a member of staff */
	const char *state, *receipt_no, *roles, *asked_only;
	int64_t     submitted_at, fiscal_year;
	const char *name;               /* of the person or institution */
	const char *division;           /* name of the division, or of the sector */
	bool        left;               /* the person has left and is no longer asked */
	const char *send_back;          /* JSON {reason,by,at} while sent back */
	const char *campaign_state, *closes_on;
	bool        signed_off;         /* the division has been signed off */
	uint64_t    audiences;
	const struct tk_form *form;
	struct tk_ans *answer;          /* nitem */
	struct tk_ans *kept;            /* answers of items not asked now; state NOT_ASKED = none */
	const struct tk_xval *last;     /* answers of the time before, by item; NULL: none */
	struct tk_ans *loaded;          /* of an institution: as the row has them (change.h) */
};

/* Do answers in this state count?  NULL: not started. */
bool       tk_response_counts(const char *state);
/* The caller's own response in a campaign (by op->who->institution_id, else staff_id). */
enum tk_rc tk_response_mine(const struct tk_op *op, int64_t campaign_id,
			    struct tk_response *ret) TK_MUST_USE;
/* Any respondent's, by id: for imports and the program itself. */
enum tk_rc tk_response_of(const struct tk_op *op, int64_t respondent_id,
			  struct tk_response *ret) TK_MUST_USE;
/* The newest submitted response of the same respondent to an earlier campaign of the same
 * questionnaire, 0: none.  Earlier is an earlier fiscal year; of institutions, which may be asked
 * several times a year, also an earlier base date. */
enum tk_rc tk_response_before(const struct tk_op *op, const struct tk_response *r,
			      int64_t *ret) TK_MUST_USE;
/* May it be changed now?  The reason is in op->e. */
enum tk_rc tk_response_editable(const struct tk_op *op, const struct tk_response *r) TK_MUST_USE;
/* {"c01":{"value":"done","comment":"..."}, ...} into r, each checked against its item; then what is
 * asked is found again.  An answer to an item that its condition shuts is kept.  Nothing is
 * written. */
enum tk_rc tk_response_apply(const struct tk_op *op, struct tk_response *r,
			     const struct cJSON *answers) TK_MUST_USE;
/* One answer from the text of a file's cell: a choice code, codes separated by blanks, "na", "dk",
 * a number, a date, or the label of a choice; "" = no answer.  What is shut by a condition is kept:
 * call tk_response_settle() when all cells are in. */
enum tk_rc tk_response_set_text(const struct tk_op *op, struct tk_response *r, size_t item,
				const char *text) TK_MUST_USE;
/* May this item be asked of the person, now or when its condition opens it? */
bool       tk_response_possible(const struct tk_response *r, size_t item);
/* Which items are asked now, from audiences, asked_only and conditions; moves answers between
 * answer and kept. */
void       tk_response_settle(struct tk_response *r, struct tk_arena *a);
/* Do the answers keep their constraints?  The first that does not is TK_EINVAL with its item and
 * its message.  only (may be NULL): which items to look at. */
enum tk_rc tk_response_accept(const struct tk_op *op, const struct tk_response *r,
			      const bool *only) TK_MUST_USE;
/* The same for every one of them: say() hears of each, its message is in op->e; the last one is
 * what is returned. */
enum tk_rc tk_response_refusals(const struct tk_op *op, const struct tk_response *r,
				const bool *only, void (*say)(void *ctx, size_t item),
				void *ctx) TK_MUST_USE;
/* Writes r (version + 1) in the state it has; the trail gets id, version and digest. */
enum tk_rc tk_response_save(const struct tk_op *op, struct tk_response *r) TK_MUST_USE;
/* Required items without an answer: codes, at most max; returns how many there are. */
size_t     tk_response_missing(const struct tk_response *r, const char **code, size_t max);
/* The last day is past. */
bool       tk_response_over(const struct tk_response *r);
/* draft or sent_back -> submitted, with a receipt number; TK_EINVAL when something is missing. */
enum tk_rc tk_response_submit(const struct tk_op *op, struct tk_response *r) TK_MUST_USE;
/* The same for an institution, which may leave out what is needed and say why (NULL: leaves nothing
 * out).  What it submitted is kept as it was (submission.h). */
enum tk_rc tk_response_submit_partly(const struct tk_op *op, struct tk_response *r,
				     const char *reason) TK_MUST_USE;
enum tk_rc tk_response_withdraw(const struct tk_op *op, struct tk_response *r) TK_MUST_USE;
/* submitted or accepted -> sent_back, with the reason for the person. */
enum tk_rc tk_response_send_back(const struct tk_op *op, struct tk_response *r,
				 const char *reason) TK_MUST_USE;
/* submitted -> accepted, of an institution */
enum tk_rc tk_response_approve(const struct tk_op *op, struct tk_response *r) TK_MUST_USE;
void       tk_response_count(const struct tk_response *r, size_t *asked, size_t *answered);
/* The answers as JSON members {code:{state,value,comment}} of asked items; extra (may be NULL) may
 * add members to each. */
typedef void (*tk_answer_extra_fn)(void *ctx, struct tk_json *j, size_t item);
void tk_response_json(struct tk_json *j, const struct tk_response *r, tk_answer_extra_fn extra,
		      void *ctx);
/* The value as expressions see it, "" where there is none. */
const char *tk_answer_text(const struct tk_item *it, const struct tk_ans *x, struct tk_arena *a);
/* What was chosen in words, several choices one after the other; of other kinds the value.  NULL
 * where there is none. */
const char *tk_answer_words(const struct tk_item *it, const struct tk_ans *x, enum tk_lang lang,
			    struct tk_arena *a);
/* One answer: "state", "value", "comment". */
void tk_answer_members(struct tk_json *j, const struct tk_item *it, const struct tk_ans *x);
/* The packed blob as it is stored and counted. */
const uint8_t *tk_response_pack(const struct tk_response *r, struct tk_arena *a);
/* Blob of a person who has answered nothing: what is asked stands as "no answer". */
const uint8_t *tk_response_blank(const struct tk_form *f, uint64_t audiences,
				 const char *asked_only, struct tk_arena *a);

/* CSV or workbook: staff_number (where institutions are asked: institution, its code), then a
 * column for each item code.  A row replaces the whole
 * response. Problems go to the report; unless report->written the caller rolls back, so that no row
 * stays. */
struct tk_report;
enum tk_rc tk_response_import(const struct tk_op *op, const struct campaign *c, const void *data,
			      size_t n, const char *filename, bool dry_run,
			      struct tk_report *report) TK_MUST_USE;
/* The answers that count, in the shape that tk_response_import() reads: one row a respondent in the
 * order of their numbers, a column an item; what was not asked and what has no answer are empty
 * cells.  Comments and files are not in it.  Row by row: memory does not grow with the answers.
 * Of institutions for whoever reviews them; answers of staff are the program's alone (the command
 * line of who runs it). */
struct tk_out_opt;
typedef enum tk_rc (*tk_response_sink)(void *ctx, const void *p, size_t n, struct tk_err *e);
enum tk_rc tk_response_export(const struct tk_op *op, const struct campaign *c,
			      const struct tk_out_opt *opt, tk_response_sink fn, void *ctx,
			      int64_t *ret_rows) TK_MUST_USE;
