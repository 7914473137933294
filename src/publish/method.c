/* method.c - the method note of a publication: who was asked, how it was counted, what is left out
 * and why.  A page of its own, without anything from outside. */
#include <inttypes.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "publish/pack.h"
#include "stat/symbol.h"

enum { NOTE_MAX = 4 << 20 };

struct note {
	struct tk_pack_job *j;
	const struct tk_disclosure *d;
	enum tk_lang lang;
	struct tk_buf b;
};

static void para(struct note *n, const char *text)
{
	tk_buf_str(&n->b, "<p>");
	tk_buf_xml(&n->b, text);
	tk_buf_str(&n->b, "</p>\n");
}

static void heading(struct note *n, const char *msgid)
{
	tk_buf_str(&n->b, "<h2>");
	tk_buf_xml(&n->b, tk_tr(n->lang, msgid));
	tk_buf_str(&n->b, "</h2>\n");
}

static void line(struct note *n, const char *label, const char *value)
{
	tk_buf_str(&n->b, "<tr><th scope=\"row\">");
	tk_buf_xml(&n->b, tk_tr(n->lang, label));
	tk_buf_str(&n->b, "</th><td>");
	tk_buf_xml(&n->b, value);
	tk_buf_str(&n->b, "</td></tr>\n");
}

static void top(struct note *n)
{
	const struct campaign *c = n->j->c;
	const char *title = tk_in(n->lang, c->title_ja, c->title_en);

	tk_buf_fmt(&n->b,
		   "<!doctype html>\n<html lang=\"%s\">\n<head><meta charset=\"utf-8\"><title>",
		   n->lang == TK_JA ? "ja" : "en");
	tk_buf_xml(&n->b, title);
	tk_buf_str(&n->b,
		   "</title>\n<style>body{font-family:sans-serif;max-width:48em;margin:2em auto;"
		   "padding:0 1em;line-height:1.7}table{border-collapse:collapse;"
		   "margin:1em 0}th,td{border:1px "
		   "solid #767676;padding:.3em .8em;text-align:left;vertical-align:top}"
		   "td.n{text-align:right}</style></head>\n<body>\n<h1>");
	tk_buf_xml(&n->b, title);
	tk_buf_str(&n->b, "</h1>\n");
	heading(n, N_("Method"));
}

/* -- who was asked ----------------------------------------------------------------------------- */
struct asked {
	int64_t population, counted;
};

static enum tk_rc asked_row(void *ctx, const struct tk_value *col, size_t k)
{
	struct note *n = ctx;

	(void)k;
	tk_buf_str(&n->b, "<tr><th scope=\"row\">");
	tk_buf_xml(&n->b, tk_in(n->lang, col[0].s, col[1].s));
	tk_buf_fmt(&n->b,
		   "</th><td class=\"n\">%" PRId64 "</td><td class=\"n\">%" PRId64 "</td></tr>\n",
		   col[2].i, col[3].i);
	return TK_OK;
}

static enum tk_rc strata(struct note *n)
{
	const struct tk_op *op = n->j->op;
	enum tk_rc rc;

	tk_buf_str(&n->b, "<table><tr><th scope=\"col\">");
	tk_buf_xml(&n->b, tk_tr(n->lang, N_("Sector")));
	tk_buf_str(&n->b, "</th><th scope=\"col\">");
	tk_buf_xml(&n->b, tk_tr(n->lang, N_("Institutions asked")));
	tk_buf_str(&n->b, "</th><th scope=\"col\">");
	tk_buf_xml(&n->b, tk_tr(n->lang, N_("Institutions that answered")));
	tk_buf_str(&n->b, "</th></tr>\n");
	rc = tk_db_run(op->db, op->e,
		       "SELECT z.name, z.name_en, COUNT(*), CAST(SUM(CASE WHEN s.state IN "
		       "('submitted', 'accepted') THEN 1 ELSE 0 END) AS BIGINT) FROM respondent r"
		       " JOIN sector z ON z.id = r.sector_id LEFT JOIN response s ON s.id = r.id"
		       " WHERE r.campaign_id = $1 AND r.deleted_at IS NULL AND (r.state = 'in' OR "
		       "s.state IN ('submitted', 'accepted'))"
		       " GROUP BY z.id, z.name, z.name_en, z.sort, z.code ORDER BY z.sort, z.code",
		       TK_ARGS(TK_I(n->j->c->rec.id)), asked_row, n);
	tk_buf_str(&n->b, "</table>\n");
	return rc;
}

static enum tk_rc count_asked(struct note *n, struct asked *a)
{
	const struct tk_op *op = n->j->op;
	enum tk_rc rc =
		tk_db_int(op->db, op->e,
			  "SELECT COUNT(*) FROM respondent r LEFT JOIN response s ON s.id = "
			  "r.id WHERE r.campaign_id = $1 AND r.deleted_at IS NULL AND (r.state "
			  "= 'in' OR s.state IN ('submitted', 'accepted'))",
			  TK_ARGS(TK_I(n->j->c->rec.id)), 0, &a->population);

