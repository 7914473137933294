/* Outsourcing: the guide and its editions, the way of a specification through its check, contracts
 * and their confirmations, chains of subcontracts, the check before connection, and the figures. */
#include "walk.h"
#include "base/clock.h"
#include "base/hash.h"
#include "fact/fact.h"
#include "outsourcing/outsourcing.h"

enum { YEAR = 2097 };   /* a year that the demonstration has nothing of */

static int64_t guide;
static int64_t the_guide(struct world *w)
{
	static const char *const item[][3] = { { "1", "always", "体制" }, { "2", "always", "再委託" },
					       { "3", "connected", "接続の条件" } };

	guide = make(w, A_OFFICE, "spec-guides", fmt(w, "{\"title\":\"試験用の記載要領\",\"edition\":%d}", 900 +
		     (int)world_int(w, "SELECT COUNT(*) + $1 FROM spec_guide", 0)));
	for (size_t i = 0; i < TK_LEN(item); i++)
		make(w, A_OFFICE, "spec-guide-items",
		     fmt(w, "{\"guide_id\":\"%lld\",\"number\":\"%s\",\"sort\":%zu,\"required\":\"%s\",\"text_ja\":\"%s\"}",
			 ID(guide), item[i][0], i, item[i][1], item[i][2]));
	return guide;
}

/* Written by the system administrator of A_HEAD2's division. */
static int64_t spec(struct world *w, const char *title, bool connects)
{
	return make(w, A_SYSTEM, "procurement-specs",
		    fmt(w, "{\"title\":\"%s\",\"guide_id\":\"%lld\",\"fiscal_year\":%d,\"importance\":\"high\",\"connects\":%s,"
			"\"division_id\":\"%lld\",\"owner_staff_id\":\"%lld\"}", title, ID(guide), YEAR,
			connects ? "true" : "false", ID(w->actor[A_HEAD2].division), ID(w->actor[A_STAFF3].staff)));
}

static int64_t check_row(struct world *w, int64_t spec_id, const char *number)
{
	int64_t id = 0;

	OK(w->t, tk_db_int(w->t->db, &w->t->e, "SELECT c.id FROM spec_check c JOIN spec_guide_item i ON i.id = c.guide_item_id"
			   " WHERE c.spec_id = $1 AND i.number = $2 AND c.deleted_at IS NULL",
			   TK_ARGS(TK_I(spec_id), TK_S(number)), 0, &id));
	return id;
}

static void verdict(struct world *w, int64_t spec_id, const char *number, const char *v)
{
	STATUS(change(w, A_OFFICE, "spec-checks", check_row(w, spec_id, number), fmt(w, "{\"verdict\":\"%s\"}", v)), 200);
}

static int64_t firm(struct world *w, const char *name)
{
	return make(w, A_OFFICE, "contractors", fmt(w, "{\"name\":\"%s\"}", name));
}

static int64_t contract(struct world *w, int64_t spec_id, int64_t contractor, const char *from, const char *to, int months)
{
	return make(w, A_SYSTEM, "contracts",
		    fmt(w, "{\"spec_id\":\"%lld\",\"contractor_id\":\"%lld\",\"title\":\"見本業務\",\"signed_on\":\"%s\",\"from_on\":\"%s\","
			"\"to_on\":\"%s\",\"obligations\":\"守秘、再委託の制限\",\"level\":\"ポリシーと同等\",\"confirm_months\":%d}",
			ID(spec_id), ID(contractor), from, from, to, months));
}

/* To the state accepted, everything written. */
static int64_t accepted(struct world *w, const char *title, bool connects)
{
	int64_t id = spec(w, title, connects);

	MOVE(w, A_SYSTEM, "procurement-specs", id, "submit", NULL);
	verdict(w, id, "1", "written");
	verdict(w, id, "2", "written");
	if (connects)
		verdict(w, id, "3", "written");
	MOVE(w, A_OFFICE, "procurement-specs", id, "check", NULL);
	MOVE(w, A_OFFICE, "procurement-specs", id, "accept", NULL);
	return id;
}

