/* position_html.c - the sheet as a page of its own: HTML without anything from outside. */
#include <inttypes.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "chart/chart.h"
#include "publish/position_int.h"
#include "stat/symbol.h"
#include "stat/round.h"

enum { LONG_TABLE = 14, CHART_WIDTH = 680 };

struct page {
	const struct tk_position *s;
	struct tk_buf *b;
	struct tk_arena *a;
	enum tk_lang lang;
};

static const char *in(const struct page *p, const char *ja, const char *en)
{
	return tk_in(p->lang, ja, en);
}

static const char *tr(const struct page *p, const char *msgid)
{
	return tk_tr(p->lang, msgid);
}

/* <TAG>text</TAG>; what stands behind a blank of the tag are its attributes. */
static void el(struct page *p, const char *tag, const char *text)
{
	tk_buf_fmt(p->b, "<%s>", tag);
	tk_buf_xml(p->b, text);
	tk_buf_fmt(p->b, "</%.*s>", (int)strcspn(tag, " "), tag);
}

static const char *question(const struct page *p, const struct tk_item *it)
{
	return tk_squeeze(p->a, in(p, it->label_ja, it->label_en));
}

/* -- figures ----------------------------------------------------------------------------------- */
static const char *few(const struct page *p)
{
	return tk_say(p->a, p->lang, N_("… (fewer than %lld others)"),
		      (long long)p->s->ps->p.min_position);
}

/* Count and share of the base; what is not shown by its symbol. */
static const char *figure(const struct page *p, const struct tk_position_cell *c,
			  const struct tk_position_cell *base)
{
	char share[TK_X10_LEN];
	enum tk_symbol sym;

	if (c->show == TK_POSITION_FEW)
		return tk_symbol_text(TK_SYM_UNKNOWN, 1);
	if (c->show == TK_POSITION_OUT)
		return tk_symbol_text(TK_SYM_SUPPRESSED, 1);
	sym = tk_symbol_of_share(c->n, base->n, 1, TK_CELL_ST_PRINTED);
	if (sym == TK_SYM_NONE)
		return tk_symbol_text(sym, 1);
	return tk_sprintf(p->a, "%s%%%s (%" PRId64 ")",
			  tk_x10_print(tk_share_x10(c->n, base->n), share),
			  sym == TK_SYM_CAUTION ? tk_symbol_text(sym, 1) : "", c->n);
}

static const char *base_text(const struct page *p, const struct tk_position_cell *c)
{
	return c->show == TK_POSITION_FEW ? few(p)
	       : c->show == TK_POSITION_OUT
		       ? tk_symbol_text(TK_SYM_SUPPRESSED, 1)
		       : tk_sprintf(p->a, "%" PRId64, c->n);
}

static const char *spread_text(const struct page *p, const struct tk_position_item *it,
			       const struct tk_position_spread *q, struct tk_frac v)
{
	if (q->show == TK_POSITION_FEW)
		return tk_symbol_text(TK_SYM_UNKNOWN, 1);
	if (q->show == TK_POSITION_OUT)
		return tk_symbol_text(TK_SYM_SUPPRESSED, 1);
	return tk_position_print(p->a, v, it->scale, it->item->noption > 0);
}

static int side_of(const struct tk_position_item *it, struct tk_frac q)
{
	int64_t own = it->own_value * q.den;

	return (own > q.num) - (own < q.num);
}

static const char *where(const struct page *p, const struct tk_position_item *it, int stratum)
{
	const struct tk_position_spread *q = &it->quarter[stratum];

	if (q->show != TK_POSITION_SHOWN || !it->own_known)
		return "－";
	if (side_of(it, q->q1) < 0)
		return tr(p, N_("in the lowest quarter"));
	return side_of(it, q->q3) > 0 ? tr(p, N_("in the highest quarter"))
				      : tr(p, N_("in the middle half"));
}

/* -- own answers ------------------------------------------------------------------------------- */
static bool chosen(const struct tk_position_item *it, size_t o)
{
	if (o == it->item->noption)
		return it->own->state == TK_ANSWER_DONT_KNOW;
	if (it->own->state != TK_ANSWER_VALUE)
		return false;
	return it->item->q == TK_Q_SINGLE ? it->own->option == (int)o
					  : (it->own->bits >> o & 1) != 0;
}

