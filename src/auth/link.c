#include <string.h>
#include "auth/account.h"
#include "auth/link.h"
#include "auth/session.h"
#include "base/clock.h"
#include "base/hash.h"
#include "record/trail.h"

enum tk_rc tk_link_new(const struct tk_op *op, int64_t account_id, const char *purpose,
		       char **ret_token, int64_t *ret_expires)
{
	char digest[TK_SHA256_HEX];
	int64_t now = tk_now();
	enum tk_rc rc;

	if (tk_who_scope(op->who, TK_P_ACCOUNT_MANAGE) != TK_SCOPE_ALL)
		return tk_denied(op->e);
	if ((rc = tk_account_guard(op, account_id)) != TK_OK)
		return rc;
	*ret_token = tk_token(op->mem, 32);
	*ret_expires = now + TK_LINK_LIFE;
	tk_sha256_hex(*ret_token, strlen(*ret_token), digest);
	rc = tk_db_exec(op->db, op->e,
			"DELETE FROM one_time_link WHERE account_id = $1 AND used_at IS NULL",
			TK_I(account_id));
	if (rc == TK_OK)
		rc = tk_db_exec(op->db, op->e,
				"INSERT INTO one_time_link(digest, account_id, purpose, "
				"created_at, expires_at)"
				" VALUES($1,$2,$3,$4,$5)",
				TK_S(digest), TK_I(account_id), TK_S(purpose), TK_I(now),
				TK_I(*ret_expires));
	if (rc == TK_OK)
		rc = tk_trail_add(op, "link_new", "account", account_id,
				  tk_sprintf(op->mem, "{\"purpose\":\"%s\"}", purpose));
	return rc;
}

static enum tk_rc gone(struct tk_err *e)
{
	return tk_fail(e, TK_EGONE, NULL,
		       N_("This link has been used, was replaced by a newer one, or is older than "
			  "7 days. Please ask the information security office for a new one."));
}

enum tk_rc tk_link_load(const struct tk_op *op, const char *token, struct tk_link *ret)
{
	char digest[TK_SHA256_HEX];
	struct tk_value col[4];
	bool found;
	enum tk_rc rc;

	tk_sha256_hex(token, strlen(token), digest);
	rc = tk_db_first(op->db, op->mem, op->e,
			 "SELECT account_id, purpose, expires_at, used_at FROM one_time_link"
			 " WHERE digest = $1",
			 TK_ARGS(TK_S(digest)), col, 4, &found);
	if (rc != TK_OK)
		return rc;
	/* a replaced link is not in the table any more, so an unknown one is told the same */
	if (!found || col[3].type != TK_V_NULL || col[2].i <= tk_now())
		return gone(op->e);
	*ret = (struct tk_link){ .purpose = col[1].s, .expires_at = col[2].i };
	rc = tk_person_load(op, col[0].i, &ret->person);
	if (rc == TK_ENOTFOUND || (rc == TK_OK && !ret->person.usable))
		return gone(op->e);
	return rc;
}

enum tk_rc tk_link_use(const struct tk_op *op, const char *token, const char *verifier,
		       struct tk_link *ret)
{
	char digest[TK_SHA256_HEX];
	enum tk_rc rc = tk_link_load(op, token, ret);
	int64_t id;

	if (rc != TK_OK)
		return rc;
	id = ret->person.who.account_id;
	tk_sha256_hex(token, strlen(token), digest);
	/* two people with one link: the row decides */
	rc = tk_db_exec(
		op->db, op->e,
		"UPDATE one_time_link SET used_at = $2 WHERE digest = $1 AND used_at IS NULL",
		TK_S(digest), TK_I(tk_now()));
	if (rc == TK_OK && tk_db_changes(op->db) != 1)
		return gone(op->e);
	if (rc == TK_OK)
		rc = tk_account_set_password(op, id, verifier);
	if (rc == TK_OK)
		rc = tk_sessions_end(op, id, NULL);
	if (rc == TK_OK)
		rc = tk_person_load(op, id, &ret->person);
	return rc;
}
