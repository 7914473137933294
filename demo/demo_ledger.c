/* demo_ledger.c - the seven systems of the agency with what belongs to them (AST-03), confirmed by
 * their owners in each year, and notices of vulnerabilities. */
#include <string.h>
#include "base/clock.h"
#include "demo/demo_in.h"
#include "ledger/ledger_in.h"
#include "ledger/vuln.h"

static const struct a_system {
	const char *code, *name, *en, *owner, *purpose, *overview, *hardware, *software;
	const char *contractor;
	const char *users;      /* p: public, b: finance bureaus, s: SROs, w: priority work */
	const char *conf, *integ, *avail, *from;
	long development, operation;            /* thousand yen of 2010 */
} systems[] = {
	{ "S01", "検査監督データシステム", "Inspection and Supervision Data System", "D0202",
	  "検査・監督に用いる計数の収集と分析",
	  "金融機関から受ける計数を蓄え、分析に用いる。財務局も利用する。",
	  "業務サーバ2台、データベースサーバ1台", "業務アプリケーション、データベース管理ソフト",
	  "例示データサービス株式会社", "b", "3", "2", "2", "2005-01-04", 0, 182000 },
	{ "S02", "市場総合分析システム", "Market Analysis System", "D0403",
	  "取引の監視と分析",
	  "取引所等から受ける取引の情報を分析する。自主規制団体と情報を交換する。",
	  "分析サーバ2台、データベースサーバ1台、交換用サーバ1台",
	  "分析ソフト、データベース管理ソフト",
	  "見本システム株式会社", "s", "3", "2", "2", "2006-04-03", 96000, 214000 },
	{ "S03", "電子申請・届出システム", "Online Application System", "D0109",
	  "申請・届出の受付", "国民と事業者の申請・届出を受け付ける。",
	  "ウェブサーバ2台、受付サーバ1台",
	  "ウェブサーバソフト、受付アプリケーション", "架空情報サービス株式会社", "p", "2", "2",
	  "2",
	  "2004-03-22", 0, 88000 },
	{ "S04", "開示書類提出・閲覧システム", "Disclosure Filing System", "D0107",
	  "開示書類の提出と閲覧",
	  "提出者が開示書類を提出し、国民が閲覧する。財務局が審査に用いる。",
	  "ウェブサーバ2台、データベースサーバ2台", "ウェブサーバソフト、データベース管理ソフト",
	  "例示データサービス株式会社", "pbw", "2", "2", "2", "2008-03-17", 341000, 520000 },
	{ "S05", "資格試験受付システム", "Examination Application System", "D0502",
	  "資格試験の出願の受付", "受験者の出願を受け付け、結果を通知する。",
	  "ウェブサーバ1台、電子メールサーバ1台",
	  "ウェブサーバソフト、受付アプリケーション", "見本システム株式会社", "p", "2", "2", "1",
	  "2007-09-03", 0, 31000 },
	{ "S06", "見本庁ウェブサイトシステム", "Agency Website", "D0104", "国民への情報提供",
	  "報道発表、法令、報告書等を公開する。", "ウェブサーバ2台、電子メールサーバ1台",
	  "ウェブサーバソフト、配信登録ソフト", "架空ホスティング株式会社", "p", "1", "2", "2",
	  "2006-10-02", 12000, 45000 },
	{ "S07", "見本庁ネットワークシステム", "Agency Network", "D0103", "庁内の業務の基盤",
	  "職員の端末、電子メール、文書の共有、庁外との接続を提供する。財務局と接続する。",
	  "端末1,700台、電子メールサーバ2台、ファイルサーバ1台、ポータルサーバ1台",
	  "電子メールソフト、グループウェア、暗号化ソフト", "例示ネットワークス株式会社", "bw", "2",
	  "2",
	  "2", "2009-01-05", 158000, 610000 },
};

