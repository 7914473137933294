/* campaign_api.c - actions on campaigns, the roll-up of divisions, reminders. */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "record/report.h"
#include "sheet/sheet_write.h"
#include "record/trail.h"
#include "survey/live.h"
#include "survey/rollup.h"
#include "survey/survey_api.h"

static enum tk_rc text(struct tk_req *rq, const char *key, const char **ret)
{
	*ret = NULL;
	return rq->json ? tk_json_get_str(rq->json, key, ret, &rq->err) : TK_OK;
}

static enum tk_rc reply_campaign(struct tk_req *rq, int64_t id)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct campaign c = { 0 };
	enum tk_rc rc = tk_rec_load(&rq->op, &tk_campaign_type, id, &c);

	if (rc == TK_OK) {
		tk_req_etag(rq, c.rec.version);
		tk_rec_json(&j, &tk_campaign_type, &c, NULL, rq->who.lang);
	}
	return rc;
}

static enum tk_rc campaign_open(struct tk_req *rq)
{
	int64_t id;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	if (rc == TK_OK)
		rc = tk_campaign_open(&rq->op, id);
	return rc == TK_OK ? reply_campaign(rq, id) : rc;
}

static enum tk_rc campaign_close(struct tk_req *rq)
{
	const char *reason;
	int64_t id;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	if (rc == TK_OK)
		rc = text(rq, "reason", &reason);
	if (rc == TK_OK)
		rc = tk_campaign_close(&rq->op, id, reason);
	return rc == TK_OK ? reply_campaign(rq, id) : rc;
}

static enum tk_rc move_date(struct tk_req *rq, enum tk_rc (*fn)(const struct tk_op *, int64_t,
								const char *, const char *))
{
	const char *reason = NULL, *closes = NULL;
	int64_t id;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	if (rc == TK_OK)
		rc = text(rq, "reason", &reason);
	if (rc == TK_OK)
		rc = text(rq, "closes_on", &closes);
	if (rc == TK_OK)
		rc = fn(&rq->op, id, closes, reason);
	return rc == TK_OK ? reply_campaign(rq, id) : rc;
}

static enum tk_rc campaign_extend(struct tk_req *rq)
{
	return move_date(rq, tk_campaign_extend);
}

static enum tk_rc campaign_reopen(struct tk_req *rq)
{
	return move_date(rq, tk_campaign_reopen);
}

static enum tk_rc campaign_sync(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct tk_population_change ch;
	struct campaign c = { 0 };
	int64_t id;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	if (rc == TK_OK)
		rc = tk_rec_load(&rq->op, &tk_campaign_type, id, &c);
	if (rc == TK_OK)
		rc = tk_population_sync(&rq->op, &c, &ch);
	if (rc != TK_OK)
		return rc;
	tk_json_obj(&j);
	tk_json_kint(&j, "added", ch.added);
	tk_json_kint(&j, "left", ch.left);
	tk_json_kint(&j, "stayed", ch.stayed);
	tk_json_end_obj(&j);
	return TK_OK;
}

static enum tk_rc campaign_import(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct tk_report *rep = tk_report_new(rq->mem);
	const char *name = tk_req_query(rq, "name");
	bool dry = tk_req_flag(rq, "dry_run");
	struct campaign c = { 0 };
	int64_t id;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	if (rc == TK_OK)
		rc = tk_rec_load(&rq->op, &tk_campaign_type, id, &c);
	if (rc == TK_OK)
		rc = tk_response_import(&rq->op, &c, rq->body, rq->nbody, name ? name : "upload",
					dry, rep);
	if (rc != TK_OK)
		return rc;
	tk_report_json(&j, rep);
	if (!dry && !rep->accepted) {
		rq->keep_body_on_error = true;
		return tk_fail(&rq->err, TK_EINVAL, NULL,
			       N_("The file was not accepted. Nothing was written."));
	}
	return TK_OK;
}

