/* campaign.c - the record types campaign and respondent, and the moves between states. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "form/form_in.h"
#include "org/institution.h"
#include "org/org.h"
#include "record/trail.h"
#include "survey/campaign.h"
#include "survey/live.h"

enum { REASON_MAX = 2000 };             /* characters */

static const struct tk_choice campaign_state[] = {
	{ "planned", N_("Planned") }, { "open", N_("Open") }, { "closed", N_("Closed") }, { 0 },
};
static const struct tk_choice campaign_asks[] = {
	{ "staff", N_("Members of staff") }, { "institution", N_("Institutions of the panel") },
	{ 0 },
};
static const struct tk_choice respondent_state[] = {
	{ "in", N_("Asked") }, { "left", N_("Left") }, { 0 },
};

static enum tk_rc check_name(struct tk_err *e, const struct tk_field *f, struct tk_value v)
{
	if (strspn(v.s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.") !=
	    strlen(v.s))
		return tk_fail(
			e, TK_EINVAL, f->name,
			N_("The campaign's name is used in commands and file names: use letters, "
			   "digits, - and _ only (for example self-inspection-2026)."));
	return TK_OK;
}

static bool same_text(const char *x, const char *y)
{
	return !strcmp(x ? x : "", y ? y : "");
}

/* What decides who is asked. */
static bool same_question(const struct campaign *x, const struct campaign *y)
{
	return x->form_version_id == y->form_version_id && x->follow_up_of == y->follow_up_of &&
	       same_text(x->asks, y->asks) &&
	       same_text(x->population, y->population) && same_text(x->base_date, y->base_date);
}

/* Once it was opened only the titles can be edited; the days are moved by extending and reopening,
 * with a reason (moved() acts as the program). */
static enum tk_rc only_titles(const struct tk_op *op, const struct campaign *w,
			      const struct campaign *c)
{
	if (w->form_version_id != c->form_version_id)
		return tk_fail(op->e, TK_ECONFLICT, "form_version_id",
			       N_("The questionnaire can no longer be changed once the campaign "
				  "was opened."));
	if (!same_question(w, c))
		return tk_fail(
			op->e, TK_ECONFLICT, "population",
			N_("Whom the campaign asks can no longer be changed once it was opened."));
	if (!op->who->system && !same_text(w->closes_on, c->closes_on))
		return tk_fail(op->e, TK_ECONFLICT, "closes_on",
			       N_("Extend the campaign to move its last day; the reason is kept."));
	if (!op->who->system &&
	    (w->fiscal_year != c->fiscal_year || !same_text(w->opens_on, c->opens_on)))
		return tk_fail(op->e, TK_ECONFLICT, "fiscal_year",
			       N_("Year and first day can no longer be changed once the campaign "
				  "was opened."));
	return TK_OK;
}

/* A planned campaign goes with its population, but not with answers that were loaded into it. */
static enum tk_rc before_delete(const struct tk_op *op, const struct campaign *c)
{
	int64_t answers = 0;
	enum tk_rc rc;

	if (strcmp(c->state, "planned") != 0)
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("Only a planned campaign can be deleted; answers are kept."));
	rc = tk_db_int(op->db, op->e, "SELECT 1 FROM response WHERE campaign_id = $1 LIMIT 1",
		       TK_ARGS(TK_I(c->rec.id)), 0, &answers);
	if (rc == TK_OK && answers)
		return tk_fail(
			op->e, TK_ECONFLICT, NULL,
			N_("Answers were loaded into this campaign, so it cannot be deleted."));
	return rc != TK_OK ? rc
			   : tk_db_exec(op->db, op->e,
					"UPDATE respondent SET deleted_at = $1, version = version "
					"+ 1 WHERE campaign_id = $2",
					TK_I(tk_now()), TK_I(c->rec.id));
}

