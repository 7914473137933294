/* search.h - Japanese search by bigrams, the same on both databases: the trigram indexes of both
 * miss two-character words.  Kept by the record mechanism; permission is the list's own. */
#pragma once
#include "record/record.h"
/* Replaces what is indexed of a record (now NULL: removes it). */
enum tk_rc tk_search_put(const struct tk_op *op, const struct tk_rtype *t, int64_t id,
			 const void *now) TK_MUST_USE;
/* False when no record of the type can hold the (folded) word: it has no field to search in, or its
 * first two characters stand nowhere. */
enum tk_rc tk_search_may_hit(const struct tk_op *op, const struct tk_rtype *t, const char *word,
			     bool *ret) TK_MUST_USE;
/* Adds " AND t.id IN (...)" for the words of q; arguments go into arg[*narg...]. */
enum tk_rc tk_search_where(const struct tk_op *op, const struct tk_rtype *t, const char *q,
			   struct tk_buf *sql, struct tk_value *arg, size_t *narg,
			   size_t max) TK_MUST_USE;
