/* owner.h - the person who runs a division's systems, and a system to run. */
#pragma once
#include "../outsourcing/walk.h"
#include "base/clock.h"
#include "fact/fact.h"

/* A_SYSTEM becomes system administrator of A_HEAD's division, before its first request. */
static inline void owner_of_division(struct world *w)
{
	struct actor *a = &w->actor[A_SYSTEM];

	if (a->division == w->actor[A_HEAD].division)
		return;
	a->division = w->actor[A_HEAD].division;
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "UPDATE account_role SET division_id = $2 WHERE account_id = $1", TK_I(a->account),
			    TK_I(a->division)));
}

static inline int64_t a_system(struct world *w, const char *code, int64_t division, const char *more)
{
	owner_of_division(w);
	return make(w, A_OFFICE, "info-systems", fmt(w, "{\"code\":\"%s\",\"name\":\"見本システム%s\",\"owner_division_id\":\"%lld\"%s}",
						     code, code, ID(division), more));
}

/* numerator and denominator of a fact, as "1/2"; "missing" */
static inline const char *fact(struct world *w, const char *id, int year)
{
	const struct tk_fact *f = tk_fact_by_id(id);
	struct tk_fact_value v;

	if (!f)
		fail_msg("no fact %s", id);
	OK(w->t, tk_fact_now(&w->op, f, year, &v));
	return v.missing ? "missing" : fmt(w, "%lld/%lld", ID(v.numerator), ID(v.denominator));
}
#define FACT(w, id, year, want) assert_string_equal(fact((w), (id), (year)), (want))
