/* What a person has to do: own cases, own requests, what waits for a decision (CORE-02, ORG-15). */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "request.h"

enum { MANY = 5000 };
struct got { struct testdb *t; int n; struct tk_task v[400]; };

static void keep(void *ctx, const struct tk_task *t)
{
	struct got *g = ctx;

	assert_true(g->n < 400);
	g->v[g->n++] = *t;
}

static struct got *tasks(struct testdb *t, const struct tk_who *w)
{
	static const tk_task_source source[] = { tk_case_tasks };
	struct got *g = tk_alloc(t->mem, sizeof(*g));
	struct tk_op op = op_of(t, w);

	g->t = t;
	tk_task_sources_set(source, 1);
	OK(t, tk_tasks_each(&op, keep, g));
	return g;
}

static const struct tk_task *task(const struct got *g, const char *title)
{
	for (int i = 0; i < g->n; i++)
		if (!strcmp(g->v[i].title, title))
			return &g->v[i];
	return NULL;
}

static void owner(struct testdb *t, const struct request *r, int64_t staff)
{
	struct tk_who all = office();
	struct tk_op op = op_of(t, &all);
	struct request now = { 0 };

	OK(t, tk_rec_load(&op, &request_type, r->rec.id, &now));
	tk_set_by(&request_type, &now, "owner_staff_id", TK_I0(staff));
	OK(t, tk_rec_update(&op, &request_type, &now, -1));
}

static void whose_turn_it_is(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_who me = requester(101), head = head_of(102, 11), other = head_of(111, 12), mate = requester(103),
		      all = office();
	const struct tk_task *x;
	struct request r;

	requests_up(t);
	r = made(t, &me, "USBの使用", "2026-12-24");
	x = task(tasks(t, &me), "USBの使用");
	assert_non_null(x);
	assert_string_equal(x->kind, "waiting");
	assert_false(tk_task_is_late(x, "2027-01-01"));
	x = task(tasks(t, &head), "Approve: USBの使用");
	assert_non_null(x);
	assert_string_equal(x->kind, "case");
	assert_string_equal(x->due, "2026-12-24");
	assert_false(tk_task_is_late(x, "2026-12-24"));
	assert_true(tk_task_is_late(x, "2026-12-25"));
	assert_string_equal(x->href, tk_sprintf(t->mem, "#/records/test-requests/%" PRId64, r.rec.id));
	assert_string_equal(x->detail, tk_sprintf(t->mem, "Request · Requested · %s", r.life.receipt_no));
	assert_int_equal(tasks(t, &head)->n, 1);                        /* once, not once a move */
	assert_int_equal(tasks(t, &other)->n, 0);
	assert_int_equal(tasks(t, &mate)->n, 0);
	assert_int_equal(tasks(t, &all)->n, 1);
	OK(t, moved(t, &head, &r, "return", "理由"));
	assert_non_null(task(tasks(t, &me), "Submit again: USBの使用"));
	assert_int_equal(tasks(t, &head)->n, 0);                        /* the requester's turn */
	OK(t, moved(t, &me, &r, "resubmit", NULL));
	OK(t, moved(t, &head, &r, "approve", NULL));
	/* nobody owns it yet: whoever may; then the owner alone */
	assert_non_null(task(tasks(t, &head), "Start: USBの使用"));
	owner(t, &r, 103);
	assert_int_equal(tasks(t, &head)->n, 0);
	assert_non_null(task(tasks(t, &mate), "Start: USBの使用"));
	OK(t, moved(t, &mate, &r, "start", NULL));
	assert_non_null(task(tasks(t, &mate), "Finish: USBの使用"));
	OK(t, moved(t, &mate, &r, "finish", NULL));
	assert_int_equal(tasks(t, &mate)->n, 0);
	assert_int_equal(tasks(t, &me)->n, 0);
	assert_int_equal(tasks(t, &all)->n, 0);                         /* reopening is nobody's task */
}

/* A head's own request waits for somebody else (ORG-15). */
static void own_requests_wait(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_who head = head_of(102, 11);

	requests_up(t);
	(void)made(t, &head, "課室長の申請", NULL);
	assert_string_equal(task(tasks(t, &head), "Return: 課室長の申請") ? "case" : "waiting", "waiting");
	assert_int_equal(tasks(t, &head)->n, 1);
	assert_string_equal(tasks(t, &head)->v[0].kind, "waiting");
}

