#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"

/* Length of the valid character at s (n bytes left), 0 if there is none. */
static size_t decode(const char *str, size_t n, uint32_t *cp)
{
	static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *s = (const unsigned char *)str;
	size_t len;
	uint32_t c;

	if (!n)
		return 0;
	if (s[0] < 0x80) {
		*cp = s[0];
		return 1;
	}
	len = s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : 2;
	if (s[0] < 0xC2 || s[0] > 0xF4 || len > n)
		return 0;
	c = s[0] & (0xFFu >> (len + 1));
	for (size_t i = 1; i < len; i++) {
		if ((s[i] & 0xC0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3Fu);
	}
	if (c < least[len] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		return 0;
	*cp = c;
	return len;
}

bool tk_utf8_valid(const char *s, size_t n)
{
	uint32_t cp;

	while (n) {
		size_t len = decode(s, n, &cp);
		if (!len)
			return false;
		s += len;
		n -= len;
	}
	return true;
}

size_t tk_utf8_get(const char *s, uint32_t *cp)
{
	size_t len;

	*cp = 0;
	if (!*s)
		return 0;
	/* strnlen: a character cut off by the end of the text must not read past it */
	len = decode(s, strnlen(s, 4), cp);
	if (len)
		return len;
	*cp = 0xFFFD;
	return 1;
}

size_t tk_utf8_put(uint32_t cp, char out[4])
{
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xC0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3F));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xE0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
		out[2] = (char)(0x80 | (cp & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
	out[3] = (char)(0x80 | (cp & 0x3F));
	return 4;
}

size_t tk_utf8_count(const char *s)
{
	size_t n = 0, len;
	uint32_t cp;

	while ((len = tk_utf8_get(s, &cp))) {
		s += len;
		n++;
	}
	return n;
}

/* Unicode's East Asian width W and F; ambiguous ones are narrow. */
static size_t columns_of(uint32_t c)
{
	static const struct { uint32_t from, to;
	} wide[] = {
		{ 0x1100, 0x115F },   { 0x2E80, 0x303E },   { 0x3041, 0x3247 },
		{ 0x3250, 0x4DBF },   { 0x4E00, 0xA4CF },   { 0xA960, 0xA97F },
		{ 0xAC00, 0xD7A3 },   { 0xF900, 0xFAFF },   { 0xFE30, 0xFE6F },
		{ 0xFF01, 0xFF60 },   { 0xFFE0, 0xFFE6 },   { 0x1F300, 0x1F64F },
		{ 0x1F900, 0x1F9FF }, { 0x20000, 0x3FFFD },
	};

	if ((c >= 0x0300 && c <= 0x036F) || c == 0x3099 || c == 0x309A ||
	    (c >= 0xFE00 && c <= 0xFE0F) || c == 0x200B)
		return 0;
	for (size_t i = 0; i < TK_LEN(wide); i++)
		if (c >= wide[i].from && c <= wide[i].to)
			return 2;
	return 1;
}

size_t tk_utf8_columns(const char *s)
{
	size_t w = 0, n;
	uint32_t c;

	for (; (n = tk_utf8_get(s, &c)); s += n)
		w += columns_of(c);
	return w;
}

char *tk_utf8_head(struct tk_arena *a, const char *s, size_t max)
{
	const char *p = s;
	size_t len;
	uint32_t cp;

	while (max-- && (len = tk_utf8_get(p, &cp)))
		p += len;
	return tk_strndup(a, s, (size_t)(p - s));
}

/* ---- CP932 ---- */

static iconv_t open_conv(const char *to, const char *from)
{
	iconv_t cd = iconv_open(to, from);

	if (cd == (iconv_t)-1) {
		fputs("tenken: the C library has no conversion for CP932 (package libc6 / "
		      "glibc-gconv)\n",
		      stderr);
		abort();
	}
	return cd;
}

/* iconv takes char ** though it only reads. */
static size_t conv(iconv_t cd, const char **in, size_t *nin, char **out, size_t *nout)
{
	union { const char **from; char **to; } u = { .from = in };

	return iconv(cd, u.to, nin, out, nout);
}

char *tk_from_cp932(struct tk_arena *a, const char *s, size_t n, size_t *ret_len, size_t *bad)
{
	/* the longest growth is half-width kana, 1 byte to 3 */
	size_t room = n > SIZE_MAX / 4 ? SIZE_MAX / 2 : n * 3 + 1, left = n;
	char *dst = tk_alloc(a, room), *out = dst;
	const char *in = s;
	iconv_t cd;
	size_t rc;

	cd = open_conv("UTF-8", "CP932");
	rc = conv(cd, &in, &left, &out, &room);
	iconv_close(cd);
	if (rc == (size_t)-1) {
		if (bad)
			*bad = (size_t)(in - s);
		return NULL;
	}
	*out = '\0';
	if (ret_len)
		*ret_len = (size_t)(out - dst);
	return dst;
}

/* Twins: the same character under the code point another system chose for it.  iconv knows most
 * of them, but not in every version. */
static uint32_t cp932_twin(uint32_t cp)
{
	switch (cp) {
	case 0x00A0: return ' ';
	case 0x00A5: return '\\';
	case 0x203E: return '~';
	case 0x301C: return 0xFF5E;
	case 0x2212: return 0xFF0D;
	case 0x2014: return 0x2015;
	case 0x2016: return 0x2225;
	case 0x00A2: return 0xFFE0;
	case 0x00A3: return 0xFFE1;
	case 0x00AC: return 0xFFE2;
	case 0x00A6: return 0xFFE4;
	default:     return cp;
	}
}

char *tk_to_cp932(struct tk_arena *a, const char *s, size_t *ret_len, size_t *nlost, uint32_t *lost)
{
	size_t len, left = strlen(s), room = left * 2 + 2, count = 0;
	char *dst = tk_alloc(a, room + 1), *out = dst, tmp[4];
	iconv_t cd = open_conv("CP932", "UTF-8");
	uint32_t cp, first = 0;

	for (const char *p = s; (len = tk_utf8_get(p, &cp)); p += len) {
		const char *in = tmp;
		uint32_t twin = cp932_twin(cp);
		if (twin < 0x80) {
			*out++ = (char)twin;
			room--;
			continue;
		}
		left = tk_utf8_put(twin, tmp);
		/* a C1 control is no character of CP932, whatever iconv makes of it */
		if (twin >= 0xA0 && conv(cd, &in, &left, &out, &room) != (size_t)-1)
			continue;
		conv(cd, NULL, NULL, NULL, NULL);
		if (!count++)
			first = cp;
		*out++ = (char)0x81;    /* U+3013 GETA MARK */
		*out++ = (char)0xAC;
		room -= 2;
	}
	iconv_close(cd);
	*out = '\0';
	if (ret_len)
		*ret_len = (size_t)(out - dst);
	if (nlost)
		*nlost = count;
	if (lost)
		*lost = first;
	return dst;
}

/* ---- widths, blanks, comparing ---- */

static uint32_t narrow(uint32_t cp)
{
	if (cp >= 0xFF01 && cp <= 0xFF5E)
		return cp - 0xFF01 + 0x21;
	return cp == 0x3000 || cp == 0xA0 ? ' ' : cp;
}

static bool blank(uint32_t cp)
{
	return (cp >= 9 && cp <= 13) || cp == ' ' || cp == 0xA0 || cp == 0x3000 || cp == 0xFEFF ||
	       cp == 0x85 || (cp >= 0x2000 && cp <= 0x200B) || cp == 0x2028 || cp == 0x2029 ||
	       cp == 0x202F || cp == 0x205F;
}

char *tk_narrow(struct tk_arena *a, const char *s)
{
	char *dst = tk_alloc(a, strlen(s) + 1), *out = dst;
	uint32_t cp, c;
	size_t len;

	for (; (len = tk_utf8_get(s, &cp)); s += len) {
		c = narrow(cp);
		if (c != cp) {
			*out++ = (char)c;
		} else {
			memcpy(out, s, len);
			out += len;
		}
	}
	return dst;
}

static char *without_blanks(struct tk_arena *a, const char *s, bool keep_one)
{
	char *dst = tk_alloc(a, strlen(s) + 1), *out = dst;
	bool gap = false;
	uint32_t cp;
	size_t len;

	for (; (len = tk_utf8_get(s, &cp)); s += len) {
		if (blank(cp)) {
			gap = true;
			continue;
		}
		if (gap && keep_one && out > dst)
			*out++ = ' ';
		gap = false;
		memcpy(out, s, len);
		out += len;
	}
	*out = '\0';
	return dst;
}

char *tk_squeeze(struct tk_arena *a, const char *s)
{
	return without_blanks(a, s, true);
}

char *tk_unblank(struct tk_arena *a, const char *s)
{
	return without_blanks(a, s, false);
}

bool tk_is_blank(const char *s)
{
	uint32_t cp;
	size_t len;

	if (!s)
		return true;
	for (; (len = tk_utf8_get(s, &cp)); s += len)
		if (!blank(cp))
			return false;
	return true;
}

/* U+FF61..U+FF9F */
static const uint16_t half_kana[] = {
	0x3002, 0x300C, 0x300D, 0x3001, 0x30FB, 0x30F2, 0x30A1, 0x30A3, 0x30A5, 0x30A7, 0x30A9,
	0x30E3, 0x30E5, 0x30E7, 0x30C3, 0x30FC, 0x30A2, 0x30A4, 0x30A6, 0x30A8, 0x30AA, 0x30AB,
	0x30AD, 0x30AF, 0x30B1, 0x30B3, 0x30B5, 0x30B7, 0x30B9, 0x30BB, 0x30BD, 0x30BF, 0x30C1,
	0x30C4, 0x30C6, 0x30C8, 0x30CA, 0x30CB, 0x30CC, 0x30CD, 0x30CE, 0x30CF, 0x30D2, 0x30D5,
	0x30D8, 0x30DB, 0x30DE, 0x30DF, 0x30E0, 0x30E1, 0x30E2, 0x30E4, 0x30E6, 0x30E8, 0x30E9,
	0x30EA, 0x30EB, 0x30EC, 0x30ED, 0x30EF, 0x30F3, 0x309B, 0x309C,
};

static uint32_t fold_one(uint32_t cp)
{
	cp = narrow(cp);
	if (cp >= 'A' && cp <= 'Z')
		return cp + 32;
	if (cp >= 0xFF61 && cp <= 0xFF9F)
		return half_kana[cp - 0xFF61];
	if ((cp >= 0x3041 && cp <= 0x3096) || cp == 0x309D || cp == 0x309E)
		return cp + 0x60;
	return cp;
}

/* Katakana and a following voiced mark (half-width or combining) as one character; 0 if none. */
static uint32_t voiced(uint32_t kana, uint32_t mark)
{
	bool round = mark == 0xFF9F || mark == 0x309A;

	if (!round && mark != 0xFF9E && mark != 0x3099)
		return 0;
	if (kana >= 0x30CF && kana <= 0x30DB && (kana - 0x30CF) % 3 == 0)       /* ハ row */
		return kana + (round ? 2 : 1);
	if (round)
		return 0;
	if (kana == 0x30A6)
		return 0x30F4;
	if (kana >= 0x30AB && kana <= 0x30C1 && (kana - 0x30AB) % 2 == 0)       /* カ..チ */
		return kana + 1;
	if (kana == 0x30C4 || kana == 0x30C6 || kana == 0x30C8)
		return kana + 1;
	return kana == 0x30FD ? 0x30FE : 0;
}

char *tk_fold(struct tk_arena *a, const char *s)
{
	char *dst = tk_alloc(a, strlen(s) + 4), *out = dst;
	uint32_t cp, next, joined;
	size_t len, more;

	for (; (len = tk_utf8_get(s, &cp)); s += len) {
		uint32_t c = fold_one(cp);
		more = tk_utf8_get(s + len, &next);
		joined = voiced(c, next);
		if (joined) {
			c = joined;
			len += more;
		}
		if (c == 0xFFFD && len == 1)    /* a byte that is no text must not grow */
			*out++ = '?';
		else
			out += tk_utf8_put(c, out);
	}
	*out = '\0';
	return dst;
}

bool tk_parse_int(const char *s, int64_t *ret)
{
	bool neg = false, any = false;
	int64_t v = 0;
	uint32_t cp;
	size_t len;

	if (!s)
		return false;
	len = tk_utf8_get(s, &cp);
	if (narrow(cp) == '-' || cp == 0x2212) {
		neg = true;
		s += len;
	}
	for (; (len = tk_utf8_get(s, &cp)); s += len) {
		uint32_t c = narrow(cp);
		if (c < '0' || c > '9')
			return false;
		if (__builtin_mul_overflow(v, 10, &v) ||
		    __builtin_sub_overflow(v, (int64_t)(c - '0'), &v))
			return false;
		any = true;
	}
	/* summed below zero, where there is room for INT64_MIN */
	if (!any || (!neg && v == INT64_MIN))
		return false;
	*ret = neg ? v : -v;
	return true;
}

static bool domain_ok(const char *d)
{
	const char *label = d;
	bool dotted = false;

	for (const char *p = d;; p++) {
		bool alnum = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
			     (*p >= '0' && *p <= '9');
		if (alnum || *p == '-')
			continue;
		if (*p != '.' && *p != '\0')
			return false;
		if (p == label || *label == '-' || p[-1] == '-' || p - label > 63)
			return false;
		if (!*p)
			return dotted;
		dotted = true;
		label = p + 1;
	}
}

bool tk_is_mail(const char *s)
{
	const char *at = s ? strchr(s, '@') : NULL;

	if (!at || at == s || at - s > 64 || strlen(s) > 254 || s[0] == '.' || at[-1] == '.')
		return false;
	for (const char *p = s; p < at; p++) {
		if (*p <= ' ' || *p >= 127 || strchr("()<>[]:;,\\\"", *p))
			return false;
		if (*p == '.' && p[1] == '.')
			return false;
	}
	return domain_ok(at + 1);
}

void tk_buf_xml(struct tk_buf *b, const char *s)
{
	uint32_t cp;
	size_t n;

	for (; (n = tk_utf8_get(s, &cp)); s += n) {
		if (cp == '&')
			tk_buf_str(b, "&amp;");
		else if (cp == '<')
			tk_buf_str(b, "&lt;");
		else if (cp == '>')
			tk_buf_str(b, "&gt;");
		else if (cp == '"')
			tk_buf_str(b, "&quot;");
		else if (cp == '\'')
			tk_buf_str(b, "&#39;");
		else if ((cp < 0x20 && cp != '\t' && cp != '\n') || cp == 0xfffe || cp == 0xffff)
			tk_buf_str(b, "\xef\xbf\xbd");
		else
			tk_buf_add(b, s, n);
	}
}
