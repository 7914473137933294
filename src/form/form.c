/* form.c - the record types of a questionnaire and the compiling of a version. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>
#include "base/hash.h"
#include "base/text.h"
#include "form/form.h"
#include "form/form_in.h"

static const struct tk_choice version_state[] = {
	{ "draft", N_("Draft") }, { "published", N_("Published") }, { 0 },
};
static const struct tk_choice item_kind[] = {
	{ "group", N_("Section") },
	{ "single", N_("Single choice") },
	{ "multi", N_("Multiple choice") },
	{ "int", N_("Whole number") },
	{ "decimal", N_("Decimal number") },
	{ "text", N_("Text") },
	{ "date", N_("Date") },
	{ "time", N_("Time of day") },
	{ "rank", N_("Order of choices") },
	{ "acknowledge", N_("Confirmation") },
	{ "note", N_("Explanation") },
	{ "calculate", N_("Calculation") },
	{ "hidden", N_("Hidden value") },
	{ "repeat", N_("Repeated section") },
	{ "meta", N_("Metadata") },
	{ "other", N_("Other kind") },
	{ 0 },
};

/* Codes become column names, file headings and names in conditions. */
static enum tk_rc check_code(struct tk_err *e, const struct tk_field *f, struct tk_value v)
{
	const char *s = v.s;

	if (strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.") !=
		    strlen(s) ||
	    strchr("0123456789-.", *s))
		return tk_fail(e, TK_EINVAL, f->name,
			       N_("%s: \"%.60s\" must begin with a letter and hold only letters, "
				  "digits, _, - and full stops."),
			       tk_tr(e->lang, f->label), s);
	return TK_OK;
}

/* XLSForm's names: letters of any script. */
static enum tk_rc check_name(struct tk_err *e, const struct tk_field *f, struct tk_value v)
{
	if (!tk_xname_valid(v.s))
		return tk_fail(e, TK_EINVAL, f->name,
			       N_("%s: \"%.60s\" must begin with a letter and hold only letters, "
				  "digits, _, - and full stops."),
			       tk_tr(e->lang, f->label), v.s);
	return TK_OK;
}

/* Several choices are written with blanks between. */
static enum tk_rc check_word(struct tk_err *e, const struct tk_field *f, struct tk_value v)
{
	if (!tk_xword_valid(v.s))
		return tk_fail(e, TK_EINVAL, f->name, N_("%s: \"%.60s\" must hold no blanks."),
			       tk_tr(e->lang, f->label), v.s);
	return TK_OK;
}

#define F struct form
static const struct tk_field form_field[] = {
	TK_TEXT(F, code, .label = N_("Code"), .flags = TK_REQUIRED | TK_UNIQUE | TK_LIST | TK_FIXED,
		.max = 60, .check = check_code),
	TK_TEXT(F, title_ja, .label = N_("Title (Japanese)"),
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH, .max = 200),
	TK_TEXT(F, title_en, .label = N_("Title (English)"), .flags = TK_LIST | TK_SEARCH,
		.max = 200),
};
#undef F
const struct tk_rtype tk_form_type = {
	.name = "form",
	.path = "forms",
	.table = "form",
	.label = N_("Questionnaire"),
	.label_plural = N_("Questionnaires"),
	.group = "survey",
	.size = sizeof(struct form),
	.field = form_field,
	.nfield = TK_LEN(form_field),
	.title = "title_ja",
	.order = "code",
	.flags = TK_T_TRAILED,
	.read = TK_P_FORM_READ,
	.write = TK_P_FORM_WRITE,
	.grade = 1,
};

