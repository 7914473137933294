/* digest.c - one mail a day to each person who has something to do. */
#include <inttypes.h>
#include <string.h>
#include "auth/person.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "job/outbox.h"
#include "job/template.h"
#include "notice/notice.h"

enum { PERSON_MEM = 16 << 20, TASKS_MAX = 4000, LINES_MAX = 40, LATE_MAX = 5000 };

/* What the mail says, in this order. */
enum part { LATE, TODAY, SOON, FRESH, NEWS, ESCALATED, NPART };
static const char *const part_label[NPART] = {
	N_("Overdue"), N_("Due today"), N_("Due soon"), N_("New to you"),
	N_("News of your requests"), N_("Late in your units"),
};

struct line { const char *title, *detail, *due, *href; };
struct escalated { const struct tk_case_type *type; int64_t division, bureau, owner, deputy;
	struct line line; };
struct all { struct tk_arena *mem; struct escalated *v; size_t n; const char *today; };

/* One person's mail while it is made. */
struct digest {
	const struct tk_op *op;         /* as that person */
	const char         *today;
	const char        **told;       /* keys of what was told before */
	size_t              ntold;
	const char        **key;        /* keys of what there is now */
	size_t              nkey;
	struct { struct line v[LINES_MAX]; int64_t n; } part[NPART];
};

/* -- what there is ----------------------------------------------------------------------------- */

static void put(struct digest *d, enum part p, const struct line *l)
{
	if (d->part[p].n < LINES_MAX)
		d->part[p].v[d->part[p].n] = *l;
	d->part[p].n++;
}

static bool among(const char *const *list, size_t n, const char *key)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(list[i], key))
			return true;
	return false;
}

/* From how many days before on somebody is reminded: due - today <= days. */
static bool is_soon(const char *due, const char *today, unsigned days)
{
	struct tk_date a, b;

	return days && tk_date_from_iso(due, &a) && tk_date_from_iso(today, &b) &&
	       tk_date_days(a) - tk_date_days(b) <= (int64_t)days;
}

static void add(void *ctx, const struct tk_task *t)
{
	struct digest *d = ctx;
	struct line l = { t->title, t->detail, t->due, t->href };
	const char *key;

	if (t->finished || !strcmp(t->kind, "waiting") || d->nkey == TASKS_MAX)
		return;
	key = tk_sprintf(d->op->mem, "%s %s", t->href, t->step ? t->step : "");
	if (tk_task_is_late(t, d->today))
		put(d, LATE, &l);
	else if (t->due && !strcmp(t->due, d->today))
		put(d, TODAY, &l);
	else if (t->due && is_soon(t->due, d->today, t->remind_before))
		put(d, SOON, &l);
	else if (!among(d->told, d->ntold, key))
		put(d, FRESH, &l);
	d->key[d->nkey++] = key;
}

struct texts { struct tk_arena *mem; const char **v; size_t n; };

static enum tk_rc text_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct texts *t = ctx;

	(void)n;
	if (t->n < TASKS_MAX)
		t->v[t->n++] = tk_strdup(t->mem, col[0].s);
	return TK_OK;
}

static enum tk_rc news_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct digest *d = ctx;

	(void)n;
	put(d, NEWS, &(struct line){ .title = tk_strdup(d->op->mem, col[0].s),
				     .href = tk_strdup(d->op->mem, col[1].s) });
	return TK_OK;
}

/* What is late for so long that others hear of it: whoever may, and does not own it. */
static void escalate(struct digest *d, const struct all *all)
{
	const struct tk_who *w = d->op->who;

	for (size_t i = 0; i < all->n; i++) {
		const struct escalated *x = &all->v[i];

		if (w->staff_id != x->owner && w->staff_id != x->deputy &&
		    tk_who_may(w, x->type->escalate, x->division, x->bureau))
			put(d, ESCALATED, &x->line);
	}
}

static enum tk_rc gather(struct digest *d, const struct all *all)
{
	const struct tk_op *op = d->op;
	struct texts told = { op->mem, tk_alloc(op->mem, TASKS_MAX * sizeof(char *)), 0 };
	enum tk_rc rc = tk_db_run(op->db, op->e, "SELECT task FROM task_told WHERE staff_id = $1",
				  TK_ARGS(TK_I(op->who->staff_id)), text_row, &told);

	d->told = told.v;
	d->ntold = told.n;
	d->key = tk_alloc(op->mem, TASKS_MAX * sizeof(char *));
	if (rc == TK_OK)
		rc = tk_tasks_each(op, add, d);
	if (rc == TK_OK)
		rc = tk_db_run(op->db, op->e, "SELECT line, href FROM notice WHERE staff_id = $1"
			       " ORDER BY id", TK_ARGS(TK_I(op->who->staff_id)), news_row, d);
	escalate(d, all);
	return rc;
}

/* -- the mail ---------------------------------------------------------------------------------- */

