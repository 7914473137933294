#include <inttypes.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "job/template.h"
#include "notice/notice.h"
#include "notice/notice_api.h"

/* -- texts of mails ---------------------------------------------------------------------------- */

static const char *const lang_code[] = { [TK_JA] = "ja", [TK_EN] = "en" };

static void values_json(struct tk_json *j, const struct tk_template_kind *k)
{
	tk_json_key(j, "placeholders");
	tk_json_arr(j);
	for (size_t i = 0; tk_template_value_name[i]; i++)
		if (k->values >> i & 1)
			tk_json_str(j, tk_template_value_name[i]);
	tk_json_end_arr(j);
}

static enum tk_rc kind_json(struct tk_req *rq, struct tk_json *j, const struct tk_template_kind *k)
{
	enum tk_rc rc = TK_OK;

	tk_json_obj(j);
	tk_json_kstr(j, "kind", k->kind);
	tk_json_kstr(j, "label", tk_tr(rq->who.lang, k->label));
	values_json(j, k);
	tk_json_key(j, "texts");
	tk_json_obj(j);
	for (size_t l = 0; l < TK_LEN(lang_code) && rc == TK_OK; l++) {
		const char *text;
		bool own;

		rc = tk_template_text(&rq->op, k->kind, (enum tk_lang)l, &text, &own);
		tk_json_key(j, lang_code[l]);
		tk_json_obj(j);
		tk_json_kstr(j, "text", text);
		tk_json_kbool(j, "own", own);
		tk_json_end_obj(j);
	}
	tk_json_end_obj(j);
	tk_json_end_obj(j);
	return rc;
}

static enum tk_rc templates(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	enum tk_rc rc = TK_OK;

	tk_json_obj(&j);
	tk_json_key(&j, "items");
	tk_json_arr(&j);
	for (const struct tk_template_kind *k = tk_template_kinds; k->kind && rc == TK_OK; k++)
		rc = kind_json(rq, &j, k);
	tk_json_end_arr(&j);
	tk_json_end_obj(&j);
	return rc;
}

/* {kind} and {lang} of the path. */
static enum tk_rc kind_of(struct tk_req *rq, const struct tk_template_kind **k, enum tk_lang *lang)
{
	*k = tk_template_kind(rq->param[0]);
	*lang = !strcmp(rq->param[1], "en") ? TK_EN : TK_JA;
	return *k && !strcmp(rq->param[1], lang_code[*lang]) ? TK_OK :
	       tk_fail(&rq->err, TK_ENOTFOUND, NULL, N_("There is no such mail template."));
}

static enum tk_rc text_of(struct tk_req *rq, const char **text)
{
	static const char *const keys[] = { "text", NULL };
	enum tk_rc rc = tk_json_only(rq->json, keys, &rq->err);

	if (rc == TK_OK)
		rc = tk_json_get_str(rq->json, "text", text, &rq->err);
	return rc == TK_OK && !*text ? tk_fail(&rq->err, TK_EINVAL, "text",
					       N_("\"%s\" is required."), "text") : rc;
}

static enum tk_rc template_put(struct tk_req *rq)
{
	const struct tk_template_kind *k;
	const char *text = NULL;
	enum tk_lang lang;
	enum tk_rc rc;

	if ((rc = kind_of(rq, &k, &lang)) != TK_OK || (rc = text_of(rq, &text)) != TK_OK)
		return rc;
	rq->status = 204;
	return tk_template_set(&rq->op, k->kind, lang, text);
}

static enum tk_rc template_reset(struct tk_req *rq)
{
	const struct tk_template_kind *k;
	enum tk_lang lang;
	enum tk_rc rc = kind_of(rq, &k, &lang);

	rq->status = 204;
	return rc == TK_OK ? tk_template_set(&rq->op, k->kind, lang, NULL) : rc;
}

/* With values that are plainly examples. */
static enum tk_rc template_preview(struct tk_req *rq)
{
	const struct tk_template_kind *k;
	const char *text = NULL, *subject, *body;
	struct tk_json j = TK_JSON(&rq->out);
	struct tk_template_values v = { 0 };
	enum tk_lang lang;
	char day[11];
	enum tk_rc rc;

