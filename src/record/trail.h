/* trail.h - the audit trail (NFR-02, DESIGN.md section 8): who, when, from where, what.
 *
 * tk_trail_add() writes in the transaction of the change.  Each row carries the digest of its own
 * content.  The sealer runs after commits: it takes all rows not yet sealed into a seal, whose
 * digest covers the seal before it and every row's digest in order; head and count also live in
 * trail_head. So an altered, missing, added or reordered sealed row is found and named, the last
 * ones too.
 */
#pragma once
#include "base/hash.h"
#include "record/record.h"

/* detail: a JSON object, or NULL.  Never a secret, never an answer's content. */
enum tk_rc tk_trail_add(const struct tk_op *op, const char *action, const char *rtype,
			int64_t record_id, const char *detail) TK_MUST_USE;
/* The change between two records of a type (was NULL: made, now NULL: deleted). */
enum tk_rc tk_trail_change(const struct tk_op *op, const struct tk_rtype *t, const void *was,
			   const void *now) TK_MUST_USE;
/* Seals what is committed and not sealed yet, in a transaction of its own.  One caller at a time in
 * the whole installation (the writer thread; a lease on PostgreSQL). */
enum tk_rc tk_trail_seal(struct tk_db *db, int64_t *ret_rows, struct tk_err *e) TK_MUST_USE;

/* The newest seal.  Kept in a place that the server cannot reach, it also gives away a database
 * that was set back as a whole: seals, rows and head. */
struct tk_trail_head { int64_t seal, rows; char digest[TK_SHA256_HEX]; };
/* All zero when nothing is sealed yet. */
enum tk_rc tk_trail_head(struct tk_db *db, struct tk_trail_head *ret, struct tk_err *e) TK_MUST_USE;
/* Does the chain still hold the seal of that head?  (That the chain itself is whole says verify.)
 */
enum tk_rc tk_trail_holds(struct tk_db *db, const struct tk_trail_head *head, bool *ret,
			  struct tk_err *e) TK_MUST_USE;

struct tk_trail_report { int64_t rows, seals, unsealed, faults; };
/* What else is a witness: a table whose every version has its row in the trail, or (at) one with a
 * column of times in seconds at which something was written there. */
struct tk_trail_kept { const char *rtype, *table, *at; };
/* Asks the records themselves (types with TK_T_TRAILED, and also[]): a record, or a version of one,
 * that the trail does not know means that rows were taken away, even where the rest of the chain
 * and its head were set back to fit.  Adds to ret->faults. */
enum tk_rc tk_trail_witness(struct tk_db *db, const struct tk_trail_kept *also, size_t nalso,
			    void (*say)(void *ctx, const char *line), void *ctx,
			    struct tk_trail_report *ret, struct tk_err *e) TK_MUST_USE;
/* Calls say(ctx, sentence) for every fault found, in e->lang. TK_OK also when there are faults. */
enum tk_rc tk_trail_verify(struct tk_db *db, void (*say)(void *ctx, const char *line), void *ctx,
			   struct tk_trail_report *ret, struct tk_err *e) TK_MUST_USE;
