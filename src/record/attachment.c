/* attachment.c - files of a record. */
#include <inttypes.h>
#include <string.h>
#include "base/clock.h"
#include "base/hash.h"
#include "base/text.h"
#include "record/attachment.h"
#include "record/trail.h"

const char *const tk_file_kinds[] = { ".pdf",  ".png",  ".jpg", ".jpeg", ".xlsx",
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

/* The name comes back in a header of the download, and in a list: signs that turn the direction of
 * writing make another name of it for the eye. */
static bool good_name(const char *s)
{
	static const char *const turn[] = { "\u202a", "\u202b", "\u202c", "\u202d", "\u202e",
					    "\u2066", "\u2067", "\u2068", "\u2069" };

	if (tk_is_blank(s) || !tk_utf8_valid(s, strlen(s)) || tk_utf8_count(s) > 200 ||
	    strpbrk(s, "/\\"))
		return false;
	for (size_t i = 0; i < TK_LEN(turn); i++)
		if (strstr(s, turn[i]))
			return false;
	for (; *s; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return false;
	return true;
}

enum tk_rc tk_file_check(const char *name, const void *data, size_t n, size_t max,
			 const char **ret_type, struct tk_err *e)
{
	if (!good_name(name))
		return tk_fail(
			e, TK_EINVAL, "name",
			N_("The file needs a name of at most 200 characters, without slashes."));
	if (n == 0)
		return tk_fail(e, TK_EINVAL, "file", N_("The file is empty."));
	if (n > max)
		return tk_fail(e, TK_ETOOBIG, "file", N_("A file can have at most %d MB."),
			       (int)(max >> 20));
	*ret_type = media_type(name, data, n);
	if (!*ret_type)
		return tk_fail(e, TK_ETYPE, "file",
			       N_("A file may be PDF, PNG, JPEG, Word, Excel, PowerPoint, text "
				  "or CSV, and the content must be what the name says."));
	return TK_OK;
}

/* -- files of a record ------------------------------------------------------------------------- */
/* Requester, owner or deputy of the record's case. */
static bool takes_part(const struct tk_op *op, const struct tk_rtype *t, const void *rec)
{
	static const char *const part[] = { "requester_staff_id", "owner_staff_id",
					    "deputy_staff_id" };

	for (size_t i = 0; t->life && op->who->staff_id && i < TK_LEN(part); i++)
		if (tk_get_by(t, rec, part[i]).i == op->who->staff_id)
			return true;
	return false;
}

enum tk_rc tk_attachment_may(const struct tk_op *op, const struct tk_rtype *t, int64_t record,
			     bool remove)
{
	void *rec = tk_alloc(op->mem, t->size);
	enum tk_rc rc = tk_rec_load(op, t, record, rec);

	if (rc == TK_OK && !takes_part(op, t, rec))
		rc = tk_rec_may_write(op, t, rec);
	if (rc == TK_OK && t->life)
		rc = tk_life_hooks.attach(op, t, rec, remove);
	return rc;
}

static enum tk_rc note(const struct tk_op *op, const struct tk_rtype *t, int64_t record,
		       const char *action, const struct tk_attachment *a)
{
	struct tk_buf b = TK_BUF(4096);
	struct tk_json j = TK_JSON(&b);
	enum tk_rc rc;

	tk_json_obj(&j);
	tk_json_kid(&j, "file", a->id);
	tk_json_kstr(&j, "name", a->name);
	tk_json_kstr(&j, "sha256", a->sha256);
	tk_json_kint(&j, "size", a->size);
	tk_json_end_obj(&j);
	rc = tk_trail_add(op, action, t->name, record, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return rc;
}

enum tk_rc tk_attachment_add(const struct tk_op *op, const struct tk_rtype *t, int64_t record,
			     const char *name, const void *data, size_t n,
			     struct tk_attachment *ret)
{
	char *hex = tk_alloc(op->mem, TK_SHA256_HEX);
	const char *type = NULL;
	int64_t have = 0;
	enum tk_rc rc;

	if ((rc = tk_attachment_may(op, t, record, false)) != TK_OK ||
	    (rc = tk_file_check(name, data, n, TK_ATTACHMENT_MAX, &type, op->e)) != TK_OK ||
	    (rc = tk_db_int(op->db, op->e,
			    "SELECT COUNT(*) FROM record_file WHERE rtype = $1 AND record_id = $2"
			    " AND deleted_at IS NULL",
			    TK_ARGS(TK_S(t->name), TK_I(record)), 0, &have)) != TK_OK)
		return rc;
	if (have >= TK_ATTACHMENTS)
		return tk_fail(op->e, TK_ECONFLICT, "file",
			       N_("A record can have at most %d files. Remove one first."),
			       (int)TK_ATTACHMENTS);
	tk_sha256_hex(data, n, hex);
	*ret = (struct tk_attachment){ tk_id_new(), name, type, hex,
				       op->who->name ? op->who->name : "", (int64_t)n, tk_now() };
	rc = tk_db_exec(op->db, op->e,
			"INSERT INTO record_file(id, rtype, record_id, name, media_type, size,"
			" sha256, content, account_id, who, created_at)"
			" VALUES($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)",
			TK_I(ret->id), TK_S(t->name), TK_I(record), TK_S(name), TK_S(type),
			TK_I(ret->size), TK_S(hex), TK_B(data, n), TK_I0(op->who->account_id),
			TK_S(ret->who), TK_I(ret->at));
	return rc == TK_OK ? note(op, t, record, "file_add", ret) : rc;
}

static enum tk_rc no_such_file(const struct tk_op *op)
{
	return tk_fail(op->e, TK_ENOTFOUND, NULL, N_("There is no such file."));
}

/* One row, with or without what it holds. */
static enum tk_rc find(const struct tk_op *op, const struct tk_rtype *t, int64_t record, int64_t id,
		       bool content, struct tk_attachment *ret, struct tk_value *ret_content)
{
	struct tk_value col[7];
	bool found;
	enum tk_rc rc = tk_db_first(
		op->db, op->mem, op->e,
		content ? "SELECT name, media_type, sha256, who, size, created_at, content"
			  " FROM record_file WHERE id = $1 AND rtype = $2 AND record_id = $3"
			  " AND deleted_at IS NULL"
			: "SELECT name, media_type, sha256, who, size, created_at, NULL"
			  " FROM record_file WHERE id = $1 AND rtype = $2 AND record_id = $3"
			  " AND deleted_at IS NULL",
		TK_ARGS(TK_I(id), TK_S(t->name), TK_I(record)), col, 7, &found);

	if (rc == TK_OK && !found)
		return no_such_file(op);
	if (rc == TK_OK) {
		*ret = (struct tk_attachment){ id, col[0].s, col[1].s, col[2].s, col[3].s,
					       col[4].i, col[5].i };
		if (ret_content)
			*ret_content = col[6];
	}
	return rc;
}

enum tk_rc tk_attachment_delete(const struct tk_op *op, const struct tk_rtype *t, int64_t record,
				int64_t id)
{
	struct tk_attachment a;
	enum tk_rc rc;

	if ((rc = tk_attachment_may(op, t, record, true)) != TK_OK ||
	    (rc = find(op, t, record, id, false, &a, NULL)) != TK_OK)
		return rc;
	/* the content goes, the row with its digest stays as history */
	rc = tk_db_exec(op->db, op->e,
			"UPDATE record_file SET deleted_at = $1, content = $2 WHERE id = $3"
			" AND deleted_at IS NULL",
			TK_I(tk_now()), TK_B("", 0), TK_I(id));
	if (rc == TK_OK && tk_db_changes(op->db) != 1)
		return no_such_file(op);
	return rc == TK_OK ? note(op, t, record, "file_delete", &a) : rc;
}

enum tk_rc tk_attachment_read(const struct tk_op *op, const struct tk_rtype *t, int64_t record,
			      int64_t id, struct tk_attachment *ret, struct tk_value *ret_content)
{
	enum tk_rc rc = tk_rec_load(op, t, record, tk_alloc(op->mem, t->size));

	return rc == TK_OK ? find(op, t, record, id, true, ret, ret_content) : rc;
}

struct listing { tk_attachment_fn fn; void *ctx; };

static enum tk_rc list_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct listing *l = ctx;
	struct tk_attachment a = { col[0].i, col[1].s, col[2].s, col[3].s,
				   col[4].s, col[5].i, col[6].i };

	(void)n;
	l->fn(l->ctx, &a);
	return TK_OK;
}

enum tk_rc tk_attachment_list(const struct tk_op *op, const struct tk_rtype *t, int64_t record,
			      tk_attachment_fn fn, void *ctx)
{
	struct listing l = { fn, ctx };
	enum tk_rc rc = tk_rec_load(op, t, record, tk_alloc(op->mem, t->size));

	return rc != TK_OK
		       ? rc
		       : tk_db_run(op->db, op->e,
				   "SELECT id, name, media_type, sha256, who, size, created_at"
				   " FROM record_file WHERE rtype = $1 AND record_id = $2"
				   " AND deleted_at IS NULL ORDER BY created_at, id",
				   TK_ARGS(TK_S(t->name), TK_I(record)), list_row, &l);
}
