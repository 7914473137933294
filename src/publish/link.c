/* link.c - sums that hold between tables.
 *
 * Nobody declares them.  A reader of a table of all institutions and of one without a sector knows
 * the sector by subtracting, although no table shows it.  So the people of each question's figures
 * are split into the smallest groups that these can be put together from; every base is the sum of
 * the bases of its groups, and so is every answer counted over it.  Groups that no table shows are
 * cells that nobody prints and nobody may compute.
 *
 * People are split where everybody knows whom a figure is about (sector, prefecture, attribute).
 * Where answers decide that, bases are split as they are.
 *
 * Besides, a question's base may be those who gave one of two answers to another.
 */
#include <string.h>
#include "base/text.h"
#include "form/form_in.h"
#include "publish/build.h"

enum { OPTIONS_MAX = 12 };

struct ref {
	size_t table, figure;
};
struct group {
	struct tk_members set, who; /* the people, and those of them in the base */
	struct tk_mark set_mark, mark;
	int64_t people, n;
	uint32_t base;
	uint32_t *option; /* by code of the question; TK_NO_CELL: not met yet */
};
struct split {
	struct tk_build *b;
	const struct ref *ref; /* figures of one question with different bases */
	size_t nref;
	struct group *group;
	size_t n, cap;
	const char **code;
	size_t ncode;
	enum tk_space space; /* numbers, or answers */
	bool known;	     /* all bases are about people that everybody knows */
};

static const struct tk_table *table_of(const struct tk_build *b, struct ref r)
{
	return b->d->table[r.table].table;
}

static const struct tk_figure *figure_of(const struct tk_build *b, struct ref r)
{
	return &table_of(b, r)->figure[r.figure];
}

/* -- sets -------------------------------------------------------------------------------------- */
static int64_t size_of(const struct tk_members *m)
{
	int64_t n = 0;

	for (size_t w = 0; w < m->nword; w++)
		n += __builtin_popcountll(m->bit[w]);
	return n;
}

static bool meet(const struct tk_members *x, const struct tk_members *y)
{
	size_t n = x->nword < y->nword ? x->nword : y->nword;

	for (size_t w = 0; w < n; w++)
		if (x->bit[w] & y->bit[w])
			return true;
	return false;
}

/* Those of x who are in y, or are not. */
static struct tk_members cut(struct tk_arena *a, const struct tk_members *x,
			     const struct tk_members *y, bool in)
{
	struct tk_members m = { tk_alloc_n(a, x->nword, sizeof(uint64_t)), x->nword };

	for (size_t w = 0; w < m.nword; w++) {
		uint64_t other = w < y->nword ? y->bit[w] : 0;

		m.bit[w] = x->bit[w] & (in ? other : ~other);
	}
	return m;
}

/* -- groups ------------------------------------------------------------------------------------ */
static const struct tk_members *set_of(const struct split *s, size_t i)
{
	const struct tk_figure *f = figure_of(s->b, s->ref[i]);

	return s->known && !f->known_base ? &f->everybody : &f->members;
}

static void add_group(struct split *s, struct tk_members set)
{
	struct tk_arena *a = s->b->op->mem;
	struct group *g;

	if (s->n == s->cap) {
		struct group *old = s->group;

		s->cap = s->cap ? s->cap * 2 : 16;
		s->group = tk_alloc_n(a, s->cap, sizeof(*s->group));
		if (s->n)
			memcpy(s->group, old, s->n * sizeof(*old));
	}
	g = &s->group[s->n++];
	*g = (struct group){ .set = set };
	g->option = tk_alloc_n(a, s->ncode + 1, sizeof(*g->option));
	for (size_t c = 0; c < s->ncode; c++)
		g->option[c] = TK_NO_CELL;
}

