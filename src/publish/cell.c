/* cell.c - the cells of a publication, each found by whom it counts. */
#include <string.h>
#include "form/form_in.h"
#include "publish/build.h"

static struct tk_seen *slot(struct tk_seen *v, size_t cap, struct tk_mark m)
{
	size_t h = (size_t)m.a & (cap - 1);

	while (v[h].mark.a && (v[h].mark.a != m.a || v[h].mark.b != m.b))
		h = (h + 1) & (cap - 1);
	return &v[h];
}

static void grow(struct tk_build *b)
{
	size_t cap = b->cap ? b->cap * 2 : 4096;
	struct tk_seen *v = tk_alloc_n(b->op->mem, cap, sizeof(*v));

	for (size_t i = 0; i < b->cap; i++)
		if (b->seen[i].mark.a)
			*slot(v, cap, b->seen[i].mark) = b->seen[i];
	b->seen = v;
	b->cap = cap;
}

/* -- keys -------------------------------------------------------------------------------------- */
static void stir(struct tk_mark *m, const char *s)
{
	for (; s && *s; s++) {
		m->a = (m->a ^ (unsigned char)*s) * 0x100000001b3u;
		m->b = (m->b + (unsigned char)*s) * 0xd1342543de82ef95u;
	}
	m->a = (m->a ^ 0xff) * 0x100000001b3u;
	m->b = (m->b ^ m->b >> 29) * 0xd1342543de82ef95u + 1;
}

struct tk_mark tk_build_key(enum tk_space space, struct tk_mark whom, const struct tk_figure *f)
{
	if (!whom.a)
		return whom;
	stir(&whom, space == TK_SPACE_KNOWN     ? "known"
		    : space == TK_SPACE_ASKED   ? "asked"
		    : space == TK_SPACE_NUMBERS ? "numbers"
						: f->leans);
	if (space == TK_SPACE_NUMBERS)
		stir(&whom, f->item);
	return whom;
}

struct tk_mark tk_build_nobody(struct tk_mark base, const char *item, const char *code)
{
	if (!base.a)
		return base;
	stir(&base, "nobody");
	stir(&base, item);
	stir(&base, code);
	return base;
}

struct tk_mark tk_build_base(struct tk_mark base, struct tk_mark people, const char *item)
{
	return base.a ? base : tk_build_nobody(people, item, "base");
}

struct tk_mark tk_build_chosen(struct tk_mark base, const char *item, const char *code)
{
	if (!base.a)
		return base;
	stir(&base, "chosen");
	stir(&base, item);
	stir(&base, code);
	return base;
}

/* -- cells ------------------------------------------------------------------------------------- */
uint32_t tk_build_find(const struct tk_build *b, struct tk_mark key)
{
	const struct tk_seen *s = key.a && b->cap ? slot(b->seen, b->cap, key) : NULL;

	return s && s->mark.a ? s->cell : TK_NO_CELL;
}

uint32_t tk_build_cell(struct tk_build *b, struct tk_mark key, const char *name, int64_t count,
		       unsigned flags, int64_t cost)
{
	struct tk_sdc_cell *c;
	struct tk_seen *s;

	if (!key.a)
		return tk_sdc_cell(b->d->system, name, count, flags, cost);
	if (b->nseen * 2 >= b->cap)
		grow(b);
	s = slot(b->seen, b->cap, key);
	if (!s->mark.a) {
		*s = (struct tk_seen){ key, tk_sdc_cell(b->d->system, name, count, flags, cost) };
		b->nseen++;
		return s->cell;
	}
	c = &b->d->system->cell[s->cell];
	c->flags |= flags & (TK_CELL_PRINTED | TK_CELL_MAY_SUPPRESS);
	c->flags &= flags | ~(unsigned)TK_CELL_SAFE;
	c->cost += cost; /* the reader loses it everywhere at once */
	return s->cell;
}

/* Where one part is everybody it is the same cell as the total, and all other parts are nobody: the
 * sum then says nothing that is not said by that. */
void tk_build_sum(struct tk_build *b, uint32_t total, const uint32_t *part, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (part[i] == total)
			return;
	if (n)
		tk_sdc_sum(b->d->system, total, part, n);
}

const char *tk_build_name(const struct tk_build *b, const struct tk_table *t, size_t figure,
			  size_t option)
{
	const struct tk_figure *g = &t->figure[figure];
	const char *part = g->label && *g->label ? g->label : "";
	const char *what = option == SIZE_MAX ? tk_tr(b->lang, N_("base"))
					      : tk_in(b->lang, t->option[option].label_ja,
						      t->option[option].label_en);

	return tk_sprintf(b->op->mem, "%s: %s%s%s", t->name, part, *part ? ", " : "", what);
}

enum tk_space tk_build_space(const struct tk_table *t, const struct tk_figure *f)
{
	if (t->shape == TK_TABLE_FREE)
		return TK_SPACE_NUMBERS;
	if (f->known_base)
		return TK_SPACE_KNOWN;
	return f->known_people && f->all_asked ? TK_SPACE_ASKED : TK_SPACE_ANSWERS;
}

bool tk_build_one_answer(const struct tk_build *b, const struct tk_figure *f)
{
	int k = f->item ? tk_form_item_index(b->form, f->item) : -1;

	return k >= 0 && b->form->item[k].q == TK_Q_SINGLE;
}
