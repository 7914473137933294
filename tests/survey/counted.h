/* counted.h - a small campaign made by hand, with its answers beside it for counting by loops.
 *
 * Two bureaus of three divisions each (one name stands in both), three posts, one form of seven
 * items: a1 a2 single with `done`, m1 multiple, n1 number, k1 single without `done`, all for all
 * staff; h1 for division heads, s1 for system administrators, both single with `done`. */
#pragma once
#include "survey/live.h"
#include "table/table.h"
#include "testdb.h"

enum { NDIV = 6, NPOST = 3, A1 = 0, A2, M1, N1, K1, H1, S1, NITEM };
enum { HEAD = 1, SYSTEM = 2 }; /* roles besides all_staff */

struct counted_person {
	int64_t id;
	unsigned div, post, role; /* post NPOST: none */
	enum tk_live_state state;
	bool left;
	uint8_t code[NITEM]; /* as the planes number them; multi: state */
	uint64_t bits;	     /* of m1 */
};
struct counted {
	struct testdb *t;
	struct tk_who who;
	struct tk_op op;
	int64_t form_id, version_id, campaign_id, bureau[2], division[NDIV], post[NPOST];
	struct campaign campaign;
	const struct tk_form *form;
	struct counted_person *p;
	size_t n, cap;
};
void counted_sql(struct counted *w, const char *sql);
/* Organisation and form. */
void counted_up(struct counted *w, struct testdb *t);
/* A campaign of that year with nobody in it; later calls are about this one. */
void counted_campaign(struct counted *w, const char *name, int year);
/* Adds a respondent; div and post by number. */
struct counted_person *counted_add(struct counted *w, unsigned div, unsigned post, unsigned role);
bool counted_asked(const struct counted_person *p, unsigned item);
/* Random answers in a random state, not written yet. */
void counted_answer(struct counted *w, struct counted_person *p);
/* Writes answers and state; note: also tells live. */
void counted_write(struct counted *w, struct counted_person *p, bool note);
/* n people with random answers, written. */
void counted_fill(struct counted *w, size_t n);
void counted_epoch(struct counted *w);
unsigned counted_random(unsigned below);
/* Does this person count, and with which code of the item? */
bool counted_in(const struct counted_person *p);
unsigned counted_code(const struct counted_person *p, unsigned item);
