/* role.c - holders of roles on a day: rows of role_holder first, heads of divisions by rule. */
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "org/role.h"

const struct tk_choice tk_role_choice[] = {
#define X(id, label, how) { #id, label },
	TK_ROLE_TABLE(X)
#undef X
	{ 0 },
};
static const char *const role_how[] = {
#define X(id, label, how) how,
	TK_ROLE_TABLE(X)
#undef X
};

int tk_role_index(const char *role)
{
	for (int i = 0; i < TK_ROLE_MAX; i++)
		if (!strcmp(tk_role_choice[i].id, role))
			return i;
	return -1;
}

/* -- collecting -------------------------------------------------------------------------------- */
struct head {
	int64_t staff_id, division_id, bureau_id, post_id, rank;
	const char *name, *post, *division;
	bool owns_system, general_affairs;
};
struct collect {
	struct tk_arena  *mem;
	struct tk_holder *h;
	size_t            n, cap;
	struct head      *head;
	size_t            nhead, caphead;
};

static void *grow(struct tk_arena *a, void *old, size_t n, size_t *cap, size_t size)
{
	void *p;

	if (n < *cap)
		return old;
	*cap = *cap ? 2 * *cap : 64;
	p = tk_alloc_n(a, *cap, size);
	if (n)
		memcpy(p, old, n * size);
	return p;
}

static void add_holder(struct collect *c, struct tk_holder h)
{
	c->h = grow(c->mem, c->h, c->n, &c->cap, sizeof(h));
	c->h[c->n++] = h;
}

/* Rows of role_holder with the people behind them; a post that nobody holds gives a row without a
 * name. */
static enum tk_rc holder_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct collect *c = ctx;
	int role = tk_role_index(col[0].s);
	struct tk_holder h = {
		.role = (enum tk_role)role,
		.kind = tk_strdup(c->mem, col[1].s),
		.staff_id = col[2].i,
		.name = tk_strdup(c->mem, col[3].s ? col[3].s : col[4].s),
		.post_id = col[5].i,
		.post = tk_strdup(c->mem, col[6].s),
		.bureau_id = col[7].i,
		.division_id = col[8].i,
		.division = tk_strdup(c->mem, col[9].s),
		.id = col[10].i,
	};

	(void)n;
	if (role >= 0)
		add_holder(c, h);
	return TK_OK;
}

/* A post without a unit is the post wherever it exists; its holder's own division is then the unit
 * of the division roles, and the bureau of the bureau roles. */
static enum tk_rc collect_rows(const struct tk_op *op, const char *date, struct collect *c)
{
	return tk_db_run(op->db, op->e,
			 "SELECT r.role, r.holder_kind, s.id, s.name, r.outside_name, "
			 "COALESCE(r.post_id, s.post_id), p.name,"
			 " CASE WHEN r.bureau_id IS NOT NULL THEN r.bureau_id"
			 "  WHEN r.holder_kind = 'post' AND r.role IN ('role_bureau_officer', "
			 "'role_bureau_clerk') THEN d.bureau_id END,"
			 " CASE WHEN r.division_id IS NOT NULL THEN r.division_id"
			 "  WHEN r.holder_kind = 'post' AND r.role IN ('role_division_officer', "
			 "'role_system_officer',"
			 "   'role_division_clerk', 'role_system_clerk') THEN s.division_id END, "
			 "u.name, r.id"
			 " FROM role_holder r"
			 " LEFT JOIN staff s ON s.deleted_at IS NULL AND (s.joined_on IS NULL OR "
			 "s.joined_on <= $1)"
			 "  AND (s.left_on IS NULL OR s.left_on > $1)"
			 "  AND ((r.holder_kind = 'nominee' AND s.id = r.staff_id) OR "
			 "(r.holder_kind = 'post' AND s.post_id = r.post_id"
			 "   AND (r.division_id IS NULL OR s.division_id = r.division_id)"
			 "   AND (r.bureau_id IS NULL OR s.division_id IN (SELECT x.id FROM "
			 "division x WHERE x.bureau_id = r.bureau_id))))"
			 " LEFT JOIN division d ON d.id = s.division_id"
			 " LEFT JOIN post p ON p.id = COALESCE(r.post_id, s.post_id)"
			 " LEFT JOIN division u ON u.id = r.division_id"
			 " WHERE r.deleted_at IS NULL AND r.from_on <= $1 AND (r.to_on IS NULL OR "
			 "r.to_on >= $1)"
			 " ORDER BY r.role, r.from_on, r.id, s.staff_number COLLATE \"C\"",
			 TK_ARGS(TK_S(date)), holder_row, c);
}

