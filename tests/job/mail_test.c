/* The outbox, the text of a mail and the templates: what needs no mail server. */
#include <string.h>
#include "base/clock.h"
#include "job/lease.h"
#include "job/message.h"
#include "job/outbox.h"
#include "job/template.h"
#include "testdb.h"

static struct tk_who office(void)
{
	return tk_who_system("system", "test", TK_EN);
}

static void dedupe_and_rollback(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_who w = office();
	struct tk_op op = { t->db, t->mem, &w, &t->e };
	struct tk_mail_new m = { .to = "taro@example.jp", .subject = "件名", .body = "本文", .dedupe = "reminder:1:2" };
	struct tk_mail_status st;
	bool fresh;

	OK(t, tk_rtype_check_table(t->db, &tk_mail_type, &t->e));
	OK(t, tk_db_begin(t->db, &t->e));
	OK(t, tk_mail_queue(&op, &m));
	tk_db_rollback(t->db);                  /* what it tells about did not happen: no mail */
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM mail"), 0);
	OK(t, tk_mail_queue_new(&op, &m, &fresh));
	assert_true(fresh);
	OK(t, tk_mail_queue_new(&op, &m, &fresh));
	assert_false(fresh);
	m.dedupe = NULL;
	OK(t, tk_mail_queue(&op, &m));
	OK(t, tk_mail_queue(&op, &m));
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM mail"), 3);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM trail WHERE rtype = 'mail'"), 3);
	OK(t, tk_mail_status(&op, &st));
	assert_false(st.sender);
	assert_int_equal(st.queued, 3);
}

static void injection_is_refused(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_who w = office();
	struct tk_op op = { t->db, t->mem, &w, &t->e };
	static const char *const bad_to[] = {
		"a@example.jp\r\nBcc: x@example.jp", "a@example.jp>", "a@example.jp,b@example.jp", "a b@example.jp",
		"<a@example.jp", "", "taro", "太郎@example.jp", "a@example.jp\n",
	};
	static const char *const bad_subject[] = { "x\r\nBcc: victim@example.jp", "x\ny", "x\ry", "x\ty\x7f", "" };

	for (size_t i = 0; i < TK_LEN(bad_to); i++) {
		struct tk_mail_new m = { .to = bad_to[i], .subject = "x", .body = "y" };

		FAILS(t, TK_EINVAL, tk_mail_queue(&op, &m));
	}
	for (size_t i = 0; i < TK_LEN(bad_subject); i++) {
		struct tk_mail_new m = { .to = "a@example.jp", .subject = bad_subject[i], .body = "y" };

		FAILS(t, TK_EINVAL, tk_mail_queue(&op, &m));
	}
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM mail"), 0);
}

static void secret_stays_inside(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_who w = office();
	struct tk_op op = { t->db, t->mem, &w, &t->e };
	struct tk_mail_new m = { .to = "a@example.jp", .subject = "x", .body = "https://example.jp/link/{secret}",
		.secret = "TOPSECRET" };
	struct tk_mail r;
	struct tk_buf b = TK_BUF(1 << 16);
	struct tk_json j = TK_JSON(&b);

	OK(t, tk_mail_queue(&op, &m));
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM trail WHERE detail LIKE '%TOPSECRET%'"), 0);
	OK(t, tk_rec_find(&op, &tk_mail_type, "recipient", TK_S("a@example.jp"), &r));
	tk_rec_json(&j, &tk_mail_type, &r, NULL, TK_EN);
	assert_null(strstr(b.p, "TOPSECRET"));
	assert_non_null(strstr(b.p, "{secret}"));
	tk_buf_drop(&b);
	FAILS(t, TK_ECONFLICT, tk_mail_retry(&op, r.rec.id));           /* not failed */
	OK(t, tk_db_exec0(t->db, &t->e, "UPDATE mail SET state = 'failed', secret = NULL"));
	FAILS(t, TK_ECONFLICT, tk_mail_retry(&op, r.rec.id));           /* the link is gone */
	OK(t, tk_db_exec0(t->db, &t->e, "UPDATE mail SET body = 'plain'"));
	OK(t, tk_mail_retry(&op, r.rec.id));
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM mail WHERE state = 'queued' AND tries = 0"), 1);
}

static void reading_needs_permission(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_who sys = office(), staff = { .account_id = 3, .staff_id = 4, .name = "x", .source = "test" };
	struct tk_op op = { t->db, t->mem, &sys, &t->e }, by_staff = { t->db, t->mem, &staff, &t->e };
	struct tk_mail_new m = { .to = "a@example.jp", .subject = "x", .body = "y" };
	struct tk_mail r;

	OK(t, tk_mail_queue(&op, &m));
	FAILS(t, TK_ENOTFOUND, tk_rec_find(&by_staff, &tk_mail_type, "recipient", TK_S(m.to), &r));
	staff.scope[TK_P_MAIL_READ] = TK_SCOPE_DIVISION;                /* the mail belongs to no division */
	staff.division[0] = 7;
	staff.ndivision = 1;
	FAILS(t, TK_ENOTFOUND, tk_rec_find(&by_staff, &tk_mail_type, "recipient", TK_S(m.to), &r));
	staff.scope[TK_P_MAIL_READ] = TK_SCOPE_ALL;
	OK(t, tk_rec_find(&by_staff, &tk_mail_type, "recipient", TK_S(m.to), &r));
	r.subject = "z";
	FAILS(t, TK_ENOTFOUND, tk_rec_update(&by_staff, &tk_mail_type, &r, -1));
}

