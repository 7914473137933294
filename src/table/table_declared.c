/* table_declared.c - a table declared as data, or of any one question: from its definition to its
 * figures. */
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "form/form_in.h"
#include "table/table_figure.h"

static bool is(const struct tk_survey_job *s, const char *kind)
{
	return !strcmp(s->def.kind, kind);
}

/* -- definitions ------------------------------------------------------------------------------- */
/* The question of the ad-hoc table decides what is counted. */
static enum tk_rc of_question(struct tk_survey_job *s)
{
	const struct tk_table_ask *ask = s->j->ask;
	const struct tk_form *f;
	const struct tk_item *it;
	int i;
	enum tk_rc rc;

	if (tk_is_blank(ask->item))
		return tk_fail(s->op->e, TK_EINVAL, "item",
			N_("The table \"question\" needs the code of a question (item)."));
	if ((rc = tk_form_get(s->op, s->j->c->form_version_id, &f)) != TK_OK)
		return rc;
	if ((i = tk_form_item_index(f, ask->item)) < 0)
		return tk_fail(s->op->e, TK_EINVAL, "item",
			N_("The questionnaire of this campaign has no item \"%.60s\"."), ask->item);
	it = &f->item[i];
	s->def = (struct survey_table){.name = "question",
		.kind = it->noption ? "options" : "numbers",
		.items = ask->item,
		.title_ja = it->label_ja,
		.title_en = it->label_en,
		.base = ask->base};
	return TK_OK;
}

static enum tk_rc define(struct tk_survey_job *s)
{
	const struct campaign *c = s->j->c;
	const char *name = s->j->ask->name;
	int64_t form = 0;
	enum tk_rc rc;

	if (!strcmp(name, "question"))
		return of_question(s);
	rc = tk_db_int(s->op->db, s->op->e, "SELECT form_id FROM form_version WHERE id = $1",
		TK_ARGS(TK_I(c->form_version_id)), 0, &form);
	if (rc == TK_OK)
		rc = tk_survey_table_find(s->op, form, name, &s->def);
	if (rc == TK_ENOTFOUND && !strcmp(name, "panel") && tk_campaign_asks_panel(c)) {
		s->def = (struct survey_table){.name = "panel",
			.kind = "panel",
			.title_ja = tk_tr(TK_JA, N_("Institutions by sector")),
			.title_en = tk_tr(TK_EN, N_("Institutions by sector"))};
		return TK_OK;
	}
	return rc == TK_OK ? tk_survey_series(s->op, s->def.rec.id, &s->series, &s->nseries) : rc;
}

/* -- wants ------------------------------------------------------------------------------------- */
static enum tk_rc item_at(struct tk_survey_job *s, const char *code, int *ret)
{
	const struct tk_item *it;
	struct tk_err *e = s->op->e;

	if (s->link) {
		*ret = tk_before_item(s, code);
		if (*ret < 0)
			return TK_OK;
	} else if ((*ret = tk_form_item_index(s->l->form, code)) < 0)
		return tk_fail(e, TK_EINVAL, "items",
			N_("The questionnaire of this campaign has no item \"%.60s\"."), code);
	it = &s->l->form->item[*ret];
	if (is(s, "bands") && it->q != TK_Q_SINGLE)
		return tk_fail(e, TK_EINVAL, "items",
			N_("Parts of a whole need a single choice, and item %s is none."), code);
	if (is(s, "coded") && it->q == TK_Q_TEXT)
		return TK_OK;
	if (is(s, "coded"))
		return tk_fail(e, TK_EINVAL, "items",
			N_("Item \"%.60s\" is no question with a free text."), code);
	if (!is(s, "numbers") && !it->noption)
		return tk_fail(e, TK_EINVAL, "items",
			N_("Item %s has no choices to be counted."), code);
	if (is(s, "numbers") && it->q != TK_Q_NUMBER && it->q != TK_Q_DECIMAL && !it->calculation)
		return tk_fail(e, TK_EINVAL, "items", N_("Item %s does not hold numbers."), code);
	return TK_OK;
}

