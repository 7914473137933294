/* answer.c - checking, asking and packing of answers. */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "form/form_in.h"
#include "survey/answer.h"


/* -- what is asked ----------------------------------------------------------------------------- */
const char *tk_answer_text(const struct tk_item *it, const struct tk_ans *x, struct tk_arena *a)
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

static const char *option_label(const struct tk_option *o, enum tk_lang lang)
{
	return tk_in(lang, o->label_ja, o->label_en);
}

const char *tk_answer_words(const struct tk_item *it, const struct tk_ans *x, enum tk_lang lang,
			    struct tk_arena *a)
{
	const char *all = NULL, *between = lang == TK_JA ? "、" : ", ";

	if (x->state != TK_ANSWER_VALUE)
		return NULL;
	if (it->q == TK_Q_SINGLE)
		return option_label(&it->option[x->option], lang);
	if (it->q != TK_Q_MULTI)
		return x->text;
	for (unsigned k = 0; k < it->noption; k++)
		if (x->bits >> k & 1)
			all = tk_sprintf(a, "%s%s%s", all ? all : "", all ? between : "",
					 option_label(&it->option[k], lang));
	return all;
}

static bool group_open(const struct tk_form *f, int g, const struct tk_xenv *env,
		       struct tk_arena *a)
{
	for (; g >= 0; g = f->group[g].parent)
		if (f->group[g].relevant && !tk_expr_true(f->group[g].relevant, env, a))
			return false;
	return true;
}

static bool is_empty(const struct tk_ans *x)
{
	return x->state == TK_ANSWER_NO_ANSWER && !x->comment;
}

/* One item from asked to not asked or back: its answer is kept apart meanwhile. */
static void turn(struct tk_response *r, size_t i, bool asked)
{
	struct tk_ans *x = &r->answer[i], *kept = &r->kept[i];
	bool was = x->state != TK_ANSWER_NOT_ASKED;

	if (asked && !was) {
		*x = *kept;
		*kept = (struct tk_ans){ 0 };
		if (x->state == TK_ANSWER_NOT_ASKED)
			x->state = TK_ANSWER_NO_ANSWER;
	} else if (!asked && was) {
		*kept = *x;
		*x = (struct tk_ans){ 0 };
	}
	if (!asked && is_empty(kept))
		*kept = (struct tk_ans){ 0 };
}

struct tk_ans *tk_answer_place(struct tk_response *r, size_t i)
{
	if (r->form->item[i].silent)
		return NULL;
	if (r->answer[i].state != TK_ANSWER_NOT_ASKED)
		return &r->answer[i];
	if (!tk_response_possible(r, i))
		return NULL;
	if (r->kept[i].state == TK_ANSWER_NOT_ASKED)
		r->kept[i].state = TK_ANSWER_NO_ANSWER;
	return &r->kept[i];
}

bool tk_response_possible(const struct tk_response *r, size_t i)
{
	const struct tk_item *it = &r->form->item[i];

	return r->audiences >> it->audience & 1 &&
	       (!r->asked_only || tk_has_word(r->asked_only, it->code));
}

void tk_response_look(struct tk_response *r, size_t i, struct tk_xval *slot, struct tk_arena *a)
{
	const struct tk_form *f = r->form;
	const struct tk_item *it = &f->item[i];
	struct tk_xenv env = { .slot = slot };
	bool asked = tk_response_possible(r, i);

	if (asked && slot)
		asked = group_open(f, it->group, &env, a) &&
			(!it->relevant || tk_expr_true(it->relevant, &env, a));
	turn(r, i, asked);
	if (it->calculation && asked)
		tk_answer_calculate(f, it, &r->answer[i], slot, a);
	else if (it->calculation)
		r->kept[i] = (struct tk_ans){ 0 };
	if (slot)
		slot[i] = tk_xstr(tk_answer_text(it, &r->answer[i], a));
}

/* Items come in the order in which their conditions lean on each other, so once through is enough.
 */
void tk_response_settle(struct tk_response *r, struct tk_arena *a)
{
	const struct tk_form *f = r->form;
	struct tk_xval *slot = f->conditions ? tk_answer_room(r, a) : NULL;

	for (size_t k = 0; k < f->nitem; k++)
		tk_response_look(r, f->order[k], slot, a);
}

