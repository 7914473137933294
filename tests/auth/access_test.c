#include <string.h>
#include "auth/person.h"
#include "fixture.h"

static struct tk_person person(struct fix *f, int64_t id)
{
	struct tk_person p;

	OK(f->t, tk_person_load(&f->op, id, &p));
	return p;
}

static bool has(const struct tk_person *p, enum tk_access r)
{
	return p->roles >> r & 1;
}

static void the_widest_scope_wins(void **state)
{
	struct tk_who w = { .account_id = 1, .staff_id = 2 };

	(void)state;
	tk_access_grant(&w, TK_ACCESS_STAFF, 0, 0);
	assert_int_equal(tk_who_scope(&w, TK_P_CAMPAIGN_READ), TK_SCOPE_OWN);
	assert_int_equal(tk_who_scope(&w, TK_P_TABLE_READ), TK_SCOPE_NONE);
	tk_access_grant(&w, TK_ACCESS_DIVISION_HEAD, 10, 0);
	assert_int_equal(tk_who_scope(&w, TK_P_CAMPAIGN_READ), TK_SCOPE_DIVISION);
	assert_int_equal(tk_who_scope(&w, TK_P_ANSWER_OWN), TK_SCOPE_OWN);
	tk_access_grant(&w, TK_ACCESS_AUDITOR, 0, 0);
	assert_int_equal(tk_who_scope(&w, TK_P_CAMPAIGN_READ), TK_SCOPE_ALL);
	assert_int_equal(tk_who_scope(&w, TK_P_ROLLUP_SIGN), TK_SCOPE_DIVISION);
	tk_access_grant(&w, TK_ACCESS_STAFF, 0, 0);         /* a narrower one takes nothing away */
	assert_int_equal(tk_who_scope(&w, TK_P_CAMPAIGN_READ), TK_SCOPE_ALL);
	assert_true(tk_who_may(&w, TK_P_ROLLUP_SIGN, 10, 1));
	assert_false(tk_who_may(&w, TK_P_ROLLUP_SIGN, 11, 1));
}

static void auditors_write_nothing_and_administrators_see_no_answers(void **state)
{
	static const enum tk_perm writes[] = { TK_P_ANSWER_OWN,    TK_P_ORG_WRITE,
					       TK_P_ROSTER_IMPORT, TK_P_ACCOUNT_MANAGE,
					       TK_P_FORM_WRITE,    TK_P_CAMPAIGN_MANAGE,
					       TK_P_ROLLUP_SIGN,   TK_P_FOLLOW_UP_MANAGE };
	static const enum tk_perm answers[] = { TK_P_ANSWER_OWN, TK_P_ROLLUP_READ, TK_P_ROLLUP_SIGN,
						TK_P_TABLE_READ };

	(void)state;
	for (size_t i = 0; i < TK_LEN(writes); i++)
		assert_int_equal(tk_access_scope(TK_ACCESS_AUDITOR, writes[i]), TK_SCOPE_NONE);
	for (size_t i = 0; i < TK_LEN(answers); i++)
		assert_int_equal(tk_access_scope(TK_ACCESS_ADMIN, answers[i]), TK_SCOPE_NONE);
	for (enum tk_access r = 0; r < TK_ACCESS_MAX; r++) {
		assert_int_equal(tk_access_by_code(tk_access_choice[r].id), r);
		assert_int_equal(tk_access_scope(r, TK_P_NOBODY), TK_SCOPE_NONE);
	}
	assert_int_equal(tk_access_by_code("nobody"), TK_ACCESS_MAX);
}

