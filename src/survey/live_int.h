/* live_int.h - inside live*.c: the shared state of one campaign.
 * Changed only under the plane's write lock; freed with its last reader. */
#pragma once
#include <stdatomic.h>
#include "survey/live.h"

struct tk_live_shared {
	struct tk_live pub;   /* what readers get a copy of */
	struct tk_arena *mem; /* kinds, units, blank answers */
	struct tk_live_person *person;
	const uint8_t **blank; /* by kind */
	int64_t epoch;
	int64_t seen_ms; /* newest changed_ms met */
	atomic_int refs;
};

enum tk_live_state tk_live_state_of(const char *state); /* NULL: not started */
/* Reads everything; the caller owns *ret with one reference. */
enum tk_rc tk_live_load(const struct tk_op *op, int64_t campaign_id, int64_t epoch,
	struct tk_live_shared **ret) TK_MUST_USE;
void tk_live_unref(struct tk_live_shared *s); /* NULL is fine */
/* One response as stored.  TK_ENOTFOUND: not one of these people.  Under the write lock. */
enum tk_rc tk_live_apply(struct tk_live_shared *s, int64_t respondent_id, enum tk_live_state state,
	const uint8_t *answers, size_t n, struct tk_err *e) TK_MUST_USE;
/* What other processes have written since (PostgreSQL). */
enum tk_rc tk_live_refresh(const struct tk_op *op, struct tk_live_shared *s) TK_MUST_USE;
size_t tk_live_size(const struct tk_live_shared *s);

/* A campaign on its way into memory (live_load.c). */
struct tk_loading {
	const struct tk_op *op; /* the program itself acts */
	struct tk_live_shared *s;
	size_t cap;
	struct tk_live_kind *kind;
	struct tk_kind_ids {
		int64_t bureau, division, post, institution;
	} * ids;	/* by kind */
	uint32_t *hash; /* kind + 1, 0 = free */
	size_t nkind, capkind, nhash;
	uint32_t last; /* people of one kind come together */
	struct tk_unit *unit;
	size_t nunit, capunit;
	size_t hint; /* where the last respondent stood */
};
/* The units that its people belong to, and where each kind of people stands (live_units.c). */
enum tk_rc tk_live_units(struct tk_loading *ld) TK_MUST_USE;
