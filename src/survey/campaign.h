/* campaign.h - a questionnaire put to a population in a fiscal year.
 *
 * States: planned -> open -> closed (-> open again with a reason).  The population is frozen when
 * the campaign is made and, as long as it is planned, made again when rule or base date change and
 * when it opens: those in office on the base date.  While it is open `tk_population_sync` adds who
 * has joined by today (marked joined_late) and takes out who has left without submitting; an answer
 * once given stays counted. Respondents carry a copy of what they were on that day (division,
 * post, roles; of an institution sector, prefecture, attributes), so that last year's tables do not
 * change when people move.
 *
 * A campaign asks staff or institutions (`asks`).  The sector of an institution takes the place
 * that bureau and division have for staff, its prefecture that of the post: wherever answers are
 * counted, "division" and "post" stand for those.
 */
#pragma once
#include "form/form.h"

struct campaign {
	struct tk_rec rec;
	const char *name, *title_ja, *title_en;
	int64_t     fiscal_year, form_version_id;
	const char *state, *opens_on, *closes_on, *population;
	int64_t     follow_up_of;
	const char *base_date;
	int64_t     opened_at, closed_at, epoch;
	const char *asks;               /* staff | institution */
};
struct respondent {
	struct tk_rec rec;
	int64_t     campaign_id, staff_id;
	const char *staff_number, *name, *kana, *mail;
	int64_t     bureau_id, division_id, post_id;
	/* of an institution, in place of staff, bureau and division */
	int64_t     institution_id, sector_id;
	const char *institution_code, *prefecture, *attributes;
	const char *roles, *state, *asked_only;         /* state: in | left */
	bool        joined_late;
	int64_t     reminded_at;
};
extern const struct tk_rtype tk_campaign_type, tk_respondent_type;

bool       tk_campaign_asks_panel(const struct campaign *c);    /* institutions */
/* By name or id text. */
enum tk_rc tk_campaign_find(const struct tk_op *op, const char *name,
			    struct campaign *ret) TK_MUST_USE;
/* Makes a campaign and its population.  form: "self_inspection" or "self_inspection@2"; population:
 * NULL = everybody in office, else a rule over role, bureau, division, post. */
struct tk_campaign_new {
	const char *name, *title_ja, *title_en, *form, *population, *opens_on, *closes_on,
		*base_date, *follow_up_of;
	const char *asks;               /* NULL: staff */
	int64_t     fiscal_year;
};
enum tk_rc tk_campaign_create(const struct tk_op *op, const struct tk_campaign_new *c,
			      struct campaign *ret) TK_MUST_USE;
enum tk_rc tk_campaign_open(const struct tk_op *op, int64_t id) TK_MUST_USE;
enum tk_rc tk_campaign_close(const struct tk_op *op, int64_t id, const char *reason) TK_MUST_USE;
enum tk_rc tk_campaign_extend(const struct tk_op *op, int64_t id, const char *closes_on,
			      const char *reason) TK_MUST_USE;
enum tk_rc tk_campaign_reopen(const struct tk_op *op, int64_t id, const char *closes_on,
			      const char *reason) TK_MUST_USE;

struct tk_population_change {
	int64_t added, left, stayed, refreshed;
}; /* refreshed: of those who stayed, copy renewed */
enum tk_rc tk_population_sync(const struct tk_op *op, const struct campaign *c,
			      struct tk_population_change *ret) TK_MUST_USE;
/* The roster has changed: later joiners and leavers of every open campaign (SELF-05, SELF-16). */
enum tk_rc tk_population_follow(const struct tk_op *op) TK_MUST_USE;
