/* roster_plan.c - rows against the people of the organisation: added, changed, ended, unchanged. */
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "org/roster_in.h"

enum { MANY_ENDS = 5 };         /* so few may always end; beyond, at most a fifth */

struct compare { struct tk_roster *r; int64_t in_office; };

static bool same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static void put(struct tk_staff *s, const char *field, struct tk_value v)
{
	tk_set_by(&tk_staff, s, field, v);
}

/* What the person will be.  A column that the file does not have changes nothing. */
void roster_now(const struct tk_roster *r, const struct rrow *x, struct tk_staff *s)
{
	if (!s->staff_number)
		put(s, "staff_number", TK_S(x->number));
	put(s, "name", TK_S(x->name));
	if (r->col[C_KANA] >= 0 || r->col[C_FAMILY_KANA] >= 0)
		put(s, "kana", TK_S(x->kana));
	if (r->col[C_MAIL] >= 0)
		put(s, "mail", TK_S(x->mail));
	put(s, "division_id", TK_I(r->division[x->unit].id));
	if (r->col[C_POST] >= 0)
		put(s, "post_id", x->post_at >= 0 ? TK_I(r->post[x->post_at].id) : TK_NULL);
	if (r->col[C_JOINED] >= 0)
		put(s, "joined_on", TK_S(x->joined));
	if (r->col[C_LEFT] >= 0)
		put(s, "left_on", TK_S(x->left));
	else if (s->left_on && strcmp(s->left_on, r->base_date) <= 0)
		put(s, "left_on", TK_NULL);     /* back again */
}

static bool same_staff(const struct tk_staff *a, const struct tk_staff *b)
{
	return same(a->name, b->name) && same(a->kana, b->kana) && same(a->mail, b->mail) &&
	       a->division_id == b->division_id && a->post_id == b->post_id &&
	       same(a->joined_on, b->joined_on) && same(a->left_on, b->left_on);
}

/* A copy that outlives the row of the query. */
static struct tk_staff kept_staff(struct tk_arena *a, const struct tk_staff *s)
{
	struct tk_staff k = *s;

	k.staff_number = tk_strdup(a, s->staff_number);
	k.name = tk_strdup(a, s->name);
	k.kana = tk_strdup(a, s->kana);
	k.mail = tk_strdup(a, s->mail);
	k.joined_on = tk_strdup(a, s->joined_on);
	k.left_on = tk_strdup(a, s->left_on);
	return k;
}

static void ends(struct tk_roster *r, const struct tk_staff *s)
{
	r->leaver = roster_grow(r->mem, r->leaver, r->nleaver, &r->capleaver, sizeof(*r->leaver));
	r->leaver[r->nleaver++].was = kept_staff(r->mem, s);
}

static enum tk_rc staff_row(void *ctx, const struct tk_value *col, size_t n)
{
	static const char *const field[] = { "staff_number", "name",    "kana",      "mail",
					     "division_id",  "post_id", "joined_on", "left_on" };
	struct compare *c = ctx;
	struct tk_roster *r = c->r;
	struct tk_staff was = { .rec = { .id = col[0].i, .version = col[1].i } }, now;
	struct rrow *x;
	uint32_t at;
	bool there;

	(void)n;
	for (size_t i = 0; i < TK_LEN(field); i++)
		put(&was, field[i], col[i + 2]);
	there = (!was.left_on || strcmp(was.left_on, r->base_date) > 0) &&
		(!was.joined_on || strcmp(was.joined_on, r->base_date) <= 0);
	c->in_office += there;
	if (!tk_strmap_get(&r->by_number, roster_number_key(r->tmp, was.staff_number), &at)) {
		if (there && !r->opt.partial &&
		    !tk_strmap_get(&r->numberless, was.mail ? was.mail : was.name, &at))
			ends(r, &was);
	} else if (!(x = &r->row[at])->matched) {
		x->matched = true;
		x->state = ROW_UNCHANGED;
		now = was;
		if (!x->bad)
			roster_now(r, x, &now);
		if (!x->bad && !same_staff(&was, &now)) {
			x->state = ROW_CHANGED;
			x->was = tk_alloc(r->mem, sizeof(was));
			*x->was = kept_staff(r->mem, &was);
		}
	}
	tk_arena_reset(r->tmp);
	return TK_OK;
}

static enum tk_rc compare_staff(const struct tk_op *op, struct tk_roster *r)
{
	struct compare c = { r, 0 };
	enum tk_rc rc;

	for (size_t i = 0; i < r->nrow; i++) {
		r->row[i].matched = false;
		r->row[i].state = ROW_ADDED;
	}
	rc = tk_db_stream(
		op->db, op->e,
		"SELECT id, version, staff_number, name, kana, mail, division_id, post_id, "
		"joined_on, left_on"
		" FROM staff WHERE deleted_at IS NULL ORDER BY staff_number COLLATE \"C\"",
		NULL, 0, staff_row, &c);
	if (rc != TK_OK || r->opt.allow_many_ends || r->nleaver <= MANY_ENDS ||
	    (int64_t)r->nleaver * 5 <= c.in_office)
		return rc;
	ROSTER_SAY(r, 0, C_MAX, NULL, TK_SEV_ERROR,
		   N_("%zu of %lld persons in office are not in the file and would end; this looks "
		      "like a part of the roster."
		      " Import it as a part, or say that so many may end."),
		   r->nleaver, (long long)c.in_office);
	return rc;
}

