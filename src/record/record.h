/* record.h - the record mechanism: a type described once by a C table of fields.
 *
 * From the descriptor come the SQL on both databases, JSON in and out, list with filter, sort,
 * search and paging, form schema, CSV/XLSX import and export, history in the audit trail, and
 * permission.  A new kind of record costs a struct, a table of fields and a migration.
 *
 * Every record's struct begins with struct tk_rec; every table has the columns id, version and
 * deleted_at besides its fields.  The descriptor is the only place that names a column.  Behaviour
 * across fields stands in the hooks `check` (before every save), `saved` (after it, in the same
 * transaction).  Records live in the arena they were loaded into; a struct tk_op belongs to one
 * thread.
 */
#pragma once
#include "base/json.h"
#include "db/db.h"
#include "record/perm.h"

/* What every operation needs: whom it acts for and where. */
struct tk_op {
	struct tk_db        *db;
	struct tk_arena     *mem;
	const struct tk_who *who;
	struct tk_err       *e;
};

enum tk_ftype {
	TK_F_TEXT, TK_F_LONG, TK_F_MAIL, TK_F_INT, TK_F_BOOL, TK_F_TIME, TK_F_DATE, TK_F_ENUM,
	TK_F_REF, TK_FTYPE_MAX
};
enum {
	TK_REQUIRED = 1 << 0,
	TK_READONLY = 1 << 1, /* set by the program, refused from outside */
	TK_SECRET = 1 << 2,   /* never leaves: not in JSON, export, trail */
	TK_LIST = 1 << 3,     /* a column of the list */
	TK_UNIQUE = 1 << 4,   /* among rows not deleted */
	TK_NOAUDIT = 1 << 5,  /* changes too often to be history */
	TK_SEARCH = 1 << 6,   /* found by the search box */
	TK_FIXED = 1 << 7,    /* may be set when made, never changed */
	TK_ID = 1 << 8, /* TK_F_INT, read-only: id of a record of varying type; text in JSON */
	TK_SELF = 1 << 10, /* TK_F_REF to staff: empty in a new record means the person who makes
			    * it, before it is asked whose the record is */
	TK_PLAIN = 1 << 9, /* TK_F_TEXT, a code: read from files in plain width, without blanks */
};

struct tk_choice { const char *id, *label; };
struct tk_field;
struct tk_rtype;
typedef enum tk_rc (*tk_check_fn)(struct tk_err *e, const struct tk_field *f, struct tk_value v);

struct tk_field {
	const char   *name;             /* column, JSON key, CSV header, key in the trail */
	const char   *label;            /* English msgid: form label, XLSX header */
	enum tk_ftype type;
	unsigned      flags;
	size_t        offset;
	int64_t min, max; /* text: characters; int: value; 0,0 = the type's own limit */
	const char   *help;             /* English msgid, one sentence */
	const struct tk_choice *choice; /* TK_F_ENUM, ends with { 0 } */
	const struct tk_rtype  *ref;    /* TK_F_REF */
	const char *const *alias; /* other headings under which files bring it, NULL-terminated */
	tk_check_fn   check;
};

enum {
	TK_T_NO_CREATE = 1 << 0,
	TK_T_NO_UPDATE = 1 << 1,
	TK_T_NO_DELETE = 1 << 2,
	TK_T_NO_IMPORT = 1 << 3,
	TK_T_HIDDEN = 1 << 4, /* no generic routes at all */
	TK_T_COMMON = 1 << 5, /* says nothing of a person or unit: any scope of read reads all */
	TK_T_TRAILED = 1 << 6, /* nothing makes or changes a row without its row in the trail */
	TK_T_BESIDE = 1 << 7, /* found by the records it is about, not by the search over all */
	TK_T_DUE_BY_RULE = 1 << 8, /* of a type with a life: its check says what is due when */
	TK_T_READONLY = TK_T_NO_CREATE | TK_T_NO_UPDATE | TK_T_NO_DELETE | TK_T_NO_IMPORT,
};

struct tk_case_type;    /* src/case */

