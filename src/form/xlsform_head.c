/* xlsform_head.c - headings of an XLSForm sheet and the cells under them.
 *
 * A heading is compared without case, blanks are underscores, older names are known.  A translation
 * is written label::Japanese (ja); where no heading of the sheet has ::, also label:Japanese. */
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "base/text.h"
#include "form/xlsform_in.h"

/* name: as it is written here.  Fields of the record; en NULL: not translated. */
struct known { const char *name, *alias, *ja, *en; };

static const struct known survey_column[] = {
	{ "type", "command", NULL, NULL },
	{ "name", "tag value", NULL, NULL },
	{ "label", "caption", "label_ja", "label_en" },
	{ "hint", "", "hint_ja", "hint_en" },
	{ "guidance_hint", "", "guidance_ja", "guidance_en" },
	{ "required", "", NULL, NULL },
	{ "required_message", "requiredmsg jr:requiredmsg", "required_ja", "required_en" },
	{ "relevant", "relevance", "relevant", NULL },
	{ "constraint", "", "constraint_expr", NULL },
	{ "constraint_message", "constraining_message jr:constraintmsg", "constraint_ja",
	  "constraint_en" },
	{ "calculation", "calculate", "calculation", NULL },
	{ "default", "", "default_value", NULL },
	{ "appearance", "", "appearance", NULL },
	{ "parameters", "", "parameters", NULL },
	{ "choice_filter", "", "choice_filter", NULL },
	{ "repeat_count", "count jr:count", "repeat_count", NULL },
	{ "trigger", "", "trigger_on", NULL },
	{ "disabled", "", NULL, NULL },
	{ "read_only", "readonly", NULL, NULL },
	{ "audience", "", "audience", NULL },
	{ "clause", "", "clause", NULL },
	{ "evidence", "media_evidence", NULL, NULL },
	{ "not_applicable", "", NULL, NULL },
	{ "dont_know", "", NULL, NULL },
	{ "min_value", "", NULL, NULL },
	{ "max_value", "", NULL, NULL },
	{ NULL, NULL, NULL, NULL },
};
static const struct known choice_column[] = {
	{ "list_name", "", NULL, NULL },
	{ "name", "value", NULL, NULL },
	{ "label", "caption", "label_ja", "label_en" },
	{ NULL, NULL, NULL, NULL },
};
static const struct known setting_column[] = {
	{ "form_title", "title", NULL, NULL },
	{ "form_title_en", "", NULL, NULL },
	{ "form_id", "id_string", NULL, NULL },
	{ "default_language", "", NULL, NULL },
	{ "clean_text_values", "", NULL, NULL },
	{ NULL, NULL, NULL, NULL },
};
static const struct known *const column_of[] = {
	[TK_XLS_SURVEY] = survey_column,
	[TK_XLS_CHOICES] = choice_column,
	[TK_XLS_SETTINGS] = setting_column,
};

/* NBSP becomes a blank, both ends are cut. */
static char *trimmed(struct tk_arena *a, const char *s)
{
	char *t = tk_strdup(a, s), *to = t;
	size_t n;

	for (const char *p = t; *p; p++) {
		if ((unsigned char)p[0] == 0xC2 && (unsigned char)p[1] == 0xA0) {
			*to++ = ' ';
			p++;
		} else {
			*to++ = *p;
		}
	}
	*to = '\0';
	while (*t == ' ' || *t == '\t' || *t == '\n' || *t == '\r')
		t++;
	for (n = strlen(t);
	     n && (t[n - 1] == ' ' || t[n - 1] == '\t' || t[n - 1] == '\n' || t[n - 1] == '\r');
	     n--)
		t[n - 1] = '\0';
	return t;
}

const char *tk_xls_text(struct tk_arena *a, const char *s, bool fold)
{
	char *t = trimmed(a, s), *to = t;

	if (!fold)
		return t;
	for (const char *p = t; *p; p++)
		if (*p != ' ' || to == t || to[-1] != ' ')
			*to++ = *p;
	*to = '\0';
	return t;
}

