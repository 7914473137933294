/* table_fact.c - the self-inspection and the surveys of a year as facts. */
#include <string.h>
#include "record/org_types.h"
#include "table/table_fact.h"
#include "table/table_int.h"

/* 0: there is none, and to says so. */
static enum tk_rc campaign_of(const struct tk_op *op, int year, struct tk_fact_rows *to,
	int64_t *ret)
{
	enum tk_rc rc = tk_db_int(op->db, op->e,
		"SELECT c.id FROM campaign c JOIN form_version v ON v.id = c.form_version_id "
		"JOIN form f ON f.id = v.form_id "
		"WHERE c.fiscal_year = $1 AND f.code = 'self_inspection' AND c.asks = 'staff' "
		"AND c.deleted_at IS NULL AND c.follow_up_of IS NULL AND c.state <> 'planned' "
		"ORDER BY c.id DESC LIMIT 1",
		TK_ARGS(TK_I(year)), 0, ret);

	if (rc == TK_OK && !*ret)
		tk_fact_missing(to, N_("No self-inspection was begun in this year."));
	return rc;
}

/* Who left without submitting is nobody the rate is about (live.h). */
static enum tk_rc response_rate(
	const struct tk_op *op, const struct tk_fact_year *y, struct tk_fact_rows *to)
{
	int64_t id = 0;
	enum tk_rc rc = campaign_of(op, y->year, to, &id);

	if (rc != TK_OK || !id)
		return rc;
	return tk_fact_select(op, to, &tk_respondent_type,
		"SELECT r.id, CASE WHEN s.state = 'submitted' THEN 1 ELSE 0 END "
		"FROM respondent r LEFT JOIN response s ON s.id = r.id "
		"WHERE r.campaign_id = $1 AND r.deleted_at IS NULL "
		"AND (r.state = 'in' OR s.state = 'submitted')",
		TK_ARGS(TK_I(id)));
}

/* -- items ------------------------------------------------------------------------------------- */
struct item_ids {
	const struct tk_op *op;
	const struct tk_form *form;
	int64_t *id;
};

static enum tk_rc item_id(void *ctx, const struct tk_value *col, size_t n)
{
	struct item_ids *x = ctx;

	(void)n;
	for (size_t i = 0; i < x->form->nitem; i++)
		if (!strcmp(x->form->item[i].code, col[1].s))
			x->id[i] = col[0].i;
	return TK_OK;
}

static enum tk_rc take_items(const struct tk_op *op, int64_t campaign, struct tk_grid **g,
	int64_t **id)
{
	struct campaign c = {0};
	struct tk_table_ask ask = {.lang = op->who->lang};
	struct tk_table_job j = {.op = op, .c = &c, .ask = &ask, .by = TK_BY_ALL};
	struct item_ids ids = {.op = op};
	enum tk_rc rc = tk_rec_load(op, &tk_campaign_type, campaign, &c);

	if (rc == TK_OK)
		rc = tk_grid_take(&j, campaign, TK_BY_ALL, false, g);
	if (rc != TK_OK)
		return rc;
	ids.form = (*g)->form;
	*id = ids.id = tk_alloc_n(op->mem, ids.form->nitem + 1, sizeof(**id));
	return tk_db_run(op->db, op->e,
		"SELECT id, code FROM form_item WHERE form_version_id = $1 AND deleted_at IS NULL",
		TK_ARGS(TK_I(c.form_version_id)), item_id, &ids);
}

/* Items that have a rate, of that audience (NULL: all); those in class c count (NONE: every one).
 * The words are code, counts and rate: the same in every language, as they go into the digest. */
static enum tk_rc items(const struct tk_op *op, const struct tk_fact_year *y,
	struct tk_fact_rows *to, const char *audience, enum tk_rate_class class)
{
	int64_t campaign = 0, *id = NULL;
	struct tk_grid *g = NULL;
	char rate[TK_X10_LEN];
	enum tk_rc rc = campaign_of(op, y->year, to, &campaign);

