/* panel.h - the demonstration panel: fictional institutions and what they answered to the survey on
 * telework, made from counts.
 *
 * The counts stand in panel_rule.c: how many institutions gave which answer, those of the founding
 * document and of the press among them.  Who gave it follows from what the institution is like
 * (size, region, how far it is with telework), from its earlier answers and from a fixed scatter,
 * so that every count comes out, every answer fits the others, and every run gives the same.
 * Nothing here knows the database.  Everything lives in the arena of the panel; one thread.
 */
#pragma once
#include "base/clock.h"
#include "base/mem.h"

enum { PANEL_SIZE = 239, PANEL_ITEMS = 80 };
/* Before the code of an item in free text: the codes that a reviewer gives to it. */
#define PANEL_CODES "codes:"

enum panel_kind {
	PANEL_MAJOR, PANEL_REGIONAL, PANEL_FOREIGN, PANEL_OTHER_BANK, PANEL_SHINKIN, PANEL_CENTRAL,
	PANEL_SECURITIES, PANEL_SECURITIES_FINANCE, PANEL_MONEY, PANEL_FUNDS_CLEARING,
	PANEL_INSTRUMENTS_CLEARING, PANEL_OTHER, PANEL_KINDS
};

struct panel_institution {
	enum panel_kind kind;
	const char *code, *sector, *group;      /* group: of the press figures */
	const char *name, *kana, *name_en;
	const char *prefecture;                 /* two digits */
	const char *corporate_number, *bank_code;       /* bank_code "": it has none */
	unsigned    staff;
	/* what leads its answers, 0..999: how careful it is, how far with telework, with devices */
	unsigned    mature, practice, devices;
};

struct panel_item { const char *code; const char *value[PANEL_SIZE]; }; /* NULL: not asked */
struct panel {
	struct tk_arena *a;
	struct tk_date   from;          /* first day of answering */
	unsigned         days;          /* of answering */
	const struct panel *first;      /* the wave of 2020; NULL: this is it */
	struct panel_institution at[PANEL_SIZE];
	struct panel_item item[PANEL_ITEMS];
	size_t           nitem;
};

/* All of it.  A wave after 2020 keeps what was said of the past, and has gone a little further in
 * the rest.  TK_EINTERNAL names the count that cannot be met: somebody changed panel_rule.c. */
enum tk_rc panel_make(struct panel *p, struct tk_arena *a, struct tk_date from, unsigned days,
		      struct tk_err *e) TK_MUST_USE;
/* "" where it was not asked or not answered. */
const char *panel_value(const struct panel *p, const char *item, size_t institution);

/* CSV with the field names of the record types; the contacts have these PANEL_NAMES names.  The
 * answers are one row an institution, its code under that heading; want NULL: of everybody. */
enum { PANEL_NAMES = 400 };
struct demo_name;
void panel_write_attributes(const struct panel *p, struct tk_buf *b);
void panel_write_contacts(const struct panel *p, const struct demo_name *name, struct tk_buf *b);
void panel_write_institutions(const struct panel *p, struct tk_buf *b);
void panel_write_answers(const struct panel *p, const char *heading,
			 bool (*want)(const struct panel *p, size_t institution), struct tk_buf *b);
