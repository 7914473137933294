#include <string.h>
#include "base/text.h"
#include "chart/scene.h"

struct unit {
	uint32_t cp;
	size_t off;
	int w;
};

/* JIS X 4051 in short: what may not begin and what may not end a line. */
static const char no_start[] = "、。，．・：；？！゛゜ヽヾゝゞ々ー）］｝」』】〕〉》〟’”％‰℃ぁぃぅ"
			       "ぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"
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

static bool within(uint32_t cp, uint32_t lo, uint32_t hi) { return cp >= lo && cp <= hi; }

static bool is_zero(uint32_t cp)
{
	return within(cp, 0x300, 0x36f) || within(cp, 0x200b, 0x200f) ||
	       within(cp, 0x3099, 0x309a) || within(cp, 0xfe00, 0xfe0f) ||
	       within(cp, 0xe0100, 0xe01ef) || cp < 0x20;
}

/* Ambiguous width (①, ※, →, Greek, Cyrillic) is wide in Japanese fonts. */
static bool is_wide(uint32_t cp)
{
	return within(cp, 0x1100, 0x115f) || within(cp, 0x2014, 0x27ff) ||
	       within(cp, 0x2e80, 0xd7a3) || within(cp, 0xf900, 0xfaff) ||
	       within(cp, 0xfe30, 0xfe6f) || within(cp, 0xff01, 0xff60) ||
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
 * to end where a particle or a verb's ending is followed by something else. */
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
		return 0; /* 23年 and 年度 stay whole */
	if (among(l, "、。，・）」』】") || among(r, no_end))
		return 3;
	if (is_hiragana(r))
		return 1;
	if (is_hiragana(l))
		return among(l, "をはがにでとのやもへたいるなどらて") ? 3 : 2;
	return is_katakana(l) && is_katakana(r) ? 1 : 2;
}

static struct unit *units(struct tk_arena *a, const char *s, int size, size_t *ret)
{
	size_t cap = tk_utf8_count(s), n = 0, k;
	struct unit *u = tk_alloc_n(a, cap + 1, sizeof(*u));
	const char *p = s;

	for (; n < cap && (k = tk_utf8_get(p, &u[n].cp)); p += k, n++) {
		u[n].off = (size_t)(p - s);
		u[n].w = em100(u[n].cp) * size / 100;
	}
	u[n].off = (size_t)(p - s);
	*ret = n;
	return u;
}

static void add_line(struct tk_arena *a, struct tk_lines *l, const char *s, const struct unit *u,
	size_t from, size_t to)
{
	while (to > from && is_blank(u[to - 1].cp))
		to--;
	l->line[l->n++] = tk_strndup(a, s + u[from].off, u[to].off - u[from].off);
}

/* End (exclusive) of the fullest line that begins at unit i; a word wider than it is cut. */
static size_t line_end(const struct unit *u, size_t n, size_t i, int width)
{
	size_t end = i, best = i;
	int w = 0;

	for (; end < n && u[end].cp != '\n'; end++) {
		if (w + u[end].w > width && !is_blank(u[end].cp))
			break;
		w += u[end].w;
		if (end + 1 < n && break_between(u[end].cp, u[end + 1].cp))
			best = end + 1;
	}
	if (end == n || u[end].cp == '\n')
		return end;
	if (best > i)
		return best;
	return end > i ? end : i + 1;
}

struct tk_lines tk_text_wrap(struct tk_arena *a, const char *s, int size, int width)
{
	size_t n, i = 0, end;
	struct unit *u = units(a, s, size, &n);
	struct tk_lines ret = {.line = tk_alloc_n(a, n + 1, sizeof(*ret.line))};

	while (i < n) {
		end = line_end(u, n, i, width);
		add_line(a, &ret, s, u, i, end);
		for (i = end; i < n && is_blank(u[i].cp); i++)
			;
		if (i < n && u[i].cp == '\n')
			i++;
	}
	if (!ret.n)
		ret.line[ret.n++] = "";
	return ret;
}

/* Best way to set the units from i to the end: few lines first, then good breaks and even lines. */
struct step {
	int64_t cost;
	size_t next;
	int worst;
};

enum { COST_LINE = 1000000 };
static const int64_t cost_of_break[] = {50 * COST_LINE, 9000, 2500, 0};

static void settle(const struct unit *u, size_t n, size_t i, int width, struct step *st)
{
	int w = 0, blanks = 0, q;

	st[i] = (struct step){.cost = INT64_MAX};
	if (u[i].cp == '\n') {
		st[i] = (struct step){COST_LINE + st[i + 1].cost, i + 1, st[i + 1].worst};
		return;
	}
	for (size_t end = i + 1; end <= n; end++) {
		bool last = end == n || u[end].cp == '\n', blank = is_blank(u[end - 1].cp);
		size_t next = last && end < n ? end + 1 : end;
		int64_t cost, slack;
		w += blank ? 0
			   : blanks + u[end - 1].w; /* blanks at the end of a line take no room */
		blanks = blank ? blanks + u[end - 1].w : 0;
		if (w > width && st[i].cost < INT64_MAX)
			return;
		if (!last && !blank && is_blank(u[end].cp))
			continue; /* the blank belongs to this line */
		q = last ? 3 : break_between(u[end - 1].cp, u[end].cp);
		slack = w > width ? 0 : (int64_t)(width - w) * 100 / width;
		cost = COST_LINE + slack * slack + cost_of_break[q] + st[next].cost;
		if (cost < st[i].cost)
			st[i] = (struct step){cost, next, q < st[next].worst ? q : st[next].worst};
		if (last)
			return;
	}
}

/* worst: quality of the worst break taken */
static struct tk_lines wrap_even(struct tk_arena *a, const char *s, int size, int width, int *worst)
{
	size_t n, end;
	struct unit *u = units(a, s, size, &n);
	struct step *st = tk_alloc_n(a, n + 1, sizeof(*st));
	struct tk_lines ret = {.line = tk_alloc_n(a, n + 1, sizeof(*ret.line))};

	st[n] = (struct step){.worst = 3};
	for (size_t i = n; i-- > 0;)
		settle(u, n, i, width, st);
	for (size_t i = 0; i < n; i = st[i].next) {
		end = st[i].next;
		if (u[end - 1].cp == '\n')
			end--;
		add_line(a, &ret, s, u, i, end);
	}
	if (!ret.n)
		ret.line[ret.n++] = "";
	*worst = st[0].worst;
	return ret;
}

struct tk_lines tk_text_label(struct tk_arena *a, const char *s, int size, int width)
{
	int worst;

	return wrap_even(a, s, size, width, &worst);
}

static bool column_fits(struct tk_arena *a, const char *const *s, size_t n, int size, int width,
	size_t lines, int quality)
{
	int worst;

	for (size_t i = 0; i < n; i++)
		if (wrap_even(a, s[i], size, width, &worst).n > lines || worst < quality)
			return false;
	return true;
}

int tk_text_column(struct tk_arena *a, const char *const *s, size_t n, int size, int min, int max)
{
	static const struct {
		size_t lines;
		int quality;
	} wish[] = {{2, 3}, {2, 2}, {3, 3}, {3, 2}, {2, 1}, {3, 1}};

	for (size_t k = 0; k < TK_LEN(wish); k++)
		for (int w = min; w <= max; w += size)
			if (column_fits(a, s, n, size, w, wish[k].lines, wish[k].quality))
				return w;
	return max;
}
