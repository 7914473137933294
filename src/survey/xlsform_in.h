/* xlsform_in.h - between the files of xlsform: headings and cells of a sheet.  Arena as given. */
#pragma once
#include "survey/xlsform.h"

enum tk_xls_sheet { TK_XLS_SURVEY, TK_XLS_CHOICES, TK_XLS_SETTINGS };
enum tk_xls_lang { TK_XLS_PLAIN, TK_XLS_JA, TK_XLS_EN, TK_XLS_OTHER };
struct tk_xls_column {
	const char      *raw;           /* heading as written */
	const char      *name;          /* canonical; NULL: kept as an extra column */
	const char      *ja, *en;
	enum tk_xls_lang lang;
	const char      *field;         /* of the record, where the cell goes there as it is */
};
enum { TK_XLS_COLUMNS = 200 };
struct tk_xls_head {
	enum tk_xls_sheet    sheet;
	const char          *sheet_name;
	struct tk_xls_column col[TK_XLS_COLUMNS];
	size_t               n;
};

/* Reads the first row. plain: the language of headings without one, TK_XLS_PLAIN: not said. */
enum tk_rc tk_xls_head_read(struct tk_xls_head *h, struct tk_arena *a, struct tk_sheet *s,
			    enum tk_xls_sheet sheet, enum tk_xls_lang plain,
			    struct tk_err *e) TK_MUST_USE;
enum tk_xls_lang tk_xls_lang_of(const char *s);
/* Trimmed, NBSP a blank; fold: runs of blanks are one. */
const char *tk_xls_text(struct tk_arena *a, const char *s, bool fold);
const char *tk_xls_plain_quotes(struct tk_arena *a, const char *s);
const char *tk_xls_cell(const struct tk_xls_head *h, struct tk_arena *a, const struct tk_row *row,
			const char *name);
bool        tk_xls_has(const struct tk_xls_head *h, const char *name);
/* The other columns as JSON, NULL: none. */
const char *tk_xls_extra(const struct tk_xls_head *h, struct tk_arena *a, const struct tk_row *row);