/* Units count only for permissions they are held for; a bureau and a division in it tell once. */
static void units_count_for_their_permission(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_who a = requester(101), b = requester(111), c = requester(121), w = head_of(102, 11);

	requests_up(t);
	(void)made(t, &a, "十一", NULL);
	(void)made(t, &b, "十二", NULL);
	(void)made(t, &c, "二十一", NULL);
	w.division[1] = 12;
	w.ndivision = 2;
	assert_int_equal(tasks(t, &w)->n, 2);
	w.division_not[1] = UINT64_C(1) << TK_P_REQUEST_APPROVE;
	assert_int_equal(tasks(t, &w)->n, 1);
	w.scope[TK_P_REQUEST_APPROVE] = TK_SCOPE_BUREAU;
	w.bureau[0] = 1;
	w.nbureau = 1;
	assert_int_equal(tasks(t, &w)->n, 2);
	w.bureau_not[0] = UINT64_C(1) << TK_P_REQUEST_APPROVE;
	assert_int_equal(tasks(t, &w)->n, 1);
	w.scope[TK_P_REQUEST_APPROVE] = TK_SCOPE_OWN;
	assert_int_equal(tasks(t, &w)->n, 0);
}

/* n open cases with a due date each, straight into the tables. */
static void many(struct testdb *t, int n, int64_t owner_id)
{
	OK(t, tk_db_begin(t->db, &t->e));
	for (int i = 0; i < n; i++)
		OK(t, tk_db_exec(t->db, &t->e,
			"INSERT INTO tk_case(id, version, type, receipt_no, subject_type, subject_id, bureau_id, division_id,"
			" state, title, owner_staff_id, due_on, opened_at) VALUES($1,1,'test_request',$2,'test_request',$1,1,11,"
			"$3,$4,$5,$6,1)",
			TK_I(100000 + i), TK_S(tk_sprintf(t->mem, "Q%d", i)), TK_S(i % 2 ? "requested" : "approved"),
			TK_S(tk_sprintf(t->mem, "申請%d", i)), TK_I0(owner_id),
			TK_S(tk_sprintf(t->mem, "2026-%02d-%02d", 1 + i % 12, 1 + i % 28))));
	OK(t, tk_db_commit(t->db, &t->e));
	OK(t, tk_db_script(t->db, "ANALYZE", &t->e));
}

static int64_t fastest_us(struct testdb *t, const struct tk_who *w)
{
	int64_t best = INT64_MAX;

	for (int i = 0; i < 5; i++) {
		int64_t from = tk_mono_us();

		(void)tasks(t, w);
		if (tk_mono_us() - from < best)
			best = tk_mono_us() - from;
	}
	return best;
}

static void five_thousand(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_who all = office(), me = requester(101);
	const struct tk_task *x;
	const struct got *g;
	int64_t office_us, mine_us;

	requests_up(t);
	many(t, MANY, 0);
	g = tasks(t, &all);
	assert_int_equal(g->n, 102);                                    /* two states, 50 each, and "more" */
	x = task(g, "Requests +2450");
	assert_non_null(x);
	assert_string_equal(x->href, "#/records/test-requests?state=approved");
	assert_string_equal(g->v[0].due, "2026-01-01");                 /* the nearest due first */
	OK(t, tk_db_exec(t->db, &t->e, "UPDATE tk_case SET owner_staff_id = $1 WHERE id % 5 = 0", TK_I(101)));
	g = tasks(t, &me);
	assert_int_equal(g->n, 51);
	assert_non_null(task(g, "Requests +950"));
	office_us = fastest_us(t, &all);
	mine_us = fastest_us(t, &me);
	print_message("5,000 open cases: office %" PRId64 " us, an owner of 1,000 %" PRId64 " us\n", office_us, mine_us);
	assert_true(office_us < 50000 && mine_us < 50000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TESTDB_BOTH(whose_turn_it_is), TESTDB_BOTH(own_requests_wait), TESTDB_BOTH(units_count_for_their_permission),
		TESTDB_BOTH(five_thousand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
