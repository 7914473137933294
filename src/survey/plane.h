/* plane.h - a campaign's answers in memory, made for counting.  Derived: it is rebuilt from the
 * stored responses at a campaign's first use and kept current by tk_plane_set().
 *
 * For every item and code there is a bit plane (one bit a person), counted by AND with a filter and
 * popcount; besides, counters by code and by division and code are kept at each change, so that the
 * standing tables need no counting at all.  Codes of an item: tk_layout_ncode(); for a multiple
 * choice code 4 + k counts the people who marked option k, so its codes add up to more than its
 * people.
 *
 * Persons are known by their index (the order of the campaign's list of people, from 0, gaps
 * allowed).  Inside they stand in blocks of 512, and every 64-bit word of a block belongs to one
 * division, so a table by division is one pass over the planes with any filter.  That costs some
 * empty places: half a word a division on the average.
 *
 * Memory: for each place 1/8 byte a code of each item, the packed answers, and 12 bytes; for each
 * division 4 bytes a code of each item.  300,000 persons x 81 items of 7 codes: 52 MB in 300
 * divisions, 128 MB in 10,000 (thirty persons to a word of 64).
 *
 * Threads: the plane holds a read-write lock and never takes it itself.  tk_plane_set and
 * tk_plane_remove need tk_plane_wrlock, everything else tk_plane_rdlock.  A filter or a pointer
 * into the plane is good for as long as nothing changes; using a filter after a change is
 * TK_ECONFLICT (make it anew).
 */
#pragma once
#include "form/pack.h"

enum { TK_PLANE_INDEX = 1 << 26, TK_PLANE_SLOT = 1 << 20, TK_PLANE_SLOT16 = 1 << 16 };

struct tk_plane;
/* copies what it needs of the layout */
struct tk_plane *tk_plane_new(const struct tk_layout *l);
void tk_plane_free(struct tk_plane *p);                         /* NULL is fine */
/* Many rows into an empty plane: between the two, rows go in (and may be replaced or removed), and
 * nothing is counted or filtered; planes and counters are made at the end, in a fifth of the time
 * that row by row takes.  For the owner before anybody else sees the plane. */
void tk_plane_fill(struct tk_plane *p);
void tk_plane_filled(struct tk_plane *p);
void tk_plane_rdlock(struct tk_plane *p);
void tk_plane_wrlock(struct tk_plane *p);
void tk_plane_unlock(struct tk_plane *p);

/* Where a person belongs; slots are small numbers given by the owner (limits above). */
struct tk_plane_key { uint32_t division, bureau, post; };
/* Adds the person's row or replaces it exactly.  The blob is checked first; on error nothing has
 * changed. */
enum tk_rc tk_plane_set(struct tk_plane *p, uint32_t index, struct tk_plane_key key,
			const uint8_t *answers, size_t n, struct tk_err *e) TK_MUST_USE;
bool tk_plane_remove(struct tk_plane *p, uint32_t index);       /* false: there was none */
bool tk_plane_get(const struct tk_plane *p, uint32_t index, struct tk_plane_key *ret_key,
		  const uint8_t **ret_answers);
size_t   tk_plane_rows(const struct tk_plane *p);
size_t   tk_plane_bytes(const struct tk_plane *p);
uint64_t tk_plane_version(const struct tk_plane *p);            /* counts the changes */

/* Columns: the codes of all items side by side. */
size_t   tk_plane_width(const struct tk_plane *p);
size_t   tk_plane_col(const struct tk_plane *p, size_t item);
unsigned tk_plane_ncode(const struct tk_plane *p, size_t item);
/* Counters of tk_plane_width() columns, kept at each change; NULL for a division nobody is in. */
const uint32_t *tk_plane_total(const struct tk_plane *p);
const uint32_t *tk_plane_division(const struct tk_plane *p, uint32_t slot);

/* Filters: sets of persons who have a row.  They belong to the arena. */
struct tk_filter;
struct tk_filter *tk_filter_all(struct tk_arena *a, const struct tk_plane *p);
struct tk_filter *tk_filter_division(struct tk_arena *a, const struct tk_plane *p, uint32_t slot);
struct tk_filter *tk_filter_bureau(struct tk_arena *a, const struct tk_plane *p, uint32_t slot);
struct tk_filter *tk_filter_post(struct tk_arena *a, const struct tk_plane *p, uint32_t slot);
/* Empty if the item or code does not exist. */
struct tk_filter *tk_filter_code(struct tk_arena *a, const struct tk_plane *p, size_t item,
				 unsigned code);
/* Those for whom want(ctx, index) is true: the way in for population rules. */
struct tk_filter *tk_filter_when(struct tk_arena *a, const struct tk_plane *p,
				 bool (*want)(void *ctx, uint32_t index), void *ctx);
/* f := f and g / f or g / everybody with a row but those in f.  TK_ECONFLICT if the two were made
 * from different states of the plane. */
enum tk_rc tk_filter_and(struct tk_filter *f, const struct tk_filter *g,
			 struct tk_err *e) TK_MUST_USE;
enum tk_rc tk_filter_or(struct tk_filter *f, const struct tk_filter *g,
			struct tk_err *e) TK_MUST_USE;
enum tk_rc tk_filter_not(struct tk_filter *f, const struct tk_plane *p,
			 struct tk_err *e) TK_MUST_USE;
size_t tk_filter_size(const struct tk_filter *f);
/* A mark of who is in it: equal sets have equal marks, others with overwhelming odds other ones,
 * and the mark of a set that others make up without overlapping is the sum of theirs.  Both words
 * are 0 for nobody. */
struct tk_mark { uint64_t a, b; };
struct tk_mark tk_filter_mark(const struct tk_filter *f);
/* Who is in a set, for use when the planes have gone on: bit k is person k. */
struct tk_members {
	uint64_t *bit;
	size_t    nword;
};
struct tk_members tk_members_new(struct tk_arena *a, size_t nperson);
enum tk_rc tk_filter_members(const struct tk_filter *f, const struct tk_plane *p, size_t nperson,
			     struct tk_arena *a, struct tk_members *ret,
			     struct tk_err *e) TK_MUST_USE;
void           tk_members_add(struct tk_members *m, uint32_t person);
struct tk_mark tk_members_mark(const struct tk_members *m); /* equal to the filter's */
/* Everybody in f, in the order of their places. */
enum tk_rc tk_filter_each(const struct tk_filter *f, const struct tk_plane *p,
			  void (*fn)(void *ctx, uint32_t index), void *ctx,
			  struct tk_err *e) TK_MUST_USE;

enum tk_plane_by { TK_BY_ALL, TK_BY_DIVISION, TK_BY_BUREAU, TK_BY_POST };
/* What to count: nitem items from item on, those in the filter (NULL: everybody), by group. */
struct tk_plane_ask {
	size_t                  item, nitem;
	enum tk_plane_by        by;
	const struct tk_filter *filter;
};
/* n[group * width + column]; groups are slots from 0 to the highest seen. */
struct tk_tally {
	size_t    ngroup, width;
	uint32_t *n;
	uint32_t *people;               /* of each group, under the filter */
};
enum tk_rc tk_plane_tally(const struct tk_plane *p, const struct tk_plane_ask *ask,
			  struct tk_arena *a, struct tk_tally *ret, struct tk_err *e) TK_MUST_USE;
/* One item under a filter: count[tk_plane_ncode()]. */
enum tk_rc tk_plane_count(const struct tk_plane *p, size_t item, const struct tk_filter *f,
			  uint32_t *count, struct tk_err *e) TK_MUST_USE;
