/* query.h - the query string of a list as text, kept under a name or given with a bulk edit, and
 * the search over all lists.  Any thread with its own tk_op. */
#pragma once
#include "record/record.h"

/* "state=open&q=%E7%9B%A3": names and values as in the address of a list; what is wrong is named.
 * Text lives in mem. */
enum tk_rc tk_query_parse(struct tk_query *q, const struct tk_rtype *t, struct tk_arena *mem,
			  const char *text, struct tk_err *e) TK_MUST_USE;

/* -- filters kept under a name ------------------------------------------------------------ */
struct tk_saved_filter { int64_t id, account_id; const char *name, *query, *who; bool shared; };
typedef void (*tk_saved_filter_fn)(void *ctx, const struct tk_saved_filter *f);
/* May this person share filters of the type: write records of more than their own? */
bool       tk_filter_may_share(const struct tk_op *op, const struct tk_rtype *t);
/* One's own and the shared ones, by name. */
enum tk_rc tk_filter_list(const struct tk_op *op, const struct tk_rtype *t, tk_saved_filter_fn fn,
			  void *ctx) TK_MUST_USE;
/* One's own of the same name is replaced.  Fills id, who and account_id. */
enum tk_rc tk_filter_save(const struct tk_op *op, const struct tk_rtype *t,
			  struct tk_saved_filter *f) TK_MUST_USE;
/* One's own; a shared one also by who may share. */
enum tk_rc tk_filter_delete(const struct tk_op *op, const struct tk_rtype *t,
			    int64_t id) TK_MUST_USE;

/* -- one search over all lists ----------------------------------------------------------------- */
struct tk_hit {
	const struct tk_rtype *type;
	int64_t                id;
	const char            *title, *excerpt, *label; /* label: of the excerpt's field */
};
typedef void (*tk_hit_fn)(void *ctx, const struct tk_hit *h);
/* Says how many of a type there are, after its hits. */
typedef void (*tk_hits_fn)(void *ctx, const struct tk_rtype *t, int shown, int64_t total);
/* The first `limit` of every type that this person may read and that has fields to search in; the
 * cases of records (tk_case) are found by their records. */
enum tk_rc tk_find(const struct tk_op *op, const char *q, int limit, tk_hit_fn fn, tk_hits_fn count,
		   void *ctx) TK_MUST_USE;
