/* plausibility.c - the rules as records, and looking at a submission with them. */
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/hash.h"
#include "base/text.h"
#include "expr/expr.h"
#include "panel/plausibility.h"

enum { EXPRESSION_MAX = 4000, MESSAGE_MAX = 500, SEEN_MAX = 64 << 10 };

/* -- the record -------------------------------------------------------------------------------- */
/* The item of a ${last-saved#item}; NULL: the name is this wave's. */
static const char *last_name(const char *name)
{
	size_t n = strlen(TK_EXPR_LAST);

	return strncmp(name, TK_EXPR_LAST, n) ? NULL : name + n;
}

static enum tk_rc newest(const struct tk_op *op, int64_t form_id, const struct tk_form **ret)
{
	int64_t version = 0;
	enum tk_rc rc = tk_db_int(op->db, op->e,
				  "SELECT id FROM form_version WHERE form_id = $1 AND deleted_at "
				  "IS NULL ORDER BY CASE WHEN state = 'published' THEN 0 ELSE 1 "
				  "END, number DESC LIMIT 1",
				  TK_ARGS(TK_I(form_id)), 0, &version);

	if (rc == TK_OK && !version)
		return tk_fail(op->e, TK_EINVAL, "form_id",
			       N_("This questionnaire has no version yet."));
	return rc == TK_OK ? tk_form_get(op, version, ret) : rc;
}

static enum tk_rc check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct tk_plausibility_rule *x = now;
	const struct tk_form *f;
	const char *const *name;
	struct tk_expr *tree;
	size_t n;
	enum tk_rc rc;

	(void)was;
	if (deleted || !x->form_id || tk_is_blank(x->expression))
		return TK_OK;           /* what is missing is named by its field */
	if ((rc = newest(op, x->form_id, &f)) != TK_OK)
		return rc;
	rc = tk_expr_parse(op->mem, x->expression, &tree, op->e);
	snprintf(op->e->field, sizeof(op->e->field), "expression");
	if (rc != TK_OK)
		return rc;
	name = tk_expr_names(tree, &n);
	for (size_t i = 0; i < n; i++) {
		const char *item = last_name(name[i]) ? last_name(name[i]) : name[i];

		if (tk_form_item_index(f, item) < 0)
			return tk_fail(op->e, TK_EINVAL, "expression",
				       N_("The questionnaire has no item \"%.60s\"."), item);
	}
	if (tk_expr_uses_self(tree))
		return tk_fail(op->e, TK_EINVAL, "expression",
			       N_("A plausibility rule is about the whole: write ${item} instead "
				  "of \".\"."));
	return TK_OK;
}

#define R struct tk_plausibility_rule
static const struct tk_field field[] = {
	TK_REF(R, form_id, .label = N_("Questionnaire"), .flags = TK_REQUIRED | TK_LIST,
	       .ref = &tk_form_type),
	TK_TEXT(R, code, .label = N_("Code"), .flags = TK_REQUIRED | TK_LIST | TK_SEARCH,
		.max = 60),
	TK_LONG(R, expression, .label = N_("What should hold"), .flags = TK_REQUIRED | TK_LIST,
		.max = EXPRESSION_MAX,
		.help = N_("Such as ${part} <= ${whole}, or ${n} <= 2 * ${last-saved#n} for the "
			   "answer of the wave before.")),
	TK_TEXT(R, message_ja, .label = N_("Warning (Japanese)"), .flags = TK_REQUIRED | TK_LIST,
		.max = MESSAGE_MAX),
	TK_TEXT(R, message_en, .label = N_("Warning (English)"), .max = MESSAGE_MAX),
	TK_LONG(R, note, .label = N_("Note"), .max = 2000),
};
#undef R
const struct tk_rtype tk_plausibility_rule = {
	.name = "plausibility_rule",
	.path = "plausibility-rules",
	.table = "plausibility_rule",
	.label = N_("Plausibility rule"),
	.label_plural = N_("Plausibility rules"),
	.group = "panel",
	.size = sizeof(struct tk_plausibility_rule),
	.field = field,
	.nfield = TK_LEN(field),
	.title = "code",
	.order = "code",
	.read = TK_P_PANEL_READ,
	.write = TK_P_REVIEW,
	.grade = 2,
	.check = check,
};

/* -- looking ----------------------------------------------------------------------------------- */
struct look {
	const struct tk_op *op;
	const struct tk_response *now, *last;   /* last NULL: there is none */
	const struct tk_expr *x;
};

static const struct tk_response *side_of(const struct look *l, const char *name, int *item)
{
	const char *last = last_name(name);
	const struct tk_response *r = last ? l->last : l->now;

	*item = r ? tk_form_item_index(r->form, last ? last : name) : -1;
	return r;
}

static bool value_of(void *ctx, const char *name, struct tk_xval *ret)
{
	const struct look *l = ctx;
	int i;
	const struct tk_response *r = side_of(l, name, &i);

	if (i < 0)
		return false;
	*ret = tk_xstr(tk_answer_text(&r->form->item[i], &r->answer[i], l->op->mem));
	return true;
}

/* Is there enough to judge?  A number without value would make every comparison false. */
static bool can_judge(const struct look *l)
{
	size_t n;
	const char *const *name = tk_expr_names(l->x, &n);

	for (size_t k = 0; k < n; k++) {
		int i;
		const struct tk_response *r = side_of(l, name[k], &i);
		enum tk_q_kind q;

		if (i < 0)
			return false;
		q = r->form->item[i].q;
		if ((q == TK_Q_NUMBER || q == TK_Q_DECIMAL || r->form->item[i].calculation) &&
		    r->answer[i].state != TK_ANSWER_VALUE)
			return false;
	}
	return true;
}

