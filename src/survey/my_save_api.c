/* my_save_api.c - saving, submitting and taking back the caller's own answers. */
#include <cjson/cJSON.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "survey/answer.h"
#include "survey/form_view.h"
#include "survey/live.h"
#include "survey/merge.h"
#include "survey/rollup.h"
#include "survey/survey_api.h"

struct note { int64_t campaign_id, id; const char *state; const uint8_t *blob; size_t n; };

static void note_live(struct tk_req *rq)
{
	const struct note *n = rq->state;

	tk_live_note(n->campaign_id, n->id, n->state, n->blob, n->n);
}

void tk_my_saved(struct tk_req *rq, const struct tk_response *r)
{
	struct note *n = tk_alloc(rq->mem, sizeof(*n));

	*n = (struct note){ r->campaign_id, r->id, r->state, tk_response_pack(r, rq->mem),
			    r->form->layout->size };
	rq->state = n;
	rq->committed = note_live;
}

static size_t answered(const struct tk_mine *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->r.form->nitem; i++)
		n += m->see[i] && !m->r.form->item[i].silent &&
		     m->r.answer[i].state > TK_ANSWER_NO_ANSWER;
	return n;
}

/* What is told of a saved response is what the caller may see of it. */
static void state_json(struct tk_req *rq, struct tk_json *j, const struct tk_mine *m)
{
	tk_req_etag(rq, m->r.version);
	tk_json_kint(j, "version", m->r.version);
	tk_json_kstr(j, "state", m->r.state);
	tk_json_ktime(j, "saved_at", tk_now());
	tk_json_kint(j, "answered", (int64_t)answered(m));
	tk_view_now(j, &m->r, m->see, rq->who.lang, rq->mem);
}

static void begin_problem(struct tk_req *rq, struct tk_json *j, const char *type, const char *title,
			  int status)
{
	rq->content_type = "application/problem+json";
	rq->keep_body_on_error = true;
	tk_json_obj(j);
	tk_json_kstr(j, "type", type);
	tk_json_kstr(j, "title", tk_tr(rq->err.lang, title));
	tk_json_kint(j, "status", status);
	tk_json_kstr(j, "detail", rq->err.msg);
}

/* Conditions see all answers, the caller those of the own sections. */
static void end_problem(struct tk_req *rq, struct tk_json *j, const struct tk_mine *m)
{
	size_t n = m->r.form->nitem + 1;
	struct tk_response shown = m->r;

	shown.answer = tk_alloc_n(rq->mem, n, sizeof(*shown.answer));
	shown.kept = tk_alloc_n(rq->mem, n, sizeof(*shown.kept));
	memcpy(shown.answer, m->r.answer, (n - 1) * sizeof(*shown.answer));
	tk_panel_hide(&shown, m->see);
	tk_json_kint(j, "version", m->r.version);
	tk_json_kstr(j, "state", m->r.state);
	tk_json_kstr(j, "receipt_no", m->r.receipt_no);
	tk_json_key(j, "answers");
	tk_response_json(j, &shown, NULL, NULL);
	tk_view_now(j, &m->r, m->see, rq->who.lang, rq->mem);
	tk_json_end_obj(j);
}

/* An old window gets what is there now, so that it can merge instead of overwriting. */
static enum tk_rc stale(struct tk_req *rq, struct tk_mine *m)
{
	struct tk_json j = TK_JSON(&rq->out);

	(void)!tk_fail(&rq->err, TK_EVERSION, NULL,
		       N_("These answers were changed in the meantime in another window."));
	begin_problem(rq, &j, "urn:tenken:problem:changed-meanwhile",
		      N_("Changed in the meantime"), 412);
	end_problem(rq, &j, m);
	return TK_EVERSION;
}

static void side_json(struct tk_json *j, const char *key, const struct tk_item *it,
		      const struct tk_ans *x)
{
	tk_json_key(j, key);
	tk_json_obj(j);
	tk_answer_members(j, it, x);
	tk_json_end_obj(j);
}

