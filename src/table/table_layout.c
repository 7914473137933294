/* table_layout.c - declared tables from their counted figures: columns, rows, bases, notes. */
#include <string.h>
#include "base/text.h"
#include "form/form_in.h"
#include "stat/symbol.h"
#include "table/table_figure.h"

static const char *in(const struct tk_survey_job *s, const struct tk_option *o)
{
	return tk_in(s->lang, o->label_ja, o->label_en);
}

/* -- columns ----------------------------------------------------------------------------------- */
struct cols {
	struct tk_survey_job *s;
	struct tk_col *v;
	struct tk_col_of *of, now; /* now: what is being added */
	size_t n;
};

static struct cols cols(struct tk_survey_job *s, size_t room)
{
	return (struct cols){.s = s,
		.v = tk_alloc_n(s->op->mem, room, sizeof(struct tk_col)),
		.of = tk_alloc_n(s->op->mem, room, sizeof(struct tk_col_of))};
}

static void done(struct cols *c)
{
	tk_table_cols(c->s->j, c->v, c->n);
	c->s->j->t->of = c->of;
}

/* prefix "" or NULL: the name alone; of: whose column, in print, NULL: nobody's in particular. */
static struct tk_col *add(struct cols *c, const char *prefix, const char *name, const char *of,
	const char *label, enum tk_col_kind kind)
{
	struct tk_arena *a = c->s->op->mem;
	struct tk_col *col = &c->v[c->n++];

	label = tk_tr(c->s->lang, label);
	c->of[c->n - 1] = c->now;
	*col = (struct tk_col){.name = tk_is_blank(prefix) ? name
							   : tk_sprintf(a, "%s_%s", prefix, name),
		.label = tk_is_blank(of)
				 ? label
				 : tk_sprintf(a, c->s->lang == TK_JA ? "%s（%s）" : "%s (%s)", of,
					   label),
		.kind = kind};
	return col;
}

static const char *number_label(const struct tk_survey_job *s)
{
	return s->l->panel ? N_("Number of institutions") : N_("Number of people");
}

static const struct {
	const char *name, *label;
	size_t offset;
} missing[] = {
#define M(member, label) {#member, label, offsetof(struct tk_figure, member)}
	M(not_asked, N_("Not asked")),
	M(no_answer, N_("No answer")),
	M(not_applicable, N_("Not applicable")),
	M(dont_know, N_("Don't know")),
#undef M
};
enum { NMISSING = TK_LEN(missing) };

static void add_missing(struct cols *c, const struct tk_figure *f)
{
	for (size_t m = 0; m < NMISSING; m++) {
		struct tk_col *col = add(c, f ? f->code : NULL, missing[m].name,
			f ? f->label : NULL, missing[m].label, TK_COL_INT);

		col->where = c->s->j->ask->missing ? TK_COL_MACHINE : TK_COL_JSON;
	}
}

static void missing_cells(struct tk_survey_job *s, const struct tk_figure *f)
{
	for (size_t m = 0; m < NMISSING; m++) {
		int64_t n;

		memcpy(&n, (const char *)f + missing[m].offset, sizeof(n));
		tk_cell_int(s->j, n);
	}
}

/* Of one option of one figure, where they are asked for. */
static void add_beyond(struct cols *c, const char *prefix, const char *of)
{
	if (c->s->weighted)
		add(c, prefix, "weighted_share", of, N_("Weighted share (%)"), TK_COL_DECIMAL);
	if (c->s->intervals) {
		add(c, prefix, "low", of, N_("Interval from (95%)"), TK_COL_DECIMAL);
		add(c, prefix, "high", of, N_("Interval to (95%)"), TK_COL_DECIMAL);
	}
}

static void beyond_cell(struct tk_survey_job *s, const char *text)
{
	if (text)
		tk_cell_text(s->j, text, NULL);
	else
		tk_cell_none(s->j);
}