static const char *seen_by(const struct look *l)
{
	struct tk_buf b = TK_BUF(SEEN_MAX);
	struct tk_json j = TK_JSON(&b);
	const char *s;
	size_t n;
	const char *const *name = tk_expr_names(l->x, &n);

	tk_json_obj(&j);
	for (size_t k = 0; k < n; k++) {
		struct tk_xval v = tk_xstr("");

		(void)value_of((void *)(uintptr_t)l, name[k], &v);
		tk_json_kstr(&j, name[k], tk_utf8_head(l->op->mem, v.s ? v.s : "", 200));
	}
	tk_json_end_obj(&j);
	s = tk_strdup(l->op->mem, b.bad ? "{}" : b.p);
	tk_buf_drop(&b);
	return s;
}

struct rules { struct tk_arena *a; struct tk_plausibility_rule v[500]; size_t n; };

static enum tk_rc rule_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct rules *l = ctx;

	(void)n;
	if (l->n < TK_LEN(l->v))
		l->v[l->n++] = (struct tk_plausibility_rule){
			.code = tk_strdup(l->a, col[0].s),
			.expression = tk_strdup(l->a, col[1].s),
			.message_ja = tk_strdup(l->a, col[2].s),
			.message_en = tk_strdup(l->a, col[3].s),
		};
	return TK_OK;
}

static enum tk_rc load_rules(const struct tk_op *op, const struct tk_response *r,
			     struct rules **ret)
{
	*ret = tk_alloc(op->mem, sizeof(**ret));
	(*ret)->a = op->mem;
	return tk_db_run(op->db, op->e,
			 "SELECT p.code, p.expression, p.message_ja, p.message_en FROM "
			 "plausibility_rule p JOIN form_version v ON v.form_id = p.form_id WHERE "
			 "v.id = $1 AND p.deleted_at IS NULL ORDER BY p.code COLLATE \"C\"",
			 TK_ARGS(TK_I(r->form->id)), rule_row, *ret);
}

/* The same values: what the reviewer said of them still holds. */
static enum tk_rc warn(const struct look *l, const struct tk_plausibility_rule *rule,
		       int64_t number)
{
	const struct tk_op *op = l->op;
	const char *seen = seen_by(l);

	return tk_db_exec(
		op->db, op->e,
		"INSERT INTO plausibility_warning(id, response_id, campaign_id, rule_code, "
		"submission, state, message_ja, message_en, seen, found_at)"
		" VALUES($1, $2, $3, $4, $5, 'open', $6, $7, $8, $9)"
		" ON CONFLICT(response_id, rule_code) DO UPDATE SET submission = $5, message_ja = "
		"$6, message_en = $7, seen = $8, found_at = $9,"
		" state = CASE WHEN plausibility_warning.seen = $8 AND "
		"plausibility_warning.cleared_at IS NOT NULL THEN 'cleared' ELSE 'open' END,"
		" cleared_by = CASE WHEN plausibility_warning.seen = $8 THEN "
		"plausibility_warning.cleared_by END,"
		" cleared_name = CASE WHEN plausibility_warning.seen = $8 THEN "
		"plausibility_warning.cleared_name END,"
		" cleared_at = CASE WHEN plausibility_warning.seen = $8 THEN "
		"plausibility_warning.cleared_at END,"
		" note = CASE WHEN plausibility_warning.seen = $8 THEN plausibility_warning.note "
		"END",
		TK_I(tk_id_new()), TK_I(l->now->id), TK_I(l->now->campaign_id), TK_S(rule->code),
		TK_I(number), TK_S(rule->message_ja), TK_S(rule->message_en), TK_S(seen),
		TK_I(tk_now()));
}

static enum tk_rc fine(const struct look *l, const struct tk_plausibility_rule *rule)
{
	return tk_db_exec(l->op->db, l->op->e,
			  "UPDATE plausibility_warning SET state = 'gone' WHERE response_id = $1 "
			  "AND rule_code = $2",
			  TK_I(l->now->id), TK_S(rule->code));
}

/* A rule that no longer fits its questionnaire says nothing: it was right when it was saved. */
static enum tk_rc look(struct look *l, const struct tk_plausibility_rule *rule, int64_t number)
{
	struct tk_err quiet = { .lang = TK_EN };
	struct tk_xenv env = { .get = value_of, .ctx = l };
	struct tk_expr *x;

	if (tk_expr_parse(l->op->mem, rule->expression, &x, &quiet) !=
	    TK_OK)
		return fine(l, rule);
	l->x = x;
	return !can_judge(l) || tk_expr_true(x, &env, l->op->mem) ? fine(l, rule)
								  : warn(l, rule, number);
}

enum tk_rc tk_plausibility_run(const struct tk_op *op, const struct tk_response *r, int64_t number)
{
	struct look l = { .op = op, .now = r };
	struct tk_response last;
	struct rules *rules;
	bool found = false;
	enum tk_rc rc = load_rules(op, r, &rules);

	if (rc == TK_OK && rules->n)
		rc = tk_last_wave(op, r, &last, &found);
	l.last = found ? &last : NULL;
	for (size_t i = 0; rc == TK_OK && i < rules->n; i++)
		rc = look(&l, &rules->v[i], number);
	return rc;
}
