/* invite_panel.c - accounts and links for the coordinators of institutions. */
#include <string.h>
#include "auth/account.h"
#include "auth/invite.h"
#include "base/clock.h"

struct person {
	int64_t     contact;
	const char *code, *name, *mail, *lang;
	bool        active;
};
struct list { struct tk_arena *mem; struct person *p; size_t n, max; };

static enum tk_rc person_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct list *l = ctx;

	(void)n;
	if (l->n < l->max)
		l->p[l->n++] = (struct person){ col[0].i,
						tk_strdup(l->mem, col[1].s),
						tk_strdup(l->mem, col[2].s),
						tk_strdup(l->mem, col[3].s),
						tk_strdup(l->mem, col[4].s),
						col[5].s && !strcmp(col[5].s, "active") };
	return TK_OK;
}

#define IN_PANEL \
	" i.deleted_at IS NULL AND (i.left_on IS NULL OR i.left_on > $1)"
#define CONTACTS \
	"SELECT c.id, i.code, c.name, c.mail, a.lang, a.state FROM contact c" \
	" JOIN institution i ON i.id = c.institution_id" \
	" LEFT JOIN account a ON a.contact_id = c.id AND a.deleted_at IS NULL" \
	" WHERE c.deleted_at IS NULL AND c.coordinator = 1 AND" IN_PANEL

static enum tk_rc choose_one(const struct tk_op *op, int64_t id, const char *today, struct list *l)
{
	size_t before = l->n;
	enum tk_rc rc = tk_db_run(op->db, op->e, CONTACTS " AND i.id = $2 ORDER BY c.id",
				  TK_ARGS(TK_S(today), TK_I(id)), person_row, l);

	if (rc == TK_OK && l->n == before)
		return tk_fail(op->e, TK_EINVAL, "institution_ids",
			       N_("An institution has no contact person who coordinates, or has "
				  "left the panel. Record a coordinating contact person first."));
	return rc;
}

static enum tk_rc choose(const struct tk_op *op, const struct tk_invite_panel *v, struct list *l)
{
	char today[11];
	enum tk_rc rc = TK_OK;

	tk_date_iso(tk_today(), today);
	if (v->ninstitution > TK_INVITE_MAX)
		return tk_fail(op->e, TK_EINVAL, "institution_ids",
			       N_("At most %d persons can be invited at once."), TK_INVITE_MAX);
	for (size_t i = 0; i < v->ninstitution && rc == TK_OK; i++)
		rc = choose_one(op, v->institution[i], today, l);
	if (rc != TK_OK || !v->all)
		return rc;
	return tk_db_run(op->db, op->e,
			 CONTACTS
			 " AND (a.id IS NULL OR a.state = 'invited')"
			 " AND NOT EXISTS(SELECT 1 FROM one_time_link x WHERE x.account_id = a.id"
			 " AND x.used_at IS NULL AND x.expires_at > $2)"
			 " ORDER BY i.code COLLATE \"C\", c.id LIMIT 2000",
			 TK_ARGS(TK_S(today), TK_I(tk_now())), person_row, l);
}

static enum tk_rc invite_one(const struct tk_op *op, const struct tk_invite_panel *v,
			     const struct person *p, struct tk_invited *i)
{
	struct tk_invite_mail m = { .kind = "invite_panel", .to = p->mail, .name = p->name,
		.lang = p->lang, .base_url = v->base_url };
	int64_t account = 0;
	bool made;
	enum tk_rc rc = tk_account_for_contact(op, p->contact, true, &account, &made);

	i->staff_number = p->code;
	return rc == TK_OK ? tk_invite_account(op, account, p->active, v->send_mail, &m, i) : rc;
}

enum tk_rc tk_invite_panel_run(const struct tk_op *op, const struct tk_invite_panel *v,
			       tk_invited_fn fn, void *ctx, int64_t *ret_made)
{
	struct list l = { op->mem, tk_alloc_n(op->mem, TK_INVITE_MAX, sizeof(struct person)), 0,
			  TK_INVITE_MAX };
	enum tk_rc rc = choose(op, v, &l);

	for (size_t i = 0; i < l.n && rc == TK_OK; i++) {
		struct tk_invited inv = { 0 };

		rc = invite_one(op, v, &l.p[i], &inv);
		if (rc == TK_OK)
			fn(ctx, &inv);
	}
	*ret_made = (int64_t)l.n;
	return rc;
}

struct without { tk_uncoordinated_fn fn; void *ctx; };

static enum tk_rc without_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct without *w = ctx;

	(void)n;
	w->fn(w->ctx, &(struct tk_uncoordinated){ col[0].i, col[1].s, col[2].s });
	return TK_OK;
}

enum tk_rc tk_invite_panel_without(const struct tk_op *op, tk_uncoordinated_fn fn, void *ctx)
{
	struct without w = { fn, ctx };
	char today[11];

	tk_date_iso(tk_today(), today);
	return tk_db_run(op->db, op->e,
			 "SELECT i.id, i.code, i.name FROM institution i WHERE" IN_PANEL
			 " AND NOT EXISTS(SELECT 1 FROM contact c WHERE c.institution_id = i.id"
			 " AND c.deleted_at IS NULL AND c.coordinator = 1)"
			 " ORDER BY i.code COLLATE \"C\"",
			 TK_ARGS(TK_S(today)), without_row, &w);
}
