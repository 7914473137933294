/* The audit of a year: its plan and who approves it, the three kinds, findings answered by one side
 * and confirmed by the other, the report, roles that exclude each other, and the figures. */
#include "../outsourcing/walk.h"
#include "audit/audit.h"
#include "base/clock.h"
#include "base/hash.h"
#include "fact/fact.h"

enum { YEAR = 2096 };   /* a year that the demonstration has nothing of */

static int64_t plan(struct world *w, int year)
{
	return make(w, A_AUDIT_HEAD, "audit-plans", fmt(w, "{\"title\":\"試験年度の監査計画\",\"fiscal_year\":%d}", year));
}

static int64_t audit_of(struct world *w, int64_t plan_id, const char *kind)
{
	int64_t id = 0;

	OK(w->t, tk_db_int(w->t->db, &w->t->e, "SELECT id FROM audit WHERE plan_id = $1 AND kind = $2 AND deleted_at IS NULL",
			   TK_ARGS(TK_I(plan_id), TK_S(kind)), 0, &id));
	return id;
}

#define SECRET "管理画面に初期パスワードのまま入れる"
static int64_t found(struct world *w, int64_t audit_id, enum actor_id head)
{
	return make(w, A_AUDIT_HEAD, "findings",
		    fmt(w, "{\"audit_id\":\"%lld\",\"severity\":\"high\",\"clause\":\"4.2.1\",\"detail\":\"" SECRET "\","
			"\"division_id\":\"%lld\",\"due_on\":\"2097-01-31\"}", ID(audit_id), ID(w->actor[head].division)));
}

static void perform(struct world *w, int64_t id)
{
	STATUS(change(w, A_AUDIT_HEAD, "audits", id, "{\"from_on\":\"2096-10-01\",\"evaluation\":\"概ね良好\"}"), 200);
	MOVE(w, A_AUDIT_HEAD, "audits", id, "finish", NULL);
}

/* AUD-01, AUD-02, ORG-09: the audit head plans, the adviser guides, the general officer approves and
 * nobody else; a plan has its three kinds from the beginning (AUD-03, AUD-04, AUD-05). */
static void the_plan_of_a_year(void **state)
{
	struct world *w = world_of(state);
	int64_t id = plan(w, YEAR);

	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM audit WHERE plan_id = $1", id), 3);
	assert_string_equal(member(w, A_AUDIT_HEAD, "audits", audit_of(w, id, "vuln"), "basis"), "情報セキュリティポリシー");
	assert_non_null(strstr(member(w, A_AUDIT_HEAD, "audits", audit_of(w, id, "policy"), "basis"), "統一基準"));
	STATUS(made(w, A_OFFICE, "audit-plans", "{\"title\":\"x\"}"), 403);
	STATUS(made(w, A_CISO, "audit-plans", "{\"title\":\"x\"}"), 403);
	STATUS(get(w, A_HEAD, "/api/v1/audit-plans"), 403);
	STATUS(move(w, A_AUDIT_HEAD, "audit-plans", id, "advise", "x"), 403);
	MOVE(w, A_ADVISER, "audit-plans", id, "advise", "外部から接続するシステムを先に");
	MOVE(w, A_AUDIT_HEAD, "audit-plans", id, "submit", NULL);
	NAMES(change(w, A_AUDIT_HEAD, "audit-plans", id, "{\"content\":\"後から\"}"), 409, "content");
	STATUS(move(w, A_AUDIT_HEAD, "audit-plans", id, "approve", NULL), 403);
	STATUS(move(w, A_OFFICE, "audit-plans", id, "approve", NULL), 403);
	STATUS(move(w, A_ADVISER, "audit-plans", id, "approve", NULL), 403);
	NAMES(move(w, A_CISO, "audit-plans", id, "return", NULL), 422, "comment");
	MOVE(w, A_CISO, "audit-plans", id, "approve", NULL);
	assert_string_equal(member(w, A_AUDITOR, "audit-plans", id, "approved_by"), w->actor[A_CISO].who.name);
	assert_string_equal(member(w, A_AUDITOR, "audit-plans", id, "advised_by"), w->actor[A_ADVISER].who.name);
	MOVE(w, A_AUDIT_HEAD, "audit-plans", id, "start", NULL);
}

