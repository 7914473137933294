/* colleague_api.c - a coordinator's colleagues: list, invite, lock. */
#include <cjson/cJSON.h>
#include "panel/colleague.h"
#include "panel/panel_api.h"

static void colleague_json(void *ctx, const struct tk_colleague *c)
{
	struct tk_json *j = ctx;

	tk_json_obj(j);
	tk_json_kid(j, "account_id", c->account_id);
	tk_json_kstr(j, "name", c->name);
	tk_json_kstr(j, "login", c->login);
	tk_json_kstr(j, "mail", c->mail);
	tk_json_kbool(j, "coordinator", c->coordinator);
	tk_json_kstr(j, "state", c->state);
	tk_json_ktime(j, "last_sign_in_at", c->last_sign_in_at);
	tk_json_kbool(j, "you", c->you);
	tk_json_end_obj(j);
}

static enum tk_rc colleagues_get(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	enum tk_rc rc;

	tk_json_obj(&j);
	tk_json_key(&j, "items");
	tk_json_arr(&j);
	rc = tk_colleagues(&rq->op, 0, colleague_json, &j);
	tk_json_end_arr(&j);
	tk_json_end_obj(&j);
	return rc;
}

static enum tk_rc colleague_post(struct tk_req *rq)
{
	static const char *const keys[] = { "name", "mail", "coordinator", "send_mail", NULL };
	struct tk_colleague_new n = { .base_url = tk_req_base_url(rq), .send_mail = true };
	struct tk_json j = TK_JSON(&rq->out);
	const char *url;
	int64_t id = 0;
	enum tk_rc rc;

	if ((rc = tk_json_only(rq->json, keys, &rq->err)) != TK_OK ||
	    (rc = tk_json_get_str(rq->json, "name", &n.name, &rq->err)) != TK_OK ||
	    (rc = tk_json_get_str(rq->json, "mail", &n.mail, &rq->err)) != TK_OK ||
	    (rc = tk_json_get_bool(rq->json, "coordinator", &n.coordinator, &rq->err)) != TK_OK ||
	    (rc = tk_json_get_bool(rq->json, "send_mail", &n.send_mail, &rq->err)) != TK_OK ||
	    (rc = tk_colleague_invite(&rq->op, &n, &id, &url)) != TK_OK)
		return rc;
	rq->status = 201;
	tk_json_obj(&j);
	tk_json_key(&j, "colleague");
	rc = tk_colleagues(&rq->op, id, colleague_json, &j);
	tk_json_kbool(&j, "mailed", n.send_mail);
	tk_json_kstr(&j, "url", url);
	tk_json_end_obj(&j);
	return rc;
}

/* A member that is there: its value through *at, else *at stays NULL. */
static enum tk_rc flag(struct tk_req *rq, const char *name, bool *value, const bool **at)
{
	const cJSON *o = rq->json ? cJSON_GetObjectItemCaseSensitive(rq->json, name) : NULL;

	if (!o || cJSON_IsNull(o))
		return TK_OK;
	*at = value;
	return tk_json_get_bool(rq->json, name, value, &rq->err);
}

static enum tk_rc colleague_patch(struct tk_req *rq)
{
	static const char *const keys[] = { "locked", "coordinator", NULL };
	struct tk_json j = TK_JSON(&rq->out);
	const bool *locked = NULL, *coordinator = NULL;
	bool value[2] = { false, false };
	int64_t id;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	if (rc != TK_OK || (rc = tk_json_only(rq->json, keys, &rq->err)) != TK_OK ||
	    (rc = flag(rq, "locked", &value[0], &locked)) != TK_OK ||
	    (rc = flag(rq, "coordinator", &value[1], &coordinator)) != TK_OK ||
	    (rc = tk_colleague_change(&rq->op, id, locked, coordinator)) != TK_OK)
		return rc;
	return tk_colleagues(&rq->op, id, colleague_json, &j);
}

#define C "/api/v1/my/colleagues"
const struct tk_route tk_colleague_routes[] = {
	{ "GET", C, colleagues_get, .perm = TK_P_COLLEAGUE_MANAGE,
	  .doc = "The accounts of the caller's own institution" },
	{ "POST", C, colleague_post, .perm = TK_P_COLLEAGUE_MANAGE, .flags = TK_R_TX,
	  .max_body = 4096,
	  .doc = "Invite a colleague by mail (name, mail, coordinator; send_mail false: the link "
		 "is in the reply)" },
	{ "PATCH", C "/{account}", colleague_patch, .perm = TK_P_COLLEAGUE_MANAGE,
	  .flags = TK_R_TX, .max_body = 1024,
	  .doc = "Lock or unlock a colleague's account (locked), make coordinator (coordinator)" },
	{ 0 },
};
