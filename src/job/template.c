#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "job/template.h"
#include "record/trail.h"

enum { SUBJECT_MAX = 200, BODY_MAX = 20000, TEXT_MAX = 8000 };

const struct tk_template_kind *tk_template_kind(const char *kind)
{
	for (const struct tk_template_kind *k = tk_template_kinds; k->kind; k++)
		if (!strcmp(k->kind, kind))
			return k;
	return NULL;
}

const char *tk_template_builtin(const char *kind, enum tk_lang lang)
{
	const struct tk_template_kind *k = tk_template_kind(kind);

	return k ? k->text[lang] : NULL;
}

enum { NAME, TITLE, CLOSES_ON, URL, REASON, LIST, NVALUE };
const char *const tk_template_value_name[] = { "name", "title", "closes_on", "url", "reason",
	"list", NULL };
#define value_name tk_template_value_name

/* Which placeholder stands at s ("{title}..."): its index and length; -1 when none does. */
static int placeholder(const char *s, size_t *len)
{
	for (int i = 0; i < NVALUE; i++) {
		size_t n = strlen(value_name[i]);

		if (!strncmp(s + 1, value_name[i], n) && s[n + 1] == '}') {
			*len = n + 2;
			return i;
		}
	}
	return -1;
}

static void put(struct tk_buf *b, const char *s, size_t n, const char *const value[NVALUE])
{
	for (const char *end = s + n; s < end;) {
		size_t len = 1;
		int i = *s == '{' ? placeholder(s, &len) : -1;

		if (i >= 0)
			tk_buf_str(b, value[i]);
		else
			tk_buf_chr(b, *s);
		s += len;
	}
}

/* Where the subject ends and the body begins. */
static bool split(const char *text, size_t *subject, const char **body)
{
	const char *p = text + (*subject = strcspn(text, "\r\n"));

	while (*p == '\r' || *p == '\n')
		p++;
	*body = p;
	return *subject && *p;
}

/* "{name}, {title}": the values of that kind. */
static void known(unsigned values, char *dst, size_t n)
{
	size_t len = 0;

	*dst = '\0';
	for (size_t i = 0; i < NVALUE; i++)
		if (values >> i & 1 && len < n)
			len += (size_t)snprintf(dst + len, n - len, "%s{%s}", len ? ", " : "",
						value_name[i]);
}

enum tk_rc tk_template_check(const char *kind, const char *text, struct tk_err *e)
{
	const struct tk_template_kind *k = tk_template_kind(kind);
	char names[200];
	const char *body;
	size_t n, len;

	if (!k)
		return tk_fail(e, TK_ENOTFOUND, "kind",
			       N_("There is no mail template \"%s\"."), kind);
	if (tk_utf8_count(text) > TEXT_MAX)
		return tk_fail(e, TK_EINVAL, "text",
			       N_("The template may have %d characters at most."), TEXT_MAX);
	known(k->values, names, sizeof(names));

	if (!split(text, &n, &body) || tk_is_blank(body))
		return tk_fail(e, TK_EINVAL, "text",
			       N_("The template of a mail needs a subject in its first line, then "
				  "an empty line and the text."));
	/* the outbox would refuse every mail of this kind, and with it what the mail tells of */
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 127)
			return tk_fail(e, TK_EINVAL, "text",
				       N_("The subject of a mail must be one line without control "
					  "characters."));
	for (const char *p = strchr(text, '{'); p; p = strchr(p + 1, '{')) {
		int i = placeholder(p, &len);

		if (i >= 0 && k->values >> i & 1)
			continue;
		for (len = strnlen(p, 20); len > 0 && (p[len] & 0xC0) == 0x80;)
			len--;                          /* whole characters */
		return tk_fail(e, TK_EINVAL, "text",
			       N_("The template holds an unknown placeholder at \"%.*s\". Known "
				  "are %s."),
			       (int)len, p, names);
	}
	for (const char *p = text; p < body; p++)
		if (!strncmp(p, "{list}", 6))
			return tk_fail(e, TK_EINVAL, "text",
				       N_("{list} has many lines and cannot stand in the "
					  "subject."));
	return TK_OK;
}

static const char *line(struct tk_arena *a, const char *s)
{
	char *r = s ? tk_squeeze(a, s) : tk_strdup(a, "");

	for (char *p = r; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 127)
			*p = ' ';
	return r;
}

static const char *key_of(const struct tk_op *op, const char *kind, enum tk_lang lang)
{
	return tk_sprintf(op->mem, "mail.template.%s.%s", kind, lang == TK_JA ? "ja" : "en");
}

