/* demo_roadmap.c - the roadmap of the demonstration: FY2011 with two cells of the nine still empty,
 * the current year with one (RMP-03). */
#include <string.h>
#include "base/clock.h"
#include "demo/demo_life.h"
#include "roadmap/roadmap.h"

/* closed: day of an old year, or days ago in the current one; 0 and NULL: still open */
static const struct item {
	int year;               /* 0: the current one */
	const char *title, *threat, *property, *division, *cost, *raised, *closed;
	int ago, closed_ago;
	bool started, dropped;
} item[] = {
	{ 2011, "標的型攻撃メールへの対応手順の周知", "external", "confidentiality", "D0103", NULL,
	  "2011-05-20", "2011-09-30", 0, 0, true, false },
	{ 2011, "公開サーバの改ざんの検知", "external", "integrity", "D0104", "4200000",
	  "2011-06-01", "2012-02-20", 0, 0, true, false },
	{ 2011, "大量の通信への備え", "external", "availability", "D0403", "9800000", "2011-06-01",
	  NULL, 0, 0, true, false },
	{ 2011, "メール誤送信の防止", "error", "confidentiality", "D0103", "1500000", "2011-07-10",
	  NULL, 0, 0, true, false },
	{ 2011, "変更作業の二人での確認", "error", "integrity", "D0403", NULL, "2011-07-10",
	  "2011-12-15", 0, 0, true, false },
	{ 2011, "誤操作からの復旧の訓練", "error", "availability", "D0403", NULL, "2011-10-01",
	  "2012-03-10", 0, 0, true, false },
	{ 2011, "持出しの記録の点検", "insider", "confidentiality", "D0302", NULL, "2011-08-01",
	  "2012-01-31", 0, 0, true, false },
	{ 2011, "私物の機器の接続の制限の見直し", NULL, NULL, "D0103", NULL, "2012-02-01", NULL, 0,
	  0, false, false },
	{ 0, "不審な通信の監視の強化", "external", "confidentiality", "D0403", "12000000", NULL,
	  NULL, 150, 0, true, false },
	{ 0, "取引先を装う攻撃の訓練", "external", "confidentiality", "D0103", "800000", NULL,
	  NULL, 140, 30, true, false },
	{ 0, "公開サーバの点検の自動化", "external", "integrity", "D0104", "2600000", NULL, NULL,
	  120, 0, false, false },
	{ 0, "外部の保管先の二重化", "external", "availability", "D0403", "15000000", NULL, NULL,
	  110, 0, true, false },
	{ 0, "宛先の確認の画面の導入", "error", "confidentiality", "D0103", "3000000", NULL, NULL,
	  100, 0, true, false },
	{ 0, "設定の変更の承認の電子化", "error", "integrity", "D0302", "900000", NULL, NULL, 90,
	  20, true, false },
	{ 0, "予備機への切替えの手順の改定", "error", "availability", "D0403", NULL, NULL, NULL,
	  80, 45, true, false },
	{ 0, "特権の利用の記録の点検", "insider", "confidentiality", "D0302", NULL, NULL, NULL, 70,
	  0, false, false },
	{ 0, "記録の改変を防ぐ保管", "insider", "integrity", "D0403", "5400000", NULL, NULL, 60, 0,
	  false, false },
	{ 0, "紙の台帳の廃止", NULL, NULL, "D0302", NULL, NULL, NULL, 40, 0, false, false },
	{ 0, "個別の機器の更新の前倒し", "external", "availability", "D0107", "30000000", NULL,
	  NULL, 50, 25, false, true },
};

static enum tk_rc one(const struct tk_op *op, const struct item *x)
{
	const struct tk_rtype *t = &tk_roadmap_item_type;
	int year = x->year ? x->year : tk_fiscal_year(tk_today());
	const char *raised = x->year ? x->raised : demo_ago(op, x->ago);
	const char *lately = x->closed_ago ? demo_ago(op, x->closed_ago) : NULL;
	/* what was open at the end of an old year was done in the one after */
	const char *long_ago = x->closed ? x->closed : "2012-10-31";
	const char *closed = x->year ? long_ago : lately;
	int64_t id = 0;
	enum tk_rc rc = demo_record(
		op, t, &id, "title", x->title, "threat", x->threat, "property", x->property,
		"fiscal_year", tk_sprintf(op->mem, "%d", year), "cost", x->cost, "due_on",
		tk_sprintf(op->mem, "%d-03-31", year + 1), "raised_on", raised, "measure",
		"担当課室が手順と道具を整え、効果を確かめる。", "division_id",
		demo_ref(op, demo_id(op, "SELECT id FROM division WHERE code = $1", x->division)),
		NULL);

	if (rc == TK_OK && (x->started || closed))
		rc = demo_move(op, t, id, "advise", "効果の大きいものから進めること。",
			       "見本 助言者（架空）");
	if (rc == TK_OK && x->started)
		rc = demo_move(op, t, id, "start", NULL, "見本");
	if (rc == TK_OK && closed)
		rc = demo_move(op, t, id, x->dropped ? "drop" : "finish",
			       x->dropped ? "定期の更新で足りるため" : NULL, "見本");
	if (rc == TK_OK && x->year)
		rc = tk_db_exec(op->db, op->e, "UPDATE roadmap_item SET advised_on = CASE WHEN "
				"advised_on IS NULL THEN NULL ELSE $2 END WHERE id = $1", TK_I(id),
				TK_S(raised));
	return rc == TK_OK && closed ? demo_closed(op, t, id, closed) : rc;
}

enum tk_rc demo_roadmap(struct demo *d)
{
	enum tk_rc rc = tk_db_begin(d->op->db, d->op->e);

	for (size_t i = 0; rc == TK_OK && i < TK_LEN(item); i++)
		rc = one(d->op, &item[i]);
	if (rc == TK_OK)
		return tk_db_commit(d->op->db, d->op->e);
	tk_db_rollback(d->op->db);
	return rc;
}
