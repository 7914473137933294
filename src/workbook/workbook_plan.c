/* workbook_plan.c - where everything stands in a respondent's workbook, and what both directions
 * take an answer for. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "workbook/workbook_in.h"

/* Each may need a rule of what it takes (TK_OUT_VALID_MAX), and people want an end in sight. */
enum { SHEET_QUESTIONS = 200 };

const char *const tk_wb_heading[TK_WB_NCOL] = {
	[TK_WB_CODE] = N_("Code"),     [TK_WB_QUESTION] = N_("Question"),
	[TK_WB_HOW] = N_("How to answer"), [TK_WB_ANSWER] = N_("Answer"),
	[TK_WB_COMMENT] = N_("Comment"),   [TK_WB_STATUS] = N_("Progress"),
};
const char *const tk_wb_na = N_("Not applicable"), *const tk_wb_dk = N_("Don't know");

/* -- answers as texts -------------------------------------------------------------------------- */
char *tk_wb_plain(struct tk_arena *a, const char *s)
{
	char *copy = tk_strdup(a, s ? s : ""), *to = copy;

	for (const char *p = copy; *p; p++) {
		if (*p == '\r' && p[1] == '\n')
			continue;
		*to++ = *p == '\r' ? '\n' : *p;
	}
	while (to > copy && strchr(" \t\n", to[-1]))
		to--;
	*to = '\0';
	return copy;
}

