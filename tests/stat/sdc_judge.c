#include <stdlib.h>
#include <string.h>
#include "sdc_judge.h"

/* A table with margins is a flow: cell (i, j) goes from row i to column j, the total of row i comes
 * back from the column of totals to row i, and so on.  What a cell can gain is what can flow from
 * its end to its beginning over the other unknown cells, backwards at most as much as they hold. */
enum { SIDE = 17, NODES = 2 * SIDE };

struct graph {
	int n;
	int64_t left[NODES][NODES]; /* each pair of nodes has at most one cell */
};

static void ends(const struct sample_table *t, int i, int j, int *from, int *to)
{
	int rows = t->d[0] + 1, total_row = i == t->d[0], total_col = j == t->d[1];
	int row = i, col = rows + j;

	/* rows: parts leave, the total arrives; the last row and the column of totals reversed */
	*from = row;
	*to = col;
	if (total_row != total_col) {
		*from = col;
		*to = row;
	}
}

static int64_t push(struct graph *g, int from, int to)
{
	int before[NODES], queue[NODES], head = 0, tail = 0;
	int64_t least = INT64_MAX / 4;

	memset(before, 0xff, sizeof(before));
	queue[tail++] = from;
	before[from] = from;
	while (head < tail && before[to] < 0) {
		int v = queue[head++];

		for (int u = 0; u < g->n; u++) {
			if (before[u] < 0 && g->left[v][u] > 0) {
				before[u] = v;
				queue[tail++] = u;
			}
		}
	}
	if (before[to] < 0)
		return 0;
	for (int v = to; v != from; v = before[v])
		least = g->left[before[v]][v] < least ? g->left[before[v]][v] : least;
	for (int v = to; v != from; v = before[v]) {
		g->left[before[v]][v] -= least;
		g->left[v][before[v]] += least;
	}
	return least;
}

static int64_t flow(struct graph g, int from, int to)
{
	int64_t sum = 0, more;

	while ((more = push(&g, from, to)) > 0 && sum < INT64_MAX / 8)
		sum += more;
	return sum;
}

void judge_flow(const struct sample_table *t, const uint8_t *status, struct judge_range *ret)
{
	const int64_t much = INT64_MAX / 4;
	struct graph g = { .n = t->d[0] + t->d[1] + 2 };
	int from, to;

	for (int i = 0; i <= t->d[0]; i++) {
		for (int j = 0; j <= t->d[1]; j++) {
			uint32_t c = sample_at(t, i, j, 0);

			if (status[c] == TK_CELL_ST_PRINTED)
				continue;
			ends(t, i, j, &from, &to);
			g.left[from][to] += much;
			g.left[to][from] += t->sdc->cell[c].count;
		}
	}
	for (int i = 0; i <= t->d[0]; i++) {
		for (int j = 0; j <= t->d[1]; j++) {
			uint32_t c = sample_at(t, i, j, 0);
			int64_t v = t->sdc->cell[c].count, up, down;
			struct judge_range *r = &ret[i * (t->d[1] + 1) + j];
			struct graph other = g;

			*r = (struct judge_range){ v, v };
			if (status[c] == TK_CELL_ST_PRINTED)
				continue;
			ends(t, i, j, &from, &to);
			other.left[from][to] -= much;
			other.left[to][from] -= v;
			up = flow(other, to, from);
			down = flow(other, from, to);
			r->hi = up >= much / 2 ? INT64_MAX : v + up;
			r->lo = down > v ? 0 : v - down;
		}
	}
}

/* Enumeration. */
struct count {
	const struct tk_sdc *s;
	const uint8_t *status;
	struct judge_range *ret;
	int64_t *x, most;
	uint32_t *unknown;
	size_t n;
	long left;
};

/* Can the equations still hold?  x[c] < 0: open. */
static bool possible(const struct count *k)
{
	for (size_t i = 0; i < k->s->nsum; i++) {
		const struct tk_cell_sum *m = &k->s->sum[i];
		int64_t min = 0, max = 0, total = k->x[m->total];

		for (size_t j = 0; j < m->n; j++) {
			int64_t x = k->x[m->addend[j]];

			min += x < 0 ? 0 : x;
			max += x < 0 ? k->most : x;
		}
		if (min > (total < 0 ? k->most : total) || max < (total < 0 ? 0 : total))
			return false;
	}
	for (size_t i = 0; i < k->s->npart; i++) {
		int64_t x = k->x[k->s->part[i].cell], base = k->x[k->s->part[i].base];

		if (x >= 0 && base >= 0 && x > base)
			return false;
	}
	return true;
}

static void enumerate(struct count *k, size_t at)
{
	if (k->left-- <= 0 || !possible(k))
		return;
	if (at == k->n) {
		for (size_t c = 0; c < k->s->ncell; c++) {
			struct judge_range *r = &k->ret[c];

			r->lo = k->x[c] < r->lo ? k->x[c] : r->lo;
			r->hi = k->x[c] > r->hi ? k->x[c] : r->hi;
		}
		return;
	}
	for (int64_t v = 0; v <= k->most; v++) {
		k->x[k->unknown[at]] = v;
		enumerate(k, at + 1);
	}
	k->x[k->unknown[at]] = -1;
}

bool judge_enumerate(const struct tk_sdc *s, const uint8_t *status, int64_t most,
		     struct judge_range *ret)
{
	struct count k = { .s = s, .status = status, .ret = ret, .most = most, .left = 3000000 };

	k.x = tk_xcalloc(s->ncell, sizeof(*k.x));
	k.unknown = tk_xcalloc(s->ncell, sizeof(*k.unknown));
	for (size_t c = 0; c < s->ncell; c++) {
		bool open = status[c] != TK_CELL_ST_PRINTED;

		k.x[c] = open ? -1 : s->cell[c].count;
		ret[c] = (struct judge_range){ INT64_MAX, -1 };
		if (open)
			k.unknown[k.n++] = (uint32_t)c;
	}
	enumerate(&k, 0);
	free(k.x);
	free(k.unknown);
	return k.left > 0;
}
