/* training.c - what the module brings: types, facts, days of the calendar, tasks, a new year. */
#include <string.h>
#include "base/clock.h"
#include "training/training_api.h"
#include "training/training_in.h"

static const struct tk_rtype *const types[] = {
	&tk_course_type,          &tk_session_type,
	&tk_attendance_type,      &tk_attendance_notice_type,
	&tk_course_question_type, &tk_course_result_type,
	&tk_drill_type,           &tk_drill_event_type,
	&tk_drill_lesson_type,    NULL,
};

/* -- days of the calendar ---------------------------------------------------------------------- */
struct days {
	tk_date_fn add;
	void *ctx;
	const struct tk_op *op;
};

static enum tk_rc day_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct days *d = ctx;
	bool drill = !strcmp(col[4].s, "drill");

	(void)n;
	d->add(d->ctx, &(struct tk_date_item){ .from = col[1].s,
					       .kind = drill ? "drill" : "session",
					       .title = col[2].s,
					       .href = tk_sprintf(d->op->mem, "#/records/%s/%lld",
								  drill ? "drills" : "sessions",
								  (long long)col[0].i),
					       .phase = "do",
					       .done = !strcmp(col[3].s, "held") });
	return TK_OK;
}

static enum tk_rc dates(const struct tk_op *op, const char *from, const char *to, tk_date_fn add,
			void *ctx)
{
	struct days d = { add, ctx, op };

	if (tk_who_scope(op->who, TK_P_EDU_READ) == TK_SCOPE_NONE)
		return TK_OK;
	return tk_db_run(
		op->db, op->e,
		"SELECT id, held_on, title, state, 'session' FROM course_session WHERE held_on "
		">= $1 AND held_on <= $2 AND state <> 'cancelled' AND deleted_at IS NULL UNION ALL "
		"SELECT id, held_on, title, state, 'drill' FROM drill WHERE held_on >= $1 AND "
		"held_on <= $2 AND state <> 'cancelled' AND deleted_at IS NULL ORDER BY 2, 1",
		TK_ARGS(TK_S(from), TK_S(to)), day_row, &d);
}

/* -- tasks ------------------------------------------------------------------------------------- */
struct tasks {
	tk_task_fn add;
	void *ctx;
	const struct tk_op *op;
};

static enum tk_rc task_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct tasks *t = ctx;
	const char *detail = NULL;

	(void)n;
	if (col[2].s)
		detail = tk_say(t->op->mem, t->op->who->lang,
				N_("You were recommended to attend on %s."), col[2].s);
	else if (col[3].s)
		detail = tk_say(t->op->mem, t->op->who->lang, N_("Enrolled for %s."), col[3].s);
	t->add(t->ctx, &(struct tk_task){
			       .kind = "course",
			       .title = tk_strdup(t->op->mem, col[1].s),
			       .detail = detail,
			       .due = tk_sprintf(t->op->mem, "%lld-03-31", (long long)col[4].i + 1),
			       .href = "#/my-courses" });
	return TK_OK;
}

/* Courses that everybody attends once a year and this person has not. */
static enum tk_rc tasks(const struct tk_op *op, tk_task_fn add, void *ctx)
{
	struct tasks t = { add, ctx, op };

	if (!op->who->staff_id)
		return TK_OK;
	return tk_db_run(
		op->db, op->e,
		"SELECT c.id, c.title, (SELECT MAX(n.recommended_on) FROM attendance_notice n "
		"WHERE n.course_id = c.id AND n.staff_id = s.id AND n.deleted_at IS NULL), (SELECT "
		"MIN(x.held_on) FROM attendance a JOIN course_session x ON x.id = a.session_id "
		"WHERE a.course_id = c.id AND a.staff_id = s.id AND a.state = 'enrolled' AND "
		"a.deleted_at IS NULL), c.fiscal_year FROM course c CROSS JOIN staff s JOIN "
		"division d ON d.id = s.division_id WHERE s.id = $1 AND s.deleted_at IS NULL AND "
		"c.state = 'open' AND c.yearly = 1 AND c.fiscal_year = $2 AND c.deleted_at IS NULL "
		"AND (c.audience = 'all_staff' OR (c.audience = 'newcomers' AND s.joined_on >= "
		"c.audience_since) OR (c.audience = 'system_divisions' AND d.owns_system = 1)) AND "
		"NOT EXISTS(SELECT 1 FROM attendance a WHERE a.course_id = c.id AND a.staff_id = "
		"s.id AND a.state = 'attended' AND a.deleted_at IS NULL) ORDER BY c.code",
		TK_ARGS(TK_I(op->who->staff_id), TK_I(tk_fiscal_year(tk_today()))), task_row, &t);
}

/* -- opening a year ---------------------------------------------------------------------------- */
struct old {
	struct tk_arena *a;
	int64_t *id;
	size_t n, cap;
};

static enum tk_rc old_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct old *o = ctx;

	(void)n;
	if (o->n == o->cap) {
		int64_t *more = tk_alloc_n(o->a, o->cap * 2 + 16, sizeof(*more));

		if (o->n)
			memcpy(more, o->id, o->n * sizeof(*more));
		o->id = more;
		o->cap = o->cap * 2 + 16;
	}
	o->id[o->n++] = col[0].i;
	return TK_OK;
}

static enum tk_rc copy_course(const struct tk_op *op, int64_t id, int to)
{
	const struct tk_rtype *t = &tk_course_type;
	struct course c = { 0 };
	enum tk_rc rc = tk_rec_load(op, t, id, &c);

	if (rc != TK_OK)
		return rc;
	c.rec.id = c.rec.version = 0;
	tk_set_by(t, &c, "fiscal_year", TK_I(to));
	tk_set_by(t, &c, "code", TK_NULL);
	tk_set_by(t, &c, "state", TK_S("planned"));
	tk_set_by(t, &c, "carried_from", TK_I(id));
	tk_set_by(t, &c, "audience_since", TK_NULL);
	return tk_rec_insert(op, t, &c);
}

static enum tk_rc open_year(const struct tk_op *op, int from, int to, tk_carry_fn said, void *ctx)
{
	struct old o = { .a = op->mem };
	enum tk_rc rc = tk_db_run(
		op->db, op->e,
		"SELECT c.id FROM course c WHERE c.fiscal_year = $1 AND c.carry = 1 AND "
		"c.deleted_at IS NULL AND NOT EXISTS(SELECT 1 FROM course n WHERE n.carried_from = "
		"c.id AND n.fiscal_year = $2) ORDER BY c.id",
		TK_ARGS(TK_I(from), TK_I(to)), old_row, &o);

	for (size_t i = 0; i < o.n && rc == TK_OK; i++)
		rc = copy_course(op, o.id[i], to);
	if (rc == TK_OK && o.n && said)
		said(ctx, N_("courses copied as planned"), (int64_t)o.n);
	return rc;
}

const struct tk_module tk_training_module = {
	.name = "training",
	.type = types,
	.fact = tk_training_facts,
	.route = tk_training_routes,
	.tasks = tasks,
	.dates = dates,
	.open_year = open_year,
};