static const char *own_text(const struct page *p, const struct tk_position_item *it)
{
	const char *all = NULL, *between = p->lang == TK_JA ? "、" : ", ";

	switch (it->own->state) {
	case TK_ANSWER_NO_ANSWER:
		return tr(p, N_("No answer"));
	case TK_ANSWER_NOT_APPLICABLE:
		return tr(p, N_("Not applicable"));
	case TK_ANSWER_DONT_KNOW:
		return tr(p, N_("Don't know"));
	default:
		break;
	}
	if (!it->item->noption)
		return it->own->text ? it->own->text : "";
	for (size_t o = 0; o < it->item->noption; o++)
		if (chosen(it, o))
			all = tk_sprintf(p->a, "%s%s%s", all ? all : "", all ? between : "",
					 in(p, it->item->option[o].label_ja,
					    it->item->option[o].label_en));
	return all ? all : "";
}

/* -- one question ------------------------------------------------------------------------------ */
static const char *stratum_name(const struct page *p, int k)
{
	return k == SECTOR ? tk_unit_label(&p->s->ps->l->bureau[p->s->sector], p->lang)
			   : tr(p, N_("All institutions"));
}

static void top(struct page *p, const struct tk_position_item *it, const char *first,
		const char *mine)
{
	tk_buf_fmt(p->b, "<div class=\"wrap\"><table class=\"q%s\">\n<caption>",
		   it->noption > LONG_TABLE ? " long" : "");
	el(p, "h3", question(p, it->item));
	tk_buf_str(p->b, "<p>");
	tk_buf_xml(p->b, tr(p, N_("Your answer:")));
	tk_buf_chr(p->b, ' ');
	el(p, "strong", own_text(p, it));
	if (it->item->q == TK_Q_MULTI)
		el(p, "span", tr(p, N_("(several answers were possible)")));
	tk_buf_str(p->b, "</p></caption>\n<thead><tr>");
	el(p, "th scope=\"col\"", first);
	el(p, "th scope=\"col\"", mine);
	for (int k = 0; k < NSTRATUM; k++)
		el(p, "th scope=\"col\" class=\"n\"", stratum_name(p, k));
	tk_buf_str(p->b, "</tr></thead>\n<tbody>\n");
}

static void bottom(struct page *p, const struct tk_position_item *it)
{
	tk_buf_str(p->b, "<tr class=\"base\">");
	el(p, "th scope=\"row\"", tr(p, N_("Base (institutions that answered)")));
	el(p, "td class=\"mark\"", "");
	for (int k = 0; k < NSTRATUM; k++)
		el(p, "td class=\"n\"", base_text(p, &it->base[k]));
	tk_buf_str(p->b, "</tr>\n</tbody></table></div>\n");
}

static void choices(struct page *p, const struct tk_position_item *it)
{
	top(p, it, tr(p, N_("Choice")), tr(p, N_("You")));
	for (size_t o = 0; o < it->noption; o++) {
		const struct tk_option *x = &it->item->option[o];
		bool mine = chosen(it, o);

		tk_buf_str(p->b, mine ? "<tr class=\"own\">" : "<tr>");
		el(p, "th scope=\"row\"", o == it->item->noption ? tr(p, N_("Don't know"))
								 : in(p, x->label_ja, x->label_en));
		tk_buf_str(p->b, "<td class=\"mark\">");
		if (mine) {
			tk_buf_str(p->b, "<span aria-hidden=\"true\">●</span>");
			el(p, "span class=\"sr\"", tr(p, N_("chosen")));
		}
		tk_buf_str(p->b, "</td>");
		for (int k = 0; k < NSTRATUM; k++)
			el(p, "td class=\"n\"", figure(p, &it->option[o][k], &it->base[k]));
		tk_buf_str(p->b, "</tr>\n");
	}
	bottom(p, it);
}

static void spread_row(struct page *p, const struct tk_position_item *it, const char *label, int q)
{
	tk_buf_str(p->b, "<tr>");
	el(p, "th scope=\"row\"", tr(p, label));
	el(p, "td class=\"mark\"", "");
	for (int k = 0; k < NSTRATUM; k++) {
		const struct tk_position_spread *x = &it->quarter[k];

		el(p, "td class=\"n\"",
		   spread_text(p, it, x, q < 2 ? x->q1 : q == 2 ? x->median : x->q3));
	}
	tk_buf_str(p->b, "</tr>\n");
}

static void spread_rows(struct page *p, const struct tk_position_item *it)
{
	spread_row(p, it, N_("First quartile"), 1);
	spread_row(p, it, N_("Median"), 2);
	spread_row(p, it, N_("Third quartile"), 3);
	tk_buf_str(p->b, "<tr class=\"own\">");
	el(p, "th scope=\"row\"", tr(p, N_("Your position")));
	el(p, "td class=\"mark\"", it->own_known ? own_text(p, it) : "");
	for (int k = 0; k < NSTRATUM; k++)
		el(p, "td class=\"n\"", where(p, it, k));
	tk_buf_str(p->b, "</tr>\n");
}

