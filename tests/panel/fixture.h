/* fixture.h - an office (tests/survey/office.h) with a small panel, a questionnaire in two sections
 * and accounts of institutions, driven through the routes of the whole program.
 *
 * Sectors: bank 銀行, shinkin 信用金庫.  Institutions: B001 見本銀行 (13, regional from 2020),
 * B002 標本銀行 (27), S001 例示信用金庫 (13).  Each has a coordinating contact. */
#pragma once
#include "office.h"

enum { B001, B002, S001, NINST };
struct panel {
	struct office o;
	int64_t sector[2], inst[NINST], contact[NINST];
};
void panel_up(struct panel *p, struct testdb *t);
#define PANEL(state) struct testdb *t = testdb_of(state); struct panel p; panel_up(&p, t)

/* Sections g1 (a single required, n number) and g2 (b single required, m multi, t text), and x,
 * asked when a is done, in g2; rest stands in no section. */
extern const char *const panel_form[];
/* An open campaign of the last form that asks institutions; rule NULL: all of them. */
struct campaign panel_open(struct panel *p, const char *name, const char *rule);
int64_t panel_respondent(struct panel *p, const struct campaign *c, int inst);
/* An active account of an institution. */
int64_t panel_account(struct panel *p, int inst, const char *name, bool coordinator);
/* Who that account is, with its rights as a session would have them. */
struct tk_who as_account(struct panel *p, int64_t account);
/* "my/responses/ID" + rest */
const char *my(struct panel *p, const struct campaign *c, const char *rest);
const char *panel_path(struct panel *p, const struct campaign *c, int inst, const char *rest);
/* A member of a JSON reply by path ("sections.0.code"); numbers are printed, "" when there is none. */
const char *member(struct panel *p, struct reply r, const char *path);
#define MEMBER(p, r, path, want) do { const char *m_ = member((p), (r), (path)); \
	if (strcmp(m_, (want)) != 0) fail_msg("%s is %s, not %s: %.1500s", (path), m_, (want), (r).body); } while (0)
