/* Accounts of institutions: the office invites coordinators, they invite their colleagues (SRV-01). */
#include <inttypes.h>
#include <string.h>
#include "auth/account.h"
#include "auth/person.h"
#include "base/hash.h"
#include "fixture.h"

static const char *some(struct panel *p, int inst)
{
	return tk_sprintf(p->o.t->mem, "{\"institution_ids\":[\"%" PRId64 "\"],\"send_mail\":true}", p->inst[inst]);
}

static void the_office_invites_coordinators(void **state)
{
	PANEL(state);
	struct reply r;
	int64_t id = 0;

	STATUS(CALL(&p.o, as_office(), "POST", "accounts/invite", "{\"all\":true,\"all_institutions\":true}"), 422);
	r = CALL(&p.o, as_office(), "POST", "accounts/invite", some(&p, B001));
	STATUS(r, 200);
	MEMBER(&p, r, "made", "1");
	MEMBER(&p, r, "links", "[]");
	MEMBER(&p, r, "without_contact", "[]");
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM mail WHERE recipient = 'c0@example.org' AND secret IS NOT NULL"), 1);
	OK(t, tk_account_by_login(&p.o.op, "B001", &id));
	assert_true(id > 0);
	run_sql(&p.o, tk_sprintf(t->mem, "UPDATE account SET state = 'active', password = 'x' WHERE id = %" PRId64, id));
	assert_true(as_account(&p, id).coordinator);
	assert_int_equal(as_account(&p, id).institution_id, p.inst[B001]);
	/* never a second account for the same contact; who has set a password gets a link for a new one */
	STATUS(CALL(&p.o, as_office(), "POST", "accounts/invite", some(&p, B001)), 200);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM account WHERE institution_id IS NOT NULL"), 1);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM one_time_link WHERE purpose = 'reset'"), 1);
	/* all the others: one without an address gets the link in the reply, one without a contact is named */
	run_sql(&p.o, "UPDATE contact SET mail = NULL WHERE mail = 'c1@example.org'");
	run_sql(&p.o, "UPDATE contact SET coordinator = 0 WHERE mail = 'c2@example.org'");
	r = CALL(&p.o, as_office(), "POST", "accounts/invite", "{\"all_institutions\":true,\"send_mail\":true}");
	STATUS(r, 200);
	MEMBER(&p, r, "made", "1");
	MEMBER(&p, r, "links.0.institution", "B002");
	MEMBER(&p, r, "links.0.login", "b002");
	HAS(r, "#/activate/");
	MEMBER(&p, r, "without_contact.0.institution", "S001");
	STATUS(CALL(&p.o, as_office(), "POST", "accounts/invite", some(&p, S001)), 422);
	r = CALL(&p.o, as_office(), "POST", "accounts/invite", "{\"all_institutions\":true}");
	MEMBER(&p, r, "made", "0");
	/* the code is taken: the second coordinator of an institution has the address as login */
	run_sql(&p.o, "INSERT INTO contact(id, version, institution_id, name, mail, coordinator) SELECT 5, 1, id, '副', 'Vice@Example.org', 1"
		" FROM institution WHERE code = 'B001'");
	STATUS(CALL(&p.o, as_office(), "POST", "accounts/invite", "{\"all_institutions\":true}"), 200);
	OK(t, tk_account_by_login(&p.o.op, "vice@example.org", &id));
	assert_true(id > 0);
	/* who has left the panel is not invited */
	run_sql(&p.o, tk_sprintf(t->mem, "UPDATE institution SET left_on = '%s' WHERE code = 'B001'", day(&p.o, 0)));
	STATUS(CALL(&p.o, as_office(), "POST", "accounts/invite", some(&p, B001)), 422);
}

