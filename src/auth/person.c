#include <string.h>
#include "auth/person.h"
#include "base/clock.h"

enum col {
	ACCOUNT,
	LOGIN,
	NAME,
	STATE,
	LANG,
	PASSWORD,
	HAS_STAFF,
	STAFF,
	NUMBER,
	KANA,
	LEFT,
	DIVISION,
	DIVISION_JA,
	DIVISION_EN,
	OWNS_SYSTEM,
	BUREAU,
	BUREAU_JA,
	BUREAU_EN,
	POST,
	POST_JA,
	POST_EN,
	IS_HEAD,
	INSTITUTION,
	INSTITUTION_JA,
	INSTITUTION_EN,
	INSTITUTION_LEFT,
	NPERSON,
	CSRF = NPERSON,
	SEEN,
	EXPIRES,
	NSESSION
};
/* Of several head posts in a division the highest that is filled heads it, as in src/org. */
#define PERSON_COLUMNS                                                                             \
	"a.id, a.login, a.name, a.state, a.lang, a.password, a.staff_id, s.id, s.staff_number,"    \
	" s.kana, s.left_on, s.division_id, d.name, d.name_en, d.owns_system, d.bureau_id,"        \
	" b.name, b.name_en, s.post_id, p.name, p.name_en, CASE WHEN p.is_head = 1 AND NOT "       \
	"EXISTS("                                                                                  \
	"SELECT 1 FROM staff y JOIN post q ON q.id = y.post_id"                                    \
	" WHERE y.division_id = s.division_id AND y.deleted_at IS NULL AND q.deleted_at IS NULL"   \
	" AND q.is_head = 1 AND q.rank < p.rank AND (y.left_on IS NULL OR y.left_on > $2)"         \
	" AND (y.joined_on IS NULL OR y.joined_on <= $2)) THEN 1 ELSE 0 END,"                      \
	" a.institution_id, n.name, n.name_en,"                                                    \
	" CASE WHEN a.institution_id IS NULL THEN 0 WHEN n.id IS NULL THEN 1"                      \
	" WHEN n.left_on IS NULL OR n.left_on > $2 THEN 0 ELSE 1 END"
#define PERSON_JOINS \
	" LEFT JOIN staff s ON s.id = a.staff_id AND s.deleted_at IS NULL" \
	" LEFT JOIN division d ON d.id = s.division_id LEFT JOIN bureau b ON b.id = d.bureau_id" \
	" LEFT JOIN post p ON p.id = s.post_id" \
	" LEFT JOIN institution n ON n.id = a.institution_id AND n.deleted_at IS NULL" \
	" WHERE a.deleted_at IS NULL"

/* Bits of what the role holders say about the own division. */
enum { RECORDED_DIVISION = 1, RECORDED_SYSTEM = 2 };

struct derive { struct tk_person *p; unsigned recorded; };

static void add_role(struct tk_person *p, enum tk_access r, int64_t division, int64_t bureau)
{
	if (!tk_access_has_unit(r) && (division || bureau))
		return; /* account.c refuses such rows; one made behind its back grants nothing */
	if (tk_access_is_panel(r) != (p->who.institution_id != 0))
		return; /* the same */
	p->who.coordinator |= r == TK_ACCESS_COORDINATOR;
	if (tk_access_has_unit(r) && !division && !bureau)
		division = p->division_id;
	p->roles |= 1U << r;
	tk_access_grant(&p->who, r, division, bureau);
}

enum { SRC_ACCOUNT, SRC_MINE, SRC_POST, SRC_RECORDED };

/* Roles of the organisation as a whole, and what they lead to. */
static enum tk_access wide_role(const char *role)
{
	return !strcmp(role, "role_audit_head") ? TK_ACCESS_AUDIT_HEAD
	     : !strcmp(role, "role_adviser")    ? TK_ACCESS_ADVISER
	     : !strcmp(role, "role_cio_aide")   ? TK_ACCESS_CIO_AIDE
						: TK_ACCESS_MAX;
}

