/* year_in.h - pieces of the module that its files share.  Private to src/year. */
#pragma once
#include "year/year.h"

extern const struct tk_case_type tk_activity_case, tk_problem_case;
extern const struct tk_fact tk_year_facts[];
/* Carries an open problem over to the next year; its case is moved by the caller. */
enum tk_rc tk_problem_carry(const struct tk_op *op, const struct tk_year_problem *p) TK_MUST_USE;
enum tk_rc tk_year_dates(const struct tk_op *op, const char *from, const char *to, tk_date_fn add,
			 void *ctx) TK_MUST_USE;
enum tk_rc tk_year_carry(const struct tk_op *op, int from, int to, tk_carry_fn said,
			 void *ctx) TK_MUST_USE;
