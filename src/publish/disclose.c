/* disclose.c - from the tables of a campaign to a system of cells and sums, and back to masks. */
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "form/form_in.h"
#include "publish/build.h"
#include "table/survey_table.h"

/* -- one table --------------------------------------------------------------------------------- */
/* Where one answer each was possible the options and the rest of the base add up to it. */
static void whole(struct tk_build *b, const struct tk_table *t, size_t f, const uint32_t *option,
		  uint32_t base)
{
	const struct tk_figure *g = &t->figure[f];
	uint32_t *part = tk_alloc_n(b->op->mem, t->noption + 1, sizeof(*part));
	int64_t rest = g->n;
	size_t n = 0;

	for (size_t o = 0; o < t->noption; o++)
		if (g->count[o] >= 0) {
			part[n++] = option[o];
			rest -= g->count[o];
		}
	if (rest > 0)
		part[n++] = tk_sdc_cell(b->d->system, tk_build_name(b, t, f, SIZE_MAX), rest, 0, 1);
	tk_build_sum(b, base, part, n);
}

/* Shares of a large base are worth more to a reader than a single small count. */
static int64_t cost_of(const struct tk_table *t, size_t f)
{
	return t->parts && f + 1 == t->nfigure ? 20 : 4;
}

static uint32_t base_cell(struct tk_build *b, const struct tk_table *t, size_t f)
{
	const struct tk_figure *g = &t->figure[f];
	enum tk_space space = tk_build_space(t, g);
	unsigned flags = space == TK_SPACE_KNOWN ? TK_CELL_PRINTED | TK_CELL_SAFE
						 : TK_CELL_PRINTED | TK_CELL_MAY_SUPPRESS;

	if (space == TK_SPACE_ASKED)
		flags |= TK_CELL_SAFE;
	return tk_build_cell(b,
			     g->n ? tk_build_key(space, g->base_mark, g)
				  : tk_build_base(g->base_mark, g->people_mark, g->item),
			     tk_build_name(b, t, f, SIZE_MAX), g->n,
			     flags, 10 * cost_of(t, f));
}

static void figure(struct tk_build *b, size_t k, size_t f)
{
	const struct tk_table *t = b->d->table[k].table;
	const struct tk_figure *g = &t->figure[f];
	uint32_t *option = &b->option[k][f * t->noption];
	uint32_t base = base_cell(b, t, f);

	b->base[k][f] = base;
	for (size_t o = 0; o < t->noption; o++) {
		option[o] = TK_NO_CELL;
		if (g->count[o] < 0)
			continue;
		option[o] = tk_build_cell(
			b,
			tk_build_chosen(tk_build_base(g->base_mark, g->people_mark, g->item),
					g->item, t->option[o].code),
			tk_build_name(b, t, f, o), g->count[o],
			TK_CELL_PRINTED | TK_CELL_MAY_SUPPRESS, cost_of(t, f));
		if (option[o] != base)
			tk_sdc_part(b->d->system, option[o], base);
	}
	if (t->noption && tk_build_one_answer(b, g))
		whole(b, t, f, option, base);
}

static void add_table(struct tk_build *b, size_t k)
{
	const struct tk_table *t = b->d->table[k].table;

	b->base[k] = tk_alloc_n(b->op->mem, t->nfigure + 1, sizeof(uint32_t));
	b->option[k] = tk_alloc_n(b->op->mem, t->nfigure * t->noption + 1, sizeof(uint32_t));
	for (size_t i = 0; i < t->nfigure; i++)
		figure(b, k, i);
}

/* -- all tables -------------------------------------------------------------------------------- */
/* Every table named must be there: a name mistyped would publish less than was meant. */
static enum tk_rc known(const struct tk_build *b, const struct publication *p,
			const struct survey_table *def, size_t n)
{
	const char *s = p->tables ? p->tables : "";

	for (s += strspn(s, " "); *s; s += strspn(s, " ")) {
		const char *name = tk_strndup(b->op->mem, s, strcspn(s, " "));
		size_t i = 0;

		while (i < n && strcmp(def[i].name, name) != 0)
			i++;
		if (i == n)
			return tk_fail(b->op->e, TK_EINVAL, "tables",
				       N_("The questionnaire has no table \"%.60s\"."), name);
		s += strlen(name);
	}
	return TK_OK;
}

/* The tables asked for, or (others) those of earlier editions that are not among them. */
static enum tk_rc make_some(struct tk_build *b, const struct publication *p,
			    const struct campaign *c, const struct survey_table *def, size_t n,
			    const struct tk_earlier *others)
{
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < n && rc == TK_OK; i++) {
		struct tk_table_ask ask = { .name = def[i].name, .lang = b->lang };
		bool own = tk_is_blank(p->tables) || tk_has_word(p->tables, def[i].name);

		if (others ? own || !tk_earlier_has(others, def[i].name) : !own)
			continue;
		rc = tk_table_make(b->op, c, &ask, &b->d->table[b->d->ntable].table);
		if (rc == TK_OK)
			b->d->ntable++;
	}
	return rc;
}

