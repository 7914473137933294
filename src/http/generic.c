/* generic.c - list, read, create, change, delete and history of every record type: no handlers of
 * their own.  Import and export stand in generic_file.c. */
#include <cjson/cJSON.h>
#include <string.h>
#include "base/text.h"
#include "http/generic.h"
#include "record/attachment.h"

static enum tk_rc types(struct tk_req *rq)
{
	const struct tk_rtype *const *t;
	size_t n = tk_rtypes(&t);
	struct tk_json j = TK_JSON(&rq->out);

	tk_json_obj(&j);
	tk_json_key(&j, "types");
	tk_json_arr(&j);
	for (size_t i = 0; i < n; i++)
		if (!(t[i]->flags & TK_T_HIDDEN) &&
		    tk_who_scope(&rq->who, t[i]->read) > TK_SCOPE_NONE)
			tk_rtype_json(&j, t[i], &rq->who, rq->who.lang);
	tk_json_end_arr(&j);
	tk_json_key(&j, "groups");
	tk_json_arr(&j);
	for (const struct tk_type_group *g = tk_type_groups; g->id; g++) {
		tk_json_obj(&j);
		tk_json_kstr(&j, "id", g->id);
		tk_json_kstr(&j, "label", tk_tr(rq->who.lang, g->label));
		tk_json_end_obj(&j);
	}
	tk_json_end_arr(&j);
	tk_json_end_obj(&j);
	return TK_OK;
}

enum tk_rc tk_generic_query(struct tk_req *rq, struct tk_query *q)
{
	enum tk_rc rc = TK_OK;

	*q = (struct tk_query){ 0 };
	for (size_t i = 0; i < rq->nquery && rc == TK_OK; i++)
		rc = tk_query_add(q, rq->type, rq->query[i].name, rq->query[i].value, &rq->err);
	return rc;
}

struct item { struct tk_json *j; const struct tk_rtype *t; enum tk_lang lang; };

static enum tk_rc list_item(void *ctx, const void *rec, const char *const *ref_label)
{
	struct item *it = ctx;

	tk_rec_json(it->j, it->t, rec, ref_label, it->lang);
	return TK_OK;
}

static enum tk_rc list(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct item it = { &j, rq->type, rq->who.lang };
	const char *next = NULL;
	int64_t total = 0;
	struct tk_query q;
	enum tk_rc rc;

	if (strchr(rq->param[0], '.'))
		return tk_generic_export(rq);
	if ((rc = tk_generic_query(rq, &q)) != TK_OK)
		return rc;
	q.count = !q.cursor;
	tk_json_obj(&j);
	tk_json_key(&j, "items");
	tk_json_arr(&j);
	rc = tk_rec_list(&rq->op, rq->type, &q, list_item, &it, &next, &total);
	tk_json_end_arr(&j);
	tk_json_kstr(&j, "next", next);
	if (q.count)
		tk_json_kint(&j, "total", total);
	tk_json_end_obj(&j);
	return rc;
}

/* One record with the titles of what it refers to: a list of one, by id. */
static enum tk_rc reply_record(struct tk_req *rq, int64_t id)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct item it = { &j, rq->type, rq->who.lang };
	void *rec = tk_alloc(rq->mem, rq->type->size);
	enum tk_rc rc = tk_rec_load(&rq->op, rq->type, id, rec);
	const char *label[TK_MAX_FIELDS] = { NULL };

	if (rc != TK_OK)
		return rc;
	for (size_t i = 0; i < rq->type->nfield && rc == TK_OK; i++) {
		const struct tk_field *f = &rq->type->field[i];
		struct tk_value v = tk_get(rq->type, rec, i);

		if (f->type == TK_F_REF && f->ref->title && v.type != TK_V_NULL)
			rc = tk_rec_label(&rq->op, f->ref, v.i, &label[i]);
	}
	tk_req_etag(rq, ((struct tk_rec *)rec)->version);
	if (rc == TK_OK)
		rc = list_item(&it, rec, label);
	return rc;
}

static enum tk_rc get(struct tk_req *rq)
{
	int64_t id;
	enum tk_rc rc = tk_req_id(rq, 1, &id);

	return rc == TK_OK ? reply_record(rq, id) : rc;
}

static enum tk_rc not_this_way(struct tk_req *rq)
{
	return tk_fail(&rq->err, TK_EMETHOD, NULL,
		       N_("%s: this cannot be done directly; it has its own procedure."),
		       tk_tr(rq->err.lang, rq->type->label));
}

