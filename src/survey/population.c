/* population.c - who is asked: frozen copies of the people that the rule of a campaign names. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/hash.h"
#include "base/text.h"
#include "form/form_in.h"
#include "org/institution.h"
#include "org/org.h"
#include "org/role.h"
#include "record/trail.h"
#include "survey/campaign.h"
#include "survey/follow.h"
#include "survey/response.h"

/* Names of units and posts by id, for rules. */
struct name { int64_t id; const char *code, *name; };
struct names { struct tk_arena *a; struct name *v; size_t n, cap; };

/* subject_id: of the staff member or the institution */
struct person {
	int64_t subject_id, division_id, bureau_id, post_id, sector_id;
	const char *roles, *asked_only;
	const char *code, *name, *kana, *mail, *prefecture, *attributes; /* of an institution */
	bool known, outside;
}; /* outside: in office, but not whom the rule names */

struct pop {
	const struct tk_op *op;
	struct tk_arena    *a;
	struct names        bureau, division, post;
	struct tk_expr     *rule;
	struct tk_follow   *follow;
	struct person      *p;
	size_t              n, cap;
	struct tk_arena    *tmp;
	bool                open;       /* who moves while it is open is still asked */
	bool                panel;      /* institutions */
};

static enum tk_rc name_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct names *t = ctx;

	(void)n;
	if (t->n == t->cap) {
		size_t cap = t->cap ? t->cap * 2 : 64;
		struct name *v = tk_alloc_n(t->a, cap, sizeof(*v));
		if (t->n)
			memcpy(v, t->v, t->n * sizeof(*v));
		t->v = v;
		t->cap = cap;
	}
	t->v[t->n++] =
		(struct name){ col[0].i, tk_strdup(t->a, col[1].s), tk_strdup(t->a, col[2].s) };
	return TK_OK;
}

static int name_cmp(const void *x, const void *y)
{
	int64_t a = ((const struct name *)x)->id, b = ((const struct name *)y)->id;

	return a < b ? -1 : a > b;
}

static struct name find_name(const struct names *t, int64_t id)
{
	struct name key = { id, NULL, NULL },
		    *f = t->n ? bsearch(&key, t->v, t->n, sizeof(key), name_cmp) : NULL;

	return f ? *f : (struct name){ id, "", "" };
}

static enum tk_rc load_names(struct pop *p)
{
	struct tk_db *db = p->op->db;
	struct tk_err *e = p->op->e;
	enum tk_rc rc;

	p->bureau.a = p->division.a = p->post.a = p->a;
	rc = tk_db_run(db, e, "SELECT id, code, name FROM bureau ORDER BY id", NULL, 0, name_row,
		       &p->bureau);
	if (rc == TK_OK)
		rc = tk_db_run(db, e, "SELECT id, code, name FROM division ORDER BY id", NULL, 0,
			       name_row, &p->division);
	if (rc == TK_OK)
		rc = tk_db_run(db, e, "SELECT id, code, name FROM post ORDER BY id", NULL, 0,
			       name_row, &p->post);
	return rc;
}

/* The words that audiences see: the three of ORG-13 first, then the roles held. */
static const char *role_words(struct tk_arena *a, const struct tk_audience *au)
{
	return tk_sprintf(a, "all_staff%s%s%s%s",
			  au->flags & TK_AUD_DIVISION_HEAD ? " division_head" : "",
			  au->flags & TK_AUD_SYSTEM_ADMIN ? " system_admin" : "",
			  *au->roles ? " " : "", au->roles);
}

static struct person *next_person(struct pop *p)
{
	if (p->n == p->cap) {
		p->cap = p->cap ? p->cap * 2 : 1024;
		p->p = tk_xrealloc(p->p, p->cap * sizeof(*p->p));
	}
	return &p->p[p->n++];
}

static enum tk_rc person_row(void *ctx, const struct tk_audience *au)
{
	struct pop *p = ctx;
	struct name b = find_name(&p->bureau, au->bureau_id),
		    d = find_name(&p->division, au->division_id);
	const char *roles = role_words(p->tmp, au), *only = NULL;
	struct tk_subject who = { .roles = roles,
				  .bureau = b.name,
				  .bureau_code = b.code,
				  .division = d.name,
				  .division_code = d.code,
				  .post = find_name(&p->post, au->post_id).name };
	bool in = !p->rule || tk_person_matches(p->rule, &who, p->tmp);

