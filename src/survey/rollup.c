/* rollup.c - sign-off of divisions, sending back, reminders. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "job/outbox.h"
#include "job/template.h"
#include "survey/answer.h"
#include "survey/live.h"
#include "survey/rollup.h"

static const struct tk_choice sign_off_state[] = {
	{ "open", N_("Not signed off") }, { "signed", N_("Signed off") },
	{ "returned", N_("Signed off, answers sent back") }, { 0 },
};
static const struct tk_case_transition sign_off_move[] = {
	{ "open", "sign", "signed", TK_P_ROLLUP_SIGN, 0, N_("Sign off") },
	{ "signed", "send_back", "returned", TK_P_ROLLUP_SIGN, TK_CASE_COMMENT,
	  N_("Send answers back") },
	{ "returned", "send_back", "returned", TK_P_ROLLUP_SIGN, TK_CASE_COMMENT,
	  N_("Send answers back") },
	{ "returned", "sign", "signed", TK_P_ROLLUP_SIGN, 0, N_("Sign off again") },
	{ "signed", "withdraw", "open", TK_P_CAMPAIGN_MANAGE, TK_CASE_COMMENT,
	  N_("Take the sign-off back") },
	{ "returned", "withdraw", "open", TK_P_CAMPAIGN_MANAGE, TK_CASE_COMMENT,
	  N_("Take the sign-off back") },
	{ 0 },
};
const struct tk_case_type tk_sign_off_case = {
	.name = "division_sign_off", .label = N_("Divisional sign-off"), .prefix = "D",
	.state = sign_off_state, .closed = "signed", .transition = sign_off_move, .by_rule = true,
};

static const struct tk_choice send_back_state[] = {
	{ "sent_back", N_("Sent back") }, { "resubmitted", N_("Submitted again") }, { 0 },
};
static const struct tk_case_transition send_back_move[] = {
	{ "sent_back", "resubmit", "resubmitted", TK_P_NOBODY, 0, N_("Submit again") }, { 0 },
};
const struct tk_case_type tk_send_back_case = {
	.name = "answer_send_back", .label = N_("Answers sent back"), .prefix = "B",
	.state = send_back_state, .closed = "resubmitted", .transition = send_back_move,
	.by_rule = true,
};

static enum tk_rc may(const struct tk_op *op, enum tk_perm p, int64_t division_id)
{
	int64_t bureau = 0;
	enum tk_rc rc = tk_db_int(op->db, op->e, "SELECT bureau_id FROM division WHERE id = $1",
				  TK_ARGS(TK_I(division_id)), 0, &bureau);

	if (rc != TK_OK)
		return rc;
	return tk_who_may(op->who, p, division_id, bureau) ? TK_OK : tk_denied(op->e);
}

/* -- people ------------------------------------------------------------------------------------ */
struct people {
	const struct tk_op *op;
	struct tk_arena *a;
	struct tk_rollup_person *v;
	size_t n, cap;
};

static enum tk_rc person_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct people *p = ctx;

	(void)n;
	if (p->n == p->cap) {
		size_t cap = p->cap ? p->cap * 2 : 64;
		struct tk_rollup_person *v = tk_alloc_n(p->a, cap, sizeof(*v));
		if (p->n)
			memcpy(v, p->v, p->n * sizeof(*v));
		p->v = v;
		p->cap = cap;
	}
	p->v[p->n++] = (struct tk_rollup_person){
		.id = col[0].i,
		.staff_number = tk_strdup(p->a, col[1].s),
		.name = tk_strdup(p->a, col[2].s),
		.post = tk_strdup(p->a, tk_in(p->op->who->lang, col[3].s, col[9].s)),
		.state = tk_strdup(p->a, col[4].s ? col[4].s : "not_started"),
		.receipt_no = tk_strdup(p->a, col[5].s),
		.submitted_at = col[6].i,
		.mail = tk_strdup(p->a, col[7].s),
		.reminded_at = col[8].i,
	};
	return TK_OK;
}

