#include <stdlib.h>
#include <string.h>
#include "survey/plane_int.h"

enum { LAYOUT_MAX = 64 << 20 };

struct tk_plane *tk_plane_new(const struct tk_layout *l)
{
	struct tk_plane *p = tk_xcalloc(1, sizeof(*p));

	if (pthread_rwlock_init(&p->lock, NULL) != 0)
		abort();
	p->mem = tk_arena_new(LAYOUT_MAX);
	/* a layout that exists was checked, so making it again cannot fail */
	if (tk_layout_new(p->mem, l->item, l->nitem, &p->layout, NULL) != TK_OK)
		abort();
	p->item = tk_alloc_n(p->mem, l->nitem, sizeof(*p->item));
	for (size_t i = 0; i < l->nitem; i++) {
		const struct tk_layout_item *it = &p->layout->item[i];

		p->item[i] = (struct plane_item){ .kind = it->kind, .off = it->off, .len = it->len,
			.col = (uint32_t)p->width, .ncode = tk_layout_ncode(it) };
		p->width += p->item[i].ncode;
	}
	p->total = tk_alloc_n(p->mem, p->width, sizeof(*p->total));
	return p;
}

void tk_plane_free(struct tk_plane *p)
{
	if (!p)
		return;
	for (size_t b = 0; b < p->nblock; b++) {
		free(p->block[b]->plane);
		free(p->block[b]->row);
		free(p->block[b]);
	}
	for (uint32_t d = 0; d < p->ndiv; d++)
		free(p->div[d].count);
	free(p->block);
	free(p->word);
	free(p->div);
	free(p->pos);
	tk_arena_free(p->mem);
	pthread_rwlock_destroy(&p->lock);
	free(p);
}

/* A lock that cannot be had is a broken invariant (unlocked memory, a deadlock found). */
static void lock_ok(int rc)
{
	if (rc != 0)
		abort();
}

void tk_plane_rdlock(struct tk_plane *p) { lock_ok(pthread_rwlock_rdlock(&p->lock)); }
void tk_plane_wrlock(struct tk_plane *p) { lock_ok(pthread_rwlock_wrlock(&p->lock)); }
void tk_plane_unlock(struct tk_plane *p) { lock_ok(pthread_rwlock_unlock(&p->lock)); }

static void add_block(struct tk_plane *p)
{
	struct plane_block *b = tk_xcalloc(1, sizeof(*b));
	size_t n = p->nblock + 1;

	b->plane = tk_xcalloc(p->width * BLOCK_WORDS, sizeof(*b->plane));
	b->row = tk_xcalloc(BLOCK_ROWS, p->layout->size);
	p->block = tk_xrealloc(p->block, n * sizeof(*p->block));
	p->word = tk_xrealloc(p->word, n * BLOCK_WORDS * sizeof(*p->word));
	for (size_t w = p->nblock * BLOCK_WORDS; w < n * BLOCK_WORDS; w++)
		p->word[w] = (struct plane_word){ .division = NONE, .next = NONE };
	p->block[p->nblock] = b;
	p->nblock = n;
}

static void grow_divisions(struct tk_plane *p, uint32_t slot)
{
	uint32_t n = slot + 1;

	if (n > p->ndiv) {
		p->div = tk_xrealloc(p->div, n * sizeof(*p->div));
		for (uint32_t d = p->ndiv; d < n; d++)
			p->div[d] = (struct plane_division){ .open = NONE };
		p->ndiv = n;
	}
	if (!p->div[slot].count)
		p->div[slot].count = tk_xcalloc(p->width + 1, sizeof(uint32_t));
}

static void grow_index(struct tk_plane *p, uint32_t index)
{
	size_t n = p->npos;

	if (index < n)
		return;
	n = n < 1024 ? 1024 : n;
	while (n <= index)
		n += n / 2;
	p->pos = tk_xrealloc(p->pos, n * sizeof(*p->pos));
	memset(p->pos + p->npos, 0xFF, (n - p->npos) * sizeof(*p->pos));
	p->npos = n;
}

