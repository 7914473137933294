/* answer.c - checking, asking and packing of answers. */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "survey/answer.h"

enum { TEXT_MAX = 4000, COMMENT_MAX = 2000, MAX_ROUNDS = 12 };

/* -- what is asked ---------------------------------------------------------------------------- */
static bool word_in(const char *words, const char *w)
{
	size_t n = strlen(w);

	for (const char *p = words; (p = strstr(p, w)); p += n)
		if ((p == words || p[-1] == ' ') && (!p[n] || p[n] == ' '))
			return true;
	return false;
}

static const char *value_text(const struct tk_item *it, const struct tk_ans *x, struct tk_arena *a)
{
	struct tk_buf b = TK_BUF(8192);
	const char *s;

	if (x->state != TK_ANSWER_VALUE)
		return "";
	if (it->q == TK_Q_SINGLE)
		return it->option[x->option].code;
	if (it->q != TK_Q_MULTI)
		return x->text;
	for (unsigned k = 0; k < it->noption; k++)
		if (x->bits >> k & 1)
			tk_buf_fmt(&b, "%s%s", b.len ? " " : "", it->option[k].code);
	s = tk_strdup(a, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return s;
}

static bool group_open(const struct tk_form *f, int g, const struct tk_xenv *env, struct tk_arena *a)
{
	for (; g >= 0; g = f->group[g].parent)
		if (f->group[g].relevant && !tk_expr_true(f->group[g].relevant, env, a))
			return false;
	return true;
}

/* One item from asked to not asked or back; true if it changed. */
static bool turn(struct tk_response *r, size_t i, bool asked)
{
	struct tk_ans *x = &r->answer[i];
	bool was = x->state != TK_ANSWER_NOT_ASKED;

	if (asked == was)
		return false;
	if (asked) {
		*x = r->kept[i];
		r->kept[i] = (struct tk_ans){ 0 };
		if (x->state == TK_ANSWER_NOT_ASKED)
			x->state = TK_ANSWER_NO_ANSWER;
	} else {
		r->kept[i] = x->state == TK_ANSWER_NO_ANSWER && !x->comment ? (struct tk_ans){ 0 } : *x;
		*x = (struct tk_ans){ 0 };
	}
	return true;
}

void tk_response_settle(struct tk_response *r, struct tk_arena *a)
{
	const struct tk_form *f = r->form;
	struct tk_xval *slot = f->conditions ? tk_alloc_n(a, f->nitem + 1, sizeof(*slot)) : NULL;
	struct tk_xenv env = { .slot = slot };
	bool changed = true;

	/* a condition may lean on another condition: repeat until nothing moves; cycles end by count */
	for (int round = 0; changed && round < MAX_ROUNDS; round++) {
		changed = false;
		for (size_t i = 0; slot && i < f->nitem; i++)
			slot[i] = tk_xstr(value_text(&f->item[i], &r->answer[i], a));
		for (size_t i = 0; i < f->nitem; i++) {
			const struct tk_item *it = &f->item[i];
			bool asked = r->audiences >> it->audience & 1 && (!r->asked_only || word_in(r->asked_only, it->code));

			if (asked && slot)
				asked = group_open(f, it->group, &env, a) && (!it->relevant || tk_expr_true(it->relevant, &env, a));
			if (turn(r, i, asked)) {
				changed = true;
				if (slot)
					slot[i] = tk_xstr(value_text(it, &r->answer[i], a));
			}
		}
		changed = changed && slot;
	}
}

void tk_response_count(const struct tk_response *r, size_t *asked, size_t *answered)
{
	*asked = *answered = 0;
	for (size_t i = 0; i < r->form->nitem; i++) {
		*asked += r->answer[i].state != TK_ANSWER_NOT_ASKED;
		*answered += r->answer[i].state > TK_ANSWER_NO_ANSWER;
	}
}

/* -- one answer from a person ------------------------------------------------------------------- */
static enum tk_rc no_choice(struct tk_err *e, const struct tk_item *it, const char *code)
{
	struct tk_buf b = TK_BUF(400);
	enum tk_rc rc;

	for (unsigned k = 0; k < it->noption && k < 12; k++)
		tk_buf_fmt(&b, "%s%s", k ? ", " : "", it->option[k].code);
	rc = tk_fail(e, TK_EINVAL, it->code, N_("%s: there is no choice \"%.40s\". Choices: %s."), it->code, code, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return rc;
}

static enum tk_rc set_number(const struct tk_op *op, const struct tk_item *it, struct tk_ans *x, const char *s)
{
	bool whole = it->q == TK_Q_NUMBER;
	char *end, *n = tk_narrow(op->mem, s);
	double d = strtod(n, &end);
	int64_t i = 0;

	if (whole ? !tk_parse_int(n, &i) : (end == n || *end || !isfinite(d) || strpbrk(n, "xXpPnN") != NULL || strlen(n) > 30))
		return tk_fail(op->e, TK_EINVAL, it->code, whole ? N_("%s: \"%.40s\" is not a whole number.") :
			       N_("%s: \"%.40s\" is not a number."), it->code, s);
	if (whole)
		d = (double)i;
	if ((it->has_min && d < (double)it->min) || (it->has_max && d > (double)it->max))
		return tk_fail(op->e, TK_EINVAL, it->code, N_("%s: %.40s is outside what is possible here."), it->code, s);
	*x = (struct tk_ans){ .state = TK_ANSWER_VALUE, .text = whole ? tk_sprintf(op->mem, "%" PRId64, i) : n, .comment = x->comment };
	return TK_OK;
}

static enum tk_rc set_plain(const struct tk_op *op, const struct tk_item *it, struct tk_ans *x, const char *s)
{
	struct tk_date d;
	char iso[11];

	if (it->q == TK_Q_NUMBER || it->q == TK_Q_DECIMAL)
		return set_number(op, it, x, tk_squeeze(op->mem, s));
	if (it->q == TK_Q_DATE) {
		if (!tk_date_parse(s, &d))
			return tk_fail(op->e, TK_EINVAL, it->code, N_("%s: \"%.40s\" is not a day that exists, such as 2012-03-31."), it->code, s);
		tk_date_iso(d, iso);
		s = tk_strdup(op->mem, iso);
	} else if (tk_utf8_count(s) > TEXT_MAX) {
		return tk_fail(op->e, TK_ETOOBIG, it->code, N_("%s: a text can have at most %d characters."), it->code, (int)TEXT_MAX);
	}
	*x = (struct tk_ans){ .state = TK_ANSWER_VALUE, .text = s, .comment = x->comment };
	return TK_OK;
}

/* words: choice codes; each must exist. */
static enum tk_rc set_codes(const struct tk_op *op, const struct tk_item *it, struct tk_ans *x, const char *words)
{
	char *copy = tk_strdup(op->mem, words), *save = NULL;
	uint64_t bits = 0;
	int last = -1, n = 0;

	for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save), n++) {
		last = tk_item_option(it, w);
		if (last < 0)
			return no_choice(op->e, it, w);
		bits |= UINT64_C(1) << (last & 63);
	}
	if (it->q == TK_Q_SINGLE && n > 1)
		return tk_fail(op->e, TK_EINVAL, it->code, N_("%s takes one choice only."), it->code);
	*x = (struct tk_ans){ .state = n ? TK_ANSWER_VALUE : TK_ANSWER_NO_ANSWER, .comment = x->comment };
	if (it->q == TK_Q_SINGLE)
		x->option = last;
	else
		x->bits = bits;
	return TK_OK;
}

