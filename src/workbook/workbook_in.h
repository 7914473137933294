/* workbook_in.h - what writing and reading a workbook share.  Private to src/workbook. */
#pragma once
#include "base/hash.h"
#include "survey/change.h"
#include "survey/form_view.h"
#include "workbook/workbook.h"

#define TK_WB_MAGIC    "tenken-workbook"
#define TK_WB_LAYOUT   "1"
#define TK_WB_IDENTITY "_tenken"
#define TK_WB_LISTS    "_lists"
#define TK_WB_LOGIC    "_logic"
/* In the first cell of the other two hidden sheets, which hold nothing to read. */
#define TK_WB_HELPER   "tenken-helper"
/* Rows beside the choices of a question with several: "q5/#na". */
#define TK_WB_NA "#na"
#define TK_WB_DK "#dk"
#define TK_WB_MARK "○"

/* The headings of the columns, in either language. */
enum tk_wb_col { TK_WB_CODE, TK_WB_QUESTION, TK_WB_HOW, TK_WB_ANSWER, TK_WB_COMMENT, TK_WB_STATUS,
		 TK_WB_NCOL };
extern const char *const tk_wb_heading[TK_WB_NCOL];     /* msgids */

/* Not applicable, don't know: as they stand in lists. */
extern const char *const tk_wb_na, *const tk_wb_dk;     /* msgids */

/* An answer as text that does not depend on the order of choices or the way a number is written;
 * "" is no answer. */
const char *tk_wb_canon(const struct tk_item *it, const struct tk_ans *x, struct tk_arena *a);
const char *tk_wb_comment(const struct tk_ans *x, struct tk_arena *a);
/* Digest of such a text, "-" for "". */
const char *tk_wb_digest(struct tk_arena *a, const char *text);
/* Digest of what makes a question the same question: kind, wording, choices, limits. */
const char *tk_wb_sign(struct tk_arena *a, const struct tk_item *it);
/* What stands in a list for choice k; with its code where two choices read the same. */
const char *tk_wb_option(struct tk_arena *a, const struct tk_item *it, unsigned k,
			 enum tk_lang lang);
/* In words, for people. */
const char *tk_wb_words(struct tk_arena *a, const struct tk_item *it, const struct tk_ans *x,
			enum tk_lang lang);
/* Is this item in the person's workbook? */
bool        tk_wb_holds(const struct tk_workbook *w, size_t item);
bool        tk_wb_is_time(const struct tk_item *it);
/* Line breaks as \n, no blanks at the end. */
char       *tk_wb_plain(struct tk_arena *a, const char *s);

/* -- the hidden sheet -------------------------------------------------------------------------- */
/* Rows of up to four cells; the seal covers them all but the row "seal" itself. */
enum { TK_WB_IDENT_COLS = 4 };
struct tk_wb_known { const char *code, *sign, *answer, *comment; };
struct tk_wb_ident {
	const char *layout, *campaign_id, *campaign, *fiscal_year, *respondent_id, *respondent,
		*form, *form_digest, *version, *lang, *made, *nonce;
	struct tk_wb_known *known;      /* the items of the workbook */
	size_t      nknown;
	const char *seal;
	struct tk_buf sealed;           /* what the seal covers */
};
/* The fields by name, in the order in which they are written. */
struct tk_wb_field { const char *name; size_t at; };
extern const struct tk_wb_field tk_wb_field[];
extern const size_t tk_wb_nfield;
void tk_wb_seal_row(struct tk_buf *b, const char *const *cell, size_t n);

/* -- where everything stands (workbook_plan.c) ------------------------------------------------- */
struct tk_wb_line {
	bool     in;                    /* has a row in this workbook */
	size_t   sheet;                 /* which of the sections */
	uint32_t row;                   /* of the question; its choices follow */
	int      list;                  /* single: which list, -1 none */
	uint32_t logic;                 /* row on the sheet of formulas, 0: none */
	const char *asked, *value;      /* formulas; NULL: cannot be written, or is not needed */
	bool     conditional;           /* it or its sections have conditions */
};
/* What stands in a section from above; at: group, note or item. */
enum tk_wb_kind { TK_WB_BAND, TK_WB_HINT, TK_WB_NOTE, TK_WB_ITEM };
struct tk_wb_step { enum tk_wb_kind kind; size_t section, at; };
struct tk_wb_section {
	const char *name;               /* of the sheet */
	int         group;              /* outermost section, -1: items outside any */
	uint32_t    last;               /* row */
	int         inner;              /* the inner section of the last row + 1 */
	size_t      n;                  /* questions */
};
struct tk_wb_list { size_t item; uint32_t from, to; };  /* an item that has it; rows */
struct tk_wb_plan {
	const struct tk_workbook *w;
	struct tk_arena          *mem;
	struct tk_wb_line        *line;         /* by item */
	struct tk_wb_section     *section;
	size_t                    nsection;
	struct tk_wb_step        *step;
	size_t                    nstep;
	struct tk_wb_list        *list;
	size_t                    nlist;
	const struct tk_xval     *slot;         /* the answers as conditions see them */
	uint32_t                  logic_rows;
};
enum { TK_WB_HEAD_ROW = 3, TK_WB_FIRST_ROW = 4 };
void tk_wb_plan(const struct tk_workbook *w, struct tk_arena *mem, struct tk_wb_plan *ret);
/* Rows of choices below the question: to be marked, or to be put in order. */
unsigned tk_wb_option_rows(const struct tk_item *it);
/* "'1 組織'!$D$12" of the item's answer, k rows below its question. */
const char *tk_wb_place(const struct tk_wb_plan *p, size_t item, enum tk_wb_col col, unsigned k);
/* Fills asked and value of the lines that need formulas (workbook_logic.c). */
void tk_wb_logic(struct tk_wb_plan *p);
