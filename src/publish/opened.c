/* opened.c - bases that follow from answers: who is asked a question because of the answers to
 * another one (link.c has the groups). */
#include "base/text.h"
#include "publish/link.h"

enum { OPTIONS_MAX = 12 };

/* The options of a figure that are in a set, if they count as many as n. */
static size_t parts_of(const struct tk_build *b, struct tk_link_ref r, const char *const *code,
		       size_t ncode, int64_t n, uint32_t *part)
{
	const struct tk_table *t = tk_link_table(b, r);
	const struct tk_figure *g = tk_link_figure(b, r);
	size_t found = 0;

	for (size_t o = 0; o < t->noption; o++)
		for (size_t c = 0; c < ncode; c++) {
			uint32_t cell = b->option[r.table][r.figure * t->noption + o];

			if (strcmp(t->option[o].code, code[c]) != 0 || cell == TK_NO_CELL)
				continue;
			part[found++] = cell;
			n -= g->count[o];
		}
	return found == ncode && n == 0 ? found : 0;
}

/* One question, some answers to it, and the question that they open. */
struct pair {
	struct tk_build *b;
	struct tk_link_split *split; /* of the first */
	const char *item, *opened;
	const char *const *code;
	size_t n;
	bool fits;
};

/* Those answers in all groups that a figure of the other question is about. */
static void by_groups(struct pair *p, struct tk_link_ref q, bool add)
{
	const struct tk_figure *h = tk_link_figure(p->b, q);
	struct tk_link_split *s = p->split;
	uint32_t *part = tk_alloc_n(p->b->op->mem, s->n * p->n + 1, sizeof(*part));
	int64_t people = h->people, left = h->n;
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++) {
		if (!tk_link_meet(&s->group[i].set, &h->everybody))
			continue;
		people -= s->group[i].people;
		for (size_t c = 0; c < p->n; c++) {
			uint32_t cell = s->group[i].option[tk_link_code(s, p->code[c])];

			if (cell == TK_NO_CELL)
				return;
			part[n++] = cell;
			left -= p->b->d->system->cell[cell].count;
		}
	}
	if (people != 0)
		return; /* of some of them no table says what they answered */
	p->fits = p->fits && left == 0;
	if (add)
		tk_build_sum(p->b, p->b->base[q.table][q.figure], part, n);
}

/* The same, figure by figure about the same people. */
static void by_figures(struct pair *p, struct tk_link_ref q, bool add)
{
	const struct tk_figure *h = tk_link_figure(p->b, q);
	const struct tk_disclosure *d = p->b->d;

	for (size_t k = 0; k < d->ntable; k++)
		for (size_t f = 0; f < d->table[k].table->nfigure; f++) {
			const struct tk_figure *g = &d->table[k].table->figure[f];
			uint32_t part[OPTIONS_MAX];
			size_t n;

			if (!g->item || strcmp(g->item, p->item) != 0 || !g->count ||
			    h->people_mark.a != g->people_mark.a ||
			    h->people_mark.b != g->people_mark.b)
				continue;
			n = parts_of(p->b, (struct tk_link_ref){ k, f }, p->code, p->n, h->n, part);
			p->fits = p->fits && n;
			if (add)
				tk_build_sum(p->b, p->b->base[q.table][q.figure], part, n);
		}
}

static void each_opened(struct pair *p, bool add)
{
	const struct tk_disclosure *d = p->b->d;
	bool groups = p->split->known && (p->split->nref > 1 || p->split->n > 1);

	for (size_t q = 0; q < d->ntable; q++)
		for (size_t i = 0; i < d->table[q].table->nfigure; i++) {
			const struct tk_figure *h = &d->table[q].table->figure[i];

			if (!h->item || strcmp(h->item, p->opened) != 0 || h->people <= 0 ||
			    !tk_has_word(h->leans, p->item))
				continue;
			if (groups && h->known_people)
				by_groups(p, (struct tk_link_ref){ q, i }, add);
			else
				by_figures(p, (struct tk_link_ref){ q, i }, add);
		}
}

/* Those who gave these answers to one question are asked the other: not only on the whole, in every
 * slice, also where nobody gave one of them.  Where one slice does not fit, it was chance. */
