/* form_in.h - what compiling and reading share: rules about people, reading a version's rows. */
#pragma once
#include "form/form.h"

/* Is it one of the words that rules about respondents know (role, bureau, sector ...)? */
bool tk_person_word(const char *name);
/* What such a word stands for, "" where it is not known; false: it is no such word. */
bool tk_person_value(const struct tk_subject *p, const char *name, struct tk_xval *ret);
/* The check of a field whose value stands in addresses and column names (survey_table.c). */
enum tk_rc tk_check_slug(struct tk_err *e, const struct tk_field *f,
			 struct tk_value v) TK_MUST_USE;
/* A rule over these words; others are named. */
enum tk_rc tk_person_rule(struct tk_arena *a, const char *text, struct tk_expr **ret,
			  struct tk_err *e) TK_MUST_USE;
bool tk_person_matches(const struct tk_expr *rule, const struct tk_subject *p, struct tk_arena *a);

/* Is w one of the blank-separated words? */
bool       tk_has_word(const char *words, const char *w);

struct tk_form_fault;
/* All rows of a version, in order. */
struct tk_form_rows {
	struct form          form;
	struct form_version  version;
	const struct form_item *item;
	size_t               nitem;
	const struct choice *choice;
	size_t               nchoice;
	const struct tk_form_fault *warning;    /* of a workbook just read (xlsform.h) */
	size_t               nwarning;
};
enum tk_rc tk_form_rows(const struct tk_op *op, struct tk_arena *mem, int64_t form_version_id,
			struct tk_form_rows *ret) TK_MUST_USE;
/* Compiles rows; the first fault ends it. say (may be NULL) hears of every fault instead. */
struct tk_form_say {
	void (*say)(void *ctx, const char *item, const char *text);
	void       *ctx;
	size_t      n;
	const char *column; /* of XLSForm, which the fault is about; NULL: the row as a whole */
	const struct choice *choice;    /* the fault is of a choice */
};
enum tk_rc tk_form_compile(struct tk_arena *mem, const struct tk_form_rows *rows,
			   struct tk_form **ret, struct tk_form_say *say,
			   struct tk_err *e) TK_MUST_USE;
/* Why this row cannot be run although it can be kept (form_kept.c), one call a fault; *column is
 * the column of XLSForm.  at counts up from 0; false: there is nothing more. */
bool tk_form_row_fault(const struct form_item *row, size_t at, struct tk_err *e,
		       const char **column);
/* A default that is an expression and no plain value. */
bool       tk_form_is_dynamic(const char *text);
bool       tk_form_is_header(const struct form_item *row);      /* the heading row of a grid */
bool       tk_form_is_section(const struct form_item *row);     /* a group or a repeat */
bool       tk_form_is_asked(const struct form_item *row);       /* an item of struct tk_form */
/* What of a row and a choice makes the digest besides the first columns. */
struct tk_hasher;
void       tk_form_digest_kept(struct tk_hasher *h, const struct tk_rtype *t, const void *rec);
/* An empty draft with the next number. */
enum tk_rc tk_form_draft(const struct tk_op *op, int64_t form_id, int64_t *ret) TK_MUST_USE;
/* The order in which conditions can be found out (form_order.c): f->order.  *ret_cycle is the code
 * of a row whose condition leans on its own answer, *ret_through the row through which; NULL: none.
 */
void tk_form_order(struct tk_arena *mem, struct tk_form *f, const char **ret_cycle,
		   const char **ret_through);

/* -- compiling, between form_compile.c and form_rule.c -------------------------------------- */
struct cJSON;
struct tk_compile {
	struct tk_arena           *a;
	const struct tk_form_rows *rows;
	struct tk_form            *f;
	struct tk_item            *item;
	struct tk_note            *note;
	struct tk_group           *group;
	struct tk_form_audience   *audience;
	struct tk_form_say        *say;
	struct tk_err             *e;
	const char                *column;      /* where the next fault stands in a workbook */
	struct cJSON             **extra;       /* other columns of each choice, once looked at */
};
/* Either the first fault ends the compiling, or say() hears of all of them. */
enum tk_rc tk_compile_fault(struct tk_compile *c, const char *code) TK_MUST_USE;
/* An expression that must not use `.`; blank text is none. */
enum tk_rc tk_compile_condition(struct tk_compile *c, const char *text,
				struct tk_expr **ret) TK_MUST_USE;
/* Calculation, constraint, default, required, filter of a row. */
enum tk_rc tk_compile_rules(struct tk_compile *c, const struct form_item *row,
			    struct tk_item *it) TK_MUST_USE;
/* Names in rules become slots; what texts name must be there. */
enum tk_rc tk_compile_resolve(struct tk_compile *c) TK_MUST_USE;
/* All questions of a grid have one list. */
enum tk_rc tk_compile_grids(struct tk_compile *c) TK_MUST_USE;
