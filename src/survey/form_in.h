/* form_in.h - shared inside src/survey: rules about people, reading a version's rows. */
#pragma once
#include "survey/form.h"

/* A rule over ${role} ${bureau} ${division} ${post} (and the _code forms); unknown names are named. */
enum tk_rc tk_person_rule(struct tk_arena *a, const char *text, struct tk_expr **ret, struct tk_err *e) TK_MUST_USE;
bool       tk_person_matches(const struct tk_expr *rule, const struct tk_subject *p, struct tk_arena *a);

/* All rows of a version, in order. */
struct tk_form_rows {
	struct form          form;
	struct form_version  version;
	const struct form_item *item;
	size_t               nitem;
	const struct choice *choice;
	size_t               nchoice;
};
enum tk_rc tk_form_rows(const struct tk_op *op, struct tk_arena *mem, int64_t form_version_id, struct tk_form_rows *ret) TK_MUST_USE;
/* Compiles rows; the first fault ends it. say (may be NULL) hears of every fault instead. */
struct tk_form_say { void (*say)(void *ctx, const char *item, const char *text); void *ctx; size_t n; };
enum tk_rc tk_form_compile(struct tk_arena *mem, const struct tk_form_rows *rows, struct tk_form **ret,
			   struct tk_form_say *say, struct tk_err *e) TK_MUST_USE;
/* An empty draft with the next number. */
enum tk_rc tk_form_draft(const struct tk_op *op, int64_t form_id, int64_t *ret) TK_MUST_USE;
