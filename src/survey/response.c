/* response.c - a response between its row and struct tk_response; submitting and taking back. */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/hash.h"
#include "base/text.h"
#include "case/receipt.h"
#include "form/form_in.h"
#include "record/trail.h"
#include "survey/answer.h"
#include "survey/change.h"
#include "survey/submission.h"

enum { SIDE_MAX = 4 << 20 };

#define SELECT_RESPONSE                                                                            \
	"SELECT r.id, r.campaign_id, r.staff_id, r.bureau_id, r.division_id, r.roles, "            \
	"r.asked_only, r.state,"                                                                   \
	" c.state, c.closes_on, c.form_version_id, c.fiscal_year, s.state, s.version, s.answers, " \
	"s.side, s.receipt_no,"                                                                    \
	" s.submitted_at, s.send_back, b.name, b.code, d.name, d.code, p.name,"                    \
	" EXISTS(SELECT 1 FROM tk_case k WHERE k.parent_id = r.campaign_id AND k.type = "          \
	"'division_sign_off'"                                                                      \
	" AND k.division_id = r.division_id AND k.state IN ('signed', 'returned')),"               \
	" r.institution_id, r.institution_code, r.sector_id, z.code, z.name, r.prefecture,"        \
	" r.attributes, r.name"                                                                    \
	" FROM respondent r JOIN campaign c ON c.id = r.campaign_id LEFT JOIN bureau b ON b.id = " \
	"r.bureau_id"                                                                              \
	" LEFT JOIN division d ON d.id = r.division_id LEFT JOIN post p ON p.id = r.post_id"       \
	" LEFT JOIN sector z ON z.id = r.sector_id LEFT JOIN response s ON s.id = r.id"
enum { NRESPONSE = 33 };

bool tk_response_counts(const char *state)
{
	return state && (!strcmp(state, "submitted") || !strcmp(state, "accepted"));
}

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

static enum tk_rc fill(const struct tk_op *op, const struct tk_value *v, struct tk_response *r)
{
	bool panel = v[25].i != 0;
	struct tk_subject who = { .roles = v[5].s,
				  .bureau = or_empty(v[19].s),
				  .bureau_code = or_empty(v[20].s),
				  .division = or_empty(v[21].s),
				  .division_code = or_empty(v[22].s),
				  .post = or_empty(v[23].s),
				  .institution = v[26].s,
				  .sector = v[28].s,
				  .prefecture = v[30].s,
				  .attributes = v[31].s };
	enum tk_rc rc;

	*r = (struct tk_response){
		.id = v[0].i,
		.campaign_id = v[1].i,
		.staff_id = v[2].i,
		.bureau_id = v[3].i,
		.division_id = v[4].i,
		.institution_id = v[25].i,
		.sector_id = v[27].i,
		.roles = v[5].s,
		.asked_only = v[6].s,
		.left = strcmp(v[7].s, "in") != 0,
		.campaign_state = v[8].s,
		.closes_on = v[9].s,
		.fiscal_year = v[11].i,
		.state = v[12].s ? v[12].s : "not_started",
		.version = v[13].i,
		.name = v[32].s,
		.division = panel ? v[29].s : v[21].s,
		.receipt_no = v[16].s,
		.submitted_at = v[17].i,
		.send_back = v[18].s,
		.signed_off = v[24].i != 0,
	};
	if ((rc = tk_form_get(op, v[10].i, &r->form)) != TK_OK)
		return rc;
	r->audiences = tk_form_audiences(r->form, &who, op->mem);
	r->answer = tk_alloc_n(op->mem, r->form->nitem + 1, sizeof(*r->answer));
	r->kept = tk_alloc_n(op->mem, r->form->nitem + 1, sizeof(*r->kept));
	if (v[14].type == TK_V_BLOB)
		rc = tk_answer_unpack(op, r, (const uint8_t *)v[14].s, v[14].n, v[15].s);
	if (rc == TK_OK && r->form->last)
		rc = tk_response_last(op, r);
	if (rc == TK_OK)
		tk_response_settle(r, op->mem);
	if (rc == TK_OK && v[14].type != TK_V_BLOB)
		tk_answer_begin(op, r);
	if (rc == TK_OK)
		tk_change_begin(r, op->mem);
	return rc;
}