static enum tk_rc role_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct derive *d = ctx;
	bool system = col[1].s && !strcmp(col[1].s, "role_system_officer");
	enum tk_access r = col[1].s ? wide_role(col[1].s) : TK_ACCESS_MAX;

	(void)n;
	if (r < TK_ACCESS_MAX && col[0].i != SRC_ACCOUNT) {
		if (col[0].i == SRC_MINE || col[0].i == SRC_POST)
			add_role(d->p, r, 0, 0);
		return TK_OK;
	}
	switch (col[0].i) {
	case SRC_ACCOUNT:
		if ((r = tk_access_by_code(col[1].s)) < TK_ACCESS_MAX)
			add_role(d->p, r, col[2].i, col[3].i);
		break;
	case SRC_MINE:
		if (system)
			add_role(d->p, TK_ACCESS_SYSTEM_ADMIN, col[2].i, 0);
		else            /* a division's officer, never a whole bureau's */
			add_role(d->p, TK_ACCESS_DIVISION_HEAD, col[2].i, 0);
		break;
	case SRC_POST:
		if (system)
			add_role(d->p, TK_ACCESS_SYSTEM_ADMIN, 0, 0);
		else
			add_role(d->p, TK_ACCESS_DIVISION_HEAD, d->p->division_id, 0);
		break;
	case SRC_RECORDED:
		d->recorded |= system ? RECORDED_SYSTEM : RECORDED_DIVISION;
		break;
	default:
		break;
	}
	return TK_OK;
}

/* The first number says what the row is (enum SRC_*), 9: of no concern.  A row counts as recorded
 * for the own division only while somebody in office fills it: a vacancy falls to the head.
 * COALESCE keeps the index on role out of it: it holds every division's officer, and the ones on
 * staff_id and division_id find the few rows that matter (11 against 55 us with 300 divisions). */
static const char roles_sql[] =
	"SELECT 0, role, division_id, bureau_id FROM account_role"
	" WHERE account_id = $1 AND deleted_at IS NULL"
	" UNION ALL "
	"SELECT CASE WHEN r.staff_id = $2 THEN 1"
	" WHEN r.holder_kind = 'post' AND r.post_id = $3"
	" AND (r.division_id IS NULL OR r.division_id = $4)"
	" AND (r.bureau_id IS NULL OR r.bureau_id = $5) THEN 2"
	" WHEN EXISTS(SELECT 1 FROM staff y WHERE y.deleted_at IS NULL"
	" AND (y.left_on IS NULL OR y.left_on > $6) AND (y.joined_on IS NULL OR y.joined_on <= $6)"
	" AND ((r.holder_kind = 'nominee' AND y.id = r.staff_id AND r.division_id = $4)"
	" OR (r.holder_kind = 'post' AND y.post_id = r.post_id AND y.division_id = $4"
	" AND (r.bureau_id IS NULL OR r.bureau_id = $5)))) THEN 3 ELSE 9 END,"
	" r.role, r.division_id, r.bureau_id FROM role_holder r"
	" WHERE COALESCE(r.role, '') IN ('role_division_officer', 'role_system_officer',"
	" 'role_audit_head', 'role_adviser', 'role_cio_aide')"
	" AND r.deleted_at IS NULL"
	" AND (r.staff_id = $2 OR r.division_id = $4"
	" OR (r.holder_kind = 'post' AND r.division_id IS NULL))"
	" AND r.from_on <= $6 AND (r.to_on IS NULL OR r.to_on >= $6)";