enum tk_rc tk_rollup_people(const struct tk_op *op, int64_t campaign_id, int64_t division_id,
			    tk_rollup_fn fn, void *ctx)
{
	struct people p = { .op = op, .a = op->mem };
	struct tk_arena *tmp;
	enum tk_rc rc = may(op, TK_P_ROLLUP_READ, division_id);

	if (rc == TK_OK)
		rc = tk_db_run(op->db, op->e,
			       "SELECT r.id, r.staff_number, r.name, p.name, s.state, "
			       "s.receipt_no, s.submitted_at, r.mail, r.reminded_at, p.name_en"
			       " FROM respondent r LEFT JOIN post p ON p.id = r.post_id LEFT JOIN "
			       "response s ON s.id = r.id"
			       " WHERE r.campaign_id = $1 AND r.division_id = $2 AND r.deleted_at "
			       "IS NULL AND (r.state = 'in' OR s.state = 'submitted')"
			       " ORDER BY r.staff_number COLLATE \"C\"",
			       TK_ARGS(TK_I(campaign_id), TK_I(division_id)), person_row, &p);
	tmp = tk_arena_new(64 << 20);
	for (size_t i = 0; i < p.n && rc == TK_OK; i++) {
		struct tk_op one = { op->db, tmp, op->who, op->e };
		struct tk_response r;

		rc = tk_response_of(&one, p.v[i].id, &r);
		if (rc == TK_OK)
			tk_response_count(&r, &p.v[i].asked, &p.v[i].answered);
		tk_arena_reset(tmp);
		if (rc == TK_OK)
			rc = fn(ctx, &p.v[i]);
	}
	tk_arena_free(tmp);
	return rc;
}

/* -- sign-off ---------------------------------------------------------------------------------- */
enum tk_rc tk_rollup_case(const struct tk_op *op, int64_t campaign_id, int64_t division_id,
			  struct tk_case *ret, bool *found)
{
	enum tk_rc rc = tk_case_find(op, &tk_sign_off_case, campaign_id, division_id, 0, ret);

	*found = rc == TK_OK;
	return rc == TK_ENOTFOUND ? TK_OK : rc;
}

static enum tk_rc need_case(const struct tk_op *op, int64_t campaign_id, int64_t division_id,
			    struct tk_case *c)
{
	struct tk_value col[1];
	bool found;
	enum tk_rc rc = tk_rollup_case(op, campaign_id, division_id, c, &found);

	if (rc != TK_OK || found)
		return rc;
	rc = tk_db_first(op->db, op->mem, op->e, "SELECT title_ja FROM campaign WHERE id = $1",
			 TK_ARGS(TK_I(campaign_id)), col, 1, &found);
	if (rc == TK_OK && !found)
		return tk_fail(op->e, TK_ENOTFOUND, NULL, N_("There is no such campaign."));
	return rc == TK_OK ? tk_case_open(op, &tk_sign_off_case, "division", division_id,
					  campaign_id, 0, division_id, col[0].s, NULL, c)
			   : rc;
}

static enum tk_rc need_open(const struct tk_op *op, int64_t campaign_id)
{
	int64_t open = 0;
	enum tk_rc rc =
		tk_db_int(op->db, op->e, "SELECT 1 FROM campaign WHERE id = $1 AND state = 'open'",
			  TK_ARGS(TK_I(campaign_id)), 0, &open);

	if (rc == TK_OK && !open)
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("A division is signed off while the campaign is open."));
	return rc;
}

static enum tk_rc count_people(const struct tk_op *op, int64_t campaign_id, int64_t division_id,
			       int64_t *people, int64_t *missing)
{
	struct tk_value col[2];
	bool found;
	enum tk_rc rc = tk_db_first(op->db, op->mem, op->e,
				    "SELECT COUNT(*),"
				    " CAST(COALESCE(SUM(CASE WHEN s.state = 'submitted' THEN 0 "
				    "ELSE 1 END), 0) AS BIGINT)"
				    " FROM respondent r LEFT JOIN response s ON s.id = r.id WHERE "
				    "r.campaign_id = $1 AND r.division_id = $2"
				    " AND r.state = 'in' AND r.deleted_at IS NULL",
				    TK_ARGS(TK_I(campaign_id), TK_I(division_id)), col, 2, &found);

	if (rc == TK_OK && found) {
		*people = col[0].i;
		*missing = col[1].i;
	}
	return rc;
}