static void a_coordinator_invites_lists_and_locks_colleagues(void **state)
{
	PANEL(state);
	int64_t head = panel_account(&p, B001, "head", true), other = panel_account(&p, B002, "other", true);
	struct tk_who who = as_account(&p, head);
	struct reply r;
	const char *id, *path;

	STATUS(CALL(&p.o, as_account(&p, panel_account(&p, B001, "one", false)), "GET", "my/colleagues"), 403);
	STATUS(CALL(&p.o, as_staff(&p.o, "102"), "GET", "my/colleagues"), 403);
	STATUS(CALL(&p.o, who, "POST", "my/colleagues", "{\"name\":\"新人\",\"mail\":\"nonsense\"}"), 422);
	STATUS(CALL(&p.o, who, "POST", "my/colleagues", "{\"name\":\" \",\"mail\":\"a@example.org\"}"), 422);
	STATUS(CALL(&p.o, who, "POST", "my/colleagues", "{\"name\":\"x\",\"mail\":\"a@example.org\",\"institution_id\":\"1\"}"), 422);
	r = CALL(&p.o, who, "POST", "my/colleagues", "{\"name\":\"新人\",\"mail\":\"new@example.org\"}");
	STATUS(r, 201);
	MEMBER(&p, r, "colleague.state", "invited");
	MEMBER(&p, r, "colleague.login", "new@example.org");
	MEMBER(&p, r, "colleague.coordinator", "false");
	MEMBER(&p, r, "mailed", "true");
	MEMBER(&p, r, "url", "null");
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM mail WHERE recipient = 'new@example.org'"), 1);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM account WHERE login = 'new@example.org' AND institution_id IS NOT NULL"), 1);
	id = member(&p, r, "colleague.account_id");
	/* again: a new link, no second account; without mail the link is in the reply */
	r = CALL(&p.o, who, "POST", "my/colleagues", "{\"name\":\"新人\",\"mail\":\"NEW@example.org\",\"send_mail\":false}");
	STATUS(r, 201);
	MEMBER(&p, r, "colleague.account_id", id);
	HAS(r, "#/activate/");
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM contact WHERE name = '新人'"), 1);
	r = CALL(&p.o, who, "GET", "my/colleagues");
	MEMBER(&p, r, "items.0.you", "true");
	MEMBER(&p, r, "items.0.coordinator", "true");
	MEMBER(&p, r, "items.2.name", "新人");
	HASNT(r, "other");
	/* locking ends what the account may do; the own account and other institutions' are out of reach */
	path = tk_sprintf(t->mem, "my/colleagues/%s", id);
	STATUS(CALL(&p.o, who, "PATCH", path, "{\"locked\":true}"), 200);
	STATUS(CALL(&p.o, who, "POST", "my/colleagues", "{\"name\":\"新人\",\"mail\":\"new@example.org\"}"), 409);
	r = CALL(&p.o, who, "PATCH", path, "{\"locked\":false,\"coordinator\":true}");
	STATUS(r, 200);
	MEMBER(&p, r, "state", "invited");
	MEMBER(&p, r, "coordinator", "true");
	STATUS(CALL(&p.o, who, "PATCH", path, "{\"coordinator\":false}"), 200);
	STATUS(CALL(&p.o, who, "PATCH", tk_sprintf(t->mem, "my/colleagues/%" PRId64, other), "{\"locked\":true}"), 404);
	STATUS(CALL(&p.o, who, "PATCH", tk_sprintf(t->mem, "my/colleagues/%" PRId64, head), "{\"locked\":true}"), 409);
	STATUS(CALL(&p.o, who, "PATCH", "my/colleagues/1", "{\"locked\":true}"), 404);
	STATUS(CALL(&p.o, who, "PATCH", path, "{\"state\":\"active\"}"), 422);
	assert_string_equal(text_sql(&p.o, "SELECT state FROM account WHERE id = $1", other), "active");
}

/* An address that another institution uses makes another account, and says nothing of the other. */
static void the_same_address_elsewhere_is_another_account(void **state)
{
	PANEL(state);
	struct tk_who one = as_account(&p, panel_account(&p, B001, "h1", true)), two = as_account(&p, panel_account(&p, B002, "h2", true));
	struct reply r = CALL(&p.o, one, "POST", "my/colleagues", "{\"name\":\"共通\",\"mail\":\"both@example.org\"}");

	MEMBER(&p, r, "colleague.login", "both@example.org");
	r = CALL(&p.o, two, "POST", "my/colleagues", "{\"name\":\"共通\",\"mail\":\"both@example.org\"}");
	STATUS(r, 201);
	MEMBER(&p, r, "colleague.login", "b002-2");
}

static void an_account_of_who_has_left_cannot_sign_in(void **state)
{
	PANEL(state);
	struct tk_person who;
	int64_t id = panel_account(&p, S001, "s", true);

	OK(t, tk_person_load(&p.o.op, id, &who));
	assert_true(who.may_sign_in && who.usable);
	assert_string_equal(who.institution, "例示信用金庫");
	run_sql(&p.o, tk_sprintf(t->mem, "UPDATE institution SET left_on = '%s' WHERE code = 'S001'", day(&p.o, -1)));
	OK(t, tk_person_load(&p.o.op, id, &who));
	assert_false(who.may_sign_in || who.usable);
	run_sql(&p.o, tk_sprintf(t->mem, "UPDATE institution SET left_on = NULL, deleted_at = 1 WHERE code = 'S001'"));
	OK(t, tk_person_load(&p.o.op, id, &who));
	assert_false(who.may_sign_in || who.usable);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TESTDB_BOTH(the_office_invites_coordinators),
		TESTDB_BOTH(a_coordinator_invites_lists_and_locks_colleagues),
		TESTDB_BOTH(the_same_address_elsewhere_is_another_account),
		TESTDB_BOTH(an_account_of_who_has_left_cannot_sign_in),
	};

	return cmocka_run_group_tests_name("accounts of institutions", tests, NULL, NULL);
}
