/* published.c - the record of a published percentage, and what a wave of a table published. */
#include <string.h>
#include "base/text.h"
#include "stat/recover.h"
#include "table/published.h"
#include "table/survey_table.h"

static enum tk_rc check_percent(struct tk_err *e, const struct tk_field *f, struct tk_value v)
{
	struct tk_percent p;

	if (!tk_percent_parse(v.s, &p) || p.decimals > 1)
		return tk_fail(e, TK_EINVAL, f->name,
			N_("%s: write a percentage with at most one decimal, such as 76.9, not "
			   "\"%.40s\"."),
			tk_tr(e->lang, f->label), v.s);
	return TK_OK;
}

static enum tk_rc figure_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct published_figure *f = now;
	struct tk_percent p;
	int64_t lo, hi;

	(void)was;
	if (deleted || !f->percent || !tk_percent_parse(f->percent, &p))
		return TK_OK;
	if (!tk_recover_count(p, f->base, &lo, &hi))
		return tk_fail(op->e, TK_EINVAL, "percent",
			N_("No count of %lld rounds to %s%%; look at the percentage and its base "
			   "again."),
			(long long)f->base, f->percent);
	return TK_OK;
}

#define F struct published_figure
static const struct tk_field figure_field[] = {
	TK_REF(F, survey_table_id, .label = N_("Table of a questionnaire"),
		.flags = TK_REQUIRED | TK_LIST | TK_FIXED, .ref = &tk_survey_table_type),
	TK_TEXT(F, wave, .label = N_("Survey"), .flags = TK_REQUIRED | TK_LIST, .max = 40,
		.help = N_("Which earlier survey, such as 2019.")),
	TK_TEXT(F, series, .label = N_("Series"), .flags = TK_LIST, .max = 60),
	TK_TEXT(F, option_code, .label = N_("Choice"), .flags = TK_REQUIRED | TK_LIST, .max = 60),
	TK_TEXT(F, percent, .label = N_("Percentage"), .flags = TK_REQUIRED | TK_LIST, .max = 20,
		.check = check_percent, .help = N_("As it was printed, such as 76.9.")),
	TK_INT(F, base, .label = N_("Base, number"), .flags = TK_REQUIRED | TK_LIST, .min = 1,
		.max = 1000000000),
	TK_TEXT(F, source, .label = N_("Source"), .max = 400),
};
#undef F
const struct tk_rtype tk_published_figure_type = {
	.name = "published_figure",
	.path = "published-figures",
	.table = "published_figure",
	.label = N_("Published figure"),
	.label_plural = N_("Published figures"),
	.group = "survey",
	.size = sizeof(struct published_figure),
	.field = figure_field,
	.nfield = TK_LEN(figure_field),
	.title = "option_code",
	.order = "option_code",
	.read = TK_P_FORM_READ,
	.write = TK_P_FORM_WRITE,
	.grade = 1,
	.check = figure_check,
};

struct listing {
	struct tk_arena *a;
	struct tk_published *v;
	size_t n, cap;
	const char *wave;
};

static enum tk_rc on_wave(void *ctx, const struct tk_value *col, size_t n)
{
	struct listing *l = ctx;

	(void)n;
	l->wave = tk_strdup(l->a, col[0].s);
	return TK_OK;
}

static enum tk_rc on_figure(void *ctx, const struct tk_value *col, size_t n)
{
	struct listing *l = ctx;
	bool named = col[0].type == TK_V_TEXT;
	struct tk_published f = {.series = named ? tk_strdup(l->a, col[0].s) : "",
		.option = tk_strdup(l->a, col[1].s),
		.base = col[3].i,
		.count = -1};
	struct tk_percent p;
	int64_t lo, hi;

	(void)n;
	if (!tk_percent_parse(col[2].s, &p))
		return TK_OK;
	f.share = p.decimals ? p.value : p.value * 10;
	if (tk_recover_count(p, f.base, &lo, &hi) && lo == hi)
		f.count = lo;
	if (l->n == l->cap) {
		size_t cap = l->cap ? l->cap * 2 : 64;
		struct tk_published *v = tk_alloc_n(l->a, cap, sizeof(*v));

		if (l->n)
			memcpy(v, l->v, l->n * sizeof(*v));
		l->v = v;
		l->cap = cap;
	}
	l->v[l->n++] = f;
	return TK_OK;
}

enum tk_rc tk_published_list(const struct tk_op *op, int64_t table_id, const char *wave,
	const struct tk_published **ret, size_t *ret_n, const char **ret_wave)
{
	struct listing l = {.a = op->mem};
	enum tk_rc rc;

	if (tk_is_blank(wave))
		rc = tk_db_run(op->db, op->e,
			"SELECT wave FROM published_figure WHERE survey_table_id = $1 AND "
			"deleted_at IS NULL ORDER BY wave DESC LIMIT 1",
			TK_ARGS(TK_I(table_id)), on_wave, &l);
	else
		rc = tk_db_run(op->db, op->e,
			"SELECT wave FROM published_figure WHERE survey_table_id = $1 AND wave = "
			"$2 AND deleted_at IS NULL LIMIT 1",
			TK_ARGS(TK_I(table_id), TK_S(wave)), on_wave, &l);
	if (rc == TK_OK && l.wave)
		rc = tk_db_run(op->db, op->e,
			"SELECT series, option_code, percent, base FROM published_figure WHERE "
			"survey_table_id = $1 AND wave = $2 AND deleted_at IS NULL ORDER BY id",
			TK_ARGS(TK_I(table_id), TK_S(l.wave)), on_figure, &l);
	*ret = l.v;
	*ret_n = l.n;
	*ret_wave = l.wave;
	return rc;
}
