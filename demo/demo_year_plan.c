/* demo_year_plan.c - plan, events, committee and problems of the demonstration's years, and their
 * numbers, computed when everything else is there. */
#include <string.h>
#include "base/clock.h"
#include "case/life.h"
#include "demo/demo_in.h"
#include "org/org.h"
#include "year/year.h"

/* Days within the fiscal year: January to March are those of the next calendar year. */
static const struct plan {
	const char *phase, *title, *from, *to, *division;
} plan[] = {
	{ "plan", "情報セキュリティ対策の年度計画の策定", "04-01", "05-31", "D0103" },
	{ "plan", "情報セキュリティポリシーの見直しの検討", "05-10", "06-30", "D0103" },
	{ "do", "新規採用者・転入者への研修", "04-05", "04-28", "D0103" },
	{ "do", "全職員への情報セキュリティ研修", "06-01", "02-28", "D0103" },
	{ "do", "情報システムの更新とセキュリティ修正の適用", "07-01", "12-25", "D0403" },
	{ "do", "外部委託先の実態調査", "09-01", "10-31", "D0103" },
	{ "check", "サーバの技術的な検査", "10-01", "11-30", "D0403" },
	{ "check", "情報セキュリティ自己点検", "12-11", "02-20", "D0103" },
	{ "check", "情報セキュリティ監査", "11-01", "03-15", "D0102" },
	{ "improve", "点検・監査の結果に基づく改善計画の作成", "02-15", "03-31", "D0103" },
	{ "improve", "情報セキュリティ報告書の取りまとめ", "03-01", "03-31", "D0103" },
};

/* found in that year, with what came of it in the next one (CORE-04); result NULL: not yet */
static const struct found {
	int back;       /* years before the current one; 0: that year itself */
	int year;
	const char *source, *title, *text, *measure, *result;
} found[] = {
	{ 0, 2010, "self_inspection", "自己点検の回答率が100%に届かない",
	  "回答率は99.9%で、全職員の回答には至らなかった。",
	  "課室ごとに回答を取りまとめてから責任部署へ報告する方法に改め、回答漏れを防ぐ。",
	  "回答率は100.0%になった。" },
	{ 0, 2010, "self_inspection", "安全区域（サーバ室）に入るときの遵守事項が守られていない",
	  "入室時の遵守事項を実施していない者がいた。",
	  "遵守事項を確認した者だけに入室を許可する。", "入室時の確認を徹底した。" },
	{ 0, 2010, "education", "情報セキュリティ研修の受講率が低い",
	  "受講率は92.0%だった。", "研修を年度中に12回開催し、未受講者に受講を勧告する。",
	  "受講率は97.9%になった。" },
	{ 1, 0, "self_inspection", "パスワードの管理の実施率が95%を下回った",
	  "全職員向けの項目の一つで、実施率が95%を下回った。",
	  "パスワード管理ソフトを配布し、使い方を研修で説明する。", NULL },
	{ 1, 0, "inspection", "一部のサーバに古いソフトウェアが残っている",
	  "技術的な検査で、サポートが終わる版を使うサーバが見つかった。", NULL, NULL },
};

static const struct event {
	const char *on, *kind, *title, *by, *source;
	bool pivot;
} event[] = {
	{ "2012-01-19", "decision", "情報セキュリティ事案への緊急対応態勢（CSIRT）の強化",
	  "情報セキュリティ対策推進会議決定", "情報セキュリティ対策推進会議資料", true },
	{ "2020-01-15", "disaster", "新型コロナウイルスの国内初の感染者の確認", NULL, NULL, false },
	{ "2020-01-30", "decision", "新型コロナウイルス感染症対策本部の設置", "閣議決定", NULL,
	  false },
	{ "2020-02-25", "announcement", "新型コロナウイルス感染症対策の基本方針（方針発表）",
	  "新型コロナウイルス感染症対策本部決定", NULL, true },
};

struct office { int64_t staff, division; };

static enum tk_rc id_of(const struct tk_op *op, const char *code, int64_t *ret)
{
	return tk_db_int(op->db, op->e,
			 "SELECT id FROM division WHERE code = $1 AND deleted_at IS NULL",
			 TK_ARGS(TK_S(code)), 0, ret);
}

static enum tk_rc owner_of(const struct tk_op *op, const char *code, struct office *o)
{
	enum tk_rc rc = id_of(op, code, &o->division);

	if (rc == TK_OK)
		rc = tk_db_int(op->db, op->e,
			       "SELECT id FROM staff WHERE division_id = $1 AND left_on IS NULL "
			       "AND deleted_at IS NULL ORDER BY id LIMIT 1",
			       TK_ARGS(TK_I(o->division)), 0, &o->staff);
	return rc;
}

static const char *day(const struct tk_op *op, int year, const char *md)
{
	return tk_sprintf(op->mem, "%04d-%s", year + (md[0] == '0' && md[1] < '4'), md);
}

