/* coding.c - the records of codes and codings, and giving codes to an answer. */
#include <stdio.h>
#include <string.h>
#include "base/hash.h"
#include "base/text.h"
#include "form/form_in.h"
#include "survey/response.h"
#include "table/coding.h"

static enum tk_rc used_twice(const struct tk_op *op, int64_t other, const char *code)
{
	return other ? tk_fail(op->e, TK_ECONFLICT, "code", N_("The code %s is used twice."), code)
		     : TK_OK;
}

static enum tk_rc group_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct code_group *g = now;
	int64_t other = 0;
	enum tk_rc rc;

	if (deleted)
		return TK_OK;
	(void)was;
	tk_set_by(&tk_code_group_type, g, "sort", TK_I(g->sort)); /* kept without NULL */
	rc = tk_db_int(op->db, op->e,
		"SELECT id FROM code_group WHERE form_id = $1 AND item = $2 AND code = $3 AND id "
		"<> $4 AND deleted_at IS NULL",
		TK_ARGS(TK_I(g->form_id), TK_S(g->item), TK_S(g->code), TK_I(g->rec.id)), 0,
		&other);
	return rc == TK_OK ? used_twice(op, other, g->code) : rc;
}

static enum tk_rc code_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct answer_code *c = now;
	int64_t other = 0;
	enum tk_rc rc;

	if (deleted)
		return TK_OK;
	(void)was;
	tk_set_by(&tk_answer_code_type, c, "sort", TK_I(c->sort)); /* kept without NULL */
	rc = tk_db_int(op->db, op->e,
		"SELECT id FROM answer_code WHERE code_group_id = $1 AND code = $2 AND id <> $3 "
		"AND deleted_at IS NULL",
		TK_ARGS(TK_I(c->code_group_id), TK_S(c->code), TK_I(c->rec.id)), 0, &other);
	return rc == TK_OK ? used_twice(op, other, c->code) : rc;
}

#define F struct code_group
static const struct tk_field group_field[] = {
	TK_REF(F, form_id, .label = N_("Questionnaire"), .flags = TK_REQUIRED | TK_LIST | TK_FIXED,
		.ref = &tk_form_type),
	TK_TEXT(F, item, .label = N_("Question"), .flags = TK_REQUIRED | TK_LIST | TK_FIXED,
		.max = 60),
	TK_INT(F, sort, .label = N_("Order"), .flags = TK_LIST, .min = 0, .max = 1000000),
	TK_TEXT(F, code, .label = N_("Code"), .flags = TK_REQUIRED | TK_LIST | TK_FIXED, .max = 40,
		.check = tk_check_slug),
	TK_TEXT(F, label_ja, .label = N_("Text (Japanese)"),
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH, .max = 200),
	TK_TEXT(F, label_en, .label = N_("Text (English)"), .max = 200),
};
#undef F
const struct tk_rtype tk_code_group_type = {
	.name = "code_group",
	.path = "code-groups",
	.table = "code_group",
	.label = N_("Group of codes"),
	.label_plural = N_("Groups of codes"),
	.group = "survey",
	.size = sizeof(struct code_group),
	.field = group_field,
	.nfield = TK_LEN(group_field),
	.title = "code",
	.order = "sort",
	.read = TK_P_FORM_READ,
	.write = TK_P_FORM_WRITE,
	.grade = 1,
	.check = group_check,
};

#define F struct answer_code
static const struct tk_field code_field[] = {
	TK_REF(F, code_group_id, .label = N_("Group of codes"),
		.flags = TK_REQUIRED | TK_LIST | TK_FIXED, .ref = &tk_code_group_type),
	TK_INT(F, sort, .label = N_("Order"), .flags = TK_LIST, .min = 0, .max = 1000000),
	TK_TEXT(F, code, .label = N_("Code"), .flags = TK_REQUIRED | TK_LIST | TK_FIXED, .max = 40,
		.check = tk_check_slug),
	TK_TEXT(F, label_ja, .label = N_("Text (Japanese)"),
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH, .max = 200),
	TK_TEXT(F, label_en, .label = N_("Text (English)"), .max = 200),
};
#undef F
const struct tk_rtype tk_answer_code_type = {
	.name = "answer_code",
	.path = "answer-codes",
	.table = "answer_code",
	.label = N_("Code of answers"),
	.label_plural = N_("Codes of answers"),
	.group = "survey",
	.size = sizeof(struct answer_code),
	.field = code_field,
	.nfield = TK_LEN(code_field),
	.title = "code",
	.order = "sort",
	.read = TK_P_FORM_READ,
	.write = TK_P_FORM_WRITE,
	.grade = 1,
	.check = code_check,
};