/* Every group lies wholly inside this set or wholly outside. */
static void split_by(struct split *s, const struct tk_members *set)
{
	struct tk_arena *a = s->b->op->mem;
	struct tk_members left = cut(a, set, set, true);
	size_t n = s->n;

	for (size_t i = 0; i < n; i++) {
		struct tk_members in, out;

		if (!meet(&s->group[i].set, set))
			continue;
		in = cut(a, &s->group[i].set, set, true);
		out = cut(a, &s->group[i].set, set, false);
		left = cut(a, &left, &in, false);
		if (!size_of(&out))
			continue;
		s->group[i].set = in;
		add_group(s, out);
	}
	if (size_of(&left))
		add_group(s, left);
}

/* A base that is declared counts also who did not answer; the answers say who did. */
static void settle(struct split *s, struct group *g)
{
	struct tk_arena *a = s->b->op->mem;
	bool some = false;

	g->who = cut(a, &g->set, &g->set, false);
	for (size_t i = 0; i < s->nref; i++) {
		const struct tk_figure *f = figure_of(s->b, s->ref[i]);

		if (!f->declared && meet(set_of(s, i), &g->set)) {
			struct tk_members in = cut(a, &g->set, &f->members, true);

			for (size_t w = 0; w < in.nword; w++)
				g->who.bit[w] |= in.bit[w];
			some = true;
		}
	}
	g->who = some ? g->who : g->set;
	g->set_mark = tk_members_mark(&g->set);
	g->people = size_of(&g->set);
	g->mark = tk_members_mark(&g->who);
	g->n = size_of(&g->who);
}

static bool same_base(const struct tk_build *b, struct ref x, struct ref y)
{
	const struct tk_figure *f = figure_of(b, x), *g = figure_of(b, y);

	return f->base_mark.a == g->base_mark.a && f->base_mark.b == g->base_mark.b &&
	       f->people_mark.a == g->people_mark.a && f->people_mark.b == g->people_mark.b &&
	       f->known_base == g->known_base;
}

/* Which code of the question it is; a new one is added. */
static size_t code_at(struct split *s, const char *code)
{
	size_t c = 0;

	while (c < s->ncode && strcmp(s->code[c], code) != 0)
		c++;
	if (c == s->ncode)
		s->code[s->ncode++] = code;
	return c;
}

/* All figures of one question, each base once; and all codes that any of them counts. */
static void gather(struct split *s, const char *item, struct ref *ref)
{
	const struct tk_build *b = s->b;
	size_t room = 0;

	s->ref = ref;
	s->known = true;
	for (size_t k = 0; k < b->d->ntable; k++)
		room += b->d->table[k].table->noption;
	s->code = tk_alloc_n(b->op->mem, room + 1, sizeof(*s->code));
	for (size_t k = 0; k < b->d->ntable; k++) {
		const struct tk_table *t = b->d->table[k].table;

		if ((t->shape == TK_TABLE_FREE) != (s->space == TK_SPACE_NUMBERS))
			continue;
		for (size_t f = 0; f < t->nfigure; f++) {
			struct ref r = { k, f };
			const struct tk_figure *g = &t->figure[f];
			size_t i = 0;

			if (!g->item || strcmp(g->item, item) != 0 ||
			    g->people <= 0)
				continue;
			s->known = s->known && g->known_people;
			while (i < s->nref && !same_base(b, ref[i], r))
				i++;
			if (i == s->nref)
				ref[s->nref++] = r;
			for (size_t o = 0; o < t->noption; o++)
				if (b->option[k][f * t->noption + o] != TK_NO_CELL)
					code_at(s, t->option[o].code);
		}
	}
}

/* -- cells of groups --------------------------------------------------------------------------- */
static const char *name_of(const struct split *s, struct ref r, size_t option)
{
	return tk_say(s->b->op->mem, s->b->lang,
		      N_("%s (a part of it, by the difference of tables)"),
		      tk_build_name(s->b, table_of(s->b, r), r.figure, option));
}

