/* Exceptions, take-outs, secure areas and the register of information, as the page asks for them:
 * who may ask, who decides, who is refused, and what stands in the ledger afterwards. */
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>
#include "auth/session.h"
#include "base/clock.h"
#include "base/hash.h"
#include "fact/fact.h"
#include "notice/notice.h"
#include "request/request.h"
#include "../http/world.h"

#define ID(x) ((long long)(x))

static const char *day(struct world *w, int plus)
{
	char iso[11];

	tk_date_iso(tk_date_of_days(tk_date_days(tk_today()) + plus), iso);
	return tk_strdup(w->t->mem, iso);
}

static int64_t made(struct world *w, enum actor_id who, const char *path, const char *body)
{
	struct reply r = ask(w, who, "POST", path, .body = body, .keep = true);

	STATUS(r, 201);
	return strtoll(reply_member(w, &r, "id"), NULL, 10);
}

static struct reply move(struct world *w, enum actor_id who, const char *path, int64_t id, const char *action,
			 const char *comment)
{
	return ask(w, who, "POST", fmt(w, "/api/v1/%s/%lld/case/move", path, ID(id)), .keep = true,
		   .body = fmt(w, "{\"action\":\"%s\",\"comment\":\"%s\"}", action, comment));
}

static const char *state_of(struct world *w, const char *table, int64_t id)
{
	return world_text(w, fmt(w, "SELECT state FROM %s WHERE id = $1", table), id);
}

#define STATE(w, table, id, want) assert_string_equal(state_of((w), (table), (id)), (want))
#define REFUSED(w, who, path, id, action, status) STATUS(move((w), (who), (path), (id), (action), "x"), (status))
#define MOVED(w, who, path, id, action) STATUS(move((w), (who), (path), (id), (action), "よい"), 200)

/* What an actor with a post may do beside being staff: a head or the chief officer who asks too. */
static void also(struct world *w, enum actor_id who, const char *role, int64_t division)
{
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "INSERT INTO account_role(id, version, account_id, role, division_id)"
			    " VALUES($1, 1, $2, $3, $4)", TK_I(tk_id_new()), TK_I(w->actor[who].account), TK_S(role), TK_I0(division)));
	tk_auth_forget_all();
}

static void not_any_more(struct world *w, enum actor_id who)
{
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "DELETE FROM account_role WHERE account_id = $1", TK_I(w->actor[who].account)));
	tk_auth_forget_all();
}

static char *exception(struct world *w, const char *title, const char *to, const char *more)
{
	return fmt(w, "{\"title\":\"%s\",\"clause\":\"7.2(3)\",\"reason\":\"更改まで対応できない\",\"alternative\":\"通信先を限る\","
		   "\"from_on\":\"%s\",\"to_on\":\"%s\"%s}", title, day(w, 0), to, more);
}

