/* table_int.h - inside table*.c: counts of a campaign taken out of memory, and rows being filled.
 * A grid is a copy in op->mem: the campaign is put back before a table is built from it. */
#pragma once
#include "survey/live.h"
#include "table/table.h"

struct tk_grid_group {
	int64_t id, parent_id;
	const char *label;
	const char *shown; /* to people, in their language */
	uint32_t people, submitted;
};
struct tk_grid {
	const struct tk_form *form;
	enum tk_plane_by by;
	size_t ngroup, width;
	struct tk_grid_group *group, *bureau; /* bureau: names only */
	size_t nbureau;
	const uint32_t *n; /* [group * width + column] */
	size_t *col;	   /* first column of each item */
	const int *done;   /* option of each item, -1: it has no rate */
};
/* What one item comes to in one group.  rated: the item can have a rate. */
struct tk_count {
	int64_t asked, no_answer, not_applicable, dont_know, num, den;
	bool rated;
};

struct tk_table_job {
	const struct tk_op *op;
	const struct campaign *c;
	const struct tk_table_ask *ask;
	enum tk_plane_by by;
	enum tk_round round;
	struct tk_table *t;
	struct tk_table_cell *cell; /* of the table, growing */
	size_t ncell, cap;
	const char **note;
};
enum { TK_TABLE_NOTES = 24 };

/* Counts the campaign by groups, for those the person may see and the filter names. */
enum tk_rc tk_grid_take(struct tk_table_job *j, int64_t campaign_id, enum tk_plane_by by,
	bool response, struct tk_grid **ret) TK_MUST_USE;
struct tk_count tk_grid_count(const struct tk_grid *g, size_t item, size_t group);
/* Last year's counts, NULL where there is no such campaign (a note says so). */
enum tk_rc tk_grid_previous(struct tk_table_job *j, enum tk_plane_by by, bool response,
	struct tk_grid **ret) TK_MUST_USE;
/* The group of that unit; SIZE_MAX: none.  g may be NULL. */
size_t tk_grid_group_of(const struct tk_grid *g, int64_t id);
/* NULL filter text and no scope: *ret is NULL, everybody. */
enum tk_rc tk_table_filter(const struct tk_op *op, const struct tk_live *l, const char *text,
	struct tk_filter **ret) TK_MUST_USE;

/* Answers that are not in the planes (numbers, dates, texts), by respondent; read at their first
 * use, for at most TK_SIDE_PEOPLE respondents. */
enum { TK_SIDE_PEOPLE = 20000 };
struct tk_side;
/* *side NULL: reads them. */
enum tk_rc tk_side_get(
	const struct tk_op *op, const struct tk_live *l, struct tk_side **side) TK_MUST_USE;
/* The value of anything but a choice as it was entered, "" where there is none. */
const char *tk_side_text(const struct tk_side *s, uint32_t person, size_t item);
/* Those for whom the expression is true, each looked at by itself. */
enum tk_rc tk_side_filter(const struct tk_op *op, const struct tk_live *l, struct tk_side **side,
	const struct tk_expr *x, struct tk_filter **ret) TK_MUST_USE;
/* A condition over answers and people.  field: what an error is about. */
enum tk_rc tk_table_condition(const struct tk_op *op, const struct tk_live *l,
	struct tk_side **side, const char *text, const char *field,
	struct tk_filter **ret) TK_MUST_USE;

/* Filling a table: the columns first, then row by row, each cell from left to right. */
void tk_table_cols(struct tk_table_job *j, const struct tk_col *col, size_t n);
/* Room for so many rows; after the columns. */
void tk_table_reserve(struct tk_table_job *j, size_t nrow);
void tk_cell_text(struct tk_table_job *j, const char *text, const char *label);
void tk_cell_int(struct tk_table_job *j, int64_t n);
/* TK_SHARE_NONE: empty */
void tk_cell_rate(struct tk_table_job *j, int64_t tenths, int64_t num, int64_t den);
void tk_cell_points(struct tk_table_job *j, int64_t tenths);
void tk_cell_none(struct tk_table_job *j);
/* Already in the language; NULL: nothing. */
void tk_table_note(struct tk_table_job *j, const char *text);
const char *tk_table_item_label(const struct tk_table_job *j, const struct tk_item *it);
const char *tk_audience_label(enum tk_lang lang, const char *code);

enum tk_rc tk_table_items(struct tk_table_job *j) TK_MUST_USE;
enum tk_rc tk_table_rate_classes(struct tk_table_job *j) TK_MUST_USE;
enum tk_rc tk_table_response_rate(struct tk_table_job *j) TK_MUST_USE;
enum tk_rc tk_table_compare(struct tk_table_job *j) TK_MUST_USE;
enum tk_rc tk_table_problem_items(struct tk_table_job *j) TK_MUST_USE;
/* A declared table or `question`.  TK_ENOTFOUND: the questionnaire has no table of that name. */
enum tk_rc tk_table_declared(struct tk_table_job *j) TK_MUST_USE;
