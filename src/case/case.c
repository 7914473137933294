#include <string.h>
#include "base/clock.h"
#include "base/hash.h"
#include "base/text.h"
#include "case/case.h"
#include "case/life.h"
#include "case/receipt.h"
#include "record/org_types.h"
#include "record/search.h"
#include "record/trail.h"

#define C struct tk_case
enum { COMMENT_MAX = 2000 };

enum tk_rc (*tk_case_told)(const struct tk_op *op, const C *before, const C *after,
			   const char *action, const char *comment);

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
	TK_INT(C, opened_by,     .label = N_("Opened by (account)"), .flags = TK_READONLY | TK_ID),
	TK_REF(C, requester_staff_id, .label = N_("Requested by"), .flags = TK_READONLY,
	       .ref = &tk_staff),
	TK_REF(C, owner_staff_id, .label = N_("Owner"), .flags = TK_READONLY | TK_LIST,
	       .ref = &tk_staff),
	TK_REF(C, deputy_staff_id, .label = N_("Deputy"), .flags = TK_READONLY, .ref = &tk_staff),
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
	.flags = TK_T_TRAILED | TK_T_BESIDE | TK_T_READONLY,
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
		" parent_id, bureau_id, division_id, state, title, opened_by, requester_staff_id,"
		" owner_staff_id, deputy_staff_id, due_on, opened_at)"
		" VALUES($1,1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16)",
		TK_I(c->rec.id), TK_S(c->type), TK_S(c->receipt_no), TK_S(c->subject_type),
		TK_I(c->subject_id), TK_I0(c->parent_id), TK_I0(c->bureau_id),
		TK_I0(c->division_id), TK_S(c->state), TK_S(c->title), TK_I0(c->opened_by),
		TK_I0(c->requester_staff_id), TK_I0(c->owner_staff_id), TK_I0(c->deputy_staff_id),
		TK_S(c->due_on), TK_I(c->opened_at));
}

/* The bits of what the struct holds: cases are made in C, not from a form. */
static void set_has(C *c)
{
	const struct tk_rtype *t = &tk_case_rtype;

	for (size_t i = 0; i < t->nfield; i++) {
		const struct tk_field *f = &t->field[i];
		const char *at = (const char *)c + f->offset;
		int64_t n;
		const char *s;

		if (f->type == TK_F_INT || f->type == TK_F_REF || f->type == TK_F_TIME) {
			memcpy(&n, at, sizeof(n));
			tk_set(t, c, i, TK_I0(n));
		} else {
			memcpy(&s, at, sizeof(s));
			tk_set(t, c, i, TK_S(s));
		}
	}
}

enum tk_rc tk_case_open_as(const struct tk_op *op, const struct tk_case_type *type, C *c)
{
	const struct tk_rtype *t = &tk_case_rtype;
	enum tk_rc rc;

	if (!c->bureau_id && c->division_id &&
	    (rc = bureau_of(op, c->division_id, &c->bureau_id)) != TK_OK)
		return rc;
	c->rec = (struct tk_rec){ .id = tk_id_new(), .version = 1 };
	c->type = type->name;
	c->state = type->state[0].id;
	c->opened_by = op->who->account_id;
	c->opened_at = tk_now();
	if (!c->receipt_no)
		c->receipt_no = tk_receipt_no(op->mem, type->prefix, tk_fiscal_year(tk_today()));
	set_has(c);
	if ((rc = tk_validate(t, c, op->e)) != TK_OK || (rc = insert(op, c)) != TK_OK ||
	    (rc = write_log(op, c->rec.id, "open", "", c->state, NULL)) != TK_OK ||
	    (rc = tk_trail_change(op, t, NULL, c)) != TK_OK)
		return rc;
	return tk_search_put(op, t, c->rec.id, c);
}

