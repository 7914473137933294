#include <string.h>
#include "base/text.h"
#include "chart/scene.h"

struct unit { uint32_t cp; size_t off; int w; };

/* JIS X 4051 in short: what may not begin and what may not end a line. */
static const char no_start[] = "、。，．・：；？！゛゜ヽヾゝゞ々ー）］｝」』】〕〉》〟’”％‰℃ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"
			       "…‥,.:;?!)]}%";
static const char no_end[] = "（［｛「『【〔〈《〝‘“￥＄№([{";

static bool among(uint32_t cp, const char *set)
{
	uint32_t c;
	size_t n;

	for (; (n = tk_utf8_get(set, &c)); set += n)
		if (c == cp)
			return true;
	return false;
}

static bool within(uint32_t cp, uint32_t lo, uint32_t hi)
{
	return cp >= lo && cp <= hi;
}

static bool is_zero(uint32_t cp)
{
	return within(cp, 0x300, 0x36f) || within(cp, 0x200b, 0x200f) || within(cp, 0x3099, 0x309a) ||
	       within(cp, 0xfe00, 0xfe0f) || within(cp, 0xe0100, 0xe01ef) || cp < 0x20;
}

/* Ambiguous width (①, ※, →, Greek, Cyrillic) is wide in Japanese fonts. */
static bool is_wide(uint32_t cp)
{
	return within(cp, 0x1100, 0x115f) || within(cp, 0x2014, 0x27ff) || within(cp, 0x2e80, 0xd7a3) ||
	       within(cp, 0xf900, 0xfaff) || within(cp, 0xfe30, 0xfe6f) || within(cp, 0xff01, 0xff60) ||
	       within(cp, 0xffe0, 0xffe6) || within(cp, 0x391, 0x451) || cp >= 0x1f000;
}

/* Hundredths of an em; Latin letters on the wide side of the usual Japanese fonts. */
static int em100(uint32_t cp)
{
	if (is_zero(cp))
		return 0;
	if (is_wide(cp))
		return 100;
	if (within(cp, 0xff61, 0xff9f))
		return 50;
	if (cp == ' ' || cp == 0xa0 || among(cp, "iIjlftr.,:;'|!()[]-/"))
		return 40;
	if (among(cp, "mMwW%@&+"))
		return 92;
	return within(cp, 'A', 'Z') ? 70 : 60;
}

int tk_text_width(const char *s, int size)
{
	int64_t sum = 0;
	uint32_t cp;
	size_t n;

	for (; (n = tk_utf8_get(s, &cp)); s += n)
		sum += em100(cp);
	sum = sum * size / 100;
	return sum > 1000000 ? 1000000 : (int)sum;
}

static bool is_hiragana(uint32_t cp) { return within(cp, 0x3041, 0x309f); }
static bool is_katakana(uint32_t cp) { return within(cp, 0x30a1, 0x30ff); }
static bool is_digit(uint32_t cp) { return within(cp, '0', '9') || within(cp, 0xff10, 0xff19); }
static bool is_blank(uint32_t cp) { return cp == ' ' || cp == '\t' || cp == 0x3000; }

/* How good a break between two characters is: 0 forbidden, 1 poor, 2 fair, 3 good.  A phrase tends
 * to end where hiragana (a particle) is followed by something else. */
static int break_between(uint32_t l, uint32_t r)
{
	if (is_blank(r) || r == 0xa0 || l == 0xa0 || is_zero(r))
		return 0;
	if (is_blank(l))
		return 3;
	if (among(r, no_start) || among(l, no_end))
		return 0;
	if (!is_wide(l) && !is_wide(r))
		return (l == '-' || l == '/') && !is_digit(r) ? 2 : 0;
	if ((is_digit(l) && !among(r, no_end)) || (l == 0x5e74 && r == 0x5ea6))
		return 0;                       /* 23年 and 年度 stay whole */
	if (among(l, "、。，・）」』】") || among(r, no_end))
		return 3;
	if (is_hiragana(l))
		return is_hiragana(r) ? 1 : 3;
	if (is_katakana(l) && is_katakana(r))
		return 1;
	return is_hiragana(r) ? 1 : 2;
}

/* End (exclusive) of the line that begins at unit i. */
static size_t line_end(const struct unit *u, size_t n, size_t i, int width)
{
	size_t end = i, best = 0;
	int w = 0, q, best_q = 0;

	for (; end < n && u[end].cp != '\n'; end++) {
		if (w + u[end].w > width && !is_blank(u[end].cp))
			break;
		w += u[end].w;
		q = end + 1 < n ? break_between(u[end].cp, u[end + 1].cp) : 0;
		/* a good break wins over a later poor one once the line is mostly full */
		if (q && (q >= best_q || w * 20 < width * 11)) {
			best = end + 1;
			best_q = w * 20 < width * 11 ? 1 : q;
		}
	}
	if (end == n || u[end].cp == '\n')
		return end;
	if (best > i)
		return best;
	return end > i ? end : i + 1;           /* a word wider than the column is cut where it must */
}

struct tk_lines tk_text_wrap(struct tk_arena *a, const char *s, int size, int width)
{
	size_t cap = tk_utf8_count(s), n = 0, k, i = 0, end, last;
	struct unit *u = tk_alloc_n(a, cap + 1, sizeof(*u));
	struct tk_lines ret = { .line = tk_alloc_n(a, cap + 1, sizeof(*ret.line)) };
	const char *p = s;

	for (; n < cap && (k = tk_utf8_get(p, &u[n].cp)); p += k, n++) {
		u[n].off = (size_t)(p - s);
		u[n].w = em100(u[n].cp) * size / 100;
	}
	u[n].off = (size_t)(p - s);
	while (i < n) {
		end = line_end(u, n, i, width);
		for (last = end; last > i && is_blank(u[last - 1].cp); last--)
			;
		ret.line[ret.n++] = tk_strndup(a, s + u[i].off, u[last].off - u[i].off);
		for (i = end; i < n && (is_blank(u[i].cp)); i++)
			;
		if (i < n && u[i].cp == '\n')
			i++;
	}
	if (!ret.n)
		ret.line[ret.n++] = "";
	return ret;
}

int tk_text_column(struct tk_arena *a, const char *const *s, size_t n, int size, int min, int max)
{
	for (size_t want = 2; want <= 3; want++)
		for (int w = min; w <= max; w += size) {
			size_t worst = 0;
			for (size_t i = 0; i < n && worst <= want; i++) {
				struct tk_lines l = tk_text_wrap(a, s[i], size, w);
				worst = l.n > worst ? l.n : worst;
			}
			if (worst <= want)
				return w;
		}
	return max;
}
