#include <string.h>
#include "auth/account.h"
#include "auth/session.h"
#include "base/clock.h"
#include "base/text.h"
#include "record/org_types.h"

#define A struct tk_account
#define R struct tk_account_role

static const struct tk_choice state_choice[] = {
	{ "invited", N_("Invited") }, { "active", N_("Active") }, { "locked", N_("Locked") }, { 0 },
};
static const struct tk_choice lang_choice[] = {
	{ "ja", N_("Japanese") }, { "en", N_("English") }, { 0 },
};

char *tk_login_plain(struct tk_arena *a, const char *login)
{
	char *s = tk_squeeze(a, tk_narrow(a, login ? login : ""));

	for (char *p = s; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	return s;
}

static enum tk_rc is_admin(const struct tk_op *op, int64_t account_id, bool *ret)
{
	int64_t n = 0;
	enum tk_rc rc =
		tk_db_int(op->db, op->e,
			  "SELECT COUNT(*) FROM account_role"
			  " WHERE account_id = $1 AND role = 'admin' AND deleted_at IS NULL",
			  TK_ARGS(TK_I(account_id)), 0, &n);

	*ret = n > 0;
	return rc;
}

static enum tk_rc actor_is_admin(const struct tk_op *op, bool *ret)
{
	*ret = op->who->system;
	return *ret ? TK_OK : is_admin(op, op->who->account_id, ret);
}

static enum tk_rc only_admin(struct tk_err *e)
{
	return tk_fail(e, TK_EPERM, NULL,
		       N_("Accounts of administrators can be changed by administrators only."));
}

enum tk_rc tk_account_guard(const struct tk_op *op, int64_t account_id)
{
	bool target = false, actor = true;
	enum tk_rc rc = is_admin(op, account_id, &target);

	if (rc == TK_OK && target)
		rc = actor_is_admin(op, &actor);
	return rc == TK_OK && !actor ? only_admin(op->e) : rc;
}

/* -- accounts ---------------------------------------------------------------------------------- */
static enum tk_rc not_yourself(const struct tk_op *op, const A *was, const A *now, bool deleted)
{
	if (was->r.id != op->who->account_id || op->who->system)
		return TK_OK;
	if (deleted || (now->state && !strcmp(now->state, "locked")))
		return tk_fail(op->e, TK_ECONFLICT, "state",
			       N_("You cannot lock or delete your own account."));
	return TK_OK;
}

/* With another staff member behind it an account would read and write that person's answers. */
static enum tk_rc same_person(const struct tk_op *op, const A *was, const A *now)
{
	if (op->who->system || was->staff_id == now->staff_id ||
	    (!was->staff_id && was->r.id != op->who->account_id))
		return TK_OK;
	return tk_fail(
		op->e, TK_ECONFLICT, "staff_id",
		N_("The person of an account cannot be exchanged: the answers would be another "
		   "person's. Make a new account."));
}

/* Nor does an account change from one institution to another, or between staff and institution. */
static enum tk_rc same_institution(const struct tk_op *op, const A *was, const A *now)
{
	int64_t of = 0;
	enum tk_rc rc;

	if (was && was->institution_id != now->institution_id && !op->who->system)
		return tk_fail(op->e, TK_ECONFLICT, "institution_id",
			       N_("An account stays with its institution. Make a new account."));
	if (now->institution_id && now->staff_id)
		return tk_fail(op->e, TK_EINVAL, "institution_id",
			       N_("An account is a staff member's or an institution's, not both."));
	if (!now->contact_id)
		return TK_OK;
	rc = tk_db_int(op->db, op->e, "SELECT institution_id FROM contact WHERE id = $1",
		       TK_ARGS(TK_I(now->contact_id)), 0, &of);
	if (rc == TK_OK && of != now->institution_id)
		return tk_fail(op->e, TK_EINVAL, "contact_id",
			       N_("This contact belongs to another institution."));
	return rc;
}

static enum tk_rc check_account(const struct tk_op *op, const void *was_rec, void *now_rec,
				bool deleted)
{
	const A *was = was_rec;
	A *now = now_rec;
	enum tk_rc rc;

	if (was && ((rc = tk_account_guard(op, was->r.id)) != TK_OK ||
		    (rc = not_yourself(op, was, now, deleted)) != TK_OK))
		return rc;
	if (deleted)
		return TK_OK;
	if ((was && (rc = same_person(op, was, now)) != TK_OK) ||
	    (rc = same_institution(op, was, now)) != TK_OK)
		return rc;
	if (!was) {
		if (!now->state)
			tk_set_by(&tk_account, now, "state", TK_S("invited"));
		tk_set_by(&tk_account, now, "failed_count", TK_I(0));
	}
	if (now->login) {
		tk_set_by(&tk_account, now, "login", TK_S(tk_login_plain(op->mem, now->login)));
		if (strpbrk(now->login, " /?#\"\\"))
			return tk_fail(op->e, TK_EINVAL, "login",
				       N_("A login has no blanks and none of / ? # \" \\."));
	}
	if (now->state && !strcmp(now->state, "active") && !now->password)
		return tk_fail(op->e, TK_EINVAL, "state",
			       N_("An account becomes active when its owner sets a password with "
				  "the link of the invitation."));
	return TK_OK;
}

static enum tk_rc saved_account(const struct tk_op *op, const void *was_rec, const void *now_rec,
				bool deleted)
{
	const A *now = now_rec;
	enum tk_rc rc = TK_OK;

	if (!was_rec)           /* a new one has no session yet */
		return TK_OK;
	if (deleted || (now->state && strcmp(now->state, "active") != 0))
		rc = tk_sessions_end(op, now->r.id, NULL);
	if (rc == TK_OK && deleted)
		rc = tk_db_exec(op->db, op->e, "DELETE FROM one_time_link WHERE account_id = $1",
				TK_I(now->r.id));
	tk_auth_forget_all();
	return rc;
}

static const struct tk_field account_field[] = {
	TK_TEXT(A, login, .label = N_("Login"),
		.flags = TK_REQUIRED | TK_UNIQUE | TK_LIST | TK_SEARCH, .min = 1, .max = 64,
		.help = N_("What the person types to sign in; for staff it is the staff number.")),
	TK_TEXT(A, name, .label = N_("Name"), .flags = TK_REQUIRED | TK_LIST | TK_SEARCH,
		.max = 100),
	TK_REF(A, staff_id, .label = N_("Staff member"), .flags = TK_LIST, .ref = &tk_staff),
	TK_ENUM(A, state, .label = N_("State"), .flags = TK_REQUIRED | TK_LIST,
		.choice = state_choice,
		.help = N_("A locked account cannot sign in and its sessions end at once.")),
	TK_ENUM(A, lang, .label = N_("Language"), .choice = lang_choice),
	TK_TEXT(A, password, .label = N_("Password"), .flags = TK_SECRET | TK_READONLY),
	TK_INT(A, failed_count, .label = N_("Failed sign-ins"), .flags = TK_READONLY | TK_NOAUDIT),
	TK_TIME(A, locked_until, .label = N_("Has to wait until"),
		.flags = TK_READONLY | TK_NOAUDIT),
	TK_TIME(A, last_sign_in_at, .label = N_("Last sign-in"),
		.flags = TK_READONLY | TK_NOAUDIT | TK_LIST),
	TK_REF(A, institution_id, .label = N_("Institution"), .flags = TK_LIST,
	       .ref = &tk_institution),
	TK_REF(A, contact_id, .label = N_("Contact person"), .ref = &tk_contact),
};

const struct tk_rtype tk_account = {
	.name = "account",
	.path = "accounts",
	.table = "account",
	.label = N_("Account"),
	.label_plural = N_("Accounts"),
	.group = "system",
	.size = sizeof(A),
	.field = account_field,
	.nfield = TK_LEN(account_field),
	.title = "login",
	.order = "login",
	.flags = TK_T_TRAILED | TK_T_NO_IMPORT,
	.read = TK_P_ACCOUNT_MANAGE,
	.write = TK_P_ACCOUNT_MANAGE,
	.grade = 2,
	.check = check_account,
	.saved = saved_account,
};

/* -- roles of accounts ------------------------------------------------------------------------- */
static bool of_admin(const R *r)
{
	return r && r->role && !strcmp(r->role, "admin");
}

static enum tk_rc keep_one_admin(const struct tk_op *op, const R *was)
{
	int64_t n = 0;
	enum tk_rc rc = tk_db_int(
		op->db, op->e,
		"SELECT COUNT(*) FROM account_role x JOIN account a ON a.id = x.account_id"
		" WHERE x.role = 'admin' AND x.deleted_at IS NULL AND x.id <> $1"
		" AND a.deleted_at IS NULL AND a.state = 'active'",
		TK_ARGS(TK_I(was->r.id)), 0, &n);

	if (rc == TK_OK && n == 0)
		return tk_fail(op->e, TK_ECONFLICT, "role",
			       N_("This is the last administrator. Name another one first."));
	return rc;
}

/* People outside the office never get a role inside it. */
static enum tk_rc fits_account(const struct tk_op *op, const R *now, enum tk_access r)
{
	int64_t institution = 0;
	enum tk_rc rc = tk_db_int(op->db, op->e,
				  "SELECT institution_id FROM account WHERE id = $1",
				  TK_ARGS(TK_I(now->account_id)), 0, &institution);

	if (rc != TK_OK || (institution != 0) == tk_access_is_panel(r))
		return rc;
	return tk_fail(op->e, TK_EINVAL, "role",
		       institution ? N_("An institution's account can only be a coordinator or a "
					"respondent.")
				   : N_("This role is for accounts of institutions."));
}

/* A person counts TK_WHO_MAX_UNITS units; one of them stays free for the own division. */
static enum tk_rc few_units(const struct tk_op *op, const R *now)
{
	int64_t n = 0;
	enum tk_rc rc;

	if (!now->bureau_id && !now->division_id)
		return TK_OK;
	rc = tk_db_int(op->db, op->e,
		       "SELECT COUNT(*) FROM account_role WHERE account_id = $1 AND id <> $2 AND"
		       " (bureau_id IS NOT NULL OR division_id IS NOT NULL) AND deleted_at IS NULL",
		       TK_ARGS(TK_I(now->account_id), TK_I(now->r.id)), 0, &n);
	if (rc == TK_OK && n >= TK_WHO_MAX_UNITS - 1)
		return tk_fail(op->e, TK_ECONFLICT,
			       now->division_id ? "division_id" : "bureau_id",
			       N_("A person can have %d units at most. Give the role for a whole "
				  "bureau instead."), TK_WHO_MAX_UNITS - 1);
	return rc;
}

static enum tk_rc check_role(const struct tk_op *op, const void *was_rec, void *now_rec,
			     bool deleted)
{
	const R *was = was_rec;
	R *now = now_rec;
	bool admin = true;
	enum tk_access r = tk_access_by_code(now->role);
	enum tk_rc rc = TK_OK;

	if (of_admin(was) || of_admin(now))
		rc = actor_is_admin(op, &admin);
	if (rc == TK_OK && now->account_id)
		rc = tk_account_guard(op, now->account_id);
	if (rc == TK_OK && !admin)
		return only_admin(op->e);
	if (rc == TK_OK && of_admin(was) &&
	    (deleted || !of_admin(now) || was->account_id != now->account_id))
		rc = keep_one_admin(op, was);
	if (rc == TK_OK && !deleted && r < TK_ACCESS_MAX && !tk_access_has_unit(r) &&
	    (now->bureau_id || now->division_id))
		return tk_fail(op->e, TK_EINVAL, now->division_id ? "division_id" : "bureau_id",
			       N_("This role is for the whole organisation. Leave bureau and "
				  "division empty."));
	if (rc == TK_OK && !deleted && r < TK_ACCESS_MAX && now->account_id)
		rc = fits_account(op, now, r);
	return rc == TK_OK && !deleted && now->account_id ? few_units(op, now) : rc;
}

static enum tk_rc saved_role(const struct tk_op *op, const void *was, const void *now, bool deleted)
{
	(void)op;
	(void)was;
	(void)now;
	(void)deleted;
	tk_auth_forget_all();
	return TK_OK;
}

static const struct tk_field role_field[] = {
	TK_REF(R, account_id, .label = N_("Account"), .flags = TK_REQUIRED | TK_LIST | TK_FIXED,
	       .ref = &tk_account),
	TK_ENUM(R, role, .label = N_("Role"), .flags = TK_REQUIRED | TK_LIST,
		.choice = tk_access_choice,
		.help = N_("Staff, division heads and system administrators have their roles from "
			   "the roster and the role holders.")),
	TK_REF(R, bureau_id, .label = N_("Bureau"), .flags = TK_LIST, .ref = &tk_bureau,
	       .help = N_("A division head for all divisions of this bureau.")),
	TK_REF(R, division_id, .label = N_("Division"), .flags = TK_LIST, .ref = &tk_division,
	       .help = N_("The division that a division head answers for; empty: the own one.")),
};

const struct tk_rtype tk_account_role = {
	.name = "account_role",
	.path = "account-roles",
	.table = "account_role",
	.label = N_("Role of an account"),
	.label_plural = N_("Roles of accounts"),
	.group = "system",
	.size = sizeof(R),
	.field = role_field,
	.nfield = TK_LEN(role_field),
	.order = "role",
	.flags = TK_T_TRAILED | TK_T_NO_IMPORT,
	.read = TK_P_ACCOUNT_MANAGE,
	.write = TK_P_ACCOUNT_MANAGE,
	.grade = 2,
	.check = check_role,
	.saved = saved_role,
};

/* -- rules ------------------------------------------------------------------------------------- */
enum tk_rc tk_account_by_login(const struct tk_op *op, const char *login, int64_t *ret)
{
	return tk_db_int(op->db, op->e,
			 "SELECT id FROM account WHERE login = $1 AND deleted_at IS NULL",
			 TK_ARGS(TK_S(tk_login_plain(op->mem, login))), 0, ret);
}

enum tk_rc tk_account_for_staff(const struct tk_op *op, int64_t staff_id, int64_t *ret, bool *made)
{
	struct tk_value col[2];
	A a = { 0 };
	bool found;
	enum tk_rc rc = tk_db_int(
		op->db, op->e, "SELECT id FROM account WHERE staff_id = $1 AND deleted_at IS NULL",
		TK_ARGS(TK_I(staff_id)), 0, ret);

	*made = false;
	if (rc != TK_OK || *ret)
		return rc;
	rc = tk_db_first(
		op->db, op->mem, op->e,
		"SELECT staff_number, name FROM staff WHERE id = $1 AND deleted_at IS NULL",
		TK_ARGS(TK_I(staff_id)), col, 2, &found);
	if (rc == TK_OK && !found)
		return tk_fail(op->e, TK_ENOTFOUND, "staff_ids",
			       N_("There is no such staff member."));
	if (rc != TK_OK)
		return rc;
	tk_set_by(&tk_account, &a, "login", col[0]);
	tk_set_by(&tk_account, &a, "name", col[1]);
	tk_set_by(&tk_account, &a, "staff_id", TK_I(staff_id));
	rc = tk_rec_insert(op, &tk_account, &a);
	*ret = a.r.id;
	*made = rc == TK_OK;
	return rc;
}

/* The first login that is free: the code for a coordinator, the address, the code with a number. */
static enum tk_rc free_login(const struct tk_op *op, const char *code, const char *mail,
			     bool coordinator, const char **ret)
{
	enum { TRIES = 200, LOGIN_MAX = 64 };
	enum tk_rc rc = TK_OK;

	for (int i = coordinator ? 0 : 1; i < TRIES && rc == TK_OK; i++) {
		const char *login = i == 0   ? code
				    : i == 1 ? mail
					     : tk_sprintf(op->mem, "%s-%d", code, i);
		int64_t taken = 0;

		if (!login || tk_utf8_count(login) > LOGIN_MAX || strpbrk(login, " /?#\"\\"))
			continue;
		rc = tk_account_by_login(op, login, &taken);
		if (rc == TK_OK && !taken) {
			*ret = login;
			return TK_OK;
		}
	}
	return rc != TK_OK ? rc
			   : tk_fail(op->e, TK_ECONFLICT, "login",
				     N_("There is no free login for this person. Give the contact "
					"person another mail address."));
}

static enum tk_rc new_for_contact(const struct tk_op *op, int64_t contact_id, bool coordinator,
				  int64_t *ret)
{
	struct tk_value col[4];
	const char *login = NULL;
	A a = { 0 };
	R x = { 0 };
	bool found;
	enum tk_rc rc = tk_db_first(op->db, op->mem, op->e,
				    "SELECT c.name, c.mail, i.id, i.code FROM contact c JOIN "
				    "institution i ON i.id = c.institution_id WHERE c.id = $1 AND "
				    "c.deleted_at IS NULL AND i.deleted_at IS NULL",
				    TK_ARGS(TK_I(contact_id)), col, 4, &found);

	if (rc == TK_OK && !found)
		return tk_fail(op->e, TK_ENOTFOUND, "contact_id",
			       N_("There is no such contact person."));
	if (rc == TK_OK)
		rc = free_login(op, col[3].s, col[1].s, coordinator, &login);
	if (rc != TK_OK)
		return rc;
	tk_set_by(&tk_account, &a, "login", TK_S(login));
	tk_set_by(&tk_account, &a, "name", TK_S(tk_utf8_head(op->mem, col[0].s, 100)));
	tk_set_by(&tk_account, &a, "institution_id", col[2]);
	tk_set_by(&tk_account, &a, "contact_id", TK_I(contact_id));
	if ((rc = tk_rec_insert(op, &tk_account, &a)) != TK_OK)
		return rc;
	*ret = a.r.id;
	tk_set_by(&tk_account_role, &x, "account_id", TK_I(a.r.id));
	tk_set_by(&tk_account_role, &x, "role", TK_S(coordinator ? "coordinator" : "respondent"));
	return tk_rec_insert(op, &tk_account_role, &x);
}

enum tk_rc tk_account_for_contact(const struct tk_op *op, int64_t contact_id, bool coordinator,
				  int64_t *ret, bool *made)
{
	enum tk_rc rc = tk_db_int(
		op->db, op->e,
		"SELECT id FROM account WHERE contact_id = $1 AND deleted_at IS NULL",
		TK_ARGS(TK_I(contact_id)), 0, ret);

	*made = false;
	if (rc != TK_OK || *ret)
		return rc;
	rc = new_for_contact(op, contact_id, coordinator, ret);
	*made = rc == TK_OK;
	return rc;
}

enum tk_rc tk_account_set_password(const struct tk_op *op, int64_t account_id, const char *verifier)
{
	enum tk_rc rc = tk_db_exec(
		op->db, op->e,
		"UPDATE account SET password = $2, state = 'active', failed_count = 0,"
		" locked_until = NULL, version = version + 1 WHERE id = $1 AND state <> 'locked'"
		" AND deleted_at IS NULL",
		TK_I(account_id), TK_S(verifier));

	if (rc == TK_OK && tk_db_changes(op->db) != 1)
		return tk_fail(
			op->e, TK_ECONFLICT, NULL,
			N_("This account is locked. Please ask the information security office."));
	return rc;
}
