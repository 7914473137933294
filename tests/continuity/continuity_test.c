/* Continuity: plans and their editions, which systems need a manual, what equipment is missing, and
 * who can evaluate a plan. */
#include "../ledger/owner.h"
#include "main/wiring.h"

enum { YEAR = 1961 };
#define LIVED ",\"from_on\":\"1960-04-01\",\"to_on\":\"1963-03-31\""

/* BCP-01, BCP-03, BCP-04, CORE-04: what the demonstration's rows say of the two years. */
static void the_demonstration(void **state)
{
	struct world *w = world_of(state);

	assert_string_equal(world_text(w, "SELECT made_on FROM bcp_plan WHERE scenario = 'earthquake' AND id > $1", 0), "2008-06-24");
	assert_string_equal(world_text(w, "SELECT revised_on FROM bcp_plan WHERE scenario = 'earthquake' AND id > $1", 0), "2011-12-20");
	FACT(w, "continuity.revised", 2011, "1/0");
	FACT(w, "continuity.manuals", 2010, "4/7");
	FACT(w, "continuity.manuals", 2011, "7/7");
	FACT(w, "continuity.ups", 2010, "4/7");
	FACT(w, "continuity.ups", 2011, "7/7");
	FACT(w, "continuity.remote_backup", 2010, "2/5");
	FACT(w, "continuity.remote_backup", 2011, "5/5");
	FACT(w, "continuity.had_plan", 2019, "1/2");
	FACT(w, "continuity.worked", 2019, "1/1");
}

/* BCP-01: the plan was made with its first edition and revised with the last one. */
static void editions_date_the_plan(void **state)
{
	struct world *w = world_of(state);
	int64_t p = make(w, A_OFFICE, "bcp-plans", "{\"name\":\"試験計画\",\"scenario\":\"earthquake\"}"), two;

	FACT(w, "continuity.plans", YEAR, "missing");
	make(w, A_OFFICE, "bcp-editions", fmt(w, "{\"bcp_plan_id\":\"%lld\",\"edition\":1,\"decided_on\":\"1961-06-20\"}", ID(p)));
	assert_string_equal(member(w, A_OFFICE, "bcp-plans", p, "made_on"), "1961-06-20");
	assert_string_equal(member(w, A_OFFICE, "bcp-plans", p, "revised_on"), "null");
	FACT(w, "continuity.plans", YEAR, "1/0");
	FACT(w, "continuity.plans", YEAR - 1, "missing");
	FACT(w, "continuity.revised", YEAR, "0/0");
	two = make(w, A_OFFICE, "bcp-editions", fmt(w, "{\"bcp_plan_id\":\"%lld\",\"edition\":2,\"decided_on\":\"1962-03-10\","
						       "\"changes\":\"参集体制の見直し\"}", ID(p)));
	assert_string_equal(member(w, A_OFFICE, "bcp-plans", p, "revised_on"), "1962-03-10");
	assert_string_equal(member(w, A_OFFICE, "bcp-plans", p, "edition"), "2");
	FACT(w, "continuity.revised", YEAR, "1/0");
	STATUS(made(w, A_OFFICE, "bcp-editions", fmt(w, "{\"bcp_plan_id\":\"%lld\",\"edition\":2,\"decided_on\":\"1962-03-11\"}", ID(p))), 409);
	NAMES(made(w, A_OFFICE, "bcp-editions", fmt(w, "{\"bcp_plan_id\":\"%lld\",\"edition\":3}", ID(p))), 422, "decided_on");
	NAMES(change(w, A_OFFICE, "bcp-plans", p, "{\"made_on\":\"1961-01-01\"}"), 422, "made_on");
	STATUS(made(w, A_HEAD, "bcp-plans", "{\"name\":\"x\",\"scenario\":\"earthquake\"}"), 403);
	STATUS(get(w, A_HEAD, fmt(w, "/api/v1/bcp-plans/%lld", ID(p))), 200);
	STATUS(get(w, A_STAFF, fmt(w, "/api/v1/bcp-plans/%lld", ID(p))), 403);
	STATUS(ask(w, A_OFFICE, "DELETE", fmt(w, "/api/v1/bcp-editions/%lld", ID(two)), .if_match = "\"1\"", .keep = true), 204);
	assert_string_equal(member(w, A_OFFICE, "bcp-plans", p, "revised_on"), "null");
}

/* BCP-02, BCP-03: a manual for each system that priority work, the public, finance bureaus or
 * self-regulatory organisations depend on; those that are missing are listed. */