static enum tk_rc set_value(const struct tk_op *op, const struct tk_item *it, struct tk_ans *x, const char *s)
{
	if (tk_is_blank(s)) {
		*x = (struct tk_ans){ .state = TK_ANSWER_NO_ANSWER, .comment = x->comment };
		return TK_OK;
	}
	if (it->q == TK_Q_SINGLE || it->q == TK_Q_MULTI)
		return set_codes(op, it, x, s);
	return set_plain(op, it, x, s);
}

/* Choices may also be written by their label, as people fill sheets by hand. */
static const char *code_of_label(const struct tk_item *it, const char *s)
{
	for (unsigned k = 0; k < it->noption; k++)
		if (!strcmp(it->option[k].label_ja, s) || (it->option[k].label_en && !strcmp(it->option[k].label_en, s)))
			return it->option[k].code;
	return s;
}

enum tk_rc tk_response_set_text(const struct tk_op *op, struct tk_response *r, size_t i, const char *text)
{
	const struct tk_item *it = &r->form->item[i];
	struct tk_ans *x = &r->answer[i];
	bool choice = it->q == TK_Q_SINGLE || it->q == TK_Q_MULTI;
	const char *s = tk_squeeze(op->mem, text), *plain = tk_narrow(op->mem, s);

	if (*s && x->state == TK_ANSWER_NOT_ASKED)
		return tk_fail(op->e, TK_EINVAL, it->code, N_("%s is not asked of this person. Leave the cell empty."), it->code);
	if (!*s && x->state == TK_ANSWER_NOT_ASKED)
		return TK_OK;
	if ((!strcmp(plain, "na") || !strcmp(s, "該当なし")) && tk_item_option(it, plain) < 0) {
		*x = (struct tk_ans){ .state = TK_ANSWER_NOT_APPLICABLE, .comment = x->comment };
		return TK_OK;
	}
	if ((!strcmp(plain, "dk") || !strcmp(s, "わからない")) && tk_item_option(it, plain) < 0) {
		*x = (struct tk_ans){ .state = TK_ANSWER_DONT_KNOW, .comment = x->comment };
		return TK_OK;
	}
	return set_value(op, it, x, choice ? code_of_label(it, plain) : it->q == TK_Q_TEXT ? tk_strdup(op->mem, text) : s);
}

