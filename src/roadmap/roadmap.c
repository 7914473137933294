/* roadmap.c - the record of an improvement and its life. */
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "roadmap/roadmap.h"

typedef struct tk_roadmap_item R;
enum { TITLE_MAX = 200 };

const struct tk_choice tk_roadmap_threat[] = {
	{ "external", N_("Attack from outside, such as a cyber attack") },
	{ "error", N_("Human error") },
	{ "insider", N_("Crime by an insider") },
	{ 0 },
};
const struct tk_choice tk_roadmap_property[] = {
	{ "confidentiality", N_("Confidentiality") },
	{ "integrity", N_("Integrity") },
	{ "availability", N_("Availability") },
	{ 0 },
};

/* -- life -------------------------------------------------------------------------------------- */
static const struct tk_choice state[] = {
	{ "planned", N_("To be done") },
	{ "doing", N_("In progress") },
	{ "done", N_("Completed") },
	{ "dropped", N_("Dropped") },
	{ 0 },
};
static const struct tk_case_transition transition[] = {
	{ "planned", "start", "doing", TK_P_ROADMAP_WRITE, TK_CASE_OWNER, N_("Start") },
	{ "planned", "finish", "done", TK_P_ROADMAP_WRITE, TK_CASE_OWNER, N_("Finish") },
	{ "doing", "finish", "done", TK_P_ROADMAP_WRITE, TK_CASE_OWNER, N_("Finish") },
	{ "planned", "drop", "dropped", TK_P_ROADMAP_WRITE, TK_CASE_COMMENT, N_("Drop") },
	{ "doing", "drop", "dropped", TK_P_ROADMAP_WRITE, TK_CASE_COMMENT, N_("Drop") },
	{ "done", "reopen", "doing", TK_P_ROADMAP_WRITE, TK_CASE_COMMENT, N_("Take up again") },
	{ "dropped", "reopen", "planned", TK_P_ROADMAP_WRITE, TK_CASE_COMMENT,
		N_("Take up again") },
	{ "planned", "advise", "planned", TK_P_ADVISE, TK_CASE_COMMENT, N_("Give advice") },
	{ "doing", "advise", "doing", TK_P_ADVISE, TK_CASE_COMMENT, N_("Give advice") },
	{ 0 },
};

/* RMP-02: that the adviser had a part in it stands in the record itself. */
static enum tk_rc moved(const struct tk_op *op, const struct tk_case *before,
			const struct tk_case *after, const char *action)
{
	struct tk_who w = *op->who;
	struct tk_op as = { op->db, op->mem, &w, op->e };
	char today[11];
	R r = { 0 };
	enum tk_rc rc;

	(void)before;
	if (strcmp(action, "advise") != 0)
		return TK_OK;
	w.system = true;                /* the move was permitted */
	tk_date_iso(tk_today(), today);
	if ((rc = tk_rec_load(&as, &tk_roadmap_item_type, after->subject_id, &r)) != TK_OK)
		return rc;
	tk_set_by(&tk_roadmap_item_type, &r, "advised_on", TK_S(today));
	tk_set_by(&tk_roadmap_item_type, &r, "advised_by", TK_S(op->who->name));
	return tk_rec_update(&as, &tk_roadmap_item_type, &r, -1);
}

const struct tk_case_type tk_roadmap_life = {
	.name = "roadmap_item",
	.label = N_("Improvement"),
	.prefix = "M",
	.state = state,
	.closed = "done dropped",
	.transition = transition,
	.remind_before = 14,
	.escalate_after = 14,
	.escalate = TK_P_ROADMAP_WRITE,
	.moved = moved,
};

/* -- record ------------------------------------------------------------------------------------ */
static const char *const title_alias[] = { "件名", "施策名", "項目", NULL };
static const char *const threat_alias[] = { "脅威", NULL };
static const char *const property_alias[] = { "情報の性質", "特性", NULL };
static const char *const measure_alias[] = { "対策", "対策内容", "改善策", NULL };
static const char *const cost_alias[] = { "費用", "経費", "予算額", NULL };
static const char *const year_alias[] = { "年度", NULL };
static const struct tk_field field[] = {
	TK_TEXT(R, title, .label = N_("Title"), .alias = title_alias, .max = TITLE_MAX,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH),
	TK_ENUM(R, threat, .label = N_("Threat"), .alias = threat_alias, .flags = TK_LIST,
		.choice = tk_roadmap_threat,
		.help = N_("Threat and property together are the item's place in the grid; both "
			   "empty: not placed yet.")),
	TK_ENUM(R, property, .label = N_("Property at risk"), .alias = property_alias,
		.flags = TK_LIST, .choice = tk_roadmap_property),
	TK_LONG(R, measure, .label = N_("Measure"), .alias = measure_alias, .flags = TK_SEARCH,
		.max = 4000),
	TK_INT(R, cost, .label = N_("Cost (yen)"), .alias = cost_alias, .min = 0,
		.max = INT64_C(10000000000000)),
	TK_INT(R, fiscal_year, .label = N_("Fiscal year"), .alias = year_alias, .flags = TK_LIST,
		.min = 1950, .max = 2200,
		.help = N_("The year in which it is to be done; empty: the current one.")),
	TK_DATE(R, raised_on, .label = N_("On the roadmap since"), .flags = TK_READONLY),
	TK_TEXT(R, source_type, .label = N_("Kind of source"), .flags = TK_READONLY, .max = 60),
	TK_INT(R, source_id, .label = N_("Source (id)"), .flags = TK_READONLY | TK_ID),
	TK_TEXT(R, source_label, .label = N_("Brought up by"), .flags = TK_READONLY | TK_SEARCH,
		.max = 300),
	TK_DATE(R, advised_on, .label = N_("Last advice on"), .flags = TK_READONLY),
	TK_TEXT(R, advised_by, .label = N_("Advice by"), .flags = TK_READONLY, .max = 200),
	TK_LIFE_FIELDS(R, state),
};

