/* Technical inspection: items of the year, the matrix and who fills which of its cells, grades, the
 * one sentence that may not be said too early, results from spreadsheets. */
#include "../ledger/owner.h"
#include "fact/module.h"
#include "inspection/inspection_in.h"
#include "main/wiring.h"

enum { YEAR = 1964 };
#define LIVED ",\"from_on\":\"1963-04-01\",\"to_on\":\"1966-03-31\""

static int64_t server(struct world *w, const char *name, const char *kind, const char *system, const char *more)
{
	return make(w, A_OFFICE, "servers", fmt(w, "{\"name\":\"%s\",\"kind\":\"%s\",\"info_system_id\":\"%lld\"%s}", name, kind,
		    ID(world_int(w, fmt(w, "SELECT id FROM info_system WHERE code = '%s' AND id > $1", system), 0)), more));
}

static int64_t id_of(struct world *w, const char *server)
{
	return world_int(w, fmt(w, "SELECT id FROM server WHERE name = '%s' AND id > $1", server), 0);
}

static int64_t check_of(struct world *w, const char *code)
{
	return world_int(w, fmt(w, "SELECT id FROM tech_check WHERE code = '%s' AND fiscal_year = $1 AND deleted_at IS NULL", code), YEAR);
}

static int64_t round_of(struct world *w)
{
	return world_int(w, "SELECT id FROM tech_round WHERE fiscal_year = $1 AND deleted_at IS NULL", YEAR);
}

static struct reply put(struct world *w, enum actor_id who, const char *server, const char *code, const char *more)
{
	return ask(w, who, "PUT", fmt(w, "/api/v1/tech-rounds/%lld/cells", ID(round_of(w))), .keep = true,
		   .body = fmt(w, "{\"cells\":[{\"server_id\":\"%lld\",\"check_id\":\"%lld\"%s}]}", ID(id_of(w, server)),
			       ID(check_of(w, code)), more));
}
#define GOOD ",\"result\":\"conforming\""
#define BAD ",\"result\":\"non_conforming\""

static struct reply matrix(struct world *w, enum actor_id who)
{
	struct reply r = get(w, who, fmt(w, "/api/v1/tech-rounds/%lld/matrix", ID(round_of(w))));

	STATUS(r, 200);
	return r;
}

/* A member of the reply's "statement", as text. */
static const char *said(struct world *w, enum actor_id who, const char *name)
{
	struct reply r = matrix(w, who), inner = { .body = reply_member(w, &r, "statement") };

	return reply_member(w, &inner, name);
}

/* TECH-01 to TECH-05: what the demonstration's rows say of the two years. */
static void the_demonstration(void **state)
{
	struct world *w = world_of(state);
	int64_t round = world_int(w, "SELECT id FROM tech_round WHERE fiscal_year = $1", 2011);
	struct reply r;

	for (int year = 2010; year <= 2011; year++) {
		FACT(w, "inspection.servers", year, "14/14");
		FACT(w, "inspection.systems", year, "7/7");
		FACT(w, "inspection.categories_web", year, "4/0");
		FACT(w, "inspection.categories_mail", year, "3/0");
	}
	FACT(w, "inspection.all_conforming", 2010, "13/14");
	FACT(w, "inspection.conforming", 2010, "141/142");
	FACT(w, "inspection.improved", 2010, "1/1");
	FACT(w, "inspection.all_conforming", 2011, "14/14");
	FACT(w, "inspection.conforming", 2011, "142/142");
	FACT(w, "inspection.servers", tk_fiscal_year(tk_today()), "5/14");
	FACT(w, "inspection.measures", 2011, "0/1");
	FACT(w, "inspection.measures", 2012, "1/1");
	r = ask(w, A_CISO, "GET", fmt(w, "/api/v1/tech-rounds/%lld/matrix", ID(round)), .ja = true);
	HAS(r, "\"all\":true,\"text\":\"全ての検査項目で適切でした。\"");
}