/* -- roll-up ----------------------------------------------------------------------------------- */
static void person_json(struct tk_json *j, const struct tk_rollup_person *p)
{
	tk_json_obj(j);
	tk_json_kid(j, "id", p->id);
	tk_json_kstr(j, "staff_number", p->staff_number);
	tk_json_kstr(j, "name", p->name);
	tk_json_kstr(j, "post", p->post);
	tk_json_kstr(j, "state", p->state);
	tk_json_kint(j, "asked", (int64_t)p->asked);
	tk_json_kint(j, "answered", (int64_t)p->answered);
	tk_json_ktime(j, "submitted_at", p->submitted_at);
	tk_json_kstr(j, "receipt_no", p->receipt_no);
	tk_json_kbool(j, "mail", p->mail && *p->mail);
	tk_json_ktime(j, "reminded_at", p->reminded_at);
	tk_json_end_obj(j);
}

static enum tk_rc person_item(void *ctx, const struct tk_rollup_person *p)
{
	person_json(ctx, p);
	return TK_OK;
}

/* Who signed last; the log's texts live only as long as the call. */
struct last { struct tk_arena *a; const char *who, *comment; int64_t at; };

static enum tk_rc last_sign(void *ctx, const struct tk_case_log *l)
{
	struct last *x = ctx;

	if (!strcmp(l->action, "sign"))
		*x = (struct last){ x->a, tk_strdup(x->a, l->who), tk_strdup(x->a, l->comment),
				    l->at };
	return TK_OK;
}

static enum tk_rc sign_off_json(struct tk_req *rq, struct tk_json *j, int64_t campaign,
				int64_t division)
{
	struct last last = { .a = rq->mem };
	struct tk_case c = { 0 };
	bool found;
	enum tk_rc rc = tk_rollup_case(&rq->op, campaign, division, &c, &found);

	if (rc == TK_OK && found)
		rc = tk_case_log_each(&rq->op, c.rec.id, last_sign, &last);
	if (rc != TK_OK || !found) {
		tk_json_null(j);
		return rc;
	}
	tk_json_obj(j);
	tk_json_kid(j, "case_id", c.rec.id);
	tk_json_kstr(j, "receipt_no", c.receipt_no);
	tk_json_kstr(j, "state", c.state);
	tk_json_kstr(j, "state_label",
		     tk_case_state_label(&tk_sign_off_case, c.state, rq->who.lang));
	tk_json_ktime(j, "at", last.at);
	tk_json_kstr(j, "by", last.who);
	tk_json_kstr(j, "comment", last.comment);
	tk_json_end_obj(j);
	return TK_OK;
}

static enum tk_rc two_ids(struct tk_req *rq, int64_t *a, int64_t *b)
{
	enum tk_rc rc = tk_req_id(rq, 0, a);

	return rc == TK_OK ? tk_req_id(rq, 1, b) : rc;
}

static enum tk_rc division_get(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct tk_value col[5];
	int64_t campaign, division;
	bool found;
	enum tk_rc rc = two_ids(rq, &campaign, &division);

	if (rc == TK_OK)
		rc = tk_db_first(
			rq->db, rq->mem, &rq->err,
			"SELECT d.name, b.name, b.id, d.name_en, b.name_en"
			" FROM division d JOIN bureau b ON b.id = "
			"d.bureau_id"
			" JOIN campaign c ON c.id = $2 AND c.deleted_at IS NULL WHERE d.id = $1",
			TK_ARGS(TK_I(division), TK_I(campaign)), col, 5, &found);
	if (rc == TK_OK && (!found || !tk_who_may(&rq->who, TK_P_ROLLUP_READ, division, col[2].i)))
		return found ? tk_denied(&rq->err)
			     : tk_fail(&rq->err, TK_ENOTFOUND, NULL,
				       N_("There is no such campaign or division."));
	if (rc != TK_OK)
		return rc;
	tk_json_obj(&j);
	tk_json_kid(&j, "division_id", division);
	tk_json_kstr(&j, "division", tk_in(rq->who.lang, col[0].s, col[3].s));
	tk_json_kstr(&j, "bureau", tk_in(rq->who.lang, col[1].s, col[4].s));
	tk_json_key(&j, "sign_off");
	rc = sign_off_json(rq, &j, campaign, division);
	tk_json_kbool(&j, "can_sign", tk_who_may(&rq->who, TK_P_ROLLUP_SIGN, division, col[2].i));
	tk_json_key(&j, "respondents");
	tk_json_arr(&j);
	if (rc == TK_OK)
		rc = tk_rollup_people(&rq->op, campaign, division, person_item, &j);
	tk_json_end_arr(&j);
	tk_json_end_obj(&j);
	return rc;
}

