/* panel_api.c - the supervisor's routes: the list, and the moves of a review. */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <string.h>
#include "base/text.h"
#include "org/institution.h"
#include "panel/panel_api.h"
#include "panel/panel_list.h"
#include "panel/plausibility.h"
#include "panel/review.h"
#include "survey/evidence.h"
#include "survey/live.h"

/* -- the list ---------------------------------------------------------------------------------- */
struct page {
	struct tk_req *rq;
	struct tk_json j;
	struct tk_panel_counts n;
	const char *state, *q;
	int64_t sector;
};

static bool state_fits(const char *state, const struct tk_panel_item *i)
{
	bool counts = tk_response_counts(i->state);

	if (!state || !*state)
		return true;
	if (!strcmp(state, "late"))
		return counts && i->late;
	if (!strcmp(state, "partial"))
		return counts && i->missing > 0;
	if (!strcmp(state, "warnings"))
		return counts && i->warnings > 0;
	return !strcmp(state, i->state) || (i->review && !strcmp(state, i->review));
}

static bool holds(struct tk_arena *a, const char *text, const char *q)
{
	return text && strstr(tk_fold(a, tk_unblank(a, text)), q);
}

static bool fits(const struct page *p, const struct tk_panel_item *i)
{
	struct tk_arena *a = p->rq->mem;

	return (!p->sector || p->sector == i->sector_id) && state_fits(p->state, i) &&
	       (!p->q || holds(a, i->code, p->q) || holds(a, i->name, p->q) ||
		holds(a, i->kana, p->q));
}

static void item_json(void *ctx, const struct tk_panel_item *i)
{
	struct page *p = ctx;
	struct tk_json *j = &p->j;

	tk_panel_count(&p->n, i);
	if (!fits(p, i))
		return;
	tk_json_obj(j);
	tk_json_kid(j, "respondent_id", i->id);
	tk_json_kid(j, "institution_id", i->institution_id);
	tk_json_kstr(j, "code", i->code);
	tk_json_kstr(j, "name", i->name);
	tk_json_kid(j, "sector_id", i->sector_id);
	tk_json_kstr(j, "sector", i->sector);
	tk_json_kstr(j, "prefecture", i->prefecture);
	tk_json_kstr(j, "prefecture_name", tk_prefecture_name(p->rq->who.lang, i->prefecture));
	tk_json_kstr(j, "state", i->state);
	tk_json_kstr(j, "review_state", i->review);
	tk_json_kstr(j, "receipt_no", i->receipt_no);
	tk_json_ktime(j, "submitted_at", i->submitted_at);
	tk_json_kint(j, "submissions", i->submission);
	tk_json_kbool(j, "late", i->late);
	tk_json_kbool(j, "partial", i->missing > 0);
	tk_json_kint(j, "missing", i->missing);
	tk_json_kstr(j, "partial_reason", i->partial_reason);
	tk_json_kint(j, "asked", (int64_t)i->asked);
	tk_json_kint(j, "answered", (int64_t)i->answered);
	tk_json_kint(j, "warnings_open", i->warnings);
	tk_json_kint(j, "comments_unsent", i->comments);
	tk_json_kbool(j, "left", i->left);
	tk_json_kstr(j, "mail", i->mail);
	tk_json_ktime(j, "reminded_at", i->reminded_at);
	tk_json_end_obj(j);
}

static void counts_json(struct tk_json *j, const struct tk_panel_counts *n)
{
	tk_json_key(j, "counts");
	tk_json_obj(j);
	tk_json_kint(j, "total", n->total);
	tk_json_kint(j, "not_started", n->not_started);
	tk_json_kint(j, "draft", n->draft);
	tk_json_kint(j, "submitted", n->submitted);
	tk_json_kint(j, "sent_back", n->sent_back);
	tk_json_kint(j, "accepted", n->accepted);
	tk_json_kint(j, "late", n->late);
	tk_json_kint(j, "partial", n->partial);
	tk_json_kint(j, "warnings", n->warnings);
	tk_json_end_obj(j);
}

static enum tk_rc sector_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct page *p = ctx;

	(void)n;
	tk_json_obj(&p->j);
	tk_json_kid(&p->j, "id", col[0].i);
	tk_json_kstr(&p->j, "code", col[1].s);
	tk_json_kstr(&p->j, "name", tk_in(p->rq->who.lang, col[2].s, col[3].s));
	tk_json_kint(&p->j, "total", col[4].i);
	tk_json_kint(&p->j, "submitted", col[5].i);
	tk_json_end_obj(&p->j);
	return TK_OK;
}

