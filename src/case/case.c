#include <string.h>
#include "base/clock.h"
#include "base/hash.h"
#include "base/text.h"
#include "case/case.h"
#include "case/receipt.h"
#include "record/org_types.h"
#include "record/search.h"
#include "record/trail.h"

#define C struct tk_case
enum { COMMENT_MAX = 2000 };

static const struct tk_field case_field[] = {
	TK_TEXT(C, type,         .label = N_("Type"), .flags = TK_REQUIRED | TK_READONLY | TK_LIST,
		.min = 1, .max = 64),
	TK_TEXT(C, receipt_no,   .label = N_("Receipt number"), .max = 32,
		.flags = TK_REQUIRED | TK_READONLY | TK_LIST | TK_UNIQUE | TK_SEARCH),
	TK_TEXT(C, subject_type, .label = N_("About (type)"), .flags = TK_REQUIRED | TK_READONLY,
		.max = 64),
	TK_INT(C, subject_id,    .label = N_("About (record)"),
	       .flags = TK_REQUIRED | TK_READONLY | TK_ID),
	TK_INT(C, parent_id,     .label = N_("Belongs to"), .flags = TK_READONLY | TK_ID),
	TK_REF(C, bureau_id,     .label = N_("Bureau"), .flags = TK_READONLY | TK_LIST,
	       .ref = &tk_bureau),
	TK_REF(C, division_id,   .label = N_("Division"), .flags = TK_READONLY | TK_LIST,
	       .ref = &tk_division),
	TK_TEXT(C, state,        .label = N_("State"),
		.flags = TK_REQUIRED | TK_READONLY | TK_LIST, .max = 64),
	TK_TEXT(C, title,        .label = N_("Title"), .min = 1, .max = 200,
		.flags = TK_REQUIRED | TK_READONLY | TK_LIST | TK_SEARCH),
	TK_INT(C, owner_id,      .label = N_("Opened by (account)"), .flags = TK_READONLY | TK_ID),
	TK_DATE(C, due_on,       .label = N_("Due on"), .flags = TK_READONLY | TK_LIST),
	TK_TIME(C, opened_at,    .label = N_("Opened at"), .flags = TK_READONLY | TK_LIST),
	TK_TIME(C, closed_at,    .label = N_("Closed at"), .flags = TK_READONLY | TK_LIST),
};

static const char *say(const void *rec, const struct tk_field *f, enum tk_lang lang)
{
	const C *c = rec;
	const struct tk_case_type *t = c->type ? tk_case_type_by_name(c->type) : NULL;

	if (!strcmp(f->name, "type"))
		return t ? tk_tr(lang, t->label) : NULL;
	return !strcmp(f->name, "state") && t ? tk_case_state_label(t, c->state, lang) : NULL;
}

const struct tk_rtype tk_case_rtype = {
	.name = "tk_case",
	.path = "cases",
	.table = "tk_case",
	.label = N_("Case"),
	.label_plural = N_("Cases"),
	.group = "survey",
	.size = sizeof(C),
	.field = case_field,
	.nfield = TK_LEN(case_field),
	.title = "title",
	.order = "-opened_at",
	.flags = TK_T_TRAILED | TK_T_READONLY,
	.read = TK_P_ROLLUP_READ,
	.write = TK_P_NOBODY,
	.scope_division = "division_id",
	.scope_bureau = "bureau_id",
	.grade = 2,
	.say = say,
};

/* -- opening ----------------------------------------------------------------------------------- */

static enum tk_rc write_log(const struct tk_op *op, int64_t case_id, const char *action,
			    const char *from,
			    const char *to, const char *comment)
{
	return tk_db_exec(
		op->db, op->e,
		"INSERT INTO case_log(id, case_id, at, account_id, who, action, from_state,"
		" to_state, comment) VALUES($1,$2,$3,$4,$5,$6,$7,$8,$9)",
		TK_I(tk_id_new()), TK_I(case_id), TK_I(tk_now()), TK_I0(op->who->account_id),
		TK_S(op->who->name ? op->who->name : ""), TK_S(action), TK_S(from), TK_S(to),
		TK_S(comment));
}

static enum tk_rc bureau_of(const struct tk_op *op, int64_t division_id, int64_t *ret)
{
	return tk_db_int(op->db, op->e, "SELECT bureau_id FROM division WHERE id = $1",
			 TK_ARGS(TK_I(division_id)), 0, ret);
}

