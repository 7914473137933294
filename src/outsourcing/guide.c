/* guide.c - what a procurement specification must contain: editions of the guide and their items
 * (OUT-01), and a new edition from the old one (OUT-03). */
#include <string.h>
#include "base/text.h"
#include "outsourcing/outsourcing.h"

/* -- editions ---------------------------------------------------------------------------------- */
#define F struct tk_spec_guide
static const char *const title_alias[] = { "名称", "題名", NULL };
static const char *const edition_alias[] = { "版", NULL };
static const char *const force_alias[] = { "適用日", "施行日", NULL };
static const char *const note_alias[] = { "備考", NULL };
static const struct tk_field guide_field[] = {
	TK_TEXT(F, title, .label = N_("Title"), .alias = title_alias, .max = 200,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH),
	TK_INT(F, edition, .label = N_("Edition"), .alias = edition_alias, .min = 1, .max = 1000,
		.flags = TK_REQUIRED | TK_LIST | TK_UNIQUE),
	TK_DATE(F, in_force_on, .label = N_("In force from"), .alias = force_alias,
		.flags = TK_LIST, .help = N_("Empty: still being written.")),
	TK_REF(F, revised_from_id, .label = N_("Revised from"), .ref = &tk_spec_guide_type,
		.flags = TK_READONLY),
	TK_LONG(F, note, .label = N_("Note"), .alias = note_alias, .max = 4000),
};
#undef F

static enum tk_rc used(const struct tk_op *op, int64_t guide_id, bool *ret)
{
	int64_t n = 0;
	enum tk_rc rc = tk_db_int(op->db, op->e,
				  "SELECT COUNT(*) FROM spec_check c JOIN spec_guide_item i ON "
				  "i.id = c.guide_item_id WHERE i.guide_id = $1 AND c.deleted_at IS"
				  " NULL", TK_ARGS(TK_I(guide_id)), 0, &n);

	*ret = n > 0;
	return rc;
}

const struct tk_rtype tk_spec_guide_type = {
	.name = "spec_guide",
	.path = "spec-guides",
	.table = "spec_guide",
	.label = N_("Guide for specifications"),
	.label_plural = N_("Guides for specifications"),
	.group = "outsourcing",
	.size = sizeof(struct tk_spec_guide),
	.field = guide_field,
	.nfield = TK_LEN(guide_field),
	.title = "title",
	.order = "-edition",
	.flags = TK_T_COMMON,
	.read = TK_P_OUT_READ,
	.write = TK_P_OUT_WRITE,
	.grade = 1,
};

/* -- items ------------------------------------------------------------------------------------- */
static const struct tk_choice required_choice[] = {
	{ "always", N_("Always") },
	{ "connected", N_("When connected to internal systems") },
	{ 0 },
};
#define F struct tk_spec_guide_item
static const char *const number_alias[] = { "番号", "項番", "No.", "No", NULL };
static const char *const ja_alias[] = { "記載事項", "内容", NULL };
static const char *const required_alias[] = { "必須", "記載の要否", NULL };
static const char *const guide_alias[] = { "記載要領", NULL };
static const struct tk_field item_field[] = {
	TK_REF(F, guide_id, .label = N_("Guide for specifications"), .alias = guide_alias,
		.ref = &tk_spec_guide_type, .flags = TK_REQUIRED | TK_LIST | TK_FIXED),
	TK_TEXT(F, number, .label = N_("Number"), .alias = number_alias, .max = 20,
		.flags = TK_REQUIRED | TK_LIST | TK_PLAIN),
	TK_INT(F, sort, .label = N_("Order"), .min = 0, .max = 1000000),
	TK_LONG(F, text_ja, .label = N_("Text (Japanese)"), .alias = ja_alias, .max = 1000,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH),
	TK_LONG(F, text_en, .label = N_("Text (English)"), .max = 1000, .flags = TK_SEARCH),
	TK_ENUM(F, required, .label = N_("Must be written"), .alias = required_alias,
		.flags = TK_REQUIRED | TK_LIST, .choice = required_choice),
	TK_TEXT(F, survey_item, .label = N_("Question of the fact-finding survey"), .max = 60,
		.help = N_("Code of the question that asks whether specifications contain this "
			   "item.")),
};
#undef F

