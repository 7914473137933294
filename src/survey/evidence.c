/* evidence.c - files that support an answer. */
#include <inttypes.h>
#include <string.h>
#include "base/clock.h"
#include "base/hash.h"
#include "base/text.h"
#include "record/trail.h"
#include "survey/evidence.h"

const char *const tk_evidence_types[] = { ".pdf",  ".png",  ".jpg", ".jpeg", ".xlsx",
					  ".docx", ".pptx", ".txt", ".csv",  NULL };

/* part: what a ZIP file of that kind has among the names of its members. */
static const struct { const char *end, *magic; size_t n; const char *part, *type;
} kind[] = {
	{ ".pdf", "%PDF-", 5, NULL, "application/pdf" },
	{ ".png", "\x89PNG\r\n\x1a\n", 8, NULL, "image/png" },
	{ ".jpg", "\xff\xd8\xff", 3, NULL, "image/jpeg" },
	{ ".jpeg", "\xff\xd8\xff", 3, NULL, "image/jpeg" },
	{ ".xlsx", "PK\x03\x04", 4, "xl/",
	  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
	{ ".docx", "PK\x03\x04", 4, "word/",
	  "application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
	{ ".pptx", "PK\x03\x04", 4, "ppt/",
	  "application/vnd.openxmlformats-officedocument.presentationml.presentation" },
	{ ".txt", "", 0, NULL, "text/plain" },
	{ ".csv", "", 0, NULL, "text/csv" },
};

static bool ends_with(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	if (n < m)
		return false;
	for (size_t i = 0; i < m; i++) {
		char c = name[n - m + i];
		if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != end[i])
			return false;
	}
	return true;
}

static bool holds(const unsigned char *p, size_t n, const char *word)
{
	size_t m = strlen(word);

	for (const unsigned char *q = p, *end = p + n;
	     (size_t)(end - q) >= m && (q = memchr(q, *word, (size_t)(end - q) - m + 1)); q++)
		if (!memcmp(q, word, m))
			return true;
	return false;
}

/* A name alone proves nothing: the first bytes must agree. */
static const char *media_type(const char *name, const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < TK_LEN(kind); i++) {
		if (!ends_with(name, kind[i].end))
			continue;
		if (kind[i].n == 0)
			return memchr(p, 0, n) ? NULL : kind[i].type;
		return n > kind[i].n && !memcmp(p, kind[i].magic, kind[i].n) &&
				       (!kind[i].part || holds(p, n, kind[i].part))
			       ? kind[i].type
			       : NULL;
	}
	return NULL;
}

/* The name comes back in a header of the download. */
static bool good_name(const char *s)
{
	if (tk_is_blank(s) || !tk_utf8_valid(s, strlen(s)) || tk_utf8_count(s) > 200 ||
	    strpbrk(s, "/\\"))
		return false;
	for (; *s; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return false;
	return true;
}

static enum tk_rc check(const struct tk_op *op, const struct tk_response *r, const char *item,
			const char *name, size_t n)
{
	int i = tk_form_item_index(r->form, item);
	int64_t have = 0;
	enum tk_rc rc;

	if (i < 0 || r->answer[i].state == TK_ANSWER_NOT_ASKED)
		return tk_fail(op->e, TK_ENOTFOUND, item, N_("There is no item \"%.60s\"."), item);
	if (!r->form->item[i].evidence)
		return tk_fail(op->e, TK_EINVAL, item, N_("This item takes no evidence file."));
	if (!good_name(name))
		return tk_fail(
			op->e, TK_EINVAL, "name",
			N_("The file needs a name of at most 200 characters, without slashes."));
	if (n == 0)
		return tk_fail(op->e, TK_EINVAL, "file", N_("The file is empty."));
	if (n > TK_EVIDENCE_MAX)
		return tk_fail(op->e, TK_ETOOBIG, "file",
			       N_("An evidence file can have at most %d MB."),
			       TK_EVIDENCE_MAX >> 20);
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
	const char *type;
	char *hex = tk_alloc(op->mem, TK_SHA256_HEX);
	enum tk_rc rc = check(op, r, item, name, n);

	if (rc != TK_OK)
		return rc;
	type = media_type(name, data, n);
	if (!type)
		return tk_fail(op->e, TK_ETYPE, "file",
			       N_("Evidence may be PDF, PNG, JPEG, Word, Excel, PowerPoint, text "
				  "or CSV, and the content must be what the name says."));
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