	if (in && p->follow)
		in = (only = tk_follow_items(p->follow, au->staff_id, p->a)) != NULL;
	if (!in && !p->open) {
		tk_arena_reset(p->tmp);
		return TK_OK;
	}
	*next_person(p) = (struct person){ .subject_id = au->staff_id,
					   .division_id = au->division_id,
					   .bureau_id = au->bureau_id,
					   .post_id = au->post_id,
					   .roles = tk_strdup(p->a, roles),
					   .asked_only = only,
					   .outside = !in };
	tk_arena_reset(p->tmp);
	return TK_OK;
}

/* all_staff is the audience of every item that names none. */
static enum tk_rc institution_row(void *ctx, const struct tk_panel_row *r)
{
	struct pop *p = ctx;
	struct tk_subject who = { .roles = "all_staff institution",
				  .institution = r->code,
				  .sector = r->sector,
				  .prefecture = r->prefecture,
				  .attributes = r->attributes };
	bool in = !p->rule || tk_person_matches(p->rule, &who, p->tmp);

	if (in || p->open)
		*next_person(p) =
			(struct person){ .subject_id = r->id,
					 .sector_id = r->sector_id,
					 .roles = who.roles,
					 .code = tk_strdup(p->a, r->code),
					 .name = tk_strdup(p->a, r->name),
					 .kana = tk_strdup(p->a, r->kana),
					 .mail = tk_strdup(p->a, r->mail),
					 .prefecture = tk_strdup(p->a, r->prefecture),
					 .attributes = tk_strdup(p->a, r->attributes),
					 .outside = !in };
	tk_arena_reset(p->tmp);
	return TK_OK;
}

static int person_cmp(const void *x, const void *y)
{
	int64_t a = ((const struct person *)x)->subject_id,
		b = ((const struct person *)y)->subject_id;

	return a < b ? -1 : a > b;
}

static struct person *find_person(struct pop *p, int64_t subject_id)
{
	struct person key = { .subject_id = subject_id };

	return p->n ? bsearch(&key, p->p, p->n, sizeof(key), person_cmp) : NULL;
}

/* What stands in the table now, compared with who should be asked. */
struct existing {
	int64_t id, subject_id, division_id, bureau_id, post_id, sector_id;
	const char *roles, *asked_only, *prefecture, *attributes;
	bool in, answered;
}; /* answered: submitted */
struct sync { struct pop *p; struct existing *v; size_t n, cap; };

static enum tk_rc existing_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct sync *s = ctx;

	(void)n;
	if (s->n == s->cap) {
		s->cap = s->cap ? s->cap * 2 : 1024;
		s->v = tk_xrealloc(s->v, s->cap * sizeof(*s->v));
	}
	s->v[s->n++] = (struct existing){
		.id = col[0].i,
		.subject_id = col[1].i,
		.division_id = col[2].i,
		.bureau_id = col[3].i,
		.post_id = col[4].i,
		.roles = tk_strdup(s->p->a, col[5].s),
		.in = !strcmp(col[6].s, "in"),
		.answered = col[7].s && tk_response_counts(col[7].s),
		.asked_only = tk_strdup(s->p->a, col[8].s),
		.sector_id = col[9].i,
		.prefecture = tk_strdup(s->p->a, col[10].s),
		.attributes = tk_strdup(s->p->a, col[11].s),
	};
	return TK_OK;
}

static enum tk_rc add_institution(struct pop *p, const struct campaign *c, const struct person *x,
				  bool late)
{
	return tk_db_exec(p->op->db, p->op->e,
			  "INSERT INTO respondent(id, version, campaign_id, institution_id, "
			  "institution_code, name, kana, mail, sector_id, prefecture, attributes, "
			  "roles, state, joined_late)"
			  " VALUES($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'in', $12)",
			  TK_I(tk_id_new()), TK_I(c->rec.id), TK_I(x->subject_id), TK_S(x->code),
			  TK_S(x->name), TK_S(x->kana), TK_S(x->mail), TK_I(x->sector_id),
			  TK_S(x->prefecture), TK_S(x->attributes), TK_S(x->roles), TK_I(late));
}

