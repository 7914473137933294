/* The sender against a mail server (tests/support/smtp_sink.py). */
#include <cjson/cJSON.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/log.h"
#include "job/lease.h"
#include "job/outbox.h"
#include "job/sender.h"
#include "testdb.h"

struct sink { pid_t pid; int in; char out[128], url[64]; };

/* opt and its values: options of the mail server, NULL for none */
static void sink_start(struct testdb *t, struct sink *k, const char *opt, const char *v1, const char *opt2, const char *v2)
{
	const char *py = getenv("TK_SMTP_SINK");
	int in[2], out[2];
	char line[200] = "";
	FILE *said;

	if (!py)
		skip();
	snprintf(k->out, sizeof(k->out), "%s/mails.jsonl", t->dir);
	assert_int_equal(pipe(in), 0);
	assert_int_equal(pipe(out), 0);
	if ((k->pid = fork()) == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		close(in[1]);
		close(out[0]);
		execlp("python3", "python3", py, k->out, opt, v1, opt2, v2, (char *)NULL);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	k->in = in[1];
	said = fdopen(out[0], "r");
	while (fgets(line, sizeof(line), said) && atoi(line) == 0)
		print_message("mail server: %s", line);
	fclose(said);
	assert_int_not_equal(atoi(line), 0);
	snprintf(k->url, sizeof(k->url), "smtp://127.0.0.1:%d", atoi(line));
}

static void sink_stop(struct sink *k)
{
	kill(k->pid, SIGKILL);
	close(k->in);
	waitpid(k->pid, NULL, 0);
}

/* All mails the server took, as a JSON array. */
static cJSON *taken(const struct sink *k)
{
	cJSON *all = cJSON_CreateArray();
	char line[65536];
	FILE *f = fopen(k->out, "r");

	while (f && fgets(line, sizeof(line), f))
		cJSON_AddItemToArray(all, cJSON_Parse(line));
	if (f)
		fclose(f);
	return all;
}

static int taken_by(const struct sink *k, const char *to)
{
	cJSON *all = taken(k), *m;
	int n = 0;

	cJSON_ArrayForEach(m, all)
		n += !strcmp(cJSON_GetArrayItem(cJSON_GetObjectItem(m, "to"), 0)->valuestring, to);
	cJSON_Delete(all);
	return n;
}

static const char *text_of(const cJSON *m, const char *key)
{
	return cJSON_GetObjectItem(m, key)->valuestring;
}

static void queue(struct testdb *t, const char *to, const char *subject, const char *body, const char *secret)
{
	struct tk_who w = tk_who_system("system", "test", TK_EN);
	struct tk_op op = { t->db, t->mem, &w, &t->e };
	struct tk_mail_new m = { .to = to, .subject = subject, .body = body, .secret = secret };

	OK(t, tk_mail_queue(&op, &m));
}

static struct tk_sender_config config(const struct testdb *t, const struct sink *k)
{
	return (struct tk_sender_config){ .db_url = t->url, .smtp_url = k->url, .from = "tenken@office.example.jp",
		.from_name = "情報セキュリティ点検（責任部署）" };
}

/* Waits up to 15 seconds until the query gives n. */
static void until(struct testdb *t, struct tk_sender *s, const char *sql, int64_t n)
{
	for (int i = 0; i < 300 && testdb_int(t, sql) != n; i++) {
		if (s && i % 10 == 9)
			tk_sender_wake(s);
		nanosleep(&(struct timespec){ 0, 50 * 1000000L }, NULL);
	}
	assert_int_equal(testdb_int(t, sql), n);
}

#define SUBJECT "【回答のお願い】平成23年度 情報セキュリティ自己点検（第2回・全職員対象）に回答してください—髙橋様🗻"

static void japanese_arrives(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_sender *send;
	struct tk_sender_config c;
	struct sink k;
	cJSON *all, *m, *h;

	sink_start(t, &k, NULL, NULL, NULL, NULL);
	c = config(t, &k);
	queue(t, "taro@example.jp", SUBJECT, "山田 太郎 様\n\n.\n..行頭の点\nhttps://example.jp/l/{secret}\n", "abc123");
	queue(t, "hanako@example.jp", "Plain", "2\n", NULL);
	OK(t, tk_sender_start(&send, &c, &t->e));
	until(t, send, "SELECT COUNT(*) FROM mail WHERE state = 'sent'", 2);
	tk_sender_stop(send);
	all = taken(&k);
	assert_int_equal(cJSON_GetArraySize(all), 2);
	m = cJSON_GetArrayItem(all, 0);
	assert_string_equal(text_of(m, "subject"), SUBJECT);
	assert_string_equal(text_of(m, "body"), "山田 太郎 様\n\n.\n..行頭の点\nhttps://example.jp/l/abc123\n");
	assert_string_equal(text_of(m, "from_name"), "情報セキュリティ点検（責任部署）");
	assert_string_equal(text_of(m, "from"), "tenken@office.example.jp");
	assert_string_equal(text_of(m, "header_to"), "taro@example.jp");
	assert_string_equal(text_of(m, "type"), "text/plain");
	assert_string_equal(text_of(m, "charset"), "utf-8");
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(m, "defects")), 0);
	assert_true(cJSON_GetObjectItem(m, "longest")->valueint <= 76);
	assert_false(cJSON_IsTrue(cJSON_GetObjectItem(m, "bare_lf")));
	assert_false(cJSON_IsTrue(cJSON_GetObjectItem(m, "eight_bit")));
	h = cJSON_GetObjectItem(m, "headers");
	assert_int_equal(cJSON_GetArraySize(h), 9);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM mail WHERE secret IS NOT NULL OR sent_at IS NULL"), 0);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM trail WHERE rtype = 'mail' AND action = 'send'"), 2);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM lease"), 0);
	cJSON_Delete(all);
	sink_stop(&k);
}