static enum tk_rc campaign_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct campaign *c = now;
	const struct campaign *w = was;
	struct tk_expr *x;
	enum tk_rc rc;

	if (deleted)
		return before_delete(op, c);
	if (!was) {
		tk_set_by(&tk_campaign_type, c, "state", TK_S("planned"));
		tk_set_by(&tk_campaign_type, c, "epoch", TK_I(1));
	}
	if (!c->asks)
		tk_set_by(&tk_campaign_type, c, "asks", TK_S("staff"));
	if (tk_campaign_asks_panel(c) && c->follow_up_of)
		return tk_fail(op->e, TK_EINVAL, "follow_up_of",
			       N_("Follow-ups are for members of staff. Ask the institutions with "
				  "a population rule."));
	if (w && strcmp(w->state, "planned") != 0 && (rc = only_titles(op, w, c)) != TK_OK)
		return rc;
	if (c->follow_up_of && c->follow_up_of == c->rec.id)
		return tk_fail(op->e, TK_EINVAL, "follow_up_of",
			       N_("A campaign cannot follow up itself."));
	if (c->opens_on && c->closes_on && strcmp(c->closes_on, c->opens_on) < 0)
		return tk_fail(op->e, TK_EINVAL, "closes_on",
			       N_("The last day is before the first."));
	if (!tk_is_blank(c->population) &&
	    tk_person_rule(op->mem, c->population, &x, op->e) != TK_OK) {
		snprintf(op->e->field, sizeof(op->e->field), "population");
		return TK_EINVAL;
	}
	return TK_OK;
}

/* A campaign made or changed on the page gets its population at once, as from the command line. */
static enum tk_rc campaign_saved(const struct tk_op *op, const void *was, const void *now,
				 bool deleted)
{
	const struct campaign *c = now, *w = was;
	struct tk_population_change ch;
	int64_t fy;
	enum tk_rc rc;

	if (deleted || strcmp(c->state, "planned") != 0 || (w && same_question(w, c)))
		return TK_OK;
	rc = tk_fiscal_year_ensure(op, (int)c->fiscal_year, &fy);
	return rc == TK_OK ? tk_population_sync(op, c, &ch) : rc;
}

#define C struct campaign
static const struct tk_field campaign_field[] = {
	TK_TEXT(C, name, .label = N_("Campaign"),
		.help = N_("A short name for addresses and commands, such as "
			   "self-inspection-2026."),
		.flags = TK_REQUIRED | TK_UNIQUE | TK_LIST | TK_FIXED | TK_SEARCH, .max = 60,
		.check = check_name),
	TK_TEXT(C, title_ja, .label = N_("Title (Japanese)"),
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH, .max = 200),
	TK_TEXT(C, title_en, .label = N_("Title (English)"), .flags = TK_SEARCH, .max = 200),
	TK_INT(C, fiscal_year, .label = N_("Fiscal year"), .flags = TK_REQUIRED | TK_LIST,
	       .min = 1989, .max = 2200),
	TK_REF(C, form_version_id, .label = N_("Questionnaire version"), .flags = TK_REQUIRED,
	       .ref = &tk_form_version_type),
	TK_ENUM(C, state, .label = N_("State"), .flags = TK_READONLY | TK_LIST,
		.choice = campaign_state),
	TK_DATE(C, opens_on, .label = N_("First day"), .flags = TK_LIST),
	TK_DATE(C, closes_on, .label = N_("Last day"), .flags = TK_LIST),
	TK_TEXT(C, population, .label = N_("Population rule"), .max = 2000,
		.help = N_("Empty: everybody in office on the base date. Or a rule, such as "
			   "${bureau} = '...' and selected(${role}, 'division_head')")),
	TK_REF(C, follow_up_of, .label = N_("Follow-up of"), .ref = &tk_campaign_type,
	       .help = N_("Asks only those who fell short in that campaign, and only those items")),
	TK_DATE(C, base_date, .label = N_("Base date")),
	TK_TIME(C, opened_at, .label = N_("Opened at"), .flags = TK_READONLY),
	TK_TIME(C, closed_at, .label = N_("Closed at"), .flags = TK_READONLY),
	TK_INT(C, epoch, .label = N_("Epoch"), .flags = TK_READONLY | TK_NOAUDIT),
	TK_ENUM(C, asks, .label = N_("Whom it asks"), .flags = TK_LIST | TK_FIXED,
		.choice = campaign_asks, .help = N_("Left empty: members of staff.")),
};
#undef C
const struct tk_rtype tk_campaign_type = {
	.name = "campaign",
	.path = "campaigns",
	.table = "campaign",
	.label = N_("Campaign"),
	.label_plural = N_("Campaigns"),
	.group = "survey",
	.size = sizeof(struct campaign),
	.field = campaign_field,
	.nfield = TK_LEN(campaign_field),
	.title = "name",
	.order = "-fiscal_year",
	.read = TK_P_CAMPAIGN_READ,
	.write = TK_P_CAMPAIGN_MANAGE,
	.grade = 1,
	.check = campaign_check,
	.saved = campaign_saved,
	.flags = TK_T_TRAILED | TK_T_NO_IMPORT | TK_T_COMMON,
};