/* The code number k of the list; NULL: there is none. */
static const char *item_code(const struct tk_survey_job *s, size_t k)
{
	const char *p = s->def.items ? s->def.items : "";

	for (p += strspn(p, " "); *p && k; k--) {
		p += strcspn(p, " ");
		p += strspn(p, " ");
	}
	return *p ? tk_strndup(s->op->mem, p, strcspn(p, " ")) : NULL;
}

static enum tk_rc of_series(struct tk_survey_job *s, const struct survey_series *d,
	struct tk_want *w)
{
	const char *code = tk_is_blank(d->item) ? item_code(s, 0) : d->item;
	const char *words = tk_in(s->lang, d->base_ja, d->base_en);
	struct tk_filter *f = NULL;
	enum tk_rc rc;

	*w = (struct tk_want){.code = d->code,
		.label = tk_in(s->lang, d->label_ja, d->label_en),
		.base = tk_is_blank(d->base) ? s->def.base : d->base,
		.filter = d->filter,
		.words = !tk_is_blank(words)     ? words
			 : tk_is_blank(d->base) ? tk_in(s->lang, s->def.base_ja, s->def.base_en)
						: NULL};
	if ((rc = item_at(s, code ? code : "", &w->item)) != TK_OK)
		return rc;
	if (s->link && (!tk_before_condition(s, d->filter) || !tk_before_condition(s, w->base)))
		w->item = -1;
	if (w->item >= 0 && !tk_is_blank(d->filter))
		rc = tk_table_condition(s->op, s->l, &s->side, d->filter, "filter", &f);
	w->people = f;
	return rc;
}

/* What stands beside each other before the table is divided: series, else questions, else one. */
static enum tk_rc list(struct tk_survey_job *s, struct tk_want **ret, size_t *ret_n)
{
	size_t n = 0;
	struct tk_want *w;
	enum tk_rc rc = TK_OK;

	while (item_code(s, n))
		n++;
	w = tk_alloc_n(s->op->mem, s->nseries + n + 1, sizeof(*w));
	*ret = w;
	*ret_n = s->nseries;
	for (size_t i = 0; i < s->nseries && rc == TK_OK; i++)
		rc = of_series(s, &s->series[i], &w[i]);
	if (s->nseries)
		return rc;
	if (!is(s, "grid") && !is(s, "numbers"))
		n = 1;
	*ret_n = n;
	for (size_t i = 0; i < n && rc == TK_OK; i++) {
		const char *code = item_code(s, i);
		const struct tk_item *it;

		w[i] = (struct tk_want){.code = "",
			.label = "",
			.base = s->def.base,
			.words = tk_in(s->lang, s->def.base_ja, s->def.base_en)};
		if ((rc = item_at(s, code ? code : "", &w[i].item)) != TK_OK || n == 1)
			continue;
		w[i].code = code;
		if (w[i].item < 0)
			continue;
		it = &s->l->form->item[w[i].item];
		w[i].label = tk_in(s->lang, it->label_ja, it->label_en);
	}
	return rc;
}

static const char *both(struct tk_survey_job *s, const char *a, const char *b, const char *between)
{
	return !*b ? a : tk_sprintf(s->op->mem, "%s%s%s", a, between, b);
}

/* Is anybody of the group among those the table is about?  One with nobody has no row. */
static enum tk_rc meets(struct tk_survey_job *s, const struct tk_filter *group, bool *ret)
{
	struct tk_filter *f = tk_filter_all(s->op->mem, s->l->plane);
	enum tk_rc rc = tk_filter_and(f, group, s->op->e);

	if (rc == TK_OK && s->all)
		rc = tk_filter_and(f, s->all, s->op->e);
	*ret = rc == TK_OK && tk_filter_size(f) > 0;
	return rc;
}

