/* generic_bulk.c - the same change to many records of a register, over src/record/bulk. */
#include <cjson/cJSON.h>
#include <string.h>
#include "base/text.h"
#include "http/generic.h"
#include "record/bulk.h"
#include "record/query.h"

static enum tk_rc wrong_ids(struct tk_req *rq)
{
	return tk_fail(&rq->err, TK_EINVAL, "ids",
		       N_("ids must be a list of ids as text; or give filter instead."));
}

static enum tk_rc from_list(struct tk_req *rq, const cJSON *ids, int64_t **ret, size_t *n)
{
	int count = cJSON_GetArraySize(ids);
	const cJSON *v;

	if (!cJSON_IsArray(ids) || count == 0)
		return wrong_ids(rq);
	*ret = tk_alloc_n(rq->mem, (size_t)count, sizeof(**ret));
	*n = 0;
	cJSON_ArrayForEach(v, ids)
		if (!cJSON_IsString(v) || !tk_parse_int(v->valuestring, &(*ret)[*n]) ||
		    (*ret)[(*n)++] <= 0)
			return wrong_ids(rq);
	return TK_OK;
}

static enum tk_rc records(struct tk_req *rq, int64_t **ret, size_t *n)
{
	const cJSON *ids = cJSON_GetObjectItemCaseSensitive(rq->json, "ids");
	const char *filter = NULL;
	struct tk_query q;
	enum tk_rc rc = tk_json_get_str(rq->json, "filter", &filter, &rq->err);

	if (rc != TK_OK)
		return rc;
	if (!filter == !ids)            /* one of the two */
		return wrong_ids(rq);
	if (ids)
		return from_list(rq, ids, ret, n);
	rc = tk_query_parse(&q, rq->type, rq->mem, filter, &rq->err);
	return rc == TK_OK ? tk_bulk_ids(&rq->op, rq->type, &q, ret, n) : rc;
}

static void reply(struct tk_req *rq, const struct tk_bulk *b)
{
	struct tk_json j = TK_JSON(&rq->out);

	tk_json_obj(&j);
	tk_json_kint(&j, "total", b->total);
	tk_json_kint(&j, "changed", b->changed);
	tk_json_key(&j, "changes");
	tk_json_arr(&j);
	for (size_t i = 0; i < b->nchange; i++) {
		tk_json_obj(&j);
		tk_json_kid(&j, "id", b->change[i].id);
		tk_json_kstr(&j, "label", b->change[i].label);
		tk_json_kstr(&j, "field", b->change[i].field);
		tk_json_kstr(&j, "field_label", b->change[i].field_label);
		tk_json_kstr(&j, "from", b->change[i].from);
		tk_json_kstr(&j, "to", b->change[i].to);
		tk_json_end_obj(&j);
	}
	tk_json_end_arr(&j);
	tk_json_kint(&j, "refused", b->nerror);
	tk_json_key(&j, "errors");
	tk_json_arr(&j);
	for (size_t i = 0; i < b->nerror_kept; i++) {
		tk_json_obj(&j);
		tk_json_kid(&j, "id", b->error[i].id);
		tk_json_kstr(&j, "label", b->error[i].label);
		tk_json_kstr(&j, "field", b->error[i].field);
		tk_json_kstr(&j, "detail", b->error[i].detail);
		tk_json_end_obj(&j);
	}
	tk_json_end_arr(&j);
	tk_json_kbool(&j, "applied", b->applied);
	tk_json_end_obj(&j);
}

enum tk_rc tk_generic_bulk(struct tk_req *rq)
{
	static const char *const keys[] = { "ids", "filter", "set", "dry_run", NULL };
	struct tk_bulk *b = tk_alloc(rq->mem, sizeof(*b));
	bool dry = false;
	int64_t *id = NULL;
	size_t n = 0;
	enum tk_rc rc;

	if (rq->type->flags & TK_T_NO_UPDATE)
		return tk_fail(&rq->err, TK_EMETHOD, NULL,
			       N_("%s: this cannot be done directly; it has its own procedure."),
			       tk_tr(rq->err.lang, rq->type->label));
	if ((rc = tk_json_only(rq->json, keys, &rq->err)) != TK_OK ||
	    (rc = tk_json_get_bool(rq->json, "dry_run", &dry, &rq->err)) != TK_OK ||
	    (rc = records(rq, &id, &n)) != TK_OK ||
	    (rc = tk_rec_bulk(&rq->op, rq->type, id, n,
			      cJSON_GetObjectItemCaseSensitive(rq->json, "set"), dry, b)) != TK_OK)
		return rc;
	reply(rq, b);
	return TK_OK;
}
