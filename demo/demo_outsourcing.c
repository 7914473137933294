/* demo_outsourcing.c - the guide in two editions, specifications in every state, contracts and
 * their confirmations (OUT-01 to OUT-06). */
#include <string.h>
#include "base/clock.h"
#include "demo/demo_life.h"
#include "outsourcing/outsourcing.h"

#define EXPERT "見本 専門職員（架空）"
#define ADVISER "見本 助言者（架空）"
#define AIDE "見本 補佐官（架空）"
#define SPEC (&tk_procurement_spec_type)

static const struct { const char *ja, *en, *required, *ask; } guide_item[] = {
	{ "情報セキュリティの管理体制", "Organisation for information security", "always", "g01" },
	{ "取り扱う情報の格付けと取扱制限", "Grades and handling of the information", "always",
	  "g02" },
	{ "従事者の教育と守秘", "Training and secrecy of those employed", "always", "g03" },
	{ "再委託の制限と承認", "Limits and approval of subcontracts", "always", "g04" },
	{ "事故が起きたときの報告と対応", "Report and response when something happens", "always",
	  "g05" },
	{ "対策の実施状況の確認の方法", "How measures are confirmed", "always", "g06" },
	{ "脆弱性への対応", "Response to vulnerabilities", "always", "g07" },
	{ "業務の終了時の情報の返却と消去", "Return and erasure of information at the end",
	  "always", "g08" },
	{ "接続の方式と接続元の制限", "Way of connection and its limits", "connected", "g09" },
	{ "接続時の利用の記録", "Records of use while connected", "connected", "g10" },
};

static const char *const firm[] = { "見本システム株式会社", "例示情報サービス株式会社",
	"見本データ運用株式会社", "例示ネットワーク株式会社", "見本コンサルティング合同会社" };

/* got: 0 drafting, 1 in check, 2 checked, 3 opinion, 4 accepted, 5 contracted, 6 running, 7 done
 */
static const struct spec {
	int year;               /* 0: the current one */
	const char *title, *division, *importance, *value, *missing;
	bool connects, advise;
	int got, firm;
} spec[] = {
	{ 2010, "情報提供システムの運用保守", "D0104", "middle", "18000000", "", false, false, 7,
	  0 },
	{ 2010, "データ分析システムの改修", "D0403", "high", "42000000", "4", true, true, 7, 1 },
	{ 2011, "公開システムの改ざん検知", "D0104", "middle", "9000000", "", false, true, 7, 0 },
	{ 2011, "データ分析システムの運用保守", "D0403", "high", "36000000", "10", true, false, 7,
	  1 },
	{ 2011, "監督事務の入力業務", "D0302", "low", "4800000", "4 8", false, false, 7, 4 },
	{ 0, "データ分析システムの更改", "D0403", "high", "120000000", "", true, true, 6, 3 },
	{ 0, "監督事務の入力業務", "D0302", "low", "5200000", "", false, false, 6, 2 },
	{ 0, "開示情報の点検の支援", "D0107", "middle", "14000000", "5", false, true, 3, 0 },
	{ 0, "訓練の企画と実施", "D0103", "low", "3000000", NULL, false, false, 1, 0 },
	{ 0, "通信機器の保守", "D0403", "high", "22000000", NULL, true, false, 0, 0 },
};

static int64_t division(const struct tk_op *op, const char *code)
{
	return demo_id(op, "SELECT id FROM division WHERE code = $1", code);
}

static enum tk_rc guides(const struct tk_op *op)
{
	int64_t first = 0, second = 0;
	enum tk_rc rc = demo_record(op, &tk_spec_guide_type, &first, "title",
				 "外部委託に関する調達仕様書の記載要領", "edition", "1",
				 "in_force_on", "2009-04-01", NULL);

	for (size_t i = 0; rc == TK_OK && i < TK_LEN(guide_item) - 1; i++)
		rc = demo_record(op, &tk_spec_guide_item_type, NULL, "guide_id",
			      demo_ref(op, first), "number", tk_sprintf(op->mem, "%zu", i + 1),
			      "sort", tk_sprintf(op->mem, "%zu", i + 1), "text_ja",
			      guide_item[i].ja,
			      "text_en", guide_item[i].en, "required", guide_item[i].required,
			      "survey_item", guide_item[i].ask, NULL);
	/* the fact-finding of FY2010 showed that one item was wanting */
	if (rc == TK_OK)
		rc = tk_guide_revise(op, first, "2011-04-01", &second);
	return rc == TK_OK ? demo_record(op, &tk_spec_guide_item_type, NULL, "guide_id",
				      demo_ref(op, second), "number", "10", "sort", "10",
				      "text_ja", guide_item[9].ja, "text_en", guide_item[9].en,
				      "required", guide_item[9].required, "survey_item",
				      guide_item[9].ask, NULL) : rc;
}