/* OUT-01: what must be written depends on the connection, and the guide in use does not change under
 * the specifications that were checked by it. */
static void the_guide_makes_the_items(void **state)
{
	struct world *w = world_of(state);
	int64_t a, b, item;
	struct reply r;

	the_guide(w);
	a = spec(w, "接続のない業務", false);
	b = spec(w, "接続のある業務", true);
	MOVE(w, A_SYSTEM, "procurement-specs", a, "submit", NULL);
	MOVE(w, A_SYSTEM, "procurement-specs", b, "submit", NULL);
	r = get(w, A_SYSTEM, fmt(w, "/api/v1/procurement-specs/%lld/coverage", ID(a)));
	STATUS(r, 200);
	assert_string_equal(reply_member(w, &r, "total"), "2");
	assert_string_equal(reply_member(w, &r, "unchecked"), "2");
	r = get(w, A_SYSTEM, fmt(w, "/api/v1/procurement-specs/%lld/coverage", ID(b)));
	assert_string_equal(reply_member(w, &r, "total"), "3");
	STATUS(get(w, A_HEAD, fmt(w, "/api/v1/procurement-specs/%lld/coverage", ID(b))), 404);
	item = world_int(w, "SELECT id FROM spec_guide_item WHERE guide_id = $1 AND number = '1'", guide);
	NAMES(change(w, A_OFFICE, "spec-guide-items", item, "{\"text_ja\":\"別の文\"}"), 409, "text_ja");
	NAMES(made(w, A_OFFICE, "spec-guide-items", fmt(w, "{\"guide_id\":\"%lld\",\"number\":\"1\",\"required\":\"always\","
		   "\"text_ja\":\"x\"}", ID(guide))), 409, "number");
	STATUS(made(w, A_SYSTEM, "spec-guides", "{\"title\":\"x\",\"edition\":999}"), 403);
}

/* OUT-03: the fact-finding ends in a new edition; the old one stays. */
static void the_guide_is_revised(void **state)
{
	struct world *w = world_of(state);
	struct reply r;
	int64_t now;

	the_guide(w);
	r = ask(w, A_OFFICE, "POST", fmt(w, "/api/v1/spec-guides/%lld/revise", ID(guide)), .body = "{\"in_force_on\":\"2097-04-01\"}",
		.keep = true);
	STATUS(r, 201);
	now = strtoll(reply_member(w, &r, "id"), NULL, 10);
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM spec_guide_item WHERE guide_id = $1", now), 3);
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM spec_guide_item WHERE guide_id = $1", guide), 3);
	assert_int_equal(world_int(w, "SELECT revised_from_id FROM spec_guide WHERE id = $1", now), guide);
	assert_int_equal(world_int(w, "SELECT edition FROM spec_guide WHERE id = $1", now),
			 world_int(w, "SELECT MAX(edition) FROM spec_guide WHERE id <> $1", now) + 1);
	STATUS(ask(w, A_SYSTEM, "POST", fmt(w, "/api/v1/spec-guides/%lld/revise", ID(guide)), .body = "{}"), 403);
	STATUS(ask(w, A_ADVISER, "POST", fmt(w, "/api/v1/spec-guides/%lld/revise", ID(guide)), .body = "{}"), 403);
}

/* OUT-02, OUT-06: the expert's check of every item, the adviser as needed, the CIO aide's opinion on
 * what is missing; each step by the person whose step it is, and the record says who. */