static enum tk_rc sectors_json(struct page *p, int64_t campaign)
{
	enum tk_rc rc;

	tk_json_key(&p->j, "sectors");
	tk_json_arr(&p->j);
	rc = tk_db_run(p->rq->db, &p->rq->err,
		       "SELECT z.id, z.code, z.name, z.name_en, COUNT(r.id),"
		       " CAST(SUM(CASE WHEN s.state IN ('submitted', 'accepted') THEN 1 ELSE 0 "
		       "END) AS BIGINT) FROM respondent r JOIN sector z ON z.id = r.sector_id"
		       " LEFT JOIN response s ON s.id = r.id WHERE r.campaign_id = $1 AND "
		       "r.deleted_at IS NULL AND (r.state = 'in' OR s.state IN ('submitted', "
		       "'accepted')) GROUP BY z.id, z.code, z.name, z.name_en, z.sort ORDER BY "
		       "z.sort, z.code COLLATE \"C\"",
		       TK_ARGS(TK_I(campaign)), sector_row, p);
	tk_json_end_arr(&p->j);
	return rc;
}

void tk_panel_campaign_json(struct tk_json *j, const struct campaign *c, enum tk_lang lang)
{
	tk_json_key(j, "campaign");
	tk_json_obj(j);
	tk_json_kid(j, "id", c->rec.id);
	tk_json_kstr(j, "name", c->name);
	tk_json_kstr(j, "title", tk_in(lang, c->title_ja, c->title_en));
	tk_json_kint(j, "fiscal_year", c->fiscal_year);
	tk_json_kstr(j, "state", c->state);
	tk_json_kstr(j, "closes_on", c->closes_on);
	tk_json_end_obj(j);
}

enum tk_rc tk_panel_campaign(struct tk_req *rq, struct campaign *c)
{
	struct tk_who program = rq->who; /* the panel's permission is enough to see its campaign */
	struct tk_op as = { rq->db, rq->mem, &program, &rq->err };
	int64_t id;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	program.system = true;
	*c = (struct campaign){ 0 };
	if (rc == TK_OK)
		rc = tk_rec_load(&as, &tk_campaign_type, id, c);
	if (rc == TK_OK && !tk_campaign_asks_panel(c))
		return tk_fail(&rq->err, TK_ENOTFOUND, NULL,
			       N_("This campaign does not ask institutions."));
	return rc;
}

static enum tk_rc panel_get(struct tk_req *rq)
{
	const char *sector = tk_req_query(rq, "sector"), *q = tk_req_query(rq, "q");
	struct page p = { .rq = rq, .j = TK_JSON(&rq->out), .state = tk_req_query(rq, "state") };
	struct campaign c;
	enum tk_rc rc = tk_panel_campaign(rq, &c);

	if (rc == TK_OK && sector && *sector && !tk_parse_int(sector, &p.sector))
		return tk_fail(&rq->err, TK_EINVAL, "sector",
			       N_("This is not the id of a sector."));
	if (rc != TK_OK)
		return rc;
	p.q = tk_is_blank(q) ? NULL : tk_fold(rq->mem, tk_unblank(rq->mem, q));
	tk_json_obj(&p.j);
	tk_panel_campaign_json(&p.j, &c, rq->who.lang);
	tk_json_key(&p.j, "items");
	tk_json_arr(&p.j);
	rc = tk_panel_list(&rq->op, &c, item_json, &p);
	tk_json_end_arr(&p.j);
	counts_json(&p.j, &p.n);
	if (rc == TK_OK)
		rc = sectors_json(&p, c.rec.id);
	tk_json_end_obj(&p.j);
	return rc;
}

/* -- moves ------------------------------------------------------------------------------------- */
enum tk_rc tk_panel_respondent(struct tk_req *rq, struct tk_response *r)
{
	int64_t campaign, respondent;
	enum tk_rc rc = tk_req_id(rq, 0, &campaign);

	if (rc == TK_OK)
		rc = tk_req_id(rq, 1, &respondent);
	return rc == TK_OK ? tk_review_of(&rq->op, campaign, respondent, r) : rc;
}

static enum tk_rc text(struct tk_req *rq, const char *key, const char **ret)
{
	*ret = NULL;
	return rq->json ? tk_json_get_str(rq->json, key, ret, &rq->err) : TK_OK;
}

static enum tk_rc comment_post(struct tk_req *rq)
{
	static const char *const keys[] = { "item", "text", NULL };
	struct tk_json j = TK_JSON(&rq->out);
	const char *item, *say;
	struct tk_response r;
	int64_t id = 0;
	enum tk_rc rc = tk_panel_respondent(rq, &r);