struct tk_rtype {
	const char            *name, *path, *table;
	const char            *label, *label_plural;    /* English msgids */
	const char            *group;   /* id of a struct tk_type_group */
	size_t                 size;
	const struct tk_field *field;
	size_t                 nfield;
	const char            *title;           /* field shown for a reference; NULL: the id */
	const char *order; /* default sort: field name, "-" before it = falling */
	unsigned               flags;
	enum tk_perm           read, write;
	/* columns that tie a row to a person or unit; a scope without its column grants nothing.
	 * "id" is allowed; scope_own may name several, blank-separated.  scope_bureau NULL: the
	 * bureau of scope_division. */
	const char            *scope_own, *scope_division, *scope_bureau;
	/* a yes-or-no column: rows in which it is yes are read by any scope of read */
	const char            *published;
	/* The reference that says which division a row belongs to: scope_division is that of the
	 * record referred to, taken over before permission is asked and whenever it changes there.
	 * NULL: the row says it itself. */
	const char            *division_of;
	int grade; /* confidentiality 1..3 (CLS-05) of a list or export */
	/* was is NULL for a new record; now may be changed.  deleted: the record is going away. */
	enum tk_rc (*check)(const struct tk_op *op, const void *was, void *now, bool deleted);
	enum tk_rc (*saved)(const struct tk_op *op, const void *was, const void *now, bool deleted);
	/* What a person reads for a code that is kept as text, because what it may be depends on
	 * the record (the state of a case).  NULL: the field has no other words. */
	const char *(*say)(const void *rec, const struct tk_field *f, enum tk_lang lang);
	const struct tk_case_type *life; /* every row is a case of this type (case/life.h) */
};

/* What src/case does for types with a life, set once at start: check before the type's own check,
 * saved before the type's own saved. */
struct tk_life_hooks {
	enum tk_rc (*check)(const struct tk_op *op, const struct tk_rtype *t, const void *was,
			    void *now, bool deleted);
	enum tk_rc (*saved)(const struct tk_op *op, const struct tk_rtype *t, const void *was,
			    const void *now, bool deleted);
	/* may a file be added to the record, or removed from it, in its state? */
	enum tk_rc (*attach)(const struct tk_op *op, const struct tk_rtype *t, const void *rec,
			     bool remove);
};
extern struct tk_life_hooks tk_life_hooks;

/* Groups of record types, in the order of the menu; ends with { 0 }. */
struct tk_type_group { const char *id, *label; };
extern const struct tk_type_group tk_type_groups[];

struct tk_rec { uint64_t has; int64_t id, version; };   /* has: bit i = field i holds a value */
enum { TK_MAX_FIELDS = 64 };