enum tk_rc tk_rollup_sign(const struct tk_op *op, int64_t campaign_id, int64_t division_id,
			  const char *comment, const char *incomplete_reason, struct tk_case *ret)
{
	int64_t people = 0, missing = 0;
	enum tk_rc rc = may(op, TK_P_ROLLUP_SIGN, division_id);

	if (rc == TK_OK)
		rc = need_open(op, campaign_id);
	if (rc == TK_OK)
		rc = count_people(op, campaign_id, division_id, &people, &missing);
	if (rc == TK_OK && people == 0)
		return tk_fail(op->e, TK_ENOTFOUND, NULL,
			       N_("Nobody of this division is asked in the campaign."));
	if (rc == TK_OK && missing && tk_is_blank(incomplete_reason))
		return tk_fail(op->e, TK_EINVAL, "incomplete_reason",
			       N_("%lld of %lld have not submitted yet. Remind them, or write why "
				  "you sign off all the same."),
			       (long long)missing, (long long)people);
	if (rc == TK_OK)
		rc = need_case(op, campaign_id, division_id, ret);
	return rc == TK_OK ? tk_case_move(op, ret, "sign", missing ? incomplete_reason : comment)
			   : rc;
}

enum tk_rc tk_rollup_withdraw(const struct tk_op *op, int64_t campaign_id, int64_t division_id,
			      const char *reason)
{
	struct tk_case c = { 0 };
	bool found = false;
	enum tk_rc rc = need_open(op, campaign_id);

	if (rc == TK_OK)
		rc = tk_rollup_case(op, campaign_id, division_id, &c, &found);
	if (rc == TK_OK && tk_is_blank(reason))
		return tk_fail(op->e, TK_EINVAL, "reason",
			       N_("Please write the reason; it is kept in the audit trail."));

	if (rc == TK_OK && !found)
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("This division has not been signed off."));
	return rc == TK_OK ? tk_case_move(op, &c, "withdraw", reason) : rc;
}

enum { CASE_TITLE = 200 };              /* characters that the title of a case can have */

/* -- sending back ------------------------------------------------------------------------------ */
static enum tk_rc tell_person(const struct tk_op *op, const struct tk_response *r,
			      const char *reason, const char *url)
{
	struct tk_value col[5];
	const char *subject, *body;
	bool found;
	enum tk_rc rc = tk_db_first(
		op->db, op->mem, op->e,
		"SELECT r.mail, r.name, c.title_ja, c.closes_on, r.staff_id FROM respondent r"
		" JOIN campaign c ON c.id = r.campaign_id WHERE r.id = $1",
		TK_ARGS(TK_I(r->id)), col, 5, &found);

	if (rc != TK_OK || !found || tk_is_blank(col[0].s))
		return rc;
	rc = tk_template_fill(op, "send_back", TK_JA,
			      &(struct tk_template_values){ .name = col[1].s,
							    .title = col[2].s,
							    .closes_on = col[3].s,
							    .url = url,
							    .reason = reason },
			      &subject, &body);
	return rc != TK_OK ? rc
			   : tk_mail_queue(op, &(struct tk_mail_new){
						       .to = col[0].s,
						       .staff_id = col[4].i,
						       .division_id = r->division_id,
						       .subject = subject,
						       .body = body,
						       .dedupe = tk_sprintf(op->mem,
									    "send_back:%" PRId64
									    ":%" PRId64,
									    r->id, r->version) });
}

enum tk_rc tk_rollup_send_back(const struct tk_op *op, int64_t campaign_id, int64_t respondent_id,
			       const char *reason, const char *url, struct tk_response *ret)
{
	struct tk_case c = { 0 }, one = { 0 };
	bool found = false;
	enum tk_rc rc = tk_response_of(op, respondent_id, ret);

	if (rc == TK_OK && ret->campaign_id != campaign_id)
		return tk_fail(op->e, TK_ENOTFOUND, NULL, N_("There is no such respondent."));
	if (rc == TK_OK)
		rc = may(op, TK_P_ROLLUP_SIGN, ret->division_id);
	if (rc == TK_OK && ret->institution_id)
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("An institution's answers are returned in the review of the "
				  "panel."));
	if (rc == TK_OK && tk_is_blank(reason))
		return tk_fail(op->e, TK_EINVAL, "reason",
			       N_("Please write what should be looked at again."));
	if (rc == TK_OK && (strcmp(ret->campaign_state, "open") != 0 || tk_response_over(ret)))
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("Answers can be sent back only while they can be given. Extend "
				  "or reopen the campaign first."));
	if (rc == TK_OK && ret->left)
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("This person has left and can no longer answer."));
	if (rc == TK_OK)
		rc = tk_response_send_back(op, ret, reason);
	if (rc == TK_OK)
		rc = tk_rollup_case(op, campaign_id, ret->division_id, &c, &found);
	if (rc == TK_OK && found && strcmp(c.state, "open") != 0)
		rc = tk_case_move(op, &c, "send_back", reason);
	if (rc == TK_OK)
		rc = tk_case_open(op, &tk_send_back_case, "respondent", respondent_id, campaign_id,
				  ret->bureau_id, ret->division_id,
				  tk_utf8_head(op->mem, reason, CASE_TITLE), NULL, &one);
	return rc == TK_OK ? tell_person(op, ret, reason, url) : rc;
}

