#include <curl/curl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/text.h"
#include "job/smtp.h"

enum { CONNECT_S = 20, WHOLE_S = 60 };
enum phase { AT_START, AT_MAIL, AT_RCPT, AT_DATA };

struct tk_smtp {
	const struct tk_sender_config *c;
	const atomic_bool *stop;
	CURL *curl;
	long tls;
	/* of the mail on its way */
	enum phase phase;
	const char *text;
	size_t len, at;
	struct tk_smtp_reply *reply;
};

static size_t give(char *dst, size_t size, size_t n, void *arg)
{
	struct tk_smtp *s = arg;
	size_t want = size * n, left = s->len - s->at;

	if (want > left)
		want = left;
	memcpy(dst, s->text + s->at, want);
	s->at += want;
	return want;
}

/* libcurl starts over when a connection kept open turns out to be dead. */
static int rewind_to(void *arg, curl_off_t off, int origin)
{
	struct tk_smtp *s = arg;

	if (origin != SEEK_SET || off < 0 || (size_t)off > s->len)
		return CURL_SEEKFUNC_CANTSEEK;
	s->at = (size_t)off;
	return CURL_SEEKFUNC_OK;
}

/* Keeps the server's last refusal: the words that the office must see. */
static size_t hear(char *p, size_t size, size_t n, void *arg)
{
	struct tk_smtp *s = arg;
	size_t len = size * n, keep = 0;
	int code = 0;

	if (len < 3)
		return len;
	for (size_t i = 0; i < 3; i++)
		code = p[i] >= '0' && p[i] <= '9' ? code * 10 + (p[i] - '0') : 0;
	if (code < 400 || code > 599)
		return len;
	s->reply->code = code;
	while (keep < len && keep < sizeof(s->reply->text) - 1 && p[keep] != '\r' &&
	       p[keep] != '\n')
		keep++;
	memcpy(s->reply->text, p, keep);
	s->reply->text[keep] = '\0';
	return len;
}

/* How far the talk went, by the commands that libcurl sends (only their first four letters: AUTH
 * carries the password). */
static int watch(CURL *h, curl_infotype kind, char *p, size_t n, void *arg)
{
	struct tk_smtp *s = arg;

	(void)h;
	if (kind == CURLINFO_DATA_OUT)
		s->phase = AT_DATA;
	if (kind != CURLINFO_HEADER_OUT || n < 4)
		return 0;
	if (!strncmp(p, "EHLO", 4))             /* a new connection in place of a dead one */
		s->phase = AT_START;
	else if (!strncmp(p, "MAIL", 4))
		s->phase = AT_MAIL;
	else if (!strncmp(p, "RCPT", 4))
		s->phase = AT_RCPT;
	else if (!strncmp(p, "DATA", 4))
		s->phase = AT_DATA;
	return 0;
}

static int go_on(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	const struct tk_smtp *s = arg;

	(void)a; (void)b; (void)c; (void)d;
	return s->phase < AT_DATA &&
	       atomic_load(s->stop); /* what the server may have is waited for */
}

static bool loopback(const char *url)
{
	const char *host = strstr(url, "://");
	size_t n;

	if (!host)
		return false;
	host += 3;
	n = strcspn(host, ":/");
	return (n == 9 && !strncmp(host, "localhost", 9)) || !strncmp(host, "[::1]", 5) ||
	       (!strncmp(host, "127.", 4) && strspn(host, "0123456789.") == n);
}

static void global_init(void)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		abort();
}

struct tk_smtp *tk_smtp_new(const struct tk_sender_config *c, const atomic_bool *stop)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct tk_smtp *s = tk_xcalloc(1, sizeof(*s));

	pthread_once(&once, global_init);
	s->c = c;
	s->stop = stop;
	s->curl = curl_easy_init();
	if (!s->curl)
		abort();
	/* a local server's certificate is usually one nobody can check, and nothing leaves the
	 * machine */
	s->tls = loopback(c->smtp_url) ? CURLUSESSL_NONE
		 : c->password         ? CURLUSESSL_ALL
				       : CURLUSESSL_TRY;
	return s;
}

