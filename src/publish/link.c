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
 * Besides, a question's base may be those who gave certain answers to another (opened.c).
 */
#include "publish/link.h"

/* -- sets -------------------------------------------------------------------------------------- */
static int64_t size_of(const struct tk_members *m)
{
	int64_t n = 0;

	for (size_t w = 0; w < m->nword; w++)
		n += __builtin_popcountll(m->bit[w]);
	return n;
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
static const struct tk_members *set_of(const struct tk_link_split *s, size_t i)
{
	const struct tk_figure *f = tk_link_figure(s->b, s->ref[i]);

	return s->known && !f->known_base ? &f->everybody : &f->members;
}

static void add_group(struct tk_link_split *s, struct tk_members set)
{
	struct tk_arena *a = s->b->op->mem;
	struct tk_link_group *g;

	if (s->n == s->cap) {
		struct tk_link_group *old = s->group;

		s->cap = s->cap ? s->cap * 2 : 16;
		s->group = tk_alloc_n(a, s->cap, sizeof(*s->group));
		if (s->n)
			memcpy(s->group, old, s->n * sizeof(*old));
	}
	g = &s->group[s->n++];
	*g = (struct tk_link_group){ .set = set };
	g->option = tk_alloc_n(a, s->ncode + 1, sizeof(*g->option));
	for (size_t c = 0; c < s->ncode; c++)
		g->option[c] = TK_NO_CELL;
}

/* Every group lies wholly inside this set or wholly outside; those of the set who are in no group
 * are a new one, if wanted. */
static void split_by(struct tk_link_split *s, const struct tk_members *set, bool more)
{
	struct tk_arena *a = s->b->op->mem;
	struct tk_members left = cut(a, set, set, true);
	size_t n = s->n;

	for (size_t i = 0; i < n; i++) {
		struct tk_members in, out;

		if (!tk_link_meet(&s->group[i].set, set))
			continue;
		in = cut(a, &s->group[i].set, set, true);
		out = cut(a, &s->group[i].set, set, false);
		left = cut(a, &left, &in, false);
		if (!size_of(&out))
			continue;
		s->group[i].set = in;
		add_group(s, out);
	}
	if (more && size_of(&left))
		add_group(s, left);
}

/* Bases that follow from the answers to this question are sums of answers of such groups too. */
static void split_by_opened(struct tk_link_split *s, const char *item)
{
	const struct tk_disclosure *d = s->b->d;

	for (size_t k = 0; k < d->ntable; k++)
		for (size_t f = 0; f < d->table[k].table->nfigure; f++) {
			const struct tk_figure *h = &d->table[k].table->figure[f];

			if (h->known_people && h->people > 0 && tk_has_word(h->leans, item))
				split_by(s, &h->everybody, false);
		}
}

/* A base that is declared counts also who did not answer; the answers say who did. */
static void settle(struct tk_link_split *s, struct tk_link_group *g)
{
	struct tk_arena *a = s->b->op->mem;
	bool some = false;

	g->who = cut(a, &g->set, &g->set, false);
	for (size_t i = 0; i < s->nref; i++) {
		const struct tk_figure *f = tk_link_figure(s->b, s->ref[i]);

		if (!f->declared && tk_link_meet(set_of(s, i), &g->set)) {
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

static bool same_base(const struct tk_build *b, struct tk_link_ref x, struct tk_link_ref y)
{
	const struct tk_figure *f = tk_link_figure(b, x), *g = tk_link_figure(b, y);

	return f->base_mark.a == g->base_mark.a && f->base_mark.b == g->base_mark.b &&
	       f->people_mark.a == g->people_mark.a && f->people_mark.b == g->people_mark.b &&
	       f->known_base == g->known_base;
}

/* All figures of one question, each base once; and all codes that any of them counts. */
static void gather(struct tk_link_split *s, const char *item, struct tk_link_ref *ref)
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
			struct tk_link_ref r = { k, f };
			const struct tk_figure *g = &t->figure[f];
			size_t i = 0;

			if (!g->item || strcmp(g->item, item) != 0 || g->people <= 0)
				continue;
			s->known = s->known && g->known_people;
			while (i < s->nref && !same_base(b, ref[i], r))
				i++;
			if (i == s->nref)
				ref[s->nref++] = r;
			for (size_t o = 0; o < t->noption; o++)
				if (b->option[k][f * t->noption + o] != TK_NO_CELL)
					tk_link_code(s, t->option[o].code);
		}
	}
}

/* -- cells of groups --------------------------------------------------------------------------- */
static const char *name_of(const struct tk_link_split *s, struct tk_link_ref r, size_t option)
{
	return tk_say(s->b->op->mem, s->b->lang,
		      N_("%s (a part of it, by the difference of tables)"),
		      tk_build_name(s->b, tk_link_table(s->b, r), r.figure, option));
}

static void frame(struct tk_build *b, const struct tk_figure *f, uint32_t base, int64_t n,
		  struct tk_mark base_mark, struct tk_mark people, int64_t npeople,
		  const char *name);

/* A group of people that everybody knows, in which everybody answered, is no secret itself. */
static void base_cell(struct tk_link_split *s, struct tk_link_group *g)
{
	enum tk_space space = s->space;
	struct tk_link_ref first = { SIZE_MAX, 0 };
	bool all_asked = s->known && space == TK_SPACE_ANSWERS;
	const struct tk_figure *f;

	for (size_t i = 0; i < s->nref; i++) {
		if (!tk_link_meet(set_of(s, i), &g->set))
			continue;
		if (first.table == SIZE_MAX)
			first = s->ref[i];
		f = tk_link_figure(s->b, s->ref[i]);
		all_asked = all_asked && (f->all_asked || f->declared);
	}
	f = tk_link_figure(s->b, first);
	if (all_asked)
		space = g->n == g->people ? TK_SPACE_KNOWN : TK_SPACE_ASKED;
	g->base = tk_build_cell(s->b,
				g->n ? tk_build_key(space, g->mark, f)
				     : tk_build_base(g->mark, g->set_mark, f->item),
				name_of(s, first, SIZE_MAX), g->n,
				space == TK_SPACE_KNOWN   ? TK_CELL_PRINTED | TK_CELL_SAFE
				: space == TK_SPACE_ASKED ? TK_CELL_SAFE
							  : 0,
				1);
	if (s->known && s->space == TK_SPACE_ANSWERS && space != TK_SPACE_KNOWN)
		frame(s->b, f, g->base, g->n, g->mark, g->set_mark, g->people,
		      name_of(s, first, SIZE_MAX));
}

static uint32_t option_cell(struct tk_link_split *s, struct tk_link_group *g, struct tk_link_ref r,
			    size_t option)
{
	const struct tk_table *t = tk_link_table(s->b, r);
	const struct tk_figure *f = tk_link_figure(s->b, r);
	const char *code = t->option[option].code;
	size_t c = tk_link_code(s, code);
	struct tk_members who;
	int64_t n;

	if (g->option[c] != TK_NO_CELL)
		return g->option[c];
	who = cut(s->b->op->mem, &g->set, &f->chosen[option], true);
	n = size_of(&who);
	g->option[c] = tk_build_cell(
		s->b, tk_build_chosen(tk_build_base(g->mark, g->set_mark, f->item), f->item, code),
		name_of(s, r, option), n, 0, 1);
	if (g->option[c] != g->base && n <= g->n)
		tk_sdc_part(s->b->d->system, g->option[c], g->base);
	return g->option[c];
}

/* In a base of its own somebody else's group may happen to be everybody: the reader does not know
 * that nobody is left. */
static void base_sum(struct tk_link_split *s, struct tk_link_ref r, uint32_t *part, size_t n)
{
	const struct tk_figure *f = tk_link_figure(s->b, r);
	uint32_t total = s->b->base[r.table][r.figure];

	if (f->known_base && s->space == TK_SPACE_ANSWERS)
		return;
	if (!s->known && n == 1 && part[0] != total)
		part[n++] = tk_build_cell(s->b, tk_build_nobody(f->base_mark, f->item, ""),
					  name_of(s, r, SIZE_MAX), 0, 0, 1);
	tk_build_sum(s->b, total, part, n);
}

static void sums_of(struct tk_link_split *s, size_t at)
{
	struct tk_link_ref r = s->ref[at];
	const struct tk_table *t = tk_link_table(s->b, r);
	struct tk_arena *a = s->b->op->mem;
	uint32_t *part = tk_alloc_n(a, s->n + 2, sizeof(*part));
	struct tk_link_group **in = tk_alloc_n(a, s->n + 1, sizeof(struct tk_link_group *));
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		if (tk_link_meet(&s->group[i].set, set_of(s, at))) {
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
static void whole(struct tk_link_split *s, struct tk_link_group *g)
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

static struct tk_link_split question(struct tk_build *b, const char *item, enum tk_space space,
				     struct tk_link_ref *ref)
{
	struct tk_link_split s = { .b = b, .space = space };
	bool one = space == TK_SPACE_ANSWERS;

	gather(&s, item, ref);
	for (size_t i = 0; i < s.nref; i++)
		split_by(&s, set_of(&s, i), true);
	one = one && s.nref && tk_build_one_answer(b, tk_link_figure(b, ref[0]));
	if (one && s.known)
		split_by_opened(&s, item);
	for (size_t i = 0; i < s.n && (s.nref > 1 || s.n > 1); i++) {
		settle(&s, &s.group[i]);
		base_cell(&s, &s.group[i]);
	}
	for (size_t i = 0; i < s.nref && (s.nref > 1 || s.n > 1); i++)
		sums_of(&s, i);
	for (size_t i = 0; i < s.n && one && (s.nref > 1 || s.n > 1); i++)
		whole(&s, &s.group[i]);
	return s;
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

	if (f->known_people && !f->known_base && t->shape != TK_TABLE_FREE && f->people > 0)
		frame(b, f, b->base[k][i], f->n, f->base_mark, f->people_mark, f->people,
		      tk_build_name(b, t, i, SIZE_MAX));
}

void tk_build_link(struct tk_build *b)
{
	struct tk_arena *a = b->op->mem;
	struct tk_link_split *split = tk_alloc_n(a, b->form->nitem + 1, sizeof(*split));
	size_t n = 0;

	for (size_t k = 0; k < b->d->ntable; k++)
		n += b->d->table[k].table->nfigure;
	for (size_t k = 0; k < b->d->ntable; k++)
		for (size_t f = 0; f < b->d->table[k].table->nfigure; f++)
			frame_of(b, k, f);
	for (size_t i = 0; i < b->form->nitem; i++) {
		const char *item = b->form->item[i].code;

		split[i] = question(b, item, TK_SPACE_ANSWERS,
				    tk_alloc_n(a, n + 1, sizeof(struct tk_link_ref)));
		(void)question(b, item, TK_SPACE_NUMBERS,
			       tk_alloc_n(a, n + 1, sizeof(struct tk_link_ref)));
	}
	for (size_t i = 0; i < b->form->nitem; i++)
		if (split[i].nref && tk_build_one_answer(b, tk_link_figure(b, *split[i].ref)))
			tk_link_opened(b, &split[i], b->form->item[i].code);
}
