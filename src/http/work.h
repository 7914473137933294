/* work.h - the path of one request through permission, parsing, transaction and errors.
 * Private to src/http (and its tests, which drive it without a network). */
#pragma once
#include "http/http.h"

/* Finds the route; fills rq->route, rq->type and rq->param.  On failure rq->err says 404 or 405. */
enum tk_rc tk_route_find(struct tk_req *rq, const struct tk_route *const *tables) TK_MUST_USE;
/* Everything before the transaction, on a reader handle (rq->db): who, permission, CSRF, body,
 * before(), and for routes without TK_R_TX also run(). */
enum tk_rc tk_req_prepare(struct tk_req *rq, tk_auth_fn auth) TK_MUST_USE;
/* run() inside the open transaction of rq->db, with the idempotency store around it. */
enum tk_rc tk_req_run(struct tk_req *rq) TK_MUST_USE;
/* Turns rc and rq->err into the reply. */
void       tk_req_finish(struct tk_req *rq, enum tk_rc rc);
/* All of the above on one handle, for tests and the command line: transaction included. */
void       tk_req_handle(struct tk_req *rq, const struct tk_route *const *tables, tk_auth_fn auth);
void       tk_req_drop(struct tk_req *rq);      /* frees the buffers, not the arena */
