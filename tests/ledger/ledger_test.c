/* The ledger of systems: its parts belong to the owner of the system, owners confirm it each year,
 * and notices of vulnerabilities reach whoever runs the software. */
#include "owner.h"
#include "ledger/vuln.h"
#include "main/wiring.h"

enum { YEAR = 1960 };   /* long before anything of the demonstration */
#define LIVED ",\"from_on\":\"1959-04-01\",\"to_on\":\"1961-03-31\""

/* AST-03: the seven systems of the demonstration, with their servers, costs and confirmations. */
static void the_demonstration(void **state)
{
	struct world *w = world_of(state);
	int now = tk_fiscal_year(tk_today());

	for (int year = 2010; year <= 2011; year++) {
		FACT(w, "ledger.systems", year, "7/0");
		FACT(w, "ledger.updated", year, "7/7");
		FACT(w, "ledger.servers_web", year, "10/0");
		FACT(w, "ledger.servers_mail", year, "4/0");
	}
	FACT(w, "ledger.systems", 2007, "7/0");         /* the old one, and not yet that of the network */
	FACT(w, "ledger.updated", now, "4/7");
	FACT(w, "ledger.cost_operation", 2010, "1690000000/0");
	FACT(w, "ledger.vuln_in_time", 2011, "7/7");
	FACT(w, "ledger.vuln_in_time", now, "1/2");
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM info_system WHERE for_public = 1 AND id > $1", 0), 4);
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM system_update WHERE owner_staff_id IS NULL AND id > $1", 0), 0);
}

/* AST-04: servers and software belong to the division that owns their system, whoever enters them,
 * and go with it when the owner changes. */
static void parts_belong_to_the_owner(void **state)
{
	struct world *w = world_of(state);
	int64_t one = w->actor[A_HEAD].division, two = w->actor[A_HEAD2].division;
	int64_t mine = a_system(w, "T1", one, LIVED), other = a_system(w, "T2", two, LIVED), server, software;

	server = make(w, A_SYSTEM, "servers", fmt(w, "{\"name\":\"t1-web\",\"kind\":\"web\",\"info_system_id\":\"%lld\"}", ID(mine)));
	assert_int_equal(world_int(w, "SELECT division_id FROM server WHERE id = $1", server), one);
	software = make(w, A_SYSTEM, "software",
			fmt(w, "{\"product\":\"見本OS\",\"info_system_id\":\"%lld\",\"server_id\":\"%lld\"}", ID(mine), ID(server)));
	STATUS(made(w, A_SYSTEM, "servers", fmt(w, "{\"name\":\"t2-web\",\"kind\":\"web\",\"info_system_id\":\"%lld\"}", ID(other))), 403);
	NAMES(made(w, A_OFFICE, "servers", fmt(w, "{\"name\":\"x\",\"kind\":\"web\",\"info_system_id\":\"%lld\",\"division_id\":\"%lld\"}",
					       ID(other), ID(one))), 422, "division_id");
	NAMES(made(w, A_OFFICE, "software", fmt(w, "{\"product\":\"x\",\"info_system_id\":\"%lld\",\"server_id\":\"%lld\"}", ID(other),
						ID(server))), 422, "server_id");
	STATUS(get(w, A_SYSTEM, fmt(w, "/api/v1/info-systems/%lld", ID(other))), 404);
	STATUS(change(w, A_SYSTEM, "info-systems", mine, "{\"overview\":\"見本の概要\"}"), 200);
	STATUS(change(w, A_SYSTEM, "info-systems", mine, fmt(w, "{\"owner_division_id\":\"%lld\"}", ID(two))), 403);
	STATUS(change(w, A_HEAD, "info-systems", mine, "{\"overview\":\"x\"}"), 403);   /* a head without a system reads */
	STATUS(get(w, A_STAFF, fmt(w, "/api/v1/info-systems/%lld", ID(mine))), 403);
	/* the system moves to another division, and its parts with it */
	STATUS(change(w, A_OFFICE, "info-systems", mine, fmt(w, "{\"owner_division_id\":\"%lld\"}", ID(two))), 200);
	assert_int_equal(world_int(w, "SELECT division_id FROM server WHERE id = $1", server), two);
	assert_int_equal(world_int(w, "SELECT division_id FROM software WHERE id = $1", software), two);
	STATUS(get(w, A_SYSTEM, fmt(w, "/api/v1/servers/%lld", ID(server))), 404);
	STATUS(get(w, A_HEAD2, fmt(w, "/api/v1/servers/%lld", ID(server))), 200);
	STATUS(change(w, A_OFFICE, "info-systems", mine, fmt(w, "{\"owner_division_id\":\"%lld\"}", ID(one))), 200);
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM trail WHERE rtype = 'server' AND record_id = $1", server), 3);
	FACT(w, "ledger.systems", YEAR, "2/0");
	FACT(w, "ledger.servers", YEAR, "1/0");
	FACT(w, "ledger.servers_web", YEAR, "1/0");
	FACT(w, "ledger.servers_mail", YEAR, "missing");
}

