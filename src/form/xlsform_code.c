/* xlsform_code.c - rows being read: room for them, what is wrong with them, codes that are free. */
#include <string.h>
#include "base/text.h"
#include "form/xlsform_in.h"

void *tk_xls_more(struct tk_xls_reading *r, struct tk_xls_vec *v)
{
	if (v->n == v->cap) {
		size_t cap = v->cap ? v->cap * 2 : 64;
		char *p = tk_alloc_n(r->a, cap, v->size);

		if (v->n)
			memcpy(p, v->p, v->n * v->size);
		v->p = p;
		v->cap = cap;
	}
	return v->p + v->n++ * v->size;
}

static size_t place(const struct tk_xls_names *s, const char *name)
{
	uint32_t h = 2166136261u; /* FNV-1a */
	size_t at;

	for (const char *p = name; *p; p++)
		h = (h ^ (unsigned char)*p) * 16777619u;
	for (at = h & (s->cap - 1); s->slot[at] && strcmp(s->slot[at], name) != 0;
	     at = (at + 1) & (s->cap - 1))
		;
	return at;
}

bool tk_xls_take(struct tk_arena *a, struct tk_xls_names *s, const char *name)
{
	size_t at;

	if (s->n * 2 >= s->cap) {
		struct tk_xls_names big = { .cap = s->cap ? s->cap * 2 : 256, .n = s->n };

		big.slot = tk_alloc_n(a, big.cap, sizeof(*big.slot));
		for (size_t i = 0; i < s->cap; i++)
			if (s->slot[i])
				big.slot[place(&big, s->slot[i])] = s->slot[i];
		*s = big;
	}
	at = place(s, name);
	if (s->slot[at])
		return false;
	s->slot[at] = name;
	s->n++;
	return true;
}

bool tk_xls_taken(const struct tk_xls_names *s, const char *name)
{
	return s->cap && s->slot[place(s, name)];
}

void tk_xls_warned(struct tk_xls_reading *r, const char *sheet, uint32_t row, const char *column)
{
	struct tk_form_fault *w;

	if (r->warning.n == 200) /* nobody reads more */
		return;
	w = tk_xls_more(r, &r->warning);
	*w = (struct tk_form_fault){ .sheet = sheet,
				     .item = "",
				     .column = column,
				     .text = tk_strdup(r->a, r->said.msg),
				     .row = row };
}

void tk_xls_said(struct tk_xls_reading *r)
{
	if (!r->problem || strlen(r->problem) < 16000)
		r->problem = tk_sprintf(r->a, "%s%s\t%s\n", r->problem ? r->problem : "",
					r->said.field, r->said.msg);
}

/* Without a blank at the end, which a reader of the cell would drop. */
static const char *cut(struct tk_arena *a, const char *s, size_t max)
{
	char *to = tk_utf8_head(a, s, max);
	size_t n = strlen(to);

	for (;;) {
		if (n >= 1 && tk_is_blank(to + n - 1))
			n--;
		else if (n >= 3 && tk_is_blank(to + n - 3)) /* a full-width one */
			n -= 3;
		else
			return to;
		to[n] = '\0';
	}
}

void tk_xls_put(struct tk_xls_reading *r, const struct tk_rtype *t, void *rec, const char *field,
		const char *column, const char *s)
{
	const struct tk_field *f = &t->field[tk_field_index(t, field)];
	size_t max = (size_t)(f->max ? f->max : 20000);

	if (tk_is_blank(s))
		return;
	if (!tk_utf8_valid(s, strlen(s))) {
		TK_XLS_PROBLEM(r, column, N_("Column %s: the text is not valid UTF-8."), column);
		return;
	}
	if (tk_utf8_count(s) > max) {
		TK_XLS_PROBLEM(r, column,
			       N_("Column %s: the text is longer than %zu characters and was cut."),
			       column, max);
		s = cut(r->a, s, max);
	}
	tk_set_by(t, rec, field, TK_S(tk_strdup(r->a, s)));
}

/* -- names ------------------------------------------------------------------------------------- */
const char *tk_xls_as_code(struct tk_xls_reading *r, const char *s, bool word)
{
	char *t = tk_alloc(r->a, strlen(s) * 2 + 8), *to = t;
	uint32_t cp;

	for (size_t n; (n = tk_utf8_get(s, &cp)) != 0; s += n) {
		char one[8] = "x";

		memcpy(one + 1, s, n);
		if (word ? tk_xword_valid(one + 1) : tk_xname_valid(one)) {
			memcpy(to, s, n);
			to += n;
		} else {
			*to++ = '_';
		}
	}
	*to = '\0';
	if (!*t || !(word ? tk_xword_valid(t) : tk_xname_valid(t))) {
		memmove(t + 1, t, strlen(t) + 1);
		*t = '_';
	}
	return tk_utf8_head(r->a, t, 60);
}

const char *tk_xls_free_code(struct tk_xls_reading *r, struct tk_xls_names *taken,
			     const char *before, const char *code)
{
	const char *first = tk_utf8_head(r->a, code, 52);

	for (size_t k = 2; !tk_xls_take(r->a, taken, tk_sprintf(r->a, "%s%s", before, code)); k++) {
		k += k == 50 ? taken->n : 0; /* the same name in thousands of rows */
		code = tk_sprintf(r->a, "%s_%zu", first, k);
	}
	return code;
}

const char *tk_xls_code_for(struct tk_xls_reading *r, struct tk_xls_names *taken, const char *list,
			    const char *name, bool word)
{
	const char *code = tk_xls_as_code(r, name, word),
		   *before = list ? tk_sprintf(r->a, "%s ", list) : "", *final;

	if (strcmp(code, name) != 0)
		TK_XLS_PROBLEM(
			r, "name",
			word ? N_("The name \"%.60s\" must hold no blanks and at most 60 "
				  "characters.")
			     : N_("The name \"%.60s\" must begin with a letter and hold only "
				  "letters, digits, _, - and full stops, at most 60."),
			name);
	final = tk_xls_free_code(r, taken, before, code);
	if (strcmp(final, code) != 0)
		TK_XLS_PROBLEM(r, "name",
			       N_("The name \"%.60s\" is used twice; here it was made %.60s."),
			       name, final);
	return final;
}