static enum tk_rc insert(const struct tk_op *op, const C *c)
{
	return tk_db_exec(
		op->db, op->e,
		"INSERT INTO tk_case(id, version, type, receipt_no, subject_type, subject_id,"
		" parent_id, bureau_id, division_id, state, title, owner_id, due_on, opened_at)"
		" VALUES($1,1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)",
		TK_I(c->rec.id), TK_S(c->type), TK_S(c->receipt_no), TK_S(c->subject_type),
		TK_I(c->subject_id), TK_I0(c->parent_id), TK_I0(c->bureau_id),
		TK_I0(c->division_id), TK_S(c->state), TK_S(c->title), TK_I0(c->owner_id),
		TK_S(c->due_on), TK_I(c->opened_at));
}

enum tk_rc tk_case_open(const struct tk_op *op, const struct tk_case_type *type,
			const char *subject_type, int64_t subject_id, int64_t parent_id,
			int64_t bureau_id, int64_t division_id, const char *title,
			const char *due_on, struct tk_case *ret)
{
	const struct tk_rtype *t = &tk_case_rtype;
	enum tk_rc rc;

	*ret = (C){ .rec = { .id = tk_id_new(), .version = 1 } };
	if (!bureau_id && division_id && (rc = bureau_of(op, division_id, &bureau_id)) != TK_OK)
		return rc;
	tk_set_by(t, ret, "type", TK_S(type->name));
	tk_set_by(t, ret, "receipt_no", TK_S(tk_receipt_no(op->mem, type->prefix,
							   tk_fiscal_year(tk_today()))));
	tk_set_by(t, ret, "subject_type", TK_S(tk_strdup(op->mem, subject_type)));
	tk_set_by(t, ret, "subject_id", TK_I(subject_id));
	tk_set_by(t, ret, "parent_id", TK_I0(parent_id));
	tk_set_by(t, ret, "bureau_id", TK_I0(bureau_id));
	tk_set_by(t, ret, "division_id", TK_I0(division_id));
	tk_set_by(t, ret, "state", TK_S(type->state[0].id));
	tk_set_by(t, ret, "title", TK_S(tk_strdup(op->mem, title)));
	tk_set_by(t, ret, "owner_id", TK_I0(op->who->account_id));
	tk_set_by(t, ret, "due_on", TK_S(tk_strdup(op->mem, due_on)));
	tk_set_by(t, ret, "opened_at", TK_I(tk_now()));
	if ((rc = tk_validate(t, ret, op->e)) != TK_OK || (rc = insert(op, ret)) != TK_OK ||
	    (rc = write_log(op, ret->rec.id, "open", "", ret->state, NULL)) != TK_OK ||
	    (rc = tk_trail_change(op, t, NULL, ret)) != TK_OK)
		return rc;
	return tk_search_put(op, t, ret->rec.id, ret);
}

/* -- moving ------------------------------------------------------------------------------------ */

static const struct tk_case_transition *transition_of(const struct tk_case_type *t,
						      const char *from, const char *action)
{
	for (const struct tk_case_transition *x = t->transition; x->from; x++)
		if (!strcmp(x->from, from) && !strcmp(x->action, action))
			return x;
	return NULL;
}

static bool is_closed(const struct tk_case_type *t, const char *state)
{
	for (const struct tk_case_state *s = t->state; s->id; s++)
		if (!strcmp(s->id, state))
			return s->closed;
	return false;
}

static enum tk_rc type_of(const struct tk_op *op, const C *c, const struct tk_case_type **ret)
{
	*ret = tk_case_type_by_name(c->type);
	return *ret ? TK_OK : tk_fail(op->e, TK_EINTERNAL, "type",
				      N_("This program knows no case type %s."), c->type);
}

static enum tk_rc may_move(const struct tk_op *op, const struct tk_case_type *t, const C *c,
			   const char *action,
			   const char *comment, const struct tk_case_transition **ret)
{
	const struct tk_case_transition *x = *ret = transition_of(t, c->state, action);
	enum tk_lang lang = op->e->lang;

	if (!x)
		return tk_fail(op->e, TK_ECONFLICT, "state",
			       N_("\"%s\" is not possible while the state is \"%s\"."),
			       tk_case_action_label(t, action, lang),
			       tk_case_state_label(t, c->state, lang));
	if (!tk_who_may(op->who, x->perm, c->division_id, c->bureau_id))
		return tk_denied(op->e);
	if (x->flags & TK_CASE_COMMENT && tk_is_blank(comment))
		return tk_fail(op->e, TK_EINVAL, "comment",
			       N_("\"%s\" needs a reason. Write it in the comment."),
			       tk_tr(lang, x->label));
	if (comment && tk_utf8_count(comment) > COMMENT_MAX)
		return tk_fail(op->e, TK_EINVAL, "comment",
			       N_("The comment may have %d characters at most."), COMMENT_MAX);
	return TK_OK;
}