void tk_response_count(const struct tk_response *r, size_t *asked, size_t *answered)
{
	*asked = *answered = 0;
	for (size_t i = 0; i < r->form->nitem; i++) {
		if (r->form->item[i].silent)
			continue;
		*asked += r->answer[i].state != TK_ANSWER_NOT_ASKED;
		*answered += r->answer[i].state > TK_ANSWER_NO_ANSWER;
	}
}

/* -- one answer from a person ------------------------------------------------------------------ */
static enum tk_rc no_choice(struct tk_err *e, const struct tk_item *it, const char *code)
{
	struct tk_buf b = TK_BUF(400);
	enum tk_rc rc;

	for (unsigned k = 0; k < it->noption && k < 12; k++)
		tk_buf_fmt(&b, "%s%s", k ? ", " : "", it->option[k].code);
	rc = tk_fail(e, TK_EINVAL, it->code, N_("%s: there is no choice \"%.40s\". Choices: %s."),
		     it->code, code, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return rc;
}

static enum tk_rc set_number(const struct tk_op *op, const struct tk_item *it, struct tk_ans *x,
			     const char *s)
{
	bool whole = it->q == TK_Q_NUMBER;
	char *end, *n = tk_narrow(op->mem, s);
	double d = strtod(n, &end);
	int64_t i = 0;

	if (whole ? !tk_parse_int(n, &i)
		  : (end == n || *end || !isfinite(d) || strpbrk(n, "xXpPnN") != NULL ||
		     strlen(n) > 30))
		return tk_fail(op->e, TK_EINVAL, it->code,
			       whole ? N_("%s: \"%.40s\" is not a whole number.")
				     : N_("%s: \"%.40s\" is not a number."),
			       it->code, s);
	if (whole)
		d = (double)i;
	if (it->has_min && d < (double)it->min)
		return tk_fail(op->e, TK_EINVAL, it->code,
			       N_("%s: %.40s is too small. The smallest possible value is %lld."),
			       it->code, s, (long long)it->min);
	if (it->has_max && d > (double)it->max)
		return tk_fail(op->e, TK_EINVAL, it->code,
			       N_("%s: %.40s is too large. The largest possible value is %lld."),
			       it->code, s, (long long)it->max);
	*x = (struct tk_ans){ .state = TK_ANSWER_VALUE,
			      .text = whole ? tk_sprintf(op->mem, "%" PRId64, i) : n,
			      .comment = x->comment };
	return TK_OK;
}

/* "9:05", "09:05:30", full-width too: HH:MM, with seconds where there are any. */
static enum tk_rc set_time(const struct tk_op *op, const struct tk_item *it, struct tk_ans *x,
			   const char *s)
{
	const char *n = tk_narrow(op->mem, tk_squeeze(op->mem, s));
	unsigned h, m, sec = 0;
	int end = 0, all = 0;

	if (sscanf(n, "%2u:%2u%n:%2u%n", &h, &m, &end, &sec, &all) < 2 ||
	    n[all ? all : end] || strspn(n, "0123456789:") != strlen(n) || h > 23 || m > 59 ||
	    sec > 59)
		return tk_fail(op->e, TK_EINVAL, it->code,
			       N_("%s: \"%.40s\" is not a time of day, such as 09:30."), it->code,
			       s);
	*x = (struct tk_ans){ .state = TK_ANSWER_VALUE,
			      .text = sec ? tk_sprintf(op->mem, "%02u:%02u:%02u", h, m, sec)
					  : tk_sprintf(op->mem, "%02u:%02u", h, m),
			      .comment = x->comment };
	return TK_OK;
}

/* Choices in an order: each at most once. */
static enum tk_rc set_rank(const struct tk_op *op, const struct tk_item *it, struct tk_ans *x,
			   const char *words)
{
	char *copy = tk_strdup(op->mem, words), *save = NULL, *all = tk_strdup(op->mem, "");

	for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
		if (tk_item_option(it, w) < 0)
			return no_choice(op->e, it, w);
		if (tk_has_word(all, w))
			return tk_fail(op->e, TK_EINVAL, it->code,
				       N_("%s: the choice \"%.40s\" stands in the order twice."),
				       it->code, w);
		all = tk_sprintf(op->mem, "%s%s%s", all, *all ? " " : "", w);
	}
	*x = (struct tk_ans){ .state = TK_ANSWER_VALUE, .text = all, .comment = x->comment };
	return TK_OK;
}

