/* table_api.c - status, tables, charts and the follow-up list of a campaign over HTTP. */
#include <stdlib.h>
#include <string.h>
#include "survey/live.h"
#include "survey/survey_api.h"
#include "table/table_api.h"
#include "table/follow_up.h"
#include "table/survey_table.h"

#define QUERY "by filter round item base lang"
enum { TABLE_MEM = 512 << 20, TABLE_OUT = 256 << 20 };

/* Route and scope say who may see numbers; the campaign itself is no secret to them. */
static enum tk_rc load_campaign(struct tk_req *rq, struct campaign *ret)
{
	struct tk_who system = tk_who_system("tenken", rq->who.source, rq->who.lang);
	struct tk_op op = rq->op;
	int64_t id;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	op.who = &system;
	return rc == TK_OK ? tk_rec_load(&op, &tk_campaign_type, id, ret) : rc;
}

/* -- status ------------------------------------------------------------------------------------ */
struct signed_off {
	int64_t division_id, at;
	const char *state, *by;
};
struct signs {
	struct tk_arena *a;
	struct signed_off *v;
	size_t n, cap;
};

static enum tk_rc on_sign(void *ctx, const struct tk_value *col, size_t n)
{
	struct signs *s = ctx;

	(void)n;
	if (s->n == s->cap) {
		size_t cap = s->cap ? s->cap * 2 : 64;
		struct signed_off *v = tk_alloc_n(s->a, cap, sizeof(*v));

		if (s->n)
			memcpy(v, s->v, s->n * sizeof(*v));
		s->v = v;
		s->cap = cap;
	}
	s->v[s->n++] = (struct signed_off){
		col[0].i, col[2].i, tk_strdup(s->a, col[1].s), tk_strdup(s->a, col[3].s)};
	return TK_OK;
}

static int by_division(const void *a, const void *b)
{
	int64_t x = ((const struct signed_off *)a)->division_id,
		y = ((const struct signed_off *)b)->division_id;

	return (x > y) - (x < y);
}

/* The newest sign-off case of each division, with who brought it into its state and when. */
static enum tk_rc sign_offs(struct tk_req *rq, int64_t campaign_id, struct signs *s)
{
	enum tk_rc rc;

	*s = (struct signs){.a = rq->mem};
	rc = tk_db_run(rq->db, &rq->err,
		"SELECT c.division_id, c.state, l.at, l.who FROM tk_case c LEFT JOIN case_log l ON "
		"l.id ="
		" (SELECT MAX(m.id) FROM case_log m WHERE m.case_id = c.id AND m.to_state = "
		"c.state)"
		" WHERE c.parent_id = $1 AND c.type = 'division_sign_off' AND c.deleted_at IS NULL "
		"AND c.id ="
		" (SELECT MAX(d.id) FROM tk_case d WHERE d.parent_id = c.parent_id AND d.type = "
		"c.type"
		" AND d.division_id = c.division_id AND d.deleted_at IS NULL)",
		TK_ARGS(TK_I(campaign_id)), on_sign, s);
	if (s->n)
		qsort(s->v, s->n, sizeof(*s->v), by_division);
	return rc;
}

static void add(struct tk_progress *sum, const struct tk_progress *p)
{
	sum->population += p->population;
	sum->submitted += p->submitted;
	sum->draft += p->draft;
	sum->sent_back += p->sent_back;
}

static void numbers(struct tk_json *j, const struct tk_progress *p)
{
	char print[TK_X10_LEN];

	tk_json_kint(j, "population", p->population);
	tk_json_kint(j, "submitted", p->submitted);
	tk_json_kint(j, "draft", p->draft);
	tk_json_kint(j, "not_started", p->population - p->submitted - p->draft - p->sent_back);
	tk_json_kint(j, "sent_back", p->sent_back);
	tk_json_key(j, "rate");
	tk_json_obj(j);
	tk_json_kint(j, "numerator", p->submitted);
	tk_json_kint(j, "denominator", p->population);
	tk_json_kstr(
		j, "print", p->population ? tk_rate_print(p->submitted, p->population, print) : "");
	tk_json_end_obj(j);
}

static void sign_json(struct tk_json *j, const struct signs *s, int64_t division_id)
{
	struct signed_off key = {.division_id = division_id};
	const struct signed_off *f =
		s->n ? bsearch(&key, s->v, s->n, sizeof(*s->v), by_division) : NULL;

	tk_json_key(j, "sign_off");
	if (!f) {
		tk_json_null(j);
		return;
	}
	tk_json_obj(j);
	tk_json_kstr(j, "state", f->state);
	tk_json_ktime(j, "at", f->at);
	tk_json_kstr(j, "by", f->by);
	tk_json_end_obj(j);
}

