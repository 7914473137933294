/* link.c - sums that hold between tables.
 *
 * Nobody declares them: a table of all, one of a group and one of the rest are three tables, and a
 * question's base may be those who gave one of two answers to another.  They are found by the marks
 * of who is counted (plane.h): where marks add up, so do the respondents, and so does everything
 * counted over them.
 */
#include <string.h>
#include "publish/build.h"

enum { PARTS_MAX = 16, TRIES_MAX = 200000 };

struct ref {
	size_t table, figure;
};
struct search {
	struct tk_build *b;
	const struct ref *ref; /* figures of one question with different bases */
	size_t n;
	size_t target;
	size_t part[PARTS_MAX];
	size_t npart;
	long tries;
};

static const struct tk_table *table_of(const struct tk_build *b, struct ref r)
{
	return b->d->table[r.table].table;
}

static const struct tk_figure *figure_of(const struct tk_build *b, struct ref r)
{
	return &table_of(b, r)->figure[r.figure];
}

/* The cell of an option by its code: tables order and choose their options. */
static uint32_t option_cell(const struct tk_build *b, struct ref r, const char *code)
{
	const struct tk_table *t = table_of(b, r);

	for (size_t o = 0; o < t->noption; o++)
		if (!strcmp(t->option[o].code, code))
			return b->option[r.table][r.figure * t->noption + o];
	return TK_NO_CELL;
}

static void add(struct search *s)
{
	struct ref whole = s->ref[s->target];
	const struct tk_table *t = table_of(s->b, whole);
	uint32_t part[PARTS_MAX];

	for (size_t i = 0; i < s->npart; i++)
		part[i] = s->b->base[s->ref[s->part[i]].table][s->ref[s->part[i]].figure];
	tk_cells_sum(&s->b->cells, s->b->base[whole.table][whole.figure], part, s->npart);
	for (size_t o = 0; o < t->noption; o++) {
		uint32_t total = s->b->option[whole.table][whole.figure * t->noption + o];
		size_t n = 0;

		if (total == TK_NO_CELL)
			continue;
		for (size_t i = 0; i < s->npart; i++)
			if ((part[n] = option_cell(s->b, s->ref[s->part[i]], t->option[o].code)) !=
			    TK_NO_CELL)
				n++;
		if (n == s->npart)
			tk_cells_sum(&s->b->cells, total, part, n);
	}
}

/* Which bases, taken in order, make up the rest of the target? */
static void fill(struct search *s, size_t from, struct tk_mark left, int64_t n)
{
	if (n == 0) {
		if (!left.a && !left.b && s->npart > 1)
			add(s);
		return;
	}
	for (size_t i = from; i < s->n && s->npart < PARTS_MAX && s->tries > 0; i++) {
		const struct tk_figure *f = figure_of(s->b, s->ref[i]);

		s->tries--;
		if (i == s->target || f->n > n)
			continue;
		s->part[s->npart++] = i;
		fill(s, i + 1, (struct tk_mark){ left.a - f->base_mark.a, left.b - f->base_mark.b },
		     n - f->n);
		s->npart--;
	}
}

static bool same_base(const struct tk_build *b, struct ref x, struct ref y)
{
	return figure_of(b, x)->base_mark.a == figure_of(b, y)->base_mark.a &&
	       figure_of(b, x)->base_mark.b == figure_of(b, y)->base_mark.b;
}

/* All figures of one question, each base once. */
static size_t gather(const struct tk_build *b, const char *item, struct ref *ref)
{
	size_t n = 0;

	for (size_t k = 0; k < b->d->ntable; k++)
		for (size_t f = 0; f < b->d->table[k].table->nfigure; f++) {
			struct ref r = { k, f };
			const struct tk_figure *g = figure_of(b, r);
			size_t i = 0;

			if (!g->item || strcmp(g->item, item) != 0 || g->n <= 0)
				continue;
			while (i < n && !same_base(b, ref[i], r))
				i++;
			if (i == n)
				ref[n++] = r;
		}
	return n;
}

static void groups(struct tk_build *b, const char *item, struct ref *ref)
{
	struct search s = { .b = b, .ref = ref, .n = gather(b, item, ref) };

	for (s.target = 0; s.target < s.n; s.target++) {
		const struct tk_figure *f = figure_of(b, ref[s.target]);

		s.tries = TRIES_MAX;
		fill(&s, 0, f->base_mark, f->n);
	}
}

void tk_build_link(struct tk_build *b)
{
	struct ref *ref;
	size_t n = 0;

	for (size_t k = 0; k < b->d->ntable; k++)
		n += b->d->table[k].table->nfigure;
	ref = tk_alloc_n(b->op->mem, n + 1, sizeof(*ref));
	for (size_t i = 0; i < b->form->nitem; i++)
		groups(b, b->form->item[i].code, ref);
	for (size_t k = 0; k < b->d->ntable; k++) {
		const struct tk_table *t = b->d->table[k].table;

		for (size_t f = 0; f < t->nfigure; f++)
			if (t->figure[f].mark && tk_build_one_answer(b, &t->figure[f]))
				tk_cells_opened(&b->cells, t->figure[f].mark,
						&b->option[k][f * t->noption], t->noption,
						b->base[k][f]);
	}
}