/* Word processors turn quotation marks into ones that expressions do not know. */
const char *tk_xls_plain_quotes(struct tk_arena *a, const char *s)
{
	char *t = tk_strdup(a, s), *to = t;

	for (const char *p = t; *p; p++) {
		bool quote = !strncmp(p, "\xE2\x80", 2);
		unsigned char c = quote ? (unsigned char)p[2] : 0;

		if (c == 0x98 || c == 0x99 || c == 0x9C || c == 0x9D) {
			*to++ = c < 0x9C ? '\'' : '"';
			p += 2;
		} else {
			*to++ = *p;
		}
	}
	*to = '\0';
	return t;
}

/* "List Name" -> "list_name" */
static char *snake(struct tk_arena *a, const char *s)
{
	char *t = tk_strdup(a, s);

	for (char *p = t; *p; p++)
		*p = *p == ' ' ? '_' : *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
	return t;
}

static bool is_word_of(const char *words, const char *w)
{
	return *w && tk_has_word(words, w);
}

static const struct known *find(enum tk_xls_sheet sheet, const char *name)
{
	for (const struct known *k = column_of[sheet]; k->name; k++)
		if (!strcmp(k->name, name) || is_word_of(k->alias, name))
			return k;
	return NULL;
}

enum tk_xls_lang tk_xls_lang_of(const char *s)
{
	const char *tag = strrchr(s, '(');

	if (!*s)
		return TK_XLS_PLAIN;
	if (tag && (!strncasecmp(tag, "(ja)", 4) || !strncasecmp(tag, "(ja-", 4)))
		return TK_XLS_JA;
	if (tag && (!strncasecmp(tag, "(en)", 4) || !strncasecmp(tag, "(en-", 4)))
		return TK_XLS_EN;
	if (!strncasecmp(s, "japanese", 8) || !strncmp(s, "日本語", strlen("日本語")) ||
	    !strcasecmp(s, "ja"))
		return TK_XLS_JA;
	if (!strncasecmp(s, "english", 7) || !strncmp(s, "英語", strlen("英語")) ||
	    !strcasecmp(s, "en"))
		return TK_XLS_EN;
	return TK_XLS_OTHER;
}

/* bind::relevant and its like are the plain column. */
static const char *without_group(const char *s)
{
	static const char *const group[] = { "bind", "control", "body" };

	for (size_t i = 0; i < TK_LEN(group); i++) {
		size_t n = strlen(group[i]);

		if (!strncasecmp(s, group[i], n) && s[n] == ':')
			return s + n + strspn(s + n, ": ");
	}
	return s;
}

/* A heading may be broken over lines. */
static const char *heading(struct tk_arena *a, const char *s)
{
	char *t = tk_strdup(a, s);

	for (char *p = t; *p; p++)
		if (*p == '\n' || *p == '\t' || *p == '\r')
			*p = ' ';
	return tk_xls_text(a, t, true);
}

static void make_column(struct tk_xls_head *h, struct tk_arena *a, const char *raw, bool doubled)
{
	struct tk_xls_column *c = &h->col[h->n++];
	const char *s = without_group(raw), *sep = doubled ? strstr(s, "::") : strchr(s, ':');
	const struct known *k = find(h->sheet, snake(a, s));
	char *base = sep && !k ? snake(a, tk_xls_text(a, tk_strndup(a, s, (size_t)(sep - s)), true))
			       : NULL;

	*c = (struct tk_xls_column){ .raw = raw };
	if (base) {
		k = find(h->sheet, base);
		c->lang = tk_xls_lang_of(tk_xls_text(a, sep + strspn(sep, ": "), true));
		if (k && !k->en && c->lang != TK_XLS_PLAIN && strcmp(k->name, "form_title") != 0)
			k = NULL;
	}
	if (k)
		*c = (struct tk_xls_column){
			.raw = raw, .name = k->name, .ja = k->ja, .en = k->en, .lang = c->lang
		};
}