/* A free place in a word of the division; the division's list holds exactly its words with one. */
static uint32_t take_place(struct tk_plane *p, uint32_t slot)
{
	struct plane_division *d = &p->div[slot];
	struct plane_word *w;
	uint32_t word, bit;

	if (d->open == NONE) {
		if (p->nword == p->nblock * BLOCK_WORDS)
			add_block(p);
		d->open = (uint32_t)p->nword++;
		p->word[d->open].division = slot;
	}
	word = d->open;
	w = &p->word[word];
	bit = (uint32_t)__builtin_ctzll(~w->used);
	w->used |= UINT64_C(1) << bit;
	if (w->used == UINT64_MAX) {
		d->open = w->next;
		w->next = NONE;
	}
	return word * WORD_ROWS + bit;
}

static void give_place(struct tk_plane *p, uint32_t pos)
{
	uint32_t word = pos / WORD_ROWS;
	struct plane_word *w = &p->word[word];

	if (w->used == UINT64_MAX) {
		w->next = p->div[w->division].open;
		p->div[w->division].open = word;
	}
	w->used &= ~(UINT64_C(1) << pos % WORD_ROWS);
}

/* One person's place in the planes and counters. */
struct spot {
	uint64_t *plane;                /* the person's word of column 0 */
	uint64_t  bit;
	uint32_t *total, *div;
};

static struct spot spot_of(const struct tk_plane *p, uint32_t pos)
{
	const struct plane_block *b = p->block[pos / BLOCK_ROWS];

	return (struct spot){
		.plane = b->plane + pos / WORD_ROWS % BLOCK_WORDS,
		.bit = UINT64_C(1) << pos % WORD_ROWS,
		.total = p->total,
		.div = p->div[p->word[pos / WORD_ROWS].division].count,
	};
}

static void mark(const struct spot *s, uint32_t col, bool on)
{
	uint32_t step = on ? 1 : UINT32_MAX;    /* adding UINT32_MAX takes one away */

	s->plane[(size_t)col * BLOCK_WORDS] ^= s->bit;
	s->total[col] += step;
	s->div[col] += step;
}

static void mark_item(
	const struct spot *s, const struct plane_item *it, const uint8_t *blob, bool on)
{
	uint8_t code = blob[it->off];
	uint64_t bits = 0;

	if (it->kind != TK_Q_MULTI || code != TK_ANSWER_VALUE) {
		mark(s, it->col + code, on);
		return;
	}
	for (uint32_t i = 1; i < it->len; i++)
		bits |= (uint64_t)blob[it->off + i] << (8 * (i - 1));
	for (; bits; bits &= bits - 1)
		mark(s, it->col + TK_ANSWER_VALUE + (uint32_t)__builtin_ctzll(bits), on);
}

static uint8_t *row_at(const struct tk_plane *p, uint32_t pos)
{
	return p->block[pos / BLOCK_ROWS]->row + (size_t)(pos % BLOCK_ROWS) * p->layout->size;
}

static uint32_t pos_of(const struct tk_plane *p, uint32_t index)
{
	return index < p->npos ? p->pos[index] : NONE;
}

/* Same place, other answers: only what differs is touched. */
static void change_row(struct tk_plane *p, uint32_t pos, const uint8_t *answers)
{
	struct spot s = spot_of(p, pos);
	uint8_t *row = row_at(p, pos);

	for (size_t i = 0; i < p->layout->nitem && !p->filling; i++) {
		const struct plane_item *it = &p->item[i];

		if (!memcmp(row + it->off, answers + it->off, it->len))
			continue;
		mark_item(&s, it, row, false);
		mark_item(&s, it, answers, true);
	}
	memcpy(row, answers, p->layout->size);
}

static uint32_t add_row(
	struct tk_plane *p, uint32_t index, uint32_t division, const uint8_t *answers)
{
	uint32_t pos = take_place(p, division);
	struct spot s = spot_of(p, pos);

