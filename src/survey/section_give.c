/* section_give.c - giving sections to colleagues, and saying that one is done. */
#include <inttypes.h>
#include <string.h>
#include "base/clock.h"
#include "job/outbox.h"
#include "job/template.h"
#include "record/trail.h"
#include "survey/section.h"

enum { ACCOUNTS_MAX = 50 };

static enum tk_rc find(const struct tk_op *op, const struct tk_response *r, const char *code,
		       struct tk_section *ret)
{
	struct tk_section *s;
	size_t n;
	enum tk_rc rc = tk_sections(op, r, &s, &n);

	for (size_t i = 0; i < n && rc == TK_OK; i++)
		if (!strcmp(s[i].code, code)) {
			*ret = s[i];
			return TK_OK;
		}
	return rc != TK_OK ? rc
			   : tk_fail(op->e, TK_ENOTFOUND, "section",
				     N_("There is no section \"%.60s\" for you."), code);
}

/* -- giving ------------------------------------------------------------------------------------ */
static bool holds(const struct tk_section *s, int64_t account)
{
	for (size_t i = 0; i < s->naccount; i++)
		if (s->account[i].id == account)
			return true;
	return false;
}

struct person { const char *name, *mail, *lang; };

static enum tk_rc colleague(const struct tk_op *op, const struct tk_response *r, int64_t account,
			    struct person *p)
{
	struct tk_value col[4];
	bool found;
	enum tk_rc rc = tk_db_first(op->db, op->mem, op->e,
				    "SELECT a.name, c.mail, a.lang, a.state FROM account a LEFT "
				    "JOIN contact c ON c.id = a.contact_id AND c.deleted_at IS NULL"
				    " WHERE a.id = $1 AND a.institution_id = $2 AND a.deleted_at "
				    "IS NULL",
				    TK_ARGS(TK_I(account), TK_I(r->institution_id)), col, 4,
				    &found);

	if (rc != TK_OK)
		return rc;
	if (!found)
		return tk_fail(op->e, TK_EINVAL, "account_ids",
			       N_("There is no such account in your institution."));
	if (!strcmp(col[3].s, "locked"))
		return tk_fail(op->e, TK_EINVAL, "account_ids",
			       N_("The account of %s is locked. Unlock it first."), col[0].s);
	*p = (struct person){ col[0].s, col[1].s, col[2].s };
	return TK_OK;
}

/* One mail a day and section: giving, taking and giving again is not news. */
static enum tk_rc tell(const struct tk_op *op, const struct tk_response *r,
		       const struct tk_section *s, int64_t account, const struct person *p,
		       const char *url)
{
	enum tk_lang lang = p->lang ? tk_lang_of(p->lang) : TK_JA;
	const struct tk_group *g = s->group < 0 ? NULL : &r->form->group[s->group];
	struct tk_mail_new m = { .to = p->mail };
	struct tk_template_values v = { .name = p->name, .closes_on = r->closes_on, .url = url };
	struct tk_value col[2];
	char today[11];
	bool found;
	enum tk_rc rc;

	if (!p->mail || account == op->who->account_id)
		return TK_OK;
	rc = tk_db_first(op->db, op->mem, op->e,
			 "SELECT title_ja, title_en FROM campaign WHERE id = $1",
			 TK_ARGS(TK_I(r->campaign_id)), col, 2, &found);
	if (rc != TK_OK || !found)
		return rc;
	tk_date_iso(tk_today(), today);
	v.title = tk_in(lang, col[0].s, col[1].s);
	v.reason = g ? tk_in(lang, g->label_ja, g->label_en)
		     : tk_in(lang, r->form->title_ja, r->form->title_en);
	m.dedupe = tk_sprintf(op->mem, "section:%" PRId64 ":%s:%" PRId64 ":%s", r->id, s->code,
			      account, today);
	rc = tk_template_fill(op, "section", lang, &v, &m.subject, &m.body);
	return rc == TK_OK ? tk_mail_queue(op, &m) : rc;
}