static enum tk_rc create(struct tk_req *rq)
{
	void *rec = tk_alloc(rq->mem, rq->type->size);
	enum tk_rc rc;

	if (rq->type->flags & TK_T_NO_CREATE)
		return not_this_way(rq);
	if ((rc = tk_rec_from_json(&rq->op, rq->type, rq->json, rec)) != TK_OK ||
	    (rc = tk_rec_insert(&rq->op, rq->type, rec)) != TK_OK)
		return rc;
	rq->status = 201;
	return reply_record(rq, ((struct tk_rec *)rec)->id);
}

static enum tk_rc update(struct tk_req *rq)
{
	void *rec = tk_alloc(rq->mem, rq->type->size);
	int64_t id, version;
	enum tk_rc rc;

	if (rq->type->flags & TK_T_NO_UPDATE)
		return not_this_way(rq);
	if ((rc = tk_req_id(rq, 1, &id)) != TK_OK || (rc = tk_req_version(rq, &version)) != TK_OK ||
	    (rc = tk_rec_load(&rq->op, rq->type, id, rec)) != TK_OK ||
	    (rc = tk_rec_from_json(&rq->op, rq->type, rq->json, rec)) != TK_OK ||
	    (rc = tk_rec_update(&rq->op, rq->type, rec, version)) != TK_OK)
		return rc;
	return reply_record(rq, id);
}

static enum tk_rc delete(struct tk_req *rq)
{
	int64_t id, version;
	enum tk_rc rc;

	if (rq->type->flags & TK_T_NO_DELETE)
		return not_this_way(rq);
	if ((rc = tk_req_id(rq, 1, &id)) != TK_OK || (rc = tk_req_version(rq, &version)) != TK_OK ||
	    (rc = tk_rec_delete(&rq->op, rq->type, id, version)) != TK_OK)
		return rc;
	rq->status = 204;
	return TK_OK;
}

/* -- history: the trail's rows of one record --------------------------------------------------- */
static enum tk_rc history_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct item *it = ctx;
	struct tk_json *j = it->j;
	cJSON *detail = cJSON_Parse(col[3].s), *c;

	(void)n;
	tk_json_obj(j);
	tk_json_ktime(j, "at", col[0].i / 1000);
	tk_json_kstr(j, "who", col[1].s);
	tk_json_kstr(j, "action", col[2].s);
	c = cJSON_GetObjectItemCaseSensitive(detail, "file") /* which file came or went */
		    ? cJSON_GetObjectItemCaseSensitive(detail, "name")
		    : NULL;
	tk_json_kstr(j, "note", cJSON_GetStringValue(c));
	tk_json_key(j, "changes");
	tk_json_arr(j);
	cJSON_ArrayForEach(c, detail) {
		int i = cJSON_IsArray(c) && cJSON_GetArraySize(c) == 2
				? tk_field_index(it->t, c->string)
				: -1;
		char *from, *to;

		if (i < 0)
			continue;
		from = cJSON_PrintUnformatted(cJSON_GetArrayItem(c, 0));
		to = cJSON_PrintUnformatted(cJSON_GetArrayItem(c, 1));
		tk_json_obj(j);
		tk_json_kstr(j, "field", c->string);
		tk_json_kstr(j, "label", tk_tr(it->lang, it->t->field[i].label));
		tk_json_key(j, "from");
		tk_json_raw(j, from);
		tk_json_key(j, "to");
		tk_json_raw(j, to);
		tk_json_end_obj(j);
		cJSON_free(from);
		cJSON_free(to);
	}
	tk_json_end_arr(j);
	tk_json_end_obj(j);
	cJSON_Delete(detail);
	return TK_OK;
}

static enum tk_rc history(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct item it = { &j, rq->type, rq->who.lang };
	void *rec = tk_alloc(rq->mem, rq->type->size);
	int64_t id;
	enum tk_rc rc;

	if ((rc = tk_req_id(rq, 1, &id)) != TK_OK ||
	    (rc = tk_rec_load(&rq->op, rq->type, id, rec)) != TK_OK)
		return rc;
	tk_json_obj(&j);
	tk_json_key(&j, "items");
	tk_json_arr(&j);
	rc = tk_db_run(
		rq->db, &rq->err,
		"SELECT at_ms, who, action, detail FROM trail WHERE rtype = $1 AND record_id = $2"
		" ORDER BY id DESC LIMIT 500",
		TK_ARGS(TK_S(rq->type->name), TK_I(id)), history_row, &it);
	tk_json_end_arr(&j);
	tk_json_end_obj(&j);
	return rc;
}

