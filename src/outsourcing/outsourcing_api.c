/* outsourcing_api.c - how a specification stands, what specifications contain, a new edition of the
 * guide; what the module brings. */
#include <string.h>
#include "base/text.h"
#include "http/http.h"
#include "outsourcing/outsourcing.h"
#include "record/org_types.h"

static enum tk_rc spec_coverage(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct tk_procurement_spec s = { 0 };
	struct tk_coverage c;
	int64_t id;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	if (rc != TK_OK ||
	    (rc = tk_rec_load(&rq->op, &tk_procurement_spec_type, id, &s)) != TK_OK ||
	    (rc = tk_spec_coverage(&rq->op, id, &c)) != TK_OK)
		return rc;
	tk_json_obj(&j);
	tk_json_kint(&j, "total", c.n);
	tk_json_kint(&j, "written", c.written);
	tk_json_kint(&j, "missing", c.missing);
	tk_json_kint(&j, "not_applicable", c.not_applicable);
	tk_json_kint(&j, "unchecked", c.unchecked);
	tk_json_kint(&j, "required_missing", c.required_missing);
	tk_json_kstr(&j, "missing_numbers", c.missing_numbers);
	tk_json_end_obj(&j);
	return TK_OK;
}

struct put { struct tk_json *j; enum tk_lang lang; };

static enum tk_rc put_item(void *ctx, const struct tk_item_coverage *c)
{
	struct put *p = ctx;

	tk_json_obj(p->j);
	tk_json_kid(p->j, "id", c->id);
	tk_json_kstr(p->j, "number", c->number);
	tk_json_kstr(p->j, "text",
		     p->lang == TK_EN && !tk_is_blank(c->text_en) ? c->text_en : c->text_ja);
	tk_json_kint(p->j, "written", c->written);
	tk_json_kint(p->j, "missing", c->missing);
	tk_json_kint(p->j, "not_applicable", c->not_applicable);
	tk_json_kint(p->j, "unchecked", c->unchecked);
	tk_json_kstr(p->j, "survey_item", c->survey_item);
	tk_json_end_obj(p->j);
	return TK_OK;
}

/* OUT-03: of everybody's specifications, so for those who see all. */
static enum tk_rc guide_coverage(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct put p = { &j, rq->who.lang };
	const char *s = tk_req_query(rq, "year");
	struct tk_spec_guide g = { 0 };
	int64_t id, year = 0;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	if (rc == TK_OK && !tk_is_blank(s) && (!tk_parse_int(s, &year) || year < 1950 ||
					       year > 2200))
		return tk_fail(&rq->err, TK_EINVAL, "year",
			       N_("\"%.20s\" is no fiscal year such as 2011."), s);
	if (rc == TK_OK && tk_who_scope(&rq->who, TK_P_OUT_READ) != TK_SCOPE_ALL)
		rc = tk_denied(&rq->err);
	if (rc != TK_OK || (rc = tk_rec_load(&rq->op, &tk_spec_guide_type, id, &g)) != TK_OK)
		return rc;
	tk_json_obj(&j);
	tk_json_kstr(&j, "title", g.title);
	tk_json_kint(&j, "edition", g.edition);
	tk_json_key(&j, "items");
	tk_json_arr(&j);
	rc = tk_guide_coverage(&rq->op, id, (int)year, put_item, &p);
	tk_json_end_arr(&j);
	tk_json_end_obj(&j);
	return rc;
}

static const char *const revise_keys[] = { "in_force_on", NULL };

static enum tk_rc revise(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	const char *from = NULL;
	int64_t id, made = 0;
	enum tk_rc rc;

	if ((rc = tk_req_id(rq, 0, &id)) != TK_OK ||
	    (rc = tk_json_only(rq->json, revise_keys, &rq->err)) != TK_OK ||
	    (rc = tk_json_get_str(rq->json, "in_force_on", &from, &rq->err)) != TK_OK ||
	    (rc = tk_guide_revise(&rq->op, id, from, &made)) != TK_OK)
		return rc;
	rq->status = 201;
	tk_json_obj(&j);
	tk_json_kid(&j, "id", made);
	tk_json_end_obj(&j);
	return TK_OK;
}

static const struct tk_route routes[] = {
	{ "GET", "/api/v1/procurement-specs/{id}/coverage", spec_coverage, .perm = TK_P_OUT_READ,
	  .doc = "How far a specification contains the items of the guide" },
	{ "GET", "/api/v1/spec-guides/{id}/coverage", guide_coverage, .perm = TK_P_OUT_READ,
	  .query = "year",
	  .doc = "What the specifications of a year contain, item by item of a guide" },
	{ "POST", "/api/v1/spec-guides/{id}/revise", revise, .perm = TK_P_OUT_WRITE,
	  .flags = TK_R_TX, .doc = "A new edition of the guide with the items of this one" },
	{ 0 },
};

static const struct tk_rtype *const types[] = { &tk_contractor, &tk_procurement_spec_type,
	&tk_spec_check_type, &tk_contract_type, &tk_confirmation_type, &tk_subcontract_type,
	&tk_connection_check_type, &tk_spec_guide_type, &tk_spec_guide_item_type, NULL };
static const struct tk_case_type *const cases[] = { &tk_spec_case, &tk_confirmation_case, NULL };
const struct tk_module tk_outsourcing_module = {
	.name = "outsourcing",
	.type = types,
	.case_type = cases,
	.fact = tk_outsourcing_facts,
	.route = routes,
};