static enum tk_rc sign_off(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	const char *comment = NULL, *reason = NULL;
	struct tk_case c = { 0 };
	int64_t campaign, division;
	enum tk_rc rc = two_ids(rq, &campaign, &division);

	if (rc == TK_OK)
		rc = text(rq, "comment", &comment);
	if (rc == TK_OK)
		rc = text(rq, "incomplete_reason", &reason);
	if (rc == TK_OK)
		rc = tk_rollup_sign(&rq->op, campaign, division, comment, reason, &c);
	return rc == TK_OK ? sign_off_json(rq, &j, campaign, division) : rc;
}

static enum tk_rc withdraw_sign_off(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	const char *reason = NULL;
	int64_t campaign, division;
	enum tk_rc rc = two_ids(rq, &campaign, &division);

	if (rc == TK_OK)
		rc = text(rq, "reason", &reason);
	if (rc == TK_OK)
		rc = tk_rollup_withdraw(&rq->op, campaign, division, reason);
	return rc == TK_OK ? sign_off_json(rq, &j, campaign, division) : rc;
}

static void note_sent_back(struct tk_req *rq)
{
	const struct tk_response *r = rq->state;

	tk_live_note(r->campaign_id, r->id, "sent_back", NULL, 0);
}

static enum tk_rc send_back(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	const char *reason = NULL;
	struct tk_response *r = tk_alloc(rq->mem, sizeof(*r));
	int64_t campaign, respondent;
	size_t asked, answered;
	enum tk_rc rc = two_ids(rq, &campaign, &respondent);

	if (rc == TK_OK)
		rc = text(rq, "reason", &reason);
	if (rc == TK_OK)
		rc = tk_rollup_send_back(
			&rq->op, campaign, respondent, reason,
			tk_sprintf(rq->mem, "%s/#/answer/%" PRId64, tk_req_base_url(rq), campaign),
			r);
	if (rc != TK_OK)
		return rc;
	rq->state = r;
	rq->committed = note_sent_back;
	tk_response_count(r, &asked, &answered);
	person_json(&j, &(struct tk_rollup_person){ .id = r->id,
						    .state = r->state,
						    .receipt_no = r->receipt_no,
						    .asked = asked,
						    .answered = answered });
	return TK_OK;
}

/* -- reminders --------------------------------------------------------------------------------- */
struct reminders { struct tk_json *j; enum tk_lang lang; int64_t with, without; };

static enum tk_rc remind_item(void *ctx, const struct tk_remind_row *r)
{
	struct reminders *l = ctx;
	bool mail = r->mail && *r->mail;

