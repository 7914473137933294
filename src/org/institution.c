/* institution.c - the record types of the panel, and the panel on a day. */
#include <string.h>
#include "base/text.h"
#include "org/institution.h"

#define FLD(S, a) .field = a, .nfield = TK_LEN(a), .size = sizeof(struct S)

static bool all_digits(const char *s, size_t n)
{
	return strlen(s) == n && strspn(s, "0123456789") == n;
}

bool tk_corporate_number_ok(const char *d)
{
	int sum = 0;

	if (!all_digits(d, 13))
		return false;
	for (int i = 0; i < 12; i++)    /* from the right: weights 1 2 1 2 ... */
		sum += (d[12 - i] - '0') * (i % 2 ? 2 : 1);
	return d[0] - '0' == 9 - sum % 9;
}

static enum tk_rc check_corporate(struct tk_err *e, const struct tk_field *f, struct tk_value v)
{
	if (!all_digits(v.s, 13))
		return tk_fail(e, TK_EINVAL, f->name,
			       N_("A corporate number has 13 digits; \"%.40s\" has not."), v.s);
	if (!tk_corporate_number_ok(v.s))
		return tk_fail(e, TK_EINVAL, f->name,
			       N_("%.13s is no corporate number: its first digit does not fit the "
				  "other twelve. Check for a digit mistyped or exchanged."),
			       v.s);
	return TK_OK;
}

static enum tk_rc check_bank(struct tk_err *e, const struct tk_field *f, struct tk_value v)
{
	if (!all_digits(v.s, 4))
		return tk_fail(e, TK_EINVAL, f->name,
			       N_("A bank code has four digits with its leading zeros, such as "
				  "0001; \"%.40s\" has not."),
			       v.s);
	return TK_OK;
}

/* Words of rules: they stand between blanks and beside an equals sign. */
static enum tk_rc check_word(struct tk_err *e, const struct tk_field *f, struct tk_value v)
{
	if (strpbrk(v.s, " =\t\n'\""))
		return tk_fail(e, TK_EINVAL, f->name,
			       N_("\"%.40s\": write one word, without blanks, equals signs and "
				  "quotation marks."),
			       v.s);
	return TK_OK;
}

static void plain(const struct tk_op *op, const struct tk_rtype *t, void *rec, const char *field,
		  char *(*form)(struct tk_arena *, const char *))
{
	struct tk_value v = tk_get_by(t, rec, field);

	if (v.type == TK_V_TEXT)
		tk_set_by(t, rec, field, tk_is_blank(v.s) ? TK_NULL : TK_S(form(op->mem, v.s)));
}

static char *compact(struct tk_arena *a, const char *s)
{
	return tk_unblank(a, tk_narrow(a, s));
}

static enum tk_rc still_named(const struct tk_op *op, const char *sql, int64_t id, const char *msg)
{
	int64_t n = 0;
	enum tk_rc rc = tk_db_int(op->db, op->e, sql, TK_ARGS(TK_I(id)), 0, &n);

	if (rc == TK_OK && n > 0)
		return tk_fail(op->e, TK_ECONFLICT, NULL, "%s", tk_tr(op->e->lang, msg));
	return rc;
}

/* -- sector ------------------------------------------------------------------------------------ */
static const char *const sector_alias[] = { "業態", NULL };
static const struct tk_field sector_field[] = {
	TK_TEXT(struct tk_sector, code, .label = N_("Code"), .check = check_word,
		.flags = TK_REQUIRED | TK_UNIQUE | TK_LIST | TK_SEARCH, .max = 60),
	TK_TEXT(struct tk_sector, name, .label = N_("Sector"), .alias = sector_alias,
		.flags = TK_REQUIRED | TK_UNIQUE | TK_LIST | TK_SEARCH, .max = 200),
	TK_TEXT(struct tk_sector, name_en, .label = N_("English name"),
		.flags = TK_LIST | TK_SEARCH, .max = 200),
	TK_INT(struct tk_sector, sort, .label = N_("Order"),
	       .help = N_("Smaller numbers stand first. Left empty: at the end.")),
	TK_TEXT(struct tk_sector, note, .label = N_("Note"), .max = 500,
		.help = N_("Printed under the tables, such as who of this kind is not asked.")),
};