static void numbers(struct page *p, const struct tk_position_item *it)
{
	top(p, it, tr(p, N_("Figure")), tr(p, N_("You")));
	spread_rows(p, it);
	bottom(p, it);
}

/* -- overview ---------------------------------------------------------------------------------- */
static struct tk_chart_value value(const struct page *p, const struct tk_position_item *it, int k)
{
	const struct tk_position_spread *q = &it->quarter[k];

	if (q->show != TK_POSITION_SHOWN)
		return (struct tk_chart_value){ 0, 0, spread_text(p, it, q, q->median) };
	return (struct tk_chart_value){ q->median.num, q->median.den,
					spread_text(p, it, q, q->median) };
}

static enum tk_rc chart(struct page *p, const struct tk_position_item *const *of, size_t n,
			struct tk_err *e)
{
	const char *series[1 + NSTRATUM] = { tr(p, N_("You")) };
	const char **category = tk_alloc_n(p->a, n, sizeof(*category));
	struct tk_chart_value *v = tk_alloc_n(p->a, n * TK_LEN(series), sizeof(*v));
	struct tk_chart c = { .kind = TK_CHART_HBAR_GROUPED, .axis = TK_AXIS_AUTO, .lang = p->lang,
			      .count = true, .untitled = true, .width = CHART_WIDTH,
			      .id = "measures", .title = tr(p, N_("Measures taken")),
			      .series = series, .nseries = TK_LEN(series),
			      .category = category, .ncategory = n,
			      .value = v };

	for (int k = 0; k < NSTRATUM; k++)
		series[1 + k] = tk_say(p->a, p->lang, N_("Median: %s"), stratum_name(p, k));
	for (size_t i = 0; i < n; i++) {
		struct tk_chart_value *row = &v[i * TK_LEN(series)];

		category[i] = question(p, of[i]->item);
		if (of[i]->own_known)
			row[0] = (struct tk_chart_value){
				of[i]->own_value, 1,
				tk_sprintf(p->a, "%" PRId64, of[i]->own_value)
			};
		for (int k = 0; k < NSTRATUM; k++)
			row[1 + k] = value(p, of[i], k);
	}
	return tk_chart_svg(&c, p->a, p->b, e);
}

static void measure_table(struct page *p, const struct tk_position_item *const *of, size_t n)
{
	tk_buf_str(p->b, "<div class=\"wrap\"><table>\n<thead><tr>");
	el(p, "th scope=\"col\"", tr(p, N_("Measures taken")));
	el(p, "th scope=\"col\"", tr(p, N_("You")));
	for (int k = 0; k < NSTRATUM; k++)
		el(p, "th scope=\"col\"",
		   tk_say(p->a, p->lang, N_("Median: %s"), stratum_name(p, k)));
	el(p, "th scope=\"col\"", tr(p, N_("Your position in the sector")));
	tk_buf_str(p->b, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < n; i++) {
		const struct tk_position_item *it = of[i];

		tk_buf_str(p->b, "<tr>");
		el(p, "th scope=\"row\"", question(p, it->item));
		el(p, "td class=\"n\"",
		   it->own_known ? tk_sprintf(p->a, "%" PRId64, it->own_value) : "－");
		for (int k = 0; k < NSTRATUM; k++)
			el(p, "td class=\"n\"",
			   spread_text(p, it, &it->quarter[k], it->quarter[k].median));
		el(p, "td", where(p, it, SECTOR));
		tk_buf_str(p->b, "</tr>\n");
	}
	tk_buf_str(p->b, "</tbody></table></div>\n");
}

static enum tk_rc overview(struct page *p, struct tk_err *e)
{
	const struct tk_position *s = p->s;
	const struct tk_position_item **of = tk_alloc_n(p->a, s->nitem + 1, sizeof(*of));
	size_t n = 0;
	enum tk_rc rc;

	for (size_t i = 0; i < s->nitem; i++)
		if (s->item[i].spread && s->item[i].item->noption && n < TK_CHART_CATEGORY_MAX)
			of[n++] = &s->item[i];
	if (!n)
		return TK_OK;
	tk_buf_str(p->b, "<section>");
	el(p, "h2", tr(p, N_("Overview: measures taken")));
	el(p, "p", tr(p, N_("How many of the measures named in a question you take, and how many "
			    "the middle institution takes.")));
	rc = chart(p, of, n, e);
	measure_table(p, of, n);
	tk_buf_str(p->b, "</section>\n");
	return rc;
}

/* -- the page ---------------------------------------------------------------------------------- */
static void term(struct page *p, const char *label, const char *text)
{
	el(p, "dt", tr(p, label));
	el(p, "dd", text);
}

static const char *answered(const struct page *p, int k)
{
	return tk_say(p->a, p->lang, N_("%lld institutions"), (long long)p->s->answered[k]);
}