static void frame(struct tk_build *b, const struct tk_figure *f, uint32_t base, int64_t n,
		  struct tk_mark base_mark, struct tk_mark people, int64_t npeople,
		  const char *name);

/* A group of people that everybody knows, in which everybody answered, is no secret itself. */
static void base_cell(struct split *s, struct group *g)
{
	enum tk_space space = s->space;
	struct ref first = { SIZE_MAX, 0 };
	bool all_asked = s->known && space == TK_SPACE_ANSWERS;
	const struct tk_figure *f;

	for (size_t i = 0; i < s->nref; i++) {
		if (!meet(set_of(s, i), &g->set))
			continue;
		if (first.table == SIZE_MAX)
			first = s->ref[i];
		f = figure_of(s->b, s->ref[i]);
		all_asked = all_asked && (f->all_asked || f->declared);
	}
	f = figure_of(s->b, first);
	if (all_asked)
		space = g->n == g->people ? TK_SPACE_KNOWN : TK_SPACE_ASKED;
	g->base = tk_build_cell(s->b,
				g->n ? tk_build_key(space, g->mark, f)
				     : tk_build_base(g->mark, g->set_mark, f->item),
				name_of(s, first, SIZE_MAX), g->n,
				space == TK_SPACE_KNOWN	  ? TK_CELL_PRINTED | TK_CELL_SAFE
				: space == TK_SPACE_ASKED ? TK_CELL_SAFE
							  : 0,
				1);
	if (s->known && s->space == TK_SPACE_ANSWERS && space != TK_SPACE_KNOWN)
		frame(s->b, f, g->base, g->n, g->mark, g->set_mark, g->people,
		      name_of(s, first, SIZE_MAX));
}

static uint32_t option_cell(struct split *s, struct group *g, struct ref r, size_t option)
{
	const struct tk_table *t = table_of(s->b, r);
	const struct tk_figure *f = figure_of(s->b, r);
	const char *code = t->option[option].code;
	size_t c = code_at(s, code);
	struct tk_members who;
	int64_t n;

	if (g->option[c] != TK_NO_CELL)
		return g->option[c];
	who = cut(s->b->op->mem, &g->set, &f->chosen[option], true);
	n = size_of(&who);
	g->option[c] = tk_build_cell(
		s->b,
		tk_build_chosen(tk_build_base(g->mark, g->set_mark, f->item), f->item, code),
		name_of(s, r, option), n, 0, 1);
	if (g->option[c] != g->base && n <= g->n)
		tk_sdc_part(s->b->d->system, g->option[c], g->base);
	return g->option[c];
}

/* In a base of its own somebody else's group may happen to be everybody: the reader does not know
 * that nobody is left. */
static void base_sum(struct split *s, struct ref r, uint32_t *part, size_t n)
{
	const struct tk_figure *f = figure_of(s->b, r);
	uint32_t total = s->b->base[r.table][r.figure];

	if (f->known_base)
		return;
	if (!s->known && n == 1 && part[0] != total)
		part[n++] = tk_build_cell(s->b, tk_build_nobody(f->base_mark, f->item, ""),
					  name_of(s, r, SIZE_MAX), 0, 0, 1);
	tk_build_sum(s->b, total, part, n);
}

static void sums_of(struct split *s, size_t at)
{
	struct ref r = s->ref[at];
	const struct tk_table *t = table_of(s->b, r);
	struct tk_arena *a = s->b->op->mem;
	uint32_t *part = tk_alloc_n(a, s->n + 2, sizeof(*part));
	struct group **in = tk_alloc_n(a, s->n + 1, sizeof(struct group *));
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		if (meet(&s->group[i].set, set_of(s, at))) {
			part[n] = s->group[i].base;
			in[n++] = &s->group[i];
		}
	base_sum(s, r, part, n);
	for (size_t o = 0; o < t->noption; o++) {
		uint32_t total = s->b->option[r.table][r.figure * t->noption + o];

		if (total == TK_NO_CELL)
			continue;
		for (size_t i = 0; i < n; i++)
			part[i] = option_cell(s, in[i], r, o);
		if (n > 1 || s->known)
			tk_build_sum(s->b, total, part, n);
	}
}