static enum tk_rc make_tables(struct tk_build *b, const struct publication *p,
			      const struct campaign *c, size_t *ret_own)
{
	const struct tk_op *op = b->op;
	struct tk_earlier others;
	const struct survey_table *def = NULL;
	size_t ndef = 0;
	int64_t form = 0;
	enum tk_rc rc = tk_db_int(op->db, op->e, "SELECT form_id FROM form_version WHERE id = $1",
				  TK_ARGS(TK_I(c->form_version_id)), 0, &form);

	if (rc == TK_OK)
		rc = tk_survey_tables(op, form, &def, &ndef);
	if (rc == TK_OK)
		rc = known(b, p, def, ndef);
	b->d->table = tk_alloc_n(op->mem, ndef + 1, sizeof(*b->d->table));
	if (rc == TK_OK)
		rc = make_some(b, p, c, def, ndef, NULL);
	*ret_own = b->d->ntable;
	if (rc == TK_OK)
		rc = tk_earlier_tables(op, p, &others);
	if (rc == TK_OK && *ret_own) {
		b->d->editions = others.editions;
		rc = make_some(b, p, c, def, ndef, &others);
	}
	if (rc == TK_OK && !b->d->ntable)
		return tk_fail(op->e, TK_EINVAL, "tables",
			       N_("There is nothing to publish: the questionnaire has no tables "
				  "yet. Declare some first."));
	return rc;
}

static void leaks(struct tk_build *b, const struct tk_suppressed *s)
{
	struct tk_disclosure *d = b->d;

	d->leak = tk_alloc_n(b->op->mem, s->nleak + 1, sizeof(*d->leak));
	for (size_t i = 0; i < s->nleak; i++) {
		const struct tk_sdc_leak *l = &s->leak[i];
		const char *name = d->system->cell[l->cell].name;

		d->leak[d->nleak++] = l->base == UINT32_MAX
					      ? name
					      : tk_say(b->op->mem, b->lang,
						       N_("%s (the rest of its base)"), name);
	}
}

/* That nobody was asked shows in every answer: where it is left out, so are they. */
static bool nobody_asked(const struct tk_table *t, const uint8_t *base, size_t f)
{
	return t->figure[f].n == 0 && base[f] != TK_CELL_ST_PRINTED;
}

static void mask(struct tk_build *b, size_t k, const uint8_t *status)
{
	struct tk_disclosed *t = &b->d->table[k];
	size_t n = t->table->nfigure * t->table->noption;
	uint8_t *base = tk_alloc(b->op->mem, t->table->nfigure + 1);
	uint8_t *option = tk_alloc(b->op->mem, n + 1);
	struct tk_table_mask m = { b->d->rule.k, base, option };

	for (size_t f = 0; f < t->table->nfigure; f++)
		base[f] = status[b->base[k][f]];
	for (size_t i = 0; i < n; i++)
		option[i] = b->option[k][i] == TK_NO_CELL ? TK_CELL_ST_PRINTED
			    : nobody_asked(t->table, base, i / t->table->noption)
				    ? TK_CELL_ST_COMPLEMENTARY
				    : status[b->option[k][i]];
	t->base = base;
	t->option = option;
	tk_table_mask(t->table, &m, b->op->mem);
}

/* Figures of the tables, each once, without what is only in the system. */
static void count(struct tk_build *b, const struct tk_suppressed *s)
{
	struct tk_disclosure *d = b->d;
	struct tk_mark *key = tk_alloc_n(b->op->mem, d->system->ncell + 1, sizeof(*key));
	uint8_t *met = tk_alloc(b->op->mem, d->system->ncell + 1);
	size_t n[TK_CELL_ST_MAX] = { 0 };

	for (size_t i = 0; i < b->cap; i++)
		if (b->seen[i].mark.a)
			key[b->seen[i].cell] = b->seen[i].mark;
	d->shown = tk_alloc_n(b->op->mem, d->system->ncell + 1, sizeof(*d->shown));
	for (size_t k = 0; k < d->ntable; k++) {
		const struct tk_table *t = d->table[k].table;
		size_t nopt = t->nfigure * t->noption;

		for (size_t i = 0; i < t->nfigure + nopt; i++) {
			uint32_t c = i < t->nfigure ? b->base[k][i] : b->option[k][i - t->nfigure];

			if (c == TK_NO_CELL || met[c])
				continue;
			met[c] = 1;
			n[s->status[c]]++;
			if (s->status[c] == TK_CELL_ST_PRINTED && key[c].a)
				d->shown[d->nshown++] = key[c];
		}
	}
	d->primary = n[TK_CELL_ST_PRIMARY];
	d->complementary = n[TK_CELL_ST_COMPLEMENTARY];
	d->cells = n[TK_CELL_ST_PRINTED] + d->primary + d->complementary;
	d->optimal = s->optimal;
}