static int by_text(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static const char *canon_codes(const struct tk_item *it, uint64_t bits, struct tk_arena *a)
{
	const char **code = tk_alloc_n(a, it->noption + 1, sizeof(*code));
	struct tk_buf b = TK_BUF(1 << 20);
	size_t n = 0;
	char *s;

	for (unsigned k = 0; k < it->noption; k++)
		if (bits >> k & 1)
			code[n++] = it->option[k].code;
	if (n)
		qsort(code, n, sizeof(*code), by_text);
	for (size_t k = 0; k < n; k++)
		tk_buf_fmt(&b, "%s%s", k ? " " : "", code[k]);
	s = tk_strdup(a, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return s;
}

const char *tk_wb_canon(const struct tk_item *it, const struct tk_ans *x, struct tk_arena *a)
{
	double d;

	switch (x->state) {
	case TK_ANSWER_NOT_ASKED:
	case TK_ANSWER_NO_ANSWER:
		return "";
	case TK_ANSWER_NOT_APPLICABLE:
		return "\001na";
	case TK_ANSWER_DONT_KNOW:
		return "\001dk";
	case TK_ANSWER_VALUE:
		break;
	}
	if (it->q == TK_Q_SINGLE)
		return it->option[x->option].code;
	if (it->q == TK_Q_MULTI)
		return canon_codes(it, x->bits, a);
	if (it->q == TK_Q_NUMBER || it->q == TK_Q_DECIMAL) {
		d = strtod(x->text, NULL);
		return tk_sprintf(a, "%.15g", d + 0.0);
	}
	return tk_wb_plain(a, x->text);
}

const char *tk_wb_comment(const struct tk_ans *x, struct tk_arena *a)
{
	return tk_wb_plain(a, x->comment);
}

const char *tk_wb_digest(struct tk_arena *a, const char *text)
{
	char hex[TK_SHA256_HEX];

	if (!*text)
		return "-";
	tk_sha256_hex(text, strlen(text), hex);
	return tk_strndup(a, hex, 24);
}

const char *tk_wb_sign(struct tk_arena *a, const struct tk_item *it)
{
	struct tk_buf b = TK_BUF(1 << 20);
	const char *s;

	tk_buf_fmt(&b, "%s\n%s\n", it->kind, it->label_ja ? it->label_ja : "");
	for (unsigned k = 0; k < it->noption; k++)
		tk_buf_fmt(&b, "%s=%s\n", it->option[k].code,
			   it->option[k].label_ja ? it->option[k].label_ja : "");
	if (it->has_min)
		tk_buf_fmt(&b, ">%lld\n", (long long)it->min);
	if (it->has_max)
		tk_buf_fmt(&b, "<%lld\n", (long long)it->max);
	s = tk_wb_digest(a, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return s;
}

static const char *label(const struct tk_item *it, unsigned k, enum tk_lang lang)
{
	const char *s = tk_in(lang, it->option[k].label_ja, it->option[k].label_en);

	return tk_is_blank(s) ? it->option[k].code : s;
}

const char *tk_wb_option(struct tk_arena *a, const struct tk_item *it, unsigned k,
			 enum tk_lang lang)
{
	const char *s = tk_squeeze(a, label(it, k, lang));

	for (unsigned o = 0; o < it->noption; o++)
		if (o != k && !strcmp(s, tk_squeeze(a, label(it, o, lang))))
			return tk_sprintf(a, "%s [%s]", s, it->option[k].code);
	return s;
}

/* "1 A, 2 B": choices in their order. */
static const char *rank_words(struct tk_arena *a, const struct tk_item *it, const char *codes,
			      enum tk_lang lang)
{
	char *copy = tk_strdup(a, codes), *save = NULL, *all = tk_strdup(a, "");
	unsigned n = 0;

	for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
		int k = tk_item_option(it, w);

		if (k >= 0)
			all = tk_sprintf(a, "%s%s%u %s", all, n ? lang == TK_JA ? "、" : ", " : "",
					 n + 1, tk_wb_option(a, it, (unsigned)k, lang));
		n++;
	}
	return all;
}

bool tk_wb_is_time(const struct tk_item *it)
{
	return !strcmp(it->kind, "time");
}

const char *tk_wb_words(struct tk_arena *a, const struct tk_item *it, const struct tk_ans *x,
			enum tk_lang lang)
{
	const char *all = "", *between = lang == TK_JA ? "、" : ", ";

	switch (x->state) {
	case TK_ANSWER_NOT_ASKED:
	case TK_ANSWER_NO_ANSWER:
		return "";
	case TK_ANSWER_NOT_APPLICABLE:
		return tk_tr(lang, tk_wb_na);
	case TK_ANSWER_DONT_KNOW:
		return tk_tr(lang, tk_wb_dk);
	case TK_ANSWER_VALUE:
		break;
	}
	if (it->q == TK_Q_SINGLE)
		return tk_wb_option(a, it, (unsigned)x->option, lang);
	if (it->rank)
		return rank_words(a, it, x->text, lang);
	if (it->q != TK_Q_MULTI)
		return x->text;
	for (unsigned k = 0; k < it->noption; k++)
		if (x->bits >> k & 1)
			all = tk_sprintf(a, "%s%s%s", all, *all ? between : "",
					 tk_wb_option(a, it, k, lang));
	return all;
}

bool tk_wb_holds(const struct tk_workbook *w, size_t i)
{
	const struct tk_item *it = &w->r->form->item[i];

	return !it->silent && !it->calculation && tk_response_possible(w->r, i) &&
	       (!w->may || w->may[i]);
}

/* -- the hidden sheet -------------------------------------------------------------------------- */
#define FIELD(f) { #f, offsetof(struct tk_wb_ident, f) }
const struct tk_wb_field tk_wb_field[] = {
	FIELD(layout), FIELD(campaign_id), FIELD(campaign), FIELD(fiscal_year),
	FIELD(respondent_id), FIELD(respondent), FIELD(form), FIELD(form_digest), FIELD(version),
	FIELD(lang), FIELD(made), FIELD(nonce),
};
const size_t tk_wb_nfield = TK_LEN(tk_wb_field);

/* Cells are told apart by characters that cannot stand in them; empty cells at the end fall away,
 * because programs that save the workbook drop them. */
void tk_wb_seal_row(struct tk_buf *b, const char *const *cell, size_t n)
{
	while (n && !*cell[n - 1])
		n--;
	for (size_t i = 0; i < n; i++)
		tk_buf_fmt(b, "%s\037", cell[i]);
	tk_buf_chr(b, '\036');
}

/* -- where everything stands ------------------------------------------------------------------- */
unsigned tk_wb_option_rows(const struct tk_item *it)
{
	return it->q == TK_Q_MULTI || it->rank
		       ? it->noption + it->not_applicable + it->dont_know
		       : 0;
}

static const char *sheet_name(const struct tk_wb_plan *p, int g)
{
	const struct tk_form *f = p->w->r->form;
	enum tk_lang lang = p->w->lang;
	const char *s = g < 0 ? tk_tr(lang, N_("General"))
			      : tk_in(lang, f->group[g].label_ja, f->group[g].label_en);

	s = tk_is_blank(s) ? f->group[g].code : tk_squeeze(p->mem, s);
	return tk_out_fit_name(p->mem, tk_sprintf(p->mem, "%zu %s", p->nsection, s), 0);
}

/* The sheet of an outermost section; a full one goes on on another. */
static struct tk_wb_section *section_of(struct tk_wb_plan *p, int top)
{
	struct tk_wb_section *s;

	for (size_t i = p->nsection; i-- > 0;)
		if (p->section[i].group == top && p->section[i].n < SHEET_QUESTIONS)
			return &p->section[i];
	s = &p->section[p->nsection++];
	*s = (struct tk_wb_section){ .group = top, .last = TK_WB_HEAD_ROW };
	s->name = sheet_name(p, top);
	return s;
}

static bool same_list(const struct tk_item *x, const struct tk_item *y)
{
	if (x->noption != y->noption || x->not_applicable != y->not_applicable ||
	    x->dont_know != y->dont_know)
		return false;
	for (unsigned k = 0; x->option != y->option && k < x->noption; k++)
		if (strcmp(x->option[k].code, y->option[k].code) != 0 ||
		    strcmp(label(x, k, TK_JA), label(y, k, TK_JA)) != 0 ||
		    strcmp(label(x, k, TK_EN), label(y, k, TK_EN)) != 0)
			return false;
	return true;
}

/* Questions with the same choices share a list. */
static int list_of(struct tk_wb_plan *p, size_t i)
{
	const struct tk_item *it = &p->w->r->form->item[i];
	uint32_t from = p->nlist ? p->list[p->nlist - 1].to + 1 : 2;

	for (size_t k = p->nlist; k-- > 0;)
		if (same_list(&p->w->r->form->item[p->list[k].item], it))
			return (int)k;
	p->list[p->nlist++] = (struct tk_wb_list){
		i, from, from + it->noption + it->not_applicable + it->dont_know - 1
	};
	return (int)p->nlist - 1;
}

static bool is_conditional(const struct tk_form *f, const struct tk_item *it)
{
	if (it->relevant)
		return true;
	for (int g = it->group; g >= 0; g = f->group[g].parent)
		if (f->group[g].relevant)
			return true;
	return false;
}

/* One row of a section, as it comes. */
static void add_step(struct tk_wb_plan *p, enum tk_wb_kind kind, struct tk_wb_section *s,
		     size_t at)
{
	p->step[p->nstep++] = (struct tk_wb_step){ kind, (size_t)(s - p->section), at };
	s->last++;
}

/* Before the first row of an inner section: its name, and its hint. */
static void add_bands(struct tk_wb_plan *p, struct tk_wb_section *s, int group)
{
	const struct tk_group *g = group < 0 ? NULL : &p->w->r->form->group[group];

	if (s->inner == group + 1)
		return;
	s->inner = group + 1;
	if (!g || g->parent < 0)
		return;
	add_step(p, TK_WB_BAND, s, (size_t)group);
	if (!tk_is_blank(g->hint_ja))
		add_step(p, TK_WB_HINT, s, (size_t)group);
}

static void add_item(struct tk_wb_plan *p, size_t i)
{
	const struct tk_form *f = p->w->r->form;
	const struct tk_item *it = &f->item[i];
	struct tk_wb_section *s = section_of(p, tk_view_section(f, it->group));
	struct tk_wb_line *l = &p->line[i];

	add_bands(p, s, it->group);
	add_step(p, TK_WB_ITEM, s, i);
	l->in = true;
	l->sheet = (size_t)(s - p->section);
	l->row = s->last;
	s->last += tk_wb_option_rows(it);
	s->n++;
	if (it->q == TK_Q_SINGLE)
		l->list = list_of(p, i);
}

/* Notes are read where there is something to answer. */
static void add_note(struct tk_wb_plan *p, size_t n, const bool *held)
{
	const struct tk_form *f = p->w->r->form;
	int top = tk_view_section(f, f->note[n].group);
	struct tk_wb_section *s;

	if (!held[top + 1] || !tk_answer_note(p->w->r, &f->note[n], p->slot, p->mem))
		return;
	s = section_of(p, top);
	add_bands(p, s, f->note[n].group);
	add_step(p, TK_WB_NOTE, s, n);
}

void tk_wb_plan(const struct tk_workbook *w, struct tk_arena *mem, struct tk_wb_plan *p)
{
	const struct tk_form *f = w->r->form;
	bool *held = tk_alloc_n(mem, f->ngroup + 1, sizeof(*held));
	size_t note = 0;

	*p = (struct tk_wb_plan){ .w = w, .mem = mem };
	p->line = tk_alloc_n(mem, f->nitem + 1, sizeof(*p->line));
	p->section = tk_alloc_n(mem, f->ngroup + 2 + f->nitem / SHEET_QUESTIONS,
				sizeof(*p->section));
	p->list = tk_alloc_n(mem, f->nitem + 1, sizeof(*p->list));
	p->step = tk_alloc_n(mem, 3 * (f->nitem + f->nnote) + 1, sizeof(*p->step));
	p->slot = tk_answer_slots(w->r, mem);
	for (size_t i = 0; i < f->nitem; i++) {
		p->line[i].list = -1;
		p->line[i].conditional = is_conditional(f, &f->item[i]);
		if (tk_wb_holds(w, i))
			held[tk_view_section(f, f->item[i].group) + 1] = true;
	}
	for (size_t i = 0; i <= f->nitem; i++) {
		for (; note < f->nnote && f->note[note].before <= i; note++)
			add_note(p, note, held);
		if (i < f->nitem && tk_wb_holds(w, i))
			add_item(p, i);
	}
	tk_wb_logic(p);
}

const char *tk_wb_place(const struct tk_wb_plan *p, size_t item, enum tk_wb_col col, unsigned k)
{
	const struct tk_wb_line *l = &p->line[item];

	return tk_out_ref(p->mem, p->section[l->sheet].name, col, l->row + k);
}