/* Where one answer was possible the answers of a group, and the rest of it, are the group. */
static void whole(struct split *s, struct group *g)
{
	uint32_t *part = tk_alloc_n(s->b->op->mem, s->ncode + 1, sizeof(*part));
	int64_t rest = g->n;
	size_t n = 0;

	for (size_t c = 0; c < s->ncode; c++) {
		if (g->option[c] == TK_NO_CELL)
			continue;
		part[n++] = g->option[c];
		rest -= s->b->d->system->cell[g->option[c]].count;
	}
	if (!n || rest < 0)
		return;
	if (rest > 0)
		part[n++] = tk_sdc_cell(s->b->d->system, s->b->d->system->cell[g->base].name, rest,
					0, 1);
	tk_build_sum(s->b, g->base, part, n);
}

static void question(struct tk_build *b, const char *item, enum tk_space space, struct ref *ref)
{
	struct split s = { .b = b, .space = space };

	gather(&s, item, ref);
	if (s.nref < 2)
		return;
	for (size_t i = 0; i < s.nref; i++)
		split_by(&s, set_of(&s, i));
	for (size_t i = 0; i < s.n; i++) {
		settle(&s, &s.group[i]);
		base_cell(&s, &s.group[i]);
	}
	for (size_t i = 0; i < s.nref; i++)
		sums_of(&s, i);
	if (space == TK_SPACE_ANSWERS && tk_build_one_answer(b, figure_of(b, ref[0])))
		for (size_t i = 0; i < s.n; i++)
			whole(&s, &s.group[i]);
}

/* -- how many were not asked ------------------------------------------------------------------- */
/* How many institutions a sector has is known; those of it who are not in a base are the rest.  Who
 * was not asked answered something else before; who only did not answer keeps no secret. */
static void frame(struct tk_build *b, const struct tk_figure *f, uint32_t base, int64_t n,
		  struct tk_mark base_mark, struct tk_mark people, int64_t npeople,
		  const char *name)
{
	struct tk_mark rest = { people.a - base_mark.a, people.b - base_mark.b };
	uint32_t part[2] = { base };

	part[1] = tk_build_cell(b, rest.a ? rest : tk_build_nobody(people, f->item, "not asked"),
				tk_say(b->op->mem, b->lang, N_("%s (who is not in it)"), name),
				npeople - n, f->all_asked ? TK_CELL_SAFE : 0, 1);
	tk_build_sum(b,
		     tk_build_cell(b, tk_build_key(TK_SPACE_KNOWN, people, f), name, npeople,
				   TK_CELL_PRINTED | TK_CELL_SAFE, 1),
		     part, 2);
}

static void frame_of(struct tk_build *b, size_t k, size_t i)
{
	const struct tk_table *t = b->d->table[k].table;
	const struct tk_figure *f = &t->figure[i];

	if (f->known_people && !f->known_base && t->shape != TK_TABLE_FREE &&
	    f->people > 0)
		frame(b, f, b->base[k][i], f->n, f->base_mark, f->people_mark, f->people,
		      tk_build_name(b, t, i, SIZE_MAX));
}

