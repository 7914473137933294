#include <string.h>
#include "base/text.h"
#include "record/search.h"

enum { MAX_WORDS = 6, MAX_QUERY = 1000, GRAMS = 16 };

static bool searchable(const struct tk_rtype *t)
{
	for (size_t i = 0; i < t->nfield; i++)
		if (t->field[i].flags & TK_SEARCH)
			return true;
	return false;
}

/* Two code points from s, as text; the last code point of a word stands alone. */
static char *gram_at(struct tk_arena *a, const char *s)
{
	uint32_t cp;
	size_t n = tk_utf8_get(s, &cp);

	return tk_strndup(a, s, n + tk_utf8_get(s + n, &cp));
}

static const char add_sql[] = "INSERT INTO search_gram(gram, rtype, record_id) VALUES"
			      " ($1,$17,$18), ($2,$17,$18), ($3,$17,$18), ($4,$17,$18),"
			      " ($5,$17,$18), ($6,$17,$18), ($7,$17,$18), ($8,$17,$18),"
			      " ($9,$17,$18), ($10,$17,$18), ($11,$17,$18), ($12,$17,$18),"
			      " ($13,$17,$18), ($14,$17,$18), ($15,$17,$18), ($16,$17,$18)"
			      " ON CONFLICT DO NOTHING";
/* by the key of the table: an index by record would cost every save more than this does */
static const char take_sql[] = "DELETE FROM search_gram WHERE gram IN ($1,$2,$3,$4,$5,$6,$7,$8,"
			       " $9,$10,$11,$12,$13,$14,$15,$16) AND rtype = $17"
			       " AND record_id = $18";

/* Sixteen at a time: on PostgreSQL each statement is a journey.  The last one fills the rest. */
static enum tk_rc some_grams(const struct tk_op *op, const struct tk_rtype *t, int64_t id,
			     const char *sql, const char **gram, size_t n)
{
	struct tk_value v[GRAMS + 2];

	for (size_t i = 0; i < GRAMS; i++)
		v[i] = TK_S(gram[i < n ? i : n - 1]);
	v[GRAMS] = TK_S(t->name);
	v[GRAMS + 1] = TK_I(id);
	return tk_db_run(op->db, op->e, sql, v, TK_LEN(v), NULL, NULL);
}

/* All bigrams of a body, in or out. */
static enum tk_rc each_gram(const struct tk_op *op, const struct tk_rtype *t, int64_t id,
			    const char *sql, const char *body)
{
	const char *gram[GRAMS];
	enum tk_rc rc = TK_OK;
	size_t n = 0;
	uint32_t cp;

	for (const char *p = body; *p && rc == TK_OK; p += tk_utf8_get(p, &cp)) {
		if (*p == '\n')
			continue;
		gram[n++] = gram_at(op->mem, p);
		if (n == GRAMS) {
			rc = some_grams(op, t, id, sql, gram, n);
			n = 0;
		}
	}
	return rc == TK_OK && n ? some_grams(op, t, id, sql, gram, n) : rc;
}

/* Most saves change no field that search looks at: those write nothing here. */
enum tk_rc tk_search_put(const struct tk_op *op, const struct tk_rtype *t, int64_t id,
			 const void *now)
{
	struct tk_buf b = TK_BUF(512 << 10);
	struct tk_value old[1];
	bool found;
	enum tk_rc rc;

	if (!searchable(t))
		return TK_OK;
	for (size_t i = 0; now && i < t->nfield; i++) {
		struct tk_value v = tk_get(t, now, i);
		if (t->field[i].flags & TK_SEARCH && v.type == TK_V_TEXT) {
			tk_buf_str(&b, tk_fold(op->mem, v.s));
			tk_buf_chr(&b, '\n');   /* words do not cross fields */
		}
	}
	if (b.bad) {
		rc = tk_fail(op->e, TK_ETOOBIG, NULL, N_("The record is too large."));
		goto out;
	}
	rc = tk_db_first(op->db, op->mem, op->e,
			 "SELECT body FROM search_text WHERE rtype = $1 AND record_id = $2",
			 TK_ARGS(TK_S(t->name), TK_I(id)), old, 1, &found);
	if (rc != TK_OK || (now && found && !strcmp(old[0].s, tk_buf_cstr(&b))))
		goto out;
	if (found)
		rc = each_gram(op, t, id, take_sql, old[0].s);
	if (rc == TK_OK && found)
		rc = tk_db_exec(op->db, op->e,
				"DELETE FROM search_text WHERE rtype = $1 AND record_id = $2",
				TK_S(t->name), TK_I(id));
	if (rc == TK_OK && now && b.len) {
		rc = tk_db_exec(op->db, op->e,
				"INSERT INTO search_text(rtype, record_id, body) VALUES($1,$2,$3)",
				TK_S(t->name), TK_I(id), TK_S(b.p));
		if (rc == TK_OK)
			rc = each_gram(op, t, id, add_sql, b.p);
	}
out:
	tk_buf_drop(&b);
	return rc;
}