static enum tk_rc head_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct collect *c = ctx;
	struct head h = {
		.staff_id = col[0].i,
		.name = tk_strdup(c->mem, col[1].s),
		.division_id = col[2].i,
		.bureau_id = col[3].i,
		.owns_system = col[4].i != 0,
		.post_id = col[5].i,
		.post = tk_strdup(c->mem, col[6].s),
		.rank = col[7].i,
		.division = tk_strdup(c->mem, col[8].s),
		.general_affairs = !strncmp(col[8].s, "総務", strlen("総務")) ||
				   (col[9].s && !strncmp(col[9].s, "General Affairs", 15)),
	};

	(void)n;
	/* rows come by division and rank: below the first rank, nobody heads */
	if (c->nhead && c->head[c->nhead - 1].division_id == h.division_id &&
	    c->head[c->nhead - 1].rank < h.rank)
		return TK_OK;
	c->head = grow(c->mem, c->head, c->nhead, &c->caphead, sizeof(h));
	c->head[c->nhead++] = h;
	return TK_OK;
}

static enum tk_rc collect_heads(const struct tk_op *op, const char *date, struct collect *c)
{
	return tk_db_run(
		op->db, op->e,
		"SELECT s.id, s.name, d.id, d.bureau_id, d.owns_system, p.id, p.name, p.rank, "
		"d.name, d.name_en"
		" FROM post p JOIN staff s ON s.post_id = p.id JOIN division d ON d.id = "
		"s.division_id"
		" JOIN bureau b ON b.id = d.bureau_id"
		" WHERE p.is_head = 1 AND p.deleted_at IS NULL AND d.deleted_at IS NULL AND "
		"s.deleted_at IS NULL"
		" AND (s.joined_on IS NULL OR s.joined_on <= $1) AND (s.left_on IS NULL OR "
		"s.left_on > $1)"
		" ORDER BY b.sort, b.id, d.sort, d.id, p.rank, s.staff_number COLLATE \"C\"",
		TK_ARGS(TK_S(date)), head_row, c);
}

/* Does a row of role_holder already say who it is for this unit? */
static bool recorded(const struct collect *c, size_t nrow, enum tk_role role, int64_t division,
		     int64_t bureau)
{
	for (size_t i = 0; i < nrow; i++) {
		const struct tk_holder *h = &c->h[i];

		if (h->role == role && h->name &&
		    ((division && h->division_id == division) ||
		     (bureau && h->bureau_id == bureau)))
			return true;
	}
	return false;
}

static void add_by_rule(struct collect *c, const struct head *x, enum tk_role role)
{
	bool bureau = role == TK_ROLE_role_bureau_officer;

	add_holder(c, (struct tk_holder){ .role = role,
					  .staff_id = x->staff_id,
					  .name = x->name,
					  .kind = "post",
					  .post_id = x->post_id,
					  .post = x->post,
					  .bureau_id = bureau ? x->bureau_id : 0,
					  .division_id = bureau ? 0 : x->division_id,
					  .division = bureau ? NULL : x->division });
}

static enum tk_rc collect(const struct tk_op *op, const char *date, struct collect *c)
{
	size_t nrow;
	int64_t bureau_done = 0, division_of_bureau = 0;
	struct tk_date d;
	enum tk_rc rc;

	*c = (struct collect){ .mem = op->mem };
	if (!date || !tk_date_from_iso(date, &d))
		return tk_fail(op->e, TK_EINVAL, "date",
			       N_("The day must be written like 2012-03-31."));
	if ((rc = collect_rows(op, date, c)) != TK_OK || (rc = collect_heads(op, date, c)) != TK_OK)
		return rc;
	nrow = c->n;
	for (size_t i = 0; i < c->nhead; i++) {
		const struct head *x = &c->head[i];

		if (!recorded(c, nrow, TK_ROLE_role_division_officer, x->division_id, 0))
			add_by_rule(c, x, TK_ROLE_role_division_officer);
		if (x->owns_system &&
		    !recorded(c, nrow, TK_ROLE_role_system_officer, x->division_id, 0))
			add_by_rule(c, x, TK_ROLE_role_system_officer);
		/* the first 総務課 of the bureau, all heads of it */
		if (!x->general_affairs ||
		    (bureau_done == x->bureau_id && division_of_bureau != x->division_id))
			continue;
		bureau_done = x->bureau_id;
		division_of_bureau = x->division_id;
		if (!recorded(c, nrow, TK_ROLE_role_bureau_officer, 0, x->bureau_id))
			add_by_rule(c, x, TK_ROLE_role_bureau_officer);
	}
	return TK_OK;
}

