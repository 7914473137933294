/* demo_audit.c - the audits of the demonstration's years: three kinds of which two were done, the
 * third skipped because the policy was not revised, and findings in all states (AUD-06, AUD-08). */
#include <string.h>
#include "audit/audit.h"
#include "base/clock.h"
#include "demo/demo_life.h"
#include "roadmap/roadmap.h"

#define HEAD "見本 監査責任者（架空）"
#define ADVISER "見本 助言者（架空）"
#define CHIEF "見本 総括責任者（架空）"

/* got: how far at the end of the year: 0 found, 1 planned, 2 improving, 4 confirmed; those of old
 * years are confirmed in the year after */
static const struct finding {
	int year;               /* 0: the current one */
	const char *division, *severity, *clause, *detail, *plan;
	int got;
} finding[] = {
	{ 2010, "D0403", "middle", "4.2.1", "一部の機器で、管理用の画面に接続元の制限がなかった。",
	  "接続元を運用端末に限る。", 4 },
	{ 2010, "D0302", "low", "4.3.2", "使われていない利用者の登録が残っていた。",
	  "四半期ごとに登録を棚卸しする。", 4 },
	{ 2010, "D0107", "middle", "4.2.3", "修正の適用が予定より遅れた機器があった。",
	  "適用の予定を月ごとに管理する。", 4 },
	{ 2011, "D0403", "middle", "4.2.2", "試験用に開けた通信の口が閉じられていなかった。",
	  "不要な通信の口を閉じ、変更の手順に点検を加える。", 4 },
	{ 2011, "D0107", "middle", "4.2.3", "古い版の部品を使う画面があった。",
	  "次の改修で新しい版に替える。", 2 },
	{ 2011, "D0104", "low", "4.5.1", "画面の誤り表示に機器の名称が含まれていた。",
	  "誤り表示を一般的な文に改める。", 2 },
	{ 2011, "D0302", "low", "4.3.1", "記録の保存期間が定められていなかった。",
	  "保存期間を運用管理規程に定める。", 1 },
	{ 0, "D0302", "high", "4.2.1", "試験環境の管理画面に、初めの設定のまま入ることができた。",
	  NULL, 0 },
	{ 0, "D0403", "middle", "4.2.3", "修正の適用が遅れている機器があった。",
	  "夜間の適用に切り替える。", 1 },
	{ 0, "D0107", "middle", "4.4.1", "暗号化の方式が古い通信があった。",
	  "新しい方式に切り替える。", 2 },
};

static const char *day(const struct tk_op *op, int year, int month, int d)
{
	return tk_sprintf(op->mem, "%04d-%02d-%02d", month < 4 ? year + 1 : year, month, d);
}

static int64_t audit_of(const struct tk_op *op, int64_t plan, const char *kind)
{
	return demo_id(op, tk_sprintf(op->mem, "SELECT id FROM audit WHERE plan_id = %lld AND kind "
				      "= $1", (long long)plan), kind);
}

/* Findings of old years are done by now: in that year, or in the one after. */
static enum tk_rc long_ago(const struct tk_op *op, const struct finding *f, int64_t id)
{
	int year = f->got == 4 ? f->year : f->year + 1;
	const char *done = f->got == 4 ? day(op, year, 2, 28) : day(op, year, 9, 30);
	int64_t road = 0;
	enum tk_rc rc = tk_db_int(op->db, op->e, "SELECT id FROM roadmap_item WHERE source_type = "
				  "'finding' AND source_id = $1", TK_ARGS(TK_I(id)), 0, &road);

	if (rc == TK_OK)
		rc = tk_db_exec(op->db, op->e, "UPDATE finding SET planned_on = $2, done_on = $3, "
				"confirmed_on = $3 WHERE id = $1", TK_I(id),
				TK_S(day(op, f->year, 1, 20)), TK_S(done));
	if (rc == TK_OK)
		rc = demo_closed(op, &tk_finding_type, id, done);
	if (rc == TK_OK)
		rc = demo_move(op, &tk_roadmap_item_type, road, "finish", NULL, f->division);
	if (rc == TK_OK)        /* its place on the roadmap is that year's too */
		rc = tk_db_exec(op->db, op->e, "UPDATE roadmap_item SET fiscal_year = $2, raised_on"
				" = $3 WHERE id = $1", TK_I(road), TK_I(f->year),
				TK_S(day(op, f->year, 1, 20)));
	return rc == TK_OK ? demo_closed(op, &tk_roadmap_item_type, road, done) : rc;
}

static enum tk_rc one_finding(const struct tk_op *op, const struct finding *f, int64_t audit,
			      int year)
{
	static const char *const action[] = { "plan", "start", "finish", "confirm" };
	const struct tk_rtype *t = &tk_finding_type;
	int got = f->year ? 4 : f->got;
	int64_t id = 0;
	enum tk_rc rc = demo_record(
		op, t, &id, "audit_id", demo_ref(op, audit), "info_system_id",
		demo_ref(op, demo_system_of(op, f->division)), "severity", f->severity, "clause",
		f->clause, "detail", f->detail, "recommendation",
		"期限を定めて改善すること。", "plan", f->plan, "result",
		got >= 3 ? "計画のとおり実施した。" : NULL, "due_on",
		f->year ? day(op, year, 3, 31) : demo_ago(op, -60), "division_id",
		demo_ref(op, demo_id(op, "SELECT id FROM division WHERE code = $1", f->division)),
		NULL);

	for (int i = 0; rc == TK_OK && i < got; i++)
		rc = demo_move(op, t, id, action[i], NULL, i == 3 ? HEAD : f->division);
	return rc == TK_OK && f->year ? long_ago(op, f, id) : rc;
}

