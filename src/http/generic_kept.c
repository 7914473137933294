/* generic_kept.c - what every register has besides its records: files of a record, filters kept
 * under a name, and the search over all lists. */
#include <string.h>
#include "base/text.h"
#include "http/generic.h"
#include "record/attachment.h"
#include "record/query.h"

/* -- files ------------------------------------------------------------------------------------- */
static void file_json(void *ctx, const struct tk_attachment *a)
{
	struct tk_json *j = ctx;

	tk_json_obj(j);
	tk_json_kid(j, "id", a->id);
	tk_json_kstr(j, "name", a->name);
	tk_json_kstr(j, "media_type", a->media_type);
	tk_json_kint(j, "size", a->size);
	tk_json_kstr(j, "sha256", a->sha256);
	tk_json_ktime(j, "at", a->at);
	tk_json_kstr(j, "who", a->who);
	tk_json_end_obj(j);
}

/* Whether the person may add one now; any other answer than yes or no is an error. */
static enum tk_rc may_json(struct tk_req *rq, int64_t id, struct tk_json *j)
{
	struct tk_err kept = rq->err;
	static const bool remove[] = { false, true };
	static const char *const key[] = { "add", "delete" };

	tk_json_key(j, "can");
	tk_json_obj(j);
	for (size_t i = 0; i < 2; i++) {
		enum tk_rc rc = tk_attachment_may(&rq->op, rq->type, id, remove[i]);

		if (rc != TK_OK && rc != TK_EPERM && rc != TK_ECONFLICT)
			return rc;
		rq->err = kept;
		tk_json_kbool(j, key[i], rc == TK_OK);
	}
	tk_json_end_obj(j);
	return TK_OK;
}

enum tk_rc tk_generic_files(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	int64_t id;
	enum tk_rc rc = tk_req_id(rq, 1, &id);

	if (rc != TK_OK)
		return rc;
	tk_json_obj(&j);
	tk_json_key(&j, "items");
	tk_json_arr(&j);
	rc = tk_attachment_list(&rq->op, rq->type, id, file_json, &j);
	tk_json_end_arr(&j);
	if (rc == TK_OK)
		rc = may_json(rq, id, &j);
	tk_json_kint(&j, "max_bytes", TK_ATTACHMENT_MAX);
	tk_json_kint(&j, "max_files", TK_ATTACHMENTS);
	tk_json_key(&j, "types");
	tk_json_arr(&j);
	for (size_t i = 0; tk_file_kinds[i]; i++)
		tk_json_str(&j, tk_file_kinds[i]);
	tk_json_end_arr(&j);
	tk_json_end_obj(&j);
	return rc;
}

enum tk_rc tk_generic_file_add(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	const char *name = tk_req_query(rq, "name");
	struct tk_attachment a;
	int64_t id;
	enum tk_rc rc = tk_req_id(rq, 1, &id);

	if (rc == TK_OK)
		rc = tk_attachment_add(&rq->op, rq->type, id, name ? name : "", rq->body, rq->nbody,
				       &a);
	if (rc != TK_OK)
		return rc;
	rq->status = 201;
	file_json(&j, &a);
	return TK_OK;
}

enum tk_rc tk_generic_file_get(struct tk_req *rq)
{
	struct tk_attachment a;
	struct tk_value content;
	int64_t id, file;
	enum tk_rc rc = tk_req_id(rq, 1, &id);

	if (rc == TK_OK)
		rc = tk_req_id(rq, 2, &file);
	if (rc == TK_OK)
		rc = tk_attachment_read(&rq->op, rq->type, id, file, &a, &content);
	if (rc != TK_OK)
		return rc;
	tk_req_download(rq, a.name, a.media_type, rq->type->grade);
	tk_buf_add(&rq->out, content.s, content.n);
	return TK_OK;
}

enum tk_rc tk_generic_file_delete(struct tk_req *rq)
{
	int64_t id, file;
	enum tk_rc rc = tk_req_id(rq, 1, &id);

	if (rc == TK_OK)
		rc = tk_req_id(rq, 2, &file);
	if (rc == TK_OK)
		rc = tk_attachment_delete(&rq->op, rq->type, id, file);
	if (rc == TK_OK)
		rq->status = 204;
	return rc;
}

/* -- filters ----------------------------------------------------------------------------------- */
struct filters { struct tk_json *j; struct tk_req *rq; };

static void filter_json(void *ctx, const struct tk_saved_filter *f)
{
	struct filters *c = ctx;
	struct tk_json *j = c->j;
	bool own = f->account_id == c->rq->who.account_id;

	tk_json_obj(j);
	tk_json_kid(j, "id", f->id);
	tk_json_kstr(j, "name", f->name);
	tk_json_kstr(j, "query", f->query);
	tk_json_kbool(j, "shared", f->shared);
	tk_json_kbool(j, "own", own);
	tk_json_kbool(j, "can_delete", own || tk_filter_may_share(&c->rq->op, c->rq->type));
	tk_json_kstr(j, "who", f->who);
	tk_json_end_obj(j);
}

