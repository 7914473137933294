#include <pthread.h>
#include <string.h>
#include <time.h>
#include "auth/password.h"
#include "base/hash.h"
#include "base/text.h"

enum { AT_ONCE = 2, WAITING = 8, PATIENCE_SECONDS = 5, VERIFIER_MAX = 256 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t room = PTHREAD_COND_INITIALIZER;
static unsigned running, waiting;

static enum tk_rc gate_enter(struct tk_err *e)
{
	struct timespec until;
	bool in;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += PATIENCE_SECONDS;
	pthread_mutex_lock(&lock);
	in = running < AT_ONCE;
	if (!in && waiting < WAITING) {
		waiting++;
		while (running >= AT_ONCE && pthread_cond_timedwait(&room, &lock, &until) == 0)
			;
		waiting--;
		in = running < AT_ONCE;
	}
	if (in)
		running++;
	pthread_mutex_unlock(&lock);
	if (in)
		return TK_OK;
	return tk_fail(e, TK_EBUSY, NULL,
		       N_("Many people are signing in at this moment. Please try again in a few "
			  "seconds."));
}

static void gate_leave(void)
{
	pthread_mutex_lock(&lock);
	running--;
	pthread_cond_signal(&room);
	pthread_mutex_unlock(&lock);
}

/* The verifier of a password that nobody has: what an unknown login is checked against. */
static char nobody[VERIFIER_MAX];

static void make_nobody(void)
{
	struct tk_arena *a = tk_arena_new(1 << 16);
	char *v;

	if (tk_password_hash(a, tk_token(a, 32), &v, NULL) == TK_OK && strlen(v) < sizeof(nobody))
		strcpy(nobody, v);
	tk_arena_free(a);
}

enum tk_rc tk_password_verify(const char *verifier, const char *password, bool *ok,
			      struct tk_err *e)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	enum tk_rc rc = gate_enter(e);
	bool match;

	*ok = false;
	if (rc != TK_OK)
		return rc;
	pthread_once(&once, make_nobody);
	match = tk_password_ok(verifier ? verifier : nobody, password);
	*ok = match && verifier;
	gate_leave();
	return TK_OK;
}

/* The request's arena may jump away when it is full, so nothing of it is touched inside the gate.
 * */
enum tk_rc tk_password_make(struct tk_arena *a, const char *password, const char **ret,
			    struct tk_err *e)
{
	struct tk_arena *tmp;
	char local[VERIFIER_MAX] = "", *v = NULL;
	enum tk_rc rc = gate_enter(e);

	if (rc != TK_OK)
		return rc;
	tmp = tk_arena_new(1 << 14);
	rc = tk_password_hash(tmp, password, &v, e);
	if (rc == TK_OK)
		memcpy(local, v, strnlen(v, sizeof(local) - 1));
	tk_arena_free(tmp);
	gate_leave();
	if (rc == TK_OK)
		*ret = tk_strdup(a, local);
	return rc;
}

/* Long enough for the first rule and yet among the first that anybody tries; compared folded. */
static const char *const common[] = {
	"password1234",   "password12345", "password123456", "passwordpassword", "passw0rd1234",
	"p@ssw0rd1234",   "qwertyuiop12",  "qwertyuiop123",  "qwertyuiopasdf",   "qwerty123456",
	"qwerty1234567",  "qwertyqwerty",  "1q2w3e4r5t6y",   "1qaz2wsx3edc",     "1qaz2wsx3edc4rfv",
	"zaq12wsxcde3",   "asdfghjkl123",  "asdfghjkl1234",  "123456789012",     "1234567890123",
	"12345678901234", "123456789abc",  "abcdefghijkl",   "abcdefghijklm",    "abcd12345678",
	"abc123456789",   "adminadmin12",  "administrator",  "administrator1",   "letmein123456",
	"welcome12345",   "iloveyou1234",  "changeme1234",   "tenkentenken",     "tenken123456",
	"security1234",   "012345678901",  "987654321098",   "098765432109",     "himitsu12345",
};

static unsigned kinds(const char *s)
{
	bool seen[256] = { false };
	unsigned n = 0;

	for (; *s; s++) {
		n += !seen[(unsigned char)*s];
		seen[(unsigned char)*s] = true;
	}
	return n;
}

static bool is_common(struct tk_arena *a, const char *password, const char *login)
{
	const char *p = tk_fold(a, password);

	if (kinds(p) < 4 || (login && !strcmp(p, tk_fold(a, login))))
		return true;
	for (size_t i = 0; i < TK_LEN(common); i++)
		if (!strcmp(p, common[i]))
			return true;
	return false;
}

enum tk_rc tk_password_check(const char *password, const char *login, const char *field,
			     struct tk_err *e)
{
	struct tk_arena *a;
	size_t n = password ? tk_utf8_count(password) : 0;
	bool weak;

	if (n < TK_PASSWORD_MIN)
		return tk_fail(e, TK_EINVAL, field,
			       N_("A password needs at least %d characters (this one has %zu)."),
			       TK_PASSWORD_MIN, n);
	if (n > TK_PASSWORD_MAX)
		return tk_fail(e, TK_EINVAL, field,
			       N_("A password may have at most %d characters."), TK_PASSWORD_MAX);
	a = tk_arena_new(1 << 16);
	weak = is_common(a, password, login);
	tk_arena_free(a);
	if (weak)
		return tk_fail(e, TK_EINVAL, field,
			       N_("This password is easy to guess. Choose one that is neither the "
				  "login nor a common word or sequence."));
	return TK_OK;
}
