/* org.h - the organisation (ORG-01 ... ORG-16): fiscal years, bureaus, divisions, posts, staff,
 * role holders and role titles, as record types.
 *
 * A member of staff is in office on a day when joined_on (if known) <= day < left_on (if set):
 * left_on is the first day on which the person is no longer there.  Records live in the arena they
 * were loaded into; nothing here keeps state, so any thread may call with its own tk_op.
 */
#pragma once
#include "base/clock.h"
#include "record/org_types.h"
#include "record/record.h"

extern const struct tk_rtype tk_fiscal_year_type, tk_role_holder, tk_role_title;

struct tk_fiscal_year {
	struct tk_rec rec;
	int64_t     year;               /* 2011 = 2011-04-01 ... 2012-03-31 */
	const char *name, *starts_on, *ends_on, *state, *base_date;
};
struct tk_bureau {
	struct tk_rec rec;
	const char *code, *name, *name_en;
	int64_t     sort;
};
struct tk_division {
	struct tk_rec rec;
	int64_t     bureau_id;
	const char *code, *name, *name_en;
	int64_t     sort;
	bool        owns_system;        /* its head is a system security officer (ORG-06) */
};
struct tk_post {
	struct tk_rec rec;
	const char *code, *name, *name_en;
	int64_t     rank;               /* 1 = highest */
	bool        is_head;            /* heads the division of its holder (ORG-07) */
};
struct tk_staff {
	struct tk_rec rec;
	const char *staff_number, *name, *kana, *mail;
	int64_t     division_id, post_id;
	const char *joined_on, *left_on;
};
struct tk_role_holder {
	struct tk_rec rec;
	const char *role, *holder_kind;
	int64_t     post_id, staff_id;
	const char *outside_name;
	int64_t     bureau_id, division_id;     /* for which unit; 0: the whole organisation */
	const char *from_on, *to_on;            /* to_on is the last day */
	const char *note;
};
struct tk_role_title {
	struct tk_rec rec;
	const char *title_set, *role, *title_ja, *title_en;
};

/* All types of this folder, for tk_rtypes_set(). */
extern const struct tk_rtype *const tk_org_types[];
extern const size_t tk_org_ntypes;

/* The record of a fiscal year; made (with era name, start and end) when it is not there yet. */
enum tk_rc tk_fiscal_year_ensure(const struct tk_op *op, int year, int64_t *ret_id) TK_MUST_USE;

/* Head-count on a day (ORG-14): the denominator of a year's rates. */
enum tk_head_by { TK_HEAD_TOTAL, TK_HEAD_BUREAU, TK_HEAD_DIVISION };
struct tk_head { int64_t bureau_id, division_id; const char *code, *name, *bureau; int64_t count; };
typedef enum tk_rc (*tk_head_fn)(void *ctx, const struct tk_head *h);
/* Every bureau or division, also those with nobody, in their own order.  fn may be NULL; *ret_total
 * (may be NULL) counts all. */
enum tk_rc tk_head_count(const struct tk_op *op, const char *date, enum tk_head_by by,
			 tk_head_fn fn, void *ctx, int64_t *ret_total) TK_MUST_USE;

/* -- the forms in which values of staff are kept; also what the roster import compares by ------ */
char *tk_staff_number_form(struct tk_arena *a, const char *s);  /* narrow, no blanks */
char *tk_staff_name_form(struct tk_arena *a, const char *s);    /* one plain blank between parts */
char *tk_staff_kana_form(struct tk_arena *a, const char *s);    /* full-width katakana */
char *tk_staff_mail_form(struct tk_arena *a, const char *s);    /* narrow, lower case */
/* Does a post of this name head a division?  And its place in the usual order of an office. */
bool    tk_post_heads(const char *name);
int64_t tk_post_usual_rank(const char *name);