static void print_line(struct digest *d, struct tk_buf *b, const struct line *l)
{
	enum tk_lang lang = d->op->who->lang;
	struct tk_date due;

	tk_buf_fmt(b, "- %s", l->title);
	if (l->due && tk_date_from_iso(l->due, &due))
		tk_buf_fmt(b, lang == TK_JA ? "（期限：%s）" : " (due on %s)",
			   tk_date_print(d->op->mem, lang, due));
	tk_buf_chr(b, '\n');
	if (l->detail)
		tk_buf_fmt(b, "  %s\n", l->detail);
	tk_buf_fmt(b, "  %s\n", tk_mail_link(d->op, l->href));
}

static const char *print(struct digest *d, struct tk_buf *b)
{
	enum tk_lang lang = d->op->who->lang;
	const char *sum = NULL;

	for (int p = 0; p < NPART; p++) {
		int64_t n = d->part[p].n;
		const char *label = tk_tr(lang, part_label[p]);

		if (!n)
			continue;
		sum = tk_sprintf(d->op->mem, "%s%s%s %" PRId64, sum ? sum : "",
				 !sum ? "" : lang == TK_JA ? "、" : ", ", label, n);
		tk_buf_fmt(b, lang == TK_JA ? "%s■ %s\n" : "%s* %s\n", b->len ? "\n" : "", label);
		for (int64_t i = 0; i < n && i < LINES_MAX; i++)
			print_line(d, b, &d->part[p].v[i]);
		if (n > LINES_MAX)
			tk_buf_fmt(b, lang == TK_JA ? "  ほか%" PRId64 "件\n" :
				   "  and %" PRId64 " more\n", n - LINES_MAX);
	}
	return sum;
}

static enum tk_rc queue(struct digest *d, const struct tk_addressee *to, const char *dedupe,
			bool *ret_new)
{
	struct tk_who sys = tk_who_system("Tenken", "daily", d->op->who->lang);
	struct tk_op op = { d->op->db, d->op->mem, &sys, d->op->e };
	struct tk_buf b = TK_BUF(1 << 20);
	struct tk_mail_new m = { .to = to->mail, .staff_id = to->staff_id,
		.division_id = to->division_id, .dedupe = dedupe };
	struct tk_template_values v = { .name = to->name, .url = tk_mail_link(&op, "#/") };
	enum tk_rc rc;

	*ret_new = false;
	v.title = print(d, &b);
	while (b.len && b.p[b.len - 1] == '\n')
		b.p[--b.len] = '\0';
	v.list = tk_utf8_head(op.mem, tk_buf_cstr(&b), 16000);
	tk_buf_drop(&b);
	if (!v.title)
		return TK_OK;           /* nothing to say */
	rc = tk_template_fill(&op, "digest", to->lang, &v, &m.subject, &m.body);
	return rc == TK_OK ? tk_mail_queue_new(&op, &m, ret_new) : rc;
}

/* What was told, so that it is told once; what is gone would be new again. */
static enum tk_rc remember(struct digest *d)
{
	const struct tk_op *op = d->op;
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < d->nkey && rc == TK_OK; i++)
		if (!among(d->told, d->ntold, d->key[i]))
			rc = tk_db_exec(op->db, op->e,
					"INSERT INTO task_told(staff_id, task, told_on)"
					" VALUES($1,$2,$3) ON CONFLICT DO NOTHING",
					TK_I(op->who->staff_id), TK_S(d->key[i]), TK_S(d->today));
	for (size_t i = 0; i < d->ntold && rc == TK_OK; i++)
		if (!among(d->key, d->nkey, d->told[i]))
			rc = tk_db_exec(op->db, op->e,
					"DELETE FROM task_told WHERE staff_id = $1 AND task = $2",
					TK_I(op->who->staff_id), TK_S(d->told[i]));
	if (rc == TK_OK && d->part[NEWS].n)
		rc = tk_db_exec(op->db, op->e, "DELETE FROM notice WHERE staff_id = $1",
				TK_I(op->who->staff_id));
	return rc;
}

/* Mail, memory and news in one transaction. */
static enum tk_rc write_down(struct digest *d, const struct tk_addressee *to, const char *dedupe,
			     bool *ret_new)
{
	const struct tk_op *op = d->op;
	enum tk_rc rc = tk_db_begin(op->db, op->e);

	if (rc != TK_OK)
		return rc;
	rc = queue(d, to, dedupe, ret_new);
	if (rc == TK_OK)
		rc = remember(d);
	if (rc == TK_OK)
		rc = tk_db_commit(op->db, op->e);
	else
		tk_db_rollback(op->db);
	return rc;
}

