/* demo.c - the order of filling, and the persons one can sign in as. */
#include <cjson/cJSON.h>
#include <string.h>
#include "auth/account.h"
#include "auth/user.h"
#include "base/clock.h"
#include "case/case.h"
#include "demo/demo_in.h"
#include "demo/demo_life.h"
#include "record/trail.h"

enum { STAFF = 1500, MIN_STAFF = 200, MAX_STAFF = 300000 };

void demo_say(struct demo *d, const char *msgid)
{
	if (d->opt->say)
		d->opt->say(d->opt->ctx, tk_tr(d->op->e->lang, msgid));
}

/* -- persons ----------------------------------------------------------------------------------- */
static const struct person {
	/* first of that post in that division, or (post NULL) a contact of the institution of that
	 * code; both NULL: nobody's */
	const char *key, *post, *of;
	const char *roles;
	const char *label_ja, *label_en, *text_ja, *text_en;
} person[] = {
	{ "clerk", "総務担当係長", "D0103", "office", "情報セキュリティ担当（責任部署）",
	  "Security office clerk", "名簿の取込み、質問票、自己点検の実施と集計",
	  "Roster, questionnaire, running and tabulating the self-inspection" },
	{ "ciso", "総括審議官", "D0101", "ciso", "最高情報セキュリティ責任者（CISO）", "CISO",
	  "回答状況と結果の表", "Progress and tables of results" },
	{ "division_head", "室長", "D0302", NULL, "課室長", "Division head",
	  "自分の課室の回答状況、差戻し、取りまとめ",
	  "Own division: who has not answered, send back, sign off" },
	{ "system_admin", "室長", "D0403", NULL, "情報システム管理者", "System administrator",
	  "自分の回答（共通・課室長・システム管理者の項目）",
	  "Own answers (common, division head and system items)" },
	{ "staff", "係員", "D0302", NULL, "職員", "Staff member", "自分の回答", "Own answers" },
	{ "audit_head", "情報セキュリティ担当補佐", "D0102", "audit_head",
	  "情報セキュリティ監査責任者", "Audit head", "監査計画、監査、指摘事項の改善の確認",
	  "Audit plan, audits, confirming that findings were improved" },
	{ "auditor", NULL, NULL, "auditor", "監査担当", "Auditor",
	  "全体を読むことだけができ、監査証跡を見る", "May only read; looks at the audit trail" },
	{ "adviser", NULL, NULL, "adviser", "情報セキュリティアドバイザー", "Security adviser",
	  "外部の専門家。監査計画、調達仕様書、ロードマップへの助言",
	  "Expert from outside; advice on audit plan, specifications and roadmap" },
	{ "cio_aide", NULL, NULL, "cio_aide", "情報化統括責任者補佐官", "CIO aide",
	  "調達仕様書の記載漏れへの意見", "Opinion on what specifications lack" },
	{ "supervisor", "総務担当係長", "D0301", "office", "調査担当（監督局）",
	  "Supervisor of the institutions",
	  "対象先の台帳、在宅勤務アンケートの進み具合、審査、集計表",
	  "Register of institutions; progress, review and tables of the survey on telework" },
	{ "coordinator", NULL, DEMO_INSTITUTION, "coordinator", "対象先の取りまとめ担当",
	  "Coordinator of an institution", "自社の回答の分担、確認、提出",
	  "Shares out the sections of the own institution, checks and submits" },
	{ "respondent", NULL, DEMO_INSTITUTION, "respondent", "対象先の回答担当",
	  "Colleague at an institution", "任された章の回答", "Answers the sections given to them" },
	{ "admin", NULL, NULL, "admin", "システム管理（Tenken）", "Administrator of Tenken",
	  "利用者とその権限", "Accounts and their roles" },
};

static enum tk_rc set_setting(const struct tk_op *op, const char *name, const char *value)
{
	return tk_db_exec(op->db, op->e,
			  "INSERT INTO setting(name, value) VALUES($1, $2) ON CONFLICT(name) DO "
			  "UPDATE SET value = $2",
			  TK_S(name), TK_S(value));
}

static enum tk_rc staff_account(const struct tk_op *op, const struct person *p, int64_t *ret,
				const char **login, const char **name)
{
	struct tk_value col[3];
	bool found, made;
	enum tk_rc rc = tk_db_first(
		op->db, op->mem, op->e,
		"SELECT s.id, s.staff_number, s.name FROM staff s JOIN post p ON p.id = s.post_id"
		" JOIN division d ON d.id = s.division_id LEFT JOIN account a ON a.staff_id = s.id"
		" LEFT JOIN respondent r ON r.staff_id = s.id AND r.campaign_id = (SELECT MAX(id) "
		"FROM campaign WHERE asks = 'staff')"
		" LEFT JOIN response x ON x.id = r.id WHERE p.name = $1 AND d.code = $2 AND a.id "
		"IS NULL"
		" ORDER BY CASE WHEN x.state IS NULL THEN 0 ELSE 1 END, s.staff_number LIMIT 1",
		TK_ARGS(TK_S(p->post), TK_S(p->of)), col, 3, &found);

	if (rc == TK_OK && !found)
		return tk_fail(
			op->e, TK_EINTERNAL, NULL,
			N_("The demonstration has nobody with the post %s in the division %s."),
			p->post, p->of);
	if (rc != TK_OK)
		return rc;
	*login = col[1].s;
	*name = col[2].s;
	return tk_account_for_staff(op, col[0].i, ret, &made);
}

