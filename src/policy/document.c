/* document.c - the documents in their hierarchy (DOC-01, DOC-03, DOC-04) and how clauses of one
 * conform to clauses of another (DOC-02, DOC-07). */
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "org/role.h"
#include "policy/policy_in.h"

const struct tk_choice tk_document_levels[] = {
	{ "common_standard", N_("Government common standards") },
	{ "policy", N_("Security policy") },
	{ "basic_policy", N_("Basic policy") },
	{ "measure_standard", N_("Measure standards") },
	{ "procedure", N_("Implementation procedure") },
	{ "operation_rule", N_("Operation rule") },
	{ 0 },
};

int tk_document_rank(const char *level)
{
	static const struct { const char *level; int rank; } rank[] = {
		{ "common_standard", 0 }, { "policy", 1 }, { "basic_policy", 2 },
		{ "measure_standard", 2 }, { "procedure", 3 }, { "operation_rule", 4 },
	};

	for (size_t i = 0; i < TK_LEN(rank); i++)
		if (!strcmp(rank[i].level, level))
			return rank[i].rank;
	return -1;
}

enum tk_rc tk_policy_stamp(const struct tk_op *op, const struct tk_rtype *t, int64_t id,
			   const struct tk_policy_stamp *s, size_t n)
{
	struct tk_who w = *op->who;
	struct tk_op as = { op->db, op->mem, &w, op->e };
	void *rec = tk_alloc(op->mem, t->size);
	enum tk_rc rc;

	w.system = true;                /* what it goes with was permitted */
	if ((rc = tk_rec_load(&as, t, id, rec)) != TK_OK)
		return rc;
	for (size_t i = 0; i < n; i++)
		tk_set_by(t, rec, s[i].field, s[i].v);
	return tk_rec_update(&as, t, rec, -1);
}

enum tk_rc tk_policy_push(const struct tk_op *op, const struct tk_rtype *t, int64_t id,
			  const char *action)
{
	struct tk_who w = *op->who;
	struct tk_op as = { op->db, op->mem, &w, op->e };

	w.system = true;
	return tk_life_move(&as, t, id, action, NULL);
}

/* -- documents --------------------------------------------------------------------------------- */
#define F struct policy_document
static const char *const level_alias[] = { "階層", "区分", NULL };
static const char *const number_alias[] = { "番号", "記号", NULL };
static const char *const title_alias[] = { "文書名", "名称", "標題", NULL };
static const char *const parent_alias[] = { "上位文書", NULL };
static const char *const system_alias[] = { "情報システム", "対象システム", NULL };
static const char *const role_alias[] = { "所管", "所管する役割", NULL };

static const struct tk_field document_field[] = {
	TK_ENUM(F, level, .label = N_("Level"), .alias = level_alias,
		.choice = tk_document_levels, .flags = TK_REQUIRED | TK_LIST),
	TK_TEXT(F, number, .label = N_("Number"), .alias = number_alias, .max = 20,
		.flags = TK_LIST, .help = N_("As it is cited, such as (a).")),
	TK_TEXT(F, title, .label = N_("Title of the document"), .alias = title_alias, .max = 200,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH),
	TK_REF(F, parent_id, .label = N_("Stands under"), .alias = parent_alias,
	       .ref = &tk_policy_document, .flags = TK_LIST,
	       .help = N_("The document that this one must conform to.")),
	TK_REF(F, info_system_id, .label = N_("Information system"), .alias = system_alias,
	       .ref = &tk_info_system, .flags = TK_LIST,
	       .help = N_("The system whose operation rule this is.")),
	TK_ENUM(F, owner_role, .label = N_("Owner (role)"), .alias = role_alias,
		.choice = tk_role_choice),
	TK_INT(F, sort, .label = N_("Order"), .min = 0, .max = 1000000,
	       .help = N_("Smaller numbers stand first. Left empty: at the end.")),
	TK_TEXT(F, note, .label = N_("Note"), .max = 1000),
};

static enum tk_rc parent_fits(const struct tk_op *op, const F *x)
{
	struct tk_value level;
	bool found;
	enum tk_rc rc;

	if (!x->parent_id)
		return TK_OK;
	rc = tk_db_first(op->db, op->mem, op->e, "SELECT level FROM policy_document WHERE id = $1",
			 TK_ARGS(TK_I(x->parent_id)), &level, 1, &found);
	if (rc == TK_OK && found && tk_document_rank(level.s) >= tk_document_rank(x->level))
		return tk_fail(op->e, TK_EINVAL, "parent_id",
			       N_("A document stands under one of a higher level."));
	return rc;
}

/* What stands under it stays lower than it. */
static enum tk_rc children_fit(const struct tk_op *op, const F *x)
{
	struct tk_value level;
	bool found;
	enum tk_rc rc;

	for (const struct tk_choice *c = tk_document_levels; c->id; c++) {
		if (tk_document_rank(c->id) > tk_document_rank(x->level))
			continue;
		rc = tk_db_first(op->db, op->mem, op->e, "SELECT title FROM policy_document WHERE"
				 " parent_id = $1 AND level = $2 AND deleted_at IS NULL",
				 TK_ARGS(TK_I(x->rec.id), TK_S(c->id)), &level, 1, &found);
		if (rc != TK_OK)
			return rc;
		if (found)
			return tk_fail(op->e, TK_EINVAL, "level",
				       N_("%s stands under this document and would not be lower "
					  "than it."), level.s);
	}
	return TK_OK;
}