#define F struct form_version
static const struct tk_field version_field[] = {
	TK_REF(F, form_id, .label = N_("Questionnaire"), .flags = TK_REQUIRED | TK_LIST | TK_FIXED,
	       .ref = &tk_form_type),
	TK_INT(F, number, .label = N_("Version"), .flags = TK_REQUIRED | TK_LIST | TK_FIXED,
	       .min = 1, .max = 9999),
	TK_ENUM(F, state, .label = N_("State"), .flags = TK_READONLY | TK_LIST,
		.choice = version_state),
	TK_TIME(F, published_at, .label = N_("Published at"), .flags = TK_READONLY | TK_LIST),
	TK_TEXT(F, digest, .label = N_("Digest"), .flags = TK_READONLY, .max = 64),
	TK_LONG(F, settings, .label = N_("Settings of the workbook"), .flags = TK_READONLY),
};
#undef F
static enum tk_rc version_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct form_version *v = now;

	if (was && !strcmp(((const struct form_version *)was)->state, "published"))
		return tk_fail(
			op->e, TK_ECONFLICT, NULL,
			N_("A published version is frozen. Copy it to a new draft to change it."));
	if (!was && !deleted)
		tk_set_by(&tk_form_version_type, v, "state", TK_S("draft"));
	return TK_OK;
}
const struct tk_rtype tk_form_version_type = {
	.name = "form_version",
	.path = "form-versions",
	.table = "form_version",
	.label = N_("Questionnaire version"),
	.label_plural = N_("Questionnaire versions"),
	.group = "survey",
	.size = sizeof(struct form_version),
	.field = version_field,
	.nfield = TK_LEN(version_field),
	.title = "number",
	.order = "-number",
	.read = TK_P_FORM_READ,
	.write = TK_P_FORM_WRITE,
	.grade = 1,
	.check = version_check,
	.flags = TK_T_TRAILED | TK_T_NO_IMPORT,
};

/* Rows of a published version can no longer be changed, made or deleted. */
static enum tk_rc only_draft(const struct tk_op *op, int64_t version_id)
{
	int64_t draft = 0;
	enum tk_rc rc = tk_db_int(op->db, op->e,
				  "SELECT 1 FROM form_version WHERE id = $1 AND state = 'draft'",
				  TK_ARGS(TK_I(version_id)), 0, &draft);

	if (rc == TK_OK && !draft)
		return tk_fail(
			op->e, TK_ECONFLICT, NULL,
			N_("A published version is frozen. Copy it to a new draft to change it."));
	return rc;
}

/* The index of the table would refuse it too, but could not say which code it is. */
static enum tk_rc code_is_free(const struct tk_op *op, const char *sql, int64_t version_id,
			       const char *code, const char *list, int64_t id)
{
	int64_t there = 0;
	enum tk_rc rc = TK_OK;

	if (code && list)
		rc = tk_db_int(op->db, op->e, sql,
			       TK_ARGS(TK_I(version_id), TK_S(code), TK_I(id), TK_S(list)), 0,
			       &there);
	if (rc == TK_OK && there)
		return tk_fail(op->e, TK_ECONFLICT, "code", N_("The code %s is used twice."), code);
	return rc;
}

/* Blanks and line ends around a text: a workbook would not give them back. */
static void trim_texts(const struct tk_op *op, const struct tk_rtype *t, void *rec)
{
	for (size_t i = 0; i < t->nfield; i++) {
		struct tk_value v = tk_get(t, rec, i);
		size_t n;

		if (v.type != TK_V_TEXT || !v.s)
			continue;
		n = strlen(v.s);
		while (n && strchr(" \t\r\n", v.s[n - 1]))
			n--;
		if (v.s[n] || strspn(v.s, " \t\r\n"))
			tk_set(t, rec, i,
			       n ? TK_S(tk_strndup(op->mem, v.s + strspn(v.s, " \t\r\n"),
						   n - strspn(v.s, " \t\r\n")))
				 : TK_NULL);
	}
}

static enum tk_rc item_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct form_item *it = now;
	bool choice = it->kind && (!strcmp(it->kind, "single") || !strcmp(it->kind, "multi") ||
				   !strcmp(it->kind, "rank"));
	bool imported =
		!was &&
		it->sheet_row; /* kept as it is; tk_form_check() says what is wrong with it */
	struct tk_expr *x;
	enum tk_rc rc = only_draft(op, it->form_version_id);

	if (rc != TK_OK || deleted)
		return rc;
	if (was && ((const struct form_item *)was)->form_version_id != it->form_version_id)
		return tk_fail(op->e, TK_EINVAL, "form_version_id",
			       N_("A row cannot be moved to another version."));
	if (!imported)
		trim_texts(op, &tk_form_item_type, it);
	if (!imported && !choice)
		tk_set_by(&tk_form_item_type, it, "list", TK_NULL);
	if (was) /* what the file had wrong is looked at again by whoever edits it */
		tk_set_by(&tk_form_item_type, it, "problem", TK_NULL);
	if (it->required && !tk_is_blank(it->required_expr))
		return tk_fail(op->e, TK_EINVAL, "required_expr",
			       N_("An answer is required always or only if a condition holds, not "
				  "both."));
	if (!imported && choice && tk_is_blank(it->list))
		return tk_fail(op->e, TK_EINVAL, "list", N_("Name the list of choices."));
	if (!imported && !tk_is_blank(it->relevant) &&
	    tk_expr_parse(op->mem, it->relevant, &x, op->e) != TK_OK) {
		snprintf(op->e->field, sizeof(op->e->field), "relevant");
		return TK_EINVAL;
	}
	return code_is_free(op,
			    "SELECT 1 FROM form_item WHERE form_version_id = $1 AND code = $2 AND "
			    "id <> $3 AND $4 = '' AND deleted_at IS NULL",
			    it->form_version_id, it->code, "", it->rec.id);
}