	l->with += mail;
	l->without += !mail;
	tk_json_obj(l->j);
	tk_json_kid(l->j, "respondent_id", r->id);
	tk_json_kstr(l->j, "staff_number", r->institution_id ? NULL : r->staff_number);
	tk_json_kid(l->j, "institution_id", r->institution_id);
	tk_json_kstr(l->j, "institution", r->institution_id ? r->staff_number : NULL);
	tk_json_kstr(l->j, "sector", r->institution_id ? r->division : NULL);
	tk_json_kstr(l->j, "name", r->name);
	tk_json_kstr(l->j, "bureau", tk_in(l->lang, r->bureau, r->bureau_en));
	tk_json_kstr(l->j, "division", tk_in(l->lang, r->division, r->division_en));
	tk_json_kid(l->j, "division_id", r->division_id);
	tk_json_kstr(l->j, "mail", r->mail);
	tk_json_ktime(l->j, "last_reminded_at", r->reminded_at);
	tk_json_end_obj(l->j);
	return TK_OK;
}

static enum tk_rc reminders(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct reminders l = { &j, rq->who.lang, 0, 0 };
	const char *d = tk_req_query(rq, "division_id");
	int64_t id, division = 0;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	if (rc != TK_OK)
		return rc;
	if (d && (!tk_parse_int(d, &division) || division <= 0))
		return tk_fail(&rq->err, TK_EINVAL, "division_id",
			       N_("This is not the id of a division."));
	tk_json_obj(&j);
	tk_json_key(&j, "items");
	tk_json_arr(&j);
	rc = tk_remind_list(&rq->op, id, division, remind_item, &l);
	tk_json_end_arr(&j);
	tk_json_kint(&j, "with_mail", l.with);
	tk_json_kint(&j, "without_mail", l.without);
	tk_json_end_obj(&j);
	return rc;
}

static enum tk_rc chosen_ids(struct tk_req *rq, int64_t **ret, size_t *n)
{
	const cJSON *ids = rq->json ? cJSON_GetObjectItemCaseSensitive(rq->json, "respondent_ids")
				    : NULL,
		    *v;

	if (!cJSON_IsArray(ids))
		return tk_fail(&rq->err, TK_EINVAL, "respondent_ids",
			       N_("Say whom to remind: respondent_ids, or all."));
	*ret = tk_alloc_n(rq->mem, (size_t)cJSON_GetArraySize(ids) + 1, sizeof(**ret));
	cJSON_ArrayForEach(
		v, ids) if (!cJSON_IsString(v) ||
			    !tk_parse_int(v->valuestring,
					  &(*ret)[(*n)++])) return tk_fail(&rq->err, TK_EINVAL,
									   "respondent_ids",
									   N_("Every id must be "
									      "text of digits."));
	return TK_OK;
}

static enum tk_rc remind(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct tk_remind_result res;
	struct campaign c = { 0 };
	int64_t id, *only = NULL;
	size_t n = 0;
	bool all = false;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	if (rc == TK_OK && rq->json)
		rc = tk_json_get_bool(rq->json, "all", &all, &rq->err);
	if (rc == TK_OK && !all)
		rc = chosen_ids(rq, &only, &n);
	if (rc == TK_OK)
		rc = tk_rec_load(&rq->op, &tk_campaign_type, id, &c);
	if (rc == TK_OK)
		rc = tk_remind_send(&rq->op, &c, only, n, tk_req_base_url(rq), &res);
	if (rc != TK_OK)
		return rc;
	tk_json_obj(&j);
	tk_json_kint(&j, "queued", res.queued);
	tk_json_kint(&j, "without_mail", res.without_mail);
	tk_json_kint(&j, "already", res.already);
	tk_json_end_obj(&j);
	return TK_OK;
}

#define XLSX "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