/* -- exceptions: EXC-01, EXC-02, ORG-15 ----------------------------------------------------------- */
static void exception_life(void **s)
{
	struct world *w = world_of(s);
	struct reply r;
	int64_t id = made(w, A_STAFF, "/api/v1/exceptions", exception(w, "旧版の利用", day(w, 100), ""));

	STATE(w, "exception_request", id, "requested");
	assert_int_equal(world_int(w, "SELECT division_id FROM exception_request WHERE id = $1", id), w->actor[A_STAFF].division);
	assert_int_equal(world_int(w, "SELECT fiscal_year FROM exception_request WHERE id = $1", id), tk_fiscal_year(tk_today()));
	assert_string_equal(world_text(w, "SELECT due_on FROM exception_request WHERE id = $1", id), day(w, 100));
	REFUSED(w, A_STAFF, "exceptions", id, "approve", 403);
	REFUSED(w, A_HEAD, "exceptions", id, "approve", 403);           /* the head reads, the chief officer decides */
	REFUSED(w, A_OFFICE, "exceptions", id, "approve", 403);
	REFUSED(w, A_STAFF2, "exceptions", id, "withdraw", 404);        /* a colleague does not even see it */
	REFUSED(w, A_STAFF, "exceptions", id, "end", 409);
	r = move(w, A_CISO, "exceptions", id, "send_back", "");         /* a reason is needed */
	STATUS(r, 422);
	HAS(r, "\"comment\"");
	STATUS(move(w, A_CISO, "exceptions", id, "send_back", "代替措置を詳しく"), 200);
	r = ask(w, A_STAFF, "PATCH", fmt(w, "/api/v1/exceptions/%lld", ID(id)), .body = "{\"alternative\":\"通信先を2台に限る\"}",
		.if_match = "\"3\"", .keep = true);
	if (r.status == 412) {
		const char *v = fmt(w, "\"%lld\"", ID(world_int(w, "SELECT version FROM exception_request WHERE id = $1", id)));

		r = ask(w, A_STAFF, "PATCH", fmt(w, "/api/v1/exceptions/%lld", ID(id)), .body = "{\"alternative\":\"通信先を2台に限る\"}",
			.if_match = v, .keep = true);
	}
	STATUS(r, 200);
	MOVED(w, A_STAFF, "exceptions", id, "resubmit");
	MOVED(w, A_CISO, "exceptions", id, "approve");
	STATE(w, "exception_request", id, "approved");
	assert_string_equal(world_text(w, "SELECT decided_on FROM exception_request WHERE id = $1", id), day(w, 0));
	r = ask(w, A_STAFF, "PATCH", fmt(w, "/api/v1/exceptions/%lld", ID(id)), .body = fmt(w, "{\"to_on\":\"%s\"}", day(w, 900)),
		.if_match = fmt(w, "\"%lld\"", ID(world_int(w, "SELECT version FROM exception_request WHERE id = $1", id))));
	STATUS(r, 409);                                                 /* nobody lengthens what was approved */
	REFUSED(w, A_CISO, "exceptions", id, "end", 403);
	STATUS(move(w, A_STAFF, "exceptions", id, "end", ""), 422);     /* the end report is the comment */
	STATUS(move(w, A_STAFF, "exceptions", id, "end", "新版へ移行した"), 200);
	STATE(w, "exception_request", id, "ended");
	assert_string_equal(world_text(w, "SELECT ended_on FROM exception_request WHERE id = $1", id), day(w, 0));
}

/* EXC-02: who asks never decides, chief officer or not (ORG-15). */
static void nobody_decides_alone(void **s)
{
	struct world *w = world_of(s);
	struct reply r;
	int64_t id;

	also(w, A_STAFF, "ciso", 0);
	id = made(w, A_STAFF, "/api/v1/exceptions", exception(w, "責任者自身の申請", day(w, 10), ""));
	r = move(w, A_STAFF, "exceptions", id, "approve", "");
	STATUS(r, 403);
	HAS(r, "own request");
	REFUSED(w, A_STAFF, "exceptions", id, "reject", 403);
	r = get(w, A_STAFF, fmt(w, "/api/v1/exceptions/%lld/case", ID(id)));
	HAS_NOT(r, "\"action\":\"approve\",\"label\"");
	MOVED(w, A_CISO, "exceptions", id, "approve");                  /* another holder of the role */
	not_any_more(w, A_STAFF);
}

/* EXC-02: an extension is asked for again; when it is approved the old one is closed. */
static void exception_extension(void **s)
{
	struct world *w = world_of(s);
	int64_t old = made(w, A_STAFF, "/api/v1/exceptions", exception(w, "延長する例外", day(w, 5), "")), next, other;
	struct reply r;

	r = ask(w, A_STAFF, "POST", "/api/v1/exceptions",
		.body = exception(w, "延長", day(w, 50), fmt(w, ",\"extends_id\":\"%lld\"", ID(old))));
	STATUS(r, 422);                                                 /* not approved yet */
	HAS(r, "\"extends_id\"");
	MOVED(w, A_CISO, "exceptions", old, "approve");
	r = ask(w, A_STAFF3, "POST", "/api/v1/exceptions",
		.body = exception(w, "他課の延長", day(w, 50), fmt(w, ",\"extends_id\":\"%lld\"", ID(old))));
	STATUS(r, 422);
	r = ask(w, A_STAFF, "POST", "/api/v1/exceptions",
		.body = exception(w, "短い延長", day(w, 5), fmt(w, ",\"extends_id\":\"%lld\"", ID(old))));
	STATUS(r, 422);
	HAS(r, "\"to_on\"");
	next = made(w, A_STAFF, "/api/v1/exceptions", exception(w, "延長", day(w, 50), fmt(w, ",\"extends_id\":\"%lld\"", ID(old))));
	other = made(w, A_STAFF, "/api/v1/exceptions", exception(w, "延長", day(w, 60), fmt(w, ",\"extends_id\":\"%lld\"", ID(old))));
	STATE(w, "exception_request", old, "approved");
	MOVED(w, A_CISO, "exceptions", next, "approve");
	STATE(w, "exception_request", old, "extended");
	STATE(w, "exception_request", next, "approved");
	r = ask(w, A_CISO, "POST", fmt(w, "/api/v1/exceptions/%lld/case/move", ID(other)), .body = "{\"action\":\"approve\"}");
	STATUS(r, 409);                                                 /* what it extends has ended */
}