bool tk_case_can(const struct tk_op *op, const struct tk_case *c, const char *action)
{
	const struct tk_case_type *t = tk_case_type_by_name(c->type);
	const struct tk_case_transition *x = t ? transition_of(t, c->state, action) : NULL;

	return x && tk_who_may(op->who, x->perm, c->division_id, c->bureau_id);
}

/* The condition on version and state is the lock: of two who move at once, one is told. */
static enum tk_rc update(const struct tk_op *op, const C *was, const C *now)
{
	enum tk_rc rc =
		tk_db_exec(op->db, op->e,
			   "UPDATE tk_case SET version = version + 1, state = $3, closed_at = $4"
			   " WHERE id = $1 AND version = $2 AND state = $5 AND deleted_at IS NULL",
			   TK_I(was->rec.id), TK_I(was->rec.version), TK_S(now->state),
			   TK_I0(now->closed_at), TK_S(was->state));

	if (rc == TK_OK && tk_db_changes(op->db) != 1)
		rc = tk_fail(op->e, TK_EVERSION, NULL,
			     N_("Somebody changed this record in the meantime. Load it again and "
				"repeat your change."));
	return rc;
}

enum tk_rc tk_case_move(const struct tk_op *op, struct tk_case *c, const char *action,
			const char *comment)
{
	const struct tk_rtype *rt = &tk_case_rtype;
	const struct tk_case_transition *x = NULL;
	const struct tk_case_type *t = NULL;
	C now = *c;
	bool closed;
	enum tk_rc rc;

	if ((rc = type_of(op, c, &t)) != TK_OK || (rc = may_move(op, t, c, action, comment,
								 &x)) != TK_OK)
		return rc;
	closed = is_closed(t, x->to);
	tk_set_by(rt, &now, "state", TK_S(x->to));
	if (!closed || !c->closed_at)
		tk_set_by(rt, &now, "closed_at", closed ? TK_I(tk_now()) : TK_NULL);
	now.rec.version++;
	if ((rc = update(op, c, &now)) != TK_OK ||
	    (rc = write_log(op, c->rec.id, action, c->state, x->to,
			    tk_is_blank(comment) ? NULL : comment)) != TK_OK ||
	    (rc = tk_trail_change(op, rt, c, &now)) != TK_OK)
		return rc;
	*c = now;
	return TK_OK;
}

/* -- finding ----------------------------------------------------------------------------------- */

enum tk_rc tk_case_find(const struct tk_op *op, const struct tk_case_type *type, int64_t parent_id,
			int64_t division_id, int64_t subject_id, struct tk_case *ret)
{
	struct tk_who asker = tk_who_system("", "", op->e->lang);
	struct tk_op any = { op->db, op->mem, &asker, op->e };
	/* the usual question goes by the index */
	const char *sql = parent_id && division_id ?
		"SELECT id FROM tk_case WHERE parent_id = $2 AND type = $1 AND division_id = $3"
		" AND ($4 = 0 OR subject_id = $4) AND deleted_at IS NULL ORDER BY id DESC LIMIT 1" :
		"SELECT id FROM tk_case WHERE type = $1 AND ($2 = 0 OR parent_id = $2)"
		" AND ($3 = 0 OR division_id = $3) AND ($4 = 0 OR subject_id = $4)"
		" AND deleted_at IS NULL ORDER BY id DESC LIMIT 1";
	int64_t id = 0;
	enum tk_rc rc = tk_db_int(op->db, op->e, sql, TK_ARGS(TK_S(type->name), TK_I(parent_id),
							      TK_I(division_id),
							      TK_I(subject_id)), 0, &id);

	if (rc == TK_OK && !id)
		rc = tk_fail(op->e, TK_ENOTFOUND, NULL, N_("There is no such case."));
	return rc == TK_OK ? tk_rec_load(&any, &tk_case_rtype, id, ret) : rc;
}
