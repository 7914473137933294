/* spec_check.c - a specification held against the guide, item by item, and what the items of a
 * guide come to over all specifications (OUT-03, OUT-06). */
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "outsourcing/outsourcing.h"

typedef struct tk_spec_check C;

static const struct tk_choice verdict_choice[] = {
	{ "written", N_("Written") },
	{ "missing", N_("Not written") },
	{ "na", N_("Not applicable") },
	{ 0 },
};
static const char *const spec_alias[] = { "調達仕様書", "件名", NULL };
static const char *const item_alias[] = { "記載事項", NULL };
static const char *const verdict_alias[] = { "判定", "確認結果", NULL };
static const char *const remark_alias[] = { "所見", "コメント", "備考", NULL };
static const struct tk_field field[] = {
	TK_REF(C, spec_id, .label = N_("Procurement specification"), .alias = spec_alias,
		.ref = &tk_procurement_spec_type, .flags = TK_REQUIRED | TK_LIST | TK_FIXED),
	TK_REF(C, guide_item_id, .label = N_("Item of the guide"), .alias = item_alias,
		.ref = &tk_spec_guide_item_type, .flags = TK_REQUIRED | TK_LIST | TK_FIXED),
	TK_BOOL(C, required, .label = N_("Must be written"), .flags = TK_READONLY | TK_LIST),
	TK_ENUM(C, verdict, .label = N_("Verdict"), .alias = verdict_alias, .flags = TK_LIST,
		.choice = verdict_choice),
	TK_LONG(C, remark, .label = N_("Remark"), .alias = remark_alias, .max = 4000,
		.flags = TK_LIST | TK_SEARCH),
	TK_REF(C, division_id, .label = N_("Division"), .flags = TK_READONLY, .ref = &tk_division),
};

static enum tk_rc is_required(const struct tk_op *op, C *c)
{
	int64_t n = 0, guide = 0;
	enum tk_rc rc = tk_db_int(op->db, op->e,
				  "SELECT COUNT(*) FROM spec_guide_item i, procurement_spec s WHERE"
				  " i.id = $1 AND s.id = $2 AND s.guide_id = i.guide_id",
				  TK_ARGS(TK_I(c->guide_item_id), TK_I(c->spec_id)), 0, &guide);

	if (rc == TK_OK && !guide)
		return tk_fail(op->e, TK_EINVAL, "guide_item_id",
			       N_("This item does not belong to the edition of the guide that the "
				  "specification was written by."));
	if (rc == TK_OK)
		rc = tk_db_int(op->db, op->e,
			       "SELECT COUNT(*) FROM spec_guide_item i, procurement_spec s WHERE "
			       "i.id = $1 AND s.id = $2 AND (i.required = 'always' OR s.connects = "
			       "1)", TK_ARGS(TK_I(c->guide_item_id), TK_I(c->spec_id)), 0, &n);
	tk_set_by(&tk_spec_check_type, c, "required", TK_I(n > 0));
	return rc;
}

static enum tk_rc check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct tk_value state = TK_NULL;
	bool found;
	C *c = now;
	enum tk_rc rc;

	if (!c->spec_id || !c->guide_item_id)
		return TK_OK;           /* the fields say so */
	rc = tk_db_first(op->db, op->mem, op->e, "SELECT state FROM procurement_spec WHERE id = $1",
			 TK_ARGS(TK_I(c->spec_id)), &state, 1, &found);
	if (rc != TK_OK)
		return rc;
	if (found && !op->who->system && strcmp(state.s, "in_check") != 0)
		return tk_fail(op->e, TK_ECONFLICT, "spec_id",
			       N_("Items are checked while the specification is in check; it is "
				  "\"%s\" now."),
			       tk_case_state_label(&tk_spec_case, state.s, op->e->lang));
	if (deleted || (!was && (rc = is_required(op, c)) != TK_OK))
		return rc;
	if (c->required && c->verdict && !strcmp(c->verdict, "na") && tk_is_blank(c->remark))
		return tk_fail(op->e, TK_EINVAL, "remark",
			       N_("This item must be written. Say in the remark why it does not "
				  "apply here."));
	return TK_OK;
}

const struct tk_rtype tk_spec_check_type = {
	.name = "spec_check",
	.path = "spec-checks",
	.table = "spec_check",
	.label = N_("Check of an item"),
	.label_plural = N_("Check by the guide"),
	.group = "outsourcing",
	.size = sizeof(C),
	.field = field,
	.nfield = TK_LEN(field),
	.title = "verdict",
	.order = "guide_item_id",
	.flags = TK_T_NO_CREATE | TK_T_NO_DELETE,
	.read = TK_P_OUT_READ,
	.write = TK_P_OUT_REVIEW,
	.scope_division = "division_id",
	.division_of = "spec_id",
	.grade = 2,
	.check = check,
};

/* -- rows to check ----------------------------------------------------------------------------- */
struct ids { const struct tk_op *op; int64_t v[500]; size_t n; };

static enum tk_rc on_id(void *ctx, const struct tk_value *col, size_t n)
{
	struct ids *l = ctx;

