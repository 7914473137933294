/* org.c - the record types: fields, and what must hold across them. */
#include <string.h>
#include "base/text.h"
#include "org/institution.h"
#include "org/org.h"
#include "org/role.h"

#define FLD(S, a) .field = a, .nfield = TK_LEN(a), .size = sizeof(struct S)

static enum tk_rc next_sort(const struct tk_op *op, const char *sql, struct tk_value v,
			    int64_t *ret)
{
	enum tk_rc rc = tk_db_int(op->db, op->e, sql, &v, v.type == TK_V_NULL ? 0 : 1, 0, ret);

	*ret += 10;
	return rc;
}

/* Refuses to delete what is still in use. */
static enum tk_rc still_used(const struct tk_op *op, const char *sql, int64_t id, const char *msg)
{
	int64_t n = 0;
	enum tk_rc rc = tk_db_int(op->db, op->e, sql, TK_ARGS(TK_I(id)), 0, &n);

	if (rc == TK_OK && n > 0)
		rc = tk_fail(op->e, TK_ECONFLICT, NULL, "%s", tk_tr(op->e->lang, msg));
	return rc;
}

/* -- fiscal year ------------------------------------------------------------------------------- */
static const struct tk_choice year_state[] = {
	{ "planned", N_("Planned") },
	{ "running", N_("Running") },
	{ "inspecting", N_("Under inspection") },
	{ "compiling", N_("Being compiled") },
	{ "published", N_("Report published") },
	{ 0 },
};

static const char *const year_alias[] = { "年度", NULL };
static const struct tk_field year_field[] = {
	TK_INT(struct tk_fiscal_year, year, .label = N_("Fiscal year"), .min = 1950, .max = 2200,
	       .alias = year_alias, .flags = TK_REQUIRED | TK_UNIQUE | TK_LIST | TK_FIXED,
	       .help = N_("The year in which it begins (April)."), ),
	TK_TEXT(struct tk_fiscal_year, name, .label = N_("Year as printed"),
		.flags = TK_READONLY | TK_LIST),
	TK_DATE(struct tk_fiscal_year, starts_on, .label = N_("First day"), .flags = TK_LIST,
		.help = N_("1 April if left empty.")),
	TK_DATE(struct tk_fiscal_year, ends_on, .label = N_("Last day"), .flags = TK_LIST,
		.help = N_("31 March of the next year if left empty.")),
	TK_ENUM(struct tk_fiscal_year, state, .label = N_("State"), .flags = TK_LIST,
		.choice = year_state),
	TK_DATE(struct tk_fiscal_year, base_date, .label = N_("Base date"), .flags = TK_LIST,
		.help = N_("The day on which the staff of the year are counted.")),
};

static char *iso_of(struct tk_arena *a, int y, int m, int d)
{
	char *s = tk_alloc(a, 11);

	tk_date_iso((struct tk_date){ y, m, d }, s);
	return s;
}

static enum tk_rc year_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	const struct tk_rtype *t = &tk_fiscal_year_type;
	struct tk_fiscal_year *y = now;

	(void)was;
	if (deleted || y->year < 1950 || y->year > 2200)
		return TK_OK;           /* the field's own limits say so */
	tk_set_by(t, y, "name", TK_S(tk_fiscal_year_print(op->mem, TK_JA, (int)y->year)));
	if (!y->starts_on)
		tk_set_by(t, y, "starts_on", TK_S(iso_of(op->mem, (int)y->year, 4, 1)));
	if (!y->ends_on)
		tk_set_by(t, y, "ends_on", TK_S(iso_of(op->mem, (int)y->year + 1, 3, 31)));
	if (!y->state)
		tk_set_by(t, y, "state", TK_S("planned"));
	if (strcmp(y->starts_on, y->ends_on) > 0)
		return tk_fail(op->e, TK_EINVAL, "ends_on",
			       N_("The last day must not be before the first day."));
	return TK_OK;
}