enum tk_rc tk_role_holders(const struct tk_op *op, const char *role, const char *date,
			   tk_holder_fn fn, void *ctx)
{
	int want = role ? tk_role_index(role) : TK_ROLE_MAX;
	struct collect c;
	enum tk_rc rc;

	if (want < 0)
		return tk_fail(op->e, TK_EINVAL, "role", N_("There is no role \"%.60s\"."), role);
	rc = collect(op, date, &c);
	for (size_t i = 0; rc == TK_OK && i < c.n; i++)
		if (want == TK_ROLE_MAX || (int)c.h[i].role == want)
			rc = fn(ctx, &c.h[i]);
	return rc;
}

/* -- audiences --------------------------------------------------------------------------------- */
struct person { int64_t staff_id; unsigned roles; };
struct audiences {
	struct person  *p;
	size_t          n;
	tk_audience_fn  fn;
	void           *ctx;
	char            text[TK_ROLE_MAX * 40];
};

static int by_staff(const void *x, const void *y)
{
	int64_t a = ((const struct person *)x)->staff_id, b = ((const struct person *)y)->staff_id;

	return a < b ? -1 : a > b;
}

/* One entry a person, sorted, the roles as bits. */
static void persons(const struct collect *c, struct audiences *a, struct tk_arena *mem)
{
	size_t n = 0;

	a->p = tk_alloc_n(mem, c->n + 1, sizeof(*a->p));
	for (size_t i = 0; i < c->n; i++)
		if (c->h[i].staff_id)
			a->p[a->n++] = (struct person){ c->h[i].staff_id, 1u << c->h[i].role };
	qsort(a->p, a->n, sizeof(*a->p), by_staff);
	for (size_t i = 0; i < a->n; i++) {
		if (n && a->p[n - 1].staff_id == a->p[i].staff_id)
			a->p[n - 1].roles |= a->p[i].roles;
		else
			a->p[n++] = a->p[i];
	}
	a->n = n;
}

static enum tk_rc audience_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct audiences *a = ctx;
	struct person key = { col[0].i, 0 };
	const struct person *p = a->n ? bsearch(&key, a->p, a->n, sizeof(key), by_staff) : NULL;
	unsigned roles = p ? p->roles : 0;
	struct tk_audience r = {
		.staff_id = col[0].i,
		.division_id = col[1].i,
		.bureau_id = col[2].i,
		.post_id = col[3].i,
		.staff_number = col[4].s,
		.name = col[5].s,
		.roles = a->text,
		.flags = TK_AUD_ALL_STAFF,
	};
	char *t = a->text;

	(void)n;
	for (int i = 0; i < TK_ROLE_MAX; i++) {
		if (!(roles >> i & 1))
			continue;
		if (t != a->text)
			*t++ = ' ';
		t = stpcpy(t, tk_role_choice[i].id);
	}
	*t = '\0';
	if (roles >> TK_ROLE_role_division_officer & 1)
		r.flags |= TK_AUD_DIVISION_HEAD;
	if (roles >> TK_ROLE_role_system_officer & 1)
		r.flags |= TK_AUD_SYSTEM_ADMIN;
	return a->fn(a->ctx, &r);
}

enum tk_rc tk_audiences(const struct tk_op *op, const char *date, tk_audience_fn fn, void *ctx)
{
	struct audiences a = { .fn = fn, .ctx = ctx };
	struct collect c;
	enum tk_rc rc = collect(op, date, &c);

	if (rc != TK_OK)
		return rc;
	persons(&c, &a, op->mem);
	return tk_db_stream(
		op->db, op->e,
		"SELECT s.id, s.division_id, d.bureau_id, s.post_id, s.staff_number, s.name"
		" FROM staff s JOIN division d ON d.id = s.division_id JOIN bureau b ON b.id = "
		"d.bureau_id"
		" WHERE s.deleted_at IS NULL AND (s.joined_on IS NULL OR s.joined_on <= $1)"
		" AND (s.left_on IS NULL OR s.left_on > $1)"
		" ORDER BY b.sort, b.id, d.sort, d.id, s.staff_number COLLATE \"C\"",
		TK_ARGS(TK_S(date)), audience_row, &a);
}