/* offsetof() that fails to compile when the member has another C type. */
#define TK_OFF(S, m, T) (offsetof(S, m) + 0 * sizeof(_Generic(&((S *)0)->m, T *: (char)0)))
#define TK_FIELD(S, m, T, ft, ...) \
	{ .name = #m, .type = (ft), .offset = TK_OFF(S, m, T), __VA_ARGS__ }
#define TK_TEXT(S, m, ...) TK_FIELD(S, m, const char *, TK_F_TEXT, __VA_ARGS__)
#define TK_LONG(S, m, ...) TK_FIELD(S, m, const char *, TK_F_LONG, __VA_ARGS__)
#define TK_MAIL(S, m, ...) TK_FIELD(S, m, const char *, TK_F_MAIL, __VA_ARGS__)
#define TK_DATE(S, m, ...) TK_FIELD(S, m, const char *, TK_F_DATE, __VA_ARGS__)
#define TK_ENUM(S, m, ...) TK_FIELD(S, m, const char *, TK_F_ENUM, __VA_ARGS__)
#define TK_INT(S, m, ...)  TK_FIELD(S, m, int64_t, TK_F_INT, __VA_ARGS__)
#define TK_TIME(S, m, ...) TK_FIELD(S, m, int64_t, TK_F_TIME, __VA_ARGS__)
#define TK_REF(S, m, ...)  TK_FIELD(S, m, int64_t, TK_F_REF, __VA_ARGS__)
#define TK_BOOL(S, m, ...) TK_FIELD(S, m, bool, TK_F_BOOL, __VA_ARGS__)

/* -- the types of this program, set once at start ---------------------------------------------- */
void   tk_rtypes_set(const struct tk_rtype *const *types, size_t n);
size_t tk_rtypes(const struct tk_rtype *const **ret);
const struct tk_rtype *tk_rtype_by_path(const char *path);
const struct tk_rtype *tk_rtype_by_name(const char *name);
/* TK_OK when the table has every column of the descriptor. */
enum tk_rc tk_rtype_check_table(struct tk_db *db, const struct tk_rtype *t,
				struct tk_err *e) TK_MUST_USE;

/* -- fields ------------------------------------------------------------------------------------ */
int             tk_field_index(const struct tk_rtype *t, const char *name);     /* -1: none */
struct tk_value tk_get(const struct tk_rtype *t, const void *rec, size_t i);
/* Text is not copied: it must live as long as the record. */
void            tk_set(const struct tk_rtype *t, void *rec, size_t i, struct tk_value v);
/* The same value, or both none. */
bool            tk_same(struct tk_value x, struct tk_value y);
/* Text as kept: trimmed, blanks folded; blank becomes none. */
void            tk_squeeze_field(struct tk_arena *a, const struct tk_rtype *t, void *rec,
				 const char *field);
/* By name; the name is a program constant (aborts when there is no such field). */
struct tk_value tk_get_by(const struct tk_rtype *t, const void *rec, const char *name);
void            tk_set_by(const struct tk_rtype *t, void *rec, const char *name, struct tk_value v);
/* From the text of a file's cell or a form: "はい", era dates, full-width digits, choice labels.
 * References are looked up by their title or code field (op->db). */
enum tk_rc tk_set_text(const struct tk_op *op, const struct tk_rtype *t, void *rec, size_t i,
		       const char *text) TK_MUST_USE;
/* Text for people: choice label in lang, date and time printed; never NULL. */
const char *tk_print(struct tk_arena *a, enum tk_lang lang, const struct tk_field *f,
		     struct tk_value v);
enum tk_rc tk_validate(const struct tk_rtype *t, const void *rec, struct tk_err *e) TK_MUST_USE;

/* -- one record; each of these checks permission and scope, and writes the trail -------------
 * A change stands in the transaction that is open, or makes one of its own.  After an error inside
 * an open transaction the caller rolls back (or undoes to a savepoint): parts may be written. */
enum tk_rc tk_rec_load(const struct tk_op *op, const struct tk_rtype *t, int64_t id,
		       void *rec) TK_MUST_USE;
/* First record whose field has that value; TK_ENOTFOUND if none. */
enum tk_rc tk_rec_find(const struct tk_op *op, const struct tk_rtype *t, const char *field,
		       struct tk_value v, void *rec) TK_MUST_USE;
/* What a reference shows: the title field of that record ("" if there is none).  No permission is
 * asked: who may see a row may see what its references are called. */
enum tk_rc tk_rec_label(const struct tk_op *op, const struct tk_rtype *t, int64_t id,
			const char **ret) TK_MUST_USE;
/* Makes the id when rec->id is 0. */
enum tk_rc tk_rec_insert(const struct tk_op *op, const struct tk_rtype *t, void *rec) TK_MUST_USE;
/* version: what the caller saw (TK_EVERSION when it changed since); -1 = the one in the database.
 */
enum tk_rc tk_rec_update(const struct tk_op *op, const struct tk_rtype *t, void *rec,
			 int64_t version) TK_MUST_USE;
/* May this person change this row, as it is?  TK_EPERM when not. */
enum tk_rc tk_rec_may_write(const struct tk_op *op, const struct tk_rtype *t,
			    const void *rec) TK_MUST_USE;
/* Refused while living records refer to it. */
enum tk_rc tk_rec_delete(const struct tk_op *op, const struct tk_rtype *t, int64_t id,
			 int64_t version) TK_MUST_USE;

/* -- lists ------------------------------------------------------------------------------------- */
struct tk_rec_filter { const char *field; enum { TK_EQ, TK_FROM, TK_TO } how; const char *value; };
struct tk_query {
	const char       *q;            /* search words */
	const char       *sort;         /* field name, "-" before it = falling; NULL: the type's */
	const char       *cursor;       /* from the page before */
	int limit; /* 1..500; 0 = 50; -1 = all (exports): streamed, the row function
		    * may then not use op->db */
	struct tk_rec_filter  filter[16];
	size_t            nfilter;
	bool              count;        /* also count all that match */
};
/* ref_label[i] is the title of the record that field i refers to, or NULL. */
typedef enum tk_rc (*tk_rec_fn)(void *ctx, const void *rec, const char *const *ref_label);
enum tk_rc tk_rec_list(const struct tk_op *op, const struct tk_rtype *t, const struct tk_query *q,
		       tk_rec_fn fn, void *ctx, const char **ret_next,
		       int64_t *ret_total) TK_MUST_USE;
/* Query-string pair -> tk_query ("q", "sort", "limit", "cursor", FIELD, FIELD.from, FIELD.to).
 * An unknown name is an error that names it. */
enum tk_rc tk_query_add(struct tk_query *q, const struct tk_rtype *t, const char *name,
			const char *value, struct tk_err *e) TK_MUST_USE;

/* -- JSON -------------------------------------------------------------------------------------- */
void tk_rec_json(struct tk_json *j, const struct tk_rtype *t, const void *rec,
		 const char *const *ref_label, enum tk_lang lang);
/* Members into the record; unknown, repeated, mistyped, read-only members are refused by name. */
enum tk_rc tk_rec_from_json(const struct tk_op *op, const struct tk_rtype *t, const struct cJSON *o,
			    void *rec) TK_MUST_USE;
/* The descriptor for the page: what a list and a form need. */
void tk_rtype_json(struct tk_json *j, const struct tk_rtype *t, const struct tk_who *w,
		   enum tk_lang lang);
/* JSON Schema of a record, for the OpenAPI document. */
void tk_rtype_schema(struct tk_json *j, const struct tk_rtype *t);