/* -- answers as JSON ---------------------------------------------------------------------------- */
static enum tk_rc set_state(const struct tk_op *op, const struct tk_item *it, struct tk_ans *x, const char *state)
{
	enum tk_answer to;

	if (!strcmp(state, "no_answer"))
		to = TK_ANSWER_NO_ANSWER;
	else if (!strcmp(state, "not_applicable") && it->not_applicable)
		to = TK_ANSWER_NOT_APPLICABLE;
	else if (!strcmp(state, "dont_know") && it->dont_know)
		to = TK_ANSWER_DONT_KNOW;
	else
		return tk_fail(op->e, TK_EINVAL, it->code, N_("%s: \"%.40s\" cannot be answered here."), it->code, state);
	*x = (struct tk_ans){ .state = to, .comment = x->comment };
	return TK_OK;
}

static enum tk_rc json_value(const struct tk_op *op, const struct tk_item *it, struct tk_ans *x, const cJSON *v)
{
	struct tk_buf b = TK_BUF(16384);
	const cJSON *w;
	enum tk_rc rc;

	if (cJSON_IsString(v) && it->q != TK_Q_MULTI)
		return set_value(op, it, x, v->valuestring);
	if (!cJSON_IsArray(v) || it->q != TK_Q_MULTI)
		return tk_fail(op->e, TK_EINVAL, it->code, it->q == TK_Q_MULTI ? N_("%s: the value must be a list of choice codes.") :
			       N_("%s: the value must be text."), it->code);
	cJSON_ArrayForEach(w, v) {
		if (!cJSON_IsString(w) || strchr(w->valuestring, ' ')) {
			tk_buf_drop(&b);
			return tk_fail(op->e, TK_EINVAL, it->code, N_("%s: the value must be a list of choice codes."), it->code);
		}
		tk_buf_fmt(&b, "%s%s", b.len ? " " : "", w->valuestring);
	}
	rc = set_value(op, it, x, tk_strdup(op->mem, tk_buf_cstr(&b)));
	tk_buf_drop(&b);
	return rc;
}

static enum tk_rc json_answer(const struct tk_op *op, struct tk_response *r, size_t i, const cJSON *o)
{
	static const char *const keys[] = { "value", "state", "comment", "evidence", NULL };
	const struct tk_item *it = &r->form->item[i];
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, "value");
	const char *state = NULL, *comment = NULL;
	enum tk_rc rc;

	if (r->answer[i].state == TK_ANSWER_NOT_ASKED)
		return tk_fail(op->e, TK_EINVAL, it->code, N_("%s is not asked of you."), it->code);
	if (!cJSON_IsObject(o))
		return tk_fail(op->e, TK_EINVAL, it->code, N_("%s: an answer is an object with value, state or comment."), it->code);
	if ((rc = tk_json_only(o, keys, op->e)) != TK_OK || (rc = tk_json_get_str(o, "state", &state, op->e)) != TK_OK ||
	    (rc = tk_json_get_str(o, "comment", &comment, op->e)) != TK_OK)
		return rc;
	if (v && !cJSON_IsNull(v))
		rc = json_value(op, it, &r->answer[i], v);
	else if (state && strcmp(state, "value") != 0)
		rc = set_state(op, it, &r->answer[i], state);
	if (rc == TK_OK && cJSON_HasObjectItem(o, "comment")) {
		if (comment && tk_utf8_count(comment) > COMMENT_MAX)
			return tk_fail(op->e, TK_ETOOBIG, it->code, N_("%s: a comment can have at most %d characters."), it->code, (int)COMMENT_MAX);
		r->answer[i].comment = tk_is_blank(comment) ? NULL : comment;
	}
	return rc;
}

