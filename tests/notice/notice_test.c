/* Who is told what: notices of moves, one mail a day, cases of people who leave (SYS-01, SELF-16). */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "auth/account.h"
#include "base/clock.h"
#include "fact/module.h"
#include "job/lease.h"
#include "job/outbox.h"
#include "notice/notice.h"
#include "org/org.h"
#include "request.h"

static int64_t n_of(struct testdb *t, const char *sql, int64_t arg)
{
	int64_t n = -1;

	OK(t, tk_db_int(t->db, &t->e, sql, TK_ARGS(TK_I(arg)), -1, &n));
	return n;
}

static const char *text_of(struct testdb *t, const char *sql, int64_t arg)
{
	struct tk_value v = TK_NULL;
	bool found;

	OK(t, tk_db_first(t->db, t->mem, &t->e, sql, TK_ARGS(TK_I(arg)), &v, 1, &found));
	return found && v.s ? v.s : "";
}

#define MAILS "SELECT COUNT(*) FROM mail WHERE staff_id = $1"
#define LAST "SELECT subject || ' | ' || body FROM mail WHERE staff_id = $1 ORDER BY id DESC LIMIT 1"

static void day(char iso[11], int days)
{
	tk_date_iso(tk_date_of_days(tk_date_days(tk_today()) + days), iso);
}

static const char *in_days(struct testdb *t, int days)
{
	char iso[11];

	day(iso, days);
	return tk_strdup(t->mem, iso);
}

/* The office of request.h with addresses and accounts: 102 heads 11, 111 heads 12, 121 has no mail;
 * 103 reads English; 104 is the office. */
static void up(struct testdb *t)
{
	static const struct tk_task_source_list { tk_task_source s[2]; } source = { { tk_case_tasks, tk_left_tasks } };

	requests_up(t);
	OK(t, tk_db_script(t->db,
		"INSERT INTO post(id, version, code, name, rank, is_head) VALUES(1,1,'H','課長',1,1),(2,1,'M','主任',5,0);"
		"INSERT INTO staff(id, version, staff_number, name, division_id) VALUES(104,1,'104','所管 四郎',12);"
		"UPDATE staff SET post_id = 2, mail = 'p' || staff_number || '@example.jp';"
		"UPDATE staff SET post_id = 1 WHERE id IN (102, 111);"
		"UPDATE staff SET mail = NULL WHERE id = 121;"
		"INSERT INTO account(id, version, login, name, staff_id, state, lang, failed_count) VALUES"
		"(1101,1,'101','見本 一郎',101,'active','ja',0),(1102,1,'102','見本 二郎',102,'active','ja',0),"
		"(1103,1,'103','見本 三郎',103,'active','en',0),(1104,1,'104','所管 四郎',104,'active','ja',0),"
		"(1111,1,'111','例示 一子',111,'active','ja',0),(1121,1,'121','例示 二子',121,'active','ja',0);"
		"INSERT INTO account_role(id, version, account_id, role) VALUES(1,1,1104,'office')", &t->e));
	tk_task_sources_set(source.s, 2);
	tk_case_told = tk_notice_case;
	tk_mail_base_url("https://tenken.example.jp");
	tk_modules_set(NULL, 0);
}

static void owner(struct testdb *t, const struct request *r, int64_t staff, int64_t deputy)
{
	struct tk_who all = office();
	struct tk_op op = op_of(t, &all);
	struct request now = { 0 };

	OK(t, tk_rec_load(&op, &request_type, r->rec.id, &now));
	tk_set_by(&request_type, &now, "owner_staff_id", TK_I0(staff));
	tk_set_by(&request_type, &now, "deputy_staff_id", TK_I0(deputy));
	OK(t, tk_db_begin(t->db, &t->e));
	OK(t, tk_rec_update(&op, &request_type, &now, -1));
	OK(t, tk_db_commit(t->db, &t->e));
}