/* AUD-02: never the author, not even with the general officer's role. */
static void never_the_author(void **state)
{
	struct world *w = world_of(state);
	int64_t id = plan(w, YEAR - 1), role = tk_id_new();

	MOVE(w, A_AUDIT_HEAD, "audit-plans", id, "submit", NULL);
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "INSERT INTO account_role(id, version, account_id, role) VALUES($1, 1, $2, 'ciso')",
			    TK_I(role), TK_I(w->actor[A_AUDIT_HEAD].account)));
	STATUS(move(w, A_AUDIT_HEAD, "audit-plans", id, "approve", NULL), 403);
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "DELETE FROM account_role WHERE id = $1", TK_I(role)));
	MOVE(w, A_CISO, "audit-plans", id, "approve", NULL);
}

/* AUD-06: (c) is skipped when the policy was not revised in the year, and the reason is kept for
 * print; when it was revised the audit is due. */
static void a_kind_is_skipped(void **state)
{
	struct world *w = world_of(state);
	int64_t id = plan(w, YEAR), c = audit_of(w, id, "policy"), a = audit_of(w, id, "vuln");
	bool known, revised;
	struct reply r;

	NAMES(move(w, A_AUDIT_HEAD, "audits", a, "skip", NULL), 422, "skip_reason");
	NAMES(move(w, A_AUDIT_HEAD, "audits", a, "finish", NULL), 422, "from_on");
	STATUS(change(w, A_AUDIT_HEAD, "audits", a, "{\"from_on\":\"2096-10-01\"}"), 200);
	NAMES(move(w, A_AUDIT_HEAD, "audits", a, "finish", NULL), 422, "evaluation");
	OK(w->t, tk_audit_policy_revised(&w->op, YEAR, &known, &revised));
	r = move(w, A_AUDIT_HEAD, "audits", c, "skip", NULL);
	if (known && !revised) {        /* the rule itself is the reason */
		STATUS(r, 200);
		assert_string_equal(member(w, A_AUDIT_HEAD, "audits", c, "skip_reason"),
				    tk_tr(TK_JA, "The policy was not revised in this fiscal year."));
	} else if (known) {
		STATUS(r, 409);
	} else {
		NAMES(r, 422, "skip_reason");
		STATUS(change(w, A_AUDIT_HEAD, "audits", c, "{\"skip_reason\":\"ポリシーの改定がないため\"}"), 200);
		MOVE(w, A_AUDIT_HEAD, "audits", c, "skip", NULL);
	}
	NAMES(change(w, A_AUDIT_HEAD, "audits", a, "{\"to_on\":\"2096-09-01\"}"), 422, "to_on");
	STATUS(change(w, A_OFFICE, "audits", a, "{\"evaluation\":\"x\"}"), 403);
}

