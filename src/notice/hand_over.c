/* hand_over.c - open cases of people who leave pass to somebody who is there. */
#include <inttypes.h>
#include <string.h>
#include "base/clock.h"
#include "job/outbox.h"
#include "job/template.h"
#include "notice/notice.h"
#include "org/role.h"

enum { CASES_MAX = 5000, MAIL_LINES = 100 };

struct ids { int64_t *v; size_t n, max; };

static enum tk_rc id_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct ids *l = ctx;

	(void)n;
	if (l->n < l->max)
		l->v[l->n++] = col[0].i;
	return TK_OK;
}

/* -- who is there ------------------------------------------------------------------------------ */

struct heads { struct tk_arena *a; struct { int64_t division, staff; } *v; size_t n, max; };

static enum tk_rc head_row(void *ctx, const struct tk_holder *h)
{
	struct heads *l = ctx;

	if (h->division_id && h->staff_id && l->n < l->max) {
		l->v[l->n].division = h->division_id;
		l->v[l->n++].staff = h->staff_id;
	}
	return TK_OK;
}

static enum tk_rc heads(const struct tk_op *op, const char *today, struct heads *l)
{
	*l = (struct heads){ .a = op->mem, .max = 4000 };
	l->v = tk_alloc(op->mem, l->max * sizeof(*l->v));
	return tk_role_holders(op, "role_division_officer", today, head_row, l);
}

static int64_t head_of(const struct heads *l, int64_t division)
{
	for (size_t i = 0; i < l->n; i++)
		if (division && l->v[i].division == division)
			return l->v[i].staff;
	return 0;
}

static enum tk_rc is_there(const struct tk_op *op, int64_t staff, const char *today, bool *ret)
{
	int64_t n = 0;
	enum tk_rc rc = tk_db_int(op->db, op->e,
				  "SELECT 1 FROM staff WHERE id = $1 AND deleted_at IS NULL"
				  " AND (left_on IS NULL OR left_on > $2)",
				  TK_ARGS(TK_I(staff), TK_S(today)), 0, &n);

	*ret = n != 0;
	return rc;
}

/* -- one mail for each who gets something ------------------------------------------------------ */

struct heir { int64_t staff; struct tk_buf list; int64_t n; };
struct heirs { struct heir *v; size_t n, max; const char *from; };

static void note(const struct tk_op *op, struct heirs *h, int64_t staff, const struct tk_case *c)
{
	const struct tk_rtype *t = tk_rtype_by_name(c->subject_type);
	size_t i = 0;

	while (i < h->n && h->v[i].staff != staff)
		i++;
	if (i == h->max)
		return;
	if (i == h->n)
		h->v[h->n++] = (struct heir){ .staff = staff, .list = TK_BUF(64 << 10) };
	if (h->v[i].n++ < MAIL_LINES)
		tk_buf_fmt(&h->v[i].list, "- %s (%s)\n  %s\n", c->title, c->receipt_no,
			   tk_mail_link(op, t ? tk_sprintf(op->mem, "#/records/%s/%" PRId64,
							     t->path, c->subject_id) : NULL));
}

static enum tk_rc tell(const struct tk_op *op, const struct heirs *h, struct heir *x)
{
	struct tk_mail_new m = { .staff_id = x->staff };
	struct tk_template_values v = { .reason = h->from, .url = tk_mail_link(op, "#/") };
	struct tk_addressee to;
	enum tk_rc rc = tk_addressee(op, x->staff, &to);

	if (rc != TK_OK || !to.mail || to.staff_id == op->who->staff_id)
		return rc;
	v.name = to.name;
	v.title = tk_sprintf(op->mem, to.lang == TK_JA ? "%" PRId64 "件" : "%" PRId64 " cases",
			     x->n);
	v.list = tk_buf_cstr(&x->list);
	m.to = to.mail;
	m.division_id = to.division_id;
	rc = tk_template_fill(op, "hand_over", to.lang, &v, &m.subject, &m.body);
	return rc == TK_OK ? tk_mail_queue(op, &m) : rc;
}

static enum tk_rc tell_heirs(const struct tk_op *op, struct heirs *h, enum tk_rc rc)
{
	for (size_t i = 0; i < h->n; i++) {
		if (rc == TK_OK)
			rc = tell(op, h, &h->v[i]);
		tk_buf_drop(&h->v[i].list);
	}
	return rc;
}

/* -- passing on -------------------------------------------------------------------------------- */