/* TECH-02, TECH-03: four categories for web servers, three for mail servers, where unauthorised
 * access has none. */
static void items_of_the_year(void **state)
{
	struct world *w = world_of(state);
	struct reply r = ask(w, A_OFFICE, "POST", "/api/v1/tech-checks/default", .body = "{\"fiscal_year\":1964}", .keep = true);
	static const char count[] = "SELECT COUNT(*) FROM tech_check WHERE fiscal_year = $1 AND server_kind = 'mail' AND category = 'intrusion'";

	STATUS(r, 200);
	assert_string_equal(reply_member(w, &r, "made"), "19");
	FACT(w, "inspection.categories_web", YEAR, "4/0");
	FACT(w, "inspection.categories_mail", YEAR, "3/0");
	FACT(w, "inspection.categories_mail", YEAR - 1, "missing");
	assert_int_equal(world_int(w, count, YEAR), 0);
	NAMES(ask(w, A_OFFICE, "POST", "/api/v1/tech-checks/default", .body = "{\"fiscal_year\":1964}"), 409, "fiscal_year");
	NAMES(ask(w, A_OFFICE, "POST", "/api/v1/tech-checks/default", .body = "{\"fiscal_year\":1}"), 422, "fiscal_year");
	owner_of_division(w);
	STATUS(ask(w, A_SYSTEM, "POST", "/api/v1/tech-checks/default", .body = "{\"fiscal_year\":1963}"), 403);
	STATUS(made(w, A_SYSTEM, "tech-checks", "{\"fiscal_year\":1964,\"code\":\"X\",\"server_kind\":\"web\",\"category\":\"malware\","
						"\"text\":\"x\"}"), 403);
	STATUS(get(w, A_STAFF, "/api/v1/tech-checks"), 403);
	NAMES(made(w, A_OFFICE, "tech-checks", "{\"fiscal_year\":1964,\"code\":\"X\",\"server_kind\":\"web\",\"category\":\"other\","
					       "\"text\":\"x\"}"), 422, "category");
}

/* TECH-01, TECH-06: the servers of all systems in operation on the last day, each with the items of
 * its kind; owners see and fill their own. */