static void beyond_cells(struct tk_survey_job *s, size_t w, size_t k)
{
	const struct tk_beyond *b = s->beyond ? &s->beyond[w * s->noption + k] : NULL;

	if (s->weighted)
		beyond_cell(s, b->share);
	if (s->intervals) {
		beyond_cell(s, b->low);
		beyond_cell(s, b->high);
	}
}

/* The same cell of an earlier survey, and the difference of the two printed shares. */
static void add_before(struct cols *c, const char *prefix, const char *of)
{
	if (!c->s->comparing)
		return;
	add(c, prefix, "previous_count", of, N_("Earlier, number"), TK_COL_INT);
	add(c, prefix, "previous_base", of, N_("Earlier, base"), TK_COL_INT);
	add(c, prefix, "previous_share", of, N_("Earlier (%)"), TK_COL_RATE);
	add(c, prefix, "points", of, N_("Difference (points)"), TK_COL_POINTS);
}

static void before_cells(struct tk_survey_job *s, size_t w, size_t k)
{
	const struct tk_figure *f = &s->figure[w];
	struct tk_was was;

	if (!s->comparing)
		return;
	was = tk_before_of(s, f->code, s->option[k].code);
	if (was.some && was.count >= 0)
		tk_cell_int(s->j, was.count);
	else
		tk_cell_none(s->j);
	if (was.some)
		tk_cell_int(s->j, was.base);
	else
		tk_cell_none(s->j);
	/* without its count a share is printed, but cannot be drawn or added up */
	tk_cell_rate(s->j, was.some ? was.share : TK_SHARE_NONE, was.count < 0 ? 0 : was.count,
		was.count < 0 ? 0 : was.base);
	tk_cell_points(s->j, tk_points_x10(f->share[k], was.some ? was.share : TK_SHARE_NONE));
}

/* -- notes ------------------------------------------------------------------------------------- */
/* n below 0: left out */
static const char *with_n(struct tk_arena *a, enum tk_lang lang, const char *base, int64_t n)
{
	if (n < 0)
		return tk_say(a, lang, N_("%s (n=%s)"), base,
			tk_symbol_text(TK_SYM_SUPPRESSED, 0));
	return tk_say(a, lang, N_("%s (n=%lld)"), base, (long long)n);
}