static void a_specification_and_its_check(void **state)
{
	struct world *w = world_of(state);
	int64_t id, row;
	struct reply r;

	the_guide(w);
	id = spec(w, "記載漏れのある仕様書", true);
	STATUS(move(w, A_HEAD2, "procurement-specs", id, "submit", NULL), 403);
	STATUS(move(w, A_OFFICE, "procurement-specs", id, "check", NULL), 409);
	MOVE(w, A_SYSTEM, "procurement-specs", id, "submit", NULL);
	NAMES(change(w, A_SYSTEM, "procurement-specs", id, "{\"title\":\"書き換え\"}"), 409, "title");
	r = move(w, A_OFFICE, "procurement-specs", id, "check", NULL);
	STATUS(r, 409);
	HAS(r, "3 of 3 items");
	row = check_row(w, id, "2");
	STATUS(change(w, A_SYSTEM, "spec-checks", row, "{\"verdict\":\"written\"}"), 403);
	NAMES(change(w, A_OFFICE, "spec-checks", row, "{\"verdict\":\"na\"}"), 422, "remark");
	NAMES(change(w, A_OFFICE, "spec-checks", row, "{\"verdict\":\"good\"}"), 422, "verdict");
	verdict(w, id, "1", "written");
	verdict(w, id, "2", "missing");
	verdict(w, id, "3", "missing");
	STATUS(move(w, A_SYSTEM, "procurement-specs", id, "check", NULL), 403);
	STATUS(move(w, A_OFFICE, "procurement-specs", id, "advise", "x"), 403);
	MOVE(w, A_ADVISER, "procurement-specs", id, "advise", "再委託の条件を具体的に書くこと");
	MOVE(w, A_OFFICE, "procurement-specs", id, "check", NULL);
	NAMES(change(w, A_OFFICE, "spec-checks", row, "{\"verdict\":\"written\"}"), 409, "spec_id");
	r = move(w, A_OFFICE, "procurement-specs", id, "accept", NULL);
	STATUS(r, 409);
	HAS(r, "(2, 3)");                       /* the required items that are missing, by number */
	STATUS(move(w, A_OFFICE, "procurement-specs", id, "tolerate", "x"), 403);
	STATUS(move(w, A_ADVISER, "procurement-specs", id, "tolerate", "x"), 403);
	NAMES(move(w, A_CIO_AIDE, "procurement-specs", id, "tolerate", NULL), 422, "comment");
	MOVE(w, A_CIO_AIDE, "procurement-specs", id, "demand", "2と3を記載すること");
	STATUS(move(w, A_OFFICE, "procurement-specs", id, "accept", NULL), 409);
	MOVE(w, A_OFFICE, "procurement-specs", id, "return", "意見のとおり追記のこと");
	MOVE(w, A_SYSTEM, "procurement-specs", id, "submit", NULL);
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM spec_check WHERE spec_id = $1", id), 3);
	verdict(w, id, "2", "written");
	MOVE(w, A_OFFICE, "procurement-specs", id, "check", NULL);
	STATUS(move(w, A_OFFICE, "procurement-specs", id, "accept", NULL), 409);
	MOVE(w, A_CIO_AIDE, "procurement-specs", id, "tolerate", "接続は契約後に別途定める");
	STATUS(move(w, A_SYSTEM, "procurement-specs", id, "accept", NULL), 403);
	MOVE(w, A_OFFICE, "procurement-specs", id, "accept", NULL);
	assert_string_equal(member(w, A_OFFICE, "procurement-specs", id, "checked_by"), w->actor[A_OFFICE].who.name);
	assert_string_equal(member(w, A_OFFICE, "procurement-specs", id, "advised_by"), w->actor[A_ADVISER].who.name);
	assert_string_equal(member(w, A_OFFICE, "procurement-specs", id, "opinion_by"), w->actor[A_CIO_AIDE].who.name);
	assert_string_equal(member(w, A_OFFICE, "procurement-specs", id, "opinion"), "tolerate");
	assert_string_equal(member(w, A_OFFICE, "procurement-specs", id, "accepted_by"), w->actor[A_OFFICE].who.name);
	r = get(w, A_OFFICE, fmt(w, "/api/v1/procurement-specs/%lld/coverage", ID(id)));
	assert_string_equal(reply_member(w, &r, "written"), "2");
	assert_string_equal(reply_member(w, &r, "required_missing"), "1");
}

