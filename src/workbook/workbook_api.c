/* workbook_api.c - the respondent's workbook over HTTP: always and only the caller's own. */
#include <inttypes.h>
#include <string.h>
#include "base/clock.h"
#include "record/trail.h"
#include "survey/change.h"
#include "survey/merge.h"
#include "survey/survey_api.h"
#include "workbook/workbook_api.h"
#include "workbook/workbook.h"

/* The caller's part of the caller's response. */
static enum tk_rc mine(struct tk_req *rq, struct tk_mine *m, struct tk_workbook *w)
{
	enum tk_rc rc = tk_mine(rq, m);

	w->may = m->see;
	w->may_write = m->write;
	return rc == TK_OK ? tk_workbook_of(&rq->op, &m->r, w) : rc;
}

/* -- down -------------------------------------------------------------------------------------- */
struct made { bool done; int64_t respondent_id, version; };

static enum tk_rc choose_lang(struct tk_req *rq, enum tk_lang *lang)
{
	const char *s = tk_req_query(rq, "lang");

	if (!s)
		return TK_OK;
	if (strcmp(s, "ja") != 0 && strcmp(s, "en") != 0)
		return tk_fail(&rq->err, TK_EINVAL, "lang", N_("lang takes ja or en."));
	*lang = !strcmp(s, "ja") ? TK_JA : TK_EN;
	return TK_OK;
}

static enum tk_rc make(struct tk_req *rq, bool new_key)
{
	struct made *made = rq->state;
	struct tk_workbook w = { .made = tk_now(), .lang = rq->who.lang };
	struct tk_mine m;
	enum tk_rc rc = choose_lang(rq, &w.lang);

	if (rc == TK_OK)
		rc = mine(rq, &m, &w);
	if (rc == TK_OK)
		rc = tk_workbook_key(&rq->op, new_key, &w.key);
	if (rc != TK_OK || !w.key)
		return rc;
	tk_panel_hide(&m.r, m.see);
	rq->out.max = 64 << 20;
	rc = tk_workbook_write(&w, rq->mem, tk_out_to_buf, &rq->out, &rq->err);
	*made = (struct made){ rc == TK_OK, m.r.id, m.r.version };
	if (rc == TK_OK)
		tk_req_download(rq, tk_sprintf(rq->mem, "%s.xlsx", w.campaign),
				"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
				2);
	return rc;
}

/* The file is made by a reader; only the very first one has to wait for a key that is written. */
static enum tk_rc workbook_before(struct tk_req *rq)
{
	rq->state = tk_alloc(rq->mem, sizeof(struct made));
	return make(rq, false);
}

static enum tk_rc workbook_get(struct tk_req *rq)
{
	const struct made *made = rq->state;
	enum tk_rc rc = made->done ? TK_OK : make(rq, true);

	return rc == TK_OK ? tk_trail_add(&rq->op, "download", "response", made->respondent_id,
					  tk_sprintf(rq->mem, "{\"version\":%" PRId64 "}",
						     made->version))
			   : rc;
}

/* -- up ---------------------------------------------------------------------------------------- */
static enum tk_rc parse_before(struct tk_req *rq)
{
	const char *name = tk_req_query(rq, "name");
	struct tk_wb_file *file = NULL;
	enum tk_rc rc = tk_workbook_parse(rq->mem, rq->body, rq->nbody, name ? name : "upload",
					  &file, &rq->err);

	rq->state = file;
	return rc;
}

static void change_json(struct tk_json *j, const struct tk_wb_change *c,
			const struct tk_change *by)
{
	tk_json_obj(j);
	tk_json_kstr(j, "item", c->item);
	tk_json_kstr(j, "label", c->label);
	tk_json_kstr(j, "sheet", c->sheet);
	tk_json_kstr(j, "cell", c->cell);
	tk_json_kstr(j, "server", c->server);
	tk_json_kstr(j, "file", c->file);
	if (c->file_comment) {
		tk_json_kstr(j, "server_comment", c->server_comment);
		tk_json_kstr(j, "file_comment", c->file_comment);
	}
	tk_json_kbool(j, "conflict", c->conflict);
	tk_json_kbool(j, "decided", c->decided);
	tk_json_kbool(j, "taken", c->taken);
	tk_json_kbool(j, "asked", !c->shut);
	if (c->conflict && by->at) {
		tk_json_kstr(j, "by", by->who);
		tk_json_ktime(j, "at", by->at);
	}
	tk_json_end_obj(j);
}

/* Who saved last, and when. */
static enum tk_rc last_change(struct tk_req *rq, struct tk_json *j, const struct tk_response *r)
{
	struct tk_value v[2];
	bool found;
	enum tk_rc rc = tk_db_first(rq->db, rq->mem, &rq->err,
				    "SELECT who, at_ms FROM trail WHERE rtype = 'response' AND "
				    "record_id = $1 AND action <> 'download' ORDER BY id DESC "
				    "LIMIT 1",
				    TK_ARGS(TK_I(r->id)), v, 2, &found);