enum tk_rc tk_case_open(const struct tk_op *op, const struct tk_case_type *type,
			const char *subject_type, int64_t subject_id, int64_t parent_id,
			int64_t bureau_id, int64_t division_id, const char *title,
			const char *due_on, struct tk_case *ret)
{
	*ret = (C){ .subject_type = tk_strdup(op->mem, subject_type), .subject_id = subject_id,
		    .parent_id = parent_id, .bureau_id = bureau_id, .division_id = division_id,
		    .title = tk_strdup(op->mem, title), .due_on = tk_strdup(op->mem, due_on) };
	return tk_case_open_as(op, type, ret);
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

static bool is_person(const struct tk_who *w, int64_t staff_id)
{
	return staff_id && w->staff_id == staff_id;
}

/* Whose request it is; whoever opened what is nobody's, an account without a staff record, counts
 * as well. */
static bool is_requester(const struct tk_who *w, const C *c)
{
	return is_person(w, c->requester_staff_id) ||
	       (!c->requester_staff_id && c->opened_by && c->opened_by == w->account_id);
}

/* By permission, or by being the one whose matter it is. */
static bool may(const struct tk_who *w, const C *c, const struct tk_case_transition *x)
{
	if (x->flags & TK_CASE_NOT_REQUESTER && is_requester(w, c))
		return false;
	return tk_who_may(w, x->perm, c->division_id, c->bureau_id) ||
	       (x->flags & TK_CASE_REQUESTER && is_person(w, c->requester_staff_id)) ||
	       (x->flags & TK_CASE_OWNER && (is_person(w, c->owner_staff_id) ||
					     is_person(w, c->deputy_staff_id)));
}

static enum tk_rc type_of(const struct tk_op *op, const C *c, const struct tk_case_type **ret)
{
	*ret = tk_case_type_by_name(c->type);
	return *ret ? TK_OK : tk_fail(op->e, TK_EINTERNAL, "type",
				      N_("This program knows no case type %s."), c->type);
}

static enum tk_rc comment_fits(const struct tk_op *op, const char *comment)
{
	if (comment && tk_utf8_count(comment) > COMMENT_MAX)
		return tk_fail(op->e, TK_EINVAL, "comment",
			       N_("The comment may have %d characters at most."), COMMENT_MAX);
	return TK_OK;
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
	if (x->flags & TK_CASE_NOT_REQUESTER && is_requester(op->who, c))
		return tk_fail(op->e, TK_EPERM, NULL,
			       N_("Nobody decides on their own request. Somebody else who may "
				  "approve has to do this."));
	if (!may(op->who, c, x))
		return tk_denied(op->e);
	if (x->flags & TK_CASE_COMMENT && tk_is_blank(comment))
		return tk_fail(op->e, TK_EINVAL, "comment",
			       N_("\"%s\" needs a reason. Write it in the comment."),
			       tk_tr(lang, x->label));
	return comment_fits(op, comment);
}

bool tk_case_can(const struct tk_op *op, const struct tk_case *c, const char *action)
{
	const struct tk_case_type *t = tk_case_type_by_name(c->type);
	const struct tk_case_transition *x = t ? transition_of(t, c->state, action) : NULL;

	return x && may(op->who, c, x);
}

/* Every version of a case has its row in the trail (verify counts them), also when it is only the
 * record that changed, or the log: advice is given without a move to another state. */
static enum tk_rc unchanged(const struct tk_op *op, const C *c)
{
	return tk_trail_add(op, "update", tk_case_rtype.name, c->rec.id, "{}");
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

	return rc == TK_OK && tk_db_changes(op->db) != 1 ? tk_changed_meanwhile(op->e) : rc;
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
	closed = tk_case_is_closed(t, x->to);
	tk_set_by(rt, &now, "state", TK_S(x->to));
	if (!closed || !c->closed_at)
		tk_set_by(rt, &now, "closed_at", closed ? TK_I(tk_now()) : TK_NULL);
	now.rec.version++;
	if (t->moving && (rc = t->moving(op, c, &now, action)) != TK_OK)
		return rc;
	if ((rc = update(op, c, &now)) != TK_OK ||
	    (rc = write_log(op, c->rec.id, action, c->state, x->to,
			    tk_is_blank(comment) ? NULL : comment)) != TK_OK ||
	    (rc = strcmp(c->state, x->to) != 0 ? tk_trail_change(op, rt, c, &now)
						 : unchanged(op, &now)) != TK_OK ||
	    (rc = tk_life_follow(op, &now)) != TK_OK)
		return rc;
	if (t->moved && (rc = t->moved(op, c, &now, action)) != TK_OK)
		return rc;
	if (tk_case_told && (rc = tk_case_told(op, c, &now, action, comment)) != TK_OK)
		return rc;
	*c = now;
	return TK_OK;
}

/* -- what goes with the record ----------------------------------------------------------------- */

static enum tk_rc update_rest(const struct tk_op *op, const C *c)
{
	enum tk_rc rc = tk_db_exec(
		op->db, op->e,
		"UPDATE tk_case SET version = version + 1, title = $3, due_on = $4,"
		" requester_staff_id = $5, owner_staff_id = $6, deputy_staff_id = $7,"
		" division_id = $8, bureau_id = $9, deleted_at = $10"
		" WHERE id = $1 AND version = $2 AND deleted_at IS NULL",
		TK_I(c->rec.id), TK_I(c->rec.version), TK_S(c->title), TK_S(c->due_on),
		TK_I0(c->requester_staff_id), TK_I0(c->owner_staff_id), TK_I0(c->deputy_staff_id),
		TK_I0(c->division_id), TK_I0(c->bureau_id), TK_NULL);

	return rc == TK_OK && tk_db_changes(op->db) != 1 ? tk_changed_meanwhile(op->e) : rc;
}

static bool same_text(const char *x, const char *y)
{
	return (!x && !y) || (x && y && !strcmp(x, y));
}

/* Who decides on a case decides on what its record says: with the version that they saw. */
static enum tk_rc touch(const struct tk_op *op, C *c)
{
	enum tk_rc rc = tk_db_exec(op->db, op->e,
				   "UPDATE tk_case SET version = version + 1"
				   " WHERE id = $1 AND version = $2 AND deleted_at IS NULL",
				   TK_I(c->rec.id), TK_I(c->rec.version));

	if (rc == TK_OK && tk_db_changes(op->db) != 1)
		return tk_changed_meanwhile(op->e);
	c->rec.version++;
	return rc == TK_OK ? unchanged(op, c) : rc;
}

static enum tk_rc follow(const struct tk_op *op, C *c, const C *to, const char *action,
			 const char *comment)
{
	C now = *c;
	bool people = c->owner_staff_id != to->owner_staff_id ||
		      c->deputy_staff_id != to->deputy_staff_id ||
		      c->requester_staff_id != to->requester_staff_id;
	bool due = !same_text(c->due_on, to->due_on);
	bool unit = c->division_id != to->division_id;
	enum tk_rc rc = TK_OK;

	if (!people && !due && !unit && same_text(c->title, to->title))
		return TK_OK;
	now.title = to->title;
	now.due_on = to->due_on;
	now.requester_staff_id = to->requester_staff_id;
	now.owner_staff_id = to->owner_staff_id;
	now.deputy_staff_id = to->deputy_staff_id;
	now.division_id = to->division_id;
	if (unit)
		rc = bureau_of(op, now.division_id, &now.bureau_id);
	set_has(&now);
	if (rc != TK_OK || (rc = tk_validate(&tk_case_rtype, &now, op->e)) != TK_OK ||
	    (rc = update_rest(op, &now)) != TK_OK)
		return rc;
	now.rec.version++;
	if (people || due)
		rc = write_log(op, c->rec.id, action, c->state, c->state, comment);
	if (rc == TK_OK)
		rc = tk_trail_change(op, &tk_case_rtype, c, &now);
	if (rc == TK_OK)
		rc = tk_search_put(op, &tk_case_rtype, c->rec.id, &now);
	if (rc == TK_OK && people && tk_case_told)
		rc = tk_case_told(op, c, &now, action, comment);
	*c = now;
	return rc;
}

enum tk_rc tk_case_follow(const struct tk_op *op, C *c, const C *to, bool says_else)
{
	int64_t version = c->rec.version;
	enum tk_rc rc = follow(op, c, to, "change", NULL);

	return rc == TK_OK && says_else && c->rec.version == version ? touch(op, c) : rc;
}

enum tk_rc tk_case_hand_over(const struct tk_op *op, C *c, int64_t owner, int64_t deputy,
			     const char *comment)
{
	C to = *c;
	enum tk_rc rc;

	to.owner_staff_id = owner;
	to.deputy_staff_id = deputy;
	rc = follow(op, c, &to, "hand_over", comment);
	return rc == TK_OK ? tk_life_follow(op, c) : rc;
}

enum tk_rc tk_case_comment(const struct tk_op *op, const C *c, const char *text)
{
	enum tk_rc rc = comment_fits(op, text);

	if (rc == TK_OK && tk_is_blank(text))
		return tk_fail(op->e, TK_EINVAL, "comment", N_("The comment is empty."));
	if (rc == TK_OK)
		rc = write_log(op, c->rec.id, "comment", c->state, c->state, text);
	return rc == TK_OK ? tk_trail_add(op, "comment", c->subject_type, c->subject_id, "{}") : rc;
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

enum tk_rc tk_case_of(const struct tk_op *op, const char *subject_type, int64_t subject_id, C *ret)
{
	struct tk_who asker = tk_who_system("", "", op->e->lang);
	struct tk_op any = { op->db, op->mem, &asker, op->e };
	int64_t id = 0;
	enum tk_rc rc = tk_db_int(op->db, op->e,
				  "SELECT id FROM tk_case WHERE subject_type = $1 AND subject_id ="
				  " $2 AND deleted_at IS NULL ORDER BY id DESC LIMIT 1",
				  TK_ARGS(TK_S(subject_type), TK_I(subject_id)), 0, &id);

	if (rc == TK_OK && !id)
		rc = tk_fail(op->e, TK_ENOTFOUND, NULL, N_("There is no such case."));
	return rc == TK_OK ? tk_rec_load(&any, &tk_case_rtype, id, ret) : rc;
}
