/* my_api.c - answering: always and only the caller's own response. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "survey/answer.h"
#include "survey/evidence.h"
#include "survey/form_view.h"
#include "survey/live.h"
#include "survey/rollup.h"
#include "survey/survey_api.h"

static enum tk_rc mine(struct tk_req *rq, struct tk_response *r)
{
	int64_t id;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	return rc == TK_OK ? tk_response_mine(&rq->op, id, r) : rc;
}

/* Evidence files of a response, each shown with its item. */
struct files {
	struct tk_arena *a;
	const struct tk_response *r;
	struct tk_evidence *v;
	size_t n, cap;
	enum tk_lang lang;
};

static void take_file(void *ctx, const struct tk_evidence *ev)
{
	struct files *f = ctx;

	if (f->n == f->cap) {
		size_t cap = f->cap ? f->cap * 2 : 16;
		struct tk_evidence *v = tk_alloc_n(f->a, cap, sizeof(*v));
		if (f->n)
			memcpy(v, f->v, f->n * sizeof(*v));
		f->v = v;
		f->cap = cap;
	}
	f->v[f->n++] = (struct tk_evidence){ ev->id,
					     tk_strdup(f->a, ev->item),
					     tk_strdup(f->a, ev->name),
					     tk_strdup(f->a, ev->media_type),
					     tk_strdup(f->a, ev->sha256),
					     ev->size };
}

static void file_members(void *ctx, struct tk_json *j, size_t item)
{
	struct files *f = ctx;

	tk_json_key(j, "evidence");
	tk_json_arr(j);
	for (size_t i = 0; i < f->n; i++)
		if (!strcmp(f->v[i].item, f->r->form->item[item].code))
			tk_evidence_json(j, &f->v[i]);
	tk_json_end_arr(j);
}

static const char *option_label(const struct files *f, const struct tk_option *o)
{
	return tk_in(f->lang, o->label_ja, o->label_en);
}

/* What was chosen in words; several choices one after the other. */
static void label_member(void *ctx, struct tk_json *j, size_t item)
{
	const struct files *f = ctx;
	const struct tk_item *it = &f->r->form->item[item];
	const struct tk_ans *x = &f->r->answer[item];
	const char *all = NULL, *between = f->lang == TK_JA ? "、" : ", ";

	if (x->state == TK_ANSWER_VALUE && it->q == TK_Q_SINGLE)
		all = option_label(f, &it->option[x->option]);
	for (unsigned k = 0; it->q == TK_Q_MULTI && k < it->noption; k++)
		if (x->bits >> k & 1)
			all = tk_sprintf(f->a, "%s%s%s", all ? all : "", all ? between : "",
					 option_label(f, &it->option[k]));
	tk_json_kstr(j, "label", all);
}

/* Last year's own answers, by item code, from the newest earlier campaign of the same
 * questionnaire. */
static enum tk_rc last_year(struct tk_req *rq, const struct tk_response *r, struct tk_json *j)
{
	int64_t id = 0;
	struct tk_response old;
	enum tk_rc rc = tk_response_before(&rq->op, r, &id);

	tk_json_key(j, "last_year");
	if (rc != TK_OK || !id) {
		tk_json_raw(j, "{}");
		return rc;
	}
	if ((rc = tk_response_of(&rq->op, id, &old)) == TK_OK)
		tk_response_json(j, &old, label_member,
				 &(struct files){ .a = rq->mem, .r = &old, .lang = rq->who.lang });
	return rc;
}

static void limits_json(struct tk_json *j)
{
	tk_json_key(j, "limits");
	tk_json_obj(j);
	tk_json_kint(j, "evidence_max_bytes", TK_EVIDENCE_MAX);
	tk_json_kint(j, "comment_max", TK_COMMENT_MAX);
	tk_json_key(j, "evidence_types");
	tk_json_arr(j);
	for (size_t i = 0; tk_evidence_types[i]; i++)
		tk_json_str(j, tk_evidence_types[i]);
	tk_json_end_arr(j);
	tk_json_end_obj(j);
}

static enum tk_rc campaign_json(struct tk_req *rq, const struct tk_response *r, struct tk_json *j)
{
	struct tk_err why = { .lang = rq->who.lang };
	struct tk_op ask = { rq->db, rq->mem, &rq->who, &why };
	struct tk_value col[3];
	bool found;
	enum tk_rc rc = tk_db_first(rq->db, rq->mem, &rq->err,
				    "SELECT name, title_ja, title_en FROM campaign WHERE id = $1",
				    TK_ARGS(TK_I(r->campaign_id)), col, 3, &found);