	if (rc != TK_OK || !found)
		return rc;
	tk_json_key(j, "changed");
	tk_json_obj(j);
	tk_json_kstr(j, "by", v[0].s);
	tk_json_ktime(j, "at", v[1].i / 1000);
	tk_json_end_obj(j);
	return TK_OK;
}

static enum tk_rc result_json(struct tk_req *rq, const struct tk_wb_result *res,
			      const struct tk_response *r)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct tk_change *by;
	enum tk_rc rc = tk_change_all(&rq->op, r, &by);

	if (rc != TK_OK)
		return rc;
	rq->out.max = 32 << 20;
	tk_json_obj(&j);
	tk_report_members(&j, res->rep);
	tk_json_key(&j, "changes");
	tk_json_arr(&j);
	for (size_t i = 0; i < res->nchange; i++)
		change_json(&j, &res->change[i],
			    &by[tk_form_item_index(r->form, res->change[i].item)]);
	tk_json_end_arr(&j);
	tk_json_kint(&j, "conflicts", (int64_t)res->nconflict);
	tk_json_kint(&j, "undecided", (int64_t)res->nundecided);
	tk_json_kint(&j, "base_version", res->base_version);
	tk_json_kint(&j, "version", r->version);
	tk_json_kstr(&j, "state", r->state);
	if (r->version > res->base_version && res->nconflict)
		rc = last_change(rq, &j, r);
	tk_json_end_obj(&j);
	tk_req_etag(rq, r->version);
	return rc;
}

static enum tk_rc may_change(struct tk_req *rq, const struct tk_response *r, bool dry)
{
	int64_t version = r->version;
	enum tk_rc rc = tk_response_editable(&rq->op, r);

	if (rc == TK_OK && tk_response_counts(r->state))
		return tk_fail(&rq->err, TK_ECONFLICT, NULL,
			       N_("You have submitted these answers. Take them back first to "
				  "change them."));
	if (rc == TK_OK && !dry)
		rc = tk_req_version(rq, &version);
	if (rc == TK_OK && version != r->version)
		return tk_fail(&rq->err, TK_EVERSION, NULL,
			       N_("These answers were changed in the meantime in another window."));
	return rc;
}

/* What the file and the program refused goes out with the report, as for every import. */
static enum tk_rc refuse(struct tk_req *rq, const struct tk_wb_result *res)
{
	rq->keep_body_on_error = true;
	return tk_fail(&rq->err, TK_EINVAL, NULL,
		       res->rep->accepted
			       ? N_("Some answers were changed on both sides. Say for each which "
				    "one counts. Nothing was written.")
			       : N_("The file was not accepted. Nothing was written."));
}

static enum tk_rc workbook_post(struct tk_req *rq)
{
	const struct tk_wb_file *file = rq->state;
	struct tk_wb_decision d = { tk_req_query(rq, "take"), tk_req_query(rq, "keep") };
	bool dry = tk_req_flag(rq, "dry_run"), good;
	struct tk_workbook w = { .lang = rq->who.lang };
	struct tk_wb_result res;
	struct tk_mine m;
	int64_t campaign;
	enum tk_rc rc = tk_req_id(rq, 0, &campaign);

	/* several people write for an institution: the second sees what the first has saved */
	if (rc == TK_OK && rq->who.institution_id && !dry)
		rc = tk_response_lock(&rq->op, campaign);
	if (rc == TK_OK)
		rc = mine(rq, &m, &w);
	if (rc == TK_OK)
		rc = may_change(rq, &m.r, dry);
	if (rc == TK_OK)
		rc = tk_workbook_key(&rq->op, false, &w.key);
	if (rc == TK_OK)
		rc = tk_workbook_merge(&rq->op, &w, file, &d, &m.r, &res);
	if (rc != TK_OK)
		return rc;
	good = res.rep->accepted && !res.nundecided;
	if (!dry && good && res.ntaken) {
		if ((rc = tk_response_save(&rq->op, &m.r)) != TK_OK)
			return rc;
		tk_my_saved(rq, &m.r);
		res.rep->written = true;
	}
	rc = result_json(rq, &res, &m.r);
	return rc != TK_OK || dry || good ? rc : refuse(rq, &res);
}

#define WORKBOOK "/api/v1/my/responses/{campaign}/workbook"
const struct tk_route tk_workbook_routes[] = {
	{ "GET", WORKBOOK ".xlsx", workbook_get, workbook_before, .perm = TK_P_ANSWER_OWN,
	  .flags = TK_R_TX, .max_mem = 256 << 20,
	  .doc = "Own questionnaire as a workbook to be filled in offline (lang=ja|en)" },
	{ "POST", WORKBOOK, workbook_post, parse_before, .perm = TK_P_ANSWER_OWN,
	  .flags = TK_R_TX | TK_R_RAW, .max_body = TK_WORKBOOK_MAX, .max_mem = 256 << 20,
	  .query = "name dry_run take keep",
	  .doc = "A filled-in workbook (If-Match unless dry_run): what is wrong by cell, what "
		 "changes, what changed on both sides (take=, keep= item codes decide)" },
	{ 0 },
};