/* ORG-15: who wrote the specification does not check it, whatever their permission. */
static void nobody_checks_their_own(void **state)
{
	struct world *w = world_of(state);
	int64_t id;

	the_guide(w);
	id = spec(w, "自分の仕様書", false);
	MOVE(w, A_SYSTEM, "procurement-specs", id, "submit", NULL);
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "UPDATE tk_case SET requester_staff_id = $2 WHERE subject_id = $1", TK_I(id),
			    TK_I(w->actor[A_STAFF].staff)));
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "INSERT INTO account_role(id, version, account_id, role) VALUES($1, 1, $2, 'office')",
			    TK_I(tk_id_new()), TK_I(w->actor[A_STAFF].account)));
	STATUS(move(w, A_STAFF, "procurement-specs", id, "return", "x"), 403);
	MOVE(w, A_OFFICE, "procurement-specs", id, "return", "x");
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "DELETE FROM account_role WHERE account_id = $1 AND role = 'office'",
			    TK_I(w->actor[A_STAFF].account)));
}

static const char *due(struct world *w, int64_t contract_id, int n)
{
	return world_text(w, fmt(w, "SELECT due_on FROM contract_confirmation WHERE contract_id = $1 AND deleted_at IS NULL"
				 " ORDER BY due_on LIMIT 1 OFFSET %d", n), contract_id);
}

/* OUT-02: obligations and level are agreed at signing; confirmations follow from the interval. */
static void a_contract_and_its_confirmations(void **state)
{
	struct world *w = world_of(state);
	int64_t id, c, x;
	struct reply r;

	the_guide(w);
	id = spec(w, "まだ確認中", false);
	MOVE(w, A_SYSTEM, "procurement-specs", id, "submit", NULL);
	NAMES(made(w, A_SYSTEM, "contracts", fmt(w, "{\"spec_id\":\"%lld\",\"contractor_id\":\"%lld\",\"title\":\"x\",\"signed_on\":"
		   "\"2097-04-01\",\"from_on\":\"2097-04-01\",\"to_on\":\"2098-03-31\",\"obligations\":\"x\",\"level\":\"x\"}",
		   ID(id), ID(firm(w, "見本一"))))	, 409, "spec_id");
	id = accepted(w, "運用保守", false);
	STATUS(move(w, A_SYSTEM, "procurement-specs", id, "contract", NULL), 409);
	NAMES(made(w, A_SYSTEM, "contracts", fmt(w, "{\"spec_id\":\"%lld\",\"contractor_id\":\"%lld\",\"title\":\"x\",\"signed_on\":"
		   "\"2097-04-01\",\"from_on\":\"2097-04-01\",\"to_on\":\"2098-03-31\",\"level\":\"x\"}", ID(id), ID(firm(w, "見本二")))),
	      422, "obligations");
	NAMES(made(w, A_SYSTEM, "contracts", fmt(w, "{\"spec_id\":\"%lld\",\"contractor_id\":\"%lld\",\"title\":\"x\",\"signed_on\":"
		   "\"2097-04-01\",\"from_on\":\"2097-04-01\",\"to_on\":\"2097-03-31\",\"obligations\":\"x\",\"level\":\"x\"}",
		   ID(id), ID(firm(w, "見本三")))), 422, "to_on");
	c = contract(w, id, firm(w, "見本四"), "2097-08-31", "2098-03-31", 3);
	assert_string_equal(due(w, c, 0), "2097-11-30");        /* a month without a 31st */
	assert_string_equal(due(w, c, 1), "2098-02-28");
	assert_string_equal(due(w, c, 2), "");
	STATUS(change(w, A_SYSTEM, "contracts", c, "{\"to_on\":\"2098-05-31\",\"confirm_months\":9}"), 200);
	assert_string_equal(due(w, c, 0), "2098-05-31");        /* those ahead follow the change */
	assert_string_equal(due(w, c, 1), "");
	MOVE(w, A_SYSTEM, "procurement-specs", id, "contract", NULL);
	MOVE(w, A_SYSTEM, "procurement-specs", id, "start", NULL);
	STATUS(move(w, A_SYSTEM, "procurement-specs", id, "finish", NULL), 409);
	x = world_int(w, "SELECT id FROM contract_confirmation WHERE contract_id = $1 AND deleted_at IS NULL", c);
	NAMES(move(w, A_SYSTEM, "contract-confirmations", x, "confirm", NULL), 422, "result");
	STATUS(change(w, A_SYSTEM, "contract-confirmations", x, "{\"result\":\"実地で確認した\"}"), 200);
	STATUS(move(w, A_HEAD2, "contract-confirmations", x, "confirm", NULL), 403);
	r = move(w, A_HEAD, "contract-confirmations", x, "confirm", NULL);
	assert_true(r.status == 403 || r.status == 404);
	MOVE(w, A_SYSTEM, "contract-confirmations", x, "object", "ログの保存期間が足りない");
	MOVE(w, A_SYSTEM, "contract-confirmations", x, "confirm", "延長を確認した");
	assert_int_equal(strlen(member(w, A_SYSTEM, "contract-confirmations", x, "confirmed_on")), 10);
	MOVE(w, A_SYSTEM, "procurement-specs", id, "finish", NULL);
	/* too short for the interval: once, at its end */
	id = accepted(w, "短い業務", false);
	c = contract(w, id, firm(w, "見本五"), "2097-04-01", "2097-05-31", 6);
	assert_string_equal(due(w, c, 0), "2097-05-31");
	assert_string_equal(due(w, c, 1), "");
}