enum tk_rc tk_rollup_submitted(const struct tk_op *op, const struct tk_response *r)
{
	struct tk_who self = *op->who; /* the person's own act, carried out by the program */
	struct tk_op as = { op->db, op->mem, &self, op->e };
	struct tk_case c = { 0 };
	enum tk_rc rc =
		tk_case_find(op, &tk_send_back_case, r->campaign_id, r->division_id, r->id, &c);

	self.system = true;
	if (rc == TK_ENOTFOUND)
		return TK_OK;
	if (rc == TK_OK && !strcmp(c.state, "sent_back"))
		rc = tk_case_move(&as, &c, "resubmit", NULL);
	return rc;
}

/* -- reminders --------------------------------------------------------------------------------- */
struct remind { struct tk_arena *a; struct tk_remind_row *v; size_t n, cap; };

static enum tk_rc remind_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct remind *l = ctx;

	(void)n;
	if (l->n == l->cap) {
		size_t cap = l->cap ? l->cap * 2 : 128;
		struct tk_remind_row *v = tk_alloc_n(l->a, cap, sizeof(*v));
		if (l->n)
			memcpy(v, l->v, l->n * sizeof(*v));
		l->v = v;
		l->cap = cap;
	}
	l->v[l->n++] = (struct tk_remind_row){
		.id = col[0].i,
		.staff_number = tk_strdup(l->a, col[1].s),
		.name = tk_strdup(l->a, col[2].s),
		.bureau = tk_strdup(l->a, col[3].s),
		.division = tk_strdup(l->a, col[4].s),
		.bureau_en = tk_strdup(l->a, col[10].s),
		.division_en = tk_strdup(l->a, col[11].s),
		.mail = tk_strdup(l->a, col[5].s),
		.reminded_at = col[6].i,
		.staff_id = col[7].i,
		.division_id = col[8].i,
		.bureau_id = col[9].i,
		.institution_id = col[12].i,
	};
	return TK_OK;
}

static bool visible(const struct tk_op *op, const struct tk_remind_row *r)
{
	return tk_who_may(op->who, TK_P_ROLLUP_READ, r->division_id, r->bureau_id);
}

static enum tk_rc load_late(const struct tk_op *op, int64_t campaign_id, int64_t division_id,
			    struct remind *l)
{
	l->a = op->mem;
	return tk_db_run(op->db, op->e,
			 "SELECT r.id, r.staff_number, r.name, b.name, d.name, r.mail, "
			 "r.reminded_at, r.staff_id, r.division_id, r.bureau_id, b.name_en, "
			 "d.name_en, NULL"
			 " FROM respondent r JOIN bureau b ON b.id = r.bureau_id JOIN division d "
			 "ON d.id = r.division_id"
			 " LEFT JOIN response s ON s.id = r.id WHERE r.campaign_id = $1 AND "
			 "r.state = 'in' AND r.deleted_at IS NULL"
			 " AND ($2 = 0 OR r.division_id = $2) AND (s.state IS NULL OR s.state <> "
			 "'submitted')"
			 " ORDER BY b.sort, d.sort, r.staff_number COLLATE \"C\"",
			 TK_ARGS(TK_I(campaign_id), TK_I(division_id)), remind_row, l);
}

/* The mail goes to whoever coordinates today; the copy taken at the beginning may be of somebody
 * who has moved on. */
static enum tk_rc load_late_panel(const struct tk_op *op, int64_t campaign_id, struct remind *l)
{
	l->a = op->mem;
	return tk_db_run(op->db, op->e,
			 "SELECT r.id, r.institution_code, r.name, z.name, z.name, COALESCE("
			 "(SELECT x.mail FROM contact x WHERE x.institution_id = r.institution_id "
			 "AND x.coordinator = 1 AND x.mail IS NOT NULL AND x.deleted_at IS NULL "
			 "ORDER BY x.id LIMIT 1), r.mail), r.reminded_at, NULL, NULL, NULL, "
			 "z.name_en, z.name_en, r.institution_id"
			 " FROM respondent r JOIN sector z ON z.id = r.sector_id LEFT JOIN "
			 "response s ON s.id = r.id WHERE r.campaign_id = $1 AND r.state = 'in' "
			 "AND r.deleted_at IS NULL AND (s.state IS NULL OR s.state NOT IN "
			 "('submitted', 'accepted'))"
			 " ORDER BY z.sort, r.institution_code COLLATE \"C\"",
			 TK_ARGS(TK_I(campaign_id)), remind_row, l);
}

