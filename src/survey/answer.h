/* answer.h - answers between people, packed bytes and side text.  Private to src/survey. */
#pragma once
#include "survey/response.h"

/* A stored row into r->answer and r->kept. */
enum tk_rc tk_answer_unpack(const struct tk_op *op, struct tk_response *r, const uint8_t *blob, size_t n,
			    const char *side) TK_MUST_USE;
/* The side text of r; false when there is nothing to keep. */
bool       tk_answer_side(const struct tk_response *r, struct tk_buf *b);
/* submitted -> sent_back, with the reason for the person. */
enum tk_rc tk_response_send_back(const struct tk_op *op, struct tk_response *r, const char *reason) TK_MUST_USE;
/* Writes what an import brought. */
enum tk_rc tk_response_take(const struct tk_op *op, struct tk_response *r) TK_MUST_USE;
