/* Nobody reads or writes another person's answers, and a division head sees that division alone: in
 * every list, export, history, search, table, chart, status, reminder and task.  Two heads, and
 * staff of both divisions, over the demonstration. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "record/record.h"
#include "world.h"

#define ID(x) ((long long)(x))

/* As the requests here read it: in English where there is an English name. */
static const char *unit_name(struct world *w, int64_t division)
{
	return world_text(w, "SELECT COALESCE(name_en, name) FROM division WHERE id = $1", division);
}

/* What the page shows to a reader of English, as these requests are. */
static const char *unit_shown(struct world *w, int64_t division)
{
	return world_text(w, "SELECT COALESCE(NULLIF(name_en, ''), name) FROM division WHERE id = $1", division);
}

static const char *person_name(struct world *w, enum actor_id who)
{
	return world_text(w, "SELECT staff_number FROM staff WHERE id = $1", w->actor[who].staff);
}

/* -- lists -------------------------------------------------------------------------------------- */
/* Every row of a list belongs to the division, and none of the division is missing. */
static void list_of(struct world *w, const struct tk_rtype *t, enum actor_id who)
{
	int64_t division = w->actor[who].division, want, seen = 0;
	const char *next = "", *where = tk_sprintf(w->t->mem, "SELECT COUNT(*) FROM %s WHERE deleted_at IS NULL AND %s = $1",
						   t->table, t->scope_division);

	want = world_int(w, where, division);
	while (*next || !seen) {
		struct reply r = get(w, who, fmt(w, "/api/v1/%s?limit=100%s%s", t->path, *next ? "&cursor=" : "", next));
		cJSON *o = cJSON_Parse(r.body), *items = cJSON_GetObjectItem(o, "items"), *i;

		STATUS(r, 200);
		if (!*next)
			assert_int_equal(cJSON_GetObjectItem(o, "total")->valueint, want);
		cJSON_ArrayForEach(i, items) {
			const char *id = cJSON_GetStringValue(cJSON_GetObjectItem(i, "id"));
			const char *sql = tk_sprintf(w->t->mem, "SELECT %s FROM %s WHERE id = $1", t->scope_division, t->table);

			if (world_int(w, sql, strtoll(id, NULL, 10)) != division)
				fail_msg("%s shows %s of another division", t->path, id);
			seen++;
		}
		next = reply_member(w, &r, "next");
		if (!strcmp(next, "null"))
			next = "";
		cJSON_Delete(o);
		if (!*next)
			break;
	}
	assert_int_equal(seen, want);
}

static void no_foreign_row(struct world *w, const struct tk_rtype *t, enum actor_id who, int64_t other_division)
{
	static const char *const forms[] = { "", ".csv", ".xlsx" };
	int64_t row = world_int(w, tk_sprintf(w->t->mem, "SELECT MAX(id) FROM %s WHERE deleted_at IS NULL AND %s = $1", t->table,
					      t->scope_division), other_division);
	struct reply r;

	for (size_t i = 0; i < TK_LEN(forms); i++) {
		r = get(w, who, fmt(w, "/api/v1/%s%s?limit=500", t->path, forms[i]));
		STATUS(r, 200);
		if (i < 2)
			HAS_NOT(r, unit_name(w, other_division));
	}
	if (tk_field_index(t, t->scope_division) >= 0) {        /* asking for them by name */
		r = get(w, who, fmt(w, "/api/v1/%s?%s=%lld", t->path, t->scope_division, ID(other_division)));
		assert_string_equal(reply_member(w, &r, "total"), "0");
	}
	if (!row)
		return;
	STATUS(get(w, who, fmt(w, "/api/v1/%s/%lld", t->path, ID(row))), 404);
	STATUS(get(w, who, fmt(w, "/api/v1/%s/%lld/history", t->path, ID(row))), 404);
}

static void a_head_lists_that_division_only(void **state)
{
	struct world *w = world_of(state);
	const struct tk_rtype *const *t;
	size_t n = tk_rtypes(&t), checked = 0;

	for (size_t i = 0; i < n; i++) {
		if (t[i]->flags & TK_T_COMMON || t[i]->published)
			continue;       /* read by everybody, of whatever division */
		if (!t[i]->scope_division || tk_who_scope(&w->actor[A_HEAD].who, t[i]->read) != TK_SCOPE_DIVISION)
			continue;
		checked++;
		for (int k = 0; k < 2; k++) {
			enum actor_id who = k ? A_HEAD2 : A_HEAD, other = k ? A_HEAD : A_HEAD2;

			list_of(w, t[i], who);
			no_foreign_row(w, t[i], who, w->actor[other].division);
		}
	}
	assert_true(checked >= 4);      /* divisions, staff, respondents, cases … */
}