/* -- activities -------------------------------------------------------------------------------- */
static enum tk_rc one_activity(const struct tk_op *op, int year, const struct plan *p)
{
	const struct tk_rtype *t = &tk_activity_type;
	struct tk_activity x = { 0 };
	struct office o = { 0 };
	char today[11];
	int64_t last = 0;
	enum tk_rc rc = owner_of(op, p->division, &o);

	if (rc == TK_OK)
		rc = tk_db_int(op->db, op->e,
			       "SELECT id FROM activity WHERE fiscal_year = $1 AND title = $2",
			       TK_ARGS(TK_I(year - 1), TK_S(p->title)), 0, &last);
	tk_set_by(t, &x, "carried_from_id", TK_I0(last));
	tk_date_iso(tk_today(), today);
	tk_set_by(t, &x, "fiscal_year", TK_I(year));
	tk_set_by(t, &x, "phase", TK_S(p->phase));
	tk_set_by(t, &x, "title", TK_S(p->title));
	tk_set_by(t, &x, "from_on", TK_S(day(op, year, p->from)));
	tk_set_by(t, &x, "to_on", TK_S(day(op, year, p->to)));
	tk_set_by(t, &x, "owner_staff_id", TK_I0(o.staff));
	tk_set_by(t, &x, "division_id", TK_I0(o.division));
	if (rc == TK_OK)
		rc = tk_rec_insert(op, t, &x);
	if (rc == TK_OK && strcmp(x.from_on, today) <= 0)
		rc = tk_life_move(op, t, x.rec.id, "start", NULL);
	if (rc == TK_OK && strcmp(x.to_on, today) < 0)
		rc = tk_life_move(op, t, x.rec.id, "finish", NULL);
	return rc;
}

/* -- problems ---------------------------------------------------------------------------------- */
static enum tk_rc result_of(const struct tk_op *op, int64_t old, const struct found *f)
{
	const struct tk_rtype *t = &tk_problem_type;
	struct tk_year_problem p = { 0 };
	enum tk_rc rc = tk_rec_find(op, t, "carried_from_id", TK_I(old), &p);

	if (rc != TK_OK)
		return rc;
	tk_set_by(t, &p, "result", TK_S(f->result));
	if ((rc = tk_rec_update(op, t, &p, -1)) == TK_OK && f->measure)
		rc = tk_life_move(op, t, p.rec.id, "start", NULL);
	if (rc == TK_OK && f->result)
		rc = tk_life_move(op, t, p.rec.id, "solve", NULL);
	return rc;
}

static enum tk_rc one_problem(const struct tk_op *op, const struct found *f)
{
	const struct tk_rtype *t = &tk_problem_type;
	struct tk_year_problem p = { 0 };
	struct office o = { 0 };
	enum tk_rc rc = owner_of(op, "D0103", &o);
	int year = f->year ? f->year : tk_fiscal_year(tk_today()) - f->back;

	tk_set_by(t, &p, "fiscal_year", TK_I(year));
	tk_set_by(t, &p, "source", TK_S(f->source));
	tk_set_by(t, &p, "title", TK_S(f->title));
	tk_set_by(t, &p, "description", TK_S(f->text));
	tk_set_by(t, &p, "measure", TK_S(f->measure));
	tk_set_by(t, &p, "owner_staff_id", TK_I0(o.staff));
	tk_set_by(t, &p, "division_id", TK_I0(o.division));
	if (rc == TK_OK)
		rc = tk_rec_insert(op, t, &p);
	if (rc == TK_OK)
		rc = tk_life_move(op, t, p.rec.id, "carry", NULL);
	return rc == TK_OK ? result_of(op, p.rec.id, f) : rc;
}

/* -- committee and events ---------------------------------------------------------------------- */
static enum tk_rc meeting(const struct tk_op *op, int year, const char *md, const char *title,
			  const char *decisions, bool approves)
{
	const struct tk_rtype *t = &tk_committee_meeting_type;
	struct tk_committee_meeting m = { 0 };

	tk_set_by(t, &m, "held_on", TK_S(day(op, year, md)));
	tk_set_by(t, &m, "title",
		  TK_S(tk_sprintf(op->mem, "行政情報化推進会議（%s%s）",
				  tk_fiscal_year_print(op->mem, TK_JA, year), title)));
	tk_set_by(t, &m, "decisions", TK_S(decisions));
	tk_set_by(t, &m, "approves_policy", TK_I(approves));
	return tk_rec_insert(op, t, &m);
}

static enum tk_rc meetings(const struct tk_op *op, int year, bool past)
{
	enum tk_rc rc = meeting(op, year, "06-17", "第1回",
				"年度計画を決定し、情報セキュリティポリシーを承認した。", true);

	if (rc == TK_OK && past)
		rc = meeting(op, year, "03-16", "第2回",
			     "点検と監査の結果の報告を受け、改善計画を了承した。", false);
	return rc;
}

