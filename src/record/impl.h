/* impl.h - pieces that the files of src/record share.  Private to src/record. */
#pragma once
#include "record/record.h"

/* "2012-03-31T09:00:00Z" */
bool tk_read_time(const char *s, int64_t *ret);
enum tk_rc tk_validate_field(const struct tk_field *f, struct tk_value v,
			     struct tk_err *e) TK_MUST_USE;
/* Faults of one record, which its row or line is told of; the others end the whole work. */
bool tk_is_of_record(enum tk_rc rc);
/* "t.id, t.version, t.f1, ..." of a table called by the alias t */
void tk_sql_columns(const struct tk_rtype *t, struct tk_buf *b);
/* Columns of a row, in the order of tk_sql_columns, into rec (text copied into mem). */
void tk_sql_to_rec(const struct tk_rtype *t, struct tk_arena *mem, const struct tk_value *col,
		   size_t n, void *rec);
/* Appends " AND ..." that leaves the rows this person may see by p; false: none at all. */
bool tk_sql_scope(const struct tk_rtype *t, const struct tk_who *w, enum tk_perm p,
		  struct tk_buf *b, struct tk_value *arg, size_t *narg);
/* division_of of a record about to be saved; and of all that took it over, when it changed. */
enum tk_rc tk_take_division(const struct tk_op *op, const struct tk_rtype *t,
			    void *now) TK_MUST_USE;
enum tk_rc tk_division_moved(const struct tk_op *op, const struct tk_rtype *t, const void *was,
			     const void *now) TK_MUST_USE;