static void templates(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_who w = office();
	struct tk_op op = { t->db, t->mem, &w, &t->e };
	struct tk_template_values v = { .name = "山田　太郎", .title = "自己点検{url}\r\nBcc: x@example.jp",
		.closes_on = "2011-12-22", .url = "https://example.jp/answer/1" };
	const char *subject, *body;

	OK(t, tk_template_fill(&op, "reminder", TK_JA, &v, &subject, &body));
	assert_string_equal(subject, "【回答のお願い】自己点検{url} Bcc: x@example.jp（平成23年12月22日まで）");
	assert_non_null(strstr(body, "山田 太郎 様"));
	assert_non_null(strstr(body, "平成23年12月22日までに"));
	assert_non_null(strstr(body, "https://example.jp/answer/1"));
	OK(t, tk_template_fill(&op, "send_back", TK_EN, &v, &subject, &body));
	assert_non_null(strstr(subject, "Sent back"));
	FAILS(t, TK_ENOTFOUND, tk_template_fill(&op, "no_such", TK_EN, &v, &subject, &body));
	OK(t, tk_db_exec(t->db, &t->e, "INSERT INTO setting(name, value) VALUES('mail.template.reminder.en', $1)",
			 TK_S("Hello {name}\n\nBy {closes_on}.\n")));
	OK(t, tk_template_fill(&op, "reminder", TK_EN, &v, &subject, &body));
	assert_string_equal(subject, "Hello 山田 太郎");
	assert_non_null(strstr(body, "By "));
}

static void template_check(void **s)
{
	struct tk_err e = { .lang = TK_EN };

	(void)s;
	for (const struct tk_template_kind *k = tk_template_kinds; k->kind; k++)
		for (int lang = 0; lang < 2; lang++)
			assert_int_equal(tk_template_check(k->kind, k->text[lang], &e), TK_OK);
	assert_int_equal(tk_template_check("no_such", "Subject\n\nText", &e), TK_ENOTFOUND);
	assert_int_equal(tk_template_check("accepted", "Subject\n\n{list}", &e), TK_EINVAL);    /* known, not here */
	assert_int_equal(tk_template_check("digest", "Subject {list}\n\n{list}", &e), TK_EINVAL);
	assert_int_equal(tk_template_check("digest", "Subject\n\n{list}{name}", &e), TK_OK);
	assert_int_equal(tk_template_check("reminder", "Only a subject", &e), TK_EINVAL);
	assert_int_equal(tk_template_check("reminder", "Sub\x07ject\n\nText", &e), TK_EINVAL); /* no mail would be taken */
	assert_non_null(strstr(e.msg, "control characters"));
	assert_int_equal(tk_template_check("reminder", "Subject\tof\n\nText", &e), TK_EINVAL);
	assert_int_equal(tk_template_check("reminder", "Subject\r\n\r\nText\tof", &e), TK_OK);
	assert_int_equal(tk_template_check("reminder", "", &e), TK_EINVAL);
	assert_int_equal(tk_template_check("reminder", "Subject\n\nDear {nome},", &e), TK_EINVAL);
	assert_non_null(strstr(e.msg, "{nome}"));
	assert_string_equal(e.field, "text");
	assert_int_equal(tk_template_check("reminder", "Subject\n\n{締切日を書くところがとても長い}", &e), TK_EINVAL);
}

static void message_text(void **s)
{
	struct tk_message m = { .id = 42, .from = "tenken@example.jp", .to = "a@example.jp", .subject = "Plain subject",
		.body = "one\ntwo\r\n", .date = 1324512000 };
	struct tk_buf b = TK_BUF(1 << 16);
	struct tk_err e = { .lang = TK_EN };

	(void)s;
	assert_int_equal(tk_message_write(&m, &b, &e), TK_OK);
	assert_string_equal(b.p,
		"Date: Thu, 22 Dec 2011 09:00:00 +0900\r\nFrom: <tenken@example.jp>\r\nTo: <a@example.jp>\r\n"
		"Message-ID: <tenken.42@example.jp>\r\nSubject: Plain subject\r\nAuto-Submitted: auto-generated\r\n"
		"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"
		"Content-Transfer-Encoding: base64\r\n\r\nb25lDQp0d28NCg==\r\n");
	tk_buf_clear(&b);
	m.subject = "x\r\nBcc: victim@example.jp";                      /* second line of defence */
	m.from_name = "点検\nX-Evil: 1";
	assert_int_equal(tk_message_write(&m, &b, &e), TK_OK);
	assert_null(strstr(b.p, "Bcc"));
	assert_null(strstr(b.p, "Evil"));
	m.to = "a@example.jp>\r\nX: y";
	assert_int_equal(tk_message_write(&m, &b, &e), TK_EINVAL);
	tk_buf_drop(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(template_check), cmocka_unit_test(message_text), TESTDB_BOTH(dedupe_and_rollback),
		TESTDB_BOTH(injection_is_refused), TESTDB_BOTH(secret_stays_inside),
		TESTDB_BOTH(reading_needs_permission), TESTDB_BOTH(templates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