static void wrong_input_names_the_field(void **state)
{
	struct world *w = world_of(state);
	int64_t s = a_system(w, "T3", w->actor[A_HEAD].division, ",\"to_on\":\"1950-01-01\"");

	NAMES(made(w, A_OFFICE, "info-systems", fmt(w, "{\"code\":\"T3\",\"name\":\"x\",\"owner_division_id\":\"%lld\"}",
						    ID(w->actor[A_HEAD].division))), 409, "code");
	NAMES(made(w, A_OFFICE, "info-systems", "{\"code\":\"T4\",\"name\":\"x\"}"), 422, "owner_division_id");
	NAMES(change(w, A_OFFICE, "info-systems", s, "{\"from_on\":\"1950-02-01\"}"), 422, "to_on");
	NAMES(change(w, A_OFFICE, "info-systems", s, "{\"conf_grade\":\"4\"}"), 422, "conf_grade");
	NAMES(made(w, A_OFFICE, "system-costs", fmt(w, "{\"info_system_id\":\"%lld\",\"fiscal_year\":1960,\"kind\":\"operation\",\"yen\":-1}",
						    ID(s))), 422, "yen");
}

static int64_t update_of(struct world *w, int64_t system)
{
	return world_int(w, "SELECT id FROM system_update WHERE info_system_id = $1 AND fiscal_year = 1960 AND deleted_at IS NULL", system);
}

/* AST-01: every system in operation is asked once a year, is confirmed by its owner, and only when
 * overview, configurations and cost are there. */
static void owners_confirm_each_year(void **state)
{
	struct world *w = world_of(state);
	int64_t mine = world_int(w, "SELECT id FROM info_system WHERE code = 'T1' AND id > $1", 0), u;
	struct reply r = ask(w, A_OFFICE, "POST", "/api/v1/system-updates/open", .body = "{\"fiscal_year\":1960}", .keep = true);

	STATUS(r, 200);
	assert_string_equal(reply_member(w, &r, "made"), "2");
	r = ask(w, A_OFFICE, "POST", "/api/v1/system-updates/open", .body = "{\"fiscal_year\":1960}", .keep = true);
	assert_string_equal(reply_member(w, &r, "made"), "0");
	STATUS(ask(w, A_SYSTEM, "POST", "/api/v1/system-updates/open", .body = "{\"fiscal_year\":1960}"), 403);
	NAMES(ask(w, A_OFFICE, "POST", "/api/v1/system-updates/open", .body = "{}"), 422, "fiscal_year");
	u = update_of(w, mine);
	assert_string_equal(member(w, A_SYSTEM, "system-updates", u, "due_on"), "1960-09-30");
	FACT(w, "ledger.updated", YEAR, "0/2");
	NAMES(move(w, A_SYSTEM, "system-updates", u, "confirm", NULL), 409, "info_system_id");
	STATUS(change(w, A_SYSTEM, "info-systems", mine, "{\"hardware\":\"見本サーバ 2台\",\"software\":\"見本OS\"}"), 200);
	r = move(w, A_SYSTEM, "system-updates", u, "confirm", NULL);
	STATUS(r, 409);                 /* the cost is missing still */
	HAS(r, "Cost of the fiscal year");
	make(w, A_SYSTEM, "system-costs", fmt(w, "{\"info_system_id\":\"%lld\",\"fiscal_year\":1960,\"kind\":\"operation\",\"yen\":1200000}",
					      ID(mine)));
	make(w, A_SYSTEM, "system-costs", fmt(w, "{\"info_system_id\":\"%lld\",\"fiscal_year\":1960,\"kind\":\"development\",\"yen\":0}",
					      ID(mine)));
	STATUS(move(w, A_STAFF3, "system-updates", u, "confirm", NULL), 403);
	STATUS(move(w, A_HEAD2, "system-updates", u, "confirm", NULL), 404);
	MOVE(w, A_SYSTEM, "system-updates", u, "confirm", NULL);
	assert_string_not_equal(member(w, A_SYSTEM, "system-updates", u, "confirmed_on"), "null");
	NAMES(change(w, A_SYSTEM, "system-updates", u, "{\"changes\":\"later\"}"), 409, "changes");
	FACT(w, "ledger.updated", YEAR, "1/2");
	FACT(w, "ledger.cost_operation", YEAR, "1200000/0");
	FACT(w, "ledger.cost_development", YEAR, "0/0");
	MOVE(w, A_SYSTEM, "system-updates", u, "reopen", "構成が変わったため");
	assert_string_equal(member(w, A_SYSTEM, "system-updates", u, "confirmed_on"), "null");
	FACT(w, "ledger.updated", YEAR, "0/2");
	MOVE(w, A_SYSTEM, "system-updates", u, "confirm", NULL);
}

