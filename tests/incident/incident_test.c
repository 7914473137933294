/* Incidents, notices, suspicious and mis-sent mail, through the whole path of a request on both databases. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../http/world.h"
#include "base/clock.h"
#include "incident/incident_in.h"

#define ID(x) ((long long)(x))
enum { HOUR = 3600 };

static const char *when(struct world *w, int64_t ago)
{
	char s[21];

	tk_time_rfc3339(tk_now() - ago, s);
	return tk_strdup(w->t->mem, s);
}

static int64_t made(struct world *w, enum actor_id who, const char *path, const char *body)
{
	struct reply r = ask(w, who, "POST", path, .body = body, .keep = true);

	STATUS(r, 201);
	return strtoll(reply_member(w, &r, "id"), NULL, 10);
}

static struct reply moved(struct world *w, enum actor_id who, const char *path, int64_t id, const char *action, const char *comment)
{
	return ask(w, who, "POST", fmt(w, "/api/v1/%s/%lld/case/move", path, ID(id)),
		   .body = fmt(w, "{\"action\":\"%s\",\"comment\":\"%s\"}", action, comment), .keep = true);
}

static struct reply changed(struct world *w, enum actor_id who, const char *path, const char *table, int64_t id, const char *body)
{
	int64_t v = world_int(w, tk_sprintf(w->t->mem, "SELECT version FROM %s WHERE id = $1", table), id);

	return ask(w, who, "PATCH", fmt(w, "/api/v1/%s/%lld", path, ID(id)), .if_match = fmt(w, "%lld", ID(v)), .body = body, .keep = true);
}

static struct tk_fact_value value_of(struct world *w, int year, const char *id)
{
	struct tk_fact_value v;

	OK(w->t, tk_fact_now(&w->op, tk_fact_by_id(id), year, &v));
	return v;
}

static int64_t num(struct world *w, int year, const char *id) { return value_of(w, year, id).numerator; }

/* INC-04: three answers and a receipt number; whoever reported sees where it stands, and nobody else of the staff. */
static void reporting_in_a_minute(void **state)
{
	struct world *w = world_of(state);
	struct reply r = ask(w, A_STAFF, "POST", "/api/v1/my/reports",
			     .body = fmt(w, "{\"kind\":\"loss\",\"at\":\"%s\",\"text\":\"端末を電車に忘れた\"}", when(w, HOUR)), .keep = true);
	int64_t id;

	STATUS(r, 201);
	assert_int_equal(reply_member(w, &r, "receipt_no")[0], 'N');
	assert_string_equal(reply_member(w, &r, "path"), "incidents");
	id = strtoll(reply_member(w, &r, "id"), NULL, 10);
	assert_string_equal(world_text(w, "SELECT cause FROM incident WHERE id = $1", id), "loss");
	assert_int_equal(world_int(w, "SELECT division_id FROM incident WHERE id = $1", id), w->actor[A_STAFF].division);
	assert_int_equal(world_int(w, "SELECT requester_staff_id FROM incident WHERE id = $1", id), w->actor[A_STAFF].staff);
	HAS(get(w, A_STAFF, "/api/v1/my/reports"), "端末を電車に忘れた");
	STATUS(get(w, A_STAFF, fmt(w, "/api/v1/incidents/%lld", ID(id))), 200);
	HAS_NOT(get(w, A_STAFF2, "/api/v1/my/reports"), "端末を電車に忘れた");
	STATUS(get(w, A_STAFF2, fmt(w, "/api/v1/incidents/%lld", ID(id))), 404);
	STATUS(get(w, A_HEAD, fmt(w, "/api/v1/incidents/%lld", ID(id))), 200);
	STATUS(get(w, A_HEAD2, fmt(w, "/api/v1/incidents/%lld", ID(id))), 404);
	STATUS(changed(w, A_STAFF, "incidents", "incident", id, "{\"severity\":4}"), 403);
	STATUS(moved(w, A_STAFF, "incidents", id, "triage", ""), 403);
	STATUS(moved(w, A_HEAD, "incidents", id, "triage", ""), 403);
	/* what is wrong is named */
	r = ask(w, A_STAFF, "POST", "/api/v1/my/reports", .body = "{\"kind\":\"fire\",\"text\":\"x\"}");
	STATUS(r, 422);
	HAS(r, "\"kind\"");
	r = ask(w, A_STAFF, "POST", "/api/v1/my/reports", .body = "{\"kind\":\"loss\",\"text\":\" \"}");
	STATUS(r, 422);
	HAS(r, "\"text\"");
	r = ask(w, A_STAFF, "POST", "/api/v1/my/reports",
		.body = fmt(w, "{\"kind\":\"loss\",\"text\":\"x\",\"at\":\"%s\"}", when(w, -HOUR)));
	STATUS(r, 422);
	HAS(r, "\"at\"");
	STATUS(ask(w, A_RESPONDENT, "POST", "/api/v1/my/reports", .body = "{}"), 403);
	STATUS(ask(w, A_AUDITOR, "POST", "/api/v1/my/reports", .body = "{}"), 403);
}