static void exception_input(void **s)
{
	struct world *w = world_of(s);
	struct reply r = ask(w, A_STAFF, "POST", "/api/v1/exceptions", .body = exception(w, "逆の期間", day(w, -1), ""));

	STATUS(r, 422);
	HAS(r, "\"to_on\"");
	STATUS(ask(w, A_STAFF, "POST", "/api/v1/exceptions", .body = "{\"title\":\"理由なし\"}"), 422);
	r = ask(w, A_STAFF, "POST", "/api/v1/exceptions", .body = exception(w, "自分で承認", day(w, 9), ",\"state\":\"approved\""));
	STATUS(r, 422);
	STATUS(ask(w, A_ADMIN, "POST", "/api/v1/exceptions", .body = exception(w, "権限なし", day(w, 9), "")), 403);
	STATUS(ask(w, A_AUDITOR, "POST", "/api/v1/exceptions", .body = exception(w, "監査", day(w, 9), "")), 403);
	/* nobody chooses the division that looks at the request */
	r = ask(w, A_STAFF, "POST", "/api/v1/exceptions", .body = exception(w, "他課あて", day(w, 9),
		fmt(w, ",\"division_id\":\"%lld\"", ID(w->actor[A_HEAD2].division))));
	STATUS(r, 422);
	HAS(r, "\"field\":\"division_id\"");
	r = ask(w, A_STAFF, "POST", "/api/v1/exceptions", .body = exception(w, "自課あて", day(w, 9), ""));
	STATUS(r, 201);
	HAS(r, fmt(w, "\"division_id\":\"%lld\"", ID(w->actor[A_STAFF].division)));
}

/* -- take-outs: CLS-03, CLS-04, CLS-05, ORG-07 ---------------------------------------------------- */
static char *takeout(struct world *w, const char *medium, const char *grades, const char *more)
{
	return fmt(w, "{\"title\":\"検査資料\",\"medium\":\"%s\",\"destination\":\"見本会議室\",\"purpose\":\"打合せ\","
		   "\"from_on\":\"%s\",\"to_on\":\"%s\",%s%s}", medium, day(w, 0), day(w, 2), grades, more);
}
#define INFO "{\"name\":\"設計書\",\"kind\":\"%s\",\"conf_grade\":\"2\"%s}"
#define GRADES "\"conf_grade\":\"2\",\"integ_grade\":\"2\",\"avail_grade\":\"1\""
#define TO "/api/v1/takeouts"

