/* position_guard.c - the counts of a sheet, and which of them its reader may see.
 *
 * The reader knows the own answer, so what is protected are the counts of the others: in the
 * sector, outside it, and in all, which is their sum.  One system over all questions: figures about
 * the same respondents are one cell, as a condition's base is the answer that opens it. */
#include <string.h>
#include "publish/cells.h"
#include "publish/position_int.h"

enum { OUTSIDE = NSTRATUM, NPART };

/* Whom a figure counts: with the reader in each stratum, without in each part. */
struct whom {
	int64_t n[NSTRATUM], other[NPART];
	struct tk_mark in[NSTRATUM], who[NPART];
};
/* Of a question with one answer each, to be looked at again when all cells are there. */
struct single {
	struct tk_mark *whom[NPART];
	uint32_t *answer[NPART], base[NPART];
	size_t n;
};
struct guard {
	const struct tk_op *op;
	struct tk_position *s;
	struct tk_position_people people;
	struct tk_cells cells;
	struct single *single;
	size_t nsingle;
	struct tk_mark base[NPART];     /* of the item that is being placed */
};

enum tk_rc tk_position_cut(const struct tk_op *op, const struct tk_positions *ps,
			   const struct tk_filter *f, const struct tk_filter *g,
			   const struct tk_filter *h, struct tk_filter **ret)
{
	enum tk_rc rc = TK_OK;

	*ret = tk_filter_all(op->mem, ps->l->plane);
	if (f)
		rc = tk_filter_and(*ret, f, op->e);
	if (g && rc == TK_OK)
		rc = tk_filter_and(*ret, g, op->e);
	if (h && rc == TK_OK)
		rc = tk_filter_and(*ret, h, op->e);
	return rc;
}

enum tk_rc tk_position_base(const struct tk_op *op, const struct tk_positions *ps, size_t item,
			    struct tk_filter **ret)
{
	const struct tk_plane *p = ps->l->plane;
	enum tk_rc rc = TK_OK;

	*ret = tk_filter_code(op->mem, p, item, TK_ANSWER_NOT_ASKED);
	for (unsigned k = TK_ANSWER_NO_ANSWER; k <= TK_ANSWER_NOT_APPLICABLE && rc == TK_OK; k++)
		rc = tk_filter_or(*ret, tk_filter_code(op->mem, p, item, k), op->e);
	return rc == TK_OK ? tk_filter_not(*ret, p, op->e) : rc;
}

/* -- counting ---------------------------------------------------------------------------------- */
static enum tk_rc count(struct guard *g, const struct tk_filter *f, struct whom *ret)
{
	const struct tk_positions *ps = g->s->ps;
	const struct tk_position_people *p = &g->people;
	struct tk_filter *x, *outside;
	enum tk_rc rc = TK_OK;

	for (int k = 0; k < NSTRATUM && rc == TK_OK; k++) {
		const struct tk_filter *part = k == SECTOR ? p->sector : NULL;

		rc = tk_position_cut(g->op, ps, f, part, NULL, &x);
		if (rc != TK_OK)
			break;
		ret->n[k] = (int64_t)tk_filter_size(x);
		ret->in[k] = tk_filter_mark(x);
		rc = tk_position_cut(g->op, ps, f, part, p->others, &x);
		ret->other[k] = (int64_t)tk_filter_size(x);
		ret->who[k] = tk_filter_mark(x);
	}
	if (rc == TK_OK)
		rc = tk_position_cut(g->op, ps, p->sector, NULL, NULL, &outside);
	if (rc == TK_OK)
		rc = tk_filter_not(outside, ps->l->plane, g->op->e);
	if (rc == TK_OK)
		rc = tk_position_cut(g->op, ps, f, outside, NULL, &x);
	if (rc != TK_OK)
		return rc;
	ret->other[OUTSIDE] = (int64_t)tk_filter_size(x);
	ret->who[OUTSIDE] = tk_filter_mark(x);
	return TK_OK;
}

/* Of a sector that is not on the sheet nothing is told that could be put to use. */
static bool counts(const struct guard *g, int part)
{
	return part == ALL || g->s->shown[SECTOR];
}

/* -- cells ------------------------------------------------------------------------------------- */
/* How many answered at all stands on the sheet, and in the publication. */
static enum tk_rc frame(struct guard *g, const struct tk_filter *answered)
{
	struct whom w;
	enum tk_rc rc = count(g, answered, &w);