/* INC-02 INC-04: triage asks for the severity and says whom to tell by when; closing asks that all were told. */
static void the_life_of_an_incident(void **state)
{
	struct world *w = world_of(state);
	int64_t began = tk_now() - 30 * HOUR, found = tk_now() - 26 * HOUR, lesson, n = 0;
	int64_t id = made(w, A_OFFICE, "/api/v1/incidents",
			  fmt(w, "{\"title\":\"共有フォルダーの暗号化\",\"cause\":\"malware\",\"began_at\":\"%s\",\"detected_at\":\"%s\","
				 "\"personal_data\":true,\"attack\":\"ransomware\",\"encrypted_extension\":\".mihon\"}",
			      when(w, 30 * HOUR), when(w, 26 * HOUR)));
	struct reply r = moved(w, A_OFFICE, "incidents", id, "triage", "");

	(void)began;
	STATUS(r, 422);
	HAS(r, "\"severity\"");
	assert_string_equal(world_text(w, "SELECT procedure_title FROM incident WHERE id = $1", id), "情報システム障害等対応手順");
	STATUS(changed(w, A_OFFICE, "incidents", "incident", id, "{\"severity\":2}"), 200);
	STATUS(moved(w, A_OFFICE, "incidents", id, "triage", ""), 200);
	/* CISO 1 h, NCO 24 h, ministry 24 h, PPC 72 h and 30 days, all from the detection */
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM incident_notice WHERE incident_id = $1", id), 5);
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM incident_notice WHERE incident_id = $1 AND state = 'late'", id), 3);
	n = world_int(w, "SELECT due_at FROM incident_notice WHERE incident_id = $1 AND recipient = 'ppc'", id);
	assert_in_range(n - found, 72 * HOUR - 2, 72 * HOUR + 2);
	r = get(w, A_OFFICE, fmt(w, "/api/v1/incidents/%lld/clock", ID(id)));
	STATUS(r, 200);
	assert_string_equal(reply_member(w, &r, "to_detect"), "240");
	HAS(r, "\"overdue\":true");
	HAS(get(w, A_OFFICE, "/api/v1/my/tasks"), "共有フォルダーの暗号化");
	STATUS(moved(w, A_OFFICE, "incidents", id, "handle", ""), 200);
	STATUS(moved(w, A_OFFICE, "incidents", id, "close", ""), 409);  /* not from here */
	STATUS(moved(w, A_OFFICE, "incidents", id, "contain", ""), 200);
	assert_true(world_int(w, "SELECT contained_at FROM incident WHERE id = $1", id) >= found);
	r = moved(w, A_OFFICE, "incidents", id, "close", "");
	STATUS(r, 422);
	HAS(r, "\"summary_internal\"");
	STATUS(changed(w, A_OFFICE, "incidents", "incident", id, "{\"summary_internal\":\"復旧した\"}"), 200);
	r = moved(w, A_OFFICE, "incidents", id, "close", "");
	STATUS(r, 409);
	HAS(r, "5 recipients");
	for (int k = 0; k < 5; k++) {
		n = world_int(w, "SELECT MIN(id) FROM incident_notice WHERE incident_id = $1 AND told_at IS NULL", id);
		if (!k) {
			r = changed(w, A_OFFICE, "incident-notices", "incident_notice", n, fmt(w, "{\"told_at\":\"%s\"}", when(w, 60)));
			STATUS(r, 422);
			HAS(r, "\"what\"");
		}
		STATUS(changed(w, A_OFFICE, "incident-notices", "incident_notice", n,
			       fmt(w, "{\"told_at\":\"%s\",\"what\":\"概要\"}", when(w, 60))), 200);
		assert_string_equal(world_text(w, "SELECT state FROM incident_notice WHERE id = $1", n), "told");
		assert_true(strlen(world_text(w, "SELECT told_by FROM incident_notice WHERE id = $1", n)) > 0);
	}
	STATUS(moved(w, A_OFFICE, "incidents", id, "close", ""), 200);
	STATUS(changed(w, A_OFFICE, "incidents", "incident", id, "{\"title\":\"x\"}"), 409);    /* closed is closed */
	lesson = made(w, A_OFFICE, "/api/v1/incident-lessons", fmt(w, "{\"incident_id\":\"%lld\",\"title\":\"共有の権限を見直す\"}", ID(id)));
	if (tk_improvement_add)
		assert_int_not_equal(world_int(w, "SELECT roadmap_item_id FROM incident_lesson WHERE id = $1", lesson), 0);
	STATUS(moved(w, A_OFFICE, "incidents", id, "reopen", ""), 422);         /* needs a reason */
	STATUS(moved(w, A_OFFICE, "incidents", id, "reopen", "再発"), 200);
}

