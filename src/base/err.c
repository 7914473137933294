#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"

static const struct { int http; const char *slug; } rc_table[TK_RC_MAX] = {
#define X(id, h, sl) [TK_##id] = { h, sl },
	TK_RC_TABLE(X)
#undef X
};

int tk_rc_http(enum tk_rc rc)
{
	return rc_table[rc].http;
}

const char *tk_rc_slug(enum tk_rc rc)
{
	return rc_table[rc].slug;
}

struct tr_row { const char *id, *text; };
static const struct tr_row tr_table[] = {
#include "tr_table.inc"
};

static int tr_cmp(const void *key, const void *row)
{
	return strcmp(key, ((const struct tr_row *)row)->id);
}

const char *tk_tr(enum tk_lang lang, const char *msgid)
{
	const struct tr_row *r;

	if (!msgid || lang != TK_JA)
		return msgid;
	r = bsearch(msgid, tr_table, TK_LEN(tr_table) - 1, sizeof(tr_table[0]), tr_cmp);
	return r ? r->text : msgid;
}

enum tk_lang tk_lang_of(const char *locale)
{
	if (!locale || !*locale)
		return TK_JA;
	if (!strncmp(locale, "en", 2) || !strcmp(locale, "POSIX") ||
	    !strcmp(locale, "C") || !strncmp(locale, "C.", 2))
		return TK_EN;
	return TK_JA;
}

/* A full message, or a %.60s in the middle of it, may cut a character of several bytes: what is
 * left of it goes. */
static void drop_halves(char *s)
{
	char *o = s;

	while (*s) {
		unsigned char c = (unsigned char)*s;
		size_t want = c < 0x80    ? 1
			      : c >= 0xF0 ? 4
			      : c >= 0xE0 ? 3
			      : c >= 0xC0 ? 2
					  : 0,
		       n = 1;

		while (n < want && ((unsigned char)s[n] & 0xC0) == 0x80)
			n++;
		if (n == want) {
			memmove(o, s, n);
			o += n;
		}
		s += n;
	}
	*o = '\0';
}

/* The translated text comes from our own table, whose formats a test compares with the msgid's. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
enum tk_rc tk_fail_at(struct tk_err *e, const char *where, enum tk_rc rc, const char *field,
		      const char *fmt, ...)
{
	va_list ap;

	if (!e)
		return rc;
	e->rc = rc;
	e->where = where;
	snprintf(e->field, sizeof(e->field), "%s", field ? field : "");
	va_start(ap, fmt);
	vsnprintf(e->msg, sizeof(e->msg), tk_tr(e->lang, fmt), ap);
	va_end(ap);
	drop_halves(e->msg);
	return rc;
}
#pragma GCC diagnostic pop
