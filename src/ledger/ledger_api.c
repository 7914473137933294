/* ledger_api.c - what the ledger does beyond its registers, over HTTP. */
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "http/http.h"
#include "ledger/ledger_api.h"
#include "ledger/vuln.h"

enum { MAX_SYSTEMS = 2000 };

static enum tk_rc notice_of(struct tk_req *rq, struct vuln_notice *n)
{
	int64_t id;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	return rc == TK_OK ? tk_rec_load(&rq->op, &tk_vuln_notice, id, n) : rc;
}

/* These look at all systems, whoever owns them. */
static enum tk_rc whole_ledger(struct tk_req *rq)
{
	return tk_who_scope(&rq->who, TK_P_SYSTEM_WRITE) == TK_SCOPE_ALL ? TK_OK
									  : tk_denied(&rq->err);
}

struct print { struct tk_json j; enum tk_lang lang; };

static enum tk_rc print_match(void *ctx, const struct tk_vuln_match *m)
{
	struct print *p = ctx;
	struct tk_json *j = &p->j;

	tk_json_obj(j);
	tk_json_kid(j, "info_system_id", m->system);
	tk_json_kstr(j, "name", m->name);
	tk_json_kstr(j, "division", m->division);
	tk_json_kstr(j, "software", m->software);
	tk_json_kbool(j, "proposed", *m->software != '\0');
	tk_json_kid(j, "response_id", m->response);
	tk_json_kstr(j, "state", m->state);
	tk_json_kstr(j, "state_label",
		     m->state ? tk_case_state_label(&tk_vuln_response_case, m->state, p->lang)
			      : NULL);
	tk_json_end_obj(j);
	return TK_OK;
}

static enum tk_rc proposals(struct tk_req *rq)
{
	struct print p = { TK_JSON(&rq->out), rq->who.lang };
	struct vuln_notice n = { 0 };
	const char *due = NULL;
	enum tk_rc rc = whole_ledger(rq);

	if (rc != TK_OK || (rc = notice_of(rq, &n)) != TK_OK ||
	    (rc = tk_vuln_due(&rq->op, &n, &due)) != TK_OK)
		return rc;
	tk_json_obj(&p.j);
	tk_json_kstr(&p.j, "due_on", due);
	tk_json_key(&p.j, "items");
	tk_json_arr(&p.j);
	rc = tk_vuln_matches(&rq->op, &n, print_match, &p);
	tk_json_end_arr(&p.j);
	tk_json_end_obj(&p.j);
	return rc;
}

static enum tk_rc read_systems(struct tk_req *rq, int64_t *id, size_t *ret_n)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(rq->json, "systems"), *x;

	if (!cJSON_IsArray(list) || !cJSON_GetArraySize(list) ||
	    cJSON_GetArraySize(list) > MAX_SYSTEMS)
		return tk_fail(&rq->err, TK_EINVAL, "systems",
			       N_("Choose the systems that are asked."));
	*ret_n = 0;
	cJSON_ArrayForEach(x, list) {
		const char *text = cJSON_GetStringValue(x);

		id[*ret_n] = text && strspn(text, "0123456789") == strlen(text)
				     ? strtoll(text, NULL, 10)
				     : 0;
		if (!id[(*ret_n)++])
			return tk_fail(&rq->err, TK_EINVAL, "systems",
				       N_("Choose the systems that are asked."));
	}
	return TK_OK;
}

static enum tk_rc ask_owners(struct tk_req *rq)
{
	static const char *const keys[] = { "systems", "due_on", NULL };
	int64_t *id = tk_alloc(rq->mem, MAX_SYSTEMS * sizeof(*id)), made = 0;
	struct tk_json j = TK_JSON(&rq->out);
	struct vuln_notice n = { 0 };
	const char *due = NULL;
	size_t nid = 0;
	enum tk_rc rc = whole_ledger(rq);

	if (rc != TK_OK || (rc = notice_of(rq, &n)) != TK_OK ||
	    (rc = tk_json_only(rq->json, keys, &rq->err)) != TK_OK ||
	    (rc = tk_json_get_str(rq->json, "due_on", &due, &rq->err)) != TK_OK ||
	    (rc = read_systems(rq, id, &nid)) != TK_OK ||
	    (rc = tk_vuln_ask(&rq->op, &n, id, nid, due, &made)) != TK_OK)
		return rc;
	tk_json_obj(&j);
	tk_json_kint(&j, "made", made);
	tk_json_end_obj(&j);
	return TK_OK;
}

static enum tk_rc open_updates(struct tk_req *rq)
{
	static const char *const keys[] = { "fiscal_year", NULL };
	struct tk_json j = TK_JSON(&rq->out);
	int64_t year = 0, made = 0;
	enum tk_rc rc = whole_ledger(rq);

	if (rc != TK_OK || (rc = tk_json_only(rq->json, keys, &rq->err)) != TK_OK ||
	    (rc = tk_json_get_int(rq->json, "fiscal_year", &year, &rq->err)) != TK_OK)
		return rc;
	if (year < 1950 || year > 2200)
		return tk_fail(&rq->err, TK_EINVAL, "fiscal_year", N_("Say which fiscal year."));
	if ((rc = tk_system_updates_open(&rq->op, (int)year, &made)) != TK_OK)
		return rc;
	tk_json_obj(&j);
	tk_json_kint(&j, "made", made);
	tk_json_end_obj(&j);
	return TK_OK;
}

#define V "/api/v1/vuln-notices/{id}"
const struct tk_route tk_ledger_routes[] = {
	{ "GET", V "/proposals", proposals, .perm = TK_P_SYSTEM_WRITE, .max_mem = 64 << 20,
	  .doc = "Systems in operation, and what of their software bears a name of the notice" },
	{ "POST", V "/responses", ask_owners, .perm = TK_P_SYSTEM_WRITE, .flags = TK_R_TX,
	  .max_mem = 64 << 20,
	  .doc = "Ask the owners of systems about a notice (systems: ids, due_on)" },
	{ "POST", "/api/v1/system-updates/open", open_updates, .perm = TK_P_SYSTEM_WRITE,
	  .flags = TK_R_TX, .max_mem = 64 << 20,
	  .doc = "Ask the owner of every system to confirm its entry for a fiscal year" },
	{ 0 },
};
