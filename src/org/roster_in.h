/* roster_in.h - what the files of the roster import share.  Private to src/org. */
#pragma once
#include "org/roster.h"
#include "org/strmap.h"
#include "sheet/sheet.h"

/* what a column can be: id, name in the report, label */
#define ROSTER_COLUMN_TABLE(X) \
	X(NUMBER, "staff_number", N_("Staff number")) \
	X(NAME, "name", N_("Name")) \
	X(KANA, "kana", N_("Kana")) \
	X(BUREAU, "bureau", N_("Bureau")) \
	X(DIVISION, "division", N_("Division")) \
	X(CODE, "division_code", N_("Division code")) \
	X(POST, "post", N_("Post")) \
	X(MAIL, "mail", N_("Mail address")) \
	X(JOINED, "joined_on", N_("Joined on")) \
	X(LEFT, "left_on", N_("Left on")) \
	X(FAMILY, "family_name", N_("Family name")) \
	X(GIVEN, "given_name", N_("Given name")) \
	X(FAMILY_KANA, "family_kana", N_("Family name, kana")) \
	X(GIVEN_KANA, "given_kana", N_("Given name, kana"))

enum col_kind {
#define X(id, name, label) C_##id,
	ROSTER_COLUMN_TABLE(X)
#undef X
	C_MAX
};
extern const char *const roster_col_name[C_MAX], *const roster_col_label[C_MAX];

enum row_state { ROW_ADDED, ROW_CHANGED, ROW_UNCHANGED };
struct rrow {
	uint32_t    row;
	bool        bad, read_bad;      /* has an error; had one before the plan */
	bool        matched;            /* is in the organisation */
	uint8_t     state;              /* enum row_state, by the plan */
	const char *number, *name, *kana, *mail, *joined, *left; /* in the form they are kept in */
	const char *bureau, *division, *code, *post;             /* as written, squeezed, shared */
	const char *above_bureau, *above_division;      /* the value above a blank cell, or NULL */
	int32_t     unit, post_at;      /* index of r->division, r->post; -1: none */
	struct tk_staff *was;           /* of a changed row */
};

struct unit_bureau { int64_t id; const char *code, *name, *name_en, *key; bool is_new; };
struct unit_division {
	int64_t     id;
	uint32_t    bureau, nrow, first;        /* index; rows in the file, the first of them */
	const char *code, *name, *key;
	bool        is_new, has_head, dropped;
};
struct unit_post { int64_t id; const char *code, *name; bool is_new, is_head; };

/* who leaves */
struct leaver { struct tk_staff was; };

struct tk_roster {
	struct tk_arena     *mem, *tmp;         /* tmp: for one row, then reset */
	struct tk_roster_opt opt;
	const char          *filename, *base_date;
	char                 sha256[65];
	enum tk_lang         lang;
	struct tk_err        err;               /* where a sentence is put together */
	struct tk_report    *report, *read_report;      /* of the plan; what reading alone found */
	int32_t              col[C_MAX];        /* column of each kind, -1: not in the file */
	const char         **unused_sheet;
	size_t               nunused;
	struct rrow         *row;
	size_t               nrow, caprow;
	struct tk_strmap by_number,
		numberless; /* rows by number; by mail or name where it is faulty */
	struct tk_strmap     shared;
	const char         **shared_text;
	size_t               nshared, capshared;
	/* the plan */
	struct unit_bureau   *bureau;
	struct unit_division *division;
	struct unit_post     *post;
	struct leaver        *leaver;
	size_t nbureau, capbureau, ndivision, capdivision, npost, cappost, nleaver, capleaver;
	struct tk_strmap      bureau_map, division_map, name_map, code_map, post_map, unit_map;
	struct tk_strmap      used_code;        /* "B/", "D/", "P/" and the code */
	unsigned              last_code[3];     /* numbers tried for new codes of each */
	bool                  empty;            /* the organisation had no division */
	bool                  planned;
};

/* Says what is wrong with a cell of a kind of column (C_MAX: the row; row 0: the file). */
void roster_note(struct tk_roster *r, uint32_t row, enum col_kind kind, const char *value,
		 enum tk_severity s);
#define ROSTER_SAY(r, row, kind, value, sev, ...)                                                  \
	((void)tk_fail(&(r)->err, TK_EINVAL, "", __VA_ARGS__),                                     \
	 roster_note((r), (row), (kind), (value), (sev)))
void *roster_grow(struct tk_arena *a, void *old, size_t n, size_t *cap, size_t size);

/* Key under which two spellings of a unit or heading are the same. */
char *roster_key(struct tk_arena *a, const char *s);
/* Key of a staff number: letters in one case, leading zeros gone (spreadsheets lose them). */
char *roster_number_key(struct tk_arena *a, const char *s);

/* Finds the table in a file: the sheet is selected and stands behind the header. */
enum tk_rc roster_find_table(struct tk_roster *r, struct tk_sheet *s, bool *found,
			     struct tk_err *e) TK_MUST_USE;
/* Is this row the header once more (a printed list repeats it)? */
bool roster_is_header(struct tk_roster *r, const struct tk_row *row);

/* Units and posts: loads those of the organisation, then finds or makes that of each row. */
enum tk_rc roster_units_load(const struct tk_op *op, struct tk_roster *r) TK_MUST_USE;
void roster_units_match(struct tk_roster *r);

/* What the person of a row will be: s is the person as of now, or a new one. */
void roster_now(const struct tk_roster *r, const struct rrow *x, struct tk_staff *s);