#define R struct respondent
static const struct tk_field respondent_field[] = {
	TK_REF(R, campaign_id, .label = N_("Campaign"), .flags = TK_REQUIRED | TK_LIST,
	       .ref = &tk_campaign_type),
	TK_REF(R, staff_id, .label = N_("Staff member"), .ref = &tk_staff),
	TK_TEXT(R, staff_number, .label = N_("Staff number"), .flags = TK_LIST),
	TK_TEXT(R, name, .label = N_("Name"), .flags = TK_REQUIRED | TK_LIST),
	TK_TEXT(R, kana, .label = N_("Kana")),
	TK_TEXT(R, mail, .label = N_("Mail address")),
	TK_REF(R, bureau_id, .label = N_("Bureau"), .flags = TK_LIST, .ref = &tk_bureau),
	TK_REF(R, division_id, .label = N_("Division"), .flags = TK_LIST, .ref = &tk_division),
	TK_REF(R, post_id, .label = N_("Post"), .flags = TK_LIST, .ref = &tk_post),
	TK_REF(R, institution_id, .label = N_("Institution"), .flags = TK_LIST,
	       .ref = &tk_institution),
	TK_TEXT(R, institution_code, .label = N_("Institution code"), .flags = TK_LIST),
	TK_REF(R, sector_id, .label = N_("Sector"), .flags = TK_LIST, .ref = &tk_sector),
	TK_ENUM(R, prefecture, .label = N_("Prefecture"), .flags = TK_LIST,
		.choice = tk_prefecture),
	TK_TEXT(R, attributes, .label = N_("Attributes"), .max = 4000),
	TK_TEXT(R, roles, .label = N_("Roles"), .max = 2000),
	TK_ENUM(R, state, .label = N_("State"), .flags = TK_LIST, .choice = respondent_state),
	TK_TEXT(R, asked_only, .label = N_("Asked only"), .max = 20000),
	TK_BOOL(R, joined_late, .label = N_("Joined late"), .flags = TK_LIST),
	TK_TIME(R, reminded_at, .label = N_("Last reminded"), .flags = TK_LIST | TK_NOAUDIT),
};
#undef R
const struct tk_rtype tk_respondent_type = {
	.name = "respondent",
	.path = "respondents",
	.table = "respondent",
	.label = N_("Respondent"),
	.label_plural = N_("Respondents"),
	.group = "survey",
	.size = sizeof(struct respondent),
	.field = respondent_field,
	.nfield = TK_LEN(respondent_field),
	.title = "name",
	.order = "staff_number",
	.read = TK_P_ROLLUP_READ,
	.write = TK_P_NOBODY,
	.grade = 2,
	.scope_own = "staff_id",
	.scope_division = "division_id",
	.scope_bureau = "bureau_id",
	.flags = TK_T_READONLY,
};

bool tk_campaign_asks_panel(const struct campaign *c)
{
	return c->asks && !strcmp(c->asks, "institution");
}

enum tk_rc tk_campaign_find(const struct tk_op *op, const char *name, struct campaign *ret)
{
	int64_t id;
	enum tk_rc rc = tk_rec_find(op, &tk_campaign_type, "name", TK_S(name), ret);

	if (rc == TK_ENOTFOUND && tk_parse_int(name, &id))
		rc = tk_rec_load(op, &tk_campaign_type, id, ret);
	if (rc == TK_ENOTFOUND)
		return tk_fail(op->e, rc, "campaign", N_("There is no campaign \"%.60s\"."), name);
	return rc;
}

enum tk_rc tk_campaign_create(const struct tk_op *op, const struct tk_campaign_new *n,
			      struct campaign *ret)
{
	const struct tk_rtype *t = &tk_campaign_type;
	struct tk_form_rows rows;
	struct campaign prev = { 0 };
	char iso[11];
	int64_t version;
	enum tk_rc rc = tk_form_find(op, n->form, &version);

