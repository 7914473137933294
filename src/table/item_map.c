/* item_map.c - the record, and the questions of two versions put beside each other. */
#include <string.h>
#include "base/text.h"
#include "table/item_map.h"

static const struct tk_choice map_kind[] = {
	{"same", N_("The same")},
	{"reworded", N_("Reworded")},
	{"split", N_("Split")},
	{"merged", N_("Merged")},
	{"new", N_("New")},
	{"retired", N_("No longer asked")},
	{0},
};

const char *tk_item_link_label(enum tk_lang lang, const char *kind)
{
	if (!strcmp(kind, "choices"))
		return tk_tr(lang, N_("Other choices"));
	for (const struct tk_choice *c = map_kind; c->id; c++)
		if (!strcmp(c->id, kind))
			return tk_tr(lang, c->label);
	return kind;
}

static enum tk_rc exists(
	const struct tk_op *op, int64_t version, const char *item, const char *field)
{
	int64_t there = 0;
	enum tk_rc rc;

	if (tk_is_blank(item))
		return TK_OK;
	rc = tk_db_int(op->db, op->e,
		"SELECT 1 FROM form_item WHERE form_version_id = $1 AND code = $2 AND deleted_at "
		"IS NULL",
		TK_ARGS(TK_I(version), TK_S(item)), 0, &there);
	if (rc == TK_OK && !there)
		return tk_fail(op->e, TK_EINVAL, field,
			N_("This version of the questionnaire has no item \"%.60s\"."), item);
	return rc;
}

static enum tk_rc map_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct item_map *m = now;
	bool from = !tk_is_blank(m->from_item), to = !tk_is_blank(m->to_item);
	enum tk_rc rc;

	(void)was;
	if (deleted)
		return TK_OK;
	if (m->from_version_id == m->to_version_id)
		return tk_fail(op->e, TK_EINVAL, "to_version_id",
			N_("The two versions must be different ones."));
	if (from == !strcmp(m->kind, "new"))
		return tk_fail(op->e, TK_EINVAL, "from_item",
			N_("A new question has no earlier one, every other has."));
	if (to == !strcmp(m->kind, "retired"))
		return tk_fail(op->e, TK_EINVAL, "to_item",
			N_("A question that is no longer asked has no later one, every other "
			   "has."));
	rc = exists(op, m->from_version_id, m->from_item, "from_item");
	return rc == TK_OK ? exists(op, m->to_version_id, m->to_item, "to_item") : rc;
}

#define F struct item_map
static const struct tk_field map_field[] = {
	TK_REF(F, from_version_id, .label = N_("Earlier version"),
		.flags = TK_REQUIRED | TK_LIST | TK_FIXED, .ref = &tk_form_version_type),
	TK_TEXT(F, from_item, .label = N_("Earlier question"), .flags = TK_LIST, .max = 60),
	TK_REF(F, to_version_id, .label = N_("Later version"),
		.flags = TK_REQUIRED | TK_LIST | TK_FIXED, .ref = &tk_form_version_type),
	TK_TEXT(F, to_item, .label = N_("Later question"), .flags = TK_LIST, .max = 60),
	TK_ENUM(F, kind, .label = N_("Kind"), .flags = TK_REQUIRED | TK_LIST, .choice = map_kind,
		.help = N_("Only what is the same or reworded is compared.")),
	TK_TEXT(F, note, .label = N_("Note"), .max = 400),
};
#undef F
const struct tk_rtype tk_item_map_type = {
	.name = "item_map",
	.path = "item-maps",
	.table = "item_map",
	.label = N_("Question in two versions"),
	.label_plural = N_("Questions in two versions"),
	.group = "survey",
	.size = sizeof(struct item_map),
	.field = map_field,
	.nfield = TK_LEN(map_field),
	.title = "to_item",
	.order = "to_item",
	.read = TK_P_FORM_READ,
	.write = TK_P_FORM_WRITE,
	.grade = 1,
	.check = map_check,
};

/* -- links ------------------------------------------------------------------------------------- */
static bool equal(const char *a, const char *b)
{
	return !strcmp(a ? a : "", b ? b : "");
}

/* Without a record. */
static struct tk_item_link by_code(
	const struct tk_form *from, const struct tk_item *to)
{
	int i = tk_form_item_index(from, to->code);
	const struct tk_item *was = i < 0 ? NULL : &from->item[i];
	bool same;

	if (!was)
		return (struct tk_item_link){-1, "new"};
	if (was->q != to->q || was->noption != to->noption)
		return (struct tk_item_link){-1, "choices"};
	same = equal(was->label_ja, to->label_ja) && equal(was->label_en, to->label_en);
	for (unsigned k = 0; k < to->noption; k++) {
		if (tk_item_option(was, to->option[k].code) < 0)
			return (struct tk_item_link){-1, "choices"};
		same = same && equal(was->option[k].code, to->option[k].code) &&
		       equal(was->option[k].label_ja, to->option[k].label_ja) &&
		       equal(was->option[k].label_en, to->option[k].label_en);
	}
	return (struct tk_item_link){i, same ? "same" : "reworded"};
}

struct linking {
	const struct tk_form *from, *to;
	struct tk_item_link *link;
};

static enum tk_rc on_map(void *ctx, const struct tk_value *col, size_t n)
{
	struct linking *l = ctx;
	const char *from = col[0].type == TK_V_TEXT ? col[0].s : "";
	const char *to = col[1].type == TK_V_TEXT ? col[1].s : "", *kind = NULL;
	int at = tk_form_item_index(l->to, to);

	(void)n;
	for (const struct tk_choice *c = map_kind; c->id; c++)
		if (!strcmp(c->id, col[2].s))
			kind = c->id;
	if (at < 0 || !kind)
		return TK_OK;
	l->link[at] = (struct tk_item_link){-1, kind};
	if (!strcmp(kind, "same") || !strcmp(kind, "reworded"))
		l->link[at].from = tk_form_item_index(l->from, from);
	return TK_OK;
}

enum tk_rc tk_item_links(const struct tk_op *op, const struct tk_form *from,
	const struct tk_form *to, const struct tk_item_link **ret)
{
	struct linking l = {from, to, tk_alloc_n(op->mem, to->nitem + 1, sizeof(*l.link))};

	for (size_t i = 0; i < to->nitem; i++)
		l.link[i] = by_code(from, &to->item[i]);
	*ret = l.link;
	return tk_db_run(op->db, op->e,
		"SELECT from_item, to_item, kind FROM item_map WHERE from_version_id = $1 AND "
		"to_version_id = $2 AND deleted_at IS NULL ORDER BY id",
		TK_ARGS(TK_I(from->id), TK_I(to->id)), on_map, &l);
}
