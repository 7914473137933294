/* report.h - what an import found and did: problems cell by cell, counts, what is added, changed,
 * ended.  The same report for a dry run and for the real one, for every kind of file.
 *
 * A report lives in the arena it was made in; everything given to it is copied.  Lists are cut at
 * TK_REPORT_LIST entries so that a hopeless file costs no memory; counts are exact.  One thread.
 */
#pragma once
#include <stdio.h>
#include "base/json.h"

enum { TK_REPORT_LIST = 500 };
enum tk_severity { TK_SEV_ERROR, TK_SEV_WARNING };

struct tk_problem {
	const char      *sheet;         /* NULL: the report's own */
	uint32_t         row;           /* from 1, as in the file; 0: the file as a whole */
	int32_t          col;           /* from 0; -1: the row as a whole */
	const char      *cell;          /* "G12"; NULL: made from row and col */
	const char      *field;         /* field name or heading, may be NULL */
	const char      *value;         /* what the cell holds, may be NULL */
	const char      *message;       /* one sentence, in the language of the person */
	enum tk_severity severity;
};

enum tk_report_kind { TK_REP_ADDED, TK_REP_CHANGED, TK_REP_ENDED, TK_REP_UNCHANGED, TK_REP_KINDS };
struct tk_report_pair { const char *name, *value; };            /* member of a JSON entry */
struct tk_report_change { const char *field, *label, *from, *to; };
struct tk_report_entry {
	struct tk_report_pair   *pair;
	size_t                   npair;
	struct tk_report_change *change;
	size_t                   nchange;
};
struct tk_report_column {
	uint32_t    col;                /* from 0 */
	const char *heading, *field, *label;    /* field NULL: the column is ignored */
};

struct tk_report {
	struct tk_arena         *mem;
	bool                     accepted, written;     /* accepted: no error */
	const char              *sheet;
	uint32_t                 header_row;
	int64_t                  rows;                  /* data rows read */
	int64_t                  count[TK_REP_KINDS], errors, warnings;
	struct tk_report_column *column;
	size_t                   ncolumn, capcolumn;
	struct tk_report_entry  *entry[TK_REP_KINDS];   /* NULL until used; never for UNCHANGED */
	size_t                   nentry[TK_REP_KINDS];
	struct tk_problem       *problem;
	size_t                   nproblem;
};

struct tk_report *tk_report_new(struct tk_arena *mem);
void tk_report_column(struct tk_report *r, uint32_t col, const char *heading, const char *field,
		      const char *label);
/* Counts it and, below the ceiling, keeps it.  An error takes `accepted` away. */
void tk_report_problem(struct tk_report *r, const struct tk_problem *p);
/* The same from an error object: its field and message. */
void tk_report_err(struct tk_report *r, uint32_t row, int32_t col, const char *value,
		   const struct tk_err *e);
/* One row's fate.  UNCHANGED is only counted. */
void tk_report_entry(struct tk_report *r, enum tk_report_kind kind,
		     const struct tk_report_pair *pair, size_t npair,
		     const struct tk_report_change *change, size_t nchange);

/* One JSON object; tk_report_members() only what stands between its braces, so that a special
 * import can add members of its own. */
void tk_report_json(struct tk_json *j, const struct tk_report *r);
void tk_report_members(struct tk_json *j, const struct tk_report *r);

enum tk_print_format { TK_PRINT_TABLE, TK_PRINT_CSV, TK_PRINT_JSON };
/* For the command line: counts and problems (CSV: the problems only). */
enum tk_rc tk_report_print(const struct tk_report *r, FILE *f, enum tk_print_format format,
			   enum tk_lang lang, struct tk_err *e) TK_MUST_USE;