/* The permission is the type's own read or write; TK_P_SIGNED_IN only says that a session is
 * needed. */
const struct tk_route tk_generic_routes[] = {
	{ "GET", "/api/v1/types", types, .perm = TK_P_SIGNED_IN,
	  .doc = "Record types the caller may see, with their fields" },
	{ "POST", "/api/v1/{type}/import", tk_generic_import, .before = tk_generic_import_before,
	  .perm = TK_P_SIGNED_IN, .flags = TK_R_TX | TK_R_RAW, .max_body = 32 << 20,
	  .max_mem = 256 << 20, .query = "name dry_run map",
	  .doc = "Import a file (CSV, XLSX); dry_run=1 only says what it would do" },
	{ "POST", "/api/v1/{type}/import/columns", tk_generic_import_columns,
	  .before = tk_generic_import_before, .perm = TK_P_SIGNED_IN, .flags = TK_R_RAW,
	  .max_body = 32 << 20, .max_mem = 256 << 20, .query = "name",
	  .doc = "The columns of a file and the fields they would bring, to be matched by hand" },
	{ "POST", "/api/v1/{type}/bulk", tk_generic_bulk, .perm = TK_P_SIGNED_IN,
	  .flags = TK_R_TX, .max_body = 256 << 10, .max_mem = 256 << 20,
	  .doc = "Set fields of many records: all or none; dry_run only says what would change" },
	{ "GET", "/api/v1/search", tk_generic_search, .perm = TK_P_SIGNED_IN, .query = "q limit",
	  .max_mem = 64 << 20,
	  .doc = "Search all lists that the caller may read; limit: rows of each list" },
	{ "GET", "/api/v1/{type}/filters", tk_generic_filters, .perm = TK_P_SIGNED_IN,
	  .doc = "The caller's filters of this list, and the shared ones" },
	{ "POST", "/api/v1/{type}/filters", tk_generic_filter_save, .perm = TK_P_SIGNED_IN,
	  .flags = TK_R_TX | TK_R_READER,
	  .doc = "Keep a filter under a name; who may write more than their own may share it" },
	{ "DELETE", "/api/v1/{type}/filters/{id}", tk_generic_filter_delete,
	  .perm = TK_P_SIGNED_IN, .flags = TK_R_TX | TK_R_READER, .doc = "Forget a filter" },
	{ "GET", "/api/v1/{type}", list, .perm = TK_P_SIGNED_IN, .query = "*", .max_mem = 256 << 20,
	  .doc = "List with filter, search, sort and paging; with .csv or .xlsx a download" },
	{ "POST", "/api/v1/{type}", create, .perm = TK_P_SIGNED_IN, .flags = TK_R_TX,
	  .doc = "Add one record" },
	{ "GET", "/api/v1/{type}/{id}", get, .perm = TK_P_SIGNED_IN, .doc = "Read one record" },
	{ "PATCH", "/api/v1/{type}/{id}", update, .perm = TK_P_SIGNED_IN, .flags = TK_R_TX,
	  .doc = "Change one record (If-Match)" },
	{ "DELETE", "/api/v1/{type}/{id}", delete, .perm = TK_P_SIGNED_IN, .flags = TK_R_TX,
	  .doc = "Delete one record (If-Match)" },
	{ "GET", "/api/v1/{type}/{id}/history", history, .perm = TK_P_SIGNED_IN,
	  .doc = "Who changed what and when" },
	{ "GET", "/api/v1/{type}/{id}/files", tk_generic_files, .perm = TK_P_SIGNED_IN,
	  .doc = "Files of a record" },
	{ "POST", "/api/v1/{type}/{id}/files", tk_generic_file_add, .perm = TK_P_SIGNED_IN,
	  .flags = TK_R_TX | TK_R_RAW | TK_R_READER, .max_body = TK_ATTACHMENT_MAX + 1,
	  .max_mem = 32 << 20, .query = "name", .doc = "Add a file to a record" },
	{ "GET", "/api/v1/{type}/{id}/files/{file}", tk_generic_file_get, .perm = TK_P_SIGNED_IN,
	  .max_mem = 32 << 20, .doc = "Download a file of a record" },
	{ "DELETE", "/api/v1/{type}/{id}/files/{file}", tk_generic_file_delete,
	  .perm = TK_P_SIGNED_IN, .flags = TK_R_TX | TK_R_READER,
	  .doc = "Remove a file; its name and digest stay" },
	{ 0 },
};