	if (rc != TK_OK || !campaign || (rc = take_items(op, campaign, &g, &id)) != TK_OK)
		return rc;
	for (size_t i = 0; i < g->form->nitem; i++) {
		const struct tk_item *it = &g->form->item[i];
		struct tk_count c = tk_grid_count(g, i, 0);
		enum tk_rate_class of = tk_rate_class(c.num, c.den);

		if (!c.rated || of == TK_RATE_NONE ||
			(audience && strcmp(g->form->audience[it->audience].code, audience) != 0))
			continue;
		tk_fact_add(to, &tk_form_item_type, id[i], class == TK_RATE_NONE || class == of, 0,
			tk_sprintf(op->mem, "%s %lld/%lld %s%%", it->code, (long long)c.num,
				(long long)c.den, tk_rate_print(c.num, c.den, rate)));
	}
	return TK_OK;
}

#define ITEMS(name, audience, class) \
	static enum tk_rc name(const struct tk_op *op, const struct tk_fact_year *y, \
		struct tk_fact_rows *to) \
	{ \
		return items(op, y, to, audience, class); \
	}
ITEMS(items_total, NULL, TK_RATE_NONE)
ITEMS(items_staff, "all_staff", TK_RATE_NONE)
ITEMS(items_head, "division_head", TK_RATE_NONE)
ITEMS(items_admin, "system_admin", TK_RATE_NONE)
ITEMS(items_100, NULL, TK_RATE_100)
ITEMS(items_95, NULL, TK_RATE_95)
ITEMS(items_90, NULL, TK_RATE_90)
ITEMS(items_lt90, NULL, TK_RATE_LT90)

/* -- surveys ----------------------------------------------------------------------------------- */
static enum tk_rc return_rate(
	const struct tk_op *op, const struct tk_fact_year *y, struct tk_fact_rows *to)
{
	int64_t n = 0;
	enum tk_rc rc = tk_db_int(op->db, op->e,
		"SELECT COUNT(*) FROM campaign WHERE fiscal_year = $1 AND asks = 'institution' "
		"AND deleted_at IS NULL AND state <> 'planned'",
		TK_ARGS(TK_I(y->year)), 0, &n);

	if (rc != TK_OK)
		return rc;
	if (!n) {
		tk_fact_missing(to, N_("No survey of institutions was begun in this year."));
		return TK_OK;
	}
	return tk_fact_select(op, to, &tk_respondent_type,
		"SELECT r.id, CASE WHEN s.state = 'submitted' THEN 1 ELSE 0 END "
		"FROM respondent r JOIN campaign c ON c.id = r.campaign_id "
		"LEFT JOIN response s ON s.id = r.id "
		"WHERE c.fiscal_year = $1 AND c.asks = 'institution' AND c.deleted_at IS NULL "
		"AND c.state <> 'planned' AND r.deleted_at IS NULL "
		"AND (r.state = 'in' OR s.state = 'submitted')",
		TK_ARGS(TK_I(y->year)));
}

/* -- head-counts on the base date -------------------------------------------------------------- */
static enum tk_rc staff_count(
	const struct tk_op *op, const struct tk_fact_year *y, struct tk_fact_rows *to)
{
	return tk_fact_select(op, to, &tk_staff,
		"SELECT id, 1 FROM staff WHERE deleted_at IS NULL "
		"AND (joined_on IS NULL OR joined_on <= $1) AND (left_on IS NULL OR left_on >= $1)",
		TK_ARGS(TK_S(y->base_date)));
}