/* AUD-09, ORG-15: states in their order; the audited answer, the audit side confirms. */
static void a_finding_and_its_improvement(void **state)
{
	struct world *w = world_of(state);
	int64_t p = plan(w, YEAR), id = found(w, audit_of(w, p, "vuln"), A_HEAD), road;
	const char *code = member(w, A_AUDIT_HEAD, "findings", id, "code");

	assert_non_null(strstr(code, fmt(w, "%d-V-", YEAR)));
	STATUS(get(w, A_HEAD2, fmt(w, "/api/v1/findings/%lld", ID(id))), 404);
	STATUS(get(w, A_STAFF, fmt(w, "/api/v1/findings/%lld", ID(id))), 404);
	STATUS(get(w, A_HEAD, fmt(w, "/api/v1/findings/%lld", ID(id))), 200);
	STATUS(made(w, A_HEAD, "findings", fmt(w, "{\"audit_id\":\"%lld\",\"severity\":\"low\",\"detail\":\"x\",\"division_id\":\"%lld\"}",
	       ID(audit_of(w, p, "vuln")), ID(w->actor[A_HEAD].division))), 403);
	NAMES(change(w, A_HEAD, "findings", id, "{\"severity\":\"low\"}"), 403, "severity");
	NAMES(change(w, A_HEAD, "findings", id, "{\"detail\":\"なかった\"}"), 403, "detail");
	STATUS(move(w, A_AUDIT_HEAD, "findings", id, "plan", NULL), 403);
	NAMES(move(w, A_HEAD, "findings", id, "plan", NULL), 422, "plan");
	STATUS(change(w, A_HEAD, "findings", id, fmt(w, "{\"plan\":\"初期パスワードを変える\",\"owner_staff_id\":\"%lld\"}",
	       ID(w->actor[A_STAFF].staff))), 200);
	MOVE(w, A_HEAD, "findings", id, "plan", NULL);
	/* RMP-04: it stands on the roadmap by its code, once, and without what was found */
	road = world_int(w, "SELECT MAX(id) FROM roadmap_item WHERE source_type = 'finding' AND source_id = $1", id);
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM roadmap_item WHERE source_id = $1", id), 1);
	assert_non_null(strstr(member(w, A_OFFICE, "roadmap-items", road, "title"), code));
	HAS_NOT(get(w, A_OFFICE, fmt(w, "/api/v1/roadmap-items/%lld", ID(road))), SECRET);
	/* the owner, who has no role, goes on */
	MOVE(w, A_STAFF, "findings", id, "start", NULL);
	NAMES(move(w, A_STAFF, "findings", id, "finish", NULL), 422, "result");
	STATUS(change(w, A_STAFF, "findings", id, "{\"result\":\"変えた\"}"), 200);
	NAMES(change(w, A_STAFF, "findings", id, "{\"recommendation\":\"x\"}"), 403, "recommendation");
	MOVE(w, A_STAFF, "findings", id, "finish", NULL);
	STATUS(move(w, A_STAFF, "findings", id, "confirm", NULL), 403);
	STATUS(move(w, A_HEAD, "findings", id, "confirm", NULL), 403);
	STATUS(move(w, A_OFFICE, "findings", id, "confirm", NULL), 403);
	STATUS(move(w, A_CISO, "findings", id, "confirm", NULL), 403);
	NAMES(move(w, A_AUDIT_HEAD, "findings", id, "return", NULL), 422, "comment");
	MOVE(w, A_AUDIT_HEAD, "findings", id, "confirm", NULL);
	assert_string_equal(member(w, A_AUDITOR, "findings", id, "confirmed_by"), w->actor[A_AUDIT_HEAD].who.name);
	assert_string_equal(member(w, A_AUDITOR, "findings", id, "state"), "confirmed");
}

static enum tk_rc row_behind(void *ctx, const struct tk_fact_row *r)
{
	assert_non_null(strstr(r->title, "2096-"));
	assert_null(strstr(r->title, SECRET));
	(*(size_t *)ctx)++;
	return TK_OK;
}

/* AUD-09: what was found stands in the finding alone; everything that speaks of it uses the code. */
static void what_was_found_stays_inside(void **state)
{
	struct world *w = world_of(state);
	int64_t p = plan(w, YEAR), id = found(w, audit_of(w, p, "vuln"), A_HEAD);
	static const char *const looks[] = { "my/tasks", "cases?limit=500", "roadmap-items?limit=500" };
	size_t seen = 0;
	struct tk_fact_value v;

	assert_int_not_equal(id, 0);
	for (enum actor_id i = 0; i < A_MAX; i++)
		for (size_t k = 0; k < TK_LEN(looks); k++)
			HAS_NOT(get(w, i, fmt(w, "/api/v1/%s", looks[k])), SECRET);
	OK(w->t, tk_fact_explain(&w->op, tk_fact_by_id("audit.findings"), YEAR, row_behind, &seen, &v));
	assert_int_equal(seen, v.numerator);
	assert_int_equal(tk_finding_type.grade, 3);
}

