/* evidence.h - files that support an answer: limited in size and kind, known by their digest.
 * They belong to the response; only the person reads and writes them. Any thread with its own
 * tk_op. */
#pragma once
#include "survey/response.h"

enum { TK_EVIDENCE_MAX = 5 << 20, TK_EVIDENCE_PER_ITEM = 5 };

struct tk_evidence { int64_t id; const char *item, *name, *media_type, *sha256; int64_t size; };
/* What a file may be: tk_file_check(). */
enum tk_rc tk_evidence_add(const struct tk_op *op, const struct tk_response *r, const char *item,
			   const char *name, const void *data, size_t n,
			   struct tk_evidence *ret) TK_MUST_USE;
enum tk_rc tk_evidence_delete(const struct tk_op *op, const struct tk_response *r, const char *item,
			      int64_t id) TK_MUST_USE;
enum tk_rc tk_evidence_read(const struct tk_op *op, const struct tk_response *r, const char *item,
			    int64_t id, struct tk_evidence *ret,
			    struct tk_value *ret_content) TK_MUST_USE;
typedef void (*tk_evidence_fn)(void *ctx, const struct tk_evidence *ev);
enum tk_rc tk_evidence_list(const struct tk_op *op, const struct tk_response *r, tk_evidence_fn fn,
			    void *ctx) TK_MUST_USE;
void       tk_evidence_json(struct tk_json *j, const struct tk_evidence *ev);
