/* case_log.c - who did what when to a case, and what can be done next. */
#include <string.h>
#include "case/case.h"

struct each { tk_case_log_fn fn; void *ctx; };

static enum tk_rc row(void *ctx, const struct tk_value *col, size_t n)
{
	const struct each *x = ctx;
	struct tk_case_log l = { col[0].i, col[1].i, col[2].s, col[3].s, col[4].s, col[5].s,
		col[6].s };

	(void)n;
	return x->fn(x->ctx, &l);
}

enum tk_rc tk_case_log_each(const struct tk_op *op, int64_t case_id, tk_case_log_fn fn, void *ctx)
{
	struct each x = { fn, ctx };

	return tk_db_run(
		op->db, op->e,
		"SELECT at, account_id, who, action, from_state, to_state, comment FROM case_log"
		" WHERE case_id = $1 ORDER BY id",
		TK_ARGS(TK_I(case_id)), row, &x);
}

struct print { struct tk_json *j; const struct tk_case_type *t; enum tk_lang lang; };

static enum tk_rc item(void *ctx, const struct tk_case_log *l)
{
	const struct print *p = ctx;
	struct tk_json *j = p->j;

	tk_json_obj(j);
	tk_json_ktime(j, "at", l->at);
	tk_json_kstr(j, "who", l->who);
	tk_json_kstr(j, "action", l->action);
	tk_json_kstr(j, "action_label", tk_case_action_label(p->t, l->action, p->lang));
	tk_json_kstr(j, "from", l->from_state);
	tk_json_kstr(j, "to", l->to_state);
	tk_json_kstr(j, "to_label", tk_case_state_label(p->t, l->to_state, p->lang));
	tk_json_kstr(j, "comment", l->comment);
	tk_json_end_obj(j);
	return TK_OK;
}

static void actions(const struct tk_op *op, const struct tk_case *c, const struct print *p)
{
	tk_json_key(p->j, "actions");
	tk_json_arr(p->j);
	for (const struct tk_case_transition *x = p->t ? p->t->transition : NULL; x &&
	     x->from; x++) {
		if (p->t->by_rule || strcmp(x->from, c->state) != 0 ||
		    !tk_case_can(op, c, x->action))
			continue;
		tk_json_obj(p->j);
		tk_json_kstr(p->j, "action", x->action);
		tk_json_kstr(p->j, "label", tk_tr(p->lang, x->label));
		tk_json_kbool(p->j, "needs_comment", (x->flags & TK_CASE_COMMENT) != 0);
		tk_json_end_obj(p->j);
	}
	tk_json_end_arr(p->j);
}

static void states(const struct print *p)
{
	tk_json_key(p->j, "states");
	tk_json_arr(p->j);
	for (const struct tk_choice *s = p->t ? p->t->state : NULL; s && s->id; s++) {
		tk_json_obj(p->j);
		tk_json_kstr(p->j, "state", s->id);
		tk_json_kstr(p->j, "label", tk_tr(p->lang, s->label));
		tk_json_kbool(p->j, "closed", tk_case_is_closed(p->t, s->id));
		tk_json_end_obj(p->j);
	}
	tk_json_end_arr(p->j);
}

static void head(const struct tk_case *c, const struct print *p)
{
	struct tk_json *j = p->j;

	tk_json_key(j, "case");
	tk_json_obj(j);
	tk_json_kid(j, "id", c->rec.id);
	tk_json_kint(j, "version", c->rec.version);
	tk_json_kstr(j, "receipt_no", c->receipt_no);
	tk_json_kstr(j, "title", c->title);
	tk_json_kstr(j, "type", c->type);
	tk_json_kstr(j, "type_label", p->t ? tk_tr(p->lang, p->t->label) : c->type);
	tk_json_kstr(j, "state", c->state);
	tk_json_kstr(j, "state_label", tk_case_state_label(p->t, c->state, p->lang));
	tk_json_kbool(j, "closed", p->t && tk_case_is_closed(p->t, c->state));
	tk_json_kbool(j, "editable", p->t && tk_case_is_editable(p->t, c->state));
	tk_json_kstr(j, "due_on", c->due_on);
	tk_json_end_obj(j);
}

enum tk_rc tk_case_json(const struct tk_op *op, const struct tk_case *c, struct tk_json *j)
{
	struct print p = { j, tk_case_type_by_name(c->type), op->who->lang };
	enum tk_rc rc;

	tk_json_obj(j);
	head(c, &p);
	states(&p);
	actions(op, c, &p);
	tk_json_key(j, "items");
	tk_json_arr(j);
	rc = tk_case_log_each(op, c->rec.id, item, &p);
	tk_json_end_arr(j);
	tk_json_end_obj(j);
	return rc;
}

enum tk_rc tk_case_log_json(const struct tk_op *op, int64_t case_id, struct tk_json *j)
{
	struct tk_case c = { 0 };
	enum tk_rc rc = tk_rec_load(op, &tk_case_rtype, case_id, &c);

	return rc == TK_OK ? tk_case_json(op, &c, j) : rc;
}
