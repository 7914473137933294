/* demo_panel.c - the panel and its two surveys into the database: institutions from files, as an
 * office loads them, and each institution's answers as it would give them. */
#include <stdlib.h>
#include <string.h>
#include "auth/account.h"
#include "auth/user.h"
#include "demo/demo_in.h"
#include "demo/panel.h"
#include "org/institution.h"
#include "record/transfer.h"
#include "survey/response.h"

#include "panel_data.inc"

/* -- institutions ------------------------------------------------------------------------------ */
static enum tk_rc load_file(const struct tk_op *op, const struct tk_rtype *t, const char *csv,
			    size_t n)
{
	struct tk_report *rep = NULL;
	const char *file = tk_sprintf(op->mem, "%s.csv", t->path);
	enum tk_rc rc = tk_rec_import(op, t, csv, n, file, false, &rep);

	if (rc == TK_OK && !rep->written)
		return tk_fail(op->e, TK_EINTERNAL, NULL, "%s: %s", file,
			       rep->nproblem ? rep->problem[0].message : "");
	return rc;
}

static enum tk_rc institutions(const struct tk_op *op, const struct panel *p)
{
	struct demo_name *name = tk_alloc_n(op->mem, PANEL_NAMES, sizeof(*name));
	struct tk_buf in = TK_BUF(1 << 20), at = TK_BUF(1 << 20), co = TK_BUF(1 << 20);
	enum tk_rc rc = demo_names(op, name, PANEL_NAMES);

	panel_write_institutions(p, &in);
	panel_write_attributes(p, &at);
	if (rc == TK_OK) {
		panel_write_contacts(p, name, &co);
		rc = load_file(op, &tk_sector, panel_sectors_csv, sizeof(panel_sectors_csv) - 1);
	}
	if (rc == TK_OK)
		rc = load_file(op, &tk_institution, in.p, in.len);
	if (rc == TK_OK)
		rc = load_file(op, &tk_institution_attribute, at.p, at.len);
	if (rc == TK_OK)
		rc = load_file(op, &tk_contact, co.p, co.len);
	tk_buf_drop(&in);
	tk_buf_drop(&at);
	tk_buf_drop(&co);
	return rc;
}

/* An account for the coordinator and for a colleague of the institution one can sign in at. */
static enum tk_rc account_for(const struct tk_op *op, const char *role, bool coordinator)
{
	struct tk_account a = { 0 };
	struct tk_value contact[3];
	bool found;
	enum tk_rc rc = tk_db_first(
		op->db, op->mem, op->e,
		"SELECT c.id, c.institution_id, c.name FROM contact c JOIN institution i ON i.id = "
		"c.institution_id WHERE i.code = $1 AND c.coordinator = $2 ORDER BY c.id LIMIT 1",
		TK_ARGS(TK_S(DEMO_INSTITUTION), TK_I(coordinator)), contact, 3, &found);

	if (rc != TK_OK || !found)
		return rc;
	tk_set_by(&tk_account, &a, "login",
		  TK_S(tk_sprintf(op->mem, "%s.%s", DEMO_INSTITUTION, role)));
	tk_set_by(&tk_account, &a, "name", contact[2]);
	tk_set_by(&tk_account, &a, "contact_id", contact[0]);
	tk_set_by(&tk_account, &a, "institution_id", contact[1]);
	rc = tk_rec_insert(op, &tk_account, &a);
	return rc == TK_OK ? tk_user_roles(op, a.login, role) : rc;
}

static enum tk_rc accounts(const struct tk_op *op)
{
	enum tk_rc rc = account_for(op, "coordinator", true);

	return rc == TK_OK ? account_for(op, "respondent", false) : rc;
}

/* -- answers ----------------------------------------------------------------------------------- */

/* How far an institution has come with a survey. */
enum progress { NOT_BEGUN, IN_WORK, SUBMITTED, RETURNED, ACCEPTED };

struct wave {
	const struct tk_op *op;         /* mem is emptied after each institution */
	const struct panel *p;
	int64_t campaign_id;
	int64_t respondent[PANEL_SIZE];
	enum progress (*progress)(const struct panel *p, size_t institution);
};

static enum tk_rc respondent_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct wave *w = ctx;

	(void)n;
	for (size_t i = 0; i < PANEL_SIZE; i++)
		if (!strcmp(w->p->at[i].code, col[1].s))
			w->respondent[i] = col[0].i;
	return TK_OK;
}

/* The first sections only, where it is in work. */
static enum tk_rc fill(const struct wave *w, size_t at, struct tk_response *r, bool all)
{
	const struct tk_form *f = r->form;
	enum tk_rc rc = TK_OK;

	for (size_t k = 0; k < f->nitem && rc == TK_OK; k++)
		if (!f->item[k].calculation &&
		    (all || (size_t)f->item[k].group < 3 + at % 5))
			rc = tk_response_set_text(w->op, r, k,
						  panel_value(w->p, f->item[k].code, at));
	tk_response_settle(r, w->op->mem);
	return rc;
}

