/* check.c - what is inspected, and the measures that strengthen the systems (TECH-05). */
#include <string.h>
#include "base/clock.h"
#include "inspection/inspection_in.h"

#define ALIAS(name, ...) static const char *const name[] = { __VA_ARGS__, NULL }

const struct tk_choice tk_tech_kind[] = {
	{ "web", N_("Web server") },
	{ "mail", N_("Mail server") },
	{ "db", N_("Database server") },
	{ "file", N_("File server") },
	{ "other", N_("Other") },
	{ 0 },
};
const struct tk_choice tk_tech_category[] = {
	{ "malware", N_("Measures against malware") },
	{ "intrusion", N_("Measures against unauthorised access") },
	{ "info_protect", N_("Protection of information") },
	{ "server_admin", N_("Administration of the server") },
	{ 0 },
};

_Static_assert((TK_LEN(tk_tech_kind) - 1) * TK_LEN(tk_tech_category) <= TK_MAX_GRADES,
	       "a grade a kind and one a kind and category");

const char *tk_choice_label(const struct tk_choice *c, const char *id, enum tk_lang lang)
{
	for (; c->id && id; c++)
		if (!strcmp(c->id, id))
			return tk_tr(lang, c->label);
	return id ? id : "";
}

/* -- checks ------------------------------------------------------------------------------------ */
ALIAS(year_alias, "年度", "会計年度");
ALIAS(code_alias, "項目番号", "検査項目番号", "番号", "項目コード");
ALIAS(kind_alias, "サーバ種別", "種別", "対象", "サーバの種類");
ALIAS(category_alias, "検査区分", "分類", "区分");
ALIAS(text_alias, "検査項目", "点検項目", "項目", "検査内容");
ALIAS(text_en_alias, "検査項目（英語）", "英語");
ALIAS(clause_alias, "統一基準", "根拠", "遵守事項");
#define S struct tech_check
static const struct tk_field check_field[] = {
	TK_INT(S, fiscal_year, .label = N_("Fiscal year"), .alias = year_alias, .min = 1950,
	       .max = 2200, .flags = TK_REQUIRED | TK_LIST | TK_FIXED),
	TK_TEXT(S, code, .label = N_("Check code"), .alias = code_alias, .max = 40,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH | TK_PLAIN),
	TK_TEXT(S, title, .label = N_("Year and code"), .max = 100, .flags = TK_READONLY,
		.help = N_("What a result shows: the codes come again each year.")),
	TK_ENUM(S, server_kind, .label = N_("Kind of server"), .alias = kind_alias,
		.choice = tk_tech_kind, .flags = TK_REQUIRED | TK_LIST),
	TK_ENUM(S, category, .label = N_("Check category"), .alias = category_alias,
		.choice = tk_tech_category, .flags = TK_REQUIRED | TK_LIST),
	TK_TEXT(S, text, .label = N_("Text of the check"), .alias = text_alias, .max = 500,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH),
	TK_TEXT(S, text_en, .label = N_("Text of the check (English)"), .alias = text_en_alias,
		.max = 500, .flags = TK_SEARCH),
	TK_INT(S, sort, .label = N_("Order"),
	       .help = N_("Smaller numbers stand first. Left empty: at the end.")),
	TK_TEXT(S, clause, .label = N_("Clause of the standards"), .alias = clause_alias,
		.max = 100, .flags = TK_SEARCH),
};
#undef S

static enum tk_rc check_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	const struct tk_rtype *t = &tk_tech_check;
	struct tech_check *c = now;
	int64_t n = 0;
	enum tk_rc rc = TK_OK;

	if (deleted || c->fiscal_year < 1950 || c->fiscal_year > 2200 || !c->code)
		return TK_OK;           /* the fields' own limits say so */
	tk_set_by(t, c, "title",
		  TK_S(tk_sprintf(op->mem, "%s %.40s",
				  tk_fiscal_year_print(op->mem, TK_JA, (int)c->fiscal_year),
				  c->code)));
	if (was && strcmp(((const struct tech_check *)was)->server_kind,
			  c->server_kind ? c->server_kind : "") != 0) {
		rc = tk_db_int(op->db, op->e,
			       "SELECT COUNT(*) FROM tech_result WHERE tech_check_id = $1 AND"
			       " deleted_at IS NULL",
			       TK_ARGS(TK_I(c->rec.id)), 0, &n);
		if (rc == TK_OK && n)
			return tk_fail(op->e, TK_ECONFLICT, "server_kind",
				       N_("Results were entered for this item already."));
	}
	if (rc == TK_OK && tk_get_by(t, c, "sort").type == TK_V_NULL) {
		rc = tk_db_int(op->db, op->e,
			       "SELECT MAX(sort) FROM tech_check WHERE fiscal_year = $1 AND"
			       " deleted_at IS NULL",
			       TK_ARGS(TK_I(c->fiscal_year)), 0, &n);
		tk_set_by(t, c, "sort", TK_I(n + 10));
	}
	return rc;
}

const struct tk_rtype tk_tech_check = {
	.name = "tech_check",
	.path = "tech-checks",
	.table = "tech_check",
	.label = N_("Inspection check"),
	.label_plural = N_("Inspection checks"),
	.group = "inspection",
	.size = sizeof(struct tech_check),
	.field = check_field,
	.nfield = TK_LEN(check_field),
	.title = "title",
	.order = "sort",
	.flags = TK_T_COMMON,
	.read = TK_P_TECH_READ,
	.write = TK_P_TECH_WRITE,
	.grade = 1,
	.check = check_check,
};