/* ORG-15: nobody audits their own division, neither as the auditor named nor as who confirms. */
static void the_auditor_is_not_the_audited(void **state)
{
	struct world *w = world_of(state);
	int64_t p = plan(w, YEAR), a = audit_of(w, p, "procedure"), id, role = tk_id_new();

	STATUS(change(w, A_AUDIT_HEAD, "audits", a, fmt(w, "{\"auditor\":\"internal\",\"auditor_staff_id\":\"%lld\"}",
	       ID(w->actor[A_STAFF].staff))), 200);
	NAMES(made(w, A_AUDIT_HEAD, "findings", fmt(w, "{\"audit_id\":\"%lld\",\"severity\":\"low\",\"detail\":\"x\",\"division_id\":"
	      "\"%lld\"}", ID(a), ID(w->actor[A_HEAD].division))), 422, "division_id");
	NAMES(made(w, A_AUDIT_HEAD, "findings", fmt(w, "{\"audit_id\":\"%lld\",\"severity\":\"low\",\"detail\":\"x\"}", ID(a))),
	      422, "division_id");
	id = found(w, a, A_HEAD2);
	STATUS(change(w, A_HEAD2, "findings", id, "{\"plan\":\"直す\",\"result\":\"直した\"}"), 200);
	MOVE(w, A_HEAD2, "findings", id, "plan", NULL);
	MOVE(w, A_HEAD2, "findings", id, "finish", NULL);
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "INSERT INTO account_role(id, version, account_id, role) VALUES($1, 1, $2, "
			    "'audit_head')", TK_I(role), TK_I(w->actor[A_STAFF3].account)));
	STATUS(move(w, A_STAFF3, "findings", id, "confirm", NULL), 403);        /* of the audited division */
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "DELETE FROM account_role WHERE id = $1", TK_I(role)));
	MOVE(w, A_AUDIT_HEAD, "findings", id, "confirm", NULL);
}

/* AUD-07: the report goes to the general officer; without it the year's audit is not closed. */
static void the_report(void **state)
{
	struct world *w = world_of(state);
	int64_t p = plan(w, YEAR), c = audit_of(w, p, "policy"), id, f;
	bool known, revised;

	MOVE(w, A_AUDIT_HEAD, "audit-plans", p, "submit", NULL);
	MOVE(w, A_CISO, "audit-plans", p, "approve", NULL);
	MOVE(w, A_AUDIT_HEAD, "audit-plans", p, "start", NULL);
	STATUS(move(w, A_AUDIT_HEAD, "audit-plans", p, "report", NULL), 409);
	perform(w, audit_of(w, p, "vuln"));
	perform(w, audit_of(w, p, "procedure"));
	OK(w->t, tk_audit_policy_revised(&w->op, YEAR, &known, &revised));
	STATUS(change(w, A_AUDIT_HEAD, "audits", c, "{\"skip_reason\":\"ポリシーの改定がないため\"}"), 200);
	if (known && revised)
		perform(w, c);
	else
		MOVE(w, A_AUDIT_HEAD, "audits", c, "skip", NULL);
	STATUS(move(w, A_AUDIT_HEAD, "audit-plans", p, "report", NULL), 409);
	id = make(w, A_AUDIT_HEAD, "audit-reports", fmt(w, "{\"title\":\"監査報告書\",\"plan_id\":\"%lld\",\"content\":\"概ね良好\"}", ID(p)));
	STATUS(move(w, A_CISO, "audit-reports", id, "report", NULL), 403);
	MOVE(w, A_AUDIT_HEAD, "audit-reports", id, "report", NULL);
	STATUS(move(w, A_AUDIT_HEAD, "audit-reports", id, "receive", NULL), 403);
	MOVE(w, A_CISO, "audit-reports", id, "receive", NULL);
	assert_string_equal(member(w, A_CISO, "audit-reports", id, "received_by"), w->actor[A_CISO].who.name);
	MOVE(w, A_AUDIT_HEAD, "audit-plans", p, "report", NULL);
	f = found(w, audit_of(w, p, "vuln"), A_HEAD);
	STATUS(move(w, A_AUDIT_HEAD, "audit-plans", p, "close", NULL), 409);    /* a finding without a plan */
	MOVE(w, A_AUDIT_HEAD, "findings", f, "withdraw", "再確認の結果");
	MOVE(w, A_AUDIT_HEAD, "audit-plans", p, "close", NULL);
}

