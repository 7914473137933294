#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"

struct chunk { struct chunk *next; size_t used, cap; _Alignas(max_align_t) char mem[]; };
struct defer { struct defer *next; void (*fn)(void *); void *arg; };
struct tk_arena {
	struct chunk *top;
	struct defer *defer;
	size_t        used, limit;
	bool          guarded, refused; /* refused: since the last guard */
	jmp_buf       jump;
};

void *tk_xmalloc(size_t n)
{
	void *p = malloc(n ? n : 1);

	if (!p) {
		fputs("tenken: out of memory\n", stderr);
		abort();
	}
	return p;
}

void *tk_xcalloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (!p) {
		fputs("tenken: out of memory\n", stderr);
		abort();
	}
	return p;
}

void *tk_xrealloc(void *old, size_t n)
{
	void *p = realloc(old, n ? n : 1);

	if (!p) {
		fputs("tenken: out of memory\n", stderr);
		abort();
	}
	return p;
}

char *tk_xstrdup(const char *s)
{
	size_t n = strlen(s) + 1;

	return memcpy(tk_xmalloc(n), s, n);
}

struct tk_arena *tk_arena_new(size_t limit)
{
	struct tk_arena *a = tk_xcalloc(1, sizeof(*a));

	a->limit = limit;
	return a;
}

void tk_arena_raise(struct tk_arena *a, size_t limit)
{
	if (limit > a->limit)
		a->limit = limit;
}

jmp_buf *tk_arena_jump(struct tk_arena *a)
{
	a->guarded = true;
	a->refused = false;
	return &a->jump;
}

void tk_arena_unguard(struct tk_arena *a)
{
	a->guarded = false;
}

size_t tk_arena_used(const struct tk_arena *a)
{
	return a->used;
}

/* Whoever is told that the ceiling was reached needs some room to say so. */
enum { REFUSAL = 16 << 10 };

static void ceiling(struct tk_arena *a)
{
	if (a->guarded) {
		a->guarded = false;
		a->refused = true;
		longjmp(a->jump, 1);
	}
	fputs("tenken: an arena reached its ceiling where none was expected\n", stderr);
	abort();
}

static size_t room(const struct tk_arena *a)
{
	size_t limit = a->refused && a->limit < SIZE_MAX - REFUSAL ? a->limit + REFUSAL : a->limit;

	return limit > a->used ? limit - a->used : 0;
}

void *tk_alloc(struct tk_arena *a, size_t n)
{
	const size_t al = _Alignof(max_align_t);
	void *p;

	if (n > room(a) || n > SIZE_MAX - al)
		ceiling(a);
	n = (n + al - 1) / al * al;
	if (n > room(a))
		ceiling(a);
	if (!a->top || a->top->cap - a->top->used < n) {
		/* chunks grow with the arena, so that big ones need few */
		size_t want = a->used < 8000 ? 8000 : a->used > 1 << 20 ? 1 << 20 : a->used;
		size_t cap = n > want ? n : want;
		struct chunk *c = tk_xmalloc(sizeof(*c) + cap);
		c->used = 0;
		c->cap = cap;
		c->next = a->top;
		a->top = c;
	}
	p = a->top->mem + a->top->used;
	memset(p, 0, n);
	a->top->used += n;
	a->used += n;
	return p;
}

void *tk_alloc_n(struct tk_arena *a, size_t n, size_t size)
{
	if (size && n > SIZE_MAX / size)
		ceiling(a);
	return tk_alloc(a, n * size);
}

char *tk_strndup(struct tk_arena *a, const char *s, size_t n)
{
	char *p = tk_alloc(a, n + 1);

	if (n)
		memcpy(p, s, n);
	return p;
}

char *tk_strdup(struct tk_arena *a, const char *s)
{
	return s ? tk_strndup(a, s, strlen(s)) : NULL;
}

static char *print(struct tk_arena *a, const char *fmt, va_list ap) TK_PRINTF(2, 0);
static char *print(struct tk_arena *a, const char *fmt, va_list ap)
{
	va_list again;
	char *p;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	p = tk_alloc(a, n < 0 ? 1 : (size_t)n + 1);
	if (n > 0)
		vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return p;
}