	if (rc == TK_OK)
		rc = tk_json_only(rq->json, keys, &rq->err);
	if (rc == TK_OK)
		rc = text(rq, "item", &item);
	if (rc == TK_OK)
		rc = text(rq, "text", &say);
	if (rc == TK_OK)
		rc = tk_review_comment(&rq->op, &r, item, say, &id);
	if (rc != TK_OK)
		return rc;
	rq->status = 201;
	tk_json_obj(&j);
	tk_json_kid(&j, "id", id);
	tk_json_kstr(&j, "item", item);
	tk_json_kstr(&j, "text", say);
	tk_json_end_obj(&j);
	return TK_OK;
}

static enum tk_rc comment_delete(struct tk_req *rq)
{
	struct tk_response r;
	int64_t id;
	enum tk_rc rc = tk_panel_respondent(rq, &r);

	if (rc == TK_OK)
		rc = tk_req_id(rq, 2, &id);
	if (rc == TK_OK)
		rc = tk_review_comment_drop(&rq->op, &r, id);
	rq->status = 204;
	return rc;
}

/* Counting follows when it is committed. */
struct note { int64_t campaign_id, id; const char *state; const uint8_t *blob; size_t n; };

static void note_live(struct tk_req *rq)
{
	const struct note *n = rq->state;

	tk_live_note(n->campaign_id, n->id, n->state, n->blob, n->n);
}

static enum tk_rc moved(struct tk_req *rq, const struct tk_response *r)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct note *n = tk_alloc(rq->mem, sizeof(*n));

	*n = (struct note){ r->campaign_id, r->id, r->state, tk_response_pack(r, rq->mem),
			    r->form->layout->size };
	rq->state = n;
	rq->committed = note_live;
	tk_json_obj(&j);
	tk_json_kid(&j, "respondent_id", r->id);
	tk_json_kstr(&j, "state", r->state);
	tk_json_kint(&j, "version", r->version);
	tk_json_end_obj(&j);
	return TK_OK;
}

/* {"comments": [{"item", "text"}, ...]}: those that go with the return. */
static enum tk_rc body_comments(struct tk_req *rq, const struct tk_response *r)
{
	static const char *const keys[] = { "item", "text", NULL };
	const cJSON *list = rq->json ? cJSON_GetObjectItemCaseSensitive(rq->json, "comments")
				     : NULL,
		    *o;
	enum tk_rc rc = TK_OK;

	if (!list || cJSON_IsNull(list))
		return TK_OK;
	if (!cJSON_IsArray(list))
		return tk_fail(&rq->err, TK_EINVAL, "comments",
			       N_("comments must be a list of objects with item and text."));
	cJSON_ArrayForEach(o, list) {
		const char *item = NULL, *say = NULL;
		int64_t id;

		if ((rc = tk_json_only(o, keys, &rq->err)) != TK_OK ||
		    (rc = tk_json_get_str(o, "item", &item, &rq->err)) != TK_OK ||
		    (rc = tk_json_get_str(o, "text", &say, &rq->err)) != TK_OK ||
		    (rc = tk_review_comment(&rq->op, r, item, say, &id)) != TK_OK)
			return rc;
	}
	return TK_OK;
}

static const char *answer_page(struct tk_req *rq, const struct tk_response *r)
{
	return tk_sprintf(rq->mem, "%s/#/answer/%" PRId64, tk_req_base_url(rq), r->campaign_id);
}

static enum tk_rc return_post(struct tk_req *rq)
{
	static const char *const keys[] = { "reason", "comments", NULL };
	const char *reason;
	struct tk_response r;
	enum tk_rc rc = tk_panel_respondent(rq, &r);

	if (rc == TK_OK && rq->json)
		rc = tk_json_only(rq->json, keys, &rq->err);
	if (rc == TK_OK)
		rc = text(rq, "reason", &reason);
	if (rc == TK_OK)
		rc = body_comments(rq, &r);
	if (rc == TK_OK)
		rc = tk_review_return(&rq->op, &r, reason, answer_page(rq, &r));
	return rc == TK_OK ? moved(rq, &r) : rc;
}

static enum tk_rc accept_post(struct tk_req *rq)
{
	static const char *const keys[] = { "comment", NULL };
	const char *comment;
	struct tk_response r;
	enum tk_rc rc = tk_panel_respondent(rq, &r);

	if (rc == TK_OK && rq->json)
		rc = tk_json_only(rq->json, keys, &rq->err);
	if (rc == TK_OK)
		rc = text(rq, "comment", &comment);
	if (rc == TK_OK)
		rc = tk_review_accept(&rq->op, &r, comment, answer_page(rq, &r));
	return rc == TK_OK ? moved(rq, &r) : rc;
}