/* The rules are the office's: another number of hours is another deadline; an incident without personal data tells no PPC. */
static void deadlines_are_data(void **state)
{
	struct world *w = world_of(state);
	int64_t id, rule = world_int(w, "SELECT MIN(id) FROM notice_rule WHERE recipient = 'nco' AND id > $1", 0);

	STATUS(changed(w, A_STAFF, "notice-rules", "notice_rule", rule, "{\"hours\":6}"), 403);
	STATUS(changed(w, A_OFFICE, "notice-rules", "notice_rule", rule, "{\"hours\":6}"), 200);
	id = made(w, A_OFFICE, "/api/v1/incidents", "{\"title\":\"設定の誤り\",\"cause\":\"misconfiguration\",\"severity\":1}");
	STATUS(moved(w, A_OFFICE, "incidents", id, "triage", ""), 200);
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM incident_notice WHERE incident_id = $1", id), 3);
	assert_int_equal(world_int(w, "SELECT n.due_at - i.detected_at FROM incident_notice n JOIN incident i ON i.id = n.incident_id WHERE"
				   " n.recipient = 'nco' AND n.incident_id = $1", id), 6 * HOUR);
	/* found out later: personal data */
	STATUS(changed(w, A_OFFICE, "incidents", "incident", id, "{\"personal_data\":true}"), 200);
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM incident_notice WHERE incident_id = $1", id), 5);
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM incident_notice WHERE incident_id = $1 AND state = 'late'", id), 0);
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "UPDATE incident_notice SET due_at = 1 WHERE incident_id = $1 AND recipient = 'ciso'", TK_I(id)));
	OK(w->t, tk_incident_module.daily(&w->op, "2026-01-01"));
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM incident_notice WHERE incident_id = $1 AND state = 'late'", id), 1);
	STATUS(moved(w, A_OFFICE, "incidents", id, "false_alarm", "設定は正しかった"), 200);
	STATUS(changed(w, A_OFFICE, "notice-rules", "notice_rule", rule, "{\"hours\":24}"), 200);
}

