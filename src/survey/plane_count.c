#include <stdlib.h>
#include <string.h>
#include "survey/plane_int.h"

/* The three loops below are compiled twice: as plain C, and with x86's popcnt instruction, which
 * the baseline of that machine lacks (without it a popcount is a table or a dozen operations).
 * Which one runs is asked of the processor.  Other machines have only the plain one. */
#if defined(__x86_64__) && !defined(__POPCNT__)
#define TWICE 1
#define WITH_POPCNT __attribute__((target("popcnt")))
#define HAVE_POPCNT __builtin_cpu_supports("popcnt")
#else
#define TWICE 0
#endif
#define INLINE static inline __attribute__((always_inline))

/* ncol planes of one block under a mask, all to one group */
INLINE void one_body(const uint64_t *plane, size_t ncol, const uint64_t *m, uint32_t *out)
{
	for (size_t c = 0; c < ncol; c++, plane += BLOCK_WORDS) {
		int n = 0;

		for (int w = 0; w < BLOCK_WORDS; w++)
			n += __builtin_popcountll(plane[w] & m[w]);
		out[c] += (uint32_t)n;
	}
}

/* the same, each word to its own group */
INLINE void each_body(const uint64_t *plane, size_t ncol, const uint64_t *m, uint32_t *const *out)
{
	for (size_t c = 0; c < ncol; c++, plane += BLOCK_WORDS)
		for (int w = 0; w < BLOCK_WORDS; w++)
			out[w][c] += (uint32_t)__builtin_popcountll(plane[w] & m[w]);
}

INLINE size_t sum_body(const uint64_t *w, size_t n)
{
	size_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (size_t)__builtin_popcountll(w[i]);
	return sum;
}

static void one_plain(const uint64_t *plane, size_t ncol, const uint64_t *m, uint32_t *out)
{
	one_body(plane, ncol, m, out);
}

static void each_plain(const uint64_t *plane, size_t ncol, const uint64_t *m, uint32_t *const *out)
{
	each_body(plane, ncol, m, out);
}

#if TWICE
WITH_POPCNT static void one_popcnt(
	const uint64_t *plane, size_t ncol, const uint64_t *m, uint32_t *out)
{
	one_body(plane, ncol, m, out);
}

WITH_POPCNT static void each_popcnt(const uint64_t *plane, size_t ncol, const uint64_t *m,
				    uint32_t *const *out)
{
	each_body(plane, ncol, m, out);
}

WITH_POPCNT static size_t sum_popcnt(const uint64_t *w, size_t n) { return sum_body(w, n); }
#endif

struct kernel {
	void (*one)(const uint64_t *plane, size_t ncol, const uint64_t *m, uint32_t *out);
	void (*each)(const uint64_t *plane, size_t ncol, const uint64_t *m, uint32_t *const *out);
};

static struct kernel kernel(void)
{
#if TWICE
	if (HAVE_POPCNT)
		return (struct kernel){ one_popcnt, each_popcnt };
#endif
	return (struct kernel){ one_plain, each_plain };
}

size_t tk_popcount(const uint64_t *w, size_t n)
{
#if TWICE
	if (HAVE_POPCNT)
		return sum_popcnt(w, n);
#endif
	return sum_body(w, n);
}

/* One count under way. */
struct job {
	const struct tk_plane     *p;
	const struct tk_plane_ask *ask;
	struct kernel              k;
	size_t                     col;         /* first column */
	struct tk_tally           *t;
	/* by bureau or post: the groups met in the block at hand */
	uint32_t  *seen;                        /* by group: its number in the block + 1, or 0 */
	uint32_t   group[BLOCK_ROWS];
	uint64_t (*mask)[BLOCK_WORDS];
};

/* The persons of block b who count; false if none. */
static bool block_mask(const struct job *j, size_t b, uint64_t m[BLOCK_WORDS])
{
	const struct tk_filter *f = j->ask->filter;
	uint64_t any = 0;

	for (size_t w = 0; w < BLOCK_WORDS; w++) {
		size_t at = b * BLOCK_WORDS + w;
		m[w] = f ? f->bits[at] : j->p->word[at].used;
		any |= m[w];
	}
	return any != 0;
}

static void to_group(const struct job *j, size_t b, const uint64_t *m, size_t group)
{
	j->t->people[group] += (uint32_t)tk_popcount(m, BLOCK_WORDS);
	j->k.one(j->p->block[b]->plane + j->col * BLOCK_WORDS, j->t->width, m,
		 j->t->n + group * j->t->width);
}

