/* table_weight.c - what a table says beyond its counts, only where it was asked for: confidence
 * intervals and shares weighted by sector.
 *
 * Who did not submit, or left the question out, is not in the base, although some of them would be.
 * The base of all is taken to be as much larger as everybody is more than those who answered; where
 * everybody answered there is no interval, and weighting changes nothing.
 *
 * Weighted: each answer stands for as many institutions as its sector has for one that submitted
 * (staff: its bureau), and the base is weighted as the count is. */
#include <string.h>
#include "stat/interval.h"
#include "stat/weight.h"
#include "table/table_figure.h"

struct strata {
	struct tk_slice *slice;
	size_t n;
	struct tk_filter **submitted;
	struct tk_stratum *h;
	int64_t *scale; /* those who submitted: what the frame is divided by */
};

static bool has_submitted(void *ctx, uint32_t index)
{
	return ((const struct tk_survey_job *)ctx)->l->person[index].state == TK_LIVE_SUBMITTED;
}

static enum tk_rc both(struct tk_survey_job *s, const struct tk_filter *a,
	const struct tk_filter *b, struct tk_filter **ret)
{
	enum tk_rc rc;

	*ret = tk_filter_all(s->op->mem, s->l->plane);
	rc = tk_filter_and(*ret, a, s->op->e);
	return rc == TK_OK ? tk_filter_and(*ret, b, s->op->e) : rc;
}

/* So many would be in the base if everybody had answered; n itself where everybody has. */
static int64_t base_of_all(const struct tk_figure *f, int64_t submitted, int64_t left_out)
{
	int64_t answered = submitted - left_out;

	if (answered >= f->people || answered <= 0)
		return f->n;
	return (f->n * f->people + answered - 1) / answered;
}

/* Those who submitted and did not answer the question although it was asked. */
static enum tk_rc left_out(struct tk_survey_job *s, size_t w, const struct tk_filter *submitted,
	int64_t *ret)
{
	struct tk_filter *f;
	enum tk_rc rc = both(s, submitted,
		tk_filter_code(s->op->mem, s->l->plane, (size_t)s->want[w].item,
			TK_ANSWER_NO_ANSWER),
		&f);

	*ret = rc == TK_OK ? (int64_t)tk_filter_size(f) : 0;
	return rc;
}

/* -- weights ----------------------------------------------------------------------------------- */
static int64_t gcd(int64_t a, int64_t b)
{
	while (b) {
		int64_t r = a % b;

		a = b;
		b = r;
	}
	return a;
}

static enum tk_rc cannot(struct tk_survey_job *s)
{
	return tk_fail(s->op->e, TK_EINVAL, "weighted",
		N_("There are too many groups to be weighted exactly; leave the weights out."));
}

/* frame = N * (base of the stratum) / (submitted of the stratum), times one number for all. */
static enum tk_rc frames(struct tk_survey_job *s, struct strata *st, const struct tk_filter *people,
	const struct tk_filter *base)
{
	int64_t lcm = 1;
	struct tk_filter *f;
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < st->n && rc == TK_OK; i++) {
		struct tk_stratum *h = &st->h[i];
		int64_t size, step;

		*h = (struct tk_stratum){.name = st->slice[i].label};
		if ((rc = both(s, st->slice[i].people, people, &f)) != TK_OK)
			return rc;
		size = (int64_t)tk_filter_size(f);
		if ((rc = both(s, st->submitted[i], people, &f)) != TK_OK)
			return rc;
		st->scale[i] = (int64_t)tk_filter_size(f);
		if ((rc = both(s, st->submitted[i], base, &f)) != TK_OK)
			return rc;
		h->answered = (int64_t)tk_filter_size(f);
		if (size && !st->scale[i])
			return tk_fail(s->op->e, TK_EINVAL, "weighted",
				N_("Nobody of \"%.60s\" has answered, so nothing can stand for "
				   "its %lld; leave the weights out."),
				h->name, (long long)size);
		step = st->scale[i] ? st->scale[i] / gcd(lcm, st->scale[i]) : 1;
		if (__builtin_mul_overflow(lcm, step, &lcm) ||
			__builtin_mul_overflow(size, h->answered, &h->frame))
			return cannot(s);
	}
	for (size_t i = 0; i < st->n; i++)
		if (st->scale[i] &&
			__builtin_mul_overflow(st->h[i].frame, lcm / st->scale[i], &st->h[i].frame))
			return cannot(s);
	return rc;
}

static enum tk_rc strata_of(struct tk_survey_job *s, struct strata *st)
{
	enum tk_rc rc = tk_slices(s, s->l->panel ? "sector" : "bureau", &st->slice, &st->n);
	struct tk_filter *all = tk_filter_when(s->op->mem, s->l->plane, has_submitted, s);

