/* xlsform_type.c - the column "type": XLSForm's words and their older spellings. */
#include <string.h>
#include <strings.h>
#include "base/text.h"
#include "survey/xlsform.h"

static const struct { const char *type, *kind;
} plain[] = {
	{ "text", "text" },
	{ "string", "text" },
	{ "q string", "text" },
	{ "add text prompt", "text" },
	{ "phone number", "text" },
	{ "add phone number prompt", "text" },
	{ "number of phone number", "text" },
	{ "integer", "int" },
	{ "int", "int" },
	{ "q int", "int" },
	{ "add integer prompt", "int" },
	{ "q integer", "int" },
	{ "percentage", "int" },
	{ "add percentage prompt", "int" },
	{ "range", "int" },
	{ "decimal", "decimal" },
	{ "q decimal", "decimal" },
	{ "add decimal prompt", "decimal" },
	{ "date", "date" },
	{ "q date", "date" },
	{ "add date prompt", "date" },
	{ "note", "note" },
	{ "q note", "note" },
	{ "add note prompt", "note" },
	{ "calculate", "calculate" },
	{ "q calculate", "calculate" },
	{ "add calculate prompt", "calculate" },
	{ "calculation", "calculate" },
	{ "start", "meta" },
	{ "end", "meta" },
	{ "today", "meta" },
	{ "deviceid", "meta" },
	{ "device id", "meta" },
	{ "username", "meta" },
	{ "email", "meta" },
	{ "phonenumber", "meta" },
	{ "simserial", "meta" },
	{ "subscriberid", "meta" },
	{ "imei", "meta" },
	{ "audit", "meta" },
	{ "start time", "meta" },
	{ "end time", "meta" },
	{ "get start time", "meta" },
	{ "get end time", "meta" },
	{ "get today", "meta" },
	{ "get device id", "meta" },
	{ "get subscriber id", "meta" },
	{ "get sim id", "meta" },
	{ "get phone number", "meta" },
};

/* Longer ones first where one begins another. */
static const struct { const char *type, *kind;
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
	if (!strcasecmp(s, "group") || !strcasecmp(s, "lgroup"))
		return end ? "end" : "group";
	if (!strncasecmp(s, "repeat", 6) || !strncasecmp(s, "loop", 4) ||
	    !strncasecmp(s, "kobomatrix", 10) || !strncasecmp(s, "score", 5) ||
	    !strncasecmp(s, "rank", 4))
		return end ? "end" : "repeat";
	return NULL;
}

struct tk_xls_type tk_xls_type_of(struct tk_arena *a, const char *type)
{
	const char *s = structure(type);

	if (s)
		return (struct tk_xls_type){ .kind = s };
	for (size_t i = 0; i < TK_LEN(choosing); i++)
		if (!strncasecmp(type, choosing[i].type, strlen(choosing[i].type)))
			return choice_type(a, type + strlen(choosing[i].type), choosing[i].kind);
	for (size_t i = 0; i < TK_LEN(plain); i++)
		if (!strcasecmp(type, plain[i].type))
			return (struct tk_xls_type){ .kind = plain[i].kind,
						     .percent = strstr(plain[i].type,
								       "percentage") != NULL };
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