static enum tk_rc check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	const struct tk_rtype *t = &tk_roadmap_item_type;
	R *r = now;
	char *today = tk_alloc(op->mem, 11);

	if (deleted)
		return TK_OK;
	if (!was && !r->raised_on) {
		tk_date_iso(tk_today(), today);
		tk_set_by(t, r, "raised_on", TK_S(today));
	}
	if (!r->fiscal_year)
		tk_set_by(t, r, "fiscal_year", TK_I(tk_fiscal_year(tk_today())));
	if (r->threat && !r->property)
		return tk_fail(op->e, TK_EINVAL, "property",
			       N_("A place in the grid needs both threat and property. Give the "
				  "property too, or leave both empty."));
	if (!r->threat && r->property)
		return tk_fail(op->e, TK_EINVAL, "threat",
			       N_("A place in the grid needs both threat and property. Give the "
				  "threat too, or leave both empty."));
	return TK_OK;
}

const struct tk_rtype tk_roadmap_item_type = {
	.name = "roadmap_item",
	.path = "roadmap-items",
	.table = "roadmap_item",
	.label = N_("Improvement on the roadmap"),
	.label_plural = N_("Improvements on the roadmap"),
	.group = "year",
	.size = sizeof(R),
	.field = field,
	.nfield = TK_LEN(field),
	.title = "title",
	.order = "due_on",
	.read = TK_P_ROADMAP_READ,
	.write = TK_P_ROADMAP_WRITE,
	.scope_own = TK_LIFE_OWN,
	.scope_division = "division_id",
	.grade = 2,
	.check = check,
	.life = &tk_roadmap_life,
};

/* -- improvements from everywhere -------------------------------------------------------------- */
static enum tk_rc already(const struct tk_op *op, const struct tk_improvement *i, int64_t *ret)
{
	*ret = 0;
	if (!i->source_type || !i->source_id)
		return TK_OK;
	return tk_db_int(op->db, op->e,
			 "SELECT id FROM roadmap_item WHERE source_type = $1 AND source_id = $2 AND"
			 " title = $3 AND closed_at IS NULL AND deleted_at IS NULL ORDER BY id",
			 TK_ARGS(TK_S(i->source_type), TK_I(i->source_id), TK_S(i->title)), 0, ret);
}

static void set(R *r, const char *name, const char *text)
{
	if (!tk_is_blank(text))
		tk_set_by(&tk_roadmap_item_type, r, name, TK_S(text));
}

static enum tk_rc source_of(const struct tk_op *op, const struct tk_improvement *i, R *r)
{
	const struct tk_rtype *t = i->source_type ? tk_rtype_by_name(i->source_type) : NULL;
	const char *title = NULL;
	enum tk_rc rc = TK_OK;

	set(r, "source_type", i->source_type);
	tk_set_by(&tk_roadmap_item_type, r, "source_id", TK_I0(i->source_id));
	if (t && t->title && i->source_id)
		rc = tk_rec_label(op, t, i->source_id, &title);
	if (t)
		set(r, "source_label",
		    tk_utf8_head(op->mem,
				 tk_sprintf(op->mem, "%s: %s", tk_tr(TK_JA, t->label),
					    title ? title : ""), 300));
	return rc;
}

enum tk_rc tk_roadmap_add(const struct tk_op *op, const struct tk_improvement *i, int64_t *ret_id)
{
	struct tk_who w = *op->who;
	struct tk_op as = { op->db, op->mem, &w, op->e };
	struct tk_improvement in = *i;
	R r = { 0 };
	int64_t id = 0;
	enum tk_rc rc;

	w.system = true;                /* the rule that asks for it has asked for permission */
	if (!tk_is_blank(i->title))
		in.title = tk_utf8_head(op->mem, i->title, TITLE_MAX);
	if ((rc = already(op, &in, &id)) != TK_OK || id) {
		if (ret_id)
			*ret_id = id;
		return rc;
	}
	set(&r, "title", in.title);
	set(&r, "threat", in.threat);
	set(&r, "property", in.property);
	set(&r, "due_on", in.due_on);
	tk_set_by(&tk_roadmap_item_type, &r, "division_id", TK_I0(in.division_id));
	tk_set_by(&tk_roadmap_item_type, &r, "owner_staff_id", TK_I0(in.owner_staff_id));
	rc = source_of(op, &in, &r);
	if (rc == TK_OK)
		rc = tk_rec_insert(&as, &tk_roadmap_item_type, &r);
	if (rc == TK_OK && ret_id)
		*ret_id = r.rec.id;
	return rc;
}

/* -- opening a year: what is open stays as it is (RMP-04) -------------------------------------- */
enum tk_rc tk_roadmap_open_year(const struct tk_op *op, int from, int to,
				tk_carry_fn said, void *ctx)
{
	int64_t n = 0;
	enum tk_rc rc = tk_db_int(op->db, op->e,
				  "SELECT COUNT(*) FROM roadmap_item WHERE closed_at IS NULL AND"
				  " fiscal_year <= $1 AND deleted_at IS NULL", TK_ARGS(TK_I(from)),
				  0, &n);

	(void)to;
	if (rc == TK_OK && n)
		said(ctx, tk_tr(op->e->lang, N_("improvements still open")), n);
	return rc;
}
