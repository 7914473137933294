#include <inttypes.h>
#include <string.h>
#include "case/life.h"
#include "case/task.h"

enum { PER_LIST = 50 };

static const tk_task_source *sources;
static size_t nsources;

void tk_task_sources_set(const tk_task_source *source, size_t n)
{
	sources = source;
	nsources = n;
}

enum tk_rc tk_tasks_each(const struct tk_op *op, tk_task_fn add, void *ctx)
{
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < nsources && rc == TK_OK; i++)
		rc = sources[i](op, add, ctx);
	return rc;
}

bool tk_task_is_late(const struct tk_task *t, const char *today)
{
	return !t->finished && t->due && strcmp(t->kind, "waiting") != 0 &&
	       strcmp(t->due, today) < 0;
}

/* -- cases ------------------------------------------------------------------------------------- */

struct list {
	const struct tk_op *op;
	tk_task_fn          add;
	void               *ctx;
};

/* Register behind a case; NULL when the case is not the life of a record. */
static const struct tk_rtype *register_of(const char *type, const char *subject)
{
	const struct tk_rtype *t = subject ? tk_rtype_by_name(subject) : NULL;

	return t && t->life && !strcmp(t->life->name, type) ? t : NULL;
}

static size_t place_of(const struct tk_case_type *t, const char *state)
{
	size_t i = 0;

	while (t->state[i].id && strcmp(t->state[i].id, state) != 0)
		i++;
	return i;
}

/* The first move that the table names for a state; NULL: none. */
static const struct tk_case_transition *first_of(const struct tk_case_type *t, const char *state)
{
	for (const struct tk_case_transition *x = t->transition; x->from; x++)
		if (!strcmp(x->from, state))
			return x;
	return NULL;
}

/* Does a case in the state this move starts from wait for it?  For the first move of the state, and
 * for those that lead on; not for those that send back or break off. */
static bool waits_for(const struct tk_case_type *t, const struct tk_case_transition *x)
{
	return x == first_of(t, x->from) || (!tk_case_is_closed(t, x->to) &&
					     place_of(t, x->to) > place_of(t, x->from));
}

/* The move that this case waits for from this person; NULL: none.  A request whose next step is
 * somebody else's decision waits, also when its requester might send it back. */
static const struct tk_case_transition *next_move(const struct tk_op *op,
						  const struct tk_case_type *t,
						  const struct tk_case *c)
{
	const struct tk_case_transition *first = first_of(t, c->state);

	if (first && first->flags & TK_CASE_NOT_REQUESTER && c->requester_staff_id &&
	    c->requester_staff_id == op->who->staff_id)
		return NULL;
	for (const struct tk_case_transition *x = first; x && x->from; x++)
		if (!strcmp(x->from, c->state) && waits_for(t, x) &&
		    tk_case_can(op, c, x->action))
			return x;
	return NULL;
}

/* Columns of every query below. */
#define COLUMNS "type, subject_type, subject_id, receipt_no, state, title, due_on," \
	" requester_staff_id, owner_staff_id, deputy_staff_id, division_id, bureau_id"
enum { NCOLUMN = 12 };

static struct tk_case case_of(const struct tk_value *col)
{
	return (struct tk_case){
		.type = col[0].s, .subject_type = col[1].s, .subject_id = col[2].i,
		.receipt_no = col[3].s, .state = col[4].s, .title = col[5].s, .due_on = col[6].s,
		.requester_staff_id = col[7].i, .owner_staff_id = col[8].i,
		.deputy_staff_id = col[9].i, .division_id = col[10].i, .bureau_id = col[11].i,
	};
}

static void tell(const struct list *l, const struct tk_rtype *r, const struct tk_case *c,
		 const char *kind, const char *todo)
{
	struct tk_arena *a = l->op->mem;
	enum tk_lang lang = l->op->who->lang;
	struct tk_task t = {
		.kind = kind,
		.title = todo ? tk_sprintf(a, "%s%s%s", tk_tr(lang, todo),
					   lang == TK_JA ? "：" : ": ", c->title) :
			 tk_strdup(a, c->title),
		.detail = tk_sprintf(a, "%s · %s · %s", tk_tr(lang, r->life->label),
				     tk_case_state_label(r->life, c->state, lang), c->receipt_no),
		.due = tk_strdup(a, c->due_on),
		.href = tk_sprintf(a, "#/records/%s/%" PRId64, r->path, c->subject_id),
		.remind_before = r->life->remind_before,
		.step = tk_strdup(a, c->state),
	};

	l->add(l->ctx, &t);
}