static void takeout_life(void **s)
{
	struct world *w = world_of(s);
	int64_t id = made(w, A_STAFF, TO, takeout(w, "pc", GRADES, ",\"encrypted\":true")), no, gone;

	REFUSED(w, A_STAFF, "takeouts", id, "take_out", 409);           /* not before it is permitted */
	REFUSED(w, A_STAFF, "takeouts", id, "approve", 403);
	REFUSED(w, A_HEAD2, "takeouts", id, "approve", 404);            /* another division's officer does not see it */
	REFUSED(w, A_CISO, "takeouts", id, "approve", 403);             /* ORG-07: it is the division's officer */
	REFUSED(w, A_OFFICE, "takeouts", id, "approve", 403);
	MOVED(w, A_HEAD, "takeouts", id, "approve");
	REFUSED(w, A_STAFF, "takeouts", id, "mail", 409);               /* a computer is not mailed */
	MOVED(w, A_STAFF, "takeouts", id, "take_out");
	assert_string_equal(world_text(w, "SELECT taken_on FROM takeout WHERE id = $1", id), day(w, 0));
	REFUSED(w, A_STAFF2, "takeouts", id, "bring_back", 404);
	MOVED(w, A_STAFF, "takeouts", id, "bring_back");
	STATE(w, "takeout", id, "brought_back");
	assert_string_equal(world_text(w, "SELECT back_on FROM takeout WHERE id = $1", id), day(w, 0));
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM case_log l JOIN tk_case c ON c.id = l.case_id WHERE c.subject_id = $1", id), 4);
	no = made(w, A_STAFF, TO, takeout(w, "usb", GRADES, ",\"encrypted\":true"));
	STATUS(move(w, A_HEAD, "takeouts", no, "reject", ""), 422);
	MOVED(w, A_HEAD, "takeouts", no, "reject");
	REFUSED(w, A_STAFF, "takeouts", no, "take_out", 409);
	gone = made(w, A_STAFF, TO, takeout(w, "paper", "\"conf_grade\":\"3\"", ""));
	MOVED(w, A_HEAD, "takeouts", gone, "approve");
	MOVED(w, A_STAFF, "takeouts", gone, "take_out");
	STATUS(move(w, A_STAFF, "takeouts", gone, "dispose", ""), 422); /* how it was disposed of */
	MOVED(w, A_STAFF, "takeouts", gone, "dispose");
	STATE(w, "takeout", gone, "disposed");
}

/* ORG-15, ORG-07: the officer of a division does not permit their own; it goes to the chief officer. */
static void heads_own_takeout(void **s)
{
	struct world *w = world_of(s);
	int64_t id;

	also(w, A_STAFF, "division_head", w->actor[A_STAFF].division);
	id = made(w, A_STAFF, TO, takeout(w, "pc", GRADES, ",\"encrypted\":true"));
	STATE(w, "takeout", id, "requested_above");
	REFUSED(w, A_STAFF, "takeouts", id, "approve", 403);
	REFUSED(w, A_HEAD, "takeouts", id, "approve", 403);             /* nor does a deputy of the same division */
	REFUSED(w, A_STAFF, "takeouts", id, "to_above", 409);
	MOVED(w, A_CISO, "takeouts", id, "send_back");
	MOVED(w, A_STAFF, "takeouts", id, "resubmit");
	STATE(w, "takeout", id, "requested_above");
	MOVED(w, A_CISO, "takeouts", id, "approve");
	MOVED(w, A_STAFF, "takeouts", id, "take_out");
	not_any_more(w, A_STAFF);
}

/* CLS-03: information that needs confidentiality is mailed encrypted, permitted, and not "brought back". */
static void mail_outside(void **s)
{
	struct world *w = world_of(s);
	struct reply r = ask(w, A_STAFF, "POST", TO, .body = takeout(w, "mail", GRADES, ""));
	int64_t id;

	STATUS(r, 422);
	HAS(r, "\"encrypted\"");
	r = ask(w, A_STAFF, "POST", TO, .body = takeout(w, "mail", "\"conf_grade\":\"1\",\"integ_grade\":\"1\",\"avail_grade\":\"1\"",
		",\"must_encrypt\":true"));
	STATUS(r, 422);
	STATUS(ask(w, A_STAFF, "POST", TO, .body = takeout(w, "mail", "\"conf_grade\":\"1\",\"integ_grade\":\"1\",\"avail_grade\":\"1\"", "")),
	       201);
	id = made(w, A_STAFF, TO, takeout(w, "mail", GRADES, ",\"encrypted\":true"));
	MOVED(w, A_HEAD, "takeouts", id, "approve");
	REFUSED(w, A_STAFF, "takeouts", id, "take_out", 409);
	MOVED(w, A_STAFF, "takeouts", id, "mail");
	STATE(w, "takeout", id, "mailed");
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM takeout WHERE id = $1 AND closed_at IS NOT NULL", id), 1);
}

