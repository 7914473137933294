/* panel_fill.c - from counts to answers: exactly so many institutions give each answer. */
#include <stdlib.h>
#include <string.h>
#include "demo/panel_in.h"

/* Above everything that scatter and leaning can add up to. */
enum { FIRST_WAVE = 2500, PREFER = 10000, EARLIER = 20000 };

unsigned panel_scatter(const char *key, const char *more, size_t institution, unsigned of)
{
	uint64_t h = 1469598103934665603u;

	for (const char *s = key; *s; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211u;
	for (const char *s = more; *s; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211u;
	h = (h ^ (institution + 1)) * 1099511628211u;
	h ^= h >> 33;
	h *= 0xff51afd7ed558ccdu;
	h ^= h >> 33;
	return (unsigned)(h % of);
}

struct panel_item *panel_item(struct panel *p, const char *code)
{
	for (size_t i = 0; i < p->nitem; i++)
		if (!strcmp(p->item[i].code, code))
			return &p->item[i];
	if (p->nitem == PANEL_ITEMS)
		abort();
	p->item[p->nitem].code = code;
	return &p->item[p->nitem++];
}

static const char *value_of(const struct panel *p, const char *item, size_t n, size_t institution)
{
	for (size_t i = 0; i < p->nitem; i++)
		if (!strncmp(p->item[i].code, item, n) && !p->item[i].code[n])
			return p->item[i].value[institution] ? p->item[i].value[institution] : "";
	return "";
}

const char *panel_value(const struct panel *p, const char *item, size_t institution)
{
	return value_of(p, item, strlen(item), institution);
}

static bool has_code(const char *value, const char *code, size_t n)
{
	for (const char *s = value; *s; s += strcspn(s, " "), s += strspn(s, " "))
		if (strcspn(s, " ") == n && !memcmp(s, code, n))
			return true;
	return false;
}

bool panel_has(const char *value, const char *code)
{
	return has_code(value, code, strlen(code));
}

/* One alternative, of n characters. */
static bool holds_one(const struct panel *p, const char *s, size_t n, size_t institution)
{
	size_t at = 0;
	bool no, any = false;
	const char *value, *code, *end = s + n;

	while (s[at] != '=' && s[at] != '!')
		at++;
	no = s[at] == '!';
	value = value_of(p, s, at, institution);
	code = s + at + 1 + no;
	while (code < end) {
		size_t len = 0;

		while (code + len < end && code[len] != '|')
			len++;
		any = any || has_code(value, code, len);
		code += len + 1;
	}
	return any != no;
}

bool panel_holds(const struct panel *p, const char *condition, size_t institution)
{
	if (!condition)
		return true;
	for (const char *s = condition; *s; s += strcspn(s, " "), s += strspn(s, " "))
		if (holds_one(p, s, strcspn(s, " "), institution))
			return true;
	return false;
}

/* -- one rule ---------------------------------------------------------------------------------- */
struct fill {
	struct panel            *p;
	const struct panel_rule *r;
	struct panel_item       *item;
	size_t   noption;
	bool     in[PANEL_SIZE];        /* asked, and not yet done with */
	unsigned chosen[PANEL_SIZE];    /* bits of options */
	unsigned want[PANEL_OPTIONS];
};
struct score { unsigned points; size_t at; };

static int by_score(const void *x, const void *y)
{
	const struct score *a = x, *b = y;

	if (a->points != b->points)
		return a->points > b->points ? -1 : 1;
	return a->at < b->at ? -1 : a->at > b->at;
}

static unsigned leaning(const struct panel_institution *in, enum panel_lean lean)
{
	switch (lean) {
	case LEAN_MATURE:
		return in->mature;
	case LEAN_LARGE:
		return in->staff > 4000 ? 1000 : in->staff / 4;
	case LEAN_SMALL:
		return in->staff > 4000 ? 0 : 1000 - in->staff / 4;
	case LEAN_PRACTICE:
		return in->practice;
	case LEAN_DEVICES:
		return in->devices;
	case LEAN_CHANCE:
		break;
	}
	return 0;
}

/* Was it so at the earlier time, or does something else make it all but certain? */
static bool is_bound(const struct fill *f, size_t option, size_t at)
{
	const struct panel_option *o = &f->r->option[option];

	return (f->r->earlier && panel_has(panel_value(f->p, f->r->earlier, at), o->code)) ||
	       (o->prefer && panel_holds(f->p, o->prefer, at));
}

static unsigned points(const struct fill *f, size_t option, size_t at)
{
	const struct panel_option *o = &f->r->option[option];
	const char *wave = f->p->first ? "later" : "";
	unsigned n = leaning(&f->p->at[at], o->lean);

	if (!(f->r->flags & PANEL_ORDER))
		n += panel_scatter(tk_sprintf(f->p->a, "%s%s", f->r->item, wave), o->code, at,
				   1000);
	if (f->p->first && panel_has(panel_value(f->p->first, f->r->item, at), o->code))
		n += FIRST_WAVE;
	if (o->prefer && panel_holds(f->p, o->prefer, at))
		n += PREFER;
	if (f->r->earlier && panel_has(panel_value(f->p, f->r->earlier, at), o->code))
		n += EARLIER;
	return n;
}

static bool can(const struct fill *f, size_t option, size_t at)
{
	return f->in[at] && panel_holds(f->p, f->r->option[option].need, at);
}

static enum tk_rc choose(struct fill *f, size_t option, struct tk_err *e)
{
	struct score v[PANEL_SIZE];
	size_t n = 0;

	for (size_t i = 0; i < PANEL_SIZE; i++)
		if (can(f, option, i))
			v[n++] = (struct score){ points(f, option, i), i };
	if (n < f->want[option])
		return tk_fail(e, TK_EINTERNAL, f->r->item,
			       N_("The demonstration panel: %s is to be answered %s by %u, and "
				  "only %zu can."),
			       f->r->item, f->r->option[option].code, f->want[option], n);
	qsort(v, n, sizeof(v[0]), by_score);
	for (size_t i = 0; i < f->want[option]; i++)
		f->chosen[v[i].at] |= 1u << option;
	return TK_OK;
}

static unsigned asked(const struct fill *f)
{
	unsigned n = 0;

	for (size_t i = 0; i < PANEL_SIZE; i++)
		n += f->in[i];
	return n;
}

/* -- single choice ----------------------------------------------------------------------------- */

/* In the wave of the founding document the counts add up to those asked.  Later ones keep the
 * shares, and some of the last answer have gone over to the first. */
static enum tk_rc single_counts(struct fill *f, struct tk_err *e)
{
	unsigned base = asked(f), sum = 0, given = 0, moved;

	for (size_t k = 0; k < f->noption; k++)
		sum += f->r->option[k].n;
	if (!f->p->first && sum != base)
		return tk_fail(e, TK_EINTERNAL, f->r->item,
			       N_("The demonstration panel: %s has %u answers, and %u are "
				  "asked."),
			       f->r->item, sum, base);
	for (size_t k = 0; k < f->noption && sum; k++)
		given += f->want[k] = f->r->option[k].n * base / sum;
	f->want[0] += base - given;
	moved = f->p->first ? f->want[f->noption - 1] / 4 : 0;
	f->want[0] += moved;
	f->want[f->noption - 1] -= moved;
	return TK_OK;
}

static enum tk_rc fill_single(struct fill *f, struct tk_err *e)
{
	enum tk_rc rc = single_counts(f, e);

	for (size_t k = 0; k < f->noption && rc == TK_OK; k++) {
		/* a later wave may have fewer who can: they give the last answer */
		unsigned able = 0;

		for (size_t i = 0; i < PANEL_SIZE; i++)
			able += can(f, k, i);
		if (f->p->first && f->want[k] > able) {
			f->want[f->noption - 1] += f->want[k] - able;
			f->want[k] = able;
		}
		rc = choose(f, k, e);
		for (size_t i = 0; i < PANEL_SIZE; i++)
			if (f->chosen[i])
				f->in[i] = false;
	}
	return rc;
}

/* -- multiple choice --------------------------------------------------------------------------- */
static unsigned bits(unsigned x)
{
	unsigned n = 0;

	for (; x; x &= x - 1)
		n++;
	return n;
}

/* Gives one of somebody's several answers to this institution, which has none. */
static bool pass_on(struct fill *f, size_t to)
{
	for (unsigned most = PANEL_OPTIONS; most > 1; most--)
		for (size_t k = 0; k < f->noption; k++) {
			if (!can(f, k, to))
				continue;
			for (size_t i = 0; i < PANEL_SIZE; i++) {
				if (!f->in[i] || bits(f->chosen[i]) != most ||
				    !(f->chosen[i] >> k & 1) || is_bound(f, k, i))
					continue;
				f->chosen[i] &= ~(1u << k);
				f->chosen[to] |= 1u << k;
				return true;
			}
		}
	return false;
}

static void multi_counts(struct fill *f)
{
	for (size_t k = 0; k < f->noption; k++) {
		unsigned able = 0, n = f->r->option[k].n;

		for (size_t i = 0; i < PANEL_SIZE; i++)
			able += can(f, k, i);
		if (f->p->first && able > n)
			n += (able - n) / 4;
		f->want[k] = f->p->first && n > able ? able : n;
	}
}

static enum tk_rc fill_multi(struct fill *f, struct tk_err *e)
{
	size_t last = f->noption - 1, n = f->r->flags & PANEL_ALONE ? last : f->noption;
	bool all[PANEL_SIZE];
	enum tk_rc rc = TK_OK;

	memcpy(all, f->in, sizeof(all));
	if (n == last) {
		f->want[last] = f->p->first ? 0 : f->r->option[last].n;
		rc = choose(f, last, e);
		for (size_t i = 0; i < PANEL_SIZE; i++)
			f->in[i] = f->in[i] && !f->chosen[i];
	}
	f->noption = n;
	multi_counts(f);
	for (size_t k = 0; k < n && rc == TK_OK; k++)
		rc = choose(f, k, e);
	for (size_t i = 0; i < PANEL_SIZE && rc == TK_OK; i++)
		if (!f->in[i] || f->chosen[i] || pass_on(f, i))
			continue;
		else if (f->p->first && n == last && can(f, last, i))
			f->chosen[i] = 1u << last;
		else
			rc = tk_fail(e, TK_EINTERNAL, f->r->item,
				     N_("The demonstration panel: %s has too few answers for "
					"everybody asked."),
				     f->r->item);
	memcpy(f->in, all, sizeof(all));
	return rc;
}

static void write_values(struct fill *f)
{
	for (size_t i = 0; i < PANEL_SIZE; i++) {
		struct tk_buf b = TK_BUF(1000);

		if (!f->chosen[i])
			continue;
		for (size_t k = 0; k < PANEL_OPTIONS; k++)
			if (f->chosen[i] >> k & 1)
				tk_buf_fmt(&b, "%s%s", b.len ? " " : "", f->r->option[k].code);
		f->item->value[i] = tk_strdup(f->p->a, tk_buf_cstr(&b));
		tk_buf_drop(&b);
	}
}

/* What was answered in the first wave; who was not asked then gives the last answer (none). */
static void repeat(struct fill *f)
{
	const char *none = f->r->option[f->noption - 1].code;

	for (size_t i = 0; i < PANEL_SIZE; i++)
		if (f->in[i]) {
			const char *was = panel_value(f->p->first, f->r->item, i);
			f->item->value[i] = *was ? was : none;
		}
}

enum tk_rc panel_apply(struct panel *p, const struct panel_rule *r, struct tk_err *e)
{
	struct fill f = { .p = p, .r = r, .item = panel_item(p, r->item) };
	enum tk_rc rc;

	while (f.noption < PANEL_OPTIONS && r->option[f.noption].code)
		f.noption++;
	for (size_t i = 0; i < PANEL_SIZE; i++)
		f.in[i] = panel_holds(p, r->base, i) &&
			  (!r->who || r->who >> (unsigned)p->at[i].kind & 1);
	if (p->first && r->flags & PANEL_PAST) {
		repeat(&f);
		return TK_OK;
	}
	rc = r->flags & PANEL_MULTI ? fill_multi(&f, e) : fill_single(&f, e);
	if (rc == TK_OK)
		write_values(&f);
	return rc;
}

/* How far an institution is with telework and devices follows from whether it has the scheme. */
static void find_standing(struct panel *p)
{
	for (size_t i = 0; i < PANEL_SIZE; i++) {
		struct panel_institution *in = &p->at[i];
		bool scheme = panel_has(panel_value(p, "system_exists", i), "yes");

		in->practice = panel_scatter("practice", "", i, 550) +
			       (in->kind == PANEL_FOREIGN ? 120 : 0) +
			       (in->kind == PANEL_MAJOR ? 150 : 0) + (scheme ? 300 : 0);
		in->devices = panel_scatter("devices", "", i, 600) +
			      (in->kind == PANEL_FOREIGN ? 350 : 0) + in->mature / 20;
	}
}

static enum tk_rc make(struct panel *p, struct tk_arena *a, const struct panel *first,
		       struct tk_date from, unsigned days, struct tk_err *e)
{
	enum tk_rc rc = TK_OK;

	memset(p, 0, sizeof(*p));
	p->a = a;
	p->first = first;
	p->from = from;
	p->days = days;
	panel_institutions(p);
	for (size_t i = 0; i < panel_nrules && rc == TK_OK; i++) {
		rc = panel_apply(p, &panel_rules[i], e);
		if (i + 1 < panel_nrules && !strcmp(panel_rules[i].item, "system_exists"))
			find_standing(p);
	}
	if (rc == TK_OK)
		panel_values(p);
	return rc;
}

enum tk_rc panel_make(struct panel *p, struct tk_arena *a, struct tk_date from, unsigned days,
		      struct tk_err *e)
{
	const struct tk_date opened = { 2020, 7, 6 };
	struct panel *first = NULL;
	enum tk_rc rc = TK_OK;

	if (from.y > opened.y) {
		first = tk_alloc(a, sizeof(*first));
		rc = make(first, a, NULL, opened, 33, e);
	}
	return rc == TK_OK ? make(p, a, first, from, days, e) : rc;
}