/* INC-04: the fields of the common forms as a file. */
static void the_common_forms(void **state)
{
	struct world *w = world_of(state);
	int64_t id = made(w, A_OFFICE, "/api/v1/incidents",
			  "{\"title\":\"身代金の要求\",\"cause\":\"malware\",\"attack\":\"ransomware\",\"ransom_note\":\"README\","
			  "\"encrypted_extension\":\".mihon\",\"attack_source\":\"192.0.2.1\",\"intrusion_route\":\"VPN\"}");
	const char *url = fmt(w, "/api/v1/incidents/%lld/common-form", ID(id));
	struct reply r = ask(w, A_OFFICE, "GET", url, .ja = true);

	STATUS(r, 200);
	HAS(r, "区分,項目,内容");
	HAS(r, "暗号化されたファイルの拡張子,.mihon");
	HAS(r, "身代金要求文,README");
	HAS(r, "速報・続報,速報");
	HAS_NOT(r, "192.0.2.1");
	assert_string_equal(reply_header(&r, "X-Confidentiality"), "3");
	r = ask(w, A_OFFICE, "GET", fmt(w, "%s?form=ddos", url), .ja = true);
	HAS(r, "192.0.2.1");
	HAS_NOT(r, ".mihon");
	r = get(w, A_OFFICE, fmt(w, "%s?format=xlsx", url));
	STATUS(r, 200);
	assert_memory_equal(r.body, "PK", 2);
	STATUS(get(w, A_OFFICE, fmt(w, "%s?form=fire", url)), 422);
	STATUS(get(w, A_STAFF, url), 404);
}

/* INC-03: coded causes; a wrong order of times is named.  Facts leave false alarms out. */
static void causes_times_and_facts(void **state)
{
	struct world *w = world_of(state);
	static const char *const cause[] = { "unauthorised_access", "eavesdropping", "malware", "stepping_stone", "loss",
					     "web_meeting", "misconfiguration", "missent_mail", "other" };
	struct reply r;
	int64_t id = 0, before = num(w, 2008, "incident.count");

	for (size_t i = 0; i < TK_LEN(cause); i++)
		id = made(w, A_OFFICE, "/api/v1/incidents",
			  fmt(w, "{\"title\":\"検査%zu\",\"cause\":\"%s\",\"severity\":%d,\"began_at\":\"2008-06-01T00:00:00Z\","
				 "\"detected_at\":\"2008-06-01T01:%02zu:00Z\",\"contained_at\":\"2008-06-01T03:00:00Z\"}",
			      i, cause[i], i < 2 ? 1 : 3, i));
	assert_int_equal(before, 0);
	assert_int_equal(num(w, 2008, "incident.count"), 9);
	assert_int_equal(num(w, 2008, "incident.serious"), 2);
	for (size_t i = 0; i < TK_LEN(cause); i++)
		assert_int_equal(num(w, 2008, fmt(w, "incident.%s", cause[i])), 1);
	/* 60 + (0 + ... + 8) / 9 = 64 minutes; to contain 180 - 64 = 116 */
	assert_int_equal(value_of(w, 2008, "incident.minutes_to_detect").value_x10, 640);
	assert_int_equal(value_of(w, 2008, "incident.minutes_to_contain").value_x10, 1160);
	STATUS(moved(w, A_OFFICE, "incidents", id, "false_alarm", "誤検知"), 200);
	assert_int_equal(num(w, 2008, "incident.count"), 8);
	assert_int_equal(num(w, 2008, "incident.other"), 0);
	assert_true(value_of(w, 1999, "incident.count").missing);       /* no register then: never 0 */
	r = ask(w, A_OFFICE, "POST", "/api/v1/incidents", .body = "{\"title\":\"x\",\"cause\":\"fire\"}");
	STATUS(r, 422);
	HAS(r, "\"cause\"");
	r = ask(w, A_OFFICE, "POST", "/api/v1/incidents",
		.body = "{\"title\":\"x\",\"cause\":\"loss\",\"detected_at\":\"2008-06-01T00:00:00Z\",\"began_at\":\"2008-06-02T00:00:00Z\"}");
	STATUS(r, 422);
	HAS(r, "\"began_at\"");
	/* the demonstration */
	assert_int_equal(num(w, 2010, "incident.count"), 2);
	assert_int_equal(num(w, 2011, "incident.count"), 3);
	assert_int_equal(num(w, 2011, "incident.serious"), 2);
	assert_int_equal(value_of(w, 2011, "incident.minutes_to_contain").value_x10, 1150);
}