	(void)n;
	if (l->n == TK_LEN(l->v))
		return tk_fail(l->op->e, TK_ETOOBIG, NULL, N_("A guide has 500 items at most."));
	l->v[l->n++] = col[0].i;
	return TK_OK;
}

enum tk_rc tk_spec_checks_make(const struct tk_op *op, int64_t spec_id)
{
	struct ids l = { .op = op };
	enum tk_rc rc = tk_db_run(
		op->db, op->e,
		"SELECT i.id FROM spec_guide_item i JOIN procurement_spec s ON s.guide_id = "
		"i.guide_id WHERE s.id = $1 AND i.deleted_at IS NULL AND (i.required = 'always' OR "
		"s.connects = 1) AND NOT EXISTS(SELECT 1 FROM spec_check c WHERE c.spec_id = s.id "
		"AND c.guide_item_id = i.id AND c.deleted_at IS NULL) ORDER BY i.sort, i.id",
		TK_ARGS(TK_I(spec_id)), on_id, &l);

	for (size_t i = 0; rc == TK_OK && i < l.n; i++) {
		C c = { 0 };

		tk_set_by(&tk_spec_check_type, &c, "spec_id", TK_I(spec_id));
		tk_set_by(&tk_spec_check_type, &c, "guide_item_id", TK_I(l.v[i]));
		rc = tk_rec_insert(op, &tk_spec_check_type, &c);
	}
	return rc;
}

/* -- coverage ---------------------------------------------------------------------------------- */
struct cover { struct tk_coverage *to; struct tk_buf numbers; };

/* verdict, required, number */
static enum tk_rc cover_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct cover *v = ctx;
	const char *verdict = col[0].type == TK_V_TEXT ? col[0].s : "";

	(void)n;
	v->to->n++;
	if (!*verdict)
		v->to->unchecked++;
	else if (!strcmp(verdict, "written"))
		v->to->written++;
	else if (!strcmp(verdict, "na"))
		v->to->not_applicable++;
	else
		v->to->missing++;
	if (strcmp(verdict, "missing") != 0 || !col[1].i)
		return TK_OK;
	v->to->required_missing++;
	tk_buf_fmt(&v->numbers, "%s%s", v->numbers.len ? ", " : "", col[2].s);
	return TK_OK;
}

enum tk_rc tk_spec_coverage(const struct tk_op *op, int64_t spec_id, struct tk_coverage *ret)
{
	struct cover v = { ret, TK_BUF(400) };
	enum tk_rc rc;

	*ret = (struct tk_coverage){ 0 };
	rc = tk_db_run(op->db, op->e,
		       "SELECT c.verdict, c.required, i.number FROM spec_check c JOIN "
		       "spec_guide_item i ON i.id = c.guide_item_id WHERE c.spec_id = $1 AND "
		       "c.deleted_at IS NULL ORDER BY i.sort, i.id", TK_ARGS(TK_I(spec_id)),
		       cover_row, &v);
	ret->missing_numbers = tk_strdup(op->mem, tk_buf_cstr(&v.numbers));
	tk_buf_drop(&v.numbers);
	return rc;
}

struct each { tk_item_coverage_fn fn; void *ctx; };

static enum tk_rc item_row(void *ctx, const struct tk_value *c, size_t n)
{
	const struct each *e = ctx;

	(void)n;
	return e->fn(e->ctx, &(struct tk_item_coverage){ .id = c[0].i, .number = c[1].s,
		.text_ja = c[2].s, .text_en = c[3].type == TK_V_TEXT ? c[3].s : NULL,
		.written = c[4].i, .missing = c[5].i, .not_applicable = c[6].i,
		.unchecked = c[7].i, .survey_item = c[8].type == TK_V_TEXT ? c[8].s : NULL });
}

enum tk_rc tk_guide_coverage(const struct tk_op *op, int64_t guide_id, int year,
			     tk_item_coverage_fn fn, void *ctx)
{
	struct each e = { fn, ctx };

	return tk_db_run(
		op->db, op->e,
		"SELECT i.id, i.number, i.text_ja, i.text_en,"
		" COUNT(CASE WHEN x.verdict = 'written' THEN 1 END),"
		" COUNT(CASE WHEN x.verdict = 'missing' THEN 1 END),"
		" COUNT(CASE WHEN x.verdict = 'na' THEN 1 END),"
		" COUNT(CASE WHEN x.id IS NOT NULL AND x.verdict IS NULL THEN 1 END),"
		" i.survey_item FROM spec_guide_item i LEFT JOIN (SELECT c.id, c.verdict, "
		"c.guide_item_id FROM spec_check c JOIN procurement_spec s ON s.id = c.spec_id "
		"WHERE c.deleted_at IS NULL AND s.deleted_at IS NULL AND ($2 = 0 OR s.fiscal_year "
		"= $2)) x ON x.guide_item_id = i.id WHERE i.guide_id = $1 AND i.deleted_at IS NULL"
		" GROUP BY i.id, i.number, i.text_ja, i.text_en, i.survey_item, i.sort"
		" ORDER BY i.sort, i.id",
		TK_ARGS(TK_I(guide_id), TK_I(year)), item_row, &e);
}
