/* table_figure.c - the counting: for each figure its people, base, choices, and what is missing. */
#include <string.h>
#include "base/text.h"
#include "form/form_in.h"
#include "table/table_figure.h"

/* Kinds of missing that can belong to a base, in the order of print. */
static const struct {
	enum tk_answer state;
	const char *code, *label;
} missing[] = {
	{TK_ANSWER_DONT_KNOW, "dont_know", N_("Don't know")},
	{TK_ANSWER_NOT_APPLICABLE, "not_applicable", N_("Not applicable")},
	{TK_ANSWER_NO_ANSWER, "no_answer", N_("No answer")},
	{TK_ANSWER_NOT_ASKED, "not_asked", N_("Not asked")},
};
enum { NMISSING = TK_LEN(missing) };

static const struct tk_item *item_of(const struct tk_survey_job *s, size_t w)
{
	return &s->l->form->item[s->want[w].item];
}

static bool is_choice(const struct tk_item *it) { return it->noption > 0; }

/* -- sets -------------------------------------------------------------------------------------- */
static enum tk_rc people_of(
	struct tk_survey_job *s, const struct tk_want *w, struct tk_filter **ret)
{
	enum tk_rc rc = TK_OK;

	*ret = tk_filter_all(s->op->mem, s->l->plane);
	if (s->all)
		rc = tk_filter_and(*ret, s->all, s->op->e);
	if (rc == TK_OK && w->people)
		rc = tk_filter_and(*ret, w->people, s->op->e);
	return rc;
}

/* Of these people those who were asked and answered, or those the base names. */
static enum tk_rc base_of(struct tk_survey_job *s, const struct tk_want *w,
	const struct tk_filter *people, struct tk_filter **ret)
{
	static const enum tk_answer out[] = {
		TK_ANSWER_NOT_ASKED, TK_ANSWER_NO_ANSWER, TK_ANSWER_NOT_APPLICABLE};
	const struct tk_plane *p = s->l->plane;
	enum tk_rc rc = TK_OK;

	if (w->base && *w->base) {
		rc = tk_table_condition(s->op, s->l, &s->side, w->base, "base", ret);
		return rc == TK_OK ? tk_filter_and(*ret, people, s->op->e) : rc;
	}
	*ret = tk_filter_code(s->op->mem, p, (size_t)w->item, out[0]);
	for (size_t i = 1; i < TK_LEN(out) && rc == TK_OK; i++)
		rc = tk_filter_or(*ret,
			tk_filter_code(s->op->mem, p, (size_t)w->item, out[i]), s->op->e);
	if (rc == TK_OK)
		rc = tk_filter_not(*ret, p, s->op->e);
	return rc == TK_OK ? tk_filter_and(*ret, people, s->op->e) : rc;
}

/* -- options ----------------------------------------------------------------------------------- */
static size_t option_at(const struct tk_survey_job *s, const char *code)
{
	size_t k = 0;

	while (k < s->noption && strcmp(s->option[k].code, code) != 0)
		k++;
	return k;
}

/* The choices of all questions, each code once, in the order in which they are met. */
static enum tk_rc gather(struct tk_survey_job *s)
{
	size_t room = NMISSING;

	for (size_t w = 0; w < s->nwant; w++)
		room += item_of(s, w)->noption;
	s->option = tk_alloc_n(s->op->mem, room, sizeof(*s->option));
	s->whole = true;
	for (size_t w = 0; w < s->nwant; w++) {
		const struct tk_item *it = item_of(s, w);

		s->multi = s->multi || it->q == TK_Q_MULTI;
		for (unsigned k = 0; k < it->noption; k++) {
			const char *code = it->option[k].code;

			if (s->def.options && !tk_has_word(s->def.options, code))
				s->whole = false;
			else if (option_at(s, code) == s->noption)
				s->option[s->noption++] = it->option[k];
		}
	}
	s->whole = s->whole && !s->multi;
	if (!s->noption)
		return tk_fail(s->op->e, TK_EINVAL, "options",
			N_("None of the choices named belongs to the question."));
	return TK_OK;
}

/* -- counting ---------------------------------------------------------------------------------- */
struct counts {
	uint32_t people[TK_ANSWER_VALUE + TK_PACK_OPTIONS], base[TK_ANSWER_VALUE + TK_PACK_OPTIONS];
};

/* Does a condition speak of nothing but what everybody knows of an institution? */
static bool known(struct tk_survey_job *s, const char *text)
{
	struct tk_err ignored = {.lang = s->lang};
	struct tk_expr *x;
	const char *const *name;
	size_t n;

	if (tk_is_blank(text))
		return true;
	if (tk_expr_parse(s->op->mem, text, &x, &ignored) != TK_OK)
		return false;
	name = tk_expr_names(x, &n);
	for (size_t i = 0; i < n; i++)
		if (!tk_person_word(name[i]))
			return false;
	return true;
}

static bool asked_of_all(const struct tk_survey_job *s, const struct tk_item *it)
{
	const struct tk_form *f = s->l->form;

	for (int g = it->group; g >= 0; g = f->group[g].parent)
		if (f->group[g].relevant)
			return false;
	return !it->relevant;
}

