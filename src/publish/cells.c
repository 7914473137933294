#include "publish/cells.h"

enum { OPTIONS_MAX = 12, CELLS_FIRST = 4096 };

static struct tk_seen *slot(struct tk_seen *v, size_t cap, struct tk_mark m)
{
	size_t h = (size_t)m.a & (cap - 1);

	while (v[h].mark.a && (v[h].mark.a != m.a || v[h].mark.b != m.b))
		h = (h + 1) & (cap - 1);
	return &v[h];
}

uint32_t tk_cells_find(const struct tk_cells *c, struct tk_mark whom)
{
	const struct tk_seen *s = whom.a && c->cap ? slot(c->seen, c->cap, whom) : NULL;

	return s && s->mark.a ? s->cell : TK_NO_CELL;
}

static void grow(struct tk_cells *c)
{
	size_t cap = c->cap ? c->cap * 2 : CELLS_FIRST;
	struct tk_seen *v = tk_alloc_n(c->a, cap, sizeof(*v));

	for (size_t i = 0; i < c->cap; i++)
		if (c->seen[i].mark.a)
			*slot(v, cap, c->seen[i].mark) = c->seen[i];
	c->seen = v;
	c->cap = cap;
}

uint32_t tk_cells_add(struct tk_cells *c, struct tk_mark whom, const char *name, int64_t count,
		      unsigned flags, int64_t cost)
{
	struct tk_seen *s;

	if (!whom.a)
		return tk_sdc_cell(c->system, name, count, flags, cost);
	if (c->nseen * 2 >= c->cap)
		grow(c);
	s = slot(c->seen, c->cap, whom);
	if (!s->mark.a) {
		*s = (struct tk_seen){ whom, tk_sdc_cell(c->system, name, count, flags, cost) };
		c->nseen++;
	} else {
		/* printed anywhere is printed; the reader loses it everywhere at once */
		c->system->cell[s->cell].flags |= flags;
		c->system->cell[s->cell].cost += cost;
	}
	return s->cell;
}

/* Where one part is everybody it is the same cell as the total, and all other parts are nobody: the
 * sum then says nothing that is not said by that. */
void tk_cells_sum(struct tk_cells *c, uint32_t total, const uint32_t *part, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (part[i] == total)
			return;
	if (n)
		tk_sdc_sum(c->system, total, part, n);
}

void tk_cells_opened(struct tk_cells *c, const struct tk_mark *whom, const uint32_t *answer,
		     size_t n, uint32_t base)
{
	struct tk_mark mark[OPTIONS_MAX];
	uint32_t cell[OPTIONS_MAX], part[OPTIONS_MAX];
	size_t k = 0;

	for (size_t o = 0; o < n; o++) {
		if (answer[o] == TK_NO_CELL || !whom[o].a)
			continue;
		if (k == OPTIONS_MAX)
			return;
		mark[k] = whom[o];
		cell[k++] = answer[o];
	}
	for (uint32_t set = 3; set < 1u << k; set++) {
		struct tk_mark sum = { 0, 0 };
		uint32_t found;
		size_t m = 0;

		for (size_t o = 0; o < k; o++)
			if (set >> o & 1) {
				sum.a += mark[o].a;
				sum.b += mark[o].b;
				part[m++] = cell[o];
			}
		if (m < 2 || (found = tk_cells_find(c, sum)) == TK_NO_CELL || found == base)
			continue;
		tk_cells_sum(c, found, part, m);
	}
}