static enum tk_rc document_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	F *x = now;
	int64_t n = 0;
	enum tk_rc rc;

	if (deleted || !x->level)
		return TK_OK;
	if (x->info_system_id && strcmp(x->level, "operation_rule") != 0)
		return tk_fail(op->e, TK_EINVAL, "info_system_id",
			       N_("Only an operation rule belongs to one system."));
	if (x->info_system_id) {        /* DOC-04: one rule a system */
		rc = tk_db_int(op->db, op->e, "SELECT COUNT(*) FROM policy_document WHERE"
			       " info_system_id = $1 AND id <> $2 AND deleted_at IS NULL",
			       TK_ARGS(TK_I(x->info_system_id), TK_I(x->rec.id)), 0, &n);
		if (rc == TK_OK && n)
			rc = tk_fail(op->e, TK_ECONFLICT, "info_system_id",
				     N_("This system has an operation rule already. Make a new "
					"edition of that one."));
		if (rc != TK_OK)
			return rc;
	}
	if (tk_get_by(&tk_policy_document, x, "sort").type == TK_V_NULL) {
		rc = tk_db_int(op->db, op->e, "SELECT MAX(sort) FROM policy_document WHERE"
			       " deleted_at IS NULL", NULL, 0, 0, &n);
		if (rc != TK_OK)
			return rc;
		tk_set_by(&tk_policy_document, x, "sort", TK_I(n + 10));
	}
	rc = parent_fits(op, x);
	return rc == TK_OK && was ? children_fit(op, x) : rc;
}

const struct tk_rtype tk_policy_document = {
	.name = "policy_document",
	.path = "documents",
	.table = "policy_document",
	.label = N_("Document"),
	.label_plural = N_("Documents"),
	.group = "documents",
	.size = sizeof(F),
	.field = document_field,
	.nfield = TK_LEN(document_field),
	.title = "title",
	.order = "sort",
	.flags = TK_T_COMMON,
	.read = TK_P_DOC_READ,
	.write = TK_P_DOC_WRITE,
	.grade = 1,
	.check = document_check,
};
#undef F

/* -- conformance ------------------------------------------------------------------------------- */
#define F struct conformance
static const struct tk_choice degree[] = {
	{ "full", N_("Conforms") },
	{ "stricter", N_("Goes further") },
	{ "part", N_("Conforms in part") },
	{ "none", N_("Does not conform") },
	{ "not_applicable", N_("Not applicable") },
	{ 0 },
};
static const char *const from_alias[] = { "文書", "自文書", NULL };
static const char *const from_clause_alias[] = { "条項", "自文書の条項", NULL };
static const char *const to_alias[] = { "準拠先", "準拠する文書", NULL };
static const char *const to_clause_alias[] = { "準拠先の条項", NULL };
static const char *const degree_alias[] = { "準拠の程度", "準拠性", NULL };

static const struct tk_field conformance_field[] = {
	TK_REF(F, from_edition_id, .label = N_("Edition"), .alias = from_alias,
	       .ref = &tk_document_edition, .flags = TK_REQUIRED | TK_LIST),
	TK_TEXT(F, from_clause, .label = N_("Clause of the rule"),
		.alias = from_clause_alias, .max = 100,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH),
	TK_REF(F, to_edition_id, .label = N_("Conforms to"), .alias = to_alias,
	       .ref = &tk_document_edition, .flags = TK_REQUIRED | TK_LIST),
	TK_TEXT(F, to_clause, .label = N_("Clause of that"), .alias = to_clause_alias, .max = 100,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH),
	TK_ENUM(F, degree, .label = N_("Degree"), .alias = degree_alias, .choice = degree,
		.flags = TK_REQUIRED | TK_LIST),
	TK_TEXT(F, note, .label = N_("Note"), .max = 1000, .flags = TK_SEARCH),
};

static enum tk_rc level_of(const struct tk_op *op, int64_t edition, int *ret)
{
	struct tk_value level;
	bool found;
	enum tk_rc rc = tk_db_first(op->db, op->mem, op->e,
		"SELECT d.level FROM policy_document d JOIN document_edition e ON"
		" e.policy_document_id = d.id WHERE e.id = $1", TK_ARGS(TK_I(edition)), &level, 1,
		&found);

	*ret = rc == TK_OK && found ? tk_document_rank(level.s) : -1;
	return rc;
}

static enum tk_rc conformance_check(const struct tk_op *op, const void *was, void *now,
				    bool deleted)
{
	F *x = now;
	int from = 0, to = 0;
	enum tk_rc rc;

	(void)was;
	if (deleted || !x->from_edition_id || !x->to_edition_id)
		return TK_OK;
	if ((rc = level_of(op, x->from_edition_id, &from)) != TK_OK ||
	    (rc = level_of(op, x->to_edition_id, &to)) != TK_OK)
		return rc;
	return from >= 0 && to >= from ?
		tk_fail(op->e, TK_EINVAL, "to_edition_id",
			N_("A clause conforms to a document of a higher level.")) : TK_OK;
}

const struct tk_rtype tk_conformance = {
	.name = "conformance",
	.path = "conformances",
	.table = "conformance",
	.label = N_("Conformance of a clause"),
	.label_plural = N_("Conformance of clauses"),
	.group = "documents",
	.size = sizeof(F),
	.field = conformance_field,
	.nfield = TK_LEN(conformance_field),
	.order = "from_clause",
	.read = TK_P_DOC_READ,
	.write = TK_P_DOC_WRITE,
	.grade = 1,
	.check = conformance_check,
};