/* -- checks ------------------------------------------------------------------------------------ */
struct rows { int64_t id[32]; char number[32][8]; size_t n; };

static enum tk_rc check_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct rows *r = ctx;

	(void)n;
	if (r->n < TK_LEN(r->id)) {
		strncpy(r->number[r->n], col[1].s, sizeof(r->number[0]) - 1);
		r->id[r->n++] = col[0].i;
	}
	return TK_OK;
}

static bool among(const char *list, const char *number)
{
	size_t n = strlen(number);

	for (const char *s = list; s && *s; s += strcspn(s, " "), s += *s == ' ')
		if (!strncmp(s, number, n) && (s[n] == ' ' || !s[n]))
			return true;
	return false;
}

static enum tk_rc verdicts(const struct tk_op *op, int64_t id, const char *missing)
{
	struct rows *r = tk_alloc(op->mem, sizeof(*r));
	enum tk_rc rc = tk_db_run(op->db, op->e, "SELECT c.id, i.number FROM spec_check c JOIN "
				  "spec_guide_item i ON i.id = c.guide_item_id WHERE c.spec_id = $1"
				  " ORDER BY i.sort", TK_ARGS(TK_I(id)), check_row, r);

	for (size_t i = 0; rc == TK_OK && i < r->n; i++) {
		bool gone = among(missing, r->number[i]);

		rc = demo_set(op, &tk_spec_check_type, r->id[i], "verdict",
			      gone ? "missing" : "written", "remark",
			      gone ? "記載がない。" : NULL, NULL);
	}
	return rc;
}

/* -- contracts --------------------------------------------------------------------------------- */
static enum tk_rc confirm(const struct tk_op *op, int64_t contract, bool all)
{
	struct rows *r = tk_alloc(op->mem, sizeof(*r));
	const struct tk_rtype *t = &tk_confirmation_type;
	enum tk_rc rc = tk_db_run(op->db, op->e, "SELECT id, SUBSTR(due_on, 1, 4) FROM "
				  "contract_confirmation WHERE contract_id = $1 AND due_on <= $2 "
				  "ORDER BY due_on",
				  TK_ARGS(TK_I(contract), TK_S(demo_ago(op, all ? 0 : 60))),
				  check_row, r);

	for (size_t i = 0; rc == TK_OK && i < r->n; i++) {
		struct tk_confirmation x = { 0 };

		rc = demo_set(op, t, r->id[i], "result", "合意した遵守事項の実施を実地で確認した。",
			      NULL);
		if (rc == TK_OK)
			rc = demo_move(op, t, r->id[i], "confirm", NULL, "見本");
		if (rc == TK_OK)
			rc = tk_rec_load(op, t, r->id[i], &x);
		if (rc == TK_OK)
			rc = demo_set(op, t, r->id[i], "confirmed_on", x.life.due_on, NULL);
		if (rc == TK_OK)
			rc = demo_closed(op, t, r->id[i], x.life.due_on);
	}
	return rc;
}

static enum tk_rc sign(const struct tk_op *op, const struct spec *s, int64_t id, int year)
{
	const char *from = s->year ? tk_sprintf(op->mem, "%d-05-01", year) : demo_ago(op, 200);
	const char *to = s->year ? tk_sprintf(op->mem, "%d-03-31", year + 1) : demo_ago(op, -160);
	int64_t contract = 0, sub = 0;
	enum tk_rc rc = demo_record(
		op, &tk_contract_type, &contract, "spec_id", demo_ref(op, id), "contractor_id",
		firm[s->firm], "title", s->title, "signed_on", from, "from_on", from, "to_on", to,
		"amount", s->value, "obligations",
		"守秘、再委託の事前承認、事故の即時報告、情報の返却と消去", "level",
		"委託元のポリシーと同等の水準", "confirm_months", "3", NULL);