static enum tk_rc give_one(const struct tk_op *op, const struct tk_response *r,
			   const struct tk_section *s, int64_t account, const char *url)
{
	struct person p = { 0 };
	enum tk_rc rc;

	if (holds(s, account))
		return TK_OK;
	rc = colleague(op, r, account, &p);
	if (rc == TK_OK)
		rc = tk_db_exec(op->db, op->e,
				"INSERT INTO section_account(response_id, section, account_id, "
				"given_at) VALUES($1, $2, $3, $4) ON CONFLICT DO NOTHING",
				TK_I(r->id), TK_S(s->code), TK_I(account), TK_I(tk_now()));
	return rc == TK_OK ? tell(op, r, s, account, &p, url) : rc;
}

static enum tk_rc give(const struct tk_op *op, const struct tk_response *r,
		       const struct tk_section *s, const struct tk_section_set *to)
{
	enum tk_rc rc = TK_OK;

	if (!op->who->coordinator)
		return tk_fail(op->e, TK_EPERM, "account_ids",
			       N_("Only a coordinator of your institution can do this."));
	if (to->naccount > ACCOUNTS_MAX)
		return tk_fail(op->e, TK_EINVAL, "account_ids",
			       N_("A section can be given to at most %d accounts."),
			       (int)ACCOUNTS_MAX);
	for (size_t i = 0; i < s->naccount && rc == TK_OK; i++) {
		bool stays = false;

		for (size_t k = 0; k < to->naccount; k++)
			stays |= to->account[k] == s->account[i].id;
		if (!stays)
			rc = tk_db_exec(op->db, op->e,
					"DELETE FROM section_account WHERE response_id = $1 AND "
					"section = $2 AND account_id = $3",
					TK_I(r->id), TK_S(s->code), TK_I(s->account[i].id));
	}
	for (size_t k = 0; k < to->naccount && rc == TK_OK; k++)
		rc = give_one(op, r, s, to->account[k], to->url);
	return rc;
}

/* -- done or open ------------------------------------------------------------------------------ */
static enum tk_rc mark(const struct tk_op *op, const struct tk_response *r,
		       const struct tk_section *s, const char *state)
{
	bool done = !strcmp(state, "done");

	if (!done && strcmp(state, "open") != 0)
		return tk_fail(op->e, TK_EINVAL, "state", N_("The state must be open or done."));
	if (done == s->done)
		return TK_OK;
	return tk_db_exec(op->db, op->e,
			  "INSERT INTO section_state(response_id, section, state, done_by, "
			  "done_name, done_at) VALUES($1, $2, $3, $4, $5, $6)"
			  " ON CONFLICT(response_id, section) DO UPDATE SET state = $3, done_by = "
			  "$4, done_name = $5, done_at = $6",
			  TK_I(r->id), TK_S(s->code), TK_S(state),
			  TK_I0(done ? op->who->account_id : 0), TK_S(done ? op->who->name : NULL),
			  TK_I0(done ? tk_now() : 0));
}

static enum tk_rc note(const struct tk_op *op, const struct tk_response *r,
		       const struct tk_section_set *s)
{
	struct tk_buf b = TK_BUF(16384);
	struct tk_json j = TK_JSON(&b);
	enum tk_rc rc;

	tk_json_obj(&j);
	tk_json_kstr(&j, "section", s->code);
	tk_json_kstr(&j, "state", s->state);
	if (s->account) {
		tk_json_key(&j, "account_ids");
		tk_json_arr(&j);
		for (size_t i = 0; i < s->naccount; i++)
			tk_json_id(&j, s->account[i]);
		tk_json_end_arr(&j);
	}
	tk_json_end_obj(&j);
	rc = tk_trail_add(op, "section", "response", r->id, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return rc;
}

enum tk_rc tk_section_change(const struct tk_op *op, const struct tk_response *r,
			     const struct tk_section_set *to, struct tk_section *ret)
{
	enum tk_rc rc = find(op, r, to->code, ret);

	if (rc == TK_OK && tk_response_counts(r->state))
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("You have submitted these answers. Take them back first to "
				  "change them."));
	if (rc == TK_OK && to->account)
		rc = give(op, r, ret, to);
	if (rc == TK_OK && to->state)
		rc = mark(op, r, ret, to->state);
	if (rc == TK_OK)
		rc = note(op, r, to);
	return rc == TK_OK ? find(op, r, to->code, ret) : rc;
}
