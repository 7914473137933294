/* life.c - a record and its case, kept as one. */
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "case/life.h"
#include "case/receipt.h"

enum { TITLE_MAX = 200 };

static struct tk_life life_of(const struct tk_rtype *t, const void *rec)
{
	return (struct tk_life){
		.receipt_no = tk_get_by(t, rec, "receipt_no").s,
		.state = tk_get_by(t, rec, "state").s,
		.due_on = tk_get_by(t, rec, "due_on").s,
		.requester_staff_id = tk_get_by(t, rec, "requester_staff_id").i,
		.owner_staff_id = tk_get_by(t, rec, "owner_staff_id").i,
		.deputy_staff_id = tk_get_by(t, rec, "deputy_staff_id").i,
		.division_id = tk_get_by(t, rec, "division_id").i,
		.closed_at = tk_get_by(t, rec, "closed_at").i,
	};
}

static bool is_life(const char *name)
{
	static const char *const own[] = { "owner_staff_id", "deputy_staff_id", "due_on", "state",
		"closed_at" };

	for (size_t i = 0; i < TK_LEN(own); i++)
		if (!strcmp(own[i], name))
			return true;
	return false;
}

/* Who sees to a request and in which division is not for whoever only writes what is their own: by
 * its division it finds the one who decides on it. */
static enum tk_rc own_limits(const struct tk_op *op, const struct tk_rtype *t, const void *was,
			     const void *now, int64_t own_division)
{
	static const char *const field[] = { "division_id", "owner_staff_id", "deputy_staff_id" };

	if (op->who->system || tk_who_scope(op->who, t->write) != TK_SCOPE_OWN)
		return TK_OK;
	for (size_t i = 0; i < TK_LEN(field); i++) {
		struct tk_value is = tk_get_by(t, now, field[i]);
		struct tk_value be = was ? tk_get_by(t, was, field[i])
					 : i == 0 ? TK_I0(own_division) : TK_NULL;

		if (!tk_same(is, be))
			return tk_fail(op->e, TK_EINVAL, field[i],
				       N_("%s cannot be changed here."),
				       tk_tr(op->e->lang,
					     t->field[tk_field_index(t, field[i])].label));
	}
	return TK_OK;
}

static enum tk_rc begin(const struct tk_op *op, const struct tk_rtype *t, void *now)
{
	struct tk_life l = life_of(t, now);
	int64_t division = 0;
	enum tk_rc rc = TK_OK;

	tk_set_by(t, now, "state", TK_S(t->life->state[0].id));
	tk_set_by(t, now, "receipt_no", TK_S(tk_receipt_no(op->mem, t->life->prefix,
							  tk_fiscal_year(tk_today()))));
	if (!op->who->staff_id)
		return TK_OK;
	if (!l.requester_staff_id)
		tk_set_by(t, now, "requester_staff_id", TK_I(op->who->staff_id));
	rc = tk_db_int(op->db, op->e, "SELECT division_id FROM staff WHERE id = $1",
		       TK_ARGS(TK_I(op->who->staff_id)), 0, &division);
	if (!l.division_id)
		tk_set_by(t, now, "division_id", TK_I0(division));
	return rc == TK_OK ? own_limits(op, t, NULL, now, division) : rc;
}

/* Nothing but who sees to it and until when, and that only while there is something to do. */
static enum tk_rc not_editable(const struct tk_op *op, const struct tk_rtype *t, const char *state,
			       const void *was, const void *now)
{
	/* who only writes what is their own does not put off their own due date */
	bool may = !tk_case_is_closed(t->life, state) &&
		   tk_who_scope(op->who, t->write) > TK_SCOPE_OWN;

	for (size_t i = 0; i < t->nfield; i++) {
		const struct tk_field *f = &t->field[i];

		if (tk_same(tk_get(t, was, i), tk_get(t, now, i)) || (is_life(f->name) && may))
			continue;
		return tk_fail(op->e, TK_ECONFLICT, f->name,
			       N_("%s cannot be changed while the state is \"%s\"."),
			       tk_tr(op->e->lang, f->label),
			       tk_case_state_label(t->life, state, op->e->lang));
	}
	return TK_OK;
}

/* A move takes the case first and its record after; who changes the record takes them in the same
 * order, or two at once would wait for each other. */
static enum tk_rc take_case(const struct tk_op *op, const struct tk_rtype *t, const void *was)
{
	return tk_db_exec(op->db, op->e,
			  "UPDATE tk_case SET version = version WHERE subject_type = $1"
			  " AND subject_id = $2 AND deleted_at IS NULL",
			  TK_S(t->name), TK_I(((const struct tk_rec *)was)->id));
}

enum tk_rc tk_life_check(const struct tk_op *op, const struct tk_rtype *t, const void *was,
			 void *now, bool deleted)
{
	struct tk_life l;
	enum tk_rc rc;

	if (!was)
		return begin(op, t, now);
	l = life_of(t, was);
	if (op->who->system)
		return TK_OK;
	if ((rc = own_limits(op, t, was, now, 0)) != TK_OK)
		return rc;
	if (tk_case_is_editable(t->life, l.state))
		return take_case(op, t, was);
	if (deleted)
		return tk_fail(op->e, TK_ECONFLICT, "state",
			       N_("While the state is \"%s\", this cannot be deleted."),
			       tk_case_state_label(t->life, l.state, op->e->lang));
	rc = not_editable(op, t, l.state, was, now);
	return rc == TK_OK ? take_case(op, t, was) : rc;
}