static void search_respects_the_division(void **state)
{
	struct world *w = world_of(state);
	const char *name = world_text(w, "SELECT name FROM staff WHERE id = $1", w->actor[A_STAFF3].staff);
	struct reply all = get(w, A_OFFICE, fmt(w, "/api/v1/staff?q=%s", name)), one;

	assert_true(strtol(reply_member(w, &all, "total"), NULL, 10) > 0);
	HAS(all, person_name(w, A_STAFF3));
	one = get(w, A_HEAD, fmt(w, "/api/v1/staff?q=%s", name));
	STATUS(one, 200);
	HAS_NOT(one, person_name(w, A_STAFF3));
	one = get(w, A_HEAD2, fmt(w, "/api/v1/staff?q=%s", name));
	HAS(one, person_name(w, A_STAFF3));
	one = get(w, A_STAFF, fmt(w, "/api/v1/staff?q=%s", name));
	HAS_NOT(one, person_name(w, A_STAFF3));
}

static void staff_lists_are_about_oneself(void **state)
{
	struct world *w = world_of(state);
	struct reply r = get(w, A_STAFF, "/api/v1/staff");

	STATUS(r, 200);
	assert_string_equal(reply_member(w, &r, "total"), "1");
	HAS(r, person_name(w, A_STAFF));
	r = get(w, A_STAFF, "/api/v1/staff.csv");
	HAS_NOT(r, person_name(w, A_STAFF2));
	STATUS(get(w, A_STAFF, fmt(w, "/api/v1/staff/%lld", ID(w->actor[A_STAFF2].staff))), 404);
	STATUS(get(w, A_STAFF, fmt(w, "/api/v1/staff/%lld/history", ID(w->actor[A_STAFF2].staff))), 404);
	STATUS(get(w, A_STAFF, "/api/v1/respondents"), 403);
	STATUS(get(w, A_STAFF, "/api/v1/mails"), 403);
	STATUS(get(w, A_STAFF, "/api/v1/cases"), 403);
	STATUS(get(w, A_STAFF, "/api/v1/follow-ups"), 403);
	STATUS(get(w, A_STAFF, "/api/v1/trail"), 403);
	STATUS(get(w, A_STAFF, "/api/v1/accounts"), 403);
	STATUS(get(w, A_STAFF, fmt(w, "/api/v1/campaigns/%lld/status", ID(w->open))), 403);
	STATUS(get(w, A_STAFF, fmt(w, "/api/v1/campaigns/%lld/tables/items", ID(w->closed))), 403);
}

/* -- a campaign as a head sees it --------------------------------------------------------------- */
static void status_reminders_and_tasks(void **state)
{
	struct world *w = world_of(state);
	const struct actor *mine = &w->actor[A_HEAD], *other = &w->actor[A_HEAD2];
	const char *base = fmt(w, "/api/v1/campaigns/%lld", ID(w->open));
	struct reply r = get(w, A_HEAD, fmt(w, "%s/status", base));
	cJSON *o = cJSON_Parse(r.body);

	STATUS(r, 200);
	HAS(r, unit_shown(w, mine->division));
	HAS_NOT(r, unit_shown(w, other->division));
	HAS_NOT(r, unit_name(w, other->division));
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(o, "divisions")), 1);
	assert_int_equal(cJSON_GetObjectItem(cJSON_GetObjectItem(o, "total"), "population")->valueint,
			 world_int(w, "SELECT COUNT(*) FROM respondent WHERE campaign_id = (SELECT MAX(id) FROM campaign WHERE asks = 'staff')"
				   " AND state = 'in' AND division_id = $1", mine->division));
	cJSON_Delete(o);
	r = get(w, A_HEAD, fmt(w, "%s/reminders", base));
	STATUS(r, 200);
	HAS(r, person_name(w, A_STAFF));
	HAS_NOT(r, person_name(w, A_STAFF3));
	r = get(w, A_HEAD, fmt(w, "%s/reminders?division_id=%lld", base, ID(other->division)));
	HAS(r, "\"items\":[]");
	STATUS(get(w, A_HEAD, fmt(w, "%s/divisions/%lld", base, ID(mine->division))), 200);
	STATUS(get(w, A_HEAD, fmt(w, "%s/divisions/%lld", base, ID(other->division))), 403);
	r = get(w, A_HEAD, "/api/v1/my/tasks");
	HAS(r, unit_shown(w, mine->division));
	HAS_NOT(r, unit_shown(w, other->division));
	HAS_NOT(r, unit_name(w, other->division));
	STATUS(ask(w, A_HEAD, "POST", fmt(w, "%s/divisions/%lld/sign-off", base, ID(other->division)),
		   .body = "{\"incomplete_reason\":\"x\"}"), 403);
	STATUS(ask(w, A_HEAD, "POST", fmt(w, "%s/respondents/%lld/send-back", base, ID(w->actor[A_STAFF3].respondent)),
		   .body = "{\"reason\":\"x\"}"), 403);
	STATUS(ask(w, A_HEAD, "POST", fmt(w, "%s/remind", base), .body = "{\"all\":true}"), 403);
	/* a respondent of another campaign under this one's address */
	STATUS(ask(w, A_HEAD, "POST", fmt(w, "/api/v1/campaigns/%lld/respondents/%lld/send-back", ID(w->closed),
					  ID(w->actor[A_STAFF].respondent)), .body = "{\"reason\":\"x\"}"), 404);
}