#define DIGEST "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

/* MAIL-02 MAIL-04: a report of the staff; both recipients are told, and each time is recorded. */
static void suspicious_mail_of_the_staff(void **state)
{
	struct world *w = world_of(state);
	struct reply r = ask(w, A_STAFF, "POST", "/api/v1/my/reports",
			     .body = "{\"kind\":\"suspicious_mail\",\"text\":\"請求書在中\",\"sender\":\"a@fushin.example\",\"opened\":true}",
			     .keep = true);
	const char *p = "suspicious-mails", *t = "suspicious_mail";
	int64_t id;

	STATUS(r, 201);
	id = strtoll(reply_member(w, &r, "id"), NULL, 10);
	assert_string_equal(world_text(w, "SELECT sender FROM suspicious_mail WHERE id = $1", id), "a@fushin.example");
	assert_string_equal(world_text(w, "SELECT tlp FROM suspicious_mail WHERE id = $1", id), "amber");
	assert_int_equal(world_int(w, "SELECT opened FROM suspicious_mail WHERE id = $1", id), 1);
	HAS_NOT(get(w, A_STAFF2, "/api/v1/suspicious-mails"), "請求書在中");
	r = changed(w, A_OFFICE, p, t, id, "{\"attachment_sha256\":\"abc\"}");
	STATUS(r, 422);
	HAS(r, "\"attachment_sha256\"");
	STATUS(changed(w, A_OFFICE, p, t, id, "{\"attachment_sha256\":\"" DIGEST "\",\"tlp\":\"green\"}"), 200);
	STATUS(moved(w, A_STAFF, p, id, "triage", ""), 403);
	STATUS(moved(w, A_OFFICE, p, id, "triage", ""), 200);
	r = moved(w, A_OFFICE, p, id, "measure", "");
	STATUS(r, 422);
	HAS(r, "\"measure\"");
	STATUS(changed(w, A_OFFICE, p, t, id, "{\"measure\":\"送信元の受信拒否\"}"), 200);
	STATUS(moved(w, A_OFFICE, p, id, "measure", ""), 200);
	assert_true(world_int(w, "SELECT measured_at FROM suspicious_mail WHERE id = $1", id) > 0);
	STATUS(moved(w, A_OFFICE, p, id, "close", ""), 409);            /* first both are told */
	STATUS(moved(w, A_OFFICE, p, id, "tell_nisc", ""), 200);
	r = moved(w, A_OFFICE, p, id, "finish_telling", "");
	STATUS(r, 422);
	HAS(r, "\"told_centre_at\"");
	STATUS(moved(w, A_OFFICE, p, id, "tell_centre", ""), 200);
	STATUS(moved(w, A_OFFICE, p, id, "finish_telling", ""), 200);
	STATUS(moved(w, A_OFFICE, p, id, "close", ""), 200);
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM suspicious_mail WHERE id = $1 AND told_centre_at > 0 AND told_nisc_at > 0", id), 1);
	HAS(get(w, A_STAFF, "/api/v1/my/reports"), "\"state\":\"closed\"");
}