static enum tk_rc one_person(const struct tk_op *sys, const struct all *all, int64_t account,
			     bool *ret_new)
{
	struct digest *d = tk_alloc(sys->mem, sizeof(*d));
	struct tk_person p = { 0 };
	struct tk_addressee to;
	struct tk_op op = *sys;
	const char *dedupe;
	int64_t done = 0;
	enum tk_rc rc = tk_person_load(sys, account, &p);

	*ret_new = false;
	if (rc != TK_OK || !p.may_sign_in || !p.staff_id ||
	    (rc = tk_addressee(sys, p.staff_id, &to)) != TK_OK || !to.mail)
		return rc;
	dedupe = tk_sprintf(sys->mem, "digest.%" PRId64 ".%s", p.staff_id, all->today);
	rc = tk_db_int(sys->db, sys->e, "SELECT 1 FROM mail WHERE dedupe = $1",
		       TK_ARGS(TK_S(dedupe)), 0, &done);
	if (rc != TK_OK || done)
		return rc;
	p.who.lang = sys->e->lang = to.lang;
	p.who.source = "daily";
	op.who = &p.who;
	d->op = &op;
	d->today = all->today;
	rc = gather(d, all);
	return rc == TK_OK ? write_down(d, &to, dedupe, ret_new) : rc;
}

/* -- everybody --------------------------------------------------------------------------------- */

static enum tk_rc late_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct all *all = ctx;
	const struct tk_case_type *t = tk_case_type_by_name(col[0].s);
	const struct tk_rtype *r = tk_rtype_by_name(col[1].s);
	struct tk_date due, today;

	(void)n;
	if (!t || !t->escalate_after || t->escalate == TK_P_NOBODY || !r || !r->life ||
	    all->n == LATE_MAX || !tk_date_from_iso(col[4].s, &due) ||
	    !tk_date_from_iso(all->today, &today) ||
	    tk_date_days(today) - tk_date_days(due) < (int64_t)t->escalate_after)
		return TK_OK;
	all->v[all->n++] = (struct escalated){
		.type = t, .division = col[5].i, .bureau = col[6].i, .owner = col[7].i,
		.deputy = col[8].i,
		.line = { .title = tk_strdup(all->mem, col[3].s),
			  .detail = tk_strdup(all->mem, col[9].s),
			  .due = tk_strdup(all->mem, col[4].s),
			  .href = tk_sprintf(all->mem, "#/records/%s/%" PRId64, r->path,
					     col[2].i) },
	};
	return TK_OK;
}

struct accounts { int64_t *v; size_t n, max; };

static enum tk_rc account_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct accounts *a = ctx;

	(void)n;
	if (a->n < a->max)
		a->v[a->n++] = col[0].i;
	return TK_OK;
}

static enum tk_rc load_all(const struct tk_op *op, struct all *all, struct accounts *a)
{
	int64_t n = 0;
	enum tk_rc rc = tk_db_int(op->db, op->e, "SELECT COUNT(*) FROM account", NULL, 0, 0, &n);

	if (rc != TK_OK)
		return rc;
	a->max = (size_t)n;
	a->v = tk_alloc(op->mem, (a->max + 1) * sizeof(*a->v));
	all->v = tk_alloc(op->mem, LATE_MAX * sizeof(*all->v));
	rc = tk_db_run(op->db, op->e,
		       "SELECT c.type, c.subject_type, c.subject_id, c.title, c.due_on,"
		       " c.division_id, c.bureau_id, c.owner_staff_id, c.deputy_staff_id, s.name"
		       " FROM tk_case c LEFT JOIN staff s ON s.id = c.owner_staff_id"
		       " WHERE c.closed_at IS NULL AND c.deleted_at IS NULL AND c.due_on < $1"
		       " ORDER BY c.due_on, c.id", TK_ARGS(TK_S(all->today)), late_row, all);
	if (rc != TK_OK)
		return rc;
	return tk_db_run(op->db, op->e,
			 "SELECT a.id FROM account a JOIN staff s ON s.id = a.staff_id"
			 " WHERE a.deleted_at IS NULL AND a.state = 'active'"
			 " AND s.deleted_at IS NULL AND s.mail IS NOT NULL ORDER BY a.id",
			 NULL, 0, account_row, a);
}

enum tk_rc tk_digest_all(struct tk_db *db, const char *today, bool (*go_on)(void *ctx), void *ctx,
			 struct tk_digest_count *ret, struct tk_err *e)
{
	struct tk_arena *whole = tk_arena_new(64 << 20), *each = tk_arena_new(PERSON_MEM);
	struct tk_who sys = tk_who_system("Tenken", "daily", TK_JA);
	struct tk_op op = { db, whole, &sys, e };
	struct all all = { .mem = whole, .today = today };
	struct accounts a = { 0 };
	enum tk_rc rc = load_all(&op, &all, &a);
	bool is_new;

	*ret = (struct tk_digest_count){ 0 };
	op.mem = each;
	for (size_t i = 0; i < a.n && rc == TK_OK; i++) {
		if (go_on && !go_on(ctx)) {
			rc = TK_EBUSY;
			break;
		}
		tk_arena_reset(each);
		e->lang = TK_JA;
		rc = one_person(&op, &all, a.v[i], &is_new);
		ret->people++;
		ret->mails += rc == TK_OK && is_new;
		if (rc != TK_OK && rc != TK_EBUSY && rc != TK_EFULL) {
			tk_log_err(TK_LOG_ERROR, "daily mail of one person", e);
			rc = TK_OK;     /* the others get theirs */
		}
	}
	tk_arena_free(each);
	tk_arena_free(whole);
	return rc;
}
