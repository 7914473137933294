/* published.h - percentages that earlier surveys published, as records; where exactly one count
 * fits a percentage and its base, it is turned back into that count (stat/recover.h). */
#pragma once
#include "record/record.h"

struct published_figure {
	struct tk_rec rec;
	int64_t survey_table_id;
	const char *wave;   /* which survey: "2019" */
	const char *series; /* code of the series, group or question; NULL: the only one */
	const char *option_code, *percent; /* as printed: "76.9" */
	int64_t base;
	const char *source;
};
extern const struct tk_rtype tk_published_figure_type;

struct tk_published {
	const char *series, *option;
	int64_t share; /* tenths */
	int64_t base;
	int64_t count; /* -1: none or several fit */
};
/* What a wave of a table published; wave NULL: the newest by name.  *ret_wave NULL: nothing is. */
enum tk_rc tk_published_list(const struct tk_op *op, int64_t table_id, const char *wave,
	const struct tk_published **ret, size_t *ret_n, const char **ret_wave) TK_MUST_USE;