static enum tk_rc item_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct tk_spec_guide_item *i = now;
	const struct tk_spec_guide_item *old = was;
	bool in_use = false;
	int64_t other = 0;
	enum tk_rc rc;

	if (!deleted && i->number) {
		rc = tk_db_int(op->db, op->e,
			       "SELECT id FROM spec_guide_item WHERE guide_id = $1 AND number = $2 "
			       "AND id <> $3 AND deleted_at IS NULL",
			       TK_ARGS(TK_I(i->guide_id), TK_S(i->number), TK_I(i->rec.id)), 0,
			       &other);
		if (rc != TK_OK)
			return rc;
		if (other)
			return tk_fail(op->e, TK_ECONFLICT, "number",
				       N_("The guide has an item with the number %s already."),
				       i->number);
	}
	if (!old)
		return TK_OK;
	/* what specifications were checked against stays what it was */
	if ((rc = used(op, old->guide_id, &in_use)) != TK_OK || !in_use)
		return rc;
	if (deleted || strcmp(old->text_ja, i->text_ja ? i->text_ja : "") != 0 ||
	    strcmp(old->required, i->required ? i->required : "") != 0)
		return tk_fail(op->e, TK_ECONFLICT, deleted ? NULL : "text_ja",
			       N_("Specifications were checked against this edition. Revise the "
				  "guide: that makes a new edition to change."));
	return TK_OK;
}

const struct tk_rtype tk_spec_guide_item_type = {
	.name = "spec_guide_item",
	.path = "spec-guide-items",
	.table = "spec_guide_item",
	.label = N_("Item of the guide"),
	.label_plural = N_("Items of the guide"),
	.group = "outsourcing",
	.size = sizeof(struct tk_spec_guide_item),
	.field = item_field,
	.nfield = TK_LEN(item_field),
	.title = "text_ja",
	.order = "sort",
	.flags = TK_T_COMMON,
	.read = TK_P_OUT_READ,
	.write = TK_P_OUT_WRITE,
	.grade = 1,
	.check = item_check,
};

/* -- in force, revised ------------------------------------------------------------------------- */
enum tk_rc tk_guide_in_force(const struct tk_op *op, const char *day, int64_t *ret)
{
	*ret = 0;
	return tk_db_int(op->db, op->e,
			 "SELECT id FROM spec_guide WHERE in_force_on <= $1 AND deleted_at IS NULL "
			 "ORDER BY in_force_on DESC, edition DESC", TK_ARGS(TK_S(day)), 0, ret);
}

struct copy { const struct tk_op *op; struct tk_spec_guide_item *v; size_t n; };

static enum tk_rc copy_row(void *ctx, const void *rec, const char *const *label)
{
	const struct tk_spec_guide_item *i = rec;
	struct copy *c = ctx;

	(void)label;
	if (c->n == 500)
		return tk_fail(c->op->e, TK_ETOOBIG, NULL,
			       N_("A guide has 500 items at most."));
	c->v[c->n] = *i;
	c->v[c->n].number = tk_strdup(c->op->mem, i->number);
	c->v[c->n].text_ja = tk_strdup(c->op->mem, i->text_ja);
	c->v[c->n].text_en = tk_strdup(c->op->mem, i->text_en);
	c->v[c->n].required = tk_strdup(c->op->mem, i->required);
	c->v[c->n].survey_item = tk_strdup(c->op->mem, i->survey_item);
	c->n++;
	return TK_OK;
}

static enum tk_rc copy_items(const struct tk_op *op, int64_t from, int64_t to)
{
	struct copy c = { .op = op, .v = tk_alloc_n(op->mem, 500, sizeof(*c.v)) };
	struct tk_query q = { .limit = -1, .nfilter = 1 };
	enum tk_rc rc;

	q.filter[0] = (struct tk_rec_filter){ "guide_id", TK_EQ,
		tk_sprintf(op->mem, "%lld", (long long)from) };
	rc = tk_rec_list(op, &tk_spec_guide_item_type, &q, copy_row, &c, NULL, NULL);
	for (size_t i = 0; rc == TK_OK && i < c.n; i++) {
		c.v[i].rec.id = 0;
		c.v[i].guide_id = to;
		rc = tk_rec_insert(op, &tk_spec_guide_item_type, &c.v[i]);
	}
	return rc;
}

enum tk_rc tk_guide_revise(const struct tk_op *op, int64_t guide_id, const char *in_force_on,
			   int64_t *ret_id)
{
	struct tk_spec_guide old = { 0 }, now = { 0 };
	const struct tk_rtype *t = &tk_spec_guide_type;
	int64_t last = 0;
	enum tk_rc rc = tk_rec_load(op, t, guide_id, &old);

	if (rc == TK_OK)
		rc = tk_db_int(op->db, op->e, "SELECT MAX(edition) FROM spec_guide WHERE "
			       "deleted_at IS NULL", NULL, 0, 0, &last);
	if (rc != TK_OK)
		return rc;
	tk_set_by(t, &now, "title", TK_S(old.title));
	tk_set_by(t, &now, "edition", TK_I(last + 1));
	tk_set_by(t, &now, "revised_from_id", TK_I(guide_id));
	if (!tk_is_blank(in_force_on))
		tk_set_by(t, &now, "in_force_on", TK_S(in_force_on));
	if ((rc = tk_rec_insert(op, t, &now)) != TK_OK ||
	    (rc = copy_items(op, guide_id, now.rec.id)) != TK_OK)
		return rc;
	*ret_id = now.rec.id;
	return TK_OK;
}
