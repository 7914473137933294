/* err.h - result codes and the one error object that travels up to the person.
 *
 * Every function that can fail returns enum tk_rc, is TK_MUST_USE, and takes a struct tk_err *e
 * (may be NULL) as its last argument.  The text is written once, where the fault is known, in the
 * language of e->lang; library code never logs.  A struct tk_err belongs to its caller; threads
 * never share one.
 */
#pragma once
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TK_LEN(a)       (sizeof(a) / sizeof((a)[0]))
#define TK_PRINTF(f, a) __attribute__((format(printf, f, a)))
#define TK_MUST_USE     __attribute__((warn_unused_result))
/* Marks a text for translation (po/ja.po) without translating it here. */
#define N_(s) (s)

/* id, HTTP status, problem+json slug */
#define TK_RC_TABLE(X) \
	X(OK, 200, "ok") \
	X(EINVAL, 422, "invalid") \
	X(ESYNTAX, 400, "bad-request") \
	X(EAUTH, 401, "sign-in-required") \
	X(EPERM, 403, "forbidden") \
	X(ENOTFOUND, 404, "not-found") \
	X(EMETHOD, 405, "method-not-allowed") \
	X(ECONFLICT, 409, "conflict") \
	X(EGONE, 410, "gone") \
	X(EVERSION, 412, "changed-meanwhile") \
	X(ETOOBIG, 413, "too-large") \
	X(ETYPE, 415, "wrong-file-kind") \
	X(ENEEDVERSION, 428, "version-required") \
	X(ERATE, 429, "too-many-requests") \
	X(EDB, 500, "database") \
	X(EINTERNAL, 500, "internal") \
	X(EBUSY, 503, "busy") \
	X(EFULL, 507, "storage-full")

enum tk_rc {
#define X(id, http, slug) TK_##id,
	TK_RC_TABLE(X)
#undef X
	TK_RC_MAX
};

int         tk_rc_http(enum tk_rc rc);
const char *tk_rc_slug(enum tk_rc rc);

enum tk_lang { TK_JA, TK_EN };

struct tk_err {
	enum tk_rc   rc;
	enum tk_lang lang;      /* set by whoever makes the object; the rest is set by tk_fail */
	const char  *where;     /* file:line, for the log only */
	char         field[64]; /* name of the field, item or cell at fault; "" if none */
	char         msg[480];  /* one sentence for the person, in lang */
};

/* Fills *e and returns rc, so that a caller writes one line.  fmt is an English msgid of po/ja.po
 * (a printf format); it is translated to e->lang before the arguments go in. */
enum tk_rc tk_fail_at(struct tk_err *e, const char *where, enum tk_rc rc, const char *field,
		      const char *fmt, ...) TK_PRINTF(5, 6);
#define TK_STR_(x) #x
#define TK_STR(x)  TK_STR_(x)
#define tk_fail(e, rc, field, ...) \
	tk_fail_at((e), __FILE__ ":" TK_STR(__LINE__), (rc), (field), __VA_ARGS__)

/* The text of an English msgid in that language (the msgid itself where no translation exists).
 * Static storage, any thread. */
const char *tk_tr(enum tk_lang lang, const char *msgid);
/* TK_JA unless a LANG-like value ("en_US.UTF-8", "en", "C" ...) asks for English. */
enum tk_lang tk_lang_of(const char *locale);