static const struct { const char *name, *system, *kind, *os, *place; } servers[] = {
	{ "kensa-web01", "S01", "web", "見本OS 5", "庁舎サーバ室" },
	{ "kensa-db01", "S01", "db", "見本OS 5", "庁舎サーバ室" },
	{ "shijo-web01", "S02", "web", "見本OS 6", "庁舎サーバ室" },
	{ "shijo-db01", "S02", "db", "見本OS 6", "庁舎サーバ室" },
	{ "shinsei-web01", "S03", "web", "例示Linux 4", "委託先データセンター" },
	{ "shinsei-web02", "S03", "web", "例示Linux 4", "委託先データセンター" },
	{ "kaiji-web01", "S04", "web", "例示Linux 5", "委託先データセンター" },
	{ "kaiji-web02", "S04", "web", "例示Linux 5", "委託先データセンター" },
	{ "kaiji-db01", "S04", "db", "例示Linux 5", "委託先データセンター" },
	{ "shiken-web01", "S05", "web", "例示Linux 5", "委託先データセンター" },
	{ "shiken-mail01", "S05", "mail", "例示Linux 5", "委託先データセンター" },
	{ "koho-web01", "S06", "web", "例示Linux 5", "委託先データセンター" },
	{ "koho-web02", "S06", "web", "例示Linux 5", "委託先データセンター" },
	{ "koho-mail01", "S06", "mail", "例示Linux 5", "委託先データセンター" },
	{ "net-portal01", "S07", "web", "見本OS 6", "庁舎サーバ室" },
	{ "net-mail01", "S07", "mail", "見本OS 6", "庁舎サーバ室" },
	{ "net-mail02", "S07", "mail", "見本OS 6", "庁舎サーバ室" },
	{ "net-file01", "S07", "file", "見本OS 6", "庁舎サーバ室" },
};

static const struct { const char *product, *edition, *vendor, *system, *server,
	*until; } software[] = {
	{ "見本ウェブサーバ", "2.2", "見本ソフトウェア財団", "S03", "", "2028-12-31" },
	{ "見本ウェブサーバ", "2.2", "見本ソフトウェア財団", "S04", "", "2028-12-31" },
	{ "見本ウェブサーバ", "2.0", "見本ソフトウェア財団", "S05", "shiken-web01", "2028-06-30" },
	{ "見本ウェブサーバ", "2.2", "見本ソフトウェア財団", "S06", "", "2028-12-31" },
	{ "例示データベース", "11g", "例示データ株式会社", "S01", "kensa-db01", "2029-03-31" },
	{ "例示データベース", "11g", "例示データ株式会社", "S02", "shijo-db01", "2029-03-31" },
	{ "例示データベース", "11g", "例示データ株式会社", "S04", "kaiji-db01", "2029-03-31" },
	{ "架空メール", "8.14", "架空メール開発会", "S05", "shiken-mail01", "" },
	{ "架空メール", "8.14", "架空メール開発会", "S06", "koho-mail01", "" },
	{ "見本グループウェア", "7", "見本ソフト株式会社", "S07", "net-mail01", "2027-03-31" },
	{ "見本暗号化ソフト", "3.1", "見本ソフト株式会社", "S07", "", "2027-09-30" },
	{ "見本分析ソフト", "9", "例示分析株式会社", "S02", "", "2030-03-31" },
};

static const char *has(const char *set, char c)
{
	return strchr(set, c) ? "1" : "0";
}

static enum tk_rc put_systems(const struct tk_op *op)
{
	/* one that has ended: in the ledger, in no year's numbers */
	enum tk_rc rc = PUT(op, "info_system", NULL, "code", "S00", "name", "旧文書管理システム",
			    "owner_division_id", "D0101", "from_on", "2001-04-02", "to_on",
			    "2008-03-31");

