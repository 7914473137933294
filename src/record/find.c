/* find.c - one search over all lists. */
#include <inttypes.h>
#include <string.h>
#include "base/text.h"
#include "record/query.h"
#include "record/search.h"

enum { AROUND = 24, EXCERPT = 90 };     /* characters before the word, and altogether */

struct find {
	const struct tk_op    *op;
	const struct tk_rtype *t;
	const char            *word;    /* the first one, folded */
	tk_hit_fn              fn;
	void                  *ctx;
	int                    shown;
};

/* Where in the text, as it is written, the folded word begins; NULL: nowhere. */
static const char *place(struct tk_arena *a, const char *text, const char *word)
{
	size_t n = 4 * tk_utf8_count(word) + 4, len = strlen(word);
	uint32_t cp;

	if (!text || !strstr(tk_fold(a, text), word))
		return NULL;
	for (const char *p = text; *p; p += tk_utf8_get(p, &cp))
		if (!strncmp(tk_fold(a, tk_utf8_head(a, p, n)), word, len))
			return p;
	return text;
}

static const char *around(struct tk_arena *a, const char *text, const char *at)
{
	const char *from = at, *piece;
	int n = 0;

	while (from > text && n < AROUND) {
		from--;
		n += (*from & 0xC0) != 0x80;
	}
	piece = tk_squeeze(a, tk_utf8_head(a, from, EXCERPT));
	return tk_sprintf(a, "%s%s%s", from > text ? "…" : "", piece,
			  tk_utf8_count(from) > EXCERPT ? "…" : "");
}

static enum tk_rc hit(void *ctx, const void *rec, const char *const *ref_label)
{
	struct find *f = ctx;
	const struct tk_rtype *t = f->t;
	struct tk_arena *a = f->op->mem;
	enum tk_lang lang = f->op->who->lang;
	struct tk_hit h = { .type = t, .id = ((const struct tk_rec *)rec)->id };
	int title = t->title ? tk_field_index(t, t->title) : -1;

	h.title = title < 0 ? tk_tr(lang, t->label)
		  : ref_label && ref_label[title]
			  ? ref_label[title]
			  : tk_print(a, lang, &t->field[title], tk_get(t, rec, (size_t)title));
	h.title = tk_strdup(a, h.title);
	for (size_t i = 0; i < t->nfield && !h.excerpt; i++) {
		struct tk_value v = tk_get(t, rec, i);
		const char *at = t->field[i].flags & TK_SEARCH && v.type == TK_V_TEXT
					 ? place(a, v.s, f->word)
					 : NULL;

		if (at) {
			h.excerpt = around(a, v.s, at);
			h.label = tk_tr(lang, t->field[i].label);
		}
	}
	f->shown++;
	f->fn(f->ctx, &h);
	return TK_OK;
}

static enum tk_rc of_type(const struct tk_op *op, const struct tk_rtype *t, const char *q,
			  const char *word, int limit, tk_hit_fn fn, tk_hits_fn count, void *ctx)
{
	struct find f = { op, t, word, fn, ctx, 0 };
	struct tk_query query = { .q = q, .limit = limit, .count = true };
	int64_t total = 0;
	enum tk_rc rc = tk_rec_list(op, t, &query, hit, &f, NULL, &total);

	if (rc == TK_EPERM) {           /* a scope without its column: nothing of it is theirs */
		*op->e = (struct tk_err){ .lang = op->e->lang };
		return TK_OK;
	}
	if (rc == TK_OK && total)
		count(ctx, t, f.shown, total);
	return rc;
}

enum tk_rc tk_find(const struct tk_op *op, const char *q, int limit, tk_hit_fn fn, tk_hits_fn count,
		   void *ctx)
{
	const struct tk_rtype *const *t;
	size_t n = tk_rtypes(&t);
	char *word;
	enum tk_rc rc = TK_OK;

	if (tk_is_blank(q))
		return tk_fail(op->e, TK_EINVAL, "q", N_("Say what to search for."));
	word = tk_squeeze(op->mem, tk_fold(op->mem, q));
	word[strcspn(word, " ")] = '\0';
	for (size_t i = 0; i < n && rc == TK_OK; i++) {
		bool may = false;

		if (t[i]->flags & (TK_T_HIDDEN | TK_T_BESIDE) ||
		     tk_who_scope(op->who, t[i]->read) == TK_SCOPE_NONE)
			continue;
		rc = tk_search_may_hit(op, t[i], word, &may);
		if (rc == TK_OK && may)
			rc = of_type(op, t[i], q, word, limit, fn, count, ctx);
	}
	return rc;
}
