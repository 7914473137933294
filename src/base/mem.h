/* mem.h - arenas with a ceiling and buffers with a ceiling.
 *
 * Arena: everything a request allocates dies with the request.  Reaching the ceiling ends that
 * request with 413 and never the process: the arena jumps back to the point that tk_arena_guard()
 * marked.  Where no guard is set (command line, tests) it aborts.  Out of memory in malloc aborts;
 * the service manager restarts.  One thread at a time uses an arena.
 *
 * Buffer: a growing string, always NUL-terminated once something was added.  The ceiling is
 * compulsory; passing it sets `bad` (sticky, nothing more is added), tested once at the end.
 */
#pragma once
#include <setjmp.h>
#include "base/err.h"

struct tk_arena;
struct tk_arena *tk_arena_new(size_t limit);
void  tk_arena_free(struct tk_arena *a);                        /* NULL is fine */
void  tk_arena_reset(struct tk_arena *a);                       /* frees content, keeps the arena */
void tk_arena_raise(struct tk_arena *a, size_t limit); /* a higher ceiling, never a lower one */
size_t tk_arena_used(const struct tk_arena *a);
void *tk_alloc(struct tk_arena *a, size_t n);                   /* zeroed, never NULL */
void *tk_alloc_n(struct tk_arena *a, size_t n, size_t size);    /* n * size, checked */
char *tk_strdup(struct tk_arena *a, const char *s);             /* NULL gives NULL */
char *tk_strndup(struct tk_arena *a, const char *s, size_t n);
char *tk_sprintf(struct tk_arena *a, const char *fmt, ...) TK_PRINTF(2, 3);
/* The same with the translation of an English msgid, a format. */
char *tk_say(struct tk_arena *a, enum tk_lang lang, const char *msgid, ...) TK_PRINTF(3, 4);
/* Calls fn(arg) when the arena dies or is reset, last registered first. */
void  tk_on_free(struct tk_arena *a, void (*fn)(void *), void *arg);
/* Calls them now, in the thread that did the work (locks are given back by who took them). */
void  tk_arena_settle(struct tk_arena *a);
/* if (tk_arena_guard(a)) { the ceiling was reached } else { work }; unguard before returning.
 * After it was reached the arena has a few thousand bytes more, to say so.
 * Only the frames between guard and tk_alloc are skipped, so they may own nothing but the arena. */
#define tk_arena_guard(a) setjmp(*tk_arena_jump(a))
jmp_buf *tk_arena_jump(struct tk_arena *a);
void  tk_arena_unguard(struct tk_arena *a);

/* malloc family that aborts when memory is out. */
void *tk_xmalloc(size_t n);
void *tk_xcalloc(size_t n, size_t size);
void *tk_xrealloc(void *p, size_t n);
char *tk_xstrdup(const char *s);

struct tk_buf { char *p; size_t len, cap, max; bool bad; };
#define TK_BUF(limit) ((struct tk_buf){ .max = (limit) })
void tk_buf_add(struct tk_buf *b, const char *s, size_t n);
void tk_buf_str(struct tk_buf *b, const char *s);
void tk_buf_chr(struct tk_buf *b, char c);
void tk_buf_int(struct tk_buf *b, int64_t v);                   /* its decimal digits */
void tk_buf_fmt(struct tk_buf *b, const char *fmt, ...) TK_PRINTF(2, 3);
void tk_buf_clear(struct tk_buf *b);                            /* keeps the memory */
void tk_buf_drop(struct tk_buf *b);                             /* frees it */
const char *tk_buf_cstr(const struct tk_buf *b);                /* "" when empty */
