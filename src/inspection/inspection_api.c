/* inspection_api.c - what the module brings; the matrix of an inspection over HTTP. */
#include <cjson/cJSON.h>
#include <string.h>
#include "base/json.h"
#include "http/http.h"
#include "inspection/inspection_in.h"

enum { MEM = 256 << 20, MAX_MISSING = 200, MAX_CELLS = 5000 };

/* Cells that this person may see, in the order of tk_cells_each(). */
struct cells { struct tk_req *rq; struct tk_cell_state *v; size_t n, cap; };

static bool sees(struct tk_req *rq, enum tk_perm p, int64_t division)
{
	int64_t bureau = 0;

	if (tk_who_scope(&rq->who, p) == TK_SCOPE_BUREAU &&
	    tk_db_int(rq->db, &rq->err, "SELECT bureau_id FROM division WHERE id = $1",
		      TK_ARGS(TK_I(division)), 0, &bureau) != TK_OK)
		return false;
	return tk_who_may(&rq->who, p, division, bureau);
}

static enum tk_rc keep(void *ctx, const struct tk_cell_state *c)
{
	struct cells *l = ctx;

	if (l->n == l->cap) {
		struct tk_cell_state *v =
			tk_alloc(l->rq->mem, (l->cap * 2 + 512) * sizeof(*v));

		if (l->n)
			memcpy(v, l->v, l->n * sizeof(*v));
		l->v = v;
		l->cap = l->cap * 2 + 512;
	}
	l->v[l->n++] = *c;
	return TK_OK;
}

static enum tk_rc load(struct tk_req *rq, struct tech_round *r)
{
	int64_t id;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	return rc == TK_OK ? tk_rec_load(&rq->op, &tk_tech_round, id, r) : rc;
}

static enum tk_rc load_cells(struct tk_req *rq, int64_t round, struct cells *l)
{
	enum tk_rc rc;
	size_t n = 0;

	*l = (struct cells){ .rq = rq };
	rc = tk_cells_each(&rq->op, round, keep, l);
	for (size_t i = 0; i < l->n; i++)
		if (sees(rq, TK_P_TECH_READ, l->v[i].division))
			l->v[n++] = l->v[i];
	l->n = n;
	return rc;
}

/* -- reading ----------------------------------------------------------------------------------- */
static void round_json(struct tk_json *j, struct tk_req *rq, const struct tech_round *r)
{
	tk_json_key(j, "round");
	tk_json_obj(j);
	tk_json_kid(j, "id", r->rec.id);
	tk_json_kstr(j, "title", r->title);
	tk_json_kint(j, "fiscal_year", r->fiscal_year);
	tk_json_kstr(j, "state", r->life.state);
	tk_json_kstr(j, "state_label",
		     tk_case_state_label(&tk_tech_round_case, r->life.state, rq->who.lang));
	tk_json_kstr(j, "from_on", r->from_on);
	tk_json_kstr(j, "to_on", r->to_on);
	tk_json_kbool(j, "running", !strcmp(r->life.state, "running"));
	tk_json_end_obj(j);
}

/* id, code, kind, category, text, text_en */
static enum tk_rc on_check(void *ctx, const struct tk_value *col, size_t n)
{
	struct { struct tk_json *j; enum tk_lang lang; } *x = ctx;
	struct tk_json *j = x->j;

	(void)n;
	tk_json_obj(j);
	tk_json_kid(j, "id", col[0].i);
	tk_json_kstr(j, "code", col[1].s);
	tk_json_kstr(j, "kind", col[2].s);
	tk_json_kstr(j, "kind_label", tk_choice_label(tk_tech_kind, col[2].s, x->lang));
	tk_json_kstr(j, "category", col[3].s);
	tk_json_kstr(j, "category_label", tk_choice_label(tk_tech_category, col[3].s, x->lang));
	tk_json_kstr(j, "text",
		     x->lang == TK_EN && col[5].type == TK_V_TEXT ? col[5].s : col[4].s);
	tk_json_end_obj(j);
	return TK_OK;
}