	for (size_t i = 0; i < p->layout->nitem && !p->filling; i++)
		mark_item(&s, &p->item[i], answers, true);
	s.div[p->width]++;
	memcpy(row_at(p, pos), answers, p->layout->size);
	p->block[pos / BLOCK_ROWS]->index[pos % BLOCK_ROWS] = index;
	p->pos[index] = pos;
	p->nrow++;
	return pos;
}

static void drop_row(struct tk_plane *p, uint32_t index, uint32_t pos)
{
	struct spot s = spot_of(p, pos);
	const uint8_t *row = row_at(p, pos);

	for (size_t i = 0; i < p->layout->nitem && !p->filling; i++)
		mark_item(&s, &p->item[i], row, false);
	s.div[p->width]--;
	p->pos[index] = NONE;
	p->nrow--;
	give_place(p, pos);
}

/* -- filling ----------------------------------------------------------------------------------- */
enum { CODES_MAX = UINT8_MAX + 1 };    /* a code is a byte */

/* The planes of one item over the 64 rows of a word, from rows that lie together.  Neighbours often
 * give the same answer: two sets of masks, taken in turn, spare one waiting for the other. */
static void fill_item(const struct plane_item *it, size_t size, uint64_t used, const uint8_t *row,
	uint64_t *plane)
{
	uint64_t mask[2][CODES_MAX];

	memset(mask[0], 0, it->ncode * sizeof(uint64_t));
	memset(mask[1], 0, it->ncode * sizeof(uint64_t));
	for (row += it->off; used; used &= used - 1) {
		uint32_t at = (uint32_t)__builtin_ctzll(used);
		const uint8_t *answer = row + at * size;
		uint64_t bits = 0, bit = UINT64_C(1) << at;

		if (it->kind != TK_Q_MULTI || *answer != TK_ANSWER_VALUE) {
			mask[at & 1][*answer] |= bit;
			continue;
		}
		for (uint32_t i = 1; i < it->len; i++)
			bits |= (uint64_t)answer[i] << (8 * (i - 1));
		for (; bits; bits &= bits - 1)
			mask[at & 1][TK_ANSWER_VALUE + __builtin_ctzll(bits)] |= bit;
	}
	for (uint32_t code = 0; code < it->ncode; code++)
		plane[(size_t)code * BLOCK_WORDS] = mask[0][code] | mask[1][code];
}

static void fill_word(struct tk_plane *p, size_t word)
{
	const struct plane_block *b = p->block[word / BLOCK_WORDS];
	size_t at = word % BLOCK_WORDS;
	uint32_t *div = p->div[p->word[word].division].count;

	for (size_t i = 0; i < p->layout->nitem; i++)
		fill_item(&p->item[i], p->layout->size, p->word[word].used,
			b->row + at * WORD_ROWS * p->layout->size,
			b->plane + (size_t)p->item[i].col * BLOCK_WORDS + at);
	for (size_t col = 0; col < p->width; col++) {
		uint32_t n = (uint32_t)__builtin_popcountll(b->plane[col * BLOCK_WORDS + at]);

		div[col] += n;
		p->total[col] += n;
	}
}

void tk_plane_fill(struct tk_plane *p) { p->filling = p->nrow == 0; }

void tk_plane_filled(struct tk_plane *p)
{
	if (!p->filling)
		return;
	p->filling = false;
	for (size_t w = 0; w < p->nword; w++)
		if (p->word[w].used)
			fill_word(p, w);
}

