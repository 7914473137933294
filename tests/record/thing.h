/* thing.h - a record type for tests, with a field of every kind, and a world to keep it in. */
#pragma once
#include "record/record.h"
#include "testdb.h"

struct unit { struct tk_rec rec; const char *code, *name; };
struct thing {
	struct tk_rec rec;
	const char   *code, *name, *kana, *note, *mail, *day, *colour, *password;
	int64_t       size, seen_at, unit_id, staff_id;
	bool          ok;
};
extern const struct tk_rtype unit_type, thing_type;
extern int thing_checks, thing_saves;           /* how often the hooks ran */

/* Two bureaus (1, 2), divisions 11, 12 (of bureau 1) and 21 (of 2). */
struct world { struct testdb *t; struct tk_op op; struct tk_who who; };
struct world world_of(struct testdb *t);
#define WORLD(state) struct testdb *t = testdb_of(state); struct world w = world_of(t); w.op.who = &w.who
struct thing *thing_new(struct world *w, const char *code, const char *name);