static enum tk_rc set_plain(const struct tk_op *op, const struct tk_item *it, struct tk_ans *x,
			    const char *s)
{
	struct tk_date d;
	char iso[11];

	if (it->rank)
		return set_rank(op, it, x, s);
	if (!strcmp(it->kind, "time"))
		return set_time(op, it, x, s);
	if (it->q == TK_Q_NUMBER || it->q == TK_Q_DECIMAL)
		return set_number(op, it, x, tk_squeeze(op->mem, s));
	if (it->q == TK_Q_DATE) {
		if (!tk_date_parse(s, &d))
			return tk_fail(
				op->e, TK_EINVAL, it->code,
				N_("%s: \"%.40s\" is not a day that exists, such as 2012-03-31."),
				it->code, s);
		tk_date_iso(d, iso);
		s = tk_strdup(op->mem, iso);
	} else if (tk_utf8_count(s) > TK_TEXT_MAX) {
		return tk_fail(op->e, TK_EINVAL, it->code,
			       N_("%s: a text can have at most %d characters."), it->code,
			       (int)TK_TEXT_MAX);
	}
	*x = (struct tk_ans){ .state = TK_ANSWER_VALUE, .text = s, .comment = x->comment };
	return TK_OK;
}

/* words: choice codes; each must exist. */
static enum tk_rc set_codes(const struct tk_op *op, const struct tk_item *it, struct tk_ans *x,
			    const char *words)
{
	char *copy, *save = NULL;
	uint64_t bits = 0;
	int last = tk_item_option(it, words), n = 0;

	if (last >= 0 && it->q == TK_Q_SINGLE) {
		*x = (struct tk_ans){ .state = TK_ANSWER_VALUE,
				      .option = last,
				      .comment = x->comment };
		return TK_OK;
	}
	copy = tk_strdup(op->mem, words);
	for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save), n++) {
		last = tk_item_option(it, w);
		if (last < 0)
			return no_choice(op->e, it, w);
		bits |= UINT64_C(1) << (last & 63);
	}
	if (it->q == TK_Q_SINGLE && n > 1)
		return tk_fail(op->e, TK_EINVAL, it->code, N_("%s takes one choice only."),
			       it->code);
	*x = (struct tk_ans){ .state = n ? TK_ANSWER_VALUE : TK_ANSWER_NO_ANSWER,
			      .comment = x->comment };
	if (it->q == TK_Q_SINGLE)
		x->option = last;
	else
		x->bits = bits;
	return TK_OK;
}

enum tk_rc tk_answer_set(const struct tk_op *op, const struct tk_item *it, struct tk_ans *x,
			 const char *s)
{
	if (tk_is_blank(s)) {
		*x = (struct tk_ans){ .state = TK_ANSWER_NO_ANSWER, .comment = x->comment };
		return TK_OK;
	}
	if (it->q == TK_Q_SINGLE || it->q == TK_Q_MULTI)
		return set_codes(op, it, x, s);
	return set_plain(op, it, x, s);
}

/* -- one answer from a cell of a file ---------------------------------------------------------- */
/* Choices may also be written by their label, as people fill sheets by hand. */
static const char *code_of_label(struct tk_arena *a, const struct tk_item *it, const char *s)
{
	const char *plain = tk_narrow(a, s);

	for (unsigned k = 0; k < it->noption; k++) {
		const struct tk_option *o = &it->option[k];

		if (!strcmp(tk_narrow(a, o->label_ja), plain) ||
		    (o->label_en && !strcmp(o->label_en, plain)))
			return o->code;
	}
	return NULL;
}

/* A cell as choice codes: one label as a whole, or codes and labels between blanks. */
static const char *codes_of_cell(struct tk_arena *a, const struct tk_item *it, const char *s)
{
	const char *whole = tk_item_option(it, s) < 0 ? code_of_label(a, it, s) : s, *code;
	char *copy = tk_narrow(a, s), *save = NULL, *all = tk_strdup(a, "");

	if (whole)
		return whole;
	for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
		code = tk_item_option(it, w) < 0 ? code_of_label(a, it, w) : NULL;
		all = tk_sprintf(a, "%s%s%s", all, *all ? " " : "", code ? code : w);
	}
	return all;
}

/* "na" and "dk" are taken for every item, also where the page does not offer them: a file tells
 * what was answered elsewhere. */