enum tk_rc tk_response_mine(const struct tk_op *op, int64_t campaign_id, struct tk_response *ret)
{
	struct tk_value v[NRESPONSE];
	bool found;
	enum tk_rc rc =
		tk_db_first(op->db, op->mem, op->e,
			    op->who->institution_id
				    ? SELECT_RESPONSE
				    " WHERE r.campaign_id = $1 AND r.institution_id = $2"
				    " AND r.deleted_at IS NULL AND c.deleted_at IS NULL"
				    : SELECT_RESPONSE
				    " WHERE r.campaign_id = $1 AND r.staff_id = $2"
				    " AND r.deleted_at IS NULL AND c.deleted_at IS NULL",
			    TK_ARGS(TK_I(campaign_id), TK_I(op->who->institution_id
								    ? op->who->institution_id
								    : op->who->staff_id)),
			    v, NRESPONSE, &found);

	if (rc == TK_OK && !found)
		return tk_fail(op->e, TK_ENOTFOUND, NULL,
			       N_("You are not asked in this campaign."));
	return rc == TK_OK ? fill(op, v, ret) : rc;
}

enum tk_rc tk_response_of(const struct tk_op *op, int64_t respondent_id, struct tk_response *ret)
{
	struct tk_value v[NRESPONSE];
	bool found;
	enum tk_rc rc = tk_db_first(op->db, op->mem, op->e, SELECT_RESPONSE " WHERE r.id = $1",
				    TK_ARGS(TK_I(respondent_id)), v, NRESPONSE, &found);

	if (rc == TK_OK && !found)
		return tk_fail(op->e, TK_ENOTFOUND, NULL, N_("There is no such respondent."));
	return rc == TK_OK ? fill(op, v, ret) : rc;
}

bool tk_response_over(const struct tk_response *r)
{
	char today[11];

	tk_date_iso(tk_today(), today);
	return r->closes_on && strcmp(r->closes_on, today) < 0;
}

enum tk_rc tk_response_editable(const struct tk_op *op, const struct tk_response *r)
{
	if (r->left)
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("You are no longer among those who are asked."));
	if (!strcmp(r->campaign_state, "planned"))
		return tk_fail(op->e, TK_ECONFLICT, NULL, N_("Answering has not begun yet."));
	/* an institution may be late: a fact of what it submits, until the campaign is closed */
	if (!strcmp(r->campaign_state, "closed") || (!r->institution_id && tk_response_over(r)))
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("Answering is closed. What you had saved is kept; ask the "
				  "security office if you must change it."));
	if (r->signed_off && strcmp(r->state, "sent_back") != 0)
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("Your division has been signed off. Ask your division head to "
				  "send your answers back if they must change."));
	return TK_OK;
}

/* -- saving ------------------------------------------------------------------------------------ */
static char *digest(struct tk_arena *a, const uint8_t *blob, size_t n, const char *side)
{
	struct tk_hasher *h = tk_hasher_new();
	unsigned char d[TK_SHA256_LEN];
	char *hex = tk_alloc(a, TK_SHA256_HEX);

	tk_hasher_add(h, blob, n);
	if (side)
		tk_hasher_add(h, side, strlen(side));
	tk_hasher_end(h, d);
	tk_hex(d, 16, hex);
	return hex;
}

/* The trail says that, when and in which version, never what was answered. */
static enum tk_rc save_as(const struct tk_op *op, struct tk_response *r, const char *action)
{
	struct tk_buf side = TK_BUF(SIDE_MAX);
	const uint8_t *blob = tk_response_pack(r, op->mem);
	const char *text = tk_answer_side(r, &side) ? side.p : NULL;
	enum tk_rc rc;

	if (side.bad) {
		tk_buf_drop(&side);
		return tk_fail(op->e, TK_ETOOBIG, NULL,
			       N_("The answers and comments are too long altogether."));
	}
	r->version++;
	rc = tk_db_exec(op->db, op->e,
			"INSERT INTO response(id, campaign_id, division_id, state, version, "
			"answers, side, receipt_no, submitted_at,"
			" send_back, changed_ms) VALUES($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)"
			" ON CONFLICT(id) DO UPDATE SET state = $4, version = $5, answers = $6, "
			"side = $7, receipt_no = $8,"
			" submitted_at = $9, send_back = $10, changed_ms = $11 WHERE "
			"response.version = $5 - 1",
			TK_I(r->id), TK_I(r->campaign_id), TK_I0(r->division_id), TK_S(r->state),
			TK_I(r->version), TK_B(blob, r->form->layout->size), TK_S(text),
			TK_S(r->receipt_no), TK_I0(r->submitted_at), TK_S(r->send_back),
			TK_I(tk_now_ms()));
	if (rc == TK_OK && tk_db_changes(op->db) != 1)
		rc = tk_fail(op->e, TK_EVERSION, NULL,
			     N_("These answers were changed in the meantime in another window."));
	if (rc == TK_OK)
		rc = tk_change_note(op, r);
	if (rc == TK_OK)
		rc = tk_trail_add(op, action, "response", r->id,
				  tk_sprintf(op->mem,
					     "{\"version\":%" PRId64
					     ",\"state\":\"%s\",\"digest\":\"%s\"}",
					     r->version, r->state,
					     digest(op->mem, blob, r->form->layout->size, text)));
	tk_buf_drop(&side);
	return rc;
}