static enum tk_rc plain_account(const struct tk_op *op, const struct person *p, int64_t *ret,
				const char **login, const char **name)
{
	char *token = NULL;
	enum tk_rc rc;

	*login = p->key;
	*name = p->label_ja;
	rc = tk_user_add(op, p->key, p->label_ja, NULL, p->roles, &token);
	return rc == TK_OK ? tk_account_by_login(op, p->key, ret) : rc;
}

/* Made with the panel (demo_panel.c), because sections are given to them. */
static enum tk_rc contact_account(const struct tk_op *op, const struct person *p, int64_t *ret,
				  const char **login, const char **name)
{
	struct tk_value col[3];
	bool found;
	enum tk_rc rc = tk_db_first(
		op->db, op->mem, op->e,
		"SELECT a.id, a.login, a.name FROM account a JOIN institution i ON i.id = "
		"a.institution_id JOIN account_role r ON r.account_id = a.id WHERE i.code = $1 AND "
		"r.role = $2 ORDER BY a.id LIMIT 1",
		TK_ARGS(TK_S(p->of), TK_S(p->roles)), col, 3, &found);

	if (rc == TK_OK && !found)
		return tk_fail(op->e, TK_EINTERNAL, NULL,
			       N_("The demonstration has no account of the institution %s."),
			       p->of);
	if (rc != TK_OK)
		return rc;
	*ret = col[0].i;
	*login = col[1].s;
	*name = col[2].s;
	return TK_OK;
}

static enum tk_rc one_person(const struct tk_op *op, const struct person *p, size_t i)
{
	struct tk_buf b = TK_BUF(4096);
	struct tk_json j = TK_JSON(&b);
	const char *login = NULL, *name = NULL;
	int64_t id = 0;
	enum tk_rc rc = p->post ? staff_account(op, p, &id, &login, &name)
			: p->of ? contact_account(op, p, &id, &login, &name)
				: plain_account(op, p, &id, &login, &name);

	if (rc == TK_OK && p->post && p->roles)
		rc = tk_user_roles(op, login, p->roles);
	/* these accounts have no password: they are entered by the demonstration's own door only */
	if (rc == TK_OK)
		rc = tk_db_exec(op->db, op->e, "UPDATE account SET state = 'active' WHERE id = $1",
				TK_I(id));
	if (rc == TK_OK)
		rc = tk_db_exec(op->db, op->e, "DELETE FROM one_time_link WHERE account_id = $1",
				TK_I(id));
	tk_json_obj(&j);
	tk_json_kstr(&j, "key", p->key);
	tk_json_kstr(&j, "login", login);
	tk_json_kstr(&j, "name", name);
	tk_json_kstr(&j, "role_label_ja", p->label_ja);
	tk_json_kstr(&j, "role_label_en", p->label_en);
	tk_json_kstr(&j, "description_ja", p->text_ja);
	tk_json_kstr(&j, "description_en", p->text_en);
	tk_json_end_obj(&j);
	if (rc == TK_OK)
		rc = set_setting(op, tk_sprintf(op->mem, "demo.person.%zu", i + 1), b.p);
	tk_buf_drop(&b);
	return rc;
}

enum tk_rc demo_persons(struct demo *d)
{
	const struct tk_op *op = d->op;
	enum tk_rc rc = tk_db_begin(op->db, op->e);

	for (size_t i = 0; i < TK_LEN(person) && rc == TK_OK; i++)
		rc = one_person(op, &person[i], i);
	if (rc == TK_OK)
		rc = set_setting(op, "organisation", "見本庁");
	if (rc == TK_OK)
		rc = set_setting(op, "organisation_en", "Mihon Agency (demonstration)");
	if (rc == TK_OK)
		rc = set_setting(op, "demo", "1");
	if (rc == TK_OK)
		return tk_db_commit(op->db, op->e);
	tk_db_rollback(op->db);
	return rc;
}

struct print { FILE *f; enum tk_lang lang; };