static void put_off_and_refused(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_sender *send;
	struct tk_sender_config c;
	struct sink k;
	int64_t now = tk_now(), wait;

	sink_start(t, &k, NULL, NULL, NULL, NULL);
	c = config(t, &k);
	queue(t, "later-2@example.jp", "x", "y", NULL);
	queue(t, "refuse@example.jp", "x", "y", NULL);
	queue(t, "spam@example.jp", "x", "y", NULL);
	queue(t, "good@example.jp", "x", "y", NULL);
	OK(t, tk_sender_start(&send, &c, &t->e));
	until(t, send, "SELECT COUNT(*) FROM mail WHERE state = 'sent'", 1);    /* the bad ones hold nobody up */
	until(t, send, "SELECT COUNT(*) FROM mail WHERE state = 'failed' AND tries = 1", 2);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM mail WHERE last_error = '550 5.1.1 no such mailbox here'"), 1);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM mail WHERE last_error = '554 5.7.1 content refused'"), 1);
	until(t, send, "SELECT COUNT(*) FROM mail WHERE state = 'queued' AND last_error LIKE '450 %'", 1);
	wait = testdb_int(t, "SELECT next_try_at FROM mail WHERE state = 'queued'") - now;
	assert_in_range(wait, 59, 75);
	OK(t, tk_db_exec0(t->db, &t->e, "UPDATE mail SET next_try_at = 1 WHERE state = 'queued'"));
	until(t, send, "SELECT COUNT(*) FROM mail WHERE state = 'queued' AND tries = 2 AND next_try_at > 1", 1);
	wait = testdb_int(t, "SELECT next_try_at FROM mail WHERE state = 'queued'") - now;
	assert_in_range(wait, 299, 320);
	OK(t, tk_db_exec0(t->db, &t->e, "UPDATE mail SET next_try_at = 1 WHERE state = 'queued'"));
	until(t, send, "SELECT COUNT(*) FROM mail WHERE state = 'sent'", 2);
	assert_int_equal(taken_by(&k, "later-2@example.jp"), 1);
	/* the eighth time is the last */
	queue(t, "later-9@example.jp", "x", "y", NULL);
	OK(t, tk_db_exec0(t->db, &t->e, "UPDATE mail SET tries = 7 WHERE recipient = 'later-9@example.jp'"));
	until(t, send, "SELECT COUNT(*) FROM mail WHERE state = 'failed' AND tries = 8", 1);
	tk_sender_stop(send);
	sink_stop(&k);
}