static void opens(struct tk_build *b, struct tk_link_split *split, const char *item,
		  const char *const *code, size_t n, const char *opened)
{
	struct pair p = { b, split, item, opened, code, n, true };
	const char *name = opened;

	for (size_t c = 0; c < n; c++)
		name = tk_sprintf(b->op->mem, "%s,%s", name, code[c]);
	if (split->tried && tk_has_word(split->tried, name))
		return;
	split->tried = tk_sprintf(b->op->mem, "%s %s", split->tried ? split->tried : "", name);
	each_opened(&p, false);
	if (p.fits)
		each_opened(&p, true);
}

/* Bases that are just those who gave these answers, and lean on that question. */
static void bases_of(struct tk_build *b, struct tk_link_split *split, struct tk_link_ref r,
		     struct tk_mark whom, const char *const *code, size_t n)
{
	const struct tk_figure *g = tk_link_figure(b, r);

	for (size_t k = 0; k < b->d->ntable; k++)
		for (size_t f = 0; f < b->d->table[k].table->nfigure; f++) {
			const struct tk_figure *h = &b->d->table[k].table->figure[f];
			uint32_t part[OPTIONS_MAX];

			if (!h->item || h->base_mark.a != whom.a || h->base_mark.b != whom.b ||
			    !tk_has_word(h->leans, g->item))
				continue;
			if (!h->known_people)
				tk_build_sum(b, b->base[k][f], part,
					     parts_of(b, r, code, n, h->n, part));
			opens(b, split, g->item, code, n, h->item);
		}
}

/* The answers that those of a base gave to the question it leans on; 0: more than can be looked at.
 */
static size_t answers_of(const struct tk_link_split *s, const struct tk_figure *h,
			 const char *code[OPTIONS_MAX])
{
	size_t n = 0;

	for (size_t c = 0; c < s->ncode; c++) {
		bool given = false;

		for (size_t i = 0; i < s->nref && !given; i++) {
			const struct tk_table *t = tk_link_table(s->b, s->ref[i]);

			for (size_t o = 0; o < t->noption && !given; o++)
				given = !strcmp(t->option[o].code, s->code[c]) &&
					tk_link_meet(&tk_link_figure(s->b, s->ref[i])->chosen[o],
						     &h->members);
		}
		if (given && n == OPTIONS_MAX)
			return 0;
		if (given)
			code[n++] = s->code[c];
	}
	return n;
}

/* Bases of known people that lean on a question whose answers are known by groups. */
static void openings(struct tk_build *b, struct tk_link_split *s, const char *item)
{
	for (size_t k = 0; k < b->d->ntable; k++)
		for (size_t f = 0; f < b->d->table[k].table->nfigure; f++) {
			const struct tk_figure *h = &b->d->table[k].table->figure[f];
			const char *code[OPTIONS_MAX];
			size_t n;

			if (h->item && h->known_people && h->n > 0 && tk_has_word(h->leans, item) &&
			    (n = answers_of(s, h, code)))
				opens(b, s, item, code, n, h->item);
		}
}

/* Is somebody's base just those who gave one of some answers to a question with one answer each? */
static void opened(struct tk_build *b, struct tk_link_split *split, size_t k, size_t f)
{
	const struct tk_table *t = b->d->table[k].table;
	const struct tk_figure *g = &t->figure[f];

	if (t->noption > OPTIONS_MAX || g->n <= 0)
		return;
	for (uint32_t set = 1; set < 1u << t->noption; set++) {
		struct tk_mark sum = { 0, 0 };
		const char *code[OPTIONS_MAX];
		size_t n = 0;

		for (size_t o = 0; o < t->noption; o++)
			if (set >> o & 1 && g->count[o] > 0) {
				sum.a += g->mark[o].a;
				sum.b += g->mark[o].b;
				code[n++] = t->option[o].code;
			} else if (set >> o & 1) {
				n = 0; /* a set without it says the same */
				break;
			}
		if (n)
			bases_of(b, split, (struct tk_link_ref){ k, f }, sum, code, n);
	}
}

void tk_link_opened(struct tk_build *b, struct tk_link_split *s, const char *item)
{
	if (s->known)
		openings(b, s, item);
	for (size_t k = 0; k < b->d->ntable; k++)
		for (size_t f = 0; f < b->d->table[k].table->nfigure; f++) {
			const struct tk_figure *g = &b->d->table[k].table->figure[f];

			if (g->item && !strcmp(g->item, item) && g->mark)
				opened(b, s, k, f);
		}
}
