/* follow.c - the answers of an earlier campaign, for finding who fell short. */
#include <stdlib.h>
#include <string.h>
#include "survey/follow.h"
#include "survey/response.h"

struct one { int64_t staff_id; const uint8_t *blob; };
struct tk_follow {
	struct tk_arena      *a;
	const struct tk_form *form;
	struct one           *v;
	size_t                n, cap;
	bool                 *problem;  /* by item */
};

static enum tk_rc answer_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct tk_follow *f = ctx;
	uint8_t *blob;

	(void)n;
	if (col[1].n != f->form->layout->size)
		return TK_OK;
	if (f->n == f->cap) {
		size_t cap = f->cap ? f->cap * 2 : 1024;
		struct one *v = tk_alloc_n(f->a, cap, sizeof(*v));
		if (f->n)
			memcpy(v, f->v, f->n * sizeof(*v));
		f->v = v;
		f->cap = cap;
	}
	blob = tk_alloc(f->a, col[1].n + 1);
	memcpy(blob, col[1].s, col[1].n);
	f->v[f->n++] = (struct one){ col[0].i, blob };
	return TK_OK;
}

static int by_staff(const void *x, const void *y)
{
	int64_t a = ((const struct one *)x)->staff_id, b = ((const struct one *)y)->staff_id;

	return a < b ? -1 : a > b;
}

static bool fell_short(const struct tk_form *f, const uint8_t *blob, size_t i)
{
	int done = f->item[i].q == TK_Q_SINGLE ? tk_item_option(&f->item[i], "done") : -1;

	if (done < 0)
		return false;
	switch (tk_pack_state(f->layout, blob, i)) {
	case TK_ANSWER_NOT_ASKED: case TK_ANSWER_NOT_APPLICABLE:
		return false;
	case TK_ANSWER_VALUE:
		return tk_pack_option(f->layout, blob, i) != done;
	default:
		return true;
	}
}

enum tk_rc tk_follow_load(const struct tk_op *op, int64_t campaign_id, struct tk_arena *a,
			  struct tk_follow **ret)
{
	struct tk_follow *f = tk_alloc(a, sizeof(*f));
	struct campaign c = { 0 };
	enum tk_rc rc = tk_rec_load(op, &tk_campaign_type, campaign_id, &c);

	f->a = a;
	if (rc == TK_OK)
		rc = tk_form_get(op, c.form_version_id, &f->form);
	if (rc == TK_OK)
		rc = tk_db_run(op->db, op->e,
			       "SELECT r.staff_id, s.answers FROM respondent r JOIN response s ON "
			       "s.id = r.id"
			       " WHERE r.campaign_id = $1 AND s.state = 'submitted'",
			       TK_ARGS(TK_I(campaign_id)), answer_row, f);
	if (rc != TK_OK)
		return rc;
	if (f->n)
		qsort(f->v, f->n, sizeof(*f->v), by_staff);
	f->problem = tk_alloc_n(a, f->form->nitem + 1, sizeof(bool));
	/* in a rate "no answer" does not count, so an item is a problem only by an answer that is
	 * not done */
	for (size_t i = 0; i < f->form->nitem; i++)
		for (size_t k = 0; k < f->n && !f->problem[i]; k++)
			f->problem[i] = fell_short(f->form, f->v[k].blob, i) &&
					tk_pack_state(f->form->layout, f->v[k].blob, i) !=
						TK_ANSWER_NO_ANSWER;
	*ret = f;
	return TK_OK;
}

const char *tk_follow_items(const struct tk_follow *f, int64_t staff_id, struct tk_arena *a)
{
	struct one key = { staff_id, NULL },
		   *x = f->n ? bsearch(&key, f->v, f->n, sizeof(key), by_staff) : NULL;
	struct tk_buf b = TK_BUF(1 << 20);
	const char *s;

	for (size_t i = 0; x && i < f->form->nitem; i++)
		if (f->problem[i] && fell_short(f->form, x->blob, i))
			tk_buf_fmt(&b, "%s%s", b.len ? " " : "", f->form->item[i].code);
	s = b.len ? tk_strdup(a, b.p) : NULL;
	tk_buf_drop(&b);
	return s;
}