enum tk_rc tk_generic_filters(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct filters c = { &j, rq };
	enum tk_rc rc;

	tk_json_obj(&j);
	tk_json_key(&j, "items");
	tk_json_arr(&j);
	rc = tk_filter_list(&rq->op, rq->type, filter_json, &c);
	tk_json_end_arr(&j);
	tk_json_kbool(&j, "can_share", tk_filter_may_share(&rq->op, rq->type));
	tk_json_end_obj(&j);
	return rc;
}

enum tk_rc tk_generic_filter_save(struct tk_req *rq)
{
	static const char *const keys[] = { "name", "query", "shared", NULL };
	struct tk_json j = TK_JSON(&rq->out);
	struct filters c = { &j, rq };
	struct tk_saved_filter f = { 0 };
	enum tk_rc rc;

	if ((rc = tk_json_only(rq->json, keys, &rq->err)) != TK_OK ||
	    (rc = tk_json_get_str(rq->json, "name", &f.name, &rq->err)) != TK_OK ||
	    (rc = tk_json_get_str(rq->json, "query", &f.query, &rq->err)) != TK_OK ||
	    (rc = tk_json_get_bool(rq->json, "shared", &f.shared, &rq->err)) != TK_OK ||
	    (rc = tk_filter_save(&rq->op, rq->type, &f)) != TK_OK)
		return rc;
	rq->status = 201;
	filter_json(&c, &f);
	return TK_OK;
}

enum tk_rc tk_generic_filter_delete(struct tk_req *rq)
{
	int64_t id;
	enum tk_rc rc = tk_req_id(rq, 1, &id);

	if (rc == TK_OK)
		rc = tk_filter_delete(&rq->op, rq->type, id);
	if (rc == TK_OK)
		rq->status = 204;
	return rc;
}

/* -- search over all lists --------------------------------------------------------------------- */
enum { HITS = 5, HITS_MAX = 50 };

struct search { struct tk_json j, more; const struct tk_req *rq; };

static void hit_json(void *ctx, const struct tk_hit *h)
{
	struct search *s = ctx;
	struct tk_json *j = &s->j;

	tk_json_obj(j);
	tk_json_kstr(j, "type", h->type->name);
	tk_json_kstr(j, "path", h->type->path);
	tk_json_kstr(j, "type_label", tk_tr(s->rq->who.lang, h->type->label));
	tk_json_kid(j, "id", h->id);
	tk_json_kstr(j, "title", h->title);
	tk_json_kstr(j, "field_label", h->label);
	tk_json_kstr(j, "excerpt", h->excerpt);
	tk_json_kstr(j, "href", tk_sprintf(s->rq->mem, "#/records/%s/%lld", h->type->path,
					   (long long)h->id));
	tk_json_end_obj(j);
}

static void more_json(void *ctx, const struct tk_rtype *t, int shown, int64_t total)
{
	struct search *s = ctx;

	if (total <= shown)
		return;
	tk_json_obj(&s->more);
	tk_json_kstr(&s->more, "path", t->path);
	tk_json_kstr(&s->more, "type_label", tk_tr(s->rq->who.lang, t->label_plural));
	tk_json_kint(&s->more, "count", total);
	tk_json_end_obj(&s->more);
}

enum tk_rc tk_generic_search(struct tk_req *rq)
{
	struct tk_buf more = TK_BUF(256 << 10);
	struct search s = { TK_JSON(&rq->out), TK_JSON(&more), rq };
	const char *q = tk_req_query(rq, "q"), *limit = tk_req_query(rq, "limit");
	int64_t n = HITS;
	enum tk_rc rc;

	if (limit && (!tk_parse_int(limit, &n) || n < 1 || n > HITS_MAX))
		return tk_fail(&rq->err, TK_EINVAL, "limit", N_("limit must be from 1 to %d."),
			       (int)HITS_MAX);
	tk_json_obj(&s.j);
	tk_json_key(&s.j, "items");
	tk_json_arr(&s.j);
	tk_json_arr(&s.more);
	rc = tk_find(&rq->op, q, (int)n, hit_json, more_json, &s);
	tk_json_end_arr(&s.more);
	tk_json_end_arr(&s.j);
	tk_json_key(&s.j, "more");
	tk_json_raw(&s.j, tk_buf_cstr(&more));
	tk_json_end_obj(&s.j);
	tk_buf_drop(&more);
	return rc;
}
