/* follow_up.c - the record type, and filling the list from the counts. */
#include <string.h>
#include "record/org_types.h"
#include "table/follow_up.h"
#include "table/table_int.h"

static const struct tk_choice follow_up_state[] = {
	{"open", N_("Not started")},
	{"in_progress", N_("In progress")},
	{"done", N_("Finished")},
	{0},
};

#define F struct follow_up
static const struct tk_field follow_up_field[] = {
	TK_REF(F, campaign_id, .label = N_("Campaign"), .flags = TK_REQUIRED | TK_LIST | TK_FIXED,
		.ref = &tk_campaign_type),
	TK_TEXT(F, item_code, .label = N_("Item"), .flags = TK_REQUIRED | TK_LIST | TK_FIXED,
		.max = 60),
	TK_TEXT(F, label_ja, .label = N_("Question (Japanese)"),
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH, .max = 2000),
	TK_TEXT(F, label_en, .label = N_("Question (English)"), .flags = TK_SEARCH, .max = 2000),
	TK_TEXT(F, audience, .label = N_("Audience"), .flags = TK_REQUIRED | TK_LIST, .max = 2000),
	TK_INT(F, numerator, .label = N_("Done"), .flags = TK_READONLY | TK_LIST,
		.help = N_("As counted when the list was made.")),
	TK_INT(F, denominator, .label = N_("Obliged people"), .flags = TK_READONLY | TK_LIST,
		.help = N_("As counted when the list was made.")),
	TK_LONG(F, measure, .label = N_("Measure"), .flags = TK_LIST | TK_SEARCH, .max = 4000,
		.help = N_("What will be done so that everybody implements the item.")),
	TK_REF(F, division_id, .label = N_("Division in charge"), .flags = TK_LIST,
		.ref = &tk_division),
	TK_DATE(F, due_on, .label = N_("Due on"), .flags = TK_LIST),
	TK_ENUM(F, state, .label = N_("State"), .flags = TK_LIST, .choice = follow_up_state),
};
#undef F

static enum tk_rc follow_up_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct follow_up *f = now;

	(void)op;
	if (deleted)
		return TK_OK;
	if (!f->state)
		tk_set_by(&tk_follow_up_type, f, "state", TK_S("open"));
	/* the table keeps them without NULL, also for a row that somebody adds by hand */
	if (!was) {
		tk_set_by(&tk_follow_up_type, f, "numerator", TK_I(f->numerator));
		tk_set_by(&tk_follow_up_type, f, "denominator", TK_I(f->denominator));
	}
	return TK_OK;
}

const struct tk_rtype tk_follow_up_type = {
	.name = "follow_up",
	.path = "follow-ups",
	.table = "follow_up",
	.label = N_("Follow-up"),
	.label_plural = N_("Follow-ups"),
	.group = "survey",
	.size = sizeof(struct follow_up),
	.field = follow_up_field,
	.nfield = TK_LEN(follow_up_field),
	.title = "item_code",
	.order = "item_code",
	.flags = TK_T_TRAILED,
	.read = TK_P_TABLE_READ,
	.write = TK_P_FOLLOW_UP_MANAGE,
	.scope_division = "division_id",
	.grade = 2,
	.check = follow_up_check,
};

enum tk_rc tk_follow_up_find(
	const struct tk_op *op, const struct campaign *c, struct tk_follow_up_plan *ret)
{
	struct tk_table_ask ask = {.lang = op->e->lang};
	struct tk_table_job j = {.op = op, .c = c, .ask = &ask};
	struct follow_up *row;
	struct tk_grid *g;
	enum tk_rc rc;

	/* numbers of a part of the people would stand on a list that everybody reads */
	if (tk_who_scope(op->who, TK_P_TABLE_READ) != TK_SCOPE_ALL ||
		tk_who_scope(op->who, TK_P_FOLLOW_UP_MANAGE) != TK_SCOPE_ALL)
		return tk_denied(op->e);
	if ((rc = tk_grid_take(&j, c->rec.id, TK_BY_ALL, false, &g)) != TK_OK)
		return rc;
	row = tk_alloc_n(op->mem, g->form->nitem, sizeof(*row));
	*ret = (struct tk_follow_up_plan){.row = row};
	for (size_t i = 0; i < g->form->nitem; i++) {
		const struct tk_item *it = &g->form->item[i];
		struct tk_count n = tk_grid_count(g, i, 0);
		const struct tk_rtype *t = &tk_follow_up_type;
		struct follow_up *f = &row[ret->n];

		if (!n.rated || n.den <= 0 || n.num == n.den)
			continue;
		ret->n++;
		tk_set_by(t, f, "campaign_id", TK_I(c->rec.id));
		tk_set_by(t, f, "item_code", TK_S(it->code));
		tk_set_by(t, f, "label_ja", TK_S(it->label_ja));
		tk_set_by(t, f, "label_en", TK_S(it->label_en));
		tk_set_by(t, f, "audience", TK_S(g->form->audience[it->audience].code));
		tk_set_by(t, f, "numerator", TK_I(n.num));
		tk_set_by(t, f, "denominator", TK_I(n.den));
	}
	return TK_OK;
}

enum tk_rc tk_follow_up_add(
	const struct tk_op *op, const struct tk_follow_up_plan *plan, int64_t *ret_created)
{
	enum tk_rc rc = TK_OK;

	*ret_created = 0;
	for (size_t i = 0; i < plan->n && rc == TK_OK; i++) {
		struct follow_up f = plan->row[i];
		int64_t there = 0;

		rc = tk_db_int(op->db, op->e,
			"SELECT COUNT(*) FROM follow_up WHERE campaign_id = $1 AND item_code = $2"
			" AND deleted_at IS NULL",
			TK_ARGS(TK_I(f.campaign_id), TK_S(f.item_code)), 0, &there);
		if (rc != TK_OK || there)
			continue;
		if ((rc = tk_rec_insert(op, &tk_follow_up_type, &f)) == TK_OK)
			++*ret_created;
	}
	return rc;
}