static void whose_cells(void **state)
{
	struct world *w = world_of(state);
	int64_t round;
	struct reply r;

	a_system(w, "I1", w->actor[A_HEAD].division, LIVED);
	a_system(w, "I2", w->actor[A_HEAD2].division, LIVED);
	a_system(w, "I3", w->actor[A_HEAD2].division, ",\"from_on\":\"1970-04-01\",\"to_on\":\"1971-03-31\"");
	server(w, "i1-web", "web", "I1", "");
	server(w, "i1-mail", "mail", "I1", "");
	server(w, "i1-gone", "web", "I1", ",\"to_on\":\"1964-11-30\"");
	server(w, "i2-web", "web", "I2", "");
	server(w, "i2-db", "db", "I2", "");
	server(w, "i3-web", "web", "I3", "");
	round = make(w, A_OFFICE, "tech-rounds", "{\"title\":\"試験検査\",\"fiscal_year\":1964,\"from_on\":\"1964-10-01\",\"to_on\":\"1964-12-20\"}");
	NAMES(made(w, A_OFFICE, "tech-rounds", "{\"title\":\"x\",\"fiscal_year\":1964,\"from_on\":\"1964-10-01\",\"to_on\":\"1964-09-20\"}"),
	      422, "to_on");
	STATUS(move(w, A_SYSTEM, "tech-rounds", round, "start", NULL), 403);
	NAMES(put(w, A_OFFICE, "i1-web", "W-1-1", GOOD), 409, "tech_round_id");         /* not started yet */
	MOVE(w, A_OFFICE, "tech-rounds", round, "start", NULL);
	r = matrix(w, A_OFFICE);
	HAS(r, "i2-web");
	HAS_NOT(r, "i1-gone");
	HAS_NOT(r, "i3-web");
	HAS(r, "\"not_covered\":[{\"id\"");             /* no items for databases: said, not left out silently */
	HAS(r, "\"name\":\"i2-db\"");
	assert_string_equal(said(w, A_OFFICE, "cells"), "30");  /* 11 + 8 + 11 */
	assert_string_equal(said(w, A_OFFICE, "empty"), "30");
	assert_string_equal(said(w, A_OFFICE, "all"), "false");
	assert_string_equal(said(w, A_SYSTEM, "cells"), "19");
	r = matrix(w, A_SYSTEM);
	HAS_NOT(r, "i2-web");
	HAS(r, "\"may_write\":true");
	HAS_NOT(matrix(w, A_AUDITOR), "\"may_write\":true");
	STATUS(get(w, A_HEAD, fmt(w, "/api/v1/tech-rounds/%lld/matrix", ID(round))), 403);
	FACT(w, "inspection.servers", YEAR, "0/3");
	FACT(w, "inspection.systems", YEAR, "0/2");
	STATUS(put(w, A_SYSTEM, "i2-web", "W-1-1", GOOD), 403);
	STATUS(put(w, A_AUDITOR, "i2-web", "W-1-1", GOOD), 403);
	NAMES(put(w, A_SYSTEM, "i1-mail", "W-1-1", GOOD), 422, "cells");
	NAMES(put(w, A_SYSTEM, "i1-gone", "W-1-1", GOOD), 422, "cells");
	NAMES(made(w, A_OFFICE, "tech-results", fmt(w, "{\"tech_round_id\":\"%lld\",\"server_id\":\"%lld\",\"tech_check_id\":\"%lld\",\"result\":"
		   "\"conforming\"}", ID(round), ID(id_of(w, "i1-mail")), ID(check_of(w, "W-1-1")))), 422, "tech_check_id");
}

static void filling(void **state)
{
	struct world *w = world_of(state);
	const char *cell = "SELECT id FROM tech_result WHERE server_id = $1 AND deleted_at IS NULL";
	int64_t web = id_of(w, "i1-web"), x;
	struct reply r;

	STATUS(put(w, A_SYSTEM, "i1-web", "W-1-1", GOOD), 200);
	x = world_int(w, cell, web);
	assert_string_equal(world_text(w, "SELECT inspector FROM tech_result WHERE id = $1", x), w->actor[A_SYSTEM].login);
	assert_true(*world_text(w, "SELECT inspected_on FROM tech_result WHERE id = $1", x) == '2');
	NAMES(put(w, A_SYSTEM, "i1-web", "W-1-1", ",\"result\":\"not_applicable\""), 422, "evidence");
	NAMES(put(w, A_SYSTEM, "i1-web", "W-1-1", ",\"result\":\"great\""), 422, "result");
	NAMES(put(w, A_SYSTEM, "i1-web", "W-1-1", GOOD ",\"measure\":\"何か\""), 422, "measure");
	STATUS(put(w, A_SYSTEM, "i1-web", "W-1-1", ",\"result\":null"), 200);
	assert_int_equal(world_int(w, cell, web), 0);
	STATUS(put(w, A_SYSTEM, "i1-web", "W-1-1", ",\"result\":\"not_applicable\",\"evidence\":\"更新を止めている\""), 200);
	/* all the rest of the server at once, with the number that the person was shown */
	NAMES(ask(w, A_SYSTEM, "POST", fmt(w, "/api/v1/tech-rounds/%lld/servers/%lld/conforming", ID(round_of(w)), ID(web)),
		  .body = "{\"expect\":11}", .keep = true), 409, "expect");
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM tech_result WHERE server_id = $1 AND deleted_at IS NULL", web), 1);
	r = ask(w, A_SYSTEM, "POST", fmt(w, "/api/v1/tech-rounds/%lld/servers/%lld/conforming", ID(round_of(w)), ID(web)),
		.body = "{\"expect\":10}", .keep = true);
	STATUS(r, 200);
	assert_string_equal(reply_member(w, &r, "changed"), "10");
	FACT(w, "inspection.servers", YEAR, "1/3");
	FACT(w, "inspection.systems", YEAR, "0/2");
	FACT(w, "inspection.all_conforming", YEAR, "1/3");
	STATUS(ask(w, A_SYSTEM, "POST", fmt(w, "/api/v1/tech-rounds/%lld/servers/%lld/conforming", ID(round_of(w)), ID(id_of(w, "i2-web"))),
		   .body = "{\"expect\":11}"), 403);
}