/* OUT-05: how far the policy is satisfied, by the importance of the business, before connection. */
static void a_contractor_is_connected(void **state)
{
	struct world *w = world_of(state);
	int64_t id, c;
	const char *start;

	the_guide(w);
	id = accepted(w, "接続する業務", true);
	c = contract(w, id, firm(w, "見本接続"), "2097-04-01", "2098-03-31", 6);
	start = fmt(w, "{\"contract_id\":\"%lld\",\"checked_on\":\"2097-04-10\"", ID(c));
	MOVE(w, A_SYSTEM, "procurement-specs", id, "contract", NULL);
	STATUS(move(w, A_SYSTEM, "procurement-specs", id, "start", NULL), 409);
	NAMES(made(w, A_SYSTEM, "connection-checks", fmt(w, "%s,\"points\":20,\"satisfied\":21}", start)), 422, "satisfied");
	NAMES(made(w, A_SYSTEM, "connection-checks", fmt(w, "%s,\"points\":20,\"satisfied\":18}", start)), 422, "shortfall");
	NAMES(made(w, A_SYSTEM, "connection-checks", fmt(w, "%s,\"points\":20,\"satisfied\":18,\"shortfall\":\"暗号化\"}", start)),
	      422, "condition");
	c = make(w, A_SYSTEM, "connection-checks", fmt(w, "%s,\"points\":20,\"satisfied\":18,\"shortfall\":\"暗号化\",\"condition\":"
		 "\"専用線に限る\"}", start));
	assert_string_equal(member(w, A_OFFICE, "connection-checks", c, "importance"), "high");
	MOVE(w, A_SYSTEM, "procurement-specs", id, "start", NULL);
}

