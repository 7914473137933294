/* roadmap_api.c - the grid and the burn-down for the page, and making an item from any record; what
 * the module brings. */
#include <cjson/cJSON.h>
#include "base/clock.h"
#include "base/text.h"
#include "chart/chart.h"
#include "http/http.h"
#include "roadmap/roadmap.h"

static enum tk_rc year_of(struct tk_req *rq, int *ret)
{
	const char *s = tk_req_query(rq, "year");
	int64_t year = 0;

	*ret = 0;
	if (tk_is_blank(s))
		return TK_OK;
	if (!tk_parse_int(s, &year) || year < 1950 || year > 2200)
		return tk_fail(&rq->err, TK_EINVAL, "year",
			       N_("\"%.20s\" is no fiscal year such as 2011."), s);
	*ret = (int)year;
	return TK_OK;
}

static void put_count(struct tk_json *j, const struct tk_roadmap_count *c)
{
	tk_json_kint(j, "planned", c->planned);
	tk_json_kint(j, "doing", c->doing);
	tk_json_kint(j, "done", c->done);
	tk_json_kint(j, "dropped", c->dropped);
}

static void put_choices(struct tk_json *j, const char *key, const struct tk_choice *c,
			enum tk_lang lang)
{
	tk_json_key(j, key);
	tk_json_arr(j);
	for (; c->id; c++) {
		tk_json_obj(j);
		tk_json_kstr(j, "id", c->id);
		tk_json_kstr(j, "label", tk_tr(lang, c->label));
		tk_json_end_obj(j);
	}
	tk_json_end_arr(j);
}

static void put_cells(struct tk_json *j, const struct tk_roadmap *r)
{
	tk_json_key(j, "cells");
	tk_json_arr(j);
	for (int x = 0; x < TK_ROADMAP_SIDE; x++)
		for (int y = 0; y < TK_ROADMAP_SIDE; y++) {
			const struct tk_roadmap_count *c = &r->cell[x][y];

			tk_json_obj(j);
			tk_json_kstr(j, "threat", tk_roadmap_threat[x].id);
			tk_json_kstr(j, "property", tk_roadmap_property[y].id);
			put_count(j, c);
			tk_json_kbool(j, "empty", !(c->planned + c->doing + c->done));
			tk_json_end_obj(j);
		}
	tk_json_end_arr(j);
}

static const char *month_of(struct tk_arena *a, int year, int m)
{
	return tk_sprintf(a, "%04d-%02d", year + (m + 3) / 12, (m + 3) % 12 + 1);
}

static void put_rest(struct tk_req *rq, struct tk_json *j, const struct tk_roadmap *r, int year)
{
	tk_json_key(j, "unplaced");
	tk_json_arr(j);
	for (size_t i = 0; i < r->nloose; i++) {
		tk_json_obj(j);
		tk_json_kid(j, "id", r->loose[i].id);
		tk_json_kstr(j, "title", r->loose[i].title);
		tk_json_kstr(j, "state", r->loose[i].state);
		tk_json_kstr(j, "state_label",
			     tk_case_state_label(tk_roadmap_item_type.life, r->loose[i].state,
						 rq->who.lang));
		tk_json_end_obj(j);
	}
	tk_json_end_arr(j);
	tk_json_key(j, "months");
	tk_json_arr(j);
	for (int m = 0; m < r->nmonth; m++) {
		tk_json_obj(j);
		tk_json_kstr(j, "month", month_of(rq->mem, year, m));
		tk_json_kint(j, "open", r->open[m]);
		tk_json_end_obj(j);
	}
	tk_json_end_arr(j);
}

static enum tk_rc grid(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct tk_roadmap r;
	int year;
	enum tk_rc rc = year_of(rq, &year);

	if (rc != TK_OK || (rc = tk_roadmap_read(&rq->op, year, &r)) != TK_OK)
		return rc;
	tk_json_obj(&j);
	tk_json_key(&j, "year");
	if (year)
		tk_json_int(&j, year);
	else
		tk_json_null(&j);
	put_choices(&j, "threats", tk_roadmap_threat, rq->who.lang);
	put_choices(&j, "properties", tk_roadmap_property, rq->who.lang);
	put_cells(&j, &r);
	tk_json_kint(&j, "empty", r.empty);
	tk_json_key(&j, "total");
	tk_json_obj(&j);
	put_count(&j, &r.total);
	tk_json_end_obj(&j);
	put_rest(rq, &j, &r, year);
	tk_json_end_obj(&j);
	return TK_OK;
}

/* -- burn-down --------------------------------------------------------------------------------- */
static enum tk_rc burn_down(struct tk_req *rq)
{
	enum tk_lang lang = rq->who.lang;
	const char *series[1] = { tk_tr(lang, N_("Open improvements")) };
	const char *category[12], *note[1];
	struct tk_chart_value value[12];
	struct tk_chart c = { .kind = TK_CHART_TREND, .axis = TK_AXIS_AUTO, .lang = lang,
		.count = true, .id = "burn-down", .series = series, .nseries = 1,
		.category = category, .value = value, .note = note, .nnote = 1 };
	struct tk_roadmap r;
	int year;
	enum tk_rc rc = year_of(rq, &year);