const struct tk_rtype tk_fiscal_year_type = {
	.name = "fiscal_year",
	.path = "fiscal-years",
	.table = "fiscal_year",
	.label = N_("Fiscal year"),
	.label_plural = N_("Fiscal years"),
	.group = "organisation",
	FLD(tk_fiscal_year, year_field),
	.title = "name",
	.order = "-year",
	.flags = TK_T_TRAILED,
	.read = TK_P_ORG_READ,
	.write = TK_P_ORG_WRITE,
	.grade = 1,
	.check = year_check,
};

/* -- bureau and division ----------------------------------------------------------------------- */
static const char *const bureau_alias[] = { "局等", "局", "部局", NULL };
static const struct tk_field bureau_field[] = {
	TK_TEXT(struct tk_bureau, code, .label = N_("Code"),
		.flags = TK_REQUIRED | TK_UNIQUE | TK_LIST | TK_SEARCH, .max = 40),
	TK_TEXT(struct tk_bureau, name, .label = N_("Bureau"),
		.flags = TK_REQUIRED | TK_UNIQUE | TK_LIST | TK_SEARCH, .max = 200,
		.alias = bureau_alias),
	TK_TEXT(struct tk_bureau, name_en, .label = N_("English name"), .flags = TK_SEARCH,
		.max = 200),
	TK_INT(struct tk_bureau, sort, .label = N_("Order"),
	       .help = N_("Smaller numbers stand first. Left empty: at the end.")),
};

static enum tk_rc bureau_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct tk_bureau *b = now;
	int64_t sort = b->sort;
	enum tk_rc rc = TK_OK;

	(void)was;
	if (deleted)
		return still_used(
			op,
			"SELECT COUNT(*) FROM division WHERE bureau_id = $1 AND deleted_at IS NULL",
			b->rec.id,
			N_("This bureau still has divisions. Delete or move them first."));
	tk_squeeze_field(op->mem, &tk_bureau, b, "code");
	tk_squeeze_field(op->mem, &tk_bureau, b, "name");
	if (tk_get_by(&tk_bureau, b, "sort").type == TK_V_NULL) {
		rc = next_sort(op, "SELECT MAX(sort) FROM bureau WHERE deleted_at IS NULL", TK_NULL,
			       &sort);
		tk_set_by(&tk_bureau, b, "sort", TK_I(sort));
	}
	return rc;
}

const struct tk_rtype tk_bureau = {
	.name = "bureau",
	.path = "bureaus",
	.table = "bureau",
	.label = N_("Bureau"),
	.label_plural = N_("Bureaus"),
	.group = "organisation",
	FLD(tk_bureau, bureau_field),
	.title = "name",
	.order = "sort",
	.read = TK_P_ORG_READ,
	.write = TK_P_ORG_WRITE,
	.scope_bureau = "id",
	.grade = 1,
	.check = bureau_check,
	.flags = TK_T_TRAILED | TK_T_COMMON,
};

static const char *const division_alias[] = { "課室", "課室名", "所属", NULL };
static const struct tk_field division_field[] = {
	TK_REF(struct tk_division, bureau_id, .label = N_("Bureau"), .flags = TK_REQUIRED | TK_LIST,
	       .ref = &tk_bureau, .alias = bureau_alias),
	TK_TEXT(struct tk_division, code, .label = N_("Code"),
		.flags = TK_REQUIRED | TK_UNIQUE | TK_LIST | TK_SEARCH, .max = 40),
	TK_TEXT(struct tk_division, name, .label = N_("Division"),
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH, .max = 200, .alias = division_alias),
	TK_TEXT(struct tk_division, name_en, .label = N_("English name"), .flags = TK_SEARCH,
		.max = 200),
	TK_INT(struct tk_division, sort, .label = N_("Order"),
	       .help = N_("Smaller numbers stand first. Left empty: at the end.")),
	TK_BOOL(struct tk_division, owns_system, .label = N_("Owns an information system"),
		.flags = TK_LIST,
		.help = N_("Its head is then the security officer of that system and answers the "
			   "items for system administrators.")),
};