	for (size_t i = 0; i < TK_LEN(systems) && rc == TK_OK; i++) {
		const struct a_system *s = &systems[i];

		rc = PUT(op, "info_system", NULL, "code", s->code, "name", s->name, "name_en",
			s->en,
			 "owner_division_id", s->owner, "purpose", s->purpose, "overview",
			 s->overview, "hardware", s->hardware, "software", s->software,
			 "contractor", s->contractor, "for_public", has(s->users, 'p'),
			 "for_bureaus", has(s->users, 'b'), "for_sro", has(s->users, 's'),
			 "priority", has(s->users, 'w'), "conf_grade", s->conf, "integ_grade",
			 s->integ, "avail_grade", s->avail, "from_on", s->from, "operation_rule",
			 tk_sprintf(op->mem, "%s運用管理規程", s->name), "contact",
			 "システム担当係");
	}
	for (size_t i = 0; i < TK_LEN(servers) && rc == TK_OK; i++)
		rc = PUT(op, "server", NULL, "name", servers[i].name, "info_system_id",
			 servers[i].system, "kind", servers[i].kind, "os", servers[i].os, "place",
			 servers[i].place, "address",
			 tk_sprintf(op->mem, "192.0.2.%zu", i + 10), "from_on", "2009-03-01");
	for (size_t i = 0; i < TK_LEN(software) && rc == TK_OK; i++)
		rc = PUT(op, "software", NULL, "product", software[i].product, "edition",
			 software[i].edition, "vendor", software[i].vendor, "info_system_id",
			 software[i].system, "server_id", software[i].server, "support_until",
			 software[i].until);
	return rc;
}

/* Each year a little less for the operation; new development every third year. */
static enum tk_rc put_costs(const struct tk_op *op, int year, int n)
{
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < TK_LEN(systems) && rc == TK_OK; i++) {
		const struct a_system *s = &systems[i];
		long development = n % 3 ? s->development / 4 : s->development;
		const char *y = tk_sprintf(op->mem, "%d", year);

		rc = PUT(op, "system_cost", NULL, "info_system_id", s->code, "fiscal_year", y,
			 "kind", "development", "yen",
			 tk_sprintf(op->mem, "%ld", development * 1000));
		if (rc == TK_OK)
			rc = PUT(op, "system_cost", NULL, "info_system_id", s->code, "fiscal_year",
				 y, "kind", "operation", "yen",
				 tk_sprintf(op->mem, "%ld", s->operation * (100 - 2 * n) * 10));
	}
	return rc;
}

struct ids { int64_t v[64]; size_t n; };

static enum tk_rc on_id(void *ctx, const struct tk_value *col, size_t n)
{
	struct ids *l = ctx;

	(void)n;
	if (l->n < TK_LEN(l->v))
		l->v[l->n++] = col[0].i;
	return TK_OK;
}

/* The owners confirm, the first `done` of them (by system code), in August of the year. */
static enum tk_rc confirm(const struct tk_op *op, int year, size_t done)
{
	struct ids l = { .n = 0 };
	int64_t made = 0, at = tk_date_time((struct tk_date){ year, 8, 20 }) + 10 * 3600;
	const char *day = tk_sprintf(op->mem, "%d-08-20", year);
	enum tk_rc rc = tk_system_updates_open(op, year, &made);

	if (rc == TK_OK)
		rc = tk_db_run(op->db, op->e,
			       "SELECT u.id FROM system_update u JOIN info_system s ON s.id ="
			       " u.info_system_id WHERE u.fiscal_year = $1 ORDER BY s.code",
			       TK_ARGS(TK_I(year)), on_id, &l);
	for (size_t i = 0; i < l.n && i < done && rc == TK_OK; i++) {
		rc = tk_life_move(op, &tk_system_update, l.v[i], "confirm", NULL);
		if (rc == TK_OK)
			rc = tk_db_exec(op->db, op->e,
					"UPDATE system_update SET confirmed_on = $2, closed_at ="
					" $3 WHERE id = $1",
					TK_I(l.v[i]), TK_S(day), TK_I(at));
		if (rc == TK_OK)
			rc = tk_db_exec(op->db, op->e,
					"UPDATE tk_case SET closed_at = $2 WHERE subject_type ="
					" 'system_update' AND subject_id = $1",
					TK_I(l.v[i]), TK_I(at));
	}
	return rc;
}

/* -- vulnerabilities --------------------------------------------------------------------------- */
struct match { int64_t v[64]; size_t n; };

static enum tk_rc on_match(void *ctx, const struct tk_vuln_match *m)
{
	struct match *l = ctx;

