#include <stdatomic.h>
#include <string.h>
#include "auth/cache.h"
#include "auth/session.h"
#include "base/clock.h"
#include "base/hash.h"

enum {
	SEEN_AT_ONCE = 400,     /* the writer stands still meanwhile */
	TOKEN_BYTES = 32,
	TOKEN_CHARS = 43,
	SEEN_EVERY = 60,
	SWEEP_EVERY = 600,
	LINK_KEEP = 90 * 86400
};

static int64_t ends_at(const struct tk_session_row *s)
{
	int64_t idle = s->seen_at + TK_SESSION_IDLE;

	return idle < s->expires_at ? idle : s->expires_at;
}

/* Reads the session and keeps it; *ok is false when it is not one to act with. */
static enum tk_rc look_up(struct tk_req *rq, const char *digest, int64_t now, struct tk_known *k,
			  bool *ok)
{
	struct tk_op op = { rq->db, rq->mem, &rq->who, &rq->err };
	struct tk_session_row s = { 0 };
	struct tk_person p;
	enum tk_rc rc = tk_person_of_session(&op, digest, &p, &s, ok);

	if (rc != TK_OK || !*ok)
		return rc;
	*ok = p.may_sign_in && ends_at(&s) > now && strlen(s.csrf) < sizeof(k->csrf);
	if (!*ok)
		return TK_OK;
	*k = (struct tk_known){ .who = p.who, .ends_at = ends_at(&s), .lang = -1 };
	strcpy(k->digest, digest);
	strcpy(k->csrf, s.csrf);
	memcpy(k->name, p.name, strnlen(p.name, sizeof(k->name) - 1));
	if (p.lang)
		k->lang = (int8_t)tk_lang_of(p.lang);
	if (now - s.seen_at >= SEEN_EVERY)
		tk_seen_add(digest, now);
	k->who.name = k->who.source = NULL;
	tk_known_put(k);
	return TK_OK;
}

enum tk_rc tk_auth(struct tk_req *rq)
{
	const char *token = tk_req_cookie(rq, "tk_session");
	char digest[TK_SHA256_HEX];
	struct tk_known k;
	int64_t now = tk_now();
	enum tk_lang lang = rq->who.lang;
	bool ok;
	enum tk_rc rc;

	if (!token || strlen(token) != TOKEN_CHARS)
		return TK_OK;
	tk_sha256_hex(token, TOKEN_CHARS, digest);
	ok = tk_known_get(digest, &k);
	if (!ok && (rc = look_up(rq, digest, now, &k, &ok)) != TK_OK)
		return rc;
	if (!ok || k.ends_at <= now)
		return TK_OK;
	if (k.lang >= 0 && !tk_req_query(rq, "lang"))
		lang = (enum tk_lang)k.lang;
	rq->who = k.who;
	rq->who.name = tk_strdup(rq->mem, k.name);
	rq->who.source = rq->peer;
	rq->who.lang = rq->err.lang = lang;
	rq->session_digest = tk_strdup(rq->mem, digest);
	rq->session_csrf = tk_strdup(rq->mem, k.csrf);
	return TK_OK;
}

enum tk_rc tk_session_new(const struct tk_op *op, int64_t account_id, struct tk_session *ret)
{
	char *digest = tk_alloc(op->mem, TK_SHA256_HEX);
	int64_t now = tk_now();

	*ret = (struct tk_session){ tk_token(op->mem, TOKEN_BYTES), tk_token(op->mem, TOKEN_BYTES),
				    digest };
	tk_sha256_hex(ret->token, strlen(ret->token), digest);
	return tk_db_exec(op->db, op->e,
			  "INSERT INTO session(digest, account_id, csrf, peer, created_at, "
			  "seen_at, expires_at)"
			  " VALUES($1,$2,$3,$4,$5,$5,$6)",
			  TK_S(digest), TK_I(account_id), TK_S(ret->csrf),
			  TK_S(op->who->source ? op->who->source : ""), TK_I(now),
			  TK_I(now + TK_SESSION_LIFE));
}

enum tk_rc tk_session_end(const struct tk_op *op, const char *digest)
{
	tk_auth_forget(digest);
	return tk_db_exec(op->db, op->e, "DELETE FROM session WHERE digest = $1", TK_S(digest));
}

enum tk_rc tk_sessions_end(const struct tk_op *op, int64_t account_id, const char *but_digest)
{
	tk_auth_forget_all();
	return tk_db_exec(op->db, op->e,
			  "DELETE FROM session WHERE account_id = $1 AND digest <> $2",
			  TK_I(account_id), TK_S(but_digest ? but_digest : ""));
}

void tk_session_cookie(struct tk_req *rq, const struct tk_session *s)
{
	const char *base = rq->server ? tk_server_config(rq->server)->base_url : NULL;
	bool secure = rq->tls || (base && !strncmp(base, "https:", 6));

	tk_req_header(rq, "Set-Cookie",
		      tk_sprintf(rq->mem, "tk_session=%s; HttpOnly; SameSite=Strict; Path=/%s%s",
				 s ? s->token : "", s ? "" : "; Max-Age=0",
				 secure ? "; Secure" : ""));
}

static enum tk_rc write_seen(struct tk_db *db, struct tk_err *e)
{
	char digest[TK_SHA256_HEX];
	int64_t at;
	enum tk_rc rc = TK_OK;

	for (int n = 0; n < SEEN_AT_ONCE && rc == TK_OK && tk_seen_take(digest, &at); n++)
		rc = tk_db_exec(
			db, e, "UPDATE session SET seen_at = $2 WHERE digest = $1 AND seen_at < $2",
			TK_S(digest), TK_I(at));
	return rc;
}

static enum tk_rc sweep(struct tk_db *db, int64_t now, struct tk_err *e)
{
	enum tk_rc rc = tk_db_exec(db, e, "DELETE FROM session WHERE expires_at < $1", TK_I(now));

	if (rc == TK_OK)
		rc = tk_db_exec(db, e, "DELETE FROM sign_in_attempt WHERE until_at < $1",
				TK_I(now - 86400));
	if (rc == TK_OK)
		rc = tk_db_exec(db, e, "DELETE FROM one_time_link WHERE expires_at < $1",
				TK_I(now - LINK_KEEP));
	return rc;
}

enum tk_rc tk_auth_tick(struct tk_db *db, struct tk_err *e)
{
	static _Atomic int64_t next_sweep;
	int64_t now = tk_now();
	enum tk_rc rc;

	if (now < next_sweep && !tk_seen_any())
		return TK_OK;
	if ((rc = tk_db_begin(db, e)) != TK_OK)
		return rc;
	rc = write_seen(db, e);
	if (rc == TK_OK && now >= next_sweep) {
		next_sweep = now + SWEEP_EVERY;
		rc = sweep(db, now, e);
	}
	if (rc == TK_OK)
		return tk_db_commit(db, e);
	tk_db_rollback(db);
	return rc;
}
