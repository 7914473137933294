/* matrix.c - the cells of an inspection: reading, filling, grading. */
#include <string.h>
#include "inspection/inspection_in.h"

struct walk { const struct tk_op *op; tk_cell_fn fn; void *ctx; };

static enum tk_rc on_row(void *ctx, const struct tk_value *v, size_t n)
{
	struct walk *w = ctx;
	struct tk_arena *a = w->op->mem;
	struct tk_cell_state c = {
		.server = v[0].i, .check = v[1].i, .system = v[2].i,
		.server_name = tk_strdup(a, v[3].s), .system_name = tk_strdup(a, v[4].s),
		.check_code = tk_strdup(a, v[5].s), .kind = tk_strdup(a, v[6].s),
		.category = tk_strdup(a, v[7].s), .result = tk_strdup(a, v[8].s),
		.division = v[9].i, .measure = tk_strdup(a, v[10].s),
		.due_on = tk_strdup(a, v[11].s), .done_on = tk_strdup(a, v[12].s),
	};

	(void)n;
	return w->fn(w->ctx, &c);
}

enum tk_rc tk_cells_each(const struct tk_op *op, int64_t round, tk_cell_fn fn, void *ctx)
{
	struct walk w = { op, fn, ctx };

	return tk_db_run(op->db, op->e,
			 "SELECT v.id, c.id, s.id, v.name, s.name, c.code, v.kind, c.category,"
			 " x.result, s.owner_division_id, x.measure, x.due_on, x.done_on" CELLS
			 " WHERE r.id = $1 ORDER BY s.code, v.name, v.id, c.sort, c.code, c.id",
			 TK_ARGS(TK_I(round)), on_row, &w);
}

/* -- filling ----------------------------------------------------------------------------------- */
static enum tk_rc is_cell(const struct tk_op *op, int64_t round, int64_t server, int64_t check)
{
	int64_t n = 0;
	enum tk_rc rc = tk_db_int(op->db, op->e,
				  "SELECT COUNT(*)" CELLS
				  " WHERE r.id = $1 AND v.id = $2 AND c.id = $3",
				  TK_ARGS(TK_I(round), TK_I(server), TK_I(check)), 0, &n);

	if (rc == TK_OK && !n)
		return tk_fail(op->e, TK_EINVAL, "cells",
			       N_("This inspection has no such cell: the server is not in "
				  "operation, or the item is not for it."));
	return rc;
}

static void put(struct tech_result *x, const char *field, const char *value)
{
	if (value)
		tk_set_by(&tk_tech_result, x, field, *value ? TK_S(value) : TK_NULL);
}

enum tk_rc tk_cell_put(const struct tk_op *op, int64_t round, const struct tk_cell_set *c,
		       bool *ret_changed)
{
	const struct tk_rtype *t = &tk_tech_result;
	struct tech_result *x = tk_alloc(op->mem, sizeof(*x));
	int64_t id = 0, version;
	enum tk_rc rc = is_cell(op, round, c->server, c->check);

	*ret_changed = false;
	if (rc == TK_OK)
		rc = tk_db_int(op->db, op->e,
			       "SELECT id FROM tech_result WHERE tech_round_id = $1 AND server_id"
			       " = $2 AND tech_check_id = $3 AND deleted_at IS NULL",
			       TK_ARGS(TK_I(round), TK_I(c->server), TK_I(c->check)), 0, &id);
	if (rc != TK_OK || (!id && !c->result))
		return rc;
	if (id && !c->result) {
		*ret_changed = true;
		return tk_rec_delete(op, t, id, -1);
	}
	*x = (struct tech_result){ 0 };
	if (id && (rc = tk_rec_load(op, t, id, x)) != TK_OK)
		return rc;
	tk_set_by(t, x, "tech_round_id", TK_I(round));
	tk_set_by(t, x, "server_id", TK_I(c->server));
	tk_set_by(t, x, "tech_check_id", TK_I(c->check));
	put(x, "result", c->result);
	if (strcmp(c->result, "non_conforming") != 0) {
		put(x, "measure", "");
		put(x, "due_on", "");
		put(x, "done_on", "");
	}
	put(x, "evidence", c->evidence);
	put(x, "measure", c->measure);
	put(x, "due_on", c->due_on);
	put(x, "done_on", c->done_on);
	put(x, "inspector", c->inspector);
	put(x, "inspected_on", c->inspected_on);
	version = x->rec.version;
	rc = id ? tk_rec_update(op, t, x, -1) : tk_rec_insert(op, t, x);
	*ret_changed = x->rec.version != version;
	return rc;
}