	st->h = tk_alloc_n(s->op->mem, st->n + 1, sizeof(*st->h));
	st->scale = tk_alloc_n(s->op->mem, st->n + 1, sizeof(*st->scale));
	st->submitted = tk_alloc_n(s->op->mem, st->n + 1, sizeof(*st->submitted));
	for (size_t i = 0; i < st->n && rc == TK_OK; i++)
		rc = both(s, st->slice[i].people, all, &st->submitted[i]);
	return rc;
}

/* How many of each stratum chose option k of the figure. */
static enum tk_rc counts(struct tk_survey_job *s, struct strata *st, size_t w, size_t k)
{
	unsigned code = tk_figure_code(s, w, k);
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < st->n && rc == TK_OK; i++) {
		struct tk_filter *f, *g;

		st->h[i].count = 0;
		rc = both(s, st->submitted[i], s->base[w], &f);
		if (rc != TK_OK)
			return rc;
		g = tk_filter_code(s->op->mem, s->l->plane, (size_t)s->want[w].item, code);
		rc = tk_filter_and(f, g, s->op->e);
		st->h[i].count = (int64_t)tk_filter_size(f);
	}
	return rc;
}

/* -- figures ----------------------------------------------------------------------------------- */
static void interval(struct tk_survey_job *s, struct tk_interval v, struct tk_beyond *b)
{
	char print[TK_INTERVAL_LEN], *dash;

	tk_interval_print(v, 1, print);
	dash = strstr(print, "–");
	if (!dash)
		return;
	b->low = tk_strndup(s->op->mem, print, (size_t)(dash - print));
	b->high = tk_strdup(s->op->mem, dash + strlen("–"));
}

static int64_t smallest(const struct strata *st)
{
	int64_t least = INT64_MAX;

	for (size_t i = 0; i < st->n; i++) {
		int64_t n = st->h[i].count, rest = st->h[i].answered - n;

		least = n > 0 && n < least ? n : least;
		least = rest > 0 && rest < least ? rest : least;
	}
	return least;
}

static enum tk_rc one(struct tk_survey_job *s, struct strata *st, size_t w, int64_t all)
{
	struct tk_figure *f = &s->figure[w];
	int64_t *thin = tk_alloc_n(s->op->mem, s->noption + 1, sizeof(*thin));
	enum tk_rc rc = TK_OK;

	f->thin = s->weighted ? thin : NULL;

	for (size_t k = 0; k < s->noption && rc == TK_OK; k++) {
		struct tk_beyond *b = &s->beyond[w * s->noption + k];
		struct tk_weighted v;
		char print[TK_X10_LEN];

		if (f->count[k] < 0 || f->n <= 0)
			continue;
		if (!s->weighted) {
			interval(s, tk_wilson(f->count[k], f->n, all, TK_Z_95), b);
			continue;
		}
		if ((rc = counts(s, st, w, k)) != TK_OK ||
			(rc = tk_weighted_share(st->h, st->n, &v, s->op->e)) != TK_OK)
			return rc;
		if (!v.exact)
			return cannot(s);
		thin[k] = smallest(st);
		b->share = tk_strdup(s->op->mem,
			tk_x10_print(tk_share_x10(v.share.num, v.share.den), print));
		if (s->intervals && all > f->n)
			interval(s, tk_wilson_share(v.approx, v.effective, (double)all, TK_Z_95),
				b);
	}
	return rc;
}

enum tk_rc tk_figures_beyond(struct tk_survey_job *s)
{
	struct strata st = {0};
	struct tk_filter *all, *submitted;
	enum tk_rc rc = TK_OK;

	if (!s->weighted && !s->intervals)
		return TK_OK;
	if (s->weighted && !strcmp(s->def.kind, "coded"))
		return tk_fail(s->op->e, TK_EINVAL, "weighted",
			N_("Coded answers are not weighted."));
	s->beyond = tk_alloc_n(s->op->mem, s->nwant * s->noption + 1, sizeof(*s->beyond));
	all = tk_filter_when(s->op->mem, s->l->plane, has_submitted, s);
	if (s->weighted)
		rc = strata_of(s, &st);
	for (size_t w = 0; w < s->nwant && rc == TK_OK; w++) {
		int64_t out = 0;

		if ((rc = both(s, all, s->people[w], &submitted)) != TK_OK ||
			(rc = left_out(s, w, submitted, &out)) != TK_OK)
			return rc;
		if (s->weighted && (rc = frames(s, &st, s->people[w], s->base[w])) != TK_OK)
			return rc;
		rc = one(s, &st, w,
			base_of_all(&s->figure[w], (int64_t)tk_filter_size(submitted), out));
	}
	return rc;
}
