#include <stdlib.h>
#include <string.h>
#include "auth/account.h"
#include "auth/attempt.h"
#include "auth/password.h"
#include "auth/session.h"
#include "auth/user.h"
#include "record/trail.h"

static enum tk_rc account_of(const struct tk_op *op, const char *login, int64_t *ret)
{
	enum tk_rc rc = tk_account_by_login(op, login, ret);

	if (rc == TK_OK && !*ret)
		return tk_fail(op->e, TK_ENOTFOUND, "login",
			       N_("There is no account with the login \"%.60s\"."), login);
	return rc;
}

/* Codes -> bits; a word that is no role is named, with the ones there are. */
static enum tk_rc parse_roles(const struct tk_op *op, const char *roles, unsigned *ret)
{
	const char *p = roles ? roles : "";

	*ret = 0;
	while (*p) {
		size_t n = strcspn(p, ", ");
		char *word = tk_strndup(op->mem, p, n);
		enum tk_access r = tk_access_by_code(word);

		p += n + (p[n] != '\0');
		if (n == 0)
			continue;
		if (r == TK_ACCESS_MAX)
			return tk_fail(op->e, TK_EINVAL, "roles",
				       N_("There is no role \"%.40s\". Roles are: admin office "
					  "ciso division_head system_admin staff auditor."),
				       word);
		*ret |= 1U << r;
	}
	return TK_OK;
}

static enum tk_rc give(const struct tk_op *op, int64_t account, enum tk_access r)
{
	struct tk_account_role x = { 0 };

	tk_set_by(&tk_account_role, &x, "account_id", TK_I(account));
	tk_set_by(&tk_account_role, &x, "role", TK_S(tk_access_choice[r].id));
	return tk_rec_insert(op, &tk_account_role, &x);
}

static enum tk_rc give_all(const struct tk_op *op, int64_t account, unsigned roles)
{
	enum tk_rc rc = TK_OK;

	for (enum tk_access r = 0; r < TK_ACCESS_MAX && rc == TK_OK; r++)
		if (roles >> r & 1)
			rc = give(op, account, r);
	return rc;
}

static enum tk_rc set_password(const struct tk_op *op, int64_t account, const char *login,
			       const char *password)
{
	const char *verifier;
	enum tk_rc rc = tk_password_check(password, login, "password", op->e);

	if (rc == TK_OK)
		rc = tk_password_make(op->mem, password, &verifier, op->e);
	if (rc == TK_OK)
		rc = tk_account_set_password(op, account, verifier);
	if (rc == TK_OK)
		rc = tk_trail_add(op, "password_set", "account", account, NULL);
	return rc;
}

enum tk_rc tk_user_add(const struct tk_op *op, const char *login, const char *name,
		       const char *password, const char *roles, char **ret_token)
{
	struct tk_account a = { 0 };
	unsigned bits;
	int64_t expires;
	enum tk_rc rc = parse_roles(op, roles, &bits);

	if (rc != TK_OK)
		return rc;
	tk_set_by(&tk_account, &a, "login", TK_S(login));
	tk_set_by(&tk_account, &a, "name", TK_S(name));
	rc = tk_rec_insert(op, &tk_account, &a);
	if (rc == TK_OK)
		rc = give_all(op, a.r.id, bits);
	if (rc != TK_OK)
		return rc;
	return password ? set_password(op, a.r.id, a.login, password)
			: tk_link_new(op, a.r.id, "activate", ret_token, &expires);
}

struct listed { struct tk_arena *mem; struct tk_user *u; size_t n, cap; };

static enum tk_rc list_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct listed *l = ctx;

	(void)n;
	if (l->n == l->cap) {
		l->cap = l->cap ? l->cap * 2 : 64;
		l->u = tk_xrealloc(l->u, l->cap * sizeof(*l->u));
	}
	l->u[l->n++] = (struct tk_user){ col[0].i, col[1].i, NULL, NULL, NULL, NULL };
	return TK_OK;
}

static const char *role_codes(struct tk_arena *a, unsigned roles)
{
	struct tk_buf b = TK_BUF(1024);
	const char *s;

	for (enum tk_access r = 0; r < TK_ACCESS_MAX; r++)
		if (roles >> r & 1)
			tk_buf_fmt(&b, "%s%s", b.len ? " " : "", tk_access_choice[r].id);
	s = tk_strdup(a, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return s;
}

enum tk_rc tk_user_list(const struct tk_op *op, tk_user_fn fn, void *ctx)
{
	struct listed l = { op->mem, NULL, 0, 0 };
	struct tk_arena *tmp = tk_arena_new(1 << 20);
	struct tk_op one = { op->db, tmp, op->who, op->e };
	enum tk_rc rc = tk_db_run(op->db, op->e,
				  "SELECT id, last_sign_in_at FROM account WHERE deleted_at IS "
				  "NULL ORDER BY login COLLATE \"C\"",
				  NULL, 0, list_row, &l);

	for (size_t i = 0; i < l.n && rc == TK_OK; i++) {
		struct tk_person p;

		rc = tk_person_load(&one, l.u[i].id, &p);
		if (rc != TK_OK)
			break;
		l.u[i].login = p.login;
		l.u[i].name = p.name;
		l.u[i].state = p.state;
		l.u[i].roles = role_codes(tmp, p.roles);
		rc = fn(ctx, &l.u[i]);
		tk_arena_reset(tmp);
	}
	tk_arena_free(tmp);
	free(l.u);
	return rc;
}

enum tk_rc tk_user_reset(const struct tk_op *op, const char *login, const char *password,
			 char **ret_token)
{
	struct tk_attempt t = tk_attempt_login(op->mem, tk_login_plain(op->mem, login));
	int64_t id = 0, expires;
	enum tk_rc rc = account_of(op, login, &id);

	if (rc == TK_OK)        /* before the password, which a locked account does not take */
		rc = tk_db_exec(
			op->db, op->e,
			"UPDATE account SET state = 'invited', password = NULL, failed_count = 0,"
			" locked_until = NULL, version = version + 1 WHERE id = $1",
			TK_I(id));
	if (rc == TK_OK)
		rc = tk_sessions_end(op, id, NULL);
	if (rc == TK_OK)
		rc = tk_attempt_good(op, t);
	if (rc != TK_OK)
		return rc;
	return password ? set_password(op, id, login, password)
			: tk_link_new(op, id, "reset", ret_token, &expires);
}

struct held { int64_t id[64]; unsigned has; size_t n; unsigned want; };

static enum tk_rc held_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct held *h = ctx;
	enum tk_access r = tk_access_by_code(col[1].s);

	(void)n;
	if (r < TK_ACCESS_MAX && h->want >> r & 1)
		h->has |= 1U << r;
	else if (h->n < TK_LEN(h->id))
		h->id[h->n++] = col[0].i;
	return TK_OK;
}

enum tk_rc tk_user_roles(const struct tk_op *op, const char *login, const char *roles)
{
	struct held h = { 0 };
	int64_t id = 0;
	enum tk_rc rc = account_of(op, login, &id);

	if (rc == TK_OK)
		rc = parse_roles(op, roles, &h.want);
	if (rc == TK_OK)
		rc = tk_db_run(op->db, op->e,
			       "SELECT id, role FROM account_role WHERE account_id = $1 AND "
			       "deleted_at IS NULL",
			       TK_ARGS(TK_I(id)), held_row, &h);
	if (rc == TK_OK)
		rc = give_all(op, id, h.want & ~h.has);
	for (size_t i = 0; i < h.n && rc == TK_OK; i++)
		rc = tk_rec_delete(op, &tk_account_role, h.id[i], -1);
	return rc;
}
