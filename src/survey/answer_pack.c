/* answer_pack.c - answers between struct tk_response and its row: packed bytes and side text. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "survey/answer.h"

static void pack_one(const struct tk_form *f, uint8_t *blob, size_t i, const struct tk_ans *x)
{
	struct tk_err e = { 0 };
	enum tk_rc rc = TK_OK;

	if (x->state != TK_ANSWER_VALUE)
		rc = tk_pack_set_state(f->layout, blob, i, x->state, &e);
	else if (f->item[i].q == TK_Q_SINGLE)
		rc = tk_pack_set_option(f->layout, blob, i, (unsigned)x->option, &e);
	else if (f->item[i].q == TK_Q_MULTI)
		rc = tk_pack_set_bits(f->layout, blob, i, x->bits, &e);
	else
		rc = tk_pack_set_state(f->layout, blob, i, TK_ANSWER_VALUE, &e);
	if (rc != TK_OK) {                      /* every answer was checked before it came here */
		fprintf(stderr, "tenken: cannot pack %s: %s\n", f->item[i].code, e.msg);
		abort();
	}
}

const uint8_t *tk_response_pack(const struct tk_response *r, struct tk_arena *a)
{
	uint8_t *blob = tk_alloc(a, r->form->layout->size + 1);

	for (size_t i = 0; i < r->form->nitem; i++)
		pack_one(r->form, blob, i, &r->answer[i]);
	return blob;
}

const uint8_t *tk_response_blank(const struct tk_form *f, uint64_t audiences,
				 const char *asked_only, struct tk_arena *a)
{
	struct tk_response r = { .form = f, .audiences = audiences, .asked_only = asked_only };

	r.answer = tk_alloc_n(a, f->nitem + 1, sizeof(*r.answer));
	r.kept = tk_alloc_n(a, f->nitem + 1, sizeof(*r.kept));
	tk_response_settle(&r, a);
	return tk_response_pack(&r, a);
}

static bool has_text(const struct tk_item *it, const struct tk_ans *x)
{
	return x->state == TK_ANSWER_VALUE && it->q != TK_Q_SINGLE && it->q != TK_Q_MULTI;
}

bool tk_answer_side(const struct tk_response *r, struct tk_buf *b)
{
	const struct tk_form *f = r->form;
	struct tk_json j = TK_JSON(b);
	bool any = false;

	tk_json_obj(&j);
	tk_json_key(&j, "v");
	tk_json_obj(&j);
	for (size_t i = 0; i < f->nitem; i++)
		if (has_text(&f->item[i], &r->answer[i])) {
			any = true;
			tk_json_kstr(&j, f->item[i].code, r->answer[i].text);
		}
	tk_json_end_obj(&j);
	tk_json_key(&j, "c");
	tk_json_obj(&j);
	for (size_t i = 0; i < f->nitem; i++)
		if (r->answer[i].comment) {
			any = true;
			tk_json_kstr(&j, f->item[i].code, r->answer[i].comment);
		}
	tk_json_end_obj(&j);
	tk_json_key(&j, "k");
	tk_json_obj(&j);
	for (size_t i = 0; i < f->nitem; i++)
		if (r->kept[i].state != TK_ANSWER_NOT_ASKED) {
			any = true;
			tk_json_key(&j, f->item[i].code);
			tk_json_obj(&j);
			tk_answer_members(&j, &f->item[i], &r->kept[i]);
			tk_json_end_obj(&j);
		}
	tk_json_end_obj(&j);
	tk_json_end_obj(&j);
	return any;
}

static void take_kept(const struct tk_op *op, struct tk_response *r, const cJSON *k)
{
	struct tk_err e = { .lang = TK_JA };
	struct tk_op quiet = { op->db, op->mem, op->who, &e };
	const cJSON *o;

	cJSON_ArrayForEach(o, k) {
		struct tk_ans x = { .state = TK_ANSWER_NO_ANSWER };
		int i = tk_form_item_index(r->form, o->string);

		/* the version is frozen, so what was kept still fits */
		if (i >= 0 && tk_answer_json(&quiet, &r->form->item[i], &x, o, true) == TK_OK)
			r->kept[i] = x;
	}
}

enum tk_rc tk_answer_unpack(const struct tk_op *op, struct tk_response *r, const uint8_t *blob,
			    size_t n, const char *side)
{
	const struct tk_form *f = r->form;
	struct cJSON *o = NULL;
	const cJSON *v;
	enum tk_rc rc = tk_pack_check(f->layout, blob, n, op->e);

	if (rc == TK_OK && side)
		rc = tk_json_parse(op->mem, side, strlen(side), &o, op->e);
	if (rc != TK_OK)
		return rc;
	for (size_t i = 0; i < f->nitem; i++) {
		struct tk_ans *x = &r->answer[i];

		x->state = tk_pack_state(f->layout, blob, i);
		x->option = tk_pack_option(f->layout, blob, i);
		x->bits = tk_pack_bits(f->layout, blob, i);
		if (o && has_text(&f->item[i], x)) {
			v = cJSON_GetObjectItemCaseSensitive(
				cJSON_GetObjectItemCaseSensitive(o, "v"), f->item[i].code);
			x->text = cJSON_IsString(v) ? v->valuestring : "";
		}
		v = o ? cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(o, "c"),
							 f->item[i].code)
		      : NULL;
		x->comment = cJSON_IsString(v) ? v->valuestring : NULL;
	}
	if (o)
		take_kept(op, r, cJSON_GetObjectItemCaseSensitive(o, "k"));
	return TK_OK;
}