static void requester_and_owner_are_told(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_who me, head;
	struct request r;
	const char *mail;

	up(t);
	me = requester(101);
	head = head_of(102, 11);
	r = made(t, &me, "USBの使用", NULL);
	assert_int_equal(n_of(t, "SELECT COUNT(*) FROM mail WHERE 0 < $1", 1), 0);
	OK(t, moved(t, &head, &r, "return", "期間を\r\n書いてください"));
	assert_int_equal(n_of(t, MAILS, 101), 1);
	mail = text_of(t, LAST, 101);
	assert_non_null(strstr(mail, "【お知らせ】USBの使用 | 見本 一郎 様"));
	assert_non_null(strstr(mail, "差し戻す（課室長） → 差戻し中：期間を 書いてください"));
	assert_non_null(strstr(mail, tk_sprintf(t->mem, "https://tenken.example.jp/#/records/test-requests/%" PRId64, r.rec.id)));
	OK(t, moved(t, &me, &r, "resubmit", NULL));                     /* one's own doing is no news */
	assert_int_equal(n_of(t, MAILS, 101), 1);
	/* what is undone told nobody */
	request_moved_fails = true;
	FAILS(t, TK_ECONFLICT, moved(t, &head, &r, "approve", NULL));
	request_moved_fails = false;
	assert_int_equal(n_of(t, MAILS, 101), 1);
	OK(t, moved(t, &head, &r, "approve", NULL));
	assert_int_equal(n_of(t, MAILS, 101), 2);
	owner(t, &r, 103, 0);
	assert_int_equal(n_of(t, MAILS, 103), 1);
	assert_non_null(strstr(text_of(t, LAST, 103), "News of: USBの使用 | Dear 見本 三郎"));
	assert_int_equal(n_of(t, MAILS, 101), 2);                       /* another owner is no move */
	owner(t, &r, 103, 102);
	assert_int_equal(n_of(t, MAILS, 103), 1);
	owner(t, &r, 121, 102);                                         /* no address: no mail, no fault */
	assert_int_equal(n_of(t, MAILS, 121), 0);
}

static void switched_off_or_kept_for_the_day(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_who me, head, sys = tk_who_system("", "", TK_EN);
	struct tk_op op = op_of(t, &sys);
	struct tk_digest_count n;
	struct request r;
	char today[11];

	up(t);
	me = requester(101);
	head = head_of(102, 11);
	day(today, 0);
	r = made(t, &me, "申請", NULL);
	OK(t, tk_notice_set(&op, "test_request", false));
	OK(t, tk_notice_set(&op, "test_request", false));
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM trail WHERE action = 'notice_off'"), 1);
	OK(t, moved(t, &head, &r, "return", "一"));
	assert_int_equal(n_of(t, MAILS, 101), 0);
	OK(t, tk_notice_set(&op, "test_request", true));
	OK(t, moved(t, &me, &r, "resubmit", NULL));
	OK(t, tk_db_exec0(t->db, &t->e, "UPDATE account SET digest_only = 1 WHERE id = 1101"));
	OK(t, moved(t, &head, &r, "return", "二"));
	assert_int_equal(n_of(t, MAILS, 101), 0);
	assert_int_equal(n_of(t, "SELECT COUNT(*) FROM notice WHERE staff_id = $1", 101), 1);
	OK(t, tk_digest_all(t->db, today, NULL, NULL, &n, &t->e));
	assert_int_equal(n_of(t, MAILS, 101), 1);
	assert_non_null(strstr(text_of(t, LAST, 101), "差し戻す（課室長） → 差戻し中：二"));
	assert_int_equal(n_of(t, "SELECT COUNT(*) FROM notice WHERE staff_id = $1", 101), 0);
}

static int64_t digests(struct testdb *t, int days)
{
	struct tk_digest_count n = { 0 };

	t->e.lang = TK_EN;
	OK(t, tk_digest_all(t->db, in_days(t, days), NULL, NULL, &n, &t->e));
	return n.mails;
}

static void one_mail_a_day(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_who me, head;
	struct request r;
	const char *mail;

	up(t);
	me = requester(101);
	head = head_of(102, 11);
	assert_int_equal(digests(t, 0), 0);                             /* nothing to say */
	r = made(t, &me, "申請一", in_days(t, 6));
	assert_int_equal(digests(t, 1), 1);                             /* new: the head's */
	assert_int_equal(digests(t, 1), 0);                             /* asked twice */
	mail = text_of(t, LAST, 102);
	assert_non_null(strstr(mail, "■ "));
	assert_non_null(strstr(mail, "：申請一（期限："));
	assert_int_equal(n_of(t, MAILS, 101), 0);                       /* the requester waits */
	assert_int_equal(digests(t, 2), 0);                             /* told before, not due: silence */
	assert_int_equal(digests(t, 3), 1);                             /* three days before: reminded */
	assert_int_equal(digests(t, 6), 1);                             /* on the day */
	assert_int_equal(digests(t, 7), 1);                             /* late */
	OK(t, moved(t, &head, &r, "approve", NULL));
	owner(t, &r, 103, 0);
	OK(t, tk_db_exec0(t->db, &t->e, "DELETE FROM mail"));
	assert_int_equal(digests(t, 8), 1);                             /* the owner alone, in English */
	mail = text_of(t, LAST, 103);
	assert_non_null(strstr(mail, "To do today: Overdue 1 | Dear 見本 三郎"));
	assert_non_null(strstr(mail, "Start: 申請一"));
	assert_int_equal(n_of(t, MAILS, 104), 0);
	/* five days late: whoever may escalate is told too, once */
	assert_int_equal(digests(t, 11), 2);
	assert_int_equal(n_of(t, MAILS, 104), 1);
	assert_non_null(strstr(text_of(t, LAST, 104), "申請一"));
}