static enum tk_rc checks_json(struct tk_json *j, struct tk_req *rq, int64_t year)
{
	struct { struct tk_json *j; enum tk_lang lang; } x = { j, rq->who.lang };
	enum tk_rc rc;

	tk_json_key(j, "checks");
	tk_json_arr(j);
	rc = tk_db_run(rq->db, &rq->err,
		       "SELECT id, code, server_kind, category, text, text_en FROM tech_check"
		       " WHERE fiscal_year = $1 AND deleted_at IS NULL ORDER BY sort, code, id",
		       TK_ARGS(TK_I(year)), on_check, &x);
	tk_json_end_arr(j);
	return rc;
}

static void servers_json(struct tk_json *j, struct tk_req *rq, const struct cells *l)
{
	tk_json_key(j, "servers");
	tk_json_arr(j);
	for (size_t i = 0; i < l->n; i++) {
		const struct tk_cell_state *c = &l->v[i];
		int64_t empty = 0;

		if (i && l->v[i - 1].server == c->server)
			continue;
		for (size_t k = i; k < l->n && l->v[k].server == c->server; k++)
			empty += !l->v[k].result;
		tk_json_obj(j);
		tk_json_kid(j, "id", c->server);
		tk_json_kstr(j, "name", c->server_name);
		tk_json_kstr(j, "kind", c->kind);
		tk_json_kstr(j, "kind_label",
			     tk_choice_label(tk_tech_kind, c->kind, rq->who.lang));
		tk_json_kid(j, "info_system_id", c->system);
		tk_json_kstr(j, "system", c->system_name);
		tk_json_kint(j, "empty", empty);
		tk_json_kbool(j, "may_write", sees(rq, TK_P_TECH_WRITE, c->division));
		tk_json_end_obj(j);
	}
	tk_json_end_arr(j);
}

/* server, check, result, evidence, inspector, day, measure, due, done, id, version, division */
static enum tk_rc on_result(void *ctx, const struct tk_value *col, size_t n)
{
	static const char *const name[] = { "result", "evidence", "inspector", "inspected_on",
					    "measure", "due_on", "done_on" };
	struct { struct tk_json *j; struct tk_req *rq; } *x = ctx;
	struct tk_json *j = x->j;

	(void)n;
	if (!sees(x->rq, TK_P_TECH_READ, col[11].i))
		return TK_OK;
	tk_json_obj(j);
	tk_json_kid(j, "server_id", col[0].i);
	tk_json_kid(j, "check_id", col[1].i);
	for (size_t i = 0; i < TK_LEN(name); i++)
		if (col[i + 2].type == TK_V_TEXT)
			tk_json_kstr(j, name[i], col[i + 2].s);
	tk_json_kid(j, "id", col[9].i);
	tk_json_kint(j, "version", col[10].i);
	tk_json_end_obj(j);
	return TK_OK;
}

static enum tk_rc results_json(struct tk_json *j, struct tk_req *rq, int64_t round)
{
	struct { struct tk_json *j; struct tk_req *rq; } x = { j, rq };
	enum tk_rc rc;

	tk_json_key(j, "cells");
	tk_json_arr(j);
	rc = tk_db_run(rq->db, &rq->err,
		       "SELECT v.id, c.id, x.result, x.evidence, x.inspector, x.inspected_on,"
		       " x.measure, x.due_on, x.done_on, x.id, x.version, s.owner_division_id"
		       CELLS " WHERE r.id = $1 AND x.id IS NOT NULL ORDER BY x.id",
		       TK_ARGS(TK_I(round)), on_result, &x);
	tk_json_end_arr(j);
	return rc;
}

static void grades_json(struct tk_json *j, struct tk_req *rq, const struct cells *l)
{
	struct tk_grade g[TK_MAX_GRADES];
	size_t n = tk_grades(l->v, l->n, g);

	tk_json_key(j, "grades");
	tk_json_arr(j);
	for (size_t i = 0; i < n; i++) {
		char grade[2] = { g[i].grade, '\0' };

		tk_json_obj(j);
		tk_json_kstr(j, "kind", g[i].kind);
		tk_json_kstr(j, "kind_label",
			     tk_choice_label(tk_tech_kind, g[i].kind, rq->who.lang));
		tk_json_kstr(j, "category", g[i].category);
		tk_json_kstr(j, "category_label",
			     g[i].category ? tk_choice_label(tk_tech_category, g[i].category,
							     rq->who.lang)
					   : NULL);
		tk_json_kint(j, "servers", g[i].servers);
		tk_json_kint(j, "good", g[i].good);
		tk_json_kint(j, "bad", g[i].bad);
		tk_json_kint(j, "empty", g[i].empty);
		tk_json_kstr(j, "grade", *grade ? grade : NULL);
		tk_json_end_obj(j);
	}
	tk_json_end_arr(j);
}