	for (int k = 0; k < NPART && rc == TK_OK; k++)
		if (counts(g, k))
			(void)tk_cells_add(&g->cells, w.who[k], "", w.other[k],
					   TK_CELL_PRINTED | TK_CELL_SAFE, 1);
	return rc;
}

/* Where "all of them" must not be told, the answer of all is not the base itself. */
static bool own_cell(const struct guard *g, const struct whom *w, int k)
{
	return g->s->ps->d.rule.protect_full && w->who[k].a == g->base[k].a &&
	       w->who[k].b == g->base[k].b;
}

/* The cells of a figure by part; of what stands on the sheet they are to be found again. */
static void place(struct guard *g, const struct tk_position_item *it, const struct whom *w,
		  int64_t cost, struct tk_position_cell show[NSTRATUM], uint32_t id[NPART])
{
	const struct tk_mark none = { 0, 0 };

	for (int k = 0; k < NPART; k++) {
		unsigned flags = 0;

		if (k < NSTRATUM)
			show[k] = (struct tk_position_cell){ w->n[k], it->base[k].show, 0 };
		if (!counts(g, k))
			continue;
		if (k < NSTRATUM && tk_disclosure_leaves_out(&g->s->ps->d, w->in[k]))
			flags = TK_CELL_SECRET;
		else if (k < NSTRATUM && it->base[k].show == TK_POSITION_SHOWN)
			flags = TK_CELL_PRINTED | TK_CELL_MAY_SUPPRESS;
		id[k] = tk_cells_add(&g->cells, own_cell(g, w, k) ? none : w->who[k],
				     it->item->code, w->other[k], flags, cost);
		if (k < NSTRATUM)
			show[k].cell = id[k];
	}
	if (counts(g, SECTOR))
		tk_cells_sum(&g->cells, id[ALL], (const uint32_t[]){ id[SECTOR], id[OUTSIDE] }, 2);
}

/* -- items ------------------------------------------------------------------------------------- */
static enum tk_rc base(struct guard *g, struct tk_position_item *it, uint32_t id[NPART],
		       struct tk_filter **ret)
{
	const struct tk_position *s = g->s;
	struct tk_position_cell show[NSTRATUM];
	struct whom w;
	enum tk_rc rc = tk_position_base(g->op, s->ps, it->at, ret);

	if (rc == TK_OK)
		rc = count(g, *ret, &w);
	if (rc != TK_OK)
		return rc;
	for (int k = 0; k < NSTRATUM; k++) {
		it->others[k] = w.other[k];
		it->base[k].show = s->shown[k] && w.other[k] >= s->ps->p.min_position
					   ? TK_POSITION_SHOWN
					   : TK_POSITION_FEW;
	}
	memset(g->base, 0, sizeof(g->base));
	place(g, it, &w, 40, show, id);
	memcpy(it->base, show, sizeof(it->base));
	memcpy(g->base, w.who, sizeof(g->base));
	return TK_OK;
}

static enum tk_rc option(struct guard *g, struct tk_position_item *it, size_t o,
			 const struct tk_filter *of_base, struct single *q)
{
	const struct tk_plane *p = g->s->ps->l->plane;
	unsigned code = o < it->item->noption ? TK_ANSWER_VALUE + (unsigned)o : TK_ANSWER_DONT_KNOW;
	uint32_t id[NPART];
	struct tk_filter *f;
	struct whom w;
	enum tk_rc rc = tk_position_cut(g->op, g->s->ps,
					tk_filter_code(g->op->mem, p, it->at, code),
					of_base, NULL, &f);

	if (rc == TK_OK)
		rc = count(g, f, &w);
	if (rc != TK_OK)
		return rc;
	place(g, it, &w, 4, it->option[o], id);
	for (int k = 0; k < NPART; k++) {
		if (!counts(g, k))
			continue;
		q->whom[k][o] = w.who[k];
		q->answer[k][o] = id[k];
		if (id[k] != q->base[k])
			tk_sdc_part(g->cells.system, id[k], q->base[k]);
	}
	return TK_OK;
}

static enum tk_rc one_item(struct guard *g, struct tk_position_item *it)
{
	const struct tk_plane *p = g->s->ps->l->plane;
	bool single = it->item->q == TK_Q_SINGLE,
	     unsure = tk_plane_total(p)[tk_plane_col(p, it->at) + TK_ANSWER_DONT_KNOW] > 0;
	size_t n = it->item->noption ? it->item->noption +
					       (single && (unsure || it->item->dont_know)) : 0;
	struct single q = { .n = n };
	struct tk_filter *of_base = NULL;
	enum tk_rc rc = base(g, it, q.base, &of_base);

