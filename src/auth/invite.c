#include <string.h>
#include "auth/account.h"
#include "auth/invite.h"
#include "auth/reply.h"
#include "base/clock.h"
#include "job/outbox.h"
#include "job/template.h"

struct person {
	int64_t staff_id, division_id;
	const char *number, *name, *mail, *lang;
	bool active;
};
struct list { struct tk_arena *mem; struct person *p; size_t n, max; };

static enum tk_rc person_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct list *l = ctx;

	(void)n;
	if (l->n < l->max)
		l->p[l->n++] = (struct person){
			col[0].i,
			col[1].i,
			tk_strdup(l->mem, col[2].s),
			tk_strdup(l->mem, col[3].s),
			tk_strdup(l->mem, col[4].s),
			tk_strdup(l->mem, col[5].s),
			col[6].s && !strcmp(col[6].s, "active"),
		};
	return TK_OK;
}

#define STAFF_SQL \
	" FROM staff s LEFT JOIN account a ON a.staff_id = s.id AND a.deleted_at IS NULL" \
	" WHERE s.deleted_at IS NULL AND (s.left_on IS NULL OR s.left_on >= $1)"
#define STAFF_COLUMNS                                                                              \
	"SELECT s.id, s.division_id, s.staff_number, s.name, s.mail, a.lang, a.state" STAFF_SQL
#define WHERE_DIVISION " AND s.division_id = $2 AND (a.id IS NULL OR a.state = 'invited')"
#define WHERE_ALL \
	" AND (a.id IS NULL OR a.state = 'invited') AND NOT EXISTS(SELECT 1 FROM one_time_link l" \
	" WHERE l.account_id = a.id AND l.used_at IS NULL AND l.expires_at > $2)"

static enum tk_rc choose_one(const struct tk_op *op, int64_t id, const char *today, struct list *l)
{
	size_t before = l->n;
	enum tk_rc rc = tk_db_run(op->db, op->e, STAFF_COLUMNS " AND s.id = $2",
				  TK_ARGS(TK_S(today), TK_I(id)), person_row, l);

	if (rc == TK_OK && l->n == before)
		return tk_fail(op->e, TK_EINVAL, "staff_ids",
			       N_("There is no such staff member, or the person has left."));
	return rc;
}

static enum tk_rc choose(const struct tk_op *op, const struct tk_invite *v, struct list *l,
			 int64_t *total)
{
	char today[11];
	struct tk_value arg[2];
	enum tk_rc rc = TK_OK;

	tk_date_iso(tk_today(), today);
	arg[0] = TK_S(today);
	arg[1] = v->all ? TK_I(tk_now()) : TK_I(v->division_id);
	*total = (int64_t)v->nstaff;
	if (v->nstaff > TK_INVITE_MAX)
		return tk_fail(op->e, TK_EINVAL, "staff_ids",
			       N_("At most %d persons can be invited at once."), TK_INVITE_MAX);
	for (size_t i = 0; i < v->nstaff && rc == TK_OK; i++)
		rc = choose_one(op, v->staff[i], today, l);
	if (rc != TK_OK || v->nstaff)
		return rc;
	if (v->all)
		rc = tk_db_int(op->db, op->e, "SELECT COUNT(*)" STAFF_SQL WHERE_ALL, arg, 2, 0,
			       total);
	else
		rc = tk_db_int(op->db, op->e, "SELECT COUNT(*)" STAFF_SQL WHERE_DIVISION, arg, 2, 0,
			       total);
	if (rc != TK_OK)
		return rc;
	if (v->all)
		return tk_db_run(op->db, op->e,
				 STAFF_COLUMNS WHERE_ALL
				 " ORDER BY s.staff_number COLLATE \"C\" LIMIT 2000",
				 arg, 2, person_row, l);
	return tk_db_run(op->db, op->e,
			 STAFF_COLUMNS WHERE_DIVISION
			 " ORDER BY s.staff_number COLLATE \"C\" LIMIT 2000",
			 arg, 2, person_row, l);
}
_Static_assert(TK_INVITE_MAX == 2000, "the LIMIT of the statements above");

/* In the recipient's language.  The token takes its place in the text only when the mail leaves. */
enum tk_rc tk_invite_mail(const struct tk_op *op, const struct tk_invite_mail *i)
{
	struct tk_mail_new m = { i->to, i->staff_id, i->division_id, .secret = i->token };
	struct tk_template_values t = { .name = i->name };
	enum tk_lang lang = i->lang ? tk_lang_of(i->lang) : TK_JA;
	char until[11];
	enum tk_rc rc = tk_organisation(op, lang, &t.title);

	if (rc != TK_OK)
		return rc;
	tk_date_iso(tk_date_of_time(i->expires_at), until);
	t.title = *t.title ? t.title : "Tenken";
	t.closes_on = until;
	t.url = tk_sprintf(op->mem, "%s/#/activate/{secret}", i->base_url);
	rc = tk_template_fill(op, i->kind, lang, &t, &m.subject, &m.body);
	return rc == TK_OK ? tk_mail_queue(op, &m) : rc;
}

enum tk_rc tk_invite_account(const struct tk_op *op, int64_t account, bool active, bool send,
			     struct tk_invite_mail *m, struct tk_invited *i)
{
	struct tk_value login;
	char *token;
	bool found;
	enum tk_rc rc = tk_link_new(op, account, active ? "reset" : "activate", &token,
				    &i->expires_at);

	if (rc == TK_OK)
		rc = tk_db_first(op->db, op->mem, op->e, "SELECT login FROM account WHERE id = $1",
				 TK_ARGS(TK_I(account)), &login, 1, &found);
	if (rc != TK_OK)
		return rc;
	m->token = token;
	m->expires_at = i->expires_at;
	i->name = m->name;
	i->mail = m->to;
	i->login = login.s;
	i->url = tk_sprintf(op->mem, "%s/#/activate/%s", m->base_url, token);
	i->mailed = send && m->to;
	return i->mailed ? tk_invite_mail(op, m) : TK_OK;
}

static enum tk_rc invite_one(const struct tk_op *op, const struct tk_invite *v,
			     const struct person *p, struct tk_invited *i)
{
	struct tk_invite_mail m = { .kind = "invite", .to = p->mail, .name = p->name,
		.lang = p->lang, .base_url = v->base_url,
		.staff_id = p->staff_id, .division_id = p->division_id };
	int64_t account = 0;
	bool made;
	enum tk_rc rc = tk_account_for_staff(op, p->staff_id, &account, &made);

	i->staff_number = p->number;
	return rc == TK_OK ? tk_invite_account(op, account, p->active, v->send_mail, &m, i) : rc;
}

enum tk_rc tk_invite_run(const struct tk_op *op, const struct tk_invite *v, tk_invited_fn fn,
			 void *ctx, int64_t *ret_made, int64_t *ret_remaining)
{
	struct list l = { op->mem, tk_alloc_n(op->mem, TK_INVITE_MAX, sizeof(struct person)), 0,
			  TK_INVITE_MAX };
	int64_t total = 0;
	enum tk_rc rc;

	rc = choose(op, v, &l, &total);
	for (size_t i = 0; i < l.n && rc == TK_OK; i++) {
		struct tk_invited inv = { 0 };

		rc = invite_one(op, v, &l.p[i], &inv);
		if (rc == TK_OK)
			fn(ctx, &inv);
	}
	*ret_made = (int64_t)l.n;
	*ret_remaining = total - (int64_t)l.n;
	return rc;
}
