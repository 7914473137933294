/* form_view.c - sections, items and notes of a questionnaire for the page that asks them. */
#include <string.h>
#include "base/text.h"
#include "form/form_in.h"
#include "survey/form_view.h"
#include "survey/section.h"

int tk_view_section(const struct tk_form *f, int g)
{
	while (g >= 0 && f->group[g].parent >= 0)
		g = f->group[g].parent;
	return g;
}

/* What stands in the section itself has no group; what stands deeper names it. */
static void group_member(struct tk_json *j, const struct tk_form *f, int g)
{
	if (g >= 0 && f->group[g].parent >= 0)
		tk_json_kstr(j, "group", f->group[g].code);
}

static void choices_json(struct tk_json *j, const struct tk_item *it, enum tk_lang lang)
{
	tk_json_key(j, "choices");
	tk_json_arr(j);
	for (unsigned k = 0; k < it->noption; k++) {
		tk_json_obj(j);
		tk_json_kstr(j, "code", it->option[k].code);
		tk_json_kstr(j, "label",
			     tk_in(lang, it->option[k].label_ja, it->option[k].label_en));
		tk_json_end_obj(j);
	}
	tk_json_end_arr(j);
}

static void item_json(struct tk_json *j, const struct tk_form *f, const struct tk_item *it,
		      enum tk_lang lang)
{
	tk_json_obj(j);
	tk_json_kstr(j, "code", it->code);
	tk_json_kstr(j, "kind", it->kind);
	tk_json_kstr(j, "label", tk_in(lang, it->label_ja, it->label_en));
	tk_json_kstr(j, "hint", tk_in(lang, it->hint_ja, it->hint_en));
	tk_json_kstr(j, "guidance", tk_in(lang, it->guidance_ja, it->guidance_en));
	group_member(j, f, it->group);
	tk_json_kstr(j, "list", it->list);
	tk_json_kstr(j, "appearance", it->appearance);
	tk_json_kstr(j, "parameters", it->parameters);
	tk_json_kbool(j, "required", it->required);
	tk_json_kstr(j, "clause", it->clause);
	tk_json_kbool(j, "evidence", it->evidence);
	tk_json_kstr(j, "relevant", it->condition);
	tk_json_kbool(j, "not_applicable", it->not_applicable);
	tk_json_kbool(j, "dont_know", it->dont_know);
	if (it->has_min)
		tk_json_kint(j, "min", it->min);
	if (it->has_max)
		tk_json_kint(j, "max", it->max);
	tk_json_kint(j, "max_length", TK_TEXT_MAX);
	choices_json(j, it, lang);
	tk_json_end_obj(j);
}

static void note_json(struct tk_json *j, const struct tk_form *f, const struct tk_note *n,
		      enum tk_lang lang)
{
	tk_json_obj(j);
	tk_json_kstr(j, "code", n->code);
	tk_json_kstr(j, "kind", "note");
	tk_json_kstr(j, "label", tk_in(lang, n->label_ja, n->label_en));
	tk_json_kstr(j, "hint", tk_in(lang, n->hint_ja, n->hint_en));
	group_member(j, f, n->group);
	tk_json_end_obj(j);
}

struct sections {
	struct tk_json *j;
	const struct tk_response *r;
	const bool *see;
	enum tk_lang lang;
	bool *done;
};

static bool shown(const struct sections *s, size_t i)
{
	return !s->r->form->item[i].silent && (!s->see || s->see[i]) &&
	       tk_response_possible(s->r, i);
}

static void groups_json(struct tk_json *j, const struct tk_form *f, int section, enum tk_lang lang)
{
	tk_json_key(j, "groups");
	tk_json_arr(j);
	for (int g = section + 1; section >= 0 && g < (int)f->ngroup; g++) {
		const struct tk_group *x = &f->group[g];

		if (x->parent < 0 || tk_view_section(f, g) != section)
			continue;
		tk_json_obj(j);
		tk_json_kstr(j, "code", x->code);
		tk_json_kstr(j, "label", tk_in(lang, x->label_ja, x->label_en));
		tk_json_kstr(j, "hint", tk_in(lang, x->hint_ja, x->hint_en));
		tk_json_kstr(j, "appearance", x->appearance);
		group_member(j, f, x->parent);
		tk_json_end_obj(j);
	}
	tk_json_end_arr(j);
}