/* -- titles ------------------------------------------------------------------------------------ */
enum tk_rc tk_role_title_of(const struct tk_op *op, const char *role, enum tk_lang lang,
			    const char **ret)
{
	struct tk_value v[2];
	int i = tk_role_index(role);
	bool found;
	enum tk_rc rc;

	if (i < 0)
		return tk_fail(op->e, TK_EINVAL, "role", N_("There is no role \"%.60s\"."), role);
	*ret = tk_tr(lang, tk_role_choice[i].label);
	rc = tk_db_first(
		op->db, op->mem, op->e,
		"SELECT title_ja, title_en FROM role_title WHERE role = $1 AND deleted_at IS NULL"
		" AND title_set = COALESCE((SELECT value FROM setting WHERE name = 'title_set'), "
		"'founding')",
		TK_ARGS(TK_S(role)), v, 2, &found);
	if (rc == TK_OK && found)
		*ret = v[lang == TK_JA ? 0 : 1].s;
	return rc;
}

/* -- before a row of role_holder is saved ------------------------------------------------------ */
static enum tk_rc kind_fields(const struct tk_op *op, const struct tk_role_holder *h)
{
	bool post = !strcmp(h->holder_kind, "post"), nominee = !strcmp(h->holder_kind, "nominee");
	bool outside = !post && !nominee;

	if (post && !h->post_id)
		return tk_fail(op->e, TK_EINVAL, "post_id",
			       N_("Choose the post through which the role is held."));
	if (nominee && !h->staff_id)
		return tk_fail(op->e, TK_EINVAL, "staff_id",
			       N_("Choose the member of staff who is nominated."));
	if (outside && tk_is_blank(h->outside_name))
		return tk_fail(op->e, TK_EINVAL, "outside_name",
			       N_("Write the name of the person from outside."));
	if (!post && h->post_id)
		return tk_fail(op->e, TK_EINVAL, "post_id",
			       N_("A post is given only for a role that is held by post. Leave it "
				  "empty."));
	if (!nominee && h->staff_id)
		return tk_fail(op->e, TK_EINVAL, "staff_id",
			       N_("A person is given only for a nomination. Leave it empty."));
	if (!outside && h->outside_name)
		return tk_fail(
			op->e, TK_EINVAL, "outside_name",
			N_("This name is given only for a person from outside. Leave it empty."));
	return TK_OK;
}

/* ORG-12: some roles belong to posts, some are given by nomination. */
static enum tk_rc way_of_holding(const struct tk_op *op, const struct tk_role_holder *h, int role)
{
	char way = !strcmp(h->holder_kind, "post")      ? 'P'
		   : !strcmp(h->holder_kind, "nominee") ? 'N'
							: 'O';
	const char *label = tk_tr(op->e->lang, tk_role_choice[role].label);

	if (strchr(role_how[role], way))
		return TK_OK;
	if (way == 'P')
		return tk_fail(op->e, TK_EINVAL, "holder_kind",
			       N_("%s: this role is given by nomination. Name a person instead of "
				  "a post."),
			       label);
	return tk_fail(op->e, TK_EINVAL, "holder_kind",
		       N_("%s: this role cannot be held by somebody from outside. Choose a post or "
			  "a member of staff."),
		       label);
}

/* Which roles exclude role `of`, by the rows of role_conflict, in either order. */
struct excluded { bool with[TK_ROLE_MAX]; bool any; };

static enum tk_rc exclude(void *ctx, const struct tk_value *col, size_t n)
{
	struct excluded *x = ctx;
	int other = tk_role_index(col[0].s);

	(void)n;
	if (other >= 0)
		x->with[other] = x->any = true;
	return TK_OK;
}

static enum tk_rc excluded_of(const struct tk_op *op, int role, struct excluded *x)
{
	*x = (struct excluded){ 0 };
	return tk_db_run(op->db, op->e,
			 "SELECT other FROM role_conflict WHERE role = $1 AND deleted_at IS NULL "
			 "UNION SELECT role FROM role_conflict WHERE other = $1 AND deleted_at IS "
			 "NULL", TK_ARGS(TK_S(tk_role_choice[role].id)), exclude, x);
}

struct days { const char *day[32]; size_t n; struct tk_arena *mem; };

/* ORG-15: whoever audits may hold no role whose work is audited, and what else is declared, at any
 * time of the new row. */
