/* The office's texts of mails, their preview and trail; when and what is mailed (SELF-16). */
#include <string.h>
#include "../http/world.h"

#define T "/api/v1/mail-templates"

static void texts(void **state)
{
	struct world *w = world_of(state);
	struct reply r = get(w, A_OFFICE, T);

	STATUS(r, 200);
	HAS(r, "\"kind\":\"digest\"");
	HAS(r, "\"placeholders\":[\"name\",\"title\",\"url\",\"list\"]");
	STATUS(get(w, A_STAFF, T), 403);
	STATUS(get(w, A_CISO, T), 403);
	STATUS(ask(w, A_HEAD, "PUT", T "/accepted/ja", .body = "{\"text\":\"件名\\n\\n本文\"}"), 403);
	STATUS(ask(w, A_OFFICE, "PUT", T "/no_such/ja", .body = "{\"text\":\"a\\n\\nb\"}"), 404);
	STATUS(ask(w, A_OFFICE, "PUT", T "/accepted/fr", .body = "{\"text\":\"a\\n\\nb\"}"), 404);
	r = ask(w, A_OFFICE, "PUT", T "/accepted/ja", .body = "{\"text\":\"件名\\n\\n{namae} 様\"}");
	STATUS(r, 422);
	HAS(r, "{namae}");
	HAS(r, "\"text\"");
	STATUS(ask(w, A_OFFICE, "PUT", T "/accepted/ja", .body = "{\"text\":\"件名だけ\"}"), 422);
	STATUS(ask(w, A_OFFICE, "PUT", T "/accepted/ja", .body = "{}"), 422);
	r = ask(w, A_OFFICE, "POST", T "/accepted/ja/preview", .body = "{\"text\":\"件名 {title}\\n\\n{name} 様\"}");
	STATUS(r, 200);
	HAS(r, "\"body\":\"");
	HAS_NOT(r, "{name}");
	STATUS(ask(w, A_OFFICE, "PUT", T "/accepted/ja", .body = "{\"text\":\"受け取りました\\n\\n{name} 様\"}", .keep = true), 204);
	HAS(get(w, A_OFFICE, T), "受け取りました");
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM trail WHERE rtype = 'mail_template' AND account_id > $1", 0), 1);
	STATUS(ask(w, A_OFFICE, "DELETE", T "/accepted/ja", .keep = true), 204);
	HAS_NOT(get(w, A_OFFICE, T), "受け取りました");
	STATUS(ask(w, A_OFFICE, "DELETE", T "/accepted/ja", .keep = true), 204);          /* nothing to reset: no change */
	assert_int_equal(world_int(w, "SELECT COUNT(*) FROM trail WHERE rtype = 'mail_template' AND account_id > $1", 0), 2);
}

static void settings(void **state)
{
	struct world *w = world_of(state);
	struct reply r = get(w, A_OFFICE, "/api/v1/mail-settings");

	STATUS(r, 200);
	HAS(r, "\"daily_at\":\"07:30\"");
	STATUS(get(w, A_AUDITOR, "/api/v1/mail-settings"), 403);
	STATUS(ask(w, A_OFFICE, "PUT", "/api/v1/mail-settings", .body = "{\"daily_at\":\"25:00\"}"), 422);
	STATUS(ask(w, A_OFFICE, "PUT", "/api/v1/mail-settings", .body = "{}"), 422);
	STATUS(ask(w, A_OFFICE, "PUT", "/api/v1/mail-settings", .body = "{\"daily_at\":\"08:15\"}"), 204);
	STATUS(ask(w, A_OFFICE, "PUT", "/api/v1/mail-settings/notices/no_such", .body = "{\"on\":false}"), 404);
	HAS(get(w, A_STAFF, "/api/v1/session/mail"), "\"digest_only\":false");
	STATUS(ask(w, A_STAFF, "PUT", "/api/v1/session/mail", .body = "{\"digest_only\":true}", .keep = true), 204);
	HAS(get(w, A_STAFF, "/api/v1/session/mail"), "\"digest_only\":true");
	HAS(get(w, A_STAFF2, "/api/v1/session/mail"), "\"digest_only\":false");
	STATUS(ask(w, A_STAFF, "PUT", "/api/v1/session/mail", .body = "{\"digest_only\":1}"), 422);
	STATUS(get(w, A_HEAD, "/api/v1/left-cases"), 403);
	STATUS(get(w, A_OFFICE, "/api/v1/left-cases"), 200);
	STATUS(ask(w, A_HEAD, "POST", fmt(w, "/api/v1/staff/%lld/hand-over", (long long)w->actor[A_STAFF].staff),
		   .body = "{}"), 403);
	r = ask(w, A_OFFICE, "POST", fmt(w, "/api/v1/staff/%lld/hand-over", (long long)w->actor[A_STAFF].staff), .body = "{}");
	STATUS(r, 200);
	HAS(r, "{\"moved\":0}");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(texts), cmocka_unit_test(settings) };

	return cmocka_run_group_tests_name("SQLite", tests, world_sqlite, world_down) +
	       cmocka_run_group_tests_name("PostgreSQL", tests, world_postgres, world_down);
}