	memset(ret, 0, sizeof(*ret));
	if (rc == TK_OK)
		rc = tk_form_rows(op, op->mem, version, &rows);
	if (rc == TK_OK && n->follow_up_of) {
		if ((rc = tk_campaign_find(op, n->follow_up_of, &prev)) == TK_OK)
			tk_set_by(t, ret, "follow_up_of", TK_I(prev.rec.id));
	}
	if (rc != TK_OK)
		return rc;
	tk_date_iso(tk_today(), iso);
	tk_set_by(t, ret, "name", TK_S(n->name));
	tk_set_by(t, ret, "asks", TK_S(n->asks ? n->asks : "staff"));
	tk_set_by(t, ret, "title_ja",
		  TK_S(n->title_ja ? n->title_ja
				   : tk_sprintf(op->mem, "%s %s",
						tk_fiscal_year_print(op->mem, TK_JA,
								     (int)n->fiscal_year),
						rows.form.title_ja)));
	tk_set_by(
		t, ret, "title_en",
		TK_S(n->title_en
			     ? n->title_en
			     : tk_sprintf(op->mem, "%s %s",
					  tk_fiscal_year_print(op->mem, TK_EN, (int)n->fiscal_year),
					  tk_in(TK_EN, rows.form.title_ja, rows.form.title_en))));
	tk_set_by(t, ret, "fiscal_year", TK_I(n->fiscal_year));
	tk_set_by(t, ret, "form_version_id", TK_I(version));
	tk_set_by(t, ret, "opens_on", TK_S(n->opens_on));
	tk_set_by(t, ret, "closes_on", TK_S(n->closes_on));
	tk_set_by(t, ret, "population", TK_S(n->population));
	tk_set_by(t, ret, "base_date", TK_S(n->base_date ? n->base_date : tk_strdup(op->mem, iso)));
	return tk_rec_insert(op, t, ret);
}

/* -- moves ------------------------------------------------------------------------------------- */
static enum tk_rc load(const struct tk_op *op, int64_t id, struct campaign *c)
{
	enum tk_rc rc = tk_who_scope(op->who, TK_P_CAMPAIGN_MANAGE) == TK_SCOPE_ALL
				? TK_OK
				: tk_denied(op->e);

	return rc == TK_OK ? tk_rec_load(op, &tk_campaign_type, id, c) : rc;
}

static enum tk_rc need_reason(const struct tk_op *op, const char *reason)
{
	return tk_is_blank(reason)
		       ? tk_fail(op->e, TK_EINVAL, "reason",
				 N_("Please write the reason; it is kept in the audit trail."))
		       : TK_OK;
}

static enum tk_rc moved(const struct tk_op *op, struct campaign *c, const char *action,
			const char *reason)
{
	struct tk_who program = *op->who;       /* a move may set what an edit may not */
	struct tk_op as = { op->db, op->mem, &program, op->e };
	struct tk_buf b = TK_BUF(65536);
	struct tk_json j = TK_JSON(&b);
	enum tk_rc rc;

	program.system = true;
	if (reason && tk_utf8_count(reason) > REASON_MAX)
		return tk_fail(op->e, TK_EINVAL, "reason",
			       N_("A reason can have at most %d characters."), (int)REASON_MAX);
	rc = tk_rec_update(&as, &tk_campaign_type, c, -1);

	tk_json_obj(&j);
	tk_json_kstr(&j, "reason", reason);
	tk_json_kstr(&j, "closes_on", c->closes_on);
	tk_json_end_obj(&j);
	if (rc == TK_OK)
		rc = tk_trail_add(op, action, "campaign", c->rec.id, b.p);
	tk_buf_drop(&b);
	tk_live_forget(c->rec.id);
	return rc;
}

static enum tk_rc set_closes(const struct tk_op *op, struct campaign *c, const char *closes_on)
{
	struct tk_date d;
	char iso[11], today[11];

	if (tk_is_blank(closes_on))
		return TK_OK;
	if (!tk_date_parse(closes_on, &d))
		return tk_fail(op->e, TK_EINVAL, "closes_on",
			       N_("\"%.40s\" is not a day that exists, such as 2012-03-31."),
			       closes_on);
	tk_date_iso(d, iso);
	tk_date_iso(tk_today(), today);
	if (strcmp(iso, today) < 0 && !op->who->system)
		return tk_fail(op->e, TK_EINVAL, "closes_on",
			       N_("The last day must not lie in the past."));
	tk_set_by(&tk_campaign_type, c, "closes_on", TK_S(tk_strdup(op->mem, iso)));
	return TK_OK;
}