static const struct tk_unit *bureau_of(const struct tk_live *l, int64_t id)
{
	for (size_t b = 0; b < l->nbureau; b++)
		if (l->bureau[b].id == id)
			return &l->bureau[b];
	return NULL;
}

/* Divisions of the caller's scope, from counted state to one's own copy. */
struct seen {
	const struct tk_live *l;
	enum tk_lang lang;
	bool *division;
	struct tk_progress total;
};

static void look(struct seen *v, struct tk_req *rq, const struct tk_live *l)
{
	v->l = l;
	v->lang = rq->who.lang;
	v->division = tk_alloc_n(rq->mem, l->ndivision + 1, sizeof(*v->division));
	for (size_t d = 0; d < l->ndivision; d++) {
		const struct tk_unit *u = &l->division[d];

		v->division[d] = l->progress[d].population > 0 &&
				 tk_who_may(&rq->who, TK_P_ROLLUP_READ, u->id, u->parent_id);
		if (v->division[d])
			add(&v->total, &l->progress[d]);
	}
}

static void bureaus_json(struct tk_json *j, const struct seen *v)
{
	tk_json_key(j, "bureaus");
	tk_json_arr(j);
	for (size_t b = 0; b < v->l->nbureau; b++) {
		struct tk_progress sum = {0};

		for (size_t d = 0; d < v->l->ndivision; d++)
			if (v->division[d] && v->l->division[d].parent_id == v->l->bureau[b].id)
				add(&sum, &v->l->progress[d]);
		if (sum.population == 0)
			continue;
		tk_json_obj(j);
		tk_json_kid(j, "id", v->l->bureau[b].id);
		tk_json_kstr(j, "name", tk_unit_label(&v->l->bureau[b], v->lang));
		numbers(j, &sum);
		tk_json_end_obj(j);
	}
	tk_json_end_arr(j);
}

static void divisions_json(struct tk_json *j, const struct seen *v, const struct signs *s)
{
	tk_json_key(j, "divisions");
	tk_json_arr(j);
	for (size_t d = 0; d < v->l->ndivision; d++) {
		const struct tk_unit *u = &v->l->division[d], *b = bureau_of(v->l, u->parent_id);

		if (!v->division[d])
			continue;
		tk_json_obj(j);
		tk_json_kid(j, "id", u->id);
		tk_json_kid(j, "bureau_id", u->parent_id);
		tk_json_kstr(j, "bureau", b ? tk_unit_label(b, v->lang) : NULL);
		tk_json_kstr(j, "name", tk_in(v->lang, u->name, u->name_en));
		numbers(j, &v->l->progress[d]);
		sign_json(j, s, u->id);
		tk_json_end_obj(j);
	}
	tk_json_end_arr(j);
}

static enum tk_rc status(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct campaign c = {0};
	struct seen v = {0};
	struct signs s;
	struct tk_live *l;
	enum tk_rc rc = load_campaign(rq, &c);

	if (rc != TK_OK || (rc = sign_offs(rq, c.rec.id, &s)) != TK_OK ||
		(rc = tk_live_get(&rq->op, c.rec.id, &l)) != TK_OK)
		return rc;
	look(&v, rq, l);
	tk_json_obj(&j);
	tk_json_key(&j, "campaign");
	tk_json_obj(&j);
	tk_json_kid(&j, "id", c.rec.id);
	tk_json_kstr(&j, "name", c.name);
	tk_json_kstr(&j, "title", tk_in(rq->who.lang, c.title_ja, c.title_en));
	tk_json_kstr(&j, "state", c.state);
	tk_json_kstr(&j, "asks", c.asks);
	tk_json_kstr(&j, "closes_on", c.closes_on);
	tk_json_end_obj(&j);
	tk_json_key(&j, "total");
	tk_json_obj(&j);
	numbers(&j, &v.total);
	tk_json_end_obj(&j);
	bureaus_json(&j, &v);
	divisions_json(&j, &v, &s);
	tk_json_end_obj(&j);
	tk_live_put(l);
	return TK_OK;
}

