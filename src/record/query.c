/* query.c - the query string of a list, from text. */
#include <string.h>
#include "base/text.h"
#include "record/query.h"

enum { MAX_PAIRS = 32 };

static int hex(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

/* NULL: an escape that is none, or not UTF-8. */
static char *decode(struct tk_arena *a, const char *s, size_t n)
{
	char *out = tk_alloc(a, n + 1), *o = out;

	for (size_t i = 0; i < n; i++) {
		if (s[i] != '%') {
			*o++ = s[i] == '+' ? ' ' : s[i];
			continue;
		}
		if (i + 2 >= n || hex(s[i + 1]) < 0 || hex(s[i + 2]) < 0)
			return NULL;
		*o++ = (char)(hex(s[i + 1]) << 4 | hex(s[i + 2]));
		i += 2;
	}
	*o = '\0';
	return strlen(out) == (size_t)(o - out) && tk_utf8_valid(out, (size_t)(o - out)) ? out
											 : NULL;
}

enum tk_rc tk_query_parse(struct tk_query *q, const struct tk_rtype *t, struct tk_arena *mem,
			  const char *text, struct tk_err *e)
{
	enum tk_rc rc = TK_OK;
	int pairs = 0;

	*q = (struct tk_query){ 0 };
	if (*text == '?')
		text++;
	while (*text && rc == TK_OK) {
		size_t n = strcspn(text, "&"), eq = strcspn(text, "=&");
		char *name = decode(mem, text, eq);
		char *value = eq < n ? decode(mem, text + eq + 1, n - eq - 1) : tk_strdup(mem, "");

		if (!name || !value || ++pairs > MAX_PAIRS)
			return tk_fail(e, TK_EINVAL, "query",
				       N_("\"%.60s\" is no filter of a list."), text);
		if (n)
			rc = tk_query_add(q, t, name, value, e);
		text += n;
		text += *text == '&';
	}
	return rc;
}