#define F struct form_item
static const struct tk_field item_field[] = {
	TK_REF(F, form_version_id, .label = N_("Questionnaire version"),
	       .flags = TK_REQUIRED | TK_FIXED, .ref = &tk_form_version_type),
	TK_INT(F, sort, .label = N_("Order"), .flags = TK_REQUIRED | TK_LIST, .min = 0,
	       .max = 1000000),
	TK_ENUM(F, kind, .label = N_("Kind"), .flags = TK_REQUIRED | TK_LIST, .choice = item_kind),
	TK_TEXT(F, code, .label = N_("Item code"), .flags = TK_REQUIRED | TK_LIST, .max = 60,
		.check = check_name),
	TK_TEXT(F, group_code, .label = N_("Section"), .flags = TK_LIST, .max = 60),
	TK_LONG(F, label_ja, .label = N_("Text (Japanese)"),
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH, .max = 2000),
	TK_LONG(F, label_en, .label = N_("Text (English)"), .flags = TK_SEARCH, .max = 2000),
	TK_LONG(F, hint_ja, .label = N_("Hint (Japanese)"), .max = 2000),
	TK_LONG(F, hint_en, .label = N_("Hint (English)"), .max = 2000),
	TK_TEXT(F, audience, .label = N_("Audience"), .flags = TK_LIST, .max = 1000,
		.help = N_("all_staff, division_head, system_admin, another role, or a rule such "
			   "as ${post} = '...'")),
	TK_TEXT(F, clause, .label = N_("Clause"), .max = 200),
	TK_BOOL(F, required, .label = N_("Required")),
	TK_TEXT(F, relevant, .label = N_("Asked only if"), .max = 4000),
	TK_TEXT(F, list, .label = N_("List of choices"), .max = 60),
	TK_BOOL(F, not_applicable, .label = N_("Not applicable may be answered")),
	TK_BOOL(F, dont_know, .label = N_("Don't know may be answered")),
	TK_BOOL(F, evidence, .label = N_("Evidence file may be added")),
	TK_INT(F, min_value, .label = N_("Smallest value"), .min = -1000000000000,
	       .max = 1000000000000),
	TK_INT(F, max_value, .label = N_("Largest value"), .min = -1000000000000,
	       .max = 1000000000000),
	TK_TEXT(F, constraint_expr, .label = N_("Accepted only if"), .max = 4000),
	TK_TEXT(F, constraint_ja, .label = N_("Said when not accepted (Japanese)"), .max = 400),
	TK_TEXT(F, constraint_en, .label = N_("Said when not accepted (English)"), .max = 400),
	TK_TEXT(F, required_ja, .label = N_("Said when missing (Japanese)"), .max = 400),
	TK_TEXT(F, required_en, .label = N_("Said when missing (English)"), .max = 400),
	TK_TEXT(F, required_expr, .label = N_("Required only if"), .max = 4000),
	TK_TEXT(F, calculation, .label = N_("Calculated as"), .max = 4000),
	TK_TEXT(F, default_value, .label = N_("Answer to begin with"), .max = 4000),
	TK_TEXT(F, appearance, .label = N_("Appearance"), .max = 200),
	TK_TEXT(F, parameters, .label = N_("Parameters"), .max = 400),
	TK_TEXT(F, choice_filter, .label = N_("Filter of choices"), .max = 4000),
	TK_TEXT(F, repeat_count, .label = N_("Number of repeats"), .max = 4000),
	TK_TEXT(F, trigger_on, .label = N_("Triggered by"), .max = 400),
	TK_LONG(F, guidance_ja, .label = N_("More on it (Japanese)"), .max = 4000),
	TK_LONG(F, guidance_en, .label = N_("More on it (English)"), .max = 4000),
	TK_TEXT(F, xls_type, .label = N_("Type in the workbook"), .flags = TK_READONLY, .max = 200),
	TK_LONG(F, extra, .label = N_("Other columns of the workbook"), .flags = TK_READONLY),
	TK_LONG(F, problem, .label = N_("Problems in the workbook"), .flags = TK_READONLY),
	TK_INT(F, sheet_row, .label = N_("Row in the workbook"), .flags = TK_READONLY, .min = 0,
	       .max = 1048576),
};
#undef F
const struct tk_rtype tk_form_item_type = {
	.name = "form_item",
	.path = "form-items",
	.table = "form_item",
	.label = N_("Inspection item"),
	.label_plural = N_("Inspection items"),
	.group = "survey",
	.size = sizeof(struct form_item),
	.field = item_field,
	.nfield = TK_LEN(item_field),
	.title = "code",
	.order = "sort",
	.read = TK_P_FORM_READ,
	.write = TK_P_FORM_WRITE,
	.grade = 1,
	.check = item_check,
	.flags = TK_T_TRAILED | TK_T_NO_IMPORT,
};