static enum tk_rc print_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct print *p = ctx;
	cJSON *o = cJSON_Parse(col[0].s);
	const char *label = cJSON_GetStringValue(
		cJSON_GetObjectItem(o, p->lang == TK_EN ? "role_label_en" : "role_label_ja"));
	const char *text = cJSON_GetStringValue(
		cJSON_GetObjectItem(o, p->lang == TK_EN ? "description_en" : "description_ja"));
	const char *login = cJSON_GetStringValue(cJSON_GetObjectItem(o, "login")),
		   *name = cJSON_GetStringValue(cJSON_GetObjectItem(o, "name"));

	(void)n;
	fprintf(p->f, "  - %s (%s, %s): %s\n", label ? label : "", name ? name : "",
		login ? login : "", text ? text : "");
	cJSON_Delete(o);
	return TK_OK;
}

enum tk_rc tk_demo_print_persons(const struct tk_op *op, const char *address, FILE *f)
{
	struct print p = { f, op->e->lang };

	fprintf(f, "%s %s\n%s\n", tk_tr(op->e->lang, N_("Address:")), address,
		tk_tr(op->e->lang, N_("One click on the first page signs in as one of these (on "
				      "this machine only):")));
	return tk_db_run(op->db, op->e,
			 "SELECT value FROM setting WHERE name LIKE 'demo.person.%' ORDER BY "
			 "LENGTH(name), name",
			 NULL, 0, print_row, &p);
}

/* -- filling ----------------------------------------------------------------------------------- */
static enum tk_rc seal(const struct tk_op *op)
{
	int64_t n = 1;
	enum tk_rc rc = TK_OK;

	while (rc == TK_OK && n)
		rc = tk_trail_seal(op->db, &n, op->e);
	return rc;
}

static enum tk_rc is_there(const struct tk_op *op, bool *ret)
{
	int64_t demo = 0, staff = 0;
	enum tk_rc rc = tk_db_int(
		op->db, op->e, "SELECT COUNT(*) FROM setting WHERE name = 'demo' AND value = '1'",
		NULL, 0, 0, &demo);

	if (rc == TK_OK)
		rc = tk_db_int(op->db, op->e, "SELECT COUNT(*) FROM bureau", NULL, 0, 0, &staff);
	*ret = demo;
	if (rc == TK_OK && !demo && staff)
		return tk_fail(op->e, TK_ECONFLICT, "--db",
			       N_("This database holds other data. The demonstration needs a "
				  "database of its own."));
	return rc;
}

static enum tk_rc years(struct demo *d)
{
	enum tk_rc rc = demo_year(d, 2010);

	if (rc == TK_OK)
		rc = demo_year(d, 2011);
	return rc == TK_OK ? demo_year(d, tk_fiscal_year(tk_today()) - 1) : rc;
}

/* In this order: what comes later refers to what came before; the numbers count everything. */
static const struct step { const char *say; enum tk_rc (*run)(struct demo *d); } step[] = {
	{ N_("Filling the demonstration agency: bureaus, divisions, staff, roles …"), demo_org },
	{ N_("Self-inspections of fiscal years 2010 and 2011 and of the last one …"), years },
	{ N_("Self-inspection of the current fiscal year, open and part answered …"), demo_now },
	{ N_("Systems, continuity and technical inspection …"), demo_ledger },
	{ NULL, demo_continuity },
	{ NULL, demo_inspection },
	{ N_("Documents, exceptions and take-outs …"), demo_policy },
	{ NULL, demo_request },
	{ N_("Courses, attendance and drills …"), demo_training },
	{ N_("Incidents and suspicious mail …"), demo_incident },
	{ N_("The panel of 239 institutions and its surveys on telework …"), demo_panel },
	{ N_("Outsourcing, audit and roadmap …"), demo_outsourcing },
	{ NULL, demo_audit },
	{ NULL, demo_roadmap },
	{ NULL, demo_year_plan },
	{ NULL, demo_persons },
	{ NULL, demo_facts },
};

static enum tk_rc fill(const struct tk_op *op, const struct tk_demo_opt *opt)
{
	struct demo d = { op, opt, opt->staff ? opt->staff : STAFF };
	bool there;
	enum tk_rc rc = is_there(op, &there);

	if (rc == TK_OK && (d.staff < MIN_STAFF || d.staff > MAX_STAFF))
		return tk_fail(op->e, TK_EINVAL, "--staff",
			       N_("The agency can have from %d to %d staff."), (int)MIN_STAFF,
			       (int)MAX_STAFF);
	if (rc != TK_OK || there)
		return rc;
	for (size_t i = 0; i < TK_LEN(step) && rc == TK_OK; i++) {
		if (step[i].say)
			demo_say(&d, step[i].say);
		rc = step[i].run(&d);
	}
	return rc == TK_OK ? seal(op) : rc;
}

/* Nobody is told of what the demonstration is made from. */
enum tk_rc tk_demo_fill(const struct tk_op *op, const struct tk_demo_opt *opt)
{
	enum tk_rc (*told)(const struct tk_op *, const struct tk_case *, const struct tk_case *,
			   const char *, const char *) = tk_case_told;
	enum tk_rc rc;

	tk_case_told = NULL;
	rc = fill(op, opt);
	tk_case_told = told;
	return rc;
}