enum tk_rc tk_checks_copy(const struct tk_op *op, int from, int to, int64_t *ret_n)
{
	const struct tk_rtype *t = &tk_tech_check;
	struct tech_check c;
	int64_t id = 0;
	enum tk_rc rc;

	*ret_n = 0;
	rc = tk_db_int(op->db, op->e,
		       "SELECT COUNT(*) FROM tech_check WHERE fiscal_year = $1 AND deleted_at IS"
		       " NULL",
		       TK_ARGS(TK_I(to)), 0, &id);
	if (rc != TK_OK || id)          /* the year has its own already */
		return rc;
	for (int64_t last = 0;; ++*ret_n) {
		rc = tk_db_int(op->db, op->e,
			       "SELECT MIN(id) FROM tech_check WHERE fiscal_year = $1 AND id > $2"
			       " AND deleted_at IS NULL",
			       TK_ARGS(TK_I(from), TK_I(last)), 0, &last);
		if (rc != TK_OK || !last)
			return rc;
		c = (struct tech_check){ 0 };
		if ((rc = tk_rec_load(op, t, last, &c)) != TK_OK)
			return rc;
		c.rec.id = 0;
		tk_set_by(t, &c, "fiscal_year", TK_I(to));
		if ((rc = tk_rec_insert(op, t, &c)) != TK_OK)
			return rc;
	}
}

/* -- measures ---------------------------------------------------------------------------------- */
static const struct tk_choice state[] = { { "planned", N_("Scheduled") },
					  { "introduced", N_("Introduced") },
					  { "in_operation", N_("In full operation") },
					  { "dropped", N_("Dropped") }, { 0 } };
static const struct tk_case_transition transition[] = {
	{ "planned", "introduce", "introduced", TK_P_TECH_WRITE, TK_CASE_OWNER, N_("Introduced") },
	{ "introduced", "operate", "in_operation", TK_P_TECH_WRITE, TK_CASE_OWNER,
	  N_("In full operation") },
	{ "planned", "drop", "dropped", TK_P_TECH_WRITE, TK_CASE_COMMENT, N_("Drop") },
	{ "introduced", "drop", "dropped", TK_P_TECH_WRITE, TK_CASE_COMMENT, N_("Drop") },
	{ "in_operation", "reopen", "introduced", TK_P_TECH_WRITE, TK_CASE_COMMENT,
	  N_("Take up again") },
	{ 0 },
};
const struct tk_case_type tk_tech_measure_case = {
	.name = "tech_measure",
	.label = N_("Technical measure"),
	.prefix = "K",
	.state = state,
	.closed = "in_operation dropped",
	.transition = transition,
	.remind_before = 14,
};

ALIAS(measure_alias, "件名", "対策名", "施策名");
ALIAS(purpose_alias, "目的", "内容");
ALIAS(introduced_alias, "導入日");
ALIAS(operation_alias, "本格運用開始日", "本格運用", "運用開始日");
#define S struct tech_measure
static const struct tk_field measure_field[] = {
	TK_TEXT(S, title, .label = N_("Title"), .alias = measure_alias, .max = 300,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH),
	TK_INT(S, fiscal_year, .label = N_("Fiscal year"), .alias = year_alias, .min = 1950,
	       .max = 2200, .flags = TK_REQUIRED | TK_LIST,
	       .help = N_("The year in which it is introduced.")),
	TK_LONG(S, purpose, .label = N_("Purpose"), .alias = purpose_alias, .max = 4000,
		.flags = TK_SEARCH),
	TK_REF(S, info_system_id, .label = N_("Information system"), .ref = &tk_info_system),
	TK_DATE(S, introduced_on, .label = N_("Introduced on"), .alias = introduced_alias,
		.flags = TK_LIST),
	TK_DATE(S, operation_on, .label = N_("In full operation from"), .alias = operation_alias,
		.flags = TK_LIST),
	TK_LONG(S, note, .label = N_("Note"), .max = 2000),
	TK_LIFE_FIELDS(S, state),
};
#undef S

/* Each step has its day: that which was entered, or the day of the step. */
static enum tk_rc measure_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	const struct tk_rtype *t = &tk_tech_measure;
	struct tech_measure *m = now;
	const char *at = m->life.state ? m->life.state : "planned";
	bool on = !strcmp(at, "in_operation"), in = on || !strcmp(at, "introduced");
	char day[11];

	(void)was;
	if (deleted)
		return TK_OK;
	tk_date_iso(tk_today(), day);
	if (in && !m->introduced_on)
		tk_set_by(t, m, "introduced_on", TK_S(tk_strdup(op->mem, day)));
	if (on && !m->operation_on)
		tk_set_by(t, m, "operation_on", TK_S(tk_strdup(op->mem, day)));
	if (m->introduced_on && m->operation_on && strcmp(m->operation_on, m->introduced_on) < 0)
		return tk_fail(op->e, TK_EINVAL, "operation_on",
			       N_("Full operation cannot begin before the introduction."));
	return TK_OK;
}

const struct tk_rtype tk_tech_measure = {
	.name = "tech_measure",
	.path = "tech-measures",
	.table = "tech_measure",
	.label = N_("Technical measure"),
	.label_plural = N_("Technical measures"),
	.group = "inspection",
	.size = sizeof(struct tech_measure),
	.field = measure_field,
	.nfield = TK_LEN(measure_field),
	.title = "title",
	.order = "-fiscal_year",
	.read = TK_P_TECH_READ,
	.write = TK_P_TECH_WRITE,
	.scope_own = TK_LIFE_OWN,
	.scope_division = "division_id",
	.grade = 2,
	.check = measure_check,
	.life = &tk_tech_measure_case,
};
