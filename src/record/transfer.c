/* transfer.c - records out: CSV, XLSX, JSON. */
#include <string.h>
#include "record/impl.h"
#include "record/transfer.h"

struct export {
	const struct tk_rtype *t;
	struct tk_arena       *mem;     /* of a row */
	struct tk_out         *out;
	enum tk_lang           lang;
	int64_t                rows;
	/* JSON */
	struct tk_buf          b;
	struct tk_json         j;
	tk_out_fn              fn;
	void                  *ctx;
	struct tk_err         *e;
};

static bool goes_out(const struct tk_field *f)
{
	return !(f->flags & TK_SECRET);
}

const char *tk_rec_mark(struct tk_arena *mem, const struct tk_rtype *t, enum tk_lang lang)
{
	return t->grade ? tk_sprintf(mem, "%s%d", tk_tr(lang, N_("Confidentiality ")), t->grade)
			: NULL;
}

const char *tk_rec_export_name(struct tk_arena *mem, const struct tk_rtype *t, enum tk_lang lang,
			       const char *ending)
{
	const char *mark = tk_rec_mark(mem, t, lang);
	struct tk_date d = tk_today();
	char *name = tk_sprintf(mem, "%s%s%s_%04d%02d%02d.%s", tk_tr(lang, t->label_plural),
				mark ? "_" : "", mark ? mark : "", d.y, d.m, d.d, ending);

	for (char *p = name; *p; p++)
		if (strchr(" /\\:*?\"<>|", *p))
			*p = '_';
	return name;
}

static void put_cell(struct export *x, const struct tk_field *f, struct tk_value v,
		     const char *ref_label)
{
	if (v.type == TK_V_NULL)
		tk_out_blank(x->out);
	else if (f->type == TK_F_INT && !(f->flags & TK_ID))
		tk_out_int(x->out, v.i);
	else if (f->type == TK_F_DATE)
		tk_out_date(x->out, v.s);
	else if (f->type == TK_F_REF && ref_label)
		tk_out_text(x->out, ref_label);
	else
		tk_out_text(x->out, tk_print(x->mem, x->lang, f, v));
}

static enum tk_rc put_row(void *ctx, const void *rec, const char *const *ref_label)
{
	struct export *x = ctx;

	tk_out_row(x->out);
	for (size_t i = 0; i < x->t->nfield; i++)
		if (goes_out(&x->t->field[i]))
			put_cell(x, &x->t->field[i], tk_get(x->t, rec, i), ref_label[i]);
	x->rows++;
	tk_arena_reset(x->mem);
	return tk_out_ok(x->out) ? TK_OK : TK_EINTERNAL; /* tk_out_close() says what it was */
}

static void copy_lost(const struct tk_op *op, const struct tk_out *o, struct tk_export_done *ret)
{
	const struct tk_out_lost *lost;
	struct tk_out_lost *copy;

	ret->nlost = tk_out_lost(o, &lost, &ret->total_lost);
	copy = tk_alloc_n(op->mem, ret->nlost + 1, sizeof(*copy));
	for (size_t i = 0; i < ret->nlost; i++)
		copy[i] = (struct tk_out_lost){ lost[i].row, tk_strdup(op->mem, lost[i].column),
						lost[i].cp };
	ret->lost = copy;
}

enum tk_rc tk_rec_export(const struct tk_op *op, const struct tk_rtype *t, const struct tk_query *q,
			 const struct tk_out_opt *opt, enum tk_lang lang, tk_out_fn fn, void *ctx,
			 struct tk_export_done *ret)
{
	struct tk_out_col col[TK_MAX_FIELDS];
	struct export x = { .t = t, .lang = lang };
	struct tk_query all = *q;
	struct tk_out_opt o = *opt;
	struct tk_err closing = { .lang = op->e->lang };
	enum tk_rc rc, closed;
	size_t n = 0;

	*ret = (struct tk_export_done){ 0 };
	all.limit = -1;
	all.cursor = NULL;
	if (!o.mark)
		o.mark = tk_rec_mark(op->mem, t, lang);
	if (!o.title)
		o.title = tk_tr(lang, t->label_plural);
	if ((rc = tk_out_open(&x.out, &o, fn, ctx, op->e)) != TK_OK)
		return rc;
	for (size_t i = 0; i < t->nfield; i++)
		if (goes_out(&t->field[i]))
			col[n++] = (struct tk_out_col){ tk_tr(lang, t->field[i].label), 0 };
	x.mem = tk_arena_new(16 << 20);
	tk_out_sheet(x.out, tk_tr(lang, t->label_plural), col, n);
	rc = tk_rec_list(op, t, &all, put_row, &x, NULL, NULL);
	closed = tk_out_close(x.out, &closing);
	if (closed != TK_OK && (rc == TK_OK || rc == TK_EINTERNAL)) {
		rc = closed;
		*op->e = closing;
	}
	ret->rows = x.rows;
	copy_lost(op, x.out, ret);
	tk_out_free(x.out);
	tk_arena_free(x.mem);
	return rc;
}

/* -- JSON -------------------------------------------------------------------------------------- */
static enum tk_rc flush(struct export *x)
{
	enum tk_rc rc = x->b.bad ? tk_fail(x->e, TK_ETOOBIG, NULL, N_("The record is too large.")) :
			x->fn(x->ctx, tk_buf_cstr(&x->b), x->b.len, x->e);

	tk_buf_clear(&x->b);
	return rc;
}

static enum tk_rc put_json(void *ctx, const void *rec, const char *const *ref_label)
{
	struct export *x = ctx;
	struct tk_json j = TK_JSON(&x->b);

	tk_buf_str(&x->b, x->rows++ ? ",\n" : "\n");
	tk_rec_json(&j, x->t, rec, ref_label, x->lang);
	return flush(x);
}

enum tk_rc tk_rec_export_json(const struct tk_op *op, const struct tk_rtype *t,
			      const struct tk_query *q, enum tk_lang lang, tk_out_fn fn, void *ctx,
			      int64_t *ret_rows)
{
	struct export x = {
		.t = t, .lang = lang, .b = TK_BUF(8 << 20), .fn = fn, .ctx = ctx, .e = op->e
	};
	struct tk_query all = *q;
	enum tk_rc rc;

	all.limit = -1;
	all.cursor = NULL;
	tk_buf_chr(&x.b, '[');
	rc = tk_rec_list(op, t, &all, put_json, &x, NULL, NULL);
	if (rc == TK_OK) {
		tk_buf_str(&x.b, "\n]\n");
		rc = flush(&x);
	}
	*ret_rows = x.rows;
	tk_buf_drop(&x.b);
	return rc;
}