/* Does a heading say the same column in this language, and says which? */
static bool has_in(const struct tk_xls_head *h, const char *name, enum tk_xls_lang lang)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->col[i].name && !strcmp(h->col[i].name, name) && h->col[i].lang == lang &&
		    !h->col[i].plain)
			return true;
	return false;
}

/* The default language, else the one that the column has no other heading for. */
static void settle_column(struct tk_xls_head *h, struct tk_arena *a, struct tk_xls_column *c,
			  enum tk_xls_lang plain, bool known)
{
	enum tk_xls_lang other = plain == TK_XLS_JA ? TK_XLS_EN : TK_XLS_JA;

	c->plain = true;
	c->lang = known || !has_in(h, c->name, plain) ? plain
		  : !has_in(h, c->name, other)        ? other
						      : TK_XLS_OTHER;
	if (c->lang == TK_XLS_OTHER)            /* as pyxform calls it */
		c->raw = tk_sprintf(a, "%s::default", c->name);
}

/* Which language a heading without one means. */
static void settle_plain(struct tk_xls_head *h, struct tk_arena *a, enum tk_xls_lang plain)
{
	bool ja = false, en = false, known = plain == TK_XLS_JA || plain == TK_XLS_EN;

	for (size_t i = 0; i < h->n; i++) {
		ja = ja || (h->col[i].name && h->col[i].lang == TK_XLS_JA);
		en = en || (h->col[i].name && h->col[i].lang == TK_XLS_EN);
	}
	if (!known)
		plain = ja && !en ? TK_XLS_EN : TK_XLS_JA;
	for (size_t i = 0; i < h->n; i++) {
		struct tk_xls_column *c = &h->col[i];

		if (c->lang == TK_XLS_PLAIN && c->en)
			settle_column(h, a, c, plain, known);
		c->field = c->lang == TK_XLS_OTHER         ? NULL
			   : c->lang == TK_XLS_EN && c->en ? c->en
							   : c->ja;
		if (c->lang == TK_XLS_OTHER)
			c->name = NULL;
	}
}

static enum tk_rc twice(const struct tk_xls_head *h, struct tk_arena *a, struct tk_err *e)
{
	for (size_t i = 0; i < h->n; i++)
		for (size_t k = 0; k < i; k++) {
			const struct tk_xls_column *x = &h->col[i], *y = &h->col[k];
			bool same = x->name && y->name && !strcmp(x->name, y->name) &&
				    x->lang == y->lang;
			char cell[TK_CELL_NAME];

			if (*x->raw && (same || !strcmp(x->raw, y->raw)))
				return tk_fail(
					e, TK_EINVAL,
					tk_sprintf(a, "%s!%s", h->sheet_name,
						   tk_cell_name((uint32_t)i, 1, cell)),
					N_("Sheet %s, cell %s: the heading \"%.60s\" says the same "
					   "as \"%.60s\" before it. Remove one of the columns."),
					h->sheet_name, cell, x->raw, y->raw);
		}
	return TK_OK;
}

enum tk_rc tk_xls_head_read(struct tk_xls_head *h, struct tk_arena *a, struct tk_xls_rows *s,
			    enum tk_xls_sheet sheet, enum tk_xls_lang plain, struct tk_err *e)
{
	static const char *const name[] = { "survey", "choices", "settings" };
	struct tk_row row;
	bool doubled = false;
	enum tk_rc rc = tk_xls_next(s, &row, e);

	*h = (struct tk_xls_head){ .sheet = sheet, .sheet_name = name[sheet] };
	if (rc != TK_OK || row.number == 0)
		return rc;
	for (size_t i = 0; i < row.n; i++)
		doubled = doubled || strstr(row.cell[i].text, "::");
	for (size_t i = 0; i < row.n && h->n < TK_LEN(h->col); i++)
		make_column(h, a, heading(a, row.cell[i].text), doubled);
	settle_plain(h, a, plain);
	return twice(h, a, e);
}