/* "All items were appropriate" stands only when every cell is filled and positive (TECH-04);
 * otherwise what is in its way. */
static void statement_json(struct tk_json *j, struct tk_req *rq, const struct cells *l)
{
	int64_t empty = 0, bad = 0;

	tk_json_key(j, "statement");
	tk_json_obj(j);
	tk_json_key(j, "missing");
	tk_json_arr(j);
	for (size_t i = 0; i < l->n; i++) {
		const struct tk_cell_state *c = &l->v[i];
		bool is_bad = c->result && !strcmp(c->result, "non_conforming");

		if (c->result && !is_bad)
			continue;
		empty += !is_bad;
		bad += is_bad;
		if (empty + bad > MAX_MISSING)
			continue;
		tk_json_obj(j);
		tk_json_kstr(j, "system", c->system_name);
		tk_json_kstr(j, "server", c->server_name);
		tk_json_kstr(j, "check", c->check_code);
		tk_json_kstr(j, "why", is_bad ? "non_conforming" : "empty");
		tk_json_end_obj(j);
	}
	tk_json_end_arr(j);
	tk_json_kint(j, "cells", (int64_t)l->n);
	tk_json_kint(j, "empty", empty);
	tk_json_kint(j, "non_conforming", bad);
	tk_json_kbool(j, "all", l->n && !empty && !bad);
	tk_json_kstr(j, "text",
		     l->n && !empty && !bad
			     ? tk_tr(rq->who.lang, N_("All inspection items were appropriate."))
			     : NULL);
	tk_json_end_obj(j);
}

/* Servers of kinds that have no items in the year: not inspected, and said so. */
static enum tk_rc on_uncovered(void *ctx, const struct tk_value *col, size_t n)
{
	struct { struct tk_json *j; struct tk_req *rq; } *x = ctx;

	(void)n;
	if (!sees(x->rq, TK_P_TECH_READ, col[3].i))
		return TK_OK;
	tk_json_obj(x->j);
	tk_json_kid(x->j, "id", col[0].i);
	tk_json_kstr(x->j, "name", col[1].s);
	tk_json_kstr(x->j, "kind_label",
		     tk_choice_label(tk_tech_kind, col[2].s, x->rq->who.lang));
	tk_json_end_obj(x->j);
	return TK_OK;
}

static enum tk_rc uncovered_json(struct tk_json *j, struct tk_req *rq, const struct tech_round *r)
{
	struct { struct tk_json *j; struct tk_req *rq; } x = { j, rq };
	enum tk_rc rc;

	tk_json_key(j, "not_covered");
	tk_json_arr(j);
	rc = tk_db_run(rq->db, &rq->err,
		       "SELECT v.id, v.name, v.kind, s.owner_division_id FROM server v JOIN"
		       " info_system s ON s.id = v.info_system_id WHERE v.deleted_at IS NULL AND"
		       " s.deleted_at IS NULL AND (v.from_on IS NULL OR v.from_on <= $1) AND"
		       " (v.to_on IS NULL OR v.to_on >= $1) AND (s.from_on IS NULL OR s.from_on <="
		       " $1) AND (s.to_on IS NULL OR s.to_on >= $1) AND NOT EXISTS(SELECT 1 FROM"
		       " tech_check c WHERE c.fiscal_year = $2 AND c.server_kind = v.kind AND"
		       " c.deleted_at IS NULL) ORDER BY v.name",
		       TK_ARGS(TK_S(r->to_on), TK_I(r->fiscal_year)), on_uncovered, &x);
	tk_json_end_arr(j);
	return rc;
}