char *tk_sprintf(struct tk_arena *a, const char *fmt, ...)
{
	va_list ap;
	char *p;

	va_start(ap, fmt);
	p = print(a, fmt, ap);
	va_end(ap);
	return p;
}

/* The translated text comes from our own table, whose formats a test compares with the msgid's. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
char *tk_say(struct tk_arena *a, enum tk_lang lang, const char *msgid, ...)
{
	va_list ap;
	char *p;

	va_start(ap, msgid);
	p = print(a, tk_tr(lang, msgid), ap);
	va_end(ap);
	return p;
}
#pragma GCC diagnostic pop

void tk_on_free(struct tk_arena *a, void (*fn)(void *), void *arg)
{
	struct defer *d = tk_alloc(a, sizeof(*d));

	*d = (struct defer){ .next = a->defer, .fn = fn, .arg = arg };
	a->defer = d;
}

void tk_arena_settle(struct tk_arena *a)
{
	struct defer *d = a->defer;

	a->defer = NULL;
	for (; d; d = d->next)
		d->fn(d->arg);
}

void tk_arena_reset(struct tk_arena *a)
{
	struct chunk *next;

	tk_arena_settle(a);
	for (struct chunk *c = a->top; c; c = next) {
		next = c->next;
		free(c);
	}
	a->top = NULL;
	a->used = 0;
	a->refused = false;
}

void tk_arena_free(struct tk_arena *a)
{
	if (!a)
		return;
	tk_arena_reset(a);
	free(a);
}

void tk_buf_add(struct tk_buf *b, const char *s, size_t n)
{
	if (b->bad)
		return;
	if (n >= b->max || b->len > b->max - n - 1) {
		b->bad = true;
		return;
	}
	if (b->len + n + 1 > b->cap) {
		size_t cap = (b->len + n + 1) * 2;
		if (cap < 256)
			cap = 256;
		b->p = tk_xrealloc(b->p, cap);
		b->cap = cap;
	}
	if (n)
		memcpy(b->p + b->len, s, n);
	b->len += n;
	b->p[b->len] = '\0';
}

void tk_buf_str(struct tk_buf *b, const char *s)
{
	tk_buf_add(b, s, strlen(s));
}

void tk_buf_chr(struct tk_buf *b, char c)
{
	if (b->bad || b->len + 2 > b->cap || b->len + 2 > b->max) {
		tk_buf_add(b, &c, 1);
		return;
	}
	b->p[b->len++] = c;
	b->p[b->len] = '\0';
}

/* Large replies are mostly numbers: a few times as fast as printf. */
void tk_buf_int(struct tk_buf *b, int64_t v)
{
	uint64_t u = v < 0 ? -(uint64_t)v : (uint64_t)v;
	char digit[24], *p = digit + sizeof(digit);

	do
		*--p = (char)('0' + u % 10);
	while (u /= 10);
	if (v < 0)
		*--p = '-';
	tk_buf_add(b, p, (size_t)(digit + sizeof(digit) - p));
}

void tk_buf_fmt(struct tk_buf *b, const char *fmt, ...)
{
	char tmp[256], *big;
	va_list ap, ap2;
	int n;

	va_start(ap, fmt);
	va_copy(ap2, ap);
	n = vsnprintf(tmp, sizeof(tmp), fmt, ap);
	va_end(ap);
	if (n < 0) {
		b->bad = true;
	} else if ((size_t)n < sizeof(tmp)) {
		tk_buf_add(b, tmp, (size_t)n);
	} else {
		big = tk_xmalloc((size_t)n + 1);
		vsnprintf(big, (size_t)n + 1, fmt, ap2);
		tk_buf_add(b, big, (size_t)n);
		free(big);
	}
	va_end(ap2);
}

void tk_buf_clear(struct tk_buf *b)
{
	b->len = 0;
	b->bad = false;
	if (b->p)
		b->p[0] = '\0';
}

void tk_buf_drop(struct tk_buf *b)
{
	free(b->p);
	*b = TK_BUF(b->max);
}

const char *tk_buf_cstr(const struct tk_buf *b)
{
	return b->p ? b->p : "";
}
