/* invite_api.c - inviting staff members, and the coordinators of institutions. */
#include <cjson/cJSON.h>
#include <string.h>
#include "auth/invite.h"
#include "auth/reply.h"
#include "base/text.h"

static enum tk_rc read_ids(struct tk_req *rq, const char *key, const int64_t **ret, size_t *ret_n)
{
	const cJSON *a = cJSON_GetObjectItemCaseSensitive(rq->json, key), *x;
	int64_t *id;
	size_t n = 0;

	if (!a || cJSON_IsNull(a))
		return TK_OK;
	id = tk_alloc_n(rq->mem, (size_t)cJSON_GetArraySize(a) + 1, sizeof(*id));
	cJSON_ArrayForEach(x, a) {
		if (!cJSON_IsString(x) || strlen(x->valuestring) > 19 ||
		    !tk_parse_int(x->valuestring, &id[n]))
			return tk_fail(&rq->err, TK_EINVAL, key,
				       N_("\"%s\" must be a list of ids."), key);
		n++;
	}
	*ret = id;
	*ret_n = n;
	return TK_OK;
}

struct links { struct tk_json *j; const char *number; };

static void link_json(void *ctx, const struct tk_invited *i)
{
	struct links *l = ctx;

	if (i->mailed)
		return;
	tk_json_obj(l->j);
	tk_json_kstr(l->j, l->number, i->staff_number);
	tk_json_kstr(l->j, "name", i->name);
	tk_json_kstr(l->j, "login", i->login);
	tk_json_kstr(l->j, "url", i->url);
	tk_json_ktime(l->j, "expires_at", i->expires_at);
	tk_json_end_obj(l->j);
}

static void without_json(void *ctx, const struct tk_uncoordinated *i)
{
	struct tk_json *j = ctx;

	tk_json_obj(j);
	tk_json_kid(j, "institution_id", i->id);
	tk_json_kstr(j, "institution", i->code);
	tk_json_kstr(j, "name", i->name);
	tk_json_end_obj(j);
}

static enum tk_rc invite_staff(struct tk_req *rq, const struct tk_invite *v)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct links l = { &j, "staff_number" };
	int64_t made, remaining;
	enum tk_rc rc;

	tk_json_obj(&j);
	tk_json_key(&j, "links");
	tk_json_arr(&j);
	if ((rc = tk_invite_run(&rq->op, v, link_json, &l, &made, &remaining)) != TK_OK)
		return rc;
	tk_json_end_arr(&j);
	tk_json_kint(&j, "made", made);
	tk_json_kint(&j, "remaining", remaining);
	tk_json_end_obj(&j);
	return TK_OK;
}

static enum tk_rc invite_panel(struct tk_req *rq, const struct tk_invite_panel *v)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct links l = { &j, "institution" };
	int64_t made;
	enum tk_rc rc;

	tk_json_obj(&j);
	tk_json_key(&j, "links");
	tk_json_arr(&j);
	if ((rc = tk_invite_panel_run(&rq->op, v, link_json, &l, &made)) != TK_OK)
		return rc;
	tk_json_end_arr(&j);
	tk_json_kint(&j, "made", made);
	tk_json_kint(&j, "remaining", 0);
	tk_json_key(&j, "without_contact");
	tk_json_arr(&j);
	rc = tk_invite_panel_without(&rq->op, without_json, &j);
	tk_json_end_arr(&j);
	tk_json_end_obj(&j);
	return rc;
}

/* Links are in the reply for those only who get no mail: without mail all, with mail the ones who
 * have no address. */
enum tk_rc tk_invite_post(struct tk_req *rq)
{
	static const char *const keys[] = {
		"division_id", "staff_ids", "all", "institution_ids", "all_institutions",
		"send_mail",   NULL };
	struct tk_invite v = { .base_url = tk_req_base_url(rq) };
	struct tk_invite_panel p = { .base_url = v.base_url };
	enum tk_rc rc;

	if ((rc = tk_json_only(rq->json, keys, &rq->err)) != TK_OK ||
	    (rc = tk_json_get_id(rq->json, "division_id", &v.division_id, &rq->err)) != TK_OK ||
	    (rc = tk_json_get_bool(rq->json, "all", &v.all, &rq->err)) != TK_OK ||
	    (rc = tk_json_get_bool(rq->json, "all_institutions", &p.all, &rq->err)) != TK_OK ||
	    (rc = tk_json_get_bool(rq->json, "send_mail", &v.send_mail, &rq->err)) != TK_OK ||
	    (rc = read_ids(rq, "staff_ids", &v.staff, &v.nstaff)) != TK_OK ||
	    (rc = read_ids(rq, "institution_ids", &p.institution, &p.ninstitution)) != TK_OK)
		return rc;
	if ((v.division_id != 0) + v.all + (v.nstaff > 0) + p.all + (p.ninstitution > 0) != 1)
		return tk_fail(&rq->err, TK_EINVAL, "division_id",
			       N_("Say whom to invite: a division, a list of staff members, all, "
				  "institutions, or all institutions."));
	p.send_mail = v.send_mail;
	return p.all || p.ninstitution ? invite_panel(rq, &p) : invite_staff(rq, &v);
}