static struct tk_fact_value figure(struct world *w, const char *id, int year)
{
	const struct tk_fact *f = tk_fact_by_id(id);
	struct tk_fact_value v;

	if (!f)
		fail_msg("no fact %s", id);
	OK(w->t, tk_fact_now(&w->op, f, year, &v));
	return v;
}

/* AUD-08: kinds, done and skipped; findings a kind by how they stood at the year's end. */
static void the_figures(void **state)
{
	struct world *w = world_of(state);
	enum { Y = 2095 };
	int64_t p, a, f[4];

	assert_true(figure(w, "audit.kinds", Y - 5).missing);
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "UPDATE audit_plan SET fiscal_year = 2090 WHERE fiscal_year = $1", TK_I(Y)));
	p = plan(w, Y);
	a = audit_of(w, p, "vuln");
	assert_true(figure(w, "audit.findings", Y).missing);    /* nothing audited yet: no zero */
	perform(w, a);
	assert_false(figure(w, "audit.findings", Y).missing);   /* audited, nothing found */
	assert_int_equal(figure(w, "audit.findings", Y).numerator, 0);
	perform(w, audit_of(w, p, "procedure"));
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "UPDATE audit SET state = 'skipped' WHERE plan_id = $1 AND kind = 'policy'", TK_I(p)));
	assert_int_equal(figure(w, "audit.kinds", Y).numerator, 3);
	assert_int_equal(figure(w, "audit.kinds_done", Y).numerator, 2);
	assert_int_equal(figure(w, "audit.kinds_skipped", Y).numerator, 1);
	for (size_t i = 0; i < TK_LEN(f); i++)
		f[i] = found(w, a, A_HEAD);
	/* improved in the year; planned in it, improved after it; planned after it; not planned */
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "UPDATE finding SET planned_on = '2095-10-01', done_on = '2096-03-31' WHERE id = $1",
			    TK_I(f[0])));
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "UPDATE finding SET planned_on = '2095-10-01', done_on = '2096-04-01' WHERE id = $1",
			    TK_I(f[1])));
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "UPDATE finding SET planned_on = '2096-04-01' WHERE id = $1", TK_I(f[2])));
	assert_int_equal(figure(w, "audit.findings", Y).numerator, 4);
	assert_int_equal(figure(w, "audit.findings.vuln", Y).numerator, 4);
	assert_int_equal(figure(w, "audit.findings.vuln.done", Y).numerator, 1);
	assert_int_equal(figure(w, "audit.findings.vuln.in_progress", Y).numerator, 1);
	assert_int_equal(figure(w, "audit.findings.vuln.not_started", Y).numerator, 2);
	assert_false(figure(w, "audit.findings.procedure", Y).missing);
	assert_int_equal(figure(w, "audit.findings.procedure", Y).numerator, 0);
	assert_true(figure(w, "audit.findings.policy", Y).missing);     /* skipped: no zero */
	assert_int_equal(figure(w, "audit.findings.not_started", Y).numerator, 2);
	assert_int_equal(figure(w, "audit.improvement_rate", Y).value_x10, 250);
	MOVE(w, A_AUDIT_HEAD, "findings", f[3], "withdraw", "誤り");
	assert_int_equal(figure(w, "audit.improvement_rate", Y).value_x10, 333);
}

