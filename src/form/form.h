/* form.h - the questionnaire: record types for editing, and one compiled, read-only form for use.
 *
 * The model is XLSForm's: a version is a list of rows in order (groups and questions), choice lists
 * by name, conditions (`relevant`) and texts in two languages.  A version is edited as a draft and
 * frozen when it is published: a published row can no longer be changed.
 *
 * struct tk_form is what answering, counting and importing use.  A published version is compiled
 * once and kept for the life of the process (any thread may read it); a draft is compiled into the
 * caller's arena each time.
 */
#pragma once
#include "expr/expr.h"
#include "form/pack.h"
#include "record/record.h"

struct form         { struct tk_rec rec; const char *code, *title_ja, *title_en; };
struct form_version {
	struct tk_rec rec;
	int64_t form_id, number;
	const char *state;
	int64_t published_at;
	const char *digest, *settings;
};
struct form_item {
	struct tk_rec rec;
	int64_t     form_version_id, sort;
	const char *kind, *code, *group_code, *label_ja, *label_en, *hint_ja, *hint_en, *audience,
		*clause;
	bool        required;
	const char *relevant, *list;
	bool        not_applicable, dont_know, evidence;
	int64_t     min_value, max_value;
	/* what a workbook says besides (xlsform.h) */
	const char *constraint_expr, *constraint_ja, *constraint_en, *required_ja, *required_en;
	const char *required_expr;      /* needed only if this holds */
	const char *calculation, *default_value, *appearance, *parameters, *choice_filter,
		*repeat_count, *trigger_on, *guidance_ja, *guidance_en;
	const char *xls_type;           /* its type where kind does not say it */
	const char *extra;              /* other columns, kept: JSON {heading: cell} */
	const char *problem;            /* what only the file shows: lines of column, TAB, text */
	int64_t     sheet_row;          /* 0: not from a workbook */
};
struct choice {
	struct tk_rec rec;
	int64_t form_version_id;
	const char *list, *code, *label_ja, *label_en;
	int64_t sort;
	const char *extra, *problem;
	int64_t sheet_row;
};
extern const struct tk_rtype tk_form_type, tk_form_version_type, tk_form_item_type, tk_choice_type;

/* -- compiled ---------------------------------------------------------------------------------- */
struct tk_option {
	const char *code, *label_ja, *label_en;
	const char *const *cell;                /* what its filter sees: tk_item.column */
};

struct tk_group {
	const char *code, *label_ja, *label_en, *hint_ja, *hint_en;
	int parent;
	struct tk_expr *relevant;
	const char *appearance;
};

/* What is only read.  before: the item it stands in front of, nitem: behind all. */
struct tk_note {
	const char *code, *label_ja, *label_en, *hint_ja, *hint_en;
	int group;
	size_t before;
	struct tk_expr *relevant;
};

struct tk_item {
	const char      *code, *label_ja, *label_en, *hint_ja, *hint_en, *clause;
	const char      *kind;                  /* as stored: single multi int decimal text date
						 * time rank acknowledge calculate hidden */
	enum tk_q_kind   q;
	int              group;                 /* index of its section, -1 = none */
	unsigned         audience;              /* index into tk_form.audience */
	bool             required, not_applicable, dont_know, evidence;
	struct tk_expr  *relevant;              /* NULL: always */
	const char      *condition;             /* its text */
	const struct tk_option *option;
	unsigned         noption;
	bool             has_min, has_max;
	int64_t          min, max;
	struct tk_expr  *constraint;            /* NULL: everything is accepted */
	struct tk_expr *calculation; /* found out by the program, never asked of the person */
	const char      *constraint_ja, *constraint_en, *required_ja, *required_en, *default_value;
	bool             silent;                /* never shown or asked: calculate, hidden */
	bool             rank;                  /* the answer is its choices in an order */
	struct tk_expr  *required_if;           /* needed only if it holds */
	struct tk_expr  *initial;               /* default_value as an expression */
	struct tk_expr  *filter;                /* which choices are offered; NULL: all */
	const char *const *column;              /* columns of the choices that the filter names */
	unsigned         ncolumn;
	const char      *list, *appearance, *parameters, *guidance_ja, *guidance_en;
};

