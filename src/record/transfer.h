/* transfer.h - any record type out to CSV, XLSX or JSON and back from CSV or XLSX.
 *
 * What goes out can come back: headings are the labels of the fields, choices their labels,
 * references the title of the record referred to, and a file that was exported and not changed
 * changes nothing.  Secret fields never go out and are never taken in; fields that the program
 * sets itself go out and are ignored coming in.  Rows are streamed both ways.  One thread.
 */
#pragma once
#include "record/record.h"
#include "record/report.h"
#include "sheet/sheet_write.h"

/* lost: see tk_out_lost(); copied into op->mem */
struct tk_export_done { int64_t rows; const struct tk_out_lost *lost; size_t nlost, total_lost; };

/* What the query finds (its limit is not used), in the language of lang.  opt->mark NULL: the grade
 * of the type.  While it runs, fn may not use op->db. */
enum tk_rc tk_rec_export(const struct tk_op *op, const struct tk_rtype *t, const struct tk_query *q,
			 const struct tk_out_opt *opt, enum tk_lang lang, tk_out_fn fn, void *ctx,
			 struct tk_export_done *ret) TK_MUST_USE;
/* The same as a JSON array of what the API answers. */
enum tk_rc tk_rec_export_json(const struct tk_op *op, const struct tk_rtype *t,
			      const struct tk_query *q, enum tk_lang lang, tk_out_fn fn, void *ctx,
			      int64_t *ret_rows) TK_MUST_USE;
/* "課室_機密性2_20261124.csv": a CSV file has no other place for its grade. */
const char *tk_rec_export_name(struct tk_arena *mem, const struct tk_rtype *t, enum tk_lang lang,
			       const char *ending);
/* "機密性2", or NULL for a type without grade. */
const char *tk_rec_mark(struct tk_arena *mem, const struct tk_rtype *t, enum tk_lang lang);

/* Reads the first visible sheet.  The heading row is looked for in the first rows; a heading is a
 * label in either language, a field name or an alias.  A row whose first unique field is known
 * changes that record, another one makes a record; without a unique field, a row that is there
 * already stays as it is.  An empty cell empties the field; a column that is missing leaves it.
 *
 * Everything is tried in one transaction (or in a savepoint of the open one) and taken back on a
 * dry run or when there is a single error.  Faults of the file are in the report, and TK_OK is
 * returned; other codes: no permission, no such file, the database. */
enum tk_rc tk_rec_import(const struct tk_op *op, const struct tk_rtype *t, const void *data,
			 size_t n, const char *filename, bool dry_run,
			 struct tk_report **ret) TK_MUST_USE;
/* The same with columns matched by hand: "A:code,B:name,C:" (a column left out, or without a field,
 * is not read); NULL: by their headings.  What a real import matched by hand is remembered for the
 * type, and then goes before the aliases (never before the labels, which an export writes). */
enum tk_rc tk_rec_import_map(const struct tk_op *op, const struct tk_rtype *t, const void *data,
			     size_t n, const char *filename, const char *map, bool dry_run,
			     struct tk_report **ret) TK_MUST_USE;
/* {"header_row","columns":[{column, heading, field, remembered, samples}],"fields"}: what a file
 * has, before it is imported. */
enum tk_rc tk_rec_import_columns(const struct tk_op *op, const struct tk_rtype *t, const void *data,
				 size_t n, const char *filename, struct tk_json *j) TK_MUST_USE;