	it->option = tk_alloc_n(g->op->mem, n + 1, sizeof(*it->option));
	it->noption = n;
	for (int k = 0; k < NPART; k++) {
		q.whom[k] = tk_alloc_n(g->op->mem, n + 1, sizeof(*q.whom[k]));
		q.answer[k] = tk_alloc_n(g->op->mem, n + 1, sizeof(*q.answer[k]));
	}
	for (size_t o = 0; o < n && rc == TK_OK; o++)
		rc = option(g, it, o, of_base, &q);
	if (!single || rc != TK_OK)
		return rc;
	for (int k = 0; k < NPART; k++)
		if (counts(g, k))
			tk_cells_sum(&g->cells, q.base[k], q.answer[k], n);
	g->single[g->nsingle++] = q;
	return TK_OK;
}

/* The base of a question that two answers to another open. */
static void opened(struct guard *g)
{
	for (size_t i = 0; i < g->nsingle; i++)
		for (int k = 0; k < NPART; k++)
			if (counts(g, k))
				tk_cells_opened(&g->cells, g->single[i].whom[k],
						g->single[i].answer[k], g->single[i].n,
						g->single[i].base[k]);
}

/* -- what is shown ----------------------------------------------------------------------------- */
static void show(struct tk_position_cell *c, const struct tk_suppressed *out)
{
	if (c->show == TK_POSITION_SHOWN &&
	    (out->nleak || out->status[c->cell] != TK_CELL_ST_PRINTED))
		c->show = TK_POSITION_OUT;
}

/* A share would give its base away, so without the base nothing is shown. */
static void settle(struct tk_position_item *it, const struct tk_suppressed *out)
{
	for (int k = 0; k < NSTRATUM; k++) {
		show(&it->base[k], out);
		for (size_t o = 0; o < it->noption; o++) {
			show(&it->option[o][k], out);
			if (it->base[k].show != TK_POSITION_SHOWN)
				it->option[o][k].show = it->base[k].show;
		}
	}
}

/* What must stay out stays out wherever it stands; what everybody knows is never left out. */
static void flags(struct tk_sdc *sdc)
{
	for (size_t i = 0; i < sdc->ncell; i++) {
		struct tk_sdc_cell *c = &sdc->cell[i];

		if (c->flags & TK_CELL_SAFE)
			c->flags = TK_CELL_PRINTED | TK_CELL_SAFE;
		else if (c->flags & TK_CELL_SECRET)
			c->flags = TK_CELL_SECRET;
	}
}

static bool has_answered(void *ctx, uint32_t index)
{
	const struct tk_live *l = ctx;

	return l->person[index].state == TK_LIVE_SUBMITTED;
}

static bool is_other(void *ctx, uint32_t index)
{
	return index != *(const uint32_t *)ctx;
}

enum tk_rc tk_position_guard(const struct tk_op *op, struct tk_position *s)
{
	const struct tk_positions *ps = s->ps;
	struct tk_sdc *sdc = tk_sdc_new(op->mem);
	struct guard g = { .op = op, .s = s, .cells = { .a = op->mem, .system = sdc },
			   .people = { .others = tk_filter_when(op->mem, ps->l->plane, is_other,
								&s->person),
				       .sector = tk_filter_bureau(op->mem, ps->l->plane,
								  s->sector) } };
	struct tk_sdc_rule rule = ps->d.rule;
	struct tk_suppressed out;
	enum tk_rc rc = frame(&g, tk_filter_when(op->mem, ps->l->plane, has_answered, ps->l));

	g.single = tk_alloc_n(op->mem, s->nitem + 1, sizeof(*g.single));
	for (size_t i = 0; i < s->nitem && rc == TK_OK; i++)
		rc = one_item(&g, &s->item[i]);
	opened(&g);
	flags(sdc);
	rule.budget = -1;       /* hundreds are made in a row: near the best is good enough */
	if (rc == TK_OK)
		rc = tk_suppress(sdc, &rule, op->mem, &out, op->e);
	if (rc == TK_OK && !out.nleak)
		rc = tk_suppress_audit(sdc, &rule, out.status, op->mem, NULL, NULL, op->e);
	for (size_t i = 0; i < s->nitem && rc == TK_OK; i++)
		settle(&s->item[i], &out);
	return rc;
}
