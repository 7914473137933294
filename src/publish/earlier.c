/* earlier.c - what readers have in hands already: the figures of earlier editions.
 *
 * A figure that was printed once is known, also when its edition was withdrawn.  So the tables of
 * earlier editions belong to the system of a new one: what they printed is a fact, and what they
 * left out must not follow from it together with what is printed now.
 */
#include <string.h>
#include "base/text.h"
#include "form/form_in.h"
#include "publish/build.h"

struct names {
	struct tk_arena *a;
	const char *list;
	bool all;
	int64_t n;
};

static enum tk_rc on_edition(void *ctx, const struct tk_value *col, size_t n)
{
	struct names *w = ctx;

	(void)n;
	w->n++;
	if (col[0].type == TK_V_NULL || tk_is_blank(col[0].s))
		w->all = true;
	else
		w->list = tk_sprintf(w->a, "%s%s ", w->list, col[0].s);
	return TK_OK;
}

enum tk_rc tk_earlier_tables(const struct tk_op *op, const struct publication *p,
			     struct tk_earlier *ret)
{
	struct names w = { op->mem, "", false, 0 };
	enum tk_rc rc = tk_db_run(op->db, op->e,
				  "SELECT tables FROM publication WHERE campaign_id = $1 AND id <> "
				  "$2 AND published_at IS NOT NULL",
				  TK_ARGS(TK_I(p->campaign_id), TK_I(p->rec.id)), on_edition, &w);

	*ret = (struct tk_earlier){ .tables = w.list, .all = w.all, .editions = w.n };
	return rc;
}

bool tk_earlier_has(const struct tk_earlier *e, const char *table)
{
	return e->all || tk_has_word(e->tables, table);
}

/* -- figures ----------------------------------------------------------------------------------- */
struct facts {
	struct tk_build *b;
	uint8_t *known;
	bool own;
	size_t n;
};

static enum tk_rc on_key(void *ctx, const struct tk_value *col, size_t n)
{
	struct facts *f = ctx;
	struct tk_mark key = { (uint64_t)col[0].i, (uint64_t)col[1].i };
	uint32_t c = tk_build_find(f->b, key);

	(void)n;
	f->n++;
	if (c != TK_NO_CELL)
		f->known[c] |= f->own ? TK_FACT_OWN : TK_FACT_OTHER;
	return TK_OK;
}

enum tk_rc tk_earlier_facts(struct tk_build *b, const struct publication *p, uint8_t **ret_known,
			    bool *ret_own)
{
	const struct tk_op *op = b->op;
	struct tk_sdc *s = b->d->system;
	struct facts f = { b, tk_alloc(op->mem, s->ncell + 1), false, 0 };
	enum tk_rc rc = tk_db_run(
		op->db, op->e,
		"SELECT f.key_a, f.key_b FROM publication_figure f JOIN publication p ON p.id = "
		"f.publication_id WHERE p.campaign_id = $1 AND p.id <> $2 AND p.published_at IS "
		"NOT NULL",
		TK_ARGS(TK_I(p->campaign_id), TK_I(p->rec.id)), on_key, &f);

	f.own = true;
	f.n = 0;
	if (rc == TK_OK)
		rc = tk_db_run(op->db, op->e,
			       "SELECT key_a, key_b FROM publication_figure WHERE publication_id "
			       "= $1",
			       TK_ARGS(TK_I(p->rec.id)), on_key, &f);
	for (size_t c = 0; c < s->ncell && rc == TK_OK; c++)
		if (f.known[c]) {
			f.known[c] |= s->cell[c].flags & TK_CELL_SAFE ? TK_FACT_SAFE : 0;
			s->cell[c].flags = TK_CELL_PRINTED | TK_CELL_SAFE;
		}
	*ret_known = f.known;
	*ret_own = f.n > 0;
	return rc;
}

enum tk_rc tk_earlier_keep(const struct tk_op *op, int64_t publication_id,
			   const struct tk_mark *key, size_t n)
{
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < n && rc == TK_OK; i++)
		rc = tk_db_exec(op->db, op->e,
				"INSERT INTO publication_figure(publication_id, key_a, key_b) "
				"VALUES($1, $2, $3)",
				TK_I(publication_id), TK_I((int64_t)key[i].a),
				TK_I((int64_t)key[i].b));
	return rc;
}