enum tk_rc tk_life_attach(const struct tk_op *op, const struct tk_rtype *t, const void *rec,
			  bool remove)
{
	const char *state = tk_get_by(t, rec, "state").s;

	if (op->who->system || tk_case_is_editable(t->life, state))
		return TK_OK;
	if (!tk_case_is_closed(t->life, state) &&
	    (!remove || tk_who_scope(op->who, t->write) > TK_SCOPE_OWN))
		return TK_OK;
	return tk_fail(op->e, TK_ECONFLICT, "state",
		       remove ? N_("While the state is \"%s\", no file can be removed.")
			      : N_("While the state is \"%s\", no file can be added."),
		       tk_case_state_label(t->life, state, op->e->lang));
}

/* -- the case behind it ------------------------------------------------------------------------ */

static void fill(const struct tk_op *op, const struct tk_rtype *t, const void *rec,
		 struct tk_case *c)
{
	struct tk_life l = life_of(t, rec);
	struct tk_value title = t->title ? tk_get_by(t, rec, t->title) : TK_NULL;

	c->subject_type = t->name;
	c->subject_id = ((const struct tk_rec *)rec)->id;
	c->title = tk_utf8_head(op->mem, title.type == TK_V_TEXT ? title.s : tk_tr(TK_JA, t->label),
				TITLE_MAX);
	c->receipt_no = l.receipt_no;
	c->division_id = l.division_id;
	c->requester_staff_id = l.requester_staff_id;
	c->owner_staff_id = l.owner_staff_id;
	c->deputy_staff_id = l.deputy_staff_id;
	c->due_on = l.due_on;
}

static enum tk_rc delete_case(const struct tk_op *op, struct tk_case *c)
{
	struct tk_who w = *op->who;
	struct tk_op as = { op->db, op->mem, &w, op->e };

	w.system = true;
	return tk_rec_delete(&as, &tk_case_rtype, c->rec.id, -1);
}

/* Is it another request than before?  The columns that follow the case do not say so. */
static bool says_else(const struct tk_rtype *t, const void *was, const void *now)
{
	for (size_t i = 0; i < t->nfield; i++)
		if (!is_life(t->field[i].name) && !tk_same(tk_get(t, was, i), tk_get(t, now, i)))
			return true;
	return false;
}

enum tk_rc tk_life_saved(const struct tk_op *op, const struct tk_rtype *t, const void *was,
			 const void *now, bool deleted)
{
	struct tk_case c = { 0 }, to = { 0 };
	enum tk_rc rc;

	if (!was && !deleted) {
		fill(op, t, now, &c);
		return tk_case_open_as(op, t->life, &c);
	}
	rc = tk_case_of(op, t->name, ((const struct tk_rec *)now)->id, &c);
	if (rc != TK_OK || deleted)
		return rc == TK_OK ? delete_case(op, &c) : rc;
	fill(op, t, now, &to);
	return tk_case_follow(op, &c, &to, !op->who->system && says_else(t, was, now));
}

enum tk_rc tk_life_follow(const struct tk_op *op, const struct tk_case *c)
{
	const struct tk_rtype *t = tk_rtype_by_name(c->subject_type);
	struct tk_who w = *op->who;
	struct tk_op as = { op->db, op->mem, &w, op->e };
	void *rec;
	enum tk_rc rc;

	if (!t || !t->life || strcmp(t->life->name, c->type) != 0)
		return TK_OK;           /* a case beside a record, not its life */
	w.system = true;                /* the move was permitted; the copy follows by itself */
	rec = tk_alloc(op->mem, t->size);
	if ((rc = tk_rec_load(&as, t, c->subject_id, rec)) != TK_OK)
		return rc;
	tk_set_by(t, rec, "state", TK_S(c->state));
	tk_set_by(t, rec, "closed_at", TK_I0(c->closed_at));
	tk_set_by(t, rec, "owner_staff_id", TK_I0(c->owner_staff_id));
	tk_set_by(t, rec, "deputy_staff_id", TK_I0(c->deputy_staff_id));
	return tk_rec_update(&as, t, rec, -1);
}

enum tk_rc tk_life_case(const struct tk_op *op, const struct tk_rtype *t, int64_t id,
			struct tk_case *ret)
{
	enum tk_rc rc = tk_rec_load(op, t, id, tk_alloc(op->mem, t->size));

	return rc == TK_OK ? tk_case_of(op, t->name, id, ret) : rc;
}

enum tk_rc tk_life_move(const struct tk_op *op, const struct tk_rtype *t, int64_t id,
			const char *action, const char *comment)
{
	struct tk_case c = { 0 };
	enum tk_rc rc = tk_life_case(op, t, id, &c);

	return rc == TK_OK ? tk_case_move(op, &c, action, comment) : rc;
}