static enum tk_rc findings(const struct tk_op *op, int64_t audit, int year, bool now)
{
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; rc == TK_OK && i < TK_LEN(finding); i++)
		if (finding[i].year == (now ? 0 : year))
			rc = one_finding(op, &finding[i], audit, year);
	return rc;
}

static enum tk_rc plan_of(const struct tk_op *op, int year, bool now, int64_t *plan)
{
	const struct tk_rtype *t = &tk_audit_plan_type;
	const char *title = tk_sprintf(op->mem, "%s 情報セキュリティ監査計画",
				       tk_fiscal_year_print(op->mem, TK_JA, year));
	enum tk_rc rc = demo_record(op, t, plan, "title", title, "fiscal_year",
				 tk_sprintf(op->mem, "%d", year), "basis",
				 "政府統一基準及び情報セキュリティポリシー", "content",
				 "脆弱性、手順書等の準拠性及びポリシーの準拠性の3種の監査を行う。",
				 "due_on", day(op, year, 3, 31), "division_id",
				 demo_ref(op, demo_id(op, "SELECT id FROM division WHERE code = $1",
						      "D0102")), NULL);

	if (rc == TK_OK)
		rc = demo_move(op, t, *plan, "advise",
			       "外部に公開しているシステムを優先すること。", ADVISER);
	if (rc == TK_OK)
		rc = demo_move(op, t, *plan, "submit", NULL, HEAD);
	if (rc == TK_OK)
		rc = demo_move(op, t, *plan, "approve", NULL, CHIEF);
	if (rc == TK_OK)
		rc = demo_move(op, t, *plan, "start", NULL, HEAD);
	if (rc == TK_OK && !now)
		rc = tk_db_exec(op->db, op->e, "UPDATE audit_plan SET advised_on = $2, approved_on "
				"= $3 WHERE id = $1", TK_I(*plan), TK_S(day(op, year, 9, 1)),
				TK_S(day(op, year, 9, 15)));
	return rc;
}

static enum tk_rc perform(const struct tk_op *op, int64_t id, int year, const char *how,
			  const char *words, bool now)
{
	enum tk_rc rc = demo_set(op, &tk_audit_type, id, "auditor", how, "contractor_id",
				 !strcmp(how, "external") ? "見本セキュリティ監査株式会社" : NULL,
				 "from_on", now ? demo_ago(op, 40) : day(op, year, 11, 1), "to_on",
				 now ? demo_ago(op, 12) : day(op, year, 12, 20), "evaluation",
				 words, NULL);

	return rc == TK_OK ? demo_move(op, &tk_audit_type, id, "finish", NULL, HEAD) : rc;
}

static enum tk_rc finished_year(const struct tk_op *op, int year)
{
	const struct tk_rtype *r = &tk_audit_report_type;
	int64_t plan = 0, a, c, report = 0;
	enum tk_rc rc = plan_of(op, year, false, &plan);

	a = audit_of(op, plan, "vuln");
	c = audit_of(op, plan, "policy");
	if (rc == TK_OK)
		rc = perform(op, a, year, "external",
			     "概ね良好。一部に指摘があり、改善を進めている。", false);
	if (rc == TK_OK)
		rc = perform(op, audit_of(op, plan, "procedure"), year, "internal",
			     "手順書等はポリシーに準拠している。", false);
	if (rc == TK_OK)
		rc = demo_set(op, &tk_audit_type, c, "skip_reason",
			      "当年度にポリシーの改定がなかったため", NULL);
	if (rc == TK_OK)
		rc = demo_move(op, &tk_audit_type, c, "skip", NULL, HEAD);
	if (rc == TK_OK)
		rc = findings(op, a, year, false);
	if (rc == TK_OK)
		rc = demo_record(op, r, &report, "plan_id", demo_ref(op, plan), "title",
			      tk_sprintf(op->mem, "%s 情報セキュリティ監査報告書",
					 tk_fiscal_year_print(op->mem, TK_JA, year)),
			      "content", "情報システムの状況は概ね良好である。", NULL);
	if (rc == TK_OK)
		rc = demo_move(op, r, report, "report", NULL, HEAD);
	if (rc == TK_OK)
		rc = demo_move(op, r, report, "receive", NULL, CHIEF);
	if (rc == TK_OK)
		rc = tk_db_exec(op->db, op->e, "UPDATE audit_report SET reported_on = $2, "
				"received_on = $2 WHERE id = $1", TK_I(report),
				TK_S(day(op, year, 3, 20)));
	if (rc == TK_OK)
		rc = demo_move(op, &tk_audit_plan_type, plan, "report", NULL, HEAD);
	return rc == TK_OK ? demo_move(op, &tk_audit_plan_type, plan, "close", NULL, HEAD) : rc;
}

enum tk_rc demo_audit(struct demo *d)
{
	const struct tk_op *op = d->op;
	int year = tk_fiscal_year(tk_today());
	int64_t plan = 0, a;
	enum tk_rc rc = tk_db_begin(op->db, op->e);

	if (rc == TK_OK)
		rc = demo_record(op, &tk_contractor, NULL, "name", "見本セキュリティ監査株式会社",
			      "address", "東京都千代田区（架空）", NULL);
	if (rc == TK_OK)
		rc = finished_year(op, 2010);
	if (rc == TK_OK)
		rc = finished_year(op, 2011);
	if (rc == TK_OK)
		rc = plan_of(op, year, true, &plan);
	a = audit_of(op, plan, "vuln");
	if (rc == TK_OK)
		rc = perform(op, a, year, "external", "改善を要する指摘がある。", true);
	if (rc == TK_OK)
		rc = findings(op, a, year, true);
	if (rc == TK_OK)
		return tk_db_commit(op->db, op->e);
	tk_db_rollback(op->db);
	return rc;
}
