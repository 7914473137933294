/* survey_table.h - tables that a questionnaire has, declared as data (SRV-03 to SRV-07).
 *
 * A table belongs to a form by its code, so that the campaign of every year has it.  What its rows
 * and columns are follows from its kind (docs/TABLES.md); its series say what stands beside each
 * other: before and after, company and own device, a group of prefectures and the rest.  A series
 * overrides item, filter and base of its table.  An empty base is computed: everybody who was asked
 * the item and answered it.
 *
 * The records are edited, imported and exported like all others; what ships with a form comes from
 * tables.csv and series.csv beside its survey.csv (forms/README.md).  Any thread with its own
 * tk_op; what is read lives in op->mem.
 */
#pragma once
#include "record/record.h"

struct survey_table {
	struct tk_rec rec;
	int64_t form_id;
	const char *name;
	int64_t sort;
	const char *kind; /* panel options bands groups numbers grid coded */
	const char *title_ja, *title_en, *subtitle_ja, *subtitle_en;
	const char *items;    /* codes, blanks between; of panel: none */
	const char *options;  /* only these choices; NULL: all */
	const char *by_group; /* sector prefecture attribute:NAME ...; NULL: the series */
	const char *filter, *base, *base_ja, *base_en;
	const char *round;
	/* choices that belong together, and what they have in common */
	const char *bracket, *bracket_ja, *bracket_en;
	const char *note_ja, *note_en;
	bool weighted, intervals;
};
struct survey_series {
	struct tk_rec rec;
	int64_t survey_table_id, sort;
	const char *code, *label_ja, *label_en;
	const char *item; /* NULL: the table's */
	const char *filter, *base, *base_ja, *base_en;
};
extern const struct tk_rtype tk_survey_table_type, tk_survey_series_type;

/* The tables of a form, in order; those of a deleted form are none. */
enum tk_rc tk_survey_tables(const struct tk_op *op, int64_t form_id,
	const struct survey_table **ret, size_t *ret_n) TK_MUST_USE;
/* TK_ENOTFOUND: there is none of that name. */
enum tk_rc tk_survey_table_find(const struct tk_op *op, int64_t form_id, const char *name,
	struct survey_table *ret) TK_MUST_USE;
enum tk_rc tk_survey_series(const struct tk_op *op, int64_t table_id,
	const struct survey_series **ret, size_t *ret_n) TK_MUST_USE;

/* tables.csv and series.csv: headings are the names of the fields, without form_id; series.csv
 * names its table in the column `table`.  A table that is there already (by name) is changed to
 * what the file says; tables and series that the files do not have stay. */
struct tk_survey_table_files {
	const char *tables, *series;
	size_t ntables, nseries; /* bytes */
};
enum tk_rc tk_survey_tables_load(const struct tk_op *op, const char *form_code,
	const struct tk_survey_table_files *files, size_t *ret_tables) TK_MUST_USE;