static bool after_two(void *ctx)
{
	return ++*(int *)ctx <= 2;
}

/* The server stops in between; each mail is written once all the same. */
static void stopped_in_between(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_who me, head;
	struct tk_digest_count n;
	struct request r;
	int asked = 0;

	up(t);
	me = requester(101);
	r = made(t, &me, "申請", NULL);
	(void)made(t, &me, "別の申請", NULL);
	head = head_of(102, 11);
	OK(t, moved(t, &head, &r, "approve", NULL));
	owner(t, &r, 103, 0);
	OK(t, tk_db_exec0(t->db, &t->e, "DELETE FROM mail"));
	assert_int_equal(tk_digest_all(t->db, in_days(t, 0), after_two, &asked, &n, &t->e), TK_EBUSY);
	assert_int_equal(n.people, 2);
	assert_int_equal(n_of(t, "SELECT COUNT(*) FROM mail WHERE 0 < $1", 1), 1);
	assert_int_equal(digests(t, 0), 1);
	assert_int_equal(n_of(t, MAILS, 102), 1);
	assert_int_equal(n_of(t, MAILS, 103), 1);
	assert_int_equal(digests(t, 0), 0);
}

static void left(struct testdb *t, int64_t staff, int days)
{
	OK(t, tk_db_exec(t->db, &t->e, "UPDATE staff SET left_on = $2 WHERE id = $1", TK_I(staff),
			 TK_S(in_days(t, days))));
}

#define OWNER "SELECT owner_staff_id FROM tk_case WHERE subject_id = $1"

static void count_left(void *ctx, const struct tk_left_case *c)
{
	(void)c;
	++*(int *)ctx;
}

static void people_leave(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_who me, all = office(), sys = tk_who_system("Tenken", "daily", TK_JA);
	struct tk_op op = op_of(t, &sys), by_office = op_of(t, &all);
	struct request a, b, c, d;
	int64_t n = 0;
	int stays = 0;

	up(t);
	me = requester(101);
	a = made(t, &me, "代理あり", NULL);
	b = made(t, &me, "代理なし", NULL);
	c = made(t, &me, "長もいない", NULL);
	d = made(t, &me, "課室長の担当", NULL);
	owner(t, &a, 103, 111);
	owner(t, &b, 103, 0);
	owner(t, &d, 102, 0);
	OK(t, tk_db_exec(t->db, &t->e, "UPDATE tk_case SET division_id = 21, bureau_id = 2, owner_staff_id = 103"
			 " WHERE subject_id = $1", TK_I(c.rec.id)));
	OK(t, tk_db_exec(t->db, &t->e, "UPDATE test_request SET division_id = 21, owner_staff_id = 103 WHERE id = $1",
			 TK_I(c.rec.id)));
	OK(t, tk_db_exec0(t->db, &t->e, "DELETE FROM mail"));
	left(t, 103, 1);
	OK(t, tk_hand_over_left(&op, in_days(t, 0), &n));
	assert_int_equal(n, 0);                                         /* still here today */
	left(t, 103, 0);
	OK(t, tk_hand_over_left(&op, in_days(t, 0), &n));
	assert_int_equal(n, 2);
	assert_int_equal(n_of(t, OWNER, a.rec.id), 111);                /* the deputy, who is none any more */
	assert_int_equal(n_of(t, "SELECT COALESCE(deputy_staff_id, 0) FROM test_request WHERE id = $1", a.rec.id), 0);
	assert_int_equal(n_of(t, "SELECT owner_staff_id FROM test_request WHERE id = $1", a.rec.id), 111);
	assert_int_equal(n_of(t, OWNER, b.rec.id), 102);                /* the head of the division */
	assert_int_equal(n_of(t, OWNER, c.rec.id), 103);                /* nobody: stays, and is listed */
	assert_int_equal(n_of(t, OWNER, d.rec.id), 102);
	assert_int_equal(n_of(t, "SELECT COUNT(*) FROM case_log l JOIN tk_case c ON c.id = l.case_id WHERE c.subject_id = $1"
				 " AND l.action = 'hand_over'", a.rec.id), 1);
	assert_int_equal(n_of(t, MAILS, 111), 1);
	assert_non_null(strstr(text_of(t, LAST, 111), "見本 三郎さんが担当していた"));
	assert_int_equal(n_of(t, MAILS, 102), 1);
	OK(t, tk_left_cases(&by_office, count_left, &stays));
	assert_int_equal(stays, 1);
	OK(t, tk_hand_over_left(&op, in_days(t, 0), &n));               /* again: nothing more */
	assert_int_equal(n, 0);
	assert_int_equal(n_of(t, MAILS, 102), 1);
}