/* Made by tk_coding_give() only: the codes must fit the item, the digest the answer. */
#define F struct coding
static const struct tk_field coding_field[] = {
	TK_REF(F, campaign_id, .label = N_("Campaign"), .flags = TK_REQUIRED | TK_FIXED,
		.ref = &tk_campaign_type),
	TK_REF(F, respondent_id, .label = N_("Respondent"), .flags = TK_REQUIRED | TK_FIXED,
		.ref = &tk_respondent_type),
	TK_TEXT(F, item, .label = N_("Question"), .flags = TK_REQUIRED | TK_FIXED, .max = 60),
	TK_TEXT(F, codes, .label = N_("Codes"), .flags = TK_REQUIRED, .max = 2000),
	TK_TEXT(F, text_digest, .label = N_("Digest"), .flags = TK_REQUIRED, .max = 64),
};
#undef F
const struct tk_rtype tk_coding_type = {
	.name = "coding",
	.path = "codings",
	.table = "coding",
	.label = N_("Coding of an answer"),
	.label_plural = N_("Codings of answers"),
	.group = "survey",
	.size = sizeof(struct coding),
	.field = coding_field,
	.nfield = TK_LEN(coding_field),
	.order = "item",
	.flags = TK_T_HIDDEN,
	.read = TK_P_REVIEW,
	.write = TK_P_REVIEW,
	.grade = 2,
};

/* -- codes of an item -------------------------------------------------------------------------- */
struct codes {
	struct tk_arena *a;
	struct tk_code *v;
	size_t n, cap;
};

static void add(struct codes *c, const char *code, const struct tk_value *label, bool group)
{
	if (c->n == c->cap) {
		size_t cap = c->cap ? c->cap * 2 : 32;
		struct tk_code *v = tk_alloc_n(c->a, cap, sizeof(*v));

		if (c->n)
			memcpy(v, c->v, c->n * sizeof(*v));
		c->v = v;
		c->cap = cap;
	}
	c->v[c->n++] = (struct tk_code){code, tk_strdup(c->a, label[0].s),
		label[1].type == TK_V_TEXT ? tk_strdup(c->a, label[1].s) : NULL, group};
}

/* group code, its labels, code, its labels; a group without codes has an empty second half */
static enum tk_rc on_code(void *ctx, const struct tk_value *col, size_t n)
{
	struct codes *c = ctx;
	size_t at = c->n;

	(void)n;
	while (at && !c->v[at - 1].group)
		at--;
	if (!at || strcmp(c->v[at - 1].code, col[0].s) != 0)
		add(c, tk_strdup(c->a, col[0].s), col + 1, true);
	if (col[3].type == TK_V_TEXT)
		add(c, tk_sprintf(c->a, "%s.%s", col[0].s, col[3].s), col + 4, false);
	return TK_OK;
}

enum tk_rc tk_codes(const struct tk_op *op, int64_t form_id, const char *item,
	const struct tk_code **ret, size_t *ret_n)
{
	struct codes c = {.a = op->mem};
	enum tk_rc rc = tk_db_run(op->db, op->e,
		"SELECT g.code, g.label_ja, g.label_en, c.code, c.label_ja, c.label_en FROM "
		"code_group g LEFT JOIN answer_code c ON c.code_group_id = g.id AND c.deleted_at "
		"IS NULL WHERE g.form_id = $1 AND g.item = $2 AND g.deleted_at IS NULL"
		" ORDER BY g.sort, g.code, c.sort, c.code",
		TK_ARGS(TK_I(form_id), TK_S(item)), on_code, &c);

	*ret = c.v;
	*ret_n = c.n;
	return rc;
}

const char *tk_coding_digest(struct tk_arena *a, const char *text)
{
	char hex[TK_SHA256_HEX];

	tk_sha256_hex(text, strlen(text), hex);
	return tk_strdup(a, hex);
}

bool tk_coded_as(const char *codes, const struct tk_code *c)
{
	size_t n = strlen(c->code);

	if (!c->group)
		return tk_has_word(codes, c->code);
	for (const char *p = codes; *(p += strspn(p, " ")); p += strcspn(p, " "))
		if (!strncmp(p, c->code, n) && p[n] == '.')
			return true;
	return false;
}

