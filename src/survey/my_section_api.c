/* my_section_api.c - answering together: sections of an institution's questionnaire. */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <string.h>
#include "base/text.h"
#include "survey/merge.h"
#include "survey/submission.h"
#include "survey/survey_api.h"

static void section_json(struct tk_json *j, const struct tk_section *s)
{
	tk_json_obj(j);
	tk_json_kstr(j, "code", s->code);
	tk_json_kstr(j, "label", s->label);
	tk_json_kint(j, "asked", (int64_t)s->asked);
	tk_json_kint(j, "answered", (int64_t)s->answered);
	tk_json_kint(j, "missing", (int64_t)s->missing);
	tk_json_key(j, "assigned");
	tk_json_arr(j);
	for (size_t i = 0; i < s->naccount; i++) {
		tk_json_obj(j);
		tk_json_kid(j, "account_id", s->account[i].id);
		tk_json_kstr(j, "name", s->account[i].name);
		tk_json_end_obj(j);
	}
	tk_json_end_arr(j);
	tk_json_kstr(j, "state", s->done ? "done" : "open");
	tk_json_kstr(j, "done_by", s->done ? s->done_by : NULL);
	tk_json_ktime(j, "done_at", s->done ? s->done_at : 0);
	tk_json_kbool(j, "mine", s->mine);
	tk_json_end_obj(j);
}

static void submissions_json(struct tk_json *j, const struct tk_submission *s, size_t n)
{
	tk_json_key(j, "submissions");
	tk_json_arr(j);
	for (size_t i = 0; i < n; i++) {
		tk_json_obj(j);
		tk_json_kint(j, "number", s[i].number);
		tk_json_ktime(j, "at", s[i].at);
		tk_json_kstr(j, "by", s[i].who);
		tk_json_kbool(j, "late", s[i].late);
		tk_json_kint(j, "missing", s[i].missing);
		tk_json_kstr(j, "partial_reason", s[i].partial_reason);
		tk_json_end_obj(j);
	}
	tk_json_end_arr(j);
}

/* What a reviewer wrote to a question, once it was returned: newest last. */
struct comments { struct tk_json *j; const struct tk_mine *m; enum tk_lang lang; };

static enum tk_rc comment_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct comments *c = ctx;
	const struct tk_form *f = c->m->r.form;
	int i = col[0].s ? tk_form_item_index(f, col[0].s) : -1;

	(void)n;
	if (i >= 0 && !c->m->see[i])
		return TK_OK;
	tk_json_obj(c->j);
	tk_json_kstr(c->j, "item", col[0].s);
	tk_json_kstr(c->j, "label",
		     i < 0 ? NULL : tk_in(c->lang, f->item[i].label_ja, f->item[i].label_en));
	tk_json_kstr(c->j, "text", col[1].s);
	tk_json_ktime(c->j, "at", col[2].i);
	tk_json_kint(c->j, "submission", col[3].i);
	tk_json_end_obj(c->j);
	return TK_OK;
}

static enum tk_rc comments_json(struct tk_req *rq, const struct tk_mine *m, struct tk_json *j)
{
	struct comments c = { j, m, rq->who.lang };
	enum tk_rc rc;

	tk_json_key(j, "comments");
	tk_json_arr(j);
	rc = tk_db_run(rq->db, &rq->err,
		       "SELECT item_code, text, sent_at, submission FROM review_comment WHERE "
		       "response_id = $1 AND sent_at IS NOT NULL ORDER BY id",
		       TK_ARGS(TK_I(m->r.id)), comment_row, &c);
	tk_json_end_arr(j);
	return rc;
}

enum tk_rc tk_my_panel_json(struct tk_req *rq, const struct tk_mine *m, struct tk_json *j)
{
	struct tk_submission *sub;
	struct tk_section *s;
	size_t n, nsub;
	enum tk_rc rc = tk_sections(&rq->op, &m->r, &s, &n);

	if (rc == TK_OK)
		rc = tk_submission_list(&rq->op, m->r.id, &sub, &nsub);
	if (rc != TK_OK)
		return rc;
	tk_json_kbool(j, "coordinator", rq->who.coordinator);
	tk_json_kbool(j, "over", tk_response_over(&m->r));
	tk_json_key(j, "sections");
	tk_json_arr(j);
	for (size_t i = 0; i < n; i++)
		section_json(j, &s[i]);
	tk_json_end_arr(j);
	submissions_json(j, sub, nsub);
	return comments_json(rq, m, j);
}

/* -- giving ------------------------------------------------------------------------------------ */
static enum tk_rc read_accounts(struct tk_req *rq, struct tk_section_set *to)
{
	const cJSON *a = cJSON_GetObjectItemCaseSensitive(rq->json, "account_ids"), *v;
	int64_t *id;

	if (!a || cJSON_IsNull(a))
		return TK_OK;
	id = tk_alloc_n(rq->mem, (size_t)cJSON_GetArraySize(a) + 1, sizeof(*id));
	if (!cJSON_IsArray(a))
		return tk_fail(&rq->err, TK_EINVAL, "account_ids",
			       N_("\"%s\" must be a list of ids."), "account_ids");
	cJSON_ArrayForEach(v, a) {
		if (!cJSON_IsString(v) || !tk_parse_int(v->valuestring, &id[to->naccount]))
			return tk_fail(&rq->err, TK_EINVAL, "account_ids",
				       N_("\"%s\" must be a list of ids."), "account_ids");
		to->naccount++;
	}
	to->account = id;
	return TK_OK;
}

enum tk_rc tk_my_section_put(struct tk_req *rq)
{
	static const char *const keys[] = { "account_ids", "state", NULL };
	struct tk_section_set to = { .code = rq->param[1] };
	struct tk_json j = TK_JSON(&rq->out);
	struct tk_section s;
	struct tk_mine m;
	int64_t campaign;
	enum tk_rc rc = tk_req_id(rq, 0, &campaign);

	if (rc == TK_OK)
		rc = tk_response_lock(&rq->op, campaign);
	if (rc == TK_OK)
		rc = tk_mine(rq, &m);
	if (rc == TK_OK && !m.r.institution_id)
		return tk_fail(&rq->err, TK_ENOTFOUND, "section",
			       N_("There is no section \"%.60s\" for you."), to.code);
	if (rc == TK_OK)
		rc = tk_json_only(rq->json, keys, &rq->err);
	if (rc == TK_OK)
		rc = tk_json_get_str(rq->json, "state", &to.state, &rq->err);
	if (rc == TK_OK)
		rc = read_accounts(rq, &to);
	if (rc == TK_OK)
		rc = tk_response_editable(&rq->op, &m.r);
	to.url = tk_sprintf(rq->mem, "%s/#/answer/%" PRId64, tk_req_base_url(rq), campaign);
	if (rc == TK_OK)
		rc = tk_section_change(&rq->op, &m.r, &to, &s);
	if (rc == TK_OK)
		section_json(&j, &s);
	return rc;
}
