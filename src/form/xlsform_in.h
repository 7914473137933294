/* xlsform_in.h - between the files of xlsform: headings and cells of a sheet.  Arena as given. */
#pragma once
#include "form/xlsform.h"

enum tk_xls_sheet { TK_XLS_SURVEY, TK_XLS_CHOICES, TK_XLS_SETTINGS };
enum tk_xls_lang { TK_XLS_PLAIN, TK_XLS_JA, TK_XLS_EN, TK_XLS_OTHER };
struct tk_xls_column {
	const char *raw;  /* heading as written */
	const char *name; /* canonical; NULL: kept as an extra column */
	const char *ja, *en;
	enum tk_xls_lang lang;
	bool plain;        /* the heading does not say its language */
	const char *field; /* of the record, where the cell goes there as it is */
};
enum { TK_XLS_COLUMNS = 200 };
struct tk_xls_head {
	enum tk_xls_sheet sheet;
	const char *sheet_name;
	struct tk_xls_column col[TK_XLS_COLUMNS];
	size_t n;
};

/* The rows of one sheet.  In CSV the sheets may stand one under the other, as pyxform has it: a row
 * whose first cell is the name of a sheet begins it, the first cell of its rows is empty. */
struct tk_xls_rows {
	struct tk_sheet *s;
	bool shifted;       /* rows without their first cell */
	struct tk_row held; /* given out first; number 0: none */
};
enum tk_rc tk_xls_next(struct tk_xls_rows *rows, struct tk_row *row, struct tk_err *e) TK_MUST_USE;
/* Reads the first row. plain: the language of headings without one, TK_XLS_PLAIN: not said. */
enum tk_rc tk_xls_head_read(struct tk_xls_head *h, struct tk_arena *a, struct tk_xls_rows *s,
			    enum tk_xls_sheet sheet, enum tk_xls_lang plain,
			    struct tk_err *e) TK_MUST_USE;
enum tk_xls_lang tk_xls_lang_of(const char *s);
/* Trimmed, NBSP a blank; fold: runs of blanks are one. */
const char *tk_xls_text(struct tk_arena *a, const char *s, bool fold);
const char *tk_xls_plain_quotes(struct tk_arena *a, const char *s);
const char *tk_xls_cell(const struct tk_xls_head *h, struct tk_arena *a, const struct tk_row *row,
			const char *name);
bool tk_xls_has(const struct tk_xls_head *h, const char *name);
/* The other columns as JSON, NULL: none. */
const char *tk_xls_extra(const struct tk_xls_head *h, struct tk_arena *a, const struct tk_row *row);
/* A word so near to another that it may be meant (one or two letters off). */
bool tk_xls_near(const char *s, const char *known);
/* The known heading that this one may mean, NULL: none. */
const char *tk_xls_meant(const struct tk_xls_head *h, struct tk_arena *a, size_t column);
bool tk_xls_yes(const char *s);
bool tk_xls_no(const char *s);

/* -- reading a workbook ------------------------------------------------------------------------ */
enum { TK_XLS_DEPTH = 64, TK_XLS_ROWS = 20000 };
struct tk_xls_vec {
	char *p;
	size_t n, cap, size;
};
/* Which codes are taken: open addressing, grown by half full. */
struct tk_xls_names {
	const char **slot;
	size_t n, cap;
};
struct tk_xls_open {
	size_t item;
	const char *type; /* as written */
	enum { TK_XLS_GROUP, TK_XLS_REPEAT, TK_XLS_MATRIX } what;
};

struct tk_xls_reading {
	struct tk_arena *a;
	struct tk_xls_rows rows;
	struct tk_form_rows *ret;
	struct tk_err *e;
	struct tk_err said; /* scratch of TK_XLS_PROBLEM */
	struct tk_xls_vec item, choice, warning;
	struct tk_xls_names item_code, choice_code, folded;
	struct tk_xls_head head;
	enum tk_xls_lang plain; /* language of headings without one */
	bool keep_blanks, duplicates;
	struct tk_xls_open open[TK_XLS_DEPTH];
	size_t depth;
	const char *problem; /* of the row being read */
	uint32_t row;
};
void *tk_xls_more(struct tk_xls_reading *r, struct tk_xls_vec *v);
/* false: it was there already */
bool tk_xls_take(struct tk_arena *a, struct tk_xls_names *s, const char *name);
bool tk_xls_taken(const struct tk_xls_names *s, const char *name);
/* Adds what was said to the problems of the row. */
void tk_xls_said(struct tk_xls_reading *r);
#define TK_XLS_PROBLEM(r, column, ...)                                                             \
	((void)!tk_fail(&(r)->said, TK_EINVAL, (column), __VA_ARGS__), tk_xls_said(r))
/* What stops nothing: kept with its place. */
void tk_xls_warned(struct tk_xls_reading *r, const char *sheet, uint32_t row, const char *column);
#define TK_XLS_WARN(r, sheet, row, column, ...)                                                    \
	((void)!tk_fail(&(r)->said, TK_EINVAL, (column), __VA_ARGS__),                             \
	 tk_xls_warned(r, sheet, row, column))
/* Into a field, cut where the field cannot hold it. */
void tk_xls_put(struct tk_xls_reading *r, const struct tk_rtype *t, void *rec, const char *field,
		const char *column, const char *s);
/* A name that can be a code: what cannot stand in one becomes _. */
const char *tk_xls_as_code(struct tk_xls_reading *r, const char *s, bool word);
const char *tk_xls_free_code(struct tk_xls_reading *r, struct tk_xls_names *taken,
			     const char *before, const char *code);
/* The code of a row; what had to be changed is a problem of the row. */
const char *tk_xls_code_for(struct tk_xls_reading *r, struct tk_xls_names *taken, const char *list,
			    const char *name, bool word);
void tk_xls_survey_row(struct tk_xls_reading *r, const struct tk_row *row);
void tk_xls_survey_end(struct tk_xls_reading *r);
/* The items since `begin`, once for each choice of the list (kobomatrix).  false: the list is
 * missing, nothing was changed. */
bool tk_xls_matrix(struct tk_xls_reading *r, size_t begin);
