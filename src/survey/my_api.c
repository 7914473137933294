/* my_api.c - answering: always and only the caller's own response. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "survey/answer.h"
#include "record/attachment.h"
#include "survey/evidence.h"
#include "survey/form_view.h"
#include "survey/survey_api.h"

enum tk_rc tk_mine(struct tk_req *rq, struct tk_mine *m)
{
	struct tk_response *r = &m->r;
	int64_t id;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	if (rc == TK_OK)
		rc = tk_response_mine(&rq->op, id, r);
	if (rc != TK_OK)
		return rc;
	m->see = tk_alloc_n(rq->mem, r->form->nitem + 1, sizeof(*m->see));
	m->write = tk_alloc_n(rq->mem, r->form->nitem + 1, sizeof(*m->write));
	return tk_panel_mask(&rq->op, r, m->see, m->write);
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

/* What was chosen in words; several choices one after the other. */
static void label_member(void *ctx, struct tk_json *j, size_t item)
{
	const struct files *f = ctx;
	const struct tk_item *it = &f->r->form->item[item];
	bool choice = it->q == TK_Q_SINGLE || it->q == TK_Q_MULTI;

	tk_json_kstr(j, "label",
		     choice ? tk_answer_words(it, &f->r->answer[item], f->lang, f->a) : NULL);
}

/* Of an earlier response what stands in sections that the person may see now. */
static void hide_old(const struct tk_mine *m, struct tk_response *old)
{
	for (size_t i = 0; i < old->form->nitem; i++) {
		int k = tk_form_item_index(m->r.form, old->form->item[i].code);

		if (m->r.institution_id && (k < 0 || !m->see[k]))
			old->answer[i] = (struct tk_ans){ 0 };
	}
}

/* Last year's own answers, by item code, from the newest earlier campaign of the same
 * questionnaire. */
static enum tk_rc last_year(struct tk_req *rq, const struct tk_mine *m, struct tk_json *j)
{
	const struct tk_response *r = &m->r;
	int64_t id = 0;
	struct tk_response old;
	enum tk_rc rc = tk_response_before(&rq->op, r, &id);

	tk_json_key(j, "last_year");
	if (rc != TK_OK || !id) {
		tk_json_raw(j, "{}");
		return rc;
	}
	if ((rc = tk_response_of(&rq->op, id, &old)) != TK_OK)
		return rc;
	hide_old(m, &old);
	tk_response_json(j, &old, label_member,
			 &(struct files){ .a = rq->mem, .r = &old, .lang = rq->who.lang });
	return TK_OK;
}

