/* grid.c - the roadmap counted: nine cells, what stands in none, and what is open month by month.
 */
#include <string.h>
#include "base/clock.h"
#include "roadmap/roadmap.h"

enum { MAX_LOOSE = 200 };
struct gather {
	struct tk_roadmap *to;
	struct tk_arena *mem;
	int64_t from, to_end;           /* of the year, as times; 0: all years */
	int year;
};

static int index_of(const struct tk_choice *c, const char *id)
{
	for (int i = 0; id && c[i].id; i++)
		if (!strcmp(c[i].id, id))
			return i;
	return -1;
}

/* The state at the end of the year: what was closed later was open then. */
static const char *state_then(const struct gather *g, const struct tk_roadmap_item *r)
{
	const struct tk_life *l = &r->life;

	return g->to_end && l->closed_at >= g->to_end ? "doing" : l->state;
}

static void count(struct tk_roadmap_count *c, const char *state)
{
	if (!strcmp(state, "planned"))
		c->planned++;
	else if (!strcmp(state, "doing"))
		c->doing++;
	else if (!strcmp(state, "done"))
		c->done++;
	else
		c->dropped++;
}

/* First moment of the month m (0 = April) of a fiscal year, and its first day. */
static int64_t month_start(int year, int m, char day[11])
{
	struct tk_date d = { year + (m + 3) / 12, (m + 3) % 12 + 1, 1 };

	tk_date_iso(d, day);
	return tk_date_time(d);
}

static void months(const struct gather *g, const struct tk_roadmap_item *r)
{
	for (int m = 0; m < g->to->nmonth; m++) {
		char after[11];
		int64_t end = month_start(g->year, m + 1, after);

		if (strcmp(r->raised_on, after) < 0 &&
		    (!r->life.closed_at || r->life.closed_at >= end))
			g->to->open[m]++;
	}
}

static enum tk_rc item(void *ctx, const void *rec, const char *const *label)
{
	struct gather *g = ctx;
	const struct tk_roadmap_item *r = rec;
	int x = index_of(tk_roadmap_threat, r->threat);
	int y = index_of(tk_roadmap_property, r->property);
	const char *state;

	(void)label;
	if (g->year)
		months(g, r);
	if (g->year && (r->fiscal_year > g->year ||
			(r->life.closed_at && r->life.closed_at < g->from)))
		return TK_OK;
	state = state_then(g, r);
	count(&g->to->total, state);
	count(x < 0 || y < 0 ? &g->to->unplaced : &g->to->cell[x][y], state);
	if ((x < 0 || y < 0) && (!strcmp(state, "planned") || !strcmp(state, "doing")) &&
	    g->to->nloose < MAX_LOOSE)
		g->to->loose[g->to->nloose++] = (struct tk_roadmap_loose){
			r->rec.id, tk_strdup(g->mem, r->title), tk_strdup(g->mem, state) };
	return TK_OK;
}

/* Months that have begun. */
static int months_of(int year)
{
	struct tk_date d = tk_today();
	int now = tk_fiscal_year(d);

	if (year != now)
		return year < now ? 12 : 0;
	return (d.m + 8) % 12 + 1;
}

enum tk_rc tk_roadmap_read(const struct tk_op *op, int year, struct tk_roadmap *ret)
{
	struct tk_query q = { .limit = -1 };
	struct gather g = { .to = ret, .mem = op->mem, .year = year };
	char day[11];
	enum tk_rc rc;

	*ret = (struct tk_roadmap){ 0 };
	ret->loose = tk_alloc_n(op->mem, MAX_LOOSE, sizeof(*ret->loose));
	if (year) {
		g.from = month_start(year, 0, day);
		g.to_end = month_start(year, 12, day);
		ret->nmonth = months_of(year);
	}
	rc = tk_rec_list(op, &tk_roadmap_item_type, &q, item, &g, NULL, NULL);
	for (int x = 0; x < TK_ROADMAP_SIDE; x++)
		for (int y = 0; y < TK_ROADMAP_SIDE; y++) {
			const struct tk_roadmap_count *c = &ret->cell[x][y];

			ret->empty += !(c->planned + c->doing + c->done);
		}
	return rc;
}