/* AST-05, AST-01: the list as offices keep it, in UTF-8, comes in by its Japanese headings, and goes
 * out again. */
static void lists_of_offices_come_in(void **state)
{
	struct world *w = world_of(state);
	const char *csv = "システムコード,システム名,所管課室,概要,ハードウェア構成,国民,機密性,運用開始日\r\n"
			  "T9,取込みシステム,D0109,手続の受付,サーバ２台,はい,機密性2,平成10年4月1日\r\n";
	struct reply r = ask(w, A_OFFICE, "POST", "/api/v1/info-systems/import?dry_run=false", .body = csv, .keep = true);
	int64_t id = world_int(w, "SELECT id FROM info_system WHERE code = 'T9' AND id > $1", 0);

	STATUS(r, 200);
	assert_int_not_equal(id, 0);
	assert_string_equal(world_text(w, "SELECT from_on FROM info_system WHERE id = $1", id), "1998-04-01");
	assert_string_equal(world_text(w, "SELECT conf_grade FROM info_system WHERE id = $1", id), "2");
	assert_int_equal(world_int(w, "SELECT for_public FROM info_system WHERE id = $1", id), 1);
	r = ask(w, A_OFFICE, "GET", "/api/v1/info-systems.csv?code=T9", .ja = true);
	STATUS(r, 200);
	HAS(r, "取込みシステム");
	STATUS(ask(w, A_OFFICE, "POST", "/api/v1/servers/import?dry_run=false", .keep = true,
		   .body = "サーバ名,システム名,種別\r\nt9-mail,T9,電子メールサーバ\r\n"), 200);
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM server WHERE kind = 'mail' AND info_system_id = $1", id), 1);
}

static void names_of_products(void **state)
{
	struct tk_arena *a = tk_arena_new(1 << 20);

	(void)state;
	assert_true(tk_product_alike(a, "見本ウェブサーバ", "見本 ウェブサーバ"));
	assert_true(tk_product_alike(a, "Mihon HTTP Server", "ＭＩＨＯＮ　http"));
	assert_false(tk_product_alike(a, "見本データベース", "見本ウェブサーバ"));
	assert_false(tk_product_alike(a, "Mihon DB", "DB"));    /* too short to be a part of something */
	assert_true(tk_product_alike(a, "DB", "db"));
	assert_false(tk_product_alike(a, "", ""));
	tk_arena_free(a);
}

static int64_t notice(struct world *w, const char *title, const char *severity)
{
	return make(w, A_OFFICE, "vuln-notices",
		    fmt(w, "{\"title\":\"%s\",\"received_on\":\"1960-05-10\",\"severity\":\"%s\",\"products\":\"無関係製品、見本 os\\n見本メール\"}",
			title, severity));
}

static int64_t response_of(struct world *w, int64_t notice, const char *code)
{
	int64_t id = 0;

	OK(w->t, tk_db_int(w->t->db, &w->t->e, "SELECT r.id FROM vuln_response r JOIN info_system s ON s.id = r.info_system_id"
			   " WHERE r.vuln_notice_id = $1 AND s.code = $2", TK_ARGS(TK_I(notice), TK_S(code)), 0, &id));
	assert_int_not_equal(id, 0);
	return id;
}

/* AST-02: software of the notice's names is proposed, the owners are asked, and each answer is
 * followed to its end. */