/* OUT-06: a chain of subcontracts; it belongs to one contract and never comes back on itself. */
static void chains_of_subcontracts(void **state)
{
	struct world *w = world_of(state);
	int64_t id, c, other, a, b, one, two, prime;

	the_guide(w);
	id = accepted(w, "再委託のある業務", false);
	prime = firm(w, "元請見本");
	c = contract(w, id, prime, "2097-04-01", "2098-03-31", 6);
	other = contract(w, id, prime, "2097-04-01", "2098-03-31", 6);
	one = firm(w, "再委託先見本");
	two = firm(w, "再々委託先見本");
#define SUB(contract_, parent_, firm_) fmt(w, "{\"contract_id\":\"%lld\",%s\"contractor_id\":\"%lld\",\"scope\":\"監視\"}", \
	ID(contract_), (parent_) ? fmt(w, "\"parent_id\":\"%lld\",", ID(parent_)) : "", ID(firm_))
	a = make(w, A_SYSTEM, "subcontracts", SUB(c, (int64_t)0, one));
	b = make(w, A_SYSTEM, "subcontracts", SUB(c, a, two));
	NAMES(made(w, A_SYSTEM, "subcontracts", SUB(c, (int64_t)0, prime)), 422, "contractor_id");
	NAMES(made(w, A_SYSTEM, "subcontracts", SUB(c, b, one)), 422, "contractor_id");
	NAMES(made(w, A_SYSTEM, "subcontracts", SUB(other, a, two)), 422, "parent_id");
	NAMES(change(w, A_SYSTEM, "subcontracts", a, fmt(w, "{\"parent_id\":\"%lld\"}", ID(a))), 422, "parent_id");
	NAMES(change(w, A_SYSTEM, "subcontracts", a, fmt(w, "{\"parent_id\":\"%lld\"}", ID(b))), 422, "parent_id");
	STATUS(change(w, A_SYSTEM, "subcontracts", b, "{\"scope\":\"監視と報告\"}"), 200);
}

/* The check digit of a corporate number, and who keeps the register of firms. */
static void contractors(void **state)
{
	struct world *w = world_of(state);

	make(w, A_OFFICE, "contractors", "{\"name\":\"番号のある見本\",\"corporate_number\":\"7000012050002\"}");
	NAMES(made(w, A_OFFICE, "contractors", "{\"name\":\"x\",\"corporate_number\":\"1000012050002\"}"), 422, "corporate_number");
	NAMES(made(w, A_OFFICE, "contractors", "{\"name\":\"x\",\"corporate_number\":\"700001205000\"}"), 422, "corporate_number");
	NAMES(made(w, A_OFFICE, "contractors", "{}"), 422, "name");
	STATUS(get(w, A_SYSTEM, "/api/v1/contractors"), 200);
	STATUS(made(w, A_SYSTEM, "contractors", "{\"name\":\"x\"}"), 403);
	STATUS(get(w, A_STAFF, "/api/v1/contractors"), 403);
}

static struct tk_fact_value figure(struct world *w, const char *id, int year)
{
	const struct tk_fact *f = tk_fact_by_id(id);
	struct tk_fact_value v;

	assert_non_null(f);
	OK(w->t, tk_fact_now(&w->op, f, year, &v));
	return v;
}

/* OUT-06: the figures come from the rows, exactly; a year without any says so. */
static void the_figures(void **state)
{
	struct world *w = world_of(state);
	int64_t a, b, c;
	struct tk_fact_value v;

	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "UPDATE procurement_spec SET fiscal_year = 2096 WHERE fiscal_year = $1", TK_I(YEAR)));
	assert_true(figure(w, "outsourcing.checked_rate", YEAR).missing);
	the_guide(w);
	a = accepted(w, "一件目", false);
	b = spec(w, "二件目", true);
	spec(w, "書きかけ", false);             /* not submitted: not counted */
	MOVE(w, A_SYSTEM, "procurement-specs", b, "submit", NULL);
	verdict(w, b, "1", "missing");
	verdict(w, b, "2", "missing");
	v = figure(w, "outsourcing.checked_rate", YEAR);
	assert_int_equal(v.numerator, 1);
	assert_int_equal(v.denominator, 2);
	assert_int_equal(v.value_x10, 500);
	assert_int_equal(figure(w, "outsourcing.missing_items", YEAR).numerator, 2);
	v = figure(w, "outsourcing.coverage", YEAR);
	assert_int_equal(v.numerator, 2);
	assert_int_equal(v.denominator, 4);
	assert_int_equal(figure(w, "outsourcing.opinions", YEAR).numerator, 0);
	c = contract(w, a, firm(w, "見本数字"), "2010-04-01", "2011-03-31", 4);   /* long ago: due and overdue */
	v = figure(w, "outsourcing.overdue", 2010);
	STATUS(change(w, A_SYSTEM, "contract-confirmations",
		      world_int(w, "SELECT MIN(id) FROM contract_confirmation WHERE contract_id = $1", c), "{\"result\":\"確認\"}"), 200);
	MOVE(w, A_SYSTEM, "contract-confirmations",
	     world_int(w, "SELECT MIN(id) FROM contract_confirmation WHERE contract_id = $1", c), "confirm", NULL);
	/* done today is not done in that year */
	assert_int_equal(figure(w, "outsourcing.overdue", 2010).numerator, v.numerator);
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "UPDATE contract_confirmation SET closed_at = $2 WHERE id = (SELECT MIN(id) FROM"
			    " contract_confirmation WHERE contract_id = $1)", TK_I(c), TK_I(tk_date_time((struct tk_date){ 2010, 8, 1 }))));
	assert_int_equal(figure(w, "outsourcing.overdue", 2010).numerator, v.numerator - 1);
	assert_int_equal(figure(w, "outsourcing.confirmed_rate", 2010).denominator, figure(w, "outsourcing.overdue", 2010).numerator +
			 figure(w, "outsourcing.confirmed_rate", 2010).numerator);
}