	if ((rc = kind_of(rq, &k, &lang)) != TK_OK || (rc = text_of(rq, &text)) != TK_OK ||
	    (rc = tk_template_check(k->kind, text, &rq->err)) != TK_OK)
		return rc;
	tk_date_iso(tk_today(), day);
	v.name = tk_tr(lang, N_("Taro Mihon"));
	v.title = tk_tr(lang, N_("Self-inspection (example)"));
	v.closes_on = day;
	v.url = tk_sprintf(rq->mem, "%s/#/", tk_req_base_url(rq));
	v.reason = tk_tr(lang, N_("an example of a reason"));
	v.list = tk_sprintf(rq->mem, "- %s\n- %s", v.title, v.title);
	if ((rc = tk_template_print(&rq->op, text, lang, &v, &subject, &body)) != TK_OK)
		return rc;
	tk_json_obj(&j);
	tk_json_kstr(&j, "subject", subject);
	tk_json_kstr(&j, "body", body);
	tk_json_end_obj(&j);
	return TK_OK;
}

/* -- what is mailed, and when ------------------------------------------------------------------ */

static enum tk_rc settings(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	const struct tk_case_type *const *t;
	size_t n = tk_case_types(&t);
	const char *at;
	enum tk_rc rc = tk_daily_at(&rq->op, &at);

	if (rc != TK_OK)
		return rc;
	tk_json_obj(&j);
	tk_json_kstr(&j, "daily_at", at);
	tk_json_key(&j, "notices");
	tk_json_arr(&j);
	for (size_t i = 0; i < n && rc == TK_OK; i++) {
		bool on = true;

		if (t[i]->by_rule)
			continue;
		rc = tk_notice_is_on(&rq->op, t[i]->name, &on);
		tk_json_obj(&j);
		tk_json_kstr(&j, "type", t[i]->name);
		tk_json_kstr(&j, "label", tk_tr(rq->who.lang, t[i]->label));
		tk_json_kbool(&j, "on", on);
		tk_json_kint(&j, "remind_before", t[i]->remind_before);
		tk_json_kint(&j, "escalate_after", t[i]->escalate_after);
		tk_json_end_obj(&j);
	}
	tk_json_end_arr(&j);
	tk_json_end_obj(&j);
	return rc;
}

static enum tk_rc settings_put(struct tk_req *rq)
{
	static const char *const keys[] = { "daily_at", NULL };
	const char *at = NULL;
	enum tk_rc rc = tk_json_only(rq->json, keys, &rq->err);

	if (rc == TK_OK)
		rc = tk_json_get_str(rq->json, "daily_at", &at, &rq->err);
	rq->status = 204;
	return rc == TK_OK ? tk_daily_at_set(&rq->op, at) : rc;
}

/* {"NAME": true|false} of a body that holds nothing else. */
static enum tk_rc switch_of(struct tk_req *rq, const char *name, bool *ret)
{
	const char *const keys[] = { name, NULL };
	enum tk_rc rc = tk_json_only(rq->json, keys, &rq->err);

	return rc == TK_OK ? tk_json_get_bool(rq->json, name, ret, &rq->err) : rc;
}

static enum tk_rc notice_put(struct tk_req *rq)
{
	bool on = true;
	enum tk_rc rc;

	if (!tk_case_type_by_name(rq->param[0]))
		return tk_fail(&rq->err, TK_ENOTFOUND, NULL, N_("There is no such kind of case."));
	rc = switch_of(rq, "on", &on);
	rq->status = 204;
	return rc == TK_OK ? tk_notice_set(&rq->op, rq->param[0], on) : rc;
}

static enum tk_rc my_mail(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	int64_t only = 0;
	enum tk_rc rc = tk_db_int(rq->db, &rq->err, "SELECT digest_only FROM account WHERE id = $1",
				  TK_ARGS(TK_I(rq->who.account_id)), 0, &only);

	if (rc != TK_OK)
		return rc;
	tk_json_obj(&j);
	tk_json_kbool(&j, "digest_only", only != 0);
	tk_json_end_obj(&j);
	return TK_OK;
}

static enum tk_rc my_mail_put(struct tk_req *rq)
{
	bool only = false;
	enum tk_rc rc = switch_of(rq, "digest_only", &only);

	rq->status = 204;
	return rc == TK_OK ? tk_db_exec(rq->db, &rq->err,
					"UPDATE account SET digest_only = $2 WHERE id = $1",
					TK_I(rq->who.account_id), TK_I(only)) : rc;
}