	if (rc != TK_OK || !found)
		return rc;
	tk_json_key(j, "campaign");
	tk_json_obj(j);
	tk_json_kid(j, "id", r->campaign_id);
	tk_json_kstr(j, "name", col[0].s);
	tk_json_kstr(j, "title", tk_in(rq->who.lang, col[1].s, col[2].s));
	tk_json_kint(j, "fiscal_year", r->fiscal_year);
	tk_json_kstr(j, "state", r->campaign_state);
	tk_json_kstr(j, "closes_on", r->closes_on);
	tk_json_kbool(j, "open", tk_response_editable(&ask, r) == TK_OK);
	tk_json_end_obj(j);
	return TK_OK;
}

static enum tk_rc my_get(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct tk_response r;
	struct files files = { .a = rq->mem, .r = &r };
	enum tk_rc rc = mine(rq, &r);

	if (rc == TK_OK)
		rc = tk_evidence_list(&rq->op, &r, take_file, &files);
	if (rc != TK_OK)
		return rc;
	tk_req_etag(rq, r.version);
	tk_json_obj(&j);
	rc = campaign_json(rq, &r, &j);
	tk_json_key(&j, "respondent");
	tk_json_obj(&j);
	tk_json_kid(&j, "id", r.id);
	tk_json_kid(&j, "division_id", r.division_id);
	tk_json_kstr(&j, "division", r.division);
	tk_json_kid(&j, "institution_id", r.institution_id);
	tk_json_kstr(&j, "name", r.name);
	tk_json_end_obj(&j);
	tk_json_kstr(&j, "state", r.state);
	tk_json_kint(&j, "version", r.version);
	tk_json_kstr(&j, "receipt_no", r.receipt_no);
	tk_json_ktime(&j, "submitted_at", r.submitted_at);
	tk_json_kbool(&j, "signed_off", r.signed_off);
	tk_json_key(&j, "send_back");
	tk_json_raw(&j, r.send_back ? r.send_back : "null");
	tk_view_form(&j, &r, rq->who.lang, rq->mem);
	tk_view_now(&j, &r, rq->who.lang, rq->mem);
	tk_json_key(&j, "answers");
	tk_response_json(&j, &r, file_members, &files);
	if (rc == TK_OK)
		rc = last_year(rq, &r, &j);
	limits_json(&j);
	tk_json_end_obj(&j);
	return rc;
}

/* -- saving ------------------------------------------------------------------------------------ */
struct note { int64_t campaign_id, id; const char *state; const uint8_t *blob; size_t n; };

static void note_live(struct tk_req *rq)
{
	const struct note *n = rq->state;

	tk_live_note(n->campaign_id, n->id, n->state, n->blob, n->n);
}

static void saved(struct tk_req *rq, const struct tk_response *r)
{
	struct note *n = tk_alloc(rq->mem, sizeof(*n));

	*n = (struct note){ r->campaign_id, r->id, r->state, tk_response_pack(r, rq->mem),
			    r->form->layout->size };
	rq->state = n;
	rq->committed = note_live;
}

static void state_json(struct tk_req *rq, struct tk_json *j, const struct tk_response *r)
{
	size_t asked, answered;

	tk_response_count(r, &asked, &answered);
	tk_req_etag(rq, r->version);
	tk_json_kint(j, "version", r->version);
	tk_json_kstr(j, "state", r->state);
	tk_json_ktime(j, "saved_at", tk_now());
	tk_json_kint(j, "answered", (int64_t)answered);
	tk_view_now(j, r, rq->who.lang, rq->mem);
}

/* An old window gets what is there now, so that it can merge instead of overwriting. */
static enum tk_rc stale(struct tk_req *rq, const struct tk_response *r)
{
	struct tk_json j = TK_JSON(&rq->out);