/* TECH-06: a file with a server a line and an item a column; a fault takes everything back. */
static void results_from_files(void **state)
{
	struct world *w = world_of(state);
	const char *path = fmt(w, "/api/v1/tech-rounds/%lld/results?name=x.csv", ID(round_of(w)));
	const char *head = "検査表,,\r\nサーバ名,M-1-1,M-1-2,M-2-1,W-1-1\r\n";
	struct reply r = ask(w, A_SYSTEM, "POST", path, .keep = true,
			     .body = fmt(w, "%si1-mail,適,たぶん,適,－\r\nどこか,適,,,\r\ni1-mail,適,,,適\r\n", head));

	STATUS(r, 422);
	HAS(r, "たぶん");
	HAS(r, "\"field\":\"3\"");
	HAS(r, "どこか");
	HAS(r, "the item W-1-1 is not for this server");
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM tech_result WHERE server_id = $1", id_of(w, "i1-mail")), 0);
	r = ask(w, A_SYSTEM, "POST", path, .keep = true, .body = fmt(w, "%sｉ１－ｍａｉｌ,適,該当なし（添付を受け取らない）,○,－\r\n", head));
	STATUS(r, 200);
	assert_string_equal(reply_member(w, &r, "changed"), "3");
	assert_string_equal(world_text(w, "SELECT evidence FROM tech_result WHERE result = 'not_applicable' AND server_id = $1",
				       id_of(w, "i1-mail")), "添付を受け取らない");
	r = ask(w, A_SYSTEM, "POST", path, .keep = true,
		.body = "サーバ名,項目番号,結果,根拠\r\ni1-mail,M-2-2,適,設定を確認\r\ni1-mail,M-2-3,否,証明書の期限切れ\r\ni1-mail,M-3-1,,\r\n");
	STATUS(r, 200);
	assert_string_equal(reply_member(w, &r, "cells"), "2");
	NAMES(ask(w, A_SYSTEM, "POST", path, .body = "a,b\r\n1,2\r\n"), 422, "file");
	STATUS(ask(w, A_SYSTEM, "POST", path, .body = "サーバ名,W-1-1\r\ni2-web,適\r\n"), 403);
}