/* Down, signs off with 421, refuses the sign-in: no mail loses an attempt. */
static void server_away(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_sender *send;
	struct tk_sender_config c;
	struct sink k;

	sink_start(t, &k, "--user", "tenken", "--password", "right");
	c = config(t, &k);
	c.user = "tenken";
	c.password = "wrong";
	queue(t, "a@example.jp", "x", "y", NULL);
	queue(t, "b@example.jp", "x", "y", NULL);
	OK(t, tk_sender_start(&send, &c, &t->e));
	until(t, NULL, "SELECT COUNT(*) FROM mail WHERE state = 'queued' AND tries = 0 AND last_error LIKE '535 %'", 1);
	tk_sender_stop(send);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM mail WHERE state = 'queued' AND tries = 0"), 2);
	c.smtp_url = "smtp://127.0.0.1:1";
	OK(t, tk_sender_start(&send, &c, &t->e));
	until(t, NULL, "SELECT COUNT(*) FROM mail WHERE state = 'queued' AND tries = 0 AND last_error LIKE '%connect%'", 1);
	tk_sender_stop(send);
	c.smtp_url = k.url;
	c.password = "right";
	OK(t, tk_sender_start(&send, &c, &t->e));
	until(t, send, "SELECT COUNT(*) FROM mail WHERE state = 'sent'", 2);
	queue(t, "down@example.jp", "x", "y", NULL);
	tk_sender_wake(send);
	until(t, NULL, "SELECT COUNT(*) FROM mail WHERE state = 'queued' AND tries = 0 AND last_error LIKE '421 %'", 1);
	tk_sender_stop(send);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM lease"), 0);
	sink_stop(&k);
}

static void two_senders_one_works(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_sender *a, *b;
	struct tk_sender_config c;
	struct sink k;
	char to[40];

	sink_start(t, &k, NULL, NULL, NULL, NULL);
	c = config(t, &k);
	for (int i = 0; i < 40; i++) {
		snprintf(to, sizeof(to), "p%d@example.jp", i);
		queue(t, to, "x", "y", NULL);
	}
	OK(t, tk_sender_start(&a, &c, &t->e));
	OK(t, tk_sender_start(&b, &c, &t->e));
	until(t, NULL, "SELECT COUNT(*) FROM mail WHERE state = 'sent'", 40);
	tk_sender_stop(a);
	queue(t, "after@example.jp", "x", "y", NULL);                   /* the other takes over */
	until(t, b, "SELECT COUNT(*) FROM mail WHERE state = 'sent'", 41);
	tk_sender_stop(b);
	for (int i = 0; i < 40; i++) {
		snprintf(to, sizeof(to), "p%d@example.jp", i);
		assert_int_equal(taken_by(&k, to), 1);
	}
	OK(t, tk_sender_start(&a, &c, &t->e));                          /* a restart sends nothing again */
	nanosleep(&(struct timespec){ 0, 500 * 1000000L }, NULL);
	tk_sender_stop(a);
	assert_int_equal(taken_by(&k, "p0@example.jp") + taken_by(&k, "after@example.jp"), 2);
	sink_stop(&k);
}

