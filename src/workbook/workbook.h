/* workbook.h - the workbook of one respondent: made for it, filled in offline, read again.
 *
 * Sheets by section with one row a question (code, question, how to answer, answer, comment), a
 * choice as a list, several choices as one row each to be marked; what is not asked turns grey by a
 * formula where its condition can be written as one.  A hidden sheet says whose workbook it is,
 * from which questionnaire, and a digest of every answer as it stood then; a seal over it (a key of
 * this installation) tells a workbook of our own from any other.  Nothing rests on the protection
 * of sheets, which everybody can take off.
 *
 * Three steps, of which the first two know no database:
 *   tk_workbook_write()  a response -> file
 *   tk_workbook_parse()  file -> cells by item code, whoever asks
 *   tk_workbook_merge()  cells -> the response as it stands now: what is wrong by sheet and cell,
 *                        what would change, what was changed by both sides since the download
 *
 * Everything lives in the arena given; one thread at a time.
 */
#pragma once
#include "record/report.h"
#include "sheet/sheet_write.h"
#include "survey/response.h"

enum { TK_WORKBOOK_MAX = 16 << 20 };    /* bytes of a file that is taken */

/* Whose workbook it is. */
struct tk_workbook {
	const struct tk_response *r;
	const bool *may;        /* by item: what this person sees; NULL: everything */
	const bool *may_write;  /* by item; NULL: all that is seen.  Only merging asks for it. */
	const char *campaign;   /* its title, in lang */
	const char *name;       /* of the respondent */
	const char *place;      /* where it belongs to; may be NULL */
	enum tk_lang lang;
	int64_t     made;
	const unsigned char *key;       /* TK_MAC_KEY bytes */
};
/* Names of campaign and respondent into w, for r. */
enum tk_rc tk_workbook_of(const struct tk_op *op, const struct tk_response *r,
			  struct tk_workbook *w) TK_MUST_USE;
/* The key of this installation: kept as a setting, made on first use when make is true.
 * *ret NULL: there is none yet. */
enum tk_rc tk_workbook_key(const struct tk_op *op, bool make,
			   const unsigned char **ret) TK_MUST_USE;
enum tk_rc tk_workbook_write(const struct tk_workbook *w, struct tk_arena *mem, tk_out_fn fn,
			     void *ctx, struct tk_err *e) TK_MUST_USE;

/* What a file says, before anybody asks whether it may. */
struct tk_wb_file;
/* TK_ETYPE: no workbook at all, or damaged, encrypted; TK_EINVAL: macros, links to other files. */
enum tk_rc tk_workbook_parse(struct tk_arena *mem, const void *data, size_t n,
			     const char *filename, struct tk_wb_file **ret,
			     struct tk_err *e) TK_MUST_USE;

struct tk_wb_change {
	const char *item, *label;               /* code; the question */
	const char *sheet, *cell;
	const char *server, *file;              /* in words; "" is no answer */
	const char *server_comment, *file_comment;      /* NULL both: the same */
	bool        conflict;   /* the server's was changed since the download too */
	bool        decided;    /* by take or keep */
	bool        taken;      /* the file's goes into the response */
	bool        shut;       /* not asked as things stand: kept apart */
};
struct tk_wb_result {
	struct tk_report    *rep;               /* accepted: nothing in the file is wrong */
	struct tk_wb_change *change;
	size_t               nchange, ntaken;
	size_t               nconflict, nundecided;     /* accepted or not: these must be decided */
	int64_t              base_version;      /* of the response when the workbook was made */
};
/* Which side of a conflict counts: item codes, with blanks or commas between them; "*" is all. */
struct tk_wb_decision { const char *take, *keep; };
/* Puts what the file says into w->r's answers (r, which w->r points to); nothing is written to the
 * database.  Unless ret->rep->accepted and nothing is undecided, r must not be saved. */
enum tk_rc tk_workbook_merge(const struct tk_op *op, const struct tk_workbook *w,
			     const struct tk_wb_file *file, const struct tk_wb_decision *d,
			     struct tk_response *r, struct tk_wb_result *ret) TK_MUST_USE;
