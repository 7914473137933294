#include <string.h>
#include "survey/plane_int.h"

bool tk_filter_current(const struct tk_filter *f) { return f->version == f->plane->version; }

static struct tk_filter *empty(struct tk_arena *a, const struct tk_plane *p)
{
	struct tk_filter *f = tk_alloc(a, sizeof(*f));

	f->plane = p;
	f->version = p->version;
	f->nword = p->nblock * BLOCK_WORDS;
	f->bits = tk_alloc_n(a, f->nword, sizeof(*f->bits));
	return f;
}

struct tk_filter *tk_filter_all(struct tk_arena *a, const struct tk_plane *p)
{
	struct tk_filter *f = empty(a, p);

	for (size_t w = 0; w < f->nword; w++)
		f->bits[w] = p->word[w].used;
	return f;
}

struct tk_filter *tk_filter_division(struct tk_arena *a, const struct tk_plane *p, uint32_t slot)
{
	struct tk_filter *f = empty(a, p);

	for (size_t w = 0; w < f->nword; w++)
		if (p->word[w].division == slot)
			f->bits[w] = p->word[w].used;
	return f;
}

/* Those whose slot, one of two arrays of the block, is the wanted one.  Sixty-four comparisons
 * without a branch are faster than looking at the persons there are. */
static struct tk_filter *of_slot(
	struct tk_arena *a, const struct tk_plane *p, bool post, uint32_t slot)
{
	struct tk_filter *f = empty(a, p);

	for (size_t w = 0; w < f->nword; w++) {
		const struct plane_block *b = p->block[w / BLOCK_WORDS];
		const uint16_t *s = (post ? b->post : b->bureau) + w % BLOCK_WORDS * WORD_ROWS;
		uint64_t m = 0;

		for (unsigned i = 0; i < WORD_ROWS; i++)
			m |= (uint64_t)(s[i] == slot) << i;
		f->bits[w] = m & p->word[w].used;
	}
	return f;
}

struct tk_filter *tk_filter_bureau(struct tk_arena *a, const struct tk_plane *p, uint32_t slot)
{
	return of_slot(a, p, false, slot);
}

struct tk_filter *tk_filter_post(struct tk_arena *a, const struct tk_plane *p, uint32_t slot)
{
	return of_slot(a, p, true, slot);
}

struct tk_filter *tk_filter_when(struct tk_arena *a, const struct tk_plane *p,
				 bool (*want)(void *ctx, uint32_t index), void *ctx)
{
	struct tk_filter *f = empty(a, p);

	for (size_t w = 0; w < f->nword; w++) {
		const uint32_t *index =
			p->block[w / BLOCK_WORDS]->index + w % BLOCK_WORDS * WORD_ROWS;

		for (uint64_t left = p->word[w].used; left; left &= left - 1)
			if (want(ctx, index[__builtin_ctzll(left)]))
				f->bits[w] |= left & (0 - left);
	}
	return f;
}

struct tk_filter *tk_filter_code(struct tk_arena *a, const struct tk_plane *p, size_t item,
				 unsigned code)
{
	struct tk_filter *f = empty(a, p);

	if (item >= p->layout->nitem || code >= p->item[item].ncode)
		return f;
	for (size_t b = 0; b < p->nblock; b++)
		memcpy(f->bits + b * BLOCK_WORDS,
		       p->block[b]->plane + (p->item[item].col + code) * BLOCK_WORDS,
		       BLOCK_WORDS * sizeof(uint64_t));
	return f;
}

static enum tk_rc stale(struct tk_err *e)
{
	return tk_fail(e, TK_ECONFLICT, "filter",
		       N_("Answers arrived while they were being counted; ask again."));
}

enum tk_rc tk_filter_and(struct tk_filter *f, const struct tk_filter *g, struct tk_err *e)
{
	if (f->plane != g->plane || f->version != g->version)
		return stale(e);
	for (size_t w = 0; w < f->nword; w++)
		f->bits[w] &= g->bits[w];
	return TK_OK;
}

enum tk_rc tk_filter_or(struct tk_filter *f, const struct tk_filter *g, struct tk_err *e)
{
	if (f->plane != g->plane || f->version != g->version)
		return stale(e);
	for (size_t w = 0; w < f->nword; w++)
		f->bits[w] |= g->bits[w];
	return TK_OK;
}

enum tk_rc tk_filter_not(struct tk_filter *f, const struct tk_plane *p, struct tk_err *e)
{
	if (f->plane != p || f->version != p->version)
		return stale(e);
	for (size_t w = 0; w < f->nword; w++)
		f->bits[w] = p->word[w].used & ~f->bits[w];
	return TK_OK;
}

enum tk_rc tk_filter_each(const struct tk_filter *f, const struct tk_plane *p,
			  void (*fn)(void *ctx, uint32_t index), void *ctx, struct tk_err *e)
{
	if (f->plane != p || f->version != p->version)
		return stale(e);
	for (size_t w = 0; w < f->nword; w++) {
		const uint32_t *index =
			p->block[w / BLOCK_WORDS]->index + w % BLOCK_WORDS * WORD_ROWS;

		for (uint64_t left = f->bits[w]; left; left &= left - 1)
			fn(ctx, index[__builtin_ctzll(left)]);
	}
	return TK_OK;
}

size_t tk_filter_size(const struct tk_filter *f) { return tk_popcount(f->bits, f->nword); }

static uint64_t stir(uint64_t x)
{
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

struct tk_members tk_members_new(struct tk_arena *a, size_t nperson)
{
	size_t nword = nperson / WORD_ROWS + 1;

	return (struct tk_members){tk_alloc_n(a, nword, sizeof(uint64_t)), nword};
}

void tk_members_add(struct tk_members *m, uint32_t person)
{
	m->bit[person / WORD_ROWS] |= UINT64_C(1) << person % WORD_ROWS;
}

static void on_member(void *ctx, uint32_t index)
{
	tk_members_add(ctx, index);
}

enum tk_rc tk_filter_members(const struct tk_filter *f, const struct tk_plane *p, size_t nperson,
			     struct tk_arena *a, struct tk_members *ret, struct tk_err *e)
{
	*ret = tk_members_new(a, nperson);
	return tk_filter_each(f, p, on_member, ret, e);
}

static void add_person(struct tk_mark *m, uint32_t index)
{
	uint64_t person = (uint64_t)index + 1;

	m->a += stir(person);
	m->b += stir(~person);
}

struct tk_mark tk_members_mark(const struct tk_members *m)
{
	struct tk_mark mark = {0, 0};

	for (size_t w = 0; w < m->nword; w++)
		for (uint64_t left = m->bit[w]; left; left &= left - 1)
			add_person(&mark, (uint32_t)(w * WORD_ROWS) +
						  (uint32_t)__builtin_ctzll(left));
	return mark;
}

struct tk_mark tk_filter_mark(const struct tk_filter *f)
{
	struct tk_mark m = {0, 0};

	for (size_t w = 0; w < f->nword; w++) {
		const struct plane_block *b = f->plane->block[w / BLOCK_WORDS];
		const uint32_t *index = b->index + w % BLOCK_WORDS * WORD_ROWS;

		for (uint64_t left = f->bits[w]; left; left &= left - 1)
			add_person(&m, index[__builtin_ctzll(left)]);
	}
	return m;
}
