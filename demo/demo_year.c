/* demo_year.c - self-inspections of the demonstration: two finished, one open. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "demo/demo_in.h"
#include "record/report.h"
#include "survey/rollup.h"
#include "table/table.h"

/* How many of an audience do not do an item; items not named here are done by everybody. */
struct miss { const char *item; unsigned n; };
/* Chosen so that the founding document's figures come out: in 2010 one person of all did not answer
 * (99.9 %); in 2011 everybody did, and 73, 6, 1 and 1 of the 81 items fall into the four classes.
 */
static const struct miss miss_2010[] = {
	{ "c01", 118 }, { "c02", 74 }, { "c03", 61 }, { "c04", 43 }, { "c05", 30 }, { "c06", 72 },
	{ "d09", 2 }, { "d28", 6 }, { "d45", 5 }, { "s05", 1 }, { "s17", 2 }, { NULL, 0 },
};
static const struct miss miss_2011[] = {
	{ "c01", 31 }, { "c02", 52 }, { "c03", 24 }, { "c04", 18 }, { "c05", 11 }, { "c06", 63 },
	{ "d45", 3 }, { "s17", 1 }, { NULL, 0 },
};
static const struct miss miss_last[] = {
	{ "c01", 40 }, { "c02", 44 }, { "c03", 20 }, { "c04", 15 }, { "c05", 9 }, { "c06", 55 },
	{ "d28", 2 }, { "d45", 3 }, { "s17", 1 }, { NULL, 0 },
};
static const struct miss miss_now[] = {
	{ "c01", 26 }, { "c02", 38 }, { "c03", 15 }, { "c04", 12 }, { "c05", 7 }, { "c06", 41 },
	{ "d28", 1 }, { "d45", 2 }, { "s17", 1 }, { NULL, 0 },
};
/* Items that do not concern some people: no suspicious mail received, no contractor, no server
 * room. */
static const struct miss not_concerned[] = { { "c05", 402 }, { "d29", 9 },  { "d33", 11 },
					     { "d34", 11 },  { "d36", 12 }, { "s20", 2 },
					     { NULL, 0 } };

enum { COMMON = 1500, HEADS = 36, ADMINS = 8 };

static unsigned count_of(const struct miss *m, const char *item)
{
	for (; m->item; m++)
		if (!strcmp(m->item, item))
			return m->n;
	return 0;
}

/* Person k of `of` in a fixed, scattered order: exactly n of them are below n.  7919 is prime, so
 * that k -> k * 7919 mod `of` meets everybody once. */
static unsigned place(unsigned k, unsigned of, unsigned turn)
{
	return (unsigned)(((uint64_t)k * 7919 + turn * 101) % of);
}

/* The answer of person k (of its audience) to an item. */
static const char *answer(const struct miss *m, const char *item, unsigned k, unsigned of,
			  unsigned full)
{
	unsigned turn = (unsigned)(item[1] - '0') * 10 + (unsigned)(item[2] - '0'),
		 p = place(k, of, turn);
	unsigned missing = count_of(m, item) * (of >= full ? full : of) / full,
		 na = count_of(not_concerned, item) * (of >= full ? full : of) / full;

	if (p < missing)
		return p % 3 == 0 ? "not_done" : "partly";
	return p >= of - na ? "na" : "done";
}

/* -- people of a campaign ---------------------------------------------------------------------- */
struct person {
	const char *number;
	int64_t id;
	bool head, admin;
	const char *division;
	unsigned k, kh, ks;
};
struct people { struct tk_arena *a; struct person *v; size_t n, cap; unsigned heads, admins; };

static enum tk_rc person_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct people *p = ctx;
	bool head = strstr(col[2].s, "division_head") != NULL,
	     admin = strstr(col[2].s, "system_admin") != NULL;

	(void)n;
	if (p->n == p->cap) {
		p->cap = p->cap ? p->cap * 2 : 2048;
		p->v = tk_xrealloc(p->v, p->cap * sizeof(*p->v));
	}
	p->v[p->n] =
		(struct person){ tk_strdup(p->a, col[0].s), col[1].i,       head,     admin,
				 tk_strdup(p->a, col[3].s), (unsigned)p->n, p->heads, p->admins };
	p->n++;
	p->heads += head;
	p->admins += admin;
	return TK_OK;
}

static enum tk_rc load_people(const struct tk_op *op, int64_t campaign, struct people *p)
{
	*p = (struct people){ .a = op->mem };
	return tk_db_run(op->db, op->e,
			 "SELECT r.staff_number, r.id, r.roles, d.code FROM respondent r JOIN "
			 "division d ON d.id = r.division_id"
			 " WHERE r.campaign_id = $1 ORDER BY r.staff_number COLLATE \"C\"",
			 TK_ARGS(TK_I(campaign)), person_row, p);
}

