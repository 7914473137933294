/* expr_regex.c - regex() over POSIX extended expressions.
 *
 * The pattern is a text in the expression, compiled once with it, and must fit the whole value.
 * What makes matching explode is refused: back references, long patterns, large repetitions. */
#include <locale.h>
#include <pthread.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "expr/expr_tree.h"

enum { PATTERN_BYTES = 400, REPEATS = 200, REPEATS_OF_ONE = 1000, SUBJECT_BYTES = 16384 };

static pthread_once_t once = PTHREAD_ONCE_INIT;
static locale_t utf8;

static void open_locale(void) { utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0); }

/* Letters are compared as characters and not as bytes while this is in force. */
static locale_t enter(void)
{
	pthread_once(&once, open_locale);
	return utf8 ? uselocale(utf8) : (locale_t)0;
}

static void leave(locale_t was)
{
	if (was)
		uselocale(was);
}

static void drop(void *re)
{
	regfree(re);
	free(re);
}

/* \d \w \s, which authors know from elsewhere, in POSIX's words. */
static const char *class_of(char c, bool inside)
{
	switch (c) {
	case 'd': return inside ? "0-9" : "[0-9]";
	case 'w': return inside ? "A-Za-z0-9_" : "[A-Za-z0-9_]";
	case 's': return inside ? "[:space:]" : "[[:space:]]";
	case 'D': return inside ? NULL : "[^0-9]";
	case 'W': return inside ? NULL : "[^A-Za-z0-9_]";
	case 'S': return inside ? NULL : "[^[:space:]]";
	default: return NULL;
	}
}

/* {n,m} multiplies what stands before it, and time and memory with it: the product of all of them
 * is bounded, more widely where the only one stands behind a single character. */
static bool count_repeat(const char *pattern, const char *p, unsigned long *product)
{
	bool alone = *product == 1 && p > pattern && p[-1] != ')' && !strchr(p + 1, '{');
	char *end;
	unsigned long n = strtoul(p + 1, &end, 10), m = n;

	if (*end == ',' && end[1] != '}')
		m = strtoul(end + 1, &end, 10);
	m = m > n ? m : n;
	*product *= m > 1 ? m : 1;
	return *product <= (alone ? REPEATS_OF_ONE : REPEATS);
}

/* What stands outside brackets and escapes.  A repetition of a repetition says nothing new, and
 * each one doubles the compiled pattern, as a + behind a group does. */
struct repeats { const char *pattern; unsigned long product; bool brace, after; };

static const char *repetition(struct repeats *r, const char *p)
{
	bool repeat = strchr("+*?{", *p) != NULL;

	if (repeat && r->after)
		return N_("one repetition stands directly behind another");
	if (*p == '+' && p > r->pattern && p[-1] == ')')
		r->product *= 2;
	if ((*p == '{' && !count_repeat(r->pattern, p, &r->product)) || r->product > REPEATS_OF_ONE)
		return N_("its repetitions multiply to more than 200 (1000 of a single "
			  "character)");
	r->brace = *p == '{' || (r->brace && *p != '}');
	r->after = (repeat && *p != '{') || (*p == '}' && !r->brace);
	return NULL;
}

/* One escape; false: it cannot be used. */
static bool escape(struct tk_buf *b, char c, bool inside)
{
	const char *cls = class_of(c, inside);

	if (cls) {
		tk_buf_str(b, cls);
		return true;
	}
	if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || !c)
		return false;
	if (inside && !strchr("-]\\^", c)) {
		tk_buf_chr(b, c);
	} else if (inside) {
		return false;
	} else {
		tk_buf_chr(b, '\\');
		tk_buf_chr(b, c);
	}
	return true;
}

/* Into b; NULL or why not. */
static const char *translate(struct tk_buf *b, const char *p)
{
	struct repeats r = { .pattern = p, .product = 1 };
	bool inside = false, first = false;
	const char *why;

	tk_buf_str(b, "^(");
	for (; *p; p++) {
		if (*p == '\\') {
			if (!escape(b, *++p, inside))
				return N_("\\ can stand before d, w, s, D, W, S and before a sign");
			first = r.after = false;
			continue;
		}
		if (!inside && *p == '(' && p[1] == '?')
			return N_("(? is not understood; use a plain group");
		if (!inside && (why = repetition(&r, p)))
			return why;
		if (!inside && *p == '[') {
			inside = first = true;
			tk_buf_chr(b, *p);
			if (p[1] == '^')
				tk_buf_chr(b, *++p);
			continue;
		}
		if (inside && *p == ']' && !first)
			inside = false;
		first = false;
		tk_buf_chr(b, *p);
	}
	tk_buf_str(b, ")$");
	return b->bad ? N_("it is too long") : NULL;
}

static const char *compile(regex_t **ret, const char *pattern)
{
	struct tk_buf b = TK_BUF(PATTERN_BYTES * 12);
	const char *why =
		strlen(pattern) > PATTERN_BYTES ? N_("it is too long") : translate(&b, pattern);
	regex_t *re = NULL;

	if (!why) {
		locale_t was = enter();

		re = tk_xcalloc(1, sizeof(*re));
		if (regcomp(re, tk_buf_cstr(&b), REG_EXTENDED | REG_NOSUB) != 0) {
			free(re);
			re = NULL;
			why = N_("it is not a well-formed pattern");
		}
		leave(was);
	}
	tk_buf_drop(&b);
	*ret = re;
	return why;
}

enum tk_rc tk_xregex_compile(struct tk_arena *a, const char *text, struct tk_xnode *n,
			     struct tk_err *e)
{
	const struct tk_xnode *p = n->child->next;
	const char *why;
	regex_t *re;
	int col = tk_xlex_column(text, p->at);

	if (p->kind != TK_X_STR)
		return tk_fail(
			e, TK_EINVAL, "expression",
			N_("Column %d: the pattern of regex() must be a text in quotation marks."),
			col);
	why = compile(&re, p->val.s);
	if (why)
		return tk_fail(e, TK_EINVAL, "expression",
			N_("Column %d: the pattern of regex() cannot be used: %s."), col,
			tk_tr(e ? e->lang : TK_EN, why));
	tk_on_free(a, drop, re);
	n->child->pattern = re;
	return TK_OK;
}

bool tk_xregex_match(const struct tk_xnode *arg, const char *s)
{
	locale_t was;
	bool fits;

	if (strlen(s) > SUBJECT_BYTES)
		return false;
	was = enter();
	fits = regexec(arg->pattern, s, 0, NULL, 0) == 0;
	leave(was);
	return fits;
}
