#include <inttypes.h>
#include <string.h>
#include "auth/account.h"
#include "auth/password.h"
#include "auth/sign_in.h"
#include "base/clock.h"
#include "record/trail.h"

static enum tk_rc may_try(const struct tk_op *op, const struct tk_sign_in *s)
{
	enum tk_rc rc = tk_attempt_check(op, s->by_login);

	return rc == TK_OK ? tk_attempt_check(op, s->by_peer) : rc;
}

static const char *why_not(const struct tk_person *p, bool match)
{
	if (!p->who.account_id)
		return "unknown";
	if (!match)
		return p->password ? "password" : "no_password";
	return p->may_sign_in ? NULL : p->usable ? p->state : "locked_or_left";
}

enum tk_rc tk_sign_in_check(const struct tk_op *op, const char *peer, const char *login,
			    const char *password, struct tk_sign_in *s)
{
	const char *plain = tk_login_plain(op->mem, login);
	int64_t id = 0;
	bool match;
	enum tk_rc rc;

	*s = (struct tk_sign_in){ .by_login = tk_attempt_login(op->mem, plain),
				  .by_peer = tk_attempt_peer(op->mem, peer) };
	if ((rc = may_try(op, s)) != TK_OK || (rc = tk_account_by_login(op, plain, &id)) != TK_OK)
		return rc;
	if (id && (rc = tk_person_load(op, id, &s->person)) != TK_OK)
		return rc;
	rc = tk_password_verify(s->person.password, password, &match, op->e);
	s->verifier = match ? s->person.password : NULL;
	s->reason = why_not(&s->person, match);
	return rc;
}

static enum tk_rc wrong(struct tk_err *e)
{
	return tk_fail(e, TK_EAUTH, NULL, N_("The login or the password is not right."));
}

/* Counts and records a failure.  The same statements run for an account that does not exist. */
static enum tk_rc failed(const struct tk_op *op, const struct tk_sign_in *s, const char *action)
{
	int64_t id = s->person.who.account_id, until = 0, peer_until = 0;
	enum tk_rc rc = tk_attempt_failed(op, s->by_login, &until);

	if (rc == TK_OK)
		rc = tk_attempt_failed(op, s->by_peer, &peer_until);
	if (rc == TK_OK)
		rc = tk_db_exec(op->db, op->e,
				"UPDATE account SET failed_count = failed_count + 1, locked_until "
				"= $2 WHERE id = $1",
				TK_I(id), TK_I0(until));
	if (rc == TK_OK)
		rc = tk_trail_add(op, action, "account", id,
				  tk_sprintf(op->mem, "{\"reason\":\"%s\",\"wait\":%" PRId64 "}",
					     s->reason, until ? until - tk_now() : 0));
	return rc;
}

enum tk_rc tk_sign_in_as(const struct tk_op *op, const struct tk_person *p, const char *old_digest,
			 const char *action, const char *detail, struct tk_session *ret)
{
	struct tk_who who = p->who;
	struct tk_op as = { op->db, op->mem, &who, op->e };
	enum tk_rc rc = TK_OK;

	who.source = op->who->source;
	if (old_digest)
		rc = tk_session_end(op, old_digest);
	if (rc == TK_OK)
		rc = tk_session_new(&as, who.account_id, ret);
	if (rc == TK_OK)
		rc = tk_db_exec(op->db, op->e,
				"UPDATE account SET last_sign_in_at = $2, failed_count = 0, "
				"locked_until = NULL"
				" WHERE id = $1",
				TK_I(who.account_id), TK_I(tk_now()));
	return rc == TK_OK ? tk_trail_add(&as, action, "account", who.account_id, detail) : rc;
}

enum tk_rc tk_sign_in_finish(const struct tk_op *op, const char *old_digest, struct tk_sign_in *s)
{
	enum tk_rc rc = may_try(op, s);         /* others may have failed since the first step */

	s->in = false;
	if (rc == TK_OK && !s->reason) {
		rc = tk_person_load(op, s->person.who.account_id, &s->person);
		if (rc == TK_ENOTFOUND) {
			s->person = (struct tk_person){ 0 };
			rc = TK_OK;
		}
		/* the password or the state may have changed since, too */
		s->reason = why_not(&s->person,
				    s->person.password && !strcmp(s->person.password, s->verifier));
	}
	if (rc != TK_OK)
		return rc;
	if (s->reason) {
		rc = failed(op, s, "sign_in_failed");
		if (rc == TK_OK)
			(void)wrong(op->e);
		return rc;
	}
	rc = tk_sign_in_as(op, &s->person, old_digest, "sign_in", NULL, &s->session);
	if (rc == TK_OK)
		rc = tk_attempt_good(op, s->by_login);
	if (rc == TK_OK)
		rc = tk_attempt_good(op, s->by_peer);
	s->in = rc == TK_OK;
	return rc;
}

enum tk_rc tk_change_check(const struct tk_op *op, const char *peer, const char *old,
			   const char *new_password, struct tk_sign_in *s)
{
	bool match = false;
	enum tk_rc rc;

	*s = (struct tk_sign_in){ 0 };
	if ((rc = tk_person_load(op, op->who->account_id, &s->person)) != TK_OK)
		return rc;
	s->by_login = tk_attempt_login(op->mem, s->person.login);
	s->by_peer = tk_attempt_peer(op->mem, peer);
	if ((rc = tk_password_check(new_password, s->person.login, "new", op->e)) != TK_OK ||
	    (rc = may_try(op, s)) != TK_OK)
		return rc;
	if (!strcmp(old, new_password))
		return tk_fail(op->e, TK_EINVAL, "new",
			       N_("The new password is the old one. Choose another."));
	rc = tk_password_verify(s->person.password, old, &match, op->e);
	s->reason = match ? NULL : "password";
	if (rc == TK_OK && match)
		rc = tk_password_make(op->mem, new_password, &s->verifier, op->e);
	return rc;
}

enum tk_rc tk_change_finish(const struct tk_op *op, const char *digest, struct tk_sign_in *s)
{
	enum tk_rc rc = may_try(op, s);

	s->in = false;
	if (rc != TK_OK)
		return rc;
	if (s->reason) {
		rc = failed(op, s, "password_change_failed");
		if (rc == TK_OK)
			(void)tk_fail(op->e, TK_EINVAL, "old",
				      N_("The present password is not right."));
		return rc;
	}
	rc = tk_account_set_password(op, op->who->account_id, s->verifier);
	if (rc == TK_OK)
		rc = tk_sessions_end(op, op->who->account_id, digest);
	if (rc == TK_OK)
		rc = tk_db_exec(
			op->db, op->e,
			"DELETE FROM one_time_link WHERE account_id = $1 AND used_at IS NULL",
			TK_I(op->who->account_id));
	if (rc == TK_OK)
		rc = tk_trail_add(op, "password_change", "account", op->who->account_id, NULL);
	s->in = rc == TK_OK;
	return rc;
}

enum tk_rc tk_sign_out(const struct tk_op *op, const char *digest)
{
	enum tk_rc rc = digest ? tk_session_end(op, digest) : TK_OK;

	return rc == TK_OK ? tk_trail_add(op, "sign_out", "account", op->who->account_id, NULL)
			   : rc;
}
