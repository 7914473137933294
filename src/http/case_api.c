#include "case/case.h"
#include "http/case_api.h"
#include "job/outbox.h"

static enum tk_rc case_log(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	int64_t id;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	return rc == TK_OK ? tk_case_log_json(&rq->op, id, &j) : rc;
}

/* "sender" false is what the page shows as: no mail server is set up, mails wait. */
static enum tk_rc mail_status(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct tk_mail_status st = { 0 };
	enum tk_rc rc = tk_mail_status(&rq->op, &st);

	if (rc != TK_OK)
		return rc;
	tk_json_obj(&j);
	tk_json_kbool(&j, "sender", st.sender);
	tk_json_kint(&j, "queued", st.queued);
	tk_json_kint(&j, "failed", st.failed);
	tk_json_ktime(&j, "last_sent_at", st.last_sent_at);
	tk_json_end_obj(&j);
	return TK_OK;
}

static enum tk_rc mail_retry(struct tk_req *rq)
{
	int64_t id;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	if (rc == TK_OK)
		rc = tk_mail_retry(&rq->op, id);
	if (rc == TK_OK)
		rq->status = 204;
	return rc;
}

const struct tk_route tk_case_routes[] = {
	{ "GET", "/api/v1/cases/{id}/log", case_log, .perm = TK_P_ROLLUP_READ,
	  .doc = "A case, what may be done with it now, and who did what when" },
	{ "GET", "/api/v1/mail-status", mail_status, .perm = TK_P_MAIL_READ,
	  .doc = "Whether mails leave, how many wait and how many failed" },
	{ "POST", "/api/v1/mails/{id}/retry", mail_retry, .perm = TK_P_CAMPAIGN_MANAGE,
		.flags = TK_R_TX,
	  .doc = "Send a failed mail once more" },
	{ 0 },
};