/* TECH-04: complete and positive, or the sentence is not said and what is missing is listed. */
static void all_is_said_only_when_all_is(void **state)
{
	struct world *w = world_of(state);
	int64_t round = round_of(w), bad, item;
	struct reply r;

	STATUS(move(w, A_OFFICE, "tech-rounds", round, "complete", NULL), 409);
	for (const char *s = "i1-mail"; s; s = strcmp(s, "i2-web") ? "i2-web" : NULL)
		STATUS(ask(w, A_OFFICE, "POST", fmt(w, "/api/v1/tech-rounds/%lld/servers/%lld/conforming", ID(round), ID(id_of(w, s))),
			   .body = fmt(w, "{\"expect\":%d}", strcmp(s, "i2-web") ? 3 : 11), .keep = true), 200);
	assert_string_equal(said(w, A_OFFICE, "empty"), "0");
	assert_string_equal(said(w, A_OFFICE, "non_conforming"), "1");
	assert_string_equal(said(w, A_OFFICE, "all"), "false");
	assert_string_equal(said(w, A_OFFICE, "text"), "null");
	HAS(matrix(w, A_OFFICE), "\"server\":\"i1-mail\",\"check\":\"M-2-3\",\"why\":\"non_conforming\"");
	FACT(w, "inspection.servers", YEAR, "3/3");
	FACT(w, "inspection.systems", YEAR, "2/2");
	FACT(w, "inspection.all_conforming", YEAR, "2/3");
	FACT(w, "inspection.conforming", YEAR, "27/28");        /* two do not apply */
	FACT(w, "inspection.improved", YEAR, "0/1");
	/* what does not conform stands on the roadmap, and needs a measure before the end */
	bad = world_int(w, "SELECT id FROM tech_result WHERE result = 'non_conforming' AND tech_round_id = $1", round);
	item = world_int(w, "SELECT improvement_id FROM tech_result WHERE id = $1", bad);
	assert_string_equal(world_text(w, "SELECT due_on FROM roadmap_item WHERE id = $1", item), "1965-03-31");
	r = move(w, A_OFFICE, "tech-rounds", round, "complete", NULL);
	STATUS(r, 409);
	HAS(r, "no measure");
	STATUS(put(w, A_SYSTEM, "i1-mail", "M-2-3", BAD ",\"measure\":\"証明書の更新\",\"due_on\":\"1965-02-28\""), 200);
	MOVE(w, A_OFFICE, "tech-rounds", round, "complete", NULL);
	NAMES(put(w, A_SYSTEM, "i1-web", "W-1-1", GOOD), 409, "tech_round_id");
	/* the improvement is still followed after the inspection has ended */
	STATUS(change(w, A_SYSTEM, "tech-results", bad, "{\"done_on\":\"1965-02-28\"}"), 200);
	FACT(w, "inspection.improved", YEAR, "1/1");
	FACT(w, "inspection.all_conforming", YEAR, "2/3");      /* as it was found */
	MOVE(w, A_OFFICE, "tech-rounds", round, "reopen", "再検査のため");
	STATUS(put(w, A_SYSTEM, "i1-mail", "M-2-3", GOOD), 200);
	assert_string_equal(said(w, A_OFFICE, "all"), "true");
	assert_string_equal(said(w, A_OFFICE, "text"), "All inspection items were appropriate.");
	FACT(w, "inspection.all_conforming", YEAR, "3/3");
	/* one server more, and it is not said any more */
	server(w, "i2-new", "mail", "I2", ",\"from_on\":\"1964-12-20\"");
	assert_string_equal(said(w, A_OFFICE, "all"), "false");
	assert_string_equal(said(w, A_OFFICE, "empty"), "8");
	assert_string_equal(said(w, A_SYSTEM, "all"), "true");  /* of the own servers */
}

/* TECH-06: the grades of the inspections of ministries, in whole numbers. */
static void grades(void **state)
{
	static const char *const code[] = { "a", "b", "c", "d", "e" };
	struct tk_cell_state cell[10];
	struct tk_grade g[TK_MAX_GRADES];

	(void)state;
	assert_int_equal(tk_grade_of(5, 5), 'A');
	assert_int_equal(tk_grade_of(4, 5), 'B');       /* 80 % exactly */
	assert_int_equal(tk_grade_of(799, 1000), 'C');
	assert_int_equal(tk_grade_of(999, 1000), 'B');  /* never all */
	assert_int_equal(tk_grade_of(3, 5), 'C');       /* 60 % exactly */
	assert_int_equal(tk_grade_of(599, 1000), 'D');
	assert_int_equal(tk_grade_of(0, 1), 'D');
	assert_int_equal(tk_grade_of(0, 0), 0);
	for (int i = 0; i < 10; i++)    /* five web servers, an item of malware and one of intrusion each */
		cell[i] = (struct tk_cell_state){ .server = 1 + i / 2, .server_name = code[i / 2], .kind = "web",
						  .category = i % 2 ? "intrusion" : "malware", .result = "conforming" };
	cell[1].result = "non_conforming";
	assert_int_equal(tk_grades(cell, 10, g), 3);
	assert_null(g[0].category);
	assert_int_equal(g[0].grade, 'B');      /* 4 of 5 servers */
	assert_int_equal(g[1].grade, 'A');      /* malware */
	assert_int_equal(g[2].grade, 'B');      /* intrusion */
	cell[3].result = "not_applicable";      /* that server has nothing of intrusion left to ask */
	tk_grades(cell, 10, g);
	assert_int_equal(g[2].servers, 4);
	assert_int_equal(g[2].grade, 'C');      /* 3 of 4 */
	cell[5].result = NULL;
	tk_grades(cell, 10, g);
	assert_int_equal(g[2].grade, 0);        /* no grade while a cell is empty */
	assert_int_equal(g[2].empty, 1);
	assert_int_equal(g[1].grade, 'A');
}