/* MAIL-01: information from NISC is acted on; its times make the mean. */
static void information_from_the_centre(void **state)
{
	struct world *w = world_of(state);
	const char *p = "suspicious-mails", *body;
	int64_t id;

	for (int k = 0; k < 2; k++) {
		body = fmt(w, "{\"title\":\"注意喚起%d\",\"source\":\"centre\",\"reported_at\":\"2008-06-01T00:00:00Z\",\"measured_at\":"
			      "\"2008-06-01T00:%d:00Z\",\"measure\":\"URLの遮断\",\"tlp\":\"amber\"}", k, k ? 45 : 20);
		id = made(w, A_OFFICE, "/api/v1/suspicious-mails", body);
		STATUS(moved(w, A_OFFICE, p, id, "triage", ""), 200);
		STATUS(moved(w, A_OFFICE, p, id, "measure", ""), 200);
		STATUS(moved(w, A_OFFICE, p, id, "close", ""), 200);    /* what came from there need not go back */
	}
	assert_int_equal(num(w, 2008, "mail.informed"), 2);
	assert_int_equal(num(w, 2008, "mail.measured"), 2);
	assert_int_equal(num(w, 2008, "mail.told"), 0);
	assert_int_equal(num(w, 2008, "mail.suspicious"), 0);
	assert_int_equal(value_of(w, 2008, "mail.handling_minutes").value_x10, 325);    /* (20 + 45) / 2 */
	assert_int_equal(num(w, 2011, "mail.suspicious"), 8);
	assert_int_equal(num(w, 2011, "mail.told"), 8);
	assert_int_equal(num(w, 2011, "mail.informed"), 6);
}

/* MAIL-03: counted by year. */
static void missent_mail(void **state)
{
	struct world *w = world_of(state);
	struct reply r = ask(w, A_STAFF, "POST", "/api/v1/my/reports",
			     .body = "{\"kind\":\"missent_mail\",\"text\":\"宛先を間違えた\",\"outside\":true,\"at\":\"2008-09-01T00:00:00Z\"}",
			     .keep = true);
	int64_t id;

	STATUS(r, 201);
	id = strtoll(reply_member(w, &r, "id"), NULL, 10);
	assert_int_equal(num(w, 2008, "mail.missent"), 1);
	assert_int_equal(num(w, 2008, "mail.missent_outside"), 1);
	assert_int_equal(num(w, 2010, "mail.missent"), 2);
	assert_int_equal(num(w, 2011, "mail.missent_outside"), 1);
	r = moved(w, A_OFFICE, "missent-mails", id, "measure", "");
	STATUS(r, 422);
	HAS(r, "\"measure\"");
	STATUS(changed(w, A_OFFICE, "missent-mails", "missent_mail", id, "{\"measure\":\"削除を依頼\"}"), 200);
	STATUS(moved(w, A_OFFICE, "missent-mails", id, "measure", ""), 200);
	STATUS(moved(w, A_HEAD, "missent-mails", id, "close", ""), 403);
	STATUS(moved(w, A_OFFICE, "missent-mails", id, "close", ""), 200);
}

/* INC-01: who is in the CSIRT and how to reach them; names come from the roster. */
static void the_csirt(void **state)
{
	struct world *w = world_of(state);
	int64_t id = made(w, A_OFFICE, "/api/v1/csirt-members",
			  fmt(w, "{\"role\":\"handler\",\"staff_id\":\"%lld\",\"phone\":\"内線1\"}", ID(w->actor[A_STAFF].staff)));

	assert_string_equal(world_text(w, "SELECT name FROM csirt_member WHERE id = $1", id),
			    world_text(w, "SELECT name FROM staff WHERE id = $1", w->actor[A_STAFF].staff));
	HAS(get(w, A_HEAD, "/api/v1/csirt-members"), "内線1");
	HAS(get(w, A_STAFF, "/api/v1/csirt-members"), "内線1");  /* whom to call is no secret */
	STATUS(ask(w, A_HEAD, "POST", "/api/v1/csirt-members", .body = "{}"), 403);
	STATUS(ask(w, A_OFFICE, "POST", "/api/v1/csirt-members", .body = "{\"role\":\"head\"}"), 422);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reporting_in_a_minute), cmocka_unit_test(the_life_of_an_incident), cmocka_unit_test(deadlines_are_data),
		cmocka_unit_test(the_common_forms), cmocka_unit_test(causes_times_and_facts),
		cmocka_unit_test(suspicious_mail_of_the_staff), cmocka_unit_test(information_from_the_centre), cmocka_unit_test(missent_mail),
		cmocka_unit_test(the_csirt),
	};
	int failed = cmocka_run_group_tests_name("incident (SQLite)", tests, world_sqlite, world_down);

	return failed + cmocka_run_group_tests_name("incident (PostgreSQL)", tests, world_postgres, world_down);
}
