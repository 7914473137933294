/* transfer_same.c - types without a unique field: which record a row of a file repeats.  Records
 * are read once and kept as digests of the columns that the file brings, so that a file of n rows
 * costs n and not n times n. */
#include <stdlib.h>
#include <string.h>
#include "record/transfer_in.h"

static uint64_t add_bytes(uint64_t h, const void *p, size_t n)
{
	const unsigned char *b = p;

	for (size_t i = 0; i < n; i++)
		h = (h ^ b[i]) * UINT64_C(0x100000001B3);
	return h;
}

static uint64_t add_value(uint64_t h, struct tk_value v)
{
	unsigned char kind = v.type == TK_V_NULL ? 0 : v.type == TK_V_TEXT ? 1 : 2;

	h = add_bytes(h, &kind, 1);
	if (kind == 1)
		return add_bytes(h, v.s, strlen(v.s) + 1);
	return kind ? add_bytes(h, &v.i, sizeof(v.i)) : h;
}

static const uint64_t begin = UINT64_C(0xCBF29CE484222325);

static uint64_t digest_of(const struct import *m, const void *rec)
{
	uint64_t h = begin;

	for (size_t i = 0; i < m->t->nfield; i++)
		if (m->col[i] >= 0)
			h = add_value(h, tk_get(m->t, rec, i));
	return h;
}

static void put(struct import *m, uint64_t digest, int64_t id)
{
	size_t at;

	if (2 * m->nsame >= m->capsame) {
		struct same *old = m->same;
		size_t n = m->capsame;

		m->capsame = n ? 2 * n : 4096;
		m->same = tk_xcalloc(m->capsame, sizeof(*m->same));
		m->nsame = 0;
		for (size_t i = 0; i < n; i++)
			if (old[i].id)
				put(m, old[i].digest, old[i].id);
		free(old);
	}
	at = (size_t)(digest ^ digest >> 32) & (m->capsame - 1);
	while (m->same[at].id)
		at = (at + 1) & (m->capsame - 1);
	m->same[at] = (struct same){ digest, id };
	m->nsame++;
}

static enum tk_rc take(void *ctx, const struct tk_value *col, size_t n)
{
	uint64_t h = begin;

	for (size_t i = 1; i < n; i++)
		h = add_value(h, col[i]);
	put(ctx, h, col[0].i);
	return TK_OK;
}

static enum tk_rc read_all(struct import *m)
{
	struct tk_buf b = TK_BUF(8192);
	enum tk_rc rc;

	tk_buf_str(&b, "SELECT id");
	for (size_t i = 0; i < m->t->nfield; i++)
		if (m->col[i] >= 0)
			tk_buf_fmt(&b, ", %s", m->t->field[i].name);
	tk_buf_fmt(&b, " FROM %s WHERE deleted_at IS NULL ORDER BY id", m->t->table);
	rc = tk_db_stream(m->op.db, &m->err, b.p, NULL, 0, take, m);
	tk_buf_drop(&b);
	if (rc == TK_OK && !m->capsame) {       /* read, and there were none */
		m->capsame = 4096;
		m->same = tk_xcalloc(m->capsame, sizeof(*m->same));
	}
	return rc;
}

static bool says_the_same(const struct import *m, const void *x, const void *y)
{
	for (size_t i = 0; i < m->t->nfield; i++)
		if (m->col[i] >= 0 && !tk_same(tk_get(m->t, x, i), tk_get(m->t, y, i)))
			return false;
	return true;
}

enum tk_rc tk_import_same(struct import *m, const void *rec, void *was)
{
	uint64_t digest = digest_of(m, rec);
	enum tk_rc rc = m->capsame ? TK_OK : read_all(m);

	for (size_t at = (size_t)(digest ^ digest >> 32) & (m->capsame ? m->capsame - 1 : 0);
	     rc == TK_OK && m->same[at].id; at = (at + 1) & (m->capsame - 1)) {
		if (m->same[at].digest != digest)
			continue;
		rc = tk_rec_load(&m->op, m->t, m->same[at].id, was);
		if (rc == TK_OK && says_the_same(m, was, rec))
			return TK_OK;
		if (rc == TK_ENOTFOUND)         /* one that this person may not see */
			rc = TK_OK;
		memset(was, 0, m->t->size);
	}
	return rc == TK_OK ? TK_ENOTFOUND : rc;
}

void tk_import_made(struct import *m, const void *rec)
{
	put(m, digest_of(m, rec), ((const struct tk_rec *)rec)->id);
}