void tk_smtp_free(struct tk_smtp *s)
{
	if (!s)
		return;
	curl_easy_cleanup(s->curl);
	free(s);
}

static void set_up(struct tk_smtp *s, struct curl_slist *to, const char *from, char *why)
{
	CURL *h = s->curl;

	curl_easy_reset(h);                     /* the connection stays */
	curl_easy_setopt(h, CURLOPT_URL, s->c->smtp_url);
	curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h, CURLOPT_PROXY, "");
	curl_easy_setopt(h, CURLOPT_USE_SSL, s->tls);
	if (s->c->user)
		curl_easy_setopt(h, CURLOPT_USERNAME, s->c->user);
	if (s->c->password)
		curl_easy_setopt(h, CURLOPT_PASSWORD, s->c->password);
	if (s->c->ca_file)
		curl_easy_setopt(h, CURLOPT_CAINFO, s->c->ca_file);
	curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
	curl_easy_setopt(h, CURLOPT_TIMEOUT, (long)WHOLE_S);
	curl_easy_setopt(h, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)WHOLE_S);
	curl_easy_setopt(h, CURLOPT_MAIL_FROM, from);
	curl_easy_setopt(h, CURLOPT_MAIL_RCPT, to);
	curl_easy_setopt(h, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(h, CURLOPT_READFUNCTION, give);
	curl_easy_setopt(h, CURLOPT_READDATA, s);
	curl_easy_setopt(h, CURLOPT_SEEKFUNCTION, rewind_to);
	curl_easy_setopt(h, CURLOPT_SEEKDATA, s);
	curl_easy_setopt(h, CURLOPT_HEADERFUNCTION, hear);
	curl_easy_setopt(h, CURLOPT_HEADERDATA, s);
	curl_easy_setopt(h, CURLOPT_DEBUGFUNCTION, watch);
	curl_easy_setopt(h, CURLOPT_DEBUGDATA, s);
	curl_easy_setopt(h, CURLOPT_VERBOSE, 1L);
	curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, go_on);
	curl_easy_setopt(h, CURLOPT_XFERINFODATA, s);
	curl_easy_setopt(h, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(h, CURLOPT_ERRORBUFFER, why);
}

/* Is it the mail, or is it the server (or our account there)? */
static enum tk_smtp_end judge(const struct tk_smtp *s, CURLcode rc)
{
	int code = s->reply->code;

	if (rc == CURLE_ABORTED_BY_CALLBACK)
		return TK_SMTP_STOPPED;
	if (code == 421 || code == 530 || code == 535 || code == 538)
		return TK_SMTP_DOWN;
	if (s->phase >= AT_RCPT && code >= 500)
		return TK_SMTP_REFUSED;
	if (s->phase >= AT_RCPT)                /* put off, or no answer after the text was given */
		return TK_SMTP_LATER;
	return TK_SMTP_DOWN;
}

void tk_smtp_send(struct tk_smtp *s, const char *to, const char *message, size_t n,
		  struct tk_smtp_reply *ret)
{
	struct curl_slist *list = curl_slist_append(NULL, to);
	char why[CURL_ERROR_SIZE] = "";
	CURLcode rc;

	*ret = (struct tk_smtp_reply){ 0 };
	s->phase = AT_START;
	s->text = message;
	s->len = n;
	s->at = 0;
	s->reply = ret;
	set_up(s, list, s->c->from, why);
	rc = curl_easy_perform(s->curl);
	curl_slist_free_all(list);
	if (rc == CURLE_OK) {
		ret->end = TK_SMTP_SENT;
		return;
	}
	ret->end = judge(s, rc);
	if (!ret->text[0])
		snprintf(ret->text, sizeof(ret->text), "%s", why[0] ? why : curl_easy_strerror(rc));
	for (char *p = ret->text; *p; p++) /* servers speak any character set: keep what is sure */
		if ((unsigned char)*p < ' ' || (unsigned char)*p > 126)
			*p = '?';
}