/* The list for one group; people NULL: everybody. */
static enum tk_rc add_group(struct tk_survey_job *s, const struct tk_slice *g,
	const struct tk_want *one, size_t n)
{
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < n && rc == TK_OK; i++) {
		struct tk_want *w = &s->want[s->nwant++];

		*w = one[i];
		w->code = both(s, g->code, one[i].code, "_");
		w->label = both(s, g->label, one[i].label, " ");
		if (g->people) {
			struct tk_filter *f = tk_filter_all(s->op->mem, s->l->plane);

			rc = tk_filter_and(f, g->people, s->op->e);
			if (rc == TK_OK && w->people)
				rc = tk_filter_and(f, w->people, s->op->e);
			w->people = f;
		}
	}
	return rc;
}

/* Each of the list for each group, and for all together. */
static enum tk_rc divide(struct tk_survey_job *s, const struct tk_want *one, size_t n)
{
	const struct tk_slice total = {.code = "total", .label = tk_tr(s->lang, N_("Total"))};
	struct tk_slice *slice;
	size_t nslice;
	bool any;
	enum tk_rc rc = tk_slices(s, s->by, &slice, &nslice);

	if (rc != TK_OK)
		return rc;
	s->want = tk_alloc_n(s->op->mem, (nslice + 1) * n + 1, sizeof(*s->want));
	s->parts = n == 1;
	for (size_t g = 0; g < nslice && rc == TK_OK; g++)
		if ((rc = meets(s, slice[g].people, &any)) == TK_OK && any)
			rc = add_group(s, &slice[g], one, n);
	return rc == TK_OK ? add_group(s, &total, one, n) : rc;
}

/* -- making ------------------------------------------------------------------------------------ */
static enum tk_rc whom(struct tk_survey_job *s)
{
	const char *text[] = {s->def.filter, s->j->ask->filter};
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < TK_LEN(text) && rc == TK_OK; i++) {
		struct tk_filter *f = NULL;

		if (tk_is_blank(text[i]))
			continue;
		rc = tk_table_condition(s->op, s->l, &s->side, text[i], "filter", &f);
		if (rc == TK_OK && s->all)
			rc = tk_filter_and(f, s->all, s->op->e);
		s->all = f;
	}
	return rc;
}

static enum tk_rc rounding(struct tk_survey_job *s)
{
	const char *asked = s->j->ask->round, *own = s->def.round;
	enum tk_round r = is(s, "bands") ? TK_ROUND_LARGEST : TK_ROUND_PLAIN;
	bool said = !tk_is_blank(asked) || !tk_is_blank(own);

	if (!tk_is_blank(asked) && !tk_round_of_name(asked, &r))
		return tk_fail(s->op->e, TK_EINVAL, "round",
			N_("The rounding rules are plain, largest and strict, not \"%.40s\"."),
			asked);
	if (tk_is_blank(asked) && !tk_is_blank(own) && !tk_round_of_name(own, &r))
		r = TK_ROUND_PLAIN;
	if (r == TK_ROUND_LARGEST && !s->whole && said)
		return tk_fail(s->op->e, TK_EINVAL, "round",
			N_("Only parts of one whole can be adjusted to 100.0: one answer each, and "
			   "all choices shown."));
	s->j->round = s->j->t->round = s->whole ? r : TK_ROUND_PLAIN;
	return TK_OK;
}

/* What can be counted in the earlier survey comes to the front. */
static size_t compared(struct tk_want *w, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (w[i].item >= 0)
			w[kept++] = w[i];
	return kept;
}

static enum tk_rc figures(struct tk_survey_job *s)
{
	struct tk_want *one;
	size_t n;
	enum tk_rc rc = list(s, &one, &n);

	if (rc == TK_OK && s->link)
		n = compared(one, n);
	if (rc == TK_OK && is(s, "groups") && !s->by && !s->nseries)
		return tk_fail(s->op->e, TK_EINVAL, "by",
			N_("A table by groups needs series, or by what it is divided."));
	if (rc != TK_OK)
		return rc;
	if (s->by)
		rc = divide(s, one, n);
	else {
		s->want = one;
		s->nwant = n;
	}
	if (rc == TK_OK)
		rc = tk_figures_count(s);
	return rc;
}