static void who_needs_a_manual(void **state)
{
	struct world *w = world_of(state);
	int64_t own = w->actor[A_HEAD].division, two = w->actor[A_HEAD2].division;
	int64_t alone = a_system(w, "C1", own, LIVED), work = a_system(w, "C2", own, LIVED);
	int64_t people = a_system(w, "C3", two, LIVED ",\"for_public\":true"), m;
	struct reply r;

	a_system(w, "C4", two, LIVED ",\"for_bureaus\":true");
	a_system(w, "C5", two, LIVED ",\"for_sro\":true");
	a_system(w, "C6", two, ",\"from_on\":\"1970-04-01\",\"to_on\":\"1971-03-31\",\"for_public\":true");
	FACT(w, "continuity.manuals", YEAR, "0/3");
	make(w, A_SYSTEM, "priority-works", fmt(w, "{\"name\":\"見本業務\",\"division_id\":\"%lld\",\"info_system_id\":\"%lld\","
						   "\"target_hours\":24}", ID(own), ID(work)));
	FACT(w, "continuity.manuals", YEAR, "0/4");
	m = make(w, A_SYSTEM, "bcp-manuals", fmt(w, "{\"title\":\"見本システムC2 個別マニュアル\",\"info_system_id\":\"%lld\","
						    "\"made_on\":\"1961-10-01\"}", ID(work)));
	FACT(w, "continuity.manuals", YEAR, "1/4");
	FACT(w, "continuity.manuals", YEAR - 1, "0/4");         /* it was made in the year after */
	make(w, A_SYSTEM, "bcp-manuals", fmt(w, "{\"title\":\"見本システムC1 個別マニュアル\",\"info_system_id\":\"%lld\","
						"\"made_on\":\"1961-10-01\"}", ID(alone)));
	FACT(w, "continuity.manuals", YEAR, "1/4");             /* C1 needs none */
	NAMES(made(w, A_SYSTEM, "bcp-manuals", fmt(w, "{\"title\":\"x\",\"info_system_id\":\"%lld\",\"made_on\":\"1961-10-01\"}", ID(work))),
	      409, "info_system_id");
	STATUS(made(w, A_SYSTEM, "bcp-manuals", fmt(w, "{\"title\":\"x\",\"info_system_id\":\"%lld\",\"made_on\":\"1961-10-01\"}", ID(people))),
	       403);
	NAMES(change(w, A_SYSTEM, "bcp-manuals", m, "{\"revised_on\":\"1961-09-30\"}"), 422, "revised_on");
	/* the list of today: these systems are gone, so two that are in operation */
	a_system(w, "C7", own, ",\"from_on\":\"2000-04-01\",\"for_public\":true");
	a_system(w, "C8", two, ",\"from_on\":\"2000-04-01\",\"for_public\":true");
	r = get(w, A_OFFICE, "/api/v1/continuity/manuals");
	STATUS(r, 200);
	HAS(r, "見本システムC7");
	HAS(r, "見本システムC8");
	HAS(r, "\"affects\":[\"the public\"],\"manual_id\":null");
	HAS_NOT(r, "見本システムC3");
	r = get(w, A_SYSTEM, "/api/v1/continuity/manuals");
	STATUS(r, 200);
	HAS(r, "見本システムC7");
	HAS_NOT(r, "見本システムC8");
	STATUS(get(w, A_STAFF, "/api/v1/continuity/manuals"), 403);
}

/* BCP-04, CORE-04: what a check of the systems finds missing becomes an improvement, and counts when it is
 * in place at the end of a year. */
static void missing_equipment_is_improved(void **state)
{
	struct world *w = world_of(state);
	int64_t s = world_int(w, "SELECT id FROM info_system WHERE code = 'C1' AND id > $1", 0), item, ups, far;

	ups = make(w, A_SYSTEM, "bcp-measures", fmt(w, "{\"info_system_id\":\"%lld\",\"kind\":\"ups\",\"state\":\"missing\","
						       "\"cause\":\"計画停電\",\"due_on\":\"1962-02-28\"}", ID(s)));
	far = make(w, A_SYSTEM, "bcp-measures", fmt(w, "{\"info_system_id\":\"%lld\",\"kind\":\"remote_backup\",\"state\":\"in_place\","
						       "\"done_on\":\"1960-12-01\"}", ID(s)));
	item = world_int(w, "SELECT improvement_id FROM bcp_measure WHERE id = $1", ups);
	assert_int_not_equal(item, 0);
	assert_string_equal(world_text(w, "SELECT title FROM roadmap_item WHERE id = $1", item),
			    "見本システムC1: 無停電電源装置（UPS）");
	assert_string_equal(world_text(w, "SELECT due_on FROM roadmap_item WHERE id = $1", item), "1962-02-28");
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM bcp_measure WHERE id = $1 AND improvement_id IS NULL", far), 1);
	FACT(w, "continuity.ups", YEAR, "0/1");
	FACT(w, "continuity.remote_backup", YEAR, "1/1");
	FACT(w, "continuity.equipment", YEAR, "1/2");
	NAMES(change(w, A_SYSTEM, "bcp-measures", ups, "{\"done_on\":\"1962-02-01\"}"), 422, "done_on");
	STATUS(change(w, A_SYSTEM, "bcp-measures", ups, "{\"state\":\"in_place\",\"done_on\":\"1962-02-01\"}"), 200);
	FACT(w, "continuity.ups", YEAR - 1, "0/1");             /* the year before still lacks it */
	FACT(w, "continuity.ups", YEAR, "1/1");
	FACT(w, "continuity.equipment", YEAR, "2/2");
	assert_int_equal(world_int(w, "SELECT improvement_id FROM bcp_measure WHERE id = $1", ups), item);
	STATUS(change(w, A_SYSTEM, "bcp-measures", far, "{\"state\":\"not_needed\",\"done_on\":null}"), 200);
	FACT(w, "continuity.equipment", YEAR, "1/1");
	STATUS(made(w, A_HEAD2, "bcp-measures", fmt(w, "{\"info_system_id\":\"%lld\",\"kind\":\"ups\",\"state\":\"missing\"}", ID(s))), 403);
}

