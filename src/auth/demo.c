#include <cjson/cJSON.h>
#include <string.h>
#include "auth/account.h"
#include "auth/demo.h"
#include "auth/reply.h"

enum tk_rc tk_demo_on(struct tk_req *rq, bool *ret)
{
	struct tk_value v;
	bool found = false;
	enum tk_rc rc = TK_OK;

	*ret = false;
	if (!rq->server || !tk_server_config(rq->server)->demo)
		return TK_OK;
	rc = tk_db_first(rq->db, rq->mem, &rq->err, "SELECT value FROM setting WHERE name = 'demo'",
			 NULL, 0, &v, 1, &found);
	*ret = rc == TK_OK && found && v.s && !strcmp(v.s, "1");
	return rc;
}

static enum tk_rc must_be_on(struct tk_req *rq)
{
	bool on;
	enum tk_rc rc = tk_demo_on(rq, &on);

	if (rc == TK_OK && !on)
		return tk_fail(&rq->err, TK_ENOTFOUND, NULL, N_("There is no demonstration here."));
	return rc;
}

struct persons { struct tk_arena *mem; cJSON *p[32]; size_t n; };

static enum tk_rc person_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct persons *l = ctx;

	(void)n;
	if (l->n < TK_LEN(l->p) &&
	    tk_json_parse(l->mem, col[0].s, strlen(col[0].s), &l->p[l->n], NULL) == TK_OK)
		l->n++;
	return TK_OK;
}

static enum tk_rc load(struct tk_req *rq, struct persons *l)
{
	enum tk_rc rc = must_be_on(rq);

	l->mem = rq->mem;
	if (rc != TK_OK)
		return rc;
	return tk_db_run(rq->db, &rq->err,
			 "SELECT value FROM setting WHERE name LIKE 'demo.person.%'"
			 " ORDER BY LENGTH(name), name COLLATE \"C\"",
			 NULL, 0, person_row, l);
}

static const char *text(const cJSON *o, const char *name)
{
	const char *s = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, name));

	return s ? s : "";
}

enum tk_rc tk_demo_persons(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct persons l = { 0 };
	bool en = rq->err.lang == TK_EN;
	enum tk_rc rc = load(rq, &l);

	if (rc != TK_OK)
		return rc;
	tk_json_obj(&j);
	tk_json_key(&j, "persons");
	tk_json_arr(&j);
	for (size_t i = 0; i < l.n; i++) {
		tk_json_obj(&j);
		tk_json_kstr(&j, "key", text(l.p[i], "key"));
		tk_json_kstr(&j, "name", text(l.p[i], "name"));
		tk_json_kstr(&j, "role_label",
			     text(l.p[i], en ? "role_label_en" : "role_label_ja"));
		tk_json_kstr(&j, "description",
			     text(l.p[i], en ? "description_en" : "description_ja"));
		tk_json_end_obj(&j);
	}
	tk_json_end_arr(&j);
	tk_json_end_obj(&j);
	return TK_OK;
}

enum tk_rc tk_demo_sign_in(struct tk_req *rq)
{
	static const char *const keys[] = { "key", NULL };
	struct persons l = { 0 };
	struct tk_session s;
	struct tk_person p;
	const char *key = NULL;
	int64_t id = 0;
	enum tk_rc rc;

	if ((rc = tk_json_only(rq->json, keys, &rq->err)) != TK_OK ||
	    (rc = tk_json_get_str(rq->json, "key", &key, &rq->err)) != TK_OK ||
	    (rc = load(rq, &l)) != TK_OK)
		return rc;
	for (size_t i = 0; i < l.n && !id && rc == TK_OK; i++)
		if (key && !strcmp(text(l.p[i], "key"), key))
			rc = tk_account_by_login(&rq->op, text(l.p[i], "login"), &id);
	if (rc == TK_OK && !id)
		return tk_fail(&rq->err, TK_EINVAL, "key",
			       N_("The demonstration has no such person."));
	if (rc != TK_OK || (rc = tk_person_load(&rq->op, id, &p)) != TK_OK)
		return rc;
	if (!p.may_sign_in)
		return tk_fail(&rq->err, TK_ECONFLICT, "key",
			       N_("This person cannot sign in at present."));
	rc = tk_sign_in_as(&rq->op, &p, rq->session_digest, "demo_sign_in", NULL, &s);
	return rc == TK_OK ? tk_session_reply(rq, &p, &s) : rc;
}