enum tk_rc tk_template_text(const struct tk_op *op, const char *kind, enum tk_lang lang,
			    const char **ret, bool *ret_own)
{
	struct tk_value v[1];
	bool found = false;
	enum tk_rc rc;

	*ret = tk_template_builtin(kind, lang);
	*ret_own = false;
	if (!*ret)
		return tk_fail(op->e, TK_ENOTFOUND, "kind",
			       N_("There is no mail template \"%s\"."), kind);
	rc = tk_db_first(op->db, op->mem, op->e, "SELECT value FROM setting WHERE name = $1",
			 TK_ARGS(TK_S(key_of(op, kind, lang))), v, 1, &found);
	if (rc == TK_OK && found && !tk_is_blank(v[0].s)) {
		*ret = v[0].s;
		*ret_own = true;
	}
	return rc;
}

/* Both texts as they were and are; the office can read the history of a template there. */
static enum tk_rc trail(const struct tk_op *op, const char *kind, enum tk_lang lang,
			const char *was, const char *now)
{
	struct tk_buf b = TK_BUF(TEXT_MAX * 20);
	struct tk_json j = TK_JSON(&b);
	enum tk_rc rc;

	tk_json_obj(&j);
	tk_json_key(&j, key_of(op, kind, lang));
	tk_json_arr(&j);
	tk_json_str(&j, was);
	tk_json_str(&j, now);
	tk_json_end_arr(&j);
	tk_json_end_obj(&j);
	rc = tk_trail_add(op, "update", "mail_template", 0, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return rc;
}

enum tk_rc tk_template_set(const struct tk_op *op, const char *kind, enum tk_lang lang,
			   const char *text)
{
	const char *was, *key = key_of(op, kind, lang);
	bool own;
	enum tk_rc rc = tk_template_text(op, kind, lang, &was, &own);

	if (rc == TK_OK && text)
		rc = tk_template_check(kind, text, op->e);
	if (rc != TK_OK || !strcmp(was, text ? text : tk_template_builtin(kind, lang)))
		return rc;
	rc = tk_db_exec(op->db, op->e, "DELETE FROM setting WHERE name = $1", TK_S(key));
	if (rc == TK_OK && text)
		rc = tk_db_exec(op->db, op->e, "INSERT INTO setting(name, value) VALUES($1, $2)",
				TK_S(key), TK_S(text));
	return rc == TK_OK ? trail(op, kind, lang, was, text) : rc;
}

enum tk_rc tk_template_print(const struct tk_op *op, const char *text, enum tk_lang lang,
			     const struct tk_template_values *v, const char **ret_subject,
			     const char **ret_body)
{
	const char *value[NVALUE] = {
		[NAME] = line(op->mem, v->name),           [TITLE] = line(op->mem, v->title),
		[CLOSES_ON] = line(op->mem, v->closes_on), [URL] = line(op->mem, v->url),
		[REASON] = line(op->mem, v->reason),       [LIST] = v->list ? v->list : "",
	};
	struct tk_buf b = TK_BUF(BODY_MAX * 4);
	const char *body;
	struct tk_date day;
	size_t n;
	enum tk_rc rc = TK_OK;

	if (v->closes_on && tk_date_from_iso(v->closes_on, &day))
		value[CLOSES_ON] = tk_date_print(op->mem, lang, day);
	(void)split(text, &n, &body);
	put(&b, text, n, value);
	*ret_subject = tk_utf8_head(op->mem, tk_buf_cstr(&b), SUBJECT_MAX);
	tk_buf_clear(&b);
	put(&b, body, strlen(body), value);
	*ret_body = tk_utf8_head(op->mem, tk_buf_cstr(&b), BODY_MAX);
	if (b.bad)
		rc = tk_fail(op->e, TK_ETOOBIG, NULL, N_("The text of the mail is too long."));
	tk_buf_drop(&b);
	return rc;
}

enum tk_rc tk_template_fill(const struct tk_op *op, const char *kind, enum tk_lang lang,
			    const struct tk_template_values *v, const char **ret_subject,
			    const char **ret_body)
{
	const char *text;
	bool own;
	enum tk_rc rc = tk_template_text(op, kind, lang, &text, &own);

	if (rc == TK_OK)
		rc = tk_template_check(kind, text, op->e);
	return rc == TK_OK ? tk_template_print(op, text, lang, v, ret_subject, ret_body) : rc;
}