static void tables_and_charts(void **state)
{
	struct world *w = world_of(state);
	static const char *const name[] = { "items", "rate-classes", "response-rate", "compare", "problem-items" };
	static const char *const by[] = { "", "?by=division", "?by=bureau", "?by=post", "?by=division&format=csv",
					  "?filter=true()&by=division" };
	const char *foreign = unit_name(w, w->actor[A_HEAD2].division), *shown = unit_shown(w, w->actor[A_HEAD2].division);
	int64_t people = world_int(w, "SELECT COUNT(*) FROM respondent WHERE campaign_id = (SELECT MAX(id) FROM campaign WHERE asks = 'staff')"
				   " AND state = 'in' AND division_id = $1", w->actor[A_HEAD].division);
	struct reply r;

	for (size_t i = 0; i < TK_LEN(name); i++) {
		for (size_t k = 0; k < TK_LEN(by); k++) {
			r = get(w, A_HEAD, fmt(w, "/api/v1/campaigns/%lld/tables/%s%s", ID(w->open), name[i], by[k]));
			/* a filter or a post could single one person out */
			if (strstr(by[k], "filter") || strstr(by[k], "post"))
				STATUS(r, 403);
			else if (r.status != 422)
				STATUS(r, 200);
			if (r.status == 200)
				HAS_NOT(r, foreign);
			if (r.status == 200)
				HAS_NOT(r, shown);
			r = get(w, A_STAFF, fmt(w, "/api/v1/campaigns/%lld/tables/%s%s", ID(w->open), name[i], by[k]));
			STATUS(r, 403);
		}
	}
	/* the whole of a head's table is the division, not the organisation */
	r = get(w, A_HEAD, fmt(w, "/api/v1/campaigns/%lld/tables/response-rate?by=division", ID(w->open)));
	HAS(r, unit_shown(w, w->actor[A_HEAD].division));
	HAS(r, fmt(w, "\"denominator\":%lld", ID(people)));
	HAS_NOT(r, fmt(w, "\"denominator\":%lld", ID(world_int(w, "SELECT COUNT(*) FROM respondent WHERE state = 'in' AND campaign_id = $1",
							       w->open))));
	r = get(w, A_HEAD, fmt(w, "/api/v1/campaigns/%lld/charts/response-rate.svg?by=division", ID(w->open)));
	STATUS(r, 200);
	HAS_NOT(r, foreign);
	HAS_NOT(r, shown);
	r = get(w, A_OFFICE, fmt(w, "/api/v1/campaigns/%lld/charts/response-rate.svg?by=division", ID(w->open)));
	STATUS(r, 200);
	STATUS(get(w, A_STAFF, fmt(w, "/api/v1/campaigns/%lld/charts/response-rate.svg", ID(w->open))), 403);
}

