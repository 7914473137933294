/* match.c - which systems have software of the names in a notice, and asking their owners. */
#include <string.h>
#include "base/text.h"
#include "ledger/vuln.h"

enum { SHORTEST = 3, MAX_TERMS = 200 };

static char *plain(struct tk_arena *a, const char *s)
{
	return tk_fold(a, tk_unblank(a, s));
}

bool tk_product_alike(struct tk_arena *a, const char *name, const char *other)
{
	const char *x = plain(a, name), *y = plain(a, other);

	if (!strcmp(x, y))
		return *x != '\0';
	/* short names are a part of too many others */
	return (tk_utf8_count(y) >= SHORTEST && strstr(x, y)) ||
	       (tk_utf8_count(x) >= SHORTEST && strstr(y, x));
}

struct terms { const char *v[MAX_TERMS]; size_t n; };

/* Commas of both widths, semicolons and line ends stand between products. */
static void split(struct tk_arena *a, const char *products, struct terms *t)
{
	static const char *const mark[] = { "、", "，", "；", ",", ";", "\n", "\r" };
	char *s = tk_strdup(a, products ? products : "");

	for (size_t i = 0; i < TK_LEN(mark); i++)
		for (char *p = strstr(s, mark[i]); p; p = strstr(p, mark[i]))
			memset(p, '\x01', strlen(mark[i]));
	for (char *rest = NULL, *w = strtok_r(s, "\x01", &rest); w && t->n < MAX_TERMS;
	     w = strtok_r(NULL, "\x01", &rest))
		if (!tk_is_blank(w))
			t->v[t->n++] = w;
}

struct walk {
	const struct tk_op *op;
	struct terms terms;
	tk_vuln_match_fn fn;
	void *ctx;
	struct tk_vuln_match m;
	struct tk_buf found;
};

static bool named(const struct walk *w, const char *product)
{
	for (size_t i = 0; i < w->terms.n; i++)
		if (tk_product_alike(w->op->mem, product, w->terms.v[i]))
			return true;
	return false;
}

static enum tk_rc flush(struct walk *w)
{
	enum tk_rc rc = TK_OK;

	if (w->m.system) {
		w->m.software = tk_strdup(w->op->mem, w->found.len ? tk_buf_cstr(&w->found) : "");
		rc = w->fn(w->ctx, &w->m);
	}
	tk_buf_clear(&w->found);
	return rc;
}

/* system, name, division, product, version, response, its state; system by system */
static enum tk_rc on_row(void *ctx, const struct tk_value *v, size_t n)
{
	struct walk *w = ctx;
	struct tk_arena *a = w->op->mem;
	enum tk_rc rc;

	(void)n;
	if (w->m.system != v[0].i) {
		if ((rc = flush(w)) != TK_OK)
			return rc;
		w->m = (struct tk_vuln_match){ .system = v[0].i, .response = v[5].i,
					       .name = tk_strdup(a, v[1].s),
					       .division = tk_strdup(a, v[2].s),
					       .state = tk_strdup(a, v[6].s) };
	}
	if (v[3].type == TK_V_TEXT && named(w, v[3].s))
		tk_buf_fmt(&w->found, "%s%s%s%s", w->found.len ? ", " : "", v[3].s,
			   v[4].type == TK_V_TEXT ? " " : "", v[4].type == TK_V_TEXT ? v[4].s : "");
	return TK_OK;
}

enum tk_rc tk_vuln_matches(const struct tk_op *op, const struct vuln_notice *n,
			   tk_vuln_match_fn fn, void *ctx)
{
	struct walk *w = tk_alloc(op->mem, sizeof(*w));
	enum tk_rc rc;

	*w = (struct walk){ .op = op, .fn = fn, .ctx = ctx, .found = TK_BUF(1 << 20) };
	split(op->mem, n->products, &w->terms);
	rc = tk_db_run(op->db, op->e,
		       "SELECT s.id, s.name, d.name, w.product, w.edition, r.id, r.state FROM"
		       " info_system s JOIN division d ON d.id = s.owner_division_id"
		       " LEFT JOIN software w ON w.info_system_id = s.id AND w.deleted_at IS NULL"
		       " LEFT JOIN vuln_response r ON r.info_system_id = s.id AND r.vuln_notice_id"
		       " = $1 AND r.deleted_at IS NULL WHERE s.deleted_at IS NULL"
		       " AND (s.to_on IS NULL OR s.to_on >= $2) ORDER BY s.code, s.id, w.product,"
		       " w.edition, w.id",
		       TK_ARGS(TK_I(n->rec.id), TK_S(n->received_on)), on_row, w);
	if (rc == TK_OK)
		rc = flush(w);
	tk_buf_drop(&w->found);
	return rc;
}

struct ask {
	const struct tk_op *op;
	const struct vuln_notice *n;
	const int64_t *system;
	size_t nsystem;
	const char *due_on;
	struct { int64_t system; const char *software; } *todo;
	size_t ntodo;
};

static enum tk_rc on_match(void *ctx, const struct tk_vuln_match *m)
{
	struct ask *k = ctx;

	for (size_t i = 0; i < k->nsystem && !m->response; i++) {
		if (k->system[i] != m->system)
			continue;
		k->todo[k->ntodo].system = m->system;
		k->todo[k->ntodo++].software = m->software;
		break;
	}
	return TK_OK;
}

enum tk_rc tk_vuln_ask(const struct tk_op *op, const struct vuln_notice *n, const int64_t *system,
		       size_t nsystem, const char *due_on, int64_t *ret_n)
{
	const struct tk_rtype *t = &tk_vuln_response;
	struct ask k = { op, n, system, nsystem, due_on, NULL, 0 };
	enum tk_rc rc;

	k.todo = tk_alloc(op->mem, (nsystem + 1) * sizeof(*k.todo));
	rc = tk_vuln_matches(op, n, on_match, &k);
	*ret_n = 0;
	for (size_t i = 0; i < k.ntodo && rc == TK_OK; i++, ++*ret_n) {
		struct vuln_response *r = tk_alloc(op->mem, sizeof(*r));

		tk_set_by(t, r, "vuln_notice_id", TK_I(n->rec.id));
		tk_set_by(t, r, "info_system_id", TK_I(k.todo[i].system));
		tk_set_by(t, r, "software",
			  *k.todo[i].software
				  ? TK_S(tk_utf8_head(op->mem, k.todo[i].software, 1000))
				  : TK_NULL);
		if (due_on)
			tk_set_by(t, r, "due_on", TK_S(due_on));
		rc = tk_rec_insert(op, t, r);
	}
	return rc;
}