static enum tk_rc sector_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct tk_sector *s = now;
	int64_t last = 0;
	enum tk_rc rc;

	(void)was;
	if (deleted)
		return still_named(op,
				   "SELECT COUNT(*) FROM institution WHERE sector_id = $1 AND "
				   "deleted_at IS NULL",
				   s->rec.id,
				   N_("This sector still has institutions. Move them first."));
	plain(op, &tk_sector, s, "code", tk_squeeze);
	plain(op, &tk_sector, s, "name", tk_squeeze);
	if (tk_get_by(&tk_sector, s, "sort").type != TK_V_NULL)
		return TK_OK;
	rc = tk_db_int(op->db, op->e, "SELECT MAX(sort) FROM sector WHERE deleted_at IS NULL", NULL,
		       0, 0, &last);
	tk_set_by(&tk_sector, s, "sort", TK_I(last + 10));
	return rc;
}

const struct tk_rtype tk_sector = {
	.name = "sector",
	.path = "sectors",
	.table = "sector",
	.label = N_("Sector"),
	.label_plural = N_("Sectors"),
	.group = "panel",
	FLD(tk_sector, sector_field),
	.title = "name",
	.order = "sort",
	.read = TK_P_PANEL_READ,
	.write = TK_P_PANEL_MANAGE,
	.grade = 1,
	.check = sector_check,
};

/* -- institution ------------------------------------------------------------------------------- */
static const char *const code_alias[] = { "コード", "機関コード", "institution", NULL };
static const char *const name_alias[] = { "名称", "機関名", "金融機関名", "先名", "商号", NULL };
static const char *const kana_alias[] = { "カナ", "フリガナ", "ふりがな", NULL };
static const char *const corporate_alias[] = { "法人番号", NULL };
static const char *const bank_alias[] = { "金融機関コード", "銀行コード", "統一金融機関コード",
					  NULL };
static const char *const prefecture_alias[] = { "都道府県", "本店所在地", "所在地", NULL };
static const char *const joined_alias[] = { "対象開始日", NULL };
static const char *const left_alias[] = { "対象終了日", NULL };
static const char *const note_alias[] = { "備考", NULL };
static const struct tk_field institution_field[] = {
	TK_TEXT(struct tk_institution, code, .label = N_("Institution code"), .alias = code_alias,
		.flags = TK_REQUIRED | TK_UNIQUE | TK_LIST | TK_SEARCH | TK_PLAIN, .max = 40,
		.check = check_word, .help = N_("What files and tables know the institution by.")),
	TK_TEXT(struct tk_institution, name, .label = N_("Institution"), .alias = name_alias,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH, .max = 200),
	TK_TEXT(struct tk_institution, kana, .label = N_("Kana"), .alias = kana_alias,
		.flags = TK_SEARCH, .max = 200),
	TK_TEXT(struct tk_institution, name_en, .label = N_("English name"), .flags = TK_SEARCH,
		.max = 200),
	TK_TEXT(struct tk_institution, corporate_number, .label = N_("Corporate number"),
		.alias = corporate_alias, .max = 40,
		.flags = TK_UNIQUE | TK_LIST | TK_SEARCH | TK_PLAIN,
		.check = check_corporate,
		.help = N_("13 digits; the first is a check digit.")),
	TK_TEXT(struct tk_institution, bank_code, .label = N_("Bank code"), .alias = bank_alias,
		.flags = TK_LIST | TK_SEARCH | TK_PLAIN, .max = 40, .check = check_bank,
		.help = N_("Four digits with leading zeros.")),
	TK_REF(struct tk_institution, sector_id, .label = N_("Sector"), .alias = sector_alias,
	       .ref = &tk_sector, .flags = TK_REQUIRED | TK_LIST),
	TK_ENUM(struct tk_institution, prefecture, .label = N_("Prefecture"),
		.alias = prefecture_alias, .choice = tk_prefecture, .flags = TK_LIST),
	TK_DATE(struct tk_institution, joined_on, .label = N_("In the panel from"),
		.alias = joined_alias),
	TK_DATE(struct tk_institution, left_on, .label = N_("Left the panel on"),
		.alias = left_alias,
		.help = N_("The first day on which it is no longer asked.")),
	TK_TEXT(struct tk_institution, note, .label = N_("Note"), .alias = note_alias,
		.max = 2000),
};

static enum tk_rc institution_check(const struct tk_op *op, const void *was, void *now,
				    bool deleted)
{
	const struct tk_rtype *t = &tk_institution;
	struct tk_institution *n = now;

	(void)was;
	if (deleted)
		return TK_OK;           /* what refers to it refuses */
	plain(op, t, n, "code", compact);
	plain(op, t, n, "name", tk_squeeze);
	plain(op, t, n, "corporate_number", compact);
	plain(op, t, n, "bank_code", compact);
	if (n->joined_on && n->left_on && strcmp(n->left_on, n->joined_on) < 0)
		return tk_fail(op->e, TK_EINVAL, "left_on",
			       N_("The institution left on %s, before it joined on %s."),
			       n->left_on, n->joined_on);
	return TK_OK;
}