static enum tk_rc one_event(const struct tk_op *op, const struct event *e)
{
	const struct tk_rtype *t = &tk_year_event_type;
	struct tk_year_event x = { 0 };

	tk_set_by(t, &x, "happened_on", TK_S(e->on));
	tk_set_by(t, &x, "kind", TK_S(e->kind));
	tk_set_by(t, &x, "title", TK_S(e->title));
	tk_set_by(t, &x, "decided_by", TK_S(e->by));
	tk_set_by(t, &x, "source", TK_S(e->source));
	tk_set_by(t, &x, "is_pivot", TK_I(e->pivot));
	return tk_rec_insert(op, t, &x);
}

static enum tk_rc one_year(const struct tk_op *op, int year, bool past)
{
	enum tk_rc rc = meetings(op, year, past);

	for (size_t i = 0; i < TK_LEN(plan) && rc == TK_OK; i++)
		rc = one_activity(op, year, &plan[i]);
	return rc;
}

/* What was done in past years is dated then, not today. */
static enum tk_rc set_back(const struct tk_op *op, int year)
{
	int64_t from = tk_date_time((struct tk_date){ year, 4, 1 });
	int64_t to = tk_date_time((struct tk_date){ year + 1, 3, 31 });
	enum tk_rc rc = tk_db_exec(
		op->db, op->e,
		"UPDATE tk_case SET opened_at = $1, closed_at = CASE WHEN closed_at IS NULL THEN "
		"NULL ELSE CAST($2 AS BIGINT) END WHERE subject_type IN('activity', 'problem') "
		"AND subject_id IN(SELECT id FROM activity WHERE fiscal_year = $3 "
		"UNION SELECT id FROM problem WHERE fiscal_year = $3)",
		TK_I(from), TK_I(to), TK_I(year));

	if (rc == TK_OK)
		rc = tk_db_exec(op->db, op->e,
				"UPDATE activity SET closed_at = $1 WHERE fiscal_year = $2 "
				"AND closed_at IS NOT NULL",
				TK_I(to), TK_I(year));
	if (rc == TK_OK)
		rc = tk_db_exec(op->db, op->e,
				"UPDATE problem SET closed_at = $1 WHERE fiscal_year = $2 "
				"AND closed_at IS NOT NULL",
				TK_I(to), TK_I(year));
	return rc;
}

static enum tk_rc fill(const struct tk_op *op, int now)
{
	const int year[] = { 2010, 2011, now - 1, now };
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < TK_LEN(year) && rc == TK_OK; i++)
		rc = one_year(op, year[i], year[i] != now);
	for (size_t i = 0; i < TK_LEN(found) && rc == TK_OK; i++)
		rc = one_problem(op, &found[i]);
	for (size_t i = 0; i < TK_LEN(event) && rc == TK_OK; i++)
		rc = one_event(op, &event[i]);
	for (size_t i = 0; i + 1 < TK_LEN(year) && rc == TK_OK; i++)
		rc = set_back(op, year[i]);
	return rc;
}

enum tk_rc demo_year_plan(struct demo *d)
{
	const struct tk_op *op = d->op;
	enum tk_rc rc = tk_db_begin(op->db, op->e);

	demo_say(d, N_("Plan, events, committee and problems of the years …"));
	if (rc == TK_OK)
		rc = fill(op, tk_fiscal_year(tk_today()));
	if (rc == TK_OK)
		return tk_db_commit(op->db, op->e);
	tk_db_rollback(op->db);
	return rc;
}

/* -- numbers ----------------------------------------------------------------------------------- */
static enum tk_rc state_of(const struct tk_op *op, int year, const char *state)
{
	struct tk_fiscal_year y = { 0 };
	int64_t id = 0;
	enum tk_rc rc = tk_fiscal_year_ensure(op, year, &id);

	if (rc == TK_OK)
		rc = tk_rec_load(op, &tk_fiscal_year_type, id, &y);
	if (rc != TK_OK)
		return rc;
	tk_set_by(&tk_fiscal_year_type, &y, "state", TK_S(state));
	return tk_rec_update(op, &tk_fiscal_year_type, &y, -1);
}

enum tk_rc demo_facts(struct demo *d)
{
	const struct tk_op *op = d->op;
	int now = tk_fiscal_year(tk_today());
	const struct { int year; const char *state; } year[] = {
		{ 2010, "published" }, { 2011, "published" }, { now - 1, "compiling" },
	};
	enum tk_rc rc = tk_db_begin(op->db, op->e);

	demo_say(d, N_("The numbers of the years …"));
	for (size_t i = 0; i < TK_LEN(year) && rc == TK_OK; i++) {
		rc = tk_fact_compute_year(op, year[i].year, NULL);
		if (rc == TK_OK)
			rc = state_of(op, year[i].year, year[i].state);
	}
	if (rc == TK_OK)
		rc = state_of(op, now, "running");
	if (rc == TK_OK)
		return tk_db_commit(op->db, op->e);
	tk_db_rollback(op->db);
	return rc;
}