/* -- tables and charts ------------------------------------------------------------------------- */
static void name_json(struct tk_json *j, const char *name, const char *label, const char *kind,
	const char *subtitle, int64_t id)
{
	tk_json_obj(j);
	tk_json_kstr(j, "name", name);
	tk_json_kstr(j, "label", label);
	tk_json_kstr(j, "kind", kind);
	tk_json_kstr(j, "subtitle", subtitle);
	tk_json_kid(j, "id", id);
	tk_json_end_obj(j);
}

static enum tk_rc tables(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	enum tk_lang lang = rq->who.lang;
	const struct survey_table *own = NULL;
	struct campaign c = {0};
	int64_t form = 0;
	size_t n = 0;
	enum tk_rc rc = load_campaign(rq, &c);

	if (rc == TK_OK)
		rc = tk_db_int(rq->db, &rq->err, "SELECT form_id FROM form_version WHERE id = $1",
			TK_ARGS(TK_I(c.form_version_id)), 0, &form);
	if (rc == TK_OK && tk_who_scope(&rq->who, TK_P_TABLE_READ) == TK_SCOPE_ALL)
		rc = tk_survey_tables(&rq->op, form, &own, &n);
	if (rc != TK_OK)
		return rc;
	tk_json_obj(&j);
	tk_json_key(&j, "tables");
	tk_json_arr(&j);
	for (size_t i = 0; i < n; i++)
		name_json(&j, own[i].name, tk_in(lang, own[i].title_ja, own[i].title_en),
			own[i].kind, tk_in(lang, own[i].subtitle_ja, own[i].subtitle_en),
			own[i].rec.id);
	for (const struct tk_choice *t = tk_table_names; t->id; t++)
		name_json(&j, t->id, tk_tr(lang, t->label), "standing", NULL, 0);
	tk_json_end_arr(&j);
	tk_json_end_obj(&j);
	return TK_OK;
}

static enum tk_rc make(
	struct tk_req *rq, const char *name, const struct campaign *c, struct tk_table **ret)
{
	struct tk_table_ask ask = {.name = name,
		.by = tk_req_query(rq, "by"),
		.filter = tk_req_query(rq, "filter"),
		.round = tk_req_query(rq, "round"),
		.item = tk_req_query(rq, "item"),
		.base = tk_req_query(rq, "base"),
		.with = tk_req_query(rq, "with"),
		.matched = tk_req_flag(rq, "matched"),
		.missing = tk_req_flag(rq, "missing"),
		.weighted = tk_req_flag(rq, "weighted"),
		.intervals = tk_req_flag(rq, "intervals"),
		.lang = rq->who.lang};

	return tk_table_make(&rq->op, c, &ask, ret);
}

static enum tk_rc download(
	struct tk_req *rq, const struct campaign *c, const struct tk_table *t, bool xlsx)
{
	struct tk_out_opt opt = TK_OUT_DOWNLOAD;
	const char *enc = tk_req_query(rq, "encoding");
	enum tk_rc rc;

	if (enc && !strcmp(enc, "cp932"))
		opt.enc = TK_OUT_CP932;
	else if (enc && !strcmp(enc, "utf-8"))
		opt.enc = TK_OUT_UTF8;
	else if (enc && *enc && strcmp(enc, "utf-8-bom") != 0)
		return tk_fail(&rq->err, TK_EINVAL, "encoding",
			N_("The encodings are utf-8-bom, utf-8 and cp932."));
	opt.format = xlsx ? TK_OUT_XLSX : TK_OUT_CSV;
	rq->out.max = TABLE_OUT;
	rc = tk_table_out(t, &opt, tk_out_to_buf, &rq->out, &rq->err);
	if (rc == TK_OK)
		tk_req_download(rq,
			tk_sprintf(rq->mem, "%s-%s.%s", c->name, t->name, xlsx ? "xlsx" : "csv"),
			xlsx ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
			: opt.enc == TK_OUT_CP932 ? "text/csv; charset=Windows-31J"
						  : "text/csv; charset=utf-8",
			2);
	return rc;
}

static enum tk_rc table(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	const char *format = tk_req_query(rq, "format");
	struct campaign c = {0};
	struct tk_table *t;
	enum tk_rc rc = load_campaign(rq, &c);

	if (rc != TK_OK || (rc = make(rq, rq->param[1], &c, &t)) != TK_OK)
		return rc == TK_EINVAL && !strcmp(rq->err.field, "table")
			       ? rq->err.rc = TK_ENOTFOUND
			       : rc;
	if (format && (!strcmp(format, "csv") || !strcmp(format, "xlsx")))
		return download(rq, &c, t, *format == 'x');
	if (format && *format && strcmp(format, "json") != 0)
		return tk_fail(
			&rq->err, TK_EINVAL, "format", N_("The formats are json, csv and xlsx."));
	rq->out.max = TABLE_OUT;
	tk_table_json(&j, t);
	return TK_OK;
}