static void roles_come_from_the_organisation(void **state)
{
	struct fix f;
	struct tk_person head, officer, other;

	fix_up(&f, testdb_of(state));
	head = person(&f, fix_account(&f, "a100", 100, NULL));
	assert_true(has(&head, TK_ACCESS_STAFF) && has(&head, TK_ACCESS_DIVISION_HEAD) &&
		    has(&head, TK_ACCESS_SYSTEM_ADMIN));
	assert_int_equal(head.who.ndivision, 1);
	assert_int_equal(head.who.division[0], 10);
	assert_string_equal(head.post, "Director");
	assert_string_equal(head.division, "情報課"); /* no English name: the Japanese one */
	other = person(&f, fix_account(&f, "110", 110, NULL));
	assert_true(has(&other, TK_ACCESS_DIVISION_HEAD) && !has(&other, TK_ACCESS_SYSTEM_ADMIN));
	officer = person(&f, fix_account(&f, "111", 111, NULL));
	assert_int_equal(officer.roles, 1U << TK_ACCESS_STAFF);

	/* a nominee takes the place of the head by post, from the day on */
	fix_exec(&f, "INSERT INTO role_holder(id, version, role, holder_kind, staff_id, "
		     "division_id, from_on)"
		     " VALUES(1,1,'role_division_officer','nominee',111,11,'2020-04-01')");
	other = person(&f, other.who.account_id);
	officer = person(&f, officer.who.account_id);
	assert_false(has(&other, TK_ACCESS_DIVISION_HEAD));
	assert_true(has(&officer, TK_ACCESS_DIVISION_HEAD));
	assert_true(tk_who_may(&officer.who, TK_P_ROLLUP_SIGN, 11, 1));
	fix_exec(&f, "UPDATE role_holder SET to_on = '2021-03-31' WHERE id = 1");
	other = person(&f, other.who.account_id);
	assert_true(has(&other, TK_ACCESS_DIVISION_HEAD));

	/* a nominee who has left leaves the division to its head */
	fix_exec(&f, "UPDATE role_holder SET to_on = NULL, staff_id = 109 WHERE id = 1");
	other = person(&f, other.who.account_id);
	assert_true(has(&other, TK_ACCESS_DIVISION_HEAD));
	/* of two head posts the higher one heads */
	fix_exec(&f, "INSERT INTO post(id, version, code, name, rank, is_head)"
		     " VALUES(3,1,'P3','室長',2,1)");
	fix_exec(&f, "UPDATE staff SET post_id = 3 WHERE id = 111");
	officer = person(&f, officer.who.account_id);
	assert_false(has(&officer, TK_ACCESS_DIVISION_HEAD));
	fix_exec(&f, "UPDATE staff SET post_id = 2 WHERE id = 110");
	officer = person(&f, officer.who.account_id);
	assert_true(has(&officer, TK_ACCESS_DIVISION_HEAD));
	fix_exec(&f, "UPDATE staff SET post_id = 1 WHERE id = 110");

	/* ex officio: every holder of a post of one division; a system officer by name */
	fix_exec(&f, "INSERT INTO role_holder(id, version, role, holder_kind, post_id, "
		     "division_id, from_on)"
		     " VALUES(2,1,'role_division_officer','post',2,20,'2020-04-01')");
	fix_exec(&f, "INSERT INTO role_holder(id, version, role, holder_kind, staff_id, from_on)"
		 " VALUES(3,1,'role_system_officer','nominee',200,'2020-04-01')");
	other = person(&f, fix_account(&f, "200", 200, NULL));
	assert_true(has(&other, TK_ACCESS_DIVISION_HEAD) && has(&other, TK_ACCESS_SYSTEM_ADMIN));
	assert_int_equal(other.who.division[0], 20);
	officer = person(&f, fix_account(&f, "101", 101, NULL));
	assert_false(has(&officer, TK_ACCESS_DIVISION_HEAD));
}

