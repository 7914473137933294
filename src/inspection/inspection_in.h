/* inspection_in.h - the records of technical inspection, and the matrix made of them.  Private to
 * src/inspection.  Results live in op->mem. */
#pragma once
#include "case/life.h"
#include "inspection/inspection.h"

struct tech_check {
	struct tk_rec rec;
	const char *code, *title, *server_kind, *category, *text, *text_en, *clause;
	int64_t fiscal_year, sort;
};
struct tech_round {
	struct tk_rec rec;
	const char *title, *from_on, *to_on, *inspector, *note;
	int64_t fiscal_year;
	struct tk_life life;
};
struct tech_result {
	struct tk_rec rec;
	const char *result, *evidence, *inspector, *inspected_on, *measure, *due_on, *done_on;
	int64_t tech_round_id, server_id, tech_check_id, improvement_id, division_id;
};
struct tech_measure {
	struct tk_rec rec;
	const char *title, *purpose, *introduced_on, *operation_on, *note;
	int64_t fiscal_year, info_system_id;
	struct tk_life life;
};
extern const struct tk_rtype tk_tech_check, tk_tech_round, tk_tech_result, tk_tech_measure;
extern const struct tk_case_type tk_tech_round_case, tk_tech_measure_case;
extern const struct tk_fact tk_inspection_facts[];
extern const struct tk_choice tk_tech_kind[], tk_tech_category[], tk_tech_result_choice[];
const char *tk_choice_label(const struct tk_choice *c, const char *id, enum tk_lang lang);

/* Every cell that a round r has to fill: a server v that is in operation on its last day, of a
 * system s that is too, with each check c of the year for its kind; x is the result, if any. */
#define CELLS \
	" FROM tech_round r JOIN tech_check c ON c.fiscal_year = r.fiscal_year AND c.deleted_at" \
	" IS NULL JOIN server v ON v.kind = c.server_kind AND v.deleted_at IS NULL AND" \
	" (v.from_on IS NULL OR v.from_on <= r.to_on) AND (v.to_on IS NULL OR v.to_on >=" \
	" r.to_on) JOIN info_system s ON s.id = v.info_system_id AND s.deleted_at IS NULL AND" \
	" (s.from_on IS NULL OR s.from_on <= r.to_on) AND (s.to_on IS NULL OR s.to_on >=" \
	" r.to_on) LEFT JOIN tech_result x ON x.tech_round_id = r.id AND x.server_id = v.id" \
	" AND x.tech_check_id = c.id AND x.deleted_at IS NULL"

/* -- the matrix -------------------------------------------------------------------------------- */
struct tk_cell_state {
	int64_t     server, check, system;
	const char *server_name, *system_name, *check_code, *kind, *category;
	const char *result;             /* NULL: empty */
	int64_t     division;
	const char *measure, *due_on, *done_on;
};
typedef enum tk_rc (*tk_cell_fn)(void *ctx, const struct tk_cell_state *c);
/* All cells of a round, by system, server and check. */
enum tk_rc tk_cells_each(const struct tk_op *op, int64_t round, tk_cell_fn fn,
			 void *ctx) TK_MUST_USE;

/* What is to stand in a cell; result NULL empties it, other NULLs leave what is there. */
struct tk_cell_set {
	int64_t     server, check;
	const char *result, *evidence, *measure, *due_on, *done_on, *inspector, *inspected_on;
};
enum tk_rc tk_cell_put(const struct tk_op *op, int64_t round, const struct tk_cell_set *c,
		       bool *ret_changed) TK_MUST_USE;
/* All empty cells of a server as conforming; expect is how many the person was told there are. */
enum tk_rc tk_server_conforms(const struct tk_op *op, int64_t round, int64_t server,
			      int64_t expect, int64_t *ret_n) TK_MUST_USE;

/* Servers of a kind (category NULL) or of one category of checks, as the inspections of all
 * ministries grade them: A all, B from 80 %, C from 60 %, D below.  No grade while a cell is empty
 * or when nothing applies. */
struct tk_grade {
	const char *kind, *category;
	int64_t     servers, good, bad, incomplete;     /* servers is the sum of the others */
	int64_t     empty;                              /* cells */
	char        grade;                              /* 'A' ... 'D', 0: none */
};
char tk_grade_of(int64_t good, int64_t servers);
/* Pure: one grade a kind and one a kind and category, from cells in the order of
 * tk_cells_each().  Returns how many. */
enum { TK_MAX_GRADES = 25 };
size_t tk_grades(const struct tk_cell_state *cell, size_t n, struct tk_grade ret[TK_MAX_GRADES]);

/* -- files and defaults ------------------------------------------------------------------------ */
struct tk_read_fault { uint32_t row; const char *text; };
struct tk_read_result {
	int64_t cells, changed;
	struct tk_read_fault fault[50];
	size_t nfault;                  /* all of them; the first 50 are kept */
};
/* A spreadsheet with a server a line and a check a column, or a cell a line (server, check, result,
 * evidence).  With faults the caller takes back what was written. */
enum tk_rc tk_results_read(const struct tk_op *op, int64_t round, const char *data, size_t n,
			   const char *name, struct tk_read_result *ret) TK_MUST_USE;
/* The checks that come with the program, for a year that has none. */
enum tk_rc tk_checks_default(const struct tk_op *op, int year, int64_t *ret_n) TK_MUST_USE;
/* Those of another year. */
enum tk_rc tk_checks_copy(const struct tk_op *op, int from, int to, int64_t *ret_n) TK_MUST_USE;