static enum tk_rc choice_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	const struct choice *ch = now;
	enum tk_rc rc = only_draft(op, ch->form_version_id);

	if (was || !ch->sheet_row)
		trim_texts(op, &tk_choice_type, now);
	if (was)
		tk_set_by(&tk_choice_type, now, "problem", TK_NULL);
	if (rc != TK_OK || deleted)
		return rc;
	return code_is_free(op,
			    "SELECT 1 FROM choice WHERE form_version_id = $1 AND code = $2 AND id "
			    "<> $3 AND list = $4 AND deleted_at IS NULL",
			    ch->form_version_id, ch->code, ch->list, ch->rec.id);
}

/* Columns of a choice besides its own: an object of texts. */
static enum tk_rc check_columns(struct tk_err *e, const struct tk_field *f, struct tk_value v)
{
	struct tk_arena *a = tk_arena_new(1 << 20);
	struct tk_err quiet = { 0 };
	struct cJSON *o = NULL;
	const cJSON *c = NULL;
	bool good = tk_json_parse(a, v.s, strlen(v.s), &o, &quiet) == TK_OK && cJSON_IsObject(o);

	cJSON_ArrayForEach(c, o)
		good = good && cJSON_IsString(c);
	tk_arena_free(a);
	return good ? TK_OK
		    : tk_fail(e, TK_EINVAL, f->name,
			      N_("%s: write a JSON object of texts, such as {\"pref\":\"13\"}."),
			      tk_tr(e->lang, f->label));
}

#define F struct choice
static const struct tk_field choice_field[] = {
	TK_REF(F, form_version_id, .label = N_("Questionnaire version"),
	       .flags = TK_REQUIRED | TK_FIXED, .ref = &tk_form_version_type),
	TK_TEXT(F, list, .label = N_("List of choices"), .flags = TK_REQUIRED | TK_LIST, .max = 60,
		.check = check_word),
	TK_TEXT(F, code, .label = N_("Code"), .flags = TK_REQUIRED | TK_LIST, .max = 60,
		.check = check_word),
	TK_TEXT(F, label_ja, .label = N_("Text (Japanese)"), .flags = TK_REQUIRED | TK_LIST,
		.max = 500),
	TK_TEXT(F, label_en, .label = N_("Text (English)"), .flags = TK_LIST, .max = 500),
	TK_INT(F, sort, .label = N_("Order"), .flags = TK_REQUIRED | TK_LIST, .min = 0,
	       .max = 1000000),
	TK_LONG(F, extra, .label = N_("Other columns of the workbook"), .max = 20000,
		.check = check_columns,
		.help = N_("What filters of choices look at, as {\"column\":\"text\"}.")),
	TK_LONG(F, problem, .label = N_("Problems in the workbook"), .flags = TK_READONLY),
	TK_INT(F, sheet_row, .label = N_("Row in the workbook"), .flags = TK_READONLY, .min = 0,
	       .max = 1048576),
};
#undef F
const struct tk_rtype tk_choice_type = {
	.name = "choice",
	.path = "choices",
	.table = "choice",
	.label = N_("Choice"),
	.label_plural = N_("Choices"),
	.group = "survey",
	.size = sizeof(struct choice),
	.field = choice_field,
	.nfield = TK_LEN(choice_field),
	.title = "code",
	.order = "sort",
	.read = TK_P_FORM_READ,
	.write = TK_P_FORM_WRITE,
	.grade = 1,
	.check = choice_check,
	.flags = TK_T_TRAILED | TK_T_NO_IMPORT,
};

const char *tk_in(enum tk_lang lang, const char *ja, const char *en)
{
	return lang == TK_EN && en && *en ? en : ja;
}

