/* attachment.h - files that belong to a record, of whatever type: limited in size, number and kind,
 * known by their digest.  The content stands in the database; a file that is removed leaves its
 * name and digest.  Adding and removing stand in the trail of the record.
 *
 * Whoever may read the record reads its files.  To add or remove one, a person may write the record
 * or is requester, owner or deputy of its case; while its life allows it (case/life.h).  Any thread
 * with its own tk_op. */
#pragma once
#include "record/record.h"

/* -- what a file may be, here and wherever else files are taken in ------------------------- */
extern const char *const tk_file_kinds[];       /* ".pdf", ... ends with NULL */
/* Name, size and content; *ret_type is the media type.  Errors: TK_EINVAL, TK_ETOOBIG, TK_ETYPE. */
enum tk_rc tk_file_check(const char *name, const void *data, size_t n, size_t max,
			 const char **ret_type, struct tk_err *e) TK_MUST_USE;

/* -- files of a record ------------------------------------------------------------------------- */
enum { TK_ATTACHMENT_MAX = 5 << 20, TK_ATTACHMENTS = 20 };
struct tk_attachment {
	int64_t     id;
	const char *name, *media_type, *sha256, *who;
	int64_t     size, at;
};
/* May this person add one now?  TK_OK, or why not. */
enum tk_rc tk_attachment_may(const struct tk_op *op, const struct tk_rtype *t, int64_t record,
			     bool remove) TK_MUST_USE;
enum tk_rc tk_attachment_add(const struct tk_op *op, const struct tk_rtype *t, int64_t record,
			     const char *name, const void *data, size_t n,
			     struct tk_attachment *ret) TK_MUST_USE;
enum tk_rc tk_attachment_delete(const struct tk_op *op, const struct tk_rtype *t, int64_t record,
				int64_t id) TK_MUST_USE;
enum tk_rc tk_attachment_read(const struct tk_op *op, const struct tk_rtype *t, int64_t record,
			      int64_t id, struct tk_attachment *ret,
			      struct tk_value *ret_content) TK_MUST_USE;
typedef void (*tk_attachment_fn)(void *ctx, const struct tk_attachment *a);
/* Oldest first. */
enum tk_rc tk_attachment_list(const struct tk_op *op, const struct tk_rtype *t, int64_t record,
			      tk_attachment_fn fn, void *ctx) TK_MUST_USE;
