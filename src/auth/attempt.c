#include <inttypes.h>
#include <string.h>
#include "auth/attempt.h"
#include "base/clock.h"
#include "base/hash.h"

enum {
	FREE_LOGIN = 5,
	FREE_PEER = 50,
	WAIT_LOGIN = 900,
	WAIT_PEER = 60,
	WAIT_FIRST = 2,
	FORGET = 3600,
	BACK = 10
};

struct tk_attempt tk_attempt_login(struct tk_arena *a, const char *login)
{
	char hex[TK_SHA256_HEX];

	tk_sha256_hex(login, strlen(login), hex);
	return (struct tk_attempt){ tk_sprintf(a, "login:%s", hex), false };
}

struct tk_attempt tk_attempt_peer(struct tk_arena *a, const char *peer)
{
	return (struct tk_attempt){ tk_sprintf(a, "peer:%.60s", peer ? peer : ""), true };
}

static enum tk_rc load(const struct tk_op *op, struct tk_attempt t, int64_t now, int64_t *failures,
		       int64_t *until)
{
	struct tk_value col[2];
	bool found;
	enum tk_rc rc = tk_db_first(op->db, op->mem, op->e,
				    "SELECT failures, until_at FROM sign_in_attempt WHERE key = $1",
				    TK_ARGS(TK_S(t.key)), col, 2, &found);

	*failures = *until = 0;
	if (rc == TK_OK && found && col[1].i + FORGET > now) {
		*failures = col[0].i;
		*until = col[1].i;
	}
	return rc;
}

static enum tk_rc store(const struct tk_op *op, struct tk_attempt t, int64_t failures,
			int64_t until)
{
	return tk_db_exec(op->db, op->e,
			  "INSERT INTO sign_in_attempt(key, failures, until_at) VALUES($1,$2,$3)"
			  " ON CONFLICT(key) DO UPDATE SET failures = $2, until_at = $3",
			  TK_S(t.key), TK_I(failures), TK_I(until));
}

enum tk_rc tk_attempt_check(const struct tk_op *op, struct tk_attempt t)
{
	int64_t now = tk_now(), failures, until;
	enum tk_rc rc = load(op, t, now, &failures, &until);

	if (rc == TK_OK && until > now)
		return tk_fail(op->e, TK_ERATE, NULL,
			       N_("There were too many failed attempts. Please wait %" PRId64
				  " seconds and try again."),
			       until - now);
	return rc;
}

enum tk_rc tk_attempt_failed(const struct tk_op *op, struct tk_attempt t, int64_t *until)
{
	int64_t now = tk_now(), failures, free = t.address ? FREE_PEER : FREE_LOGIN;
	int64_t longest = t.address ? WAIT_PEER : WAIT_LOGIN, wait = 0;
	enum tk_rc rc = load(op, t, now, &failures, until);

	if (rc != TK_OK)
		return rc;
	failures++;
	if (failures >= free)
		wait = failures - free > 10 ? longest : (int64_t)WAIT_FIRST << (failures - free);
	if (wait > longest)
		wait = longest;
	*until = wait ? now + wait : 0;
	return store(op, t, failures, now + wait);
}

enum tk_rc tk_attempt_good(const struct tk_op *op, struct tk_attempt t)
{
	int64_t now = tk_now(), failures, until;
	enum tk_rc rc = load(op, t, now, &failures, &until);

	if (rc != TK_OK || failures == 0)
		return rc;
	if (!t.address || failures <= BACK)
		return tk_db_exec(op->db, op->e, "DELETE FROM sign_in_attempt WHERE key = $1",
				  TK_S(t.key));
	return store(op, t, failures - BACK, now);
}