	if (rc == TK_OK)
		rc = tk_db_int(op->db, op->e,
			       "SELECT COUNT(*) FROM respondent r JOIN response s ON s.id = r.id "
			       "WHERE r.campaign_id = $1 AND r.deleted_at IS NULL AND s.state IN "
			       "('submitted', 'accepted')",
			       TK_ARGS(TK_I(n->j->c->rec.id)), 0, &a->counted);
	return rc;
}

static const char *period(struct note *n)
{
	const struct campaign *c = n->j->c;
	struct tk_date from, to;

	if (!c->opens_on || !c->closes_on || !tk_date_parse(c->opens_on, &from) ||
	    !tk_date_parse(c->closes_on, &to))
		return "…";
	return tk_sprintf(n->j->op->mem, "%s – %s", tk_date_print(n->j->op->mem, n->lang, from),
			  tk_date_print(n->j->op->mem, n->lang, to));
}

static enum tk_rc survey(struct note *n)
{
	struct tk_arena *a = n->j->op->mem;
	const struct campaign *c = n->j->c;
	char rate[TK_X10_LEN];
	struct asked k = { 0 };
	enum tk_rc rc = count_asked(n, &k);

	if (rc != TK_OK)
		return rc;
	tk_buf_str(&n->b, "<table>\n");
	line(n, N_("Fiscal year"), tk_fiscal_year_print(a, n->lang, (int)c->fiscal_year));
	line(n, N_("Period"), period(n));
	line(n, N_("Return rate"),
	     tk_sprintf(a, "%s%% (%" PRId64 " / %" PRId64 ")",
			tk_rate_print(k.counted, k.population, rate), k.counted, k.population));
	line(n, N_("Edition"), tk_sprintf(a, "%" PRId64, n->j->p->edition));
	tk_buf_str(&n->b, "</table>\n");
	if (!tk_is_blank(tk_in(n->lang, n->j->p->remark_ja, n->j->p->remark_en)))
		para(n, tk_in(n->lang, n->j->p->remark_ja, n->j->p->remark_en));
	return tk_campaign_asks_panel(c) ? strata(n) : TK_OK;
}

/* -- how it was counted ------------------------------------------------------------------------ */
static void counting(struct note *n)
{
	heading(n, N_("How it was counted"));
	para(n,
	     tk_tr(n->lang,
		   N_("Every share has its own base, printed with the table: those who were asked "
		      "the question, as its conditions have it, and answered it. \"Not asked\", "
		      "\"no answer\" and \"not applicable\" are not part of the base unless the "
		      "table says so; \"don't know\" is.")));
	para(n, tk_tr(n->lang,
		      N_("Shares are made from whole counts and rounded half up to one decimal. "
			 "Where several answers were possible they add up to more than 100. Counts "
			 "are not weighted.")));
}

static void disclosure(struct note *n)
{
	struct tk_arena *a = n->j->op->mem;
	const struct tk_disclosure *d = n->d;

	heading(n, N_("What is left out"));
	para(n,
	     tk_say(a, n->lang,
		    N_("Counts of fewer than %s institutions or persons are not published, nor is "
		       "the rest of a base that small; x stands in their place. So that they "
		       "cannot be computed from sums, groups, bases or other tables, further "
		       "figures are left out. That no figure left out can be found out is proven "
		       "before publication, over all tables together."),
		    n->j->p->min_cell));
	if (!n->j->p->protect_all)
		para(n,
		     tk_tr(n->lang, N_("That all or none of a base gave an answer is published.")));
	para(n, tk_say(a, n->lang, N_("Figures: %zu. Left out: %zu."), d->cells,
		       d->primary + d->complementary));
	heading(n, N_("Symbols"));
	tk_buf_str(&n->b, "<table>\n");
	for (enum tk_symbol s = TK_SYM_CAUTION; s < TK_SYM_MAX; s++)
		line(n, tk_symbol_text(s, 1), tk_tr(n->lang, tk_symbol_note(s)));
	tk_buf_str(&n->b, "</table>\n");
}

static void tables(struct note *n)
{
	heading(n, N_("Tables and their bases"));
	tk_buf_str(&n->b, "<table>\n");
	for (size_t k = 0; k < n->d->ntable; k++) {
		const struct tk_table *t = n->d->table[k].table;

		tk_buf_str(&n->b, "<tr><th scope=\"row\">");
		tk_buf_xml(&n->b, t->name);
		tk_buf_str(&n->b, "</th><td>");
		tk_buf_xml(&n->b, t->title);
		tk_buf_str(&n->b, "<br>");
		tk_buf_xml(&n->b, t->base);
		tk_buf_str(&n->b, "</td></tr>\n");
	}
	tk_buf_str(&n->b, "</table>\n");
}

enum tk_rc tk_pack_method(struct tk_pack_job *j, enum tk_lang lang)
{
	struct note n = {
		.j = j, .lang = lang, .d = lang == TK_JA ? &j->ja : &j->en, .b = TK_BUF(NOTE_MAX)
	};
	enum tk_rc rc;

	top(&n);
	if ((rc = survey(&n)) != TK_OK) {
		tk_buf_drop(&n.b);
		return rc;
	}
	counting(&n);
	disclosure(&n);
	tables(&n);
	tk_buf_str(&n.b, "</body></html>\n");
	return tk_pack_add(j, lang == TK_JA ? "method.ja.html" : "method.en.html", "text/html",
			   &n.b);
}