/* CLS-05: paper has no grades of integrity and availability, all else has. */
static void grades(void **s)
{
	struct world *w = world_of(s);
	struct reply r = ask(w, A_STAFF, "POST", TO, .body = takeout(w, "paper", GRADES, ""));

	STATUS(r, 422);
	HAS(r, "\"integ_grade\"");
	r = ask(w, A_STAFF, "POST", TO, .body = takeout(w, "usb", "\"conf_grade\":\"2\",\"integ_grade\":\"2\"", ",\"encrypted\":true"));
	STATUS(r, 422);
	HAS(r, "\"avail_grade\"");
	STATUS(ask(w, A_STAFF, "POST", TO, .body = takeout(w, "paper", "\"conf_grade\":\"4\"", "")), 422);
	/* CLS-01: in a system, on a medium, on paper, in draft or not; CLS-02: the three properties */
	r = ask(w, A_STAFF, "POST", "/api/v1/information", .body = fmt(w, INFO, "on_paper", ",\"draft\":true"));
	STATUS(r, 201);
	HAS(r, fmt(w, "\"division_id\":\"%lld\"", ID(w->actor[A_STAFF].division)));
	STATUS(ask(w, A_STAFF, "POST", "/api/v1/information", .body = fmt(w, INFO, "on_paper", ",\"avail_grade\":\"1\"")), 422);
	STATUS(ask(w, A_STAFF, "POST", "/api/v1/information", .body = fmt(w, INFO, "in_system", "")), 422);
	STATUS(ask(w, A_STAFF, "POST", "/api/v1/information", .body = fmt(w, INFO, "on_media",
		",\"integ_grade\":\"2\",\"avail_grade\":\"2\",\"no_copy\":true,\"limited\":true")), 201);
	r = ask(w, A_STAFF, "POST", "/api/v1/information", .body = fmt(w, INFO, "on_paper",
		fmt(w, ",\"keeper_staff_id\":\"%lld\"", ID(w->actor[A_STAFF3].staff))));
	STATUS(r, 403);                                                 /* nobody registers for somebody else */
	r = get(w, A_STAFF, "/api/v1/information.csv");
	assert_string_equal(reply_header(&r, "X-Confidentiality"), "2");        /* what leaves carries a grade */
}

/* A permission that was not used until its last day is used up; one that is out stays open. */
static void unused_permissions_lapse(void **s)
{
	struct world *w = world_of(s);
	int64_t idle = made(w, A_STAFF, TO, takeout(w, "paper", "\"conf_grade\":\"2\"", ""));
	int64_t out = made(w, A_STAFF, TO, takeout(w, "paper", "\"conf_grade\":\"2\"", ""));

	MOVED(w, A_HEAD, "takeouts", idle, "approve");
	MOVED(w, A_HEAD, "takeouts", out, "approve");
	MOVED(w, A_STAFF, "takeouts", out, "take_out");
	OK(w->t, tk_request_module.daily(&w->op, day(w, 2)));
	STATE(w, "takeout", idle, "approved");                          /* its last day still counts */
	OK(w->t, tk_request_module.daily(&w->op, day(w, 3)));
	STATE(w, "takeout", idle, "lapsed");
	STATE(w, "takeout", out, "out");
	REFUSED(w, A_STAFF, "takeouts", idle, "take_out", 409);
}

static int64_t told(struct world *w, enum actor_id who, const char *title)
{
	return world_int(w, fmt(w, "SELECT COUNT(*) FROM mail WHERE staff_id = $1 AND body LIKE '%%%s%%'", title),
			 w->actor[who].staff);
}

/* CLS-04, EXC-02: what is not back, or not ended, is asked for by mail; after a while the officer of the
 * division hears of it too. */