static const char *with_names(struct tk_survey_job *s, const char *list, const struct tk_expr *x)
{
	size_t n = 0;
	const char *const *name = x ? tk_expr_names(x, &n) : NULL;

	for (size_t i = 0; i < n; i++)
		list = tk_sprintf(s->op->mem, "%s%s ", list, name[i]);
	return list;
}

/* Items that decide who belongs to the figure. */
static const char *leans(struct tk_survey_job *s, const struct tk_want *w)
{
	const char *text[] = {w->filter, w->base, s->def.filter, s->j->ask->filter}, *list = "";
	const struct tk_form *f = s->l->form;
	const struct tk_item *it = &f->item[w->item];

	for (size_t i = 0; i < TK_LEN(text); i++) {
		struct tk_err ignored = {.lang = s->lang};
		struct tk_expr *x;

		if (!tk_is_blank(text[i]) &&
			tk_expr_parse(s->op->mem, text[i], &x, &ignored) == TK_OK)
			list = with_names(s, list, x);
	}
	for (int g = it->group; g >= 0; g = f->group[g].parent)
		list = with_names(s, list, f->group[g].relevant);
	return with_names(s, list, it->relevant);
}

static void publicity(struct tk_survey_job *s, const struct tk_want *w, struct tk_figure *f)
{
	f->known_people = s->l->panel && !s->matched && known(s, w->filter) &&
			  known(s, s->def.filter) && known(s, s->j->ask->filter);
	f->leans = leans(s, w);
	f->declared = !tk_is_blank(w->base);
	f->all_asked = tk_is_blank(w->base) && asked_of_all(s, &s->l->form->item[w->item]);
	f->known_base = f->known_people &&
			(tk_is_blank(w->base) ? f->base_mark.a == f->people_mark.a &&
							f->base_mark.b == f->people_mark.b &&
							f->all_asked
					      : known(s, w->base));
}

static enum tk_rc count_one(struct tk_survey_job *s, size_t w, struct counts *c)
{
	struct tk_figure *f = &s->figure[w];
	const struct tk_want *want = &s->want[w];
	struct tk_filter *people;
	enum tk_rc rc = people_of(s, want, &people);

	s->people[w] = people;
	if (rc != TK_OK || (rc = base_of(s, want, people, &s->base[w])) != TK_OK)
		return rc;
	*f = (struct tk_figure){.code = want->code, .label = want->label,
		.item = tk_strdup(s->op->mem, item_of(s, w)->code),
		.base = tk_base_words(s, want),
		.people = (int64_t)tk_filter_size(people),
		.n = (int64_t)tk_filter_size(s->base[w]),
		.base_mark = tk_filter_mark(s->base[w]),
		.people_mark = tk_filter_mark(people)};
	publicity(s, want, f);
	rc = tk_filter_members(
		s->base[w], s->l->plane, s->l->nperson, s->op->mem, &f->members, s->op->e);
	if (rc == TK_OK)
		rc = tk_filter_members(people, s->l->plane, s->l->nperson, s->op->mem,
			&f->everybody, s->op->e);
	if (rc != TK_OK || f->people == 0)
		return rc;
	rc = tk_plane_count(s->l->plane, (size_t)want->item, people, c->people, s->op->e);
	if (rc == TK_OK)
		rc = tk_plane_count(
			s->l->plane, (size_t)want->item, s->base[w], c->base, s->op->e);
	f->not_asked = c->people[TK_ANSWER_NOT_ASKED];
	f->no_answer = c->people[TK_ANSWER_NO_ANSWER];
	f->not_applicable = c->people[TK_ANSWER_NOT_APPLICABLE];
	f->dont_know = c->people[TK_ANSWER_DONT_KNOW];
	return rc;
}

/* Who chose option o in the base of figure w; codes below the choices are kinds of missing. */
static enum tk_rc chosen_by(struct tk_survey_job *s, size_t w, unsigned code,
			    struct tk_members *ret)
{
	struct tk_filter *f =
		tk_filter_code(s->op->mem, s->l->plane, (size_t)s->want[w].item, code);
	enum tk_rc rc = tk_filter_and(f, s->base[w], s->op->e);

	return rc == TK_OK ? tk_filter_members(f, s->l->plane, s->l->nperson, s->op->mem, ret,
				     s->op->e)
			   : rc;
}

void tk_figure_chosen(struct tk_figure *f, const struct tk_members *who, size_t n,
	struct tk_arena *a)
{
	struct tk_mark *mark = tk_alloc_n(a, n + 1, sizeof(*mark));

	for (size_t k = 0; k < n; k++)
		mark[k] = tk_members_mark(&who[k]);
	f->mark = mark;
	f->chosen = who;
}

