#include <string.h>
#include "base/text.h"
#include "chart/scene.h"

/* Geometry is 64-bit: 10^12 * 100 px would still fit for counts, 10^9 people for rates. */
static const int64_t rate_limit = 1000000000, count_limit = 1000000000000,
		     count_den_limit = 1000000;

static enum tk_rc check_text(const char *s, const char *field, struct tk_err *e)
{
	if (s && !tk_utf8_valid(s, strlen(s)))
		return tk_fail(e, TK_EINVAL, field, N_("A text of the chart is not valid UTF-8."));
	return TK_OK;
}

static enum tk_rc check_list(const char *const *s, size_t n, const char *field, struct tk_err *e)
{
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; !rc && i < n; i++) {
		if (!s[i])
			return tk_fail(e, TK_EINVAL, field, N_("Text %zu of this list is missing."),
				i + 1);
		rc = check_text(s[i], field, e);
	}
	return rc;
}

static enum tk_rc check_id(const char *id, struct tk_err *e)
{
	static const char letter[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	static const char more[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

	if (id && (!*id || !strchr(letter, *id) || id[strspn(id, more)]))
		return tk_fail(e, TK_EINVAL, "id",
			N_("The id of a chart is a letter followed by letters, digits, hyphens or "
			   "underscores."));
	return TK_OK;
}

static enum tk_rc check_value(const struct tk_chart *c, const struct tk_chart_value *v,
	const char *category, struct tk_err *e)
{
	int64_t num_max = c->count ? count_limit : rate_limit;
	int64_t den_max = c->count ? count_den_limit : rate_limit;

	if (v->label && check_text(v->label, "value", e))
		return TK_EINVAL;
	if (!v->den)
		return TK_OK;
	if (v->num < 0 || v->den < 0 || v->num > num_max || v->den > den_max)
		return tk_fail(e, TK_EINVAL, "value",
			N_("The count of \"%s\" is negative or too large to be drawn."), category);
	if (!v->label)
		return tk_fail(e, TK_EINVAL, "value",
			N_("A value of \"%s\" lacks its printed text, which the caller must give."),
			category);
	if (c->axis == TK_AXIS_RATE && (c->count ? v->num > 100 * v->den : v->num > v->den))
		return tk_fail(e, TK_EINVAL, "value",
			N_("A value of \"%s\" is over 100, but the axis ends at 100."), category);
	return TK_OK;
}

/* The parts of a whole share one denominator and do not exceed it. */
static enum tk_rc check_parts(const struct tk_chart *c, size_t category, struct tk_err *e)
{
	int64_t sum = 0, den = 0;

	for (size_t i = 0; i < c->nseries; i++) {
		const struct tk_chart_value *v = tk_chart_at(c, category, i);
		if (!v->den)
			continue;
		if (den && den != v->den)
			return tk_fail(e, TK_EINVAL, "value",
				N_("The parts of \"%s\" have different denominators."),
				c->category[category]);
		den = v->den;
		sum += v->num;
	}
	if (sum > count_limit || (!c->count && sum > den) ||
		(c->axis == TK_AXIS_RATE && c->count && sum > 100 * den))
		return tk_fail(e, TK_EINVAL, "value",
			N_("The parts of \"%s\" add up to more than the whole."),
			c->category[category]);
	return TK_OK;
}

static enum tk_rc check_shape(const struct tk_chart *c, struct tk_err *e)
{
	if (!c->title || tk_is_blank(c->title))
		return tk_fail(e, TK_EINVAL, "title", N_("A chart needs a title."));
	if (!c->nseries || !c->series)
		return tk_fail(e, TK_EINVAL, "series",
			N_("The chart has no series; it needs at least one."));
	if (!c->ncategory || !c->category || !c->value)
		return tk_fail(e, TK_EINVAL, "category",
			N_("The chart has no categories; it needs at least one."));
	if (c->nseries > TK_CHART_SERIES_MAX)
		return tk_fail(e, TK_EINVAL, "series",
			N_("The chart has %zu series; at most %d can be told apart."), c->nseries,
			TK_CHART_SERIES_MAX);
	if (c->ncategory > TK_CHART_CATEGORY_MAX)
		return tk_fail(e, TK_EINVAL, "category",
			N_("The chart has %zu categories; at most %d can be drawn."), c->ncategory,
			TK_CHART_CATEGORY_MAX);
	if (c->width && (c->width < 320 || c->width > 2000))
		return tk_fail(e, TK_EINVAL, "width",
			N_("The width of a chart must be 320 to 2000 pixels."));
	return check_id(c->id, e);
}

enum tk_rc tk_chart_check(const struct tk_chart *c, struct tk_err *e)
{
	enum tk_rc rc = check_shape(c, e);

	if (rc || (rc = check_text(c->title, "title", e)) ||
		(rc = check_text(c->desc, "desc", e)) || (rc = check_text(c->unit, "unit", e)) ||
		(rc = check_list(c->series, c->nseries, "series", e)) ||
		(rc = check_list(c->category, c->ncategory, "category", e)) ||
		(rc = check_list(c->note, c->nnote, "note", e)))
		return rc;
	for (size_t i = 0; i < c->ncategory; i++) {
		for (size_t k = 0; k < c->nseries; k++)
			if ((rc = check_value(c, tk_chart_at(c, i, k), c->category[i], e)))
				return rc;
		if (c->kind == TK_CHART_STACKED && (rc = check_parts(c, i, e)))
			return rc;
	}
	return TK_OK;
}