/* The cell of a known column without language. */
const char *tk_xls_cell(const struct tk_xls_head *h, struct tk_arena *a, const struct tk_row *row,
			const char *name)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->col[i].name && !strcmp(h->col[i].name, name))
			return tk_xls_text(a, tk_row_text(row, i), true);
	return "";
}

/* Letters put in, left out or changed between two short words. */
static size_t distance(const char *x, const char *y)
{
	size_t line[40], n = strlen(y);

	for (size_t k = 0; k <= n; k++)
		line[k] = k;
	for (size_t i = 1; x[i - 1]; i++) {
		size_t diagonal = line[0];

		line[0] = i;
		for (size_t k = 1; k <= n; k++) {
			size_t change = diagonal + (x[i - 1] != y[k - 1]),
			       gap = 1 + (line[k] < line[k - 1] ? line[k] : line[k - 1]);

			diagonal = line[k];
			line[k] = change < gap ? change : gap;
		}
	}
	return line[n];
}

bool tk_xls_near(const char *s, const char *known)
{
	size_t n = strlen(s), m = strlen(known), d;

	if (n > 38 || m > 38 || m < 5 || n + 2 < m || m + 2 < n)
		return false;
	d = distance(s, known);
	return d == 1 || (d == 2 && m > 5);
}

const char *tk_xls_meant(const struct tk_xls_head *h, struct tk_arena *a, size_t column)
{
	const struct tk_xls_column *c = &h->col[column];
	const char *s = snake(a, c->raw);

	if (c->name || !*c->raw)
		return NULL;
	s = tk_strndup(a, s, strcspn(s, ":"));
	if (find(h->sheet, s))          /* another language */
		return NULL;
	for (const struct known *k = column_of[h->sheet]; k->name; k++)
		if (tk_xls_near(s, k->name) && !tk_xls_has(h, k->name))
			return k->name;
	return NULL;
}

bool tk_xls_yes(const char *s)
{
	return !strcasecmp(s, "yes") || !strcasecmp(s, "true") || !strcasecmp(s, "true()") ||
	       !strcmp(s, "1");
}

bool tk_xls_no(const char *s)
{
	return !*s || !strcasecmp(s, "no") || !strcasecmp(s, "false") ||
	       !strcasecmp(s, "false()") || !strcmp(s, "0");
}

bool tk_xls_has(const struct tk_xls_head *h, const char *name)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->col[i].name && !strcmp(h->col[i].name, name))
			return true;
	return false;
}

/* What nothing else has room for. */
static const char *extra_key(const struct tk_xls_column *c)
{
	return !c->name ? c->raw : !strcmp(c->name, "read_only") ? c->name : NULL;
}

/* Columns in the order of their headings, so that the text does not depend on theirs in the file.
 */
const char *tk_xls_extra(const struct tk_xls_head *h, struct tk_arena *a, const struct tk_row *row)
{
	struct tk_buf b = TK_BUF(20000);
	struct tk_json j = TK_JSON(&b);
	const char *done = "", *s;
	bool any = false;

	tk_json_obj(&j);
	for (;;) {
		const char *next = NULL, *cell = NULL;

		for (size_t i = 0; i < h->n; i++) {
			const char *key = *tk_row_text(row, i)
						  ? extra_key(&h->col[i])
						  : NULL;

			if (key && strcmp(key, done) > 0 && (!next || strcmp(key, next) < 0)) {
				next = key;
				cell = tk_row_text(row, i);
			}
		}
		if (!next)
			break;
		done = next;
		s = tk_xls_text(a, cell, false);
		if (*s && tk_utf8_valid(s, strlen(s))) {
			tk_json_kstr(&j, next, s);
			any = true;
		}
	}
	tk_json_end_obj(&j);
	s = any && !b.bad ? tk_strdup(a, tk_buf_cstr(&b)) : NULL;
	tk_buf_drop(&b);
	return s;
}
