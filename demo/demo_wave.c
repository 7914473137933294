/* demo_wave.c - two surveys of the panel: that of 2020, complete and accepted, and that of the
 * current fiscal year, where each institution has come as far as it would have.
 *
 * Every step is done by whom it is the step of, through the calls that the page uses; only the days
 * are set afterwards, because all of it happens within a second. */
#include <stdlib.h>
#include <string.h>
#include "auth/person.h"
#include "demo/demo_in.h"
#include "demo/panel.h"
#include "panel/review.h"
#include "survey/section.h"
#include "table/coding.h"

enum progress { NOT_BEGUN, IN_WORK, SUBMITTED, RETURNED, ACCEPTED };

struct wave {
	const struct tk_op *op;         /* mem is emptied after each institution */
	const struct panel *p;
	const struct campaign *c;
	int64_t     respondent[PANEL_SIZE];
	const char *coordinator[PANEL_SIZE];
	struct tk_who office;
	enum progress (*progress)(const struct panel *p, size_t institution);
};

static enum tk_rc respondent_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct wave *w = ctx;

	(void)n;
	for (size_t i = 0; i < PANEL_SIZE; i++)
		if (!strcmp(w->p->at[i].code, col[1].s)) {
			w->respondent[i] = col[0].i;
			w->coordinator[i] = tk_strdup(w->p->a, col[2].s);
		}
	return TK_OK;
}

/* All institutions in a scattered order: 0 .. PANEL_SIZE - 1, each once. */
static size_t turn(size_t institution)
{
	return institution * 101 % PANEL_SIZE;
}

/* -- answering --------------------------------------------------------------------------------- */

/* A zero too many: in the current survey some have mistyped, for the rules to find. */
static const char *as_typed(const struct wave *w, size_t at, const char *item)
{
	const char *value = panel_value(w->p, item, at);

	if (w->p->first && w->progress(w->p, at) == SUBMITTED && turn(at) % 23 == 5 &&
	    !strcmp(item, "staff_total"))
		return tk_sprintf(w->op->mem, "%s0", value);
	return value;
}

/* The first sections only, where it is in work. */
static enum tk_rc fill(const struct wave *w, size_t at, struct tk_response *r, bool all)
{
	const struct tk_form *f = r->form;
	enum tk_rc rc = TK_OK;

	for (size_t k = 0; k < f->nitem && rc == TK_OK; k++)
		if (!f->item[k].calculation && (all || (size_t)f->item[k].group < 3 + at % 5))
			rc = tk_response_set_text(w->op, r, k, as_typed(w, at, f->item[k].code));
	tk_response_settle(r, w->op->mem);
	return rc;
}

/* Sections are given to the colleague, and the coordinator has finished two. */
static enum tk_rc share_out(const struct wave *w, struct tk_response *r)
{
	static const struct { const char *code; bool colleague; } section[] = {
		{ "a_profile", false },	  { "b_practice", false }, { "h_connection", true },
		{ "i_devices", true },	  { "j_web_meeting", true },
	};
	const struct tk_op *op = w->op;
	struct tk_person coordinator;
	int64_t id[2] = { 0 };
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < TK_LEN(id) && rc == TK_OK; i++)
		rc = tk_db_int(op->db, op->e,
			       "SELECT a.id FROM account a JOIN account_role r ON r.account_id = "
			       "a.id WHERE a.institution_id = $1 AND r.role = $2",
			       TK_ARGS(TK_I(r->institution_id),
				       TK_S(i ? "respondent" : "coordinator")),
			       0, &id[i]);
	if (rc == TK_OK)
		rc = tk_person_load(op, id[0], &coordinator);
	for (size_t i = 0; i < TK_LEN(section) && rc == TK_OK; i++) {
		const struct tk_op as = { op->db, op->mem, &coordinator.who, op->e };
		struct tk_section_set set = { .code = section[i].code };
		struct tk_section ret;

		if (section[i].colleague) {
			set.account = &id[1];
			set.naccount = 1;
		} else {
			set.state = "done";
		}
		rc = tk_section_change(&as, r, &set, &ret);
	}
	return rc;
}

/* -- review ------------------------------------------------------------------------------------ */
static enum tk_rc send_back(const struct wave *w, struct tk_response *r)
{
	static const struct { const char *item, *text; } comment[] = {
		{ "conn_measures",
		  N_("Is this also so for the contractors that connect? Please look again.") },
		{ "device_losses", N_("Please count thefts as well.") },
	};
	const struct tk_op as = { w->op->db, w->op->mem, &w->office, w->op->e };
	int64_t id;
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < TK_LEN(comment) && rc == TK_OK; i++)
		rc = tk_review_comment(&as, r, comment[i].item, tk_tr(TK_JA, comment[i].text), &id);
	return rc == TK_OK ? tk_review_return(&as, r,
					      tk_tr(TK_JA, N_("Please look at the questions with "
							      "comments.")),
					      NULL)
			   : rc;
}

/* What was written freely is put into codes once it is accepted. */
static enum tk_rc give_codes(const struct wave *w, size_t at)
{
	static const char *const item[] = { "future_policy", "obstacles" };
	const struct tk_op as = { w->op->db, w->op->mem, &w->office, w->op->e };
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < TK_LEN(item) && rc == TK_OK; i++) {
		const char *codes = panel_value(
			w->p, tk_sprintf(w->op->mem, PANEL_CODES "%s", item[i]), at);

		if (*codes)
			rc = tk_coding_give(&as, w->c, w->respondent[at], item[i], codes, 0);
	}
	return rc;
}