static enum tk_rc division_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct tk_division *d = now;
	int64_t n = 0;
	enum tk_rc rc;

	(void)was;
	if (deleted)
		return still_used(
			op,
			"SELECT COUNT(*) FROM staff WHERE division_id = $1 AND deleted_at IS NULL"
			" AND left_on IS NULL",
			d->rec.id,
			N_("This division still has staff. Move them to another division first."));
	tk_squeeze_field(op->mem, &tk_division, d, "code");
	tk_squeeze_field(op->mem, &tk_division, d, "name");
	if (tk_get_by(&tk_division, d, "sort").type == TK_V_NULL) {
		rc = next_sort(op, "SELECT MAX(sort) FROM division WHERE deleted_at IS NULL",
			       TK_NULL, &n);
		if (rc != TK_OK)
			return rc;
		tk_set_by(&tk_division, d, "sort", TK_I(n));
	}
	rc = tk_db_int(
		op->db, op->e,
		"SELECT COUNT(*) FROM division WHERE bureau_id = $1 AND name = $2 AND id <> $3"
		" AND deleted_at IS NULL",
		TK_ARGS(TK_I(d->bureau_id), TK_S(d->name), TK_I(d->rec.id)), 0, &n);
	if (rc == TK_OK && n > 0)
		rc = tk_fail(op->e, TK_ECONFLICT, "name",
			     N_("This bureau already has a division of that name."));
	return rc;
}

const struct tk_rtype tk_division = {
	.name = "division",
	.path = "divisions",
	.table = "division",
	.label = N_("Division"),
	.label_plural = N_("Divisions"),
	.group = "organisation",
	FLD(tk_division, division_field),
	.title = "name",
	.order = "sort",
	.flags = TK_T_TRAILED,
	.read = TK_P_ORG_READ,
	.write = TK_P_ORG_WRITE,
	.scope_division = "id",
	.scope_bureau = "bureau_id",
	.grade = 1,
	.check = division_check,
};

/* -- post -------------------------------------------------------------------------------------- */
static const char *const post_alias[] = { "役職", "職名", NULL };
static const struct tk_field post_field[] = {
	TK_TEXT(struct tk_post, code, .label = N_("Code"),
		.flags = TK_REQUIRED | TK_UNIQUE | TK_LIST | TK_SEARCH, .max = 40),
	TK_TEXT(struct tk_post, name, .label = N_("Post"),
		.flags = TK_REQUIRED | TK_UNIQUE | TK_LIST | TK_SEARCH, .max = 200,
		.alias = post_alias),
	TK_TEXT(struct tk_post, name_en, .label = N_("English name"), .flags = TK_SEARCH,
		.max = 200),
	TK_INT(struct tk_post, rank, .label = N_("Rank"), .flags = TK_LIST, .min = 1, .max = 999,
	       .help = N_("1 is the highest.")),
	TK_BOOL(struct tk_post, is_head, .label = N_("Heads a division"), .flags = TK_LIST,
		.help = N_("Whoever holds this post is the security officer of the division.")),
};

static enum tk_rc post_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct tk_post *p = now;

	(void)was;
	if (deleted)
		return still_used(
			op,
			"SELECT COUNT(*) FROM staff WHERE post_id = $1 AND deleted_at IS NULL AND "
			"left_on IS NULL",
			p->rec.id,
			N_("There is still staff on this post. Give them another post first."));
	tk_squeeze_field(op->mem, &tk_post, p, "code");
	tk_squeeze_field(op->mem, &tk_post, p, "name");
	if (tk_get_by(&tk_post, p, "rank").type == TK_V_NULL && p->name)
		tk_set_by(&tk_post, p, "rank", TK_I(tk_post_usual_rank(p->name)));
	return TK_OK;
}

const struct tk_rtype tk_post = {
	.name = "post",
	.path = "posts",
	.table = "post",
	.label = N_("Post"),
	.label_plural = N_("Posts"),
	.group = "organisation",
	FLD(tk_post, post_field),
	.title = "name",
	.order = "rank",
	.read = TK_P_ORG_READ,
	.write = TK_P_ORG_WRITE,
	.grade = 1,
	.check = post_check,
	.flags = TK_T_TRAILED | TK_T_COMMON,
};