const struct tk_rtype tk_institution = {
	.name = "institution",
	.path = "institutions",
	.table = "institution",
	.label = N_("Institution"),
	.label_plural = N_("Institutions"),
	.group = "panel",
	FLD(tk_institution, institution_field),
	.title = "name",
	.order = "code",
	.read = TK_P_PANEL_READ,
	.write = TK_P_PANEL_MANAGE,
	.grade = 2,
	.check = institution_check,
};

/* -- attributes over time ---------------------------------------------------------------------- */
static const struct tk_field attribute_field[] = {
	TK_REF(struct tk_institution_attribute, institution_id, .label = N_("Institution"),
	       .alias = code_alias, .ref = &tk_institution, .flags = TK_REQUIRED | TK_LIST),
	TK_TEXT(struct tk_institution_attribute, name, .label = N_("Attribute"),
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH, .max = 60, .check = check_word),
	TK_TEXT(struct tk_institution_attribute, value, .label = N_("Value"), .max = 60,
		.flags = TK_LIST, .check = check_word,
		.help = N_("Empty: the attribute is a plain mark.")),
	TK_DATE(struct tk_institution_attribute, from_on, .label = N_("From"),
		.flags = TK_REQUIRED | TK_LIST),
	TK_DATE(struct tk_institution_attribute, to_on, .label = N_("Until"), .flags = TK_LIST,
		.help = N_("The last day; empty: until further notice.")),
};

/* One value at a time: what a rule asks for must have one answer on each day. */
static enum tk_rc attribute_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct tk_institution_attribute *x = now;
	int64_t n = 0;
	enum tk_rc rc;

	(void)was;
	if (deleted)
		return TK_OK;
	plain(op, &tk_institution_attribute, x, "name", tk_squeeze);
	plain(op, &tk_institution_attribute, x, "value", tk_squeeze);
	if (x->to_on && x->from_on && strcmp(x->to_on, x->from_on) < 0)
		return tk_fail(op->e, TK_EINVAL, "to_on",
			       N_("The last day is before the first."));
	rc = tk_db_int(op->db, op->e,
		       "SELECT COUNT(*) FROM institution_attribute WHERE institution_id = $1 AND "
		       "name = $2 AND id <> $3 AND deleted_at IS NULL"
		       " AND from_on <= $4 AND (to_on IS NULL OR to_on >= $5)",
		       TK_ARGS(TK_I(x->institution_id), TK_S(x->name), TK_I(x->rec.id),
			       TK_S(x->to_on ? x->to_on : "9999-12-31"), TK_S(x->from_on)),
		       0, &n);
	if (rc == TK_OK && n)
		return tk_fail(op->e, TK_ECONFLICT, "from_on",
			       N_("The attribute %.40s has another value in a part of this time. "
				  "End that one first."),
			       x->name);
	return rc;
}

const struct tk_rtype tk_institution_attribute = {
	.name = "institution_attribute",
	.path = "institution-attributes",
	.table = "institution_attribute",
	.label = N_("Attribute of an institution"),
	.label_plural = N_("Attributes of institutions"),
	.group = "panel",
	FLD(tk_institution_attribute, attribute_field),
	.order = "name",
	.read = TK_P_PANEL_READ,
	.write = TK_P_PANEL_MANAGE,
	.grade = 2,
	.check = attribute_check,
};

/* -- contacts ---------------------------------------------------------------------------------- */
static const char *const person_alias[] = { "担当者", "担当者名", "氏名", NULL };
static const char *const department_alias[] = { "部署", "担当部署", "所属", NULL };
static const char *const mail_alias[] = { "メールアドレス", "メール", "e-mail", "mail", NULL };
static const char *const phone_alias[] = { "電話番号", "電話", "tel", NULL };
static const struct tk_field contact_field[] = {
	TK_REF(struct tk_contact, institution_id, .label = N_("Institution"), .alias = code_alias,
	       .ref = &tk_institution, .flags = TK_REQUIRED | TK_LIST),
	TK_TEXT(struct tk_contact, name, .label = N_("Name"), .alias = person_alias,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH, .max = 200),
	TK_TEXT(struct tk_contact, kana, .label = N_("Kana"), .alias = kana_alias, .max = 200),
	TK_TEXT(struct tk_contact, department, .label = N_("Department"),
		.alias = department_alias, .flags = TK_LIST, .max = 200),
	TK_MAIL(struct tk_contact, mail, .label = N_("Mail address"), .alias = mail_alias,
		.flags = TK_LIST | TK_SEARCH, .max = 254),
	TK_TEXT(struct tk_contact, phone, .label = N_("Telephone"), .alias = phone_alias,
		.max = 60),
	TK_BOOL(struct tk_contact, coordinator, .label = N_("Coordinator"), .flags = TK_LIST,
		.help = N_("Receives the institution's mail and submits for it.")),
};