static enum tk_rc add_person(struct pop *p, const struct campaign *c, const struct person *x,
			     bool late)
{
	if (p->panel)
		return add_institution(p, c, x, late);
	return tk_db_exec(p->op->db, p->op->e,
			  "INSERT INTO respondent(id, version, campaign_id, staff_id, "
			  "staff_number, name, kana, mail, bureau_id,"
			  " division_id, post_id, roles, state, asked_only, joined_late)"
			  " SELECT $1, 1, $2, s.id, s.staff_number, s.name, s.kana, s.mail, $3, "
			  "$4, $5, $6, 'in', $7, $8"
			  " FROM staff s WHERE s.id = $9",
			  TK_I(tk_id_new()), TK_I(c->rec.id), TK_I(x->bureau_id),
			  TK_I(x->division_id), TK_I0(x->post_id), TK_S(x->roles),
			  TK_S(x->asked_only), TK_I(late), TK_I(x->subject_id));
}

static bool same_text(const char *x, const char *y)
{
	return !strcmp(x ? x : "", y ? y : "");
}

/* The copy follows the roster until the opening, and for who comes back; after that it stays as it
 * was on the day.  What was answered keeps the unit it was answered in. */
static enum tk_rc keep_person(struct pop *p, const struct campaign *c, const struct existing *v,
			      const struct person *x, bool *refreshed)
{
	bool planned = !strcmp(c->state, "planned");

	*refreshed = false;
	if (v->in && (!planned || v->answered))
		return TK_OK;
	*refreshed = !v->in || v->division_id != x->division_id || v->bureau_id != x->bureau_id ||
		     v->post_id != x->post_id || !same_text(v->roles, x->roles) ||
		     !same_text(v->asked_only, x->asked_only) || v->sector_id != x->sector_id ||
		     !same_text(v->prefecture, x->prefecture) ||
		     !same_text(v->attributes, x->attributes);
	if (p->panel && !v->answered)
		return tk_db_exec(p->op->db, p->op->e,
				  "UPDATE respondent SET state = 'in', sector_id = $2, prefecture "
				  "= $3, attributes = $4, institution_code = $5, name = $6, kana = "
				  "$7, mail = $8, version = version + 1 WHERE id = $1",
				  TK_I(v->id), TK_I(x->sector_id), TK_S(x->prefecture),
				  TK_S(x->attributes), TK_S(x->code), TK_S(x->name),
				  TK_S(x->kana), TK_S(x->mail));
	if (v->answered)
		return tk_db_exec(
			p->op->db, p->op->e,
			"UPDATE respondent SET state = 'in', version = version + 1 WHERE id = $1",
			TK_I(v->id));
	return tk_db_exec(p->op->db, p->op->e,
			  "UPDATE respondent SET state = 'in', bureau_id = $2, division_id = $3, "
			  "post_id = $4, roles = $5,"
			  " asked_only = $6, staff_number = s.staff_number, name = s.name, kana = "
			  "s.kana, mail = s.mail,"
			  " version = respondent.version + 1 FROM staff s WHERE respondent.id = $1 "
			  "AND s.id = $7",
			  TK_I(v->id), TK_I(x->bureau_id), TK_I(x->division_id), TK_I0(x->post_id),
			  TK_S(x->roles), TK_S(x->asked_only), TK_I(x->subject_id));
}

static enum tk_rc apply(struct sync *s, const struct campaign *c, struct tk_population_change *ch)
{
	struct pop *p = s->p;
	bool late = !strcmp(c->state, "open"), refreshed;
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < s->n && rc == TK_OK; i++) {
		struct person *x = find_person(p, s->v[i].subject_id);

		if (x && (s->v[i].in || !x->outside)) {
			x->known = true;
			ch->stayed++;
			rc = keep_person(p, c, &s->v[i], x, &refreshed);
			ch->refreshed += refreshed;
		} else if (s->v[i].in && !s->v[i].answered) {
			ch->left++;
			rc = tk_db_exec(p->op->db, p->op->e,
					"UPDATE respondent SET state = 'left', version = version + "
					"1 WHERE id = $1",
					TK_I(s->v[i].id));
		}
	}
	for (size_t i = 0; i < p->n && rc == TK_OK; i++) {
		if (p->p[i].known || p->p[i].outside)
			continue;
		ch->added++;
		rc = add_person(p, c, &p->p[i], late);
	}
	return rc;
}

