/* table_side.c - conditions and numbers that the bit planes cannot hold, respondent by respondent.
 *
 * The values stand in the side text of a response; a table reads all of them once, for those who
 * count.  States and choices come from the plane, so that both agree about who has answered. */
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>
#include "form/form_in.h"
#include "survey/answer.h"
#include "table/table_int.h"

enum { SCRATCH = 64 << 20 };
struct tk_side {
	struct side_person {
		struct side_text {
			size_t item;
			const char *text;
		} *v; /* by item */
		size_t n;
	} *person; /* by index of the plane */
};

/* -- reading ----------------------------------------------------------------------------------- */
struct reading {
	const struct tk_op *op;
	const struct tk_live *l;
	struct tk_side *s;
	struct tk_arena *scratch;
};

static uint32_t person_at(const struct tk_live *l, int64_t id)
{
	size_t lo = 0, hi = l->nperson;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (l->person[mid].id < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < l->nperson && l->person[lo].id == id ? (uint32_t)lo : UINT32_MAX;
}

static int by_item(const void *a, const void *b)
{
	size_t x = ((const struct side_text *)a)->item, y = ((const struct side_text *)b)->item;

	return (x > y) - (x < y);
}

static enum tk_rc on_side(void *ctx, const struct tk_value *col, size_t n)
{
	struct reading *r = ctx;
	uint32_t at = person_at(r->l, col[0].i);
	struct cJSON *o = NULL;
	const cJSON *values, *v;
	struct side_person *p;
	enum tk_rc rc;

	(void)n;
	if (at == UINT32_MAX)
		return TK_OK;
	tk_arena_reset(r->scratch);
	if ((rc = tk_json_parse(r->scratch, col[1].s, strlen(col[1].s), &o, r->op->e)) != TK_OK)
		return rc;
	values = cJSON_GetObjectItemCaseSensitive(o, "v");
	p = &r->s->person[at];
	p->v = tk_alloc_n(r->op->mem, (size_t)cJSON_GetArraySize(values) + 1, sizeof(*p->v));
	cJSON_ArrayForEach(v, values) {
		int item = tk_form_item_index(r->l->form, v->string);

		if (item >= 0 && cJSON_IsString(v))
			p->v[p->n++] = (struct side_text){
				(size_t)item, tk_strdup(r->op->mem, v->valuestring)};
	}
	qsort(p->v, p->n, sizeof(*p->v), by_item);
	return TK_OK;
}

enum tk_rc tk_side_get(const struct tk_op *op, const struct tk_live *l, struct tk_side **side)
{
	struct reading r = {.op = op, .l = l};
	enum tk_rc rc;

	if (*side)
		return TK_OK;
	if (l->nperson > TK_SIDE_PEOPLE)
		return tk_fail(op->e, TK_ETOOBIG, NULL,
			N_("Numbers, dates and texts are looked at for at most %d respondents; "
			   "this campaign has %zu. Ask for choices only."),
			(int)TK_SIDE_PEOPLE, l->nperson);
	r.s = tk_alloc(op->mem, sizeof(*r.s));
	r.s->person = tk_alloc_n(op->mem, l->nperson + 1, sizeof(*r.s->person));
	r.scratch = tk_arena_new(SCRATCH);
	rc = tk_db_run(op->db, op->e,
		"SELECT id, side FROM response WHERE campaign_id = $1 AND side IS NOT NULL",
		TK_ARGS(TK_I(l->campaign_id)), on_side, &r);
	tk_arena_free(r.scratch);
	*side = r.s;
	return rc;
}

const char *tk_side_text(const struct tk_side *s, uint32_t person, size_t item)
{
	const struct side_text key = {.item = item};
	const struct side_person *p = &s->person[person];
	const struct side_text *f = p->n ? bsearch(&key, p->v, p->n, sizeof(key), by_item) : NULL;

	return f ? f->text : "";
}

/* -- conditions -------------------------------------------------------------------------------- */
struct looking {
	const struct tk_live *l;
	const struct tk_side *s;
	const struct tk_expr *x;
	struct tk_arena *scratch;
	uint32_t person;
	const uint8_t *answers;
};

static bool value_of(void *ctx, const char *name, struct tk_xval *ret)
{
	const struct looking *k = ctx;
	const struct tk_form *f = k->l->form;
	int i = tk_form_item_index(f, name);
	struct tk_ans x;

	if (tk_person_value(&k->l->kind[k->l->person[k->person].kind].who, name, ret))
		return true;
	if (i < 0)
		return false;
	x = (struct tk_ans){.state = tk_pack_state(f->layout, k->answers, (size_t)i),
		.option = tk_pack_option(f->layout, k->answers, (size_t)i),
		.bits = tk_pack_bits(f->layout, k->answers, (size_t)i),
		.text = tk_side_text(k->s, k->person, (size_t)i)};
	*ret = tk_xstr(tk_answer_text(&f->item[i], &x, k->scratch));
	return true;
}

static bool holds(void *ctx, uint32_t index)
{
	struct looking *k = ctx;
	struct tk_xenv env = {.get = value_of, .ctx = k};
	struct tk_plane_key key;

	tk_arena_reset(k->scratch);
	k->person = index;
	return tk_plane_get(k->l->plane, index, &key, &k->answers) &&
	       tk_expr_true(k->x, &env, k->scratch);
}

enum tk_rc tk_side_filter(const struct tk_op *op, const struct tk_live *l, struct tk_side **side,
	const struct tk_expr *x, struct tk_filter **ret)
{
	struct looking k = {.l = l, .x = x};
	enum tk_rc rc = tk_side_get(op, l, side);

	if (rc != TK_OK)
		return rc;
	k.s = *side;
	k.scratch = tk_arena_new(SCRATCH);
	*ret = tk_filter_when(op->mem, l->plane, holds, &k);
	tk_arena_free(k.scratch);
	return TK_OK;
}