/* Parts of a whole need a part for everybody in the base. */
static void add_missing(struct tk_survey_job *s, const struct counts *c, bool used[NMISSING])
{
	for (size_t m = 0; m < NMISSING; m++) {
		used[m] = false;
		for (size_t w = 0; w < s->nwant && s->whole; w++)
			used[m] = used[m] || c[w].base[missing[m].state] ||
				  (missing[m].state == TK_ANSWER_DONT_KNOW &&
					  item_of(s, w)->dont_know);
		if (used[m])
			s->option[s->noption++] = (struct tk_option){.code = missing[m].code,
				.label_ja = tk_tr(TK_JA, missing[m].label),
				.label_en = tk_tr(TK_EN, missing[m].label)};
	}
}

unsigned tk_figure_code(const struct tk_survey_job *s, size_t w, size_t k)
{
	int o = tk_item_option(item_of(s, w), s->option[k].code);

	if (o >= 0)
		return TK_ANSWER_VALUE + (unsigned)o;
	for (size_t m = 0; m < NMISSING; m++)
		if (!strcmp(missing[m].code, s->option[k].code))
			return missing[m].state;
	return UINT32_MAX;
}

static enum tk_rc fill(struct tk_survey_job *s, size_t w, const struct counts *c, const bool *used)
{
	const struct tk_item *it = item_of(s, w);
	int64_t *count = tk_alloc_n(s->op->mem, s->noption + 1, sizeof(*count));
	struct tk_members *who = tk_alloc_n(s->op->mem, s->noption + 1, sizeof(*who));
	size_t k = s->noption;
	enum tk_rc rc = TK_OK;

	for (size_t m = 0; m < NMISSING; m++)
		k -= used[m];
	for (size_t i = 0; i < k; i++)
		count[i] = -1;
	for (unsigned o = 0; o < it->noption && rc == TK_OK; o++) {
		size_t at = option_at(s, it->option[o].code);

		if (at >= k)
			continue;
		count[at] = c->base[TK_ANSWER_VALUE + o];
		rc = chosen_by(s, w, TK_ANSWER_VALUE + o, &who[at]);
	}
	for (size_t m = 0; m < NMISSING && rc == TK_OK; m++) {
		if (!used[m])
			continue;
		count[k] = c->base[missing[m].state];
		rc = chosen_by(s, w, missing[m].state, &who[k++]);
	}
	s->figure[w].count = count;
	tk_figure_chosen(&s->figure[w], who, s->noption, s->op->mem);
	return rc;
}

enum tk_rc tk_figures_count(struct tk_survey_job *s)
{
	struct counts *c = tk_alloc_n(s->op->mem, s->nwant + 1, sizeof(*c));
	bool used[NMISSING];
	enum tk_rc rc = TK_OK;

	s->figure = tk_alloc_n(s->op->mem, s->nwant + 1, sizeof(*s->figure));
	s->people = tk_alloc_n(s->op->mem, s->nwant + 1, sizeof(*s->people));
	s->base = tk_alloc_n(s->op->mem, s->nwant + 1, sizeof(*s->base));
	for (size_t w = 0; w < s->nwant && rc == TK_OK; w++)
		rc = count_one(s, w, &c[w]);
	if (rc == TK_OK && s->nwant && !strcmp(s->def.kind, "coded"))
		return tk_figures_coded(s);
	if (rc != TK_OK || !s->nwant || !is_choice(item_of(s, 0)))
		return rc;
	if ((rc = gather(s)) != TK_OK)
		return rc;
	add_missing(s, c, used);
	for (size_t w = 0; w < s->nwant && rc == TK_OK; w++)
		rc = fill(s, w, &c[w], used);
	return rc;
}

/* -- rounding ---------------------------------------------------------------------------------- */
static enum tk_rc round_one(struct tk_survey_job *s, struct tk_figure *f, bool *ret_plain)
{
	int64_t *share = tk_alloc_n(s->op->mem, s->noption + 1, sizeof(*share));
	int64_t *part = tk_alloc_n(s->op->mem, s->noption + 1, sizeof(*part));
	int64_t *out = tk_alloc_n(s->op->mem, s->noption + 1, sizeof(*out));
	enum tk_round rule = s->j->round;
	size_t n = 0;
	enum tk_rc rc;

	for (size_t k = 0; k < s->noption; k++)
		if (f->count[k] >= 0)
			part[n++] = f->count[k];
	rc = tk_share_row(rule, part, n, f->n, out, NULL, NULL);
	if (rc != TK_OK) { /* so many small parts were rounded up that the largest cannot pay */
		*ret_plain = true;
		rc = tk_share_row(TK_ROUND_PLAIN, part, n, f->n, out, NULL, s->op->e);
	}
	n = 0;
	for (size_t k = 0; k < s->noption; k++)
		share[k] = f->count[k] >= 0 ? out[n++] : TK_SHARE_NONE;
	f->share = share;
	return rc;
}

enum tk_rc tk_figures_round(struct tk_survey_job *s)
{
	bool plain = false;
	enum tk_rc rc = TK_OK;

	for (size_t w = 0; w < s->nwant && rc == TK_OK; w++)
		rc = round_one(s, &s->figure[w], &plain);
	if (plain)
		tk_table_note(s->j,
			tk_tr(s->lang, N_("Where the largest part is too small for the adjustment, "
					  "each share stands as it was rounded.")));
	return rc;
}