	if (rc == TK_OK && !year)
		year = tk_fiscal_year(tk_today());
	if (rc != TK_OK || (rc = tk_roadmap_read(&rq->op, year, &r)) != TK_OK)
		return rc;
	if (!r.nmonth)
		return tk_fail(&rq->err, TK_ENOTFOUND, NULL, N_("There is nothing to draw yet."));
	for (int m = 0; m < r.nmonth; m++) {
		category[m] = tk_say(rq->mem, lang, N_("Month %d"), (m + 3) % 12 + 1);
		value[m] = (struct tk_chart_value){ r.open[m], 1,
			tk_sprintf(rq->mem, "%lld", (long long)r.open[m]) };
	}
	c.ncategory = (size_t)r.nmonth;
	c.unit = lang == TK_JA ? "件" : NULL;
	c.title = tk_say(rq->mem, lang, N_("Open improvements at the end of each month, %s"),
			 tk_fiscal_year_print(rq->mem, lang, year));
	note[0] = tk_tr(lang, N_("Base: improvements on the roadmap that were neither done nor "
				 "dropped by the end of the month"));
	rq->content_type = "image/svg+xml";
	return tk_chart_svg(&c, rq->mem, &rq->out, &rq->err);
}

/* -- an item from any record ------------------------------------------------------------------- */
static const char *const keys[] = { "title", "threat", "property", "division_id",
	"owner_staff_id", "due_on", NULL };

static enum tk_rc read_body(struct tk_req *rq, struct tk_improvement *i)
{
	const cJSON *o = rq->json;
	enum tk_rc rc;

	if ((rc = tk_json_only(o, keys, &rq->err)) != TK_OK ||
	    (rc = tk_json_get_str(o, "title", &i->title, &rq->err)) != TK_OK ||
	    (rc = tk_json_get_str(o, "threat", &i->threat, &rq->err)) != TK_OK ||
	    (rc = tk_json_get_str(o, "property", &i->property, &rq->err)) != TK_OK ||
	    (rc = tk_json_get_str(o, "due_on", &i->due_on, &rq->err)) != TK_OK ||
	    (rc = tk_json_get_id(o, "division_id", &i->division_id, &rq->err)) != TK_OK)
		return rc;
	return tk_json_get_id(o, "owner_staff_id", &i->owner_staff_id, &rq->err);
}

/* Who writes the roadmap may, and who may write the record that it comes from. */
static enum tk_rc improvement(struct tk_req *rq)
{
	const struct tk_rtype *t = tk_rtype_by_path(rq->param[0]);
	struct tk_improvement i = { 0 };
	struct tk_json j = TK_JSON(&rq->out);
	void *rec;
	int64_t id, made = 0;
	int div;
	enum tk_rc rc;

	if ((rc = tk_req_id(rq, 1, &id)) != TK_OK)
		return rc;
	if (!t || t->flags & TK_T_HIDDEN || t == &tk_roadmap_item_type)
		return tk_fail(&rq->err, TK_ENOTFOUND, NULL,
			       N_("There is nothing at this address."));
	rec = tk_alloc(rq->mem, t->size);
	if ((rc = tk_rec_load(&rq->op, t, id, rec)) != TK_OK)
		return rc;
	if (tk_who_scope(&rq->who, TK_P_ROADMAP_WRITE) == TK_SCOPE_NONE &&
	    (rc = tk_rec_may_write(&rq->op, t, rec)) != TK_OK)
		return rc;
	if ((rc = read_body(rq, &i)) != TK_OK)
		return rc;
	div = tk_field_index(t, "division_id");
	if (!i.division_id && div >= 0 && t->field[div].type == TK_F_REF)
		i.division_id = tk_get(t, rec, (size_t)div).i;
	i.source_type = t->name;
	i.source_id = id;
	if ((rc = tk_improvement_add(&rq->op, &i, &made)) != TK_OK)
		return rc;
	rq->status = 201;
	tk_json_obj(&j);
	tk_json_kid(&j, "id", made);
	tk_json_kstr(&j, "href", tk_sprintf(rq->mem, "#/records/roadmap-items/%lld",
					    (long long)made));
	tk_json_end_obj(&j);
	return TK_OK;
}

static const struct tk_route routes[] = {
	{ "GET", "/api/v1/roadmap/grid", grid, .perm = TK_P_ROADMAP_READ, .query = "year",
	  .doc = "The roadmap of a year by threat and property, what is in no cell, and what was "
		 "open at the end of each month" },
	{ "GET", "/api/v1/roadmap/burn-down.svg", burn_down, .perm = TK_P_ROADMAP_READ,
	  .query = "year",
	  .doc = "Open improvements at the end of each month of a year, as a chart" },
	{ "POST", "/api/v1/{type}/{id}/improvement", improvement, .perm = TK_P_SIGNED_IN,
	  .flags = TK_R_TX | TK_R_READER,
	  .doc = "Make an improvement of the roadmap from a record; who may write either may" },
	{ 0 },
};

static const struct tk_rtype *const types[] = { &tk_roadmap_item_type, NULL };
static const struct tk_case_type *const cases[] = { &tk_roadmap_life, NULL };
const struct tk_module tk_roadmap_module = {
	.name = "roadmap",
	.type = types,
	.case_type = cases,
	.route = routes,
	.fact = tk_roadmap_facts,
	.open_year = tk_roadmap_open_year,
};
