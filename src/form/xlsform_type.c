/* xlsform_type.c - the column "type": XLSForm's words and their older spellings. */
#include <string.h>
#include <strings.h>
#include "base/text.h"
#include "form/xlsform.h"

/* Older spellings put "q " in front or "add ... prompt" around. */
static const struct {
	const char *type, *kind;
	int max;
} plain[] = {
	{ "text", "text", 0 },
	{ "string", "text", 0 },
	{ "phone number", "text", 0 },
	{ "integer", "int", 0 },
	{ "int", "int", 0 },
	{ "percentage", "int", 100 },
	{ "number of days in last month", "int", 31 },
	{ "number of days in last six months", "int", 183 },
	{ "number of days in last year", "int", 365 },
	{ "range", "int", 0 },
	{ "decimal", "decimal", 0 },
	{ "date", "date", 0 },
	{ "time", "time", 0 },
	{ "note", "note", 0 },
	{ "acknowledge", "acknowledge", 0 },
	{ "trigger", "acknowledge", 0 },
	{ "calculate", "calculate", 0 },
	{ "calculation", "calculate", 0 },
	{ "hidden", "hidden", 0 },
	{ "start", "meta", 0 },
	{ "end", "meta", 0 },
	{ "today", "meta", 0 },
	{ "deviceid", "meta", 0 },
	{ "device id", "meta", 0 },
	{ "username", "meta", 0 },
	{ "email", "meta", 0 },
	{ "phonenumber", "meta", 0 },
	{ "simserial", "meta", 0 },
	{ "sim id", "meta", 0 },
	{ "subscriberid", "meta", 0 },
	{ "subscriber id", "meta", 0 },
	{ "imei", "meta", 0 },
	{ "audit", "meta", 0 },
	{ "start time", "meta", 0 },
	{ "end time", "meta", 0 },
	{ "get start time", "meta", 0 },
	{ "get end time", "meta", 0 },
	{ "get today", "meta", 0 },
	{ "get device id", "meta", 0 },
	{ "get subscriber id", "meta", 0 },
	{ "get sim id", "meta", 0 },
	{ "get phone number", "meta", 0 },
	{ "uri:deviceid", "meta", 0 },
	{ "uri:subscriberid", "meta", 0 },
	{ "uri:simserial", "meta", 0 },
	{ "uri:phonenumber", "meta", 0 },
	{ "uri:username", "meta", 0 },
	{ "uri:email", "meta", 0 },
};

/* Longer ones first where one begins another. */
static const struct {
	const char *type, *kind;
} choosing[] = {
	{ "add select one prompt using ", "single" },
	{ "add select multiple prompt using ", "multi" },
	{ "select all that apply from ", "multi" },
	{ "select all that apply ", "multi" },
	{ "select one using ", "single" },
	{ "select one from ", "single" },
	{ "select one ", "single" },
	{ "select multiple using ", "multi" },
	{ "select multiple from ", "multi" },
	{ "select multiple ", "multi" },
	{ "select_one ", "single" },
	{ "select1 ", "single" },
	{ "q select1 ", "single" },
	{ "select_multiple ", "multi" },
	{ "q select ", "multi" },
	{ "rank ", "rank" },
	{ "odk:rank ", "rank" },
};

static bool ends_with(const char *s, size_t n, const char *tail, size_t *ret)
{
	size_t m = strlen(tail);

	if (n <= m || strncasecmp(s + n - m, tail, m) != 0)
		return false;
	*ret = n - m;
	return true;
}

static struct tk_xls_type choice_type(struct tk_arena *a, const char *rest, const char *kind)
{
	struct tk_xls_type t = { .kind = kind };
	size_t n = strlen(rest);

	t.other = ends_with(rest, n, " or_other", &n) ||
		  ends_with(rest, n, " or specify other", &n) ||
		  ends_with(rest, n, " or other", &n);
	t.list = tk_strndup(a, rest, n);
	/* choices out of a repeat, or a list of several words */
	if (strchr(t.list, ' ') || strchr(t.list, '$'))
		return (struct tk_xls_type){ .kind = "other" };
	return t;
}

/* "begin group", "begin_repeat", "begin loop over list", "end_group" ... */
static const char *structure(const char *s)
{
	bool end = !strncasecmp(s, "end", 3);

	if (!end && strncasecmp(s, "begin", 5) != 0)
		return NULL;
	s += end ? 3 : 5;
	if (*s != ' ' && *s != '_')
		return NULL;
	s++;
	if (!strcasecmp(s, "group") || !strcasecmp(s, "kobomatrix"))
		return end ? "end" : "group";
	if (!strncasecmp(s, "repeat", 6) || !strncasecmp(s, "loop", 4) ||
	    !strcasecmp(s, "lgroup") || !strncasecmp(s, "score", 5) || !strncasecmp(s, "rank", 4))
		return end ? "end" : "repeat";
	return NULL;
}

/* Without "q " in front and "add ... prompt" around. */
static const char *bare(struct tk_arena *a, const char *type)
{
	size_t n = strlen(type);

	if (!strncasecmp(type, "q ", 2))
		return type + 2;
	if (!strncasecmp(type, "add ", 4) && ends_with(type, n, " prompt", &n))
		return tk_strndup(a, type + 4, n - 4);
	return type;
}

struct tk_xls_type tk_xls_type_of(struct tk_arena *a, const char *type)
{
	const char *s = structure(type);

	if (s)
		return (struct tk_xls_type){ .kind = s };
	for (size_t i = 0; i < TK_LEN(choosing); i++)
		if (!strncasecmp(type, choosing[i].type, strlen(choosing[i].type)))
			return choice_type(a, type + strlen(choosing[i].type), choosing[i].kind);
	type = bare(a, type);
	for (size_t i = 0; i < TK_LEN(plain); i++)
		if (!strcasecmp(type, plain[i].type))
			return (struct tk_xls_type){ .kind = plain[i].kind, .max = plain[i].max };
	return (struct tk_xls_type){ .kind = "other" };
}

/* pair* with blanks, commas or semicolons between, "start=1 end=10". */
const char *tk_xls_parameter(struct tk_arena *a, const char *parameters, const char *key)
{
	size_t n = strlen(key);

	for (const char *p = parameters ? parameters : ""; *p; p += strcspn(p, " ,;")) {
		p += strspn(p, " ,;");
		if (!strncasecmp(p, key, n) && p[n + strspn(p + n, " ")] == '=') {
			p += n + strspn(p + n, " ") + 1;
			p += strspn(p, " ");
			return tk_strndup(a, p, strcspn(p, " ,;"));
		}
	}
	return NULL;
}
