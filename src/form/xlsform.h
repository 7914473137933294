/* xlsform.h - questionnaires as XLSForm workbooks: reading, writing, keeping.
 *
 * Reading takes the dialect that is really written: heading aliases in any case, stray and no-break
 * blanks, smart quotation marks in expressions, label::Japanese (ja) and label:English, groups,
 * repeats, or_other.  Everything is kept.  What cannot be run is said by sheet, row and column: by
 * the row's `problem` where only the file shows it (a name used twice), else by tk_form_compile()
 * from the row itself.  Such a questionnaire can be imported and exported, but not published.
 *
 * The rows live in the arena; nothing here keeps them.  Any thread.
 */
#pragma once
#include "form/form_in.h"
#include "sheet/sheet.h"
#include "sheet/sheet_write.h"

/* An error only where this is no questionnaire at all (no survey sheet, no column "type").  name is
 * used where the settings have no form_id (NULL: "form"). */
enum tk_rc tk_xlsform_read(struct tk_arena *a, struct tk_sheet *s, const char *name,
			   struct tk_form_rows *ret, struct tk_err *e) TK_MUST_USE;
enum tk_rc tk_xlsform_read_bytes(struct tk_arena *a, const void *data, size_t n,
				 const char *filename, struct tk_form_rows *ret,
				 struct tk_err *e) TK_MUST_USE;
/* The sheets survey, choices and settings, in Japanese and English where there is any. */
enum tk_rc tk_xlsform_write(struct tk_arena *a, const struct tk_form_rows *rows, tk_out_fn fn,
			    void *ctx, struct tk_err *e) TK_MUST_USE;

/* Every fault, with the place in the workbook (row 0: not from a workbook). */
struct tk_form_fault { const char *sheet, *item, *column, *text; int64_t row; };
enum tk_rc tk_form_faults(struct tk_arena *a, const struct tk_form_rows *rows,
			  void (*say)(void *ctx, const struct tk_form_fault *f), void *ctx,
			  size_t *ret_n, struct tk_err *e) TK_MUST_USE;

/* A new draft with these rows, the form made when there is none of that code.  When the newest
 * version holds the same, that one is returned and nothing is written (*ret_new = false). */
enum tk_rc tk_form_import(const struct tk_op *op, const struct tk_form_rows *rows,
			  int64_t *ret_version_id, bool *ret_new) TK_MUST_USE;
/* All rows into a version, with new ids. */
enum tk_rc tk_form_put_rows(const struct tk_op *op, const struct tk_form_rows *rows,
			    int64_t version_id) TK_MUST_USE;
/* Like tk_form_find(), drafts too: CODE@NUMBER, or the newest published and else the newest. */
enum tk_rc tk_form_find_any(const struct tk_op *op, const char *name,
			    int64_t *ret_version_id) TK_MUST_USE;

/* -- between the files of xlsform -------------------------------------------------------------- */
/* What a cell of the column "type" says. */
struct tk_xls_type {
	const char *kind;               /* of form_item; "end" for the end of a group or repeat */
	const char *list;
	bool        other;              /* or_other */
	int         max;                /* whole numbers from 0 to this; 0: any */
};
struct tk_xls_type tk_xls_type_of(struct tk_arena *a, const char *type);
/* Value of a key in the column "parameters", NULL: none. */
const char *tk_xls_parameter(struct tk_arena *a, const char *parameters, const char *key);