/* Items and the notes in front of them; the notes behind all of them last. */
static void rows_json(const struct sections *s, int section)
{
	const struct tk_form *f = s->r->form;
	struct tk_json *j = s->j;
	size_t n = 0;

	tk_json_key(j, "items");
	tk_json_arr(j);
	for (size_t i = 0; i <= f->nitem; i++) {
		for (; n < f->nnote && f->note[n].before <= i; n++)
			if (tk_view_section(f, f->note[n].group) == section)
				note_json(j, f, &f->note[n], s->lang);
		if (i < f->nitem && tk_view_section(f, f->item[i].group) == section && shown(s, i))
			item_json(j, f, &f->item[i], s->lang);
	}
	tk_json_end_arr(j);
}

static void section_json(const struct sections *s, int g)
{
	const struct tk_form *f = s->r->form;
	struct tk_json *j = s->j;
	enum tk_lang lang = s->lang;

	tk_json_obj(j);
	tk_json_kstr(j, "code", tk_section_code(f, g));
	tk_json_kstr(j, "label",
		     g < 0 ? tk_in(lang, f->title_ja, f->title_en)
			   : tk_in(lang, f->group[g].label_ja, f->group[g].label_en));
	tk_json_kstr(j, "hint",
		     g < 0 ? NULL : tk_in(lang, f->group[g].hint_ja, f->group[g].hint_en));
	tk_json_kstr(j, "appearance", g < 0 ? NULL : f->group[g].appearance);
	groups_json(j, f, g, lang);
	rows_json(s, g);
	tk_json_end_obj(j);
}

/* The section around group g, when it is the first time. */
static void around(struct sections *s, int g)
{
	g = tk_view_section(s->r->form, g);
	if (s->done[g + 1])
		return;
	s->done[g + 1] = true;
	section_json(s, g);
}

/* Does the person see any item of the section around group g? */
static bool seen(const struct sections *s, int g)
{
	const struct tk_form *f = s->r->form;

	for (size_t i = 0; i < f->nitem; i++)
		if (shown(s, i) &&
		    tk_view_section(f, f->item[i].group) == tk_view_section(f, g))
			return true;
	return false;
}

/* Sections come in the order of their first row. */
void tk_view_form(struct tk_json *j, const struct tk_response *r, const bool *see,
		  enum tk_lang lang, struct tk_arena *a)
{
	const struct tk_form *f = r->form;
	struct sections s = { j, r, see, lang, tk_alloc_n(a, f->ngroup + 1, sizeof(*s.done)) };
	size_t n = 0;

	tk_json_key(j, "form");
	tk_json_obj(j);
	tk_json_kstr(j, "title", tk_in(lang, f->title_ja, f->title_en));
	tk_json_key(j, "sections");
	tk_json_arr(j);
	for (size_t i = 0; i <= f->nitem; i++) {
		for (; n < f->nnote && f->note[n].before <= i; n++)
			if (!see || seen(&s, f->note[n].group))
				around(&s, f->note[n].group);
		if (i < f->nitem && shown(&s, i))
			around(&s, f->item[i].group);
	}
	tk_json_end_arr(j);
	tk_json_end_obj(j);
}

/* -- what the answers make of it --------------------------------------------------------------- */
struct view {
	struct tk_json *j;
	const struct tk_response *r;
	const bool *see;
	enum tk_lang lang;
	struct tk_arena *a;
	const struct tk_xval *slot;
};

static bool is_asked(const struct view *v, size_t i)
{
	return v->r->answer[i].state != TK_ANSWER_NOT_ASKED && !v->r->form->item[i].silent &&
	       (!v->see || v->see[i]);
}