static int by_mark(const void *p, const void *q)
{
	const struct tk_mark *x = p, *y = q;

	if (x->a != y->a)
		return x->a < y->a ? -1 : 1;
	return (x->b > y->b) - (x->b < y->b);
}

static void add_out(struct tk_disclosure *d, struct tk_mark whom, uint8_t status)
{
	if (whom.a && status != TK_CELL_ST_PRINTED)
		d->out[d->nout++] = whom;
}

/* Before the tables are masked, which takes away whom they count. */
static void left_out(struct tk_build *b, const uint8_t *status)
{
	struct tk_disclosure *d = b->d;
	size_t n = 0;

	for (size_t k = 0; k < d->ntable; k++)
		n += d->table[k].table->nfigure * (1 + d->table[k].table->noption);
	d->out = tk_alloc_n(b->op->mem, n + 1, sizeof(*d->out));
	for (size_t k = 0; k < d->ntable; k++) {
		const struct tk_table *t = d->table[k].table;

		for (size_t f = 0; f < t->nfigure; f++) {
			add_out(d, t->figure[f].base_mark, status[b->base[k][f]]);
			for (size_t o = 0; o < t->noption; o++) {
				uint32_t c = b->option[k][f * t->noption + o];

				if (c != TK_NO_CELL && t->figure[f].mark)
					add_out(d, t->figure[f].mark[o], status[c]);
			}
		}
	}
	qsort(d->out, d->nout, sizeof(*d->out), by_mark);
}

bool tk_disclosure_leaves_out(const struct tk_disclosure *d, struct tk_mark whom)
{
	return whom.a && d->nout && bsearch(&whom, d->out, d->nout, sizeof(whom), by_mark);
}

/* Small figures that are out already are not printed once more; and a publication stays as it was
 * published. */
static void as_it_was(struct tk_build *b, const uint8_t *known, bool published, uint8_t *status)
{
	const struct tk_sdc *s = b->d->system;

	for (size_t c = 0; c < s->ncell; c++) {
		bool small = s->cell[c].count > 0 && s->cell[c].count < b->d->rule.k;

		if (known[c] == TK_FACT_OTHER && small && status[c] == TK_CELL_ST_PRINTED)
			status[c] = TK_CELL_ST_PRIMARY;
		else if (published && !(known[c] & TK_FACT_OWN) && status[c] == TK_CELL_ST_PRINTED)
			status[c] = TK_CELL_ST_COMPLEMENTARY;
	}
}

enum tk_rc tk_disclose(const struct tk_op *op, const struct publication *p,
		       const struct campaign *c, enum tk_lang lang, struct tk_disclosure *ret)
{
	struct tk_build b = { .op = op, .d = ret, .lang = lang };
	struct tk_suppressed s;
	uint8_t *known;
	bool published;
	size_t own;
	enum tk_rc rc;

	*ret = (struct tk_disclosure){ .system = tk_sdc_new(op->mem),
				       .rule = { .k = atoi(p->min_cell),
						 .protect_full = p->protect_all } };
	if ((rc = tk_form_get(op, c->form_version_id, &b.form)) != TK_OK ||
	    (rc = make_tables(&b, p, c, &own)) != TK_OK)
		return rc;
	b.base = tk_alloc_n(op->mem, ret->ntable, sizeof(*b.base));
	b.option = tk_alloc_n(op->mem, ret->ntable, sizeof(*b.option));
	for (size_t k = 0; k < ret->ntable; k++)
		add_table(&b, k);
	tk_build_link(&b);
	if ((rc = tk_earlier_facts(&b, p, &known, &published)) != TK_OK ||
	    (rc = tk_suppress(ret->system, &ret->rule, op->mem, &s, op->e)) != TK_OK)
		return rc;
	ret->status = memcpy(tk_alloc(op->mem, ret->system->ncell + 1), s.status,
			     ret->system->ncell);
	as_it_was(&b, known, published, s.status);
	ret->ntable = own;
	count(&b, &s);
	leaks(&b, &s);
	left_out(&b, s.status);
	for (size_t k = 0; k < ret->ntable; k++)
		mask(&b, k, s.status);
	return TK_OK;
}

enum tk_rc tk_disclosure_prove(const struct tk_op *op, const struct tk_disclosure *d)
{
	if (d->nleak)
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("These tables cannot be published as they are: %.200s could be "
				  "found out. Leave a table out, or divide it less."),
			       d->leak[0]);
	return tk_suppress_audit(d->system, &d->rule, d->status, op->mem, NULL, NULL, op->e);
}