static void overdue_is_chased(void **s)
{
	struct world *w = world_of(s);
	int64_t out = made(w, A_STAFF, TO, fmt(w, "{\"title\":\"返却されない資料\",\"medium\":\"paper\",\"conf_grade\":\"2\","
		"\"destination\":\"見本会議室\",\"purpose\":\"打合せ\",\"from_on\":\"%s\",\"to_on\":\"%s\"}", day(w, 0), day(w, 2)));
	struct tk_digest_count n;

	also(w, A_STAFF2, "division_head", w->actor[A_STAFF].division);
	MOVED(w, A_HEAD, "takeouts", out, "approve");
	MOVED(w, A_STAFF, "takeouts", out, "take_out");
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "DELETE FROM mail WHERE id > $1", TK_I(0)));
	OK(w->t, tk_digest_all(w->t->db, day(w, 3), NULL, NULL, &n, &w->t->e));  /* due the day before */
	assert_int_equal(told(w, A_STAFF, "返却されない資料"), 1);
	assert_int_equal(told(w, A_STAFF2, "返却されない資料"), 0);
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "DELETE FROM mail WHERE id > $1", TK_I(0)));
	OK(w->t, tk_digest_all(w->t->db, day(w, 9), NULL, NULL, &n, &w->t->e));
	assert_int_equal(told(w, A_STAFF2, "返却されない資料"), 1);
	assert_int_equal(told(w, A_STAFF3, "返却されない資料"), 0);
	MOVED(w, A_STAFF, "takeouts", out, "bring_back");
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "DELETE FROM mail WHERE id > $1", TK_I(0)));
	OK(w->t, tk_digest_all(w->t->db, day(w, 10), NULL, NULL, &n, &w->t->e));
	assert_int_equal(told(w, A_STAFF, "返却されない資料"), 0);
	not_any_more(w, A_STAFF2);
}

/* -- secure areas: CORE-04 ------------------------------------------------------------------------ */
#define ENTRY "{\"secure_area_id\":\"%lld\",\"purpose\":\"%s\",\"companion\":\"%s\",\"planned_on\":\"%s\"}"

static void entry(void **s)
{
	struct world *w = world_of(s);
	int64_t area, id, later;
	struct reply r;

	area = made(w, A_OFFICE, "/api/v1/secure-areas", fmt(w, "{\"name\":\"試験用サーバ室\",\"kind\":\"server_room\","
		"\"division_id\":\"%lld\",\"keeper_staff_id\":\"%lld\"}", ID(w->actor[A_STAFF3].division), ID(w->actor[A_STAFF3].staff)));
	STATUS(ask(w, A_STAFF, "POST", "/api/v1/secure-areas", .body = "{\"name\":\"x\",\"kind\":\"other\"}"), 403);
	HAS(get(w, A_STAFF, "/api/v1/secure-areas"), "試験用サーバ室");  /* everybody can ask for entry */
	r = ask(w, A_STAFF, "POST", "/api/v1/area-entries", .body = fmt(w, ENTRY, ID(area), "", "見本太郎", day(w, 0)));
	STATUS(r, 422);
	r = ask(w, A_STAFF, "POST", "/api/v1/area-entries", .body = fmt(w, ENTRY, ID(area), "点検", "　 ", day(w, 0)));
	STATUS(r, 422);
	HAS(r, "\"companion\"");
	r = ask(w, A_STAFF, "POST", "/api/v1/area-entries", .body = fmt(w, ENTRY, ID(area), "点検", "見本太郎", day(w, -1)));
	STATUS(r, 422);
	HAS(r, "\"planned_on\"");
	id = made(w, A_STAFF, "/api/v1/area-entries", fmt(w, ENTRY, ID(area), "機器の交換", "見本太郎", day(w, 0)));
	assert_int_equal(world_int(w, "SELECT division_id FROM area_entry WHERE id = $1", id), w->actor[A_STAFF3].division);
	REFUSED(w, A_STAFF, "area-entries", id, "enter", 409);          /* only after confirmation */
	REFUSED(w, A_STAFF, "area-entries", id, "confirm", 403);
	REFUSED(w, A_HEAD, "area-entries", id, "confirm", 404);
	MOVED(w, A_STAFF3, "area-entries", id, "confirm");              /* the keeper */
	assert_string_not_equal(world_text(w, "SELECT confirmed_by FROM area_entry WHERE id = $1", id), "");
	MOVED(w, A_STAFF, "area-entries", id, "enter");
	assert_true(world_int(w, "SELECT entered_at FROM area_entry WHERE id = $1", id) > 0);
	MOVED(w, A_STAFF, "area-entries", id, "leave");
	assert_true(world_int(w, "SELECT left_at - entered_at FROM area_entry WHERE id = $1", id) >= 0);
	STATE(w, "area_entry", id, "left");
	HAS(get(w, A_OFFICE, "/api/v1/area-entries.csv"), "機器の交換"); /* the log, to print and keep */
	HAS_NOT(get(w, A_STAFF2, "/api/v1/area-entries.csv"), "機器の交換");
	later = made(w, A_STAFF, "/api/v1/area-entries", fmt(w, ENTRY, ID(area), "点検", "見本太郎", day(w, 1)));
	MOVED(w, A_OFFICE, "area-entries", later, "confirm");
	REFUSED(w, A_STAFF, "area-entries", later, "enter", 409);       /* confirmed for tomorrow */
	/* the keeper does not confirm what they ask for themselves */
	later = made(w, A_STAFF3, "/api/v1/area-entries", fmt(w, ENTRY, ID(area), "点検", "見本太郎", day(w, 0)));
	REFUSED(w, A_STAFF3, "area-entries", later, "confirm", 403);
}