static enum tk_rc clear_post(struct tk_req *rq)
{
	static const char *const keys[] = { "note", NULL };
	const char *note;
	struct tk_response r;
	enum tk_rc rc = tk_panel_respondent(rq, &r);

	if (rc == TK_OK && rq->json)
		rc = tk_json_only(rq->json, keys, &rq->err);
	if (rc == TK_OK)
		rc = text(rq, "note", &note);
	if (rc == TK_OK)
		rc = tk_warning_clear(&rq->op, &r, rq->param[2], note);
	rq->status = 204;
	return rc;
}

static enum tk_rc check_post(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct campaign c;
	int64_t looked = 0;
	enum tk_rc rc = tk_panel_campaign(rq, &c);

	if (rc == TK_OK)
		rc = tk_plausibility_again(&rq->op, c.rec.id, &looked);
	if (rc != TK_OK)
		return rc;
	tk_json_obj(&j);
	tk_json_kint(&j, "looked_at", looked);
	tk_json_end_obj(&j);
	return TK_OK;
}

static enum tk_rc evidence_get(struct tk_req *rq)
{
	struct tk_evidence ev;
	struct tk_value content;
	struct tk_response r;
	int64_t id;
	enum tk_rc rc = tk_panel_respondent(rq, &r);

	if (rc == TK_OK && !tk_response_counts(r.state))
		return tk_fail(&rq->err, TK_ENOTFOUND, NULL,
			       N_("There is no such evidence file."));
	if (rc == TK_OK)
		rc = tk_req_id(rq, 3, &id);
	if (rc == TK_OK)
		rc = tk_evidence_read(&rq->op, &r, rq->param[2], id, &ev, &content);
	if (rc != TK_OK)
		return rc;
	tk_req_download(rq, ev.name, ev.media_type, 2);
	tk_buf_add(&rq->out, content.s, content.n);
	return TK_OK;
}

#define P "/api/v1/campaigns/{id}/panel"
#define PR P "/{respondent}"
const struct tk_route tk_panel_routes[] = {
	{ "GET", P, panel_get, .perm = TK_P_PANEL_READ, .max_mem = 128 << 20,
	  .query = "sector state q",
	  .doc = "Where each institution of a campaign stands (state: as stored, or of the review, "
		 "or late, partial, warnings)" },
	{ "POST", P "/check", check_post, .perm = TK_P_REVIEW, .flags = TK_R_TX,
	  .max_mem = 128 << 20,
	  .doc = "Look at everything submitted with the plausibility rules as they are now" },
	{ "GET", PR, tk_panel_detail_get, .perm = TK_P_PANEL_READ, .max_mem = 64 << 20,
	  .doc = "What an institution submitted, beside the wave before, with comments, warnings "
		 "and the log" },
	{ "GET", PR "/changes", tk_panel_changes_get, .perm = TK_P_PANEL_READ,
	  .max_mem = 64 << 20, .query = "from to",
	  .doc = "What changed between two submissions (left out: the last two)" },
	{ "GET", PR "/evidence/{item}/{file}", evidence_get, .perm = TK_P_PANEL_READ,
	  .max_mem = 32 << 20, .doc = "An evidence file of what was submitted" },
	{ "POST", PR "/comments", comment_post, .perm = TK_P_REVIEW, .flags = TK_R_TX,
	  .max_body = 32 << 10, .max_mem = 32 << 20,
	  .doc = "Write a comment to a question (item left out: about the whole); the institution "
		 "sees it when the answers are returned" },
	{ "DELETE", PR "/comments/{comment}", comment_delete, .perm = TK_P_REVIEW,
	  .flags = TK_R_TX, .max_mem = 32 << 20,
	  .doc = "Take back a comment that was not returned yet" },
	{ "POST", PR "/return", return_post, .perm = TK_P_REVIEW, .flags = TK_R_TX,
	  .max_body = 1 << 20, .max_mem = 32 << 20,
	  .doc = "Return the answers to the institution, with a reason or comments" },
	{ "POST", PR "/accept", accept_post, .perm = TK_P_REVIEW, .flags = TK_R_TX,
	  .max_body = 32 << 10, .max_mem = 32 << 20, .doc = "Accept what was submitted" },
	{ "POST", PR "/warnings/{rule}/clear", clear_post, .perm = TK_P_REVIEW, .flags = TK_R_TX,
	  .max_body = 32 << 10, .max_mem = 32 << 20,
	  .doc = "Clear a plausibility warning, with a note" },
	{ 0 },
};