static const char *cell_of(const struct miss *m, const struct people *p, const struct person *x,
			   const struct tk_form *f, const struct tk_item *it)
{
	const char *audience = f->audience[it->audience].code;

	if (!strcmp(audience, "all_staff"))
		return answer(m, it->code, x->k, (unsigned)p->n, COMMON);
	if (!strcmp(audience, "division_head"))
		return x->head ? answer(m, it->code, x->kh, p->heads, HEADS) : "";
	return x->admin ? answer(m, it->code, x->ks, p->admins, ADMINS) : "";
}

static void write_row(struct tk_buf *b, const struct miss *m, const struct people *p,
		      const struct person *x, const struct tk_form *f)
{
	tk_buf_str(b, x->number);
	for (size_t i = 0; i < f->nitem; i++) {
		tk_buf_chr(b, ',');
		tk_buf_str(b, cell_of(m, p, x, f, &f->item[i]));
	}
	tk_buf_chr(b, '\n');
}

/* Loads the answers of those for whom want() is true, as an office loads a file. */
static enum tk_rc load_answers(const struct tk_op *op, const struct campaign *c,
			       const struct miss *m, const struct people *p,
			       bool (*want)(const struct person *x))
{
	struct tk_report *rep = tk_report_new(op->mem);
	struct tk_buf b = TK_BUF(512 << 20);
	const struct tk_form *f;
	enum tk_rc rc = tk_form_get(op, c->form_version_id, &f);

	if (rc != TK_OK)
		return rc;
	tk_buf_str(&b, "staff_number");
	for (size_t i = 0; i < f->nitem; i++)
		tk_buf_fmt(&b, ",%s", f->item[i].code);
	tk_buf_chr(&b, '\n');
	for (size_t i = 0; i < p->n; i++)
		if (want(&p->v[i]))
			write_row(&b, m, p, &p->v[i], f);
	rc = tk_response_import(op, c, b.p, b.len, "回答.csv", false, rep);
	tk_buf_drop(&b);
	if (rc == TK_OK && !rep->written)
		return tk_fail(op->e, TK_EINTERNAL, NULL, "%s",
			       rep->nproblem ? rep->problem[0].message : "answers");
	return rc;
}

static bool everybody(const struct person *x)
{
	(void)x;
	return true;
}

/* In 2010 one person forgot. */
static bool all_but_one(const struct person *x)
{
	return x->k != 777;
}

/* Days of answering are spread over the campaign, as they would be. */
static enum tk_rc spread_days(const struct tk_op *op, int64_t campaign, struct tk_date from,
			      int days)
{
	return tk_db_exec(op->db, op->e,
			  "UPDATE response SET submitted_at = $1 + (id % $2) * 86400 + (id % "
			  "30000) WHERE campaign_id = $3"
			  " AND state = 'submitted'",
			  TK_I(tk_date_time(from) + 32400), TK_I(days), TK_I(campaign));
}

/* -- sign-off of all divisions ----------------------------------------------------------------- */
struct ids { int64_t v[512]; size_t n; };

static enum tk_rc id_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct ids *d = ctx;

	(void)n;
	if (d->n < TK_LEN(d->v))
		d->v[d->n++] = col[0].i;
	return TK_OK;
}

static enum tk_rc sign_all(const struct tk_op *op, int64_t campaign)
{
	struct ids *d = tk_alloc(op->mem, sizeof(*d));
	struct tk_case c;
	enum tk_rc rc = tk_db_run(
		op->db, op->e, "SELECT DISTINCT division_id FROM respondent WHERE campaign_id = $1",
		TK_ARGS(TK_I(campaign)), id_row, d);

	for (size_t i = 0; i < d->n && rc == TK_OK; i++) {
		memset(&c, 0, sizeof(c));
		rc = tk_rollup_sign(op, campaign, d->v[i], tk_tr(TK_JA, N_("Checked. Signed off.")),
				    tk_tr(TK_JA, N_("One person was away for a long time.")), &c);
	}
	return rc;
}

static enum tk_rc finished(struct demo *d, int year, struct campaign *c)
{
	const struct tk_op *op = d->op;
	const char *y = tk_sprintf(op->mem, "%d", year),
		   *next = tk_sprintf(op->mem, "%d", year + 1);
	struct tk_campaign_new n = {
		.name = tk_sprintf(op->mem, "self-inspection-%s", y),
		.form = "self_inspection",
		.fiscal_year = year,
		.opens_on = tk_sprintf(op->mem, "%s-12-12", y),
		.closes_on = tk_sprintf(op->mem, "%s-02-27", next),
		.base_date = tk_sprintf(op->mem, "%s-12-12", y),
	};
	struct people p;
	enum tk_rc rc = tk_campaign_create(op, &n, c);

	if (rc == TK_OK)
		rc = tk_campaign_open(op, c->rec.id);
	if (rc == TK_OK)
		rc = tk_rec_load(op, &tk_campaign_type, c->rec.id, c);
	if (rc == TK_OK)
		rc = load_people(op, c->rec.id, &p);
	if (rc == TK_OK)
		rc = load_answers(op, c,
				  year == 2010   ? miss_2010
				  : year == 2011 ? miss_2011
						 : miss_last,
				  &p, year == 2010 ? all_but_one : everybody);
	if (rc == TK_OK)
		rc = spread_days(op, c->rec.id, (struct tk_date){ year, 12, 13 }, 70);
	if (rc == TK_OK)
		rc = year == 2010 ? TK_OK : sign_all(op, c->rec.id); /* collation by division began
									in 2011 (SELF-04) */
	if (rc == TK_OK)
		rc = tk_campaign_close(op, c->rec.id, NULL);
	free(p.v);
	return rc;
}