static void notices_reach_the_owners(void **state)
{
	struct world *w = world_of(state);
	int64_t mine = world_int(w, "SELECT id FROM info_system WHERE code = 'T1' AND id > $1", 0), n = notice(w, "見本OSの脆弱性", "high");
	int64_t other = world_int(w, "SELECT id FROM info_system WHERE code = 'T2' AND id > $1", 0), a, b;
	struct reply r = get(w, A_OFFICE, fmt(w, "/api/v1/vuln-notices/%lld/proposals", ID(n)));

	STATUS(r, 200);
	assert_string_equal(reply_member(w, &r, "due_on"), "1960-05-24");
	HAS(r, fmt(w, "{\"info_system_id\":\"%lld\",\"name\":\"見本システムT1\"", ID(mine)));
	HAS(r, "\"software\":\"見本OS\",\"proposed\":true");
	HAS(r, "\"software\":\"\",\"proposed\":false");          /* T2 has no such software */
	STATUS(get(w, A_SYSTEM, fmt(w, "/api/v1/vuln-notices/%lld/proposals", ID(n))), 403);
	STATUS(get(w, A_SYSTEM, fmt(w, "/api/v1/vuln-notices/%lld", ID(n))), 200);
	NAMES(ask(w, A_OFFICE, "POST", fmt(w, "/api/v1/vuln-notices/%lld/responses", ID(n)), .body = "{\"systems\":[]}"), 422, "systems");
	r = ask(w, A_OFFICE, "POST", fmt(w, "/api/v1/vuln-notices/%lld/responses", ID(n)), .keep = true,
		.body = fmt(w, "{\"systems\":[\"%lld\",\"%lld\"]}", ID(mine), ID(other)));
	STATUS(r, 200);
	assert_string_equal(reply_member(w, &r, "made"), "2");
	r = ask(w, A_OFFICE, "POST", fmt(w, "/api/v1/vuln-notices/%lld/responses", ID(n)), .keep = true,
		.body = fmt(w, "{\"systems\":[\"%lld\"]}", ID(mine)));
	assert_string_equal(reply_member(w, &r, "made"), "0");          /* asked once */
	a = response_of(w, n, "T1");
	b = response_of(w, n, "T2");
	assert_string_equal(member(w, A_SYSTEM, "vuln-responses", a, "software"), "見本OS");
	STATUS(get(w, A_SYSTEM, fmt(w, "/api/v1/vuln-responses/%lld", ID(b))), 404);
	FACT(w, "ledger.vuln_notices", YEAR, "1/0");
	FACT(w, "ledger.vuln_in_time", YEAR, "0/2");
	NAMES(move(w, A_OFFICE, "vuln-responses", b, "not_affected", NULL), 422, "comment");
	MOVE(w, A_OFFICE, "vuln-responses", b, "not_affected", "該当の製品なし");
	FACT(w, "ledger.vuln_in_time", YEAR, "0/2");    /* today is long after the due date */
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "UPDATE vuln_response SET closed_on = '1960-05-24' WHERE id = $1", TK_I(b)));
	FACT(w, "ledger.vuln_in_time", YEAR, "1/2");
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "UPDATE vuln_response SET closed_on = '1960-05-25' WHERE id = $1", TK_I(b)));
	FACT(w, "ledger.vuln_in_time", YEAR, "0/2");
	MOVE(w, A_SYSTEM, "vuln-responses", a, "affected", NULL);
	STATUS(move(w, A_SYSTEM, "vuln-responses", a, "accept", "影響は小さい"), 403);  /* not by who runs it */
	NAMES(move(w, A_CISO, "vuln-responses", a, "accept", NULL), 422, "comment");
	MOVE(w, A_CISO, "vuln-responses", a, "accept", "改修まで通信を制限している");
	assert_string_equal(member(w, A_SYSTEM, "vuln-responses", a, "state"), "accepted");
}

/* What falls due ends with the support of a product: a count with no row is nought, not missing. */
static void support_that_ended(void **state)
{
	struct world *w = world_of(state);
	int64_t mine = world_int(w, "SELECT id FROM info_system WHERE code = 'T1' AND id > $1", 0);
	struct reply r;

	FACT(w, "ledger.out_of_support", YEAR, "0/0");
	make(w, A_SYSTEM, "software", fmt(w, "{\"product\":\"旧製品\",\"info_system_id\":\"%lld\",\"support_until\":\"1961-03-31\"}", ID(mine)));
	FACT(w, "ledger.out_of_support", YEAR, "1/0");
	FACT(w, "ledger.out_of_support", YEAR - 1, "0/0");
	r = get(w, A_OFFICE, "/api/v1/calendar?from=1961-03-01&to=1961-03-31");
	if (r.status == 200)
		HAS(r, "旧製品");
}

int main(void)
{
#define BOTH(f) cmocka_unit_test(f)
	const struct CMUnitTest test[] = {
		BOTH(the_demonstration), BOTH(parts_belong_to_the_owner), BOTH(wrong_input_names_the_field), BOTH(owners_confirm_each_year),
		BOTH(lists_of_offices_come_in), BOTH(names_of_products), BOTH(notices_reach_the_owners), BOTH(support_that_ended),
	};
	int bad = cmocka_run_group_tests_name("ledger, SQLite", test, world_sqlite, world_down);

	return bad + cmocka_run_group_tests_name("ledger, PostgreSQL", test, world_postgres, world_down);
}
