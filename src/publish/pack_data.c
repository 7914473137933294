/* pack_data.c - the figures for programs: one row each, and SDMX-CSV. */
#include <string.h>
#include "publish/pack.h"
#include "sheet/sheet_write.h"
#include "stat/symbol.h"

enum { DATA_MAX = 64 << 20 };

/* One figure as it is told to a program. */
struct row {
	const struct tk_table *table;
	const struct tk_figure *figure;
	const struct tk_option *option; /* NULL: the base itself */
	int64_t count, n, share;        /* below 0: left out */
	enum tk_cell_status status;     /* of the count, or of the base */
	bool base_out;
};
typedef void (*row_fn)(void *ctx, const struct row *r);

static bool is_out(uint8_t status)
{
	return status == TK_CELL_ST_PRIMARY || status == TK_CELL_ST_COMPLEMENTARY;
}

static void each(const struct tk_disclosure *d, row_fn fn, void *ctx)
{
	for (size_t k = 0; k < d->ntable; k++) {
		const struct tk_table *t = d->table[k].table;

		for (size_t f = 0; f < t->nfigure; f++) {
			const struct tk_figure *g = &t->figure[f];
			struct row r = { .table = t,
					 .figure = g,
					 .n = g->n,
					 .status = d->table[k].base[f],
					 .base_out = is_out(d->table[k].base[f]) };

			fn(ctx, &r);
			for (size_t o = 0; o < t->noption; o++) {
				if (g->count[o] == TK_COUNT_NO_OPTION)
					continue;
				r.option = &t->option[o];
				r.count = g->count[o];
				r.share = g->share[o];
				r.status = d->table[k].option[f * t->noption + o];
				fn(ctx, &r);
			}
		}
	}
}

/* -- one row a figure -------------------------------------------------------------------------- */
static void number(struct tk_out *o, int64_t n)
{
	if (n < 0)
		tk_out_text(o, tk_symbol_text(TK_SYM_SUPPRESSED, 0));
	else
		tk_out_int(o, n);
}

static void csv_row(void *ctx, const struct row *r)
{
	struct tk_out *o = ctx;
	const struct tk_option *x = r->option;

	tk_out_row(o);
	tk_out_text(o, r->table->name);
	tk_out_text(o, r->figure->code);
	tk_out_text(o, r->figure->label);
	tk_out_text(o, r->figure->item);
	tk_out_text(o, x ? x->code : "base");
	tk_out_text(o, x ? tk_in(TK_JA, x->label_ja, x->label_en) : r->figure->base);
	if (x)
		number(o, r->count);
	else
		tk_out_blank(o);
	number(o, r->n);
	if (!x)
		tk_out_blank(o);
	else if (r->share == TK_SHARE_NONE)
		tk_out_text(o, tk_symbol_text(is_out(r->status) || r->base_out ? TK_SYM_SUPPRESSED
									       : TK_SYM_UNKNOWN,
					      1));
	else
		tk_out_x10(o, r->share);
}

enum tk_rc tk_pack_csv(struct tk_pack_job *j)
{
	static const struct tk_out_col col[] = {
		{ "table", 0 },     { "series", 0 },      { "series_label", 0 },
		{ "item", 0 },      { "option", 0 },      { "option_label", 0 },
		{ "numerator", 0 }, { "denominator", 0 }, { "share", 0 },
	};
	struct tk_buf b = TK_BUF(DATA_MAX);
	struct tk_out_opt opt = TK_OUT_DOWNLOAD;
	struct tk_out *o = NULL;
	enum tk_rc rc = tk_out_open(&o, &opt, tk_out_to_buf, &b, j->op->e);

	if (rc != TK_OK)
		return rc;
	tk_out_sheet(o, "data", col, TK_LEN(col));
	each(&j->ja, csv_row, o);
	rc = tk_out_close(o, j->op->e);
	tk_out_free(o);
	return rc == TK_OK ? tk_pack_add(j, "data.csv", "text/csv", &b) : rc;
}

/* -- SDMX -------------------------------------------------------------------------------------- */
struct sdmx {
	struct tk_out *o;
	const char *flow;
	int64_t year;
};

static void observation(struct sdmx *s, const struct row *r, const char *measure, const char *unit,
			int64_t value, bool tenths, enum tk_symbol symbol)
{
	struct tk_out *o = s->o;

	tk_out_row(o);
	tk_out_text(o, s->flow);
	tk_out_text(o, r->table->name);
	tk_out_text(o, *r->figure->code ? r->figure->code : "_T");
	tk_out_text(o, r->figure->item);
	tk_out_text(o, r->option ? r->option->code : "_T");
	tk_out_text(o, measure);
	tk_out_int(o, s->year);
	if (symbol == TK_SYM_SUPPRESSED || symbol == TK_SYM_UNKNOWN)
		tk_out_blank(o);
	else if (tenths)
		tk_out_x10(o, value);
	else
		tk_out_int(o, value);
	tk_out_text(o, unit);
	tk_out_text(o, tk_symbol_obs_status(symbol));
	tk_out_text(o, tk_conf_status(symbol == TK_SYM_SUPPRESSED ? TK_CELL_ST_PRIMARY
								  : TK_CELL_ST_PRINTED,
				      false));
}

static void sdmx_row(void *ctx, const struct row *r)
{
	struct sdmx *s = ctx;
	enum tk_cell_status share = r->base_out ? TK_CELL_ST_PRIMARY : r->status;

	if (!r->option) {
		observation(s, r, "BASE", "COUNT", r->n, false,
			    r->n < 0 ? TK_SYM_SUPPRESSED : TK_SYM_VALUE);
		return;
	}
	observation(s, r, "COUNT", "COUNT", r->count, false,
		    r->count < 0 ? TK_SYM_SUPPRESSED : TK_SYM_VALUE);
	observation(s, r, "SHARE", "PT", r->share, true,
		    r->share == TK_SHARE_NONE
			    ? is_out((uint8_t)share) ? TK_SYM_SUPPRESSED : TK_SYM_UNKNOWN
		    : r->n < 10 ? TK_SYM_CAUTION
				: TK_SYM_VALUE);
}

enum tk_rc tk_pack_sdmx(struct tk_pack_job *j)
{
	static const struct tk_out_col col[] = {
		{ "DATAFLOW", 0 },    { "TABLE", 0 },       { "SERIES", 0 },
		{ "ITEM", 0 },        { "OPTION", 0 },      { "MEASURE", 0 },
		{ "TIME_PERIOD", 0 }, { "OBS_VALUE", 0 },   { "UNIT_MEASURE", 0 },
		{ "OBS_STATUS", 0 },  { "CONF_STATUS", 0 },
	};
	struct tk_buf b = TK_BUF(DATA_MAX);
	struct tk_out_opt opt = { 0 };
	struct sdmx s = { .year = j->c->fiscal_year,
			  .flow = tk_sprintf(j->op->mem, "TENKEN:%s(%lld.0)", j->c->name,
					     (long long)j->p->edition) };
	enum tk_rc rc = tk_out_open(&s.o, &opt, tk_out_to_buf, &b, j->op->e);

	if (rc != TK_OK)
		return rc;
	tk_out_sheet(s.o, "data", col, TK_LEN(col));
	each(&j->ja, sdmx_row, &s);
	rc = tk_out_close(s.o, j->op->e);
	tk_out_free(s.o);
	return rc == TK_OK ? tk_pack_add(j, "data_sdmx.csv", "text/csv", &b) : rc;
}