enum tk_rc demo_year(struct demo *d, int year)
{
	struct campaign c;
	enum tk_rc rc = tk_db_begin(d->op->db, d->op->e);

	if (rc == TK_OK)
		rc = finished(d, year, &c);
	if (rc == TK_OK)
		return tk_db_commit(d->op->db, d->op->e);
	tk_db_rollback(d->op->db);
	return rc;
}

/* -- the current year -------------------------------------------------------------------------- */

/* Divisions that are complete, and those of the persons one signs in as, who have something to do.
 */
static bool complete_division(const struct person *x)
{
	return !strcmp(x->division, "D0203") || !strcmp(x->division, "D0402") ||
	       !strcmp(x->division, "D0504");
}

static bool kept_open(const struct person *x)
{
	return x->head && (!strcmp(x->division, "D0302") || !strcmp(x->division, "D0403"));
}

static bool has_submitted(const struct person *x)
{
	if (!strcmp(x->division, "D0302"))      /* almost there: the head sees a short list */
		return !x->head && x->k % 5 != 1;
	return complete_division(x) || (!kept_open(x) && place(x->k, 1499, 5) % 100 < 58);
}

static bool has_begun(const struct person *x)
{
	return !has_submitted(x) && !kept_open(x) && place(x->k, 1499, 5) % 100 < 68;
}

/* A draft: the first items only. */
static enum tk_rc begin_answers(const struct tk_op *op, const struct people *p)
{
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < p->n && rc == TK_OK; i++) {
		struct tk_response r;
		size_t left = 1 + p->v[i].k % 5;

		if (!has_begun(&p->v[i]) || (rc = tk_response_of(op, p->v[i].id, &r)) != TK_OK)
			continue;
		for (size_t k = 0; k < r.form->nitem && left && rc == TK_OK; k++) {
			if (r.answer[k].state == TK_ANSWER_NOT_ASKED)
				continue;
			rc = tk_response_set_text(
				op, &r, k,
				cell_of(miss_now, p, &p->v[i], r.form, &r.form->item[k]));
			left--;
		}
		if (rc == TK_OK)
			rc = tk_response_save(op, &r);
	}
	return rc;
}

static enum tk_rc sign_complete(const struct tk_op *op, int64_t campaign)
{
	static const char *const code[] = { "D0203", "D0402" };
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < TK_LEN(code) && rc == TK_OK; i++) {
		struct tk_case c = { 0 };
		int64_t id = 0;

		rc = tk_db_int(op->db, op->e, "SELECT id FROM division WHERE code = $1",
			       TK_ARGS(TK_S(code[i])), 0, &id);
		if (rc == TK_OK)
			rc = tk_rollup_sign(op, campaign, id,
					    tk_tr(TK_JA, N_("Checked. Signed off.")), NULL, &c);
	}
	return rc;
}

static enum tk_rc current(struct demo *d)
{
	const struct tk_op *op = d->op;
	struct tk_date today = tk_today(), opens = tk_date_of_days(tk_date_days(today) - 14),
		       closes = tk_date_of_days(tk_date_days(today) + 21);
	char from[11], to[11];
	struct campaign c;
	struct people p = { 0 };
	struct tk_campaign_new n = { .form = "self_inspection",
				     .opens_on = from,
				     .closes_on = to,
				     .fiscal_year = tk_fiscal_year(today) };
	enum tk_rc rc;

	tk_date_iso(opens, from);
	tk_date_iso(closes, to);
	n.name = tk_sprintf(op->mem, "self-inspection-%d", tk_fiscal_year(today));
	rc = tk_campaign_create(op, &n, &c);
	if (rc == TK_OK)
		rc = tk_campaign_open(op, c.rec.id);
	if (rc == TK_OK)
		rc = tk_rec_load(op, &tk_campaign_type, c.rec.id, &c);
	if (rc == TK_OK)
		rc = load_people(op, c.rec.id, &p);
	if (rc == TK_OK)
		rc = load_answers(op, &c, miss_now, &p, has_submitted);
	if (rc == TK_OK)
		rc = spread_days(op, c.rec.id, opens, 13);
	if (rc == TK_OK)
		rc = begin_answers(op, &p);
	if (rc == TK_OK)
		rc = sign_complete(op, c.rec.id);
	free(p.v);
	return rc;
}

enum tk_rc demo_now(struct demo *d)
{
	enum tk_rc rc = tk_db_begin(d->op->db, d->op->e);

	if (rc == TK_OK)
		rc = current(d);
	if (rc == TK_OK)
		return tk_db_commit(d->op->db, d->op->e);
	tk_db_rollback(d->op->db);
	return rc;
}