static enum tk_rc matrix(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct tech_round r = { 0 };
	struct cells l;
	enum tk_rc rc = load(rq, &r);

	if (rc != TK_OK || (rc = load_cells(rq, r.rec.id, &l)) != TK_OK)
		return rc;
	rq->out.max = 64 << 20;
	tk_json_obj(&j);
	round_json(&j, rq, &r);
	servers_json(&j, rq, &l);
	if ((rc = checks_json(&j, rq, r.fiscal_year)) != TK_OK ||
	    (rc = results_json(&j, rq, r.rec.id)) != TK_OK ||
	    (rc = uncovered_json(&j, rq, &r)) != TK_OK)
		return rc;
	grades_json(&j, rq, &l);
	statement_json(&j, rq, &l);
	tk_json_end_obj(&j);
	return TK_OK;
}

/* -- writing ----------------------------------------------------------------------------------- */
static enum tk_rc read_cell(struct tk_req *rq, const cJSON *o, struct tk_cell_set *c)
{
	static const char *const keys[] = { "server_id", "check_id", "result", "evidence",
					    "measure", "due_on", "done_on", NULL };
	enum tk_rc rc = tk_json_only(o, keys, &rq->err);

	if (rc != TK_OK || (rc = tk_json_get_id(o, "server_id", &c->server, &rq->err)) != TK_OK ||
	    (rc = tk_json_get_id(o, "check_id", &c->check, &rq->err)) != TK_OK ||
	    (rc = tk_json_get_str(o, "result", &c->result, &rq->err)) != TK_OK ||
	    (rc = tk_json_get_str(o, "evidence", &c->evidence, &rq->err)) != TK_OK ||
	    (rc = tk_json_get_str(o, "measure", &c->measure, &rq->err)) != TK_OK ||
	    (rc = tk_json_get_str(o, "due_on", &c->due_on, &rq->err)) != TK_OK)
		return rc;
	return tk_json_get_str(o, "done_on", &c->done_on, &rq->err);
}

static enum tk_rc put_cells(struct tk_req *rq)
{
	static const char *const keys[] = { "cells", NULL };
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(rq->json, "cells"), *x;
	struct tk_json j = TK_JSON(&rq->out);
	struct tech_round r = { 0 };
	int64_t changed = 0;
	enum tk_rc rc = load(rq, &r);

	if (rc != TK_OK || (rc = tk_json_only(rq->json, keys, &rq->err)) != TK_OK)
		return rc;
	if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) > MAX_CELLS)
		return tk_fail(&rq->err, TK_EINVAL, "cells", N_("Send the cells to be set."));
	cJSON_ArrayForEach(x, list) {
		struct tk_cell_set c = { 0 };
		bool did = false;

		if ((rc = read_cell(rq, x, &c)) != TK_OK ||
		    (rc = tk_cell_put(&rq->op, r.rec.id, &c, &did)) != TK_OK)
			return rc;
		changed += did;
	}
	tk_json_obj(&j);
	tk_json_kint(&j, "changed", changed);
	tk_json_end_obj(&j);
	return TK_OK;
}

static enum tk_rc conforms(struct tk_req *rq)
{
	static const char *const keys[] = { "expect", NULL };
	struct tk_json j = TK_JSON(&rq->out);
	struct tech_round r = { 0 };
	int64_t server, expect = -1, n = 0;
	enum tk_rc rc = load(rq, &r);

	if (rc != TK_OK || (rc = tk_req_id(rq, 1, &server)) != TK_OK ||
	    (rc = tk_json_only(rq->json, keys, &rq->err)) != TK_OK ||
	    (rc = tk_json_get_int(rq->json, "expect", &expect, &rq->err)) != TK_OK ||
	    (rc = tk_server_conforms(&rq->op, r.rec.id, server, expect, &n)) != TK_OK)
		return rc;
	tk_json_obj(&j);
	tk_json_kint(&j, "changed", n);
	tk_json_end_obj(&j);
	return TK_OK;
}

