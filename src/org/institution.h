/* institution.h - the panel: institutions outside the office that are asked as a whole (SRV-01,
 * SYS-05), their sectors, attributes over time, and contact persons, as record types.
 *
 * An institution belongs to the panel on a day when joined_on (if known) <= day < left_on (if set).
 * Codes, bank codes and corporate numbers are text: leading zeros count.  Records live in the arena
 * they were loaded into; nothing here keeps state, so any thread may call with its own tk_op.
 */
#pragma once
#include "record/org_types.h"

extern const struct tk_rtype tk_institution_attribute;

struct tk_sector {
	struct tk_rec rec;
	const char *code, *name, *name_en;
	int64_t     sort;
	const char *note;               /* printed under the table of the panel */
};
struct tk_institution {
	struct tk_rec rec;
	const char *code, *name, *kana, *name_en, *corporate_number, *bank_code;
	int64_t     sector_id;
	const char *prefecture;         /* JIS X 0401: "01" ... "47" */
	const char *joined_on, *left_on, *note;
};
struct tk_institution_attribute {
	struct tk_rec rec;
	int64_t     institution_id;
	const char *name, *value;       /* value NULL: a plain mark */
	const char *from_on, *to_on;    /* to_on is the last day; NULL: until further notice */
};
struct tk_contact {
	struct tk_rec rec;
	int64_t     institution_id;
	const char *name, *kana, *department, *mail, *phone;
	bool        coordinator;        /* receives the institution's mail */
};

/* 13 digits whose first is the check digit of the other twelve: 9 minus their weighted sum modulo
 * 9, as the ministerial ordinance on corporate numbers has it. */
bool tk_corporate_number_ok(const char *digits);

/* The 47 prefectures by their code, ends with { 0 }. */
extern const struct tk_choice tk_prefecture[];
/* Name in that language of a code ("13"); NULL: there is none. */
const char *tk_prefecture_name(enum tk_lang lang, const char *code);

/* One institution as it is on a day: what rules and tables know of it. */
struct tk_panel_row {
	int64_t     id, sector_id;
	const char *code, *name, *kana, *mail;  /* mail: of the coordinating contact; may be NULL */
	const char *sector;             /* its code */
	const char *prefecture;         /* may be NULL */
	const char *attributes;         /* words NAME or NAME=VALUE, blanks between; may be NULL */
};
typedef enum tk_rc (*tk_panel_fn)(void *ctx, const struct tk_panel_row *r);
/* Everybody in the panel on that day, by id.  What fn gets lives until it returns. */
enum tk_rc tk_panel_each(const struct tk_op *op, const char *day, tk_panel_fn fn,
			 void *ctx) TK_MUST_USE;