static enum tk_rc draw(struct tk_req *rq, const char *name, bool png)
{
	struct campaign c = {0};
	struct tk_table *t;
	enum tk_rc rc = load_campaign(rq, &c);

	if (rc != TK_OK || (rc = make(rq, name, &c, &t)) != TK_OK)
		return rc == TK_EINVAL && !strcmp(rq->err.field, "table")
			       ? rq->err.rc = TK_ENOTFOUND
			       : rc;
	rq->content_type = png ? "image/png" : "image/svg+xml";
	rq->out.max = TABLE_OUT;
	return png ? tk_table_chart_png(t, rq->mem, &rq->out, &rq->err)
		   : tk_table_chart(t, rq->mem, &rq->out, &rq->err);
}

static enum tk_rc chart(struct tk_req *rq)
{
	size_t n = strlen(rq->param[1]);
	bool svg = n > 4 && !strcmp(rq->param[1] + n - 4, ".svg"),
	     png = n > 4 && !strcmp(rq->param[1] + n - 4, ".png");

	if (!svg && !png)
		return tk_fail(&rq->err, TK_ENOTFOUND, NULL,
			N_("A chart is named NAME.svg or NAME.png."));
	return draw(rq, tk_strndup(rq->mem, rq->param[1], n - 4), png);
}

static enum tk_rc chart_svg(struct tk_req *rq) { return draw(rq, rq->param[1], false); }
static enum tk_rc chart_png(struct tk_req *rq) { return draw(rq, rq->param[1], true); }

/* -- follow-up list ---------------------------------------------------------------------------- */
/* Counting comes before the transaction: it reads what is committed. */
static enum tk_rc find_follow_ups(struct tk_req *rq)
{
	struct tk_follow_up_plan *plan = tk_alloc(rq->mem, sizeof(*plan));
	struct campaign c = {0};
	enum tk_rc rc = load_campaign(rq, &c);

	rq->state = plan;
	return rc == TK_OK ? tk_follow_up_find(&rq->op, &c, plan) : rc;
}

static enum tk_rc add_follow_ups(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	int64_t n = 0;
	enum tk_rc rc = tk_follow_up_add(&rq->op, rq->state, &n);

	if (rc != TK_OK)
		return rc;
	tk_json_obj(&j);
	tk_json_kint(&j, "created", n);
	tk_json_end_obj(&j);
	return TK_OK;
}

const struct tk_route tk_table_routes[] = {
	{"GET", "/api/v1/campaigns/{id}/status", status, .perm = TK_P_ROLLUP_READ,
		.max_mem = 64 << 20,
		.doc = "Who has answered, by bureau and division, with sign-offs"},
	{"GET", "/api/v1/campaigns/{id}/tables", tables, .perm = TK_P_TABLE_READ,
		.doc = "The tables there are"},
	{"GET", "/api/v1/campaigns/{id}/tables/{name}", table, .perm = TK_P_TABLE_READ,
		.max_mem = TABLE_MEM,
		.query = QUERY " format encoding missing weighted intervals with matched",
		.doc = "One table, as JSON, CSV or workbook"},
	{"GET", "/api/v1/campaigns/{id}/charts/{name}", chart, .perm = TK_P_TABLE_READ,
		.max_mem = TABLE_MEM, .query = QUERY, .doc = "One chart, as SVG or PNG"},
	{"GET", "/api/v1/campaigns/{id}/tables/{name}/chart.svg", chart_svg,
		.perm = TK_P_TABLE_READ, .max_mem = TABLE_MEM, .query = QUERY,
		.doc = "The chart of a table, as SVG"},
	{"GET", "/api/v1/campaigns/{id}/tables/{name}/chart.png", chart_png,
		.perm = TK_P_TABLE_READ, .max_mem = TABLE_MEM, .query = QUERY,
		.doc = "The chart of a table, as PNG"},
	{"POST", "/api/v1/campaigns/{id}/follow-ups", add_follow_ups, find_follow_ups,
		.perm = TK_P_FOLLOW_UP_MANAGE, .flags = TK_R_TX,
		.doc = "Add the items below 100% to the follow-up list"},
	{0},
};