static enum tk_rc check_key(uint32_t index, struct tk_plane_key k, struct tk_err *e)
{
	if (index >= TK_PLANE_INDEX)
		return tk_fail(e, TK_EINVAL, "index", N_("A campaign has at most %d people."),
			TK_PLANE_INDEX);
	if (k.division >= TK_PLANE_SLOT)
		return tk_fail(e, TK_EINVAL, "division", N_("A campaign has at most %d divisions."),
			       TK_PLANE_SLOT);
	if (k.bureau >= TK_PLANE_SLOT16)
		return tk_fail(e, TK_EINVAL, "bureau", N_("A campaign has at most %d bureaus."),
			       TK_PLANE_SLOT16);
	if (k.post >= TK_PLANE_SLOT16)
		return tk_fail(e, TK_EINVAL, "post", N_("A campaign has at most %d posts."),
			TK_PLANE_SLOT16);
	return TK_OK;
}

enum tk_rc tk_plane_set(struct tk_plane *p, uint32_t index, struct tk_plane_key key,
			const uint8_t *answers, size_t n, struct tk_err *e)
{
	enum tk_rc rc;
	uint32_t pos;

	if ((rc = check_key(index, key, e)) != TK_OK ||
	    (rc = tk_pack_check(p->layout, answers, n, e)) != TK_OK)
		return rc;
	grow_index(p, index);
	grow_divisions(p, key.division);
	pos = p->pos[index];
	if (pos != NONE && p->word[pos / WORD_ROWS].division == key.division) {
		change_row(p, pos, answers);
	} else {
		if (pos != NONE)
			drop_row(p, index, pos);
		pos = add_row(p, index, key.division, answers);
	}
	p->block[pos / BLOCK_ROWS]->bureau[pos % BLOCK_ROWS] = (uint16_t)key.bureau;
	p->block[pos / BLOCK_ROWS]->post[pos % BLOCK_ROWS] = (uint16_t)key.post;
	if (key.bureau >= p->nbureau)
		p->nbureau = key.bureau + 1;
	if (key.post >= p->npost)
		p->npost = key.post + 1;
	p->version++;
	return TK_OK;
}

bool tk_plane_remove(struct tk_plane *p, uint32_t index)
{
	uint32_t pos = pos_of(p, index);

	if (pos == NONE)
		return false;
	drop_row(p, index, pos);
	p->version++;
	return true;
}

bool tk_plane_get(const struct tk_plane *p, uint32_t index, struct tk_plane_key *ret_key,
		  const uint8_t **ret_answers)
{
	uint32_t pos = pos_of(p, index);
	const struct plane_block *b;

	if (pos == NONE)
		return false;
	b = p->block[pos / BLOCK_ROWS];
	*ret_key = (struct tk_plane_key){ .division = p->word[pos / WORD_ROWS].division,
		.bureau = b->bureau[pos % BLOCK_ROWS], .post = b->post[pos % BLOCK_ROWS] };
	*ret_answers = row_at(p, pos);
	return true;
}

size_t tk_plane_rows(const struct tk_plane *p) { return p->nrow; }
uint64_t tk_plane_version(const struct tk_plane *p) { return p->version; }
size_t tk_plane_width(const struct tk_plane *p) { return p->width; }
size_t tk_plane_col(const struct tk_plane *p, size_t item) { return p->item[item].col; }
unsigned tk_plane_ncode(const struct tk_plane *p, size_t item) { return p->item[item].ncode; }
const uint32_t *tk_plane_total(const struct tk_plane *p) { return p->total; }

const uint32_t *tk_plane_division(const struct tk_plane *p, uint32_t slot)
{
	return slot < p->ndiv ? p->div[slot].count : NULL;
}

size_t tk_plane_bytes(const struct tk_plane *p)
{
	size_t block = sizeof(struct plane_block) + p->width * BLOCK_WORDS * sizeof(uint64_t) +
		       BLOCK_ROWS * p->layout->size + BLOCK_WORDS * sizeof(struct plane_word) +
		       sizeof(struct plane_block *);
	size_t n = sizeof(*p) + tk_arena_used(p->mem) + p->nblock * block +
		   p->npos * sizeof(*p->pos) + p->ndiv * sizeof(*p->div);

	for (uint32_t d = 0; d < p->ndiv; d++)
		if (p->div[d].count)
			n += (p->width + 1) * sizeof(uint32_t);
	return n;
}