static void head(struct page *p)
{
	const struct tk_position *s = p->s;
	const struct campaign *c = &s->ps->c;
	const char *title = tr(p, N_("Position against the panel"));

	tk_buf_fmt(p->b, "<!doctype html>\n<html lang=\"%s\">\n<head><meta charset=\"utf-8\">"
			 "<meta name=\"viewport\" content=\"width=device-width\">",
		   p->lang == TK_JA ? "ja" : "en");
	el(p, "title", tk_sprintf(p->a, "%s - %s", title, in(p, c->title_ja, c->title_en)));
	tk_buf_fmt(p->b, "<style>%s</style></head>\n<body>\n<header>", tk_position_style);
	el(p, "p class=\"grade\"", tr(p, N_("Confidentiality 2")));
	el(p, "h1", title);
	el(p, "p class=\"sub\"", in(p, c->title_ja, c->title_en));
	tk_buf_str(p->b, "</header>\n<main>\n<dl>");
	term(p, N_("Institution"), tk_sprintf(p->a, "%s (%s)", s->institution, s->code));
	term(p, N_("Fiscal year"), tk_fiscal_year_print(p->a, p->lang, (int)c->fiscal_year));
	term(p, N_("Published on"),
	     tk_date_print(p->a, p->lang, tk_date_of_time(s->ps->p.published_at)));
	term(p, N_("Edition"), tk_sprintf(p->a, "%" PRId64, s->ps->p.edition));
	for (int k = 0; k < NSTRATUM; k++) {
		el(p, "dt", tk_say(p->a, p->lang, N_("Answered: %s"), stratum_name(p, k)));
		el(p, "dd", answered(p, k));
	}
	tk_buf_str(p->b, "</dl>\n");
	for (int k = 0; k < NSTRATUM; k++)
		if (!s->shown[k])
			el(p, "p class=\"warn\"",
			   tk_say(p->a, p->lang,
				  N_("%s: figures are not shown, because fewer than %lld other "
				     "institutions answered."),
				  stratum_name(p, k), (long long)s->ps->p.min_position));
}

static int outermost(const struct tk_form *f, int group)
{
	while (group >= 0 && f->group[group].parent >= 0)
		group = f->group[group].parent;
	return group;
}

static void body(struct page *p)
{
	const struct tk_form *f = p->s->r->form;
	int now = -2;

	for (size_t i = 0; i < p->s->nitem; i++) {
		const struct tk_position_item *it = &p->s->item[i];
		int g = outermost(f, it->item->group);

		if (g != now) {
			tk_buf_str(p->b, now == -2 ? "<section>" : "</section>\n<section>");
			el(p, "h2", g < 0 ? tr(p, N_("General"))
					  : in(p, f->group[g].label_ja, f->group[g].label_en));
			now = g;
		}
		if (it->item->noption)
			choices(p, it);
		else
			numbers(p, it);
	}
	if (now != -2)
		tk_buf_str(p->b, "</section>\n");
}

static void legend(struct page *p)
{
	const struct publication *pub = &p->s->ps->p;
	static const enum tk_symbol symbol[] = { TK_SYM_SUPPRESSED, TK_SYM_NONE, TK_SYM_CAUTION };

	tk_buf_str(p->b, "<section>");
	el(p, "h2", tr(p, N_("How to read this")));
	tk_buf_str(p->b, "<ul>\n");
	el(p, "li", tr(p, N_("Shares are of those who were asked the question and answered it; "
			     "your own answer is counted. In brackets: the number of "
			     "institutions.")));
	el(p, "li", tk_say(p->a, p->lang,
			   N_("\"…\": fewer than %lld institutions besides yours answered, or, of "
			      "quartiles, fewer than %lld in one of the quarters."),
			   (long long)pub->min_position, (long long)p->s->ps->min_cell));
	for (size_t i = 0; i < TK_LEN(symbol); i++)
		el(p, "li", tr(p, tk_symbol_note(symbol[i])));
	el(p, "li", tr(p, N_("Quartiles are rounded to two significant digits. They are "
			     "interpolated between the ordered values; your own is among them.")));
	el(p, "li", tr(p, N_("Questions that were not asked of you, and texts and days, are left "
			     "out.")));
	tk_buf_str(p->b, "</ul></section>\n</main>\n</body></html>\n");
}

enum tk_rc tk_position_html(const struct tk_op *op, const struct tk_position *s, enum tk_lang lang,
			    struct tk_buf *out)
{
	struct page p = { .s = s, .b = out, .a = op->mem, .lang = lang };
	enum tk_rc rc;

	head(&p);
	rc = overview(&p, op->e);
	body(&p);
	legend(&p);
	return rc;
}