	(void)!tk_fail(&rq->err, TK_EVERSION, NULL,
		       N_("These answers were changed in the meantime in another window."));
	rq->content_type = "application/problem+json";
	rq->keep_body_on_error = true;
	tk_json_obj(&j);
	tk_json_kstr(&j, "type", "urn:tenken:problem:changed-meanwhile");
	tk_json_kstr(&j, "title", tk_tr(rq->err.lang, N_("Changed in the meantime")));
	tk_json_kint(&j, "status", 412);
	tk_json_kstr(&j, "detail", rq->err.msg);
	tk_json_kint(&j, "version", r->version);
	tk_json_kstr(&j, "state", r->state);
	tk_json_kstr(&j, "receipt_no", r->receipt_no);
	tk_json_key(&j, "answers");
	tk_response_json(&j, r, NULL, NULL);
	tk_view_now(&j, r, rq->who.lang, rq->mem);
	tk_json_end_obj(&j);
	return TK_EVERSION;
}

static enum tk_rc begin_change(struct tk_req *rq, struct tk_response *r)
{
	int64_t version;
	enum tk_rc rc = mine(rq, r);

	if (rc == TK_OK)
		rc = tk_req_version(rq, &version);
	if (rc == TK_OK)
		rc = tk_response_editable(&rq->op, r);
	if (rc == TK_OK && version != r->version)
		rc = stale(rq, r);
	return rc;
}

static enum tk_rc apply_body(struct tk_req *rq, struct tk_response *r)
{
	static const char *const keys[] = { "answers", NULL };
	const cJSON *answers =
		rq->json ? cJSON_GetObjectItemCaseSensitive(rq->json, "answers") : NULL;
	enum tk_rc rc = rq->json ? tk_json_only(rq->json, keys, &rq->err) : TK_OK;

	if (rc != TK_OK)
		return rc;
	return answers ? tk_response_apply(&rq->op, r, answers) : TK_OK;
}

static enum tk_rc my_patch(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct tk_response r;
	enum tk_rc rc = begin_change(rq, &r);

	if (rc == TK_OK && tk_response_counts(r.state))
		return tk_fail(&rq->err, TK_ECONFLICT, NULL,
			       N_("You have submitted these answers. Take them back first to "
				  "change them."));
	if (rc == TK_OK)
		rc = apply_body(rq, &r);
	if (rc == TK_OK)
		rc = tk_response_save(&rq->op, &r);
	if (rc != TK_OK)
		return rc;
	saved(rq, &r);
	tk_json_obj(&j);
	state_json(rq, &j, &r);
	tk_json_end_obj(&j);
	return TK_OK;
}

/* What the questionnaire says where an answer is missing, or the plain sentence. */
static const char *needed(const struct tk_response *r, const char *code, enum tk_lang lang,
			  struct tk_arena *a)
{
	const struct tk_item *it = &r->form->item[tk_form_item_index(r->form, code)];
	const char *said = tk_in(lang, it->required_ja, it->required_en);

	return tk_is_blank(said) ? tk_tr(lang, N_("An answer is still needed."))
				 : tk_answer_said(r, said, lang, a);
}

static enum tk_rc my_submit(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	const char *missing[300];
	struct tk_response r;
	size_t n;
	enum tk_rc rc = begin_change(rq, &r);

	if (rc == TK_OK && !tk_response_counts(r.state))
		rc = apply_body(rq, &r);
	if (rc != TK_OK)
		return rc;
	n = tk_response_missing(&r, missing, TK_LEN(missing));
	for (size_t i = 0; i < n && i < TK_LEN(missing); i++)
		tk_req_fault(rq, missing[i], needed(&r, missing[i], rq->err.lang, rq->mem));
	if ((rc = tk_response_submit(&rq->op, &r)) != TK_OK ||
	    (rc = tk_rollup_submitted(&rq->op, &r)) != TK_OK)
		return rc;
	saved(rq, &r);
	tk_json_obj(&j);
	tk_json_kstr(&j, "receipt_no", r.receipt_no);
	tk_json_ktime(&j, "submitted_at", r.submitted_at);
	state_json(rq, &j, &r);
	tk_json_end_obj(&j);
	return TK_OK;
}

static enum tk_rc my_withdraw(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct tk_response r;
	enum tk_rc rc = mine(rq, &r);

	if (rc == TK_OK)
		rc = tk_response_editable(&rq->op, &r);
	if (rc == TK_OK)
		rc = tk_response_withdraw(&rq->op, &r);
	if (rc != TK_OK)
		return rc;
	saved(rq, &r);
	tk_json_obj(&j);
	state_json(rq, &j, &r);
	tk_json_end_obj(&j);
	return TK_OK;
}