/* Every word of the block has one group (any, where the mask is empty). */
static void to_words(const struct job *j, size_t b, const uint64_t *m, const uint32_t *group)
{
	uint32_t *out[BLOCK_WORDS];
	bool same = true;

	for (size_t w = 0; w < BLOCK_WORDS; w++) {
		same = same && group[w] == group[0];
		out[w] = j->t->n + group[w] * j->t->width;
	}
	if (same) {
		to_group(j, b, m, group[0]);
		return;
	}
	for (size_t w = 0; w < BLOCK_WORDS; w++)
		j->t->people[group[w]] += (uint32_t)tk_popcount(m + w, 1);
	j->k.each(j->p->block[b]->plane + j->col * BLOCK_WORDS, j->t->width, m, out);
}

static void by_division(const struct job *j, size_t b, const uint64_t *m)
{
	const struct plane_word *word = &j->p->word[b * BLOCK_WORDS];
	uint32_t group[BLOCK_WORDS];

	/* a word not given out has no persons; any group may take its zeros */
	for (size_t w = 0; w < BLOCK_WORDS; w++)
		group[w] = word[w].division == NONE ? word[0].division : word[w].division;
	to_words(j, b, m, group);
}

/* Whether all persons of each word are of one group, as bureaus are within a division. */
static bool word_groups(const uint64_t *m, const uint16_t *slot, uint32_t group[BLOCK_WORDS])
{
	uint32_t any = 0;

	for (size_t w = 0; w < BLOCK_WORDS; w++) {
		const uint16_t *s = slot + w * WORD_ROWS;

		group[w] = m[w] ? s[__builtin_ctzll(m[w])] : any;
		any = group[w];
		for (uint64_t left = m[w]; left; left &= left - 1)
			if (s[__builtin_ctzll(left)] != group[w])
				return false;
	}
	return true;
}

/* Splits the mask by a slot each person carries; returns the number of groups met. */
static uint32_t split_mask(struct job *j, const uint64_t *m, const uint16_t *slot)
{
	uint32_t ngroup = 0;

	for (size_t w = 0; w < BLOCK_WORDS; w++) {
		for (uint64_t left = m[w]; left; left &= left - 1) {
			uint32_t g = slot[w * WORD_ROWS + (size_t)__builtin_ctzll(left)];

			if (!j->seen[g]) {
				j->group[ngroup] = g;
				memset(j->mask[ngroup], 0, sizeof(j->mask[ngroup]));
				j->seen[g] = ++ngroup;
			}
			j->mask[j->seen[g] - 1][w] |= left & (0 - left);
		}
	}
	for (uint32_t i = 0; i < ngroup; i++)
		j->seen[j->group[i]] = 0;
	return ngroup;
}

static void add_answers(const struct job *j, const uint8_t *row, uint32_t *out)
{
	const struct plane_item *it = &j->p->item[j->ask->item];

	for (size_t i = 0; i < j->ask->nitem; i++, out += it->ncode, it++) {
		uint8_t code = row[it->off];

		if (it->kind != TK_Q_MULTI || code != TK_ANSWER_VALUE) {
			out[code]++;
			continue;
		}
		for (uint32_t k = 0; k < it->ncode - TK_ANSWER_VALUE; k++)
			out[TK_ANSWER_VALUE + k] += row[it->off + 1 + k / 8] >> k % 8 & 1;
	}
}

/* Person by person from the packed answers: the better way when a block mixes many groups. */
static void by_rows(const struct job *j, size_t b, const uint64_t *m, const uint16_t *slot)
{
	const struct plane_block *blk = j->p->block[b];

	for (size_t w = 0; w < BLOCK_WORDS; w++) {
		for (uint64_t left = m[w]; left; left &= left - 1) {
			size_t i = w * WORD_ROWS + (size_t)__builtin_ctzll(left);

			j->t->people[slot[i]]++;
			add_answers(j, blk->row + i * j->p->layout->size,
				j->t->n + slot[i] * j->t->width);
		}
	}
}

static void by_slot(struct job *j, size_t b, const uint64_t *m, const uint16_t *slot)
{
	uint32_t group[BLOCK_WORDS], ngroup;

	if (word_groups(m, slot, group)) {
		to_words(j, b, m, group);
		return;
	}
	ngroup = split_mask(j, m, slot);
	/* measured: adding one answer of a row costs about two words of a plane */
	if (ngroup * j->t->width * BLOCK_WORDS > 2 * tk_popcount(m, BLOCK_WORDS) * j->ask->nitem) {
		by_rows(j, b, m, slot);
		return;
	}
	for (uint32_t i = 0; i < ngroup; i++)
		to_group(j, b, j->mask[i], j->group[i]);
}