struct pass { const char *today; const struct heads *heads; int64_t from, to, moved;
	struct heirs heirs; };

/* The owner of a case from now on: to when it is given, else deputy, else head, else as it was. */
static enum tk_rc heir_of(const struct tk_op *op, const struct pass *p, const struct tk_case *c,
			  int64_t *ret)
{
	bool there = false;
	enum tk_rc rc = TK_OK;

	*ret = p->to;
	if (p->to)
		return TK_OK;
	if (c->deputy_staff_id && c->deputy_staff_id != p->from)
		rc = is_there(op, c->deputy_staff_id, p->today, &there);
	*ret = there ? c->deputy_staff_id : head_of(p->heads, c->division_id);
	if (*ret == p->from || !*ret)
		*ret = c->owner_staff_id;
	return rc;
}

static enum tk_rc pass_on(const struct tk_op *op, struct pass *p, int64_t case_id)
{
	struct tk_who sys = tk_who_system(op->who->name, op->who->source, op->who->lang);
	struct tk_op any = { op->db, op->mem, &sys, op->e };
	struct tk_case c = { 0 };
	int64_t owner, deputy;
	enum tk_rc rc = tk_rec_load(&any, &tk_case_rtype, case_id, &c);

	if (rc != TK_OK)
		return rc;
	owner = c.owner_staff_id;
	deputy = c.deputy_staff_id == p->from ? p->to : c.deputy_staff_id;
	if (owner == p->from && (rc = heir_of(op, p, &c, &owner)) != TK_OK)
		return rc;
	if (deputy == owner)
		deputy = 0;
	if (owner == c.owner_staff_id && deputy == c.deputy_staff_id)
		return TK_OK;
	if (owner && owner != c.owner_staff_id)
		note(op, &p->heirs, owner, &c);
	p->moved++;
	return tk_case_hand_over(op, &c, owner, deputy, NULL);
}

static enum tk_rc pass_all(const struct tk_op *op, struct pass *p)
{
	struct ids l = { .max = CASES_MAX };
	struct tk_value name;
	bool found = false;
	enum tk_rc rc;

	l.v = tk_alloc(op->mem, CASES_MAX * sizeof(*l.v));
	p->heirs = (struct heirs){ .max = 256, .from = "" };
	p->heirs.v = tk_alloc(op->mem, p->heirs.max * sizeof(*p->heirs.v));
	rc = tk_db_first(op->db, op->mem, op->e, "SELECT name FROM staff WHERE id = $1",
			 TK_ARGS(TK_I(p->from)), &name, 1, &found);
	if (rc == TK_OK && !found)
		return tk_fail(op->e, TK_ENOTFOUND, NULL, N_("There is no such staff member."));
	if (rc == TK_OK)
		p->heirs.from = name.s;
	if (rc == TK_OK)
		rc = tk_db_run(op->db, op->e,
			       "SELECT id FROM tk_case WHERE closed_at IS NULL"
			       " AND deleted_at IS NULL AND (owner_staff_id = $1"
			       " OR deputy_staff_id = $1) ORDER BY id",
			       TK_ARGS(TK_I(p->from)), id_row, &l);
	for (size_t i = 0; i < l.n && rc == TK_OK; i++)
		rc = pass_on(op, p, l.v[i]);
	return tell_heirs(op, &p->heirs, rc);
}

enum tk_rc tk_hand_over(const struct tk_op *op, int64_t from, int64_t to, int64_t *ret_n)
{
	struct heads l = { 0 };
	struct pass p = { .heads = &l, .from = from, .to = to };
	bool there = true;
	char today[11];
	enum tk_rc rc = TK_OK;

	if (!op->who->system && tk_who_scope(op->who, TK_P_YEAR_WRITE) != TK_SCOPE_ALL)
		return tk_denied(op->e);
	tk_date_iso(tk_today(), today);
	p.today = today;
	if (to)
		rc = is_there(op, to, today, &there);
	if (rc == TK_OK && (!there || to == from))
		return tk_fail(op->e, TK_EINVAL, "to",
			       N_("Hand over to another member of staff who is in office."));
	if (rc == TK_OK)
		rc = heads(op, today, &l);
	if (rc == TK_OK)
		rc = pass_all(op, &p);
	*ret_n = p.moved;
	return rc;
}

#define LEFT_OWNERS \
	" FROM tk_case c JOIN staff s ON s.id IN (c.owner_staff_id, c.deputy_staff_id)" \
	" WHERE c.closed_at IS NULL AND c.deleted_at IS NULL" \
	" AND (s.left_on <= $1 OR s.deleted_at IS NOT NULL)"