static void the_office_hands_over(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_who me, all = office(), head;
	struct tk_op op = op_of(t, &all), by_head;
	struct request a, b;
	int64_t n = 0;

	up(t);
	me = requester(101);
	head = head_of(102, 11);
	by_head = op_of(t, &head);
	a = made(t, &me, "一", NULL);
	b = made(t, &me, "二", NULL);
	owner(t, &a, 103, 0);
	owner(t, &b, 111, 103);
	FAILS(t, TK_EPERM, tk_hand_over(&by_head, 103, 111, &n));
	left(t, 121, -1);
	FAILS(t, TK_EINVAL, tk_hand_over(&op, 103, 121, &n));           /* has left */
	assert_string_equal(t->e.field, "to");
	FAILS(t, TK_EINVAL, tk_hand_over(&op, 103, 103, &n));
	FAILS(t, TK_ENOTFOUND, tk_hand_over(&op, 999, 111, &n));
	OK(t, tk_hand_over(&op, 103, 111, &n));
	assert_int_equal(n, 2);
	assert_int_equal(n_of(t, OWNER, a.rec.id), 111);
	assert_int_equal(n_of(t, OWNER, b.rec.id), 111);
	assert_int_equal(n_of(t, "SELECT COALESCE(deputy_staff_id, 0) FROM tk_case WHERE subject_id = $1", b.rec.id), 0);
}

static int worked, work_fails;

static enum tk_rc work(const struct tk_op *op, const char *today)
{
	assert_int_equal(strlen(today), 10);
	worked++;
	return work_fails ? tk_fail(op->e, TK_EINVAL, NULL, "No.") : TK_OK;
}

static void once_a_day_on_one_server(void **s)
{
	static const struct tk_module m = { .name = "test", .daily = work };
	static const struct tk_module *const list[] = { &m };
	struct testdb *t = testdb_of(s);
	struct tk_who sys = tk_who_system("", "", TK_EN);
	struct tk_op op = op_of(t, &sys);
	bool ran, mine;
	const char *at;

	up(t);
	tk_modules_set(list, 1);
	worked = 0;
	work_fails = 1;
	FAILS(t, TK_EINTERNAL, tk_daily_run(t->db, true, NULL, NULL, &ran, &t->e));
	work_fails = 0;
	OK(t, tk_lease_take(t->db, "daily", "another", 60000, &mine, &t->e));
	OK(t, tk_daily_run(t->db, true, NULL, NULL, &ran, &t->e));
	assert_false(ran);
	assert_int_equal(worked, 1);
	OK(t, tk_lease_release(t->db, "daily", "another", &t->e));
	OK(t, tk_daily_run(t->db, true, NULL, NULL, &ran, &t->e));
	assert_true(ran);
	assert_int_equal(worked, 2);                                    /* what failed is tried again */
	OK(t, tk_daily_run(t->db, true, NULL, NULL, &ran, &t->e));
	assert_int_equal(worked, 2);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM daily_run"), 3);
	OK(t, tk_daily_at(&op, &at));
	assert_string_equal(at, "07:30");
	FAILS(t, TK_EINVAL, tk_daily_at_set(&op, "24:00"));
	FAILS(t, TK_EINVAL, tk_daily_at_set(&op, "7:30"));
	OK(t, tk_daily_at_set(&op, "06:05"));
	OK(t, tk_daily_at(&op, &at));
	assert_string_equal(at, "06:05");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TESTDB_BOTH(requester_and_owner_are_told), TESTDB_BOTH(switched_off_or_kept_for_the_day),
		TESTDB_BOTH(one_mail_a_day), TESTDB_BOTH(stopped_in_between), TESTDB_BOTH(people_leave),
		TESTDB_BOTH(the_office_hands_over), TESTDB_BOTH(once_a_day_on_one_server),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