enum tk_rc tk_response_save(const struct tk_op *op, struct tk_response *r)
{
	if (!strcmp(r->state, "not_started"))
		r->state = "draft";
	return save_as(op, r, "save");
}

/* The receipt number stays the same when the person takes the answers back and submits again. */
static enum tk_rc receive(const struct tk_op *op, struct tk_response *r, const char *action)
{
	r->state = "submitted";
	r->submitted_at = tk_now();
	r->send_back = NULL;
	if (!r->receipt_no)
		r->receipt_no = tk_receipt_no(op->mem, "S", (int)r->fiscal_year);
	return save_as(op, r, action);
}

static enum tk_rc submit(const struct tk_op *op, struct tk_response *r, bool partly)
{
	const char *first = NULL;
	size_t n = tk_response_missing(r, &first, 1);
	enum tk_rc rc;

	if (tk_response_counts(r->state))
		return tk_fail(
			op->e, TK_ECONFLICT, NULL,
			N_("You have submitted these answers already. The receipt number is %s."),
			r->receipt_no);
	if (n && !partly)
		return tk_fail(op->e, TK_EINVAL, first,
			       N_("%zu items still need an answer, the first is %s."), n, first);
	if ((rc = tk_response_accept(op, r, NULL)) != TK_OK)
		return rc;
	return receive(op, r, "submit");
}

enum tk_rc tk_response_submit(const struct tk_op *op, struct tk_response *r)
{
	return submit(op, r, false);
}

enum tk_rc tk_response_submit_partly(const struct tk_op *op, struct tk_response *r,
				     const char *reason)
{
	enum tk_rc rc;

	if (reason && tk_utf8_count(reason) > TK_REASON_MAX)
		return tk_fail(op->e, TK_EINVAL, "partial_reason",
			       N_("A reason can have at most %d characters."), (int)TK_REASON_MAX);
	rc = submit(op, r, !tk_is_blank(reason));
	return rc == TK_OK ? tk_submission_keep(op, r, reason) : rc;
}

enum tk_rc tk_response_withdraw(const struct tk_op *op, struct tk_response *r)
{
	enum tk_rc rc;

	if (strcmp(r->state, "submitted") != 0)
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("There is nothing to take back: the answers are not submitted."));
	r->state = "draft";
	r->submitted_at = 0;
	rc = save_as(op, r, "withdraw");
	return rc == TK_OK && r->institution_id && tk_submission_after
		       ? tk_submission_after(op, r, NULL)
		       : rc;
}

enum tk_rc tk_response_approve(const struct tk_op *op, struct tk_response *r)
{
	if (strcmp(r->state, "submitted") != 0)
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("Only submitted answers can be accepted."));
	r->state = "accepted";
	return save_as(op, r, "accept");
}

enum tk_rc tk_response_send_back(const struct tk_op *op, struct tk_response *r, const char *reason)
{
	struct tk_buf b = TK_BUF(16384);
	struct tk_json j = TK_JSON(&b);

	if (!tk_response_counts(r->state))
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("Only submitted answers can be sent back."));
	if (tk_utf8_count(reason) > TK_REASON_MAX)
		return tk_fail(op->e, TK_EINVAL, "reason",
			       N_("A reason can have at most %d characters."), (int)TK_REASON_MAX);
	tk_json_obj(&j);
	tk_json_kstr(&j, "reason", reason);
	tk_json_kstr(&j, "by", op->who->name);
	tk_json_ktime(&j, "at", tk_now());
	tk_json_end_obj(&j);
	r->state = "sent_back";
	r->send_back = tk_strdup(op->mem, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return save_as(op, r, "send_back");
}

/* A row without any answer is not a response: what was submitted before is a draft again. */
const char *tk_response_taken_state(const struct tk_response *r)
{
	size_t asked, answered;

	tk_response_count(r, &asked, &answered);
	if (answered)
		return "submitted";
	return !strcmp(r->state, "submitted") ? "draft" : r->state;
}

enum tk_rc tk_response_take(const struct tk_op *op, struct tk_response *r)
{
	const char *state = tk_response_taken_state(r);

	if (!strcmp(state, "submitted"))
		return receive(op, r, "import");
	if (!strcmp(state, "not_started"))
		return TK_OK;
	r->state = state;
	r->submitted_at = 0;
	return save_as(op, r, "import");
}
