#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "expr/expr_tree.h"

int tk_xlex_column(const char *text, size_t at)
{
	int col = 1;

	for (size_t i = 0; i < at; i++)
		col += ((unsigned char)text[i] & 0xC0) != 0x80;
	return col;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* An XML NCName, which XLSForm names are; kana, kanji and full-width forms are letters there. */
static bool is_name_cp(uint32_t cp, bool first)
{
	if (cp < 0x80) {
		char c = (char)cp;
		return is_letter(c) || (!first && (is_digit(c) || c == '-' || c == '.'));
	}
	if (cp < 0x2000)
		return cp == 0xB7 || (cp >= 0x300 && cp <= 0x36F) ? !first :
		       cp >= 0xC0 && cp != 0xD7 && cp != 0xF7 && cp != 0x37E;
	return cp == 0x200C || cp == 0x200D || (!first && (cp == 0x203F || cp == 0x2040)) ||
	       (cp >= 0x2070 && cp <= 0x218F) || (cp >= 0x2C00 && cp <= 0x2FEF) ||
	       (cp >= 0x3001 && cp <= 0xD7FF) || (cp >= 0xF900 && cp <= 0xFDCF) ||
	       (cp >= 0xFDF0 && cp <= 0xFFFD) || (cp >= 0x10000 && cp <= 0xEFFFF);
}

static bool is_full_width(uint32_t cp) { return cp == 0x3000 || (cp >= 0xFF01 && cp <= 0xFF5E); }

/* bare: outside ${ }, where a full-width sign is more likely a slip of the input method than part
 * of a name */
static size_t name_len(const char *s, bool bare)
{
	size_t n = 0, step;
	uint32_t cp;

	while ((step = tk_utf8_get(s + n, &cp)) != 0 && is_name_cp(cp, n == 0) &&
	       !(bare && is_full_width(cp)))
		n += step;
	return n;
}

bool tk_xname_valid(const char *s)
{
	size_t n = strlen(s);

	return n > 0 && tk_utf8_valid(s, n) && name_len(s, false) == n;
}

bool tk_xword_valid(const char *s)
{
	for (const char *p = s; *p; p++)
		if ((unsigned char)*p <= ' ' || *p == 0x7F)
			return false;
	return *s && tk_utf8_valid(s, strlen(s)) && !strstr(s, "\u3000");
}

static enum tk_rc bad_char(struct tk_xlex *lx, struct tk_err *e)
{
	const char *s = lx->text + lx->at;
	int col = tk_xlex_column(lx->text, lx->at);
	uint32_t cp;
	int n = (int)tk_utf8_get(s, &cp);

	lx->tok = TK_XT_BAD;
	if (*s == '/' || *s == '[')
		return tk_fail(e, TK_EINVAL, "expression",
			       N_("Column %d: paths are not understood; write ${name}."), col);
	if (is_full_width(cp))
		return tk_fail(e, TK_EINVAL, "expression",
			N_("Column %d: \"%.*s\" is a full-width character; type it half-width."),
			col, n, s);
	return tk_fail(e, TK_EINVAL, "expression",
		       N_("Column %d: the character \"%.*s\" has no meaning in an expression."),
		       col, n, s);
}

static enum tk_rc lex_string(struct tk_xlex *lx, struct tk_err *e)
{
	const char *s = lx->text + lx->at, *end = strchr(s + 1, *s);

	if (!end) {
		lx->tok = TK_XT_BAD;
		return tk_fail(e, TK_EINVAL, "expression",
			       N_("Column %d: the quotation mark opened here is not closed."),
			       tk_xlex_column(lx->text, lx->at));
	}
	lx->tok = TK_XT_STR;
	lx->body = s + 1;
	lx->len = (size_t)(end - s) - 1;
	lx->pos = lx->at + lx->len + 2;
	return TK_OK;
}

/* ${name} or ${last-saved#name}, blanks inside the braces allowed */
static enum tk_rc lex_var(struct tk_xlex *lx, struct tk_err *e)
{
	static const char last[] = TK_EXPR_LAST;
	const char *s = lx->text + lx->at + 2, *end;
	size_t name;

	while (is_blank(*s))
		s++;
	lx->body = s;
	lx->len = strncmp(s, last, strlen(last)) == 0 ? strlen(last) : 0;
	name = name_len(s + lx->len, false);
	lx->len += name;
	end = s + lx->len;
	while (is_blank(*end))
		end++;
	if (name == 0 || *end != '}') {
		lx->tok = TK_XT_BAD;
		return tk_fail(e, TK_EINVAL, "expression",
			N_("Column %d: ${ must be followed by a name (letters, digits, _ - ., not "
			   "starting with a digit) and }."),
			tk_xlex_column(lx->text, lx->at));
	}
	lx->tok = TK_XT_VAR;
	lx->pos = (size_t)(end - lx->text) + 1;
	return TK_OK;
}

static void lex_number(struct tk_xlex *lx)
{
	const char *s = lx->text + lx->at;
	char buf[TK_EXPR_CHARS + 1];
	size_t n = 0;

	while (is_digit(s[n]))
		n++;
	if (s[n] == '.')
		for (n++; is_digit(s[n]); n++)
			;
	/* a copy, because strtod would read on into an exponent or 0x */
	memcpy(buf, s, n);
	buf[n] = '\0';
	lx->tok = TK_XT_NUM;
	lx->num = strtod(buf, NULL);
	lx->pos = lx->at + n;
}

/* current()/. is `.`; current()/../name is ${name}, because names are unique in a questionnaire. */
static bool lex_current(struct tk_xlex *lx)
{
	static const char head[] = "current()/.";
	const char *s = lx->text + lx->at + strlen(head);

	if (strncmp(lx->text + lx->at, head, strlen(head)) != 0)
		return false;
	if (s[0] == '.' && s[1] == '/') {
		lx->body = s + 2;
		lx->len = name_len(lx->body, true);
		lx->tok = TK_XT_VAR;
		lx->pos = (size_t)(lx->body - lx->text) + lx->len;
		return lx->len > 0;
	}
	lx->tok = TK_XT_SELF;
	lx->pos = (size_t)(s - lx->text);
	return *s != '.' && *s != '/';
}

/* A function or a word operator; which one is the parser's to say. */
static void lex_name(struct tk_xlex *lx)
{
	const char *s = lx->text + lx->at;

	lx->tok = TK_XT_NAME;
	lx->body = s;
	lx->len = name_len(s, true);
	/* jr:choice-name and its like are one name */
	if (s[lx->len] == ':')
		lx->len += 1 + name_len(s + lx->len + 1, true);
	lx->pos = lx->at + lx->len;
}

static bool lex_sign(struct tk_xlex *lx)
{
	static const struct { char text[3]; enum tk_xtok tok; enum tk_xop op; } sign[] = {
		{ "!=", TK_XT_OP, TK_XO_NE },   { "<=", TK_XT_OP, TK_XO_LE },
		{ ">=", TK_XT_OP, TK_XO_GE },   { "=", TK_XT_OP, TK_XO_EQ },
		{ "<", TK_XT_OP, TK_XO_LT },    { ">", TK_XT_OP, TK_XO_GT },
		{ "+", TK_XT_OP, TK_XO_ADD },   { "-", TK_XT_OP, TK_XO_SUB },
		{ "*", TK_XT_OP, TK_XO_MUL },   { "(", TK_XT_LPAR, TK_XO_NONE },
		{ ")", TK_XT_RPAR, TK_XO_NONE }, { ",", TK_XT_COMMA, TK_XO_NONE },
	};
	const char *s = lx->text + lx->at;

	for (size_t i = 0; i < TK_LEN(sign); i++) {
		size_t n = strlen(sign[i].text);

		if (strncmp(s, sign[i].text, n) != 0)
			continue;
		lx->tok = sign[i].tok;
		lx->op = sign[i].op;
		lx->pos = lx->at + n;
		return true;
	}
	return false;
}

enum tk_rc tk_xlex_next(struct tk_xlex *lx, struct tk_err *e)
{
	const char *s;

	while (is_blank(lx->text[lx->pos]))
		lx->pos++;
	lx->at = lx->pos;
	s = lx->text + lx->at;
	lx->op = TK_XO_NONE;
	if (!*s) {
		lx->tok = TK_XT_END;
		return TK_OK;
	}
	if (*s == '\'' || *s == '"')
		return lex_string(lx, e);
	if (s[0] == '$' && s[1] == '{')
		return lex_var(lx, e);
	if (is_digit(*s) || (*s == '.' && is_digit(s[1]))) {
		lex_number(lx);
		return TK_OK;
	}
	if (*s == '.' && s[1] != '.') {
		lx->tok = TK_XT_SELF;
		lx->pos = lx->at + 1;
		return TK_OK;
	}
	if (*s == '.') {
		lx->tok = TK_XT_BAD;
		return tk_fail(e, TK_EINVAL, "expression",
			       N_("Column %d: paths are not understood; write ${name}."),
			       tk_xlex_column(lx->text, lx->at));
	}
	if (lex_sign(lx) || lex_current(lx))
		return TK_OK;
	if (name_len(s, true) > 0) {
		lex_name(lx);
		return TK_OK;
	}
	return bad_char(lx, e);
}