static enum tk_rc read_file(struct tk_req *rq)
{
	struct tk_read_result *x = tk_alloc(rq->mem, sizeof(*x));
	struct tk_json j = TK_JSON(&rq->out);
	struct tech_round r = { 0 };
	enum tk_rc rc = load(rq, &r);

	if (rc != TK_OK || (rc = tk_results_read(&rq->op, r.rec.id, rq->body, rq->nbody,
						 tk_req_query(rq, "name"), x)) != TK_OK)
		return rc;
	for (size_t i = 0; i < x->nfault && i < TK_LEN(x->fault); i++)
		tk_req_fault(rq, tk_sprintf(rq->mem, "%u", (unsigned)x->fault[i].row),
			     x->fault[i].text);
	if (x->nfault)
		return tk_fail(&rq->err, TK_EINVAL, "file",
			       N_("%d cells of the file cannot be read; nothing was taken over."),
			       (int)x->nfault);
	tk_json_obj(&j);
	tk_json_kint(&j, "cells", x->cells);
	tk_json_kint(&j, "changed", x->changed);
	tk_json_end_obj(&j);
	return TK_OK;
}

static enum tk_rc default_checks(struct tk_req *rq)
{
	static const char *const keys[] = { "fiscal_year", NULL };
	struct tk_json j = TK_JSON(&rq->out);
	int64_t year = 0, n = 0;
	enum tk_rc rc = tk_json_only(rq->json, keys, &rq->err);

	if (rc != TK_OK ||
	    (rc = tk_json_get_int(rq->json, "fiscal_year", &year, &rq->err)) != TK_OK)
		return rc;
	if (year < 1950 || year > 2200)
		return tk_fail(&rq->err, TK_EINVAL, "fiscal_year", N_("Say which fiscal year."));
	if ((rc = tk_checks_default(&rq->op, (int)year, &n)) != TK_OK)
		return rc;
	tk_json_obj(&j);
	tk_json_kint(&j, "made", n);
	tk_json_end_obj(&j);
	return TK_OK;
}

#define R "/api/v1/tech-rounds/{id}"
static const struct tk_route routes[] = {
	{ "GET", R "/matrix", matrix, .perm = TK_P_TECH_READ, .max_mem = MEM,
	  .doc = "Servers, items and results of an inspection, grades, and whether all is "
		 "appropriate" },
	{ "PUT", R "/cells", put_cells, .perm = TK_P_TECH_WRITE, .flags = TK_R_TX,
	  .max_body = 4 << 20, .max_mem = MEM,
	  .doc = "Set cells of an inspection (server_id, check_id, result; null empties it)" },
	{ "POST", R "/servers/{server}/conforming", conforms, .perm = TK_P_TECH_WRITE,
	  .flags = TK_R_TX, .max_mem = MEM,
	  .doc = "All empty cells of a server as conforming; expect: how many there are" },
	{ "POST", R "/results", read_file, .perm = TK_P_TECH_WRITE, .flags = TK_R_TX | TK_R_RAW,
	  .max_body = 32 << 20, .max_mem = MEM, .query = "name",
	  .doc = "Results from a spreadsheet: a server a line and an item a column, or a cell a "
		 "line" },
	{ "POST", "/api/v1/tech-checks/default", default_checks, .perm = TK_P_TECH_WRITE,
	  .flags = TK_R_TX, .doc = "The items that come with the program, for a fiscal year" },
	{ 0 },
};

static enum tk_rc open_year(const struct tk_op *op, int from, int to, tk_carry_fn said, void *ctx)
{
	int64_t n = 0;
	enum tk_rc rc = tk_checks_copy(op, from, to, &n);

	if (rc == TK_OK)
		said(ctx, N_("Inspection checks taken over"), n);
	return rc;
}

static const struct tk_rtype *const types[] = { &tk_tech_check, &tk_tech_round, &tk_tech_result,
						&tk_tech_measure, NULL };
static const struct tk_case_type *const case_types[] = { &tk_tech_round_case,
							 &tk_tech_measure_case, NULL };
const struct tk_module tk_inspection_module = {
	.name = "inspection",
	.type = types,
	.case_type = case_types,
	.fact = tk_inspection_facts,
	.route = routes,
	.open_year = open_year,
};