/* -- staff ------------------------------------------------------------------------------------- */
static const char *const number_alias[] = { "職員番号", "社員番号", NULL };
static const char *const name_alias[] = { "氏名", "名前", NULL };
static const char *const kana_alias[] = { "フリガナ", "カナ氏名", NULL };
static const char *const mail_alias[] = { "メールアドレス", "E-mail", NULL };
static const char *const joined_alias[] = { "採用日", "採用年月日", NULL };
static const char *const left_alias[] = { "退職日", "離職日", NULL };
static const struct tk_field staff_field[] = {
	TK_TEXT(struct tk_staff, staff_number, .label = N_("Staff number"), .alias = number_alias,
		.min = 1, .max = 40, .flags = TK_REQUIRED | TK_UNIQUE | TK_LIST | TK_SEARCH),
	TK_TEXT(struct tk_staff, name, .label = N_("Name"), .alias = name_alias, .max = 100,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH),
	TK_TEXT(struct tk_staff, kana, .label = N_("Kana"), .alias = kana_alias, .max = 200,
		.flags = TK_LIST | TK_SEARCH),
	TK_MAIL(struct tk_staff, mail, .label = N_("Mail address"), .alias = mail_alias, .max = 254,
		.flags = TK_LIST),
	TK_REF(struct tk_staff, division_id, .label = N_("Division"), .alias = division_alias,
	       .ref = &tk_division, .flags = TK_REQUIRED | TK_LIST),
	TK_REF(struct tk_staff, post_id, .label = N_("Post"), .alias = post_alias, .ref = &tk_post,
	       .flags = TK_LIST),
	TK_DATE(struct tk_staff, joined_on, .label = N_("Joined on"), .alias = joined_alias),
	TK_DATE(struct tk_staff, left_on, .label = N_("Left on"), .alias = left_alias,
		.flags = TK_LIST,
		.help = N_("The first day on which the person is no longer there.")),
};

char *tk_staff_number_form(struct tk_arena *a, const char *s)
{
	return tk_unblank(a, tk_narrow(a, s));
}

char *tk_staff_name_form(struct tk_arena *a, const char *s)
{
	return tk_squeeze(a, s);
}

/* Latin letters in a reading keep their case; kana of every kind becomes full-width katakana. */
char *tk_staff_kana_form(struct tk_arena *a, const char *s)
{
	char *plain = tk_squeeze(a, tk_narrow(a, s));

	for (const char *p = plain; *p; p++)
		if ((*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z'))
			return plain;
	return tk_fold(a, plain);
}

char *tk_staff_mail_form(struct tk_arena *a, const char *s)
{
	char *m = tk_squeeze(a, tk_narrow(a, s));

	for (char *p = m; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p + 32);
	return m;
}

static void form_by(const struct tk_op *op, void *rec, const char *field,
		    char *(*form)(struct tk_arena *, const char *))
{
	struct tk_value v = tk_get_by(&tk_staff, rec, field);

	if (v.type == TK_V_TEXT)
		tk_set_by(&tk_staff, rec, field,
			  tk_is_blank(v.s) ? TK_NULL : TK_S(form(op->mem, v.s)));
}

static enum tk_rc staff_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct tk_staff *s = now;

	(void)was;
	if (deleted)
		return TK_OK;
	form_by(op, s, "staff_number", tk_staff_number_form);
	form_by(op, s, "name", tk_staff_name_form);
	form_by(op, s, "kana", tk_staff_kana_form);
	form_by(op, s, "mail", tk_staff_mail_form);
	if (s->joined_on && s->left_on && strcmp(s->left_on, s->joined_on) < 0)
		return tk_fail(op->e, TK_EINVAL, "left_on",
			       N_("The person left on %s, before joining on %s. Correct one of the "
				  "two days."),
			       s->left_on, s->joined_on);
	return TK_OK;
}

const struct tk_rtype tk_staff = {
	.name = "staff",
	.path = "staff",
	.table = "staff",
	.label = N_("Member of staff"),
	.label_plural = N_("Staff"),
	.group = "organisation",
	FLD(tk_staff, staff_field),
	.title = "name",
	.order = "staff_number",
	.flags = TK_T_TRAILED,
	.read = TK_P_ORG_READ,
	.write = TK_P_ORG_WRITE,
	.scope_own = "id",
	.scope_division = "division_id",
	.grade = 2,
	.check = staff_check,
};

/* -- role holders and titles ------------------------------------------------------------------- */
static const struct tk_choice holder_kind[] = {
	{ "post", N_("By post (ex officio)") }, { "nominee", N_("Nominated member of staff") },
	{ "outside", N_("Person from outside") }, { 0 },
};
static const struct tk_field holder_field[] = {
	TK_ENUM(struct tk_role_holder, role, .label = N_("Role"), .flags = TK_REQUIRED | TK_LIST,
		.choice = tk_role_choice),
	TK_ENUM(struct tk_role_holder, holder_kind, .label = N_("Held by"),
		.flags = TK_REQUIRED | TK_LIST, .choice = holder_kind),
	TK_REF(struct tk_role_holder, post_id, .label = N_("Post"), .flags = TK_LIST,
	       .ref = &tk_post, .help = N_("Whoever holds this post holds the role.")),
	TK_REF(struct tk_role_holder, staff_id, .label = N_("Nominated person"), .flags = TK_LIST,
	       .ref = &tk_staff),
	TK_TEXT(struct tk_role_holder, outside_name, .label = N_("Person from outside"),
		.flags = TK_LIST | TK_SEARCH, .max = 200),
	TK_REF(struct tk_role_holder, bureau_id, .label = N_("For bureau"), .flags = TK_LIST,
	       .ref = &tk_bureau),
	TK_REF(struct tk_role_holder, division_id, .label = N_("For division"), .flags = TK_LIST,
	       .ref = &tk_division),
	TK_DATE(struct tk_role_holder, from_on, .label = N_("From"),
		.flags = TK_REQUIRED | TK_LIST),
	TK_DATE(struct tk_role_holder, to_on, .label = N_("Until"), .flags = TK_LIST,
		.help = N_("The last day; empty: until further notice.")),
	TK_LONG(struct tk_role_holder, note, .label = N_("Note"), .max = 2000),
};

static enum tk_rc holder_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	(void)was;
	return deleted ? TK_OK : tk_role_check(op, now);
}

