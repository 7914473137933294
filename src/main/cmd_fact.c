/* cmd_fact.c - facts, explain: the numbers of a year and where they come from. */
#include <inttypes.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "fact/fact.h"
#include "main/cli_list.h"

static enum tk_rc year_of(struct cli *c, const char *text, int *ret)
{
	int64_t y = tk_fiscal_year(tk_today());

	if (text && (!tk_parse_int(text, &y) || y < 1950 || y > 2200))
		return tk_fail(&c->e, TK_EINVAL, "year",
			       N_("Write the fiscal year as a number, such as 2026."));
	*ret = (int)y;
	return TK_OK;
}

static struct tk_value int_or_null(const struct tk_fact_value *v, int64_t i)
{
	return v->missing ? TK_NULL : TK_I(i);
}

/* -- facts ------------------------------------------------------------------------------------- */
struct fact_line { struct tk_fact_value now, last; bool has_last; };

/* What is stored; what was never stored is computed. */
static enum tk_rc take(struct cli *c, const struct tk_fact *f, int year, struct fact_line *x)
{
	enum tk_rc rc = tk_fact_stored(&c->op, f, year, &x->now);

	if (rc == TK_ENOTFOUND)
		rc = tk_fact_now(&c->op, f, year, &x->now);
	if (rc != TK_OK)
		return rc;
	rc = tk_fact_stored(&c->op, f, year - 1, &x->last);
	x->has_last = rc == TK_OK;
	return rc == TK_ENOTFOUND ? TK_OK : rc;
}

static void fact_row(struct cli_list *l, const struct tk_fact *f, const struct fact_line *x)
{
	struct cli *c = l->c;
	const char *text = tk_fact_print(&c->op, &x->now), *label = tk_tr(c->lang, f->label);
	const char *last = x->has_last ? tk_fact_print(&c->op, &x->last) : "－";
	int64_t by = tk_fact_change_x10(&x->now, x->has_last ? &x->last : NULL);
	const char *change = tk_fact_print_change(&c->op, f, by);
	struct tk_value below = int_or_null(&x->now, x->now.denominator);

	if (!x->now.denominator)
		below = TK_NULL;
	if (l->format == TK_PRINT_TABLE)
		printf("%-36s %s%*s %*s%s  (%s, %s)%s%s\n", f->id, label, cli_pad(label, 44), "",
		       cli_pad(text, 8), "", text, last, change, x->now.missing ? "  " : "",
		       x->now.missing ? x->now.why : "");
	else
		cli_list_row(l, (const struct tk_value[]){
					TK_S(f->id), TK_S(label), TK_I(x->now.year), TK_S(text),
					int_or_null(&x->now, x->now.numerator), below,
					x->has_last ? TK_S(last) : TK_NULL, TK_S(change),
					TK_S(x->now.why), TK_S(x->now.base_date),
					TK_S(x->now.digest) });
}

int cmd_facts(struct cli *c)
{
	static const char *const name[] = { "id",          "label",  "year",        "value",
					    "numerator",   "denominator", "last_year", "change",
					    "why_missing", "base_date",   "digest",    NULL };
	const struct tk_fact *const *f;
	size_t n = tk_facts(&f);
	enum tk_print_format format;
	struct cli_list l;
	int year = 0;
	enum tk_rc rc;

	if (!cli_format(c, &format) || c->narg > 1)
		return cli_usage(c, tk_tr(c->lang, N_("name at most a year")));
	if ((rc = year_of(c, c->narg ? c->arg[0] : NULL, &year)) != TK_OK ||
	    (rc = cli_open_db(c, CLI_EXISTING)) != TK_OK)
		return cli_fail(c, rc);
	if (cli_has(c, "--compute")) {
		c->writes = true;
		if ((rc = tk_fact_compute_year(&c->op, year, NULL)) != TK_OK)
			return cli_fail(c, rc);
	}
	rc = cli_list_open(&l, c, format, name);
	for (size_t i = 0; i < n && rc == TK_OK; i++) {
		struct fact_line x;

		if ((rc = take(c, f[i], year, &x)) == TK_OK)
			fact_row(&l, f[i], &x);
	}
	rc = cli_list_close(&l, rc);
	return rc == TK_OK ? 0 : cli_fail(c, rc);
}

/* -- explain ----------------------------------------------------------------------------------- */
static int no_such(struct cli *c, const char *name)
{
	const struct tk_fact *near[5];
	size_t n = tk_fact_near(&c->op, name, near, TK_LEN(near));
	struct tk_buf b = TK_BUF(400);

	for (size_t i = 0; i < n; i++)
		tk_buf_fmt(&b, "%s%s", i ? ", " : "", near[i]->id);
	if (n)
		cli_fail(c, tk_fail(&c->e, TK_ENOTFOUND, NULL,
				    N_("There is no number \"%.60s\". Did you mean: %.300s?"), name,
				    tk_buf_cstr(&b)));
	else
		cli_fail(c, tk_fail(&c->e, TK_ENOTFOUND, NULL,
				    N_("There is no number \"%.60s\"; \"tenken facts\" lists "
				       "them."),
				    name));
	tk_buf_drop(&b);
	return 1;
}