static size_t slot_of(const struct tk_form *f, const char *code)
{
	uint32_t h = 2166136261u;       /* FNV-1a */

	for (; *code; code++)
		h = (h ^ (unsigned char)*code) * 16777619u;
	return (h ^ h >> 15) & (f->nslot - 1);
}

void tk_form_index(struct tk_form *f, struct tk_arena *a)
{
	uint16_t *slot;

	for (f->nslot = 16; f->nslot < f->nitem * 2; f->nslot *= 2)
		;
	slot = tk_alloc_n(a, f->nslot, sizeof(*slot));
	for (size_t i = 0; i < f->nitem; i++) {
		size_t at = slot_of(f, f->item[i].code);

		while (slot[at])
			at = (at + 1) & (f->nslot - 1);
		slot[at] = (uint16_t)(i + 1);
	}
	f->slot = slot;
}

int tk_form_item_index(const struct tk_form *f, const char *code)
{
	for (size_t at = f->nslot ? slot_of(f, code) : 0; f->nslot; at = (at + 1) & (f->nslot - 1))
		if (!f->slot[at] || !strcmp(f->item[f->slot[at] - 1].code, code))
			return f->slot[at] - 1;
	for (size_t i = 0; i < f->nitem; i++)
		if (!strcmp(f->item[i].code, code))
			return (int)i;
	return -1;
}

int tk_item_option(const struct tk_item *it, const char *code)
{
	for (unsigned i = 0; i < it->noption; i++)
		if (!strcmp(it->option[i].code, code))
			return (int)i;
	return -1;
}

/* -- audiences --------------------------------------------------------------------------------- */
bool tk_has_word(const char *words, const char *w)
{
	size_t n = strlen(w);

	for (const char *p = words; p && (p = strstr(p, w)); p += n)
		if ((p == words || p[-1] == ' ') && (!p[n] || p[n] == ' '))
			return true;
	return false;
}

static const struct { const char *name; size_t offset; } person_word[] = {
#define W(name, member) { name, offsetof(struct tk_subject, member) }
	W("role", roles),         W("roles", roles),
	W("bureau", bureau),      W("bureau_code", bureau_code),
	W("division", division),  W("division_code", division_code),
	W("post", post),          W("institution", institution),
	W("sector", sector),      W("prefecture", prefecture),
	W("attribute", attributes),
#undef W
};

static int word_index(const char *name)
{
	for (size_t i = 0; i < TK_LEN(person_word); i++)
		if (!strcmp(person_word[i].name, name))
			return (int)i;
	return -1;
}

bool tk_person_word(const char *name)
{
	return word_index(name) >= 0;
}

bool tk_person_value(const struct tk_subject *p, const char *name, struct tk_xval *ret)
{
	int i = word_index(name);
	const char *s = NULL;

	if (i < 0)
		return false;
	memcpy(&s, (const char *)p + person_word[i].offset, sizeof(s));
	*ret = tk_xstr(s ? s : "");
	return true;
}

static bool person_value(void *ctx, const char *name, struct tk_xval *ret)
{
	return tk_person_value(ctx, name, ret);
}

bool tk_person_matches(const struct tk_expr *rule, const struct tk_subject *p, struct tk_arena *a)
{
	struct tk_xenv env = { .get = person_value, .ctx = (void *)(uintptr_t)p };

	return tk_expr_true(rule, &env, a);
}

enum tk_rc tk_person_rule(struct tk_arena *a, const char *text, struct tk_expr **ret,
			  struct tk_err *e)
{
	size_t n;
	enum tk_rc rc = tk_expr_parse(a, text, ret, e);
	const char *const *name;

	if (rc != TK_OK)
		return rc;
	name = tk_expr_names(*ret, &n);
	for (size_t i = 0; i < n; i++)
		if (!tk_person_word(name[i]))
			return tk_fail(
				e, TK_EINVAL, name[i],
				N_("A rule about respondents knows ${role}, ${bureau}, "
				   "${bureau_code}, ${division}, ${division_code}, ${post}, and of "
				   "institutions ${institution}, ${sector}, ${prefecture}, "
				   "${attribute}, but not ${%.40s}."),
				name[i]);
	return TK_OK;
}

uint64_t tk_form_audiences(const struct tk_form *f, const struct tk_subject *p, struct tk_arena *a)
{
	uint64_t mask = 0;

	for (size_t i = 0; i < f->naudience; i++) {
		const struct tk_form_audience *au = &f->audience[i];
		bool in = au->rule ? tk_person_matches(au->rule, p, a)
				   : tk_has_word(p->roles, au->code);

		mask |= (uint64_t)in << i;
	}
	return mask;
}