/* Does the person see anything of the section around group g? */
static bool sees(const struct view *v, int g)
{
	return !v->see || seen(&(struct sections){ .r = v->r, .see = v->see }, g);
}

static void needed_json(const struct view *v)
{
	tk_json_key(v->j, "needed");
	tk_json_arr(v->j);
	for (size_t i = 0; i < v->r->form->nitem; i++)
		if (v->r->form->item[i].required_if && is_asked(v, i) &&
		    tk_answer_needed(v->r, i, v->slot, v->a))
			tk_json_str(v->j, v->r->form->item[i].code);
	tk_json_end_arr(v->j);
}

static void offered_json(const struct view *v)
{
	tk_json_key(v->j, "offered");
	tk_json_obj(v->j);
	for (size_t i = 0; i < v->r->form->nitem; i++) {
		const struct tk_item *it = &v->r->form->item[i];

		if (!it->filter || !is_asked(v, i))
			continue;
		tk_json_key(v->j, it->code);
		tk_json_arr(v->j);
		for (unsigned k = 0; k < it->noption; k++)
			if (tk_answer_offered(v->r, i, k, v->slot, v->a))
				tk_json_str(v->j, it->option[k].code);
		tk_json_end_arr(v->j);
	}
	tk_json_end_obj(v->j);
}

static bool names_answers(const char *s)
{
	return s && strstr(s, "${");
}

static void text_json(const struct view *v, const char *code, const char *label, const char *hint)
{
	if (!names_answers(label) && !names_answers(hint))
		return;
	tk_json_key(v->j, code);
	tk_json_obj(v->j);
	tk_json_kstr(v->j, "label", tk_answer_said(v->r, label, v->lang, v->a));
	tk_json_kstr(v->j, "hint", tk_answer_said(v->r, hint, v->lang, v->a));
	tk_json_end_obj(v->j);
}

static void texts_json(const struct view *v)
{
	const struct tk_form *f = v->r->form;

	tk_json_key(v->j, "texts");
	tk_json_obj(v->j);
	for (size_t i = 0; i < f->nitem; i++)
		if (is_asked(v, i))
			text_json(v, f->item[i].code,
				  tk_in(v->lang, f->item[i].label_ja, f->item[i].label_en),
				  tk_in(v->lang, f->item[i].hint_ja, f->item[i].hint_en));
	for (size_t i = 0; i < f->nnote; i++)
		if (sees(v, f->note[i].group))
			text_json(v, f->note[i].code,
			  tk_in(v->lang, f->note[i].label_ja, f->note[i].label_en),
			  tk_in(v->lang, f->note[i].hint_ja, f->note[i].hint_en));
	for (size_t i = 0; i < f->ngroup; i++)
		if (sees(v, (int)i))
			text_json(v, f->group[i].code,
			  tk_in(v->lang, f->group[i].label_ja, f->group[i].label_en),
			  tk_in(v->lang, f->group[i].hint_ja, f->group[i].hint_en));
	tk_json_end_obj(v->j);
}

static void notes_json(const struct view *v)
{
	tk_json_key(v->j, "notes");
	tk_json_arr(v->j);
	for (size_t i = 0; i < v->r->form->nnote; i++)
		if (sees(v, v->r->form->note[i].group) &&
		    tk_answer_note(v->r, &v->r->form->note[i], v->slot, v->a))
			tk_json_str(v->j, v->r->form->note[i].code);
	tk_json_end_arr(v->j);
}

void tk_view_now(struct tk_json *j, const struct tk_response *r, const bool *see,
		 enum tk_lang lang, struct tk_arena *a)
{
	struct view v = { j, r, see, lang, a, tk_answer_slots(r, a) };

	tk_json_key(j, "asked");
	tk_json_arr(j);
	for (size_t i = 0; i < r->form->nitem; i++)
		if (is_asked(&v, i))
			tk_json_str(j, r->form->item[i].code);
	tk_json_end_arr(j);
	needed_json(&v);
	offered_json(&v);
	texts_json(&v);
	notes_json(&v);
}