	if (rc == TK_OK && s->connects)
		rc = demo_record(op, &tk_connection_check_type, NULL, "contract_id",
			      demo_ref(op, contract), "checked_on", from, "points", "24",
			      "satisfied", "23", "shortfall", "利用の記録の保存期間が短い。",
			      "condition", "記録を委託元でも保存する。", NULL);
	if (rc == TK_OK && s->connects)
		rc = demo_record(op, &tk_subcontract_type, &sub, "contract_id",
			      demo_ref(op, contract), "contractor_id", firm[2], "scope",
			      "機器の監視", "approved_on", from, NULL);
	if (rc == TK_OK && s->connects)
		rc = demo_record(op, &tk_subcontract_type, NULL, "contract_id",
			      demo_ref(op, contract), "parent_id", demo_ref(op, sub),
			      "contractor_id", firm[4], "scope", "夜間の監視", "approved_on", from,
			      NULL);
	return rc == TK_OK ? confirm(op, contract, s->year != 0) : rc;
}

/* -- specifications ---------------------------------------------------------------------------- */
static enum tk_rc checked(const struct tk_op *op, const struct spec *s, int64_t id)
{
	enum tk_rc rc = s->missing ? verdicts(op, id, s->missing) : TK_OK;

	if (rc == TK_OK && s->advise)
		rc = demo_move(op, SPEC, id, "advise", "事故の報告の期限を具体的に書くこと。",
			       ADVISER);
	if (rc == TK_OK && s->got >= 2)
		rc = demo_move(op, SPEC, id, "check", NULL, EXPERT);
	if (rc == TK_OK && s->got >= 3 && *s->missing)
		rc = demo_move(op, SPEC, id, s->got == 3 ? "demand" : "tolerate",
			       s->got == 3 ? "漏れている事項を追記すること。" :
					     "契約書の別紙で合意するため、このままでよい。", AIDE);
	return rc;
}

static enum tk_rc dated(const struct tk_op *op, int64_t id, int year)
{
	static const char *const what[] = { "checked", "advised", "opinion", "accepted" };
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; rc == TK_OK && i < TK_LEN(what); i++)
		rc = tk_db_exec(op->db, op->e,
				tk_sprintf(op->mem, "UPDATE procurement_spec SET %s_on = $2 WHERE "
					   "id = $1 AND %s_on IS NOT NULL", what[i], what[i]),
				TK_I(id), TK_S(tk_sprintf(op->mem, "%d-04-%02zu", year, 5 + i)));
	return rc == TK_OK ? demo_closed(op, SPEC, id, tk_sprintf(op->mem, "%d-03-31", year + 1)) :
			     rc;
}

static enum tk_rc one(const struct tk_op *op, const struct spec *s)
{
	static const char *const action[] = { "accept", "contract", "start", "finish" };
	int year = s->year ? s->year : tk_fiscal_year(tk_today());
	int64_t id = 0, guide = 0;
	enum tk_rc rc = tk_guide_in_force(op, tk_sprintf(op->mem, "%d-04-01", year), &guide);

	if (rc == TK_OK)
		rc = demo_record(op, SPEC, &id, "title", s->title, "guide_id", demo_ref(op, guide),
			      "fiscal_year", tk_sprintf(op->mem, "%d", year), "value", s->value,
			      "importance", s->importance, "connects", s->connects ? "1" : "0",
			      "planned_contract", "一般競争入札", "info_system_id",
			      demo_ref(op, demo_system_of(op, s->division)), "division_id",
			      demo_ref(op, division(op, s->division)), NULL);
	if (rc == TK_OK && s->got >= 1)
		rc = demo_move(op, SPEC, id, "submit", NULL, "見本");
	if (rc == TK_OK && s->got >= 1)
		rc = checked(op, s, id);
	for (int i = 0; rc == TK_OK && i < 4 && s->got >= 4 + i; i++) {
		if (i == 1)
			rc = sign(op, s, id, year);
		if (rc == TK_OK)
			rc = demo_move(op, SPEC, id, action[i], NULL, i ? "見本" : EXPERT);
	}
	return rc == TK_OK && s->year ? dated(op, id, year) : rc;
}

enum tk_rc demo_outsourcing(struct demo *d)
{
	const struct tk_op *op = d->op;
	enum tk_rc rc = tk_db_begin(op->db, op->e);

	for (size_t i = 0; rc == TK_OK && i < TK_LEN(firm); i++)
		rc = demo_record(op, &tk_contractor, NULL, "name", firm[i], "address",
			      "東京都（架空）", "contact", "営業部 見本", "certification",
			      i % 2 ? "プライバシーマーク" : "ISO/IEC 27001", NULL);
	if (rc == TK_OK)
		rc = guides(op);
	for (size_t i = 0; rc == TK_OK && i < TK_LEN(spec); i++)
		rc = one(op, &spec[i]);
	if (rc == TK_OK)
		return tk_db_commit(op->db, op->e);
	tk_db_rollback(op->db);
	return rc;
}
