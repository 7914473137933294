/* position_api.c - position sheets over HTTP: the own one, any for a reviewer, mails. */
#include <cjson/cJSON.h>
#include "publish/position.h"
#include "publish/publish_api.h"
#include "survey/response.h"

static enum tk_rc page(struct tk_req *rq, int64_t campaign, int64_t respondent)
{
	struct tk_positions *ps = NULL;
	enum tk_rc rc = tk_positions_open(&rq->op, campaign, &ps);

	if (rc == TK_OK)
		rc = tk_position_page(&rq->op, ps, respondent, rq->who.lang, &rq->out);
	tk_positions_close(ps);
	if (rc == TK_OK)
		tk_req_page(rq, tk_position_style, 2);
	return rc;
}

/* A colleague sees the sections that were given to it; the sheet shows all of them. */
static enum tk_rc mine(struct tk_req *rq)
{
	struct tk_response r;
	int64_t id;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	if (rc == TK_OK && !rq->who.institution_id)
		return tk_fail(&rq->err, TK_ENOTFOUND, NULL,
			       N_("There are position sheets only for surveys of institutions."));
	if (rc == TK_OK && !rq->who.coordinator)
		return tk_fail(&rq->err, TK_EPERM, NULL,
			       N_("Only a coordinator of your institution can do this."));
	if (rc == TK_OK)
		rc = tk_response_mine(&rq->op, id, &r);
	return rc == TK_OK ? page(rq, id, r.id) : rc;
}

static enum tk_rc theirs(struct tk_req *rq)
{
	int64_t campaign, respondent;
	enum tk_rc rc = tk_req_id(rq, 0, &campaign);

	if (rc == TK_OK)
		rc = tk_req_id(rq, 1, &respondent);
	return rc == TK_OK ? page(rq, campaign, respondent) : rc;
}

static enum tk_rc send(struct tk_req *rq)
{
	static const char *const keys[] = { NULL };
	struct tk_json j = TK_JSON(&rq->out);
	struct tk_position_sent sent;
	int64_t id;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	if (rc == TK_OK && rq->json)
		rc = tk_json_only(rq->json, keys, &rq->err);
	if (rc == TK_OK)
		rc = tk_positions_send(&rq->op, id, tk_req_base_url(rq), &sent);
	if (rc != TK_OK)
		return rc;
	tk_json_obj(&j);
	tk_json_kint(&j, "queued", sent.queued);
	tk_json_kint(&j, "without_mail", sent.without_mail);
	tk_json_kint(&j, "already", sent.already);
	tk_json_end_obj(&j);
	return TK_OK;
}

#define C "/api/v1/campaigns/{id}"
const struct tk_route tk_position_routes[] = {
	{ "GET", "/api/v1/my/responses/{campaign}/position.html", mine, .perm = TK_P_ANSWER_OWN,
	  .max_mem = 256 << 20,
	  .doc = "The position sheet of the caller's institution, once results are published: a "
		 "page of its own, ready to be printed (coordinators)" },
	{ "GET", C "/position/{respondent}.html", theirs, .perm = TK_P_REVIEW, .max_mem = 256 << 20,
	  .doc = "The position sheet of one institution" },
	{ "POST", C "/positions/send", send, .perm = TK_P_PANEL_MANAGE, .flags = TK_R_TX,
	  .max_body = 1024, .max_mem = 64 << 20,
	  .doc = "One mail to the coordinating contact of every institution that answered: its "
		 "position sheet can be read. Nobody gets it twice for one edition" },
	{ 0 },
};