/* Units somebody belonged to on the base date: a unit has no dates of its own. */
static enum tk_rc division_count(
	const struct tk_op *op, const struct tk_fact_year *y, struct tk_fact_rows *to)
{
	return tk_fact_select(op, to, &tk_division,
		"SELECT d.id, 1 FROM division d WHERE d.deleted_at IS NULL AND EXISTS("
		"SELECT 1 FROM staff s WHERE s.division_id = d.id AND s.deleted_at IS NULL "
		"AND (s.joined_on IS NULL OR s.joined_on <= $1) "
		"AND (s.left_on IS NULL OR s.left_on >= $1))",
		TK_ARGS(TK_S(y->base_date)));
}

static enum tk_rc bureau_count(
	const struct tk_op *op, const struct tk_fact_year *y, struct tk_fact_rows *to)
{
	return tk_fact_select(op, to, &tk_bureau,
		"SELECT b.id, 1 FROM bureau b WHERE b.deleted_at IS NULL AND EXISTS("
		"SELECT 1 FROM division d JOIN staff s ON s.division_id = d.id "
		"WHERE d.bureau_id = b.id AND d.deleted_at IS NULL AND s.deleted_at IS NULL "
		"AND (s.joined_on IS NULL OR s.joined_on <= $1) "
		"AND (s.left_on IS NULL OR s.left_on >= $1))",
		TK_ARGS(TK_S(y->base_date)));
}

#define BASE_ITEMS N_("Inspection items by implementation rate: done / obliged people")
#define UNIT_ITEMS N_("items")

const struct tk_fact tk_self_inspection_facts[] = {
	{"org.staff", N_("Staff"), N_("people"), N_("Staff in office on the base date"),
		TK_FACT_COUNT, 0, "#/records/staff", .rows = staff_count},
	{"org.bureaus", N_("Bureaus"), N_("bureaus"), N_("Bureaus with staff on the base date"),
		TK_FACT_COUNT, 0, "#/records/bureaus", .rows = bureau_count},
	{"org.divisions", N_("Divisions"), N_("divisions"),
		N_("Divisions with staff on the base date"), TK_FACT_COUNT, 0,
		"#/records/divisions", .rows = division_count},
	{"self_inspection.response_rate", N_("Response rate of the self-inspection"), "%",
		N_("Those who submitted / everybody in the population"), TK_FACT_RATE, 1, NULL,
		.rows = response_rate},
	{"self_inspection.items", N_("Inspection items"), UNIT_ITEMS, BASE_ITEMS, TK_FACT_COUNT, 0,
		NULL, .rows = items_total},
	{"self_inspection.items_all_staff", N_("Inspection items for all staff"), UNIT_ITEMS,
		BASE_ITEMS, TK_FACT_COUNT, 0, NULL, .rows = items_staff},
	{"self_inspection.items_division_head", N_("Inspection items for division heads"),
		UNIT_ITEMS, BASE_ITEMS, TK_FACT_COUNT, 0, NULL, .rows = items_head},
	{"self_inspection.items_system_admin", N_("Inspection items for system administrators"),
		UNIT_ITEMS, BASE_ITEMS, TK_FACT_COUNT, 0, NULL, .rows = items_admin},
	{"self_inspection.items_100", N_("Items implemented by everybody (100%)"), UNIT_ITEMS,
		BASE_ITEMS, TK_FACT_COUNT, 1, NULL, .rows = items_100},
	{"self_inspection.items_95", N_("Items at 95% or more, below 100%"), UNIT_ITEMS,
		BASE_ITEMS, TK_FACT_COUNT, 0, NULL, .rows = items_95},
	{"self_inspection.items_90", N_("Items at 90% or more, below 95%"), UNIT_ITEMS, BASE_ITEMS,
		TK_FACT_COUNT, 0, NULL, .rows = items_90},
	{"self_inspection.items_lt90", N_("Items below 90%"), UNIT_ITEMS, BASE_ITEMS,
		TK_FACT_COUNT, -1, NULL, .rows = items_lt90},
	{"survey.return_rate", N_("Return rate of surveys of institutions"), "%",
		N_("Institutions that submitted / institutions asked"), TK_FACT_RATE, 1, NULL,
		.rows = return_rate},
	{0}};