static struct reply activation(struct world *w, const char *event, int64_t division, int64_t plan, const char *more)
{
	return made(w, A_OFFICE, "bcp-activations", fmt(w, "{\"event\":\"%s\",\"from_on\":\"1962-02-01\",\"division_id\":\"%lld\"%s%s}", event,
		    ID(division), plan ? fmt(w, ",\"bcp_plan_id\":\"%lld\"", ID(plan)) : "", more));
}

/* BCP-05: existence of a plan before, activation, evaluation; the base of the later ones are those
 * that had a plan before. */
static void evaluated_is_what_was_there_before(void **state)
{
	struct world *w = world_of(state);
	int64_t one = w->actor[A_HEAD].division, two = w->actor[A_HEAD2].division;
	int64_t old = make(w, A_OFFICE, "bcp-plans", "{\"name\":\"感染症計画\",\"scenario\":\"pandemic\"}");
	int64_t late = make(w, A_OFFICE, "bcp-plans", "{\"name\":\"後からの計画\",\"scenario\":\"pandemic\"}");
	struct reply r;

	make(w, A_OFFICE, "bcp-editions", fmt(w, "{\"bcp_plan_id\":\"%lld\",\"edition\":1,\"decided_on\":\"1961-05-01\"}", ID(old)));
	make(w, A_OFFICE, "bcp-editions", fmt(w, "{\"bcp_plan_id\":\"%lld\",\"edition\":1,\"decided_on\":\"1962-02-01\"}", ID(late)));
	FACT(w, "continuity.had_plan", YEAR, "missing");
	r = activation(w, "流行", one, old, ",\"activated\":true,\"evaluation\":\"worked\"");
	STATUS(r, 201);
	assert_string_equal(reply_member(w, &r, "had_plan"), "true");
	NAMES(activation(w, "流行", two, late, ",\"activated\":true"), 422, "activated");      /* made on that very day */
	NAMES(activation(w, "流行", two, late, ",\"evaluation\":\"worked\""), 422, "evaluation");
	NAMES(activation(w, "流行", two, 0, ",\"had_plan\":true"), 422, "had_plan");
	STATUS(activation(w, "流行", two, late, ""), 201);
	STATUS(activation(w, "流行", two, late, ""), 409);
	FACT(w, "continuity.had_plan", YEAR, "1/2");
	FACT(w, "continuity.activated", YEAR, "1/1");
	FACT(w, "continuity.worked", YEAR, "1/1");
	STATUS(activation(w, "停電", one, old, ",\"activated\":true,\"evaluation\":\"partly\""), 201);
	FACT(w, "continuity.worked", YEAR, "1/2");
	FACT(w, "continuity.had_plan", YEAR, "2/3");
}

static void exercises(void **state)
{
	struct world *w = world_of(state);

	FACT(w, "continuity.exercises", YEAR, "0/0");
	make(w, A_OFFICE, "bcp-exercises", "{\"title\":\"参集訓練\",\"held_on\":\"1961-09-01\",\"result\":\"with_problems\","
	     "\"lessons\":\"連絡網を改める\",\"participants\":120}");
	FACT(w, "continuity.exercises", YEAR, "1/0");
	NAMES(made(w, A_OFFICE, "bcp-exercises", "{\"title\":\"x\",\"held_on\":\"1961-09-01\"}"), 422, "result");
}

int main(void)
{
	const struct CMUnitTest test[] = {
		cmocka_unit_test(the_demonstration), cmocka_unit_test(editions_date_the_plan), cmocka_unit_test(who_needs_a_manual),
		cmocka_unit_test(missing_equipment_is_improved), cmocka_unit_test(evaluated_is_what_was_there_before),
		cmocka_unit_test(exercises),
	};
	int bad = cmocka_run_group_tests_name("continuity, SQLite", test, world_sqlite, world_down);

	return bad + cmocka_run_group_tests_name("continuity, PostgreSQL", test, world_postgres, world_down);
}