static void the_log_of_a_case(void **state)
{
	struct world *w = world_of(state);
	const char *url = fmt(w, "/api/v1/campaigns/%lld/divisions/%lld/sign-off", ID(w->open), ID(w->actor[A_HEAD2].division));
	int64_t id;

	STATUS(ask(w, A_HEAD2, "POST", url, .body = "{\"incomplete_reason\":\"two are ill\"}", .keep = true), 200);
	id = world_int(w, "SELECT MAX(id) FROM tk_case WHERE division_id = $1", w->actor[A_HEAD2].division);
	HAS(get(w, A_HEAD2, fmt(w, "/api/v1/cases/%lld/log", ID(id))), "two are ill");
	STATUS(get(w, A_HEAD, fmt(w, "/api/v1/cases/%lld/log", ID(id))), 404);
	STATUS(get(w, A_HEAD, fmt(w, "/api/v1/cases/%lld", ID(id))), 404);
	HAS_NOT(get(w, A_HEAD, "/api/v1/cases?limit=500"), "two are ill");
	HAS_NOT(get(w, A_HEAD, "/api/v1/cases.csv"), "two are ill");
	STATUS(ask(w, A_HEAD2, "POST", fmt(w, "/api/v1/campaigns/%lld/divisions/%lld/withdraw-sign-off", ID(w->open),
					   ID(w->actor[A_HEAD2].division)), .body = "{\"reason\":\"x\"}"), 403);
	STATUS(ask(w, A_OFFICE, "POST", fmt(w, "/api/v1/campaigns/%lld/divisions/%lld/withdraw-sign-off", ID(w->open),
					    ID(w->actor[A_HEAD2].division)), .body = "{\"reason\":\"x\"}", .keep = true), 200);
}

/* -- answers ------------------------------------------------------------------------------------ */
#define SECRET "秘密の事情QX7"

static const char *save(struct world *w, enum actor_id who, const char *version, const char *answers, int status)
{
	struct reply r = ask(w, who, "PATCH", fmt(w, "/api/v1/my/responses/%lld", ID(w->open)), .if_match = version, .body = answers,
			     .keep = true);

	STATUS(r, status);
	return reply_member(w, &r, "version");
}

static void answers_are_seen_by_their_person_only(void **state)
{
	struct world *w = world_of(state);
	const char *url = fmt(w, "/api/v1/my/responses/%lld", ID(w->open));
	struct reply r = get(w, A_STAFF, url);
	static const char *const looks[] = { "respondents?limit=500", "respondents.csv", "cases?limit=500", "mails?limit=500",
					     "trail?limit=500", "accounts", "staff.csv", "follow-ups", "my/tasks", "campaigns" };

	STATUS(r, 200);
	save(w, A_STAFF, reply_member(w, &r, "version"), "{\"answers\":{\"c01\":{\"value\":\"partly\",\"comment\":\"" SECRET "\"}}}", 200);
	HAS(get(w, A_STAFF, url), SECRET);
	for (enum actor_id i = 0; i < A_MAX; i++) {
		if (i == A_STAFF)
			continue;
		HAS_NOT(get(w, i, url), SECRET);
		for (size_t k = 0; k < TK_LEN(looks); k++)
			HAS_NOT(get(w, i, fmt(w, "/api/v1/%s", looks[k])), SECRET);
		HAS_NOT(get(w, i, fmt(w, "/api/v1/campaigns/%lld/divisions/%lld", ID(w->open), ID(w->actor[A_STAFF].division))), SECRET);
		HAS_NOT(get(w, i, fmt(w, "/api/v1/campaigns/%lld/tables/items?by=division", ID(w->open))), SECRET);
		HAS_NOT(get(w, i, fmt(w, "/api/v1/respondents/%lld/history", ID(w->actor[A_STAFF].respondent))), SECRET);
	}
	/* another's campaign, respondent or staff id in the place of the campaign is nothing */
	STATUS(get(w, A_STAFF2, fmt(w, "/api/v1/my/responses/%lld", ID(w->actor[A_STAFF].respondent))), 404);
	STATUS(get(w, A_STAFF2, fmt(w, "/api/v1/my/responses/%lld", ID(w->actor[A_STAFF].staff))), 404);
	STATUS(ask(w, A_STAFF2, "PATCH", fmt(w, "/api/v1/my/responses/%lld", ID(w->actor[A_STAFF].respondent)), .if_match = "1",
		   .body = "{\"answers\":{}}"), 404);
	STATUS(get(w, A_STAFF, fmt(w, "/api/v1/respondents/%lld", ID(w->actor[A_STAFF].respondent))), 403);
	/* another's comment does not change with one's own */
	r = get(w, A_STAFF2, url);
	save(w, A_STAFF2, reply_member(w, &r, "version"), "{\"answers\":{\"c01\":{\"value\":\"done\",\"comment\":\"own\"}}}", 200);
	HAS(get(w, A_STAFF, url), SECRET);
}

