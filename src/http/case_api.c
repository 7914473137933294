#include "case/life.h"
#include "http/case_api.h"
#include "job/outbox.h"

static enum tk_rc case_log(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	int64_t id;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	return rc == TK_OK ? tk_case_log_json(&rq->op, id, &j) : rc;
}

/* -- the life of a record ---------------------------------------------------------------------- */

/* /api/v1/{type}/{id}/case...: the type by its path, which must be one with a life. */
static enum tk_rc life_of(struct tk_req *rq, const struct tk_rtype **t, int64_t *id)
{
	enum tk_rc rc = tk_req_id(rq, 1, id);

	*t = tk_rtype_by_path(rq->param[0]);
	if (rc == TK_OK && (!*t || !(*t)->life))
		rc = tk_fail(&rq->err, TK_ENOTFOUND, NULL, N_("There is no such case."));
	return rc;
}

static enum tk_rc life_reply(struct tk_req *rq, const struct tk_rtype *t, int64_t id)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct tk_case c = { 0 };
	enum tk_rc rc = tk_life_case(&rq->op, t, id, &c);

	return rc == TK_OK ? tk_case_json(&rq->op, &c, &j) : rc;
}

static enum tk_rc life_get(struct tk_req *rq)
{
	const struct tk_rtype *t;
	int64_t id;
	enum tk_rc rc = life_of(rq, &t, &id);

	return rc == TK_OK ? life_reply(rq, t, id) : rc;
}

static const char *const move_keys[] = { "action", "comment", "version", NULL };

static enum tk_rc life_move(struct tk_req *rq)
{
	const char *action = NULL, *comment = NULL;
	struct tk_case c = { 0 };
	const struct tk_case_type *type;
	const struct tk_rtype *t;
	int64_t id, version = 0;
	enum tk_rc rc;

	if ((rc = life_of(rq, &t, &id)) != TK_OK ||
	    (rc = tk_json_only(rq->json, move_keys, &rq->err)) != TK_OK ||
	    (rc = tk_json_get_str(rq->json, "action", &action, &rq->err)) != TK_OK ||
	    (rc = tk_json_get_str(rq->json, "comment", &comment, &rq->err)) != TK_OK ||
	    (rc = tk_json_get_int(rq->json, "version", &version, &rq->err)) != TK_OK ||
	    (rc = tk_life_case(&rq->op, t, id, &c)) != TK_OK)
		return rc;
	if (!action)
		return tk_fail(&rq->err, TK_EINVAL, "action", N_("The action is missing."));
	if (version)
		c.rec.version = version;        /* what the person saw */
	type = tk_case_type_by_name(c.type);
	if (type && type->by_rule)
		return tk_fail(&rq->err, TK_EMETHOD, NULL,
			       N_("%s: this cannot be done directly; it has its own procedure."),
			       tk_tr(rq->err.lang, type->label));
	rc = tk_case_move(&rq->op, &c, action, comment);
	return rc == TK_OK ? life_reply(rq, t, id) : rc;
}

static const char *const comment_keys[] = { "comment", NULL };

static enum tk_rc life_comment(struct tk_req *rq)
{
	const char *comment = NULL;
	struct tk_case c = { 0 };
	const struct tk_rtype *t;
	int64_t id;
	enum tk_rc rc;

	if ((rc = life_of(rq, &t, &id)) != TK_OK ||
	    (rc = tk_json_only(rq->json, comment_keys, &rq->err)) != TK_OK ||
	    (rc = tk_json_get_str(rq->json, "comment", &comment, &rq->err)) != TK_OK ||
	    (rc = tk_life_case(&rq->op, t, id, &c)) != TK_OK ||
	    (rc = tk_case_comment(&rq->op, &c, comment)) != TK_OK)
		return rc;
	return life_reply(rq, t, id);
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
	{ "GET", "/api/v1/{type}/{id}/case", life_get, .perm = TK_P_SIGNED_IN,
	  .doc = "The life of a record: state, what may be done with it now, the log" },
	{ "POST", "/api/v1/{type}/{id}/case/move", life_move, .perm = TK_P_SIGNED_IN,
		.flags = TK_R_TX | TK_R_READER,
	  .doc = "Move a record to its next state; the permission is that of the transition" },
	{ "POST", "/api/v1/{type}/{id}/case/comment", life_comment, .perm = TK_P_SIGNED_IN,
		.flags = TK_R_TX | TK_R_READER,
	  .doc = "A remark in the log of a record that the caller may read" },
	{ "GET", "/api/v1/mail-status", mail_status, .perm = TK_P_MAIL_READ,
	  .doc = "Whether mails leave, how many wait and how many failed" },
	{ "POST", "/api/v1/mails/{id}/retry", mail_retry, .perm = TK_P_CAMPAIGN_MANAGE,
		.flags = TK_R_TX,
	  .doc = "Send a failed mail once more" },
	{ 0 },
};