enum tk_rc tk_search_may_hit(const struct tk_op *op, const struct tk_rtype *t, const char *word,
			     bool *ret)
{
	int64_t there = 1;
	enum tk_rc rc = TK_OK;

	*ret = false;
	if (!searchable(t))
		return TK_OK;
	if (tk_utf8_count(word) > 1)
		rc = tk_db_int(op->db, op->e,
			       "SELECT 1 FROM search_gram WHERE gram = $1 AND rtype = $2 LIMIT 1",
			       TK_ARGS(TK_S(gram_at(op->mem, word)), TK_S(t->name)), 0, &there);
	*ret = there != 0;
	return rc;
}

static char *like_pattern(struct tk_arena *a, const char *word)
{
	char *out = tk_alloc(a, 2 * strlen(word) + 3), *o = out;

	*o++ = '%';
	for (; *word; word++) {
		if (strchr("%_\\", *word))
			*o++ = '\\';
		*o++ = *word;
	}
	*o++ = '%';
	return out;
}

/* A word of two characters is its bigram.  Of a longer one the rarest would be best; the first is
 * good enough, LIKE proves the whole word.  All LIKEs stand in one query: the text is read once,
 * however many words there are. */
static void word_where(const struct tk_op *op, const struct tk_rtype *t, const char *w,
		       struct tk_buf *sql, struct tk_buf *like, struct tk_value *arg, size_t *narg)
{
	size_t len = tk_utf8_count(w), type = *narg + 1;

	arg[(*narg)++] = TK_S(t->name);
	if (len == 2) {
		arg[(*narg)++] = TK_S(w);
		tk_buf_fmt(sql, " AND t.id IN (SELECT g.record_id FROM search_gram g"
			   " WHERE g.gram = $%zu AND g.rtype = $%zu)", *narg, type);
		return;
	}
	arg[(*narg)++] = TK_S(like_pattern(op->mem, w));
	tk_buf_fmt(like, " AND s.rtype = $%zu AND s.body LIKE $%zu ESCAPE '\\'", type, *narg);
	if (len > 2) {
		arg[(*narg)++] = TK_S(gram_at(op->mem, w));
		tk_buf_fmt(like, " AND s.record_id IN (SELECT g.record_id FROM search_gram g"
			   " WHERE g.gram = $%zu AND g.rtype = $%zu)", *narg, type);
	}
}

enum tk_rc tk_search_where(const struct tk_op *op, const struct tk_rtype *t, const char *q,
			   struct tk_buf *sql, struct tk_value *arg, size_t *narg, size_t max)
{
	char *words = tk_squeeze(op->mem, tk_fold(op->mem, q)), *save = NULL;
	struct tk_buf like = TK_BUF(8192);
	size_t n = 0;

	if (strlen(q) > MAX_QUERY)
		return tk_fail(op->e, TK_EINVAL, "q", N_("The search words are too long."));
	for (char *w = strtok_r(words, " ", &save); w && n < MAX_WORDS && *narg + 4 <= max;
	     w = strtok_r(NULL, " ", &save), n++)
		word_where(op, t, w, sql, &like, arg, narg);
	if (like.len)
		tk_buf_fmt(sql, " AND t.id IN (SELECT s.record_id FROM search_text s"
			   " WHERE 1 = 1%s)", tk_buf_cstr(&like));
	tk_buf_drop(&like);
	return TK_OK;
}