/* OUT-03: per item of the guide, what the specifications of the year contain. */
static void coverage_of_the_guide(void **state)
{
	struct world *w = world_of(state);
	struct reply r;

	r = get(w, A_OFFICE, fmt(w, "/api/v1/spec-guides/%lld/coverage?year=%d", ID(guide), YEAR));
	STATUS(r, 200);
	HAS(r, "\"number\":\"1\",\"text\":\"体制\",\"written\":1,\"missing\":1,\"not_applicable\":0,\"unchecked\":0");
	HAS(r, "\"number\":\"3\",\"text\":\"接続の条件\",\"written\":0,\"missing\":0,\"not_applicable\":0,\"unchecked\":1");
	STATUS(get(w, A_SYSTEM, fmt(w, "/api/v1/spec-guides/%lld/coverage", ID(guide))), 403);
	NAMES(get(w, A_OFFICE, fmt(w, "/api/v1/spec-guides/%lld/coverage?year=1", ID(guide))), 422, "year");
}

/* OUT-03: the questionnaire of the fact-finding survey comes with the program, and each item of the
 * guide knows its question. */
static void the_fact_finding_survey(void **state)
{
	struct world *w = world_of(state);

	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM form f JOIN form_version v ON v.form_id = f.id WHERE f.code = 'spec_survey'"
				   " AND v.state = 'published' AND f.id > $1", 0), 1);
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM spec_guide_item WHERE survey_item IS NOT NULL AND deleted_at IS NULL AND"
				   " id > $1", 0) >= 10, 1);
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM spec_guide_item g WHERE g.survey_item IS NOT NULL AND g.id > $1 AND NOT"
				   " EXISTS(SELECT 1 FROM form_item i JOIN form_version v ON v.id = i.form_version_id JOIN form f ON"
				   " f.id = v.form_id WHERE f.code = 'spec_survey' AND i.code = g.survey_item)", 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_guide_makes_the_items), cmocka_unit_test(the_guide_is_revised),
		cmocka_unit_test(a_specification_and_its_check), cmocka_unit_test(nobody_checks_their_own),
		cmocka_unit_test(a_contract_and_its_confirmations), cmocka_unit_test(a_contractor_is_connected),
		cmocka_unit_test(chains_of_subcontracts), cmocka_unit_test(contractors), cmocka_unit_test(the_figures),
		cmocka_unit_test(coverage_of_the_guide), cmocka_unit_test(the_fact_finding_survey),
	};
	int failed = cmocka_run_group_tests_name("outsourcing (SQLite)", tests, world_sqlite, world_down);

	return failed + cmocka_run_group_tests_name("outsourcing (PostgreSQL)", tests, world_postgres, world_down);
}