/* Both sides of every answer that two people changed; nothing was written. */
static enum tk_rc conflicts(struct tk_req *rq, struct tk_mine *m, const struct tk_conflict *c,
			    size_t n)
{
	struct tk_json j = TK_JSON(&rq->out);

	(void)!tk_fail(&rq->err, TK_ECONFLICT, m->r.form->item[c[0].item].code,
		       N_("Somebody else has changed %zu of these answers in the meantime. Nothing "
			  "was saved; choose for each which one is to stay."),
		       n);
	begin_problem(rq, &j, "urn:tenken:problem:answers-conflict",
		      N_("Changed in the meantime"), 409);
	tk_json_key(&j, "conflicts");
	tk_json_arr(&j);
	for (size_t i = 0; i < n; i++) {
		const struct tk_item *it = &m->r.form->item[c[i].item];

		tk_json_obj(&j);
		tk_json_kstr(&j, "item", it->code);
		tk_json_kstr(&j, "label", tk_in(rq->who.lang, it->label_ja, it->label_en));
		side_json(&j, "mine", it, &c[i].mine);
		side_json(&j, "theirs", it, &c[i].theirs);
		tk_json_kstr(&j, "by", c[i].by);
		tk_json_ktime(&j, "at", c[i].at);
		tk_json_end_obj(&j);
	}
	tk_json_end_arr(&j);
	end_problem(rq, &j, m);
	return TK_ECONFLICT;
}

/* -- the body ---------------------------------------------------------------------------------- */
static const cJSON *part(const struct tk_req *rq, const char *name)
{
	const cJSON *o = rq->json ? cJSON_GetObjectItemCaseSensitive(rq->json, name) : NULL;

	return cJSON_IsNull(o) ? NULL : o;
}

/* Loads what is to be changed.  Several people write for an institution, so the second waits for
 * the first and then sees what it saved. */
static enum tk_rc load(struct tk_req *rq, struct tk_mine *m)
{
	int64_t campaign;
	enum tk_rc rc = tk_req_id(rq, 0, &campaign);

	if (rc == TK_OK && (rq->who.institution_id || part(rq, "was")))
		rc = tk_response_lock(&rq->op, campaign);
	return rc == TK_OK ? tk_mine(rq, m) : rc;
}

static enum tk_rc begin_change(struct tk_req *rq, struct tk_mine *m, bool compare)
{
	int64_t version = 0;
	enum tk_rc rc = load(rq, m);

	if (rc == TK_OK && !compare)
		rc = tk_req_version(rq, &version);
	if (rc == TK_OK)
		rc = tk_response_editable(&rq->op, &m->r);
	if (rc == TK_OK && !compare && version != m->r.version)
		rc = stale(rq, m);
	return rc;
}

static enum tk_rc apply_body(struct tk_req *rq, struct tk_mine *m)
{
	const cJSON *answers = part(rq, "answers"), *was = part(rq, "was");
	struct tk_conflict *c;
	size_t n;
	enum tk_rc rc = answers ? tk_panel_may_write(&rq->op, &m->r, answers) : TK_OK;

	if (rc != TK_OK || !answers)
		return rc;
	if (!was)
		return tk_response_apply(&rq->op, &m->r, answers);
	rc = tk_response_merge(&rq->op, &m->r, answers, was, &c, &n);
	return rc == TK_OK && n ? conflicts(rq, m, c, n) : rc;
}

enum tk_rc tk_my_patch(struct tk_req *rq)
{
	static const char *const keys[] = { "answers", "was", NULL };
	struct tk_json j = TK_JSON(&rq->out);
	struct tk_mine m;
	enum tk_rc rc = begin_change(rq, &m, part(rq, "was") != NULL);

