/* evidence.c - files that support an answer. */
#include <inttypes.h>
#include <string.h>
#include "base/clock.h"
#include "base/hash.h"
#include "record/attachment.h"
#include "record/trail.h"
#include "survey/evidence.h"

static enum tk_rc check(const struct tk_op *op, const struct tk_response *r, const char *item,
			const char *name, const void *data, size_t n, const char **type)
{
	int i = tk_form_item_index(r->form, item);
	int64_t have = 0;
	enum tk_rc rc;

	if (i < 0 || r->answer[i].state == TK_ANSWER_NOT_ASKED)
		return tk_fail(op->e, TK_ENOTFOUND, item, N_("There is no item \"%.60s\"."), item);
	if (!r->form->item[i].evidence)
		return tk_fail(op->e, TK_EINVAL, item, N_("This item takes no evidence file."));
	if ((rc = tk_file_check(name, data, n, TK_EVIDENCE_MAX, type, op->e)) != TK_OK)
		return rc;
	rc = tk_db_int(op->db, op->e,
		       "SELECT COUNT(*) FROM evidence_file WHERE response_id = $1 AND item_code = "
		       "$2 AND deleted_at IS NULL",
		       TK_ARGS(TK_I(r->id), TK_S(item)), 0, &have);
	if (rc == TK_OK && have >= TK_EVIDENCE_PER_ITEM)
		return tk_fail(op->e, TK_ECONFLICT, item,
			       N_("An item can have at most %d evidence files. Remove one first."),
			       (int)TK_EVIDENCE_PER_ITEM);
	return rc;
}

enum tk_rc tk_evidence_add(const struct tk_op *op, const struct tk_response *r, const char *item,
			   const char *name, const void *data, size_t n, struct tk_evidence *ret)
{
	const char *type = NULL;
	char *hex = tk_alloc(op->mem, TK_SHA256_HEX);
	enum tk_rc rc = check(op, r, item, name, data, n, &type);

	if (rc != TK_OK)
		return rc;
	tk_sha256_hex(data, n, hex);
	*ret = (struct tk_evidence){ tk_id_new(), item, name, type, hex, (int64_t)n };
	rc = tk_db_exec(op->db, op->e,
			"INSERT INTO evidence_file(id, response_id, campaign_id, item_code, name, "
			"media_type, size, sha256,"
			" content, created_at) VALUES($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)",
			TK_I(ret->id), TK_I(r->id), TK_I(r->campaign_id), TK_S(item), TK_S(name),
			TK_S(type), TK_I(ret->size), TK_S(hex), TK_B(data, n), TK_I(tk_now()));
	if (rc == TK_OK)
		rc = tk_trail_add(op, "evidence_add", "response", r->id,
				  tk_sprintf(op->mem,
					     "{\"evidence\":\"%" PRId64
					     "\",\"sha256\":\"%s\",\"size\":%" PRId64 "}",
					     ret->id, hex, ret->size));
	return rc;
}

enum tk_rc tk_evidence_delete(const struct tk_op *op, const struct tk_response *r, const char *item,
			      int64_t id)
{
	/* the content goes, the row with its digest stays as history */
	enum tk_rc rc = tk_db_exec(op->db, op->e,
				   "UPDATE evidence_file SET deleted_at = $1, content = $2 WHERE "
				   "id = $3 AND response_id = $4"
				   " AND item_code = $5 AND deleted_at IS NULL",
				   TK_I(tk_now()), TK_B("", 0), TK_I(id), TK_I(r->id), TK_S(item));

	if (rc == TK_OK && tk_db_changes(op->db) != 1)
		return tk_fail(op->e, TK_ENOTFOUND, NULL, N_("There is no such evidence file."));
	return rc != TK_OK
		       ? rc
		       : tk_trail_add(op, "evidence_delete", "response", r->id,
				      tk_sprintf(op->mem, "{\"evidence\":\"%" PRId64 "\"}", id));
}

enum tk_rc tk_evidence_read(const struct tk_op *op, const struct tk_response *r, const char *item,
			    int64_t id, struct tk_evidence *ret, struct tk_value *content)
{
	struct tk_value col[5];
	bool found;
	enum tk_rc rc = tk_db_first(
		op->db, op->mem, op->e,
		"SELECT name, media_type, sha256, size, content FROM evidence_file"
		" WHERE id = $1 AND response_id = $2 AND item_code = $3 AND deleted_at IS NULL",
		TK_ARGS(TK_I(id), TK_I(r->id), TK_S(item)), col, 5, &found);

	if (rc == TK_OK && !found)
		return tk_fail(op->e, TK_ENOTFOUND, NULL, N_("There is no such evidence file."));
	if (rc == TK_OK) {
		*ret = (struct tk_evidence){ id, item, col[0].s, col[1].s, col[2].s, col[3].i };
		*content = col[4];
	}
	return rc;
}

struct listing { tk_evidence_fn fn; void *ctx; };

static enum tk_rc list_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct listing *l = ctx;
	struct tk_evidence ev = { col[0].i, col[1].s, col[2].s, col[3].s, col[4].s, col[5].i };

	(void)n;
	l->fn(l->ctx, &ev);
	return TK_OK;
}

enum tk_rc tk_evidence_list(const struct tk_op *op, const struct tk_response *r, tk_evidence_fn fn,
			    void *ctx)
{
	struct listing l = { fn, ctx };

	return tk_db_run(op->db, op->e,
			 "SELECT id, item_code, name, media_type, sha256, size FROM evidence_file"
			 " WHERE response_id = $1 AND deleted_at IS NULL ORDER BY item_code, id",
			 TK_ARGS(TK_I(r->id)), list_row, &l);
}

void tk_evidence_json(struct tk_json *j, const struct tk_evidence *ev)
{
	tk_json_obj(j);
	tk_json_kid(j, "id", ev->id);
	tk_json_kstr(j, "name", ev->name);
	tk_json_kint(j, "size", ev->size);
	tk_json_kstr(j, "sha256", ev->sha256);
	tk_json_end_obj(j);
}