static enum tk_rc answer(const struct wave *w, size_t at)
{
	enum progress how = w->progress(w->p, at);
	const struct tk_op *op = w->op;
	struct tk_response r;
	struct tk_date d;
	enum tk_rc rc;

	if (how == NOT_BEGUN)
		return TK_OK;
	if ((rc = tk_response_of(op, w->respondent[at], &r)) != TK_OK ||
	    (rc = fill(w, at, &r, how != IN_WORK)) != TK_OK)
		return rc;
	if (how == IN_WORK)
		return tk_response_save(op, &r);
	if ((rc = tk_response_submit(op, &r)) != TK_OK ||
	    !tk_date_from_iso(panel_value(w->p, "answered_on", at), &d))
		return rc;
	return tk_db_exec(op->db, op->e, "UPDATE response SET submitted_at = $2 WHERE id = $1",
			  TK_I(r.id),
			  TK_I(tk_date_time(d) + 9 * 3600 + (int64_t)(at * 7919 % 30000)));
}

static enum tk_rc answers(const struct tk_op *op, const struct panel *p, int64_t campaign_id,
			  enum progress (*progress)(const struct panel *p, size_t institution))
{
	struct tk_arena *tmp = tk_arena_new(64 << 20);
	struct tk_op each = { op->db, tmp, op->who, op->e };
	struct wave w = { .op = &each, .p = p, .campaign_id = campaign_id, .progress = progress };
	enum tk_rc rc = tk_db_run(op->db, op->e,
				  "SELECT id, institution_code FROM respondent WHERE campaign_id = "
				  "$1",
				  TK_ARGS(TK_I(campaign_id)), respondent_row, &w);

	for (size_t i = 0; i < PANEL_SIZE && rc == TK_OK; i++) {
		rc = answer(&w, i);
		tk_arena_reset(tmp);
	}
	tk_arena_free(tmp);
	return rc;
}

/* -- the surveys ------------------------------------------------------------------------------- */
static enum tk_rc begin(const struct tk_op *op, int year, struct tk_date opens, unsigned days,
			struct campaign *c)
{
	char from[11], to[11];
	struct tk_campaign_new n = { .form = "telework",
				     .asks = "institution",
				     .fiscal_year = year,
				     .opens_on = from,
				     .closes_on = to,
				     .base_date = from };
	enum tk_rc rc;

	tk_date_iso(opens, from);
	tk_date_iso(tk_date_of_days(tk_date_days(opens) + days - 1), to);
	n.name = tk_sprintf(op->mem, "telework-%d", year);
	rc = tk_campaign_create(op, &n, c);
	return rc == TK_OK ? tk_campaign_open(op, c->rec.id) : rc;
}

static enum progress accepted(const struct panel *p, size_t institution)
{
	(void)p;
	(void)institution;
	return ACCEPTED;
}

static enum tk_rc wave_2020(const struct tk_op *op, const struct panel *p)
{
	struct campaign c;
	enum tk_rc rc = begin(op, 2020, p->from, p->days, &c);

	if (rc == TK_OK)
		rc = answers(op, p, c.rec.id, accepted);
	return rc == TK_OK ? tk_campaign_close(op, c.rec.id, NULL) : rc;
}

static enum progress under_way(const struct panel *p, size_t institution)
{
	size_t k = institution * 101 % PANEL_SIZE;

	if (!strcmp(p->at[institution].code, DEMO_INSTITUTION))
		return IN_WORK;
	return k < 60 ? ACCEPTED : k < 130 ? SUBMITTED : k < 190 ? IN_WORK : NOT_BEGUN;
}

static enum tk_rc wave_now(const struct tk_op *op)
{
	enum { BEHIND = 21, DAYS = 45 };        /* of the survey */
	struct tk_date today = tk_today(),
		       opens = tk_date_of_days(tk_date_days(today) - BEHIND);
	struct panel *p = tk_alloc(op->mem, sizeof(*p));
	struct campaign c;
	enum tk_rc rc = panel_make(p, op->mem, opens, BEHIND, op->e);

	if (rc == TK_OK)
		rc = begin(op, tk_fiscal_year(today), opens, DAYS, &c);
	return rc == TK_OK ? answers(op, p, c.rec.id, under_way) : rc;
}

static enum tk_rc fill_all(const struct tk_op *op)
{
	struct panel *p = tk_alloc(op->mem, sizeof(*p));
	enum tk_rc rc = panel_make(p, op->mem, (struct tk_date){ 2020, 7, 6 }, 33, op->e);

	if (rc == TK_OK)
		rc = institutions(op, p);
	if (rc == TK_OK)
		rc = accounts(op);
	if (rc == TK_OK)
		rc = wave_2020(op, p);
	return rc == TK_OK ? wave_now(op) : rc;
}

enum tk_rc demo_panel(struct demo *d)
{
	enum tk_rc rc = tk_db_begin(d->op->db, d->op->e);

	if (rc == TK_OK)
		rc = fill_all(d->op);
	if (rc == TK_OK)
		return tk_db_commit(d->op->db, d->op->e);
	tk_db_rollback(d->op->db);
	return rc;
}