static enum tk_answer state_of_cell(const struct tk_item *it, const char *s, const char *plain)
{
	if (tk_item_option(it, plain) >= 0)
		return TK_ANSWER_VALUE;
	if (!strcmp(plain, "na") || !strcmp(s, "該当なし"))
		return TK_ANSWER_NOT_APPLICABLE;
	if (!strcmp(plain, "dk") || !strcmp(s, "わからない"))
		return TK_ANSWER_DONT_KNOW;
	return TK_ANSWER_VALUE;
}

enum tk_rc tk_response_set_text(const struct tk_op *op, struct tk_response *r, size_t i,
				const char *text)
{
	const struct tk_item *it = &r->form->item[i];
	struct tk_ans *x = tk_answer_place(r, i);
	const char *s = tk_squeeze(op->mem, text);
	enum tk_answer state = state_of_cell(it, s, tk_narrow(op->mem, s));

	if (it->silent) /* found out again; what a file says of it counts for nothing */
		return TK_OK;
	if (!x && *s)
		return tk_fail(op->e, TK_EINVAL, it->code,
			       N_("%s is not asked of this person. Leave the cell empty."),
			       it->code);
	if (!x)
		return TK_OK;
	if (state != TK_ANSWER_VALUE) {
		*x = (struct tk_ans){ .state = state, .comment = x->comment };
		return TK_OK;
	}
	if (it->q == TK_Q_SINGLE || it->q == TK_Q_MULTI || it->rank)
		return tk_answer_set(op, it, x, codes_of_cell(op->mem, it, s));
	return tk_answer_set(op, it, x, it->q == TK_Q_TEXT ? tk_strdup(op->mem, text) : s);
}

/* -- answers as JSON --------------------------------------------------------------------------- */
static enum tk_rc set_state(const struct tk_op *op, const struct tk_item *it, struct tk_ans *x,
			    const char *state, bool stored)
{
	enum tk_answer to;

	if (!strcmp(state, "no_answer"))
		to = TK_ANSWER_NO_ANSWER;
	else if (!strcmp(state, "not_applicable") && (it->not_applicable || stored))
		to = TK_ANSWER_NOT_APPLICABLE;
	else if (!strcmp(state, "dont_know") && (it->dont_know || stored))
		to = TK_ANSWER_DONT_KNOW;
	else
		return tk_fail(op->e, TK_EINVAL, it->code,
			       N_("%s: \"%.40s\" cannot be answered here."), it->code, state);
	*x = (struct tk_ans){ .state = to, .comment = x->comment };
	return TK_OK;
}

static enum tk_rc json_value(const struct tk_op *op, const struct tk_item *it, struct tk_ans *x,
			     const cJSON *v)
{
	struct tk_buf b = TK_BUF(16384);
	const cJSON *w;
	enum tk_rc rc;
	bool list = it->q == TK_Q_MULTI || it->rank;

	if (cJSON_IsString(v) && !list)
		return tk_answer_set(op, it, x, v->valuestring);
	if (!cJSON_IsArray(v) || !list)
		return tk_fail(op->e, TK_EINVAL, it->code,
			       list
				       ? N_("%s: the value must be a list of choice codes.")
				       : N_("%s: the value must be text."),
			       it->code);
	cJSON_ArrayForEach(w, v) {
		if (!cJSON_IsString(w) || !*w->valuestring || strchr(w->valuestring, ' ') ||
		    b.bad) {
			tk_buf_drop(&b);
			return tk_fail(op->e, TK_EINVAL, it->code,
				       N_("%s: the value must be a list of choice codes."),
				       it->code);
		}
		tk_buf_fmt(&b, "%s%s", b.len ? " " : "", w->valuestring);
	}
	rc = b.bad ? tk_fail(op->e, TK_EINVAL, it->code, N_("%s: the list of choices is too long."),
			     it->code)
		   : tk_answer_set(op, it, x, tk_strdup(op->mem, tk_buf_cstr(&b)));
	tk_buf_drop(&b);
	return rc;
}

static enum tk_rc json_content(const struct tk_op *op, const struct tk_item *it, struct tk_ans *x,
			       const cJSON *v, const char *state, bool stored)
{
	bool value = v && !cJSON_IsNull(v), says_value = state && !strcmp(state, "value");

	if ((value && state && !says_value) || (!value && says_value))
		return tk_fail(op->e, TK_EINVAL, it->code,
			       N_("%s: state and value contradict each other."), it->code);
	if (value)
		return json_value(op, it, x, v);
	if (state || v)                         /* a value of null takes the answer back */
		return set_state(op, it, x, state ? state : "no_answer", stored);
	return TK_OK;
}