/* The process is killed after the server took the mail and before it said so. */
static void killed_in_between(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_sender *send;
	struct tk_sender_config c;
	struct sink k;
	cJSON *all, *m, *first = NULL;
	int64_t now;
	pid_t pid;

	sink_start(t, &k, NULL, NULL, NULL, NULL);
	c = config(t, &k);
	c.lease_ms = 3000;
	queue(t, "first@example.jp", "x", "y", NULL);
	queue(t, "hang@example.jp", "x", "y", NULL);
	queue(t, "last@example.jp", "x", "y", NULL);
	if ((pid = fork()) == 0) {
		if (tk_sender_start(&send, &c, &t->e) == TK_OK)
			pause();
		_exit(1);
	}
	for (int i = 0; i < 200 && taken_by(&k, "hang@example.jp") == 0; i++)
		nanosleep(&(struct timespec){ 0, 50 * 1000000L }, NULL);
	now = tk_now_ms();                      /* while it waits for the mail server, nobody waits for it */
	queue(t, "meanwhile@example.jp", "x", "y", NULL);
	assert_true(tk_now_ms() - now < 1000);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM mail WHERE state = 'sending'"), 1);
	OK(t, tk_sender_start(&send, &c, &t->e));
	until(t, send, "SELECT COUNT(*) FROM mail WHERE state = 'sent'", 4);
	tk_sender_stop(send);
	assert_int_equal(taken_by(&k, "first@example.jp"), 1);
	assert_int_equal(taken_by(&k, "last@example.jp"), 1);
	assert_int_equal(taken_by(&k, "hang@example.jp"), 2);           /* that one at most, and recognisable: */
	all = taken(&k);
	cJSON_ArrayForEach(m, all) {
		if (strcmp(text_of(m, "header_to"), "hang@example.jp") != 0)
			continue;
		if (first) {
			assert_string_equal(text_of(m, "message_id"), text_of(first, "message_id"));
			assert_string_equal(text_of(m, "date"), text_of(first, "date"));
		}
		first = m;
	}
	assert_non_null(first);
	cJSON_Delete(all);
	sink_stop(&k);
}

/* smtps: only to a server whose certificate is good. */
static void over_tls(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_sender *send;
	struct tk_sender_config c;
	char pem[128], cmd[1024];
	struct sink k;

	snprintf(pem, sizeof(pem), "%s/tls.pem", t->dir);
	snprintf(cmd, sizeof(cmd), "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=sink"
		 " -addext subjectAltName=IP:127.0.0.1 -keyout %s -out %s.crt 2>/dev/null && cat %s.crt >>%s", pem, pem, pem, pem);
	if (system(cmd) != 0)
		skip();
	sink_start(t, &k, "--tls", pem, NULL, NULL);
	c = config(t, &k);
	memmove(k.url + 5, k.url + 4, strlen(k.url) - 3);
	k.url[4] = 's';
	queue(t, "a@example.jp", "x", "y", NULL);
	OK(t, tk_sender_start(&send, &c, &t->e));
	until(t, NULL, "SELECT COUNT(*) FROM mail WHERE state = 'queued' AND tries = 0 AND last_error LIKE '%certificate%'", 1);
	tk_sender_stop(send);
	c.ca_file = pem;
	OK(t, tk_sender_start(&send, &c, &t->e));
	until(t, send, "SELECT COUNT(*) FROM mail WHERE state = 'sent'", 1);
	tk_sender_stop(send);
	assert_int_equal(taken_by(&k, "a@example.jp"), 1);
	sink_stop(&k);
}

static void no_server_configured(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_who w = tk_who_system("system", "test", TK_EN);
	struct tk_op op = { t->db, t->mem, &w, &t->e };
	struct tk_sender_config c = { .db_url = t->url, .from = "tenken@example.jp" };
	struct tk_mail_status st;
	struct tk_sender *send;

	queue(t, "a@example.jp", "x", "y", NULL);
	OK(t, tk_sender_start(&send, &c, &t->e));
	assert_null(send);
	tk_sender_stop(send);
	OK(t, tk_mail_status(&op, &st));
	assert_false(st.sender);
	assert_int_equal(st.queued, 1);
	c.smtp_url = "http://127.0.0.1/";
	FAILS(t, TK_EINVAL, tk_sender_start(&send, &c, &t->e));
	c.smtp_url = "smtp://127.0.0.1:1";
	c.from = "nobody";
	FAILS(t, TK_EINVAL, tk_sender_start(&send, &c, &t->e));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TESTDB_BOTH(no_server_configured), TESTDB_BOTH(japanese_arrives), TESTDB_BOTH(put_off_and_refused),
		TESTDB_BOTH(server_away), TESTDB_BOTH(two_senders_one_works), TESTDB_BOTH(killed_in_between),
		TESTDB_BOTH(over_tls),
	};

	signal(SIGPIPE, SIG_IGN);
	tk_log_level(TK_LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
