/* confirm.c - confirmations during the project, on the ground of what was agreed: their due dates
 * come from the contract's interval (OUT-02, OUT-06). */
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "outsourcing/outsourcing.h"

typedef struct tk_confirmation X;
#define T (&tk_confirmation_type)
enum { MAX_DUE = 240, TITLE_MAX = 200 };

/* -- life -------------------------------------------------------------------------------------- */
static const struct tk_choice state[] = {
	{ "due", N_("To be confirmed") },
	{ "problem", N_("Problem found") },
	{ "confirmed", N_("Confirmed") },
	{ 0 },
};
static const struct tk_case_transition transition[] = {
	{ "due", "confirm", "confirmed", TK_P_OUT_WRITE, TK_CASE_OWNER, N_("Confirm") },
	{ "due", "object", "problem", TK_P_OUT_WRITE, TK_CASE_OWNER | TK_CASE_COMMENT,
		N_("Record a problem") },
	{ "problem", "confirm", "confirmed", TK_P_OUT_WRITE, TK_CASE_OWNER | TK_CASE_COMMENT,
		N_("Confirm") },
	{ "confirmed", "reopen", "due", TK_P_OUT_REVIEW, TK_CASE_COMMENT, N_("Confirm again") },
	{ 0 },
};

static enum tk_rc load(const struct tk_op *op, int64_t id, X *x)
{
	struct tk_who w = *op->who;
	struct tk_op as = { op->db, op->mem, &w, op->e };

	w.system = true;
	return tk_rec_load(&as, T, id, x);
}

static enum tk_rc moving(const struct tk_op *op, const struct tk_case *before,
			 const struct tk_case *after, const char *action)
{
	X x = { 0 };
	enum tk_rc rc;

	(void)before;
	if (strcmp(action, "confirm") != 0)
		return TK_OK;
	rc = load(op, after->subject_id, &x);
	if (rc == TK_OK && tk_is_blank(x.result))
		return tk_fail(op->e, TK_EINVAL, "result",
			       N_("Write first what was confirmed, and how."));
	return rc;
}

static enum tk_rc moved(const struct tk_op *op, const struct tk_case *before,
			const struct tk_case *after, const char *action)
{
	struct tk_who w = *op->who;
	struct tk_op as = { op->db, op->mem, &w, op->e };
	char today[11];
	X x = { 0 };
	enum tk_rc rc;

	(void)before;
	if (strcmp(action, "confirm") != 0)
		return TK_OK;
	w.system = true;                /* the move was permitted */
	rc = load(op, after->subject_id, &x);
	if (rc != TK_OK || x.confirmed_on)
		return rc;
	tk_date_iso(tk_today(), today);
	tk_set_by(T, &x, "confirmed_on", TK_S(today));
	return tk_rec_update(&as, T, &x, -1);
}

const struct tk_case_type tk_confirmation_case = {
	.name = "contract_confirmation",
	.label = N_("Confirmation of a contract"),
	.prefix = "C",
	.state = state,
	.closed = "confirmed",
	.transition = transition,
	.remind_before = 14,
	.escalate_after = 7,
	.escalate = TK_P_OUT_REVIEW,
	.moving = moving,
	.moved = moved,
};

/* -- record ------------------------------------------------------------------------------------ */
static const char *const contract_alias[] = { "契約", "契約件名", NULL };
static const char *const on_alias[] = { "確認日", NULL };
static const char *const result_alias[] = { "確認結果", "結果", NULL };
static const struct tk_field field[] = {
	TK_TEXT(X, title, .label = N_("Confirmation"), .max = TITLE_MAX,
		.flags = TK_LIST | TK_SEARCH, .help = N_("Empty: the contract's title.")),
	TK_REF(X, contract_id, .label = N_("Contract"), .alias = contract_alias,
		.ref = &tk_contract_type, .flags = TK_REQUIRED | TK_FIXED),
	TK_DATE(X, confirmed_on, .label = N_("Confirmed on"), .alias = on_alias,
		.flags = TK_LIST),
	TK_LONG(X, result, .label = N_("Result"), .alias = result_alias, .max = 4000,
		.flags = TK_SEARCH,
		.help = N_("What was confirmed on the ground of the agreement, and how.")),
	TK_LIFE_FIELDS(X, state),
};

static enum tk_rc check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	const char *title = NULL;
	X *x = now;
	enum tk_rc rc;

	(void)was;
	if (deleted || x->title || !x->contract_id)
		return TK_OK;
	rc = tk_rec_label(op, &tk_contract_type, x->contract_id, &title);
	tk_set_by(T, x, "title", TK_S(title));
	return rc;
}

