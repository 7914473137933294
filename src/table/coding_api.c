/* coding_api.c - the answers to a free-text question with their codes, for the reviewer. */
#include <cjson/cJSON.h>
#include <string.h>
#include "survey/live.h"
#include "survey/survey_api.h"
#include "table/table_api.h"
#include "table/coding.h"
#include "table/table_int.h"

enum { CODING_MEM = 256 << 20, CODING_OUT = 64 << 20 };
struct work {
	struct tk_req *rq;
	struct campaign c;
	int64_t form;
	const char *item;
	const struct tk_code *code;
	size_t ncode;
};

static enum tk_rc load(struct tk_req *rq, struct work *w)
{
	int64_t id;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	*w = (struct work){.rq = rq, .item = rq->param[1]};
	if (rc == TK_OK)
		rc = tk_rec_load(&rq->op, &tk_campaign_type, id, &w->c);
	if (rc == TK_OK && !tk_campaign_asks_panel(&w->c))
		return tk_fail(&rq->err, TK_ECONFLICT, NULL,
			N_("Answers of staff are read by nobody; only those of institutions can "
			   "be coded."));
	if (rc == TK_OK)
		rc = tk_db_int(rq->db, &rq->err, "SELECT form_id FROM form_version WHERE id = $1",
			TK_ARGS(TK_I(w->c.form_version_id)), 0, &w->form);
	return rc == TK_OK ? tk_codes(&rq->op, w->form, w->item, &w->code, &w->ncode) : rc;
}

static void codes_json(struct tk_json *j, const struct work *w)
{
	tk_json_key(j, "codes");
	tk_json_arr(j);
	for (size_t i = 0; i < w->ncode; i++) {
		tk_json_obj(j);
		tk_json_kstr(j, "code", w->code[i].code);
		tk_json_kstr(j, "label",
			tk_in(w->rq->who.lang, w->code[i].label_ja, w->code[i].label_en));
		tk_json_kbool(j, "group", w->code[i].group);
		tk_json_end_obj(j);
	}
	tk_json_end_arr(j);
}

struct answers {
	struct work *w;
	const struct tk_live *l;
	const struct tk_side *side;
	size_t item, uncoded;
	struct tk_json *j;
	uint32_t at;
};

static bool answered(const struct answers *a, uint32_t index)
{
	struct tk_plane_key key;
	const uint8_t *blob;

	return a->l->person[index].state == TK_LIVE_SUBMITTED &&
	       tk_plane_get(a->l->plane, index, &key, &blob) &&
	       tk_pack_state(a->l->form->layout, blob, a->item) == TK_ANSWER_VALUE;
}

/* respondent, name, codes, digest, version of the coding; by respondent as the list of people is */
static enum tk_rc on_respondent(void *ctx, const struct tk_value *col, size_t n)
{
	struct answers *a = ctx;
	struct tk_json *j = a->j;
	const char *text;
	bool coded = col[2].type == TK_V_TEXT;

	(void)n;
	while (a->at < a->l->nperson && a->l->person[a->at].id < col[0].i)
		a->at++;
	if (a->at == a->l->nperson || a->l->person[a->at].id != col[0].i || !answered(a, a->at))
		return TK_OK;
	text = tk_side_text(a->side, a->at, a->item);
	a->uncoded += !coded;
	tk_json_obj(j);
	tk_json_kid(j, "respondent_id", col[0].i);
	tk_json_kstr(j, "name", col[1].s);
	tk_json_kstr(j, "text", text);
	tk_json_kstr(j, "codes", coded ? col[2].s : "");
	tk_json_kbool(j, "stale",
		coded && strcmp(col[3].s, tk_coding_digest(a->w->rq->mem, text)) != 0);
	tk_json_kint(j, "version", coded ? col[4].i : 0);
	tk_json_end_obj(j);
	return TK_OK;
}

static enum tk_rc list(struct tk_req *rq, struct answers *a)
{
	struct tk_side *side = NULL;
	enum tk_rc rc = tk_side_get(&rq->op, a->l, &side);