static void tell_more(const struct list *l, const struct tk_rtype *r, int64_t more,
		      const char *filter, const char *value)
{
	struct tk_arena *a = l->op->mem;
	enum tk_lang lang = l->op->who->lang;
	struct tk_task t = {
		.kind = "case",
		.title = tk_sprintf(a, "%s +%" PRId64, tk_tr(lang, r->label_plural), more),
		.detail = tk_tr(lang, N_("There are more than stand here. The list shows all.")),
		.href = tk_sprintf(a, "#/records/%s?%s=%s", r->path, filter, value),
	};

	l->add(l->ctx, &t);
}

/* -- the person's own -------------------------------------------------------------------------- */

static enum tk_rc own_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct list *l = ctx;
	struct tk_case c = case_of(col);
	const struct tk_rtype *r = register_of(c.type, c.subject_type);
	const struct tk_case_transition *x;
	int64_t me = l->op->who->staff_id, row = col[NCOLUMN].i, all = col[NCOLUMN + 1].i;

	(void)n;
	if (!r)
		return TK_OK;
	x = next_move(l->op, r->life, &c);
	if (x || c.owner_staff_id == me || c.deputy_staff_id == me)
		tell(l, r, &c, "case", x ? x->label : NULL);
	else
		tell(l, r, &c, "waiting", NULL);
	if (row == PER_LIST && all > row)
		tell_more(l, r, all - row, "sort", "due_on");
	return TK_OK;
}

/* Whose owner, deputy or requester the person is; the nearest due first in each type. */
static enum tk_rc own_cases(struct list *l)
{
	int64_t me = l->op->who->staff_id;

	if (!me)
		return TK_OK;
	return tk_db_run(
		l->op->db, l->op->e,
		"SELECT " COLUMNS ", place, total FROM (SELECT " COLUMNS ","
		" ROW_NUMBER() OVER (PARTITION BY type ORDER BY COALESCE(due_on, '9999-12-31'), id)"
		" AS place, COUNT(*) OVER (PARTITION BY type) AS total FROM tk_case"
		" WHERE closed_at IS NULL AND deleted_at IS NULL AND (owner_staff_id = $1"
		" OR deputy_staff_id = $1 OR requester_staff_id = $1)) mine"
		" WHERE place <= $2 ORDER BY type, place",
		TK_ARGS(TK_I(me), TK_I(PER_LIST)), own_row, l);
}

/* -- what waits for whoever may ---------------------------------------------------------------- */

struct waiting {
	struct list    list;
	const struct tk_rtype *r;
	const struct tk_case_transition *x;     /* the move they wait for */
	bool           by_division;             /* what was told by bureau stands already */
	int64_t        id[PER_LIST];            /* told so far: of this register and state */
	int64_t        told, total;
};

static bool told_before(const struct waiting *w, const struct tk_case *c)
{
	const struct tk_who *who = w->list.op->who;

	for (size_t i = 0; w->by_division && i < who->nbureau; i++)
		if (who->bureau[i] == c->bureau_id && !(who->bureau_not[i] >> w->x->perm & 1))
			return true;
	for (int64_t i = 0; i < w->told; i++)
		if (w->id[i] == c->subject_id)
			return true;
	return false;
}

struct query { struct waiting *w; int64_t total; };

static enum tk_rc waiting_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct query *q = ctx;
	struct waiting *w = q->w;
	struct tk_case c = case_of(col);

	(void)n;
	if (!q->total)
		w->total += q->total = col[NCOLUMN].i;
	if (told_before(w, &c)) {
		w->total--;
	} else if (w->told < PER_LIST) {
		w->id[w->told++] = c.subject_id;
		tell(&w->list, w->r, &c, "case", w->x->label);
	}
	return TK_OK;
}

/* Of those in that state: not what is left to a person who is named ($3: 1 the owner, 2 the
 * requester, 3 either), and not what the person is part of, which was told before. */
#define WAITING "SELECT " COLUMNS ", COUNT(*) OVER () FROM tk_case" \
	" WHERE type = $1 AND state = $2 AND closed_at IS NULL AND deleted_at IS NULL" \
	" AND subject_type = $5 AND ($3 NOT IN (1, 3) OR owner_staff_id IS NULL)" \
	" AND ($3 NOT IN (2, 3) OR requester_staff_id IS NULL)" \
	" AND COALESCE(owner_staff_id, 0) <> $4 AND COALESCE(deputy_staff_id, 0) <> $4" \
	" AND COALESCE(requester_staff_id, 0) <> $4 AND "