/* One wording for all figures with its n where that is the same, else each figure's own. */
static const char *words_of(struct tk_arena *a, enum tk_lang lang, const struct tk_figure *f,
	size_t nf, bool wide)
{
	struct tk_buf b = TK_BUF(32768);
	bool words = true, n = true;
	const char *text;

	for (size_t w = 1; w < nf; w++) {
		words = words && !strcmp(f[w].base, f[0].base);
		n = n && f[w].n == f[0].n;
	}
	if (words && n)
		tk_buf_str(&b, with_n(a, lang, f[0].base, f[0].n));
	else if (words && wide) /* n stands in each row */
		tk_buf_str(&b, f[0].base);
	else
		for (size_t w = 0; w < nf; w++) {
			tk_buf_fmt(&b, lang == TK_JA ? "%s%s：" : "%s%s: ",
				!w		? ""
				: lang == TK_JA ? "、"
						: "; ",
				f[w].label);
			tk_buf_str(&b, with_n(a, lang, f[w].base, f[w].n));
		}
	text = tk_strdup(a, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return text;
}

void tk_table_bases(struct tk_table *t, struct tk_arena *a)
{
	t->base = words_of(a, t->lang, t->figure, t->nfigure, t->shape != TK_TABLE_LONG);
}

const char *tk_figures_base(struct tk_survey_job *s)
{
	return words_of(s->op->mem, s->lang, s->figure, s->nwant,
		s->j->t->shape != TK_TABLE_LONG);
}

static void bracket_note(struct tk_survey_job *s)
{
	struct tk_buf b = TK_BUF(8192);
	const char *what = tk_in(s->lang, s->def.bracket_ja, s->def.bracket_en);
	size_t n = 0;

	for (size_t k = 0; s->def.bracket && k < s->noption; k++)
		if (tk_has_word(s->def.bracket, s->option[k].code))
			tk_buf_fmt(&b, "%s%s",
				!n++		   ? ""
				: s->lang == TK_JA ? "、"
						   : ", ",
				in(s, &s->option[k]));
	if (n && !tk_is_blank(what))
		tk_table_note(s->j, tk_sprintf(s->op->mem, s->lang == TK_JA ? "%s：%s" : "%s: %s",
					    what, tk_buf_cstr(&b)));
	tk_buf_drop(&b);
}

static void before_note(struct tk_survey_job *s)
{
	if (s->npublished)
		tk_table_note(s->j, tk_say(s->op->mem, s->lang,
					    N_("Earlier: as published in %s; a count stands where "
					       "only one fits."),
					    s->before_title));
	else if (s->before_base)
		tk_table_note(s->j, tk_say(s->op->mem, s->lang, N_("Earlier: %s. Base: %s"),
					    s->before_title, s->before_base));
}

static void notes(struct tk_survey_job *s)
{
	tk_table_bases(s->j->t, s->op->mem);
	before_note(s);
	if (s->multi)
		tk_table_note(s->j, tk_tr(s->lang, tk_round_note(TK_ROUND_PLAIN, true)));
	else if (s->noption)
		tk_table_note(s->j, tk_tr(s->lang, tk_round_note(s->j->round, false)));
	if (s->weighted)
		tk_table_note(s->j,
			tk_tr(s->lang, s->l->panel ? N_("Weighted: each answer stands for the "
							"institutions of its sector.")
						   : N_("Weighted: each answer stands for the "
							"people of its bureau.")));
	if (s->intervals)
		tk_table_note(s->j, tk_tr(s->lang, N_("Intervals (95%) after Wilson for a finite "
						      "population; none where everybody "
						      "answered.")));
	bracket_note(s);
	if (!tk_is_blank(s->def.note_ja))
		tk_table_note(s->j, tk_in(s->lang, s->def.note_ja, s->def.note_en));
}

static void finish(struct tk_survey_job *s, enum tk_table_shape shape)
{
	struct tk_table *t = s->j->t;

	t->shape = shape;
	t->figure = s->figure;
	t->nfigure = s->nwant;
	t->option = s->option;
	t->noption = s->noption;
	t->whole = s->whole;
	t->parts = s->parts;
	notes(s);
}

void tk_table_free(struct tk_survey_job *s) { finish(s, TK_TABLE_FREE); }

/* -- choices by series ------------------------------------------------------------------------- */
static void share_cells(struct tk_survey_job *s, const struct tk_figure *f, size_t k, bool base)
{
	if (f->count[k] < 0) {
		tk_cell_none(s->j);
		if (base)
			tk_cell_none(s->j);
		tk_cell_none(s->j);
		return;
	}
	tk_cell_int(s->j, f->count[k]);
	if (base)
		tk_cell_int(s->j, f->n);
	tk_cell_rate(s->j, f->share[k], f->count[k], f->n);
}

void tk_table_long(struct tk_survey_job *s)
{
	bool bands = !strcmp(s->def.kind, "bands");
	struct cols c = cols(s, 1 + s->nwant * (10 + NMISSING));

	add(&c, NULL, bands ? "band" : "option", NULL, N_("Answer"), TK_COL_TEXT);
	for (size_t w = 0; w < s->nwant; w++) {
		const struct tk_figure *f = &s->figure[w];

		c.now.figure = w + 1;
		add(&c, f->code, "count", f->label, number_label(s), TK_COL_INT);
		add(&c, f->code, "base", f->label, N_("Base, number"), TK_COL_INT);
		add(&c, f->code, "share", f->label, N_("Share (%)"), TK_COL_RATE);
		add_beyond(&c, f->code, f->label);
		add_before(&c, f->code, f->label);
		add_missing(&c, f);
	}
	done(&c);
	tk_table_reserve(s->j, s->noption);
	for (size_t k = 0; k < s->noption; k++, s->j->t->nrow++) {
		tk_cell_text(s->j, s->option[k].code, in(s, &s->option[k]));
		for (size_t w = 0; w < s->nwant; w++) {
			share_cells(s, &s->figure[w], k, true);
			beyond_cells(s, w, k);
			before_cells(s, w, k);
			missing_cells(s, &s->figure[w]);
		}
	}
	finish(s, TK_TABLE_LONG);
}

/* -- one row a figure -------------------------------------------------------------------------- */
static const char *row_column(const struct tk_survey_job *s, const char **label)
{
	if (!strcmp(s->def.kind, "grid") && !s->nseries && !s->by) {
		*label = N_("Question");
		return "item";
	}
	*label = N_("Group");
	return "group";
}

void tk_table_wide(struct tk_survey_job *s)
{
	const char *label, *name = row_column(s, &label);
	struct cols c = cols(s, 3 + NMISSING + s->noption * 9);

	add(&c, NULL, name, NULL, label, TK_COL_TEXT);
	add(&c, NULL, "base", NULL, N_("Base, number"), TK_COL_INT);
	add_missing(&c, NULL);
	for (size_t k = 0; k < s->noption; k++) {
		const struct tk_option *o = &s->option[k];

		c.now.option = k + 1;
		add(&c, o->code, "count", in(s, o), number_label(s), TK_COL_INT);
		add(&c, o->code, "share", in(s, o), N_("Share (%)"), TK_COL_RATE);
		add_beyond(&c, o->code, in(s, o));
		add_before(&c, o->code, in(s, o));
	}
	done(&c);
	tk_table_reserve(s->j, s->nwant);
	for (size_t w = 0; w < s->nwant; w++, s->j->t->nrow++) {
		const struct tk_figure *f = &s->figure[w];

		tk_cell_text(s->j, f->code, f->label);
		tk_cell_int(s->j, f->n);
		missing_cells(s, f);
		for (size_t k = 0; k < s->noption; k++) {
			share_cells(s, f, k, false);
			beyond_cells(s, w, k);
			before_cells(s, w, k);
		}
	}
	finish(s, TK_TABLE_WIDE);
}

/* -- institutions by sector -------------------------------------------------------------------- */
enum tk_rc tk_table_panel(struct tk_survey_job *s)
{
	const char *by = s->by ? s->by : "sector";
	struct tk_slice *slice;
	struct cols c = cols(s, 2);
	size_t n;
	int64_t people = s->all ? (int64_t)tk_filter_size(s->all)
				: (int64_t)tk_plane_rows(s->l->plane);
	enum tk_rc rc = tk_slices(s, by, &slice, &n);

	if (rc != TK_OK)
		return rc;
	add(&c, NULL, strncmp(by, "attribute:", 10) ? by : "attribute", NULL, N_("Group"),
		TK_COL_TEXT);
	add(&c, NULL, s->l->panel ? "institutions" : "people", NULL, number_label(s), TK_COL_INT);
	done(&c);
	tk_table_reserve(s->j, n);
	for (size_t i = 0; i < n; i++) {
		if (s->all && (rc = tk_filter_and(slice[i].people, s->all, s->op->e)) != TK_OK)
			return rc;
		if (!tk_filter_size(slice[i].people))
			continue;
		tk_cell_text(s->j, slice[i].code, slice[i].label);
		tk_cell_int(s->j, (int64_t)tk_filter_size(slice[i].people));
		s->j->t->nrow++;
	}
	s->j->t->base = with_n(s->op->mem, s->lang,
		tk_tr(s->lang, s->l->panel ? N_("Institutions in the population of the campaign")
					   : N_("People in the population of the campaign")),
		people);
	if (!tk_is_blank(s->def.note_ja))
		tk_table_note(s->j, tk_in(s->lang, s->def.note_ja, s->def.note_en));
	return TK_OK;
}