static void the_trail_has_every_change_once_and_no_answer(void **state)
{
	struct world *w = world_of(state);
	struct reply r = get(w, A_STAFF, fmt(w, "/api/v1/my/responses/%lld", ID(w->open)));
	static const char rows[] = "SELECT COUNT(*) + $1 - $1 FROM trail";
	int64_t before, division = w->actor[A_HEAD].division, version;

	assert_int_equal(world_int(w, "SELECT COUNT(*) + $1 FROM trail WHERE detail LIKE '%" SECRET "%' OR (rtype = 'response' AND detail LIKE '%partly%')", 0), 0);
	assert_int_equal(world_int(w, "SELECT COUNT(*) + $1 FROM trail WHERE detail LIKE '%argon2%' OR detail LIKE '%tk_session%'", 0), 0);
	before = world_int(w, rows, 0);
	save(w, A_STAFF, reply_member(w, &r, "version"), "{\"answers\":{\"c02\":{\"value\":\"done\"}}}", 200);
	assert_int_equal(world_int(w, rows, 0), before + 1);
	version = world_int(w, "SELECT version FROM division WHERE id = $1", division);
	STATUS(ask(w, A_OFFICE, "PATCH", fmt(w, "/api/v1/divisions/%lld", ID(division)), .if_match = fmt(w, "%lld", ID(version)),
		   .body = "{\"name_en\":\"Renamed\"}", .keep = true), 200);
	assert_int_equal(world_int(w, rows, 0), before + 2);
	r = get(w, A_OFFICE, fmt(w, "/api/v1/divisions/%lld/history", ID(division)));
	HAS(r, "Renamed");
	HAS(r, w->actor[A_OFFICE].login);       /* who */
	/* what was refused leaves no row: not permitted, wrong version, nonsense */
	STATUS(ask(w, A_HEAD, "PATCH", fmt(w, "/api/v1/divisions/%lld", ID(division)), .if_match = "1", .body = "{\"name\":\"X\"}",
		   .keep = true), 403);
	STATUS(ask(w, A_OFFICE, "PATCH", fmt(w, "/api/v1/divisions/%lld", ID(division)), .if_match = fmt(w, "%lld", ID(version)),
		   .body = "{\"name\":\"X\"}", .keep = true), 412);
	STATUS(ask(w, A_OFFICE, "POST", "/api/v1/divisions", .body = "{\"nope\":1}", .keep = true), 422);
	assert_int_equal(world_int(w, rows, 0), before + 2);
}

/* -- evidence ----------------------------------------------------------------------------------- */
static void evidence_belongs_to_its_person(void **state)
{
	struct world *w = world_of(state);
	/* one item of the open questionnaire that takes files is asked of all */
	int64_t item = world_int(w, "SELECT MIN(id) FROM form_item WHERE code = 'c01' AND form_version_id = (SELECT form_version_id FROM"
				 " campaign WHERE id = $1)", w->open);
	const char *base = fmt(w, "/api/v1/my/responses/%lld/evidence/c01", ID(w->open)), *id;
	struct reply r;

	(void)item;
	r = ask(w, A_STAFF, "PUT", fmt(w, "%s?name=a.pdf", base), .body = "%PDF-1.4 x", .keep = true);
	if (r.status == 422) {          /* this questionnaire asks no files of ordinary staff: put one there by hand */
		OK(w->t, tk_db_exec(w->t->db, &w->t->e, "INSERT INTO evidence_file(id, response_id, campaign_id, item_code, name, media_type,"
				    " size, sha256, content, created_at) VALUES(77, $1, $2, 'c01', 'a.pdf', 'application/pdf', 5, 'x', $3, 1)",
				    TK_I(w->actor[A_STAFF].respondent), TK_I(w->open), TK_B("%PDF-", 5)));
		id = "77";
	} else {
		STATUS(r, 201);
		id = reply_member(w, &r, "id");
	}
	r = get(w, A_STAFF, fmt(w, "%s/%s", base, id));
	STATUS(r, 200);
	assert_string_equal(r.type, "application/pdf");
	HAS((struct reply){ .body = reply_header(&r, "Content-Disposition") }, "attachment;");
	for (enum actor_id i = 0; i < A_MAX; i++) {
		if (i == A_STAFF)
			continue;
		r = get(w, i, fmt(w, "%s/%s", base, id));
		if (r.status < 400)
			fail_msg("%s reads another's evidence", w->actor[i].name);
		r = ask(w, i, "DELETE", fmt(w, "%s/%s", base, id), .n = 0);
		if (r.status < 400)
			fail_msg("%s deletes another's evidence", w->actor[i].name);
	}
	STATUS(get(w, A_STAFF, fmt(w, "/api/v1/my/responses/%lld/evidence/c02/%s", ID(w->open), id)), 404);
}