#define BY_DUE " ORDER BY COALESCE(due_on, '9999-12-31'), id LIMIT $6"

static enum tk_rc waiting_in(struct waiting *w, const char *sql, int64_t unit)
{
	const struct tk_case_transition *x = w->x;
	int64_t left_to = (x->flags & TK_CASE_OWNER ? 1 : 0) +
			  (x->flags & TK_CASE_REQUESTER ? 2 : 0);
	int64_t me = w->list.op->who->staff_id;
	struct query q = { w, 0 };

	return tk_db_run(w->list.op->db, w->list.op->e, sql,
			 TK_ARGS(TK_S(w->r->life->name), TK_S(x->from), TK_I(left_to),
				 TK_I(me ? me : -1), TK_S(w->r->name), TK_I(PER_LIST),
				 TK_I(unit)), waiting_row, &q);
}

/* The units count only for permissions that are held for them. */
static enum tk_rc waiting_for(struct waiting *w)
{
	const struct tk_who *who = w->list.op->who;
	enum tk_perm p = w->x->perm;
	enum tk_scope scope = tk_who_scope(who, p);
	enum tk_rc rc = TK_OK;

	w->by_division = false;
	if (scope == TK_SCOPE_ALL)
		return waiting_in(w, WAITING "$7 = 0" BY_DUE, 0);
	if (scope != TK_SCOPE_DIVISION && scope != TK_SCOPE_BUREAU)
		return TK_OK;
	for (size_t i = 0; scope == TK_SCOPE_BUREAU && i < who->nbureau && rc == TK_OK; i++)
		if (!(who->bureau_not[i] >> p & 1))
			rc = waiting_in(w, WAITING "bureau_id = $7" BY_DUE, who->bureau[i]);
	w->by_division = scope == TK_SCOPE_BUREAU;
	for (size_t i = 0; i < who->ndivision && rc == TK_OK; i++)
		if (!(who->division_not[i] >> p & 1))
			rc = waiting_in(w, WAITING "division_id = $7" BY_DUE, who->division[i]);
	return rc;
}

/* Everything of a register that is in one state. */
static enum tk_rc waiting_state(const struct list *l, const struct tk_rtype *r, const char *state)
{
	struct waiting w = { .list = *l, .r = r };
	enum tk_rc rc = TK_OK;

	for (w.x = r->life->transition; w.x->from && rc == TK_OK; w.x++) {
		if (strcmp(w.x->from, state) != 0 || !waits_for(r->life, w.x))
			continue;
		rc = waiting_for(&w);
		if (tk_who_scope(l->op->who, w.x->perm) == TK_SCOPE_ALL)
			break;          /* nothing can be added */
	}
	if (rc == TK_OK && w.total > w.told)
		tell_more(l, r, w.total - w.told, "state", state);
	return rc;
}

/* Which registers have open cases in which states: few questions for a person who may much. */
struct open {
	struct tk_arena *a;
	struct { const char *type, *subject, *state; } v[512];
	size_t           n;
};

static enum tk_rc open_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct open *o = ctx;

	(void)n;
	if (o->n < TK_LEN(o->v)) {
		o->v[o->n].type = tk_strdup(o->a, col[0].s);
		o->v[o->n].subject = tk_strdup(o->a, col[1].s);
		o->v[o->n++].state = tk_strdup(o->a, col[2].s);
	}
	return TK_OK;
}

enum tk_rc tk_case_tasks(const struct tk_op *op, tk_task_fn add, void *ctx)
{
	struct list l = { op, add, ctx };
	struct open *o = tk_alloc(op->mem, sizeof(*o));
	enum tk_rc rc = own_cases(&l);

	o->a = op->mem;
	if (rc == TK_OK)
		rc = tk_db_run(op->db, op->e,
			       "SELECT type, subject_type, state FROM tk_case"
			       " WHERE closed_at IS NULL AND deleted_at IS NULL"
			       " GROUP BY type, subject_type, state"
			       " ORDER BY type, subject_type, state", NULL, 0, open_row, o);
	for (size_t i = 0; i < o->n && rc == TK_OK; i++) {
		const struct tk_rtype *r = register_of(o->v[i].type, o->v[i].subject);

		if (r)
			rc = waiting_state(&l, r, o->v[i].state);
	}
	return rc;
}