static enum tk_rc conflict_on(const struct tk_op *op, const struct tk_role_holder *h, int role,
			      const struct excluded *not_with, const char *date)
{
	struct collect c;
	enum tk_rc rc = collect(op, date, &c);

	for (size_t i = 0; rc == TK_OK && i < c.n; i++) {
		const struct tk_holder *x = &c.h[i];
		bool other = not_with->with[x->role];
		bool same = x->staff_id && h->staff_id == x->staff_id;
		int64_t post = 0;

		if (!other || !x->staff_id || (x->id && x->id == h->rec.id))
			continue;
		if (!same && h->post_id) { /* by post: does the other holder sit on this post? */
			rc = tk_db_int(op->db, op->e,
				       "SELECT post_id FROM staff WHERE id = $1 AND ($2 = 0 OR "
				       "division_id = $2)"
				       " AND ($3 = 0 OR division_id IN (SELECT id FROM division "
				       "WHERE bureau_id = $3))",
				       TK_ARGS(TK_I(x->staff_id), TK_I(h->division_id),
					       TK_I(h->bureau_id)),
				       0, &post);
			same = post == h->post_id;
		}
		if (rc == TK_OK && same)
			rc = tk_fail(
				op->e, TK_EINVAL, "role",
				N_("%s already holds the role \"%s\", which nobody may combine "
				   "with \"%s\". Choose another person."),
				x->name, tk_tr(op->e->lang, tk_role_choice[x->role].label),
				tk_tr(op->e->lang, tk_role_choice[role].label));
	}
	return rc;
}

/* Roles may also meet later, when a row that begins in the future comes in: that day is looked at
 * too. */
static enum tk_rc later_start(void *ctx, const struct tk_value *col, size_t n)
{
	struct days *l = ctx;

	(void)n;
	if (l->n < TK_LEN(l->day))
		l->day[l->n++] = tk_strdup(l->mem, col[0].s);
	return TK_OK;
}

static enum tk_rc no_conflict(const struct tk_op *op, const struct tk_role_holder *h, int role)
{
	struct days l = { .mem = op->mem };
	struct excluded x;
	enum tk_rc rc = excluded_of(op, role, &x);

	if (rc != TK_OK || !x.any)
		return rc;
	rc = conflict_on(op, h, role, &x, h->from_on);
	if (rc == TK_OK)
		rc = tk_db_run(
			op->db, op->e,
			"SELECT DISTINCT from_on FROM role_holder WHERE deleted_at IS NULL AND id "
			"<> $1 AND from_on > $2"
			" AND ($3 = '' OR from_on <= $3) ORDER BY from_on",
			TK_ARGS(TK_I(h->rec.id), TK_S(h->from_on), TK_S(h->to_on ? h->to_on : "")),
			later_start, &l);
	for (size_t i = 0; rc == TK_OK && i < l.n; i++)
		rc = conflict_on(op, h, role, &x, l.day[i]);
	return rc;
}

enum tk_rc tk_role_check(const struct tk_op *op, struct tk_role_holder *h)
{
	int role = h->role ? tk_role_index(h->role) : -1;
	struct tk_date d;
	enum tk_rc rc;

	if (role < 0 || !h->holder_kind || !h->from_on || !tk_date_from_iso(h->from_on, &d) ||
	    (strcmp(h->holder_kind, "post") != 0 && strcmp(h->holder_kind, "nominee") != 0 &&
	     strcmp(h->holder_kind, "outside") != 0))
		return TK_OK;           /* the field's own checks say what is wrong */
	if ((rc = kind_fields(op, h)) != TK_OK || (rc = way_of_holding(op, h, role)) != TK_OK)
		return rc;
	if (h->to_on && strcmp(h->to_on, h->from_on) < 0)
		return tk_fail(op->e, TK_EINVAL, "to_on",
			       N_("The last day must not be before the first day."));
	if (h->bureau_id && h->division_id) {
		int64_t bureau = 0;

		rc = tk_db_int(op->db, op->e, "SELECT bureau_id FROM division WHERE id = $1",
			       TK_ARGS(TK_I(h->division_id)), 0, &bureau);
		if (rc == TK_OK && bureau != h->bureau_id)
			rc = tk_fail(op->e, TK_EINVAL, "division_id",
				     N_("This division does not belong to the bureau given."));
	}
	return rc == TK_OK ? no_conflict(op, h, role) : rc;
}