static enum tk_rc contact_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct tk_contact *c = now;

	(void)was;
	if (deleted)
		return TK_OK;
	plain(op, &tk_contact, c, "name", tk_squeeze);
	plain(op, &tk_contact, c, "mail", compact);
	if (tk_get_by(&tk_contact, c, "coordinator").type == TK_V_NULL)
		tk_set_by(&tk_contact, c, "coordinator", TK_I(0));
	return TK_OK;
}

const struct tk_rtype tk_contact = {
	.name = "contact",
	.path = "contacts",
	.table = "contact",
	.label = N_("Contact person"),
	.label_plural = N_("Contact persons"),
	.group = "panel",
	FLD(tk_contact, contact_field),
	.title = "name",
	.order = "name",
	.read = TK_P_PANEL_READ,
	.write = TK_P_PANEL_MANAGE,
	.grade = 2,
	.check = contact_check,
};

/* -- the panel on a day ------------------------------------------------------------------------ */
/* Rows come institution by institution, one for each attribute of the day (or one without). */
struct gather {
	const struct tk_op *op;
	tk_panel_fn fn;
	void *ctx;
	struct tk_arena *tmp;
	struct tk_panel_row row;
	struct tk_buf words;
};

static enum tk_rc flush(struct gather *g)
{
	enum tk_rc rc = TK_OK;

	if (g->row.id) {
		g->row.attributes = g->words.len ? tk_buf_cstr(&g->words) : NULL;
		rc = g->fn(g->ctx, &g->row);
	}
	g->row = (struct tk_panel_row){ 0 };
	tk_buf_drop(&g->words);
	g->words = TK_BUF(1 << 16);
	tk_arena_reset(g->tmp);
	return rc;
}

static enum tk_rc panel_row(void *ctx, const struct tk_value *v, size_t n)
{
	struct gather *g = ctx;
	enum tk_rc rc = TK_OK;

	(void)n;
	if (g->row.id != v[0].i) {
		if ((rc = flush(g)) != TK_OK)
			return rc;
		g->row = (struct tk_panel_row){
			.id = v[0].i,
			.sector_id = v[4].i,
			.code = tk_strdup(g->tmp, v[1].s),
			.name = tk_strdup(g->tmp, v[2].s),
			.kana = tk_strdup(g->tmp, v[3].s),
			.sector = tk_strdup(g->tmp, v[5].s),
			.prefecture = tk_strdup(g->tmp, v[6].s),
			.mail = tk_strdup(g->tmp, v[7].s),
		};
	}
	if (v[8].type == TK_V_TEXT)
		tk_buf_fmt(&g->words, "%s%s%s%s", g->words.len ? " " : "", v[8].s,
			   v[9].type == TK_V_TEXT ? "=" : "",
			   v[9].type == TK_V_TEXT ? v[9].s : "");
	return rc;
}

enum tk_rc tk_panel_each(const struct tk_op *op, const char *day, tk_panel_fn fn, void *ctx)
{
	struct gather g = { .op = op, .fn = fn, .ctx = ctx, .tmp = tk_arena_new(1 << 20),
			    .words = TK_BUF(1 << 16) };
	enum tk_rc rc = tk_db_run(
		op->db, op->e,
		"SELECT i.id, i.code, i.name, i.kana, i.sector_id, s.code, i.prefecture,"
		" (SELECT c.mail FROM contact c WHERE c.institution_id = i.id AND c.deleted_at IS "
		"NULL AND c.mail IS NOT NULL ORDER BY c.coordinator DESC, c.id LIMIT 1),"
		" a.name, a.value FROM institution i JOIN sector s ON s.id = i.sector_id"
		" LEFT JOIN institution_attribute a ON a.institution_id = i.id AND a.deleted_at IS "
		"NULL AND a.from_on <= $1 AND (a.to_on IS NULL OR a.to_on >= $1)"
		" WHERE i.deleted_at IS NULL AND (i.joined_on IS NULL OR i.joined_on <= $1)"
		" AND (i.left_on IS NULL OR i.left_on > $1) ORDER BY i.id, a.name, a.id",
		TK_ARGS(TK_S(day)), panel_row, &g);

	if (rc == TK_OK)
		rc = flush(&g);
	tk_buf_drop(&g.words);
	tk_arena_free(g.tmp);
	return rc;
}