static void limits_json(struct tk_json *j)
{
	tk_json_key(j, "limits");
	tk_json_obj(j);
	tk_json_kint(j, "evidence_max_bytes", TK_EVIDENCE_MAX);
	tk_json_kint(j, "comment_max", TK_COMMENT_MAX);
	tk_json_key(j, "evidence_types");
	tk_json_arr(j);
	for (size_t i = 0; tk_file_kinds[i]; i++)
		tk_json_str(j, tk_file_kinds[i]);
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

static void respondent_json(struct tk_json *j, const struct tk_response *r)
{
	tk_json_key(j, "respondent");
	tk_json_obj(j);
	tk_json_kid(j, "id", r->id);
	tk_json_kid(j, "division_id", r->division_id);
	tk_json_kstr(j, "division", r->division);
	tk_json_kid(j, "institution_id", r->institution_id);
	tk_json_kstr(j, "name", r->name);
	tk_json_end_obj(j);
	tk_json_kstr(j, "state", r->state);
	tk_json_kint(j, "version", r->version);
	tk_json_kstr(j, "receipt_no", r->receipt_no);
	tk_json_ktime(j, "submitted_at", r->submitted_at);
	tk_json_kbool(j, "signed_off", r->signed_off);
	tk_json_key(j, "send_back");
	tk_json_raw(j, r->send_back ? r->send_back : "null");
}

static enum tk_rc my_get(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct tk_mine m;
	struct files files = { .a = rq->mem, .r = &m.r };
	enum tk_rc rc = tk_mine(rq, &m);

	if (rc == TK_OK)
		rc = tk_evidence_list(&rq->op, &m.r, take_file, &files);
	if (rc != TK_OK)
		return rc;
	tk_req_etag(rq, m.r.version);
	tk_json_obj(&j);
	rc = campaign_json(rq, &m.r, &j);
	respondent_json(&j, &m.r);
	if (rc == TK_OK && m.r.institution_id)
		rc = tk_my_panel_json(rq, &m, &j);
	tk_view_form(&j, &m.r, m.see, rq->who.lang, rq->mem);
	tk_view_now(&j, &m.r, m.see, rq->who.lang, rq->mem);
	tk_panel_hide(&m.r, m.see);
	tk_json_key(&j, "answers");
	tk_response_json(&j, &m.r, file_members, &files);
	if (rc == TK_OK)
		rc = last_year(rq, &m, &j);
	limits_json(&j);
	tk_json_end_obj(&j);
	return rc;
}

/* -- evidence ---------------------------------------------------------------------------------- */
/* May the file of this item be read, or (write) changed now? */
static enum tk_rc may_touch(struct tk_req *rq, struct tk_mine *m, bool write)
{
	int i;
	enum tk_rc rc = tk_mine(rq, m);

	if (rc != TK_OK)
		return rc;
	i = tk_form_item_index(m->r.form, rq->param[1]);
	if (i >= 0 && !m->see[i])
		return tk_fail(&rq->err, TK_ENOTFOUND, rq->param[1],
			       N_("There is no item \"%.60s\"."), rq->param[1]);
	if (!write)
		return TK_OK;
	if ((rc = tk_response_editable(&rq->op, &m->r)) != TK_OK)
		return rc;
	if (tk_response_counts(m->r.state))
		return tk_fail(&rq->err, TK_ECONFLICT, NULL,
			       N_("You have submitted these answers. Take them back first to "
				  "change them."));
	if (i >= 0 && !m->write[i])
		return tk_fail(&rq->err, TK_ECONFLICT, rq->param[1],
			       N_("%s: this section is marked as done. Open it again first."),
			       rq->param[1]);
	return TK_OK;
}

static enum tk_rc evidence_put(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	const char *name = tk_req_query(rq, "name");
	struct tk_evidence ev;
	struct tk_mine m;
	enum tk_rc rc = may_touch(rq, &m, true);

	if (rc == TK_OK)
		rc = tk_evidence_add(&rq->op, &m.r, rq->param[1], name ? name : "", rq->body,
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
	struct tk_mine m;
	int64_t id;
	enum tk_rc rc = may_touch(rq, &m, false);

	if (rc == TK_OK)
		rc = tk_req_id(rq, 2, &id);
	if (rc == TK_OK)
		rc = tk_evidence_read(&rq->op, &m.r, rq->param[1], id, &ev, &content);
	if (rc != TK_OK)
		return rc;
	tk_req_download(rq, ev.name, ev.media_type, 2);
	tk_buf_add(&rq->out, content.s, content.n);
	return TK_OK;
}

static enum tk_rc evidence_delete(struct tk_req *rq)
{
	struct tk_mine m;
	int64_t id;
	enum tk_rc rc = may_touch(rq, &m, true);

	if (rc == TK_OK)
		rc = tk_req_id(rq, 2, &id);
	if (rc == TK_OK)
		rc = tk_evidence_delete(&rq->op, &m.r, rq->param[1], id);
	rq->status = 204;
	return rc;
}

#define MY "/api/v1/my/responses/{campaign}"
const struct tk_route tk_my_routes[] = {
	{ "GET", MY, my_get, .perm = TK_P_ANSWER_OWN, .max_mem = 64 << 20,
	  .doc = "Own questionnaire with own answers and last year's" },
	{ "PATCH", MY, tk_my_patch, .perm = TK_P_ANSWER_OWN, .flags = TK_R_TX, .max_body = 1 << 20,
	  .max_mem = 32 << 20,
	  .doc = "Save answers as they are typed (If-Match, or was: the answers as the page got "
		 "them, which are then compared one by one)" },
	{ "POST", MY "/submit", tk_my_submit, .perm = TK_P_ANSWER_OWN, .flags = TK_R_TX | TK_R_IDEM,
	  .max_body = 1 << 20, .max_mem = 32 << 20,
	  .doc = "Submit (If-Match, Idempotency-Key); the reply holds the receipt number" },
	{ "POST", MY "/withdraw", tk_my_withdraw, .perm = TK_P_ANSWER_OWN, .flags = TK_R_TX,
	  .doc = "Take submitted answers back to a draft, until the division is signed off" },
	{ "PUT", MY "/sections/{section}", tk_my_section_put, .perm = TK_P_ANSWER_OWN,
	  .flags = TK_R_TX, .max_body = 16 << 10, .max_mem = 32 << 20,
	  .doc = "Give a section to colleagues (account_ids), mark it as done or open (state)" },
	{ "PUT", MY "/evidence/{item}", evidence_put, .perm = TK_P_ANSWER_OWN,
	  .flags = TK_R_TX | TK_R_RAW, .max_body = TK_EVIDENCE_MAX + 1024, .max_mem = 32 << 20,
	  .query = "name", .doc = "Add an evidence file to an item" },
	{ "GET", MY "/evidence/{item}/{id}", evidence_get, .perm = TK_P_ANSWER_OWN,
	  .max_mem = 32 << 20, .doc = "Read one's own evidence file" },
	{ "DELETE", MY "/evidence/{item}/{id}", evidence_delete, .perm = TK_P_ANSWER_OWN,
	  .flags = TK_R_TX, .doc = "Remove one's own evidence file" },
	{ 0 },
};