enum tk_rc tk_response_apply(const struct tk_op *op, struct tk_response *r, const cJSON *answers)
{
	const cJSON *o;
	enum tk_rc rc;

	if (!cJSON_IsObject(answers))
		return tk_fail(op->e, TK_EINVAL, "answers", N_("answers must be an object with one member for each item."));
	cJSON_ArrayForEach(o, answers) {
		int i = tk_form_item_index(r->form, o->string);

		if (i < 0)
			return tk_fail(op->e, TK_EINVAL, o->string, N_("There is no item \"%.60s\"."), o->string);
		/* an answer before it in the same request may have opened this item */
		if (r->form->conditions)
			tk_response_settle(r, op->mem);
		if ((rc = json_answer(op, r, (size_t)i, o)) != TK_OK)
			return rc;
	}
	tk_response_settle(r, op->mem);
	return TK_OK;
}

static void answer_members(struct tk_json *j, const struct tk_item *it, const struct tk_ans *x)
{
	static const char *const name[] = { "not_asked", "no_answer", "not_applicable", "dont_know", "value" };

	tk_json_kstr(j, "state", name[x->state]);
	tk_json_key(j, "value");
	if (x->state != TK_ANSWER_VALUE) {
		tk_json_null(j);
	} else if (it->q == TK_Q_SINGLE) {
		tk_json_str(j, it->option[x->option].code);
	} else if (it->q == TK_Q_MULTI) {
		tk_json_arr(j);
		for (unsigned k = 0; k < it->noption; k++)
			if (x->bits >> k & 1)
				tk_json_str(j, it->option[k].code);
		tk_json_end_arr(j);
	} else {
		tk_json_str(j, x->text);
	}
	tk_json_kstr(j, "comment", x->comment);
}

void tk_response_json(struct tk_json *j, const struct tk_response *r, tk_answer_extra_fn extra, void *ctx)
{
	tk_json_obj(j);
	for (size_t i = 0; i < r->form->nitem; i++) {
		if (r->answer[i].state == TK_ANSWER_NOT_ASKED)
			continue;
		tk_json_key(j, r->form->item[i].code);
		tk_json_obj(j);
		answer_members(j, &r->form->item[i], &r->answer[i]);
		if (extra)
			extra(ctx, j, i);
		tk_json_end_obj(j);
	}
	tk_json_end_obj(j);
}

/* -- stored form ------------------------------------------------------------------------------ */
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

const uint8_t *tk_response_blank(const struct tk_form *f, uint64_t audiences, const char *asked_only, struct tk_arena *a)
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
			answer_members(&j, &f->item[i], &r->kept[i]);
			tk_json_end_obj(&j);
		}
	tk_json_end_obj(&j);
	tk_json_end_obj(&j);
	return any;
}

/* A kept answer comes back through the same checks as a new one; what no longer fits is dropped. */
static void take_kept(const struct tk_op *op, struct tk_response *r, const cJSON *k)
{
	struct tk_err e = { .lang = TK_JA };
	struct tk_op quiet = { op->db, op->mem, op->who, &e };
	const cJSON *o;

	cJSON_ArrayForEach(o, k) {
		int i = tk_form_item_index(r->form, o->string);
		struct tk_ans was;

		if (i < 0)
			continue;
		was = r->answer[i];
		r->answer[i] = (struct tk_ans){ .state = TK_ANSWER_NO_ANSWER };
		if (json_answer(&quiet, r, (size_t)i, o) == TK_OK)
			r->kept[i] = r->answer[i];
		r->answer[i] = was;
	}
}

enum tk_rc tk_answer_unpack(const struct tk_op *op, struct tk_response *r, const uint8_t *blob, size_t n, const char *side)
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
			v = cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(o, "v"), f->item[i].code);
			x->text = cJSON_IsString(v) ? v->valuestring : "";
		}
		v = o ? cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(o, "c"), f->item[i].code) : NULL;
		x->comment = cJSON_IsString(v) ? v->valuestring : NULL;
	}
	if (o)
		take_kept(op, r, cJSON_GetObjectItemCaseSensitive(o, "k"));
	return TK_OK;
}
