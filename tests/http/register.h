/* register.h - a register of these tests' own: permits, with a life, added to the world's types. */
#pragma once
#include "case/life.h"
#include "world.h"

struct permit {
	struct tk_rec  rec;
	struct tk_life life;
	const char    *title, *reason, *kind, *until;
	int64_t        amount;
	bool           urgent;
};
extern const struct tk_rtype permit_type;

/* Set-up of a group: the world, and the register in it. */
int permit_sqlite(void **state);
int permit_postgres(void **state);
/* A permit asked for by that person; its id. */
const char *permit_new(struct world *w, enum actor_id who, const char *title, const char *more);