static void count_planes(struct job *j)
{
	const struct tk_plane *p = j->p;
	enum tk_plane_by by = j->ask->by;
	uint64_t m[BLOCK_WORDS];

	for (size_t b = 0; b < p->nblock; b++) {
		if (!block_mask(j, b, m))
			continue;
		if (by == TK_BY_ALL)
			to_group(j, b, m, 0);
		else if (by == TK_BY_DIVISION)
			by_division(j, b, m);
		else
			by_slot(j, b, m,
				by == TK_BY_BUREAU ? p->block[b]->bureau : p->block[b]->post);
	}
}

/* Everybody, all together or by division: the counters have it already. */
static bool from_counters(const struct job *j)
{
	const struct tk_plane *p = j->p;
	struct tk_tally *t = j->t;

	if (j->ask->filter || (j->ask->by != TK_BY_ALL && j->ask->by != TK_BY_DIVISION))
		return false;
	if (j->ask->by == TK_BY_ALL) {
		t->people[0] = (uint32_t)p->nrow;
		memcpy(t->n, p->total + j->col, t->width * sizeof(*t->n));
		return true;
	}
	for (size_t d = 0; d < t->ngroup; d++) {
		if (!p->div[d].count)
			continue;
		t->people[d] = p->div[d].count[p->width];
		memcpy(t->n + d * t->width, p->div[d].count + j->col, t->width * sizeof(*t->n));
	}
	return true;
}

static size_t groups(const struct tk_plane *p, enum tk_plane_by by)
{
	switch (by) {
	case TK_BY_DIVISION: return p->ndiv;
	case TK_BY_BUREAU: return p->nbureau;
	case TK_BY_POST: return p->npost;
	case TK_BY_ALL: break;
	}
	return 1;
}

static enum tk_rc check_ask(
	const struct tk_plane *p, const struct tk_plane_ask *ask, struct tk_err *e)
{
	if (ask->nitem == 0 || ask->item >= p->layout->nitem ||
	    ask->nitem > p->layout->nitem - ask->item)
		return tk_fail(e, TK_EINVAL, "item",
			N_("The questionnaire has %zu items; the table asks for "
			   "an item beyond them."),
			p->layout->nitem);
	if (ask->filter && (ask->filter->plane != p || !tk_filter_current(ask->filter)))
		return tk_fail(e, TK_ECONFLICT, "filter",
			       N_("Answers arrived while they were being counted; ask again."));
	return TK_OK;
}

static size_t columns(const struct tk_plane *p, const struct tk_plane_ask *ask)
{
	const struct plane_item *last = &p->item[ask->item + ask->nitem - 1];

	return last->col + last->ncode - p->item[ask->item].col;
}

static void run(struct job *j)
{
	if (from_counters(j))
		return;
	j->k = kernel();
	if (j->ask->by == TK_BY_BUREAU || j->ask->by == TK_BY_POST) {
		j->seen = tk_xcalloc(j->t->ngroup, sizeof(*j->seen));
		j->mask = tk_xcalloc(BLOCK_ROWS, sizeof(*j->mask));
	}
	count_planes(j);
	free(j->seen);
	free(j->mask);
}

enum tk_rc tk_plane_tally(const struct tk_plane *p, const struct tk_plane_ask *ask,
			  struct tk_arena *a, struct tk_tally *ret, struct tk_err *e)
{
	struct job j = { .p = p, .ask = ask, .t = ret };
	enum tk_rc rc = check_ask(p, ask, e);

	if (rc != TK_OK)
		return rc;
	j.col = p->item[ask->item].col;
	ret->ngroup = groups(p, ask->by);
	ret->width = columns(p, ask);
	ret->n = tk_alloc_n(a, ret->ngroup, ret->width * sizeof(*ret->n));
	ret->people = tk_alloc_n(a, ret->ngroup, sizeof(*ret->people));
	run(&j);
	return TK_OK;
}

enum tk_rc tk_plane_count(const struct tk_plane *p, size_t item, const struct tk_filter *f,
			  uint32_t *count, struct tk_err *e)
{
	const struct tk_plane_ask ask = { .item = item, .nitem = 1, .filter = f };
	uint32_t people = 0;
	struct tk_tally t = { .ngroup = 1, .n = count, .people = &people };
	struct job j = { .p = p, .ask = &ask, .t = &t };
	enum tk_rc rc = check_ask(p, &ask, e);

	if (rc != TK_OK)
		return rc;
	j.col = p->item[item].col;
	t.width = columns(p, &ask);
	memset(count, 0, t.width * sizeof(*count));
	run(&j);
	return TK_OK;
}
