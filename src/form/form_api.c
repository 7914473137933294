/* form_api.c - a questionnaire version as one tree; publishing and copying. */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "form/form_api.h"
#include "form/form_in.h"

static void limit_json(struct tk_json *j, const struct form_item *it, const char *field)
{
	struct tk_value v = tk_get_by(&tk_form_item_type, it, field);

	tk_json_key(j, field);
	if (v.type == TK_V_INT)
		tk_json_int(j, v.i);
	else
		tk_json_null(j);
}

static void row_json(struct tk_json *j, const struct form_item *it)
{
	tk_json_kid(j, "id", it->rec.id);
	tk_json_kint(j, "version", it->rec.version);
	tk_json_kstr(j, "code", it->code);
	tk_json_kstr(j, "kind", it->kind);
	tk_json_kstr(j, "label_ja", it->label_ja);
	tk_json_kstr(j, "label_en", it->label_en);
	tk_json_kstr(j, "hint_ja", it->hint_ja);
	tk_json_kstr(j, "hint_en", it->hint_en);
	tk_json_kstr(j, "audience", it->audience);
	tk_json_kstr(j, "clause", it->clause);
	tk_json_kbool(j, "required", it->required);
	tk_json_kstr(j, "relevant", it->relevant);
	tk_json_kbool(j, "evidence", it->evidence);
	tk_json_kbool(j, "not_applicable", it->not_applicable);
	tk_json_kbool(j, "dont_know", it->dont_know);
	tk_json_kstr(j, "group_code", it->group_code);
	tk_json_kstr(j, "required_expr", it->required_expr);
	tk_json_kstr(j, "constraint_expr", it->constraint_expr);
	tk_json_kstr(j, "calculation", it->calculation);
	tk_json_kstr(j, "default_value", it->default_value);
	tk_json_kstr(j, "choice_filter", it->choice_filter);
	tk_json_kstr(j, "appearance", it->appearance);
	tk_json_kstr(j, "type", it->xls_type);
	tk_json_kstr(j, "list", it->list);
	tk_json_kint(j, "sort", it->sort);
	limit_json(j, it, "min_value");
	limit_json(j, it, "max_value");
}

static void choices_json(struct tk_json *j, const struct tk_form_rows *rows, const char *list)
{
	tk_json_key(j, "choices");
	tk_json_arr(j);
	for (size_t i = 0; list && i < rows->nchoice; i++) {
		const struct choice *c = &rows->choice[i];

		if (strcmp(c->list, list) != 0)
			continue;
		tk_json_obj(j);
		tk_json_kid(j, "id", c->rec.id);
		tk_json_kstr(j, "code", c->code);
		tk_json_kstr(j, "label_ja", c->label_ja);
		tk_json_kstr(j, "label_en", c->label_en);
		tk_json_end_obj(j);
	}
	tk_json_end_arr(j);
}

static bool has_section(const struct tk_form_rows *rows, const char *code)
{
	for (size_t i = 0; i < rows->nitem; i++)
		if (!strcmp(rows->item[i].kind, "group") && !strcmp(rows->item[i].code, code))
			return true;
	return false;
}

/* group "": what stands in no section, also where the section it names is gone, so that it can be
 * seen and corrected. */
static bool in_group(const struct tk_form_rows *rows, const struct form_item *it, const char *group)
{
	const char *own = it->group_code ? it->group_code : "";

	if (!strcmp(it->kind, "group"))
		return false;
	return *group ? !strcmp(own, group) : !*own || !has_section(rows, own);
}

static void items_json(struct tk_json *j, const struct tk_form_rows *rows, const char *group)
{
	tk_json_key(j, "items");
	tk_json_arr(j);
	for (size_t i = 0; i < rows->nitem; i++) {
		if (!in_group(rows, &rows->item[i], group))
			continue;
		tk_json_obj(j);
		row_json(j, &rows->item[i]);
		choices_json(j, rows, rows->item[i].list);
		tk_json_end_obj(j);
	}
	tk_json_end_arr(j);
}

static void tree_json(struct tk_json *j, const struct tk_form_rows *rows)
{
	bool loose = false;

	tk_json_key(j, "sections");
	tk_json_arr(j);
	for (size_t i = 0; i < rows->nitem; i++) {
		loose = loose || in_group(rows, &rows->item[i], "");
		if (strcmp(rows->item[i].kind, "group") != 0)
			continue;
		tk_json_obj(j);
		row_json(j, &rows->item[i]);
		items_json(j, rows, rows->item[i].code);
		tk_json_end_obj(j);
	}
	if (loose) {
		tk_json_obj(j);
		tk_json_kstr(j, "code", "");
		tk_json_kstr(j, "label_ja", "");
		items_json(j, rows, "");
		tk_json_end_obj(j);
	}
	tk_json_end_arr(j);
}