enum { TK_MAX_AUDIENCES = 64 };
struct tk_form_audience {
	const char *code;
	struct tk_expr *rule;
}; /* rule NULL: the word is a role */

/* What is to be looked at again when an answer changes.  Rows are items first, then sections; those
 * that lean on row k are to[from[k]] ... to[from[k + 1] - 1], and stand behind it in rank. */
struct tk_flow { const uint32_t *rank, *at, *from, *to; size_t n; };

struct tk_form {
	int64_t               id;               /* of the form version */
	const char           *code, *title_ja, *title_en;
	int64_t               number;
	bool                  published;
	const struct tk_item *item;             /* notes are not among them */
	size_t                nitem;
	const struct tk_note *note;
	size_t                nnote;
	const struct tk_group *group;
	size_t                ngroup;
	const struct tk_form_audience *audience;
	size_t                naudience;
	const struct tk_layout *layout;         /* item i of the layout is item i here */
	const char           *digest;           /* of everything above */
	bool                  conditions;       /* any relevant at all */
	bool                  last;             /* ${last-saved#...} is used */
	const uint32_t       *order;            /* items, each after those its condition leans on */
	struct tk_flow        flow;
	const uint16_t       *slot;             /* item index + 1 by hash of the code, 0 = free */
	size_t                nslot;            /* a power of two; 0 while it is being compiled */
};

/* op->mem owns a draft; a published version lives as long as the process. */
enum tk_rc tk_form_get(const struct tk_op *op, int64_t form_version_id,
		       const struct tk_form **ret) TK_MUST_USE;
/* Newest published version of the form of that code ("self_inspection"), or "code@number". */
enum tk_rc tk_form_find(const struct tk_op *op, const char *name,
			int64_t *ret_version_id) TK_MUST_USE;
void       tk_form_index(struct tk_form *f, struct tk_arena *a);                /* makes slot */
int        tk_form_item_index(const struct tk_form *f, const char *code);       /* -1: none */
int        tk_item_option(const struct tk_item *it, const char *code);          /* -1: none */
const char *tk_in(enum tk_lang lang, const char *ja, const char *en); /* en falls back to ja */

/* Every fault of a draft (codes, lists, conditions, audiences), each told to say(); *n counts them.
 */
enum tk_rc tk_form_check(const struct tk_op *op, int64_t form_version_id,
			 void (*say)(void *ctx, const char *item, const char *text), void *ctx,
			 size_t *n) TK_MUST_USE;
/* Freezes a draft without faults. */
enum tk_rc tk_form_publish(const struct tk_op *op, int64_t form_version_id) TK_MUST_USE;
/* A new draft with all rows of that version. */
enum tk_rc tk_form_copy(const struct tk_op *op, int64_t form_version_id, int64_t *ret) TK_MUST_USE;
/* Reads survey.csv, choices.csv and settings.csv (XLSForm's sheets) as a new version; publishes it
 * if asked.  A form whose newest version has the same content is left as it is (*ret_new = false).
 */
struct tk_form_files {
	const char *survey, *choices, *settings;
	size_t nsurvey, nchoices, nsettings;
};
enum tk_rc tk_form_load(const struct tk_op *op, const struct tk_form_files *files, bool publish,
			int64_t *ret_version_id, bool *ret_new) TK_MUST_USE;

/* Who a respondent is for audiences and conditions: the words that rules see.  NULL: not known of
 * this kind of respondent, which a rule reads as the empty text. */
struct tk_subject {
	const char *roles, *bureau, *bureau_code, *division, *division_code, *post;
	/* of an institution: codes, the two digits of its prefecture, words NAME or NAME=VALUE */
	const char *institution, *sector, *prefecture, *attributes;
};
/* Bit k: the person belongs to tk_form.audience[k]. */
uint64_t tk_form_audiences(const struct tk_form *f, const struct tk_subject *p, struct tk_arena *a);