struct empties { int64_t server, *check; size_t n, max; };

static enum tk_rc collect(void *ctx, const struct tk_cell_state *c)
{
	struct empties *e = ctx;

	if (c->server == e->server && !c->result && e->n < e->max)
		e->check[e->n++] = c->check;
	return TK_OK;
}

enum tk_rc tk_server_conforms(const struct tk_op *op, int64_t round, int64_t server,
			      int64_t expect, int64_t *ret_n)
{
	struct empties e = { .server = server, .max = 1000 };
	enum tk_rc rc;

	e.check = tk_alloc(op->mem, e.max * sizeof(*e.check));
	rc = tk_cells_each(op, round, collect, &e);
	*ret_n = 0;
	if (rc == TK_OK && expect != (int64_t)e.n)
		return tk_fail(op->e, TK_ECONFLICT, "expect",
			       N_("%d cells of this server are empty now, not %d. Look at them "
				  "again."),
			       (int)e.n, (int)expect);
	for (size_t i = 0; i < e.n && rc == TK_OK; i++) {
		struct tk_cell_set c = { .server = server, .check = e.check[i],
					 .result = "conforming" };
		bool changed;

		rc = tk_cell_put(op, round, &c, &changed);
		*ret_n += changed;
	}
	return rc;
}

/* -- grades ------------------------------------------------------------------------------------ */
char tk_grade_of(int64_t good, int64_t servers)
{
	if (servers <= 0)
		return 0;
	if (good == servers)
		return 'A';
	if (good * 100 >= servers * 80)
		return 'B';
	return good * 100 >= servers * 60 ? 'C' : 'D';
}

static bool same(const char *x, const char *y)
{
	return x && y ? !strcmp(x, y) : x == y;
}

/* What the cells of one server say, of one category or (NULL) of all. */
static void add_server(struct tk_grade *g, const struct tk_cell_state *cell, size_t n)
{
	int64_t good = 0, bad = 0, empty = 0;

	for (size_t i = 0; i < n; i++) {
		if (g->category && !same(cell[i].category, g->category))
			continue;
		empty += !cell[i].result;
		good += same(cell[i].result, "conforming");
		bad += same(cell[i].result, "non_conforming");
	}
	if (!good && !bad && !empty)
		return;                 /* nothing of it applies to this server */
	g->servers++;
	g->empty += empty;
	if (bad)
		g->bad++;
	else if (empty)
		g->incomplete++;
	else
		g->good++;
}

/* Servers of a kind; category NULL: all items. */
static void grade_one(struct tk_grade *g, const struct tk_cell_state *cell, size_t n)
{
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i; end < n && cell[end].server == cell[i].server;)
			end++;
		if (!strcmp(cell[i].kind, g->kind))
			add_server(g, &cell[i], end - i);
	}
	if (!g->empty)
		g->grade = tk_grade_of(g->good, g->servers);
}

static bool has_any(const struct tk_cell_state *cell, size_t n, const char *kind,
		    const char *category)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(cell[i].kind, kind) &&
		    (!category || !strcmp(cell[i].category, category)))
			return true;
	return false;
}

size_t tk_grades(const struct tk_cell_state *cell, size_t n, struct tk_grade ret[TK_MAX_GRADES])
{
	size_t made = 0;

	for (const struct tk_choice *k = tk_tech_kind; k->id; k++) {
		if (!has_any(cell, n, k->id, NULL))
			continue;
		ret[made] = (struct tk_grade){ .kind = k->id };
		grade_one(&ret[made++], cell, n);
		for (const struct tk_choice *c = tk_tech_category; c->id; c++) {
			if (!has_any(cell, n, k->id, c->id))
				continue;
			ret[made] = (struct tk_grade){ .kind = k->id, .category = c->id };
			grade_one(&ret[made++], cell, n);
		}
	}
	return made;
}