/* -- evidence ---------------------------------------------------------------------------------- */
static enum tk_rc evidence_put(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	const char *name = tk_req_query(rq, "name");
	struct tk_evidence ev;
	struct tk_response r;
	enum tk_rc rc = mine(rq, &r);

	if (rc == TK_OK)
		rc = tk_response_editable(&rq->op, &r);
	if (rc == TK_OK && tk_response_counts(r.state))
		return tk_fail(&rq->err, TK_ECONFLICT, NULL,
			       N_("You have submitted these answers. Take them back first to "
				  "change them."));
	if (rc == TK_OK)
		rc = tk_evidence_add(&rq->op, &r, rq->param[1], name ? name : "", rq->body,
				     rq->nbody, &ev);
	if (rc != TK_OK)
		return rc;
	rq->status = 201;
	tk_evidence_json(&j, &ev);
	return TK_OK;
}

static enum tk_rc evidence_get(struct tk_req *rq)
{
	struct tk_evidence ev;
	struct tk_value content;
	struct tk_response r;
	int64_t id;
	enum tk_rc rc = mine(rq, &r);

	if (rc == TK_OK)
		rc = tk_req_id(rq, 2, &id);
	if (rc == TK_OK)
		rc = tk_evidence_read(&rq->op, &r, rq->param[1], id, &ev, &content);
	if (rc != TK_OK)
		return rc;
	tk_req_download(rq, ev.name, ev.media_type, 2);
	tk_buf_add(&rq->out, content.s, content.n);
	return TK_OK;
}

static enum tk_rc evidence_delete(struct tk_req *rq)
{
	struct tk_response r;
	int64_t id;
	enum tk_rc rc = mine(rq, &r);

	if (rc == TK_OK)
		rc = tk_req_id(rq, 2, &id);
	if (rc == TK_OK)
		rc = tk_response_editable(&rq->op, &r);
	if (rc == TK_OK && tk_response_counts(r.state))
		return tk_fail(&rq->err, TK_ECONFLICT, NULL,
			       N_("You have submitted these answers. Take them back first to "
				  "change them."));
	if (rc == TK_OK)
		rc = tk_evidence_delete(&rq->op, &r, rq->param[1], id);
	rq->status = 204;
	return rc;
}

#define MY "/api/v1/my/responses/{campaign}"
const struct tk_route tk_my_routes[] = {
	{ "GET", "/api/v1/my/tasks", tk_my_tasks, .perm = TK_P_SIGNED_IN,
	  .doc = "What the caller has to do" },
	{ "GET", MY, my_get, .perm = TK_P_ANSWER_OWN, .max_mem = 64 << 20,
	  .doc = "Own questionnaire with own answers and last year's" },
	{ "PATCH", MY, my_patch, .perm = TK_P_ANSWER_OWN, .flags = TK_R_TX, .max_body = 1 << 20,
	  .max_mem = 32 << 20, .doc = "Save answers as they are typed (If-Match)" },
	{ "POST", MY "/submit", my_submit, .perm = TK_P_ANSWER_OWN, .flags = TK_R_TX | TK_R_IDEM,
	  .max_body = 1 << 20, .max_mem = 32 << 20,
	  .doc = "Submit (If-Match, Idempotency-Key); the reply holds the receipt number" },
	{ "POST", MY "/withdraw", my_withdraw, .perm = TK_P_ANSWER_OWN, .flags = TK_R_TX,
	  .doc = "Take submitted answers back to a draft, until the division is signed off" },
	{ "PUT", MY "/evidence/{item}", evidence_put, .perm = TK_P_ANSWER_OWN,
	  .flags = TK_R_TX | TK_R_RAW, .max_body = TK_EVIDENCE_MAX + 1024, .max_mem = 32 << 20,
	  .query = "name", .doc = "Add an evidence file to an item" },
	{ "GET", MY "/evidence/{item}/{id}", evidence_get, .perm = TK_P_ANSWER_OWN,
	  .max_mem = 32 << 20, .doc = "Read one's own evidence file" },
	{ "DELETE", MY "/evidence/{item}/{id}", evidence_delete, .perm = TK_P_ANSWER_OWN,
	  .flags = TK_R_TX, .doc = "Remove one's own evidence file" },
	{ 0 },
};