/* -- facts ---------------------------------------------------------------------------------------- */
static int64_t count(struct world *w, const char *id, int year)
{
	struct tk_fact_value v = { 0 };

	assert_non_null(tk_fact_by_id(id));
	OK(w->t, tk_fact_now(&w->op, tk_fact_by_id(id), year, &v));
	assert_false(v.missing);
	return v.numerator;
}

/* EXC-02, CLS-04: the counts of a year come from the ledger, whatever became of a request later. */
static void facts(void **s)
{
	struct world *w = world_of(s);
	struct tk_fact_value v = { 0 };

	assert_int_equal(count(w, "request.exceptions_requested", 2010), 5);
	assert_int_equal(count(w, "request.exceptions_approved", 2010), 4);
	assert_int_equal(count(w, "request.exceptions_rejected", 2010), 1);
	assert_int_equal(count(w, "request.exceptions_ended", 2010), 3);
	assert_int_equal(count(w, "request.exceptions_continuing", 2010), 1);   /* ended in 2011, runs on 2011-03-31 */
	assert_int_equal(count(w, "request.exceptions_continuing", 2011), 1);
	assert_int_equal(count(w, "request.takeouts_requested", 2010), 24);
	OK(w->t, tk_fact_now(&w->op, tk_fact_by_id("request.takeouts_in_time"), 2011, &v));
	assert_int_equal(v.denominator - v.numerator, 1);
	/* CORE-04: entries without confirmation in 2010, none in 2011 */
	OK(w->t, tk_fact_now(&w->op, tk_fact_by_id("request.area_confirmed"), 2010, &v));
	assert_true(v.numerator < v.denominator && v.denominator == 24);
	OK(w->t, tk_fact_now(&w->op, tk_fact_by_id("request.area_confirmed"), 2011, &v));
	assert_true(v.numerator == 24 && v.denominator == 24);
	OK(w->t, tk_fact_now(&w->op, tk_fact_by_id("request.exceptions_requested"), 1999, &v));
	assert_true(v.missing);                                                 /* nothing was kept then */
}

int main(void)
{
#define ALL cmocka_unit_test(exception_life), cmocka_unit_test(nobody_decides_alone), \
	cmocka_unit_test(exception_extension), cmocka_unit_test(exception_input), \
	cmocka_unit_test(takeout_life), cmocka_unit_test(heads_own_takeout), cmocka_unit_test(mail_outside), \
	cmocka_unit_test(grades), cmocka_unit_test(unused_permissions_lapse), cmocka_unit_test(overdue_is_chased), cmocka_unit_test(entry), \
	cmocka_unit_test(facts)
	const struct CMUnitTest tests[] = { ALL };
	int failed = cmocka_run_group_tests_name("requests on SQLite", tests, world_sqlite, world_down);

	return failed + cmocka_run_group_tests_name("requests on PostgreSQL", tests, world_postgres, world_down);
}