/* -- accounts, mails ---------------------------------------------------------------------------- */
static void nobody_raises_himself(void **state)
{
	struct world *w = world_of(state);
	const struct actor *office = &w->actor[A_OFFICE], *admin = &w->actor[A_ADMIN];
	struct reply r;

	STATUS(ask(w, A_OFFICE, "POST", "/api/v1/account-roles", .body = fmt(w, "{\"account_id\":\"%lld\",\"role\":\"admin\"}",
									   ID(office->account))), 403);
	STATUS(ask(w, A_OFFICE, "PATCH", fmt(w, "/api/v1/accounts/%lld", ID(admin->account)), .if_match = "1", .body = "{\"state\":\"locked\"}"), 403);
	/* becoming another person: one's own account, or a colleague's, on somebody else */
	r = ask(w, A_OFFICE, "PATCH", fmt(w, "/api/v1/accounts/%lld", ID(office->account)), .if_match = "1",
		.body = fmt(w, "{\"staff_id\":\"%lld\"}", ID(world_int(w, "SELECT MAX(id) FROM staff WHERE id > $1 AND NOT EXISTS"
							     "(SELECT 1 FROM account a WHERE a.staff_id = staff.id)", 0))));
	STATUS(r, 409);
	r = get(w, A_OFFICE, fmt(w, "/api/v1/accounts/%lld", ID(w->actor[A_STAFF].account)));
	STATUS(ask(w, A_OFFICE, "PATCH", fmt(w, "/api/v1/accounts/%lld", ID(w->actor[A_STAFF].account)),
		   .if_match = reply_member(w, &r, "version"), .body = "{\"staff_id\":null}"), 409);
	STATUS(ask(w, A_OFFICE, "PATCH", fmt(w, "/api/v1/accounts/%lld", ID(w->actor[A_STAFF].account)),
		   .if_match = reply_member(w, &r, "version"), .body = "{\"password\":\"x\"}"), 422);
	HAS_NOT(r, "password");
}

static void mails_do_not_show_links(void **state)
{
	struct world *w = world_of(state);
	struct reply r = ask(w, A_OFFICE, "POST", "/api/v1/accounts/invite",
			     .body = fmt(w, "{\"division_id\":\"%lld\",\"send_mail\":true}", ID(w->actor[A_HEAD2].division)), .keep = true);
	static const enum actor_id readers[] = { A_ADMIN, A_OFFICE, A_AUDITOR };
	static const char *const looks[] = { "mails?limit=500", "mails.csv" };
	const char *secret = world_text(w, "SELECT secret FROM mail WHERE secret IS NOT NULL AND id > $1 LIMIT 1", 0);

	STATUS(r, 200);
	assert_true(strlen(secret) > 20);
	for (size_t i = 0; i < TK_LEN(readers); i++) {
		for (size_t k = 0; k < TK_LEN(looks); k++) {
			r = get(w, readers[i], fmt(w, "/api/v1/%s", looks[k]));
			STATUS(r, 200);
			HAS_NOT(r, secret);
		}
		HAS_NOT(get(w, readers[i], "/api/v1/trail?limit=500"), secret);
	}
	STATUS(get(w, A_CISO, "/api/v1/mails"), 403);
	STATUS(get(w, A_HEAD, "/api/v1/mails"), 403);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_head_lists_that_division_only), cmocka_unit_test(search_respects_the_division),
		cmocka_unit_test(staff_lists_are_about_oneself), cmocka_unit_test(status_reminders_and_tasks),
		cmocka_unit_test(tables_and_charts), cmocka_unit_test(the_log_of_a_case),
		cmocka_unit_test(answers_are_seen_by_their_person_only), cmocka_unit_test(the_trail_has_every_change_once_and_no_answer),
		cmocka_unit_test(evidence_belongs_to_its_person), cmocka_unit_test(nobody_raises_himself),
		cmocka_unit_test(mails_do_not_show_links),
	};
	int failed = cmocka_run_group_tests_name("who sees what (SQLite)", tests, world_sqlite, world_down);

	return failed + cmocka_run_group_tests_name("who sees what (PostgreSQL)", tests, world_postgres, world_down);
}