const struct tk_rtype tk_role_holder = {
	.name = "role_holder",
	.path = "role-holders",
	.table = "role_holder",
	.label = N_("Role holder"),
	.label_plural = N_("Role holders"),
	.group = "organisation",
	FLD(tk_role_holder, holder_field),
	.order = "role",
	.flags = TK_T_TRAILED,
	.read = TK_P_ORG_READ,
	.write = TK_P_ORG_WRITE,
	.scope_own = "staff_id",
	.scope_division = "division_id",
	.scope_bureau = "bureau_id",
	.grade = 1,
	.check = holder_check,
};

static const struct tk_field title_field[] = {
	TK_TEXT(struct tk_role_title, title_set, .label = N_("Set of titles"),
		.flags = TK_REQUIRED | TK_LIST, .max = 40),
	TK_ENUM(struct tk_role_title, role, .label = N_("Role"), .flags = TK_REQUIRED | TK_LIST,
		.choice = tk_role_choice),
	TK_TEXT(struct tk_role_title, title_ja, .label = N_("Japanese title"),
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH, .max = 200),
	TK_TEXT(struct tk_role_title, title_en, .label = N_("English title"),
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH, .max = 200),
};

const struct tk_rtype tk_role_title = {
	.name = "role_title",
	.path = "role-titles",
	.table = "role_title",
	.label = N_("Role title"),
	.label_plural = N_("Role titles"),
	.group = "organisation",
	FLD(tk_role_title, title_field),
	.title = "title_ja",
	.order = "title_set",
	.flags = TK_T_TRAILED,
	.read = TK_P_ORG_READ,
	.write = TK_P_ORG_WRITE,
	.grade = 1,
};

const struct tk_rtype *const tk_org_types[] = {
	&tk_fiscal_year_type, &tk_bureau,     &tk_division, &tk_post, &tk_staff,
	&tk_role_holder,      &tk_role_title, &tk_sector,   &tk_institution,
	&tk_institution_attribute, &tk_contact, &tk_role_conflict_type,
};
const size_t tk_org_ntypes = TK_LEN(tk_org_types);