/* All answers in one file: who took them stands in the trail. */
static enum tk_rc answers_export(struct tk_req *rq)
{
	const char *format = tk_req_query(rq, "format");
	bool xlsx = format && !strcmp(format, "xlsx");
	struct tk_out_opt opt = TK_OUT_DOWNLOAD;
	struct campaign c = { 0 };
	int64_t id, rows;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	if (rc == TK_OK && format && !xlsx && strcmp(format, "csv") != 0)
		return tk_fail(&rq->err, TK_EINVAL, "format", N_("format takes csv or xlsx."));
	if (rc == TK_OK)
		rc = tk_rec_load(&rq->op, &tk_campaign_type, id, &c);
	opt.format = xlsx ? TK_OUT_XLSX : TK_OUT_CSV;
	rq->out.max = 256 << 20;
	if (rc == TK_OK)
		rc = tk_response_export(&rq->op, &c, &opt, tk_out_to_buf, &rq->out, &rows);
	if (rc == TK_OK)
		rc = tk_trail_add(&rq->op, "export", "campaign", id,
				  tk_sprintf(rq->mem, "{\"answers\":%" PRId64 "}", rows));
	if (rc == TK_OK)
		tk_req_download(rq,
				tk_sprintf(rq->mem, "%s-answers.%s", c.name, xlsx ? "xlsx" : "csv"),
				xlsx ? XLSX : "text/csv; charset=utf-8", 2);
	return rc;
}

#define C "/api/v1/campaigns/{id}"
const struct tk_route tk_campaign_routes[] = {
	{ "GET", C "/answers", answers_export, .perm = TK_P_REVIEW, .flags = TK_R_TX,
	  .max_mem = 512 << 20, .query = "format",
	  .doc = "The submitted answers of institutions, a row each and a column an item, as CSV "
		 "or XLSX (format=xlsx); loading such a file again changes nothing" },
	{ "POST", C "/open", campaign_open, .perm = TK_P_CAMPAIGN_MANAGE, .flags = TK_R_TX,
	  .max_mem = 64 << 20, .doc = "Open a planned campaign" },
	{ "POST", C "/close", campaign_close, .perm = TK_P_CAMPAIGN_MANAGE, .flags = TK_R_TX,
	  .doc = "Close an open campaign" },
	{ "POST", C "/extend", campaign_extend, .perm = TK_P_CAMPAIGN_MANAGE, .flags = TK_R_TX,
	  .doc = "Set a later last day, with the reason" },
	{ "POST", C "/reopen", campaign_reopen, .perm = TK_P_CAMPAIGN_MANAGE, .flags = TK_R_TX,
	  .doc = "Reopen a closed campaign, with the reason" },
	{ "POST", C "/sync", campaign_sync, .perm = TK_P_CAMPAIGN_MANAGE, .flags = TK_R_TX,
	  .max_mem = 64 << 20, .doc = "Add later joiners and take out leavers" },
	{ "POST", C "/import", campaign_import, .perm = TK_P_CAMPAIGN_MANAGE,
	  .flags = TK_R_TX | TK_R_RAW, .max_body = 64 << 20, .max_mem = 256 << 20,
	  .query = "name dry_run", .doc = "Load answers gathered elsewhere (CSV, XLSX)" },
	{ "GET", C "/divisions/{division}", division_get, .perm = TK_P_ROLLUP_READ,
	  .doc = "How far a division is: who has not answered" },
	{ "POST", C "/divisions/{division}/sign-off", sign_off, .perm = TK_P_ROLLUP_SIGN,
	  .flags = TK_R_TX, .doc = "Sign a division off" },
	{ "POST", C "/divisions/{division}/withdraw-sign-off", withdraw_sign_off,
	  .perm = TK_P_CAMPAIGN_MANAGE, .flags = TK_R_TX,
	  .doc = "Take a sign-off back, with the reason" },
	{ "POST", C "/respondents/{respondent}/send-back", send_back, .perm = TK_P_ROLLUP_SIGN,
	  .flags = TK_R_TX, .doc = "Send a person's answers back, with the reason" },
	{ "GET", C "/reminders", reminders, .perm = TK_P_ROLLUP_READ, .query = "division_id",
	  .doc = "Whom a reminder would reach" },
	{ "POST", C "/remind", remind, .perm = TK_P_CAMPAIGN_MANAGE, .flags = TK_R_TX,
	  .max_body = 4 << 20, .max_mem = 128 << 20,
	  .doc = "Queue reminders to those who have not answered" },
	{ 0 },
};