	if (*m->software && l->n < TK_LEN(l->v))
		l->v[l->n++] = m->system;
	return TK_OK;
}

static enum tk_rc ended(const struct tk_op *op, int64_t notice, const char *day)
{
	struct tk_date d;
	enum tk_rc rc = TK_OK;

	if (!tk_date_from_iso(day, &d))
		return TK_OK;
	rc = tk_db_exec(op->db, op->e,
			"UPDATE vuln_response SET closed_on = $2, closed_at = $3 WHERE"
			" vuln_notice_id = $1 AND closed_on IS NOT NULL",
			TK_I(notice), TK_S(day), TK_I(tk_date_time(d)));
	return rc;
}

/* done: how many of the systems asked have answered, on `day` */
static enum tk_rc put_notice(const struct tk_op *op, const char *title, const char *number,
			     const char *products, const char *severity, const char *received,
			     size_t done, const char *day)
{
	struct vuln_notice n = { 0 };
	struct match m = { .n = 0 };
	struct ids l = { .n = 0 };
	int64_t id = 0, made = 0;
	enum tk_rc rc = PUT(op, "vuln_notice", &id, "title", title, "number", number, "products",
			    products, "severity", severity, "received_on", received, "source",
			    "見本脆弱性情報センター", "measure", "修正版の適用");

	if (rc != TK_OK || (rc = tk_rec_load(op, &tk_vuln_notice, id, &n)) != TK_OK ||
	    (rc = tk_vuln_matches(op, &n, on_match, &m)) != TK_OK ||
	    (rc = tk_vuln_ask(op, &n, m.v, m.n, NULL, &made)) != TK_OK)
		return rc;
	rc = tk_db_run(op->db, op->e,
		       "SELECT r.id FROM vuln_response r JOIN info_system s ON s.id ="
		       " r.info_system_id WHERE r.vuln_notice_id = $1 ORDER BY s.code",
		       TK_ARGS(TK_I(id)), on_id, &l);
	for (size_t i = 0; i < l.n && i < done && rc == TK_OK; i++)
		rc = tk_life_move(op, &tk_vuln_response, l.v[i], "patched", NULL);
	return rc == TK_OK ? ended(op, id, day) : rc;
}

static enum tk_rc put_notices(const struct tk_op *op, int now)
{
	enum tk_rc rc = put_notice(op, "見本ウェブサーバの遅延による停止", "例示-2010-0101",
				   "見本ウェブサーバ", "high", "2010-11-08", 9, "2010-11-18");

	if (rc == TK_OK)
		rc = put_notice(op, "見本ウェブサーバの範囲指定の処理の不具合", "例示-2011-0192",
				"見本ウェブサーバ", "high", "2011-08-26", 9, "2011-09-02");
	if (rc == TK_OK)
		rc = put_notice(op, "例示データベースの権限昇格", "例示-2012-0012",
				"例示データベース", "medium", "2012-01-18", 9, "2012-02-10");
	if (rc == TK_OK)
		rc = put_notice(op, "架空メールの送信者詐称", "例示-0001",
				"架空メール、架空メール拡張", "medium",
				tk_sprintf(op->mem, "%d-05-12", now), 1,
				tk_sprintf(op->mem, "%d-05-20", now));
	return rc;
}

enum tk_rc demo_ledger(struct demo *d)
{
	const struct tk_op *op = d->op;
	int now = tk_fiscal_year(tk_today());
	const int year[] = { 2010, 2011, now - 1, now };
	enum tk_rc rc = tk_db_begin(op->db, op->e);

	if (rc == TK_OK)
		rc = put_systems(op);
	for (int i = 0; i < (int)TK_LEN(year) && rc == TK_OK; i++) {
		rc = put_costs(op, year[i], i);
		if (rc == TK_OK)
			rc = confirm(op, year[i], year[i] == now ? 4 : TK_LEN(systems));
	}
	if (rc == TK_OK)
		rc = put_notices(op, now);
	if (rc == TK_OK)
		return tk_db_commit(op->db, op->e);
	tk_db_rollback(op->db);
	return rc;
}
