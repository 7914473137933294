/* demo_continuity.c - the continuity plan of 2008 and its revision of 2011, manuals, equipment that
 * the check after the earthquake found missing, exercises and activations. */
#include "base/clock.h"
#include "demo/demo_in.h"

static const char plan[] = "見本庁業務継続計画（首都直下地震）",
	flu[] = "見本庁業務継続計画（感染症）";

static enum tk_rc plans(const struct tk_op *op)
{
	enum tk_rc rc = PUT(op, "bcp_plan", NULL, "name", plan, "scenario", "earthquake",
			    "scenario_text", "都心で震度6強。庁舎は使えるが、電力と交通が止まる。");

	if (rc == TK_OK)
		rc = PUT(op, "bcp_edition", NULL, "bcp_plan_id", plan, "edition", "1", "decided_on",
			 "2008-06-24", "changes", "策定");
	if (rc == TK_OK)
		rc = PUT(op, "bcp_edition", NULL, "bcp_plan_id", plan, "edition", "2", "decided_on",
			 "2011-12-20", "changes",
			 "職員の参集体制の見直し、"
			 "対外的に影響のあるシステムへの個別マニュアルの拡大");
	if (rc == TK_OK)
		rc = PUT(op, "bcp_plan", NULL, "name", flu, "scenario", "pandemic");
	if (rc == TK_OK)
		rc = PUT(op, "bcp_edition", NULL, "bcp_plan_id", flu, "edition", "1", "decided_on",
			 "2009-08-10", "changes", "策定");
	return rc;
}

static const struct { const char *name, *division, *hours, *system; } work[] = {
	{ "金融市場の状況の把握と公表", "D0402", "3", "S02" },
	{ "金融機関の状況の把握", "D0303", "6", "S01" },
	{ "開示書類の受付", "D0107", "24", "S04" },
	{ "報道対応と国民への情報提供", "D0104", "3", "S06" },
	{ "庁内の通信の確保", "D0103", "1", "S07" },
};

/* Two are made early; the rest with the revision, which extended the rule to all whom a stop
 * affects. */
static const struct { const char *system, *name, *made, *revised; } manual[] = {
	{ "S07", "見本庁ネットワークシステム", "2009-02-16", "2011-12-20" },
	{ "S04", "開示書類提出・閲覧システム", "2009-03-10", "2011-12-20" },
	{ "S01", "検査監督データシステム", "2010-02-22", "2012-01-30" },
	{ "S02", "市場総合分析システム", "2010-03-08", "2012-01-30" },
	{ "S03", "電子申請・届出システム", "2012-02-06", "" },
	{ "S05", "資格試験受付システム", "2012-02-20", "" },
	{ "S06", "見本庁ウェブサイトシステム", "2012-03-05", "" },
};

static const struct { const char *system, *kind, *done, *cause; } equipment[] = {
	{ "S01", "ups", "2009-03-01", "" },
	{ "S02", "ups", "2012-02-10", "東日本大震災、計画停電" },
	{ "S03", "ups", "2009-03-01", "" },
	{ "S04", "ups", "2009-03-01", "" },
	{ "S05", "ups", "2012-01-31", "計画停電、電力逼迫" },
	{ "S06", "ups", "2009-03-01", "" },
	{ "S07", "ups", "2012-03-15", "東日本大震災、計画停電" },
	{ "S01", "remote_backup", "2012-03-02", "東日本大震災" },
	{ "S02", "remote_backup", "2012-03-02", "東日本大震災" },
	{ "S04", "remote_backup", "2009-06-01", "" },
	{ "S06", "remote_backup", "2011-11-25", "東日本大震災" },
	{ "S07", "remote_backup", "2010-01-15", "" },
};

static enum tk_rc ready(const struct tk_op *op, int now)
{
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < TK_LEN(work) && rc == TK_OK; i++)
		rc = PUT(op, "priority_work", NULL, "name", work[i].name, "division_id",
			 work[i].division, "target_hours", work[i].hours, "info_system_id",
			 work[i].system, "bcp_plan_id", plan);
	for (size_t i = 0; i < TK_LEN(manual) && rc == TK_OK; i++)
		rc = PUT(op, "bcp_manual", NULL, "title",
			 tk_sprintf(op->mem, "%s 個別マニュアル", manual[i].name),
			 "info_system_id", manual[i].system, "made_on", manual[i].made,
			 	"revised_on",
			 manual[i].revised, "edition", *manual[i].revised ? "2" : "1", "place",
			 "所管課室と災害対策室");
	for (size_t i = 0; i < TK_LEN(equipment) && rc == TK_OK; i++)
		rc = PUT(op, "bcp_measure", NULL, "info_system_id", equipment[i].system, "kind",
			 equipment[i].kind, "state", "in_place", "done_on", equipment[i].done,
			 "cause", equipment[i].cause, "checked_on", "2011-06-30");
	if (rc == TK_OK)
		rc = PUT(op, "bcp_measure", NULL, "info_system_id", "S03", "kind", "spare_line",
			 "state", "planned", "due_on", tk_sprintf(op->mem, "%d-02-28", now + 1),
			 "checked_on", tk_sprintf(op->mem, "%d-06-15", now));
	return rc;
}

static enum tk_rc happened(const struct tk_op *op, int now)
{
	enum tk_rc rc = PUT(op, "bcp_exercise", NULL, "title", "職員参集訓練", "held_on",
			    "2010-09-01", "bcp_plan_id", plan, "participants", "180", "result",
			    "with_problems", "problems", "連絡網の一部が古かった。", "lessons",
			    "連絡網を四半期ごとに確かめる。");

	if (rc == TK_OK)
		rc = PUT(op, "bcp_exercise", NULL, "title", "職員参集訓練", "held_on",
			 "2012-03-12", "bcp_plan_id", plan, "participants", "212", "result",
			 "as_planned");
	if (rc == TK_OK)
		rc = PUT(op, "bcp_exercise", NULL, "title", "バックアップからの復元訓練", "held_on",
			 tk_sprintf(op->mem, "%d-06-20", now), "info_system_id", "S04",
			 "participants", "14", "result", "as_planned");
	if (rc == TK_OK)
		rc = PUT(op, "bcp_activation", NULL, "event", "計画停電への対応", "from_on",
			 "2011-03-14", "to_on", "2011-04-08", "division_id", "D0103", "bcp_plan_id",
			 plan, "activated", "1", "evaluation", "partly", "evaluation_text",
			 "非常用電源の不足が分かり、UPSを増設した。");
	if (rc == TK_OK)
		rc = PUT(op, "bcp_activation", NULL, "event", "感染症の流行", "from_on",
			 "2020-02-25", "to_on", "2020-05-31", "division_id", "D0101", "bcp_plan_id",
			 flu, "activated", "1", "evaluation", "worked");
	if (rc == TK_OK)
		rc = PUT(op, "bcp_activation", NULL, "event", "感染症の流行", "from_on",
			 "2020-02-25", "to_on", "2020-05-31", "division_id", "D0301");
	return rc;
}

enum tk_rc demo_continuity(struct demo *d)
{
	const struct tk_op *op = d->op;
	int now = tk_fiscal_year(tk_today());
	enum tk_rc rc = tk_db_begin(op->db, op->e);

	if (rc == TK_OK)
		rc = plans(op);
	if (rc == TK_OK)
		rc = ready(op, now);
	if (rc == TK_OK)
		rc = happened(op, now);
	if (rc == TK_OK)
		return tk_db_commit(op->db, op->e);
	tk_db_rollback(op->db);
	return rc;
}