/* Opening what is over already would let nobody answer.  (The program itself loads past years.) */
static enum tk_rc not_over(const struct tk_op *op, const struct campaign *c)
{
	char today[11];

	tk_date_iso(tk_today(), today);
	if (!op->who->system && c->closes_on && strcmp(c->closes_on, today) < 0)
		return tk_fail(op->e, TK_EINVAL, "closes_on",
			       N_("The last day, %s, is over. Set a later one."), c->closes_on);
	return TK_OK;
}

enum tk_rc tk_campaign_open(const struct tk_op *op, int64_t id)
{
	struct tk_population_change ch;
	struct campaign c = { 0 };
	enum tk_rc rc = load(op, id, &c);
	int64_t published = 0;

	if (rc == TK_OK && strcmp(c.state, "planned") != 0)
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("Only a planned campaign can be opened; a closed one is reopened "
				  "with a reason."));
	if (rc == TK_OK)
		rc = tk_db_int(op->db, op->e,
			       "SELECT 1 FROM form_version WHERE id = $1 AND state = 'published'",
			       TK_ARGS(TK_I(c.form_version_id)), 0, &published);
	if (rc == TK_OK && !published)
		return tk_fail(
			op->e, TK_ECONFLICT, "form_version_id",
			N_("Publish the questionnaire version before opening the campaign."));
	if (rc == TK_OK)
		rc = not_over(op, &c);
	if (rc == TK_OK)
		rc = tk_population_sync(op, &c, &ch);
	if (rc == TK_OK && ch.added + ch.stayed == 0)
		return tk_fail(op->e, TK_ECONFLICT, "population",
			       N_("Nobody would be asked. Check the roster, the base date and the "
				  "population rule."));
	if (rc != TK_OK)
		return rc;
	tk_set_by(&tk_campaign_type, &c, "state", TK_S("open"));
	tk_set_by(&tk_campaign_type, &c, "opened_at", TK_I(tk_now()));
	return moved(op, &c, "open", NULL);
}

enum tk_rc tk_campaign_close(const struct tk_op *op, int64_t id, const char *reason)
{
	struct campaign c = { 0 };
	enum tk_rc rc = load(op, id, &c);

	if (rc == TK_OK && strcmp(c.state, "open") != 0)
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("Only an open campaign can be closed."));
	if (rc != TK_OK)
		return rc;
	tk_set_by(&tk_campaign_type, &c, "state", TK_S("closed"));
	tk_set_by(&tk_campaign_type, &c, "closed_at", TK_I(tk_now()));
	return moved(op, &c, "close", reason);
}

enum tk_rc tk_campaign_extend(const struct tk_op *op, int64_t id, const char *closes_on,
			      const char *reason)
{
	struct campaign c = { 0 };
	const char *was;
	enum tk_rc rc = load(op, id, &c);

	if (rc == TK_OK && strcmp(c.state, "open") != 0)
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("Only an open campaign can be extended."));
	was = c.closes_on;
	if (rc == TK_OK && tk_is_blank(closes_on))
		return tk_fail(op->e, TK_EINVAL, "closes_on", N_("Say the new last day."));
	if (rc == TK_OK)
		rc = need_reason(op, reason);
	if (rc == TK_OK)
		rc = set_closes(op, &c, closes_on);
	if (rc == TK_OK && was && strcmp(c.closes_on, was) <= 0)
		return tk_fail(op->e, TK_EINVAL, "closes_on",
			       N_("The new last day must be after %s, the one until now."), was);
	return rc == TK_OK ? moved(op, &c, "extend", reason) : rc;
}

enum tk_rc tk_campaign_reopen(const struct tk_op *op, int64_t id, const char *closes_on,
			      const char *reason)
{
	struct campaign c = { 0 };
	enum tk_rc rc = load(op, id, &c);

	if (rc == TK_OK && strcmp(c.state, "closed") != 0)
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("Only a closed campaign can be reopened."));
	if (rc == TK_OK)
		rc = need_reason(op, reason);
	if (rc == TK_OK)
		rc = set_closes(op, &c, closes_on);
	if (rc == TK_OK)
		rc = not_over(op, &c);
	if (rc != TK_OK)
		return rc;
	tk_set_by(&tk_campaign_type, &c, "state", TK_S("open"));
	tk_set_by(&tk_campaign_type, &c, "closed_at", TK_NULL);
	return moved(op, &c, "reopen", reason);
}