const struct tk_rtype tk_confirmation_type = {
	.name = "contract_confirmation",
	.path = "contract-confirmations",
	.table = "contract_confirmation",
	.label = N_("Confirmation of a contract"),
	.label_plural = N_("Confirmations of contracts"),
	.group = "outsourcing",
	.size = sizeof(X),
	.field = field,
	.nfield = TK_LEN(field),
	.title = "title",
	.order = "due_on",
	.read = TK_P_OUT_READ,
	.write = TK_P_OUT_WRITE,
	.scope_own = TK_LIFE_OWN,
	.scope_division = "division_id",
	.division_of = "contract_id",
	.grade = 2,
	.check = check,
	.life = &tk_confirmation_case,
};

/* -- due dates --------------------------------------------------------------------------------- */
static int month_days(int y, int m)
{
	struct tk_date first = { y, m, 1 }, next = { y + m / 12, m % 12 + 1, 1 };

	return (int)(tk_date_days(next) - tk_date_days(first));
}

static struct tk_date add_months(struct tk_date d, int n)
{
	int m = d.y * 12 + d.m - 1 + n, y = m / 12, days;

	m = m % 12 + 1;
	days = month_days(y, m);
	return (struct tk_date){ y, m, d.d < days ? d.d : days };
}

struct plan {
	const struct tk_op *op;         /* the program's own */
	const struct tk_contract *c;
	char        due[MAX_DUE][11];
	bool        there[MAX_DUE];
	size_t      n;
	int64_t     gone[MAX_DUE];
	size_t      ngone;
	const char *today;
};

/* Every so many months within the contract; one at its end when it is too short for any. */
static void dates_of(struct plan *p)
{
	struct tk_date from, to, d;
	int step = (int)p->c->confirm_months;

	if (!tk_date_from_iso(p->c->from_on, &from) || !tk_date_from_iso(p->c->to_on, &to))
		return;
	for (int k = 1; step > 0 && p->n < MAX_DUE; k++) {
		d = add_months(from, k * step);
		if (tk_date_days(d) > tk_date_days(to))
			break;
		tk_date_iso(d, p->due[p->n++]);
	}
	if (!p->n)
		tk_date_iso(to, p->due[p->n++]);
}

/* What is there: kept where its day is still planned; what lies ahead and is not is taken out. */
static enum tk_rc row(void *ctx, const struct tk_value *col, size_t n)
{
	const char *due = col[1].type == TK_V_TEXT ? col[1].s : "";
	struct plan *p = ctx;

	(void)n;
	for (size_t i = 0; i < p->n; i++)
		if (!strcmp(p->due[i], due)) {
			p->there[i] = true;
			return TK_OK;
		}
	if (col[2].type == TK_V_NULL && strcmp(due, p->today) > 0 && p->ngone < MAX_DUE)
		p->gone[p->ngone++] = col[0].i;
	return TK_OK;
}

static enum tk_rc add(struct plan *p, size_t i, int64_t owner, int64_t deputy)
{
	const struct tk_op *op = p->op;
	X x = { 0 };

	tk_set_by(T, &x, "contract_id", TK_I(p->c->rec.id));
	tk_set_by(T, &x, "due_on", TK_S(p->due[i]));
	tk_set_by(T, &x, "owner_staff_id", TK_I0(owner));
	tk_set_by(T, &x, "deputy_staff_id", TK_I0(deputy));
	tk_set_by(T, &x, "title", TK_S(tk_sprintf(op->mem, "%s（%s）",
		tk_utf8_head(op->mem, p->c->title, TITLE_MAX - 20), p->due[i])));
	return tk_rec_insert(op, T, &x);
}

enum tk_rc tk_confirmations_plan(const struct tk_op *op, const struct tk_contract *c)
{
	struct tk_who w = *op->who;
	struct tk_op as = { op->db, op->mem, &w, op->e };
	struct plan *p = tk_alloc(op->mem, sizeof(*p));
	struct tk_value who[2];
	char today[11];
	bool found;
	enum tk_rc rc;

	w.system = true;                /* follows from the contract that was saved */
	tk_date_iso(tk_today(), today);
	*p = (struct plan){ .op = &as, .c = c, .today = today };
	dates_of(p);
	rc = tk_db_run(op->db, op->e,
		       "SELECT id, due_on, closed_at FROM contract_confirmation WHERE contract_id ="
		       " $1 AND deleted_at IS NULL", TK_ARGS(TK_I(c->rec.id)), row, p);
	if (rc == TK_OK)
		rc = tk_db_first(op->db, op->mem, op->e,
				 "SELECT COALESCE(owner_staff_id, requester_staff_id, 0), "
				 "COALESCE(deputy_staff_id, 0) FROM procurement_spec WHERE id = $1",
				 TK_ARGS(TK_I(c->spec_id)), who, 2, &found);
	for (size_t i = 0; rc == TK_OK && i < p->ngone; i++)
		rc = tk_rec_delete(&as, T, p->gone[i], -1);
	for (size_t i = 0; rc == TK_OK && i < p->n; i++)
		if (!p->there[i])
			rc = add(p, i, found ? who[0].i : 0, found ? who[1].i : 0);
	return rc;
}