static enum tk_rc collect(struct pop *p, const struct campaign *c)
{
	char today[11];
	const char *day = c->base_date;
	enum tk_rc rc = load_names(p);

	tk_date_iso(tk_today(), today);
	p->open = !strcmp(c->state, "open");
	if (!day || p->open) /* later joiners and leavers of an open campaign: as of today */
		day = today;
	if (rc == TK_OK && !tk_is_blank(c->population))
		rc = tk_person_rule(p->a, c->population, &p->rule, p->op->e);
	if (rc == TK_OK && c->follow_up_of)
		rc = tk_follow_load(p->op, c->follow_up_of, p->a, &p->follow);
	if (rc == TK_OK)
		rc = p->panel ? tk_panel_each(p->op, day, institution_row, p)
			      : tk_audiences(p->op, day, person_row, p);
	if (p->n)
		qsort(p->p, p->n, sizeof(*p->p), person_cmp);
	return rc;
}

enum tk_rc tk_population_sync(const struct tk_op *op, const struct campaign *c,
			      struct tk_population_change *ret)
{
	struct pop p = { .op = op, .panel = tk_campaign_asks_panel(c) };
	struct sync s = { .p = &p };
	enum tk_rc rc;

	*ret = (struct tk_population_change){ 0 };
	if (!strcmp(c->state, "closed"))
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("The campaign is closed; its population stays as it is."));
	p.a = tk_arena_new((size_t)1 << 30);
	p.tmp = tk_arena_new(1 << 20);
	rc = collect(&p, c);
	if (rc == TK_OK)
		rc = tk_db_run(op->db, op->e,
			       "SELECT r.id, COALESCE(r.staff_id, r.institution_id), "
			       "r.division_id, r.bureau_id, r.post_id, r.roles, r.state, a.state, "
			       "r.asked_only, r.sector_id, r.prefecture, r.attributes"
			       " FROM respondent r LEFT JOIN response a ON a.id = r.id WHERE "
			       "r.campaign_id = $1 AND r.deleted_at IS NULL",
			       TK_ARGS(TK_I(c->rec.id)), existing_row, &s);
	if (rc == TK_OK)
		rc = apply(&s, c, ret);
	if (rc == TK_OK && (ret->added || ret->left || ret->refreshed)) {
		rc = tk_db_exec(op->db, op->e,
				"UPDATE campaign SET epoch = epoch + 1 WHERE id = $1",
				TK_I(c->rec.id));
		if (rc == TK_OK)
			rc = tk_trail_add(op, "population", "campaign", c->rec.id,
					  tk_sprintf(op->mem,
						     "{\"added\":%" PRId64 ",\"left\":%" PRId64
						     ",\"stayed\":%" PRId64 "}",
						     ret->added, ret->left, ret->stayed));
	}
	free(p.p);
	free(s.v);
	tk_arena_free(p.a);
	tk_arena_free(p.tmp);
	return rc;
}

struct open_ids { int64_t id[64]; size_t n; };

static enum tk_rc open_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct open_ids *o = ctx;

	(void)n;
	if (o->n < TK_LEN(o->id))
		o->id[o->n++] = col[0].i;
	return TK_OK;
}

/* A follow-up asks those it was made for, whoever comes later. */
enum tk_rc tk_population_follow(const struct tk_op *op)
{
	struct tk_who self = *op->who; /* part of the roster import, whoever carries that out */
	struct tk_op as = { op->db, op->mem, &self, op->e };
	struct open_ids o = { .n = 0 };
	enum tk_rc rc = tk_db_run(op->db, op->e,
				  "SELECT id FROM campaign WHERE state = 'open' AND follow_up_of "
				  "IS NULL AND asks = 'staff' AND deleted_at IS NULL"
				  " ORDER BY id",
				  NULL, 0, open_row, &o);

	self.system = true;
	for (size_t i = 0; i < o.n && rc == TK_OK; i++) {
		struct tk_population_change ch;
		struct campaign c = { 0 };

		rc = tk_rec_load(&as, &tk_campaign_type, o.id[i], &c);
		if (rc == TK_OK)
			rc = tk_population_sync(&as, &c, &ch);
	}
	return rc;
}
