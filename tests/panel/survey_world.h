/* survey_world.h - a panel of 43 institutions, an open campaign, and answers beside it for counting by
 * plain loops.
 *
 * Questions: use (single yes no, may be unknown), before (multi a b c, asked if used), after (multi),
 * q0 q1 (single low mid high, may be not applicable), n (whole number), t (text). */
#pragma once
#include "fixture.h"
#include "table/survey_table.h"
#include "table/table.h"

enum { NOT_ASKED, NO_ANSWER, NA, DK, VALUE };
enum { MADE = 40, ALL = NINST + MADE, NOPT = 3 };
struct inst {
	int64_t id, respondent;
	const char *sector, *prefecture, *size; /* size NULL: without the attribute */
	bool counts;
	int use, q[2]; /* a state, or VALUE + option: yes no; low mid high */
	int state[2];  /* of before and after */
	unsigned bits[2];
	bool has_n;
	int n;
	const char *text; /* NULL: none */
};
struct world {
	struct panel p;
	struct testdb *t;
	struct campaign c;
	struct inst v[ALL];
};
enum { USE, BEFORE, AFTER, Q0, Q1, N, T };
extern const char *const opt_code[], *const lv_code[];

unsigned world_random(unsigned below);
void world_up(struct world *w, struct testdb *t, unsigned seed);
#define WORLD(state, seed) struct testdb *t = testdb_of(state); static struct world w; world_up(&w, t, seed)
/* Random answers; what follows from them; written. */
void world_invent(struct inst *x);
void world_settle(struct inst *x);
void world_answer(struct world *w, struct inst *x);
/* Declares the eight tables of this world. */
size_t world_tables(struct world *w);

struct tk_table *world_table(struct world *w, struct tk_table_ask ask);
#define TABLE(w, ...) world_table((w), (struct tk_table_ask){ __VA_ARGS__ })
void world_refuse(struct world *w, struct tk_table_ask ask, const char *field, const char *says);
#define REFUSE(w, field, says, ...) world_refuse((w), (struct tk_table_ask){ __VA_ARGS__ }, (field), (says))
const char *world_csv(struct world *w, const struct tk_table *t);
const struct tk_figure *figure(const struct tk_table *t, const char *code);
size_t option(const struct tk_table *t, const char *code);
