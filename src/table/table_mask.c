/* table_mask.c - a declared table as it is published: figures that are left out, and the symbols of
 * Japanese statistics. */
#include <string.h>
#include "stat/symbol.h"
#include "table/table_figure.h"

enum { FEW_NUMBERS = 10 };
struct masking {
	struct tk_table *t;
	const struct tk_table_mask *m;
	struct tk_table_cell *cell;
};

static enum tk_cell_status base_of(const struct masking *k, size_t f)
{
	return (enum tk_cell_status)k->m->base[f];
}

static enum tk_cell_status option_of(const struct masking *k, size_t f, size_t o)
{
	return (enum tk_cell_status)k->m->option[f * k->t->noption + o];
}

static bool out(enum tk_cell_status s)
{
	return s == TK_CELL_ST_PRIMARY || s == TK_CELL_ST_COMPLEMENTARY;
}

/* A share gives its base away together with its count, and its count together with its base. */
static enum tk_symbol of_share(const struct masking *k, size_t f, size_t o)
{
	const struct tk_figure *g = &k->t->figure[f];

	if (out(base_of(k, f)) || out(option_of(k, f, o)))
		return TK_SYM_SUPPRESSED;
	return tk_symbol_of_share(g->count[o], g->n, 1, TK_CELL_ST_PRINTED);
}

static enum tk_symbol of_count(int64_t n, int64_t base, enum tk_cell_status s)
{
	return out(s)	 ? TK_SYM_SUPPRESSED
	       : !base	 ? TK_SYM_UNKNOWN
	       : !n	 ? TK_SYM_NONE
			 : TK_SYM_VALUE;
}

static bool ends(const char *name, const char *word)
{
	size_t n = strlen(name), w = strlen(word);

	return n >= w && !strcmp(name + n - w, word);
}

/* Figure f, option o (SIZE_MAX: its base) in column c. */
static enum tk_symbol symbol_of(const struct masking *k, size_t c, size_t f, size_t o)
{
	const struct tk_figure *g = &k->t->figure[f];
	const struct tk_col *col = &k->t->col[c];

	if (strstr(col->name, "previous_"))
		return TK_SYM_VALUE; /* published before */
	if (o == SIZE_MAX || ends(col->name, "base"))
		return of_count(g->n, 1, base_of(k, f));
	if (g->count[o] < 0)
		return TK_SYM_VALUE; /* the question has no such choice: the cell is empty */
	if (col->kind == TK_COL_RATE)
		return of_share(k, f, o);
	if (col->kind != TK_COL_INT && g->thin && g->thin[o] < k->m->min)
		return TK_SYM_SUPPRESSED; /* weights tell sectors apart */
	if (col->kind != TK_COL_INT) /* weighted, an interval, a difference: all tell the share */
		return of_share(k, f, o) == TK_SYM_SUPPRESSED ? TK_SYM_SUPPRESSED : TK_SYM_VALUE;
	return of_count(g->count[o], g->n, option_of(k, f, o));
}

static void set(struct masking *k, size_t row, size_t c, enum tk_symbol s)
{
	struct tk_table_cell *cell = &k->cell[row * k->t->ncol + c];

	cell->symbol = (uint8_t)s;
	if (s == TK_SYM_SUPPRESSED)
		*cell = (struct tk_table_cell){.none = true, .symbol = (uint8_t)s};
}

static bool is_missing(const char *name)
{
	static const char *const kind[] = {"not_asked", "no_answer", "not_applicable", "dont_know"};

	for (size_t i = 0; i < TK_LEN(kind); i++)
		if (ends(name, kind[i]))
			return true;
	return false;
}

/* Which figure and option stand in that cell; false: neither is of one. */
static bool stands(const struct masking *k, size_t row, size_t c, size_t *f, size_t *o)
{
	const struct tk_table *t = k->t;

	*f = t->shape == TK_TABLE_LONG ? t->of[c].figure - 1 : row;
	*o = t->shape == TK_TABLE_LONG ? row : t->of[c].option - 1;
	if (t->shape == TK_TABLE_LONG)
		return t->of[c].figure > 0;
	return t->of[c].option > 0 || ends(t->col[c].name, "base");
}

/* The smallest and the largest number are a single respondent's; a quartile of a few is nearly so.
 */
static bool tells_one(const struct masking *k, size_t row, const char *name)
{
	static const char *const quartile[] = {"q1", "median", "q3"};

	if (!strcmp(name, "min") || !strcmp(name, "max"))
		return true;
	for (size_t i = 0; i < TK_LEN(quartile); i++)
		if (!strcmp(name, quartile[i]))
			return k->t->figure[row].n < FEW_NUMBERS;
	return false;
}

static void cells(struct masking *k)
{
	const struct tk_table *t = k->t;
	size_t f, o;

	for (size_t row = 0; row < t->nrow; row++)
		for (size_t c = 0; c < t->ncol; c++) {
			if (t->col[c].where == TK_COL_JSON || is_missing(t->col[c].name))
				k->cell[row * t->ncol + c] = (struct tk_table_cell){.none = true};
			else if (t->shape == TK_TABLE_FREE) {
				if (c > 0 && (out(base_of(k, row)) ||
						     tells_one(k, row, t->col[c].name)))
					set(k, row, c, TK_SYM_SUPPRESSED);
			} else if (stands(k, row, c, &f, &o))
				set(k, row, c, symbol_of(k, c, f, o));
		}
}

static void figures(struct masking *k, struct tk_arena *a)
{
	struct tk_table *t = k->t;
	struct tk_figure *g = tk_alloc_n(a, t->nfigure + 1, sizeof(*g));

	for (size_t f = 0; f < t->nfigure; f++) {
		int64_t *count = tk_alloc_n(a, t->noption + 1, sizeof(*count));
		int64_t *share = tk_alloc_n(a, t->noption + 1, sizeof(*share));

		g[f] = t->figure[f];
		for (size_t o = 0; o < t->noption; o++) {
			bool gone = out(option_of(k, f, o));

			count[o] = gone ? TK_COUNT_HIDDEN : g[f].count[o];
			share[o] = gone || out(base_of(k, f)) ? TK_SHARE_NONE : g[f].share[o];
		}
		if (t->noption) {
			g[f].count = count;
			g[f].share = share;
		}
		if (out(base_of(k, f)))
			g[f].n = TK_COUNT_HIDDEN;
		g[f].mark = NULL;
		g[f].chosen = NULL;
		g[f].members = g[f].everybody = (struct tk_members){NULL, 0};
		g[f].not_asked = g[f].no_answer = g[f].not_applicable = g[f].dont_know = 0;
	}
	t->figure = g;
}

void tk_table_mask(struct tk_table *t, const struct tk_table_mask *m, struct tk_arena *a)
{
	struct masking k = {.t = t, .m = m};

	if (!t->nfigure)
		return;
	k.cell = tk_alloc_n(a, t->nrow * t->ncol + 1, sizeof(*k.cell));
	memcpy(k.cell, t->cell, t->nrow * t->ncol * sizeof(*k.cell));
	cells(&k);
	figures(&k, a);
	t->cell = k.cell;
	tk_table_bases(t, a);
}