static bool is_matched(void *ctx, uint32_t index)
{
	const struct tk_survey_job *s = ctx;
	int64_t id = s->l->person[index].id;
	size_t lo = 0, hi = s->matched->n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (s->matched->id[mid] < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < s->matched->n && s->matched->id[lo] == id;
}

static enum tk_rc only_matched(struct tk_survey_job *s)
{
	struct tk_filter *f;
	enum tk_rc rc = TK_OK;

	if (!s->matched)
		return TK_OK;
	f = tk_filter_when(s->op->mem, s->l->plane, is_matched, s);
	if (s->all)
		rc = tk_filter_and(f, s->all, s->op->e);
	s->all = f;
	return rc;
}

enum tk_rc tk_survey_count(struct tk_survey_job *s)
{
	enum tk_rc rc;

	if (s->link && (!tk_before_condition(s, s->def.filter) ||
			       !tk_before_condition(s, s->j->ask->filter)))
		return TK_OK;
	if ((rc = whom(s)) != TK_OK || (rc = only_matched(s)) != TK_OK || is(s, "panel"))
		return rc;
	if ((rc = figures(s)) != TK_OK || is(s, "numbers") || !s->nwant)
		return rc;
	if ((rc = rounding(s)) != TK_OK)
		return rc;
	return tk_figures_round(s);
}

static enum tk_rc build(struct tk_survey_job *s)
{
	bool side_by_side = is(s, "options") || is(s, "bands") || is(s, "coded");
	enum tk_rc rc = tk_survey_count(s);

	if (rc != TK_OK)
		return rc;
	if (is(s, "panel"))
		return tk_table_panel(s);
	if (is(s, "numbers")) {
		rc = tk_table_numbers(s);
		if (rc == TK_OK)
			tk_table_free(s);
		return rc;
	}
	if ((rc = tk_figures_beyond(s)) != TK_OK)
		return rc;
	/* somebody who divides a table of series gets a row for each */
	if (side_by_side && tk_is_blank(s->j->ask->by))
		tk_table_long(s);
	else
		tk_table_wide(s);
	return TK_OK;
}

static void title(struct tk_survey_job *s)
{
	struct tk_table *t = s->j->t;

	t->name = tk_strdup(s->op->mem, s->def.name);
	t->title = tk_in(s->lang, s->def.title_ja, s->def.title_en);
	t->subtitle = tk_in(s->lang, s->def.subtitle_ja, s->def.subtitle_en);
	t->kind = tk_strdup(s->op->mem, s->def.kind);
	t->by = s->by ? s->by : "none";
	t->panel = tk_campaign_asks_panel(s->j->c);
}

enum tk_rc tk_table_declared(struct tk_table_job *j)
{
	struct tk_survey_job s = {.j = j, .op = j->op, .lang = j->ask->lang};
	enum tk_rc rc = define(&s);

	if (rc != TK_OK)
		return rc;
	/* series are filters: within one division they could show a single person's answers */
	if (tk_who_scope(j->op->who, TK_P_TABLE_READ) != TK_SCOPE_ALL)
		return tk_denied(j->op->e);
	if (!tk_is_blank(j->ask->by) && strcmp(j->ask->by, "none") != 0)
		s.by = j->ask->by;
	else if (!tk_is_blank(s.def.by_group))
		s.by = s.def.by_group;
	title(&s);
	s.weighted = s.def.weighted || j->ask->weighted;
	s.intervals = s.def.intervals || j->ask->intervals;
	if ((rc = tk_before_take(&s)) != TK_OK ||
		(rc = tk_live_get(j->op, j->c->rec.id, &s.l)) != TK_OK)
		return rc;
	rc = build(&s);
	tk_live_put(s.l);
	return rc;
}
