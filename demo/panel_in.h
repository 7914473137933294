/* panel_in.h - shared by the files of the panel. */
#pragma once
#include "demo/panel.h"

/* How many of those asked give an answer, and who is more likely to. */
enum panel_lean {
	LEAN_CHANCE, LEAN_MATURE, LEAN_LARGE, LEAN_SMALL, LEAN_PRACTICE, LEAN_DEVICES
};
struct panel_option {
	const char     *code;
	unsigned        n;
	enum panel_lean lean;
	const char     *need;           /* only they can (a condition) */
	const char     *prefer;         /* they first */
};
enum {
	PANEL_MULTI = 1,
	PANEL_PAST = 2,         /* about 2020 or before: later waves give the same answer */
	PANEL_ALONE = 4,        /* the last option excludes the others */
	PANEL_ORDER = 8         /* bands: by what it leans on alone, without scatter */
};
enum { PANEL_OPTIONS = 12 };
/* A condition: alternatives "item=code|code" or "item!=code" with blanks between. */
struct panel_rule {
	const char *item;
	unsigned    flags;
	const char *base;       /* who is asked; NULL: everybody */
	unsigned    who;        /* bits of panel_kind; 0: all.  An item can have several rules */
	const char *earlier;    /* the same question of an earlier time: what was true stays true */
	struct panel_option option[PANEL_OPTIONS];
};
extern const struct panel_rule panel_rules[];
extern const size_t panel_nrules;

void panel_institutions(struct panel *p);
enum tk_rc panel_apply(struct panel *p, const struct panel_rule *r, struct tk_err *e) TK_MUST_USE;
/* Numbers, days and texts, which follow from the rest. */
void panel_values(struct panel *p);

struct panel_item *panel_item(struct panel *p, const char *code);       /* made at first use */
bool     panel_holds(const struct panel *p, const char *condition, size_t institution);
bool     panel_has(const char *value, const char *code); /* one of the blank-separated codes */
/* Scatter: the same for the same key and institution, 0..of-1. */
unsigned panel_scatter(const char *key, const char *more, size_t institution, unsigned of);