	if (rc == TK_OK && tk_response_counts(m.r.state))
		return tk_fail(&rq->err, TK_ECONFLICT, NULL,
			       N_("You have submitted these answers. Take them back first to "
				  "change them."));
	if (rc == TK_OK && rq->json)
		rc = tk_json_only(rq->json, keys, &rq->err);
	if (rc == TK_OK)
		rc = apply_body(rq, &m);
	if (rc == TK_OK)
		rc = tk_response_save(&rq->op, &m.r);
	if (rc != TK_OK)
		return rc;
	tk_my_saved(rq, &m.r);
	tk_json_obj(&j);
	state_json(rq, &j, &m);
	tk_json_end_obj(&j);
	return TK_OK;
}

/* -- submitting -------------------------------------------------------------------------------- */
/* What the questionnaire says where an answer is missing, or the plain sentence. */
static const char *needed(const struct tk_response *r, const char *code, enum tk_lang lang,
			  struct tk_arena *a)
{
	const struct tk_item *it = &r->form->item[tk_form_item_index(r->form, code)];
	const char *said = tk_in(lang, it->required_ja, it->required_en);

	return tk_is_blank(said) ? tk_tr(lang, N_("An answer is still needed."))
				 : tk_answer_said(r, said, lang, a);
}

static void tell_missing(struct tk_req *rq, const struct tk_response *r)
{
	const char *missing[300];
	size_t n = tk_response_missing(r, missing, TK_LEN(missing));

	for (size_t i = 0; i < n && i < TK_LEN(missing); i++)
		tk_req_fault(rq, missing[i], needed(r, missing[i], rq->err.lang, rq->mem));
}

static enum tk_rc only_coordinator(struct tk_req *rq, const struct tk_response *r)
{
	return r->institution_id && !rq->who.coordinator
		       ? tk_fail(&rq->err, TK_EPERM, NULL,
				 N_("Only a coordinator of your institution can do this."))
		       : TK_OK;
}

static enum tk_rc submit(struct tk_req *rq, struct tk_response *r)
{
	const char *reason = NULL;
	enum tk_rc rc = rq->json ? tk_json_get_str(rq->json, "partial_reason", &reason, &rq->err)
				 : TK_OK;

	if (rc != TK_OK)
		return rc;
	if (tk_is_blank(reason) || !r->institution_id)
		tell_missing(rq, r);
	if (r->institution_id)
		return tk_response_submit_partly(&rq->op, r, reason);
	rc = tk_response_submit(&rq->op, r);
	return rc == TK_OK ? tk_rollup_submitted(&rq->op, r) : rc;
}

enum tk_rc tk_my_submit(struct tk_req *rq)
{
	static const char *const keys[] = { "answers", "partial_reason", NULL };
	struct tk_json j = TK_JSON(&rq->out);
	struct tk_mine m;
	enum tk_rc rc = begin_change(rq, &m, false);

	if (rc == TK_OK)
		rc = only_coordinator(rq, &m.r);
	if (rc == TK_OK && rq->json)
		rc = tk_json_only(rq->json, keys, &rq->err);
	if (rc == TK_OK && !tk_response_counts(m.r.state))
		rc = apply_body(rq, &m);
	if (rc == TK_OK)
		rc = submit(rq, &m.r);
	if (rc != TK_OK)
		return rc;
	tk_my_saved(rq, &m.r);
	tk_json_obj(&j);
	tk_json_kstr(&j, "receipt_no", m.r.receipt_no);
	tk_json_ktime(&j, "submitted_at", m.r.submitted_at);
	state_json(rq, &j, &m);
	tk_json_end_obj(&j);
	return TK_OK;
}

enum tk_rc tk_my_withdraw(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct tk_mine m;
	enum tk_rc rc = load(rq, &m);

	if (rc == TK_OK)
		rc = only_coordinator(rq, &m.r);
	if (rc == TK_OK)
		rc = tk_response_editable(&rq->op, &m.r);
	if (rc == TK_OK)
		rc = tk_response_withdraw(&rq->op, &m.r);
	if (rc != TK_OK)
		return rc;
	tk_my_saved(rq, &m.r);
	tk_json_obj(&j);
	state_json(rq, &j, &m);
	tk_json_end_obj(&j);
	return TK_OK;
}