/* -- giving codes ------------------------------------------------------------------------------ */
/* Each once, in the order of the list. */
static enum tk_rc sorted(const struct tk_op *op, int64_t form_id, const char *item,
	const char *codes, const char **ret)
{
	const struct tk_code *list;
	size_t n, given = 0, known = 0;
	struct tk_buf b = TK_BUF(2000);
	enum tk_rc rc = tk_codes(op, form_id, item, &list, &n);

	for (const char *p = codes; *(p += strspn(p, " ")); p += strcspn(p, " ")) {
		const char *word = tk_strndup(op->mem, p, strcspn(p, " "));
		bool is = false;

		for (size_t i = 0; i < n; i++)
			is = is || (!list[i].group && !strcmp(list[i].code, word));
		if (rc == TK_OK && !is)
			rc = tk_fail(op->e, TK_EINVAL, "codes",
				N_("Item %s has no code \"%.60s\"; codes are written group.code."),
				item, word);
		given++;
	}
	for (size_t i = 0; i < n && rc == TK_OK; i++)
		if (!list[i].group && tk_has_word(codes, list[i].code)) {
			tk_buf_fmt(&b, "%s%s", known ? " " : "", list[i].code);
			known++;
		}
	*ret = tk_strdup(op->mem, known ? tk_buf_cstr(&b) : "");
	if (rc == TK_OK && (b.bad || given > n))
		rc = tk_fail(op->e, TK_EINVAL, "codes", N_("These are too many codes."));
	tk_buf_drop(&b);
	return rc;
}

static enum tk_rc answer_text(const struct tk_op *op, const struct campaign *c,
	int64_t respondent_id, const char *item, const char **ret)
{
	struct tk_response r = {0};
	int i;
	enum tk_rc rc = tk_response_of(op, respondent_id, &r);

	if (rc != TK_OK)
		return rc;
	if (r.campaign_id != c->rec.id || !r.institution_id || !tk_response_counts(r.state))
		return tk_fail(op->e, TK_ENOTFOUND, NULL,
			N_("There are no submitted answers of this institution."));
	i = tk_form_item_index(r.form, item);
	if (i < 0 || r.form->item[i].q != TK_Q_TEXT)
		return tk_fail(op->e, TK_ENOTFOUND, "item",
			N_("Item \"%.60s\" is no question with a free text."), item);
	if (r.answer[i].state != TK_ANSWER_VALUE)
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			N_("This institution has written nothing there."));
	*ret = r.answer[i].text;
	return TK_OK;
}

enum tk_rc tk_coding_give(const struct tk_op *op, const struct campaign *c, int64_t respondent_id,
	const char *item, const char *codes, int64_t version)
{
	struct coding now = {0};
	const struct tk_rtype *t = &tk_coding_type;
	const char *text = NULL, *list = "";
	int64_t form = 0, id = 0;
	enum tk_rc rc = answer_text(op, c, respondent_id, item, &text);

	if (rc == TK_OK)
		rc = tk_db_int(op->db, op->e, "SELECT form_id FROM form_version WHERE id = $1",
			TK_ARGS(TK_I(c->form_version_id)), 0, &form);
	if (rc == TK_OK)
		rc = sorted(op, form, item, codes, &list);
	if (rc == TK_OK)
		rc = tk_db_int(op->db, op->e,
			"SELECT id FROM coding WHERE respondent_id = $1 AND item = $2 AND "
			"deleted_at IS NULL",
			TK_ARGS(TK_I(respondent_id), TK_S(item)), 0, &id);
	if (rc == TK_OK && id)
		rc = tk_rec_load(op, t, id, &now);
	if (rc != TK_OK)
		return rc;
	if (now.rec.version != version)
		return tk_fail(op->e, TK_EVERSION, NULL,
			N_("Somebody else has coded this answer in the meantime; load it again."));
	if (!*list)
		return id ? tk_rec_delete(op, t, id, version) : TK_OK;
	tk_set_by(t, &now, "campaign_id", TK_I(c->rec.id));
	tk_set_by(t, &now, "respondent_id", TK_I(respondent_id));
	tk_set_by(t, &now, "item", TK_S(item));
	tk_set_by(t, &now, "codes", TK_S(list));
	tk_set_by(t, &now, "text_digest", TK_S(tk_coding_digest(op->mem, text)));
	return id ? tk_rec_update(op, t, &now, version) : tk_rec_insert(op, t, &now);
}