static enum tk_rc load_roles(const struct tk_op *op, struct tk_person *p,
			     const struct tk_value *col, const char *today)
{
	struct derive d = { p, 0 };
	bool head = col[IS_HEAD].i != 0;
	enum tk_rc rc =
		tk_db_run(op->db, op->e, roles_sql,
			  TK_ARGS(TK_I(p->who.account_id), TK_I(p->staff_id), TK_I(col[POST].i),
				  TK_I(p->division_id), TK_I(p->bureau_id), TK_S(today)),
			  role_row, &d);

	if (rc != TK_OK || !p->staff_id)
		return rc;
	add_role(p, TK_ACCESS_STAFF, 0, 0);
	if (head && !(d.recorded & RECORDED_DIVISION))
		add_role(p, TK_ACCESS_DIVISION_HEAD, p->division_id, 0);
	if (head && col[OWNS_SYSTEM].i && !(d.recorded & RECORDED_SYSTEM))
		add_role(p, TK_ACCESS_SYSTEM_ADMIN, 0, 0);
	return TK_OK;
}

static const char *in_lang(const struct tk_op *op, struct tk_value ja, struct tk_value en)
{
	return op->e->lang == TK_EN && en.s && *en.s ? en.s : ja.s;
}

static enum tk_rc fill(const struct tk_op *op, const struct tk_value *col, const char *today,
		       struct tk_person *p)
{
	bool left = (col[HAS_STAFF].i &&
		     (!col[STAFF].i || (col[LEFT].s && strcmp(col[LEFT].s, today) <= 0))) ||
		    col[INSTITUTION_LEFT].i;

	*p = (struct tk_person){
		.who = { .account_id = col[ACCOUNT].i,
			 .staff_id = col[STAFF].i,
			 .institution_id = col[INSTITUTION].i,
			 .name = col[NAME].s,
			 .lang = op->e->lang },
		.login = col[LOGIN].s,
		.name = col[NAME].s,
		.state = col[STATE].s,
		.lang = col[LANG].s,
		.password = col[PASSWORD].s,
		.staff_id = col[STAFF].i,
		.division_id = col[DIVISION].i,
		.bureau_id = col[BUREAU].i,
		.staff_number = col[NUMBER].s,
		.kana = col[KANA].s,
		.division = in_lang(op, col[DIVISION_JA], col[DIVISION_EN]),
		.bureau = in_lang(op, col[BUREAU_JA], col[BUREAU_EN]),
		.post = in_lang(op, col[POST_JA], col[POST_EN]),
		.institution = in_lang(op, col[INSTITUTION_JA], col[INSTITUTION_EN]),
		.usable = !left && strcmp(col[STATE].s, "locked") != 0,
		.may_sign_in = !left && !strcmp(col[STATE].s, "active"),
	};
	return left ? TK_OK : load_roles(op, p, col, today);
}

enum tk_rc tk_person_load(const struct tk_op *op, int64_t account_id, struct tk_person *ret)
{
	struct tk_value col[NPERSON];
	char today[11];
	bool found;
	enum tk_rc rc;

	tk_date_iso(tk_today(), today);
	rc = tk_db_first(op->db, op->mem, op->e,
			 "SELECT " PERSON_COLUMNS " FROM account a" PERSON_JOINS " AND a.id = $1",
			 TK_ARGS(TK_I(account_id), TK_S(today)), col, NPERSON, &found);
	if (rc == TK_OK && !found)
		return tk_fail(op->e, TK_ENOTFOUND, NULL, N_("There is no such account."));
	return rc == TK_OK ? fill(op, col, today, ret) : rc;
}

enum tk_rc tk_person_of_session(const struct tk_op *op, const char *digest, struct tk_person *ret,
				struct tk_session_row *s, bool *found)
{
	struct tk_value col[NSESSION];
	char today[11];
	enum tk_rc rc;

	tk_date_iso(tk_today(), today);
	rc = tk_db_first(op->db, op->mem, op->e,
			 "SELECT " PERSON_COLUMNS ", x.csrf, x.seen_at, x.expires_at"
			 " FROM session x JOIN account a ON a.id = x.account_id" PERSON_JOINS
			 " AND x.digest = $1",
			 TK_ARGS(TK_S(digest), TK_S(today)), col, NSESSION, found);
	if (rc != TK_OK || !*found)
		return rc;
	*s = (struct tk_session_row){ col[CSRF].s, col[SEEN].i, col[EXPIRES].i };
	return fill(op, col, today, ret);
}