/* ORG-08, ORG-09, ORG-12: the audit head is nominated; the adviser may come from outside.
 * ORG-15: roles that exclude each other are data, and asked when a role is given. */
static void roles_that_exclude_each_other(void **state)
{
	struct world *w = world_of(state);
	int64_t staff = w->actor[A_STAFF2].staff, id;

#define NOMINATE(role, extra) fmt(w, "{\"role\":\"" role "\",\"holder_kind\":\"nominee\",\"staff_id\":\"%lld\",\"from_on\":\"2099-04-01\"" \
	extra "}", ID(staff))
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM role_holder WHERE role = 'role_audit_head' AND holder_kind = 'nominee' AND"
				   " deleted_at IS NULL AND id > $1", 0), 1);
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM role_holder WHERE role = 'role_adviser' AND holder_kind = 'outside' AND"
				   " deleted_at IS NULL AND id > $1", 0), 1);
	NAMES(made(w, A_OFFICE, "role-holders", fmt(w, "{\"role\":\"role_audit_head\",\"holder_kind\":\"post\",\"post_id\":\"%lld\","
	      "\"from_on\":\"2099-04-01\"}", ID(world_int(w, "SELECT MIN(id) FROM post WHERE id > $1", 0)))), 422, "holder_kind");
	make(w, A_OFFICE, "role-holders", NOMINATE("role_division_clerk", ""));
	NAMES(made(w, A_OFFICE, "role-holders", NOMINATE("role_audit_head", "")), 422, "role");
	/* not excluded, until the office says so */
	STATUS(ask(w, A_OFFICE, "POST", "/api/v1/role-holders", .body = NOMINATE("role_cio_aide", "")), 201);
	STATUS(made(w, A_HEAD, "role-conflicts", "{\"role\":\"role_division_clerk\",\"other\":\"role_cio_aide\"}"), 403);
	id = make(w, A_OFFICE, "role-conflicts", "{\"role\":\"role_division_clerk\",\"other\":\"role_cio_aide\"}");
	NAMES(made(w, A_OFFICE, "role-holders", NOMINATE("role_cio_aide", "")), 422, "role");
	NAMES(made(w, A_OFFICE, "role-conflicts", "{\"role\":\"role_cio_aide\",\"other\":\"role_division_clerk\"}"), 409, "other");
	NAMES(made(w, A_OFFICE, "role-conflicts", "{\"role\":\"role_ciso\",\"other\":\"role_ciso\"}"), 422, "other");
	STATUS(ask(w, A_OFFICE, "DELETE", "/api/v1/role-conflicts/1", .if_match = "\"1\""), 409);
	STATUS(ask(w, A_OFFICE, "DELETE", fmt(w, "/api/v1/role-conflicts/%lld", ID(id)), .if_match = "\"1\"", .keep = true), 204);
	STATUS(ask(w, A_OFFICE, "POST", "/api/v1/role-holders", .body = NOMINATE("role_cio_aide", "")), 201);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_plan_of_a_year), cmocka_unit_test(never_the_author), cmocka_unit_test(a_kind_is_skipped),
		cmocka_unit_test(a_finding_and_its_improvement), cmocka_unit_test(what_was_found_stays_inside),
		cmocka_unit_test(the_auditor_is_not_the_audited), cmocka_unit_test(the_report), cmocka_unit_test(the_figures),
		cmocka_unit_test(roles_that_exclude_each_other),
	};
	int failed = cmocka_run_group_tests_name("audit (SQLite)", tests, world_sqlite, world_down);

	return failed + cmocka_run_group_tests_name("audit (PostgreSQL)", tests, world_postgres, world_down);
}
