#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "base/text.h"
#include "job/message.h"

/* A line with an encoded word has at most 76 characters; 12 are its frame, the rest is base64. */
enum { WORD_LINE = 76, WORD_FRAME = 12, WORD_BYTES = 45, LINE_BYTES = 57, PLAIN_MAX = 60 };

static bool plain(const char *s)
{
	for (const unsigned char *p = (const unsigned char *)s; *p; p++)
		if (*p < ' ' || *p > 126)
			return false;
	return strlen(s) <= PLAIN_MAX && !strstr(s, "=?");
}

static void base64(struct tk_buf *b, const char *p, size_t n)
{
	char text[sodium_base64_ENCODED_LEN(LINE_BYTES, sodium_base64_VARIANT_ORIGINAL)];

	sodium_bin2base64(text, sizeof(text), (const unsigned char *)p, n,
			  sodium_base64_VARIANT_ORIGINAL);
	tk_buf_str(b, text);
}

/* Header text in encoded words, each on a line of its own, none cutting a character.  column: how
 * many characters stand before the first. */
static void encoded(struct tk_buf *b, const char *s, size_t column)
{
	size_t n = 0, room = (WORD_LINE - WORD_FRAME - column) / 4 * 3;
	char word[WORD_BYTES];
	bool first = true;

	while (*s || n) {
		uint32_t cp;
		size_t len = *s ? tk_utf8_get(s, &cp) : 0;

		if (len && n + len <= room) {
			memcpy(word + n, s, len);
			if (len == 1 && ((unsigned char)word[n] < ' ' || word[n] == 127))
				word[n] = ' ';
			n += len;
			s += len;
			continue;
		}
		tk_buf_str(b, first ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?");
		base64(b, word, n);
		tk_buf_str(b, "?=");
		first = false;
		room = WORD_BYTES;
		n = 0;
	}
}

static void date_header(struct tk_buf *b, int64_t utc)
{
	static const char day[7][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char month[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
		"Sep", "Oct",
		"Nov", "Dec" };
	time_t t = (time_t)(utc + 9 * 3600);            /* the office's day: Japan */
	struct tm tm;

	gmtime_r(&t, &tm);
	tk_buf_fmt(b, "Date: %s, %02d %s %d %02d:%02d:%02d +0900\r\n", day[tm.tm_wday], tm.tm_mday,
		   month[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* The body with CR LF line ends, as text/plain wants them, in base64 lines of 76 characters. */
static void body(struct tk_buf *b, const char *s)
{
	char line[LINE_BYTES];
	size_t n = 0;

	for (; *s; s++) {
		bool pair = *s == '\n' || (*s == '\r' && s[1] != '\n');

		if (*s == '\r' && s[1] == '\n')
			continue;
		for (int i = 0; i < (pair ? 2 : 1); i++) {
			line[n++] = !pair ? *s : i == 0 ? '\r' : '\n';
			if (n == LINE_BYTES) {
				base64(b, line, n);
				tk_buf_str(b, "\r\n");
				n = 0;
			}
		}
	}
	if (n) {
		base64(b, line, n);
		tk_buf_str(b, "\r\n");
	}
}

enum tk_rc tk_message_write(const struct tk_message *m, struct tk_buf *b, struct tk_err *e)
{
	if (!tk_is_mail(m->to) || !tk_is_mail(m->from))
		return tk_fail(e, TK_EINVAL, "recipient",
			       N_("This is no mail address. Give one like name@example.jp."));
	date_header(b, m->date);
	tk_buf_str(b, "From: ");
	if (m->from_name && *m->from_name) {
		encoded(b, m->from_name, strlen("From: "));
		tk_buf_str(b, "\r\n ");
	}
	tk_buf_fmt(b, "<%s>\r\nTo: <%s>\r\nMessage-ID: <tenken.%" PRId64 "%s>\r\nSubject: ",
		   m->from, m->to, m->id,
		   strchr(m->from, '@'));
	if (plain(m->subject))
		tk_buf_str(b, m->subject);
	else
		encoded(b, m->subject, strlen("Subject: "));
	/* no "out of office" replies to a machine */
	tk_buf_str(b, "\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
		      "Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: "
		      "base64\r\n\r\n");
	body(b, m->body);
	return TK_OK;
}