static void said_by(void *ctx, const char *what, int64_t n)
{
	(void)what;
	*(int64_t *)ctx = n;
}

static void the_next_year_takes_the_items_over(void **state)
{
	struct world *w = world_of(state);
	int64_t n = 0;

	OK(w->t, tk_inspection_module.open_year(&w->op, YEAR, YEAR + 1, said_by, &n));
	assert_int_equal(n, 19);
	FACT(w, "inspection.categories_mail", YEAR + 1, "3/0");
	OK(w->t, tk_inspection_module.open_year(&w->op, YEAR, YEAR + 1, said_by, &n));
	assert_int_equal(n, 0);
}

/* TECH-05: a measure is introduced in one year and in full operation in the next. */
static void measures(void **state)
{
	struct world *w = world_of(state);
	int64_t m = make(w, A_OFFICE, "tech-measures", "{\"title\":\"誤送信対策ソフトウェア\",\"fiscal_year\":1964}");

	FACT(w, "inspection.measures", YEAR, "0/1");
	STATUS(move(w, A_STAFF, "tech-measures", m, "introduce", NULL), 403);
	MOVE(w, A_OFFICE, "tech-measures", m, "introduce", NULL);
	STATUS(change(w, A_OFFICE, "tech-measures", m, "{\"introduced_on\":\"1965-02-01\"}"), 200);
	NAMES(change(w, A_OFFICE, "tech-measures", m, "{\"operation_on\":\"1965-01-01\"}"), 422, "operation_on");
	FACT(w, "inspection.measures", YEAR + 1, "0/1");        /* comes along until it is in operation */
	STATUS(change(w, A_OFFICE, "tech-measures", m, "{\"operation_on\":\"1965-05-01\"}"), 200);
	MOVE(w, A_OFFICE, "tech-measures", m, "operate", NULL);
	assert_string_equal(member(w, A_OFFICE, "tech-measures", m, "operation_on"), "1965-05-01");
	FACT(w, "inspection.measures", YEAR, "0/1");            /* not in that year yet */
	FACT(w, "inspection.measures", YEAR + 1, "1/1");
	FACT(w, "inspection.measures", YEAR + 2, "missing");
}

int main(void)
{
	const struct CMUnitTest test[] = {
		cmocka_unit_test(the_demonstration), cmocka_unit_test(items_of_the_year), cmocka_unit_test(whose_cells), cmocka_unit_test(filling),
		cmocka_unit_test(results_from_files), cmocka_unit_test(all_is_said_only_when_all_is), cmocka_unit_test(grades),
		cmocka_unit_test(the_next_year_takes_the_items_over), cmocka_unit_test(measures),
	};
	int bad = cmocka_run_group_tests_name("inspection, SQLite", test, world_sqlite, world_down);

	return bad + cmocka_run_group_tests_name("inspection, PostgreSQL", test, world_postgres, world_down);
}