static void line(struct cli *c, const char *label, const char *text)
{
	const char *s = tk_tr(c->lang, label);

	printf("  %s%*s %s\n", s, cli_pad(s, 18), "", text);
}

static void head(struct cli *c, const struct tk_fact *f, const struct tk_fact_value *v)
{
	bool sum = f->kind == TK_FACT_SUM || f->kind == TK_FACT_MEAN;

	printf("%s  %s\n", f->id, tk_tr(c->lang, f->label));
	line(c, N_("Year"), tk_fiscal_year_print(c->mem, c->lang, v->year));
	line(c, N_("Value"), tk_fact_print(&c->op, v));
	if (v->missing)
		line(c, N_("Why missing"), v->why);
	line(c, N_("Unit"), tk_tr(c->lang, f->unit));
	line(c, N_("Base"), tk_tr(c->lang, f->base));
	line(c, sum ? N_("Sum") : N_("Counted"), tk_sprintf(c->mem, "%" PRId64, v->numerator));
	if (v->denominator)
		line(c, N_("Out of"), tk_sprintf(c->mem, "%" PRId64, v->denominator));
	line(c, N_("Base date"), v->base_date);
	line(c, "SHA-256", v->digest);
}

/* Is what the rows say today what was stored? */
static enum tk_rc beside_stored(struct cli *c, const struct tk_fact_value *v)
{
	struct tk_fact_value s;
	enum tk_rc rc = tk_fact_stored(&c->op, v->fact, v->year, &s);
	const char *note = N_("not stored yet");

	if (rc != TK_OK && rc != TK_ENOTFOUND)
		return rc;
	if (rc == TK_OK)
		note = !strcmp(s.digest, v->digest) ? N_("the same rows")
						    : N_("the rows have changed since");
	note = tk_tr(c->lang, note);
	line(c, N_("Stored"),
	     rc == TK_OK ? tk_sprintf(c->mem, "%s (%s)", tk_fact_print(&c->op, &s), note) : note);
	return TK_OK;
}

static enum tk_rc explain_row(void *ctx, const struct tk_fact_row *r)
{
	struct cli_list *l = ctx;

	if (l->format == TK_PRINT_TABLE)
		printf("  %s  %s  %" PRId64 "  %s\n", r->hit ? "●" : "○",
		       r->type ? tk_tr(l->c->lang, r->type->label) : "-", r->id, r->title);
	else
		cli_list_row(l, (const struct tk_value[]){
					TK_S(r->type ? r->type->name : NULL),
					TK_S(tk_sprintf(l->c->mem, "%" PRId64, r->id)),
					TK_S(r->title), TK_I(r->hit), TK_I(r->amount) });
	return TK_OK;
}

static enum tk_rc no_row(void *ctx, const struct tk_fact_row *r)
{
	(void)ctx;
	(void)r;
	return TK_OK;
}

/* As a table: what it is, then the rows.  As CSV and JSON: the rows. */
int cmd_explain(struct cli *c)
{
	static const char *const name[] = { "type", "id", "title", "counts", "amount", NULL };
	const struct tk_fact *f;
	struct tk_fact_value v;
	enum tk_print_format format;
	struct cli_list l;
	int year = 0;
	enum tk_rc rc;

	if (!cli_format(c, &format) || c->narg != 1)
		return cli_usage(c,
				 tk_tr(c->lang, N_("name a number; \"tenken facts\" lists them")));
	if ((rc = year_of(c, cli_get(c, "--year"), &year)) != TK_OK ||
	    (rc = cli_open_db(c, CLI_EXISTING)) != TK_OK)
		return cli_fail(c, rc);
	if (!(f = tk_fact_by_id(c->arg[0])))
		return no_such(c, c->arg[0]);
	rc = tk_fact_explain(&c->op, f, year, no_row, NULL, &v);
	if (rc == TK_OK && format == TK_PRINT_TABLE) {
		head(c, f, &v);
		rc = beside_stored(c, &v);
	}
	if (rc == TK_OK)
		rc = cli_list_open(&l, c, format, name);
	if (rc != TK_OK)
		return cli_fail(c, rc);
	rc = cli_list_close(&l, tk_fact_explain(&c->op, f, year, explain_row, &l, &v));
	return rc == TK_OK ? 0 : cli_fail(c, rc);
}