static enum tk_rc submit(const struct wave *w, size_t at, struct tk_response *r)
{
	struct tk_who self = *w->op->who;
	const struct tk_op as = { w->op->db, w->op->mem, &self, w->op->e },
			   office = { w->op->db, w->op->mem, &w->office, w->op->e };
	enum progress how = w->progress(w->p, at);
	enum tk_rc rc;

	self.name = w->coordinator[at];
	rc = tk_response_submit_partly(&as, r, NULL);
	if (rc == TK_OK && how == RETURNED)
		rc = send_back(w, r);
	if (rc != TK_OK || how != ACCEPTED)
		return rc;
	rc = tk_review_accept(&office, r, NULL, NULL);
	return rc == TK_OK ? give_codes(w, at) : rc;
}

/* When it was, and so that it was in time. */
static enum tk_rc set_days(const struct wave *w, size_t at, const struct tk_response *r)
{
	static const char *const sql[] = {
		"UPDATE response SET submitted_at = $2 WHERE id = $1",
		"UPDATE submission SET at = $2, late = 0 WHERE response_id = $1",
		"UPDATE tk_case SET opened_at = $2, closed_at = CASE WHEN closed_at IS NULL THEN "
		"NULL ELSE $2 + 259200 END WHERE subject_type = 'respondent' AND subject_id = $1",
		"UPDATE case_log SET at = $2 + CASE WHEN from_state = '' THEN 0 ELSE 259200 END "
		"WHERE case_id IN (SELECT id FROM tk_case WHERE subject_type = 'respondent' AND "
		"subject_id = $1)",
	};
	const struct tk_op *op = w->op;
	struct tk_date d;
	enum tk_rc rc = TK_OK;

	if (!tk_date_from_iso(panel_value(w->p, "answered_on", at), &d))
		return TK_OK;
	for (size_t i = 0; i < TK_LEN(sql) && rc == TK_OK; i++)
		rc = tk_db_exec(op->db, op->e, sql[i], TK_I(r->id),
				TK_I(tk_date_time(d) + 9 * 3600 + (int64_t)(at * 7919 % 30000)));
	return rc;
}

static enum tk_rc answer(const struct wave *w, size_t at)
{
	enum progress how = w->progress(w->p, at);
	struct tk_response r;
	enum tk_rc rc;

	if (how == NOT_BEGUN)
		return TK_OK;
	if ((rc = tk_response_of(w->op, w->respondent[at], &r)) != TK_OK ||
	    (rc = fill(w, at, &r, how != IN_WORK)) != TK_OK)
		return rc;
	if (how == IN_WORK) {
		rc = tk_response_save(w->op, &r);
		return rc == TK_OK && !strcmp(w->p->at[at].code, DEMO_INSTITUTION)
			       ? share_out(w, &r)
			       : rc;
	}
	rc = submit(w, at, &r);
	return rc == TK_OK ? set_days(w, at, &r) : rc;
}

static enum tk_rc answers(const struct tk_op *op, const struct panel *p, const struct campaign *c,
			  enum progress (*progress)(const struct panel *p, size_t institution))
{
	struct tk_arena *tmp = tk_arena_new(64 << 20);
	struct tk_op each = { op->db, tmp, op->who, op->e };
	struct wave w = { .op = &each, .p = p, .c = c, .office = *op->who,
			  .progress = progress };
	enum tk_rc rc = tk_db_run(op->db, op->e,
				  "SELECT r.id, r.institution_code, c.name FROM respondent r JOIN "
				  "contact c ON c.institution_id = r.institution_id AND "
				  "c.coordinator = 1 WHERE r.campaign_id = $1",
				  TK_ARGS(TK_I(c->rec.id)), respondent_row, &w);

	w.office.name = tk_tr(TK_JA, N_("Supervisor of the institutions"));
	for (size_t i = 0; i < PANEL_SIZE && rc == TK_OK; i++) {
		rc = answer(&w, i);
		tk_arena_reset(tmp);
	}
	tk_arena_free(tmp);
	/* the mails about it went out at the time */
	return rc == TK_OK ? tk_db_run(op->db, op->e,
				       "UPDATE mail SET state = 'sent', sent_at = queued_at WHERE "
				       "state = 'queued'",
				       NULL, 0, NULL, NULL)
			   : rc;
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

enum tk_rc demo_wave_2020(const struct tk_op *op, const struct panel *p)
{
	struct campaign c;
	enum tk_rc rc = begin(op, 2020, p->from, p->days, &c);

	if (rc == TK_OK)
		rc = answers(op, p, &c, accepted);
	return rc == TK_OK ? tk_campaign_close(op, c.rec.id, NULL) : rc;
}

static enum progress under_way(const struct panel *p, size_t institution)
{
	size_t k = turn(institution);

	if (!strcmp(p->at[institution].code, DEMO_INSTITUTION))
		return IN_WORK;
	if (!strcmp(p->at[institution].code, "B058"))
		return RETURNED;
	return k < 60 ? ACCEPTED : k < 130 ? SUBMITTED : k < 190 ? IN_WORK : NOT_BEGUN;
}

enum tk_rc demo_wave_now(const struct tk_op *op)
{
	enum { BEHIND = 21, DAYS = 45 };        /* of the survey */
	struct tk_date today = tk_today(),
		       opens = tk_date_of_days(tk_date_days(today) - BEHIND);
	struct panel *p = tk_alloc(op->mem, sizeof(*p));
	struct campaign c;
	enum tk_rc rc = panel_make(p, op->mem, opens, BEHIND, op->e);

	if (rc == TK_OK)
		rc = begin(op, tk_fiscal_year(today), opens, DAYS, &c);
	return rc == TK_OK ? answers(op, p, &c, under_way) : rc;
}