	a->side = side;
	tk_json_key(a->j, "answers");
	tk_json_arr(a->j);
	if (rc == TK_OK)
		rc = tk_db_run(rq->db, &rq->err,
			"SELECT r.id, r.name, c.codes, c.text_digest, c.version FROM respondent r "
			"LEFT JOIN coding c ON c.respondent_id = r.id AND c.item = $2 AND "
			"c.deleted_at IS NULL WHERE r.campaign_id = $1 AND r.deleted_at IS NULL "
			"ORDER BY r.id",
			TK_ARGS(TK_I(a->w->c.rec.id), TK_S(a->w->item)), on_respondent, a);
	tk_json_end_arr(a->j);
	tk_json_kint(a->j, "uncoded", (int64_t)a->uncoded);
	return rc;
}

static enum tk_rc coding_get(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct answers a = {.j = &j};
	struct work w;
	struct tk_live *l;
	int item;
	enum tk_rc rc = load(rq, &w);

	if (rc != TK_OK || (rc = tk_live_get(&rq->op, w.c.rec.id, &l)) != TK_OK)
		return rc;
	item = tk_form_item_index(l->form, w.item);
	if (item < 0 || l->form->item[item].q != TK_Q_TEXT) {
		tk_live_put(l);
		return tk_fail(&rq->err, TK_ENOTFOUND, "item",
			N_("Item \"%.60s\" is no question with a free text."), w.item);
	}
	a.w = &w;
	a.l = l;
	a.item = (size_t)item;
	rq->out.max = CODING_OUT;
	tk_json_obj(&j);
	tk_json_kstr(&j, "item", w.item);
	tk_json_kstr(&j, "label", tk_in(rq->who.lang, l->form->item[item].label_ja,
					  l->form->item[item].label_en));
	codes_json(&j, &w);
	rc = list(rq, &a);
	tk_json_end_obj(&j);
	tk_live_put(l);
	return rc;
}

static enum tk_rc coding_put(struct tk_req *rq)
{
	static const char *const keys[] = {"codes", "version", NULL};
	struct tk_json j = TK_JSON(&rq->out);
	const char *codes = NULL;
	int64_t respondent, version = 0, now = 0;
	struct work w;
	enum tk_rc rc = load(rq, &w);

	if (rc != TK_OK || (rc = tk_req_id(rq, 2, &respondent)) != TK_OK ||
		(rc = tk_json_only(rq->json, keys, &rq->err)) != TK_OK ||
		(rc = tk_json_get_str(rq->json, "codes", &codes, &rq->err)) != TK_OK ||
		(rc = tk_json_get_int(rq->json, "version", &version, &rq->err)) != TK_OK)
		return rc;
	if (!codes)
		return tk_fail(&rq->err, TK_EINVAL, "codes",
			N_("Write the codes, such as \"work.reform\", or \"\" for none."));
	rc = tk_coding_give(&rq->op, &w.c, respondent, w.item, codes, version);
	if (rc == TK_OK)
		rc = tk_db_int(rq->db, &rq->err,
			"SELECT version FROM coding WHERE respondent_id = $1 AND item = $2 AND "
			"deleted_at IS NULL",
			TK_ARGS(TK_I(respondent), TK_S(w.item)), 0, &now);
	if (rc != TK_OK)
		return rc;
	tk_json_obj(&j);
	tk_json_kint(&j, "version", now);
	tk_json_end_obj(&j);
	return TK_OK;
}

#define C "/api/v1/campaigns/{id}/coding/{item}"
const struct tk_route tk_coding_routes[] = {
	{"GET", C, coding_get, .perm = TK_P_REVIEW, .max_mem = CODING_MEM,
		.doc = "The answers to a free-text question, with the codes they were given"},
	{"PUT", C "/{respondent}", coding_put, .perm = TK_P_REVIEW, .flags = TK_R_TX,
		.max_body = 8192,
		.doc = "Give codes to an answer (codes: \"group.code ...\", version: as seen)"},
	{0},
};
