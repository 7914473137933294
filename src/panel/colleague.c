/* colleague.c - inviting, listing and locking the accounts of the own institution. */
#include <string.h>
#include "auth/account.h"
#include "auth/invite.h"
#include "base/text.h"
#include "org/institution.h"
#include "panel/colleague.h"

static enum tk_rc may(const struct tk_op *op)
{
	if (op->who->institution_id && op->who->coordinator)
		return TK_OK;
	return tk_fail(op->e, TK_EPERM, NULL,
		       N_("Only a coordinator of your institution can do this."));
}

/* The program, in the name of the coordinator. */
#define AS_PROGRAM(op, name)                                                                       \
	struct tk_who name##_who = *(op)->who;                                                     \
	struct tk_op name = { (op)->db, (op)->mem, &name##_who, (op)->e };                         \
	name##_who.system = true

/* -- list -------------------------------------------------------------------------------------- */
struct list { struct tk_arena *a; struct tk_colleague *v; size_t n, cap; int64_t me; };

static enum tk_rc row(void *ctx, const struct tk_value *col, size_t n)
{
	struct list *l = ctx;

	(void)n;
	if (l->n == l->cap) {
		size_t cap = l->cap ? l->cap * 2 : 16;
		struct tk_colleague *v = tk_alloc_n(l->a, cap, sizeof(*v));
		if (l->n)
			memcpy(v, l->v, l->n * sizeof(*v));
		l->v = v;
		l->cap = cap;
	}
	l->v[l->n++] = (struct tk_colleague){ .account_id = col[0].i,
					      .name = tk_strdup(l->a, col[1].s),
					      .login = tk_strdup(l->a, col[2].s),
					      .mail = tk_strdup(l->a, col[3].s),
					      .state = tk_strdup(l->a, col[4].s),
					      .last_sign_in_at = col[5].i,
					      .coordinator = col[6].i != 0,
					      .you = col[0].i == l->me };
	return TK_OK;
}

enum tk_rc tk_colleagues(const struct tk_op *op, int64_t account_id, tk_colleague_fn fn, void *ctx)
{
	struct list l = { .a = op->mem, .me = op->who->account_id };
	enum tk_rc rc = may(op);

	if (rc == TK_OK)
		rc = tk_db_run(op->db, op->e,
			       "SELECT a.id, a.name, a.login, c.mail, a.state, a.last_sign_in_at,"
			       " CASE WHEN EXISTS(SELECT 1 FROM account_role x WHERE x.account_id "
			       "= a.id AND x.role = 'coordinator' AND x.deleted_at IS NULL) THEN 1 "
			       "ELSE 0 END"
			       " FROM account a LEFT JOIN contact c ON c.id = a.contact_id AND "
			       "c.deleted_at IS NULL"
			       " WHERE a.institution_id = $1 AND ($2 = 0 OR a.id = $2) AND "
			       "a.deleted_at IS NULL ORDER BY a.id",
			       TK_ARGS(TK_I(op->who->institution_id), TK_I(account_id)), row, &l);
	if (rc == TK_OK && account_id && !l.n)
		return tk_fail(op->e, TK_ENOTFOUND, NULL,
			       N_("There is no such account in your institution."));
	for (size_t i = 0; i < l.n && rc == TK_OK; i++)
		fn(ctx, &l.v[i]);
	return rc;
}

/* -- inviting ---------------------------------------------------------------------------------- */
static enum tk_rc contact_of(const struct tk_op *op, const struct tk_colleague_new *n,
			     int64_t *ret)
{
	struct tk_contact c = { 0 };
	enum tk_rc rc = tk_db_int(op->db, op->e,
				  "SELECT id FROM contact WHERE institution_id = $1 AND "
				  "LOWER(mail) = LOWER($2) AND deleted_at IS NULL ORDER BY id",
				  TK_ARGS(TK_I(op->who->institution_id), TK_S(n->mail)), 0, ret);
	AS_PROGRAM(op, as);

	if (rc != TK_OK || *ret)
		return rc;
	tk_set_by(&tk_contact, &c, "institution_id", TK_I(op->who->institution_id));
	tk_set_by(&tk_contact, &c, "name", TK_S(n->name));
	tk_set_by(&tk_contact, &c, "mail", TK_S(n->mail));
	tk_set_by(&tk_contact, &c, "coordinator", TK_I(n->coordinator));
	rc = tk_rec_insert(&as, &tk_contact, &c);
	*ret = c.rec.id;
	return rc;
}

static enum tk_rc link_for(const struct tk_op *op, const struct tk_colleague_new *n,
			   int64_t account, const char **ret_url)
{
	struct tk_value col[3];
	char *token;
	int64_t expires;
	bool found;
	enum tk_rc rc = tk_db_first(op->db, op->mem, op->e,
				    "SELECT state, lang, name FROM account WHERE id = $1",
				    TK_ARGS(TK_I(account)), col, 3, &found);
	AS_PROGRAM(op, as);

	if (rc != TK_OK)
		return rc;
	if (!strcmp(col[0].s, "locked"))
		return tk_fail(op->e, TK_ECONFLICT, "mail",
			       N_("The account of %s is locked. Unlock it first."), col[2].s);
	rc = tk_link_new(&as, account, strcmp(col[0].s, "active") ? "activate" : "reset", &token,
			 &expires);
	if (rc != TK_OK)
		return rc;
	if (!n->send_mail) {
		*ret_url = tk_sprintf(op->mem, "%s/#/activate/%s", n->base_url, token);
		return TK_OK;
	}
	return tk_invite_mail(&as, &(struct tk_invite_mail){ .kind = "invite_panel",
							     .to = n->mail,
							     .name = col[2].s,
							     .lang = col[1].s,
							     .base_url = n->base_url,
							     .token = token,
							     .expires_at = expires });
}

enum tk_rc tk_colleague_invite(const struct tk_op *op, const struct tk_colleague_new *n,
			       int64_t *ret_account, const char **ret_url)
{
	struct tk_colleague_new plain = *n;
	int64_t contact = 0;
	bool made;
	enum tk_rc rc = may(op);
	AS_PROGRAM(op, as);

	*ret_url = NULL;
	if (rc != TK_OK)
		return rc;
	plain.name = tk_squeeze(op->mem, n->name ? n->name : "");
	plain.mail = tk_unblank(op->mem, tk_narrow(op->mem, n->mail ? n->mail : ""));
	if (!*plain.name)
		return tk_fail(op->e, TK_EINVAL, "name", N_("Write the name of your colleague."));
	if (!tk_is_mail(plain.mail))
		return tk_fail(op->e, TK_EINVAL, "mail",
			       N_("This is no mail address. Give one like name@example.jp."));
	rc = contact_of(op, &plain, &contact);
	if (rc == TK_OK)
		rc = tk_account_for_contact(&as, contact, n->coordinator, ret_account, &made);
	return rc == TK_OK ? link_for(op, &plain, *ret_account, ret_url) : rc;
}

/* -- changing ---------------------------------------------------------------------------------- */
static enum tk_rc set_lock(const struct tk_op *op, int64_t account, bool locked)
{
	struct tk_account a = { 0 };
	enum tk_rc rc = tk_rec_load(op, &tk_account, account, &a);

	if (rc != TK_OK || !strcmp(a.state, "locked") == locked)
		return rc;
	tk_set_by(&tk_account, &a, "state",
		  TK_S(locked ? "locked" : a.password ? "active" : "invited"));
	return tk_rec_update(op, &tk_account, &a, -1);
}

static enum tk_rc set_role(const struct tk_op *op, int64_t account, bool coordinator)
{
	struct tk_account_role x = { 0 };
	const char *role = coordinator ? "coordinator" : "respondent";
	enum tk_rc rc = tk_rec_find(op, &tk_account_role, "account_id", TK_I(account), &x);

	if (rc == TK_OK && !strcmp(x.role, role))
		return TK_OK;
	if (rc == TK_OK)
		rc = tk_rec_delete(op, &tk_account_role, x.r.id, -1);
	if (rc != TK_OK && rc != TK_ENOTFOUND)
		return rc;
	x = (struct tk_account_role){ 0 };
	tk_set_by(&tk_account_role, &x, "account_id", TK_I(account));
	tk_set_by(&tk_account_role, &x, "role", TK_S(role));
	return tk_rec_insert(op, &tk_account_role, &x);
}

static void ignore(void *ctx, const struct tk_colleague *c)
{
	(void)ctx;
	(void)c;
}

enum tk_rc tk_colleague_change(const struct tk_op *op, int64_t account_id, const bool *locked,
			       const bool *coordinator)
{
	enum tk_rc rc = tk_colleagues(op, account_id, ignore, NULL);
	AS_PROGRAM(op, as);

	if (rc == TK_OK && account_id == op->who->account_id)
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("You cannot lock your own account or take its role away."));
	if (rc == TK_OK && locked)
		rc = set_lock(&as, account_id, *locked);
	if (rc == TK_OK && coordinator)
		rc = set_role(&as, account_id, *coordinator);
	return rc;
}