/* -- handing over ------------------------------------------------------------------------------ */

static void left_item(void *ctx, const struct tk_left_case *c)
{
	struct tk_json *j = ctx;

	tk_json_obj(j);
	tk_json_kid(j, "staff_id", c->staff_id);
	tk_json_kstr(j, "who", c->who);
	tk_json_kstr(j, "left_on", c->left_on);
	tk_json_kstr(j, "title", c->title);
	tk_json_kstr(j, "receipt_no", c->receipt_no);
	tk_json_kstr(j, "type_label", c->type_label);
	tk_json_kstr(j, "state_label", c->state_label);
	tk_json_kstr(j, "division", c->division);
	tk_json_kstr(j, "due_on", c->due_on);
	tk_json_kstr(j, "href", c->href);
	tk_json_end_obj(j);
}

static enum tk_rc left_cases(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	enum tk_rc rc;

	tk_json_obj(&j);
	tk_json_key(&j, "items");
	tk_json_arr(&j);
	rc = tk_left_cases(&rq->op, left_item, &j);
	tk_json_end_arr(&j);
	tk_json_end_obj(&j);
	return rc;
}

static enum tk_rc hand_over(struct tk_req *rq)
{
	static const char *const keys[] = { "to", NULL };
	struct tk_json j = TK_JSON(&rq->out);
	int64_t from, to = 0, n = 0;
	enum tk_rc rc = tk_req_id(rq, 0, &from);

	if (rc == TK_OK)
		rc = tk_json_only(rq->json, keys, &rq->err);
	if (rc == TK_OK)
		rc = tk_json_get_id(rq->json, "to", &to, &rq->err);
	if (rc == TK_OK)
		rc = tk_hand_over(&rq->op, from, to, &n);
	if (rc != TK_OK)
		return rc;
	tk_json_obj(&j);
	tk_json_kint(&j, "moved", n);
	tk_json_end_obj(&j);
	return TK_OK;
}

#define TEXT "/api/v1/mail-templates/{kind}/{lang}"
const struct tk_route tk_notice_routes[] = {
	{ "GET", "/api/v1/mail-templates", templates, .perm = TK_P_TEMPLATE_WRITE,
	  .doc = "The texts of all mails, and the placeholders of each" },
	{ "PUT", TEXT, template_put, .perm = TK_P_TEMPLATE_WRITE, .flags = TK_R_TX,
	  .doc = "Replace the text of a mail" },
	{ "DELETE", TEXT, template_reset, .perm = TK_P_TEMPLATE_WRITE, .flags = TK_R_TX,
	  .doc = "Back to the text that Tenken brings" },
	{ "POST", TEXT "/preview", template_preview, .perm = TK_P_TEMPLATE_WRITE,
	  .doc = "How a text comes out, with example values; nothing is saved" },
	{ "GET", "/api/v1/mail-settings", settings, .perm = TK_P_TEMPLATE_WRITE,
	  .doc = "When the daily mail is written, and which cases are told of at once" },
	{ "PUT", "/api/v1/mail-settings", settings_put, .perm = TK_P_TEMPLATE_WRITE,
	  .flags = TK_R_TX, .doc = "From when on the daily work runs (Japanese time)" },
	{ "PUT", "/api/v1/mail-settings/notices/{case_type}", notice_put,
	  .perm = TK_P_TEMPLATE_WRITE, .flags = TK_R_TX,
	  .doc = "Whether requesters and new owners are told at once" },
	{ "GET", "/api/v1/session/mail", my_mail, .perm = TK_P_SIGNED_IN,
	  .doc = "How the caller wants to be told" },
	{ "PUT", "/api/v1/session/mail", my_mail_put, .perm = TK_P_SIGNED_IN, .flags = TK_R_TX,
	  .doc = "Everything in the daily mail, or a mail for each move" },
	{ "GET", "/api/v1/left-cases", left_cases, .perm = TK_P_YEAR_WRITE,
	  .doc = "Open cases whose owner has left" },
	{ "POST", "/api/v1/staff/{id}/hand-over", hand_over, .perm = TK_P_YEAR_WRITE,
	  .flags = TK_R_TX, .max_mem = 64 << 20,
	  .doc = "All open cases of a person to another; without to: deputy, then head of the "
		 "division" },
	{ 0 },
};