enum tk_rc tk_answer_json(const struct tk_op *op, const struct tk_item *it, struct tk_ans *x,
			  const cJSON *o, bool stored)
{
	static const char *const keys[] = { "value", "state", "comment", "evidence", NULL };
	const char *state = NULL, *comment = NULL;
	enum tk_rc rc;

	if (!cJSON_IsObject(o))
		return tk_fail(op->e, TK_EINVAL, it->code,
			       N_("%s: an answer is an object with value, state or comment."),
			       it->code);
	if ((rc = tk_json_only(o, keys, op->e)) != TK_OK ||
	    (rc = tk_json_get_str(o, "state", &state, op->e)) != TK_OK ||
	    (rc = tk_json_get_str(o, "comment", &comment, op->e)) != TK_OK ||
	    (rc = json_content(op, it, x, cJSON_GetObjectItemCaseSensitive(o, "value"), state,
			       stored)) != TK_OK)
		return rc;
	if (comment && tk_utf8_count(comment) > TK_COMMENT_MAX)
		return tk_fail(op->e, TK_EINVAL, it->code,
			       N_("%s: a comment can have at most %d characters."), it->code,
			       (int)TK_COMMENT_MAX);
	if (cJSON_GetObjectItemCaseSensitive(o, "comment"))
		x->comment = tk_is_blank(comment) ? NULL : comment;
	return TK_OK;
}

/* The order of the members does not matter: an answer to an item that another one has yet to open
 * is kept until all are in. */
enum tk_rc tk_response_apply(const struct tk_op *op, struct tk_response *r, const cJSON *answers)
{
	bool *touched = tk_alloc_n(op->mem, r->form->nitem + 1, sizeof(*touched));
	struct tk_seen seen;
	const cJSON *o;
	enum tk_rc rc;

	if (!cJSON_IsObject(answers))
		return tk_fail(op->e, TK_EINVAL, "answers",
			       N_("answers must be an object with one member for each item."));
	tk_seen_open(&seen, r, op->mem);
	cJSON_ArrayForEach(o, answers) {
		int i = tk_form_item_index(r->form, o->string);
		struct tk_ans *x = i < 0 ? NULL : tk_answer_place(r, (size_t)i);

		if (i < 0)
			return tk_fail(op->e, TK_EINVAL, o->string,
				       N_("There is no item \"%.60s\"."), o->string);
		if (!x)
			return tk_fail(op->e, TK_EINVAL, o->string, N_("%s is not asked of you."),
				       o->string);
		if ((rc = tk_answer_json(op, &r->form->item[i], x, o, false)) != TK_OK)
			return rc;
		touched[i] = true;
		tk_seen_change(&seen, r, (size_t)i, op->mem);
	}
	tk_seen_settle(&seen, r, op->mem);
	return tk_response_accept(op, r, touched);
}

/* The words of an order; they were checked when it was given. */
static void rank_json(struct tk_json *j, const struct tk_item *it, const char *words)
{
	tk_json_arr(j);
	for (size_t n; *words; words += n + (words[n] == ' ')) {
		n = strcspn(words, " ");
		for (unsigned k = 0; k < it->noption; k++)
			if (strlen(it->option[k].code) == n &&
			    !memcmp(it->option[k].code, words, n))
				tk_json_str(j, it->option[k].code);
	}
	tk_json_end_arr(j);
}

void tk_answer_members(struct tk_json *j, const struct tk_item *it, const struct tk_ans *x)
{
	static const char *const name[] = { "not_asked", "no_answer", "not_applicable", "dont_know",
					    "value" };

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
	} else if (it->rank) {
		rank_json(j, it, x->text);
	} else {
		tk_json_str(j, x->text);
	}
	tk_json_kstr(j, "comment", x->comment);
}

void tk_response_json(struct tk_json *j, const struct tk_response *r, tk_answer_extra_fn extra,
		      void *ctx)
{
	tk_json_obj(j);
	for (size_t i = 0; i < r->form->nitem; i++) {
		if (r->answer[i].state == TK_ANSWER_NOT_ASKED || r->form->item[i].silent)
			continue;
		tk_json_key(j, r->form->item[i].code);
		tk_json_obj(j);
		tk_answer_members(j, &r->form->item[i], &r->answer[i]);
		if (extra)
			extra(ctx, j, i);
		tk_json_end_obj(j);
	}
	tk_json_end_obj(j);
}