static enum tk_rc load_whom(const struct tk_op *op, int64_t campaign_id, int64_t division_id,
			    struct remind *l)
{
	int64_t panel = 0;
	enum tk_rc rc = tk_db_int(op->db, op->e,
				  "SELECT 1 FROM campaign WHERE id = $1 AND asks = 'institution'",
				  TK_ARGS(TK_I(campaign_id)), 0, &panel);

	if (rc != TK_OK || !panel)
		return rc != TK_OK ? rc : load_late(op, campaign_id, division_id, l);
	return division_id ? TK_OK : load_late_panel(op, campaign_id, l);
}

enum tk_rc tk_remind_list(const struct tk_op *op, int64_t campaign_id, int64_t division_id,
			  tk_remind_fn fn, void *ctx)
{
	struct remind l = { 0 };
	enum tk_rc rc = load_whom(op, campaign_id, division_id, &l);

	for (size_t i = 0; i < l.n && rc == TK_OK; i++)
		if (visible(op, &l.v[i]))
			rc = fn(ctx, &l.v[i]);
	return rc;
}

static int by_id(const void *x, const void *y)
{
	int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;

	return a < b ? -1 : a > b;
}

static enum tk_rc remind_one(const struct tk_op *op, const struct campaign *c,
			     const struct tk_remind_row *r, const char *base_url,
			     struct tk_remind_result *res)
{
	const char *subject, *body;
	char day[11];
	bool fresh = false;
	enum tk_rc rc;

	tk_date_iso(tk_today(), day);
	rc = tk_template_fill(
		op, "reminder", TK_JA,
		&(struct tk_template_values){
			.name = r->name,
			.title = c->title_ja,
			.closes_on = c->closes_on,
			.url = tk_sprintf(op->mem, "%s/#/answer/%" PRId64, base_url, c->rec.id) },
		&subject, &body);
	if (rc == TK_OK)
		rc = tk_mail_queue_new(
			op,
			&(struct tk_mail_new){
				.to = r->mail,
				.staff_id = r->staff_id,
				.division_id = r->division_id,
				.subject = subject,
				.body = body,
				.dedupe =
					tk_sprintf(op->mem, "remind:%" PRId64 ":%s", r->id, day) },
			&fresh);
	if (rc == TK_OK && fresh)
		rc = tk_db_exec(op->db, op->e,
				"UPDATE respondent SET reminded_at = $1 WHERE id = $2",
				TK_I(tk_now()), TK_I(r->id));
	res->queued += fresh;
	res->already += !fresh;
	return rc;
}

enum tk_rc tk_remind_send(const struct tk_op *op, const struct campaign *c, const int64_t *only,
			  size_t nonly, const char *base_url, struct tk_remind_result *ret)
{
	struct remind l = { 0 };
	int64_t *chosen = tk_alloc_n(op->mem, nonly + 1, sizeof(*chosen));
	char today[11];
	enum tk_rc rc;

	*ret = (struct tk_remind_result){ 0 };
	tk_date_iso(tk_today(), today);
	if (strcmp(c->state, "open") != 0)
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("Reminders go out while the campaign is open only."));
	if (!tk_campaign_asks_panel(c) && c->closes_on && strcmp(c->closes_on, today) < 0)
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("The last day is over, so nobody could answer. Extend the "
				  "campaign first."));
	if (nonly)
		memcpy(chosen, only, nonly * sizeof(*chosen));
	qsort(chosen, nonly, sizeof(*chosen), by_id);
	rc = load_whom(op, c->rec.id, 0, &l);
	for (size_t i = 0; i < l.n && rc == TK_OK; i++) {
		if (!visible(op, &l.v[i]) ||
		    (only && !bsearch(&l.v[i].id, chosen, nonly, sizeof(*chosen), by_id)))
			continue;
		if (tk_is_blank(l.v[i].mail))
			ret->without_mail++;
		else
			rc = remind_one(op, c, &l.v[i], base_url, ret);
	}
	return rc;
}