enum tk_rc tk_hand_over_left(const struct tk_op *op, const char *today, int64_t *ret_n)
{
	struct ids l = { .max = CASES_MAX };
	struct heads h = { 0 };
	enum tk_rc rc;

	*ret_n = 0;
	l.v = tk_alloc(op->mem, CASES_MAX * sizeof(*l.v));
	rc = tk_db_run(op->db, op->e, "SELECT DISTINCT s.id" LEFT_OWNERS " ORDER BY s.id",
		       TK_ARGS(TK_S(today)), id_row, &l);
	if (rc == TK_OK && l.n)
		rc = heads(op, today, &h);
	for (size_t i = 0; i < l.n && rc == TK_OK; i++) {
		struct pass p = { .today = today, .heads = &h, .from = l.v[i] };

		rc = pass_all(op, &p);
		*ret_n += p.moved;
	}
	return rc;
}

/* -- what stays -------------------------------------------------------------------------------- */

struct left { const struct tk_op *op; tk_left_fn fn; void *ctx; };

static enum tk_rc left_row(void *ctx, const struct tk_value *col, size_t n)
{
	const struct left *l = ctx;
	const struct tk_op *op = l->op;
	const struct tk_case_type *t = tk_case_type_by_name(col[6].s);
	const struct tk_rtype *r = tk_rtype_by_name(col[8].s);
	struct tk_left_case c = {
		.staff_id = col[0].i, .who = col[1].s, .left_on = col[2].s,
		.division_id = col[3].i, .title = col[4].s, .receipt_no = col[5].s,
		.type_label = t ? tk_tr(op->who->lang, t->label) : col[6].s,
		.state_label = tk_case_state_label(t, col[7].s, op->who->lang),
		.division = op->who->lang == TK_EN && col[12].s ? col[12].s : col[11].s,
		.due_on = col[10].s,
		.href = r && r->life ? tk_sprintf(op->mem, "#/records/%s/%" PRId64, r->path,
						  col[9].i) : NULL,
	};

	(void)n;
	l->fn(l->ctx, &c);
	return TK_OK;
}

enum tk_rc tk_left_cases(const struct tk_op *op, tk_left_fn fn, void *ctx)
{
	struct left l = { op, fn, ctx };
	char today[11];

	tk_date_iso(tk_today(), today);
	return tk_db_run(op->db, op->e,
			 "SELECT s.id, s.name, s.left_on, c.division_id, c.title, c.receipt_no,"
			 " c.type, c.state, c.subject_type, c.subject_id, c.due_on, d.name,"
			 " d.name_en FROM tk_case c JOIN staff s ON s.id = c.owner_staff_id"
			 " LEFT JOIN division d ON d.id = c.division_id"
			 " WHERE c.closed_at IS NULL AND c.deleted_at IS NULL"
			 " AND (s.left_on <= $1 OR s.deleted_at IS NOT NULL)"
			 " ORDER BY s.id, COALESCE(c.due_on, '9999-12-31'), c.id LIMIT 500",
			 TK_ARGS(TK_S(today)), left_row, &l);
}

enum tk_rc tk_left_tasks(const struct tk_op *op, tk_task_fn add, void *ctx)
{
	struct tk_task t = { .kind = "case", .href = "#/left-cases" };
	char today[11];
	int64_t n = 0;
	enum tk_rc rc;

	if (tk_who_scope(op->who, TK_P_YEAR_WRITE) != TK_SCOPE_ALL)
		return TK_OK;
	tk_date_iso(tk_today(), today);
	rc = tk_db_int(op->db, op->e,
		       "SELECT COUNT(*) FROM tk_case c JOIN staff s ON s.id = c.owner_staff_id"
		       " WHERE c.closed_at IS NULL AND c.deleted_at IS NULL"
		       " AND (s.left_on <= $1 OR s.deleted_at IS NOT NULL)",
		       TK_ARGS(TK_S(today)), 0, &n);
	if (rc != TK_OK || !n)
		return rc;
	t.title = tk_sprintf(op->mem, "%s: %" PRId64,
			     tk_tr(op->who->lang, N_("Cases of people who left")), n);
	t.detail = tk_tr(op->who->lang, N_("Nobody was found to take them over. Please choose."));
	add(ctx, &t);
	return TK_OK;
}
