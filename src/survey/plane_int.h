/* plane_int.h - the inside of struct tk_plane, shared by plane.c (rows), plane_filter.c and
 * plane_count.c.  Threads: as plane.h says. */
#pragma once
#include <pthread.h>
#include "survey/plane.h"

/* A word holds 64 persons of one division; a block of 8 words is one cache line of each plane. */
enum { WORD_ROWS = 64, BLOCK_WORDS = 8, BLOCK_ROWS = WORD_ROWS * BLOCK_WORDS };
#define NONE UINT32_MAX

struct plane_item { enum tk_q_kind kind; uint32_t off, len, col, ncode; };
struct plane_block {
	uint64_t *plane;                /* [width][BLOCK_WORDS] */
	uint8_t  *row;                  /* [BLOCK_ROWS][size] */
	uint32_t  index[BLOCK_ROWS];
	uint16_t  bureau[BLOCK_ROWS], post[BLOCK_ROWS];
};
struct plane_word {
	uint64_t used;                  /* which of its 64 places hold a person */
	uint32_t division;              /* NONE: not given out yet */
	uint32_t next;                  /* next word of the division with a free place */
};
struct plane_division {
	uint32_t *count;                /* [width + 1], the last is the people; NULL: never used */
	uint32_t  open;                 /* first word with a free place, or NONE */
};

struct tk_plane {
	pthread_rwlock_t       lock;
	struct tk_arena       *mem;     /* of the layout */
	struct tk_layout      *layout;
	struct plane_item     *item;
	size_t                 width;
	struct plane_block   **block;
	struct plane_word     *word;    /* nblock * BLOCK_WORDS */
	size_t                 nblock, nword;   /* nword: given out */
	struct plane_division *div;
	uint32_t               ndiv, nbureau, npost;    /* highest slot seen + 1 */
	uint32_t              *pos;     /* by index; NONE: no row */
	size_t                 npos, nrow;
	uint32_t              *total;   /* [width] */
	uint64_t               version;
	bool                   filling; /* planes and counters are made at the end, in one go */
};

/* The version tells whether the places still mean the same persons. */
struct tk_filter {
	const struct tk_plane *plane;
	uint64_t               version;
	size_t                 nword;
	uint64_t              *bits;
};
bool tk_filter_current(const struct tk_filter *f);
/* popcount, with the machine's instruction where it has one */
size_t tk_popcount(const uint64_t *w, size_t n);