/* -- answers that open a question -------------------------------------------------------------- */
/* The options of a figure that are in a set, if they count as many as n. */
static size_t parts_of(const struct tk_build *b, struct ref r, const char *const *code,
		       size_t ncode,
		       int64_t n, uint32_t *part)
{
	const struct tk_table *t = table_of(b, r);
	const struct tk_figure *g = figure_of(b, r);
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

/* Figures of two questions about the same people. */
struct pair {
	struct tk_build *b;
	const char *item, *opened;
	const char *const *code;
	size_t n;
	bool fits;
};

static void look_at(struct pair *p, struct ref r, struct ref q, bool add)
{
	const struct tk_figure *g = figure_of(p->b, r), *h = figure_of(p->b, q);
	uint32_t part[OPTIONS_MAX];
	size_t n;

	if (!h->item || strcmp(h->item, p->opened) != 0 || !tk_has_word(h->leans, p->item) ||
	    h->people_mark.a != g->people_mark.a || h->people_mark.b != g->people_mark.b)
		return;
	n = parts_of(p->b, r, p->code, p->n, h->n, part);
	p->fits = p->fits && n;
	if (add)
		tk_build_sum(p->b, p->b->base[q.table][q.figure], part, n);
}

static void each_pair(struct pair *p, bool add)
{
	const struct tk_disclosure *d = p->b->d;

	for (size_t k = 0; k < d->ntable; k++)
		for (size_t f = 0; f < d->table[k].table->nfigure; f++) {
			const struct tk_figure *g = &d->table[k].table->figure[f];

			if (!g->item || strcmp(g->item, p->item) != 0 || !g->count)
				continue;
			for (size_t q = 0; q < d->ntable; q++)
				for (size_t i = 0; i < d->table[q].table->nfigure; i++)
					look_at(p, (struct ref){ k, f }, (struct ref){ q, i }, add);
		}
}

/* Those who gave these answers to one question are asked the other: not only on the whole, in every
 * slice, also where nobody gave one of them.  Where one slice does not fit, it was chance. */
static void opens(struct tk_build *b, const char *item, const char *const *code, size_t n,
		  const char *opened)
{
	struct pair p = { b, item, opened, code, n, true };

	each_pair(&p, false);
	if (p.fits)
		each_pair(&p, true);
}

/* Bases that are just those who gave these answers, and lean on that question. */
static void bases_of(struct tk_build *b, struct ref r, struct tk_mark whom, const char *const *code,
		     size_t n)
{
	const struct tk_figure *g = figure_of(b, r);

	for (size_t k = 0; k < b->d->ntable; k++)
		for (size_t f = 0; f < b->d->table[k].table->nfigure; f++) {
			const struct tk_figure *h = &b->d->table[k].table->figure[f];
			uint32_t part[OPTIONS_MAX];

			if (!h->item || h->base_mark.a != whom.a || h->base_mark.b != whom.b ||
			    !tk_has_word(h->leans, g->item))
				continue;
			if (h->people_mark.a != g->people_mark.a)
				tk_build_sum(b, b->base[k][f], part,
					     parts_of(b, r, code, n, h->n, part));
			opens(b, g->item, code, n, h->item);
		}
}

/* Is somebody's base just those who gave one of some answers to a question with one answer each? */
static void opened(struct tk_build *b, size_t k, size_t f)
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
			bases_of(b, (struct ref){ k, f }, sum, code, n);
	}
}

void tk_build_link(struct tk_build *b)
{
	struct ref *ref;
	size_t n = 0;

	for (size_t k = 0; k < b->d->ntable; k++)
		n += b->d->table[k].table->nfigure;
	ref = tk_alloc_n(b->op->mem, n + 1, sizeof(*ref));
	for (size_t k = 0; k < b->d->ntable; k++)
		for (size_t f = 0; f < b->d->table[k].table->nfigure; f++)
			frame_of(b, k, f);
	for (size_t i = 0; i < b->form->nitem; i++) {
		question(b, b->form->item[i].code, TK_SPACE_ANSWERS, ref);
		question(b, b->form->item[i].code, TK_SPACE_NUMBERS, ref);
	}
	for (size_t k = 0; k < b->d->ntable; k++)
		for (size_t f = 0; f < b->d->table[k].table->nfigure; f++)
			if (tk_build_one_answer(b, &b->d->table[k].table->figure[f]))
				opened(b, k, f);
}