/* -- the report -------------------------------------------------------------------------------- */
static const char *division_name(const struct tk_roster *r, int64_t id)
{
	for (size_t i = 0; i < r->ndivision; i++)
		if (r->division[i].id == id)
			return tk_sprintf(r->tmp, "%s %s", r->bureau[r->division[i].bureau].name,
					  r->division[i].name);
	return "";
}

static const char *post_name(const struct tk_roster *r, int64_t id)
{
	for (size_t i = 0; i < r->npost; i++)
		if (r->post[i].id == id)
			return r->post[i].name;
	return "";
}

static const char *value_text(const struct tk_roster *r, const struct tk_staff *s, size_t i)
{
	struct tk_value v = tk_get(&tk_staff, s, i);

	if (v.type == TK_V_NULL)
		return NULL;
	if (tk_staff.field[i].ref == &tk_division)
		return division_name(r, v.i);
	return tk_staff.field[i].ref == &tk_post ? post_name(r, v.i) : v.s;
}

static void say_changed(struct tk_roster *r, const struct rrow *x)
{
	struct tk_report_change change[TK_MAX_FIELDS];
	struct tk_report_pair pair[] = { { "staff_number", x->was->staff_number },
					 { "name", x->name } };
	struct tk_staff now = *x->was;
	size_t n = 0;

	roster_now(r, x, &now);
	for (size_t i = 0; i < tk_staff.nfield; i++) {
		struct tk_value a = tk_get(&tk_staff, x->was, i), b = tk_get(&tk_staff, &now, i);

		if (a.type == b.type && a.i == b.i && same(a.s, b.s))
			continue;
		change[n++] = (struct tk_report_change){ tk_staff.field[i].name,
							 tk_tr(r->lang, tk_staff.field[i].label),
							 value_text(r, x->was, i),
							 value_text(r, &now, i) };
	}
	tk_report_entry(r->report, TK_REP_CHANGED, pair, TK_LEN(pair), change, n);
}

static void say_row(struct tk_roster *r, const struct rrow *x)
{
	if (x->bad)
		return;
	if (x->state == ROW_CHANGED) {
		if (r->report->nentry[TK_REP_CHANGED] < TK_REPORT_LIST)
			say_changed(r, x);
		else
			tk_report_entry(r->report, TK_REP_CHANGED, NULL, 0, NULL, 0);
	} else if (x->state == ROW_UNCHANGED) {
		tk_report_entry(r->report, TK_REP_UNCHANGED, NULL, 0, NULL, 0);
	} else {
		const struct unit_division *d = &r->division[x->unit];
		struct tk_report_pair pair[] = {
			{ "staff_number", x->number },
			{ "name", x->name },
			{ "bureau", r->bureau[d->bureau].name },
			{ "division", d->name },
			{ "post", x->post_at >= 0 ? r->post[x->post_at].name : NULL },
		};
		tk_report_entry(r->report, TK_REP_ADDED, pair, TK_LEN(pair), NULL, 0);
	}
}

static int by_row(const void *a, const void *b)
{
	const struct tk_problem *x = a, *y = b;

	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	return x->col < y->col ? -1 : x->col > y->col;
}

enum tk_rc tk_roster_plan(const struct tk_op *op, struct tk_roster *r)
{
	enum tk_rc rc;

	if (tk_who_scope(op->who, TK_P_ROSTER_IMPORT) != TK_SCOPE_ALL)
		return tk_denied(op->e);
	r->report = tk_alloc(r->mem, sizeof(*r->report));
	*r->report = *r->read_report;   /* a plan may be made again */
	if (r->read_report->problem) {
		r->report->problem =
			tk_alloc_n(r->mem, TK_REPORT_LIST, sizeof(*r->report->problem));
		memcpy(r->report->problem, r->read_report->problem,
		       r->read_report->nproblem * sizeof(struct tk_problem));
	}
	for (size_t i = 0; i < r->nrow; i++)
		r->row[i].bad = r->row[i].read_bad;
	r->nleaver = 0;
	if ((rc = roster_units_load(op, r)) != TK_OK)
		return rc;
	if (!r->nrow)
		return r->planned = true, TK_OK;
	roster_units_match(r);
	if ((rc = compare_staff(op, r)) != TK_OK)
		return rc;
	for (size_t i = 0; i < r->nrow; i++) {
		say_row(r, &r->row[i]);
		tk_arena_reset(r->tmp);
	}
	for (size_t i = 0; i < r->nleaver; i++) {
		const struct tk_staff *s = &r->leaver[i].was;
		struct tk_report_pair pair[] = { { "staff_number", s->staff_number },
						 { "name", s->name },
						 { "division", division_name(r, s->division_id) } };

		tk_report_entry(r->report, TK_REP_ENDED, pair, TK_LEN(pair), NULL, 0);
		tk_arena_reset(r->tmp);
	}
	if (r->report->nproblem)
		qsort(r->report->problem, r->report->nproblem, sizeof(struct tk_problem), by_row);
	r->planned = true;
	return TK_OK;
}