static enum tk_rc reply_tree(struct tk_req *rq, int64_t id)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct tk_form_rows rows;
	enum tk_rc rc = tk_form_rows(&rq->op, rq->mem, id, &rows);

	if (rc != TK_OK)
		return rc;
	tk_req_etag(rq, rows.version.rec.version);
	tk_json_obj(&j);
	tk_json_key(&j, "form");
	tk_json_obj(&j);
	tk_json_kid(&j, "id", rows.form.rec.id);
	tk_json_kstr(&j, "code", rows.form.code);
	tk_json_kstr(&j, "title_ja", rows.form.title_ja);
	tk_json_kstr(&j, "title_en", rows.form.title_en);
	tk_json_end_obj(&j);
	tk_json_key(&j, "version");
	tk_json_obj(&j);
	tk_json_kid(&j, "id", rows.version.rec.id);
	tk_json_kint(&j, "version", rows.version.rec.version);
	tk_json_kint(&j, "number", rows.version.number);
	tk_json_kstr(&j, "state", rows.version.state);
	tk_json_ktime(&j, "published_at", rows.version.published_at);
	tk_json_end_obj(&j);
	tree_json(&j, &rows);
	tk_json_end_obj(&j);
	return TK_OK;
}

static enum tk_rc form_tree(struct tk_req *rq)
{
	int64_t id;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	return rc == TK_OK ? reply_tree(rq, id) : rc;
}

static void say_fault(void *ctx, const char *item, const char *text)
{
	tk_req_fault(ctx, item, text);
}

static enum tk_rc form_publish(struct tk_req *rq)
{
	int64_t id;
	size_t n = 0;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	if (rc == TK_OK)
		rc = tk_form_check(&rq->op, id, say_fault, rq, &n);
	if (rc == TK_OK && n)
		return tk_fail(&rq->err, TK_EINVAL, NULL,
			       N_("The questionnaire has %zu faults. Correct them, then publish."),
			       n);
	if (rc == TK_OK)
		rc = tk_form_publish(&rq->op, id);
	return rc == TK_OK ? reply_tree(rq, id) : rc;
}

static enum tk_rc form_copy(struct tk_req *rq)
{
	int64_t id, copy;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	if (rc == TK_OK)
		rc = tk_form_copy(&rq->op, id, &copy);
	rq->status = 201;
	return rc == TK_OK ? reply_tree(rq, copy) : rc;
}

/* The row of that id, NULL: none. */
static const struct form_item *row_of(const struct tk_form_rows *rows, const cJSON *id)
{
	for (size_t i = 0; cJSON_IsString(id) && i < rows->nitem; i++) {
		char own[24];

		snprintf(own, sizeof(own), "%" PRId64, rows->item[i].rec.id);
		if (!strcmp(own, id->valuestring))
			return &rows->item[i];
	}
	return NULL;
}

static enum tk_rc put_order(struct tk_req *rq, const struct tk_form_rows *rows, const cJSON *ids)
{
	int64_t sort = 0;
	const cJSON *id;

	if (!cJSON_IsArray(ids) || (size_t)cJSON_GetArraySize(ids) != rows->nitem)
		return tk_fail(&rq->err, TK_EINVAL, "rows",
			       N_("rows must name every row of the version once, in the new "
				  "order."));
	cJSON_ArrayForEach(id, ids) {
		const struct form_item *row = row_of(rows, id);
		struct form_item it;
		enum tk_rc rc;

		if (!row)
			return tk_fail(&rq->err, TK_EINVAL, "rows",
				       N_("rows must name every row of the version once, in the "
					  "new order."));
		it = *row;
		sort += 10;
		if (it.sort == sort)
			continue;
		tk_set_by(&tk_form_item_type, &it, "sort", TK_I(sort));
		rc = tk_rec_update(&rq->op, &tk_form_item_type, &it, it.rec.version);
		if (rc != TK_OK)
			return rc;
	}
	return TK_OK;
}

static enum tk_rc form_reorder(struct tk_req *rq)
{
	static const char *const keys[] = { "rows", NULL };
	struct tk_form_rows rows;
	int64_t id;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	if (rc == TK_OK)
		rc = tk_json_only(rq->json, keys, &rq->err);
	if (rc == TK_OK)
		rc = tk_form_rows(&rq->op, rq->mem, id, &rows);
	if (rc == TK_OK)
		rc = put_order(rq, &rows, cJSON_GetObjectItemCaseSensitive(rq->json, "rows"));
	return rc == TK_OK ? reply_tree(rq, id) : rc;
}

#define V "/api/v1/form-versions/{id}"
const struct tk_route tk_form_routes[] = {
	{ "GET", V "/tree", form_tree, .perm = TK_P_FORM_READ, .max_mem = 64 << 20,
	  .doc = "A questionnaire version with its sections, items and choices" },
	{ "POST", V "/publish", form_publish, .perm = TK_P_FORM_WRITE, .flags = TK_R_TX,
	  .max_mem = 64 << 20, .doc = "Publish a draft: it is frozen from then on" },
	{ "POST", V "/copy", form_copy, .perm = TK_P_FORM_WRITE, .flags = TK_R_TX,
	  .max_mem = 64 << 20, .doc = "Copy a version to a new draft" },
	{ "POST", V "/order", form_reorder, .perm = TK_P_FORM_WRITE, .flags = TK_R_TX,
	  .max_body = 1 << 20, .max_mem = 64 << 20,
	  .doc = "Put the rows of a draft in another order" },
	{ 0 },
};