static void roles_given_by_hand(void **state)
{
	struct fix f;
	struct tk_person p;
	struct tk_account_role x = { 0 };
	int64_t id;

	fix_up(&f, testdb_of(state));
	id = fix_account(&f, "officer", 101, "office");
	p = person(&f, id);
	assert_int_equal(tk_who_scope(&p.who, TK_P_CAMPAIGN_MANAGE), TK_SCOPE_ALL);
	assert_int_equal(tk_who_scope(&p.who, TK_P_ANSWER_OWN), TK_SCOPE_OWN);
	/* a head for a whole bureau, and for one division of another */
	tk_set_by(&tk_account_role, &x, "account_id", TK_I(id));
	tk_set_by(&tk_account_role, &x, "role", TK_S("division_head"));
	tk_set_by(&tk_account_role, &x, "bureau_id", TK_I(1));
	OK(f.t, tk_rec_insert(&f.op, &tk_account_role, &x));
	x = (struct tk_account_role){ 0 };
	tk_set_by(&tk_account_role, &x, "account_id", TK_I(id));
	tk_set_by(&tk_account_role, &x, "role", TK_S("division_head"));
	tk_set_by(&tk_account_role, &x, "division_id", TK_I(20));
	OK(f.t, tk_rec_insert(&f.op, &tk_account_role, &x));
	p = person(&f, id);
	assert_int_equal(tk_who_scope(&p.who, TK_P_ROLLUP_SIGN), TK_SCOPE_ALL); /* as the office */
	OK(f.t, tk_db_exec(f.t->db, &f.t->e, "DELETE FROM account_role WHERE role = $1",
			   TK_S("office")));
	p = person(&f, id);
	assert_int_equal(tk_who_scope(&p.who, TK_P_ROLLUP_SIGN), TK_SCOPE_BUREAU);
	assert_true(tk_who_may(&p.who, TK_P_ROLLUP_SIGN, 11, 1));
	assert_true(tk_who_may(&p.who, TK_P_ROLLUP_SIGN, 20, 2));
	assert_false(tk_who_may(&p.who, TK_P_ROLLUP_SIGN, 21, 2));
	/* a role of the whole organisation with a unit: refused, and worth nothing if there */
	x = (struct tk_account_role){ 0 };
	tk_set_by(&tk_account_role, &x, "account_id", TK_I(id));
	tk_set_by(&tk_account_role, &x, "role", TK_S("auditor"));
	tk_set_by(&tk_account_role, &x, "division_id", TK_I(20));
	FAILS(f.t, TK_EINVAL, tk_rec_insert(&f.op, &tk_account_role, &x));
	assert_string_equal(f.t->e.field, "division_id");
	OK(f.t, tk_db_exec(f.t->db, &f.t->e,
			   "INSERT INTO account_role(id, version, account_id, role, division_id)"
			   " VALUES(77,1,$1,'auditor',20)",
			   TK_I(id)));
	p = person(&f, id);
	assert_int_equal(tk_who_scope(&p.who, TK_P_TRAIL_READ), TK_SCOPE_NONE);
}

static void who_has_left_has_nothing(void **state)
{
	struct fix f;
	struct tk_person p;

	fix_up(&f, testdb_of(state));
	p = person(&f, fix_account(&f, "109", 109, "office admin"));
	assert_int_equal(p.roles, 0);
	assert_false(p.may_sign_in);
	assert_int_equal(tk_who_scope(&p.who, TK_P_ORG_READ), TK_SCOPE_NONE);
	fix_exec(&f, "UPDATE staff SET left_on = '2999-03-31' WHERE id = 109");
	p = person(&f, p.who.account_id);
	assert_true(p.may_sign_in && has(&p, TK_ACCESS_OFFICE));
	fix_exec(&f, "UPDATE staff SET deleted_at = 1 WHERE id = 109");
	p = person(&f, p.who.account_id);
	assert_false(p.may_sign_in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_widest_scope_wins),
		cmocka_unit_test(auditors_write_nothing_and_administrators_see_no_answers),
		TESTDB_BOTH(roles_come_from_the_organisation),
		TESTDB_BOTH(roles_given_by_hand),
		TESTDB_BOTH(who_has_left_has_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
